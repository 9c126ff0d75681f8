//! DISTINCT: the first row of each combination of values.
//!
//! A row whose values are new is given at once. When there is no room for new ones any more, such
//! rows are put aside on disk ([`super::spill::first`]), each with its number: where the order of
//! rows counts, those that are first among them are given by these numbers in the end.

use std::hash::{BuildHasher, Hasher};

use bourse::Collation;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::buffer::Rows;
use super::spill::first::Deferred;
use super::spill::merge::Reordering;
use super::{Env, Flow, Frame, Memory, Sink};
use crate::datum::{Datum, compare, hash};
use crate::error::Result;
use crate::plan::node::Distinct;

/// Rows of values, each once; NULLs are equal.
pub(crate) struct RowSet {
    collations: Vec<Collation>,
    hasher: DefaultHashBuilder,
    pub(crate) rows: Rows,
    found: HashTable<u32>,
    /// There was no room for a row that it was offered: it takes no new ones any more.
    is_closed: bool,
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
        let (hasher, found) = (DefaultHashBuilder::default(), HashTable::new());
        RowSet { collations, hasher, rows, found, is_closed: false }
    }

    /// Forgets the rows.
    pub(crate) fn clear(&mut self, memory: &mut Memory) {
        self.rows.clear(memory);
        self.found.clear();
        self.is_closed = false;
    }

    /// The number of an equal row.
    pub(crate) fn find(&self, row: &[Datum]) -> Option<usize> {
        let hashed = hash_row(&self.hasher, row, &self.collations);
        let is_same = |at: &u32| same_row(self.rows.row(*at as usize), row, &self.collations);
        self.found.find(hashed, is_same).map(|at| *at as usize)
    }

    /// Adds a row. Returns its number, and whether it is new: only then it is copied.
    pub(crate) fn add(&mut self, row: &[Datum], memory: &mut Memory) -> Result<(usize, bool)> {
        let (number, is_new) = self.take(row, memory, |_, _| false).unwrap_or_default();
        if is_new {
            memory.take(0)?;
        }
        Ok((number, is_new))
    }

    /// As [`RowSet::add`]; the caller looks whether there is room for more. Whether it is new.
    pub(crate) fn keep(&mut self, row: &[Datum], memory: &mut Memory) -> bool {
        self.take(row, memory, |_, _| false).is_some_and(|(_, is_new)| is_new)
    }

    /// As [`RowSet::add`], where new rows have room; `None` for a new one that has not, and for all
    /// that come behind it: what is not in the set then never will be.
    pub(crate) fn offer(&mut self, row: &[Datum], memory: &mut Memory) -> Option<(usize, bool)> {
        self.take(row, memory, |memory, bytes| memory.is_full(bytes))
    }

    #[inline]
    fn take(
        &mut self,
        row: &[Datum],
        memory: &mut Memory,
        is_full: impl FnOnce(&Memory, usize) -> bool,
    ) -> Option<(usize, bool)> {
        let hashed = hash_row(&self.hasher, row, &self.collations);
        let RowSet { collations, hasher, rows, found, is_closed } = self;
        let is_same = |at: &u32| same_row(rows.row(*at as usize), row, collations);
        if let Some(at) = found.find(hashed, is_same) {
            return Some((*at as usize, false));
        }
        if *is_closed || is_full(memory, rows.bytes) {
            *is_closed = true;
            return None;
        }
        let number = rows.len();
        memory.count(8);
        rows.keep_row(row, memory);
        rows.bytes += 8;
        let rehash = |at: &u32| hash_row(hasher, rows.row(*at as usize), collations);
        found.insert_unique(hashed, u32::try_from(number).unwrap_or(u32::MAX), rehash);
        Some((number, true))
    }
}

impl Distinct {
    /// Gives the first row of each combination of keys to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let collations: Vec<Collation> =
            self.keys.iter().map(|(_, collation)| *collation).collect();
        let (width, slots) = (self.keys.len(), &*self.slots);
        let mut set = RowSet::new(collations.clone());
        let mut deferred = Deferred::new(1 + width + slots.len(), 1..1 + width, &collations);
        let mut row = Vec::with_capacity(width);
        let mut number = 0;
        let flow = self.input.run(env, frame, &mut |frame| {
            frame.tick()?;
            row.clear();
            for (code, _) in &self.keys {
                row.push(code.eval(env, frame)?);
            }
            match set.offer(&row, &mut frame.memory) {
                Some((_, true)) => sink(frame),
                Some((_, false)) => Ok(Flow::More),
                None => {
                    number += 1;
                    let kept: Vec<Datum> =
                        slots.iter().map(|slot| frame.slots[*slot].clone()).collect();
                    let whole = [Datum::Integer(number)];
                    deferred.push(&row, whole.iter().chain(&row).chain(&kept), env, frame)?;
                    Ok(Flow::More)
                }
            }
        })?;
        set.rows.clear(&mut frame.memory);
        drop(set);
        if flow == Flow::Enough {
            deferred.abandon(frame);
            return Ok(flow);
        }
        let mut ordered = Reordering::default();
        let flow = deferred.show(env, frame, &mut |row, frame| {
            for (slot, value) in slots.iter().zip(&row[1 + width..]) {
                frame.slots[*slot].assign(value);
            }
            if !self.ordered {
                return sink(frame);
            }
            ordered.push(row[0].as_integer().unwrap_or_default(), slots, env, frame)?;
            Ok(Flow::More)
        })?;
        if flow == Flow::Enough {
            return Ok(flow);
        }
        ordered.give(slots, env, frame, sink)
    }
}
