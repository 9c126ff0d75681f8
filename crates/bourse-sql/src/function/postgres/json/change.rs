//! Functions that change JSON, and make it of arrays of texts.

use ecow::EcoString;

use super::{element_at, path_texts, set, tree, without_nulls, written};
use crate::datum::json::{Json, quote_into, write_compact};
use crate::datum::{Array, Datum};
use crate::error::{Result, SqlError};
use crate::function::arguments::{array, boolean, text};
use crate::function::signature::Shape::{Boolean, Json as Plain, Jsonb, List, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// Members that an array gets NULLs for, up to the one that is set.
const MEMBERS_MAX: usize = 10_000_000;

/// Puts a value before or behind the element of a path, or into an object that lacks its key.
fn insert_at(value: &mut Json, path: &[&str], depth: usize, new: Json, after: bool) -> Result<()> {
    let Some((step, rest)) = path.split_first() else { return Ok(()) };
    match value {
        Json::Object(pairs) => {
            let at = pairs.iter().position(|(key, _)| key == step);
            match (at, rest.is_empty()) {
                (Some(at), false) => insert_at(&mut pairs[at].1, rest, depth + 1, new, after)?,
                (Some(_), true) => {
                    return Err(SqlError::new("22023", "cannot replace existing key")
                        .with_hint("Try using the function jsonb_set to replace key value."));
                }
                (None, true) => pairs.push((EcoString::from(*step), new)),
                (None, false) => {}
            }
        }
        Json::Array(items) => {
            let (place, at) = element_at(step, depth, items.len())?;
            match (at, rest.is_empty()) {
                (Some(at), false) => insert_at(&mut items[at], rest, depth + 1, new, after)?,
                (Some(at), true) => items.insert(at + usize::from(after), new),
                (None, true) if place < 0 => items.insert(0, new),
                (None, true) => items.push(new),
                (None, false) => {}
            }
        }
        _ => {}
    }
    Ok(())
}

fn insert(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut value = tree(arguments, 0)?;
    if !matches!(value, Json::Array(_) | Json::Object(_)) {
        return Err(SqlError::new("22023", "cannot set path in scalar"));
    }
    let after = arguments.len() > 3 && boolean(arguments, 3)?;
    insert_at(&mut value, &path_texts(arguments)?, 1, tree(arguments, 2)?, after)?;
    written(value)
}

/// `jsonb_set` that says what becomes of a NULL.
fn set_lax(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let is_null = |at: usize| arguments.get(at).is_some_and(Datum::is_null);
    if is_null(0) || is_null(1) || is_null(3) {
        return Ok(Datum::Null);
    }
    if !is_null(2) {
        return set(&arguments[..arguments.len().min(4)], context);
    }
    let treatment = match arguments.get(4) {
        None => "use_json_null",
        Some(Datum::Null) => {
            let message = "null_value_treatment must be \"delete_key\", \"return_target\", \
                           \"use_json_null\", or \"raise_exception\"";
            return Err(SqlError::new("22023", message));
        }
        Some(_) => text(arguments, 4)?,
    };
    match treatment {
        "raise_exception" => {
            let hint = "To avoid, either change the null_value_treatment argument or ensure that \
                        an SQL NULL is not passed.";
            Err(SqlError::new("22004", "JSON value must not be null")
                .with_detail(
                    "Exception was raised because null_value_treatment is \
                              \"raise_exception\".",
                )
                .with_hint(hint))
        }
        "use_json_null" => {
            let mut given = arguments[..arguments.len().min(4)].to_vec();
            given[2] = Datum::Json(EcoString::from("null"));
            set(&given, context)
        }
        "return_target" => Ok(arguments[0].clone()),
        "delete_key" => super::delete_path(&arguments[..2], context),
        _ => {
            let message = "null_value_treatment must be \"delete_key\", \"return_target\", \
                           \"use_json_null\", or \"raise_exception\"";
            Err(SqlError::new("22023", message))
        }
    }
}

fn strip_nulls(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut out = String::new();
    write_compact(&without_nulls(tree(arguments, 0)?), &mut out);
    Ok(Datum::Json(EcoString::from(out)))
}

fn refused(message: &str) -> SqlError {
    SqlError::new("2202E", message)
}

/// An object of keys and values.
fn object_of<'a>(pairs: impl Iterator<Item = (&'a Datum, &'a Datum)>) -> Result<String> {
    let mut out = String::from("{");
    for (at, (key, value)) in pairs.enumerate() {
        let Some(key) = key.as_text() else {
            return Err(SqlError::new("22004", "null value not allowed for object key"));
        };
        out.push_str(if at > 0 { ", " } else { "" });
        quote_into(key, &mut out);
        out.push_str(" : ");
        match value.as_text() {
            Some(value) => quote_into(value, &mut out),
            None => out.push_str("null"),
        }
    }
    out.push('}');
    Ok(out)
}

/// An object of an array: of keys and values in turn, or of pairs.
fn object_of_one(list: &Array) -> Result<String> {
    match list.dimensions.as_slice() {
        [] => Ok("{}".to_owned()),
        [(length, _)] if length % 2 == 1 => Err(refused("array must have even number of elements")),
        [_] | [_, (2, _)] => {
            object_of(list.elements.chunks_exact(2).map(|pair| (&pair[0], &pair[1])))
        }
        [_, _] => Err(refused("array must have two columns")),
        _ => Err(refused("wrong number of array subscripts")),
    }
}

/// An object of an array of keys and one of values.
fn object_of_two(keys: &Array, values: &Array) -> Result<String> {
    if keys.dimensions.len() > 1 || values.dimensions.len() > 1 {
        return Err(refused("wrong number of array subscripts"));
    }
    if keys.elements.len() != values.elements.len() {
        return Err(refused("mismatched array dimensions"));
    }
    object_of(keys.elements.iter().zip(&values.elements))
}

fn object_text(arguments: &[Datum]) -> Result<String> {
    match arguments.len() {
        1 => object_of_one(array(arguments, 0)?),
        _ => object_of_two(array(arguments, 0)?, array(arguments, 1)?),
    }
}

fn plain_object(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::Json(EcoString::from(object_text(arguments)?)))
}

fn binary_object(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    super::as_jsonb(&object_text(arguments)?)
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("jsonb_insert", &[Jsonb, List(&Text), Jsonb], Jsonb, insert),
    scalar("jsonb_insert", &[Jsonb, List(&Text), Jsonb, Boolean], Jsonb, insert),
    scalar("jsonb_set_lax", &[Jsonb, List(&Text), Jsonb], Jsonb, set_lax).called_on_null(),
    scalar("jsonb_set_lax", &[Jsonb, List(&Text), Jsonb, Boolean], Jsonb, set_lax).called_on_null(),
    scalar("jsonb_set_lax", &[Jsonb, List(&Text), Jsonb, Boolean, Text], Jsonb, set_lax)
        .called_on_null(),
    scalar("json_strip_nulls", &[Plain], Plain, strip_nulls),
    scalar("json_object", &[List(&Text)], Plain, plain_object),
    scalar("json_object", &[List(&Text), List(&Text)], Plain, plain_object),
    scalar("jsonb_object", &[List(&Text)], Jsonb, binary_object),
    scalar("jsonb_object", &[List(&Text), List(&Text)], Jsonb, binary_object),
];

/// JSON with another member. Each step says by its first letter whether it is an index or a key;
/// what is not there on the way is made.
pub(in crate::function::postgres) fn with_member(
    target: &Datum,
    value: &Datum,
    steps: &[&str],
) -> Result<Datum> {
    let new = tree(std::slice::from_ref(value), 0)?;
    let mut whole = match target.is_null() {
        true => empty_for(steps.first().copied().unwrap_or_default()),
        false => tree(std::slice::from_ref(target), 0)?,
    };
    put_member(&mut whole, steps, 1, new)?;
    written(whole)
}

/// What has a member of such a step.
fn empty_for(step: &str) -> Json {
    if step.starts_with('i') { Json::Array(Vec::new()) } else { Json::Object(Vec::new()) }
}

fn put_member(value: &mut Json, steps: &[&str], depth: usize, new: Json) -> Result<()> {
    let Some((step, rest)) = steps.split_first() else {
        *value = new;
        return Ok(());
    };
    let key = &step[1..];
    let made = |rest: &[&str]| rest.first().map_or(Json::Null, |next| empty_for(next));
    match value {
        Json::Object(pairs) => {
            let at = pairs.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
                pairs.push((EcoString::from(key), made(rest)));
                pairs.len() - 1
            });
            put_member(&mut pairs[at].1, rest, depth + 1, new)
        }
        Json::Array(items) => {
            let (place, at) = element_at(key, depth, items.len())?;
            let at = match (at, usize::try_from(place)) {
                (Some(at), _) => at,
                (None, Ok(place)) if place < MEMBERS_MAX => {
                    items.resize_with(place + 1, || Json::Null);
                    items[place] = made(rest);
                    place
                }
                (None, _) => {
                    let message =
                        format!("path element at position {depth} is out of range: {key}");
                    return Err(SqlError::new("22023", message));
                }
            };
            put_member(&mut items[at], rest, depth + 1, new)
        }
        _ => Err(SqlError::new("22023", "cannot replace existing key")
            .with_detail("The path assumes key is a composite object, but it is a scalar value.")),
    }
}
