//! What contenders are asked to do, and the two traits that they do it by.
//!
//! A [`Peer`] is an open store, which threads share; a [`Session`] is what one thread has of it: a
//! connection, prepared statements. The items of the benchmark are written once, against these.
//! Bourse implements them like everyone else. Calls go through `dyn`: some two nanoseconds each,
//! the same for all.

use crate::Outcome;
use crate::submitted::Answer;
use crate::trades::{Arrival, Trade, Trades};

/// A change, which a store makes whole or not at all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    /// A column of a row gets another value.
    Update { id: i64, revision: i64 },
    /// A trade is executed.
    Execute(Execution),
}

/// A trade's execution, all of one user: the account pays the price, the position grows by one, an
/// order is filled, the trade is added with its index entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Execution {
    pub(crate) trade: Trade,
    pub(crate) order: i64,
}

impl Change {
    /// A number that two changes of the same rows share: what an application's row locks go by.
    pub(crate) fn lock_number(&self) -> i64 {
        match self {
            Change::Update { id, .. } => *id,
            Change::Execute(execution) => execution.trade.user.into(),
        }
    }
}

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    /// Whether a write returns only when it would survive a power cut. Without, it is as fast as
    /// the store can be while its log, if it has one, is still written.
    pub(crate) durable: bool,
    /// Memory for the store's own cache.
    pub(crate) cache_bytes: u64,
    /// Whether the data fit into memory.
    pub(crate) fits: bool,
}

/// What a scan met.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Seen {
    pub(crate) count: u64,
    pub(crate) digest: u64,
}

impl Seen {
    /// One more.
    #[inline]
    pub(crate) fn add(&mut self, digest: u64) {
        self.count += 1;
        self.digest = self.digest.wrapping_add(digest);
    }
}

/// What the small tables hold in all.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(crate) struct Sums {
    pub(crate) balance: f64,
    pub(crate) quantity: i64,
}

/// A store that is open.
pub(crate) trait Peer: Sync {
    /// What a thread needs to work with it.
    fn session(&self) -> Outcome<Box<dyn Session + '_>>;
    /// Fills the new store with all trades, their index and the small tables, and makes that
    /// durable.
    fn load(&self, trades: &Trades, arrival: Arrival) -> Outcome<()>;
    /// Makes all that was written durable, without closing.
    fn sync(&self) -> Outcome<()>;
    /// Closes in order. After it, the store opens without recovery.
    fn close(self: Box<Self>) -> Outcome<()>;
}

/// One thread's way into a store. Every read sees the newest committed state.
pub(crate) trait Session {
    /// A row by its id: its digest, or an error when it is missing.
    fn get(&mut self, id: i64) -> Outcome<u64>;
    /// Many rows by id, of one state: the sum of their digests.
    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64>;
    /// The first `limit` entries of a user's trades of a status; no row is read.
    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen>;
    /// As `scan_entries`, and reads the row of each.
    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen>;
    /// All rows, in the order of ids.
    fn all_rows(&mut self) -> Outcome<Seen>;
    /// All entries, in the order of the index.
    fn all_entries(&mut self) -> Outcome<Seen>;
    /// The sums of the small tables.
    fn sums(&mut self) -> Outcome<Sums>;
    /// Makes changes in one transaction.
    fn write(&mut self, changes: &[Change]) -> Outcome<()>;
    /// Begins to make a change in a transaction of its own, and says by `done` when it is durable.
    fn submit(&mut self, _: &Change, _: Box<dyn FnOnce(Answer) + Send>) -> Outcome<()> {
        Err("this contender has no completions".into())
    }
}
