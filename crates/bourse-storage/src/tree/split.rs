//! Dividing the entries of an overflowing page among two or three pages.
//!
//! A [`Run`] is the page as it would be if it were large enough: its fences and all its entries.
//! A cut between two entries needs a separator: among leaf entries the shortest string that is
//! greater than the left key and not greater than the right one, among inner entries the key that
//! is there already (and that the right page then need not store).
//!
//! # Why three pages suffice (I6)
//!
//! Keys and fences are at most 1,024 bytes, a page has 4,056 for entries and fences, and a leaf
//! entry takes at most 1,098 (slot 8, length 2, key and value 1,088). Before the change the run
//! fitted beside fences of W bytes, so now it is at most 4056 - W + 1098. Fill pages from the
//! left, each until the next entry does not fit. The first then holds more than
//! 4056 - |lower| - 1024 - 1098 bytes of entries, the second more than 4056 - 2048 - 1098, so at
//! most 2310 - |upper| are left, and the third page has at least 3032 - |upper|. Cutting never
//! makes an entry larger, as the ranges get smaller and the prefixes longer.
//!
//! An inner page gets at most two more separators, at most 1,046 bytes each. A separator that
//! becomes a fence is no longer an entry's key; with that the same arithmetic leaves
//! 1160 - |upper| for the third page.

use super::edit::{Fences, build};
use super::node::{Child, Item, SLOTS_AT, common_bytes};
use crate::id::{Link, PAGE_SIZE};
use crate::page::Page;
use crate::store::PageStore;

/// Entries in order, with the fences around them, too many for a page or not.
pub(super) struct Run<'a> {
    level: u8,
    fences: Fences<'a>,
    items: Vec<Item<'a>>,
    /// `ends[i]` is the size of all items before item `i`.
    ends: Vec<usize>,
}

/// What became of a page: itself, and the pages that took entries from it.
pub(super) struct Divided {
    /// The page that keeps the lower fence.
    pub(super) first: Child,
    /// The pages to its right, each with its lower fence.
    pub(super) more: Vec<(Vec<u8>, Child)>,
}

impl<'a> Run<'a> {
    /// A run; the keys of `items` have no `lead` and are relative to `fences.prefix`.
    pub(super) fn new(level: u8, fences: Fences<'a>, items: Vec<Item<'a>>) -> Run<'a> {
        let mut ends = Vec::with_capacity(items.len() + 1);
        let mut end = 0;
        ends.push(end);
        for item in &items {
            end += item.size();
            ends.push(end);
        }
        Run { level, fences, items, ends }
    }

    fn fence(&self, cut: usize) -> Option<&'a [u8]> {
        if cut == 0 {
            Some(self.fences.lower)
        } else if cut == self.items.len() {
            self.fences.upper
        } else if self.level > 0 {
            Some(self.items[cut].suffix)
        } else {
            Some(separator(self.items[cut - 1].suffix, self.items[cut].suffix))
        }
    }

    /// The fences of the page that takes items `from..to`.
    fn fences(&self, from: usize, to: usize) -> Fences<'a> {
        let Some(lower) = self.fence(from) else {
            unreachable!("a part begins before the end of its run");
        };
        Fences { prefix: self.fences.prefix, lower, upper: self.fence(to) }
    }

    /// Bytes of the page that takes items `from..to`.
    pub(super) fn size(&self, from: usize, to: usize) -> usize {
        let fences = self.fences(from, to);
        let mut keys = to - from;
        let mut bytes = SLOTS_AT + fences.bytes() + self.ends[to] - self.ends[from];
        if self.level > 0 {
            keys -= 1;
            bytes -= self.items[from].suffix.len();
        }
        bytes - fences.shared_bytes() * keys
    }

    pub(super) fn fits(&self, from: usize, to: usize) -> bool {
        self.size(from, to) <= PAGE_SIZE
    }

    pub(super) fn item(&self, at: usize) -> Item<'a> {
        self.items[at]
    }

    /// The cut into two pages that leaves them about equally full.
    pub(super) fn middle_cut(&self) -> Option<usize> {
        let count = self.items.len();
        let half = self.ends[count] / 2;
        let middle = self.ends.partition_point(|&end| end < half).clamp(1, count - 1);
        let near = (0..count).flat_map(|distance| {
            [middle.checked_add(distance), middle.checked_sub(distance)].into_iter().flatten()
        });
        self.first_possible(near)
    }

    /// The cut into two pages that leaves the left one as full as can be.
    fn right_cut(&self) -> Option<usize> {
        self.first_possible((1..self.items.len()).rev())
    }

    fn first_possible(&self, mut cuts: impl Iterator<Item = usize>) -> Option<usize> {
        let count = self.items.len();
        cuts.find(|&cut| (1..count).contains(&cut) && self.fits(0, cut) && self.fits(cut, count))
    }

    /// The cut that puts as much as possible of the items from `from` on into one page.
    pub(super) fn longest_cut(&self, from: usize) -> usize {
        let count = self.items.len();
        let cut = (from + 1..count).rev().find(|&cut| self.fits(from, cut));
        let Some(cut) = cut else {
            unreachable!("an entry fits in a page of its own (I6)");
        };
        cut
    }

    /// Where to cut a run that does not fit in one page.
    ///
    /// `at_right_edge` says that entries arrive in ascending order at the end of the tree: then
    /// the pages that are left behind stay full.
    pub(super) fn cuts(&self, at_right_edge: bool) -> Vec<usize> {
        let cut = if at_right_edge { self.right_cut() } else { self.middle_cut() };
        if let Some(cut) = cut {
            return vec![cut];
        }
        let first = self.longest_cut(0);
        let second = self.longest_cut(first);
        assert!(self.fits(second, self.items.len())); // I6
        vec![first, second]
    }

    /// Lays out items `from..to` as a page.
    pub(super) fn write(&self, from: usize, to: usize, page: &mut Page) {
        build(page, self.level, self.fences(from, to), &self.items[from..to]);
    }

    /// Number of leaf entries in or below items `from..to`.
    pub(super) fn entries(&self, from: usize, to: usize) -> u64 {
        if self.level == 0 {
            return (to - from) as u64;
        }
        self.items[from..to].iter().map(|item| child_of(*item).count).sum()
    }

    /// The key that divides the items before `cut` from the others, whole.
    pub(super) fn separator(&self, cut: usize) -> Vec<u8> {
        let mut key = self.fences.prefix.to_vec();
        key.extend_from_slice(self.fences(cut, self.items.len()).lower);
        key
    }

    /// Divides the run at `cuts`: the first part goes to the page `link`, the others to new ones.
    pub(super) fn divide<S: PageStore>(
        &self,
        store: &mut S,
        link: Link,
        cuts: &[usize],
    ) -> Divided {
        self.write(0, cuts[0], store.page_mut(link));
        let first = Child { link, count: self.entries(0, cuts[0]) };
        let mut more = Vec::with_capacity(cuts.len());
        for (index, &from) in cuts.iter().enumerate() {
            let to = cuts.get(index + 1).copied().unwrap_or(self.items.len());
            let link = store.allocate();
            self.write(from, to, store.page_mut(link));
            more.push((self.separator(from), Child { link, count: self.entries(from, to) }));
        }
        Divided { first, more }
    }
}

/// The shortest key that is greater than `left` and not greater than `right`.
pub(super) fn separator<'a>(left: &[u8], right: &'a [u8]) -> &'a [u8] {
    debug_assert!(left < right); // I2
    let length = common_bytes(left, right) + 1;
    &right[..length.min(right.len())]
}

/// The child that an inner item names.
pub(super) fn child_of(item: Item<'_>) -> Child {
    match item.fixed.try_into() {
        Ok(bytes) => Child::decode(bytes),
        Err(_) => unreachable!("an inner item begins with a child"),
    }
}
