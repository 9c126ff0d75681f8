//! A group of three stores in simulated worlds, each decided by one seed.
//!
//! # The idea
//!
//! Three nodes have a simulated disk each. The world is their consensus, as Raft's rules have it
//! and no kinder: who leads, which entry goes to whom, what is flushed, what is known of agreement,
//! is drawn step by step; nodes crash by themselves, lose what was not durable and come back;
//! leaders are deposed with records that nobody else has. The engine is told all of it by the
//! calls that a real consensus uses ([`bourse::replication::group`]). What is promised:
//!
//! | invariant | what is compared |
//! |---|---|
//! | what is agreed on stays | the entries that were agreed on, with those of every later leader |
//! | what is durable is there | entries that a node had flushed, after a crash |
//! | nothing is shown before it is agreed on | the LSN of each node's newest Cut |
//! | what is taken back is gone | a node's entries after it was opened to end its log earlier |
//! | rows equal the agreed entries | rows of a node, with what its agreed entries make of them |
//! | what is saved is there | the consensus's state after a crash |
//! | members are equal | rows of all three, and `Database::check`, in the end |
//! | recovery succeeds, no needless error | whatever else fails |

use std::collections::BTreeMap;
use std::time::Duration;

use bourse::replication::group::EntryId;
use bourse::{Database, ErrorKind, Options, Result, TableDefinition, Type, Value};
use bourse_storage::sync::sim::Random;
use bourse_storage::vfs::sim::SimVfs;

use crate::Violation;

mod node;
mod steps;

use node::Node;

/// Steps of a seed, before all is brought together.
const STEPS: usize = 400;
/// Rows of the store that the group begins with.
const FIRST_ROWS: i64 = 60;
/// Keys that are written.
const KEYS: u64 = 200;
const TABLE: &str = "t";

/// What happened in one seed, or in many.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Transactions that were written on leaders.
    pub writes: u64,
    /// Entries that were agreed on.
    pub agreed: u64,
    /// Entries that were taken by others than their leader.
    pub accepted: u64,
    /// Crashes of single nodes.
    pub crashes: u64,
    /// Leaders.
    pub leaders: u64,
    /// Nodes that took entries back.
    pub taken_back: u64,
    /// Transactions that were never agreed on.
    pub lost: u64,
    /// Nodes that were made anew from a backup.
    pub made: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Times that all rows of a node were compared.
    pub compared: u64,
}

impl Counts {
    /// Adds what happened in another seed.
    pub fn add(&mut self, other: &Counts) {
        self.writes += other.writes;
        self.agreed += other.agreed;
        self.accepted += other.accepted;
        self.crashes += other.crashes;
        self.leaders += other.leaders;
        self.taken_back += other.taken_back;
        self.lost += other.lost;
        self.made += other.made;
        self.checkpoints += other.checkpoints;
        self.compared += other.compared;
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

/// What one transaction does.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Change {
    Put(i64, i64),
    Delete(i64),
    /// Many rows at once, logged ahead in pieces.
    PutMany(i64),
}

/// Rows by key.
type Rows = BTreeMap<i64, (i64, usize)>;

impl Change {
    fn apply(&self, rows: &mut Rows) {
        match self {
            Change::Put(key, value) => drop(rows.insert(*key, (*value, 0))),
            Change::Delete(key) => drop(rows.remove(key)),
            Change::PutMany(value) => {
                for key in many() {
                    rows.insert(key, (*value, LONG));
                }
            }
        }
    }
}

/// Keys of a large transaction, and bytes of each of its rows.
fn many() -> std::ops::Range<i64> {
    1_000..1_000 + 40
}
const LONG: usize = 40_000;

fn row(key: i64, value: i64, long: usize) -> Vec<Value> {
    vec![key.into(), (key % 7).into(), value.into(), "x".repeat(long).into()]
}

/// Why a step did not go on.
enum Stop {
    Violated(Violation),
    Failed(bourse::Error),
}

impl From<bourse::Error> for Stop {
    fn from(error: bourse::Error) -> Stop {
        Stop::Failed(error)
    }
}

type Step<T = ()> = std::result::Result<T, Stop>;

fn violated<T>(invariant: &'static str, detail: impl Into<String>) -> Step<T> {
    Err(Stop::Violated(Violation::new(invariant, detail)))
}

/// The world: three nodes, and what their consensus knows.
struct World {
    random: Random,
    counts: Counts,
    nodes: Vec<Node>,
    leader: Option<usize>,
    term: u64,
    /// What entries did, whether or not they were agreed on.
    changes: BTreeMap<EntryId, Vec<Change>>,
    /// What the leader did since its last entry.
    unended: Vec<Change>,
    /// By index.
    agreed: Vec<EntryId>,
    next_value: i64,
}

/// Runs a seed.
pub fn run(seed: u64) -> Report {
    let mut world = match World::new(seed) {
        Ok(world) => world,
        Err(error) => return failed(seed, Counts::default(), Stop::Failed(error)),
    };
    let ended = world.live();
    let counts = world.counts;
    match ended {
        Ok(()) => Report { seed, counts, violation: None },
        Err(stop) => failed(seed, counts, stop),
    }
}

fn failed(seed: u64, counts: Counts, stop: Stop) -> Report {
    let violation = match stop {
        Stop::Violated(violation) => violation,
        Stop::Failed(error) => {
            Violation::new("recovery succeeds, no needless error", format!("{error:?}"))
        }
    };
    Report { seed, counts, violation: Some(violation) }
}

fn options(disk: &SimVfs) -> Options {
    Options {
        shards: 3,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 4 << 20,
        // Nobody waits: what was written is asked for later.
        agreement_timeout: Duration::ZERO,
        background: false,
        vfs: std::sync::Arc::new(disk.clone()),
        ..Options::default()
    }
}

fn definition() -> Result<TableDefinition> {
    TableDefinition::builder(TABLE)
        .column("id", Type::BigInt)
        .not_null()
        .column("owner", Type::BigInt)
        .column("value", Type::BigInt)
        .column("long", Type::Text)
        .primary_key(["id"])
        .shard_key(["owner"])
        .build()
}

/// Whether a write ended as it does where nobody has agreed yet.
fn is_unknown(error: &bourse::Error) -> bool {
    error.kind() == ErrorKind::Busy && error.sqlstate() == "08007"
}

fn key(random: &mut Random) -> i64 {
    i64::try_from(random.below(KEYS)).unwrap_or_default()
}

fn table(store: &Database) -> Result<bourse::Table> {
    store.table(TABLE)
}
