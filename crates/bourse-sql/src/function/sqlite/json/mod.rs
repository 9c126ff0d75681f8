//! SQLite's functions of JSON.
//!
//! Their results are of the type `json` to the binder, so that another of them takes them as
//! JSON and not as texts: resolution asks for such an argument as `jsonb`, and the cast to that
//! marks the value. What `json_extract` gives is a value of its own unless it is an array or an
//! object: its type is `jsonb`, and the cast to `json` marks only those.

use ecow::EcoString;

use super::strings::until_nul;
use super::values::as_text;
use crate::datum::Datum;
use crate::datum::json::{Json, parse_checked, write_compact};
use crate::error::{Result, SqlError};
use crate::function::cast::sqlite::{number_prefix, to_double, to_integer};
use crate::function::signature::Shape::{Any, Json as AsJson, Jsonb as AsJsonOrValue, ToJson};
use crate::function::signature::{Signature, scalar};
use crate::function::{Accumulator, Context, ScalarFunction};

mod each;
mod parse;
mod path;
mod pretty;
mod unescape;

pub(super) use each::SETS;
use path::{Edit, Step};

fn malformed() -> SqlError {
    SqlError::new("22P02", "malformed JSON")
}

/// The document that an argument is.
fn document(value: &Datum) -> Result<Json> {
    let text = match value {
        Datum::Bytes(bytes) if is_binary(bytes) => {
            return Err(SqlError::unsupported("JSON in SQLite's binary form"));
        }
        Datum::Bytes(bytes) => EcoString::from(String::from_utf8_lossy(bytes).as_ref()),
        other => as_text(other),
    };
    parse::parse(&text).map(|document| document.value).map_err(|_| malformed())
}

/// Whether bytes look like JSON in SQLite's binary form: one value that fills them. Otherwise they
/// are a text.
fn is_binary(bytes: &[u8]) -> bool {
    let Some((&head, rest)) = bytes.split_first() else { return false };
    let width = match head >> 4 {
        12 => 1,
        13 => 2,
        14 => 4,
        15 => 8,
        _ => 0,
    };
    let Some((size, payload)) = rest.split_at_checked(width) else { return false };
    let size = match width {
        0 => usize::from(head >> 4),
        _ => size.iter().fold(0_usize, |size, byte| size << 8 | usize::from(*byte)),
    };
    let kind = head & 0x0f;
    let could_be_text = size <= 7 && (matches!(head, b'{' | b'[') || head.is_ascii_digit());
    kind <= 12 && size == payload.len() && (kind > 2 || size == 0) && !could_be_text
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
        Datum::Json(text) => parse_checked(text),
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

/// Flags say what counts: JSON (1), JSON5 (2), the binary form by its look (4) and by all of it
/// (8).
fn valid(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let flags = arguments.get(1).map_or(1, to_integer);
    if !(1..16).contains(&flags) {
        let message = "FLAGS parameter to json_valid() must be between 1 and 15";
        return Err(SqlError::new("22023", message));
    }
    let is_valid = match &arguments[0] {
        Datum::Bytes(bytes) if is_binary(bytes) => {
            if flags & 0x0c == 8 {
                return Err(SqlError::unsupported("JSON in SQLite's binary form"));
            }
            flags & 4 != 0
        }
        value => {
            let text = match value {
                Datum::Bytes(bytes) => EcoString::from(String::from_utf8_lossy(bytes).as_ref()),
                other => as_text(other),
            };
            let found = parse::parse(&text).ok();
            found.is_some_and(|found| flags & 2 != 0 || flags & 1 != 0 && found.is_standard)
        }
    };
    Ok(Datum::Integer(i64::from(is_valid)))
}

/// The place of the first character at which a text is no JSON5, from 1; 0 if it is some.
fn error_position(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if let Datum::Bytes(bytes) = &arguments[0]
        && is_binary(bytes)
    {
        return Err(SqlError::unsupported("JSON in SQLite's binary form"));
    }
    let text = as_text(&arguments[0]);
    let place = match parse::parse(&text) {
        Ok(_) => 0,
        Err(at) => text.char_indices().take_while(|(start, _)| *start < at).count() + 1,
    };
    Ok(Datum::Integer(i64::try_from(place).unwrap_or(i64::MAX)))
}

fn pretty(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if arguments[0].is_null() {
        return Ok(Datum::Null);
    }
    let indent = match arguments.get(1) {
        None | Some(Datum::Null) => EcoString::from("    "),
        Some(indent) => until_nul(&as_text(indent)),
    };
    Ok(Datum::Text(pretty::text(&document(&arguments[0])?, &indent)))
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
        let path = as_text(&pair[0]);
        let steps = path::parse(&path)?;
        path::check(&whole, &steps)?;
        path::change(&mut whole, &steps, element(&pair[1])?, edit, &path)?;
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
                pairs.push((until_nul(&as_text(&arguments[0])), element(&arguments[1])?));
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

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("json", &[Any], AsJson, |a, _| made(&document(&a[0])?)),
    scalar("json_valid", &[Any], Any, valid),
    scalar("json_valid", &[Any, Any], Any, valid),
    scalar("json_error_position", &[Any], Any, error_position),
    scalar("json_pretty", &[Any], Any, pretty),
    scalar("json_pretty", &[Any, Any], Any, pretty).called_on_null(),
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
    scalar("json_array_insert", &[ToJson], AsJson, |a, _| {
        edit(a, "json_array_insert", Edit::InsertBefore)
    })
    .called_on_null()
    .variadic(),
    scalar("json_remove", &[Any], AsJson, remove).called_on_null().variadic(),
    scalar("json_patch", &[Any, Any], AsJson, patch),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] =
    &[scalar("->", &[Any, Any], AsJson, arrow), scalar("->>", &[Any, Any], Any, arrow_text)];
