//! Filling a table: [`Database::bulk_load`], [`Database::begin_bulk_load`]. What follows is of an
//! empty one; [`merge`] says how one that has rows gets more.
//!
//! The calling thread takes rows, encodes them and deals them to their shards in pieces of about
//! 1 MiB; worker threads log the pieces and build the trees of their shards aside (see
//! [`crate::bulk`]); at the end one small record attaches all of them. Nobody sees any of it
//! before. Rows in no order are gathered first, in memory and not in the log; the shards' workers
//! sort them and cut the pieces themselves.

use std::sync::Arc;

use bourse_storage::id::Batch;
use bourse_storage::{Error, ErrorKind, Result};

use crate::bulk;
use crate::catalog::TableInfo;
use crate::commit::Stage;
use crate::core::Core;
use crate::database::Database;
use crate::datetime::wall_clock_ns;
use crate::reading::Cut;
use crate::record::{KIND_LOAD, LoadCommit};
use crate::shard::{ShardState, tree_root};
use crate::table::Table;
use crate::transaction::locks::LockMode;
use crate::transaction::locks::set::serialization_failure;
use crate::transaction::{Transaction, run, validate};
use crate::value::Value;
use loader::Loader;

mod loader;
mod merge;
mod parents;
mod workers;

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
        let mut load = self.begin_bulk_load(table)?;
        if order == LoadOrder::Sorted {
            load.start()?;
        }
        let mut rows = rows;
        let fed = rows.try_for_each(|row| load.push(row?));
        let fed = match order {
            LoadOrder::Sorted => fed,
            LoadOrder::Unsorted => fed.and_then(|()| load.start()),
        };
        load.end(fed)
    }

    /// Begins to fill a table with rows that come one by one, in any order: they are kept in memory
    /// until [`BulkLoad::finish`]. Many times as fast as inserting where the table is empty, and a
    /// few times where it has rows already.
    ///
    /// # Errors
    /// `InvalidInput` when the table cannot be filled so: an index of it is being built (55000), or
    /// its rows expire (0A000).
    pub fn begin_bulk_load(&self, table: &Table) -> Result<BulkLoad> {
        let core = self.core();
        let info = self.info(table)?;
        core.check_writable()?;
        check_no_build(&info)?;
        check_no_expiry(&info)?;
        Ok(BulkLoad {
            core: Arc::clone(core),
            table: table.clone(),
            loader: Loader::new(core, &info),
            info,
            now: wall_clock_ns(),
            stage: 0,
        })
    }
}

/// Rows on their way into an empty table: nobody sees them before [`BulkLoad::finish`], and nobody
/// does if it is dropped before.
pub struct BulkLoad {
    core: Arc<Core>,
    table: Table,
    info: Arc<TableInfo>,
    loader: Loader,
    /// What DEFAULTs take for now.
    now: i64,
    /// The number of its stage of the log, once it has one.
    stage: u64,
}

impl BulkLoad {
    /// Takes a row, a value for each column.
    ///
    /// # Errors
    /// `Constraint` for one that the table refuses by itself; the load cannot go on then.
    pub fn push(&mut self, mut values: Vec<Value>) -> Result<()> {
        let (info, now) = (&self.info, self.now);
        info.lengthen(&self.table, &mut values, |column| info.default_of(column, now));
        self.loader.add(values)
    }

    /// As [`BulkLoad::push`]; columns without a value get their DEFAULT.
    ///
    /// # Errors
    /// As [`BulkLoad::push`].
    pub fn push_given(&mut self, values: Vec<Option<Value>>) -> Result<()> {
        let values = self.info.filled(values, self.now);
        self.push(values)
    }

    /// Whether [`BulkLoad::finish`] could take rows now: the table has none, or is of a kind that
    /// gets more.
    pub fn can_finish(&self) -> bool {
        let rows = Cut::newest(&self.core).rows_of(self.info.id());
        merge::is_possible(&self.info) || rows.is_ok_and(|rows| rows == 0)
    }

    /// Builds the table, or adds the rows to those that it has. All appear at once, durably, or
    /// none. Returns how many.
    ///
    /// # Errors
    /// `InvalidInput` (55000) when the table has rows, and views or generated ids; `Conflict`
    /// (40001) when others are about to change it; `Constraint` for keys that are there twice and
    /// parents that are not there.
    pub fn finish(mut self) -> Result<u64> {
        if Cut::newest(&self.core).rows_of(self.info.id())? > 0 {
            let gathered = self.loader.take_gathered();
            return merge::merge(&self.core, &self.info, gathered, &self.loader.parents);
        }
        let started = self.start();
        self.end(started)
    }

    /// Begins to log what there is, and what comes.
    fn start(&mut self) -> Result<()> {
        // All of the log that checkpoints can give up: two for each generation.
        for _ in 0..2 * self.core.shards.len() {
            self.core.make_log_room()?;
        }
        self.stage = Stage::begin(&self.core).leave_open();
        self.loader.start(self.stage)
    }

    fn end(&mut self, fed: Result<()>) -> Result<u64> {
        let counts = self.loader.end(fed)?;
        let (core, info) = (&self.core, &self.info);
        if let Some(last) = self.loader.last_id {
            // Before the rows are there, so that none of their ids is ever given again.
            run::optimistic(core, None, |transaction| {
                transaction.raise_generated_ids(&Table { info: Arc::clone(info) }, last)
            })?;
        }
        let batch = loop {
            let seen = self.loader.parents.find(core)?;
            if let Some(batch) = commit(core, info, self.stage, &counts, seen)? {
                break batch;
            }
        };
        // From here on it is in the head: what is dropped gives up nothing.
        let stage = std::mem::take(&mut self.stage);
        core.settle(batch)?;
        core.end_stage(stage);
        Ok(counts.iter().sum())
    }
}

impl Drop for BulkLoad {
    fn drop(&mut self) {
        if self.stage == 0 {
            return;
        }
        self.loader.give_up();
        for shard in &self.core.shards {
            bulk::abandon(&mut shard.state.lock(), self.stage);
        }
        self.core.end_stage(self.stage);
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

/// What open transactions have locked they count on: keys that they have inserted and not
/// committed, and parents that they are about to delete.
fn check_not_locked(states: &[&mut ShardState], info: &TableInfo) -> Result<()> {
    let is_locked = |of: &TableInfo, mode: LockMode| {
        let trees = of.unique_trees();
        let any = |tree: &u32| states.iter().any(|state| state.locks.has_any_against(*tree, mode));
        trees.iter().any(any)
    };
    let catalog = &states[0].catalog;
    let mut parents = info.foreign_keys.iter().map(|tie| catalog.table(tie.parent));
    let is_parent_locked = parents
        .try_fold(false, |found, parent| Ok(found || is_locked(parent?, LockMode::KeyShare)))?;
    if is_parent_locked || is_locked(info, LockMode::Update) {
        return Err(serialization_failure(&format!(
            "bulk load: open transactions have changed rows of table {}, or of one that it refers \
             to; run it again when they have ended",
            info.definition.name
        )));
    }
    Ok(())
}

fn has_rows(info: &TableInfo) -> Error {
    let message = format!("bulk load: table {} has rows", info.definition.name);
    Error::invalid(message).with_sqlstate("55000")
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
    check_not_locked(&states, info)?;
    for state in &states {
        let head = state.head;
        let pager = state.writer.pager();
        let there = pager.read(state.batch, |source| tree_root(source, head, info.id()))?;
        if there.count > 0 {
            return Err(has_rows(info));
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
    core.note_record(lsn, KIND_LOAD, &payload);
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
