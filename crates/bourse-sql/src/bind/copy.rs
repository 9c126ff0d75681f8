//! Copies of what is bound, with columns of their own (A1 of the algebra).

use hashbrown::HashMap;

use super::binder::Binder;
use crate::algebra::{Column, ColumnId, Expr, ExprKind, Go, OutputColumn, Rel, Rewrite, Visit};

impl Binder<'_> {
    /// The same expression, whose subqueries make other columns.
    pub(crate) fn with_new_columns(&mut self, expr: &Expr) -> Expr {
        struct Made(Vec<ColumnId>);
        impl Visit for Made {
            fn rel(&mut self, rel: &Rel) {
                let mut copy = shallow(rel);
                // A column that only passes through, maybe from around the query, is not made.
                if let Rel::Project { items, .. } = &mut copy {
                    items.retain(|(column, expr)| {
                        !matches!(expr.kind, ExprKind::Column(id) if id == column.id)
                    });
                }
                for_each_made(&mut copy, &mut |column| self.0.push(column.id));
            }
        }
        struct Renumber(HashMap<ColumnId, ColumnId>);
        impl Renumber {
            fn change(&self, id: &mut ColumnId) {
                if let Some(to) = self.0.get(id) {
                    *id = *to;
                }
            }
        }
        impl Rewrite for Renumber {
            fn expr(&mut self, expr: &mut Expr) -> Go {
                if let ExprKind::Column(id) = &mut expr.kind {
                    self.change(id);
                }
                Go::Inside
            }
            fn rel(&mut self, rel: &mut Rel) {
                for_each_made(rel, &mut |column| self.change(&mut column.id));
                if let Rel::Lock { clauses, .. } = rel {
                    clauses.iter_mut().for_each(|clause| self.change(&mut clause.key));
                }
            }
            fn output(&mut self, columns: &mut [OutputColumn]) {
                columns.iter_mut().for_each(|column| self.change(&mut column.id));
            }
        }
        let mut made = Made(Vec::new());
        expr.visit(&mut made);
        let mut map = HashMap::new();
        for id in made.0 {
            let to = self.next_column();
            if let Some(affinity) = self.affinities.get(&id).copied() {
                self.affinities.insert(to, affinity);
            }
            map.insert(id, to);
        }
        let mut copy = expr.clone();
        copy.rewrite(&mut Renumber(map));
        copy
    }
}

/// An operator without what is below it.
fn shallow(rel: &Rel) -> Rel {
    let nothing = || Box::new(Rel::Values { columns: Vec::new(), rows: Vec::new() });
    match rel {
        Rel::Project { items, .. } => Rel::Project { input: nothing(), items: items.clone() },
        Rel::Aggregate { keys, sets, groupings, aggregates, .. } => Rel::Aggregate {
            input: nothing(),
            keys: keys.clone(),
            sets: sets.clone(),
            groupings: groupings.clone(),
            aggregates: aggregates.clone(),
        },
        Rel::Window { partition, order, calls, .. } => Rel::Window {
            input: nothing(),
            partition: partition.clone(),
            order: order.clone(),
            calls: calls.clone(),
        },
        Rel::ProjectSet { calls, .. } => Rel::ProjectSet { input: nothing(), calls: calls.clone() },
        Rel::Scan(_)
        | Rel::Groups(_)
        | Rel::Values { .. }
        | Rel::Functions { .. }
        | Rel::SetOperation { .. }
        | Rel::CteScan { .. } => rel.clone(),
        _ => *nothing(),
    }
}

/// The columns that an operator makes.
fn for_each_made(rel: &mut Rel, visit: &mut dyn FnMut(&mut Column)) {
    match rel {
        Rel::Scan(scan) => scan.columns.iter_mut().for_each(|(column, _)| visit(column)),
        Rel::Groups(scan) => scan.columns.iter_mut().for_each(|(column, _)| visit(column)),
        Rel::Values { columns, .. }
        | Rel::SetOperation { columns, .. }
        | Rel::CteScan { columns, .. } => columns.iter_mut().for_each(visit),
        Rel::Functions { calls, ordinality } => {
            calls.iter_mut().flat_map(|call| &mut call.columns).for_each(&mut *visit);
            ordinality.iter_mut().for_each(visit);
        }
        Rel::ProjectSet { calls, .. } => {
            calls.iter_mut().flat_map(|call| &mut call.columns).for_each(visit);
        }
        Rel::Project { items, .. } => items.iter_mut().for_each(|(column, _)| visit(column)),
        Rel::Aggregate { keys, groupings, aggregates, .. } => {
            keys.iter_mut().for_each(|(column, _)| visit(column));
            groupings.iter_mut().for_each(|(column, _)| visit(column));
            aggregates.iter_mut().for_each(|aggregate| visit(&mut aggregate.column));
        }
        Rel::Window { calls, .. } => calls.iter_mut().for_each(|call| visit(&mut call.column)),
        _ => {}
    }
}
