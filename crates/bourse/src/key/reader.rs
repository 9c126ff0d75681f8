//! Key bytes back to values, so that an index answers without its rows.

use bourse_storage::{Error, Result};

use super::encode::{ANY_BLOB, ANY_NULL, ANY_NUMBER, ANY_TEXT, real_from_ordered};
use super::{KeyColumn, number};
use crate::decimal::Decimal;
use crate::value::{Type, Value, ValueRef};

/// Reads a key component by component.
#[derive(Clone, Debug)]
pub struct KeyReader<'a> {
    columns: &'a [KeyColumn],
    bytes: &'a [u8],
}

impl<'a> KeyReader<'a> {
    /// Begins at the front of a key of these columns; the key may be a prefix.
    pub fn new(columns: &'a [KeyColumn], bytes: &'a [u8]) -> KeyReader<'a> {
        KeyReader { columns, bytes }
    }

    /// The bytes that are not read yet.
    pub fn remaining(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether all of the key is read.
    pub fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next component's value with its own bytes.
    ///
    /// # Errors
    /// As [`KeyReader::next_ref`].
    pub fn next_value(&mut self) -> Result<Value> {
        let mut buffer = Vec::new();
        self.next_ref(&mut buffer).map(ValueRef::to_value)
    }

    /// The next component's value. Bytes that lie in the key as they are (ascending, nothing
    /// escaped) are borrowed from it, others are put into `buffer`.
    ///
    /// # Errors
    /// `Corrupt` when the bytes are not a key of these columns.
    ///
    /// # Panics
    /// When the column is not [lossless](KeyColumn::is_lossless): its value is in the row only.
    pub fn next_ref<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<ValueRef<'b>>
    where
        'a: 'b,
    {
        let (column, component) = self.next_component()?;
        assert!(column.is_lossless(), "a value was asked of a key that does not keep it");
        decode(column, component, buffer).ok_or_else(corrupt)
    }

    /// Steps over the next component and gives its bytes.
    ///
    /// # Errors
    /// `Corrupt` when the bytes are not a key of these columns.
    pub fn skip(&mut self) -> Result<&'a [u8]> {
        self.next_component().map(|(_, component)| component)
    }

    /// Steps over the next component and gives its value, if it is the only one and the column an
    /// ascending BIGINT that is never NULL: the primary key of most tables.
    #[inline]
    pub(crate) fn take_plain_bigint(&mut self) -> Option<i64> {
        let [column] = self.columns else { return None };
        if !column.is_plain_bigint() {
            return None;
        }
        let bytes: [u8; 8] = self.bytes.try_into().ok()?;
        (self.columns, self.bytes) = (&[], &[]);
        Some(i64::from_be_bytes(bytes) ^ i64::MIN)
    }

    fn next_component(&mut self) -> Result<(&'a KeyColumn, &'a [u8])> {
        let (column, columns) = self.columns.split_first().ok_or_else(corrupt)?;
        let length = length(column, self.bytes).ok_or_else(corrupt)?;
        let (component, rest) = self.bytes.split_at_checked(length).ok_or_else(corrupt)?;
        (self.columns, self.bytes) = (columns, rest);
        Ok((column, component))
    }
}

/// What descending columns are XORed with.
fn flip_of(column: &KeyColumn) -> u8 {
    if column.descending { 0xFF } else { 0 }
}

/// Bytes of the component that `bytes` begins with.
fn length(column: &KeyColumn, bytes: &[u8]) -> Option<usize> {
    let flip = flip_of(column);
    let tag = bytes.first()? ^ flip;
    if column.data_type == Type::Any {
        return match tag {
            ANY_NULL => Some(1),
            ANY_NUMBER => Some(11),
            ANY_TEXT | ANY_BLOB => escaped_length(&bytes[1..], flip).map(|length| length + 1),
            _ => None,
        };
    }
    let tag_bytes = usize::from(column.nullable);
    if column.nullable && tag == 0 {
        return Some(1);
    }
    if column.nullable && tag != 1 {
        return None;
    }
    if let Some(width) = column.width() {
        return Some(width);
    }
    let body = &bytes[tag_bytes..];
    let length = match column.data_type {
        Type::Decimal { .. } => number::decimal_length(body, flip)?,
        _ => escaped_length(body, flip)?,
    };
    Some(tag_bytes + length)
}

/// Bytes of an escaped string with its terminator.
fn escaped_length(bytes: &[u8], flip: u8) -> Option<usize> {
    let mut at = 0;
    loop {
        at += position(bytes.get(at..)?, flip)?;
        match bytes.get(at + 1)? ^ flip {
            0 => return Some(at + 2),
            0xFF => at += 2,
            _ => return None,
        }
    }
}

/// Where `wanted`, 0 or 0xFF, first stands, looking at eight bytes at a time.
#[inline]
fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xFF;
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let zeros = u64::from_le_bytes(*word) ^ (ONES * u64::from(wanted));
        // The lowest bit set is that of the first byte that is zero; higher ones may be wrong.
        let found = zeros.wrapping_sub(ONES) & !zeros & (ONES << 7);
        if found != 0 {
            return Some(number * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|byte| *byte == wanted)?;
    Some(words.len() * 8 + at)
}

fn decode<'b>(
    column: &KeyColumn,
    component: &'b [u8],
    buffer: &'b mut Vec<u8>,
) -> Option<ValueRef<'b>> {
    let body = &component[usize::from(column.nullable)..];
    if column.nullable && body.is_empty() {
        return Some(ValueRef::Null);
    }
    let flip = flip_of(column);
    Some(match column.data_type {
        Type::Boolean => match fixed::<1>(body, flip)? {
            [0] => ValueRef::Boolean(false),
            [1] => ValueRef::Boolean(true),
            _ => return None,
        },
        Type::SmallInt => {
            ValueRef::Integer((i16::from_be_bytes(fixed(body, flip)?) ^ i16::MIN).into())
        }
        Type::Integer => ValueRef::Integer(decode_i32(body, flip)?.into()),
        Type::Date => ValueRef::Date(decode_i32(body, flip)?),
        Type::BigInt => ValueRef::Integer(decode_i64(body, flip)?),
        Type::Time { .. } => ValueRef::Time(decode_i64(body, flip)?),
        Type::Timestamp { .. } => ValueRef::Timestamp(decode_i64(body, flip)?),
        Type::TimestampTz { .. } => ValueRef::TimestampTz(decode_i64(body, flip)?),
        Type::Real => ValueRef::Real(real_from_ordered(fixed(body, flip)?)),
        Type::Double => ValueRef::Double(number::double_from_ordered(fixed(body, flip)?)),
        Type::Decimal { precision, scale } => {
            let coefficient = if precision <= 18 {
                decode_i64(body, flip)?.into()
            } else {
                i128::from_be_bytes(fixed(body, flip)?) ^ i128::MIN
            };
            ValueRef::Decimal(Decimal::new(coefficient, scale).ok()?)
        }
        Type::Uuid => ValueRef::Uuid(fixed(body, flip)?),
        Type::Text => ValueRef::Text(std::str::from_utf8(unescape(body, flip, buffer)?).ok()?),
        Type::Json => ValueRef::Json(std::str::from_utf8(unescape(body, flip, buffer)?).ok()?),
        Type::Blob => ValueRef::Blob(unescape(body, flip, buffer)?),
        Type::Any | Type::Interval => return None,
    })
}

fn decode_i32(body: &[u8], flip: u8) -> Option<i32> {
    Some(i32::from_be_bytes(fixed(body, flip)?) ^ i32::MIN)
}

fn decode_i64(body: &[u8], flip: u8) -> Option<i64> {
    Some(i64::from_be_bytes(fixed(body, flip)?) ^ i64::MIN)
}

fn fixed<const WIDTH: usize>(body: &[u8], flip: u8) -> Option<[u8; WIDTH]> {
    let bytes: [u8; WIDTH] = body.try_into().ok()?;
    Some(bytes.map(|byte| byte ^ flip))
}

/// The string in its escaped form, whose structure [`escaped_length`] has checked.
fn unescape<'b>(body: &'b [u8], flip: u8, buffer: &'b mut Vec<u8>) -> Option<&'b [u8]> {
    let mut escaped = body.get(..body.len().checked_sub(2)?)?;
    if flip == 0 && !escaped.contains(&0) {
        return Some(escaped);
    }
    buffer.clear();
    while let Some(zero) = position(escaped, flip) {
        buffer.extend_from_slice(&escaped[..=zero]);
        escaped = escaped.get(zero + 2..)?;
    }
    buffer.extend_from_slice(escaped);
    for byte in buffer.iter_mut() {
        *byte ^= flip;
    }
    Some(buffer)
}

#[cold]
fn corrupt() -> Error {
    Error::corrupt("key bytes do not fit the columns of their index")
}
