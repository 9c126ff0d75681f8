//! redb.
//!
//! - Not durable: `Durability::None`, but for every thousandth commit: pages that such commits free
//!   are free only after one that is `Immediate`. Durable: its default, `Immediate`.
//! - A load is one transaction of inserts; redb has no stable append mode.
//! - A read transaction for each operation, so that it sees the newest state.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use redb::{
    Builder, Database, Durability, ReadOnlyTable, ReadTransaction, ReadableDatabase,
    ReadableTable as _, Table, TableDefinition, WriteTransaction,
};

use crate::Outcome;
use crate::bytes::{self, Part, Writes};
use crate::change::{Change, Peer, Seen, Session, Setting, Sums};
use crate::trades::{Arrival, Trades};

/// Of so many commits that are not durable, one is, to free pages.
const NOT_DURABLE: u64 = 1_000;

type Bytes = &'static [u8];

struct Redb {
    store: Database,
    durable: bool,
    commits: AtomicU64,
}

struct Tables<'t>([Option<Table<'t, Bytes, Bytes>>; 5], &'t WriteTransaction);

pub(super) fn open(folder: &Path, setting: Setting) -> Outcome<Box<dyn Peer>> {
    let cache = usize::try_from(setting.cache_bytes)?;
    let store = Builder::new().set_cache_size(cache).create(folder.join("redb"))?;
    let transaction = store.begin_write()?;
    for part in Part::ALL {
        transaction.open_table(definition(part))?;
    }
    transaction.commit()?;
    Ok(Box::new(Redb { store, durable: setting.durable, commits: AtomicU64::new(1) }))
}

fn definition(part: Part) -> TableDefinition<'static, Bytes, Bytes> {
    TableDefinition::new(part.name())
}

impl Redb {
    /// Runs `body` in a write transaction.
    fn transact(
        &self,
        durability: Durability,
        body: impl FnOnce(&mut Tables<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut transaction = self.store.begin_write()?;
        transaction.set_durability(durability)?;
        body(&mut Tables([const { None }; 5], &transaction))?;
        Ok(transaction.commit()?)
    }

    fn table(&self, reader: &ReadTransaction, part: Part) -> Outcome<ReadOnlyTable<Bytes, Bytes>> {
        Ok(reader.open_table(definition(part))?)
    }

    /// Shows the first entries of a user's trades of a status.
    fn entries(
        &self,
        reader: &ReadTransaction,
        (user, status, limit): (i32, i64, usize),
        mut each: impl FnMut(&[u8], &[u8]) -> Outcome<u64>,
    ) -> Outcome<Seen> {
        let prefix = bytes::entry_prefix(user, status);
        let mut seen = Seen::default();
        let table = self.table(reader, Part::ByUser)?;
        for entry in table.range::<&[u8]>(&prefix[..]..)?.take(limit) {
            let (key, covered) = entry?;
            if !key.value().starts_with(&prefix) {
                break;
            }
            seen.add(each(key.value(), covered.value())?);
        }
        Ok(seen)
    }

    fn each(&self, part: Part, mut each: impl FnMut(&[u8], &[u8])) -> Outcome<()> {
        let reader = self.store.begin_read()?;
        for pair in self.table(&reader, part)?.range::<&[u8]>(..)? {
            let (key, value) = pair?;
            each(key.value(), value.value());
        }
        Ok(())
    }
}

fn digest(rows: &ReadOnlyTable<Bytes, Bytes>, key: &[u8]) -> Outcome<u64> {
    let row = rows.get(key)?.ok_or("a trade is missing")?;
    Ok(bytes::row_digest(key, row.value()))
}

impl Peer for Redb {
    fn session(&self) -> Outcome<Box<dyn Session + '_>> {
        Ok(Box::new(self))
    }

    fn load(&self, trades: &Trades, arrival: Arrival) -> Outcome<()> {
        self.transact(Durability::Immediate, |tables| {
            for trade in trades.arriving(arrival) {
                tables.write(Part::Trades, &trade.id.to_be_bytes(), &bytes::row(&trade))?;
                if arrival == Arrival::Random {
                    let key = bytes::entry_key(&trade);
                    tables.write(Part::ByUser, &key, &bytes::covered(&trade))?;
                }
            }
            if arrival == Arrival::Sorted {
                for (key, covered) in bytes::sorted_entries(trades) {
                    tables.write(Part::ByUser, &key, &covered)?;
                }
            }
            bytes::fill_small(trades, tables)
        })
    }

    fn sync(&self) -> Outcome<()> {
        self.transact(Durability::Immediate, |_| Ok(()))
    }

    fn close(self: Box<Self>) -> Outcome<()> {
        self.sync()?;
        Ok(self.store.close()?)
    }
}

impl Session for &Redb {
    fn get(&mut self, id: i64) -> Outcome<u64> {
        let reader = self.store.begin_read()?;
        digest(&self.table(&reader, Part::Trades)?, &id.to_be_bytes())
    }

    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64> {
        let reader = self.store.begin_read()?;
        let rows = self.table(&reader, Part::Trades)?;
        ids.iter()
            .try_fold(0, |sum: u64, id| Ok(sum.wrapping_add(digest(&rows, &id.to_be_bytes())?)))
    }

    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let reader = self.store.begin_read()?;
        self.entries(&reader, (user, status, limit), |key, covered| {
            Ok(bytes::entry_digest(key, covered))
        })
    }

    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let reader = self.store.begin_read()?;
        let rows = self.table(&reader, Part::Trades)?;
        self.entries(&reader, (user, status, limit), |key, _| digest(&rows, bytes::id_bytes(key)))
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
        let frees = self.commits.fetch_add(1, Ordering::Relaxed).is_multiple_of(NOT_DURABLE);
        let durability =
            if self.durable || frees { Durability::Immediate } else { Durability::None };
        self.transact(durability, |tables| {
            changes.iter().try_for_each(|change| bytes::apply(change, tables))
        })
    }
}

impl<'t> Tables<'t> {
    /// The table of a part, opened when it is first needed.
    fn table(&mut self, part: Part) -> Outcome<&mut Table<'t, Bytes, Bytes>> {
        let place = &mut self.0[part as usize];
        if place.is_none() {
            *place = Some(self.1.open_table(definition(part))?);
        }
        Ok(place.as_mut().ok_or("the table was opened")?)
    }
}

impl Writes for Tables<'_> {
    fn read(&mut self, part: Part, key: &[u8], value: &mut [u8]) -> Outcome<bool> {
        let found = self.table(part)?.get(key)?;
        Ok(bytes::copy(found.as_ref().map(|found| found.value()), value))
    }

    fn write(&mut self, part: Part, key: &[u8], value: &[u8]) -> Outcome<()> {
        self.table(part)?.insert(key, value)?;
        Ok(())
    }
}
