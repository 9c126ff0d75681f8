//! ALTER TYPE: of enumerated types, which are the only ones. Rows have the labels as texts, so
//! those of a label that is renamed are changed.

use std::sync::Arc;

use sqlparser::ast::{AlterType, AlterTypeAddValuePosition, AlterTypeOperation};

use super::object::check_type_is_free;
use super::{AlterStep, Definition, Object, Part, Steps};
use crate::bind::Binder;
use crate::catalog::{PUBLIC, TableEntry, TypeEntry};
use crate::error::{Result, SqlError};
use crate::function::{quote_identifier, quote_literal};
use crate::types::{EnumType, SqlType};

const TAG: &str = "ALTER TYPE";

pub(super) fn alter_type(binder: &Binder<'_>, tree: &AlterType) -> Result<Definition> {
    let (schema, name) = binder.object_name(&tree.name)?;
    let found = binder.catalog.user_type(schema.as_deref(), &name, binder.settings);
    let Some(TypeEntry::Enum(ty)) = found else {
        return Err(SqlError::new("42704", format!("type \"{name}\" does not exist")));
    };
    let schema = match schema {
        Some(schema) => schema,
        None => binder.catalog.creation_schema(binder.settings)?.to_owned(),
    };
    let EnumType { mut labels, .. } = ty.as_ref().clone();
    let place = |labels: &[String], label: &str| {
        labels.iter().position(|known| known == label).ok_or_else(|| {
            SqlError::new("22023", format!("\"{label}\" is not an existing enum label"))
        })
    };
    match &tree.operation {
        AlterTypeOperation::AddValue(add) => {
            if labels.contains(&add.value.value) {
                if add.if_not_exists {
                    let notice =
                        format!("enum label \"{}\" already exists, skipping", add.value.value);
                    return Ok(Definition::Nothing { tag: "ALTER TYPE", notice: Some(notice) });
                }
                let message = format!("enum label \"{}\" already exists", add.value.value);
                return Err(SqlError::new("42710", message));
            }
            let at = match &add.position {
                None => labels.len(),
                Some(AlterTypeAddValuePosition::Before(label)) => place(&labels, &label.value)?,
                Some(AlterTypeAddValuePosition::After(label)) => place(&labels, &label.value)? + 1,
            };
            labels.insert(at, add.value.value.clone());
        }
        AlterTypeOperation::RenameValue(rename) => {
            let (from, to) = (&rename.from.value, &rename.to.value);
            let at = place(&labels, from)?;
            if labels.contains(to) {
                let message = format!("enum label \"{to}\" already exists");
                return Err(SqlError::new("42710", message));
            }
            return Ok(renamed_label(binder, ty, &schema, at, to));
        }
        AlterTypeOperation::Rename(rename) => {
            let to = binder.fold(&rename.new_name);
            check_type_is_free(binder, &schema, &to)?;
            return Ok(renamed_type(binder, ty, &schema, &to));
        }
    }
    Ok(Definition::Put(Object::Enum(schema, ty.name.clone(), labels), "ALTER TYPE"))
}

/// The columns of a type, or of lists of it.
fn columns_of<'c>(binder: &Binder<'c>, ty: &EnumType) -> Vec<(&'c TableEntry, usize, bool)> {
    let catalog = binder.catalog;
    let mut found = Vec::new();
    for table in catalog.tables() {
        for (at, column) in table.columns.iter().enumerate() {
            let (element, is_list) = match column.ty.element() {
                Some(element) => (element, true),
                None => (&column.ty, false),
            };
            if matches!(element, SqlType::Enum(own) if **own == *ty) {
                found.push((&**table, at, is_list));
            }
        }
    }
    found
}

/// The type with another label in a place, once the rows have it.
fn renamed_label(
    binder: &Binder<'_>,
    ty: &Arc<EnumType>,
    schema: &str,
    at: usize,
    to: &str,
) -> Definition {
    let object = |labels: Vec<String>| {
        Definition::Put(Object::Enum(schema.to_owned(), ty.name.clone(), labels), TAG)
    };
    let (mut both, mut renamed) = (ty.labels.clone(), ty.labels.clone());
    both.insert(at + 1, to.to_owned());
    to.clone_into(&mut renamed[at]);
    let (from, to) = (quote_literal(&ty.labels[at]), quote_literal(to));
    let mut parts = Vec::new();
    let columns = columns_of(binder, ty);
    if !columns.is_empty() {
        // Rows have one of the two meanwhile.
        parts.push(Part::Define(object(both)));
    }
    for (table, at, is_list) in columns {
        let full = format!("{}.{}", quote_identifier(&table.schema), quote_identifier(&table.name));
        let column = quote_identifier(&table.columns[at].name);
        let of_type = format!("{}.{}", quote_identifier(schema), quote_identifier(&ty.name));
        parts.push(Part::Run(match is_list {
            true => format!(
                "UPDATE {full} SET {column} = array_replace({column}, {from}::{of_type}, \
                 {to}::{of_type}) WHERE {from}::{of_type} = ANY ({column})"
            ),
            false => format!("UPDATE {full} SET {column} = {to} WHERE {column} = {from}"),
        }));
    }
    parts.push(Part::Define(object(renamed)));
    let undo = vec![object(ty.labels.clone())];
    Definition::Steps(Box::new(Steps { parts, undo, tag: TAG }))
}

/// The type by another name, by which its columns are declared.
fn renamed_type(binder: &Binder<'_>, ty: &Arc<EnumType>, schema: &str, to: &str) -> Definition {
    let object = |name: &str| Object::Enum(schema.to_owned(), name.to_owned(), ty.labels.clone());
    let declared = match schema == PUBLIC {
        true => quote_identifier(to).to_string(),
        false => format!("{}.{}", quote_identifier(schema), quote_identifier(to)),
    };
    let mut parts = vec![Part::Define(Definition::Put(object(to), TAG))];
    let columns = columns_of(binder, ty);
    let mut tables: Vec<&TableEntry> = columns.iter().map(|(table, ..)| *table).collect();
    tables.dedup_by_key(|table| table.table.name());
    for table in tables {
        let mut note = table.note.clone();
        for (_, at, is_list) in columns.iter().filter(|(own, ..)| own.name == table.name) {
            let name = &table.columns[*at].name;
            let own = note.columns.iter_mut().find(|(column, _)| column == name);
            if let Some((_, own)) = own {
                own.declared = Some(format!("{declared}{}", if *is_list { "[]" } else { "" }));
            }
        }
        parts.push(Part::Define(Definition::AlterTable {
            table: table.table.name().to_owned(),
            note_key: (table.schema.clone(), table.name.clone()),
            steps: vec![AlterStep::Note(note)],
        }));
    }
    parts.push(Part::Define(Definition::Remove(vec![object(&ty.name)], TAG)));
    Definition::Steps(Box::new(Steps { parts, undo: Vec::new(), tag: TAG }))
}
