//! Reading trees in order: leaf by leaf, with a transaction's own changes merged in, and over many
//! shards at once.
//!
//! [`Leaves`] gives whole leaves, to who builds or copies trees; [`Cursor`] gives the entries of a
//! range in one shard, and [`MergedCursor`] those of many shards as one.

use bourse_storage::Result;
use bourse_storage::cache::PinnedPage;
use bourse_storage::id::{Batch, Link};
use bourse_storage::page::extent_pages;
use bourse_storage::pager::{Aside, FRAMED_EXTENT_PAGES, Need, Pager, Store, Writer};
use bourse_storage::store::Stop;
use bourse_storage::tree::{self, Builder, Leaf, Payload, Root, Seek};

use crate::pairs::Pairs;

mod cursor;
mod difference;
mod merged;

pub(crate) use cursor::{Cursor, Keys};
pub(crate) use difference::each_difference;
pub(crate) use merged::MergedCursor;

/// Keys with their values.
pub(crate) type Entries = Vec<(Vec<u8>, Vec<u8>)>;

/// The leaves of a tree from left to right, for whoever holds the shard's head or a Cut.
pub(crate) struct Leaves {
    root: Root,
    next: Option<Vec<u8>>,
}

/// One leaf, kept in memory by count.
pub(crate) struct LeafPage(PinnedPage);

impl Leaves {
    /// Starts before the first leaf.
    pub(crate) fn new(root: Root) -> Leaves {
        Leaves { root, next: Some(Vec::new()) }
    }

    /// Starts at the leaf that has the first key, or would have it; at the first leaf without one.
    pub(crate) fn from(root: Root, key: Option<&[u8]>) -> Leaves {
        Leaves { root, next: Some(key.unwrap_or_default().to_vec()) }
    }

    /// The next leaf.
    pub(crate) fn next_leaf(&mut self, pager: &Pager, newest: Batch) -> Result<Option<LeafPage>> {
        let Some(from) = self.next.take() else { return Ok(None) };
        let root = self.root;
        let page =
            pager.read(newest, |source| match tree::leaf(source, root, Seek::AtLeast(&from))? {
                Some((link, _)) => Ok(Some(pager.pin_page(source, link)?)),
                None => Ok(None),
            })?;
        self.next =
            page.as_ref().and_then(|page| Leaf::new(page).upper_fence().map(<[u8]>::to_vec));
        Ok(page.map(LeafPage))
    }
}

impl LeafPage {
    /// Copies of the leaf's entries, values of any size included.
    pub(crate) fn entries(&self, pager: &Pager, newest: Batch) -> Result<Entries> {
        let mut entries = Vec::new();
        self.each(pager, newest, |key, value| {
            entries.push((key.to_vec(), value.to_vec()));
            Ok(())
        })?;
        Ok(entries)
    }

    /// Hands out the leaf's entries one after the other, values of any size included.
    pub(crate) fn each(
        &self,
        pager: &Pager,
        newest: Batch,
        mut take: impl FnMut(&[u8], &[u8]) -> Result<()>,
    ) -> Result<()> {
        let leaf = Leaf::new(&self.0);
        let (mut key, mut large) = (Vec::new(), Vec::new());
        for slot in 0..leaf.count() {
            key.clear();
            leaf.read_key(slot, &mut key);
            match leaf.payload(slot) {
                Payload::Inline(value) => take(&key, value)?,
                payload => {
                    copy_payload(pager, newest, payload, &mut large)?;
                    take(&key, &large)?;
                }
            }
        }
        Ok(())
    }
}

/// Copies a value, wherever it lies.
pub(crate) fn copy_payload(
    pager: &Pager,
    newest: Batch,
    payload: Payload<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    out.clear();
    match payload {
        Payload::Inline(bytes) => out.extend_from_slice(bytes),
        Payload::Extent { first, bytes } => read_extent(pager, newest, first, bytes, out)?,
    }
    Ok(())
}

/// All entries of a small tree.
pub(crate) fn all_entries(pager: &Pager, newest: Batch, root: Root) -> Result<Entries> {
    let mut all = Entries::new();
    let mut leaves = Leaves::new(root);
    while let Some(leaf) = leaves.next_leaf(pager, newest)? {
        all.append(&mut leaf.entries(pager, newest)?);
    }
    Ok(all)
}

/// Builds a tree of sorted pairs: in the writer's current batch, or aside.
pub(crate) fn build_tree(
    writer: &mut Writer,
    aside: Option<&Aside>,
    pairs: &Pairs,
) -> Result<Root> {
    let mut builder = Builder::new(FILL_PERCENT);
    push_all(writer, aside, &mut builder, pairs.iter())?;
    finish_tree(writer, aside, builder)
}

/// Pushes pairs, so many under one hold of the freeze latch as surely fit into [`BUILT_PAGES`].
///
/// # Errors
/// The disk's, and `InvalidInput` of [`Builder::push`]; the pairs before are in the tree then.
pub(crate) fn push_all<'p>(
    writer: &mut Writer,
    aside: Option<&Aside>,
    builder: &mut Builder,
    pairs: impl Iterator<Item = (&'p [u8], &'p [u8])>,
) -> Result<()> {
    let mut pairs = pairs.peekable();
    while let Some((key, value)) = pairs.peek() {
        let limit = builder.pages_needed(0).max(BUILT_PAGES);
        let end = builder.pages_written() + limit;
        let need = need(limit, key, value);
        let mut is_first = true;
        let mut push = |store: &mut Store<'_>| {
            let fits = |builder: &Builder, key: &[u8], value: &[u8]| {
                is_inline(key, value) && builder.pages_written() + builder.pages_needed(0) <= end
            };
            while let Some((key, value)) =
                pairs.next_if(|(key, value)| is_first || fits(builder, key, value))
            {
                is_first = false;
                // An error in here would promise that nothing was pushed.
                if let Err(error) = builder.push(store, key, value) {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        };
        match aside {
            Some(aside) => writer.write_aside(aside, need, &mut push)??,
            None => writer.write(need, &mut push)??,
        }
    }
    Ok(())
}

/// Ends a tree that was built.
pub(crate) fn finish_tree(
    writer: &mut Writer,
    aside: Option<&Aside>,
    builder: Builder,
) -> Result<Root> {
    let pages = builder.pages_to_finish();
    let mut builder = Some(builder);
    let finish = |store: &mut Store<'_>| match builder.take() {
        Some(builder) => Ok(builder.finish(store)),
        None => unreachable!("building reads no pages, so it is never run again"),
    };
    match aside {
        Some(aside) => writer.write_aside(aside, pages, finish),
        None => writer.write(pages, finish),
    }
}

/// How full bulk building leaves pages.
pub(crate) const FILL_PERCENT: usize = 100;
/// Pages built under one hold of the freeze latch. Few: so many frames are set aside for them.
const BUILT_PAGES: usize = 16;

fn is_inline(key: &[u8], value: &[u8]) -> bool {
    fits_inline(key.len(), value.len())
}

fn fits_inline(key: usize, value: usize) -> bool {
    value <= tree::MAX_INLINE_VALUE_BYTES && key + value <= tree::MAX_INLINE_ENTRY_BYTES
}

/// What a change of so many pages that stores a value may need.
pub(crate) fn need(pages: impl Into<Need>, key: &[u8], value: &[u8]) -> Need {
    need_of(pages, key.len(), value.len())
}

/// The same by the lengths.
pub(crate) fn need_of(pages: impl Into<Need>, key: usize, value: usize) -> Need {
    let need = pages.into().with_bytes(key + value);
    if fits_inline(key, value) { need } else { need.with_value(value) }
}

/// Copies a large value. Not pinned; the Cut is held and does not expire, or its shard's mutex.
pub(crate) fn read_extent(
    pager: &Pager,
    newest: Batch,
    first: Link,
    bytes: usize,
    out: &mut Vec<u8>,
) -> Result<()> {
    read_extent_checked(pager, newest, &|| Ok(()), (first, bytes), out)
}

/// As [`read_extent`], of a Cut that may expire: `check_age` is asked under each pin.
pub(crate) fn read_extent_checked(
    pager: &Pager,
    newest: Batch,
    check_age: &dyn Fn() -> Result<()>,
    (first, bytes): (Link, usize),
    out: &mut Vec<u8>,
) -> Result<()> {
    out.clear();
    out.reserve(bytes);
    let pages = extent_pages(bytes);
    if pages > FRAMED_EXTENT_PAGES {
        return pager.read_extent_direct(first, bytes, out);
    }
    loop {
        let step = {
            let pin = pager.cache().epochs().pin();
            check_age()?;
            out.clear();
            tree::read_extent(&pager.source(&pin, newest), first, bytes, out)
        };
        match step {
            Ok(()) => return Ok(()),
            Err(Stop::Error(error)) => return Err(error),
            // From the page that is missing on: the first may be in memory when others are not.
            Err(Stop::Miss(link)) => {
                let before = (link.page.0 - first.page.0) as usize;
                pager.load_run(link, pages - before)?;
            }
        }
    }
}

/// Which way a scan goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// From the lowest key.
    Ascending,
    /// From the highest key.
    Descending,
    /// Whatever is cheapest: each shard's in ascending order, one shard after the other. For sums,
    /// or where only few are kept and sorted.
    Any,
}

/// Which way a cursor goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Direction {
    /// To higher keys.
    Up,
    /// To lower keys.
    Down,
}

impl Order {
    fn direction(self) -> Direction {
        match self {
            Order::Ascending | Order::Any => Direction::Up,
            Order::Descending => Direction::Down,
        }
    }
}
