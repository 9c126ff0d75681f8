//! Values in PostgreSQL's binary form: what its types' send functions send and their receive
//! functions take. The same bytes are in `COPY ... (FORMAT binary)` and in the protocol's binary
//! parameters and results.

use ecow::EcoString;

use super::{Datum, Instant, Interval, Numeric};
use crate::error::{Result, SqlError};
use crate::function::PlainContext;
use crate::types::SqlType;

mod array;
#[cfg(test)]
mod tests;

pub(crate) use array::encode_sized;

/// Days, and microseconds, from 1970 to 2000, from which PostgreSQL counts.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROS: i64 = 10_957 * Interval::DAY_MICROS;

/// Before the text of a `jsonb`.
const JSONB_VERSION: u8 = 1;

/// Appends the bytes of a value of a type, which is not NULL: that has no bytes, and each protocol
/// tells it in its own way.
///
/// # Errors
/// 22008 for a time that PostgreSQL's bytes cannot tell, XX000 for a value that is not of the type.
pub fn encode_binary(value: &Datum, ty: &SqlType, out: &mut Vec<u8>) -> Result<()> {
    match (value, ty) {
        (_, SqlType::Unknown | SqlType::Any) => {
            let text = super::output_plain(value, &PlainContext::POSTGRES)?;
            out.extend_from_slice(text.as_bytes());
        }
        (_, SqlType::Void) => {}
        (Datum::Boolean(value), _) => out.push(u8::from(*value)),
        (Datum::Integer(value), _) => encode_integer(*value, ty, out)?,
        (Datum::Real(value), SqlType::Double) => {
            out.extend_from_slice(&f64::from(*value).to_be_bytes());
        }
        (Datum::Real(value), _) => out.extend_from_slice(&value.to_be_bytes()),
        (Datum::Double(value), _) => out.extend_from_slice(&value.to_be_bytes()),
        (Datum::Numeric(value), _) => value.write_binary(out),
        (Datum::Json(text), SqlType::Jsonb) => {
            out.push(JSONB_VERSION);
            out.extend_from_slice(text.as_bytes());
        }
        (Datum::Text(text) | Datum::Json(text), _) => out.extend_from_slice(text.as_bytes()),
        (Datum::Bytes(bytes), _) => out.extend_from_slice(bytes),
        (Datum::Uuid(bytes), _) => out.extend_from_slice(&bytes[..]),
        (Datum::Date(days), _) => out.extend_from_slice(&since_epoch(*days)?.to_be_bytes()),
        (Datum::Time(nanoseconds), _) => {
            out.extend_from_slice(&((nanoseconds + 500) / 1_000).to_be_bytes());
        }
        (Datum::Timestamp(instant) | Datum::TimestampTz(instant), _) => {
            out.extend_from_slice(&micros_since_epoch(*instant)?.to_be_bytes());
        }
        (Datum::Interval(interval), _) => {
            out.extend_from_slice(&interval.micros.to_be_bytes());
            out.extend_from_slice(&interval.days.to_be_bytes());
            out.extend_from_slice(&interval.months.to_be_bytes());
        }
        (Datum::Array(array), SqlType::Array(element) | SqlType::Vector(element)) => {
            array::encode(array, element, out)?;
        }
        (Datum::Record(fields), SqlType::Record(columns)) => {
            array::encode_record(fields, columns, out)?;
        }
        (Datum::Null | Datum::Array(_) | Datum::Record(_), _) => return Err(mismatch(value, ty)),
    }
    Ok(())
}

/// The value of a type that bytes stand for.
///
/// # Errors
/// 22P03 for bytes that are none, 08P01 for too few of them, 22021 for texts that are no UTF-8, and
/// what the type refuses (22001, 22003, 22P02, ...).
pub fn decode_binary(bytes: &[u8], ty: &SqlType) -> Result<Datum> {
    Ok(match ty {
        SqlType::Boolean => {
            let [value] = exactly(bytes)?;
            Datum::Boolean(value != 0)
        }
        SqlType::SmallInt => Datum::Integer(i16::from_be_bytes(exactly(bytes)?).into()),
        SqlType::Integer => Datum::Integer(i32::from_be_bytes(exactly(bytes)?).into()),
        SqlType::BigInt => Datum::Integer(i64::from_be_bytes(exactly(bytes)?)),
        SqlType::Oid(_) => Datum::Integer(u32::from_be_bytes(exactly(bytes)?).into()),
        SqlType::Real => Datum::Real(f32::from_be_bytes(exactly(bytes)?)),
        SqlType::Double => Datum::Double(f64::from_be_bytes(exactly(bytes)?)),
        SqlType::Numeric(modifier) => {
            let value = Numeric::read_binary(bytes)?;
            Datum::Numeric(match modifier {
                Some((precision, scale)) => value.with_modifier(*precision, *scale)?,
                None => value,
            })
        }
        SqlType::Text | SqlType::Unknown | SqlType::Any => Datum::text(utf8(bytes)?),
        SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Name | SqlType::QuotedChar => {
            crate::function::cast::fit_text(EcoString::from(utf8(bytes)?), ty, false)?
        }
        SqlType::Json | SqlType::Enum(_) => {
            super::input(utf8(bytes)?, ty, &PlainContext::POSTGRES)?
        }
        SqlType::Jsonb => match bytes.split_first() {
            Some((&JSONB_VERSION, text)) => super::input(utf8(text)?, ty, &PlainContext::POSTGRES)?,
            Some((version, _)) => {
                let message = format!("unsupported jsonb version number {version}");
                return Err(SqlError::new("XX000", message));
            }
            None => return Err(insufficient()),
        },
        SqlType::Bytea => Datum::bytes(bytes),
        SqlType::Uuid => Datum::Uuid(exactly::<16>(bytes)?.into()),
        SqlType::Date => Datum::Date(of_epoch(i32::from_be_bytes(exactly(bytes)?))?),
        SqlType::Time(digits) => {
            let micros = i64::from_be_bytes(exactly(bytes)?);
            if !(0..=Interval::DAY_MICROS).contains(&micros) {
                return Err(SqlError::new("22008", "time out of range"));
            }
            Datum::Time(super::time::time_with_digits(micros * 1_000, *digits))
        }
        SqlType::Timestamp(digits) => Datum::Timestamp(instant(bytes, *digits)?),
        SqlType::TimestampTz(digits) => Datum::TimestampTz(instant(bytes, *digits)?),
        SqlType::Interval => {
            let bytes: [u8; 16] = exactly(bytes)?;
            Datum::Interval(std::sync::Arc::new(Interval {
                micros: i64::from_be_bytes(exactly(&bytes[..8])?),
                days: i32::from_be_bytes(exactly(&bytes[8..12])?),
                months: i32::from_be_bytes(exactly(&bytes[12..])?),
            }))
        }
        SqlType::Array(element) | SqlType::Vector(element) => array::decode(bytes, element)?,
        SqlType::Record(columns) => array::decode_record(bytes, columns)?,
        SqlType::Void => Datum::text(""),
    })
}

fn encode_integer(value: i64, ty: &SqlType, out: &mut Vec<u8>) -> Result<()> {
    let misfit = || mismatch(&Datum::Integer(value), ty);
    match ty {
        SqlType::SmallInt => {
            out.extend_from_slice(&i16::try_from(value).map_err(|_| misfit())?.to_be_bytes());
        }
        SqlType::Integer => {
            out.extend_from_slice(&i32::try_from(value).map_err(|_| misfit())?.to_be_bytes());
        }
        SqlType::Oid(_) => {
            out.extend_from_slice(&u32::try_from(value).map_err(|_| misfit())?.to_be_bytes());
        }
        SqlType::BigInt => out.extend_from_slice(&value.to_be_bytes()),
        SqlType::Numeric(_) => Numeric::from(value).write_binary(out),
        _ => return Err(misfit()),
    }
    Ok(())
}

/// A date as PostgreSQL counts.
fn since_epoch(days: i32) -> Result<i32> {
    if matches!(days, i32::MIN | i32::MAX) {
        return Ok(days);
    }
    days.checked_sub(EPOCH_DAYS).ok_or_else(|| SqlError::new("22008", "date out of range"))
}

fn of_epoch(days: i32) -> Result<i32> {
    if matches!(days, i32::MIN | i32::MAX) {
        return Ok(days);
    }
    super::time::date(i64::from(days) + i64::from(EPOCH_DAYS))
}

fn micros_since_epoch(instant: Instant) -> Result<i64> {
    let instant = super::time::with_digits(instant, 6)?;
    if !instant.is_finite() {
        return Ok(instant.micros);
    }
    instant.micros.checked_sub(EPOCH_MICROS).ok_or_else(super::time::out_of_range)
}

fn instant(bytes: &[u8], digits: u8) -> Result<Instant> {
    match i64::from_be_bytes(exactly(bytes)?) {
        i64::MAX => Ok(Instant::INFINITY),
        i64::MIN => Ok(Instant::NEGATIVE_INFINITY),
        micros => {
            let instant = super::time::instant(micros.checked_add(EPOCH_MICROS), 0)?;
            super::time::with_digits(instant, digits)
        }
    }
}

/// So many bytes and no more.
fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N]> {
    bytes.try_into().map_err(|_| if bytes.len() < N { insufficient() } else { excess() })
}

/// A text, in which no byte is zero.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str> {
    let refuse = |bytes: &[u8]| {
        let bytes: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
        let message = format!("invalid byte sequence for encoding \"UTF8\": {}", bytes.join(" "));
        SqlError::new("22021", message)
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let wrong = &bytes[error.valid_up_to()..];
        // As many bytes as the first one announces.
        let length = match wrong.first() {
            Some(0xc0..=0xdf) => 2,
            Some(0xe0..=0xef) => 3,
            Some(0xf0..=0xf7) => 4,
            _ => 1,
        };
        refuse(&wrong[..wrong.len().min(length)])
    })?;
    if text.as_bytes().contains(&0) { Err(refuse(&[0])) } else { Ok(text) }
}

#[cold]
fn insufficient() -> SqlError {
    SqlError::new("08P01", "insufficient data left in message")
}

#[cold]
fn excess() -> SqlError {
    SqlError::new("22P03", "incorrect binary data format")
}

#[cold]
fn mismatch(value: &Datum, ty: &SqlType) -> SqlError {
    SqlError::new("XX000", format!("{value:?} has no binary form as {ty}"))
}
