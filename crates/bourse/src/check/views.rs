//! Views: each group is what the rows make it, byte by byte.
//!
//! A view is recomputed shard by shard in memory, which must hold the groups of one shard and the
//! values of their multisets; those of all shards where a view's groups lie in others than its
//! rows.

use std::sync::Arc;

use bourse_storage::Result;

use super::{Check, CheckReport, CheckedView, Place, REMAKE, key_text};
use crate::catalog::TableInfo;
use crate::database::Database;
use crate::row::Row;
use crate::scan::{Cursor, Direction, Keys};
use crate::shard::BUILDS;
use crate::snapshot::{KeyRange, Snapshot};
use crate::view::{Difference, Gathered, View, ViewInfo, split};

impl Database {
    /// Checks one view of the newest state: recomputes it from the table's rows and compares. The
    /// store is read through the cache, as queries do, while others go on reading and writing.
    ///
    /// # Errors
    /// 42P01 when the view is gone; what keeps the check from looking.
    pub fn check_view(&self, view: &View) -> Result<CheckReport> {
        let cut = self.cut();
        let info = Arc::clone(cut.catalog().view_of(view)?);
        let table = Arc::clone(cut.catalog().table(info.view.table)?);
        let mut progress = |_| {};
        let mut check = Check::of(&cut, &mut progress);
        let checked = check.view(&table, &info)?;
        check.report.views.push(checked);
        Ok(check.report)
    }
}

impl Check<'_> {
    /// Recomputes a view from the rows and compares. Of a roll-up nothing is kept.
    pub(super) fn view(&mut self, table: &TableInfo, view: &ViewInfo) -> Result<CheckedView> {
        let name = view.name().to_owned();
        if view.base().is_some() {
            return Ok(CheckedView { name, states: 0, frozen: 0 });
        }
        self.frozen = 0;
        if view.is_written_out() {
            self.view_of_all(table, view)?;
        } else {
            for shard in 0..self.shards() {
                if !self.is_damaged(shard, table, view, true) {
                    self.view_of_shard(shard, table, view)?;
                }
            }
        }
        Ok(CheckedView { name, states: self.entries(view.id())?, frozen: self.frozen })
    }

    /// K1.
    fn is_damaged(&self, shard: u16, table: &TableInfo, view: &ViewInfo, has_rows: bool) -> bool {
        let rows = has_rows.then_some(table.id());
        let progress = view.building.then_some(BUILDS);
        let mut trees = view.all_trees().chain(rows).chain(progress);
        trees.any(|tree| self.damaged.contains(&(shard, tree)))
    }

    /// What the rows of a shard make there.
    fn view_of_shard(&mut self, shard: u16, table: &TableInfo, view: &ViewInfo) -> Result<()> {
        let mut gathered = Gathered::default();
        let add = |row: &Row<'_>, key: &[u8]| gathered.add(view, row, key);
        let compared = self.viewed_rows(shard, table, view, add);
        let compared = compared.and_then(|()| self.read_frozen(shard, view, &mut gathered));
        let compared = compared.and_then(|()| self.compare_view(shard, table, view, &gathered));
        self.heard(shard, table, view, compared)
    }

    /// What the rows of all shards make in each.
    fn view_of_all(&mut self, table: &TableInfo, view: &ViewInfo) -> Result<()> {
        // What rows that cannot be read would make is not known of any shard.
        let whole = (0..self.shards()).all(|shard| !self.is_damaged(shard, table, view, true));
        if !whole {
            return Ok(());
        }
        let mut gathered = Vec::new();
        gathered.resize_with(usize::from(self.shards()), Gathered::default);
        let map = self.cut.catalog().map.clone();
        let mut bytes = Vec::new();
        for shard in 0..self.shards() {
            let add = |row: &Row<'_>, key: &[u8]| {
                let Some(slot) = view.written_out(row, key, &mut bytes)? else { return Ok(()) };
                gathered[usize::from(map.shard(slot))].add_contribution(view, &bytes)
            };
            let read = self.viewed_rows(shard, table, view, add);
            if read.is_err() {
                return self.heard(shard, table, view, read);
            }
        }
        for (shard, gathered) in (0..).zip(&mut gathered) {
            let compared = self.read_frozen(shard, view, gathered);
            let compared = compared.and_then(|()| self.compare_view(shard, table, view, gathered));
            self.heard(shard, table, view, compared)?;
        }
        Ok(())
    }

    /// K2.
    fn heard(
        &mut self,
        shard: u16,
        table: &TableInfo,
        view: &ViewInfo,
        result: Result<()>,
    ) -> Result<()> {
        let Err(error) = result else { return Ok(()) };
        let tree = name_of_tree(table, view, 0);
        self.found(Place { shard, tree: &tree }, String::new(), error)
    }

    /// Shows the rows of a shard that the view has come to.
    fn viewed_rows(
        &mut self,
        shard: u16,
        table: &TableInfo,
        view: &ViewInfo,
        mut add: impl FnMut(&Row<'_>, &[u8]) -> Result<()>,
    ) -> Result<()> {
        let cut = self.cut;
        let all = Arc::new(KeyRange::ALL);
        let mut rows = Cursor::new(cut, shard, table.id(), &all, Direction::Up, Keys::Wanted)?;
        let mut bytes = Vec::new();
        while rows.advance(cut)? {
            self.step();
            if !self.has_come_to(view.building, view.id(), shard, rows.key())? {
                continue;
            }
            rows.value(cut, &mut bytes)?;
            add(&table.layout.check(&bytes)?, rows.key())?;
        }
        Ok(())
    }

    /// Reads what a shard has of rows that have expired: no row tells what it should be, so it is
    /// to be well-formed.
    fn read_frozen(&mut self, shard: u16, view: &ViewInfo, gathered: &mut Gathered) -> Result<()> {
        let (cut, all) = (self.cut, Arc::new(KeyRange::ALL));
        let mut groups = Cursor::new(cut, shard, view.id(), &all, Direction::Up, Keys::Wanted)?;
        let (mut bytes, mut live) = (Vec::new(), view.shape.new_state());
        while groups.advance(cut)? {
            groups.value(cut, &mut bytes)?;
            if !split(&bytes)?.1.is_empty()
                && let Some(frozen) = view.decode_group(&bytes, &mut live)?
            {
                gathered.add_frozen(groups.key(), frozen);
            }
        }
        self.frozen += gathered.frozen_groups();
        Ok(())
    }

    fn compare_view(
        &mut self,
        shard: u16,
        table: &TableInfo,
        view: &ViewInfo,
        gathered: &Gathered,
    ) -> Result<()> {
        let cut = self.cut;
        let all = Arc::new(KeyRange::ALL);
        let cursor = |tree| Cursor::new(cut, shard, tree, &all, Direction::Up, Keys::Wanted);
        let mut cursors = view.all_trees().map(cursor).collect::<Result<Vec<_>>>()?;
        let mut differences = Vec::new();
        let next = |tree: usize, key: &mut Vec<u8>, value: &mut Vec<u8>| {
            let cursor = &mut cursors[tree];
            while cursor.advance(cut)? {
                key.clear();
                key.extend_from_slice(cursor.key());
                cursor.value(cut, value)?;
                if tree > 0 {
                    return Ok(true);
                }
                let (live, frozen) = split(value)?;
                let (live, frozen) = (live.len(), frozen.len());
                if frozen > 0 {
                    let begin = value.len() - frozen - live;
                    value.drain(..begin);
                    value.truncate(live);
                }
                // A group whose rows have all expired is none that rows make.
                if live > 0 || frozen == 0 {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        gathered.compare(view, next, |tree, key, difference| {
            differences.push((tree, key_text(key), difference));
            Ok(())
        })?;
        for (tree, place, difference) in differences {
            let what = match difference {
                Difference::Missing => "the rows make an entry that is not there",
                Difference::Surplus => "no row makes the entry",
                Difference::Other => "the rows make the entry another",
            };
            let tree = name_of_tree(table, view, tree);
            self.find(Place { shard, tree: &tree }, place, what.to_owned(), REMAKE);
        }
        Ok(())
    }
}

/// What a tree of a view, by its place among them, holds, for messages.
fn name_of_tree(table: &TableInfo, view: &ViewInfo, tree: usize) -> String {
    match tree {
        0 => format!("view {} of table {}", view.name(), table.definition.name),
        1 => format!("the multisets of view {}", view.name()),
        other => {
            let index = view.definition().indexes.get(other - 2);
            let index = index.map_or("", |index| index.name.as_str());
            format!("index {index} of view {}", view.name())
        }
    }
}
