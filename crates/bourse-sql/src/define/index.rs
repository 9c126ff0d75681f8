//! CREATE INDEX, ALTER INDEX.

use bourse::schema::IndexPart;
use bourse::{Alteration, Expression, IndexDefinition};
use hashbrown::HashMap;
use sqlparser::ast::{
    AlterIndexOperation, CreateIndex as Tree, Expr as Ast, IndexType, ObjectName, OrderBySort,
};

use super::constraint::{self, Seen, free_name, row_namespace};
use super::object::taken;
use super::translate::Translator;
use super::{AlterStep, Definition};
use crate::bind::{Binder, Clause, strip};
use crate::catalog::TableEntry;
use crate::error::{Result, SqlError};
use crate::types::SqlType;

/// The columns of a table that is there, as a condition sees them.
pub(super) fn seen_columns(table: &TableEntry) -> Vec<Seen> {
    let seen = |entry: &crate::catalog::ColumnEntry| Seen {
        name: entry.name.clone(),
        ty: entry.ty.clone(),
        affinity: entry.affinity,
        collation: entry.collation,
    };
    table.columns.iter().map(seen).collect()
}

/// The table of an index, as the store names both: an index is in the schema of its table, and one
/// without a schema in the first of the search path that has it.
pub(super) fn find_index(
    binder: &Binder<'_>,
    schema: Option<&str>,
    name: &str,
) -> Option<(String, String)> {
    let in_schema = |schema: &str| {
        let is_main = binder.is_sqlite() && schema.eq_ignore_ascii_case("main");
        let schema = if is_main { crate::catalog::PUBLIC } else { schema };
        binder.catalog.tables().into_iter().find_map(|table| {
            let index = table.table.definition().index(name)?;
            let is_there = table.schema.eq_ignore_ascii_case(schema);
            is_there.then(|| (table.table.name().to_owned(), index.name.clone()))
        })
    };
    binder.settings.schemas_for(schema).find_map(in_schema)
}

/// SQLite tells here the schema of a table that is not there.
fn with_schema(error: SqlError) -> SqlError {
    match error.message().strip_prefix("no such table: ") {
        Some(table) if !table.contains('.') => {
            SqlError::new("42P01", format!("no such table: main.{table}"))
        }
        _ => error,
    }
}

/// Whether an index has the name already, where that is no error.
fn is_taken(binder: &Binder<'_>, schema: &str, name: &str, may_be: bool) -> Result<bool> {
    let is_index = find_index(binder, Some(schema), name).is_some();
    if !is_index && !binder.catalog.is_taken(schema, name) {
        return Ok(false);
    }
    match may_be {
        true => Ok(true),
        false if !is_index && binder.is_sqlite() => {
            Err(SqlError::new("42P07", format!("there is already a table named {name}")))
        }
        false => Err(taken(binder, "index", name)),
    }
}

pub(super) fn create(binder: &mut Binder<'_>, tree: &Tree) -> Result<Definition> {
    let table = binder.table_to_change(&tree.table_name, "create index on").map_err(with_schema)?;
    let takes = [None, Some(&IndexType::BTree), Some(&IndexType::Hash)];
    if !takes.contains(&tree.using.as_ref()) {
        let method = tree.using.as_ref().map(ToString::to_string).unwrap_or_default();
        return Err(SqlError::unsupported(format!(
            "access method \"{}\" is not supported",
            method.to_lowercase()
        )));
    }
    if tree.nulls_distinct == Some(false) {
        return Err(SqlError::unsupported("UNIQUE NULLS NOT DISTINCT is not supported"));
    }
    let seen = seen_columns(&table);
    let mut parts = Vec::new();
    let mut names = Vec::new();
    for column in &tree.columns {
        let (mut part, name, ty) = key_part(binder, &table, &column.column.expr)?;
        constraint::check_key(&ty, tree.unique)?;
        if column.column.options.sort == Some(OrderBySort::Desc) {
            part = part.descending();
        }
        names.push(name);
        parts.push(part);
    }
    let name = match &tree.name {
        Some(name) => binder.object_name(name)?.1,
        None => {
            let taken: Vec<String> = binder
                .catalog
                .tables()
                .iter()
                .filter(|other| other.schema == table.schema)
                .flat_map(|other| {
                    other.table.definition().indexes.iter().map(|index| index.name.clone())
                })
                .collect();
            free_name(format!("{}_{}_idx", table.name, names.join("_")), &taken)
        }
    };
    if is_taken(binder, &table.schema, &name, tree.if_not_exists)? {
        let notice = format!("relation \"{name}\" already exists, skipping");
        return Ok(Definition::Nothing { tag: "CREATE INDEX", notice: Some(notice) });
    }
    let mut index = IndexDefinition::on(&name, parts);
    index = index.include(tree.include.iter().map(|column| binder.fold(column)));
    if tree.unique {
        index = index.unique();
    }
    if let Some(predicate) = &tree.predicate {
        let condition = constraint::condition(
            binder,
            predicate,
            &table.name,
            &seen,
            Clause::Where,
            "index predicate",
        )?;
        index = index.filter(condition);
    }
    Ok(Definition::CreateIndex {
        table: table.table.name().to_owned(),
        index,
        name,
        concurrently: tree.concurrently,
    })
}

/// What a key computes of a table's rows, and its type.
pub(crate) fn computed_key(
    binder: &mut Binder<'_>,
    table: &TableEntry,
    tree: &Ast,
) -> Result<(Expression<String>, SqlType)> {
    let seen = seen_columns(table);
    let (namespace, names): (_, HashMap<_, _>) = row_namespace(binder, &table.name, &seen);
    let bound = binder.within(namespace, Clause::Index, |binder| binder.value_expr(tree))?;
    let translator = Translator {
        names: &names,
        affinities: &binder.affinities,
        dialect: binder.dialect,
        what: "index expression",
    };
    Ok((translator.value(&bound)?, bound.ty))
}

/// A part of an index's key, what stands for it in a name, and its type.
fn key_part(
    binder: &mut Binder<'_>,
    table: &TableEntry,
    tree: &Ast,
) -> Result<(IndexPart, String, SqlType)> {
    let (inner, collation) = match strip(tree) {
        Ast::Collate { expr, collation } => (strip(expr), Some(binder.collation(collation)?)),
        other => (other, None),
    };
    let holds_texts = |ty: bourse::Type| matches!(ty, bourse::Type::Text | bourse::Type::Any);
    let (part, name, ty, is_idle) = match inner {
        Ast::Identifier(ident) => {
            let name = binder.fold(ident);
            let at = binder.target(table, &name).map_err(|_| match binder.is_sqlite() {
                true => SqlError::new("42703", format!("no such column: {name}")),
                false => SqlError::new("42703", format!("column \"{name}\" does not exist")),
            })?;
            let name = table.columns[at].name.clone();
            let data_type = table.table.definition().columns[at].data_type;
            let ty = table.columns[at].ty.clone();
            (IndexPart::from(name.as_str()), name, ty, !holds_texts(data_type))
        }
        other => {
            let (computed, ty) = computed_key(binder, table, other)?;
            let name = match other {
                Ast::Function(function) => binder.object_name(&function.name)?.1,
                _ => "expr".to_owned(),
            };
            let is_idle = crate::types::carrier(&ty).is_some_and(|ty| !holds_texts(ty));
            (IndexPart::from(computed), name, ty, is_idle)
        }
    };
    // In SQLite a collation says nothing of numbers.
    let collation = collation.filter(|_| !(binder.is_sqlite() && is_idle));
    Ok((
        match collation {
            Some(collation) => part.collate(collation),
            None => part,
        },
        name,
        ty,
    ))
}

pub(super) fn alter(
    binder: &Binder<'_>,
    name: &ObjectName,
    operation: &AlterIndexOperation,
) -> Result<Definition> {
    let (schema, from) = binder.object_name(name)?;
    let Some((table, from)) = find_index(binder, schema.as_deref(), &from) else {
        return Err(SqlError::new("42P01", format!("relation \"{from}\" does not exist")));
    };
    let AlterIndexOperation::RenameIndex { index_name } = operation;
    let (_, to) = binder.object_name(index_name)?;
    let (schema, own) = crate::catalog::split_store_name(&table);
    let note_key = (schema.to_owned(), own.to_owned());
    let mut note = binder.catalog.table_of_store(&table).map(|table| table.note.clone());
    let before = note.clone();
    if let Some(note) = &mut note {
        note.rename(&from, &to, "");
    }
    let is_renamed = note != before;
    let mut steps = vec![AlterStep::Alter(Alteration::RenameIndex { from, to })];
    steps.extend(note.filter(|_| is_renamed).map(AlterStep::Note));
    Ok(Definition::AlterTable { table, note_key, steps })
}
