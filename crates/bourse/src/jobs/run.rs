//! One run of a job: what its function is given, and how it ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bourse_storage::{Error, Result, sync};

use super::{JobDefinition, JobWork, Jobs, at, builtin, count, integer};
use crate::database::Database;
use crate::queue::Leased;
use crate::queue::definition::micros;
use crate::transaction::Transaction;
use crate::value::{Value, ValueRef};

/// A run of a job under way.
///
/// What it does in the store it does in [`JobRun::transaction`]s, which are refused once the run is
/// no longer the job's (its process stood still for longer than its lease, or the job was dropped).
/// A crash between two of them has the run begin anew, so each must be right to find done what it
/// does. What must happen once for each run belongs in [`JobRun::finish`].
pub struct JobRun {
    jobs: Jobs,
    leased: Leased,
    definition: JobDefinition,
    started: Duration,
    stopping: Arc<AtomicBool>,
    finished: bool,
}

/// A function of the user's.
pub(super) type JobFunction = dyn Fn(&mut JobRun) -> Result<()> + Send + Sync;

impl JobRun {
    /// The job's name.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// The store.
    pub fn store(&self) -> &Database {
        &self.jobs.store
    }

    /// How often this run has begun, this time included.
    pub fn attempt(&self) -> u32 {
        self.leased.attempt()
    }

    /// Whether the runner is being stopped: come to an end soon.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Runs `body` as a transaction that commits only while the run is the job's.
    ///
    /// # Errors
    /// `InvalidInput` (55000) when it is not; what `body` returned.
    pub fn transaction<T: Send>(
        &self,
        mut body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        self.jobs.store.transaction(|t| {
            self.jobs.runs.check_lease(t, &self.leased)?;
            body(t)
        })
    }

    /// Runs `body` as the last transaction of the run: its effects, the run's end and the next
    /// run are one commit. So they happen once for each run, whatever crashes.
    ///
    /// # Errors
    /// As [`JobRun::transaction`]; `InvalidInput` when it is called again.
    pub fn finish<T: Send>(
        &mut self,
        mut body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        if self.finished {
            return Err(Error::invalid(format!("a run of job {} has finished", self.name())));
        }
        let value = self.jobs.store.transaction(|t| {
            let value = body(t)?;
            self.end(t, None)?;
            Ok(value)
        })?;
        self.finished = true;
        Ok(value)
    }

    /// Ends the run in a transaction (J2).
    fn end(&self, t: &mut Transaction<'_>, error: Option<&str>) -> Result<()> {
        let Jobs { table, runs, .. } = &self.jobs;
        runs.acknowledge(t, &self.leased)?;
        let name = self.name();
        let Some(row) = t.get(table, &[name.into()])? else { return Ok(()) };
        let next = self.definition.schedule.next(integer(&row, at::NEXT_RUN), t.now());
        let is_paused = matches!(row.get(at::PAUSED), ValueRef::Boolean(true));
        if !is_paused {
            self.jobs.schedule(t, name, next)?; // J1
        }
        let failures = count(&row, at::FAILURES) + u64::from(error.is_some());
        let took = sync::monotonic().saturating_sub(self.started);
        let changes = [
            ("runs", (count(&row, at::RUNS) + 1).cast_signed().into()),
            ("failures", failures.cast_signed().into()),
            ("last_duration_us", micros(took).into()),
            ("last_error", error.map(str::to_owned).into()),
            ("next_run", Value::Timestamp(next)),
        ];
        t.update(table, &[name.into()], &changes).map(drop)
    }

    fn begin(&self) -> Result<()> {
        self.transaction(|t| {
            let changes = [("last_started", Value::Timestamp(t.now()))];
            t.update(&self.jobs.table, &[self.name().into()], &changes).map(drop)
        })
    }
}

/// Runs the job whose run was leased, to its end.
///
/// # Errors
/// Those of the store. What the job's function does wrong is noted with the job.
pub(super) fn run(
    jobs: &Jobs,
    leased: Leased,
    function: impl Fn(&str) -> Option<Arc<JobFunction>>,
    stopping: &Arc<AtomicBool>,
) -> Result<()> {
    let row = jobs.store.get(&jobs.table, std::slice::from_ref(leased.key()))?;
    let Some(row) = row else { return given_up(jobs.runs.acknowledge_alone(&leased)) };
    let mut run = JobRun {
        jobs: jobs.clone(),
        leased,
        definition: JobDefinition::of_row(&row)?,
        started: sync::monotonic(),
        stopping: Arc::clone(stopping),
        finished: false,
    };
    let done = run.begin().and_then(|()| {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut run, &function)));
        outcome.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(Error::invalid(format!("it panicked: {}", text.unwrap_or_default())))
        })
    });
    if run.finished {
        return Ok(());
    }
    let ended = match done {
        Ok(()) => run.finish(|_| Ok(())),
        Err(error) => {
            let text = error.to_string();
            jobs.store.transaction(|t| run.end(t, Some(&text)))
        }
    };
    given_up(ended)
}

/// A run whose lease is lost is another's to end.
fn given_up(ended: Result<()>) -> Result<()> {
    match ended {
        Err(error) if error.sqlstate() == "55000" => Ok(()),
        ended => ended,
    }
}

fn work(run: &mut JobRun, function: impl Fn(&str) -> Option<Arc<JobFunction>>) -> Result<()> {
    match run.definition.work.clone() {
        JobWork::Function(name) => match function(&name) {
            Some(function) => function(run),
            None => {
                let message = format!("the runner was given no function {name}");
                Err(Error::invalid(message).with_sqlstate("42883"))
            }
        },
        JobWork::Retention { table, index, age, rows_at_once } => {
            builtin::retain(run, &table, &index, age, rows_at_once as usize)
        }
        JobWork::Statistics => builtin::count_tables(run),
    }
}
