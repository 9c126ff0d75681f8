//! What all handles of an open store share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bourse_storage::cache::{Epochs, Held, HeldCuts, PageCache};
use bourse_storage::id::{Batch, Lsn};
use bourse_storage::log::Log;
use bourse_storage::sync::{self, Condvar, Mutex};
use bourse_storage::{Error, ErrorKind, Result};

use crate::age::CutAges;
use crate::companion::Companions;
use crate::completion::queue::Completions;
use crate::cut::{CutState, Publisher};
use crate::feed::Feeds;
use crate::kept::KeptCuts;
use crate::options::{Durability, Options};
use crate::queue::QueueCounts;
use crate::replication::Replication;
use crate::replication::group::Membership;
use crate::results::ResultCache;
use crate::shard::Shard;
use crate::transaction::ids::IdBlocks;
use crate::transaction::locks::graph::WaitGraph;

/// The store has stopped: nothing is written any more.
const STOPPED: u8 = 1;
/// The store's records come from another one.
const FOLLOWS: u8 = 2;

/// The open store.
pub(crate) struct Core {
    /// How it was opened.
    pub(crate) options: Options,
    /// Where it lies.
    pub(crate) folder: PathBuf,
    /// Memory for pages of all shards.
    pub(crate) cache: Arc<PageCache>,
    /// The Cuts that somebody reads.
    pub(crate) held: Arc<HeldCuts>,
    /// When which Cut was the newest.
    pub(crate) ages: CutAges,
    /// The Cuts that the store itself keeps.
    pub(crate) kept: KeptCuts,
    /// The log of all shards.
    pub(crate) log: Log,
    /// Seals and publishes Cuts.
    pub(crate) publisher: Arc<Publisher>,
    /// The shards by number.
    pub(crate) shards: Vec<Shard>,
    /// What is being logged ahead of its commit, by stage, with its first LSN.
    pub(crate) stages: Mutex<BTreeMap<u64, Lsn>>,
    /// Who waits for whose row locks.
    pub(crate) lock_waits: Mutex<WaitGraph>,
    /// Ids that interactive transactions may give.
    pub(crate) id_blocks: Mutex<IdBlocks>,
    /// What was submitted, and waits to be published.
    pub(crate) completions: Completions,
    /// Who reads feeds, and which stages these need.
    pub(crate) feeds: Feeds,
    /// Whether jobs are run.
    pub(crate) runs_jobs: AtomicBool,
    /// What was computed from states of the store, once somebody has.
    pub(crate) results: OnceLock<ResultCache>,
    /// What those who build on the engine keep once a store.
    pub(crate) companions: Companions,
    /// Its part among stores that have the same records.
    pub(crate) replication: Replication,
    /// Its part in a group, if it is a member of one.
    pub(crate) group: Option<Membership>,
    /// What has passed through queues.
    pub(crate) queues: QueueCounts,
    /// Makes owners of row locks and stages unique.
    pub(crate) next_owner: AtomicU64,
    /// Makes the names of temporary files unique.
    pub(crate) next_temporary: AtomicU64,
    /// A commit met a full disk: a checkpoint of every shard may give it space.
    pub(crate) wants_space: AtomicBool,
    /// Whether some thread is building an index: one at a time.
    pub(crate) building: AtomicBool,
    /// Background threads look here, under the mutex, whether to end.
    pub(crate) closing: (Mutex<bool>, Condvar),
    /// [`STOPPED`] and [`FOLLOWS`], as far as they are so.
    condition: AtomicU8,
    stop_reason: Mutex<Option<String>>,
    /// One process a store, for as long as this lives.
    #[expect(dead_code, reason = "held, never read")]
    pub(crate) lock: Box<dyn Send + Sync>,
}

impl Core {
    /// Puts an opened store together.
    #[expect(clippy::too_many_arguments, reason = "called once, at open, with what it made")]
    pub(crate) fn new(
        options: Options,
        folder: PathBuf,
        cache: Arc<PageCache>,
        held: Arc<HeldCuts>,
        log: Log,
        publisher: Arc<Publisher>,
        shards: Vec<Shard>,
        lock: Box<dyn Send + Sync>,
        (follows, replication, group): (bool, Replication, Option<Membership>),
    ) -> Core {
        Core {
            options,
            folder,
            cache,
            held,
            ages: CutAges::default(),
            kept: KeptCuts::default(),
            log,
            publisher,
            shards,
            stages: Mutex::new(BTreeMap::new()),
            lock_waits: Mutex::new(WaitGraph::default()),
            id_blocks: Mutex::new(IdBlocks::default()),
            completions: Completions::default(),
            feeds: Feeds::default(),
            runs_jobs: AtomicBool::new(false),
            results: OnceLock::new(),
            companions: Companions::default(),
            replication,
            group,
            queues: QueueCounts::default(),
            next_owner: AtomicU64::new(1),
            next_temporary: AtomicU64::new(1),
            wants_space: AtomicBool::new(false),
            building: AtomicBool::new(false),
            closing: (Mutex::new(false), Condvar::new()),
            condition: AtomicU8::new(if follows { FOLLOWS } else { 0 }),
            stop_reason: Mutex::new(None),
            lock,
        }
    }

    /// The epochs that protect pages and Cuts.
    pub(crate) fn epochs(&self) -> &Epochs {
        self.cache.epochs()
    }

    /// The newest published Cut, held: registered before the pin ends under which it was found, so
    /// that none of its pages is reused in between.
    pub(crate) fn hold_published(&self) -> (Arc<CutState>, Held) {
        self.catch_up();
        let pin = self.epochs().pin();
        let cut = self.publisher.published_arc(&pin);
        let held = self.held.register(cut.batch);
        (cut, held)
    }

    /// As [`Core::hold_published`], the newest sealed Cut.
    pub(crate) fn hold_sealed(&self) -> (Arc<CutState>, Held) {
        self.catch_up();
        let pin = self.epochs().pin();
        let cut = self.publisher.sealed_arc(&pin);
        let held = self.held.register(cut.batch);
        (cut, held)
    }

    /// Whether publication waits for the disk.
    pub(crate) fn is_sync(&self) -> bool {
        self.options.durability == Durability::Sync
    }

    /// Refuses when the store has stopped.
    pub(crate) fn check_running(&self) -> Result<()> {
        if self.condition.load(Ordering::Acquire) & STOPPED == 0 {
            return Ok(());
        }
        Err(self.tell_stopped())
    }

    /// Refuses to write when the store has stopped, or follows another one.
    #[inline]
    pub(crate) fn check_writable(&self) -> Result<()> {
        match self.condition.load(Ordering::Acquire) {
            0 => Ok(()),
            FOLLOWS => Err(self.refuse_write()),
            _ => Err(self.tell_stopped()),
        }
    }

    /// Whether the store's records come from another one.
    #[inline]
    pub(crate) fn is_follower(&self) -> bool {
        self.condition.load(Ordering::Acquire) & FOLLOWS != 0
    }

    /// The store takes writes from now on.
    pub(crate) fn end_following(&self) {
        self.condition.fetch_and(!FOLLOWS, Ordering::AcqRel);
    }

    #[cold]
    fn tell_stopped(&self) -> Error {
        let reason = self.stop_reason.lock().clone().unwrap_or_default();
        Error::new(
            ErrorKind::Closed,
            format!("the store has stopped: {reason}; open it again to recover"),
        )
    }

    /// Stops all writing for good: something failed half-way, and only recovery can tell what is
    /// on disk. Reads of published Cuts go on.
    pub(crate) fn stop(&self, reason: &Error) {
        let mut first = self.stop_reason.lock();
        if first.is_none() {
            *first = Some(format!("{reason:?}"));
        }
        self.condition.fetch_or(STOPPED, Ordering::AcqRel);
        self.publisher.news.notify();
    }

    /// A number that no owner of locks and no stage of this open has had.
    pub(crate) fn next_owner(&self) -> u64 {
        self.next_owner.fetch_add(1, Ordering::Relaxed)
    }

    /// Waits until batch `newest` is published, helping to get it there. What leaves a transaction
    /// (result, error, panic) leaves only after this.
    ///
    /// # Errors
    /// `Closed` when the store stopped before: the outcome is unknown.
    pub(crate) fn settle(&self, newest: Batch) -> Result<()> {
        if self.publisher.published_batch() >= newest {
            return Ok(());
        }
        if self.group.is_some() {
            return self.settle_by_agreement(newest);
        }
        if self.is_sync() {
            self.log.flush(newest).map_err(|error| self.unsettled(error))?;
            // Whoever wrote the flush has published it, as a rule.
            if self.publisher.published_batch() >= newest {
                return Ok(());
            }
        }
        self.publisher.note_publishing();
        while !self.publish(newest) {
            self.check_running().map_err(|error| self.unsettled(error))?;
            // Another thread is between its log position and the end of its apply: short.
            sync::yield_now();
        }
        Ok(())
    }

    /// Closes the batch where nobody else does, and publishes it. Returns whether it is published.
    fn publish(&self, newest: Batch) -> bool {
        if !self.is_sync() && self.log.open_batch() <= newest {
            self.log.close_batch_if(|batch| self.publisher.may_close(batch));
        }
        self.publisher.advance(&self.log, self.epochs());
        self.publisher.published_batch() >= newest
    }

    /// As [`Core::settle`] of what its caller need not see published: in an Async store that nobody
    /// reads it is left to whoever reads next (Publisher P5).
    ///
    /// # Errors
    /// As [`Core::settle`].
    #[inline]
    pub(crate) fn settle_or_leave(&self, newest: Batch) -> Result<()> {
        let is_open = || self.log.open_batch() <= newest && self.group.is_none();
        if !self.publisher.leaves_to_readers(newest) || !is_open() {
            return self.settle(newest);
        }
        self.publisher.leave_to_readers(newest);
        self.check_running().map_err(|error| self.unsettled(error))
    }

    /// Publishes what commits have left to readers. To be called before the newest Cut is asked
    /// for, and by nobody whose own record is being applied: it waits for all of the batch.
    #[inline]
    pub(crate) fn catch_up(&self) {
        if let Some(left) = self.publisher.is_behind() {
            self.publish_left(left);
        }
    }

    #[cold]
    fn publish_left(&self, left: Batch) {
        self.publisher.ask_to_publish();
        // Where the store has stopped an apply may have ended half-way: what is published is read.
        while !self.publish(left) && self.check_running().is_ok() {
            sync::yield_now();
        }
    }

    /// As [`Core::settle`] in a group: others flush, agree and publish. Whose time is over is told
    /// so, and the store goes on: what he wrote may yet be agreed on, or taken back.
    fn settle_by_agreement(&self, newest: Batch) -> Result<()> {
        let deadline = sync::monotonic() + self.options.agreement_timeout;
        loop {
            let moment = self.publisher.news.now();
            // The group may have agreed before the last apply of the batch had returned: nobody
            // comes again for it then.
            self.publisher.advance(&self.log, self.epochs());
            if self.publisher.published_batch() >= newest {
                return Ok(());
            }
            self.check_running().map_err(|error| self.unsettled(error))?;
            let rest = deadline.saturating_sub(sync::monotonic());
            if rest.is_zero() {
                return Err(Error::new(
                    ErrorKind::Busy,
                    format!(
                        "the group did not agree within {:?}: the transaction may or may not be \
                         there; look before it is run again",
                        self.options.agreement_timeout
                    ),
                )
                .with_sqlstate("08007"));
            }
            self.publisher.news.wait(moment, Some(rest));
        }
    }

    /// Tells a member's consensus of a record that no entry has yet.
    #[inline]
    pub(crate) fn note_record(&self, lsn: Lsn, kind: u8, payload: &[u8]) {
        if let Some(group) = &self.group {
            group.note(lsn, kind, self.replication.term(), payload);
        }
    }

    /// Stops the store, and says what the caller of a transaction under way is told then.
    pub(crate) fn unsettled(&self, error: Error) -> Error {
        self.stop(&error);
        Error::new(
            ErrorKind::Closed,
            "the store stopped before the transaction was durable: it may or may not be there \
             after the store is opened again",
        )
        .with_sqlstate("08007")
        .with_source(error)
    }
}
