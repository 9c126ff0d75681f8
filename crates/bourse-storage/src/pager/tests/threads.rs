//! Readers, a writer, checkpoints and eviction at once, with real threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::cache::Held;
use crate::id::{Batch, Link};
use crate::store::{PageSource, PageStore};
use crate::sync::{Mutex, spawn};

use super::{Fixture, Random, fill, value_of};

/// Link and value of every key in a Cut.
type Content = Arc<Vec<(Link, u64)>>;

pub(super) struct Shared {
    pub(super) fixture: Mutex<Fixture>,
    published: Mutex<(Batch, Content)>,
    pub(super) stop: AtomicBool,
    pub(super) reads: AtomicU64,
}

impl Shared {
    /// A fixture with so many keys, published, and its head.
    pub(super) fn new(mut fixture: Fixture, keys: u64) -> (Arc<Shared>, Vec<(Link, u64)>) {
        let head: Vec<_> =
            (0..keys).map(|key| (fixture.insert(key << 32).unwrap(), key << 32)).collect();
        let batch = fixture.publish();
        let shared = Shared {
            fixture: Mutex::new(fixture),
            published: Mutex::new((batch, Arc::new(head.clone()))),
            stop: AtomicBool::new(false),
            reads: AtomicU64::new(0),
        };
        (Arc::new(shared), head)
    }

    /// Every key has the value that was written last.
    pub(super) fn check(&self, head: &[(Link, u64)]) {
        let fixture = self.fixture.lock();
        for (link, value) in head {
            assert_eq!(fixture.read(fixture.writer.batch(), *link).unwrap(), *value);
        }
    }
}

/// Holds the newest published Cut, by the rule.
fn hold(
    shared: &Shared,
    cache: &crate::cache::PageCache,
    held: &Arc<crate::cache::HeldCuts>,
) -> (Held, Content) {
    let _pin = cache.epochs().pin();
    let (batch, content) = shared.published.lock().clone();
    (held.register(batch), content)
}

pub(super) fn reader(shared: &Shared, seed: u64) {
    let (pager, cache, held) = {
        let fixture = shared.fixture.lock();
        (Arc::clone(&fixture.pager), Arc::clone(&fixture.cache), Arc::clone(&fixture.held))
    };
    let mut random = Random::new(seed);
    while !shared.stop.load(Ordering::Relaxed) {
        let (cut, content) = hold(shared, &cache, &held);
        let mut pinned = None;
        for _ in 0..50 {
            let key = random.below(content.len() as u64);
            let (link, value) = content[usize::try_from(key).unwrap()];
            let page = pager.read(cut.batch(), |source| {
                let found = value_of(source.page(link)?);
                let page = pager.pin_page(source, link)?;
                Ok((found, page))
            });
            let (found, page) = page.unwrap();
            assert_eq!(found, value);
            if let Some((page, value)) = pinned.replace((page, value)) {
                assert_eq!(value_of(&page), value, "a pinned page does not change");
            }
        }
        drop(cut);
        if let Some((page, value)) = pinned {
            assert_eq!(value_of(&page), value, "nor without its Cut");
        }
        shared.reads.fetch_add(50, Ordering::Relaxed);
    }
}

pub(super) fn checkpoints(shared: &Shared) {
    while !shared.stop.load(Ordering::Relaxed) {
        let (pager, plan) = {
            let mut fixture = shared.fixture.lock();
            let batch = shared.published.lock().0;
            let cut = fixture.cut(batch);
            (Arc::clone(&fixture.pager), fixture.writer.begin_checkpoint(cut).unwrap())
        };
        pager.run_checkpoint(&plan).unwrap();
        shared.fixture.lock().writer.end_checkpoint(plan);
    }
}

pub(super) fn write(shared: &Shared, head: &mut [(Link, u64)], batches: u64) {
    let mut random = Random::new(3);
    for version in 0..batches {
        let mut fixture = shared.fixture.lock();
        for _ in 0..20 {
            let key = random.below(head.len() as u64);
            let (link, value) = (&mut head[usize::try_from(key).unwrap()], key << 32 | version);
            let updated = fixture.writer.write(1, |store| {
                assert_eq!(value_of(store.page(link.0)?), link.1);
                let link = store.writable(link.0);
                fill(store.page_mut(link), value);
                Ok(link)
            });
            *link = (updated.unwrap(), value);
        }
        let batch = fixture.writer.batch();
        fixture.writer.begin_batch(batch.next());
        *shared.published.lock() = (batch, Arc::new(head.to_vec()));
        fixture.writer.reclaim(batch);
        drop(fixture);
        crate::sync::yield_now();
    }
}

#[test]
fn readers_see_whole_cuts_while_pages_are_written_evicted_and_reused() {
    let (shared, mut head) = Shared::new(Fixture::create(), 1500);
    let mut threads: Vec<_> = (0..3)
        .map(|seed| {
            let shared = Arc::clone(&shared);
            spawn("reader", move || reader(&shared, seed))
        })
        .collect();
    let other = Arc::clone(&shared);
    threads.push(spawn("checkpoint", move || checkpoints(&other)));
    write(&shared, &mut head, 1500);
    shared.stop.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().unwrap();
    }
    let statistics = shared.fixture.lock().cache.statistics();
    assert!(statistics.evictions > 1000 && statistics.early_writes > 0, "{statistics:?}");
    assert!(shared.reads.load(Ordering::Relaxed) > 0);
    shared.check(&head);
}

/// A thread that needs a frame may be writing a page of a shard that is closed meanwhile, as when
/// an open fails: that page stays as it is, and no other shard is taken for its own.
#[test]
fn a_page_in_flight_outlives_its_shard() {
    let mut f = Fixture::create();
    let links: Vec<_> = (0..40).map(|value| f.insert(value).unwrap()).collect();
    f.publish();
    let (file, cache) = (Arc::clone(&f.pager.file), Arc::clone(&f.cache));
    let page = links[7].page;
    let frame = file.table.frame(page).unwrap();
    assert!({
        let _latch = file.freeze.lock();
        file.freeze_page(&cache, frame)
    });
    drop(f);
    assert_eq!(file.table.frame(links[8].page), None);
    assert_eq!(file.table.frame(page), Some(frame));
    let mut g = Fixture::create_in(Arc::clone(&cache));
    let others: Vec<_> = (0..40).map(|value| g.insert(value).unwrap()).collect();
    file.write_frozen(&cache, &mut [(page, frame)]).unwrap();
    let batch = g.publish();
    drop(file);
    // As many as make the cache drop what it can.
    let end = cache.frames() as u64 + 200;
    let more: Vec<_> = (40..end).map(|value| g.insert(value).unwrap()).collect();
    for (value, link) in (0..).zip(others.iter().chain(&more)) {
        assert_eq!(g.read(g.writer.batch().max(batch), *link).unwrap(), value);
    }
}
