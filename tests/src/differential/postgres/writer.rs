//! What a statement of PostgreSQL's dialect is written with.

use std::ops::{Deref, DerefMut};

use bourse_storage::sync::sim::Random;

use super::kind::Kind;
use super::schema::Table;
use crate::differential::writer::Writer;

/// A column that may be named.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// A relation of the FROM that is being written.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) alias: String,
    pub(super) columns: Vec<Column>,
    /// A column that tells its rows apart.
    pub(super) key: Option<String>,
}

/// Writes one statement: chance, names and notes are the other dialect's writer's.
pub(super) struct Composer<'s> {
    base: Writer<'s>,
    pub(super) tables: &'s [Table],
    /// What expressions may name; the innermost last.
    pub(super) scopes: Vec<Vec<Source>>,
    /// Common table expressions of the statement.
    pub(super) named: Vec<(String, Vec<Column>)>,
    /// Equal values of the result may be written in several ways.
    pub(super) has_spellings: bool,
}

impl<'s> Deref for Composer<'s> {
    type Target = Writer<'s>;

    fn deref(&self) -> &Writer<'s> {
        &self.base
    }
}

impl<'s> DerefMut for Composer<'s> {
    fn deref_mut(&mut self) -> &mut Writer<'s> {
        &mut self.base
    }
}

impl<'s> Composer<'s> {
    pub(super) fn new(random: Random, tables: &'s [Table]) -> Composer<'s> {
        let base = Writer::new(random, &[], &[]);
        Composer { base, tables, scopes: Vec::new(), named: Vec::new(), has_spellings: false }
    }

    pub(super) fn a_table(&mut self) -> Table {
        let tables = self.tables;
        self.pick(tables).clone()
    }

    pub(super) fn kind(&mut self) -> Kind {
        *self.pick(&Kind::ALL)
    }

    /// A column in scope of a kind, as it is written; mostly of the innermost query, now and then
    /// of one around.
    pub(super) fn column_of(&mut self, kind: Kind) -> Option<String> {
        let inner = self.scopes.len().checked_sub(1)?;
        let at = if inner > 0 && !self.is_local && self.one_in(4) {
            self.random.index(inner)
        } else {
            inner
        };
        let fitting: Vec<String> = self.scopes[at]
            .iter()
            .flat_map(|source| source.columns.iter().map(move |column| (source, column)))
            .filter(|(_, column)| column.kind == kind)
            .map(|(source, column)| format!("{}.{}", source.alias, column.name))
            .collect();
        if fitting.is_empty() {
            return None;
        }
        if at < inner {
            self.note("correlated column");
        }
        Some(self.pick(&fitting).clone())
    }

    /// Any column of the innermost query.
    pub(super) fn any_column(&mut self) -> Option<(String, Kind)> {
        let all: Vec<(String, Kind)> = self
            .scopes
            .last()?
            .iter()
            .flat_map(|source| source.columns.iter().map(move |column| (source, column)))
            .map(|(source, column)| (format!("{}.{}", source.alias, column.name), column.kind))
            .collect();
        (!all.is_empty()).then(|| self.pick(&all).clone())
    }

    /// What tells the rows of the innermost query apart, if anything does.
    pub(super) fn keys(&self) -> Option<Vec<String>> {
        let sources = self.scopes.last()?;
        let key =
            |source: &Source| source.key.as_ref().map(|key| format!("{}.{key}", source.alias));
        let keys: Option<Vec<String>> = sources.iter().map(key).collect();
        keys.filter(|keys| !keys.is_empty())
    }
}
