//! Checkpoints, open, damaged bytes, failing and full disks.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::cache::{HeldCuts, PageCache};
use crate::error::ErrorKind;
use crate::id::{Batch, PageId};
use crate::store::PageStore;

use super::{Fixture, PATH, Pager, options};

#[test]
fn a_checkpoint_opens_as_its_cut() {
    let mut f = Fixture::create();
    let links: Vec<_> = (0..100).map(|value| f.insert(value).unwrap()).collect();
    let cut = f.publish();
    f.insert(1000).unwrap();
    f.checkpoint(cut).unwrap();
    let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    assert_eq!(superblock.batch, cut);
    assert_eq!((superblock.root, superblock.meta.as_slice()), ([7; 24], &b"meta"[..]));
    for (value, link) in (0..).zip(&links) {
        assert_eq!(g.read(cut, *link).unwrap(), value);
    }
    let audit = g.pager.audit(&mut links.iter().map(|link| link.page));
    assert_eq!((audit.unallocated, audit.unreachable), (vec![], vec![]));
    let audit = g.pager.audit(&mut links[1..].iter().map(|l| l.page).chain([PageId(9999)]));
    assert_eq!((audit.unallocated, audit.unreachable), (vec![PageId(9999)], vec![links[0].page]));
}

#[test]
fn pages_are_durable_before_their_superblock() {
    let mut f = Fixture::create();
    f.insert(1).unwrap();
    let cut = f.publish();
    f.vfs.take_trace();
    f.checkpoint(cut).unwrap();
    assert_eq!(f.vfs.take_trace(), "wwsSs", "page, bitmap, sync, superblock, sync");
}

#[test]
fn a_torn_superblock_leaves_the_older_generation() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    let first = f.publish();
    f.checkpoint(first).unwrap();
    let b = f.update(a, 2).unwrap();
    let second = f.publish();
    f.checkpoint(second).unwrap();
    for round in 0..3 {
        // The second checkpoint is in pages 0 and 1: the first damage is survived by the copy.
        if round > 0 {
            f.vfs.overwrite((round - 1) * 4096 + 70, &[0xff; 8]);
        }
        let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
        let (cut, link, value) = if round < 2 { (second, b, 2) } else { (first, a, 1) };
        assert_eq!(superblock.batch, cut);
        assert_eq!(g.read(cut, link).unwrap(), value);
    }
    f.vfs.overwrite(2 * 4096 + 70, &[0xff; 8]);
    f.vfs.overwrite(3 * 4096 + 70, &[0xff; 8]);
    let error = Fixture::open(f.vfs.current()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
}

#[test]
fn a_damaged_bitmap_leaves_the_older_generation() {
    let mut f = Fixture::create();
    f.insert(1).unwrap();
    let first = f.publish();
    f.checkpoint(first).unwrap();
    f.insert(2).unwrap();
    let second = f.publish();
    f.checkpoint(second).unwrap();
    let (_g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    let offset = usize::try_from(superblock.bitmap.page.offset()).unwrap();
    f.vfs.overwrite(offset + 100, &[0xff; 8]);
    let (mut g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    assert_eq!(superblock.batch, first);
    g.writer.begin_batch(Batch::first_of_open(2));
    let cut = g.publish();
    g.checkpoint(cut).unwrap();
    assert_eq!(Fixture::open(g.vfs.current()).unwrap().1.batch, cut);
}

#[test]
fn foreign_and_newer_files_are_refused_by_name() {
    let f = Fixture::create();
    let open = |vfs: &super::MemoryVfs, options| {
        let cache = PageCache::new(1).unwrap();
        Pager::open(vfs, Path::new(PATH), options, cache, HeldCuts::new()).err().unwrap()
    };
    let error = open(&f.vfs, super::PagerOptions { store: 0x5678, ..options() });
    assert!(error.message().contains("1234") && error.message().contains("5678"), "{error}");
    let error = open(&f.vfs, super::PagerOptions { shard: 3, ..options() });
    assert!(error.message().contains("shard 0") && error.message().contains("shard 3"));
    let mut page = crate::page::Page::zeroed();
    page.0.copy_from_slice(&f.vfs.current()[..4096]);
    page.0[32] = 9;
    page.seal(0);
    f.vfs.overwrite(0, &page.0);
    let error = open(&f.vfs, options());
    assert!(error.message().contains("newer version"), "{error}");
}

#[test]
fn damaged_and_lost_writes_are_named() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    let b = f.insert(2).unwrap();
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    let (g, _) = Fixture::open(f.vfs.current()).unwrap();
    let at = |page: PageId| usize::try_from(page.offset()).unwrap();
    g.vfs.overwrite(at(a.page) + 2000, &[0xff]);
    let error = g.read(cut, a).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    let place = format!("page {} at offset {}", a.page, a.page.offset());
    assert!(error.message().contains(&place) && error.message().contains("checksum"), "{error}");
    let image = f.vfs.current();
    g.vfs.overwrite(at(b.page), &image[at(a.page)..at(a.page) + 4096]);
    let error = g.read(cut, b).unwrap_err();
    assert!(error.message().contains("went astray"), "{error}");
    g.pager.load_unheld(b).unwrap();
    g.vfs.0.fail_reads.store(true, Ordering::Relaxed);
    assert_eq!(g.read(cut, b).unwrap_err().kind(), ErrorKind::Io);
}

#[test]
fn a_failed_page_write_spoils_one_checkpoint_only() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    let first = f.publish();
    f.checkpoint(first).unwrap();
    let b = f.update(a, 2).unwrap();
    let second = f.publish();
    f.vfs.0.writes_left.store(0, Ordering::Relaxed);
    assert_eq!(f.checkpoint(second).unwrap_err().kind(), ErrorKind::Io);
    let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    assert_eq!((superblock.batch, g.read(first, a).unwrap()), (first, 1));
    f.vfs.0.writes_left.store(-1, Ordering::Relaxed);
    f.checkpoint(second).unwrap();
    let (g, superblock) = Fixture::open(f.vfs.current()).unwrap();
    assert_eq!((superblock.batch, g.read(second, b).unwrap()), (second, 2));
}

#[test]
fn a_failed_sync_is_final() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    let cut = f.publish();
    f.vfs.0.fail_sync.store(true, Ordering::Relaxed);
    assert_eq!(f.checkpoint(cut).unwrap_err().kind(), ErrorKind::Io);
    f.vfs.0.fail_sync.store(false, Ordering::Relaxed);
    for error in [f.insert(2).unwrap_err(), f.checkpoint(cut).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Closed);
        assert!(error.message().contains("injected: sync"), "{error}");
    }
    assert_eq!(f.writer.reserve(1, true).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(f.read(cut, a).unwrap(), 1, "reading goes on");
}

#[test]
fn a_failed_superblock_is_final() {
    let mut f = Fixture::create();
    f.insert(1).unwrap();
    let cut = f.publish();
    f.vfs.0.writes_left.store(2, Ordering::Relaxed);
    assert_eq!(f.checkpoint(cut).unwrap_err().kind(), ErrorKind::Io);
    f.vfs.0.writes_left.store(-1, Ordering::Relaxed);
    assert_eq!(f.insert(2).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(Fixture::open(f.vfs.current()).unwrap().1.batch, Batch(0));
}

#[test]
fn a_full_disk_refuses_inserts_and_takes_deletes_and_checkpoints() {
    let mut f = Fixture::create();
    f.vfs.0.limit.store(256 * 4096, Ordering::Relaxed);
    let mut links = Vec::new();
    let error = loop {
        match f.writer.reserve(1, false) {
            Ok(()) => links.push(f.insert(7).unwrap()),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Full);
    assert!(error.message().contains("shard-0") && error.message().contains("delete"), "{error}");
    assert!(links.len() > 200, "{} of 256 pages were used", links.len());
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    f.writer.reserve(1, true).unwrap();
    for link in links.drain(..100) {
        f.delete(link).unwrap();
    }
    // Two checkpoints later neither superblock has them.
    for _ in 0..2 {
        let cut = f.publish();
        f.checkpoint(cut).unwrap();
    }
    f.publish();
    f.writer.reserve(50, false).unwrap();
    let value = vec![1; 10_000];
    let need = super::Need::from(0).with_value(value.len());
    f.writer.reserve(need, false).unwrap();
    f.writer.write(need, |store| Ok(store.allocate_extent(&value))).unwrap();
}

#[test]
fn a_failed_extent_write_stops_the_store() {
    let mut f = Fixture::create();
    let value = vec![1; 100_000];
    let need = super::Need::from(0).with_value(value.len());
    f.vfs.0.writes_left.store(0, Ordering::Relaxed);
    let error = f.writer.write(need, |store| Ok(store.allocate_extent(&value))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    f.vfs.0.writes_left.store(-1, Ordering::Relaxed);
    assert_eq!(f.insert(1).unwrap_err().kind(), ErrorKind::Closed);
}

#[test]
fn early_writes_fail_to_who_needs_the_frame_and_keep_the_page() {
    let mut f = Fixture::create();
    let links: Vec<_> = (0..480).map(|value| f.insert(value).unwrap()).collect();
    let newest = f.writer.batch();
    f.vfs.0.writes_left.store(0, Ordering::Relaxed);
    let error = (0..).find_map(|value| f.insert(value).err()).unwrap();
    assert_eq!(error.kind(), ErrorKind::Io);
    f.vfs.0.writes_left.store(-1, Ordering::Relaxed);
    for (value, link) in (0..).zip(&links) {
        assert_eq!(f.read(newest, *link).unwrap(), value);
    }
    f.insert(1).unwrap();
}

#[test]
fn positions_of_both_generations_survive_a_reopen() {
    let mut f = Fixture::create();
    let a = f.insert(1).unwrap();
    let first = f.publish();
    f.checkpoint(first).unwrap();
    f.update(a, 2).unwrap();
    let second = f.publish();
    f.checkpoint(second).unwrap();
    let (mut g, _) = Fixture::open(f.vfs.current()).unwrap();
    assert_eq!(g.writer.retired_pages(), 1, "only the older generation has the first page");
    g.writer.begin_batch(Batch::first_of_open(2));
    for value in 0..600 {
        let link = g.insert(value).unwrap();
        assert_ne!(link.page, a.page, "the older generation still has it");
    }
    let cut = g.publish();
    g.checkpoint(cut).unwrap();
    g.publish();
    assert_eq!(g.writer.retired_pages(), 0, "that generation is overwritten");
}

#[test]
fn two_shards_share_a_cache_and_leave_it() {
    let mut f = Fixture::create();
    let other = super::MemoryVfs::new();
    let options = super::PagerOptions { shard: 1, ..options() };
    let (pager, mut writer) = Pager::create(
        &other,
        Path::new("store/shard-1"),
        options,
        Arc::clone(&f.cache),
        Arc::clone(&f.held),
    )
    .unwrap();
    writer.begin_batch(super::first_batch());
    for value in 0..400 {
        f.insert(value).unwrap();
        writer
            .write(1, |store| {
                let link = store.allocate();
                super::fill(store.page_mut(link), value);
                Ok(link)
            })
            .unwrap();
    }
    assert!(f.cache.statistics().early_writes > 0);
    drop((pager, writer));
    let links: Vec<_> = (0..100).map(|value| f.insert(value).unwrap()).collect();
    for (value, link) in (0..).zip(links) {
        assert_eq!(f.read(f.writer.batch(), link).unwrap(), value);
    }
}
