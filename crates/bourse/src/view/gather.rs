//! A view of many rows made at once, in memory: for a table that has rows already, for a bulk load,
//! and for the check. What comes out are the bytes that the upkeep row by row leads to (V1).
//!
//! Where the rows go on changing while trees are built of it, it [follows](Gathered::follow) them,
//! and says what each change of rows means to the trees.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use bourse_storage::pager::Need;
use bourse_storage::tree;
use bourse_storage::{Error, Result};
use hashbrown::HashMap;

use super::contribution::Contribution;
use super::info::{ViewInfo, parse_entry, write_entry};
use super::shape::{End, LostEnd};
use super::state::{Sign, State};
use crate::key;
use crate::pairs::Pairs;
use crate::row::Row;
use crate::scan;
use crate::value::ValueRef;

/// The groups of the rows of one shard.
#[derive(Default, Debug)]
pub(crate) struct Gathered {
    states: HashMap<Vec<u8>, State>,
    multisets: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Of a check: what the shard has of rows that have expired, which no row tells.
    frozen: BTreeMap<Vec<u8>, State>,
    /// What has changed since trees were built of it, if they were.
    changed: Option<Changed>,
    /// Memory that is used again.
    group: Vec<u8>,
    key: Vec<u8>,
}

/// Keys of what has changed.
#[derive(Default, Debug)]
struct Changed {
    /// Groups, with the keys that each had in the view's indexes.
    groups: BTreeMap<Vec<u8>, Vec<Vec<u8>>>,
    multisets: BTreeSet<Vec<u8>>,
}

/// What becomes of a key of a tree: its value; none where it goes.
pub(crate) type Became = (Vec<u8>, Option<Vec<u8>>);

impl Gathered {
    /// Adds a contribution of a row of whatever shard.
    ///
    /// # Errors
    /// `Corrupt` when it is none.
    pub(crate) fn add_contribution(&mut self, view: &ViewInfo, bytes: &[u8]) -> Result<()> {
        let Contribution { group, primary_key, arguments } = Contribution::decode(bytes)?;
        if arguments.len() != view.shape.arguments().len() {
            return Err(Error::corrupt("a contribution to a view's group has other arguments"));
        }
        self.change_group(view, group, primary_key, &arguments, Sign::Add)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `InvalidInput` for a row that the view cannot take.
    pub(crate) fn add(&mut self, view: &ViewInfo, row: &Row<'_>, primary_key: &[u8]) -> Result<()> {
        self.change(view, row, primary_key, Sign::Add)
    }

    /// As [`Gathered::add`], a row that the view was not asked about ([`ViewInfo::check`]).
    ///
    /// # Errors
    /// As [`ViewInfo::check`].
    pub(crate) fn add_checked(
        &mut self,
        view: &ViewInfo,
        row: &Row<'_>,
        primary_key: &[u8],
    ) -> Result<()> {
        let mut group = std::mem::take(&mut self.group);
        let added = view.contribution(row, &mut group, |group, arguments| {
            view.check_contribution(group, arguments, primary_key)?;
            self.change_group(view, group, primary_key, arguments, Sign::Add)
        });
        self.group = group;
        added.map(drop).map_err(|error| view.told(&error))
    }

    /// Adds a row that the view can take, or takes one away that was added.
    ///
    /// # Errors
    /// As [`Gathered::add`]; `Corrupt` for a row that was never added.
    pub(crate) fn change(
        &mut self,
        view: &ViewInfo,
        row: &Row<'_>,
        primary_key: &[u8],
        sign: Sign,
    ) -> Result<()> {
        let mut group = std::mem::take(&mut self.group);
        let changed = view.contribution(row, &mut group, |group, arguments| {
            self.change_group(view, group, primary_key, arguments, sign)
        });
        self.group = group;
        changed.map(drop)
    }

    fn change_group(
        &mut self,
        view: &ViewInfo,
        group: &[u8],
        primary_key: &[u8],
        arguments: &[ValueRef<'_>],
        sign: Sign,
    ) -> Result<()> {
        self.note_group(view, group)?;
        let Gathered { states, multisets, changed, key, .. } = self;
        let state = states.entry_ref(group).or_insert_with(|| view.shape.new_state());
        view.shape.change(state, sign, arguments, primary_key, &mut |change| {
            ViewInfo::multiset_prefix(group, change.multiset, key);
            key.extend_from_slice(change.key);
            if let Some(changed) = changed {
                changed.multisets.insert(key.clone());
            }
            let before = match multisets.get(key) {
                Some(value) => parse_entry(value)?.0,
                None => 0,
            };
            let count = match change.sign {
                Sign::Add => before.checked_add(1),
                Sign::Remove => before.checked_sub(1),
            };
            let count = count.ok_or_else(|| lacks_value(view))?;
            if count == 0 {
                multisets.remove(key);
            } else if let Some(value) = multisets.get_mut(key) {
                write_entry(count, change.payload, value);
            } else {
                let mut value = Vec::new();
                write_entry(count, change.payload, &mut value);
                multisets.insert(key.clone(), value);
            }
            Ok(count)
        })
    }

    /// From now on notes what changes: trees are being built of what it is.
    pub(crate) fn follow(&mut self) {
        self.changed = Some(Changed::default());
    }

    fn note_group(&mut self, view: &ViewInfo, group: &[u8]) -> Result<()> {
        let Some(changed) = self.changed.as_mut() else { return Ok(()) };
        if !changed.groups.contains_key(group) {
            let mut ordered = Vec::new();
            if let Some(state) = self.states.get(group) {
                view.ordered_keys(group, state, &mut ordered)?;
            }
            changed.groups.insert(group.to_vec(), ordered);
        }
        Ok(())
    }

    /// What has changed since it was asked for the last time, or began to follow, for each of
    /// [`ViewInfo::all_trees`] in order of keys.
    ///
    /// # Errors
    /// `Corrupt` for a damaged state.
    pub(crate) fn take_changes(&mut self, view: &ViewInfo) -> Result<Vec<Vec<Became>>> {
        let Changed { groups, multisets } =
            self.changed.replace(Changed::default()).unwrap_or_default();
        let (mut states, mut ordered) = (Vec::new(), Vec::new());
        let mut indexes = vec![BTreeMap::new(); view.view.indexes.len()];
        for (group, before) in groups {
            self.settle(view, &group)?;
            for (index, key) in indexes.iter_mut().zip(before) {
                index.insert(key, None);
            }
            let value = match self.states.get(&group) {
                None => None,
                Some(state) => {
                    view.ordered_keys(&group, state, &mut ordered)?;
                    for (index, key) in indexes.iter_mut().zip(ordered.drain(..)) {
                        index.insert(key, Some(Vec::new()));
                    }
                    let mut value = Vec::new();
                    view.shape.encode(state, &mut value);
                    Some(value)
                }
            };
            states.push((group, value));
        }
        let multisets = multisets.into_iter().map(|key| {
            let value = self.multisets.get(&key).cloned();
            (key, value)
        });
        let mut changes = vec![states, multisets.collect()];
        changes.extend(indexes.into_iter().map(|index| index.into_iter().collect()));
        Ok(changes)
    }

    /// Finds the ends that a group has lost, or forgets a group without rows.
    fn settle(&mut self, view: &ViewInfo, group: &[u8]) -> Result<()> {
        let Gathered { states, multisets, key: prefix, .. } = self;
        let Some(state) = states.get_mut(group) else { return Ok(()) };
        if view.shape.is_empty(state) {
            states.remove(group);
            return Ok(());
        }
        while let Some(lost) = view.shape.lost_end(state) {
            let LostEnd { multiset, end, .. } = lost;
            ViewInfo::multiset_prefix(group, multiset, prefix);
            let behind = key::prefix_end(prefix);
            let upper = behind.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
            let mut within = multisets.range::<[u8], _>((Bound::Included(&prefix[..]), upper));
            let found = if end == End::First { within.next() } else { within.next_back() };
            let entry = match found {
                Some((key, value)) => Some((&key[prefix.len()..], parse_entry(value)?.1)),
                None => None,
            };
            view.shape.set_end(state, lost, entry);
        }
        Ok(())
    }

    /// Bytes that it takes, about.
    pub(crate) fn bytes(&self) -> usize {
        /// Of the vectors of a state, and of an entry's place.
        const BESIDE: usize = 256;
        (self.states.len() + self.multisets.len()) * BESIDE
    }

    /// Takes what a shard has of rows of a group that have expired.
    pub(crate) fn add_frozen(&mut self, group: &[u8], state: State) {
        self.frozen.insert(group.to_vec(), state);
    }

    /// How many groups have rows that have expired.
    pub(crate) fn frozen_groups(&self) -> u64 {
        self.frozen.len() as u64
    }

    /// The trees' entries in order: those of the states, those of the multisets, those of each
    /// index.
    ///
    /// # Errors
    /// `InvalidInput` from 4 GiB on.
    pub(crate) fn entries(&self, view: &ViewInfo) -> Result<Vec<Pairs>> {
        let (mut states, mut multisets) = (Pairs::default(), Pairs::default());
        let (mut value, mut ordered) = (Vec::new(), Vec::new());
        let mut indexes = Vec::new();
        indexes.resize_with(view.view.indexes.len(), Pairs::default);
        let mut groups: Vec<_> = self.states.iter().collect();
        groups.sort_unstable_by_key(|(key, _)| *key);
        for (key, state) in groups {
            value.clear();
            view.shape.encode(state, &mut value);
            states.push(key, &value)?;
            let whole = view.whole(state, self.frozen.get(key))?;
            view.ordered_keys(key, &whole, &mut ordered)?;
            for (index, key) in indexes.iter_mut().zip(&ordered) {
                index.push(key, &[])?;
            }
        }
        for (key, state) in self.frozen.iter().filter(|(key, _)| !self.states.contains_key(*key)) {
            view.ordered_keys(key, state, &mut ordered)?;
            for (index, key) in indexes.iter_mut().zip(&ordered) {
                index.push(key, &[])?;
            }
        }
        for (key, value) in &self.multisets {
            multisets.push(key, value)?;
        }
        indexes.iter_mut().for_each(Pairs::sort);
        let mut entries = vec![states, multisets];
        entries.append(&mut indexes);
        Ok(entries)
    }

    /// What the trees take of a shard's disk space, at the worst, if rows come one by one.
    ///
    /// # Errors
    /// As [`Gathered::entries`].
    pub(crate) fn need(&self, view: &ViewInfo, mut need: Need) -> Result<Need> {
        /// Bytes of an entry beside key and value, at most.
        const ENTRY_BYTES: usize = 16;
        /// Bytes of entries in a page that splits leave, at least.
        const SPLIT_BYTES: usize = 1_024;
        let mut bytes = 0;
        for pairs in self.entries(view)? {
            for (key, value) in pairs.iter() {
                need = scan::need(need, key, value);
                bytes += key.len() + value.len().min(tree::MAX_INLINE_VALUE_BYTES) + ENTRY_BYTES;
            }
        }
        Ok(need.and(2 + bytes.div_ceil(SPLIT_BYTES)))
    }

    /// Compares with what the view has: `next` gives the entries of its trees in order, of that
    /// number; `differs` hears of each that is other than it should be.
    ///
    /// # Errors
    /// What `next` returned.
    pub(crate) fn compare(
        &self,
        view: &ViewInfo,
        mut next: impl FnMut(usize, &mut Vec<u8>, &mut Vec<u8>) -> Result<bool>,
        mut differs: impl FnMut(usize, &[u8], Difference) -> Result<()>,
    ) -> Result<()> {
        let (mut key, mut value) = (Vec::new(), Vec::new());
        for (tree, pairs) in self.entries(view)?.iter().enumerate() {
            let mut wanted = pairs.iter().peekable();
            let mut there = next(tree, &mut key, &mut value)?;
            loop {
                match (wanted.peek(), there) {
                    (None, false) => break,
                    (Some((right, _)), has) if !has || *right < key.as_slice() => {
                        differs(tree, right, Difference::Missing)?;
                        wanted.next();
                    }
                    (Some((right, bytes)), true) if *right == key.as_slice() => {
                        if *bytes != value.as_slice() {
                            differs(tree, &key, Difference::Other)?;
                        }
                        wanted.next();
                        there = next(tree, &mut key, &mut value)?;
                    }
                    _ => {
                        differs(tree, &key, Difference::Surplus)?;
                        there = next(tree, &mut key, &mut value)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// How an entry of a view differs from what the rows make it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Difference {
    /// The rows have it, the view not.
    Missing,
    /// The view has it, the rows not.
    Surplus,
    /// It has another value.
    Other,
}

/// Refuses to build what is not a view of the table.
pub(crate) fn lost() -> Error {
    Error::corrupt("log record builds a view that is not defined")
}

/// A multiset without a value that a row had.
pub(crate) fn lacks_value(view: &ViewInfo) -> Error {
    Error::corrupt(format!("view {} lacks a value of a row: check the store", view.name()))
}
