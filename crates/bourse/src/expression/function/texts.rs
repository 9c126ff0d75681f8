//! Functions of texts. What a function leaves as it is, or only cuts, is not copied.

use bourse_storage::{Error, Result};

use super::{Function, text, whole};
use crate::expression::Expression;
use crate::expression::evaluate::{Columns, Scalar, mismatch};
use crate::expression::pattern;
use crate::value::{Json, Value, ValueRef};

/// Texts, one after the other.
pub(super) fn concat<'v>(
    arguments: &'v [Expression],
    columns: Columns<'_, 'v>,
) -> Result<Scalar<'v>> {
    let mut all = String::new();
    for argument in arguments {
        let known = argument.with(columns, |value| match value {
            ValueRef::Null => Ok(false),
            value => text("concat", value).map(|part| {
                all.push_str(part);
                true
            }),
        })??;
        if !known {
            return Ok(Scalar::NULL);
        }
    }
    Ok(Scalar::Made(Value::Text(all)))
}

/// ASCII letters in one case.
pub(super) fn fold_case(function: Function, value: Scalar<'_>) -> Result<Scalar<'_>> {
    let given = text(function.name(), value.as_value())?;
    let lower = function == Function::Lower;
    let changes = |byte: u8| {
        if lower { byte.is_ascii_uppercase() } else { byte.is_ascii_lowercase() }
    };
    if !given.bytes().any(changes) {
        return Ok(value);
    }
    let folded = if lower { given.to_ascii_lowercase() } else { given.to_ascii_uppercase() };
    Ok(Scalar::Made(Value::Text(folded)))
}

/// The text without given characters at its ends.
pub(super) fn trim<'v>(
    function: Function,
    value: Scalar<'v>,
    characters: ValueRef<'_>,
) -> Result<Scalar<'v>> {
    let characters = match characters {
        ValueRef::Null => " ",
        given => text(function.name(), given)?,
    };
    let is_trimmed = |character: char| characters.contains(character);
    cut(value, function.name(), |given| match function {
        Function::LeftTrim => given.trim_start_matches(is_trimmed),
        Function::RightTrim => given.trim_end_matches(is_trimmed),
        _ => given.trim_matches(is_trimmed),
    })
}

/// A text cut out of a text.
fn cut<'v>(
    value: Scalar<'v>,
    function: &str,
    body: impl FnOnce(&str) -> &str,
) -> Result<Scalar<'v>> {
    match value {
        Scalar::Found(found) => Ok(Scalar::Found(ValueRef::Text(body(text(function, found)?)))),
        Scalar::Made(made) => {
            let part = body(text(function, made.as_value())?).to_owned();
            Ok(Scalar::Made(Value::Text(part)))
        }
    }
}

/// A part of a text, in characters, or of a blob, in bytes.
pub(super) fn part<'v>(
    function: Function,
    value: Scalar<'v>,
    start: ValueRef<'_>,
    count: ValueRef<'_>,
) -> Result<Scalar<'v>> {
    let start = whole(function.name(), start)?;
    let count = match count {
        ValueRef::Null => None,
        count => Some(whole(function.name(), count)?),
    };
    let bounds = |length: usize| match function {
        Function::Substr => Ok(bounds_of_sqlite(start, count, length)),
        _ => bounds_of_standard(start, count, length),
    };
    if let ValueRef::Blob(bytes) = value.as_value() {
        let (from, to) = bounds(bytes.len())?;
        return Ok(match value {
            Scalar::Found(ValueRef::Blob(bytes)) => Scalar::Found(ValueRef::Blob(&bytes[from..to])),
            other => Scalar::Made(Value::Blob(match other.as_value() {
                ValueRef::Blob(bytes) => bytes[from..to].to_vec(),
                _ => Vec::new(),
            })),
        });
    }
    let length = text(function.name(), value.as_value())?.chars().count();
    let (from, to) = bounds(length)?;
    cut(value, function.name(), |given| {
        let mut places = given.char_indices().map(|(at, _)| at).chain([given.len()]);
        let first = places.nth(from).unwrap_or(given.len());
        let end = if to > from { places.nth(to - from - 1).unwrap_or(given.len()) } else { first };
        &given[first..end]
    })
}

/// What `substring` cuts: from position `start`, counted from 1, what of it there is.
fn bounds_of_standard(start: i64, count: Option<i64>, length: usize) -> Result<(usize, usize)> {
    if count.is_some_and(|count| count < 0) {
        let message = "negative substring length not allowed";
        return Err(Error::invalid(message).with_sqlstate("22011"));
    }
    let first = start.saturating_sub(1);
    let end = count.map_or(i64::MAX, |count| first.saturating_add(count));
    Ok(within(first, end, length))
}

/// What SQLite's `substr` cuts: a negative start counts from the end, position 0 is a character
/// that is not there, and a negative count takes what lies before.
fn bounds_of_sqlite(start: i64, count: Option<i64>, length: usize) -> (usize, usize) {
    let total = i64::try_from(length).unwrap_or(i64::MAX);
    let (mut first, mut count) = (start, count.unwrap_or(i64::MAX));
    let before = count < 0;
    count = count.saturating_abs();
    if first < 0 {
        first = first.saturating_add(total);
        if first < 0 {
            count = count.saturating_add(first).max(0);
            first = 0;
        }
    } else if first > 0 {
        first -= 1;
    } else if count > 0 && !before {
        count -= 1;
    }
    if before {
        let end = first;
        first = first.saturating_sub(count);
        return within(first, end, length);
    }
    within(first, first.saturating_add(count), length)
}

fn within(first: i64, end: i64, length: usize) -> (usize, usize) {
    let clamp = |at: i64| usize::try_from(at.max(0)).unwrap_or(usize::MAX).min(length);
    (clamp(first), clamp(end).max(clamp(first)))
}

/// The text with a part replaced wherever it occurs.
pub(super) fn replace<'v>(
    value: Scalar<'v>,
    from: ValueRef<'_>,
    to: ValueRef<'_>,
) -> Result<Scalar<'v>> {
    let (given, from) = (text("replace", value.as_value())?, text("replace", from)?);
    let to = text("replace", to)?;
    if from.is_empty() || !given.contains(from) {
        return Ok(value);
    }
    Ok(Scalar::Made(Value::Text(given.replace(from, to))))
}

/// Characters of a text, bytes of a blob.
pub(super) fn length(value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let length = match value {
        ValueRef::Text(text) => text.chars().count(),
        ValueRef::Blob(bytes) => bytes.len(),
        other => return Err(mismatch("function length", other)),
    };
    Ok(ValueRef::Integer(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// Where a part begins, in characters from 1; 0 where it does not occur.
pub(super) fn place(value: ValueRef<'_>, part: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let (given, part) = (text("instr", value)?, text("instr", part)?);
    let place = given.find(part).map_or(0, |at| given[..at].chars().count() + 1);
    Ok(ValueRef::Integer(i64::try_from(place).unwrap_or(i64::MAX)))
}

/// LIKE and its kin.
pub(super) fn matches(
    function: Function,
    value: ValueRef<'_>,
    pattern: ValueRef<'_>,
    escape: ValueRef<'_>,
) -> Result<ValueRef<'static>> {
    let name = function.name();
    let (given, pattern) = (text(name, value)?, text(name, pattern)?);
    let matched = if function == Function::Glob {
        pattern::glob(given, pattern)?
    } else {
        let escape = match escape {
            ValueRef::Null => None,
            escape => Some(one_character(text(name, escape)?)?),
        };
        pattern::like(given, pattern, escape, function == Function::ILike)?
    };
    Ok(ValueRef::Boolean(matched))
}

fn one_character(text: &str) -> Result<char> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => Ok(only),
        _ => {
            let message = "an escape of LIKE must be one character";
            Err(Error::invalid(message).with_sqlstate("22019"))
        }
    }
}

/// Whether a text is JSON.
pub(super) fn is_json(value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let valid = match value {
        ValueRef::Json(_) => true,
        other => Json::is_valid(text("json_valid", other)?),
    };
    Ok(ValueRef::Boolean(valid))
}
