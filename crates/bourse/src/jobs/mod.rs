//! Recurring jobs, on a queue.
//!
//! A job is a row of the table [`JOBS`], and its next run is a message of the queue [`RUNS`], whose
//! key is the job's name and whose delay ends when the run is due. So a run is leased, and its
//! effects commit with its acknowledgement, like those of any message; and one job never runs twice
//! at once, as the messages of one key come one after the other. Row and message have the same
//! shard, for both are sharded by the name.
//!
//! Invariants:
//! - **J1** A job that is not paused has one message, one that is paused has none, but for a run
//!   under way and one that was asked for ([`Database::run_job_now`]). Every transaction that
//!   changes either changes both.
//! - **J2** A run ends once: its acknowledgement, what is known of it and the message of the next
//!   run are one commit, which is refused when the lease is lost.
//! - **J3** One [`JobRunner`] a store: when it starts, whatever is leased was leased by a process
//!   that is gone, and is given back at once.

use std::time::Duration;

use bourse_storage::{Error, Result};

use crate::database::Database;
use crate::datetime::{Timestamp, wall_clock_ns};
use crate::queue::definition::{is_missing, micros, table_or_new, text};
use crate::queue::{Message, Queue, QueueDefinition, nanos};
use crate::range::Range;
use crate::scan::Order;
use crate::schema::TableDefinition;
use crate::table::{OwnedRow, Table};
use crate::transaction::Transaction;
use crate::value::{Type, Value, ValueRef};

mod builtin;
mod run;
mod runner;
#[cfg(test)]
mod tests;

pub use run::JobRun;
pub use runner::{JobFunctions, JobOptions, JobRunner};

/// The table of jobs.
const JOBS: &str = "bourse_jobs";
/// The queue of their runs.
const RUNS: &str = "bourse_job_runs";
const DAY_NS: i64 = 86_400_000_000_000;

/// When a job runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Schedule {
    /// In this distance; runs that were missed are left out.
    Every(Duration),
    /// Once a day, so long after midnight UTC.
    DailyAt(Duration),
}

impl Schedule {
    fn check(self) -> Result<()> {
        let is_good = match self {
            Schedule::Every(distance) => distance >= Duration::from_millis(1),
            Schedule::DailyAt(time) => time < Duration::from_secs(86_400),
        };
        if is_good {
            return Ok(());
        }
        let message = "a job runs every millisecond at most, or daily at a time within the day";
        Err(Error::invalid(message))
    }

    /// The first moment after `now`; `before` is the one that was scheduled last.
    fn next(self, before: Option<i64>, now: i64) -> i64 {
        match self {
            Schedule::Every(distance) => {
                let distance = nanos(distance).max(1);
                let before = before.unwrap_or(now);
                if before > now {
                    return before;
                }
                let missed = (now - before) / distance;
                before.saturating_add(distance.saturating_mul(missed + 1))
            }
            Schedule::DailyAt(time) => {
                let today = now - now.rem_euclid(DAY_NS) + nanos(time);
                if today > now { today } else { today + DAY_NS }
            }
        }
    }
}

/// What a job does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JobWork {
    /// Calls the function that the [`JobRunner`] was given under this name.
    Function(String),
    /// Deletes the rows of a table that are older than an age, by the time in the first column
    /// of an
    /// index (TIMESTAMP or DATE), some at a time, each time in a transaction of its own.
    Retention {
        /// The table.
        table: String,
        /// Its index.
        index: String,
        /// The age.
        age: Duration,
        /// Most rows in one transaction.
        rows_at_once: u32,
    },
    /// Counts the rows of all tables, into the table `bourse_table_statistics`.
    Statistics,
}

/// What a job is made with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JobDefinition {
    /// Its name.
    pub name: String,
    /// When it runs.
    pub schedule: Schedule,
    /// What it does.
    pub work: JobWork,
}

/// How the last run of a job ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JobOutcome {
    /// As it should.
    Succeeded,
    /// With this error.
    Failed(String),
}

/// A job, and how it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct JobState {
    /// What it is.
    pub definition: JobDefinition,
    /// Whether it waits for [`Database::resume_job`].
    pub paused: bool,
    /// Whether a run is under way.
    pub running: bool,
    /// Runs that ended.
    pub runs: u64,
    /// Those of them that failed.
    pub failures: u64,
    /// When the last run began.
    pub last_started: Option<Timestamp>,
    /// How long the last run took that ended.
    pub last_duration: Option<Duration>,
    /// How it ended.
    pub last_outcome: Option<JobOutcome>,
    /// When it runs next by its schedule; not while it is paused.
    pub next_run: Option<Timestamp>,
}

/// Positions of columns of [`JOBS`].
mod at {
    pub(super) const EVERY: usize = 1;
    pub(super) const DAILY: usize = 2;
    pub(super) const WORK: usize = 3;
    pub(super) const TARGET: usize = 4;
    pub(super) const INDEX: usize = 5;
    pub(super) const AGE: usize = 6;
    pub(super) const AT_ONCE: usize = 7;
    pub(super) const PAUSED: usize = 8;
    pub(super) const RUNS: usize = 9;
    pub(super) const FAILURES: usize = 10;
    pub(super) const LAST_STARTED: usize = 11;
    pub(super) const LAST_DURATION: usize = 12;
    pub(super) const LAST_ERROR: usize = 13;
    pub(super) const NEXT_RUN: usize = 14;
}

/// Table and queue of the jobs of a store.
#[derive(Clone)]
struct Jobs {
    store: Database,
    table: Table,
    runs: Queue,
}

fn integer(row: &OwnedRow, column: usize) -> Option<i64> {
    match row.get(column) {
        ValueRef::Integer(integer) | ValueRef::Timestamp(integer) => Some(integer),
        _ => None,
    }
}

fn duration(row: &OwnedRow, column: usize) -> Option<Duration> {
    integer(row, column).map(|micros| Duration::from_micros(micros.unsigned_abs()))
}

fn count(row: &OwnedRow, column: usize) -> u64 {
    integer(row, column).unwrap_or(0).unsigned_abs()
}

impl JobDefinition {
    fn row(&self, next_run: i64) -> Vec<Value> {
        let (every, daily) = match self.schedule {
            Schedule::Every(distance) => (Value::from(micros(distance)), Value::Null),
            Schedule::DailyAt(time) => (Value::Null, micros(time).into()),
        };
        let nothing = || Value::Null;
        let (work, [target, index, age, at_once]) = match &self.work {
            JobWork::Function(name) => {
                ("function", [name.as_str().into(), nothing(), nothing(), nothing()])
            }
            JobWork::Retention { table, index, age, rows_at_once } => (
                "retention",
                [
                    table.as_str().into(),
                    index.as_str().into(),
                    micros(*age).into(),
                    (*rows_at_once).into(),
                ],
            ),
            JobWork::Statistics => ("statistics", [nothing(), nothing(), nothing(), nothing()]),
        };
        let name = self.name.as_str().into();
        let mut row = vec![name, every, daily, work.into(), target, index, age, at_once];
        row.extend([Value::Boolean(false), 0_i64.into(), 0_i64.into()]);
        row.extend([nothing(), nothing(), nothing(), Value::Timestamp(next_run)]);
        row
    }

    fn of_row(row: &OwnedRow) -> Result<JobDefinition> {
        let damaged = || Error::corrupt(format!("a row of table {JOBS} is not what was written"));
        let schedule = match (duration(row, at::EVERY), duration(row, at::DAILY)) {
            (Some(distance), None) => Schedule::Every(distance),
            (None, Some(time)) => Schedule::DailyAt(time),
            _ => return Err(damaged()),
        };
        let work = match text(row.get(at::WORK))? {
            "function" => JobWork::Function(text(row.get(at::TARGET))?.to_owned()),
            "retention" => JobWork::Retention {
                table: text(row.get(at::TARGET))?.to_owned(),
                index: text(row.get(at::INDEX))?.to_owned(),
                age: duration(row, at::AGE).ok_or_else(damaged)?,
                rows_at_once: u32::try_from(count(row, at::AT_ONCE)).unwrap_or(u32::MAX),
            },
            "statistics" => JobWork::Statistics,
            _ => return Err(damaged()),
        };
        Ok(JobDefinition { name: text(row.get(0))?.to_owned(), schedule, work })
    }

    fn check(&self) -> Result<()> {
        self.schedule.check()?;
        match &self.work {
            JobWork::Retention { rows_at_once: 0, .. } => {
                Err(Error::invalid(format!("job {}: rows_at_once is 0", self.name)))
            }
            _ => Ok(()),
        }
    }
}

fn definition_of_table() -> Result<TableDefinition> {
    let time = Type::Timestamp { precision: 9 };
    TableDefinition::builder(JOBS)
        .column("name", Type::Text)
        .not_null()
        .column("every_us", Type::BigInt)
        .column("daily_at_us", Type::BigInt)
        .column("work", Type::Text)
        .not_null()
        .column("target", Type::Text)
        .column("index_name", Type::Text)
        .column("age_us", Type::BigInt)
        .column("rows_at_once", Type::BigInt)
        .column("paused", Type::Boolean)
        .not_null()
        .column("runs", Type::BigInt)
        .not_null()
        .column("failures", Type::BigInt)
        .not_null()
        .column("last_started", time)
        .column("last_duration_us", Type::BigInt)
        .column("last_error", Type::Text)
        .column("next_run", time)
        .primary_key(["name"])
        .build()
}

fn no_such_job(name: &str) -> Error {
    Error::invalid(format!("job {name} does not exist")).with_sqlstate("42704")
}

impl Jobs {
    /// The jobs, if there have ever been any.
    fn find(store: &Database) -> Result<Option<Jobs>> {
        let table = match store.table(JOBS) {
            Err(error) if is_missing(&error) => return Ok(None),
            table => table?,
        };
        match store.queue(RUNS) {
            Err(error) if is_missing(&error) => Ok(None),
            runs => Ok(Some(Jobs { store: store.clone(), table, runs: runs? })),
        }
    }

    fn find_or_make(store: &Database) -> Result<Jobs> {
        let table = table_or_new(store, JOBS, definition_of_table)?;
        // A run that ends its process each time is to run again all the same.
        let definition = QueueDefinition { attempts_max: 0, ..QueueDefinition::new(RUNS) };
        let runs = match store.queue(RUNS) {
            Err(error) if is_missing(&error) => match store.create_queue(&definition) {
                Err(error) if error.sqlstate() == "42P07" => store.queue(RUNS)?,
                made => made?,
            },
            found => found?,
        };
        Ok(Jobs { store: store.clone(), table, runs })
    }

    fn of(store: &Database, name: &str) -> Result<Jobs> {
        Jobs::find(store)?.ok_or_else(|| no_such_job(name))
    }

    /// Runs `body` over the row of a job, in the shard of the row and its message.
    fn change<T: Send>(
        &self,
        name: &str,
        mut body: impl FnMut(&mut Transaction<'_>, &OwnedRow) -> Result<T> + Send,
    ) -> Result<T> {
        let key = [Value::from(name)];
        self.store.shard_transaction(&self.table, &key, |t| {
            let row = t.get(&self.table, &key)?.ok_or_else(|| no_such_job(name))?;
            body(t, &row)
        })
    }

    /// Puts the message of a run in.
    fn schedule(&self, t: &mut Transaction<'_>, name: &str, due: i64) -> Result<()> {
        let delay = Duration::from_nanos(due.saturating_sub(t.now()).max(0).unsigned_abs());
        self.runs.enqueue(t, &Message::new(Vec::new()).key(name).delay(delay)).map(drop)
    }

    /// What is known of a job.
    fn state(&self, row: &OwnedRow, running: bool) -> Result<JobState> {
        let paused = matches!(row.get(at::PAUSED), ValueRef::Boolean(true));
        let last_duration = duration(row, at::LAST_DURATION);
        let last_outcome = match row.get(at::LAST_ERROR) {
            ValueRef::Text(error) => Some(JobOutcome::Failed(error.to_owned())),
            _ => last_duration.map(|_| JobOutcome::Succeeded),
        };
        Ok(JobState {
            definition: JobDefinition::of_row(row)?,
            paused,
            running,
            runs: count(row, at::RUNS),
            failures: count(row, at::FAILURES),
            last_started: integer(row, at::LAST_STARTED).map(Timestamp),
            last_duration,
            last_outcome,
            next_run: integer(row, at::NEXT_RUN).filter(|_| !paused).map(Timestamp),
        })
    }
}

impl Database {
    /// Makes a job. It runs while a [`JobRunner`] does.
    ///
    /// # Errors
    /// `InvalidInput`: 42710 when there is one of that name; what the definition has wrong.
    pub fn create_job(&self, definition: &JobDefinition) -> Result<()> {
        definition.check()?;
        let jobs = Jobs::find_or_make(self)?;
        let key = [Value::from(definition.name.as_str())];
        self.shard_transaction(&jobs.table, &key, |t| {
            if t.get(&jobs.table, &key)?.is_some() {
                let message = format!("job {} exists", definition.name);
                return Err(Error::invalid(message).with_sqlstate("42710"));
            }
            let next = definition.schedule.next(None, t.now());
            t.insert(&jobs.table, definition.row(next))?;
            jobs.schedule(t, &definition.name, next) // J1
        })
    }

    /// All jobs, by name.
    ///
    /// # Errors
    /// `Corrupt` or `Io` when a page cannot be read.
    pub fn jobs(&self) -> Result<Vec<JobState>> {
        let Some(jobs) = Jobs::find(self)? else { return Ok(Vec::new()) };
        let (cut, now) = (self.cut(), wall_clock_ns());
        let mut states = Vec::new();
        for row in cut.scan(&jobs.table, &Range::all(), Order::Ascending)? {
            let row = row?;
            let first = jobs.runs.first_of_key(&cut, &row.get(0).to_value())?;
            let running = first.is_some_and(|run| Queue::is_leased(&run, now));
            states.push(jobs.state(&row, running)?);
        }
        Ok(states)
    }

    /// The job of that name.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when there is none.
    pub fn job(&self, name: &str) -> Result<JobState> {
        let mut jobs = self.jobs()?.into_iter();
        jobs.find(|job| job.definition.name == name).ok_or_else(|| no_such_job(name))
    }

    /// Drops a job. A run under way can no longer commit anything.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when there is none of that name.
    pub fn drop_job(&self, name: &str) -> Result<()> {
        let jobs = Jobs::of(self, name)?;
        jobs.change(name, |t, _| {
            while jobs.runs.remove_first(t, &name.into())? {}
            t.delete(&jobs.table, &[name.into()]).map(drop)
        })
    }

    /// Has a job run no more. A run under way goes to its end.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when there is none of that name.
    pub fn pause_job(&self, name: &str) -> Result<()> {
        let jobs = Jobs::of(self, name)?;
        jobs.change(name, |t, _| {
            let first = jobs.runs.first_of_key(t, &name.into())?;
            if first.is_some_and(|run| !Queue::is_leased(&run, t.now())) {
                jobs.runs.remove_first(t, &name.into())?;
            }
            t.update(&jobs.table, &[name.into()], &[("paused", true.into())]).map(drop)
        })
    }

    /// Has a paused job run by its schedule again.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when there is none of that name.
    pub fn resume_job(&self, name: &str) -> Result<()> {
        let jobs = Jobs::of(self, name)?;
        jobs.change(name, |t, row| {
            let definition = JobDefinition::of_row(row)?;
            let next = definition.schedule.next(integer(row, at::NEXT_RUN), t.now());
            if jobs.runs.first_of_key(t, &name.into())?.is_none() {
                jobs.schedule(t, name, next)?;
            }
            let changes = [("paused", false.into()), ("next_run", Value::Timestamp(next))];
            t.update(&jobs.table, &[name.into()], &changes).map(drop)
        })
    }

    /// Has a job run as soon as a thread is free, also a paused one. Returns false when a run is
    /// under way.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when there is none of that name.
    pub fn run_job_now(&self, name: &str) -> Result<bool> {
        let jobs = Jobs::of(self, name)?;
        jobs.change(name, |t, _| {
            let now = t.now();
            match jobs.runs.first_of_key(t, &name.into())? {
                Some(run) if Queue::is_leased(&run, now) => return Ok(false),
                Some(run) => jobs.runs.make_due(t, &run)?,
                None => jobs.schedule(t, name, now)?,
            }
            Ok(true)
        })
    }
}
