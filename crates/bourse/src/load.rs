//! Filling an empty table: [`Database::bulk_load`].
//!
//! The calling thread takes rows, encodes them and deals them to their shards in pieces of about
//! 1 MiB; worker threads log the pieces and build the trees of their shards aside (see
//! [`crate::bulk`]); at the end one small record attaches all of them. Nobody sees any of it
//! before. Rows in no order are gathered by shard first; the shards' workers sort them and cut the
//! pieces themselves.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bourse_storage::id::Batch;
use bourse_storage::sync::{self, Condvar, JoinHandle, Mutex};
use bourse_storage::{Error, ErrorKind, Result};

use crate::bulk;
use crate::catalog::{GivenIds, Routing, TableInfo};
use crate::commit::Stage;
use crate::core::Core;
use crate::database::Database;
use crate::datetime::wall_clock_ns;
use crate::index::Entry;
use crate::lookup;
use crate::pairs::Pairs;
use crate::record::{KIND_LOAD, LoadCommit, Piece};
use crate::shard::map::Slot;
use crate::shard::{ShardState, tree_root};
use crate::table::Table;
use crate::transaction::{Transaction, run, validate};
use crate::value::{Value, ValueRef};
use crate::view::{CONTRIBUTIONS, ViewInfo};
use parents::Parents;

mod parents;

/// Bytes of a piece, about.
const PIECE_BYTES: usize = 1 << 20;
/// Most bytes of a piece: only a single large row makes several of them.
const PIECE_BYTES_MAX: usize = 4 * PIECE_BYTES;
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
        let info = self.info(table)?;
        let rows = lengthened(&info, table, rows);
        // All of the log that checkpoints can give up: two for each generation.
        for _ in 0..2 * core.shards.len() {
            core.make_log_room()?;
        }
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

/// Rows with a value for each column that the handle knows, with one for each column of now.
fn lengthened<'r>(
    info: &'r TableInfo,
    table: &'r Table,
    rows: impl Iterator<Item = Result<Vec<Value>>> + 'r,
) -> impl Iterator<Item = Result<Vec<Value>>> + 'r {
    let now = wall_clock_ns();
    let rest = move |column| info.default_of(column, now);
    rows.map(move |row| row.map(|values| info.lengthen(table, values, rest)))
}

fn load(
    core: &Arc<Core>,
    info: &Arc<TableInfo>,
    order: LoadOrder,
    rows: impl Iterator<Item = Result<Vec<Value>>>,
    stage: u64,
) -> Result<(u64, Batch)> {
    core.check_writable()?;
    check_no_build(info)?;
    check_no_expiry(info)?;
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

/// What a load brings is whole, which what is under build must not be.
fn check_no_build(info: &TableInfo) -> Result<()> {
    let index = info.indexes.iter().find(|index| index.building);
    let index = index.map(|index| format!("index {}", index.definition.name));
    let view = || info.views.iter().find(|view| view.building);
    match index.or_else(|| view().map(|view| format!("view {}", view.name()))) {
        None => Ok(()),
        Some(object) => {
            let table = &info.definition.name;
            let message = format!("bulk load: {object} of table {table} is still being built");
            Err(Error::invalid(message).with_sqlstate("55000"))
        }
    }
}

/// What a load brings is all that there is of a table and its views, and so no frozen groups.
fn check_no_expiry(info: &TableInfo) -> Result<()> {
    if info.expiry.is_none() {
        return Ok(());
    }
    let name = &info.definition.name;
    let message = format!("bulk load: rows of table {name} expire, and its views keep them");
    Err(Error::invalid(message).with_sqlstate("0A000"))
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
    core.check_writable()?;
    core.log.reserve(payload.len())?;
    let (lsn, batch) =
        core.log.append(KIND_LOAD, &payload, |lsn, batch| core.publisher.enter(lsn, batch))?;
    if !states[0].catalog.feeds().is_empty() {
        core.feeds.note_staged(lsn, stage);
    }
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
    unsorted: BTreeMap<u16, Pairs>,
    next_count: Vec<u64>,
    turn: u64,
    map: crate::shard::map::ShardMap,
    /// Views with a feed whose groups lie in the shards of their rows.
    fed: Vec<Arc<ViewInfo>>,
    /// The greatest id given by hand whose counter is not raised with its row.
    last_id: Option<i64>,
    /// What the rows' foreign keys refer to.
    parents: Parents,
    /// Key, row and index entry being made: their memory is used again.
    key: Vec<u8>,
    row: Vec<u8>,
    entry: Entry,
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
        let is_fed = |view: &&Arc<ViewInfo>| view.view.table == info.id() && !view.is_written_out();
        let fed = catalog.fed_views().iter().filter(is_fed).cloned().collect();
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
            map,
            fed,
            last_id: None,
            parents: Parents::new(Arc::clone(info), catalog),
            key: Vec::new(),
            row: Vec::new(),
            entry: Entry::default(),
        }
    }

    fn feed(&mut self, rows: impl Iterator<Item = Result<Vec<Value>>>) -> Result<()> {
        for row in rows {
            self.add(row?)?;
        }
        for ((shard, tree), bytes) in std::mem::take(&mut self.open) {
            self.send(shard, tree, bytes)?;
        }
        for (shard, rows) in std::mem::take(&mut self.unsorted) {
            self.core.check_running()?;
            self.workers.send(shard, Work::Rows(self.target(shard, self.info.id()), rows))?;
        }
        Ok(())
    }

    fn add(&mut self, values: Vec<Value>) -> Result<()> {
        let info = self.info;
        let mut values = info.complete(values)?;
        let (slot, rowid) = self.slot_and_id(&mut values)?;
        info.check_not_null(&values)?;
        let (mut encoded, mut row) = (std::mem::take(&mut self.key), std::mem::take(&mut self.row));
        let key: Vec<ValueRef<'_>> = match &rowid {
            Some(rowid) => vec![rowid.as_value()],
            None => {
                let columns = info.key_columns.iter();
                columns.map(|column| values[usize::from(*column)].as_value()).collect()
            }
        };
        // What forwards an id to its row raises its counter too; where nothing does, see `load`.
        let counted = info.given_ids != GivenIds::Taken && matches!(info.routing, Routing::Key(_));
        if counted && let [ValueRef::Integer(id)] = *key {
            self.last_id = self.last_id.max(Some(id));
        }
        lookup::encode_primary_key_to(info, &key, &mut encoded)?;
        info.encode_row_to(&values, &mut row)?;
        if !info.definition.checks.is_empty() {
            info.check_row(&info.layout.row(&row)?)?;
        }
        if !info.views.is_empty() {
            info.check_views(&info.layout.row(&row)?, &encoded)?;
        }
        if info.has_references() {
            self.parents.add(&info.layout.row(&row)?)?;
        }
        self.add_entries(&encoded, &row, slot)?;
        self.add_contributions(&encoded, &row, slot)?;
        let named = info.slot_of_key(&key, &encoded)?;
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
            LoadOrder::Sorted => self.push(shard, info.id(), &encoded, &row)?,
            LoadOrder::Unsorted => self.unsorted.entry(shard).or_default().push(&encoded, &row)?,
        }
        (self.key, self.row) = (encoded, row);
        Ok(())
    }

    /// The row's slot, and its hidden rowid if it has one. Makes ids that are left to the store.
    fn slot_and_id(&mut self, values: &mut [Value]) -> Result<(Slot, Option<Value>)> {
        let info = self.info;
        let column = info.key_columns.first().map(|column| usize::from(*column));
        if !info.makes_id(values) {
            return Ok((info.slot_of_row(values)?, None));
        }
        let by_row =
            !info.definition.shard_key.is_empty() && !matches!(info.routing, Routing::Key(_));
        let slot = if by_row {
            info.slot_of_row(values)?
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
        Ok((if by_row { slot } else { info.slot_of_row(values)? }, None))
    }

    /// Entries of global indexes go to the shards of their own keys.
    fn add_entries(&mut self, key: &[u8], bytes: &[u8], slot: Slot) -> Result<()> {
        let info = self.info;
        for index in info.indexes.iter().filter(|index| index.is_global()) {
            let row = info.layout.row(bytes)?;
            let mut entry = std::mem::take(&mut self.entry);
            if index.entry(&row, key, slot, &mut entry)? {
                let shard = self.map.shard(index.slot_of_row(&row)?);
                self.push(shard, index.id(), &entry.key, &entry.value)?;
            }
            self.entry = entry;
        }
        Ok(())
    }

    /// What the row means to groups of other shards goes to these; what feeds tell of is logged
    /// too.
    fn add_contributions(&mut self, key: &[u8], bytes: &[u8], slot: Slot) -> Result<()> {
        let info = self.info;
        for at in 0..self.fed.len() {
            let mut made = Vec::new();
            let view = Arc::clone(&self.fed[at]);
            if view.contributed(&info.layout.row(bytes)?, key, &mut made)? {
                self.push(self.map.shard(slot), view.id() | CONTRIBUTIONS, &made, &[])?;
            }
        }
        for view in info.views.iter().filter(|view| view.is_written_out()) {
            let row = info.layout.row(bytes)?;
            let mut made = Vec::new();
            if let Some(slot) = view.written_out(&row, key, &mut made)? {
                self.push(self.map.shard(slot), view.id() | CONTRIBUTIONS, &made, &[])?;
            }
        }
        Ok(())
    }

    fn push(&mut self, shard: u16, tree: u32, key: &[u8], value: &[u8]) -> Result<()> {
        let open = self.open.entry((shard, tree)).or_default();
        if let Some(full) = push_or_begin(open, key, value)? {
            self.send(shard, tree, full)?;
        }
        Ok(())
    }

    fn send(&self, shard: u16, tree: u32, bytes: Vec<u8>) -> Result<()> {
        self.core.check_running()?;
        let target = self.target(shard, tree);
        target
            .cut(bytes, &self.workers.pieces, |piece| self.workers.send(shard, Work::Piece(piece)))
    }

    fn target(&self, shard: u16, tree: u32) -> Target {
        Target { stage: self.stage, shard, table: self.info.id(), tree }
    }
}

/// Adds a pair to a piece that is being filled. Where it has no room for it, the pair begins the
/// next one, and the full one is returned.
fn push_or_begin(open: &mut Vec<u8>, key: &[u8], value: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut full = None;
    if !open.is_empty() && open.len() + key.len() + value.len() > PIECE_BYTES {
        full = Some(std::mem::replace(open, Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 16)));
    }
    bulk::push_pair(open, key, value)?;
    Ok(full)
}

/// The tree that pieces are for.
#[derive(Clone, Copy)]
struct Target {
    stage: u64,
    shard: u16,
    table: u32,
    tree: u32,
}

impl Target {
    /// Makes pieces of bytes and hands them out: one, unless a single row is larger.
    fn cut(
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
enum Work {
    /// To log and to build on with.
    Piece(Piece),
    /// All rows of a shard, to be sorted and cut into pieces.
    Rows(Target, Pairs),
}

#[derive(Default)]
struct Queue {
    work: VecDeque<Work>,
    finished: bool,
    failed: bool,
}

/// The threads that log pieces and build trees, each for its own shards.
struct Workers {
    core: Arc<Core>,
    queues: Vec<Arc<(Mutex<Queue>, Condvar)>>,
    /// Pieces made so far.
    pieces: Arc<AtomicU32>,
    running: Vec<JoinHandle<Result<()>>>,
}

impl Workers {
    fn start(core: &Arc<Core>) -> Workers {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let count = threads.clamp(1, 4).min(core.shards.len());
        let mut workers = Workers {
            core: Arc::clone(core),
            queues: Vec::new(),
            pieces: Arc::default(),
            running: Vec::new(),
        };
        for _ in 0..count {
            let queue = Arc::new((Mutex::new(Queue::default()), Condvar::new()));
            let (body_core, body_queue) = (Arc::clone(core), Arc::clone(&queue));
            let pieces = Arc::clone(&workers.pieces);
            workers.queues.push(queue);
            let body = move || work(&body_core, &body_queue, &pieces);
            workers.running.push(sync::spawn("bourse-load", body));
        }
        workers
    }

    fn send(&self, shard: u16, work: Work) -> Result<()> {
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

fn work(core: &Core, queue: &(Mutex<Queue>, Condvar), pieces: &AtomicU32) -> Result<()> {
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
            Work::Piece(piece) => add_piece(core, &piece),
            Work::Rows(target, rows) => add_rows(core, target, rows, pieces),
        };
        if let Err(error) = done {
            queue.0.lock().failed = true;
            queue.1.notify_all();
            return Err(error);
        }
    }
}

fn add_piece(core: &Core, piece: &Piece) -> Result<()> {
    core.log_piece(piece)?;
    bulk::add_piece(&mut core.shards[usize::from(piece.shard)].state.lock(), piece)
}

fn add_rows(core: &Core, target: Target, mut rows: Pairs, pieces: &AtomicU32) -> Result<()> {
    rows.sort();
    let mut open = Vec::new();
    for (key, row) in rows.iter() {
        if let Some(full) = push_or_begin(&mut open, key, row)? {
            core.check_running()?;
            target.cut(full, pieces, |piece| add_piece(core, &piece))?;
        }
    }
    target.cut(open, pieces, |piece| add_piece(core, &piece))
}
