//! What a result was computed from, and whether it is still the same.
//!
//! For each shard and tree that was read: the root; and for each key or range the leaf that decides
//! it, which is found by a seek. Looked at later, from the cheapest on:
//!
//! | the same | then nothing has changed |
//! |---|---|
//! | the Cut | in the store |
//! | the root of a shard's forest | in the shard |
//! | the root of a tree | in the tree |
//! | the leaf that a seek finds | of what lies between the seek's key and the leaf's far end |
//!
//! The last row is why a range needs one seek only. A seek from its low end lands on the first leaf
//! with an entry from there on: when that is the same leaf as before, nothing has come between the
//! low end and the leaf, and the leaf itself is as it was. It must reach to the range's high end,
//! else it decides nothing; where it does not, the same from the other side. A range that neither
//! decides, and what took more than [`LEAVES_MAX`] leaves of one tree, rests on the tree's root.

use std::ops::Bound;

use bourse_storage::Result;
use bourse_storage::id::{Batch, Link};
use bourse_storage::store::{PageSource, Step};
use bourse_storage::sync::Mutex;
use bourse_storage::tree::{self, Leaf, Root, Seek};

use crate::core::Core;
use crate::reading::{Glance, newest};
use crate::snapshot::{KeyRange, Observation, Snapshot};
use crate::transaction::Transaction;

#[cfg(test)]
use super::planted::{Planted, is_off};

/// Leaves of one tree of a shard that are remembered; beyond that its root decides.
const LEAVES_MAX: usize = 64;

/// How things stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// No tree that was read has changed.
    SameRoots,
    /// Trees have, but not the leaves that were read.
    SamePages,
    /// What was read may have changed.
    Changed,
}

/// What was read.
pub(super) struct Reads {
    /// Version of the definitions.
    version: u64,
    trees: Vec<TreeRead>,
    seen: Mutex<Seen>,
}

/// What was read of one tree of a shard.
struct TreeRead {
    shard: u16,
    tree: u32,
    /// `None` when the root alone decides.
    leaves: Option<Vec<LeafRead>>,
}

/// A leaf, and how it is found.
struct LeafRead {
    key: Bound<Vec<u8>>,
    side: Side,
    leaf: Link,
}

/// From which end of a range a leaf was sought.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Low,
    High,
}

/// The newest state in which all of it was found to be the same.
#[derive(Clone)]
struct Seen {
    batch: Batch,
    /// Of each tree's shard, the root of the forest; and of the tree.
    roots: Vec<(Link, Link)>,
}

impl LeafRead {
    fn seek(&self) -> Seek<'_> {
        match (self.side, &self.key) {
            (Side::Low, Bound::Unbounded) => Seek::First,
            (Side::Low, Bound::Included(key)) => Seek::AtLeast(key),
            (Side::Low, Bound::Excluded(key)) => Seek::After(key),
            (Side::High, Bound::Unbounded) => Seek::Last,
            (Side::High, Bound::Included(key)) => Seek::AtMost(key),
            (Side::High, Bound::Excluded(key)) => Seek::Before(key),
        }
    }

    /// The leaf that decides a range, if one does.
    fn of_range<S: PageSource>(source: &S, root: Root, range: &KeyRange) -> Step<Option<LeafRead>> {
        for (side, key) in [(Side::Low, &range.lower), (Side::High, &range.upper)] {
            let mut read = LeafRead { key: key.clone(), side, leaf: Link::NONE };
            let found = tree::leaf(source, root, read.seek())?.map(|(link, _)| link);
            let Some(link) = found else { return Ok(Some(read)) };
            read.leaf = link;
            let leaf = Leaf::new(source.page(link)?);
            let decides = match side {
                Side::Low => !leaf.upper_fence().is_some_and(|fence| range.ends_after(fence)),
                Side::High => {
                    let fence = leaf.lower_fence();
                    fence.is_empty() || !range.begins_below(fence)
                }
            };
            if decides {
                return Ok(Some(read));
            }
        }
        Ok(None)
    }
}

/// The keys that an observation is about.
fn range_of(observation: Observation) -> Option<(u16, u32, KeyRange)> {
    match observation {
        Observation::Point { shard, tree, key } | Observation::Presence { shard, tree, key } => {
            let (lower, upper) = (Bound::Included(key.to_vec()), Bound::Included(key.to_vec()));
            Some((shard, tree, KeyRange { lower, upper }))
        }
        Observation::Range { shard, tree, range, .. } => Some((shard, tree, range)),
        // How far the build of an index has come is no page.
        Observation::Build { .. } => None,
    }
}

impl Reads {
    /// What a computation over a Cut has read; none where that cannot be told.
    pub(super) fn of(
        transaction: &Transaction<'_>,
        observations: Vec<Observation>,
    ) -> Result<Option<Reads>> {
        let mut reads = Reads {
            version: transaction.catalog().version,
            trees: Vec::new(),
            seen: Mutex::new(Seen { batch: transaction.newest_read(), roots: Vec::new() }),
        };
        let mut roots: Vec<(Link, Link)> = Vec::new();
        for observation in observations {
            let Some((shard, tree, range)) = range_of(observation) else { return Ok(None) };
            let forest = transaction.forest(shard)?;
            let mut trees = reads.trees.iter_mut();
            let at = match trees.position(|read| (read.shard, read.tree) == (shard, tree)) {
                Some(at) => at,
                None => {
                    let root = transaction
                        .read(shard, |source| transaction.tree_root(source, shard, forest, tree))?;
                    reads.trees.push(TreeRead { shard, tree, leaves: Some(Vec::new()) });
                    roots.push((forest.link, root.link));
                    reads.trees.len() - 1
                }
            };
            let Some(leaves) = &mut reads.trees[at].leaves else { continue };
            let read = transaction.read(shard, |source| {
                let root = transaction.tree_root(source, shard, forest, tree)?;
                LeafRead::of_range(source, root, &range)
            })?;
            match read {
                Some(read) if leaves.len() < LEAVES_MAX => leaves.push(read),
                _ => reads.trees[at].leaves = None,
            }
        }
        reads.seen.lock().roots = roots;
        Ok(Some(reads))
    }

    /// How things stand in the newest published Cut (G1).
    pub(super) fn standing(&self, core: &Core) -> Result<Standing> {
        let seen = self.seen.lock().clone();
        let (standing, now) = newest(core, |glance| self.compare(glance, &seen))?;
        if standing != Standing::Changed {
            let mut newest = self.seen.lock();
            // Another thread may have looked at a newer one meanwhile.
            if newest.batch < now.batch {
                *newest = now;
            }
        }
        Ok(standing)
    }

    fn compare(&self, glance: &Glance<'_>, seen: &Seen) -> Result<(Standing, Seen)> {
        let mut now = Seen { batch: glance.cut().batch, roots: seen.roots.clone() };
        if seen.batch == now.batch {
            return Ok((Standing::SameRoots, now));
        }
        if glance.catalog().version != self.version {
            return Ok((Standing::Changed, now));
        }
        let mut standing = Standing::SameRoots;
        for (read, roots) in self.trees.iter().zip(&mut now.roots) {
            let forest = glance.forest(read.shard)?;
            if forest.link == roots.0 {
                continue;
            }
            roots.0 = forest.link;
            let root = glance.read(read.shard, |source| {
                glance.tree_root(source, read.shard, forest, read.tree)
            })?;
            if root.link == roots.1 {
                continue;
            }
            roots.1 = root.link;
            let Some(leaves) = &read.leaves else { return Ok((Standing::Changed, now)) };
            #[cfg(test)]
            if is_off(Planted::LeavesNotCompared) {
                continue;
            }
            for leaf in leaves {
                let found = glance.read(read.shard, |source| {
                    Ok(tree::leaf(source, root, leaf.seek())?.map(|(link, _)| link))
                })?;
                if found.unwrap_or(Link::NONE) != leaf.leaf {
                    return Ok((Standing::Changed, now));
                }
            }
            standing = Standing::SamePages;
        }
        Ok((standing, now))
    }

    /// Bytes that it takes, about.
    pub(super) fn bytes(&self) -> usize {
        let of_leaf = |leaf: &LeafRead| {
            let key = match &leaf.key {
                Bound::Included(key) | Bound::Excluded(key) => key.len(),
                Bound::Unbounded => 0,
            };
            size_of::<LeafRead>() + key
        };
        let of_tree = |read: &TreeRead| {
            let leaves = read.leaves.iter().flatten().map(of_leaf).sum::<usize>();
            size_of::<TreeRead>() + size_of::<(Link, Link)>() + leaves
        };
        self.trees.iter().map(of_tree).sum()
    }
}
