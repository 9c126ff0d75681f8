//! The copy-on-write B+tree: ordered bytes to bytes, over pages of one shard.
//!
//! A tree is named by its [`Root`], a small value. Writing takes `&mut Root`; whoever kept the
//! old value keeps the old tree, because a page that an older batch can see is never changed:
//! [`crate::store::PageStore::writable`] copies it first, and the copy's new link goes into the
//! parent, which is copied in its turn, up to the root. Inside one batch a page is copied once
//! and then changed in place.
//!
//! The parts: `node` is one page's layout and the search in it, `edit` changes one page,
//! `split` divides too many entries among pages, [`get`] and its neighbours read, [`Cursor`]
//! walks, [`put`] and [`delete`] write, [`relocate`] moves pages within the file and [`pack()`]
//! makes them fewer, [`Builder`] loads sorted entries bottom-up, [`check()`] verifies a whole tree.
//! The README.md beside says where the ideas come from and what the rules of access are.
//!
//! # Invariants
//!
//! - **I1** Every page covers a range of keys, from its lower fence (inclusive, empty = from the
//!   start) to its upper fence (exclusive, absent = to the end). The ranges of a page's children
//!   divide its own without gap, and all keys of a page start with the common prefix of its two
//!   fences, which is therefore stored once.
//! - **I2** Keys within a page ascend strictly and have the page's skipped bytes behind the prefix
//!   in common. A slot's head is the next four bytes of the key, as a number, so unequal heads
//!   order as their keys do.
//! - **I3** An inner entry carries the exact number of leaf entries below it.
//! - **I4** All leaves have level 0 and the root has level `height - 1`; a child's level is its
//!   parent's less one.
//! - **I5** A writing operation reads everything that it will need before its first change, so
//!   that it either returns `Err` having changed nothing or completes.
//! - **I6** Every entry fits in a page beside the longest fences, and three pages always suffice
//!   where one overflows (the arithmetic is in `split`). So [`pages_needed`] is exact arithmetic
//!   and not a guess.
//! - **I7** No child is born after its parent, as changing the child changed the parent.
//!
//! Leaves may be empty: where neither sibling can take in the range of an emptied leaf (its
//! prefix would shrink and the entries would no longer fit), it stays. Reads step over it.

mod bulk;
mod check;
mod cursor;
mod delete;
mod difference;
mod discard;
mod edit;
mod insert;
mod many;
#[cfg(any(test, feature = "measure"))]
pub mod measure;
mod node;
mod pack;
mod relocate;
mod search;
mod split;
#[cfg(test)]
mod tests;

pub use bulk::Builder;
pub use check::{check, check_remains};
pub use cursor::{Cursor, Leaf};
pub use delete::delete;
pub use difference::leaves_apart;
pub use discard::drop_some;
pub use insert::{put, put_over, put_some};
pub use many::{StepIn, TreeIn, get_many, leaves_placed};
pub use node::validate;
pub use pack::{PACKED_PAGES, is_sparse, pack, sparse_from};
pub use relocate::{Search, pages_from, relocate, value_from};
pub use search::{
    Counted, LeafPlace, Placed, beside, count_range, get, leaf, leaf_observed, leaf_of,
    leaf_placed, rank, read_extent, select,
};

use crate::error::{Error, Result};
use crate::id::{Link, PageId};
use crate::page::extent_pages;

/// Longest key that a tree takes. Callers refuse longer ones as `InvalidInput`.
pub const MAX_KEY_BYTES: usize = 1024;

/// Longest value that may lie in a leaf, a quarter of a page; longer ones go to an extent.
pub const MAX_INLINE_VALUE_BYTES: usize = 1024;

/// Longest key and value together that lie in a leaf (I6); beyond, the value goes to an extent.
pub const MAX_INLINE_ENTRY_BYTES: usize = 1088;

/// Longest value: what an extent's length field can say.
pub const MAX_VALUE_BYTES: usize = u32::MAX as usize;

/// Most levels of a tree. Even the worst keys need fewer for every page that a file can have.
pub const MAX_HEIGHT: u8 = 32;

/// What names a tree: the page to begin at, and two numbers that no page says.
///
/// ```text
/// OFFSET  SIZE  DESCRIPTION
///      0     4  page id of the root page, 0 for a tree without pages
///      4     4  low bits of the root page's birth
///      8     8  number of entries in the tree
///     16     1  height: number of levels, 0 for a tree without pages
///     17     7  reserved, 0
/// ```
/// Integers are little-endian.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Root {
    /// The root page, or [`Link::NONE`].
    pub link: Link,
    /// Number of levels.
    pub height: u8,
    /// Number of entries.
    pub count: u64,
}

impl Root {
    /// A tree without pages.
    pub const EMPTY: Root = Root { link: Link::NONE, height: 0, count: 0 };

    /// Bytes of an encoded root.
    pub const SIZE: usize = 24;

    /// The root as it is stored.
    pub fn encode(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[0..4].copy_from_slice(&self.link.page.0.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.link.birth.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.count.to_le_bytes());
        bytes[16] = self.height;
        bytes
    }

    /// The root that [`Root::encode`] stored.
    ///
    /// # Errors
    /// `Corrupt` when no root is stored like that.
    pub fn decode(bytes: &[u8; Self::SIZE]) -> Result<Root> {
        let [p0, p1, p2, p3, b0, b1, b2, b3, rest @ ..] = *bytes;
        let [c0, c1, c2, c3, c4, c5, c6, c7, height, reserved @ ..] = rest;
        let page = PageId(u32::from_le_bytes([p0, p1, p2, p3]));
        let birth = u32::from_le_bytes([b0, b1, b2, b3]);
        let count = u64::from_le_bytes([c0, c1, c2, c3, c4, c5, c6, c7]);
        let root = Root { link: Link { page, birth }, height, count };
        let named = if root.link.is_none() { root == Root::EMPTY } else { height > 0 };
        let sound = named && height <= MAX_HEIGHT && reserved == [0; 7];
        if !sound {
            return Err(Error::corrupt(format!(
                "the root of a tree is not one that this version writes (page {page}, height \
                 {height}, {count} entries): restore the store from a backup"
            )));
        }
        Ok(root)
    }

    /// Whether the tree has no entries.
    pub fn is_empty(self) -> bool {
        self.count == 0
    }
}

/// What a key's value is, as the leaf says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Payload<'a> {
    /// The value itself.
    Inline(&'a [u8]),
    /// Where the value lies: read it with [`read_extent`].
    Extent {
        /// First page of the extent.
        first: Link,
        /// Length of the value.
        bytes: usize,
    },
}

impl Payload<'_> {
    /// Length of the value, wherever it lies.
    pub fn bytes(&self) -> usize {
        match self {
            Payload::Inline(value) => value.len(),
            Payload::Extent { bytes, .. } => *bytes,
        }
    }

    /// Whether it has pages of its own, some of them at or above this position.
    pub fn lies_beyond(&self, from: PageId) -> bool {
        match *self {
            Payload::Inline(_) => false,
            Payload::Extent { first, bytes } => {
                u64::from(first.page.0) + extent_pages(bytes) as u64 > u64::from(from.0)
            }
        }
    }
}

/// Which entry to go to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seek<'a> {
    /// The first of the tree.
    First,
    /// The last of the tree.
    Last,
    /// The first whose key is the given one or greater.
    AtLeast(&'a [u8]),
    /// The first whose key is greater than the given one.
    After(&'a [u8]),
    /// The last whose key is the given one or less.
    AtMost(&'a [u8]),
    /// The last whose key is less than the given one.
    Before(&'a [u8]),
}

/// Whether a value of that length lies in the leaf, beside a key of that length.
fn is_inline(key_bytes: usize, value_bytes: usize) -> bool {
    value_bytes <= MAX_INLINE_VALUE_BYTES && key_bytes + value_bytes <= MAX_INLINE_ENTRY_BYTES
}

/// Most pages that [`put`] of a value of `value_bytes` bytes allocates, those of an extent
/// included: the path copied, each level divided in three, and a new root above.
///
/// [`delete`] and [`drop_some`] allocate at most one page a level, which is less.
pub fn pages_needed(root: Root, value_bytes: usize) -> usize {
    let surely_inline = is_inline(MAX_KEY_BYTES, value_bytes);
    let extent = if surely_inline { 0 } else { extent_pages(value_bytes) };
    3 * usize::from(root.height) + 1 + extent
}
