//! Advice on the size of a pool, from what was measured of it.
//!
//! # Invariants
//! - **V1** The size that is advised would have had at most 80 % of its connections in use; and at
//!   least 60 %, wherever there is such a number.
//! - **V2** A pool for which calls have waited is not advised to be smaller.
//! - **V3** Nothing is advised from less than a minute.

use std::fmt;
use std::time::Duration;

use crate::usage::Measured;

/// The utilisation to aim at: enough to be worth its connections, with room for what comes at once.
const UTILISATION_MIN: f64 = 0.6;
const UTILISATION_GOAL: f64 = 0.7;
const UTILISATION_MAX: f64 = 0.8;
const MEASURED_MIN: Duration = Duration::from_secs(60);
/// Waits that are worth a larger pool.
const WAIT_MAX: Duration = Duration::from_millis(10);

/// What to do with the size of a pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Too little was measured.
    TooEarly,
    /// It is right.
    Keep,
    /// More connections.
    Grow,
    /// Fewer connections.
    Shrink,
}

/// What was measured of a pool in the last ten minutes, and which size it should have.
#[derive(Clone, PartialEq, Debug)]
pub struct Advice {
    /// The node.
    pub node: String,
    /// What its connections are for: `write` or `read`.
    pub role: &'static str,
    /// For how long it was measured.
    pub measured: Duration,
    /// How many connections it may have now.
    pub size: u32,
    /// How many it should have.
    pub advised_size: u32,
    /// How much of it was in use, 0 to 1, weighted by time.
    pub utilisation: f64,
    /// How long was waited for a connection, on average.
    pub wait_mean: Duration,
    /// 95 of 100 waits were not longer.
    pub wait_p95: Duration,
    /// Whether to change the size.
    pub verdict: Verdict,
}

/// What to say of a pool of a size.
pub(crate) fn advise(node: &str, role: &'static str, size: u32, measured: Measured) -> Advice {
    let (verdict, advised_size) = judge(size, &measured);
    Advice {
        node: node.to_owned(),
        role,
        measured: measured.time,
        size,
        advised_size,
        utilisation: measured.busy_mean / f64::from(size.max(1)),
        wait_mean: measured.wait_mean,
        wait_p95: measured.wait_p95,
        verdict,
    }
}

fn judge(size: u32, measured: &Measured) -> (Verdict, u32) {
    if measured.time < MEASURED_MIN {
        return (Verdict::TooEarly, size); // V3
    }
    let wanted = measured.wanted_mean;
    let is_right = |size: u32| {
        let utilisation = wanted / f64::from(size.max(1));
        (UTILISATION_MIN..=UTILISATION_MAX).contains(&utilisation)
    };
    if is_right(size) {
        return (Verdict::Keep, size);
    }
    // V1: the nearest to the goal, or the smallest that has enough.
    let nearest = whole(wanted / UTILISATION_GOAL, f64::round);
    let enough = whole(wanted / UTILISATION_MAX, f64::ceil);
    let advised = if is_right(nearest) { nearest } else { enough }.max(1);
    match advised.cmp(&size) {
        std::cmp::Ordering::Greater => (Verdict::Grow, advised),
        std::cmp::Ordering::Equal => (Verdict::Keep, size),
        std::cmp::Ordering::Less if measured.wait_p95 > WAIT_MAX => (Verdict::Keep, size), // V2
        std::cmp::Ordering::Less => (Verdict::Shrink, advised),
    }
}

/// A whole number of connections. A little is taken off first, so that 0.8 of a size is not just
/// above it by the error of a division.
fn whole(connections: f64, rounded: fn(f64) -> f64) -> u32 {
    const CONNECTIONS_MAX: u32 = 100_000;
    let wanted = rounded(connections - 1e-9).max(0.0);
    // There is no checked way from a float to a whole number; bisection needs none.
    let (mut low, mut high) = (0, CONNECTIONS_MAX);
    while low < high {
        let middle = low.midpoint(high);
        match f64::from(middle) < wanted {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Advice { node, role, size, advised_size, .. } = self;
        let percent = self.utilisation * 100.0;
        let seconds = self.measured.as_secs();
        write!(
            f,
            "{node}, {role}: {percent:.0} % of {size} connections in use over {seconds} s, "
        )?;
        let (mean, p95) = (self.wait_mean.as_micros(), self.wait_p95.as_micros());
        write!(f, "waits of {mean} us on average and {p95} us at p95: ")?;
        match self.verdict {
            Verdict::TooEarly => write!(f, "too early to advise; measure for a minute at least"),
            Verdict::Keep => write!(f, "keep {size}"),
            Verdict::Grow | Verdict::Shrink => {
                write!(f, "{advised_size} would be in use to 60 to 80 %")
            }
        }
    }
}

#[cfg(test)]
mod tests;
