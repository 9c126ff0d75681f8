//! Parts of the check of results that tests switch off, each on its own thread, to show that the
//! comparison with what is computed anew finds an answer that is stale.

use std::cell::Cell;

/// A part of the check.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Planted {
    /// The leaves of a changed tree are taken to be those that were read.
    LeavesNotCompared,
}

thread_local! {
    static HERE: Cell<Option<Planted>> = const { Cell::new(None) };
}

/// Switches a part off on this thread until it is dropped.
pub(super) struct Switched;

impl Switched {
    pub(super) fn off(part: Planted) -> Switched {
        HERE.set(Some(part));
        Switched
    }
}

impl Drop for Switched {
    fn drop(&mut self) {
        HERE.set(None);
    }
}

pub(super) fn is_off(part: Planted) -> bool {
    HERE.get() == Some(part)
}
