#![expect(unsafe_code, reason = "a pin is what makes a frame's page readable")]
//! Reading pages of one Cut, without latch, lock or count.

use std::marker::PhantomData;

use crate::bug::{self, Bug};
use crate::cache::reads::Reads;
use crate::cache::{Pin, PinnedPage};
use crate::error::{Error, Result};
use crate::id::{Batch, Link, PAGE_SIZE};
use crate::page::Page;
use crate::prefetch::prefetch;
use crate::store::{PageSource, Step, Stop};

use super::Pager;

/// The pages of one Cut, for as long as one pin lasts.
pub struct Source<'a> {
    pager: &'a Pager,
    newest: Batch,
    /// Where the pin's thread counts.
    reads: &'a Reads,
    /// Like the pin, it stays with its thread.
    _pin: PhantomData<&'a Pin<'a>>,
}

impl Pager {
    /// Pages of the Cut `newest`, which was loaded under this pin or is held.
    pub fn source<'a>(&'a self, pin: &'a Pin<'a>, newest: Batch) -> Source<'a> {
        debug_assert!(pin.belongs_to(self.cache.epochs()), "the pin is this cache's");
        Source { pager: self, newest, reads: pin.reads(), _pin: PhantomData }
    }

    /// Runs a reading operation on a Cut, loading the pages that it misses. The caller holds the
    /// Cut (`HeldCuts::register`): the pin ends while a page is loaded.
    pub fn read<T>(&self, newest: Batch, mut op: impl FnMut(&Source<'_>) -> Step<T>) -> Result<T> {
        loop {
            let link = {
                let pin = self.cache.epochs().pin();
                match op(&self.source(&pin, newest)) {
                    Ok(value) => return Ok(value),
                    Err(Stop::Error(error)) => return Err(error),
                    Err(Stop::Miss(link)) => link,
                }
            };
            self.load(link)?;
        }
    }

    /// Keeps a page of the source in memory beyond its pin, for cursors.
    ///
    /// # Errors
    /// As [`PageSource::page`].
    pub fn pin_page(&self, source: &Source<'_>, link: Link) -> Step<PinnedPage> {
        assert!(std::ptr::eq(self, source.pager), "the source is this pager's");
        let frame = self.frame_of(link, source.newest)?;
        Ok(PinnedPage::new(&self.cache, frame))
    }

    /// The frame of the page that a link of a Cut names. The caller is pinned or has the freeze
    /// latch, which is what keeps the frame.
    #[inline]
    pub(super) fn frame_of(&self, link: Link, newest: Batch) -> Step<u32> {
        let Some(frame) = self.file.table.reference(link.page) else {
            return Err(Stop::Miss(link));
        };
        let (id, birth) = self.cache.arena().identity(frame);
        if id == link.page && birth.low() == link.birth && birth <= newest {
            return Ok(frame);
        }
        self.mismatch(link, newest, frame)
    }

    #[cold]
    fn mismatch(&self, link: Link, newest: Batch, frame: u32) -> Step<u32> {
        let (id, birth) = self.cache.arena().identity(frame);
        if bug::switched_on(Bug::IdentityWithoutBirth) && id == link.page {
            return Ok(frame);
        }
        Err(Stop::Error(Error::corrupt(format!(
            "{}: page {} at offset {}: expected page {link} born by batch {newest}, found page \
             {id} born in batch {birth}; restore the store from a backup or a replica",
            self.file.path,
            link.page,
            link.page.offset(),
        ))))
    }

    /// The page in a frame that [`Pager::frame_of`] gave.
    #[inline]
    pub(super) fn page_in(&self, frame: u32) -> &Page {
        // SAFETY: private to the pager: the callers are pinned, or hold the freeze latch, for as
        // long as they let the reference live. A page that a Cut reaches does not change; one of
        // the head is read by the writer alone, which has no other reference to it.
        unsafe { self.cache.arena().page(frame) }
    }

    /// Starts fetching the page's first bytes, so many of them, if it is in memory.
    #[inline]
    pub(super) fn prefetch_page(&self, link: Link, bytes: usize) {
        if let Some(frame) = self.file.table.frame(link.page) {
            prefetch(self.cache.arena().address(frame).cast::<u8>(), bytes);
        }
    }
}

/// Bytes of a page that are fetched ahead of a search: the header and the slots of a leaf of some
/// twenty rows.
pub(super) const SEARCHED_BYTES: usize = 256;

impl Source<'_> {
    /// The newest batch that a page of this source may be born in.
    pub fn newest(&self) -> Batch {
        self.newest
    }
}

impl PageSource for Source<'_> {
    #[inline]
    fn page(&self, link: Link) -> Step<&Page> {
        let frame = self.pager.frame_of(link, self.newest)?;
        Ok(self.pager.page_in(frame))
    }

    fn prefetch(&self, link: Link) {
        self.pager.prefetch_page(link, SEARCHED_BYTES);
    }

    fn prefetch_whole(&self, link: Link) {
        self.pager.prefetch_page(link, PAGE_SIZE);
    }

    #[inline]
    fn descended(&self, height: u8) {
        self.reads.count_descent(height);
    }

    fn read_extent(&self, pages: usize) {
        self.reads.count_extent(pages);
    }
}
