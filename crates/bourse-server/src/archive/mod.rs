//! The archive: a leader's records and backups in an object store, a folder or S3, from which a
//! store is made as of any record or time.
//!
//! ```text
//! leader:  log --Shipping--> parcels --16 MiB, or some seconds of them--> segment, written once
//!              backups, now and then -----------------------------------> base
//! restore: base --> follower's store --> parcels up to the record wanted --> promoted
//! ```
//! A segment is a magic number with its version (8 bytes, "BRSARCH" and 1), and parcels in frames
//! as they are sent to replicas: summed up and compressed. Among them are parcels without records,
//! which tell how late it was before the next one.
//!
//! - `names`: what objects are called; `place`: the object store; `contents`: objects as bytes;
//! - `writing`, `base`, `claim`: the leader's side, segments and backups, and whose the archive is;
//! - `plan`: which records count; `restoring`, `verifying`: stores made of them.
//!
//! # Invariants
//! - **A1** An object is written whole or not at all, and never over another one.
//! - **A2** The leader keeps its log from the last record that the archive has durably, by a hold
//!   of its own, up to the cap of holds; what was given up because of it is covered by a new base.
//! - **A3** Which records count is the newest term's history to say: what an older term wrote
//!   behind the begin of the next one is passed over. One store writes in a term: it claims it.
//! - **A4** Nothing counts as written where the term's object is not there before and after: what
//!   came in the place of the archive, as the folder below a disk that is not mounted, is another
//!   one. It is looked for also while there is nothing to write.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::sync::wall_clock_us;

mod base;
mod claim;
mod contents;
mod names;
mod place;
mod plan;
mod restoring;
#[cfg(test)]
mod tests;
mod verifying;
mod writing;

pub(crate) use place::Archive;
pub(crate) use restoring::bootstrap;
pub use restoring::{ArchiveProgress, ArchiveRestored, RestoreTarget, restore};
pub use verifying::{ArchiveFinding, ArchiveVerified, verify};
pub(crate) use writing::run;

/// The hold of the log that the archive has. No replica may have the name.
pub(crate) const HOLD: &str = "archive";

/// How far a server's archive is.
#[derive(Default, Debug)]
pub(crate) struct Archived {
    /// One more than the last record that is there; 0 before the archive was looked at.
    known: AtomicU64,
    closed_us: AtomicI64,
    failures: AtomicU64,
    bases: AtomicU64,
}

impl Archived {
    /// Records up to this one are there durably, and none was committed behind it before a time, if
    /// one is known.
    fn note(&self, lsn: u64, closed_us: i64) {
        self.known.fetch_max(lsn + 1, Ordering::Relaxed);
        self.closed_us.fetch_max(closed_us, Ordering::Relaxed);
    }

    fn note_failure(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    fn note_base(&self) {
        self.bases.fetch_add(1, Ordering::Relaxed);
    }

    /// The last record that is in it; none before it was looked at.
    pub(crate) fn lsn(&self) -> Option<u64> {
        self.known.load(Ordering::Relaxed).checked_sub(1)
    }

    /// How often it could not be written.
    pub(crate) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// How many backups this process has written to it.
    pub(crate) fn bases(&self) -> u64 {
        self.bases.load(Ordering::Relaxed)
    }

    /// How long ago the archive had all that was committed; none where that is not known.
    pub(crate) fn lag(&self) -> Option<Duration> {
        let closed_us = self.closed_us.load(Ordering::Relaxed);
        let lag_us = wall_clock_us().saturating_sub(closed_us);
        (closed_us > 0).then(|| Duration::from_micros(lag_us.max(0).unsigned_abs()))
    }
}
