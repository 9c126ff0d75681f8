//! Ids of IDENTITY columns: no id is given twice, whoever gave it first.
//!
//! A counter is above each id that was inserted into the shard that has it (see
//! [`crate::shard::apply`]). An id given by hand may name another shard than its row's; then apply,
//! which sees one shard, cannot raise its counter, and the transaction does.

use bourse_storage::{Error, ErrorKind, Result};

use super::Transaction;
use super::write_set::Logged;
use crate::catalog::{GivenIds, TableInfo};
use crate::database::Database;
use crate::lookup;
use crate::shard::COUNTERS;
use crate::shard::apply::{counter_key, decode_count};
use crate::shard::map::{SLOTS, Slot};
use crate::table::Table;
use crate::value::Value;

impl Database {
    /// Makes all ids that a table gives from here on greater than `last`, to go on from another
    /// database's counter.
    ///
    /// # Errors
    /// As [`Transaction::raise_generated_ids`].
    pub fn raise_generated_ids(&self, table: &Table, last: i64) -> Result<()> {
        self.transaction(|transaction| transaction.raise_generated_ids(table, last))
    }
}

impl Transaction<'_> {
    /// Makes all ids that a table gives from here on greater than `last`.
    ///
    /// # Errors
    /// `InvalidInput` (42809) when the store makes no ids for the table.
    pub fn raise_generated_ids(&mut self, table: &Table, last: i64) -> Result<()> {
        let info = self.info(table)?;
        if !info.generates_ids {
            let message = format!("table {} has no generated ids", info.definition.name);
            return Err(Error::invalid(message).with_sqlstate("42809"));
        }
        (0..SLOTS).map(Slot).try_for_each(|slot| self.raise_counter(&info, slot, last))
    }

    /// Keeps the counter above an id that a row of an IDENTITY column was given by hand.
    pub(super) fn take_given_id(&mut self, info: &TableInfo, key: &[Value]) -> Result<()> {
        match (info.given_ids, key) {
            (GivenIds::Refused, _) => {
                let column = info.key_columns.first().map_or(0, |column| usize::from(*column));
                let name = &info.definition.columns[column].name;
                Err(Error::new(
                    ErrorKind::InvalidInput,
                    format!(
                        "cannot insert a non-DEFAULT value into column \"{name}\" of table \"{}\": \
                         it is an identity column defined as GENERATED ALWAYS",
                        info.definition.name
                    ),
                )
                .with_sqlstate("428C9"))
            }
            (GivenIds::Counted, [Value::Integer(id)]) => {
                self.raise_counter(info, Slot::of_id(*id), *id)
            }
            _ => Ok(()),
        }
    }

    /// Has a slot's counter go on above an id.
    fn raise_counter(&mut self, info: &TableInfo, slot: Slot, id: i64) -> Result<()> {
        // Negative ids are below all that counters give.
        let Ok(count) = u64::try_from(id >> 10) else { return Ok(()) };
        let shard = self.catalog.map.shard(slot);
        let counter = counter_key(info.id(), slot);
        let mut value = Vec::with_capacity(8);
        let found = lookup::get(self, shard, COUNTERS, &counter, &mut value)?;
        let next = if found { decode_count(&value)? } else { 1 };
        if count >= next {
            let value = Some((count + 1).to_le_bytes().to_vec());
            self.writes.set(shard, COUNTERS, &counter, value, Logged::Entry);
        }
        Ok(())
    }
}
