//! The size of the cache changes while pages are in it, in use, and on their way to disk.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::cache::PageCache;
use crate::id::{Batch, Link};
use crate::store::PageSource;
use crate::sync::sim;
use crate::sync::spawn;

use super::threads::{Shared, checkpoints, reader, write};
use super::{Fixture, Random};

const ARENA: u64 = 2 << 20;

/// A fixture over a cache of so many arenas, and no more.
fn fixture(arenas: u64) -> Fixture {
    let bytes = usize::try_from(arenas * ARENA).unwrap();
    Fixture::create_in(PageCache::with_room(bytes, bytes).unwrap())
}

/// Arenas that have memory, by what the cache says it takes.
fn arenas(cache: &PageCache) -> u64 {
    cache.statistics().memory_bytes / ARENA
}

fn is_resident(f: &Fixture, link: &Link) -> bool {
    f.pager.file.table.frame(link.page).is_some()
}

fn pages(f: &mut Fixture, count: u64) -> (Batch, Vec<Link>) {
    let links = (0..count).map(|value| f.insert(value).unwrap()).collect();
    (f.publish(), links)
}

/// Pages of the current batch that lie in two arenas and would fit into one.
fn spread(f: &mut Fixture) -> Vec<(Link, u64)> {
    let all: Vec<_> = (0..700).map(|value| (f.insert(value).unwrap(), value)).collect();
    let is_dropped = |value: u64| value < 500 && value.is_multiple_of(2);
    for (link, _) in all.iter().filter(|(_, value)| is_dropped(*value)) {
        f.delete(*link).unwrap();
    }
    all.into_iter().filter(|(_, value)| !is_dropped(*value)).collect()
}

fn check(f: &Fixture, cut: Batch, links: &[Link]) {
    for (value, link) in (0..).zip(links) {
        assert_eq!(f.read(cut, *link).unwrap(), value);
    }
}

#[test]
fn memory_is_given_back_whole_and_taken_again() {
    let mut f = fixture(4);
    let (cut, links) = pages(&mut f, 1900);
    assert_eq!(arenas(&f.cache), 4);
    for size in [3, 1, 2, 1, 4] {
        f.cache.resize(size * ARENA).unwrap();
        assert!(arenas(&f.cache) <= size, "{:?}", f.cache.statistics());
        assert_eq!(f.cache.statistics().frames, size * 512);
        check(&f, cut, &links);
        assert_eq!(arenas(&f.cache), size, "all pages do not fit, so all of the size is used");
    }
    let statistics = f.cache.statistics();
    assert!(statistics.moves > 0 && statistics.evictions > 1900, "{statistics:?}");
}

/// What is not on disk yet is there after its arena went, and its checkpoint is whole.
#[test]
fn dirty_pages_survive_their_arena() {
    let mut f = fixture(2);
    let pages = spread(&mut f);
    let cut = f.publish();
    let before = f.cache.statistics();
    f.vfs.take_trace();
    f.cache.resize(ARENA).unwrap();
    let after = f.cache.statistics();
    assert_eq!((arenas(&f.cache), after.dirty), (1, before.dirty));
    assert!(after.moves > 100 && after.evictions == 0, "{after:?}");
    assert_eq!(f.vfs.take_trace(), "", "there is room for all: nothing is written early");
    let referenced = |link: &Link| f.pager.file.table.take_reference(link.page);
    assert!(pages.iter().all(|(link, _)| referenced(link)), "a move is not a demotion");
    f.checkpoint(cut).unwrap();
    let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    for (link, value) in pages {
        assert_eq!(g.read(superblock.batch, link).unwrap(), value);
    }
}

/// A page of the head that moved in its own batch is still changed in place.
#[test]
fn a_page_changes_in_place_after_it_moved() {
    let mut f = fixture(2);
    let pages = spread(&mut f);
    f.cache.resize(ARENA).unwrap();
    assert!(f.cache.statistics().moves > 100);
    for (link, value) in pages {
        assert_eq!(f.update(link, value + 1).unwrap(), link, "no copy");
        assert_eq!(f.read(f.writer.batch(), link).unwrap(), value + 1);
    }
}

#[test]
fn what_is_used_often_stays_when_the_cache_shrinks() {
    let mut f = fixture(4);
    let (cut, links) = pages(&mut f, 1900);
    f.checkpoint(cut).unwrap();
    let hot: Vec<Link> = links.iter().copied().step_by(6).collect();
    for size in [4, 2, 1] {
        f.cache.resize(size * ARENA).unwrap();
        for link in &hot {
            f.read(cut, *link).unwrap();
        }
        // Cold pages come and go.
        for link in links.iter().rev().step_by(5) {
            f.read(cut, *link).unwrap();
            hot.iter().take(40).for_each(|link| assert!(f.read(cut, *link).is_ok()));
        }
        for link in &hot {
            f.read(cut, *link).unwrap();
        }
    }
    let misses = f.cache.statistics().misses;
    f.cache.resize(4 * ARENA).unwrap();
    f.cache.resize(ARENA).unwrap();
    let kept = hot.iter().filter(|link| is_resident(&f, link)).count();
    assert!(kept * 10 >= hot.len() * 9, "{kept} of {} hot pages are there", hot.len());
    assert_eq!(f.cache.statistics().misses, misses, "nobody read meanwhile");
}

#[test]
fn an_arena_waits_for_a_page_that_a_cursor_keeps() {
    let mut f = fixture(3);
    let (cut, links) = pages(&mut f, 1400);
    let pinned: Vec<_> = links
        .iter()
        .step_by(50)
        .filter_map(|link| {
            let pin = f.cache.epochs().pin();
            f.pager.pin_page(&f.pager.source(&pin, cut), *link).ok()
        })
        .collect();
    assert!(pinned.len() > 20);
    f.cache.resize(ARENA).unwrap();
    assert!(arenas(&f.cache) > 1, "some pinned pages lie in the arenas that leave");
    for page in &pinned {
        super::value_of(page);
    }
    check(&f, cut, &links);
    drop(pinned);
    f.cache.resize(ARENA).unwrap();
    assert_eq!(arenas(&f.cache), 1);
    check(&f, cut, &links);
}

/// I3 of resize: a page that a reader looks at stays where it is, although it has moved.
#[test]
fn an_arena_waits_for_readers_to_leave() {
    let mut f = fixture(2);
    let pages = spread(&mut f);
    let cut = f.publish();
    let cache = Arc::clone(&f.cache);
    let shrink = || {
        let cache = Arc::clone(&cache);
        spawn("resize", move || cache.resize(ARENA).unwrap()).join().unwrap()
    };
    {
        let pin = cache.epochs().pin();
        let source = f.pager.source(&pin, cut);
        let seen: Vec<_> = pages.iter().map(|(link, _)| source.page(*link).unwrap()).collect();
        assert!(!shrink(), "what was seen may still be looked at");
        assert!(cache.statistics().moves > 100 && arenas(&cache) == 2);
        for (page, (_, value)) in seen.into_iter().zip(&pages) {
            assert_eq!(super::value_of(page), *value);
        }
    }
    assert!(shrink());
    assert_eq!(arenas(&cache), 1);
}

/// I2 of the pager: a writer's own frames may lie anywhere, and it may have nothing to do.
#[test]
fn a_writer_gives_up_its_frames() {
    let mut f = fixture(4);
    let (_, links) = pages(&mut f, 1900);
    for link in links {
        f.delete(link).unwrap();
    }
    for _ in 0..4 {
        f.publish();
    }
    f.cache.resize(ARENA).unwrap();
    assert!(arenas(&f.cache) > 1, "the writer has frames in other arenas");
    f.writer.yield_frames();
    f.cache.resize(ARENA).unwrap();
    assert_eq!(arenas(&f.cache), 1);
    let value = f.insert(7).unwrap();
    assert_eq!(f.read(f.writer.batch(), value).unwrap(), 7);
}

/// I5 of resize: nothing is refused for a size that is only aimed at.
#[test]
fn a_frame_that_must_be_had_is_taken_beyond_the_size() {
    let cache = PageCache::with_room(1, usize::try_from(2 * ARENA).unwrap()).unwrap();
    let mut taken: Vec<u32> = (0..1024).map(|_| cache.take_frame(0, None).unwrap()).collect();
    assert_eq!((arenas(&cache), cache.statistics().frames), (2, 512));
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), 1024);
    // The same while an arena leaves.
    cache.give_back(taken.drain(..10));
    cache.resize(ARENA).unwrap();
    assert_eq!(arenas(&cache), 2, "both are in use");
    let more: Vec<u32> = (0..10).map(|_| cache.take_frame(0, None).unwrap()).collect();
    cache.give_back(more.into_iter().chain(taken));
    cache.resize(ARENA).unwrap();
    assert_eq!((arenas(&cache), cache.statistics().resident), (1, 0));
}

#[test]
fn a_failed_write_ends_a_resize_and_the_next_goes_on() {
    let mut f = fixture(2);
    let (cut, links) = pages(&mut f, 1000);
    f.vfs.0.writes_left.store(0, Ordering::Relaxed);
    assert_eq!(f.cache.resize(ARENA).unwrap_err().kind(), crate::ErrorKind::Io);
    f.vfs.0.writes_left.store(-1, Ordering::Relaxed);
    f.cache.resize(ARENA).unwrap();
    assert_eq!(arenas(&f.cache), 1);
    check(&f, cut, &links);
}

/// Resizes until told to stop.
fn resizes(shared: &Shared, most: u64, seed: u64) {
    let cache = Arc::clone(&shared.fixture.lock().cache);
    let mut random = Random::new(seed);
    while !shared.stop.load(Ordering::Relaxed) {
        cache.resize((1 + random.below(most)) * ARENA).unwrap();
        if random.below(2) == 0 {
            shared.fixture.lock().writer.yield_frames();
        }
        crate::sync::yield_now();
    }
}

/// Readers, checkpoints and a thread that resizes, around the writer.
fn play(seed: u64, readers: u64, batches: u64) -> crate::cache::CacheStatistics {
    let (shared, mut head) = Shared::new(fixture(3), 1300);
    let mut threads = Vec::new();
    for n in 0..readers {
        let shared = Arc::clone(&shared);
        threads.push(spawn("reader", move || reader(&shared, seed ^ n)));
    }
    let other = Arc::clone(&shared);
    threads.push(spawn("checkpoint", move || checkpoints(&other)));
    let other = Arc::clone(&shared);
    threads.push(spawn("resize", move || resizes(&other, 3, seed)));
    write(&shared, &mut head, batches);
    shared.stop.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().unwrap();
    }
    shared.check(&head);
    let fixture = shared.fixture.lock();
    fixture.cache.resize(ARENA).unwrap();
    drop(fixture);
    shared.check(&head);
    let mut fixture = shared.fixture.lock();
    fixture.writer.yield_frames();
    fixture.cache.resize(ARENA).unwrap();
    assert_eq!(arenas(&fixture.cache), 1, "nobody keeps anything");
    // What moved while it was dirty is on disk with the rest.
    let cut = fixture.publish();
    fixture.checkpoint(cut).unwrap();
    let (opened, superblock) = Fixture::open(fixture.vfs.current()).unwrap();
    for (link, value) in &head {
        assert_eq!(opened.read(superblock.batch, *link).unwrap(), *value);
    }
    fixture.cache.statistics()
}

#[test]
fn readers_writers_and_checkpoints_go_on_while_the_size_changes() {
    let statistics = play(5, 2, 800);
    assert!(statistics.moves > 1000 && statistics.evictions > 1000, "{statistics:?}");
}

#[test]
fn the_same_in_simulated_worlds() {
    for seed in 0..12 {
        let outcome = sim::run(seed, &sim::Options::default(), move || play(seed, 2, 40));
        let statistics = outcome.finished();
        assert!(statistics.moves > 0, "seed {seed}: {statistics:?}");
    }
}
