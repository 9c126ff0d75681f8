//! Views made and dropped, and what the other changes of definitions owe to them.
//!
//! A view of a table with rows is built as an index is, in chunks (see `super::build`). What a row
//! cannot give it ends the build.

use std::sync::Arc;

use bourse_storage::pager::Need;
use bourse_storage::{Error, Result};

use super::alter::Altering;
use super::build::{IndexBuildProgress, create_by};
use super::feeds::check_view_unfed;
use super::{Change, DefinitionEntry, Follow, change, detach};
use crate::catalog::{Build, Built, Catalog, TableInfo, view_key};
use crate::database::Database;
use crate::record::OperationKind;
use crate::row::Row;
use crate::schema::TableDefinition;
use crate::shard::map::ShardMap;
use crate::snapshot::Snapshot;
use crate::view::{
    Gathered, LookupInfo, NumberedView, VIEWS_MAX, View, ViewBuilder, ViewDefinition, ViewInfo,
    lost,
};

impl Database {
    /// Makes a view and builds it from the table's rows, in chunks of which a writer waits for one
    /// at most, a few milliseconds. Returns when it is built; until then nobody can read it. From
    /// then on every commit that changes rows changes their groups too. What the view cannot take
    /// is refused from the beginning.
    ///
    /// # Errors
    /// `InvalidInput`: 42P07 when a table or a view has the name, 42P01 when there is no such
    /// table, 54000 when it has too many views, what the definition has wrong, or what a row cannot
    /// give it, with the name of the view; 0A000 for a view over a view that is no roll-up, and for
    /// an index that cannot be kept. `Busy` (55006) while an index or another view is being built.
    /// The view is gone then; where it could not be dropped (a full disk, a store that stopped) it
    /// stays as it is, to be dropped or built on by [`Database::resume_index_builds`].
    pub fn create_view(&self, view: &ViewBuilder) -> Result<View> {
        self.create_view_with_progress(view, &mut |_| {})
    }

    /// The definition that [`Database::create_view`] would make now, without making it.
    ///
    /// # Errors
    /// `InvalidInput`: what is wrong with the definition, and 42P01, 42P07 and 54000, as there.
    pub fn view_definition(&self, view: &ViewBuilder) -> Result<ViewDefinition> {
        let cut = self.cut();
        let catalog = cut.catalog();
        catalog.check_name_is_free(view.name())?;
        let table = catalog.table_named(view.table())?;
        view.clone().build(&table.definition, catalog)
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
        if view.is_rollup() {
            change(self.core(), |catalog, _| with_rollup(catalog, view))?;
            return self.view(view.name());
        }
        let plan = |catalog: &Catalog| {
            catalog.check_name_is_free(view.name())?;
            refuse_view_of_view(catalog, view)?;
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
    /// `InvalidInput` (42P01) when there is none of that name, 2BP01 when another one rolls it up
    /// or a feed tells of it.
    pub fn drop_view(&self, name: &str) -> Result<()> {
        change(self.core(), |catalog, _| {
            let view = catalog.view_named(name)?;
            check_view_unfed(catalog, view)?;
            if let Some(above) = catalog.rollups_of(view.id()).first() {
                return Err(depends(&format!("view {}", view.name()), "dropped", above.name()));
            }
            if view.base().is_some() {
                return without_rollup(catalog, view);
            }
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
    // One that is given up while it was built may have roll-ups.
    for above in catalog.rollups_of(number) {
        change.marks.push((view_key(above.id()), None));
    }
    change.follows = detach(view.all_trees(), &mut change.next_object);
    change.end_build(catalog, number);
    Ok(change)
}

/// The definitions without a roll-up, of which nothing else is kept.
fn without_rollup(catalog: &Catalog, view: &ViewInfo) -> Result<Change> {
    let info = catalog.table(view.view.table)?;
    let mut change = Change::of(catalog, info, info.definition.clone());
    change.marks.push((view_key(view.id()), None));
    Ok(change)
}

/// A view stands upon rows; upon a view a roll-up stands.
fn refuse_view_of_view(catalog: &Catalog, view: &ViewBuilder) -> Result<()> {
    if catalog.view_named(view.table()).is_err() {
        return Ok(());
    }
    let message = format!(
        "view {} cannot compute aggregates of view {}, whose groups are no rows: roll it up, or \
         group the rows of its table",
        view.name(),
        view.table()
    );
    Err(Error::invalid(message).with_sqlstate("0A000"))
}

/// The definitions with one more roll-up.
fn with_rollup(catalog: &Catalog, view: &ViewBuilder) -> Result<Change> {
    catalog.check_name_is_free(view.name())?;
    if let (Err(_), Ok(table)) =
        (catalog.view_named(view.table()), catalog.table_named(view.table()))
    {
        let name = &table.definition.name;
        let message = format!("{name} is a table: a roll-up is of a view");
        return Err(Error::invalid(message).with_sqlstate("42809"));
    }
    let base = catalog.view_named(view.table())?;
    let info = catalog.table(base.view.table)?;
    let above = catalog.views().into_iter();
    let above = above.filter(|other| other.base().is_some() && other.view.table == info.id());
    if above.count() >= VIEWS_MAX {
        let name = &info.definition.name;
        let message = format!("the views of table {name} have {VIEWS_MAX} roll-ups, the most");
        return Err(Error::invalid(message).with_sqlstate("54000"));
    }
    let definition = view.clone().build_rollup(base.definition(), base.kept_outputs(), catalog)?;
    let (id, table) = (catalog.next_object, info.id());
    let (multisets, base_id) = (id, Some(base.id()));
    let (base_number, indexes, lookups) = (base_id, Vec::new(), looked_up(catalog, &definition)?);
    let numbered =
        NumberedView { id, multisets, table, base: base_number, indexes, lookups, definition };
    let mark = (view_key(id), Some(numbered.encode()?));
    // Refuses what is wrong in it.
    ViewInfo::rolled_up(numbered, base, catalog)?;
    let mut change = Change::of(catalog, info, info.definition.clone());
    change.next_object = id + 1;
    change.marks.push(mark);
    Ok(change)
}

/// The same definition, told from before by its version: a bulk load under way sees that something
/// about the table has changed.
pub(super) fn next_version(info: &TableInfo) -> TableDefinition {
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
    let definition = view.clone().build(&info.definition, catalog)?;
    let (id, table) = (catalog.next_object, info.id());
    let next_object = id + 2 + u32::try_from(definition.indexes.len()).unwrap_or_default();
    let (multisets, indexes) = (id + 1, (id + 2..next_object).collect());
    let lookups = looked_up(catalog, &definition)?;
    let numbered = NumberedView { id, multisets, table, base: None, indexes, lookups, definition };
    let mark = (view_key(id), Some(numbered.encode()?));
    // Refuses what is wrong in it.
    let compiled = ViewInfo::new(numbered, &info.definition, catalog)?;
    if info.expiry.is_some() {
        compiled.check_can_outlive_rows(&info.definition.name)?;
    }
    let mut change = Change::of(catalog, info, next_version(info));
    change.next_object = next_object;
    change.marks.push(mark);
    Ok((change, Build { object: id, table, built: Built::View }))
}

/// Numbers of the tables that a view's lookups look in.
fn looked_up(catalog: &Catalog, definition: &ViewDefinition) -> Result<Vec<u32>> {
    let tables = definition.lookups.iter().map(|lookup| catalog.table_named(&lookup.table));
    tables.map(|table| table.map(|table| table.id())).collect()
}

/// Refuses to drop a table that has views, or whose rows views look up.
pub(super) fn check_unviewed(catalog: &Catalog, info: &TableInfo) -> Result<()> {
    let looks_up = catalog.lookups_of(info.id()).map(|(view, _)| view).next();
    match info.views.first().map(|view| &**view).or(looks_up) {
        None => Ok(()),
        Some(view) => {
            Err(depends(&format!("table {}", info.definition.name), "dropped", view.name()))
        }
    }
}

/// Refuses to drop an index by which a view looks rows up: `definition` is the table without it.
pub(super) fn check_index_unused(
    catalog: &Catalog,
    info: &TableInfo,
    definition: &TableDefinition,
    index: &str,
) -> Result<()> {
    for (view, at) in catalog.lookups_of(info.id()) {
        let lookup = &view.definition().lookups[at];
        if lookup.tie(view.name(), &view.outputs, definition).is_err() {
            return Err(depends(&format!("index {index}"), "dropped", view.name()));
        }
    }
    Ok(())
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
    /// Lookups of the table's rows, with the name of the view.
    lookups: Vec<(String, LookupInfo)>,
    /// The column by which rows expire.
    expires_by: Option<u16>,
}

impl AlteredViews {
    pub(super) fn of(catalog: &Catalog, info: &TableInfo) -> AlteredViews {
        let kept = info.views.iter().map(|view| view.view.clone()).collect();
        let lookups = catalog.lookups_of(info.id());
        let lookups = lookups.map(|(view, at)| (view.name().to_owned(), view.lookups[at].clone()));
        let (lookups, expires_by) =
            (lookups.collect(), info.expiry.as_ref().map(|expiry| expiry.column));
        AlteredViews { kept, gone: Vec::new(), changed: false, lookups, expires_by }
    }

    /// Refuses to change a column of the rows that a view looks up, whatever becomes of the views
    /// of this table.
    pub(super) fn check_not_looked_up(&self, what: &str, at: u16, done: &str) -> Result<()> {
        if self.expires_by == Some(at) {
            let message = format!("{what} cannot be {done} because rows expire by it");
            return Err(Error::invalid(message).with_sqlstate("2BP01"));
        }
        match self.lookups.iter().find(|(_, lookup)| lookup.reads(at)) {
            None => Ok(()),
            Some((view, _)) => Err(depends(what, done, view)),
        }
    }

    /// Refuses to change a column that a view reads; `done` says what happens to it.
    pub(super) fn check_unread(&self, what: &str, position: u16, done: &str) -> Result<()> {
        let reads = |view: &&NumberedView| view.definition.columns_used().contains(&position);
        match self.kept.iter().find(reads) {
            None => self.check_not_looked_up(what, position, done),
            Some(view) => Err(depends(what, done, &view.definition.name)),
        }
    }

    /// Drops those that read a column, and what rolls them up. Refuses where one has a feed.
    pub(super) fn drop_readers(
        &mut self,
        catalog: &Catalog,
        info: &TableInfo,
        position: u16,
    ) -> Result<()> {
        let AlteredViews { kept, gone, .. } = self;
        kept.retain(|view| {
            let reads = view.definition.columns_used().contains(&position);
            if reads {
                gone.extend(info.views.iter().find(|other| other.id() == view.id).cloned());
                gone.extend(catalog.rollups_of(view.id).into_iter().cloned());
            }
            !reads
        });
        gone.iter().try_for_each(|view| check_view_unfed(catalog, view))
    }

    /// The table is without a column that none of them reads.
    pub(super) fn remove_column(&mut self, gone: u16) -> Result<()> {
        for view in &mut self.kept {
            view.definition = view.definition.clone().without_column(gone)?;
            self.changed = true;
        }
        self.lookups.iter_mut().for_each(|(_, lookup)| lookup.remove_column(gone));
        self.expires_by = self.expires_by.map(|column| column - u16::from(column > gone));
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
        let gone = self.gone.iter().flat_map(|view| view.all_trees());
        let kept = self.kept.iter().filter(|_| rows_anew);
        let kept = kept.flat_map(|view| {
            [view.id, view.multisets].into_iter().chain(view.indexes.iter().copied())
        });
        detach(gone.chain(kept), next_object)
    }
}

/// What views take when all rows of a shard are written anew.
pub(super) struct RowsAnew {
    /// Those that the rows of a shard make there.
    views: Vec<(ViewInfo, Gathered)>,
    /// Those whose groups lie elsewhere: what each shard has of them.
    written_out: Vec<(ViewInfo, Vec<Gathered>)>,
    /// What is written out.
    follows: Vec<Follow>,
}

impl RowsAnew {
    pub(super) fn of(altering: &Altering<'_>, shards: usize) -> Result<RowsAnew> {
        let (mut views, mut written_out) = (Vec::new(), Vec::new());
        for view in &altering.views.kept {
            let view = ViewInfo::new(view.clone(), &altering.table, altering.catalog)?;
            if view.is_written_out() {
                let mut gathered = Vec::new();
                gathered.resize_with(shards, Gathered::default);
                written_out.push((view, gathered));
            } else {
                views.push((view, Gathered::default()));
            }
        }
        Ok(RowsAnew { views, written_out, follows: Vec::new() })
    }

    /// A row of the shard.
    pub(super) fn add(&mut self, map: &ShardMap, row: &Row<'_>, key: &[u8]) -> Result<()> {
        self.views.iter_mut().try_for_each(|(view, gathered)| gathered.add(view, row, key))?;
        let mut bytes = Vec::new();
        for (view, gathered) in &mut self.written_out {
            let Some(slot) = view.written_out(row, key, &mut bytes)? else { continue };
            let shard = map.shard(slot);
            gathered[usize::from(shard)].add_contribution(view, &bytes)?;
            let kind = OperationKind::AddToGroup;
            self.follows.push((Some(shard), kind, view.id(), bytes.clone(), Vec::new()));
        }
        Ok(())
    }

    /// What is written out, and what that needs in each shard beside.
    pub(super) fn written_out(self, needs: &mut [Need]) -> Result<Vec<Follow>> {
        for (view, gathered) in &self.written_out {
            for (gathered, need) in gathered.iter().zip(needs.iter_mut()) {
                *need = gathered.need(view, *need)?;
            }
        }
        Ok(self.follows)
    }

    /// What the views need in the shard, which begins anew.
    pub(super) fn take(&mut self, mut need: Need) -> Result<Need> {
        for (view, gathered) in &mut self.views {
            need = std::mem::take(gathered).need(view, need)?;
        }
        Ok(need)
    }
}
