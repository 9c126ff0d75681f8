//! Building indexes and views inside of apply: a chunk of an online build, or a whole one at once.

use std::sync::Arc;

use bourse_storage::pager::Aside;
use bourse_storage::tree::Root;
use bourse_storage::{Error, Result};

use super::apply::{attach, delete, open, put, read, tree_of};
use super::map::Slot;
use super::progress::{Progress, progress_key};
use super::views::{build_rows, build_view_of};
use super::{BUILDS, ShardState};
use crate::catalog::TableInfo;
use crate::index::{Entry, IndexInfo};
use crate::pairs::Pairs;
use crate::record::Chunk;
use crate::scan::{self, Leaves};

/// An index or a view of all rows of the shard, built aside for the chunk that is about to be
/// applied. Where the chunk is applied anew, in recovery or by a replica, there is none, and its
/// trees are built then.
pub(crate) struct Prepared {
    /// Number of the index or view.
    pub(crate) object: u32,
    /// The pages.
    pub(crate) aside: Aside,
    /// The trees with their numbers.
    pub(crate) trees: Vec<(u32, Root)>,
}

/// Puts the rows of this shard between the progress and the chunk's end into the index or view of
/// that number, and moves the progress on. The entries of a global index are written out in the
/// sections of their own shards.
pub(super) fn build_chunk(
    state: &mut ShardState,
    number: u32,
    to: &[u8],
    chunk: &[u8],
) -> Result<()> {
    let chunk = Chunk::decode(chunk)?;
    let catalog = Arc::clone(&state.catalog);
    let table = catalog.table(chunk.table)?;
    let mut value = Vec::new();
    let before = match read(state, BUILDS, &progress_key(number), &mut value)? {
        true => Progress::decode(&value)?,
        false => Progress::default(),
    };
    let through = (!chunk.whole).then(|| to.to_vec());
    let rows = before.rows + u64::from(chunk.rows);
    let after = Progress { whole: chunk.whole, rows, through };
    let at_once = chunk.whole && before == Progress::default();
    if let Some(prepared) = state.prepared.take_if(|prepared| prepared.object == number) {
        assert!(at_once, "what was prepared is of all rows");
        state.writer.attach(prepared.aside);
        for (tree, root) in prepared.trees {
            attach(state, tree, root)?;
        }
    } else if let Some(view) = table.views.iter().find(|view| view.id() == number) {
        // What a chunk means to groups of other shards stands in their sections.
        if !view.is_written_out() {
            match at_once {
                true => build_view_of(state, table, view)?,
                false => build_rows(state, table, view, &before, &after)?,
            }
        }
    } else {
        let index = index_of(table, number)?;
        if !index.is_global() {
            let entries = entries_between(state, table, index, &before, &after)?;
            if at_once {
                let root = scan::build_tree(&mut state.writer, None, &entries)?;
                attach(state, number, root)?;
            } else {
                entries.iter().try_for_each(|(key, value)| put(state, number, key, value))?;
            }
        }
    }
    put(state, BUILDS, &progress_key(number), &after.encode())
}

/// The entries, in order, of this shard's rows that `after` has and `before` has not.
fn entries_between(
    state: &mut ShardState,
    table: &TableInfo,
    index: &IndexInfo,
    before: &Progress,
    after: &Progress,
) -> Result<Pairs> {
    let mut entries = Pairs::default();
    let mut entry = Entry::default();
    let root = tree_of(state, table.id())?;
    let mut leaves = Leaves::from(root, before.through.as_deref());
    let mut ended = before.whole;
    while !ended && let Some(leaf) = leaves.next_leaf(state.writer.pager(), state.batch)? {
        leaf.each(state.writer.pager(), state.batch, |key, row| {
            ended |= !after.covers(key);
            if !ended
                && !before.covers(key)
                && index.entry(&table.layout.row(row)?, key, Slot(0), &mut entry)?
            {
                entries.push(&entry.key, &entry.value)?;
            }
            Ok(())
        })?;
    }
    entries.sort();
    Ok(entries)
}

/// The index is built, or given up: its progress is no more.
pub(super) fn end_build(state: &mut ShardState, number: u32) -> Result<()> {
    open(state, BUILDS)?;
    delete(state, BUILDS, &progress_key(number))
}

/// Builds a local index from the rows of this shard. `key` names the table. Alterations have this
/// of indexes whose entries get other bytes, and logs of earlier versions of every new index.
pub(super) fn build_index(state: &mut ShardState, number: u32, key: &[u8]) -> Result<()> {
    let table: [u8; 4] =
        key.try_into().map_err(|_| Error::corrupt("log record builds the index of no table"))?;
    let catalog = Arc::clone(&state.catalog);
    let table = catalog.table(u32::from_le_bytes(table))?;
    let index = index_of(table, number)?;
    let whole = Progress { whole: true, ..Progress::default() };
    let entries = entries_between(state, table, index, &Progress::default(), &whole)?;
    let root = scan::build_tree(&mut state.writer, None, &entries)?;
    attach(state, number, root)
}

fn index_of(table: &TableInfo, number: u32) -> Result<&IndexInfo> {
    let mut indexes = table.indexes.iter();
    indexes
        .find(|index| index.id() == number)
        .ok_or_else(|| Error::corrupt("log record builds an index that is not defined"))
}
