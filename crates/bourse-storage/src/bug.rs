//! Bugs on purpose: the simulator switches one on and must find it, or the simulator is broken.
//!
//! In normal use one relaxed load of a word that is 0 is all that remains of them, and only at
//! places that do I/O or report an error.

use std::sync::atomic::{AtomicU64, Ordering};

/// A mistake that the engine can be told to make.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Bug {
    /// A checkpoint writes its superblock before the pages that it names.
    SuperblockBeforePages = 0,
    /// Links do not check births, and positions are reused while the older superblock has them.
    IdentityWithoutBirth = 1,
}

static SWITCHES: AtomicU64 = AtomicU64::new(0);

/// Makes the engine make this mistake from now on, in the whole process.
pub fn switch_on(bug: Bug) {
    SWITCHES.fetch_or(1 << bug as u8, Ordering::Relaxed);
}

/// Ends all mistakes.
pub fn switch_all_off() {
    SWITCHES.store(0, Ordering::Relaxed);
}

/// Whether the mistake is to be made.
#[inline]
pub fn switched_on(bug: Bug) -> bool {
    SWITCHES.load(Ordering::Relaxed) & (1 << bug as u8) != 0
}
