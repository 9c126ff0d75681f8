//! One page of a tree: its layout, the search in it, and the check that its bytes can be trusted.
//!
//! ```text
//! OFFSET  SIZE  DESCRIPTION
//!      0    24  page header, see `crate::page`; kind Leaf (level 0) or Inner (level 1 and up)
//!     24     2  number of entries
//!     26     2  heap start: the lowest byte of the heap, which grows down
//!     28     2  garbage: bytes of the heap that belong to no entry any more
//!     30     2  length of the lower fence
//!     32     2  length of the upper fence
//!     34     2  length of the prefix that both fences begin with, 0 without an upper fence
//!     36     1  flags: bit 0 = there is an upper fence
//!     37     1  reserved, 0
//!     38     2  skip: how many bytes all suffixes of the page begin with alike, or fewer
//!     40    8n  slots, in key order
//!      .     .  free
//!      h     .  heap, up to the fences
//!      .     .  lower fence, whole
//!      .     .  upper fence, whole, up to the page's end
//!
//! slot:   0     2  offset of the entry in the page
//!         2     2  length of the key's suffix, that is, of the key without the prefix
//!         4     4  head: the suffix's four bytes behind the skip, zero-filled, as a number
//!
//! leaf entry:   0     2  length of the value, or 65535 for an extent
//!               2     k  suffix
//!             2+k     v  value; or link of the first page (8) and length (4) of the extent
//!
//! inner entry:  0     4  page id of the child
//!               4     4  low bits of the child's birth
//!               8     6  number of leaf entries below the child
//!              14     k  suffix of the separator: the child's lower fence
//! ```
//! Integers are little-endian. The first entry of an inner page has no suffix: its separator is
//! the page's own lower fence, and it counts for nothing in what is said of suffixes.
//!
//! A slot is read as one 64-bit word whose upper half is the head, so the binary search touches
//! nothing but slots until heads are equal. The skip is for pages whose fences have less in
//! common than their keys, above all for those at the right edge, the root among them, which have
//! no upper fence: numbers as eight bytes would all have the same head there. A search takes for
//! granted that what it looks for begins with the skipped bytes too, and then asks one of the
//! entries that it ended at, whose bytes are needed next anyway.
//!
//! Accessors trust the offsets and lengths: [`validate`] was called on whatever came from disk.

use std::cmp::Ordering;

use super::{MAX_HEIGHT, MAX_INLINE_VALUE_BYTES, MAX_KEY_BYTES, Payload};
use crate::error::{Error, Result};
use crate::id::{Link, PAGE_SIZE, PageId};
use crate::page::{HEADER_SIZE, Page, PageKind};
use crate::prefetch::prefetch;

pub(super) const COUNT_AT: usize = HEADER_SIZE;
pub(super) const HEAP_AT: usize = 26;
pub(super) const GARBAGE_AT: usize = 28;
pub(super) const LOWER_AT: usize = 30;
pub(super) const UPPER_AT: usize = 32;
pub(super) const PREFIX_AT: usize = 34;
pub(super) const FLAGS_AT: usize = 36;
pub(super) const SKIP_AT: usize = 38;
/// Where the slots begin.
pub(super) const SLOTS_AT: usize = 40;
/// Bytes of a slot.
pub(super) const SLOT_SIZE: usize = 8;
/// Bytes that begin a leaf entry.
pub(super) const LEAF_FIXED: usize = 2;
/// Bytes that begin an inner entry.
pub(super) const INNER_FIXED: usize = 14;
/// Bytes of the reference to an extent.
pub(super) const EXTENT_SIZE: usize = 12;
/// Value length that says "extent".
pub(super) const EXTENT_TAG: u16 = u16::MAX;
/// Largest number of entries that an inner entry can tell.
pub(super) const MAX_COUNT: u64 = (1 << 48) - 1;

const FLAG_UPPER: u8 = 1;

/// A page and its subtree, as an inner entry names them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Child {
    pub(super) link: Link,
    pub(super) count: u64,
}

impl Child {
    pub(super) fn encode(self) -> [u8; INNER_FIXED] {
        assert!(self.count <= MAX_COUNT); // I3
        let mut bytes = [0; INNER_FIXED];
        bytes[0..4].copy_from_slice(&self.link.page.0.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.link.birth.to_le_bytes());
        bytes[8..14].copy_from_slice(&self.count.to_le_bytes()[..6]);
        bytes
    }

    pub(super) fn decode(bytes: &[u8; INNER_FIXED]) -> Child {
        let [p0, p1, p2, p3, b0, b1, b2, b3, c0, c1, c2, c3, c4, c5] = *bytes;
        let page = PageId(u32::from_le_bytes([p0, p1, p2, p3]));
        let birth = u32::from_le_bytes([b0, b1, b2, b3]);
        let count = u64::from_le_bytes([c0, c1, c2, c3, c4, c5, 0, 0]);
        Child { link: Link { page, birth }, count }
    }
}

/// A slot taken apart.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) offset: usize,
    pub(super) suffix_bytes: usize,
    pub(super) head: u32,
}

impl Slot {
    #[inline]
    fn decode(bytes: [u8; SLOT_SIZE]) -> Slot {
        let [o0, o1, k0, k1, h0, h1, h2, h3] = bytes;
        Slot {
            offset: usize::from(u16::from_le_bytes([o0, o1])),
            suffix_bytes: usize::from(u16::from_le_bytes([k0, k1])),
            head: u32::from_le_bytes([h0, h1, h2, h3]),
        }
    }
}

/// An entry taken apart. Its key is the page's prefix, `lead` and `suffix`, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    /// The bytes before the suffix.
    pub(super) fixed: &'a [u8],
    /// What the suffix lacks because the entry comes from a page with a longer prefix.
    pub(super) lead: &'a [u8],
    /// The suffix.
    pub(super) suffix: &'a [u8],
    /// The bytes after the suffix.
    pub(super) rest: &'a [u8],
}

impl Item<'_> {
    /// Bytes in a page, slot included, when the key is stored from `lead` on.
    pub(super) fn size(&self) -> usize {
        SLOT_SIZE + self.fixed.len() + self.lead.len() + self.suffix.len() + self.rest.len()
    }
}

/// A page of a tree, to read.
#[derive(Clone, Copy)]
pub(super) struct Node<'a>(pub(super) &'a [u8; PAGE_SIZE]);

impl<'a> Node<'a> {
    #[inline]
    pub(super) fn new(page: &'a Page) -> Node<'a> {
        Node(&page.0)
    }

    #[inline]
    fn u16_at(self, at: usize) -> usize {
        usize::from(u16::from_le_bytes([self.0[at], self.0[at + 1]]))
    }

    #[inline]
    pub(super) fn count(self) -> usize {
        self.u16_at(COUNT_AT)
    }

    #[inline]
    pub(super) fn heap_start(self) -> usize {
        self.u16_at(HEAP_AT)
    }

    pub(super) fn garbage(self) -> usize {
        self.u16_at(GARBAGE_AT)
    }

    #[inline]
    pub(super) fn prefix_bytes(self) -> usize {
        self.u16_at(PREFIX_AT)
    }

    /// Bytes between the prefix and what heads are made of (I2).
    #[inline]
    pub(super) fn skip_bytes(self) -> usize {
        self.u16_at(SKIP_AT)
    }

    /// The first entry with a key of its own.
    #[inline]
    pub(super) fn first_key(self) -> usize {
        usize::from(!self.is_leaf())
    }

    /// Where the heap ends and the fences begin.
    pub(super) fn heap_end(self) -> usize {
        PAGE_SIZE - self.u16_at(LOWER_AT) - self.u16_at(UPPER_AT)
    }

    /// Whether the page is a tree page of that level (I4).
    #[inline]
    pub(super) fn is_at_level(self, level: u8) -> bool {
        let kind = if level == 0 { PageKind::Leaf } else { PageKind::Inner };
        self.0[4] == kind as u8 && self.0[5] == level
    }

    #[inline]
    pub(super) fn is_leaf(self) -> bool {
        self.0[4] == PageKind::Leaf as u8
    }

    pub(super) fn level(self) -> u8 {
        self.0[5]
    }

    /// Bytes that begin each entry.
    #[inline]
    pub(super) fn fixed_bytes(self) -> usize {
        if self.is_leaf() { LEAF_FIXED } else { INNER_FIXED }
    }

    pub(super) fn lower_fence(self) -> &'a [u8] {
        let start = self.heap_end();
        &self.0[start..start + self.u16_at(LOWER_AT)]
    }

    pub(super) fn upper_fence(self) -> Option<&'a [u8]> {
        let has_upper = self.0[FLAGS_AT] & FLAG_UPPER != 0;
        has_upper.then(|| &self.0[PAGE_SIZE - self.u16_at(UPPER_AT)..])
    }

    pub(super) fn prefix(self) -> &'a [u8] {
        &self.lower_fence()[..self.prefix_bytes()]
    }

    #[inline]
    fn slots(self) -> &'a [[u8; SLOT_SIZE]] {
        let bytes = &self.0[SLOTS_AT..SLOTS_AT + SLOT_SIZE * self.count()];
        bytes.as_chunks().0
    }

    #[inline]
    pub(super) fn slot(self, at: usize) -> Slot {
        Slot::decode(self.slots()[at])
    }

    #[inline]
    fn slot_suffix(self, slot: Slot) -> &'a [u8] {
        let start = slot.offset + self.fixed_bytes();
        &self.0[start..start + slot.suffix_bytes]
    }

    /// The key of an entry, without the prefix.
    #[inline]
    pub(super) fn suffix(self, at: usize) -> &'a [u8] {
        self.slot_suffix(self.slot(at))
    }

    /// Bytes of an entry in the heap.
    pub(super) fn entry_bytes(self, at: usize) -> usize {
        let slot = self.slot(at);
        self.fixed_bytes() + slot.suffix_bytes + self.rest_bytes(slot.offset)
    }

    #[inline]
    fn rest_bytes(self, offset: usize) -> usize {
        if !self.is_leaf() {
            return 0;
        }
        match u16::from_le_bytes([self.0[offset], self.0[offset + 1]]) {
            EXTENT_TAG => EXTENT_SIZE,
            bytes => usize::from(bytes),
        }
    }

    /// Bytes of a leaf entry's value, or of its reference to an extent.
    #[inline]
    pub(super) fn value_bytes(self, at: usize) -> usize {
        self.rest_bytes(self.slot(at).offset)
    }

    pub(super) fn item(self, at: usize) -> Item<'a> {
        let slot = self.slot(at);
        let suffix_at = slot.offset + self.fixed_bytes();
        let rest_at = suffix_at + slot.suffix_bytes;
        Item {
            fixed: &self.0[slot.offset..suffix_at],
            lead: &[],
            suffix: &self.0[suffix_at..rest_at],
            rest: &self.0[rest_at..rest_at + self.rest_bytes(slot.offset)],
        }
    }

    /// The child that an inner entry names.
    #[inline]
    pub(super) fn child(self, at: usize) -> Child {
        let bytes = &self.0[self.slot(at).offset..];
        match bytes.first_chunk() {
            Some(bytes) => Child::decode(bytes),
            None => unreachable!("an inner entry ends within its page (validate)"),
        }
    }

    /// The value of a leaf entry.
    #[inline]
    pub(super) fn payload(self, at: usize) -> Payload<'a> {
        let slot = self.slot(at);
        let start = slot.offset + LEAF_FIXED + slot.suffix_bytes;
        match self.tag(at) {
            EXTENT_TAG => decode_extent(&self.0[start..start + EXTENT_SIZE]),
            bytes => Payload::Inline(&self.0[start..start + usize::from(bytes)]),
        }
    }

    /// Asks for the entry's first bytes, which are read soon.
    #[inline]
    pub(super) fn prefetch_entry(self, at: usize) {
        /// Of most rows all.
        const BYTES: usize = 192;
        prefetch(self.0[self.slot(at).offset..].as_ptr(), BYTES);
    }

    /// What a leaf entry begins with: the length of its value, or [`EXTENT_TAG`].
    #[inline]
    pub(super) fn tag(self, at: usize) -> u16 {
        let offset = self.slot(at).offset;
        u16::from_le_bytes([self.0[offset], self.0[offset + 1]])
    }

    /// The key of a leaf entry, without the prefix, and its value.
    // Of a scan's work for an entry a third would be this call.
    #[inline(always)]
    pub(super) fn leaf_entry(self, at: usize) -> (&'a [u8], Payload<'a>) {
        let slot = self.slot(at);
        let (suffix, value) = match self.0.get(slot.offset..) {
            Some([_, _, rest @ ..]) => rest.split_at(slot.suffix_bytes),
            _ => unreachable!("a leaf entry ends within its page (validate)"),
        };
        let payload = match u16::from_le_bytes([self.0[slot.offset], self.0[slot.offset + 1]]) {
            EXTENT_TAG => decode_extent(&value[..EXTENT_SIZE]),
            bytes => Payload::Inline(&value[..usize::from(bytes)]),
        };
        (suffix, payload)
    }

    /// What of `key` is to be searched for in this page, whose range must hold it.
    ///
    /// `None` when the key is shorter than the page's prefix, so the range does not hold it.
    #[inline]
    pub(super) fn suffix_of(self, key: &[u8]) -> Option<&[u8]> {
        key.get(self.prefix_bytes()..)
    }

    /// The only leaf entry that can have that suffix, judging by slots alone. With equal heads it
    /// is the first of several: see [`Node::find`].
    #[inline]
    pub(super) fn candidate(self, suffix: &[u8]) -> Option<usize> {
        let slots = self.slots();
        let head = head_of(suffix.get(self.skip_bytes()..)?);
        let at = first_not_below(slots, head);
        (at < slots.len() && head_in(slots[at]) == head).then_some(at)
    }

    /// The leaf entry that has that suffix, given its [`Node::candidate`].
    #[inline]
    pub(super) fn find(self, candidate: usize, suffix: &[u8]) -> Option<usize> {
        if are_equal(self.suffix(candidate), suffix) {
            return Some(candidate);
        }
        let (at, found) = self.lower_bound(suffix);
        found.then_some(at)
    }

    /// The first entry whose suffix is not less than the given one, and whether it is equal.
    #[inline]
    pub(super) fn lower_bound(self, suffix: &[u8]) -> (usize, bool) {
        self.search(0, suffix)
    }

    /// As [`Node::lower_bound`], of the entries from `from` on of a leaf, which has less before.
    #[inline]
    pub(super) fn lower_bound_from(self, from: usize, suffix: &[u8]) -> (usize, bool) {
        self.search(from, suffix)
    }

    /// The child of an inner page whose range holds the key with that suffix.
    #[inline]
    pub(super) fn child_holding(self, suffix: &[u8]) -> usize {
        let (at, equal) = self.search(1, suffix);
        if equal { at } else { at - 1 }
    }

    /// The last child of an inner page whose range begins below the key with that suffix.
    pub(super) fn child_below(self, suffix: &[u8]) -> usize {
        self.search(1, suffix).0 - 1
    }

    /// Number of leaf entries under the first `children` entries of an inner page.
    pub(super) fn entries_before(self, children: usize) -> u64 {
        (0..children).map(|at| self.child(at).count).sum()
    }

    /// Searches the slots from `from` on.
    #[inline]
    fn search(self, from: usize, suffix: &[u8]) -> (usize, bool) {
        let slots = &self.slots()[from..];
        let skip = self.skip_bytes();
        let head = head_of(suffix.get(skip..).unwrap_or_default());
        let start = first_not_below(slots, head);
        let is_tie = start < slots.len() && head_in(slots[start]) == head;
        // Most lookups end here, with one look at the heap.
        if is_tie && are_equal(self.slot_suffix(Slot::decode(slots[start])), suffix) {
            return (from + start, true);
        }
        if skip > 0 && !slots.is_empty() {
            let witness = if is_tie { start } else { start.saturating_sub(1) };
            let skipped = &self.slot_suffix(Slot::decode(slots[witness]))[..skip];
            let begins = &suffix[..skip.min(suffix.len())];
            if !are_equal(begins, skipped) {
                let is_below = begins < skipped;
                return (if is_below { from } else { from + slots.len() }, false);
            }
        }
        if !is_tie {
            return (from + start, false);
        }
        let end = match slots.get(start + 1) {
            Some(&next) if head_in(next) == head => {
                head.checked_add(1).map_or(slots.len(), |above| first_not_below(slots, above))
            }
            _ => start + 1,
        };
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = usize::midpoint(low, high);
            let other = self.slot_suffix(Slot::decode(slots[middle]));
            match compare_behind(skip + size_of::<u32>(), other, suffix) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return (from + middle, true),
                Ordering::Greater => high = middle,
            }
        }
        (from + low, false)
    }
}

/// Whether two short strings are equal, without the call that `==` would be.
#[inline]
fn are_equal(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    // Eight or four bytes at a time, the last ones once more where the length is no multiple.
    match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(one_last), Some(other_last)) => {
            let mut words = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
            words.all(|(one, other)| one == other) && one_last == other_last
        }
        _ => match (one.last_chunk::<4>(), other.last_chunk::<4>()) {
            (Some(one_last), Some(other_last)) => {
                one.first_chunk::<4>() == other.first_chunk::<4>() && one_last == other_last
            }
            _ => one.iter().zip(other).all(|(one, other)| one == other),
        },
    }
}

/// How two suffixes compare whose first `alike` bytes are the same, or both are shorter: mostly
/// told by the eight bytes behind, without a call.
#[inline]
fn compare_behind(alike: usize, one: &[u8], other: &[u8]) -> Ordering {
    let next = |suffix: &[u8]| suffix.get(alike..)?.first_chunk().copied().map(u64::from_be_bytes);
    match (next(one), next(other)) {
        (Some(one), Some(other)) if one != other => one.cmp(&other),
        _ => one.cmp(other),
    }
}

#[inline]
fn head_in(slot: [u8; SLOT_SIZE]) -> u32 {
    Slot::decode(slot).head
}

/// The first slot whose head is not below `head`. The loop has no branch to mispredict.
#[inline]
fn first_not_below(slots: &[[u8; SLOT_SIZE]], head: u32) -> usize {
    if slots.is_empty() {
        return 0;
    }
    let (mut base, mut size) = (0, slots.len());
    while size > 1 {
        let half = size / 2;
        let below = head_in(slots[base + half]) < head;
        base = std::hint::select_unpredictable(below, base + half, base);
        size -= half;
    }
    base + usize::from(head_in(slots[base]) < head)
}

/// The head of a suffix without its skipped bytes (I2).
#[inline]
pub(super) fn head_of(suffix: &[u8]) -> u32 {
    if let Some(bytes) = suffix.first_chunk() {
        return u32::from_be_bytes(*bytes);
    }
    // Fewer than four: a copy of so few bytes would be a call.
    let byte = |at: usize| u32::from(suffix.get(at).copied().unwrap_or_default());
    byte(0) << 24 | byte(1) << 16 | byte(2) << 8
}

/// Length of what two keys both begin with, eight bytes at a time.
#[inline]
pub(super) fn common_bytes(one: &[u8], other: &[u8]) -> usize {
    let limit = one.len().min(other.len());
    let words = one[..limit].as_chunks::<8>().0.iter().zip(other[..limit].as_chunks::<8>().0);
    let mut common = 0;
    for (one, other) in words {
        let difference = u64::from_le_bytes(*one) ^ u64::from_le_bytes(*other);
        if difference != 0 {
            return common + difference.trailing_zeros() as usize / 8;
        }
        common += 8;
    }
    let tail = one[common..limit].iter().zip(&other[common..limit]);
    common + tail.take_while(|(one, other)| one == other).count()
}

pub(super) fn encode_extent(first: Link, bytes: u32) -> [u8; EXTENT_SIZE] {
    let mut reference = [0; EXTENT_SIZE];
    reference[0..4].copy_from_slice(&first.page.0.to_le_bytes());
    reference[4..8].copy_from_slice(&first.birth.to_le_bytes());
    reference[8..12].copy_from_slice(&bytes.to_le_bytes());
    reference
}

fn decode_extent(reference: &[u8]) -> Payload<'static> {
    let word = |at: usize| {
        let bytes = [reference[at], reference[at + 1], reference[at + 2], reference[at + 3]];
        u32::from_le_bytes(bytes)
    };
    let first = Link { page: PageId(word(0)), birth: word(4) };
    Payload::Extent { first, bytes: word(8) as usize }
}

/// Checks that a page from disk can be read and changed by tree code without leaving its bounds.
///
/// Called once, by whoever loads the page, after checksum and identity. A page of an extent is
/// payload only, so anything goes. What needs other pages or every key to tell is left to
/// [`super::check`].
///
/// # Errors
/// `Corrupt`, naming the page and what is wrong with it.
pub fn validate(page: &Page) -> Result<()> {
    let sound = match page.kind() {
        Some(PageKind::Overflow) => return Ok(()),
        Some(PageKind::Leaf) if page.level() == 0 => validate_node(Node::new(page)),
        Some(PageKind::Inner) if (1..MAX_HEIGHT).contains(&page.level()) => {
            validate_node(Node::new(page))
        }
        _ => Err("its kind and level are not those of a tree's page"),
    };
    sound.map_err(|what| {
        Error::corrupt(format!(
            "page {} is damaged: {what}; restore the store from a backup or a replica",
            page.link()
        ))
    })
}

fn validate_node(node: Node<'_>) -> std::result::Result<(), &'static str> {
    let (lower, upper) = (node.u16_at(LOWER_AT), node.u16_at(UPPER_AT));
    let flags = node.0[FLAGS_AT];
    if lower > MAX_KEY_BYTES || upper > MAX_KEY_BYTES {
        return Err("a fence is too long");
    }
    if flags > FLAG_UPPER || (flags == 0 && upper != 0) || node.0[37] != 0 {
        return Err("its flags are none that this version writes");
    }
    let prefix = node.prefix_bytes();
    let sound_prefix = match node.upper_fence() {
        Some(fence) => node.lower_fence().get(..prefix) == fence.get(..prefix),
        None => true,
    };
    if prefix > lower.min(upper) || !sound_prefix {
        return Err("its prefix is not one of its fences'");
    }
    let slots_end = SLOTS_AT + SLOT_SIZE * node.count();
    let (heap_start, heap_end) = (node.heap_start(), node.heap_end());
    if slots_end > heap_start || heap_start > heap_end {
        return Err("its slots, heap and fences overlap");
    }
    if !node.is_leaf() && (node.count() == 0 || node.slot(0).suffix_bytes != 0) {
        return Err("it is an inner page without a first child");
    }
    let mut used = node.garbage();
    for (at, slot) in node.slots().iter().enumerate() {
        let slot = Slot::decode(*slot);
        if at >= node.first_key() && slot.suffix_bytes < node.skip_bytes() {
            return Err("a key is shorter than what is skipped");
        }
        used += validate_entry(node, slot)?;
    }
    if used != heap_end - heap_start {
        return Err("its entries and garbage do not add up to its heap");
    }
    Ok(())
}

/// Checks one entry and returns how many bytes of the heap it takes.
fn validate_entry(node: Node<'_>, slot: Slot) -> std::result::Result<usize, &'static str> {
    let end = node.heap_end();
    let rest_at = slot.offset + node.fixed_bytes() + slot.suffix_bytes;
    if slot.offset < node.heap_start() || rest_at > end {
        return Err("an entry lies outside the heap");
    }
    if node.prefix_bytes() + slot.suffix_bytes > MAX_KEY_BYTES {
        return Err("a key is too long");
    }
    let rest = node.rest_bytes(slot.offset);
    if rest > MAX_INLINE_VALUE_BYTES || rest_at + rest > end {
        return Err("a value lies outside the heap");
    }
    Ok(rest_at + rest - slot.offset)
}
