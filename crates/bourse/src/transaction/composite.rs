//! What queues and the cache of results need of transactions of any kind: several changes of rows
//! that count as one operation, a counter beside the rows, and what was read.

use bourse_storage::Result;

use super::write_set::Logged;
use super::{Base, Transaction};
use crate::lookup;
use crate::shard::COUNTERS;
use crate::shard::apply::{counter_key, decode_count};
use crate::snapshot::{Observation, Snapshot};
use crate::table::Table;
use crate::value::Value;

impl<'t> Transaction<'t> {
    /// Runs an operation of several reads and changes, whole or not at all. In an interactive
    /// transaction it runs over the newest state until all that it changes is locked.
    pub(crate) fn composite<T>(
        &mut self,
        mut operation: impl FnMut(&mut Transaction<'t>) -> Result<T>,
    ) -> Result<T> {
        if self.session.is_none() {
            return self.whole(operation);
        }
        self.write_locked(|transaction| transaction.whole(&mut operation))
    }

    /// Reads what must be found still so at commit, whatever the isolation. Inside of
    /// [`Transaction::composite`].
    pub(crate) fn watched<T>(&self, read: impl FnOnce(&Self) -> T) -> T {
        let observes = self.observes.replace(self.observes.get() || self.session.is_some());
        let result = read(self);
        self.observes.set(observes);
        result
    }

    /// What it has read so far, to be found still so; it forgets that.
    pub(crate) fn take_observations(&self) -> Vec<Observation> {
        self.reads.take()
    }

    /// Inserts a row, as a part of [`Transaction::composite`].
    pub(crate) fn add_row(&mut self, table: &Table, values: Vec<Value>) -> Result<()> {
        self.insert_into(table, values).map(drop)
    }

    /// Changes columns of a row, as a part of [`Transaction::composite`].
    pub(crate) fn change_row(
        &mut self,
        table: &Table,
        key: &[Value],
        changes: &[(&str, Value)],
    ) -> Result<bool> {
        self.update_in(table, key, changes)
    }

    /// Deletes a row, as a part of [`Transaction::composite`].
    pub(crate) fn remove_row(&mut self, table: &Table, key: &[Value]) -> Result<bool> {
        self.delete_from(table, key)
    }

    /// The next number of a counter that a table has for the slot of a shard key: greater than all
    /// that were drawn there before, also by a process that is gone. Not in an interactive
    /// transaction, which would keep others from it.
    pub(crate) fn draw_number(&mut self, table: &Table, shard_key: &Value) -> Result<u64> {
        let info = self.info(table)?;
        let slot = info.slot_of_shard_key(&[shard_key.as_value()])?;
        let shard = self.catalog.map.shard(slot);
        let counter = counter_key(info.id(), slot);
        let mut value = Vec::with_capacity(8);
        let found = lookup::get(self, shard, COUNTERS, &counter, &mut value)?;
        self.forest(shard)?;
        let number = if found { decode_count(&value)? } else { 1 };
        let next = Some((number + 1).to_le_bytes().to_vec());
        self.writes.set(shard, COUNTERS, &counter, next, Logged::Entry);
        Ok(number)
    }

    /// The shard in which a row costs the transaction no further one, where there is such a shard.
    pub(crate) fn shard_at_hand(&self) -> Option<u16> {
        match &self.base {
            Base::Heads(heads) => heads.first().map(|head| head.shard),
            Base::Cut { .. } => None,
        }
    }

    /// The shard of a table's rows with a shard key of one column.
    pub(crate) fn shard_of(&self, table: &Table, shard_key: &Value) -> Result<u16> {
        let slot = self.info(table)?.slot_of_shard_key(&[shard_key.as_value()])?;
        Ok(self.catalog.map.shard(slot))
    }
}
