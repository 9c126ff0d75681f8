//! Replaying the log at open: one thread reads, several apply, each its own shards.
//!
//! A record's sections are independent of each other, so shards need not wait for one another; and
//! each shard meets its own sections in the log's order. Records that a shard's superblock already
//! has are passed over there.
//!
//! A replay may begin in the middle of a stage: where the stages of two transactions overlap, the
//! second of them open while a checkpoint's Cut was chosen, the first not. Then every shard has
//! what the first brought, and its pieces are passed over, of which the log may have any part.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::{Batch, Lsn};
use bourse_storage::log::Entry;
use bourse_storage::sync::{Condvar, Mutex};
use bourse_storage::{Error, ErrorKind, Result};

use crate::bulk;
use crate::commit::Stage;
use crate::record::{
    KIND_ENTRY, KIND_LOAD, KIND_PIECE, KIND_RECORD, KIND_STAGED, LoadCommit, Piece, RecordView,
    SectionView, Staged,
};
use crate::recovery::Opening;
use crate::shard::{ShardState, apply};

mod ahead;

/// Work that may wait for one worker; bounds memory.
const QUEUE_BYTES: usize = 8 << 20;

/// Work that goes to a worker at once: to wake it costs as much as applying several records.
/// And the more there is, the more of the pages that it needs lie side by side.
const SEND_BYTES: usize = 1 << 20;

/// What one entry of the log asks for.
#[derive(Clone)]
pub(crate) enum Work {
    /// A record's bytes.
    Record(Lsn, Arc<[u8]>),
    /// Rows of a bulk load for one shard.
    Piece(Arc<Piece>),
    /// A bulk load is committed.
    Load(Lsn, Arc<LoadCommit>),
}

impl Work {
    fn bytes(&self) -> usize {
        match self {
            Work::Record(_, bytes) => bytes.len() + 64,
            Work::Piece(piece) => piece.bytes.len() + 64,
            Work::Load(..) => 64,
        }
    }
}

/// Work that has not been sent yet.
#[derive(Default)]
struct Bundle {
    work: VecDeque<Work>,
    bytes: usize,
}

#[derive(Default)]
struct Queue {
    work: VecDeque<Work>,
    bytes: usize,
    finished: bool,
    failed: bool,
}

/// What reader and workers share.
pub(crate) struct Replay {
    queues: Vec<(Mutex<Queue>, Condvar)>,
    /// Most pages that a worker has loaded before it applies what needs them.
    pages_ahead: u64,
}

impl Replay {
    /// For so many workers, each of which may load so many pages ahead.
    pub(crate) fn new(workers: usize, pages_ahead: u64) -> Replay {
        Replay { queues: (0..workers).map(|_| Default::default()).collect(), pages_ahead }
    }

    fn send(&self, worker: usize, bundle: &mut Bundle) -> Result<()> {
        let (queue, changed) = &self.queues[worker];
        let mut queue = queue.lock();
        while queue.bytes > QUEUE_BYTES && !queue.failed {
            changed.wait(&mut queue);
        }
        if queue.failed {
            return Err(Error::new(ErrorKind::Closed, "a replay thread has failed"));
        }
        queue.bytes += std::mem::take(&mut bundle.bytes);
        queue.work.append(&mut bundle.work);
        changed.notify_all();
        Ok(())
    }

    /// Nothing more will be sent.
    pub(crate) fn finish(&self) {
        for (queue, changed) in &self.queues {
            queue.lock().finished = true;
            changed.notify_all();
        }
    }

    /// All work that there is for a worker; none when there will be no more.
    fn receive(&self, worker: usize) -> VecDeque<Work> {
        let (queue, changed) = &self.queues[worker];
        let mut queue = queue.lock();
        loop {
            if !queue.work.is_empty() || queue.finished {
                queue.bytes = 0;
                changed.notify_all();
                return std::mem::take(&mut queue.work);
            }
            changed.wait(&mut queue);
        }
    }

    /// A worker: applies what comes until there is no more.
    pub(crate) fn work(&self, worker: usize, mut shards: Vec<Opening>) -> Result<Vec<Opening>> {
        loop {
            let mut work = self.receive(worker);
            if work.is_empty() {
                break;
            }
            if let Err(error) = self.apply_all(&mut shards, work.make_contiguous()) {
                let (queue, changed) = &self.queues[worker];
                queue.lock().failed = true;
                changed.notify_all();
                return Err(error);
            }
        }
        Ok(shards)
    }

    /// Applies work, and loads the pages of as much as may be loaded ahead before.
    fn apply_all(&self, shards: &mut [Opening], mut work: &[Work]) -> Result<()> {
        while !work.is_empty() {
            let count = ahead::load(shards, work, self.pages_ahead)?;
            let (now, later) = work.split_at(count);
            now.iter().try_for_each(|work| apply_work(shards, work))?;
            work = later;
        }
        Ok(())
    }
}

fn apply_work(shards: &mut [Opening], work: &Work) -> Result<()> {
    match work {
        Work::Record(lsn, bytes) => {
            for section in RecordView::new(bytes)?.sections() {
                let shard = shards.iter_mut().find(|s| s.state.number == section.shard());
                let Some(shard) = shard else { continue };
                let batch = shard.state.batch;
                apply_section(&mut shard.state, section, *lsn, batch)?;
                shard.warm()?;
            }
        }
        Work::Piece(piece) => {
            if let Some(shard) = shards.iter_mut().find(|s| s.state.number == piece.shard) {
                apply_piece(&mut shard.state, piece)?;
            }
        }
        Work::Load(lsn, commit) => {
            for shard in shards.iter_mut() {
                let batch = shard.state.batch;
                apply_load(&mut shard.state, commit, *lsn, batch)?;
            }
        }
    }
    Ok(())
}

/// Applies a section to its shard, unless that has it. Returns whether definitions changed.
pub(crate) fn apply_section(
    state: &mut ShardState,
    section: SectionView<'_>,
    lsn: Lsn,
    batch: Batch,
) -> Result<bool> {
    if lsn <= state.lsn {
        return Ok(false);
    }
    state.derives = bug::switched_on(Bug::CrossShardSectionsDerived);
    let redefined = apply::apply(state, section, lsn, batch)?;
    state.derives = false;
    Ok(redefined)
}

/// Builds on with a piece of a bulk load for this shard.
pub(crate) fn apply_piece(state: &mut ShardState, piece: &Piece) -> Result<()> {
    // A table that is gone from the checkpoint was loaded and dropped before it.
    if state.catalog.table(piece.table).is_ok() {
        bulk::replay_piece(state, piece)?;
    }
    Ok(())
}

/// Attaches what a bulk load built in this shard, unless that has it.
pub(crate) fn apply_load(
    state: &mut ShardState,
    commit: &LoadCommit,
    lsn: Lsn,
    batch: Batch,
) -> Result<()> {
    if lsn <= state.lsn {
        bulk::abandon(state, commit.stage);
        return Ok(());
    }
    bulk::seal(state, commit.stage)?;
    bulk::attach(state, commit, lsn, batch)
}

/// Makes work of entries: puts together what was logged in pieces.
pub(crate) struct Assembler {
    /// The LSN after which the entries begin.
    begin: Lsn,
    /// Every shard has the records up to here.
    covered: Lsn,
    /// Large records whose commit has not been met.
    staged: HashMap<u64, Vec<Arc<Piece>>>,
}

impl Assembler {
    /// One that has met nothing. It will be given the entries after LSN `begin`; the records up to
    /// `covered` are in every shard.
    pub(crate) fn new(begin: Lsn, covered: Lsn) -> Assembler {
        Assembler { begin, covered, staged: HashMap::new() }
    }

    /// The work that an entry asks for, if there is any. A piece of a large record is for
    /// [`Assembler::note`] alone.
    ///
    /// # Errors
    /// `Corrupt` for bytes that do not decode, of a kind that is not known, or that name pieces
    /// that were not met.
    pub(crate) fn work(&self, lsn: Lsn, kind: u8, payload: &[u8]) -> Result<Option<Work>> {
        match kind {
            KIND_RECORD => Ok(Some(Work::Record(lsn, payload.into()))),
            KIND_PIECE => {
                let piece = Piece::decode(payload)?;
                let passed_over = Stage::begins_after(piece.stage) < self.begin;
                Ok((!passed_over).then(|| Work::Piece(Arc::new(piece))))
            }
            KIND_STAGED => {
                let staged = Staged::decode(payload)?;
                if lsn <= self.covered {
                    return Ok(None);
                }
                let bytes = self.assemble(&staged)?;
                check_record(&bytes)?;
                Ok(Some(Work::Record(lsn, bytes)))
            }
            KIND_LOAD => {
                let commit = Arc::new(LoadCommit::decode(payload)?);
                Ok(Some(Work::Load(lsn, commit)))
            }
            KIND_ENTRY => Ok(None),
            kind => Err(Error::corrupt(format!(
                "log record {lsn} is of unknown kind {kind}: it was written by a newer version"
            ))),
        }
    }

    /// Goes on behind an entry that asked for `work`.
    pub(crate) fn note(&mut self, kind: u8, payload: &[u8], work: Option<&Work>) -> Result<()> {
        match work {
            Some(Work::Piece(piece)) if piece.is_of_record() => {
                self.staged.entry(piece.stage).or_default().push(Arc::clone(piece));
            }
            _ if kind == KIND_STAGED => {
                self.staged.remove(&Staged::decode(payload)?.stage);
            }
            _ => {}
        }
        Ok(())
    }

    fn assemble(&self, staged: &Staged) -> Result<Arc<[u8]>> {
        let pieces = self.staged.get(&staged.stage).map(Vec::as_slice).unwrap_or_default();
        let mut pieces: Vec<&Piece> = pieces.iter().map(|piece| &**piece).collect();
        pieces.sort_by_key(|piece| piece.number);
        let numbers = pieces.iter().map(|piece| piece.number);
        if !numbers.eq(0..staged.pieces) {
            return Err(Error::corrupt(format!(
                "the log has {} of the {} pieces of a large transaction: it begins too late; \
                 restore the store from a backup",
                pieces.len(),
                staged.pieces
            )));
        }
        let mut bytes = Vec::with_capacity(pieces.iter().map(|piece| piece.bytes.len()).sum());
        pieces.iter().for_each(|piece| bytes.extend_from_slice(&piece.bytes));
        Ok(bytes.into())
    }

    /// Forgets what was logged ahead in stages that began before an LSN: they will not be named.
    pub(crate) fn forget_before(&mut self, begin: Lsn) {
        self.staged.retain(|stage, _| Stage::begins_after(*stage) >= begin);
    }
}

/// Refuses a record of which something would not decode.
pub(crate) fn check_record(bytes: &[u8]) -> Result<()> {
    for section in RecordView::new(bytes)?.sections() {
        for operation in section.operations() {
            operation?;
        }
    }
    Ok(())
}

/// Reads entries and deals them to the workers.
pub(crate) struct Dispatcher<'r> {
    replay: &'r Replay,
    /// What was read and not yet sent, by worker.
    bundles: Vec<Bundle>,
    assembler: Assembler,
}

impl<'r> Dispatcher<'r> {
    /// A dispatcher of what an assembler makes of the entries.
    pub(crate) fn new(replay: &'r Replay, assembler: Assembler) -> Dispatcher<'r> {
        let bundles = (0..replay.queues.len()).map(|_| Bundle::default()).collect();
        Dispatcher { replay, bundles, assembler }
    }

    /// Sends what is left. Returns the assembler, with what no commit has named.
    pub(crate) fn finish(mut self) -> Result<Assembler> {
        let mut bundles = self.bundles.iter_mut().enumerate();
        bundles.try_for_each(|(worker, bundle)| self.replay.send(worker, bundle))?;
        Ok(self.assembler)
    }

    fn send(&mut self, worker: usize, work: Work) -> Result<()> {
        let bundle = &mut self.bundles[worker];
        bundle.bytes += work.bytes();
        bundle.work.push_back(work);
        if bundle.bytes < SEND_BYTES {
            return Ok(());
        }
        self.replay.send(worker, bundle)
    }

    /// Takes one entry of the log.
    pub(crate) fn dispatch(&mut self, entry: &Entry<'_>) -> Result<()> {
        let workers = self.replay.queues.len();
        let work = self.assembler.work(entry.lsn, entry.kind, entry.payload)?;
        self.assembler.note(entry.kind, entry.payload, work.as_ref())?;
        match work {
            None => Ok(()),
            Some(Work::Piece(piece)) if piece.is_of_record() => Ok(()),
            Some(Work::Record(lsn, bytes)) => self.record(lsn, bytes),
            Some(Work::Piece(piece)) => {
                let worker = usize::from(piece.shard) % workers;
                self.send(worker, Work::Piece(piece))
            }
            Some(load @ Work::Load(..)) => {
                (0..workers).try_for_each(|worker| self.send(worker, load.clone()))
            }
        }
    }

    fn record(&mut self, lsn: Lsn, bytes: Arc<[u8]>) -> Result<()> {
        let workers = self.replay.queues.len();
        let mut concerned = vec![false; workers];
        for section in RecordView::new(&bytes)?.sections() {
            concerned[usize::from(section.shard()) % workers] = true;
        }
        for (worker, concerned) in concerned.into_iter().enumerate() {
            if concerned {
                self.send(worker, Work::Record(lsn, Arc::clone(&bytes)))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
