//! What only SQL knows: views, schemas, types, sequences, comments.

use sqlparser::ast::{
    AlterType, AlterTypeAddValuePosition, AlterTypeOperation, CommentObject, CreateDomain,
    CreateView, Expr as Ast, Ident, ObjectName, SchemaName, Statement as Tree, TableConstraint,
    UserDefinedTypeRepresentation,
};

use super::{Definition, Object};
use crate::bind::Binder;
use crate::catalog::{DomainNote, Relation, TypeEntry, ViewNote};
use crate::error::{Result, SqlError};
use crate::types::EnumType;

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

pub(super) fn create_view(binder: &mut Binder<'_>, tree: &CreateView) -> Result<Definition> {
    if tree.temporary {
        return Err(SqlError::unsupported("temporary views are not supported"));
    }
    let (schema, name) = new_name(binder, &tree.name)?;
    let known = binder.catalog.relation(Some(&schema), &name, binder.settings);
    match known {
        None => {}
        Some(Relation::View(_)) if tree.or_replace => {}
        Some(_) if tree.if_not_exists => {
            let notice = format!("relation \"{name}\" already exists, skipping");
            return Ok(Definition::Nothing { tag: "CREATE VIEW", notice: Some(notice) });
        }
        Some(Relation::View(_)) => return Err(taken(binder, "view", &name)),
        Some(_) => return Err(taken(binder, "table", &name)),
    }
    let query = binder.query(&tree.query)?;
    let columns: Vec<String> =
        tree.columns.iter().map(|column| binder.fold(&column.name)).collect();
    if columns.len() > query.columns.len() {
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
    let note = ViewNote {
        query: tree.query.to_string(),
        columns,
        sqlite: binder.is_sqlite(),
        search_path: binder.settings.get("search_path").unwrap_or_default().to_owned(),
        materialized: None,
    };
    Ok(Definition::Put(Object::View(schema, name, note), "CREATE VIEW"))
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

fn check_type_is_free(binder: &Binder<'_>, schema: &str, name: &str) -> Result<()> {
    if binder.catalog.user_type(Some(schema), name, binder.settings).is_some() {
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
        let message = format!("enum label \"{label}\" used more than once");
        return Err(SqlError::new("23505", message));
    }
    Ok(Definition::Put(Object::Enum(schema, name, labels), "CREATE TYPE"))
}

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
        AlterTypeOperation::RenameValue(_) | AlterTypeOperation::Rename(_) => {
            return Err(SqlError::unsupported("types and their labels cannot be renamed"));
        }
    }
    Ok(Definition::Put(Object::Enum(schema, ty.name.clone(), labels), "ALTER TYPE"))
}

pub(super) fn create_domain(binder: &mut Binder<'_>, tree: &CreateDomain) -> Result<Definition> {
    let (schema, name) = new_name(binder, &tree.name)?;
    check_type_is_free(binder, &schema, &name)?;
    binder.catalog.type_of(&tree.data_type, binder.settings)?;
    let mut note = DomainNote {
        base: tree.data_type.to_string(),
        default: tree.default.as_ref().map(ToString::to_string),
        ..DomainNote::default()
    };
    for constraint in &tree.constraints {
        let TableConstraint::Check(check) = constraint else {
            return Err(SqlError::unsupported(format!(
                "{constraint} of a domain is not supported"
            )));
        };
        let check_name = match &check.name {
            Some(name) => binder.fold(name),
            None => format!("{name}_check"),
        };
        match check.expr.as_ref() {
            Ast::IsNotNull(inner) if inner.to_string().eq_ignore_ascii_case("value") => {
                note.not_null = true
            }
            other => note.checks.push((check_name, other.to_string())),
        }
    }
    Ok(Definition::Put(Object::Domain(schema, name, note), "CREATE DOMAIN"))
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
                Some(Relation::Table(table)) => format!("table {}.{}", table.schema, table.name),
                Some(Relation::View(view)) => format!("view {}.{}", view.schema, view.name),
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
