//! The entries of a range of one tree of one shard, one after the other.
//!
//! A cursor keeps its leaf by count, not by an epoch, so user code may run while it stands there.
//! It finds the next leaf through the parent, or by this one's fence, in the same Cut; so no
//! pointers between leaves are needed, which copy-on-write could not keep.
//!
//! Where the range ends within a leaf is found once, when the leaf is entered; after that an entry
//! costs a slot's number and, where somebody looks at keys, a copy of its key.
//!
//! # Invariants
//! - **K1** `rest` are the slots of the leaf whose keys lie in the range and that were not offered
//!   yet.
//! - **K2** The keys of what is offered and of the current entry are copied if and only if
//!   `copies_keys`; a snapshot with changes of its own in the range compares keys, so it has them.

use std::cmp::Ordering;
use std::ops::{Bound, Range};
use std::sync::Arc;

use bourse_storage::cache::PinnedPage;
use bourse_storage::tree::{self, Leaf, LeafPlace, Payload, Root, Seek};
use bourse_storage::{Error, Result};

use super::Direction;
use crate::snapshot::{KeyRange, Observation, Snapshot};

/// Whether whoever uses a cursor looks at the keys of many entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Keys {
    /// [`Cursor::key`] may be called.
    Wanted,
    /// Only [`Cursor::copy_key`] may be.
    Unwanted,
}

/// See the module's head.
pub(crate) struct Cursor {
    shard: u16,
    tree: u32,
    /// The tree's root, once the first leaf was sought.
    root: Option<Root>,
    range: Arc<KeyRange>,
    direction: Direction,
    leaf: Option<PinnedPage>,
    /// Where the leaf hangs, in a sealed Cut.
    place: Option<LeafPlace>,
    rest: Range<usize>,
    /// Whether the range goes on behind the leaf.
    goes_on: bool,
    /// Where it goes on; memory that is used again.
    fence: Vec<u8>,
    own: std::vec::IntoIter<(Vec<u8>, Option<Vec<u8>>)>,
    own_next: Option<(Vec<u8>, Option<Vec<u8>>)>,
    copies_keys: bool,
    /// The slot that the tree offers next, and its key.
    offered: Option<usize>,
    tree_key: Vec<u8>,
    key: Vec<u8>,
    current: Current,
}

/// A leaf of the tree, the slot sought there, and where the leaf hangs.
pub(super) type Landing = (PinnedPage, usize, Option<LeafPlace>);

/// An entry where it lies: its key in two parts, and its value.
pub(crate) struct Shown<'e> {
    /// The leaf, whose keys all begin with its prefix. A snapshot's own entry is in none.
    leaf: Option<&'e Leaf<'e>>,
    /// The rest of the key.
    suffix: &'e [u8],
    /// The value, or where it lies.
    payload: Payload<'e>,
}

/// Where the current entry's value lies.
enum Current {
    Nothing,
    Slot(usize),
    Own(Vec<u8>),
}

impl Cursor {
    /// A cursor that stands before the first entry of the range.
    pub(crate) fn new<V: Snapshot>(
        snapshot: &V,
        shard: u16,
        tree: u32,
        range: &Arc<KeyRange>,
        direction: Direction,
        keys: Keys,
    ) -> Result<Cursor> {
        Cursor::landed(snapshot, shard, tree, range, direction, keys, None)
    }

    /// A cursor that stands before the first entry of the range; `landing` is the tree's root and
    /// where [`first_seek`] leads in it, if that was found already.
    pub(super) fn landed<V: Snapshot>(
        snapshot: &V,
        shard: u16,
        tree: u32,
        range: &Arc<KeyRange>,
        direction: Direction,
        keys: Keys,
        landing: Option<(Root, Option<Landing>)>,
    ) -> Result<Cursor> {
        let is_empty = range.is_empty();
        let mut own = if is_empty { Vec::new() } else { snapshot.own_range(shard, tree, range) };
        if direction == Direction::Down {
            own.reverse();
        }
        let mut own = own.into_iter();
        let own_next = own.next();
        let mut cursor = Cursor {
            shard,
            tree,
            root: None,
            range: Arc::clone(range),
            direction,
            leaf: None,
            place: None,
            rest: 0..0,
            goes_on: false,
            fence: Vec::new(),
            own,
            copies_keys: keys == Keys::Wanted || own_next.is_some(),
            own_next,
            offered: None,
            tree_key: Vec::new(),
            key: Vec::new(),
            current: Current::Nothing,
        };
        match landing {
            _ if is_empty => {}
            Some((root, landing)) => {
                cursor.root = Some(root);
                cursor.land(snapshot, landing);
            }
            None => cursor.seek(snapshot, first_seek(range, direction))?,
        }
        Ok(cursor)
    }

    fn next_leaf<V: Snapshot>(&mut self, snapshot: &V) -> Result<()> {
        let fence = std::mem::take(&mut self.fence);
        let seek = match self.direction {
            Direction::Up => Seek::AtLeast(&fence),
            Direction::Down => Seek::Before(&fence),
        };
        let found = match self.step_aside(snapshot, &fence) {
            Ok(true) => Ok(()),
            Ok(false) => self.seek(snapshot, seek),
            Err(error) => Err(error),
        };
        if self.fence.is_empty() {
            self.fence = fence;
        }
        found
    }

    /// Enters the next leaf through the parent, if it hangs there too. Not in transactions: those
    /// remember what they sought, and heads are not sealed.
    fn step_aside<V: Snapshot>(&mut self, snapshot: &V, fence: &[u8]) -> Result<bool> {
        let Some(place) = self.place.filter(|_| !snapshot.observes()) else { return Ok(false) };
        let behind = self.direction == Direction::Up;
        let pager = &snapshot.core().shards[usize::from(self.shard)].pager;
        let found =
            snapshot.read(self.shard, |source| match tree::beside(source, place, behind)? {
                Some((link, place)) => Ok(Some((pager.pin_page(source, link)?, place))),
                None => Ok(None),
            })?;
        let Some((page, place)) = found else { return Ok(false) };
        let leaf = Leaf::new(&page);
        let slot = match self.direction {
            Direction::Up if leaf.lower_fence() == fence => 0,
            Direction::Down if leaf.upper_fence() == Some(fence) => leaf.count().wrapping_sub(1),
            // Whatever that is, the descent by the fence tells.
            _ => return Ok(false),
        };
        if slot >= leaf.count() {
            return Ok(false);
        }
        self.enter(&leaf, slot);
        (self.leaf, self.place) = (Some(page), Some(place));
        Ok(true)
    }

    fn seek<V: Snapshot>(&mut self, snapshot: &V, seek: Seek<'_>) -> Result<()> {
        let pager = &snapshot.core().shards[usize::from(self.shard)].pager;
        let forest = snapshot.forest(self.shard)?;
        let (root, found) = snapshot.read(self.shard, |source| {
            let root = match self.root {
                Some(root) => root,
                None => snapshot.tree_root(source, self.shard, forest, self.tree)?,
            };
            let found = match tree::leaf_placed(source, root, seek)? {
                Some((link, slot, place)) => Some((pager.pin_page(source, link)?, slot, place)),
                None => None,
            };
            Ok((root, found))
        })?;
        self.root = Some(root);
        self.land(snapshot, found);
        if snapshot.observes() {
            self.observe(snapshot, seek);
        }
        Ok(())
    }

    fn land<V: Snapshot>(&mut self, snapshot: &V, landing: Option<Landing>) {
        (self.rest, self.goes_on, self.leaf, self.place) = (0..0, false, None, None);
        if let Some((page, slot, place)) = landing {
            self.place = place.filter(|_| snapshot.is_sealed());
            self.enter(&Leaf::new(&page), slot);
            self.leaf = Some(page);
        }
    }

    /// Finds where in the leaf the range ends, and whether it goes on behind it (K1).
    fn enter(&mut self, leaf: &Leaf<'_>, slot: usize) {
        match self.direction {
            Direction::Up => {
                let fence = leaf.upper_fence().filter(|fence| self.range.ends_after(fence));
                let end = match (fence, &self.range.upper) {
                    (Some(_), _) | (None, Bound::Unbounded) => leaf.count(),
                    (None, Bound::Included(key)) => slot_behind(leaf, key),
                    (None, Bound::Excluded(key)) => slot_of(leaf, key),
                };
                self.rest = slot..end.max(slot);
                self.go_on_at(fence);
            }
            Direction::Down => {
                let fence = leaf.lower_fence();
                let fence = (!fence.is_empty() && self.range.begins_below(fence)).then_some(fence);
                let begin = match (fence, &self.range.lower) {
                    (Some(_), _) | (None, Bound::Unbounded) => 0,
                    (None, Bound::Included(key)) => slot_of(leaf, key),
                    (None, Bound::Excluded(key)) => slot_behind(leaf, key),
                };
                self.rest = begin.min(slot + 1)..slot + 1;
                self.go_on_at(fence);
            }
        }
    }

    fn go_on_at(&mut self, fence: Option<&[u8]>) {
        self.goes_on = fence.is_some();
        self.fence.clear();
        self.fence.extend_from_slice(fence.unwrap_or_default());
    }

    /// Remembers that all entries of the leaf that lie in the range, from where the cursor sought,
    /// were read; or that there were none from there on.
    fn observe<V: Snapshot>(&self, snapshot: &V, seek: Seek<'_>) {
        let leaf = self.leaf.as_ref().map(|page| page.link());
        let mut range = KeyRange::clone(&self.range);
        match seek {
            Seek::AtLeast(key) => range.lower = Bound::Included(key.to_vec()),
            Seek::Before(key) => range.upper = Bound::Excluded(key.to_vec()),
            _ => {}
        }
        if let Some(page) = &self.leaf {
            let view_of_leaf = Leaf::new(page);
            match self.direction {
                Direction::Up => {
                    if let Some(fence) = view_of_leaf.upper_fence()
                        && range.ends_after(fence)
                    {
                        range.upper = Bound::Excluded(fence.to_vec());
                    }
                }
                Direction::Down => {
                    let fence = view_of_leaf.lower_fence();
                    if range.begins_before(fence) {
                        range.lower = Bound::Included(fence.to_vec());
                    }
                }
            }
        }
        snapshot.observe(Observation::Range { shard: self.shard, tree: self.tree, range, leaf });
    }

    /// Sees to it that the tree offers its next entry in the range, if there is one.
    #[inline]
    fn offer<V: Snapshot>(&mut self, snapshot: &V) -> Result<()> {
        while self.offered.is_none() {
            let next = match self.direction {
                Direction::Up => self.rest.next(),
                Direction::Down => self.rest.next_back(),
            };
            match (next, &self.leaf) {
                (Some(slot), Some(page)) => {
                    if self.copies_keys {
                        Leaf::new(page).read_key(slot, &mut self.tree_key);
                    }
                    self.offered = Some(slot);
                }
                _ if self.goes_on => self.next_leaf(snapshot)?,
                _ => break,
            }
        }
        Ok(())
    }

    /// Moves to the next entry. Returns whether there is one.
    #[inline]
    pub(crate) fn advance<V: Snapshot>(&mut self, snapshot: &V) -> Result<bool> {
        self.offer(snapshot)?;
        if self.own_next.is_none() {
            return Ok(self.take_offered());
        }
        self.advance_merging(snapshot)
    }

    fn advance_merging<V: Snapshot>(&mut self, snapshot: &V) -> Result<bool> {
        loop {
            self.offer(snapshot)?;
            let which = match (&self.own_next, self.offered) {
                (None, _) => return Ok(self.take_offered()),
                (Some(_), None) => Ordering::Less,
                (Some((own, _)), Some(_)) => match self.direction {
                    Direction::Up => own.as_slice().cmp(&self.tree_key),
                    Direction::Down => self.tree_key.as_slice().cmp(own),
                },
            };
            if which != Ordering::Less {
                self.take_offered();
            }
            if which == Ordering::Greater {
                return Ok(true);
            }
            let own = std::mem::replace(&mut self.own_next, self.own.next());
            if let Some((key, Some(value))) = own {
                self.key = key;
                self.current = Current::Own(value);
                return Ok(true);
            }
            // The snapshot deleted this key: go on.
        }
    }

    #[inline]
    fn take_offered(&mut self) -> bool {
        let Some(slot) = self.offered.take() else {
            self.current = Current::Nothing;
            return false;
        };
        if self.copies_keys {
            std::mem::swap(&mut self.key, &mut self.tree_key);
        }
        self.current = Current::Slot(slot);
        true
    }

    /// Shows the current entry and those behind it to `show`, until that returns false: it is the
    /// current one then. Returns whether all were shown.
    pub(super) fn each<V: Snapshot>(
        &mut self,
        snapshot: &V,
        show: &mut impl FnMut(&Shown<'_>) -> Result<bool>,
    ) -> Result<bool> {
        let mut on = !matches!(self.current, Current::Nothing);
        while on {
            if self.own_next.is_none() && matches!(self.current, Current::Slot(_)) {
                return self.each_of_leaves(snapshot, show);
            }
            if !self.show(show)? {
                return Ok(false);
            }
            on = self.advance(snapshot)?;
        }
        Ok(true)
    }

    pub(super) fn show(&self, show: &mut impl FnMut(&Shown<'_>) -> Result<bool>) -> Result<bool> {
        match (&self.current, &self.leaf) {
            (Current::Own(value), _) => {
                show(&Shown { leaf: None, suffix: &self.key, payload: Payload::Inline(value) })
            }
            (Current::Slot(slot), Some(page)) => show(&Shown::new(&Leaf::new(page), *slot)),
            _ => Ok(true),
        }
    }

    /// As [`Cursor::each`], of a snapshot without changes of its own from here on: leaf by leaf.
    fn each_of_leaves<V: Snapshot>(
        &mut self,
        snapshot: &V,
        show: &mut impl FnMut(&Shown<'_>) -> Result<bool>,
    ) -> Result<bool> {
        // What was taken out of the rest goes back to it (K1).
        for slot in [self.offered.take(), self.take_slot()].into_iter().flatten() {
            self.rest = match self.direction {
                Direction::Up => slot..self.rest.end,
                Direction::Down => self.rest.start..slot + 1,
            };
        }
        loop {
            if let Some(page) = &self.leaf {
                let leaf = Leaf::new(page);
                let mut rest = self.rest.clone();
                while let Some(slot) = match self.direction {
                    Direction::Up => rest.next(),
                    Direction::Down => rest.next_back(),
                } {
                    let goes_on = show(&Shown::new(&leaf, slot));
                    if !matches!(goes_on, Ok(true)) {
                        if self.copies_keys {
                            leaf.read_key(slot, &mut self.key);
                        }
                        self.current = Current::Slot(slot);
                        self.rest = rest;
                        return goes_on;
                    }
                }
                self.rest = 0..0;
            }
            if !self.goes_on {
                return Ok(true);
            }
            self.next_leaf(snapshot)?;
        }
    }

    fn take_slot(&mut self) -> Option<usize> {
        match std::mem::replace(&mut self.current, Current::Nothing) {
            Current::Slot(slot) => Some(slot),
            _ => None,
        }
    }

    /// Key of the current entry.
    #[inline]
    pub(crate) fn key(&self) -> &[u8] {
        debug_assert!(self.copies_keys, "K2");
        &self.key
    }

    /// Copies the key of the current entry.
    pub(crate) fn copy_key(&self, out: &mut Vec<u8>) {
        match (&self.current, &self.leaf) {
            (Current::Slot(slot), Some(page)) => Leaf::new(page).read_key(*slot, out),
            _ => out.clone_from(&self.key),
        }
    }

    /// The shard that the cursor reads.
    pub(crate) fn shard(&self) -> u16 {
        self.shard
    }

    /// The current entry's value, if it lies in its leaf or is the snapshot's own.
    #[inline]
    pub(crate) fn inline_value(&self) -> Option<&[u8]> {
        match &self.current {
            Current::Own(value) => Some(value),
            Current::Slot(slot) => match Leaf::new(self.leaf.as_ref()?).payload(*slot) {
                Payload::Inline(bytes) => Some(bytes),
                Payload::Extent { .. } => None,
            },
            Current::Nothing => None,
        }
    }

    /// Copies the current entry's value.
    pub(crate) fn value<V: Snapshot>(&self, snapshot: &V, out: &mut Vec<u8>) -> Result<()> {
        out.clear();
        match (&self.current, &self.leaf) {
            (Current::Own(value), _) => out.extend_from_slice(value),
            (Current::Slot(slot), Some(page)) => match Leaf::new(page).payload(*slot) {
                Payload::Inline(bytes) => out.extend_from_slice(bytes),
                Payload::Extent { first, bytes } => {
                    snapshot.read_extent(self.shard, first, bytes, out)?;
                }
            },
            _ => return Err(Error::invalid("the cursor stands on no entry")),
        }
        Ok(())
    }
}

impl<'e> Shown<'e> {
    #[inline]
    fn new(leaf: &'e Leaf<'e>, slot: usize) -> Shown<'e> {
        let (suffix, payload) = leaf.entry(slot);
        Shown { leaf: Some(leaf), suffix, payload }
    }

    /// Makes `key` the entry's key.
    #[inline]
    pub(crate) fn read_key(&self, key: &mut Vec<u8>) {
        let (prefix, suffix) = self.key_parts();
        key.clear();
        key.reserve(prefix.len() + suffix.len());
        key.extend_from_slice(prefix);
        key.extend_from_slice(suffix);
    }

    /// The entry's key: what all keys of its leaf begin with, and the rest.
    #[inline]
    pub(crate) fn key_parts(&self) -> (&'e [u8], &'e [u8]) {
        (self.leaf.map_or(&[][..], |leaf| leaf.prefix()), self.suffix)
    }

    /// The value, or where it lies.
    #[inline]
    pub(crate) fn payload(&self) -> Payload<'e> {
        self.payload
    }
}

/// What to seek for the first entry of a range.
pub(super) fn first_seek(range: &KeyRange, direction: Direction) -> Seek<'_> {
    match (direction, &range.lower, &range.upper) {
        (Direction::Up, Bound::Unbounded, _) => Seek::First,
        (Direction::Up, Bound::Included(key), _) => Seek::AtLeast(key),
        (Direction::Up, Bound::Excluded(key), _) => Seek::After(key),
        (Direction::Down, _, Bound::Unbounded) => Seek::Last,
        (Direction::Down, _, Bound::Included(key)) => Seek::AtMost(key),
        (Direction::Down, _, Bound::Excluded(key)) => Seek::Before(key),
    }
}

/// The first slot whose key is not less.
fn slot_of(leaf: &Leaf<'_>, key: &[u8]) -> usize {
    leaf.lower_bound(key).unwrap_or_else(|slot| slot)
}

/// The first slot whose key is greater.
fn slot_behind(leaf: &Leaf<'_>, key: &[u8]) -> usize {
    leaf.lower_bound(key).map_or_else(|slot| slot, |slot| slot + 1)
}
