//! A group of three with the real consensus, in simulated worlds, each decided by one seed.
//!
//! # The idea
//!
//! [`crate::groups`] gives engines a consensus that the world draws. Here the consensus is what a
//! server has: openraft, its storage over the engine's log, the loops that lead and give up, both
//! sides of the network, the levels of reading ([`bourse_server::replication::simulation`]). One
//! thread runs all of it in virtual time. The world draws who goes on, how long messages and
//! flushes take, what breaks; clients write on whoever says that it leads, and anybody reads on any
//! member. A world begins as a group that has begun: copies of the disks of one that was founded,
//! joined and filled once.
//!
//! | invariant | what is compared |
//! |---|---|
//! | what was acknowledged stays | what clients were told, with the rows in the end |
//! | what was shown stays | what any member showed, with what was tried, and the rows in the end |
//! | nothing is shown before it is agreed on | the LSN of each member's newest Cut |
//! | what is agreed on stays | entries that a member knows to be agreed on, with all others' |
//! | one leader acknowledges in a term | who takes writes, by term |
//! | a vote is given once | votes as they were sent, by voter and term, over crashes |
//! | a linearizable read misses nothing | what was told before it began, with what it found |
//! | the group goes on | after all is healed: one leads, all have all, in virtual seconds |
//! | members are equal | rows and entries of all three, and `Database::check`, in the end |
//! | recovery succeeds, no needless error | whatever else fails, and panics |
//!
//! What goes wrong: power loss of one, of the leader, of all at once, and in the midst of an
//! operation of a disk; ways that are blocked in one direction or both; connections that break;
//! members that stand still past an election; slow disks and networks; checkpoints at any time; a
//! disk that is lost, whose member is made anew of a backup. Entries are taken back where leaders
//! are deposed.
//!
//! The same seed is the same run: see `turns` of the simulation.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bourse::{Options, Result, TableDefinition, Type, Value};
use bourse_storage::vfs::sim::SimVfs;

use crate::Violation;

mod checks;
mod clients;
mod faults;
mod image;
mod node;
mod world;

use world::World;

/// Who is in the group.
const MEMBERS: [u64; 3] = [1, 2, 3];
/// For how long things go wrong.
const UNREST: Duration = Duration::from_secs(6);
/// For how long the group may take to be of one mind again afterwards.
const PEACE: Duration = Duration::from_secs(30);
/// Clients that write, and keys of each.
const CLIENTS: u64 = 3;
const KEYS: u64 = 6;
const TABLE: &str = "t";

/// What happened in one seed, or in many.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Transactions that clients began.
    pub writes: u64,
    /// Those that were acknowledged.
    pub acknowledged: u64,
    /// Those of which a client never learned more.
    pub unknown: u64,
    /// Linearizable reads.
    pub reads: u64,
    /// Entries that were agreed on.
    pub entries: u64,
    /// Terms in which somebody led.
    pub leaders: u64,
    /// Power losses of single members.
    pub crashes: u64,
    /// Of these, in the midst of an operation of the disk.
    pub crashes_inside: u64,
    /// Stores that were opened anew because the consensus wanted it.
    pub opened_anew: u64,
    /// Members that were made anew of a backup.
    pub made_anew: u64,
    /// Ways that were blocked.
    pub partitions: u64,
    /// Members that stood still.
    pub pauses: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Messages that came.
    pub messages: u64,
    /// Turns that tasks had.
    pub turns: u64,
}

impl Counts {
    /// What each is called, and how many there were.
    pub fn named(&self) -> [(&'static str, u64); 15] {
        [
            ("writes", self.writes),
            ("acknowledged", self.acknowledged),
            ("unknown", self.unknown),
            ("reads", self.reads),
            ("entries", self.entries),
            ("leaders", self.leaders),
            ("crashes", self.crashes),
            ("crashes_inside", self.crashes_inside),
            ("opened_anew", self.opened_anew),
            ("made_anew", self.made_anew),
            ("partitions", self.partitions),
            ("pauses", self.pauses),
            ("checkpoints", self.checkpoints),
            ("messages", self.messages),
            ("turns", self.turns),
        ]
    }

    /// Adds what happened in another seed.
    pub fn add(&mut self, other: &Counts) {
        self.writes += other.writes;
        self.acknowledged += other.acknowledged;
        self.unknown += other.unknown;
        self.reads += other.reads;
        self.entries += other.entries;
        self.leaders += other.leaders;
        self.crashes += other.crashes;
        self.crashes_inside += other.crashes_inside;
        self.opened_anew += other.opened_anew;
        self.made_anew += other.made_anew;
        self.partitions += other.partitions;
        self.pauses += other.pauses;
        self.checkpoints += other.checkpoints;
        self.messages += other.messages;
        self.turns += other.turns;
    }
}

/// How a seed ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// What happened.
    pub counts: Counts,
    /// A hash of who had turns, and of all messages: equal for equal runs.
    pub trace_hash: u64,
    /// The promise that was not kept.
    pub violation: Option<Violation>,
}

/// Runs a seed.
pub fn run(seed: u64) -> Report {
    let begun = image::disks().and_then(|disks| World::new(seed, disks));
    let world = match begun {
        Ok(world) => world,
        Err(violation) => {
            let counts = Counts::default();
            return Report { seed, counts, trace_hash: 0, violation: Some(violation) };
        }
    };
    let violation = world.live();
    let (counts, trace_hash) = world.counts();
    Report { seed, counts, trace_hash, violation }
}

fn failed(error: impl std::fmt::Display) -> Violation {
    Violation::new("recovery succeeds, no needless error", error.to_string())
}

/// What a world's tasks run on: one thread, and time that goes on when nobody can.
fn runtime() -> std::result::Result<tokio::runtime::Runtime, Violation> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().map_err(failed)
}

fn options(disk: &SimVfs) -> Options {
    Options {
        shards: 3,
        cache_bytes: 4 << 20,
        shard_pages_max: 1 << 12,
        log_segment_bytes: 1 << 18,
        // Nobody waits: what was written is looked for later.
        agreement_timeout: Duration::ZERO,
        background: false,
        vfs: Arc::new(disk.clone()),
        ..Options::default()
    }
}

fn definition() -> Result<TableDefinition> {
    TableDefinition::builder(TABLE)
        .column("id", Type::BigInt)
        .not_null()
        .column("owner", Type::BigInt)
        .column("version", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["id"])
        .shard_key(["owner"])
        .build()
}

fn row(key: i64, version: i64, note_bytes: usize) -> Vec<Value> {
    vec![key.into(), (key % 5).into(), version.into(), "x".repeat(note_bytes).into()]
}

/// Versions by key.
type Rows = BTreeMap<i64, i64>;
