//! Definitions of views to bytes and back.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 1 | format version, 1 to 4 |
//! | 1 | rest | rkyv archive of `StoredView`, of version 2 `StoredView2`, and so on |
//!
//! Version 2 is written of what version 1 has no place for: roll-ups, views that are owned by
//! columns of their group, and views with indexes; version 3 of views with lookups, version 4 of
//! those with an index within first columns of the group.
//!
//! Expressions are kept as in definitions of tables, functions by their codes.

use bourse_storage::{Error, Result};
use rkyv::rancor;
use rkyv::util::AlignedVec;

use super::aggregate::{Aggregate, AggregateFunction};
use super::definition::{GroupColumn, ViewDefinition, ViewIndex};
use super::lookup::{Lookup, LookupColumn};
use crate::expression::{Expression, decode_expression, encode_expression};

const FORMAT_VERSION: u8 = 1;
const FORMAT_VERSION_2: u8 = 2;
const FORMAT_VERSION_3: u8 = 3;
const FORMAT_VERSION_4: u8 = 4;

/// A definition with the numbers that the store gave it.
#[derive(Clone, Debug)]
pub(crate) struct NumberedView {
    /// Number of the tree of its states, and its own.
    pub(crate) id: u32,
    /// Number of the tree of its multisets.
    pub(crate) multisets: u32,
    /// Number of its table.
    pub(crate) table: u32,
    /// Of a roll-up, the number of its base.
    pub(crate) base: Option<u32>,
    /// Numbers of the trees of its indexes, in their order.
    pub(crate) indexes: Vec<u32>,
    /// Numbers of the tables of its lookups, in their order.
    pub(crate) lookups: Vec<u32>,
    /// The definition. The names of its table, its base and its lookups' tables are not kept.
    pub(crate) definition: ViewDefinition,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredView {
    id: u32,
    multisets: u32,
    table: u32,
    name: String,
    group: Vec<(String, Vec<u8>)>,
    filter: Option<Vec<u8>>,
    aggregates: Vec<StoredAggregate>,
    having: Option<Vec<u8>>,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredView2 {
    view: StoredView,
    base: Option<u32>,
    owner: Option<Vec<u16>>,
    indexes: Vec<StoredIndex>,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredView3 {
    view: StoredView2,
    lookups: Vec<StoredLookup>,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredView4 {
    view: StoredView3,
    /// Of each index, how many first columns of the group it is within.
    within: Vec<u16>,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredLookup {
    table: u32,
    by: Vec<u16>,
    key: Vec<String>,
    /// Name of the output column, name of the table's.
    columns: Vec<(String, String)>,
    is_inner: bool,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredIndex {
    name: String,
    tree: u32,
    column: u16,
    descending: bool,
}

#[derive(rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
struct StoredAggregate {
    name: String,
    function: u8,
    expressions: Vec<Vec<u8>>,
    /// Bits of the double.
    fraction: Option<u64>,
    filter: Option<Vec<u8>>,
}

impl NumberedView {
    /// The bytes for the definitions.
    ///
    /// # Errors
    /// `InvalidInput` when it is too large.
    pub(crate) fn encode(&self) -> Result<Vec<u8>> {
        let definition = &self.definition;
        let group = definition.group.iter();
        let group = group.map(|column| Ok((column.name.clone(), encode(&column.expression)?)));
        // A roll-up's aggregates are those of its base.
        let aggregates = match self.base {
            Some(_) => Vec::new(),
            None => definition.aggregates.iter().map(store).collect::<Result<_>>()?,
        };
        let view = StoredView {
            id: self.id,
            multisets: self.multisets,
            table: self.table,
            name: definition.name.clone(),
            group: group.collect::<Result<_>>()?,
            filter: match self.base {
                Some(_) => None,
                None => definition.filter.as_ref().map(encode).transpose()?,
            },
            aggregates,
            having: definition.having.as_ref().map(encode).transpose()?,
        };
        let is_plain = self.base.is_none() && definition.owner.is_none();
        if is_plain && self.indexes.is_empty() && self.lookups.is_empty() {
            return with_version(FORMAT_VERSION, rkyv::to_bytes::<rancor::Error>(&view));
        }
        let indexes = definition.indexes.iter().zip(&self.indexes);
        let indexes = indexes.map(|(index, tree)| StoredIndex {
            name: index.name.clone(),
            tree: *tree,
            column: index.column,
            descending: index.descending,
        });
        let (owner, indexes) = (definition.owner.clone(), indexes.collect());
        let stored = StoredView2 { view, base: self.base, owner, indexes };
        let within: Vec<u16> = definition.indexes.iter().map(|index| index.within).collect();
        let is_within = within.iter().any(|columns| *columns > 0);
        if self.lookups.is_empty() && !is_within {
            return with_version(FORMAT_VERSION_2, rkyv::to_bytes::<rancor::Error>(&stored));
        }
        let lookups = definition.lookups.iter().zip(&self.lookups);
        let lookups = lookups.map(|(lookup, table)| store_lookup(lookup, *table)).collect();
        let stored = StoredView3 { view: stored, lookups };
        if !is_within {
            return with_version(FORMAT_VERSION_3, rkyv::to_bytes::<rancor::Error>(&stored));
        }
        let stored = StoredView4 { view: stored, within };
        with_version(FORMAT_VERSION_4, rkyv::to_bytes::<rancor::Error>(&stored))
    }

    /// The view of [`NumberedView::encode`].
    ///
    /// # Errors
    /// `Corrupt` when the bytes are none.
    pub(crate) fn decode(bytes: &[u8]) -> Result<NumberedView> {
        let invalid = |error: rancor::Error| corrupt("its archive is invalid").with_source(error);
        let Some((version, archive)) = bytes.split_first() else {
            return Err(corrupt("it is empty"));
        };
        let mut aligned = AlignedVec::<16>::with_capacity(archive.len());
        aligned.extend_from_slice(archive);
        let mut within = Vec::new();
        let (stored, lookups) = match *version {
            FORMAT_VERSION => {
                let view = rkyv::from_bytes::<StoredView, rancor::Error>(&aligned);
                let (view, base, owner) = (view.map_err(invalid)?, None, None);
                (StoredView2 { view, base, owner, indexes: Vec::new() }, Vec::new())
            }
            FORMAT_VERSION_2 => {
                let stored = rkyv::from_bytes::<StoredView2, rancor::Error>(&aligned);
                (stored.map_err(invalid)?, Vec::new())
            }
            FORMAT_VERSION_3 => {
                let stored = rkyv::from_bytes::<StoredView3, rancor::Error>(&aligned);
                let StoredView3 { view, lookups } = stored.map_err(invalid)?;
                (view, lookups)
            }
            FORMAT_VERSION_4 => {
                let stored = rkyv::from_bytes::<StoredView4, rancor::Error>(&aligned);
                let stored = stored.map_err(invalid)?;
                within = stored.within;
                (stored.view.view, stored.view.lookups)
            }
            version => return Err(corrupt(&format!("its format version is {version}"))),
        };
        let mut numbered = stored.into_numbered(lookups)?;
        for (index, columns) in numbered.definition.indexes.iter_mut().zip(within) {
            index.within = columns;
        }
        Ok(numbered)
    }
}

impl StoredView2 {
    fn into_numbered(self, lookups: Vec<StoredLookup>) -> Result<NumberedView> {
        let StoredView2 { view, base, owner, indexes } = self;
        let group = view.group.into_iter().map(|(name, expression)| {
            Ok(GroupColumn { name, expression: decode_expression(&expression)? })
        });
        let trees = indexes.iter().map(|index| index.tree).collect();
        let indexes = indexes.into_iter().map(|index| {
            let StoredIndex { name, column, descending, .. } = index;
            ViewIndex { name, column, descending, within: 0 }
        });
        let mut definition = ViewDefinition {
            name: view.name,
            table: String::new(),
            base: None,
            group: group.collect::<Result<_>>()?,
            filter: view.filter.as_deref().map(decode_expression).transpose()?,
            aggregates: view.aggregates.into_iter().map(load).collect::<Result<_>>()?,
            having: view.having.as_deref().map(decode_expression).transpose()?,
            owner,
            indexes: indexes.collect(),
            lookups: Vec::new(),
        };
        let (id, multisets, table) = (view.id, view.multisets, view.table);
        let tables = lookups.iter().map(|lookup| lookup.table).collect();
        definition.lookups = lookups.into_iter().map(load_lookup).collect();
        let indexes = trees;
        Ok(NumberedView { id, multisets, table, base, indexes, lookups: tables, definition })
    }
}

fn with_version(
    version: u8,
    archive: std::result::Result<AlignedVec, rancor::Error>,
) -> Result<Vec<u8>> {
    let archive =
        archive.map_err(|error| Error::invalid("a view is too large").with_source(error))?;
    let mut bytes = Vec::with_capacity(1 + archive.len());
    bytes.push(version);
    bytes.extend_from_slice(&archive);
    Ok(bytes)
}

fn encode(expression: &Expression) -> Result<Vec<u8>> {
    encode_expression(expression)
}

fn store(aggregate: &Aggregate) -> Result<StoredAggregate> {
    let expressions = aggregate.function.expressions().into_iter();
    Ok(StoredAggregate {
        name: aggregate.name.clone(),
        function: aggregate.function.code(),
        expressions: expressions.map(encode).collect::<Result<_>>()?,
        fraction: aggregate.function.fraction().map(|fraction| fraction.get().to_bits()),
        filter: aggregate.filter.as_ref().map(encode).transpose()?,
    })
}

fn store_lookup(lookup: &Lookup, table: u32) -> StoredLookup {
    let columns = lookup.columns.iter();
    StoredLookup {
        table,
        by: lookup.by.clone(),
        key: lookup.key.clone(),
        columns: columns.map(|shown| (shown.name.clone(), shown.column.clone())).collect(),
        is_inner: lookup.is_inner,
    }
}

fn load_lookup(stored: StoredLookup) -> Lookup {
    let columns = stored.columns.into_iter();
    Lookup {
        table: String::new(),
        by: stored.by,
        key: stored.key,
        columns: columns.map(|(name, column)| LookupColumn { name, column }).collect(),
        is_inner: stored.is_inner,
    }
}

fn load(stored: StoredAggregate) -> Result<Aggregate> {
    let expressions = stored.expressions.iter().map(|bytes| decode_expression(bytes));
    let expressions = expressions.collect::<Result<Vec<_>>>()?;
    let fraction = stored.fraction.map(f64::from_bits);
    Ok(Aggregate {
        name: stored.name,
        function: AggregateFunction::from_parts(stored.function, expressions, fraction)?,
        filter: stored.filter.as_deref().map(decode_expression).transpose()?,
    })
}

fn corrupt(what: &str) -> Error {
    Error::corrupt(format!("a stored view cannot be read: {what}"))
}
