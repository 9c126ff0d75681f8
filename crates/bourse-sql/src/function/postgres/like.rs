//! LIKE, ILIKE and SIMILAR TO.

use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{bytes, text};
use crate::function::signature::Shape::{Boolean, Bytea, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

use super::strings::made;

fn ends_with_escape() -> SqlError {
    SqlError::new("22025", "LIKE pattern must not end with escape character")
}

/// Bytes of the character that begins with this byte.
fn width(byte: u8) -> usize {
    match byte {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}

/// Whether bytes match a pattern: `%` is any text, `_` a character of `wide(first byte)` bytes, a
/// backslash before a character makes it itself.
///
/// # Errors
/// 22025 when the pattern ends with the backslash.
fn matches(
    whole: &[u8],
    pattern: &[u8],
    fold: fn(&u8) -> u8,
    wide: fn(u8) -> usize,
) -> Result<bool> {
    let (mut at, mut p) = (0, 0);
    // Where to go on if what follows the last `%` does not match: one character later.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let matched = match pattern.get(p) {
            Some(b'%') => {
                p += 1;
                retry = Some((at, p));
                continue;
            }
            Some(b'_') if at < whole.len() => {
                at += wide(whole[at]);
                p += 1;
                true
            }
            Some(b'\\') => {
                let literal = pattern.get(p + 1).ok_or_else(ends_with_escape)?;
                let same = whole.get(at).map(fold) == Some(fold(literal));
                if same {
                    at += 1;
                    p += 2;
                }
                same
            }
            Some(literal) => {
                let same = *literal != b'_' && whole.get(at).map(fold) == Some(fold(literal));
                if same {
                    at += 1;
                    p += 1;
                }
                same
            }
            None => at >= whole.len(),
        };
        if matched && p >= pattern.len() && at >= whole.len() {
            return Ok(true);
        }
        if matched && p < pattern.len() {
            continue;
        }
        match retry {
            Some((from, after)) if from < whole.len() => {
                at = from + wide(whole[from]);
                p = after;
                retry = Some((at, after));
                if at >= whole.len() && p >= pattern.len() {
                    return Ok(true);
                }
            }
            _ => return Ok(false),
        }
    }
}

/// LIKE.
pub(crate) fn like(whole: &str, pattern: &str) -> Result<bool> {
    if pattern.is_empty() {
        return Ok(whole.is_empty());
    }
    matches(whole.as_bytes(), pattern.as_bytes(), |byte| *byte, width)
}

/// ILIKE: letters of ASCII without case.
pub(crate) fn ilike(whole: &str, pattern: &str) -> Result<bool> {
    if pattern.is_empty() {
        return Ok(whole.is_empty());
    }
    matches(whole.as_bytes(), pattern.as_bytes(), u8::to_ascii_lowercase, width)
}

fn like_bytes(arguments: &[Datum]) -> Result<bool> {
    let (whole, pattern) = (bytes(arguments, 0)?, bytes(arguments, 1)?);
    if pattern.is_empty() {
        return Ok(whole.is_empty());
    }
    matches(whole, pattern, |byte| *byte, |_| 1)
}

fn yes(value: Result<bool>) -> Result<Datum> {
    value.map(Datum::Boolean)
}

fn no(value: Result<bool>) -> Result<Datum> {
    value.map(|value| Datum::Boolean(!value))
}

pub(super) fn like_call(arguments: &[Datum]) -> Result<bool> {
    like(text(arguments, 0)?, text(arguments, 1)?)
}

pub(super) fn ilike_call(arguments: &[Datum]) -> Result<bool> {
    ilike(text(arguments, 0)?, text(arguments, 1)?)
}

fn escape_character(escape: &str) -> Result<Option<char>> {
    let mut characters = escape.chars();
    match (characters.next(), characters.next()) {
        (first, None) => Ok(first),
        _ => Err(SqlError::new("22025", "invalid escape string")
            .with_hint("Escape string must be empty or one character.")),
    }
}

/// The same pattern with backslashes for another escape character, or for none.
pub(crate) fn with_backslashes(pattern: &str, escape: &str) -> Result<String> {
    let escape = match escape_character(escape) {
        Ok(escape) => escape,
        Err(error) => {
            return Err(SqlError::new("22025", error.message())
                .with_hint("Escape string must be empty or one character."));
        }
    };
    if escape == Some('\\') {
        return Ok(pattern.to_owned());
    }
    let mut converted = String::with_capacity(pattern.len());
    let mut after_escape = false;
    for c in pattern.chars() {
        if Some(c) == escape && !after_escape {
            converted.push('\\');
            after_escape = true;
        } else if c == '\\' {
            if !after_escape {
                converted.push('\\');
            }
            converted.push('\\');
            after_escape = false;
        } else {
            converted.push(c);
            after_escape = false;
        }
    }
    Ok(converted)
}

/// The regular expression of a pattern of SIMILAR TO.
fn similar(pattern: &str, escape: &str) -> Result<String> {
    let escape = escape_character(escape)?;
    let mut converted = String::from("^(?:");
    let (mut after_escape, mut in_brackets) = (false, false);
    // Of three parts the first and the last take as little as they can.
    let mut separators = 0;
    for c in pattern.chars() {
        if after_escape {
            if c == '"' && !in_brackets {
                converted.push_str(match separators {
                    0 => "){1,1}?(",
                    1 => "){1,1}(?:",
                    _ => {
                        let message = "SQL regular expression may not contain more than two \
                                       escape-double-quote separators";
                        return Err(SqlError::new("2200C", message));
                    }
                });
                separators += 1;
                after_escape = false;
                continue;
            }
            converted.push('\\');
            converted.push(c);
            after_escape = false;
        } else if Some(c) == escape {
            after_escape = true;
        } else if in_brackets {
            if c == '\\' {
                converted.push('\\');
            }
            converted.push(c);
            in_brackets = c != ']';
        } else {
            match c {
                '[' => in_brackets = true,
                '%' => converted.push_str(".*"),
                '_' => converted.push('.'),
                '(' => converted.push_str("(?:"),
                '\\' | '.' | '^' | '$' => converted.push('\\'),
                _ => {}
            }
            if !matches!(c, '%' | '_' | '(') {
                converted.push(c);
            }
        }
    }
    converted.push_str(")$");
    Ok(converted)
}

fn similar_to(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let escape = if arguments.len() > 1 { text(arguments, 1)? } else { "\\" };
    made(similar(text(arguments, 0)?, escape)?)
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("like", &[Text, Text], Boolean, |a, _| yes(like_call(a))),
    scalar("like", &[Bytea, Bytea], Boolean, |a, _| yes(like_bytes(a))),
    scalar("notlike", &[Text, Text], Boolean, |a, _| no(like_call(a))),
    scalar("like_escape", &[Text, Text], Text, |a, _| {
        made(with_backslashes(text(a, 0)?, text(a, 1)?)?)
    }),
    scalar("similar_to_escape", &[Text], Text, similar_to),
    scalar("similar_to_escape", &[Text, Text], Text, similar_to),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("~~", &[Text, Text], Boolean, |a, _| yes(like_call(a))),
    scalar("~~", &[Bytea, Bytea], Boolean, |a, _| yes(like_bytes(a))),
    scalar("!~~", &[Text, Text], Boolean, |a, _| no(like_call(a))),
    scalar("!~~", &[Bytea, Bytea], Boolean, |a, _| no(like_bytes(a))),
    scalar("~~*", &[Text, Text], Boolean, |a, _| yes(ilike_call(a))),
    scalar("!~~*", &[Text, Text], Boolean, |a, _| no(ilike_call(a))),
    scalar("LIKE", &[Text, Text], Boolean, |a, _| yes(like_call(a))),
    scalar("LIKE", &[Bytea, Bytea], Boolean, |a, _| yes(like_bytes(a))),
    scalar("NOT LIKE", &[Text, Text], Boolean, |a, _| no(like_call(a))),
    scalar("NOT LIKE", &[Bytea, Bytea], Boolean, |a, _| no(like_bytes(a))),
    scalar("ILIKE", &[Text, Text], Boolean, |a, _| yes(ilike_call(a))),
    scalar("NOT ILIKE", &[Text, Text], Boolean, |a, _| no(ilike_call(a))),
];
