//! What a commit does to the groups that feeds tell of: their states before and after, computed by
//! the committer. It holds the mutexes of the groups' shards, so what it reads is what the record
//! is applied to.
//!
//! ```text
//! VALUE OF THE OPERATION `GroupStates`, whose key is that of the group
//!   u32 length of the state before (little-endian), that state, the state after; an empty one
//!   where there is no such group
//! ```
//! A record has states and not what is shown of them, because nothing about a state can refuse: an
//! output that does not fit its type (22003) is met by who reads it, as with any read.

use std::sync::Arc;

use bourse_storage::bug::{self, Bug};
use bourse_storage::{Error, ErrorKind, Result};

use super::contribution::{CONTRIBUTIONS, Contribution};
use super::info::ViewInfo;
use super::ordered::NoMultisets;
use super::pending::{Beneath, Delta, Pending, note_rows};
use super::read::Group;
use super::state::Sign;
use crate::key::KeyReader;
use crate::lookup;
use crate::snapshot::Snapshot;
use crate::transaction::write_set::WriteSet;
use crate::value::{Value, encode_tagged};

/// A group that a commit changes.
#[derive(Debug)]
pub(crate) struct FedGroup {
    /// The shard of its state.
    pub(crate) shard: u16,
    /// The view.
    pub(crate) view: u32,
    /// Its key.
    pub(crate) key: Vec<u8>,
    /// Its states, as the record has them.
    pub(crate) states: Vec<u8>,
}

/// A group of a view before and after a transaction.
#[derive(Clone, Debug)]
pub struct GroupChange {
    view: Arc<ViewInfo>,
    key: Vec<u8>,
    old: Vec<u8>,
    new: Vec<u8>,
}

/// The groups of a view that a write set changes in a shard; `heads` is what it is applied to.
pub(crate) fn fed_groups<V: Snapshot>(
    heads: &V,
    view: &ViewInfo,
    shard: u16,
    writes: &WriteSet,
) -> Result<Vec<FedGroup>> {
    let mut changed = Vec::new();
    for (key, mut deltas) in changes_of(heads, view, shard, writes)? {
        // Away before it comes, so that no count is below what the shard has.
        deltas.sort_by_key(|delta| delta.sign == Sign::Add);
        if bug::switched_on(Bug::FedGroupKeepsWhatGoes) {
            deltas.retain(|delta| delta.sign == Sign::Add);
        }
        let (mut old, mut new) = (Vec::new(), Vec::new());
        let mut state = view.shape.new_state();
        if lookup::get(heads, shard, view.id(), &key, &mut old)? {
            view.shape.decode(&old, &mut state)?;
        }
        let beneath = Beneath { snapshot: heads, view, shards: &[shard], group: &key };
        beneath.change(&mut state, &deltas)?;
        if !view.shape.is_empty(&state) {
            view.shape.encode(&state, &mut new);
        }
        if old == new {
            continue;
        }
        let length = u32::try_from(old.len());
        let length = length.map_err(|_| Error::corrupt("a view's state is longer than 4 GiB"))?;
        let states = [&length.to_le_bytes()[..], &old, &new].concat();
        changed.push(FedGroup { shard, view: view.id(), key, states });
    }
    Ok(changed)
}

/// What a write set takes from groups of a shard and adds to them.
fn changes_of<V: Snapshot>(
    heads: &V,
    view: &ViewInfo,
    shard: u16,
    writes: &WriteSet,
) -> Result<Pending> {
    let mut pending = Pending::new();
    if view.is_written_out() {
        for (bytes, change) in writes.changes_in(shard, view.id() | CONTRIBUTIONS) {
            let sign = match change.value.as_deref() {
                None => Sign::Remove,
                Some([]) => continue,
                Some(_) => Sign::Add,
            };
            let Contribution { group, primary_key, arguments } = Contribution::decode(bytes)?;
            let arguments = arguments.iter().map(|value| value.to_value()).collect();
            let delta = Delta { sign, primary_key: primary_key.to_vec(), arguments };
            pending.entry(group.to_vec()).or_default().push(delta);
        }
        return Ok(pending);
    }
    let table = heads.catalog().table(view.view.table)?;
    let mut old = Vec::new();
    for (key, change) in writes.changes_in(shard, table.id()) {
        let was = lookup::get(heads, shard, table.id(), key, &mut old)?;
        let old = if was { Some(table.layout.row(&old)?) } else { None };
        let new = change.value.as_deref().map(|row| table.layout.row(row)).transpose()?;
        note_rows(&mut pending, view, key, old, new)?;
    }
    Ok(pending)
}

impl ViewInfo {
    /// Whether a write set may change groups of the view.
    pub(crate) fn is_changed_by(&self, writes: &WriteSet) -> bool {
        let tree = match self.is_written_out() {
            true => self.id() | CONTRIBUTIONS,
            false => self.view.table,
        };
        writes.changes_of(tree).next().is_some()
    }

    /// Refuses a feed of what has no final states, or shows what is not of them.
    ///
    /// # Errors
    /// `InvalidInput`: 0A000, 55000 while it is being built.
    pub(crate) fn check_can_be_fed(&self) -> Result<()> {
        let refused = |reason: &str| {
            let message = format!("feed of view {}: {reason}", self.name());
            Err(Error::invalid(message).with_sqlstate("0A000"))
        };
        if self.rollup.is_some() {
            return refused("nothing is kept of a roll-up; make a feed of an owned view");
        }
        if self.is_partial() {
            return refused(
                "its groups have a state in each shard, and nobody sees them change: let it be \
                 owned",
            );
        }
        if !self.lookups.is_empty() {
            return refused("columns that are looked up change without it");
        }
        if (0..self.definition().aggregates.len()).any(|at| self.shape.reads_multiset(at)) {
            return refused("a percentile is found when it is read, so no state has it");
        }
        self.check_is_ready()
    }
}

impl GroupChange {
    /// The change that an operation tells of.
    ///
    /// # Errors
    /// `Corrupt` when it is none.
    pub(crate) fn of(view: &Arc<ViewInfo>, key: &[u8], states: &[u8]) -> Result<GroupChange> {
        let damaged = || Error::corrupt("the states of a view's group in the log are damaged");
        let (length, states) = states.split_first_chunk::<4>().ok_or_else(damaged)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (old, new) = states.split_at_checked(length).ok_or_else(damaged)?;
        let (view, key) = (Arc::clone(view), key.to_vec());
        Ok(GroupChange { view, key, old: old.to_vec(), new: new.to_vec() })
    }

    /// A group that came.
    pub(crate) fn came(view: &Arc<ViewInfo>, key: &[u8], state: &[u8]) -> GroupChange {
        let (view, key) = (Arc::clone(view), key.to_vec());
        GroupChange { view, key, old: Vec::new(), new: state.to_vec() }
    }

    /// The group before; none where it was not there, or HAVING did not show it.
    ///
    /// # Errors
    /// `InvalidInput` (22003) when an output does not fit its type; `Corrupt` for a damaged state.
    pub fn before(&self) -> Result<Option<Group>> {
        self.shown(&self.old)
    }

    /// The group after; none where it is no longer there, or HAVING does not show it.
    ///
    /// # Errors
    /// As [`GroupChange::before`].
    pub fn after(&self) -> Result<Option<Group>> {
        self.shown(&self.new)
    }

    /// The values by which it is grouped.
    ///
    /// # Errors
    /// `Corrupt` when the key does not decode.
    pub fn key(&self) -> Result<Vec<Value>> {
        let mut reader = KeyReader::new(&self.view.key_shape, &self.key);
        self.view.key_shape.iter().map(|_| reader.next_value()).collect()
    }

    fn shown(&self, state: &[u8]) -> Result<Option<Group>> {
        if state.is_empty() {
            return Ok(None);
        }
        let shape = &self.view.shape;
        let mut decoded = shape.new_state();
        shape.decode(state, &mut decoded)?;
        let mut values = self.key()?;
        values.append(&mut shape.read(&decoded, &mut NoMultisets)?);
        Group::if_shown(&self.view, values)
    }

    /// Whether anything of it is other than before, as far as it is shown.
    pub(crate) fn is_told(&self) -> Result<bool> {
        match (self.before(), self.after()) {
            (Ok(before), Ok(after)) => Ok(bytes_of(before.as_ref()) != bytes_of(after.as_ref())),
            // Whoever looks at it meets the error.
            (Err(error), _) | (_, Err(error)) if error.kind() == ErrorKind::InvalidInput => {
                Ok(true)
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }
}

/// The values of a group as bytes, by which NaN is NaN.
fn bytes_of(group: Option<&Group>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for value in group?.values() {
        encode_tagged(value.as_value(), &mut bytes);
    }
    Some(bytes)
}
