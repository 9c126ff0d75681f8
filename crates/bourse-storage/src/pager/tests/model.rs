//! The rules of reuse against a model: random births, deaths, Cuts, checkpoints, crashes.
//!
//! The model keeps for every Cut the links and values that it must have. Every held Cut is read
//! back, and a crash image is opened at each mountable generation, all of whose pages must be
//! whole.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::cache::Held;
use crate::error::ErrorKind;
use crate::id::{Batch, Link, PageId};
use crate::page::{OVERFLOW_PAYLOAD, extent_pages};
use crate::store::{PageSource, PageStore};

use super::{Fixture, Need, Random};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Item {
    link: Link,
    value: u64,
    /// 0 for a page, else the bytes of an extent.
    bytes: usize,
}

type Content = Rc<BTreeMap<u64, Item>>;

struct Model {
    random: Random,
    fixture: Fixture,
    keys: u64,
    head: BTreeMap<u64, Item>,
    /// Sealed, not published yet.
    sealed: VecDeque<(Batch, Content)>,
    published: (Batch, Content),
    held: Vec<(Held, Content)>,
    /// What the generations on disk must have, the newest last.
    generations: Vec<(Batch, Content)>,
    versions: u64,
    /// Pages that the file gave back.
    given: u32,
}

impl Model {
    fn new(seed: u64, keys: u64) -> Model {
        Model {
            random: Random::new(seed),
            fixture: Fixture::create(),
            keys,
            head: BTreeMap::new(),
            sealed: VecDeque::new(),
            published: (Batch(0), Rc::default()),
            held: Vec::new(),
            generations: vec![(Batch(0), Rc::default())],
            versions: 0,
            given: 0,
        }
    }

    fn value_bytes(value: u64, bytes: usize) -> Vec<u8> {
        value.to_le_bytes().iter().copied().cycle().take(bytes).collect()
    }

    fn change(&mut self) {
        let key = self.random.below(self.keys);
        self.versions += 1;
        let value = key << 32 | self.versions;
        let kind = self.random.below(20);
        let old = self.head.remove(&key);
        let item = match (old, kind) {
            (Some(old), 0..=2) => {
                self.free(old);
                return;
            }
            (Some(old), _) if old.bytes == 0 => {
                let link = self.fixture.update(old.link, value).unwrap();
                Item { link, value, bytes: 0 }
            }
            (Some(old), _) => {
                self.free(old);
                return;
            }
            (None, 0) => self.insert_extent(value, 20),
            (None, 1..=3) => self.insert_extent(value, 5),
            (None, _) => Item { link: self.fixture.insert(value).unwrap(), value, bytes: 0 },
        };
        self.head.insert(key, item);
    }

    fn insert_extent(&mut self, value: u64, pages: u64) -> Item {
        let bytes = OVERFLOW_PAYLOAD * usize::try_from(1 + self.random.below(pages)).unwrap()
            - usize::try_from(self.random.below(100)).unwrap();
        Item { link: self.store(value, bytes), value, bytes }
    }

    /// Writes again what lies beyond the ceiling, as the engine does.
    fn move_pages(&mut self) {
        let Some(ceiling) = self.fixture.writer.lower_ceiling(0) else { return };
        for (key, item) in self.head.clone() {
            if pages_of(&item).all(|page| page < ceiling) {
                continue;
            }
            let need =
                if item.bytes == 0 { 1.into() } else { Need::from(0).with_value(item.bytes) };
            if !self.fixture.writer.has_room(need) {
                return;
            }
            let link = if item.bytes == 0 {
                self.fixture.update(item.link, item.value).unwrap()
            } else {
                self.free(item);
                self.store(item.value, item.bytes)
            };
            let own = item.bytes == 0 && link == item.link;
            let moved = Item { link, ..item };
            assert!(
                own || pages_of(&moved).all(|page| page < ceiling),
                "compact I3: there was room"
            );
            self.head.insert(key, moved);
        }
    }

    fn store(&mut self, value: u64, bytes: usize) -> Link {
        let contents = Model::value_bytes(value, bytes);
        let need = Need::from(0).with_value(bytes);
        let writer = &mut self.fixture.writer;
        writer.write(need, |store| Ok(store.allocate_extent(&contents))).unwrap()
    }

    fn free(&mut self, item: Item) {
        if item.bytes == 0 {
            self.fixture.delete(item.link).unwrap();
        } else {
            let freed = self.fixture.writer.write(0, |store| {
                store.free_extent(item.link, item.bytes);
                Ok(())
            });
            freed.unwrap();
        }
    }

    fn seal(&mut self) {
        let batch = self.fixture.writer.batch();
        self.sealed.push_back((batch, Rc::new(self.head.clone())));
        self.fixture.writer.begin_batch(batch.next());
    }

    fn publish(&mut self) {
        if let Some(cut) = self.sealed.pop_front() {
            self.published = cut;
        }
        self.fixture.writer.reclaim(self.published.0);
    }

    /// The head goes back to the published Cut.
    fn roll_back(&mut self) {
        let batch = self.fixture.writer.batch().next();
        self.fixture.writer.roll_back(self.published.0, batch);
        self.sealed.clear();
        self.head = BTreeMap::clone(&self.published.1);
    }

    fn hold(&mut self) {
        let pin = self.fixture.cache.epochs().pin();
        let held = self.fixture.held.register(self.published.0);
        drop(pin);
        self.held.push((held, Rc::clone(&self.published.1)));
    }

    fn checkpoint(&mut self) {
        // The newest published Cut, or a held one that is not older than the last checkpoint's.
        let last = self.generations.last().map_or(Batch(0), |g| g.0);
        let (batch, content) = match self.held.last() {
            Some((held, content)) if held.batch() >= last && self.random.below(2) == 0 => {
                (held.batch(), Rc::clone(content))
            }
            _ => self.published.clone(),
        };
        let cut = self.fixture.cut(batch);
        let plan = self.fixture.writer.begin_checkpoint(cut).unwrap();
        let pager = std::sync::Arc::clone(&self.fixture.pager);
        for _ in 0..self.random.below(30) {
            self.step_between();
        }
        let fails = self.random.below(8) == 0;
        if fails {
            self.fixture.vfs.0.writes_left.store(0, std::sync::atomic::Ordering::Relaxed);
        }
        if self.random.below(3) == 0 {
            self.fixture.vfs.keep_images(Random::new(self.random.next()));
        }
        let result = pager.run_checkpoint(&plan);
        for image in self.fixture.vfs.take_images() {
            let (opened, superblock) = Fixture::open(image).unwrap();
            let old = self.generations.last().unwrap();
            let content = if superblock.batch == batch { &content } else { &old.1 };
            assert!([old.0, batch].contains(&superblock.batch), "an old Cut came back");
            check_content(&opened, superblock.batch, content);
        }
        self.fixture.vfs.0.writes_left.store(-1, std::sync::atomic::Ordering::Relaxed);
        for _ in 0..self.random.below(10) {
            self.step_between();
        }
        self.fixture.writer.end_checkpoint(plan);
        match result {
            Ok(()) => {
                assert!(!fails, "a failing write fails the checkpoint");
                self.generations.push((batch, content));
                if self.generations.len() > 2 {
                    self.generations.remove(0);
                }
                let reached = self.generations.last().unwrap().1.values().flat_map(pages_of);
                let audit = pager.audit(&mut reached.collect::<Vec<_>>().into_iter());
                assert_eq!(audit, super::super::Audit::default(), "Cut {batch}");
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::Io),
        }
        if self.random.below(2) == 0 {
            self.given += self.fixture.writer.give_back().unwrap();
        }
    }

    fn step_between(&mut self) {
        match self.random.below(40) {
            0 => self.seal(),
            1 => self.publish(),
            2 => self.hold(),
            3 => self.drop_held(),
            4 if self.random.below(4) == 0 => self.roll_back(),
            _ => self.change(),
        }
    }

    fn drop_held(&mut self) {
        if !self.held.is_empty() {
            let count = self.held.len() as u64;
            let index = usize::try_from(self.random.below(count)).unwrap();
            let (held, content) = self.held.swap_remove(index);
            check_content(&self.fixture, held.batch(), &content);
        }
    }

    /// Opens what a crash may leave, at the newest generation and at the one before.
    fn crash(&mut self) {
        let mut image = self.fixture.vfs.crash_image(&mut self.random);
        for (batch, content) in self.generations.iter().rev() {
            let (opened, superblock) = Fixture::open(image.clone()).unwrap();
            assert_eq!(superblock.batch, *batch);
            check_content(&opened, *batch, content);
            drop(opened);
            // Generations alternate between the two places, from 1 in the first.
            let place = usize::try_from((superblock.generation + 1) % 2).unwrap();
            image[place * 8192..(place + 1) * 8192].fill(0xee);
        }
    }

    fn run(&mut self, steps: u64) {
        for _ in 0..steps {
            match self.random.below(400) {
                0..=1 => self.checkpoint(),
                2 => self.crash(),
                3..=5 => self.hold(),
                6..=9 => self.drop_held(),
                10..=25 => self.seal(),
                26 => self.roll_back(),
                46..=47 => self.move_pages(),
                27..=45 => self.publish(),
                _ => self.change(),
            }
        }
        check_content(&self.fixture, self.fixture.writer.batch(), &Rc::new(self.head.clone()));
        self.crash();
        self.check_nothing_is_lost();
    }

    /// When nobody holds anything, all that is not live is free again.
    fn check_nothing_is_lost(&mut self) {
        self.held.clear();
        for _ in 0..3 {
            self.seal();
            while !self.sealed.is_empty() {
                self.publish();
            }
            let cut = self.fixture.cut(self.published.0);
            let plan = self.fixture.writer.begin_checkpoint(cut).unwrap();
            self.fixture.pager.run_checkpoint(&plan).unwrap();
            self.fixture.writer.end_checkpoint(plan);
            self.generations.push(self.published.clone());
            self.generations.remove(0);
        }
        for _ in 0..100 {
            self.publish();
        }
        assert_eq!(self.fixture.writer.retired_pages(), 0);
        let live = self.head.values().flat_map(pages_of).count();
        let used = self.fixture.pager.pages() - self.fixture.writer.free_pages();
        // Superblocks, and the runs of two bitmaps and of the next one.
        let rest = usize::try_from(used).unwrap() - live;
        assert!((4..=4 + 3 * 3).contains(&rest), "{rest} pages are neither live nor free");
    }

    /// When most of it is deleted, the file becomes as short as that.
    fn check_it_becomes_short(&mut self) {
        for (key, item) in self.head.clone().into_iter().skip(5) {
            self.head.remove(&key);
            self.free(item);
        }
        for _ in 0..6 {
            self.move_pages();
            self.check_nothing_is_lost();
            while self.fixture.writer.give_back().unwrap() > 0 {}
        }
        let (pages, used) = (self.fixture.pager.pages(), self.fixture.pager.used_pages());
        assert!(pages <= used * 5 / 4 + 64 + 32, "{used} of {pages} pages are used");
        assert_eq!(self.fixture.vfs.current().len(), pages as usize * 4096);
    }
}

fn pages_of(item: &Item) -> impl Iterator<Item = PageId> + use<> {
    let pages = u32::try_from(extent_pages(item.bytes).max(1)).unwrap();
    let first = item.link.page.0;
    (first..first + pages).map(PageId)
}

fn check_content(fixture: &Fixture, batch: Batch, content: &Content) {
    for item in content.values() {
        if item.bytes == 0 {
            assert_eq!(fixture.read(batch, item.link).unwrap(), item.value, "Cut {batch}");
            continue;
        }
        let mut out = Vec::new();
        if extent_pages(item.bytes) > 16 {
            fixture.pager.read_extent_direct(item.link, item.bytes, &mut out).unwrap();
        } else {
            for page in pages_of(item) {
                let link = Link { page, ..item.link };
                let body =
                    fixture.pager.read(batch, |source| Ok(source.page(link)?.body().to_vec()));
                out.extend(body.unwrap());
            }
            out.truncate(item.bytes);
        }
        assert_eq!(out, Model::value_bytes(item.value, item.bytes), "Cut {batch}");
    }
}

#[test]
fn reuse_follows_the_rules_in_memory() {
    for seed in 0..12 {
        Model::new(seed, 40).run(4_000);
    }
}

/// Files that shrink again and again while Cuts are held, checkpoints fail, heads roll back and
/// the machine crashes.
#[test]
fn files_shrink_by_the_rules() {
    let mut given = 0;
    for seed in 200..212 {
        let mut model = Model::new(seed, 120);
        for keys in [120, 10, 200, 4, 60] {
            model.keys = keys;
            if keys < 20 {
                for (key, item) in model.head.clone() {
                    if key >= keys {
                        model.head.remove(&key);
                        model.free(item);
                    }
                }
            }
            model.run(3_000);
        }
        model.check_it_becomes_short();
        given += model.given;
    }
    assert!(given > 1_000, "{given} pages");
}

#[test]
fn reuse_follows_the_rules_when_data_is_larger_than_the_cache() {
    for seed in 100..103 {
        let mut model = Model::new(seed, 900);
        model.run(12_000);
        let statistics = model.fixture.cache.statistics();
        assert!(statistics.evictions > 100 && statistics.early_writes > 100, "{statistics:?}");
    }
}
