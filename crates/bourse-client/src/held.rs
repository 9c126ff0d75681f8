//! Who holds which connection since when: what is held for too long is told of, with the place in
//! the source where it was taken.
//!
//! # Invariants
//! - **H1** Each is told of once, however long it is held.

use std::collections::HashMap;
use std::panic::Location;
use std::time::Duration;

/// One that is held for too long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Leak {
    pub(crate) place: &'static Location<'static>,
    pub(crate) held: Duration,
}

/// See the module's head.
#[derive(Debug, Default)]
pub(crate) struct Held {
    next: u64,
    held: HashMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    place: &'static Location<'static>,
    since: Duration,
    is_told: bool,
}

impl Held {
    /// One is taken. Returns by what number it is given back.
    pub(crate) fn take(&mut self, now: Duration, place: &'static Location<'static>) -> u64 {
        self.next += 1;
        self.held.insert(self.next, Entry { place, since: now, is_told: false });
        self.next
    }

    pub(crate) fn give_back(&mut self, number: u64) {
        self.held.remove(&number);
    }

    /// Those that are held for longer, and were not told of (H1).
    pub(crate) fn leaks(&mut self, now: Duration, limit: Duration) -> Vec<Leak> {
        let mut leaks = Vec::new();
        for entry in self.held.values_mut() {
            let held = now.saturating_sub(entry.since);
            if held > limit && !entry.is_told {
                entry.is_told = true;
                leaks.push(Leak { place: entry.place, held });
            }
        }
        leaks
    }
}

#[cfg(test)]
mod tests;
