//! Views made and dropped, and what the other changes of definitions owe to them.
//!
//! A view of a table with rows is built as an index is, in chunks (see `super::build`). What a row
//! cannot give it ends the build.

use std::sync::Arc;

use bourse_storage::pager::Need;
use bourse_storage::{Error, Result};

use super::alter::Altering;
use super::build::{IndexBuildProgress, create_by};
use super::{Change, DefinitionEntry, Follow, change, detach};
use crate::catalog::{Build, Built, Catalog, TableInfo, view_key};
use crate::database::Database;
use crate::row::Row;
use crate::schema::TableDefinition;
use crate::view::{Gathered, NumberedView, VIEWS_MAX, View, ViewBuilder, ViewInfo, lost};

impl Database {
    /// Makes a view and builds it from the table's rows, in chunks of which a writer waits for one
    /// at most, a few milliseconds. Returns when it is built; until then nobody can read it. From
    /// then on every commit that changes rows changes their groups too. What the view cannot take
    /// is refused from the beginning.
    ///
    /// # Errors
    /// `InvalidInput`: 42P07 when a table or a view has the name, 42P01 when there is no such
    /// table, 54000 when it has too many views, what the definition has wrong, or what a row cannot
    /// give it, with the name of the view; 0A000 for a view of a view, and one that is to be owned
    /// and cannot be. `Busy` (55006) while an index or another view is being built. The view is
    /// gone then; where it could not be dropped (a full disk, a store that stopped) it stays as it
    /// is, to be dropped or built on by [`Database::resume_index_builds`].
    pub fn create_view(&self, view: &ViewBuilder) -> Result<View> {
        self.create_view_with_progress(view, &mut |_| {})
    }

    /// As [`Database::create_view`], telling after each chunk how far it is. No mutex is held
    /// meanwhile.
    ///
    /// # Errors
    /// As [`Database::create_view`].
    pub fn create_view_with_progress(
        &self,
        view: &ViewBuilder,
        progress: &mut dyn FnMut(IndexBuildProgress),
    ) -> Result<View> {
        let plan = |catalog: &Catalog| {
            catalog.check_name_is_free(view.name())?;
            refuse_rollup(catalog, view)?;
            with_view(catalog, catalog.table_named(view.table())?, view)
        };
        create_by(self.core(), &plan, &mut |done| {
            progress(done);
            Ok(())
        })?;
        self.view(view.name())
    }

    /// Drops a view, also one that is being built.
    ///
    /// # Errors
    /// `InvalidInput` (42P01) when there is none of that name.
    pub fn drop_view(&self, name: &str) -> Result<()> {
        change(self.core(), |catalog, _| {
            let view = catalog.view_named(name)?;
            without_view(catalog, catalog.table(view.view.table)?, view.id())
        })
    }
}

/// A table without one of its views.
pub(super) fn without_view(catalog: &Catalog, info: &TableInfo, number: u32) -> Result<Change> {
    let mut views = info.views.iter();
    let view = views.find(|view| view.id() == number).ok_or_else(lost)?;
    let mut change = Change::of(catalog, info, next_version(info));
    change.marks.push((view_key(number), None));
    change.follows = detach(view.trees(), &mut change.next_object);
    change.end_build(catalog, number);
    Ok(change)
}

/// A view stands upon rows, not upon groups.
fn refuse_rollup(catalog: &Catalog, view: &ViewBuilder) -> Result<()> {
    if catalog.view_named(view.table()).is_err() {
        return Ok(());
    }
    let message = format!(
        "view {} cannot stand upon view {}: views of views are not possible yet; group the rows \
         of the table",
        view.name(),
        view.table()
    );
    Err(Error::invalid(message).with_sqlstate("0A000"))
}

/// The same definition, told from before by its version: a bulk load under way sees that something
/// about the table has changed.
fn next_version(info: &TableInfo) -> TableDefinition {
    let mut definition = info.definition.clone();
    definition.version += 1;
    definition
}

/// The table with one more view, which has no rows yet.
fn with_view(catalog: &Catalog, info: &TableInfo, view: &ViewBuilder) -> Result<(Change, Build)> {
    if info.views.len() >= VIEWS_MAX {
        let name = &info.definition.name;
        let message = format!("table {name} has {VIEWS_MAX} views, which is the most");
        return Err(Error::invalid(message).with_sqlstate("54000"));
    }
    let definition = view.clone().build(&info.definition)?;
    let (id, table) = (catalog.next_object, info.id());
    let numbered = NumberedView { id, multisets: id + 1, table, definition };
    let mark = (view_key(id), Some(numbered.encode()?));
    // Refuses what is wrong in it.
    ViewInfo::new(numbered, &info.definition)?;
    let mut change = Change::of(catalog, info, next_version(info));
    change.next_object = id + 2;
    change.marks.push(mark);
    Ok((change, Build { object: id, table, built: Built::View }))
}

/// Refuses to drop a table that has views.
pub(super) fn check_unviewed(info: &TableInfo) -> Result<()> {
    match info.views.first() {
        None => Ok(()),
        Some(view) => {
            Err(depends(&format!("table {}", info.definition.name), "dropped", view.name()))
        }
    }
}

fn depends(what: &str, done: &str, view: &str) -> Error {
    let message = format!(
        "{what} cannot be {done} because view {view} depends on it: drop the view, and make it \
         again afterwards"
    );
    Error::invalid(message).with_sqlstate("2BP01")
}

/// The views of a table while it is altered.
pub(super) struct AlteredViews {
    /// Those that stay, as they will be.
    kept: Vec<NumberedView>,
    /// Those that go.
    gone: Vec<Arc<ViewInfo>>,
    /// Whether those that stay have other definitions.
    changed: bool,
}

impl AlteredViews {
    pub(super) fn of(info: &TableInfo) -> AlteredViews {
        let kept = info.views.iter().map(|view| view.view.clone()).collect();
        AlteredViews { kept, gone: Vec::new(), changed: false }
    }

    /// Refuses to change a column that a view reads; `done` says what happens to it.
    pub(super) fn check_unread(&self, what: &str, position: u16, done: &str) -> Result<()> {
        let reads = |view: &&NumberedView| view.definition.columns_used().contains(&position);
        match self.kept.iter().find(reads) {
            None => Ok(()),
            Some(view) => Err(depends(what, done, &view.definition.name)),
        }
    }

    /// Drops those that read a column.
    pub(super) fn drop_readers(&mut self, info: &TableInfo, position: u16) {
        let AlteredViews { kept, gone, .. } = self;
        kept.retain(|view| {
            let reads = view.definition.columns_used().contains(&position);
            if reads {
                gone.extend(info.views.iter().find(|other| other.id() == view.id).cloned());
            }
            !reads
        });
    }

    /// The table is without a column that none of them reads.
    pub(super) fn remove_column(&mut self, gone: u16) -> Result<()> {
        for view in &mut self.kept {
            view.definition = view.definition.clone().without_column(gone)?;
            self.changed = true;
        }
        Ok(())
    }

    /// Further entries of the definitions.
    pub(super) fn marks(&self) -> Result<Vec<DefinitionEntry>> {
        let mut marks: Vec<_> = self.gone.iter().map(|view| (view_key(view.id()), None)).collect();
        for view in self.kept.iter().filter(|_| self.changed) {
            marks.push((view_key(view.id), Some(view.encode()?)));
        }
        Ok(marks)
    }

    /// What takes trees away: of those that go, and if the rows are written anew of all of them,
    /// as the rows make them again.
    pub(super) fn detached(&self, rows_anew: bool, next_object: &mut u32) -> Vec<Follow> {
        let gone = self.gone.iter().flat_map(|view| view.trees());
        let kept = self.kept.iter().filter(|_| rows_anew);
        let kept = kept.flat_map(|view| [view.id, view.multisets]);
        detach(gone.chain(kept), next_object)
    }
}

/// What views take when all rows of a shard are written anew.
pub(super) struct RowsAnew {
    views: Vec<(ViewInfo, Gathered)>,
}

impl RowsAnew {
    pub(super) fn of(altering: &Altering<'_>) -> Result<RowsAnew> {
        let compiled =
            altering.views.kept.iter().map(|view| {
                Ok((ViewInfo::new(view.clone(), &altering.table)?, Gathered::default()))
            });
        Ok(RowsAnew { views: compiled.collect::<Result<_>>()? })
    }

    /// A row of the shard.
    pub(super) fn add(&mut self, row: &Row<'_>, key: &[u8]) -> Result<()> {
        self.views.iter_mut().try_for_each(|(view, gathered)| gathered.add(view, row, key))
    }

    /// What the views need in the shard, which begins anew.
    pub(super) fn take(&mut self, mut need: Need) -> Result<Need> {
        for (view, gathered) in &mut self.views {
            need = std::mem::take(gathered).need(view, need)?;
        }
        Ok(need)
    }
}
