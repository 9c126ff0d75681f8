//! What a transaction's own changes of rows mean to the groups that it reads.
//!
//! Nothing of a view is in a write set: the rows are. So a read of a view finds what each changed
//! row was beneath the transaction and what it is now, and what that takes from and adds to groups;
//! it changes the state that the shards have by the same algebra that applying will. Of multisets
//! an [`Overlay`] has the entries that become others. A read costs time in proportion to the rows
//! of the table that the transaction has changed.
//!
//! Rows are taken away before any is added, so that no count is ever below what the shards have.

use std::collections::BTreeMap;
use std::ops::Bound;

use bourse_storage::{Error, Result};

use super::info::{ViewInfo, parse_entry};
use super::shape::{End, LostEnd, MultisetChange};
use super::state::{Sign, State};
use crate::key;
use crate::lookup;
use crate::row::Row;
use crate::scan::{Keys, MergedCursor, Order};
use crate::snapshot::{KeyRange, Snapshot};
use crate::table::borrow;
use crate::value::Value;

/// Entries of a group's multisets that are other than the shards have them: u16 multiset
/// (big-endian), key of the value; to the count, which may be 0, and what is kept beside it.
pub(super) type Overlay = BTreeMap<Vec<u8>, (u64, Vec<u8>)>;

/// What a row takes from a group or adds to it.
#[derive(Debug)]
pub(super) struct Delta {
    pub(super) sign: Sign,
    pub(super) primary_key: Vec<u8>,
    pub(super) arguments: Vec<Value>,
}

/// By group, what the transaction's rows change.
pub(super) type Pending = BTreeMap<Vec<u8>, Vec<Delta>>;

/// What a snapshot's own changes of rows mean to a view that keeps states.
pub(super) fn pending<V: Snapshot>(snapshot: &V, view: &ViewInfo) -> Result<Pending> {
    let mut pending = Pending::new();
    let table = snapshot.catalog().table(view.view.table)?;
    let shards = u16::try_from(snapshot.core().shards.len()).unwrap_or(u16::MAX);
    let mut beneath = Vec::new();
    for shard in 0..shards {
        for (key, own) in snapshot.own_range(shard, table.id(), &KeyRange::ALL) {
            let was = lookup::get_beneath(snapshot, shard, table.id(), &key, &mut beneath)?;
            let old = if was { Some(table.layout.row(&beneath)?) } else { None };
            let new = own.as_deref().map(|own| table.layout.row(own)).transpose()?;
            note_rows(&mut pending, view, &key, old, new)?;
        }
    }
    for deltas in pending.values_mut() {
        deltas.sort_by_key(|delta| delta.sign == Sign::Add);
    }
    Ok(pending)
}

/// Notes what a change of a row in a shard takes from groups and adds to them.
pub(super) fn note_rows(
    pending: &mut Pending,
    view: &ViewInfo,
    key: &[u8],
    old: Option<Row<'_>>,
    new: Option<Row<'_>>,
) -> Result<()> {
    if let (Some(old), Some(new)) = (&old, &new)
        && view.is_untouched(old, new)
    {
        return Ok(());
    }
    for (row, sign) in [(old, Sign::Remove), (new, Sign::Add)] {
        if let Some(row) = row {
            note(pending, view, key, &row, sign)?;
        }
    }
    Ok(())
}

fn note(
    pending: &mut Pending,
    view: &ViewInfo,
    key: &[u8],
    row: &Row<'_>,
    sign: Sign,
) -> Result<()> {
    let noted = view.contribution(row, &mut Vec::new(), |group, arguments| {
        let arguments = arguments.iter().map(|value| value.to_value()).collect();
        let delta = Delta { sign, primary_key: key.to_vec(), arguments };
        pending.entry(group.to_vec()).or_default().push(delta);
        Ok(())
    });
    noted.map(drop)
}

/// A group's multisets in the shards that its states were merged from.
pub(super) struct Beneath<'s, V> {
    pub(super) snapshot: &'s V,
    pub(super) view: &'s ViewInfo,
    pub(super) shards: &'s [u16],
    pub(super) group: &'s [u8],
}

impl<V: Snapshot> Beneath<'_, V> {
    /// Changes a state as the deltas say. Returns what its multisets are then.
    pub(super) fn change(&self, state: &mut State, deltas: &[Delta]) -> Result<Overlay> {
        let mut overlay = Overlay::new();
        let shape = &self.view.shape;
        for Delta { sign, primary_key, arguments } in deltas {
            shape.change(state, *sign, &borrow(arguments), primary_key, &mut |change| {
                self.change_entry(&mut overlay, &change)
            })?;
        }
        while let Some(lost) = shape.lost_end(state) {
            let entry = self.end(&overlay, lost)?;
            let entry = entry.as_ref().map(|(key, payload)| (key.as_slice(), payload.as_slice()));
            shape.set_end(state, lost, entry);
        }
        Ok(overlay)
    }

    fn change_entry(&self, overlay: &mut Overlay, change: &MultisetChange<'_>) -> Result<u64> {
        let place = [&change.multiset.to_be_bytes()[..], change.key].concat();
        if !overlay.contains_key(&place) {
            let entry = self.entry(&place)?;
            overlay.insert(place.clone(), entry);
        }
        let Some((count, payload)) = overlay.get_mut(&place) else { return Err(lacks(self.view)) };
        *count = match change.sign {
            Sign::Add => count.checked_add(1),
            Sign::Remove => count.checked_sub(1),
        }
        .ok_or_else(|| lacks(self.view))?;
        if change.sign == Sign::Add && *count == 1 {
            *payload = change.payload.to_vec();
        }
        Ok(*count)
    }

    /// An entry in all shards: its count, and what is kept beside it.
    fn entry(&self, place: &[u8]) -> Result<(u64, Vec<u8>)> {
        let [_, tree] = self.view.trees();
        let key = [self.group, place].concat();
        let (mut total, mut kept, mut value) = (0_u64, Vec::new(), Vec::new());
        for shard in self.shards {
            if lookup::get(self.snapshot, *shard, tree, &key, &mut value)? {
                let (count, payload) = parse_entry(&value)?;
                total = total.saturating_add(count);
                kept = payload.to_vec();
            }
        }
        Ok((total, kept))
    }

    /// The first or last entry of a multiset: key and payload.
    fn end(&self, overlay: &Overlay, lost: LostEnd) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        let number = lost.multiset.to_be_bytes();
        let own = overlay.range(number.to_vec()..);
        let mut own = own
            .take_while(|(place, _)| place.starts_with(&number))
            .filter(|(_, (count, _))| *count > 0)
            .map(|(place, (_, payload))| (place[number.len()..].to_vec(), payload.clone()));
        let (own, order) = match lost.end {
            End::First => (own.next(), Order::Ascending),
            End::Last => (own.last(), Order::Descending),
        };
        let mut cursor = self.entries(lost.multiset, order)?;
        let begins = self.group.len();
        let mut value = Vec::new();
        while let Some(entry) = cursor.step(self.snapshot)? {
            let place = entry.key().get(begins..).unwrap_or_default();
            if overlay.contains_key(place) {
                continue;
            }
            let key = place[number.len()..].to_vec();
            let own_is_nearer = own.as_ref().is_some_and(|(own, _)| match lost.end {
                End::First => *own < key,
                End::Last => *own > key,
            });
            if own_is_nearer {
                break;
            }
            entry.value(self.snapshot, &mut value)?;
            return Ok(Some((key, parse_entry(&value)?.1.to_vec())));
        }
        Ok(own)
    }

    /// The entries that the shards have of a multiset; their keys begin with the group's.
    pub(super) fn entries(&self, multiset: u16, order: Order) -> Result<MergedCursor> {
        let mut prefix = Vec::new();
        ViewInfo::multiset_prefix(self.group, multiset, &mut prefix);
        let upper = key::prefix_end(&prefix).map_or(Bound::Unbounded, Bound::Excluded);
        let range = KeyRange { lower: Bound::Included(prefix), upper };
        let [_, tree] = self.view.trees();
        MergedCursor::new(self.snapshot, self.shards, tree, range, order, Keys::Wanted)
    }
}

fn lacks(view: &ViewInfo) -> Error {
    let name = view.name();
    Error::corrupt(format!("view {name} lacks a value of a row: check the store"))
}
