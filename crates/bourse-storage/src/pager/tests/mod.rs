//! Tests with raw pages: no tree, only links that the test itself keeps.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::cache::{HeldCuts, PageCache};
use crate::error::{ErrorKind, Result};
use crate::id::{Batch, Link, Lsn, PageId};
use crate::page::{HEADER_SIZE, OVERFLOW_PAYLOAD, Page, PageKind};
use crate::store::{PageSource, PageStore};

use super::{CheckpointCut, Need, Pager, PagerOptions, Superblock, Writer};

mod allocator;
mod compact;
mod disk;
mod memory;
mod model;
mod races;
mod reads;
mod resize;
mod scan;
mod threads;
mod warm;

use memory::MemoryVfs;

/// The test's own randomness: xorshift.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 8
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

const STORE: u128 = 0x1234;
const PATH: &str = "store/shard-0";

fn validate(page: &Page) -> Result<()> {
    match page.kind() {
        Some(PageKind::Leaf | PageKind::Overflow) => Ok(()),
        kind => Err(crate::Error::corrupt(format!("no page has kind {kind:?} here"))),
    }
}

fn options() -> PagerOptions {
    PagerOptions {
        max_pages: 1 << 16,
        reserve_pages: 32,
        give_back_pages_min: 16,
        ..PagerOptions::new(STORE, 0, validate)
    }
}

/// One shard over memory.
struct Fixture {
    vfs: MemoryVfs,
    cache: Arc<PageCache>,
    held: Arc<HeldCuts>,
    pager: Arc<Pager>,
    writer: Writer,
}

impl Fixture {
    fn create() -> Fixture {
        Fixture::create_in(PageCache::new(1).unwrap())
    }

    fn create_in(cache: Arc<PageCache>) -> Fixture {
        let (vfs, held) = (MemoryVfs::new(), HeldCuts::new());
        let (pager, mut writer) =
            Pager::create(&vfs, Path::new(PATH), options(), Arc::clone(&cache), Arc::clone(&held))
                .unwrap();
        writer.begin_batch(Batch::first_of_open(1));
        Fixture { vfs, cache, held, pager, writer }
    }

    /// The store that a crash image, or a healthy file, opens as.
    fn open(image: Vec<u8>) -> Result<(Fixture, Superblock)> {
        let (vfs, held) = (MemoryVfs::of(image), HeldCuts::new());
        let cache = PageCache::new(1).unwrap();
        let (pager, writer, superblock) =
            Pager::open(&vfs, Path::new(PATH), options(), Arc::clone(&cache), Arc::clone(&held))?;
        Ok((Fixture { vfs, cache, held, pager, writer }, superblock))
    }

    fn cut(&self, batch: Batch) -> CheckpointCut {
        CheckpointCut { batch, lsn: Lsn(batch.0), root: [7; 24], meta: b"meta".to_vec() }
    }

    /// Begins the next batch and publishes the one before, which it returns.
    fn publish(&mut self) -> Batch {
        let batch = self.writer.batch();
        self.writer.begin_batch(batch.next());
        self.writer.reclaim(batch);
        batch
    }

    fn checkpoint(&mut self, batch: Batch) -> Result<()> {
        let cut = self.cut(batch);
        let plan = self.writer.begin_checkpoint(cut)?;
        let result = self.pager.run_checkpoint(&plan);
        self.writer.end_checkpoint(plan);
        result
    }

    fn insert(&mut self, value: u64) -> Result<Link> {
        self.writer.write(1, |store| {
            let link = store.allocate();
            fill(store.page_mut(link), value);
            Ok(link)
        })
    }

    fn update(&mut self, link: Link, value: u64) -> Result<Link> {
        self.writer.write(1, |store| {
            store.page(link)?;
            let link = store.writable(link);
            fill(store.page_mut(link), value);
            Ok(link)
        })
    }

    fn delete(&mut self, link: Link) -> Result<()> {
        self.writer.write(0, |store| {
            store.free(link);
            Ok(())
        })
    }

    fn read(&self, newest: Batch, link: Link) -> Result<u64> {
        self.pager.read(newest, |source| Ok(value_of(source.page(link)?)))
    }
}

/// A page whose every word is the value.
fn fill(page: &mut Page, value: u64) {
    page.set_kind(PageKind::Leaf, 0);
    for word in page.body_mut().chunks_exact_mut(8) {
        word.copy_from_slice(&value.to_le_bytes());
    }
}

/// The value of a filled page, all of whose words must agree.
fn value_of(page: &Page) -> u64 {
    let value = page.u64_at(HEADER_SIZE);
    assert!((HEADER_SIZE..4096).step_by(8).all(|at| page.u64_at(at) == value), "a mixed page");
    value
}

fn first_batch() -> Batch {
    Batch::first_of_open(1)
}

#[test]
fn pages_change_in_place_only_in_their_own_batch() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    assert_eq!(f.update(a, 2).unwrap(), a, "the same batch");
    let sealed = f.publish();
    let b = f.update(a, 3).unwrap();
    assert_ne!(b, a);
    assert_eq!(f.read(sealed, a).unwrap(), 2, "the Cut's page is as it was");
    assert_eq!(f.update(b, 4).unwrap(), b);
    assert_eq!(f.read(f.writer.batch(), b).unwrap(), 4);
}

#[test]
fn a_page_born_after_the_cut_is_corrupt() {
    let mut f = Fixture::create();
    let sealed = f.publish();
    let link = f.insert(1).unwrap();
    let error = f.read(sealed, link).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.message().contains("shard-0"), "{error}");
    let wrong = Link { birth: link.birth + 1, ..link };
    assert_eq!(f.read(f.writer.batch(), wrong).unwrap_err().kind(), ErrorKind::Corrupt);
}

#[test]
fn a_page_of_one_batch_is_recycled_at_once() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    f.delete(a).unwrap();
    let b = f.insert(2).unwrap();
    assert_eq!(a.page, b.page, "last in, first out");
}

#[test]
fn a_held_cut_keeps_its_pages() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    let cut = f.publish();
    let held = f.held.register(cut);
    f.update(a, 2).unwrap();
    f.publish();
    for _ in 0..10 {
        f.publish();
        let b = f.insert(9).unwrap();
        assert_ne!(b.page, a.page);
        f.delete(b).unwrap();
    }
    assert_eq!(f.read(cut, a).unwrap(), 1);
    let again = held.clone();
    drop(held);
    f.publish();
    assert_eq!(f.read(cut, a).unwrap(), 1, "the clone holds it too");
    drop(again);
    let retired = f.writer.retired_pages();
    f.publish();
    f.publish();
    assert!(f.writer.retired_pages() < retired, "nothing keeps it now");
}

#[test]
fn a_pin_delays_reuse_until_it_ends() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    let cut = f.publish();
    let cache = Arc::clone(&f.cache);
    let pin = cache.epochs().pin();
    let b = f.update(a, 2).unwrap();
    f.publish();
    f.publish();
    assert_eq!(f.writer.retired_pages(), 1, "the pin is from before the death was published");
    let pager = Arc::clone(&f.pager);
    assert_eq!(value_of(pager.source(&pin, cut).page(a).unwrap()), 1);
    drop(pin);
    f.publish();
    assert_eq!(f.writer.retired_pages(), 0);
    assert_eq!(f.read(f.writer.batch(), b).unwrap(), 2);
}

#[test]
fn a_pinned_page_outlives_its_pin_and_its_position() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    let cut = f.publish();
    let pinned = {
        let pin = f.cache.epochs().pin();
        f.pager.pin_page(&f.pager.source(&pin, cut), a).unwrap()
    };
    let mut b = f.update(a, 2).unwrap();
    for value in 3..20 {
        f.publish();
        b = f.update(b, value).unwrap();
    }
    // Enough for every frame to get another page.
    for value in 0..2000 {
        f.insert(value).unwrap();
    }
    // A cursor may change threads.
    crate::sync::spawn("other", move || assert_eq!(value_of(&pinned), 1)).join().unwrap();
    assert_eq!(f.read(f.writer.batch(), b).unwrap(), 19);
}

#[test]
fn extents_round_trip_through_frames_and_past_them() {
    let mut f = Fixture::create();
    for bytes in [1, OVERFLOW_PAYLOAD, 3 * OVERFLOW_PAYLOAD + 5, 16 * OVERFLOW_PAYLOAD, 300_000] {
        let value: Vec<u8> = (0..bytes).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let need = Need::from(0).with_value(bytes);
        let link = f.writer.write(need, |store| Ok(store.allocate_extent(&value))).unwrap();
        let newest = f.writer.batch();
        let mut out = Vec::new();
        let pages = u32::try_from(crate::page::extent_pages(bytes)).unwrap();
        if pages > 16 {
            f.pager.read_extent_direct(link, bytes, &mut out).unwrap();
        } else {
            for n in 0..pages {
                let link = Link { page: PageId(link.page.0 + n), ..link };
                let part = f.pager.read(newest, |source| Ok(source.page(link)?.body().to_vec()));
                out.extend(part.unwrap());
            }
            out.truncate(bytes);
        }
        assert_eq!(out, value);
        let free = f.writer.free_pages();
        f.writer
            .write(0, |store| {
                store.free_extent(link, bytes);
                Ok(())
            })
            .unwrap();
        assert_eq!(f.writer.free_pages(), free + pages, "born and dead in one batch");
    }
}

#[test]
fn an_extent_is_loaded_with_one_read() {
    let mut f = Fixture::create();
    let value = vec![5; 4 * OVERFLOW_PAYLOAD];
    let need = Need::from(0).with_value(value.len());
    let link = f.writer.write(need, |store| Ok(store.allocate_extent(&value))).unwrap();
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    g.pager.load_run(link, 4).unwrap();
    assert_eq!(g.cache.statistics().misses, 4);
    g.vfs.0.fail_reads.store(true, Ordering::Relaxed);
    for n in 0..4 {
        let link = Link { page: PageId(link.page.0 + n), ..link };
        let body = g.pager.read(superblock.batch, |source| Ok(source.page(link)?.body().to_vec()));
        assert!(body.unwrap().iter().all(|byte| *byte == 5));
    }
}

#[test]
fn an_aside_is_in_no_checkpoint_before_it_is_attached() {
    let mut f = Fixture::create();
    let (kept, dropped) = (f.writer.begin_aside(), f.writer.begin_aside());
    let mut links = Vec::new();
    for value in 0..20 {
        let aside = if value % 2 == 0 { &kept } else { &dropped };
        let made = f.writer.write_aside(aside, 1, |store| {
            let link = store.allocate();
            fill(store.page_mut(link), value);
            Ok(link)
        });
        links.push(made.unwrap());
        f.publish();
    }
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    assert_eq!(f.pager.allocated_at_checkpoint(), []);
    let free = f.writer.free_pages();
    f.writer.abandon(dropped);
    assert_eq!(f.writer.free_pages(), free + 10);
    f.writer.attach(kept);
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    let mut pages: Vec<PageId> = links.iter().step_by(2).map(|link| link.page).collect();
    pages.sort_unstable();
    assert_eq!(f.pager.allocated_at_checkpoint(), pages);
    let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    for (value, link) in (0..).zip(&links).step_by(2) {
        assert_eq!(g.read(superblock.batch, *link).unwrap(), value);
    }
}

/// A page that is changed may name pages of now: it is of now itself then, in an aside as in the
/// head, and in the batch that an aside is attached in.
#[test]
fn a_page_of_an_aside_changes_in_place_in_its_own_batch_alone() {
    let mut f = Fixture::create();
    let aside = f.writer.begin_aside();
    let change = |f: &mut Fixture, aside: Option<&super::Aside>, link: Option<Link>| {
        let made = |store: &mut super::Store<'_>| {
            let link = match link {
                Some(link) => {
                    store.page(link)?;
                    store.writable(link)
                }
                None => store.allocate(),
            };
            fill(store.page_mut(link), 7);
            Ok(link)
        };
        match aside {
            Some(aside) => f.writer.write_aside(aside, 1, made).unwrap(),
            None => f.writer.write(1, made).unwrap(),
        }
    };
    let first = change(&mut f, Some(&aside), None);
    assert_eq!(change(&mut f, Some(&aside), Some(first)), first, "in place in its batch");
    f.publish();
    let second = change(&mut f, Some(&aside), Some(first));
    assert!(second.birth > first.birth && second.page != first.page);
    f.publish();
    f.writer.attach(aside);
    let third = change(&mut f, None, Some(second));
    assert!(third.birth > second.birth && third.page != second.page);
    assert_eq!(change(&mut f, None, Some(third)), third, "in place in its batch");
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    assert_eq!(f.pager.allocated_at_checkpoint(), [third.page]);
}
