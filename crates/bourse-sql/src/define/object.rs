//! What only SQL knows: views, schemas, types, sequences, comments.

use sqlparser::ast::{
    CommentObject, CreateView, Ident, ObjectName, SchemaName, Statement as Tree,
    UserDefinedTypeRepresentation,
};

use super::{Definition, Object};
use crate::algebra::Query;
use crate::bind::Binder;
use crate::catalog::{Relation, ViewEntry, ViewNote};
use crate::error::{Result, SqlError};
use crate::types::SqlType;

/// Schema and name of an object to make.
pub(super) fn new_name(binder: &Binder<'_>, name: &ObjectName) -> Result<(String, String)> {
    let (schema, name) = binder.object_name(name)?;
    match schema {
        Some(schema) if binder.is_sqlite() && schema.eq_ignore_ascii_case("main") => {
            Ok((crate::catalog::PUBLIC.to_owned(), name))
        }
        Some(schema) if binder.catalog.has_schema(&schema) => Ok((schema, name)),
        Some(schema) => Err(SqlError::new("3F000", format!("schema \"{schema}\" does not exist"))),
        None => Ok((binder.catalog.creation_schema(binder.settings)?.to_owned(), name)),
    }
}

pub(super) fn taken(binder: &Binder<'_>, what: &str, name: &str) -> SqlError {
    match binder.is_sqlite() {
        true => SqlError::new("42P07", format!("{what} {name} already exists")),
        false => exists(name),
    }
}

/// A relation's name is taken.
pub(crate) fn exists(name: &str) -> SqlError {
    SqlError::new("42P07", format!("relation \"{name}\" already exists"))
}

pub(super) fn create_view(
    binder: &mut Binder<'_>,
    tree: &CreateView,
    check: Option<&str>,
) -> Result<Definition> {
    if !binder.graphs.is_empty() {
        let message = "SEARCH and CYCLE in a view are not supported";
        return Err(SqlError::unsupported(message));
    }
    let (schema, name) = match tree.temporary {
        true => temporary_name(binder, &tree.name)?,
        false => new_name(binder, &tree.name)?,
    };
    let known = binder.catalog.relation(Some(&schema), &name, binder.settings);
    match &known {
        None => {}
        Some(Relation::View(_)) if tree.or_replace => {}
        Some(_) if tree.if_not_exists => {
            let notice = format!("relation \"{name}\" already exists, skipping");
            return Ok(Definition::Nothing { tag: "CREATE VIEW", notice: Some(notice) });
        }
        Some(Relation::View(_)) => return Err(taken(binder, "view", &name)),
        Some(_) => return Err(taken(binder, "table", &name)),
    }
    let query = match binder.query(&tree.query) {
        // SQLite looks at a view's query when the view is read.
        Err(_) if binder.is_sqlite() => {
            binder.frames.clear();
            let rel = crate::algebra::Rel::Values { columns: Vec::new(), rows: Vec::new() };
            Query { rel, columns: Vec::new() }
        }
        other => other?,
    };
    let columns: Vec<String> =
        tree.columns.iter().map(|column| binder.fold(&column.name)).collect();
    if columns.len() > query.columns.len() && !binder.is_sqlite() {
        return Err(SqlError::new("42601", "CREATE VIEW specifies more column names than columns"));
    }
    let mut names: Vec<&String> = query.columns.iter().map(|column| &column.name).collect();
    for (place, name) in names.iter_mut().zip(&columns) {
        *place = name;
    }
    let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
    if let Some((_, twice)) = twice.filter(|_| !binder.is_sqlite()) {
        return Err(SqlError::new("42701", format!("column \"{twice}\" specified more than once")));
    }
    if let Some(Relation::View(before)) = &known
        && !binder.is_sqlite()
    {
        let types: Vec<SqlType> = query.columns.iter().map(|column| column.ty.clone()).collect();
        check_replaced(binder, before, &names, &types)?;
    }
    let note = ViewNote {
        query: tree.query.to_string(),
        columns,
        sqlite: binder.is_sqlite(),
        search_path: binder.settings.get("search_path").unwrap_or_default().to_owned(),
        check: check.map(str::to_owned),
        materialized: None,
    };
    let view = ViewEntry { schema: schema.clone(), name: name.clone(), note: note.clone() };
    if check.is_some() && !crate::bind::is_updatable(&view) {
        let message = "WITH CHECK OPTION is supported only on automatically updatable views";
        return Err(SqlError::unsupported(message));
    }
    Ok(Definition::Put(Object::View(schema, name, note), "CREATE VIEW"))
}

/// Schema and name of a temporary object.
pub(super) fn temporary_name(binder: &Binder<'_>, name: &ObjectName) -> Result<(String, String)> {
    let (schema, name) = binder.object_name(name)?;
    let none = || SqlError::unsupported("temporary objects need a session");
    let own = binder.settings.temporary_schema().ok_or_else(none)?;
    match schema {
        Some(schema) if schema != own && !schema.eq_ignore_ascii_case("pg_temp") => {
            let message = "cannot create temporary relation in non-temporary schema";
            Err(SqlError::new("42P16", message))
        }
        _ => Ok((own.to_owned(), name)),
    }
}

/// Refuses a view in place of another one whose columns it does not have.
fn check_replaced(
    binder: &mut Binder<'_>,
    before: &ViewEntry,
    names: &[&String],
    types: &[SqlType],
) -> Result<()> {
    let refused = |message: String| SqlError::new("42P16", message);
    let mut columns = binder.query_of_view(before)?.columns;
    for (column, name) in columns.iter_mut().zip(&before.note.columns) {
        column.name.clone_from(name);
    }
    if columns.len() > names.len() {
        return Err(refused("cannot drop columns from view".to_owned()));
    }
    for (column, (name, ty)) in columns.iter().zip(names.iter().zip(types)) {
        if column.name != **name {
            let message =
                format!("cannot change name of view column \"{}\" to \"{name}\"", column.name);
            let hint =
                "Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.";
            return Err(refused(message).with_hint(hint));
        }
        if column.ty != *ty {
            return Err(refused(format!(
                "cannot change data type of view column \"{name}\" from {} to {ty}",
                column.ty
            )));
        }
    }
    Ok(())
}

pub(super) fn create_schema(binder: &Binder<'_>, tree: &Tree) -> Result<Definition> {
    let Tree::CreateSchema { schema_name, if_not_exists, .. } = tree else {
        return Err(SqlError::new("XX000", "this is no CREATE SCHEMA"));
    };
    let name = match schema_name {
        SchemaName::Simple(name) | SchemaName::NamedAuthorization(name, _) => {
            binder.object_name(name)?.1
        }
        SchemaName::UnnamedAuthorization(name) => binder.fold(name),
    };
    if name.starts_with("pg_") || name.contains('.') {
        let message = format!("unacceptable schema name \"{name}\"");
        return Err(SqlError::new("42939", message));
    }
    if binder.catalog.has_schema(&name) {
        if *if_not_exists {
            let notice = format!("schema \"{name}\" already exists, skipping");
            return Ok(Definition::Nothing { tag: "CREATE SCHEMA", notice: Some(notice) });
        }
        return Err(SqlError::new("42P06", format!("schema \"{name}\" already exists")));
    }
    Ok(Definition::Put(Object::Schema(name), "CREATE SCHEMA"))
}

pub(super) fn check_type_is_free(binder: &Binder<'_>, schema: &str, name: &str) -> Result<()> {
    if binder.catalog.user_type(Some(schema), name, binder.settings).is_some() {
        return Err(SqlError::new("42710", format!("type \"{name}\" already exists")));
    }
    // Rows of tables and views are of types that go by their names.
    if binder.catalog.relation(Some(schema), name, binder.settings).is_some() {
        return Err(SqlError::new("42710", format!("type \"{name}\" already exists")));
    }
    Ok(())
}

pub(super) fn create_type(
    binder: &Binder<'_>,
    name: &ObjectName,
    representation: Option<&UserDefinedTypeRepresentation>,
) -> Result<Definition> {
    let (schema, name) = new_name(binder, name)?;
    check_type_is_free(binder, &schema, &name)?;
    let Some(UserDefinedTypeRepresentation::Enum { labels }) = representation else {
        return Err(SqlError::unsupported("types other than enums are not supported"));
    };
    let labels: Vec<String> = labels.iter().map(|label| label.value.clone()).collect();
    let twice = labels.iter().enumerate().find(|(at, label)| labels[..*at].contains(label));
    if let Some((_, label)) = twice {
        let message =
            "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"";
        let detail = format!("The label \"{label}\" is there more than once.");
        return Err(SqlError::new("23505", message).with_detail(detail));
    }
    Ok(Definition::Put(Object::Enum(schema, name, labels), "CREATE TYPE"))
}

pub(super) fn comment(
    binder: &Binder<'_>,
    kind: &CommentObject,
    name: &ObjectName,
    constraint: Option<&Ident>,
    text: Option<&str>,
) -> Result<Definition> {
    let full = match (kind, constraint) {
        (CommentObject::Table, Some(constraint)) => {
            let table = binder.table_to_change(name, "comment on")?;
            let constraint = binder.fold(constraint);
            if !crate::system::has_constraint(binder.catalog, &table, &constraint) {
                let message = format!(
                    "constraint \"{constraint}\" for table \"{}\" does not exist",
                    table.name
                );
                return Err(SqlError::new("42704", message));
            }
            format!("constraint {}.{}.{constraint}", table.schema, table.name)
        }
        (CommentObject::Column, _) => {
            let parts: Vec<String> = name
                .0
                .iter()
                .filter_map(|part| part.as_ident())
                .map(|ident| binder.fold(ident))
                .collect();
            let Some((column, table)) = parts.split_last() else {
                return Err(SqlError::new("42601", "a column was expected"));
            };
            let idents: Vec<sqlparser::ast::Ident> =
                table.iter().map(|part| sqlparser::ast::Ident::with_quote('"', part)).collect();
            let table = binder.table_to_change(&ObjectName::from(idents), "comment on")?;
            let at = binder.target(&table, column)?;
            format!("column {}.{}.{}", table.schema, table.name, table.columns[at].name)
        }
        (CommentObject::Table | CommentObject::View, _) => {
            let (schema, own) = binder.object_name(name)?;
            match binder.catalog.relation(schema.as_deref(), &own, binder.settings) {
                Some(Relation::Table(table)) if matches!(kind, CommentObject::Table) => {
                    format!("table {}.{}", table.schema, table.name)
                }
                Some(Relation::View(view)) if matches!(kind, CommentObject::View) => {
                    format!("view {}.{}", view.schema, view.name)
                }
                Some(_) => {
                    let what = if matches!(kind, CommentObject::Table) { "table" } else { "view" };
                    let message = format!("\"{own}\" is not a {what}");
                    return Err(SqlError::new("42809", message));
                }
                _ => return Err(binder.no_relation(name, schema.as_deref(), &own)),
            }
        }
        (other, _) => {
            let (_, own) = binder.object_name(name)?;
            format!("{} {own}", other.to_string().to_lowercase())
        }
    };
    Ok(match text {
        Some(text) => Definition::Put(Object::Comment(full, text.to_owned()), "COMMENT"),
        None => Definition::Remove(vec![Object::Comment(full, String::new())], "COMMENT"),
    })
}
