//! Replication: a store's committed records, shipped to stores that apply them.
//!
//! # The idea
//!
//! The *leader* takes commits. A *follower* was made from a backup of it, and gets the records of
//! its log in [`Parcel`]s, in order, the same bytes with the same LSNs. It appends them to a log of
//! its own, applies them by the `apply` that commits and recovery call, and publishes Cuts: each is
//! a prefix of the leader's log. So whatever a record says, of rows, views, definitions, builds of
//! indexes or bulk loads, is so on the follower too, and all reads work there. It writes no record
//! of its own.
//!
//! ```text
//! leader   log ---- Shipping ----> Parcel --- network, archive ---> Database::receive   follower
//!                 durable and                                        append, apply, flush,
//!                 published only                                     publish
//! ```
//!
//! How parcels travel is not decided here: [`Database::ship`] gives them out and
//! [`Database::receive`] takes them. Neither trusts what lies between: a parcel that comes twice,
//! late, cut short or from another store is told apart and does no harm.
//!
//! # Stages
//!
//! Bulk loads and large transactions are logged ahead of their commit. A follower must keep the
//! pieces of a stage until its commit comes, also over a crash, and must give up those of a stage
//! whose commit will never come. It cannot know from the records: a leader that crashes says
//! nothing of what it gave up. So each parcel says after which record all stages began that are
//! open behind it (its *floor*). The leader reads that in the same moment, under the mutex of its
//! stages, as the end of what it may ship; so it is true at that end, and shipped when a parcel
//! comes to it.
//!
//! # Invariants
//! - **R1** Only what is durable and published on the leader is shipped.
//! - **R2** A follower has the leader's records without a gap, each with its LSN, or it refuses: a
//!   parcel must go on behind its last record, be of its lineage, of an epoch that has its records
//!   ([`History`]), and agree on the checksum of the record where both have one.
//! - **R3** What can refuse a record is asked before it is appended, as in a commit.
//! - **R4** `receive` returns after what it took is durable in the follower's log.
//! - **R5** A follower appends nothing but what it received: every other way to the log asks
//!   [`Core::check_writable`].
//! - **R6** Who reads over heads may see one shard further than another while a parcel is applied;
//!   so on a follower all transactions read Cuts.
//! - **R7** The floor that checkpoints go by is raised only when the records up to where it is true
//!   are published. Stages that began before it are given up.
//! - **R8** A promotion is durable in STORE before the store takes a write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Lsn;
use bourse_storage::log::{Log, Origin};
use bourse_storage::sync::{self, Mutex};
use bourse_storage::{Error, ErrorKind, Result};

use crate::core::Core;
use crate::database::Database;
use crate::identity::Identity;
use crate::replay::Assembler;

pub mod group;
pub(crate) mod history;
pub(crate) mod holds;
mod parcel;
mod promotion;
mod receive;
mod shipping;
#[cfg(test)]
mod tests;

pub use history::{Epoch, History};
pub use holds::LogHold;
pub use parcel::Parcel;
pub use promotion::{follow, restore};
pub use receive::Received;
pub use shipping::Shipping;

use parcel::Packing;
pub(crate) use parcel::Stamp;
use shipping::begin_tail;

/// What a store knows of its part in replication.
pub(crate) struct Replication {
    /// As it stands in STORE.
    identity: Mutex<Identity>,
    /// Where the leader is, for those who want to write.
    leader: Mutex<Option<String>>,
    /// The term in which records are written here.
    term: AtomicU64,
    /// The floor of a follower (R7).
    stages_after: AtomicU64,
    /// The closed timestamp of a follower.
    closed_us: AtomicI64,
    /// Held by who takes a parcel, or ends the taking of them.
    receiving: Mutex<Receiving>,
    /// For whom the log is kept.
    holds: Mutex<BTreeMap<String, holds::Held>>,
}

/// Where a follower has come to.
pub(crate) struct Receiving {
    /// The last record in its log.
    last: Lsn,
    /// The checksum of it, unless the log does not have it.
    checksum: Option<u32>,
    assembler: Assembler,
    /// Every shard has the records up to here, whether or not the log does.
    covered: Lsn,
    /// Stages of bulk loads of which shards have pieces.
    loads: BTreeSet<u64>,
}

impl Replication {
    /// Of a store that was opened. `replayed` is the LSN after which the log was replayed, and
    /// `covered` the one up to which every shard had the records.
    pub(crate) fn new(
        identity: Identity,
        log: &Log,
        assembler: Assembler,
        (replayed, covered): (Lsn, Lsn),
        leader: Option<String>,
        holds: BTreeMap<String, Lsn>,
    ) -> Result<Replication> {
        let last = log.durable().1;
        let term = identity.history.newest().term;
        log.set_origin(Origin { term, ..Origin::default() });
        let checksum = if identity.follows { begin_tail(log, last)?.1 } else { None };
        Ok(Replication {
            identity: Mutex::new(identity),
            leader: Mutex::new(leader),
            term: AtomicU64::new(term),
            stages_after: AtomicU64::new(replayed.0),
            closed_us: AtomicI64::new(0),
            receiving: Mutex::new(Receiving {
                last,
                checksum,
                assembler,
                covered,
                loads: BTreeSet::new(),
            }),
            holds: Mutex::new(holds::of_file(holds)),
        })
    }

    /// Remembers a stage of which replay has left pieces in shards.
    pub(crate) fn note_load(&self, stage: u64) {
        self.receiving.lock().loads.insert(stage);
    }

    /// Whose records the store has.
    pub(crate) fn history(&self) -> History {
        self.identity.lock().history.clone()
    }

    /// The time before which all that was acknowledged is in the newest Cut: to be asked before
    /// that is looked at.
    pub(crate) fn closed_us(&self, follows: bool) -> i64 {
        if follows { self.closed_us.load(Ordering::Acquire) } else { sync::wall_clock_us() }
    }

    /// The term in which records are written here.
    pub(crate) fn term(&self) -> u64 {
        self.term.load(Ordering::Acquire)
    }

    /// The record after which all stages began that are open on the leader (R7).
    pub(crate) fn stages_after(&self) -> Lsn {
        if bug::switched_on(Bug::LogCutPastStagedChunk) {
            return Lsn(u64::MAX);
        }
        Lsn(self.stages_after.load(Ordering::Acquire))
    }
}

/// How far a store has come among those that have the same records.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct ReplicationPosition {
    /// Whether it is a follower.
    pub follows: bool,
    /// The last record that is durable in its log.
    pub received: Lsn,
    /// The checksum of that record, where the log still has it.
    pub checksum: Option<u32>,
    /// The last record that can be read.
    pub published: Lsn,
    /// All that was acknowledged on the leader before this time, in microseconds since 1970 by the
    /// leader's clock, can be read here; 0 when nothing is known.
    pub closed_us: i64,
    /// Whose records it has.
    pub history: History,
}

impl ReplicationPosition {
    /// The position as bytes, to be shown to a leader.
    pub fn encode(&self) -> Vec<u8> {
        let packing = Packing::new(&self.history, self.received, self.checksum);
        let stamp = Stamp {
            published: self.published,
            closed_us: self.closed_us,
            stages_after: Lsn(u64::from(self.follows)),
        };
        packing.finish(stamp).as_bytes().to_vec()
    }

    /// The position of [`ReplicationPosition::encode`].
    ///
    /// # Errors
    /// As [`Parcel::decode`].
    pub fn decode(bytes: &[u8]) -> Result<ReplicationPosition> {
        let parcel = Parcel::decode(bytes)?;
        if parcel.records() > 0 {
            return Err(Error::corrupt("a parcel of records came where a position was expected"));
        }
        Ok(ReplicationPosition {
            follows: parcel.stages_after() == Lsn(1),
            received: parcel.last(),
            checksum: parcel.checksum_before(),
            published: parcel.published(),
            closed_us: parcel.closed_us(),
            history: parcel.history().clone(),
        })
    }
}

impl Database {
    /// How far the store has come, and whose records it has.
    pub fn replication_position(&self) -> Result<ReplicationPosition> {
        let core = self.core();
        let follows = core.is_follower();
        // Before the Cut: who has that has all that was acknowledged before.
        let closed_us = core.replication.closed_us(follows);
        let history = core.replication.history();
        let published = self.cut().lsn();
        let (received, checksum) = if follows {
            let receiving = core.replication.receiving.lock();
            (receiving.last, receiving.checksum)
        } else {
            let durable = core.log.durable().1;
            (durable, begin_tail(&core.log, durable)?.1)
        };
        Ok(ReplicationPosition { follows, received, checksum, published, closed_us, history })
    }

    /// Whether the store follows another one, and takes no writes.
    pub fn is_follower(&self) -> bool {
        self.core().is_follower()
    }

    /// Tells where the leader is, for the hint that those get who want to write to a follower.
    pub fn set_leader_address(&self, address: Option<String>) {
        *self.core().replication.leader.lock() = address;
    }

    /// Waits until a record can be read here: the write of one who wrote to the leader, and wants
    /// to read it. Returns whether it can be; not when `limit` is over before, or the store closes.
    ///
    /// # Errors
    /// `Closed` when the store stopped.
    pub fn wait_for(&self, lsn: Lsn, limit: Duration) -> Result<bool> {
        let core = self.core();
        let deadline = sync::monotonic() + limit;
        loop {
            let moment = core.publisher.news.now();
            if core.published_lsn() >= lsn {
                return Ok(true);
            }
            core.check_running()?;
            let rest = deadline.saturating_sub(sync::monotonic());
            if rest.is_zero() || *core.closing.0.lock() {
                return Ok(false);
            }
            core.publisher.news.wait(moment, Some(rest));
        }
    }
}

impl Core {
    /// Refuses what must not be of a state that a member's group may take back (group G1).
    pub(crate) fn check_settled(&self) -> Result<()> {
        self.group.as_ref().map_or(Ok(()), group::Membership::check_settled)
    }

    /// The last record of the newest published Cut.
    pub(crate) fn published_lsn(&self) -> Lsn {
        let pin = self.epochs().pin();
        self.publisher.published(&pin).lsn
    }

    /// Records are of this term from now on that are written here first.
    fn begin_term(&self, term: u64) {
        self.replication.term.store(term, Ordering::Release);
        self.log.set_origin(Origin { term, ..Origin::default() });
    }

    /// What a follower tells those who want to write (R5).
    #[cold]
    pub(crate) fn refuse_write(&self) -> Error {
        let leader = self.replication.leader.lock();
        let hint = match &*leader {
            Some(address) => format!("write to the leader, {address}"),
            None => "write to the leader".to_owned(),
        };
        let message = format!("this store follows another one and is read-only: {hint}");
        Error::new(ErrorKind::Busy, message).with_sqlstate("25006")
    }
}
