//! Reading trees in order: leaf by leaf, with a transaction's own changes merged in, and over many
//! shards at once.
//!
//! [`Leaves`] gives whole leaves, to who builds or copies trees; [`Cursor`] gives the entries of a
//! range in one shard, and [`MergedCursor`] those of many shards as one.

use bourse_storage::Result;
use bourse_storage::cache::PinnedPage;
use bourse_storage::id::{Batch, Link};
use bourse_storage::page::extent_pages;
use bourse_storage::pager::{FRAMED_EXTENT_PAGES, Need, Pager, Writer};
use bourse_storage::store::Stop;
use bourse_storage::tree::{self, Builder, Leaf, Payload, Root, Seek};

mod cursor;
mod merged;

pub(crate) use cursor::{Cursor, Keys};
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
        let leaf = Leaf::new(&self.0);
        let mut entries = Vec::with_capacity(leaf.count());
        for slot in 0..leaf.count() {
            let mut key = Vec::new();
            leaf.read_key(slot, &mut key);
            let mut value = Vec::new();
            copy_payload(pager, newest, leaf.payload(slot), &mut value)?;
            entries.push((key, value));
        }
        Ok(entries)
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

/// Builds a tree of sorted entries in the writer's current batch.
pub(crate) fn build_tree(writer: &mut Writer, entries: &[(Vec<u8>, Vec<u8>)]) -> Result<Root> {
    let mut builder = Builder::new(FILL_PERCENT);
    for (key, value) in entries {
        let need = need(builder.pages_needed(0), key, value);
        writer.write(need, |store| Ok(builder.push(store, key, value)?))?;
    }
    let pages = builder.pages_to_finish();
    let mut builder = Some(builder);
    writer.write(pages, |store| match builder.take() {
        Some(builder) => Ok(builder.finish(store)),
        None => unreachable!("building reads no pages, so it is never run again"),
    })
}

/// How full bulk building leaves pages.
pub(crate) const FILL_PERCENT: usize = 100;

/// What a change of so many pages that stores a value may need.
pub(crate) fn need(pages: impl Into<Need>, key: &[u8], value: &[u8]) -> Need {
    let need = pages.into();
    let inline = value.len() <= tree::MAX_INLINE_VALUE_BYTES
        && key.len() + value.len() <= tree::MAX_INLINE_ENTRY_BYTES;
    if inline { need } else { need.with_value(value.len()) }
}

/// Copies a large value. Not pinned; the Cut is held, or its shard's mutex.
pub(crate) fn read_extent(
    pager: &Pager,
    newest: Batch,
    first: Link,
    bytes: usize,
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
