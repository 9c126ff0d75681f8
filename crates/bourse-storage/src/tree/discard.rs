//! Dropping a whole tree in bounded steps.
//!
//! The last leaves go first, and an inner page goes when its last child is gone. Between steps
//! the root names what is left, so a crash or a full turn in between loses nothing.

use super::edit::NodeMut;
use super::node::Node;
use super::search::{damaged, page_at};
use super::{MAX_HEIGHT, Payload, Root};
use crate::id::Link;
use crate::page::extent_pages;
use crate::store::{PageSource, PageStore, Step, Stop};

/// What one step will do: leaves from the end of the last parent of leaves.
struct Plan {
    /// By level, the last page and its number of children; entry 0 is not used.
    edge: [(Link, usize); MAX_HEIGHT as usize],
    leaves: Vec<Link>,
    extents: Vec<(Link, usize)>,
    entries: u64,
}

/// Frees pages from the end of a tree: at least one leaf and, as long as the extents and leaves
/// freed are fewer than `pages`, more under the same parent. Says whether the tree is gone.
///
/// Once begun, the tree can only be dropped further: nothing else may read it. Allocates at most
/// one page a level.
///
/// # Errors
/// Those of reading. Nothing was changed then.
pub fn drop_some<S: PageStore>(store: &mut S, root: &mut Root, pages: usize) -> Step<bool> {
    if root.link.is_none() {
        return Ok(true);
    }
    let plan = plan(store, *root, pages)?;
    // I5: nothing below can fail.
    root.count = root.count.saturating_sub(plan.entries);
    for &(first, bytes) in &plan.extents {
        store.free_extent(first, bytes);
    }
    for &leaf in &plan.leaves {
        store.free(leaf);
    }
    cut_back(store, root, &plan);
    Ok(root.link.is_none())
}

fn plan<S: PageSource>(store: &S, root: Root, pages: usize) -> Step<Plan> {
    let mut plan = Plan {
        edge: [(Link::NONE, 0); MAX_HEIGHT as usize],
        leaves: Vec::new(),
        extents: Vec::new(),
        entries: 0,
    };
    let mut link = root.link;
    let mut last_parent = None;
    for level in (1..root.height).rev() {
        let node = Node::new(page_at(store, link, level)?);
        plan.edge[usize::from(level)] = (link, node.count());
        last_parent = Some(node);
        link = node.child(node.count() - 1).link;
    }
    let Some(parent) = last_parent else {
        plan_leaf(store, link, &mut plan)?;
        return Ok(plan);
    };
    let mut planned = 0;
    for at in (0..parent.count()).rev() {
        match plan_leaf(store, parent.child(at).link, &mut plan) {
            Ok(freed) => planned += freed,
            // What is in memory is enough for this step.
            Err(Stop::Miss(_)) if !plan.leaves.is_empty() => break,
            Err(stop) => return Err(stop),
        }
        if planned >= pages {
            break;
        }
    }
    Ok(plan)
}

/// Plans to free a leaf with its extents and returns how many pages these are.
fn plan_leaf<S: PageSource>(store: &S, link: Link, plan: &mut Plan) -> Step<usize> {
    let node = Node::new(page_at(store, link, 0)?);
    let mut pages = 1;
    for at in 0..node.count() {
        if let Payload::Extent { first, bytes } = node.payload(at) {
            plan.extents.push((first, bytes));
            pages += extent_pages(bytes);
        }
    }
    if plan.leaves.contains(&link) {
        return Err(damaged(link, "its parent names it twice"));
    }
    plan.leaves.push(link);
    plan.entries += node.count() as u64;
    Ok(pages)
}

/// Takes the freed leaves out of their parent, and whatever is without children then.
fn cut_back<S: PageStore>(store: &mut S, root: &mut Root, plan: &Plan) {
    let mut gone = plan.leaves.len();
    let mut replaced = Link::NONE;
    for level in 1..root.height {
        let (link, children) = plan.edge[usize::from(level)];
        if children == gone {
            store.free(link);
            gone = 1;
            continue;
        }
        let writable = store.writable(link);
        let mut node = NodeMut::new(store.page_mut(writable));
        for _ in 0..gone {
            node.remove(node.node().count() - 1);
        }
        gone = 0;
        if !replaced.is_none() {
            let last = node.node().count() - 1;
            let count = node.node().child(last).count.saturating_sub(plan.entries);
            node.set_child(last, super::node::Child { link: replaced, count });
        }
        replaced = writable;
    }
    *root = if replaced.is_none() { Root::EMPTY } else { Root { link: replaced, ..*root } };
}
