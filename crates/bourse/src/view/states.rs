//! The groups of a view as a snapshot has them: the shards' states merged, with a transaction's own
//! changes over them.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::sync::Arc;

use bourse_storage::{Error, Result};

use super::info::{ViewInfo, parse_entry};
use super::pending::{Beneath, Delta, Overlay, Pending, pending};
use super::shape::Multisets;
use super::state::State;
use crate::lookup;
use crate::range::Range;
use crate::scan::{Keys, MergedCursor, Order};
use crate::snapshot::Snapshot;
use crate::table::borrow;
use crate::value::{Value, ValueRef};

/// The state of a group, and what else may have to be read of it.
pub(super) struct GroupState {
    /// Key of the group.
    pub(super) key: Vec<u8>,
    pub(super) state: State,
    /// The groups whose multisets it has: itself, or those that were rolled up.
    pub(super) parts: Vec<Part>,
}

/// A group that has multisets.
pub(super) struct Part {
    pub(super) key: Vec<u8>,
    pub(super) overlay: Overlay,
}

/// All shards, or the one that has the groups of a prefix. The view keeps states.
pub(super) fn shards_of<V: Snapshot>(
    snapshot: &V,
    view: &ViewInfo,
    prefix: &[ValueRef<'_>],
) -> Result<Vec<u16>> {
    let table = snapshot.catalog().table(view.view.table)?;
    if let Some(slot) = view.slot_of_prefix(table, prefix)? {
        return Ok(vec![snapshot.catalog().map.shard(slot)]);
    }
    let count = u16::try_from(snapshot.core().shards.len()).unwrap_or(u16::MAX);
    Ok((0..count).collect())
}

/// The first columns of a group, of their types.
pub(super) fn coerced(view: &ViewInfo, values: &[Value]) -> Result<Vec<Value>> {
    if values.len() > view.key_shape.len() {
        let (name, columns) = (view.name(), view.key_shape.len());
        let message =
            format!("view {name} groups by {columns} columns, {} values were given", values.len());
        return Err(Error::invalid(message).with_sqlstate("42601"));
    }
    let columns = view.key_shape.iter().zip(values);
    columns.map(|(column, value)| column.data_type.coerce(value.clone())).collect()
}

/// The state of the group of a key, in these shards.
pub(super) fn group_state<V: Snapshot>(
    snapshot: &V,
    view: &ViewInfo,
    shards: &[u16],
    key: &[u8],
    deltas: &[Delta],
) -> Result<Option<GroupState>> {
    let mut bytes = Vec::new();
    let mut merged = Merged::default();
    for shard in shards {
        if lookup::get(snapshot, *shard, view.id(), key, &mut bytes)? {
            merged.add(view, &bytes)?;
        }
    }
    Beneath { snapshot, view, shards, group: key }.with(merged, deltas)
}

/// What shards have of a group: of its rows, and of rows that have expired. They are kept apart
/// until the transaction's own changes, which concern rows, are made.
#[derive(Default)]
struct Merged {
    live: Option<State>,
    frozen: Option<State>,
}

impl Merged {
    fn add(&mut self, view: &ViewInfo, value: &[u8]) -> Result<()> {
        let mut live = view.shape.new_state();
        let frozen = view.decode_group(value, &mut live)?;
        let both = [(&mut self.live, Some(live)), (&mut self.frozen, frozen)];
        for (merged, state) in both {
            match (merged.as_mut(), state) {
                (_, None) => {}
                (None, Some(state)) => *merged = Some(state),
                (Some(merged), Some(state)) => view.shape.merge(merged, &state)?,
            }
        }
        Ok(())
    }
}

impl<V: Snapshot> Beneath<'_, V> {
    /// The group with a transaction's own changes; nothing if it has no rows.
    fn with(self, merged: Merged, deltas: &[Delta]) -> Result<Option<GroupState>> {
        let mut overlay = Overlay::new();
        let mut state = match (merged.live, deltas) {
            (None, []) => return Ok(None),
            (Some(state), []) => state,
            (merged, deltas) => {
                let mut state = merged.unwrap_or_else(|| self.view.shape.new_state());
                overlay = self.change(&mut state, deltas)?;
                state
            }
        };
        if let Some(frozen) = merged.frozen {
            self.view.shape.merge(&mut state, &frozen)?;
        }
        if self.view.shape.is_empty(&state) {
            return Ok(None);
        }
        let key = self.group.to_vec();
        Ok(Some(GroupState { parts: vec![Part { key: key.clone(), overlay }], key, state }))
    }
}

/// The groups of a range of a view that keeps states, one after the other.
pub(super) struct GroupStates<'v, V: Snapshot> {
    snapshot: &'v V,
    view: Arc<ViewInfo>,
    shards: Vec<u16>,
    order: Order,
    cursor: MergedCursor,
    /// The next group's key and a state of it.
    key: Vec<u8>,
    bytes: Vec<u8>,
    /// Whether `key` and `bytes` are an entry that was read and not yet used.
    ahead: bool,
    /// Groups of the range that the transaction changes.
    pending: Peekable<std::vec::IntoIter<(Vec<u8>, Vec<Delta>)>>,
}

impl<'v, V: Snapshot> GroupStates<'v, V> {
    pub(super) fn of(
        snapshot: &'v V,
        view: &Arc<ViewInfo>,
        range: &Range,
        order: Order,
    ) -> Result<GroupStates<'v, V>> {
        let prefix = coerced(view, range.prefix_values())?;
        let shards = shards_of(snapshot, view, &borrow(&prefix))?;
        let keys = range.encode(&view.key_shape)?;
        // The states of a group must come one behind the other.
        let order = if order == Order::Any { Order::Ascending } else { order };
        let changed: Pending = pending(snapshot, view)?;
        let within = |key: &[u8]| keys.begins_before(key) && keys.ends_after(key);
        let mut changed: Vec<_> = changed.into_iter().filter(|(key, _)| within(key)).collect();
        if order == Order::Descending {
            changed.reverse();
        }
        let cursor = MergedCursor::new(snapshot, &shards, view.id(), keys, order, Keys::Wanted)?;
        Ok(GroupStates {
            snapshot,
            view: Arc::clone(view),
            shards,
            order,
            cursor,
            key: Vec::new(),
            bytes: Vec::new(),
            ahead: false,
            pending: changed.into_iter().peekable(),
        })
    }

    /// Shards that have the groups.
    pub(super) fn shards(&self) -> &[u16] {
        &self.shards
    }

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

    /// The next group, whether or not HAVING lets it be seen.
    pub(super) fn next_state(&mut self) -> Result<Option<GroupState>> {
        loop {
            let there = self.look_ahead()?;
            let is_own = match self.pending.peek() {
                None if !there => return Ok(None),
                None => false,
                Some(_) if !there => true,
                Some((own, _)) if self.order == Order::Descending => *own >= self.key,
                Some((own, _)) => *own <= self.key,
            };
            let own = if is_own { self.pending.next() } else { None };
            let (key, deltas) = own.unwrap_or_else(|| (self.key.clone(), Vec::new()));
            let mut merged = Merged::default();
            while self.look_ahead()? && self.key == key {
                merged.add(&self.view, &self.bytes)?;
                self.ahead = false;
            }
            let (snapshot, view, shards) = (self.snapshot, &*self.view, &self.shards);
            let beneath = Beneath { snapshot, view, shards, group: &key };
            if let Some(state) = beneath.with(merged, &deltas)? {
                return Ok(Some(state));
            }
        }
    }
}

/// Multisets of a group, read when they are first asked for.
pub(super) struct StoredMultisets<'s, V> {
    pub(super) snapshot: &'s V,
    /// The view that keeps them.
    pub(super) view: &'s ViewInfo,
    pub(super) shards: &'s [u16],
    pub(super) parts: &'s [Part],
    /// By number: the keys in order, each with how many there are up to it.
    pub(super) read: BTreeMap<u16, Vec<(Vec<u8>, u64)>>,
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
        let mut keys: Vec<(Vec<u8>, u64)> = Vec::new();
        let mut value = Vec::new();
        for part in self.parts {
            let (snapshot, view, shards) = (self.snapshot, self.view, self.shards);
            let beneath = Beneath { snapshot, view, shards, group: &part.key };
            let mut cursor = beneath.entries(multiset, Order::Ascending)?;
            while let Some(entry) = cursor.step(snapshot)? {
                let place = entry.key().get(part.key.len()..).unwrap_or_default();
                if part.overlay.contains_key(place) {
                    continue;
                }
                entry.value(snapshot, &mut value)?;
                let (count, key) = (parse_entry(&value)?.0, place.get(2..).unwrap_or_default());
                match keys.last_mut() {
                    Some((last, total)) if last == key => *total = total.saturating_add(count),
                    _ => keys.push((key.to_vec(), count)),
                }
            }
            let number = multiset.to_be_bytes();
            let own = part.overlay.iter().filter(|(place, _)| place.starts_with(&number));
            let own = own.filter(|(_, (count, _))| *count > 0);
            keys.extend(own.map(|(place, (count, _))| (place[number.len()..].to_vec(), *count)));
        }
        // Those of one part, without changes, are in order already.
        keys.sort();
        keys.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
        let mut total = 0_u64;
        for (_, count) in &mut keys {
            total = total.saturating_add(*count);
            *count = total;
        }
        Ok(keys)
    }
}

impl<V: Snapshot> Multisets for StoredMultisets<'_, V> {
    fn distinct(&mut self, multiset: u16) -> Result<u64> {
        Ok(self.keys(multiset)?.len() as u64)
    }

    fn each(&mut self, multiset: u16, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.keys(multiset)?.iter().try_for_each(|(key, _)| each(key))
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
