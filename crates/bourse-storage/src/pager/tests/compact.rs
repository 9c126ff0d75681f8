//! Space given back, and who delays it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::cache::{HeldCuts, PageCache};
use crate::id::{Batch, Link, PageId};
use crate::store::{PageSource, PageStore};

use super::{Fixture, PATH, Pager, Random, options};

/// A file of which all but a few pages at its end were deleted, durably; and those pages.
fn sparse() -> (Fixture, Vec<(Link, u64)>) {
    let mut f = Fixture::create();
    let links: Vec<_> = (0..1_000).map(|value| f.insert(value).unwrap()).collect();
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    let mut kept: Vec<(Link, u64)> = links.into_iter().zip(0..).collect();
    kept.sort_by_key(|(link, _)| link.page);
    for (link, _) in kept.drain(..900) {
        f.delete(link).unwrap();
    }
    for _ in 0..2 {
        quiet_checkpoint(&mut f);
    }
    (f, kept)
}

/// A checkpoint while nobody else does anything, and what became free with it.
fn quiet_checkpoint(f: &mut Fixture) -> Batch {
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    for _ in 0..20 {
        f.writer.reclaim(cut);
    }
    cut
}

fn move_below(f: &mut Fixture, ceiling: PageId, pages: &mut [(Link, u64)]) {
    for (link, value) in pages.iter_mut().filter(|(link, _)| link.page >= ceiling) {
        *link = f.update(*link, *value).unwrap();
        assert!(link.page < ceiling);
    }
    assert!(!f.writer.has_pages_beyond());
}

fn has(f: &Fixture, batch: Batch, pages: &[(Link, u64)]) {
    for (link, value) in pages {
        assert_eq!(f.read(batch, *link).unwrap(), *value);
    }
}

#[test]
fn two_checkpoints_after_the_move_a_file_is_short() {
    let (mut f, mut pages) = sparse();
    let before = f.pager.pages();
    let ceiling = f.writer.lower_ceiling(0).unwrap();
    move_below(&mut f, ceiling, &mut pages);
    quiet_checkpoint(&mut f);
    assert_eq!(f.writer.give_back().unwrap(), 0, "the older superblock has what was there");
    assert!(f.writer.may_become_shorter(0));
    f.vfs.take_trace();
    let cut = quiet_checkpoint(&mut f);
    let given = f.writer.give_back().unwrap();
    assert!(f.vfs.take_trace().ends_with("Sst"), "after the superblock is durable");
    assert_eq!(f.pager.pages(), ceiling.0);
    assert_eq!(given, before - ceiling.0);
    assert_eq!(f.vfs.current().len(), ceiling.0 as usize * 4096);
    assert!(!f.writer.may_become_shorter(0) && f.writer.lower_ceiling(0).is_none());
    has(&f, cut, &pages);
    // It grows again, and positions that were cut off are other pages' then.
    for value in 0..900 {
        pages.push((f.insert(value).unwrap(), value));
    }
    let cut = quiet_checkpoint(&mut f);
    has(&f, cut, &pages);
    let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    has(&g, superblock.batch, &pages);
}

#[test]
fn a_held_cut_delays_it() {
    let (mut f, mut pages) = sparse();
    let old = pages.clone();
    let cut = f.publish();
    let held = f.held.register(cut);
    let before = f.pager.pages();
    let ceiling = f.writer.lower_ceiling(0).unwrap();
    move_below(&mut f, ceiling, &mut pages);
    for _ in 0..4 {
        quiet_checkpoint(&mut f);
        f.writer.give_back().unwrap();
        has(&f, cut, &old);
    }
    let last = old.iter().map(|(link, _)| link.page.0).max().unwrap();
    assert!((last + 1..=before).contains(&f.pager.pages()), "the Cut's pages are there");
    drop(held);
    quiet_checkpoint(&mut f);
    f.writer.give_back().unwrap();
    assert_eq!(f.pager.pages(), ceiling.0);
}

#[test]
fn an_aside_beyond_the_ceiling_stays() {
    let (mut f, mut pages) = sparse();
    let aside = f.writer.begin_aside();
    let mut made = Vec::new();
    for _ in 0..700 {
        let page = f.writer.write_aside(&aside, 1, |store| {
            let link = store.allocate();
            super::fill(store.page_mut(link), 5);
            Ok(link)
        });
        made.push(page.unwrap());
    }
    f.writer.lower_ceiling(0);
    quiet_checkpoint(&mut f);
    f.writer.give_back().unwrap();
    f.writer.attach(aside);
    pages.extend(made.into_iter().map(|link| (link, 5)));
    let cut = quiet_checkpoint(&mut f);
    has(&f, cut, &pages);
    let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    has(&g, superblock.batch, &pages);
}

/// Who needs the space takes the ceiling away, on a full disk too.
#[test]
fn a_ceiling_gives_way() {
    let (mut f, mut pages) = sparse();
    let before = f.pager.pages();
    f.writer.lower_ceiling(0).unwrap();
    f.vfs.0.limit.store(0, Ordering::Relaxed);
    for value in 0..800 {
        f.writer.reserve(1, false).unwrap();
        pages.push((f.insert(value).unwrap(), value));
    }
    assert_eq!(f.pager.pages(), before, "the file did not grow");
    let cut = quiet_checkpoint(&mut f);
    has(&f, cut, &pages);
}

/// Whether or not the truncation came to the disk, and what was in its place later.
#[test]
fn a_crash_after_a_truncation_leaves_either_file() {
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let (mut f, mut pages) = sparse();
        let ceiling = f.writer.lower_ceiling(0).unwrap();
        move_below(&mut f, ceiling, &mut pages);
        quiet_checkpoint(&mut f);
        let cut = quiet_checkpoint(&mut f);
        assert!(f.writer.give_back().unwrap() > 0);
        let durable = pages.clone();
        let check = |f: &Fixture, random: &mut Random| {
            let image = f.vfs.crash_image(random);
            let (g, superblock) = Fixture::open(image).unwrap();
            assert_eq!(superblock.batch, cut);
            has(&g, cut, &durable);
            g.pager.pages()
        };
        check(&f, &mut random);
        for value in 0..random.below(1_500) {
            pages.push((f.insert(value).unwrap(), value));
        }
        let next = f.publish();
        let plan = f.writer.begin_checkpoint(f.cut(next)).unwrap();
        check(&f, &mut random);
        f.vfs.keep_images(Random::new(seed));
        f.pager.run_checkpoint(&plan).unwrap();
        f.writer.end_checkpoint(plan);
        for image in f.vfs.take_images() {
            let (g, superblock) = Fixture::open(image).unwrap();
            let content = if superblock.batch == cut { &durable } else { &pages };
            has(&g, superblock.batch, content);
        }
    }
}

/// A file that a crash left longer than its superblocks tell is cut off by the next compaction.
#[test]
fn a_file_that_is_too_long_is_cut_off_later() {
    let (mut f, mut pages) = sparse();
    let ceiling = f.writer.lower_ceiling(0).unwrap();
    move_below(&mut f, ceiling, &mut pages);
    quiet_checkpoint(&mut f);
    quiet_checkpoint(&mut f);
    let (mut g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    assert!(superblock.pages <= ceiling.0 && g.pager.pages() > ceiling.0);
    g.writer.begin_batch(Batch::first_of_open(2));
    g.writer.lower_ceiling(0).unwrap();
    assert!(g.writer.give_back().unwrap() > 0, "nothing has to move or to be written");
    has(&g, superblock.batch, &pages);
}

/// Files whose superblocks told of the whole file, as they did before files could shrink.
#[test]
fn a_superblock_may_tell_of_more_than_it_has() {
    let (mut f, mut pages) = sparse();
    let ceiling = f.writer.lower_ceiling(0).unwrap();
    move_below(&mut f, ceiling, &mut pages);
    let cut = quiet_checkpoint(&mut f);
    let (_, mut superblock) = Fixture::open(f.vfs.current()).unwrap();
    assert!(superblock.pages < f.pager.pages());
    superblock.pages = f.pager.pages();
    let first = if superblock.generation % 2 == 1 { 0 } else { 2 };
    for position in [first, first + 1] {
        let mut page = crate::page::Page::zeroed();
        superblock.encode(&mut page, position);
        f.vfs.overwrite(position as usize * 4096, &page.0);
    }
    let (vfs, cache) = (&f.vfs, PageCache::new(1).unwrap());
    let opened = Pager::open(vfs, Path::new(PATH), options(), Arc::clone(&cache), HeldCuts::new());
    let (pager, _, found) = opened.unwrap();
    assert_eq!(found, superblock);
    for (link, value) in pages {
        let read = pager.read(cut, |source| Ok(super::value_of(source.page(link)?)));
        assert_eq!(read.unwrap(), value);
    }
}
