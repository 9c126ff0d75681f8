//! Removing an entry, and merging pages that have become too empty.
//!
//! A page under [`MERGE_BELOW`] takes in, or is taken in by, a sibling under the same parent if
//! both fit in one page with some air left. Which pages will be merged is decided first, while
//! nothing is changed, because the siblings must be in memory (I5).

use super::edit::{Fences, NodeMut, build};
use super::node::{Child, INNER_FIXED, Item, Node, SLOT_SIZE, SLOTS_AT, common_bytes};
use super::search::{Counting, Path, page_at, suffix_in};
use super::split::child_of;
use super::{MAX_KEY_BYTES, Payload, Root};
use crate::id::{Link, PAGE_SIZE};
use crate::store::{PageSource, PageStore, Step};

/// Bytes in use, of [`PAGE_SIZE`], below which a page looks for a sibling: 40 %.
const MERGE_BELOW: usize = PAGE_SIZE * 2 / 5;

/// Bytes that a merged page may use, so that the next insert does not divide it again. A page
/// without entries is merged wherever it fits at all.
const MERGED_MOST: usize = PAGE_SIZE * 7 / 8;

/// A decision to merge the page of one level with a sibling, and both pages' bytes: the page on
/// the right is not copied by the store, and so it is not read again.
struct Merge {
    sibling: Link,
    sibling_is_left: bool,
    own: Box<[u8; PAGE_SIZE]>,
    other: Box<[u8; PAGE_SIZE]>,
}

/// What is to be changed in one page.
#[derive(Clone, Copy)]
enum Edit {
    /// Remove a leaf entry.
    Entry(usize),
    /// Bring the entry for a child up to date.
    Child(Below),
}

/// What became of the page below, where its parent's entry for it is `index`.
#[derive(Clone, Copy)]
struct Below {
    index: usize,
    link: Link,
    /// The exact count, where the page took in its neighbour, whose entry is the next one.
    merged_count: Option<u64>,
}

impl Edit {
    /// The entry to give other bytes, and these.
    fn replaced(self, node: Node<'_>) -> Option<(usize, [u8; INNER_FIXED])> {
        let Edit::Child(below) = self else { return None };
        let count = below.merged_count.unwrap_or_else(|| node.child(below.index).count - 1);
        Some((below.index, Child { link: below.link, count }.encode()))
    }

    /// The entry to remove.
    fn removed(self) -> Option<usize> {
        match self {
            Edit::Entry(at) => Some(at),
            Edit::Child(below) => below.merged_count.map(|_| below.index + 1),
        }
    }
}

/// Removes a key, and says whether it existed. An extent that held its value is freed.
///
/// Allocates at most one page a level. `key` is at most [`MAX_KEY_BYTES`] long.
///
/// # Errors
/// Those of reading. Nothing was changed then.
pub fn delete<S: PageStore>(store: &mut S, root: &mut Root, key: &[u8]) -> Step<bool> {
    assert!(key.len() <= MAX_KEY_BYTES);
    if root.link.is_none() {
        return Ok(false);
    }
    let (path, leaf) = Path::to(store, *root, key)?;
    let (link, _) = path.step(0);
    let node = Node::new(leaf);
    let (at, found) = node.lower_bound(suffix_in(node, link, key)?);
    if !found {
        return Ok(false);
    }
    path.can_count(Counting::Out)?;
    let payload = node.payload(at);
    let old_extent = match payload {
        Payload::Extent { first, bytes } => Some((first, bytes)),
        Payload::Inline(_) => None,
    };
    let last_one = root.height == 1 && node.count() == 1;
    let merges = plan(store, *root, &path, at)?;
    // I5: nothing below can fail.
    if last_one {
        store.free(link);
        *root = Root::EMPTY;
    } else {
        root.count -= 1;
        climb(store, root, &path, at, &merges);
        lower(store, root);
    }
    if let Some((first, bytes)) = old_extent {
        store.free_extent(first, bytes);
    }
    Ok(true)
}

/// Decides which levels merge, from the leaves up. One that does not ends it.
fn plan<S: PageSource>(store: &S, root: Root, path: &Path, at: usize) -> Step<Vec<Merge>> {
    let mut merges = Vec::new();
    let mut removed = at;
    for level in 0..root.height.saturating_sub(1) {
        let node = Node::new(page_at(store, path.step(level).0, level)?);
        let used = used_bytes(node) - SLOT_SIZE - node.entry_bytes(removed);
        if used >= MERGE_BELOW {
            break;
        }
        let most = if node.count() == 1 { PAGE_SIZE } else { MERGED_MOST };
        let (parent_link, place) = path.step(level + 1);
        let parent = Node::new(page_at(store, parent_link, level + 1)?);
        let right = (place + 1 < parent.count()).then_some((place + 1, false));
        let left = place.checked_sub(1).map(|place| (place, true));
        let mut chosen = None;
        for (index, sibling_is_left) in [right, left].into_iter().flatten() {
            let sibling = parent.child(index).link;
            let other = Node::new(page_at(store, sibling, level)?);
            let pair = if sibling_is_left { (other, node) } else { (node, other) };
            if merged_bytes(pair) - SLOT_SIZE - node.entry_bytes(removed) <= most {
                let (own, other) = (Box::new(*node.0), Box::new(*other.0));
                let merge = Merge { sibling, sibling_is_left, own, other };
                chosen = Some((merge, place.max(index)));
                break;
            }
        }
        let Some((merge, right_index)) = chosen else { break };
        merges.push(merge);
        removed = right_index;
    }
    Ok(merges)
}

/// Bytes of a page that are in use.
pub(super) fn used_bytes(node: Node<'_>) -> usize {
    let slots_end = SLOTS_AT + SLOT_SIZE * node.count();
    slots_end + (PAGE_SIZE - node.heap_start()) - node.garbage()
}

/// The prefix of the page that takes in both, which are neighbours.
fn merged_prefix_bytes((left, right): (Node<'_>, Node<'_>)) -> usize {
    right.upper_fence().map_or(0, |upper| common_bytes(left.lower_fence(), upper))
}

/// Bytes that two neighbours take in one page. The entry removed later is counted as short as it
/// is stored now, and its key can only get longer by the prefix, so the result is not too small.
fn merged_bytes((left, right): (Node<'_>, Node<'_>)) -> usize {
    let prefix = merged_prefix_bytes((left, right));
    let inner = usize::from(!left.is_leaf());
    let entries = |node: Node<'_>| {
        let heap = node.heap_end() - node.heap_start() - node.garbage();
        let keys = node.count() - inner;
        heap + SLOT_SIZE * node.count() + (node.prefix_bytes() - prefix) * keys
    };
    let divider = inner * (right.lower_fence().len() - prefix);
    let fences = left.lower_fence().len() + right.upper_fence().map_or(0, <[u8]>::len);
    SLOTS_AT + fences + entries(left) + entries(right) + divider
}

/// Changes the pages from the leaf up.
fn climb<S: PageStore>(store: &mut S, root: &mut Root, path: &Path, at: usize, merges: &[Merge]) {
    let mut edit = Edit::Entry(at);
    for level in 0..root.height {
        let (link, _) = path.step(level);
        let index = if level + 1 < root.height { path.step(level + 1).1 } else { 0 };
        let below = match merges.get(usize::from(level)) {
            Some(merge) => merge_pages(store, link, index, merge, edit),
            None => edit_page(store, link, index, edit),
        };
        root.link = below.link;
        edit = Edit::Child(below);
    }
}

/// Changes a page that is not merged. `index` is its place in its parent.
fn edit_page<S: PageStore>(store: &mut S, link: Link, index: usize, edit: Edit) -> Below {
    let (link, page) = store.writable_page(link);
    let mut node = NodeMut::new(page);
    if let Some((at, fixed)) = edit.replaced(node.node()) {
        node.overwrite(at, &fixed, &[]);
    }
    if let Some(at) = edit.removed() {
        node.remove(at);
    }
    Below { index, link, merged_count: None }
}

/// Changes a page and merges it with its sibling, into whichever of the two is on the left.
fn merge_pages<S: PageStore>(
    store: &mut S,
    link: Link,
    index: usize,
    merge: &Merge,
    edit: Edit,
) -> Below {
    let (own, other) = (Node(&merge.own), Node(&merge.other));
    let (left, right, left_link, right_link) = if merge.sibling_is_left {
        (other, own, merge.sibling, link)
    } else {
        (own, other, link, merge.sibling)
    };
    let prefix = merged_prefix_bytes((left, right));
    let mut items = items_of(left, prefix);
    let boundary = items.len();
    items.extend(items_of(right, prefix));
    if let (Some(first), false) = (items.get_mut(boundary), left.is_leaf()) {
        first.lead = &[];
        first.suffix = &right.lower_fence()[prefix..];
    }
    let start = if merge.sibling_is_left { boundary } else { 0 };
    let replaced = edit.replaced(own);
    if let Some((at, fixed)) = &replaced {
        items[start + at].fixed = fixed;
    }
    if let Some(at) = edit.removed() {
        items.remove(start + at);
    }
    let count = if left.is_leaf() {
        items.len() as u64
    } else {
        items.iter().map(|item| child_of(*item).count).sum()
    };
    let upper = right.upper_fence();
    let fences = Fences {
        prefix: &left.lower_fence()[..prefix],
        lower: &left.lower_fence()[prefix..],
        upper: upper.map(|fence| &fence[prefix..]),
    };
    let (surviving, page) = store.writable_page(left_link);
    build(page, left.level(), fences, &items);
    store.free(right_link);
    let index = if merge.sibling_is_left { index - 1 } else { index };
    Below { index, link: surviving, merged_count: Some(count) }
}

/// The entries of a page with keys from byte `prefix` on.
fn items_of(node: Node<'_>, prefix: usize) -> Vec<Item<'_>> {
    let lead = &node.prefix()[prefix..];
    (0..node.count()).map(|at| Item { lead, ..node.item(at) }).collect()
}

/// Takes away roots of one child. Such a child was changed just now, so it is in memory.
pub(super) fn lower<S: PageStore>(store: &mut S, root: &mut Root) {
    while root.height > 1 {
        let node = Node::new(store.page_mut(root.link));
        if node.count() > 1 {
            return;
        }
        let child = node.child(0).link;
        store.free(root.link);
        root.link = child;
        root.height -= 1;
    }
}
