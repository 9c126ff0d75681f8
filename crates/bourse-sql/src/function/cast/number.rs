//! Casts to numbers.

use crate::datum::json::{Json, parse_checked};
use crate::datum::{self, Datum, Numeric};
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::types::{OidKind, SqlType};

/// A value as a number of a type.
pub(super) fn cast(
    value: Datum,
    from: &SqlType,
    to: &SqlType,
    context: &dyn Context,
) -> Result<Datum> {
    match value {
        Datum::Text(text) => match to {
            SqlType::Oid(kind) => number_of_name(&text, *kind, context),
            _ => datum::input(&text, to, context),
        },
        Datum::Json(text) => of_json(&text, to),
        _ => match to {
            SqlType::SmallInt | SqlType::Integer | SqlType::BigInt => {
                Ok(Datum::Integer(to_integer(value, from, to)?))
            }
            SqlType::Real => to_real(value, from),
            SqlType::Double => to_double(value, from),
            SqlType::Numeric(modifier) => to_numeric(value, from, *modifier),
            SqlType::Oid(_) => to_oid(value, from, to),
            _ => Err(super::no_cast(from, to)),
        },
    }
}

/// An integer that fits its type.
///
/// # Errors
/// 22003 when it does not.
pub(crate) fn check_range(value: i64, ty: &SqlType) -> Result<i64> {
    let fits = match ty {
        SqlType::SmallInt => i16::try_from(value).is_ok(),
        SqlType::Integer => i32::try_from(value).is_ok(),
        _ => true,
    };
    if fits { Ok(value) } else { Err(out_of_range(ty)) }
}

fn out_of_range(ty: &SqlType) -> SqlError {
    SqlError::new("22003", format!("{} out of range", ty.name_without_modifier()))
}

fn to_integer(value: Datum, from: &SqlType, to: &SqlType) -> Result<i64> {
    let integer = match value {
        Datum::Integer(value) => Some(value),
        Datum::Boolean(value) => Some(i64::from(value)),
        Datum::Real(value) => double_to_integer(f64::from(value)),
        Datum::Double(value) => double_to_integer(value),
        Datum::Numeric(value) => {
            if !value.is_finite() {
                let what = if value.is_nan() { "NaN" } else { "infinity" };
                let ty = to.name_without_modifier();
                return Err(SqlError::new("0A000", format!("cannot convert {what} to {ty}")));
            }
            value.to_integer()
        }
        _ => return Err(super::no_cast(from, to)),
    };
    integer.ok_or_else(|| out_of_range(to)).and_then(|value| check_range(value, to))
}

/// The nearest integer, halves to the even one.
pub(crate) fn double_to_integer(value: f64) -> Option<i64> {
    let rounded = value.round_ties_even();
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded);
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    let integer = rounded as i64;
    fits.then_some(integer)
}

fn to_real(value: Datum, from: &SqlType) -> Result<Datum> {
    Ok(Datum::Real(match value {
        Datum::Real(value) => value,
        #[expect(clippy::cast_precision_loss, reason = "a cast to a real rounds")]
        Datum::Integer(value) => value as f32,
        Datum::Double(value) => double_to_real(value)?,
        Datum::Numeric(value) if value.is_finite() => real_of_numeric(&value)?,
        #[expect(clippy::cast_possible_truncation, reason = "NaN and the infinities are exact")]
        Datum::Numeric(value) => value.to_f64() as f32,
        _ => return Err(super::no_cast(from, &SqlType::Real)),
    }))
}

fn real_of_numeric(value: &Numeric) -> Result<f32> {
    let text = value.to_string();
    let real: f32 = text.parse().unwrap_or(f32::NAN);
    if real.is_infinite() || (real == 0.0 && !value.is_zero()) {
        return Err(SqlError::new("22003", format!("\"{text}\" is out of range for type real")));
    }
    Ok(real)
}

/// A double as a real.
///
/// # Errors
/// 22003 when it is too great or too small for one.
pub(crate) fn double_to_real(value: f64) -> Result<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "rounded; the range is checked next")]
    let real = value as f32;
    if real.is_infinite() && value.is_finite() {
        return Err(SqlError::new("22003", "value out of range: overflow"));
    }
    if real == 0.0 && value != 0.0 {
        return Err(SqlError::new("22003", "value out of range: underflow"));
    }
    Ok(real)
}

fn to_double(value: Datum, from: &SqlType) -> Result<Datum> {
    Ok(Datum::Double(match value {
        Datum::Double(value) => value,
        Datum::Real(value) => f64::from(value),
        #[expect(clippy::cast_precision_loss, reason = "a cast to a double rounds")]
        Datum::Integer(value) => value as f64,
        Datum::Numeric(value) => {
            let double = value.to_f64();
            if value.is_finite() && (double.is_infinite() || (double == 0.0 && !value.is_zero())) {
                let message = format!("\"{value}\" is out of range for type double precision");
                return Err(SqlError::new("22003", message));
            }
            double
        }
        _ => return Err(super::no_cast(from, &SqlType::Double)),
    }))
}

fn to_numeric(value: Datum, from: &SqlType, modifier: Option<(u16, i16)>) -> Result<Datum> {
    let number = match value {
        Datum::Numeric(value) => value,
        Datum::Integer(value) => Numeric::from(value),
        Datum::Double(value) => Numeric::from_f64(value),
        Datum::Real(value) => Numeric::from_f32(value),
        _ => return Err(super::no_cast(from, &SqlType::Numeric(modifier))),
    };
    Ok(Datum::Numeric(match modifier {
        Some((precision, scale)) => number.with_modifier(precision, scale)?,
        None => number,
    }))
}

fn to_oid(value: Datum, from: &SqlType, to: &SqlType) -> Result<Datum> {
    match value {
        // A negative INTEGER is the oid of the same four bytes.
        Datum::Integer(value) if value < 0 && *from != SqlType::BigInt => {
            Ok(Datum::Integer(value & 0xffff_ffff))
        }
        Datum::Integer(value) if u32::try_from(value).is_ok() => Ok(Datum::Integer(value)),
        Datum::Integer(_) => Err(SqlError::new("22003", "OID out of range")),
        _ => Err(super::no_cast(from, to)),
    }
}

/// The number that stands for a name, or the number that the text is.
fn number_of_name(text: &str, kind: OidKind, context: &dyn Context) -> Result<Datum> {
    if kind == OidKind::Oid {
        return datum::input(text, &SqlType::Oid(kind), context);
    }
    if text == "-" {
        return Ok(Datum::Integer(0));
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return datum::input(text, &SqlType::Oid(OidKind::Oid), context);
    }
    if let Some(number) = context.number_of_name(kind, text) {
        return Ok(Datum::Integer(i64::from(number)));
    }
    let (sqlstate, what) = match kind {
        OidKind::Class => ("42P01", "relation"),
        OidKind::Type => ("42704", "type"),
        OidKind::Namespace => ("3F000", "schema"),
        OidKind::Role => ("42704", "role"),
        OidKind::Procedure | OidKind::Oid => ("42883", "function"),
    };
    Err(SqlError::new(sqlstate, format!("{what} \"{text}\" does not exist")))
}

/// The number that a text of JSON is.
fn of_json(text: &str, to: &SqlType) -> Result<Datum> {
    match parse_checked(text) {
        Json::Number(number) => {
            let number = Datum::Numeric(Numeric::parse(&number)?);
            cast(number, &SqlType::Numeric(None), to, &crate::function::PlainContext::POSTGRES)
        }
        other => Err(not_of_json(&other, &to.name_without_modifier())),
    }
}

/// The error for JSON of another kind than the type is.
pub(super) fn not_of_json(value: &Json, ty: &str) -> SqlError {
    let kind = match value {
        Json::Null => "null",
        Json::Boolean(_) => "boolean",
        Json::Number(_) => "numeric",
        Json::Text(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    };
    SqlError::new("22023", format!("cannot cast jsonb {kind} to type {ty}"))
}
