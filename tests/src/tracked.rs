//! Reading and writing rows so that the history knows of it.

use std::collections::BTreeSet;

use bourse::{Cut, Database, OwnedRow, Result, Table, Transaction, Value};
use bourse_storage::Error;

use crate::history::{Attempt, History, Seen};
use crate::rows::{Image, Kind, RowKey, Tables, decode, row_values, with_added};

/// What a transaction's closure gets an end by when it changes its mind.
pub(crate) const CHANGED_MIND: &str = "changed my mind";

/// Something that rows are read from.
pub(crate) trait Source {
    fn row(&self, table: &Table, key: &[Value]) -> Result<Option<OwnedRow>>;
}

impl Source for Transaction<'_> {
    fn row(&self, table: &Table, key: &[Value]) -> Result<Option<OwnedRow>> {
        self.get(table, key)
    }
}

impl Source for Cut {
    fn row(&self, table: &Table, key: &[Value]) -> Result<Option<OwnedRow>> {
        self.get(table, key)
    }
}

impl Source for Database {
    fn row(&self, table: &Table, key: &[Value]) -> Result<Option<OwnedRow>> {
        self.get(table, key)
    }
}

/// Reads a row and notes what was seen.
pub(crate) fn read(
    source: &impl Source,
    tables: &Tables,
    key: RowKey,
    attempt: &mut Attempt,
) -> Result<Option<(i64, Image)>> {
    let found = match source.row(tables.of(key.kind), &key.values())? {
        Some(row) => {
            let (found, version, image) = decode(key.kind, &row)?;
            if found != key {
                return Err(Error::corrupt(format!("asked for {key:?}, was given {found:?}")));
            }
            Some((version, image))
        }
        None => None,
    };
    let seen = match (found, key.kind.generates_ids()) {
        (Some((version, _)), _) => Seen::Version(version),
        (None, true) => Seen::Gone,
        (None, false) => Seen::Version(0),
    };
    attempt.reads.push((key, seen));
    Ok(found)
}

/// A transaction of a client: what it writes carries the client's name.
pub(crate) struct Tracked<'a, 't> {
    pub(crate) transaction: &'a mut Transaction<'t>,
    tables: &'a Tables,
    client: i64,
    seq: i64,
    pub(crate) attempt: Attempt,
}

impl<'a, 't> Tracked<'a, 't> {
    pub(crate) fn new(
        transaction: &'a mut Transaction<'t>,
        tables: &'a Tables,
        client: i64,
        seq: i64,
    ) -> Tracked<'a, 't> {
        Tracked { transaction, tables, client, seq, attempt: Attempt::default() }
    }

    pub(crate) fn read(&mut self, key: RowKey) -> Result<Option<(i64, Image)>> {
        read(self.transaction, self.tables, key, &mut self.attempt)
    }

    /// Writes the next version of a row that was read as `version`.
    pub(crate) fn write(
        &mut self,
        key: RowKey,
        version: i64,
        value: i64,
        note_bytes: usize,
    ) -> Result<()> {
        let image = Image { client: self.client, seq: self.seq, value, note_bytes };
        let table = self.tables.of(key.kind);
        let values = with_added(table, row_values(key, Some(key.id), version + 1, &image));
        self.transaction.upsert(table, values)?;
        self.attempt.writes.push((key, version + 1, Some(image)));
        Ok(())
    }

    /// Inserts a row whose id the store chooses.
    pub(crate) fn insert(
        &mut self,
        kind: Kind,
        lane: i64,
        value: i64,
        note_bytes: usize,
    ) -> Result<()> {
        let image = Image { client: self.client, seq: self.seq, value, note_bytes };
        let table = self.tables.of(kind);
        let values = with_added(table, row_values(RowKey { kind, lane, id: 0 }, None, 1, &image));
        let key = self.transaction.insert(table, values)?;
        let Some(Value::Integer(id)) = key.first() else {
            return Err(Error::corrupt(format!("the id of a new row is {key:?}")));
        };
        self.attempt.writes.push((RowKey { kind, lane, id: *id }, 1, Some(image)));
        Ok(())
    }

    /// Deletes a row that was read as `version`.
    pub(crate) fn delete(&mut self, key: RowKey, version: i64) -> Result<()> {
        if !self.transaction.delete(self.tables.of(key.kind), &key.values())? {
            return Err(Error::corrupt(format!("{key:?} was read and cannot be deleted")));
        }
        self.attempt.writes.push((key, version + 1, None));
        Ok(())
    }

    /// A bucket of the journal was read as having `count` rows; it gets one more.
    pub(crate) fn append(&mut self, bucket: RowKey, count: i64, value: i64) -> Result<()> {
        self.insert(Kind::Journal, bucket.lane, value, 40)?;
        let image = Image { client: self.client, seq: self.seq, value: 0, note_bytes: 0 };
        self.attempt.writes.push((bucket, count + 1, Some(image)));
        Ok(())
    }

    /// Notes what a scan saw.
    pub(crate) fn saw(&mut self, key: RowKey, version: i64) {
        self.attempt.reads.push((key, Seen::Version(version)));
    }

    /// Ends the closure.
    pub(crate) fn end(mut self, history: &History) -> Result<()> {
        self.count()?;
        history.note(self.client, self.seq, &self.attempt);
        Ok(())
    }

    /// Moves the client's counter of each lane that was written on.
    pub(crate) fn count(&mut self) -> Result<()> {
        let lanes: BTreeSet<i64> = self.attempt.writes.iter().map(|(key, ..)| key.lane).collect();
        for lane in lanes {
            let key = RowKey { kind: Kind::Counter, lane, id: self.client };
            let version = self.read(key)?.map_or(0, |(version, _)| version);
            self.write(key, version, self.seq, 10)?;
        }
        Ok(())
    }

    /// Ends the closure by an error: nothing is to be written.
    pub(crate) fn change_mind(self, history: &History) -> Error {
        history.note(self.client, self.seq, &self.attempt);
        Error::invalid(CHANGED_MIND)
    }
}
