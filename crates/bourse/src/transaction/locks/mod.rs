//! Row locks: a key of a table or of a unique index that its holder alone may change until it lets
//! go.
//!
//! A lock names a key of a tree of a shard, whether the key is there or not, and is part of the
//! state behind the shard's mutex. **Every commit path asks here** before it writes; while no lock
//! is held in a shard that is one comparison. What meets another's lock stands in the lock's queue
//! ([`wait`]), without the mutex, until it is its turn.
//!
//! Two kinds stand there: who wants the lock gets it in turn, and holds it from then on; a closure
//! transaction only *passes*: it is woken when no holder is in its way, and runs again.
//!
//! Invariants:
//! - **L1** A lock is in the table while somebody holds it or waits for it, and not longer.
//! - **L2** No two owners hold a lock in modes that conflict.
//! - **L3** Who wants a lock gets it when no other holder and nobody earlier in the queue is in
//!   the way. A holder that wants more goes before those that hold nothing.
//! - **L4** The wait-for graph has, for each waiter with an owner, exactly whom it waits for. It is
//!   locked under a shard's mutex, never the other way round.
//! - **L5** `held_by` has, for each owner, how many locks of the shard it holds.

use std::collections::VecDeque;
use std::sync::Arc;

use bourse_storage::id::Batch;
use bourse_storage::sync::Mutex;
use bourse_storage::{Error, ErrorKind, Result};
use hashbrown::HashMap;

use crate::transaction::locks::graph::WaitGraph;
use crate::transaction::locks::wait::Waiter;

pub(crate) mod graph;
pub(crate) mod session;
pub(crate) mod set;
pub(crate) mod shown;
#[cfg(test)]
mod tests;
pub(crate) mod wait;

/// Who holds a lock.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Owner(pub(crate) u64);

/// How strongly a row is locked: PostgreSQL's four row locks, from the weakest on.
///
/// | | `KeyShare` | `Share` | `NoKeyUpdate` | `Update` |
/// |---|---|---|---|---|
/// | `KeyShare` | | | | conflict |
/// | `Share` | | | conflict | conflict |
/// | `NoKeyUpdate` | | conflict | conflict | conflict |
/// | `Update` | conflict | conflict | conflict | conflict |
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LockMode {
    /// The row stays, and so do its unique keys: what a foreign key asks of the row it names.
    KeyShare,
    /// Nobody changes the row.
    Share,
    /// As an update that leaves the unique keys alone takes it.
    NoKeyUpdate,
    /// As a delete, an insert, or an update of a unique key takes it.
    Update,
}

impl LockMode {
    const ALL: [LockMode; 4] =
        [LockMode::KeyShare, LockMode::Share, LockMode::NoKeyUpdate, LockMode::Update];

    fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The modes, as bits, that nobody else may have.
    fn conflicts(self) -> u8 {
        use LockMode::{KeyShare, NoKeyUpdate, Share, Update};
        match self {
            KeyShare => Update.bit(),
            Share => NoKeyUpdate.bit() | Update.bit(),
            NoKeyUpdate => Share.bit() | NoKeyUpdate.bit() | Update.bit(),
            Update => KeyShare.bit() | Share.bit() | NoKeyUpdate.bit() | Update.bit(),
        }
    }

    /// Whether who holds `modes` needs nothing more for this one: one of them keeps out all that
    /// this one does.
    fn is_covered_by(self, modes: u8) -> bool {
        let held = LockMode::ALL.into_iter().filter(|mode| modes & mode.bit() != 0);
        held.into_iter().any(|mode| mode.conflicts() & self.conflicts() == self.conflicts())
    }

    fn conflicts_with(self, other: LockMode) -> bool {
        self.conflicts() & other.bit() != 0
    }
}

/// What a lock names within a shard: a tree, and a key of it.
pub(crate) type LockName = (u32, Vec<u8>);

/// How an attempt to take a lock at once went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Attempt {
    /// The owner has it now, and had it not.
    Granted,
    /// The owner had it.
    Held,
    /// Somebody is in the way.
    Blocked,
}

#[derive(Default, Debug)]
struct Lock {
    /// Owners and the modes, as bits, that each has.
    holders: Vec<(Owner, u8)>,
    queue: VecDeque<Arc<Waiter>>,
}

/// The locks of one shard, part of the state behind its mutex.
#[derive(Default, Debug)]
pub(crate) struct RowLocks {
    locks: HashMap<LockName, Lock>,
    held_by: HashMap<Owner, usize>,
}

/// Where an owner stands at a lock.
enum Place<'l> {
    /// It has it, in this mode and perhaps weaker ones.
    Holds(Owner, LockMode),
    /// It waits for these.
    Waits(&'l Waiter, Vec<Owner>),
}

impl Lock {
    fn modes_of(&self, owner: Option<Owner>) -> u8 {
        let holder = self.holders.iter().find(|(holder, _)| Some(*holder) == owner);
        holder.map_or(0, |(_, modes)| *modes)
    }

    /// Other owners whose modes conflict.
    fn holders_in_the_way(
        &self,
        owner: Option<Owner>,
        mode: LockMode,
    ) -> impl Iterator<Item = Owner> {
        let conflicts = mode.conflicts();
        let others = self.holders.iter().filter(move |(holder, _)| Some(*holder) != owner);
        others.filter(move |(_, modes)| modes & conflicts != 0).map(|(holder, _)| *holder)
    }

    /// Whom the waiter at `at` waits for: holders, and those before it that want the lock.
    fn blockers(&self, at: usize) -> Vec<Owner> {
        let waiter = &self.queue[at];
        let mut blockers: Vec<Owner> = self.holders_in_the_way(waiter.owner, waiter.mode).collect();
        if self.modes_of(waiter.owner) == 0 {
            let earlier = self.queue.iter().take(at).filter(|other| other.takes);
            let conflicting = earlier.filter(|other| waiter.mode.conflicts_with(other.mode));
            blockers.extend(conflicting.filter_map(|other| other.owner));
        }
        blockers.retain(|blocker| Some(*blocker) != waiter.owner);
        blockers
    }

    fn grant(&mut self, owner: Owner, mode: LockMode, held_by: &mut HashMap<Owner, usize>) {
        debug_assert!(self.holders_in_the_way(Some(owner), mode).next().is_none(), "L2");
        match self.holders.iter_mut().find(|(holder, _)| *holder == owner) {
            Some((_, modes)) => *modes |= mode.bit(),
            None => {
                self.holders.push((owner, mode.bit()));
                *held_by.entry(owner).or_default() += 1; // L5
            }
        }
    }

    /// Gives the lock to whoever may have it now, in turn, and tells the graph (L3, L4).
    fn advance(
        &mut self,
        graph: &Mutex<WaitGraph>,
        batch: Batch,
        held_by: &mut HashMap<Owner, usize>,
    ) {
        if self.queue.is_empty() {
            return;
        }
        let mut graph = graph.lock();
        let mut at = 0;
        while at < self.queue.len() {
            let blockers = self.blockers(at);
            if !blockers.is_empty() {
                graph.waits_for(&self.queue[at], blockers);
                at += 1;
                continue;
            }
            let Some(waiter) = self.queue.remove(at) else { break };
            graph.waits_no_more(&waiter);
            if let Some(owner) = waiter.owner.filter(|_| waiter.takes) {
                self.grant(owner, waiter.mode, held_by);
            }
            graph.is_due(waiter.grant(batch));
        }
    }
}

impl RowLocks {
    /// Whether nobody but this owner holds a lock here, so that nothing is in its way.
    pub(crate) fn is_held_by_at_most(&self, owner: Option<Owner>) -> bool {
        match owner {
            Some(owner) if self.held_by.len() == 1 => self.held_by.contains_key(&owner),
            _ => self.held_by.is_empty(),
        }
    }

    /// Whether somebody holds, or waits for, the lock of any row of the tree.
    pub(crate) fn has_any_of(&self, tree: u32) -> bool {
        self.locks.keys().any(|(locked, _)| *locked == tree)
    }

    /// Whether somebody holds the lock of any row of the tree in a mode that conflicts.
    pub(crate) fn has_any_against(&self, tree: u32, mode: LockMode) -> bool {
        let mut of_tree = self.locks.iter().filter(|((locked, _), _)| *locked == tree);
        of_tree.any(|(_, lock)| lock.holders_in_the_way(None, mode).next().is_some())
    }

    /// Shows each holder and each waiter, with whom it waits for.
    fn each(&self, mut show: impl FnMut(&LockName, Place<'_>)) {
        for (name, lock) in &self.locks {
            for (owner, modes) in &lock.holders {
                let held = LockMode::ALL.into_iter().rfind(|mode| modes & mode.bit() != 0);
                held.into_iter().for_each(|mode| show(name, Place::Holds(*owner, mode)));
            }
            for (at, waiter) in lock.queue.iter().enumerate() {
                show(name, Place::Waits(waiter, lock.blockers(at)));
            }
        }
    }

    /// How many locks are held or waited for.
    pub(crate) fn len(&self) -> usize {
        self.locks.len()
    }

    /// How many wait for some lock.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.locks.values().map(|lock| lock.queue.len()).sum()
    }

    /// Whether the counts of locks by owner are those of the locks (L5).
    #[cfg(test)]
    pub(crate) fn counts_are_right(&self) -> bool {
        let mut counted = HashMap::new();
        for (owner, _) in self.locks.values().flat_map(|lock| &lock.holders) {
            *counted.entry(*owner).or_default() += 1;
        }
        counted == self.held_by
    }

    /// Takes the lock if nobody is in the way, holding or waiting.
    pub(crate) fn try_acquire(&mut self, name: &LockName, mode: LockMode, owner: Owner) -> Attempt {
        let Some(lock) = self.locks.get_mut(name) else {
            let lock = self.locks.entry(name.clone()).or_default();
            lock.grant(owner, mode, &mut self.held_by);
            return Attempt::Granted;
        };
        let held = lock.modes_of(Some(owner));
        if mode.is_covered_by(held) {
            return Attempt::Held;
        }
        let waits_behind = held == 0
            && lock.queue.iter().any(|other| other.takes && mode.conflicts_with(other.mode));
        if waits_behind || lock.holders_in_the_way(Some(owner), mode).next().is_some() {
            return Attempt::Blocked;
        }
        lock.grant(owner, mode, &mut self.held_by);
        Attempt::Granted
    }

    /// Whether somebody other than `owner` holds the lock in a mode that conflicts. Who has it
    /// in any mode that lets it write has taken care of others when it took it.
    pub(crate) fn is_locked(&self, name: &LockName, mode: LockMode, owner: Option<Owner>) -> bool {
        let Some(lock) = self.locks.get(name) else { return false };
        let writes = LockMode::NoKeyUpdate.bit() | LockMode::Update.bit();
        if lock.modes_of(owner) & writes != 0 {
            return false;
        }
        lock.holders_in_the_way(owner, mode).next().is_some()
    }

    /// Puts a waiter into the lock's queue.
    ///
    /// # Errors
    /// `Conflict` (40P01) when it would wait for itself in the end.
    pub(crate) fn enqueue(
        &mut self,
        name: &LockName,
        waiter: &Arc<Waiter>,
        graph: &Mutex<WaitGraph>,
        batch: Batch,
    ) -> Result<()> {
        let lock = self.locks.entry(name.clone()).or_default();
        let at = if lock.modes_of(waiter.owner) == 0 {
            lock.queue.len()
        } else {
            let holders = lock.holders.iter().map(|(owner, _)| Some(*owner)).collect::<Vec<_>>();
            lock.queue.iter().take_while(|other| holders.contains(&other.owner)).count()
        };
        lock.queue.insert(at, Arc::clone(waiter));
        lock.advance(graph, batch, &mut self.held_by);
        let closes_a_cycle = waiter.owner.is_some_and(|owner| graph.lock().has_cycle(owner));
        if closes_a_cycle {
            self.leave(name, waiter, graph, batch);
            return Err(deadlock());
        }
        Ok(())
    }

    /// Takes a waiter out of the queue. Returns whether it still stood there.
    pub(crate) fn leave(
        &mut self,
        name: &LockName,
        waiter: &Arc<Waiter>,
        graph: &Mutex<WaitGraph>,
        batch: Batch,
    ) -> bool {
        let Some(lock) = self.locks.get_mut(name) else { return false };
        let Some(at) = lock.queue.iter().position(|other| Arc::ptr_eq(other, waiter)) else {
            return false;
        };
        lock.queue.remove(at);
        graph.lock().waits_no_more(waiter);
        self.settle(name, graph, batch);
        true
    }

    /// Lets go of a mode that the owner has.
    pub(crate) fn release(
        &mut self,
        name: &LockName,
        mode: LockMode,
        owner: Owner,
        graph: &Mutex<WaitGraph>,
        batch: Batch,
    ) {
        let Some(lock) = self.locks.get_mut(name) else { return };
        if let Some((_, modes)) = lock.holders.iter_mut().find(|(holder, _)| *holder == owner) {
            *modes &= !mode.bit();
        }
        let before = lock.holders.len();
        lock.holders.retain(|(_, modes)| *modes != 0);
        if lock.holders.len() < before
            && let Some(held) = self.held_by.get_mut(&owner)
        {
            *held -= 1; // L5
            if *held == 0 {
                self.held_by.remove(&owner);
            }
        }
        self.settle(name, graph, batch);
    }

    fn settle(&mut self, name: &LockName, graph: &Mutex<WaitGraph>, batch: Batch) {
        let Some(lock) = self.locks.get_mut(name) else { return };
        lock.advance(graph, batch, &mut self.held_by);
        if lock.holders.is_empty() && lock.queue.is_empty() {
            self.locks.remove(name); // L1
        }
    }
}

fn deadlock() -> Error {
    let message = "deadlock: the transaction waits for a row lock whose holder waits for it; roll \
                   it back and run it again";
    Error::new(ErrorKind::Conflict, message).with_sqlstate("40P01")
}
