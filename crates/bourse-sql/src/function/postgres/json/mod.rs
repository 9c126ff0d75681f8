//! PostgreSQL's functions and operators of `json` and `jsonb`.
//!
//! `json` keeps its text: what is taken out of it is a part of that text. `jsonb` is a tree.

use ecow::EcoString;

use super::strings::{count, made};
use crate::datum::Datum;
use crate::datum::json::{Json, normalize, parse_checked, write_spaced};
use crate::error::{Result, SqlError};
use crate::function::arguments::{array, boolean, integer, json, text};
use crate::function::signature::Shape::{Boolean, Int4, Json as Plain, Jsonb, List, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

mod build;
pub(super) mod change;
mod raw;
mod sets;

pub(crate) use build::of_value;
pub(super) use build::{AGGREGATES, SCALARS as BUILDERS};
pub(super) use change::SCALARS as CHANGES;
use raw::Raw;
pub(super) use sets::SETS;

/// A part of a text of JSON.
fn part(text: Option<&str>) -> Datum {
    text.map_or(Datum::Null, |text| Datum::Json(EcoString::from(text)))
}

/// The same as a text: of a text its characters, of null NULL.
fn as_text(value: Option<&str>) -> Datum {
    match value.map(|text| (text, parse_checked(text))) {
        None | Some((_, Json::Null)) => Datum::Null,
        Some((_, Json::Text(text))) => Datum::Text(text),
        Some((text, _)) => Datum::text(text),
    }
}

/// The element at a place, from the end if it is negative.
fn at_index<'a>(items: &[&'a str], index: i64) -> Option<&'a str> {
    let index = match usize::try_from(index) {
        Ok(index) => index,
        Err(_) => items.len().checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    items.get(index).copied()
}

fn member<'a>(whole: &'a str, key: &str) -> Option<&'a str> {
    match raw::read(whole) {
        Raw::Object(pairs) => pairs.iter().rev().find(|(k, _)| k == key).map(|(_, value)| *value),
        _ => None,
    }
}

fn item(whole: &str, index: i64) -> Option<&str> {
    match raw::read(whole) {
        Raw::Array(items) => at_index(&items, index),
        _ => None,
    }
}

/// The element at a place; a single value of `jsonb` is its own only element.
fn item_or_self(whole: &str, index: i64) -> Option<&str> {
    match raw::read(whole) {
        Raw::Scalar => at_index(&[whole], index),
        _ => item(whole, index),
    }
}

/// What lies at a path of keys and places.
fn at_path<'a>(whole: &'a str, path: &[Datum]) -> Option<&'a str> {
    let mut value = whole.trim();
    for step in path {
        let step = step.as_text()?;
        value = match raw::read(value) {
            Raw::Object(_) => member(value, step)?,
            Raw::Array(items) => at_index(&items, step.parse().ok()?)?,
            Raw::Scalar => return None,
        };
    }
    Some(value)
}

fn path_of(arguments: &[Datum]) -> Result<Option<&str>> {
    Ok(at_path(json(arguments, 0)?, &array(arguments, 1)?.elements))
}

fn length(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    match raw::read(json(arguments, 0)?) {
        Raw::Array(items) => Ok(count(items.len())),
        Raw::Object(_) => Err(SqlError::new("22023", "cannot get array length of a non-array")),
        Raw::Scalar => Err(SqlError::new("22023", "cannot get array length of a scalar")),
    }
}

fn kind(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    made(match parse_checked(json(arguments, 0)?) {
        Json::Null => "null",
        Json::Boolean(_) => "boolean",
        Json::Number(_) => "number",
        Json::Text(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    })
}

/// A tree as `jsonb`.
pub(super) fn written(value: Json) -> Result<Datum> {
    let mut text = String::new();
    write_spaced(&value.normalized()?, &mut text);
    Ok(Datum::Json(EcoString::from(text)))
}

fn tree(arguments: &[Datum], index: usize) -> Result<Json> {
    Ok(parse_checked(json(arguments, index)?))
}

/// Whether a value contains another: objects their pairs, arrays their elements in any order.
fn contains(whole: &Json, part: &Json, top: bool) -> bool {
    match (whole, part) {
        (Json::Object(_), Json::Object(pairs)) => pairs
            .iter()
            .all(|(key, value)| whole.get(key).is_some_and(|own| contains(own, value, false))),
        (Json::Array(items), Json::Array(wanted)) => {
            wanted.iter().all(|value| items.iter().any(|item| contains(item, value, false)))
        }
        // An array at the top contains a single value.
        (Json::Array(items), value) if top && !matches!(value, Json::Object(_)) => {
            items.iter().any(|item| contains(item, value, false))
        }
        (Json::Array(_) | Json::Object(_), _) | (_, Json::Array(_) | Json::Object(_)) => false,
        (a, b) => crate::datum::json::compare(a, b).is_eq(),
    }
}

/// Whether a key is there: of an object, or as a text in an array.
fn has_key(value: &Json, key: &str) -> bool {
    let is_key = |value: &Json| matches!(value, Json::Text(text) if text == key);
    match value {
        Json::Object(_) => value.get(key).is_some(),
        Json::Array(items) => items.iter().any(is_key),
        other => is_key(other),
    }
}

fn keys(arguments: &[Datum]) -> Result<Vec<&str>> {
    Ok(array(arguments, 1)?.elements.iter().filter_map(Datum::as_text).collect())
}

fn concatenate(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    written(match (tree(arguments, 0)?, tree(arguments, 1)?) {
        (Json::Object(mut a), Json::Object(b)) => {
            a.extend(b);
            Json::Object(a)
        }
        (Json::Array(mut a), Json::Array(b)) => {
            a.extend(b);
            Json::Array(a)
        }
        (Json::Array(mut a), b) => {
            a.push(b);
            Json::Array(a)
        }
        (a, Json::Array(mut b)) => {
            b.insert(0, a);
            Json::Array(b)
        }
        (a, b) => Json::Array(vec![a, b]),
    })
}

fn delete_keys(value: Json, keys: &[&str]) -> Result<Datum> {
    let is_key = |value: &Json| matches!(value, Json::Text(text) if keys.contains(&text.as_str()));
    match value {
        Json::Object(mut pairs) => {
            pairs.retain(|(key, _)| !keys.contains(&key.as_str()));
            written(Json::Object(pairs))
        }
        Json::Array(mut items) => {
            items.retain(|item| !is_key(item));
            written(Json::Array(items))
        }
        _ => Err(SqlError::new("22023", "cannot delete from scalar")),
    }
}

fn delete_index(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let index = integer(arguments, 1)?;
    match tree(arguments, 0)? {
        Json::Array(mut items) => {
            let at = match usize::try_from(index) {
                Ok(index) => Some(index),
                Err(_) => usize::try_from(index.unsigned_abs())
                    .ok()
                    .and_then(|back| items.len().checked_sub(back)),
            };
            if let Some(at) = at.filter(|at| *at < items.len()) {
                items.remove(at);
            }
            written(Json::Array(items))
        }
        Json::Object(_) => {
            Err(SqlError::new("22023", "cannot delete from object using integer index"))
        }
        _ => Err(SqlError::new("22023", "cannot delete from scalar")),
    }
}

/// Puts a value at a path whose steps but the last are there; with `create` also a new last one.
fn set_at(
    value: &mut Json,
    path: &[&str],
    depth: usize,
    new: Option<Json>,
    create: bool,
) -> Result<()> {
    let Some((step, rest)) = path.split_first() else {
        return Ok(());
    };
    match value {
        Json::Object(pairs) => {
            let at = pairs.iter().position(|(key, _)| key == step);
            match (at, rest.is_empty(), new) {
                (Some(at), false, new) => set_at(&mut pairs[at].1, rest, depth + 1, new, create)?,
                (Some(at), true, Some(new)) => pairs[at].1 = new,
                (Some(at), true, None) => {
                    pairs.remove(at);
                }
                (None, true, Some(new)) if create => pairs.push((EcoString::from(*step), new)),
                _ => {}
            }
        }
        Json::Array(items) => {
            let (place, at) = element_at(step, depth, items.len())?;
            match (at, rest.is_empty(), new) {
                (Some(at), false, new) => set_at(&mut items[at], rest, depth + 1, new, create)?,
                (Some(at), true, Some(new)) => items[at] = new,
                (Some(at), true, None) => {
                    items.remove(at);
                }
                (None, true, Some(new)) if create && place < 0 => items.insert(0, new),
                (None, true, Some(new)) if create => items.push(new),
                _ => {}
            }
        }
        _ => {}
    }
    Ok(())
}

/// The place that a step of a path names in an array, negative ones before its begin, and the
/// element there, if there is one.
fn element_at(step: &str, depth: usize, length: usize) -> Result<(i64, Option<usize>)> {
    let index: i64 = step.parse().map_err(|_| {
        let message = format!("path element at position {depth} is not an integer: \"{step}\"");
        SqlError::new("22P02", message)
    })?;
    let from_end = i64::try_from(length).unwrap_or(i64::MAX);
    let place = if index < 0 { index + from_end } else { index };
    Ok((place, usize::try_from(place).ok().filter(|at| *at < length)))
}

fn path_texts(arguments: &[Datum]) -> Result<Vec<&str>> {
    let steps = array(arguments, 1)?.elements.iter().enumerate().map(|(index, step)| {
        step.as_text().ok_or_else(|| {
            let message = format!("path element at position {} is null", index + 1);
            SqlError::new("22004", message)
        })
    });
    steps.collect()
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Array(items) => items.is_empty(),
        Json::Object(pairs) => pairs.is_empty(),
        _ => false,
    }
}

fn set(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut value = tree(arguments, 0)?;
    if !matches!(value, Json::Array(_) | Json::Object(_)) {
        return Err(SqlError::new("22023", "cannot set path in scalar"));
    }
    let create = arguments.len() < 4 || boolean(arguments, 3)?;
    if !create && is_empty(&value) {
        return written(value);
    }
    set_at(&mut value, &path_texts(arguments)?, 1, Some(tree(arguments, 2)?), create)?;
    written(value)
}

fn delete_path(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut value = tree(arguments, 0)?;
    if !matches!(value, Json::Array(_) | Json::Object(_)) {
        return Err(SqlError::new("22023", "cannot delete path in scalar"));
    }
    if !is_empty(&value) {
        set_at(&mut value, &path_texts(arguments)?, 1, None, false)?;
    }
    written(value)
}

fn without_nulls(value: Json) -> Json {
    match value {
        Json::Object(pairs) => {
            let kept = pairs.into_iter().filter(|(_, value)| *value != Json::Null);
            Json::Object(kept.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        Json::Array(items) => Json::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn pretty(value: &Json, depth: usize, out: &mut String) {
    let (open, close, lines): (char, char, Vec<(Option<&str>, &Json)>) = match value {
        Json::Object(pairs) => {
            ('{', '}', pairs.iter().map(|(key, value)| (Some(key.as_str()), value)).collect())
        }
        Json::Array(items) => ('[', ']', items.iter().map(|item| (None, item)).collect()),
        other => return write_spaced(other, out),
    };
    out.push(open);
    for (index, (key, value)) in lines.iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&" ".repeat(4 * (depth + 1)));
        if let Some(key) = key {
            crate::datum::json::quote_into(key, out);
            out.push_str(": ");
        }
        pretty(value, depth + 1, out);
    }
    out.push('\n');
    out.push_str(&" ".repeat(4 * depth));
    out.push(close);
}

fn is(value: bool) -> Result<Datum> {
    Ok(Datum::Boolean(value))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("json_array_length", &[Plain], Int4, length),
    scalar("jsonb_array_length", &[Jsonb], Int4, length),
    scalar("json_typeof", &[Plain], Text, kind),
    scalar("jsonb_typeof", &[Jsonb], Text, kind),
    scalar("json_extract_path", &[Plain, Text], Plain, |a, _| {
        Ok(part(at_path(json(a, 0)?, &a[1..])))
    })
    .variadic(),
    scalar("jsonb_extract_path", &[Jsonb, Text], Jsonb, |a, _| {
        Ok(part(at_path(json(a, 0)?, &a[1..])))
    })
    .variadic(),
    scalar("json_extract_path_text", &[Plain, Text], Text, |a, _| {
        Ok(as_text(at_path(json(a, 0)?, &a[1..])))
    })
    .variadic(),
    scalar("jsonb_extract_path_text", &[Jsonb, Text], Text, |a, _| {
        Ok(as_text(at_path(json(a, 0)?, &a[1..])))
    })
    .variadic(),
    scalar("jsonb_set", &[Jsonb, List(&Text), Jsonb], Jsonb, set),
    scalar("jsonb_set", &[Jsonb, List(&Text), Jsonb, Boolean], Jsonb, set),
    scalar("jsonb_strip_nulls", &[Jsonb], Jsonb, |a, _| written(without_nulls(tree(a, 0)?))),
    scalar("jsonb_pretty", &[Jsonb], Text, |a, _| {
        let mut out = String::new();
        pretty(&tree(a, 0)?, 0, &mut out);
        made(out)
    }),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("->", &[Plain, Text], Plain, |a, _| Ok(part(member(json(a, 0)?, text(a, 1)?)))),
    scalar("->", &[Plain, Int4], Plain, |a, _| Ok(part(item(json(a, 0)?, integer(a, 1)?)))),
    scalar("->", &[Jsonb, Text], Jsonb, |a, _| Ok(part(member(json(a, 0)?, text(a, 1)?)))),
    scalar("->", &[Jsonb, Int4], Jsonb, |a, _| Ok(part(item_or_self(json(a, 0)?, integer(a, 1)?)))),
    scalar("->>", &[Plain, Text], Text, |a, _| Ok(as_text(member(json(a, 0)?, text(a, 1)?)))),
    scalar("->>", &[Plain, Int4], Text, |a, _| Ok(as_text(item(json(a, 0)?, integer(a, 1)?)))),
    scalar("->>", &[Jsonb, Text], Text, |a, _| Ok(as_text(member(json(a, 0)?, text(a, 1)?)))),
    scalar("->>", &[Jsonb, Int4], Text, |a, _| {
        Ok(as_text(item_or_self(json(a, 0)?, integer(a, 1)?)))
    }),
    scalar("#>", &[Plain, List(&Text)], Plain, |a, _| Ok(part(path_of(a)?))),
    scalar("#>", &[Jsonb, List(&Text)], Jsonb, |a, _| Ok(part(path_of(a)?))),
    scalar("#>>", &[Plain, List(&Text)], Text, |a, _| Ok(as_text(path_of(a)?))),
    scalar("#>>", &[Jsonb, List(&Text)], Text, |a, _| Ok(as_text(path_of(a)?))),
    scalar("@>", &[Jsonb, Jsonb], Boolean, |a, _| is(contains(&tree(a, 0)?, &tree(a, 1)?, true))),
    scalar("<@", &[Jsonb, Jsonb], Boolean, |a, _| is(contains(&tree(a, 1)?, &tree(a, 0)?, true))),
    scalar("?", &[Jsonb, Text], Boolean, |a, _| is(has_key(&tree(a, 0)?, text(a, 1)?))),
    scalar("?|", &[Jsonb, List(&Text)], Boolean, |a, _| {
        let value = tree(a, 0)?;
        is(keys(a)?.iter().any(|key| has_key(&value, key)))
    }),
    scalar("?&", &[Jsonb, List(&Text)], Boolean, |a, _| {
        let value = tree(a, 0)?;
        is(keys(a)?.iter().all(|key| has_key(&value, key)))
    }),
    scalar("||", &[Jsonb, Jsonb], Jsonb, concatenate),
    scalar("-", &[Jsonb, Text], Jsonb, |a, _| delete_keys(tree(a, 0)?, &[text(a, 1)?])),
    scalar("-", &[Jsonb, List(&Text)], Jsonb, |a, _| delete_keys(tree(a, 0)?, &keys(a)?)),
    scalar("-", &[Jsonb, Int4], Jsonb, delete_index),
    scalar("#-", &[Jsonb, List(&Text)], Jsonb, delete_path),
];

/// The text of `jsonb` that a text of JSON has.
pub(super) fn as_jsonb(text: &str) -> Result<Datum> {
    normalize(text).map(Datum::Json)
}
