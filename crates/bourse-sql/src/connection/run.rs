//! Runs plans: in the transaction that is open, else each in one of its own by the cheapest way. A
//! read by one key looks at the newest state without holding it, other reads hold a Cut; what
//! changes one row is a transaction of its shard; what changes others is an optimistic transaction,
//! which the store runs again if need be; what locks rows is an interactive one.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bourse::schema::Default as ColumnDefault;
use bourse::{Database, InteractiveTransaction, Table, Transaction, TransactionOptions, Value};
use bourse_storage::sync;

use crate::Dialect;
use crate::datum::{Datum, to_value};
use crate::error::{Result, SqlError};
use crate::execute::reader::Newest;
use crate::execute::scan::to_store_error;
use crate::execute::spill::Disk;
use crate::execute::write::{Outcome, Run};
use crate::execute::{Flow, Frame, Interrupt, Memory, Progress};
use crate::function::Context;
use crate::plan::single::Single;
use crate::plan::{Plan, PlanKind};
use crate::session::SessionState;

/// What a statement may use.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// What it keeps at most, and where the rest goes.
    pub(crate) memory: Memory,
    pub(crate) disk: Arc<Disk>,
    pub(crate) timeout: Option<Duration>,
    /// How long it waits for one lock.
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) canceled: Arc<AtomicBool>,
    pub(crate) progress: Option<Progress>,
}

impl Limits {
    pub(crate) fn frame(&self, plan: &Plan) -> Frame {
        self.frame_of(plan.slots, plan.cells)
    }

    fn frame_of(&self, slots: usize, cells: usize) -> Frame {
        let deadline = self.timeout.map(|timeout| sync::monotonic() + timeout);
        let interrupt = Interrupt::new(Arc::clone(&self.canceled), deadline, sync::monotonic);
        let interrupt = interrupt.with_progress(self.progress.clone());
        Frame::new(slots, cells, self.memory, interrupt)
    }
}

/// Who takes the rows of a result, one by one: the values of its columns.
pub(crate) type Take<'t> = dyn FnMut(&mut dyn Iterator<Item = &Datum>) -> Result<Flow> + Send + 't;

/// The key of the one row that a statement changes.
enum Key {
    /// Of a row that is there, or is not.
    Found(Vec<Value>),
    /// Of a row that is inserted; NULL where the store is to make it.
    New(Vec<Value>),
}

/// What a statement runs by.
pub(crate) struct Scene<'s> {
    pub(crate) context: &'s (dyn Context + Sync),
    pub(crate) limits: &'s Limits,
    /// The transaction of the session, if one is open.
    pub(crate) open: Option<&'s mut InteractiveTransaction>,
}

/// A statement with its parameters, to be run.
pub(crate) struct Call<'c> {
    pub(crate) database: &'c Database,
    pub(crate) plan: &'c Plan,
    pub(crate) parameters: &'c [Datum],
    pub(crate) context: &'c (dyn Context + Sync),
    pub(crate) dialect: Dialect,
    pub(crate) limits: &'c Limits,
}

impl Call<'_> {
    fn run(&self, locks: bool) -> Run<'_> {
        Run {
            plan: self.plan,
            parameters: self.parameters,
            context: self.context,
            dialect: self.dialect,
            locks,
            disk: &self.limits.disk,
        }
    }

    fn outputs(&self) -> &[usize] {
        match &self.plan.kind {
            PlanKind::Query { outputs, .. } => outputs,
            PlanKind::Change(number) => match &self.plan.changes[*number].returning {
                Some(returning) => &returning.outputs,
                None => &[],
            },
        }
    }

    /// Runs it. `take` gets the rows when they are final.
    pub(crate) fn go(
        &self,
        transaction: Option<&mut InteractiveTransaction>,
        take: &mut Take<'_>,
    ) -> Result<Outcome> {
        match transaction {
            Some(transaction) => self.in_transaction(transaction, take),
            None if !self.plan.writes() => self.read(take),
            None if !self.plan.locks.is_empty() => {
                let mut transaction = self.database.begin(TransactionOptions {
                    lock_timeout: self.limits.lock_timeout,
                    statement_timeout: self.limits.timeout,
                    ..TransactionOptions::default()
                })?;
                let session = self.context.session();
                if let Some(session) = session {
                    let began = self.context.transaction_time();
                    session.transaction_begins(began, transaction.lock_owner());
                }
                let outcome = self.in_transaction(&mut transaction, take);
                let ended = outcome.and_then(|outcome| {
                    transaction.commit()?;
                    Ok(outcome)
                });
                if let Some(session) = session {
                    session.transaction_ends();
                }
                ended
            }
            None => self.alone(take),
        }
    }

    fn read(&self, take: &mut Take<'_>) -> Result<Outcome> {
        let (mut frame, outputs) = (self.limits.frame(self.plan), self.outputs());
        let mut sink =
            |frame: &mut Frame| take(&mut outputs.iter().map(|slot| &frame.slots[*slot]));
        let run = self.run(false);
        if self.plan.reads_once {
            return run.read(&Newest(self.database), &mut frame, &mut sink);
        }
        run.read(&self.database.cut(), &mut frame, &mut sink)
    }

    fn in_transaction(
        &self,
        transaction: &mut InteractiveTransaction,
        take: &mut Take<'_>,
    ) -> Result<Outcome> {
        let (outputs, mut failure) = (self.outputs(), None);
        let result = transaction.statement(|transaction| {
            let mut frame = self.limits.frame(self.plan);
            let mut sink =
                |frame: &mut Frame| take(&mut outputs.iter().map(|slot| &frame.slots[*slot]));
            let run = self.run(true);
            let result = if self.plan.writes() {
                run.write(transaction, &mut frame, &mut sink)
            } else {
                run.read(&*transaction, &mut frame, &mut sink)
            };
            result.map_err(|error| {
                let told = to_store_error(&error);
                failure = Some(error);
                told
            })
        });
        result.map_err(|error| failure.unwrap_or_else(|| error.into()))
    }

    /// The key of the one row that the statement changes, where that can be told.
    fn single_key(&self) -> Option<(&Table, Key)> {
        let PlanKind::Change(number) = self.plan.kind else { return None };
        if !self.plan.changes_one {
            return None;
        }
        let change = &self.plan.changes[number];
        let run = self.run(false);
        // Keys are told by constants and parameters: no column is read.
        let (reader, mut frame) = (Newest(self.database), self.limits.frame_of(0, 0));
        let env = run.env(&reader);
        match change.single()? {
            Single::Found(codes) => {
                let mut key = Vec::with_capacity(codes.len());
                for code in codes {
                    // What is equal to no value, or not told in the column's terms, is for the
                    // scan to find out.
                    match code.exact(&env, &mut frame) {
                        Ok(Some(Some(value))) => key.push(value),
                        _ => return None,
                    }
                }
                Some((&change.table, Key::Found(key)))
            }
            Single::Inserted(codes) => {
                let definition = change.table.definition();
                let mut key = Vec::with_capacity(codes.len());
                for (code, position) in codes.iter().zip(definition.primary_key_positions()) {
                    let column = &definition.columns[usize::from(*position)];
                    let value = match code {
                        Some((code, ty)) => code
                            .eval(&env, &mut frame)
                            .and_then(|value| to_value(&value, ty, &column.data_type)),
                        None => match &column.default {
                            Some(ColumnDefault::Constant(value)) => Ok(value.clone()),
                            Some(ColumnDefault::CurrentTimestamp) => return None,
                            // The store makes it.
                            _ => Ok(Value::Null),
                        },
                    };
                    match value {
                        Ok(value) => key.push(value),
                        Err(_) => return None,
                    }
                }
                Some((&change.table, Key::New(key)))
            }
        }
    }

    /// A change in a transaction of its own. Its rows are kept until it is committed: it may run
    /// several times.
    fn alone(&self, take: &mut Take<'_>) -> Result<Outcome> {
        match self.context.session() {
            Some(session) => session.on_thread(|| self.run_alone(take)),
            None => self.run_alone(take),
        }
    }

    fn run_alone(&self, take: &mut Take<'_>) -> Result<Outcome> {
        let sequences = self.context.session().map(SessionState::sequences);
        loop {
            let result = self.runs(take);
            // A run that may not wait for a sequence's values has given up: others may wait.
            let again = sequences.is_some_and(|sequences| sequences.end_runs());
            if !again || result.is_ok() {
                return result;
            }
        }
    }

    fn runs(&self, take: &mut Take<'_>) -> Result<Outcome> {
        let outputs = self.outputs();
        let mut rows: Vec<Datum> = Vec::new();
        let mut failure: Option<SqlError> = None;
        let session = self.context.session();
        let mark = session.map(SessionState::mark).unwrap_or_default();
        let sequences = self.context.session().map(SessionState::sequences);
        let body = |transaction: &mut Transaction<'_>| {
            rows.clear();
            if let Some(session) = session {
                session.back_to(mark);
            }
            failure = None;
            if let Some(sequences) = sequences {
                sequences.begin_run();
            }
            let mut frame = self.limits.frame(self.plan);
            let mut sink = |frame: &mut Frame| {
                rows.extend(outputs.iter().map(|slot| frame.slots[*slot].clone()));
                Ok(Flow::More)
            };
            let outcome = self.run(false).write(transaction, &mut frame, &mut sink);
            match outcome {
                Ok(outcome) if outcome.rolls_back => {
                    let stopped = outcome.stopped.unwrap_or_else(|| SqlError::new("23505", ""));
                    let told = to_store_error(&stopped);
                    failure = Some(stopped);
                    Err(told)
                }
                Ok(outcome) => Ok(outcome),
                Err(error) => {
                    let told = to_store_error(&error);
                    failure = Some(error);
                    Err(told)
                }
            }
        };
        let result = match self.single_key() {
            Some((table, Key::Found(key))) => self.database.row_transaction(table, &key, body),
            Some((table, Key::New(key))) => self.database.insert_transaction(table, &key, body),
            None => self.database.transaction(body),
        };
        let outcome = result.map_err(|error| failure.unwrap_or_else(|| error.into()))?;
        for row in rows.chunks(outputs.len().max(1)) {
            if take(&mut row.iter())? == Flow::Enough {
                break;
            }
        }
        Ok(outcome)
    }
}
