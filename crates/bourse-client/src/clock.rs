//! Time as this crate counts it: since its client was built, so that what decides is plain numbers.

use std::time::Duration;

use tokio::time::Instant;

/// See the module's head.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Clock {
        Clock(Instant::now())
    }

    pub(crate) fn now(self) -> Duration {
        self.0.elapsed()
    }
}

/// A number in 0..1 by chance.
pub(crate) fn chance() -> f64 {
    rand::random()
}
