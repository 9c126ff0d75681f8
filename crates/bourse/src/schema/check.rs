//! What a definition must meet, whether a person wrote it or it was read from disk.

use std::collections::HashSet;

use bourse_storage::{Error, Result};

use super::{
    Action, COLUMNS_MAX, Column, Default, ForeignKey, INDEXES_MAX, IndexColumn, IndexDefinition,
    IndexKey, KEY_COLUMNS_MAX, NAME_BYTES_MAX, PrimaryKey, TableDefinition,
};
use crate::expression::{check_condition, check_depth};
use crate::row::widens;
use crate::value::Type;

impl TableDefinition {
    /// Checks the invariants and limits of the definition.
    ///
    /// # Errors
    /// `InvalidInput`, as [`super::TableBuilder::build`].
    pub fn check(&self) -> Result<()> {
        check_columns(&self.name, &self.columns)?;
        self.check_layouts()?;
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
        self.check_constraints()
    }

    /// Refuses a table that is given more indexes than it can have. Not for definitions that are
    /// stored: versions before this one had no limit.
    ///
    /// # Errors
    /// `InvalidInput` (54000).
    pub(crate) fn check_index_count(&self) -> Result<()> {
        let count = self.indexes.len();
        if count > INDEXES_MAX {
            let table = &self.name;
            let message = format!(
                "table \"{table}\" would have {count} indexes, those of foreign keys included; \
                 the limit is {INDEXES_MAX}: drop one first"
            );
            return Err(refuse("54000", message));
        }
        Ok(())
    }

    /// I5.
    fn check_layouts(&self) -> Result<()> {
        let mut numbers = HashSet::new();
        for layout in &self.earlier_layouts {
            let what = format!("layout {} of \"{}\"", layout.number, self.name);
            if layout.number >= self.layout || !numbers.insert(layout.number) {
                return Err(refuse("42P17", format!("{what} is not one of before")));
            }
            let positions = || layout.columns.iter().filter_map(|(_, position)| *position);
            self.check_distinct(&what, positions())?;
            for (from, position) in &layout.columns {
                let to = position.map(|position| self.columns[usize::from(position)].data_type);
                if to.is_some_and(|to| !widens(*from, to)) {
                    let message = format!("{what} holds a {from} that is no value of its column");
                    return Err(refuse("42P17", message));
                }
            }
        }
        Ok(())
    }

    fn check_constraints(&self) -> Result<()> {
        let mut names = HashSet::new();
        let checks = self.checks.iter().map(|check| &check.name);
        for name in checks.chain(self.foreign_keys.iter().map(|key| &key.name)) {
            check_name("constraint", name)?;
            if !names.insert(name.to_ascii_lowercase()) {
                let table = &self.name;
                let message =
                    format!("constraint \"{name}\" for relation \"{table}\" exists twice");
                return Err(refuse("42710", message));
            }
        }
        for check in &self.checks {
            check_condition("CHECK", &check.condition, &self.columns)
                .map_err(|error| within(&format!("constraint \"{}\"", check.name), error))?;
        }
        self.foreign_keys.iter().try_for_each(|key| self.check_foreign_key(key))
    }

    fn check_foreign_key(&self, key: &ForeignKey) -> Result<()> {
        let what = format!("foreign key \"{}\"", key.name);
        self.check_key(&what, key.columns.iter().copied())?;
        let (own, others) = (key.columns.len(), key.parent_columns.len());
        let mut named: Vec<String> =
            key.parent_columns.iter().map(|name| name.to_ascii_lowercase()).collect();
        named.sort_unstable();
        if others != 0 && others != own || named.windows(2).any(|pair| pair[0] == pair[1]) {
            let message = format!("{what}: {own} columns refer to {others}, not each to one");
            return Err(refuse("42830", message));
        }
        let generated = key.columns.iter().any(|column| {
            self.columns[usize::from(*column)].default.as_ref().is_some_and(Default::makes_ids)
        });
        let sets_default = [key.on_delete, key.on_update].contains(&Action::SetDefault);
        if generated && sets_default {
            let message =
                format!("{what}: a column whose DEFAULT is generated cannot be set to it");
            return Err(refuse("42P17", message));
        }
        Ok(())
    }

    fn check_index(&self, index: &IndexDefinition) -> Result<()> {
        check_name("index", &index.name)?;
        let what = format!("index \"{}\"", index.name);
        self.check_key_length(&what, index.columns.len())?;
        let plain = || index.columns.iter().filter_map(IndexColumn::column);
        self.check_distinct(&what, plain())?;
        let mut carried: HashSet<u16> = plain().collect();
        for position in &index.include {
            let column = self.column_at(&what, *position)?;
            if !carried.insert(*position) {
                let message = format!("{what} carries column \"{}\" twice", column.name);
                return Err(refuse("42P17", message));
            }
        }
        for part in &index.columns {
            let data_type = match &part.key {
                IndexKey::Column(column) => self.column_at(&what, *column)?.data_type,
                IndexKey::Expression(expression) => {
                    check_depth(expression)?;
                    let kind = expression.type_of(&self.columns);
                    let kind = kind.map_err(|error| within(&what, error))?;
                    kind.ok_or_else(|| refuse("42P17", format!("{what}: a part is always NULL")))?
                }
            };
            check_collation(&what, data_type, part.collation)?;
        }
        match &index.predicate {
            None => Ok(()),
            Some(predicate) => check_condition("WHERE", predicate, &self.columns)
                .map_err(|error| within(&what, error)),
        }
    }

    fn check_key(&self, what: &str, columns: impl ExactSizeIterator<Item = u16>) -> Result<()> {
        self.check_key_length(what, columns.len())?;
        self.check_distinct(what, columns)
    }

    fn check_key_length(&self, what: &str, count: usize) -> Result<()> {
        if count == 0 {
            return Err(refuse("42P16", format!("{what} of \"{}\" has no column", self.name)));
        }
        if count > KEY_COLUMNS_MAX {
            let message = format!("{what} has {count} columns, at most {KEY_COLUMNS_MAX} are");
            return Err(refuse("54011", format!("{message} possible")));
        }
        Ok(())
    }

    fn check_distinct(&self, what: &str, columns: impl Iterator<Item = u16>) -> Result<()> {
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
            let point = matches!(data_type, Type::Timestamp { .. } | Type::TimestampTz { .. });
            point || *data_type == Type::Date
        }
        Some(Default::GeneratedId | Default::Identity | Default::IdentityAlways) => {
            *data_type == Type::BigInt
        }
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
