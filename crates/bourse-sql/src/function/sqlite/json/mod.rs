//! SQLite's functions of JSON.
//!
//! Their results are of the type `json` to the binder, so that another of them takes them as
//! JSON and not as texts: resolution asks for such an argument as `jsonb`, and the cast to that
//! marks the value. What `json_extract` gives is a value of its own unless it is an array or an
//! object: its type is `jsonb`, and the cast to `json` marks only those.

use ecow::EcoString;

use super::values::as_text;
use crate::datum::Datum;
use crate::datum::json::{Json, parse, quote_into, write_compact};
use crate::error::{Result, SqlError};
use crate::function::cast::sqlite::{number_prefix, to_double};
use crate::function::signature::Shape::{Any, Json as AsJson, Jsonb as AsJsonOrValue, ToJson};
use crate::function::signature::{Signature, scalar};
use crate::function::{Accumulator, Context, ScalarFunction};

mod each;
mod path;

pub(super) use each::SETS;
use path::{Edit, Step};

fn malformed() -> SqlError {
    SqlError::new("22P02", "malformed JSON")
}

/// The document that an argument is.
fn document(value: &Datum) -> Result<Json> {
    match value {
        Datum::Bytes(_) => Err(SqlError::unsupported("JSON in SQLite's binary form")),
        other => parse(&as_text(other)).map_err(|_| malformed()),
    }
}

/// A value inside of JSON: texts that are no JSON of their own are quoted.
fn element(value: &Datum) -> Result<Json> {
    Ok(match value {
        Datum::Null => Json::Null,
        Datum::Integer(value) => Json::Number(ecow::eco_format!("{value}")),
        Datum::Boolean(value) => Json::Number(ecow::eco_format!("{}", u8::from(*value))),
        Datum::Double(value) if value.is_infinite() => {
            Json::Number(if *value > 0.0 { "9.0e+999" } else { "-9.0e+999" }.into())
        }
        Datum::Double(value) => Json::Number(super::float::real_text(*value).into()),
        Datum::Json(text) => parse(text).map_err(|_| malformed())?,
        Datum::Bytes(_) => {
            return Err(SqlError::new("22023", "JSON cannot hold BLOB values"));
        }
        other => Json::Text(as_text(other)),
    })
}

fn text_of(value: &Json) -> EcoString {
    let mut text = String::new();
    write_compact(value, &mut text);
    EcoString::from(text)
}

fn made(value: &Json) -> Result<Datum> {
    Ok(Datum::Text(text_of(value)))
}

/// The value as SQL has it: only arrays and objects stay JSON.
pub(super) fn to_sql(value: &Json) -> Datum {
    match value {
        Json::Null => Datum::Null,
        Json::Boolean(value) => Datum::Integer(i64::from(*value)),
        Json::Number(text) => match number_prefix(text).0 {
            Datum::Integer(value) => Datum::Integer(value),
            Datum::Double(value) => Datum::Double(value),
            _ => Datum::Double(to_double(0)),
        },
        Json::Text(text) => Datum::Text(text.clone()),
        other => Datum::Text(text_of(other)),
    }
}

/// The name of the value's kind.
pub(super) fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Boolean(true) => "true",
        Json::Boolean(false) => "false",
        Json::Number(text) if text.contains(['.', 'e', 'E']) => "real",
        Json::Number(_) => "integer",
        Json::Text(_) => "text",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn array(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    made(&Json::Array(arguments.iter().map(element).collect::<Result<_>>()?))
}

fn object(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if arguments.len() % 2 == 1 {
        let message = "json_object() requires an even number of arguments";
        return Err(SqlError::new("22023", message));
    }
    let mut pairs = Vec::with_capacity(arguments.len() / 2);
    for pair in arguments.chunks_exact(2) {
        match &pair[0] {
            key @ (Datum::Text(_) | Datum::Json(_)) => {
                pairs.push((as_text(key), element(&pair[1])?))
            }
            _ => return Err(SqlError::new("22023", "json_object() labels must be TEXT")),
        }
    }
    made(&Json::Object(pairs))
}

fn extract(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Datum::Null);
    }
    let whole = document(&arguments[0])?;
    let mut found = Vec::new();
    for path in &arguments[1..] {
        found.push(path::find(&whole, &path::parse(&as_text(path))?)?.cloned());
    }
    match found.as_slice() {
        [] => Ok(Datum::Null),
        [one] => Ok(one.as_ref().map_or(Datum::Null, to_sql)),
        _ => {
            let items = found.into_iter().map(|value| value.unwrap_or(Json::Null));
            made(&Json::Array(items.collect()))
        }
    }
}

/// The steps of the right side of `->`: a path, a name, or a place.
fn arrow_steps(value: &Datum) -> Result<Vec<Step>> {
    Ok(match value {
        Datum::Integer(index) if *index < 0 => {
            vec![Step::FromEnd(usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX))]
        }
        Datum::Integer(index) => vec![Step::Index(usize::try_from(*index).unwrap_or(usize::MAX))],
        other => {
            let text = as_text(other);
            match text.strip_prefix('$') {
                Some(_) => path::parse(&text)?,
                None if text.starts_with('[') && text.ends_with(']') => {
                    path::parse(&format!("${text}"))?
                }
                None => vec![Step::Key(text)],
            }
        }
    })
}

fn arrow(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let whole = document(&arguments[0])?;
    match path::find(&whole, &arrow_steps(&arguments[1])?)? {
        Some(value) => made(value),
        None => Ok(Datum::Null),
    }
}

fn arrow_text(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let whole = document(&arguments[0])?;
    Ok(path::find(&whole, &arrow_steps(&arguments[1])?)?.map_or(Datum::Null, to_sql))
}

/// The value at the optional path.
fn at_path(arguments: &[Datum]) -> Result<Option<Json>> {
    let whole = document(&arguments[0])?;
    match arguments.get(1) {
        Some(path) => Ok(path::find(&whole, &path::parse(&as_text(path))?)?.cloned()),
        None => Ok(Some(whole)),
    }
}

fn type_of(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(at_path(arguments)?.map_or(Datum::Null, |value| Datum::text(kind(&value))))
}

fn array_length(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(match at_path(arguments)? {
        None => Datum::Null,
        Some(Json::Array(items)) => Datum::Integer(i64::try_from(items.len()).unwrap_or(i64::MAX)),
        Some(_) => Datum::Integer(0),
    })
}

fn valid(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let is_valid = match &arguments[0] {
        Datum::Bytes(_) => false,
        other => parse(&as_text(other)).is_ok(),
    };
    Ok(Datum::Integer(i64::from(is_valid)))
}

fn quote(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    made(&element(&arguments[0])?)
}

fn edit(arguments: &[Datum], name: &str, edit: Edit) -> Result<Datum> {
    if arguments.len().is_multiple_of(2) {
        let message = format!("{name}() needs an odd number of arguments");
        return Err(SqlError::new("22023", message));
    }
    if arguments[0].is_null() {
        return Ok(Datum::Null);
    }
    let mut whole = document(&arguments[0])?;
    for pair in arguments[1..].chunks_exact(2) {
        if pair[0].is_null() {
            return Ok(Datum::Null);
        }
        let steps = path::parse(&as_text(&pair[0]))?;
        path::check(&whole, &steps)?;
        path::change(&mut whole, &steps, element(&pair[1])?, edit);
    }
    made(&whole)
}

fn remove(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Datum::Null);
    }
    let mut whole = document(&arguments[0])?;
    for path in &arguments[1..] {
        let steps = path::parse(&as_text(path))?;
        if steps.is_empty() {
            return Ok(Datum::Null);
        }
        path::check(&whole, &steps)?;
        path::remove(&mut whole, &steps);
    }
    made(&whole)
}

/// RFC 7396: what is null goes, objects are merged, all else is replaced.
fn merge(target: Json, patch: Json) -> Json {
    let Json::Object(changes) = patch else {
        return patch;
    };
    let mut pairs = match target {
        Json::Object(pairs) => pairs,
        _ => Vec::new(),
    };
    for (key, value) in changes {
        let at = pairs.iter().position(|(other, _)| *other == key);
        match (at, value) {
            (Some(at), Json::Null) => {
                pairs.remove(at);
            }
            (None, Json::Null) => {}
            (Some(at), value) => {
                let old = std::mem::replace(&mut pairs[at].1, Json::Null);
                pairs[at].1 = merge(old, value);
            }
            (None, value) => pairs.push((key, merge(Json::Null, value))),
        }
    }
    Json::Object(pairs)
}

fn patch(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    made(&merge(document(&arguments[0])?, document(&arguments[1])?))
}

/// json_group_array and json_group_object.
pub(super) struct Gathered {
    items: Vec<Json>,
    pairs: Option<Vec<(EcoString, Json)>>,
}

impl Gathered {
    pub(super) fn array() -> Gathered {
        Gathered { items: Vec::new(), pairs: None }
    }

    pub(super) fn object() -> Gathered {
        Gathered { items: Vec::new(), pairs: Some(Vec::new()) }
    }
}

impl Accumulator for Gathered {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        match &mut self.pairs {
            Some(pairs) if !arguments[0].is_null() => {
                pairs.push((as_text(&arguments[0]), element(&arguments[1])?));
            }
            Some(_) => {}
            None => self.items.push(element(&arguments[0])?),
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        match &self.pairs {
            Some(pairs) => made(&Json::Object(pairs.clone())),
            None => made(&Json::Array(self.items.clone())),
        }
    }

    fn heap_bytes(&self) -> usize {
        let pairs = self.pairs.as_ref().map_or(0, Vec::len);
        (self.items.len() + pairs) * size_of::<(EcoString, Json)>()
    }
}

/// A document over several lines.
fn write_pretty(value: &Json, indent: &str, depth: usize, out: &mut String) {
    let (opens, closes, parts): (char, char, Vec<(Option<&str>, &Json)>) = match value {
        Json::Array(items) if !items.is_empty() => {
            ('[', ']', items.iter().map(|item| (None, item)).collect())
        }
        Json::Object(pairs) if !pairs.is_empty() => {
            ('{', '}', pairs.iter().map(|(key, item)| (Some(key.as_str()), item)).collect())
        }
        other => return write_compact(other, out),
    };
    out.push(opens);
    for (at, (key, item)) in parts.iter().enumerate() {
        out.push_str(if at > 0 { ",\n" } else { "\n" });
        out.push_str(&indent.repeat(depth + 1));
        if let Some(key) = key {
            quote_into(key, out);
            out.push_str(": ");
        }
        write_pretty(item, indent, depth + 1, out);
    }
    out.push('\n');
    out.push_str(&indent.repeat(depth));
    out.push(closes);
}

fn pretty(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if arguments[0].is_null() {
        return Ok(Datum::Null);
    }
    let indent = match arguments.get(1) {
        None | Some(Datum::Null) => EcoString::from("    "),
        Some(indent) => as_text(indent),
    };
    let mut out = String::new();
    write_pretty(&document(&arguments[0])?, &indent, 0, &mut out);
    Ok(Datum::Text(EcoString::from(out)))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("json", &[Any], AsJson, |a, _| made(&document(&a[0])?)),
    scalar("json_valid", &[Any], Any, valid),
    scalar("json_array", &[], AsJson, array),
    scalar("json_array", &[ToJson], AsJson, array).called_on_null().variadic(),
    scalar("json_object", &[], AsJson, object),
    scalar("json_object", &[ToJson], AsJson, object).called_on_null().variadic(),
    scalar("json_extract", &[Any], AsJsonOrValue, extract).called_on_null().variadic(),
    scalar("json_type", &[Any], Any, type_of),
    scalar("json_type", &[Any, Any], Any, type_of),
    scalar("json_array_length", &[Any], Any, array_length),
    scalar("json_array_length", &[Any, Any], Any, array_length),
    scalar("json_quote", &[ToJson], AsJson, quote).called_on_null(),
    scalar("json_insert", &[ToJson], AsJson, |a, _| edit(a, "json_insert", Edit::Insert))
        .called_on_null()
        .variadic(),
    scalar("json_replace", &[ToJson], AsJson, |a, _| edit(a, "json_replace", Edit::Replace))
        .called_on_null()
        .variadic(),
    scalar("json_set", &[ToJson], AsJson, |a, _| edit(a, "json_set", Edit::Set))
        .called_on_null()
        .variadic(),
    scalar("json_remove", &[Any], AsJson, remove).called_on_null().variadic(),
    scalar("json_pretty", &[Any], Any, pretty).called_on_null(),
    scalar("json_pretty", &[Any, Any], Any, pretty).called_on_null(),
    scalar("json_patch", &[Any, Any], AsJson, patch),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] =
    &[scalar("->", &[Any, Any], AsJson, arrow), scalar("->>", &[Any, Any], Any, arrow_text)];
