//! libmdbx, by signet-libmdbx.
//!
//! - Not durable: a writable map and no syncs at all, as LMDB is measured. Durable: its default.
//! - LIFO reclaim, which its documentation advises for disks with a write-back cache.
//! - A load appends, rows as they come, entries after they were sorted. Rows in no order are put.
//! - Transactions of one thread (`Unsync`), one for each operation, so that a read sees the newest
//!   state. Handles of tables are opened once.

use std::borrow::Cow;
use std::path::Path;

use signet_libmdbx::sys::EnvironmentKind;
use signet_libmdbx::tx::aliases::{RoTxUnsync, RwTxUnsync};
use signet_libmdbx::{
    Database, DatabaseFlags, Environment, EnvironmentFlags, Geometry, Mode, SyncMode, WriteFlags,
};

use crate::Outcome;
use crate::bytes::{self, Part, Writes};
use crate::change::{Change, Peer, Seen, Session, Setting, Sums};
use crate::trades::{Arrival, Trades};

struct Libmdbx {
    env: Environment,
    tables: [Database; 5],
}

struct Transaction {
    inner: RwTxUnsync,
    tables: [Database; 5],
}

pub(super) fn open(folder: &Path, setting: Setting) -> Outcome<Box<dyn Peer>> {
    let sync_mode = if setting.durable { SyncMode::Durable } else { SyncMode::UtterlyNoSync };
    let mut builder = Environment::builder();
    builder
        .set_max_dbs(8)
        .set_max_readers(256)
        .set_geometry(Geometry {
            size: Some(0..16 << 30),
            growth_step: Some(64 << 20),
            ..Geometry::default()
        })
        .set_flags(EnvironmentFlags {
            mode: Mode::ReadWrite { sync_mode },
            no_rdahead: !setting.fits,
            liforeclaim: true,
            ..EnvironmentFlags::default()
        });
    if !setting.durable {
        builder.set_kind(EnvironmentKind::WriteMap);
    }
    let env = builder.open(folder)?;
    let transaction = env.begin_rw_unsync()?;
    let table = |part: Part| transaction.create_db(Some(part.name()), DatabaseFlags::empty());
    let [trades, by_user, accounts, positions, orders] = Part::ALL.map(table);
    let tables = [trades?, by_user?, accounts?, positions?, orders?];
    transaction.commit()?;
    Ok(Box::new(Libmdbx { env, tables }))
}

impl Libmdbx {
    fn table(&self, part: Part) -> Database {
        self.tables[part as usize]
    }

    fn begin(&self) -> Outcome<Transaction> {
        Ok(Transaction { inner: self.env.begin_rw_unsync()?, tables: self.tables })
    }

    fn row_digest(&self, reader: &RoTxUnsync, key: &[u8]) -> Outcome<u64> {
        let row: Option<Cow<'_, [u8]>> = reader.get(self.table(Part::Trades).dbi(), key)?;
        Ok(bytes::row_digest(key, &row.ok_or("a trade is missing")?))
    }

    /// Shows the first entries of a user's trades of a status.
    fn entries(
        &self,
        reader: &RoTxUnsync,
        (user, status, limit): (i32, i64, usize),
        mut each: impl FnMut(&[u8], &[u8]) -> Outcome<u64>,
    ) -> Outcome<Seen> {
        let prefix = bytes::entry_prefix(user, status);
        let mut cursor = reader.cursor(self.table(Part::ByUser))?;
        let mut entry = cursor.set_range::<Cow<'_, [u8]>, Cow<'_, [u8]>>(&prefix)?;
        let mut seen = Seen::default();
        while let Some((key, covered)) = entry.filter(|(key, _)| key.starts_with(&prefix)) {
            seen.add(each(&key, &covered)?);
            if seen.count == limit as u64 {
                break;
            }
            entry = cursor.next()?;
        }
        Ok(seen)
    }

    fn each(&self, part: Part, mut each: impl FnMut(&[u8], &[u8])) -> Outcome<()> {
        let reader = self.env.begin_ro_unsync()?;
        let mut cursor = reader.cursor(self.table(part))?;
        let mut pair = cursor.first::<Cow<'_, [u8]>, Cow<'_, [u8]>>()?;
        while let Some((key, value)) = pair {
            each(&key, &value);
            pair = cursor.next()?;
        }
        Ok(())
    }

    fn all(&self, part: Part, digest: fn(&[u8], &[u8]) -> u64) -> Outcome<Seen> {
        let mut seen = Seen::default();
        self.each(part, |key, value| seen.add(digest(key, value)))?;
        Ok(seen)
    }
}

impl Peer for Libmdbx {
    fn session(&self) -> Outcome<Box<dyn Session + '_>> {
        Ok(Box::new(self))
    }

    fn load(&self, trades: &Trades, arrival: Arrival) -> Outcome<()> {
        let mut transaction = self.begin()?;
        let (rows, entries) = (self.table(Part::Trades), self.table(Part::ByUser));
        for trade in trades.arriving(arrival) {
            let (key, row) = (trade.id.to_be_bytes(), bytes::row(&trade));
            if arrival == Arrival::Sorted {
                transaction.inner.append(rows, key, row)?;
                continue;
            }
            transaction.inner.put(rows, key, row, WriteFlags::UPSERT)?;
            let (key, covered) = (bytes::entry_key(&trade), bytes::covered(&trade));
            transaction.inner.put(entries, key, covered, WriteFlags::UPSERT)?;
        }
        if arrival == Arrival::Sorted {
            for (key, covered) in bytes::sorted_entries(trades) {
                transaction.inner.append(entries, key, covered)?;
            }
        }
        bytes::fill_small(trades, &mut transaction)?;
        transaction.inner.commit()?;
        self.sync()
    }

    fn sync(&self) -> Outcome<()> {
        self.env.sync(true)?;
        Ok(())
    }

    fn close(self: Box<Self>) -> Outcome<()> {
        self.sync()
    }
}

impl Session for &Libmdbx {
    fn get(&mut self, id: i64) -> Outcome<u64> {
        let reader = self.env.begin_ro_unsync()?;
        self.row_digest(&reader, &id.to_be_bytes())
    }

    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64> {
        let reader = self.env.begin_ro_unsync()?;
        ids.iter().try_fold(0, |sum: u64, id| {
            Ok(sum.wrapping_add(self.row_digest(&reader, &id.to_be_bytes())?))
        })
    }

    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let reader = self.env.begin_ro_unsync()?;
        self.entries(&reader, (user, status, limit), |key, covered| {
            Ok(bytes::entry_digest(key, covered))
        })
    }

    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let reader = self.env.begin_ro_unsync()?;
        self.entries(&reader, (user, status, limit), |key, _| {
            self.row_digest(&reader, bytes::id_bytes(key))
        })
    }

    fn all_rows(&mut self) -> Outcome<Seen> {
        self.all(Part::Trades, bytes::row_digest)
    }

    fn all_entries(&mut self) -> Outcome<Seen> {
        self.all(Part::ByUser, bytes::entry_digest)
    }

    fn sums(&mut self) -> Outcome<Sums> {
        let mut sums = Sums::default();
        self.each(Part::Accounts, |_, value| sums.add_account(value))?;
        self.each(Part::Positions, |_, value| sums.add_position(value))?;
        Ok(sums)
    }

    fn write(&mut self, changes: &[Change]) -> Outcome<()> {
        let mut transaction = self.begin()?;
        for change in changes {
            bytes::apply(change, &mut transaction)?;
        }
        transaction.inner.commit()?;
        Ok(())
    }
}

impl Writes for Transaction {
    fn read(&mut self, part: Part, key: &[u8], value: &mut [u8]) -> Outcome<bool> {
        let table = self.tables[part as usize];
        let found: Option<Cow<'_, [u8]>> = self.inner.get(table.dbi(), key)?;
        Ok(bytes::copy(found.as_deref(), value))
    }

    fn write(&mut self, part: Part, key: &[u8], value: &[u8]) -> Outcome<()> {
        Ok(self.inner.put(self.tables[part as usize], key, value, WriteFlags::UPSERT)?)
    }
}
