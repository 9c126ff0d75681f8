//! Bringing many pages into memory with few reads.
//!
//! A replay that touches most pages of a file would wait for each of them in turn. So it says ahead
//! which it will touch ([`Pager::load_many`]), as far as that can be known before they are there:
//! they are read in the order of the file, neighbours together. What cannot be known so, entries of
//! indexes that follow from rows, is read when it is missed. Read one after the other, a file's
//! pages come some twenty times as fast, so that as soon as a replay has missed a twentieth of them
//! it is cheaper to read them all ([`Writer::warm`]); a replay that misses few never does.

use std::sync::atomic::Ordering;

use crate::cache::flush::{Buffer, contains};
use crate::error::Result;
use crate::id::{Link, PageId};
use crate::page::{Page, PageKind};

use super::load::READ_PAGES;
use super::{Pager, Writer};

/// What one page costs that is read by itself, in pages read in a row.
const MISS_COST: u64 = 20;

/// Pages that nobody wants and that are read nevertheless rather than begin another read.
const GAP_PAGES: u32 = 16;

/// The same where several threads read at once, so that the disk has always something to do.
const GAP_PAGES_MANY: u32 = 3;

impl Pager {
    /// Pages that the newest checkpoint reaches.
    pub fn reached_pages(&self) -> u64 {
        self.newest_set().iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Reads of single pages, or of one extent, since the open.
    pub fn loads(&self) -> u64 {
        self.loads.load(Ordering::Relaxed)
    }

    /// After how many loads as much was spent on them as [`Writer::warm`] costs.
    pub fn loads_before_warming(&self) -> u64 {
        self.reached_pages() / MISS_COST
    }

    /// Loads the trees' pages that the newest checkpoint reaches, and of which `lives` says that
    /// the shard still does, and that are not in memory.
    fn warm(&self, lives: impl Fn(u32) -> bool) -> Result<()> {
        let set = self.newest_set();
        let wanted = |page: &u32| {
            contains(&set, *page) && lives(*page) && self.file.table.frame(PageId(*page)).is_none()
        };
        let end = u32::try_from(set.len() * 64).unwrap_or(u32::MAX).min(self.pages());
        let mut buffer = Buffer::zeroed(READ_PAGES);
        let mut next = PageId::FIRST.0;
        while let Some(first) = (next..end).find(wanted) {
            let last = last_of_run(first, end, wanted);
            self.read_pages_between(first, last, &mut buffer)?;
            for (position, page) in (first..).zip(&buffer.0).filter(|(page, _)| wanted(page)) {
                let link = Link { page: PageId(position), birth: page.birth().low() };
                self.keep(page, link)?;
            }
            next = last + 1;
        }
        Ok(())
    }

    /// Loads pages of trees that links of the head name, in the order of the file and with few
    /// reads. The caller writes the shard, and nobody else uses it. A page that is not what its
    /// link says is left to who asks for it. Returns how many are there.
    ///
    /// # Errors
    /// `Io` when the file cannot be read, `Full` when no frame can be had.
    pub fn load_many(&self, links: &mut Vec<Link>) -> Result<usize> {
        let inside = PageId::FIRST.0..self.pages();
        links.retain(|link| inside.contains(&link.page.0));
        links.sort_unstable_by_key(|link| (link.page, link.birth));
        links.dedup();
        let mut loaded = 0;
        let mut buffer = Buffer::zeroed(0);
        let mut rest = &links[..];
        while let Some(first) = rest.first().map(|link| link.page.0) {
            let near = |pair: &[Link]| pair[1].page.0 - pair[0].page.0 <= GAP_PAGES_MANY + 1;
            let within = |link: &Link| ((link.page.0 - first) as usize) < READ_PAGES;
            let joined = rest.windows(2).take_while(|pair| near(pair) && within(&pair[1])).count();
            let (run, behind) = rest.split_at(1 + joined);
            self.read_pages_between(first, run[joined].page.0, &mut buffer)?;
            for link in run {
                let page = &buffer.0[(link.page.0 - first) as usize];
                loaded += usize::from(self.keep(page, *link)?);
            }
            rest = behind;
        }
        Ok(loaded)
    }

    fn read_pages_between(&self, first: u32, last: u32, buffer: &mut Buffer) -> Result<()> {
        buffer.resize((last - first) as usize + 1);
        self.file.file.read_at(buffer.bytes_mut(), PageId(first).offset())
    }

    /// Puts a page that was read into memory, if it is a tree's and the one that the link names.
    /// Returns whether it is.
    fn keep(&self, page: &Page, link: Link) -> Result<bool> {
        let is_tree = matches!(page.kind(), Some(PageKind::Leaf | PageKind::Inner));
        let is_sound =
            is_tree && self.verify(page, link).is_ok() && (self.options.validate)(page).is_ok();
        if is_sound {
            self.cache.count_miss(page);
            let reuse = self.reuse_counter(link.page).load(Ordering::Acquire);
            self.install(page, link.page, reuse)?;
        }
        Ok(is_sound)
    }
}

impl Writer {
    /// Loads the trees' pages that the newest checkpoint and the head reach and that are not in
    /// memory. Nobody else uses the shard. A damaged page is left to who asks for it.
    ///
    /// # Errors
    /// `Io` when the file cannot be read, `Full` when no frame can be had.
    pub fn warm(&self) -> Result<()> {
        self.pager.warm(|page| self.lifetimes.is_alive(page))
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
