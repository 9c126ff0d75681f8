//! Indexes: their definitions, and making them from names and expressions.

use bourse_storage::{Error, Result};

use super::TableDefinition;
use crate::expression::Expression;
use crate::key::KeyColumn;
use crate::value::{Collation, Type};

/// Where the entries of an index lie.
#[derive(Clone, Copy, PartialEq, Eq, Hash, std::default::Default, Debug)]
pub enum Scope {
    /// In the shard of the row.
    #[default]
    Local,
    /// In the shard of the index's own key.
    Global,
}

/// What one column of an index's key holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IndexKey {
    /// The column of that position.
    Column(u16),
    /// What is computed of the row.
    Expression(Expression),
}

/// One column of an index's key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IndexColumn {
    /// What it holds.
    pub key: IndexKey,
    /// Whether greater values come first.
    pub descending: bool,
    /// How texts compare in this index.
    pub collation: Collation,
}

impl IndexColumn {
    /// Position of the table's column that it holds; none where it is computed.
    pub fn column(&self) -> Option<u16> {
        match self.key {
            IndexKey::Column(column) => Some(column),
            IndexKey::Expression(_) => None,
        }
    }
}

/// One index of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IndexDefinition {
    /// Number, given by the catalog; 0 until then.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Columns of the key, in key order.
    pub columns: Vec<IndexColumn>,
    /// Positions of the columns that entries carry beside the key.
    pub include: Vec<u16>,
    /// Whether two rows may not have the same key. Keys that hold a NULL are never the same.
    pub unique: bool,
    /// Which rows have an entry; all without one.
    pub predicate: Option<Expression>,
    /// Where the entries lie.
    pub scope: Scope,
}

impl IndexDefinition {
    /// Begins an index on columns that are named, or computed; see [`IndexBuilder`].
    pub fn on<P: Into<IndexPart>>(
        name: impl Into<String>,
        columns: impl IntoIterator<Item = P>,
    ) -> IndexBuilder {
        IndexBuilder::new(name.into(), columns.into_iter().map(Into::into).collect())
    }

    /// A local index on columns of a table, in their own collations.
    pub(crate) fn of_columns(
        name: String,
        columns: &[u16],
        table: &TableDefinition,
    ) -> IndexDefinition {
        let part = |column: &u16| IndexColumn {
            key: IndexKey::Column(*column),
            descending: false,
            collation: table.columns[usize::from(*column)].collation,
        };
        IndexDefinition {
            id: 0,
            name,
            columns: columns.iter().map(part).collect(),
            include: Vec::new(),
            unique: false,
            predicate: None,
            scope: Scope::Local,
        }
    }

    /// Positions of the table's columns that are the key, if none of it is computed.
    pub(crate) fn plain_columns(&self) -> Option<Vec<u16>> {
        self.columns.iter().map(IndexColumn::column).collect()
    }
}

/// One column of an index's key, named or computed: from a name, or from an
/// [`Expression`] over named columns.
#[derive(Clone, Debug)]
pub struct IndexPart {
    key: Expression<String>,
    descending: bool,
    collation: Option<Collation>,
}

impl IndexPart {
    /// Greater values come first.
    #[must_use]
    pub fn descending(mut self) -> IndexPart {
        self.descending = true;
        self
    }

    /// Texts compare under this collation, in this index.
    #[must_use]
    pub fn collate(mut self, collation: Collation) -> IndexPart {
        self.collation = Some(collation);
        self
    }

    fn is_named(&self, name: &str) -> bool {
        matches!(&self.key, Expression::Column(column) if column.eq_ignore_ascii_case(name))
    }

    fn build(self, table: &TableDefinition) -> Result<IndexColumn> {
        let bound = table.bind(self.key)?;
        let inherited = bound.collation().unwrap_or_default();
        let (descending, collation) = (self.descending, self.collation.unwrap_or(inherited));
        let key = match bound {
            Expression::Column(column) => IndexKey::Column(column.position),
            // The key's own collation says what this would.
            Expression::Collate(inner, _) => match *inner {
                Expression::Column(column) => IndexKey::Column(column.position),
                other => IndexKey::Expression(other),
            },
            other => IndexKey::Expression(other),
        };
        Ok(IndexColumn { key, descending, collation })
    }
}

impl From<Expression<String>> for IndexPart {
    fn from(key: Expression<String>) -> IndexPart {
        IndexPart { key, descending: false, collation: None }
    }
}

impl From<String> for IndexPart {
    fn from(name: String) -> IndexPart {
        Expression::Column(name).into()
    }
}

impl From<&String> for IndexPart {
    fn from(name: &String) -> IndexPart {
        name.clone().into()
    }
}

impl From<&str> for IndexPart {
    fn from(name: &str) -> IndexPart {
        name.to_owned().into()
    }
}

/// Makes an [`IndexDefinition`].
#[derive(Clone, Debug)]
pub struct IndexBuilder {
    name: String,
    columns: Vec<IndexPart>,
    include: Vec<String>,
    unique: bool,
    predicate: Option<Expression<String>>,
    scope: Scope,
    /// A column that was described and is none of the key's.
    stranger: Option<String>,
}

impl IndexBuilder {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn new(name: String, columns: Vec<IndexPart>) -> IndexBuilder {
        IndexBuilder {
            name,
            columns,
            include: Vec::new(),
            unique: false,
            predicate: None,
            scope: Scope::Local,
            stranger: None,
        }
    }

    /// Greater values of this key column come first.
    #[must_use]
    pub fn descending(self, column: impl Into<String>) -> IndexBuilder {
        self.describe(column.into(), |part| part.descending = true)
    }

    /// Texts of this key column compare under this collation, in this index.
    #[must_use]
    pub fn collate(self, column: impl Into<String>, collation: Collation) -> IndexBuilder {
        self.describe(column.into(), |part| part.collation = Some(collation))
    }

    fn describe(mut self, column: String, change: impl FnOnce(&mut IndexPart)) -> IndexBuilder {
        match self.columns.iter_mut().find(|part| part.is_named(&column)) {
            Some(part) => change(part),
            None => self.stranger = Some(column),
        }
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

    /// Only rows for which the condition is true have an entry.
    #[must_use]
    pub fn filter(mut self, condition: Expression<String>) -> IndexBuilder {
        self.predicate = Some(condition);
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
    /// As [`super::TableBuilder::build`]; `TableDefinition::check` finds the rest once it is added.
    pub fn build(self, table: &TableDefinition) -> Result<IndexDefinition> {
        if let Some(stranger) = self.stranger {
            let message = format!("index \"{}\" has no key column \"{stranger}\"", self.name);
            return Err(Error::invalid(message).with_sqlstate("42703"));
        }
        let columns = self.columns.into_iter().map(|part| part.build(table));
        let include = self.include.iter().map(|name| table.position(name));
        Ok(IndexDefinition {
            id: 0,
            columns: columns.collect::<Result<_>>()?,
            include: include.collect::<Result<_>>()?,
            predicate: self.predicate.map(|predicate| table.bind(predicate)).transpose()?,
            name: self.name,
            unique: self.unique,
            scope: self.scope,
        })
    }
}

impl TableDefinition {
    /// The columns of an index's key, as declared.
    pub fn index_key_columns(&self, index: &IndexDefinition) -> Vec<KeyColumn> {
        let key_column = |part: &IndexColumn| {
            let column = match &part.key {
                IndexKey::Column(column) => self.key_column(*column),
                IndexKey::Expression(expression) => KeyColumn {
                    // I4: that it has a type was checked.
                    data_type: expression
                        .type_of(&self.columns)
                        .ok()
                        .flatten()
                        .unwrap_or(Type::Any),
                    nullable: true,
                    descending: false,
                    collation: Collation::Binary,
                },
            };
            KeyColumn { descending: part.descending, collation: part.collation, ..column }
        };
        index.columns.iter().map(key_column).collect()
    }

    /// What an index's key holds, for people: names of columns, and expressions as SQL.
    pub(crate) fn index_key_parts(&self, index: &IndexDefinition) -> Vec<String> {
        let names = index.columns.iter().map(|part| match &part.key {
            IndexKey::Column(column) => self.columns[usize::from(*column)].name.clone(),
            IndexKey::Expression(expression) => self.named(expression).to_string(),
        });
        names.collect()
    }
}
