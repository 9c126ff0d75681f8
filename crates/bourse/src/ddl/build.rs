//! Indexes of tables with rows, and views over them, built while others write.
//!
//! ```text
//!   begin: the definition and its mark        (all mutexes, no row is looked at)
//!     --> whole shards, aside, by all cores   (see `whole`; writers go on beside it)
//!     --> chunk, chunk, ... of the others     (see `chunk`; writers go on in between)
//!     --> finish: the mark is gone             (all mutexes, no row is looked at)
//!     \-> a row refuses: the index or view is dropped
//! ```
//!
//! The mark is an entry of the definitions, so an index is under build, or not, as of a record:
//! who reads is refused, who writes keeps the entries of the rows that the build has come to
//! (progress B1). How far that is hangs off each shard's root. So a build that a crash or a failure
//! ended goes on where it was: when the store is opened, or when it is told to.
//!
//! Invariants:
//! - **D1** One call at a time builds ([`Turn`]), and one index or view at a time is under build.
//! - **D2** No foreign key leans on an index under build.
//! - **D3** A table keeps its columns and its trees while an index or view of it is under build, so
//!   what a chunk reads and puts in is what the chunks before did.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bourse_storage::{Error, ErrorKind, Result};

use super::chunk::{Builder, Chunked};
use super::views::without_view;
use super::whole;
use super::{Change, change, constraints, without_index};
use crate::catalog::{Build, Built, Catalog, TableInfo, build_key};
use crate::checkpoint;
use crate::core::Core;
use crate::database::Database;
use crate::index::IndexInfo;
use crate::reading::newest;
use crate::schema::{IndexBuilder, IndexDefinition, TableDefinition};
use crate::shard::{ShardState, tree_root};
use crate::view::ViewInfo;

/// How far the build of an index or a view has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct IndexBuildProgress {
    /// Rows that the build has put in, earlier attempts included.
    pub rows_done: u64,
    /// Rows that the table had when the build began or was resumed.
    pub rows_total: u64,
    /// Rows that the last chunk looked at.
    pub rows_in_chunk: u32,
    /// The longest that a chunk held a shard's mutex: what a writer can have waited for one.
    pub longest_hold: Duration,
}

/// What is being built.
#[derive(Clone, Copy)]
pub(super) enum Target<'i> {
    Index(&'i IndexInfo),
    View(&'i ViewInfo),
}

impl<'i> Target<'i> {
    /// The index or view of a table that is being built.
    pub(super) fn of(info: &'i TableInfo, build: Build) -> Result<Target<'i>> {
        let (mut indexes, mut views) = (info.indexes.iter(), info.views.iter());
        let target = match build.built {
            Built::Index => indexes.find(|index| index.id() == build.object).map(Target::Index),
            Built::View => views.find(|view| view.id() == build.object).map(|v| Target::View(v)),
        };
        target.ok_or_else(|| Error::corrupt("what is being built is not defined"))
    }

    /// Whether all that a row means to it lies in the row's own shard.
    pub(super) fn is_local(self) -> bool {
        match self {
            Target::Index(index) => !index.is_global(),
            Target::View(view) => !view.is_written_out(),
        }
    }
}

/// Told of each chunk; what it returns ends the build.
pub(super) type Hear<'h> = &'h mut dyn FnMut(IndexBuildProgress) -> Result<()>;

/// How long a build in the background waits for room on the disk before it tries again.
const FULL_WAIT: Duration = Duration::from_secs(1);

impl Database {
    /// Makes an index and builds it from the table's rows, in chunks of which a writer waits for
    /// one at most, a few milliseconds. Returns when it is built; until then nobody can read it. A
    /// unique index refuses equal values of the rows that the build has come to.
    ///
    /// # Errors
    /// `InvalidInput`: 42P07 when the table has one of that name, 55006 while another index is
    /// being built, or what the definition has wrong; `Constraint` (23505) when it is unique and
    /// the rows are not. The index is gone then; where it could not be dropped (a full disk, a
    /// store that stopped) it stays as it is, to be dropped or built on.
    pub fn create_index(&self, table: &str, index: IndexBuilder) -> Result<()> {
        self.create_index_with_progress(table, index, &mut |_| {})
    }

    /// As [`Database::create_index`], telling after each chunk how far it is. No mutex is held
    /// meanwhile.
    ///
    /// # Errors
    /// As [`Database::create_index`].
    pub fn create_index_with_progress(
        &self,
        table: &str,
        index: IndexBuilder,
        progress: &mut dyn FnMut(IndexBuildProgress),
    ) -> Result<()> {
        let make = |definition: &TableDefinition| index.clone().build(definition);
        create(self.core(), table, &make, &mut |done| {
            progress(done);
            Ok(())
        })
    }

    /// Builds on what a crash or a failure left half-built, indexes and views. A store with
    /// background threads does so by itself when it is opened. Returns when nothing is under build
    /// any more.
    ///
    /// # Errors
    /// `Busy` (55006) while another thread builds; what ended a build. An index or view that the
    /// rows refuse is dropped.
    pub fn resume_index_builds(&self, progress: &mut dyn FnMut(IndexBuildProgress)) -> Result<()> {
        resume(self.core(), &mut |done| {
            progress(done);
            Ok(())
        })
    }
}

/// The right to build (D1).
struct Turn<'c>(&'c Core);

impl<'c> Turn<'c> {
    fn take(core: &'c Core) -> Result<Turn<'c>> {
        if core.building.swap(true, Ordering::Acquire) {
            let message = "another index or view is being built: wait for it, and try again";
            return Err(Error::new(ErrorKind::Busy, message).with_sqlstate("55006"));
        }
        Ok(Turn(core))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.building.store(false, Ordering::Release);
    }
}

/// Makes an index and builds it.
pub(super) fn create(
    core: &Arc<Core>,
    table: &str,
    make: &dyn Fn(&TableDefinition) -> Result<IndexDefinition>,
    hear: Hear<'_>,
) -> Result<()> {
    let plan = |catalog: &Catalog| {
        let info = catalog.table_named(table)?;
        let (change, object) = with_index(catalog, info, make)?;
        Ok((change, Build { object, table: info.id(), built: Built::Index }))
    };
    create_by(core, &plan, hear)
}

/// Defines what is to be built, and builds it.
pub(super) fn create_by(
    core: &Arc<Core>,
    plan: &dyn Fn(&Catalog) -> Result<(Change, Build)>,
    hear: Hear<'_>,
) -> Result<()> {
    let turn = RefCell::new(None);
    let begun = Cell::new(None);
    change(core, |catalog, states| {
        let (mut changed, build) = plan(catalog)?;
        if !is_empty(catalog.table(build.table)?, states)? {
            refuse_second(catalog)?;
            *turn.borrow_mut() = Some(Turn::take(core)?);
            begun.set(Some(build));
            changed.marks.push((build_key(build.object), Some(build.encode())));
        }
        Ok(changed)
    })?;
    let Some(build) = begun.get() else { return Ok(()) };
    let built = run(core, build, hear);
    if built.is_err() {
        // Where that fails too, it stays under build, as the documentation says.
        drop(drop_build(core, build));
    }
    drop(turn);
    built
}

/// The table with one more index, and its number.
fn with_index(
    catalog: &Catalog,
    info: &TableInfo,
    make: &dyn Fn(&TableDefinition) -> Result<IndexDefinition>,
) -> Result<(Change, u32)> {
    let mut index = make(&info.definition)?;
    if info.definition.index(&index.name).is_some() {
        let (table, name) = (&info.definition.name, &index.name);
        let message = format!("table {table} has an index {name} already");
        return Err(Error::invalid(message).with_sqlstate("42P07"));
    }
    let number = catalog.next_object;
    index.id = number;
    let mut definition = info.definition.clone();
    definition.indexes.push(index);
    definition.check_index_count()?;
    definition.version += 1;
    let mut new = TableInfo::new(definition, info.routing.forwarding())?;
    super::global_where_unique_needs_it(&mut new)?;
    let mut change = Change::of(catalog, info, new.definition.clone());
    change.next_object = number + 1;
    Ok((change, number))
}

/// Whether a table has no rows.
pub(super) fn is_empty(info: &TableInfo, states: &[&mut ShardState]) -> Result<bool> {
    for state in states {
        let head = state.head;
        let pager = state.writer.pager();
        if pager.read(state.batch, |source| tree_root(source, head, info.id()))?.count > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// D1.
fn refuse_second(catalog: &Catalog) -> Result<()> {
    catalog.builds.first().map_or(Ok(()), |build| refuse_beside(catalog, *build))
}

/// Refuses to change a table of which an index is under build (D3).
pub(super) fn refuse_under_build(catalog: &Catalog, table: u32) -> Result<()> {
    let build = catalog.builds.iter().find(|build| build.table == table);
    build.map_or(Ok(()), |build| refuse_beside(catalog, *build))
}

fn refuse_beside(catalog: &Catalog, build: Build) -> Result<()> {
    let (object, table) = names(catalog, build)?;
    let message =
        format!("{object} of table {table} is under build: wait for it, resume it, or drop it");
    Err(Error::new(ErrorKind::Busy, message).with_sqlstate("55006"))
}

fn names(catalog: &Catalog, build: Build) -> Result<(String, String)> {
    let table = catalog.table(build.table)?;
    let (mut indexes, mut views) = (table.indexes.iter(), table.views.iter());
    let object = match build.built {
        Built::Index => {
            let index = indexes.find(|index| index.id() == build.object);
            index.map(|index| format!("index {}", index.definition.name))
        }
        Built::View => {
            let view = views.find(|view| view.id() == build.object);
            view.map(|view| format!("view {}", view.name()))
        }
    };
    Ok((object.unwrap_or_default(), table.definition.name.clone()))
}

/// The build of which an open store's newest state has the mark, if there is one.
pub(crate) fn unfinished(core: &Core) -> Result<Option<Build>> {
    newest(core, |snapshot| Ok(snapshot.cut().catalog.builds.first().copied()))
}

/// Builds all that is under build.
fn resume(core: &Arc<Core>, hear: Hear<'_>) -> Result<()> {
    let _turn = Turn::take(core)?;
    while let Some(build) = unfinished(core)? {
        if let Err(error) = run(core, build, hear) {
            if is_refusal(&error) {
                drop_build(core, build)?;
            }
            return Err(error);
        }
    }
    Ok(())
}

/// The thread that builds on what the store was opened with. It ends when that is done; what keeps
/// it from going on, a full disk aside, is left to [`Database::resume_index_builds`] to tell.
pub(crate) fn run_in_background(core: &Arc<Core>) {
    let closing = || Error::new(ErrorKind::Closed, "the store is closing");
    let mut hear = |_| match *core.closing.0.lock() {
        true => Err(closing()),
        false => Ok(()),
    };
    while let Err(error) = resume(core, &mut hear) {
        let goes_on = is_refusal(&error) || error.kind() == ErrorKind::Full;
        if !goes_on || error.kind() == ErrorKind::Full && checkpoint::wait(core, FULL_WAIT) {
            return;
        }
    }
}

/// Whether the rows are what the index or view cannot have.
fn is_refusal(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Constraint | ErrorKind::InvalidInput)
}

/// What can be built whole, then chunk after chunk, shard after shard, then the end.
fn run(core: &Arc<Core>, build: Build, hear: Hear<'_>) -> Result<()> {
    let begun = Builder::new(core, build, Duration::ZERO)?.progress();
    let longest_hold = whole::build(core, build, begun, hear)?;
    let mut builder = Builder::new(core, build, longest_hold)?;
    for shard in 0..core.shards.len() {
        let shard = u16::try_from(shard).unwrap_or(u16::MAX);
        loop {
            match builder.chunk(shard)? {
                Chunked::Gone => return Err(gone()),
                Chunked::All => break,
                Chunked::Some => hear(builder.progress())?,
            }
        }
    }
    finish(core, build)
}

fn gone() -> Error {
    let message = "the index or view was dropped while it was being built";
    Error::invalid(message).with_sqlstate("42704")
}

/// The table that has what is under build.
pub(super) fn table_of(catalog: &Catalog, build: Build) -> Result<Option<Arc<TableInfo>>> {
    match catalog.builds.contains(&build) {
        true => catalog.table(build.table).cloned().map(Some),
        false => Ok(None),
    }
}

fn finish(core: &Core, build: Build) -> Result<()> {
    change(core, |catalog, _| {
        let info = table_of(catalog, build)?.ok_or_else(gone)?;
        let mut definition = info.definition.clone();
        // A bulk load that began meanwhile knows nothing of it.
        definition.version += 1;
        let mut change = Change::of(catalog, &info, definition);
        change.end_build(catalog, build.object);
        Ok(change)
    })
}

fn drop_build(core: &Core, build: Build) -> Result<()> {
    change(core, |catalog, _| {
        let info = table_of(catalog, build)?.ok_or_else(gone)?;
        match build.built {
            Built::Index => without_index(catalog, &info, build.object),
            Built::View => without_view(catalog, &info, build.object),
        }
    })
}

/// Makes an index for a foreign key that none begins with, where the table has rows; returns its
/// name. What the foreign key has wrong is said before.
pub(super) fn child_index(
    core: &Arc<Core>,
    table: &str,
    key: &crate::schema::ForeignKeyBuilder,
) -> Result<Option<String>> {
    let with_key = |before: &TableDefinition| {
        let mut definition = before.clone();
        let key = key.clone().build(&definition)?;
        definition.foreign_keys.push(key);
        definition.check()?;
        constraints::add_child_indexes(&mut definition);
        Ok::<_, Error>(definition)
    };
    let is_missing = newest(core, |snapshot| {
        let catalog = &snapshot.cut().catalog;
        let before = &catalog.table_named(table)?.definition;
        let definition = with_key(before)?;
        constraints::check_foreign_keys(catalog, &definition)?;
        Ok(definition.indexes.len() > before.indexes.len())
    })?;
    if !is_missing {
        return Ok(None);
    }
    let name = RefCell::new(None);
    // The columns may be others than a moment ago.
    let make = |before: &TableDefinition| {
        let index = with_key(before)?.indexes.get(before.indexes.len()).cloned();
        let index = index.ok_or_else(|| {
            let message = format!("table {table} got an index for its foreign key: try again");
            Error::new(ErrorKind::Conflict, message)
        })?;
        *name.borrow_mut() = Some(index.name.clone());
        Ok(index)
    };
    create(core, table, &make, &mut |_| Ok(()))?;
    Ok(name.into_inner())
}
