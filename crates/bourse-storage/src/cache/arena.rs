#![expect(unsafe_code, reason = "frames are addressed inside one anonymous mapping")]
//! The memory of the page cache: one reserved mapping, handed out in arenas of 2 MiB.
//!
//! The address space of all frames is reserved at once, so that a frame's address is
//! `base + index * 4096` whatever the size of the cache is at the moment. Memory is taken arena by
//! arena, when the first frame of one is handed out: all its pages are touched then, so that no
//! page fault hits a later read or commit. It is given back by whole arenas too, so that what the
//! operating system gets is a huge page and not a hole in one.

use memmap2::{Advice, MmapMut, MmapOptions, UncheckedAdvice};

use crate::error::{Error, ErrorKind, Result};
use crate::id::{Batch, PAGE_SIZE, PageId};
use crate::page::Page;

/// Bytes of an arena, the size of a huge page.
pub(super) const ARENA_SIZE: usize = ARENA_FRAMES as usize * PAGE_SIZE;

/// Frames in an arena. Models have few, for each is explored.
pub(super) const ARENA_FRAMES: u32 = if cfg!(loom) { 2 } else { 512 };

/// The frames' memory. Frames are numbered from 0.
pub(crate) struct Arena {
    /// Keeps the mapping; the frames are accessed through `base` only.
    mapping: MmapMut,
    base: *mut u8,
    /// Where `base` is in the mapping.
    offset: usize,
    frames: u32,
}

// SAFETY: the mapping is plain memory without ties to a thread; who may touch which frame when is
// the business of the cache's invariants, and every access goes through unsafe methods.
unsafe impl Send for Arena {}
// SAFETY: as above.
unsafe impl Sync for Arena {}

impl Arena {
    /// Reserves memory for `cache_bytes`, rounded up to whole arenas.
    pub(crate) fn reserve(cache_bytes: usize) -> Result<Arena> {
        let arenas = cache_bytes.div_ceil(ARENA_SIZE).max(1);
        let frames = u32::try_from(arenas)
            .ok()
            .and_then(|arenas| arenas.checked_mul(ARENA_FRAMES))
            .filter(|frames| *frames < 1 << 30)
            .ok_or_else(|| {
                Error::invalid(format!("a cache of {cache_bytes} bytes is too large"))
            })?;
        // One arena more than needed, so that the base can be aligned to a huge page.
        let length = (arenas + 1) * ARENA_SIZE;
        let mut mapping =
            MmapOptions::new().len(length).no_reserve_swap().map_anon().map_err(|error| {
                Error::new(
                    ErrorKind::Full,
                    format!("cannot reserve {length} bytes of memory for the page cache"),
                )
                .with_source(error)
            })?;
        // Best effort: without huge pages everything works, with more cache misses.
        let _ = mapping.advise(Advice::HugePage);
        let start = mapping.as_mut_ptr();
        let offset = start.align_offset(ARENA_SIZE);
        Ok(Arena { base: start.wrapping_add(offset), mapping, offset, frames })
    }

    /// Frames that the memory has room for.
    pub(crate) fn frames(&self) -> u32 {
        self.frames
    }

    /// Takes the memory of the arena that `first` begins.
    pub(crate) fn touch(&self, first: u32) {
        assert!(first.is_multiple_of(ARENA_FRAMES), "arenas are touched whole");
        for frame in first..first + ARENA_FRAMES {
            // SAFETY: the address lies in the mapping (frame < frames), and nobody else has the
            // arena's frames yet.
            unsafe { self.address(frame).cast::<u8>().write_volatile(0) };
        }
    }

    /// Gives the memory of the arena that `first` begins back to the operating system. Its frames
    /// read as zeros until they are touched again.
    ///
    /// # Safety
    /// Nobody has a frame of the arena or can come by one, and no reference into it lives.
    pub(crate) unsafe fn release(&self, first: u32) {
        assert!(first.is_multiple_of(ARENA_FRAMES), "arenas are given back whole");
        assert!(first + ARENA_FRAMES <= self.frames, "the arena is one of the mapping's");
        let from = self.offset + first as usize * PAGE_SIZE;
        // SAFETY: the range lies in the mapping, which is private and anonymous, so that the advice
        // makes it zeros; the caller vouches that nobody relies on what is there.
        let given = unsafe {
            self.mapping.unchecked_advise_range(UncheckedAdvice::DontNeed, from, ARENA_SIZE)
        };
        // Refused for memory that is locked, which cannot be had back in any way: the address
        // space is good for frames all the same.
        drop(given);
    }

    /// Where a frame lies.
    #[inline]
    pub(crate) fn address(&self, frame: u32) -> *mut Page {
        debug_assert!(frame < self.frames);
        self.base.wrapping_add(frame as usize * PAGE_SIZE).cast()
    }

    /// Identity in the header of the page in a frame, without a reference to the whole page: these
    /// bytes do not change while the frame is in a frame table, whatever a writer does elsewhere.
    #[inline]
    pub(crate) fn identity(&self, frame: u32) -> (PageId, Batch) {
        let base = self.address(frame).cast::<u8>();
        // SAFETY: both fields lie in the frame, and 8 and 16 are multiples of their alignment.
        let (id, birth) = unsafe {
            (base.add(8).cast::<[u8; 4]>().read(), base.add(16).cast::<[u8; 8]>().read())
        };
        (PageId(u32::from_le_bytes(id)), Batch(u64::from_le_bytes(birth)))
    }

    /// The page in a frame.
    ///
    /// # Safety
    /// The frame is kept (by a pin, a count or a latch), and nobody changes the page meanwhile.
    #[inline]
    pub(crate) unsafe fn page(&self, frame: u32) -> &Page {
        // SAFETY: the address is valid and aligned for a page; the caller vouches for the rest.
        unsafe { &*self.address(frame) }
    }

    /// The page in a frame, to change.
    ///
    /// # Safety
    /// Only the caller knows the frame, or the page is an unsealed one of the caller's head that
    /// is not frozen, under the shard's freeze latch.
    #[inline]
    #[expect(clippy::mut_from_ref, reason = "the frames are the interior of the arena")]
    pub(crate) unsafe fn page_mut(&self, frame: u32) -> &mut Page {
        // SAFETY: the address is valid and aligned for a page; the caller vouches for the rest.
        unsafe { &mut *self.address(frame) }
    }
}
