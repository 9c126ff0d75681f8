//! Values as bytes, for files that their writer reads again. A value says what it is:
//!
//! | TAG | VALUE | BYTES BEHIND THE TAG |
//! |---|---|---|
//! | 0 | NULL | |
//! | 1, 2 | false, true | |
//! | 3 | integer | zigzag varint |
//! | 4, 5 | real, double | 4 or 8: their bits |
//! | 6, 7, 8 | numeric NaN, infinity, -infinity | |
//! | 9 | numeric, short | scale (varint), coefficient (zigzag varint) |
//! | 10 | numeric, long | scale (varint), length (varint), coefficient (two's complement) |
//! | 11, 12, 13 | text, bytea, json | length (varint), bytes |
//! | 14 | date | zigzag varint |
//! | 15 | time | zigzag varint |
//! | 16, 17 | timestamp, timestamptz | microseconds (zigzag varint), nanoseconds (varint) |
//! | 18 | interval | months, days, microseconds (zigzag varints) |
//! | 19 | uuid | 16 |
//! | 20 | array | number of dimensions, length (varint) and bound (zigzag) of each, a list |
//! | 21 | record | a list |
//!
//! Fixed numbers are little-endian. A list is the number of its values and the values.

use std::sync::Arc;

use ecow::EcoString;
use num_bigint::BigInt;

use crate::datum::{Array, Datum, Instant, Interval, Numeric};
use crate::error::{Result, SqlError};

fn varint(mut value: u64, into: &mut Vec<u8>) {
    while value >= 0x80 {
        into.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    into.push((value & 0x7f) as u8);
}

fn zigzag(value: i64, into: &mut Vec<u8>) {
    varint((value << 1 ^ value >> 63).cast_unsigned(), into);
}

fn bytes(tag: u8, value: &[u8], into: &mut Vec<u8>) {
    into.push(tag);
    varint(value.len() as u64, into);
    into.extend_from_slice(value);
}

fn instant(tag: u8, value: Instant, into: &mut Vec<u8>) {
    into.push(tag);
    zigzag(value.micros, into);
    varint(u64::from(value.nanos), into);
}

fn numeric(value: &Numeric, into: &mut Vec<u8>) {
    if let Some((coefficient, scale)) = value.short() {
        into.push(9);
        varint(u64::from(scale), into);
        return zigzag(coefficient, into);
    }
    if value.is_nan() {
        return into.push(6);
    }
    if !value.is_finite() {
        return into.push(if value.signum() > 0 { 7 } else { 8 });
    }
    into.push(10);
    varint(u64::from(value.scale()), into);
    let coefficient = value.coefficient().to_signed_bytes_le();
    varint(coefficient.len() as u64, into);
    into.extend_from_slice(&coefficient);
}

/// Appends a value.
pub(crate) fn encode(value: &Datum, into: &mut Vec<u8>) {
    match value {
        Datum::Null => into.push(0),
        Datum::Boolean(value) => into.push(1 + u8::from(*value)),
        Datum::Integer(value) => {
            into.push(3);
            zigzag(*value, into);
        }
        Datum::Real(value) => {
            into.push(4);
            into.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        Datum::Double(value) => {
            into.push(5);
            into.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        Datum::Numeric(value) => numeric(value, into),
        Datum::Text(text) => bytes(11, text.as_bytes(), into),
        Datum::Bytes(value) => bytes(12, value, into),
        Datum::Json(text) => bytes(13, text.as_bytes(), into),
        Datum::Date(value) => {
            into.push(14);
            zigzag(i64::from(*value), into);
        }
        Datum::Time(value) => {
            into.push(15);
            zigzag(*value, into);
        }
        Datum::Timestamp(value) => instant(16, *value, into),
        Datum::TimestampTz(value) => instant(17, *value, into),
        Datum::Interval(value) => {
            into.push(18);
            zigzag(i64::from(value.months), into);
            zigzag(i64::from(value.days), into);
            zigzag(value.micros, into);
        }
        Datum::Uuid(value) => {
            into.push(19);
            into.extend_from_slice(&value[..]);
        }
        Datum::Array(array) => {
            into.push(20);
            varint(array.dimensions.len() as u64, into);
            for (length, bound) in &array.dimensions {
                varint(*length as u64, into);
                zigzag(i64::from(*bound), into);
            }
            list(&array.elements, into);
        }
        Datum::Record(fields) => {
            into.push(21);
            list(fields, into);
        }
    }
}

fn list(values: &[Datum], into: &mut Vec<u8>) {
    varint(values.len() as u64, into);
    values.iter().for_each(|value| encode(value, into));
}

/// Bytes that are read as values, from the front.
pub(crate) struct Reading<'b>(pub(crate) &'b [u8]);

/// Why bytes whose checksum is right are no value: it is a bug, and never a wrong row (D1).
#[cold]
fn damaged() -> SqlError {
    SqlError::new("XX001", "a row in a temporary file is not one that was written")
}

impl<'b> Reading<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| damaged())
    }

    fn varint(&mut self) -> Result<u64> {
        let mut value = 0;
        for shift in (0..70).step_by(7) {
            let [byte] = self.fixed()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).ok_or_else(damaged)?;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(damaged())
    }

    fn zigzag(&mut self) -> Result<i64> {
        let value = self.varint()?;
        Ok((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }

    fn number<T: TryFrom<u64>>(&mut self) -> Result<T> {
        T::try_from(self.varint()?).map_err(|_| damaged())
    }

    fn signed<T: TryFrom<i64>>(&mut self) -> Result<T> {
        T::try_from(self.zigzag()?).map_err(|_| damaged())
    }

    fn bytes(&mut self) -> Result<&'b [u8]> {
        let length = self.number()?;
        self.take(length)
    }

    fn text(&mut self) -> Result<EcoString> {
        let text = std::str::from_utf8(self.bytes()?).map_err(|_| damaged())?;
        Ok(EcoString::from(text))
    }

    fn instant(&mut self) -> Result<Instant> {
        Ok(Instant { micros: self.zigzag()?, nanos: self.number()? })
    }

    fn list(&mut self) -> Result<Vec<Datum>> {
        let count: usize = self.number()?;
        // Each value has a byte at least.
        if count > self.0.len() {
            return Err(damaged());
        }
        (0..count).map(|_| self.value()).collect()
    }

    /// The next value.
    pub(crate) fn value(&mut self) -> Result<Datum> {
        let [tag] = self.fixed()?;
        Ok(match tag {
            0 => Datum::Null,
            1 | 2 => Datum::Boolean(tag == 2),
            3 => Datum::Integer(self.zigzag()?),
            4 => Datum::Real(f32::from_bits(u32::from_le_bytes(self.fixed()?))),
            5 => Datum::Double(f64::from_bits(u64::from_le_bytes(self.fixed()?))),
            6 => Datum::Numeric(Numeric::NAN),
            7 => Datum::Numeric(Numeric::INFINITY),
            8 => Datum::Numeric(Numeric::NEGATIVE_INFINITY),
            9 => {
                let scale = self.number()?;
                Datum::Numeric(Numeric::new(i128::from(self.zigzag()?), scale))
            }
            10 => {
                let scale: u16 = self.number()?;
                let coefficient = BigInt::from_signed_bytes_le(self.bytes()?);
                Datum::Numeric(Numeric::from_big(coefficient, u32::from(scale))?)
            }
            11 => Datum::Text(self.text()?),
            12 => Datum::bytes(self.bytes()?),
            13 => Datum::Json(self.text()?),
            14 => Datum::Date(self.signed()?),
            15 => Datum::Time(self.zigzag()?),
            16 => Datum::Timestamp(self.instant()?),
            17 => Datum::TimestampTz(self.instant()?),
            18 => Datum::Interval(Arc::new(Interval {
                months: self.signed()?,
                days: self.signed()?,
                micros: self.zigzag()?,
            })),
            19 => Datum::Uuid(Arc::new(self.fixed()?)),
            20 => {
                let count: usize = self.number()?;
                let dimensions: Result<Vec<(usize, i32)>> =
                    (0..count).map(|_| Ok((self.number()?, self.signed()?))).collect();
                let (dimensions, elements) = (dimensions?, self.list()?);
                Datum::Array(Arc::new(Array { dimensions, elements }))
            }
            21 => Datum::Record(self.list()?.into()),
            _ => return Err(damaged()),
        })
    }
}
