//! Definitions of tables and indexes: plain data, made by [`TableDefinition::builder`], kept in
//! every shard's tree of definitions as the bytes of [`TableDefinition::encode`].
//!
//! # Invariants
//!
//! All hold for what [`TableDefinition::check`] accepts; the builder and `decode` call it.
//!
//! * I1: positions of columns are below the number of columns.
//! * I2: names of columns, of indexes, and of constraints are unique without regard to ASCII case.
//! * I3: primary key columns are NOT NULL; no column occurs twice in a key.
//! * I4: expressions have the types that their places want (X1 of [`crate::expression`]).

use bourse_storage::{Error, Result};

use crate::key::KeyColumn;
use crate::row::RowLayout;
use crate::value::{Collation, Type, Value};

mod builder;
mod check;
mod constraint;
mod encode;
mod index;
#[cfg(test)]
mod tests;

pub use builder::TableBuilder;
pub(crate) use constraint::resolve;
pub(crate) use constraint::{Access, ForeignKeyInfo};
pub use constraint::{Action, CheckConstraint, ForeignKey, ForeignKeyBuilder, Timing};
pub use index::{IndexBuilder, IndexColumn, IndexDefinition, IndexKey, IndexPart, Scope};

/// Columns that a table can have.
pub const COLUMNS_MAX: usize = 1_600;
/// Columns that a key can have.
pub const KEY_COLUMNS_MAX: usize = 64;
/// Bytes that a name can have.
pub const NAME_BYTES_MAX: usize = 255;

/// What a column holds where an INSERT names no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Default {
    /// Always this value.
    Constant(Value),
    /// The time of the commit.
    CurrentTimestamp,
    /// A number that no other row of the table has, from the table's counter.
    GeneratedId,
}

/// One column of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Type.
    pub data_type: Type,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// What an INSERT that does not name the column gives it; NULL without one.
    pub default: Option<Default>,
    /// How texts compare.
    pub collation: Collation,
    /// What rows hold that were written before the column was added.
    pub missing: Value,
}

/// What tells the rows of a table apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PrimaryKey {
    /// Positions of the key's columns, in key order.
    Columns(Vec<u16>),
    /// A BIGINT of the engine's own, beside the columns.
    HiddenRowId,
}

/// One table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableDefinition {
    /// Number, given by the catalog; 0 until then.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Columns, by position.
    pub columns: Vec<Column>,
    /// What tells rows apart.
    pub primary_key: PrimaryKey,
    /// Positions of the columns whose hash names a row's shard. Empty for a hidden row id, whose
    /// hash then does.
    pub shard_key: Vec<u16>,
    /// Indexes beside the primary key.
    pub indexes: Vec<IndexDefinition>,
    /// Conditions that no row may make false.
    pub checks: Vec<CheckConstraint>,
    /// Columns whose values must be keys of other tables, or of this one.
    pub foreign_keys: Vec<ForeignKey>,
    /// Counts the changes of this definition.
    pub version: u32,
}

impl Column {
    /// A nullable column without a default.
    pub fn new(name: impl Into<String>, data_type: Type) -> Column {
        Column {
            name: name.into(),
            data_type,
            not_null: false,
            default: None,
            collation: Collation::Binary,
            missing: Value::Null,
        }
    }
}

impl TableDefinition {
    /// Begins a table; see [`TableBuilder`].
    pub fn builder(name: impl Into<String>) -> TableBuilder {
        TableBuilder::new(name.into())
    }

    /// Position of the column of a name; ASCII case does not matter.
    ///
    /// # Errors
    /// `InvalidInput` (42703) when there is none.
    pub fn position(&self, name: &str) -> Result<u16> {
        position_of(&self.columns, &self.name, name)
    }

    /// The index of a name; ASCII case does not matter.
    pub fn index(&self, name: &str) -> Option<&IndexDefinition> {
        self.indexes.iter().find(|index| index.name.eq_ignore_ascii_case(name))
    }

    /// The layout of the table's rows.
    pub fn row_layout(&self) -> RowLayout {
        let types: Vec<Type> = self.columns.iter().map(|column| column.data_type).collect();
        let missing = self.columns.iter().map(|column| column.missing.clone()).collect();
        RowLayout::with_defaults(&types, missing)
    }

    /// The columns of the primary key's bytes: one BIGINT for a hidden row id.
    pub fn primary_key_columns(&self) -> Vec<KeyColumn> {
        match &self.primary_key {
            PrimaryKey::Columns(columns) => columns.iter().map(|c| self.key_column(*c)).collect(),
            PrimaryKey::HiddenRowId => vec![KeyColumn::new(Type::BigInt)],
        }
    }

    /// The columns of the shard key's bytes: one BIGINT for a hidden row id.
    pub fn shard_key_columns(&self) -> Vec<KeyColumn> {
        if self.shard_key.is_empty() {
            return self.primary_key_columns();
        }
        self.shard_key.iter().map(|column| self.key_column(*column)).collect()
    }

    /// Positions of the primary key's columns; none for a hidden row id.
    pub fn primary_key_positions(&self) -> &[u16] {
        match &self.primary_key {
            PrimaryKey::Columns(columns) => columns,
            PrimaryKey::HiddenRowId => &[],
        }
    }

    fn key_column(&self, position: u16) -> KeyColumn {
        let column = &self.columns[usize::from(position)];
        KeyColumn {
            data_type: column.data_type,
            nullable: !column.not_null,
            descending: false,
            collation: column.collation,
        }
    }
}

fn position_of(columns: &[Column], table: &str, name: &str) -> Result<u16> {
    let position = columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
    position.and_then(|position| u16::try_from(position).ok()).ok_or_else(|| {
        Error::invalid(format!("column \"{name}\" of table \"{table}\" does not exist"))
            .with_sqlstate("42703")
    })
}
