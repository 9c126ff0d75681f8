//! Eight consumers under simulated crashes: each message's effect happens once, in the order of its
//! key, and the check of that finds a consumer that does not honour its token.

use std::time::Duration;

use bourse_storage::sync;
use bourse_storage::sync::sim::{self, Random};
use bourse_storage::vfs::sim::{Fault, SimVfs};

use super::super::{Leased, Message, Queue, QueueDefinition, QueueKeyType};
use super::options_on;
use crate::schema::TableDefinition;
use crate::{Database, ErrorKind, Order, Range, Result, Table, Transaction, Type, Value};

const KEYS: i64 = 6;
const CONSUMERS: u64 = 8;
const TIMEOUT: Duration = Duration::from_millis(50);

/// How consumers treat their leases.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fencing {
    Honoured,
    /// The message is taken out whoever has it leased.
    Ignored,
}

/// A row of `keys` for each key: how many messages were put in, how many effects there were, and
/// how many of these came out of order.
#[derive(Clone)]
struct Work {
    store: Database,
    queue: Queue,
    keys: Table,
}

impl Work {
    fn open(disk: &SimVfs) -> Result<Work> {
        let store = Database::open("/store", options_on(disk))?;
        let keys = match store.table("keys") {
            Ok(keys) => keys,
            Err(_) => {
                let keys = TableDefinition::builder("keys")
                    .column("key", Type::BigInt)
                    .not_null()
                    .column("sent", Type::BigInt)
                    .column("done", Type::BigInt)
                    .column("wrong", Type::BigInt)
                    .primary_key(["key"])
                    .build()?;
                store.create_table(&keys)?
            }
        };
        let definition = QueueDefinition {
            key_type: QueueKeyType::BigInt,
            attempts_max: 0,
            backoff_first: Duration::from_millis(10),
            backoff_max: Duration::from_millis(40),
            ..QueueDefinition::new("work")
        };
        let queue = match store.queue("work") {
            Ok(queue) => queue,
            Err(_) => store.create_queue(&definition)?,
        };
        Ok(Work { store, queue, keys })
    }

    fn counts(&self, t: &Transaction<'_>, key: i64) -> Result<[i64; 3]> {
        let row = t.get(&self.keys, &[key.into()])?;
        let count = |at: usize| match row.as_ref().map(|row| row.get(at).to_value()) {
            Some(Value::Integer(count)) => count,
            _ => 0,
        };
        Ok([count(1), count(2), count(3)])
    }

    fn put(&self, t: &mut Transaction<'_>, key: i64, counts: [i64; 3]) -> Result<()> {
        let row = std::iter::once(key).chain(counts).map(Value::Integer).collect();
        t.upsert(&self.keys, row).map(drop)
    }

    fn produce(&self, random: &mut Random) -> Result<()> {
        let key = random.below(KEYS.unsigned_abs()).cast_signed();
        self.store.transaction(|t| {
            let [sent, done, wrong] = self.counts(t, key)?;
            let message = Message::new((sent + 1).to_string()).key(key);
            self.queue.enqueue(t, &message)?;
            self.put(t, key, [sent + 1, done, wrong])
        })
    }

    fn effect(&self, leased: &Leased, fencing: Fencing) -> Result<()> {
        let Value::Integer(key) = *leased.key() else { panic!("keys are integers") };
        let number: i64 = std::str::from_utf8(leased.payload()).unwrap().parse().unwrap();
        self.store.transaction(|t| {
            let [sent, done, wrong] = self.counts(t, key)?;
            let is_wrong = i64::from(number != done + 1);
            self.put(t, key, [sent, done + 1, wrong + is_wrong])?;
            match fencing {
                Fencing::Honoured => self.queue.acknowledge(t, leased),
                Fencing::Ignored => self.queue.remove(t, leased.key(), leased.sequence),
            }
        })
    }

    fn consume(&self, random: &mut Random, fencing: Fencing) -> Result<()> {
        let max = 1 + random.index(3);
        for leased in self.queue.lease_waiting(max, TIMEOUT, Duration::from_millis(20))? {
            let done = match random.below(10) {
                // It stands still until others have the message.
                0 | 1 => {
                    sync::sleep(TIMEOUT * 2);
                    self.effect(&leased, fencing)
                }
                2 => self.queue.reject_alone(&leased, "not now").map(drop),
                3 => continue,
                _ => self.effect(&leased, fencing),
            };
            match done {
                Err(error) if error.sqlstate() == "55000" => {}
                done => done?,
            }
        }
        Ok(())
    }

    fn wrong(&self) -> Option<String> {
        for row in self.store.cut().scan(&self.keys, &Range::all(), Order::Ascending).unwrap() {
            let row = row.unwrap().values();
            if row[1] != row[2] || row[3] != Value::Integer(0) {
                return Some(format!("key, sent, done, out of order: {row:?}"));
            }
        }
        None
    }
}

/// From an open to a crash, or for so long.
fn boot(disk: &SimVfs, seed: u64, crash_after: Option<u64>, fencing: Fencing) {
    let Ok(work) = Work::open(disk) else { return };
    if let Some(after) = crash_after {
        disk.inject(Fault::Crash, after);
    }
    let threads: Vec<_> = (0..=CONSUMERS)
        .map(|number| {
            let work = work.clone();
            let mut random = Random::new(seed * 100 + number);
            sync::spawn("worker", move || {
                for _ in 0..12 {
                    let done = match number {
                        0 => work.produce(&mut random),
                        _ => work.consume(&mut random, fencing),
                    };
                    match done {
                        Err(error) if error.kind() == ErrorKind::Conflict => {}
                        Err(_) => return,
                        Ok(()) => {}
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| drop(thread.join()));
}

/// What is wrong after some crashes and a drain, if anything is.
fn play(seed: u64, fencing: Fencing) -> (u64, Option<String>) {
    let mut disk = SimVfs::new(seed);
    let mut random = Random::new(seed);
    for round in 0..5 {
        let (world_disk, crash_after) = (disk.clone(), Some(20 + random.below(120)));
        let world_seed = random.next_u64() >> 16;
        let crash_after = crash_after.filter(|_| round > 0);
        let body = move || boot(&world_disk, world_seed, crash_after, fencing);
        match sim::run(world_seed, &sim::Options::default(), body) {
            sim::Outcome::Panicked(message) => return (0, Some(message)),
            sim::Outcome::Crashed => disk = disk.reboot(random.next_u64()),
            sim::Outcome::Finished(()) => {}
        }
    }
    disk = disk.reboot(random.next_u64());
    let crashes = disk.counters().crashes;
    let drain = move || {
        let work = Work::open(&disk).unwrap();
        let mut random = Random::new(seed);
        for _ in 0..2_000 {
            if work.queue.metrics().unwrap().depth == 0 {
                break;
            }
            work.consume(&mut random, fencing).unwrap();
        }
        assert_eq!(work.queue.metrics().unwrap().depth, 0, "it does not drain");
        let report = work.store.check(&mut |_| {}).unwrap();
        assert!(report.is_sound(), "{report:?}");
        work.wrong()
    };
    match sim::run(seed, &sim::Options::default(), drain) {
        sim::Outcome::Finished(wrong) => (crashes, wrong),
        other => (crashes, Some(format!("{other:?}"))),
    }
}

#[test]
fn each_effect_happens_once_and_in_order_under_crashes() {
    let mut crashes = 0;
    for seed in 1..=15 {
        let (of_seed, wrong) = play(seed, Fencing::Honoured);
        assert_eq!(wrong, None, "seed {seed}");
        crashes += of_seed;
    }
    assert!(crashes >= 15, "only {crashes} crashes");
}

/// Guards against a check that finds nothing.
#[test]
fn consumers_that_ignore_their_tokens_are_found() {
    let found = (1..=15).any(|seed| play(seed, Fencing::Ignored).1.is_some());
    assert!(found);
}
