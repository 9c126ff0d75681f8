//! What names mean: the store's tables, and what SQL keeps of its own in [`OBJECTS_TABLE`].
//!
//! A [`Catalog`] is what the definitions say at one moment. Every change of them gives
//! [`bourse::Database::definitions_version`] another value; [`Catalog::shared`] reads anew then.
//!
//! The store knows tables by one name each, which is that of the catalog but for a table that was
//! renamed in a transaction: a mark says so until the store renames it too. A table of schema
//! `public` has its own; one of another schema is `schema.table` to the store. Names are told
//! apart without regard to ASCII case.
//!
//! Invariants:
//! - **C1** A row of [`OBJECTS_TABLE`] about a table is read only if the store has that table.
//! - **C2** Whoever changes [`OBJECTS_TABLE`] changes the store's definitions afterwards, be it for
//!   nothing else: otherwise nobody reads it anew.

use std::sync::Arc;

use bourse::{Collation, Database, Table, View};
use bourse_storage::sync::Mutex;
use hashbrown::{HashMap, HashSet};

use crate::error::{Result, SqlError};
use crate::settings::Settings;
use crate::system::{System, SystemCell};
use crate::types::{Affinity, EnumType, SqlType};

mod load;
mod mark;
mod object;
mod type_name;

pub(crate) use mark::{
    Mark, delete_mark, drop_marked, has_mark, is_name_to_be, marks, put_mark, sweep,
};
pub use object::{ColumnNote, DomainNote, Materialized, SequenceNote, TableNote, ViewNote};
pub(crate) use object::{
    Kind, ObjectKey, announce, delete_object, delete_object_in, ensure_objects, ensure_own,
    insert_object_in, read_objects, read_objects_in, values_of, write_object, write_object_in,
};
pub use type_name::{declared_text, resolve_type};

/// The table in which SQL keeps what the store has no definitions for.
pub const OBJECTS_TABLE: &str = "bourse_sql_objects";
/// The schema of names that say none.
pub const PUBLIC: &str = "public";

/// Whether the store's table of a name is one of SQL's own, which no statement names.
pub(crate) fn is_own(name: &str) -> bool {
    [OBJECTS_TABLE, crate::sequence::SEQUENCES_TABLE, crate::role::ROLES_TABLE]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(name))
}

/// What the definitions say at one moment.
#[derive(Clone, Debug)]
pub struct Catalog {
    version: u64,
    tables: HashMap<String, Arc<TableEntry>>,
    views: HashMap<String, Arc<ViewEntry>>,
    /// Those that no materialized view of SQL keeps.
    aggregate_views: HashMap<String, View>,
    /// All of the store's, by the table that they are over.
    views_over: HashMap<String, Vec<View>>,
    sequences: HashMap<String, Arc<SequenceEntry>>,
    types: HashMap<String, TypeEntry>,
    schemas: Vec<String>,
    comments: Vec<(String, String)>,
    system: SystemCell,
}

/// A table.
#[derive(Clone, Debug)]
pub struct TableEntry {
    /// Its schema.
    pub schema: String,
    /// Its name in the schema.
    pub name: String,
    /// The table of the store.
    pub table: Table,
    /// Columns, by position.
    pub columns: Vec<ColumnEntry>,
    /// What SQL keeps about it.
    pub note: TableNote,
}

impl TableEntry {
    /// Which index is the primary key, where ALTER TABLE has added that.
    pub(crate) fn added_primary_key(&self) -> Option<usize> {
        let name = self.note.primary_key.as_deref()?;
        self.table.definition().indexes.iter().position(|i| i.name.eq_ignore_ascii_case(name))
    }

    /// The name of the primary key that it was made with, if there is one.
    pub(crate) fn key_name(&self) -> String {
        self.note.key_name.clone().unwrap_or_else(|| format!("{}_pkey", self.name))
    }

    /// Positions of the columns of the primary key, if there is one.
    pub(crate) fn primary_key_positions(&self) -> Vec<u16> {
        let definition = self.table.definition();
        match self.added_primary_key().and_then(|at| definition.indexes.get(at)) {
            Some(index) => index.columns.iter().filter_map(|part| part.column()).collect(),
            None => definition.primary_key_positions().to_vec(),
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct ColumnEntry {
    /// Name.
    pub name: String,
    /// Type in PostgreSQL's dialect.
    pub ty: SqlType,
    /// Affinity in SQLite's dialect.
    pub affinity: Affinity,
    /// How texts compare.
    pub collation: Collation,
    /// What SQL keeps about it.
    pub note: ColumnNote,
}

/// A plain view.
#[derive(Clone, Debug)]
pub struct ViewEntry {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub note: ViewNote,
}

/// A sequence.
#[derive(Clone, Debug)]
pub struct SequenceEntry {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub note: SequenceNote,
}

impl SequenceEntry {
    /// Whether a DEFAULT asks it for a value.
    pub fn is_asked_by(&self, default: &str) -> bool {
        let name = default.split_once("nextval('").and_then(|(_, rest)| rest.split_once('\''));
        let Some((name, _)) = name else { return false };
        let name = name.replace('"', "");
        let own = self.name.as_str();
        let schema = name.strip_suffix(own).and_then(|rest| rest.strip_suffix('.'));
        own == name || schema.is_some_and(|schema| schema == self.schema)
    }
}

/// A type that a user has made.
#[derive(Clone, Debug)]
pub enum TypeEntry {
    /// CREATE TYPE AS ENUM.
    Enum(Arc<EnumType>),
    /// CREATE DOMAIN: the type below, and what it asks of values.
    Domain(SqlType, Arc<DomainNote>),
}

/// What a name in FROM may mean.
#[derive(Clone, Debug)]
pub enum Relation {
    /// A table.
    Table(Arc<TableEntry>),
    /// A plain view.
    View(Arc<ViewEntry>),
    /// An aggregate view of the store.
    AggregateView(View),
}

impl Catalog {
    /// Reads the definitions of a store.
    ///
    /// # Errors
    /// The store's; XX001 when a row of [`OBJECTS_TABLE`] is damaged.
    pub fn load(database: &Database) -> Result<Catalog> {
        load::load(database, None)
    }

    /// The same for a session whose temporary tables are in a schema of its own.
    pub(crate) fn load_for(database: &Database, temporary: &str) -> Result<Catalog> {
        load::load(database, Some(temporary))
    }

    /// The catalog of a transaction that sees these rows of [`OBJECTS_TABLE`], and not these
    /// tables.
    pub(crate) fn of_objects(
        database: &Database,
        version: u64,
        objects: Vec<(ObjectKey, serde_json::Value)>,
        hidden: &HashSet<String>,
        temporary: &str,
    ) -> Result<Catalog> {
        load::make(database, version, objects, hidden, Some(temporary))
    }

    /// The version of the store's definitions that it was read from.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// What a name means: in a schema, or in the first of the search path that has it.
    pub fn relation(
        &self,
        schema: Option<&str>,
        name: &str,
        settings: &Settings,
    ) -> Option<Relation> {
        settings.schemas_for(schema).find_map(|schema| self.relation_in(schema, name))
    }

    fn relation_in(&self, schema: &str, name: &str) -> Option<Relation> {
        let key = key_of(schema, name);
        if let Some(table) = self.tables.get(&key) {
            return Some(Relation::Table(Arc::clone(table)));
        }
        if let Some(view) = self.views.get(&key) {
            return Some(Relation::View(Arc::clone(view)));
        }
        self.aggregate_views.get(&key).cloned().map(Relation::AggregateView)
    }

    /// The table of that name.
    pub fn table(
        &self,
        schema: Option<&str>,
        name: &str,
        settings: &Settings,
    ) -> Option<Arc<TableEntry>> {
        match self.relation(schema, name, settings)? {
            Relation::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table that the store knows by a name.
    pub fn table_of_store(&self, name: &str) -> Option<&Arc<TableEntry>> {
        let is_it = |entry: &&Arc<TableEntry>| entry.table.name().eq_ignore_ascii_case(name);
        let (schema, plain) = split_store_name(name);
        let found = self.tables.get(&key_of(schema, plain)).filter(is_it);
        // It may have another name by now, which the store is yet to give it.
        found.or_else(|| self.tables.values().find(is_it))
    }

    /// All tables but [`OBJECTS_TABLE`], by schema and name.
    pub fn tables(&self) -> Vec<&Arc<TableEntry>> {
        sorted(&self.tables, |table| (table.schema.clone(), table.name.clone()))
    }

    /// All plain views, by schema and name.
    pub fn views(&self) -> Vec<&Arc<ViewEntry>> {
        sorted(&self.views, |view| (view.schema.clone(), view.name.clone()))
    }

    /// All aggregate views of the store, by name.
    pub fn aggregate_views(&self) -> Vec<&View> {
        sorted(&self.aggregate_views, |view| view.name().to_owned())
    }

    /// All aggregate views of the store over one of its tables, roll-ups among them.
    pub(crate) fn views_over(&self, table: &str) -> &[View] {
        self.views_over.get(&table.to_ascii_lowercase()).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the store has any aggregate view.
    pub(crate) fn has_aggregate_views(&self) -> bool {
        !self.views_over.is_empty()
    }

    /// The aggregate view that keeps a materialized one, by the store's name.
    pub(crate) fn kept_view(&self, name: &str) -> Option<&View> {
        let mut views = self.views_over.values().flatten();
        views.find(|view| view.name().eq_ignore_ascii_case(name))
    }

    /// The materialized view that the store's aggregate view of a name keeps.
    pub(crate) fn kept_by(&self, name: &str) -> Option<&Arc<ViewEntry>> {
        let is_it = |view: &&Arc<ViewEntry>| {
            view.note.kept_by().is_some_and(|own| own.eq_ignore_ascii_case(name))
        };
        self.views.values().find(is_it)
    }

    /// The aggregate views of the store that are of a table's rows, or look rows of it up, in the
    /// order in which they may stand upon each other.
    pub(crate) fn views_reading(&self, table: &str) -> Vec<&View> {
        let reads = |view: &&View| {
            let definition = view.definition();
            let is_it = |name: &String| name.eq_ignore_ascii_case(table);
            is_it(&definition.table) || definition.lookups.iter().any(|lookup| is_it(&lookup.table))
        };
        let mut views: Vec<&View> = self.views_over.values().flatten().filter(reads).collect();
        let height = |view: &View| {
            let mut base = view.definition().base.as_deref().and_then(|name| self.kept_view(name));
            let mut height = 0;
            while let Some(below) = base {
                height += 1;
                base = below.definition().base.as_deref().and_then(|name| self.kept_view(name));
            }
            height
        };
        views.sort_by_key(|view| (height(view), view.name().to_owned()));
        views
    }

    /// A materialized view whose query names a table of the store.
    pub(crate) fn materialized_over(&self, table: &str) -> Option<&str> {
        let mut views = self.views_reading(table).into_iter();
        views.find_map(|view| self.kept_by(view.name())).map(|entry| entry.name.as_str())
    }

    /// The same catalog, in which a stored materialized view is a table that may be changed.
    pub(crate) fn with_writable(&self, table: &TableEntry) -> Catalog {
        let mut catalog = self.clone();
        let mut entry = table.clone();
        entry.note.materialized = None;
        catalog.tables.insert(key_of(&table.schema, &table.name), Arc::new(entry));
        catalog
    }

    /// All sequences, by schema and name.
    pub fn sequences(&self) -> Vec<&Arc<SequenceEntry>> {
        sorted(&self.sequences, |sequence| (sequence.schema.clone(), sequence.name.clone()))
    }

    /// The sequence of that name.
    pub fn sequence(
        &self,
        schema: Option<&str>,
        name: &str,
        settings: &Settings,
    ) -> Option<&Arc<SequenceEntry>> {
        self.find(&self.sequences, schema, name, settings)
    }

    /// The user's type of that name.
    pub fn user_type(
        &self,
        schema: Option<&str>,
        name: &str,
        settings: &Settings,
    ) -> Option<&TypeEntry> {
        self.find(&self.types, schema, name, settings)
    }

    /// The schema of the user's type that a name without one means.
    pub(crate) fn schema_of_type<'s>(&self, name: &str, settings: &'s Settings) -> Option<&'s str> {
        let mut path = settings.search_path().iter();
        let found = path.find(|schema| self.types.contains_key(&key_of(schema, name)));
        found.map(String::as_str)
    }

    /// All types that users have made: schema, name, type.
    pub fn user_types(&self) -> Vec<(&str, &str, &TypeEntry)> {
        let mut types: Vec<_> = self.types.iter().collect();
        types.sort_by(|a, b| a.0.cmp(b.0));
        let split = |(key, entry)| {
            let (schema, name) = split_store_name(key);
            (schema, name, entry)
        };
        types
            .into_iter()
            .map(|(key, entry): (&String, &TypeEntry)| split((key.as_str(), entry)))
            .collect()
    }

    fn find<'c, T>(
        &self,
        map: &'c HashMap<String, T>,
        schema: Option<&str>,
        name: &str,
        settings: &Settings,
    ) -> Option<&'c T> {
        settings.schemas_for(schema).find_map(|schema| map.get(&key_of(schema, name)))
    }

    /// Schemas, `public` among them, by name.
    pub fn schemas(&self) -> &[String] {
        &self.schemas
    }

    /// Whether there is such a schema.
    pub fn has_schema(&self, name: &str) -> bool {
        self.schemas.iter().any(|schema| schema.eq_ignore_ascii_case(name))
    }

    /// The schema in which a name without one is made.
    ///
    /// # Errors
    /// 3F000 when no schema of the search path is there.
    pub fn creation_schema<'s>(&self, settings: &'s Settings) -> Result<&'s str> {
        let found = settings.search_path().iter().find(|schema| self.has_schema(schema));
        found
            .map(String::as_str)
            .ok_or_else(|| SqlError::new("3F000", "no schema has been selected to create in"))
    }

    /// Whether a table, view or sequence has the name.
    pub fn is_taken(&self, schema: &str, name: &str) -> bool {
        self.relation_in(schema, name).is_some()
            || self.sequences.contains_key(&key_of(schema, name))
    }

    /// What describes the definitions as relations.
    pub(crate) fn system(&self) -> &Arc<System> {
        self.system.get(self)
    }

    /// All comments: on what, as [`Catalog::comment`] names it, and the text.
    pub(crate) fn comments(&self) -> impl Iterator<Item = (&str, &str)> {
        self.comments.iter().map(|(object, comment)| (object.as_str(), comment.as_str()))
    }

    /// The comment on an object, by its kind and name: `table public.t`, `column public.t.c`.
    pub fn comment(&self, object: &str) -> Option<&str> {
        self.comments.iter().find(|(of, _)| of == object).map(|(_, comment)| comment.as_str())
    }
}

fn sorted<T, K: Ord>(map: &HashMap<String, T>, key: impl Fn(&T) -> K) -> Vec<&T> {
    let mut entries: Vec<&T> = map.values().collect();
    entries.sort_by_key(|entry| key(entry));
    entries
}

/// The name by which the store knows a table of a schema.
pub fn store_name(schema: &str, name: &str) -> String {
    if schema.eq_ignore_ascii_case(PUBLIC) { name.to_owned() } else { format!("{schema}.{name}") }
}

/// Schema and name of a table that the store knows by a name.
pub fn split_store_name(name: &str) -> (&str, &str) {
    match name.split_once('.') {
        Some((schema, rest)) if !schema.is_empty() && !rest.is_empty() => (schema, rest),
        _ => (PUBLIC, name),
    }
}

pub(crate) fn key_of(schema: &str, name: &str) -> String {
    // SQLite's names for its one schema.
    let schema = if schema.eq_ignore_ascii_case("main") { PUBLIC } else { schema };
    store_name(schema, name).to_ascii_lowercase()
}

/// The newest catalog of a store, which its sessions share.
#[derive(Default)]
struct Newest(Mutex<Option<Arc<Catalog>>>);

impl Catalog {
    /// The catalog of now, without temporary tables: read once for a version of the definitions, by
    /// whichever session asks first.
    ///
    /// # Errors
    /// As [`Catalog::load`].
    pub fn shared(database: &Database) -> Result<Arc<Catalog>> {
        let version = database.definitions_version()?;
        let newest = database.companion::<Newest>();
        let mut newest = newest.0.lock();
        if let Some(catalog) = newest.as_ref().filter(|catalog| catalog.version >= version) {
            return Ok(Arc::clone(catalog));
        }
        let catalog = Arc::new(Catalog::load(database)?);
        *newest = Some(Arc::clone(&catalog));
        Ok(catalog)
    }

    /// Has the next one who asks read it anew.
    pub(crate) fn forget_shared(database: &Database) {
        *database.companion::<Newest>().0.lock() = None;
    }
}

impl ColumnEntry {
    /// The type as it was declared, or as the store calls it.
    pub fn declared_type(&self) -> String {
        match &self.note.declared {
            Some(declared) => declared.clone(),
            None => self.ty.to_string(),
        }
    }
}
