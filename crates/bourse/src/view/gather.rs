//! A view of many rows made at once, in memory: for a table that has rows already, for a bulk load,
//! and for the check. What comes out are the bytes that the upkeep row by row leads to (V1).

use std::collections::BTreeMap;

use bourse_storage::pager::Need;
use bourse_storage::tree;
use bourse_storage::{Error, Result};

use super::contribution::Contribution;
use super::info::{ViewInfo, parse_entry, write_entry};
use super::state::{Sign, State};
use crate::pairs::Pairs;
use crate::row::Row;
use crate::scan;
use crate::value::ValueRef;

/// The groups of the rows of one shard.
#[derive(Default, Debug)]
pub(crate) struct Gathered {
    states: BTreeMap<Vec<u8>, State>,
    multisets: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Of a check: what the shard has of rows that have expired, which no row tells.
    frozen: BTreeMap<Vec<u8>, State>,
    /// Memory that is used again.
    group: Vec<u8>,
    key: Vec<u8>,
}

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
        let Gathered { states, multisets, key, .. } = self;
        add_to(states, multisets, key, view, group, primary_key, &arguments)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `InvalidInput` for a row that the view cannot take.
    pub(crate) fn add(&mut self, view: &ViewInfo, row: &Row<'_>, primary_key: &[u8]) -> Result<()> {
        let Gathered { states, multisets, group, key, .. } = self;
        let added = view.contribution(row, group, |group, arguments| {
            add_to(states, multisets, key, view, group, primary_key, arguments)
        });
        added.map(drop)
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
        for (key, state) in &self.states {
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

#[allow(clippy::too_many_arguments, reason = "parts of one Gathered that are borrowed apart")]
fn add_to(
    states: &mut BTreeMap<Vec<u8>, State>,
    multisets: &mut BTreeMap<Vec<u8>, Vec<u8>>,
    key: &mut Vec<u8>,
    view: &ViewInfo,
    group: &[u8],
    primary_key: &[u8],
    arguments: &[ValueRef<'_>],
) -> Result<()> {
    let state = match states.get_mut(group) {
        Some(state) => state,
        None => states.entry(group.to_vec()).or_insert(view.shape.new_state()),
    };
    view.shape.change(state, Sign::Add, arguments, primary_key, &mut |change| {
        ViewInfo::multiset_prefix(group, change.multiset, key);
        key.extend_from_slice(change.key);
        match multisets.get_mut(key) {
            None => {
                let mut value = Vec::new();
                write_entry(1, change.payload, &mut value);
                multisets.insert(key.clone(), value);
                Ok(1)
            }
            Some(value) => {
                let count = parse_entry(value)?.0 + 1;
                write_entry(count, change.payload, value);
                Ok(count)
            }
        }
    })
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
