//! Reading views: groups by their keys, in their order, or the greatest by an output column.
//!
//! A group of a partial view is the states of all shards, merged; one whose key holds the shard key
//! is read in its own shard alone.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use bourse_storage::{Error, Result};

use super::definition::ViewDefinition;
use super::info::{ViewInfo, parse_entry};
use super::shape::Multisets;
use super::state::State;
use crate::catalog::Catalog;
use crate::database::Database;
use crate::key::{self, KeyReader};
use crate::lookup;
use crate::range::Range;
use crate::reading::Cut;
use crate::scan::{Keys, MergedCursor, Order};
use crate::schema::Column;
use crate::snapshot::{KeyRange, Snapshot};
use crate::table::borrow;
use crate::transaction::Transaction;
use crate::value::{Collation, Value, ValueRef};

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

    /// The output columns: those of the group, then the aggregates.
    pub fn columns(&self) -> &[Column] {
        &self.info.outputs
    }

    /// Whether it was built from the table's rows when this handle was made: until then it is not
    /// read (55000).
    pub fn is_ready(&self) -> bool {
        !self.info.building
    }

    /// Whether reading a group merges the states of all shards: not so where the group holds the
    /// table's shard key.
    pub fn is_partial(&self) -> bool {
        self.info.is_partial()
    }
}

/// One group of a view, as it was read.
#[derive(Clone, Debug)]
pub struct Group {
    view: Arc<ViewInfo>,
    values: Vec<Value>,
}

impl Group {
    /// The output columns: those of the group, then the aggregates.
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
    shards: Vec<u16>,
    cursor: MergedCursor,
    /// The next group's key and its states so far.
    key: Vec<u8>,
    bytes: Vec<u8>,
    /// Whether `key` and `bytes` are an entry that was read and not yet used.
    ahead: bool,
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

/// All shards, or the one that has the groups of a prefix.
fn shards_of<V: Snapshot>(
    snapshot: &V,
    view: &ViewInfo,
    prefix: &[ValueRef<'_>],
) -> Result<Vec<u16>> {
    let count = u16::try_from(snapshot.core().shards.len()).unwrap_or(u16::MAX);
    let Some(owner) = view.owner() else { return Ok((0..count).collect()) };
    let values: Option<Vec<ValueRef<'_>>> =
        owner.iter().map(|at| prefix.get(*at).copied()).collect();
    // No row has a NULL there, if its table does not: so there is no such group either.
    let Some(values) = values.filter(|values| !values.iter().any(|value| value.is_null())) else {
        return Ok((0..count).collect());
    };
    let table = snapshot.catalog().table(view.view.table)?;
    Ok(vec![snapshot.catalog().map.shard(table.slot_of_shard_key(&values)?)])
}

/// The first columns of a group, of their types.
fn coerced(view: &ViewInfo, values: &[Value]) -> Result<Vec<Value>> {
    if values.len() > view.key_shape.len() {
        let (name, columns) = (view.name(), view.key_shape.len());
        let message =
            format!("view {name} groups by {columns} columns, {} values were given", values.len());
        return Err(Error::invalid(message).with_sqlstate("42601"));
    }
    let columns = view.key_shape.iter().zip(values);
    columns.map(|(column, value)| column.data_type.coerce(value.clone())).collect()
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
    let values = borrow(&values);
    let mut encoded = Vec::with_capacity(64);
    view.encode_group(&values, &mut encoded)?;
    let shards = shards_of(snapshot, view, &values)?;
    encoded_group(snapshot, view, &shards, &encoded)
}

fn encoded_group<V: Snapshot>(
    snapshot: &V,
    view: &Arc<ViewInfo>,
    shards: &[u16],
    encoded: &[u8],
) -> Result<Option<Group>> {
    let mut bytes = Vec::new();
    let mut merged = None;
    for shard in shards {
        if lookup::get(snapshot, *shard, view.id(), encoded, &mut bytes)? {
            merge(view, &mut merged, &bytes)?;
        }
    }
    match merged {
        None => Ok(None),
        Some(state) => shown(snapshot, view, shards, encoded, &state),
    }
}

fn merge(view: &ViewInfo, merged: &mut Option<State>, bytes: &[u8]) -> Result<()> {
    let mut state = view.shape.new_state();
    view.shape.decode(bytes, &mut state)?;
    match merged {
        None => *merged = Some(state),
        Some(merged) => view.shape.merge(merged, &state)?,
    }
    Ok(())
}

/// The group of a state, if HAVING lets it be seen.
fn shown<V: Snapshot>(
    snapshot: &V,
    view: &Arc<ViewInfo>,
    shards: &[u16],
    key: &[u8],
    state: &State,
) -> Result<Option<Group>> {
    let mut values = Vec::with_capacity(view.outputs.len());
    let mut reader = KeyReader::new(&view.key_shape, key);
    for _ in &view.key_shape {
        values.push(reader.next_value()?);
    }
    let mut multisets = StoredMultisets { snapshot, view, shards, key, read: BTreeMap::new() };
    values.append(&mut view.shape.read(state, &mut multisets)?);
    if let Some(having) = &view.definition().having
        && !having.holds_for(&|at| values[usize::from(at)].as_value())?
    {
        return Ok(None);
    }
    Ok(Some(Group { view: Arc::clone(view), values }))
}

/// A group's multisets, read when they are first asked for.
struct StoredMultisets<'s, V> {
    snapshot: &'s V,
    view: &'s ViewInfo,
    shards: &'s [u16],
    key: &'s [u8],
    /// By number: the keys in order, each with how many there are up to it.
    read: BTreeMap<u16, Vec<(Vec<u8>, u64)>>,
}

impl<V: Snapshot> StoredMultisets<'_, V> {
    fn keys(&mut self, multiset: u16) -> Result<&[(Vec<u8>, u64)]> {
        if !self.read.contains_key(&multiset) {
            let keys = self.read_keys(multiset)?;
            self.read.insert(multiset, keys);
        }
        Ok(self.read.get(&multiset).map(Vec::as_slice).unwrap_or_default())
    }

    fn read_keys(&self, multiset: u16) -> Result<Vec<(Vec<u8>, u64)>> {
        let mut prefix = Vec::new();
        ViewInfo::multiset_prefix(self.key, multiset, &mut prefix);
        let begins = prefix.len();
        let upper = key::prefix_end(&prefix).map_or(Bound::Unbounded, Bound::Excluded);
        let range = KeyRange { lower: Bound::Included(prefix), upper };
        let [_, tree] = self.view.trees();
        let (snapshot, order) = (self.snapshot, Order::Ascending);
        let mut cursor =
            MergedCursor::new(snapshot, self.shards, tree, range, order, Keys::Wanted)?;
        let (mut keys, mut value): (Vec<(Vec<u8>, u64)>, _) = (Vec::new(), Vec::new());
        let mut total = 0_u64;
        while let Some(entry) = cursor.step(snapshot)? {
            entry.value(snapshot, &mut value)?;
            total = total.saturating_add(parse_entry(&value)?.0);
            let key = entry.key().get(begins..).unwrap_or_default();
            match keys.last_mut() {
                Some((last, count)) if last == key => *count = total,
                _ => keys.push((key.to_vec(), total)),
            }
        }
        Ok(keys)
    }
}

impl<V: Snapshot> Multisets for StoredMultisets<'_, V> {
    fn distinct(&mut self, multiset: u16) -> Result<u64> {
        Ok(self.keys(multiset)?.len() as u64)
    }

    fn at(&mut self, multiset: u16, place: u64, key: &mut Vec<u8>) -> Result<()> {
        let keys = self.keys(multiset)?;
        let at = keys.partition_point(|(_, count)| *count <= place);
        let Some((found, _)) = keys.get(at) else {
            return Err(Error::corrupt("a view's multiset has fewer values than its state counts"));
        };
        key.clear();
        key.extend_from_slice(found);
        Ok(())
    }
}

/// The groups of a range.
fn groups<'v, V: Snapshot>(
    snapshot: &'v V,
    view: &Arc<ViewInfo>,
    range: &Range,
    order: Order,
) -> Result<Groups<'v, V>> {
    let prefix = coerced(view, range.prefix_values())?;
    let shards = shards_of(snapshot, view, &borrow(&prefix))?;
    let keys = range.encode(&view.key_shape)?;
    // The states of a group must come one behind the other.
    let order = if order == Order::Any { Order::Ascending } else { order };
    let cursor = MergedCursor::new(snapshot, &shards, view.id(), keys, order, Keys::Wanted)?;
    let (view, key, bytes) = (Arc::clone(view), Vec::new(), Vec::new());
    Ok(Groups { snapshot, view, shards, cursor, key, bytes, ahead: false })
}

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<V: Snapshot> Groups<'_, V> {
    /// Goes on to the next entry, of whichever shard.
    fn look_ahead(&mut self) -> Result<bool> {
        if !self.ahead
            && let Some(entry) = self.cursor.step(self.snapshot)?
        {
            self.key.clear();
            self.key.extend_from_slice(entry.key());
            entry.value(self.snapshot, &mut self.bytes)?;
            self.ahead = true;
        }
        Ok(self.ahead)
    }

    /// The next group's key and state, whether or not HAVING lets it be seen.
    fn next_state(&mut self) -> Result<Option<(Vec<u8>, State)>> {
        if !self.look_ahead()? {
            return Ok(None);
        }
        let key = self.key.clone();
        let mut merged = None;
        while self.look_ahead()? && self.key == key {
            merge(&self.view, &mut merged, &self.bytes)?;
            self.ahead = false;
        }
        Ok(merged.map(|state| (key, state)))
    }

    fn next_group(&mut self) -> Result<Option<Group>> {
        while let Some((key, state)) = self.next_state()? {
            let shown = shown(self.snapshot, &self.view, &self.shards, &key, &state)?;
            if shown.is_some() {
                return Ok(shown);
            }
        }
        Ok(None)
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
            /// being built; 22003 for an output that does not fit its type; in a transaction 0A000
            /// when it has changed rows of the view's table; whatever ends the read.
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
            /// NULL last. Reads all groups of the range and keeps `limit` of them.
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
        let view = ready_view(self.catalog(), view)?;
        if self.has_changed(view.view.table) {
            let message = format!(
                "the transaction has changed rows of table {}, which view {} does not show: read \
                 the view first, or in another transaction",
                view.definition().table,
                view.name()
            );
            return Err(Error::invalid(message).with_sqlstate("0A000"));
        }
        Ok(view)
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
