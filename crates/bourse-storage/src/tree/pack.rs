//! Packing sparse leaves: what deletes and shorter values leave half empty goes into fewer pages.
//!
//! [`delete`](super::delete()) merges a page under 40 % with a neighbour, where both fit into one.
//! That bounds a tree at two and a half times what it needs, and pages that shrink by other changes
//! are not merged at all. So leaves are packed when somebody asks for it, a *window* of a few
//! neighbours under one parent at a time: its entries go into as few pages as they fit in with some
//! air left, if that saves a quarter of the pages or more.

use super::delete::{lower, used_bytes};
use super::edit::{Fences, NodeMut};
use super::node::{Child, Item, Node, SLOT_SIZE, common_bytes};
use super::relocate::{Search, Way};
use super::search::page_at;
use super::split::Run;
use super::{MAX_HEIGHT, Root};
use crate::id::{Link, PAGE_SIZE};
use crate::page::Page;
use crate::store::{PageSource, PageStore, Step};

/// Leaves of one window.
const WINDOW: usize = 8;
/// Windows that one call looks at.
const WINDOWS_MAX: usize = 4;
/// Bytes that a packed page may use, so that the next insert does not divide it again.
const PACKED_MOST: usize = PAGE_SIZE * 7 / 8;
/// A leaf that uses fewer bytes counts as sparse: packed with others like it, a quarter is saved.
const SPARSE_BELOW: usize = PAGE_SIZE * 5 / 8;

/// Whether a page is a leaf with so few entries that it might be packed with its neighbours.
pub fn is_sparse(page: &Page) -> bool {
    let node = Node::new(page);
    node.is_leaf() && used_bytes(node) < SPARSE_BELOW
}

/// The leaves of a window as they are, and their keys without what all of them begin with.
struct Window {
    links: Vec<Link>,
    pages: Vec<Box<[u8; PAGE_SIZE]>>,
    prefix_bytes: usize,
    keys: Vec<Vec<u8>>,
}

impl Window {
    /// The leaves under the way's parent from the way's child on.
    fn at<S: PageSource + ?Sized>(source: &S, way: &Way<'_>) -> Step<Window> {
        let end = way.parent.count().min(way.at + WINDOW);
        let mut window =
            Window { links: Vec::new(), pages: Vec::new(), prefix_bytes: 0, keys: Vec::new() };
        for at in way.at..end {
            let link = way.parent.child(at).link;
            window.pages.push(Box::new(page_at(source, link, 0)?.0));
            window.links.push(link);
        }
        let nodes = || window.pages.iter().map(|page| Node(page));
        let (Some(left), Some(right)) = (nodes().next(), nodes().next_back()) else {
            return Ok(window);
        };
        let upper = right.upper_fence();
        let prefix = upper.map_or(0, |upper| common_bytes(left.lower_fence(), upper));
        let key = |node: Node<'_>, at| [&node.prefix()[prefix..], node.suffix(at)].concat();
        let keys = nodes().flat_map(|node| (0..node.count()).map(move |at| key(node, at)));
        window.keys = keys.collect();
        window.prefix_bytes = prefix;
        Ok(window)
    }

    /// Its entries in one row, and where to cut that into pages. Nothing if too little is saved.
    fn packed(&self) -> Option<(Run<'_>, Vec<usize>)> {
        let nodes = || self.pages.iter().map(|page| Node(page));
        let (left, right) = (nodes().next()?, nodes().next_back()?);
        let used: usize = nodes().map(used_bytes).sum();
        // What packing takes at least is what entries take, without the headers.
        if self.keys.is_empty() || used > PACKED_MOST * self.pages.len() * 7 / 8 {
            return None;
        }
        let items = nodes().flat_map(|node| (0..node.count()).map(move |at| node.item(at)));
        let items = items.zip(&self.keys).map(|(item, key)| Item { suffix: key, ..item });
        let prefix = &left.lower_fence()[..self.prefix_bytes];
        let lower = &left.lower_fence()[self.prefix_bytes..];
        let upper = right.upper_fence().map(|fence| &fence[self.prefix_bytes..]);
        let run = Run::new(0, Fences { prefix, lower, upper }, items.collect());
        let count = self.keys.len();
        let (mut cuts, mut from) = (Vec::new(), 0);
        loop {
            let mut to = from + 1;
            while to < count && run.size(from, to + 1) <= PACKED_MOST {
                to += 1;
            }
            // A page with a single entry may be fuller (I6).
            if !run.fits(from, to) {
                return None;
            }
            if to == count {
                break;
            }
            cuts.push(to);
            from = to;
        }
        ((cuts.len() + 1) * 4 <= self.pages.len() * 3).then_some((run, cuts))
    }
}

/// The entries of the parent for the packed pages after the first: the fence and the child.
fn fits_parent(parent: Node<'_>, at: usize, window: usize, run: &Run<'_>, cuts: &[usize]) -> bool {
    let entry = |at| SLOT_SIZE + parent.entry_bytes(at);
    let freed: usize = (at + 1..at + window).map(entry).sum();
    let new = |cut: &usize| {
        let suffix = &run.separator(*cut)[parent.prefix_bytes()..];
        Item { fixed: &[0; super::node::INNER_FIXED], lead: &[], suffix, rest: &[] }.size()
    };
    cuts.iter().map(new).sum::<usize>() <= freed + PAGE_SIZE - used_bytes(parent)
}

/// Finds the next leaves that are worth packing, in the order of keys from `key` on, and says where
/// the search goes on when they have been packed. Reads every leaf up to there; those to pack are
/// in memory then.
///
/// # Errors
/// Those of reading.
pub fn sparse_from<S: PageSource + ?Sized>(source: &S, root: Root, key: &[u8]) -> Step<Search> {
    if root.height < 2 {
        return Ok(Search::default());
    }
    let mut key = key.to_vec();
    for _ in 0..WINDOWS_MAX {
        let way = Way::to(source, root, &key)?;
        let window = Window::at(source, &way)?;
        let end = way.at + window.pages.len();
        let next = match end < way.parent.count() {
            true => Some(way.key_of(end)),
            false => way.parent.upper_fence().map(<[u8]>::to_vec),
        };
        if let Some((run, cuts)) = window.packed()
            && fits_parent(way.parent, way.at, window.pages.len(), &run, &cuts)
        {
            return Ok(Search { at: Some(key), next });
        }
        match next {
            Some(next) => key = next,
            None => return Ok(Search::default()),
        }
    }
    Ok(Search { at: None, next: Some(key) })
}

/// Packs the leaves of a window: the one whose range holds `key`, and some after it under the same
/// parent. Says whether that was worth it.
///
/// Allocates at most [`PACKED_PAGES`] pages and one a level.
///
/// # Errors
/// Those of reading. Nothing was changed then.
pub fn pack<S: PageStore>(store: &mut S, root: &mut Root, key: &[u8]) -> Step<bool> {
    if root.height < 2 {
        return Ok(false);
    }
    let way = Way::to(store, *root, key)?;
    let (at, steps) = (way.at, way.steps);
    let window = Window::at(store, &way)?;
    let Some((run, cuts)) = window.packed() else { return Ok(false) };
    if !fits_parent(way.parent, at, window.pages.len(), &run, &cuts) {
        return Ok(false);
    }
    // I5: nothing below can fail.
    let count = window.keys.len();
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([count]);
    let parts: Vec<(usize, usize)> = starts.zip(ends).collect();
    let mut children = Vec::new();
    for (part, link) in window.links.iter().enumerate() {
        let Some((from, to)) = parts.get(part).copied() else {
            store.free(*link);
            continue;
        };
        let link = store.writable(*link);
        run.write(from, to, store.page_mut(link));
        children.push(Child { link, count: run.entries(from, to) });
    }
    let parent = store.writable(steps[1].0);
    let mut node = NodeMut::new(store.page_mut(parent));
    for _ in 1..window.links.len() {
        node.remove(at + 1);
    }
    for (part, child) in children.iter().enumerate() {
        if part == 0 {
            node.set_child(at, *child);
            continue;
        }
        let fence = run.separator(parts[part].0);
        let suffix = &fence[node.node().prefix_bytes()..];
        let item = Item { fixed: &child.encode(), lead: &[], suffix, rest: &[] };
        node.insert(at + part, item);
    }
    set_links(store, root, &steps, parent);
    lower(store, root);
    Ok(true)
}

/// Most pages that [`pack`] allocates beside those of the way from the root.
pub const PACKED_PAGES: usize = WINDOW;

/// Makes the pages above a parent of leaves name its copy.
fn set_links<S: PageStore>(
    store: &mut S,
    root: &mut Root,
    steps: &[(Link, usize); MAX_HEIGHT as usize],
    parent: Link,
) {
    let mut below = parent;
    for level in 2..root.height {
        let (link, at) = steps[usize::from(level)];
        let link = store.writable(link);
        let mut node = NodeMut::new(store.page_mut(link));
        let count = node.node().child(at).count;
        node.set_child(at, Child { link: below, count });
        below = link;
    }
    root.link = below;
}
