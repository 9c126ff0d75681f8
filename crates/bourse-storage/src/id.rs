//! The names of things: pages, batches and log positions.

use std::fmt;

/// Bytes of a page, the unit of the cache and of disk I/O.
pub const PAGE_SIZE: usize = 4096;

/// Position of a page in its shard's file: byte offset = `id * PAGE_SIZE`.
///
/// Positions 0 to 3 hold the superblocks, so 0 doubles as "no page".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct PageId(pub u32);

impl PageId {
    /// The first position that a tree may use.
    pub const FIRST: PageId = PageId(4);
    /// No page.
    pub const NONE: PageId = PageId(0);

    /// Byte offset of the page in its shard's file.
    pub fn offset(self) -> u64 {
        u64::from(self.0) * PAGE_SIZE as u64
    }
}

/// Number of a batch, the records of one group commit: what a Cut is named by.
///
/// The high 24 bits count the store's opens, the low 40 bits count batches since that open. So a
/// number is never used twice, whatever was lost or rolled back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Batch(pub u64);

impl Batch {
    /// Bits that count batches within one open.
    pub const SEQUENCE_BITS: u32 = 40;

    /// The first batch of the given open.
    pub fn first_of_open(open: u32) -> Batch {
        Batch(u64::from(open) << Self::SEQUENCE_BITS)
    }

    /// The open that the batch belongs to.
    pub fn open(self) -> u32 {
        (self.0 >> Self::SEQUENCE_BITS) as u32
    }

    /// The batch after this one.
    #[must_use]
    pub fn next(self) -> Batch {
        Batch(self.0 + 1)
    }

    /// The 32 bits that a [`Link`] carries: the low bits of the sequence, moved by the open, so
    /// that batches of two opens with the same sequence do not look alike.
    #[inline]
    pub fn low(self) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
        let low = self.0 as u32;
        low.wrapping_add(self.open().wrapping_mul(0x9e37_79b9))
    }
}

/// Number of a log record. The first record of a store is 1; 0 is "before all".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Lsn(pub u64);

impl Lsn {
    /// The record after this one.
    #[must_use]
    pub fn next(self) -> Lsn {
        Lsn(self.0 + 1)
    }
}

/// A pointer to a page: its position and 32 bits of its birth, that is, of its identity.
///
/// A page whose header disagrees was overwritten or never written: `Corrupt`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Link {
    /// Where the page lies.
    pub page: PageId,
    /// [`Batch::low`] of the batch that the page was born in.
    pub birth: u32,
}

impl Link {
    /// No page: the root of an empty tree.
    pub const NONE: Link = Link { page: PageId(0), birth: 0 };

    /// Whether this points to no page.
    pub fn is_none(self) -> bool {
        self.page == PageId::NONE
    }

    /// The link as one word: position in the high half, birth in the low half.
    pub fn to_bits(self) -> u64 {
        u64::from(self.page.0) << 32 | u64::from(self.birth)
    }

    /// The link of [`Link::to_bits`].
    pub fn from_bits(bits: u64) -> Link {
        #[expect(clippy::cast_possible_truncation, reason = "the word is taken apart")]
        let (page, birth) = (PageId((bits >> 32) as u32), bits as u32);
        Link { page, birth }
    }
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.open(), self.0 & ((1 << Self::SEQUENCE_BITS) - 1))
    }
}

impl fmt::Display for Lsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{:08x}", self.page.0, self.birth)
    }
}
