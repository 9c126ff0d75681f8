//! Definitions to bytes and back.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 1 | format version, 1 |
//! | 1 | rest | rkyv archive of `StoredTable` |
//!
//! The stored structures are apart from the public ones, so that these can change without the
//! format: types, collations and values are kept by their own codes. A predicate is a list of
//! steps for a stack machine; a tree would have archive, validation and reading recurse over bytes
//! that nobody has checked yet.

use bourse_storage::{Error, Result};
use rkyv::rancor;
use rkyv::util::AlignedVec;

use super::{Column, Default, IndexColumn, IndexDefinition, PrimaryKey, Scope, TableDefinition};
use crate::predicate::{BoundColumn, Comparison, DEPTH_MAX, Predicate};
use crate::value::{Collation, Type, Value, decode_tagged, encode_tagged};

const FORMAT_VERSION: u8 = 1;

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
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredIndex {
    id: u32,
    name: String,
    /// Column, descending, collation.
    columns: Vec<(u16, bool, u8)>,
    include: Vec<u16>,
    unique: bool,
    global: bool,
    predicate: Option<Vec<StoredStep>>,
}

/// One step: a condition pushes its truth, AND and OR replace that many truths by one.
#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
enum StoredStep {
    Compare(u16, u8, u8, Vec<u8>),
    IsNull(u16, u8),
    IsNotNull(u16, u8),
    In(u16, u8, Vec<Vec<u8>>),
    Between(u16, u8, Vec<u8>, Vec<u8>),
    And(u32),
    Or(u32),
    Not,
}

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
];

impl TableDefinition {
    /// The definition as bytes.
    ///
    /// # Errors
    /// `InvalidInput` when it cannot be kept: it does not pass [`TableDefinition::check`].
    pub fn encode(&self) -> Result<Vec<u8>> {
        self.check()?;
        let archive = rkyv::to_bytes::<rancor::Error>(&store_table(self)?)
            .map_err(|error| Error::invalid("a definition is too large").with_source(error))?;
        let mut bytes = Vec::with_capacity(1 + archive.len());
        bytes.push(FORMAT_VERSION);
        bytes.extend_from_slice(&archive);
        Ok(bytes)
    }

    /// The definition of [`TableDefinition::encode`].
    ///
    /// # Errors
    /// `Corrupt` when the bytes are not a definition.
    pub fn decode(bytes: &[u8]) -> Result<TableDefinition> {
        let (&version, archive) = bytes.split_first().ok_or_else(|| corrupt("it is empty"))?;
        if version != FORMAT_VERSION {
            return Err(corrupt(&format!("its format version is {version}")));
        }
        // Archives are read in place and aligned; bytes in a page are not.
        let mut aligned = AlignedVec::<16>::with_capacity(archive.len());
        aligned.extend_from_slice(archive);
        let stored = rkyv::from_bytes::<StoredTable, rancor::Error>(&aligned)
            .map_err(|error| corrupt("its archive is invalid").with_source(error))?;
        let table = load_table(stored)?;
        table.check().map_err(|error| corrupt("it breaks a rule").with_source(error))?;
        Ok(table)
    }
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
    })
}

fn load_table(stored: StoredTable) -> Result<TableDefinition> {
    let columns = stored.columns.into_iter().map(load_column).collect::<Result<_>>()?;
    let indexes = stored.indexes.into_iter().map(load_index).collect::<Result<_>>()?;
    Ok(TableDefinition {
        id: stored.id,
        name: stored.name,
        columns,
        primary_key: stored.primary_key.map_or(PrimaryKey::HiddenRowId, PrimaryKey::Columns),
        shard_key: stored.shard_key,
        indexes,
        version: stored.version,
    })
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
    let store =
        |column: &IndexColumn| (column.column, column.descending, column.collation.to_byte());
    let predicate = index.predicate.as_ref().map(|predicate| {
        let mut steps = Vec::new();
        store_predicate(predicate, &mut steps).map(|()| steps)
    });
    Ok(StoredIndex {
        id: index.id,
        name: index.name.clone(),
        columns: index.columns.iter().map(store).collect(),
        include: index.include.clone(),
        unique: index.unique,
        global: index.scope == Scope::Global,
        predicate: predicate.transpose()?,
    })
}

fn load_index(stored: StoredIndex) -> Result<IndexDefinition> {
    let load = |(column, descending, collation)| {
        Ok(IndexColumn { column, descending, collation: Collation::from_byte(collation)? })
    };
    Ok(IndexDefinition {
        id: stored.id,
        name: stored.name,
        columns: stored.columns.into_iter().map(load).collect::<Result<_>>()?,
        include: stored.include,
        unique: stored.unique,
        predicate: stored.predicate.map(load_predicate).transpose()?,
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

fn store_predicate(predicate: &Predicate, steps: &mut Vec<StoredStep>) -> Result<()> {
    let count = |parts: &[Predicate]| {
        u32::try_from(parts.len()).map_err(|_| Error::invalid("a predicate is too large"))
    };
    let step = match predicate {
        Predicate::Compare(c, by, value) => {
            let by = COMPARISONS.iter().position(|other| other == by).unwrap_or_default();
            let by = u8::try_from(by).unwrap_or_default();
            StoredStep::Compare(c.position, c.collation.to_byte(), by, store_value(value))
        }
        Predicate::IsNull(c) => StoredStep::IsNull(c.position, c.collation.to_byte()),
        Predicate::IsNotNull(c) => StoredStep::IsNotNull(c.position, c.collation.to_byte()),
        Predicate::In(c, values) => {
            let values = values.iter().map(store_value).collect();
            StoredStep::In(c.position, c.collation.to_byte(), values)
        }
        Predicate::Between(c, low, high) => {
            let (low, high) = (store_value(low), store_value(high));
            StoredStep::Between(c.position, c.collation.to_byte(), low, high)
        }
        Predicate::And(parts) => {
            parts.iter().try_for_each(|part| store_predicate(part, steps))?;
            StoredStep::And(count(parts)?)
        }
        Predicate::Or(parts) => {
            parts.iter().try_for_each(|part| store_predicate(part, steps))?;
            StoredStep::Or(count(parts)?)
        }
        Predicate::Not(inner) => {
            store_predicate(inner, steps)?;
            StoredStep::Not
        }
    };
    steps.push(step);
    Ok(())
}

/// Runs the steps. Beside each predicate on the stack stands its depth, so that none grows deeper
/// than may be dropped or evaluated.
fn load_predicate(steps: Vec<StoredStep>) -> Result<Predicate> {
    let mut stack: Vec<(Predicate, usize)> = Vec::new();
    for step in steps {
        let next = match step {
            StoredStep::And(count) => combine(&mut stack, count, Predicate::And)?,
            StoredStep::Or(count) => combine(&mut stack, count, Predicate::Or)?,
            StoredStep::Not => {
                let (inner, depth) = stack.pop().ok_or_else(bad_predicate)?;
                (Predicate::Not(Box::new(inner)), depth + 1)
            }
            condition => (load_condition(condition)?, 1),
        };
        if next.1 > DEPTH_MAX {
            return Err(bad_predicate());
        }
        stack.push(next);
    }
    match (stack.pop(), stack.is_empty()) {
        (Some((predicate, _)), true) => Ok(predicate),
        _ => Err(bad_predicate()),
    }
}

fn combine(
    stack: &mut Vec<(Predicate, usize)>,
    count: u32,
    make: fn(Vec<Predicate>) -> Predicate,
) -> Result<(Predicate, usize)> {
    let first = stack.len().checked_sub(count as usize).ok_or_else(bad_predicate)?;
    let depth = stack[first..].iter().map(|(_, depth)| *depth).max().unwrap_or(0);
    Ok((make(stack.drain(first..).map(|(part, _)| part).collect()), depth + 1))
}

fn load_condition(step: StoredStep) -> Result<Predicate> {
    let bound = |position, collation| {
        Ok::<_, Error>(BoundColumn { position, collation: Collation::from_byte(collation)? })
    };
    Ok(match step {
        StoredStep::Compare(c, collation, by, value) => {
            let by = COMPARISONS.get(usize::from(by)).ok_or_else(bad_predicate)?;
            Predicate::Compare(bound(c, collation)?, *by, load_value(&value)?)
        }
        StoredStep::IsNull(c, collation) => Predicate::IsNull(bound(c, collation)?),
        StoredStep::IsNotNull(c, collation) => Predicate::IsNotNull(bound(c, collation)?),
        StoredStep::In(c, collation, values) => {
            let values = values.iter().map(|value| load_value(value));
            Predicate::In(bound(c, collation)?, values.collect::<Result<_>>()?)
        }
        StoredStep::Between(c, collation, low, high) => {
            Predicate::Between(bound(c, collation)?, load_value(&low)?, load_value(&high)?)
        }
        StoredStep::And(_) | StoredStep::Or(_) | StoredStep::Not => return Err(bad_predicate()),
    })
}

fn bad_predicate() -> Error {
    corrupt("the steps of a predicate do not make one")
}
