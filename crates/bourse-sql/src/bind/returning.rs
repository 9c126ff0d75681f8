//! RETURNING.

use std::sync::Arc;

use sqlparser::ast::SelectItem;

use super::binder::Binder;
use super::scope::{Clause, Namespace};
use super::select::List;
use crate::algebra::{OutputColumn, Returning};
use crate::catalog::{TableEntry, ViewEntry};
use crate::error::Result;

impl Binder<'_> {
    /// What is computed of each changed row, and of the rows that it was joined with.
    pub(crate) fn returning(
        &mut self,
        items: &[SelectItem],
        table: &Arc<TableEntry>,
        alias: &str,
        others: Namespace,
    ) -> Result<Returning> {
        self.returning_of(items, table, alias, others, None)
    }

    /// The same, of a row that is changed through a view.
    pub(crate) fn returning_of(
        &mut self,
        items: &[SelectItem],
        table: &Arc<TableEntry>,
        alias: &str,
        others: Namespace,
        view: Option<&ViewEntry>,
    ) -> Result<Returning> {
        let (row, mut scope) = self.row_scope(table, alias);
        if let Some(view) = view {
            scope.columns = self.over_base(view, &scope, false, "update")?.columns;
        }
        let mut namespace = Namespace::of(scope);
        // SQLite returns what became of the row, and nothing of those beside it.
        if !self.is_sqlite() {
            namespace.join(others);
        }
        let items =
            self.within(namespace, Clause::Returning, |binder| binder.items(items, true))?;
        let mut list = List { items: Vec::new() };
        let mut columns = Vec::new();
        for item in items {
            // A column of its own: the row's columns are not made by an operator.
            let column = self.column_for(&item.name, &item.expr);
            columns.push(OutputColumn {
                name: item.name,
                id: column.id,
                ty: column.ty.clone(),
                collation: column.collation,
                origin: item.origin,
                declared: item.declared,
            });
            list.items.push((column, item.expr));
        }
        Ok(Returning { row, items: list.items, columns })
    }
}
