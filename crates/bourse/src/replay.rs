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
use bourse_storage::id::Lsn;
use bourse_storage::log::Entry;
use bourse_storage::sync::{Condvar, Mutex};
use bourse_storage::{Error, ErrorKind, Result};

use crate::bulk;
use crate::commit::Stage;
use crate::record::{
    KIND_LOAD, KIND_PIECE, KIND_RECORD, KIND_STAGED, LoadCommit, Piece, RecordView, Staged,
};
use crate::recovery::Opening;
use crate::shard::apply;

/// Work that may wait for one worker; bounds memory.
const QUEUE_BYTES: usize = 8 << 20;

/// Work that goes to a worker at once: to wake it costs as much as applying several records.
const SEND_BYTES: usize = 64 << 10;

/// One piece of work, for one worker.
#[derive(Clone)]
enum Work {
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
struct Parcel {
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
}

impl Replay {
    /// For so many workers.
    pub(crate) fn new(workers: usize) -> Replay {
        Replay { queues: (0..workers).map(|_| Default::default()).collect() }
    }

    fn send(&self, worker: usize, parcel: &mut Parcel) -> Result<()> {
        let (queue, changed) = &self.queues[worker];
        let mut queue = queue.lock();
        while queue.bytes > QUEUE_BYTES && !queue.failed {
            changed.wait(&mut queue);
        }
        if queue.failed {
            return Err(Error::new(ErrorKind::Closed, "a replay thread has failed"));
        }
        queue.bytes += std::mem::take(&mut parcel.bytes);
        queue.work.append(&mut parcel.work);
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
            let work = self.receive(worker);
            if work.is_empty() {
                break;
            }
            if let Err(error) = work.iter().try_for_each(|work| apply_work(&mut shards, work)) {
                let (queue, changed) = &self.queues[worker];
                queue.lock().failed = true;
                changed.notify_all();
                return Err(error);
            }
        }
        for shard in &mut shards {
            // What was never committed is not part of any Cut.
            bulk::abandon_all(&mut shard.state);
        }
        Ok(shards)
    }
}

fn apply_work(shards: &mut [Opening], work: &Work) -> Result<()> {
    match work {
        Work::Record(lsn, bytes) => {
            for section in RecordView::new(bytes)?.sections() {
                let shard = shards.iter_mut().find(|s| s.state.number == section.shard());
                let Some(shard) = shard.filter(|shard| *lsn > shard.state.lsn) else { continue };
                let batch = shard.state.batch;
                shard.state.derives = bug::switched_on(Bug::CrossShardSectionsDerived);
                apply::apply(&mut shard.state, section, *lsn, batch)?;
                shard.state.derives = false;
                shard.warm()?;
            }
        }
        Work::Piece(piece) => {
            let shard = shards.iter_mut().find(|s| s.state.number == piece.shard);
            // A table that is gone from the checkpoint was loaded and dropped before it.
            if let Some(shard) = shard
                && shard.state.catalog.table(piece.table).is_ok()
            {
                bulk::add_piece(&mut shard.state, piece)?;
            }
        }
        Work::Load(lsn, commit) => {
            for shard in shards.iter_mut() {
                if *lsn > shard.state.lsn {
                    bulk::seal(&mut shard.state, commit.stage)?;
                    let batch = shard.state.batch;
                    bulk::attach(&mut shard.state, commit, *lsn, batch)?;
                } else {
                    bulk::abandon(&mut shard.state, commit.stage);
                }
            }
        }
    }
    Ok(())
}

/// Reads entries and deals them to the workers.
pub(crate) struct Dispatcher<'r> {
    replay: &'r Replay,
    /// What was read and not yet sent, by worker.
    parcels: Vec<Parcel>,
    /// The LSN after which the replay begins.
    begin: Lsn,
    /// Every shard's superblock has the records up to here.
    covered: Lsn,
    /// Large records whose commit has not been met.
    staged: HashMap<u64, Vec<Piece>>,
}

impl<'r> Dispatcher<'r> {
    /// A dispatcher that has met nothing. It will be given the records after LSN `begin`; those up
    /// to `covered` are in every shard.
    pub(crate) fn new(replay: &'r Replay, begin: Lsn, covered: Lsn) -> Dispatcher<'r> {
        let parcels = (0..replay.queues.len()).map(|_| Parcel::default()).collect();
        Dispatcher { replay, parcels, begin, covered, staged: HashMap::new() }
    }

    /// Sends what is left.
    pub(crate) fn finish(mut self) -> Result<()> {
        let mut parcels = self.parcels.iter_mut().enumerate();
        parcels.try_for_each(|(worker, parcel)| self.replay.send(worker, parcel))
    }

    fn send(&mut self, worker: usize, work: Work) -> Result<()> {
        let parcel = &mut self.parcels[worker];
        parcel.bytes += work.bytes();
        parcel.work.push_back(work);
        if parcel.bytes < SEND_BYTES {
            return Ok(());
        }
        self.replay.send(worker, parcel)
    }

    /// Takes one entry of the log.
    pub(crate) fn dispatch(&mut self, entry: &Entry<'_>) -> Result<()> {
        match entry.kind {
            KIND_RECORD => self.record(entry.lsn, entry.payload),
            KIND_PIECE => self.piece(Piece::decode(entry.payload)?),
            KIND_STAGED => {
                let staged = Staged::decode(entry.payload)?;
                if entry.lsn <= self.covered {
                    self.staged.remove(&staged.stage);
                    return Ok(());
                }
                let bytes = self.assemble(&staged)?;
                self.record(entry.lsn, &bytes)
            }
            KIND_LOAD => {
                let commit = Arc::new(LoadCommit::decode(entry.payload)?);
                for worker in 0..self.replay.queues.len() {
                    self.send(worker, Work::Load(entry.lsn, Arc::clone(&commit)))?;
                }
                Ok(())
            }
            kind => Err(Error::corrupt(format!(
                "log record {} is of unknown kind {kind}: it was written by a newer version",
                entry.lsn
            ))),
        }
    }

    fn record(&mut self, lsn: Lsn, bytes: &[u8]) -> Result<()> {
        let workers = self.replay.queues.len();
        let mut concerned = vec![false; workers];
        for section in RecordView::new(bytes)?.sections() {
            concerned[usize::from(section.shard()) % workers] = true;
        }
        let bytes: Arc<[u8]> = bytes.into();
        for (worker, concerned) in concerned.into_iter().enumerate() {
            if concerned {
                self.send(worker, Work::Record(lsn, Arc::clone(&bytes)))?;
            }
        }
        Ok(())
    }

    fn piece(&mut self, piece: Piece) -> Result<()> {
        if Stage::begins_after(piece.stage) < self.begin {
            return Ok(());
        }
        if piece.shard == u16::MAX {
            self.staged.entry(piece.stage).or_default().push(piece);
            return Ok(());
        }
        let worker = usize::from(piece.shard) % self.replay.queues.len();
        self.send(worker, Work::Piece(Arc::new(piece)))
    }

    fn assemble(&mut self, staged: &Staged) -> Result<Vec<u8>> {
        let mut pieces = self.staged.remove(&staged.stage).unwrap_or_default();
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
        Ok(pieces.into_iter().flat_map(|piece| piece.bytes).collect())
    }
}
