//! The open store: what a service holds, clones and shares between its threads.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::Result;
use bourse_storage::cache::CacheStatistics;
use bourse_storage::id::PAGE_SIZE;
use bourse_storage::log::Statistics as LogStatistics;
use bourse_storage::pager::Pager;
use bourse_storage::sync::{self, JoinHandle, Mutex};

use crate::age;
use crate::cache_size;
use crate::catalog::TableInfo;
use crate::checkpoint;
use crate::completion::queue;
use crate::core::Core;
use crate::ddl::build;
use crate::expiry;
use crate::feed;
use crate::kept;
use crate::lookup;
use crate::options::{Durability, Options};
use crate::read::many::multi_get;
use crate::read::with_row_buffer;
use crate::reading::{Cut, last_published, newest};
use crate::recovery;
use crate::row::Row;
use crate::table::{OwnedRow, Table, borrow};
use crate::transaction::Transaction;
use crate::transaction::run;
use crate::value::{Value, ValueRef};

/// A trading store in a folder. Cheap to clone; closed when the last clone goes, or by
/// [`Database::close`].
///
/// # From an async service
///
/// Reads of what is in memory take microseconds and wait for no other transaction: call them
/// directly. Commits of a Sync store wait for the disk; [`Database::submit`] gives a future:
///
/// ```ignore
/// let id = trades.submit().insert(&trade).await?; // trades: a TypedTable
/// ```
///
/// Reads of data larger than memory belong on a thread that may block.
///
/// Rows and keys that calls return own what they hold and are `Send`; a [`Cut`] may be kept over an
/// await. Commits of concurrent callers share one flush, whether they block or are submitted.
#[derive(Clone)]
pub struct Database {
    core: Arc<Core>,
    threads: Arc<Threads>,
}

/// Background threads, joined when the last handle goes.
struct Threads {
    core: Arc<Core>,
    running: Mutex<Vec<JoinHandle<()>>>,
    /// Those of [`queue::run`], once something was submitted. A callback of theirs may be what
    /// closes the store.
    completing: Mutex<Vec<JoinHandle<()>>>,
}

/// What a store has done since it was opened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Statistics {
    /// The page cache's.
    pub cache: CacheStatistics,
    /// The log's.
    pub log: LogStatistics,
    /// Bytes of log files that are kept.
    pub log_bytes_retained: u64,
    /// Bytes of the files of shards.
    pub file_bytes: u64,
    /// Bytes of them that are in use, also by what only held states or checkpoints have.
    pub file_bytes_used: u64,
    /// States that `Options::keep_cuts` keeps.
    pub kept_cuts: usize,
    /// How long ago the oldest of them was the newest state.
    pub oldest_kept_cut_age: Option<Duration>,
    /// Batches of commits published since the oldest state that anybody holds: a [`Cut`], a backup
    /// or the store itself. What was deleted or replaced since takes disk space.
    pub held_cuts_behind: u64,
}

/// How far recovery has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct RecoveryProgress {
    /// Bytes of log replayed.
    pub bytes_done: u64,
    /// Bytes of log to replay.
    pub bytes_total: u64,
}

impl Database {
    /// Opens the store in `folder`, recovering it if need be, or makes a new one.
    ///
    /// # Errors
    /// `Busy` with the holder's pid when another process has it; `Corrupt` with file and offset for
    /// damage; `InvalidInput` for a folder of something else, or of a newer version.
    pub fn open(folder: impl AsRef<Path>, options: Options) -> Result<Database> {
        Database::open_with_progress(folder, options, &mut |_| {})
    }

    /// As [`Database::open`], telling how recovery goes.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn open_with_progress(
        folder: impl AsRef<Path>,
        options: Options,
        progress: &mut dyn FnMut(RecoveryProgress),
    ) -> Result<Database> {
        kept::check_options(&options)?;
        let (core, cache_size) = recovery::open(folder.as_ref(), options, progress)?;
        feed::begin(&core)?;
        let core = Arc::new(core);
        let leads = !core.is_follower();
        let half_built = leads && build::unfinished(&core)?.is_some();
        let half_expired = leads && expiry::is_unfinished(&core)?;
        let mut running = Vec::new();
        if core.options.background {
            let body = Arc::clone(&core);
            running.push(sync::spawn("bourse-checkpoint", move || checkpoint::run(&body)));
            let body = Arc::clone(&core);
            running.push(sync::spawn("bourse-log", move || checkpoint::run_segments(&body)));
            go_on(&core, half_built, half_expired, &mut running);
            if let Some(size) = cache_size {
                let body = Arc::clone(&core);
                running.push(sync::spawn("bourse-cache", move || cache_size::run(&body, size)));
            }
            if let Some(rule) = core.options.keep_cuts {
                let body = Arc::clone(&core);
                running.push(sync::spawn("bourse-cuts", move || kept::run(&body, &rule)));
            }
            if let Some(limit) = core.options.cut_age_max {
                let body = Arc::clone(&core);
                running.push(sync::spawn("bourse-age", move || age::run(&body, limit)));
            }
            if let Durability::Async { max_delay } = core.options.durability {
                let body = Arc::clone(&core);
                running.push(sync::spawn("bourse-flush", move || {
                    checkpoint::run_flushes(&body, max_delay);
                }));
            }
        }
        let threads = Threads {
            core: Arc::clone(&core),
            running: Mutex::new(running),
            completing: Mutex::default(),
        };
        Ok(Database { core, threads: Arc::new(threads) })
    }

    /// A store that has become a leader goes on with what the one before had begun.
    pub(crate) fn start_leading(&self) -> Result<()> {
        let core = &self.core;
        let half_built = build::unfinished(core)?.is_some();
        let half_expired = expiry::is_unfinished(core)?;
        if core.options.background && !*core.closing.0.lock() {
            go_on(core, half_built, half_expired, &mut self.threads.running.lock());
        }
        Ok(())
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.core.folder
    }

    /// How many shards the store has.
    pub fn shards(&self) -> usize {
        self.core.shards.len()
    }

    /// Ends the background threads and writes a checkpoint, so that the next open has nothing to
    /// replay. Dropping does the same without the checkpoint.
    ///
    /// # Errors
    /// The checkpoint's. The store is whole all the same.
    pub fn close(self) -> Result<()> {
        self.threads.stop();
        self.core.kept.clear();
        checkpoint::checkpoint_to_rest(&self.core)
    }

    /// The table of that name.
    ///
    /// # Errors
    /// `InvalidInput` (42P01) when there is none.
    pub fn table(&self, name: &str) -> Result<Table> {
        last_published(&self.core, |snapshot| {
            let info = Arc::clone(snapshot.cut().catalog.table_named(name)?);
            Ok(Table { info })
        })
    }

    /// All tables, by name.
    pub fn tables(&self) -> Result<Vec<Table>> {
        last_published(&self.core, |snapshot| {
            let tables = snapshot.cut().catalog.tables();
            Ok(tables.into_iter().map(|info| Table { info: Arc::clone(info) }).collect())
        })
    }

    /// A number that is another one after every change of a definition: of tables, indexes, views,
    /// feeds. What was made of definitions is right as long as it stays.
    ///
    /// # Errors
    /// As [`Database::tables`].
    pub fn definitions_version(&self) -> Result<u64> {
        last_published(&self.core, |snapshot| Ok(snapshot.cut().catalog.version))
    }

    /// The newest definition of a handle's table.
    pub(crate) fn info(&self, table: &Table) -> Result<Arc<TableInfo>> {
        last_published(&self.core, |snapshot| snapshot.table_info(table).cloned())
    }

    /// The newest published state, to read for as long as the handle lives.
    pub fn cut(&self) -> Cut {
        Cut::newest(&self.core)
    }

    /// The row of a primary key, in the newest published state.
    ///
    /// # Errors
    /// Wrong number or types of values; `Corrupt` or `Io` when a page cannot be read.
    pub fn get(&self, table: &Table, key: &[Value]) -> Result<Option<OwnedRow>> {
        newest(&self.core, |snapshot| {
            let info = snapshot.table_info(table)?;
            OwnedRow::find(snapshot, info, key)
        })
    }

    /// As [`Database::get`], showing the row to `body` without making an owned one.
    ///
    /// # Errors
    /// As [`Database::get`].
    pub fn get_with<T>(
        &self,
        table: &Table,
        key: &[Value],
        body: impl FnOnce(Row<'_>) -> T,
    ) -> Result<Option<T>> {
        lookup::with_key(&table.info, key, |values, encoded| {
            self.get_encoded(table, values, encoded, body)
        })
    }

    pub(crate) fn get_encoded<T>(
        &self,
        table: &Table,
        values: &[ValueRef<'_>],
        encoded: &[u8],
        body: impl FnOnce(Row<'_>) -> T,
    ) -> Result<Option<T>> {
        with_row_buffer(|buffer| {
            // Only where columns have come since the handle was made.
            let mut lengthened = None;
            let found = newest(&self.core, |snapshot| {
                let info = snapshot.table_info(table)?;
                if info.definition.layout != table.info.definition.layout {
                    lengthened = Some(Arc::clone(info));
                }
                lookup::find(snapshot, info, values, encoded, buffer)
            })?;
            let info = lengthened.as_ref().unwrap_or(&table.info);
            match found {
                Some(_) => Ok(Some(body(info.layout.row(buffer)?))),
                None => Ok(None),
            }
        })
    }

    /// Rows of many primary keys, fetched together so that their cache misses overlap.
    ///
    /// # Errors
    /// As [`Database::get`].
    pub fn multi_get(&self, table: &Table, keys: &[Vec<Value>]) -> Result<Vec<Option<OwnedRow>>> {
        newest(&self.core, |snapshot| multi_get(snapshot, snapshot.table_info(table)?, keys))
    }

    /// Inserts a row in a transaction of its own. Returns its primary key.
    ///
    /// # Errors
    /// As [`Transaction::insert`].
    pub fn insert(&self, table: &Table, values: Vec<Value>) -> Result<Vec<Value>> {
        let shards = self.shards_of_row(table, &values)?;
        let mut values = values;
        run::on_shards(&self.core, shards, |transaction| {
            transaction.insert_from(table, &mut values)
        })
    }

    /// Inserts a row or replaces the one with its primary key. Returns whether one was replaced.
    ///
    /// # Errors
    /// As [`Transaction::upsert`].
    pub fn upsert(&self, table: &Table, values: Vec<Value>) -> Result<bool> {
        run::on_shards(&self.core, self.shards_of_row(table, &values)?, |transaction| {
            transaction.upsert(table, values.clone())
        })
    }

    /// Changes columns of a row in a transaction of its own. Returns whether there is one.
    ///
    /// # Errors
    /// As [`Transaction::update`].
    pub fn update(&self, table: &Table, key: &[Value], changes: &[(&str, Value)]) -> Result<bool> {
        run::on_shard(&self.core, self.shard_of_key(table, key)?, |transaction| {
            transaction.update(table, key, changes)
        })
    }

    /// Deletes a row in a transaction of its own. Returns whether there was one.
    ///
    /// # Errors
    /// As [`Transaction::delete`].
    pub fn delete(&self, table: &Table, key: &[Value]) -> Result<bool> {
        run::on_shard(&self.core, self.shard_of_key(table, key)?, |transaction| {
            transaction.delete(table, key)
        })
    }

    /// Runs `body` as an optimistic transaction on any shards: over a consistent state, committed
    /// whole if nothing that it read has changed, else run again.
    ///
    /// `body` may run several times and must have no effect but through the transaction. What it
    /// returns, also an error, is given out only when all that it read is published; an error
    /// aborts. Ends with `Ok` only when the commit is durable (in a Sync store).
    ///
    /// # Errors
    /// What `body` returned; `Constraint`; `Full`; `Closed` when the store stopped.
    pub fn transaction<T: Send>(
        &self,
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        run::optimistic(&self.core, None, body)
    }

    /// Runs `body` as a transaction of the shard that a table's shard key names: under that
    /// shard's mutex, never in conflict, the fastest way for what one user or symbol does. It may
    /// touch other shards, at the price of running again. Keep it short: the shard waits.
    ///
    /// # Errors
    /// As [`Database::transaction`].
    pub fn shard_transaction<T: Send>(
        &self,
        table: &Table,
        shard_key: &[Value],
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        run::on_shard(&self.core, self.shard_of_shard_key(table, shard_key)?, body)
    }

    /// The shard that a table's shard key names.
    pub(crate) fn shard_of_shard_key(&self, table: &Table, shard_key: &[Value]) -> Result<u16> {
        let slot =
            table.info.slot_of_shard_key(&borrow(&table.info.coerce_shard_key(shard_key)?))?;
        last_published(&self.core, |snapshot| Ok(snapshot.cut().catalog.map.shard(slot)))
    }

    /// The shards that a new row is written to, ascending: its own, those of its entries in global
    /// indexes, the one that its key names. Some may be missing, where only the transaction finds
    /// that it needs them.
    pub(crate) fn shards_of_row(&self, table: &Table, values: &[Value]) -> Result<Vec<u16>> {
        let newer;
        let info = if values.len() == table.info.types.len() {
            &*table.info
        } else {
            newer = self.info(table)?;
            &newer
        };
        let completed;
        let values = if info.leaves_as_they_are(values) {
            values
        } else {
            completed = info.complete(values.to_vec())?;
            &completed
        };
        let slots = info.slots_of_new_row(&self.core, values)?;
        last_published(&self.core, |snapshot| {
            let map = &snapshot.cut().catalog.map;
            let mut shards: Vec<u16> = slots.iter().map(|slot| map.shard(*slot)).collect();
            shards.sort_unstable();
            shards.dedup();
            Ok(shards)
        })
    }

    /// The shard to begin with for a row of a primary key: where it is, if it is anywhere.
    pub(crate) fn shard_of_key(&self, table: &Table, key: &[Value]) -> Result<u16> {
        lookup::with_key(&table.info, key, |values, encoded| {
            self.shard_of_encoded(table, values, encoded)
        })
    }

    /// As [`Database::shard_of_key`], of a key of the columns' types, and its bytes.
    fn shard_of_encoded(
        &self,
        table: &Table,
        values: &[ValueRef<'_>],
        encoded: &[u8],
    ) -> Result<u16> {
        let info = &table.info;
        let slot = info.slot_of_key(values, encoded)?;
        last_published(&self.core, |snapshot| {
            let named = snapshot.cut().catalog.map.shard(slot);
            if lookup::has_no_forwarding(snapshot, info, named)? {
                // The transaction begins to look there, and finds the row if there is one.
                return Ok(named);
            }
            let place = lookup::find(snapshot, info, values, encoded, &mut Vec::new())?;
            Ok(place.map_or(named, |place| place.shard))
        })
    }

    /// Writes a checkpoint of every shard. A store with background threads does so by itself.
    ///
    /// # Errors
    /// The disk's.
    pub fn checkpoint(&self) -> Result<()> {
        checkpoint::checkpoint_all(&self.core)
    }

    /// Makes all that was acknowledged durable. Only an Async store needs it, and one without
    /// background threads that something was [submitted](Database::submit) to: there it also calls
    /// the completions.
    ///
    /// # Errors
    /// The disk's; the store then stops.
    pub fn flush(&self) -> Result<()> {
        let flushed = checkpoint::flush(&self.core);
        if !self.core.completions.has_threads() {
            self.core.completions.drive(&self.core);
        }
        flushed
    }

    /// Starts the threads that flush for what was submitted, unless they run.
    pub(crate) fn start_completions(&self) {
        if self.core.options.background && !self.core.completions.has_threads() {
            self.threads.start_completions();
        }
    }

    /// Counts since the store was opened.
    pub fn statistics(&self) -> Statistics {
        let kept = self.core.kept.keeping(sync::monotonic());
        let bytes = |pages: fn(&Pager) -> u32| {
            let each = self.core.shards.iter().map(|shard| u64::from(pages(&shard.pager)));
            each.sum::<u64>() * PAGE_SIZE as u64
        };
        Statistics {
            file_bytes: bytes(Pager::pages),
            file_bytes_used: bytes(Pager::used_pages),
            cache: self.core.cache.statistics(),
            log: self.core.log.statistics(),
            log_bytes_retained: self.core.log.bytes_retained(),
            kept_cuts: kept.count,
            oldest_kept_cut_age: kept.age,
            held_cuts_behind: kept::batches_behind(&self.core),
        }
    }

    /// The page cache's counts since the store was opened, and what it holds.
    pub fn cache_statistics(&self) -> CacheStatistics {
        self.core.cache.statistics()
    }

    /// Gives the page cache another size, within `Options::cache_bytes_min` and
    /// `Options::cache_bytes`, rounded up to 2 MiB. Returns whether it has that size: memory in
    /// which cursors keep a page is given back when they are gone, and the call made again.
    ///
    /// A store that follows the machine's memory decides anew within a second; this is for those
    /// that do not (`Options::background` off, a simulated file system).
    ///
    /// # Errors
    /// The disk's, when a page had to be written to make room.
    pub fn resize_cache(&self, bytes: u64) -> Result<bool> {
        cache_size::resize(&self.core, bytes)
    }

    /// Gives the row of a primary key the values that `change` makes of it.
    pub(crate) fn rewrite(
        &self,
        table: &Table,
        key: &[Value],
        mut change: impl FnMut(&OwnedRow) -> Result<Vec<Value>> + Send,
    ) -> Result<bool> {
        run::on_shard(&self.core, self.shard_of_key(table, key)?, |transaction| {
            transaction.rewrite(table, key, &mut change)
        })
    }

    /// As [`Database::rewrite`], of a key of the columns' types, and its bytes.
    pub(crate) fn rewrite_encoded(
        &self,
        table: &Table,
        (key, encoded): (&[ValueRef<'_>], &[u8]),
        mut change: impl FnMut(&OwnedRow) -> Result<Vec<Value>> + Send,
    ) -> Result<bool> {
        run::on_shard(&self.core, self.shard_of_encoded(table, key, encoded)?, |transaction| {
            transaction.rewrite_encoded(table, (key, encoded), &mut change)
        })
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.core
    }
}

/// Starts what goes on with work that a process before this one, or a leader before, had begun.
fn go_on(core: &Arc<Core>, builds: bool, expires: bool, running: &mut Vec<JoinHandle<()>>) {
    if builds {
        let body = Arc::clone(core);
        running.push(sync::spawn("bourse-build", move || build::run_in_background(&body)));
    }
    if expires {
        let body = Arc::clone(core);
        running.push(sync::spawn("bourse-expiry", move || expiry::run_in_background(&body)));
    }
}

impl Threads {
    #[cold]
    fn start_completions(&self) {
        let mut completing = self.completing.lock();
        // Once the store is closed whoever waits drives.
        if !completing.is_empty() || *self.core.closing.0.lock() {
            return;
        }
        for _ in 0..queue::THREADS {
            self.core.completions.add_thread();
            let body = Arc::clone(&self.core);
            completing.push(sync::spawn("bourse-completions", move || queue::run(&body)));
        }
    }

    fn stop(&self) {
        *self.core.closing.0.lock() = true;
        self.core.closing.1.notify_all();
        self.core.publisher.news.notify();
        let completing = std::mem::take(&mut *self.completing.lock());
        self.core.completions.close();
        // In a callback this would wait for its own end (K5); the threads end by themselves.
        for thread in completing.into_iter().filter(|_| !queue::is_calling()) {
            drop(thread.join());
        }
        let running = std::mem::take(&mut *self.running.lock());
        for thread in running {
            // A background thread that panicked has stopped the store; closing goes on.
            drop(thread.join());
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.stop();
        self.core.completions.drain(&self.core);
        // A thread that unwinds waits for nobody: whom it would wait for may be what failed.
        if !self.core.is_sync() && !std::thread::panicking() {
            // What was acknowledged should not wait for a delay that never ends.
            drop(checkpoint::flush(&self.core));
        }
    }
}
