//! Reading a [`Catalog`].

use std::sync::Arc;

use bourse::Database;
use hashbrown::{HashMap, HashSet};
use serde_json::Value as Json;

use super::mark::Mark;
use super::object::{Kind, ObjectKey, read_objects};
use super::{
    Catalog, ColumnEntry, DomainNote, PUBLIC, SequenceEntry, SequenceNote, TableEntry, TableNote,
    TypeEntry, ViewEntry, ViewNote, is_own, key_of, resolve_type, split_store_name,
};
use crate::Dialect;
use crate::error::Result;
use crate::function::quote_identifier;
use crate::settings::Settings;
use crate::types::{self, Affinity, EnumType};

/// The definitions of now.
pub(super) fn load(database: &Database, temporary: Option<&str>) -> Result<Catalog> {
    // Read first: what changes meanwhile has a higher version, and is read anew then.
    let version = database.definitions_version()?;
    let objects = read_objects(database)?;
    make(database, version, objects, &HashSet::new(), temporary)
}

/// The definitions that objects tell of. `hidden` tables are not there, nor are those that have a
/// mark, but for a session's own. `version` was read before the objects.
pub(super) fn make(
    database: &Database,
    version: u64,
    objects: Vec<(ObjectKey, Json)>,
    hidden: &HashSet<String>,
    temporary: Option<&str>,
) -> Result<Catalog> {
    let mut catalog = Catalog {
        version,
        tables: HashMap::new(),
        views: HashMap::new(),
        aggregate_views: HashMap::new(),
        views_over: HashMap::new(),
        sequences: HashMap::new(),
        types: HashMap::new(),
        schemas: vec![PUBLIC.to_owned()],
        comments: Vec::new(),
        system: crate::system::SystemCell::default(),
    };
    let mut notes: HashMap<String, TableNote> = HashMap::new();
    let mut marked: HashSet<String> = HashSet::new();
    let mut renamed: HashMap<String, String> = HashMap::new();
    for (key, body) in objects {
        if key.kind == Kind::Mark {
            match Mark::of_row(&body) {
                Some(Mark::Table(table)) => drop(marked.insert(table.to_ascii_lowercase())),
                Some(Mark::Renamed(table, to)) => {
                    renamed.insert(table.to_ascii_lowercase(), to);
                }
                _ => {}
            }
            continue;
        }
        let is_temporary =
            key.schema.starts_with("pg_temp_") && matches!(key.kind, Kind::View | Kind::Sequence);
        if is_temporary && temporary.is_none_or(|own| !own.eq_ignore_ascii_case(&key.schema)) {
            continue;
        }
        if is_temporary && !catalog.has_schema(&key.schema) {
            catalog.schemas.push(key.schema.clone());
        }
        take(&mut catalog, &mut notes, &key, &body)?;
    }
    for view in database.views() {
        let table = view.definition().table.to_ascii_lowercase();
        catalog.views_over.entry(table).or_default().push(view.clone());
        if catalog.kept_by(view.name()).is_none() {
            let (schema, name) = split_store_name(view.name());
            catalog.aggregate_views.insert(key_of(schema, name), view);
        }
    }
    for table in database.tables()? {
        if is_own(table.name()) {
            continue;
        }
        let lower = table.name().to_ascii_lowercase();
        let seen = renamed.get(&lower).map_or(table.name(), String::as_str);
        let (schema, name) = split_store_name(seen);
        let is_own = temporary.is_some_and(|own| own == schema);
        if hidden.contains(&lower) || (marked.contains(&lower) && !is_own) {
            continue;
        }
        let (schema, name) = (schema.to_owned(), name.to_owned());
        if !catalog.has_schema(&schema) {
            catalog.schemas.push(schema.clone());
        }
        let key = key_of(&schema, &name);
        let note = notes.remove(&key).unwrap_or_default();
        let columns = columns_of(&catalog, &table, &schema, &note);
        catalog.tables.insert(key, Arc::new(TableEntry { schema, name, table, columns, note }));
    }
    catalog.schemas.sort();
    Ok(catalog)
}

fn take(
    catalog: &mut Catalog,
    notes: &mut HashMap<String, TableNote>,
    object: &ObjectKey,
    body: &Json,
) -> Result<()> {
    let schema = object.schema.clone();
    let written = body.get("name").and_then(Json::as_str).unwrap_or(&object.name).to_owned();
    let key = key_of(&schema, &object.name);
    match object.kind {
        Kind::Table => {
            notes.insert(key, TableNote::from_json(body));
        }
        Kind::View => {
            let note = ViewNote::from_json(body);
            catalog.views.insert(key, Arc::new(ViewEntry { schema, name: written, note }));
        }
        Kind::Sequence => {
            let note = SequenceNote::from_json(body);
            catalog.sequences.insert(key, Arc::new(SequenceEntry { schema, name: written, note }));
        }
        Kind::Enum => {
            let labels = body.get("labels").and_then(Json::as_array).into_iter().flatten();
            let labels = labels.filter_map(|label| label.as_str().map(str::to_owned)).collect();
            let ty = Arc::new(EnumType { name: written, labels });
            catalog.types.insert(key, TypeEntry::Enum(ty));
        }
        Kind::Domain => {
            let note = DomainNote::from_json(body);
            let base = resolve_type(&note.base, catalog, &Settings::default())?;
            catalog.types.insert(key, TypeEntry::Domain(base, Arc::new(note)));
        }
        Kind::Schema => catalog.schemas.push(written),
        Kind::Mark => {}
        Kind::Comment => {
            let text = body.get("value").and_then(Json::as_str).unwrap_or_default().to_owned();
            catalog.comments.push((object.name.clone(), text));
        }
    }
    Ok(())
}

fn columns_of(
    catalog: &Catalog,
    table: &bourse::Table,
    schema: &str,
    note: &TableNote,
) -> Vec<ColumnEntry> {
    // Types without a schema are those of the table's, or of `public`.
    let mut settings = Settings::default();
    if schema != PUBLIC {
        settings.set("search_path", format!("{}, {PUBLIC}", quote_identifier(schema)));
    }
    let entry = |column: &bourse::schema::Column| {
        let kept = note.column(&column.name);
        let of_store = types::of_column(column, Dialect::Postgres);
        // A declaration that means another type than the column has is one of a former column.
        let declared = kept.declared.as_deref().and_then(|declared| {
            let ty = resolve_type(declared, catalog, &settings).ok()?;
            let carrier = types::carrier(&ty)?;
            carrier.is_same_kind(column.data_type).then_some(ty)
        });
        let affinity = match &kept.declared {
            // A STRICT table's column of ANY keeps each value as it is.
            Some(declared) if note.strict && declared.eq_ignore_ascii_case("any") => Affinity::None,
            Some(declared) => types::affinity(declared),
            None => affinity_of(column.data_type),
        };
        ColumnEntry {
            name: column.name.clone(),
            ty: declared.unwrap_or(of_store),
            affinity,
            collation: column.collation,
            note: kept,
        }
    };
    table.definition().columns.iter().map(entry).collect()
}

/// The affinity of a column of which no declaration is kept.
fn affinity_of(data_type: bourse::Type) -> Affinity {
    use bourse::Type;
    match data_type {
        Type::SmallInt | Type::Integer | Type::BigInt => Affinity::Integer,
        Type::Real | Type::Double => Affinity::Real,
        Type::Decimal { .. } | Type::Boolean => Affinity::Numeric,
        Type::Text
        | Type::Date
        | Type::Time { .. }
        | Type::TimestampTz { .. }
        | Type::Interval
        | Type::Timestamp { .. }
        | Type::Uuid
        | Type::Json => Affinity::Text,
        Type::Blob | Type::Any => Affinity::None,
    }
}
