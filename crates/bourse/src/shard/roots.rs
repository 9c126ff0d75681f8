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
#[derive(Default)]
pub(crate) struct HeadRoots(Vec<(u32, Root)>);

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
                self.0.push((tree, root));
                Ok(root)
            }
        }
    }

    /// The root of a tree, if it is known.
    #[inline]
    pub(crate) fn known(&self, tree: u32) -> Option<Root> {
        self.0.iter().find(|(number, _)| *number == tree).map(|(_, root)| *root)
    }

    /// The forest has another root for a tree from now on.
    pub(crate) fn set(&mut self, tree: u32, root: Root) {
        match self.0.iter_mut().find(|(number, _)| *number == tree) {
            Some((_, known)) => *known = root,
            None => self.0.push((tree, root)),
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
