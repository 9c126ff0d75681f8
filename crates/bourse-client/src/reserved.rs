//! A connection that a caller keeps for a while.

use std::ops::Deref;

use crate::connection::Connection;
use crate::pool::Borrowed;

/// A connection that a caller keeps until it is dropped: for LISTEN, COPY, or a transaction that is
/// not a closure. Nothing is run again on it. What it leaves open is rolled back, and its settings
/// are reset, before another has it.
#[derive(Debug)]
pub struct Reserved {
    borrowed: Borrowed,
}

impl Reserved {
    pub(crate) fn new(borrowed: Borrowed) -> Reserved {
        borrowed.mark_changed();
        Reserved { borrowed }
    }
}

impl Deref for Reserved {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.borrowed
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.borrowed.begin_rollback();
        self.borrowed.end_well();
    }
}
