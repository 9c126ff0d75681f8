//! Filling an empty table: [`Database::bulk_load`].
//!
//! The calling thread takes rows, encodes them and deals them to their shards in pieces of about
//! 1 MiB; worker threads log the pieces and build the trees of their shards aside (see
//! [`crate::bulk`]); at the end one small record attaches all of them. Nobody sees any of it
//! before.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use bourse_storage::id::Batch;
use bourse_storage::sync::{self, Condvar, JoinHandle, Mutex};
use bourse_storage::{Error, ErrorKind, Result};

use crate::bulk;
use crate::catalog::{GivenIds, Routing, TableInfo};
use crate::commit::Stage;
use crate::core::Core;
use crate::database::Database;
use crate::index::Entry;
use crate::lookup;
use crate::record::{KIND_LOAD, LoadCommit, Piece};
use crate::scan;
use crate::shard::map::Slot;
use crate::shard::{ShardState, tree_root};
use crate::table::{Table, borrow};
use crate::transaction::{Transaction, run, validate};
use crate::value::Value;
use parents::Parents;

mod parents;

/// Bytes of a piece, about.
const PIECE_BYTES: usize = 1 << 20;
/// Pieces that may wait for one worker.
const QUEUE_PIECES: usize = 8;

/// In which order the rows of a bulk load come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LoadOrder {
    /// Ascending by primary key: they are passed on as they come, whatever their number.
    Sorted,
    /// Any: they are sorted first, in memory, which must hold all of them.
    Unsorted,
}

impl Database {
    /// Fills an empty table with rows, each a value for each column, and builds its indexes; many
    /// times as fast as inserting. Other tables may be used meanwhile. All rows appear at once, or
    /// none. Returns how many.
    ///
    /// # Errors
    /// What `rows` returned; `InvalidInput` when the table has rows; `Constraint` for rows that the
    /// table refuses, or that do not come in the order promised.
    pub fn bulk_load(
        &self,
        table: &Table,
        order: LoadOrder,
        rows: impl Iterator<Item = Result<Vec<Value>>>,
    ) -> Result<u64> {
        let core = self.core();
        let info = self.table(table.name())?.info;
        let stage = Stage::begin(core);
        let loaded = load(core, &info, order, rows, stage.number());
        if loaded.is_err() {
            for shard in &core.shards {
                bulk::abandon(&mut shard.state.lock(), stage.number());
            }
        }
        let (rows, batch) = loaded?;
        core.settle(batch)?;
        drop(stage);
        Ok(rows)
    }
}

fn load(
    core: &Arc<Core>,
    info: &Arc<TableInfo>,
    order: LoadOrder,
    rows: impl Iterator<Item = Result<Vec<Value>>>,
    stage: u64,
) -> Result<(u64, Batch)> {
    core.check_running()?;
    let workers = Workers::start(core);
    let mut loader = Loader::new(core, info, order, stage, &workers);
    let fed = loader.feed(rows);
    let (parents, last_id) = (loader.parents, loader.last_id);
    let (worked, counts) = workers.finish(stage, fed.is_ok());
    // What a worker met is the cause; the feeder only saw it stop.
    worked?;
    fed?;
    if let Some(last) = last_id {
        // Before the rows are there, so that none of their ids is ever given again.
        run::optimistic(core, None, |transaction| {
            transaction.raise_generated_ids(&Table { info: Arc::clone(info) }, last)
        })?;
    }
    let total = counts.iter().sum();
    loop {
        let seen = parents.find(core)?;
        if let Some(batch) = commit(core, info, stage, &counts, seen)? {
            return Ok((total, batch));
        }
    }
}

/// Attaches what was built, under the mutexes of all shards. Nothing when parents that were seen
/// may not be there any more.
fn commit(
    core: &Core,
    info: &TableInfo,
    stage: u64,
    rows: &[u64],
    seen: Option<Transaction<'_>>,
) -> Result<Option<Batch>> {
    let mut guards: Vec<_> = core.shards.iter().map(|shard| shard.state.lock()).collect();
    let mut states: Vec<&mut ShardState> = guards.iter_mut().map(|guard| &mut **guard).collect();
    if let Some(seen) = seen
        && !validate::is_still_so(core, &mut states, seen)?
    {
        return Ok(None);
    }
    for state in &states {
        let head = state.head;
        let pager = state.writer.pager();
        let there = pager.read(state.batch, |source| tree_root(source, head, info.id()))?;
        if there.count > 0 {
            let message = format!("bulk load: table {} has rows", info.definition.name);
            return Err(Error::invalid(message).with_sqlstate("55000"));
        }
        let now = state.catalog.table(info.id())?;
        if now.definition.version != info.definition.version {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("table {} was altered during its bulk load", info.definition.name),
            ));
        }
    }
    let version = states[0].catalog.version;
    let rows = rows.to_vec();
    let commit = LoadCommit { stage, table: info.id(), catalog_version: version, rows };
    let payload = commit.encode()?;
    for state in &mut states {
        state.writer.reserve(64, false)?;
    }
    core.log.reserve(payload.len())?;
    let (lsn, batch) =
        core.log.append(KIND_LOAD, &payload, |lsn, batch| core.publisher.enter(lsn, batch))?;
    for state in &mut states {
        if let Err(error) = bulk::attach(state, &commit, lsn, batch) {
            core.stop(&error);
            return Err(error);
        }
        core.publisher.changed(batch, state.number, state.head);
    }
    core.publisher.leave(batch);
    Ok(Some(batch))
}

/// Takes rows, deals out pieces.
struct Loader<'l> {
    core: &'l Core,
    info: &'l TableInfo,
    order: LoadOrder,
    stage: u64,
    workers: &'l Workers,
    /// The piece being filled, by shard and tree.
    open: BTreeMap<(u16, u32), Vec<u8>>,
    /// All rows by shard, while they are to be sorted.
    unsorted: BTreeMap<u16, scan::Entries>,
    next_count: Vec<u64>,
    turn: u64,
    pieces: u32,
    map: crate::shard::map::ShardMap,
    /// The greatest id given by hand whose counter is not raised with its row.
    last_id: Option<i64>,
    /// What the rows' foreign keys refer to.
    parents: Parents,
}

impl<'l> Loader<'l> {
    fn new(
        core: &'l Core,
        info: &'l Arc<TableInfo>,
        order: LoadOrder,
        stage: u64,
        workers: &'l Workers,
    ) -> Loader<'l> {
        let catalog = Arc::clone(&core.shards[0].state.lock().catalog);
        let map = catalog.map.clone();
        Loader {
            core,
            info,
            order,
            stage,
            workers,
            open: BTreeMap::new(),
            unsorted: BTreeMap::new(),
            next_count: vec![1; core.shards.len()],
            turn: 0,
            pieces: 0,
            map,
            last_id: None,
            parents: Parents::new(Arc::clone(info), catalog),
        }
    }

    fn feed(&mut self, rows: impl Iterator<Item = Result<Vec<Value>>>) -> Result<()> {
        for row in rows {
            self.add(row?)?;
        }
        let unsorted = std::mem::take(&mut self.unsorted);
        for (shard, mut rows) in unsorted {
            rows.sort_unstable();
            for (key, row) in rows {
                self.push(shard, self.info.id(), &key, &row)?;
            }
        }
        let open = std::mem::take(&mut self.open);
        open.into_iter().try_for_each(|((shard, tree), bytes)| self.send(shard, tree, &bytes))
    }

    fn add(&mut self, values: Vec<Value>) -> Result<()> {
        let info = self.info;
        let mut values = info.complete(values)?;
        let slot = self.slot_and_id(&mut values)?;
        let (slot, rowid) = slot;
        info.check_not_null(&values)?;
        let key = match rowid {
            Some(rowid) => vec![rowid],
            None => info.key_of(&values),
        };
        // What forwards an id to its row raises its counter too; where nothing does, see `load`.
        let counted = info.given_ids != GivenIds::Taken && matches!(info.routing, Routing::Key(_));
        if counted && let [Value::Integer(id)] = *key {
            self.last_id = self.last_id.max(Some(id));
        }
        let encoded = lookup::encode_primary_key(info, &borrow(&key))?;
        let bytes = info.encode_row(&values)?;
        if !info.definition.checks.is_empty() {
            info.check_row(&info.layout.row(&bytes)?)?;
        }
        if info.has_references() {
            self.parents.add(&info.layout.row(&bytes)?)?;
        }
        self.add_entries(&encoded, &bytes, slot)?;
        let named = info.slot_of_key(&borrow(&key), &encoded)?;
        match info.routing {
            Routing::Key(_) => {}
            Routing::Id { .. } if named == slot => {}
            Routing::Id { forwarding } | Routing::Directory { forwarding } => {
                let value = lookup::encode_slot(slot);
                self.push(self.map.shard(named), forwarding, &encoded, &value)?;
            }
        }
        let shard = self.map.shard(slot);
        match self.order {
            LoadOrder::Sorted => self.push(shard, info.id(), &encoded, &bytes),
            LoadOrder::Unsorted => {
                self.unsorted.entry(shard).or_default().push((encoded, bytes));
                Ok(())
            }
        }
    }

    /// The row's slot, and its hidden rowid if it has one. Makes ids that are left to the store.
    fn slot_and_id(&mut self, values: &mut [Value]) -> Result<(Slot, Option<Value>)> {
        let info = self.info;
        let column = info.key_columns.first().map(|column| usize::from(*column));
        if !info.makes_id(values) {
            return Ok((info.slot_of_row(&borrow(values))?, None));
        }
        let by_row =
            !info.definition.shard_key.is_empty() && !matches!(info.routing, Routing::Key(_));
        let slot = if by_row {
            info.slot_of_row(&borrow(values))?
        } else {
            self.turn += 1;
            Slot::of_key(&self.turn.to_le_bytes())
        };
        // One count for all slots of a shard: so the ids of a shard ascend.
        let next = &mut self.next_count[usize::from(self.map.shard(slot))];
        let id = Value::Integer(slot.id(*next)?);
        *next += 1;
        let Some(at) = column else { return Ok((slot, Some(id))) };
        values[at] = id;
        Ok((if by_row { slot } else { info.slot_of_row(&borrow(values))? }, None))
    }

    /// Entries of global indexes go to the shards of their own keys.
    fn add_entries(&mut self, key: &[u8], bytes: &[u8], slot: Slot) -> Result<()> {
        let info = self.info;
        for index in info.indexes.iter().filter(|index| index.is_global()) {
            let row = info.layout.row(bytes)?;
            let mut entry = Entry::default();
            if index.entry(&row, key, slot, &mut entry)? {
                let shard = self.map.shard(index.slot_of_row(&row)?);
                self.push(shard, index.id(), &entry.key, &entry.value)?;
            }
        }
        Ok(())
    }

    fn push(&mut self, shard: u16, tree: u32, key: &[u8], value: &[u8]) -> Result<()> {
        let open = self.open.entry((shard, tree)).or_default();
        if !open.is_empty() && open.len() + key.len() + value.len() > PIECE_BYTES {
            let full = std::mem::take(open);
            self.send(shard, tree, &full)?;
        }
        let open = self.open.entry((shard, tree)).or_default();
        bulk::push_pair(open, key, value)
    }

    fn send(&mut self, shard: u16, tree: u32, bytes: &[u8]) -> Result<()> {
        self.core.check_running()?;
        let (stage, table) = (self.stage, self.info.id());
        // Only a single large row makes a piece that takes several records.
        let mut parts = bytes.chunks(4 * PIECE_BYTES).peekable();
        while let Some(part) = parts.next() {
            let (number, continues, bytes) = (self.pieces, parts.peek().is_some(), part.to_vec());
            self.pieces += 1;
            self.workers.send(Piece { stage, number, shard, table, tree, continues, bytes })?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Queue {
    pieces: VecDeque<Piece>,
    finished: bool,
    failed: bool,
}

/// The threads that log pieces and build trees, each for its own shards.
struct Workers {
    core: Arc<Core>,
    queues: Vec<Arc<(Mutex<Queue>, Condvar)>>,
    running: Vec<JoinHandle<Result<()>>>,
}

impl Workers {
    fn start(core: &Arc<Core>) -> Workers {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let count = threads.clamp(1, 4).min(core.shards.len());
        let mut workers =
            Workers { core: Arc::clone(core), queues: Vec::new(), running: Vec::new() };
        for _ in 0..count {
            let queue = Arc::new((Mutex::new(Queue::default()), Condvar::new()));
            let (body_core, body_queue) = (Arc::clone(core), Arc::clone(&queue));
            workers.queues.push(queue);
            workers.running.push(sync::spawn("bourse-load", move || work(&body_core, &body_queue)));
        }
        workers
    }

    fn send(&self, piece: Piece) -> Result<()> {
        let (queue, changed) = &*self.queues[usize::from(piece.shard) % self.queues.len()];
        let mut queue = queue.lock();
        while queue.pieces.len() >= QUEUE_PIECES && !queue.failed {
            changed.wait(&mut queue);
        }
        if queue.failed {
            return Err(Error::new(ErrorKind::Closed, "a loading thread has failed"));
        }
        queue.pieces.push_back(piece);
        changed.notify_all();
        Ok(())
    }

    /// Ends the threads; if all went well the trees are finished, in parallel. Returns the rows by
    /// shard.
    fn finish(self, stage: u64, seal: bool) -> (Result<()>, Vec<u64>) {
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

fn work(core: &Core, queue: &(Mutex<Queue>, Condvar)) -> Result<()> {
    loop {
        let piece = {
            let mut waiting = queue.0.lock();
            loop {
                if let Some(piece) = waiting.pieces.pop_front() {
                    queue.1.notify_all();
                    break piece;
                }
                if waiting.finished {
                    return Ok(());
                }
                queue.1.wait(&mut waiting);
            }
        };
        let shard = &core.shards[usize::from(piece.shard)];
        let added =
            core.log_piece(&piece).and_then(|()| bulk::add_piece(&mut shard.state.lock(), &piece));
        if let Err(error) = added {
            queue.0.lock().failed = true;
            queue.1.notify_all();
            return Err(error);
        }
    }
}
