//! Fitting a value to a column: what an INSERT does before the row is encoded.
//!
//! Only conversions that cannot surprise are made: between numbers (range checked, fractions
//! rounded as PostgreSQL's assignment does), from DATE to TIMESTAMP, from text to the types that
//! have no Rust literal (DECIMAL, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL, UUID, JSON).
//! Everything else is 42804: the SQL layer casts explicitly.

use bourse_storage::{Error, Result};

use super::json;
use super::{Json, Type, Uuid, Value, fold_double, fold_real};
use crate::datetime::{self, Date, Time, Timestamp, TimestampTz};
use crate::decimal::Decimal;

impl Type {
    /// The value as a column of this type holds it. NULL fits every type.
    ///
    /// # Errors
    /// `InvalidInput`: 22003 out of range, 42804 wrong type, 22P02 text that is not a value of
    /// the type, 22007 and 22008 dates.
    pub fn coerce(self, value: Value) -> Result<Value> {
        let value = match (self, value) {
            (_, Value::Null) => Value::Null,
            (Type::SmallInt, v) => to_integer(self, v, i64::from(i16::MIN), i64::from(i16::MAX))?,
            (Type::Integer, v) => to_integer(self, v, i64::from(i32::MIN), i64::from(i32::MAX))?,
            (Type::BigInt, v) => to_integer(self, v, i64::MIN, i64::MAX)?,
            (Type::Real, v) => Value::Real(to_real(v)?),
            (Type::Double, v) => Value::Double(to_double(v)?),
            (Type::Decimal { precision, scale }, v) => {
                Value::Decimal(to_decimal(self, v)?.fit(precision, scale)?)
            }
            (Type::Text, Value::Text(v) | Value::Json(v)) => Value::Text(v),
            (Type::Blob, Value::Blob(v)) => Value::Blob(v),
            (Type::Boolean, Value::Boolean(v)) => Value::Boolean(v),
            (Type::Date, Value::Date(v)) => Value::Date(v),
            (Type::Date, Value::Text(v)) => Value::Date(v.parse::<Date>()?.0),
            (Type::Timestamp { precision }, v) => {
                Value::Timestamp(datetime::round_fraction(to_timestamp(v)?, precision)?)
            }
            (Type::Time { precision }, v) => {
                Value::Time(datetime::round_fraction(to_time(v)?, precision)?)
            }
            (Type::TimestampTz { precision }, v) => {
                Value::TimestampTz(datetime::round_fraction(to_timestamptz(v)?, precision)?)
            }
            (Type::Interval, Value::Interval(v)) => Value::Interval(v),
            (Type::Interval, Value::Text(v)) => Value::Interval(v.parse()?),
            (Type::Uuid, Value::Uuid(v)) => Value::Uuid(v),
            (Type::Uuid, Value::Text(v)) => Value::Uuid(v.parse::<Uuid>()?.0),
            (Type::Json, Value::Json(v) | Value::Text(v)) => Value::Json(Json::new(v)?.into()),
            (Type::Any, v) => to_any(v)?,
            (_, other) => return Err(mismatch(self, &other)),
        };
        Ok(value)
    }

    /// Whether the value is surely what [`Type::coerce`] would make of it: tells the common cases
    /// without moving them.
    #[inline]
    pub(crate) fn leaves_as_is(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null)
            | (Type::BigInt, Value::Integer(_))
            | (Type::Text, Value::Text(_))
            | (Type::Blob, Value::Blob(_))
            | (Type::Boolean, Value::Boolean(_))
            | (Type::Date, Value::Date(_))
            | (Type::Timestamp { precision: 9 }, Value::Timestamp(_))
            | (Type::TimestampTz { precision: 9 }, Value::TimestampTz(_))
            | (Type::Interval, Value::Interval(_))
            | (Type::Uuid, Value::Uuid(_)) => true,
            (Type::Integer, Value::Integer(v)) => i32::try_from(*v).is_ok(),
            (Type::SmallInt, Value::Integer(v)) => i16::try_from(*v).is_ok(),
            (Type::Double, Value::Double(v)) => v.to_bits() == fold_double(*v).to_bits(),
            _ => false,
        }
    }
}

/// SQLite's five storage classes; NaN is NULL there.
fn to_any(value: Value) -> Result<Value> {
    Ok(match value {
        Value::Boolean(v) => Value::Integer(i64::from(v)),
        Value::Real(v) if v.is_nan() => Value::Null,
        Value::Double(v) if v.is_nan() => Value::Null,
        Value::Real(v) => Value::Double(f64::from(fold_real(v))),
        Value::Double(v) => Value::Double(fold_double(v)),
        Value::Integer(_) | Value::Text(_) | Value::Blob(_) => value,
        other => return Err(mismatch(Type::Any, &other)),
    })
}

fn to_integer(data_type: Type, value: Value, low: i64, high: i64) -> Result<Value> {
    let integer = match value {
        Value::Integer(v) => Some(v),
        Value::Real(v) => round_double(f64::from(v)),
        Value::Double(v) => round_double(v),
        Value::Decimal(v) => i64::try_from(v.rescale(0)?.coefficient()).ok(),
        other => return Err(mismatch(data_type, &other)),
    };
    let fitting = integer.filter(|v| (low..=high).contains(v));
    fitting.map(Value::Integer).ok_or_else(|| out_of_range(data_type))
}

/// Half to even, as PostgreSQL converts a double to an integer.
fn round_double(value: f64) -> Option<i64> {
    let rounded = value.round_ties_even();
    let in_range = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded);
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    let integer = rounded as i64;
    in_range.then_some(integer)
}

fn to_double(value: Value) -> Result<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "assignment to a double rounds")]
        Value::Integer(v) => Ok(v as f64),
        Value::Real(v) => Ok(f64::from(fold_real(v))),
        Value::Double(v) => Ok(fold_double(v)),
        Value::Decimal(v) => Ok(fold_double(v.to_f64())),
        other => Err(mismatch(Type::Double, &other)),
    }
}

fn to_real(value: Value) -> Result<f32> {
    let double = match value {
        Value::Real(v) => return Ok(fold_real(v)),
        Value::Integer(_) | Value::Double(_) | Value::Decimal(_) => to_double(value)?,
        other => return Err(mismatch(Type::Real, &other)),
    };
    #[expect(clippy::cast_possible_truncation, reason = "rounded; overflow is checked next")]
    let real = double as f32;
    if real.is_infinite() && double.is_finite() {
        return Err(out_of_range(Type::Real));
    }
    Ok(fold_real(real))
}

fn to_decimal(data_type: Type, value: Value) -> Result<Decimal> {
    match value {
        Value::Decimal(v) => Ok(v),
        Value::Integer(v) => Ok(Decimal::from(v)),
        Value::Real(v) => Decimal::from_f32(v),
        Value::Double(v) => Decimal::from_f64(v),
        Value::Text(v) => v.parse(),
        other => Err(mismatch(data_type, &other)),
    }
}

fn to_timestamp(value: Value) -> Result<i64> {
    match value {
        Value::Timestamp(v) => Ok(v),
        Value::Date(v) => Ok(Timestamp::try_from(Date(v))?.0),
        Value::Text(v) => Ok(v.parse::<Timestamp>()?.0),
        other => Err(mismatch(Type::TIMESTAMP, &other)),
    }
}

fn to_time(value: Value) -> Result<i64> {
    match value {
        Value::Time(v) if Time::is_valid(v) => Ok(v),
        Value::Time(_) => Err(out_of_range(Type::TIME)),
        Value::Text(v) => Ok(v.parse::<Time>()?.0),
        other => Err(mismatch(Type::TIME, &other)),
    }
}

fn to_timestamptz(value: Value) -> Result<i64> {
    match value {
        Value::TimestampTz(v) => Ok(v),
        Value::Text(v) => Ok(v.parse::<TimestampTz>()?.0),
        other => Err(mismatch(Type::TIMESTAMPTZ, &other)),
    }
}

impl Json {
    /// The text as JSON.
    ///
    /// # Errors
    /// `InvalidInput` (22P02) when it is not valid JSON.
    pub fn new(text: impl Into<String>) -> Result<Json> {
        let text = text.into();
        match json::validate(&text) {
            Ok(()) => Ok(Json::trusted(text)),
            Err(offset) => {
                let message = format!("invalid JSON at byte {offset}");
                Err(Error::invalid(message).with_sqlstate("22P02"))
            }
        }
    }
}

fn out_of_range(data_type: Type) -> Error {
    Error::invalid(format!("value out of range for type {data_type}")).with_sqlstate("22003")
}

fn mismatch(data_type: Type, value: &Value) -> Error {
    data_type.mismatch(value.as_value())
}
