//! A circuit breaker: whether a node is worth asking, told by what became of asking it.
//!
//! A node that fails again and again is left alone for a while, so that calls go elsewhere at once
//! instead of waiting for it; then it is asked once, and has all calls again if it answers.
//!
//! ```text
//!            failures_max failures in a row
//!   Closed ----------------------------------> Open
//!     ^                                       ^    | the pause is over: admit
//!     | succeeded                      failed |    v
//!     +------------------------------------- HalfOpen
//! ```
//!
//! # Invariants
//! - **B1** While it is open nobody is admitted before the pause is over.
//! - **B2** While it is half open one probe is under way, and nobody else is admitted.
//! - **B3** Each pause is twice the one before, up to `pause_max`, and shortened by up to a quarter
//!   by chance, so that many clients do not ask at once. Closing begins with `pause_min` again.
//! - **B4** What was admitted before a change of state changes nothing any more: an answer that
//!   comes late neither closes nor opens it.

use std::time::Duration;

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BreakerOptions {
    /// So many failures in a row open it.
    pub failures_max: u32,
    /// The first pause.
    pub pause_min: Duration,
    /// The longest pause.
    pub pause_max: Duration,
}

impl Default for BreakerOptions {
    fn default() -> BreakerOptions {
        BreakerOptions {
            failures_max: 3,
            pause_min: Duration::from_millis(500),
            pause_max: Duration::from_secs(30),
        }
    }
}

/// What a breaker is at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BreakerState {
    /// The node is asked.
    Closed,
    /// It is left alone.
    Open,
    /// One probe finds out whether it is back.
    HalfOpen,
}

/// That one may ask: to be given back with what became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub(crate) struct Admission {
    generation: u64,
}

/// See the module's head. Times are those since the client was built.
#[derive(Debug)]
pub(crate) struct Breaker {
    options: BreakerOptions,
    state: State,
    /// Counts changes of state (B4).
    generation: u64,
    opened: u64,
}

#[derive(Debug)]
enum State {
    Closed { failures: u32 },
    Open { until: Duration, pause: Duration },
    HalfOpen { pause: Duration },
}

impl Breaker {
    pub(crate) fn new(options: BreakerOptions) -> Breaker {
        Breaker { options, state: State::Closed { failures: 0 }, generation: 0, opened: 0 }
    }

    pub(crate) fn state(&self) -> BreakerState {
        match self.state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { .. } => BreakerState::Open,
            State::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    /// How often it has opened.
    pub(crate) fn opened(&self) -> u64 {
        self.opened
    }

    /// Admits a call: only while it is closed, so that no call waits for a node that may be dead.
    pub(crate) fn admit_call(&self) -> Option<Admission> {
        matches!(self.state, State::Closed { .. }).then_some(self.admission())
    }

    /// Admits a probe: also one when a pause is over.
    pub(crate) fn admit_probe(&mut self, now: Duration) -> Option<Admission> {
        match self.state {
            State::Closed { .. } => Some(self.admission()),
            State::Open { until, pause } if until <= now => {
                self.change(State::HalfOpen { pause });
                Some(self.admission())
            }
            // B1, B2.
            State::Open { .. } | State::HalfOpen { .. } => None,
        }
    }

    /// When a probe is admitted next; none where one is at once.
    pub(crate) fn opens_again(&self) -> Option<Duration> {
        match self.state {
            State::Open { until, .. } => Some(until),
            State::Closed { .. } | State::HalfOpen { .. } => None,
        }
    }

    /// The node answered. Returns whether that closed the breaker.
    pub(crate) fn succeeded(&mut self, admission: Admission) -> bool {
        if admission.generation != self.generation {
            return false; // B4
        }
        match &mut self.state {
            State::Closed { failures } => {
                *failures = 0;
                false
            }
            State::HalfOpen { .. } => {
                self.change(State::Closed { failures: 0 });
                true
            }
            State::Open { .. } => unreachable!("B1: nobody is admitted while it is open"),
        }
    }

    /// The node did not answer. Returns whether that opened the breaker. `chance` is in 0..1.
    pub(crate) fn failed(&mut self, admission: Admission, now: Duration, chance: f64) -> bool {
        if admission.generation != self.generation {
            return false; // B4
        }
        let pause = match &mut self.state {
            State::Closed { failures } => {
                *failures += 1;
                if *failures < self.options.failures_max.max(1) {
                    return false;
                }
                self.options.pause_min
            }
            State::HalfOpen { pause } => pause.saturating_mul(2).min(self.options.pause_max),
            State::Open { .. } => unreachable!("B1: nobody is admitted while it is open"),
        };
        // B3.
        let until = now.saturating_add(pause.mul_f64(1.0 - chance.clamp(0.0, 1.0) / 4.0));
        self.change(State::Open { until, pause });
        self.opened += 1;
        true
    }

    fn admission(&self) -> Admission {
        Admission { generation: self.generation }
    }

    fn change(&mut self, state: State) {
        self.state = state;
        self.generation += 1;
    }
}

#[cfg(test)]
mod tests;
