//! Materialized views: CREATE, ALTER, REFRESH and DROP.
//!
//! | kept by | what there is | REFRESH |
//! |---|---|---|
//! | an aggregate view | its groups, right in every commit; a row about it | nothing to do |
//! | a table | the rows that the query had; its note tells the query | computes them anew |
//!
//! Which of the two it is the store decides when the view is made: an aggregate view if the query
//! is one of groups that it keeps ([`crate::view`]), else a table. `WITH (incremental = on)`
//! refuses the table, `off` asks for it.

use bourse::Database;
use bourse::view::ViewBuilder;
use sqlparser::ast::{
    AlterTable, AlterTableOperation, CreateTableOptions, CreateView, Expr as Ast, ObjectName,
    RefreshMaterializedView, RenameTableNameKind, SqlOption,
};

use super::object::{new_name, taken};
use super::{CreateTable, Definition, Object, execute};
use crate::bind::Binder;
use crate::catalog::{Materialized, Relation, TableEntry, ViewEntry, ViewNote, store_name};
use crate::error::{Result, SqlError};
use crate::parse::{AlterMaterialized, Parsed};
use crate::view::{Made, make};

/// A change of a materialized view.
#[derive(Clone, Debug)]
pub enum MaterializedChange {
    /// CREATE.
    Create(Box<CreateMaterialized>),
    /// REFRESH of one that is kept by the store.
    RefreshKept {
        /// The view.
        view: ViewEntry,
        /// The store's definition, where it is to be made.
        builder: Option<Box<ViewBuilder>>,
        /// It is to have its rows.
        with_data: bool,
    },
    /// REFRESH of one that is a table.
    RefreshTable {
        /// The table.
        table: TableEntry,
        /// It is to have its rows.
        with_data: bool,
    },
    /// DROP of an aggregate view that the program has made.
    DropAggregate(String),
    /// RENAME of one that is kept by the store: the view, and its new name.
    RenameKept(ViewEntry, String),
}

/// CREATE MATERIALIZED VIEW.
#[derive(Clone, Debug)]
pub struct CreateMaterialized {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What SQL keeps about it if the store keeps its groups.
    pub note: ViewNote,
    /// The store's definition, if there can be one.
    pub kept: Option<Box<ViewBuilder>>,
    /// Why there is none.
    pub why: String,
    /// It is to be kept by the store, or not to be made.
    pub must_be_kept: bool,
    /// What is made else.
    pub table: Option<Box<CreateTable>>,
    /// It is to have its rows.
    pub with_data: bool,
}

impl MaterializedChange {
    /// The command's tag.
    pub fn tag(&self) -> &'static str {
        match self {
            MaterializedChange::Create(create) if create.with_data => "SELECT",
            MaterializedChange::Create(_) => "CREATE MATERIALIZED VIEW",
            MaterializedChange::RefreshKept { .. } | MaterializedChange::RefreshTable { .. } => {
                "REFRESH MATERIALIZED VIEW"
            }
            MaterializedChange::DropAggregate(_) => "DROP MATERIALIZED VIEW",
            MaterializedChange::RenameKept(..) => "ALTER MATERIALIZED VIEW",
        }
    }
}

/// What WITH (...) says.
fn incremental(options: &CreateTableOptions) -> Result<Option<bool>> {
    let CreateTableOptions::With(options) = options else { return Ok(None) };
    let mut said = None;
    for option in options {
        let SqlOption::KeyValue { key, value } = option else {
            return Err(SqlError::new("22023", format!("unrecognized parameter \"{option}\"")));
        };
        if !key.to_string().eq_ignore_ascii_case("incremental") {
            let message = format!("unrecognized parameter \"{key}\"");
            return Err(SqlError::new("22023", message));
        }
        let value = match value {
            Ast::Value(value) => value.to_string().trim_matches('\'').to_lowercase(),
            other => other.to_string().to_lowercase(),
        };
        said = match value.as_str() {
            "on" | "true" | "1" | "yes" => Some(true),
            "off" | "false" | "0" | "no" => Some(false),
            other => {
                let message = format!("invalid value for boolean option \"incremental\": {other}");
                return Err(SqlError::new("22023", message));
            }
        };
    }
    Ok(said)
}

pub(super) fn create(
    binder: &mut Binder<'_>,
    tree: &CreateView,
    parsed: &Parsed,
) -> Result<Definition> {
    if binder.is_sqlite() {
        return Err(SqlError::unsupported("SQLite has no materialized views")
            .with_hint("Make it in PostgreSQL's dialect."));
    }
    if tree.temporary || tree.or_replace {
        let word = if tree.temporary { "TEMPORARY" } else { "OR REPLACE" };
        let message = format!("{word} is not for materialized views");
        return Err(SqlError::new("42601", message));
    }
    let incremental = incremental(&tree.options)?;
    let (schema, name) = new_name(binder, &tree.name)?;
    if binder.catalog.is_taken(&schema, &name) {
        if tree.if_not_exists {
            let notice = format!("relation \"{name}\" already exists, skipping");
            let tag = "CREATE MATERIALIZED VIEW";
            return Ok(Definition::Nothing { tag, notice: Some(notice) });
        }
        return Err(taken(binder, "table", &name));
    }
    let with_data = parsed.with_data.unwrap_or(true);
    let columns: Vec<String> =
        tree.columns.iter().map(|column| binder.fold(&column.name)).collect();
    let query = binder.query(&tree.query)?;
    let view = free_view_name(binder, &schema, &name);
    let made = match incremental {
        Some(false) => Made::Stored("it is WITH (incremental = off)".to_owned()),
        _ => make(&view, &query),
    };
    let note = ViewNote {
        query: tree.query.to_string(),
        columns: columns.clone(),
        sqlite: false,
        search_path: binder.settings.get("search_path").unwrap_or_default().to_owned(),
        check: None,
        materialized: Some(Materialized { view: None, populated: with_data }),
    };
    let names = (schema.clone(), name.clone());
    let mut table = super::table::of_view(binder, names, &columns, query, with_data, parsed)?;
    table.note.materialized = Some(Box::new(note.clone()));
    let (kept, why) = match made {
        Made::Kept(builder) => (Some(builder), String::new()),
        Made::Stored(why) => (None, why),
    };
    let materialized = Some(Materialized { view: Some(view), populated: with_data });
    Ok(Definition::Materialized(MaterializedChange::Create(Box::new(CreateMaterialized {
        schema,
        name,
        note: ViewNote { materialized, ..note },
        kept,
        why,
        must_be_kept: incremental == Some(true),
        table: Some(Box::new(table)),
        with_data,
    }))))
}

/// The name of the store's view: another one may have been renamed and have the view's own.
fn free_view_name(binder: &Binder<'_>, schema: &str, name: &str) -> String {
    let base = store_name(schema, name);
    let is_taken = |name: &str| {
        binder.catalog.kept_view(name).is_some()
            || binder.catalog.kept_by(name).is_some()
            || binder.catalog.table_of_store(name).is_some()
    };
    let mut free = base.clone();
    let mut number = 1;
    while is_taken(&free) {
        number += 1;
        free = format!("{base}_{number}");
    }
    free
}

/// The materialized view of a name.
enum Found {
    Kept(ViewEntry),
    Table(TableEntry),
    Aggregate(String),
}

fn find(binder: &Binder<'_>, name: &ObjectName) -> Result<Found> {
    let (schema, own) = binder.object_name(name)?;
    match binder.catalog.relation(schema.as_deref(), &own, binder.settings) {
        Some(Relation::View(view)) if view.note.materialized.is_some() => {
            Ok(Found::Kept(view.as_ref().clone()))
        }
        Some(Relation::Table(table)) if table.note.materialized.is_some() => {
            Ok(Found::Table(table.as_ref().clone()))
        }
        Some(Relation::AggregateView(view)) => Ok(Found::Aggregate(view.name().to_owned())),
        Some(_) => Err(SqlError::new("42809", format!("\"{own}\" is not a materialized view"))),
        None => Err(binder.no_relation(name, schema.as_deref(), &own)),
    }
}

pub(super) fn refresh(
    binder: &mut Binder<'_>,
    tree: &RefreshMaterializedView,
) -> Result<Definition> {
    let with_data = tree.with_data.unwrap_or(true);
    let found = find(binder, &tree.name).map_err(|error| match error.sqlstate() {
        "42809" => SqlError::unsupported(error.message()),
        _ => error,
    })?;
    match found {
        Found::Table(table) => {
            if tree.concurrently {
                check_concurrently(&table, with_data)?;
            }
            Ok(Definition::Materialized(MaterializedChange::RefreshTable { table, with_data }))
        }
        Found::Kept(view) => {
            let builder = match with_data && !view.note.is_populated() {
                true => Some(builder_of(binder, &view)?),
                false => None,
            };
            let change = MaterializedChange::RefreshKept { view, builder, with_data };
            Ok(Definition::Materialized(change))
        }
        Found::Aggregate(name) => Ok(Definition::Nothing {
            tag: "REFRESH MATERIALIZED VIEW",
            notice: Some(nothing_to_do(&name)),
        }),
    }
}

/// What REFRESH of a view that the store keeps says.
pub(crate) fn nothing_to_do(name: &str) -> String {
    format!("materialized view \"{name}\" is kept right in every commit: nothing to refresh")
}

fn check_concurrently(table: &TableEntry, with_data: bool) -> Result<()> {
    let is_populated = table.note.materialized.as_ref().is_some_and(|view| view.is_populated());
    if !is_populated {
        let message = "CONCURRENTLY cannot be used when the materialized view is not populated";
        return Err(SqlError::new("0A000", message));
    }
    if !with_data {
        let message = "REFRESH options CONCURRENTLY and WITH NO DATA cannot be used together";
        return Err(SqlError::new("42601", message));
    }
    let mut indexes = table.table.definition().indexes.iter();
    let is_key = |index: &bourse::IndexDefinition| {
        index.unique
            && index.predicate.is_none()
            && index.columns.iter().all(|part| part.column().is_some())
    };
    if indexes.any(is_key) {
        return Ok(());
    }
    let message = format!(
        "cannot refresh materialized view \"{}.{}\" concurrently",
        table.schema, table.name
    );
    Err(SqlError::new("55000", message).with_hint(
        "Create a unique index with no WHERE clause on one or more columns of the materialized \
         view.",
    ))
}

/// The store's definition of a view, of its query as it is bound now.
fn builder_of(binder: &mut Binder<'_>, view: &ViewEntry) -> Result<Box<ViewBuilder>> {
    let query = binder.query_of_view(view)?;
    let name = view.note.kept_by().unwrap_or(&view.name);
    match make(name, &query) {
        Made::Kept(builder) => Ok(builder),
        Made::Stored(why) => {
            let message = format!("materialized view \"{}\" cannot be kept any more", view.name);
            Err(SqlError::new("55000", message)
                .with_detail(format!("Its query is no view of the store: {why}."))
                .with_hint("Drop it, and make it anew."))
        }
    }
}

/// ALTER TABLE ... RENAME TO, which is for materialized views too.
pub(super) fn renamed(binder: &Binder<'_>, tree: &AlterTable) -> Result<Option<Definition>> {
    let (name, to) = match &tree.operations[..] {
        [AlterTableOperation::RenameTable { table_name: RenameTableNameKind::To(to) }] => {
            (tree.name.clone(), binder.object_name(to)?.1)
        }
        _ => return Ok(None),
    };
    match find(binder, &name) {
        Ok(_) => {
            let tree = AlterMaterialized { name, if_exists: false, rename: Some(to) };
            let parts = vec![alter(binder, &tree)?];
            Ok(Some(Definition::All(parts, "ALTER TABLE")))
        }
        Err(_) => Ok(None),
    }
}

/// ALTER MATERIALIZED VIEW.
pub(crate) fn alter(binder: &Binder<'_>, tree: &AlterMaterialized) -> Result<Definition> {
    let found = match find(binder, &tree.name) {
        Err(error) if tree.if_exists && error.sqlstate() == "42P01" => {
            let notice = format!("{}, skipping", error.message());
            let tag = "ALTER MATERIALIZED VIEW";
            return Ok(Definition::Nothing { tag, notice: Some(notice) });
        }
        other => other?,
    };
    let Some(to) = &tree.rename else {
        return Ok(Definition::Nothing { tag: "ALTER MATERIALIZED VIEW", notice: None });
    };
    let check_free = |schema: &str| match binder.catalog.is_taken(schema, to) {
        true => Err(taken(binder, "table", to)),
        false => Ok(()),
    };
    match found {
        Found::Table(table) => {
            check_free(&table.schema)?;
            let store = store_name(&table.schema, to);
            let alter = Definition::AlterTable {
                table: table.table.name().to_owned(),
                steps: vec![super::AlterStep::Renamed(store, table.schema.clone(), to.clone())],
                note_key: (table.schema, table.name),
            };
            Ok(Definition::All(vec![alter], "ALTER MATERIALIZED VIEW"))
        }
        Found::Kept(view) => {
            check_free(&view.schema)?;
            Ok(Definition::Materialized(MaterializedChange::RenameKept(view, to.clone())))
        }
        Found::Aggregate(name) => {
            let message = format!("the aggregate view \"{name}\" was not made by SQL");
            Err(SqlError::unsupported(message).with_hint("Drop it, and make it anew."))
        }
    }
}

/// What drops a relation, if it is a materialized view.
pub(super) fn drop_of(relation: &Relation, cascade: bool) -> Option<Definition> {
    let tag = "DROP MATERIALIZED VIEW";
    match relation {
        Relation::View(view) if view.note.materialized.is_some() => {
            Some(Definition::Remove(vec![object_of(view)], tag))
        }
        Relation::Table(table) if table.note.materialized.is_some() => {
            let store = table.table.name().to_owned();
            let tables = vec![(store, table.schema.clone(), table.name.clone())];
            Some(Definition::DropTables { tables, cascade })
        }
        Relation::AggregateView(view) => {
            let name = view.name().to_owned();
            Some(Definition::Materialized(MaterializedChange::DropAggregate(name)))
        }
        _ => None,
    }
}

fn object_of(view: &ViewEntry) -> Object {
    Object::View(view.schema.clone(), view.name.clone(), view.note.clone())
}

/// What drops the aggregate views over tables of the store, and how each is called.
pub(super) fn views_over(
    binder: &Binder<'_>,
    tables: &[(String, String, String)],
) -> Vec<(String, Definition)> {
    let mut found = Vec::new();
    let catalog = binder.catalog;
    for (table, ..) in tables {
        // Roll-ups stand upon others.
        for view in catalog.views_reading(table).into_iter().rev() {
            match catalog.kept_by(view.name()) {
                Some(entry) => {
                    let remove = Definition::Remove(vec![object_of(entry)], "DROP TABLE");
                    found.push((entry.name.clone(), remove));
                }
                None => {
                    let name = view.name().to_owned();
                    let drop = MaterializedChange::DropAggregate(name.clone());
                    found.push((name, Definition::Materialized(drop)));
                }
            }
        }
    }
    found
}

/// Does what needs no connection.
pub(super) fn change(change: &MaterializedChange, database: &Database) -> Result<()> {
    match change {
        MaterializedChange::DropAggregate(name) => Ok(database.drop_view(name)?),
        MaterializedChange::RenameKept(view, to) => {
            let renamed = Object::View(view.schema.clone(), to.clone(), view.note.clone());
            execute(&Definition::Put(renamed, ""), database)?;
            crate::catalog::delete_object(database, &super::key_of(&object_of(view)))?;
            crate::catalog::announce(database)
        }
        MaterializedChange::Create(_)
        | MaterializedChange::RefreshKept { .. }
        | MaterializedChange::RefreshTable { .. } => {
            Err(SqlError::new("XX000", "a materialized view is filled by a connection"))
        }
    }
}
