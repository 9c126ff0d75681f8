#![expect(unsafe_code, reason = "values lie in anonymous mappings")]
//! Arrays of zeros: address space for as many values as there may ever be, memory as they are used.

#[cfg(not(loom))]
use memmap2::{MmapOptions, MmapRaw};

use crate::error::Result;
#[cfg(not(loom))]
use crate::error::{Error, ErrorKind};
use crate::sync::atomic::AtomicU32;

/// What an array of zeros can be of.
///
/// # Safety
/// Bytes that are all zero are a value of the type, the same as its default; it is aligned to no
/// more than a page; shared references are all that is needed to use it; it has nothing to drop.
pub(super) unsafe trait Zeroable: Default {}

// SAFETY: zeros are an atomic 0, which is the default.
unsafe impl Zeroable for AtomicU32 {}

/// An array whose values are zeros at first. Parts that are not used take no memory.
pub(super) struct Zeroed<T> {
    #[cfg(not(loom))]
    mapping: MmapRaw,
    #[cfg(not(loom))]
    count: usize,
    /// Models know of a value by its being made.
    #[cfg(loom)]
    values: Box<[T]>,
    #[cfg(not(loom))]
    values: std::marker::PhantomData<T>,
}

#[cfg(not(loom))]
impl<T: Zeroable> Zeroed<T> {
    /// `count` values.
    pub(super) fn reserve(count: usize) -> Result<Zeroed<T>> {
        let length = (count * size_of::<T>()).max(4096);
        let mapping = MmapOptions::new().len(length).no_reserve_swap().map_anon();
        let mapping = mapping.map(MmapRaw::from).map_err(|error| {
            let message = format!("cannot reserve {length} bytes of memory for a frame table");
            Error::new(ErrorKind::Full, message).with_source(error)
        })?;
        Ok(Zeroed { mapping, count, values: std::marker::PhantomData })
    }

    /// The value of that number, if there are so many.
    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        if index >= self.count {
            return None;
        }
        // SAFETY: the mapping has `count` values, zeroed, aligned to a page, and is accessed as
        // such only, by shared references, for as long as `self` lives.
        Some(unsafe { &*self.mapping.as_ptr().cast::<T>().add(index) })
    }
}

#[cfg(loom)]
impl<T: Zeroable> Zeroed<T> {
    pub(super) fn reserve(count: usize) -> Result<Zeroed<T>> {
        Ok(Zeroed { values: (0..count).map(|_| T::default()).collect() })
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.values.get(index)
    }
}
