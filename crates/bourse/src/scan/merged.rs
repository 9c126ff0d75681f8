//! Cursors over the same tree of several shards, merged into one order.

use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

use bourse_storage::Result;
use bourse_storage::tree::{self, Root};

use super::cursor::{Landing, Shown, first_seek};
use super::{Cursor, Keys, Order};
use crate::snapshot::{KeyRange, Snapshot};

/// Cursors over the same tree of several shards, merged into one order.
///
/// # Invariants
/// - **M1** In the heap are the cursors that stand on an entry, each with the head of that entry's
///   key; the next entry's is the first.
pub(crate) struct MergedCursor {
    cursors: Vec<Cursor>,
    /// A heap.
    heap: Vec<Standing>,
    order: Order,
    /// Whether the order of keys decides who is next.
    compares: bool,
    /// Bytes that all keys of the range begin with.
    common: usize,
    /// Whether [`MergedCursor::step`] has come to the first entry.
    has_begun: bool,
}

/// A cursor, by its number, and eight bytes of the key that it stands on, behind those that all
/// have in common: turned so that the least comes first in either order.
#[derive(Clone, Copy)]
struct Standing {
    head: u64,
    cursor: usize,
}

impl MergedCursor {
    /// A cursor that stands before the first entry of the range in all of `shards`.
    pub(crate) fn new<V: Snapshot>(
        snapshot: &V,
        shards: &[u16],
        tree: u32,
        range: KeyRange,
        order: Order,
        keys: Keys,
    ) -> Result<MergedCursor> {
        let (cursors, heap) = (Vec::with_capacity(shards.len()), Vec::with_capacity(shards.len()));
        let common = common_bytes(&range);
        let compares = order != Order::Any && shards.len() > 1;
        let mut merged = MergedCursor { cursors, heap, order, compares, common, has_begun: false };
        let range = Arc::new(range);
        let keys = if compares { Keys::Wanted } else { keys };
        let direction = order.direction();
        // A transaction must remember what each of its seeks rests on, so it goes one by one.
        let landings = if shards.len() > 1 && !snapshot.observes() && !range.is_empty() {
            land(snapshot, shards, tree, &range, order)?
        } else {
            Vec::new()
        };
        let mut landings = landings.into_iter();
        for shard in shards {
            let landing = landings.next();
            let mut cursor =
                Cursor::landed(snapshot, *shard, tree, &range, direction, keys, landing)?;
            if cursor.advance(snapshot)? {
                let standing = merged.standing(&cursor, merged.cursors.len());
                merged.heap.push(standing);
                merged.cursors.push(cursor);
            }
        }
        for at in (0..merged.heap.len() / 2).rev() {
            merged.sift_down(at);
        }
        Ok(merged)
    }

    /// Moves to the next entry, the first time to the first one, and gives the cursor that stands
    /// there.
    #[inline]
    pub(crate) fn step<V: Snapshot>(&mut self, snapshot: &V) -> Result<Option<&Cursor>> {
        if self.has_begun {
            self.advance(snapshot)?;
        }
        self.has_begun = true;
        Ok(self.heap.first().map(|first| &self.cursors[first.cursor]))
    }

    /// Moves past the current entry.
    #[inline]
    fn advance<V: Snapshot>(&mut self, snapshot: &V) -> Result<()> {
        let Some(first) = self.heap.first().copied() else { return Ok(()) };
        if !self.cursors[first.cursor].advance(snapshot)? {
            self.heap.swap_remove(0);
        } else if !self.compares || self.heap.len() == 1 {
            return Ok(());
        } else {
            self.heap[0] = self.standing(&self.cursors[first.cursor], first.cursor);
        }
        self.sift_down(0);
        Ok(())
    }

    /// Shows the entries that are left to `show`, until that returns false: the last one shown is
    /// the current one then.
    pub(crate) fn each<V: Snapshot>(
        &mut self,
        snapshot: &V,
        mut show: impl FnMut(u16, &Shown<'_>) -> Result<bool>,
    ) -> Result<()> {
        self.step(snapshot)?;
        while let Some(first) = self.heap.first().copied() {
            let cursor = &mut self.cursors[first.cursor];
            let shard = cursor.shard();
            let mut show = |shown: &Shown<'_>| show(shard, shown);
            if !self.compares || self.heap.len() == 1 {
                if !cursor.each(snapshot, &mut show)? {
                    return Ok(());
                }
                self.heap.swap_remove(0);
                self.sift_down(0);
            } else {
                if !cursor.show(&mut show)? {
                    return Ok(());
                }
                self.advance(snapshot)?;
            }
        }
        Ok(())
    }

    fn standing(&self, cursor: &Cursor, number: usize) -> Standing {
        let head = match self.order {
            _ if !self.compares => number as u64,
            Order::Any | Order::Ascending => head(cursor.key(), self.common),
            Order::Descending => !head(cursor.key(), self.common),
        };
        Standing { head, cursor: number }
    }

    #[inline]
    fn precedes(&self, a: Standing, b: Standing) -> bool {
        match a.head.cmp(&b.head) {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => {
                let (a, b) = (&self.cursors[a.cursor], &self.cursors[b.cursor]);
                match self.order {
                    _ if !self.compares => false,
                    Order::Any | Order::Ascending => a.key() < b.key(),
                    Order::Descending => a.key() > b.key(),
                }
            }
        }
    }

    fn sift_down(&mut self, mut at: usize) {
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let mut first = at;
            if left < self.heap.len() && self.precedes(self.heap[left], self.heap[first]) {
                first = left;
            }
            if right < self.heap.len() && self.precedes(self.heap[right], self.heap[first]) {
                first = right;
            }
            if first == at {
                return;
            }
            self.heap.swap(at, first);
            at = first;
        }
    }
}

/// Goes down all the shards' trees side by side. Gives, for each, the tree's root and where the
/// range begins.
fn land<V: Snapshot>(
    snapshot: &V,
    shards: &[u16],
    tree: u32,
    range: &KeyRange,
    order: Order,
) -> Result<Vec<(Root, Option<Landing>)>> {
    let forests = shards.iter().map(|shard| snapshot.forest(*shard)).collect::<Result<Vec<_>>>()?;
    let seek = first_seek(range, order.direction());
    let mut placed = Vec::with_capacity(shards.len());
    snapshot.read_shards(shards, |sources| {
        let mut trees = Vec::with_capacity(sources.len());
        for (at, source) in sources.iter().enumerate() {
            let root = snapshot.tree_root(source, shards[at], forests[at], tree);
            trees.push((source, root.map_err(|stop| (at, stop))?));
        }
        tree::leaves_placed(&trees, seek, &mut placed)?;
        let mut landings = Vec::with_capacity(shards.len());
        for (at, ((source, root), placed)) in trees.iter().zip(&placed).enumerate() {
            let pager = &snapshot.core().shards[usize::from(shards[at])].pager;
            let pin = |link| pager.pin_page(source, link).map_err(|stop| (at, stop));
            let landing = match *placed {
                Some((link, slot, place)) => Some((pin(link)?, slot, place)),
                None => None,
            };
            landings.push((*root, landing));
        }
        Ok(landings)
    })
}

/// How many bytes all keys of a range begin with alike.
fn common_bytes(range: &KeyRange) -> usize {
    match (&range.lower, &range.upper) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => 0,
        (
            Bound::Included(lower) | Bound::Excluded(lower),
            Bound::Included(upper) | Bound::Excluded(upper),
        ) => lower.iter().zip(upper).take_while(|(lower, upper)| lower == upper).count(),
    }
}

/// Eight bytes of a key as a number, zero-filled.
#[inline]
fn head(key: &[u8], from: usize) -> u64 {
    let bytes = key.get(from..).unwrap_or_default();
    match bytes.first_chunk() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let mut filled = [0; 8];
            filled[..bytes.len()].copy_from_slice(bytes);
            u64::from_be_bytes(filled)
        }
    }
}
