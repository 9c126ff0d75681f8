//! Roll-ups: the groups of a view put together to larger ones when they are read, as seconds are to
//! minutes. What is merged is states, so that every aggregate is what the rows make it, the average
//! and the median too, and a group that HAVING hides in the view below counts.
//!
//! Nothing of a roll-up is kept: it costs commits nothing, and a read what reading the groups below
//! costs. Which of those a range can have is told by its first columns, as long as they are the
//! columns below or buckets of them ([`Expression::preimage`]).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound;
use std::sync::Arc;

use bourse_storage::Result;

use super::info::ViewInfo;
use super::states::{GroupState, GroupStates, coerced};
use crate::expression::Expression;
use crate::key::{self, KeyColumn, KeyReader};
use crate::range::Range;
use crate::scan::Order;
use crate::snapshot::Snapshot;
use crate::value::Value;

/// What a roll-up merges.
#[derive(Debug)]
pub(super) struct Rollup {
    /// The view that keeps the states.
    base: Arc<ViewInfo>,
    /// From its groups to those of the roll-up: of a roll-up over roll-ups several.
    steps: Vec<Step>,
}

/// From the groups of a view to those of the one above.
#[derive(Clone, Debug)]
struct Step {
    /// What the groups above are of those below.
    group: Vec<Expression>,
    below: Vec<KeyColumn>,
    above: Vec<KeyColumn>,
}

impl Rollup {
    /// A roll-up over a view, which may be one itself.
    pub(super) fn over(
        below: &Arc<ViewInfo>,
        group: Vec<Expression>,
        above: &[KeyColumn],
    ) -> Rollup {
        let step = Step { group, below: below.key_shape.clone(), above: above.to_vec() };
        let (base, mut steps) = match &below.rollup {
            Some(rollup) => (Arc::clone(&rollup.base), rollup.steps.clone()),
            None => (Arc::clone(below), Vec::new()),
        };
        steps.push(step);
        Rollup { base, steps }
    }

    /// The view that keeps the states.
    pub(super) fn base(&self) -> &Arc<ViewInfo> {
        &self.base
    }

    /// The key of the group above that a group of the base is in.
    fn key_above(&self, key: &[u8]) -> Result<Vec<u8>> {
        let mut reader = KeyReader::new(&self.base.key_shape, key);
        let shape = self.base.key_shape.iter();
        let mut values = shape.map(|_| reader.next_value()).collect::<Result<Vec<Value>>>()?;
        for step in &self.steps {
            let above = step.group.iter().zip(&step.above).map(|(expression, column)| {
                let value = expression.value_for(&|at| values[usize::from(at)].as_value())?;
                column.data_type.coerce(value)
            });
            values = above.collect::<Result<Vec<Value>>>()?;
        }
        let mut above = Vec::with_capacity(key.len());
        let shape = self.steps.last().map_or(&[][..], |step| &step.above);
        if shape.is_empty() {
            above.push(0);
        }
        for (column, value) in shape.iter().zip(&values) {
            key::encode_component(column, value.as_value(), &mut above)?;
        }
        Ok(above)
    }

    /// A range of the base that has all groups which a range above is made of.
    fn range_below(&self, range: &Range) -> Range {
        self.steps.iter().rev().fold(range.clone(), |range, step| step.range_below(&range))
    }
}

impl Step {
    fn range_below(&self, range: &Range) -> Range {
        let mut prefix = Vec::new();
        for (at, value) in range.prefix_values().iter().enumerate() {
            let (lower, upper) = (Bound::Included(value.clone()), Bound::Included(value.clone()));
            match self.bounds_below(at, lower, upper) {
                Some((Bound::Included(low), Bound::Included(high))) if low == high => {
                    prefix.push(low);
                }
                Some((lower, upper)) => return Range::between(prefix, lower, upper),
                None => return Range::prefix(prefix),
            }
        }
        let (lower, upper) = range.bounds();
        match self.bounds_below(prefix.len(), lower.clone(), upper.clone()) {
            Some((lower, upper)) => Range::between(prefix, lower, upper),
            None => Range::prefix(prefix),
        }
    }

    /// Bounds of the column below at the same place, within which the column above is within its
    /// bounds.
    fn bounds_below(
        &self,
        at: usize,
        lower: Bound<Value>,
        upper: Bound<Value>,
    ) -> Option<(Bound<Value>, Bound<Value>)> {
        let (expression, column) = (self.group.get(at)?, self.below.get(at)?);
        let above = self.above.get(at)?;
        let fitted = |bound: Bound<Value>| match bound {
            Bound::Unbounded => Some(Bound::Unbounded),
            Bound::Included(value) => above.data_type.coerce(value).ok().map(Bound::Included),
            Bound::Excluded(value) => above.data_type.coerce(value).ok().map(Bound::Excluded),
        };
        let (lower, upper) = (fitted(lower)?, fitted(upper)?);
        let (found, lower, upper) = expression.preimage(lower, upper)?;
        let fits = |bound: &Bound<Value>| match bound {
            Bound::Unbounded => true,
            Bound::Included(value) | Bound::Excluded(value) => {
                // A bucket of NULL is NULL, and no range has one beside others.
                *value == Value::Null && lower == upper
                    || column.data_type.is_kind_of(value.as_value())
            }
        };
        (usize::from(found) == at && fits(&lower) && fits(&upper)).then_some((lower, upper))
    }
}

/// The groups of a range of a roll-up, in order, and the shards that they were merged from.
pub(super) fn rolled_up<V: Snapshot>(
    snapshot: &V,
    view: &ViewInfo,
    rollup: &Rollup,
    range: &Range,
    order: Order,
) -> Result<(Vec<GroupState>, Vec<u16>)> {
    coerced(view, range.prefix_values())?;
    let wanted = range.encode(&view.key_shape)?;
    let below = rollup.range_below(range);
    let mut states = GroupStates::of(snapshot, &rollup.base, &below, Order::Ascending)?;
    let reads_multisets = view.shape.reads_multisets();
    let mut groups: BTreeMap<Vec<u8>, GroupState> = BTreeMap::new();
    while let Some(mut part) = states.next_state()? {
        let key = rollup.key_above(&part.key)?;
        if !(wanted.begins_before(&key) && wanted.ends_after(&key)) {
            continue;
        }
        if !reads_multisets {
            part.parts.clear();
        }
        match groups.entry(key) {
            Entry::Vacant(entry) => {
                part.key.clone_from(entry.key());
                entry.insert(part);
            }
            Entry::Occupied(mut entry) => {
                let group = entry.get_mut();
                view.shape.merge(&mut group.state, &part.state)?;
                group.parts.append(&mut part.parts);
            }
        }
    }
    let mut groups: Vec<GroupState> = groups.into_values().collect();
    if order == Order::Descending {
        groups.reverse();
    }
    let shards = states.shards().to_vec();
    Ok((groups, shards))
}
