//! A shard: a complete little store of its own, with its file, trees, definitions and locks.
//!
//! Its trees hang off one *forest*: a tree of trees, whose keys are tree numbers and whose values
//! are roots. Its root is the shard's part of a Cut.
//!
//! | tree | key | value |
//! |---|---|---|
//! | [`DEFINITIONS`] | kind, id | encoded definition (see [`crate::catalog`]) |
//! | [`COUNTERS`] | table, slot | next count for generated ids |
//! | [`BUILDS`] | index | how far its build has come (see [`progress`]) |
//! | [`FEEDS`] | feed, in the shard of its number's hash | position (see [`crate::feed`]) |
//! | a table's | encoded primary key | row |
//! | an index's | encoded entry key | primary key where unique, included columns |
//! | a view's, of states | key of a group | state (see [`crate::view`]) |
//! | a view's, of multisets | key of a group, multiset, value | count |
//! | a table's forwarding tree | encoded primary key | slot of the row |
//! | from [`DETACHED`] on | of a tree that was taken away | whose pages are freed by and by |

use std::sync::Arc;

use bourse_storage::combine::Combiner;
use bourse_storage::id::{Batch, Lsn};
use bourse_storage::pager::{Pager, Writer};
use bourse_storage::store::{PageSource, Step};
use bourse_storage::sync::Mutex;
use bourse_storage::tree::{self, Payload, Root};
use bourse_storage::{Error, Result};

use crate::bulk::Load;
use crate::catalog::Catalog;
use crate::checkpoint::Needed;
use crate::compact::Tidying;
use crate::transaction::locks::RowLocks;

pub(crate) mod apply;
mod build;
pub(crate) mod map;
pub(crate) mod progress;
pub(crate) mod roots;
pub(crate) mod statistics;
mod views;

pub(crate) use build::Prepared;

/// What the forest itself is called where a tree's number is asked for.
pub(crate) const FOREST: u32 = 0;
/// Tree of the definitions, the same in every shard.
pub(crate) const DEFINITIONS: u32 = 1;
/// Tree of the counters behind generated ids.
pub(crate) const COUNTERS: u32 = 2;
/// Tree of the progress of index builds.
pub(crate) const BUILDS: u32 = 3;
/// Tree of the positions of feeds.
pub(crate) const FEEDS: u32 = 4;
/// The first number that tables and indexes get.
pub(crate) const FIRST_OBJECT: u32 = 16;

/// From this number on come trees that were taken away whole and whose pages are not yet free.
pub(crate) const DETACHED: u32 = 1 << 31;

/// A shard, as the store holds it.
pub(crate) struct Shard {
    /// Its pages, for readers.
    pub(crate) pager: Arc<Pager>,
    /// Its head, behind the shard's mutex.
    pub(crate) state: Combiner<ShardState>,
    /// Held by who writes the shard's checkpoint; what its generations need of the log.
    pub(crate) checkpointing: Mutex<Needed>,
    /// How far giving space back has come.
    pub(crate) tidying: Mutex<Tidying>,
}

/// What the shard's mutex guards.
pub(crate) struct ShardState {
    /// Which shard this is.
    pub(crate) number: u16,
    /// How many shards the store has.
    pub(crate) shards: u16,
    /// Its pages, to change.
    pub(crate) writer: Writer,
    /// Root of the forest with all applied records: the head.
    pub(crate) head: Root,
    /// Roots that the head's forest has.
    pub(crate) roots: roots::HeadRoots,
    /// Batch of the last applied record.
    pub(crate) batch: Batch,
    /// The last applied record.
    pub(crate) lsn: Lsn,
    /// Definitions as of the head.
    pub(crate) catalog: Arc<Catalog>,
    /// Bulk loads under way.
    pub(crate) loads: Vec<Load>,
    /// What a build has prepared, while its record is applied.
    pub(crate) prepared: Option<Prepared>,
    /// Row locks held in this shard.
    pub(crate) locks: RowLocks,
    /// Whether applies derive what crosses shards instead of taking it from the record: never,
    /// unless the simulator wants that bug.
    pub(crate) derives: bool,
    /// Memory that applies use again and again.
    pub(crate) scratch: apply::Scratch,
}

/// How many threads share work on shards that often waits for the disk: twice as many as can run,
/// so that others go on meanwhile.
pub(crate) fn workers(shards: usize) -> usize {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (2 * threads).clamp(2, 8).min(shards)
}

/// Root of a tree of a shard.
///
/// # Errors
/// [`bourse_storage::store::Stop`] as the forest's pages give it.
pub(crate) fn tree_root<S: PageSource>(source: &S, forest: Root, tree: u32) -> Step<Root> {
    match tree::get(source, forest, &tree.to_be_bytes())? {
        Some(Payload::Inline(bytes)) => Ok(decode_root(bytes)?),
        Some(Payload::Extent { .. }) => Err(Error::corrupt("a root is no extent").into()),
        None => Ok(Root::EMPTY),
    }
}

fn decode_root(bytes: &[u8]) -> Result<Root> {
    let bytes: &[u8; Root::SIZE] =
        bytes.try_into().map_err(|_| Error::corrupt("a root in the forest is cut short"))?;
    Root::decode(bytes)
}
