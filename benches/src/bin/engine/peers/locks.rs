//! Row locks of an application, for peers that write blindly: without, two threads that read a row
//! and write it back would lose a change.

use bourse_storage::sync::{Mutex, MutexGuard};

const LOCKS: usize = 1024;

/// Locks that rows share by number.
pub(super) struct RowLocks(Vec<Mutex<()>>);

impl RowLocks {
    pub(super) fn new() -> RowLocks {
        RowLocks((0..LOCKS).map(|_| Mutex::new(())).collect())
    }

    /// Locks the rows of a number.
    pub(super) fn lock(&self, number: i64) -> MutexGuard<'_, ()> {
        let mixed = number.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54;
        self.0[usize::try_from(mixed).unwrap_or(0)].lock()
    }
}
