#![expect(unsafe_code, reason = "pages of the head are changed in their frames")]
//! Writing pages of a shard's head, or of a tree that is built aside.
//!
//! Nothing here can fail: frames and positions were reserved before the operation began, and it
//! runs under the freeze latch, so that no page leaves memory and none is frozen meanwhile.

use std::sync::atomic::Ordering;

use crate::cache::flush::Buffer;
use crate::cache::frames::{DIRTY, LIMBO, RESIDENT, WRITTEN};
use crate::id::{Batch, Link, PageId};
use crate::page::{HEADER_SIZE, OVERFLOW_PAYLOAD, Page, PageKind, extent_pages};
use crate::store::{PageSource, PageStore, Step};

use super::reclaim::Retired;
use super::source::SEARCHED_BYTES;
use super::{FRAMED_EXTENT_PAGES, Writer};

/// The pages of a shard's head during one writing operation.
pub struct Store<'a> {
    pub(super) writer: &'a mut Writer,
    /// The aside that is written to, if not the head.
    pub(super) aside: Option<u64>,
}

impl Store<'_> {
    /// Fills an extent's page with its part of the value.
    fn fill(page: &mut Page, id: PageId, birth: Batch, part: &[u8]) {
        page.reset(PageKind::Overflow, 0, id, birth);
        page.0[HEADER_SIZE..HEADER_SIZE + part.len()].copy_from_slice(part);
    }

    /// Notes that a page is born at the position.
    fn bear(&mut self, page: u32) {
        self.writer.births = self.writer.births.saturating_add(1);
        match self.aside {
            None => self.writer.lifetimes.bear(page, self.writer.batch),
            Some(aside) => {
                self.writer.lifetimes.bear_aside(page, aside);
                let pages = self.writer.asides.get_mut(&aside);
                assert!(pages.is_some(), "lifetimes I3: the aside is open");
                pages.into_iter().for_each(|pages| pages.push(page));
            }
        }
        // Loads of this position that began earlier are not installed (load I3).
        let counter = self.writer.pager.reuse_counter(PageId(page));
        // Only this writer changes it.
        counter.store(counter.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
    }

    /// Puts a frame with a new page, whose bytes are complete, at a position.
    fn install(&mut self, page: u32, frame: u32) {
        self.bear(page);
        let meta = self.writer.pager.cache.meta(frame);
        meta.page.store(page, Ordering::Relaxed);
        meta.set_state(RESIDENT | DIRTY);
        let file = &self.writer.pager.file;
        if let Some(stale) = file.table.replace(PageId(page), frame) {
            // A dead page that a load brought back after its death (`Pager::load_unheld`).
            let before = self.writer.pager.cache.meta(stale);
            assert_eq!(before.state() & DIRTY, 0, "I1: a page at a free position is only a copy");
            before.set_state(LIMBO);
            self.writer.orphans.push(stale);
        }
        file.dirty.fetch_add(1, Ordering::Relaxed);
        self.writer.dirty.push(page);
    }

    fn take_position(&mut self) -> u32 {
        let position = self.writer.allocator.take();
        assert!(position.is_some(), "pager I7: positions were reserved");
        position.unwrap_or(0)
    }

    fn take_frame(&mut self) -> u32 {
        let frame = self.writer.hot.pop();
        assert!(frame.is_some(), "pager I7: frames were reserved");
        frame.unwrap_or(0)
    }

    /// The frame of a page that the operation has read.
    fn resident(&self, link: Link) -> u32 {
        match self.writer.pager.frame_of(link, self.writer.batch) {
            Ok(frame) => frame,
            Err(stop) => unreachable!("pages are read before they are changed: {stop:?}"),
        }
    }

    /// Whether the page may change where it is (pager I4).
    fn is_own(&self, page: PageId) -> bool {
        match self.aside {
            None => self.writer.lifetimes.is_born_in(page.0, self.writer.batch),
            Some(aside) => self.writer.lifetimes.is_aside(page.0, aside),
        }
    }

    /// The page that may be changed, the given one or a copy, and its frame.
    fn writable_frame(&mut self, link: Link) -> (Link, u32) {
        let old = self.resident(link);
        // A clean page of this batch was written early, dropped and loaded again. An aside's, and
        // one that was attached in this batch, may be of an earlier one: no page is younger than
        // the one above it, so what is put below it takes a copy of this batch too.
        let state = self.writer.pager.cache.meta(old).state();
        let is_of_now = link.birth == self.writer.batch.low();
        if is_of_now && state & (DIRTY | WRITTEN) == DIRTY && self.is_own(link.page) {
            return (link, old);
        }
        let position = self.take_position();
        let frame = self.take_frame();
        let arena = self.writer.pager.cache.arena();
        // SAFETY: the new frame comes from the writer's own list; the old page is sealed or
        // frozen, and the latch keeps its frame.
        let (page, source) = unsafe { (arena.page_mut(frame), arena.page(old)) };
        page.0.copy_from_slice(&source.0);
        page.set_identity(PageId(position), self.writer.batch);
        let copy = page.link();
        self.install(position, frame);
        self.die(Retired { first: link.page.0, pages: 1 });
        (copy, frame)
    }

    /// The page in its frame, to be changed.
    fn page_in(&mut self, link: Link, frame: u32) -> &mut Page {
        let state = self.writer.pager.cache.meta(frame).state();
        assert_eq!(state, RESIDENT | DIRTY, "pager I4: page {link} may be changed");
        debug_assert!(self.is_own(link.page), "pager I4: page {link} is the current batch's");
        // SAFETY: an unsealed page that is not frozen is known to the writer alone; the latch
        // keeps it so, and the exclusive borrow of the store rules out a second reference.
        unsafe { self.writer.pager.cache.arena().page_mut(frame) }
    }

    fn die(&mut self, retired: Retired) {
        let first = retired.first;
        if self.is_own(PageId(first)) {
            self.writer.release_now(retired);
            return;
        }
        assert!(self.aside.is_none(), "an aside frees only its own pages");
        for page in first..first + retired.pages {
            self.writer.lifetimes.die(page, self.writer.batch);
        }
        self.writer.retirement.push(retired);
        if self.writer.alone {
            // When the operation is over: it may look at the page yet.
            self.writer.unread.push(retired);
        }
    }
}

impl PageSource for Store<'_> {
    #[inline]
    fn page(&self, link: Link) -> Step<&Page> {
        let frame = self.writer.pager.frame_of(link, self.writer.batch)?;
        Ok(self.writer.pager.page_in(frame))
    }

    fn prefetch(&self, link: Link) {
        self.writer.pager.prefetch_page(link, SEARCHED_BYTES);
    }

    #[inline]
    fn descended(&self, height: u8) {
        self.writer.pager.file.reads.count_descent(height);
    }

    fn read_extent(&self, pages: usize) {
        self.writer.pager.file.reads.count_extent(pages);
    }
}

impl PageStore for Store<'_> {
    fn batch(&self) -> Batch {
        self.writer.batch
    }

    fn allocate(&mut self) -> Link {
        let position = self.take_position();
        let frame = self.take_frame();
        // SAFETY: the frame comes from the writer's own list: nobody else knows it.
        let page = unsafe { self.writer.pager.cache.arena().page_mut(frame) };
        page.reset(PageKind::Free, 0, PageId(position), self.writer.batch);
        let link = page.link();
        self.install(position, frame);
        link
    }

    fn writable(&mut self, link: Link) -> Link {
        self.writable_frame(link).0
    }

    fn writable_page(&mut self, link: Link) -> (Link, &mut Page) {
        let (link, frame) = self.writable_frame(link);
        (link, self.page_in(link, frame))
    }

    fn page_mut(&mut self, link: Link) -> &mut Page {
        let frame = self.resident(link);
        self.page_in(link, frame)
    }

    fn free(&mut self, link: Link) {
        self.die(Retired { first: link.page.0, pages: 1 });
    }

    fn allocate_extent(&mut self, value: &[u8]) -> Link {
        let pages = u32::try_from(extent_pages(value.len())).unwrap_or(u32::MAX);
        assert!(pages > 0, "an empty value needs no extent");
        let first = self.writer.allocator.take_run(pages);
        assert!(first.is_some(), "pager I7: consecutive positions were reserved");
        let first = first.unwrap_or(0);
        let birth = self.writer.batch;
        let parts = value.chunks(OVERFLOW_PAYLOAD);
        if pages as usize > FRAMED_EXTENT_PAGES {
            let mut buffer = Buffer::zeroed(pages as usize);
            for ((position, part), page) in (first..).zip(parts).zip(&mut buffer.0) {
                Store::fill(page, PageId(position), birth, part);
                page.seal(self.writer.pager.file.salt);
                self.bear(position);
            }
            // Written when the operation has let go of the latch.
            self.writer.direct.push((first, buffer));
        } else {
            for (position, part) in (first..).zip(parts) {
                let frame = self.take_frame();
                // SAFETY: the frame comes from the writer's own list: nobody else knows it.
                let page = unsafe { self.writer.pager.cache.arena().page_mut(frame) };
                Store::fill(page, PageId(position), birth, part);
                self.install(position, frame);
            }
        }
        Link { page: PageId(first), birth: birth.low() }
    }

    fn free_extent(&mut self, first: Link, bytes: usize) {
        let pages = u32::try_from(extent_pages(bytes)).unwrap_or(u32::MAX);
        let first = first.page.0;
        self.writer.direct.retain(|(position, _)| *position != first);
        self.die(Retired { first, pages });
    }
}
