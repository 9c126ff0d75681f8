//! Definitions to bytes and back.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 1 | format version, 3 |
//! | 1 | 4 | bytes of the next, `n`, little-endian |
//! | 5 | n | rkyv archive of `StoredTable` |
//! | 5 + n | rest | rkyv archive of `StoredLayouts` |
//!
//! Version 2, of before columns could change, is read too: behind its first byte it has the archive
//! of `StoredTable` and nothing else, and its rows have the layout that their columns give.
//!
//! The stored structures are apart from the public ones, so that these can change without the
//! format: types, collations, values and expressions are kept by their own codes.

use bourse_storage::{Error, Result};
use rkyv::api::high::{HighDeserializer, HighValidator};
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor;
use rkyv::util::AlignedVec;

use super::{
    Action, CheckConstraint, Column, Default, ForeignKey, IndexColumn, IndexDefinition, IndexKey,
    PrimaryKey, Scope, TableDefinition, Timing,
};
use crate::expression::{decode_expression, encode_expression};
use crate::row::EarlierLayout;
use crate::value::{Collation, Type, Value, decode_tagged, encode_tagged};

const FORMAT_VERSION: u8 = 3;
/// The version without layouts.
const FORMAT_VERSION_BEFORE: u8 = 2;

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredLayouts {
    layout: u16,
    earlier: Vec<StoredLayout>,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredLayout {
    number: u16,
    columns: Vec<([u8; 3], Option<u16>)>,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredTable {
    id: u32,
    version: u32,
    name: String,
    columns: Vec<StoredColumn>,
    /// `None` for a hidden row id.
    primary_key: Option<Vec<u16>>,
    shard_key: Vec<u16>,
    indexes: Vec<StoredIndex>,
    /// Name and condition.
    checks: Vec<(String, Vec<u8>)>,
    foreign_keys: Vec<StoredForeignKey>,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredColumn {
    name: String,
    data_type: [u8; 3],
    not_null: bool,
    default: Option<StoredDefault>,
    collation: u8,
    missing: Vec<u8>,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
enum StoredDefault {
    Constant(Vec<u8>),
    CurrentTimestamp,
    GeneratedId,
    Identity,
    IdentityAlways,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredIndex {
    id: u32,
    name: String,
    /// Key, descending, collation.
    columns: Vec<(StoredKey, bool, u8)>,
    include: Vec<u16>,
    unique: bool,
    global: bool,
    predicate: Option<Vec<u8>>,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
enum StoredKey {
    Column(u16),
    Expression(Vec<u8>),
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredForeignKey {
    name: String,
    columns: Vec<u16>,
    parent: String,
    parent_columns: Vec<String>,
    /// Places in `Action::ALL` and `Timing::ALL`.
    on_delete: u8,
    on_update: u8,
    timing: u8,
}

impl TableDefinition {
    /// The definition as bytes.
    ///
    /// # Errors
    /// `InvalidInput` when it cannot be kept: it does not pass [`TableDefinition::check`].
    pub fn encode(&self) -> Result<Vec<u8>> {
        self.check()?;
        let too_large =
            |error: rancor::Error| Error::invalid("a definition is too large").with_source(error);
        let table = rkyv::to_bytes::<rancor::Error>(&store_table(self)?).map_err(too_large)?;
        let layouts = rkyv::to_bytes::<rancor::Error>(&store_layouts(self)).map_err(too_large)?;
        let length = u32::try_from(table.len())
            .map_err(|error| Error::invalid("a definition is too large").with_source(error))?;
        let mut bytes = Vec::with_capacity(5 + table.len() + layouts.len());
        bytes.push(FORMAT_VERSION);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&table);
        bytes.extend_from_slice(&layouts);
        Ok(bytes)
    }

    /// The definition of [`TableDefinition::encode`].
    ///
    /// # Errors
    /// `Corrupt` when the bytes are not a definition.
    pub fn decode(bytes: &[u8]) -> Result<TableDefinition> {
        let (&version, rest) = bytes.split_first().ok_or_else(|| corrupt("it is empty"))?;
        let table = match version {
            FORMAT_VERSION_BEFORE => load_table(from_archive(rest)?)?,
            FORMAT_VERSION => {
                let cut_short = || corrupt("it is cut short");
                let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(cut_short)?;
                let length = u32::from_le_bytes(*length) as usize;
                let (table, layouts) = rest.split_at_checked(length).ok_or_else(cut_short)?;
                let mut table = load_table(from_archive(table)?)?;
                load_layouts(&mut table, from_archive(layouts)?)?;
                table
            }
            _ => return Err(corrupt(&format!("its format version is {version}"))),
        };
        table.check().map_err(|error| corrupt("it breaks a rule").with_source(error))?;
        Ok(table)
    }
}

/// What an archive holds. Archives are read in place and aligned; bytes in a page are not.
fn from_archive<T>(archive: &[u8]) -> Result<T>
where
    T: rkyv::Archive,
    T::Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>
        + rkyv::Deserialize<T, HighDeserializer<rancor::Error>>,
{
    let mut aligned = AlignedVec::<16>::with_capacity(archive.len());
    aligned.extend_from_slice(archive);
    rkyv::from_bytes::<T, rancor::Error>(&aligned)
        .map_err(|error| corrupt("its archive is invalid").with_source(error))
}

fn corrupt(what: &str) -> Error {
    Error::corrupt(format!("a stored table definition cannot be read: {what}"))
}

fn store_table(table: &TableDefinition) -> Result<StoredTable> {
    let primary_key = match &table.primary_key {
        PrimaryKey::Columns(columns) => Some(columns.clone()),
        PrimaryKey::HiddenRowId => None,
    };
    Ok(StoredTable {
        id: table.id,
        version: table.version,
        name: table.name.clone(),
        columns: table.columns.iter().map(store_column).collect(),
        primary_key,
        shard_key: table.shard_key.clone(),
        indexes: table.indexes.iter().map(store_index).collect::<Result<_>>()?,
        checks: table.checks.iter().map(store_check).collect::<Result<_>>()?,
        foreign_keys: table.foreign_keys.iter().map(store_foreign_key).collect(),
    })
}

fn load_table(stored: StoredTable) -> Result<TableDefinition> {
    let columns: Vec<Column> =
        stored.columns.into_iter().map(load_column).collect::<Result<_>>()?;
    let written = columns.len();
    let indexes = stored.indexes.into_iter().map(load_index).collect::<Result<_>>()?;
    let checks = stored.checks.into_iter().map(load_check).collect::<Result<_>>()?;
    let foreign_keys = stored.foreign_keys.into_iter().map(load_foreign_key);
    let foreign_keys = foreign_keys.collect::<Result<_>>()?;
    Ok(TableDefinition {
        id: stored.id,
        name: stored.name,
        layout: u16::try_from(written).unwrap_or(u16::MAX),
        earlier_layouts: Vec::new(),
        columns,
        primary_key: stored.primary_key.map_or(PrimaryKey::HiddenRowId, PrimaryKey::Columns),
        shard_key: stored.shard_key,
        indexes,
        checks,
        foreign_keys,
        version: stored.version,
    })
}

fn store_layouts(table: &TableDefinition) -> StoredLayouts {
    let store = |layout: &EarlierLayout| StoredLayout {
        number: layout.number,
        columns: layout.columns.iter().map(|(kind, at)| (kind.to_bytes(), *at)).collect(),
    };
    let earlier = table.earlier_layouts.iter().map(store).collect();
    StoredLayouts { layout: table.layout, earlier }
}

fn load_layouts(table: &mut TableDefinition, stored: StoredLayouts) -> Result<()> {
    let column = |(kind, at)| Ok((Type::from_bytes(kind)?, at));
    let load = |layout: StoredLayout| {
        let columns = layout.columns.into_iter().map(column).collect::<Result<_>>()?;
        Ok(EarlierLayout { number: layout.number, columns })
    };
    table.layout = stored.layout;
    table.earlier_layouts = stored.earlier.into_iter().map(load).collect::<Result<_>>()?;
    Ok(())
}

fn store_column(column: &Column) -> StoredColumn {
    StoredColumn {
        name: column.name.clone(),
        data_type: column.data_type.to_bytes(),
        not_null: column.not_null,
        default: column.default.as_ref().map(|default| match default {
            Default::Constant(value) => StoredDefault::Constant(store_value(value)),
            Default::CurrentTimestamp => StoredDefault::CurrentTimestamp,
            Default::GeneratedId => StoredDefault::GeneratedId,
            Default::Identity => StoredDefault::Identity,
            Default::IdentityAlways => StoredDefault::IdentityAlways,
        }),
        collation: column.collation.to_byte(),
        missing: store_value(&column.missing),
    }
}

fn load_column(stored: StoredColumn) -> Result<Column> {
    let default = match stored.default {
        None => None,
        Some(StoredDefault::Constant(value)) => Some(Default::Constant(load_value(&value)?)),
        Some(StoredDefault::CurrentTimestamp) => Some(Default::CurrentTimestamp),
        Some(StoredDefault::GeneratedId) => Some(Default::GeneratedId),
        Some(StoredDefault::Identity) => Some(Default::Identity),
        Some(StoredDefault::IdentityAlways) => Some(Default::IdentityAlways),
    };
    Ok(Column {
        name: stored.name,
        data_type: Type::from_bytes(stored.data_type)?,
        not_null: stored.not_null,
        default,
        collation: Collation::from_byte(stored.collation)?,
        missing: load_value(&stored.missing)?,
    })
}

fn store_index(index: &IndexDefinition) -> Result<StoredIndex> {
    let store = |column: &IndexColumn| {
        let key = match &column.key {
            IndexKey::Column(column) => StoredKey::Column(*column),
            IndexKey::Expression(expression) => {
                StoredKey::Expression(encode_expression(expression)?)
            }
        };
        Ok((key, column.descending, column.collation.to_byte()))
    };
    let predicate = index.predicate.as_ref().map(encode_expression);
    Ok(StoredIndex {
        id: index.id,
        name: index.name.clone(),
        columns: index.columns.iter().map(store).collect::<Result<_>>()?,
        include: index.include.clone(),
        unique: index.unique,
        global: index.scope == Scope::Global,
        predicate: predicate.transpose()?,
    })
}

fn load_index(stored: StoredIndex) -> Result<IndexDefinition> {
    let load = |(key, descending, collation)| {
        let key = match key {
            StoredKey::Column(column) => IndexKey::Column(column),
            StoredKey::Expression(bytes) => IndexKey::Expression(decode_expression(&bytes)?),
        };
        Ok(IndexColumn { key, descending, collation: Collation::from_byte(collation)? })
    };
    Ok(IndexDefinition {
        id: stored.id,
        name: stored.name,
        columns: stored.columns.into_iter().map(load).collect::<Result<_>>()?,
        include: stored.include,
        unique: stored.unique,
        predicate: stored.predicate.as_deref().map(decode_expression).transpose()?,
        scope: if stored.global { Scope::Global } else { Scope::Local },
    })
}

fn store_value(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_tagged(value.as_value(), &mut bytes);
    bytes
}

fn load_value(bytes: &[u8]) -> Result<Value> {
    decode_tagged(bytes).map(|value| value.to_value())
}

fn store_check(check: &CheckConstraint) -> Result<(String, Vec<u8>)> {
    Ok((check.name.clone(), encode_expression(&check.condition)?))
}

fn load_check((name, condition): (String, Vec<u8>)) -> Result<CheckConstraint> {
    Ok(CheckConstraint { name, condition: decode_expression(&condition)? })
}

fn store_foreign_key(key: &ForeignKey) -> StoredForeignKey {
    StoredForeignKey {
        name: key.name.clone(),
        columns: key.columns.clone(),
        parent: key.parent.clone(),
        parent_columns: key.parent_columns.clone(),
        on_delete: place(&Action::ALL, key.on_delete),
        on_update: place(&Action::ALL, key.on_update),
        timing: place(&Timing::ALL, key.timing),
    }
}

fn load_foreign_key(stored: StoredForeignKey) -> Result<ForeignKey> {
    Ok(ForeignKey {
        name: stored.name,
        columns: stored.columns,
        parent: stored.parent,
        parent_columns: stored.parent_columns,
        on_delete: at(&Action::ALL, stored.on_delete)?,
        on_update: at(&Action::ALL, stored.on_update)?,
        timing: at(&Timing::ALL, stored.timing)?,
    })
}

fn place<T: PartialEq>(all: &[T], one: T) -> u8 {
    let place = all.iter().position(|other| *other == one);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or_default()
}

fn at<T: Copy>(all: &[T], place: u8) -> Result<T> {
    let found = all.get(usize::from(place)).copied();
    found.ok_or_else(|| corrupt("a foreign key has an action that is not known"))
}
