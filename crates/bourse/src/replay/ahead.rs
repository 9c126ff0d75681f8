//! Pages that a replay will want, loaded before it wants them.
//!
//! Records name the keys that they change, and the inner pages say in which leaf a key lies. So the
//! leaves of many records are known before any of these is applied, and are read in the order of
//! the file, neighbours together. What is loaded is only a guess: a page that the replay does not
//! want in the end, or wants and has not, changes nothing but time.

use bourse_storage::Result;
use bourse_storage::id::Link;
use bourse_storage::store::Stop;
use bourse_storage::tree::{self, Root};

use super::Work;
use crate::record::{OperationKind, RecordView};
use crate::recovery::Opening;
use crate::shard::tree_root;

/// Below so many keys the pages are as well read one by one, as they are missed.
const KEYS_MIN: usize = 16;

/// Most times that pages are loaded for the same keys: more than levels from a forest's root to a
/// tree's leaves, should a small cache lose pages meanwhile.
const ROUNDS_MAX: usize = 16;

/// Loads pages for as much of the work as may need `pages_max` of them, but at least one piece.
/// Returns for how much that is.
///
/// # Errors
/// `Io` when a file cannot be read, `Full` when no frame can be had; `Corrupt` for a record that
/// does not decode. What a page has is judged by who asks for it.
pub(super) fn load(shards: &[Opening], work: &[Work], pages_max: u64) -> Result<usize> {
    let mut wanted: Vec<Vec<(u32, &[u8])>> = shards.iter().map(|_| Vec::new()).collect();
    let (mut keys, mut count) = (0, 0);
    for work in work {
        if count > 0 && keys >= pages_max {
            break;
        }
        count += 1;
        let Work::Record(lsn, bytes) = work else { continue };
        for section in RecordView::new(bytes)?.sections() {
            let at = shards.iter().position(|shard| shard.state.number == section.shard());
            let Some(at) = at.filter(|at| *lsn > shards[*at].state.lsn) else { continue };
            for operation in section.operations() {
                let operation = operation?;
                if changes_a_leaf(operation.kind) {
                    wanted[at].push((operation.tree, operation.key));
                    keys += 1;
                }
            }
        }
    }
    for (shard, wanted) in shards.iter().zip(wanted) {
        if wanted.len() >= KEYS_MIN {
            load_leaves(shard, wanted)?;
        }
    }
    Ok(count)
}

/// Whether an operation changes the entry of its key in its tree.
fn changes_a_leaf(kind: OperationKind) -> bool {
    use OperationKind::{DeleteEntry, DeleteRow, ExpireRow, PutEntry, PutRow};
    matches!(kind, PutRow | DeleteRow | ExpireRow | PutEntry | DeleteEntry)
}

/// Loads the leaves of keys, each with its tree: level by level, since only a page that is there
/// tells which is the next.
fn load_leaves(shard: &Opening, mut wanted: Vec<(u32, &[u8])>) -> Result<()> {
    let mut missed = Vec::new();
    for _ in 0..ROUNDS_MAX {
        missed.clear();
        keep_missing(shard, &mut wanted, &mut missed);
        // What is left then cannot be loaded.
        if missed.is_empty() || shard.pager.load_many(&mut missed)? == 0 {
            break;
        }
    }
    Ok(())
}

/// Keeps the keys of which a page is not in memory on the way to their leaf, and gives the first
/// such page of each. A way that is damaged ends there: whoever applies the change will tell.
fn keep_missing(shard: &Opening, wanted: &mut Vec<(u32, &[u8])>, missed: &mut Vec<Link>) {
    let (pager, state) = (&shard.pager, &shard.state);
    let pin = pager.cache().epochs().pin();
    let source = pager.source(&pin, state.batch);
    let mut known: Option<(u32, Root)> = None;
    let mut first_missing = |tree: u32, key: &[u8]| {
        let root = match known {
            Some((known, root)) if known == tree => root,
            _ => tree_root(&source, state.head, tree)?,
        };
        known = Some((tree, root));
        tree::leaf_of(&source, root, key)
    };
    wanted.retain(|(tree, key)| match first_missing(*tree, key) {
        Err(Stop::Miss(link)) => {
            missed.push(link);
            true
        }
        Err(Stop::Error(_)) | Ok(_) => false,
    });
}
