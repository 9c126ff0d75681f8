//! Verifying a whole tree, page by page and entry by entry.

use super::node::{Child, Node, head_of, validate};
use super::search::extent_links;
use super::{MAX_HEIGHT, Payload, Root};
use crate::error::{Error, Result};
use crate::id::{Batch, Link};
use crate::page::{Page, PageKind};
use crate::store::Stop;

/// Verifies a tree: the identity, kind and level of each page, its fences against its parent's
/// separators, its prefix, the order and the heads of its keys, the counts, the height, that no
/// page is younger than its parent, and that all pages of extents are there.
///
/// `read` brings a page, from memory or disk. `on_page` hears of each page reached, in extents
/// too, so that the caller can compare them with what is allocated, and find pages that are
/// reached twice. `on_entry` hears of each entry in order of keys.
///
/// # Errors
/// `Corrupt` for the first thing that is wrong, naming the page and what it is; errors of `read`.
pub fn check(
    read: &mut dyn FnMut(Link) -> Result<Box<Page>>,
    root: Root,
    on_page: &mut dyn FnMut(Link, PageKind),
    on_entry: &mut dyn FnMut(&[u8], Payload<'_>),
) -> Result<()> {
    if root.link.is_none() {
        let message = "the root of a tree without pages speaks of entries";
        return if root == Root::EMPTY { Ok(()) } else { Err(Error::corrupt(message)) };
    }
    walk(Check { read, on_page, on_entry, key: Vec::new(), is_whole: true }, root)
}

/// As [`check`], of what is left of a tree that is being dropped from its end: its last pages do
/// not reach as far as they say.
///
/// # Errors
/// As [`check`].
pub fn check_remains(
    read: &mut dyn FnMut(Link) -> Result<Box<Page>>,
    root: Root,
    on_page: &mut dyn FnMut(Link, PageKind),
) -> Result<()> {
    if root.link.is_none() {
        return Ok(());
    }
    let on_entry: &mut dyn FnMut(&[u8], Payload<'_>) = &mut |_, _| ();
    walk(Check { read, on_page, on_entry, key: Vec::new(), is_whole: false }, root)
}

fn walk(mut check: Check<'_>, root: Root) -> Result<()> {
    if !(1..=MAX_HEIGHT).contains(&root.height) {
        let message = format!("the root of a tree gives it {} levels", root.height);
        return Err(Error::corrupt(message));
    }
    let range = Range { lower: &[], upper: None };
    let child = Child { link: root.link, count: root.count };
    check.subtree(child, root.height - 1, range, None)
}

struct Check<'c> {
    read: &'c mut dyn FnMut(Link) -> Result<Box<Page>>,
    on_page: &'c mut dyn FnMut(Link, PageKind),
    on_entry: &'c mut dyn FnMut(&[u8], Payload<'_>),
    key: Vec<u8>,
    /// Whether the fences of all pages are their parents' separators.
    is_whole: bool,
}

/// The range that a page must have.
#[derive(Clone, Copy)]
struct Range<'a> {
    lower: &'a [u8],
    upper: Option<&'a [u8]>,
}

fn wrong(link: Link, what: impl std::fmt::Display) -> Error {
    Error::corrupt(format!(
        "page {link} is wrong: {what}; restore the store from a backup or a replica"
    ))
}

impl Check<'_> {
    fn subtree(
        &mut self,
        child: Child,
        level: u8,
        range: Range<'_>,
        parent: Option<Batch>,
    ) -> Result<()> {
        let Child { link, count } = child;
        let page = self.page(link, parent)?;
        validate(&page)?;
        let node = Node::new(&page);
        if !node.is_at_level(level) {
            return Err(wrong(link, format!("it is not a page of level {level}")));
        }
        if self.is_whole {
            check_range(node, link, range)?;
        }
        check_keys(node, link)?;
        let birth = page.birth();
        let found =
            if level == 0 { self.leaf(node, link, birth)? } else { self.inner(node, birth)? };
        if found != count {
            let what = format!("it has {found} entries in or below it, not the {count} counted");
            return Err(wrong(link, what));
        }
        Ok(())
    }

    /// Reads a page and checks whose it is (I7).
    fn page(&mut self, link: Link, parent: Option<Batch>) -> Result<Box<Page>> {
        let page = (self.read)(link)?;
        if page.link() != link {
            return Err(wrong(link, format!("the page found there is {}", page.link())));
        }
        if let Some(parent) = parent
            && page.birth() > parent
        {
            let what = format!("born in {}, after its parent, {parent}", page.birth());
            return Err(wrong(link, what));
        }
        (self.on_page)(link, page.kind().unwrap_or(PageKind::Free));
        Ok(page)
    }

    fn inner(&mut self, node: Node<'_>, birth: Batch) -> Result<u64> {
        let key = |at: usize| [node.prefix(), node.suffix(at)].concat();
        let mut lower = node.lower_fence().to_vec();
        let mut entries = 0_u64;
        for at in 0..node.count() {
            let next = (at + 1 < node.count()).then(|| key(at + 1));
            let upper = next.as_deref().or(node.upper_fence());
            let child = node.child(at);
            let range = Range { lower: &lower, upper };
            self.subtree(child, node.level() - 1, range, Some(birth))?;
            entries = entries.saturating_add(child.count);
            lower = next.unwrap_or_default();
        }
        Ok(entries)
    }

    fn leaf(&mut self, node: Node<'_>, link: Link, birth: Batch) -> Result<u64> {
        for at in 0..node.count() {
            let payload = node.payload(at);
            if let Payload::Extent { first, bytes } = payload {
                self.extent(first, bytes, link, birth)?;
            }
            self.key.clear();
            self.key.extend_from_slice(node.prefix());
            self.key.extend_from_slice(node.suffix(at));
            (self.on_entry)(&self.key, payload);
        }
        Ok(node.count() as u64)
    }

    fn extent(&mut self, first: Link, bytes: usize, leaf: Link, birth: Batch) -> Result<()> {
        if bytes == 0 || first.is_none() {
            return Err(wrong(leaf, "it refers to an extent of nothing"));
        }
        let links = extent_links(first, bytes).map_err(|stop| match stop {
            Stop::Error(error) => error,
            Stop::Miss(link) => wrong(link, "it was not read"),
        })?;
        for link in links {
            let page = self.page(link, Some(birth))?;
            if page.kind() != Some(PageKind::Overflow) {
                return Err(wrong(link, "it is not part of an extent, as its leaf says"));
            }
        }
        Ok(())
    }
}

/// The fences are the parent's separators, and the prefix is what they have in common (I1).
fn check_range(node: Node<'_>, link: Link, range: Range<'_>) -> Result<()> {
    if node.lower_fence() != range.lower || node.upper_fence() != range.upper {
        return Err(wrong(link, "its fences are not its parent's separators"));
    }
    let common = range.upper.map_or(0, |upper| {
        range.lower.iter().zip(upper).take_while(|(one, other)| one == other).count()
    });
    if node.prefix_bytes() != common {
        return Err(wrong(link, "its prefix is not all that its fences have in common"));
    }
    Ok(())
}

/// The keys ascend between the fences, and their heads are theirs (I1, I2).
fn check_keys(node: Node<'_>, link: Link) -> Result<()> {
    let prefix = node.prefix_bytes();
    let lower = &node.lower_fence()[prefix..];
    let upper = node.upper_fence().map(|upper| &upper[prefix..]);
    let mut last = None;
    for at in 0..node.count() {
        let suffix = node.suffix(at);
        if !node.is_leaf() && at == 0 {
            last = Some(lower);
            continue;
        }
        if last.is_some_and(|last| last >= suffix) {
            return Err(wrong(link, format!("the key of entry {at} is not above the last one")));
        }
        if suffix < lower || upper.is_some_and(|upper| upper <= suffix) {
            return Err(wrong(link, format!("the key of entry {at} lies outside its fences")));
        }
        last = Some(suffix);
    }
    check_heads(node, link)
}

/// The skipped bytes are alike, and the heads are what comes behind them (I2).
fn check_heads(node: Node<'_>, link: Link) -> Result<()> {
    let skip = node.skip_bytes();
    let keys = node.first_key()..node.count();
    if keys.is_empty() {
        return Ok(());
    }
    // As the keys ascend, what the first and the last begin with, all begin with.
    if node.suffix(keys.start)[..skip] != node.suffix(keys.end - 1)[..skip] {
        return Err(wrong(link, "its keys do not all begin with the skipped bytes"));
    }
    for at in keys {
        if node.slot(at).head != head_of(&node.suffix(at)[skip..]) {
            return Err(wrong(link, format!("the head of entry {at} is not its key's")));
        }
    }
    Ok(())
}
