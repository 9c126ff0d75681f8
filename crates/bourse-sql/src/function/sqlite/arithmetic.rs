//! SQLite's operators: on whatever values there are, never failing.

use ecow::eco_format;

use crate::datum::Datum;
use crate::error::Result;
use crate::function::cast::sqlite::{text_of, to_double, to_integer, to_number};
use crate::function::signature::Shape::Any;
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// SQLite has no NaN: it is NULL.
pub(super) fn double(value: f64) -> Datum {
    if value.is_nan() { Datum::Null } else { Datum::Double(value) }
}

fn as_double(number: &Datum) -> f64 {
    match number {
        Datum::Integer(value) => to_double(*value),
        Datum::Double(value) => *value,
        _ => 0.0,
    }
}

/// In integers as long as operands are such and the result is one, else in doubles.
fn calculate(
    arguments: &[Datum],
    whole: fn(i64, i64) -> Option<i64>,
    real: fn(f64, f64) -> f64,
) -> Result<Datum> {
    let (a, b) = (to_number(&arguments[0]), to_number(&arguments[1]));
    if let (Datum::Integer(a), Datum::Integer(b)) = (&a, &b)
        && let Some(result) = whole(*a, *b)
    {
        return Ok(Datum::Integer(result));
    }
    Ok(double(real(as_double(&a), as_double(&b))))
}

fn divide(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (a, b) = (to_number(&arguments[0]), to_number(&arguments[1]));
    if let (Datum::Integer(a), Datum::Integer(b)) = (&a, &b) {
        if *b == 0 {
            return Ok(Datum::Null);
        }
        if let Some(quotient) = a.checked_div(*b) {
            return Ok(Datum::Integer(quotient));
        }
    }
    let divisor = as_double(&b);
    Ok(if divisor == 0.0 { Datum::Null } else { double(as_double(&a) / divisor) })
}

/// The remainder of integers; a real result if an operand was real.
fn remainder(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (a, b) = (to_number(&arguments[0]), to_number(&arguments[1]));
    let whole = matches!((&a, &b), (Datum::Integer(_), Datum::Integer(_)));
    let (a, b) = (to_integer(&arguments[0]), to_integer(&arguments[1]));
    if b == 0 {
        return Ok(Datum::Null);
    }
    let rest = a.checked_rem(b).unwrap_or(0);
    Ok(if whole { Datum::Integer(rest) } else { Datum::Double(to_double(rest)) })
}

fn negate(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(match to_number(&arguments[0]) {
        Datum::Integer(value) => {
            value.checked_neg().map_or_else(|| Datum::Double(-to_double(value)), Datum::Integer)
        }
        Datum::Double(value) => Datum::Double(0.0 - value),
        other => other,
    })
}

/// Shifts by negative amounts go the other way; by 64 and more all bits are gone.
fn shift_left(value: i64, by: i64) -> i64 {
    match by {
        0..=63 => value << by,
        64.. => 0,
        -63..=-1 => value >> -by,
        _ if value < 0 => -1,
        _ => 0,
    }
}

fn bits(arguments: &[Datum], calculate: fn(i64, i64) -> i64) -> Result<Datum> {
    let (a, b) = (to_integer(&arguments[0]), to_integer(&arguments[1]));
    Ok(Datum::Integer(calculate(a, b)))
}

fn concatenate(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if let (Datum::Bytes(a), Datum::Bytes(b)) = (&arguments[0], &arguments[1]) {
        return Ok(Datum::Text(text_of(&Datum::Bytes([&a[..], &b[..]].concat().into()))));
    }
    Ok(Datum::Text(eco_format!("{}{}", text_of(&arguments[0]), text_of(&arguments[1]))))
}

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("+", &[Any, Any], Any, |a, _| calculate(a, i64::checked_add, |a, b| a + b)),
    scalar("-", &[Any, Any], Any, |a, _| calculate(a, i64::checked_sub, |a, b| a - b)),
    scalar("*", &[Any, Any], Any, |a, _| calculate(a, i64::checked_mul, |a, b| a * b)),
    scalar("/", &[Any, Any], Any, divide),
    scalar("%", &[Any, Any], Any, remainder),
    scalar("||", &[Any, Any], Any, concatenate),
    scalar("&", &[Any, Any], Any, |a, _| bits(a, |a, b| a & b)),
    scalar("|", &[Any, Any], Any, |a, _| bits(a, |a, b| a | b)),
    scalar("<<", &[Any, Any], Any, |a, _| bits(a, shift_left)),
    scalar(">>", &[Any, Any], Any, |a, _| bits(a, |a, b| shift_left(a, b.saturating_neg()))),
    scalar("-", &[Any], Any, negate),
    scalar("+", &[Any], Any, |a, _| Ok(a[0].clone())),
    scalar("~", &[Any], Any, |a, _| Ok(Datum::Integer(!to_integer(&a[0])))),
];
