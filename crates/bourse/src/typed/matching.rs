//! Whether a stored table is the one that a struct describes.

use bourse_storage::{Error, Result};

use crate::schema::{Column, Default, IndexDefinition, TableDefinition};

/// Refuses a stored table whose rows, keys or indexes are others than the struct's.
pub(super) fn check(stored: &TableDefinition, wanted: &TableDefinition) -> Result<()> {
    for (there, here) in stored.columns.iter().zip(&wanted.columns) {
        if let Some(difference) = column_difference(there, here) {
            return Err(differs(wanted, &difference));
        }
    }
    let (there, here) = (stored.columns.len(), wanted.columns.len());
    if let Some(extra) = stored.columns.get(here) {
        let what = format!("column \"{}\" of the table has no field", extra.name);
        return Err(differs(wanted, &what));
    }
    if let Some(missing) = wanted.columns.get(there) {
        return Err(differs(wanted, &format!("the table has no column \"{}\"", missing.name)));
    }
    if stored.primary_key != wanted.primary_key {
        let (there, here) = (stored.primary_key_positions(), wanted.primary_key_positions());
        let what = key_difference("primary key", stored, there, here);
        return Err(differs(wanted, &what));
    }
    if stored.shard_key != wanted.shard_key {
        let what = key_difference("shard key", stored, &stored.shard_key, &wanted.shard_key);
        return Err(differs(wanted, &what));
    }
    for index in &wanted.indexes {
        check_index(stored, wanted, index)?;
    }
    // The table may have more than the struct says: they bind whoever writes.
    if let Some(check) = wanted.checks.iter().find(|check| !stored.checks.contains(check)) {
        return Err(differs(wanted, &format!("the table has no such CHECK \"{}\"", check.name)));
    }
    if let Some(key) = wanted.foreign_keys.iter().find(|key| !stored.foreign_keys.contains(key)) {
        return Err(differs(
            wanted,
            &format!("the table has no such foreign key \"{}\"", key.name),
        ));
    }
    Ok(())
}

fn column_difference(there: &Column, here: &Column) -> Option<String> {
    let name = &here.name;
    if !there.name.eq_ignore_ascii_case(name) {
        return Some(format!("column \"{}\" stands where the struct has \"{name}\"", there.name));
    }
    if there.data_type != here.data_type {
        let (there, here) = (there.data_type, here.data_type);
        return Some(format!("column \"{name}\" is {there}, the struct says {here}"));
    }
    if there.not_null != here.not_null {
        let (there, here) =
            if there.not_null { ("NOT NULL", "nullable") } else { ("nullable", "NOT NULL") };
        return Some(format!("column \"{name}\" is {there}, in the struct {here}"));
    }
    if there.collation != here.collation {
        let (there, here) = (there.collation, here.collation);
        return Some(format!("column \"{name}\" is collated {there:?}, in the struct {here:?}"));
    }
    let generated = |column: &Column| column.default.as_ref().is_some_and(Default::makes_ids);
    if generated(there) != generated(here) {
        return Some(format!("column \"{name}\" is generated in one of them and not in the other"));
    }
    None
}

fn check_index(
    stored: &TableDefinition,
    wanted: &TableDefinition,
    index: &IndexDefinition,
) -> Result<()> {
    let name = &index.name;
    let Some(there) = stored.index(name) else {
        return Err(differs(wanted, &format!("the table has no index \"{name}\"")));
    };
    // The scope may differ: the store makes an index global where uniqueness needs it.
    if there.columns != index.columns {
        return Err(differs(wanted, &format!("index \"{name}\" has other columns")));
    }
    if there.include != index.include {
        return Err(differs(wanted, &format!("index \"{name}\" includes other columns")));
    }
    if there.unique != index.unique {
        let what = format!("index \"{name}\" is unique in one of them and not in the other");
        return Err(differs(wanted, &what));
    }
    if there.predicate != index.predicate {
        return Err(differs(wanted, &format!("index \"{name}\" holds other rows (its WHERE)")));
    }
    Ok(())
}

fn key_difference(what: &str, table: &TableDefinition, there: &[u16], here: &[u16]) -> String {
    let names = |positions: &[u16]| {
        let names = positions.iter().map(|at| table.columns[usize::from(*at)].name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    format!("its {what} is ({}), the struct's ({})", names(there), names(here))
}

fn differs(table: &TableDefinition, what: &str) -> Error {
    let message = format!("table \"{}\" is not the struct's: {what}", table.name);
    Error::invalid(message).with_sqlstate("42804")
}
