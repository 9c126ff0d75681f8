//! DROP and TRUNCATE.

use bourse::Truncate as StoreTruncate;
use sqlparser::ast::{
    CascadeOption, DropDomain, ObjectName, ObjectType, Statement as Tree, Truncate,
    TruncateIdentityOption,
};

use super::index::find_index;
use super::{AlterStep, Definition, Object, materialized};
use crate::bind::Binder;
use crate::catalog::{Relation, SequenceEntry, TypeEntry};
use crate::error::{Result, SqlError};

pub(super) fn drop(binder: &Binder<'_>, tree: &Tree) -> Result<Definition> {
    let Tree::Drop { object_type, if_exists, names, cascade, .. } = tree else {
        return Err(SqlError::new("XX000", "this is no DROP"));
    };
    let dropping = Dropping { binder, if_exists: *if_exists, cascade: *cascade };
    match object_type {
        ObjectType::Table => dropping.tables(names),
        ObjectType::Index => dropping.indexes(names),
        ObjectType::View => dropping.views(names),
        ObjectType::MaterializedView => dropping.materialized_views(names),
        ObjectType::Schema => dropping.schemas(names),
        ObjectType::Sequence => dropping.sequences(names),
        ObjectType::Type => dropping.types(names, false),
        other => Err(SqlError::unsupported(format!("DROP {other} is not supported"))),
    }
}

pub(super) fn drop_domain(binder: &Binder<'_>, tree: &DropDomain) -> Result<Definition> {
    let cascade = tree.drop_behavior == Some(sqlparser::ast::DropBehavior::Cascade);
    let dropping = Dropping { binder, if_exists: tree.if_exists, cascade };
    dropping.types(std::slice::from_ref(&tree.name), true)
}

const USE_DROP_MATERIALIZED: &str = "Use DROP MATERIALIZED VIEW to remove a materialized view.";

/// Whether a relation is a materialized view, an aggregate view of the program's among them.
fn is_materialized(relation: &Relation) -> bool {
    match relation {
        Relation::Table(table) => table.note.materialized.is_some(),
        Relation::View(view) => view.note.materialized.is_some(),
        Relation::AggregateView(_) => true,
    }
}

struct Dropping<'b, 'c> {
    binder: &'b Binder<'c>,
    if_exists: bool,
    cascade: bool,
}

impl Dropping<'_, '_> {
    /// The error that something is not there, unless that is allowed.
    fn missing(&self, sqlstate: &'static str, what: &str, name: &str) -> Result<()> {
        if self.if_exists {
            return Ok(());
        }
        Err(match self.binder.is_sqlite() {
            true => SqlError::new(sqlstate, format!("no such {what}: {name}")),
            false => SqlError::new(sqlstate, format!("{what} \"{name}\" does not exist")),
        })
    }

    /// The same, where a table or view may have the name.
    fn missing_among_relations(
        &self,
        sqlstate: &'static str,
        what: &str,
        name: &str,
    ) -> Result<()> {
        let found = self.binder.catalog.relation(None, name, self.binder.settings);
        if found.is_some() && !self.binder.is_sqlite() {
            let article = if what == "index" { "an" } else { "a" };
            return Err(SqlError::new("42809", format!("\"{name}\" is not {article} {what}")));
        }
        self.missing(sqlstate, what, name)
    }

    fn relation(&self, name: &ObjectName) -> Result<(String, Option<Relation>)> {
        let (schema, name) = self.binder.object_name(name)?;
        let found = self.binder.catalog.relation(schema.as_deref(), &name, self.binder.settings);
        Ok((name, found))
    }

    fn done<T>(
        &self,
        found: Vec<T>,
        tag: &'static str,
        what: &str,
        names: &[ObjectName],
        make: impl FnOnce(Vec<T>) -> Definition,
    ) -> Definition {
        if found.is_empty() {
            // One line for each.
            let skipped = |name: &ObjectName| {
                let mut parts = name.0.iter().filter_map(|part| part.as_ident());
                let name =
                    parts.next_back().map_or_else(String::new, |part| self.binder.fold(part));
                format!("{what} \"{name}\" does not exist, skipping")
            };
            let lines: Vec<String> = names.iter().map(skipped).collect();
            return Definition::Nothing { tag, notice: Some(lines.join("\n")) };
        }
        make(found)
    }

    fn tables(&self, names: &[ObjectName]) -> Result<Definition> {
        let mut tables = Vec::new();
        for name in names {
            match self.relation(name)? {
                (_, Some(Relation::Table(table))) if table.note.materialized.is_none() => {
                    tables.push((
                        table.table.name().to_owned(),
                        table.schema.clone(),
                        table.name.clone(),
                    ));
                }
                (name, Some(found)) => {
                    return Err(match self.binder.is_sqlite() {
                        true => {
                            SqlError::new("42809", format!("use DROP VIEW to delete view {name}"))
                        }
                        false => SqlError::new("42809", format!("\"{name}\" is not a table"))
                            .with_hint(match is_materialized(&found) {
                                true => USE_DROP_MATERIALIZED,
                                false => "Use DROP VIEW to remove a view.",
                            }),
                    });
                }
                (name, None) => {
                    let lower = name.to_ascii_lowercase();
                    if self.binder.is_sqlite()
                        && matches!(lower.as_str(), "sqlite_schema" | "sqlite_master")
                    {
                        let message = "table sqlite_master may not be dropped";
                        return Err(SqlError::new("42809", message));
                    }
                    self.missing("42P01", "table", &name)?;
                }
            }
        }
        self.check_referred(&tables)?;
        let cascade = self.cascade;
        let mut views = materialized::views_over(self.binder, &tables);
        if let (false, Some((view, _))) = (cascade, views.first()) {
            let table = tables.first().map(|(_, _, name)| name.as_str()).unwrap_or_default();
            let message = format!("cannot drop table {table} because other objects depend on it");
            return Err(SqlError::new("2BP01", message)
                .with_detail(format!("materialized view {view} depends on table {table}"))
                .with_hint("Use DROP ... CASCADE to drop the dependent objects too."));
        }
        Ok(self.done(tables, "DROP TABLE", "table", names, |tables| {
            let drop = Definition::DropTables { tables, cascade };
            if views.is_empty() {
                return drop;
            }
            let mut all: Vec<Definition> = views.drain(..).map(|(_, view)| view).collect();
            all.push(drop);
            Definition::All(all, "DROP TABLE")
        }))
    }

    /// Refuses tables to which others refer.
    fn check_referred(&self, tables: &[(String, String, String)]) -> Result<()> {
        let is_dropped =
            |name: &str| tables.iter().any(|(table, ..)| table.eq_ignore_ascii_case(name));
        if self.cascade {
            return Ok(());
        }
        for other in self.binder.catalog.tables() {
            if is_dropped(other.table.name()) {
                continue;
            }
            for key in &other.table.definition().foreign_keys {
                if !is_dropped(&key.parent) {
                    continue;
                }
                if self.binder.is_sqlite() {
                    return Err(SqlError::new("2BP01", "FOREIGN KEY constraint failed"));
                }
                let parent = self.binder.catalog.table_of_store(&key.parent);
                let parent = parent.map_or(key.parent.as_str(), |parent| parent.name.as_str());
                let message =
                    format!("cannot drop table {parent} because other objects depend on it");
                let detail = format!(
                    "constraint {} on table {} depends on table {parent}",
                    key.name, other.name
                );
                return Err(SqlError::new("2BP01", message)
                    .with_detail(detail)
                    .with_hint("Use DROP ... CASCADE to drop the dependent objects too."));
            }
        }
        Ok(())
    }

    fn materialized_views(&self, names: &[ObjectName]) -> Result<Definition> {
        let mut found = Vec::new();
        for name in names {
            match self.relation(name)? {
                (_, Some(relation)) if is_materialized(&relation) => {
                    found.extend(materialized::drop_of(&relation, self.cascade));
                }
                (name, Some(relation)) => {
                    let hint = match relation {
                        Relation::Table(_) => "Use DROP TABLE to remove a table.",
                        _ => "Use DROP VIEW to remove a view.",
                    };
                    let message = format!("\"{name}\" is not a materialized view");
                    return Err(SqlError::new("42809", message).with_hint(hint));
                }
                (name, None) => self.missing("42P01", "materialized view", &name)?,
            }
        }
        let tag = "DROP MATERIALIZED VIEW";
        Ok(self.done(found, tag, "materialized view", names, |found| Definition::All(found, tag)))
    }

    fn indexes(&self, names: &[ObjectName]) -> Result<Definition> {
        let mut indexes = Vec::new();
        for name in names {
            let (schema, name) = self.binder.object_name(name)?;
            match find_index(self.binder, schema.as_deref(), &name) {
                Some(index) => indexes.push(index),
                None => self.missing_among_relations("42704", "index", &name)?,
            }
        }
        Ok(self.done(indexes, "DROP INDEX", "index", names, Definition::DropIndexes))
    }

    fn views(&self, names: &[ObjectName]) -> Result<Definition> {
        let mut views = Vec::new();
        for name in names {
            match self.relation(name)? {
                (_, Some(Relation::View(view))) if view.note.materialized.is_none() => {
                    views.push(Object::View(
                        view.schema.clone(),
                        view.name.clone(),
                        view.note.clone(),
                    ));
                }
                (name, Some(found)) if is_materialized(&found) => {
                    return Err(SqlError::new("42809", format!("\"{name}\" is not a view"))
                        .with_hint(USE_DROP_MATERIALIZED));
                }
                (name, Some(_)) => {
                    return Err(match self.binder.is_sqlite() {
                        true => SqlError::new(
                            "42809",
                            format!(
                                "use DROP TABLE to delete table \
                                {name}"
                            ),
                        ),
                        false => SqlError::new("42809", format!("\"{name}\" is not a view"))
                            .with_hint("Use DROP TABLE to remove a table."),
                    });
                }
                (name, None) => self.missing("42P01", "view", &name)?,
            }
        }
        Ok(self.done(views, "DROP VIEW", "view", names, |views| {
            Definition::Remove(views, "DROP VIEW")
        }))
    }

    fn sequences(&self, names: &[ObjectName]) -> Result<Definition> {
        let mut found = Vec::new();
        let mut parts = Vec::new();
        for name in names {
            let (schema, name) = self.binder.object_name(name)?;
            match self.binder.catalog.sequence(schema.as_deref(), &name, self.binder.settings) {
                Some(sequence) => {
                    parts.extend(self.defaults_that_ask(sequence)?);
                    found.push(Object::Sequence(
                        sequence.schema.clone(),
                        sequence.name.clone(),
                        sequence.note.clone(),
                    ));
                }
                None => self.missing_among_relations("42P01", "sequence", &name)?,
            }
        }
        let tag = "DROP SEQUENCE";
        Ok(self.done(found, tag, "sequence", names, |found| {
            let remove = Definition::Remove(found, tag);
            if parts.is_empty() {
                return remove;
            }
            parts.push(remove);
            Definition::All(parts, tag)
        }))
    }

    /// A sequence that a column's DEFAULT asks stays, or with CASCADE the DEFAULT goes.
    fn defaults_that_ask(&self, sequence: &SequenceEntry) -> Result<Vec<Definition>> {
        let mut parts = Vec::new();
        for table in self.binder.catalog.tables() {
            let mut note = table.note.clone();
            for entry in &table.columns {
                let default = entry.note.default.as_deref().unwrap_or_default();
                if !sequence.is_asked_by(default) {
                    continue;
                }
                let name = &sequence.name;
                if entry.note.identity.is_some() {
                    let column = format!("column {} of table {}", entry.name, table.name);
                    let message =
                        format!("cannot drop sequence {name} because {column} requires it");
                    return Err(SqlError::new("2BP01", message)
                        .with_hint(format!("You can drop {column} instead.")));
                }
                if !self.cascade {
                    let message =
                        format!("cannot drop sequence {name} because other objects depend on it");
                    let detail = format!(
                        "default value for column {} of table {} depends on sequence {name}",
                        entry.name, table.name
                    );
                    return Err(SqlError::new("2BP01", message)
                        .with_detail(detail)
                        .with_hint("Use DROP ... CASCADE to drop the dependent objects too."));
                }
                let own = note.columns.iter_mut().find(|(column, _)| *column == entry.name);
                if let Some((_, own)) = own {
                    (own.default, own.written_default) = (None, None);
                }
            }
            if note != table.note {
                parts.push(Definition::AlterTable {
                    table: table.table.name().to_owned(),
                    note_key: (table.schema.clone(), table.name.clone()),
                    steps: vec![AlterStep::Note(note)],
                });
            }
        }
        Ok(parts)
    }

    /// Refuses the type that a table's or view's rows have.
    fn row_type(&self, schema: Option<&str>, name: &str, is_domain: bool) -> Result<()> {
        let what = match self.binder.catalog.relation(schema, name, self.binder.settings) {
            None => return Ok(()),
            Some(_) if is_domain => {
                return Err(SqlError::new("42809", format!("\"{name}\" is not a domain")));
            }
            Some(Relation::Table(_)) => "table",
            Some(_) => "view",
        };
        let message = format!("cannot drop type {name} because {what} {name} requires it");
        let hint = format!("You can drop {what} {name} instead.");
        Err(SqlError::new("2BP01", message).with_hint(hint))
    }

    fn types(&self, names: &[ObjectName], is_domain: bool) -> Result<Definition> {
        let mut found = Vec::new();
        for name in names {
            let (schema, name) = self.binder.object_name(name)?;
            let catalog = self.binder.catalog;
            let Some(entry) = catalog.user_type(schema.as_deref(), &name, self.binder.settings)
            else {
                self.row_type(schema.as_deref(), &name, is_domain)?;
                self.missing("42704", "type", &name)?;
                continue;
            };
            if is_domain && matches!(entry, TypeEntry::Enum(_)) {
                return Err(SqlError::new("42809", format!("\"{name}\" is not a domain")));
            }
            let ty = match entry {
                TypeEntry::Enum(ty) => crate::types::SqlType::Enum(ty.clone()),
                TypeEntry::Domain(base, _) => base.clone(),
            };
            let uses = |note: &crate::catalog::ColumnNote| {
                note.declared.as_deref().is_some_and(|declared| {
                    declared
                        .trim_end_matches("[]")
                        .rsplit('.')
                        .next()
                        .is_some_and(|last| last.eq_ignore_ascii_case(&name))
                })
            };
            let user = catalog.tables().into_iter().find_map(|table| {
                let column = table.columns.iter().find(|column| uses(&column.note))?;
                Some(format!(
                    "column {} of table {} depends on type {name}",
                    column.name, table.name
                ))
            });
            if let Some(user) = user {
                return Err(SqlError::new(
                    "2BP01",
                    format!("cannot drop type {name} because other objects depend on it"),
                )
                .with_detail(user));
            }
            let schema = schema
                .or_else(|| catalog.schema_of_type(&name, self.binder.settings).map(str::to_owned))
                .unwrap_or_else(|| crate::catalog::PUBLIC.to_owned());
            found.push(match ty {
                crate::types::SqlType::Enum(ty) => Object::Enum(schema, name, ty.labels.clone()),
                _ => Object::Domain(schema, name, crate::catalog::DomainNote::default()),
            });
        }
        Ok(self.done(found, "DROP TYPE", "type", names, |found| {
            Definition::Remove(found, "DROP TYPE")
        }))
    }

    fn schemas(&self, names: &[ObjectName]) -> Result<Definition> {
        let catalog = self.binder.catalog;
        let mut all = Vec::new();
        for name in names {
            let (_, name) = self.binder.object_name(name)?;
            if name.eq_ignore_ascii_case(crate::catalog::PUBLIC) {
                return Err(SqlError::unsupported("the schema \"public\" cannot be dropped"));
            }
            if !catalog.has_schema(&name) {
                self.missing("3F000", "schema", &name)?;
                continue;
            }
            let is_in = |schema: &str| schema.eq_ignore_ascii_case(&name);
            let tables: Vec<_> =
                catalog.tables().into_iter().filter(|t| is_in(&t.schema)).collect();
            let views: Vec<_> = catalog.views().into_iter().filter(|v| is_in(&v.schema)).collect();
            let sequences: Vec<_> =
                catalog.sequences().into_iter().filter(|s| is_in(&s.schema)).collect();
            if !self.cascade && (!tables.is_empty() || !views.is_empty() || !sequences.is_empty()) {
                let message =
                    format!("cannot drop schema {name} because other objects depend on it");
                return Err(SqlError::new("2BP01", message)
                    .with_hint("Use DROP ... CASCADE to drop the dependent objects too."));
            }
            let mut objects: Vec<Object> = views
                .into_iter()
                .map(|view| Object::View(view.schema.clone(), view.name.clone(), view.note.clone()))
                .collect();
            objects.extend(sequences.into_iter().map(|sequence| {
                Object::Sequence(
                    sequence.schema.clone(),
                    sequence.name.clone(),
                    sequence.note.clone(),
                )
            }));
            for (schema, type_name, entry) in catalog.user_types() {
                if is_in(schema) {
                    objects.push(match entry {
                        TypeEntry::Enum(ty) => {
                            Object::Enum(schema.to_owned(), type_name.to_owned(), ty.labels.clone())
                        }
                        TypeEntry::Domain(_, note) => Object::Domain(
                            schema.to_owned(),
                            type_name.to_owned(),
                            note.as_ref().clone(),
                        ),
                    });
                }
            }
            objects.push(Object::Schema(name));
            let tables = tables.into_iter().map(|table| {
                (table.table.name().to_owned(), table.schema.clone(), table.name.clone())
            });
            let tables: Vec<_> = tables.collect();
            for (_, view) in materialized::views_over(self.binder, &tables) {
                all.push(view);
            }
            all.push(Definition::DropTables { tables, cascade: true });
            all.push(Definition::Remove(objects, "DROP SCHEMA"));
        }
        Ok(self
            .done(all, "DROP SCHEMA", "schema", names, |all| Definition::All(all, "DROP SCHEMA")))
    }
}

pub(super) fn truncate(binder: &Binder<'_>, tree: &Truncate) -> Result<Definition> {
    let mut tables = Vec::new();
    for target in &tree.table_names {
        tables.push(binder.table_to_change(&target.name, "truncate")?.table.name().to_owned());
    }
    let mut truncate = StoreTruncate::of(tables.clone());
    let restarts = tree.identity == Some(TruncateIdentityOption::Restart);
    if restarts {
        truncate = truncate.restart_identity();
    }
    if tree.cascade == Some(CascadeOption::Cascade) {
        truncate = truncate.cascade();
    }
    let truncate = Definition::Truncate(truncate);
    if !restarts {
        return Ok(truncate);
    }
    let parts = vec![truncate, Definition::RestartSequences(tables)];
    Ok(Definition::All(parts, "TRUNCATE TABLE"))
}
