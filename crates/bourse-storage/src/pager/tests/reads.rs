//! What is counted of reads: by kind of page, by readers and writers, also of those who are gone.

use std::path::Path;
use std::sync::Arc;

use crate::cache::{HeldCuts, PageCache};
use crate::id::Lsn;
use crate::pager::{CheckpointCut, Pager, PagerOptions};
use crate::sync::spawn;
use crate::tree::{self, Payload, Root};

use super::memory::MemoryVfs;
use super::{PATH, STORE, first_batch};

const ENTRIES: u32 = 500;

fn options() -> PagerOptions {
    PagerOptions { max_pages: 1 << 16, ..PagerOptions::new(STORE, 0, tree::validate) }
}

/// A file with a tree of two levels, and a value in pages of its own.
fn file() -> Vec<u8> {
    let (vfs, cache) = (MemoryVfs::new(), PageCache::new(1).unwrap());
    let (pager, mut writer) =
        Pager::create(&vfs, Path::new(PATH), options(), cache, HeldCuts::new()).unwrap();
    writer.begin_batch(first_batch());
    let mut root = Root::EMPTY;
    for key in 0..ENTRIES {
        let value = if key == 7 { vec![1; 9000] } else { vec![2; 40] };
        let need = super::Need::from(tree::pages_needed(root, 0)).with_value(value.len());
        let put = writer.write(need, |store| {
            let mut new = root;
            tree::put(store, &mut new, &key.to_be_bytes(), &value)?;
            Ok(new)
        });
        root = put.unwrap();
    }
    assert_eq!(root.height, 2);
    let batch = writer.batch();
    writer.begin_batch(batch.next());
    writer.reclaim(batch);
    let cut = CheckpointCut { batch, lsn: Lsn(1), root: root.encode(), meta: Vec::new() };
    let plan = writer.begin_checkpoint(cut).unwrap();
    pager.run_checkpoint(&plan).unwrap();
    writer.end_checkpoint(plan);
    vfs.current()
}

/// Reads and misses of leaves, inner pages and parts of values.
fn counts(cache: &PageCache) -> [(u64, u64); 3] {
    let now = cache.statistics();
    [now.leaf, now.inner, now.overflow].map(|kind| (kind.reads, kind.misses))
}

#[test]
fn reads_are_counted_by_kind() {
    let vfs = MemoryVfs::of(file());
    let cache = PageCache::new(1).unwrap();
    let (pager, mut writer, superblock) =
        Pager::open(&vfs, Path::new(PATH), options(), Arc::clone(&cache), HeldCuts::new()).unwrap();
    let (root, cut) = (Root::decode(&superblock.root).unwrap(), superblock.batch);
    let get = move |pager: &Pager, key: u32| {
        let read = pager.read(cut, |source| {
            Ok(tree::get(source, root, &key.to_be_bytes())?.map(|value| match value {
                Payload::Inline(_) => None,
                Payload::Extent { first, bytes } => Some((first, bytes)),
            }))
        });
        read.unwrap().unwrap()
    };
    for _ in 0..5 {
        assert!(get(&pager, 20).is_none());
    }
    assert_eq!(counts(&cache), [(5, 1), (5, 1), (0, 0)], "a restart counts once");
    let (first, bytes) = get(&pager, 7).unwrap();
    let mut value = Vec::new();
    pager.read(cut, |source| tree::read_extent(source, first, bytes, &mut value)).unwrap();
    assert_eq!(counts(&cache), [(6, 1), (6, 1), (3, 3)]);
    // Another thread has a slot of its own; its count stays when it has gone.
    let other = Arc::clone(&pager);
    assert!(spawn("other", move || get(&other, 20)).join().unwrap().is_none());
    assert_eq!(counts(&cache)[0], (7, 1));
    // A scan descends once, and steps from leaf to leaf.
    let leaves = pager.read(cut, |source| {
        let mut cursor = tree::Cursor::new(source, root);
        let mut entries = u32::from(cursor.seek(tree::Seek::First)?);
        while cursor.next()? {
            entries += 1;
        }
        Ok(entries)
    });
    assert_eq!(leaves.unwrap(), ENTRIES);
    let [leaf, inner, _] = counts(&cache);
    assert!(leaf.0 > 7 && leaf.1 > 1 && inner.1 == 1, "{leaf:?}, {inner:?}");
    // Also what the writer reads.
    writer.begin_batch(first_batch().next().next());
    let need = tree::pages_needed(root, 40);
    writer
        .write(need, |store| tree::put(store, &mut root.clone(), &20_u32.to_be_bytes(), &[3; 40]))
        .unwrap();
    assert_eq!(counts(&cache)[0], (leaf.0 + 1, leaf.1));
    drop((writer, pager));
    assert_eq!(counts(&cache)[0], (leaf.0 + 1, leaf.1), "also when the shard has gone");
    assert!((0.5..1.0).contains(&cache.statistics().leaf.hit_rate()));
}
