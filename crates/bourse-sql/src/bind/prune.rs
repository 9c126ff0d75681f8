//! Columns of scans that nothing uses are left out.

use std::collections::HashSet;

use crate::algebra::{
    ColumnId, ConflictAction, Expr, ExprKind, Go, OutputColumn, Rel, Rewrite, Statement, Visit,
};

#[derive(Default)]
struct Used(HashSet<ColumnId>);

impl Visit for Used {
    fn expr(&mut self, expr: &Expr) -> Go {
        if let ExprKind::Column(id) = expr.kind {
            self.0.insert(id);
        }
        Go::Inside
    }

    fn rel(&mut self, rel: &Rel) {
        match rel {
            Rel::Lock { clauses, .. } => self.0.extend(clauses.iter().map(|clause| clause.key)),
            Rel::With { ctes, .. } => {
                for change in ctes.iter().filter_map(|cte| cte.change.as_deref()) {
                    self.note(change);
                }
            }
            _ => {}
        }
    }

    fn output(&mut self, columns: &[OutputColumn]) {
        self.0.extend(columns.iter().map(|column| column.id));
    }
}

impl Used {
    /// Columns that a statement names beside its expressions.
    fn note(&mut self, statement: &Statement) {
        match statement {
            Statement::Query(_) => {}
            Statement::Insert(insert) => self.0.extend(insert.columns.iter().flatten()),
            Statement::Update(update) => {
                self.0.insert(update.key);
            }
            Statement::Delete(delete) => {
                self.0.insert(delete.key);
            }
            Statement::Merge(merge) => {
                self.0.insert(merge.key);
            }
        }
    }
}

struct Prune(HashSet<ColumnId>);

impl Rewrite for Prune {
    fn rel(&mut self, rel: &mut Rel) {
        match rel {
            Rel::Scan(scan) => {
                scan.columns.retain(|(column, _)| self.0.contains(&column.id));
            }
            Rel::Groups(scan) => {
                scan.columns.retain(|(column, _)| self.0.contains(&column.id));
            }
            Rel::Functions { calls, .. } => {
                for call in calls {
                    crate::system::prune(call, |column| self.0.contains(&column.id));
                }
            }
            _ => {}
        }
    }
}

/// Leaves out what nothing uses.
pub(crate) fn prune(statement: &mut Statement) {
    let mut used = Used::default();
    used.note(statement);
    statement.visit_statement(&mut used);
    let mut prune = Prune(used.0);
    statement.rewrite_statement(&mut prune);
    let used = &prune.0;
    let (conflict, returning) = match statement {
        Statement::Query(_) => (None, None),
        Statement::Insert(insert) => (insert.conflict.as_mut(), insert.returning.as_mut()),
        Statement::Update(update) => (update.conflict.as_mut(), update.returning.as_mut()),
        Statement::Delete(delete) => (None, delete.returning.as_mut()),
        Statement::Merge(merge) => (None, merge.returning.as_mut()),
    };
    if let Some(ConflictAction::Update { existing, .. }) = conflict.map(|c| &mut c.action) {
        existing.retain(|(column, _)| used.contains(&column.id));
    }
    if let Some(returning) = returning {
        returning.row.retain(|(column, _)| used.contains(&column.id));
    }
}
