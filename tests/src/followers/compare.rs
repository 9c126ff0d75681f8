//! What two Cuts of one LSN have.

use bourse::{Cut, Database, Order, Range, Result, Value};

use super::clients::{ACCOUNTS, MARKS};

/// The rows of a table, in the order of its key.
fn rows(cut: &Cut, name: &str) -> Result<Vec<Vec<Value>>> {
    let table = cut.table(name)?;
    let rows = cut.scan(&table, &Range::all(), Order::Ascending)?;
    rows.map(|row| row.map(|row| row.values())).collect()
}

/// The first difference between two stores at rest: their LSN, tables or rows.
pub(super) fn difference(one: &Database, other: &Database) -> Result<Option<String>> {
    let names = |store: &Database| -> Result<Vec<String>> {
        Ok(store.tables()?.iter().map(|table| table.name().to_owned()).collect())
    };
    let (ours, theirs) = (names(one)?, names(other)?);
    let (one, other) = (&one.cut(), &other.cut());
    if one.lsn() != other.lsn() {
        return Ok(Some(format!("LSN {} and {}", one.lsn(), other.lsn())));
    }
    if ours != theirs {
        return Ok(Some(format!("at {}: tables {ours:?} and {theirs:?}", one.lsn())));
    }
    for name in &ours {
        let (ours, theirs) = (rows(one, name)?, rows(other, name)?);
        if ours != theirs {
            let first = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
            return Ok(Some(format!(
                "at {}, {name}: {} and {} rows, first {first:?}",
                one.lsn(),
                ours.len(),
                theirs.len()
            )));
        }
    }
    Ok(None)
}

/// As [`difference`], of the tables that are always there and small.
pub(super) fn small_difference(one: &Cut, other: &Cut) -> Result<Option<String>> {
    for name in [ACCOUNTS, MARKS] {
        let (ours, theirs) = (rows(one, name)?, rows(other, name)?);
        if ours != theirs {
            let first = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
            return Ok(Some(format!("at {}, {name}: first {first:?}", one.lsn())));
        }
    }
    Ok(None)
}
