//! Values as text: the output and input functions of types.

use ecow::EcoString;

use super::{Datum, Numeric};
use crate::Dialect;
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::types::{OidKind, SqlType};

mod array;
mod bytes;
mod number;

pub(crate) use bytes::{hex, parse_escaped, parse_hex, uuid};
pub(crate) use number::{double, parse_double, sqlite_real};

/// The text of a value of a type, as a client is given it; of NULL an empty one.
///
/// # Errors
/// 22008 for a time that no text can tell.
pub fn output(value: &Datum, ty: &SqlType, context: &dyn Context) -> Result<EcoString> {
    match (value, ty) {
        (Datum::Array(array), SqlType::Array(element)) => array::output(array, element, context),
        (Datum::Array(array), SqlType::Vector(element)) => {
            let texts = array.elements.iter().map(|value| output(value, element, context));
            Ok(texts.collect::<Result<Vec<_>>>()?.join(" ").into())
        }
        (Datum::Integer(number), SqlType::Oid(kind)) if *kind != OidKind::Oid => {
            Ok(name_of_number(*number, *kind, context))
        }
        (Datum::Record(fields), SqlType::Record(columns)) => {
            array::output_record(fields, Some(columns), context)
        }
        _ => output_plain(value, context),
    }
}

/// The name that a number stands for; the number itself where there is none, `-` for 0.
fn name_of_number(number: i64, kind: OidKind, context: &dyn Context) -> EcoString {
    if number == 0 {
        return EcoString::from("-");
    }
    let name = u32::try_from(number).ok();
    let name = name.and_then(|number| context.name_of_number(kind, number));
    name.map_or_else(|| ecow::eco_format!("{number}"), EcoString::from)
}

/// The text of a value whose type only the value itself tells: the numbers of `regclass` and its
/// like are numbers then.
///
/// # Errors
/// 22008 for a time that no text can tell.
pub fn output_plain(value: &Datum, context: &dyn Context) -> Result<EcoString> {
    Ok(match value {
        Datum::Null => EcoString::new(),
        Datum::Boolean(value) if context.dialect() == Dialect::Sqlite => {
            EcoString::from(if *value { "1" } else { "0" })
        }
        Datum::Boolean(value) => EcoString::from(if *value { "t" } else { "f" }),
        Datum::Integer(value) => ecow::eco_format!("{value}"),
        Datum::Real(value) => number::real(*value),
        Datum::Double(value) if context.dialect() == Dialect::Sqlite => number::sqlite_real(*value),
        Datum::Double(value) => number::double(*value),
        Datum::Numeric(value) => ecow::eco_format!("{value}"),
        Datum::Text(text) | Datum::Json(text) => text.clone(),
        Datum::Bytes(bytes) if context.dialect() == Dialect::Sqlite => {
            EcoString::from(String::from_utf8_lossy(bytes).as_ref())
        }
        Datum::Bytes(bytes) => bytes::output(bytes, context),
        Datum::Uuid(value) => bytes::uuid(value),
        Datum::Array(array) => array::output(array, &SqlType::Unknown, context)?,
        Datum::Record(fields) => array::output_record(fields, None, context)?,
        Datum::Date(_)
        | Datum::Time(_)
        | Datum::Timestamp(_)
        | Datum::TimestampTz(_)
        | Datum::Interval(_) => crate::datum::time::output(value, context)?,
    })
}

/// The value of a type that a text stands for.
///
/// # Errors
/// 22P02 when it is none, 22003 when it is out of range, 22007 and 22008 for times.
pub fn input(text: &str, ty: &SqlType, context: &dyn Context) -> Result<Datum> {
    Ok(match ty {
        SqlType::Text | SqlType::Unknown | SqlType::Any => Datum::text(text),
        SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Name | SqlType::QuotedChar => {
            crate::function::cast::fit_text(EcoString::from(text), ty, false)?
        }
        SqlType::Boolean => Datum::Boolean(parse_boolean(text)?),
        SqlType::SmallInt => {
            number::integer(text, "smallint", i64::from(i16::MIN), i64::from(i16::MAX))?
        }
        SqlType::Integer => {
            number::integer(text, "integer", i64::from(i32::MIN), i64::from(i32::MAX))?
        }
        SqlType::BigInt => number::integer(text, "bigint", i64::MIN, i64::MAX)?,
        SqlType::Oid(_) => {
            number::integer(text, "oid", -(1 << 31), (1 << 32) - 1).map(|value| match value {
                Datum::Integer(value) if value < 0 => Datum::Integer(value + (1 << 32)),
                other => other,
            })?
        }
        SqlType::Real => Datum::Real(number::parse_real(text)?),
        SqlType::Double => Datum::Double(number::parse_double(text)?),
        SqlType::Numeric(modifier) => {
            let value = Numeric::parse(text)?;
            Datum::Numeric(match modifier {
                Some((precision, scale)) => value.with_modifier(*precision, *scale)?,
                None => value,
            })
        }
        SqlType::Bytea => Datum::Bytes(bytes::parse_bytes(text)?.into()),
        SqlType::Uuid => Datum::Uuid(bytes::parse_uuid(text)?.into()),
        SqlType::Json => Datum::Json(crate::datum::json::check(text)?),
        SqlType::Jsonb => Datum::Json(crate::datum::json::normalize(text)?),
        SqlType::Enum(labels) => {
            if !labels.labels.iter().any(|label| label == text) {
                let message = format!("invalid input value for enum {}: \"{text}\"", labels.name);
                return Err(SqlError::new("22P02", message));
            }
            Datum::text(text)
        }
        SqlType::Array(element) => array::input(text, element, context)?,
        SqlType::Vector(element) => {
            let parts = text.split_ascii_whitespace().map(|part| input(part, element, context));
            Datum::vector(parts.collect::<Result<_>>()?)
        }
        SqlType::Date
        | SqlType::Time(_)
        | SqlType::Timestamp(_)
        | SqlType::TimestampTz(_)
        | SqlType::Interval => crate::datum::time::input(text, ty, context)?,
        SqlType::Record(_) => {
            return Err(SqlError::unsupported(
                "input of anonymous composite types is not implemented",
            ));
        }
        SqlType::Void => Datum::text(""),
    })
}

/// `true`, `yes`, `on`, `1` and their beginnings, and the opposites.
fn parse_boolean(text: &str) -> Result<bool> {
    let lower = text.trim_ascii().to_ascii_lowercase();
    let begins = |word: &str, least: usize| lower.len() >= least && word.starts_with(&lower);
    if begins("true", 1) || begins("yes", 1) || begins("on", 2) || lower == "1" {
        return Ok(true);
    }
    if begins("false", 1) || begins("no", 1) || begins("off", 2) || lower == "0" {
        return Ok(false);
    }
    Err(invalid("boolean", text))
}

/// The error for a text that is no value of a type.
pub(crate) fn invalid(ty: &str, text: &str) -> SqlError {
    SqlError::new("22P02", format!("invalid input syntax for type {ty}: \"{text}\""))
}
