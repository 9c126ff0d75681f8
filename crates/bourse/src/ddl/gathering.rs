//! What rows of a shard make of an index or a view, in memory, and what changes of rows change.

use std::collections::BTreeMap;
use std::sync::Arc;

use bourse_storage::{Error, Result};

use super::build::Target;
use super::chunk::not_unique;
use crate::catalog::{Build, TableInfo};
use crate::index::Entry;
use crate::pairs::Pairs;
use crate::shard::map::Slot;
use crate::view::{Gathered, Sign};

/// Entries of an index, or groups of a view, of all rows of a shard.
pub(super) struct Gathering {
    info: Arc<TableInfo>,
    build: Build,
    entries: Pairs,
    /// What becomes of entries.
    changes: BTreeMap<Vec<u8>, TreeChange>,
    groups: Gathered,
    entry: Entry,
}

/// What becomes of a key of a tree.
#[derive(Default)]
pub(super) struct TreeChange {
    /// Whether the tree may have the key.
    pub(super) may_be_there: bool,
    /// Its value; none where it goes.
    pub(super) value: Option<Vec<u8>>,
}

/// Keys of a tree, in order, with what becomes of them.
pub(super) type TreeChanges = Vec<(Vec<u8>, TreeChange)>;

impl Gathering {
    pub(super) fn new(info: Arc<TableInfo>, build: Build) -> Gathering {
        Gathering {
            info,
            build,
            entries: Pairs::default(),
            changes: BTreeMap::new(),
            groups: Gathered::default(),
            entry: Entry::default(),
        }
    }

    /// Bytes that it takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.entries.bytes() + self.groups.bytes()
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `InvalidInput` for a row that the view cannot take.
    pub(super) fn add(&mut self, key: &[u8], row: &[u8]) -> Result<()> {
        let row = self.info.layout.row(row)?;
        match Target::of(&self.info, self.build)? {
            Target::Index(index) => {
                if index.entry(&row, key, Slot(0), &mut self.entry)? {
                    self.entries.push(&self.entry.key, &self.entry.value)?;
                }
                Ok(())
            }
            Target::View(view) => self.groups.add_checked(view, &row, key),
        }
    }

    /// The trees' numbers with their entries in order. From now on it is for changes of rows.
    ///
    /// # Errors
    /// `Constraint` (23505) when rows have equal keys in a unique index.
    pub(super) fn trees(&mut self) -> Result<Vec<(u32, Pairs)>> {
        match Target::of(&self.info, self.build)? {
            Target::Index(index) => {
                let mut entries = std::mem::take(&mut self.entries);
                entries.sort();
                if entries.has_equal_neighbours() {
                    return Err(not_unique(&self.info, index));
                }
                Ok(vec![(index.id(), entries)])
            }
            Target::View(view) => {
                self.groups.follow();
                Ok(view.all_trees().zip(self.groups.entries(view)?).collect())
            }
        }
    }

    /// Takes note of a row that is another now than it was.
    ///
    /// # Errors
    /// `InvalidInput` for a row that the view cannot take, `Constraint` (23505) for one that a
    /// unique index cannot.
    pub(super) fn change(
        &mut self,
        key: &[u8],
        was: Option<&[u8]>,
        is: Option<&[u8]>,
    ) -> Result<()> {
        let info = Arc::clone(&self.info);
        let was = was.map(|bytes| info.layout.row(bytes)).transpose()?;
        let is = is.map(|bytes| info.layout.row(bytes)).transpose()?;
        match Target::of(&info, self.build)? {
            Target::Index(index) => {
                if let Some(was) = was
                    && index.entry(&was, key, Slot(0), &mut self.entry)?
                {
                    self.entry_of_changed().may_be_there = true;
                }
                if let Some(is) = is
                    && index.entry(&is, key, Slot(0), &mut self.entry)?
                {
                    let value = self.entry.value.clone();
                    if self.entry_of_changed().value.replace(value).is_some() {
                        return Err(not_unique(&info, index));
                    }
                }
            }
            Target::View(view) => {
                if let Some(was) = &was {
                    self.groups.change(view, was, key, Sign::Remove)?;
                }
                if let Some(is) = &is {
                    self.groups.add_checked(view, is, key)?;
                }
            }
        }
        Ok(())
    }

    fn entry_of_changed(&mut self) -> &mut TreeChange {
        self.changes.entry(self.entry.key.clone()).or_default()
    }

    /// What the changes of rows since the last time mean to the keys of each tree, in the order of
    /// [`Gathering::trees`] and of the keys.
    ///
    /// # Errors
    /// `Corrupt` for damaged states.
    pub(super) fn take_changes(&mut self) -> Result<Vec<TreeChanges>> {
        match Target::of(&self.info, self.build)? {
            Target::Index(_) => Ok(vec![std::mem::take(&mut self.changes).into_iter().collect()]),
            Target::View(view) => {
                let change = |(key, value)| (key, TreeChange { may_be_there: true, value });
                let of_trees = self.groups.take_changes(view)?.into_iter();
                Ok(of_trees.map(|became| became.into_iter().map(change).collect()).collect())
            }
        }
    }

    /// What a unique index answers where a key is there already, of another row.
    pub(super) fn refusal(&self) -> Error {
        match Target::of(&self.info, self.build) {
            Ok(Target::Index(index)) => not_unique(&self.info, index),
            Ok(Target::View(_)) => unreachable!("a group's entry may always be there"),
            Err(error) => error,
        }
    }
}
