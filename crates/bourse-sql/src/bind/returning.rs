//! RETURNING.

use std::sync::Arc;

use sqlparser::ast::SelectItem;

use super::binder::Binder;
use super::scope::{Clause, Namespace};
use super::select::List;
use crate::algebra::{OutputColumn, Returning};
use crate::catalog::TableEntry;
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
        let (row, scope) = self.row_scope(table, alias);
        let mut namespace = Namespace::of(scope);
        // SQLite's sees the changed row alone.
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
