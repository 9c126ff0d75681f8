//! LMDB, the fastest of the peers at reading: rows and one index, as the store has them.

#![expect(unsafe_code, reason = "heed asks for a promise about the file that it maps")]

use std::path::Path;

use heed::types::Bytes;
use heed::{Database, Env, EnvFlags, EnvOpenOptions, RoTxn, RwTxn};

/// A result of LMDB.
pub type Result<T> = heed::Result<T>;

/// Rows and an index in one environment.
pub struct Lmdb {
    env: Env,
    rows: Database<Bytes, Bytes>,
    index: Database<Bytes, Bytes>,
}

impl Lmdb {
    /// Makes an environment. Without `durable` a commit is in memory only, LMDB's fastest.
    ///
    /// # Errors
    /// LMDB's.
    pub fn create(folder: &Path, durable: bool) -> Result<Lmdb> {
        let mut options = EnvOpenOptions::new();
        options.map_size(4 << 30).max_dbs(2).max_readers(256);
        // SAFETY: the folder is this run's own: nobody else changes the file.
        let env = unsafe {
            if !durable {
                options.flags(EnvFlags::NO_SYNC | EnvFlags::WRITE_MAP | EnvFlags::MAP_ASYNC);
            }
            options.open(folder)?
        };
        let mut transaction = env.write_txn()?;
        let rows = env.create_database(&mut transaction, Some("rows"))?;
        let index = env.create_database(&mut transaction, Some("index"))?;
        transaction.commit()?;
        Ok(Lmdb { env, rows, index })
    }

    /// Loads sorted rows and sorted index entries, each in append mode.
    ///
    /// # Errors
    /// LMDB's.
    pub fn load<'r>(
        &self,
        rows: impl Iterator<Item = (&'r [u8], &'r [u8])>,
        index: impl Iterator<Item = (&'r [u8], &'r [u8])>,
    ) -> Result<()> {
        let mut transaction = self.env.write_txn()?;
        for (key, value) in rows {
            self.rows.put_with_flags(&mut transaction, heed::PutFlags::APPEND, key, value)?;
        }
        for (key, value) in index {
            self.index.put_with_flags(&mut transaction, heed::PutFlags::APPEND, key, value)?;
        }
        transaction.commit()
    }

    /// Begins to read.
    ///
    /// # Errors
    /// LMDB's.
    pub fn reader(&self) -> Result<RoTxn<'_, heed::WithTls>> {
        self.env.read_txn()
    }

    /// A row by its key.
    ///
    /// # Errors
    /// LMDB's.
    pub fn get<'t>(
        &self,
        reader: &'t RoTxn<'_, heed::WithTls>,
        key: &[u8],
    ) -> Result<Option<&'t [u8]>> {
        self.rows.get(reader, key)
    }

    /// Shows up to `limit` index entries from a key on.
    ///
    /// # Errors
    /// LMDB's.
    pub fn scan_index(
        &self,
        reader: &RoTxn<'_, heed::WithTls>,
        from: &[u8],
        limit: usize,
        mut each: impl FnMut(&[u8], &[u8]),
    ) -> Result<()> {
        let bounds = (std::ops::Bound::Included(from), std::ops::Bound::Unbounded);
        for entry in self.index.range(reader, &bounds)?.take(limit) {
            let (key, value) = entry?;
            each(key, value);
        }
        Ok(())
    }

    /// Reads a row, changes it and commits, in a transaction of its own.
    ///
    /// # Errors
    /// LMDB's.
    pub fn update(&self, key: &[u8], change: impl FnOnce(&mut [u8])) -> Result<()> {
        let mut transaction = self.env.write_txn()?;
        self.update_within(&mut transaction, key, change)?;
        transaction.commit()
    }

    /// Begins to write; there is one writer at a time.
    ///
    /// # Errors
    /// LMDB's.
    pub fn writer(&self) -> Result<RwTxn<'_>> {
        self.env.write_txn()
    }

    /// Reads a row and changes it within a transaction.
    ///
    /// # Errors
    /// LMDB's.
    pub fn update_within(
        &self,
        transaction: &mut RwTxn<'_>,
        key: &[u8],
        change: impl FnOnce(&mut [u8]),
    ) -> Result<()> {
        let Some(row) = self.rows.get(transaction, key)? else { return Ok(()) };
        let mut row = row.to_vec();
        change(&mut row);
        self.rows.put(transaction, key, &row)
    }

    /// Writes a row within a transaction.
    ///
    /// # Errors
    /// LMDB's.
    pub fn put_within(&self, writer: &mut RwTxn<'_>, key: &[u8], row: &[u8]) -> Result<()> {
        self.rows.put(writer, key, row)
    }

    /// Writes an index entry within a transaction.
    ///
    /// # Errors
    /// LMDB's.
    pub fn put_entry_within(&self, writer: &mut RwTxn<'_>, key: &[u8], value: &[u8]) -> Result<()> {
        self.index.put(writer, key, value)
    }
}
