//! Who writes which flush, and who is woken: with writes that are held, so that all must wait.

use std::sync::Arc;
use std::time::Duration;

use super::{Batch, Log, LogOptions, Lsn, MemoryVfs, STORE, folder, options};
use crate::Result;
use crate::sync::{self, JoinHandle};

/// Where the first flushes of a log lie, when each is a block.
const FIRST: u64 = 4096;
const SECOND: u64 = 8192;

fn create(vfs: &MemoryVfs, flushes_in_flight: usize) -> Arc<Log> {
    let options = LogOptions { flushes_in_flight, ..options() };
    Arc::new(Log::create(Arc::new(vfs.clone()), &folder(), STORE, options).unwrap())
}

/// Starts a thread that appends a record and flushes it, and waits until it did the first.
fn start_commit(log: &Arc<Log>) -> JoinHandle<Result<(Lsn, Batch)>> {
    let before = log.state.lock().next_lsn();
    let client = log.clone();
    let thread = sync::spawn("client", move || {
        let (lsn, batch) = client.append(1, b"record", |_, _| ())?;
        client.flush(batch)?;
        Ok((lsn, batch))
    });
    eventually(|| log.state.lock().next_lsn() > before);
    thread
}

/// Fails where others would hang.
fn eventually(ready: impl Fn() -> bool) {
    for _ in 0..10_000 {
        if ready() {
            return;
        }
        sync::sleep(Duration::from_millis(1));
    }
    panic!("a wake-up was lost");
}

/// Time enough for a thread to park.
fn settle() {
    sync::sleep(Duration::from_millis(30));
}

/// Guards I3: the flush that filled while no slot was free is led by one who waits for it.
#[test]
fn a_waiter_leads_the_open_flush_when_a_slot_is_free() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs, 1);
    vfs.hold(FIRST, true);
    let first = start_commit(&log);
    eventually(|| log.state.lock().is_empty());
    let waiters: Vec<_> = (0..5).map(|_| start_commit(&log)).collect();
    settle();
    assert_eq!(log.durable().1, Lsn(0));
    vfs.hold(FIRST, false);
    eventually(|| log.durable().1 == Lsn(6));
    first.join().unwrap().unwrap();
    let batches: Vec<_> =
        waiters.into_iter().map(|waiter| waiter.join().unwrap().unwrap().1).collect();
    assert!(batches.iter().all(|batch| *batch == batches[0]), "one flush took them all");
    assert_eq!(log.statistics().flushes, 2);
}

/// Guards I2: a flush that was written before an earlier one does not count yet.
#[test]
fn flushes_count_in_order() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs, 3);
    vfs.hold(FIRST, true);
    let first = start_commit(&log);
    eventually(|| log.state.lock().is_empty());
    let second = start_commit(&log);
    eventually(|| log.statistics().flushes == 1);
    settle();
    assert_eq!(log.durable().1, Lsn(0), "the second is written, the first is not");
    // What a power cut keeps of this is the second flush without the first: none of it counts.
    let cut = vfs.after_crash(0);
    cut.edit(&super::segment_path(&folder(), 1), |bytes| bytes[4096..8192].fill(0));
    assert_eq!(super::open(&cut, 0).unwrap().1.last_lsn, Lsn(0));
    vfs.hold(FIRST, false);
    eventually(|| log.durable().1 == Lsn(2));
    first.join().unwrap().unwrap();
    second.join().unwrap().unwrap();
}

/// Guards memory's bound: an appender waits while its buffer is full, and only as long.
#[test]
fn an_appender_waits_for_room() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs, 1);
    vfs.hold(FIRST, true);
    let first = start_commit(&log);
    eventually(|| log.state.lock().is_empty());
    let appenders: Vec<_> = (0..3)
        .map(|_| {
            let log = log.clone();
            sync::spawn("appender", move || {
                (0..20).try_for_each(|_| log.append(1, &[1; 1000], |_, _| ()).map(|_| ()))
            })
        })
        .collect();
    eventually(|| log.state.lock().room_waiters == 3);
    assert!(log.state.lock().next_lsn() < Lsn(20), "one buffer took what it takes");
    vfs.hold(FIRST, false);
    eventually(|| log.state.lock().next_lsn() == Lsn(62));
    appenders.into_iter().for_each(|appender| appender.join().unwrap().unwrap());
    first.join().unwrap().unwrap();
}

/// Guards I5: a failure is told to those who wait for the failed flush and for the next.
#[test]
fn waiters_are_told_of_a_failure() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs, 2);
    vfs.hold(FIRST, true);
    vfs.hold(SECOND, true);
    let commits = [start_commit(&log), {
        eventually(|| log.state.lock().is_empty());
        start_commit(&log)
    }];
    eventually(|| log.state.lock().is_empty());
    let waiter = start_commit(&log);
    settle();
    vfs.turn_off();
    vfs.hold(SECOND, false);
    eventually(|| log.state.lock().check().is_err());
    assert!(waiter.join().unwrap().is_err());
    vfs.hold(FIRST, false);
    for commit in commits {
        assert!(commit.join().unwrap().is_err());
    }
    assert_eq!(log.durable().1, Lsn(0));
}
