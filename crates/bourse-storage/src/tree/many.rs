//! Many descents at once, in one tree or in several: they go down level by level, so that the cache
//! misses of one are under way while another is searched.
//!
//! The trees may be of different shards, each with pages of its own, and of different heights. All
//! of it happens under one pin; what stops it names the tree, so that the caller knows whose page
//! to load.

use super::node::Node;
use super::search::{Placed, child_for, entry_for, next_link, page_at, suffix_in};
use super::{LeafPlace, Payload, Root, Seek, leaf_placed};
use crate::id::Link;
use crate::store::{PageSource, Step, Stop};

/// Descents that go down together: enough to cover a cache miss with other work, few enough that
/// their pages' first lines stay in the first-level cache.
const GROUP: usize = 32;

/// Pages, and the root of a tree in them.
pub type TreeIn<'s, S> = (&'s S, Root);

/// A result, or the number of the tree in which the work stopped, and why.
pub type StepIn<T> = std::result::Result<T, (usize, Stop)>;

fn within<T>(tree: usize, step: Step<T>) -> StepIn<T> {
    step.map_err(|stop| (tree, stop))
}

/// The values of many keys, each with the number of its tree, in the order of `keys`; what `out`
/// held before is dropped.
///
/// # Errors
/// As [`super::get`]; `out` is then of no use.
pub fn get_many<'s, S: PageSource, K: AsRef<[u8]>>(
    trees: &[TreeIn<'s, S>],
    keys: &[(usize, K)],
    out: &mut Vec<Option<Payload<'s>>>,
) -> StepIn<()> {
    out.clear();
    let height = trees.iter().map(|(_, root)| root.height).max().unwrap_or(0);
    for group in keys.chunks(GROUP) {
        let mut links = [Link::NONE; GROUP];
        for (link, (tree, _)) in links.iter_mut().zip(group) {
            *link = trees[*tree].1.link;
        }
        for level in (1..height).rev() {
            for (link, (tree, key)) in links.iter_mut().zip(group) {
                let (source, root) = trees[*tree];
                if root.height > level {
                    *link = within(*tree, next_link(source, *link, level, key.as_ref()))?;
                }
            }
        }
        get_group(trees, &links, group, out)?;
        for (tree, _) in group {
            let (source, root) = trees[*tree];
            source.descended(root.height);
        }
    }
    Ok(())
}

/// The values of a group of keys in their leaves.
///
/// First only slots are read, which were asked for, and entries are asked for; by the time they
/// are read they are there.
fn get_group<'s, S: PageSource, K: AsRef<[u8]>>(
    trees: &[TreeIn<'s, S>],
    links: &[Link; GROUP],
    group: &[(usize, K)],
    out: &mut Vec<Option<Payload<'s>>>,
) -> StepIn<()> {
    let mut candidates = [None; GROUP];
    for ((link, (tree, key)), candidate) in links.iter().zip(group).zip(&mut candidates) {
        if link.is_none() {
            continue;
        }
        let (source, _) = trees[*tree];
        let node = Node::new(within(*tree, page_at(source, *link, 0))?);
        let suffix = within(*tree, suffix_in(node, *link, key.as_ref()))?;
        *candidate = node.candidate(suffix).map(|at| {
            node.prefetch_entry(at);
            (node, at)
        });
    }
    for (candidate, (_, key)) in candidates.into_iter().zip(group) {
        let found = candidate.and_then(|(node, candidate)| {
            let at = node.find(candidate, node.suffix_of(key.as_ref())?)?;
            Some(node.payload(at))
        });
        out.push(found);
    }
    Ok(())
}

/// The same place sought in many trees: as [`leaf_placed`] for each, in the order of `trees`; what
/// `out` held before is dropped.
///
/// # Errors
/// As [`super::get`]; `out` is then of no use.
pub fn leaves_placed<S: PageSource>(
    trees: &[TreeIn<'_, S>],
    seek: Seek<'_>,
    out: &mut Vec<Option<Placed>>,
) -> StepIn<()> {
    out.clear();
    let height = trees.iter().map(|(_, root)| root.height).max().unwrap_or(0);
    for (start, group) in (0..).step_by(GROUP).zip(trees.chunks(GROUP)) {
        let mut places: [(Link, Option<LeafPlace>); GROUP] = [(Link::NONE, None); GROUP];
        for (place, (_, root)) in places.iter_mut().zip(group) {
            *place = (root.link, None);
        }
        for level in (1..height).rev() {
            for (at, (place, (source, root))) in places.iter_mut().zip(group).enumerate() {
                if root.height > level {
                    *place = within(start + at, step(*source, place.0, level, seek))?;
                }
            }
        }
        for (at, ((link, place), tree)) in places.iter().zip(group).enumerate() {
            out.push(within(start + at, entry_at(*tree, *link, *place, seek))?);
        }
    }
    Ok(())
}

#[inline]
fn step<S: PageSource>(
    source: &S,
    link: Link,
    level: u8,
    seek: Seek<'_>,
) -> Step<(Link, Option<LeafPlace>)> {
    let node = Node::new(page_at(source, link, level)?);
    let at = child_for(node, link, seek)?;
    let child = node.child(at).link;
    source.prefetch(child);
    Ok((child, Some(LeafPlace { parent: link, at })))
}

fn entry_at<S: PageSource>(
    (source, root): TreeIn<'_, S>,
    link: Link,
    place: Option<LeafPlace>,
    seek: Seek<'_>,
) -> Step<Option<Placed>> {
    if link.is_none() {
        return Ok(None);
    }
    let node = Node::new(page_at(source, link, 0)?);
    match entry_for(node, link, seek)? {
        Some(at) => {
            source.descended(root.height);
            Ok(Some((link, at, place)))
        }
        // It may be in a leaf beside this one.
        None => leaf_placed(source, root, seek),
    }
}
