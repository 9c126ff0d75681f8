//! CAST: what assignment converts ([`Type::coerce`]), and what must be asked for: texts to numbers
//! and truths, anything that has one spelling to text, a point in time to its day.

use bourse_storage::{Error, Result};

use super::evaluate::Scalar;
use crate::datetime::{Date, Time, Timestamp, TimestampTz};
use crate::value::{Type, Uuid, Value, ValueRef};

/// The value as one of type `to`.
pub(super) fn cast(value: Scalar<'_>, to: Type) -> Result<Scalar<'_>> {
    let converted = match (value.as_value(), to) {
        (ValueRef::Null, _) => return Ok(value),
        (ValueRef::Timestamp(v), Type::Date) => Value::Date(Timestamp(v).date().0),
        (ValueRef::Boolean(v), Type::SmallInt | Type::Integer | Type::BigInt) => {
            Value::Integer(i64::from(v))
        }
        (ValueRef::Integer(v), Type::Boolean) => Value::Boolean(v != 0),
        (ValueRef::Text(v), Type::SmallInt | Type::Integer | Type::BigInt) => {
            to.coerce(Value::Integer(parse(v, to)?))?
        }
        (ValueRef::Text(v), Type::Real | Type::Double) => {
            to.coerce(Value::Double(parse(v, to)?))?
        }
        (ValueRef::Text(v), Type::Boolean) => Value::Boolean(truth(v, to)?),
        (ValueRef::Text(_), Type::Text) => return Ok(value),
        (found, Type::Text) => Value::Text(text(found)?),
        (found, _) => to.coerce(found.to_value())?,
    };
    Ok(Scalar::Made(converted))
}

/// Whether a value of one type can be made one of another.
pub(super) fn is_possible(from: Type, to: Type) -> bool {
    use Type::{Any, BigInt, Boolean, Date, Integer, Json, SmallInt, Text, Uuid};
    let number = |data_type| {
        let floating = matches!(data_type, Type::Real | Type::Double | Type::Decimal { .. });
        floating || matches!(data_type, SmallInt | Integer | BigInt)
    };
    let time = |data_type| matches!(data_type, Date | Type::Timestamp { .. });
    let spelled = |data_type| {
        let other = matches!(data_type, Type::Time { .. } | Type::TimestampTz { .. });
        other || time(data_type) || matches!(data_type, Type::Interval | Uuid | Json)
    };
    let whole = |data_type| matches!(data_type, SmallInt | Integer | BigInt);
    match (from, to) {
        (Any, _) => true,
        (_, Any) => !spelled(from) || time(from) || from == Json,
        (from, to) if from.is_same_kind(to) => true,
        (from, to) if number(from) && number(to) || time(from) && time(to) => true,
        (Boolean, to) => whole(to) || to == Text,
        (from, Boolean) => whole(from) || from == Text,
        (Text, to) => to != Type::Blob,
        (from, Text) => whole(from) || spelled(from) || matches!(from, Type::Decimal { .. }),
        _ => false,
    }
}

fn parse<T: std::str::FromStr>(text: &str, to: Type) -> Result<T> {
    let trimmed = text.trim_matches(|c: char| c.is_ascii_whitespace());
    trimmed.parse().map_err(|_| invalid(text, to))
}

fn truth(text: &str, to: Type) -> Result<bool> {
    let word = text.trim().to_ascii_lowercase();
    match word.as_str() {
        "t" | "true" | "yes" | "y" | "on" | "1" => Ok(true),
        "f" | "false" | "no" | "n" | "off" | "0" => Ok(false),
        _ => Err(invalid(text, to)),
    }
}

fn text(value: ValueRef<'_>) -> Result<String> {
    Ok(match value {
        ValueRef::Boolean(v) => if v { "true" } else { "false" }.to_owned(),
        ValueRef::Integer(v) => v.to_string(),
        ValueRef::Decimal(v) => v.to_string(),
        ValueRef::Date(v) => Date(v).to_string(),
        ValueRef::Time(v) => Time(v).to_string(),
        ValueRef::Timestamp(v) => Timestamp(v).to_string(),
        ValueRef::TimestampTz(v) => TimestampTz(v).to_string(),
        ValueRef::Interval(v) => v.to_string(),
        ValueRef::Uuid(v) => Uuid(v).to_string(),
        ValueRef::Text(v) | ValueRef::Json(v) => v.to_owned(),
        // A floating number has no one spelling that all databases agree on.
        other => return Err(super::evaluate::mismatch("CAST to TEXT", other)),
    })
}

fn invalid(text: &str, to: Type) -> Error {
    Error::invalid(format!("invalid input syntax for type {to}: \"{text}\"")).with_sqlstate("22P02")
}
