//! CREATE TABLE.

use std::sync::Arc;

use bourse::schema::{Default as StoreDefault, PrimaryKey, TableBuilder};
use bourse::{Expression, TableDefinition, Type};
use sqlparser::ast::{
    ColumnOption, CreateTable as Tree, CreateTableOptions, Ident, SqlOption, SqliteTableOption,
    TableConstraint, UniqueConstraint,
};

use super::column::{Declared, declare};
use super::constraint::{self, Seen};
use super::object::taken;
use super::{CreateTable, Definition, OnCommit};
use crate::bind::{Binder, Clause};
use crate::catalog::{SequenceNote, TableEntry, TableNote, store_name};
use crate::error::{Result, SqlError};
use crate::parse::{Like, Parsed};
use crate::types::SqlType;

/// What is gathered of a table before it is built.
pub(super) struct Making {
    schema: String,
    pub(super) name: String,
    store_name: String,
    temporary: Option<OnCommit>,
    pub(super) columns: Vec<Declared>,
    pub(super) primary_key: Option<Vec<String>>,
    /// The name that was said of it.
    key_name: Option<String>,
    /// Names of UNIQUE constraints.
    pub(super) unique: Vec<String>,
    deferrable: Vec<String>,
    /// Names of indexes and constraints so far.
    pub(super) taken: Vec<String>,
    /// CHECKs, which PostgreSQL looks at in the order of their names.
    checks: Vec<(String, Expression<String>)>,
    /// Sequences of its columns.
    sequences: Vec<(String, String, SequenceNote)>,
    without_rowid: bool,
}

impl Making {
    fn seen(&self) -> Vec<Seen> {
        let seen = |declared: &Declared| Seen {
            name: declared.column.name.clone(),
            ty: declared.ty.clone(),
            affinity: declared.affinity,
            collation: declared.column.collation,
        };
        self.columns.iter().map(seen).collect()
    }
}

/// The schema in which a table is made.
fn schema_of(binder: &Binder<'_>, tree: &Tree, schema: Option<String>) -> Result<String> {
    let own = binder.settings.temporary_schema();
    let names_own = schema.as_deref().is_some_and(|name| name == "pg_temp" || Some(name) == own);
    if tree.temporary && schema.is_some() && !names_own {
        return Err(SqlError::new(
            "42P16",
            "cannot create temporary relation in non-temporary schema",
        ));
    }
    Ok(match schema {
        _ if tree.temporary || names_own => {
            let none = || SqlError::unsupported("temporary tables need a session");
            own.ok_or_else(none)?.to_owned()
        }
        Some(schema) if binder.is_sqlite() && schema.eq_ignore_ascii_case("main") => {
            "public".to_owned()
        }
        Some(schema) if binder.catalog.has_schema(&schema) => schema,
        Some(schema) => {
            return Err(SqlError::new("3F000", format!("schema \"{schema}\" does not exist")));
        }
        None => binder.catalog.creation_schema(binder.settings)?.to_owned(),
    })
}

pub(super) fn create(binder: &mut Binder<'_>, tree: &Tree, parsed: &Parsed) -> Result<Definition> {
    refuse(tree)?;
    let (schema, name) = binder.object_name(&tree.name)?;
    let schema = schema_of(binder, tree, schema)?;
    let own = binder.settings.temporary_schema();
    if binder.catalog.is_taken(&schema, &name) {
        if tree.if_not_exists {
            let notice = format!("relation \"{name}\" already exists, skipping");
            return Ok(Definition::Nothing { tag: "CREATE TABLE", notice: Some(notice) });
        }
        return Err(taken(binder, "table", &name));
    }
    if crate::catalog::is_own(&store_name(&schema, &name))
        || name.to_ascii_lowercase().starts_with("sqlite_") && binder.is_sqlite()
    {
        return Err(SqlError::new(
            "42939",
            format!("object name reserved for internal use: {name}"),
        ));
    }
    let temporary = temporary(tree, own == Some(schema.as_str()))?;
    let mut making = Making {
        store_name: store_name(&schema, &name),
        schema,
        name,
        temporary,
        columns: Vec::new(),
        primary_key: None,
        key_name: None,
        unique: Vec::new(),
        deferrable: Vec::new(),
        taken: Vec::new(),
        checks: Vec::new(),
        sequences: Vec::new(),
        without_rowid: is_without_rowid(tree),
    };
    if let Some(query) = &tree.query {
        return of_query(binder, tree, query, making, parsed);
    }
    let mut others = Vec::with_capacity(parsed.likes.len());
    let mut likes = parsed.likes.iter().peekable();
    for at in 0..=tree.columns.len() {
        while let Some(like) = likes.next_if(|like| like.before <= at) {
            let (other, columns) = super::like::columns(binder, like)?;
            making.columns.extend(columns);
            others.push((like, other));
        }
        let Some(column) = tree.columns.get(at) else { break };
        super::options::check(binder, column, &making.name)?;
        let strict = parsed.strict.then_some(&*making.name);
        let declared = declare(binder, column, strict)?;
        making.columns.push(declared);
    }
    ids(binder, tree, &mut making)?;
    if making.columns.is_empty() {
        if binder.is_sqlite() {
            return Err(SqlError::new("42601", "near \")\": syntax error"));
        }
        return Err(SqlError::unsupported("a table without columns is not supported"));
    }
    let builder = build(binder, tree, &others, &mut making, parsed)?;
    finish(binder, builder, making, None, false, parsed)
}

/// What becomes of a temporary table at COMMIT.
fn temporary(tree: &Tree, is_temporary: bool) -> Result<Option<OnCommit>> {
    use sqlparser::ast::OnCommit as Said;
    match (&tree.on_commit, is_temporary) {
        (None, false) => Ok(None),
        (Some(_), false) => {
            Err(SqlError::new("42P16", "ON COMMIT can only be used on temporary tables"))
        }
        (None | Some(Said::PreserveRows), true) => Ok(Some(OnCommit::PreserveRows)),
        (Some(Said::DeleteRows), true) => Ok(Some(OnCommit::DeleteRows)),
        (Some(Said::Drop), true) => Ok(Some(OnCommit::Drop)),
    }
}

/// Where the ids of SERIAL and IDENTITY columns come from: of sequences, which count 1, 2, 3 as
/// PostgreSQL's do, or by `WITH (ids = store)` of the store, which gives ids in which the place of
/// their row is written and which no two sessions wait for.
fn ids(binder: &Binder<'_>, tree: &Tree, making: &mut Making) -> Result<()> {
    let of_store = ids_of_store(tree)?;
    let Making { schema, name, store_name, columns, sequences, .. } = making;
    for declared in columns {
        let Some(options) = declared.sequence.take() else { continue };
        if of_store || binder.is_sqlite() {
            declared.column.data_type = Type::BigInt;
            declared.ty = SqlType::BigInt;
            declared.note.declared = None;
            declared.column.default = Some(match declared.note.identity.take().as_deref() {
                Some("always") => StoreDefault::IdentityAlways,
                _ => StoreDefault::Identity,
            });
            continue;
        }
        let data_type = declared.ty.to_string();
        let (column, table) = (declared.column.name.clone(), (&**schema, &**name, &**store_name));
        let (made, default) =
            super::sequence::of_column(binder, table, &column, &data_type, &options, sequences)?;
        sequences.push(made);
        declared.note.default = Some(default);
    }
    Ok(())
}

/// `WITH (ids = store)`; other options are PostgreSQL's, of how it keeps tables.
fn ids_of_store(tree: &Tree) -> Result<bool> {
    let CreateTableOptions::With(options) = &tree.table_options else { return Ok(false) };
    for option in options {
        let SqlOption::KeyValue { key, value } = option else { continue };
        if !key.to_string().eq_ignore_ascii_case("ids") {
            continue;
        }
        let value = value.to_string().trim_matches(['\'', '"']).to_ascii_lowercase();
        return match value.as_str() {
            "store" => Ok(true),
            "sequence" => Ok(false),
            other => {
                let message = format!("invalid value for option \"ids\": \"{other}\"");
                Err(SqlError::new("22023", message).with_hint("Valid are sequence and store."))
            }
        };
    }
    Ok(false)
}

fn refuse(tree: &Tree) -> Result<()> {
    let what = [
        (tree.external, "external tables are"),
        (tree.inherits.is_some(), "inheritance is"),
        (tree.partition_by.is_some() || tree.partition_of.is_some(), "partitioning by SQL is"),
        (tree.or_replace, "CREATE OR REPLACE TABLE is"),
    ];
    match what.into_iter().find(|(is_there, _)| *is_there) {
        Some((_, what)) => Err(SqlError::unsupported(format!("{what} not supported"))),
        None => Ok(()),
    }
}

/// UNIQUE, of columns and of the table.
fn unique_keys(
    binder: &Binder<'_>,
    tree: &Tree,
    making: &mut Making,
    mut builder: TableBuilder,
) -> Result<TableBuilder> {
    for definition in &tree.columns {
        let column = binder.fold(&definition.name);
        for option in &definition.options {
            if let ColumnOption::Unique(unique) = &option.option {
                let name = option.name.as_ref().or(unique.name.as_ref());
                builder = add_unique(
                    binder,
                    builder,
                    making,
                    name,
                    std::slice::from_ref(&column),
                    unique,
                )?;
            }
        }
    }
    for constraint in &tree.constraints {
        if let TableConstraint::Unique(unique) = constraint {
            let columns = constraint::key_columns(binder, &unique.columns)?;
            builder = add_unique(binder, builder, making, unique.name.as_ref(), &columns, unique)?;
        }
    }
    Ok(builder)
}

/// Columns and constraints, given to the store's builder.
fn build(
    binder: &mut Binder<'_>,
    tree: &Tree,
    others: &[(&Like, Arc<TableEntry>)],
    making: &mut Making,
    parsed: &Parsed,
) -> Result<TableBuilder> {
    primary_key(binder, tree, making)?;
    for (like, other) in others {
        super::like::primary_key(like, other, making)?;
    }
    let mut builder = columns(making);
    let constraints = &tree.constraints;
    for (like, other) in others {
        builder = super::like::constraints(binder, like, other, builder, making)?;
    }
    // Keys first: their names are taken before those of other constraints.
    builder = unique_keys(binder, tree, making, builder)?;
    for definition in &tree.columns {
        let column = binder.fold(&definition.name);
        for option in &definition.options {
            match &option.option {
                ColumnOption::Check(check) => {
                    let name = option.name.as_ref().or(check.name.as_ref());
                    builder = add_check(binder, builder, making, name, &check.expr)?;
                }
                ColumnOption::ForeignKey(key) => {
                    let mut key = key.clone();
                    key.name = key.name.or_else(|| option.name.clone());
                    builder = add_foreign_key(
                        binder,
                        builder,
                        making,
                        &key,
                        std::slice::from_ref(&column),
                    )?;
                }
                _ => {}
            }
        }
    }
    for constraint in constraints {
        match constraint {
            TableConstraint::Check(check) => {
                builder = add_check(binder, builder, making, check.name.as_ref(), &check.expr)?;
            }
            TableConstraint::ForeignKey(key) => {
                let columns: Vec<String> =
                    key.columns.iter().map(|column| binder.fold(column)).collect();
                builder = add_foreign_key(binder, builder, making, key, &columns)?;
            }
            TableConstraint::PrimaryKey(_) | TableConstraint::Unique(_) => {}
            other => {
                return Err(SqlError::unsupported(format!(
                    "the constraint {other} is not supported"
                )));
            }
        }
    }
    let mut checks = std::mem::take(&mut making.checks);
    checks.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (name, condition) in checks {
        builder = builder.check(name, condition);
    }
    builder = domain_checks(binder, builder, making)?;
    if !binder.is_sqlite() {
        let generated = generated_texts(making);
        super::generated::check(binder, &making.name, &making.seen(), &generated)?;
    } else {
        check_as_sqlite(binder, tree, making)?;
    }
    Ok(shard_key(binder, builder, making, parsed))
}

/// Whether a table is SQLite's WITHOUT ROWID.
fn is_without_rowid(tree: &Tree) -> bool {
    tree.sqlite_table_options.options.contains(&SqliteTableOption::WithoutRowid)
}

/// Refuses what SQLite makes no table of.
fn check_as_sqlite(binder: &mut Binder<'_>, tree: &Tree, making: &Making) -> Result<()> {
    let refused = |message: String| Err(SqlError::new("42601", message));
    if making.columns.iter().all(|declared| declared.note.generated.is_some()) {
        return refused("must have at least one non-generated column".to_owned());
    }
    if is_without_rowid(tree) && making.columns.iter().any(|declared| declared.autoincrement) {
        return refused("AUTOINCREMENT not allowed on WITHOUT ROWID tables".to_owned());
    }
    if is_without_rowid(tree) && making.primary_key.is_none() {
        return refused(format!("PRIMARY KEY missing on table {}", making.name));
    }
    let text = |declared: &Declared| {
        Some((declared.column.name.clone(), declared.note.generated.clone()?))
    };
    let generated: Vec<_> = making.columns.iter().filter_map(text).collect();
    super::generated::check_as_sqlite(binder, &making.name, &making.seen(), &generated)
}

fn primary_key(binder: &Binder<'_>, tree: &Tree, making: &mut Making) -> Result<()> {
    let mut keys: Vec<Vec<String>> = Vec::new();
    let mut name = None;
    for definition in &tree.columns {
        for option in &definition.options {
            if let ColumnOption::PrimaryKey(key) = &option.option {
                constraint::check_key_timing(key.characteristics.as_ref())?;
                keys.push(vec![binder.fold(&definition.name)]);
                name = option.name.as_ref().or(key.name.as_ref());
            }
        }
    }
    for constraint in &tree.constraints {
        if let TableConstraint::PrimaryKey(key) = constraint {
            constraint::check_key_timing(key.characteristics.as_ref())?;
            keys.push(constraint::key_columns(binder, &key.columns)?);
            name = key.name.as_ref();
        }
    }
    if keys.len() > 1 {
        return Err(match binder.is_sqlite() {
            true => SqlError::new(
                "42P16",
                format!("table \"{}\" has more than one primary key", making.name),
            ),
            false => SqlError::new(
                "42P16",
                format!("multiple primary keys for table \"{}\" are not allowed", making.name),
            ),
        });
    }
    let Some(key) = keys.pop() else { return Ok(()) };
    check_once(binder, &key, "primary key")?;
    check_key_columns(binder, making, &key)?;
    // SQLite's INTEGER PRIMARY KEY is the row id, which it makes where none is given.
    if binder.is_sqlite()
        && let [name] = key.as_slice()
        && let Some(column) =
            making.columns.iter_mut().find(|column| column.column.name.eq_ignore_ascii_case(name))
        && column.is_integer
    {
        let makes =
            if column.autoincrement { StoreDefault::Identity } else { StoreDefault::GeneratedId };
        column.column.default = Some(makes);
        column.column.data_type = Type::BigInt;
    } else if making.columns.iter().any(|column| column.autoincrement) && !is_without_rowid(tree) {
        return Err(SqlError::new(
            "42P16",
            "AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY",
        ));
    }
    making.primary_key = Some(key);
    if !binder.is_sqlite() {
        let usual = format!("{}_pkey", making.name);
        making.key_name = name.map(|name| binder.fold(name)).filter(|name| *name != usual);
        making.taken.push(making.key_name.clone().unwrap_or(usual));
    }
    Ok(())
}

/// Refuses a key that has a column twice.
fn check_once(binder: &Binder<'_>, key: &[String], what: &str) -> Result<()> {
    let twice = key.iter().enumerate().find(|(at, name)| key[..*at].contains(name));
    match twice.filter(|_| !binder.is_sqlite()) {
        Some((_, name)) => {
            let message = format!("column \"{name}\" appears twice in {what} constraint");
            Err(SqlError::new("42701", message))
        }
        None => Ok(()),
    }
}

/// Refuses a key of columns that are not there, or cannot be part of one.
fn check_key_columns(binder: &Binder<'_>, making: &Making, key: &[String]) -> Result<()> {
    for name in key {
        let is_it = |known: &&Declared| known.column.name.eq_ignore_ascii_case(name);
        match making.columns.iter().find(is_it) {
            Some(declared) => constraint::check_key(&declared.ty, true)?,
            None => return Err(unknown_key_column(binder, making, name)),
        }
    }
    Ok(())
}

fn unknown_key_column(binder: &Binder<'_>, making: &Making, name: &str) -> SqlError {
    match binder.is_sqlite() {
        true => SqlError::new("42703", format!("table {} has no column named {name}", making.name)),
        false => SqlError::new("42703", format!("column \"{name}\" named in key does not exist")),
    }
}

/// A builder with the columns and the primary key.
fn columns(making: &Making) -> TableBuilder {
    let mut builder = TableDefinition::builder(&making.store_name);
    for declared in &making.columns {
        let column = &declared.column;
        builder = builder.column(&column.name, column.data_type).collate(column.collation);
        if column.not_null {
            builder = builder.not_null();
        }
        builder = match &column.default {
            None => builder,
            Some(StoreDefault::Constant(value)) => builder.default(value.clone()),
            Some(StoreDefault::CurrentTimestamp) => builder.default_current_timestamp(),
            Some(StoreDefault::GeneratedId) => builder.generated_id(),
            Some(StoreDefault::Identity) => builder.identity(),
            Some(StoreDefault::IdentityAlways) => builder.identity_always(),
        };
    }
    match &making.primary_key {
        Some(key) => builder.primary_key(key),
        None => builder,
    }
}

fn add_unique(
    binder: &Binder<'_>,
    builder: TableBuilder,
    making: &mut Making,
    name: Option<&Ident>,
    columns: &[String],
    tree: &UniqueConstraint,
) -> Result<TableBuilder> {
    check_once(binder, columns, "unique")?;
    check_key_columns(binder, making, columns)?;
    let same_as_key = making.primary_key.as_ref().is_some_and(|key| key == columns);
    if same_as_key {
        return Ok(builder);
    }
    let (name, index) =
        constraint::unique(binder, &making.name, name, columns, tree, &making.taken)?;
    if constraint::is_deferrable(tree.characteristics.as_ref()) {
        making.deferrable.push(name.clone());
    }
    making.unique.push(name.clone());
    making.taken.push(name);
    Ok(builder.index(index))
}

fn add_check(
    binder: &mut Binder<'_>,
    builder: TableBuilder,
    making: &mut Making,
    name: Option<&Ident>,
    tree: &sqlparser::ast::Expr,
) -> Result<TableBuilder> {
    let condition =
        constraint::condition(binder, tree, &making.name, &making.seen(), Clause::Check, "CHECK")?;
    let name = match name {
        Some(name) => binder.fold(name),
        None => constraint::name_of_check(binder, tree, &making.name, &condition, &making.taken),
    };
    if making.taken.contains(&name) && !binder.is_sqlite() {
        let message = format!("check constraint \"{name}\" already exists");
        return Err(SqlError::new("42710", message));
    }
    making.taken.push(name.clone());
    if binder.is_sqlite() {
        return Ok(builder.check(name, condition));
    }
    making.checks.push((name, condition));
    Ok(builder)
}

/// Generated columns, and what they are computed of.
fn generated_texts(making: &Making) -> Vec<(String, String)> {
    let text = |declared: &Declared| {
        Some((declared.column.name.clone(), declared.note.generated.clone()?))
    };
    making.columns.iter().filter_map(text).collect()
}

fn add_foreign_key(
    binder: &mut Binder<'_>,
    builder: TableBuilder,
    making: &mut Making,
    tree: &sqlparser::ast::ForeignKeyConstraint,
    columns: &[String],
) -> Result<TableBuilder> {
    let generated = generated_texts(making);
    super::generated::check_key(binder, (&making.name, &making.seen()), &generated, tree, columns)?;
    let (name, key) = constraint::foreign_key(
        binder,
        &making.name,
        &making.store_name,
        tree,
        columns,
        &making.taken,
    )?;
    let seen = making.seen();
    let check =
        constraint::match_full(binder, &making.name, &seen, tree, (name.as_str(), columns))?;
    making.checks.extend(check);
    making.taken.push(name);
    Ok(builder.foreign_key(key))
}

/// A domain's CHECKs are the column's, with its name for VALUE.
fn domain_checks(
    binder: &mut Binder<'_>,
    mut builder: TableBuilder,
    making: &mut Making,
) -> Result<TableBuilder> {
    let seen = making.seen();
    for at in 0..making.columns.len() {
        let checks = making.columns[at].domain_checks.clone();
        for condition in super::domain::checks_of(binder, &making.name, &seen, at, &checks)? {
            let name = constraint::check_name(&making.name, &condition, &making.taken);
            making.taken.push(name.clone());
            builder = builder.check(name, condition);
        }
    }
    Ok(builder)
}

/// SHARD BY; else rows of one user, else of one symbol, lie together where every row names one.
fn shard_key(
    binder: &Binder<'_>,
    builder: TableBuilder,
    making: &Making,
    parsed: &Parsed,
) -> TableBuilder {
    if let Some(columns) = &parsed.shard_by {
        return builder.shard_key(columns.iter().map(|column| binder.fold(column)));
    }
    match default_shard_key(making) {
        Some(column) => builder.shard_key([column]),
        None => builder,
    }
}

fn default_shard_key(making: &Making) -> Option<String> {
    let makes_ids =
        |declared: &Declared| declared.column.default.as_ref().is_some_and(StoreDefault::makes_ids);
    for name in ["user_id", "symbol"] {
        let found =
            making.columns.iter().find(|declared| declared.column.name.eq_ignore_ascii_case(name));
        let Some(declared) = found.filter(|declared| !makes_ids(declared)) else { continue };
        let in_key = making
            .primary_key
            .as_ref()
            .is_some_and(|key| key.iter().any(|column| column.eq_ignore_ascii_case(name)));
        if declared.column.not_null || in_key {
            return Some(declared.column.name.clone());
        }
    }
    None
}

fn finish(
    binder: &Binder<'_>,
    builder: TableBuilder,
    making: Making,
    query: Option<crate::algebra::Query>,
    with_rows: bool,
    parsed: &Parsed,
) -> Result<Definition> {
    let definition = builder.build().map_err(|error| {
        let duplicate = error.sqlstate() == "42701";
        match duplicate {
            true => duplicate_column(binder, &making),
            false => error.into(),
        }
    })?;
    let columns = making.columns.into_iter().map(|declared| (declared.column.name, declared.note));
    let mut note = TableNote {
        columns: columns.collect(),
        key_name: making.key_name,
        sql: binder.is_sqlite().then(|| parsed.source.text().to_owned()),
        strict: parsed.strict,
        without_rowid: making.without_rowid,
        deferrable: making.deferrable,
        ..TableNote::default()
    };
    for name in making.unique.iter().filter(|_| !binder.is_sqlite()) {
        note.note_unique(name);
    }
    let Making { schema, name, temporary, sequences, .. } = making;
    let create =
        CreateTable { definition, schema, name, note, query, with_rows, temporary, sequences };
    Ok(Definition::CreateTable(Box::new(create)))
}

fn duplicate_column(binder: &Binder<'_>, making: &Making) -> SqlError {
    let names = making.columns.iter().map(|declared| &declared.column.name);
    let names: Vec<&String> = names.collect();
    let twice = names
        .iter()
        .enumerate()
        .find(|(at, name)| names[..*at].iter().any(|other| other.eq_ignore_ascii_case(name)));
    let name = twice.map(|(_, name)| name.as_str()).unwrap_or_default();
    match binder.is_sqlite() {
        true => SqlError::new("42701", format!("duplicate column name: {name}")),
        false => SqlError::new("42701", format!("column \"{name}\" specified more than once")),
    }
}

/// CREATE TABLE ... AS.
fn of_query(
    binder: &mut Binder<'_>,
    tree: &Tree,
    query: &sqlparser::ast::Query,
    mut making: Making,
    parsed: &Parsed,
) -> Result<Definition> {
    let mut query = binder.query(query).map_err(|error| match error.sqlstate() {
        // The names of its columns have come to stand at a query in FROM.
        "42P10" if error.message().starts_with("table \"made\" has") => {
            SqlError::new("42601", "too many column names were specified")
        }
        _ => error,
    })?;
    if binder.is_sqlite() {
        crate::bind::tell_apart(query.columns.iter_mut().map(|column| &mut column.name));
    }
    let names: Vec<String> = tree.columns.iter().map(|column| binder.fold(&column.name)).collect();
    add_columns(binder, &names, &query, &mut making)?;
    let builder = columns(&making);
    let with_rows = tree.with_data.as_ref().is_none_or(|with| with.data);
    finish(binder, builder, making, Some(query), with_rows, parsed)
}

/// Columns for those of a query.
fn add_columns(
    binder: &Binder<'_>,
    names: &[String],
    query: &crate::algebra::Query,
    making: &mut Making,
) -> Result<()> {
    if names.len() > query.columns.len() {
        return Err(SqlError::new("42601", "too many column names were specified"));
    }
    for (at, output) in query.columns.iter().enumerate() {
        let name = names.get(at).unwrap_or(&output.name);
        let text = match (binder.is_sqlite(), &output.declared) {
            (true, declared) => declared.clone().unwrap_or_default(),
            (false, _) => output.ty.to_string(),
        };
        let (data_type, declared) = match binder.is_sqlite() {
            true => (Type::Any, text),
            false => {
                let carrier = crate::types::carrier(&output.ty).ok_or_else(|| {
                    SqlError::new(
                        "42P16",
                        format!("column \"{name}\" has pseudo-type {}", output.ty),
                    )
                })?;
                (carrier, text)
            }
        };
        let mut column = bourse::schema::Column::new(name, data_type);
        if matches!(data_type, Type::Text | Type::Any) {
            column.collation = output.collation;
        }
        let affinity = crate::types::affinity(&declared);
        making.columns.push(Declared {
            column,
            ty: if binder.is_sqlite() { SqlType::Any } else { output.ty.clone() },
            note: crate::catalog::ColumnNote { declared: Some(declared), ..Default::default() },
            affinity,
            is_integer: false,
            autoincrement: false,
            domain_checks: Vec::new(),
            sequence: None,
        });
    }
    Ok(())
}

/// The table that keeps the rows of a materialized view.
pub(super) fn of_view(
    binder: &Binder<'_>,
    (schema, name): (String, String),
    columns: &[String],
    query: crate::algebra::Query,
    with_rows: bool,
    parsed: &Parsed,
) -> Result<CreateTable> {
    let mut making = Making {
        store_name: store_name(&schema, &name),
        schema,
        name,
        temporary: None,
        columns: Vec::new(),
        primary_key: None,
        key_name: None,
        unique: Vec::new(),
        deferrable: Vec::new(),
        taken: Vec::new(),
        checks: Vec::new(),
        sequences: Vec::new(),
        without_rowid: false,
    };
    add_columns(binder, columns, &query, &mut making)?;
    let builder = self::columns(&making);
    match finish(binder, builder, making, Some(query), with_rows, parsed)? {
        Definition::CreateTable(create) => Ok(*create),
        _ => Err(SqlError::new("XX000", "a view's rows have no table")),
    }
}

/// Whether a table has a primary key of its own.
pub(super) fn has_primary_key(definition: &TableDefinition) -> bool {
    matches!(definition.primary_key, PrimaryKey::Columns(_))
}
