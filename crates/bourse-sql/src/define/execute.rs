//! Definitions executed on a store.

use bourse::{Alteration, Database};
use serde_json::json;

use super::object::exists;
use super::{AlterStep, CreateTable, Definition, Object, materialized, sequence};
use crate::catalog::{
    Kind, ObjectKey, ViewNote, announce, delete_object, is_name_to_be, write_object,
};
use crate::error::{Result, SqlError};

/// Executes a definition. Returns the command's tag.
///
/// # Errors
/// The store's: 42P07, 2BP01, 23505 and others; what was done before the refusal stays done.
pub fn execute(definition: &Definition, database: &Database) -> Result<&'static str> {
    match definition {
        Definition::CreateTable(create) => create_table(create, database)?,
        Definition::CreateIndex { table, index, .. } => {
            database.create_index(table, index.clone())?
        }
        Definition::AlterTable { table, note_key, steps } => {
            alter_table(table, note_key, steps, database)?;
        }
        Definition::DropTables { tables, cascade } => drop_tables(tables, *cascade, database)?,
        Definition::DropIndexes(indexes) => {
            for (table, index) in indexes {
                database.drop_index(table, index)?;
            }
        }
        Definition::Truncate(truncate) => database.truncate(truncate)?,
        Definition::RestartSequences(tables) => sequence::restart_owned(database, tables)?,
        Definition::AlterSequence(altered) => sequence::execute_alter(altered, database)?,
        Definition::Materialized(change) => materialized::change(change, database)?,
        Definition::Put(object, _) => {
            put(object, database)?;
            announce(database)?;
        }
        Definition::Remove(objects, _) => {
            for object in objects {
                match object {
                    Object::Sequence(schema, name, note) => {
                        sequence::forget(database, schema, name, note)?;
                    }
                    Object::View(_, _, note) if note.kept_by().is_some() => {
                        drop_kept(note, database)?;
                        delete_object(database, &key_of(object))?;
                    }
                    _ => {
                        delete_object(database, &key_of(object))?;
                    }
                }
            }
            announce(database)?;
        }
        Definition::All(parts, _) => {
            for part in parts {
                execute(part, database)?;
            }
        }
        Definition::Steps(_) => {
            return Err(SqlError::new("XX000", "steps with rows are for a connection"));
        }
        Definition::Nothing { .. } => {}
    }
    Ok(definition.tag())
}

/// Drops the store's view that keeps a materialized one; WITH NO DATA there is none.
fn drop_kept(note: &ViewNote, database: &Database) -> Result<()> {
    match note.kept_by().map(|view| database.drop_view(view)) {
        Some(Err(error)) if error.sqlstate() != "42P01" => Err(error.into()),
        _ => Ok(()),
    }
}

/// The notes first: whoever sees the table sees them too.
fn create_table(create: &CreateTable, database: &Database) -> Result<()> {
    let note = Object::Table(create.schema.clone(), create.name.clone(), create.note.clone());
    if database.table(&create.definition.name).is_ok() {
        return Err(exists(&create.name));
    }
    put(&note, database)?;
    // It may have waited for who has given another table that name.
    if is_name_to_be(database, &create.definition.name)? {
        return Err(exists(&create.name));
    }
    let mut sequences = Vec::new();
    for (schema, name, note) in &create.sequences {
        sequences.push((schema, name, sequence::put(database, schema, name, note)?));
    }
    match database.create_table(&create.definition) {
        Ok(_) => Ok(()),
        Err(error) => {
            // Another session may have been first with the name: then its notes are lost, and its
            // columns are what the store says.
            if error.sqlstate() != "42P07" {
                delete_object(database, &key_of(&note))?;
                for (schema, name, note) in &sequences {
                    sequence::forget(database, schema, name, note)?;
                }
            }
            Err(error.into())
        }
    }
}

fn drop_tables(
    tables: &[(String, String, String)],
    cascade: bool,
    database: &Database,
) -> Result<()> {
    if cascade {
        // Foreign keys of other tables.
        for other in database.tables()? {
            let is_dropped =
                |name: &str| tables.iter().any(|(table, ..)| table.eq_ignore_ascii_case(name));
            if is_dropped(other.name()) {
                continue;
            }
            for key in &other.definition().foreign_keys {
                if is_dropped(&key.parent) {
                    database.drop_constraint(other.name(), &key.name)?;
                }
            }
        }
    }
    let mut left: Vec<&(String, String, String)> = tables.iter().collect();
    // Tables that refer to each other go in an order in which none is referred to.
    while !left.is_empty() {
        let before = left.len();
        let mut refused = None;
        let mut kept = Vec::new();
        for table in left {
            match database.drop_table(&table.0) {
                Ok(()) => {
                    let note = Object::Table(table.1.clone(), table.2.clone(), Default::default());
                    delete_object(database, &key_of(&note))?;
                    if sequence::drop_owned(database, &table.0, None)? {
                        announce(database)?;
                    }
                }
                Err(error) if error.sqlstate() == "2BP01" => {
                    refused = Some(error);
                    kept.push(table);
                }
                Err(error) => return Err(error.into()),
            }
        }
        left = kept;
        if let Some(error) = refused.filter(|_| left.len() == before) {
            return Err(error.into());
        }
    }
    Ok(())
}

fn alter_table(
    table: &str,
    note_key: &(String, String),
    steps: &[AlterStep],
    database: &Database,
) -> Result<()> {
    let (mut table, mut note_key) = (table.to_owned(), note_key.clone());
    let mut pending: Vec<Alteration> = Vec::new();
    for step in steps {
        if let AlterStep::Alter(alteration) = step {
            pending.push(alteration.clone());
            continue;
        }
        flush(&table, &mut pending, database)?;
        match step {
            AlterStep::Note(note) => {
                let object = Object::Table(note_key.0.clone(), note_key.1.clone(), note.clone());
                put(&object, database)?;
                announce(database)?;
            }
            AlterStep::Renamed(store, schema, name) => {
                database.alter_table(&table, &[Alteration::Rename(store.clone())])?;
                sequence::rename_owner(database, (&table, None), (store, None))?;
                rename_note(&note_key, schema, name, database)?;
                table.clone_from(store);
                note_key = (schema.clone(), name.clone());
            }
            step => alter_step(&table, step, database)?,
        }
    }
    flush(&table, &mut pending, database)
}

/// A step that is about the store alone.
pub(crate) fn alter_step(table: &str, step: &AlterStep, database: &Database) -> Result<()> {
    match step {
        AlterStep::Alter(alteration) => {
            database.alter_table(table, std::slice::from_ref(alteration))?;
        }
        AlterStep::AddCheck(name, condition) => database.add_check(table, name, condition)?,
        AlterStep::AddForeignKey(key) => database.add_foreign_key(table, key)?,
        AlterStep::AddIndex(index) => database.create_index(table, index.clone())?,
        AlterStep::DropConstraint(name) => database.drop_constraint(table, name)?,
        AlterStep::DropIndex(name) => database.drop_index(table, name)?,
        AlterStep::Note(_) | AlterStep::Renamed(..) => {}
    }
    Ok(())
}

fn flush(table: &str, pending: &mut Vec<Alteration>, database: &Database) -> Result<()> {
    if pending.is_empty() {
        return Ok(());
    }
    let alterations = std::mem::take(pending);
    database.alter_table(table, &alterations)?;
    for alteration in &alterations {
        match alteration {
            Alteration::DropColumn(column) | Alteration::DropColumnCascade(column) => {
                let dropped = sequence::drop_owned(database, table, Some(column))?;
                dropped.then(|| announce(database)).transpose()?;
            }
            Alteration::RenameColumn { from, to } => {
                let (from, to) = ((table, Some(from.as_str())), (table, Some(to.as_str())));
                sequence::rename_owner(database, from, to)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn rename_note(
    from: &(String, String),
    schema: &str,
    name: &str,
    database: &Database,
) -> Result<()> {
    let old = ObjectKey::new(Kind::Table, &from.0, &from.1);
    let objects = crate::catalog::read_objects(database)?;
    let same = |key: &ObjectKey| {
        key.kind == Kind::Table
            && key.schema.eq_ignore_ascii_case(&old.schema)
            && key.name.eq_ignore_ascii_case(&old.name)
    };
    if let Some((_, body)) = objects.into_iter().find(|(key, _)| same(key)) {
        write_object(database, &ObjectKey::new(Kind::Table, schema, name), body)?;
        delete_object(database, &old)?;
        announce(database)?;
    }
    Ok(())
}

/// The key of an object's row.
pub(crate) fn key_of(object: &Object) -> ObjectKey {
    match object {
        Object::View(schema, name, _) => ObjectKey::new(Kind::View, schema, name),
        Object::Sequence(schema, name, _) => ObjectKey::new(Kind::Sequence, schema, name),
        Object::Enum(schema, name, _) => ObjectKey::new(Kind::Enum, schema, name),
        Object::Domain(schema, name, _) => ObjectKey::new(Kind::Domain, schema, name),
        Object::Schema(name) => ObjectKey::new(Kind::Schema, "", name),
        Object::Comment(of, _) => ObjectKey::new(Kind::Comment, "", of),
        Object::Table(schema, name, _) => ObjectKey::new(Kind::Table, schema, name),
    }
}

fn put(object: &Object, database: &Database) -> Result<()> {
    if let Object::Sequence(schema, name, note) = object {
        return sequence::put(database, schema, name, note).map(drop);
    }
    let (key, body) = row_of(object);
    write_object(database, &key, body)
}

/// An object's row.
pub(crate) fn row_of(object: &Object) -> (ObjectKey, serde_json::Value) {
    let body = match object {
        Object::View(_, _, note) => note.to_json(),
        Object::Sequence(_, _, note) => note.to_json(),
        Object::Enum(_, _, labels) => json!({ "labels": labels }),
        Object::Domain(_, _, note) => note.to_json(),
        Object::Schema(_) => json!({}),
        Object::Comment(_, text) => json!({ "value": text }),
        Object::Table(_, _, note) => note.to_json(),
    };
    (key_of(object), body)
}
