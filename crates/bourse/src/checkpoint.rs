//! Background work: checkpoints, log segments made ahead of time, flushes of an Async store.
//!
//! A shard's checkpoint writes the pages of a durable Cut without any mutex; the mutex is taken at
//! its begin and its end only. After it the log is kept from the lowest LSN that either generation
//! of any shard, or an open stage, still needs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bourse_storage::bug::{self, Bug};
use bourse_storage::cache::Held;
use bourse_storage::id::{Batch, Lsn};
use bourse_storage::log::Wanted;
use bourse_storage::pager::{CheckpointCut, Reach};
use bourse_storage::{Error, ErrorKind, Result};

use crate::compact;
use crate::core::Core;
use crate::cut::CutState;
use crate::ddl::free_detached;
use crate::feed;
use crate::replication::{Stamp, holds};

/// How often the background thread looks whether there is something to do.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// After so many looks, whether one of the shards has far more space than it needs.
const LOOKS_AT_SPACE: usize = 10;

/// Nobody writes when the log has not grown for so many looks.
const IDLE_LOOKS: u32 = 20;

/// What a shard's two generations need of the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needed {
    /// Records after this one are needed by the newest generation.
    pub(crate) newest: Lsn,
    /// The same for the one before.
    pub(crate) older: Lsn,
}

impl Needed {
    /// Records after this one are needed by either generation.
    fn of_any(&self) -> Lsn {
        self.older.min(self.newest)
    }
}

/// The checkpoint thread.
pub(crate) fn run(core: &Core) {
    let (mut pace, mut looks) = (Pace::new(core), 0);
    let mut relieved = Batch::default();
    let (mut has_freed, mut is_behind) = (false, false);
    loop {
        // What a process before this one, or the leader before, took away and had no time to free.
        if !has_freed && !core.is_follower() {
            has_freed = true;
            keep_going(core, &free_detached(core));
        }
        if wait(core, if is_behind { Duration::ZERO } else { LOOK_EVERY }) {
            return;
        }
        is_behind = false;
        if core.check_running().is_err() || core.check_settled().is_err() {
            continue;
        }
        let published = core.publisher.published_batch();
        // Once for each state: where nothing was deleted since, nothing more comes of it.
        if core.wants_space.swap(false, Ordering::Relaxed) && published > relieved {
            relieved = published;
            keep_going(core, &relieve(core));
        }
        looks += 1;
        if looks % LOOKS_AT_SPACE == 0 {
            let shard = looks / LOOKS_AT_SPACE % core.shards.len();
            keep_going(core, &compact::look(core, shard));
        }
        if let Some(shard) = pace.due(core) {
            pace.begin(core, shard);
            keep_going(core, &checkpoint(core, shard));
            is_behind = pace.is_next_due(core);
        }
    }
}

/// When which shard's checkpoint is due: one shard after the other, each once in so much log as
/// the options say, or while nobody writes. So the log's start moves on steadily, a page that
/// changes all the time is written no more often than that, and a store at rest is soon one that
/// opens at once.
struct Pace {
    /// Bytes of log that there were before the open, and have yet to be covered.
    before: u64,
    /// Bytes of log that there were when each shard's turn came, and when the last one's did.
    turns: Vec<u64>,
    last: u64,
    /// Bytes of log at the last look, and looks since that grew.
    seen: u64,
    idle: u32,
}

impl Pace {
    fn new(core: &Core) -> Pace {
        let before = core.log.bytes_since(core.oldest_checkpoint().1);
        Pace { before, turns: vec![0; core.shards.len()], last: 0, seen: 0, idle: 0 }
    }

    fn written(&self, core: &Core) -> u64 {
        self.before + core.log.statistics().bytes
    }

    /// Whether a shard's part of the log was written since the last turn.
    fn is_next_due(&self, core: &Core) -> bool {
        self.written(core) - self.last > part(core)
    }

    /// The shard whose turn it is, if it has come. To be asked at each look.
    fn due(&mut self, core: &Core) -> Option<usize> {
        let written = self.written(core);
        self.idle = if written == self.seen { self.idle.saturating_add(1) } else { 0 };
        self.seen = written;
        let (shard, turn) = self.turns.iter().enumerate().min_by_key(|(_, turn)| **turn)?;
        let uncovered = written - turn;
        let is_due = self.is_next_due(core)
            || uncovered > core.options.checkpoint_log_bytes
            || (self.idle >= IDLE_LOOKS && uncovered > part(core) / 4);
        is_due.then_some(shard)
    }

    fn begin(&mut self, core: &Core, shard: usize) {
        self.last = self.written(core);
        self.turns[shard] = self.last;
    }
}

/// A shard's part of the log between two of its checkpoints.
fn part(core: &Core) -> u64 {
    core.options.checkpoint_log_bytes / core.shards.len() as u64
}

/// The thread that makes the log's next segment ready. A thread of its own: a commit that finds
/// none makes one while all others wait, and a checkpoint may take longer than a segment lasts.
pub(crate) fn run_segments(core: &Core) {
    while !wait(core, LOOK_EVERY) {
        if core.check_running().is_ok() && core.log.wants_segment() {
            keep_going(core, &core.log.prepare());
        }
    }
}

/// The thread that flushes an Async store.
pub(crate) fn run_flushes(core: &Core, max_delay: Duration) {
    while !wait(core, max_delay) {
        if core.check_running().is_ok() {
            keep_going(core, &flush(core));
        }
    }
}

/// Gives back what deleted rows and log took on a full disk. What a delete frees is free when
/// neither generation of its shard has it, so it takes two checkpoints.
fn relieve(core: &Core) -> Result<()> {
    checkpoint_all(core)?;
    checkpoint_all(core)
}

/// A full disk stops nothing: the store is read-only until there is room. Nor does a group that
/// has not agreed yet on pages that were moved. All else does.
fn keep_going(core: &Core, result: &Result<()>) {
    if let Err(error) = result {
        stop_unless_full(core, error);
    }
}

fn stop_unless_full(core: &Core, error: &Error) {
    if !matches!(error.kind(), ErrorKind::Full | ErrorKind::Busy) {
        core.stop(error);
    }
}

/// Waits, or returns true when the store is closing.
pub(crate) fn wait(core: &Core, limit: Duration) -> bool {
    let mut closing = core.closing.0.lock();
    if !*closing {
        core.closing.1.wait_for(&mut closing, limit);
    }
    *closing
}

/// Makes all that was applied durable.
pub(crate) fn flush(core: &Core) -> Result<()> {
    let newest = core.log.close_batch_if(|batch| core.publisher.may_close(batch));
    core.log.flush(newest)?;
    core.publisher.advance(&core.log, core.epochs());
    Ok(())
}

/// A checkpoint of every shard. What fails but for want of space stops the store: after a failed
/// sync nobody knows what is on disk.
pub(crate) fn checkpoint_all(core: &Core) -> Result<()> {
    core.check_running()?;
    core.check_settled()?;
    let each = || {
        flush(core)?;
        (0..core.shards.len()).try_for_each(|shard| checkpoint(core, shard))
    };
    let result = each();
    keep_going(core, &result);
    result
}

/// Checkpoints of every shard before the store is closed, and the log's end. What was logged since
/// the generation before last stays as long as that is mountable: where it is much, as after a bulk
/// load, a second round gives it up, so that it neither takes space nor is read by the next open.
pub(crate) fn checkpoint_to_rest(core: &Core) -> Result<()> {
    if core.check_settled().is_err() {
        // A checkpoint of what may be taken back would keep it.
        return flush(core);
    }
    checkpoint_all(core)?;
    if core.log.bytes_since(core.oldest_checkpoint().1) > core.options.log_segment_bytes {
        checkpoint_all(core)?;
    }
    let needed = core.oldest_checkpoint().1;
    core.log.close(needed.next(), &wanted(core)?)
}

/// A checkpoint of one shard, and where files shrink more of them while that makes its file shorter
/// (`compact`).
pub(crate) fn checkpoint(core: &Core, shard: usize) -> Result<()> {
    if !compact::is_on(core) {
        return checkpoint_once(core, shard);
    }
    // One at a time in a shard; begin and end pair up.
    let mut needed = core.shards[shard].checkpointing.lock();
    let mut rounds = compact::Rounds::new(core, shard);
    loop {
        rounds.move_pages()?;
        write_newest(core, shard, &mut needed)?;
        if !rounds.give_back()? {
            break;
        }
    }
    drop(needed);
    trim_log(core)
}

/// A checkpoint of one shard that leaves its file as long as it is.
fn checkpoint_once(core: &Core, shard: usize) -> Result<()> {
    write_newest(core, shard, &mut core.shards[shard].checkpointing.lock())?;
    trim_log(core)
}

/// Writes a shard's part of the newest Cut.
fn write_newest(core: &Core, shard: usize, needed: &mut Needed) -> Result<()> {
    let (cut, from, held) = choose_cut(core)?;
    write(core, shard, &cut, from, needed, Some(held))
}

/// A checkpoint of every shard at the same Cut. The Cut comes back held, and so do the sets of
/// pages that the checkpoints have, shard by shard.
pub(crate) fn checkpoint_at_one_cut(core: &Core) -> Result<HeldCheckpoint> {
    core.check_running()?;
    core.check_settled()?;
    let result = write_at_one_cut(core);
    if let Err(error) = &result {
        stop_unless_full(core, error);
    }
    result
}

/// A checkpoint of one Cut in all shards.
pub(crate) struct HeldCheckpoint {
    pub(crate) cut: Arc<CutState>,
    /// For as long as it lives the Cut is held.
    pub(crate) held: Held,
    /// The record behind which it needs the log.
    pub(crate) from: Lsn,
    /// The pages that it has in each shard.
    pub(crate) reaches: Vec<Reach>,
}

fn write_at_one_cut(core: &Core) -> Result<HeldCheckpoint> {
    if !bug::switched_on(Bug::CheckpointNotDurable) {
        flush(core)?;
    }
    // All of them first: a checkpoint never goes back behind one that another thread wrote.
    let mut guards: Vec<_> = core.shards.iter().map(|shard| shard.checkpointing.lock()).collect();
    let (cut, from, held) = choose_cut(core)?;
    for (shard, needed) in guards.iter_mut().enumerate() {
        write(core, shard, &cut, from, needed, None)?;
    }
    let reaches = core.shards.iter().map(|shard| shard.pager.reach()).collect();
    drop(guards);
    trim_log(core)?;
    Ok(HeldCheckpoint { cut, held, from, reaches })
}

/// The newest published Cut, durable and held, with the LSN after which its checkpoint needs the
/// log.
fn choose_cut(core: &Core) -> Result<(Arc<CutState>, Lsn, Held)> {
    assert!(core.check_settled().is_ok(), "group G1: a checkpoint is of what is agreed on");
    let undurable = bug::switched_on(Bug::CheckpointNotDurable)
        || bug::switched_on(Bug::CheckpointBeforeAgreed);
    // No stage begins or ends while the Cut is chosen: one that has ended is whole in it, and one
    // that is yet to begin lies behind it.
    let stages = core.stages.lock();
    let staged = oldest(&stages);
    // Before the Cut: what it is true of is published then (replication R7).
    let floor = core.is_follower().then(|| core.replication.stages_after());
    let (cut, held) = if undurable { core.hold_sealed() } else { core.hold_published() };
    drop(stages);
    if !core.is_sync() && !undurable {
        core.log.flush(cut.batch)?;
    }
    if let Some(group) = &core.group
        && group.has_open_end(cut.lsn, core.log.durable().1)
    {
        // Else an open would end the log before records that the checkpoint has (group G2).
        flush(core)?;
    }
    // Pieces of stages that are open at this Cut are needed by the commit that names them.
    let from = staged.map_or(cut.lsn, |first| cut.lsn.min(Lsn(first.0 - 1)));
    let from = floor.map_or(from, |floor| from.min(floor));
    Ok((cut, from, held))
}

/// Writes a shard's part of a held Cut; `needed` is the shard's. A Cut of which only this part is
/// wanted comes with what holds it: the shard's writer keeps the pages itself from the begin of the
/// checkpoint on, and those of the other shards may be used again.
fn write(
    core: &Core,
    shard: usize,
    cut: &CutState,
    from: Lsn,
    needed: &mut Needed,
    held: Option<Held>,
) -> Result<()> {
    let shard_at = &core.shards[shard];
    let plan = shard_at.state.lock().writer.begin_checkpoint(CheckpointCut {
        batch: cut.batch,
        lsn: cut.lsn,
        root: cut.roots[shard].encode(),
        meta: from.0.to_le_bytes().to_vec(),
    })?;
    drop(held);
    let written = shard_at.pager.run_checkpoint(&plan);
    shard_at.state.lock().writer.end_checkpoint(plan);
    written?;
    needed.older = needed.newest;
    needed.newest = from;
    Ok(())
}

/// Gives up log that no generation of any shard needs, no open stage, and no feed wants.
pub(crate) fn trim_log(core: &Core) -> Result<()> {
    let mut from = Lsn(u64::MAX);
    for shard in &core.shards {
        // A shard whose checkpoint is running keeps what it needed before.
        let Some(needed) = shard.checkpointing.try_lock() else { return Ok(()) };
        from = from.min(needed.of_any());
    }
    if let Some(first) = oldest(&core.stages.lock()) {
        from = from.min(Lsn(first.0 - 1));
    }
    if let Some(group) = &core.group {
        from = group.keep(from);
    }
    core.log.retain(from.next(), &wanted(core)?)?;
    if let Some(group) = &core.group {
        group.trim(core.log.first_lsn());
    }
    Ok(())
}

/// What of the log feeds and followers have yet to read.
fn wanted(core: &Core) -> Result<Vec<Wanted>> {
    let bytes_max = core.options.feed_log_bytes_max;
    let by_feeds = feed::wanted_after(core)?;
    let by_feeds = by_feeds.map(|after| Wanted { from: after.next(), bytes_max });
    Ok(by_feeds.into_iter().chain(holds::wanted(core)).collect())
}

/// The last record that may be shipped, once it is durable, and what is true behind it.
pub(crate) fn horizon(core: &Core) -> Stamp {
    // Before the Cut, as what a follower knows is true of what it has published by then.
    let follows = core.is_follower();
    let floor = follows.then(|| core.replication.stages_after());
    // No stage begins or ends meanwhile: one that has ended is whole in the Cut.
    let stages = core.stages.lock();
    let closed_us = core.replication.closed_us(follows);
    let published = core.published_lsn();
    if let Some(group) = core.group.as_ref().filter(|group| !group.is_settled()) {
        // Of the state of the open it is not known yet what remains of it.
        return Stamp { published: group.agreed(), closed_us: 0, stages_after: Lsn(0) };
    }
    let stages_after = self::floor(&stages, published).min(floor.unwrap_or(published));
    drop(stages);
    Stamp { published, closed_us, stages_after }
}

/// The record behind which all stages began that are open, where `last` is the last one of all.
pub(crate) fn floor(stages: &BTreeMap<u64, Lsn>, last: Lsn) -> Lsn {
    oldest(stages).map_or(last, |first| last.min(Lsn(first.0 - 1)))
}

/// The first record of any stage that is open.
fn oldest(stages: &BTreeMap<u64, Lsn>) -> Option<Lsn> {
    if bug::switched_on(Bug::LogCutPastStagedChunk) {
        return None;
    }
    stages.values().copied().min()
}

impl Core {
    /// Before a transaction begins: while more than half of what may be retained of the log is, and
    /// checkpoints are what keeps it, whoever wants to write helps with one. So the log does not
    /// outgrow its bound however slow the disk is. No mutex is held here.
    ///
    /// # Errors
    /// Whatever stops the store. A full disk is met by the commit itself.
    pub(crate) fn make_log_room(&self) -> Result<()> {
        if !self.log.is_long() || self.check_settled().is_err() {
            return Ok(());
        }
        let (shard, needed) = self.oldest_checkpoint();
        if self.log.bytes_since(needed) <= self.options.log_bytes_max / 2 {
            // A load or a large transaction keeps it; its own end is what helps.
            return Ok(());
        }
        let written = flush(self).and_then(|()| checkpoint_once(self, shard));
        match written {
            Err(error) if error.kind() != ErrorKind::Full => {
                self.stop(&error);
                Err(error)
            }
            _ => Ok(()),
        }
    }

    /// The shard whose checkpoints need the oldest log, with the LSN behind which they need it.
    fn oldest_checkpoint(&self) -> (usize, Lsn) {
        let covered = self
            .shards
            .iter()
            .enumerate()
            .map(|(number, shard)| (number, shard.checkpointing.lock().of_any()));
        covered.min_by_key(|(_, lsn)| *lsn).unwrap_or((0, Lsn(0)))
    }
}
