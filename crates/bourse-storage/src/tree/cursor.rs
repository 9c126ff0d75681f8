//! Walking along the entries: [`Leaf`], one page alone, and [`Cursor`], within one pin.
//!
//! Leaves have no links to their neighbours, since with copy-on-write changing one would change
//! them all. A [`Cursor`] goes on through the parent while it has it; whoever holds a leaf page
//! and nothing else goes on with a new descent by the leaf's fence: [`Leaf::next`] and
//! [`Leaf::previous`] say to where.

use super::node::Node;
use super::search::{Position, page_at, position};
use super::{Payload, Root, Seek};
use crate::id::Link;
use crate::page::Page;
use crate::store::{PageSource, Step};

/// A leaf page of a tree, seen for itself.
#[derive(Clone, Copy)]
pub struct Leaf<'a> {
    page: &'a Page,
    node: Node<'a>,
}

impl<'a> Leaf<'a> {
    /// The view of a page that [`super::leaf`] named.
    ///
    /// # Panics
    /// When the page is not a leaf.
    #[inline]
    pub fn new(page: &'a Page) -> Leaf<'a> {
        let node = Node::new(page);
        assert!(node.is_at_level(0), "page {} is not a leaf", page.link());
        Leaf { page, node }
    }

    /// The page's identity.
    pub fn link(&self) -> Link {
        self.page.link()
    }

    /// Number of entries. A leaf may be empty.
    #[inline]
    pub fn count(&self) -> usize {
        self.node.count()
    }

    /// What all keys of the leaf begin with.
    #[inline]
    pub fn prefix(&self) -> &'a [u8] {
        self.node.prefix()
    }

    /// The key of entry `at` behind the prefix.
    #[inline]
    pub fn suffix(&self, at: usize) -> &'a [u8] {
        self.node.suffix(at)
    }

    /// Makes `key` the key of entry `at`.
    #[inline]
    pub fn read_key(&self, at: usize, key: &mut Vec<u8>) {
        let (prefix, suffix) = (self.prefix(), self.suffix(at));
        key.clear();
        key.reserve(prefix.len() + suffix.len());
        key.extend_from_slice(prefix);
        key.extend_from_slice(suffix);
    }

    /// The value of entry `at`.
    #[inline]
    pub fn payload(&self, at: usize) -> Payload<'a> {
        self.node.payload(at)
    }

    /// The key of entry `at` behind the prefix, and its value: cheaper than one after the other.
    #[inline(always)]
    pub fn entry(&self, at: usize) -> (&'a [u8], Payload<'a>) {
        self.node.leaf_entry(at)
    }

    /// `Ok` with the place of the key, or `Err` with the place of the first greater one, which
    /// is [`Leaf::count`] when there is none. Any key may be asked for.
    ///
    /// # Errors
    /// `Err` is not a failure here, as with [`slice::binary_search`].
    pub fn lower_bound(&self, key: &[u8]) -> Result<usize, usize> {
        let prefix = self.prefix();
        match key.strip_prefix(prefix) {
            Some(suffix) => match self.node.lower_bound(suffix) {
                (at, true) => Ok(at),
                (at, false) => Err(at),
            },
            None if key < prefix => Err(0),
            None => Err(self.count()),
        }
    }

    /// Where the leaf's range begins, itself included. Empty for the first leaf.
    pub fn lower_fence(&self) -> &'a [u8] {
        self.node.lower_fence()
    }

    /// Where the leaf's range ends, itself excluded. `None` for the last leaf.
    pub fn upper_fence(&self) -> Option<&'a [u8]> {
        self.node.upper_fence()
    }

    /// What to seek for the first entry behind this leaf, if any leaf is behind it.
    pub fn next(&self) -> Option<Seek<'a>> {
        self.upper_fence().map(Seek::AtLeast)
    }

    /// What to seek for the last entry before this leaf, if any leaf is before it.
    pub fn previous(&self) -> Option<Seek<'a>> {
        match self.lower_fence() {
            [] => None,
            fence => Some(Seek::Before(fence)),
        }
    }
}

/// A place in a tree, to go on from in either direction, for as long as one pin lasts.
///
/// After an `Err` it is where it was before the call. It steps over empty leaves without a word;
/// who must know of all leaves that an answer rests on asks [`super::leaf_observed`] instead.
pub struct Cursor<'s, S: PageSource + ?Sized> {
    source: &'s S,
    root: Root,
    position: Option<Position<'s>>,
}

impl<'s, S: PageSource + ?Sized> Cursor<'s, S> {
    /// A cursor that is on no entry yet.
    pub fn new(source: &'s S, root: Root) -> Cursor<'s, S> {
        Cursor { source, root, position: None }
    }

    /// Goes to an entry, and says whether there is such a one. If not, the cursor is on none.
    ///
    /// # Errors
    /// Those of [`super::get`].
    pub fn seek(&mut self, seek: Seek<'_>) -> Step<bool> {
        self.position = position(self.source, self.root, seek, |_| {})?;
        Ok(self.position.is_some())
    }

    /// Goes to the next entry, and says whether there is one. If not, the cursor is on none.
    ///
    /// # Errors
    /// Those of [`super::get`].
    #[expect(clippy::should_implement_trait, reason = "it can fail, and gives no item")]
    pub fn next(&mut self) -> Step<bool> {
        let Some(position) = &mut self.position else { return Ok(false) };
        if position.at + 1 < Node::new(position.page).count() {
            position.at += 1;
            return Ok(true);
        }
        if let Some((parent, from)) = position.parent {
            let node = Node::new(parent);
            for index in from + 1..node.count() {
                let link = node.child(index).link;
                let page = page_at(self.source, link, 0)?;
                self.source.descended(1);
                if index + 1 < node.count() {
                    self.source.prefetch_whole(node.child(index + 1).link);
                }
                if Node::new(page).count() > 0 {
                    *position = Position { link, page, at: 0, parent: Some((parent, index)) };
                    return Ok(true);
                }
            }
        }
        let seek = self.edge().and_then(|leaf| leaf.next());
        self.go_on(seek)
    }

    /// Goes to the entry before, and says whether there is one. If not, the cursor is on none.
    ///
    /// # Errors
    /// Those of [`super::get`].
    pub fn previous(&mut self) -> Step<bool> {
        let Some(position) = &mut self.position else { return Ok(false) };
        if position.at > 0 {
            position.at -= 1;
            return Ok(true);
        }
        if let Some((parent, from)) = position.parent {
            let node = Node::new(parent);
            for index in (0..from).rev() {
                let link = node.child(index).link;
                let page = page_at(self.source, link, 0)?;
                self.source.descended(1);
                if index > 0 {
                    self.source.prefetch_whole(node.child(index - 1).link);
                }
                if let Some(at) = Node::new(page).count().checked_sub(1) {
                    *position = Position { link, page, at, parent: Some((parent, index)) };
                    return Ok(true);
                }
            }
        }
        let seek = self.edge().and_then(|leaf| leaf.previous());
        self.go_on(seek)
    }

    fn go_on(&mut self, seek: Option<Seek<'s>>) -> Step<bool> {
        match seek {
            Some(seek) => self.seek(seek),
            None => {
                self.position = None;
                Ok(false)
            }
        }
    }

    fn edge(&self) -> Option<Leaf<'s>> {
        self.position.as_ref().map(|position| Leaf::new(position.page))
    }

    fn current(&self) -> &Position<'s> {
        match &self.position {
            Some(position) => position,
            None => panic!("the cursor is on no entry"),
        }
    }

    /// Whether the cursor is on an entry.
    pub fn is_on_entry(&self) -> bool {
        self.position.is_some()
    }

    /// The leaf that the cursor is in, and the entry's place there. The cursor is on an entry.
    pub fn leaf(&self) -> (Leaf<'s>, usize) {
        let position = self.current();
        (Leaf::new(position.page), position.at)
    }

    /// Makes `key` the key of the entry that the cursor is on.
    pub fn read_key(&self, key: &mut Vec<u8>) {
        let (leaf, at) = self.leaf();
        leaf.read_key(at, key);
    }

    /// The value of the entry that the cursor is on.
    pub fn payload(&self) -> Payload<'s> {
        let position = self.current();
        Node::new(position.page).payload(position.at)
    }
}
