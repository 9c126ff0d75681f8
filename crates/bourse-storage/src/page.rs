//! The 4 KiB page: header, identity, checksum. What a tree keeps inside is in [`crate::tree`].
//!
//! ```text
//! OFFSET  SIZE  DESCRIPTION
//!      0     4  CRC-32C of bytes 4..4096, seeded with the shard's salt; set when written to disk
//!      4     1  kind (PageKind)
//!      5     1  level: 0 for leaves
//!      6     2  format flags, 0 today
//!      8     4  page id: the position that the page was written for
//!     12     4  reserved, 0
//!     16     8  birth: the batch in which the page was made
//!     24  4072  body, laid out by kind
//! ```
//! Integers are little-endian.
//!
//! An overflow page's body is payload and nothing else: a value of n bytes takes
//! `ceil(n / OVERFLOW_PAYLOAD)` pages at consecutive positions, all with the same birth.

use crate::id::{Batch, Link, PAGE_SIZE, PageId};

/// Bytes of the header.
pub const HEADER_SIZE: usize = 24;

/// Value bytes that one overflow page holds.
pub const OVERFLOW_PAYLOAD: usize = PAGE_SIZE - HEADER_SIZE;

/// What a page holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum PageKind {
    /// Allocated, nothing in it yet.
    Free = 0,
    /// Leaf of a tree.
    Leaf = 1,
    /// Inner page of a tree.
    Inner = 2,
    /// Part of a value too large for a leaf.
    Overflow = 3,
    /// Part of the allocation bitmap of a checkpoint.
    Bitmap = 4,
    /// One copy of one generation of a shard's superblock.
    Superblock = 5,
}

/// A page in memory.
#[repr(C, align(4096))]
pub struct Page(pub [u8; PAGE_SIZE]);

impl Page {
    /// A page of zeros.
    pub fn zeroed() -> Box<Page> {
        Box::new(Page([0; PAGE_SIZE]))
    }

    /// Empties the page and gives it an identity.
    pub fn reset(&mut self, kind: PageKind, level: u8, id: PageId, birth: Batch) {
        self.0.fill(0);
        self.set_kind(kind, level);
        self.set_identity(id, birth);
    }

    /// Changes what the page is, and nothing else.
    pub fn set_kind(&mut self, kind: PageKind, level: u8) {
        self.0[4] = kind as u8;
        self.0[5] = level;
    }

    /// Changes whose page it is, and nothing else.
    pub fn set_identity(&mut self, id: PageId, birth: Batch) {
        self.0[8..12].copy_from_slice(&id.0.to_le_bytes());
        self.0[16..24].copy_from_slice(&birth.0.to_le_bytes());
    }

    /// What the page holds; `None` for a byte that no version wrote.
    pub fn kind(&self) -> Option<PageKind> {
        Some(match self.0[4] {
            0 => PageKind::Free,
            1 => PageKind::Leaf,
            2 => PageKind::Inner,
            3 => PageKind::Overflow,
            4 => PageKind::Bitmap,
            5 => PageKind::Superblock,
            _ => return None,
        })
    }

    /// Height above the leaves.
    pub fn level(&self) -> u8 {
        self.0[5]
    }

    /// Position that the page was made for.
    pub fn id(&self) -> PageId {
        PageId(self.u32_at(8))
    }

    /// Batch in which the page was made.
    pub fn birth(&self) -> Batch {
        Batch(self.u64_at(16))
    }

    /// The link that names this page.
    pub fn link(&self) -> Link {
        Link { page: self.id(), birth: self.birth().low() }
    }

    /// Checksum as the header says.
    pub fn stored_checksum(&self) -> u32 {
        self.u32_at(0)
    }

    /// Checksum of the contents under a salt (each shard's file has its own).
    pub fn checksum(&self, salt: u32) -> u32 {
        crc32c::crc32c_append(salt, &self.0[4..])
    }

    /// Stores the checksum; done on the copy that goes to disk.
    pub fn seal(&mut self, salt: u32) {
        let checksum = self.checksum(salt);
        self.0[0..4].copy_from_slice(&checksum.to_le_bytes());
    }

    /// The part that belongs to the page's kind.
    pub fn body(&self) -> &[u8] {
        &self.0[HEADER_SIZE..]
    }

    /// The part that belongs to the page's kind, to change.
    pub fn body_mut(&mut self) -> &mut [u8] {
        &mut self.0[HEADER_SIZE..]
    }

    #[inline]
    pub(crate) fn u32_at(&self, at: usize) -> u32 {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.0[at..at + 4]);
        u32::from_le_bytes(bytes)
    }

    #[inline]
    pub(crate) fn u64_at(&self, at: usize) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.0[at..at + 8]);
        u64::from_le_bytes(bytes)
    }
}

/// Pages that a value of `bytes` bytes takes in an extent.
pub fn extent_pages(bytes: usize) -> usize {
    bytes.div_ceil(OVERFLOW_PAYLOAD)
}

/// CRC-32C of bytes, for files that are no pages.
pub fn crc32c(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes)
}

/// CRC-32C of bytes of which `sum` is the sum, and `bytes` behind them.
pub fn crc32c_append(sum: u32, bytes: &[u8]) -> u32 {
    crc32c::crc32c_append(sum, bytes)
}
