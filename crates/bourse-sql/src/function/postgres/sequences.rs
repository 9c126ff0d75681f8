//! `nextval` and its like.

use std::sync::Arc;

use crate::catalog::{Catalog, Relation, SequenceEntry, key_of};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{integer, text};
use crate::function::signature::Shape::{Boolean, Int8, RegClass, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction, SetFunction, SetRows};
use crate::sequence::Standing;
use crate::session::SessionState;
use crate::settings::Settings;
use crate::types::OidKind;

/// The parts of a name as SQL spells it.
fn split_name(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut in_quotes = false;
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        let last = parts.len() - 1;
        match c {
            '"' if in_quotes && chars.peek() == Some(&'"') => {
                chars.next();
                parts[last].push('"');
            }
            '"' => in_quotes = !in_quotes,
            '.' if !in_quotes => parts.push(String::new()),
            c if in_quotes => parts[last].push(c),
            c => parts[last].push(c.to_ascii_lowercase()),
        }
    }
    parts
}

fn settings(context: &dyn Context) -> Settings {
    let mut settings = Settings::default();
    if let Some(path) = context.setting("search_path") {
        settings.set("search_path", path);
    }
    if let Some(session) = context.session() {
        settings.set_temporary_schema(&session.temporary_schema());
    }
    settings
}

fn session(context: &dyn Context) -> Result<&SessionState> {
    context.session().ok_or_else(|| {
        SqlError::new("55000", "a sequence is asked where no session is: in a definition")
    })
}

fn schema_and_name(written: &str) -> (Option<String>, String) {
    let mut parts = split_name(written);
    let name = parts.pop().unwrap_or_default();
    (parts.pop(), name)
}

/// The sequence that the first argument names, by its name or by its number.
fn sequence(arguments: &[Datum], context: &dyn Context) -> Result<Arc<SequenceEntry>> {
    let written = match &arguments[0] {
        Datum::Integer(number) => {
            let number = u32::try_from(*number).unwrap_or(0);
            context.name_of_number(OidKind::Class, number).ok_or_else(|| {
                SqlError::new("42P01", format!("could not open relation with OID {number}"))
            })?
        }
        _ => text(arguments, 0)?.to_owned(),
    };
    let (schema, name) = schema_and_name(&written);
    let settings = settings(context);
    let catalog = context.catalog();
    let found = catalog.and_then(|catalog| catalog.sequence(schema.as_deref(), &name, &settings));
    if let Some(found) = found {
        return Ok(Arc::clone(found));
    }
    let other = catalog.and_then(|c| c.relation(schema.as_deref(), &name, &settings));
    Err(match other {
        Some(_) => SqlError::new("42809", format!("\"{name}\" is not a sequence")),
        None => SqlError::new("42P01", format!("relation \"{written}\" does not exist")),
    })
}

fn nextval(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (sequence, session) = (sequence(arguments, context)?, session(context)?);
    let key = key_of(&sequence.schema, &sequence.name);
    let value = session.sequences().next(session.database(), &key, &sequence.note)?;
    Ok(Datum::Integer(value))
}

fn currval(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (sequence, session) = (sequence(arguments, context)?, session(context)?);
    let key = key_of(&sequence.schema, &sequence.name);
    session.sequences().current(&key).map(Datum::Integer).ok_or_else(|| {
        let message =
            format!("currval of sequence \"{}\" is not yet defined in this session", sequence.name);
        SqlError::new("55000", message)
    })
}

fn lastval(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    session(context)?
        .sequences()
        .latest()
        .map(Datum::Integer)
        .ok_or_else(|| SqlError::new("55000", "lastval is not yet defined in this session"))
}

fn setval(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (sequence, session) = (sequence(arguments, context)?, session(context)?);
    let last = integer(arguments, 1)?;
    let is_called = arguments.get(2).and_then(Datum::as_boolean).unwrap_or(true);
    let note = &sequence.note;
    if !(note.minimum..=note.maximum).contains(&last) {
        let message = format!(
            "setval: value {last} is out of bounds for sequence \"{}\" ({}..{})",
            sequence.name, note.minimum, note.maximum
        );
        return Err(SqlError::new("22003", message));
    }
    let key = key_of(&sequence.schema, &sequence.name);
    session.sequences().set(session.database(), &key, note, Standing { last, is_called })?;
    Ok(Datum::Integer(last))
}

/// A name as SQL would have it written.
fn quoted(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn serial_sequence(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (written, column) = (text(arguments, 0)?, text(arguments, 1)?);
    let (schema, name) = schema_and_name(written);
    let settings = settings(context);
    let Some(catalog) = context.catalog() else { return Ok(Datum::Null) };
    let table = match catalog.relation(schema.as_deref(), &name, &settings) {
        Some(Relation::Table(table)) => table,
        // A view's columns have none.
        Some(Relation::View(_) | Relation::AggregateView(_)) => return Ok(Datum::Null),
        None => {
            let message = format!("relation \"{written}\" does not exist");
            return Err(SqlError::new("42P01", message));
        }
    };
    if !table.columns.iter().any(|entry| entry.name == column) {
        let message = format!("column \"{column}\" of relation \"{}\" does not exist", table.name);
        return Err(SqlError::new("42703", message));
    }
    let store = table.table.name();
    let owned = catalog.sequences().into_iter().find(|sequence| {
        sequence.note.owner.as_ref().is_some_and(|(table, of)| table == store && of == column)
    });
    Ok(match owned {
        Some(owned) => Datum::text(&format!("{}.{}", quoted(&owned.schema), quoted(&owned.name))),
        None => Datum::Null,
    })
}

/// The row of a sequence, which is told by its key: what it is to be read as a relation.
fn row(arguments: &[Datum], context: &dyn Context) -> Result<SetRows> {
    let (key, session) = (text(arguments, 0)?, session(context)?);
    let sequences = context.catalog().map(Catalog::sequences).unwrap_or_default();
    let is_meant =
        |sequence: &&&Arc<SequenceEntry>| key_of(&sequence.schema, &sequence.name) == key;
    let Some(found) = sequences.iter().find(is_meant) else {
        return Err(SqlError::new("42P01", format!("relation \"{key}\" does not exist")));
    };
    let shared = session.sequences().shared();
    let Standing { last, is_called } = shared.standing(session.database(), key, &found.note)?;
    let row = vec![Datum::Integer(last), Datum::Integer(0), Datum::Boolean(is_called)];
    Ok(Box::new(std::iter::once(Ok(row))))
}

pub(crate) static ROW: SetFunction = SetFunction { name: "sequence", call: row };

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("nextval", &[Text], Int8, nextval).volatile(),
    scalar("nextval", &[RegClass], Int8, nextval).volatile(),
    scalar("currval", &[Text], Int8, currval).volatile(),
    scalar("currval", &[RegClass], Int8, currval).volatile(),
    scalar("lastval", &[], Int8, lastval).volatile(),
    scalar("setval", &[Text, Int8], Int8, setval).volatile(),
    scalar("setval", &[RegClass, Int8], Int8, setval).volatile(),
    scalar("setval", &[Text, Int8, Boolean], Int8, setval).volatile(),
    scalar("setval", &[RegClass, Int8, Boolean], Int8, setval).volatile(),
    scalar("pg_get_serial_sequence", &[Text, Text], Text, serial_sequence).stable(),
];
