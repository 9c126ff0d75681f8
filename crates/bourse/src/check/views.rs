//! Views: each group is what the rows make it, byte by byte.
//!
//! A view is recomputed shard by shard in memory, which must hold the groups of one shard and the
//! values of their multisets.

use std::sync::Arc;

use bourse_storage::Result;

use super::{Check, CheckReport, CheckedView, Place, REMAKE, key_text};
use crate::catalog::TableInfo;
use crate::database::Database;
use crate::scan::{Cursor, Direction, Keys};
use crate::shard::BUILDS;
use crate::snapshot::{KeyRange, Snapshot};
use crate::view::{Difference, Gathered, View, ViewInfo};

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
    /// Recomputes a view from the rows and compares.
    pub(super) fn view(&mut self, table: &TableInfo, view: &ViewInfo) -> Result<CheckedView> {
        let names = [
            format!("view {} of table {}", view.name(), table.definition.name),
            format!("the multisets of view {}", view.name()),
        ];
        for shard in 0..self.shards() {
            let progress = view.building.then_some(BUILDS);
            let mut trees = [table.id()].into_iter().chain(view.trees()).chain(progress);
            if trees.any(|tree| self.damaged.contains(&(shard, tree))) {
                continue; // K1
            }
            let at = Place { shard, tree: &names[0] };
            if let Err(error) = self.view_in(shard, table, view, &names) {
                self.found(at, String::new(), error)?;
            }
        }
        Ok(CheckedView { name: view.name().to_owned(), states: self.entries(view.id())? })
    }

    fn view_in(
        &mut self,
        shard: u16,
        table: &TableInfo,
        view: &ViewInfo,
        names: &[String; 2],
    ) -> Result<()> {
        let cut = self.cut;
        let all = Arc::new(KeyRange::ALL);
        let cursor = |tree| Cursor::new(cut, shard, tree, &all, Direction::Up, Keys::Wanted);
        let mut gathered = Gathered::default();
        let (mut rows, mut bytes) = (cursor(table.id())?, Vec::new());
        while rows.advance(cut)? {
            self.step();
            if !self.has_come_to(view.building, view.id(), shard, rows.key())? {
                continue;
            }
            rows.value(cut, &mut bytes)?;
            gathered.add(view, &table.layout.check(&bytes)?, rows.key())?;
        }
        let [states, multisets] = view.trees();
        let mut cursors = [cursor(states)?, cursor(multisets)?];
        let mut differences = Vec::new();
        let next = |tree: usize, key: &mut Vec<u8>, value: &mut Vec<u8>| {
            let cursor = &mut cursors[tree];
            if !cursor.advance(cut)? {
                return Ok(false);
            }
            key.clear();
            key.extend_from_slice(cursor.key());
            cursor.value(cut, value)?;
            Ok(true)
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
            self.find(Place { shard, tree: &names[tree] }, place, what.to_owned(), REMAKE);
        }
        Ok(())
    }
}
