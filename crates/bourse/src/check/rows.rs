//! The second walk: each row, and what should lead to it.

use std::sync::Arc;

use bourse_storage::Result;

use super::entries::Expected;
use super::{Check, CheckedIndex, CheckedTable, Place, REBUILD, RESTORE, key_text};
use crate::catalog::{Routing, TableInfo};
use crate::foreign_key;
use crate::index::IndexInfo;
use crate::key::{self, KeyReader};
use crate::lookup;
use crate::row::Row;
use crate::scan::{Cursor, Direction, Keys};
use crate::shard::apply::{counter_key, decode_count};
use crate::shard::map::{SLOTS, Slot};
use crate::shard::{BUILDS, COUNTERS, progress, tree_root};
use crate::snapshot::{KeyRange, Snapshot};
use crate::table::borrow;
use crate::value::{Value, ValueRef};

/// One table's check.
pub(super) struct TableCheck<'t> {
    pub(super) info: &'t Arc<TableInfo>,
    /// Rows that have an entry in each index, then in the forwarding tree.
    pub(super) expected: Vec<u64>,
    /// The counters of generated ids that were looked up, by slot.
    counters: Vec<Option<u64>>,
    rows: u64,
    /// Whether all rows were looked at.
    pub(super) complete: bool,
}

impl Check<'_> {
    /// Checks a table with all that leads to its rows.
    pub(super) fn table(&mut self, info: &Arc<TableInfo>) -> Result<CheckedTable> {
        let mut table = TableCheck {
            info,
            expected: vec![0; info.indexes.len() + 1],
            counters: vec![None; usize::from(SLOTS)],
            rows: 0,
            complete: true,
        };
        let name = format!("table {}", info.definition.name);
        for shard in 0..self.shards() {
            let at = Place { shard, tree: &name };
            if self.damaged.contains(&(shard, info.id())) {
                table.complete = false;
            } else if let Err(error) = self.rows_of(at, &mut table) {
                table.complete = false;
                self.found(at, String::new(), error)?;
            }
        }
        let mut indexes = Vec::new();
        for index in &info.indexes {
            let entries = self.entries(index.id())?;
            indexes.push(CheckedIndex { name: index.definition.name.clone(), entries });
        }
        self.surplus(&table)?;
        Ok(CheckedTable { name: info.definition.name.clone(), rows: table.rows, indexes })
    }

    /// Entries of a tree over all shards, as the roots count them.
    pub(super) fn entries(&mut self, tree: u32) -> Result<u64> {
        let mut entries = 0;
        for shard in 0..self.shards() {
            if !self.damaged.contains(&(shard, tree)) {
                let forest = self.cut.forest(shard)?;
                entries += self.cut.read(shard, |source| tree_root(source, forest, tree))?.count;
            }
        }
        Ok(entries)
    }

    fn rows_of(&mut self, at: Place<'_>, table: &mut TableCheck<'_>) -> Result<()> {
        let cut = self.cut;
        let all = Arc::new(KeyRange::ALL);
        let mut cursor =
            Cursor::new(cut, at.shard, table.info.id(), &all, Direction::Up, Keys::Wanted)?;
        let mut bytes = Vec::new();
        while cursor.advance(cut)? {
            cursor.value(cut, &mut bytes)?;
            self.step();
            table.rows += 1;
            if let Err(error) = self.row(at, table, cursor.key(), &bytes) {
                // The entries of a row that does not decode are not known.
                table.complete = false;
                self.found(at, key_text(cursor.key()), error)?;
            }
        }
        Ok(())
    }

    fn row(
        &mut self,
        at: Place<'_>,
        table: &mut TableCheck<'_>,
        key: &[u8],
        bytes: &[u8],
    ) -> Result<()> {
        let info = table.info;
        let row = info.layout.check(bytes)?;
        if !info.key_columns.is_empty() {
            let columns = info.key_columns.iter();
            let values: Vec<ValueRef<'_>> = columns.map(|c| row.get(usize::from(*c))).collect();
            let mut encoded = Vec::with_capacity(key.len());
            key::encode_key(&info.key_shape, &values, &mut encoded)?;
            if encoded != key {
                let what = format!("its columns give it another, {}", key_text(&encoded));
                self.find(at, key_text(key), what, RESTORE);
                table.complete = false;
                return Ok(());
            }
        }
        let nulls = info.definition.columns.iter().enumerate().filter(|(_, c)| c.not_null);
        if let Some((_, column)) = nulls.into_iter().find(|(column, _)| row.is_null(*column)) {
            let what = format!("column {} is NULL, which it may not be", column.name);
            self.find(at, key_text(key), what, "update the row");
        }
        self.constraints(at, info, key, &row)?;
        let slot = info.slot_of_stored_row(bytes, key)?;
        let home = self.cut.catalog().map.shard(slot);
        if home != at.shard {
            let what = format!("the row lives here, but its place is shard {home}");
            self.find(at, key_text(key), what, RESTORE);
            table.complete = false;
            return Ok(());
        }
        self.counter(at, table, key)?;
        self.entries_of_row(table, key, slot, &row)
    }

    /// No CHECK is false, and every foreign key has its parent.
    fn constraints(
        &mut self,
        at: Place<'_>,
        info: &TableInfo,
        key: &[u8],
        row: &Row<'_>,
    ) -> Result<()> {
        for check in &info.definition.checks {
            if check.condition.is_false(row)? {
                let what = format!("it violates check constraint {}", check.name);
                self.find(at, key_text(key), what, "update the row");
            }
        }
        for (foreign, tie) in info.definition.foreign_keys.iter().zip(&info.foreign_keys) {
            let parent = self.cut.catalog().table(tie.parent)?;
            let access = tie.parent_access.index;
            let tree = access.map_or(parent.id(), |at| parent.indexes[at].id());
            let damaged = (0..self.shards()).any(|shard| self.damaged.contains(&(shard, tree)));
            if damaged || foreign_key::is_met(self.cut, foreign, tie, row)? {
                continue;
            }
            let what = format!("table {} has no row for its {}", foreign.parent, foreign.name);
            self.find(at, key_text(key), what, "insert that row, or update or delete this one");
        }
        Ok(())
    }

    /// A counter is above each id of its slot that lives where the counter is.
    fn counter(&mut self, at: Place<'_>, table: &mut TableCheck<'_>, key: &[u8]) -> Result<()> {
        if !table.info.generates_ids || self.damaged.contains(&(at.shard, COUNTERS)) {
            return Ok(());
        }
        let Value::Integer(id) = KeyReader::new(&table.info.key_shape, key).next_value()? else {
            return Ok(());
        };
        let slot = Slot::of_id(id);
        let Ok(count) = u64::try_from(id >> 10) else { return Ok(()) };
        if self.cut.catalog().map.shard(slot) != at.shard {
            return Ok(());
        }
        let known = &mut table.counters[usize::from(slot.0)];
        let next = match *known {
            Some(next) => next,
            None => {
                let counter = counter_key(table.info.id(), slot);
                let mut value = Vec::new();
                let found = lookup::get(self.cut, at.shard, COUNTERS, &counter, &mut value)?;
                let next = if found { decode_count(&value)? } else { 1 };
                *known = Some(next);
                next
            }
        };
        if count >= next {
            let what = format!("the id {id} is not below its slot's counter, {next}");
            self.find(at, key_text(key), what, "insert a row with a higher id by hand");
        }
        Ok(())
    }

    /// Looks for the row under each key that it should have.
    fn entries_of_row(
        &mut self,
        table: &mut TableCheck<'_>,
        key: &[u8],
        slot: Slot,
        row: &Row<'_>,
    ) -> Result<()> {
        let info = table.info;
        let mut expected = Expected::default();
        for (position, index) in info.indexes.iter().enumerate() {
            if !self.is_in(index, self.cut.catalog().map.shard(slot), key)? {
                continue;
            }
            if expected.of_index(self.cut, index, key, slot, row)? {
                table.expected[position] += 1;
                let name =
                    || format!("index {} of table {}", index.definition.name, info_name(info));
                self.compare(&expected, name, REBUILD)?;
            }
        }
        if expected.of_forwarding(self.cut, info, key, slot, row)? {
            table.expected[info.indexes.len()] += 1;
            let name = || format!("the places of the rows of table {}", info_name(info));
            self.compare(&expected, name, RESTORE)?;
        }
        Ok(())
    }

    /// Whether an index has come as far as a row (progress B1).
    pub(super) fn is_in(&self, index: &IndexInfo, shard: u16, key: &[u8]) -> Result<bool> {
        self.has_come_to(index.building, index.id(), shard, key)
    }

    /// Whether what may be under build has come as far as a row.
    pub(super) fn has_come_to(
        &self,
        building: bool,
        number: u32,
        shard: u16,
        key: &[u8],
    ) -> Result<bool> {
        if !building {
            return Ok(true);
        }
        // K1: without its progress nothing is expected of it.
        let known = !self.damaged.contains(&(shard, BUILDS));
        Ok(known && progress::is_in(self.cut, shard, number, key)?)
    }

    fn compare(
        &mut self,
        expected: &Expected,
        name: impl Fn() -> String,
        remedy: &'static str,
    ) -> Result<()> {
        self.step();
        let shard = expected.shard;
        if self.damaged.contains(&(shard, expected.tree)) {
            return Ok(());
        }
        let mut value = Vec::new();
        let found = lookup::get(self.cut, shard, expected.tree, &expected.entry.key, &mut value)?;
        if found && value == expected.entry.value {
            return Ok(());
        }
        let what = if found { "the entry is not the row's" } else { "the row has no entry" };
        let (name, place) = (name(), key_text(&expected.entry.key));
        self.find(Place { shard, tree: &name }, place, what.to_owned(), remedy);
        Ok(())
    }
}

fn info_name(info: &TableInfo) -> &str {
    &info.definition.name
}

/// The primary key of a row: its columns', or the hidden rowid of its key.
pub(super) fn primary_key(info: &TableInfo, key: &[u8], row: &Row<'_>) -> Result<Vec<Value>> {
    if info.key_columns.is_empty() {
        return Ok(vec![KeyReader::new(&info.key_shape, key).next_value()?]);
    }
    Ok(info.key_columns.iter().map(|c| row.get(usize::from(*c)).to_value()).collect())
}

/// Where the forwarding entry of a row lies, if it has one.
pub(super) fn forwarding_shard(
    cut: &crate::reading::Cut,
    info: &TableInfo,
    key: &[u8],
    slot: Slot,
    row: &Row<'_>,
) -> Result<Option<u16>> {
    if matches!(info.routing, Routing::Key(_)) {
        return Ok(None);
    }
    let values = primary_key(info, key, row)?;
    let named = info.slot_of_key(&borrow(&values), key)?;
    if matches!(info.routing, Routing::Id { .. }) && named == slot {
        return Ok(None);
    }
    Ok(Some(cut.catalog().map.shard(named)))
}
