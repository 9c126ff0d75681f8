//! How large the cache should be: a target that follows what the machine says of its memory.
//!
//! # The idea
//!
//! Each bound on memory (the machine, and every cgroup above the process) leaves some room: its
//! limit, less some headroom, less what others use. The smallest room is what the cache may take,
//! its frame tables included. The target falls to that at once, and further while tasks wait for
//! memory; it rises slowly, and only after a while without either. So a burst of the service's own
//! memory costs pages, not an out-of-memory kill, and a noisy neighbour does not make the cache go
//! up and down every second.
//!
//! What the cache itself takes is not counted as used by others, so that taking memory does not
//! make the room smaller.
//!
//! # Invariants
//! - **I1** The target is never above the cap and never below the floor; the floor wins over all
//!   other bounds. With cap and floor the same the target never changes.
//! - **I2** Above the floor, target and tables together fit into the room of every bound.
//! - **I3** A step is monotone: from the same state, more room and less pressure give no smaller
//!   target.
//! - **I4** Under the same reading, without pressure, the target comes to rest within one growth
//!   of what is allowed.
//! - **I5** Nothing but the readings decides: no clock, no chance. One step is one second.

#[cfg(test)]
mod tests;

/// What sizes are multiples of: an arena.
const UNIT: u64 = super::ARENA_SIZE as u64;
/// Seconds without pressure, and without having to shrink, before the target grows.
const CALM_STEPS: u32 = 10;
/// Hundredths of a percent of the time that some task waited for memory, above which the target
/// does not grow.
const PRESSURE_FELT: u32 = 100;
/// The same, above which it shrinks.
const PRESSURE_HIGH: u32 = 1000;
/// The part of its size that the cache gives up in each second of high pressure.
const SHRINKAGE: u64 = 8;
/// The part of its size that it grows by in a second, and the least gap that it grows into.
const GROWTH: u64 = 32;
/// The part of a limit that is left free, within the bounds below.
const HEADROOM: u64 = 16;
const HEADROOM_MIN: u64 = 64 << 20;
const HEADROOM_MAX: u64 = 2 << 30;

/// A limit on memory: the machine's, or a cgroup's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bound {
    /// Bytes that all together may take.
    pub limit: u64,
    /// Bytes that they take, but for what the system gives up at once (file pages not in use).
    pub used: u64,
}

impl Bound {
    /// What is left free of the limit, for what comes faster than a step a second.
    pub fn headroom(self) -> u64 {
        let least = HEADROOM_MIN.min(self.limit / 4);
        (self.limit / HEADROOM).clamp(least, HEADROOM_MAX)
    }

    /// What the cache, which takes `own` bytes of what is used, may take in all.
    fn room(self, own: u64) -> u64 {
        let others = self.used.saturating_sub(own);
        self.limit.saturating_sub(self.headroom()).saturating_sub(others)
    }
}

/// What the machine says at one moment.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Reading {
    /// Everything that limits the process's memory.
    pub bounds: Vec<Bound>,
    /// Hundredths of a percent of the last ten seconds in which some task waited for memory.
    pub pressure: u32,
}

impl Reading {
    /// The smallest limit.
    pub fn limit(&self) -> Option<u64> {
        self.bounds.iter().map(|bound| bound.limit).min()
    }
}

/// What the cache takes at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Taken {
    /// Bytes for frames.
    pub frames: u64,
    /// Bytes for the frame tables and notes on frames.
    pub tables: u64,
}

impl Taken {
    /// All of it.
    pub fn sum(self) -> u64 {
        self.frames.saturating_add(self.tables)
    }
}

/// The target and what it came from.
#[derive(Clone, Debug)]
pub struct Budget {
    cap: u64,
    floor: u64,
    /// `None` before the first step, which goes to what is allowed without delay.
    target: Option<u64>,
    /// Steps since there was pressure, or too little room.
    calm: u32,
}

impl Budget {
    /// A budget between `floor` and `cap` bytes, both rounded up to 2 MiB; a floor above the cap
    /// counts as the cap.
    pub fn new(cap: u64, floor: u64) -> Budget {
        let round = |bytes: u64| bytes.max(1).div_ceil(UNIT).saturating_mul(UNIT);
        let cap = round(cap);
        Budget { cap, floor: round(floor).min(cap), target: None, calm: 0 }
    }

    /// Whether the size can never change.
    pub fn is_fixed(&self) -> bool {
        self.cap == self.floor
    }

    /// A second has passed: what the frames may take from now on.
    pub fn step(&mut self, reading: &Reading, taken: Taken) -> u64 {
        let allowed = self.allowed(reading, taken);
        let target = match self.target {
            None => allowed,
            Some(target) => self.next(target, allowed, reading.pressure, taken.frames),
        };
        let target = self.within(target);
        assert!(self.floor <= target && target <= self.cap, "I1: the target is within its bounds");
        self.target = Some(target);
        target
    }

    /// I2: the most that the frames may take.
    fn allowed(&self, reading: &Reading, taken: Taken) -> u64 {
        let rooms = reading.bounds.iter().map(|bound| bound.room(taken.sum()));
        let room = rooms.min().unwrap_or(u64::MAX).min(self.cap);
        self.within(room.saturating_sub(taken.tables))
    }

    fn next(&mut self, target: u64, allowed: u64, pressure: u32, frames: u64) -> u64 {
        if pressure >= PRESSURE_HIGH {
            self.calm = 0;
            // From what is really taken: a permission that nobody uses gives nothing up.
            let size = target.min(frames);
            return allowed.min(size - (size / SHRINKAGE).max(UNIT.min(size)));
        }
        if allowed < target || pressure >= PRESSURE_FELT {
            self.calm = 0;
            return allowed.min(target);
        }
        self.calm = (self.calm + 1).min(CALM_STEPS);
        let growth = (target / GROWTH).max(UNIT);
        // A smaller gap is noise, and not worth the way back.
        let grows = self.calm == CALM_STEPS && allowed - target >= growth;
        if grows { target + growth } else { target }
    }

    /// I1, in whole arenas.
    fn within(&self, bytes: u64) -> u64 {
        (bytes / UNIT * UNIT).clamp(self.floor, self.cap)
    }
}
