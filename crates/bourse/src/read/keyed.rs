//! Rows shown together with their primary keys, and an entry's columns read in place: what a layer
//! above needs that plans reads by itself.

use std::ops::ControlFlow;
use std::sync::Arc;

use bourse_storage::Result;

use super::many::show_found;
use super::{Entries, IndexEntry, Rows, inline, with_row_buffer};
use crate::catalog::TableInfo;
use crate::key::KeyReader;
use crate::lookup;
use crate::reading::Cut;
use crate::row::Row;
use crate::snapshot::Snapshot;
use crate::table::Table;
use crate::transaction::Transaction;
use crate::value::Value;

/// Shows the row of a primary key, from this thread's buffer.
fn show_row<V: Snapshot, T>(
    snapshot: &V,
    info: &TableInfo,
    key: &[Value],
    body: impl FnOnce(Row<'_>) -> T,
) -> Result<Option<T>> {
    lookup::with_key(info, key, |values, encoded| {
        with_row_buffer(|buffer| match lookup::find(snapshot, info, values, encoded, buffer)? {
            Some(_) => Ok(Some(body(info.layout.row(buffer)?))),
            None => Ok(None),
        })
    })
}

/// The same for Cuts and transactions.
macro_rules! showing_methods {
    ($reader:ty) => {
        impl $reader {
            /// As `get`, showing the row to `body` without making an owned one.
            ///
            /// # Errors
            /// As `get`.
            pub fn get_with<T>(
                &self,
                table: &Table,
                key: &[Value],
                body: impl FnOnce(Row<'_>) -> T,
            ) -> Result<Option<T>> {
                show_row(self, self.catalog().table_of(table)?, key, body)
            }

            /// As `multi_get`, showing each key's number and its row, if there is one, without
            /// making owned ones.
            ///
            /// # Errors
            /// As `multi_get`; what `each` returned.
            pub fn multi_get_with(
                &self,
                table: &Table,
                keys: &[Vec<Value>],
                each: impl FnMut(usize, Option<Row<'_>>) -> Result<ControlFlow<()>>,
            ) -> Result<()> {
                let info = self.catalog().table_of(table)?;
                show_found(self, info, |wanted| wanted.add_values(keys), each)
            }
        }
    };
}
showing_methods!(Cut);
showing_methods!(Transaction<'_>);

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
