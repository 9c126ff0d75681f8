//! Takes rows, and deals them out: as pieces that are logged, or gathered to be sorted.

use std::collections::BTreeMap;
use std::sync::Arc;

use bourse_storage::{Error, Result};

use super::parents::Parents;
use super::workers::{Target, Work, Workers, push_or_begin};
use crate::catalog::{GivenIds, Routing, TableInfo};
use crate::core::Core;
use crate::index::Entry;
use crate::lookup;
use crate::pairs::Pairs;
use crate::shard::map::{ShardMap, Slot};
use crate::value::{Value, ValueRef};
use crate::view::{CONTRIBUTIONS, ViewInfo};

/// Takes rows, deals out pieces.
pub(super) struct Loader {
    core: Arc<Core>,
    info: Arc<TableInfo>,
    /// Where pieces go once they are full; none while all is gathered first.
    running: Option<Running>,
    /// The piece of rows being filled, by shard.
    open_rows: Vec<Vec<u8>>,
    /// The piece being filled, by shard and tree, of other trees.
    open: BTreeMap<(u16, u32), Vec<u8>>,
    /// All that there is so far, where nothing is running.
    gathered: BTreeMap<(u16, u32), Pairs>,
    next_count: Vec<u64>,
    turn: u64,
    map: ShardMap,
    /// Views with a feed whose groups lie in the shards of their rows.
    fed: Vec<Arc<ViewInfo>>,
    /// The greatest id given by hand whose counter is not raised with its row.
    pub(super) last_id: Option<i64>,
    /// What the rows' foreign keys refer to.
    pub(super) parents: Parents,
    /// Key, row and index entry being made: their memory is used again.
    key: Vec<u8>,
    row: Vec<u8>,
    entry: Entry,
}

/// A load that logs and builds.
struct Running {
    stage: u64,
    workers: Workers,
}

impl Loader {
    pub(super) fn new(core: &Arc<Core>, info: &Arc<TableInfo>) -> Loader {
        let catalog = Arc::clone(&core.shards[0].state.lock().catalog);
        let map = catalog.map.clone();
        let is_fed = |view: &&Arc<ViewInfo>| view.view.table == info.id() && !view.is_written_out();
        let fed = catalog.fed_views().iter().filter(is_fed).cloned().collect();
        Loader {
            core: Arc::clone(core),
            info: Arc::clone(info),
            running: None,
            open_rows: core.shards.iter().map(|_| Vec::new()).collect(),
            open: BTreeMap::new(),
            gathered: BTreeMap::new(),
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

    /// Begins to log, and to build trees: what was gathered before, and what comes from now on.
    pub(super) fn start(&mut self, stage: u64) -> Result<()> {
        let running = Running { stage, workers: Workers::start(&self.core) };
        let gathered = std::mem::take(&mut self.gathered);
        let table = self.info.id();
        let sent = gathered.into_iter().try_for_each(|((shard, tree), pairs)| {
            self.core.check_running()?;
            let target = Target { stage, shard, table, tree };
            running.workers.send(shard, Work::Pairs(target, pairs))
        });
        self.running = Some(running);
        sent
    }

    /// Ends the threads, whatever they have still to do.
    pub(super) fn give_up(&mut self) {
        if let Some(running) = self.running.take() {
            running.workers.give_up();
        }
    }

    /// What was gathered, which is gone from here then.
    pub(super) fn take_gathered(&mut self) -> BTreeMap<(u16, u32), Pairs> {
        std::mem::take(&mut self.gathered)
    }

    /// Ends the threads. With `fed`, which says that all rows were taken, the trees are finished.
    /// Returns the rows by shard.
    pub(super) fn end(&mut self, fed: Result<()>) -> Result<Vec<u64>> {
        let Some(running) = &self.running else {
            // Only what was started can end well.
            return Err(fed.err().unwrap_or_else(|| Error::invalid("the load was not started")));
        };
        let stage = running.stage;
        let sent = fed.and_then(|()| {
            let (rows, open) =
                (std::mem::take(&mut self.open_rows), std::mem::take(&mut self.open));
            let rows = (0..).zip(rows).filter(|(_, bytes)| !bytes.is_empty());
            let rows = rows.map(|(shard, bytes)| ((shard, self.info.id()), bytes));
            let mut all = rows.chain(open);
            all.try_for_each(|((shard, tree), bytes)| self.send(shard, tree, bytes))
        });
        let Some(running) = self.running.take() else { return Ok(Vec::new()) };
        let (worked, counts) = running.workers.finish(stage, sent.is_ok());
        // What a worker met is the cause; the feeder only saw it stop.
        worked.and(sent).map(|()| counts)
    }

    pub(super) fn add(&mut self, values: Vec<Value>) -> Result<()> {
        let info = &Arc::clone(&self.info);
        let mut values = info.complete(values)?;
        let (slot, rowid) = self.slot_and_id(&mut values)?;
        info.check_not_null(&values)?;
        let (mut encoded, mut row) = (std::mem::take(&mut self.key), std::mem::take(&mut self.row));
        let of_column = |column: &u16| values[usize::from(*column)].as_value();
        let (one, several);
        let key: &[ValueRef<'_>] = match (&rowid, &*info.key_columns) {
            (Some(rowid), _) => {
                one = [rowid.as_value()];
                &one
            }
            (None, [column]) => {
                one = [of_column(column)];
                &one
            }
            (None, columns) => {
                several = columns.iter().map(of_column).collect::<Vec<_>>();
                &several
            }
        };
        // What forwards an id to its row raises its counter too; where nothing does, see `load`.
        let counted = info.given_ids != GivenIds::Taken && matches!(info.routing, Routing::Key(_));
        if counted && let [ValueRef::Integer(id)] = *key {
            self.last_id = self.last_id.max(Some(id));
        }
        lookup::encode_primary_key_to(info, key, &mut encoded)?;
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
        let named = info.slot_of_key(key, &encoded)?;
        match info.routing {
            Routing::Key(_) => {}
            Routing::Id { .. } if named == slot => {}
            Routing::Id { forwarding } | Routing::Directory { forwarding } => {
                let value = lookup::encode_slot(slot);
                self.push(self.map.shard(named), forwarding, &encoded, &value)?;
            }
        }
        self.push(self.map.shard(slot), info.id(), &encoded, &row)?;
        (self.key, self.row) = (encoded, row);
        Ok(())
    }

    /// The row's slot, and its hidden rowid if it has one. Makes ids that are left to the store.
    fn slot_and_id(&mut self, values: &mut [Value]) -> Result<(Slot, Option<Value>)> {
        let info = &Arc::clone(&self.info);
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
        if !self.info.indexes.iter().any(|index| index.is_global()) {
            return Ok(());
        }
        let info = &Arc::clone(&self.info);
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
        if self.fed.is_empty() && self.info.views.is_empty() {
            return Ok(());
        }
        let info = &Arc::clone(&self.info);
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
        let Some(running) = &self.running else {
            return self.gathered.entry((shard, tree)).or_default().push(key, value);
        };
        let open = if tree == self.info.id() {
            &mut self.open_rows[usize::from(shard)]
        } else {
            self.open.entry((shard, tree)).or_default()
        };
        if let Some(full) = push_or_begin(open, key, value, &running.workers.buffers)? {
            self.send(shard, tree, full)?;
        }
        Ok(())
    }

    fn send(&self, shard: u16, tree: u32, bytes: Vec<u8>) -> Result<()> {
        self.core.check_running()?;
        let Some(Running { stage, workers }) = &self.running else { return Ok(()) };
        let target = Target { stage: *stage, shard, table: self.info.id(), tree };
        target.cut(bytes, &workers.pieces, |piece| workers.send(shard, Work::Piece(piece)))
    }
}
