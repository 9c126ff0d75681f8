//! Interactive transactions: begun, used statement by statement and ended by calls, for as long as
//! their user thinks.
//!
//! A transaction is a write set over Cuts, and the row locks that keep what it has written
//! committable (see [`super::session`]). No mutex is held between calls, and none while a call
//! waits.
//!
//! | | a statement reads | to change a row that others changed since |
//! |---|---|---|
//! | READ COMMITTED | the newest published Cut | takes the row as it then is |
//! | REPEATABLE READ | the Cut of the first statement | ends the transaction: 40001 |
//! | SERIALIZABLE | the Cut of the first statement | ends the transaction: 40001 |
//!
//! At SERIALIZABLE what was only read is validated at commit, as in a closure transaction.
//!
//! ```text
//! Open --statement fails with class 40--> Failed --rollback_to--> Open
//! Open --a statement's closure panics---> Broken
//! any  --commit, rollback, drop---------> (gone, all locks let go)
//! ```

use std::sync::Arc;
use std::time::Duration;

use bourse_storage::cache::Held;
use bourse_storage::{Error, Result, sync};

use super::constraints::{Pending, PendingMark};
use super::definitions;
use super::locks::LockMode;
use super::locks::set::{Interrupts, LockWait, serialization_failure};
use super::run::{self, Judgement};
use super::session::{LockedRow, Session, newest_batch, redefined};
use super::write_set::WriteSet;
use super::{Halt, Transaction};
use crate::catalog::Catalog;
use crate::core::Core;
use crate::cut::CutState;
use crate::database::Database;
use crate::range::Range;
use crate::scan::Order;
use crate::snapshot::Observation;
use crate::table::{OwnedRow, Table};
use crate::value::Value;

/// What an interactive transaction is kept apart from.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Isolation {
    /// Each statement reads the newest committed state.
    #[default]
    ReadCommitted,
    /// All statements read one state; of two that change a row the second one fails (40001).
    RepeatableRead,
    /// As if transactions ran one after the other: what was read is validated at commit (40001).
    Serializable,
}

/// How an interactive transaction behaves.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct TransactionOptions {
    /// What it is kept apart from.
    pub isolation: Isolation,
    /// How long it waits for one row lock before it gives up with 55P03; for ever by default.
    pub lock_timeout: Option<Duration>,
    /// How long a statement takes at most before it ends with 57014; for ever by default. It is
    /// looked at where rows are locked and changed.
    pub statement_timeout: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    Open,
    /// It can only be rolled back, all of it or to a savepoint.
    Failed,
    /// A statement left it halfway: it can only be rolled back.
    Broken,
}

pub(super) struct Savepoint {
    name: String,
    writes: usize,
    locks: usize,
    pending: PendingMark,
    guards: usize,
    /// The definitions that the write set was made under then.
    written_under: Option<Arc<Catalog>>,
}

/// A transaction that lives from [`Database::begin`] to [`commit`](Self::commit); dropped, it is
/// rolled back.
///
/// Each call is a statement of its own; [`statement`](Self::statement) makes one of several calls.
/// A statement that fails changes nothing, and the transaction goes on, but for class 40: after a
/// deadlock or a serialization failure it can only be rolled back. Rows that are changed are locked
/// until the end, and those that the transaction [locks](Self::lock_row).
///
/// A closure transaction ([`Database::transaction`]) that meets such a lock waits for it, at most
/// 10 seconds.
pub struct InteractiveTransaction {
    pub(super) store: Database,
    options: TransactionOptions,
    pub(super) session: Session,
    pub(super) writes: WriteSet,
    /// The definitions that the write set was made under, once there is something in it.
    pub(super) written_under: Option<Arc<Catalog>>,
    pub(super) reads: Vec<Observation>,
    /// What constraints have still to do.
    pending: Pending,
    /// Its time, once it was asked for.
    now: Option<i64>,
    /// The one Cut of all statements, from the first one on, where there is one.
    pub(super) cut: Option<(Arc<CutState>, Held)>,
    savepoints: Vec<Savepoint>,
    /// What was so before the statement that waits without a thread.
    pub(super) waits_since: Option<Savepoint>,
    pub(super) status: Status,
}

/// Cancels what a transaction does, from another thread.
#[derive(Clone, Debug)]
pub struct CancelHandle(Arc<Interrupts>);

impl CancelHandle {
    /// One that belongs to no transaction, but to a session: see
    /// [`in_session`](crate::in_session). What it was asked it keeps until
    /// [`begin_anew`](Self::begin_anew).
    pub fn of_session() -> CancelHandle {
        let interrupts = Interrupts::default();
        interrupts.begin();
        CancelHandle(Arc::new(interrupts))
    }

    /// Forgets that it was asked to cancel: the session's next statement begins.
    pub fn begin_anew(&self) {
        self.0.begin();
    }

    pub(super) fn interrupts(&self) -> Arc<Interrupts> {
        Arc::clone(&self.0)
    }

    /// Ends the statement that the transaction runs, with 57014: at once when it waits for a lock,
    /// else where it next locks or changes a row. Nothing happens when none runs.
    pub fn cancel(&self) {
        self.0.request();
    }
}

impl Database {
    /// Begins an interactive transaction: for work that waits for a user, a network or other
    /// stores in the middle, and for SQL sessions. What needs no such wait is faster, and never
    /// fails with 40001 or 40P01, as a closure: [`Database::transaction`].
    ///
    /// # Errors
    /// `InvalidInput` inside of a transaction's closure; `Closed` when the store stopped.
    pub fn begin(&self, options: TransactionOptions) -> Result<InteractiveTransaction> {
        run::refuse_reentry()?;
        self.core().check_running()?;
        let reads_one_cut = options.isolation != Isolation::ReadCommitted;
        Ok(InteractiveTransaction {
            store: self.clone(),
            options,
            session: Session::new(self.core(), reads_one_cut, options.lock_timeout),
            writes: WriteSet::with_journal(),
            written_under: None,
            reads: Vec::new(),
            pending: Pending::default(),
            now: None,
            cut: None,
            savepoints: Vec::new(),
            waits_since: None,
            status: Status::Open,
        })
    }
}

impl InteractiveTransaction {
    /// The options it was begun with.
    pub fn options(&self) -> TransactionOptions {
        self.options
    }

    /// Gives the statements to come other limits than it was begun with.
    pub fn set_timeouts(&mut self, lock: Option<Duration>, statement: Option<Duration>) {
        (self.options.lock_timeout, self.options.statement_timeout) = (lock, statement);
        self.session.lock_timeout = lock;
    }

    pub(super) fn has_cut(&self) -> bool {
        self.cut.is_some()
    }

    /// Cancels its statements from other threads.
    pub fn cancel_handle(&self) -> CancelHandle {
        CancelHandle(Arc::clone(&self.session.interrupts))
    }

    /// Runs `body` as one statement: at READ COMMITTED all of its reads see one state. Where it
    /// changes a row that others changed meanwhile, it goes on over the newest state. When it
    /// fails, nothing of it remains.
    ///
    /// Its [`Transaction`] is also what typed tables read and write
    /// ([`TypedTable::at`](crate::TypedTable::at), [`within`](crate::TypedTable::within)).
    ///
    /// # Errors
    /// `body`'s; 25P02 when the transaction has failed before.
    pub fn statement<T>(
        &mut self,
        body: impl FnOnce(&mut Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.enter()?;
        let before = self.begin_statement();
        let result = self.run_body(body);
        self.end_statement(&before, result)
    }

    /// Before anything is done in it: not from within itself, and not once it has failed. Whatever
    /// waited is given up.
    pub(super) fn enter(&mut self) -> Result<()> {
        run::refuse_reentry()?;
        self.give_up_wait();
        self.check_open()
    }

    /// What is so before a statement. Its time begins.
    pub(super) fn begin_statement(&mut self) -> Savepoint {
        let limit = self.options.statement_timeout;
        self.session.deadline = limit.map(|limit| sync::monotonic() + limit);
        self.session.interrupts.begin();
        self.mark(String::new())
    }

    /// Runs the body of a statement over the transaction's changes.
    pub(super) fn run_body<T>(
        &mut self,
        body: impl FnOnce(&mut Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let core = Arc::clone(self.store.core());
        core.check_running()?;
        let state = self.cut_of_statement(&core)?;
        self.session.notes_reads.set(self.session.reads_one_cut);
        self.run_over(&core, state, self.options.isolation == Isolation::Serializable, body)
    }

    /// Runs `body` over a state and the transaction's changes.
    pub(super) fn run_over<T>(
        &mut self,
        core: &Core,
        (cut, held): (Arc<CutState>, Held),
        observes: bool,
        body: impl FnOnce(&mut Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let (catalog, written) = (Arc::clone(&cut.catalog), self.writes.mark());
        self.status = Status::Broken; // Until `body` has returned.
        let mut transaction = Transaction::over_cut(core, cut, held);
        transaction.observes.set(observes);
        transaction.now.set(self.now);
        transaction.pending = std::mem::take(&mut self.pending);
        transaction.session = Some(&mut self.session);
        transaction.writes = std::mem::take(&mut self.writes);
        // It may be long ago that they were made.
        transaction.evictions = None;
        transaction.reads.replace(std::mem::take(&mut self.reads));
        let result = body(&mut transaction);
        let Transaction { writes, reads, pending, now, .. } = transaction;
        (self.writes, self.reads) = (writes, reads.into_inner());
        (self.pending, self.now) = (pending, now.get());
        self.status = Status::Open;
        if result.is_ok() && self.writes.mark() != written {
            self.written_under = Some(catalog);
        }
        result
    }

    /// Ends a statement, which does not wait.
    pub(super) fn end_statement<T>(&mut self, before: &Savepoint, result: Result<T>) -> Result<T> {
        self.session.interrupts.end();
        if let Err(error) = &result {
            self.back_to(before);
            if error.sqlstate().starts_with("40") {
                self.status = Status::Failed;
            }
        }
        if self.savepoints.is_empty() {
            self.forget_marks();
        }
        result
    }

    /// Where the newest savepoint is in the journal of what was written.
    pub(super) fn last_savepoint(&self) -> usize {
        self.savepoints.last().map_or(0, |savepoint| savepoint.writes)
    }

    fn mark(&self, name: String) -> Savepoint {
        Savepoint {
            name,
            writes: self.writes.mark(),
            locks: self.session.locks.mark(),
            pending: self.pending.mark(),
            guards: self.session.guards.len(),
            written_under: self.written_under.clone(),
        }
    }

    pub(super) fn back_to(&mut self, mark: &Savepoint) {
        self.take_back(mark);
        self.session.locks.release_to(mark.locks);
    }

    /// Takes back changes, and keeps the locks.
    pub(super) fn take_back(&mut self, mark: &Savepoint) {
        self.writes.undo_to(mark.writes);
        self.pending.back_to(mark.pending);
        self.session.guards.truncate(mark.guards);
        // What is left means what it meant then, not what a definition taken back made of it.
        self.written_under.clone_from(&mark.written_under);
    }

    fn forget_marks(&mut self) {
        self.writes.forget_marks();
        self.pending.forget_marks();
    }

    pub(super) fn check_open(&self) -> Result<()> {
        if self.status == Status::Open {
            return Ok(());
        }
        let message = "the transaction has failed: roll it back, or go back to a savepoint";
        Err(Error::invalid(message).with_sqlstate("25P02"))
    }

    fn cut_of_statement(&mut self, core: &Arc<Core>) -> Result<(Arc<CutState>, Held)> {
        self.move_if_redefined(core)?;
        let (cut, held) = match &self.cut {
            Some((cut, held)) => (Arc::clone(cut), held.clone()),
            None => {
                let (cut, held) = core.hold_published();
                (cut, held.that_expires())
            }
        };
        self.write_under(&cut.catalog)?;
        if self.session.reads_one_cut && self.cut.is_none() {
            self.cut = Some((Arc::clone(&cut), held.clone()));
        }
        Ok((cut, held))
    }

    /// Goes on with what is written under other definitions.
    pub(super) fn write_under(&mut self, catalog: &Arc<Catalog>) -> Result<()> {
        if let Some(before) = self.written_under.as_ref().filter(|_| !self.writes.is_empty())
            && before.version != catalog.version
        {
            if !definitions::mean_the_same(&self.writes, before, catalog) {
                self.status = Status::Failed;
                return Err(redefined());
            }
            self.written_under = Some(Arc::clone(catalog));
        }
        Ok(())
    }

    /// The row of a primary key.
    ///
    /// # Errors
    /// As [`Transaction::get`].
    pub fn get(&mut self, table: &Table, key: &[Value]) -> Result<Option<OwnedRow>> {
        self.statement(|transaction| transaction.get(table, key))
    }

    /// Rows of many primary keys, all of one state.
    ///
    /// # Errors
    /// As [`Transaction::multi_get`].
    pub fn multi_get(
        &mut self,
        table: &Table,
        keys: &[Vec<Value>],
    ) -> Result<Vec<Option<OwnedRow>>> {
        self.statement(|transaction| transaction.multi_get(table, keys))
    }

    /// Rows of a range of the primary key, in its order, collected; many rows are read one by one
    /// in a [`statement`](Self::statement).
    ///
    /// # Errors
    /// As [`Transaction::scan`].
    pub fn scan(&mut self, table: &Table, range: &Range, order: Order) -> Result<Vec<OwnedRow>> {
        self.statement(|transaction| transaction.scan(table, range, order)?.collect())
    }

    /// The rows that a range of an index names, in its order, collected.
    ///
    /// # Errors
    /// As [`Transaction::scan_index`].
    pub fn scan_index(
        &mut self,
        table: &Table,
        index: &str,
        range: &Range,
        order: Order,
    ) -> Result<Vec<OwnedRow>> {
        self.statement(|transaction| {
            transaction.scan_index(table, index, range, order)?.fetch(usize::MAX)
        })
    }

    /// The one row that a unique index has for the values of its columns.
    ///
    /// # Errors
    /// As [`Transaction::find_unique`].
    pub fn find_unique(
        &mut self,
        table: &Table,
        index: &str,
        values: &[Value],
    ) -> Result<Option<OwnedRow>> {
        self.statement(|transaction| transaction.find_unique(table, index, values))
    }

    /// Inserts a row. Returns its primary key.
    ///
    /// # Errors
    /// As [`Transaction::insert`]; as [`lock_row`](Self::lock_row).
    pub fn insert(&mut self, table: &Table, values: Vec<Value>) -> Result<Vec<Value>> {
        self.statement(|transaction| transaction.insert(table, values))
    }

    /// Inserts a row, or replaces the one with its primary key. Returns whether one was replaced.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    pub fn upsert(&mut self, table: &Table, values: Vec<Value>) -> Result<bool> {
        self.statement(|transaction| transaction.upsert(table, values))
    }

    /// Changes columns of the row of a primary key. Returns whether there is one.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    pub fn update(
        &mut self,
        table: &Table,
        key: &[Value],
        changes: &[(&str, Value)],
    ) -> Result<bool> {
        self.statement(|transaction| transaction.update(table, key, changes))
    }

    /// Deletes the row of a primary key. Returns whether there was one.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    pub fn delete(&mut self, table: &Table, key: &[Value]) -> Result<bool> {
        self.statement(|transaction| transaction.delete(table, key))
    }

    /// Locks the row of a primary key, whether there is one or not.
    ///
    /// # Errors
    /// As [`Transaction::lock_row`].
    pub fn lock_row(
        &mut self,
        table: &Table,
        key: &[Value],
        mode: LockMode,
        wait: LockWait,
    ) -> Result<LockedRow> {
        self.statement(|transaction| transaction.lock_row(table, key, mode, wait))
    }

    /// From here on, what can be deferred is checked at commit: SET CONSTRAINTS ALL DEFERRED.
    ///
    /// # Errors
    /// 25P02 when the transaction has failed.
    pub fn defer_constraints(&mut self) -> Result<()> {
        self.statement(|transaction| {
            transaction.defer_constraints();
            Ok(())
        })
    }

    /// Checks now what was deferred; else [`commit`](Self::commit) does.
    ///
    /// # Errors
    /// `Constraint` (23503); as [`lock_row`](Self::lock_row).
    pub fn check_constraints(&mut self) -> Result<()> {
        self.statement(|transaction| transaction.check_constraints())
    }

    /// Sets a mark to go back to. A name that is set again hides the older one until it is
    /// released.
    ///
    /// # Errors
    /// 25P02 when the transaction has failed.
    pub fn savepoint(&mut self, name: &str) -> Result<()> {
        self.give_up_wait();
        self.check_open()?;
        self.savepoints.push(self.mark(name.to_owned()));
        Ok(())
    }

    /// Takes back all that was changed and lets go of all that was locked since the savepoint,
    /// which stays; later ones are gone. A failed transaction goes on from there.
    ///
    /// # Errors
    /// 3B001 when there is none of that name.
    pub fn rollback_to(&mut self, name: &str) -> Result<()> {
        self.give_up_wait();
        if self.status == Status::Broken {
            return self.check_open();
        }
        let at = self.savepoint_named(name)?;
        self.savepoints.truncate(at + 1);
        if let Some(savepoint) = self.savepoints.pop() {
            self.back_to(&savepoint);
            self.savepoints.push(savepoint);
        }
        self.status = Status::Open;
        Ok(())
    }

    /// Forgets the savepoint and all later ones; what was done since stays.
    ///
    /// # Errors
    /// 3B001 when there is none of that name; 25P02 when the transaction has failed.
    pub fn release(&mut self, name: &str) -> Result<()> {
        self.give_up_wait();
        self.check_open()?;
        let at = self.savepoint_named(name)?;
        self.savepoints.truncate(at);
        if self.savepoints.is_empty() {
            self.forget_marks();
        }
        Ok(())
    }

    fn savepoint_named(&self, name: &str) -> Result<usize> {
        self.savepoints.iter().rposition(|savepoint| savepoint.name == name).ok_or_else(|| {
            Error::invalid(format!("savepoint \"{name}\" does not exist")).with_sqlstate("3B001")
        })
    }

    /// Commits; returns when the commit is published (in a Sync store: durable). Locks are let go
    /// of after that.
    ///
    /// # Errors
    /// `Constraint` (23503) when a deferred constraint is not met. `Conflict` (40001) when what a
    /// SERIALIZABLE transaction read has changed, or definitions have; 25P02 when the transaction
    /// has failed before (PostgreSQL's COMMIT tells it by its tag alone). It is rolled back then.
    /// `Full`; `Closed`.
    pub fn commit(mut self) -> Result<()> {
        self.enter()?;
        if !self.pending.is_met() {
            self.check_constraints()?;
        }
        if self.writes.is_empty() {
            return Ok(());
        }
        let core = Arc::clone(self.store.core());
        core.make_log_room()?;
        let (cut, held) = self.cut_of_statement(&core)?;
        let mut transaction = Transaction::over_cut(&core, cut, held);
        transaction.owner = Some(self.session.locks.owner());
        transaction.writes = std::mem::take(&mut self.writes);
        // It may be long ago that they were made.
        transaction.evictions = None;
        transaction.reads.replace(std::mem::take(&mut self.reads));
        let guards = std::mem::take(&mut self.session.guards);
        let mut shards = run::shards_of(&transaction);
        let guarded = guards.iter().flat_map(|guard| &guard.reads);
        shards.extend(guarded.map(Observation::shard));
        shards.sort_unstable();
        shards.dedup();
        let value = (&mut Some(()), None);
        let failure = match run::commit_optimistic(&core, &transaction, &guards, &shards, value) {
            Ok(Judgement::Committed(batch, staging)) => {
                core.settle(batch)?;
                drop(staging);
                return Ok(());
            }
            Ok(Judgement::Again(Some(Halt::Redefined))) => redefined(),
            Ok(Judgement::Again(_)) => serialization_failure(
                "could not serialize access due to read/write dependencies among transactions: \
                 what this one read has changed; run it again",
            ),
            // Only what is written, or relied on, meets locks. This owner has locked all of it in a
            // mode that lets it write; what guards hold is not looked up among the locks.
            Ok(Judgement::Locked(_)) => {
                unreachable!("S1: the transaction holds the locks of what it has written")
            }
            Err(error) => error,
        };
        // T3: it tells of heads that may not be published.
        core.settle(newest_batch(&core, shards.into_iter().map(usize::from)))?;
        Err(failure)
    }

    /// Fails the transaction: takes back what it did since its newest savepoint, or all of it, and
    /// lets go of what it has locked since then, for those who wait. It can only be rolled back,
    /// whole or to a savepoint.
    pub fn fail(&mut self) {
        self.give_up_wait();
        if self.status == Status::Broken {
            return;
        }
        match self.savepoints.pop() {
            Some(savepoint) => {
                self.back_to(&savepoint);
                self.savepoints.push(savepoint);
            }
            None => {
                self.writes = WriteSet::with_journal();
                self.pending = Pending::default();
                self.reads.clear();
                self.session.guards.clear();
                self.session.locks.release_to(0);
            }
        }
        self.status = Status::Failed;
    }

    /// Takes back all that the transaction did, and lets go of its locks; as dropping it does.
    pub fn rollback(self) {
        drop(self);
    }
}

impl std::fmt::Debug for InteractiveTransaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InteractiveTransaction")
            .field("options", &self.options)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
