//! Reading views: groups by their keys, in their order, or the greatest by an output column.
//!
//! A group of a partial view is the states of all shards, merged; one that is owned, or whose key
//! holds the shard key, is read in its own shard alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use bourse_storage::id::Lsn;
use bourse_storage::{Error, Result};

use super::definition::ViewDefinition;
use super::info::ViewInfo;
use super::lookup::join;
use super::ordered::first_by;
use super::pending::pending;
use super::rollup::rolled_up;
use super::states::{GroupState, GroupStates, StoredMultisets, coerced, group_state, shards_of};
use crate::catalog::Catalog;
use crate::database::Database;
use crate::key::KeyReader;
use crate::range::Range;
use crate::reading::Cut;
use crate::scan::Order;
use crate::schema::Column;
use crate::snapshot::Snapshot;
use crate::table::borrow;
use crate::transaction::Transaction;
use crate::value::{Collation, Value};

/// A view of a store, by number. Cheap to clone. It stays valid until the view is dropped.
#[derive(Clone, Debug)]
pub struct View {
    pub(crate) info: Arc<ViewInfo>,
}

impl View {
    /// The view's name.
    pub fn name(&self) -> &str {
        self.info.name()
    }

    /// The definition, as of the moment when this handle was made.
    pub fn definition(&self) -> &ViewDefinition {
        self.info.definition()
    }

    /// The output columns: those of the group, the aggregates, those of lookups.
    pub fn columns(&self) -> &[Column] {
        &self.info.outputs
    }

    /// Whether it was built from the table's rows when this handle was made: until then it is not
    /// read (55000).
    pub fn is_ready(&self) -> bool {
        !self.info.stored().building
    }

    /// Whether reading a group merges the states of all shards: not so where each group has one
    /// state, because it holds the table's shard key or is owned by its columns. A roll-up is what
    /// its base is.
    pub fn is_partial(&self) -> bool {
        self.info.is_partial()
    }
}

/// How new a view is in a state of the store, from [`Cut::view_freshness`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Freshness {
    /// The last record that its groups have; that of the state.
    pub lsn: Lsn,
    /// Records of the state that its groups do not have: none, as a commit changes both. While the
    /// view is being built it is not known, and nobody reads it.
    pub lag_records: Option<u64>,
}

/// One group of a view, as it was read.
#[derive(Clone, Debug)]
pub struct Group {
    view: Arc<ViewInfo>,
    values: Vec<Value>,
}

impl Group {
    /// The group of these values, if HAVING lets it be seen.
    pub(super) fn if_shown(view: &Arc<ViewInfo>, values: Vec<Value>) -> Result<Option<Group>> {
        if let Some(having) = &view.definition().having
            && !having.holds_for(&|at| values[usize::from(at)].as_value())?
        {
            return Ok(None);
        }
        Ok(Some(Group { view: Arc::clone(view), values }))
    }

    /// The output columns: those of the group, the aggregates, those of lookups.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The values by which it is grouped.
    pub fn key(&self) -> &[Value] {
        &self.values[..self.view.key_shape.len()]
    }

    /// The output column of that name.
    ///
    /// # Errors
    /// `InvalidInput` (42703) when the view has none.
    pub fn get(&self, name: &str) -> Result<&Value> {
        Ok(&self.values[position(&self.view, name)?])
    }
}

fn position(view: &ViewInfo, name: &str) -> Result<usize> {
    let mut outputs = view.outputs.iter();
    outputs.position(|output| output.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let message = format!("view {} has no column {name}", view.name());
        Error::invalid(message).with_sqlstate("42703")
    })
}

/// Groups of a range, one after the other.
#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
pub struct Groups<'v, V: Snapshot> {
    snapshot: &'v V,
    view: Arc<ViewInfo>,
    source: Source<'v, V>,
    /// Groups that were joined with the rows of lookups, and are to come next.
    joined: std::vec::IntoIter<Group>,
    /// How many groups are joined together next.
    batch: usize,
    /// What ended the read behind those.
    failed: Option<Error>,
}

/// Groups that are joined together, at first and at most: who wants few should not wait for many.
const JOINED: (usize, usize) = (16, 512);

/// Where groups come from.
enum Source<'v, V: Snapshot> {
    Stored(Box<GroupStates<'v, V>>),
    /// Of a roll-up, with the shards that they were merged from.
    RolledUp(std::vec::IntoIter<GroupState>, Vec<u16>),
}

impl Catalog {
    /// The view of a handle.
    pub(crate) fn view_of(&self, handle: &View) -> Result<&Arc<ViewInfo>> {
        let view = self.view_named(handle.name()).ok();
        view.filter(|view| view.id() == handle.info.id()).ok_or_else(|| {
            let message = format!("view {} does not exist any more", handle.name());
            Error::invalid(message).with_sqlstate("42P01")
        })
    }
}

/// The group of a key.
fn group<V: Snapshot>(snapshot: &V, view: &Arc<ViewInfo>, key: &[Value]) -> Result<Option<Group>> {
    let values = coerced(view, key)?;
    if values.len() != view.key_shape.len() {
        let (name, columns) = (view.name(), view.key_shape.len());
        let message =
            format!("view {name} groups by {columns} columns, {} values were given", values.len());
        return Err(Error::invalid(message).with_sqlstate("42601"));
    }
    if let Some(rollup) = &view.rollup {
        let range = Range::prefix(values);
        let (groups, shards) = rolled_up(snapshot, view, rollup, &range, Order::Ascending)?;
        let Some(state) = groups.first() else { return Ok(None) };
        return shown(snapshot, view, &shards, state);
    }
    let values = borrow(&values);
    let mut encoded = Vec::with_capacity(64);
    view.encode_group(&values, &mut encoded)?;
    let shards = shards_of(snapshot, view, &values)?;
    let changed = pending(snapshot, view)?;
    let deltas = changed.get(&encoded).map(Vec::as_slice).unwrap_or_default();
    match group_state(snapshot, view, &shards, &encoded, deltas)? {
        None => Ok(None),
        Some(state) => shown(snapshot, view, &shards, &state),
    }
}

/// The group of a state, if HAVING lets it be seen.
pub(super) fn shown<V: Snapshot>(
    snapshot: &V,
    view: &Arc<ViewInfo>,
    shards: &[u16],
    group: &GroupState,
) -> Result<Option<Group>> {
    let values = values_of(snapshot, view, shards, group)?;
    Ok(finished(snapshot, view, vec![values])?.pop())
}

/// Groups of the values of a view's own columns, joined with what its lookups show, without those
/// that an inner one or HAVING hides.
pub(super) fn finished<V: Snapshot>(
    snapshot: &V,
    view: &Arc<ViewInfo>,
    mut groups: Vec<Vec<Value>>,
) -> Result<Vec<Group>> {
    if !view.lookups.is_empty() {
        join(snapshot, view, &mut groups)?;
    }
    let mut shown = Vec::with_capacity(groups.len());
    for values in groups {
        shown.extend(Group::if_shown(view, values)?);
    }
    Ok(shown)
}

/// The values of a group's own columns: its key and its aggregates.
pub(super) fn values_of<V: Snapshot>(
    snapshot: &V,
    view: &ViewInfo,
    shards: &[u16],
    GroupState { key, state, parts }: &GroupState,
) -> Result<Vec<Value>> {
    let mut values = Vec::with_capacity(view.outputs.len());
    let mut reader = KeyReader::new(&view.key_shape, key);
    for _ in &view.key_shape {
        values.push(reader.next_value()?);
    }
    let (stored, read) = (view.stored(), BTreeMap::new());
    let mut multisets = StoredMultisets { snapshot, view: stored, shards, parts, read };
    values.append(&mut view.shape.read(state, &mut multisets)?);
    Ok(values)
}

/// The groups of a range.
fn groups<'v, V: Snapshot>(
    snapshot: &'v V,
    view: &Arc<ViewInfo>,
    range: &Range,
    order: Order,
) -> Result<Groups<'v, V>> {
    let source = match &view.rollup {
        None => Source::Stored(Box::new(GroupStates::of(snapshot, view, range, order)?)),
        Some(rollup) => {
            let (groups, shards) = rolled_up(snapshot, view, rollup, range, order)?;
            Source::RolledUp(groups.into_iter(), shards)
        }
    };
    let (joined, batch, failed) = (Vec::new().into_iter(), JOINED.0, None);
    Ok(Groups { snapshot, view: Arc::clone(view), source, joined, batch, failed })
}

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<V: Snapshot> Groups<'_, V> {
    fn next_group(&mut self) -> Result<Option<Group>> {
        if !self.view.lookups.is_empty() {
            return self.next_joined();
        }
        while let Some(values) = self.next_values()? {
            let shown = finished(self.snapshot, &self.view, vec![values])?.pop();
            if shown.is_some() {
                return Ok(shown);
            }
        }
        Ok(None)
    }

    /// The values of the next group's own columns, whether or not it is shown.
    fn next_values(&mut self) -> Result<Option<Vec<Value>>> {
        let (state, shards) = match &mut self.source {
            Source::Stored(states) => (states.next_state()?, states.shards()),
            Source::RolledUp(states, shards) => (states.next(), shards.as_slice()),
        };
        let read = |state| values_of(self.snapshot, &self.view, shards, &state);
        state.map(read).transpose()
    }

    /// The next group of a view with lookups.
    fn next_joined(&mut self) -> Result<Option<Group>> {
        loop {
            if let Some(group) = self.joined.next() {
                return Ok(Some(group));
            }
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            let mut groups = Vec::with_capacity(self.batch);
            while groups.len() < self.batch && self.failed.is_none() {
                match self.next_values() {
                    Ok(Some(values)) => groups.push(values),
                    Ok(None) => break,
                    Err(error) => self.failed = Some(error),
                }
            }
            if groups.is_empty() && self.failed.is_none() {
                return Ok(None);
            }
            self.batch = JOINED.1.min(2 * self.batch);
            self.joined = finished(self.snapshot, &self.view, groups)?.into_iter();
        }
    }
}

impl<V: Snapshot> Iterator for Groups<'_, V> {
    type Item = Result<Group>;

    fn next(&mut self) -> Option<Result<Group>> {
        self.next_group().transpose()
    }
}

/// The first groups of a range by an output column: the greatest for [`Order::Descending`], else
/// the least; equal ones in the order of their keys; NULL last.
fn top<V: Snapshot>(
    snapshot: &V,
    view: &Arc<ViewInfo>,
    range: &Range,
    column: &str,
    order: Order,
    limit: usize,
) -> Result<Vec<Group>> {
    let at = position(view, column)?;
    if let Some(index) = view.index_for(range, at, order) {
        return first_by(snapshot, view, index, range.prefix_values(), limit);
    }
    let mut best: Vec<Group> = Vec::new();
    for group in groups(snapshot, view, range, Order::Ascending)? {
        let group = group?;
        let precedes = |other: &Group| {
            let (a, b) = (group.values[at].as_value(), other.values[at].as_value());
            match (a.is_null(), b.is_null()) {
                (true, _) => false,
                (false, true) => true,
                _ if order == Order::Descending => a.compare(b, Collation::Binary).is_gt(),
                _ => a.compare(b, Collation::Binary).is_lt(),
            }
        };
        let place = best.partition_point(|other| !precedes(other));
        if place < limit {
            best.insert(place, group);
            best.truncate(limit);
        }
    }
    Ok(best)
}

/// The methods that Cuts and transactions share; `check` refuses what cannot be read.
macro_rules! view_methods {
    ($reader:ty) => {
        impl $reader {
            /// The group of a view that has these values in the columns by which it groups. Nothing
            /// if it has no row, or if HAVING does not let it be seen.
            ///
            /// # Errors
            /// Wrong number or types of values; 42P01 when the view is gone; 55000 while it is
            /// being built; 22003 for an output that does not fit its type; whatever ends the read.
            pub fn group(&self, view: &View, key: &[Value]) -> Result<Option<Group>> {
                group(self, self.readable_view(view)?, key)
            }

            /// Groups of a range of the columns by which a view groups, in their order.
            ///
            /// # Errors
            /// As [`Self::group`]; a range that does not fit the columns.
            pub fn groups(
                &self,
                view: &View,
                range: &Range,
                order: Order,
            ) -> Result<Groups<'_, Self>> {
                groups(self, self.readable_view(view)?, range, order)
            }

            /// The first `limit` groups of a range by an output column: the greatest ones for
            /// [`Order::Descending`], else the least. Equal ones come in the order of their keys,
            /// NULL last. Reads all groups of the range and keeps `limit` of them, unless the view
            /// has an index on that column in that order, and the range is all that it orders:
            /// everything, or what the first columns name that it is within.
            ///
            /// # Errors
            /// As [`Self::groups`]; 42703 when the view has no such column.
            pub fn top_groups(
                &self,
                view: &View,
                range: &Range,
                column: &str,
                order: Order,
                limit: usize,
            ) -> Result<Vec<Group>> {
                top(self, self.readable_view(view)?, range, column, order, limit)
            }
        }
    };
}
view_methods!(Cut);
view_methods!(Transaction<'_>);

fn ready_view<'c>(catalog: &'c Catalog, view: &View) -> Result<&'c Arc<ViewInfo>> {
    let view = catalog.view_of(view)?;
    view.check_is_ready()?;
    Ok(view)
}

impl Cut {
    fn readable_view(&self, view: &View) -> Result<&Arc<ViewInfo>> {
        ready_view(self.catalog(), view)
    }

    /// How new a view is in this state: as new as its table.
    ///
    /// # Errors
    /// `InvalidInput` (42P01) when the view is gone.
    pub fn view_freshness(&self, view: &View) -> Result<Freshness> {
        let is_ready = self.catalog().view_of(view)?.check_is_ready().is_ok();
        Ok(Freshness { lsn: self.lsn(), lag_records: is_ready.then_some(0) })
    }

    /// The view that has that name in this state.
    ///
    /// # Errors
    /// `InvalidInput` (42P01) when there is none.
    pub fn view(&self, name: &str) -> Result<View> {
        Ok(View { info: Arc::clone(self.catalog().view_named(name)?) })
    }
}

impl Transaction<'_> {
    fn readable_view(&self, view: &View) -> Result<&Arc<ViewInfo>> {
        ready_view(self.catalog(), view)
    }
}

impl Database {
    /// The view of that name.
    ///
    /// # Errors
    /// `InvalidInput` (42P01) when there is none.
    pub fn view(&self, name: &str) -> Result<View> {
        self.cut().view(name)
    }

    /// All views, by name.
    pub fn views(&self) -> Vec<View> {
        let cut = self.cut();
        let views = cut.catalog().views().into_iter();
        views.map(|info| View { info: Arc::clone(info) }).collect()
    }

    /// As [`Cut::group`], in the newest published state.
    ///
    /// # Errors
    /// As [`Cut::group`].
    pub fn group(&self, view: &View, key: &[Value]) -> Result<Option<Group>> {
        self.cut().group(view, key)
    }

    /// As [`Cut::groups`], in the newest published state, all of them in memory.
    ///
    /// # Errors
    /// As [`Cut::groups`].
    pub fn groups(&self, view: &View, range: &Range, order: Order) -> Result<Vec<Group>> {
        self.cut().groups(view, range, order)?.collect()
    }

    /// As [`Cut::top_groups`], in the newest published state.
    ///
    /// # Errors
    /// As [`Cut::top_groups`].
    pub fn top_groups(
        &self,
        view: &View,
        range: &Range,
        column: &str,
        order: Order,
        limit: usize,
    ) -> Result<Vec<Group>> {
        self.cut().top_groups(view, range, column, order, limit)
    }
}
