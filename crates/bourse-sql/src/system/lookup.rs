//! Conditions by which rows of a relation are looked up instead of being gone through: a column of
//! numbers or names that is equal to something known, or one of a list.

use super::scan::{is_relation, positions_of, relation_of, set_key};
use crate::algebra::{ColumnId, CompareOp, Expr, ExprKind, Rel, SetCall};
use crate::function::Context;
use crate::plan::ids::{is_movable, used_by};
use crate::types::SqlType;

/// The only call of a relation, if it is one of the system's.
fn call_of(rel: &Rel) -> Option<&SetCall> {
    match rel {
        Rel::Functions { calls, ordinality: None } => match calls.as_slice() {
            [call] if is_relation(call) => Some(call),
            _ => None,
        },
        _ => None,
    }
}

/// Whether rows are those of a relation of the system.
pub(crate) fn is_system(rel: &Rel) -> bool {
    call_of(rel).is_some()
}

/// The column that an expression is, but for a cast that changes nothing.
fn column_of(expr: &Expr) -> Option<ColumnId> {
    match &expr.kind {
        ExprKind::Column(id) if is_key(&expr.ty) => Some(*id),
        ExprKind::Cast { operand, .. } => {
            let same = matches!(
                (&operand.ty, &expr.ty),
                (SqlType::Name, SqlType::Text) | (SqlType::Oid(_), SqlType::Oid(_))
            );
            if same { column_of(operand) } else { None }
        }
        _ => None,
    }
}

fn is_key(ty: &SqlType) -> bool {
    matches!(ty, SqlType::Oid(_) | SqlType::Name)
}

/// What a condition says about a column: how good it is to look up by, position, value.
fn key_of(call: &SetCall, condition: &Expr) -> Option<(u8, usize, Expr)> {
    let own = |id: ColumnId| call.columns.iter().position(|column| column.id == id);
    let is_known = |value: &Expr| {
        let used = used_by(value);
        let uses_own = call.columns.iter().any(|column| used.contains(column.id));
        !uses_own && is_movable(value)
    };
    let place = |expr: &Expr| {
        let at = own(column_of(expr)?)?;
        let worth = if matches!(call.columns[at].ty, SqlType::Oid(_)) { 3 } else { 2 };
        Some((worth, *positions_of(call).get(at)?))
    };
    match &condition.kind {
        ExprKind::Compare { op: CompareOp::Equal, left, right } => {
            let sides = [(left, right), (right, left)];
            sides.into_iter().find_map(|(column, value)| {
                let (worth, position) = place(column)?;
                is_known(value).then(|| (worth, position, (**value).clone()))
            })
        }
        ExprKind::InList { operand, list } => {
            let (_, position) = place(operand)?;
            let ty = list.first()?.ty.clone().array();
            let value = Expr {
                kind: ExprKind::Array(list.clone()),
                ty,
                collation: bourse::Collation::Binary,
            };
            list.iter().all(is_known).then_some((1, position, value))
        }
        _ => None,
    }
}

fn best_key(call: &SetCall, conditions: &[Expr]) -> Option<(u8, usize, Expr)> {
    let found = conditions.iter().filter_map(|condition| key_of(call, condition));
    found.max_by_key(|(worth, ..)| *worth)
}

/// The relation, its rows looked up if one of the conditions says how; they are still to be asked.
pub(crate) fn look_up(mut rel: Rel, conditions: &[Expr]) -> Rel {
    let found = call_of(&rel).and_then(|call| best_key(call, conditions));
    if let Some((_, position, value)) = found
        && let Rel::Functions { calls, .. } = &mut rel
        && let Some(call) = calls.first_mut()
    {
        set_key(call, position, value);
    }
    rel
}

/// How many rows a relation has, or looks up by what the conditions say. `None` if it is not one of
/// the system's.
pub(crate) fn expected_rows(rel: &Rel, conditions: &[Expr], context: &dyn Context) -> Option<f64> {
    let call = call_of(rel)?;
    let has_key = call
        .arguments
        .get(2)
        .is_some_and(|at| !matches!(at.kind, ExprKind::Literal(crate::datum::Datum::Null)));
    if has_key || best_key(call, conditions).is_some() {
        return Some(4.0);
    }
    let (at, _) = relation_of(call)?;
    let catalog = context.catalog()?;
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let rows = catalog.system().rows(at, catalog, context).rows.len() as f64;
    Some(rows)
}

/// Whether one of the conditions, which other relations are in, says how to look rows up.
pub(crate) fn is_looked_up(rel: &Rel, conditions: &[Expr]) -> bool {
    call_of(rel).is_some_and(|call| best_key(call, conditions).is_some())
}
