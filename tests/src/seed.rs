//! One seed: a disk, a store, boot after boot until all faults have happened.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse::{Database, Durability, ErrorKind, Options, Result};
use bourse_storage::page::Page;
use bourse_storage::sync;
use bourse_storage::sync::sim::{self, Outcome, Random};
use bourse_storage::vfs::sim::{Fault, SimVfs};
use bourse_storage::vfs::{OpenMode, Vfs};

use crate::aged;
use crate::feeds::{self, Subscriber};
use crate::history::{History, Kept, State};
use crate::rows::{Kind, RowKey, Tables, create_tables};
use crate::tracked::Tracked;
use crate::workload::{ACCOUNTS, BALANCE, CUT_AGE_MAX, Client, Ending, LANES, Shared, Size};
use crate::{Violation, verify};

/// Where the store lies on the simulated disk.
const FOLDER: &str = "/store";
/// Operations that a seed has at least.
pub const OPERATIONS: u64 = 1_000;
/// Clients besides the first thread.
const CLIENTS_MAX: i64 = 64;

/// What happened in one seed, or in many.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Operations of clients whose outcome was known.
    pub operations: u64,
    /// Crashes.
    pub crashes: u64,
    /// Crashes before an open had returned.
    pub crashes_in_recovery: u64,
    /// Sectors that crashes tore.
    pub torn_sectors: u64,
    /// EIO errors.
    pub io_errors: u64,
    /// ENOSPC errors.
    pub full_errors: u64,
    /// Superblocks that decayed.
    pub decayed: u64,
    /// Files of shards that became shorter.
    pub truncations: u64,
}

/// How a seed ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// What happened.
    pub counts: Counts,
    /// A hash of every switch of threads and of what was done: equal for equal runs.
    pub trace_hash: u64,
    /// The promise that was not kept.
    pub violation: Option<Violation>,
}

/// How a store of this seed is opened.
#[derive(Clone)]
struct Shape {
    shards: u16,
    asynchronous: bool,
    size: Size,
    clients: i64,
    segment_bytes: u64,
    /// Whether subscribers keep copies of tables.
    has_feeds: bool,
    /// Whether shards are built whole, where they can be.
    builds_whole: bool,
}

impl Shape {
    fn of(seed: u64, random: &mut Random) -> Shape {
        let size = [Size::Small, Size::Medium, Size::Large][random.index(3)];
        Shape {
            has_feeds: seed.is_multiple_of(4),
            builds_whole: !seed.is_multiple_of(2),
            shards: 2 + u16::try_from(random.below(3)).unwrap_or(0),
            asynchronous: random.one_in(5),
            size,
            clients: 3 + random.below(4).cast_signed(),
            segment_bytes: match size {
                Size::Small => 1 << (14 + random.below(3)),
                Size::Medium => 1 << 18,
                Size::Large => 5 << 18,
            },
        }
    }

    fn options(&self, vfs: &SimVfs) -> Options {
        let max_delay = Duration::from_millis(2);
        Options {
            cache_bytes: 2 << 20,
            shards: self.shards,
            durability: if self.asynchronous {
                Durability::Async { max_delay }
            } else {
                Durability::Sync
            },
            log_segment_bytes: self.segment_bytes,
            checkpoint_log_bytes: (2 * self.segment_bytes).min(1 << 19),
            shard_pages_max: 1 << 14,
            // Files of small worlds are to shrink too.
            give_back_bytes_min: 1 << 16,
            cut_age_max: Some(CUT_AGE_MAX),
            build_bytes_max: if self.builds_whole { 1 << 20 } else { 0 },
            vfs: Arc::new(vfs.clone()),
            ..Options::default()
        }
    }
}

/// A seed under way.
struct Run {
    random: Random,
    shape: Shape,
    vfs: SimVfs,
    history: History,
    counts: Counts,
    trace_hash: u64,
    kept: Kept,
}

/// What a boot is to do.
#[derive(Clone, Copy)]
struct Plan {
    ending: Ending,
    /// The first boot makes the store.
    setup: bool,
    /// A crash, or an EIO, within so many operations of the disk while the store is opened.
    in_open: Option<(Fault, u64)>,
    full: bool,
    operations: u64,
    /// Whether the store is closed with a checkpoint at a quiet end.
    close: bool,
    /// Whether the clients only write and read a few hot rows, and it ends while they begin.
    hot: bool,
    /// Checkpoints before the clients begin.
    checkpoints: u64,
}

/// How far a boot came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reached {
    /// The open failed as the plan wanted.
    OpenFailed,
    /// All clients have ended.
    End,
}

/// Runs a seed.
pub fn run(seed: u64) -> Report {
    let mut random = Random::new(seed ^ 0x5bd1_e995_9d1b_54a5);
    let shape = Shape::of(seed, &mut random);
    let mut run = Run {
        shape,
        vfs: SimVfs::new(random.next_u64()),
        history: History::default(),
        counts: Counts::default(),
        trace_hash: seed,
        kept: Kept::Acknowledged,
        random,
    };
    let violation = run.all_boots().err();
    run.count_disk();
    run.counts.operations = run.history.operations();
    Report { seed, counts: run.counts, trace_hash: run.trace_hash, violation }
}

impl Run {
    fn all_boots(&mut self) -> std::result::Result<(), Violation> {
        let quiet = Plan {
            ending: Ending::Quiet,
            setup: false,
            in_open: None,
            full: false,
            operations: 180,
            close: false,
            hot: false,
            checkpoints: 0,
        };
        let ending = self.crash();
        self.boot(Plan { setup: true, ending, ..quiet })?;
        self.recover_with_crash(quiet)?;
        let fault = [Fault::ReadError, Fault::WriteError, Fault::SyncError][self.random.index(3)];
        let failure = Ending::Failure(fault, 1 + self.random.below(8));
        let mut plans = vec![
            Plan { ending: self.crash(), ..quiet },
            Plan { ending: failure, ..quiet },
            Plan { ending: self.crash(), full: true, ..quiet },
            Plan { ending: self.crash(), ..quiet },
            Plan { close: self.random.one_in(2), ..quiet },
        ];
        while !plans.is_empty() {
            let plan = plans.swap_remove(self.random.index(plans.len()));
            self.boot(plan)?;
            if plan.ending == Ending::Quiet && self.random.one_in(2) {
                self.decay()?;
            }
        }
        self.crash_early(quiet)?;
        while self.history.operations() < OPERATIONS || self.counts_now().crashes < 3 {
            let ending = self.crash();
            self.boot(Plan { ending, ..quiet })?;
        }
        self.boot(Plan { operations: 0, close: true, ..quiet })?;
        self.boot(Plan { operations: 0, ..quiet })
    }

    /// Crashes among the first flushes of a boot, again and again. A flush that is there although
    /// an earlier one is lost is cut off by the next open, and the checkpoints of the boot after it
    /// hand its file on: the file is written again from its beginning, with the same LSNs, and
    /// what a crash leaves of that lies before the flush that was cut off.
    fn crash_early(&mut self, quiet: Plan) -> std::result::Result<(), Violation> {
        let small = self.shape.size == Size::Small;
        for _ in 0..if small { 16 } else { 3 } {
            let ending = match small || self.random.one_in(2) {
                true => Ending::CrashInWrite(1 + self.random.below(4)),
                false => Ending::Crash(1 + self.random.below(6)),
            };
            self.boot(Plan { ending, operations: 20, hot: true, ..quiet })?;
            self.boot(Plan { operations: 0, checkpoints: 3, ..quiet })?;
        }
        Ok(())
    }

    fn crash(&mut self) -> Ending {
        match self.random.below(6) {
            0 => Ending::Crash(1 + self.random.below(20)),
            1 => Ending::CrashInCheckpoint(1 + self.random.below(60)),
            2 | 3 => Ending::CrashAfterNews,
            _ => Ending::CrashAfterAnswer,
        }
    }

    /// Opens with a crash in the middle, until one has hit.
    fn recover_with_crash(&mut self, quiet: Plan) -> std::result::Result<(), Violation> {
        let mut within = 60;
        let before = self.counts.crashes_in_recovery;
        while self.counts.crashes_in_recovery == before {
            let after = 1 + self.random.below(within);
            let in_open = Some((Fault::Crash, after));
            let ending = self.crash();
            self.boot(Plan { in_open, operations: 20, ending, ..quiet })?;
            within = (within / 2).max(1);
        }
        if self.random.one_in(3) {
            let in_open = Some((Fault::ReadError, 1 + self.random.below(20)));
            self.boot(Plan { in_open, operations: 20, ..quiet })?;
        }
        Ok(())
    }

    fn boot(&mut self, plan: Plan) -> std::result::Result<(), Violation> {
        if let Some((fault, after)) = plan.in_open {
            self.vfs.inject(fault, after);
        }
        let boot = Boot {
            plan,
            shape: self.shape.clone(),
            vfs: self.vfs.clone(),
            history: self.history.clone(),
            kept: self.kept,
            random: Random::new(self.random.next_u64()),
            opened: Arc::new(AtomicU64::new(0)),
            hash: Arc::new(AtomicU64::new(0)),
        };
        let (opened, hash) = (Arc::clone(&boot.opened), Arc::clone(&boot.hash));
        let options = sim::Options { steps_max: 10_000_000, ..sim::Options::default() };
        let seed = self.random.next_u64();
        let outcome = sim::run(seed, &options, move || boot.run());
        let opened = opened.load(Ordering::Relaxed) != 0;
        if let Some(violation) = self.history.violation() {
            return Err(violation);
        }
        let counters = self.vfs.counters();
        for number in [hash.load(Ordering::Relaxed), counters.operations] {
            self.trace_hash =
                (self.trace_hash.rotate_left(7) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        match outcome {
            Outcome::Panicked(message) => {
                return Err(Violation::new("no panic, no deadlock", message));
            }
            Outcome::Finished(Err(violation)) => return Err(violation),
            Outcome::Finished(Ok(Reached::End)) if plan.ending == Ending::Quiet => {
                self.kept = Kept::Acknowledged;
                return Ok(());
            }
            Outcome::Finished(Ok(_)) => {}
            Outcome::Crashed => {
                self.counts.crashes_in_recovery += u64::from(!opened && !plan.setup);
            }
        }
        // What was promised before the store was opened is still to be compared.
        if opened && self.shape.asynchronous {
            self.kept = Kept::Prefix;
        }
        self.vfs = self.vfs.reboot(self.random.next_u64());
        self.vfs.set_capacity(u64::MAX);
        Ok(())
    }

    fn counts_now(&self) -> Counts {
        let counters = self.vfs.counters();
        Counts { crashes: counters.crashes, ..self.counts }
    }

    fn count_disk(&mut self) {
        let counters = self.vfs.counters();
        self.counts.crashes = counters.crashes;
        self.counts.torn_sectors = counters.torn_sectors;
        self.counts.io_errors = counters.io_errors;
        self.counts.full_errors = counters.full_errors;
        self.counts.truncations = counters.truncations;
    }

    /// Spoils both copies of the newest superblock of some shards, where there is an older one.
    fn decay(&mut self) -> std::result::Result<(), Violation> {
        for shard in 0..self.shape.shards {
            if self.random.one_in(3) {
                continue;
            }
            let path = Path::new(FOLDER).join("shards").join(format!("{shard:03}.pages"));
            let births = births(&self.vfs, &path)
                .map_err(|error| Violation::new("recovery succeeds", format!("{error:?}")))?;
            if births.contains(&0) {
                continue;
            }
            let newest = u64::from(births[1] > births[0]);
            for copy in 0..2 {
                self.vfs.flip_bit(&path, newest * 8192 + copy * 4096 + 150, 3);
            }
            self.counts.decayed += 1;
        }
        Ok(())
    }
}

/// The batches of a shard's two superblocks; 0 where a copy of one is not whole.
fn births(vfs: &SimVfs, path: &Path) -> Result<[u64; 2]> {
    let file = vfs.open(path, OpenMode::Read)?;
    let mut births = [0; 2];
    for (slot, birth) in births.iter_mut().enumerate() {
        let mut page = Page::zeroed();
        file.read_at(&mut page.0, slot as u64 * 8192)?;
        *birth = page.birth().0;
    }
    Ok(births)
}

/// One boot, as its world runs it.
struct Boot {
    plan: Plan,
    shape: Shape,
    vfs: SimVfs,
    history: History,
    kept: Kept,
    random: Random,
    opened: Arc<AtomicU64>,
    hash: Arc<AtomicU64>,
}

impl Boot {
    fn run(self) -> std::result::Result<Reached, Violation> {
        let result = self.open_and_work();
        if let Some(world) = sim::current() {
            self.hash.store(world.trace_hash(), Ordering::Relaxed);
        }
        result
    }

    fn open_and_work(&self) -> std::result::Result<Reached, Violation> {
        let store = match Database::open(FOLDER, self.shape.options(&self.vfs)) {
            Ok(store) => store,
            Err(error)
                if self.plan.in_open.is_some()
                    && matches!(error.kind(), ErrorKind::Io | ErrorKind::Closed) =>
            {
                return Ok(Reached::OpenFailed);
            }
            Err(error) => return Err(Violation::new("recovery succeeds", format!("{error:?}"))),
        };
        let failed = |error| Violation::new("recovery succeeds", format!("{error:?}"));
        self.vfs.forget_faults();
        if self.plan.setup {
            create_tables(&store).map_err(failed)?;
            aged::create(&store).map_err(failed)?;
            if self.shape.has_feeds {
                feeds::create(&store).map_err(failed)?;
            }
            setup(&store, &self.history, self.shape.size).map_err(failed)?;
        } else {
            verify::check(&store, &self.history, self.kept, self.shape.size)?;
        }
        self.opened.store(1, Ordering::Relaxed);
        self.work(&store).map_err(failed)?;
        if self.plan.ending == Ending::Quiet && self.plan.close {
            store.close().map_err(failed)?;
        }
        Ok(Reached::End)
    }

    fn work(&self, store: &Database) -> Result<()> {
        let mut random = self.random.clone();
        let operations = self.plan.operations;
        for _ in 0..self.plan.checkpoints {
            store.checkpoint()?;
        }
        let until_ending = match self.plan.hot {
            true => 0,
            false => operations * 3 / 4 + random.below(operations / 4 + 1),
        };
        let hot = self.plan.hot || self.plan.ending == Ending::CrashAfterNews;
        let full = self.plan.full.then_some((operations / 4, operations / 2));
        let shared = Arc::new(Shared {
            vfs: self.vfs.clone(),
            history: self.history.clone(),
            tables: Tables::open(store)?,
            ending: self.plan.ending,
            until_ending,
            full,
            size: self.shape.size,
            hot_from: if hot { until_ending } else { u64::MAX },
            done: AtomicU64::new(0),
            budget: operations + if hot { 300 } else { 40 },
        });
        if operations == 0 {
            return Ok(());
        }
        let subscriber = self.shape.has_feeds.then(|| {
            let shared = Arc::clone(&shared);
            let random = Random::new(self.random.clone().next_u64());
            let subscriber = Subscriber { store: store.clone(), shared, random };
            sync::spawn("subscriber", move || subscriber.run())
        });
        let clients: Vec<_> = (1..=self.shape.clients)
            .map(|number| {
                let client = Client {
                    number,
                    store: store.clone(),
                    shared: Arc::clone(&shared),
                    next_value: random.below(1 << 40).cast_signed() * CLIENTS_MAX * 1_000
                        + number * 1_000,
                    random: Random::new(random.next_u64()),
                    news: false,
                };
                sync::spawn("client", move || client.run())
            })
            .collect();
        let join = |client: sync::JoinHandle<()>| {
            if let Err(panic) = client.join() {
                std::panic::resume_unwind(panic);
            }
        };
        clients.into_iter().for_each(join);
        // Clients may end by an error that the subscriber does not meet.
        shared.done.fetch_max(shared.budget, Ordering::Relaxed);
        subscriber.into_iter().for_each(join);
        Ok(())
    }
}

/// Makes the rows that are there from the beginning.
fn setup(store: &Database, history: &History, size: Size) -> Result<()> {
    let tables = Tables::open(store)?;
    let nobody = History::default();
    let mut keys = Vec::new();
    for lane in 0..LANES {
        keys.extend(
            (0..ACCOUNTS).map(|id| (RowKey { kind: Kind::Account, lane, id }, BALANCE, 20)),
        );
        keys.extend((0..size.items()).map(|id| (RowKey { kind: Kind::Item, lane, id }, 0, 900)));
    }
    for part in keys.chunks(if size == Size::Small { 8 } else { 100 }) {
        store.transaction(|transaction| {
            let mut tracked = Tracked::new(transaction, &tables, 0, 0);
            for (key, value, note_bytes) in part {
                tracked.write(*key, 0, *value, *note_bytes)?;
            }
            tracked.end(&nobody)
        })?;
    }
    store.checkpoint()?;
    let base: State = verify::state(&store.cut(), &tables)?;
    history.set_base(base);
    Ok(())
}
