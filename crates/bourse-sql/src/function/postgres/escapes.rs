//! Names and characters read from texts: `parse_ident` and `unistr`.

use ecow::EcoString;

use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{boolean, text};
use crate::function::signature::Shape::{Boolean, List, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

fn no_name(whole: &str, detail: Option<String>) -> SqlError {
    let message = format!("string is not a valid identifier: \"{whole}\"");
    let error = SqlError::new("22023", message);
    match detail {
        Some(detail) => error.with_detail(detail),
        None => error,
    }
}

/// The name in quotes that a text begins with, and what stands behind it.
fn quoted_name<'a>(whole: &str, rest: &'a str) -> Result<(String, &'a str)> {
    let mut name = String::new();
    let mut rest = rest;
    loop {
        let Some((part, after)) = rest.split_once('"') else {
            let detail = "String has unclosed double quotes.".to_owned();
            return Err(no_name(whole, Some(detail)));
        };
        name.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => {
                name.push('"');
                rest = after;
            }
            None if name.is_empty() => {
                let detail = "Quoted identifier must not be empty.".to_owned();
                return Err(no_name(whole, Some(detail)));
            }
            None => return Ok((name, after)),
        }
    }
}

/// The parts of a qualified name.
fn parse_ident(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let whole = text(arguments, 0)?;
    let is_strict = arguments.len() < 2 || boolean(arguments, 1)?;
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    let goes_on = |c: char| begins(c) || c.is_ascii_digit() || c == '$';
    let mut names = Vec::new();
    let mut rest = whole.trim_ascii_start();
    let mut after_dot = false;
    loop {
        let name = match rest.strip_prefix('"') {
            Some(inside) => {
                let (name, after) = quoted_name(whole, inside)?;
                rest = after;
                name
            }
            None if rest.starts_with(begins) => {
                let end = rest.find(|c| !goes_on(c)).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                rest = after;
                name.to_ascii_lowercase()
            }
            None => {
                let detail = match rest.chars().next() {
                    Some('.') => Some("No valid identifier before \".\".".to_owned()),
                    _ if after_dot => Some("No valid identifier after \".\".".to_owned()),
                    _ => None,
                };
                return Err(no_name(whole, detail));
            }
        };
        names.push(Datum::text(&name));
        rest = rest.trim_ascii_start();
        match rest.strip_prefix('.') {
            Some(after) => {
                after_dot = true;
                rest = after.trim_ascii_start();
            }
            None if rest.is_empty() || !is_strict => return Ok(Datum::list(names)),
            None => return Err(no_name(whole, None)),
        }
    }
}

fn invalid_escape() -> SqlError {
    SqlError::new("42601", "invalid Unicode escape")
        .with_hint("Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.")
}

fn invalid_pair() -> SqlError {
    SqlError::new("42601", "invalid Unicode surrogate pair")
}

/// The number of so many hexadecimal digits at the beginning, and what stands behind them.
fn hexadecimal(text: &str, digits: usize) -> Result<(u32, &str)> {
    let written = text.get(..digits).filter(|w| w.bytes().all(|b| b.is_ascii_hexdigit()));
    let written = written.ok_or_else(invalid_escape)?;
    let code = u32::from_str_radix(written, 16).map_err(|_| invalid_escape())?;
    Ok((code, &text[digits..]))
}

/// A text in which characters may be written by their numbers.
fn unistr(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut rest = text(arguments, 0)?;
    let mut out = EcoString::new();
    let mut first_half: Option<u32> = None;
    while let Some(at) = rest.find('\\') {
        if at > 0 && first_half.is_some() {
            return Err(invalid_pair());
        }
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('\\') {
            if first_half.is_some() {
                return Err(invalid_pair());
            }
            out.push('\\');
            rest = after;
            continue;
        }
        let (code, after) = match rest.as_bytes().first() {
            Some(b'+') => hexadecimal(&rest[1..], 6)?,
            Some(b'u') => hexadecimal(&rest[1..], 4)?,
            Some(b'U') => hexadecimal(&rest[1..], 8)?,
            _ => hexadecimal(rest, 4)?,
        };
        rest = after;
        let code = match (first_half.take(), code) {
            (None, 0xd800..0xdc00) => {
                first_half = Some(code);
                continue;
            }
            (Some(first), 0xdc00..0xe000) => 0x1_0000 + ((first - 0xd800) << 10) + (code - 0xdc00),
            (Some(_), _) | (None, 0xdc00..0xe000) => return Err(invalid_pair()),
            (None, code) => code,
        };
        match char::from_u32(code).filter(|c| *c != '\0') {
            Some(c) => out.push(c),
            None => {
                return Err(SqlError::new(
                    "22023",
                    format!("invalid Unicode code point: {code:04X}"),
                ));
            }
        }
    }
    if first_half.is_some() {
        return Err(invalid_pair());
    }
    out.push_str(rest);
    Ok(Datum::Text(out))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("parse_ident", &[Text], List(&Text), parse_ident),
    scalar("parse_ident", &[Text, Boolean], List(&Text), parse_ident),
    scalar("unistr", &[Text], Text, unistr),
];
