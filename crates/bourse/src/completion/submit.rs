//! Submitting: the calls of a store that commit, without the wait at their end.

use std::sync::Arc;

use bourse_storage::Result;
use bourse_storage::id::Batch;
use bourse_storage::sync::{Condvar, Mutex};

use super::{Completion, Receiver, Slot, SlotState, ToCallback, ToSlot};
use crate::commit::Applied;
use crate::database::Database;
use crate::table::{OwnedRow, Table};
use crate::transaction::Transaction;
use crate::transaction::run::{self, Ended, Leaves, Sink};
use crate::value::Value;

/// Commits without waiting for the disk; from [`Database::submit`].
///
/// Each call runs its transaction on this thread and returns when that is applied, or will never
/// be. Others then read it as soon as it is durable, as with the blocking calls, and only then is
/// its result given out: through a [`Completion`], or, by the calls that end in `_with`, to a
/// callback. All that can be said of a transaction is said there; a call itself never fails.
///
/// ```
/// # use bourse::{Database, Options, Table, TypedTable};
/// #[derive(Table)]
/// #[table(name = "ticks", primary_key(symbol, number))]
/// struct Tick {
///     symbol: String,
///     number: i64,
///     price: f64,
/// }
/// # let folder = tempfile::tempdir().unwrap();
/// let store = Database::open(folder.path(), Options::default())?;
/// let ticks: TypedTable<Tick> = store.create()?;
/// // A hundred commits, made durable by a few flushes, and no thread for each.
/// let mut waiting = Vec::new();
/// for number in 0..100 {
///     let tick = Tick { symbol: "AAPL".into(), number, price: 187.5 };
///     waiting.push(ticks.submit().insert(&tick));
/// }
/// for completion in waiting {
///     completion.wait()?; // or `.await` it
/// }
/// // The same with a callback, which a thread of the store calls.
/// let (told, answers) = std::sync::mpsc::channel();
/// store.submit().transaction_with(
///     |transaction| ticks.within(transaction).delete(("AAPL", 7)),
///     move |deleted| told.send(deleted).expect("somebody listens"),
/// );
/// assert!(answers.recv().expect("it is called once")?);
/// # store.close()?;
/// # Ok::<(), bourse::Error>(())
/// ```
///
/// # Order
///
/// Completions come in the order of the log's numbers (LSN), one after the other. So of two
/// transactions of which one read what the other wrote, the other's comes first.
///
/// # Callbacks
///
/// A callback is called once, on a thread of the store's own, or in a store without background
/// threads on one that waits or flushes. It should be short, for all other completions wait behind
/// it, though no flush does and no commit that blocks. Hand long work to threads of your own. It
/// may submit (and then never waits for room), read, and commit, which keeps the others waiting for
/// a flush; it cannot [`Completion::wait`]. Its panic is caught, and goes to the panic hook only.
///
/// # How much may be under way
///
/// 16,384 transactions, or 8 MiB of their log records. Beyond that a submission waits until some of
/// them have been called. A submission also waits, like a blocking call, for pages that it must
/// load, for row locks, and, above 1 MiB, for pieces that it logs ahead.
///
/// # Failure
///
/// When the store stops, each transaction that is under way gets the error that a blocked caller
/// would get (`Closed`, 08007). Dropping or closing the store makes all that is under way durable,
/// and calls it, first. A transaction whose closure panics is not completed: the panic goes on in
/// the call that submits it, once what the closure read is published.
#[derive(Clone, Copy)]
pub struct Submitter<'s> {
    store: &'s Database,
}

impl Database {
    /// A way to commit without waiting for the disk, by which one thread can have many commits
    /// under way.
    pub fn submit(&self) -> Submitter<'_> {
        Submitter { store: self }
    }
}

impl Submitter<'_> {
    /// As [`Database::transaction`].
    pub fn transaction<T: Send + 'static>(
        &self,
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Completion<T> {
        self.completion(|sink| run::apply_optimistic(self.store.core(), None, body, Some(sink)))
    }

    /// As [`Database::transaction`], with a callback.
    pub fn transaction_with<T: Send + 'static>(
        &self,
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
        callback: impl FnOnce(Result<T>) + Send + 'static,
    ) {
        self.run(ToCallback(callback), |sink| {
            run::apply_optimistic(self.store.core(), None, body, Some(sink))
        });
    }

    /// As [`Database::shard_transaction`].
    pub fn shard_transaction<T: Send + 'static>(
        &self,
        table: &Table,
        shard_key: &[Value],
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Completion<T> {
        self.completion(self.on_shard(|| self.store.shard_of_shard_key(table, shard_key), body))
    }

    /// As [`Database::shard_transaction`], with a callback.
    pub fn shard_transaction_with<T: Send + 'static>(
        &self,
        table: &Table,
        shard_key: &[Value],
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
        callback: impl FnOnce(Result<T>) + Send + 'static,
    ) {
        let run = self.on_shard(|| self.store.shard_of_shard_key(table, shard_key), body);
        self.run(ToCallback(callback), run);
    }

    /// As [`Database::insert`].
    pub fn insert(&self, table: &Table, values: Vec<Value>) -> Completion<Vec<Value>> {
        self.insert_for(table, values, Ok)
    }

    /// Inserts a row, and makes of its primary key what is asked for.
    pub(crate) fn insert_for<K: Send + 'static>(
        &self,
        table: &Table,
        mut values: Vec<Value>,
        key: fn(Vec<Value>) -> Result<K>,
    ) -> Completion<K> {
        self.completion(|sink| {
            let shards = self.store.shards_of_row(table, &values)?;
            let body = |t: &mut Transaction<'_>| key(t.insert_from(table, &mut values)?);
            run::apply_on_shards(self.store.core(), shards, body, Some(sink))
        })
    }

    /// As [`Database::upsert`].
    pub fn upsert(&self, table: &Table, values: Vec<Value>) -> Completion<bool> {
        self.completion(|sink| {
            let shards = self.store.shards_of_row(table, &values)?;
            let body = |t: &mut Transaction<'_>| t.upsert(table, values.clone());
            run::apply_on_shards(self.store.core(), shards, body, Some(sink))
        })
    }

    /// As [`Database::update`].
    pub fn update(
        &self,
        table: &Table,
        key: &[Value],
        changes: &[(&str, Value)],
    ) -> Completion<bool> {
        let shard = || self.store.shard_of_key(table, key);
        self.completion(self.on_shard(shard, |t| t.update(table, key, changes)))
    }

    /// As [`Database::update`], with a callback.
    pub fn update_with(
        &self,
        table: &Table,
        key: &[Value],
        changes: &[(&str, Value)],
        callback: impl FnOnce(Result<bool>) + Send + 'static,
    ) {
        let shard = || self.store.shard_of_key(table, key);
        self.run(ToCallback(callback), self.on_shard(shard, |t| t.update(table, key, changes)));
    }

    /// As [`Database::delete`].
    pub fn delete(&self, table: &Table, key: &[Value]) -> Completion<bool> {
        let shard = || self.store.shard_of_key(table, key);
        self.completion(self.on_shard(shard, |t| t.delete(table, key)))
    }

    /// Gives the row of a primary key the values that `change` makes of it.
    pub(crate) fn rewrite(
        &self,
        table: &Table,
        key: &[Value],
        mut change: impl FnMut(&OwnedRow) -> Result<Vec<Value>> + Send,
    ) -> Completion<bool> {
        let shard = || self.store.shard_of_key(table, key);
        self.completion(self.on_shard(shard, |t| t.rewrite(table, key, &mut change)))
    }

    /// A transaction of a shard, to be run.
    fn on_shard<'a, T: Send>(
        &'a self,
        shard: impl FnOnce() -> Result<u16> + 'a,
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send + 'a,
    ) -> impl FnOnce(Sink<'_, T>) -> Result<Ended<'a, T>> {
        move |sink| run::apply_on_shards(self.store.core(), vec![shard()?], body, Some(sink))
    }

    fn completion<'a, T: Send + 'static>(
        &'a self,
        run: impl FnOnce(Sink<'_, T>) -> Result<Ended<'a, T>>,
    ) -> Completion<T> {
        let state = SlotState { result: None, is_ready: false, waker: None };
        let slot = Arc::new(Slot { state: Mutex::new(state), ready: Condvar::new() });
        let core = Arc::downgrade(self.store.core());
        let batch = self.run(ToSlot(Arc::clone(&slot)), run);
        Completion { slot, core, batch }
    }

    /// Runs a transaction until it is applied, and leaves its result in the queue. Returns the
    /// newest batch that the result depends on.
    fn run<'a, T: Send>(
        &'a self,
        receiver: impl Receiver<T>,
        run: impl FnOnce(Sink<'_, T>) -> Result<Ended<'a, T>>,
    ) -> Batch {
        let core = self.store.core();
        let completions = &core.completions;
        // Within another's closure the run refuses; nothing may wait there.
        if run::refuse_reentry().is_ok() {
            self.store.start_completions();
            completions.await_room(core);
        }
        let receiver = Mutex::new(Some(receiver));
        let sink = |value: T, applied: Applied| {
            let receiver = receiver.lock().take();
            if let Some(receiver) = receiver {
                completions.push_applied(core, receiver.queue(Ok(value)), applied);
            }
        };
        let (result, batch) = match run(&sink) {
            Ok(Ended { leaves: Leaves::Sunk, batch, .. }) => return batch,
            Ok(Ended { leaves: Leaves::Result(result), batch, .. }) => (result, batch),
            Ok(ended) => (ended.settle(core), Batch::default()),
            Err(error) => (Err(error), Batch::default()),
        };
        let receiver = receiver.lock().take();
        if let Some(receiver) = receiver {
            completions.push_result(core, receiver.queue(result), batch);
        }
        batch
    }
}

impl std::fmt::Debug for Submitter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Submitter").field("folder", &self.store.folder()).finish()
    }
}
