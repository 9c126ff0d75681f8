//! RocksDB, by the crate of its name; behind the feature `rocksdb`, because it takes minutes and a
//! libclang to build.
//!
//! - A column family for each table, one LRU cache for all, bloom filters of 10 bits, a hash index
//!   in data blocks, index and filter blocks kept in memory where the data fit. No compression, as
//!   for all.
//! - Not durable: a write-ahead log that is not synced: its default. Durable: `sync` in the write
//!   options; RocksDB groups the commits of several threads itself. Pipelined writes.
//! - A load writes sorted files and ingests them, entries after they were sorted; rows in no order
//!   are written in batches.
//! - A batch is blind: a row lock of the application is held from the read to the commit.

use std::path::Path;

use rocksdb::{
    BlockBasedOptions, Cache, ColumnFamily, ColumnFamilyDescriptor, DB, DBCompressionType,
    DataBlockIndexType, Direction, IngestExternalFileOptions, IteratorMode, Options, ReadOptions,
    SstFileWriter, WriteBatch, WriteOptions,
};

use super::batch::Batch;
use super::locks::RowLocks;
use crate::Outcome;
use crate::bytes::{self, Part, Writes};
use crate::change::{Change, Peer, Seen, Session, Setting, Sums};
use crate::trades::{Arrival, Trades};

/// Rows of a batch while rows in no order are loaded.
const LOAD_BATCH: usize = 1_000;

struct RocksDb {
    store: DB,
    options: Options,
    locks: RowLocks,
    durable: bool,
}

struct RocksDbSession<'s> {
    peer: &'s RocksDb,
    families: [&'s ColumnFamily; 5],
    write_options: WriteOptions,
}

pub(super) fn open(folder: &Path, setting: Setting) -> Outcome<Box<dyn Peer>> {
    let mut table = BlockBasedOptions::default();
    table.set_block_cache(&Cache::new_lru_cache(usize::try_from(setting.cache_bytes)?));
    table.set_bloom_filter(10.0, false);
    table.set_data_block_index_type(DataBlockIndexType::BinaryAndHash);
    table.set_data_block_hash_ratio(0.75);
    table.set_cache_index_and_filter_blocks(!setting.fits);
    let mut options = Options::default();
    options.set_block_based_table_factory(&table);
    options.create_if_missing(true);
    options.create_missing_column_families(true);
    options.set_compression_type(DBCompressionType::None);
    options.set_enable_pipelined_write(true);
    options.increase_parallelism(2);
    options.set_write_buffer_size(if setting.fits { 64 << 20 } else { 4 << 20 });
    let families = Part::ALL.map(|part| ColumnFamilyDescriptor::new(part.name(), options.clone()));
    let store = DB::open_cf_descriptors(&options, folder, families)?;
    let durable = setting.durable;
    Ok(Box::new(RocksDb { store, options, locks: RowLocks::new(), durable }))
}

impl RocksDb {
    fn families(&self) -> Outcome<[&ColumnFamily; 5]> {
        let [a, b, c, d, e] = Part::ALL.map(|part| self.store.cf_handle(part.name()));
        let missing = "RocksDB has lost a column family";
        Ok([
            a.ok_or(missing)?,
            b.ok_or(missing)?,
            c.ok_or(missing)?,
            d.ok_or(missing)?,
            e.ok_or(missing)?,
        ])
    }

    fn begin(&self) -> Outcome<RocksDbSession<'_>> {
        let mut write_options = WriteOptions::default();
        write_options.set_sync(self.durable);
        Ok(RocksDbSession { peer: self, families: self.families()?, write_options })
    }

    /// Writes pairs in order to a sorted file and moves that into a table.
    fn ingest<'p>(
        &self,
        family: &ColumnFamily,
        name: &str,
        pairs: impl Iterator<Item = (Vec<u8>, Vec<u8>)> + 'p,
    ) -> Outcome<()> {
        let file = self.store.path().join(name);
        let mut writer = SstFileWriter::create(&self.options);
        writer.open(&file)?;
        for (key, value) in pairs {
            writer.put(key, value)?;
        }
        writer.finish()?;
        let mut options = IngestExternalFileOptions::default();
        options.set_move_files(true);
        Ok(self.store.ingest_external_file_cf_opts(family, &options, vec![file])?)
    }
}

impl Peer for RocksDb {
    fn session(&self) -> Outcome<Box<dyn Session + '_>> {
        Ok(Box::new(self.begin()?))
    }

    fn load(&self, trades: &Trades, arrival: Arrival) -> Outcome<()> {
        let session = self.begin()?;
        let [rows, entries, ..] = session.families;
        if arrival == Arrival::Sorted {
            let all = trades.arriving(arrival);
            let pairs = all.map(|trade| (trade.id.to_be_bytes().into(), bytes::row(&trade).into()));
            self.ingest(rows, "rows.sst", pairs)?;
            let all = bytes::sorted_entries(trades).into_iter();
            self.ingest(
                entries,
                "entries.sst",
                all.map(|(key, value)| (key.into(), value.into())),
            )?;
        } else {
            let mut batch = WriteBatch::default();
            for trade in trades.arriving(arrival) {
                batch.put_cf(rows, trade.id.to_be_bytes(), bytes::row(&trade));
                batch.put_cf(entries, bytes::entry_key(&trade), bytes::covered(&trade));
                if batch.len() >= 2 * LOAD_BATCH {
                    self.store.write(std::mem::take(&mut batch))?;
                }
            }
            self.store.write(batch)?;
        }
        let mut batch = WriteBatch::default();
        bytes::fill_small(trades, &mut session.batch(1, &mut batch))?;
        self.store.write(batch)?;
        self.sync()
    }

    fn sync(&self) -> Outcome<()> {
        Ok(self.store.flush_wal(true)?)
    }

    fn close(self: Box<Self>) -> Outcome<()> {
        for family in self.families()? {
            self.store.flush_cf(family)?;
        }
        self.sync()
    }
}

impl RocksDbSession<'_> {
    fn batch<'b>(&'b self, changes: usize, batch: &'b mut WriteBatch) -> impl Writes + 'b {
        Batch::new(
            changes,
            |part, key, value| {
                let found = self.peer.store.get_pinned_cf(self.families[part as usize], key)?;
                Ok(bytes::copy(found.as_deref(), value))
            },
            |part, key, value| batch.put_cf(self.families[part as usize], key, value),
        )
    }

    /// Shows the first entries of a user's trades of a status.
    fn entries(
        &self,
        (user, status, limit): (i32, i64, usize),
        mut each: impl FnMut(&[u8], &[u8]) -> Outcome<()>,
    ) -> Outcome<()> {
        let prefix = bytes::entry_prefix(user, status);
        let mut options = ReadOptions::default();
        options.set_iterate_range(rocksdb::PrefixRange(&prefix[..]));
        let family = self.families[Part::ByUser as usize];
        let mut entries = self.peer.store.raw_iterator_cf_opt(family, options);
        entries.seek(prefix);
        let mut count = 0;
        while let Some((key, covered)) = entries.item() {
            each(key, covered)?;
            count += 1;
            if count == limit {
                break;
            }
            entries.next();
        }
        Ok(entries.status()?)
    }

    fn each(&self, part: Part, mut each: impl FnMut(&[u8], &[u8])) -> Outcome<()> {
        let mode = IteratorMode::From(&[], Direction::Forward);
        let mut options = ReadOptions::default();
        options.set_readahead_size(2 << 20);
        let family = self.families[part as usize];
        for pair in self.peer.store.iterator_cf_opt(family, options, mode) {
            let (key, value) = pair?;
            each(&key, &value);
        }
        Ok(())
    }
}

impl Session for RocksDbSession<'_> {
    fn get(&mut self, id: i64) -> Outcome<u64> {
        let key = id.to_be_bytes();
        let row = self.peer.store.get_pinned_cf(self.families[0], key)?;
        Ok(bytes::row_digest(&key, &row.ok_or("a trade is missing")?))
    }

    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64> {
        let keys: Vec<[u8; 8]> = ids.iter().map(|id| id.to_be_bytes()).collect();
        let rows = self.peer.store.batched_multi_get_cf(self.families[0], &keys, false);
        keys.iter().zip(rows).try_fold(0, |sum: u64, (key, row)| {
            let digest = bytes::row_digest(key, &row?.ok_or("a trade is missing")?);
            Ok(sum.wrapping_add(digest))
        })
    }

    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let mut seen = Seen::default();
        self.entries((user, status, limit), |key, covered| {
            seen.add(bytes::entry_digest(key, covered));
            Ok(())
        })?;
        Ok(seen)
    }

    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let mut keys: Vec<Vec<u8>> = Vec::with_capacity(limit);
        self.entries((user, status, limit), |key, _| {
            keys.push(bytes::id_bytes(key).to_vec());
            Ok(())
        })?;
        let mut seen = Seen::default();
        let rows = self.peer.store.batched_multi_get_cf(self.families[0], &keys, false);
        for (key, row) in keys.iter().zip(rows) {
            seen.add(bytes::row_digest(key, &row?.ok_or("a trade is missing")?));
        }
        Ok(seen)
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
        // A group has one writer, and so no need of locks.
        let _lock = match changes {
            [change] => Some(self.peer.locks.lock(change.lock_number())),
            _ => None,
        };
        let mut batch = WriteBatch::default();
        let mut writes = self.batch(changes.len(), &mut batch);
        for change in changes {
            bytes::apply(change, &mut writes)?;
        }
        drop(writes);
        Ok(self.peer.store.write_opt(batch, &self.write_options)?)
    }
}
