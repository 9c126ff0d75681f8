//! Guards: a job that waits gives its permit to another; the queue is bounded; jobs that run for
//! long lend their permit; short jobs pass long ones.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use bourse_storage::sync::Event;

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_waiting_job_gives_its_permit_away() {
    let workers = Workers::new(1, 16, 100);
    let gate = Arc::new(Event::new());
    let before = gate.now();
    let (done, all) = mpsc::channel();
    for number in 0..8 {
        let (gate, done) = (Arc::clone(&gate), done.clone());
        let waits = move || {
            gate.wait(before);
            done.send(number).unwrap();
        };
        workers.submit(Class::Short, waits).unwrap();
    }
    let done_at_once = done.clone();
    workers.submit(Class::Short, move || done_at_once.send(99).unwrap()).unwrap();
    assert_eq!(all.recv_timeout(PATIENCE), Ok(99));
    gate.wake_all();
    for _ in 0..8 {
        all.recv_timeout(PATIENCE).unwrap();
    }
}

#[test]
fn a_job_that_pauses_goes_on_in_its_turn() {
    let workers = Arc::new(Workers::lending(1, 16, 100, Duration::MAX));
    let (says, said) = mpsc::channel();
    let (ask, asked) = mpsc::channel::<()>();
    let (release, held) = mpsc::channel::<()>();
    let (pausing, tells) = (Arc::clone(&workers), says.clone());
    let pauses = move || {
        tells.send("pauses").unwrap();
        assert!(pausing.pause(|| asked.recv().is_ok()));
        tells.send("goes on").unwrap();
        // Who has nothing to do waits for nobody.
        assert!(!pausing.pause(|| false));
        tells.send("ends").unwrap();
    };
    let tell = |what| {
        let tells = says.clone();
        move || tells.send(what).unwrap()
    };
    let hears = || said.recv_timeout(PATIENCE).unwrap();
    workers.submit(Class::Short, pauses).unwrap();
    assert_eq!(hears(), "pauses");
    // Meanwhile its permit is free. This one waits by means that nobody is told of, and keeps it.
    let tells = tell("holds");
    let holds = move || {
        tells();
        held.recv().unwrap();
    };
    workers.submit(Class::Short, holds).unwrap();
    assert_eq!(hears(), "holds");
    workers.submit(Class::Short, tell("came before")).unwrap();
    ask.send(()).unwrap();
    while workers.load().queued < 2 {
        std::thread::yield_now();
    }
    workers.submit(Class::Short, tell("came after")).unwrap();
    release.send(()).unwrap();
    assert_eq!([hears(), hears()], ["came before", "goes on"]);
    let mut rest = [hears(), hears()];
    rest.sort_unstable();
    assert_eq!(rest, ["came after", "ends"]);
}

#[test]
fn no_more_jobs_run_than_there_are_permits() {
    let workers = Workers::lending(2, 16, 1000, Duration::MAX);
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (done, all) = mpsc::channel();
    for _ in 0..200 {
        let (now, most, done) = (Arc::clone(&now), Arc::clone(&most), done.clone());
        let job = move || {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::yield_now();
            now.fetch_sub(1, Ordering::SeqCst);
            done.send(()).unwrap();
        };
        workers.submit(Class::Short, job).unwrap();
    }
    for _ in 0..200 {
        all.recv_timeout(PATIENCE).unwrap();
    }
    assert!(most.load(Ordering::SeqCst) <= 2, "{most:?}");
}

#[test]
fn a_full_queue_refuses() {
    let workers = Workers::lending(1, 4, 2, Duration::MAX);
    let (release, held) = mpsc::channel::<()>();
    let (begun, begins) = mpsc::channel();
    let job = move || {
        begun.send(()).unwrap();
        held.recv().unwrap();
    };
    workers.submit(Class::Short, job).unwrap();
    begins.recv_timeout(PATIENCE).unwrap();
    // It waits by other means than the store's, so it keeps its permit.
    let refused = (0..3).filter(|_| workers.submit(Class::Short, || {}).is_err()).count();
    assert_eq!(refused, 1);
    release.send(()).unwrap();
}

#[test]
fn a_job_that_runs_for_long_lends_its_permit() {
    let workers = Workers::new(1, 4, 10);
    let (release, held) = mpsc::channel::<()>();
    let (done, all) = mpsc::channel();
    workers.submit(Class::Short, move || held.recv().unwrap()).unwrap();
    workers.submit(Class::Short, move || done.send(1).unwrap()).unwrap();
    let first = loop {
        workers.tick();
        if let Ok(first) = all.recv_timeout(Duration::from_millis(10)) {
            break first;
        }
    };
    assert_eq!(first, 1);
    release.send(()).unwrap();
}

#[test]
fn short_jobs_pass_long_ones() {
    let workers = Workers::lending(1, 4, 100, Duration::MAX);
    let (release, held) = mpsc::channel::<()>();
    let (begun, begins) = mpsc::channel();
    let job = move || {
        begun.send(()).unwrap();
        held.recv().unwrap();
    };
    workers.submit(Class::Short, job).unwrap();
    begins.recv_timeout(PATIENCE).unwrap();
    let (done, all) = mpsc::channel();
    for (class, name) in [(Class::Long, "long"), (Class::Short, "short"), (Class::Short, "short")] {
        let done = done.clone();
        workers.submit(class, move || done.send(name).unwrap()).unwrap();
    }
    release.send(()).unwrap();
    let order: Vec<&str> = (0..3).map(|_| all.recv_timeout(PATIENCE).unwrap()).collect();
    assert_eq!(order, ["short", "short", "long"]);
}
