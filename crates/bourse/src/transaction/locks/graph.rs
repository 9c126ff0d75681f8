//! Who waits for whom, over all shards.

use hashbrown::{HashMap, HashSet};

use super::Owner;
use super::wait::Waiter;

/// The wait-for graph: from owners that wait to owners that are in their way.
#[derive(Default, Debug)]
pub(crate) struct WaitGraph {
    /// For each owner its waits by number of the waiter: threads may share an owner.
    waits: HashMap<Owner, Vec<(u64, Vec<Owner>)>>,
}

impl WaitGraph {
    /// Notes whom a waiter waits for, in place of what was noted before.
    pub(crate) fn waits_for(&mut self, waiter: &Waiter, blockers: Vec<Owner>) {
        let Some(owner) = waiter.owner else { return };
        let waits = self.waits.entry(owner).or_default();
        match waits.iter_mut().find(|(number, _)| *number == waiter.number) {
            Some((_, noted)) => *noted = blockers,
            None => waits.push((waiter.number, blockers)),
        }
    }

    /// Forgets a waiter.
    pub(crate) fn waits_no_more(&mut self, waiter: &Waiter) {
        let Some(owner) = waiter.owner else { return };
        if let Some(waits) = self.waits.get_mut(&owner) {
            waits.retain(|(number, _)| *number != waiter.number);
            if waits.is_empty() {
                self.waits.remove(&owner);
            }
        }
    }

    /// Whether an owner waits for itself in the end.
    pub(crate) fn has_cycle(&self, start: Owner) -> bool {
        let mut seen = HashSet::new();
        let mut to_visit = vec![start];
        while let Some(owner) = to_visit.pop() {
            for blocker in self.waits.get(&owner).into_iter().flatten().flat_map(|(_, all)| all) {
                if *blocker == start {
                    return true;
                }
                if seen.insert(*blocker) {
                    to_visit.push(*blocker);
                }
            }
        }
        false
    }

    /// Whether nobody waits.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.waits.is_empty()
    }
}
