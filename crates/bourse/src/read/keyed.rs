//! Rows shown together with their primary keys, and an entry's columns read in place: what a layer
//! above needs that plans reads by itself.

use std::ops::ControlFlow;
use std::sync::Arc;

use bourse_storage::Result;

use super::{Entries, IndexEntry, Rows, inline, with_row_buffer};
use crate::catalog::{Routing, TableInfo};
use crate::fetch::Fetch;
use crate::key::KeyReader;
use crate::lookup;
use crate::reading::Cut;
use crate::row::Row;
use crate::snapshot::Snapshot;
use crate::table::Table;
use crate::transaction::Transaction;
use crate::value::{Value, ValueRef};

/// Shows the row of a primary key, from this thread's buffer.
fn show_row<V: Snapshot, T>(
    snapshot: &V,
    info: &TableInfo,
    key: &[Value],
    body: impl FnOnce(Row<'_>) -> T,
) -> Result<Option<T>> {
    lookup::with_key(info, key, |values, encoded| {
        with_row_buffer(|buffer| match lookup::find(snapshot, info, values, encoded, buffer)? {
            Some(_) => Ok(Some(body(info.layout.row(buffer)?))),
            None => Ok(None),
        })
    })
}

/// Shows the rows of many primary keys, in the order of the keys.
fn show_rows<V: Snapshot>(
    snapshot: &V,
    info: &TableInfo,
    keys: &[Vec<Value>],
    each: &mut impl FnMut(usize, Option<Row<'_>>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let map = &snapshot.catalog().map;
    let mut fetch = Fetch::default();
    // Rows of a directory are where the directory says, and what a transaction reads is observed
    // key by key.
    let together = !matches!(info.routing, Routing::Directory { .. }) && !snapshot.observes();
    if together {
        for key in keys {
            lookup::with_key(info, key, |values, encoded| {
                fetch.push(map.shard(info.slot_of_key(values, encoded)?), encoded);
                Ok(())
            })?;
        }
        fetch.run(snapshot, info)?;
    }
    let may_be_elsewhere = !matches!(info.routing, Routing::Key(_));
    for (at, key) in keys.iter().enumerate() {
        let flow = match together.then(|| fetch.row(at)).flatten() {
            Some(bytes) => each(at, Some(info.layout.row(bytes)?))?,
            None if !together || may_be_elsewhere => {
                match show_row(snapshot, info, key, |row| each(at, Some(row)))? {
                    Some(flow) => flow?,
                    None => each(at, None)?,
                }
            }
            None => each(at, None)?,
        };
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

/// The same for Cuts and transactions.
macro_rules! showing_methods {
    ($reader:ty) => {
        impl $reader {
            /// As `get`, showing the row to `body` without making an owned one.
            ///
            /// # Errors
            /// As `get`.
            pub fn get_with<T>(
                &self,
                table: &Table,
                key: &[Value],
                body: impl FnOnce(Row<'_>) -> T,
            ) -> Result<Option<T>> {
                show_row(self, self.catalog().table_of(table)?, key, body)
            }

            /// As `multi_get`, showing each key's number and its row, if there is one, without
            /// making owned ones.
            ///
            /// # Errors
            /// As `multi_get`; what `each` returned.
            pub fn multi_get_with(
                &self,
                table: &Table,
                keys: &[Vec<Value>],
                mut each: impl FnMut(usize, Option<Row<'_>>) -> Result<ControlFlow<()>>,
            ) -> Result<()> {
                show_rows(self, self.catalog().table_of(table)?, keys, &mut each)
            }
        }
    };
}
showing_methods!(Cut);
showing_methods!(Transaction<'_>);

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<V: Snapshot> Rows<'_, V> {
    /// As [`Rows::each_with`], with the primary key of each row, which for a table without one is
    /// the hidden row id.
    ///
    /// # Errors
    /// As [`Rows::each_with`].
    pub fn each_keyed(
        &mut self,
        mut body: impl FnMut(KeyReader<'_>, Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let (snapshot, table) = (self.snapshot, &self.table);
        let (mut key, mut large) = (Vec::with_capacity(32), Vec::new());
        self.cursor.each(snapshot, |shard, shown| {
            let bytes = inline(snapshot, shard, shown.payload(), &mut large)?;
            shown.read_key(&mut key);
            let reader = KeyReader::new(&table.key_shape, &key);
            Ok(body(reader, table.layout.row(bytes)?)?.is_continue())
        })
    }
}

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<V: Snapshot> Entries<'_, V> {
    /// As [`Entries::fetch_with`], with the primary key of each row, which for a table without one
    /// is the hidden row id.
    ///
    /// # Errors
    /// As [`Entries::fetch_with`].
    pub fn fetch_keyed(
        &mut self,
        limit: usize,
        keep: impl FnMut(&IndexEntry<'_>) -> Result<bool>,
        mut each: impl FnMut(KeyReader<'_>, Row<'_>) -> Result<()>,
    ) -> Result<usize> {
        let table = Arc::clone(&self.table);
        self.fetch_rounds(limit, keep, |(_, key), bytes| {
            each(KeyReader::new(&table.key_shape, key), table.layout.row(bytes)?)
        })
    }
}

impl IndexEntry<'_> {
    /// Shows a column of the table to `body`, by position, if the index holds it.
    ///
    /// # Errors
    /// As [`IndexEntry::get`]; what `body` returned.
    pub fn show<T>(
        &self,
        column: usize,
        body: impl FnOnce(ValueRef<'_>) -> Result<T>,
    ) -> Result<T> {
        self.with_column(column, body)
    }

    /// Whether the index holds a column of the table.
    pub fn holds(&self, column: usize) -> bool {
        self.index.covered.get(column).is_some_and(Option::is_some)
    }

    /// The primary key of the entry's row, which for a table without one is the hidden row id.
    pub fn primary_key(&self) -> KeyReader<'_> {
        let columns = self.index.shape.len();
        KeyReader::new(&self.index.entry_shape[columns..], self.parts.primary_key)
    }
}
