//! The superblock: where a shard's file begins, and what makes a checkpoint count.
//!
//! Positions 0 and 1 hold generation A twice, 2 and 3 generation B twice. A checkpoint overwrites
//! the older of the two, so that the newer one stays whatever happens meanwhile.
//!
//! ```text
//! OFFSET  SIZE  DESCRIPTION
//!      0    24  page header (kind Superblock, birth = the Cut's batch); checksum seeded with 0
//!     24     8  magic "BOURSEPG"
//!     32     4  format version, 1. This, the magic and the checksum stay where they are
//!     36     2  shard
//!     38     2  reserved, 0
//!     40    16  store id
//!     56     8  generation, counted up by each checkpoint
//!     64     8  batch of the Cut
//!     72     8  LSN up to which the Cut has the log's records
//!     80    24  root, opaque here
//!    104     8  first page of the allocation bitmap (a link's bits; 0 when nothing is allocated)
//!    112     4  pages of the bitmap, at consecutive positions
//!    116     4  pages up to the last one that the Cut or the bitmap has: the file has those
//!    120     4  salt of the checksums of all other pages
//!    124     4  length of meta
//!    128  2048  meta, opaque here
//! ```
//! Integers are little-endian. A bitmap page's body has a bit for each position, least significant
//! first; the n-th page of the run begins at position `n * BITMAP_BITS`.

use crate::error::{Error, ErrorKind, Result};
use crate::id::{Batch, Link, Lsn, PageId};
use crate::page::{HEADER_SIZE, OVERFLOW_PAYLOAD, Page, PageKind};

/// Format version that this code writes.
pub const FORMAT_VERSION: u32 = 1;

/// Most bytes of the engine's own that a superblock takes.
pub const META_MAX: usize = 2048;

/// Positions that one page of the bitmap covers.
pub(super) const BITMAP_BITS: u32 = 32_576;
const _: () = assert!(BITMAP_BITS as usize == OVERFLOW_PAYLOAD * 8);

const MAGIC: &[u8; 8] = b"BOURSEPG";
const META: usize = 128;

/// What one generation says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Superblock {
    /// The store that the file belongs to.
    pub store: u128,
    /// The shard whose file this is.
    pub shard: u16,
    /// Counted up by each checkpoint.
    pub generation: u64,
    /// The Cut that the checkpoint wrote.
    pub batch: Batch,
    /// The Cut has the log's records up to here.
    pub lsn: Lsn,
    /// The Cut's root, as the engine encodes it.
    pub root: [u8; 24],
    /// The engine's own bytes, at most [`META_MAX`].
    pub meta: Vec<u8>,
    /// First page of the allocation bitmap.
    pub bitmap: Link,
    /// Pages of the allocation bitmap.
    pub bitmap_pages: u32,
    /// Pages up to the last one that the Cut or the bitmap has: the file has at least as many.
    pub pages: u32,
    /// What the checksums of the file's pages are seeded with.
    pub salt: u32,
}

/// What is at a superblock's position.
pub(super) enum Found {
    /// Nothing that was ever a whole superblock.
    Nothing,
    /// A valid superblock.
    Valid(Box<Superblock>),
    /// A superblock that this code cannot read.
    Newer(u32),
}

impl Superblock {
    /// The page at `position`, sealed.
    pub(super) fn encode(&self, page: &mut Page, position: u32) {
        assert!(self.meta.len() <= META_MAX, "meta fits: it was checked where it came in");
        page.reset(PageKind::Superblock, 0, PageId(position), self.batch);
        let bytes = &mut page.0;
        bytes[24..32].copy_from_slice(MAGIC);
        bytes[32..36].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes[36..38].copy_from_slice(&self.shard.to_le_bytes());
        bytes[40..56].copy_from_slice(&self.store.to_le_bytes());
        bytes[56..64].copy_from_slice(&self.generation.to_le_bytes());
        bytes[64..72].copy_from_slice(&self.batch.0.to_le_bytes());
        bytes[72..80].copy_from_slice(&self.lsn.0.to_le_bytes());
        bytes[80..104].copy_from_slice(&self.root);
        bytes[104..112].copy_from_slice(&self.bitmap.to_bits().to_le_bytes());
        bytes[112..116].copy_from_slice(&self.bitmap_pages.to_le_bytes());
        bytes[116..120].copy_from_slice(&self.pages.to_le_bytes());
        bytes[120..124].copy_from_slice(&self.salt.to_le_bytes());
        let length = u32::try_from(self.meta.len()).unwrap_or(u32::MAX);
        bytes[124..128].copy_from_slice(&length.to_le_bytes());
        bytes[META..META + self.meta.len()].copy_from_slice(&self.meta);
        page.seal(0);
    }

    /// What the page read from `position` is.
    pub(super) fn decode(page: &Page, position: u32) -> Found {
        let whole = page.stored_checksum() == page.checksum(0);
        if !whole || &page.0[24..32] != MAGIC || page.id() != PageId(position) {
            return Found::Nothing;
        }
        let version = page.u32_at(32);
        if version > FORMAT_VERSION {
            return Found::Newer(version);
        }
        let length = page.u32_at(124) as usize;
        if page.kind() != Some(PageKind::Superblock) || length > META_MAX {
            return Found::Nothing;
        }
        let mut store = [0; 16];
        store.copy_from_slice(&page.0[40..56]);
        let mut root = [0; 24];
        root.copy_from_slice(&page.0[80..104]);
        Found::Valid(Box::new(Superblock {
            store: u128::from_le_bytes(store),
            shard: u16::from_le_bytes([page.0[36], page.0[37]]),
            generation: page.u64_at(56),
            batch: Batch(page.u64_at(64)),
            lsn: Lsn(page.u64_at(72)),
            root,
            meta: page.0[META..META + length].to_vec(),
            bitmap: Link::from_bits(page.u64_at(104)),
            bitmap_pages: page.u32_at(112),
            pages: page.u32_at(116),
            salt: page.u32_at(120),
        }))
    }

    /// Checks whose superblock this is and that its numbers fit together.
    pub(super) fn check(&self, path: &str, store: u128, shard: u16) -> Result<()> {
        if self.store != store {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "{path} belongs to store {:032x}, not to store {store:032x}: give each store \
                     its own folder",
                    self.store
                ),
            ));
        }
        if self.shard != shard {
            return Err(Error::invalid(format!(
                "{path} is the file of shard {}, not of shard {shard}: files were exchanged",
                self.shard
            )));
        }
        let end = u64::from(self.bitmap.page.0) + u64::from(self.bitmap_pages);
        let begins = self.bitmap.is_none() || self.bitmap.page >= PageId::FIRST;
        if !begins || end > u64::from(self.pages) {
            return Err(Error::corrupt(format!(
                "{path}: the superblock names a bitmap of {} pages at {} in a file of {} pages; \
                 restore the store from a backup",
                self.bitmap_pages, self.bitmap.page, self.pages
            )));
        }
        Ok(())
    }
}

/// Pages that the bitmap of a file of `pages` pages takes.
pub(super) fn bitmap_pages(pages: u32) -> u32 {
    pages.div_ceil(BITMAP_BITS)
}

/// Fills the bitmap's pages, sealed, from the words of a page set.
pub(super) fn encode_bitmap(set: &[u64], first: u32, birth: Batch, salt: u32, out: &mut [Page]) {
    const WORDS: usize = OVERFLOW_PAYLOAD / 8;
    let chunks = set.chunks(WORDS).chain(std::iter::repeat(&[][..]));
    for ((index, page), words) in (0u32..).zip(out.iter_mut()).zip(chunks) {
        page.reset(PageKind::Bitmap, 0, PageId(first + index), birth);
        for (bytes, word) in page.body_mut().chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        page.seal(salt);
    }
}

/// Appends one bitmap page's words to a page set.
pub(super) fn decode_bitmap(page: &Page, set: &mut Vec<u64>) {
    set.extend((HEADER_SIZE..HEADER_SIZE + OVERFLOW_PAYLOAD).step_by(8).map(|at| page.u64_at(at)));
}
