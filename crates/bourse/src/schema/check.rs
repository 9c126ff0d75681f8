//! What a definition must meet, whether a person wrote it or it was read from disk.

use std::collections::HashSet;

use bourse_storage::{Error, Result};

use super::{
    COLUMNS_MAX, Column, Default, IndexDefinition, KEY_COLUMNS_MAX, NAME_BYTES_MAX, PrimaryKey,
    TableDefinition,
};
use crate::expression::check_condition;
use crate::value::Type;

impl TableDefinition {
    /// Checks the invariants and limits of the definition.
    ///
    /// # Errors
    /// `InvalidInput`, as [`super::TableBuilder::build`].
    pub fn check(&self) -> Result<()> {
        check_columns(&self.name, &self.columns)?;
        if let PrimaryKey::Columns(key) = &self.primary_key {
            self.check_key("primary key", key.iter().copied())?;
            let nullable = |position: &&u16| !self.columns[usize::from(**position)].not_null;
            if let Some(position) = key.iter().find(nullable) {
                let name = &self.columns[usize::from(*position)].name;
                return Err(refuse("42P16", format!("primary key column \"{name}\" is nullable")));
            }
        }
        if !self.shard_key.is_empty() || matches!(self.primary_key, PrimaryKey::Columns(_)) {
            self.check_key("shard key", self.shard_key.iter().copied())?;
        }
        let mut names = HashSet::new();
        for index in &self.indexes {
            if !names.insert(index.name.to_ascii_lowercase()) {
                return Err(refuse("42P07", format!("index \"{}\" exists twice", index.name)));
            }
            self.check_index(index)?;
        }
        Ok(())
    }

    fn check_index(&self, index: &IndexDefinition) -> Result<()> {
        check_name("index", &index.name)?;
        let what = format!("index \"{}\"", index.name);
        self.check_key(&what, index.columns.iter().map(|column| column.column))?;
        let mut carried: HashSet<u16> = index.columns.iter().map(|column| column.column).collect();
        for position in &index.include {
            let column = self.column_at(&what, *position)?;
            if !carried.insert(*position) {
                let message = format!("{what} carries column \"{}\" twice", column.name);
                return Err(refuse("42P17", message));
            }
        }
        for column in &index.columns {
            check_collation(
                &what,
                self.column_at(&what, column.column)?.data_type,
                column.collation,
            )?;
        }
        match &index.predicate {
            None => Ok(()),
            Some(predicate) => check_condition("WHERE", predicate, &self.columns)
                .map_err(|error| within(&what, error)),
        }
    }

    fn check_key(&self, what: &str, columns: impl ExactSizeIterator<Item = u16>) -> Result<()> {
        let count = columns.len();
        if count == 0 {
            return Err(refuse("42P16", format!("{what} of \"{}\" has no column", self.name)));
        }
        if count > KEY_COLUMNS_MAX {
            let message = format!("{what} has {count} columns, at most {KEY_COLUMNS_MAX} are");
            return Err(refuse("54011", format!("{message} possible")));
        }
        let mut seen = HashSet::new();
        for position in columns {
            let column = self.column_at(what, position)?;
            if !seen.insert(position) {
                let message = format!("column \"{}\" occurs twice in {what}", column.name);
                return Err(refuse("42701", message));
            }
        }
        Ok(())
    }

    fn column_at(&self, what: &str, position: u16) -> Result<&Column> {
        let message = || format!("{what}: table \"{}\" has no column {position}", self.name);
        self.columns.get(usize::from(position)).ok_or_else(|| refuse("42703", message()))
    }
}

/// Checks name and columns of a table.
pub(super) fn check_columns(table: &str, columns: &[Column]) -> Result<()> {
    check_name("table", table)?;
    if columns.is_empty() {
        return Err(refuse("42P16", format!("table \"{table}\" has no column")));
    }
    if columns.len() > COLUMNS_MAX {
        let message = format!("table \"{table}\" has more than {COLUMNS_MAX} columns");
        return Err(refuse("54011", message));
    }
    let mut names = HashSet::new();
    for column in columns {
        check_name("column", &column.name)?;
        if !names.insert(column.name.to_ascii_lowercase()) {
            let message = format!("column \"{}\" of \"{table}\" exists twice", column.name);
            return Err(refuse("42701", message));
        }
        check_column(column)?;
    }
    Ok(())
}

fn check_column(column: &Column) -> Result<()> {
    let Column { name, data_type, default, collation, .. } = column;
    data_type.check()?;
    check_collation(&format!("column \"{name}\""), *data_type, *collation)?;
    let fits = match default {
        None => true,
        Some(Default::Constant(value)) => {
            data_type.coerce(value.clone())?;
            !(value.is_null() && column.not_null)
        }
        Some(Default::CurrentTimestamp) => {
            matches!(data_type, Type::Timestamp { .. } | Type::Date)
        }
        Some(Default::GeneratedId) => *data_type == Type::BigInt,
    };
    if !fits {
        let message = format!("the default of column \"{name}\" is no {data_type} that it takes");
        return Err(refuse("42804", message));
    }
    data_type.coerce(column.missing.clone()).map(|_| ())
}

fn check_collation(what: &str, data_type: Type, collation: crate::value::Collation) -> Result<()> {
    let text = matches!(data_type, Type::Text | Type::Any);
    if text || collation == crate::value::Collation::Binary {
        return Ok(());
    }
    Err(refuse("42804", format!("{what}: type {data_type} takes no collation {collation}")))
}

fn check_name(what: &str, name: &str) -> Result<()> {
    if name.is_empty() || name.contains('\0') {
        return Err(refuse("42602", format!("the name of a {what} is empty or holds a NUL")));
    }
    if name.len() > NAME_BYTES_MAX {
        let message = format!("the name of a {what} is longer than {NAME_BYTES_MAX} bytes");
        return Err(refuse("42622", message));
    }
    Ok(())
}

fn refuse(sqlstate: &'static str, message: String) -> Error {
    Error::invalid(message).with_sqlstate(sqlstate)
}

/// The error with what it is about before it.
fn within(what: &str, error: Error) -> Error {
    refuse(error.sqlstate(), format!("{what}: {}", error.message()))
}
