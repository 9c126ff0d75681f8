//! Numbers: integers as BIGINT, DECIMAL exactly, everything with a floating number as DOUBLE.
//!
//! Out of range is an error (22003), also for floating numbers: an infinity only comes of one.

use bourse_storage::{Error, Result};

use super::Arithmetic;
use super::evaluate::mismatch;
use crate::decimal::Decimal;
use crate::value::{ValueRef, fold_double};

/// Two numbers of one kind.
enum Pair {
    Integers(i64, i64),
    Decimals(Decimal, Decimal),
    Doubles(f64, f64),
}

/// `left by right`; NULL if either is.
pub(super) fn compute(
    by: Arithmetic,
    left: ValueRef<'_>,
    right: ValueRef<'_>,
) -> Result<ValueRef<'static>> {
    if left.is_null() || right.is_null() {
        return Ok(ValueRef::Null);
    }
    match pair(by, left, right)? {
        Pair::Integers(left, right) => integers(by, left, right).map(ValueRef::Integer),
        Pair::Decimals(left, right) => decimals(by, left, right).map(ValueRef::Decimal),
        Pair::Doubles(left, right) => doubles(by, left, right).map(ValueRef::Double),
    }
}

/// The number with the other sign; NULL stays NULL.
pub(super) fn negate(value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    Ok(match value {
        ValueRef::Null => ValueRef::Null,
        ValueRef::Integer(v) => ValueRef::Integer(v.checked_neg().ok_or_else(out_of_range)?),
        ValueRef::Decimal(v) => ValueRef::Decimal(v.negate()),
        ValueRef::Real(v) => ValueRef::Double(fold_double(-f64::from(v))),
        ValueRef::Double(v) => ValueRef::Double(fold_double(-v)),
        other => return Err(mismatch("operator -", other)),
    })
}

fn pair(by: Arithmetic, left: ValueRef<'_>, right: ValueRef<'_>) -> Result<Pair> {
    Ok(match (left, right) {
        (ValueRef::Integer(left), ValueRef::Integer(right)) => Pair::Integers(left, right),
        (left, right) => match (decimal(left), decimal(right)) {
            (Some(left), Some(right)) => Pair::Decimals(left, right),
            _ => {
                let operand = |value| {
                    let operator = || format!("operator {}", by.sql());
                    double(value).ok_or_else(|| mismatch(&operator(), value))
                };
                Pair::Doubles(operand(left)?, operand(right)?)
            }
        },
    })
}

fn decimal(value: ValueRef<'_>) -> Option<Decimal> {
    match value {
        ValueRef::Integer(v) => Some(Decimal::from(v)),
        ValueRef::Decimal(v) => Some(v),
        _ => None,
    }
}

/// The number as a DOUBLE; nothing for what is none.
pub(super) fn double(value: ValueRef<'_>) -> Option<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "computing with a double rounds")]
        ValueRef::Integer(v) => Some(v as f64),
        ValueRef::Real(v) => Some(f64::from(v)),
        ValueRef::Double(v) => Some(v),
        ValueRef::Decimal(v) => Some(v.to_f64()),
        _ => None,
    }
}

fn integers(by: Arithmetic, left: i64, right: i64) -> Result<i64> {
    let result = match by {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide | Arithmetic::Remainder if right == 0 => {
            return Err(division_by_zero());
        }
        Arithmetic::Divide => left.checked_div(right),
        // The one case that overflows, the least integer by -1, leaves nothing.
        Arithmetic::Remainder => Some(left.wrapping_rem(right)),
    };
    result.ok_or_else(out_of_range)
}

fn decimals(by: Arithmetic, left: Decimal, right: Decimal) -> Result<Decimal> {
    match by {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide => left.checked_div(right),
        Arithmetic::Remainder => left.checked_rem(right),
    }
}

fn doubles(by: Arithmetic, left: f64, right: f64) -> Result<f64> {
    let result = match by {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide | Arithmetic::Remainder if right == 0.0 => {
            return Err(division_by_zero());
        }
        Arithmetic::Divide => left / right,
        Arithmetic::Remainder => left % right,
    };
    if result.is_infinite() && left.is_finite() && right.is_finite() {
        return Err(out_of_range());
    }
    Ok(fold_double(result))
}

pub(super) fn out_of_range() -> Error {
    Error::invalid("value out of range: overflow").with_sqlstate("22003")
}

fn division_by_zero() -> Error {
    Error::invalid("division by zero").with_sqlstate("22012")
}
