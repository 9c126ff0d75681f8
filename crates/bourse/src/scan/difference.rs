//! The entries in which two states of a shard's tree differ.

use std::cmp::Ordering;
use std::vec::IntoIter;

use bourse_storage::Result;
use bourse_storage::id::{Batch, Link};
use bourse_storage::pager::Pager;
use bourse_storage::tree::{self, Leaf, Payload, Root};

use super::read_extent;

/// A value, or where one lies that is too large for a page: the same place is the same value.
#[derive(PartialEq)]
enum Stored {
    Inline(Vec<u8>),
    Extent(Link, usize),
}

type Pair = (Vec<u8>, Stored);

/// The entries of some leaves, in order of keys.
struct Side<'p> {
    pager: &'p Pager,
    newest: Batch,
    leaves: IntoIter<Link>,
    entries: IntoIter<Pair>,
    next: Option<Pair>,
}

impl<'p> Side<'p> {
    fn new(pager: &'p Pager, newest: Batch, leaves: Vec<Link>) -> Result<Side<'p>> {
        let (leaves, entries) = (leaves.into_iter(), Vec::new().into_iter());
        let mut side = Side { pager, newest, leaves, entries, next: None };
        side.advance()?;
        Ok(side)
    }

    fn advance(&mut self) -> Result<Option<Pair>> {
        let taken = self.next.take();
        loop {
            self.next = self.entries.next();
            if self.next.is_some() {
                return Ok(taken);
            }
            let Some(link) = self.leaves.next() else { return Ok(taken) };
            let page = self.pager.read(self.newest, |source| self.pager.pin_page(source, link))?;
            let leaf = Leaf::new(&page);
            let entry = |at| {
                let mut key = Vec::new();
                leaf.read_key(at, &mut key);
                let value = match leaf.payload(at) {
                    Payload::Inline(bytes) => Stored::Inline(bytes.to_vec()),
                    Payload::Extent { first, bytes } => Stored::Extent(first, bytes),
                };
                (key, value)
            };
            self.entries = (0..leaf.count()).map(entry).collect::<Vec<_>>().into_iter();
        }
    }

    fn bytes(&self, stored: Stored) -> Result<Vec<u8>> {
        match stored {
            Stored::Inline(bytes) => Ok(bytes),
            Stored::Extent(first, bytes) => {
                let mut value = Vec::new();
                read_extent(self.pager, self.newest, first, bytes, &mut value)?;
                Ok(value)
            }
        }
    }
}

/// Shows each key whose value is another in `new` than in `old`, with its value in either, in order
/// of keys. Both states must be held: by a Cut, or by the shard's mutex. Reads no more of the trees
/// than what they do not share.
///
/// # Errors
/// Those of reading, and what `each` returned.
pub(crate) fn each_difference(
    pager: &Pager,
    newest: Batch,
    (old, new): (Root, Root),
    mut each: impl FnMut(&[u8], Option<&[u8]>, Option<&[u8]>) -> Result<()>,
) -> Result<()> {
    if old == new {
        return Ok(());
    }
    let (old, new) = pager.read(newest, |source| tree::leaves_apart(source, old, new))?;
    let mut old = Side::new(pager, newest, old)?;
    let mut new = Side::new(pager, newest, new)?;
    loop {
        let order = match (&old.next, &new.next) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((before, _)), Some((after, _))) => before.cmp(after),
        };
        let before = if order.is_le() { old.advance()? } else { None };
        let after = if order.is_ge() { new.advance()? } else { None };
        let (key, was, is) = match (before, after) {
            (Some((key, was)), None) => (key, Some(was), None),
            (None, Some((key, is))) => (key, None, Some(is)),
            (Some((key, was)), Some((_, is))) if was != is => (key, Some(was), Some(is)),
            _ => continue,
        };
        let was = was.map(|stored| old.bytes(stored)).transpose()?;
        let is = is.map(|stored| new.bytes(stored)).transpose()?;
        each(&key, was.as_deref(), is.as_deref())?;
    }
}
