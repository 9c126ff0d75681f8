//! Waiting for row locks without a thread: a statement that parks.
//!
//! ```text
//! poll --nobody is in the way--------------------------> Ready
//! poll --a row is locked: taken back, place kept-------> Pending
//!   the waker is called: granted, or cancelled
//! poll --granted: runs again, over the newest state----> Ready, or Pending at the next lock
//! poll --cancelled, or its time is over----------------> Ready: 57014, 55P03
//! ```
//!
//! A statement that waits is an edge of the wait-for graph as any other, so whoever closes a cycle
//! with it is the victim. What it has locked so far stays locked, as if a thread waited; what it
//! has changed is taken back, since its next run changes it again.

use std::task::{Context, Poll};
use std::time::Duration;

use bourse_storage::{Result, sync};

use super::interactive::InteractiveTransaction;
use super::{Transaction, run};

impl InteractiveTransaction {
    /// As [`statement`](Self::statement), but where it would wait for a row lock it keeps its place
    /// in the queue and gives `Pending`: a server parks the session, and no thread. When it is its
    /// turn, or when it is cancelled, the waker is called, by the thread that let go of the lock or
    /// cancelled; poll it then with the same `body`, which runs again from its beginning, over the
    /// newest state that its isolation shows.
    ///
    /// A waker is what a future gets, or any [`Wake`](std::task::Wake). Timeouts are the caller's
    /// to time: poll it again after [`wait_ends_in`](Self::wait_ends_in). Any other call that does
    /// something in the transaction gives the wait up, and so does dropping it.
    ///
    /// It waits for the disk, for a short time, where another's change of a row that it changes too
    /// is not durable yet. [`commit`](Self::commit) locks no row where
    /// [`check_constraints`](Self::check_constraints) was polled like this before.
    ///
    /// ```
    /// # use std::task::{Context, Waker};
    /// # use bourse::{Database, Options, TableDefinition, TransactionOptions, Type};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let store = Database::open(folder.path(), Options::default())?;
    /// # let definition = TableDefinition::builder("t").column("id", Type::BigInt);
    /// # let definition = definition.column("value", Type::BigInt).primary_key(["id"]).build()?;
    /// # let table = store.create_table(&definition)?;
    /// # store.insert(&table, vec![1.into(), 10.into()])?;
    /// let mut first = store.begin(TransactionOptions::default())?;
    /// first.update(&table, &[1.into()], &[("value", 11.into())])?;
    /// let mut second = store.begin(TransactionOptions::default())?;
    /// let mut context = Context::from_waker(Waker::noop()); // In a future: its own.
    /// let change = [("value", 12.into())];
    /// let mut set = |context: &mut Context<'_>| {
    ///     second.poll_statement(context, |t| t.update(&table, &[1.into()], &change))
    /// };
    /// assert!(set(&mut context).is_pending());
    /// first.commit()?;
    /// assert!(set(&mut context).is_ready());
    /// # Ok::<(), bourse::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`statement`](Self::statement).
    pub fn poll_statement<T>(
        &mut self,
        context: &mut Context<'_>,
        body: impl FnOnce(&mut Transaction<'_>) -> Result<T>,
    ) -> Poll<Result<T>> {
        if let Err(error) = run::refuse_reentry().and_then(|()| self.check_open()) {
            return Poll::Ready(Err(error));
        }
        let before = match self.waits_since.take() {
            Some(before) => before,
            None => self.begin_statement(),
        };
        let deadline = self.session.deadline;
        let result = match self.session.locks.resume(context.waker(), deadline) {
            Ok(true) => {
                self.session.locks.waker = Some(context.waker().clone());
                let result = self.run_body(body);
                self.session.locks.waker = None;
                result
            }
            Ok(false) => {
                self.waits_since = Some(before);
                return Poll::Pending;
            }
            Err(error) => Err(error),
        };
        if self.session.locks.is_parked() {
            // Also when `body` made something else of the error.
            self.take_back(&before);
            self.waits_since = Some(before);
            return Poll::Pending;
        }
        Poll::Ready(self.end_statement(&before, result))
    }

    /// After how long a timeout ends the wait of a statement that was
    /// [polled](Self::poll_statement) and is pending; `None` when none does.
    pub fn wait_ends_in(&self) -> Option<Duration> {
        self.waits_since.as_ref()?;
        let (lock, statement) = (self.session.locks.parked_until(), self.session.deadline);
        let first = lock.into_iter().chain(statement).min()?;
        Some(first.saturating_sub(sync::monotonic()))
    }

    /// Ends the statement that waits without a thread, if one does: nothing of it remains.
    pub(super) fn give_up_wait(&mut self) {
        if let Some(before) = self.waits_since.take() {
            self.session.locks.unpark();
            self.session.interrupts.end();
            self.back_to(&before);
        }
    }
}
