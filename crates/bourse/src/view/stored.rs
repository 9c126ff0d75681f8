//! Definitions of views to bytes and back.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 1 | format version, 1 |
//! | 1 | rest | rkyv archive of `StoredView` |
//!
//! Expressions are kept as in definitions of tables, functions by their codes.

use bourse_storage::{Error, Result};
use rkyv::rancor;
use rkyv::util::AlignedVec;

use super::aggregate::{Aggregate, AggregateFunction};
use super::definition::{GroupColumn, ViewDefinition};
use crate::expression::{Expression, decode_expression, encode_expression};

const FORMAT_VERSION: u8 = 1;

/// A definition with the numbers that the store gave it.
#[derive(Clone, Debug)]
pub(crate) struct NumberedView {
    /// Number of the tree of its states, and its own.
    pub(crate) id: u32,
    /// Number of the tree of its multisets.
    pub(crate) multisets: u32,
    /// Number of its table.
    pub(crate) table: u32,
    /// The definition. The name of its table is not kept.
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
        let stored = StoredView {
            id: self.id,
            multisets: self.multisets,
            table: self.table,
            name: definition.name.clone(),
            group: group.collect::<Result<_>>()?,
            filter: definition.filter.as_ref().map(encode).transpose()?,
            aggregates: definition.aggregates.iter().map(store).collect::<Result<_>>()?,
            having: definition.having.as_ref().map(encode).transpose()?,
        };
        let archive = rkyv::to_bytes::<rancor::Error>(&stored)
            .map_err(|error| Error::invalid("a view is too large").with_source(error))?;
        let mut bytes = Vec::with_capacity(1 + archive.len());
        bytes.push(FORMAT_VERSION);
        bytes.extend_from_slice(&archive);
        Ok(bytes)
    }

    /// The view of [`NumberedView::encode`].
    ///
    /// # Errors
    /// `Corrupt` when the bytes are none.
    pub(crate) fn decode(bytes: &[u8]) -> Result<NumberedView> {
        let archive = match bytes.split_first() {
            Some((&FORMAT_VERSION, archive)) => archive,
            Some((version, _)) => {
                return Err(corrupt(&format!("its format version is {version}")));
            }
            None => return Err(corrupt("it is empty")),
        };
        let mut aligned = AlignedVec::<16>::with_capacity(archive.len());
        aligned.extend_from_slice(archive);
        let stored = rkyv::from_bytes::<StoredView, rancor::Error>(&aligned)
            .map_err(|error| corrupt("its archive is invalid").with_source(error))?;
        let group = stored.group.into_iter().map(|(name, expression)| {
            Ok(GroupColumn { name, expression: decode_expression(&expression)? })
        });
        let definition = ViewDefinition {
            name: stored.name,
            table: String::new(),
            group: group.collect::<Result<_>>()?,
            filter: stored.filter.as_deref().map(decode_expression).transpose()?,
            aggregates: stored.aggregates.into_iter().map(load).collect::<Result<_>>()?,
            having: stored.having.as_deref().map(decode_expression).transpose()?,
        };
        let (id, multisets, table) = (stored.id, stored.multisets, stored.table);
        Ok(NumberedView { id, multisets, table, definition })
    }
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
