//! Random operations against a `BTreeMap`, with misses, batches, early writes and snapshots.

use std::collections::BTreeMap;
use std::ops::Bound;

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};

use super::super::{
    Counted, Cursor, MAX_KEY_BYTES, Payload, Root, Seek, count_range, delete, drop_some, get,
    get_many, leaf, leaf_placed, leaves_apart, leaves_placed, pages_needed, put, put_some, rank,
    select,
};
use super::memory::{Memory, Random};
use crate::id::{Batch, Link};

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// Families of keys, each hard in its own way.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keys {
    /// Eight bytes that count up.
    Numbers,
    /// Text with a common beginning.
    Text,
    /// The same thousand bytes, then a difference.
    LongPrefix,
    /// Any length, few different bytes, so that keys begin with each other.
    Tangled,
    /// As long as can be, in pairs that differ in the last byte only: separators stay whole.
    Pairs,
    /// Threes of the longest keys that differ in the last byte only, among short keys: a leaf
    /// that gets the middle one of three may have to be divided in three.
    Threes,
    /// All of these in one tree.
    Mixed,
}

pub(super) fn key(keys: Keys, number: u16) -> Vec<u8> {
    let [high, low] = number.to_be_bytes();
    match keys {
        Keys::Numbers => u64::from(number).to_be_bytes().to_vec(),
        Keys::Text => format!("user:{:03}:trade:{number}", number % 40).into_bytes(),
        Keys::LongPrefix => {
            let mut key = vec![b'p'; 1000];
            key.extend([high, low]);
            key.resize(1002 + usize::from(low % 23), b'z');
            key
        }
        Keys::Tangled => {
            let mut random = Random(u64::from(number));
            let length = random.below(2) * random.below(MAX_KEY_BYTES + 1) + random.below(12);
            let bytes = (0..length.min(MAX_KEY_BYTES)).map(|_| [0, 0, 1, 255][random.below(4)]);
            bytes.collect()
        }
        Keys::Pairs => {
            let mut key = Random(u64::from(number / 2)).next().to_be_bytes().to_vec();
            key.resize(MAX_KEY_BYTES - 1, high);
            key.push(low % 2);
            key
        }
        Keys::Threes => {
            let mut key = Random(u64::from(number / 4)).next().to_be_bytes()[..3].to_vec();
            if !number.is_multiple_of(4) {
                key.resize(MAX_KEY_BYTES - 1, high);
                key.push(low % 4);
            }
            key
        }
        Keys::Mixed => {
            let families =
                [Keys::Numbers, Keys::Text, Keys::LongPrefix, Keys::Tangled, Keys::Pairs];
            key(families[usize::from(number % 5)], number / 5)
        }
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Put(u16, usize),
    /// Gives so many entries from that key on other values, of the same length but for one in so
    /// many.
    Renew(u16, usize, usize),
    Delete(u16),
    /// Deletes so many keys from that one on, so that pages are emptied.
    DeleteRun(u16, usize),
    NextBatch,
    WriteEarly,
    Snapshot,
    ReleaseSnapshot,
    Look(u16),
    Check,
    /// Packs the leaves around a key.
    Pack(u16),
    PackAll,
    MoveAll,
}

fn operations(longest: usize) -> impl Strategy<Value = Vec<Operation>> {
    let value_bytes = prop_oneof![
        8 => 0_usize..60,
        4 => 60_usize..1100,
        1 => 1100_usize..65_536,
    ];
    let number = prop_oneof![any::<u16>(), 0_u16..600];
    let operation = prop_oneof![
        30 => (number, value_bytes).prop_map(|(key, bytes)| Operation::Put(key, bytes)),
        4 => (any::<u16>(), 1_usize..40, 1_usize..40)
            .prop_map(|(key, count, other)| Operation::Renew(key, count, other)),
        8 => (0_u16..600).prop_map(Operation::Delete),
        1 => (any::<u16>(), 1_usize..60).prop_map(|(k, n)| Operation::DeleteRun(k, n)),
        3 => proptest::strategy::Just(Operation::NextBatch),
        1 => proptest::strategy::Just(Operation::WriteEarly),
        1 => proptest::strategy::Just(Operation::Snapshot),
        1 => proptest::strategy::Just(Operation::ReleaseSnapshot),
        4 => any::<u16>().prop_map(Operation::Look),
        1 => proptest::strategy::Just(Operation::Check),
        2 => any::<u16>().prop_map(Operation::Pack),
        1 => proptest::strategy::Just(Operation::PackAll),
        1 => proptest::strategy::Just(Operation::MoveAll),
    ];
    vec(operation, 1..longest)
}

/// A tree, what it should hold, and older states of both that must stay.
pub(super) struct World {
    keys: Keys,
    pub(super) memory: Memory,
    pub(super) root: Root,
    pub(super) map: Map,
    pub(super) snapshots: Vec<(Batch, Root, Map)>,
}

impl World {
    pub(super) fn new(keys: Keys, seed: u64, miss_one_in: usize) -> World {
        let memory = Memory::new(seed, miss_one_in);
        World { keys, memory, root: Root::EMPTY, map: Map::new(), snapshots: Vec::new() }
    }

    pub(super) fn put(&mut self, key: &[u8], value: &[u8]) {
        let needed = pages_needed(self.root, value.len());
        let existed =
            self.memory.write(&mut self.root, |memory, root| put(memory, root, key, value));
        assert!(self.memory.allocated <= needed, "more pages allocated than reserved");
        assert_eq!(existed, self.map.insert(key.to_vec(), value.to_vec()).is_some());
    }

    /// Gives keys that ascend, and are there, other values. Returns in how many turns.
    pub(super) fn renew(&mut self, mut entries: &[(Vec<u8>, Vec<u8>)]) -> usize {
        let mut turns = 0;
        while let [(_, value), ..] = entries {
            let needed = pages_needed(self.root, value.len());
            let put =
                self.memory.write(&mut self.root, |memory, root| put_some(memory, root, entries));
            assert!(self.memory.allocated <= needed, "more pages allocated than reserved");
            for (key, value) in &entries[..put] {
                assert!(self.map.insert(key.clone(), value.clone()).is_some());
            }
            entries = &entries[put..];
            turns += 1;
        }
        turns
    }

    pub(super) fn delete(&mut self, key: &[u8]) {
        let height = usize::from(self.root.height);
        let existed = self.memory.write(&mut self.root, |memory, root| delete(memory, root, key));
        assert!(self.memory.allocated <= height, "more pages allocated than reserved");
        assert_eq!(existed, self.map.remove(key).is_some());
    }

    fn run(&mut self, operation: &Operation) {
        match *operation {
            Operation::Put(number, bytes) => {
                let value = vec![number.to_le_bytes()[0]; bytes];
                self.put(&key(self.keys, number), &value);
            }
            Operation::Renew(number, count, other) => {
                let from = self.map.range(key(self.keys, number)..).take(count).enumerate();
                let renewed = from.map(|(at, (key, value))| {
                    let bytes = value.len() + usize::from((at + 1) % other == 0);
                    (key.clone(), vec![number.to_le_bytes()[1]; bytes])
                });
                let renewed: Vec<_> = renewed.collect();
                self.renew(&renewed);
            }
            Operation::Delete(number) => self.delete(&key(self.keys, number)),
            Operation::DeleteRun(number, count) => {
                let from = key(self.keys, number);
                let doomed: Vec<_> =
                    self.map.range(from..).take(count).map(|(key, _)| key.clone()).collect();
                for key in doomed {
                    self.delete(&key);
                }
            }
            Operation::NextBatch => {
                self.memory.next_batch();
            }
            Operation::WriteEarly => self.memory.write_some_early(),
            Operation::Snapshot => {
                let batch = self.memory.next_batch();
                self.memory.held.push(batch);
                self.snapshots.push((batch, self.root, self.map.clone()));
            }
            Operation::ReleaseSnapshot => self.release_snapshot(),
            Operation::Look(number) => self.look(number),
            Operation::Check => assert_eq!(self.memory.check_alone(self.root), self.map),
            Operation::Pack(number) => drop(self.pack(&key(self.keys, number))),
            Operation::PackAll => self.pack_all(),
            Operation::MoveAll => self.move_all(),
        }
    }

    /// A snapshot must be as it was on the day it was taken.
    fn release_snapshot(&mut self) {
        if self.snapshots.is_empty() {
            return;
        }
        let (batch, root, map) = self.snapshots.remove(0);
        assert_eq!(self.memory.check(root), map);
        self.compare(root, &map);
        self.memory.held.retain(|held| *held != batch);
    }

    /// What hangs in both an older state and this one is the same in both.
    fn compare(&self, root: Root, map: &Map) {
        let memory = &self.memory;
        let (old, new) = memory.read(|memory| leaves_apart(memory, root, self.root));
        let beside = |map: &Map, leaves: &[Link]| {
            let mut rest = map.clone();
            for link in leaves {
                let leaf = super::super::Leaf::new(&memory.pages[&link.page]);
                for at in 0..leaf.count() {
                    let key = self.key_at((*link, at));
                    assert!(rest.remove(&key).is_some(), "a leaf has what the tree has, once");
                }
            }
            rest
        };
        assert_eq!(beside(map, &old), beside(&self.map, &new));
        assert!(root != self.root || old.is_empty() && new.is_empty());
    }

    /// Compares all ways of reading around a key.
    pub(super) fn look(&self, number: u16) {
        let (memory, root) = (&self.memory, self.root);
        let key = key(self.keys, number);
        let range = |lower, upper| self.map.range::<[u8], _>((lower, upper));
        let found = memory.read(|memory| get(memory, root, &key));
        assert_eq!(found.map(|payload| memory.value(payload)).as_ref(), self.map.get(&key));
        let (included, excluded) = (Bound::Included(&key[..]), Bound::Excluded(&key[..]));
        let everything = Bound::Unbounded;
        let first = |mut found: std::collections::btree_map::Range<'_, _, _>| {
            found.next().map(|(key, _): (&Vec<u8>, &Vec<u8>)| key.clone())
        };
        let last = |mut found: std::collections::btree_map::Range<'_, _, _>| {
            found.next_back().map(|(key, _): (&Vec<u8>, &Vec<u8>)| key.clone())
        };
        for (seek, expected) in [
            (Seek::First, first(range(everything, everything))),
            (Seek::Last, last(range(everything, everything))),
            (Seek::AtLeast(&key), first(range(included, everything))),
            (Seek::After(&key), first(range(excluded, everything))),
            (Seek::AtMost(&key), last(range(everything, included))),
            (Seek::Before(&key), last(range(everything, excluded))),
        ] {
            let place = memory.read(|memory| leaf(memory, root, seek));
            assert_eq!(place.map(|place| self.key_at(place)), expected, "{seek:?}");
        }
        let before = range(everything, excluded).count() as u64;
        assert_eq!(memory.read(|memory| rank(memory, root, &key)), before);
        let selected = memory.read(|memory| select(memory, root, before));
        let expected = first(range(included, everything));
        assert_eq!(selected.map(|place| self.key_at(place)), expected);
        assert_eq!(memory.read(|memory| select(memory, root, root.count)), None);
        self.look_at_counts(&key);
        self.walk(&key);
    }

    fn key_at(&self, (link, at): (Link, usize)) -> Vec<u8> {
        let mut key = Vec::new();
        super::super::Leaf::new(&self.memory.pages[&link.page]).read_key(at, &mut key);
        key
    }

    fn look_at_counts(&self, key: &[u8]) {
        let other = self.map.iter().nth(self.map.len() / 2).map_or(&[][..], |(key, _)| key);
        let (low, high) = if key < other { (key, other) } else { (other, key) };
        for (lower, upper) in [
            (Bound::Unbounded, Bound::Unbounded),
            (Bound::Included(low), Bound::Excluded(high)),
            (Bound::Included(low), Bound::Included(high)),
            (Bound::Unbounded, Bound::Excluded(low)),
            (Bound::Excluded(high), Bound::Unbounded),
        ] {
            let counted = self.memory.read(|memory| count_range(memory, self.root, lower, upper));
            // BTreeMap panics where a range excludes both its ends and these are equal.
            if lower == upper && lower != Bound::Unbounded {
                continue;
            }
            let expected = self.map.range::<[u8], _>((lower, upper)).count() as u64;
            let Counted { count, lowest } = counted;
            assert_eq!(count, expected);
            assert_eq!(lowest.is_none(), self.root.link.is_none());
        }
    }

    /// Walks forth and back from a key, and fetches what was met in one batch.
    fn walk(&self, key: &[u8]) {
        const STEPS: usize = 40;
        let (forth, back) = self.memory.read(|memory| {
            let mut cursor = Cursor::new(memory, self.root);
            let (mut forth, mut back, mut met) = (Vec::new(), Vec::new(), Vec::new());
            let mut on = cursor.seek(Seek::AtLeast(key))?;
            while on && forth.len() < STEPS {
                cursor.read_key(&mut met);
                forth.push((met.clone(), cursor.payload()));
                on = cursor.next()?;
            }
            let mut on = cursor.seek(Seek::AtMost(key))?;
            while on && back.len() < STEPS {
                cursor.read_key(&mut met);
                back.push(met.clone());
                on = cursor.previous()?;
            }
            Ok((forth, back))
        });
        let from = self.map.range::<[u8], _>((Bound::Included(key), Bound::Unbounded));
        let to = self.map.range::<[u8], _>((Bound::Unbounded, Bound::Included(key)));
        assert!(from.take(STEPS).map(|(key, _)| key).eq(forth.iter().map(|(key, _)| key)));
        assert!(to.rev().take(STEPS).map(|(key, _)| key).eq(&back));
        let mut keys: Vec<_> = forth.iter().map(|(key, _)| (0, key.clone())).collect();
        let mut expected: Vec<Option<Payload<'_>>> =
            forth.iter().map(|(_, payload)| Some(*payload)).collect();
        let absent = [&key[..key.len().min(MAX_KEY_BYTES - 1)], &[77]].concat();
        if !self.map.contains_key(&absent) {
            keys.push((0, absent));
            expected.push(None);
        }
        // A tree beside it, without pages, and this one once more.
        let middle = keys.len() / 2;
        keys.insert(middle, (1, key.to_vec()));
        expected.insert(middle, None);
        let own = self.map.contains_key(key);
        keys.push((2, key.to_vec()));
        let mut found = vec![None; 3];
        self.memory.read(|memory| {
            let trees = [(memory, self.root), (memory, Root::EMPTY), (memory, self.root)];
            get_many(&trees, &keys, &mut found).map_err(|(_, stop)| stop)
        });
        assert_eq!(found.pop().is_some_and(|last| last.is_some()), own);
        assert_eq!(found, expected);
        self.check_leaves_placed(key);
    }

    /// Many descents at once end where each ends by itself.
    fn check_leaves_placed(&self, key: &[u8]) {
        let seeks = [
            Seek::First,
            Seek::AtLeast(key),
            Seek::After(key),
            Seek::Last,
            Seek::AtMost(key),
            Seek::Before(key),
        ];
        for seek in seeks {
            let mut found = Vec::new();
            let alone = self.memory.read(|memory| {
                let trees = [(memory, self.root), (memory, Root::EMPTY), (memory, self.root)];
                leaves_placed(&trees, seek, &mut found).map_err(|(_, stop)| stop)?;
                leaf_placed(memory, self.root, seek)
            });
            assert_eq!(found, [alone, None, alone], "{seek:?}");
        }
    }

    /// Drops the tree in small steps. Everything else is still there; then nothing is.
    pub(super) fn drop_all(&mut self, pages: usize) {
        loop {
            let height = usize::from(self.root.height);
            let is_gone =
                self.memory.write(&mut self.root, |memory, root| drop_some(memory, root, pages));
            assert!(self.memory.allocated <= height);
            if is_gone {
                break;
            }
        }
        assert_eq!(self.root, Root::EMPTY);
        self.map.clear();
        assert_eq!(self.memory.check_alone(self.root), self.map);
    }
}

fn run(keys: Keys, seed: u64, miss_one_in: usize, operations: &[Operation]) {
    let mut world = World::new(keys, seed, miss_one_in);
    for operation in operations {
        world.run(operation);
    }
    world.run(&Operation::Check);
    for number in [0, 5, 300, 599, 40_000] {
        world.look(number);
    }
    while !world.snapshots.is_empty() {
        world.release_snapshot();
        world.memory.next_batch();
    }
    world.drop_all(1 + operations.len() % 7);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn numbers(seed: u64, operations in operations(1500)) {
        run(Keys::Numbers, seed, 9, &operations);
    }

    #[test]
    fn text(seed: u64, operations in operations(1500)) {
        run(Keys::Text, seed, 9, &operations);
    }

    #[test]
    fn long_prefix(seed: u64, operations in operations(1500)) {
        run(Keys::LongPrefix, seed, 0, &operations);
    }

    #[test]
    fn tangled(seed: u64, operations in operations(1500)) {
        run(Keys::Tangled, seed, 9, &operations);
    }

    #[test]
    fn pairs(seed: u64, operations in operations(1000)) {
        run(Keys::Pairs, seed, 9, &operations);
    }

    #[test]
    fn threes(seed: u64, operations in operations(1000)) {
        run(Keys::Threes, seed, 9, &operations);
    }

    #[test]
    fn mixed(seed: u64, operations in operations(1500)) {
        run(Keys::Mixed, seed, 5, &operations);
    }
}
