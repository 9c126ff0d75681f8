//! Rows shown together with their primary keys, and an entry's columns read in place: what a layer
//! above needs that plans reads by itself.

use std::ops::ControlFlow;
use std::sync::Arc;

use bourse_storage::Result;

use super::{Entries, IndexEntry, Rows, inline};
use crate::key::KeyReader;
use crate::row::Row;
use crate::snapshot::Snapshot;
use crate::value::ValueRef;

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<V: Snapshot> Rows<'_, V> {
    /// As [`Rows::each_with`], with the primary key of each row, which for a table without one is
    /// the hidden row id.
    ///
    /// # Errors
    /// As [`Rows::each_with`].
    pub fn each_keyed(
        &mut self,
        mut body: impl FnMut(KeyReader<'_>, Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let (snapshot, table) = (self.snapshot, &self.table);
        let (mut key, mut large) = (Vec::with_capacity(32), Vec::new());
        self.cursor.each(snapshot, |shard, shown| {
            let bytes = inline(snapshot, shard, shown.payload(), &mut large)?;
            shown.read_key(&mut key);
            let reader = KeyReader::new(&table.key_shape, &key);
            Ok(body(reader, table.layout.row(bytes)?)?.is_continue())
        })
    }
}

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<V: Snapshot> Entries<'_, V> {
    /// As [`Entries::fetch_with`], with the primary key of each row, which for a table without one
    /// is the hidden row id.
    ///
    /// # Errors
    /// As [`Entries::fetch_with`].
    pub fn fetch_keyed(
        &mut self,
        limit: usize,
        keep: impl FnMut(&IndexEntry<'_>) -> Result<bool>,
        mut each: impl FnMut(KeyReader<'_>, Row<'_>) -> Result<()>,
    ) -> Result<usize> {
        let table = Arc::clone(&self.table);
        self.fetch_rounds(limit, keep, |(_, key), bytes| {
            each(KeyReader::new(&table.key_shape, key), table.layout.row(bytes)?)
        })
    }
}

impl IndexEntry<'_> {
    /// Shows a column of the table to `body`, by position, if the index holds it.
    ///
    /// # Errors
    /// As [`IndexEntry::get`]; what `body` returned.
    pub fn show<T>(
        &self,
        column: usize,
        body: impl FnOnce(ValueRef<'_>) -> Result<T>,
    ) -> Result<T> {
        self.with_column(column, body)
    }

    /// Whether the index holds a column of the table.
    pub fn holds(&self, column: usize) -> bool {
        self.index.covered.get(column).is_some_and(Option::is_some)
    }

    /// The primary key of the entry's row, which for a table without one is the hidden row id.
    pub fn primary_key(&self) -> KeyReader<'_> {
        let columns = self.index.shape.len();
        KeyReader::new(&self.index.entry_shape[columns..], self.parts.primary_key)
    }
}
