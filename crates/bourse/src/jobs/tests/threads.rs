//! The runner with real threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bourse_storage::sync;
use bourse_storage::vfs::sim::SimVfs;

use super::super::{
    JobDefinition, JobFunctions, JobOptions, JobOutcome, JobRunner, JobWork, Schedule,
};
use crate::queue::tests::options_on;
use crate::{Database, Error, Result};

/// Within this a real thread has done what it is to do, else the test fails.
const SOON: Duration = Duration::from_secs(30);
const HOUR: Duration = Duration::from_secs(3600);

fn store(disk: &SimVfs) -> Result<Database> {
    Database::open("/store", options_on(disk))
}

fn every(distance: Duration, name: &str, function: &str) -> JobDefinition {
    let (name, work) = (name.to_owned(), JobWork::Function(function.to_owned()));
    JobDefinition { name, schedule: Schedule::Every(distance), work }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = sync::monotonic();
    while !is_so() {
        assert!(sync::monotonic() - begun < SOON, "not within {SOON:?}: {what}");
        sync::sleep(Duration::from_millis(1));
    }
}

/// Runs under way, of all jobs and of each, and the most that there have been.
#[derive(Default)]
struct AtOnce {
    all: AtomicUsize,
    all_max: AtomicUsize,
    each: [AtomicUsize; 4],
    each_max: AtomicUsize,
}

impl AtOnce {
    fn run(&self, name: &str) {
        let each = &self.each[name.bytes().map(usize::from).sum::<usize>() % 4];
        let enter = |count: &AtomicUsize, max: &AtomicUsize| {
            max.fetch_max(count.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        };
        enter(&self.all, &self.all_max);
        enter(each, &self.each_max);
        sync::sleep(Duration::from_millis(3));
        each.fetch_sub(1, Ordering::SeqCst);
        self.all.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn so_many_jobs_run_at_once_and_each_once_at_a_time() {
    let store = store(&SimVfs::new(1)).unwrap();
    let at_once = Arc::new(AtOnce::default());
    let counts = Arc::clone(&at_once);
    let functions = JobFunctions::new().with("count", move |run| {
        counts.run(run.name());
        Ok(())
    });
    let names = ["a", "b", "c", "d"];
    for name in names {
        store.create_job(&every(Duration::from_millis(1), name, "count")).unwrap();
    }
    let options = JobOptions { threads: 2, ..JobOptions::default() };
    let runner = JobRunner::start(&store, functions.clone(), &options).unwrap();
    let second = JobRunner::start(&store, functions.clone(), &options).err().unwrap();
    assert_eq!(second.sqlstate(), "55006");
    wait_until("each job has run five times", || {
        names.iter().all(|name| store.job(name).unwrap().runs >= 5)
    });
    runner.stop();
    assert_eq!(at_once.all.load(Ordering::SeqCst), 0, "the stop did not wait");
    assert_eq!(at_once.all_max.load(Ordering::SeqCst), 2);
    assert_eq!(at_once.each_max.load(Ordering::SeqCst), 1);
    let runs = || store.jobs().unwrap().iter().map(|job| job.runs).collect::<Vec<_>>();
    let before = runs();
    sync::sleep(Duration::from_millis(20));
    assert_eq!(runs(), before, "jobs run without a runner");
    JobRunner::start(&store, functions, &options).unwrap().stop();
}

#[test]
fn errors_and_panics_are_noted_and_end_nothing_else() {
    let store = store(&SimVfs::new(2)).unwrap();
    let functions = JobFunctions::new()
        .with("fail", |_| Err(Error::invalid("it is meant to fail")))
        .with("panic", |run| panic!("job {} is meant to panic", run.name()))
        .with("work", |_| Ok(()));
    for name in ["fail", "panic", "work"] {
        store.create_job(&every(Duration::from_millis(1), name, name)).unwrap();
    }
    store.create_job(&every(Duration::from_millis(1), "unknown", "nobody")).unwrap();
    // With one thread: it must outlive all of them.
    let options = JobOptions { threads: 1, ..JobOptions::default() };
    let runner = JobRunner::start(&store, functions, &options).unwrap();
    wait_until("each job has run three times", || {
        store.jobs().unwrap().iter().all(|job| job.runs >= 3)
    });
    runner.stop();
    for (name, says) in [
        ("fail", "it is meant to fail"),
        ("panic", "it panicked: job panic is meant to panic"),
        ("unknown", "no function nobody"),
    ] {
        let job = store.job(name).unwrap();
        assert_eq!(job.failures, job.runs);
        let is_noted = matches!(&job.last_outcome, Some(JobOutcome::Failed(text))
            if text.contains(says));
        assert!(is_noted, "{job:?}");
    }
    let job = store.job("work").unwrap();
    assert_eq!((job.failures, job.last_outcome), (0, Some(JobOutcome::Succeeded)));
}

#[test]
fn a_job_is_paused_resumed_and_run_now_while_it_runs() {
    let store = store(&SimVfs::new(3)).unwrap();
    let go = Arc::new(AtomicBool::new(false));
    let may_go = Arc::clone(&go);
    let functions = JobFunctions::new().with("wait", move |run| {
        while !may_go.swap(false, Ordering::SeqCst) && !run.is_stopping() {
            sync::sleep(Duration::from_millis(1));
        }
        Ok(())
    });
    store.create_job(&every(HOUR, "slow", "wait")).unwrap();
    let runner = JobRunner::start(&store, functions, &JobOptions::default()).unwrap();
    let is = |runs: u64, running: bool| {
        let job = store.job("slow").unwrap();
        (job.runs, job.running) == (runs, running)
    };
    assert!(is(0, false));
    assert!(store.run_job_now("slow").unwrap());
    wait_until("it runs", || is(0, true));
    assert!(!store.run_job_now("slow").unwrap());
    store.pause_job("slow").unwrap();
    assert!(is(0, true), "the pause ended the run");
    go.store(true, Ordering::SeqCst);
    wait_until("it has run", || is(1, false));
    let job = store.job("slow").unwrap();
    assert_eq!((job.paused, job.next_run), (true, None));
    // Paused, it still runs when somebody asks.
    assert!(store.run_job_now("slow").unwrap());
    wait_until("it runs again", || is(1, true));
    store.resume_job("slow").unwrap();
    go.store(true, Ordering::SeqCst);
    wait_until("it has run again", || is(2, false));
    let job = store.job("slow").unwrap();
    assert!(!job.paused && job.next_run.is_some(), "{job:?}");
    // The next run by the schedule is an hour away, and a stop tells the one under way.
    assert!(store.run_job_now("slow").unwrap());
    wait_until("it runs for the last time", || is(2, true));
    runner.stop();
    assert!(is(3, false));
}
