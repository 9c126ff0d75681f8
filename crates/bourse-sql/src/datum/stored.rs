//! Values of the store's columns as values of SQL, and back.

use bourse::{Decimal, Type, Value, ValueRef};
use ecow::EcoString;

use super::{Datum, Interval, Numeric, text, time};
use crate::Dialect;
use crate::error::{Result, SqlError};
use crate::function::{PlainContext, cast};
use crate::types::SqlType;

/// What a column of the store is while a statement runs. In SQLite's dialect every value is one of
/// SQLite's five kinds, whatever the column's type.
///
/// # Errors
/// `XX001` when the column's text is not a value of the type that was declared.
pub fn from_value(value: ValueRef<'_>, ty: &SqlType, dialect: Dialect) -> Result<Datum> {
    match dialect {
        Dialect::Postgres => of_postgres(value, ty),
        Dialect::Sqlite => Ok(of_sqlite(value)),
    }
}

fn of_postgres(value: ValueRef<'_>, ty: &SqlType) -> Result<Datum> {
    Ok(match value {
        ValueRef::Null => Datum::Null,
        ValueRef::Boolean(value) => Datum::Boolean(value),
        ValueRef::Integer(value) => Datum::Integer(value),
        ValueRef::Real(value) => Datum::Real(value),
        ValueRef::Double(value) => Datum::Double(value),
        ValueRef::Decimal(value) => Datum::Numeric(Numeric::from(value)),
        ValueRef::Text(text) => match ty {
            SqlType::Array(_) | SqlType::Vector(_) => {
                text::input(text, ty, &PlainContext::POSTGRES).map_err(|error| {
                    let message = format!("a column's text is no {ty}: {}", error.message());
                    SqlError::new("XX001", message)
                })?
            }
            _ => Datum::Text(EcoString::from(text)),
        },
        ValueRef::Blob(bytes) => Datum::bytes(bytes),
        ValueRef::Date(days) => Datum::Date(days),
        ValueRef::Time(nanoseconds) => Datum::Time(nanoseconds),
        ValueRef::Timestamp(nanoseconds) => Datum::Timestamp(time::of_nanoseconds(nanoseconds)),
        ValueRef::TimestampTz(nanoseconds) => Datum::TimestampTz(time::of_nanoseconds(nanoseconds)),
        ValueRef::Interval(interval) => Datum::Interval(interval_of(interval).into()),
        ValueRef::Uuid(bytes) => Datum::Uuid(bytes.into()),
        ValueRef::Json(text) => match ty {
            SqlType::Json => Datum::Json(EcoString::from(text)),
            // Columns keep the text as it was given.
            _ => Datum::Json(super::json::normalize(text)?),
        },
    })
}

fn of_sqlite(value: ValueRef<'_>) -> Datum {
    match value {
        ValueRef::Null => Datum::Null,
        ValueRef::Boolean(value) => Datum::Integer(i64::from(value)),
        ValueRef::Integer(value) => Datum::Integer(value),
        ValueRef::Real(value) => real(f64::from(value)),
        ValueRef::Double(value) => real(value),
        ValueRef::Decimal(value) => decimal(value),
        ValueRef::Text(text) | ValueRef::Json(text) => Datum::Text(EcoString::from(text)),
        ValueRef::Blob(bytes) => Datum::bytes(bytes),
        ValueRef::Date(days) => Datum::Text(time::date_text(days).into()),
        ValueRef::Time(nanoseconds) => {
            let nanos = u16::try_from(nanoseconds % 1_000).unwrap_or(0);
            Datum::Text(time::clock_text(nanoseconds / 1_000, nanos).into())
        }
        ValueRef::Interval(interval) => {
            Datum::Text(time::interval_text(&interval_of(interval)).into())
        }
        ValueRef::Timestamp(nanoseconds) | ValueRef::TimestampTz(nanoseconds) => {
            Datum::Text(time::timestamp_text(time::of_nanoseconds(nanoseconds)).into())
        }
        ValueRef::Uuid(bytes) => Datum::Text(text::uuid(&bytes)),
    }
}

fn interval_of(interval: bourse::Interval) -> Interval {
    let bourse::Interval { months, days, microseconds } = interval;
    Interval { months, days, micros: microseconds }
}

/// SQLite has no NaN: it is NULL.
fn real(value: f64) -> Datum {
    if value.is_nan() { Datum::Null } else { Datum::Double(value) }
}

/// What SQLite's NUMERIC columns make of a decimal: an integer if it is a whole one.
fn decimal(value: Decimal) -> Datum {
    let normal = value.normalize();
    match i64::try_from(normal.coefficient()) {
        Ok(whole) if normal.scale() == 0 => Datum::Integer(whole),
        _ => Datum::Double(value.to_f64()),
    }
}

/// A value as a column of the store holds it. The value has been cast to the column's type of SQL
/// before; what remains is to fit it into the type of the store that carries it.
///
/// # Errors
/// 22003 and 22008 where the store's range is the smaller one, 42804 where the types do not fit.
pub fn to_value(value: &Datum, from: &SqlType, column: &Type) -> Result<Value> {
    let carried = match (value, column) {
        (Datum::Null, _) => return Ok(Value::Null),
        (Datum::Text(text), Type::Boolean) => sqlite_boolean(text, column)?,
        (Datum::Text(text), Type::SmallInt | Type::Integer | Type::BigInt) => {
            number_of_text(text, column)?
        }
        (Datum::Text(text), Type::Real | Type::Double) => Value::Double(text::parse_double(text)?),
        (Datum::Text(text), Type::Blob) => Value::Blob(text.as_bytes().to_vec()),
        (Datum::Integer(value), Type::Boolean) => Value::Boolean(*value != 0),
        (Datum::Bytes(_), Type::Text | Type::Json) | (Datum::Bytes(_), Type::Uuid) => {
            return Err(mismatch(from, column));
        }
        (Datum::Integer(value), Type::SmallInt | Type::Integer) => {
            Value::Integer(cast::check_range(*value, &of_carrier(column))?)
        }
        (_, Type::Text) => Value::Text(text::output(value, from, &PlainContext::POSTGRES)?.into()),
        _ => plain(value, from, column)?,
    };
    column.coerce(carried).map_err(|error| match error.sqlstate() {
        "42804" => mismatch(from, column),
        _ => SqlError::from(error),
    })
}

fn plain(value: &Datum, from: &SqlType, column: &Type) -> Result<Value> {
    Ok(match value {
        Datum::Null => Value::Null,
        Datum::Boolean(value) => match column {
            Type::Any => Value::Integer(i64::from(*value)),
            _ => Value::Boolean(*value),
        },
        Datum::Integer(value) => Value::Integer(*value),
        Datum::Real(value) => Value::Real(*value),
        Datum::Double(value) => Value::Double(*value),
        Datum::Numeric(value) => numeric(value, column)?,
        Datum::Text(text) => Value::Text(text.to_string()),
        Datum::Json(text) => Value::Json(text.to_string()),
        Datum::Bytes(bytes) => Value::Blob(bytes.to_vec()),
        Datum::Date(i32::MIN | i32::MAX) => {
            return Err(SqlError::new("22008", "date out of range: a column keeps no infinity"));
        }
        Datum::Date(days) => Value::Date(*days),
        Datum::Time(nanoseconds) => Value::Time(*nanoseconds),
        Datum::Timestamp(instant) => Value::Timestamp(time::to_nanoseconds(*instant)?),
        Datum::TimestampTz(instant) => Value::TimestampTz(time::to_nanoseconds(*instant)?),
        Datum::Interval(interval) => Value::Interval(bourse::Interval {
            months: interval.months,
            days: interval.days,
            microseconds: interval.micros,
        }),
        Datum::Uuid(bytes) => Value::Uuid(**bytes),
        Datum::Array(_) | Datum::Record(_) => {
            return Err(mismatch(from, column));
        }
    })
}

fn of_carrier(column: &Type) -> SqlType {
    match column {
        Type::SmallInt => SqlType::SmallInt,
        Type::Integer => SqlType::Integer,
        _ => SqlType::BigInt,
    }
}

fn numeric(value: &Numeric, column: &Type) -> Result<Value> {
    if let Type::Decimal { .. } | Type::Any = column {
        return match value.to_decimal() {
            Some(decimal) if *column != Type::Any => Ok(Value::Decimal(decimal)),
            _ if *column == Type::Any => Ok(Value::Double(value.to_f64())),
            _ => Err(SqlError::new("22003", "numeric field overflow")
                .with_detail("A column keeps numbers of at most 38 digits.")),
        };
    }
    match value.to_decimal() {
        Some(decimal) => Ok(Value::Decimal(decimal)),
        None => Ok(Value::Double(value.to_f64())),
    }
}

/// SQLite writes texts into columns of any type; a column of the store is strict.
fn sqlite_boolean(text: &str, column: &Type) -> Result<Value> {
    match text::input(text, &SqlType::Boolean, &PlainContext::POSTGRES)? {
        Datum::Boolean(value) => Ok(Value::Boolean(value)),
        _ => Err(mismatch(&SqlType::Text, column)),
    }
}

fn number_of_text(text: &str, column: &Type) -> Result<Value> {
    match text::input(text, &of_carrier(column), &PlainContext::POSTGRES)? {
        Datum::Integer(value) => Ok(Value::Integer(value)),
        _ => Err(mismatch(&SqlType::Text, column)),
    }
}

fn mismatch(from: &SqlType, column: &Type) -> SqlError {
    let message = format!("a column of type {column} does not take a value of type {from}");
    SqlError::new("42804", message)
}
