//! What a transaction has changed and not committed: an ordered map by shard, tree and key.
//!
//! Rows and index entries lie side by side, so that every read of the transaction, of a table or of
//! an index, merges one map over one tree. What goes into the record is told by [`Logged`].

use std::collections::BTreeSet;
use std::ops::Bound;

use bourse_storage::bug::{self, Bug};
use bourse_storage::{Error, Result};

use crate::catalog::Catalog;
use crate::record::{OperationKind, Record};
use crate::shard::COUNTERS;
use crate::transaction::key_map::{KeyBytes, KeyMap};
use crate::transaction::locks::LockMode;
use crate::transaction::places::Place;
use crate::view::{CONTRIBUTIONS, FedGroup, Sign};

/// Value of a contribution that goes to the frozen state of its group.
pub(crate) const FROZEN: &[u8] = &[2];

/// How a change reaches the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Logged {
    /// As a row operation.
    Row {
        /// Whether the run that changes the row found it there, so that its page is in memory.
        was_found: bool,
    },
    /// As the deletion of a row that has expired.
    Expired,
    /// As an entry operation: it crosses shards, so apply could not derive it.
    Entry,
    /// As an entry of a counter, which goes up to this at least, whoever else raises it.
    Raise,
    /// Not at all: apply derives it from the row.
    Derived,
    /// As what a row takes from the group of a view in another shard, or adds to it.
    Contribution,
}

impl Logged {
    /// Whether it is a row operation.
    pub(crate) fn is_row(self) -> bool {
        matches!(self, Logged::Row { .. } | Logged::Expired)
    }
}

/// How a change reaches the log, and whether its place in the tree is known.
#[derive(Clone, Copy)]
pub(crate) struct Noted {
    logged: Logged,
    was_seen: bool,
}

impl Logged {
    /// The same of a key that the run has looked for before, found or not.
    pub(crate) fn seen(self, was_seen: bool) -> Noted {
        Noted { logged: self, was_seen }
    }
}

impl From<Logged> for Noted {
    fn from(logged: Logged) -> Noted {
        logged.seen(logged == Logged::Row { was_found: true })
    }
}

/// The new state of one key.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The value, `None` when deleted.
    pub(crate) value: Option<Vec<u8>>,
    /// How it reaches the log.
    pub(crate) logged: Logged,
    /// Whether the run that made it has looked for the key in the tree, so that the leaf that it
    /// changes was in memory then.
    pub(crate) was_seen: bool,
    /// The row that was there before the transaction, where the record is to carry it.
    pub(crate) old: Option<Box<[u8]>>,
}

/// What applying does with a key beside the changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    /// Most bytes of the value that it writes.
    pub(crate) bytes: usize,
    /// Whether it looks at the entries beside, too: where the key is the end of a view's multiset
    /// and goes, for the next one.
    pub(crate) neighbours: bool,
}

/// All changes of a transaction.
#[derive(Default, Debug)]
pub(crate) struct WriteSet {
    changes: KeyMap<Change>,
    bytes: usize,
    /// Keys that applying will write beside.
    touched: KeyMap<Touch>,
    bytes_touched: usize,
    /// What each change replaced, in order, where changes may be taken back.
    journal: Option<Vec<Replaced>>,
}

/// What a key had in the write set before a change.
#[derive(Debug)]
pub(crate) struct Replaced {
    /// Shard of the key.
    pub(crate) shard: u16,
    /// Tree of the key.
    pub(crate) tree: u32,
    /// The key.
    pub(crate) key: KeyBytes,
    /// Its change before, if it had one.
    pub(crate) before: Option<Change>,
    bytes_before: usize,
}

/// What a change counts for: key, value, and what keeps them.
fn bytes_of(key: &[u8], change: &Change) -> usize {
    let old = change.old.as_ref().map_or(0, |old| old.len());
    bytes_with(key.len(), change.value.as_ref().map_or(0, Vec::len)) + old
}

/// The same by the lengths.
pub(super) fn bytes_with(key: usize, value: usize) -> usize {
    key + value + 32
}

impl WriteSet {
    /// A write set whose changes can be taken back.
    pub(crate) fn with_journal() -> WriteSet {
        WriteSet { journal: Some(Vec::new()), ..WriteSet::default() }
    }

    /// What was replaced since a mark.
    pub(crate) fn replaced_since(&self, mark: usize) -> &[Replaced] {
        self.journal.as_deref().unwrap_or_default().get(mark..).unwrap_or_default()
    }

    /// What was replaced before a mark.
    pub(super) fn replaced_until(&self, mark: usize) -> &[Replaced] {
        self.journal.as_deref().unwrap_or_default().get(..mark).unwrap_or_default()
    }

    /// A mark to take changes back to.
    pub(crate) fn mark(&self) -> usize {
        self.journal.as_ref().map_or(0, Vec::len)
    }

    /// Takes back all changes since the mark: the write set is what it was then.
    pub(crate) fn undo_to(&mut self, mark: usize) {
        let Some(journal) = &mut self.journal else { return };
        while journal.len() > mark {
            let Some(replaced) = journal.pop() else { break };
            let place = (replaced.shard, replaced.tree);
            match replaced.before {
                Some(change) => self.changes.set(place, &replaced.key, change),
                None => self.changes.remove(place, &replaced.key),
            }
            self.bytes = replaced.bytes_before;
        }
    }

    /// Takes the changes of trees out, to go their own way. What of them could be taken back cannot
    /// be any more; it must all be newer than every mark that is still in use.
    pub(super) fn split_off(&mut self, is_taken: impl Fn(u32) -> bool) -> WriteSet {
        let mut taken = WriteSet {
            changes: self.changes.take(&is_taken),
            touched: self.touched.take(&is_taken),
            ..WriteSet::default()
        };
        taken.bytes = taken.changes.iter().map(|(_, key, change)| bytes_of(key, change)).sum();
        taken.bytes_touched =
            taken.touched.iter().map(|(_, key, _)| bytes_with(key.len(), 0)).sum();
        self.bytes -= taken.bytes;
        self.bytes_touched -= taken.bytes_touched;
        if let Some(journal) = &mut self.journal {
            journal.retain(|replaced| !is_taken(replaced.tree));
            // They count what has gone; what is undone to counts anew from here.
            for replaced in journal {
                replaced.bytes_before = replaced.bytes_before.saturating_sub(taken.bytes);
            }
        }
        taken
    }

    /// Begins to remember what changes replace. Returns whether nobody did before.
    pub(super) fn begin_journal(&mut self) -> bool {
        let begins = self.journal.is_none();
        self.journal.get_or_insert_default();
        begins
    }

    /// Ends what [`WriteSet::begin_journal`] began, keeping the changes.
    pub(super) fn end_journal(&mut self) {
        self.journal = None;
    }

    /// Forgets what could be taken back: nobody has a mark.
    pub(crate) fn forget_marks(&mut self) {
        if let Some(journal) = &mut self.journal {
            journal.clear();
        }
    }

    /// The trees of all shards that were changed, also where that was taken back and may come
    /// again.
    pub(crate) fn trees(&self) -> BTreeSet<u32> {
        let replaced = self.journal.iter().flatten().map(|replaced| replaced.tree);
        self.changes.iter().map(|((_, tree), _, _)| tree).chain(replaced).collect()
    }

    /// Whether nothing was changed.
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Bytes of keys and values held.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.bytes_touched
    }

    /// Adds the shards changed, ascending.
    pub(crate) fn add_shards_to(&self, shards: &mut Vec<u16>) {
        for ((shard, _), _, _) in self.changes.iter() {
            if shards.last() != Some(&shard) {
                shards.push(shard);
            }
        }
    }

    /// The change of a key, if there is one.
    pub(crate) fn get(&self, shard: u16, tree: u32, key: &[u8]) -> Option<&Change> {
        self.changes.get((shard, tree), key)
    }

    /// Changes of a tree within bounds, to be merged over what the tree holds.
    pub(crate) fn range(
        &self,
        shard: u16,
        tree: u32,
        bounds: (Bound<&[u8]>, Bound<&[u8]>),
    ) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        let changes = self.changes.range((shard, tree), bounds);
        changes.map(|(_, key, change)| (key.to_vec(), change.value.clone())).collect()
    }

    /// Sets a key's new state.
    pub(crate) fn set(
        &mut self,
        shard: u16,
        tree: u32,
        key: &[u8],
        value: Option<Vec<u8>>,
        logged: impl Into<Noted>,
    ) {
        self.set_over(shard, tree, key, value, logged, None);
    }

    /// As [`WriteSet::set`]; `old` is the row that is replaced, where the record is to carry it.
    /// Of several changes of a key the first one knows what was there before the transaction.
    pub(crate) fn set_over(
        &mut self,
        shard: u16,
        tree: u32,
        key: &[u8],
        value: Option<Vec<u8>>,
        logged: impl Into<Noted>,
        old: Option<&[u8]>,
    ) {
        let Noted { logged, was_seen } = logged.into();
        let bytes_before = self.bytes;
        let mut change = Change { value, logged, was_seen, old: None };
        let before = match self.changes.find((shard, tree), key) {
            Ok(present) => {
                change.old.clone_from(&present.old);
                // Whoever looked for the key since has seen the change, not the tree.
                change.was_seen = present.was_seen;
                self.bytes += bytes_of(key, &change);
                Some(std::mem::replace(present, change))
            }
            Err(at) => {
                change.old = old.map(Into::into);
                self.bytes += bytes_of(key, &change);
                self.changes.add(at, (shard, tree), key, change);
                None
            }
        };
        self.bytes -= before.as_ref().map_or(0, |before| bytes_of(key, before));
        if let Some(journal) = &mut self.journal {
            let key = KeyBytes::from(key);
            journal.push(Replaced { shard, tree, key, before, bytes_before });
        }
    }

    /// Notes that applying will write a key, or delete it, beside the changes: what it may need is
    /// got before. Noting too much does no harm, so what is taken back stays noted.
    pub(super) fn touch(&mut self, shard: u16, tree: u32, key: &[u8], touch: Touch) {
        match self.touched.find((shard, tree), key) {
            Ok(before) => {
                before.bytes = before.bytes.max(touch.bytes);
                before.neighbours |= touch.neighbours;
            }
            Err(at) => {
                self.bytes_touched += bytes_with(key.len(), 0);
                self.touched.add(at, (shard, tree), key, touch);
            }
        }
    }

    /// What was noted so, with shard, tree and key.
    pub(crate) fn touched(&self) -> impl Iterator<Item = (u16, u32, &[u8], Touch)> {
        self.touched.iter().map(|((shard, tree), key, touch)| (shard, tree, key, *touch))
    }

    /// Notes what a row adds to a group of a view, or takes away. What a transaction does and
    /// undoes leaves nothing: a row is in a group once at most.
    ///
    /// # Errors
    /// `Corrupt` when a row would be twice in a group.
    pub(super) fn contribute(
        &mut self,
        shard: u16,
        view: u32,
        contribution: &[u8],
        sign: Sign,
    ) -> Result<()> {
        let tree = view | CONTRIBUTIONS;
        let before = self.get(shard, tree, contribution).map(|change| change.value.as_deref());
        let after = match (before, sign) {
            (None | Some(Some([])), Sign::Add) => Some(vec![1]),
            (None | Some(Some([])), Sign::Remove) => None,
            (Some(Some(_)), Sign::Remove) | (Some(None), Sign::Add) => Some(Vec::new()),
            _ => return Err(Error::corrupt("a row is in a view's group twice: check the store")),
        };
        self.set(shard, tree, contribution, after, Logged::Contribution);
        Ok(())
    }

    /// Notes that a row which expires goes from the rows of a group to its frozen state.
    pub(super) fn freeze(&mut self, shard: u16, view: u32, contribution: &[u8]) {
        let (tree, value) = (view | CONTRIBUTIONS, Some(FROZEN.to_vec()));
        self.set(shard, tree, contribution, value, Logged::Contribution);
    }

    /// The changes of a tree of a shard.
    pub(crate) fn changes_in(
        &self,
        shard: u16,
        tree: u32,
    ) -> impl Iterator<Item = (&[u8], &Change)> {
        self.changes.of_place((shard, tree)).map(|(_, key, change)| (key, change))
    }

    /// The changes of a tree, in whatever shard.
    pub(crate) fn changes_of(&self, tree: u32) -> impl Iterator<Item = &Change> {
        self.changes.of_tree(tree).map(|(_, change)| change)
    }

    /// The counters that are raised, and to what.
    pub(crate) fn raised(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let counters = self.changes.of_tree(COUNTERS);
        counters
            .filter(|(_, change)| change.logged == Logged::Raise)
            .filter_map(|(key, change)| Some((key, change.value.as_deref()?)))
    }

    /// The mode in which others' row locks must let a change pass. Whether an update leaves the
    /// unique keys alone is told by the entries that go with it; one row's tell for all of its
    /// table, so some wait that need not.
    pub(crate) fn lock_mode(&self, catalog: &Catalog, tree: u32, change: &Change) -> LockMode {
        let updates = change.logged == Logged::Row { was_found: true } && change.value.is_some();
        let Ok(table) = catalog.table(tree) else { return LockMode::Update };
        let removes_from =
            |index: u32| self.changes.of_tree(index).any(|(_, entry)| entry.value.is_none());
        let mut unique = table.indexes.iter().filter(|index| index.definition.unique);
        if updates && !unique.any(|index| removes_from(index.id())) {
            LockMode::NoKeyUpdate
        } else {
            LockMode::Update
        }
    }

    /// Writes the changes into a record, shard by shard, with the states of groups that feeds tell
    /// of, which are in the order of their shards.
    pub(crate) fn write_to(&self, groups: &[FedGroup], record: &mut Record) -> Result<()> {
        let mut groups = groups.iter().peekable();
        let mut contributions = None;
        for (place @ (shard, tree), key, change) in self.changes.iter() {
            while let Some(group) = groups.next_if(|group| group.shard == shard) {
                let (kind, FedGroup { view, key, states, .. }) =
                    (OperationKind::GroupStates, group);
                record.push(shard, kind, *view, key, states)?;
            }
            if tree & CONTRIBUTIONS != 0 {
                // All of the place at once.
                if contributions.replace(place) != Some(place) {
                    self.write_contributions(place, record)?;
                }
                continue;
            }
            let value = change.value.as_deref();
            let kind = match (change.logged, value.is_some()) {
                (Logged::Derived | Logged::Contribution, _) => continue,
                (Logged::Row { .. }, true) => OperationKind::PutRow,
                (Logged::Row { .. }, false) => OperationKind::DeleteRow,
                (Logged::Expired, _) => OperationKind::ExpireRow,
                (Logged::Entry | Logged::Raise, true) => OperationKind::PutEntry,
                (Logged::Entry | Logged::Raise, false) => OperationKind::DeleteEntry,
            };
            if let Some(old) = &change.old {
                record.push(shard, OperationKind::OldRow, tree, &[], old)?;
            }
            record.push(shard, kind, tree, key, value.unwrap_or_default())?;
        }
        Ok(())
    }

    /// Writes what rows add to groups of a view and take away. What goes comes first: a value that
    /// stays, of which the row is another, keeps what is written beside it last.
    fn write_contributions(&self, place: Place, record: &mut Record) -> Result<()> {
        let (shard, view) = (place.0, place.1 & !CONTRIBUTIONS);
        let forgets = bug::switched_on(Bug::OwnedContributionDropped);
        let changes = || self.changes.of_place(place);
        let goes = changes().filter(|(_, _, change)| change.value.is_none() && !forgets);
        for (_, key, _) in goes {
            record.push(shard, OperationKind::RemoveFromGroup, view, key, &[])?;
        }
        let comes = |change: &Change| change.value.as_ref().is_some_and(|value| !value.is_empty());
        for (_, key, change) in changes().filter(|(_, _, change)| comes(change)) {
            let kind = match change.value.as_deref() {
                Some(FROZEN) => OperationKind::FreezeInGroup,
                _ => OperationKind::AddToGroup,
            };
            record.push(shard, kind, view, key, &[])?;
        }
        Ok(())
    }

    /// Every changed key with its shard and tree, derived ones included.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u16, u32, &[u8], &Change)> {
        self.changes.iter().map(|((shard, tree), key, change)| (shard, tree, key, change))
    }
}
