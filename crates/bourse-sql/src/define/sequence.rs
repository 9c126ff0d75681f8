//! CREATE SEQUENCE, ALTER SEQUENCE, and the sequences of SERIAL and IDENTITY columns.

use bourse::Database;
use sqlparser::ast::{DataType, Expr as Ast, ObjectName, SequenceOptions, Statement as Tree};

use super::Definition;
use super::Object;
use super::object::{new_name, taken, temporary_name};
use crate::bind::Binder;
use crate::catalog::{
    Kind, ObjectKey, SequenceEntry, SequenceNote, announce, delete_object, key_of, read_objects,
    write_object,
};
use crate::error::{Result, SqlError};
use crate::parse::{AlterSequence, SequenceChange};
use crate::sequence::{self, Sequences, Standing};

/// ALTER SEQUENCE.
#[derive(Clone, Debug)]
pub struct AlteredSequence {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it is from now on.
    pub note: SequenceNote,
    /// Where it begins anew.
    pub restart: Option<i64>,
    /// Its new name.
    pub rename: Option<String>,
}

impl AlteredSequence {
    /// A sequence with other options, which begins anew if that is said.
    pub(super) fn of(
        found: &SequenceEntry,
        options: &[SequenceOptions],
        restart: Option<Option<i64>>,
    ) -> Result<AlteredSequence> {
        let note = note_of(options, Some(&found.note))?;
        let restart = restart.map(|value| value.unwrap_or(note.start));
        if let Some(value) = restart {
            check_within("RESTART", value, &note)?;
        }
        let (schema, name) = (found.schema.clone(), found.name.clone());
        Ok(AlteredSequence { schema, name, note, restart, rename: None })
    }

    /// The key of the row that says where it stands.
    pub(crate) fn standing_key(&self) -> String {
        self.note.standing_key(&key_of(&self.schema, &self.name)).to_owned()
    }
}

pub(super) fn create(binder: &Binder<'_>, tree: &Tree) -> Result<Definition> {
    let Tree::CreateSequence { temporary, if_not_exists, name, sequence_options } = tree else {
        return Err(SqlError::new("XX000", "this is no CREATE SEQUENCE"));
    };
    let (schema, name) = match temporary {
        true => temporary_name(binder, name)?,
        false => new_name(binder, name)?,
    };
    if binder.catalog.is_taken(&schema, &name) {
        if *if_not_exists {
            let notice = format!("relation \"{name}\" already exists, skipping");
            return Ok(Definition::Nothing { tag: "CREATE SEQUENCE", notice: Some(notice) });
        }
        return Err(taken(binder, "sequence", &name));
    }
    let mut note = note_of(sequence_options, None)?;
    note.owner = owner_of(binder, sequence_options)?.unwrap_or_default();
    Ok(Definition::Put(Object::Sequence(schema, name, note), "CREATE SEQUENCE"))
}

/// OWNED BY: `None` where nothing is said.
fn owner_of(
    binder: &Binder<'_>,
    options: &[SequenceOptions],
) -> Result<Option<Option<(String, String)>>> {
    let said = options.iter().find_map(|option| match option {
        SequenceOptions::OwnedBy(owner) => Some(owner),
        _ => None,
    });
    let Some(said) = said else { return Ok(None) };
    let Some(ObjectName(parts)) = said else { return Ok(Some(None)) };
    let Some((column, table)) = parts.split_last().filter(|(_, table)| !table.is_empty()) else {
        return Err(SqlError::new("42601", "invalid OWNED BY option")
            .with_hint("Specify OWNED BY table.column or OWNED BY NONE."));
    };
    let table = binder.table_to_change(&ObjectName(table.to_vec()), "own a sequence by")?;
    let column = column.as_ident().map(|ident| binder.fold(ident)).unwrap_or_default();
    let at = binder.target(&table, &column)?;
    Ok(Some(Some((table.table.name().to_owned(), table.columns[at].name.clone()))))
}

fn refused(message: String) -> SqlError {
    SqlError::new("22023", message)
}

/// The range of a sequence's type.
fn range_of(data_type: &str) -> (i64, i64) {
    match data_type {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

/// The name of a sequence's type.
fn type_of(data_type: &DataType) -> Result<&'static str> {
    match data_type {
        DataType::SmallInt(None) | DataType::Int2(None) => Ok("smallint"),
        DataType::Int(None) | DataType::Integer(None) | DataType::Int4(None) => Ok("integer"),
        DataType::BigInt(None) | DataType::Int8(None) => Ok("bigint"),
        _ => Err(refused("sequence type must be smallint, integer, or bigint".to_owned())),
    }
}

fn number(tree: &Ast) -> Result<i64> {
    let text = tree.to_string().replace(' ', "");
    text.parse().map_err(|_| {
        SqlError::new("22003", format!("value \"{text}\" is out of range for type bigint"))
    })
}

/// What a sequence is by its options; what these do not say is as it was before.
pub(super) fn note_of(
    options: &[SequenceOptions],
    before: Option<&SequenceNote>,
) -> Result<SequenceNote> {
    let mut note = before.cloned().unwrap_or_default();
    let (mut minimum, mut maximum, mut start) = (None, None, before.map(|before| before.start));
    if let Some(before) = before {
        (minimum, maximum) = (Some(before.minimum), Some(before.maximum));
    }
    for option in options {
        match option {
            SequenceOptions::DataType(data_type) => {
                // Limits that were those of the former type become those of the new one.
                let (least, most) = range_of(&note.data_type);
                note.data_type = type_of(data_type)?.to_owned();
                minimum = minimum.filter(|minimum| *minimum != least);
                maximum = maximum.filter(|maximum| *maximum != most);
            }
            SequenceOptions::IncrementBy(tree, _) => note.increment = number(tree)?,
            SequenceOptions::MinValue(tree) => {
                minimum = tree.as_ref().map(number).transpose()?;
            }
            SequenceOptions::MaxValue(tree) => {
                maximum = tree.as_ref().map(number).transpose()?;
            }
            SequenceOptions::StartWith(tree, _) => start = Some(number(tree)?),
            SequenceOptions::Cycle(no) => note.cycle = !no,
            SequenceOptions::Cache(tree) => {
                let cache = number(tree)?;
                if cache <= 0 {
                    return Err(refused(format!("CACHE ({cache}) must be greater than zero")));
                }
                note.cache = cache;
            }
            SequenceOptions::OwnedBy(_) => {}
        }
    }
    if note.increment == 0 {
        return Err(refused("INCREMENT must not be zero".to_owned()));
    }
    let (least, most) = range_of(&note.data_type);
    let rises = note.increment > 0;
    note.minimum = minimum.unwrap_or(if rises { 1 } else { least });
    note.maximum = maximum.unwrap_or(if rises { most } else { -1 });
    note.start = start.unwrap_or(if rises { note.minimum } else { note.maximum });
    check(&note, (least, most))?;
    Ok(note)
}

fn check(note: &SequenceNote, (least, most): (i64, i64)) -> Result<()> {
    let SequenceNote { minimum, maximum, start, data_type, .. } = note;
    for (what, value) in [("MAXVALUE", maximum), ("MINVALUE", minimum)] {
        if !(least..=most).contains(value) {
            let message =
                format!("{what} ({value}) is out of range for sequence data type {data_type}");
            return Err(refused(message));
        }
    }
    if minimum >= maximum {
        return Err(refused(format!(
            "MINVALUE ({minimum}) must be less than MAXVALUE ({maximum})"
        )));
    }
    check_within("START", *start, note)
}

fn check_within(what: &str, value: i64, note: &SequenceNote) -> Result<()> {
    let SequenceNote { minimum, maximum, .. } = note;
    if value < *minimum {
        let message = format!("{what} value ({value}) cannot be less than MINVALUE ({minimum})");
        return Err(refused(message));
    }
    if value > *maximum {
        let message = format!("{what} value ({value}) cannot be greater than MAXVALUE ({maximum})");
        return Err(refused(message));
    }
    Ok(())
}

pub(super) fn alter(binder: &Binder<'_>, tree: &AlterSequence) -> Result<Definition> {
    let (schema, name) = binder.object_name(&tree.name)?;
    let found = binder.catalog.sequence(schema.as_deref(), &name, binder.settings);
    let Some(found) = found else {
        if tree.if_exists {
            let notice = format!("relation \"{name}\" does not exist, skipping");
            return Ok(Definition::Nothing { tag: "ALTER SEQUENCE", notice: Some(notice) });
        }
        if binder.catalog.relation(schema.as_deref(), &name, binder.settings).is_some() {
            return Err(SqlError::new("42809", format!("\"{name}\" is not a sequence")));
        }
        return Err(binder.no_relation(&tree.name, schema.as_deref(), &name));
    };
    let mut altered = AlteredSequence {
        schema: found.schema.clone(),
        name: found.name.clone(),
        note: found.note.clone(),
        restart: None,
        rename: None,
    };
    match &tree.change {
        SequenceChange::Rename(to) => {
            if binder.catalog.is_taken(&found.schema, to) {
                return Err(taken(binder, "sequence", to));
            }
            altered.rename = Some(to.clone());
        }
        SequenceChange::Owner => {}
        SequenceChange::Options(options, restart) => {
            altered.note = note_of(options, Some(&found.note))?;
            if let Some(owner) = owner_of(binder, options)? {
                altered.note.owner = owner;
            }
            altered.restart = restart.map(|value| value.unwrap_or(altered.note.start));
            if let Some(value) = altered.restart {
                check_within("RESTART", value, &altered.note)?;
            }
        }
    }
    Ok(Definition::AlterSequence(Box::new(altered)))
}

/// The sequence of a column, by a name that nothing has yet, and the DEFAULT that asks it.
pub(super) fn of_column(
    binder: &Binder<'_>,
    (schema, table, store): (&str, &str, &str),
    column: &str,
    data_type: &str,
    options: &[SequenceOptions],
    others: &[(String, String, SequenceNote)],
) -> Result<((String, String, SequenceNote), String)> {
    let mut before = SequenceNote { data_type: data_type.to_owned(), ..SequenceNote::default() };
    before.maximum = range_of(data_type).1;
    let mut note = note_of(options, None).or_else(|_| note_of(options, Some(&before)))?;
    if !options.iter().any(|option| matches!(option, SequenceOptions::DataType(_))) {
        let rises = note.increment > 0;
        let (least, most) = range_of(data_type);
        data_type.clone_into(&mut note.data_type);
        if rises && note.maximum == i64::MAX {
            note.maximum = most;
        }
        if !rises && note.minimum == i64::MIN {
            note.minimum = least;
        }
        check(&note, (least, most))?;
    }
    note.owner = Some((store.to_owned(), column.to_owned()));
    let plain = format!("{table}_{column}_seq");
    let is_free = |name: &String| {
        !binder.catalog.is_taken(schema, name)
            && name != table
            && !others.iter().any(|(_, other, _)| other == name)
    };
    let mut names = std::iter::once(plain.clone()).chain((1..).map(|n| format!("{plain}{n}")));
    let name = names.find(is_free).unwrap_or(plain);
    let default = next_value_of(schema, &name);
    Ok(((schema.to_owned(), name, note), default))
}

/// The DEFAULT that asks a sequence.
pub(super) fn next_value_of(schema: &str, name: &str) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let full = format!("{}.{}", quoted(schema), quoted(name)).replace('\'', "''");
    format!("nextval('{full}')")
}

/// Makes a sequence. Returns what it is, with the row that says where it stands.
pub(super) fn put(
    database: &Database,
    schema: &str,
    name: &str,
    note: &SequenceNote,
) -> Result<SequenceNote> {
    let key = sequence::create(database, &key_of(schema, name), sequence::first(note), false)?;
    let note = SequenceNote { standing: Some(key), ..note.clone() };
    write_object(database, &ObjectKey::new(Kind::Sequence, schema, name), note.to_json())?;
    Ok(note)
}

/// A sequence is no more.
pub(super) fn forget(
    database: &Database,
    schema: &str,
    name: &str,
    note: &SequenceNote,
) -> Result<()> {
    delete_object(database, &ObjectKey::new(Kind::Sequence, schema, name))?;
    sequence::remove(database, note.standing_key(&key_of(schema, name)))
}

/// ALTER SEQUENCE on a store.
pub(super) fn execute_alter(altered: &AlteredSequence, database: &Database) -> Result<()> {
    let AlteredSequence { schema, name, note, restart, rename } = altered;
    let (key, shared) = (altered.standing_key(), Sequences::of(database));
    sequence::ensure_table(database)?;
    shared.settle(database, &key)?;
    if let Some(last) = restart {
        shared.set(database, &key, Standing { last: *last, is_called: false }, true)?;
    }
    let note = SequenceNote { standing: Some(key), ..note.clone() };
    let is_at = |name: &str| ObjectKey::new(Kind::Sequence, schema, name);
    if rename.is_some() {
        delete_object(database, &is_at(name))?;
    }
    write_object(database, &is_at(rename.as_ref().unwrap_or(name)), note.to_json())?;
    announce(database)
}

/// The sequences that belong to a table, or to one of its columns.
fn owned_by(
    database: &Database,
    table: &str,
    column: Option<&str>,
) -> Result<Vec<(ObjectKey, SequenceNote)>> {
    let objects = read_objects(database)?.into_iter();
    let sequences = objects.filter(|(key, _)| key.kind == Kind::Sequence).map(|(mut key, body)| {
        // The name as it is written.
        if let Some(name) = body.get("name").and_then(serde_json::Value::as_str) {
            name.clone_into(&mut key.name);
        }
        (key, SequenceNote::from_json(&body))
    });
    let is_owned = |note: &SequenceNote| {
        note.owner.as_ref().is_some_and(|(of, at)| {
            of.eq_ignore_ascii_case(table)
                && column.is_none_or(|column| at.eq_ignore_ascii_case(column))
        })
    };
    Ok(sequences.filter(|(_, note)| is_owned(note)).collect())
}

/// What belongs to a table that is gone, or to a column of it, goes too. Returns whether there was
/// something.
pub(super) fn drop_owned(database: &Database, table: &str, column: Option<&str>) -> Result<bool> {
    let owned = owned_by(database, table, column)?;
    for (key, note) in &owned {
        forget(database, &key.schema, &key.name, note)?;
    }
    Ok(!owned.is_empty())
}

/// The table, or a column of it, has another name.
pub(super) fn rename_owner(
    database: &Database,
    from: (&str, Option<&str>),
    to: (&str, Option<&str>),
) -> Result<()> {
    let owned = owned_by(database, from.0, from.1)?;
    let is_known = !owned.is_empty();
    for (key, mut note) in owned {
        if let Some((table, column)) = &mut note.owner {
            to.0.clone_into(table);
            if let Some(to) = to.1 {
                to.clone_into(column);
            }
        }
        write_object(database, &key, note.to_json())?;
    }
    if is_known { announce(database) } else { Ok(()) }
}

/// TRUNCATE ... RESTART IDENTITY.
pub(super) fn restart_owned(database: &Database, tables: &[String]) -> Result<()> {
    for table in tables {
        for (key, note) in owned_by(database, table, None)? {
            let standing = Standing { last: note.start, is_called: false };
            let name = key_of(&key.schema, &key.name);
            let key = note.standing_key(&name);
            Sequences::of(database).set(database, key, standing, true)?;
        }
    }
    Ok(())
}
