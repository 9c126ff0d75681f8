//! Bytes and UUIDs as text.

use ecow::EcoString;

use super::invalid;
use crate::error::{Result, SqlError};
use crate::function::Context;

/// Hexadecimal digits, in lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// `\x` and hexadecimal digits; with `bytea_output = escape` the older form.
pub(super) fn output(bytes: &[u8], context: &dyn Context) -> EcoString {
    let escape = context.setting("bytea_output").is_some_and(|v| v.eq_ignore_ascii_case("escape"));
    if escape { escaped(bytes).into() } else { format!("\\x{}", hex(bytes)).into() }
}

/// Printable ASCII as it is, a backslash twice, all else as three octal digits.
pub(crate) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            0x20..=0x7e => text.push(char::from(*byte)),
            other => text.push_str(&format!("\\{other:03o}")),
        }
    }
    text
}

/// Bytes of a text in either form.
pub(crate) fn parse_bytes(text: &str) -> Result<Vec<u8>> {
    match text.strip_prefix("\\x") {
        Some(digits) => parse_hex(digits),
        None => parse_escaped(text),
    }
}

/// Bytes of hexadecimal digits; white space between them does not count.
pub(crate) fn parse_hex(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut rest = text.chars().peekable();
    while let Some(first) = rest.next() {
        if first.is_ascii_whitespace() {
            continue;
        }
        let high = hex_digit(first)?;
        let second = rest.next().ok_or_else(|| {
            SqlError::new("22023", "invalid hexadecimal data: odd number of digits")
        })?;
        bytes.push(high << 4 | hex_digit(second)?);
    }
    Ok(bytes)
}

fn hex_digit(c: char) -> Result<u8> {
    let digit = c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digit.ok_or_else(|| SqlError::new("22023", format!("invalid hexadecimal digit: \"{c}\"")))
}

/// Bytes of the older form.
pub(crate) fn parse_escaped(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first != b'\\' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        match after {
            [b'\\', more @ ..] => {
                bytes.push(b'\\');
                rest = more;
            }
            [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', more @ ..] => {
                bytes.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest = more;
            }
            _ => return Err(SqlError::new("22P02", "invalid input syntax for type bytea")),
        }
    }
    Ok(bytes)
}

/// The usual form of a UUID.
pub(crate) fn uuid(value: &[u8; 16]) -> EcoString {
    bourse::Uuid(*value).to_string().into()
}

/// A UUID: hexadecimal digits, a hyphen allowed after each group of four, braces around them.
pub(crate) fn parse_uuid(text: &str) -> Result<[u8; 16]> {
    let refuse = || invalid("uuid", text);
    let inner = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}').ok_or_else(refuse)?,
        None => text,
    };
    let mut bytes = [0_u8; 16];
    let mut rest = inner.as_bytes();
    for (index, byte) in bytes.iter_mut().enumerate() {
        let (pair, after) = rest.split_at_checked(2).ok_or_else(refuse)?;
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let high = digit(pair[0]).ok_or_else(refuse)?;
        *byte = high << 4 | digit(pair[1]).ok_or_else(refuse)?;
        rest = after;
        if index % 2 == 1 && index < 15 {
            rest = rest.strip_prefix(b"-").unwrap_or(rest);
        }
    }
    if rest.is_empty() { Ok(bytes) } else { Err(refuse()) }
}
