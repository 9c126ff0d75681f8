//! Functions that make rows of JSON.

use super::{Raw, as_text, part, raw};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::json;
use crate::function::signature::Shape::{Json as Plain, Jsonb, Text};
use crate::function::signature::{Shape, Signature, set};
use crate::function::{SetFunction, SetRows};

fn rows(rows: Vec<Vec<Datum>>) -> SetRows {
    Box::new(rows.into_iter().map(Ok))
}

fn elements(arguments: &[Datum], shown: fn(Option<&str>) -> Datum) -> Result<SetRows> {
    if arguments[0].is_null() {
        return Ok(rows(Vec::new()));
    }
    match raw::read(json(arguments, 0)?) {
        Raw::Array(items) => Ok(rows(items.iter().map(|item| vec![shown(Some(item))]).collect())),
        Raw::Object(_) => Err(SqlError::new("22023", "cannot extract elements from an object")),
        Raw::Scalar => Err(SqlError::new("22023", "cannot extract elements from a scalar")),
    }
}

fn pairs(arguments: &[Datum], shown: fn(Option<&str>) -> Datum, name: &str) -> Result<SetRows> {
    if arguments[0].is_null() {
        return Ok(rows(Vec::new()));
    }
    match raw::read(json(arguments, 0)?) {
        Raw::Object(pairs) => {
            let row =
                |(key, value): (ecow::EcoString, &str)| vec![Datum::Text(key), shown(Some(value))];
            Ok(rows(pairs.into_iter().map(row).collect()))
        }
        _ if name.starts_with("jsonb") => {
            Err(SqlError::new("22023", format!("cannot call {name} on a non-object")))
        }
        Raw::Array(_) => Err(SqlError::new("22023", "cannot deconstruct an array as an object")),
        Raw::Scalar => Err(SqlError::new("22023", "cannot deconstruct a scalar")),
    }
}

fn keys(arguments: &[Datum], name: &str) -> Result<SetRows> {
    if arguments[0].is_null() {
        return Ok(rows(Vec::new()));
    }
    match raw::read(json(arguments, 0)?) {
        Raw::Object(pairs) => {
            Ok(rows(pairs.into_iter().map(|(key, _)| vec![Datum::Text(key)]).collect()))
        }
        Raw::Array(_) => Err(SqlError::new("22023", format!("cannot call {name} on an array"))),
        Raw::Scalar => Err(SqlError::new("22023", format!("cannot call {name} on a scalar"))),
    }
}

const VALUE_TEXT: &[(&str, Shape)] = &[("value", Text)];
const PAIR_TEXT: &[(&str, Shape)] = &[("key", Text), ("value", Text)];

pub(in crate::function::postgres) static SETS: &[Signature<SetFunction>] = &[
    set("json_array_elements", &[Plain], Plain, |a, _| elements(a, part))
        .with_columns(&[("value", Plain)]),
    set("jsonb_array_elements", &[Jsonb], Jsonb, |a, _| elements(a, part))
        .with_columns(&[("value", Jsonb)]),
    set("json_array_elements_text", &[Plain], Text, |a, _| elements(a, as_text))
        .with_columns(VALUE_TEXT),
    set("jsonb_array_elements_text", &[Jsonb], Text, |a, _| elements(a, as_text))
        .with_columns(VALUE_TEXT),
    set("json_each", &[Plain], Plain, |a, _| pairs(a, part, "json_each"))
        .with_columns(&[("key", Text), ("value", Plain)]),
    set("jsonb_each", &[Jsonb], Jsonb, |a, _| pairs(a, part, "jsonb_each"))
        .with_columns(&[("key", Text), ("value", Jsonb)]),
    set("json_each_text", &[Plain], Text, |a, _| pairs(a, as_text, "json_each_text"))
        .with_columns(PAIR_TEXT),
    set("jsonb_each_text", &[Jsonb], Text, |a, _| pairs(a, as_text, "jsonb_each_text"))
        .with_columns(PAIR_TEXT),
    set("json_object_keys", &[Plain], Text, |a, _| keys(a, "json_object_keys")),
    set("jsonb_object_keys", &[Jsonb], Text, |a, _| keys(a, "jsonb_object_keys")),
];
