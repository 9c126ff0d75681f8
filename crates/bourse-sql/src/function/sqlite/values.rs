//! SQLite's functions of any values, and of numbers.

use std::cmp::Ordering;

use bourse::Collation;

use super::float::{Style, write};
use crate::datum::{self, Datum};
use crate::error::{Result, SqlError};
use crate::function::cast::sqlite::{
    text_of, to_double, to_integer, to_number, to_real, whole_number,
};
use crate::function::signature::Shape::{Any, Element};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction, Volatility};
use crate::session::SessionState;

use super::arithmetic::double;

fn type_of(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::text(match arguments[0] {
        Datum::Null => "null",
        Datum::Integer(_) | Datum::Boolean(_) => "integer",
        Datum::Double(_) => "real",
        Datum::Bytes(_) => "blob",
        _ => "text",
    }))
}

fn absolute(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    match &arguments[0] {
        Datum::Integer(value) => value
            .checked_abs()
            .map(Datum::Integer)
            .ok_or_else(|| SqlError::new("22003", "integer overflow")),
        other => Ok(Datum::Double(to_real(other).abs())),
    }
}

fn round(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let digits = if arguments.len() > 1 { to_integer(&arguments[1]).clamp(0, 30) } else { 0 };
    let value = to_real(&arguments[0]);
    const LARGE: f64 = 4_503_599_627_370_496.0;
    if !(-LARGE..=LARGE).contains(&value) {
        return Ok(double(value));
    }
    if digits == 0 {
        let half = if value < 0.0 { -0.5 } else { 0.5 };
        return Ok(Datum::Double((value + half).trunc() + 0.0));
    }
    let style = Style { exact: true, ..Style::default() };
    let (negative, text) = write(value, b'f', i32::try_from(digits).unwrap_or(30), style);
    let rounded: f64 = text.parse().unwrap_or(0.0);
    Ok(Datum::Double(if negative { -rounded } else { rounded }))
}

/// -1, 0 or 1 of what is a number.
fn sign(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = match &arguments[0] {
        Datum::Text(text) | Datum::Json(text) => whole_number(text),
        Datum::Bytes(_) => None,
        other => Some(to_number(other)),
    };
    Ok(match value {
        Some(number @ (Datum::Integer(_) | Datum::Double(_))) => {
            let value = to_real(&number);
            Datum::Integer(i64::from(value > 0.0) - i64::from(value < 0.0))
        }
        _ => Datum::Null,
    })
}

fn extreme(arguments: &[Datum], wanted: Ordering, collation: Collation) -> Result<Datum> {
    let mut best = &arguments[0];
    for value in &arguments[1..] {
        let order = datum::compare(value, best, collation);
        // Of equal ones the first is the greatest, and the last the least.
        if order == wanted || order.is_eq() && wanted.is_lt() {
            best = value;
        }
    }
    Ok(best.clone())
}

macro_rules! collated_extremes {
    ($($name:ident $text:literal $wanted:ident $collation:ident;)*) => {$(
        static $name: ScalarFunction = ScalarFunction {
            name: $text,
            strict: true,
            volatility: Volatility::Immutable,
            is_user: false,
            call: |arguments, _| extreme(arguments, Ordering::$wanted, Collation::$collation),
        };
    )*};
}

collated_extremes! {
    LEAST_NO_CASE "min" Less NoCase;
    LEAST_TRIMMED "min" Less RTrim;
    GREATEST_NO_CASE "max" Greater NoCase;
    GREATEST_TRIMMED "max" Greater RTrim;
}

/// The least or greatest of several values by a collation; `None` for the one that the library's
/// functions have.
pub(crate) fn collated_extreme(
    greatest: bool,
    collation: Collation,
) -> Option<&'static ScalarFunction> {
    match (greatest, collation) {
        (_, Collation::Binary) => None,
        (false, Collation::NoCase) => Some(&LEAST_NO_CASE),
        (false, Collation::RTrim) => Some(&LEAST_TRIMMED),
        (true, Collation::NoCase) => Some(&GREATEST_NO_CASE),
        (true, Collation::RTrim) => Some(&GREATEST_TRIMMED),
    }
}

fn first_known(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(arguments.iter().find(|value| !value.is_null()).cloned().unwrap_or(Datum::Null))
}

fn null_if(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (a, b) = (&arguments[0], &arguments[1]);
    let equal = !a.is_null() && !b.is_null() && datum::compare(a, b, Collation::Binary).is_eq();
    Ok(if equal { Datum::Null } else { a.clone() })
}

/// Whether a value is true: a number that is not zero.
pub(super) fn is_true(value: &Datum) -> bool {
    match to_number(value) {
        Datum::Integer(value) => value != 0,
        Datum::Double(value) => value != 0.0,
        _ => false,
    }
}

/// The result of the first condition that is true; an odd last argument is the result of none.
fn choose(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    for pair in arguments.chunks(2) {
        match pair {
            [condition, result] if is_true(condition) => return Ok(result.clone()),
            [otherwise] => return Ok(otherwise.clone()),
            _ => {}
        }
    }
    Ok(Datum::Null)
}

fn random(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let value = context.random().cast_signed();
    Ok(Datum::Integer(if value < 0 { -(value & i64::MAX) } else { value }))
}

fn random_blob(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let count = usize::try_from(to_integer(&arguments[0]).max(1)).unwrap_or(1);
    if count > super::BYTES_MAX {
        return Err(super::too_big());
    }
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        bytes.extend_from_slice(&context.random().to_le_bytes());
    }
    bytes.truncate(count);
    Ok(Datum::bytes(&bytes))
}

fn likelihood(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    match arguments[1] {
        Datum::Double(value) if (0.0..=1.0).contains(&value) => Ok(arguments[0].clone()),
        _ => {
            let message = "second argument to likelihood() must be a constant between 0.0 and 1.0";
            Err(SqlError::new("42601", message))
        }
    }
}

/// The number that an argument of a mathematical function is; NULL is no number, nor is a text that
/// is not all number.
fn math_number(value: &Datum) -> Option<f64> {
    match value {
        Datum::Text(text) | Datum::Json(text) => whole_number(text).map(|number| to_real(&number)),
        Datum::Integer(_) | Datum::Double(_) | Datum::Boolean(_) => Some(to_real(value)),
        _ => None,
    }
}

fn math(arguments: &[Datum], calculate: fn(f64) -> f64) -> Result<Datum> {
    Ok(math_number(&arguments[0]).map_or(Datum::Null, |value| double(calculate(value))))
}

fn math_of_two(arguments: &[Datum], calculate: fn(f64, f64) -> f64) -> Result<Datum> {
    Ok(match (math_number(&arguments[0]), math_number(&arguments[1])) {
        (Some(a), Some(b)) => double(calculate(a, b)),
        _ => Datum::Null,
    })
}

/// Functions that leave integers as they are.
fn rounding(arguments: &[Datum], calculate: fn(f64) -> f64) -> Result<Datum> {
    let number = match &arguments[0] {
        Datum::Text(text) | Datum::Json(text) => whole_number(text).unwrap_or(Datum::Null),
        Datum::Bytes(_) => Datum::Null,
        other => to_number(other),
    };
    Ok(match number {
        Datum::Double(value) => double(calculate(value)),
        other => other,
    })
}

fn positive(calculate: fn(f64) -> f64) -> impl Fn(f64) -> f64 {
    move |value| if value <= 0.0 { f64::NAN } else { calculate(value) }
}

fn logarithm(arguments: &[Datum], calculate: fn(f64) -> f64) -> Result<Datum> {
    let calculate = positive(calculate);
    Ok(math_number(&arguments[0]).map_or(Datum::Null, |value| double(calculate(value))))
}

fn logarithm_to_base(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (Some(base), Some(value)) = (math_number(&arguments[0]), math_number(&arguments[1])) else {
        return Ok(Datum::Null);
    };
    if base <= 0.0 || value <= 0.0 || base.ln() <= 0.0 {
        return Ok(Datum::Null);
    }
    Ok(double(value.ln() / base.ln()))
}

/// A count that the session keeps.
fn of_session(context: &dyn Context, count: fn(&SessionState) -> u64) -> Result<Datum> {
    let count = context.session().map_or(0, count);
    Ok(Datum::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// What `sqlite_source_id()` tells: there is no source of SQLite's in here.
const SOURCE: &str = concat!("bourse ", env!("CARGO_PKG_VERSION"));

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("sqlite_source_id", &[], Any, |_, _| Ok(Datum::text(SOURCE))),
    scalar("typeof", &[Any], Any, type_of).called_on_null(),
    scalar("abs", &[Any], Any, absolute),
    scalar("round", &[Any], Any, round),
    scalar("round", &[Any, Any], Any, round),
    scalar("sign", &[Any], Any, sign),
    scalar("min", &[Any, Any], Any, |a, _| extreme(a, Ordering::Less, Collation::Binary))
        .variadic(),
    scalar("max", &[Any, Any], Any, |a, _| extreme(a, Ordering::Greater, Collation::Binary))
        .variadic(),
    scalar("ifnull", &[Any, Any], Any, first_known).called_on_null(),
    scalar("coalesce", &[Any, Any], Any, first_known).called_on_null().variadic(),
    scalar("nullif", &[Any, Any], Any, null_if).called_on_null(),
    scalar("iif", &[Any, Any], Any, choose).called_on_null().variadic(),
    scalar("if", &[Any, Any], Any, choose).called_on_null().variadic(),
    scalar("random", &[], Any, random).volatile(),
    scalar("randomblob", &[Any], Any, random_blob).called_on_null().volatile(),
    scalar("likelihood", &[Any, Any], Element, likelihood).called_on_null(),
    scalar("likely", &[Any], Element, |a, _| Ok(a[0].clone())).called_on_null(),
    scalar("unlikely", &[Any], Element, |a, _| Ok(a[0].clone())).called_on_null(),
    scalar("changes", &[], Any, |_, context| of_session(context, SessionState::changes)).volatile(),
    scalar("total_changes", &[], Any, |_, context| {
        of_session(context, SessionState::total_changes)
    })
    .volatile(),
    scalar("last_insert_rowid", &[], Any, |_, context| {
        Ok(Datum::Integer(context.session().map_or(0, SessionState::last_insert_id)))
    })
    .volatile(),
    scalar("sqlite_version", &[], Any, |_, _| Ok(Datum::text("3.53.2"))),
    scalar("pi", &[], Any, |_, _| Ok(Datum::Double(std::f64::consts::PI))),
    scalar("ceil", &[Any], Any, |a, _| rounding(a, f64::ceil)),
    scalar("ceiling", &[Any], Any, |a, _| rounding(a, f64::ceil)),
    scalar("floor", &[Any], Any, |a, _| rounding(a, f64::floor)),
    scalar("trunc", &[Any], Any, |a, _| rounding(a, f64::trunc)),
    scalar("sqrt", &[Any], Any, |a, _| math(a, f64::sqrt)),
    scalar("exp", &[Any], Any, |a, _| math(a, f64::exp)),
    scalar("ln", &[Any], Any, |a, _| logarithm(a, f64::ln)),
    scalar("log", &[Any], Any, |a, _| logarithm(a, f64::log10)),
    scalar("log10", &[Any], Any, |a, _| logarithm(a, f64::log10)),
    scalar("log2", &[Any], Any, |a, _| logarithm(a, f64::log2)),
    scalar("log", &[Any, Any], Any, logarithm_to_base),
    scalar("pow", &[Any, Any], Any, |a, _| math_of_two(a, f64::powf)),
    scalar("power", &[Any, Any], Any, |a, _| math_of_two(a, f64::powf)),
    scalar("mod", &[Any, Any], Any, |a, _| math_of_two(a, |a, b| a % b)),
    scalar("atan2", &[Any, Any], Any, |a, _| math_of_two(a, f64::atan2)),
    scalar("sin", &[Any], Any, |a, _| math(a, f64::sin)),
    scalar("cos", &[Any], Any, |a, _| math(a, f64::cos)),
    scalar("tan", &[Any], Any, |a, _| math(a, f64::tan)),
    scalar("asin", &[Any], Any, |a, _| math(a, f64::asin)),
    scalar("acos", &[Any], Any, |a, _| math(a, f64::acos)),
    scalar("atan", &[Any], Any, |a, _| math(a, f64::atan)),
    scalar("sinh", &[Any], Any, |a, _| math(a, f64::sinh)),
    scalar("cosh", &[Any], Any, |a, _| math(a, f64::cosh)),
    scalar("tanh", &[Any], Any, |a, _| math(a, f64::tanh)),
    scalar("radians", &[Any], Any, |a, _| math(a, |v| v * (std::f64::consts::PI / 180.0))),
    scalar("degrees", &[Any], Any, |a, _| math(a, |v| v * (180.0 / std::f64::consts::PI))),
];

/// A text or blob as bytes of text; what is no text becomes one.
pub(super) fn as_text(value: &Datum) -> ecow::EcoString {
    text_of(value)
}

/// An integer as a double.
pub(super) fn widen(value: i64) -> f64 {
    to_double(value)
}
