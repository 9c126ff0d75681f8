#![expect(unsafe_code, reason = "frames' notes may be made of zeros")]
//! What the cache knows of each frame, and each shard's table from pages to frames.
//!
//! ```text
//!            take            install                     unlink            grace, no count
//!   FREE ------------> OWNED --------> RESIDENT(+bits) --------> LIMBO ------------------> FREE
//!                        ^                 |
//!                        +-----------------+ recycle (a dead page's frame, by its shard's writer)
//!
//!   move: a page's bytes go to a FREE frame, which becomes RESIDENT with the same bits, while the
//!         frame that it leaves becomes LIMBO (`resize`)
//!
//!   bits of RESIDENT:  DIRTY      its bytes are not on disk
//!                      WRITTEN    frozen: on disk or on the way there; a change makes a copy
//!                      WRITING    a write of it is in flight
//! ```
//!
//! A table entry is one word: frame + 1 in the low 31 bits, the reference bit on top; 0 is "not in
//! memory".
//!
//! # Invariants
//! - **I1** A frame that is RESIDENT is named by exactly one entry, that of its page in its shard.
//! - **I2** An entry goes to 0 or to another frame only under the shard's freeze latch.
//! - **I3** WRITING is set only under the freeze latch, and ended by who set it. While it is set,
//!   neither the frame nor the page's position is reused.
//! - **I4** DIRTY and not WRITTEN pages change only under the freeze latch; all others never. So
//!   under the latch any page that is not WRITING can be moved: its bytes are the same in both
//!   frames for as long as anybody may look at the old one.

use super::zeroed::{Zeroable, Zeroed};
use crate::error::Result;
use crate::id::PageId;
use crate::sync;
use crate::sync::atomic::{AtomicU32, Ordering};
use crate::sync::flaw::{Flaw, has};

/// In the free list, or in nobody's hands on the way there.
pub(crate) const FREE: u32 = 0;
/// In a frame table.
pub(crate) const RESIDENT: u32 = 1;
/// Its bytes are not on disk.
pub(crate) const DIRTY: u32 = 2;
/// Frozen: a change makes a copy.
pub(crate) const WRITTEN: u32 = 4;
/// A write is in flight.
pub(crate) const WRITING: u32 = 8;
/// A writer or a loading thread has it.
pub(crate) const OWNED: u32 = 16;
/// Out of the table, waiting for readers to leave.
pub(crate) const LIMBO: u32 = 32;

const REFERENCED: u32 = 1 << 31;

/// One frame's state. All zeros is a FREE frame that nobody had.
#[repr(C)]
#[derive(Default)]
pub(crate) struct FrameMeta {
    /// Page in the frame, when resident.
    pub(crate) page: AtomicU32,
    /// Registry index of the page's shard; changes only under the cache mutex.
    pub(crate) shard: AtomicU32,
    /// One of the states above, with bits.
    pub(crate) state: AtomicU32,
    /// Readers that keep the frame beyond their epoch pin.
    pub(crate) pins: AtomicU32,
}

impl FrameMeta {
    pub(crate) fn state(&self) -> u32 {
        self.state.load(Ordering::Acquire)
    }

    pub(crate) fn set_state(&self, state: u32) {
        self.state.store(state, Ordering::Release);
    }

    /// Acquire: what the last reader read happens before the frame's next use.
    pub(crate) fn is_pinned(&self) -> bool {
        self.pins.load(Ordering::Acquire) != 0
    }
}

/// What is known of all frames that a cache may ever have. Parts that are not used take no memory.
pub(crate) struct FrameMetas(Zeroed<FrameMeta>);

// SAFETY: it is nothing but atomics, of which zeros are values, and nothing is dropped.
unsafe impl Zeroable for FrameMeta {}

impl FrameMetas {
    /// `frames` frames, all FREE.
    pub(crate) fn reserve(frames: u32) -> Result<FrameMetas> {
        Zeroed::reserve(frames as usize).map(FrameMetas)
    }

    #[inline]
    pub(crate) fn get(&self, frame: u32) -> &FrameMeta {
        match self.0.get(frame as usize) {
            Some(meta) => meta,
            None => panic!("frame {frame} is none of the cache's"),
        }
    }
}

/// One shard's table from pages to frames.
pub(crate) struct FrameTable {
    entries: Zeroed<AtomicU32>,
    /// No page from here on ever had a frame.
    used: AtomicU32,
}

impl FrameTable {
    /// An empty table for pages below `pages`. Parts that are not used take no memory.
    pub(crate) fn reserve(pages: u32) -> Result<FrameTable> {
        Ok(FrameTable { entries: Zeroed::reserve(pages as usize)?, used: AtomicU32::new(0) })
    }

    /// Bytes of memory that the table takes at most, by the highest page that had a frame.
    pub(crate) fn bytes(&self) -> u64 {
        (u64::from(self.used.load(Ordering::Relaxed)) * 4).next_multiple_of(4096)
    }

    /// Before an entry is set.
    fn note_used(&self, page: PageId) {
        if page.0 >= self.used.load(Ordering::Relaxed) {
            self.used.fetch_max(page.0 + 1, Ordering::Relaxed);
        }
    }

    #[inline]
    fn entry(&self, page: PageId) -> Option<&AtomicU32> {
        self.entries.get(page.0 as usize)
    }

    /// The frame of a page, without counting as a reference.
    pub(crate) fn frame(&self, page: PageId) -> Option<u32> {
        let word = self.entry(page)?.load(Ordering::Acquire) & !REFERENCED;
        word.checked_sub(1)
    }

    /// The frame of a page, which counts as referenced from now on.
    #[inline]
    pub(crate) fn reference(&self, page: PageId) -> Option<u32> {
        let entry = self.entry(page)?;
        // Acquire: pairs with the Release of `install`, so that the page's bytes are seen.
        let word = entry.load(Ordering::Acquire);
        if word & REFERENCED == 0 {
            if word == 0 {
                return None;
            }
            // May fail when the entry changes: then the bit is of no use anyway.
            let _ = entry.compare_exchange(
                word,
                word | REFERENCED,
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
        }
        (word & !REFERENCED).checked_sub(1)
    }

    /// Puts a loaded page into the table, unless it has a frame already.
    pub(crate) fn install(&self, page: PageId, frame: u32) -> bool {
        let Some(entry) = self.entry(page) else { return false };
        self.note_used(page);
        sync::point();
        let order = if has(Flaw::InstallRelaxed) { Ordering::Relaxed } else { Ordering::AcqRel };
        entry.compare_exchange(0, frame + 1, order, Ordering::Relaxed).is_ok()
    }

    /// Puts a new page into the table, whatever stale page its position had, and returns the
    /// stale page's frame. Under the freeze latch (I2).
    pub(crate) fn replace(&self, page: PageId, frame: u32) -> Option<u32> {
        let entry = self.entry(page);
        assert!(entry.is_some(), "positions are allocated within the frame table");
        self.note_used(page);
        let word = entry?.swap((frame + 1) | REFERENCED, Ordering::AcqRel);
        (word & !REFERENCED).checked_sub(1)
    }

    /// Names another frame with the same page. Whether it counts as referenced stays as it was.
    /// Under the freeze latch (I2).
    pub(crate) fn rename(&self, page: PageId, from: u32, to: u32) {
        let Some(entry) = self.entry(page) else { return };
        let mut word = entry.load(Ordering::Relaxed);
        loop {
            assert_eq!(word & !REFERENCED, from + 1, "I1: page {page} is in the frame it leaves");
            sync::point();
            // Release: whoever finds the new frame sees the bytes in it. Only the reference bit can
            // change meanwhile.
            let renamed = entry.compare_exchange(
                word,
                (word & REFERENCED) | (to + 1),
                Ordering::AcqRel,
                Ordering::Relaxed,
            );
            match renamed {
                Ok(_) => return,
                Err(now) => word = now,
            }
        }
    }

    /// Takes a page out of the table. Under the freeze latch (I2).
    pub(crate) fn unlink(&self, page: PageId, frame: u32) {
        let word = self.entry(page).map(|entry| entry.swap(0, Ordering::AcqRel));
        let named = word.map(|word| word & !REFERENCED);
        assert_eq!(named, Some(frame + 1), "I1: page {page} is in the frame that is unlinked");
        sync::point();
    }

    /// Clears the reference bit and tells whether it was set.
    pub(crate) fn take_reference(&self, page: PageId) -> bool {
        let Some(entry) = self.entry(page) else { return false };
        entry.load(Ordering::Relaxed) & REFERENCED != 0
            && entry.fetch_and(!REFERENCED, Ordering::Relaxed) & REFERENCED != 0
    }
}
