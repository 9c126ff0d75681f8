//! Cuts: how batches are sealed and published, and the handle that readers hold.
//!
//! A Cut is an immutable array of shard roots, one LSN and the definitions of that moment. This
//! module owns the way there:
//!
//! ```text
//! open --close_batch--> closed --all applies returned--> sealed --durable--> published
//!      (log leader, or         (Publisher::advance)      (Publisher::advance)
//!       each turn in Async)
//! ```
//!
//! Who commits to an Async store waits for nothing, so he may as well leave his batch open: those
//! who commit next join it, copy no page that it has copied already, and publish nothing. Then who
//! reads first closes it and publishes it (`Core::catch_up`). That is work for a reader, and he may
//! have to wait for a transaction that is just being applied; so once somebody has had to,
//! some dozens of commits publish themselves again, and only a store that is written and not
//! read is left behind.
//!
//! Invariants:
//! - **P1** A record is counted in its batch (`enter`) under the log's latch, so once a batch is
//!   closed its count can only fall.
//! - **P2** Cut n is built only when batch n is closed, its count is zero and Cut n-1 is sealed;
//!   so its roots are each shard's last root of a batch <= n.
//! - **P3** In a Sync store Cut n is published only when batch n is durable. Published numbers
//!   only grow. In a group its records are agreed on, too (`replication::group`, G1).
//! - **P4** At most [`RING`] batches are between published and open: the log's leader asks
//!   [`Publisher::may_close`] first.
//! - **P5** A commit that returns before its batch is published has told so (`leave_to_readers`),
//!   and whoever asks for the newest Cut publishes what was left so first. So who begins to read
//!   after a commit has returned sees it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use bourse_storage::bug::{self, Bug};
use bourse_storage::cache::cell::EpochCell;
use bourse_storage::cache::{Epochs, Pin};
use bourse_storage::id::{Batch, Lsn};
use bourse_storage::log::Log;
use bourse_storage::sync::{self, Mutex};
use bourse_storage::tree::Root;
use crossbeam::utils::CachePadded;

use crate::catalog::Catalog;
use crate::news::News;

#[cfg(test)]
mod tests;

/// Batches that may be between published and open.
const RING: usize = 64;

/// Commits that publish themselves after a reader had to publish what they had left to him.
const COMMITS_THAT_PUBLISH: u32 = 64;

/// Records that may be left to readers before a commit publishes them itself: pages that a batch
/// has copied are used again from then on, while they are still in the processor's caches.
const RECORDS_LEFT_MAX: u64 = 1_024;

/// Roots, LSN and definitions of one moment.
#[derive(Clone)]
pub(crate) struct CutState {
    /// The newest batch in it.
    pub(crate) batch: Batch,
    /// The last record in it.
    pub(crate) lsn: Lsn,
    /// The definitions.
    pub(crate) catalog: Arc<Catalog>,
    /// Root of each shard's forest.
    pub(crate) roots: Vec<Root>,
}

/// What the applies of a batch leave for its Cut.
#[derive(Default)]
struct Changes {
    roots: Vec<(u16, Root)>,
    catalog: Option<Arc<Catalog>>,
}

/// A batch that is not sealed yet.
#[derive(Default)]
struct Pending {
    /// Records whose apply has not returned.
    records: AtomicU32,
    /// Highest LSN taken in the batch.
    lsn: AtomicU64,
    changes: Mutex<Changes>,
}

struct Sealing {
    newest: Arc<CutState>,
    unpublished: VecDeque<Arc<CutState>>,
}

/// Seals and publishes Cuts.
///
/// Every read looks at `published`, every commit writes to all the others: so they do not share
/// cache lines with it.
pub(crate) struct Publisher {
    ring: Vec<CachePadded<Pending>>,
    /// Not kept up where publication waits for nothing: there the newest sealed Cut is the newest
    /// published one.
    sealed: CachePadded<EpochCell<CutState>>,
    published: CachePadded<EpochCell<CutState>>,
    sealed_batch: CachePadded<AtomicU64>,
    published_batch: CachePadded<AtomicU64>,
    /// The last record that is published. Written once a batch.
    published_lsn: CachePadded<AtomicU64>,
    /// The newest batch that was left to readers (P5). Every read looks at it; it is written once a
    /// batch.
    left: CachePadded<AtomicU64>,
    /// How many of the next commits publish themselves. Threads that count it down at once may
    /// count one for two.
    publishing: CachePadded<AtomicU32>,
    /// Told of what is both published and durable.
    pub(crate) news: News,
    sealing: CachePadded<Mutex<Sealing>>,
    /// Whether publication waits for the disk.
    waits_for_disk: bool,
    /// The last record that may be published.
    agreed: AtomicU64,
}

/// Whether the bugs of sealing too early are on.
#[cold]
fn seals_early() -> bool {
    bug::switched_on(Bug::SealSkipped) || bug::switched_on(Bug::CountedBeforeClosed)
}

/// Whether a batch is closed and all its records are applied (P2). It must be found closed first: a
/// record may enter, and the batch be closed behind it, after a count of zero was seen (P1).
fn is_over(pending: &Pending, is_closed: impl Fn() -> bool) -> bool {
    // Acquire pairs with `leave`: the applies' roots are seen by who finds zero.
    let is_applied = || pending.records.load(Ordering::Acquire) == 0;
    if bug::switched_on(Bug::SealSkipped) {
        return is_closed();
    }
    if bug::switched_on(Bug::CountedBeforeClosed) {
        let applied = is_applied();
        sync::point();
        return applied && is_closed();
    }
    let closed = is_closed();
    sync::point();
    closed && is_applied()
}

impl Publisher {
    /// Starts with a Cut that is durable.
    ///
    /// In a group further ones wait for [`Publisher::agree`].
    pub(crate) fn new(first: CutState, waits_for_disk: bool, in_group: bool) -> Publisher {
        let (batch, lsn) = (first.batch.0, first.lsn.0);
        let first = Arc::new(first);
        Publisher {
            ring: (0..RING).map(|_| CachePadded::default()).collect(),
            sealed: EpochCell::new(first.clone()).into(),
            published: EpochCell::new(first.clone()).into(),
            sealed_batch: AtomicU64::new(batch).into(),
            published_batch: AtomicU64::new(batch).into(),
            published_lsn: AtomicU64::new(lsn).into(),
            left: AtomicU64::new(batch).into(),
            publishing: AtomicU32::new(0).into(),
            news: News::default(),
            sealing: Mutex::new(Sealing { newest: first, unpublished: VecDeque::new() }).into(),
            waits_for_disk,
            agreed: AtomicU64::new(if in_group { 0 } else { u64::MAX }),
        }
    }

    /// The records up to this one are agreed on. To be published by [`Publisher::advance`].
    pub(crate) fn agree(&self, lsn: Lsn) {
        self.agreed.fetch_max(lsn.0, Ordering::AcqRel);
    }

    /// Whether publication waits for the disk.
    pub(crate) fn waits_for_disk(&self) -> bool {
        self.waits_for_disk
    }

    fn pending(&self, batch: Batch) -> &Pending {
        let sequence = batch.0 & ((1 << Batch::SEQUENCE_BITS) - 1);
        let index = (sequence % RING as u64) as usize;
        &self.ring[index]
    }

    /// Counts a record in its batch. Called under the log's latch (P1).
    pub(crate) fn enter(&self, lsn: Lsn, batch: Batch) {
        let pending = self.pending(batch);
        pending.records.fetch_add(1, Ordering::Relaxed);
        pending.lsn.store(lsn.0, Ordering::Relaxed);
    }

    /// Notes a shard's root of a batch. Called under the shard's mutex, so the last call wins.
    pub(crate) fn changed(&self, batch: Batch, shard: u16, root: Root) {
        let is_open = batch.0 > self.sealed_batch.load(Ordering::Relaxed);
        assert!(is_open || seals_early(), "P2: batch {batch} is sealed after its last apply");
        let mut changes = self.pending(batch).changes.lock();
        match changes.roots.iter_mut().find(|(number, _)| *number == shard) {
            Some((_, old)) => *old = root,
            None => changes.roots.push((shard, root)),
        }
    }

    /// Notes the definitions of a batch.
    pub(crate) fn redefined(&self, batch: Batch, catalog: Arc<Catalog>) {
        self.pending(batch).changes.lock().catalog = Some(catalog);
    }

    /// The record's apply has returned in all its shards.
    pub(crate) fn leave(&self, batch: Batch) {
        let before = self.pending(batch).records.fetch_sub(1, Ordering::Release);
        assert!(before > 0, "P1: a record leaves a batch that it entered");
    }

    /// Whether a commit of a batch is left to readers now: nobody waits for the disk, nobody has
    /// read of late what was left, and not too much is left already.
    #[inline]
    pub(crate) fn leaves_to_readers(&self, batch: Batch) -> bool {
        let left = || {
            let newest = self.pending(batch).lsn.load(Ordering::Relaxed);
            newest.saturating_sub(self.published_lsn.load(Ordering::Relaxed))
        };
        !self.waits_for_disk
            && self.publishing.load(Ordering::Relaxed) == 0
            && left() < RECORDS_LEFT_MAX
    }

    /// Counts a commit that publishes itself.
    pub(crate) fn note_publishing(&self) {
        let left = self.publishing.load(Ordering::Relaxed);
        if left > 0 {
            self.publishing.store(left - 1, Ordering::Relaxed);
        }
    }

    /// Leaves a batch, of which a commit is about to return, to whoever reads next (P5).
    #[inline]
    pub(crate) fn leave_to_readers(&self, batch: Batch) {
        if self.left.load(Ordering::Relaxed) < batch.0 && !bug::switched_on(Bug::LeftUntold) {
            self.left.fetch_max(batch.0, Ordering::AcqRel);
        }
    }

    /// The newest batch that was left to readers and is not published, if there is one.
    #[inline]
    pub(crate) fn is_behind(&self) -> Option<Batch> {
        let left = self.left.load(Ordering::Acquire);
        (left > self.published_batch.load(Ordering::Acquire)).then_some(Batch(left))
    }

    /// Has the next commits publish themselves: somebody reads.
    pub(crate) fn ask_to_publish(&self) {
        self.publishing.store(COMMITS_THAT_PUBLISH, Ordering::Relaxed);
    }

    /// Whether one more batch may be closed (P4).
    pub(crate) fn may_close(&self, batch: Batch) -> bool {
        batch.0.saturating_sub(self.published_batch.load(Ordering::Acquire)) < RING as u64 - 2
    }

    /// Seals and publishes all that can be. Cheap when there is nothing to do.
    pub(crate) fn advance(&self, log: &Log, epochs: &Epochs) {
        let mut sealing = self.sealing.lock();
        self.seal(&mut sealing, log, epochs);
        let waits = self.waits_for_disk && !bug::switched_on(Bug::PublishBeforeDurable);
        let durable = if waits { log.durable().0 } else { Batch(u64::MAX) };
        let agreed = Lsn(self.agreed.load(Ordering::Acquire));
        let agreed =
            if bug::switched_on(Bug::PublishBeforeAgreed) { Lsn(u64::MAX) } else { agreed };
        let may = |cut: &Arc<CutState>| cut.batch <= durable && cut.lsn <= agreed;
        let mut newest = None;
        while sealing.unpublished.front().is_some_and(may) {
            newest = sealing.unpublished.pop_front();
        }
        if let Some(cut) = newest {
            let batch = cut.batch.0;
            debug_assert!(batch > self.published_batch.load(Ordering::Relaxed), "P3");
            self.published_lsn.store(cut.lsn.0, Ordering::Relaxed);
            self.published.store(cut, epochs);
            self.published_batch.store(batch, Ordering::Release);
            // Where the disk has still to come, it will be told again then.
            if batch <= log.durable().0.0 {
                self.news.notify();
            }
        }
    }

    fn seal(&self, sealing: &mut Sealing, log: &Log, epochs: &Epochs) {
        let before = sealing.newest.batch;
        loop {
            let batch = sealing.newest.batch.next();
            let pending = self.pending(batch);
            if !is_over(pending, || batch < log.open_batch()) {
                break;
            }
            let mut cut = CutState::clone(&sealing.newest);
            cut.batch = batch;
            cut.lsn = Lsn(pending.lsn.load(Ordering::Relaxed));
            let mut changes = pending.changes.lock();
            for (shard, root) in changes.roots.drain(..) {
                cut.roots[usize::from(shard)] = root;
            }
            if let Some(catalog) = changes.catalog.take() {
                cut.catalog = catalog;
            }
            drop(changes);
            let cut = Arc::new(cut);
            sealing.newest = cut.clone();
            sealing.unpublished.push_back(cut);
        }
        if sealing.newest.batch > before {
            if self.waits_for_disk {
                self.sealed.store(sealing.newest.clone(), epochs);
            }
            self.sealed_batch.store(sealing.newest.batch.0, Ordering::Release);
        }
    }

    /// Number of the newest published Cut.
    pub(crate) fn published_batch(&self) -> Batch {
        Batch(self.published_batch.load(Ordering::Acquire))
    }

    /// The newest published Cut, for as long as the pin lasts.
    pub(crate) fn published<'p>(&'p self, pin: &'p Pin<'_>) -> &'p CutState {
        self.published.load(pin)
    }

    /// The newest published Cut, to keep. Register it before the pin ends.
    pub(crate) fn published_arc(&self, pin: &Pin<'_>) -> Arc<CutState> {
        self.published.load_arc(pin)
    }

    /// The newest sealed Cut, to keep. Register it before the pin ends.
    pub(crate) fn sealed_arc(&self, pin: &Pin<'_>) -> Arc<CutState> {
        if self.waits_for_disk { self.sealed.load_arc(pin) } else { self.published.load_arc(pin) }
    }
}
