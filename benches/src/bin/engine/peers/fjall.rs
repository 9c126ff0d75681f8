//! fjall.
//!
//! - Not durable: batches in the journal, which reaches the operating system and not the disk: its
//!   default. Durable: each batch with `PersistMode::SyncData`.
//! - A load is its ingestion of sorted pairs, entries after they were sorted; rows in no order are
//!   written in batches.
//! - `expect_point_read_hits`, since every key that is asked for is there. No compression, as for
//!   all.
//! - A batch is blind: a row lock of the application is held from the read to the commit.

use std::path::Path;

use fjall::{
    Database, Keyspace, KeyspaceCreateOptions, OwnedWriteBatch, PersistMode, Readable as _,
};

use super::batch::Batch;
use super::locks::RowLocks;
use crate::Outcome;
use crate::bytes::{self, Part};
use crate::change::{Change, Peer, Seen, Session, Setting, Sums};
use crate::trades::{Arrival, Trades};

/// Rows of a batch while rows in no order are loaded.
const LOAD_BATCH: usize = 1_000;

struct Fjall {
    store: Database,
    tables: Vec<Keyspace>,
    locks: RowLocks,
    durable: bool,
}

pub(super) fn open(folder: &Path, setting: Setting) -> Outcome<Box<dyn Peer>> {
    let store = Database::builder(folder).cache_size(setting.cache_bytes).open()?;
    let memtable = if setting.fits { 64 << 20 } else { 4 << 20 };
    let options = || {
        KeyspaceCreateOptions::default().expect_point_read_hits(true).max_memtable_size(memtable)
    };
    let tables = Part::ALL.iter().map(|part| store.keyspace(part.name(), options));
    let tables = tables.collect::<Result<Vec<_>, _>>()?;
    Ok(Box::new(Fjall { store, tables, locks: RowLocks::new(), durable: setting.durable }))
}

impl Fjall {
    fn table(&self, part: Part) -> &Keyspace {
        &self.tables[part as usize]
    }

    fn read(&self, part: Part, key: &[u8], value: &mut [u8]) -> Outcome<bool> {
        let found = self.table(part).get(key)?;
        Ok(bytes::copy(found.as_deref(), value))
    }

    /// Adds to a batch what `body` writes.
    fn fill(
        &self,
        batch: &mut OwnedWriteBatch,
        changes: usize,
        body: impl FnOnce(&mut dyn bytes::Writes) -> Outcome<()>,
    ) -> Outcome<()> {
        body(&mut Batch::new(
            changes,
            |part, key, value| self.read(part, key, value),
            |part, key, value| batch.insert(self.table(part), key, value),
        ))
    }

    fn load_unsorted(&self, trades: &Trades) -> Outcome<()> {
        let mut batch = self.store.batch();
        for trade in trades.arriving(Arrival::Random) {
            let (key, row) = (trade.id.to_be_bytes(), bytes::row(&trade));
            batch.insert(self.table(Part::Trades), &key[..], &row[..]);
            let (key, covered) = (bytes::entry_key(&trade), bytes::covered(&trade));
            batch.insert(self.table(Part::ByUser), &key[..], &covered[..]);
            if batch.len() >= 2 * LOAD_BATCH {
                std::mem::replace(&mut batch, self.store.batch()).commit()?;
            }
        }
        Ok(batch.commit()?)
    }

    fn load_sorted(&self, trades: &Trades) -> Outcome<()> {
        let mut rows = self.table(Part::Trades).start_ingestion()?;
        for trade in trades.arriving(Arrival::Sorted) {
            rows.write(&trade.id.to_be_bytes()[..], &bytes::row(&trade)[..])?;
        }
        rows.finish()?;
        let mut entries = self.table(Part::ByUser).start_ingestion()?;
        for (key, covered) in bytes::sorted_entries(trades) {
            entries.write(&key[..], &covered[..])?;
        }
        Ok(entries.finish()?)
    }

    fn digest(&self, key: &[u8], row: Option<fjall::Slice>) -> Outcome<u64> {
        Ok(bytes::row_digest(key, &row.ok_or("a trade is missing")?))
    }

    /// Shows the first entries of a user's trades of a status.
    fn entries(
        &self,
        (user, status, limit): (i32, i64, usize),
        mut each: impl FnMut(&[u8], &[u8]) -> Outcome<u64>,
    ) -> Outcome<Seen> {
        let mut seen = Seen::default();
        let prefix = bytes::entry_prefix(user, status);
        for entry in self.table(Part::ByUser).prefix(prefix).take(limit) {
            let (key, covered) = entry.into_inner()?;
            seen.add(each(&key, &covered)?);
        }
        Ok(seen)
    }

    fn each(&self, part: Part, mut each: impl FnMut(&[u8], &[u8])) -> Outcome<()> {
        for pair in self.table(part).iter() {
            let (key, value) = pair.into_inner()?;
            each(&key, &value);
        }
        Ok(())
    }
}

impl Peer for Fjall {
    fn session(&self) -> Outcome<Box<dyn Session + '_>> {
        Ok(Box::new(self))
    }

    fn load(&self, trades: &Trades, arrival: Arrival) -> Outcome<()> {
        match arrival {
            Arrival::Sorted => self.load_sorted(trades)?,
            Arrival::Random => self.load_unsorted(trades)?,
        }
        let mut batch = self.store.batch();
        self.fill(&mut batch, 1, |writes| bytes::fill_small(trades, writes))?;
        batch.commit()?;
        self.sync()
    }

    fn sync(&self) -> Outcome<()> {
        Ok(self.store.persist(PersistMode::SyncAll)?)
    }

    fn close(self: Box<Self>) -> Outcome<()> {
        self.sync()
    }
}

impl Session for &Fjall {
    fn get(&mut self, id: i64) -> Outcome<u64> {
        let key = id.to_be_bytes();
        self.digest(&key, self.table(Part::Trades).get(key)?)
    }

    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64> {
        let snapshot = self.store.snapshot();
        ids.iter().try_fold(0, |sum: u64, id| {
            let key = id.to_be_bytes();
            let row = snapshot.get(self.table(Part::Trades), key)?;
            Ok(sum.wrapping_add(self.digest(&key, row)?))
        })
    }

    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        self.entries((user, status, limit), |key, covered| Ok(bytes::entry_digest(key, covered)))
    }

    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        self.entries((user, status, limit), |key, _| {
            let key = bytes::id_bytes(key);
            self.digest(key, self.table(Part::Trades).get(key)?)
        })
    }

    fn all_rows(&mut self) -> Outcome<Seen> {
        let mut seen = Seen::default();
        self.each(Part::Trades, |key, row| seen.add(bytes::row_digest(key, row)))?;
        Ok(seen)
    }

    fn all_entries(&mut self) -> Outcome<Seen> {
        let mut seen = Seen::default();
        self.each(Part::ByUser, |key, covered| seen.add(bytes::entry_digest(key, covered)))?;
        Ok(seen)
    }

    fn sums(&mut self) -> Outcome<Sums> {
        let mut sums = Sums::default();
        self.each(Part::Accounts, |_, value| sums.add_account(value))?;
        self.each(Part::Positions, |_, value| sums.add_position(value))?;
        Ok(sums)
    }

    fn write(&mut self, changes: &[Change]) -> Outcome<()> {
        let mode = self.durable.then_some(PersistMode::SyncData);
        let mut batch = self.store.batch().durability(mode);
        // A group has one writer, and so no need of locks.
        let _lock = match changes {
            [change] => Some(self.locks.lock(change.lock_number())),
            _ => None,
        };
        self.fill(&mut batch, changes.len(), |writes| {
            changes.iter().try_for_each(|change| bytes::apply(change, writes))
        })?;
        Ok(batch.commit()?)
    }
}
