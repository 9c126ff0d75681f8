//! Moving pages of a tree away from the end of the file, in bounded steps.
//!
//! A page moves by being copied on write, as if it had been changed: the tree has the same entries
//! in the same pages afterwards, at other positions. So Cuts, crashes and replays see nothing new.
//!
//! [`pages_from`] finds the next pages at or above a position, without reading leaves that stay;
//! [`relocate`] moves those under one parent. Large values are found by [`value_from`], which reads
//! every leaf, and move when the same value is written again.

use super::edit::NodeMut;
use super::node::{Child, Node};
use super::search::{leaf_of, page_at, suffix_in};
use super::{MAX_HEIGHT, Root};
use crate::id::{Link, PageId};
use crate::store::{PageSource, PageStore, Step, Stop};

/// Parents of leaves that one call looks at.
const PARENTS_MAX: usize = 64;
/// Leaves that one call looks at.
const LEAVES_MAX: usize = 32;

/// How far a search came.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Search {
    /// The key where there is something to move.
    pub at: Option<Vec<u8>>,
    /// Where to go on after that; nothing at the end of the tree.
    pub next: Option<Vec<u8>>,
}

/// The way from the root to a parent of leaves.
pub(super) struct Way<'s> {
    /// By level, the page and the entry followed; entry 0 is not used.
    pub(super) steps: [(Link, usize); MAX_HEIGHT as usize],
    pub(super) parent: Node<'s>,
    /// The entry of the parent for the child whose range holds the key.
    pub(super) at: usize,
}

impl<'s> Way<'s> {
    /// The way to the parent of the leaf whose range holds `key`. The root is not a leaf.
    pub(super) fn to<S: PageSource + ?Sized>(
        source: &'s S,
        root: Root,
        key: &[u8],
    ) -> Step<Way<'s>> {
        let mut steps = [(Link::NONE, 0); MAX_HEIGHT as usize];
        let mut link = root.link;
        let mut level = root.height - 1;
        loop {
            let node = Node::new(page_at(source, link, level)?);
            let at = node.child_holding(suffix_in(node, link, key)?);
            steps[usize::from(level)] = (link, at);
            if level == 1 {
                return Ok(Way { steps, parent: node, at });
            }
            link = node.child(at).link;
            level -= 1;
        }
    }

    /// The lowest level on the way with a page at or above `from`.
    fn lowest_from(&self, root: Root, from: PageId) -> Option<u8> {
        (1..root.height).find(|level| self.steps[usize::from(*level)].0.page >= from)
    }

    /// The parent's children from the key's on that lie at or above `from`.
    fn children_from(&self, from: PageId) -> impl Iterator<Item = (usize, Link)> {
        let parent = self.parent;
        let children = (self.at..parent.count()).map(move |at| (at, parent.child(at).link));
        children.filter(move |(_, link)| link.page >= from)
    }

    /// The least key in the range of a child that is not the first.
    pub(super) fn key_of(&self, at: usize) -> Vec<u8> {
        [self.parent.prefix(), self.parent.suffix(at)].concat()
    }
}

/// Finds the next pages at or above `from`, in the order of keys from `key` on, and says where the
/// search goes on when at most `most` leaves of them have been moved. These leaves are in memory
/// then.
///
/// # Errors
/// Those of reading.
pub fn pages_from<S: PageSource + ?Sized>(
    source: &S,
    root: Root,
    key: &[u8],
    from: PageId,
    most: usize,
) -> Step<Search> {
    if root.link.is_none() {
        return Ok(Search::default());
    }
    if root.height == 1 {
        page_at(source, root.link, 0)?;
        let at = (root.link.page >= from).then(|| key.to_vec());
        return Ok(Search { at, next: None });
    }
    let mut key = key.to_vec();
    for _ in 0..PARENTS_MAX {
        let way = Way::to(source, root, &key)?;
        let beyond = way.parent.upper_fence().map(<[u8]>::to_vec);
        let mut leaves = way.children_from(from).peekable();
        let first = leaves.peek().map(|(at, _)| *at);
        if first.is_some() || way.lowest_from(root, from).is_some() {
            let mut next = beyond;
            for (count, (at, link)) in leaves.enumerate() {
                if count == most {
                    next = Some(way.key_of(at));
                    break;
                }
                page_at(source, link, 0)?;
            }
            let at = first.filter(|at| *at > way.at).map_or(key, |at| way.key_of(at));
            return Ok(Search { at: Some(at), next });
        }
        match beyond {
            Some(beyond) => key = beyond,
            None => return Ok(Search::default()),
        }
    }
    Ok(Search { at: None, next: Some(key) })
}

/// Copies pages that lie at or above `from` to positions that the store chooses: at most `most`
/// leaves under the parent of the leaf whose range holds `key`, from that leaf on, and the pages
/// above them. Leaves after the first that are not in memory stay. Returns how many pages were to
/// move.
///
/// Allocates at most `most` pages and one a level.
///
/// # Errors
/// Those of reading. Nothing was changed then.
pub fn relocate<S: PageStore>(
    store: &mut S,
    root: &mut Root,
    key: &[u8],
    from: PageId,
    most: usize,
) -> Step<usize> {
    if root.link.is_none() {
        return Ok(0);
    }
    if root.height == 1 {
        page_at(store, root.link, 0)?;
        let moves = root.link.page >= from;
        if moves {
            root.link = store.writable(root.link);
        }
        return Ok(usize::from(moves));
    }
    let way = Way::to(store, *root, key)?;
    let mut leaves = Vec::new();
    for (at, link) in way.children_from(from).take(most) {
        match page_at(store, link, 0) {
            Ok(_) => leaves.push((at, link, way.parent.child(at).count)),
            Err(Stop::Miss(_)) if !leaves.is_empty() => break,
            Err(stop) => return Err(stop),
        }
    }
    let bottom = if leaves.is_empty() { way.lowest_from(*root, from) } else { Some(1) };
    let Some(bottom) = bottom else { return Ok(0) };
    let high = (1..root.height).filter(|level| way.steps[usize::from(*level)].0.page >= from);
    let moved = leaves.len() + high.count();
    let steps = way.steps;
    // I5: nothing below can fail.
    let mut below = None;
    for level in bottom..root.height {
        let (link, at) = steps[usize::from(level)];
        let link = store.writable(link);
        if level == 1 {
            for (at, leaf, count) in leaves.drain(..) {
                let child = Child { link: store.writable(leaf), count };
                NodeMut::new(store.page_mut(link)).set_child(at, child);
            }
        }
        if let Some(moved) = below {
            let mut node = NodeMut::new(store.page_mut(link));
            let count = node.node().child(at).count;
            node.set_child(at, Child { link: moved, count });
        }
        below = Some(link);
    }
    root.link = below.unwrap_or(root.link);
    Ok(moved)
}

/// Finds the next value that lies in pages of its own of which some are at or above `from`, in the
/// order of keys from `key` on. Reads every leaf up to there.
///
/// # Errors
/// Those of reading.
pub fn value_from<S: PageSource + ?Sized>(
    source: &S,
    root: Root,
    key: &[u8],
    from: PageId,
) -> Step<Search> {
    let mut key = key.to_vec();
    for _ in 0..LEAVES_MAX {
        let Some(link) = leaf_of(source, root, &key)? else { return Ok(Search::default()) };
        let node = Node::new(page_at(source, link, 0)?);
        let (start, _) = node.lower_bound(suffix_in(node, link, &key)?);
        let found = (start..node.count()).find(|at| node.payload(*at).lies_beyond(from));
        if let Some(at) = found {
            let at = [node.prefix(), node.suffix(at)].concat();
            let next = [&at[..], &[0]].concat();
            return Ok(Search { at: Some(at), next: Some(next) });
        }
        match node.upper_fence() {
            Some(fence) => key = fence.to_vec(),
            None => return Ok(Search::default()),
        }
    }
    Ok(Search { at: None, next: Some(key) })
}
