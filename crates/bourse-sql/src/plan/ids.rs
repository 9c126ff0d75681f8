//! Sets of columns, and which columns parts of a statement use and make.

use crate::algebra::{
    Column, ColumnId, Expr, ExprKind, Go, OutputColumn, Query, Rel, SetCall, Visit,
};
use crate::function::Volatility;

/// A set of columns.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Ids(Vec<u64>);

impl Ids {
    pub(crate) fn insert(&mut self, id: ColumnId) {
        let (word, bit) = (id.0 as usize / 64, id.0 % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << bit;
    }

    pub(crate) fn contains(&self, id: ColumnId) -> bool {
        self.0.get(id.0 as usize / 64).is_some_and(|word| word >> (id.0 % 64) & 1 == 1)
    }

    pub(crate) fn extend(&mut self, other: &Ids) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    pub(crate) fn meets(&self, other: &Ids) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    pub(crate) fn is_within(&self, other: &Ids) -> bool {
        let outside = |(at, word): (usize, &u64)| word & !other.0.get(at).copied().unwrap_or(0);
        self.0.iter().enumerate().all(|entry| outside(entry) == 0)
    }

    pub(crate) fn without(&self, other: &Ids) -> Ids {
        let words = self.0.iter().enumerate();
        Ids(words.map(|(at, word)| word & !other.0.get(at).copied().unwrap_or(0)).collect())
    }

    pub(crate) fn and(&self, other: &Ids) -> Ids {
        Ids(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The ids, ascending.
    pub(crate) fn slots(&self) -> Vec<usize> {
        let bits = |(at, word): (usize, &u64)| {
            let word = *word;
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        };
        self.0.iter().enumerate().flat_map(bits).collect()
    }
}

impl FromIterator<ColumnId> for Ids {
    fn from_iter<I: IntoIterator<Item = ColumnId>>(ids: I) -> Ids {
        let mut set = Ids::default();
        ids.into_iter().for_each(|id| set.insert(id));
        set
    }
}

/// What a part of a statement uses and makes.
#[derive(Default)]
struct Collect {
    used: Ids,
    made: Ids,
    has_subquery: bool,
    is_volatile: bool,
    ctes: Vec<crate::algebra::CteId>,
}

impl Collect {
    /// What is handed on is made below, or by a query around.
    fn items(&mut self, items: &[(Column, Expr)]) {
        for (column, expr) in items {
            if !matches!(expr.kind, ExprKind::Column(id) if id == column.id) {
                self.made.insert(column.id);
            }
        }
    }

    fn calls(&mut self, calls: &[SetCall]) {
        calls.iter().flat_map(|call| &call.columns).for_each(|column| self.made.insert(column.id));
    }
}

impl Visit for Collect {
    fn expr(&mut self, expr: &Expr) -> Go {
        match &expr.kind {
            ExprKind::Column(id) => self.used.insert(*id),
            ExprKind::Subquery(_) => self.has_subquery = true,
            ExprKind::Call { function, .. } => {
                self.is_volatile |= function.volatility == Volatility::Volatile;
            }
            _ => {}
        }
        Go::Inside
    }

    fn rel(&mut self, rel: &Rel) {
        match rel {
            Rel::Scan(scan) => {
                scan.columns.iter().for_each(|(column, _)| self.made.insert(column.id));
            }
            Rel::Groups(scan) => {
                scan.columns.iter().for_each(|(column, _)| self.made.insert(column.id));
            }
            Rel::Values { columns, .. } | Rel::SetOperation { columns, .. } => {
                columns.iter().for_each(|column| self.made.insert(column.id));
            }
            Rel::CteScan { columns, cte } => {
                columns.iter().for_each(|column| self.made.insert(column.id));
                self.ctes.push(*cte);
            }
            Rel::Functions { calls, ordinality } => {
                self.calls(calls);
                ordinality.iter().for_each(|column| self.made.insert(column.id));
            }
            Rel::ProjectSet { calls, .. } => self.calls(calls),
            Rel::Project { items, .. } => {
                self.items(items);
            }
            Rel::Aggregate { keys, groupings, aggregates, .. } => {
                self.items(keys);
                groupings.iter().for_each(|(column, _)| self.made.insert(column.id));
                aggregates.iter().for_each(|aggregate| self.made.insert(aggregate.column.id));
            }
            Rel::Window { calls, .. } => {
                calls.iter().for_each(|call| self.made.insert(call.column.id));
            }
            Rel::Lock { clauses, .. } => {
                clauses.iter().for_each(|clause| self.used.insert(clause.key));
            }
            _ => {}
        }
    }

    fn output(&mut self, columns: &[OutputColumn]) {
        columns.iter().for_each(|column| self.used.insert(column.id));
    }
}

/// The columns that an expression uses of what is around it.
pub(crate) fn used_by(expr: &Expr) -> Ids {
    let mut collect = Collect::default();
    expr.visit(&mut collect);
    collect.used.without(&collect.made)
}

/// The columns that a relation makes, anywhere in it.
pub(crate) fn made_by(rel: &Rel) -> Ids {
    let mut collect = Collect::default();
    rel.visit_rel(&mut collect);
    collect.made
}

/// The columns that a relation uses of queries around it.
pub(crate) fn free_in(rel: &Rel) -> Ids {
    let mut collect = Collect::default();
    rel.visit_rel(&mut collect);
    collect.used.without(&collect.made)
}

/// The columns that a query uses of queries around it.
pub(crate) fn free_in_query(query: &Query) -> Ids {
    let mut collect = Collect::default();
    query.visit_query(&mut collect);
    collect.used.without(&collect.made)
}

/// Whether an expression may be computed in another place, or more than once.
pub(crate) fn is_movable(expr: &Expr) -> bool {
    let mut collect = Collect::default();
    expr.visit(&mut collect);
    !collect.has_subquery && !collect.is_volatile
}

/// Whether an expression is another at each call.
pub(crate) fn is_volatile(expr: &Expr) -> bool {
    let mut collect = Collect::default();
    expr.visit(&mut collect);
    collect.is_volatile
}

/// Whether a query calls what is another at each call.
pub(crate) fn is_volatile_query(query: &Query) -> bool {
    let mut collect = Collect::default();
    query.visit_query(&mut collect);
    collect.is_volatile
}

/// The common table expressions that a relation reads, as often as it does.
pub(crate) fn ctes_in(rel: &Rel) -> Vec<crate::algebra::CteId> {
    let mut collect = Collect::default();
    rel.visit_rel(&mut collect);
    collect.ctes
}

/// The common table expressions that a query reads.
pub(crate) fn ctes_in_query(query: &Query) -> Vec<crate::algebra::CteId> {
    let mut collect = Collect::default();
    query.visit_query(&mut collect);
    collect.ctes
}
