//! Races that must not happen, made to happen: what others do while a read or write is under way.

use std::sync::Arc;

use crate::error::ErrorKind;
use crate::id::{Link, PageId};
use crate::store::PageStore;
use crate::sync::Mutex;

use super::{Fixture, fill};

/// Takes frames until the page has left the cache.
fn evict(pager: &super::Pager, cache: &crate::cache::PageCache, page: PageId) {
    let mut taken = Vec::new();
    while pager.file.table.frame(page).is_some() {
        taken.push(cache.take_frame(pager.index, None).unwrap());
    }
    cache.give_back(taken.into_iter());
}

/// Runs `body` on a fixture whose hook, set by `set`, can reach it too.
fn with_hook(
    f: Fixture,
    set: impl FnOnce(&Fixture, Box<dyn FnOnce() + Send>),
    hook: impl FnOnce(&mut Fixture) + Send + 'static,
    body: impl FnOnce(&super::Pager, &crate::cache::PageCache),
) -> Fixture {
    let (pager, cache) = (Arc::clone(&f.pager), Arc::clone(&f.cache));
    let shared = Arc::new(Mutex::new(Some(f)));
    let inner = Arc::clone(&shared);
    let run: Box<dyn FnOnce() + Send> = Box::new(move || {
        let mut f = inner.lock();
        hook(f.as_mut().unwrap());
    });
    set(shared.lock().as_ref().unwrap(), run);
    body(&pager, &cache);
    shared.lock().take().unwrap()
}

/// A write that is late must not land on the position's next page.
#[test]
fn a_position_is_not_reused_while_it_is_written() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    // A frame and a position that the writer can use when all other frames are taken.
    let spare = f.insert(0).unwrap();
    f.delete(spare).unwrap();
    let reused = Arc::new(Mutex::new(None::<Link>));
    let seen = Arc::clone(&reused);
    let mut f = with_hook(
        f,
        |f, hook| *f.vfs.0.before_write.lock() = Some(hook),
        move |f| {
            f.delete(a).unwrap();
            *seen.lock() = Some(f.insert(2).unwrap());
        },
        |pager, cache| evict(pager, cache, a.page),
    );
    let b = reused.lock().take().unwrap();
    assert_ne!(a.page, b.page, "the old page is still being written");
    assert_eq!(f.writer.retired_pages(), 1);
    assert_eq!(f.read(f.writer.batch(), b).unwrap(), 2);
    f.publish();
    assert_eq!(f.writer.retired_pages(), 0, "the write is over");
}

/// A page of the head that died while it was loaded without the mutex must not come back.
#[test]
fn a_late_load_does_not_hide_the_positions_next_page() {
    for dropped in [false, true] {
        let mut f = Fixture::create();
        let a = f.insert(1).unwrap();
        f.update(a, 1).unwrap();
        evict(&f.pager, &f.cache, a.page);
        let made = Arc::new(Mutex::new(None::<Link>));
        let seen = Arc::clone(&made);
        let f = with_hook(
            f,
            |f, hook| *f.vfs.0.after_read.lock() = Some(hook),
            move |f| {
                f.delete(a).unwrap();
                let b = f.insert(2).unwrap();
                *seen.lock() = Some(b);
                if dropped {
                    evict(&f.pager, &f.cache, b.page);
                }
            },
            |pager, _| pager.load_unheld(a).unwrap(),
        );
        let b = made.lock().take().unwrap();
        assert_eq!(a.page, b.page, "the position was free at once");
        assert_eq!(f.read(f.writer.batch(), b).unwrap(), 2);
    }
}

/// A page that was loaded after it had died gives way to the position's next page.
#[test]
fn a_stale_page_gives_way() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    evict(&f.pager, &f.cache, a.page);
    f.delete(a).unwrap();
    f.pager.load_unheld(a).unwrap();
    assert!(f.pager.file.table.frame(a.page).is_some(), "the disk still has the dead page");
    let made = f.writer.write(1, |store| {
        let link = store.allocate();
        fill(store.page_mut(link), 2);
        Ok(link)
    });
    let b = made.unwrap();
    assert_eq!(a.page, b.page);
    assert_eq!(f.read(f.writer.batch(), b).unwrap(), 2);
}

/// A checkpoint waits for the early write of one of its pages, and notices when that fails.
#[test]
fn a_checkpoint_takes_over_a_failed_early_write() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    let cut = f.publish();
    f.vfs.0.writes_left.store(0, std::sync::atomic::Ordering::Relaxed);
    let failed = (0..512).find_map(|_| match f.cache.take_frame(f.pager.index, None) {
        Ok(frame) => {
            f.cache.give_back(std::iter::once(frame));
            f.insert(9).err()
        }
        Err(error) => Some(error),
    });
    assert_eq!(failed.unwrap().kind(), ErrorKind::Io);
    f.vfs.0.writes_left.store(-1, std::sync::atomic::Ordering::Relaxed);
    f.checkpoint(cut).unwrap();
    let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    assert_eq!(g.read(superblock.batch, a).unwrap(), 1);
}
