//! Values from and to Rust's types, and the newtypes for those that Rust lacks.

use std::fmt;
use std::str::FromStr;

use bourse_storage::{Error, Result};

use super::{Type, Value, ValueRef};
use crate::datetime::{Date, Interval, Time, Timestamp, TimestampTz};
use crate::decimal::Decimal;
use crate::typed::ColumnValue;

/// A UUID: sixteen bytes, written as `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Uuid(pub [u8; 16]);

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromStr for Uuid {
    type Err = Error;

    /// Hexadecimal digits, with or without hyphens and braces, as PostgreSQL takes them.
    fn from_str(text: &str) -> Result<Uuid> {
        let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
        let mut digits = inner.chars().filter(|c| *c != '-').map(|c| c.to_digit(16));
        let mut next = || digits.next().flatten().and_then(|digit| u8::try_from(digit).ok());
        let mut bytes = [0; 16];
        let mut complete = true;
        for byte in &mut bytes {
            match (next(), next()) {
                (Some(high), Some(low)) => *byte = high << 4 | low,
                _ => complete = false,
            }
        }
        if !complete || digits.next().is_some() {
            let message = format!("invalid UUID: \"{text}\"");
            return Err(Error::invalid(message).with_sqlstate("22P02"));
        }
        Ok(Uuid(bytes))
    }
}

/// Text that is valid JSON.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Json(String);

impl Json {
    /// Text that was checked when it was stored.
    pub(crate) fn trusted(text: String) -> Json {
        Json(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a text is valid JSON.
    pub(crate) fn is_valid(text: &str) -> bool {
        super::json::validate(text).is_ok()
    }
}

impl From<Json> for String {
    fn from(json: Json) -> String {
        json.0
    }
}

impl Type {
    /// Whether a value is of the kind that rows and keys of this type hold; NULL always is.
    pub(crate) fn is_kind_of(self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (_, ValueRef::Null)
            | (Type::BigInt, ValueRef::Integer(_))
            | (Type::Double, ValueRef::Double(_))
            | (Type::Decimal { precision: 0, .. }, ValueRef::Decimal(_))
            | (Type::Text, ValueRef::Text(_))
            | (Type::Blob, ValueRef::Blob(_))
            | (Type::Boolean, ValueRef::Boolean(_))
            | (Type::Date, ValueRef::Date(_))
            | (Type::Timestamp { precision: 9 }, ValueRef::Timestamp(_))
            | (Type::TimestampTz { precision: 9 }, ValueRef::TimestampTz(_))
            | (Type::Interval, ValueRef::Interval(_))
            | (Type::Uuid, ValueRef::Uuid(_))
            | (Type::Json, ValueRef::Json(_)) => true,
            // The others have limits of their own.
            _ => false,
        }
    }

    /// The error for a value of another type than the column's.
    pub(crate) fn mismatch(self, value: ValueRef<'_>) -> Error {
        let kind = value.kind_name();
        Error::invalid(format!("a column of type {self} does not take a value of type {kind}"))
            .with_sqlstate("42804")
    }
}

macro_rules! value_from {
    ($($rust:ty, $value:ident => $expression:expr;)*) => {$(
        impl From<$rust> for Value {
            fn from($value: $rust) -> Value {
                $expression
            }
        }
    )*};
}

value_from! {
    bool, v => Value::Boolean(v);
    i16, v => Value::Integer(i64::from(v));
    i32, v => Value::Integer(i64::from(v));
    i64, v => Value::Integer(v);
    u32, v => Value::Integer(i64::from(v));
    f32, v => Value::Real(v);
    f64, v => Value::Double(v);
    Decimal, v => Value::Decimal(v);
    String, v => Value::Text(v);
    &str, v => Value::Text(v.to_owned());
    Vec<u8>, v => Value::Blob(v);
    &[u8], v => Value::Blob(v.to_owned());
    Date, v => Value::Date(v.0);
    Time, v => Value::Time(v.0);
    Timestamp, v => Value::Timestamp(v.0);
    TimestampTz, v => Value::TimestampTz(v.0);
    Interval, v => Value::Interval(v);
    Uuid, v => Value::Uuid(v.0);
    [u8; 16], v => Value::Uuid(v);
    Json, v => Value::Json(v.0);
    ValueRef<'_>, v => v.to_value();
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

macro_rules! try_from_value {
    ($($rust:ty),*) => {$(
        impl TryFrom<Value> for $rust {
            type Error = Error;

            fn try_from(value: Value) -> Result<$rust> {
                <$rust as ColumnValue>::from_value(value.as_value())
            }
        }
    )*};
}

try_from_value!(
    bool,
    i16,
    i32,
    i64,
    f32,
    f64,
    Decimal,
    String,
    Vec<u8>,
    [u8; 16],
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,
    Json
);
