//! Conditions moved down to where their columns are made, and outer joins that are none.
//!
//! A condition may pass an operator when it is true for the same rows below: a projection when what
//! it computes can be put in its place; groups when it asks about their keys alone; the kept side
//! of an outer join, but not the side that is filled with NULLs, unless it is never true for those:
//! then the join was an inner one. Nothing passes LIMIT.

use super::ids::{Ids, free_in_query, is_movable, made_by, used_by};
use crate::algebra::{
    CompareOp, Expr, ExprKind, Go, JoinKind, Query, Rel, Rewrite, Subquery, SubqueryKind,
};
use crate::types::SqlType;

/// The parts of a condition that must all be true.
pub(crate) fn split(condition: Expr, into: &mut Vec<Expr>) {
    match condition.kind {
        ExprKind::And(parts) => parts.into_iter().for_each(|part| split(part, into)),
        ExprKind::Literal(crate::datum::Datum::Boolean(true)) => {}
        _ => into.push(condition),
    }
}

/// Rows of a relation for which conditions are true, the conditions as far down as they go.
pub(crate) fn push(rel: Rel, mut conditions: Vec<Expr>) -> Rel {
    match rel {
        Rel::Filter { input, predicate } => {
            let mut all = Vec::new();
            split(predicate, &mut all);
            all.append(&mut conditions);
            push(*input, all)
        }
        Rel::Project { input, items } => {
            let (down, stay) = substitute_all(conditions, &items, true);
            filter(Rel::Project { input: Box::new(push(*input, down)), items }, stay)
        }
        Rel::Join { kind, left, right, on, lateral } => {
            let mut parts = Vec::new();
            split(on, &mut parts);
            push_join(kind, *left, *right, parts, lateral, conditions)
        }
        Rel::Aggregate { input, keys, sets, groupings, aggregates } => {
            let (down, stay) = if sets.len() == 1 && sets[0].len() == keys.len() && !keys.is_empty()
            {
                substitute_all(conditions, &keys, false)
            } else {
                (Vec::new(), conditions)
            };
            let input = Box::new(push(*input, down));
            filter(Rel::Aggregate { input, keys, sets, groupings, aggregates }, stay)
        }
        Rel::Window { input, partition, order, calls } => {
            let columns: Ids = partition
                .iter()
                .filter_map(|expr| match expr.kind {
                    ExprKind::Column(id) => Some(id),
                    _ => None,
                })
                .collect();
            // What the calls compute is there above them only, whatever else a condition asks
            // about.
            let own: Ids = calls.iter().map(|call| call.column.id).collect();
            let made = made_by(&input);
            let (down, stay) = conditions.into_iter().partition(|condition| {
                !used_by(condition).meets(&own) && used_within(condition, &made, &columns)
            });
            let input = Box::new(push(*input, down));
            filter(Rel::Window { input, partition, order, calls }, stay)
        }
        Rel::Sort { input, keys } => Rel::Sort { input: Box::new(push(*input, conditions)), keys },
        Rel::Distinct { input, on } if on.is_empty() => {
            Rel::Distinct { input: Box::new(push(*input, conditions)), on }
        }
        Rel::ProjectSet { input, calls } => {
            let made: Ids =
                calls.iter().flat_map(|call| &call.columns).map(|column| column.id).collect();
            let (stay, down) =
                conditions.into_iter().partition(|condition| used_by(condition).meets(&made));
            filter(Rel::ProjectSet { input: Box::new(push(*input, down)), calls }, stay)
        }
        Rel::With { ctes, body } => {
            let (ctes, body) = inline_ctes(ctes, *body);
            let body = push(body, conditions);
            if ctes.is_empty() {
                return body;
            }
            Rel::With { ctes, body: Box::new(body) }
        }
        other => {
            let looked_up = crate::system::look_up(other, &conditions);
            filter(push_inside(looked_up), conditions)
        }
    }
}

/// An operator that no condition passes.
fn push_inside(rel: Rel) -> Rel {
    match rel {
        Rel::Limit { input, limit, offset, with_ties } => {
            Rel::Limit { input: Box::new(push(*input, Vec::new())), limit, offset, with_ties }
        }
        Rel::Distinct { input, on } => {
            Rel::Distinct { input: Box::new(push(*input, Vec::new())), on }
        }
        Rel::SetOperation { op, all, mut left, mut right, columns } => {
            for side in [&mut left, &mut right] {
                push_query(side);
            }
            Rel::SetOperation { op, all, left, right, columns }
        }
        Rel::Lock { input, clauses } => {
            Rel::Lock { input: Box::new(push(*input, Vec::new())), clauses }
        }
        other => other,
    }
}

/// Moves the conditions of a query down.
pub(crate) fn push_query(query: &mut Query) {
    let nothing = Rel::Values { columns: Vec::new(), rows: Vec::new() };
    let rel = std::mem::replace(&mut query.rel, nothing);
    query.rel = push(rel, Vec::new());
}

/// Whether a condition uses, of the columns that are made below, only some.
fn used_within(condition: &Expr, made: &Ids, columns: &Ids) -> bool {
    used_by(condition).and(made).is_within(columns) && is_movable(condition)
}

/// Conditions over an operator's computed columns, over what is below instead: those for which it
/// can be done, and the other ones. A column that is in no item stays as it is where it is made
/// below (`keeps`), or the condition stays.
fn substitute_all(
    conditions: Vec<Expr>,
    items: &[(crate::algebra::Column, Expr)],
    keeps: bool,
) -> (Vec<Expr>, Vec<Expr>) {
    let (mut down, mut stay) = (Vec::new(), Vec::new());
    let made: Ids = items.iter().map(|(column, _)| column.id).collect();
    for condition in conditions {
        let used = used_by(&condition);
        let passes = items
            .iter()
            .filter(|(column, _)| used.contains(column.id))
            .all(|(column, expr)| is_column(expr, column.id) || is_movable(expr));
        // Columns of queries around may be used anywhere, those of aggregates only above.
        if passes && (keeps || used.is_within(&made)) && is_movable(&condition) {
            down.push(substitute(condition, items));
        } else {
            stay.push(condition);
        }
    }
    (down, stay)
}

fn is_column(expr: &Expr, id: crate::algebra::ColumnId) -> bool {
    matches!(expr.kind, ExprKind::Column(other) if other == id)
}

/// The expression with items' expressions in place of their columns.
pub(crate) fn substitute(mut expr: Expr, items: &[(crate::algebra::Column, Expr)]) -> Expr {
    struct Put<'i>(&'i [(crate::algebra::Column, Expr)]);
    impl Rewrite for Put<'_> {
        fn expr(&mut self, expr: &mut Expr) -> Go {
            if let ExprKind::Column(id) = expr.kind
                && let Some((_, with)) = self.0.iter().find(|(column, _)| column.id == id)
            {
                // The collation is that of the place.
                expr.kind = with.kind.clone();
                return Go::Past;
            }
            Go::Inside
        }
    }
    expr.rewrite(&mut Put(items));
    expr
}

fn push_join(
    kind: JoinKind,
    left: Rel,
    right: Rel,
    mut on: Vec<Expr>,
    lateral: bool,
    mut conditions: Vec<Expr>,
) -> Rel {
    if kind == JoinKind::Right && !lateral {
        return push_join(JoinKind::Left, right, left, on, false, conditions);
    }
    let (left_made, right_made) = (made_by(&left), made_by(&right));
    if kind == JoinKind::Left && conditions.iter().any(|c| rejects_nulls(c, &right_made)) {
        return push_join(JoinKind::Inner, left, right, on, lateral, conditions);
    }
    let uses_right = |condition: &Expr| used_by(condition).meets(&right_made);
    let uses_left = |condition: &Expr| used_by(condition).meets(&left_made);
    let (mut to_left, mut to_right, mut stay) = (Vec::new(), Vec::new(), Vec::new());
    match kind {
        JoinKind::Inner => {
            on.append(&mut conditions);
            let mut both = Vec::new();
            for part in on {
                match (uses_left(&part), uses_right(&part)) {
                    (_, false) => to_left.push(part),
                    (false, true) => to_right.push(part),
                    (true, true) => both.push(part),
                }
            }
            on = both;
        }
        JoinKind::Left | JoinKind::Semi | JoinKind::Anti => {
            for condition in conditions {
                if uses_right(&condition) { &mut stay } else { &mut to_left }.push(condition);
            }
            let (mut both, semi) = (Vec::new(), kind == JoinKind::Semi);
            for part in on {
                match (uses_left(&part), uses_right(&part)) {
                    (false, true) => to_right.push(part),
                    (true, false) if semi => to_left.push(part),
                    _ => both.push(part),
                }
            }
            on = both;
        }
        JoinKind::Right | JoinKind::Full => stay = conditions,
    }
    let (left, right) = (Box::new(push(left, to_left)), Box::new(push(right, to_right)));
    filter(Rel::Join { kind, left, right, on: Expr::all(on), lateral }, stay)
}

/// Whether a condition is not true where all of some columns are NULL.
fn rejects_nulls(condition: &Expr, columns: &Ids) -> bool {
    match &condition.kind {
        ExprKind::Compare { op, left, right } => {
            !matches!(op, CompareOp::Distinct | CompareOp::NotDistinct)
                && [left, right].iter().any(|side| is_null_with(side, columns))
        }
        ExprKind::InList { operand, .. } => is_null_with(operand, columns),
        ExprKind::IsNull { operand, negated: true } => is_null_with(operand, columns),
        ExprKind::Or(parts) => parts.iter().all(|part| rejects_nulls(part, columns)),
        ExprKind::And(parts) => parts.iter().any(|part| rejects_nulls(part, columns)),
        _ => is_null_with(condition, columns),
    }
}

/// Whether an expression is NULL where all of some columns are.
fn is_null_with(expr: &Expr, columns: &Ids) -> bool {
    match &expr.kind {
        ExprKind::Column(id) => columns.contains(*id),
        ExprKind::Cast { operand, .. } => {
            !matches!(expr.ty, SqlType::Record(_)) && is_null_with(operand, columns)
        }
        ExprKind::Affinity { operand, .. } | ExprKind::Not(operand) => {
            is_null_with(operand, columns)
        }
        ExprKind::Call { function, arguments } => {
            function.strict && arguments.iter().any(|argument| is_null_with(argument, columns))
        }
        ExprKind::Compare { op, left, right } => {
            !matches!(op, CompareOp::Distinct | CompareOp::NotDistinct)
                && (is_null_with(left, columns) || is_null_with(right, columns))
        }
        _ => false,
    }
}

/// A relation's rows for which conditions are true. What asks whether there is a row elsewhere
/// becomes a join.
pub(crate) fn filter(mut rel: Rel, conditions: Vec<Expr>) -> Rel {
    let (mut plain, mut joins) = (Vec::new(), Vec::new());
    for condition in conditions {
        match semi_join(&condition) {
            Some(join) => joins.push(join),
            None => plain.push(condition),
        }
    }
    if !plain.is_empty() {
        rel = Rel::Filter { input: Box::new(rel), predicate: Expr::all(plain) };
    }
    for (kind, right, on) in joins {
        rel = push_join(kind, rel, right, on, true, Vec::new());
        if let Rel::Join { left, right, lateral, .. } = &mut rel {
            *lateral = super::ids::free_in(right).meets(&made_by(left));
        }
    }
    rel
}

/// EXISTS, NOT EXISTS and IN over a correlated query, as a join: its kind, its right side, and the
/// conditions that were the query's correlations.
fn semi_join(condition: &Expr) -> Option<(JoinKind, Rel, Vec<Expr>)> {
    let (kind, subquery) = match &condition.kind {
        ExprKind::Subquery(subquery) => (JoinKind::Semi, subquery),
        ExprKind::Not(inner) => match &inner.kind {
            ExprKind::Subquery(subquery) => (JoinKind::Anti, subquery),
            _ => return None,
        },
        _ => return None,
    };
    let Subquery { kind: asked, query } = &**subquery;
    if free_in_query(query).is_empty() {
        return None;
    }
    let mut on = Vec::new();
    match asked {
        SubqueryKind::Exists => {}
        SubqueryKind::Quantified {
            op: CompareOp::Equal,
            quantifier: crate::algebra::Quantifier::Any,
            operands,
        } if kind == JoinKind::Semi => {
            for (operand, column) in operands.iter().zip(&query.columns) {
                let right = Expr::column(column.id, column.ty.clone(), operand.collation);
                on.push(Expr {
                    kind: ExprKind::Compare {
                        op: CompareOp::Equal,
                        left: Box::new(operand.clone()),
                        right: Box::new(right),
                    },
                    ty: SqlType::Boolean,
                    collation: operand.collation,
                });
            }
        }
        _ => return None,
    }
    let mut right = query.rel.clone();
    pull_correlations(&mut right, &mut on)?;
    Some((kind, right, on))
}

/// Takes the conditions that name columns of queries around out of a relation. Nothing when there
/// are correlations that are no such conditions.
fn pull_correlations(rel: &mut Rel, on: &mut Vec<Expr>) -> Option<()> {
    let nothing = || Rel::Values { columns: Vec::new(), rows: Vec::new() };
    match rel {
        Rel::Filter { input, predicate } => {
            let made = made_by(input);
            let mut parts = Vec::new();
            split(predicate.clone(), &mut parts);
            let (own, outer): (Vec<_>, Vec<_>) =
                parts.into_iter().partition(|part| used_by(part).is_within(&made));
            on.extend(outer);
            *predicate = Expr::all(own);
            pull_correlations(input, on)
        }
        // Its columns are not asked for; those that were computed and are named go nowhere.
        Rel::Project { input, items } => {
            let computed: Vec<_> = std::mem::take(items);
            if !computed.iter().all(|(_, expr)| is_movable(expr)) {
                return None;
            }
            // Before what is computed below, of which these may be.
            for part in on.iter_mut() {
                let taken = std::mem::replace(part, Expr::all(Vec::new()));
                *part = substitute(taken, &computed);
            }
            let mut inner = std::mem::replace(&mut **input, nothing());
            pull_correlations(&mut inner, on)?;
            *rel = inner;
            Some(())
        }
        Rel::Sort { input, .. } => {
            let mut inner = std::mem::replace(&mut **input, nothing());
            pull_correlations(&mut inner, on)?;
            *rel = inner;
            Some(())
        }
        Rel::Join { kind: JoinKind::Inner, left, right, on: condition, lateral: false } => {
            let mut made = made_by(left);
            made.extend(&made_by(right));
            let mut parts = Vec::new();
            split(condition.clone(), &mut parts);
            let (own, outer): (Vec<_>, Vec<_>) =
                parts.into_iter().partition(|part| used_by(part).is_within(&made));
            on.extend(outer);
            *condition = Expr::all(own);
            pull_correlations(left, on)?;
            pull_correlations(right, on)
        }
        other => super::ids::free_in(other).is_empty().then_some(()),
    }
}

/// Puts common table expressions that are used once into their place.
fn inline_ctes(ctes: Vec<crate::algebra::Cte>, mut body: Rel) -> (Vec<crate::algebra::Cte>, Rel) {
    let mut kept: Vec<crate::algebra::Cte> = Vec::new();
    let mut waiting = std::collections::VecDeque::from(ctes);
    while let Some(cte) = waiting.pop_front() {
        let mut uses = super::ids::ctes_in(&body);
        for other in &waiting {
            uses.extend(super::ids::ctes_in_query(&other.query));
            uses.extend(other.step.iter().flat_map(super::ids::ctes_in_query));
        }
        let count = uses.iter().filter(|id| **id == cte.id).count();
        let in_change = waiting.iter().any(|other| other.change.is_some());
        let plain = cte.step.is_none() && cte.change.is_none() && !in_change;
        let wanted = cte.materialized != Some(true) && count == 1;
        if !plain || !wanted || super::ids::is_volatile_query(&cte.query) {
            kept.push(cte);
            continue;
        }
        let mut put = PutCte { cte: Some(cte) };
        body.rewrite_rel(&mut put);
        for other in &mut waiting {
            other.query.rewrite_query(&mut put);
            other.step.iter_mut().for_each(|step| step.rewrite_query(&mut put));
        }
        // It was in no place that is walked through: it stays.
        kept.extend(put.cte);
    }
    (kept, body)
}

struct PutCte {
    cte: Option<crate::algebra::Cte>,
}

impl Rewrite for PutCte {
    fn rel(&mut self, rel: &mut Rel) {
        let Rel::CteScan { cte: id, columns } = rel else { return };
        if self.cte.as_ref().is_none_or(|cte| cte.id != *id) {
            return;
        }
        let Some(cte) = self.cte.take() else { return };
        let outputs = &cte.query.columns;
        let items = columns.iter().zip(outputs).map(|(column, output)| {
            (column.clone(), Expr::column(output.id, output.ty.clone(), output.collation))
        });
        *rel = Rel::Project { items: items.collect(), input: Box::new(cte.query.rel) };
    }
}
