#![expect(unsafe_code, reason = "pages are read from disk into frames that only this thread has")]
//! Bringing pages from disk into memory, checked.
//!
//! # Invariants
//! - **I1** A page is in the table only after its checksum, its identity and its inside were
//!   checked.
//! - **I2** Of several threads that want a page one reads it; the others wait and look again.
//! - **I3** A position that was given to another page while it was read is not installed.

use std::sync::atomic::Ordering;

use crate::bug::{self, Bug};
use crate::cache::flush::Buffer;
use crate::cache::frames::RESIDENT;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{Link, PAGE_SIZE, PageId};
use crate::page::{HEADER_SIZE, OVERFLOW_PAYLOAD, Page, PageKind, extent_pages};

use super::{FRAMED_EXTENT_PAGES, Pager};

/// Pages read at once by a direct read: 1 MiB.
pub(super) const READ_PAGES: usize = 256;

/// Ends a load: others that want the page look again.
struct Loading<'a> {
    pager: &'a Pager,
    page: PageId,
}

impl Drop for Loading<'_> {
    fn drop(&mut self) {
        self.pager.loading.lock().remove(&self.page.0);
        self.pager.loaded.notify_all();
    }
}

impl Pager {
    /// Loads the page that a link of a held Cut, or of the head under the shard's mutex, names.
    /// Never called while pinned.
    ///
    /// # Errors
    /// `Corrupt` when the disk has another page there, `Io` when it cannot be read, `Full` when no
    /// frame can be had.
    pub fn load(&self, link: Link) -> Result<()> {
        self.load_run(link, 1)
    }

    /// Loads pages of an extent, with one read: `pages` of them, or those before the next one that
    /// is in memory.
    ///
    /// # Errors
    /// As [`Pager::load`].
    pub fn load_run(&self, first: Link, pages: usize) -> Result<()> {
        assert!((1..=FRAMED_EXTENT_PAGES).contains(&pages), "larger extents are read directly");
        let Some(_loading) = self.begin_load(first.page) else { return Ok(()) };
        // Up to the next page that is in memory: it may be dirty, and the disk not have it yet.
        let is_missing = |n: &u32| self.file.table.frame(PageId(first.page.0 + n)).is_none();
        let missing = (1..).take(pages - 1).take_while(is_missing).count();
        self.read_run(first, 1 + missing)
    }

    /// Loads the page that a link of the head named before the shard's mutex was released. The
    /// page may be dead by now and its position another page's: then nothing is loaded, and no
    /// error is raised. The caller runs its operation again in either case.
    ///
    /// # Errors
    /// `Io` or `Full` as [`Pager::load`].
    pub fn load_unheld(&self, link: Link) -> Result<()> {
        let Some(_loading) = self.begin_load(link.page) else { return Ok(()) };
        match self.read_run(link, 1) {
            Err(error) if error.kind() == ErrorKind::Corrupt => Ok(()),
            result => result,
        }
    }

    /// I2. `None` when the page is in memory (or was brought there by another thread).
    fn begin_load(&self, page: PageId) -> Option<Loading<'_>> {
        let mut loading = self.loading.lock();
        loop {
            if self.file.table.frame(page).is_some() {
                return None;
            }
            if loading.insert(page.0) {
                return Some(Loading { pager: self, page });
            }
            self.loaded.wait(&mut loading);
        }
    }

    fn read_run(&self, first: Link, pages: usize) -> Result<()> {
        self.check_range(first, pages)?;
        let reuse: Vec<u32> = (0u32..)
            .take(pages)
            .map(|n| self.reuse_counter(PageId(first.page.0 + n)).load(Ordering::Acquire))
            .collect();
        self.loads.fetch_add(1, Ordering::Relaxed);
        let mut buffer = Buffer::zeroed(pages);
        self.file.file.read_at(buffer.bytes_mut(), first.page.offset())?;
        for ((n, page), reuse) in (0u32..).zip(&buffer.0).zip(reuse) {
            let link = Link { page: PageId(first.page.0 + n), birth: first.birth };
            self.verify(page, link)?;
            (self.options.validate)(page).map_err(|error| {
                let path = &self.file.path;
                let message =
                    format!("{path}: page {} at offset {}", link.page, link.page.offset());
                Error::corrupt(format!("{message}: {}", error.message())).with_source(error)
            })?;
            self.cache.count_miss(page);
            self.install(page, link.page, reuse)?;
        }
        Ok(())
    }

    pub(super) fn check_range(&self, first: Link, pages: usize) -> Result<()> {
        let end = u64::from(first.page.0) + pages as u64;
        if first.page < PageId::FIRST || end > u64::from(self.pages()) {
            return Err(Error::corrupt(format!(
                "{}: a link names page {first}, but the file has pages {} to {}; restore the store \
                 from a backup or a replica",
                self.file.path,
                PageId::FIRST,
                self.pages()
            )));
        }
        Ok(())
    }

    /// Puts a verified page into a frame and the frame into the table, unless somebody else's page
    /// is there or came and went (I3).
    pub(super) fn install(&self, page: &Page, id: PageId, reuse: u32) -> Result<()> {
        let frame = self.cache.take_frame(self.index, Some(id))?;
        // SAFETY: the frame was just taken: nobody else knows it.
        unsafe { self.cache.arena().page_mut(frame) }.0.copy_from_slice(&page.0);
        let meta = self.cache.meta(frame);
        let installed = {
            // Under the latch no position changes hands, and no page leaves the table.
            let _latch = self.file.freeze.lock();
            let fresh = self.reuse_counter(id).load(Ordering::Acquire) == reuse;
            let free = fresh && self.file.table.frame(id).is_none();
            if free {
                meta.page.store(id.0, Ordering::Relaxed);
                meta.set_state(RESIDENT);
                let done = self.file.table.install(id, frame);
                assert!(done, "frames I2: entries change under the latch");
            }
            free
        };
        if !installed {
            self.cache.give_back(std::iter::once(frame));
        }
        Ok(())
    }

    /// Checks a page that was read from disk against the link that led to it.
    ///
    /// # Errors
    /// `Corrupt` when it is another; `Closed` after a failed write or sync of the file: what was on
    /// its way then may be gone from the disk, and recovery has it from the log.
    pub(super) fn verify(&self, page: &Page, link: Link) -> Result<()> {
        self.verify_bytes(page, link).map_err(|corrupt| match self.check_open() {
            Ok(()) => corrupt,
            Err(closed) => closed.with_source(corrupt),
        })
    }

    fn verify_bytes(&self, page: &Page, link: Link) -> Result<()> {
        let place =
            || format!("{}: page {} at offset {}", self.file.path, link.page, link.page.offset());
        let (stored, computed) = (page.stored_checksum(), page.checksum(self.file.salt));
        if stored != computed {
            return Err(Error::corrupt(format!(
                "{}: its checksum is {computed:08x}, but {stored:08x} is stored with it; restore \
                 the store from a backup or a replica",
                place()
            )));
        }
        let birth_differs = page.birth().low() != link.birth;
        let lax = bug::switched_on(Bug::IdentityWithoutBirth);
        if page.id() != link.page || (birth_differs && !lax) || page.kind().is_none() {
            return Err(Error::corrupt(format!(
                "{}: expected page {link}, found page {}: a write was lost or went astray; restore \
                 the store from a backup or a replica",
                place(),
                page.link()
            )));
        }
        Ok(())
    }

    /// Reads the value of an extent of more than [`FRAMED_EXTENT_PAGES`] pages, past the cache,
    /// and appends it to `out`. Never called while pinned; the Cut is held.
    ///
    /// # Errors
    /// As [`Pager::load`].
    pub fn read_extent_direct(&self, first: Link, bytes: usize, out: &mut Vec<u8>) -> Result<()> {
        let pages = extent_pages(bytes);
        assert!(pages > FRAMED_EXTENT_PAGES, "smaller extents may be in memory only");
        self.check_range(first, pages)?;
        let mut left = bytes;
        let mut next = first.page.0;
        let mut buffer = Buffer::zeroed(pages.min(READ_PAGES));
        while left > 0 {
            buffer.0.truncate(extent_pages(left));
            self.file.file.read_at(buffer.bytes_mut(), PageId(next).offset())?;
            for page in &buffer.0 {
                let link = Link { page: PageId(next), birth: first.birth };
                self.verify(page, link)?;
                if page.kind() != Some(PageKind::Overflow) {
                    return Err(Error::corrupt(format!(
                        "{}: page {link} is not part of a value, but a value's link leads there; \
                         restore the store from a backup or a replica",
                        self.file.path
                    )));
                }
                let length = left.min(OVERFLOW_PAYLOAD);
                out.extend_from_slice(&page.0[HEADER_SIZE..HEADER_SIZE + length]);
                left -= length;
                next += 1;
            }
        }
        const { assert!(PAGE_SIZE == HEADER_SIZE + OVERFLOW_PAYLOAD) };
        Ok(())
    }
}
