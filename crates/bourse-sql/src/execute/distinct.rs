//! DISTINCT: the first row of each combination of values.

use std::hash::{BuildHasher, Hasher};

use bourse::Collation;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::buffer::Rows;
use super::{Env, Flow, Frame, Memory, Sink};
use crate::datum::{Datum, compare, hash};
use crate::error::Result;
use crate::plan::code::Code;
use crate::plan::node::Node;

/// Rows of values, each once; NULLs are equal.
pub(crate) struct RowSet {
    collations: Vec<Collation>,
    hasher: DefaultHashBuilder,
    pub(crate) rows: Rows,
    found: HashTable<u32>,
}

/// The hash of a row of values.
pub(crate) fn hash_row(
    hasher: &DefaultHashBuilder,
    values: &[Datum],
    collations: &[Collation],
) -> u64 {
    // The key of most joins and groups; the hash is the same as below.
    if let [Datum::Integer(value)] = values {
        return hasher.hash_one(value);
    }
    let mut state = hasher.build_hasher();
    for (value, collation) in values.iter().zip(collations) {
        hash(value, *collation, &mut state);
    }
    state.finish()
}

/// Whether two rows of values are equal, NULLs too.
pub(crate) fn same_row(a: &[Datum], b: &[Datum], collations: &[Collation]) -> bool {
    if let ([Datum::Integer(a)], [Datum::Integer(b)]) = (a, b) {
        return a == b;
    }
    let mut pairs = a.iter().zip(b).zip(collations);
    pairs.all(|((a, b), collation)| match (a.is_null(), b.is_null()) {
        (false, false) => compare(a, b, *collation).is_eq(),
        (a, b) => a == b,
    })
}

impl RowSet {
    pub(crate) fn new(collations: Vec<Collation>) -> RowSet {
        let rows = Rows::new(collations.len());
        RowSet { collations, hasher: DefaultHashBuilder::default(), rows, found: HashTable::new() }
    }

    /// The number of an equal row.
    pub(crate) fn find(&self, row: &[Datum]) -> Option<usize> {
        let hashed = hash_row(&self.hasher, row, &self.collations);
        let is_same = |at: &u32| same_row(self.rows.row(*at as usize), row, &self.collations);
        self.found.find(hashed, is_same).map(|at| *at as usize)
    }

    /// Adds a row. Returns its number, and whether it is new: only then it is copied.
    pub(crate) fn add(&mut self, row: &[Datum], memory: &mut Memory) -> Result<(usize, bool)> {
        let hashed = hash_row(&self.hasher, row, &self.collations);
        let RowSet { collations, hasher, rows, found } = self;
        let is_same = |at: &u32| same_row(rows.row(*at as usize), row, collations);
        if let Some(at) = found.find(hashed, is_same) {
            return Ok((*at as usize, false));
        }
        let number = rows.len();
        memory.take(8)?;
        rows.push_row(row, memory)?;
        rows.bytes += 8;
        let rehash = |at: &u32| hash_row(hasher, rows.row(*at as usize), collations);
        found.insert_unique(hashed, u32::try_from(number).unwrap_or(u32::MAX), rehash);
        Ok((number, true))
    }
}

/// Gives the first row of each combination of keys to the sink.
pub(crate) fn run(
    input: &Node,
    keys: &[(Code, Collation)],
    env: &Env<'_>,
    frame: &mut Frame,
    sink: &mut Sink<'_>,
) -> Result<Flow> {
    let mut set = RowSet::new(keys.iter().map(|(_, collation)| *collation).collect());
    let mut row = Vec::with_capacity(keys.len());
    let flow = input.run(env, frame, &mut |frame| {
        frame.tick()?;
        row.clear();
        for (code, _) in keys {
            row.push(code.eval(env, frame)?);
        }
        let (_, is_new) = set.add(&row, &mut frame.memory)?;
        if is_new { sink(frame) } else { Ok(Flow::More) }
    });
    set.rows.clear(&mut frame.memory);
    flow
}
