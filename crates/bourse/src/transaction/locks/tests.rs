//! Random interactive transactions in simulated worlds: no update is lost under row locks, every
//! wait ends, with a thread or without, and no lock outlives its transaction.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use bourse_storage::sync::sim::{self, Random};
use bourse_storage::sync::{self, Condvar, Mutex};
use bourse_storage::vfs::sim::SimVfs;

use crate::{
    Database, Error, InteractiveTransaction, Isolation, LockMode, LockWait, LockedRow, Options,
    Result, Table, TableDefinition, Transaction, TransactionOptions, Type, Value, ValueRef,
};

const ROWS: usize = 4;
const THREADS: u64 = 4;
const ROUNDS: usize = 8;

/// What happened in a world, over all of its threads.
#[derive(Default)]
struct Tally {
    /// How much was added to each row, by commits that were acknowledged.
    added: [i64; ROWS],
    commits: u32,
    deadlocks: u32,
    timeouts: u32,
    conflicts: u32,
}

#[derive(Clone)]
struct Scene {
    database: Database,
    counters: Table,
    tally: Arc<Mutex<Tally>>,
}

fn scene(seed: u64) -> Scene {
    let small = Options {
        shards: 3,
        shard_pages_max: 1 << 14,
        cache_bytes: 4 << 20,
        background: false,
        vfs: Arc::new(SimVfs::new(seed)),
        ..Options::default()
    };
    let database = Database::open("/store", small).unwrap();
    let definition = TableDefinition::builder("counters")
        .column("id", Type::BigInt)
        .column("count", Type::BigInt)
        .primary_key(["id"])
        .shard_key(["id"])
        .build()
        .unwrap();
    let counters = database.create_table(&definition).unwrap();
    for id in 0..ROWS {
        database.insert(&counters, vec![integer(id), 0.into()]).unwrap();
    }
    Scene { database, counters, tally: Arc::default() }
}

/// Where a thread waits that is woken by a waker.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.rung.lock() = true;
        self.changed.notify_all();
    }
}

impl Bell {
    fn wait(&self, limit: Option<Duration>) {
        let mut rung = self.rung.lock();
        while !*rung {
            match limit {
                None => self.changed.wait(&mut rung),
                Some(limit) => {
                    self.changed.wait_for(&mut rung, limit);
                    break;
                }
            }
        }
        *rung = false;
    }
}

/// A statement that parks, and a thread that polls it when it is told to.
fn polled<T>(
    open: &mut InteractiveTransaction,
    body: impl Fn(&mut Transaction<'_>) -> Result<T>,
) -> Result<T> {
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(Arc::clone(&bell));
    loop {
        match open.poll_statement(&mut Context::from_waker(&waker), &body) {
            Poll::Ready(result) => return result,
            Poll::Pending => bell.wait(open.wait_ends_in()),
        }
    }
}

fn integer(number: usize) -> Value {
    i64::try_from(number).unwrap().into()
}

impl Scene {
    fn begin(&self, random: &mut Random) -> InteractiveTransaction {
        let levels = [Isolation::ReadCommitted, Isolation::RepeatableRead, Isolation::Serializable];
        let lock_timeout = random.one_in(3).then(|| Duration::from_micros(random.below(500)));
        let isolation = levels[random.index(levels.len())];
        let options = TransactionOptions { isolation, lock_timeout, statement_timeout: None };
        self.database.begin(options).unwrap()
    }

    /// Adds to a row by what a lock of it shows.
    fn add(
        &self,
        open: &mut InteractiveTransaction,
        id: usize,
        random: &mut Random,
    ) -> Result<bool> {
        let key = [integer(id)];
        let mode = if random.one_in(4) { LockMode::Share } else { LockMode::NoKeyUpdate };
        let wait = if random.one_in(8) { LockWait::SkipLocked } else { LockWait::Block };
        let locked = match random.one_in(2) {
            true => open.lock_row(&self.counters, &key, mode, wait),
            false => polled(open, |t| t.lock_row(&self.counters, &key, mode, wait)),
        };
        let row = match locked? {
            LockedRow::Row(row) => row,
            LockedRow::Skipped => return Ok(false),
            LockedRow::Absent => panic!("rows stay"),
        };
        let ValueRef::Integer(count) = row.get(1) else { panic!("a count is an integer") };
        sync::sleep(Duration::from_micros(random.below(100)));
        open.update(&self.counters, &key, &[("count", (count + 1).into())])
    }

    fn transact(&self, random: &mut Random) -> Result<()> {
        let mut open = self.begin(random);
        let mut added = [0; ROWS];
        for _ in 0..=random.below(3) {
            let id = random.index(ROWS);
            let (before, goes_back) = (added, random.one_in(5));
            open.savepoint("before")?;
            added[id] += i64::from(self.add(&mut open, id, random)?);
            self.check_counts();
            if goes_back {
                open.rollback_to("before")?;
                added = before;
            }
        }
        if random.one_in(6) {
            return Ok(());
        }
        open.commit()?;
        let mut tally = self.tally.lock();
        tally.commits += 1;
        for (sum, added) in tally.added.iter_mut().zip(added) {
            *sum += added;
        }
        Ok(())
    }

    /// A closure transaction on the same rows.
    fn close(&self, random: &mut Random) -> Result<()> {
        let id = random.index(ROWS);
        self.database.transaction(|transaction| {
            let row = transaction.get(&self.counters, &[integer(id)])?;
            let ValueRef::Integer(count) = row.as_ref().unwrap().get(1) else { panic!("a count") };
            let changes = [("count", (count + 1).into())];
            transaction.update(&self.counters, &[integer(id)], &changes)
        })?;
        self.tally.lock().added[id] += 1;
        Ok(())
    }

    fn note(&self, error: &Error) {
        let mut tally = self.tally.lock();
        match error.sqlstate() {
            "40P01" => tally.deadlocks += 1,
            "55P03" => tally.timeouts += 1,
            "40001" => tally.conflicts += 1,
            _ => panic!("{error:?}"),
        }
    }

    fn check_counts(&self) {
        for shard in &self.database.core().shards {
            assert!(shard.state.lock().locks.counts_are_right(), "L5: owners are miscounted");
        }
    }

    /// What must hold when all threads are done.
    fn check(&self) {
        for id in 0..ROWS {
            let row = self.database.get(&self.counters, &[integer(id)]).unwrap().unwrap();
            let expected = self.tally.lock().added[id];
            assert_eq!(row.get(1), ValueRef::Integer(expected), "row {id}: an update was lost");
        }
        for shard in &self.database.core().shards {
            assert_eq!(shard.state.lock().locks.len(), 0, "L1: locks were left");
        }
        self.check_counts();
        assert!(self.database.core().lock_waits.lock().is_empty(), "L4: a waiter was left");
    }
}

fn run(seed: u64) -> Tally {
    let world = move || {
        let scene = scene(seed);
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                let scene = scene.clone();
                sync::spawn("transactions", move || {
                    let mut random = Random::new(seed * THREADS + number);
                    for _ in 0..ROUNDS {
                        let result = match random.below(4) {
                            0 => scene.close(&mut random),
                            _ => scene.transact(&mut random),
                        };
                        result.unwrap_or_else(|error| scene.note(&error));
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        scene.check();
        std::mem::take(&mut *scene.tally.lock())
    };
    sim::run(seed, &sim::Options::default(), world).finished()
}

#[test]
fn random_transactions_lose_nothing_and_leave_nothing() {
    let mut all = Tally::default();
    for seed in 1..=60 {
        let tally = run(seed);
        all.commits += tally.commits;
        all.deadlocks += tally.deadlocks;
        all.timeouts += tally.timeouts;
        all.conflicts += tally.conflicts;
    }
    // Each way to end was gone.
    assert!(all.commits > 300, "{} commits", all.commits);
    for (count, what) in [
        (all.deadlocks, "deadlocks"),
        (all.timeouts, "timeouts"),
        (all.conflicts, "serialization failures"),
    ] {
        assert!(count > 0, "no {what} in {} commits", all.commits);
    }
}
