//! Values to key bytes.

use bourse_storage::{Error, Result};

use super::{KeyColumn, null_refused, number};
use crate::value::{Collation, Type, ValueRef, fold_real};

/// Appends one component to a key.
///
/// # Errors
/// As [`super::encode_key`]; `out` then ends with part of the component, to be cut off.
#[inline]
pub fn encode_component(column: &KeyColumn, value: ValueRef<'_>, out: &mut Vec<u8>) -> Result<()> {
    let start = out.len();
    if column.data_type == Type::Any {
        if value.is_null() && !column.nullable {
            return Err(null_refused());
        }
        encode_any(column, value, out)?;
    } else if value.is_null() {
        if !column.nullable {
            return Err(null_refused());
        }
        out.push(0);
    } else {
        if column.nullable {
            out.push(1);
        }
        encode_value(column, value, out)?;
    }
    if column.descending {
        for byte in &mut out[start..] {
            *byte = !*byte;
        }
    }
    Ok(())
}

#[inline]
fn encode_value(column: &KeyColumn, value: ValueRef<'_>, out: &mut Vec<u8>) -> Result<()> {
    let data_type = column.data_type;
    match (data_type, value) {
        (Type::BigInt, ValueRef::Integer(v))
        | (Type::Timestamp { .. }, ValueRef::Timestamp(v))
        | (Type::TimestampTz { .. }, ValueRef::TimestampTz(v))
        | (Type::Time { .. }, ValueRef::Time(v)) => {
            out.extend_from_slice(&(v ^ i64::MIN).to_be_bytes());
        }
        (Type::Integer, ValueRef::Integer(v)) => {
            let v = i32::try_from(v).map_err(|_| out_of_range(data_type))?;
            out.extend_from_slice(&(v ^ i32::MIN).to_be_bytes());
        }
        (Type::SmallInt, ValueRef::Integer(v)) => {
            let v = i16::try_from(v).map_err(|_| out_of_range(data_type))?;
            out.extend_from_slice(&(v ^ i16::MIN).to_be_bytes());
        }
        (Type::Date, ValueRef::Date(v)) => {
            out.extend_from_slice(&(v ^ i32::MIN).to_be_bytes());
        }
        (Type::Double, ValueRef::Double(v)) => out.extend_from_slice(&number::ordered_double(v)),
        (Type::Real, ValueRef::Real(v)) => out.extend_from_slice(&ordered_real(v)),
        (Type::Boolean, ValueRef::Boolean(v)) => out.push(u8::from(v)),
        (Type::Interval, ValueRef::Interval(v)) => {
            out.extend_from_slice(&(v.length() ^ i128::MIN).to_be_bytes());
        }
        (Type::Uuid, ValueRef::Uuid(v)) => out.extend_from_slice(&v),
        (Type::Text, ValueRef::Text(v)) => encode_text(column.collation, v, out),
        (Type::Blob, ValueRef::Blob(v)) => encode_bytes(v, out),
        (Type::Json, ValueRef::Json(v)) => encode_bytes(v.as_bytes(), out),
        (Type::Decimal { precision: 0, .. }, ValueRef::Decimal(v)) => {
            number::encode_decimal(v, out);
        }
        (Type::Decimal { precision, scale }, ValueRef::Decimal(v)) => {
            let exact = v.rescale_exact(scale).ok_or_else(|| out_of_range(data_type))?;
            let coefficient = exact.coefficient();
            if precision <= 18 {
                let v = i64::try_from(coefficient).map_err(|_| out_of_range(data_type))?;
                out.extend_from_slice(&(v ^ i64::MIN).to_be_bytes());
            } else {
                out.extend_from_slice(&(coefficient ^ i128::MIN).to_be_bytes());
            }
        }
        (data_type, v) => return Err(data_type.mismatch(v)),
    }
    Ok(())
}

/// Kinds of ANY, in their order.
pub(super) const ANY_NULL: u8 = 0;
pub(super) const ANY_NUMBER: u8 = 1;
pub(super) const ANY_TEXT: u8 = 2;
pub(super) const ANY_BLOB: u8 = 3;

fn encode_any(column: &KeyColumn, value: ValueRef<'_>, out: &mut Vec<u8>) -> Result<()> {
    match value {
        ValueRef::Null => out.push(ANY_NULL),
        ValueRef::Integer(v) => {
            out.push(ANY_NUMBER);
            out.extend_from_slice(&number::ordered_integer(v));
        }
        ValueRef::Double(v) => {
            out.push(ANY_NUMBER);
            out.extend_from_slice(&number::ordered_double(v));
            out.extend_from_slice(&[0, 0]);
        }
        ValueRef::Text(v) => {
            out.push(ANY_TEXT);
            encode_text(column.collation, v, out);
        }
        ValueRef::Blob(v) => {
            out.push(ANY_BLOB);
            encode_bytes(v, out);
        }
        other => return Err(Type::Any.mismatch(other)),
    }
    Ok(())
}

fn encode_text(collation: Collation, text: &str, out: &mut Vec<u8>) {
    match collation {
        Collation::Binary => encode_bytes(text.as_bytes(), out),
        Collation::RTrim => encode_bytes(text.trim_end_matches(' ').as_bytes(), out),
        Collation::NoCase => {
            let start = out.len();
            encode_bytes(text.as_bytes(), out);
            // Neither escapes nor the terminator hold a letter, so they may be folded too.
            out[start..].make_ascii_lowercase();
        }
    }
}

fn encode_bytes(mut bytes: &[u8], out: &mut Vec<u8>) {
    // `contains` looks at a word at a time, and zeros are rare.
    while bytes.contains(&0)
        && let Some(zero) = bytes.iter().position(|byte| *byte == 0)
    {
        out.extend_from_slice(&bytes[..=zero]);
        out.push(0xFF);
        bytes = &bytes[zero + 1..];
    }
    out.extend_from_slice(bytes);
    out.extend_from_slice(&[0, 0]);
}

fn ordered_real(value: f32) -> [u8; 4] {
    let bits = fold_real(value).to_bits();
    let ordered = if bits >> 31 == 0 { bits ^ (1 << 31) } else { !bits };
    ordered.to_be_bytes()
}

/// The real of [`ordered_real`].
pub(super) fn real_from_ordered(bytes: [u8; 4]) -> f32 {
    let ordered = u32::from_be_bytes(bytes);
    let bits = if ordered >> 31 == 1 { ordered ^ (1 << 31) } else { !ordered };
    fold_real(f32::from_bits(bits))
}

#[cold]
fn out_of_range(data_type: Type) -> Error {
    Error::invalid(format!("key value out of range for type {data_type}")).with_sqlstate("22003")
}
