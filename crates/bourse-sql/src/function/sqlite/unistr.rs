//! SQLite's `unistr` and `unistr_quote`: texts with escapes of characters by their numbers.

use ecow::{EcoString, eco_format};

use super::strings::{quoted, until_nul};
use super::values::as_text;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::signature::Shape::Any;
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// The character behind a backslash, and what follows it.
fn character(text: &str) -> Option<(char, &str)> {
    let code = |from: usize, digits: usize| {
        let number = text.get(from..from + digits)?;
        let valid = number.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = u32::from_str_radix(number, 16).ok().filter(|_| valid)?;
        // Half a pair is no character of a text.
        Some((char::from_u32(code).unwrap_or('\u{fffd}'), &text[from + digits..]))
    };
    match text.bytes().next()? {
        b'\\' => Some(('\\', &text[1..])),
        b'+' => code(1, 6),
        b'u' => code(1, 4),
        b'U' => code(1, 8),
        _ => code(0, 4),
    }
}

fn unistr(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let text = as_text(&arguments[0]);
    let mut out = EcoString::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let (found, after) =
            character(after).ok_or_else(|| SqlError::new("22025", "invalid Unicode escape"))?;
        out.push(found);
        rest = after;
    }
    out.push_str(rest);
    Ok(Datum::Text(out))
}

/// As a literal, whose control characters `unistr` reads.
fn unistr_quote(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let Datum::Text(text) = &arguments[0] else {
        return Ok(Datum::Text(quoted(&arguments[0])));
    };
    let text = until_nul(text);
    if !text.bytes().any(|byte| byte < 0x20) {
        return Ok(Datum::Text(quoted(&Datum::Text(text))));
    }
    let mut out = EcoString::from("unistr('");
    for c in text.chars() {
        match c {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => out.push_str(&eco_format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push_str("')");
    Ok(Datum::Text(out))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("unistr", &[Any], Any, unistr),
    scalar("unistr_quote", &[Any], Any, unistr_quote).called_on_null(),
];
