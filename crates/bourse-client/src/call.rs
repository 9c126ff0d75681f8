//! A call: where it is done, how often it is tried, and for how long.
//!
//! ```text
//!   choose a node --> take a connection --> do the work --> done
//!        ^                  | error              | error
//!        |                  v                    v
//!        +---- wait <--- retry::next(kind, sqlstate, stage) ---> the caller gets it
//! ```
//!
//! # Invariants
//! - **D1** A call ends by its deadline, whatever nodes do.
//! - **D2** An attempt that is given up in the middle closes its connection, so that the server
//!   rolls it back before anything of it could be committed.

use std::panic::Location;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::clock::chance;
use crate::connection::{Connection, at_most_one, just_one};
use crate::error::{Error, Kind};
use crate::lock::Lock;
use crate::node::Taken;
use crate::pool::Role;
use crate::reserved::Reserved;
use crate::retry::{Next, Where, next, pause};
use crate::session::{Brought, Session};
use crate::shared::{Chosen, Shared, Wanted};
use crate::work::{
    Changing, Given, Isolation, Keyed, Once, Place, Progress, Reading, Single, Unguarded, Work,
    new_name,
};

/// A call that may be told more before it is done: [`Client::call`](crate::Client::call),
/// [`Session::call`].
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Call<'a> {
    shared: &'a Shared,
    session: Option<&'a Session>,
    timeout: Duration,
    isolation: Option<Isolation>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(shared: &'a Shared, session: Option<&'a Session>) -> Call<'a> {
        Call { shared, session, timeout: shared.options.call_timeout, isolation: None }
    }

    /// How long it may take, with all that is run again.
    pub fn within(mut self, timeout: Duration) -> Call<'a> {
        self.timeout = timeout;
        self
    }

    /// Its isolation; that of the server's default otherwise.
    pub fn isolation(mut self, isolation: Isolation) -> Call<'a> {
        self.isolation = Some(isolation);
        self
    }

    /// A transaction that only reads: on a replica where one has what is asked for, else on the
    /// leader. The closure is run again, from the beginning, after whatever errors pass.
    ///
    /// # Errors
    /// What the closure gives, and what [`Kind`] lists.
    #[track_caller]
    pub fn read<T, F, R>(self, closure: F) -> impl Future<Output = Result<T, Error>>
    where
        F: Fn(Connection) -> R,
        R: Future<Output = Result<T, Error>>,
    {
        let place = Location::caller();
        async move { self.done(&Reading { closure, isolation: self.isolation }, place).await }
    }

    /// A transaction on the leader. The closure is run again, from the beginning, as long as
    /// nothing of it can have been committed: it must have no effect elsewhere.
    ///
    /// # Errors
    /// What the closure gives, and what [`Kind`] lists: `OutcomeUnknown` where the connection was
    /// lost while COMMIT was under way.
    #[track_caller]
    pub fn transaction<T, F, R>(self, closure: F) -> impl Future<Output = Result<T, Error>>
    where
        F: Fn(Connection) -> R,
        R: Future<Output = Result<T, Error>>,
    {
        let place = Location::caller();
        async move { self.done(&Changing { closure, isolation: self.isolation }, place).await }
    }

    /// A transaction on the leader that is done once for its key, however often it is called, and
    /// run again where it is not known whether it was committed. Keys are rows of the table
    /// `bourse_client_keys`, which is made when it is first needed.
    ///
    /// # Errors
    /// As [`Call::transaction`]; `OutcomeUnknown` only where nobody tells before the deadline.
    #[track_caller]
    pub fn once<T, F, R>(
        self,
        key: &str,
        closure: F,
    ) -> impl Future<Output = Result<Once<T>, Error>>
    where
        F: Fn(Connection) -> R,
        R: Future<Output = Result<T, Error>>,
    {
        let place = Location::caller();
        let work = Keyed {
            closure,
            isolation: self.isolation,
            key: key.to_owned(),
            made_by: new_name(),
            value: Lock::default(),
        };
        async move { self.done(&work, place).await }
    }

    /// Whatever a closure does on the leader, outside of a transaction: definitions, COPY, a
    /// transaction of its own. It is run once, for nobody knows what of it remains after an error.
    ///
    /// # Errors
    /// What the closure gives; `OutcomeUnknown` in place of what could be run again elsewhere.
    #[track_caller]
    pub fn write<T, F, R>(self, closure: F) -> impl Future<Output = Result<T, Error>>
    where
        F: Fn(Connection) -> R,
        R: Future<Output = Result<T, Error>>,
    {
        let place = Location::caller();
        async move { self.done(&Unguarded { closure }, place).await }
    }

    /// The rows of one statement: a plain read on a replica, anything else on the leader.
    ///
    /// # Errors
    /// What [`Kind`] lists.
    #[track_caller]
    pub fn query<'c>(
        self,
        text: &'c str,
        parameters: &'c [&'c (dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<Vec<Row>, Error>> + use<'a, 'c> {
        let place = Location::caller();
        async move {
            match self.done(&Single::new(text, parameters, true), place).await? {
                Given::Rows(rows) => Ok(rows),
                Given::Count(_) => unreachable!("rows were asked for"),
            }
        }
    }

    /// The only row of one statement, if it has one.
    ///
    /// # Errors
    /// As [`Call::query`]; `Statement` for more rows than one, after the statement is done.
    #[track_caller]
    pub fn query_opt<'c>(
        self,
        text: &'c str,
        parameters: &'c [&'c (dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<Option<Row>, Error>> + use<'a, 'c> {
        let rows = self.query(text, parameters);
        async move { at_most_one(rows.await?) }
    }

    /// The only row of one statement.
    ///
    /// # Errors
    /// As [`Call::query_opt`]; `Statement` where there is none.
    #[track_caller]
    pub fn query_one<'c>(
        self,
        text: &'c str,
        parameters: &'c [&'c (dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<Row, Error>> + use<'a, 'c> {
        let row = self.query_opt(text, parameters);
        async move { just_one(row.await?) }
    }

    /// Runs one statement, as [`Call::query`]. Returns how many rows it changed.
    ///
    /// # Errors
    /// As [`Call::query`].
    #[track_caller]
    pub fn execute<'c>(
        self,
        text: &'c str,
        parameters: &'c [&'c (dyn ToSql + Sync)],
    ) -> impl Future<Output = Result<u64, Error>> + use<'a, 'c> {
        let place = Location::caller();
        async move {
            match self.done(&Single::new(text, parameters, false), place).await? {
                Given::Count(count) => Ok(count),
                Given::Rows(_) => unreachable!("a count was asked for"),
            }
        }
    }

    /// A connection to keep for a while. It is told of as a leak when it is kept for too long.
    ///
    /// # Errors
    /// `Busy`, and `Unavailable` where no node is there before the deadline.
    #[track_caller]
    pub fn reserve(self, role: Role) -> impl Future<Output = Result<Reserved, Error>> + use<'a> {
        let place = Location::caller();
        async move {
            let deadline = Instant::now() + self.timeout;
            let brought = self.brought()?;
            let mut tries = Tries::new(self.shared, deadline, brought.leader_only);
            loop {
                let taking = self.shared.take(role, &tries.wanted, place);
                let error = match tokio::time::timeout_at(deadline, taking).await {
                    Ok(Ok(Chosen { taken: Taken { borrowed, .. }, .. })) => {
                        borrowed.read_after(brought.token).await?;
                        return Ok(Reserved::new(borrowed));
                    }
                    Ok(Err(error)) => error,
                    Err(_) => out_of_time(self.timeout),
                };
                let next = next(error.kind(), error.sqlstate(), crate::retry::Stage::Acquiring);
                let Next::Again(again) = next else { return Err(error) };
                tries.again(again, None, error).await?;
            }
        }
    }

    fn brought(&self) -> Result<Brought, Error> {
        self.session.map_or(Ok(Brought::default()), Session::brought)
    }

    /// Does it, as often as needed.
    async fn done<W: Work>(&self, work: &W, place: Place) -> Result<W::Output, Error> {
        let deadline = Instant::now() + self.timeout;
        let brought = self.brought()?;
        let mut tries = Tries::new(self.shared, deadline, brought.leader_only);
        let progress = Progress::new(self.session.is_some());
        loop {
            progress.restart();
            let attempt = self.attempt(work, &tries.wanted, brought, &progress, place);
            // D1, D2.
            let outcome = match tokio::time::timeout_at(deadline, attempt).await {
                Ok(outcome) => outcome,
                Err(_) => Err(out_of_time(self.timeout)),
            };
            let error = match outcome {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let mut next = next(error.kind(), error.sqlstate(), progress.stage());
            if next == Next::Unknown && work.knows_outcome() && error.kind() != Kind::Deadline {
                progress.set_in_doubt(true);
                next = Next::Again(Where::NewLeader);
            }
            let again = match next {
                Next::Again(again) => again,
                Next::Fail => return Err(self.failed(error, progress.is_in_doubt())),
                Next::Unknown => return Err(self.failed(error, true)),
            };
            let waited = tries.again(again, progress.node(), error).await;
            waited.map_err(|error| self.failed(error, progress.is_in_doubt()))?;
        }
    }

    fn failed(&self, error: Error, is_in_doubt: bool) -> Error {
        if !is_in_doubt {
            return error;
        }
        self.shared.metrics.outcome_unknown.inc();
        if let Some(session) = self.session {
            session.note_uncertain();
        }
        error.with_kind(Kind::OutcomeUnknown).with_context("it may have been done or not")
    }

    async fn attempt<W: Work>(
        &self,
        work: &W,
        wanted: &Wanted,
        brought: Brought,
        progress: &Progress,
        place: Place,
    ) -> Result<W::Output, Error> {
        let chosen = self.shared.take(work.role(), wanted, place).await?;
        let node = &self.shared.nodes[chosen.node];
        let Taken { mut borrowed, admission } = chosen.taken;
        progress.begin(chosen.node, work.first_stage());
        let outcome = tokio::select! {
            biased;
            outcome = work.run(&borrowed, brought.token, progress) => outcome,
            error = node.lost() => Err(error),
        };
        let outcome = outcome.map_err(|error| error.with_node(&node.name));
        node.note(admission, outcome.as_ref().map(|_| ()));
        borrowed.metrics().note_attempt(borrowed.used(), self.shared.options.slow_after);
        let is_usable = match &outcome {
            Ok(_) => true,
            Err(error) => {
                borrowed.mark_changed();
                matches!(error.kind(), Kind::Statement | Kind::Conflict | Kind::Aborted)
            }
        };
        if is_usable {
            if borrowed.may_be_changed() {
                borrowed.begin_rollback();
            }
            borrowed.end_well();
        }
        if let (Ok(_), Some(session)) = (&outcome, self.session) {
            let is_leader = self.shared.leader() == Some(chosen.node);
            if let Some(token) = progress.take_seen() {
                session.saw(token, is_leader);
            }
        }
        outcome
    }
}

fn out_of_time(timeout: Duration) -> Error {
    let told = format!("it was not done within {} ms", timeout.as_millis());
    Error::new(Kind::Deadline, told)
}

/// Counts attempts, and waits between them.
struct Tries<'a> {
    shared: &'a Shared,
    deadline: Instant,
    wanted: Wanted,
    changes: watch::Receiver<u64>,
    attempts: u32,
    /// Of those, such that others were in the way of.
    conflicts: u32,
}

impl<'a> Tries<'a> {
    fn new(shared: &'a Shared, deadline: Instant, leader_only: bool) -> Tries<'a> {
        let wanted = Wanted { leader_only, ..Wanted::default() };
        Tries { shared, deadline, wanted, changes: shared.changes(), attempts: 0, conflicts: 0 }
    }

    /// Waits until another attempt may do better.
    ///
    /// # Errors
    /// The error of the last one, where there were enough, or no time is left.
    async fn again(&mut self, at: Where, node: Option<usize>, error: Error) -> Result<(), Error> {
        let shared = self.shared;
        shared.metrics.note_retry(error.kind());
        self.attempts += 1;
        if matches!(error.kind(), Kind::Conflict | Kind::Statement) {
            self.conflicts += 1;
        }
        if self.conflicts >= shared.options.attempts_max {
            return Err(error);
        }
        let is_elsewhere = match (at, node) {
            (Where::Leader, Some(node)) => {
                let had_leader = self.wanted.leader_only || shared.leader() == Some(node);
                self.wanted.leader_only = true;
                !had_leader
            }
            (Where::Elsewhere, Some(node)) => {
                self.wanted.excluded.push(node);
                true
            }
            (Where::NewLeader, Some(node)) if error.kind() == Kind::Statement => {
                shared.refused_write(node);
                false
            }
            (Where::NewLeader | Where::Elsewhere, _) => {
                shared.ask_all();
                false
            }
            (Where::Anywhere | Where::Leader, _) => false,
        };
        if is_elsewhere && self.attempts == 1 {
            return Ok(());
        }
        let pause = pause(self.attempts, chance());
        let until = Instant::now() + pause;
        if until >= self.deadline {
            return Err(error);
        }
        let is_nobody_there = error.kind() == Kind::Unavailable && error.sqlstate().is_none();
        tokio::select! {
            () = tokio::time::sleep_until(until) => {}
            // A new leader is worth an attempt at once.
            Ok(()) = self.changes.changed(), if is_nobody_there => {}
        }
        Ok(())
    }
}
