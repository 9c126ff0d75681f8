//! Who waits for whom, over all shards.

use std::task::Waker;

use bourse_storage::sync::Mutex;
use hashbrown::{HashMap, HashSet};

use super::Owner;
use super::wait::Waiter;

/// The wait-for graph: from owners that wait to owners that are in their way.
#[derive(Default, Debug)]
pub(crate) struct WaitGraph {
    /// For each owner its waits by number of the waiter: threads may share an owner.
    waits: HashMap<Owner, Vec<(u64, Vec<Owner>)>>,
    /// Whom to wake when no shard's mutex is held.
    due: Vec<Waker>,
}

/// Wakes those that were given a lock and parked no thread. Called without a mutex: what they do is
/// not ours.
///
/// A closure's commit grants nothing to others, in a queue or when it leaves it, since it stands in
/// nobody's way; so only owners of locks call this.
pub(crate) fn wake_parked(graph: &Mutex<WaitGraph>) {
    let due = std::mem::take(&mut graph.lock().due);
    due.into_iter().for_each(Waker::wake);
}

impl WaitGraph {
    /// Notes that one is to be woken.
    pub(crate) fn is_due(&mut self, waker: Option<Waker>) {
        self.due.extend(waker);
    }

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
