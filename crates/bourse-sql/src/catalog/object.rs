//! Rows of [`OBJECTS_TABLE`]: what SQL keeps about names.
//!
//! ```text
//! KIND      SCHEMA  NAME             BODY (JSON)
//! table     schema  table            TableNote: what its columns were declared as
//! view      schema  view             ViewNote
//! sequence  schema  sequence         SequenceNote
//! enum      schema  type             labels
//! domain    schema  type             DomainNote
//! schema    ""      schema           {}
//! comment   ""      kind and name    text
//! mark      ""      what is dropped  Mark: what is to be dropped
//! ```

use bourse::schema::{TableBuilder, TableDefinition};
use bourse::{Alteration, Database, InteractiveTransaction, Order, Range, Type, Value, ValueRef};
use serde_json::{Map, Value as Json, json};

use super::OBJECTS_TABLE;
use crate::error::{Result, SqlError};

/// What a row is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Table,
    View,
    Sequence,
    Enum,
    Domain,
    Schema,
    Comment,
    Mark,
}

impl Kind {
    const ALL: [(Kind, &'static str); 8] = [
        (Kind::Table, "table"),
        (Kind::View, "view"),
        (Kind::Sequence, "sequence"),
        (Kind::Enum, "enum"),
        (Kind::Domain, "domain"),
        (Kind::Schema, "schema"),
        (Kind::Comment, "comment"),
        (Kind::Mark, "mark"),
    ];

    fn name(self) -> &'static str {
        Kind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

/// The key of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ObjectKey {
    pub(crate) kind: Kind,
    pub(crate) schema: String,
    pub(crate) name: String,
}

impl ObjectKey {
    pub(crate) fn new(kind: Kind, schema: &str, name: &str) -> ObjectKey {
        ObjectKey { kind, schema: schema.to_owned(), name: name.to_owned() }
    }

    fn values(&self) -> Vec<Value> {
        let texts = [self.kind.name(), &self.schema, &self.name];
        texts.into_iter().map(|text| Value::Text(text.to_ascii_lowercase())).collect()
    }
}

/// What SQL keeps about a table.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct TableNote {
    /// By column, for those of which something is kept.
    pub columns: Vec<(String, ColumnNote)>,
    /// The unique index that ALTER TABLE has added as the primary key.
    pub primary_key: Option<String>,
    /// What the primary key that it was made with is called, where that was said.
    pub key_name: Option<String>,
    /// Indexes that are UNIQUE constraints, where their names do not say so.
    pub unique: Vec<String>,
    /// Keys that are DEFERRABLE: looked at when a statement has changed all of its rows.
    pub deferrable: Vec<String>,
    /// The statement that made it, for SQLite's `sqlite_schema`.
    pub sql: Option<String>,
    /// It was made STRICT, in SQLite's dialect.
    pub strict: bool,
    /// It was made WITHOUT ROWID.
    pub without_rowid: bool,
    /// Of the rows of a materialized view that REFRESH computes: the view.
    pub materialized: Option<Box<ViewNote>>,
}

/// What SQL keeps about a column.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ColumnNote {
    /// The type that it was declared with, as it was written.
    pub declared: Option<String>,
    /// A DEFAULT that the store cannot compute.
    pub default: Option<String>,
    /// A constant DEFAULT as it was written, in SQLite's dialect.
    pub written_default: Option<String>,
    /// What a generated column is computed from.
    pub generated: Option<String>,
    /// GENERATED AS IDENTITY by a sequence: `always` or `default`.
    pub identity: Option<String>,
    /// NOT NULL was said of it, and did not come of its being a key.
    pub not_null: bool,
}

/// What SQL keeps about a view.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ViewNote {
    /// The query.
    pub query: String,
    /// Names of the columns, where others than the query's are said.
    pub columns: Vec<String>,
    /// The dialect of the query is SQLite's.
    pub sqlite: bool,
    /// Where the query's names are looked for.
    pub search_path: String,
    /// WITH CHECK OPTION: `local` or `cascaded`.
    pub check: Option<String>,
    /// What it is if it is materialized.
    pub materialized: Option<Materialized>,
}

/// What SQL keeps about a materialized view.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Materialized {
    /// The store's aggregate view that keeps its groups; none where its rows are those of a table.
    pub view: Option<String>,
    /// It has its rows: not so WITH NO DATA, until REFRESH.
    pub populated: bool,
}

/// What SQL keeps about a sequence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SequenceNote {
    /// The first value.
    pub start: i64,
    /// From one value to the next.
    pub increment: i64,
    /// The least value.
    pub minimum: i64,
    /// The greatest.
    pub maximum: i64,
    /// Begins anew at the end.
    pub cycle: bool,
    /// CACHE, which is shown and changes nothing: values are taken as if it were 1.
    pub cache: i64,
    /// `smallint`, `integer` or `bigint`.
    pub data_type: String,
    /// The value given last by one that no store knows yet.
    pub last: Option<i64>,
    /// The column whose it is: store's table and column.
    pub owner: Option<(String, String)>,
    /// The key of the row that says where it stands; its name is the key where none is said.
    pub standing: Option<String>,
}

/// What a domain asks of its values.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct DomainNote {
    /// The type below.
    pub base: String,
    /// NULL is refused.
    pub not_null: bool,
    /// DEFAULT.
    pub default: Option<String>,
    /// Names and conditions of CHECKs over `VALUE`.
    pub checks: Vec<(String, String)>,
}

fn text_of(json: &Json, key: &str) -> Option<String> {
    json.get(key).and_then(Json::as_str).map(str::to_owned)
}

impl TableNote {
    pub(crate) fn to_json(&self) -> Json {
        let columns: Vec<Json> = self
            .columns
            .iter()
            .map(|(name, note)| {
                json!({
                    "name": name,
                    "declared": note.declared,
                    "default": note.default,
                    "written_default": note.written_default,
                    "generated": note.generated,
                    "identity": note.identity,
                    "not_null": note.not_null,
                })
            })
            .collect();
        let materialized = self.materialized.as_ref().map(|note| note.to_json());
        json!({
            "columns": columns,
            "primary_key": self.primary_key,
            "key_name": self.key_name,
            "unique": self.unique,
            "deferrable": self.deferrable,
            "sql": self.sql,
            "strict": self.strict,
            "without_rowid": self.without_rowid,
            "materialized": materialized,
        })
    }

    pub(crate) fn from_json(json: &Json) -> TableNote {
        let columns = json.get("columns").and_then(Json::as_array).into_iter().flatten();
        let columns = columns.filter_map(|column| {
            let note = ColumnNote {
                declared: text_of(column, "declared"),
                default: text_of(column, "default"),
                written_default: text_of(column, "written_default"),
                generated: text_of(column, "generated"),
                identity: text_of(column, "identity"),
                not_null: column.get("not_null").and_then(Json::as_bool).unwrap_or_default(),
            };
            Some((text_of(column, "name")?, note))
        });
        let materialized = json.get("materialized").filter(|note| note.is_object());
        let names = |key: &str| {
            let names = json.get(key).and_then(Json::as_array).into_iter().flatten();
            names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
        };
        TableNote {
            columns: columns.collect(),
            primary_key: text_of(json, "primary_key"),
            key_name: text_of(json, "key_name"),
            unique: names("unique"),
            deferrable: names("deferrable"),
            sql: text_of(json, "sql"),
            strict: json.get("strict").and_then(Json::as_bool).unwrap_or_default(),
            without_rowid: json.get("without_rowid").and_then(Json::as_bool).unwrap_or_default(),
            materialized: materialized.map(|note| Box::new(ViewNote::from_json(note))),
        }
    }

    /// Notes that an index is a UNIQUE constraint.
    pub(crate) fn note_unique(&mut self, index: &str) {
        if !crate::system::is_name_of_unique(index) {
            self.unique.push(index.to_owned());
        }
    }

    /// Whether an index was noted as a UNIQUE constraint.
    pub(crate) fn has_unique(&self, index: &str) -> bool {
        self.unique.iter().any(|known| known.eq_ignore_ascii_case(index))
    }

    /// Gives an index or key another name wherever it is noted. Returns whether it is the primary
    /// key that the table was made with, of which the store knows no name.
    pub(crate) fn rename(&mut self, from: &str, to: &str, key_name: &str) -> bool {
        let keys = self.unique.iter_mut().chain(&mut self.deferrable);
        let names = keys.chain(&mut self.primary_key);
        for name in names.filter(|name| name.eq_ignore_ascii_case(from)) {
            to.clone_into(name);
        }
        let is_key = key_name.eq_ignore_ascii_case(from);
        if is_key {
            self.key_name = Some(to.to_owned());
        }
        is_key
    }

    /// What is kept about a column.
    pub fn column(&self, name: &str) -> ColumnNote {
        let found = self.columns.iter().find(|(column, _)| column.eq_ignore_ascii_case(name));
        found.map(|(_, note)| note.clone()).unwrap_or_default()
    }
}

impl ViewNote {
    pub(crate) fn to_json(&self) -> Json {
        json!({
            "query": self.query,
            "columns": self.columns,
            "sqlite": self.sqlite,
            "search_path": self.search_path,
            "check": self.check,
            "materialized": self.materialized.as_ref().map(|of| {
                json!({ "view": of.view, "populated": of.populated })
            }),
        })
    }

    /// The store's aggregate view that keeps its groups.
    pub fn kept_by(&self) -> Option<&str> {
        self.materialized.as_ref()?.view.as_deref()
    }

    /// Whether it has rows to show.
    pub fn is_populated(&self) -> bool {
        self.materialized.as_ref().is_none_or(|of| of.populated)
    }

    pub(crate) fn from_json(json: &Json) -> ViewNote {
        let columns = json.get("columns").and_then(Json::as_array).into_iter().flatten();
        ViewNote {
            query: text_of(json, "query").unwrap_or_default(),
            columns: columns.filter_map(|name| name.as_str().map(str::to_owned)).collect(),
            sqlite: json.get("sqlite").and_then(Json::as_bool).unwrap_or_default(),
            search_path: text_of(json, "search_path").unwrap_or_default(),
            check: text_of(json, "check"),
            materialized: json.get("materialized").filter(|of| of.is_object()).map(|of| {
                let populated = of.get("populated").and_then(Json::as_bool).unwrap_or_default();
                Materialized { view: text_of(of, "view"), populated }
            }),
        }
    }
}

impl Default for SequenceNote {
    fn default() -> SequenceNote {
        SequenceNote {
            start: 1,
            increment: 1,
            minimum: 1,
            maximum: i64::MAX,
            cycle: false,
            cache: 1,
            data_type: "bigint".to_owned(),
            last: None,
            owner: None,
            standing: None,
        }
    }
}

impl SequenceNote {
    /// The key of the row that says where a sequence of a name stands.
    pub(crate) fn standing_key<'n>(&'n self, name: &'n str) -> &'n str {
        self.standing.as_deref().unwrap_or(name)
    }

    pub(crate) fn to_json(&self) -> Json {
        json!({
            "start": self.start,
            "increment": self.increment,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "cycle": self.cycle,
            "cache": self.cache,
            "data_type": self.data_type,
            "last": self.last,
            "owner": self.owner.as_ref().map(|(table, column)| vec![table, column]),
            "standing": self.standing,
        })
    }

    pub(crate) fn from_json(json: &Json) -> SequenceNote {
        let number = |key: &str, or: i64| json.get(key).and_then(Json::as_i64).unwrap_or(or);
        let owner = json.get("owner").and_then(Json::as_array).and_then(|owner| {
            Some((owner.first()?.as_str()?.to_owned(), owner.get(1)?.as_str()?.to_owned()))
        });
        SequenceNote {
            start: number("start", 1),
            increment: number("increment", 1),
            minimum: number("minimum", 1),
            maximum: number("maximum", i64::MAX),
            cycle: json.get("cycle").and_then(Json::as_bool).unwrap_or_default(),
            cache: number("cache", 1),
            data_type: text_of(json, "data_type").unwrap_or_else(|| "bigint".to_owned()),
            last: json.get("last").and_then(Json::as_i64),
            owner,
            standing: text_of(json, "standing"),
        }
    }
}

impl DomainNote {
    pub(crate) fn to_json(&self) -> Json {
        json!({
            "base": self.base,
            "not_null": self.not_null,
            "default": self.default,
            "checks": self.checks.iter().map(|(name, check)| vec![name, check]).collect::<Vec<_>>(),
        })
    }

    pub(crate) fn from_json(json: &Json) -> DomainNote {
        let checks = json.get("checks").and_then(Json::as_array).into_iter().flatten();
        let checks = checks.filter_map(|check| {
            let check = check.as_array()?;
            Some((check.first()?.as_str()?.to_owned(), check.get(1)?.as_str()?.to_owned()))
        });
        DomainNote {
            base: text_of(json, "base").unwrap_or_default(),
            not_null: json.get("not_null").and_then(Json::as_bool).unwrap_or_default(),
            default: text_of(json, "default"),
            checks: checks.collect(),
        }
    }
}

/// Makes a table of SQL's own, if it is not there.
pub(crate) fn ensure_own(
    database: &Database,
    name: &str,
    definition: impl FnOnce(TableBuilder) -> TableBuilder,
) -> Result<()> {
    if database.table(name).is_ok() {
        return Ok(());
    }
    let definition = definition(TableDefinition::builder(name)).build()?;
    match database.create_table(&definition) {
        // Another session was first.
        Err(error) if error.sqlstate() == "42P07" => Ok(()),
        other => Ok(other.map(drop)?),
    }
}

/// Makes [`OBJECTS_TABLE`] if it is not there.
pub(crate) fn ensure_objects(database: &Database) -> Result<()> {
    ensure_own(database, OBJECTS_TABLE, |table| {
        table
            .column("kind", Type::Text)
            .column("schema", Type::Text)
            .column("name", Type::Text)
            .column("body", Type::Json)
            .not_null()
            .primary_key(["kind", "schema", "name"])
    })
}

/// All rows, with their bodies.
pub(crate) fn read_objects(database: &Database) -> Result<Vec<(ObjectKey, Json)>> {
    let Ok(table) = database.table(OBJECTS_TABLE) else { return Ok(Vec::new()) };
    let cut = database.cut();
    let mut rows = cut.scan(&table, &Range::all(), Order::Ascending)?;
    let mut objects = Vec::new();
    while let Some(texts) = rows.next_with(|row| [0, 1, 2, 3].map(|at| text(row.get(at))))? {
        objects.extend(object_of(texts)?);
    }
    Ok(objects)
}

/// All rows as a transaction sees them: the newest ones, and its own changes.
pub(crate) fn read_objects_in(
    transaction: &mut InteractiveTransaction,
    database: &Database,
) -> Result<Vec<(ObjectKey, Json)>> {
    let Ok(table) = database.table(OBJECTS_TABLE) else { return Ok(Vec::new()) };
    let rows = transaction.newest_statement(|transaction| {
        transaction
            .scan(&table, &Range::all(), Order::Ascending)?
            .collect::<bourse::Result<Vec<_>>>()
    })?;
    let mut objects = Vec::new();
    for row in &rows {
        objects.extend(object_of([0, 1, 2, 3].map(|at| text(row.row().get(at))))?);
    }
    Ok(objects)
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(text) | ValueRef::Json(text) => text.to_owned(),
        _ => String::new(),
    }
}

/// What a row tells; what a later version keeps is not this one's matter.
fn object_of([kind, schema, name, body]: [String; 4]) -> Result<Option<(ObjectKey, Json)>> {
    let Some((kind, _)) = Kind::ALL.iter().find(|(_, name)| *name == kind) else {
        return Ok(None);
    };
    let body = serde_json::from_str(&body).map_err(|error| {
        let message = format!("the row of {} \"{name}\" in {OBJECTS_TABLE}: {error}", kind.name());
        SqlError::new("XX001", message)
    })?;
    Ok(Some((ObjectKey::new(*kind, &schema, &name), body)))
}

/// Writes a row: the name as it is written is kept in the body.
pub(crate) fn write_object(database: &Database, key: &ObjectKey, body: Json) -> Result<()> {
    ensure_objects(database)?;
    let table = database.table(OBJECTS_TABLE)?;
    database.upsert(&table, values_of(key, body))?;
    Ok(())
}

/// The same in a transaction. The table must be there.
pub(crate) fn write_object_in(
    transaction: &mut InteractiveTransaction,
    database: &Database,
    key: &ObjectKey,
    body: Json,
) -> Result<()> {
    let table = database.table(OBJECTS_TABLE)?;
    let values = values_of(key, body);
    transaction.newest_statement(|transaction| transaction.upsert(&table, values))?;
    Ok(())
}

/// Writes a new row in a transaction. Returns whether there was none. Who waits for another
/// transaction that writes the same one is told of its row.
pub(crate) fn insert_object_in(
    transaction: &mut InteractiveTransaction,
    database: &Database,
    key: &ObjectKey,
    body: Json,
) -> Result<bool> {
    let table = database.table(OBJECTS_TABLE)?;
    let values = values_of(key, body);
    match transaction.newest_statement(|transaction| transaction.insert(&table, values)) {
        Ok(_) => Ok(true),
        Err(error) if error.sqlstate() == "23505" => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Deletes a row in a transaction.
pub(crate) fn delete_object_in(
    transaction: &mut InteractiveTransaction,
    database: &Database,
    key: &ObjectKey,
) -> Result<()> {
    let table = database.table(OBJECTS_TABLE)?;
    transaction.newest_statement(|transaction| transaction.delete(&table, &key.values()))?;
    Ok(())
}

/// The columns of a row.
pub(crate) fn values_of(key: &ObjectKey, mut body: Json) -> Vec<Value> {
    if !body.is_object() {
        body = json!({ "value": body });
    }
    if let Json::Object(map) = &mut body {
        let map: &mut Map<String, Json> = map;
        map.insert("name".to_owned(), Json::String(key.name.clone()));
    }
    let mut values = key.values();
    values.push(Value::Json(body.to_string()));
    values
}

/// Deletes a row. Returns whether there was one.
pub(crate) fn delete_object(database: &Database, key: &ObjectKey) -> Result<bool> {
    let Ok(table) = database.table(OBJECTS_TABLE) else { return Ok(false) };
    Ok(database.delete(&table, &key.values())?)
}

/// Has everybody read the objects anew (C2 of the catalog).
pub(crate) fn announce(database: &Database) -> Result<()> {
    ensure_objects(database)?;
    let column = "body".to_owned();
    database.alter_table(OBJECTS_TABLE, &[Alteration::SetNotNull(column)])?;
    Ok(())
}
