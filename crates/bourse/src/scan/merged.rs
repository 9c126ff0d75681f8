//! Cursors over the same tree of several shards, merged into one order.

use std::sync::Arc;

use bourse_storage::Result;

use super::{Cursor, Keys, Order};
use crate::view::{KeyRange, View};

/// Cursors over the same tree of several shards, merged into one order.
pub(crate) struct MergedCursor {
    cursors: Vec<Cursor>,
    /// Indexes of the cursors that stand on an entry, a heap with the next entry first.
    heap: Vec<usize>,
    order: Order,
}

impl MergedCursor {
    /// A cursor that stands before the first entry of the range in all of `shards`.
    pub(crate) fn new<V: View>(
        view: &V,
        shards: &[u16],
        tree: u32,
        range: KeyRange,
        order: Order,
        keys: Keys,
    ) -> Result<MergedCursor> {
        let (cursors, heap) = (Vec::with_capacity(shards.len()), Vec::with_capacity(shards.len()));
        let mut merged = MergedCursor { cursors, heap, order };
        let range = Arc::new(range);
        let compares = order != Order::Any && shards.len() > 1;
        let keys = if compares { Keys::Wanted } else { keys };
        for shard in shards {
            let mut cursor = Cursor::new(view, *shard, tree, &range, order.direction(), keys)?;
            if cursor.advance(view)? {
                merged.heap.push(merged.cursors.len());
                merged.cursors.push(cursor);
            }
        }
        for at in (0..merged.heap.len() / 2).rev() {
            merged.sift_down(at);
        }
        Ok(merged)
    }

    /// The cursor that stands on the next entry.
    pub(crate) fn current(&self) -> Option<&Cursor> {
        self.heap.first().map(|index| &self.cursors[*index])
    }

    /// Moves past the current entry.
    pub(crate) fn advance<V: View>(&mut self, view: &V) -> Result<()> {
        let Some(first) = self.heap.first().copied() else { return Ok(()) };
        if !self.cursors[first].advance(view)? {
            self.heap.swap_remove(0);
        } else if self.order == Order::Any {
            return Ok(());
        }
        self.sift_down(0);
        Ok(())
    }

    fn precedes(&self, a: usize, b: usize) -> bool {
        let (at_a, at_b) = (self.heap[a], self.heap[b]);
        let (a, b) = (&self.cursors[at_a], &self.cursors[at_b]);
        match self.order {
            Order::Any => at_a < at_b,
            Order::Ascending => a.key() < b.key(),
            Order::Descending => a.key() > b.key(),
        }
    }

    fn sift_down(&mut self, mut at: usize) {
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let mut first = at;
            if left < self.heap.len() && self.precedes(left, first) {
                first = left;
            }
            if right < self.heap.len() && self.precedes(right, first) {
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
