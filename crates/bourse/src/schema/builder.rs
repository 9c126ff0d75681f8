//! Making a definition from names. Everything is checked at [`TableBuilder::build`], so that calls
//! chain and come in any order.

use bourse_storage::{Error, Result};

use super::{
    CheckConstraint, Column, Default, ForeignKeyBuilder, IndexBuilder, PrimaryKey, TableDefinition,
    position_of,
};
use crate::expression::Expression;
use crate::value::{Collation, Type, Value};

/// Makes a [`TableDefinition`].
#[derive(Clone, Debug)]
pub struct TableBuilder {
    name: String,
    columns: Vec<Column>,
    primary_key: Option<Vec<String>>,
    shard_key: Option<Vec<String>>,
    indexes: Vec<IndexBuilder>,
    checks: Vec<(String, Expression<String>)>,
    foreign_keys: Vec<ForeignKeyBuilder>,
    misplaced: Option<&'static str>,
}

impl TableBuilder {
    pub(super) fn new(name: String) -> TableBuilder {
        TableBuilder {
            name,
            columns: Vec::new(),
            primary_key: None,
            shard_key: None,
            indexes: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            misplaced: None,
        }
    }

    /// Adds a column. What describes a column follows it: `not_null`, `default`, ...
    #[must_use]
    pub fn column(mut self, name: impl Into<String>, data_type: Type) -> TableBuilder {
        self.columns.push(Column::new(name, data_type));
        self
    }

    /// The last column refuses NULL.
    #[must_use]
    pub fn not_null(self) -> TableBuilder {
        self.change("not_null", |column| column.not_null = true)
    }

    /// The last column holds this where an INSERT names no value.
    #[must_use]
    pub fn default(self, value: impl Into<Value>) -> TableBuilder {
        let value = Default::Constant(value.into());
        self.change("default", |column| column.default = Some(value))
    }

    /// The last column holds the commit's time where an INSERT names no value.
    #[must_use]
    pub fn default_current_timestamp(self) -> TableBuilder {
        self.change("default", |column| column.default = Some(Default::CurrentTimestamp))
    }

    /// The last column, a BIGINT, holds a generated id where an INSERT names no value.
    #[must_use]
    pub fn generated_id(self) -> TableBuilder {
        self.change("generated_id", |column| column.default = Some(Default::GeneratedId))
    }

    /// The last column, a BIGINT, holds a generated id where an INSERT names no value; one that no
    /// row has had before, also a row that is deleted by then.
    #[must_use]
    pub fn identity(self) -> TableBuilder {
        self.change("identity", |column| column.default = Some(Default::Identity))
    }

    /// As [`TableBuilder::identity`], and an INSERT may not name a value; a bulk load may.
    #[must_use]
    pub fn identity_always(self) -> TableBuilder {
        self.change("identity_always", |column| column.default = Some(Default::IdentityAlways))
    }

    /// Texts of the last column compare under this collation.
    #[must_use]
    pub fn collate(self, collation: Collation) -> TableBuilder {
        self.change("collate", |column| column.collation = collation)
    }

    fn change(mut self, what: &'static str, change: impl FnOnce(&mut Column)) -> TableBuilder {
        match self.columns.last_mut() {
            Some(column) => change(column),
            None => self.misplaced = Some(what),
        }
        self
    }

    /// The primary key's columns, which refuse NULL from now on. Without a primary key the engine
    /// numbers the rows.
    #[must_use]
    pub fn primary_key<S: Into<String>>(
        mut self,
        columns: impl IntoIterator<Item = S>,
    ) -> TableBuilder {
        self.primary_key = Some(columns.into_iter().map(Into::into).collect());
        self
    }

    /// The columns whose hash names a row's shard: the primary key's, if not said.
    #[must_use]
    pub fn shard_key<S: Into<String>>(
        mut self,
        columns: impl IntoIterator<Item = S>,
    ) -> TableBuilder {
        self.shard_key = Some(columns.into_iter().map(Into::into).collect());
        self
    }

    /// Adds an index.
    #[must_use]
    pub fn index(mut self, index: IndexBuilder) -> TableBuilder {
        self.indexes.push(index);
        self
    }

    /// Adds a CHECK: rows for which the condition is false are refused.
    #[must_use]
    pub fn check(mut self, name: impl Into<String>, condition: Expression<String>) -> TableBuilder {
        self.checks.push((name.into(), condition));
        self
    }

    /// Adds a foreign key: columns whose values must be a key of another table, or of this one.
    #[must_use]
    pub fn foreign_key(mut self, key: ForeignKeyBuilder) -> TableBuilder {
        self.foreign_keys.push(key);
        self
    }

    /// The definition.
    ///
    /// # Errors
    /// `InvalidInput` with the SQLSTATE of what is wrong: 42701 a column twice, 42703 an unknown
    /// column, 42P16 an invalid key, 42P17 an invalid index, 54011 too many columns, and others.
    pub fn build(self) -> Result<TableDefinition> {
        if let Some(what) = self.misplaced {
            let message = format!("table \"{}\": {what} before the first column", self.name);
            return Err(Error::invalid(message).with_sqlstate("42P16"));
        }
        let TableBuilder {
            name,
            mut columns,
            primary_key,
            shard_key,
            indexes,
            checks,
            foreign_keys,
            misplaced: _,
        } = self;
        // First of all, because names are looked up next and positions are 16 bits.
        super::check::check_columns(&name, &columns)?;
        let find = |columns: &[Column], names: &[String]| {
            names.iter().map(|column| position_of(columns, &name, column)).collect()
        };
        let primary_key: Option<Vec<u16>> =
            primary_key.map(|names| find(&columns, &names)).transpose()?;
        let shard_key: Option<Vec<u16>> =
            shard_key.map(|names| find(&columns, &names)).transpose()?;
        for position in primary_key.iter().flatten() {
            columns[usize::from(*position)].not_null = true;
        }
        for column in &mut columns {
            if let Some(Default::Constant(value)) = &mut column.default {
                *value = column.data_type.coerce(std::mem::take(value))?;
            }
        }
        let shard_key = shard_key.or_else(|| primary_key.clone()).unwrap_or_default();
        let primary_key = primary_key.map_or(PrimaryKey::HiddenRowId, PrimaryKey::Columns);
        let mut table = TableDefinition {
            id: 0,
            name,
            layout: u16::try_from(columns.len()).unwrap_or(u16::MAX),
            earlier_layouts: Vec::new(),
            columns,
            primary_key,
            shard_key,
            indexes: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            version: 1,
        };
        for index in indexes {
            let index = index.build(&table)?;
            table.indexes.push(index);
        }
        for (name, condition) in checks {
            let condition = table.bind(condition)?;
            table.checks.push(CheckConstraint { name, condition });
        }
        for key in foreign_keys {
            let key = key.build(&table)?;
            table.foreign_keys.push(key);
        }
        table.check()?;
        Ok(table)
    }
}
