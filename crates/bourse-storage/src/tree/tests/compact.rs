//! Pages that move and leaves that are packed: the tree holds the same, elsewhere or in fewer.

use super::super::{PACKED_PAGES, is_sparse, pack, pages_from, relocate, sparse_from, value_from};
use super::memory::{Memory, Random};
use super::model::{Keys, World, key};
use crate::id::PageId;
use crate::page::PageKind;
use crate::tree::{Payload, check};

/// Leaves moved in one step.
const LEAVES: usize = 5;

impl World {
    /// Whether the leaves around the key were worth packing.
    pub(super) fn pack(&mut self, key: &[u8]) -> bool {
        let height = usize::from(self.root.height);
        let packed = self.memory.write(&mut self.root, |memory, root| pack(memory, root, key));
        assert!(self.memory.allocated <= PACKED_PAGES + height, "more than reserved");
        packed
    }

    /// Packs all that is found; then nothing more is found.
    pub(super) fn pack_all(&mut self) {
        loop {
            let (mut next, mut packed) = (Some(Vec::new()), 0);
            while let Some(from) = next {
                let found = self.memory.read(|memory| sparse_from(memory, self.root, &from));
                if let Some(at) = found.at {
                    assert!(self.pack(&at), "what was found is worth it");
                    packed += 1;
                }
                assert!(found.next.as_ref().is_none_or(|next| *next > from), "it goes on");
                next = found.next;
            }
            if packed == 0 {
                break;
            }
        }
        assert_eq!(self.memory.check(self.root), self.map);
    }

    /// Copies every page of the tree, by what the search for pages finds.
    pub(super) fn move_all(&mut self) {
        let batch = self.memory.next_batch().next();
        // A leaf that is missed after others stays where it is.
        let misses = std::mem::replace(&mut self.memory.miss_one_in, 0);
        let everywhere = PageId::FIRST;
        let mut next = Some(Vec::new());
        while let Some(from) = next {
            let find = |memory| pages_from(memory, self.root, &from, everywhere, LEAVES);
            let found = self.memory.read(find);
            if let Some(at) = &found.at {
                self.move_at(at, everywhere);
            }
            assert!(found.next.as_ref().is_none_or(|next| *next > from), "it goes on");
            next = found.next;
        }
        self.memory.miss_one_in = misses;
        let mut on_page = |link: crate::id::Link, kind: PageKind| {
            let birth = self.memory.pages[&link.page].birth();
            assert!(birth == batch || kind == PageKind::Overflow, "{link} did not move");
        };
        let mut read = |link: crate::id::Link| {
            Ok(Box::new(crate::page::Page(self.memory.pages[&link.page].0)))
        };
        check(&mut read, self.root, &mut on_page, &mut |_, _| ()).unwrap();
        assert_eq!(self.memory.check(self.root), self.map);
    }

    fn move_at(&mut self, at: &[u8], from: PageId) -> usize {
        let height = usize::from(self.root.height);
        let mut root = self.root;
        let moved =
            self.memory.write(&mut root, |memory, root| relocate(memory, root, at, from, LEAVES));
        assert!(self.memory.allocated <= LEAVES + height, "more than reserved");
        self.root = root;
        moved
    }

    fn leaves(&self) -> Vec<Box<crate::page::Page>> {
        let mut leaves = Vec::new();
        let copy =
            |link: crate::id::Link| Box::new(crate::page::Page(self.memory.pages[&link.page].0));
        let mut on_page = |link: crate::id::Link, kind: PageKind| {
            if kind == PageKind::Leaf {
                leaves.push(copy(link));
            }
        };
        check(&mut |link| Ok(copy(link)), self.root, &mut on_page, &mut |_, _| ()).unwrap();
        leaves
    }
}

fn filled(count: u16, bytes: usize) -> World {
    let mut world = World::new(Keys::Numbers, 1, 7);
    for number in 0..count {
        world.put(&key(Keys::Numbers, number), &vec![1; bytes]);
    }
    world.memory.next_batch();
    world
}

/// Values that become shorter leave leaves that no delete merges.
#[test]
fn leaves_with_shorter_values_are_packed() {
    let mut world = filled(6_000, 200);
    let before = world.leaves().len();
    for number in 0..6_000 {
        world.put(&key(Keys::Numbers, number), &[2; 20]);
    }
    assert_eq!(world.leaves().len(), before);
    assert!(world.leaves().iter().all(|leaf| is_sparse(leaf)));
    world.pack_all();
    let after = world.leaves().len();
    assert!(after * 4 < before, "{before} leaves became {after}");
    let full = 6_000 * (20 + 8 + 2 + 8) / 4096;
    assert!(after * 3 < full * 4, "{after} leaves, {full} would do");
    assert_eq!(world.memory.check_alone(world.root), world.map);
    for number in [0, 3_000, 5_999] {
        world.look(number);
    }
}

/// The bound that the store's size rests on: no eight neighbours are less than two thirds full.
#[test]
fn random_deletes_leave_no_sparse_tree() {
    let mut world = filled(12_000, 60);
    let mut random = Random(5);
    for number in 0..12_000 {
        if random.below(100) < 55 {
            world.delete(&key(Keys::Numbers, number));
        }
    }
    world.pack_all();
    let bytes = 12_000 * 45 / 100 * (60 + 8 + 2 + 8);
    let full = bytes / 4096;
    let after = world.leaves().len();
    assert!(after * 2 < full * 3, "{after} leaves, {full} would do");
}

#[test]
fn a_tree_of_one_leaf_moves_and_is_not_packed() {
    let mut world = filled(3, 10);
    world.move_all();
    assert!(!world.pack(b""));
    let found = world.memory.read(|memory| sparse_from(memory, world.root, b""));
    assert_eq!(found, super::super::Search::default());
}

/// Only what lies at or above the position moves.
#[test]
fn what_lies_below_stays() {
    let mut world = filled(3_000, 100);
    world.memory.next_batch();
    let middle = PageId(u32::try_from(world.memory.pages.len() / 2).unwrap());
    let mut next = Some(Vec::new());
    let mut moved = 0;
    while let Some(from) = next {
        let find = |memory| pages_from(memory, world.root, &from, middle, LEAVES);
        let found = world.memory.read(find);
        if let Some(at) = found.at {
            let steps = world.move_at(&at, middle);
            assert!(steps > 0, "there was something to move");
            moved += steps;
        }
        next = found.next;
    }
    let pages = world.leaves().len();
    assert!(moved > pages / 3 && moved < pages, "{moved} of {pages} moved");
}

#[test]
fn large_values_beyond_a_position_are_found_in_order() {
    let mut world = filled(500, 30);
    for number in (0..500).step_by(50) {
        world.put(&key(Keys::Numbers, number), &[7; 9_000]);
    }
    let find_all = |memory: &Memory, from: PageId| {
        let (mut found, mut next) = (Vec::new(), Some(Vec::new()));
        while let Some(key) = next {
            let search = memory.read(|memory| value_from(memory, world.root, &key, from));
            found.extend(search.at);
            next = search.next;
        }
        found
    };
    let all: Vec<_> = (0..500).step_by(50).map(|number| key(Keys::Numbers, number)).collect();
    assert_eq!(find_all(&world.memory, PageId::FIRST), all);
    let mut firsts = Vec::new();
    let mut on_entry = |_: &[u8], payload: Payload<'_>| {
        if let Payload::Extent { first, .. } = payload {
            firsts.push(first.page);
        }
    };
    let mut read =
        |link: crate::id::Link| Ok(Box::new(crate::page::Page(world.memory.pages[&link.page].0)));
    check(&mut read, world.root, &mut |_, _| (), &mut on_entry).unwrap();
    // The last page of an extent may be the only one beyond.
    let from = PageId(firsts[6].0 + 2);
    assert_eq!(find_all(&world.memory, from), all[6..]);
}
