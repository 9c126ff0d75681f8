//! `jsonb_path_query` and its like: paths of SQL/JSON. A path is a text that is read when it is
//! called.

use super::json::written;
use crate::datum::Datum;
use crate::datum::json::{Json, parse_checked};
use crate::error::{Result, SqlError};
use crate::function::arguments::{boolean, json, text};
use crate::function::signature::Shape::{Boolean, Jsonb, Text};
use crate::function::signature::{Signature, scalar, set};
use crate::function::{Context, ScalarFunction, SetFunction, SetRows};

mod evaluate;
mod parse;

use evaluate::Walk;

/// Whether `silent` keeps quiet about an error: one about what is found, not about the path.
fn is_quiet(error: &SqlError) -> bool {
    let state = error.sqlstate();
    state.starts_with("2203") || matches!(state, "22012" | "22003")
}

/// All that a path finds: target, path, variables, and whether errors are passed over.
fn find(arguments: &[Datum], is_silent: bool) -> Result<Option<Vec<Json>>> {
    let path = parse::parse(text(arguments, 1)?)?;
    let root = parse_checked(json(arguments, 0)?);
    let variables = match arguments.get(2) {
        Some(Datum::Json(text)) => parse_checked(text),
        _ => Json::Object(Vec::new()),
    };
    if !matches!(variables, Json::Object(_)) {
        return Err(SqlError::new("22023", "\"vars\" argument is not an object").with_detail(
            "Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.",
        ));
    }
    let is_silent = is_silent || arguments.len() > 3 && boolean(arguments, 3)?;
    match (Walk { path: &path, root: &root, variables: &variables }).find() {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_silent && is_quiet(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn exists(arguments: &[Datum], is_silent: bool) -> Result<Datum> {
    Ok(match find(arguments, is_silent)? {
        Some(found) => Datum::Boolean(!found.is_empty()),
        None => Datum::Null,
    })
}

fn matches(arguments: &[Datum], is_silent: bool) -> Result<Datum> {
    let said = is_silent || arguments.len() > 3 && boolean(arguments, 3)?;
    match find(arguments, is_silent)?.as_deref() {
        Some([Json::Boolean(truth)]) => Ok(Datum::Boolean(*truth)),
        Some([Json::Null]) => Ok(Datum::Null),
        _ if said => Ok(Datum::Null),
        _ => Err(SqlError::new("22038", "single boolean result is expected")),
    }
}

fn query(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Box::new(std::iter::empty()));
    }
    let found = find(arguments, false)?.unwrap_or_default();
    Ok(Box::new(found.into_iter().map(|item| Ok(vec![written(item)?]))))
}

fn query_array(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    written(Json::Array(find(arguments, false)?.unwrap_or_default()))
}

fn query_first(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    match find(arguments, false)?.unwrap_or_default().into_iter().next() {
        Some(first) => written(first),
        None => Ok(Datum::Null),
    }
}

fn exists_loudly(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    exists(arguments, false)
}

fn matches_loudly(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    matches(arguments, false)
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("jsonb_path_exists", &[Jsonb, Text], Boolean, exists_loudly),
    scalar("jsonb_path_exists", &[Jsonb, Text, Jsonb], Boolean, exists_loudly),
    scalar("jsonb_path_exists", &[Jsonb, Text, Jsonb, Boolean], Boolean, exists_loudly),
    scalar("jsonb_path_match", &[Jsonb, Text], Boolean, matches_loudly),
    scalar("jsonb_path_match", &[Jsonb, Text, Jsonb], Boolean, matches_loudly),
    scalar("jsonb_path_match", &[Jsonb, Text, Jsonb, Boolean], Boolean, matches_loudly),
    scalar("jsonb_path_query_array", &[Jsonb, Text], Jsonb, query_array),
    scalar("jsonb_path_query_array", &[Jsonb, Text, Jsonb], Jsonb, query_array),
    scalar("jsonb_path_query_array", &[Jsonb, Text, Jsonb, Boolean], Jsonb, query_array),
    scalar("jsonb_path_query_first", &[Jsonb, Text], Jsonb, query_first),
    scalar("jsonb_path_query_first", &[Jsonb, Text, Jsonb], Jsonb, query_first),
    scalar("jsonb_path_query_first", &[Jsonb, Text, Jsonb, Boolean], Jsonb, query_first),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("@?", &[Jsonb, Text], Boolean, |a, _| exists(a, true)),
    scalar("@@", &[Jsonb, Text], Boolean, |a, _| matches(a, true)),
];

pub(super) static SETS: &[Signature<SetFunction>] = &[
    set("jsonb_path_query", &[Jsonb, Text], Jsonb, query),
    set("jsonb_path_query", &[Jsonb, Text, Jsonb], Jsonb, query),
    set("jsonb_path_query", &[Jsonb, Text, Jsonb, Boolean], Jsonb, query),
];
