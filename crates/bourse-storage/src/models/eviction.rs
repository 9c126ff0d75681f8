#![expect(unsafe_code, reason = "models look at memory that loom watches")]
//! A frame is its page's for as long as anybody looks: the frame table, moves, eviction, counts.

use std::sync::Arc;

use loom::cell::UnsafeCell;

use super::group_commit::NoFile;
use super::{RACE, holds_and_finds};
use crate::cache::flush::ShardFile;
use crate::cache::frames::{FrameTable, RESIDENT};
use crate::cache::{Epochs, PageCache, PinnedPage};
use crate::id::PageId;
use crate::sync::atomic::Ordering;
use crate::sync::flaw::Flaw;
use crate::sync::spawn;

const PAGE: PageId = PageId(2);

/// What lies in the frames: the page's own content is 1.
struct Frames([UnsafeCell<u32>; 2]);

// SAFETY: loom checks each access before it is made; to find a wrong one is what models are for.
unsafe impl Sync for Frames {}

impl Frames {
    fn new(contents: [u32; 2]) -> Frames {
        Frames(contents.map(UnsafeCell::new))
    }

    fn look(&self, frame: u32) {
        self.0[frame as usize].with(|content| {
            // SAFETY: as above; loom checks the access before it is made.
            assert_eq!(unsafe { *content }, 1, "frame {frame} has another page");
        });
    }

    fn fill(&self, frame: u32, content: u32) {
        // SAFETY: as above.
        self.0[frame as usize].with_mut(|place| unsafe { *place = content });
    }
}

/// Guards `install`: who finds a frame in the table sees the page's bytes in it.
fn install_and_look() {
    let table = Arc::new(FrameTable::reserve(4).unwrap());
    let frames = Arc::new(Frames::new([0, 0]));
    let reader = {
        let (table, frames) = (Arc::clone(&table), Arc::clone(&frames));
        spawn("reader", move || {
            if let Some(frame) = table.reference(PAGE) {
                frames.look(frame);
            }
        })
    };
    frames.fill(0, 1);
    assert!(table.install(PAGE, 0));
    reader.join().unwrap();
    assert_eq!(table.frame(PAGE), Some(0));
}

#[test]
fn an_installed_frame_has_its_bytes() {
    holds_and_finds(install_and_look, &[(Flaw::InstallRelaxed, RACE)]);
}

/// Guards moves (resize I4): a reader finds the page in the old frame or the new, also while
/// another sets the reference bit, and the old frame is reused after the grace period only.
fn move_under_readers() {
    let table = Arc::new(FrameTable::reserve(4).unwrap());
    let frames = Arc::new(Frames::new([1, 0]));
    let epochs = Arc::new(Epochs::new());
    assert!(table.install(PAGE, 0));
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (table, frames, epochs) =
                (Arc::clone(&table), Arc::clone(&frames), Arc::clone(&epochs));
            spawn("reader", move || {
                let _pin = epochs.pin();
                frames.look(table.reference(PAGE).unwrap());
            })
        })
        .collect();
    frames.look(0);
    frames.fill(1, 1);
    table.rename(PAGE, 0, 1);
    let stamp = epochs.stamp();
    if epochs.is_past(stamp) {
        frames.fill(0, 2);
    }
    readers.into_iter().for_each(|reader| reader.join().unwrap());
    assert_eq!(table.frame(PAGE), Some(1));
}

#[test]
fn a_moved_page_is_found_in_either_frame() {
    let flaws = [
        (Flaw::ScanWithoutFence, RACE),
        (Flaw::PinBeginsRelaxed, RACE),
        (Flaw::PinEndsRelaxed, RACE),
    ];
    holds_and_finds(move_under_readers, &flaws);
}

/// A cache of two frames: one has the page, the other is somebody's for good.
struct Small {
    cache: Arc<PageCache>,
    shard: Arc<ShardFile>,
    frames: Frames,
}

impl Small {
    fn new() -> Arc<Small> {
        let cache = PageCache::new(1).unwrap();
        let table = FrameTable::reserve(4).unwrap();
        let shard =
            Arc::new(ShardFile::new(table, Arc::new(NoFile::default()), "model".into(), 0, |_| {
                false
            }));
        let index = cache.register(&shard);
        let frame = cache.take_frame(index, Some(PAGE)).unwrap();
        let other = cache.take_frame(index, None).unwrap();
        assert_ne!(frame, other);
        let frames = Frames::new([3, 3]);
        frames.fill(frame, 1);
        let meta = cache.meta(frame);
        meta.page.store(PAGE.0, Ordering::Relaxed);
        meta.set_state(RESIDENT);
        assert!(shard.table.install(PAGE, frame));
        Arc::new(Small { cache, shard, frames })
    }

    /// Takes the page's frame: the only one that can be had.
    fn evict(&self) {
        let frame = self.cache.take_frame(0, None).unwrap();
        self.frames.fill(frame, 2);
    }
}

/// Guards the cache's I2: a frame that eviction took is handed out after its readers have left.
fn evict_under_a_pin() {
    let small = Small::new();
    let reader = {
        let small = Arc::clone(&small);
        spawn("reader", move || {
            let _pin = small.cache.epochs().pin();
            if let Some(frame) = small.shard.table.frame(PAGE) {
                small.frames.look(frame);
            }
        })
    };
    small.evict();
    reader.join().unwrap();
}

#[test]
fn eviction_waits_for_pins() {
    holds_and_finds(
        evict_under_a_pin,
        &[(Flaw::GraceSkipped, RACE), (Flaw::PinWithoutFence, RACE)],
    );
}

/// Guards the cache's I2: a count keeps a frame beyond the pin under which it was taken.
fn evict_under_a_count() {
    let small = Small::new();
    let reader = {
        let small = Arc::clone(&small);
        spawn("reader", move || {
            let pin = small.cache.epochs().pin();
            let Some(frame) = small.shard.table.frame(PAGE) else { return };
            let pinned = PinnedPage::new(&small.cache, frame);
            drop(pin);
            small.frames.look(frame);
            drop(pinned);
        })
    };
    small.evict();
    reader.join().unwrap();
}

#[test]
fn eviction_waits_for_counts() {
    holds_and_finds(
        evict_under_a_count,
        &[(Flaw::CountIgnored, RACE), (Flaw::CountEndsRelaxed, RACE)],
    );
}
