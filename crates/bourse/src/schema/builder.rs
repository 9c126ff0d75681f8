//! Making a definition from names. Everything is checked at [`TableBuilder::build`], so that calls
//! chain and come in any order.

use bourse_storage::{Error, Result};

use super::{
    Column, Default, IndexColumn, IndexDefinition, PrimaryKey, Scope, TableDefinition, position_of,
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
        let TableBuilder { name, mut columns, primary_key, shard_key, indexes, .. } = self;
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
            columns,
            primary_key,
            shard_key,
            indexes: Vec::new(),
            version: 1,
        };
        for index in indexes {
            let index = index.build(&table)?;
            table.indexes.push(index);
        }
        table.check()?;
        Ok(table)
    }
}

/// Makes an [`IndexDefinition`].
#[derive(Clone, Debug)]
pub struct IndexBuilder {
    name: String,
    columns: Vec<String>,
    descending: Vec<String>,
    collations: Vec<(String, Collation)>,
    include: Vec<String>,
    unique: bool,
    predicate: Option<Expression<String>>,
    scope: Scope,
}

impl IndexBuilder {
    pub(super) fn new(name: String, columns: Vec<String>) -> IndexBuilder {
        IndexBuilder {
            name,
            columns,
            descending: Vec::new(),
            collations: Vec::new(),
            include: Vec::new(),
            unique: false,
            predicate: None,
            scope: Scope::Local,
        }
    }

    /// Greater values of this key column come first.
    #[must_use]
    pub fn descending(mut self, column: impl Into<String>) -> IndexBuilder {
        self.descending.push(column.into());
        self
    }

    /// Texts of this key column compare under this collation, in this index.
    #[must_use]
    pub fn collate(mut self, column: impl Into<String>, collation: Collation) -> IndexBuilder {
        self.collations.push((column.into(), collation));
        self
    }

    /// Entries carry these columns beside the key.
    #[must_use]
    pub fn include<S: Into<String>>(
        mut self,
        columns: impl IntoIterator<Item = S>,
    ) -> IndexBuilder {
        self.include.extend(columns.into_iter().map(Into::into));
        self
    }

    /// No two rows have the same key.
    #[must_use]
    pub fn unique(mut self) -> IndexBuilder {
        self.unique = true;
        self
    }

    /// Only rows for which the predicate is true have an entry.
    #[must_use]
    pub fn filter(mut self, predicate: Expression<String>) -> IndexBuilder {
        self.predicate = Some(predicate);
        self
    }

    /// Entries lie in the shard of the index's own key.
    #[must_use]
    pub fn global(mut self) -> IndexBuilder {
        self.scope = Scope::Global;
        self
    }

    /// The index as one of this table. `TableBuilder::build` calls it; so does CREATE INDEX.
    ///
    /// # Errors
    /// As [`TableBuilder::build`]; `TableDefinition::check` finds the rest once it is added.
    pub fn build(self, table: &TableDefinition) -> Result<IndexDefinition> {
        let key_column = |name: &String| {
            let column = table.position(name)?;
            let same = |other: &&String| other.eq_ignore_ascii_case(name);
            let mut collations = self.collations.iter().filter(|(other, _)| same(&other));
            let inherited = table.columns[usize::from(column)].collation;
            Ok(IndexColumn {
                column,
                descending: self.descending.iter().any(|other| same(&other)),
                collation: collations.next().map_or(inherited, |(_, collation)| *collation),
            })
        };
        let columns = self.columns.iter().map(key_column).collect::<Result<Vec<_>>>()?;
        let of_key = |name: &&String| !self.columns.iter().any(|c| c.eq_ignore_ascii_case(name));
        let mut described = self.descending.iter().chain(self.collations.iter().map(|(c, _)| c));
        if let Some(stranger) = described.find(of_key) {
            let message = format!("index \"{}\" has no key column \"{stranger}\"", self.name);
            return Err(Error::invalid(message).with_sqlstate("42703"));
        }
        let include = self.include.iter().map(|name| table.position(name));
        Ok(IndexDefinition {
            id: 0,
            include: include.collect::<Result<_>>()?,
            predicate: self.predicate.map(|predicate| table.bind(predicate)).transpose()?,
            name: self.name,
            columns,
            unique: self.unique,
            scope: self.scope,
        })
    }
}
