//! The threads that log the pieces of a load and build its trees, each for its own shards.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bourse_storage::sync::{self, Condvar, JoinHandle, Mutex};
use bourse_storage::{Error, ErrorKind, Result};

use crate::bulk;
use crate::core::Core;
use crate::pairs::Pairs;
use crate::record::Piece;
use crate::shard;

/// Bytes of a piece, about.
const PIECE_BYTES: usize = 1 << 20;
/// Most bytes of a piece: only a single large row makes several of them.
const PIECE_BYTES_MAX: usize = 4 * PIECE_BYTES;
/// Buffers of pieces that are kept.
const BUFFERS_MAX: usize = 16;
/// Pieces that may wait for one worker.
const QUEUE_PIECES: usize = 8;

/// Memory of pieces that are built, for those to come: fresh memory of that size costs as much as
/// filling it.
#[derive(Clone, Default)]
pub(super) struct Buffers(Arc<Mutex<Vec<Vec<u8>>>>);

impl Buffers {
    fn take(&self) -> Vec<u8> {
        let used = self.0.lock().pop();
        used.unwrap_or_else(|| Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 16))
    }

    fn give(&self, mut bytes: Vec<u8>) {
        let mut buffers = self.0.lock();
        if bytes.capacity() >= PIECE_BYTES && buffers.len() < BUFFERS_MAX {
            bytes.clear();
            buffers.push(bytes);
        }
    }
}

/// Adds a pair to a piece that is being filled. Where it has no room for it, the pair begins the
/// next one, and the full one is returned.
pub(super) fn push_or_begin(
    open: &mut Vec<u8>,
    key: &[u8],
    value: &[u8],
    buffers: &Buffers,
) -> Result<Option<Vec<u8>>> {
    let mut full = None;
    if !open.is_empty() && open.len() + key.len() + value.len() > PIECE_BYTES {
        full = Some(std::mem::replace(open, buffers.take()));
    }
    bulk::push_pair(open, key, value)?;
    Ok(full)
}

/// The tree that pieces are for.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) stage: u64,
    pub(super) shard: u16,
    pub(super) table: u32,
    pub(super) tree: u32,
}

impl Target {
    /// Makes pieces of bytes and hands them out: one, unless a single row is larger.
    pub(super) fn cut(
        self,
        bytes: Vec<u8>,
        pieces: &AtomicU32,
        mut take: impl FnMut(Piece) -> Result<()>,
    ) -> Result<()> {
        let Target { stage, shard, table, tree } = self;
        let piece = |bytes: Vec<u8>, continues: bool| {
            let number = pieces.fetch_add(1, Ordering::Relaxed);
            Piece { stage, number, shard, table, tree, continues, bytes }
        };
        if bytes.len() <= PIECE_BYTES_MAX {
            return take(piece(bytes, false));
        }
        let mut parts = bytes.chunks(PIECE_BYTES_MAX).peekable();
        while let Some(part) = parts.next() {
            take(piece(part.to_vec(), parts.peek().is_some()))?;
        }
        Ok(())
    }
}

/// What a worker is given.
pub(super) enum Work {
    /// To log and to build on with.
    Piece(Piece),
    /// All that a load has for a tree of a shard, to be sorted and cut into pieces.
    Pairs(Target, Pairs),
}

#[derive(Default)]
struct Queue {
    work: VecDeque<Work>,
    finished: bool,
    failed: bool,
}

/// The threads.
pub(super) struct Workers {
    core: Arc<Core>,
    queues: Vec<Arc<(Mutex<Queue>, Condvar)>>,
    /// Pieces made so far.
    pub(super) pieces: Arc<AtomicU32>,
    pub(super) buffers: Buffers,
    running: Vec<JoinHandle<Result<()>>>,
}

impl Workers {
    pub(super) fn start(core: &Arc<Core>) -> Workers {
        let count = shard::workers(core.shards.len());
        let mut workers = Workers {
            core: Arc::clone(core),
            queues: Vec::new(),
            pieces: Arc::default(),
            buffers: Buffers::default(),
            running: Vec::new(),
        };
        for _ in 0..count {
            let queue = Arc::new((Mutex::new(Queue::default()), Condvar::new()));
            let (body_core, body_queue) = (Arc::clone(core), Arc::clone(&queue));
            let (pieces, buffers) = (Arc::clone(&workers.pieces), workers.buffers.clone());
            workers.queues.push(queue);
            let body = move || work(&body_core, &body_queue, &pieces, &buffers);
            workers.running.push(sync::spawn("bourse-load", body));
        }
        workers
    }

    pub(super) fn send(&self, shard: u16, work: Work) -> Result<()> {
        let (queue, changed) = &*self.queues[usize::from(shard) % self.queues.len()];
        let mut queue = queue.lock();
        while queue.work.len() >= QUEUE_PIECES && !queue.failed {
            changed.wait(&mut queue);
        }
        if queue.failed {
            return Err(Error::new(ErrorKind::Closed, "a loading thread has failed"));
        }
        queue.work.push_back(work);
        changed.notify_all();
        Ok(())
    }

    /// Ends the threads, whatever they have still to do.
    pub(super) fn give_up(self) {
        for queue in &self.queues {
            let mut waiting = queue.0.lock();
            waiting.work.clear();
            waiting.finished = true;
            queue.1.notify_all();
        }
        // A thread that has panicked has told so.
        self.running.into_iter().for_each(|thread| drop(thread.join()));
    }

    /// Ends the threads; if all went well the trees are finished, in parallel. Returns the rows by
    /// shard.
    pub(super) fn finish(self, stage: u64, seal: bool) -> (Result<()>, Vec<u64>) {
        for queue in &self.queues {
            queue.0.lock().finished = true;
            queue.1.notify_all();
        }
        let mut result = Ok(());
        let mut all = |ended: std::thread::Result<Result<()>>| match ended {
            Ok(ended) => result = std::mem::replace(&mut result, Ok(())).and(ended),
            Err(panic) => std::panic::resume_unwind(panic),
        };
        self.running.into_iter().for_each(|thread| all(thread.join()));
        if seal {
            let sealing = (0..self.queues.len()).map(|worker| {
                let (core, step) = (Arc::clone(&self.core), self.queues.len());
                sync::spawn("bourse-load", move || {
                    let mut shards = core.shards.iter().skip(worker).step_by(step);
                    shards.try_for_each(|shard| bulk::seal(&mut shard.state.lock(), stage))
                })
            });
            let sealing: Vec<_> = sealing.collect();
            sealing.into_iter().for_each(|thread| all(thread.join()));
        }
        let shards = self.core.shards.iter();
        let counts = shards.map(|shard| bulk::row_count(&shard.state.lock(), stage)).collect();
        (result, counts)
    }
}

fn work(
    core: &Core,
    queue: &(Mutex<Queue>, Condvar),
    pieces: &AtomicU32,
    buffers: &Buffers,
) -> Result<()> {
    loop {
        let work = {
            let mut waiting = queue.0.lock();
            loop {
                if let Some(work) = waiting.work.pop_front() {
                    queue.1.notify_all();
                    break work;
                }
                if waiting.finished {
                    return Ok(());
                }
                queue.1.wait(&mut waiting);
            }
        };
        let done = match work {
            Work::Piece(piece) => add_piece(core, piece, buffers),
            Work::Pairs(target, pairs) => add_pairs(core, target, pairs, pieces, buffers),
        };
        if let Err(error) = done {
            queue.0.lock().failed = true;
            queue.1.notify_all();
            return Err(error);
        }
    }
}

fn add_piece(core: &Core, piece: Piece, buffers: &Buffers) -> Result<()> {
    core.log_piece(&piece)?;
    bulk::add_piece(&mut core.shards[usize::from(piece.shard)].state.lock(), &piece)?;
    buffers.give(piece.bytes);
    Ok(())
}

fn add_pairs(
    core: &Core,
    target: Target,
    mut pairs: Pairs,
    pieces: &AtomicU32,
    buffers: &Buffers,
) -> Result<()> {
    pairs.sort();
    let mut open = Vec::new();
    for (key, value) in pairs.iter() {
        if let Some(full) = push_or_begin(&mut open, key, value, buffers)? {
            core.check_running()?;
            target.cut(full, pieces, |piece| add_piece(core, piece, buffers))?;
        }
    }
    target.cut(open, pieces, |piece| add_piece(core, piece, buffers))
}
