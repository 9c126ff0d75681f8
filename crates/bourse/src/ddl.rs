//! Changing definitions: tables and indexes made, altered and dropped, tables emptied.
//!
//! A record that contains definitions has the same ones for every shard, and commits under the
//! mutexes of all of them; so no transaction runs beside it, and one that was built under the
//! definitions before is built again.

use std::sync::Arc;

use bourse_storage::id::Batch;
use bourse_storage::pager::Need;
use bourse_storage::sync;
use bourse_storage::{Error, ErrorKind, Result};

use crate::catalog::{
    Catalog, KEY_VERSION, Routing, TableInfo, encode_table, encode_version, table_key,
};
use crate::commit::{self, Staging};
use crate::core::Core;
use crate::database::Database;
use crate::index::{Entry, IndexInfo};
use crate::record::{OperationKind, Record, STAGE_BYTES};
use crate::scan::Leaves;
use crate::schema::{IndexBuilder, Scope, TableDefinition};
use crate::shard::{DEFINITIONS, DETACHED, ShardState, tree_root};
use crate::table::Table;
use crate::transaction::run;

mod alter;
mod constraints;
mod detached;
mod rewrite;
mod truncate;

pub use alter::Alteration;
pub(crate) use detached::free_detached;
pub use truncate::Truncate;

/// Operations that follow a definition: kind, tree, key, value; for every shard, or for one.
type Follow = (Option<u16>, OperationKind, u32, Vec<u8>, Vec<u8>);

/// A change of one table's definition.
struct Change {
    table: u32,
    /// The new definition with its forwarding tree, `None` to drop it.
    definition: Option<(TableDefinition, u32)>,
    next_object: u32,
    follows: Vec<Follow>,
}

/// What one record changes: definitions of any number of tables, and what follows.
#[derive(Default)]
struct Changes {
    /// By number, the new definition with its forwarding tree, or `None` to drop the table.
    definitions: Vec<(u32, Option<(TableDefinition, u32)>)>,
    next_object: u32,
    follows: Vec<Follow>,
    /// What the rows among `follows` may need beside the margin of any change, by shard.
    needs: Vec<Need>,
}

impl From<Change> for Changes {
    fn from(change: Change) -> Changes {
        Changes {
            definitions: vec![(change.table, change.definition)],
            next_object: change.next_object,
            follows: change.follows,
            needs: Vec::new(),
        }
    }
}

impl Database {
    /// Makes a table. The numbers in `definition` are given by the store.
    ///
    /// # Errors
    /// `InvalidInput`: 42P07 when a table of that name exists, or what the definition has wrong.
    pub fn create_table(&self, definition: &TableDefinition) -> Result<Table> {
        definition.check()?;
        change(self.core(), |catalog, _| {
            if catalog.table_named(&definition.name).is_ok() {
                let message = format!("table {} exists already", definition.name);
                return Err(Error::invalid(message).with_sqlstate("42P07"));
            }
            let mut definition = definition.clone();
            definition.begin_layouts();
            let mut next = catalog.next_object;
            let mut number = || {
                next += 1;
                next - 1
            };
            definition.id = number();
            constraints::add_child_indexes(&mut definition);
            for index in &mut definition.indexes {
                index.id = number();
            }
            let forwarding = number();
            let mut info = TableInfo::new(definition, forwarding)?;
            global_where_unique_needs_it(&mut info)?;
            constraints::check_foreign_keys(catalog, &info.definition)?;
            let definition = Some((info.definition.clone(), forwarding));
            Ok(Change { table: info.id(), definition, next_object: next, follows: Vec::new() })
        })?;
        self.table(&definition.name)
    }

    /// Drops a table with its indexes.
    ///
    /// # Errors
    /// `InvalidInput`: 42P01 when there is none of that name, 2BP01 when a foreign key of another
    /// table refers to it.
    pub fn drop_table(&self, name: &str) -> Result<()> {
        change(self.core(), |catalog, _| {
            let info = catalog.table_named(name)?;
            constraints::check_unreferenced(catalog, info)?;
            let mut next_object = catalog.next_object;
            let follows = detach(trees_of(info), &mut next_object);
            Ok(Change { table: info.id(), definition: None, next_object, follows })
        })
    }

    /// Makes an index and builds it from the table's rows. Writers wait meanwhile.
    ///
    /// # Errors
    /// `InvalidInput`: 42P07 when the table has one of that name, or what the definition has
    /// wrong; `Constraint` (23505) when it is unique and the rows are not.
    pub fn create_index(&self, table: &str, index: IndexBuilder) -> Result<()> {
        change(self.core(), |catalog, states| {
            let info = catalog.table_named(table)?;
            let mut index = index.clone().build(&info.definition)?;
            if info.definition.index(&index.name).is_some() {
                let message = format!("table {table} has an index {} already", index.name);
                return Err(Error::invalid(message).with_sqlstate("42P07"));
            }
            index.id = catalog.next_object;
            let number = index.id;
            let mut definition = info.definition.clone();
            definition.indexes.push(index);
            definition.version += 1;
            let forwarding = info.routing.forwarding();
            let mut new = TableInfo::new(definition, forwarding)?;
            global_where_unique_needs_it(&mut new)?;
            let follows = build(&new, number, states)?;
            let definition = Some((new.definition.clone(), forwarding));
            Ok(Change { table: new.id(), definition, next_object: number + 1, follows })
        })
    }

    /// Drops an index.
    ///
    /// # Errors
    /// `InvalidInput` when there is no such table or index; 2BP01 when a foreign key needs it.
    pub fn drop_index(&self, table: &str, index: &str) -> Result<()> {
        change(self.core(), |catalog, _| {
            let info = catalog.table_named(table)?;
            let number = info.index(index)?.id();
            let mut definition = info.definition.clone();
            definition.indexes.retain(|index| index.id != number);
            definition.version += 1;
            constraints::check_without_index(catalog, info, &definition, index)?;
            let definition = Some((definition, info.routing.forwarding()));
            let mut next_object = catalog.next_object;
            let follows = detach([number], &mut next_object);
            Ok(Change { table: info.id(), definition, next_object, follows })
        })
    }
}

/// The trees of a table: its rows, its indexes, the places of its rows.
fn trees_of(info: &TableInfo) -> impl Iterator<Item = u32> {
    let forwarding = match info.routing {
        Routing::Key(_) => None,
        Routing::Id { forwarding } | Routing::Directory { forwarding } => Some(forwarding),
    };
    std::iter::once(info.id()).chain(info.indexes.iter().map(IndexInfo::id)).chain(forwarding)
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
    core.check_running()?;
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
    let frees = |kind| matches!(kind, OperationKind::DetachTree | OperationKind::DeleteEntry);
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
    let definitions = changes.definitions.iter().map(encode).collect::<Result<Vec<_>>>()?;
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
        for (only, kind, tree, key, value) in &changes.follows {
            if only.is_none_or(|only| only == shard) {
                record.push(shard, *kind, *tree, key, value)?;
            }
        }
    }
    Ok(record)
}

/// What builds an index of a table with rows: an order to each shard for a local one, all entries
/// for a global one.
fn build(info: &TableInfo, number: u32, states: &mut [&mut ShardState]) -> Result<Vec<Follow>> {
    let Some(index) = info.indexes.iter().find(|index| index.id() == number) else {
        unreachable!("the index was just added");
    };
    let mut follows = Vec::new();
    let mut seen: Vec<(u16, Vec<u8>, Vec<u8>, bool)> = Vec::new();
    for state in states.iter() {
        if !index.is_global() {
            let key = info.id().to_le_bytes().to_vec();
            let kind = OperationKind::BuildIndex;
            follows.push((Some(state.number), kind, number, key, Vec::new()));
        }
        if !index.is_global() && !index.definition.unique && !index.can_refuse() {
            continue;
        }
        for_each_row(info, state, |key, bytes| {
            let row = info.layout.row(bytes)?;
            let slot = info.slot_of_stored_row(bytes, key)?;
            let mut entry = Entry::default();
            let has = index.entry(&row, key, slot, &mut entry)?;
            // What apply derives was made here only to see that it can be.
            if has && (index.is_global() || entry.constrained) {
                let shard = if index.is_global() {
                    state.catalog.map.shard(index.slot_of_row(&row)?)
                } else {
                    state.number
                };
                seen.push((shard, entry.key, entry.value, entry.constrained));
            }
            Ok(())
        })?;
    }
    seen.sort_unstable();
    if let Some(pair) = seen.windows(2).find(|w| w[0].3 && w[0].0 == w[1].0 && w[0].1 == w[1].1) {
        debug_assert!(pair[1].3, "constrained entries have no primary key in theirs");
        let message = format!(
            "could not create unique index {}: table {} has rows with equal values",
            index.definition.name, info.definition.name
        );
        return Err(Error::new(ErrorKind::Constraint, message).with_sqlstate("23505"));
    }
    if index.is_global() {
        let kind = OperationKind::PutEntry;
        follows
            .extend(seen.into_iter().map(|(s, key, value, _)| (Some(s), kind, number, key, value)));
    }
    Ok(follows)
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
