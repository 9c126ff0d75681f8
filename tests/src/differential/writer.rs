//! What a statement is written with: chance, the tables, and what is in scope.

use std::collections::BTreeSet;

use bourse_storage::sync::sim::Random;

use super::compare::Comparison;
use super::schema::{Column, Kind, Table};

/// A relation of the FROM that is being written, by the name that it goes by.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) alias: String,
    pub(super) columns: Vec<Column>,
}

/// Writes one statement.
pub(super) struct Writer<'s> {
    pub(super) random: Random,
    pub(super) tables: &'s [Table],
    pub(super) views: &'s [Source],
    /// What expressions may name; the innermost last.
    pub(super) scopes: Vec<Vec<Source>>,
    /// Names of the places of the grammar that were used.
    pub(super) used: BTreeSet<&'static str>,
    /// Floating numbers are added up in an order that is the engine's.
    pub(super) is_rounded: bool,
    /// Inside of rows of VALUES.
    pub(super) in_values: bool,
    /// A column of another row may be among the results: of a bare column whose group has several
    /// rows with the extreme value, of an aggregate that is one of the query around.
    pub(super) is_loose: bool,
    /// Whether there is an answer hangs on the plan.
    pub(super) is_planned: bool,
    /// In a statement that changes rows.
    pub(super) in_change: bool,
    /// The table that is being changed, if subqueries keep away from it: those of an UPDATE see in
    /// SQLite what it has changed so far.
    pub(super) changed: Option<String>,
    /// In a part of UNION and its like.
    pub(super) in_compound: bool,
    /// No column of a query around is written.
    pub(super) is_local: bool,
    /// Makes aliases unique.
    next_alias: u32,
    /// How many queries are around the place that is being written.
    pub(super) depth: u32,
}

impl<'s> Writer<'s> {
    /// How the statement's rows are compared.
    pub(super) fn how(&self, is_ordered: bool) -> Comparison {
        Comparison {
            is_ordered,
            is_rounded: self.is_rounded,
            is_loose: self.is_loose,
            is_planned: self.is_planned,
            ..Comparison::default()
        }
    }

    pub(super) fn new(random: Random, tables: &'s [Table], views: &'s [Source]) -> Writer<'s> {
        Writer {
            random,
            tables,
            views,
            scopes: Vec::new(),
            used: BTreeSet::new(),
            is_rounded: false,
            in_values: false,
            is_loose: false,
            is_planned: false,
            in_change: false,
            changed: None,
            in_compound: false,
            is_local: false,
            next_alias: 0,
            depth: 0,
        }
    }

    /// Notes that a place of the grammar is used.
    pub(super) fn note(&mut self, name: &'static str) {
        self.used.insert(name);
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.random.below(bound)
    }

    pub(super) fn one_in(&mut self, count: u64) -> bool {
        self.random.one_in(count)
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.random.index(from.len())]
    }

    /// A new name for a relation or a column.
    pub(super) fn alias(&mut self, prefix: &str) -> String {
        self.next_alias += 1;
        format!("{prefix}{}", self.next_alias)
    }

    pub(super) fn table(&mut self) -> Table {
        let tables = self.tables;
        let drawn = self.pick(tables);
        let is_other = |table: &&Table| Some(&table.name) != self.changed.as_ref();
        let other = Some(drawn).filter(is_other).or_else(|| tables.iter().find(is_other));
        other.unwrap_or(drawn).clone()
    }

    /// A column in scope, of a kind if there is one of it, as it is written; mostly of the
    /// innermost query, now and then of one around.
    pub(super) fn column(&mut self, kind: Kind) -> Option<(String, Column)> {
        let scopes = self.scopes.len();
        if scopes == 0 {
            return None;
        }
        let inner = scopes - 1;
        let at = if inner > 0 && !self.is_local && self.one_in(4) {
            self.note("correlated column");
            self.random.index(inner)
        } else {
            inner
        };
        let mut all = Vec::new();
        for source in &self.scopes[at] {
            for column in &source.columns {
                all.push((format!("{}.{}", source.alias, column.name), column.clone()));
            }
        }
        let fitting: Vec<_> =
            all.iter().filter(|(_, column)| column.kind == kind).cloned().collect();
        let among = if fitting.is_empty() || self.one_in(12) { all } else { fitting };
        let (name, column) = (!among.is_empty()).then(|| self.pick(&among).clone())?;
        if let Some(note) = column.type_note() {
            self.note(note);
        }
        Some((name, column))
    }
}
