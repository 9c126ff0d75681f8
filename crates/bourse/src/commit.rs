//! Committing: from a write set to a record, to the log, to the shards, to the reader.
//!
//! A commit walks through the modules like this:
//!
//! 1. [`crate::transaction::run`] runs the closure and holds the mutexes of every shard that the
//!    transaction read or wrote, in ascending order.
//! 2. [`crate::transaction::validate`] checks what was read against the heads (optimistic only).
//! 3. [`commit`] builds the record, and does everything that can refuse: definitions as they were,
//!    row locks, space on disk, pages in memory.
//! 4. [`bourse_storage::log::Log::append`] takes LSN, batch and log position in one step; the
//!    record is counted in its batch there ([`Publisher::enter`](crate::cut::Publisher::enter)).
//! 5. [`crate::shard::apply`] changes each shard from the record's bytes; it cannot refuse.
//! 6. The mutexes are let go. [`Core::settle`] waits for the flush, or leads it, and publishes.
//!
//! Invariants:
//! - **C1** Between append and the last apply all mutexes stay held.
//! - **C2** Nothing that can refuse happens after append. What thousands of changes of a shard need
//!   of the disk is estimated, not summed up (`bourse_storage::pager::Need`): should they need
//!   more, and the disk be full, the store stops, and has them when it is opened with space.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::{Batch, Lsn};
use bourse_storage::pager::Need;
use bourse_storage::store::{PageSource, Step, Stop};
use bourse_storage::sync;
use bourse_storage::tree::{self, Leaf, Root, Seek};
use bourse_storage::{ErrorKind, Result};

use crate::catalog::Catalog;
use crate::core::Core;
use crate::feed::{self, Told};
use crate::record::{
    KIND_PIECE, KIND_RECORD, KIND_STAGED, Piece, Record, RecordView, STAGE_BYTES, Staged,
};
use crate::scan;
use crate::shard::{ShardState, apply};
use crate::transaction::Halt;
use crate::transaction::locks::set::LockPlace;
use crate::transaction::locks::wait::{Passing, Waiter};
use crate::transaction::locks::{LockMode, Owner};
use crate::transaction::write_set::WriteSet;
use crate::view::FedGroup;

/// The shards whose mutexes a commit holds, ascending.
pub(crate) type Held<'s> = [&'s mut ShardState];

/// Bytes of a record that takes long to apply: it joins no batch that readers may wait for.
const OWN_BATCH_BYTES: usize = 64 << 10;

/// How a commit ended, short of an error.
pub(crate) enum Outcome<'c> {
    /// Applied in this batch. A record that was staged under the mutexes keeps its staging until
    /// that is published.
    Applied(Batch, Option<Staging<'c>>),
    /// Not applied: what is missing must be met without the mutexes first.
    Halted(Halt),
    /// Not applied: somebody's row lock is in the way.
    Locked(Passing<'c>),
}

/// Where a commit has come to be applied.
#[derive(Clone, Copy)]
pub(crate) struct Applied {
    /// Its number.
    pub(crate) lsn: Lsn,
    /// Its batch, which is not sealed yet.
    pub(crate) batch: Batch,
    /// Bytes of its record.
    pub(crate) bytes: usize,
    /// The stage that must be ended once it is published; 0 if there is none.
    pub(crate) stage: u64,
}

/// What is to be committed.
pub(crate) struct Commit<'c> {
    /// The definitions it was built under.
    pub(crate) catalog: &'c Catalog,
    /// The changes.
    pub(crate) writes: &'c WriteSet,
    /// Keys that must stay, as foreign keys refer to them.
    pub(crate) relied: &'c [LockPlace],
    /// Whose row locks do not stand in its way.
    pub(crate) owner: Option<Owner>,
    /// The log already holds the record in pieces.
    pub(crate) staged: Option<&'c Staging<'c>>,
    /// Whether missing pages may be loaded under the mutexes.
    pub(crate) loads: bool,
    /// Whether the pages that were looked at for the changes are still in memory, as where they
    /// were made under the same mutexes: if not, it takes longer.
    pub(crate) keeps_seen: bool,
    /// Called once it is applied and before its batch can be sealed, under the mutexes.
    pub(crate) on_applied: Option<&'c dyn Fn(Applied)>,
}

/// Commits under the mutexes of all shards concerned.
///
/// # Errors
/// Before append: whatever refuses, and nothing has changed. After: the disk's; the store stops.
pub(crate) fn commit<'c>(
    core: &'c Core,
    states: &mut Held<'_>,
    commit: &Commit<'_>,
) -> Result<Outcome<'c>> {
    core.check_writable()?;
    let result = commit_changes(core, states, commit);
    if result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Full) {
        core.wants_space.store(true, Ordering::Relaxed);
    }
    result
}

fn commit_changes<'c>(
    core: &'c Core,
    states: &mut Held<'_>,
    commit: &Commit<'_>,
) -> Result<Outcome<'c>> {
    if states.iter().any(|state| state.catalog.version != commit.catalog.version) {
        return Ok(Outcome::Halted(Halt::Redefined));
    }
    if let Some(passing) = row_lock_in_the_way(core, states, commit)? {
        return Ok(Outcome::Locked(passing));
    }
    for state in states.iter_mut() {
        state.writer.reclaim(core.publisher.published_batch());
    }
    reserve_space(states, commit.writes)?;
    if !commit.loads
        && let Some(halt) = touch_pages(core, states, commit)?
    {
        return Ok(Outcome::Halted(halt));
    }
    let groups = match feed::groups_told(core, states, commit.writes, commit.loads)? {
        Told::Groups(groups) => groups,
        Told::Halted(halt) => return Ok(Outcome::Halted(halt)),
    };
    let (mut bytes, mut late) = (None, None);
    if commit.staged.is_none() {
        let record = encode(commit.catalog, commit.writes, &groups)?;
        if record.len() >= STAGE_BYTES && !groups.is_empty() {
            // What the groups become is not known before the mutexes are held.
            late = Some(stage_record(core, record)?);
        } else {
            bytes = Some(record);
        }
    }
    let staged = commit.staged.or(late.as_ref());
    let bytes: &[u8] = match (&bytes, staged) {
        (Some(bytes), _) => bytes,
        (None, Some(staging)) => &staging.record,
        (None, None) => unreachable!("a record is whole or staged"),
    };
    let stage = staged.map_or(0, |staging| staging.stage.number);
    let before_leave = |lsn, batch| {
        if let Some(on_applied) = commit.on_applied {
            on_applied(Applied { lsn, batch, bytes: bytes.len(), stage });
        }
    };
    let batch = append_apply_then(core, states, bytes, staged, before_leave)?;
    core.queues.committed(commit.writes);
    for (counter, next) in commit.writes.raised() {
        core.id_blocks.lock().raise(counter, next);
    }
    Ok(Outcome::Applied(batch, late))
}

/// The record of a write set, with the states of groups that feeds tell of.
fn encode(
    catalog: &Catalog,
    writes: &WriteSet,
    groups: &[FedGroup],
) -> Result<rkyv::util::AlignedVec> {
    thread_local! {
        /// The last record of this thread: its memory.
        static RECORD: Cell<Record> = Cell::default();
    }
    let mut record = RECORD.take();
    record.begin(catalog.version, sync::wall_clock_us());
    record.reserve(writes.bytes());
    writes.write_to(groups, &mut record)?;
    let encoded = record.encode();
    if record.is_small() {
        RECORD.set(record);
    }
    encoded
}

pub(crate) fn append_and_apply(
    core: &Core,
    states: &mut Held<'_>,
    bytes: &[u8],
    staged: Option<&Staging<'_>>,
) -> Result<Batch> {
    append_apply_then(core, states, bytes, staged, |_, _| {})
}

/// As [`append_and_apply`]; `before_leave` is called when all is applied, and so before the batch
/// can be sealed.
fn append_apply_then(
    core: &Core,
    states: &mut Held<'_>,
    bytes: &[u8],
    staged: Option<&Staging<'_>>,
    before_leave: impl FnOnce(Lsn, Batch),
) -> Result<Batch> {
    let view = RecordView::new(bytes)?;
    let commit_record;
    let (kind, payload): (u8, &[u8]) = match staged {
        Some(staging) => {
            commit_record = staging.commit.encode()?;
            (KIND_STAGED, &commit_record)
        }
        None => (KIND_RECORD, bytes),
    };
    core.check_writable()?;
    core.log.reserve(payload.len())?;
    // From here on nothing refuses (C2).
    let enter = |lsn, batch| core.publisher.enter(lsn, batch);
    let leaves = core.publisher.leaves_to_readers(core.log.open_batch());
    if leaves && payload.len() >= OWN_BATCH_BYTES {
        // So that who reads what was left before it does not wait for it.
        core.log.close_batch_if(|batch| core.publisher.may_close(batch));
    }
    let (lsn, batch) = if core.is_sync() || leaves || is_followed(core, states) {
        core.log.append(kind, payload, enter)?
    } else {
        // Published at seal: its caller waits for no record that comes later.
        core.log.append_last(kind, payload, enter)?
    };
    core.note_record(lsn, kind, payload);
    let is_fed = states.first().is_some_and(|state| !state.catalog.feeds().is_empty());
    if let Some(staging) = staged.filter(|_| is_fed) {
        core.feeds.note_staged(lsn, staging.stage.number);
    }
    for section in view.sections() {
        let state = states.iter_mut().find(|state| state.number == section.shard());
        let Some(state) = state else {
            unreachable!("C1: the mutex of shard {} is held", section.shard());
        };
        match apply::apply(state, section, lsn, batch) {
            Ok(redefined) => {
                if redefined {
                    core.publisher.redefined(batch, state.catalog.clone());
                    // Definitions are not left to readers: they are looked up without asking.
                    core.publisher.ask_to_publish();
                }
                core.publisher.changed(batch, state.number, state.head);
            }
            Err(error) => {
                core.stop(&error);
                return Err(error);
            }
        }
    }
    before_leave(lsn, batch);
    core.publisher.leave(batch);
    Ok(batch)
}

/// Whether the same thread goes on with other transactions of these shards: in one batch they copy
/// fewer pages.
fn is_followed(core: &Core, states: &Held<'_>) -> bool {
    states.iter().any(|state| core.shards[usize::from(state.number)].state.has_queued())
}

/// The place in the queue of a lock that somebody else has on what is to be written or, as the key
/// of a parent, to stay, if there is one. While nobody else holds a lock in these shards it costs a
/// look at each.
fn row_lock_in_the_way<'c>(
    core: &'c Core,
    states: &mut Held<'_>,
    commit: &Commit<'_>,
) -> Result<Option<Passing<'c>>> {
    let is_free = |state: &ShardState| state.locks.is_held_by_at_most(commit.owner);
    if states.iter().all(|state| is_free(state)) || bug::switched_on(Bug::RowLockCheckOff) {
        return Ok(None);
    }
    let written =
        commit.writes.iter().map(|(shard, tree, key, change)| (shard, (tree, key), Some(change)));
    let relied = commit
        .relied
        .iter()
        .map(|LockPlace { shard, name: (tree, key) }| (*shard, (*tree, key.as_slice()), None));
    for (shard, (tree, key), change) in written.chain(relied) {
        let Some(state) = states.iter_mut().find(|state| state.number == shard) else {
            if bug::switched_on(Bug::OnlyWrittenShardsLocked) {
                continue;
            }
            unreachable!("C1: the mutex of shard {shard} is held");
        };
        if is_free(state) {
            continue;
        }
        let mode = match change {
            Some(change) => commit.writes.lock_mode(commit.catalog, tree, change),
            None => LockMode::KeyShare,
        };
        let name = (tree, key.to_vec());
        if state.locks.is_locked(&name, mode, commit.owner) {
            let waiter = Waiter::new(core, commit.owner, mode, false);
            state.locks.enqueue(&name, &waiter, &core.lock_waits, state.batch)?;
            return Ok(Some(Passing::new(core, shard, name, waiter)));
        }
    }
    Ok(None)
}

/// Pages that one small change may copy or add, root to leaf, splits included.
pub(crate) const PAGES_A_CHANGE: usize = 8;

/// Promises the disk space that the applies may need. States and changes are both in the order of
/// shards, so one walk over the changes does for all states.
fn reserve_space(states: &mut Held<'_>, writes: &WriteSet) -> Result<()> {
    let (mut changes, mut touched) = (writes.iter().peekable(), writes.touched().peekable());
    for state in states.iter_mut() {
        let mut need = Need::default();
        let mut only_deletes = true;
        while let Some((_, _, key, change)) = changes.next_if(|change| change.0 == state.number) {
            let value = change.value.as_deref().unwrap_or_default();
            need = scan::need(need.and(PAGES_A_CHANGE), key, value);
            only_deletes &= !change.logged.is_row() || change.value.is_none();
        }
        // What was touched in vain may be in a shard that nothing is written to.
        while touched.next_if(|touched| touched.0 < state.number).is_some() {}
        while let Some((_, _, key, touch)) = touched.next_if(|touched| touched.0 == state.number) {
            need = scan::need_of(need.and(PAGES_A_CHANGE), key.len(), touch.bytes);
        }
        state.writer.reserve(need, only_deletes)?;
    }
    assert!(changes.peek().is_none(), "C1: the mutex of each shard that is written to is held");
    Ok(())
}

/// Brings to light which page the applies would miss, without loading it.
fn touch_pages(core: &Core, states: &mut Held<'_>, commit: &Commit<'_>) -> Result<Option<Halt>> {
    let keeps_seen = commit.keeps_seen;
    let changed = commit.writes.iter().filter(|(_, _, _, change)| !(keeps_seen && change.was_seen));
    let changed = changed.map(|(shard, tree, key, _)| (shard, tree, key, Around::Nothing));
    let touched = commit.writes.touched();
    let touched = touched.map(|(shard, tree, key, touch)| {
        let around = if touch.neighbours { Around::Neighbours } else { Around::Nothing };
        (shard, tree, key, around)
    });
    let mut keys = changed.chain(touched).peekable();
    while let Some((shard, tree, key, around)) = keys.next() {
        let Some(state) = states.iter_mut().find(|state| state.number == shard) else {
            // What was touched in vain may be in a shard that nothing is written to.
            continue;
        };
        let head = state.head;
        let step: Step<()> = {
            let pin = core.epochs().pin();
            let source = core.shards[usize::from(shard)].pager.source(&pin, state.batch);
            let root = state.roots.of(&source, head, tree);
            let end = root.and_then(|root| touch_leaf(&source, root, key, around));
            end.map(|end| {
                // Changes come in the order of keys: those that follow are often of this leaf, too.
                let is_there = |next: &(u16, u32, &[u8], Around)| {
                    let is_of = (next.0, next.1, next.3) == (shard, tree, Around::Nothing);
                    is_of && end.is_none_or(|end| next.2 < end)
                };
                while keys.next_if(is_there).is_some() {}
            })
        };
        match step {
            Ok(()) => {}
            Err(Stop::Miss(link)) => return Ok(Some(Halt::Miss(shard, link))),
            Err(Stop::Error(error)) => return Err(error),
        }
    }
    Ok(None)
}

/// What of a tree is looked at beside the leaf of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    /// The entries before and behind the key: where it is the end of a view's multiset and goes,
    /// applying looks for the next one.
    Neighbours,
}

/// Returns where the keys end that lie in the same leaf, of those that are not below this one;
/// `None` where all of them do.
fn touch_leaf<'s, S: PageSource>(
    source: &'s S,
    root: Root,
    key: &[u8],
    around: Around,
) -> Step<Option<&'s [u8]>> {
    if around == Around::Nothing {
        let Some(link) = tree::leaf_of(source, root, key)? else { return Ok(None) };
        return Ok(Leaf::new(source.page(link)?).upper_fence());
    }
    let found = tree::leaf(source, root, Seek::AtLeast(key))?;
    // The last leaf was looked at, as for all keys behind this one.
    let Some((link, slot)) = found else { return Ok(None) };
    let leaf = Leaf::new(source.page(link)?);
    if slot + 1 >= leaf.count() {
        tree::leaf(source, root, Seek::After(key))?;
    }
    if slot == 0 {
        tree::leaf(source, root, Seek::Before(key))?;
    }
    // It may be the one behind that of the key, which has nothing from there on: of that one no end
    // is known, and nothing lies before the empty key.
    let is_of_key = leaf.lower_fence() <= key;
    Ok(if is_of_key { leaf.upper_fence() } else { Some(&[]) })
}

/// A stage of the log: pieces logged ahead of the commit that names them. While it lives the log is
/// kept from its first piece on; so it must outlive the publication of its commit, and in a store
/// that has stopped, where nobody knows what becomes of the commit, it never ends.
pub(crate) struct Stage<'c> {
    core: &'c Core,
    number: u64,
}

impl<'c> Stage<'c> {
    /// A new stage.
    pub(crate) fn begin(core: &'c Core) -> Stage<'c> {
        let mut stages = core.stages.lock();
        let lsn = core.log.last_lsn();
        let number = lsn.0 << 16 | (core.next_owner() & 0xffff);
        stages.insert(number, lsn.next());
        Stage { core, number }
    }

    /// The last LSN before the stage of that number began.
    pub(crate) fn begins_after(number: u64) -> Lsn {
        Lsn(number >> 16)
    }

    /// Leaves it to another to end the stage, by [`Core::end_stage`].
    pub(crate) fn leave_open(mut self) -> u64 {
        std::mem::take(&mut self.number)
    }
}

impl Core {
    /// Ends the stage of that number: its commit is published. No stage has the number 0.
    pub(crate) fn end_stage(&self, number: u64) {
        if number != 0 && self.check_running().is_ok() {
            self.stages.lock().remove(&number);
        }
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        self.core.end_stage(self.number);
    }
}

/// A record that is too large for one log frame, logged ahead in pieces.
pub(crate) struct Staging<'c> {
    /// Outlives the publication of the commit.
    stage: Stage<'c>,
    commit: Staged,
    /// The record whole, to apply from.
    pub(crate) record: rkyv::util::AlignedVec,
}

impl Staging<'_> {
    /// Leaves it to another to end the stage, by [`Core::end_stage`].
    pub(crate) fn leave_open(mut self) {
        self.stage.number = 0;
    }
}

/// Logs a large record ahead of its commit; small ones need no staging, and those that change what
/// feeds of views tell of are staged when that is known.
///
/// # Errors
/// The log's.
pub(crate) fn stage<'c>(
    core: &'c Core,
    catalog: &Catalog,
    writes: &WriteSet,
) -> Result<Option<Staging<'c>>> {
    let is_fed = || catalog.fed_views().iter().any(|view| view.is_changed_by(writes));
    if writes.bytes() < STAGE_BYTES || is_fed() {
        return Ok(None);
    }
    stage_record(core, encode(catalog, writes, &[])?).map(Some)
}

/// Logs a record in pieces.
///
/// # Errors
/// The log's.
pub(crate) fn stage_record(core: &Core, record: rkyv::util::AlignedVec) -> Result<Staging<'_>> {
    let stage = Stage::begin(core);
    let mut pieces = 0;
    for bytes in record.chunks(STAGE_BYTES) {
        let (number, bytes) = (pieces, bytes.to_vec());
        let shard = u16::MAX;
        let (stage, continues) = (stage.number, false);
        core.log_piece(&Piece { stage, number, shard, table: 0, tree: 0, continues, bytes })?;
        pieces += 1;
    }
    let commit = Staged { stage: stage.number, pieces };
    Ok(Staging { stage, commit, record })
}

impl Core {
    /// Logs a piece of a stage. It belongs to no shard, so it leaves its batch at once.
    pub(crate) fn log_piece(&self, piece: &Piece) -> Result<()> {
        self.check_writable()?;
        let payload = piece.encode()?;
        // Nobody waits for a piece, so nobody else would make room for further batches (P4).
        self.publisher.advance(&self.log, self.epochs());
        self.log.reserve(payload.len())?;
        let (lsn, batch) =
            self.log.append(KIND_PIECE, &payload, |lsn, batch| self.publisher.enter(lsn, batch))?;
        self.note_record(lsn, KIND_PIECE, &payload);
        self.publisher.leave(batch);
        Ok(())
    }
}
