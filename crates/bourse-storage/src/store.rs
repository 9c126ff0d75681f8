//! What a tree needs of the pages below it: [`PageSource`] to read, [`PageStore`] to write.
//!
//! Two things implement them: a shard's [`crate::pager`] and, in tests, a map in memory.
//!
//! # Restart instead of wait
//!
//! A page that is not in memory ends the operation with [`Stop::Miss`]; whoever began it lets go
//! of its pin, loads the page and runs the operation again. So no I/O and no wait for a frame
//! happens while pages are pinned, and tree code is plain straight-line code. What follows for a
//! writing operation: **it either returns `Err` having changed nothing, or completes.** It reads
//! all pages that it will need first (the path down, and the siblings that it may merge with) and
//! only then calls a method of [`PageStore`], none of which can fail: the frames and the disk
//! space that an operation may need are reserved before it starts.

use crate::error::Error;
use crate::id::{Batch, Link};
use crate::page::Page;

/// Why an operation on pages could not go on.
#[derive(Debug)]
pub enum Stop {
    /// The page is not in memory: load it, without a pin, and run the operation again.
    Miss(Link),
    /// The operation failed for good.
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

/// Result of an operation on pages.
pub type Step<T> = std::result::Result<T, Stop>;

/// Pages to read, all of one Cut, for as long as one pin lasts.
pub trait PageSource {
    /// The page that `link` names.
    ///
    /// # Errors
    /// [`Stop::Miss`] when it is not in memory; [`Stop::Error`] of kind `Corrupt` when the page at
    /// that position has another identity.
    fn page(&self, link: Link) -> Step<&Page>;

    /// Tells the processor that the page will be searched soon. Does nothing if it is not in
    /// memory.
    fn prefetch(&self, _link: Link) {}

    /// As [`PageSource::prefetch`], of a page that will be read from end to end.
    fn prefetch_whole(&self, _link: Link) {}

    /// For statistics: a descent through a tree of that height came to its leaf. A step from
    /// leaf to leaf is a descent of height 1. One call a descent costs less than counting in
    /// [`PageSource::page`], which a descent calls once a level.
    fn descended(&self, _height: u8) {}

    /// For statistics: so many pages of a value's extent were read.
    fn read_extent(&self, _pages: usize) {}
}

/// Pages to write: those of one shard's head, by its one writer.
///
/// `link`s passed to the methods below must have been read through [`PageSource::page`] in the
/// same operation, so that they are in memory.
pub trait PageStore: PageSource {
    /// The batch that the shard's changes belong to now; new pages are born in it.
    fn batch(&self) -> Batch;

    /// A new page, header filled in (`PageKind::Free`, identity), the rest zero.
    fn allocate(&mut self) -> Link;

    /// A page with the contents of `link`'s that may be changed.
    ///
    /// That is the page itself when it was born in the current batch and has not been written to
    /// disk; otherwise a copy born now, and the old page dies.
    fn writable(&mut self, link: Link) -> Link;

    /// As [`PageStore::writable`], with the page.
    fn writable_page(&mut self, link: Link) -> (Link, &mut Page) {
        let link = self.writable(link);
        (link, self.page_mut(link))
    }

    /// The page to change. `link` comes from [`PageStore::allocate`] or [`PageStore::writable`].
    fn page_mut(&mut self, link: Link) -> &mut Page;

    /// The page dies in the current batch: it is part of no later Cut.
    fn free(&mut self, link: Link);

    /// Stores a value too large for a page in pages of its own, at consecutive positions, all
    /// born in the current batch, and returns the first. See `page::overflow` for their layout.
    fn allocate_extent(&mut self, value: &[u8]) -> Link;

    /// All pages of an extent that holds `bytes` bytes of value die.
    fn free_extent(&mut self, first: Link, bytes: usize);
}
