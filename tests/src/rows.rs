//! The rows of the simulated store: five tables of one shape, so that every row tells who wrote it.
//!
//! | column | holds |
//! |---|---|
//! | id, lane | the key; rows of one lane lie in one shard |
//! | version | how often the row was written, from 1 |
//! | client, seq | the transaction that wrote it |
//! | value | a balance, an ordinal, or a number that is unique in its table |
//! | note | text that follows from key, version and length |

use bourse::schema::IndexBuilder;
use bourse::{Database, IndexDefinition, OwnedRow, Result, Table, TableDefinition, Type, Value};
use bourse_storage::Error;
use bourse_storage::sync::sim::Random;

use crate::views;

/// Which table a row is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Balances whose sum never changes.
    Account,
    /// Many rows, some of them large: more than the cache holds.
    Item,
    /// Rows that come and go, with generated ids.
    Trade,
    /// What each client last wrote in each lane.
    Counter,
    /// Rows that are only added, numbered by what was counted before.
    Journal,
    /// No table: the number of rows in a bucket of the journal, as a row whose version it is.
    Bucket,
}

/// The kinds that are tables.
pub const TABLES: [Kind; 5] =
    [Kind::Account, Kind::Item, Kind::Trade, Kind::Counter, Kind::Journal];

/// Ordinals that a bucket of the journal has room for.
pub const BUCKET: i64 = 1_000_000;

/// A row's place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowKey {
    /// Its table.
    pub kind: Kind,
    /// Its shard key.
    pub lane: i64,
    /// The rest of its key.
    pub id: i64,
}

/// What a row holds beside its key and version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Image {
    /// Client that wrote it; 0 is the setup.
    pub client: i64,
    /// The client's transaction.
    pub seq: i64,
    /// The value.
    pub value: i64,
    /// Bytes of the note.
    pub note_bytes: usize,
}

impl Kind {
    /// Its table's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Account => "account",
            Kind::Item => "item",
            Kind::Trade => "trade",
            Kind::Counter => "counter",
            Kind::Journal => "journal",
            Kind::Bucket => "bucket",
        }
    }

    /// Whether the store chooses its ids.
    pub fn generates_ids(self) -> bool {
        matches!(self, Kind::Trade | Kind::Journal)
    }
}

impl RowKey {
    /// Its primary key.
    pub fn values(&self) -> Vec<Value> {
        if self.kind.generates_ids() {
            vec![self.id.into()]
        } else {
            vec![self.lane.into(), self.id.into()]
        }
    }
}

/// The definition of a table of this shape.
///
/// # Errors
/// None, unless the builder refuses what it should not.
pub fn definition(
    name: &str,
    generated: bool,
    indexes: Vec<IndexBuilder>,
) -> Result<TableDefinition> {
    let mut builder = TableDefinition::builder(name).column("id", Type::BigInt);
    builder = if generated { builder.generated_id() } else { builder.not_null() };
    for column in ["lane", "version", "client", "seq", "value"] {
        builder = builder.column(column, Type::BigInt).not_null();
    }
    builder = builder.column("note", Type::Text).not_null();
    builder =
        if generated { builder.primary_key(["id"]) } else { builder.primary_key(["lane", "id"]) };
    indexes
        .into_iter()
        .fold(builder.shard_key(["lane"]), |builder, index| builder.index(index))
        .build()
}

fn indexes(kind: Kind) -> Vec<IndexBuilder> {
    let by_lane = || IndexDefinition::on("by_lane", ["lane", "value"]).include(["version"]);
    match kind {
        Kind::Account => vec![IndexDefinition::on("by_value", ["value"]).include(["version"])],
        Kind::Item => vec![IndexDefinition::on("by_writer", ["client", "seq"])],
        // Unique without the shard key: a global index.
        Kind::Trade => vec![by_lane(), IndexDefinition::on("by_value", ["value"]).unique()],
        Kind::Journal => vec![by_lane()],
        Kind::Counter | Kind::Bucket => Vec::new(),
    }
}

/// Makes the tables, and views over some of them.
///
/// # Errors
/// The store's.
pub fn create_tables(store: &Database) -> Result<()> {
    for kind in TABLES {
        store.create_table(&definition(kind.name(), kind.generates_ids(), indexes(kind))?)?;
    }
    views::create_views(store)
}

/// The tables of an open store.
#[derive(Clone)]
pub struct Tables(Vec<Table>);

impl Tables {
    /// Finds them.
    ///
    /// # Errors
    /// The store's; one is missing.
    pub fn open(store: &Database) -> Result<Tables> {
        TABLES.iter().map(|kind| store.table(kind.name())).collect::<Result<_>>().map(Tables)
    }

    /// The table of a kind.
    pub fn of(&self, kind: Kind) -> &Table {
        &self.0[kind as usize]
    }
}

/// The text that belongs into a row.
pub fn note(key: RowKey, version: i64, bytes: usize) -> String {
    let number = (key.id ^ key.lane << 48).cast_unsigned() ^ version.cast_unsigned() << 24;
    let word = format!("{:016x}", Random::new(number).next_u64());
    let mut text = word.repeat(bytes.div_ceil(word.len()));
    text.truncate(bytes);
    text
}

/// The values of a row; the id is NULL where the store is to choose it.
pub fn row_values(key: RowKey, id: Option<i64>, version: i64, image: &Image) -> Vec<Value> {
    vec![
        id.map_or(Value::Null, Value::from),
        key.lane.into(),
        version.into(),
        image.client.into(),
        image.seq.into(),
        image.value.into(),
        // Before its id is known a note can only follow from the rest.
        note(RowKey { id: id_in_note(key), ..key }, version, image.note_bytes).into(),
    ]
}

/// What all rows have in a column that was added.
pub(crate) const ADDED: i64 = 77;

/// A row's values, with those of columns that have been added to the table.
pub(crate) fn with_added(table: &Table, mut values: Vec<Value>) -> Vec<Value> {
    values.resize(table.definition().columns.len(), ADDED.into());
    values
}

/// Ids that the store chooses are not known when the note is written.
fn id_in_note(key: RowKey) -> i64 {
    if key.kind.generates_ids() { 0 } else { key.id }
}

/// A row read back: its key, version and image.
///
/// # Errors
/// `Corrupt` when its note is not the one that was written with that version.
pub fn decode(kind: Kind, row: &OwnedRow) -> Result<(RowKey, i64, Image)> {
    let row = row.row();
    let integer = |column: usize| match row.get(column) {
        bourse::ValueRef::Integer(value) => Ok(value),
        other => Err(Error::corrupt(format!("column {column} holds {other:?}"))),
    };
    let key = RowKey { kind, lane: integer(1)?, id: integer(0)? };
    let version = integer(2)?;
    let bourse::ValueRef::Text(text) = row.get(6) else {
        return Err(Error::corrupt(format!("{key:?} has no note")));
    };
    if text != note(RowKey { id: id_in_note(key), ..key }, version, text.len()) {
        return Err(Error::corrupt(format!("{key:?} version {version} has another one's note")));
    }
    let (client, seq, value) = (integer(3)?, integer(4)?, integer(5)?);
    Ok((key, version, Image { client, seq, value, note_bytes: text.len() }))
}
