//! What PostgreSQL 15 answered, call by call: its type, its text, or its error.
//!
//! A line of `golden/*.jsonl` is `{"f": name, "a": [[type, literal], ...]}`, recorded as
//! `SELECT name(literal::type, ...)` (`op +` and `cast TYPE` stand for those, a type `unknown`
//! for a literal in quotes), or `{"f": "agg name", "types": [...], "rows": [[literal, ...],
//! ...]}`; then `"t"` and `"v"`, the type and text of the answer, or `"e"` and `"m"`, its
//! SQLSTATE and message.

use bourse::Collation;

use super::Statement;
use crate::Dialect;
use crate::datum::json::{Json, parse};
use crate::datum::{Datum, input, output};
use crate::error::{Result, SqlError};
use crate::function::{Context, cast, resolve};
use crate::types::{OidKind, SqlType};

/// A type by the name that PostgreSQL gives it.
pub(super) fn type_of_name(name: &str) -> SqlType {
    if let Some(element) = name.strip_suffix("[]") {
        return type_of_name(element).array();
    }
    let (plain, modifiers) = match name.split_once('(') {
        Some((plain, rest)) => {
            let inner = rest.trim_end_matches(')').split(',');
            (plain, inner.map(|part| part.trim().parse::<i16>().unwrap()).collect())
        }
        None => (name, Vec::new()),
    };
    match (plain, modifiers.as_slice()) {
        ("unknown", _) => SqlType::Unknown,
        ("boolean", _) => SqlType::Boolean,
        ("smallint", _) => SqlType::SmallInt,
        ("integer", _) => SqlType::Integer,
        ("bigint", _) => SqlType::BigInt,
        ("oid", _) => SqlType::Oid(OidKind::Oid),
        ("real", _) => SqlType::Real,
        ("double precision", _) => SqlType::Double,
        ("numeric", []) => SqlType::Numeric(None),
        ("numeric", [precision, scale]) => {
            SqlType::Numeric(Some((u16::try_from(*precision).unwrap(), *scale)))
        }
        ("text", _) => SqlType::Text,
        ("varchar" | "character varying", []) => SqlType::Varchar(None),
        ("varchar", [length]) => SqlType::Varchar(u32::try_from(*length).ok()),
        ("char", [length]) => SqlType::Char(u32::try_from(*length).unwrap()),
        ("name", _) => SqlType::Name,
        ("bytea", _) => SqlType::Bytea,
        ("date", _) => SqlType::Date,
        ("time" | "time without time zone", _) => SqlType::Time(6),
        ("timestamp(0)" | "timestamp", [digits]) => {
            SqlType::Timestamp(u8::try_from(*digits).unwrap())
        }
        ("timestamp" | "timestamp without time zone", _) => SqlType::Timestamp(6),
        ("timestamptz" | "timestamp with time zone", _) => SqlType::TimestampTz(6),
        ("interval", _) => SqlType::Interval,
        ("uuid", _) => SqlType::Uuid,
        ("json", _) => SqlType::Json,
        ("jsonb", _) => SqlType::Jsonb,
        _ => panic!("no type {name}"),
    }
}

fn string<'a>(json: &'a Json, key: &str) -> Option<&'a str> {
    match json.get(key) {
        Some(Json::Text(text)) => Some(text),
        _ => None,
    }
}

fn items<'a>(json: &'a Json, key: &str) -> &'a [Json] {
    match json.get(key) {
        Some(Json::Array(items)) => items,
        _ => &[],
    }
}

fn literal(json: &Json, ty: &SqlType, context: &dyn Context) -> Result<Datum> {
    match json {
        // The literal in the SQL is cast explicitly.
        Json::Text(text) if *ty != SqlType::Unknown => {
            cast::cast(Datum::text(text), &SqlType::Text, ty, true, context)
        }
        Json::Text(text) => Ok(Datum::text(text)),
        _ => Ok(Datum::Null),
    }
}

/// A literal cast for a call: one in quotes is read by the type's input.
fn fit(value: Datum, from: &SqlType, to: &SqlType, context: &dyn Context) -> Result<Datum> {
    match (&value, from) {
        (Datum::Text(text), SqlType::Unknown) => input(text, to, context),
        _ if from == to => Ok(value),
        _ => cast::cast(value, from, to, false, context),
    }
}

fn call(line: &Json, context: &dyn Context) -> Result<(SqlType, Datum)> {
    let name = string(line, "f").unwrap();
    if let Some(name) = name.strip_prefix("agg ") {
        return aggregate(line, name, context);
    }
    let mut types = Vec::new();
    let mut values = Vec::new();
    for argument in items(line, "a") {
        let Json::Array(pair) = argument else { panic!("no argument: {argument:?}") };
        let Json::Text(ty) = &pair[0] else { panic!("no type: {pair:?}") };
        let ty = type_of_name(ty);
        values.push(literal(&pair[1], &ty, context)?);
        types.push(ty);
    }
    if let Some(target) = name.strip_prefix("cast ") {
        let target = type_of_name(target);
        if !cast::can_cast(Dialect::Postgres, &types[0], &target, cast::CastContext::Explicit) {
            return Err(cast::no_cast(&types[0], &target));
        }
        let value = match (&values[0], &types[0]) {
            (Datum::Text(text), SqlType::Unknown) => {
                let plain = cast::cast(Datum::text(text), &SqlType::Text, &target, true, context);
                plain?
            }
            _ => cast::cast(values[0].clone(), &types[0], &target, true, context)?,
        };
        return Ok((target, value));
    }
    let resolved = match name.strip_prefix("op ") {
        Some(operator) if types.len() == 2 => {
            resolve::operator(Dialect::Postgres, operator, Some(&types[0]), Some(&types[1]))?
        }
        Some(operator) => resolve::operator(Dialect::Postgres, operator, None, Some(&types[0]))?,
        None => resolve::scalar(Dialect::Postgres, name, &types)?,
    };
    let triples = values.into_iter().zip(&types).zip(&resolved.arguments);
    let arguments = triples.map(|((value, from), to)| fit(value, from, to, context));
    let arguments: Vec<Datum> = arguments.collect::<Result<_>>()?;
    if resolved.function.strict && arguments.iter().any(Datum::is_null) {
        return Ok((resolved.result, Datum::Null));
    }
    let value = (resolved.function.call)(&arguments, context)?;
    Ok((resolved.result, value))
}

fn aggregate(line: &Json, name: &str, context: &dyn Context) -> Result<(SqlType, Datum)> {
    let types: Vec<SqlType> = items(line, "types")
        .iter()
        .map(|ty| match ty {
            Json::Text(name) => type_of_name(name),
            other => panic!("no type: {other:?}"),
        })
        .collect();
    let resolved = resolve::aggregate(Dialect::Postgres, name, &types)?
        .ok_or_else(|| SqlError::new("42883", format!("no aggregate {name}")))?;
    let mut rows = Vec::new();
    for row in items(line, "rows") {
        let Json::Array(row) = row else { panic!("no row: {row:?}") };
        let mut values = Vec::new();
        for ((value, from), to) in row.iter().zip(&types).zip(&resolved.arguments) {
            values.push(fit(literal(value, from, context)?, from, to, context)?);
        }
        rows.push(values);
    }
    if resolved.function.ordered_set {
        rows.sort_by(|a, b| {
            crate::datum::compare(&a[a.len() - 1], &b[b.len() - 1], Collation::Binary)
        });
    }
    let mut state = (resolved.function.start)(&resolved.arguments, Collation::Binary);
    for row in &rows {
        if !(resolved.function.strict && row.iter().any(Datum::is_null)) {
            state.add(row, context)?;
        }
    }
    Ok((resolved.result, state.result(context)?))
}

fn answer(line: &Json, context: &dyn Context) -> String {
    let written = call(line, context).and_then(|(ty, value)| {
        let text = if value.is_null() { "NULL".into() } else { output(&value, &ty, context)? };
        Ok(format!("{} {text}", ty.name_without_modifier()))
    });
    written.unwrap_or_else(|error| format!("{} {}", error.sqlstate(), error.message()))
}

fn expected(line: &Json) -> String {
    match (string(line, "e"), string(line, "m")) {
        (Some(sqlstate), Some(message)) => format!("{sqlstate} {message}"),
        _ => {
            let text = string(line, "v").unwrap_or("NULL");
            format!("{} {text}", string(line, "t").unwrap())
        }
    }
}

fn check(file: &str, context: &Statement) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for text in file.lines() {
        let line = parse(text).unwrap();
        count += 1;
        let (expected, answer) = (expected(&line), answer(&line, context));
        if expected != answer {
            let call = text.split(",\"t\":").next().unwrap().split(",\"e\":").next().unwrap();
            wrong.push(format!("{call}\n  PostgreSQL: {expected}\n  Bourse:     {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn numbers() {
    check(include_str!("golden/numbers.jsonl"), &Statement::POSTGRES);
}

#[test]
fn number_aggregates() {
    check(include_str!("golden/number_aggregates.jsonl"), &Statement::POSTGRES);
}

#[test]
fn strings() {
    check(include_str!("golden/strings.jsonl"), &Statement::POSTGRES);
}

#[test]
fn string_aggregates() {
    check(include_str!("golden/string_aggregates.jsonl"), &Statement::POSTGRES);
}

#[test]
fn times() {
    check(include_str!("golden/times.jsonl"), &Statement::POSTGRES);
}

#[test]
fn extract() {
    check(include_str!("golden/extract.jsonl"), &Statement::POSTGRES);
}

#[test]
fn times_in_new_york() {
    let there = Statement { zone: "America/New_York", ..Statement::POSTGRES };
    check(include_str!("golden/times_new_york.jsonl"), &there);
}

#[test]
fn json_and_arrays() {
    check(include_str!("golden/json_and_arrays.jsonl"), &Statement::POSTGRES);
}

#[test]
fn json_aggregates() {
    check(include_str!("golden/json_aggregates.jsonl"), &Statement::POSTGRES);
}

#[test]
fn templates() {
    check(include_str!("golden/templates.jsonl"), &Statement::POSTGRES);
}
