//! The one lock of this crate: held for a few instructions, never over a wait.
#![expect(
    clippy::disallowed_types,
    reason = "no simulator drives a client, and a lock of the runtime cannot be taken in a drop"
)]

use std::sync::{Mutex, PoisonError};

/// A value that several tasks change in turn.
#[derive(Debug, Default)]
pub(crate) struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    pub(crate) fn new(value: T) -> Lock<T> {
        Lock(Mutex::new(value))
    }

    /// Reads or changes it. The closure cannot wait, for it is no future.
    pub(crate) fn with<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        // A panic in such a closure is a bug of ours that was told of already.
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
