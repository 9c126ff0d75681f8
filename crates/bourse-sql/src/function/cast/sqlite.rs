//! SQLite's conversions: between its five kinds of values nothing ever fails.

use std::sync::Arc;

use ecow::{EcoString, eco_format};

use crate::datum::{Datum, sqlite_real};
use crate::types::SqlType;

/// CAST: the type has the affinity of its kind.
pub(super) fn cast(value: Datum, to: &SqlType) -> Datum {
    match to {
        SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Name => {
            Datum::Text(text_of(&value))
        }
        SqlType::Bytea => match value {
            Datum::Bytes(bytes) => Datum::Bytes(bytes),
            other => Datum::Bytes(Arc::from(text_of(&other).as_bytes())),
        },
        SqlType::SmallInt | SqlType::Integer | SqlType::BigInt | SqlType::Oid(_) => {
            Datum::Integer(to_integer(&value))
        }
        SqlType::Real | SqlType::Double => Datum::Double(to_real(&value)),
        SqlType::Unknown | SqlType::Any => value,
        // The truth of a value where a condition stands: whether it is a number other than zero.
        SqlType::Boolean => match to_number(&value) {
            Datum::Double(number) => Datum::Boolean(number != 0.0),
            Datum::Integer(number) => Datum::Boolean(number != 0),
            _ => Datum::Null,
        },
        SqlType::Json => match value {
            Datum::Text(text) if text.starts_with(['[', '{']) => Datum::Json(text),
            other => other,
        },
        // What JSON functions made is JSON to other JSON functions; all else they take as it is.
        SqlType::Jsonb => match value {
            Datum::Text(text) => Datum::Json(text),
            other => other,
        },
        _ => to_numeric(value),
    }
}

/// The value as text.
pub(crate) fn text_of(value: &Datum) -> EcoString {
    match value {
        Datum::Integer(value) => eco_format!("{value}"),
        Datum::Double(value) => sqlite_real(*value),
        Datum::Text(text) | Datum::Json(text) => text.clone(),
        Datum::Boolean(value) => EcoString::from(if *value { "1" } else { "0" }),
        Datum::Bytes(bytes) => EcoString::from(String::from_utf8_lossy(bytes).as_ref()),
        _ => EcoString::new(),
    }
}

/// The integer that a value begins with; 0 without one.
pub(crate) fn to_integer(value: &Datum) -> i64 {
    match value {
        Datum::Integer(value) => *value,
        Datum::Boolean(value) => i64::from(*value),
        Datum::Double(value) => truncate(*value),
        Datum::Null => 0,
        other => integer_prefix(&text_of(other)),
    }
}

/// The real that a value begins with; 0.0 without one.
pub(crate) fn to_real(value: &Datum) -> f64 {
    match value {
        Datum::Integer(value) => to_double(*value),
        Datum::Boolean(value) => f64::from(u8::from(*value)),
        Datum::Double(value) => *value,
        Datum::Null => 0.0,
        other => match number_prefix(&text_of(other)).0 {
            Datum::Integer(value) => to_double(value),
            Datum::Double(value) => value,
            _ => 0.0,
        },
    }
}

/// The number that a value is or begins with, an integer if it can be.
pub(crate) fn to_number(value: &Datum) -> Datum {
    match value {
        Datum::Integer(_) | Datum::Double(_) => value.clone(),
        Datum::Boolean(value) => Datum::Integer(i64::from(*value)),
        Datum::Null => Datum::Null,
        other => {
            let text = text_of(other);
            // What SQLite reads as a real ends at a NUL, and what it reads as an integer does not.
            match (text.split_once('\0').and_then(|(read, _)| whole_number(read)), text) {
                (Some(Datum::Integer(number)), _) => Datum::Double(to_double(number)),
                (_, text) => number_prefix(&text).0,
            }
        }
    }
}

/// CAST AS NUMERIC: texts become numbers, reals stay, as do those of texts beyond these integers.
fn to_numeric(value: Datum) -> Datum {
    const SMALL: std::ops::Range<i64> = -(1 << 51)..1 << 51;
    match value {
        Datum::Text(_) | Datum::Json(_) | Datum::Bytes(_) => match to_number(&value) {
            Datum::Double(value) => exact_integer(value)
                .filter(|whole| SMALL.contains(whole))
                .map_or(Datum::Double(value), Datum::Integer),
            other => other,
        },
        other => to_number(&other),
    }
}

#[expect(clippy::cast_precision_loss, reason = "SQLite rounds to the nearest double")]
pub(crate) fn to_double(value: i64) -> f64 {
    value as f64
}

/// The whole part; what is beyond all integers is the last of them.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, as SQLite does")]
pub(crate) fn truncate(value: f64) -> i64 {
    value as i64
}

/// The integer that a real is, if both hold it without loss.
pub(crate) fn exact_integer(value: f64) -> Option<i64> {
    let whole = truncate(value);
    let inside = whole > i64::MIN && whole < i64::MAX;
    #[expect(clippy::float_cmp, reason = "whether it is the same number is the question")]
    let same = to_double(whole) == value;
    (inside && same).then_some(whole)
}

/// Whether a byte is a space to SQLite.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// The integer at the beginning of a text, spaces before it; too great ones are the last of all.
fn integer_prefix(text: &str) -> i64 {
    let bytes = text.as_bytes();
    let start = bytes.iter().take_while(|byte| is_space(**byte)).count();
    let sign = usize::from(matches!(bytes.get(start), Some(b'+' | b'-')));
    let digits = bytes[start + sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return 0;
    }
    let negative = bytes[start] == b'-';
    match text[start..start + sign + digits].parse() {
        Ok(value) => value,
        Err(_) if negative => i64::MIN,
        Err(_) => i64::MAX,
    }
}

/// The number that the whole text is, spaces around it; SQLite reads up to the first NUL.
pub(crate) fn whole_number(text: &str) -> Option<Datum> {
    let text = text.split('\0').next()?;
    let (number, length) = number_prefix(text);
    let rest = text.as_bytes().get(length..)?;
    (length > 0 && rest.iter().all(|byte| is_space(*byte))).then_some(number)
}

/// The number at the beginning of a text, and how many bytes it and the spaces before it take; 0
/// without a number.
pub(crate) fn number_prefix(text: &str) -> (Datum, usize) {
    let bytes = text.as_bytes();
    let start = bytes.iter().take_while(|byte| is_space(**byte)).count();
    let mut at = start + usize::from(matches!(bytes.get(start), Some(b'+' | b'-')));
    let digits = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(at);
    at += whole;
    let mut is_real = false;
    let mut fraction = 0;
    if bytes.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        if whole + fraction > 0 {
            at += 1 + fraction;
            is_real = true;
        }
    }
    if whole + fraction == 0 {
        return (Datum::Integer(0), 0);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = if at + 1 + sign <= bytes.len() { digits(at + 1 + sign) } else { 0 };
        if exponent > 0 {
            at += 1 + sign + exponent;
            is_real = true;
        }
    }
    let number = &text[start..at];
    if !is_real && let Ok(value) = number.parse() {
        return (Datum::Integer(value), at);
    }
    (Datum::Double(number.parse().unwrap_or(0.0)), at)
}
