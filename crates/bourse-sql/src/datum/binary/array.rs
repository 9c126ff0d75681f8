//! Arrays and rows in binary form.

use super::{decode_binary, encode_binary, exactly, excess, insufficient};
use crate::datum::{Array, Datum};
use crate::error::{Result, SqlError};
use crate::types::SqlType;

/// Dimensions that an array can have.
const DIMENSIONS_MAX: usize = 6;

/// The length that stands for NULL.
const NULL: i32 = -1;

/// The number of a type in the bytes of an array or a row. A type that is not PostgreSQL's own is
/// told as `text`: the bytes of its values are those of texts.
fn oid(ty: &SqlType) -> u32 {
    ty.builtin_oid().or_else(|| SqlType::Text.builtin_oid()).unwrap_or(0)
}

pub(super) fn encode(array: &Array, element: &SqlType, out: &mut Vec<u8>) -> Result<()> {
    let has_null = array.elements.iter().any(Datum::is_null);
    out.extend_from_slice(&length(array.dimensions.len())?.to_be_bytes());
    out.extend_from_slice(&i32::from(has_null).to_be_bytes());
    out.extend_from_slice(&oid(element).to_be_bytes());
    for (elements, lower) in &array.dimensions {
        out.extend_from_slice(&length(*elements)?.to_be_bytes());
        out.extend_from_slice(&lower.to_be_bytes());
    }
    array.elements.iter().try_for_each(|value| encode_sized(value, element, out))
}

pub(super) fn encode_record(
    fields: &[Datum],
    columns: &[(String, SqlType)],
    out: &mut Vec<u8>,
) -> Result<()> {
    out.extend_from_slice(&length(columns.len())?.to_be_bytes());
    for (value, (_, ty)) in fields.iter().zip(columns) {
        out.extend_from_slice(&oid(ty).to_be_bytes());
        encode_sized(value, ty, out)?;
    }
    Ok(())
}

/// A value behind its length, as COPY has it too.
pub(crate) fn encode_sized(value: &Datum, ty: &SqlType, out: &mut Vec<u8>) -> Result<()> {
    if value.is_null() {
        out.extend_from_slice(&NULL.to_be_bytes());
        return Ok(());
    }
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    encode_binary(value, ty, out)?;
    let written = length(out.len() - at - 4)?;
    out[at..at + 4].copy_from_slice(&written.to_be_bytes());
    Ok(())
}

pub(super) fn decode(mut bytes: &[u8], element: &SqlType) -> Result<Datum> {
    let count = take_i32(&mut bytes)?;
    let count = usize::try_from(count).ok().filter(|count| *count <= DIMENSIONS_MAX);
    let count = count.ok_or_else(|| {
        let message = "number of array dimensions exceeds the maximum allowed (6)";
        SqlError::new("54000", message)
    })?;
    if !matches!(take_i32(&mut bytes)?, 0 | 1) {
        return Err(SqlError::new("22P03", "invalid array flags"));
    }
    check_type(take(&mut bytes)?, element)?;
    let mut dimensions = Vec::with_capacity(count);
    let mut total = 1_usize;
    for _ in 0..count {
        let (elements, lower) = (take_i32(&mut bytes)?, take_i32(&mut bytes)?);
        let elements = usize::try_from(elements).map_err(|_| excess())?;
        total = total.checked_mul(elements).ok_or_else(excess)?;
        dimensions.push((elements, lower));
    }
    if count == 0 || total == 0 {
        return Ok(Datum::list(Vec::new()));
    }
    if bytes.len() < total.saturating_mul(4) {
        return Err(insufficient()); // each element has a length, at least
    }
    let mut elements = Vec::with_capacity(total);
    for _ in 0..total {
        elements.push(decode_sized(&mut bytes, element)?);
    }
    if !bytes.is_empty() {
        return Err(excess());
    }
    Ok(Datum::Array(Array { dimensions, elements }.into()))
}

pub(super) fn decode_record(mut bytes: &[u8], columns: &[(String, SqlType)]) -> Result<Datum> {
    let count = take_i32(&mut bytes)?;
    if usize::try_from(count).ok() != Some(columns.len()) {
        let message = format!("wrong number of columns: {count}, expected {}", columns.len());
        return Err(SqlError::new("42804", message));
    }
    let mut fields = Vec::with_capacity(columns.len());
    for (_, ty) in columns {
        check_type(take(&mut bytes)?, ty)?;
        fields.push(decode_sized(&mut bytes, ty)?);
    }
    if !bytes.is_empty() {
        return Err(excess());
    }
    Ok(Datum::Record(fields.into()))
}

fn decode_sized(bytes: &mut &[u8], ty: &SqlType) -> Result<Datum> {
    let length = take_i32(bytes)?;
    if length == NULL {
        return Ok(Datum::Null);
    }
    let length = usize::try_from(length).ok().filter(|length| *length <= bytes.len());
    let (value, rest) = bytes.split_at(length.ok_or_else(insufficient)?);
    *bytes = rest;
    decode_binary(value, ty)
}

/// Refuses a type's number that is another type's. Numbers of types that are not PostgreSQL's own
/// are the catalog's, and are not looked at.
fn check_type(found: [u8; 4], expected: &SqlType) -> Result<()> {
    let found = u32::from_be_bytes(found);
    match expected.builtin_oid() {
        Some(oid) if oid != found && !matches!(expected, SqlType::Unknown | SqlType::Any) => {
            let message = format!(
                "binary data has array element type {found} instead of expected {oid} ({})",
                expected.name_without_modifier()
            );
            Err(SqlError::new("42804", message))
        }
        _ => Ok(()),
    }
}

fn take(bytes: &mut &[u8]) -> Result<[u8; 4]> {
    let (first, rest) = bytes.split_at_checked(4).ok_or_else(insufficient)?;
    *bytes = rest;
    exactly(first)
}

fn take_i32(bytes: &mut &[u8]) -> Result<i32> {
    take(bytes).map(i32::from_be_bytes)
}

fn length(count: usize) -> Result<i32> {
    i32::try_from(count).map_err(|_| SqlError::new("54000", "a value is longer than 2 GiB"))
}
