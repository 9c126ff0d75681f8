//! Casts to texts.

use ecow::EcoString;

use crate::datum::{self, Datum};
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::types::SqlType;

/// The text of a value.
pub(super) fn of_value(value: Datum, from: &SqlType, context: &dyn Context) -> Result<EcoString> {
    match value {
        Datum::Text(text) if matches!(from, SqlType::Char(_)) => Ok(without_padding(text)),
        Datum::Text(text) | Datum::Json(text) => Ok(text),
        Datum::Boolean(value) => Ok(EcoString::from(if value { "true" } else { "false" })),
        other => datum::output(&other, from, context),
    }
}

fn without_padding(text: EcoString) -> EcoString {
    let trimmed = text.trim_end_matches(' ');
    if trimmed.len() == text.len() { text } else { EcoString::from(trimmed) }
}

/// The text as a type of texts has it, which it may be too long for.
pub(crate) fn fit_text(text: EcoString, to: &SqlType, explicit: bool) -> Result<Datum> {
    fit(text, to, explicit).map(Datum::Text)
}

/// The text as a type of texts has it.
///
/// # Errors
/// 22001 when it is too long, and what is too much is no spaces and may not be cut off.
pub(super) fn fit(text: EcoString, to: &SqlType, explicit: bool) -> Result<EcoString> {
    match to {
        SqlType::Varchar(Some(limit)) => cut(text, *limit, to, explicit),
        SqlType::Char(0) => Ok(text),
        SqlType::Char(u32::MAX) => Ok(without_padding(text)),
        SqlType::Char(length) => {
            let cut = cut(text, *length, to, explicit)?;
            let count = cut.chars().count();
            let missing = usize::try_from(*length).unwrap_or(0).saturating_sub(count);
            if missing == 0 {
                return Ok(cut);
            }
            let mut padded = cut;
            padded.push_str(&" ".repeat(missing));
            Ok(padded)
        }
        SqlType::QuotedChar => Ok(text.chars().take(1).collect()),
        SqlType::Name if text.len() > 63 => {
            let end = (0..=63).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            Ok(EcoString::from(&text[..end]))
        }
        _ => Ok(text),
    }
}

fn cut(text: EcoString, limit: u32, to: &SqlType, explicit: bool) -> Result<EcoString> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if text.len() <= limit {
        return Ok(text);
    }
    let Some((end, _)) = text.char_indices().nth(limit) else {
        return Ok(text);
    };
    if !explicit && text[end..].bytes().any(|byte| byte != b' ') {
        return Err(SqlError::new("22001", format!("value too long for type {to}")));
    }
    Ok(EcoString::from(&text[..end]))
}
