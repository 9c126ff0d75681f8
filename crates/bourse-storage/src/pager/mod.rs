//! One shard's file: its pages in memory and on disk, its free space, its checkpoints.
//!
//! # The idea
//!
//! Pages are copied on write, so nothing that a reader may look at or that a superblock reaches is
//! ever overwritten, and there is neither undo nor a torn page that matters. What remains to be
//! decided is when a dead page's place may be used again, and that is what this module is about.
//! A page is *born* in one batch and *dies* in a later one: it is part of the Cuts in
//! `[birth, death)`.
//!
//! # Invariants
//! - **I1** A dead page's *position* is reused only when (a) its death is published, (b) a grace
//!   period that began after that is over, (c) checked after (b), no held Cut lies in
//!   `[birth, death)`, (d) nor does the Cut of a mountable superblock or of a running checkpoint,
//!   (e) no write of it is in flight.
//! - **I2** A dead page's *frame* is reused when (a), (b), (c), (e) hold and nobody has it pinned;
//!   a running checkpoint keeps it while it is dirty. As long as nobody but the writer reads, (e)
//!   and no pin are enough (`Writer::begin_alone`).
//! - **I3** A page that dies in the batch that it was born in was part of no Cut: frame and
//!   position are free at once, except for (e).
//! - **I4** A page changes in place only in the batch of its birth and before it is frozen.
//! - **I5** A superblock is written only after all pages of its Cut, and its bitmap, are durable.
//! - **I6** What fails between a checkpoint's first and last write leaves both generations as they
//!   were; what leaves a superblock in doubt ends all writing.
//! - **I7** An operation has its frames and positions reserved before it begins, so it cannot fail
//!   for want of them.
//!
//! # Life of a position
//! ```text
//!            allocate                free, writable           reclaim: (a), (b)
//!    free ---------------> live ---------------------> dying -----------------> examined
//!     ^                     | same batch, I3                    (c) held <------+
//!     +---------------------+                                   (d) superblock <+
//!     |                                                         (e) in flight <-+
//!     +-------------------------------------------------------------------------+
//! ```
//!
//! A file with far more positions than it needs gets a *ceiling*, and shrinks (`compact`).
//!
//! [`Pager`] is shared by readers, [`Writer`] belongs to who holds the shard's mutex, and
//! [`Plan`] is a checkpoint on its way. The freeze latch (`cache::flush`) orders the writer's
//! operations against eviction and checkpoint writes.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use hashbrown::HashSet;

use crate::cache::flush::{PageSet, ShardFile, contains};
use crate::cache::{HeldCuts, PageCache};
use crate::error::Result;
use crate::id::PageId;
use crate::page::Page;
use crate::sync::{Condvar, Mutex};

mod allocator;
mod checkpoint;
mod compact;
mod image;
mod lifetimes;
mod load;
mod open;
mod reclaim;
mod rollback;
mod source;
mod store;
mod superblock;
mod verify;
mod warm;
mod writer;

#[cfg(test)]
mod tests;

pub use checkpoint::{CheckpointCut, Plan};
pub use image::{Image, is_data, members};
pub use source::Source;
pub use store::Store;
pub use superblock::{FORMAT_VERSION, META_MAX, Superblock};
pub use verify::{Reach, Reached};
pub use writer::{Aside, Need, Writer};

/// Extents of more pages than this are written at once and read past the cache.
pub const FRAMED_EXTENT_PAGES: usize = 16;

/// Counters that tell a load whether a position was given to another page meanwhile.
const REUSE_COUNTERS: usize = 4096;

/// What a pager must be told.
#[derive(Clone, Copy, Debug)]
pub struct PagerOptions {
    /// The shard whose file it is.
    pub shard: u16,
    /// The store that the file belongs to.
    pub store: u128,
    /// What the checksums of a new file are seeded with; an existing file has its own.
    pub salt: u32,
    /// Most pages that the file may have. Address space for its frame table is reserved, 4 bytes
    /// a page; raise it for shards above 64 GiB.
    pub max_pages: u32,
    /// Most positions kept for deletes when the disk is full; a small file keeps fewer. More lets
    /// larger deletes run then.
    pub reserve_pages: u32,
    /// Least pages that are worth giving back when a file has far more than it needs.
    pub give_back_pages_min: u32,
    /// Checks a page's inside when it is loaded, after its checksum and identity.
    pub validate: fn(&Page) -> Result<()>,
    /// Whether a page holds so little that it counts as sparse, for [`Pager::sparse_written`].
    pub is_sparse: fn(&Page) -> bool,
}

impl PagerOptions {
    /// The defaults, for a shard of a store.
    pub fn new(store: u128, shard: u16, validate: fn(&Page) -> Result<()>) -> PagerOptions {
        let salt = store ^ store >> 64 ^ store >> 32;
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
        let salt = (salt as u32).rotate_left(u32::from(shard) % 32) ^ u32::from(shard);
        PagerOptions {
            shard,
            store,
            salt,
            max_pages: 1 << 24,
            reserve_pages: 256,
            give_back_pages_min: 256,
            validate,
            is_sparse: |_| false,
        }
    }
}

/// One shard's pages, for readers.
pub struct Pager {
    cache: Arc<PageCache>,
    held: Arc<HeldCuts>,
    file: Arc<ShardFile>,
    /// The shard's number in the cache's registry.
    index: u32,
    options: PagerOptions,
    /// Pages that some thread is loading now.
    loading: Mutex<HashSet<u32>>,
    loaded: Condvar,
    reuse: Box<[AtomicU32]>,
    /// Reads of single pages, or of one extent, since the open.
    loads: AtomicU64,
    /// Pages in the file.
    pages: AtomicU32,
    /// Positions in use, as of the writer's last commit.
    used: AtomicU32,
    /// Which of the two generations is the newest.
    newest: AtomicUsize,
}

/// Where what a Cut reaches and what its checkpoint's bitmap says differ.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Audit {
    /// Reached, but free according to the bitmap: data that the next open would lose.
    pub unallocated: Vec<PageId>,
    /// Allocated according to the bitmap, but not reached: space lost.
    pub unreachable: Vec<PageId>,
}

impl Pager {
    fn new(
        file: ShardFile,
        options: PagerOptions,
        cache: Arc<PageCache>,
        held: Arc<HeldCuts>,
    ) -> Arc<Pager> {
        let file = Arc::new(file);
        let index = cache.register(&file);
        Arc::new(Pager {
            cache,
            held,
            file,
            index,
            options,
            loading: Mutex::new(HashSet::new()),
            loaded: Condvar::new(),
            loads: AtomicU64::new(0),
            reuse: (0..REUSE_COUNTERS).map(|_| AtomicU32::new(0)).collect(),
            pages: AtomicU32::new(0),
            used: AtomicU32::new(0),
            newest: AtomicUsize::new(0),
        })
    }

    /// The cache that the pages are in.
    pub fn cache(&self) -> &Arc<PageCache> {
        &self.cache
    }

    /// The registry of live Cuts.
    pub fn held(&self) -> &Arc<HeldCuts> {
        &self.held
    }

    /// Pages in the file.
    pub fn pages(&self) -> u32 {
        self.pages.load(Ordering::Acquire)
    }

    /// Positions in use as of the writer's last commit, for metrics.
    pub fn used_pages(&self) -> u32 {
        self.used.load(Ordering::Relaxed)
    }

    /// How often a sparse page was written since the file was opened.
    pub fn sparse_written(&self) -> u64 {
        self.file.sparse_written.load(Ordering::Relaxed)
    }

    /// Refuses with `Closed` and the reason when writing to the file has ended.
    pub fn check_open(&self) -> Result<()> {
        self.file.check_open()
    }

    fn reuse_counter(&self, page: PageId) -> &AtomicU32 {
        &self.reuse[page.0 as usize % REUSE_COUNTERS]
    }

    fn newest_set(&self) -> Arc<PageSet> {
        Arc::clone(&self.file.mountable.lock()[self.newest.load(Ordering::Acquire)])
    }

    /// The pages that the bitmap of the newest checkpoint says are part of its Cut.
    pub fn allocated_at_checkpoint(&self) -> Vec<PageId> {
        let set = self.newest_set();
        let pages = self.pages();
        (0..pages).filter(|page| contains(&set, *page)).map(PageId).collect()
    }

    /// Compares the pages that the newest checkpoint's Cut reaches with its bitmap.
    pub fn audit(&self, reachable: &mut dyn Iterator<Item = PageId>) -> Audit {
        let mut left: PageSet = self.newest_set().to_vec();
        let mut audit = Audit::default();
        for page in reachable {
            if contains(&left, page.0) {
                left[page.0 as usize / 64] &= !(1 << (page.0 % 64));
            } else {
                // Also a page that two links reach.
                audit.unallocated.push(page);
            }
        }
        let pages = u32::try_from(left.len() * 64).unwrap_or(u32::MAX);
        let rest = (0..pages).filter(|page| contains(&left, *page));
        audit.unreachable = rest.map(PageId).collect();
        audit
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        self.cache.unregister(self.index);
    }
}

/// A path as messages show it.
fn show(path: &Path) -> String {
    path.display().to_string()
}
