//! How fresh a follower's state is, by its own clock.
//!
//! The leader says how far it is together with what the follower's clock had said before: all that
//! was committed by then is among its records up to there. Once these are applied the state is as
//! fresh as that moment. No two clocks are compared, so none has to be right.

use std::collections::VecDeque;

/// Moments that are waited for at most: one for each heartbeat that was not caught up with.
const WAITING_MAX: usize = 1_024;

/// See the module's head.
#[derive(Default, Debug)]
pub(crate) struct Freshness {
    /// Up to where records must be applied, and of when the state is then. Both ascend.
    waiting: VecDeque<(u64, u64)>,
    as_of: Option<u64>,
    applied: u64,
}

impl Freshness {
    /// The leader was at `newest` after this node's clock had said `clock`.
    pub(crate) fn told(&mut self, newest: u64, clock: u64) {
        if newest <= self.applied {
            self.as_of = self.as_of.max(Some(clock));
            return;
        }
        // Where many wait the newest of them is replaced: that is later than it, so still true.
        if self.waiting.len() >= WAITING_MAX {
            self.waiting.pop_back();
        }
        self.waiting.push_back((newest, clock));
    }

    /// Records up to this one can be read.
    pub(crate) fn applied(&mut self, applied: u64) {
        self.applied = self.applied.max(applied);
        while let Some((newest, clock)) = self.waiting.front().copied() {
            if newest > self.applied {
                return;
            }
            self.as_of = self.as_of.max(Some(clock));
            self.waiting.pop_front();
        }
    }

    /// Of which moment the state is; `None` before that is known.
    pub(crate) fn as_of(&self) -> Option<u64> {
        self.as_of
    }
}
