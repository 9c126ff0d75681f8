//! Building bottom-up, then changing what was built.

use std::collections::BTreeMap;

use super::super::node::Node;
use super::super::{Builder, MAX_KEY_BYTES, Root};
use super::memory::{Memory, Random};
use super::model::{Keys, World, key};
use super::operations::leaf_fill;
use crate::error::ErrorKind;
use crate::id::PAGE_SIZE;
use crate::page::PageKind;

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// Builds a tree, within the pages that the builder said it would need.
fn build(memory: &mut Memory, map: &Map, fill_percent: usize) -> Root {
    let mut builder = Builder::new(fill_percent);
    for (key, value) in map {
        let before = memory.allocated;
        let needed = builder.pages_needed(value.len()) + 1;
        builder.push(memory, key, value).unwrap();
        assert!(memory.allocated - before <= needed);
    }
    let before = memory.allocated;
    let needed = builder.pages_to_finish();
    let root = builder.finish(memory);
    assert!(memory.allocated - before <= needed);
    root
}

fn contents(keys: Keys, count: u16, seed: u64) -> Map {
    let mut random = Random(seed);
    let value = |random: &mut Random| match random.below(20) {
        0 => vec![1; random.below(20_000)],
        1..6 => vec![2; random.below(1100)],
        _ => vec![3; random.below(60)],
    };
    (0..count).map(|number| (key(keys, number), value(&mut random))).collect()
}

/// Every family of keys, at every size where something begins, can be built and then changed.
#[test]
fn build_then_change() {
    let families = [
        Keys::Numbers,
        Keys::Text,
        Keys::LongPrefix,
        Keys::Tangled,
        Keys::Pairs,
        Keys::Threes,
        Keys::Mixed,
    ];
    for (index, keys) in families.into_iter().enumerate() {
        for (count, fill_percent) in
            [(0, 100), (1, 50), (2, 100), (9, 70), (60, 100), (700, 50), (1500, 100), (1501, 90)]
        {
            let mut world = World::new(keys, u64::from(count), 9);
            world.map = contents(keys, count, index as u64);
            world.root = build(&mut world.memory, &world.map, fill_percent);
            assert_eq!(world.memory.check_alone(world.root), world.map, "{keys:?} {count}");
            world.memory.next_batch();
            for number in (0..count).step_by(7) {
                world.look(number);
                world.put(&key(keys, number), &[5; 40]);
                world.put(&key(keys, number + 2000), &[6; 90]);
                world.delete(&key(keys, number + 1));
            }
            assert_eq!(world.memory.check_alone(world.root), world.map, "{keys:?} {count}");
            world.drop_all(3);
        }
    }
}

/// Pages are full, also in the inner levels, and none is left nearly empty at the right edge.
#[test]
fn pages_are_packed() {
    for count in [1000_u64, 10_001, 50_000, 50_077] {
        let entry = |number: u64| (number.to_be_bytes().to_vec(), vec![1; 100]);
        let map: Map = (0..count).map(entry).collect();
        let mut memory = Memory::new(1, 0);
        let root = build(&mut memory, &map, 100);
        assert_eq!(memory.check_alone(root), map);
        let fill = leaf_fill(&memory, root);
        assert!(fill.iter().all(|&bytes| bytes > PAGE_SIZE * 45 / 100), "{fill:?}");
        let packed = fill.iter().filter(|&&bytes| bytes > PAGE_SIZE * 96 / 100).count();
        assert!(packed + 2 >= fill.len());
        for page in memory.pages.values() {
            let is_inner = page.kind() == Some(PageKind::Inner);
            let is_degenerate = is_inner && Node::new(page).count() < 20;
            assert!(!is_degenerate || page.link() == root.link);
        }
        let mut half_full = Memory::new(1, 0);
        let root = build(&mut half_full, &map, 50);
        let fill = leaf_fill(&half_full, root);
        assert!(fill.iter().rev().skip(2).all(|&bytes| bytes <= PAGE_SIZE / 2));
    }
}

/// Input that is not sorted is refused, and the builder goes on as if it had not come.
#[test]
fn wrong_input_is_refused() {
    let mut memory = Memory::new(1, 0);
    let mut builder = Builder::new(100);
    builder.push(&mut memory, b"b", b"1").unwrap();
    for key in [&b"b"[..], b"a", b"", &[b'z'; MAX_KEY_BYTES + 1]] {
        let error = builder.push(&mut memory, key, &[0; 5000]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    builder.push(&mut memory, b"c", b"2").unwrap();
    let root = builder.finish(&mut memory);
    let expected = Map::from([(b"b".to_vec(), b"1".to_vec()), (b"c".to_vec(), b"2".to_vec())]);
    assert_eq!(memory.check_alone(root), expected);
}

/// Building nothing gives the tree without pages.
#[test]
fn nothing() {
    let mut memory = Memory::new(1, 0);
    assert_eq!(Builder::new(80).finish(&mut memory), Root::EMPTY);
    assert!(memory.pages.is_empty());
}
