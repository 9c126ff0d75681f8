//! A value with its kind, for places without a column type: ANY columns and definitions.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 1 | kind: 0 for NULL, else the type code that stands for it |
//! | 1 | rest | the value, little-endian; its length is known from outside |
//!
//! DECIMAL is its coefficient in 16 bytes, then one byte of scale; INTERVAL is months, days and
//! microseconds, 16 bytes as in rows.

use bourse_storage::{Error, Result};

use super::{TypeCode, ValueRef};
use crate::datetime::Interval;
use crate::decimal::Decimal;

/// Appends kind and value.
pub(crate) fn encode_tagged(value: ValueRef<'_>, out: &mut Vec<u8>) {
    let mut put = |code: TypeCode, bytes: &[u8]| {
        out.push(code as u8);
        out.extend_from_slice(bytes);
    };
    match value {
        ValueRef::Null => out.push(0),
        ValueRef::Boolean(v) => put(TypeCode::Boolean, &[u8::from(v)]),
        ValueRef::Integer(v) => put(TypeCode::BigInt, &v.to_le_bytes()),
        ValueRef::Real(v) => put(TypeCode::Real, &v.to_le_bytes()),
        ValueRef::Double(v) => put(TypeCode::Double, &v.to_le_bytes()),
        ValueRef::Decimal(v) => {
            put(TypeCode::Decimal, &v.coefficient().to_le_bytes());
            out.push(v.scale());
        }
        ValueRef::Text(v) => put(TypeCode::Text, v.as_bytes()),
        ValueRef::Blob(v) => put(TypeCode::Blob, v),
        ValueRef::Date(v) => put(TypeCode::Date, &v.to_le_bytes()),
        ValueRef::Time(v) => put(TypeCode::Time, &v.to_le_bytes()),
        ValueRef::Timestamp(v) => put(TypeCode::Timestamp, &v.to_le_bytes()),
        ValueRef::TimestampTz(v) => put(TypeCode::TimestampTz, &v.to_le_bytes()),
        ValueRef::Interval(v) => put(TypeCode::Interval, &v.to_bytes()),
        ValueRef::Uuid(v) => put(TypeCode::Uuid, &v),
        ValueRef::Json(v) => put(TypeCode::Json, v.as_bytes()),
    }
}

/// Reads what [`encode_tagged`] wrote; `bytes` is all of it.
pub(crate) fn decode_tagged(bytes: &[u8]) -> Result<ValueRef<'_>> {
    decode(bytes).ok_or_else(|| Error::corrupt("a tagged value has an invalid kind or length"))
}

fn decode(bytes: &[u8]) -> Option<ValueRef<'_>> {
    let (&kind, body) = bytes.split_first()?;
    if kind == 0 {
        return body.is_empty().then_some(ValueRef::Null);
    }
    Some(match TypeCode::from_byte(kind).ok()? {
        TypeCode::Boolean => match body {
            [0] => ValueRef::Boolean(false),
            [1] => ValueRef::Boolean(true),
            _ => return None,
        },
        TypeCode::BigInt => ValueRef::Integer(i64::from_le_bytes(body.try_into().ok()?)),
        TypeCode::Real => ValueRef::Real(f32::from_le_bytes(body.try_into().ok()?)),
        TypeCode::Double => ValueRef::Double(f64::from_le_bytes(body.try_into().ok()?)),
        TypeCode::Decimal => ValueRef::Decimal(decode_decimal(body)?),
        TypeCode::Text => ValueRef::Text(std::str::from_utf8(body).ok()?),
        TypeCode::Blob => ValueRef::Blob(body),
        TypeCode::Date => ValueRef::Date(i32::from_le_bytes(body.try_into().ok()?)),
        TypeCode::Time => ValueRef::Time(i64::from_le_bytes(body.try_into().ok()?)),
        TypeCode::Timestamp => ValueRef::Timestamp(i64::from_le_bytes(body.try_into().ok()?)),
        TypeCode::TimestampTz => ValueRef::TimestampTz(i64::from_le_bytes(body.try_into().ok()?)),
        TypeCode::Interval => ValueRef::Interval(Interval::from_bytes(body.try_into().ok()?)),
        TypeCode::Uuid => ValueRef::Uuid(body.try_into().ok()?),
        TypeCode::Json => ValueRef::Json(std::str::from_utf8(body).ok()?),
        _ => return None,
    })
}

fn decode_decimal(body: &[u8]) -> Option<Decimal> {
    let (&scale, coefficient) = body.split_last()?;
    Decimal::new(i128::from_le_bytes(coefficient.try_into().ok()?), scale).ok()
}
