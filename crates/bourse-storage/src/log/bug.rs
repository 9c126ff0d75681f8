//! Faults that the simulator switches on to prove that it would find them. Off in every real run.

use std::sync::atomic::{AtomicBool, Ordering};

/// The chain and the salts are neither seeded when writing nor verified when reading.
pub static FRAME_CHAIN_OFF: AtomicBool = AtomicBool::new(false);

/// A flush counts as durable before it is written.
pub static ACKNOWLEDGE_BEFORE_SYNC: AtomicBool = AtomicBool::new(false);

pub(super) fn switched_on(bug: &AtomicBool) -> bool {
    bug.load(Ordering::Relaxed)
}
