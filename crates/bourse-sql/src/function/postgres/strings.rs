//! Functions of texts.

use ecow::{EcoString, eco_format};

use super::arithmetic::out;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{bytes, integer, text};
use crate::function::cast::text_of;
use crate::function::signature::Shape::{Any, Boolean, Bytea, Char, Int4, NonArray, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};
use crate::types::SqlType;

pub(super) fn count(value: usize) -> Datum {
    Datum::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

pub(super) fn made(text: impl Into<EcoString>) -> Result<Datum> {
    Ok(Datum::Text(text.into()))
}

/// A count that is not negative.
fn natural(arguments: &[Datum], index: usize) -> Result<usize> {
    Ok(usize::try_from(integer(arguments, index)?.max(0)).unwrap_or(0))
}

fn concatenate(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let left = text_of(arguments[0].clone(), &SqlType::Unknown, context)?;
    let right = text_of(arguments[1].clone(), &SqlType::Unknown, context)?;
    made(eco_format!("{left}{right}"))
}

fn concat(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let mut all = EcoString::new();
    for value in arguments {
        all.push_str(&crate::datum::output_plain(value, context)?);
    }
    made(all)
}

fn concat_ws(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    if arguments[0].is_null() {
        return Ok(Datum::Null);
    }
    let separator = text(arguments, 0)?;
    let mut parts = Vec::new();
    for value in arguments[1..].iter().filter(|value| !value.is_null()) {
        parts.push(crate::datum::output_plain(value, context)?);
    }
    made(parts.join(separator))
}

/// From which character, and how many, counted from 0: what lies before the text counts.
fn part(arguments: &[Datum]) -> Result<(usize, Option<usize>)> {
    let start = integer(arguments, 1)?;
    let skipped = usize::try_from((start - 1).max(0)).unwrap_or(0);
    if arguments.len() < 3 {
        return Ok((skipped, None));
    }
    let length = integer(arguments, 2)?;
    if length < 0 {
        return Err(SqlError::new("22011", "negative substring length not allowed"));
    }
    let end = (start - 1 + length).max(0);
    Ok((skipped, Some(usize::try_from(end).unwrap_or(0).saturating_sub(skipped))))
}

fn substring(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (skipped, length) = part(arguments)?;
    let rest = text(arguments, 0)?.chars().skip(skipped);
    made(match length {
        Some(length) => rest.take(length).collect::<EcoString>(),
        None => rest.collect(),
    })
}

fn substring_of_bytes(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (skipped, length) = part(arguments)?;
    let rest = bytes(arguments, 0)?.iter().skip(skipped).copied();
    let part: Vec<u8> = match length {
        Some(length) => rest.take(length).collect(),
        None => rest.collect(),
    };
    Ok(Datum::bytes(&part))
}

/// Where a part begins, in characters from 1; 0 without it.
fn position(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (whole, part) = (text(arguments, 0)?, text(arguments, 1)?);
    Ok(count(whole.find(part).map_or(0, |at| whole[..at].chars().count() + 1)))
}

/// Which characters `trim` takes off.
fn characters(arguments: &[Datum]) -> Result<&str> {
    if arguments.len() > 1 { text(arguments, 1) } else { Ok(" ") }
}

fn trim_both(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let set = characters(arguments)?;
    made(text(arguments, 0)?.trim_matches(|c| set.contains(c)))
}

fn trim_left(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let set = characters(arguments)?;
    made(text(arguments, 0)?.trim_start_matches(|c| set.contains(c)))
}

fn trim_right(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let set = characters(arguments)?;
    made(text(arguments, 0)?.trim_end_matches(|c| set.contains(c)))
}

/// The longest text that a function makes.
const TEXT_BYTES_MAX: usize = 1 << 30;

fn too_long() -> SqlError {
    SqlError::new("54000", "requested length too large")
}

/// What a pad adds before or after so many characters; the text is cut to the length first.
fn pad(arguments: &[Datum]) -> Result<(EcoString, String)> {
    let (whole, length) = (text(arguments, 0)?, natural(arguments, 1)?);
    let fill = if arguments.len() > 2 { text(arguments, 2)? } else { " " };
    if length.saturating_mul(4) > TEXT_BYTES_MAX {
        return Err(too_long());
    }
    let kept: EcoString = whole.chars().take(length).collect();
    let missing = length.saturating_sub(whole.chars().count());
    let added =
        if fill.is_empty() { String::new() } else { fill.chars().cycle().take(missing).collect() };
    Ok((kept, added))
}

fn replace(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (whole, from, to) = (text(arguments, 0)?, text(arguments, 1)?, text(arguments, 2)?);
    made(if from.is_empty() { EcoString::from(whole) } else { whole.replace(from, to).into() })
}

fn translate(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let from: Vec<char> = text(arguments, 1)?.chars().collect();
    let to: Vec<char> = text(arguments, 2)?.chars().collect();
    let translated = text(arguments, 0)?.chars().filter_map(|c| {
        match from.iter().position(|other| *other == c) {
            Some(index) => to.get(index).copied(),
            None => Some(c),
        }
    });
    made(translated.collect::<EcoString>())
}

fn split_part(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (whole, separator, field) =
        (text(arguments, 0)?, text(arguments, 1)?, integer(arguments, 2)?);
    if field == 0 {
        return Err(SqlError::new("22023", "field position must not be zero"));
    }
    let parts: Vec<&str> = if whole.is_empty() {
        Vec::new()
    } else if separator.is_empty() {
        vec![whole]
    } else {
        whole.split(separator).collect()
    };
    let index = if field > 0 {
        usize::try_from(field - 1).ok()
    } else {
        usize::try_from(-field).ok().and_then(|back| parts.len().checked_sub(back))
    };
    made(index.and_then(|index| parts.get(index)).copied().unwrap_or(""))
}

fn repeat(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (whole, times) = (text(arguments, 0)?, natural(arguments, 1)?);
    if whole.len().saturating_mul(times) > TEXT_BYTES_MAX {
        return Err(too_long());
    }
    made(whole.repeat(times))
}

/// The first characters, or all but the last ones.
fn left(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (whole, wanted) = (text(arguments, 0)?, integer(arguments, 1)?);
    let length = i64::try_from(whole.chars().count()).unwrap_or(i64::MAX);
    let kept = if wanted < 0 { (length + wanted).max(0) } else { wanted };
    made(whole.chars().take(usize::try_from(kept).unwrap_or(usize::MAX)).collect::<EcoString>())
}

fn right(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (whole, wanted) = (text(arguments, 0)?, integer(arguments, 1)?);
    let length = i64::try_from(whole.chars().count()).unwrap_or(i64::MAX);
    let dropped = if wanted < 0 { -wanted } else { (length - wanted).max(0) };
    made(whole.chars().skip(usize::try_from(dropped).unwrap_or(usize::MAX)).collect::<EcoString>())
}

/// A capital at the beginning of each word of ASCII letters and digits.
fn capitals(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut inside = false;
    let changed = text(arguments, 0)?.chars().map(|c| {
        let changed = if inside { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
        inside = c.is_ascii_alphanumeric();
        changed
    });
    made(changed.collect::<EcoString>())
}

fn character(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let code = integer(arguments, 0)?;
    if code < 0 {
        return Err(SqlError::new("22023", "character number must be positive"));
    }
    if code == 0 {
        return Err(SqlError::new("54000", "null character not permitted"));
    }
    match u32::try_from(code).ok().filter(|code| *code <= 0x10_ffff) {
        None => {
            let message = format!("requested character too large for encoding: {code}");
            Err(SqlError::new("54000", message))
        }
        Some(code) => match char::from_u32(code) {
            Some(c) => made(EcoString::from(c.to_string())),
            None => {
                let message = format!("requested character not valid for encoding: {code}");
                Err(SqlError::new("54000", message))
            }
        },
    }
}

fn overlay(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (whole, new, start) = (text(arguments, 0)?, text(arguments, 1)?, integer(arguments, 2)?);
    let length = match arguments.len() {
        3 => i64::try_from(new.chars().count()).unwrap_or(i64::MAX),
        _ => integer(arguments, 3)?,
    };
    if start <= 0 {
        return Err(SqlError::new("22011", "negative substring length not allowed"));
    }
    let before = usize::try_from(start - 1).unwrap_or(usize::MAX);
    let after = i32::try_from(start + length).map_err(|_| out("integer"))?.max(1);
    let after = usize::try_from(after - 1).unwrap_or(0);
    let head: EcoString = whole.chars().take(before).collect();
    let tail: EcoString = whole.chars().skip(after).collect();
    made(eco_format!("{head}{new}{tail}"))
}

fn md5(message: &[u8]) -> Result<Datum> {
    made(crate::datum::hex(&super::digest::md5(message)))
}

fn length_of_char(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(count(text(arguments, 0)?.trim_end_matches(' ').chars().count()))
}

fn length(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(count(text(arguments, 0)?.chars().count()))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("lower", &[Text], Text, |a, _| made(text(a, 0)?.to_ascii_lowercase())),
    scalar("upper", &[Text], Text, |a, _| made(text(a, 0)?.to_ascii_uppercase())),
    scalar("initcap", &[Text], Text, capitals),
    scalar("length", &[Text], Int4, length),
    scalar("length", &[Char], Int4, length_of_char),
    scalar("length", &[Bytea], Int4, |a, _| Ok(count(bytes(a, 0)?.len()))),
    scalar("char_length", &[Text], Int4, length),
    scalar("char_length", &[Char], Int4, length_of_char),
    scalar("character_length", &[Text], Int4, length),
    scalar("character_length", &[Char], Int4, length_of_char),
    scalar("octet_length", &[Text], Int4, |a, _| Ok(count(text(a, 0)?.len()))),
    scalar("octet_length", &[Char], Int4, |a, _| Ok(count(text(a, 0)?.len()))),
    scalar("octet_length", &[Bytea], Int4, |a, _| Ok(count(bytes(a, 0)?.len()))),
    scalar("bit_length", &[Text], Int4, |a, _| Ok(count(text(a, 0)?.len() * 8))),
    scalar("bit_length", &[Bytea], Int4, |a, _| Ok(count(bytes(a, 0)?.len() * 8))),
    scalar("concat", &[Any], Text, concat).called_on_null().stable().variadic(),
    scalar("concat_ws", &[Text, Any], Text, concat_ws).called_on_null().stable().variadic(),
    scalar("substr", &[Text, Int4], Text, substring),
    scalar("substr", &[Text, Int4, Int4], Text, substring),
    scalar("substr", &[Bytea, Int4], Bytea, substring_of_bytes),
    scalar("substr", &[Bytea, Int4, Int4], Bytea, substring_of_bytes),
    scalar("substring", &[Text, Int4], Text, substring),
    scalar("substring", &[Text, Int4, Int4], Text, substring),
    scalar("substring", &[Bytea, Int4], Bytea, substring_of_bytes),
    scalar("substring", &[Bytea, Int4, Int4], Bytea, substring_of_bytes),
    scalar("position", &[Text, Text], Int4, position),
    scalar("strpos", &[Text, Text], Int4, position),
    scalar("btrim", &[Text], Text, trim_both),
    scalar("btrim", &[Text, Text], Text, trim_both),
    scalar("ltrim", &[Text], Text, trim_left),
    scalar("ltrim", &[Text, Text], Text, trim_left),
    scalar("rtrim", &[Text], Text, trim_right),
    scalar("rtrim", &[Text, Text], Text, trim_right),
    scalar("lpad", &[Text, Int4], Text, |a, _| {
        pad(a).and_then(|(kept, added)| made(added + &kept))
    }),
    scalar("lpad", &[Text, Int4, Text], Text, |a, _| {
        pad(a).and_then(|(kept, added)| made(added + &kept))
    }),
    scalar("rpad", &[Text, Int4], Text, |a, _| {
        pad(a).and_then(|(kept, added)| made(eco_format!("{kept}{added}")))
    }),
    scalar("rpad", &[Text, Int4, Text], Text, |a, _| {
        pad(a).and_then(|(kept, added)| made(eco_format!("{kept}{added}")))
    }),
    scalar("replace", &[Text, Text, Text], Text, replace),
    scalar("translate", &[Text, Text, Text], Text, translate),
    scalar("split_part", &[Text, Text, Int4], Text, split_part),
    scalar("repeat", &[Text, Int4], Text, repeat),
    scalar("reverse", &[Text], Text, |a, _| made(text(a, 0)?.chars().rev().collect::<EcoString>())),
    scalar("left", &[Text, Int4], Text, left),
    scalar("right", &[Text, Int4], Text, right),
    scalar("ascii", &[Text], Int4, |a, _| {
        Ok(Datum::Integer(text(a, 0)?.chars().next().map_or(0, |c| i64::from(u32::from(c)))))
    }),
    scalar("chr", &[Int4], Text, character),
    scalar("overlay", &[Text, Text, Int4], Text, overlay),
    scalar("overlay", &[Text, Text, Int4, Int4], Text, overlay),
    scalar("starts_with", &[Text, Text], Boolean, |a, _| {
        Ok(Datum::Boolean(text(a, 0)?.starts_with(text(a, 1)?)))
    }),
    scalar("md5", &[Text], Text, |a, _| md5(text(a, 0)?.as_bytes())),
    scalar("md5", &[Bytea], Text, |a, _| md5(bytes(a, 0)?)),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("||", &[Text, Text], Text, |a, _| made(eco_format!("{}{}", text(a, 0)?, text(a, 1)?))),
    scalar("||", &[Text, NonArray], Text, concatenate).stable(),
    scalar("||", &[NonArray, Text], Text, concatenate).stable(),
    scalar("||", &[Bytea, Bytea], Bytea, |a, _| {
        Ok(Datum::bytes(&[bytes(a, 0)?, bytes(a, 1)?].concat()))
    }),
    scalar("^@", &[Text, Text], Boolean, |a, _| {
        Ok(Datum::Boolean(text(a, 0)?.starts_with(text(a, 1)?)))
    }),
];
