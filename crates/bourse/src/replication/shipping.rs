//! The leader's side: records behind an LSN, in parcels, as they become durable and published.

use std::sync::Arc;
use std::time::Duration;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Lsn;
use bourse_storage::log::{Log, Tail, Tailed};
use bourse_storage::{Error, Result, sync};

use super::ReplicationPosition;
use super::history::refused;
use super::parcel::{Packing, Parcel, Stamp, checksum_of};
use crate::checkpoint;
use crate::core::Core;
use crate::database::Database;

/// Reads records of a store in order. Nothing keeps the log for it but [`Database::hold_log`]. It
/// does not keep the store open for writing: after [`Database::close`] it ends.
pub struct Shipping {
    core: Arc<Core>,
    tail: Tail,
    /// The last record that was given out, and its checksum where it is known.
    last: Lsn,
    checksum: Option<u32>,
    /// What may be given out, and what is true there.
    horizon: Stamp,
    /// What is true behind the last record that was given out.
    stamp: Stamp,
}

impl Database {
    /// Begins to read the records after LSN `after`, to ship them. It may be a follower that ships
    /// on what it received.
    ///
    /// # Errors
    /// `InvalidInput`: 72000 when the log no longer has the next record, with the first one that it
    /// has; 55000 when the store has no record `after` yet, so whoever has it is no follower of it.
    pub fn ship(&self, after: Lsn) -> Result<Shipping> {
        Shipping::begin(self.core(), after)
    }

    /// As [`Database::ship`] for the follower that has come to a position: refuses one of another
    /// lineage, and one that has records that this store does not.
    ///
    /// # Errors
    /// As [`Database::ship`]; `InvalidInput` (55000) for a follower that must be made anew.
    pub fn ship_to(&self, follower: &ReplicationPosition) -> Result<Shipping> {
        let history = self.core().replication.history();
        // Pages of a new follower may have more records than its log.
        let last = follower.received.max(follower.published);
        follower.history.check_follows(&history, last)?;
        let shipping = self.ship(follower.received)?;
        match (shipping.checksum, follower.checksum) {
            (Some(own), Some(theirs)) if own != theirs => Err(diverged(follower.received)),
            _ => Ok(shipping),
        }
    }
}

/// What two stores are told that have different records of one LSN.
#[cold]
pub(super) fn diverged(lsn: Lsn) -> Error {
    refused(format!(
        "leader and follower have different records of LSN {lsn}: the follower has gone its own \
         way; make it anew from a backup of the leader"
    ))
}

impl Shipping {
    fn begin(core: &Arc<Core>, after: Lsn) -> Result<Shipping> {
        let log = &core.log;
        if after > log.durable().1 {
            return Err(refused(format!(
                "the follower has record {after}, and this store only those up to {}: it follows \
                 another store, or this one was put back to an earlier state; make the follower \
                 anew from a backup",
                log.durable().1
            )));
        }
        if after.next() < log.first_lsn() {
            return Err(gone(after, log.first_lsn()));
        }
        let (tail, checksum) = begin_tail(log, after)?;
        let unknown = Stamp { published: after, closed_us: 0, stages_after: Lsn(0) };
        Ok(Shipping {
            core: Arc::clone(core),
            tail,
            last: after,
            checksum,
            horizon: unknown,
            stamp: unknown,
        })
    }

    /// The last record that was given out, or the one to begin behind.
    pub fn last(&self) -> Lsn {
        self.last
    }

    /// The next records, about `bytes_max` bytes of them and at least one; waits for them, at most
    /// for `limit`. None when there are none by then, or the store closes.
    ///
    /// # Errors
    /// `InvalidInput` (72000) when the log no longer has the next record; `Closed` when the store
    /// stopped; the disk's; `Corrupt` when a record is damaged.
    pub fn next(&mut self, bytes_max: usize, limit: Duration) -> Result<Option<Parcel>> {
        let deadline = sync::monotonic() + limit;
        loop {
            let moment = self.core.publisher.news.now();
            if *self.core.closing.0.lock() {
                return Ok(None);
            }
            if let Some(parcel) = self.try_next(bytes_max)? {
                return Ok(Some(parcel));
            }
            self.core.check_running()?;
            let rest = deadline.saturating_sub(sync::monotonic());
            if rest.is_zero() {
                return Ok(None);
            }
            self.core.publisher.news.wait(moment, Some(rest));
        }
    }

    /// As [`Shipping::next`] of what is there now.
    ///
    /// # Errors
    /// As [`Shipping::next`].
    pub fn try_next(&mut self, bytes_max: usize) -> Result<Option<Parcel>> {
        self.renew();
        let mut packing = Packing::new(&self.core.replication.history(), self.last, self.checksum);
        let log: &Log = &self.core.log;
        let mut limit = self.horizon.published;
        if bug::switched_on(Bug::ShipBeforePublished) {
            limit = log.durable().1.max(limit);
        }
        while packing.is_empty() || packing.len() < bytes_max {
            match self.tail.next(log, limit)? {
                Tailed::End => break,
                Tailed::Gone(first) => return Err(gone(self.last, first)),
                Tailed::Entry(entry) => {
                    packing.push(&entry);
                    self.last = entry.lsn;
                    self.checksum = Some(checksum_of(entry.kind, entry.origin, entry.payload));
                }
            }
        }
        if packing.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.seal(packing)))
    }

    /// A parcel without records, that tells how far the leader is: so a follower's closed timestamp
    /// goes on where nothing is written.
    pub fn heartbeat(&mut self) -> Parcel {
        self.renew();
        let packing = Packing::new(&self.core.replication.history(), self.last, self.checksum);
        self.seal(packing)
    }

    /// Looks how far may be shipped, once all was that might be before: only there is what is read
    /// with it true.
    fn renew(&mut self) {
        if self.last >= self.horizon.published {
            self.horizon = checkpoint::horizon(&self.core);
        }
    }

    fn seal(&mut self, packing: Packing) -> Parcel {
        if self.last == self.horizon.published {
            self.stamp = self.horizon;
        }
        let published = self.core.published_lsn().max(self.last);
        packing.finish(Stamp { published, ..self.stamp })
    }
}

/// A tail behind a record, and the record's checksum if the log has it.
pub(super) fn begin_tail(log: &Log, after: Lsn) -> Result<(Tail, Option<u32>)> {
    if after == Lsn(0) || after < log.first_lsn() {
        return Ok((log.tail(after), None));
    }
    let mut tail = log.tail(Lsn(after.0 - 1));
    let checksum = match tail.next(log, after)? {
        Tailed::Entry(entry) => Some(checksum_of(entry.kind, entry.origin, entry.payload)),
        Tailed::End | Tailed::Gone(_) => None,
    };
    if checksum.is_none() {
        return Ok((log.tail(after), None));
    }
    Ok((tail, checksum))
}

#[cold]
fn gone(after: Lsn, first: Lsn) -> Error {
    Error::invalid(format!(
        "the records after LSN {after} are no longer in the log, which begins with LSN {first}: \
         make the follower anew from a backup, or let an archive bring it there; raise \
         Options::held_log_bytes_max so that more is kept"
    ))
    .with_sqlstate("72000")
}

impl std::fmt::Debug for Shipping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shipping").field("last", &self.last).finish_non_exhaustive()
    }
}
