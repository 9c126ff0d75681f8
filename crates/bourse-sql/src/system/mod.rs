//! What describes the store as relations: `pg_catalog`, `information_schema`, and for SQLite's
//! dialect `sqlite_schema` and the PRAGMAs.
//!
//! Such a relation is a set-returning function over the definitions that a statement was bound to:
//! planner and executor know nothing new. Its columns are PostgreSQL's ([`relations`]); its rows
//! are what PostgreSQL says of itself ([`recorded`]) and what is made of the definitions, once for
//! a version of them: a [`System`] hangs at the [`Catalog`] and fills itself as it is asked. What
//! changes without the definitions (settings, sessions, numbers of rows) is made anew each time.
//!
//! Most of `information_schema`, and the views of `pg_catalog`, are views of these relations,
//! written in SQL (`data/views.sql`).

use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;

use crate::Dialect;
use crate::bind::Bound;
use crate::catalog::{Catalog, TableEntry, ViewEntry};
use crate::datum::Datum;
use crate::error::Result;
use crate::function::Context;
use crate::function::quote_identifier;
use crate::parse;
use crate::settings::Settings;
use crate::types::{OidKind, SqlType};

mod aggregate_text;
mod classes;
mod constraints;
pub(crate) mod definitions;
mod dependencies;
mod domains;
mod expressions;
pub(crate) mod live;
mod lookup;
pub(crate) mod objects;
mod others;
pub(crate) mod recorded;
pub(crate) mod relations;
mod replication;
mod rows;
mod scan;
pub(crate) mod sessions;
pub(crate) mod sqlite;
#[cfg(test)]
mod tests;
pub(crate) mod types;
mod user_types;

pub(crate) use domains::{domain_checks, domain_of_column};
pub(crate) use lookup::{expected_rows, is_looked_up, is_system, look_up};
pub(crate) use scan::{prune, relation_call};

pub(crate) use objects::is_name_of_unique;
use objects::{Class, Objects, PG_CATALOG_NUMBER, UserType};
use rows::Rows;

/// What is made of the definitions of a moment.
pub(crate) struct System {
    pub(crate) objects: Objects,
    /// By place among the relations.
    made: Vec<OnceLock<Arc<Rows>>>,
    /// Columns of plain views, by number.
    views: OnceLock<HashMap<u32, ViewShape>>,
}

/// What binding a view's query says.
#[derive(Default)]
pub(crate) struct ViewShape {
    pub(crate) columns: Vec<(String, SqlType)>,
    /// Tables that it reads, as the store names them.
    pub(crate) tables: Vec<String>,
}

/// The [`System`] of a catalog, made when it is first asked for. A copy of a catalog, which
/// somebody may change, begins without one.
#[derive(Default)]
pub(crate) struct SystemCell(OnceLock<Arc<System>>);

impl Clone for SystemCell {
    fn clone(&self) -> SystemCell {
        SystemCell::default()
    }
}

impl std::fmt::Debug for SystemCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SystemCell")
    }
}

impl SystemCell {
    pub(crate) fn get(&self, catalog: &Catalog) -> &Arc<System> {
        self.0.get_or_init(|| Arc::new(System::of(catalog)))
    }
}

/// What a relation's rows are made from.
pub(crate) struct Source<'s> {
    pub(crate) relation: &'static relations::Relation,
    pub(crate) system: &'s System,
    pub(crate) catalog: &'s Catalog,
    pub(crate) context: &'s dyn Context,
}

impl System {
    fn of(catalog: &Catalog) -> System {
        System {
            objects: Objects::of(catalog),
            made: relations::all().iter().map(|_| OnceLock::new()).collect(),
            views: OnceLock::new(),
        }
    }

    /// The rows of a relation.
    pub(crate) fn rows(&self, at: usize, catalog: &Catalog, context: &dyn Context) -> Arc<Rows> {
        let relation = &relations::all()[at];
        let source = Source { relation, system: self, catalog, context };
        if live::is_live(relation.name) {
            return Arc::new(live::rows(&source));
        }
        Arc::clone(self.made[at].get_or_init(|| Arc::new(make(&source))))
    }

    /// The columns of a plain view.
    pub(crate) fn view_shape(&self, oid: u32, catalog: &Catalog) -> Option<&ViewShape> {
        let shapes = self.views.get_or_init(|| {
            let views = self.objects.classes.iter().filter_map(|class| match &class.what {
                objects::What::View(view) => Some((class.oid, shape_of(view, catalog))),
                _ => None,
            });
            views.collect()
        });
        shapes.get(&oid)
    }

    /// Whether a name without a schema means the relation.
    pub(crate) fn class_is_visible(&self, class: &Class, path: &[String]) -> bool {
        let found = self.searched(path).find_map(|ns| self.objects.class_named(ns, &class.name));
        found.is_some_and(|found| found.oid == class.oid)
    }

    /// Whether a name without a schema means the type.
    pub(crate) fn type_is_visible(&self, oid: u32, path: &[String]) -> bool {
        let types = || self.objects.types.iter();
        let Some(ty) = types().find(|ty| ty.oid == oid || ty.array == oid) else {
            return match self.objects.class_of_row_type(oid) {
                Some(class) => self.class_is_visible(class, path),
                None => types::builtin(oid).is_some(),
            };
        };
        let same = |ns: u32| types().find(|other| other.namespace == ns && other.name == ty.name);
        self.searched(path).find_map(same).is_some_and(|found| found.oid == ty.oid)
    }

    /// The schemas in which names are looked for, `pg_catalog` before all others.
    pub(crate) fn searched<'s>(&'s self, path: &'s [String]) -> impl Iterator<Item = u32> + 's {
        let named = path.iter().filter_map(|schema| self.objects.namespace(schema));
        let is_named = path.iter().any(|schema| schema == relations::PG_CATALOG);
        (!is_named).then_some(PG_CATALOG_NUMBER).into_iter().chain(named)
    }

    /// A name, with its schema unless it is visible without.
    pub(crate) fn qualified(&self, namespace: u32, name: &str, is_visible: bool) -> String {
        let name = quote_identifier(name);
        if is_visible {
            return name.to_string();
        }
        format!("{}.{name}", quote_identifier(self.objects.namespace_name(namespace)))
    }

    /// The relation that a name means.
    pub(crate) fn class_of_name(&self, name: &str, path: &[String]) -> Option<&Class> {
        let (schema, name) = split_name(name)?;
        match schema {
            Some(schema) => self.objects.class_named(self.objects.namespace(&schema)?, &name),
            None => self.searched(path).find_map(|ns| self.objects.class_named(ns, &name)),
        }
    }

    fn type_of_name(&self, name: &str, path: &[String], catalog: &Catalog) -> Option<u32> {
        let (schema, plain) = split_name(name)?;
        let same =
            |ty: &&UserType, ns: u32| ty.namespace == ns && ty.name.eq_ignore_ascii_case(&plain);
        let in_schema = |ns: u32| {
            let mut types = self.objects.types.iter();
            let found = types.find(|ty| same(ty, ns)).map(|ty| ty.oid);
            let array = |element: &str| {
                let mut types = self.objects.types.iter();
                let is_it = |ty: &&UserType| ty.namespace == ns && ty.name == element;
                types.find(is_it).map(|ty| ty.array)
            };
            let found = found.or_else(|| plain.strip_prefix('_').and_then(array));
            found.or_else(|| self.objects.class_named(ns, &plain).map(|class| class.row_type))
        };
        let settings = settings_of(path);
        if let Ok(ty) = crate::catalog::resolve_type(name, catalog, &settings)
            && !self.objects.types.iter().any(|ty| ty.name.eq_ignore_ascii_case(&plain))
        {
            return Some(self.type_number(&ty));
        }
        let of_user = match &schema {
            Some(schema) => self.objects.namespace(schema).and_then(in_schema),
            None => self.searched(path).find_map(in_schema),
        };
        let found = of_user.filter(|oid| *oid != 0);
        found.or_else(|| types::builtin_named(plain.trim_start_matches("pg_catalog.")))
    }

    /// The number that a name stands for.
    pub(crate) fn number_of_name(
        &self,
        kind: OidKind,
        name: &str,
        path: &[String],
        catalog: &Catalog,
    ) -> Option<u32> {
        match kind {
            OidKind::Oid => None,
            OidKind::Class => self.class_of_name(name, path).map(|class| class.oid),
            OidKind::Type => self.type_of_name(name, path, catalog),
            OidKind::Namespace => self.objects.namespace(&split_name(name)?.1),
            OidKind::Role => Some(live::OWNER),
            OidKind::Procedure => {
                let plain = name.split('(').next().unwrap_or(name);
                recorded::procedure(&split_name(plain)?.1)
            }
        }
    }

    /// The name that a number stands for.
    pub(crate) fn name_of_number(
        &self,
        kind: OidKind,
        number: u32,
        path: &[String],
    ) -> Option<String> {
        match kind {
            OidKind::Oid | OidKind::Role => None,
            OidKind::Class => {
                let class = self.objects.class(number)?;
                let visible = self.class_is_visible(class, path);
                Some(self.qualified(class.namespace, &class.name, visible))
            }
            OidKind::Type => {
                let text = self.type_text(number, None, path);
                (text != "???").then_some(text)
            }
            OidKind::Namespace => {
                let name = self.objects.namespace_name(number);
                (!name.is_empty()).then(|| quote_identifier(name).to_string())
            }
            OidKind::Procedure => {
                recorded::procedure_of_oid(number).map(|procedure| procedure.name.to_owned())
            }
        }
    }
}

/// Whether a table has a constraint of a name.
pub(crate) fn has_constraint(catalog: &Catalog, table: &TableEntry, name: &str) -> bool {
    let objects = &catalog.system().objects;
    let class = objects.class_of_table(table.table.name());
    class.is_some_and(|class| objects.constraint(class.oid, name).is_some())
}

/// Settings with a search path.
fn settings_of(path: &[String]) -> Settings {
    let mut settings = Settings::default();
    let quoted: Vec<String> = path.iter().map(|schema| quote_identifier(schema).into()).collect();
    settings.set("search_path", quoted.join(", "));
    settings
}

/// The parts of a name as SQL writes it: a schema, if there is one, and the name.
pub(crate) fn split_name(text: &str) -> Option<(Option<String>, String)> {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    let mut letters = text.trim().chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                part.push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(std::mem::take(&mut part)),
            other if quoted => part.push(other),
            other => part.extend(other.to_lowercase()),
        }
    }
    parts.push(part);
    let name = parts.pop().filter(|name| !name.is_empty() && !quoted)?;
    Some((parts.pop(), name))
}

/// Binds a view's query to tell its columns; a view that cannot be bound any more has none.
fn shape_of(view: &ViewEntry, catalog: &Catalog) -> ViewShape {
    bind_view(view, catalog).unwrap_or_default()
}

fn bind_view(view: &ViewEntry, catalog: &Catalog) -> Result<ViewShape> {
    let dialect = if view.note.sqlite { Dialect::Sqlite } else { Dialect::Postgres };
    let mut settings = Settings::default();
    if !view.note.search_path.is_empty() {
        settings.set("search_path", view.note.search_path.clone());
    }
    let parsed = parse::parse(&view.note.query, dialect)?;
    let Some(parsed) = parsed.first() else { return Ok(ViewShape::default()) };
    let bound = crate::bind::bind(parsed, catalog, dialect, &settings, &[])?;
    let Bound::Rows(crate::algebra::Statement::Query(query)) = bound.bound else {
        return Ok(ViewShape::default());
    };
    let mut columns: Vec<(String, SqlType)> =
        query.columns.iter().map(|column| (column.name.clone(), column.ty.clone())).collect();
    for ((column, _), name) in columns.iter_mut().zip(&view.note.columns) {
        column.clone_from(name);
    }
    Ok(ViewShape { columns, tables: dependencies::tables_of(&query) })
}

/// The rows of a relation that the definitions decide.
fn make(source: &Source<'_>) -> Rows {
    let maker = match source.relation.name {
        "pg_class" => classes::pg_class(source),
        "pg_attribute" => classes::pg_attribute(source),
        "pg_attrdef" => classes::pg_attrdef(source),
        "pg_index" => classes::pg_index(source),
        "pg_sequence" => classes::pg_sequence(source),
        "pg_constraint" => constraints::pg_constraint(source),
        "pg_type" => user_types::pg_type(source),
        "pg_enum" => user_types::pg_enum(source),
        "pg_depend" => dependencies::pg_depend(source),
        "pg_rewrite" => dependencies::pg_rewrite(source),
        "pg_namespace" => others::pg_namespace(source),
        "pg_description" => others::pg_description(source),
        "pg_proc" => others::pg_proc(source),
        "pg_collation" => others::pg_collation(source),
        _ => {
            let mut maker = rows::Maker::new(source.relation, &[]);
            recorded::add(source.relation, &mut maker);
            maker
        }
    };
    maker.finish()
}

/// The value of a column of a relation's row, by name.
pub(crate) fn field<'r>(
    relation: &relations::Relation,
    row: &'r [Datum],
    column: &str,
) -> Option<&'r Datum> {
    let at = relation.columns.iter().position(|known| known.name == column)?;
    row.get(at)
}
