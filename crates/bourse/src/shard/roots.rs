//! Roots of trees that this thread has found before, so that it need not go through the forest
//! again.
//!
//! Every read of a key begins with two or three steps through a shard's forest, only to learn where
//! the table's tree begins; a scan of an index does that for each shard. In a sealed Cut the
//! forest's root page names all of it exactly: sealed pages never change, and the identity of a
//! page (page id and birth) is given once. So what was found under a root is right wherever that
//! root is met again, and nothing ever has to be taken out of this table. A commit in the shard
//! makes a new root, and the next read there looks anew.
//!
//! Heads are not sealed: a page of the open batch changes where it is, so
//! [`Snapshot::is_sealed`](crate::snapshot::Snapshot::is_sealed) decides who may ask. Whoever has a
//! shard's mutex has the roots of its head instead, [`HeadRoots`]: applying is all that changes
//! them, and says so there.

use std::cell::Cell;

use bourse_storage::id::Link;
use bourse_storage::store::{PageSource, Step};
use bourse_storage::tree::Root;

use super::tree_root;

/// Roots of trees of a shard's head, as far as anybody has asked for them. Each of them is the one
/// that the forest of the head has: what changes that writes it here, too.
///
/// Sorted by trees. Where there are too many, those of trees that were dropped among them, all are
/// looked for anew.
#[derive(Default)]
pub(crate) struct HeadRoots(Vec<(u32, Root)>);

/// Roots that a shard keeps at hand.
const KEPT: usize = 1024;

impl HeadRoots {
    /// The root of a tree, looked for in the forest of the head only the first time.
    ///
    /// # Errors
    /// As [`tree_root`].
    #[inline]
    pub(crate) fn of<S: PageSource>(&mut self, source: &S, head: Root, tree: u32) -> Step<Root> {
        match self.known(tree) {
            Some(root) => Ok(root),
            None => {
                let root = tree_root(source, head, tree)?;
                self.set(tree, root);
                Ok(root)
            }
        }
    }

    /// The root of a tree, if it is known.
    #[inline]
    pub(crate) fn known(&self, tree: u32) -> Option<Root> {
        self.position(tree).ok().map(|at| self.0[at].1)
    }

    fn position(&self, tree: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&tree, |(number, _)| *number)
    }

    /// The forest has another root for a tree from now on.
    pub(crate) fn set(&mut self, tree: u32, root: Root) {
        match self.position(tree) {
            Ok(at) => self.0[at].1 = root,
            Err(_) if self.0.len() >= KEPT => self.0 = vec![(tree, root)],
            Err(at) => self.0.insert(at, (tree, root)),
        }
    }
}

/// Roots that a thread remembers: 16 shards times the trees of a dozen tables and indexes.
const KNOWN: usize = 256;

/// A root, and under which forest of which store it was found.
#[derive(Clone, Copy)]
struct Known {
    /// The store's epochs' instance; 0 for an entry that was never used.
    store: u64,
    forest: Link,
    tree: u32,
    shard: u16,
    root: Root,
}

const NOTHING: Known = Known { store: 0, forest: Link::NONE, tree: 0, shard: 0, root: Root::EMPTY };

thread_local! {
    static ROOTS: [Cell<Known>; KNOWN] = const { [const { Cell::new(NOTHING) }; KNOWN] };
}

/// As [`tree_root`], of a forest that is part of a sealed Cut of the store with that instance.
///
/// # Errors
/// As [`tree_root`].
pub(crate) fn sealed_tree_root<S: PageSource>(
    store: u64,
    shard: u16,
    source: &S,
    forest: Root,
    tree: u32,
) -> Step<Root> {
    let place = (tree as usize).wrapping_mul(31).wrapping_add(usize::from(shard)) % KNOWN;
    let known = ROOTS.with(|roots| roots[place].get());
    if known.forest == forest.link
        && known.tree == tree
        && known.shard == shard
        && known.store == store
    {
        return Ok(known.root);
    }
    let root = tree_root(source, forest, tree)?;
    ROOTS.with(|roots| roots[place].set(Known { store, forest: forest.link, tree, shard, root }));
    Ok(root)
}

#[cfg(test)]
mod tests {
    use bourse_storage::id::PageId;

    use super::*;

    /// What is known of a tree is what was said last, however many there are; of some nothing is.
    #[test]
    fn what_is_known_is_what_was_said_last() {
        let root = |page: u32| {
            let link = Link { page: PageId(page), birth: page };
            Root { link, height: 1, count: u64::from(page) }
        };
        let mut roots = HeadRoots::default();
        for page in 0..10_000 {
            let tree = page % 3_000;
            roots.set(tree, root(page));
            assert_eq!(roots.known(tree), Some(root(page)));
            let before = roots.known(tree.wrapping_sub(1));
            assert!(before.is_none_or(|before| before == root(page - 1)), "{page}");
            assert!(roots.0.len() <= KEPT, "{page}");
        }
    }
}
