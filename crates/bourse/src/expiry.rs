//! Rows that expire: [`Database::expire_before`] deletes the rows of a table that are older than a
//! watermark and keeps what they mean to views.
//!
//! ```text
//! DEFINITION, the value of a key of kind 7 (see `crate::catalog`)
//!   u8 format version 1, u8 1 when all rows before the watermark are gone, else 0,
//!   u16 length of the column's name, the name, the watermark with its kind
//! ```
//! First the watermark is raised, by a change of definitions: from that record on no row before it
//! comes. Then the rows before it are deleted, some at a time, in transactions like any other; a
//! writer waits for one of these at most. A crash leaves some of them, and the definition tells
//! that they are to go.
//!
//! Invariants:
//! - **X1** A watermark only grows, and no row before it is inserted or written anew: what has
//!   expired is never there again.
//! - **X2** A row goes from the state of a group to its frozen state in one record, so a read finds
//!   it in one of them.

use std::ops::Bound;
use std::sync::Arc;

use bourse_storage::{Error, ErrorKind, Result};

use crate::catalog::{Catalog, TableInfo};
use crate::core::Core;
use crate::database::Database;
use crate::ddl::expiry::{note_done, raise_watermark};
use crate::expression::literal;
use crate::lookup::Place;
use crate::reading::{Cut, newest};
use crate::row::Row;
use crate::scan::{Cursor, Direction, Keys};
use crate::snapshot::{KeyRange, Snapshot};
use crate::table::OwnedRow;
use crate::transaction::{Transaction, run};
use crate::value::{Collation, Value, ValueRef, decode_tagged, encode_tagged};

const FORMAT_VERSION: u8 = 1;

/// Rows that one transaction deletes at most: fewer where there is not the space for as many.
const ROWS: usize = 128;
/// Rows that are looked at before the newest state is taken, so that none is held for long.
const ROWS_LOOKED_AT: usize = 4_096;

/// Which rows of a table have expired.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Expiry {
    /// Name of the column that tells a row's age.
    pub(crate) name: String,
    /// Its position.
    pub(crate) column: u16,
    /// Rows with less than this have expired.
    pub(crate) before: Value,
    /// Whether all of them are gone.
    pub(crate) done: bool,
}

impl Expiry {
    /// The bytes for the definitions.
    ///
    /// # Errors
    /// `InvalidInput` for a name that is too long.
    pub(crate) fn encode(&self) -> Result<Vec<u8>> {
        let length = u16::try_from(self.name.len());
        let length = length.map_err(|_| Error::invalid("a column's name is too long"))?;
        let mut bytes = vec![FORMAT_VERSION, u8::from(self.done)];
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(self.name.as_bytes());
        encode_tagged(self.before.as_value(), &mut bytes);
        Ok(bytes)
    }

    /// The expiry of [`Expiry::encode`], of a table.
    ///
    /// # Errors
    /// `Corrupt` when the bytes are none.
    pub(crate) fn decode(bytes: &[u8], table: &TableInfo) -> Result<Expiry> {
        let damaged = || Error::corrupt("the watermark of a table's expiry is damaged");
        let [FORMAT_VERSION, done @ (0 | 1), rest @ ..] = bytes else { return Err(damaged()) };
        let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(damaged)?;
        let length = usize::from(u16::from_le_bytes(*length));
        let (name, value) = rest.split_at_checked(length).ok_or_else(damaged)?;
        let name = std::str::from_utf8(name).map_err(|_| damaged())?.to_owned();
        let column = table.definition.position(&name).map_err(|_| damaged())?;
        let before = decode_tagged(value)?.to_value();
        Ok(Expiry { name, column, before, done: *done == 1 })
    }

    /// Whether a row is before the watermark. One without an age never is.
    pub(crate) fn has_expired(&self, row: &Row<'_>) -> bool {
        self.is_before(row.get(usize::from(self.column)), &self.before)
    }

    fn is_before(&self, value: ValueRef<'_>, watermark: &Value) -> bool {
        !value.is_null() && value.compare(watermark.as_value(), Collation::Binary).is_lt()
    }

    /// Whether this watermark is before another one.
    pub(crate) fn is_lower_than(&self, watermark: &Value) -> bool {
        self.is_before(self.before.as_value(), watermark)
    }
}

impl TableInfo {
    /// Refuses a row that would have expired (X1).
    ///
    /// # Errors
    /// `Constraint` (23514).
    pub(crate) fn check_not_expired(&self, row: &Row<'_>) -> Result<()> {
        let Some(expiry) = self.expiry.as_ref().filter(|expiry| expiry.has_expired(row)) else {
            return Ok(());
        };
        let message = format!(
            "a row of table {} is too old: its {} is {}, and rows before {} have expired",
            self.definition.name,
            expiry.name,
            literal(&row.get(usize::from(expiry.column)).to_value()),
            literal(&expiry.before)
        );
        Err(Error::new(ErrorKind::Constraint, message).with_sqlstate("23514"))
    }
}

impl Database {
    /// Deletes the rows of a table whose `column` is less than `before`, and keeps what they mean
    /// to views: groups go on to show them. From the beginning rows before the watermark are
    /// refused (23514), and it is never lowered. Rows go some at a time, so that a writer waits for
    /// few of them; all rows are looked at. Returns how many went.
    ///
    /// After a crash, or an error, the rows that are left go when the store is opened with
    /// background threads, or by [`Database::resume_expiry`].
    ///
    /// # Errors
    /// `InvalidInput`: 42P01, 42703 for a table or column that is not there, 42804 for a value of
    /// another type or a column that tells no age (it is a date, a timestamp, or a whole number or
    /// decimal), 22004 for NULL, 22023 for a watermark that is lower than before or another column,
    /// 0A000 for a view that cannot outlive its rows; 23503 where a foreign key keeps a row; what
    /// ends a transaction.
    pub fn expire_before(&self, table: &str, column: &str, before: Value) -> Result<u64> {
        raise_watermark(self.core(), table, column, &before)?;
        let table =
            newest(self.core(), |snapshot| Ok(snapshot.cut().catalog.table_named(table)?.id()))?;
        expire(self.core(), table, &|| Ok(()))
    }

    /// Lets rows go on expiring that a crash or an error left. Returns how many went.
    ///
    /// # Errors
    /// What ends a transaction.
    pub fn resume_expiry(&self) -> Result<u64> {
        resume(self.core(), &|| Ok(()))
    }
}

/// Whether rows are to go.
pub(crate) fn is_unfinished(core: &Core) -> Result<bool> {
    newest(core, |snapshot| Ok(unfinished(&snapshot.cut().catalog).next().is_some()))
}

fn unfinished(catalog: &Catalog) -> impl Iterator<Item = u32> {
    let left = |expiry: &Expiry| !expiry.done;
    let tables = catalog.tables().into_iter();
    tables.filter(move |table| table.expiry.as_ref().is_some_and(left)).map(|table| table.id())
}

fn resume(core: &Arc<Core>, goes_on: &dyn Fn() -> Result<()>) -> Result<u64> {
    let tables =
        newest(core, |snapshot| Ok(unfinished(&snapshot.cut().catalog).collect::<Vec<u32>>()))?;
    tables.into_iter().map(|table| expire(core, table, goes_on)).sum()
}

/// The thread that lets rows go that the store was opened with. What keeps it from that is left to
/// [`Database::resume_expiry`] to tell.
pub(crate) fn run_in_background(core: &Arc<Core>) {
    let goes_on = || match *core.closing.0.lock() {
        true => Err(Error::new(ErrorKind::Closed, "the store is closing")),
        false => Ok(()),
    };
    drop(resume(core, &goes_on));
}

/// Deletes the rows before the watermark of a table. `goes_on` is asked between transactions.
fn expire(core: &Arc<Core>, table: u32, goes_on: &dyn Fn() -> Result<()>) -> Result<u64> {
    let watermark = newest(core, |snapshot| {
        let info = snapshot.cut().catalog.table(table)?;
        Ok(info.expiry.as_ref().map(|expiry| expiry.before.clone()))
    })?;
    let Some(watermark) = watermark else { return Ok(0) };
    let (mut gone, mut rows) = (0, ROWS);
    for shard in 0..core.shards.len() {
        let shard = u16::try_from(shard).unwrap_or(u16::MAX);
        let mut range = KeyRange::ALL;
        loop {
            goes_on()?;
            let (old, last) = older_rows(core, table, shard, (&range, rows))?;
            if !old.is_empty() {
                let expired = run::optimistic(core, None, |transaction| {
                    transaction.expire_rows(table, shard, &old)
                });
                match expired {
                    // A commit reserves what all of its rows may need at the worst.
                    Err(error) if error.kind() == ErrorKind::Full && rows > 1 => {
                        rows /= 2;
                        continue;
                    }
                    expired => gone += expired?,
                }
            }
            match last {
                Some(last) => range.lower = Bound::Excluded(last),
                None => break,
            }
        }
    }
    note_done(core, table, &watermark)?;
    Ok(gone)
}

/// Keys of rows that have expired, and the last key that was looked at if there are more.
type Older = (Vec<Vec<u8>>, Option<Vec<u8>>);

/// Keys of rows of a shard that have expired, not too many, and the last one that was looked at if
/// there are more.
fn older_rows(
    core: &Arc<Core>,
    table: u32,
    shard: u16,
    (range, rows_max): (&KeyRange, usize),
) -> Result<Older> {
    let cut = Cut::newest(core);
    let info = cut.catalog().table(table)?;
    let Some(expiry) = &info.expiry else { return Ok((Vec::new(), None)) };
    let range = Arc::new(range.clone());
    let mut rows = Cursor::new(&cut, shard, table, &range, Direction::Up, Keys::Wanted)?;
    let (mut old, mut bytes, mut seen) = (Vec::new(), Vec::new(), 0);
    while rows.advance(&cut)? {
        rows.value(&cut, &mut bytes)?;
        if expiry.has_expired(&info.layout.row(&bytes)?) {
            old.push(rows.key().to_vec());
        }
        seen += 1;
        if old.len() >= rows_max || seen >= ROWS_LOOKED_AT {
            return Ok((old, Some(rows.key().to_vec())));
        }
    }
    Ok((old, None))
}

impl Transaction<'_> {
    /// Deletes those of the rows with these keys that are still there and have expired; what they
    /// mean to views is frozen. Returns how many.
    fn expire_rows(&mut self, table: u32, shard: u16, keys: &[Vec<u8>]) -> Result<u64> {
        let info = Arc::clone(self.catalog().table(table)?);
        let Some(expiry) = &info.expiry else { return Ok(0) };
        let mut gone = 0;
        self.set_expires(true);
        for key in keys {
            let mut bytes = Vec::new();
            if !crate::lookup::get(self, shard, table, key, &mut bytes)? {
                continue;
            }
            let old = OwnedRow::new(&info, bytes, key.clone(), Place { slot: None, shard })?;
            if expiry.has_expired(&old.row()) {
                self.delete_expired(&info, &old)?;
                gone += 1;
            }
        }
        self.set_expires(false);
        Ok(gone)
    }
}
