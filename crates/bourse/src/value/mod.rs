//! Values: what a column of a row, a component of a key or a constant of a statement holds.
//!
//! [`Value`] owns its bytes, [`ValueRef`] borrows them from a row or a key and is `Copy`: reading
//! a column allocates nothing. Both have one variant for the three integer widths; the width is
//! the column's matter ([`Type`]), and [`Type::coerce`] is where a value is fitted to a column.
//!
//! # One order
//!
//! [`ValueRef::compare`] is a total order over all values, and it is the order of key bytes
//! (`crate::key`) within one column type:
//!
//! * NULL comes before everything.
//! * All numbers are one family and compare by exact value, whatever their representation:
//!   2^53 + 1 as an integer is greater than 2^53 as a double. -0.0 equals 0.0; NaN equals itself
//!   and comes after every other number.
//! * Texts compare under a [`Collation`], blobs by bytes; number < text < blob, as in SQLite.

use std::hash::{Hash, Hasher};

use crate::datetime::Interval;
use crate::decimal::Decimal;

mod coerce;
mod convert;
mod data_type;
mod json;
mod order;
mod tagged;
#[cfg(test)]
pub(crate) mod tests;

pub use convert::{Json, Uuid};
pub use data_type::{Collation, Type, TypeCode};
pub(crate) use order::{fold_double, fold_real};
pub(crate) use tagged::{decode_tagged, encode_tagged};

/// A value that owns its bytes.
#[derive(Clone, Default, Debug)]
pub enum Value {
    /// The unknown value.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// SMALLINT, INTEGER or BIGINT.
    Integer(i64),
    /// REAL, four bytes.
    Real(f32),
    /// DOUBLE, eight bytes.
    Double(f64),
    /// DECIMAL, exact to 38 digits.
    Decimal(Decimal),
    /// TEXT, UTF-8.
    Text(String),
    /// BLOB.
    Blob(Vec<u8>),
    /// DATE: days since 1970-01-01.
    Date(i32),
    /// TIME: nanoseconds since midnight.
    Time(i64),
    /// TIMESTAMP: nanoseconds since 1970-01-01 00:00:00 UTC.
    Timestamp(i64),
    /// TIMESTAMPTZ: the same.
    TimestampTz(i64),
    /// INTERVAL.
    Interval(Interval),
    /// UUID.
    Uuid([u8; 16]),
    /// JSON: valid JSON text, kept as it was given.
    Json(String),
}

/// A value whose bytes lie in a row, a key or a [`Value`].
#[derive(Clone, Copy, Default, Debug)]
pub enum ValueRef<'a> {
    /// The unknown value.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// SMALLINT, INTEGER or BIGINT.
    Integer(i64),
    /// REAL, four bytes.
    Real(f32),
    /// DOUBLE, eight bytes.
    Double(f64),
    /// DECIMAL, exact to 38 digits.
    Decimal(Decimal),
    /// TEXT, UTF-8.
    Text(&'a str),
    /// BLOB.
    Blob(&'a [u8]),
    /// DATE: days since 1970-01-01.
    Date(i32),
    /// TIME: nanoseconds since midnight.
    Time(i64),
    /// TIMESTAMP: nanoseconds since 1970-01-01 00:00:00 UTC.
    Timestamp(i64),
    /// TIMESTAMPTZ: the same.
    TimestampTz(i64),
    /// INTERVAL.
    Interval(Interval),
    /// UUID.
    Uuid([u8; 16]),
    /// JSON: valid JSON text, kept as it was given.
    Json(&'a str),
}

impl Value {
    /// The same value, borrowed.
    #[inline]
    pub fn as_value(&self) -> ValueRef<'_> {
        match self {
            Value::Null => ValueRef::Null,
            Value::Boolean(v) => ValueRef::Boolean(*v),
            Value::Integer(v) => ValueRef::Integer(*v),
            Value::Real(v) => ValueRef::Real(*v),
            Value::Double(v) => ValueRef::Double(*v),
            Value::Decimal(v) => ValueRef::Decimal(*v),
            Value::Text(v) => ValueRef::Text(v),
            Value::Blob(v) => ValueRef::Blob(v),
            Value::Date(v) => ValueRef::Date(*v),
            Value::Time(v) => ValueRef::Time(*v),
            Value::Timestamp(v) => ValueRef::Timestamp(*v),
            Value::TimestampTz(v) => ValueRef::TimestampTz(*v),
            Value::Interval(v) => ValueRef::Interval(*v),
            Value::Uuid(v) => ValueRef::Uuid(*v),
            Value::Json(v) => ValueRef::Json(v),
        }
    }

    /// Whether the value is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The total order of [`ValueRef::compare`].
    pub fn compare(&self, other: &Value, collation: Collation) -> std::cmp::Ordering {
        self.as_value().compare(other.as_value(), collation)
    }
}

impl ValueRef<'_> {
    /// The same value with its own bytes.
    pub fn to_value(self) -> Value {
        match self {
            ValueRef::Null => Value::Null,
            ValueRef::Boolean(v) => Value::Boolean(v),
            ValueRef::Integer(v) => Value::Integer(v),
            ValueRef::Real(v) => Value::Real(v),
            ValueRef::Double(v) => Value::Double(v),
            ValueRef::Decimal(v) => Value::Decimal(v),
            ValueRef::Text(v) => Value::Text(v.to_owned()),
            ValueRef::Blob(v) => Value::Blob(v.to_owned()),
            ValueRef::Date(v) => Value::Date(v),
            ValueRef::Time(v) => Value::Time(v),
            ValueRef::Timestamp(v) => Value::Timestamp(v),
            ValueRef::TimestampTz(v) => Value::TimestampTz(v),
            ValueRef::Interval(v) => Value::Interval(v),
            ValueRef::Uuid(v) => Value::Uuid(v),
            ValueRef::Json(v) => Value::Json(v.to_owned()),
        }
    }

    /// Whether the value is NULL.
    #[inline]
    pub fn is_null(self) -> bool {
        matches!(self, ValueRef::Null)
    }

    /// The name of the value's kind, for messages.
    pub fn kind_name(self) -> &'static str {
        match self {
            ValueRef::Null => "NULL",
            ValueRef::Boolean(_) => "BOOLEAN",
            ValueRef::Integer(_) => "INTEGER",
            ValueRef::Real(_) => "REAL",
            ValueRef::Double(_) => "DOUBLE",
            ValueRef::Decimal(_) => "DECIMAL",
            ValueRef::Text(_) => "TEXT",
            ValueRef::Blob(_) => "BLOB",
            ValueRef::Date(_) => "DATE",
            ValueRef::Time(_) => "TIME",
            ValueRef::Timestamp(_) => "TIMESTAMP",
            ValueRef::TimestampTz(_) => "TIMESTAMPTZ",
            ValueRef::Interval(_) => "INTERVAL",
            ValueRef::Uuid(_) => "UUID",
            ValueRef::Json(_) => "JSON",
        }
    }
}

/// Same kind and equal under BINARY collation; NaN equals NaN. `Integer(1)` is not `Double(1.0)`
/// here: use [`ValueRef::compare`] for SQL's question.
impl PartialEq for ValueRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.compare(*other, Collation::Binary).is_eq()
    }
}

impl Eq for ValueRef<'_> {}

impl Hash for ValueRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            ValueRef::Null => {}
            ValueRef::Boolean(v) => v.hash(state),
            ValueRef::Integer(v)
            | ValueRef::Time(v)
            | ValueRef::Timestamp(v)
            | ValueRef::TimestampTz(v) => v.hash(state),
            ValueRef::Interval(v) => v.hash(state),
            ValueRef::Real(v) => fold_real(*v).to_bits().hash(state),
            ValueRef::Double(v) => fold_double(*v).to_bits().hash(state),
            ValueRef::Decimal(v) => v.hash(state),
            ValueRef::Text(v) | ValueRef::Json(v) => v.hash(state),
            ValueRef::Blob(v) => v.hash(state),
            ValueRef::Date(v) => v.hash(state),
            ValueRef::Uuid(v) => v.hash(state),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.as_value() == other.as_value()
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_value().hash(state);
    }
}
