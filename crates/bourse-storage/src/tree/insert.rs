//! Writing an entry.
//!
//! Down the tree only reading; then from the leaf up: each page on the way is made writable (a
//! copy, unless it was born in the current batch), changed, and its parent told of its link, its
//! count and what was divided off it. The climb ends early when the parent already says all that.

use super::edit::{Fences, NodeMut, build};
use super::node::{Child, EXTENT_TAG, Item, Node, encode_extent};
use super::search::{Counting, Path, suffix_in};
use super::split::{Divided, Run};
use super::{MAX_HEIGHT, MAX_KEY_BYTES, MAX_VALUE_BYTES, Payload, Root, is_inline};
use crate::error::{Error, ErrorKind};
use crate::id::Link;
use crate::store::{PageStore, Step};

/// A value as a leaf entry holds it.
pub(super) struct Stored<'v> {
    tag: [u8; 2],
    value: &'v [u8],
    reference: Option<[u8; super::node::EXTENT_SIZE]>,
}

impl<'v> Stored<'v> {
    /// Stores a large value in an extent, a small one nowhere yet.
    pub(super) fn new<S: PageStore>(store: &mut S, key: &[u8], value: &'v [u8]) -> Stored<'v> {
        assert!(key.len() <= MAX_KEY_BYTES);
        match u16::try_from(value.len()) {
            Ok(bytes) if is_inline(key.len(), value.len()) => {
                Stored { tag: bytes.to_le_bytes(), value, reference: None }
            }
            _ => {
                let Ok(bytes) = u32::try_from(value.len()) else {
                    unreachable!("longer values were refused");
                };
                let reference = encode_extent(store.allocate_extent(value), bytes);
                Stored { tag: EXTENT_TAG.to_le_bytes(), value, reference: Some(reference) }
            }
        }
    }

    pub(super) fn item<'a>(&'a self, suffix: &'a [u8]) -> Item<'a> {
        let rest = match &self.reference {
            Some(reference) => reference,
            None => self.value,
        };
        Item { fixed: &self.tag, lead: &[], suffix, rest }
    }
}

/// Refuses a value that no extent can hold.
pub(super) fn check_value(value: &[u8]) -> crate::Result<()> {
    if value.len() > MAX_VALUE_BYTES {
        return Err(Error::invalid(format!(
            "a value of {} bytes is too long: the limit is {MAX_VALUE_BYTES} bytes",
            value.len()
        )));
    }
    Ok(())
}

/// Sets the value of a key, and says whether the key existed. An extent that held the old value
/// is freed.
///
/// Allocates at most [`super::pages_needed`] pages. `key` is at most [`MAX_KEY_BYTES`] long.
///
/// # Errors
/// Those of reading, `InvalidInput` for a value longer than [`MAX_VALUE_BYTES`], `Full` for a tree
/// of [`MAX_HEIGHT`] levels. Nothing was changed then.
pub fn put<S: PageStore>(store: &mut S, root: &mut Root, key: &[u8], value: &[u8]) -> Step<bool> {
    Ok(put_over(store, root, key, value, |_| true)? == Some(true))
}

/// As [`put`]; `goes_on` is shown the value that the key has, if it has one, and says whether it is
/// to be replaced: `None` if not. So who needs what was there goes down the tree once.
///
/// # Errors
/// As [`put`].
pub fn put_over<S: PageStore>(
    store: &mut S,
    root: &mut Root,
    key: &[u8],
    value: &[u8],
    goes_on: impl FnOnce(Payload<'_>) -> bool,
) -> Step<Option<bool>> {
    Ok(place(store, root, key, value, goes_on)?.map(|(found, _)| found))
}

/// Sets the values of some keys, which ascend: of the first, and of those behind it that lie in the
/// same leaf and have a value of the same length already. Returns how many these are. So who
/// changes a few neighbours goes down the tree once.
///
/// # Errors
/// As [`put`] of the first.
pub fn put_some<S: PageStore, K: AsRef<[u8]>, V: AsRef<[u8]>>(
    store: &mut S,
    root: &mut Root,
    entries: &[(K, V)],
) -> Step<usize> {
    let [(key, value), more @ ..] = entries else { return Ok(0) };
    let placed = place(store, root, key.as_ref(), value.as_ref(), |_| true)?;
    let Some((_, Some(leaf))) = placed else { return Ok(1) };
    if more.is_empty() {
        return Ok(1);
    }
    let mut node = NodeMut::new(store.page_mut(leaf));
    // What lies before the last one is less than what follows.
    let mut from = 0;
    let changed = more.iter().take_while(|(key, value)| {
        let (key, value) = (key.as_ref(), value.as_ref());
        let read = node.node();
        let Some(suffix) = read.suffix_of(key) else { return false };
        let (at, found) = read.lower_bound_from(from, suffix);
        let is_there = found && read.upper_fence().is_none_or(|fence| key < fence);
        match is_there.then(|| read.payload(at)) {
            Some(Payload::Inline(old)) if old.len() == value.len() => {
                node.overwrite_value(at, value);
                from = at + 1;
                true
            }
            _ => false,
        }
    });
    Ok(1 + changed.count())
}

/// As [`put_over`], with the leaf that the entry lies in now, unless that was divided.
fn place<S: PageStore>(
    store: &mut S,
    root: &mut Root,
    key: &[u8],
    value: &[u8],
    goes_on: impl FnOnce(Payload<'_>) -> bool,
) -> Step<Option<(bool, Option<Link>)>> {
    assert!(key.len() <= MAX_KEY_BYTES);
    check_value(value)?;
    if root.link.is_none() {
        *root = first_entry(store, key, value);
        return Ok(Some((false, Some(root.link))));
    }
    let (path, leaf) = Path::to(store, *root, key)?;
    let (link, _) = path.step(0);
    let node = Node::new(leaf);
    let (at, found) = node.lower_bound(suffix_in(node, link, key)?);
    let old = found.then(|| node.payload(at));
    if old.is_some_and(|old| !goes_on(old)) {
        return Ok(None);
    }
    let old_extent = match old {
        Some(Payload::Extent { first, bytes }) => Some((first, bytes)),
        _ => None,
    };
    if !found {
        path.can_count(Counting::In)?;
    }
    if root.height == MAX_HEIGHT {
        return Err(Error::new(ErrorKind::Full, too_high()).into());
    }
    // I5: nothing below can fail.
    let stored = Stored::new(store, key, value);
    let changed = write_leaf(store, link, at, found, key, &stored);
    let leaf = changed.more.is_empty().then_some(changed.first.link);
    climb(store, root, &path, changed, u64::from(!found));
    if let Some((first, bytes)) = old_extent {
        store.free_extent(first, bytes);
    }
    Ok(Some((found, leaf)))
}

fn too_high() -> String {
    format!(
        "a tree has reached the limit of {MAX_HEIGHT} levels, because its keys are long and \
         differ late: use shorter keys"
    )
}

/// The tree of one entry.
fn first_entry<S: PageStore>(store: &mut S, key: &[u8], value: &[u8]) -> Root {
    let stored = Stored::new(store, key, value);
    let link = store.allocate();
    let fences = Fences { prefix: &[], lower: &[], upper: None };
    build(store.page_mut(link), 0, fences, &[stored.item(key)]);
    Root { link, height: 1, count: 1 }
}

/// Puts the entry into its leaf at `at`, in place of the one there if `found`.
fn write_leaf<S: PageStore>(
    store: &mut S,
    link: Link,
    at: usize,
    found: bool,
    key: &[u8],
    stored: &Stored<'_>,
) -> Divided {
    let (link, page) = store.writable_page(link);
    let mut node = NodeMut::new(page);
    let item = stored.item(&key[node.node().prefix_bytes()..]);
    if found {
        let old = node.node().item(at);
        if old.fixed == item.fixed {
            assert!(old.rest.len() == item.rest.len());
            node.overwrite_value(at, item.rest);
            return unchanged(link);
        }
        node.remove(at);
    }
    if item.size() <= node.room() {
        node.insert(at, item);
        return unchanged(link);
    }
    divide(store, link, at, &[item], None)
}

/// A page that kept all its entries. Its count is its parent's to know.
fn unchanged(link: Link) -> Divided {
    Divided { first: Child { link, count: 0 }, more: Vec::new() }
}

/// Inserts `items` before entry `at` of a page that has no room for them, by dividing it.
/// `replaced` is the new beginning of the entry before them.
fn divide<S: PageStore>(
    store: &mut S,
    link: Link,
    at: usize,
    items: &[Item<'_>],
    replaced: Option<&[u8]>,
) -> Divided {
    let copy = store.page_mut(link).0;
    let node = Node(&copy);
    let count = node.count();
    let mut all = Vec::with_capacity(count + items.len());
    all.extend((0..at).map(|index| node.item(index)));
    if let (Some(fixed), Some(last)) = (replaced, all.last_mut()) {
        last.fixed = fixed;
    }
    all.extend_from_slice(items);
    all.extend((at..count).map(|index| node.item(index)));
    let at_right_edge = at == count && node.upper_fence().is_none();
    let run = Run::new(node.level(), fences_of(node), all);
    let cuts = run.cuts(at_right_edge);
    run.divide(store, link, &cuts)
}

/// The fences of a page, relative to its prefix.
pub(super) fn fences_of(node: Node<'_>) -> Fences<'_> {
    let prefix = node.prefix();
    Fences {
        prefix,
        lower: &node.lower_fence()[prefix.len()..],
        upper: node.upper_fence().map(|fence| &fence[prefix.len()..]),
    }
}

/// Tells the pages above what became of the leaf. `added` is 1 if the tree has an entry more.
fn climb<S: PageStore>(store: &mut S, root: &mut Root, path: &Path, leaf: Divided, added: u64) {
    let mut below = leaf;
    let mut below_was = path.step(0).0;
    for level in 1..root.height {
        if below.more.is_empty() && below.first.link == below_was && added == 0 {
            return;
        }
        let (link, at) = path.step(level);
        below = write_inner(store, link, at, &below, added);
        below_was = link;
    }
    root.count += added;
    if below.more.is_empty() {
        root.link = below.first.link;
        return;
    }
    root.link = new_root(store, root.height, &below);
    root.height += 1;
}

/// Brings an inner page up to date with the child that its entry `at` names.
fn write_inner<S: PageStore>(
    store: &mut S,
    link: Link,
    at: usize,
    below: &Divided,
    added: u64,
) -> Divided {
    let (link, page) = store.writable_page(link);
    let mut node = NodeMut::new(page);
    if below.more.is_empty() {
        let count = node.node().child(at).count + added;
        node.set_child(at, Child { link: below.first.link, count });
        return unchanged(link);
    }
    let prefix_bytes = node.node().prefix_bytes();
    let fixed: Vec<_> = below.more.iter().map(|(_, child)| child.encode()).collect();
    let items: Vec<_> = below
        .more
        .iter()
        .zip(&fixed)
        .map(|((key, _), fixed)| Item { fixed, lead: &[], suffix: &key[prefix_bytes..], rest: &[] })
        .collect();
    if items.iter().map(Item::size).sum::<usize>() <= node.room() {
        node.set_child(at, below.first);
        for (index, item) in items.iter().enumerate() {
            node.insert(at + 1 + index, *item);
        }
        return unchanged(link);
    }
    divide(store, link, at + 1, &items, Some(&below.first.encode()))
}

/// A root above pages that were the root before it was divided.
fn new_root<S: PageStore>(store: &mut S, level: u8, below: &Divided) -> Link {
    let link = store.allocate();
    let mut fixed = vec![below.first.encode()];
    fixed.extend(below.more.iter().map(|(_, child)| child.encode()));
    let keys = std::iter::once(&[][..]).chain(below.more.iter().map(|(key, _)| &key[..]));
    let items: Vec<_> = keys
        .zip(&fixed)
        .map(|(suffix, fixed)| Item { fixed, lead: &[], suffix, rest: &[] })
        .collect();
    let fences = Fences { prefix: &[], lower: &[], upper: None };
    build(store.page_mut(link), level, fences, &items);
    link
}
