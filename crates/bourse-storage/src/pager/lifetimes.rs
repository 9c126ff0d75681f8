//! In which Cuts each position's page is: from its birth on, until its death.
//!
//! # Invariants
//! - **I1** A used position's page is part of Cut n if and only if `birth <= n < death`.
//! - **I2** A page from before this open has birth 0: it counts as part of all older Cuts.
//! - **I3** A page of an aside has birth [`ASIDE`] and its aside's number as death, until it is
//!   attached: so it is part of no Cut.

use crate::id::Batch;

/// Birth of a page that belongs to no Cut yet.
const ASIDE: u64 = u64::MAX;
/// Death of a page that lives.
const LIVE: u64 = u64::MAX;
/// Positions that share one bound on their births.
const GROUP: usize = 512;

#[derive(Clone, Copy)]
struct Lifetime {
    birth: u64,
    death: u64,
}

const UNKNOWN: Lifetime = Lifetime { birth: 0, death: LIVE };

/// Births and deaths by position.
#[derive(Default)]
pub(super) struct Lifetimes {
    slots: Vec<Lifetime>,
    /// No birth in the group is later than this.
    newest: Vec<u64>,
}

impl Lifetimes {
    fn slot(&mut self, page: u32) -> &mut Lifetime {
        &mut self.slots[page as usize]
    }

    /// Makes room for a file of `pages` pages.
    pub(super) fn grow(&mut self, pages: u32) {
        self.slots.resize(pages as usize, UNKNOWN);
        self.newest.resize((pages as usize).div_ceil(GROUP), 0);
    }

    /// The file has only `pages` pages now.
    pub(super) fn shrink(&mut self, pages: u32) {
        self.slots.truncate(pages as usize);
        self.newest.truncate((pages as usize).div_ceil(GROUP));
    }

    /// Whether the position's page lives, and is no aside's.
    pub(super) fn is_alive(&self, page: u32) -> bool {
        let slot = self.slots[page as usize];
        slot.death == LIVE && slot.birth != ASIDE
    }

    /// A page is born at the position.
    pub(super) fn bear(&mut self, page: u32, birth: Batch) {
        *self.slot(page) = Lifetime { birth: birth.0, death: LIVE };
        let group = &mut self.newest[page as usize / GROUP];
        *group = (*group).max(birth.0);
    }

    /// A page is made for an aside.
    pub(super) fn bear_aside(&mut self, page: u32, aside: u64) {
        *self.slot(page) = Lifetime { birth: ASIDE, death: aside };
        self.newest[page as usize / GROUP] = ASIDE;
    }

    /// Whether the position's page belongs to the aside.
    pub(super) fn is_aside(&self, page: u32, aside: u64) -> bool {
        let slot = self.slots[page as usize];
        slot.birth == ASIDE && slot.death == aside
    }

    /// Whether the position's page is part of no Cut before `batch`, nor of an aside.
    pub(super) fn is_born_in(&self, page: u32, batch: Batch) -> bool {
        self.slots[page as usize].birth == batch.0
    }

    /// The page is part of no Cut from `death` on.
    pub(super) fn die(&mut self, page: u32, death: Batch) {
        let slot = self.slot(page);
        assert!(slot.birth != ASIDE, "I3: a page of an aside is freed by its aside");
        assert_eq!(slot.death, LIVE, "I1: page {page} dies once");
        slot.death = death.0;
    }

    /// The page was never part of any Cut.
    pub(super) fn forget(&mut self, page: u32) {
        *self.slot(page) = Lifetime { birth: 0, death: 0 };
    }

    /// Birth and death of a dead page.
    pub(super) fn span(&self, page: u32) -> (Batch, Batch) {
        let slot = self.slots[page as usize];
        assert!(slot.death != LIVE && slot.birth != ASIDE, "I1: page {page} is dead");
        (Batch(slot.birth), Batch(slot.death))
    }

    /// A dead page lives on.
    pub(super) fn revive(&mut self, page: u32) {
        let slot = self.slot(page);
        assert!(slot.death != LIVE && slot.birth != ASIDE, "I1: page {page} is dead");
        slot.death = LIVE;
    }

    /// Living pages that are not part of the Cut.
    pub(super) fn alive_since(&self, cut: Batch) -> Vec<u32> {
        let mut pages = Vec::new();
        for (group, slots) in self.slots.chunks(GROUP).enumerate() {
            if self.newest[group] <= cut.0 {
                continue;
            }
            let first = group * GROUP;
            let alive =
                |slot: &Lifetime| slot.birth != ASIDE && slot.birth > cut.0 && slot.death == LIVE;
            let offsets = (0..slots.len()).filter(|offset| alive(&slots[*offset]));
            pages.extend(offsets.filter_map(|offset| u32::try_from(first + offset).ok()));
        }
        pages
    }

    /// I1.
    pub(super) fn is_part_of(&self, page: u32, cut: Batch) -> bool {
        let slot = self.slots[page as usize];
        slot.birth <= cut.0 && cut.0 < slot.death
    }

    /// Takes pages born after the Cut out of a set of used positions.
    pub(super) fn retain_born_by(&mut self, set: &mut [u64], cut: Batch) {
        for (group, slots) in self.slots.chunks(GROUP).enumerate() {
            if self.newest[group] <= cut.0 {
                continue;
            }
            let mut newest = 0;
            for (offset, slot) in slots.iter().enumerate() {
                newest = newest.max(slot.birth);
                if slot.birth > cut.0 {
                    let page = group * GROUP + offset;
                    set[page / 64] &= !(1 << (page % 64));
                }
            }
            self.newest[group] = newest;
        }
    }
}
