#![expect(unsafe_code, reason = "frozen pages are copied out of their frames")]
//! One shard's file as the cache sees it, and how dirty pages get there.
//!
//! A page is written to its own position, which nothing on disk refers to yet: it was free when
//! the page was made. So a write may happen at any time, early (to evict the page) or for a
//! checkpoint. *Freezing* comes first: from then on the page never changes again.
//!
//! # Invariants
//! - **I1** The freeze latch is held while pages are frozen, changed or taken from the table.
//! - **I2** No page that a mountable superblock reaches is ever written (asserted).
//! - **I3** A failed write leaves its page dirty and frozen; a failed sync, or any failure that
//!   leaves the file in doubt, ends all writing to the file.

use std::sync::Arc;

use crate::bug::{self, Bug};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{PAGE_SIZE, PageId};
use crate::page::Page;
use crate::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use crate::sync::{self, Mutex};
use crate::vfs::File;

use super::PageCache;
use super::frames::{DIRTY, FrameTable, RESIDENT, WRITING, WRITTEN};
use super::reads::Reads;

/// Pages in one write: 1 MiB.
const WRITE_PAGES: usize = 256;

/// A set of page positions, a bit each.
pub(crate) type PageSet = Vec<u64>;

/// Whether a set has a page.
pub(crate) fn contains(set: &[u64], page: u32) -> bool {
    set.get(page as usize / 64).is_some_and(|word| word >> (page % 64) & 1 != 0)
}

/// Pages in memory aligned as I/O wants them.
pub(crate) struct Buffer(pub(crate) Vec<Page>);

impl Buffer {
    /// Room for `pages` pages, all zero.
    pub(crate) fn zeroed(pages: usize) -> Buffer {
        Buffer((0..pages).map(|_| Page([0; PAGE_SIZE])).collect())
    }

    /// Room for `pages` pages from now on; new ones are zero.
    pub(crate) fn resize(&mut self, pages: usize) {
        self.0.resize_with(pages, || Page([0; PAGE_SIZE]));
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: a page is 4,096 bytes without padding, and the vector's pages are contiguous.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast(), self.0.len() * PAGE_SIZE) }
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        let length = self.0.len() * PAGE_SIZE;
        // SAFETY: as above, and every byte pattern is a valid page.
        unsafe { std::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast(), length) }
    }
}

/// What the cache needs of one shard.
pub(crate) struct ShardFile {
    /// Where its pages are in memory.
    pub(crate) table: FrameTable,
    /// Held while an operation changes pages, and while pages are frozen or unlinked.
    pub(crate) freeze: Mutex<()>,
    /// The shard's file.
    pub(crate) file: Arc<dyn File>,
    /// Its path, for messages.
    pub(crate) path: String,
    /// What its checksums are seeded with.
    pub(crate) salt: u32,
    /// Dirty pages in memory.
    pub(crate) dirty: AtomicU64,
    /// Whether a page holds so little that it counts as sparse.
    is_sparse: fn(&Page) -> bool,
    /// Sparse pages that were written.
    pub(crate) sparse_written: AtomicU64,
    /// Pages that the shard's writer found in memory.
    pub(crate) reads: Reads,
    /// Pages that each of the mountable superblocks reaches.
    pub(crate) mountable: Mutex<[Arc<PageSet>; 2]>,
    failed: AtomicBool,
    failure: Mutex<String>,
}

impl ShardFile {
    pub(crate) fn new(
        table: FrameTable,
        file: Arc<dyn File>,
        path: String,
        salt: u32,
        is_sparse: fn(&Page) -> bool,
    ) -> ShardFile {
        ShardFile {
            table,
            freeze: Mutex::new(()),
            file,
            path,
            salt,
            dirty: AtomicU64::new(0),
            is_sparse,
            sparse_written: AtomicU64::new(0),
            reads: Reads::default(),
            mountable: Mutex::new([Arc::default(), Arc::default()]),
            failed: AtomicBool::new(false),
            failure: Mutex::new(String::new()),
        }
    }

    /// Ends all writing to the file (I3); the first reason is kept.
    pub(crate) fn fail(&self, reason: &Error) {
        let mut failure = self.failure.lock();
        if failure.is_empty() {
            *failure = format!("{reason:?}");
        }
        self.failed.store(true, Ordering::Release);
    }

    /// Whether writing has ended.
    pub(crate) fn is_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// Refuses when writing has ended.
    pub(crate) fn check_open(&self) -> Result<()> {
        if !self.is_failed() {
            return Ok(());
        }
        let reason = self.failure.lock().clone();
        Err(Error::new(
            ErrorKind::Closed,
            format!("{}: stopped writing after: {reason}; open the store again", self.path),
        ))
    }

    /// Makes writes durable. A failure is final.
    pub(crate) fn sync(&self) -> Result<()> {
        self.file.sync().inspect_err(|error| self.fail(error))
    }

    /// Freezes the page if it needs writing. Under the freeze latch (I1). The caller must then
    /// call [`ShardFile::write_frozen`] with it.
    pub(crate) fn freeze_page(&self, cache: &PageCache, frame: u32) -> bool {
        let meta = cache.meta(frame);
        let state = meta.state();
        if state & (RESIDENT | DIRTY | WRITING) != RESIDENT | DIRTY {
            return false;
        }
        meta.state.fetch_or(WRITTEN | WRITING, Ordering::AcqRel);
        true
    }

    /// Writes frozen pages, sorted and joined into large writes.
    pub(crate) fn write_frozen(
        &self,
        cache: &PageCache,
        pages: &mut [(PageId, u32)],
    ) -> Result<()> {
        pages.sort_unstable();
        let mut result = self.check_open().and_then(|()| self.check_unreached(pages));
        let mut from = 0;
        while from < pages.len() {
            let mut to = from + 1;
            while to < pages.len()
                && to - from < WRITE_PAGES
                && pages[to].0.0 == pages[to - 1].0.0 + 1
            {
                to += 1;
            }
            if result.is_ok() {
                result = self.write_run(cache, &pages[from..to]);
            }
            let ended = if result.is_ok() { DIRTY | WRITING } else { WRITING };
            for (_, frame) in &pages[from..to] {
                sync::point();
                let before = cache.meta(*frame).state.fetch_and(!ended, Ordering::AcqRel);
                let expected = RESIDENT | DIRTY | WRITTEN | WRITING;
                assert_eq!(before, expected, "frames I3: a page in flight stays as it is");
            }
            if result.is_ok() {
                self.dirty.fetch_sub((to - from) as u64, Ordering::Relaxed);
            }
            from = to;
        }
        result
    }

    /// I2.
    fn check_unreached(&self, pages: &[(PageId, u32)]) -> Result<()> {
        if bug::switched_on(Bug::IdentityWithoutBirth) {
            return Ok(());
        }
        let mountable = self.mountable.lock();
        for (page, _) in pages {
            let reached = mountable.iter().any(|set| contains(set, page.0));
            assert!(!reached, "I2: page {page} of {} is in a superblock's Cut", self.path);
        }
        Ok(())
    }

    fn write_run(&self, cache: &PageCache, run: &[(PageId, u32)]) -> Result<()> {
        let mut buffer = Buffer::zeroed(run.len());
        for (copy, (page, frame)) in buffer.0.iter_mut().zip(run) {
            // SAFETY: the page is frozen, so nobody changes it, and WRITING keeps its frame.
            let source = unsafe { cache.arena().page(*frame) };
            assert_eq!(source.id(), *page, "frames I1: the frame has the page that is written");
            copy.0.copy_from_slice(&source.0);
            copy.seal(self.salt);
        }
        let sparse = buffer.0.iter().filter(|page| (self.is_sparse)(page)).count();
        self.sparse_written.fetch_add(sparse as u64, Ordering::Relaxed);
        self.file.write_at(buffer.bytes(), run[0].0.offset())
    }
}
