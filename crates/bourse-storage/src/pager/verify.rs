//! Verifying a checkpoint while the store is in use: its pages as the disk has them, and which of
//! them its bitmap names.
//!
//! The caller holds the Cut of the checkpoint, so its pages stay where they are although later
//! checkpoints may come and go meanwhile.

use std::sync::Arc;

use crate::cache::flush::{PageSet, contains};
use crate::error::Result;
use crate::id::{Link, PageId};
use crate::page::Page;

use super::Pager;

/// Which pages of a checkpoint have been reached so far: two bits a page.
pub struct Reach {
    allocated: Arc<PageSet>,
    reached: PageSet,
}

/// What reaching a page showed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reached {
    /// It is part of the checkpoint, and nothing had reached it before.
    First,
    /// Something had reached it before: two owners would free it twice.
    Again,
    /// The bitmap does not name it: the next open would take it for free.
    Unallocated,
}

impl Reach {
    /// Notes that a page is reached.
    pub fn note(&mut self, page: PageId) -> Reached {
        if !contains(&self.allocated, page.0) {
            return Reached::Unallocated;
        }
        let (word, bit) = (page.0 as usize / 64, 1 << (page.0 % 64));
        let again = self.reached[word] & bit != 0;
        self.reached[word] |= bit;
        if again { Reached::Again } else { Reached::First }
    }

    /// The pages of a set, none of them reached.
    pub fn of(set: &[u64]) -> Reach {
        Reach { allocated: Arc::new(set.to_vec()), reached: vec![0; set.len()] }
    }

    /// The pages that the bitmap names, a bit each.
    pub fn words(&self) -> &[u64] {
        &self.allocated
    }

    /// How many pages the bitmap names.
    pub fn allocated(&self) -> u64 {
        self.allocated.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The pages that the bitmap names and nothing has reached.
    pub fn unreached(&self) -> impl Iterator<Item = PageId> {
        let words = self.allocated.iter().zip(&self.reached).enumerate();
        words.flat_map(|(word, (allocated, reached))| {
            let left = allocated & !reached;
            (0..64)
                .filter(move |bit| left >> bit & 1 != 0)
                .filter_map(move |bit| u32::try_from(word * 64 + bit).ok().map(PageId))
        })
    }
}

impl Pager {
    /// The pages of the newest checkpoint, none of them reached.
    pub fn reach(&self) -> Reach {
        let allocated = self.newest_set();
        let reached = vec![0; allocated.len()];
        Reach { allocated, reached }
    }

    /// Reads a page from disk, past the cache, and checks its checksum and its identity. The Cut
    /// of a checkpoint that has the page is held. Never called while pinned.
    ///
    /// # Errors
    /// `Corrupt` when the disk has something else there, `Io` when it cannot be read.
    pub fn read_direct(&self, link: Link) -> Result<Box<Page>> {
        self.check_range(link, 1)?;
        let mut page = Page::zeroed();
        self.file.file.read_at(&mut page.0, link.page.offset())?;
        self.verify(&page, link)?;
        Ok(page)
    }

    /// The file's path, for messages.
    pub fn path(&self) -> &str {
        &self.file.path
    }
}
