//! Changing one page: building it, inserting and removing an entry, squeezing out garbage.
//!
//! The heap grows down towards the slots. A removed entry leaves garbage, which is squeezed out
//! only when an insert finds no contiguous room, so that most changes move slots and nothing else.
//!
//! The skip (see `node`) is as long as can be when a page is built or squeezed, and gets shorter
//! when a key is inserted that does not begin like the others; then all heads are made anew.

use super::node::{
    COUNT_AT, Child, FLAGS_AT, GARBAGE_AT, HEAP_AT, INNER_FIXED, Item, LEAF_FIXED, LOWER_AT, Node,
    PREFIX_AT, SKIP_AT, SLOT_SIZE, SLOTS_AT, UPPER_AT, common_bytes, head_of,
};
use crate::id::PAGE_SIZE;
use crate::page::Page;

/// A page of a tree, to change.
pub(super) struct NodeMut<'a>(&'a mut [u8; PAGE_SIZE]);

/// The fences of a page to build, both without the `prefix` that they begin with.
#[derive(Clone, Copy)]
pub(super) struct Fences<'a> {
    /// What both fences begin with. Empty when there is no upper fence.
    pub(super) prefix: &'a [u8],
    /// The rest of the lower fence.
    pub(super) lower: &'a [u8],
    /// The rest of the upper fence; `None` for the last page of a level.
    pub(super) upper: Option<&'a [u8]>,
}

impl Fences<'_> {
    /// Of the keys in between, what they have in common beyond `prefix`.
    pub(super) fn shared_bytes(&self) -> usize {
        self.upper.map_or(0, |upper| common_bytes(self.lower, upper))
    }

    /// Bytes that the fences take in the page.
    pub(super) fn bytes(&self) -> usize {
        let upper = self.upper.map_or(0, |upper| self.prefix.len() + upper.len());
        self.prefix.len() + self.lower.len() + upper
    }
}

fn narrow(number: usize) -> u16 {
    match u16::try_from(number) {
        Ok(number) => number,
        Err(_) => unreachable!("{number} is not an offset or length within a page"),
    }
}

/// Lays out a page: everything behind the page header, from fences and entries.
///
/// Keys of items are relative to `fences.prefix`. The first key of an inner page is left out.
pub(super) fn build(page: &mut Page, level: u8, fences: Fences<'_>, items: &[Item<'_>]) {
    assert!(fences.upper.is_some() || fences.prefix.is_empty()); // I1
    let kind = if level == 0 { crate::page::PageKind::Leaf } else { crate::page::PageKind::Inner };
    page.set_kind(kind, level);
    let shared = fences.shared_bytes();
    let mut node = NodeMut::new(page);
    node.0[COUNT_AT..SLOTS_AT].fill(0);
    let mut end = PAGE_SIZE;
    if let Some(upper) = fences.upper {
        node.0[FLAGS_AT] = 1;
        node.set(UPPER_AT, fences.prefix.len() + upper.len());
        end = node.write_down(end, upper);
        end = node.write_down(end, fences.prefix);
    }
    node.set(LOWER_AT, fences.prefix.len() + fences.lower.len());
    end = node.write_down(end, fences.lower);
    end = node.write_down(end, fences.prefix);
    node.set(PREFIX_AT, if fences.upper.is_some() { fences.prefix.len() + shared } else { 0 });
    node.set(HEAP_AT, end);
    for (at, item) in items.iter().enumerate() {
        node.push(at, shorten(*item, shared, level > 0 && at == 0));
    }
    node.reset_heads(node.longest_skip());
}

/// The item with the first `shared` bytes of its key taken away, or all of them.
fn shorten(item: Item<'_>, shared: usize, keyless: bool) -> Item<'_> {
    if keyless {
        return Item { lead: &[], suffix: &[], ..item };
    }
    let from_lead = shared.min(item.lead.len());
    let lead = &item.lead[from_lead..];
    let suffix = &item.suffix[shared - from_lead..];
    Item { lead, suffix, ..item }
}

impl<'a> NodeMut<'a> {
    #[inline]
    pub(super) fn new(page: &'a mut Page) -> NodeMut<'a> {
        NodeMut(&mut page.0)
    }

    /// The page, to read.
    #[inline]
    pub(super) fn node(&self) -> Node<'_> {
        Node(self.0)
    }

    #[inline]
    fn set(&mut self, at: usize, value: usize) {
        self.0[at..at + 2].copy_from_slice(&narrow(value).to_le_bytes());
    }

    #[inline]
    fn write_down(&mut self, end: usize, bytes: &[u8]) -> usize {
        let start = end - bytes.len();
        self.0[start..end].copy_from_slice(bytes);
        start
    }

    /// Bytes that new entries and their slots may take, garbage included.
    pub(super) fn room(&self) -> usize {
        let node = self.node();
        node.heap_start() - (SLOTS_AT + SLOT_SIZE * node.count()) + node.garbage()
    }

    fn contiguous_room(&self) -> usize {
        self.room() - self.node().garbage()
    }

    /// Puts an entry's bytes on the heap and says where.
    fn write_entry(&mut self, item: Item<'_>) -> usize {
        let end = self.node().heap_start();
        let end = self.write_down(end, item.rest);
        let end = self.write_down(end, item.suffix);
        let end = self.write_down(end, item.lead);
        let end = self.write_down(end, item.fixed);
        self.set(HEAP_AT, end);
        end
    }

    fn write_slot(&mut self, at: usize, offset: usize, suffix_bytes: usize, head: u32) {
        let slot = SLOTS_AT + SLOT_SIZE * at;
        self.set(slot, offset);
        self.set(slot + 2, suffix_bytes);
        self.0[slot + 4..slot + 8].copy_from_slice(&head.to_le_bytes());
    }

    /// The skip that makes heads differ most. A single key will get neighbours, which can be
    /// expected to differ from it at its end.
    fn longest_skip(&self) -> usize {
        let node = self.node();
        match node.count().saturating_sub(node.first_key()) {
            0 => 0,
            1 => node.suffix(node.first_key()).len().saturating_sub(4),
            _ => common_bytes(node.suffix(node.first_key()), node.suffix(node.count() - 1)),
        }
    }

    /// Makes all heads anew, behind `skip` bytes (I2).
    fn reset_heads(&mut self, skip: usize) {
        self.set(SKIP_AT, skip);
        for at in self.node().first_key()..self.node().count() {
            let head = head_of(&self.node().suffix(at)[skip..]);
            let slot = SLOTS_AT + SLOT_SIZE * at;
            self.0[slot + 4..slot + 8].copy_from_slice(&head.to_le_bytes());
        }
    }

    /// Shortens the skip to what a key to insert has in common with the others.
    fn admit(&mut self, suffix: &[u8]) {
        let node = self.node();
        let skip = node.skip_bytes();
        if skip == 0 {
            return;
        }
        let common = if node.count() > node.first_key() {
            common_bytes(suffix, node.suffix(node.first_key()))
        } else {
            0
        };
        if common < skip {
            self.reset_heads(common);
        }
    }

    /// Adds an entry behind the last one; there is room. Its head is left to be made.
    fn push(&mut self, at: usize, item: Item<'_>) {
        assert!(self.contiguous_room() >= item.size()); // I6
        let offset = self.write_entry(item);
        self.write_slot(at, offset, item.lead.len() + item.suffix.len(), 0);
        self.set(COUNT_AT, at + 1);
    }

    /// Inserts an entry before entry `at`. [`NodeMut::room`] must be enough for its size.
    pub(super) fn insert(&mut self, at: usize, item: Item<'_>) {
        assert!(self.room() >= item.size() && item.lead.is_empty());
        if self.contiguous_room() < item.size() {
            self.compact();
        }
        self.admit(item.suffix);
        let head = head_of(&item.suffix[self.node().skip_bytes()..]);
        let count = self.node().count();
        assert!(at >= self.node().first_key() && at <= count);
        let offset = self.write_entry(item);
        let (slot, end) = (SLOTS_AT + SLOT_SIZE * at, SLOTS_AT + SLOT_SIZE * count);
        self.0.copy_within(slot..end, slot + SLOT_SIZE);
        self.write_slot(at, offset, item.suffix.len(), head);
        self.set(COUNT_AT, count + 1);
    }

    /// Removes an entry.
    pub(super) fn remove(&mut self, at: usize) {
        let node = self.node();
        let (count, bytes, offset) = (node.count(), node.entry_bytes(at), node.slot(at).offset);
        if offset == node.heap_start() {
            self.set(HEAP_AT, offset + bytes);
        } else {
            self.set(GARBAGE_AT, node.garbage() + bytes);
        }
        let (slot, end) = (SLOTS_AT + SLOT_SIZE * at, SLOTS_AT + SLOT_SIZE * count);
        self.0.copy_within(slot + SLOT_SIZE..end, slot);
        self.set(COUNT_AT, count - 1);
    }

    /// Writes other bytes of the same length over an entry's `fixed` and `rest`.
    pub(super) fn overwrite(&mut self, at: usize, fixed: &[u8], rest: &[u8]) {
        let node = self.node();
        let (offset, bytes) = (node.slot(at).offset, node.entry_bytes(at));
        let end = offset + bytes;
        self.0[offset..offset + fixed.len()].copy_from_slice(fixed);
        self.0[end - rest.len()..end].copy_from_slice(rest);
        assert!(self.node().entry_bytes(at) == bytes);
    }

    /// Writes another value of the same length, or another reference to an extent, over a leaf
    /// entry's.
    pub(super) fn overwrite_value(&mut self, at: usize, value: &[u8]) {
        let node = self.node();
        let start = node.slot(at).offset + LEAF_FIXED + node.slot(at).suffix_bytes;
        assert!(node.is_leaf() && value.len() == node.value_bytes(at));
        self.0[start..start + value.len()].copy_from_slice(value);
    }

    /// Makes an inner entry name another child.
    pub(super) fn set_child(&mut self, at: usize, child: Child) {
        let offset = self.node().slot(at).offset;
        self.0[offset..offset + INNER_FIXED].copy_from_slice(&child.encode());
    }

    /// Moves the entries together, so that there is no garbage.
    fn compact(&mut self) {
        let old = *self.0;
        let old = Node(&old);
        self.set(HEAP_AT, old.heap_end());
        self.set(GARBAGE_AT, 0);
        let mut end = old.heap_end();
        for at in 0..old.count() {
            let (from, bytes) = (old.slot(at).offset, old.entry_bytes(at));
            end = self.write_down(end, &old.0[from..from + bytes]);
            self.set(SLOTS_AT + SLOT_SIZE * at, end);
        }
        self.set(HEAP_AT, end);
        self.reset_heads(self.longest_skip());
    }
}
