//! A relation as a set-returning function: which relation, which of its columns, and, where a
//! condition says so, by which column its rows are looked up.
//!
//! ```text
//! ARGUMENT  DESCRIPTION
//! 0         place of the relation among all of them
//! 1         positions of the columns that are given, in their order
//! 2         position of the column by which rows are looked up; NULL for all rows
//! 3         the value that it has, or an array of such values
//! ```

use std::sync::Arc;

use super::relations::{self, Relation};
use crate::algebra::{Column, Expr, ExprKind, SetCall};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::{Context, SetFunction, SetRows};
use crate::types::SqlType;

/// The function of all relations.
pub(super) static SYSTEM: SetFunction = SetFunction { name: "system_relation", call: rows };

fn integer(value: usize) -> Expr {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    Expr::literal(Datum::Integer(value), SqlType::BigInt)
}

fn positions(positions: impl Iterator<Item = usize>) -> Expr {
    let numbers = positions.map(|at| Datum::Integer(i64::try_from(at).unwrap_or(i64::MAX)));
    Expr::literal(Datum::list(numbers.collect()), SqlType::BigInt.array())
}

/// The call that gives all rows of a relation.
pub(crate) fn relation_call(at: usize, columns: Vec<Column>) -> SetCall {
    let null = || Expr::literal(Datum::Null, SqlType::BigInt);
    let arguments = vec![integer(at), positions(0..columns.len()), null(), null()];
    SetCall { function: &SYSTEM, arguments, columns }
}

/// Whether a call is of a relation.
pub(super) fn is_relation(call: &SetCall) -> bool {
    std::ptr::eq(call.function, &raw const SYSTEM)
}

/// The relation that a call is of.
pub(super) fn relation_of(call: &SetCall) -> Option<(usize, &'static Relation)> {
    let ExprKind::Literal(Datum::Integer(at)) = call.arguments.first()?.kind else { return None };
    let at = usize::try_from(at).ok()?;
    Some((at, relations::all().get(at)?))
}

/// The positions of the columns that a call gives.
pub(super) fn positions_of(call: &SetCall) -> Vec<usize> {
    match call.arguments.get(1).map(|argument| &argument.kind) {
        Some(ExprKind::Literal(Datum::Array(array))) => numbers(&array.elements),
        _ => Vec::new(),
    }
}

fn numbers(elements: &[Datum]) -> Vec<usize> {
    let number = |value: &Datum| usize::try_from(value.as_integer()?).ok();
    elements.iter().filter_map(number).collect()
}

/// Has a call look its rows up.
pub(super) fn set_key(call: &mut SetCall, position: usize, value: Expr) {
    call.arguments.truncate(2);
    call.arguments.push(integer(position));
    call.arguments.push(value);
}

/// Leaves out columns of a relation that nobody uses.
pub(crate) fn prune(call: &mut SetCall, is_used: impl Fn(&Column) -> bool) {
    if !is_relation(call) {
        return;
    }
    let all = std::mem::take(&mut call.columns).into_iter().zip(positions_of(call));
    let (columns, kept): (Vec<Column>, Vec<usize>) =
        all.filter(|(column, _)| is_used(column)).unzip();
    call.columns = columns;
    call.arguments[1] = positions(kept.into_iter());
}

fn rows(arguments: &[Datum], context: &dyn Context) -> Result<SetRows> {
    let wrong = || SqlError::new("XX000", "a relation of the system was asked for wrongly");
    let at = arguments.first().and_then(Datum::as_integer).and_then(|at| usize::try_from(at).ok());
    let at = at.filter(|at| *at < relations::all().len()).ok_or_else(wrong)?;
    let catalog = context.catalog().ok_or_else(wrong)?;
    let kept = arguments.get(1).and_then(Datum::as_array).ok_or_else(wrong)?;
    let kept = numbers(&kept.elements);
    let rows = Arc::clone(catalog.system()).rows(at, catalog, context);
    let wanted = match arguments.get(2) {
        Some(Datum::Integer(column)) => {
            let column = usize::try_from(*column).map_err(|_| wrong())?;
            let value = arguments.get(3).ok_or_else(wrong)?;
            let mut wanted: Vec<u32> = Vec::new();
            match value {
                Datum::Array(values) => {
                    values.elements.iter().for_each(|v| wanted.extend(rows.with(column, v)));
                    wanted.sort_unstable();
                    wanted.dedup();
                }
                value => wanted.extend(rows.with(column, value)),
            }
            Some(wanted)
        }
        _ => None,
    };
    let count = rows.rows.len();
    let row = move |number: usize| {
        let row = &rows.rows[number];
        Ok(kept.iter().map(|at| row[*at].clone()).collect())
    };
    Ok(match wanted {
        Some(wanted) => Box::new(wanted.into_iter().map(move |number| row(number as usize))),
        None => Box::new((0..count).map(row)),
    })
}
