//! Whether two expressions are the same, and what they use.

use std::collections::{BTreeSet, HashMap};

use super::scope::Namespace;
use crate::algebra::{ColumnId, Expr, ExprKind, Go, Rel, Visit};

/// Whether two expressions compute the same of every row.
pub(crate) fn same(a: &Expr, b: &Expr) -> bool {
    a.ty == b.ty && a.collation == b.collation && same_kind(&a.kind, &b.kind)
}

/// The same of lists.
pub(crate) fn all_same(a: &[Expr], b: &[Expr]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

/// The same of what may not be there.
pub(crate) fn same_option(a: Option<&Expr>, b: Option<&Expr>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    }
}

fn same_kind(a: &ExprKind, b: &ExprKind) -> bool {
    use ExprKind as Kind;
    match (a, b) {
        (Kind::Literal(a), Kind::Literal(b)) => format!("{a:?}") == format!("{b:?}"),
        (Kind::Parameter(a), Kind::Parameter(b)) => a == b,
        (Kind::Column(a), Kind::Column(b)) => a == b,
        (Kind::CaseOperand, Kind::CaseOperand) => true,
        (Kind::Call { function: f, arguments: a }, Kind::Call { function: g, arguments: b }) => {
            std::ptr::eq(*f, *g) && all_same(a, b)
        }
        (Kind::Cast { operand: a, explicit: e }, Kind::Cast { operand: b, explicit: f }) => {
            e == f && same(a, b)
        }
        (
            Kind::Affinity { operand: a, affinity: e },
            Kind::Affinity { operand: b, affinity: f },
        ) => e == f && same(a, b),
        (
            Kind::Compare { op: p, left: a, right: c },
            Kind::Compare { op: q, left: b, right: d },
        ) => p == q && same(a, b) && same(c, d),
        (
            Kind::CompareRows { op: p, left: a, right: c },
            Kind::CompareRows { op: q, left: b, right: d },
        ) => p == q && all_same(a, b) && all_same(c, d),
        (Kind::InList { operand: a, list: c }, Kind::InList { operand: b, list: d })
        | (
            Kind::Subscript { operand: a, indices: c },
            Kind::Subscript { operand: b, indices: d },
        ) => same(a, b) && all_same(c, d),
        (Kind::And(a), Kind::And(b))
        | (Kind::Or(a), Kind::Or(b))
        | (Kind::Coalesce(a), Kind::Coalesce(b))
        | (Kind::Row(a), Kind::Row(b))
        | (Kind::Array(a), Kind::Array(b)) => all_same(a, b),
        (Kind::Not(a), Kind::Not(b)) => same(a, b),
        (Kind::IsNull { operand: a, negated: e }, Kind::IsNull { operand: b, negated: f }) => {
            e == f && same(a, b)
        }
        (
            Kind::Is { operand: a, test: s, negated: e },
            Kind::Is { operand: b, test: t, negated: f },
        ) => s == t && e == f && same(a, b),
        (Kind::Field { operand: a, index: e }, Kind::Field { operand: b, index: f }) => {
            e == f && same(a, b)
        }
        (
            Kind::Case { operand: a, branches: c, otherwise: e },
            Kind::Case { operand: b, branches: d, otherwise: f },
        ) => {
            same_option(a.as_deref(), b.as_deref())
                && same_option(e.as_deref(), f.as_deref())
                && c.len() == d.len()
                && c.iter().zip(d).all(|(c, d)| same(&c.0, &d.0) && same(&c.1, &d.1))
        }
        _ => false,
    }
}

/// All columns that an expression uses, also inside of subqueries.
pub(crate) fn columns_of(expr: &Expr) -> BTreeSet<ColumnId> {
    struct Columns(BTreeSet<ColumnId>);
    impl Visit for Columns {
        fn expr(&mut self, expr: &Expr) -> Go {
            if let ExprKind::Column(id) = expr.kind {
                self.0.insert(id);
            }
            Go::Inside
        }
    }
    let mut columns = Columns(BTreeSet::new());
    expr.visit(&mut columns);
    columns.0
}

/// The relation of the left side of which the right one uses columns: then it is LATERAL.
pub(super) fn used_beside(right: &Rel, left: &Namespace) -> Option<String> {
    struct Uses<'a>(&'a HashMap<ColumnId, usize>, Option<usize>);
    impl Visit for Uses<'_> {
        fn expr(&mut self, expr: &Expr) -> Go {
            if let ExprKind::Column(id) = expr.kind {
                self.1 = self.1.or_else(|| self.0.get(&id).copied());
            }
            Go::Inside
        }
    }
    let mut ids = HashMap::new();
    for (at, relation) in left.relations.iter().enumerate() {
        for column in relation.columns.iter().chain(&relation.hidden) {
            ids.extend(columns_of(&column.expr).into_iter().map(|id| (id, at)));
        }
        ids.extend(relation.table.as_ref().map(|(_, _, key)| (*key, at)));
    }
    let mut uses = Uses(&ids, None);
    right.visit_rel(&mut uses);
    uses.1.map(|at| left.relations[at].name.clone())
}
