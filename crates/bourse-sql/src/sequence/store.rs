//! Rows of [`SEQUENCES_TABLE`]: where sequences stand.

use bourse::{Database, Table, Transaction, Type, Value, ValueRef};

use super::{Sequences, Standing, apart};
use crate::catalog::{Mark, OBJECTS_TABLE, SequenceNote, ensure_objects, ensure_own, values_of};
use crate::error::Result;

/// The table in which sequences are: `public.s` is `s` there, another schema's `schema.s`.
pub(crate) const SEQUENCES_TABLE: &str = "bourse_sql_sequences";

/// Makes the table if it is not there.
pub(crate) fn ensure_table(database: &Database) -> Result<()> {
    ensure_own(database, SEQUENCES_TABLE, |table| {
        table
            .column("name", Type::Text)
            .column("last", Type::BigInt)
            .not_null()
            .column("is_called", Type::Boolean)
            .not_null()
            .primary_key(["name"])
    })
}

fn key_of(key: &str) -> Vec<Value> {
    vec![Value::Text(key.to_owned())]
}

fn row_of(key: &str, standing: Standing) -> Vec<Value> {
    let Standing { last, is_called } = standing;
    vec![Value::Text(key.to_owned()), Value::Integer(last), Value::Boolean(is_called)]
}

fn standing_in(
    transaction: &Transaction<'_>,
    table: &Table,
    key: &str,
) -> bourse::Result<Option<Standing>> {
    Ok(transaction.get(table, &key_of(key))?.as_ref().map(standing_of))
}

fn standing_of(row: &bourse::OwnedRow) -> Standing {
    let row = row.row();
    let last = match row.get(1) {
        ValueRef::Integer(last) => last,
        _ => 0,
    };
    Standing { last, is_called: matches!(row.get(2), ValueRef::Boolean(true)) }
}

/// Where a sequence stands that nobody has asked before.
pub(crate) fn first(note: &SequenceNote) -> Standing {
    match note.last {
        Some(last) => Standing { last, is_called: true },
        None => Standing { last: note.start, is_called: false },
    }
}

/// A new row for a sequence of a name. Returns its key, which no other row has; with a mark, if it
/// is to be dropped unless a transaction is committed.
pub(crate) fn create(
    database: &Database,
    name: &str,
    standing: Standing,
    with_mark: bool,
) -> Result<String> {
    ensure_table(database)?;
    ensure_objects(database)?;
    let (table, objects) = (database.table(SEQUENCES_TABLE)?, database.table(OBJECTS_TABLE)?);
    let name = name.to_owned();
    apart(database, move |transaction| {
        let numbered = (1..).map(|number: u64| format!("{name}#{number}"));
        for key in std::iter::once(name.clone()).chain(numbered) {
            if transaction.get(&table, &key_of(&key))?.is_some() {
                continue;
            }
            transaction.insert(&table, row_of(&key, standing))?;
            if with_mark {
                let (mark, body) = Mark::Sequence(key.clone()).row();
                transaction.upsert(&objects, values_of(&mark, body))?;
            }
            return Ok(key);
        }
        unreachable!("there are more numbers than rows")
    })
}

/// The sequence of that key is no more.
pub(crate) fn remove(database: &Database, key: &str) -> Result<()> {
    Sequences::of(database).settle(database, key)?;
    if let Ok(table) = database.table(SEQUENCES_TABLE) {
        database.delete(&table, &key_of(key))?;
    }
    Ok(())
}

/// Where a sequence stands.
pub(super) fn read(database: &Database, key: &str, note: &SequenceNote) -> Result<Standing> {
    let Ok(table) = database.table(SEQUENCES_TABLE) else { return Ok(first(note)) };
    let row = database.get(&table, &key_of(key))?;
    Ok(row.as_ref().map_or_else(|| first(note), standing_of))
}

/// Takes values: where the sequence stood, the last of them, and how many there are, up to so many.
pub(super) fn take(
    database: &Database,
    key: &str,
    note: &SequenceNote,
    wanted: u64,
) -> Result<(Standing, i64, u64)> {
    let table = database.table(SEQUENCES_TABLE)?;
    let (key, note) = (key.to_owned(), note.clone());
    apart(database, move |transaction| {
        let before = standing_in(transaction, &table, &key)?.unwrap_or_else(|| first(&note));
        let (mut after, mut count) = (before, 0);
        while count < wanted
            && let Some(next) = after.next(&note)
        {
            (after, count) = (next, count + 1);
        }
        if count > 0 {
            transaction.upsert(&table, row_of(&key, after))?;
        }
        Ok((before, after.last, count))
    })
}

/// Has a sequence stand somewhere.
pub(super) fn write(database: &Database, key: &str, standing: Standing) -> Result<()> {
    let table = database.table(SEQUENCES_TABLE)?;
    let key = key.to_owned();
    apart(database, move |transaction| transaction.upsert(&table, row_of(&key, standing)).map(drop))
}

/// The same, if the row says that values up to `reserved` were taken.
pub(super) fn write_back(
    database: &Database,
    key: &str,
    reserved: i64,
    standing: Standing,
) -> Result<()> {
    let table = database.table(SEQUENCES_TABLE)?;
    let key = key.to_owned();
    apart(database, move |transaction| {
        let taken = Standing { last: reserved, is_called: true };
        if standing_in(transaction, &table, &key)? == Some(taken) {
            transaction.upsert(&table, row_of(&key, standing))?;
        }
        Ok(())
    })
}
