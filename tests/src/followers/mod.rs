//! A leader and a follower in simulated worlds that crash, each decided by one seed.
//!
//! # The idea
//!
//! Two nodes have a simulated disk each. Clients work on the leader ([`clients`]) while a carrier
//! ([`carrier`]) ships parcels to the follower: of all sizes, again, too early, with bits flipped.
//! A boot ends quietly, or by a crash in any operation of either disk (the power goes for both, so
//! each is cut off where it happens to be), or by EIO; the follower's disk runs full for a while.
//! Between boots the follower is now and then promoted: the leader of before follows it, or, if it
//! has records of its own, is made anew. What is promised:
//!
//! | invariant | what is compared |
//! |---|---|
//! | receipts are durable | what `receive` returned, with the follower's log after a crash |
//! | only published is shipped | a parcel's last record with the leader's newest Cut |
//! | the leader has what it shipped | the follower's position with the leader's log after a crash |
//! | the held log is there | the records behind the follower's position, held for it |
//! | follower equals leader | rows of all tables at equal LSN, while both work and at each end |
//! | a damaged parcel is refused | one with a flipped bit, and one with a gap |
//! | sum is conserved | balances, in Cuts of the follower while it receives |
//! | reads never go back | the LSN of a follower's Cuts, over crashes |
//! | check finds nothing | `Database::check` of both, at each end |
//! | who has records of its own is refused | the old leader after a promotion, and only then |
//! | recovery succeeds, no needless error | whatever else fails |

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bourse::{Database, Durability, ErrorKind, Lsn, Options, Result, replication};
use bourse_storage::page::Page;
use bourse_storage::sync;
use bourse_storage::sync::sim::{self, Outcome, Random};
use bourse_storage::vfs::sim::{Fault, SimVfs};
use bourse_storage::vfs::{OpenMode, Vfs};

use crate::Violation;

mod carrier;
mod clients;
mod compare;

/// The name of the follower's hold.
const HOLD: &str = "follower";
/// Boots of a seed, but for the first and the last.
const BOOTS: usize = 7;

/// What happened in one seed, or in many.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Transactions that clients were told are committed.
    pub commits: u64,
    /// Parcels taken, and those that were refused for good reason.
    pub parcels: u64,
    /// Parcels that were refused for good reason.
    pub refused: u64,
    /// Cuts of both at one LSN, compared while both worked.
    pub compared: u64,
    /// Boots that a crash ended.
    pub crashes: u64,
    /// Promotions.
    pub promotions: u64,
    /// Followers made from a backup.
    pub made: u64,
}

impl Counts {
    /// Adds what happened in another seed.
    pub fn add(&mut self, other: &Counts) {
        self.commits += other.commits;
        self.parcels += other.parcels;
        self.refused += other.refused;
        self.compared += other.compared;
        self.crashes += other.crashes;
        self.promotions += other.promotions;
        self.made += other.made;
    }
}

/// How a seed ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// What happened.
    pub counts: Counts,
    /// The promise that was not kept.
    pub violation: Option<Violation>,
}

/// What outlives the worlds: what was promised in them.
#[derive(Default)]
struct Promised {
    counts: Counts,
    /// The last record that `receive` said is there.
    received: Lsn,
    /// The newest Cut that was read on the follower.
    read: Lsn,
    /// Whether the follower was made to its end.
    made: bool,
    violation: Option<Violation>,
}

/// Shared by a seed and its worlds.
#[derive(Clone, Default)]
#[expect(
    clippy::disallowed_types,
    reason = "it is outside the world: no switch of threads inside its calls"
)]
struct Notes(Arc<std::sync::Mutex<Promised>>);

impl Notes {
    fn with<T>(&self, body: impl FnOnce(&mut Promised) -> T) -> T {
        body(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Notes the first violation.
    fn violate(&self, invariant: &'static str, detail: impl Into<String>) {
        let violation = Violation::new(invariant, detail);
        self.with(|promised| {
            promised.violation.get_or_insert(violation);
        });
    }

    fn is_violated(&self) -> bool {
        self.with(|promised| promised.violation.is_some())
    }
}

/// How a boot ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ending {
    Quiet,
    /// A fault of one node's disk, within so many operations.
    Fault(usize, Fault, u64),
}

/// A boot, as its world runs it.
#[derive(Clone)]
struct Boot {
    disks: [SimVfs; 2],
    folders: [PathBuf; 2],
    /// Which node leads.
    leader: usize,
    shape: Shape,
    ending: Ending,
    /// Whether the follower is promoted at a quiet end.
    promotes: bool,
    /// Transactions of each client.
    budget: u64,
    notes: Notes,
    random: Random,
}

/// How the stores of a seed are opened.
#[derive(Clone, Copy)]
struct Shape {
    shards: u16,
    segment_bytes: u64,
    asynchronous: [bool; 2],
}

impl Shape {
    fn options(&self, disk: &SimVfs, node: usize) -> Options {
        let max_delay = Duration::from_millis(2);
        Options {
            cache_bytes: 4 << 20,
            shards: self.shards,
            durability: if self.asynchronous[node] {
                Durability::Async { max_delay }
            } else {
                Durability::Sync
            },
            log_segment_bytes: self.segment_bytes,
            checkpoint_log_bytes: 2 * self.segment_bytes,
            shard_pages_max: 1 << 14,
            give_back_bytes_min: 1 << 16,
            vfs: Arc::new(disk.clone()),
            ..Options::default()
        }
    }
}

/// Runs a seed.
pub fn run(seed: u64) -> Report {
    let mut random = Random::new(seed ^ 0x2545_f491_4f6c_dd1d);
    let shape = Shape {
        shards: 1 + u16::try_from(random.below(4)).unwrap_or(0),
        // A piece of a large record has 1 MiB.
        segment_bytes: [5 << 18, 1 << 21][random.index(2)],
        asynchronous: [random.one_in(5), random.one_in(5)],
    };
    let notes = Notes::default();
    let mut boot = Boot {
        disks: [SimVfs::new(random.next_u64()), SimVfs::new(random.next_u64())],
        folders: ["/one".into(), "/two".into()],
        leader: 0,
        shape,
        ending: Ending::Quiet,
        promotes: false,
        budget: 12,
        notes: notes.clone(),
        random: random.clone(),
    };
    let mut folders = 0;
    for number in 0..BOOTS + 2 {
        let follower = 1 - boot.leader;
        if !notes.with(|promised| promised.made) {
            folders += 1;
            boot.folders[follower] = format!("/made-{folders}").into();
            notes.with(|promised| (promised.received, promised.read) = (Lsn(0), Lsn(0)));
        }
        boot.random = Random::new(random.next_u64());
        let between = number > 0 && number <= BOOTS;
        boot.ending = if between { ending(&mut random) } else { Ending::Quiet };
        boot.promotes = between && random.one_in(3);
        boot.budget = if between { 20 + random.below(20) } else { 12 };
        step(&mut boot, &mut random);
        if notes.is_violated() {
            break;
        }
    }
    notes.with(|promised| Report {
        seed,
        counts: promised.counts,
        violation: promised.violation.clone(),
    })
}

fn ending(random: &mut Random) -> Ending {
    let node = random.index(2);
    let soon = random.one_in(3);
    let after = 1 + random.below(if soon { 60 } else { 1_200 });
    match random.below(8) {
        0 => Ending::Quiet,
        1 => Ending::Fault(node, Fault::WriteError, 1 + after / 8),
        2 => Ending::Fault(node, Fault::SyncError, 1 + after / 16),
        3 | 4 => Ending::Fault(node, Fault::CrashInWrite, 1 + after / 4),
        _ => Ending::Fault(node, Fault::Crash, after),
    }
}

/// Runs a boot, and makes the disks ready for the next one.
fn step(boot: &mut Boot, random: &mut Random) {
    let world = boot.clone();
    let notes = boot.notes.clone();
    let options = sim::Options { steps_max: 20_000_000, ..sim::Options::default() };
    match sim::run(random.next_u64(), &options, move || world.run()) {
        Outcome::Panicked(message) => notes.violate("no panic, no deadlock", message),
        Outcome::Finished(promoted) => {
            if promoted {
                boot.leader = 1 - boot.leader;
            }
        }
        Outcome::Crashed => notes.with(|promised| promised.counts.crashes += 1),
    }
    for disk in &mut boot.disks {
        *disk = disk.reboot(random.next_u64());
        disk.set_capacity(u64::MAX);
    }
}

impl Boot {
    /// Returns whether the other node leads now.
    fn run(self) -> bool {
        match self.open_and_work() {
            Ok(promoted) => promoted,
            // After a fault the store may stop anywhere.
            Err(error) if self.excuses(&error) => false,
            Err(error) => {
                self.notes.violate("recovery succeeds, no needless error", format!("{error:?}"));
                false
            }
        }
    }

    /// Whether an error comes from the boot's fault.
    fn excuses(&self, error: &bourse::Error) -> bool {
        let failed = matches!(self.ending, Ending::Fault(..));
        failed && matches!(error.kind(), ErrorKind::Io | ErrorKind::Closed)
    }

    fn open(&self, node: usize) -> Result<Database> {
        let options = self.shape.options(&self.disks[node], node);
        Database::open(&self.folders[node], options)
    }

    fn open_and_work(&self) -> Result<bool> {
        if let Ending::Fault(node, fault, after) = self.ending {
            self.disks[node].inject(fault, after);
        }
        let leader = self.open(self.leader)?;
        if leader.tables()?.is_empty() {
            clients::set_up(&leader)?;
        }
        let follower = self.open_follower(&leader)?;
        self.check_promises(&leader, &follower)?;
        let mut random = self.random.clone();
        let carrier = carrier::Carrier::new(self, &leader, &follower, &mut random);
        let clients: Vec<_> = (0..3)
            .map(|number| {
                let client = clients::Client::new(self, number, &leader, &mut random);
                sync::spawn("client", move || client.run())
            })
            .collect();
        let stop = carrier.stop();
        let carrying = sync::spawn("carrier", move || carrier.run());
        for client in clients {
            if let Err(panic) = client.join() {
                std::panic::resume_unwind(panic);
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        if let Err(panic) = carrying.join() {
            std::panic::resume_unwind(panic);
        }
        self.disks.iter().for_each(SimVfs::forget_faults);
        if self.notes.is_violated() {
            return Ok(false);
        }
        carrier::catch_up(&leader, &follower)?;
        self.compare(&leader, &follower)?;
        if self.promotes { self.promote(leader, follower) } else { Ok(false) }
    }

    /// The follower, made from a backup where there is none.
    fn open_follower(&self, leader: &Database) -> Result<Database> {
        let node = 1 - self.leader;
        if !self.notes.with(|promised| promised.made) {
            let after = leader.hold_log_for_backup(HOLD)?;
            let backup = self.folders[node].with_extension("backup");
            let info = leader.backup(&backup, None, &mut |_| {})?;
            if info.ships_after < after {
                let detail = format!("{} and {after}", info.ships_after);
                self.notes.violate("the held log is there", detail);
            }
            copy(&self.disks[self.leader], &self.disks[node], &backup)?;
            let options = self.shape.options(&self.disks[node], node);
            replication::restore(&[backup], &self.folders[node], &options, &mut |_| {})?;
            self.notes.with(|promised| {
                promised.made = true;
                promised.counts.made += 1;
            });
        }
        self.open(node)
    }

    /// What was promised before this boot is so.
    fn check_promises(&self, leader: &Database, follower: &Database) -> Result<()> {
        let position = follower.replication_position()?;
        let (received, read) = self.notes.with(|promised| (promised.received, promised.read));
        if position.received < received {
            let detail = format!("{received} was received, the log ends at {}", position.received);
            self.notes.violate("receipts are durable", detail);
        }
        if position.published < read && !self.shape.asynchronous[1 - self.leader] {
            let detail = format!("{read} was read, and now {}", position.published);
            self.notes.violate("reads never go back", detail);
        }
        if !follower.is_follower() || leader.is_follower() {
            self.notes.violate("recovery succeeds, no needless error", "a store has another part");
        }
        match leader.ship_to(&position) {
            Ok(_) => Ok(()),
            Err(error) if error.sqlstate() == "72000" => {
                self.notes.violate("the held log is there", format!("{error}"));
                Ok(())
            }
            Err(error) if error.sqlstate() == "55000" => {
                self.notes.violate("the leader has what it shipped", format!("{error}"));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Both have the same, and it is whole.
    fn compare(&self, leader: &Database, follower: &Database) -> Result<()> {
        if let Some(detail) = compare::difference(leader, follower)? {
            self.notes.violate("follower equals leader", detail);
        }
        for store in [leader, follower] {
            let report = store.check(&mut |_| {})?;
            if !report.is_sound() {
                self.notes.violate("check finds nothing", format!("{report:?}"));
            }
        }
        Ok(())
    }

    /// The follower leads; the old leader follows it, unless it has records that it has not.
    fn promote(&self, leader: Database, follower: Database) -> Result<bool> {
        let mut random = self.random.clone();
        if random.one_in(2) {
            clients::one(&leader)?;
        }
        leader.flush()?;
        let last = leader.replication_position()?.received;
        let epoch = follower.promote()?;
        let table = follower.table(clients::MARKS)?;
        follower.upsert(&table, vec![(-1).into(), 0.into()])?;
        follower.hold_log(HOLD, epoch.after)?;
        drop(leader);
        let node = self.leader;
        let options = self.shape.options(&self.disks[node], node);
        replication::follow(&self.folders[node], &options)?;
        let old = self.open(node)?;
        let shipping = follower.ship_to(&old.replication_position()?);
        let (must, refused) = (last > epoch.after, shipping.is_err());
        if must != refused {
            let detail = format!("it ends at {last}, {epoch:?}, {:?}", shipping.err());
            self.notes.violate("who has records of its own is refused", detail);
        }
        self.notes.with(|promised| {
            promised.counts.promotions += 1;
            promised.made = !refused;
            (promised.received, promised.read) = (Lsn(0), Lsn(0));
        });
        Ok(true)
    }
}

/// Copies the files of a backup from disk to disk.
fn copy(from: &SimVfs, to: &SimVfs, folder: &Path) -> Result<()> {
    to.create_folder(folder)?;
    for name in from.list(folder)? {
        if name == Path::new("LOCK") {
            continue;
        }
        let path = folder.join(&name);
        let source = from.open(&path, OpenMode::Read)?;
        let length = source.len()?;
        let target = to.open(&path, OpenMode::Create)?;
        target.allocate(length)?;
        let mut page = Page::zeroed();
        for at in (0..length).step_by(page.0.len()) {
            source.read_at(&mut page.0, at)?;
            target.write_at(&page.0, at)?;
        }
        target.sync()?;
    }
    to.sync_folder(folder)
}
