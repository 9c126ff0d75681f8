//! Applying one section of a record to its shard: the only way in which a shard ever changes.
//!
//! Commit, recovery, and later replicas call [`apply`] with the same bytes; what it does depends on
//! the shard's own trees and the section alone, never on another shard, a clock or chance. By the
//! time it is called everything that can refuse has agreed, so the only error left is one of the
//! disk; it stops the store, and recovery decides.

use std::sync::Arc;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::{Batch, Lsn, PageId};
use bourse_storage::tree::{self, Payload, Root};
use bourse_storage::{Error, Result};

use super::build::{build_chunk, build_index, end_build};
use super::map::Slot;
use super::progress::{self, progress_key};
use super::views::{Fate, Going, Groups, build_view, change_views, close_groups, contribute};
use super::{BUILDS, COUNTERS, DEFINITIONS, FOREST, ShardState};
use crate::catalog::{Catalog, TableInfo};
use crate::index::Entry;
use crate::key::KeyReader;
use crate::record::{Operation, OperationKind, SectionView};
use crate::row::Row;
use crate::scan;
use crate::value::Value;

/// Memory that applies use again and again.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(super) trees: Vec<OpenTree>,
    /// What of the forest is changed at the end.
    entries: Vec<([u8; 4], [u8; Root::SIZE])>,
    pub(super) groups: Groups,
    old_row: Vec<u8>,
    old_entry: Entry,
    new_entry: Entry,
    progress: Vec<u8>,
}

/// A tree that the section at hand has looked at; its root goes back to the forest at the end.
pub(super) struct OpenTree {
    number: u32,
    pub(super) root: Root,
    changed: bool,
}

/// Applies a section. Returns whether definitions changed.
///
/// # Errors
/// Only what the disk answers. The shard is then half-way: the store must stop.
pub(crate) fn apply(
    state: &mut ShardState,
    section: SectionView<'_>,
    lsn: Lsn,
    batch: Batch,
) -> Result<bool> {
    begin(state, batch);
    let (mut redefined, mut stale) = (false, false);
    for operation in section.operations() {
        let operation = operation?;
        match operation.kind {
            OperationKind::PutDefinition | OperationKind::DeleteDefinition => {
                (redefined, stale) = (true, true);
            }
            // Rows and entries that follow are those of the new definitions.
            OperationKind::BuildIndex
            | OperationKind::BuildView
            | OperationKind::PutRow
            | OperationKind::AddToGroup
                if stale =>
            {
                reload_catalog(state)?;
                stale = false;
            }
            _ => {}
        }
        apply_operation(state, &operation)?;
    }
    if stale {
        reload_catalog(state)?;
    }
    end(state, lsn)?;
    Ok(redefined)
}

/// Makes `batch` the one that the shard's changes belong to.
pub(crate) fn begin(state: &mut ShardState, batch: Batch) {
    assert!(batch >= state.batch, "a shard's batches never go back");
    state.writer.begin_batch(batch);
    state.batch = batch;
    state.scratch.trees.clear();
}

/// Writes a definition outside a record, when a store is made.
pub(crate) fn define(state: &mut ShardState, key: &[u8], value: &[u8]) -> Result<()> {
    put(state, DEFINITIONS, key, value)
}

/// Puts the changed roots into the forest.
pub(crate) fn end(state: &mut ShardState, lsn: Lsn) -> Result<()> {
    close_groups(state)?;
    let ShardState { head, roots, writer, scratch: Scratch { trees, entries, .. }, .. } = state;
    trees.retain(|tree| tree.changed);
    trees.sort_unstable_by_key(|tree| tree.number);
    entries.clear();
    for OpenTree { number, root, .. } in trees.drain(..) {
        roots.set(number, root);
        let key = number.to_be_bytes();
        if root.link.is_none() {
            let need = tree::pages_needed(*head, 0);
            writer.write(need, |store| tree::delete(store, head, &key))?;
        } else {
            entries.push((key, root.encode()));
        }
    }
    let mut left = entries.as_slice();
    while let [_, ..] = left {
        let need = tree::pages_needed(*head, Root::SIZE);
        let put = writer.write(need, |store| tree::put_some(store, head, left))?;
        left = &left[put..];
    }
    state.lsn = lsn;
    Ok(())
}

/// Attaches a tree that was built aside, in place of an empty one.
pub(crate) fn attach(state: &mut ShardState, number: u32, root: Root) -> Result<()> {
    let at = open(state, number)?;
    let tree = &mut state.scratch.trees[at];
    if tree.root.count > 0 {
        return Err(Error::invalid("bulk load needs an empty table"));
    }
    tree.root = root;
    tree.changed = true;
    Ok(())
}

fn apply_operation(state: &mut ShardState, operation: &Operation<'_>) -> Result<()> {
    let Operation { kind, tree, key, value } = *operation;
    use OperationKind::{AddToGroup, DeleteRow, ExpireRow, FreezeInGroup, GroupStates, OldRow};
    use OperationKind::{PutRow, RemoveFromGroup};
    let of_rows = matches!(kind, PutRow | DeleteRow | ExpireRow | OldRow);
    let of_groups = matches!(kind, AddToGroup | RemoveFromGroup | FreezeInGroup | GroupStates);
    if !of_rows && !of_groups {
        close_groups(state)?;
    }
    match kind {
        OperationKind::PutRow => put_row(state, tree, key, value),
        OperationKind::DeleteRow => delete_row(state, tree, key, Going::Deleted),
        OperationKind::ExpireRow => delete_row(state, tree, key, Going::Expired),
        OperationKind::OldRow | OperationKind::GroupStates => Ok(()),
        OperationKind::PutEntry | OperationKind::DeleteEntry if state.derives => Ok(()),
        OperationKind::PutEntry if tree == COUNTERS => raise_counter_to(state, key, value),
        OperationKind::PutEntry => put(state, tree, key, value),
        OperationKind::DeleteEntry => delete(state, tree, key),
        OperationKind::PutDefinition => put(state, DEFINITIONS, key, value),
        OperationKind::DeleteDefinition => delete(state, DEFINITIONS, key),
        OperationKind::DropTree => drop_tree(state, tree),
        OperationKind::BuildIndex => build_index(state, tree, key),
        OperationKind::BuildView => build_view(state, tree, key),
        OperationKind::AddToGroup => contribute(state, tree, key, Fate::Comes),
        OperationKind::RemoveFromGroup => contribute(state, tree, key, Fate::Goes(Going::Deleted)),
        OperationKind::FreezeInGroup => contribute(state, tree, key, Fate::Goes(Going::Expired)),
        OperationKind::BuildChunk => build_chunk(state, tree, key, value),
        OperationKind::EndBuild => end_build(state, tree),
        OperationKind::DetachTree => detach_tree(state, tree, key),
        OperationKind::FreePages => free_pages(state, tree),
        OperationKind::MovePages => move_pages(state, tree, key, value),
        OperationKind::PackLeaves => pack_leaves(state, tree, key),
    }
}

/// Place of a tree in the scratch list, reading its root from the forest the first time.
pub(super) fn open(state: &mut ShardState, number: u32) -> Result<usize> {
    let trees = &state.scratch.trees;
    if let Some(at) = trees.iter().position(|tree| tree.number == number) {
        return Ok(at);
    }
    let ShardState { head, roots, writer, .. } = &mut *state;
    let root = match roots.known(number) {
        Some(root) => root,
        None => writer.write(0, |store| roots.of(store, *head, number))?,
    };
    state.scratch.trees.push(OpenTree { number, root, changed: false });
    Ok(state.scratch.trees.len() - 1)
}

/// Root of a tree as the section has left it so far.
pub(super) fn tree_of(state: &mut ShardState, number: u32) -> Result<Root> {
    let at = open(state, number)?;
    Ok(state.scratch.trees[at].root)
}

pub(super) fn put(state: &mut ShardState, number: u32, key: &[u8], value: &[u8]) -> Result<()> {
    put_over(state, number, (key, value), |_| true).map(drop)
}

/// As [`put`]; `goes_on` is shown the value that was there, and says whether it is to be replaced.
/// Returns whether there was one; `None` where nothing was put.
fn put_over(
    state: &mut ShardState,
    number: u32,
    (key, value): (&[u8], &[u8]),
    mut goes_on: impl FnMut(Payload<'_>) -> bool,
) -> Result<Option<bool>> {
    let at = open(state, number)?;
    let tree = &mut state.scratch.trees[at];
    let root = &mut tree.root;
    let need = scan::need(tree::pages_needed(*root, 0), key, value);
    let put =
        state.writer.write(need, |store| tree::put_over(store, root, key, value, &mut goes_on))?;
    tree.changed |= put.is_some();
    Ok(put)
}

pub(super) fn delete(state: &mut ShardState, number: u32, key: &[u8]) -> Result<()> {
    let at = open(state, number)?;
    let tree = &mut state.scratch.trees[at];
    let root = &mut tree.root;
    let pages = tree::pages_needed(*root, 0);
    tree.changed |= state.writer.write(pages, |store| tree::delete(store, root, key))?;
    Ok(())
}

/// Reads a value of a tree of the head into `out`; returns whether it is there.
pub(super) fn read(
    state: &mut ShardState,
    number: u32,
    key: &[u8],
    out: &mut Vec<u8>,
) -> Result<bool> {
    let at = open(state, number)?;
    let root = state.scratch.trees[at].root;
    let mut extent = None;
    let found = state.writer.write(0, |store| {
        out.clear();
        Ok(match tree::get(store, root, key)? {
            None => false,
            Some(Payload::Inline(bytes)) => {
                out.extend_from_slice(bytes);
                true
            }
            Some(Payload::Extent { first, bytes }) => {
                extent = Some((first, bytes));
                true
            }
        })
    })?;
    if let Some((first, bytes)) = extent {
        scan::read_extent(state.writer.pager(), state.batch, first, bytes, out)?;
    }
    Ok(found)
}

fn put_row(state: &mut ShardState, table: u32, key: &[u8], row: &[u8]) -> Result<()> {
    let catalog = Arc::clone(&state.catalog);
    let table = catalog.table(table)?;
    let follows = !table.indexes.is_empty() || !table.views.is_empty();
    let mut old = std::mem::take(&mut state.scratch.old_row);
    let put_at_once = put_over(state, table.id(), (key, row), |payload| match payload {
        Payload::Inline(bytes) => {
            if follows {
                old.clear();
                old.extend_from_slice(bytes);
            }
            true
        }
        // Whoever replaces it gives its pages back: it is read before.
        Payload::Extent { .. } => false,
    })?;
    let existed = match put_at_once {
        Some(existed) => existed,
        None => {
            let existed = read(state, table.id(), key, &mut old)?;
            put(state, table.id(), key, row)?;
            existed
        }
    };
    if follows {
        let old_row = if existed { Some(table.layout.row(&old)?) } else { None };
        let new_row = table.layout.row(row)?;
        change_entries(state, table, key, old_row.as_ref(), Some(&new_row))?;
        if !table.views.is_empty() {
            let old = old_row.as_ref().map(|row| (row, Going::Deleted));
            change_views(state, table, key, old, Some(&new_row))?;
        }
    }
    if !existed && table.generates_ids {
        count_id(state, table, key)?;
    }
    state.scratch.old_row = old;
    Ok(())
}

fn delete_row(state: &mut ShardState, table: u32, key: &[u8], going: Going) -> Result<()> {
    let catalog = Arc::clone(&state.catalog);
    let table = catalog.table(table)?;
    let mut old = std::mem::take(&mut state.scratch.old_row);
    if read(state, table.id(), key, &mut old)? {
        let row = table.layout.row(&old)?;
        change_entries(state, table, key, Some(&row), None)?;
        if !table.views.is_empty() {
            change_views(state, table, key, Some((&row, going)), None)?;
        }
        delete(state, table.id(), key)?;
    }
    state.scratch.old_row = old;
    Ok(())
}

/// Brings the local indexes from the old row to the new one.
fn change_entries(
    state: &mut ShardState,
    table: &TableInfo,
    key: &[u8],
    old: Option<&Row<'_>>,
    new: Option<&Row<'_>>,
) -> Result<()> {
    let mut before = std::mem::take(&mut state.scratch.old_entry);
    let mut after = std::mem::take(&mut state.scratch.new_entry);
    let derives = state.derives;
    for index in table.indexes.iter().filter(|index| derives || !index.is_global()) {
        if let (Some(old), Some(new)) = (old, new)
            && index.is_untouched(old, new)
        {
            continue;
        }
        if index.building && !is_in(state, index.id(), key)? {
            continue;
        }
        let had = match old {
            Some(row) => index.entry(row, key, Slot(0), &mut before)?,
            None => false,
        };
        let has = match new {
            Some(row) => index.entry(row, key, Slot(0), &mut after)?,
            None => false,
        };
        if had && has && before.key == after.key && before.value == after.value {
            continue;
        }
        if had && !(has && before.key == after.key) {
            delete(state, index.id(), &before.key)?;
        }
        if has {
            put(state, index.id(), &after.key, &after.value)?;
        }
    }
    state.scratch.old_entry = before;
    state.scratch.new_entry = after;
    Ok(())
}

/// Whether an index or view under build has come as far as the row of this key (progress B1).
pub(super) fn is_in(state: &mut ShardState, index: u32, key: &[u8]) -> Result<bool> {
    if bug::switched_on(Bug::DeltasBeyondBuild) {
        return Ok(true);
    }
    let mut value = std::mem::take(&mut state.scratch.progress);
    let found = read(state, BUILDS, &progress_key(index), &mut value)?;
    let is_in = found && progress::covers(&value, key)?;
    state.scratch.progress = value;
    Ok(is_in)
}

/// Key of the counter behind a table's ids of one slot.
pub(crate) fn counter_key(table: u32, slot: Slot) -> [u8; 6] {
    let (table, slot) = (table.to_be_bytes(), slot.0.to_be_bytes());
    [table[0], table[1], table[2], table[3], slot[0], slot[1]]
}

/// Keeps the counter above every id of its slot that was ever inserted.
fn count_id(state: &mut ShardState, table: &TableInfo, key: &[u8]) -> Result<()> {
    let mut reader = KeyReader::new(&table.key_shape, key);
    let Value::Integer(id) = reader.next_value()? else { return Ok(()) };
    match u64::try_from(id >> 10) {
        Ok(count) => raise_counter(state, table.id(), Slot::of_id(id), count),
        Err(_) => Ok(()),
    }
}

/// Keeps a slot's counter above `count`, if this shard has the slot.
pub(crate) fn raise_counter(
    state: &mut ShardState,
    table: u32,
    slot: Slot,
    count: u64,
) -> Result<()> {
    if state.catalog.map.shard(slot) != state.number {
        return Ok(());
    }
    // A counter that was never raised is at 1.
    if count == 0 {
        return Ok(());
    }
    let next = (count + 1).to_le_bytes();
    put_above(state, &counter_key(table, slot), &next, |now| count >= now)
}

/// Brings a counter up to a value. One that is higher stays: of two transactions that raise it at
/// once each knows only what it read.
fn raise_counter_to(state: &mut ShardState, counter: &[u8], value: &[u8]) -> Result<()> {
    let to = decode_count(value)?;
    put_above(state, counter, value, |now| now < to)
}

/// Sets a counter that is not there, or of whose value `is_below` says so.
fn put_above(
    state: &mut ShardState,
    counter: &[u8],
    value: &[u8],
    is_below: impl Fn(u64) -> bool,
) -> Result<()> {
    let mut read = Ok(0);
    put_over(state, COUNTERS, (counter, value), |payload| {
        read = match payload {
            Payload::Inline(bytes) => decode_count(bytes),
            Payload::Extent { .. } => Err(Error::corrupt("counter of generated ids")),
        };
        read.as_ref().is_ok_and(|now| is_below(*now))
    })?;
    read.map(drop)
}

/// Reads a counter's value.
pub(crate) fn decode_count(value: &[u8]) -> Result<u64> {
    let bytes: [u8; 8] =
        value.try_into().map_err(|_| Error::corrupt("counter of generated ids"))?;
    Ok(u64::from_le_bytes(bytes))
}

fn drop_tree(state: &mut ShardState, number: u32) -> Result<()> {
    /// Pages freed in one operation, so that it needs a bounded number of them in memory.
    const PAGES: usize = 64;
    let at = open(state, number)?;
    loop {
        let root = &mut state.scratch.trees[at].root;
        let need = tree::pages_needed(*root, 0);
        let done = state.writer.write(need, |store| tree::drop_some(store, root, PAGES))?;
        if done {
            break;
        }
    }
    let tree = &mut state.scratch.trees[at];
    tree.root = Root::EMPTY;
    tree.changed = true;
    Ok(())
}

/// Takes a tree away in constant time, whatever its size: its root goes under another number.
fn detach_tree(state: &mut ShardState, number: u32, key: &[u8]) -> Result<()> {
    let to: [u8; 4] =
        key.try_into().map_err(|_| Error::corrupt("log record detaches a tree to no number"))?;
    let at = open(state, number)?;
    let root = state.scratch.trees[at].root;
    if root.link.is_none() {
        return Ok(());
    }
    let to = open(state, u32::from_le_bytes(to))?;
    if !state.scratch.trees[to].root.link.is_none() {
        return Err(Error::corrupt("log record detaches a tree to the number of another one"));
    }
    for (place, root) in [(at, Root::EMPTY), (to, root)] {
        state.scratch.trees[place].root = root;
        state.scratch.trees[place].changed = true;
    }
    Ok(())
}

/// Frees some pages of a tree that was taken away: as many as are quickly found, at least a few.
fn free_pages(state: &mut ShardState, number: u32) -> Result<()> {
    /// Pages freed in one operation on the tree.
    const PAGES: usize = 64;
    /// Operations on the tree. Each misses at most a handful of pages.
    const STEPS: usize = 16;
    let at = open(state, number)?;
    for _ in 0..STEPS {
        let root = &mut state.scratch.trees[at].root;
        let need = tree::pages_needed(*root, 0);
        if state.writer.write(need, |store| tree::drop_some(store, root, PAGES))? {
            state.scratch.trees[at].root = Root::EMPTY;
            break;
        }
    }
    state.scratch.trees[at].changed = true;
    Ok(())
}

/// Most leaves that one operation moves.
pub(crate) const MOVED_LEAVES: usize = 32;

/// Copies pages at or above a position to where there is room, if there is: leaves from the key's
/// on and the pages above them, and the pages of the key's value. What the tree has stays the same,
/// so a replay, which finds its pages elsewhere, may move others, or none.
fn move_pages(state: &mut ShardState, number: u32, key: &[u8], value: &[u8]) -> Result<()> {
    let from: [u8; 4] =
        value.try_into().map_err(|_| Error::corrupt("log record moves pages from nowhere"))?;
    let from = PageId(u32::from_le_bytes(from));
    if number == FOREST {
        let head = &mut state.head;
        let need = tree::pages_needed(*head, 0) + MOVED_LEAVES;
        if state.writer.has_room(need) {
            state
                .writer
                .write(need, |store| tree::relocate(store, head, key, from, MOVED_LEAVES))?;
        }
        return Ok(());
    }
    let at = open(state, number)?;
    let root = &mut state.scratch.trees[at].root;
    let need = tree::pages_needed(*root, 0) + MOVED_LEAVES;
    if root.link.is_none() || !state.writer.has_room(need) {
        return Ok(());
    }
    let moved =
        state.writer.write(need, |store| tree::relocate(store, root, key, from, MOVED_LEAVES))?;
    let root = *root;
    state.scratch.trees[at].changed |= moved > 0;
    let beyond = state.writer.write(0, |store| {
        Ok(tree::get(store, root, key)?.is_some_and(|payload| payload.lies_beyond(from)))
    })?;
    if beyond {
        let mut moved = Vec::new();
        read(state, number, key, &mut moved)?;
        if state.writer.has_room(scan::need(tree::pages_needed(root, 0), key, &moved)) {
            put(state, number, key, &moved)?;
        }
    }
    Ok(())
}

/// Packs some sparse leaves, if there is room to write them.
fn pack_leaves(state: &mut ShardState, number: u32, key: &[u8]) -> Result<()> {
    let at = open(state, number)?;
    let tree = &mut state.scratch.trees[at];
    let need = tree::pages_needed(tree.root, 0) + tree::PACKED_PAGES;
    if state.writer.has_room(need) {
        let root = &mut tree.root;
        tree.changed |= state.writer.write(need, |store| tree::pack(store, root, key))?;
    }
    Ok(())
}

/// Reads the definitions of the head anew.
pub(crate) fn reload_catalog(state: &mut ShardState) -> Result<()> {
    let at = open(state, DEFINITIONS)?;
    let root = state.scratch.trees[at].root;
    let shards = state.shards;
    let entries = scan::all_entries(state.writer.pager(), state.batch, root)?;
    state.catalog = Arc::new(Catalog::from_entries(&entries, shards)?);
    Ok(())
}
