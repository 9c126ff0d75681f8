//! The threads that run jobs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bourse_storage::sync::{self, Condvar, JoinHandle, Mutex};
use bourse_storage::{Error, Result};
use hashbrown::HashMap;

use super::Jobs;
use super::run::{self, JobFunction, JobRun};
use crate::core::Core;
use crate::database::Database;
use crate::queue::Leased;

/// How long a thread waits for a run that is due before it looks whether it is to stop.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The functions that jobs may call, by name.
#[derive(Clone, Default)]
pub struct JobFunctions(HashMap<String, Arc<JobFunction>>);

impl JobFunctions {
    /// None.
    pub fn new() -> JobFunctions {
        JobFunctions::default()
    }

    /// These and one more.
    #[must_use]
    pub fn with(
        mut self,
        name: impl Into<String>,
        function: impl Fn(&mut JobRun) -> Result<()> + Send + Sync + 'static,
    ) -> JobFunctions {
        self.0.insert(name.into(), Arc::new(function));
        self
    }
}

/// How jobs are run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JobOptions {
    /// Most jobs that run at once, each on a thread of its own. Default 2.
    pub threads: usize,
    /// How long a run that does not move, because its machine stands still, stays its thread's;
    /// while it moves this is prolonged. Default 60 s.
    pub lease: Duration,
}

impl Default for JobOptions {
    fn default() -> JobOptions {
        JobOptions { threads: 2, lease: Duration::from_secs(60) }
    }
}

/// What the threads share.
struct Shared {
    jobs: Jobs,
    functions: JobFunctions,
    lease: Duration,
    stopping: Arc<AtomicBool>,
    /// What is being run.
    running: Mutex<Vec<Leased>>,
    /// The thread that prolongs leases looks here whether to end.
    stopped: (Mutex<bool>, Condvar),
}

/// Runs jobs while it lives; stopped by [`JobRunner::stop`], or when it is dropped. It keeps the
/// store open.
pub struct JobRunner {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    // Dropped behind the threads: the next runner may start.
    _only: Only,
}

/// That there is one runner (J3).
struct Only(Arc<Core>);

impl Only {
    fn new(store: &Database) -> Result<Only> {
        store.core().check_writable()?;
        if store.core().runs_jobs.swap(true, Ordering::AcqRel) {
            let message = "the jobs of this store are run already: stop that runner first";
            return Err(Error::invalid(message).with_sqlstate("55006"));
        }
        Ok(Only(Arc::clone(store.core())))
    }
}

impl Drop for Only {
    fn drop(&mut self) {
        self.0.runs_jobs.store(false, Ordering::Release);
    }
}

impl JobRunner {
    /// Starts threads that run the store's jobs.
    ///
    /// # Errors
    /// `InvalidInput` (55006) when a runner of this store runs; whatever ends a transaction.
    pub fn start(
        store: &Database,
        functions: JobFunctions,
        options: &JobOptions,
    ) -> Result<JobRunner> {
        let only = Only::new(store)?;
        let shared = Arc::new(Shared::new(store, functions, options.lease)?);
        let mut threads = Vec::with_capacity(options.threads + 1);
        for _ in 0..options.threads.max(1) {
            let body = Arc::clone(&shared);
            threads.push(sync::spawn("bourse-job", move || body.work()));
        }
        let body = Arc::clone(&shared);
        threads.push(sync::spawn("bourse-job-leases", move || body.prolong()));
        Ok(JobRunner { shared, threads, _only: only })
    }

    /// Runs what is due now on the calling thread, and returns how many runs that were: for stores
    /// without threads of their own.
    ///
    /// # Errors
    /// As [`JobRunner::start`].
    pub fn run_due(store: &Database, functions: &JobFunctions) -> Result<usize> {
        let _only = Only::new(store)?;
        let shared = Shared::new(store, functions.clone(), JobOptions::default().lease)?;
        let mut count = 0;
        loop {
            let leased = shared.jobs.runs.lease(1, shared.lease)?;
            if leased.is_empty() {
                return Ok(count);
            }
            for leased in leased {
                shared.run(leased)?;
                count += 1;
            }
        }
    }

    /// Stops: no run begins any more, and those under way are waited for.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for JobRunner {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        *self.shared.stopped.0.lock() = true;
        self.shared.stopped.1.notify_all();
        for thread in self.threads.drain(..) {
            // A run's panic is noted with its job; a thread ends early only in a stopped store.
            drop(thread.join());
        }
    }
}

impl Shared {
    fn new(store: &Database, functions: JobFunctions, lease: Duration) -> Result<Shared> {
        let jobs = Jobs::find_or_make(store)?;
        jobs.runs.release_all()?; // J3
        Ok(Shared {
            jobs,
            functions,
            lease,
            stopping: Arc::default(),
            running: Mutex::default(),
            stopped: (Mutex::new(false), Condvar::new()),
        })
    }

    fn run(&self, leased: Leased) -> Result<()> {
        let token = leased.token();
        let key = leased.key().clone();
        self.running.lock().push(leased.clone());
        let find = |name: &str| self.functions.0.get(name).cloned();
        let result = run::run(&self.jobs, leased, find, &self.stopping);
        let is_other =
            |leased: &Leased| leased.token() != token || leased.key().as_value() != key.as_value();
        self.running.lock().retain(is_other);
        result
    }

    /// A thread that runs jobs.
    fn work(&self) {
        let core = self.jobs.store.core();
        while !self.stopping.load(Ordering::Relaxed) && !*core.closing.0.lock() {
            let ran = self
                .jobs
                .runs
                .lease_waiting(1, self.lease, LOOK_EVERY)
                .and_then(|leased| leased.into_iter().try_for_each(|leased| self.run(leased)));
            if ran.is_err() {
                // What failed is leased again when its time is over; a stopped store ends it all.
                if core.check_running().is_err() {
                    return;
                }
                sync::sleep(LOOK_EVERY);
            }
        }
    }

    /// The thread that prolongs the leases of what runs.
    fn prolong(&self) {
        let mut stopped = self.stopped.0.lock();
        loop {
            if !*stopped {
                self.stopped.1.wait_for(&mut stopped, self.lease / 3);
            }
            // Runs under way go on after the stop, until their threads are joined.
            if *stopped && self.running.lock().is_empty() {
                return;
            }
            drop(stopped);
            let running = self.running.lock().clone();
            for mut leased in running {
                // One that is lost notices by itself.
                drop(self.jobs.runs.extend(&mut leased, self.lease));
            }
            if self.jobs.store.core().check_running().is_err() {
                return;
            }
            stopped = self.stopped.0.lock();
            if *stopped {
                drop(stopped);
                sync::sleep((self.lease / 3).min(LOOK_EVERY));
                stopped = self.stopped.0.lock();
            }
        }
    }
}
