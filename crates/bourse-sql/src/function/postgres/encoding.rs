//! Bytes as texts of other forms.

use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::datum::{Datum, hex, parse_escaped, parse_hex};
use crate::error::{Result, SqlError};
use crate::function::arguments::{bytes, integer, text};
use crate::function::signature::Shape::{Bytea, Int4, Int8, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn invalid(message: impl Into<String>) -> SqlError {
    SqlError::new("22023", message)
}

fn unknown(name: &str) -> SqlError {
    invalid(format!("unrecognized encoding: \"{name}\""))
}

/// Lines of 76 characters.
fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut column = 0;
    for chunk in bytes.chunks(3) {
        if column == 76 {
            text.push('\n');
            column = 0;
        }
        let at = |index: usize| chunk.get(index).map_or(0, |byte| u32::from(*byte));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for index in 0..4_usize {
            let digit = usize::try_from(bits >> (18 - 6 * index) & 63).unwrap_or(0);
            text.push(if index > chunk.len() { '=' } else { char::from(ALPHABET[digit]) });
        }
        column += 4;
    }
    text
}

fn of_base64(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut digits, mut padding) = (0_u32, 0, 0);
    for c in text.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r') {
            continue;
        }
        let digit = if c == '=' {
            if padding == 0 {
                padding = match digits {
                    2 => 1,
                    3 => 2,
                    _ => return Err(invalid("unexpected \"=\" while decoding base64 sequence")),
                };
            }
            0
        } else {
            let found = ALPHABET.iter().position(|other| char::from(*other) == c);
            let found = found.filter(|_| padding == 0);
            found.and_then(|digit| u32::try_from(digit).ok()).ok_or_else(|| {
                invalid(format!("invalid symbol \"{c}\" found while decoding base64 sequence"))
            })?
        };
        bits = bits << 6 | digit;
        digits += 1;
        if digits == 4 {
            let [_, a, b, c] = bits.to_be_bytes();
            bytes.push(a);
            if padding == 0 || padding > 1 {
                bytes.push(b);
            }
            if padding == 0 {
                bytes.push(c);
            }
            (bits, digits) = (0, 0);
        }
    }
    if digits != 0 {
        return Err(invalid("invalid base64 end sequence")
            .with_hint("Input data is missing padding, is truncated, or is otherwise corrupted."));
    }
    Ok(bytes)
}

fn encode(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (value, name) = (bytes(arguments, 0)?, text(arguments, 1)?);
    let written = match name.to_ascii_lowercase().as_str() {
        "hex" => hex(value),
        "base64" => to_base64(value),
        // Unlike the output of bytea, this leaves what is printable as it is, and nothing else.
        "escape" => encode_escape(value),
        _ => return Err(unknown(name)),
    };
    Ok(Datum::Text(written.into()))
}

/// Zero and bytes of the upper half as three octal digits, a backslash twice.
fn encode_escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        match byte {
            0 | 0x80.. => text.push_str(&format!("\\{byte:03o}")),
            b'\\' => text.push_str("\\\\"),
            other => text.push(char::from(*other)),
        }
    }
    text
}

fn decode(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (value, name) = (text(arguments, 0)?, text(arguments, 1)?);
    let bytes = match name.to_ascii_lowercase().as_str() {
        "hex" => parse_hex(value)?,
        "base64" => of_base64(value)?,
        "escape" => parse_escaped(value)?,
        _ => return Err(unknown(name)),
    };
    Ok(Datum::bytes(&bytes))
}

/// The place of a byte that must be there.
fn place(arguments: &[Datum], length: usize) -> Result<usize> {
    let index = integer(arguments, 1)?;
    usize::try_from(index).ok().filter(|index| *index < length).ok_or_else(|| {
        let last = i64::try_from(length).unwrap_or(i64::MAX) - 1;
        SqlError::new("2202E", format!("index {index} out of valid range, 0..{last}"))
    })
}

fn get_byte(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = bytes(arguments, 0)?;
    Ok(Datum::Integer(i64::from(value[place(arguments, value.len())?])))
}

fn set_byte(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut value = bytes(arguments, 0)?.to_vec();
    let index = place(arguments, value.len())?;
    value[index] = u8::try_from(integer(arguments, 2)? & 0xff).unwrap_or(0);
    Ok(Datum::bytes(&value))
}

/// The byte of a bit, and the bit's place in it.
fn bit_place(arguments: &[Datum], length: usize) -> Result<(usize, u32)> {
    let bit = place(arguments, length.saturating_mul(8))?;
    Ok((bit / 8, u32::try_from(bit % 8).unwrap_or(0)))
}

fn get_bit(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = bytes(arguments, 0)?;
    let (byte, bit) = bit_place(arguments, value.len())?;
    Ok(Datum::Integer(i64::from(value[byte] >> bit & 1)))
}

fn set_bit(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut value = bytes(arguments, 0)?.to_vec();
    let (byte, bit) = bit_place(arguments, value.len())?;
    match integer(arguments, 2)? {
        0 => value[byte] &= !(1 << bit),
        1 => value[byte] |= 1 << bit,
        _ => return Err(SqlError::new("22023", "new bit must be 0 or 1")),
    }
    Ok(Datum::bytes(&value))
}

/// A digest of the SHA-2 family.
fn digest<D: Digest>(arguments: &[Datum]) -> Result<Datum> {
    Ok(Datum::bytes(&D::digest(bytes(arguments, 0)?)))
}

fn bit_count(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let ones = bytes(arguments, 0)?.iter().map(|byte| i64::from(byte.count_ones()));
    Ok(Datum::Integer(ones.sum()))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("encode", &[Bytea, Text], Text, encode),
    scalar("decode", &[Text, Text], Bytea, decode),
    scalar("get_byte", &[Bytea, Int4], Int4, get_byte),
    scalar("set_byte", &[Bytea, Int4, Int4], Bytea, set_byte),
    scalar("get_bit", &[Bytea, Int8], Int4, get_bit),
    scalar("set_bit", &[Bytea, Int8, Int4], Bytea, set_bit),
    scalar("bit_count", &[Bytea], Int8, bit_count),
    scalar("sha224", &[Bytea], Bytea, |a, _| digest::<Sha224>(a)),
    scalar("sha256", &[Bytea], Bytea, |a, _| digest::<Sha256>(a)),
    scalar("sha384", &[Bytea], Bytea, |a, _| digest::<Sha384>(a)),
    scalar("sha512", &[Bytea], Bytea, |a, _| digest::<Sha512>(a)),
];
