//! Pages in a map, with what a shard's pager does simulated and every rule of `crate::store`
//! asserted: pages miss at random, a changed page must be writable, an operation that misses must
//! have changed nothing, dead pages that a snapshot holds stay, all others are poisoned and reused.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::{Payload, Root, check, read_extent};
use crate::id::{Batch, Link, PageId};
use crate::page::{OVERFLOW_PAYLOAD, Page, PageKind, extent_pages};
use crate::store::{PageSource, PageStore, Step, Stop};

/// A small generator of numbers that are as good as random.
#[derive(Clone)]
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }
}

pub(super) struct Memory {
    pub(super) pages: HashMap<PageId, Box<Page>>,
    batch: Batch,
    next: u32,
    free: Vec<PageId>,
    /// Pages written to disk early: no longer to be changed in place.
    written: HashSet<PageId>,
    /// Dead pages with their death.
    dead: HashMap<PageId, Batch>,
    /// Batches that snapshots hold.
    pub(super) held: Vec<Batch>,
    random: RefCell<Random>,
    pub(super) miss_one_in: usize,
    loaded: RefCell<HashSet<PageId>>,
    touched: RefCell<HashSet<PageId>>,
    has_changed: Cell<bool>,
    pub(super) allocated: usize,
}

impl Memory {
    /// `miss_one_in`: how often a page is not in memory, 0 for never.
    pub(super) fn new(seed: u64, miss_one_in: usize) -> Memory {
        Memory {
            pages: HashMap::new(),
            batch: Batch(7 << 40),
            next: PageId::FIRST.0,
            free: Vec::new(),
            written: HashSet::new(),
            dead: HashMap::new(),
            held: Vec::new(),
            random: RefCell::new(Random(seed)),
            miss_one_in,
            loaded: RefCell::default(),
            touched: RefCell::default(),
            has_changed: Cell::new(false),
            allocated: 0,
        }
    }

    fn begin(&mut self) {
        self.touched.borrow_mut().clear();
        self.has_changed.set(false);
        self.allocated = 0;
    }

    fn load(&self, link: Link) {
        assert!(!self.has_changed.get(), "an operation missed after its first change");
        assert!(self.loaded.borrow_mut().insert(link.page), "{link} missed though just loaded");
    }

    /// Runs a writing operation until it misses nothing. A miss must leave the root as it was.
    pub(super) fn write<T>(
        &mut self,
        root: &mut Root,
        mut operation: impl FnMut(&mut Memory, &mut Root) -> Step<T>,
    ) -> T {
        self.loaded.borrow_mut().clear();
        let before = *root;
        loop {
            self.begin();
            match operation(self, root) {
                Ok(result) => return result,
                Err(Stop::Miss(link)) => {
                    assert_eq!(*root, before);
                    self.load(link);
                }
                Err(Stop::Error(error)) => panic!("{error}"),
            }
        }
    }

    /// Runs a reading operation until it misses nothing.
    pub(super) fn read<'s, T>(&'s self, mut operation: impl FnMut(&'s Memory) -> Step<T>) -> T {
        self.has_changed.set(false);
        self.loaded.borrow_mut().clear();
        loop {
            match operation(self) {
                Ok(result) => return result,
                Err(Stop::Miss(link)) => self.load(link),
                Err(Stop::Error(error)) => panic!("{error}"),
            }
        }
    }

    /// Ends the batch, and reuses pages that nobody can see any more.
    pub(super) fn next_batch(&mut self) -> Batch {
        let ended = self.batch;
        self.batch = self.batch.next();
        let dead: Vec<_> = self.dead.iter().map(|(page, death)| (*page, *death)).collect();
        for (page, death) in dead {
            let birth = self.pages[&page].birth();
            let is_held = self.held.iter().any(|held| (birth..death).contains(held));
            // The batch that just ended may still become a snapshot.
            if !is_held && death < ended {
                self.dead.remove(&page);
                self.reuse(page);
            }
        }
        ended
    }

    /// Writes some pages of the current batch early, so that they have to be copied again.
    pub(super) fn write_some_early(&mut self) {
        for (page, contents) in &self.pages {
            if contents.birth() == self.batch && self.random.borrow_mut().below(3) == 0 {
                self.written.insert(*page);
            }
        }
    }

    fn reuse(&mut self, page: PageId) {
        self.pages.get_mut(&page).unwrap().0.fill(0xDB);
        self.written.remove(&page);
        self.free.push(page);
    }

    fn new_page(&mut self, page: PageId) -> &mut Page {
        self.has_changed.set(true);
        self.allocated += 1;
        self.touched.borrow_mut().insert(page);
        let contents = self.pages.entry(page).or_insert_with(Page::zeroed);
        contents.reset(PageKind::Free, 0, page, self.batch);
        contents
    }

    fn end_of_file(&mut self) -> PageId {
        self.next += 1;
        PageId(self.next - 1)
    }

    fn die(&mut self, page: PageId) {
        self.has_changed.set(true);
        assert!(!self.free.contains(&page) && !self.dead.contains_key(&page), "freed twice");
        if self.pages[&page].birth() == self.batch {
            self.reuse(page);
        } else {
            self.dead.insert(page, self.batch);
        }
    }

    fn assert_known(&self, link: Link) {
        assert_eq!(self.pages[&link.page].link(), link);
        assert!(self.touched.borrow().contains(&link.page), "{link} was not read before");
        assert!(!self.dead.contains_key(&link.page), "{link} is dead");
    }

    /// Pages that are part of the current state.
    fn live(&self) -> BTreeSet<PageId> {
        let pages = self.pages.keys().copied();
        let gone = |page: &PageId| self.dead.contains_key(page) || self.free.contains(page);
        pages.filter(|page| !gone(page)).collect()
    }

    /// Checks a tree and returns its contents.
    pub(super) fn check(&self, root: Root) -> BTreeMap<Vec<u8>, Vec<u8>> {
        self.check_pages(root).0
    }

    /// As [`Memory::check`], and the tree must be all that there is: nothing leaked.
    pub(super) fn check_alone(&self, root: Root) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let (contents, reached) = self.check_pages(root);
        assert_eq!(reached, self.live(), "pages leaked or freed while in use");
        contents
    }

    fn check_pages(&self, root: Root) -> (BTreeMap<Vec<u8>, Vec<u8>>, BTreeSet<PageId>) {
        let mut reached = BTreeSet::new();
        let mut contents = BTreeMap::new();
        let mut on_page = |link: Link, _: PageKind| {
            assert!(reached.insert(link.page), "{link} is reached twice");
        };
        let mut on_entry = |key: &[u8], payload: Payload<'_>| {
            contents.insert(key.to_vec(), self.value(payload));
        };
        let mut read = |link: Link| Ok(Box::new(Page(self.pages[&link.page].0)));
        check(&mut read, root, &mut on_page, &mut on_entry).unwrap();
        assert_eq!(contents.len() as u64, root.count);
        (contents, reached)
    }

    /// The value, wherever it lies.
    pub(super) fn value(&self, payload: Payload<'_>) -> Vec<u8> {
        match payload {
            Payload::Inline(value) => value.to_vec(),
            Payload::Extent { first, bytes } => {
                let mut value = vec![1, 2, 3];
                self.read(|memory| read_extent(memory, first, bytes, &mut value));
                assert_eq!(value[..3], [1, 2, 3]);
                value.split_off(3)
            }
        }
    }
}

impl PageSource for Memory {
    fn page(&self, link: Link) -> Step<&Page> {
        assert!(!self.has_changed.get(), "{link} is read after the first change");
        let page = &self.pages[&link.page];
        assert_eq!(page.link(), link, "a link to a page that was reused");
        let is_loaded = self.loaded.borrow().contains(&link.page);
        let may_miss = self.miss_one_in > 0 && !is_loaded;
        if may_miss && self.random.borrow_mut().below(self.miss_one_in) == 0 {
            return Err(Stop::Miss(link));
        }
        self.touched.borrow_mut().insert(link.page);
        Ok(page)
    }
}

impl PageStore for Memory {
    fn batch(&self) -> Batch {
        self.batch
    }

    fn allocate(&mut self) -> Link {
        let page = self.free.pop().unwrap_or_else(|| self.end_of_file());
        self.new_page(page).link()
    }

    fn writable(&mut self, link: Link) -> Link {
        self.assert_known(link);
        self.has_changed.set(true);
        let old = &self.pages[&link.page];
        if old.birth() == self.batch && !self.written.contains(&link.page) {
            return link;
        }
        let contents = old.0;
        let copy = self.allocate();
        let batch = self.batch;
        let page = self.pages.get_mut(&copy.page).unwrap();
        page.0 = contents;
        page.set_identity(copy.page, batch);
        self.die(link.page);
        copy
    }

    fn page_mut(&mut self, link: Link) -> &mut Page {
        self.assert_known(link);
        assert_eq!(self.pages[&link.page].birth(), self.batch, "{link} may not be changed");
        assert!(!self.written.contains(&link.page), "{link} was written to disk");
        self.has_changed.set(true);
        self.pages.get_mut(&link.page).unwrap()
    }

    fn free(&mut self, link: Link) {
        self.assert_known(link);
        self.die(link.page);
    }

    fn allocate_extent(&mut self, value: &[u8]) -> Link {
        assert!(!value.is_empty());
        let mut first = Link::NONE;
        for part in value.chunks(OVERFLOW_PAYLOAD) {
            let page = self.end_of_file();
            let contents = self.new_page(page);
            contents.set_kind(PageKind::Overflow, 0);
            contents.body_mut()[..part.len()].copy_from_slice(part);
            let link = contents.link();
            first = if first.is_none() { link } else { first };
        }
        first
    }

    fn free_extent(&mut self, first: Link, bytes: usize) {
        assert_eq!(self.pages[&first.page].link(), first);
        for page in 0..u32::try_from(extent_pages(bytes)).unwrap() {
            self.die(PageId(first.page.0 + page));
        }
    }
}
