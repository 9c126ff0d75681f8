//! How many pages were read, and how many of them had to be loaded, by what they hold.
//!
//! A shared counter would be a line of memory that every read of every thread writes, and no read
//! here writes what others read. So a reader counts in its thread's own slot of the epochs, which
//! its pin has just written, and a writer in its shard's file, by plain loads and stores, once a
//! descent; the counts are added up when somebody asks. Misses are counted where a page is loaded,
//! where a disk access makes an atomic addition cheap.
//!
//! # Invariants
//! - **I1** One thread at a time counts in a [`Reads`]: the one that has the slot, or the one that
//!   holds the shard's freeze latch. Only threads without a slot share one, and may lose counts.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::page::{Page, PageKind};

/// What is told apart: leaves, inner pages, parts of large values.
pub(super) const KINDS: usize = 3;
const LEAF: usize = 0;
const INNER: usize = 1;
const OVERFLOW: usize = 2;

/// Heights that are told apart; of a higher tree, which nobody has seen, some inner pages are not
/// counted.
const HEIGHTS: usize = 8;

/// Descents and pages read. A descent counts once, under its height: that is one addition, and
/// says how many pages of which kind it read.
#[derive(Default)]
pub(crate) struct Reads {
    descents: [AtomicU64; HEIGHTS],
    overflow: AtomicU64,
}

/// Not an atomic addition: nobody else counts here (I1).
#[inline]
fn add(counter: &AtomicU64, count: u64) {
    counter.store(counter.load(Ordering::Relaxed).wrapping_add(count), Ordering::Relaxed);
}

impl Reads {
    /// A descent through a tree of that height came to its leaf (I1).
    #[inline]
    pub(crate) fn count_descent(&self, height: u8) {
        add(&self.descents[usize::from(height).min(HEIGHTS - 1)], 1);
    }

    /// Pages of an extent were read (I1).
    pub(crate) fn count_extent(&self, pages: usize) {
        add(&self.overflow, pages as u64);
    }

    /// Adds these counts, by kind of page, to a sum.
    pub(super) fn add_to(&self, sum: &mut [u64; KINDS]) {
        for (height, counter) in (0u64..).zip(&self.descents) {
            let descents = counter.load(Ordering::Relaxed);
            sum[LEAF] = sum[LEAF].wrapping_add(descents);
            sum[INNER] = sum[INNER].wrapping_add(descents * height.saturating_sub(1));
        }
        sum[OVERFLOW] = sum[OVERFLOW].wrapping_add(self.overflow.load(Ordering::Relaxed));
    }
}

/// Pages loaded, and read as far as that is not counted elsewhere any more.
#[derive(Default)]
pub(super) struct Accesses {
    misses: [AtomicU64; KINDS],
    /// What was counted for shards that are gone.
    past: [AtomicU64; KINDS],
}

impl Accesses {
    pub(super) fn count_miss(&self, page: &Page) {
        let kind = match page.kind() {
            Some(PageKind::Inner) => INNER,
            Some(PageKind::Overflow) => OVERFLOW,
            _ => LEAF,
        };
        self.misses[kind].fetch_add(1, Ordering::Relaxed);
    }

    /// Keeps the counts of a shard that goes.
    pub(super) fn keep(&self, reads: &Reads) {
        let mut counts = [0; KINDS];
        reads.add_to(&mut counts);
        for (past, count) in self.past.iter().zip(counts) {
            past.fetch_add(count, Ordering::Relaxed);
        }
    }

    /// Leaves, inner pages and parts of values, with the reads that are counted elsewhere.
    pub(super) fn statistics(&self, reads: [u64; KINDS]) -> [PageStatistics; KINDS] {
        std::array::from_fn(|kind| PageStatistics {
            reads: reads[kind].wrapping_add(self.past[kind].load(Ordering::Relaxed)),
            misses: self.misses[kind].load(Ordering::Relaxed),
        })
    }
}

/// How often pages of one kind were read, by reads and writes of trees.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct PageStatistics {
    /// Pages that descents, steps to the next leaf and large values needed, one by one. What an
    /// operation read before it missed a page, and reads again after, counts once.
    pub reads: u64,
    /// Those of them that had to be loaded from disk.
    pub misses: u64,
}

impl PageStatistics {
    /// The part of the reads that needed no disk; 1 when nothing was read.
    pub fn hit_rate(self) -> f64 {
        let reads = self.reads.max(self.misses);
        if reads == 0 { 1.0 } else { 1.0 - self.misses as f64 / reads as f64 }
    }
}
