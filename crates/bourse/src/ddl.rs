//! Changing definitions: tables and indexes made, altered and dropped, tables emptied.
//!
//! A record that contains definitions has the same ones for every shard, and commits under the
//! mutexes of all of them; so no transaction runs beside it, and one that was built under the
//! definitions before is built again.

use std::sync::Arc;

use bourse_storage::Result;
use bourse_storage::id::Batch;
use bourse_storage::pager::Need;
use bourse_storage::sync;

use crate::catalog::{
    Catalog, KEY_VERSION, Routing, TableInfo, build_key, encode_table, encode_version, expiry_key,
    table_key,
};
use crate::commit::{self, Staging};
use crate::core::Core;
use crate::database::Database;
use crate::index::IndexInfo;
use crate::record::{OperationKind, Record, STAGE_BYTES};
use crate::scan::Leaves;
use crate::schema::{Scope, TableDefinition};
use crate::shard::{DEFINITIONS, DETACHED, ShardState, tree_root};
use crate::table::Table;
use crate::transaction::run;

mod alter;
pub(crate) mod build;
mod chunk;
mod constraints;
mod detached;
pub(crate) mod expiry;
mod feeds;
mod gathering;
mod rewrite;
mod truncate;
mod views;
mod whole;

pub use alter::Alteration;
pub(crate) use detached::free_detached;
pub use truncate::Truncate;

/// Operations that follow a definition: kind, tree, key, value; for every shard, or for one.
type Follow = (Option<u16>, OperationKind, u32, Vec<u8>, Vec<u8>);

/// An entry of the definitions, `None` to delete it.
type DefinitionEntry = (Vec<u8>, Option<Vec<u8>>);

/// A change of one table's definition.
struct Change {
    table: u32,
    /// The new definition with its forwarding tree, `None` to drop it.
    definition: Option<(TableDefinition, u32)>,
    next_object: u32,
    /// Further entries of the definitions, `None` to delete one.
    marks: Vec<DefinitionEntry>,
    follows: Vec<Follow>,
}

/// What one record changes: definitions of any number of tables, and what follows.
#[derive(Default)]
struct Changes {
    /// By number, the new definition with its forwarding tree, or `None` to drop the table.
    definitions: Vec<(u32, Option<(TableDefinition, u32)>)>,
    next_object: u32,
    /// As those of [`Change`].
    marks: Vec<DefinitionEntry>,
    follows: Vec<Follow>,
    /// What the rows among `follows` may need beside the margin of any change, by shard.
    needs: Vec<Need>,
}

impl From<Change> for Changes {
    fn from(change: Change) -> Changes {
        Changes {
            definitions: vec![(change.table, change.definition)],
            next_object: change.next_object,
            marks: change.marks,
            follows: change.follows,
            needs: Vec::new(),
        }
    }
}

impl Database {
    /// Makes a table. The numbers in `definition` are given by the store.
    ///
    /// # Errors
    /// `InvalidInput`: 42P07 when a table or a view of that name exists, or what the definition has
    /// wrong.
    pub fn create_table(&self, definition: &TableDefinition) -> Result<Table> {
        definition.check()?;
        change(self.core(), |catalog, _| {
            catalog.check_name_is_free(&definition.name)?;
            let mut definition = definition.clone();
            definition.begin_layouts();
            let mut next = catalog.next_object;
            let mut number = || {
                next += 1;
                next - 1
            };
            definition.id = number();
            constraints::add_child_indexes(&mut definition);
            definition.check_index_count()?;
            for index in &mut definition.indexes {
                index.id = number();
            }
            let forwarding = number();
            let mut info = TableInfo::new(definition, forwarding)?;
            global_where_unique_needs_it(&mut info)?;
            constraints::check_foreign_keys(catalog, &info.definition)?;
            let definition = Some((info.definition.clone(), forwarding));
            Ok(Change {
                table: info.id(),
                definition,
                next_object: next,
                marks: Vec::new(),
                follows: Vec::new(),
            })
        })?;
        self.table(&definition.name)
    }

    /// Drops a table with its indexes.
    ///
    /// # Errors
    /// `InvalidInput`: 42P01 when there is none of that name, 2BP01 when a foreign key of another
    /// table refers to it, or a view depends on it.
    pub fn drop_table(&self, name: &str) -> Result<()> {
        change(self.core(), |catalog, _| {
            let info = catalog.table_named(name)?;
            constraints::check_unreferenced(catalog, info)?;
            views::check_unviewed(catalog, info)?;
            feeds::check_unfed(catalog, info)?;
            let mut change = Change {
                table: info.id(),
                definition: None,
                next_object: catalog.next_object,
                marks: Vec::new(),
                follows: Vec::new(),
            };
            change.follows = detach(trees_of(info), &mut change.next_object);
            info.indexes.iter().for_each(|index| change.end_build(catalog, index.id()));
            if info.expiry.is_some() {
                change.marks.push((expiry_key(info.id()), None));
            }
            Ok(change)
        })
    }

    /// Drops an index.
    ///
    /// # Errors
    /// `InvalidInput` when there is no such table or index; 2BP01 when a foreign key needs it.
    pub fn drop_index(&self, table: &str, index: &str) -> Result<()> {
        change(self.core(), |catalog, _| {
            let info = catalog.table_named(table)?;
            without_index(catalog, info, info.index(index)?.id())
        })
    }
}

/// The trees of a table: its rows, its indexes, the places of its rows, its views.
fn trees_of(info: &TableInfo) -> impl Iterator<Item = u32> {
    let forwarding = match info.routing {
        Routing::Key(_) => None,
        Routing::Id { forwarding } | Routing::Directory { forwarding } => Some(forwarding),
    };
    let views = info.views.iter().flat_map(|view| view.all_trees());
    let indexes = info.indexes.iter().map(IndexInfo::id);
    std::iter::once(info.id()).chain(indexes).chain(forwarding).chain(views)
}

/// Takes trees away, each to a number of its own.
fn detach(trees: impl IntoIterator<Item = u32>, next_object: &mut u32) -> Vec<Follow> {
    let one = |tree| {
        let to = DETACHED | *next_object;
        *next_object += 1;
        (None, OperationKind::DetachTree, tree, to.to_le_bytes().to_vec(), Vec::new())
    };
    trees.into_iter().map(one).collect()
}

/// A table without one of its indexes.
fn without_index(catalog: &Catalog, info: &TableInfo, number: u32) -> Result<Change> {
    let mut definition = info.definition.clone();
    let mut name = String::new();
    definition.indexes.retain(|index| {
        if index.id == number {
            name.clone_from(&index.name);
        }
        index.id != number
    });
    definition.version += 1;
    constraints::check_without_index(catalog, info, &definition, &name)?;
    views::check_index_unused(catalog, info, &definition, &name)?;
    let mut change = Change::of(catalog, info, definition);
    change.follows = detach([number], &mut change.next_object);
    change.end_build(catalog, number);
    Ok(change)
}

impl Change {
    /// Another definition of a table, and nothing else.
    fn of(catalog: &Catalog, info: &TableInfo, definition: TableDefinition) -> Change {
        Change {
            table: info.id(),
            definition: Some((definition, info.routing.forwarding())),
            next_object: catalog.next_object,
            marks: Vec::new(),
            follows: Vec::new(),
        }
    }

    /// The index or view of that number is no longer under build, if it was.
    fn end_build(&mut self, catalog: &Catalog, number: u32) {
        if catalog.builds.iter().any(|build| build.object == number) {
            self.marks.push((build_key(number), None));
            let end = OperationKind::EndBuild;
            self.follows.push((None, end, number, Vec::new(), Vec::new()));
        }
    }
}

/// A unique index whose columns do not hold the shard key must be global: only then do equal keys
/// meet in one shard.
fn global_where_unique_needs_it(info: &mut TableInfo) -> Result<()> {
    let shard_key = info.definition.shard_key.clone();
    for index in &mut info.definition.indexes {
        let holds = |column: &u16| index.columns.iter().any(|part| part.column() == Some(*column));
        if index.unique && (shard_key.is_empty() || !shard_key.iter().all(holds)) {
            index.scope = Scope::Global;
        }
    }
    *info = TableInfo::new(info.definition.clone(), info.routing.forwarding())?;
    Ok(())
}

/// Commits a change of one table's definition under the mutexes of all shards.
fn change(
    core: &Core,
    plan: impl Fn(&Arc<Catalog>, &mut [&mut ShardState]) -> Result<Change>,
) -> Result<()> {
    change_all(core, |catalog, states| plan(catalog, states).map(Changes::from))
}

/// Commits changes of definitions under the mutexes of all shards, and frees the pages of the trees
/// that they took away.
fn change_all(
    core: &Core,
    plan: impl Fn(&Arc<Catalog>, &mut [&mut ShardState]) -> Result<Changes>,
) -> Result<()> {
    let detaches = commit_planned(core, plan)?;
    if detaches {
        // The change stands. What is left of the trees is freed after the next such change, or
        // when the store is opened again.
        drop(free_detached(core));
    }
    Ok(())
}

/// Returns whether trees were taken away.
fn commit_planned(
    core: &Core,
    plan: impl Fn(&Arc<Catalog>, &mut [&mut ShardState]) -> Result<Changes>,
) -> Result<bool> {
    core.check_writable()?;
    run::refuse_reentry()?;
    let (committed, read) = {
        let mut guards: Vec<_> = core.shards.iter().map(|shard| shard.state.lock()).collect();
        let mut states: Vec<&mut ShardState> =
            guards.iter_mut().map(|guard| &mut **guard).collect();
        let read = states.iter().map(|state| state.batch).max().unwrap_or_default();
        let catalog = Arc::clone(&states[0].catalog);
        let committed = plan(&catalog, &mut states)
            .and_then(|changes| commit_changes(core, &mut states, &catalog, &changes));
        (committed, read)
    };
    match committed {
        // The staging, if there is one, lives until the batch is published.
        Ok((batch, _staging, detaches)) => core.settle(batch).map(|()| detaches),
        Err(error) => {
            core.settle(read)?;
            Err(error)
        }
    }
}

/// The batch of a change, what it staged, and whether it took trees away.
type Committed<'c> = (Batch, Option<Staging<'c>>, bool);

fn commit_changes<'c>(
    core: &'c Core,
    states: &mut [&mut ShardState],
    catalog: &Catalog,
    changes: &Changes,
) -> Result<Committed<'c>> {
    /// Pages for the definitions and the forest, and a margin.
    const PAGES: usize = 64;
    let bytes = record_of(core, catalog, changes)?.encode()?;
    let kinds = || changes.follows.iter().map(|follow| follow.1);
    let detaches = kinds().any(|kind| kind == OperationKind::DetachTree);
    let frees = |kind| {
        use OperationKind::{DeleteEntry, DetachTree, EndBuild};
        matches!(kind, DetachTree | DeleteEntry | EndBuild)
    };
    let only_frees = detaches && kinds().all(frees);
    for (at, state) in states.iter_mut().enumerate() {
        let need = changes.needs.get(at).copied().unwrap_or_default().and(PAGES);
        state.writer.reserve(need, only_frees)?;
    }
    if bytes.len() < STAGE_BYTES {
        let batch = commit::append_and_apply(core, states, &bytes, None)?;
        return Ok((batch, None, detaches));
    }
    let staging = commit::stage_record(core, bytes)?;
    let batch = commit::append_and_apply(core, states, &staging.record, Some(&staging))?;
    Ok((batch, Some(staging), detaches))
}

fn record_of(core: &Core, catalog: &Catalog, changes: &Changes) -> Result<Record> {
    let mut record = Record::new(catalog.version, sync::wall_clock_us());
    let version = encode_version(catalog.version + 1, changes.next_object);
    let encode = |(table, definition): &(u32, Option<(TableDefinition, u32)>)| {
        let definition = definition.as_ref();
        let bytes =
            definition.map(|(definition, forwarding)| encode_table(definition, *forwarding));
        Ok((table_key(*table), bytes.transpose()?))
    };
    let mut definitions = changes.definitions.iter().map(encode).collect::<Result<Vec<_>>>()?;
    definitions.extend(feeds::past_tables(catalog, &definitions));
    for shard in 0..core.shards.len() {
        let shard = u16::try_from(shard).unwrap_or(u16::MAX);
        let put = OperationKind::PutDefinition;
        record.push(shard, put, DEFINITIONS, KEY_VERSION, &version)?;
        for (key, definition) in &definitions {
            match definition {
                Some(definition) => record.push(shard, put, DEFINITIONS, key, definition)?,
                None => {
                    record.push(shard, OperationKind::DeleteDefinition, DEFINITIONS, key, &[])?;
                }
            }
        }
        for (key, value) in &changes.marks {
            let kind = if value.is_some() { put } else { OperationKind::DeleteDefinition };
            record.push(shard, kind, DEFINITIONS, key, value.as_deref().unwrap_or_default())?;
        }
        for (only, kind, tree, key, value) in &changes.follows {
            if only.is_none_or(|only| only == shard) {
                record.push(shard, *kind, *tree, key, value)?;
            }
        }
    }
    Ok(record)
}

fn for_each_row(
    info: &TableInfo,
    state: &ShardState,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<()>,
) -> Result<()> {
    let pager = state.writer.pager();
    let head = state.head;
    let root = pager.read(state.batch, |source| tree_root(source, head, info.id()))?;
    let mut leaves = Leaves::new(root);
    while let Some(leaf) = leaves.next_leaf(pager, state.batch)? {
        for (key, row) in leaf.entries(pager, state.batch)? {
            each(&key, &row)?;
        }
    }
    Ok(())
}
