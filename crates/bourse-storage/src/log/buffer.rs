//! Memory for `O_DIRECT`: bytes whose address and length are multiples of a block.

use std::ops::{Deref, DerefMut};

/// Bytes of a block: the unit in which flushes are placed and written.
pub(super) const BLOCK: usize = 4096;

/// `bytes` rounded up to whole blocks.
pub(super) fn whole_blocks(bytes: usize) -> usize {
    bytes.next_multiple_of(BLOCK)
}

/// A fixed run of zeroed blocks, aligned to a block.
///
/// The allocation is one block larger than asked, so that an aligned start lies in it; that needs
/// no unsafe code, and the pages that nobody touches cost nothing.
pub(super) struct AlignedBuffer {
    bytes: Box<[u8]>,
    start: usize,
    length: usize,
}

impl AlignedBuffer {
    /// Zeros, at least `bytes` of them.
    pub(super) fn zeroed(bytes: usize) -> AlignedBuffer {
        let length = whole_blocks(bytes);
        let bytes = vec![0; length + BLOCK].into_boxed_slice();
        let start = bytes.as_ptr().align_offset(BLOCK);
        assert!(start < BLOCK, "a byte pointer can always be aligned");
        AlignedBuffer { bytes, start, length }
    }
}

impl Deref for AlignedBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[self.start..self.start + self.length]
    }
}

impl DerefMut for AlignedBuffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..self.start + self.length]
    }
}
