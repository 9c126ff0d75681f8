//! Views in FROM: plain ones, materialized ones, and aggregate views of the store.

use bourse::View;

use super::binder::Binder;
use super::output::tell_apart;
use super::scope::{RelationScope, Visible, column, expr_of};
use crate::Dialect;
use crate::algebra::{ColumnOrigin, GroupScan, Query, Rel};
use crate::catalog::{PUBLIC, ViewEntry};
use crate::error::{Result, SqlError};
use crate::parse;
use crate::settings::Settings;

impl Binder<'_> {
    /// The query of a view, bound as if it stood alone.
    pub(crate) fn query_of_view(&mut self, view: &ViewEntry) -> Result<Query> {
        let dialect = if view.note.sqlite { Dialect::Sqlite } else { Dialect::Postgres };
        let trees = parse::parse(&view.note.query, dialect)?;
        let query = trees.first().and_then(|parsed| match &parsed.tree {
            parse::Tree::Sql(tree) => Some(tree),
            _ => None,
        });
        let damaged = || SqlError::new("XX001", format!("the view \"{}\" has no query", view.name));
        let sqlparser::ast::Statement::Query(tree) = query.ok_or_else(damaged)?.statement() else {
            return Err(damaged());
        };
        if dialect != self.dialect {
            let message =
                format!("the view \"{}\" was made in the other dialect of SQL", view.name);
            return Err(SqlError::unsupported(message)
                .with_hint("Make it in this one too, by another name."));
        }
        let mut settings = Settings::new(self.settings.user(), self.settings.database());
        if !view.note.search_path.is_empty() {
            settings.set("search_path", view.note.search_path.clone());
        }
        self.with_settings(&settings, |binder| binder.apart(|binder| binder.query(tree)))
    }

    /// A view: its query, with the groups that the store keeps of a materialized one.
    pub(super) fn view(&mut self, view: &ViewEntry) -> Result<(Rel, RelationScope)> {
        let mut query = self.query_of_view(view).map_err(|error| of_view(error, view))?;
        let (said, made) = (view.note.columns.len(), query.columns.len());
        if view.note.sqlite && said > 0 && said != made {
            let message = format!("expected {said} columns for '{}' but got {made}", view.name);
            return Err(SqlError::new("42601", message));
        }
        if let Some(kept) = view.note.kept_by() {
            let catalog = self.catalog;
            let kept = catalog.kept_view(kept).filter(|_| view.note.is_populated());
            let kept = kept.ok_or_else(|| unpopulated(&view.name))?;
            crate::view::read_through(&mut query, kept, &view.name, &mut || self.next_column())?;
        }
        let (rel, mut relation) = self.derived(query, &view.name);
        for (column, name) in relation.columns.iter_mut().zip(&view.note.columns) {
            column.name.clone_from(name);
        }
        if self.is_sqlite() {
            tell_apart(relation.columns.iter_mut().map(|column| &mut column.name));
        }
        for (at, column) in relation.columns.iter_mut().enumerate() {
            column.origin = Some(ColumnOrigin::new(&view.schema, &view.name, &column.name, at));
        }
        relation.schema = Some(view.schema.clone());
        Ok((rel, relation))
    }

    /// Binds under other settings.
    pub(super) fn with_settings<T>(
        &mut self,
        settings: &Settings,
        body: impl FnOnce(&mut Binder<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut inner = Binder::beside(self, settings);
        inner.take_numbers(self);
        let result = body(&mut inner);
        inner.give_numbers(self);
        result
    }

    /// An aggregate view of the store: its outputs are its columns.
    pub(super) fn aggregate_view(&mut self, view: &View) -> Result<(Rel, RelationScope)> {
        let of = &view.definition().table;
        let Some(table) = self.catalog.table_of_store(of) else {
            return Err(SqlError::new("42P01", format!("relation \"{of}\" does not exist")));
        };
        let table = table.table.clone();
        let mut columns = Vec::new();
        let mut visible = Vec::new();
        for (output, shown) in view.columns().iter().enumerate() {
            let ty = crate::types::of_column(shown, self.dialect);
            let column = column(self.next_column(), &shown.name, ty, shown.collation);
            visible.push(Visible {
                name: shown.name.clone(),
                expr: expr_of(&column),
                origin: Some(ColumnOrigin::new(PUBLIC, view.name(), &shown.name, output)),
                declared: None,
            });
            columns.push((column, output));
        }
        let scope = RelationScope {
            name: view.name().to_owned(),
            schema: Some(PUBLIC.to_owned()),
            columns: visible,
            ..RelationScope::default()
        };
        let alias = view.name().to_owned();
        Ok((Rel::Groups(GroupScan { view: view.clone(), table, alias, columns }), scope))
    }
}

/// The error of a view's query: SQLite tells tables that are not there with their schema.
fn of_view(error: SqlError, view: &ViewEntry) -> SqlError {
    match error.message().strip_prefix("no such table: ") {
        Some(table) if view.note.sqlite && !table.contains('.') => {
            SqlError::new("42P01", format!("no such table: main.{table}"))
        }
        _ => error,
    }
}

/// A materialized view WITH NO DATA is read.
pub(super) fn unpopulated(name: &str) -> SqlError {
    let message = format!("materialized view \"{name}\" has not been populated");
    SqlError::new("55000", message).with_hint("Use the REFRESH MATERIALIZED VIEW command.")
}
