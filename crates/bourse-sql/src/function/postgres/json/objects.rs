//! Objects of lists of texts, values put into `jsonb`, and `json` without its nulls.

use ecow::EcoString;

use super::{Raw, path_texts, raw, tree, written};
use crate::datum::json::{Json, parse_checked, quote_into};
use crate::datum::{Array, Datum};
use crate::error::{Result, SqlError};
use crate::function::arguments::{array, boolean, json};
use crate::function::signature::Shape::{Boolean, Json as Plain, Jsonb, List, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

fn wrong_subscripts(message: &str) -> SqlError {
    SqlError::new("2202E", message)
}

type Pairs<'a> = Vec<(&'a str, Option<&'a str>)>;

fn pair<'a>(key: &'a Datum, value: &'a Datum) -> Result<(&'a str, Option<&'a str>)> {
    let key = key
        .as_text()
        .ok_or_else(|| SqlError::new("22004", "null value not allowed for object key"))?;
    Ok((key, value.as_text()))
}

/// Keys and values by turns, or rows of two.
fn pairs_of_one(list: &Array) -> Result<Pairs<'_>> {
    match list.dimensions.as_slice() {
        [] => {}
        [(length, _)] if length % 2 == 0 => {}
        [_] => return Err(wrong_subscripts("array must have even number of elements")),
        [_, (2, _)] => {}
        [_, _] => return Err(wrong_subscripts("array must have two columns")),
        _ => return Err(wrong_subscripts("wrong number of array subscripts")),
    }
    list.elements.chunks_exact(2).map(|both| pair(&both[0], &both[1])).collect()
}

fn pairs_of_two<'a>(keys: &'a Array, values: &'a Array) -> Result<Pairs<'a>> {
    if keys.dimensions.len() > 1 || keys.dimensions.len() != values.dimensions.len() {
        return Err(wrong_subscripts("wrong number of array subscripts"));
    }
    if keys.elements.len() != values.elements.len() {
        return Err(wrong_subscripts("mismatched array dimensions"));
    }
    keys.elements.iter().zip(&values.elements).map(|(key, value)| pair(key, value)).collect()
}

fn pairs(arguments: &[Datum]) -> Result<Pairs<'_>> {
    match arguments {
        [_] => pairs_of_one(array(arguments, 0)?),
        _ => pairs_of_two(array(arguments, 0)?, array(arguments, 1)?),
    }
}

fn object(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut out = String::from("{");
    for (at, (key, value)) in pairs(arguments)?.into_iter().enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        quote_into(key, &mut out);
        out.push_str(" : ");
        match value {
            Some(value) => quote_into(value, &mut out),
            None => out.push_str("null"),
        }
    }
    out.push('}');
    Ok(Datum::Json(EcoString::from(out)))
}

fn object_tree(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = |value: Option<&str>| value.map_or(Json::Null, |text| Json::Text(text.into()));
    let pairs = pairs(arguments)?.into_iter();
    written(Json::Object(pairs.map(|(key, text)| (key.into(), value(text))).collect()))
}

/// Appends what a text of JSON has, without the pairs of objects that are null, and without spaces.
fn strip(text: &str, out: &mut String) {
    match raw::read(text) {
        Raw::Array(items) => {
            out.push('[');
            for (at, item) in items.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                strip(item, out);
            }
            out.push(']');
        }
        Raw::Object(pairs) => {
            out.push('{');
            let kept = pairs.into_iter().filter(|(_, value)| *value != "null");
            for (at, (key, value)) in kept.enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                quote_into(&key, out);
                out.push(':');
                strip(value, out);
            }
            out.push('}');
        }
        Raw::Scalar => match parse_checked(text) {
            Json::Text(text) => quote_into(&text, out),
            _ => out.push_str(text.trim()),
        },
    }
}

fn strip_nulls(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut out = String::new();
    strip(json(arguments, 0)?, &mut out);
    Ok(Datum::Json(EcoString::from(out)))
}

/// Puts a new value before or behind the place that a path names, all of whose steps but the last
/// are there.
fn insert_at(value: &mut Json, path: &[&str], depth: usize, new: Json, behind: bool) -> Result<()> {
    let Some((step, rest)) = path.split_first() else { return Ok(()) };
    match value {
        Json::Object(pairs) => {
            let found = pairs.iter_mut().find(|(key, _)| key == step);
            match (found, rest.is_empty()) {
                (Some(_), true) => {
                    let hint = "Try using the function jsonb_set to replace key value.";
                    Err(SqlError::new("22023", "cannot replace existing key").with_hint(hint))
                }
                (Some((_, inner)), false) => insert_at(inner, rest, depth + 1, new, behind),
                (None, true) => {
                    pairs.push((EcoString::from(*step), new));
                    Ok(())
                }
                (None, false) => Ok(()),
            }
        }
        Json::Array(items) => {
            let index: i64 = step.parse().map_err(|_| {
                let message =
                    format!("path element at position {depth} is not an integer: \"{step}\"");
                SqlError::new("22P02", message)
            })?;
            let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let place = if index < 0 { index + length } else { index };
            let at = usize::try_from(place).ok().filter(|at| *at < items.len());
            match (at, rest.is_empty()) {
                (Some(at), false) => insert_at(&mut items[at], rest, depth + 1, new, behind)?,
                (Some(at), true) => items.insert(at + usize::from(behind), new),
                // What lies before the first one or behind the last one is at that end.
                (None, true) if place < 0 => items.insert(0, new),
                (None, true) => items.push(new),
                (None, false) => {}
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn insert(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut value = tree(arguments, 0)?;
    let behind = arguments.len() > 3 && boolean(arguments, 3)?;
    if !matches!(value, Json::Array(_) | Json::Object(_)) {
        return Err(SqlError::new("22023", "cannot set path in scalar"));
    }
    insert_at(&mut value, &path_texts(arguments)?, 1, tree(arguments, 2)?, behind)?;
    written(value)
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("json_object", &[List(&Text)], Plain, object),
    scalar("json_object", &[List(&Text), List(&Text)], Plain, object),
    scalar("jsonb_object", &[List(&Text)], Jsonb, object_tree),
    scalar("jsonb_object", &[List(&Text), List(&Text)], Jsonb, object_tree),
    scalar("json_strip_nulls", &[Plain], Plain, strip_nulls),
    scalar("jsonb_insert", &[Jsonb, List(&Text), Jsonb], Jsonb, insert),
    scalar("jsonb_insert", &[Jsonb, List(&Text), Jsonb, Boolean], Jsonb, insert),
];
