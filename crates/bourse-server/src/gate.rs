//! Where sessions of a member wait while another one is to lead: nothing is written then of which
//! nobody knows what becomes of it.
//!
//! ```text
//! Open --begins--> Ending --rest--> Closed --another one leads--> Left
//!  ^               (transactions go on)  |
//!  +---------- it leads on --------------+
//! ```
//!
//! # Invariants
//! - **I1** Whoever comes is counted before he looks at the door, and the one who closes it looks
//!   at the count after that: nobody is inside of whom he does not know.
//! - **I2** Who was kept waiting and then sent away has run nothing: it can be run again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use bourse_storage::sync::{Condvar, Mutex};

#[cfg(test)]
mod tests;

/// Who may go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Door {
    /// Everybody.
    Open,
    /// Those in a transaction; others wait.
    Ending,
    /// Nobody; all wait.
    Closed,
    /// Nobody, and nobody waits: they are sent away.
    Left,
}

/// See the module's head.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    door: AtomicU8,
    inside: AtomicUsize,
    waiting: Mutex<()>,
    changed: Condvar,
}

/// Whoever has it is inside, until it is dropped.
#[derive(Debug)]
pub(crate) struct Inside(Arc<Gate>);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Another member leads: what was to be run is to be run there.
#[derive(Debug)]
pub(crate) struct SentAway;

impl Gate {
    /// Goes in, as soon as one may.
    pub(crate) fn enter(self: &Arc<Self>, in_transaction: bool) -> Result<Inside, SentAway> {
        loop {
            self.inside.fetch_add(1, Ordering::SeqCst); // I1
            let inside = Inside(Arc::clone(self));
            if may_enter(self.door.load(Ordering::SeqCst), in_transaction) {
                return Ok(inside);
            }
            drop(inside);
            let mut waiting = self.waiting.lock();
            loop {
                let door = self.door.load(Ordering::SeqCst);
                if door == Door::Left as u8 {
                    return Err(SentAway); // I2
                }
                if may_enter(door, in_transaction) {
                    break;
                }
                self.changed.wait(&mut waiting);
            }
        }
    }

    /// How many are inside.
    pub(crate) fn inside(&self) -> usize {
        self.inside.load(Ordering::SeqCst)
    }

    /// Whether everybody may go in.
    pub(crate) fn is_open(&self) -> bool {
        self.door.load(Ordering::SeqCst) == Door::Open as u8
    }

    /// Transactions come to their end, and none begins.
    pub(crate) fn begin_ending(&self) {
        self.set(Door::Ending);
    }

    /// Nothing more is run.
    pub(crate) fn close(&self) {
        self.set(Door::Closed);
    }

    /// All goes on.
    pub(crate) fn open(&self) {
        self.set(Door::Open);
    }

    /// Nothing goes on here any more.
    pub(crate) fn send_away(&self) {
        self.set(Door::Left);
    }

    fn set(&self, door: Door) {
        let waiting = self.waiting.lock();
        self.door.store(door as u8, Ordering::SeqCst);
        drop(waiting);
        self.changed.notify_all();
    }
}

fn may_enter(door: u8, in_transaction: bool) -> bool {
    door == Door::Open as u8 || (in_transaction && door == Door::Ending as u8)
}
