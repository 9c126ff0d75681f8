//! Transactions of one row, for who knows its key and not where it lies: they begin in the row's
//! shard where that is likely to be enough, else they are optimistic ones.

use bourse_storage::Result;

use super::{Transaction, run};
use crate::catalog::{Routing, TableInfo};
use crate::database::Database;
use crate::index::IndexInfo;
use crate::reading::last_published;
use crate::table::Table;
use crate::value::Value;

impl TableInfo {
    /// Whether all that follows from a change of a row lies in the row's shard: a transaction that
    /// turns out to need others runs once more for each of them.
    fn keeps_to_one_shard(&self) -> bool {
        !self.has_references()
            && !self.indexes.iter().any(IndexInfo::is_global)
            && !matches!(self.routing, Routing::Directory { .. })
    }
}

impl Database {
    /// Runs `body` as a transaction that reads and changes the row of a primary key: as
    /// [`Database::shard_transaction`] in the row's shard where references and global indexes lead
    /// to no other, else as [`Database::transaction`]. It may touch other rows, at the price of
    /// running again.
    ///
    /// # Errors
    /// As [`Database::transaction`].
    pub fn row_transaction<T: Send>(
        &self,
        table: &Table,
        key: &[Value],
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        if !table.info.keeps_to_one_shard() {
            return self.transaction(body);
        }
        run::on_shard(self.core(), self.shard_of_key(table, key)?, body)
    }

    /// As [`Database::row_transaction`], for a row that is to be inserted: in the shard that its
    /// primary key names, where that alone decides it, or in any for a key that the store makes,
    /// which is none or NULL.
    ///
    /// # Errors
    /// As [`Database::transaction`].
    pub fn insert_transaction<T: Send>(
        &self,
        table: &Table,
        key: &[Value],
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        let info = &table.info;
        if !info.keeps_to_one_shard() {
            return self.transaction(body);
        }
        let is_made = key.is_empty() || key == [Value::Null];
        if is_made && info.generates_ids && info.definition.shard_key.is_empty() {
            let slot = TableInfo::any_slot(self.core());
            let shard = last_published(self.core(), |last| Ok(last.cut().catalog.map.shard(slot)))?;
            return run::on_shard(self.core(), shard, body);
        }
        match info.routing {
            Routing::Key(_) if !is_made => {
                run::on_shard(self.core(), self.shard_of_key(table, key)?, body)
            }
            _ => self.transaction(body),
        }
    }
}
