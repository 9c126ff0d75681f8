#![expect(unsafe_code, reason = "the instruction is an intrinsic")]
//! Asking the processor for memory that is read soon, so that it is fetched meanwhile.

/// Bytes of a cache line.
const LINE_BYTES: usize = 64;

/// Asks for so many bytes from an address on. Nothing is read that the program can see.
#[inline]
pub(crate) fn prefetch(from: *const u8, bytes: usize) {
    for line in (0..bytes).step_by(LINE_BYTES) {
        let address = from.wrapping_add(line);
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a prefetch reads nothing that the program can see, at any address.
        unsafe {
            std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast());
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = address;
    }
}
