//! What a view's aggregates need of a row, and the cells that they make of it.

use bourse_storage::Result;

use super::aggregate::Aggregate;
use super::state::{Sign, State};
use crate::expression::Expression;
use crate::schema::Column;
use crate::value::{Type, Value, ValueRef};

/// An end of a multiset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// The least value.
    First,
    /// The greatest value.
    Last,
}

/// What a row changes in a multiset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MultisetChange<'a> {
    /// Number of the multiset in its shape, from 0: part of the key in the auxiliary tree.
    pub(crate) multiset: u16,
    /// The value in order-preserving bytes. Some types make it as long as the value is.
    pub(crate) key: &'a [u8],
    /// What the entry keeps beside its count. Empty but in multisets of FIRST and LAST, whose
    /// count is 0 or 1 since their keys end with the primary key.
    pub(crate) payload: &'a [u8],
    /// Whether the value is there once more or once less.
    pub(crate) sign: Sign,
}

/// Makes a change in a multiset and returns the count that its key has now.
///
/// # Errors
/// What the tree answers; `Corrupt` when a key is taken away that is not there.
pub(crate) type ChangeMultiset<'a> = dyn FnMut(MultisetChange<'_>) -> Result<u64> + 'a;

/// Reads what a group's multisets have, in all shards that its state is merged from.
pub(crate) trait Multisets {
    /// How many different keys there are.
    fn distinct(&mut self, multiset: u16) -> Result<u64>;

    /// Puts the key at that place into `key`: the keys in order, each as often as its count says,
    /// the first at 0. `Corrupt` when there are not so many.
    fn at(&mut self, multiset: u16, place: u64, key: &mut Vec<u8>) -> Result<()>;
}

/// An end of a multiset that its state has lost, because the value there was taken away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LostEnd {
    /// Number of the multiset.
    pub(crate) multiset: u16,
    /// Which of its ends.
    pub(crate) end: End,
    /// The cell that has lost it; for [`Shape::set_end`].
    pub(crate) cell: usize,
}

/// What a view's aggregates need of a row, and the cells that they make of it.
#[derive(Clone, Debug)]
pub(crate) struct Shape {}

impl Shape {
    /// The shape of these aggregates over a table of these columns.
    ///
    /// # Errors
    /// `InvalidInput` for an aggregate that has no meaning: 42883 for an argument of a type that
    /// the function does not take, 42804 for a filter that is no condition, 42P18 for an argument
    /// that is always NULL, 54000 for too many of them; and as `Expression::type_of`. The message
    /// names the aggregate.
    pub(crate) fn new(aggregates: &[Aggregate], columns: &[Column]) -> Result<Shape> {
        unimplemented!("in the next commit")
    }

    /// What is to be evaluated for a row, each once: arguments, orders and filters.
    pub(crate) fn arguments(&self) -> &[Expression] {
        unimplemented!("in the next commit")
    }

    /// Types of the output columns, in the order of the aggregates.
    pub(crate) fn output_types(&self) -> &[Type] {
        unimplemented!("in the next commit")
    }

    /// How many multisets there are; their numbers are below it.
    pub(crate) fn multiset_count(&self) -> u16 {
        unimplemented!("in the next commit")
    }

    /// The state of a group without rows.
    pub(crate) fn new_state(&self) -> State {
        unimplemented!("in the next commit")
    }

    /// Makes a state that of a group without rows.
    pub(crate) fn clear(&self, state: &mut State) {
        unimplemented!("in the next commit")
    }

    /// Whether the state is of a group without rows, which is not kept.
    pub(crate) fn is_empty(&self, state: &State) -> bool {
        unimplemented!("in the next commit")
    }

    /// How many rows the group has.
    pub(crate) fn rows(&self, state: &State) -> u64 {
        unimplemented!("in the next commit")
    }

    /// Refuses what [`Shape::change`] could refuse of a row. Returns the length of the longest key
    /// that the row has in a multiset.
    ///
    /// # Errors
    /// `InvalidInput` when an argument does not fit the type of its expression (22003, 42804).
    pub(crate) fn check(&self, arguments: &[ValueRef<'_>], primary_key: &[u8]) -> Result<usize> {
        unimplemented!("in the next commit")
    }

    /// Adds a row's contribution or takes it away. The values are those of [`Shape::arguments`] for
    /// the row, in that order. The primary key is in order-preserving bytes, different for each row
    /// of the table; it may be empty if no aggregate is FIRST or LAST.
    ///
    /// # Errors
    /// For a row that [`Shape::check`] accepts only `Corrupt`, when the row was never added, and
    /// what `multisets` answers. The state is then undefined.
    pub(crate) fn change(
        &self,
        state: &mut State,
        sign: Sign,
        arguments: &[ValueRef<'_>],
        primary_key: &[u8],
        multisets: &mut ChangeMultiset<'_>,
    ) -> Result<()> {
        unimplemented!("in the next commit")
    }

    /// An end that the state has lost. As long as there is one the state can be changed, but not
    /// merged, read or encoded: look for it in the auxiliary tree and give it to
    /// [`Shape::set_end`].
    pub(crate) fn lost_end(&self, state: &State) -> Option<LostEnd> {
        unimplemented!("in the next commit")
    }

    /// Gives an end that was lost back: the first or last entry (key and payload) of the multiset,
    /// or nothing if it is empty.
    ///
    /// # Panics
    /// When that end is not lost.
    pub(crate) fn set_end(&self, state: &mut State, lost: LostEnd, entry: Option<(&[u8], &[u8])>) {
        unimplemented!("in the next commit")
    }

    /// Adds another shard's state of the same group. Distinct values are then no longer known to
    /// the state, but to [`Multisets::distinct`].
    ///
    /// # Errors
    /// `Corrupt` when the sums overflow: one of the states is damaged.
    ///
    /// # Panics
    /// When either has lost an end.
    pub(crate) fn merge(&self, into: &mut State, other: &State) -> Result<()> {
        unimplemented!("in the next commit")
    }

    /// Appends the state's bytes, which are the same for all histories that lead to it (V1).
    ///
    /// # Panics
    /// When the state has lost an end or is merged from several shards'.
    pub(crate) fn encode(&self, state: &State, out: &mut Vec<u8>) {
        unimplemented!("in the next commit")
    }

    /// Puts the state of [`Shape::encode`] into `state`, which is any state of this shape.
    ///
    /// # Errors
    /// `Corrupt` when the bytes are not a state of this shape. `state` is then undefined.
    pub(crate) fn decode(&self, bytes: &[u8], state: &mut State) -> Result<()> {
        unimplemented!("in the next commit")
    }

    /// All output columns. `multisets` is asked only for percentiles, and for COUNT DISTINCT of a
    /// merged state.
    ///
    /// # Errors
    /// As [`Shape::read_output`].
    pub(crate) fn read(&self, state: &State, multisets: &mut dyn Multisets) -> Result<Vec<Value>> {
        unimplemented!("in the next commit")
    }

    /// One output column, by its place.
    ///
    /// # Errors
    /// `InvalidInput` (22003) when the value does not fit the type; `Corrupt` for a damaged state;
    /// what `multisets` answers.
    ///
    /// # Panics
    /// When the state has lost an end.
    pub(crate) fn read_output(
        &self,
        state: &State,
        output: usize,
        multisets: &mut dyn Multisets,
    ) -> Result<Value> {
        unimplemented!("in the next commit")
    }
}
