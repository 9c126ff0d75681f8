//! What clients do: a mix of operations, each noted in the history.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse::{Database, ErrorKind, Order, Range, Result, Transaction};
use bourse_storage::Error;
use bourse_storage::sync;
use bourse_storage::sync::sim::Random;
use bourse_storage::vfs::sim::{Fault, SimVfs};

use crate::Violation;
use crate::history::{Attempt, History};
use crate::rows::{BUCKET, Kind, RowKey, Tables};
use crate::tracked::{CHANGED_MIND, Tracked, read};

pub(crate) mod definitions;
mod interactive;
mod reads;
mod submitted;

/// Lanes of the store.
pub(crate) const LANES: i64 = 4;
/// Accounts of a lane.
pub(crate) const ACCOUNTS: i64 = 3;
/// What each account begins with.
pub(crate) const BALANCE: i64 = 1_000;
/// How old a state may be when it is read: less than clients hold a Cut for, now and then.
pub(crate) const CUT_AGE_MAX: Duration = Duration::from_millis(200);
/// Buckets of a lane's journal.
const BUCKETS: i64 = 3;

/// How much a world holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Size {
    /// Few rows, short records and tiny files of the log, which are used again and again; opening
    /// takes little, so there are many boots.
    Small,
    /// More rows than the cache holds.
    Medium,
    /// Transactions of more than 1 MiB and bulk loads of many rows are among the operations too.
    Large,
}

impl Size {
    /// Items of a lane.
    pub(crate) fn items(self) -> i64 {
        if self == Size::Small { 24 } else { 640 }
    }

    /// Rows of the table that is filled at once; there are all or none.
    pub(crate) fn loaded_rows(self) -> i64 {
        if self == Size::Large { 3_600 } else { 60 }
    }
}

/// How a boot ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ending {
    /// All operations are done.
    Quiet,
    /// The machine crashes within so many operations of the disk.
    Crash(u64),
    /// The machine crashes within so many writes.
    CrashInWrite(u64),
    /// The machine crashes right after an answer of some kind.
    CrashAfterAnswer,
    /// The machine crashes right after a read returned what its writer was not yet told of.
    CrashAfterNews,
    /// The machine crashes within so many operations of the disk, while a checkpoint is written.
    CrashInCheckpoint(u64),
    /// An operation of the disk fails.
    Failure(Fault, u64),
}

/// What the clients of a boot share.
pub(crate) struct Shared {
    pub(crate) vfs: SimVfs,
    pub(crate) history: History,
    pub(crate) tables: Tables,
    pub(crate) ending: Ending,
    /// Operations until the ending begins.
    pub(crate) until_ending: u64,
    /// Operations between which the disk is full.
    pub(crate) full: Option<(u64, u64)>,
    pub(crate) size: Size,
    /// From this operation on the clients only write and read a few hot rows.
    pub(crate) hot_from: u64,
    pub(crate) done: AtomicU64,
    pub(crate) budget: u64,
}

/// A client.
pub(crate) struct Client {
    pub(crate) number: i64,
    pub(crate) store: Database,
    pub(crate) shared: Arc<Shared>,
    pub(crate) random: Random,
    /// Makes values unique.
    pub(crate) next_value: i64,
    /// Whether the last answer held what its writer was not yet told of.
    pub(crate) news: bool,
}

/// What became of an operation.
enum Fate {
    Goes,
    /// The store has stopped, or the outcome is unknown: the client ends.
    Ends,
}

impl Client {
    /// Works until the budget is used up or the store stops.
    pub(crate) fn run(mut self) {
        let shared = Arc::clone(&self.shared);
        loop {
            let turn = shared.done.fetch_add(1, Ordering::Relaxed);
            if turn >= shared.budget || shared.history.violation().is_some() {
                return;
            }
            self.fault(turn);
            let hot = turn >= shared.hot_from;
            if !hot && self.random.one_in(10) {
                sync::sleep(Duration::from_micros(self.random.below(20_000)));
            }
            self.news = false;
            let result = if hot { self.hot_operation() } else { self.operation() };
            if matches!(self.judge(self.number, result), Fate::Ends) {
                return;
            }
            let over = turn >= shared.until_ending;
            if over && shared.ending == Ending::CrashAfterAnswer && self.random.one_in(3) {
                shared.vfs.crash();
            }
            // Should there be no such read, some answer will do.
            let late = turn >= shared.budget - 10;
            if over && shared.ending == Ending::CrashAfterNews && (self.news || late) {
                shared.vfs.crash();
            }
        }
    }

    fn fault(&mut self, turn: u64) {
        let shared = Arc::clone(&self.shared);
        if let Some((from, to)) = shared.full {
            if turn == from {
                let room = self.random.below(1 << 17);
                shared.vfs.set_capacity(shared.vfs.used_bytes() + room);
            } else if turn == to {
                shared.vfs.set_capacity(u64::MAX);
            }
        }
        if turn == shared.until_ending {
            match shared.ending {
                Ending::CrashAfterAnswer | Ending::CrashAfterNews => {}
                Ending::Quiet => {
                    // Both superblocks of each shard are whole from here on: one may decay.
                    drop(self.store.checkpoint().and_then(|()| self.store.checkpoint()));
                }
                Ending::Crash(after) => shared.vfs.inject(Fault::Crash, after),
                Ending::CrashInWrite(after) => shared.vfs.inject(Fault::CrashInWrite, after),
                Ending::Failure(fault, after) => shared.vfs.inject(fault, after),
                Ending::CrashInCheckpoint(after) => {
                    shared.vfs.inject(Fault::Crash, after);
                    // Whether it ends, and how, the next open tells.
                    let ended = self.store.checkpoint().is_ok();
                    if ended && self.random.one_in(2) {
                        shared.vfs.crash();
                    }
                }
            }
        }
    }

    fn judge(&self, number: i64, result: Result<()>) -> Fate {
        let history = &self.shared.history;
        let Err(error) = result else { return Fate::Goes };
        if error.message() == CHANGED_MIND {
            history.abort(number);
            return Fate::Goes;
        }
        let failing = matches!(self.shared.ending, Ending::Failure(..));
        let crashing = self.shared.vfs.is_crashed();
        match error.kind() {
            ErrorKind::Full if self.shared.full.is_some() => {
                history.forget(number);
                Fate::Goes
            }
            ErrorKind::Conflict => {
                history.forget(number);
                Fate::Goes
            }
            // What it read had been replaced too long ago.
            _ if error.sqlstate() == "72000" => {
                history.forget(number);
                Fate::Goes
            }
            ErrorKind::Closed | ErrorKind::Io if failing || crashing => Fate::Ends,
            ErrorKind::Closed if self.shared.full.is_some() => {
                let detail = format!("the store stopped: {error:?}");
                history.violate(Violation::new("full disk loses nothing", detail));
                Fate::Ends
            }
            _ => {
                history.violate(Violation::new("no needless error", format!("{error:?}")));
                Fate::Ends
            }
        }
    }

    fn operation(&mut self) -> Result<()> {
        match self.random.below(100) {
            0..14 => self.transfer(),
            14..20 => self.interactive(),
            20..30 => self.skew(),
            30..42 => self.lane_update(),
            42..50 => self.trade_insert(),
            50..54 => self.trade_change(),
            54..56 => self.several_at_once(),
            56..64 => self.journal_append(),
            64..74 => self.read_closure(),
            74..80 => self.read_one(),
            80..85 => self.hold_cut(),
            85..90 => self.locked_row(),
            90..92 => self.change_mind(),
            92..94 => self.checkpoint(),
            94..96 if self.shared.size == Size::Large => self.large_transaction(),
            94..98 if self.number == 1 => self.change_definitions(),
            _ => self.lane_update(),
        }
    }

    /// Half of the clients write rows that the other half reads.
    fn hot_operation(&mut self) -> Result<()> {
        if self.number % 2 == 0 {
            // Less than a write takes: some reads fall into it.
            sync::sleep(Duration::from_nanos(self.random.below(20_000)));
            return self.read_hot();
        }
        let key = RowKey { kind: Kind::Account, lane: self.lane(), id: 0 };
        let lane = self.random.one_in(2).then_some(key.lane);
        self.commit(lane, |tracked| {
            let (version, image) = present(key, tracked.read(key)?)?;
            tracked.write(key, version, image.value, 20)
        })
    }

    /// Begins a transaction: its number.
    fn begin(&self) -> i64 {
        self.shared.history.begin(self.number)
    }

    /// Runs a closure as an optimistic transaction, or as one of a lane's shard.
    fn commit(
        &mut self,
        lane: Option<i64>,
        body: impl Fn(&mut Tracked<'_, '_>) -> Result<()> + Send + Sync,
    ) -> Result<()> {
        let way = self.random.below(4);
        if way == 0 {
            self.news = self.submit(self.number, lane, body).wait()?;
            return Ok(());
        }
        let seq = self.begin();
        let shared = &self.shared;
        let closure = |transaction: &mut Transaction<'_>| {
            let mut tracked = Tracked::new(transaction, &shared.tables, self.number, seq);
            body(&mut tracked)?;
            tracked.end(&shared.history)
        };
        let table = shared.tables.of(Kind::Account);
        match lane {
            None if way == 1 => self.store.submit().transaction(closure).wait(),
            None => self.store.transaction(closure),
            Some(lane) if way == 1 => {
                self.store.submit().shard_transaction(table, &[lane.into()], closure).wait()
            }
            Some(lane) => self.store.shard_transaction(table, &[lane.into()], closure),
        }?;
        self.news = self.shared.history.acknowledge(self.number);
        Ok(())
    }

    fn lane(&mut self) -> i64 {
        self.below(LANES)
    }

    fn below(&mut self, bound: i64) -> i64 {
        self.random.below(bound.unsigned_abs()).cast_signed()
    }

    fn account(&mut self) -> RowKey {
        RowKey { kind: Kind::Account, lane: self.lane(), id: self.below(ACCOUNTS) }
    }

    fn item(&mut self) -> i64 {
        self.below(self.shared.size.items())
    }

    fn unique_value(&mut self) -> i64 {
        self.next_value += 1;
        self.next_value
    }

    fn two_accounts(&mut self) -> (RowKey, RowKey) {
        let first = self.account();
        loop {
            let second = self.account();
            if second != first {
                return (first, second);
            }
        }
    }

    fn transfer(&mut self) -> Result<()> {
        let (from, to) = self.two_accounts();
        let amount = self.below(50);
        self.commit(None, |tracked| {
            let (from_version, source) = present(from, tracked.read(from)?)?;
            let (to_version, target) = present(to, tracked.read(to)?)?;
            tracked.write(from, from_version, source.value - amount, 20)?;
            tracked.write(to, to_version, target.value + amount, 20)
        })
    }

    /// Reads two rows and writes one: two of these must not pass each other.
    fn skew(&mut self) -> Result<()> {
        // Few rows, so that such pairs meet.
        let first = self.lane();
        let second = (first + 1 + self.below(LANES - 1)) % LANES;
        let [seen, written] =
            [first, second].map(|lane| RowKey { kind: Kind::Account, lane, id: 0 });
        self.commit(None, |tracked| {
            present(seen, tracked.read(seen)?)?;
            let (version, image) = present(written, tracked.read(written)?)?;
            tracked.write(written, version, image.value, 20)
        })
    }

    fn lane_update(&mut self) -> Result<()> {
        let lane = self.lane();
        let mut items = Vec::new();
        for _ in 0..=self.random.below(3) {
            let note_bytes = match self.random.below(20) {
                // Small worlds have no room in their logs for such rows.
                0..4 if self.shared.size == Size::Small => 950 + self.random.index(1_000),
                0 => 20_000 + self.random.index(40_000),
                1..4 => 1_500 + self.random.index(5_000),
                _ => 500 + self.random.index(450),
            };
            let key = RowKey { kind: Kind::Item, lane, id: self.item() };
            if items.iter().all(|(other, _)| *other != key) {
                items.push((key, note_bytes));
            }
        }
        let shard = self.random.one_in(2).then_some(lane);
        self.commit(shard, |tracked| {
            for (key, note_bytes) in &items {
                let (version, image) = present(*key, tracked.read(*key)?)?;
                tracked.write(*key, version, image.value, *note_bytes)?;
            }
            Ok(())
        })
    }

    fn trade_insert(&mut self) -> Result<()> {
        let lane = self.lane();
        let value = self.unique_value();
        let note_bytes = 30 + self.random.index(300);
        let shard = self.random.one_in(2).then_some(lane);
        self.commit(shard, |tracked| tracked.insert(Kind::Trade, lane, value, note_bytes))
    }

    fn trade_change(&mut self) -> Result<()> {
        let Some(key) = self.shared.history.trade(self.random.next_u64()) else {
            return self.trade_insert();
        };
        let value = self.unique_value();
        let deletes = self.random.one_in(3);
        self.commit(None, |tracked| match tracked.read(key)? {
            None => Ok(()),
            Some((version, _)) if deletes => tracked.delete(key, version),
            Some((version, image)) => tracked.write(key, version, value, image.note_bytes),
        })
    }

    /// Adds a row with the ordinal after the highest: nobody else may add one meanwhile.
    fn journal_append(&mut self) -> Result<()> {
        let bucket = RowKey { kind: Kind::Bucket, lane: self.lane(), id: self.below(BUCKETS) };
        let table = self.shared.tables.of(Kind::Journal).clone();
        let first = bucket.id * BUCKET;
        self.commit(None, |tracked| {
            let range = Range::prefix([bucket.lane.into()]).from(first).before(first + BUCKET);
            let transaction = &*tracked.transaction;
            let newest =
                transaction.scan_index(&table, "by_lane", &range, Order::Descending)?.fetch(1)?;
            let count = match newest.first().map(|row| row.get(5)) {
                Some(bourse::ValueRef::Integer(value)) => value - first,
                _ => 0,
            };
            tracked.saw(bucket, count);
            tracked.append(bucket, count, first + count + 1)
        })
    }

    fn change_mind(&mut self) -> Result<()> {
        let (first, second) = self.two_accounts();
        let seq = self.begin();
        let shared = Arc::clone(&self.shared);
        self.store.transaction(|transaction| {
            let mut tracked = Tracked::new(transaction, &shared.tables, self.number, seq);
            let (version, image) = present(first, tracked.read(first)?)?;
            present(second, tracked.read(second)?)?;
            tracked.write(first, version, image.value + 1, 20)?;
            Err(tracked.change_mind(&shared.history))
        })
    }

    /// More than 1 MiB: logged ahead of its commit.
    fn large_transaction(&mut self) -> Result<()> {
        let keys: Vec<_> = (0..20)
            .map(|turn| RowKey { kind: Kind::Item, lane: turn % LANES, id: self.item() })
            .collect();
        let keys: std::collections::BTreeSet<_> = keys.into_iter().collect();
        self.commit(None, |tracked| {
            for key in &keys {
                let (version, image) = present(*key, tracked.read(*key)?)?;
                tracked.write(*key, version, image.value, 60_000)?;
            }
            Ok(())
        })
    }

    fn checkpoint(&mut self) -> Result<()> {
        self.store.checkpoint()?;
        self.shared.history.count_operation();
        Ok(())
    }

    /// A row under its lock stays as it is, and its holder can change it.
    fn locked_row(&mut self) -> Result<()> {
        let key = self.account();
        let shared = Arc::clone(&self.shared);
        let table = shared.tables.of(Kind::Account);
        let lock = self.store.lock_row(table, &key.values(), Duration::from_millis(200))?;
        let before = read(&self.store, &shared.tables, key, &mut Attempt::default())?;
        sync::sleep(Duration::from_micros(self.random.below(3_000)));
        let seq = self.begin();
        let seen = std::sync::atomic::AtomicI64::new(0);
        lock.transaction(|transaction| {
            let mut tracked = Tracked::new(transaction, &shared.tables, self.number, seq);
            let (version, image) = present(key, tracked.read(key)?)?;
            seen.store(version, Ordering::Relaxed);
            tracked.write(key, version, image.value, 20)?;
            tracked.end(&shared.history)
        })?;
        shared.history.acknowledge(self.number);
        let seen = seen.into_inner();
        if before.is_none_or(|(version, _)| version != seen) {
            let detail = format!("{key:?} was {before:?}, later version {seen}");
            shared.history.violate(Violation::new("locked row is constant", detail));
        }
        Ok(())
    }
}

/// A row that is always there.
fn present<T>(key: RowKey, found: Option<T>) -> Result<T> {
    found.ok_or_else(|| Error::corrupt(format!("{key:?} is missing")))
}
