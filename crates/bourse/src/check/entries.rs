//! What leads to rows: the entries that rows should have, and those that have no row.

use std::sync::Arc;

use bourse_storage::Result;

use super::rows::{TableCheck, forwarding_shard};
use super::{Check, Place, REBUILD, RESTORE, key_text};
use crate::catalog::TableInfo;
use crate::index::{Entry, IndexInfo};
use crate::lookup;
use crate::reading::Cut;
use crate::row::Row;
use crate::scan::{Cursor, Direction, Keys};
use crate::shard::map::Slot;
use crate::snapshot::{KeyRange, Snapshot};

/// An entry that a row should have. Its memory is used again.
#[derive(Default)]
pub(super) struct Expected {
    pub(super) shard: u16,
    pub(super) tree: u32,
    pub(super) entry: Entry,
}

impl Expected {
    /// Makes it the entry of a row in an index. Returns whether the row has one.
    pub(super) fn of_index(
        &mut self,
        cut: &Cut,
        index: &IndexInfo,
        key: &[u8],
        slot: Slot,
        row: &Row<'_>,
    ) -> Result<bool> {
        if !index.entry(row, key, slot, &mut self.entry)? {
            return Ok(false);
        }
        let slot = if index.is_global() { index.slot_of_row(row)? } else { slot };
        self.shard = cut.catalog().map.shard(slot);
        self.tree = index.id();
        Ok(true)
    }

    /// Makes it the forwarding entry of a row. Returns whether the row has one.
    pub(super) fn of_forwarding(
        &mut self,
        cut: &Cut,
        info: &TableInfo,
        key: &[u8],
        slot: Slot,
        row: &Row<'_>,
    ) -> Result<bool> {
        let Some(shard) = forwarding_shard(cut, info, key, slot, row)? else { return Ok(false) };
        self.shard = shard;
        self.tree = info.routing.forwarding();
        self.entry.key.clear();
        self.entry.key.extend_from_slice(key);
        self.entry.value = lookup::encode_slot(slot);
        Ok(true)
    }
}

/// A tree whose entries lead to rows of a table.
#[derive(Clone, Copy)]
enum Leading<'i> {
    Index(&'i IndexInfo),
    Forwarding,
}

impl Check<'_> {
    /// Names the entries without a row, in trees that have other than the rows' entries.
    pub(super) fn surplus(&mut self, table: &TableCheck<'_>) -> Result<()> {
        let info = table.info;
        for (position, index) in info.indexes.iter().enumerate() {
            if self.entries(index.id())? != table.expected[position] || !table.complete {
                let name = format!("index {} of table {}", index.definition.name, table_name(info));
                self.walk_entries(info, index.id(), Leading::Index(index), &name)?;
            }
        }
        let forwarding = info.routing.forwarding();
        let expected = table.expected[info.indexes.len()];
        if forwarding != 0 && (self.entries(forwarding)? != expected || !table.complete) {
            let name = format!("the places of the rows of table {}", table_name(info));
            self.walk_entries(info, forwarding, Leading::Forwarding, &name)?;
        }
        Ok(())
    }

    fn walk_entries(
        &mut self,
        info: &TableInfo,
        tree: u32,
        leading: Leading<'_>,
        name: &str,
    ) -> Result<()> {
        let remedy = match leading {
            Leading::Index(_) => REBUILD,
            Leading::Forwarding => RESTORE,
        };
        for shard in 0..self.shards() {
            if self.damaged.contains(&(shard, tree)) {
                continue;
            }
            let at = Place { shard, tree: name };
            let cut = self.cut;
            let mut cursor = Cursor::new(
                cut,
                shard,
                tree,
                &Arc::new(KeyRange::ALL),
                Direction::Up,
                Keys::Wanted,
            )?;
            let mut value = Vec::new();
            while cursor.advance(cut)? {
                self.step();
                cursor.value(cut, &mut value)?;
                match self.leads_to_row(info, shard, leading, cursor.key(), &value) {
                    Ok(true) => {}
                    Ok(false) => {
                        let what = "the entry leads to no row that has it".to_owned();
                        self.find(at, key_text(cursor.key()), what, remedy);
                    }
                    Err(error) => self.found(at, String::new(), error)?,
                }
            }
        }
        Ok(())
    }

    /// Whether an entry is that of the row to which it leads.
    fn leads_to_row(
        &self,
        info: &TableInfo,
        shard: u16,
        leading: Leading<'_>,
        key: &[u8],
        value: &[u8],
    ) -> Result<bool> {
        let map = &self.cut.catalog().map;
        let (primary_key, slot) = match leading {
            Leading::Index(index) => {
                let parts = index.parse(key.len(), value)?;
                (parts.primary_key_in(key), parts.slot)
            }
            Leading::Forwarding => (key, Some(lookup::decode_slot(value)?)),
        };
        let home = slot.map_or(shard, |slot| map.shard(slot));
        if self.damaged.contains(&(home, info.id())) {
            return Ok(true);
        }
        let mut bytes = Vec::new();
        if !lookup::get(self.cut, home, info.id(), primary_key, &mut bytes)? {
            return Ok(false);
        }
        // A row that does not decode has its finding, and its entries are not known.
        let Ok(row) = info.layout.check(&bytes) else { return Ok(true) };
        let slot = info.slot_of_stored_row(&bytes, primary_key)?;
        let mut expected = Expected::default();
        let has = match leading {
            Leading::Index(index) => {
                self.is_in(index, home, primary_key)?
                    && expected.of_index(self.cut, index, primary_key, slot, &row)?
            }
            Leading::Forwarding => {
                expected.of_forwarding(self.cut, info, primary_key, slot, &row)?
            }
        };
        let entry = &expected.entry;
        Ok(has && expected.shard == shard && entry.key == key && entry.value == value)
    }
}

fn table_name(info: &TableInfo) -> &str {
    &info.definition.name
}
