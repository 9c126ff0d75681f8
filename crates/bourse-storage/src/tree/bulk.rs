//! Building a tree bottom-up from entries that come in ascending order.
//!
//! Each level gathers entries in memory until it has two pages' worth, and writes the first page
//! only then. So every page is written once, and at the end the last two pages of a level can be
//! evened out instead of leaving a last page of one entry. A page's upper fence is the separator
//! to the first key of the next page, which is why a page is cut off only when that key is known.
//!
//! ```text
//!   entries 0 .. first_cut .. candidate .. end
//!           [ first page  )[ second page, so far: the last cut that fits is `candidate` )
//! ```
//! When the second page is full too, the first is written (`Level::write_first`) and its link and
//! lower fence are an entry for the level above.

use std::cmp::Ordering;

use super::edit::Fences;
use super::insert::{Stored, check_value};
use super::node::{Child, INNER_FIXED, Item, SLOT_SIZE, SLOTS_AT};
use super::split::{Run, child_of, separator};
use super::{MAX_HEIGHT, MAX_KEY_BYTES, Root, is_inline};
use crate::error::{Error, Result};
use crate::id::PAGE_SIZE;
use crate::page::extent_pages;
use crate::store::PageStore;

/// Fewest bytes of entries in a page that the next entry did not fit in: 4,056 less two fences and
/// the largest leaf entry.
const FULL_PAGE_LEAST_BYTES: usize = 910;

/// Most bytes that an entry for a page takes in the level above.
const LARGEST_CHILD_BYTES: usize = SLOT_SIZE + INNER_FIXED + MAX_KEY_BYTES;

/// Builds a tree from sorted entries. The pages hang together once [`Builder::finish`] returns.
pub struct Builder {
    page_bytes: usize,
    levels: Vec<Level>,
    count: u64,
    pages: usize,
}

/// An entry gathered: where its parts lie in [`Level::bytes`], one after the other.
#[derive(Clone, Copy)]
struct Gathered {
    start: usize,
    key: usize,
    rest: usize,
    end: usize,
}

/// The entries of one level that are not in a page yet.
struct Level {
    level: u8,
    /// Bytes that a page may use.
    page_bytes: usize,
    bytes: Vec<u8>,
    entries: Vec<Gathered>,
    /// Lower fence of the first page not written.
    lower: Vec<u8>,
    /// Where the first page ends, once the second has begun.
    first_cut: Option<usize>,
    /// Lower fence of the page that grows.
    growing_lower: Vec<u8>,
    /// Size of the entries of the page that grows.
    growing_bytes: usize,
    /// The last cut of the page that grows at which it fits.
    candidate: usize,
    has_written: bool,
}

/// A page written: an entry for the level above.
struct Written {
    lower: Vec<u8>,
    child: Child,
}

impl Builder {
    /// A builder that fills pages to `fill_percent`: 100 for what will not change, less to leave
    /// room for inserts in between.
    ///
    /// # Panics
    /// When `fill_percent` is not in 50..=100.
    pub fn new(fill_percent: usize) -> Builder {
        assert!((50..=100).contains(&fill_percent), "fill percent is 50 to 100");
        Builder {
            page_bytes: PAGE_SIZE * fill_percent / 100,
            levels: Vec::new(),
            count: 0,
            pages: 0,
        }
    }

    /// Most pages that the next [`Builder::push`] of such a value allocates.
    pub fn pages_needed(&self, value_bytes: usize) -> usize {
        let surely_inline = is_inline(MAX_KEY_BYTES, value_bytes);
        self.levels.len() + if surely_inline { 0 } else { extent_pages(value_bytes) }
    }

    /// Pages of the tree, extents aside, that were written so far.
    pub fn pages_written(&self) -> usize {
        self.pages
    }

    /// Most pages that [`Builder::finish`] allocates.
    ///
    /// A level holds about two pages' worth, but its last page has no upper fence, hence no
    /// prefix to share, so its keys may take more room than they were reckoned with.
    pub fn pages_to_finish(&self) -> usize {
        let (mut all, mut pages) = (0, 0);
        for level in &self.levels {
            pages = level.most_pages(pages);
            all += pages;
        }
        while pages > 1 {
            pages = pages.div_ceil(2);
            all += pages;
        }
        all
    }

    /// Adds an entry behind all others.
    ///
    /// # Errors
    /// `InvalidInput` when the key is not greater than the last one or longer than
    /// [`MAX_KEY_BYTES`], or the value is too long. The builder and the store are as they were.
    pub fn push<S: PageStore>(&mut self, store: &mut S, key: &[u8], value: &[u8]) -> Result<()> {
        check_value(value)?;
        if key.len() > MAX_KEY_BYTES {
            return Err(Error::invalid(format!(
                "a key of {} bytes is too long: the limit is {MAX_KEY_BYTES} bytes",
                key.len()
            )));
        }
        if let Some(last) = self.levels.first().and_then(Level::last_key) {
            match last.cmp(key) {
                Ordering::Less => {}
                Ordering::Equal => return Err(Error::invalid("a key was pushed twice in bulk")),
                Ordering::Greater => {
                    return Err(Error::invalid("keys were pushed in bulk in descending order"));
                }
            }
        }
        let stored = Stored::new(store, key, value);
        self.add(store, 0, stored.item(key));
        self.count += 1;
        Ok(())
    }

    fn add<S: PageStore>(&mut self, store: &mut S, level: usize, item: Item<'_>) {
        let mut written = self.level(level).add(store, item);
        let mut above = level + 1;
        while let Some(page) = written {
            self.pages += 1;
            let fixed = page.child.encode();
            let item = Item { fixed: &fixed, lead: &[], suffix: &page.lower, rest: &[] };
            written = self.level(above).add(store, item);
            above += 1;
        }
    }

    fn level(&mut self, index: usize) -> &mut Level {
        if index == self.levels.len() {
            let Ok(level) = u8::try_from(index) else {
                unreachable!("inner pages have at least two children, so levels are few");
            };
            assert!(level < MAX_HEIGHT);
            self.levels.push(Level::new(level, self.page_bytes));
        }
        &mut self.levels[index]
    }

    /// Writes what is still in memory and returns the tree.
    pub fn finish<S: PageStore>(mut self, store: &mut S) -> Root {
        let mut index = 0;
        while index < self.levels.len() {
            if let Some(child) = self.levels[index].sole_child() {
                return Root {
                    link: child.link,
                    height: self.levels[index].level,
                    count: child.count,
                };
            }
            while let Some(page) = self.levels[index].write_rest(store) {
                let fixed = page.child.encode();
                let item = Item { fixed: &fixed, lead: &[], suffix: &page.lower, rest: &[] };
                self.add(store, index + 1, item);
            }
            index += 1;
        }
        assert!(self.count == 0); // I4: a level of one page ends the loop
        Root::EMPTY
    }
}

impl Level {
    fn new(level: u8, page_bytes: usize) -> Level {
        Level {
            level,
            page_bytes,
            bytes: Vec::new(),
            entries: Vec::new(),
            lower: Vec::new(),
            first_cut: None,
            growing_lower: Vec::new(),
            growing_bytes: 0,
            candidate: 0,
            has_written: false,
        }
    }

    fn key(&self, at: usize) -> &[u8] {
        let entry = self.entries[at];
        &self.bytes[entry.key..entry.rest]
    }

    fn last_key(&self) -> Option<&[u8]> {
        self.entries.len().checked_sub(1).map(|at| self.key(at))
    }

    /// Fewest entries of a page. Two children fit beside any fences, and levels of pages of one
    /// child would never end.
    fn least_entries(&self) -> usize {
        if self.level == 0 { 1 } else { 2 }
    }

    /// Adds an entry, which may fill the second page, and then the first is written.
    fn add<S: PageStore>(&mut self, store: &mut S, item: Item<'_>) -> Option<Written> {
        let mut written = None;
        if !self.entries.is_empty() && !self.can_cut_before(item.suffix) {
            written = self.first_cut.map(|cut| self.write_first(store, cut));
            self.begin_page();
            if self.can_cut_before(item.suffix) {
                self.candidate = self.entries.len();
            }
        } else {
            self.candidate = self.entries.len();
        }
        self.growing_bytes += item.size();
        self.gather(item);
        written
    }

    /// Whether the page that grows fits when it ends before a new key.
    fn can_cut_before(&self, key: &[u8]) -> bool {
        let start = self.first_cut.unwrap_or(0);
        let count = self.entries.len() - start;
        if count <= self.least_entries() {
            return true; // I6
        }
        let (upper, unstored, keys) = if self.level == 0 {
            (separator(self.key(self.entries.len() - 1), key), 0, count)
        } else {
            (key, self.key(start).len(), count - 1)
        };
        let fences = Fences { prefix: &[], lower: &self.growing_lower, upper: Some(upper) };
        let entries = self.growing_bytes - unstored - fences.shared_bytes() * keys;
        SLOTS_AT + fences.bytes() + entries <= self.page_bytes
    }

    /// Ends the page that grows at its candidate cut: from now on it is the first page.
    fn begin_page(&mut self) {
        let cut = self.candidate;
        assert!(cut > 0 && cut < self.entries.len());
        self.first_cut = Some(cut);
        let lower = if self.level == 0 {
            separator(self.key(cut - 1), self.key(cut)).to_vec()
        } else {
            self.key(cut).to_vec()
        };
        self.growing_lower = lower;
        let entries = self.entries[cut..].iter();
        self.growing_bytes = entries.map(|entry| SLOT_SIZE + entry.end - entry.start).sum();
        self.candidate = self.entries.len().min(cut + self.least_entries());
    }

    fn gather(&mut self, item: Item<'_>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(item.fixed);
        let key = self.bytes.len();
        self.bytes.extend_from_slice(item.suffix);
        let rest = self.bytes.len();
        self.bytes.extend_from_slice(item.rest);
        self.entries.push(Gathered { start, key, rest, end: self.bytes.len() });
    }

    /// The first `count` entries as a run behind which nothing comes.
    fn run(&self, count: usize) -> Run<'_> {
        let items = self.entries[..count].iter().map(|entry| Item {
            fixed: &self.bytes[entry.start..entry.key],
            lead: &[],
            suffix: &self.bytes[entry.key..entry.rest],
            rest: &self.bytes[entry.rest..entry.end],
        });
        let fences = Fences { prefix: &[], lower: &self.lower, upper: None };
        Run::new(self.level, fences, items.collect())
    }

    /// Writes the entries before `cut` as a page and forgets them.
    fn write_first<S: PageStore>(&mut self, store: &mut S, cut: usize) -> Written {
        let run = self.run(self.entries.len().min(cut + 1));
        let link = store.allocate();
        run.write(0, cut, store.page_mut(link));
        let child = Child { link, count: run.entries(0, cut) };
        let is_last = cut == self.entries.len();
        let next_lower = if is_last { Vec::new() } else { run.separator(cut) };
        let lower = std::mem::replace(&mut self.lower, next_lower);
        let shift = self.entries[cut - 1].end;
        self.bytes.drain(..shift);
        self.entries.drain(..cut);
        for entry in &mut self.entries {
            entry.start -= shift;
            entry.key -= shift;
            entry.rest -= shift;
            entry.end -= shift;
        }
        self.candidate = self.candidate.saturating_sub(cut);
        self.first_cut = None;
        self.has_written = true;
        Written { lower, child }
    }

    /// Writes the next page of what is left, if anything is. No more entries come.
    fn write_rest<S: PageStore>(&mut self, store: &mut S) -> Option<Written> {
        let count = self.entries.len();
        if count == 0 {
            return None;
        }
        let cut = self.last_cut(count);
        Some(self.write_first(store, cut))
    }

    fn last_cut(&self, count: usize) -> usize {
        let run = self.run(count);
        if run.fits(0, count) {
            return count;
        }
        if let Some(cut) = self.first_cut {
            let rest = run.size(cut, count);
            if (PAGE_SIZE / 2..=PAGE_SIZE).contains(&rest) {
                return cut;
            }
        }
        run.middle_cut().unwrap_or_else(|| run.longest_cut(0))
    }

    /// The root of the tree, if this level has had only one child and so need not exist.
    fn sole_child(&self) -> Option<Child> {
        if self.level == 0 || self.has_written || self.entries.len() != 1 {
            return None;
        }
        Some(child_of(self.run(1).item(0)))
    }

    /// Most pages that the entries gathered so far, and `more` children, can fill. A full page
    /// holds at least [`FULL_PAGE_LEAST_BYTES`] of them.
    fn most_pages(&self, more: usize) -> usize {
        let bytes = self.bytes.len() + SLOT_SIZE * self.entries.len() + more * LARGEST_CHILD_BYTES;
        let by_bytes = bytes / FULL_PAGE_LEAST_BYTES + 1;
        if self.level == 0 {
            by_bytes
        } else {
            by_bytes.min((self.entries.len() + more).div_ceil(2))
        }
    }
}
