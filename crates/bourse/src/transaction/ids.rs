//! Ids of IDENTITY columns: no id is given twice, whoever gave it first.
//!
//! A counter is above each id that was inserted into the shard that has it (see
//! [`crate::shard::apply`]). An id given by hand may name another shard than its row's; then apply,
//! which sees one shard, cannot raise its counter, and the transaction does. A counter never goes
//! down: of two transactions that raise it at once the higher one counts, whichever commits last.
//!
//! Interactive transactions take ids from a counter in blocks, each in a transaction of its own, so
//! that they neither wait for each other nor for a commit. Ids of a block are not given once the
//! counter was raised beyond them.

use std::ops::Range;

use bourse_storage::{Error, ErrorKind, Result};
use hashbrown::HashMap;

use super::write_set::Logged;
use super::{Transaction, run};
use crate::catalog::{GivenIds, TableInfo};
use crate::core::Core;
use crate::database::Database;
use crate::lookup;
use crate::shard::COUNTERS;
use crate::shard::apply::{counter_key, decode_count};
use crate::shard::map::{SLOTS, Slot};
use crate::snapshot::Snapshot;
use crate::table::{Table, borrow};
use crate::value::Value;

/// Ids that an interactive transaction takes from a counter at once, for all that come after it.
const IDS_IN_BLOCK: u64 = 32;

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
            self.writes.set(shard, COUNTERS, &counter, value, Logged::Raise);
        } else {
            self.core.id_blocks.lock().take((info.id(), slot), count);
        }
        Ok(())
    }

    /// The primary key of a new row of an interactive transaction, from a block of ids.
    pub(super) fn key_of_block(
        &mut self,
        info: &TableInfo,
        slot: Slot,
        values: &mut [Value],
    ) -> Result<Vec<Value>> {
        let shard = self.catalog.map.shard(slot);
        let session = self.session()?;
        let used = session.used_ids;
        let mut made = session.made_ids.get(used).copied();
        if made.is_some_and(|(table, _)| table != info.id()) {
            // This run goes another way than the one before.
            session.made_ids.truncate(used);
            made = None;
        }
        let id = loop {
            let id = match made.take() {
                Some((_, id)) => id,
                None => slot.id(next_id(self.core, info.id(), shard, slot)?)?,
            };
            let key = [Value::Integer(id)];
            let encoded = lookup::encode_primary_key(info, &borrow(&key))?;
            // An id given by hand may be ahead of the counter, also since the operation's last run.
            if lookup::find(self, info, &borrow(&key), &encoded, &mut Vec::new())?.is_none() {
                break id;
            }
        };
        let session = self.session()?;
        session.used_ids = used + 1;
        match session.made_ids.get_mut(used) {
            Some(made) => *made = (info.id(), id),
            None => session.made_ids.push((info.id(), id)),
        }
        if let Some(column) = info.key_columns.first() {
            values[usize::from(*column)] = Value::Integer(id);
        }
        Ok(vec![Value::Integer(id)])
    }
}

/// The next count of a slot's counter, out of a block that was taken from it for good.
fn next_id(core: &Core, table: u32, shard: u16, slot: Slot) -> Result<u64> {
    let counter = counter_key(table, slot);
    loop {
        if let Some(count) = core.id_blocks.lock().next((table, slot)) {
            return Ok(count);
        }
        let begin = run::on_shard(core, shard, |transaction| {
            let mut value = Vec::with_capacity(8);
            let found = lookup::get(transaction, shard, COUNTERS, &counter, &mut value)?;
            let begin = if found { decode_count(&value)? } else { 1 };
            transaction.forest(shard)?;
            let end = (begin + IDS_IN_BLOCK).to_le_bytes().to_vec();
            transaction.writes.set(shard, COUNTERS, &counter, Some(end), Logged::Entry);
            Ok(begin)
        })?;
        let block = begin..begin + IDS_IN_BLOCK;
        if let Some(count) = core.id_blocks.lock().add((table, slot), block) {
            return Ok(count);
        }
        // The counter was raised meanwhile: the next block is above that.
    }
}

/// Ids taken from counters for good, to be given one by one, by table and slot.
#[derive(Default, Debug)]
pub(crate) struct IdBlocks(HashMap<(u32, Slot), Block>);

#[derive(Debug)]
struct Block {
    ids: Range<u64>,
    /// No id below is given any more: the counter was raised to it.
    floor: u64,
}

impl Default for Block {
    fn default() -> Block {
        Block { ids: 0..0, floor: 0 }
    }
}

impl IdBlocks {
    fn next(&mut self, place: (u32, Slot)) -> Option<u64> {
        self.0.get_mut(&place)?.ids.next()
    }

    /// Adds a new block and gives its first id, unless all of it is below what the counter was
    /// raised to meanwhile.
    fn add(&mut self, place: (u32, Slot), ids: Range<u64>) -> Option<u64> {
        let block = self.0.entry(place).or_default();
        let mut ids = ids.start.max(block.floor)..ids.end;
        let first = ids.next();
        block.ids = ids;
        first
    }

    /// Has ids go on above one that somebody has given by hand.
    fn take(&mut self, place: (u32, Slot), count: u64) {
        if let Some(block) = self.0.get_mut(&place).filter(|block| block.ids.contains(&count)) {
            block.ids.start = count + 1;
        }
    }

    /// A commit has raised a counter: ids of blocks that were taken before are not given.
    pub(crate) fn raise(&mut self, counter: &[u8], next: &[u8]) {
        let (Some(place), Ok(next)) = (place_of_counter(counter), decode_count(next)) else {
            return;
        };
        let block = self.0.entry(place).or_default();
        block.floor = block.floor.max(next);
        block.ids.start = block.ids.start.max(next);
    }
}

/// What a counter's key names (see [`counter_key`]).
fn place_of_counter(key: &[u8]) -> Option<(u32, Slot)> {
    let (table, slot) = key.split_at_checked(4)?;
    let table = u32::from_be_bytes(table.try_into().ok()?);
    Some((table, Slot(u16::from_be_bytes(slot.try_into().ok()?))))
}
