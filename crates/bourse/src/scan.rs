//! Reading trees in order: leaf by leaf, with a transaction's own changes merged in, and over many
//! shards at once.
//!
//! A cursor keeps its leaf by count, not by an epoch, so user code may run while it stands there.
//! It finds the next leaf by this one's fence, in the same Cut; so no pointers between leaves are
//! needed, which copy-on-write could not keep.

use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

use bourse_storage::cache::PinnedPage;
use bourse_storage::id::{Batch, Link};
use bourse_storage::page::extent_pages;
use bourse_storage::pager::{Aside, FRAMED_EXTENT_PAGES, Need, Pager, Store, Writer};
use bourse_storage::store::Stop;
use bourse_storage::tree::{self, Builder, Leaf, Payload, Root, Seek};
use bourse_storage::{Error, Result};

use crate::pairs::Pairs;
use crate::view::{KeyRange, Observation, View};

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
    value.len() <= tree::MAX_INLINE_VALUE_BYTES
        && key.len() + value.len() <= tree::MAX_INLINE_ENTRY_BYTES
}

/// What a change of so many pages that stores a value may need.
pub(crate) fn need(pages: impl Into<Need>, key: &[u8], value: &[u8]) -> Need {
    let need = pages.into();
    if is_inline(key, value) { need } else { need.with_value(value.len()) }
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

/// A cursor over a range of one tree of one shard, with the view's own changes merged in.
pub(crate) struct Cursor {
    shard: u16,
    tree: u32,
    /// The tree's root, once the first leaf was sought.
    root: Option<Root>,
    range: Arc<KeyRange>,
    direction: Direction,
    leaf: Option<PinnedPage>,
    /// Whether the range may end within the leaf, so that each key must be compared with its end.
    ends_in_leaf: bool,
    /// Next slot to look at, going up; one past it, going down.
    slot: usize,
    /// Whether the tree has no more entries in the range.
    drained: bool,
    own: std::vec::IntoIter<(Vec<u8>, Option<Vec<u8>>)>,
    own_next: Option<(Vec<u8>, Option<Vec<u8>>)>,
    /// Key of the entry that the tree offers next, valid while `offered`.
    tree_key: Vec<u8>,
    offered: bool,
    key: Vec<u8>,
    current: Current,
}

/// Where the current entry's value lies.
enum Current {
    Nothing,
    Slot(usize),
    Own(Vec<u8>),
}

impl Cursor {
    /// A cursor that stands before the first entry of the range.
    pub(crate) fn new<V: View>(
        view: &V,
        shard: u16,
        tree: u32,
        range: &Arc<KeyRange>,
        direction: Direction,
    ) -> Result<Cursor> {
        let drained = range.is_empty();
        let mut own = if drained { Vec::new() } else { view.own_range(shard, tree, range) };
        if direction == Direction::Down {
            own.reverse();
        }
        let mut own = own.into_iter();
        let own_next = own.next();
        let mut cursor = Cursor {
            shard,
            tree,
            root: None,
            drained,
            range: Arc::clone(range),
            direction,
            leaf: None,
            ends_in_leaf: true,
            slot: 0,
            own,
            own_next,
            tree_key: Vec::new(),
            offered: false,
            key: Vec::new(),
            current: Current::Nothing,
        };
        if !cursor.drained {
            cursor.first_leaf(view)?;
        }
        Ok(cursor)
    }

    fn first_leaf<V: View>(&mut self, view: &V) -> Result<()> {
        let range = Arc::clone(&self.range);
        let seek = match (self.direction, &range.lower, &range.upper) {
            (Direction::Up, Bound::Unbounded, _) => Seek::First,
            (Direction::Up, Bound::Included(key), _) => Seek::AtLeast(key),
            (Direction::Up, Bound::Excluded(key), _) => Seek::After(key),
            (Direction::Down, _, Bound::Unbounded) => Seek::Last,
            (Direction::Down, _, Bound::Included(key)) => Seek::AtMost(key),
            (Direction::Down, _, Bound::Excluded(key)) => Seek::Before(key),
        };
        self.seek(view, seek)
    }

    fn seek<V: View>(&mut self, view: &V, seek: Seek<'_>) -> Result<()> {
        let pager = &view.core().shards[usize::from(self.shard)].pager;
        let forest = view.forest(self.shard)?;
        let (root, found) = view.read(self.shard, |source| {
            let root = match self.root {
                Some(root) => root,
                None => view.tree_root(source, self.shard, forest, self.tree)?,
            };
            Ok(match tree::leaf(source, root, seek)? {
                Some((link, slot)) => (root, Some((pager.pin_page(source, link)?, link, slot))),
                None => (root, None),
            })
        })?;
        self.root = Some(root);
        let link = found.as_ref().map(|(_, link, _)| *link);
        match found {
            Some((page, _, slot)) => {
                self.slot = if self.direction == Direction::Up { slot } else { slot + 1 };
                let leaf = Leaf::new(&page);
                self.ends_in_leaf = match self.direction {
                    Direction::Up => !leaf.upper_fence().is_some_and(|f| self.range.ends_after(f)),
                    Direction::Down => !self.range.begins_before(leaf.lower_fence()),
                };
                self.leaf = Some(page);
            }
            None => {
                self.leaf = None;
                self.drained = true;
            }
        }
        if view.observes() {
            self.observe(view, link, seek);
        }
        Ok(())
    }

    /// Remembers that all entries of the leaf that lie in the range, from where the cursor sought,
    /// were read; or that there were none from there on.
    fn observe<V: View>(&self, view: &V, leaf: Option<Link>, seek: Seek<'_>) {
        let mut range = KeyRange::clone(&self.range);
        match seek {
            Seek::AtLeast(key) => range.lower = Bound::Included(key.to_vec()),
            Seek::Before(key) => range.upper = Bound::Excluded(key.to_vec()),
            _ => {}
        }
        if let Some(page) = &self.leaf {
            let view_of_leaf = Leaf::new(page);
            match self.direction {
                Direction::Up => {
                    if let Some(fence) = view_of_leaf.upper_fence()
                        && range.ends_after(fence)
                    {
                        range.upper = Bound::Excluded(fence.to_vec());
                    }
                }
                Direction::Down => {
                    let fence = view_of_leaf.lower_fence();
                    if range.begins_before(fence) {
                        range.lower = Bound::Included(fence.to_vec());
                    }
                }
            }
        }
        view.observe(Observation::Range { shard: self.shard, tree: self.tree, range, leaf });
    }

    /// Makes `tree_key` the next entry of the tree, if there is one in the range.
    fn offer<V: View>(&mut self, view: &V) -> Result<()> {
        while !self.offered && !self.drained {
            let Some(page) = &self.leaf else { break };
            let leaf = Leaf::new(page);
            let next = match self.direction {
                Direction::Up => (self.slot < leaf.count()).then_some(self.slot),
                Direction::Down => self.slot.checked_sub(1),
            };
            if let Some(slot) = next {
                leaf.read_key(slot, &mut self.tree_key);
                let inside = !self.ends_in_leaf
                    || match self.direction {
                        Direction::Up => self.range.ends_after(&self.tree_key),
                        Direction::Down => self.range.begins_before(&self.tree_key),
                    };
                self.offered = inside;
                self.drained = !inside;
                continue;
            }
            let fence = match self.direction {
                Direction::Up => leaf.upper_fence().map(<[u8]>::to_vec),
                Direction::Down => Some(leaf.lower_fence().to_vec()).filter(|f| !f.is_empty()),
            };
            match (fence, self.direction) {
                (None, _) => self.drained = true,
                (Some(fence), Direction::Up) if !self.range.ends_after(&fence) => {
                    self.drained = true;
                }
                (Some(fence), Direction::Up) => self.seek(view, Seek::AtLeast(&fence))?,
                (Some(fence), Direction::Down) => self.seek(view, Seek::Before(&fence))?,
            }
        }
        Ok(())
    }

    /// Moves to the next entry. Returns whether there is one.
    pub(crate) fn advance<V: View>(&mut self, view: &V) -> Result<bool> {
        loop {
            self.offer(view)?;
            let which = match (&self.own_next, self.offered) {
                (None, false) => {
                    self.current = Current::Nothing;
                    return Ok(false);
                }
                (None, true) => Ordering::Greater,
                (Some(_), false) => Ordering::Less,
                (Some((own, _)), true) => match self.direction {
                    Direction::Up => own.as_slice().cmp(&self.tree_key),
                    Direction::Down => self.tree_key.as_slice().cmp(own),
                },
            };
            if which != Ordering::Less {
                self.take_offered();
            }
            if which == Ordering::Greater {
                return Ok(true);
            }
            let own = std::mem::replace(&mut self.own_next, self.own.next());
            if let Some((key, Some(value))) = own {
                self.key = key;
                self.current = Current::Own(value);
                return Ok(true);
            }
            // The view deleted this key: go on.
        }
    }

    fn take_offered(&mut self) {
        std::mem::swap(&mut self.key, &mut self.tree_key);
        self.offered = false;
        match self.direction {
            Direction::Up => {
                self.current = Current::Slot(self.slot);
                self.slot += 1;
            }
            Direction::Down => {
                self.slot -= 1;
                self.current = Current::Slot(self.slot);
            }
        }
    }

    /// Key of the current entry.
    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    /// The shard that the cursor reads.
    pub(crate) fn shard(&self) -> u16 {
        self.shard
    }

    /// The current entry's value, if it lies in its leaf or is the view's own.
    pub(crate) fn inline_value(&self) -> Option<&[u8]> {
        match &self.current {
            Current::Own(value) => Some(value),
            Current::Slot(slot) => match Leaf::new(self.leaf.as_ref()?).payload(*slot) {
                Payload::Inline(bytes) => Some(bytes),
                Payload::Extent { .. } => None,
            },
            Current::Nothing => None,
        }
    }

    /// Copies the current entry's value.
    pub(crate) fn value<V: View>(&self, view: &V, out: &mut Vec<u8>) -> Result<()> {
        out.clear();
        match (&self.current, &self.leaf) {
            (Current::Own(value), _) => out.extend_from_slice(value),
            (Current::Slot(slot), Some(page)) => match Leaf::new(page).payload(*slot) {
                Payload::Inline(bytes) => out.extend_from_slice(bytes),
                Payload::Extent { first, bytes } => {
                    view.read_extent(self.shard, first, bytes, out)?;
                }
            },
            _ => return Err(Error::invalid("the cursor stands on no entry")),
        }
        Ok(())
    }
}

/// Cursors over the same tree of several shards, merged into one order.
pub(crate) struct MergedCursor {
    cursors: Vec<Cursor>,
    /// Indexes of the cursors that stand on an entry, a heap with the next entry first.
    heap: Vec<usize>,
    order: Order,
}

impl MergedCursor {
    /// A cursor that stands before the first entry of the range in all of `shards`.
    pub(crate) fn new<V: View>(
        view: &V,
        shards: &[u16],
        tree: u32,
        range: KeyRange,
        order: Order,
    ) -> Result<MergedCursor> {
        let (cursors, heap) = (Vec::with_capacity(shards.len()), Vec::with_capacity(shards.len()));
        let mut merged = MergedCursor { cursors, heap, order };
        let range = Arc::new(range);
        for shard in shards {
            let mut cursor = Cursor::new(view, *shard, tree, &range, order.direction())?;
            if cursor.advance(view)? {
                merged.heap.push(merged.cursors.len());
                merged.cursors.push(cursor);
            }
        }
        for at in (0..merged.heap.len() / 2).rev() {
            merged.sift_down(at);
        }
        Ok(merged)
    }

    /// The cursor that stands on the next entry.
    pub(crate) fn current(&self) -> Option<&Cursor> {
        self.heap.first().map(|index| &self.cursors[*index])
    }

    /// Moves past the current entry.
    pub(crate) fn advance<V: View>(&mut self, view: &V) -> Result<()> {
        let Some(first) = self.heap.first().copied() else { return Ok(()) };
        if !self.cursors[first].advance(view)? {
            self.heap.swap_remove(0);
        } else if self.order == Order::Any {
            return Ok(());
        }
        self.sift_down(0);
        Ok(())
    }

    fn precedes(&self, a: usize, b: usize) -> bool {
        let (at_a, at_b) = (self.heap[a], self.heap[b]);
        let (a, b) = (&self.cursors[at_a], &self.cursors[at_b]);
        match self.order {
            Order::Any => at_a < at_b,
            Order::Ascending => a.key() < b.key(),
            Order::Descending => a.key() > b.key(),
        }
    }

    fn sift_down(&mut self, mut at: usize) {
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let mut first = at;
            if left < self.heap.len() && self.precedes(left, first) {
                first = left;
            }
            if right < self.heap.len() && self.precedes(right, first) {
                first = right;
            }
            if first == at {
                return;
            }
            self.heap.swap(at, first);
            at = first;
        }
    }
}
