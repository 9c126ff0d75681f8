//! Subscriber and process killed at random: no change is lost, none has its effect twice.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use bourse::{Changes, Database, ErrorKind, Options, Result};
use bourse_storage::sync;
use bourse_storage::sync::sim::{self, Outcome, Random};
use bourse_storage::vfs::sim::{Fault, SimVfs};
use bourse_tests::{killed, mirror};

use crate::expect::started_and_killed;

/// SIGKILL at any moment, 200 times; the disk's cache survives the process, so the next test is the
/// one about the disk.
#[test]
fn nothing_is_lost_or_told_twice_in_two_hundred_kills() {
    let folder = tempfile::tempdir().unwrap();
    let mut changes = 0;
    for round in 0..200_u64 {
        let mut program = Command::new(env!("CARGO_BIN_EXE_subscriber"));
        program.arg(folder.path()).arg(round.to_string());
        started_and_killed(&mut program, round, Duration::from_millis(1 + round * 7919 % 20));
        if round % 20 == 19 {
            let store = Database::open(folder.path(), killed::options_to_check()).unwrap();
            changes = mirror::check(&store).unwrap();
        }
    }
    assert!(changes > 400, "only {changes} changes were made");
}

fn options(vfs: &SimVfs, asynchronous: bool) -> Options {
    let max_delay = Duration::from_millis(1);
    Options {
        shards: 3,
        cache_bytes: 2 << 20,
        durability: match asynchronous {
            true => bourse::Durability::Async { max_delay },
            false => bourse::Durability::Sync,
        },
        log_segment_bytes: 32 << 10,
        checkpoint_log_bytes: 64 << 10,
        shard_pages_max: 1 << 14,
        vfs: Arc::new(vfs.clone()),
        ..Options::default()
    }
}

/// Takes changes to a copy.
type Take = fn(&Database, &Changes) -> Result<()>;

/// Writers and subscribers that begin anew, until the machine crashes.
fn work(store: &Database, random: &mut Random) -> Result<()> {
    let mut threads = Vec::new();
    for writer in 0..2_i64 {
        let (store, mut random) = (store.clone(), Random::new(random.next_u64()));
        threads.push(sync::spawn("writer", move || {
            for _ in 0..60 {
                mirror::write(&store, writer * 8 + random.below(8).cast_signed(), random.below(6))?;
                sync::sleep(Duration::from_micros(random.below(300)));
            }
            Ok(())
        }));
    }
    let take: [(&str, Take); 2] =
        [(mirror::FEED, mirror::take), (mirror::GROUP_FEED, mirror::take_groups)];
    for (feed, take) in take {
        threads.push(follower(store, feed, take, Random::new(random.next_u64())));
    }
    let results: Vec<Result<()>> = threads.into_iter().map(|t| t.join().unwrap()).collect();
    results.into_iter().collect()
}

/// A subscriber that begins anew.
fn follower(
    store: &Database,
    feed: &'static str,
    take: Take,
    mut pauses: Random,
) -> sync::JoinHandle<Result<()>> {
    let reader = store.clone();
    sync::spawn("subscriber", move || {
        for _ in 0..6 {
            let mut subscription = reader.subscribe(feed)?;
            for _ in 0..pauses.below(30) {
                let next = subscription.next_timeout(Duration::from_millis(3))?;
                let Some(changes) = next.filter(|_| !pauses.one_in(10)) else { break };
                assert!(reader.cut().lsn() >= changes.lsn(), "told before it can be read");
                match take(&reader, &changes) {
                    Err(error) if error.kind() == ErrorKind::Conflict => break,
                    taken => taken?,
                }
            }
        }
        Ok(())
    })
}

/// The machine crashes 200 times, its disk keeping what it likes of what was not synced.
#[test]
fn nothing_is_lost_or_told_twice_in_two_hundred_crashes() {
    let mut crashes = 0;
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let asynchronous = seed % 4 == 3;
        let mut vfs = SimVfs::new(random.next_u64());
        for boot in 0..13 {
            let (disk, mut inner) = (vfs.clone(), Random::new(random.next_u64()));
            let crash_after = 1 + random.below(if boot == 0 { 300 } else { 160 });
            let outcome = sim::run(random.next_u64(), &sim::Options::default(), move || {
                let store = Database::open("/store", options(&disk, asynchronous)).unwrap();
                mirror::create_once(&store).unwrap();
                mirror::check(&store).unwrap();
                disk.inject(Fault::Crash, crash_after);
                let worked = work(&store, &mut inner);
                assert!(worked.is_ok(), "{worked:?}");
            });
            match outcome {
                Outcome::Finished(()) => {}
                Outcome::Crashed => crashes += 1,
                Outcome::Panicked(message) => panic!("seed {seed}, boot {boot}: {message}"),
            }
            vfs = vfs.reboot(random.next_u64());
        }
    }
    assert!(crashes >= 200, "only {crashes} crashes");
}
