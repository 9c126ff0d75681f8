//! Ordered indexes of views: the groups of a shard in the order of an output column, so that the
//! first of them are read without the others. An index may be *within* first columns of the group:
//! then there is an order for each of their values.
//!
//! ```text
//! KEY    of the group's key the columns that the index is within
//!        u8 0 when the column's value does not fit its type, else u8 1, the value as a component
//!        of a key, NULL among them
//!        the rest of the group's key
//! VALUE  empty
//! ```
//! An index is derived from states as states are from rows: a group that is written takes its old
//! entry away and puts the new one. A value that does not fit (22003) has a place of its own, for
//! applying cannot refuse; who reads the index meets the error that reading the group gives.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use bourse_storage::{Error, ErrorKind, Result};

use super::definition::ViewIndex;
use super::info::ViewInfo;
use super::pending::pending;
use super::read::{Group, finished, values_of};
use super::shape::Multisets;
use super::state::State;
use super::states::{coerced, group_state, shards_of};
use crate::key::{self, KeyColumn, KeyReader};
use crate::range::Range;
use crate::scan::{Keys, MergedCursor, Order};
use crate::snapshot::{KeyRange, Snapshot};
use crate::table::borrow;
use crate::value::{Type, Value};

/// Most bytes that an entry has beside the key of its group.
pub(super) const ORDERED_BYTES_MAX: usize = 64;

/// Groups of an index that are joined together, at most.
const JOINED_MAX: usize = 512;

/// The value does not fit.
const BEYOND: u8 = 0;
/// The value follows.
const FITS: u8 = 1;

/// Answers nothing: outputs that indexes are on, and feeds tell of, are read from the state.
pub(super) struct NoMultisets;

impl Multisets for NoMultisets {
    fn distinct(&mut self, _: u16) -> Result<u64> {
        Err(Error::corrupt("an index of a view asks for a multiset"))
    }

    fn each(&mut self, _: u16, _: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        Err(Error::corrupt("an index of a view asks for a multiset"))
    }

    fn at(&mut self, _: u16, _: u64, _: &mut Vec<u8>) -> Result<()> {
        Err(Error::corrupt("an index of a view asks for a multiset"))
    }
}

impl ViewInfo {
    /// How an index orders values.
    fn ordered_by(&self, index: &ViewIndex) -> KeyColumn {
        self.in_order(usize::from(index.column), index.descending).nullable()
    }

    /// The order of an output's values.
    fn in_order(&self, output: usize, descending: bool) -> KeyColumn {
        let column = KeyColumn::new(match self.outputs[output].data_type {
            // Digits behind those of the type are compared too.
            Type::Decimal { .. } => Type::DECIMAL,
            other => other,
        });
        if descending { column.descending() } else { column }
    }

    /// The keys that a group has in the indexes, in their order, into `out`.
    ///
    /// # Errors
    /// `Corrupt` for a damaged state.
    pub(crate) fn ordered_keys(
        &self,
        group: &[u8],
        state: &State,
        out: &mut Vec<Vec<u8>>,
    ) -> Result<()> {
        out.clear();
        for index in &self.definition().indexes {
            let (first, rest) = group.split_at(self.bytes_of_first(index, group)?);
            let mut key = with(first, FITS);
            let class = first.len();
            let at = usize::from(index.column).saturating_sub(self.key_shape.len());
            match self.shape.read_output(state, at, &mut NoMultisets) {
                Ok(value) => {
                    let column = self.ordered_by(index);
                    key::encode_component(&column, value.as_value(), &mut key)?;
                }
                Err(error) if error.kind() == ErrorKind::InvalidInput => key[class] = BEYOND,
                Err(error) => return Err(error),
            }
            key.extend_from_slice(rest);
            out.push(key);
        }
        Ok(())
    }

    /// How many bytes of a group's key are columns that an index is within.
    fn bytes_of_first(&self, index: &ViewIndex, group: &[u8]) -> Result<usize> {
        let mut reader = KeyReader::new(&self.key_shape, group);
        (0..index.within).try_for_each(|_| reader.skip().map(|_| ()))?;
        Ok(group.len() - reader.remaining().len())
    }

    /// The index that has the groups of a range in that order of a column, by its place.
    pub(super) fn index_for(&self, range: &Range, column: usize, order: Order) -> Option<usize> {
        let descending = order == Order::Descending;
        let is_it = |index: &ViewIndex| {
            usize::from(index.column) == column
                && index.descending == descending
                && usize::from(index.within) == range.prefix_values().len()
        };
        if range.is_bounded() {
            return None;
        }
        self.definition().indexes.iter().position(is_it)
    }
}

fn whole(prefix: Vec<u8>) -> KeyRange {
    let upper = key::prefix_end(&prefix).map_or(Bound::Unbounded, Bound::Excluded);
    KeyRange { lower: Bound::Included(prefix), upper }
}

fn with(first: &[u8], class: u8) -> Vec<u8> {
    let mut key = first.to_vec();
    key.push(class);
    key
}

/// Where an index has the values behind `first`, and where NULL, which comes last in either order.
fn ranges(column: KeyColumn, first: &[u8]) -> Result<[KeyRange; 2]> {
    let mut null = with(first, FITS);
    key::encode_component(&column, Value::Null.as_value(), &mut null)?;
    let (all, null) = (whole(with(first, FITS)), whole(null));
    let values = if column.descending {
        let upper = match &null.lower {
            Bound::Included(begin) => Bound::Excluded(begin.clone()),
            _ => Bound::Unbounded,
        };
        KeyRange { lower: all.lower, upper }
    } else {
        let lower = match &null.upper {
            Bound::Excluded(end) => Bound::Included(end.clone()),
            _ => Bound::Unbounded,
        };
        KeyRange { lower, upper: all.upper }
    };
    Ok([values, null])
}

/// The first `limit` groups by the column of an index, of those that have the values `of` in the
/// columns that it is within.
pub(super) fn first_by<V: Snapshot>(
    snapshot: &V,
    view: &Arc<ViewInfo>,
    index: usize,
    of: &[Value],
    limit: usize,
) -> Result<Vec<Group>> {
    let definition = &view.definition().indexes[index];
    let (tree, column) = (view.view.indexes[index], view.ordered_by(definition));
    let of = coerced(view, of)?;
    let of = borrow(&of);
    let shards = shards_of(snapshot, view, &of)?;
    let mut first = Vec::new();
    key::encode_key(&view.key_shape, &of, &mut first)?;
    // What the transaction changes is elsewhere in the order than the shards have it.
    let mut changed = pending(snapshot, view)?;
    changed.retain(|key, _| key.starts_with(&first));
    let (mut found, mut read) = (Vec::new(), Vec::new());
    // Groups are joined with what lookups show as many at a time as are still wanted.
    let at_a_time = |found: &Vec<Group>| match view.lookups.as_slice() {
        [] => 1,
        _ => limit.saturating_sub(found.len()).clamp(1, JOINED_MAX),
    };
    let mut add = |shards: &[u16], key: &[u8], deltas: &[_]| -> Result<bool> {
        if let Some(state) = group_state(snapshot, view, shards, key, deltas)? {
            read.push(values_of(snapshot, view, shards, &state)?);
            if read.len() >= at_a_time(&found) {
                found.extend(finished(snapshot, view, std::mem::take(&mut read))?);
            }
        }
        Ok(found.len() < limit)
    };
    let [values, null] = ranges(column, &first)?;
    let mut group = Vec::new();
    for range in [whole(with(&first, BEYOND)), values, null] {
        let mut cursor =
            MergedCursor::new(snapshot, &shards, tree, range, Order::Ascending, Keys::Wanted)?;
        let mut goes_on = limit > 0;
        while goes_on && let Some(entry) = cursor.step(snapshot)? {
            let behind = entry.key().get(first.len()..).unwrap_or_default();
            let (class, rest) = behind.split_first().unwrap_or((&FITS, &[]));
            let columns = [column];
            let mut reader = KeyReader::new(&columns, rest);
            if *class == FITS {
                reader.skip()?;
            }
            group.clear();
            group.extend_from_slice(&first);
            group.extend_from_slice(reader.remaining());
            if !changed.contains_key(&group) {
                goes_on = add(&[entry.shard()], &group, &[])?;
            }
        }
    }
    let place = usize::from(definition.column);
    for (key, deltas) in &changed {
        add(&shards, key, deltas)?;
    }
    found.extend(finished(snapshot, view, read)?);
    if !changed.is_empty() {
        sort(view, &mut found, place, definition.descending)?;
    }
    found.truncate(limit);
    Ok(found)
}

/// Sorts groups by an output column; equal ones by their keys, NULL last.
fn sort(view: &ViewInfo, groups: &mut Vec<Group>, place: usize, descending: bool) -> Result<()> {
    let mut sorted: BTreeMap<(Vec<u8>, Vec<u8>), Group> = BTreeMap::new();
    let column = view.in_order(place, descending);
    for group in groups.drain(..) {
        let (mut value, mut key) = (Vec::new(), Vec::new());
        let of_group = group.values()[place].as_value();
        value.push(u8::from(of_group.is_null()));
        if !of_group.is_null() {
            key::encode_component(&column, of_group, &mut value)?;
        }
        let values: Vec<_> = group.key().iter().map(Value::as_value).collect();
        view.encode_group(&values, &mut key)?;
        sorted.insert((value, key), group);
    }
    groups.extend(sorted.into_values());
    Ok(())
}
