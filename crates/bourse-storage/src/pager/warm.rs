//! Bringing all that a checkpoint reaches into memory with few reads.
//!
//! A replay that touches most pages of a file would wait for each of them in turn. Read one after
//! the other, a file's pages come some twenty times as fast, so that as soon as a replay has missed
//! a twentieth of them it is cheaper to read them all; a replay that touches few never does.

use std::sync::atomic::Ordering;

use crate::cache::flush::{Buffer, contains};
use crate::error::Result;
use crate::id::{Link, PageId};
use crate::page::PageKind;

use super::Pager;
use super::load::READ_PAGES;

/// What one page costs that is read by itself, in pages read in a row.
const MISS_COST: u64 = 20;

/// Pages that nobody wants and that are read nevertheless rather than begin another read.
const GAP_PAGES: u32 = 16;

impl Pager {
    /// Pages that the newest checkpoint reaches.
    pub fn reached_pages(&self) -> u64 {
        self.newest_set().iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Reads of single pages, or of one extent, since the open.
    pub fn loads(&self) -> u64 {
        self.loads.load(Ordering::Relaxed)
    }

    /// After how many loads as much was spent on them as [`Pager::warm`] costs.
    pub fn loads_before_warming(&self) -> u64 {
        self.reached_pages() / MISS_COST
    }

    /// Loads the trees' pages that the newest checkpoint reaches and that are not in memory. The
    /// caller writes the shard, and nobody else uses it. A damaged page is left to who asks for
    /// it, and so is one that the shard no longer reaches.
    ///
    /// # Errors
    /// `Io` when the file cannot be read, `Full` when no frame can be had.
    pub fn warm(&self) -> Result<()> {
        let set = self.newest_set();
        let wanted =
            |page: &u32| contains(&set, *page) && self.file.table.frame(PageId(*page)).is_none();
        let end = u32::try_from(set.len() * 64).unwrap_or(u32::MAX).min(self.pages());
        let mut buffer = Buffer::zeroed(READ_PAGES);
        let mut next = PageId::FIRST.0;
        while let Some(first) = (next..end).find(wanted) {
            let last = last_of_run(first, end, wanted);
            buffer.resize((last - first) as usize + 1);
            self.file.file.read_at(buffer.bytes_mut(), PageId(first).offset())?;
            for (position, page) in (first..).zip(&buffer.0).filter(|(page, _)| wanted(page)) {
                let is_tree = matches!(page.kind(), Some(PageKind::Leaf | PageKind::Inner));
                let link = Link { page: PageId(position), birth: page.birth().low() };
                if is_tree
                    && self.verify(page, link).is_ok()
                    && (self.options.validate)(page).is_ok()
                {
                    self.cache.count_miss(page);
                    let reuse = self.reuse_counter(link.page).load(Ordering::Acquire);
                    self.install(page, link.page, reuse)?;
                }
            }
            next = last + 1;
        }
        Ok(())
    }
}

/// The last wanted page that is read together with `first`.
fn last_of_run(first: u32, end: u32, wanted: impl Fn(&u32) -> bool) -> u32 {
    let mut last = first;
    for page in (first..end).take(READ_PAGES) {
        if wanted(&page) {
            last = page;
        } else if page - last > GAP_PAGES {
            break;
        }
    }
    last
}
