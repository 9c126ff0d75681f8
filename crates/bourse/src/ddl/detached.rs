//! Freeing the pages of trees that were taken away.
//!
//! Dropping or emptying a table changes one entry of each shard's forest, whatever the size of the
//! tree: the root goes under a number from [`DETACHED`] on, where no definition looks. Its pages
//! are freed afterwards in records of their own, a bounded number in each, under the mutex of one
//! shard for each; so nobody waits long. How many pages one of them frees depends on what is in
//! memory, so a replay may leave some of the tree to be freed; nothing that anybody can read
//! depends on it.
//!
//! Whoever changed the definitions frees what he took away before his call returns; a store that
//! was closed or crashed meanwhile goes on when it is opened, or after the next such change.

use bourse_storage::id::Batch;
use bourse_storage::{Result, sync};

use crate::commit;
use crate::core::Core;
use crate::record::{OperationKind, Record};
use crate::scan;
use crate::shard::{DETACHED, ShardState, tree_root};

/// Frees all pages of trees that were taken away.
///
/// # Errors
/// `Full` where there is no space to free in; the disk's, and the store stops.
pub(crate) fn free_detached(core: &Core) -> Result<()> {
    for shard in &core.shards {
        let trees = detached(&shard.state.lock())?;
        for tree in trees {
            loop {
                let freed = free_some(core, &mut shard.state.lock(), tree)?;
                let Some(batch) = freed else { break };
                core.settle(batch)?;
            }
        }
    }
    Ok(())
}

/// Numbers of the trees of a shard that were taken away.
fn detached(state: &ShardState) -> Result<Vec<u32>> {
    let forest = scan::all_entries(state.writer.pager(), state.batch, state.head)?;
    let numbers = forest.iter().filter_map(|(key, _)| key.as_slice().try_into().ok());
    Ok(numbers.map(u32::from_be_bytes).filter(|number| *number >= DETACHED).collect())
}

/// Frees some pages of a tree, in a record of its own. Nothing when there is no more of it.
fn free_some(core: &Core, state: &mut ShardState, tree: u32) -> Result<Option<Batch>> {
    /// Pages of a way from the root to a leaf, in the tree and the forest, and a margin.
    const PAGES: usize = 64;
    core.check_writable()?;
    state.writer.reclaim(core.publisher.published_batch());
    let head = state.head;
    let root = state.writer.pager().read(state.batch, |source| tree_root(source, head, tree))?;
    if root.link.is_none() {
        return Ok(None);
    }
    state.writer.reserve(PAGES, true)?;
    let mut record = Record::new(state.catalog.version, sync::wall_clock_us());
    record.push(state.number, OperationKind::FreePages, tree, &[], &[])?;
    let bytes = record.encode()?;
    commit::append_and_apply(core, &mut [state], &bytes, None).map(Some)
}
