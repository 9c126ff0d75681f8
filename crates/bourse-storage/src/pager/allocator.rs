//! Which positions of a shard's file are free, and which to use next.
//!
//! # Invariants
//! - **I1** A bit is set for every position that is in use for whatever reason: a live page, a
//!   dead one that somebody may still reach, a bitmap, a write in flight. Positions below
//!   [`PageId::FIRST`] and beyond the file count as used.
//! - **I2** `free` is the number of clear bits below the ceiling, `beyond` that of the others.
//! - **I3** All positions in `tail` are free, and below the ceiling. Single pages come from there
//!   only when no other position is free, so that a run can be promised.
//! - **I4** `recycled` may name positions that are used by now, or that lie beyond the ceiling:
//!   they are skipped.
//! - **I5** No position is taken at or above the ceiling. It is the end of the file unless the file
//!   is to become shorter (`pager::compact`).

use std::ops::Range;

use crate::id::PageId;

/// Recycled positions that are remembered in order; more are found again by searching.
const RECYCLED_MAX: usize = 1 << 16;
/// Words of the bitmap searched for a run before the tail is taken.
const RUN_SEARCH_WORDS: usize = 64;

/// The free positions of one file.
pub(super) struct Allocator {
    used: Vec<u64>,
    pages: u32,
    ceiling: u32,
    free: u32,
    beyond: u32,
    recycled: Vec<u32>,
    tail: Range<u32>,
    cursor: usize,
}

impl Allocator {
    /// The allocator of a file of `pages` pages of which `used` are taken.
    pub(super) fn new(mut used: Vec<u64>, pages: u32) -> Allocator {
        used.resize((pages as usize).div_ceil(64), 0);
        let mut allocator = Allocator {
            used,
            pages,
            ceiling: pages,
            free: 0,
            beyond: 0,
            recycled: Vec::new(),
            tail: pages..pages,
            cursor: 0,
        };
        for page in 0..PageId::FIRST.0.min(pages) {
            allocator.set(page);
        }
        for page in pages..u32::try_from(allocator.used.len() * 64).unwrap_or(u32::MAX) {
            allocator.set(page);
        }
        allocator.set_ceiling(pages);
        allocator
    }

    /// No position from here on is taken any more, until the ceiling is set anew.
    pub(super) fn set_ceiling(&mut self, ceiling: u32) {
        assert!(ceiling <= self.pages, "I5: a ceiling lies in the file");
        self.ceiling = ceiling;
        let all: u32 = self.used.iter().map(|word| word.count_zeros()).sum();
        self.beyond = self.free_from(ceiling);
        self.free = all - self.beyond;
        // The free end below the ceiling.
        self.tail = self.free_before(ceiling)..ceiling;
        self.cursor = 0;
    }

    /// Where the free positions begin that end at `end`.
    fn free_before(&self, end: u32) -> u32 {
        let mut start = end;
        while start > 0 {
            let whole = start.is_multiple_of(64) && self.used[start as usize / 64 - 1] == 0;
            match (whole, self.is_used(start - 1)) {
                (true, _) => start -= 64,
                (false, false) => start -= 1,
                (false, true) => break,
            }
        }
        start
    }

    /// Free positions from this one on.
    fn free_from(&self, page: u32) -> u32 {
        let Some((word, rest)) = self.used[page as usize / 64..].split_first() else { return 0 };
        let first = (!word >> (page % 64)).count_ones();
        first + rest.iter().map(|word| word.count_zeros()).sum::<u32>()
    }

    /// Where positions are not taken any more (I5).
    pub(super) fn ceiling(&self) -> u32 {
        self.ceiling
    }

    /// All free positions, those beyond the ceiling too.
    pub(super) fn all_free(&self) -> u32 {
        self.free + self.beyond
    }

    /// One beyond the last position that is used for whatever reason (I1).
    pub(super) fn used_end(&self) -> u32 {
        self.free_before(self.pages)
    }

    /// The file has `pages` pages now, fewer than before; those cut off were free.
    pub(super) fn shrink(&mut self, pages: u32) {
        assert!(self.used_end() <= pages && pages <= self.pages, "I1: what is cut off is free");
        self.used.truncate((pages as usize).div_ceil(64));
        self.pages = pages;
        for page in pages..u32::try_from(self.used.len() * 64).unwrap_or(u32::MAX) {
            self.set(page);
        }
        self.set_ceiling(self.ceiling.min(pages));
    }

    fn set(&mut self, page: u32) {
        self.used[page as usize / 64] |= 1 << (page % 64);
    }

    pub(super) fn is_used(&self, page: u32) -> bool {
        page >= self.pages || self.used[page as usize / 64] >> (page % 64) & 1 != 0
    }

    fn claim(&mut self, page: u32) {
        assert!(!self.is_used(page), "I1: position {page} is free before it is used");
        assert!(page < self.ceiling, "I5: position {page} is below the ceiling");
        self.set(page);
        self.free -= 1;
    }

    /// Pages in the file.
    pub(super) fn pages(&self) -> u32 {
        self.pages
    }

    /// Free positions that may be taken (I2).
    pub(super) fn free_count(&self) -> u32 {
        self.free
    }

    /// Free positions at the end that are kept together.
    pub(super) fn tail_count(&self) -> u32 {
        self.tail.end - self.tail.start
    }

    /// Whether some used position from this one on is such a one.
    pub(super) fn any_used_from(&self, first: u32, is_such: impl Fn(u32) -> bool) -> bool {
        let words = (first / 64..).zip(&self.used[first as usize / 64..]);
        words.filter(|(_, word)| **word != 0).any(|(index, word)| {
            let positions = (0..64).filter(|bit| word >> bit & 1 != 0).map(|bit| index * 64 + bit);
            positions.filter(|page| (first..self.pages).contains(page)).any(&is_such)
        })
    }

    /// The words of the set of used positions.
    pub(super) fn used(&self) -> &[u64] {
        &self.used
    }

    /// A free position, the one that was freed last if possible.
    pub(super) fn take(&mut self) -> Option<u32> {
        loop {
            while let Some(page) = self.recycled.pop() {
                let allowed = page < self.ceiling && !self.tail.contains(&page);
                if allowed && !self.is_used(page) {
                    self.claim(page);
                    return Some(page);
                }
            }
            if self.free == self.tail_count() {
                if self.tail.is_empty() {
                    return None;
                }
                self.tail.end -= 1;
                let page = self.tail.end;
                self.claim(page);
                return Some(page);
            }
            self.search();
        }
    }

    /// Refills `recycled` with some free positions outside the tail. There are some.
    fn search(&mut self) {
        let words = (self.ceiling as usize).div_ceil(64);
        for _ in 0..=words {
            let index = self.cursor % words;
            self.cursor = index + 1;
            let mut free = !self.used[index];
            while free != 0 {
                let page = u32::try_from(index * 64).unwrap_or(u32::MAX) + free.trailing_zeros();
                free &= free - 1;
                if page < self.ceiling && !self.tail.contains(&page) {
                    self.recycled.push(page);
                }
            }
            if !self.recycled.is_empty() {
                // Ascending positions come out first.
                self.recycled.reverse();
                return;
            }
        }
        unreachable!("I2: {} positions are free, and none was found", self.free);
    }

    /// `count` consecutive free positions.
    pub(super) fn take_run(&mut self, count: u32) -> Option<u32> {
        let first = self.search_run(count).or_else(|| {
            let first = self.tail.start;
            (self.tail_count() >= count).then(|| {
                self.tail.start += count;
                first
            })
        })?;
        for page in first..first + count {
            self.claim(page);
        }
        Some(first)
    }

    /// Looks for a run outside the tail in a few words around the cursor.
    fn search_run(&mut self, count: u32) -> Option<u32> {
        if self.free - self.tail_count() < count {
            return None;
        }
        let all = (self.ceiling as usize).div_ceil(64);
        let start = self.cursor % all;
        let end = (start + RUN_SEARCH_WORDS).min(all);
        self.cursor = end;
        let range = u32::try_from(start * 64).ok()?..u32::try_from(end * 64).ok()?;
        self.find_run(range, count).map(|run| run.start)
    }

    /// The first run of at least `count` free positions outside the tail in a range.
    fn find_run(&self, range: Range<u32>, count: u32) -> Option<Range<u32>> {
        let mut start = range.start;
        let mut page = range.start;
        while page < range.end.min(self.ceiling) {
            let word = self.used[page as usize / 64];
            if page.is_multiple_of(64) && word == u64::MAX {
                page += 64;
                start = page;
                continue;
            }
            let taken = word >> (page % 64) & 1 != 0 || self.tail.contains(&page);
            page += 1;
            if taken {
                start = page;
            } else if page - start >= count {
                return Some(start..page);
            }
        }
        None
    }

    /// Where the first run of so many free positions ends, wherever the ceiling is.
    pub(super) fn end_of_run(&self, count: u32) -> Option<u32> {
        let mut length = 0;
        let mut page = PageId::FIRST.0;
        while page < self.pages {
            if page.is_multiple_of(64) && self.used[page as usize / 64] == u64::MAX {
                page += 64;
                length = 0;
                continue;
            }
            length = if self.is_used(page) { 0 } else { length + 1 };
            page += 1;
            if length >= count {
                return Some(page);
            }
        }
        None
    }

    /// Makes a run elsewhere in the file the tail, for when the file cannot grow.
    pub(super) fn move_tail(&mut self, count: u32) -> bool {
        if self.tail_count() >= count {
            return true;
        }
        match self.find_run(0..self.pages, count) {
            Some(run) => {
                self.tail = run;
                true
            }
            None => false,
        }
    }

    /// The position is free again.
    pub(super) fn free(&mut self, page: u32) {
        self.release(page);
        if self.recycled.len() < RECYCLED_MAX {
            self.recycled.push(page);
        }
    }

    /// The positions are free again.
    pub(super) fn free_run(&mut self, first: u32, count: u32) {
        for page in first..first + count {
            self.release(page);
        }
    }

    fn release(&mut self, page: u32) {
        assert!(page >= PageId::FIRST.0 && page < self.pages, "I1: {page} lies in the file");
        assert!(self.is_used(page), "I1: position {page} is used before it is freed");
        self.used[page as usize / 64] &= !(1 << (page % 64));
        if page < self.ceiling {
            self.free += 1;
        } else {
            self.beyond += 1;
        }
    }

    /// The file has `pages` pages now.
    pub(super) fn grow(&mut self, pages: u32) {
        assert!(pages >= self.pages, "a file grows");
        let old = self.pages;
        if self.ceiling < old {
            self.set_ceiling(old);
        }
        self.used.resize((pages as usize).div_ceil(64), 0);
        self.pages = pages;
        for page in old..pages {
            self.used[page as usize / 64] &= !(1 << (page % 64));
        }
        for page in pages..u32::try_from(self.used.len() * 64).unwrap_or(u32::MAX) {
            self.set(page);
        }
        self.free += pages - old;
        self.ceiling = pages;
        // A tail that was moved inside the file, or is much smaller, gives way to the new end.
        let start = if self.tail.end == old { self.tail.start } else { old };
        self.tail = start..pages;
    }
}
