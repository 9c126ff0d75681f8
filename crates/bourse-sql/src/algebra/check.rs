//! The invariants of the algebra, looked at in a whole statement.

use std::collections::HashSet;

use super::expression::{Expr, ExprKind};
use super::relation::{Column, ColumnId, OutputColumn, Rel};
use super::statement::{ConflictAction, Statement};
use super::walk::{Go, Visit};
use crate::types::SqlType;

/// What breaks an invariant in a statement; nothing if all hold.
///
/// **A3** holds by construction: no [`Expr`] has a place for an aggregate, a window function or a
/// set-returning function.
pub fn check(statement: &Statement) -> Vec<String> {
    let mut made = Made::default();
    statement.visit_statement(&mut made);
    let mut broken = made.twice;
    made.ids.extend(statement_columns(statement).into_iter().map(|column| column.id));
    let mut used = Used { made: &made.ids, broken: &mut broken };
    statement.visit_statement(&mut used);
    broken
}

/// Columns that no operator but the statement itself makes.
fn statement_columns(statement: &Statement) -> Vec<&Column> {
    let (conflict, returning) = match statement {
        Statement::Query(_) => (None, None),
        Statement::Insert(insert) => (insert.conflict.as_ref(), insert.returning.as_ref()),
        Statement::Update(update) => (update.conflict.as_ref(), update.returning.as_ref()),
        Statement::Delete(delete) => (None, delete.returning.as_ref()),
        Statement::Merge(merge) => (None, merge.returning.as_ref()),
    };
    let mut columns = Vec::new();
    if let Some(ConflictAction::Update { existing, excluded, .. }) = conflict.map(|c| &c.action) {
        columns.extend(existing.iter().map(|(column, _)| column));
        columns.extend(excluded);
    }
    if let Some(returning) = returning {
        columns.extend(returning.row.iter().map(|(column, _)| column));
        columns.extend(returning.items.iter().map(|(column, _)| column));
    }
    columns
}

/// The columns that operators make.
#[derive(Default)]
struct Made {
    ids: HashSet<ColumnId>,
    twice: Vec<String>,
}

impl Made {
    fn note(&mut self, column: &Column) {
        if !self.ids.insert(column.id) {
            self.twice.push(format!("A1: column {:?} ({}) is made twice", column.id, column.name));
        }
    }
}

impl Visit for Made {
    fn rel(&mut self, rel: &Rel) {
        match rel {
            Rel::Scan(scan) => scan.columns.iter().for_each(|(column, _)| self.note(column)),
            Rel::Groups(scan) => scan.columns.iter().for_each(|(column, _)| self.note(column)),
            Rel::Values { columns, .. }
            | Rel::SetOperation { columns, .. }
            | Rel::CteScan { columns, .. } => columns.iter().for_each(|column| self.note(column)),
            Rel::Functions { calls, ordinality } => {
                calls.iter().flat_map(|call| &call.columns).for_each(|column| self.note(column));
                ordinality.iter().for_each(|column| self.note(column));
            }
            Rel::ProjectSet { calls, .. } => {
                calls.iter().flat_map(|call| &call.columns).for_each(|column| self.note(column));
            }
            Rel::Project { items, .. } => {
                // A column that is handed on is made below.
                let made = items.iter().filter(|(column, expr)| !is_column(expr, column));
                made.for_each(|(column, _)| self.note(column));
            }
            Rel::Aggregate { keys, groupings, aggregates, .. } => {
                keys.iter().for_each(|(column, _)| self.note(column));
                groupings.iter().for_each(|(column, _)| self.note(column));
                aggregates.iter().for_each(|aggregate| self.note(&aggregate.column));
            }
            Rel::Window { calls, .. } => calls.iter().for_each(|call| self.note(&call.column)),
            Rel::With { ctes, .. } => {
                for change in ctes.iter().filter_map(|cte| cte.change.as_deref()) {
                    statement_columns(change).into_iter().for_each(|column| self.note(column));
                }
            }
            Rel::Filter { .. }
            | Rel::Join { .. }
            | Rel::Sort { .. }
            | Rel::Limit { .. }
            | Rel::Distinct { .. }
            | Rel::Lock { .. } => {}
        }
    }
}

/// The columns that are used, and the types of what is compared.
struct Used<'a> {
    made: &'a HashSet<ColumnId>,
    broken: &'a mut Vec<String>,
}

impl Visit for Used<'_> {
    fn expr(&mut self, expr: &Expr) -> Go {
        match &expr.kind {
            ExprKind::Column(id) if !self.made.contains(id) => {
                self.broken.push(format!("A1: column {id:?} is made by none"));
            }
            ExprKind::Compare { left, right, .. } if !comparable(&left.ty, &right.ty) => {
                self.broken.push(format!("A2: {:?} is compared with {:?}", left.ty, right.ty));
            }
            _ => {}
        }
        Go::Inside
    }

    fn output(&mut self, columns: &[OutputColumn]) {
        for column in columns.iter().filter(|column| !self.made.contains(&column.id)) {
            self.broken.push(format!("A1: output column {} is made by none", column.name));
        }
    }
}

/// Whether an expression is that column.
fn is_column(expr: &Expr, column: &Column) -> bool {
    matches!(expr.kind, ExprKind::Column(id) if id == column.id)
}

fn comparable(left: &SqlType, right: &SqlType) -> bool {
    left == right || *left == SqlType::Any || *right == SqlType::Any
}
