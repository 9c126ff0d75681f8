//! What a view's aggregates need of a row, and the cells that they make of it.

use std::cmp::Ordering;

use bourse_storage::{Error, Result};

use super::aggregate::Aggregate;
use super::cell::{Design, Form, Multiset, Output, Sum};
use super::state::{Changed, EndState, Known, Sign, State, SumState, change_count};
use crate::expression::Expression;
use crate::key::encode_component;
use crate::schema::Column;
use crate::value::{Type, Value, ValueRef, encode_tagged};

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

    /// Shows `each` the different keys, in order.
    fn each(&mut self, multiset: u16, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()>;

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
#[derive(Clone, Default, Debug)]
pub(crate) struct Shape {
    pub(super) arguments: Vec<Expression>,
    /// Arguments whose values may be of another kind than their type, which they are then fitted
    /// to.
    pub(super) fitted: Vec<(u16, Type)>,
    pub(super) sums: Vec<Sum>,
    pub(super) multisets: Vec<Multiset>,
    pub(super) cells: Counts,
    pub(super) outputs: Vec<Output>,
    pub(super) output_types: Vec<Type>,
}

/// How many cells are kept of multisets.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Counts {
    pub(super) distincts: usize,
    pub(super) ends: usize,
}

impl Shape {
    /// The shape of these aggregates over a table of these columns.
    ///
    /// # Errors
    /// `InvalidInput` for an aggregate that has no meaning: 42883 for an argument of a type that
    /// the function does not take, 42804 for a filter that is no condition, 42P18 for an argument
    /// that is always NULL, 54000 for too many of them; and as `Expression::type_of`. The message
    /// names the aggregate.
    pub(crate) fn new(aggregates: &[Aggregate], columns: &[Column]) -> Result<Shape> {
        let mut design = Design::new(columns);
        for aggregate in aggregates {
            design.add(aggregate).map_err(|error| {
                let message = format!("aggregate \"{}\": {}", aggregate.name, error.message());
                Error::new(error.kind(), message).with_sqlstate(error.sqlstate())
            })?;
        }
        Ok(design.finish())
    }

    /// What is to be evaluated for a row, each once: arguments, orders and filters.
    pub(crate) fn arguments(&self) -> &[Expression] {
        &self.arguments
    }

    /// Whether an output column, by its place, is read from a multiset and not from the state.
    pub(super) fn reads_multiset(&self, output: usize) -> bool {
        matches!(
            self.outputs[output],
            Output::Continuous { .. }
                | Output::Discrete { .. }
                | Output::SumDistinct { .. }
                | Output::AverageDistinct { .. }
        )
    }

    /// Whether output columns may be read from multisets, of a merged state.
    pub(super) fn reads_multisets(&self) -> bool {
        let merged = |output: &Output| matches!(output, Output::Distinct { .. });
        let places = 0..self.outputs.len();
        places.into_iter().any(|at| self.reads_multiset(at) || merged(&self.outputs[at]))
    }

    /// Types of the output columns, in the order of the aggregates.
    pub(crate) fn output_types(&self) -> &[Type] {
        &self.output_types
    }

    /// How many multisets there are; their numbers are below it.
    pub(crate) fn multiset_count(&self) -> u16 {
        // `Design` has numbered them so.
        u16::try_from(self.multisets.len()).unwrap_or(u16::MAX)
    }

    /// The state of a group without rows.
    pub(crate) fn new_state(&self) -> State {
        State {
            rows: 0,
            sums: self.sums.iter().map(SumState::new).collect(),
            distincts: vec![0; self.cells.distincts],
            ends: vec![EndState::default(); self.cells.ends],
            merged: false,
            key: Vec::new(),
            payload: Vec::new(),
        }
    }

    /// Makes a state that of a group without rows.
    pub(crate) fn clear(&self, state: &mut State) {
        self.check_state(state);
        (state.rows, state.merged) = (0, false);
        state.sums.iter_mut().for_each(SumState::clear);
        state.distincts.fill(0);
        state.ends.iter_mut().for_each(EndState::clear);
    }

    /// Whether the state is of a group without rows, which is not kept.
    pub(crate) fn is_empty(&self, state: &State) -> bool {
        state.rows == 0
    }

    /// How many rows the group has.
    #[cfg(test)]
    pub(crate) fn rows(&self, state: &State) -> u64 {
        state.rows
    }

    /// Asserts that a state is one of this shape.
    #[inline]
    pub(super) fn check_state(&self, state: &State) {
        let ours = state.sums.len() == self.sums.len()
            && state.distincts.len() == self.cells.distincts
            && state.ends.len() == self.cells.ends;
        assert!(ours, "a state is used with the shape of another view");
    }

    /// Refuses what [`Shape::change`] could refuse of a row. Returns the lengths of the longest key
    /// that the row has in a multiset, and of the longest value that is kept beside one.
    ///
    /// # Errors
    /// `InvalidInput` when an argument does not fit the type of its expression (22003, 42804).
    pub(crate) fn check(
        &self,
        arguments: &[ValueRef<'_>],
        primary_key: &[u8],
    ) -> Result<(usize, usize)> {
        self.with_fitted(arguments, |arguments| {
            let (mut key, mut payload) = (Vec::new(), Vec::new());
            let mut longest = (0, 0);
            for multiset in &self.multisets {
                if encode_multiset_key(multiset, arguments, primary_key, &mut key)? {
                    encode_payload(multiset, arguments, &mut payload);
                    longest = (key.len().max(longest.0), payload.len().max(longest.1));
                }
            }
            Ok(longest)
        })
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
        self.check_state(state);
        if self.fitted.is_empty() {
            return self.change_fitted(state, sign, arguments, primary_key, multisets);
        }
        self.with_fitted(arguments, |arguments| {
            self.change_fitted(state, sign, arguments, primary_key, multisets)
        })
    }

    #[inline]
    fn change_fitted(
        &self,
        state: &mut State,
        sign: Sign,
        arguments: &[ValueRef<'_>],
        primary_key: &[u8],
        multisets: &mut ChangeMultiset<'_>,
    ) -> Result<()> {
        assert!(arguments.len() == self.arguments.len(), "a row's arguments are not all there");
        if !change_count(&mut state.rows, sign) {
            return Err(never_added());
        }
        for (sum, state) in self.sums.iter().zip(&mut state.sums) {
            change_sum(sum, state, sign, arguments)?;
        }
        for number in 0..self.multiset_count() {
            self.change_multiset(number, state, sign, arguments, primary_key, multisets)?;
        }
        Ok(())
    }

    /// Shows `body` the arguments as values of their types.
    fn with_fitted<T>(
        &self,
        arguments: &[ValueRef<'_>],
        body: impl FnOnce(&[ValueRef<'_>]) -> Result<T>,
    ) -> Result<T> {
        assert!(arguments.len() == self.arguments.len(), "a row's arguments are not all there");
        let unfit = |(at, data_type): &(u16, Type)| {
            let value = arguments[usize::from(*at)];
            (!data_type.is_kind_of(value)).then_some((usize::from(*at), *data_type, value))
        };
        if !self.fitted.iter().any(|fitted| unfit(fitted).is_some()) {
            return body(arguments);
        }
        let values = self.fitted.iter().filter_map(unfit);
        let values = values
            .map(|(at, data_type, value)| Ok((at, data_type.coerce(value.to_value())?)))
            .collect::<Result<Vec<(usize, Value)>>>()?;
        let mut fitted = arguments.to_vec();
        for (at, value) in &values {
            fitted[*at] = value.as_value();
        }
        body(&fitted)
    }

    fn change_multiset(
        &self,
        number: u16,
        state: &mut State,
        sign: Sign,
        arguments: &[ValueRef<'_>],
        primary_key: &[u8],
        multisets: &mut ChangeMultiset<'_>,
    ) -> Result<()> {
        let multiset = &self.multisets[usize::from(number)];
        let State { key, payload, distincts, ends, merged, .. } = state;
        if !encode_multiset_key(multiset, arguments, primary_key, key)? {
            return Ok(());
        }
        encode_payload(multiset, arguments, payload);
        let count = multisets(MultisetChange { multiset: number, key, payload, sign })?;
        let turns = match sign {
            Sign::Add => count == 1,
            Sign::Remove => count == 0,
        };
        if !turns {
            return Ok(());
        }
        // Of several shards' states it is not known to the state how many there are.
        if let Some(at) = multiset.distinct
            && !*merged
            && !change_count(&mut distincts[at], sign)
        {
            return Err(never_added());
        }
        for (end, at) in [(End::First, multiset.first), (End::Last, multiset.last)] {
            let Some(at) = at else { continue };
            let state = &mut ends[at];
            match (sign, state.known) {
                (Sign::Add, Known::There) if end.prefers(key, &state.key) => {
                    state.set(key, payload);
                }
                (Sign::Add, Known::Empty) => state.set(key, payload),
                (Sign::Remove, Known::There) if *key == state.key => state.known = Known::Lost,
                (Sign::Remove, Known::Empty) => return Err(never_added()),
                _ => {}
            }
        }
        Ok(())
    }

    /// An end that the state has lost. As long as there is one the state can be changed, but not
    /// merged, read or encoded: look for it in the auxiliary tree and give it to
    /// [`Shape::set_end`].
    pub(crate) fn lost_end(&self, state: &State) -> Option<LostEnd> {
        let cell = state.ends.iter().position(|end| end.known == Known::Lost)?;
        let of_it = |multiset: &Multiset| [multiset.first, multiset.last].contains(&Some(cell));
        let at = self.multisets.iter().position(of_it)?;
        let first = self.multisets[at].first == Some(cell);
        let end = if first { End::First } else { End::Last };
        Some(LostEnd { multiset: u16::try_from(at).ok()?, end, cell })
    }

    /// Gives an end that was lost back: the first or last entry (key and payload) of the multiset,
    /// or nothing if it is empty.
    ///
    /// # Panics
    /// When that end is not lost.
    pub(crate) fn set_end(&self, state: &mut State, lost: LostEnd, entry: Option<(&[u8], &[u8])>) {
        let end = &mut state.ends[lost.cell];
        assert!(end.known == Known::Lost, "an end that is not lost is given back");
        match entry {
            None => end.clear(),
            Some((key, payload)) => end.set(key, payload),
        }
    }

    /// Adds another shard's state of the same group, or that of another group. Distinct values are
    /// then no longer known to the state, but to [`Multisets::distinct`].
    ///
    /// # Errors
    /// `Corrupt` when the sums overflow: one of the states is damaged.
    ///
    /// # Panics
    /// When either has lost an end.
    pub(crate) fn merge(&self, into: &mut State, other: &State) -> Result<()> {
        self.check_state(into);
        self.check_state(other);
        assert!(
            self.lost_end(into).is_none() && self.lost_end(other).is_none(),
            "a state that has lost an end is merged"
        );
        let rows = into.rows.checked_add(other.rows);
        into.rows = rows.unwrap_or(into.rows);
        let mut fits = rows.is_some();
        for (sum, other) in into.sums.iter_mut().zip(&other.sums) {
            fits &= sum.merge(other);
        }
        for multiset in &self.multisets {
            for (end, at) in [(End::First, multiset.first), (End::Last, multiset.last)] {
                let Some(at) = at else { continue };
                let (into, other) = (&mut into.ends[at], &other.ends[at]);
                let better = into.known == Known::Empty || end.prefers(&other.key, &into.key);
                if other.known == Known::There && better {
                    into.set(&other.key, &other.payload);
                }
            }
        }
        into.merged = true;
        fits.then_some(()).ok_or_else(|| {
            Error::corrupt("the states of a view's group in two shards do not fit together")
        })
    }
}

impl End {
    /// Whether one key lies nearer to this end than another.
    fn prefers(self, key: &[u8], other: &[u8]) -> bool {
        let wanted = match self {
            End::First => Ordering::Less,
            End::Last => Ordering::Greater,
        };
        key.cmp(other) == wanted
    }
}

#[inline]
fn change_sum(
    sum: &Sum,
    state: &mut SumState,
    sign: Sign,
    arguments: &[ValueRef<'_>],
) -> Result<()> {
    if !takes_part(sum.filter, arguments) {
        return Ok(());
    }
    // A count of rows takes whatever it is given.
    let value = sum.argument.map_or(ValueRef::Boolean(true), |at| arguments[usize::from(at)]);
    if value.is_null() {
        return Ok(());
    }
    match state.change(value, sign) {
        Changed::Yes => Ok(()),
        Changed::Impossible => Err(never_added()),
        Changed::OtherKind => Err(other_kind(value)),
    }
}

/// Whether the filter, if there is one, is true for the row.
#[inline]
fn takes_part(filter: Option<u16>, arguments: &[ValueRef<'_>]) -> bool {
    filter.is_none_or(|at| matches!(arguments[usize::from(at)], ValueRef::Boolean(true)))
}

/// Writes the key that a row has in a multiset; false if it has none.
fn encode_multiset_key(
    multiset: &Multiset,
    arguments: &[ValueRef<'_>],
    primary_key: &[u8],
    key: &mut Vec<u8>,
) -> Result<bool> {
    key.clear();
    let value = arguments[usize::from(multiset.argument)];
    if value.is_null() || !takes_part(multiset.filter, arguments) {
        return Ok(false);
    }
    match &multiset.form {
        Form::Value { column, tagged } => {
            encode_component(column, value, key)?;
            if *tagged {
                encode_tagged(value, key);
            }
        }
        Form::Order { column, .. } => {
            encode_component(column, value, key)?;
            key.extend_from_slice(primary_key);
        }
    }
    Ok(true)
}

#[cold]
/// What FIRST and LAST keep beside the key that orders them.
fn encode_payload(multiset: &Multiset, arguments: &[ValueRef<'_>], out: &mut Vec<u8>) {
    out.clear();
    if let Form::Order { value, .. } = multiset.form {
        encode_tagged(arguments[usize::from(value)], out);
    }
}

fn never_added() -> Error {
    Error::corrupt("a row is taken away from a view's group to which it was never added")
}

#[cold]
fn other_kind(value: ValueRef<'_>) -> Error {
    let message = format!("an aggregate of numbers does not take a {}", value.kind_name());
    Error::invalid(message).with_sqlstate("42804")
}
