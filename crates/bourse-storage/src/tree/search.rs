//! Reading: point lookups, positions, ranks and extents.
//!
//! Nothing here allocates but what the caller hands in. A descent asks for a child's header and
//! slots ([`PageSource::prefetch`]) before it touches the child, so that those cache misses
//! overlap; [`super::many`] moves many descents at once.

use std::ops::Bound;

use super::node::{MAX_COUNT, Node};
use super::{MAX_HEIGHT, Payload, Root, Seek};
use crate::error::Error;
use crate::id::{Link, PageId};
use crate::page::{OVERFLOW_PAYLOAD, Page, PageKind, extent_pages};
use crate::store::{PageSource, Step, Stop};

/// Where an entry lies, with its leaf, and the leaf's place in its parent for going on.
pub(super) struct Position<'s> {
    pub(super) link: Link,
    pub(super) page: &'s Page,
    pub(super) at: usize,
    pub(super) parent: Option<(&'s Page, usize)>,
}

/// Levels that a tree has at most, unless its keys are long and differ late.
const FEW_LEVELS: usize = 6;

/// The way from the root to the leaf whose range holds a key.
pub(super) struct Path {
    /// By level: the page, and for inner pages the entry that was followed.
    steps: [(Link, usize); FEW_LEVELS],
    /// Those of the levels above.
    more: Vec<(Link, usize)>,
    /// The least of the subtree counts on the way, and the greatest.
    counts: (u64, u64),
}

/// What a write does to the number of entries.
#[derive(Clone, Copy)]
pub(super) enum Counting {
    In,
    Out,
}

/// What [`count_range`] found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counted {
    /// Number of entries in the range.
    pub count: u64,
    /// The lowest page whose subtree holds the whole range, [`Link::NONE`] in an empty tree. As
    /// long as a root reaches this very page, the count is the same.
    pub lowest: Link,
}

#[cold]
pub(super) fn damaged(link: Link, what: &str) -> Stop {
    Stop::Error(Error::corrupt(format!(
        "page {link} does not belong where it is: {what}; restore the store from a backup or a \
         replica"
    )))
}

/// The page that `link` names, which must be one of that level (I4).
#[inline]
pub(super) fn page_at<S: PageSource + ?Sized>(source: &S, link: Link, level: u8) -> Step<&Page> {
    let page = source.page(link)?;
    if Node::new(page).is_at_level(level) {
        Ok(page)
    } else {
        Err(damaged(link, "its level is not its parent's less one"))
    }
}

/// What of `key` to search for in a page whose range should hold it (I1).
#[inline]
pub(super) fn suffix_in<'k>(node: Node<'_>, link: Link, key: &'k [u8]) -> Step<&'k [u8]> {
    node.suffix_of(key).ok_or_else(|| damaged(link, "its range is not what its parent says"))
}

/// The value of a key.
///
/// # Errors
/// [`Stop::Miss`] for a page that is not in memory, `Corrupt` for one that is not the tree's.
pub fn get<'s, S: PageSource + ?Sized>(
    source: &'s S,
    root: Root,
    key: &[u8],
) -> Step<Option<Payload<'s>>> {
    if root.link.is_none() {
        return Ok(None);
    }
    let mut link = root.link;
    for level in (1..root.height).rev() {
        link = next_link(source, link, level, key)?;
    }
    get_in_leaf(source, link, key, root.height)
}

/// One step of a descent: the child whose range holds the key, asked for already.
#[inline]
pub(super) fn next_link<S: PageSource + ?Sized>(
    source: &S,
    link: Link,
    level: u8,
    key: &[u8],
) -> Step<Link> {
    let node = Node::new(page_at(source, link, level)?);
    let at = node.child_holding(suffix_in(node, link, key)?);
    let child = node.child(at).link;
    source.prefetch(child);
    Ok(child)
}

#[inline]
fn get_in_leaf<'s, S: PageSource + ?Sized>(
    source: &'s S,
    link: Link,
    key: &[u8],
    height: u8,
) -> Step<Option<Payload<'s>>> {
    let node = Node::new(page_at(source, link, 0)?);
    source.descended(height);
    let suffix = suffix_in(node, link, key)?;
    let at = node.candidate(suffix).and_then(|candidate| node.find(candidate, suffix));
    Ok(at.map(|at| node.payload(at)))
}

/// Where an entry is: its leaf's link and its place there. `None` when there is no such entry.
///
/// # Errors
/// As [`get`].
pub fn leaf<S: PageSource + ?Sized>(
    source: &S,
    root: Root,
    seek: Seek<'_>,
) -> Step<Option<(Link, usize)>> {
    leaf_observed(source, root, seek, &mut |_| {})
}

/// As [`leaf`], and `observe` hears of every leaf that the answer rests on: also of those that had
/// nothing to offer, so that the answer holds under any root that reaches all of them.
///
/// # Errors
/// As [`get`]; what `observe` heard then says nothing.
pub fn leaf_observed<S: PageSource + ?Sized>(
    source: &S,
    root: Root,
    seek: Seek<'_>,
    observe: &mut dyn FnMut(Link),
) -> Step<Option<(Link, usize)>> {
    let found = position(source, root, seek, observe)?;
    Ok(found.map(|position| (position.link, position.at)))
}

/// Where a leaf hangs: its parent, and its place there. Holds in one Cut only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LeafPlace {
    pub(super) parent: Link,
    pub(super) at: usize,
}

/// An entry's leaf and place there, and where the leaf hangs, unless it is the root.
pub type Placed = (Link, usize, Option<LeafPlace>);

/// As [`leaf`], with the leaf's place.
///
/// # Errors
/// As [`get`].
pub fn leaf_placed<S: PageSource + ?Sized>(
    source: &S,
    root: Root,
    seek: Seek<'_>,
) -> Step<Option<Placed>> {
    let found = position(source, root, seek, |_| {})?;
    Ok(found.map(|position| {
        let place = position.parent.map(|(page, at)| LeafPlace { parent: page.link(), at });
        (position.link, position.at, place)
    }))
}

/// The leaf beside the one of that place under the same parent, behind it or before it, and the
/// one beyond asked for already: for scans, which then need no descent for most leaves.
///
/// # Errors
/// As [`get`].
pub fn beside<S: PageSource + ?Sized>(
    source: &S,
    place: LeafPlace,
    behind: bool,
) -> Step<Option<(Link, LeafPlace)>> {
    let node = Node::new(page_at(source, place.parent, 1)?);
    let step = |at: usize| if behind { at.checked_add(1) } else { at.checked_sub(1) };
    let child = |at: &usize| *at < node.count();
    let Some(at) = step(place.at).filter(child) else { return Ok(None) };
    if let Some(beyond) = step(at).filter(child) {
        source.prefetch_whole(node.child(beyond).link);
    }
    let link = node.child(at).link;
    page_at(source, link, 0)?;
    Ok(Some((link, LeafPlace { at, ..place })))
}

/// The leaf whose range holds a key, whether the key is there or not: what the answer of [`get`]
/// rests on. `None` in a tree without pages.
///
/// # Errors
/// As [`get`].
pub fn leaf_of<S: PageSource + ?Sized>(source: &S, root: Root, key: &[u8]) -> Step<Option<Link>> {
    if root.link.is_none() {
        return Ok(None);
    }
    let (link, _, _) = descend(source, root, Seek::AtLeast(key))?;
    Ok(Some(link))
}

/// As [`leaf_observed`]. Where a leaf has nothing to offer, goes on by its fence.
pub(super) fn position<'s, S: PageSource + ?Sized>(
    source: &'s S,
    root: Root,
    seek: Seek<'_>,
    mut observe: impl FnMut(Link),
) -> Step<Option<Position<'s>>> {
    if root.link.is_none() {
        return Ok(None);
    }
    let mut seek = seek;
    loop {
        let (link, page, parent) = descend(source, root, seek)?;
        observe(link);
        let node = Node::new(page);
        if let Some(at) = entry_for(node, link, seek)? {
            return Ok(Some(Position { link, page, at, parent }));
        }
        match seek_beyond(node, link, seek)? {
            Some(beyond) => seek = beyond,
            None => return Ok(None),
        }
    }
}

/// Where to go on from a leaf that has nothing to offer; `None` at the end of the tree.
///
/// A leaf whose range does not hold what was sought is damaged, and would be found again and again
/// by its own fence.
fn seek_beyond<'s>(node: Node<'s>, link: Link, seek: Seek<'_>) -> Step<Option<Seek<'s>>> {
    let (beyond, advances) = match (seek, node.upper_fence(), node.lower_fence()) {
        (Seek::First, Some(fence), _) => (Seek::AtLeast(fence), true),
        (Seek::AtLeast(key) | Seek::After(key), Some(fence), _) => {
            (Seek::AtLeast(fence), fence > key)
        }
        (Seek::First | Seek::AtLeast(_) | Seek::After(_), None, _) => return Ok(None),
        (Seek::Last | Seek::AtMost(_) | Seek::Before(_), _, []) => return Ok(None),
        (Seek::Last, _, fence) => (Seek::Before(fence), true),
        (Seek::AtMost(key), _, fence) => (Seek::Before(fence), fence <= key),
        (Seek::Before(key), _, fence) => (Seek::Before(fence), fence < key),
    };
    if !advances {
        return Err(damaged(link, "its range is not what its parent says"));
    }
    Ok(Some(beyond))
}

/// The leaf, with its parent and its place there.
type Found<'s> = (Link, &'s Page, Option<(&'s Page, usize)>);

fn descend<'s, S: PageSource + ?Sized>(
    source: &'s S,
    root: Root,
    seek: Seek<'_>,
) -> Step<Found<'s>> {
    let mut link = root.link;
    let mut parent = None;
    for level in (1..root.height).rev() {
        let page = page_at(source, link, level)?;
        let node = Node::new(page);
        let at = child_for(node, link, seek)?;
        parent = Some((page, at));
        link = node.child(at).link;
        source.prefetch(link);
    }
    let leaf = page_at(source, link, 0)?;
    source.descended(root.height);
    Ok((link, leaf, parent))
}

/// The child under which what is sought is, or else the last one before it.
pub(super) fn child_for(node: Node<'_>, link: Link, seek: Seek<'_>) -> Step<usize> {
    Ok(match seek {
        Seek::First => 0,
        Seek::Last => node.count() - 1,
        Seek::AtLeast(key) | Seek::After(key) | Seek::AtMost(key) => {
            node.child_holding(suffix_in(node, link, key)?)
        }
        Seek::Before(key) => node.child_below(suffix_in(node, link, key)?),
    })
}

/// The entry that is sought, if this leaf has it.
pub(super) fn entry_for(node: Node<'_>, link: Link, seek: Seek<'_>) -> Step<Option<usize>> {
    let count = node.count();
    let at = match seek {
        Seek::First => Some(0),
        Seek::Last => count.checked_sub(1),
        Seek::AtLeast(key) => Some(node.lower_bound(suffix_in(node, link, key)?).0),
        Seek::After(key) => {
            let (at, equal) = node.lower_bound(suffix_in(node, link, key)?);
            Some(at + usize::from(equal))
        }
        Seek::AtMost(key) => {
            let (at, equal) = node.lower_bound(suffix_in(node, link, key)?);
            (at + usize::from(equal)).checked_sub(1)
        }
        Seek::Before(key) => node.lower_bound(suffix_in(node, link, key)?).0.checked_sub(1),
    };
    Ok(at.filter(|&at| at < count))
}

/// A place between entries: before or behind those with a key.
#[derive(Clone, Copy)]
enum Edge<'a> {
    Start,
    Before(&'a [u8]),
    Behind(&'a [u8]),
    End,
}

impl Edge<'_> {
    fn child(self, node: Node<'_>, link: Link) -> Step<usize> {
        Ok(match self {
            Edge::Start => 0,
            Edge::End => node.count() - 1,
            Edge::Before(key) | Edge::Behind(key) => {
                node.child_holding(suffix_in(node, link, key)?)
            }
        })
    }

    /// Number of entries in the subtree of `link` that are before the edge.
    fn rank<S: PageSource + ?Sized>(self, source: &S, link: Link, height: u8) -> Step<u64> {
        let mut link = link;
        let mut before = 0;
        for level in (1..height).rev() {
            let node = Node::new(page_at(source, link, level)?);
            let at = self.child(node, link)?;
            before += node.entries_before(at);
            link = node.child(at).link;
            source.prefetch(link);
        }
        let node = Node::new(page_at(source, link, 0)?);
        source.descended(height);
        let in_leaf = match self {
            Edge::Start => 0,
            Edge::End => node.count(),
            Edge::Before(key) => node.lower_bound(suffix_in(node, link, key)?).0,
            Edge::Behind(key) => {
                let (at, equal) = node.lower_bound(suffix_in(node, link, key)?);
                at + usize::from(equal)
            }
        };
        Ok(before + in_leaf as u64)
    }
}

/// Number of entries whose key is less than `key`.
///
/// # Errors
/// As [`get`].
pub fn rank<S: PageSource + ?Sized>(source: &S, root: Root, key: &[u8]) -> Step<u64> {
    if root.link.is_none() {
        return Ok(0);
    }
    Edge::Before(key).rank(source, root.link, root.height)
}

/// Number of entries in a range of keys, from the counts in the inner pages.
///
/// # Errors
/// As [`get`].
pub fn count_range<S: PageSource + ?Sized>(
    source: &S,
    root: Root,
    lower: Bound<&[u8]>,
    upper: Bound<&[u8]>,
) -> Step<Counted> {
    let from = match lower {
        Bound::Unbounded => Edge::Start,
        Bound::Included(key) => Edge::Before(key),
        Bound::Excluded(key) => Edge::Behind(key),
    };
    let to = match upper {
        Bound::Unbounded => Edge::End,
        Bound::Included(key) => Edge::Behind(key),
        Bound::Excluded(key) => Edge::Before(key),
    };
    let (mut lowest, mut height) = (root.link, root.height);
    while height > 1 {
        let node = Node::new(page_at(source, lowest, height - 1)?);
        let at = from.child(node, lowest)?;
        if to.child(node, lowest)? != at {
            break;
        }
        lowest = node.child(at).link;
        height -= 1;
    }
    if lowest.is_none() {
        return Ok(Counted { count: 0, lowest });
    }
    let end = to.rank(source, lowest, height)?;
    let start = from.rank(source, lowest, height)?;
    Ok(Counted { count: end.saturating_sub(start), lowest })
}

/// Where the entry is that has exactly `index` entries before it.
///
/// # Errors
/// As [`get`].
pub fn select<S: PageSource + ?Sized>(
    source: &S,
    root: Root,
    index: u64,
) -> Step<Option<(Link, usize)>> {
    if index >= root.count {
        return Ok(None);
    }
    let mut link = root.link;
    let mut index = index;
    for level in (1..root.height).rev() {
        let node = Node::new(page_at(source, link, level)?);
        let mut chosen = None;
        for at in 0..node.count() {
            let child = node.child(at);
            if index < child.count {
                chosen = Some(child.link);
                break;
            }
            index -= child.count;
        }
        link = chosen.ok_or_else(|| damaged(link, "its entries are fewer than counted"))?;
        source.prefetch(link);
    }
    let node = Node::new(page_at(source, link, 0)?);
    source.descended(root.height);
    match usize::try_from(index) {
        Ok(at) if at < node.count() => Ok(Some((link, at))),
        _ => Err(damaged(link, "its entries are fewer than counted")),
    }
}

/// The links of the pages of an extent.
pub(super) fn extent_links(first: Link, bytes: usize) -> Step<impl Iterator<Item = Link>> {
    let pages = u32::try_from(extent_pages(bytes)).ok();
    let end = pages.and_then(|pages| first.page.0.checked_add(pages));
    let end = end.ok_or_else(|| damaged(first, "its extent does not end within the file"))?;
    Ok((first.page.0..end).map(move |page| Link { page: PageId(page), birth: first.birth }))
}

/// Appends a value that lies in an extent to `out`, all of it or nothing.
///
/// # Errors
/// As [`get`].
pub fn read_extent<S: PageSource + ?Sized>(
    source: &S,
    first: Link,
    bytes: usize,
    out: &mut Vec<u8>,
) -> Step<()> {
    for link in extent_links(first, bytes)? {
        if source.page(link)?.kind() != Some(PageKind::Overflow) {
            return Err(damaged(link, "it is not part of an extent"));
        }
    }
    let start = out.len();
    for link in extent_links(first, bytes)? {
        let left = bytes - (out.len() - start);
        match source.page(link) {
            Ok(page) => out.extend_from_slice(&page.body()[..left.min(OVERFLOW_PAYLOAD)]),
            Err(stop) => {
                out.truncate(start);
                return Err(stop);
            }
        }
    }
    source.read_extent(extent_pages(bytes));
    Ok(())
}

impl Path {
    /// The way to the leaf of a key that is about to be written, checked a little more closely
    /// than for reading, and that leaf.
    #[inline]
    pub(super) fn to<'s, S: PageSource + ?Sized>(
        source: &'s S,
        root: Root,
        key: &[u8],
    ) -> Step<(Path, &'s Page)> {
        assert!(root.height >= 1 && root.height <= MAX_HEIGHT);
        let mut steps = [(Link::NONE, 0); FEW_LEVELS];
        let above = usize::from(root.height).saturating_sub(FEW_LEVELS);
        let mut more = vec![(Link::NONE, 0); above];
        let mut counts = (root.count, root.count);
        let mut link = root.link;
        for level in (1..root.height).rev() {
            let node = Node::new(page_at(source, link, level)?);
            let at = node.child_holding(suffix_in(node, link, key)?);
            match steps.get_mut(usize::from(level)) {
                Some(step) => *step = (link, at),
                None => more[usize::from(level) - FEW_LEVELS] = (link, at),
            }
            let child = node.child(at);
            counts = (counts.0.min(child.count), counts.1.max(child.count));
            link = child.link;
            source.prefetch(link);
        }
        steps[0] = (link, 0);
        let page = page_at(source, link, 0)?;
        let node = Node::new(page);
        source.descended(root.height);
        if key < node.lower_fence() || node.upper_fence().is_some_and(|fence| fence <= key) {
            return Err(damaged(link, "its range is not what its parent says")); // I1
        }
        Ok((Path { steps, more, counts }, page))
    }

    /// Checks that an entry can be counted in or out on the whole way (I3).
    pub(super) fn can_count(&self, in_or_out: Counting) -> Step<()> {
        let can = match in_or_out {
            Counting::In => self.counts.1 < MAX_COUNT,
            Counting::Out => self.counts.0 > 0,
        };
        if can { Ok(()) } else { Err(damaged(self.step(0).0, "its entries are counted wrongly")) }
    }

    /// The page of that level and the entry followed there.
    pub(super) fn step(&self, level: u8) -> (Link, usize) {
        match self.steps.get(usize::from(level)) {
            Some(step) => *step,
            None => self.more[usize::from(level) - FEW_LEVELS],
        }
    }
}
