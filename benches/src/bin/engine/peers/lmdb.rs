//! LMDB, by heed.
//!
//! - Not durable: WRITEMAP, MAPASYNC, NOSYNC: the fastest that LMDB has; after a power cut the file
//!   may be useless. Durable: its default, two syncs a commit.
//! - A load appends (`MDB_APPEND`), rows as they come, entries after they were sorted. Rows in no
//!   order are put.
//! - Data larger than memory: `MDB_NORDAHEAD`, as its documentation says.
//! - A read transaction for each operation, so that it sees the newest state; LMDB keeps the
//!   thread's reader slot, so one costs no lock.

use std::ops::Bound;
use std::path::Path;

use bourse_benches::lmdb::{self, LmdbOptions};
use heed::types::Bytes;
use heed::{Database, Env, PutFlags, RoTxn, RwTxn};

use crate::Outcome;
use crate::bytes::{self, Part, Writes};
use crate::change::{Change, Peer, Seen, Session, Setting, Sums};
use crate::trades::{Arrival, Trades};

type Table = Database<Bytes, Bytes>;

struct Lmdb {
    env: Env,
    tables: [Table; 5],
}

struct Transaction<'t> {
    inner: RwTxn<'t>,
    tables: [Table; 5],
}

pub(super) fn open(folder: &Path, setting: Setting) -> Outcome<Box<dyn Peer>> {
    let options = LmdbOptions { durable: setting.durable, no_read_ahead: !setting.fits };
    let env = lmdb::open(folder, options)?;
    let mut transaction = env.write_txn()?;
    let mut table = |part: Part| env.create_database(&mut transaction, Some(part.name()));
    let [trades, by_user, accounts, positions, orders] = Part::ALL.map(&mut table);
    let tables = [trades?, by_user?, accounts?, positions?, orders?];
    transaction.commit()?;
    Ok(Box::new(Lmdb { env, tables }))
}

impl Lmdb {
    fn table(&self, part: Part) -> Table {
        self.tables[part as usize]
    }

    fn begin(&self) -> Outcome<Transaction<'_>> {
        Ok(Transaction { inner: self.env.write_txn()?, tables: self.tables })
    }

    fn row_digest(&self, reader: &RoTxn<'_>, key: &[u8]) -> Outcome<u64> {
        let row = self.table(Part::Trades).get(reader, key)?.ok_or("a trade is missing")?;
        Ok(bytes::row_digest(key, row))
    }

    /// Shows the first entries of a user's trades of a status.
    fn entries(
        &self,
        reader: &RoTxn<'_>,
        (user, status, limit): (i32, i64, usize),
        mut each: impl FnMut(&[u8], &[u8]) -> Outcome<u64>,
    ) -> Outcome<Seen> {
        let prefix = bytes::entry_prefix(user, status);
        let from = (Bound::Included(&prefix[..]), Bound::Unbounded);
        let mut seen = Seen::default();
        for entry in self.table(Part::ByUser).range(reader, &from)?.take(limit) {
            let (key, covered) = entry?;
            if !key.starts_with(&prefix) {
                break;
            }
            seen.add(each(key, covered)?);
        }
        Ok(seen)
    }

    fn all(&self, part: Part, digest: fn(&[u8], &[u8]) -> u64) -> Outcome<Seen> {
        let reader = self.env.read_txn()?;
        let mut seen = Seen::default();
        for pair in self.table(part).iter(&reader)? {
            let (key, value) = pair?;
            seen.add(digest(key, value));
        }
        Ok(seen)
    }
}

impl Peer for Lmdb {
    fn session(&self) -> Outcome<Box<dyn Session + '_>> {
        Ok(Box::new(self))
    }

    fn load(&self, trades: &Trades, arrival: Arrival) -> Outcome<()> {
        let mut transaction = self.begin()?;
        let flags = match arrival {
            Arrival::Sorted => PutFlags::APPEND,
            Arrival::Random => PutFlags::empty(),
        };
        for trade in trades.arriving(arrival) {
            let (key, row) = (trade.id.to_be_bytes(), bytes::row(&trade));
            let table = self.table(Part::Trades);
            table.put_with_flags(&mut transaction.inner, flags, &key, &row)?;
            if arrival == Arrival::Random {
                let (key, covered) = (bytes::entry_key(&trade), bytes::covered(&trade));
                self.table(Part::ByUser).put(&mut transaction.inner, &key, &covered)?;
            }
        }
        if arrival == Arrival::Sorted {
            for (key, covered) in bytes::sorted_entries(trades) {
                let table = self.table(Part::ByUser);
                table.put_with_flags(&mut transaction.inner, flags, &key, &covered)?;
            }
        }
        bytes::fill_small(trades, &mut transaction)?;
        transaction.inner.commit()?;
        self.sync()
    }

    fn sync(&self) -> Outcome<()> {
        Ok(self.env.force_sync()?)
    }

    fn close(self: Box<Self>) -> Outcome<()> {
        self.sync()?;
        self.env.prepare_for_closing().wait();
        Ok(())
    }
}

impl Session for &Lmdb {
    fn get(&mut self, id: i64) -> Outcome<u64> {
        let reader = self.env.read_txn()?;
        self.row_digest(&reader, &id.to_be_bytes())
    }

    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64> {
        let reader = self.env.read_txn()?;
        ids.iter().try_fold(0, |sum: u64, id| {
            Ok(sum.wrapping_add(self.row_digest(&reader, &id.to_be_bytes())?))
        })
    }

    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let reader = self.env.read_txn()?;
        self.entries(&reader, (user, status, limit), |key, covered| {
            Ok(bytes::entry_digest(key, covered))
        })
    }

    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let reader = self.env.read_txn()?;
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
        let reader = self.env.read_txn()?;
        let mut sums = Sums::default();
        for pair in self.table(Part::Accounts).iter(&reader)? {
            sums.add_account(pair?.1);
        }
        for pair in self.table(Part::Positions).iter(&reader)? {
            sums.add_position(pair?.1);
        }
        Ok(sums)
    }

    fn write(&mut self, changes: &[Change]) -> Outcome<()> {
        let mut transaction = self.begin()?;
        for change in changes {
            bytes::apply(change, &mut transaction)?;
        }
        Ok(transaction.inner.commit()?)
    }
}

impl Writes for Transaction<'_> {
    fn read(&mut self, part: Part, key: &[u8], value: &mut [u8]) -> Outcome<bool> {
        let found = self.tables[part as usize].get(&self.inner, key)?;
        Ok(bytes::copy(found, value))
    }

    fn write(&mut self, part: Part, key: &[u8], value: &[u8]) -> Outcome<()> {
        Ok(self.tables[part as usize].put(&mut self.inner, key, value)?)
    }
}
