//! How an operation of an interactive transaction changes rows: over the newest published Cut,
//! under row locks.
//!
//! An operation that changes rows does not know which keys it will touch before it has run: rows,
//! entries of unique indexes, forwarding entries. So it runs over the newest Cut, what it touched
//! is locked, and if the Cut already has all that was done to those keys before they were locked
//! that run is the right one. If not, it is taken back, the head of that moment is waited for, and
//! the operation runs again; what is locked cannot change any more, so it soon ends.
//!
//! Invariants:
//! - **S1** Each key of a table, of a unique index and of a forwarding tree in the write set is
//!   locked by the transaction, and was not changed by others since the Cut over which the change
//!   was made. So a commit at any later time changes what the operation saw.
//! - **S2** An operation that fails leaves write set and locks as they were. One that parks keeps
//!   its locks, and its place in a queue, until its statement ends ([`super::parked`]).
//! - **S3** Of a transaction that reads one Cut, each row in the write set is the Cut's: what
//!   others changed since ends it (40001), the first updater wins. Rows about definitions are those
//!   of now ([`super::definitions`]).
//! - **S4** What constraints found is still so at commit, whatever the isolation. A key that a
//!   foreign key refers to is locked KEY SHARE, which keeps it there. Which rows refer to a key
//!   that goes is a [`Guard`], validated at commit: the key's own lock keeps out those who honour
//!   locks, and whatever else commits in between ends the transaction (40001). So are how far the
//!   build of an index had come, and that it had no equal entry: builds look at no locks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::cache::Held;
use bourse_storage::id::Batch;
use bourse_storage::{Error, Result, sync};

use super::constraints::PendingMark;
use super::write_set::{Logged, Replaced};
use super::{Base, Transaction};
use crate::catalog::{Catalog, Routing, TableInfo};
use crate::core::Core;
use crate::cut::CutState;
use crate::key::KeyReader;
use crate::lookup;
use crate::reading::Cut;
use crate::shard::FEEDS;
use crate::shard::map::Slot;
use crate::snapshot::Observation;
use crate::table::{OwnedRow, Table, borrow};
use crate::transaction::locks::LockMode;
use crate::transaction::locks::set::{
    Interrupts, LockPlace, LockSet, LockWait, WaitRules, serialization_failure,
};
use crate::transaction::locks::wait::canceled;
use crate::value::Value;

/// Slots that the rows of interactive transactions go to where any would do: few, so that the
/// blocks of ids there are used up.
const SLOTS_IN_USE: u64 = 64;

/// From more locks on than these they are taken shard by shard, not in the order of the changes.
const LOCKS_AT_ONCE: usize = 16;

/// What became of a lock asked for.
#[derive(Clone, Debug)]
pub enum LockedRow {
    /// It is held, and this is the row as it stays: newer, perhaps, than the statement saw it.
    Row(OwnedRow),
    /// It is held, and there is no row: nobody else can insert one.
    Absent,
    /// Somebody else has it ([`LockWait::SkipLocked`]).
    Skipped,
}

/// What constraints found in a Cut (S4).
pub(crate) struct Guard {
    /// The Cut.
    pub(crate) cut: Arc<CutState>,
    /// Keeps its pages.
    pub(crate) _held: Held,
    /// What was found there.
    pub(crate) reads: Vec<Observation>,
}

/// What an interactive transaction is, beside what it reads and what it wrote.
pub(crate) struct Session {
    /// Its locks.
    pub(crate) locks: LockSet,
    /// Whether all its statements read one Cut.
    pub(crate) reads_one_cut: bool,
    /// How long it waits for one lock.
    pub(crate) lock_timeout: Option<Duration>,
    /// When its statement ends.
    pub(crate) deadline: Option<Duration>,
    /// Where it is cancelled.
    pub(crate) interrupts: Arc<Interrupts>,
    /// What the constraints of its operations found, to be found still so at commit.
    pub(super) guards: Vec<Guard>,
    /// The key that an operation found to be in its way.
    obstacle: RefCell<Option<LockPlace>>,
    /// The ids that an operation made, with their tables, for its next run.
    pub(super) made_ids: Vec<(u32, i64)>,
    /// How many of them its present run has used.
    pub(super) used_ids: usize,
    /// Whether what is read now is noted: not where newer state is looked at.
    pub(super) notes_reads: Cell<bool>,
    /// The trees that were read of the one Cut, where there is one (M1 of [`super::definitions`]).
    pub(super) read_trees: RefCell<BTreeSet<u32>>,
}

impl Session {
    /// A session that holds nothing.
    pub(crate) fn new(
        core: &Arc<Core>,
        reads_one_cut: bool,
        lock_timeout: Option<Duration>,
    ) -> Session {
        Session {
            locks: LockSet::new(core),
            reads_one_cut,
            lock_timeout,
            deadline: None,
            interrupts: Arc::default(),
            guards: Vec::new(),
            obstacle: RefCell::default(),
            made_ids: Vec::new(),
            used_ids: 0,
            notes_reads: Cell::new(false),
            read_trees: RefCell::default(),
        }
    }

    /// Notes that a tree of the one Cut was read.
    #[inline]
    pub(super) fn note_read(&self, tree: u32) {
        if self.notes_reads.get() {
            self.read_trees.borrow_mut().insert(tree);
        }
    }

    /// Refuses when the statement was cancelled or its time is over.
    pub(super) fn check(&self) -> Result<()> {
        self.locks.check_parked()?;
        self.interrupts.check()?;
        match self.deadline {
            Some(deadline) if sync::monotonic() >= deadline => Err(canceled("statement timeout")),
            _ => Ok(()),
        }
    }

    /// Lets go of what an operation has locked that failed.
    pub(super) fn let_go_to(&mut self, mark: usize) {
        if !self.locks.is_parked() {
            self.locks.release_to(mark);
        }
    }

    pub(super) fn acquire(
        &mut self,
        place: &LockPlace,
        mode: LockMode,
        wait: LockWait,
    ) -> Result<Option<Batch>> {
        let interrupts = Arc::clone(&self.interrupts);
        self.locks.acquire(place, mode, &rules(wait, self.lock_timeout, self.deadline, &interrupts))
    }
}

impl Session {
    /// As [`LockSet::acquire_row`], by the session's own rules.
    pub(super) fn acquire_row(
        &mut self,
        info: &TableInfo,
        key: &[Value],
        encoded: &[u8],
        mode: LockMode,
        wait: LockWait,
    ) -> Result<bool> {
        let interrupts = Arc::clone(&self.interrupts);
        let rules = rules(wait, self.lock_timeout, self.deadline, &interrupts);
        self.locks.acquire_row(info, &borrow(key), encoded, mode, &rules)
    }

    /// Takes locks, waiting for one after the other. Returns the newest batch with which one was
    /// granted.
    fn acquire_all(&mut self, mut wanted: Vec<(LockPlace, LockMode)>) -> Result<Batch> {
        let mut newest = Batch::default();
        if wanted.len() > LOCKS_AT_ONCE {
            newest = self.locks.acquire_free(&mut wanted);
        }
        for (place, mode) in wanted {
            let granted = self.acquire(&place, mode, LockWait::Block)?;
            newest = newest.max(granted.unwrap_or_default());
        }
        Ok(newest)
    }
}

fn rules(
    wait: LockWait,
    lock_timeout: Option<Duration>,
    statement_deadline: Option<Duration>,
    interrupts: &Interrupts,
) -> WaitRules<'_> {
    WaitRules { wait, lock_timeout, statement_deadline, interrupts: Some(interrupts) }
}

impl<'t> Transaction<'t> {
    /// The session, which only interactive transactions have.
    pub(super) fn session(&mut self) -> Result<&mut Session> {
        match &mut self.session {
            Some(session) => Ok(&mut **session),
            None => Err(Error::invalid(
                "rows are locked by interactive transactions (Database::begin): a closure has them \
                 to itself, or runs again",
            )),
        }
    }

    /// Remembers which key is in an operation's way, a duplicate or a row that refers to one that
    /// is to go: its lock tells whether it stays there.
    pub(super) fn note_obstacle(&self, shard: u16, tree: u32, key: &[u8]) {
        if let Some(session) = &self.session {
            *session.obstacle.borrow_mut() = Some(LockPlace::of(shard, tree, key));
        }
    }

    /// Runs an operation over the newest Cut until all that it touches is locked and as it saw it.
    pub(crate) fn write_locked<T>(
        &mut self,
        mut operation: impl FnMut(&mut Transaction<'t>) -> Result<T>,
    ) -> Result<T> {
        self.core.check_writable()?;
        let mark = (self.writes.mark(), self.pending.mark());
        let session = self.session()?;
        session.made_ids.clear();
        let locks = session.locks.mark();
        let result = self.run_until_locked(mark, &mut operation);
        if result.is_err() {
            self.take_back(mark); // S2
            self.session()?.let_go_to(locks);
        }
        result
    }

    fn take_back(&mut self, (writes, pending): (usize, PendingMark)) {
        self.writes.undo_to(writes);
        self.pending.back_to(pending);
    }

    fn run_until_locked<T>(
        &mut self,
        mark: (usize, PendingMark),
        operation: &mut impl FnMut(&mut Transaction<'t>) -> Result<T>,
    ) -> Result<T> {
        let mut needed = Batch::default();
        let mut is_first = true;
        loop {
            let session = self.session()?;
            session.check()?;
            session.obstacle.take();
            session.used_ids = 0;
            let locks = session.locks.mark();
            self.relied.take();
            let (newest, reads, result) = self.over_newest(&mut *operation)?;
            let mut wanted = touched(&self.catalog, self.writes.replaced_since(mark.0), self)?;
            // The parents that were found stay there.
            wanted.extend(self.relied.take().into_iter().map(|place| (place, LockMode::KeyShare)));
            match (&result, self.session()?.obstacle.take()) {
                (Ok(_), _) => {}
                // Whoever has locked it may be about to delete it.
                (Err(_), Some(place)) => wanted.push((place, LockMode::Share)),
                (Err(_), None) => return result,
            }
            needed = needed.max(self.session()?.acquire_all(wanted)?);
            // Rows that refer to a key may be in any shard. Whoever added one had the key's lock or
            // its shard's mutex before, so now it is in some shard's head.
            let has_new_locks = self.session()?.locks.mark() > locks;
            if !reads.is_empty() && (is_first || has_new_locks) {
                needed = needed.max(newest_batch(self.core, 0..self.core.shards.len()));
            }
            if needed <= newest.batch() {
                let value = result?;
                self.meet_newer_rows(&newest, mark.0)?;
                if !reads.is_empty() {
                    let (cut, held) = newest.state();
                    self.session()?.guards.push(Guard { cut, _held: held, reads }); // S4
                }
                return Ok(value);
            }
            self.take_back(mark);
            self.core.settle(needed)?;
            is_first = false;
        }
    }

    /// Runs `body` over the newest published Cut in place of the statement's. What it reads there
    /// is vouched for by locks, so it is not observed, but for what constraints look for: that is
    /// returned.
    pub(super) fn over_newest<T>(
        &mut self,
        body: impl FnOnce(&mut Transaction<'t>) -> T,
    ) -> Result<(Cut, Vec<Observation>, T)> {
        let (cut, held) = self.core.hold_published();
        let held = held.that_expires();
        if cut.catalog.version != self.catalog.version {
            return Err(redefined());
        }
        let newest = Base::Cut { cut, held };
        let before = std::mem::replace(&mut self.base, newest);
        let observes = self.observes.replace(false);
        let notes = self.session()?.notes_reads.replace(false);
        let reads = self.reads.take();
        let result = body(self);
        self.observes.set(observes);
        self.session()?.notes_reads.set(notes);
        let found = self.reads.replace(reads);
        match std::mem::replace(&mut self.base, before) {
            Base::Cut { cut, held } => Ok((self.cut_of(cut, held)?, found, result)),
            Base::Heads(_) => unreachable!("an interactive transaction reads Cuts"),
        }
    }

    fn cut_of(&mut self, cut: Arc<CutState>, held: Held) -> Result<Cut> {
        Ok(Cut::of(self.session()?.locks.core(), cut, held))
    }

    /// The statement's Cut, without the transaction's own changes.
    pub(super) fn own_cut(&mut self) -> Result<Cut> {
        match &self.base {
            Base::Cut { cut, held } => {
                let (cut, held) = (Arc::clone(cut), held.clone());
                self.cut_of(cut, held)
            }
            Base::Heads(_) => unreachable!("an interactive transaction reads Cuts"),
        }
    }

    /// Compares the rows that an operation changed for the first time with those that the
    /// statement sees.
    fn meet_newer_rows(&mut self, newest: &Cut, mark: usize) -> Result<()> {
        let seen = self.own_cut()?;
        if seen.batch() == newest.batch() {
            return Ok(());
        }
        let (mut old, mut new) = (Vec::new(), Vec::new());
        let mut is_newer = false;
        for replaced in self.writes.replaced_since(mark) {
            let Replaced { shard, tree, key, before, .. } = replaced;
            if before.is_some() || self.catalog.table(*tree).is_err() {
                continue;
            }
            let was = lookup::get(&seen, *shard, *tree, key, &mut old)?;
            let is = lookup::get(newest, *shard, *tree, key, &mut new)?;
            is_newer |= was != is || old != new;
        }
        self.move_on(newest, is_newer)
    }

    /// A statement that meets a row newer than it reads goes on over the newest state, or ends
    /// where the transaction reads one Cut (S3).
    pub(super) fn move_on(&mut self, newest: &Cut, is_newer: bool) -> Result<()> {
        if !is_newer {
            return Ok(());
        }
        if self.session()?.reads_one_cut {
            return Err(row_is_newer());
        }
        let (cut, held) = newest.state();
        self.base = Base::Cut { cut, held };
        Ok(())
    }

    /// Locks the row of a primary key, whether there is one or not, until the transaction ends or
    /// goes back to a savepoint; only in an interactive transaction.
    ///
    /// Once it is granted nobody else changes the row. At READ COMMITTED the row comes as it then
    /// is, which may be newer than what the statement saw: look at it again.
    ///
    /// # Errors
    /// `Conflict`: 40001 when the transaction reads one Cut and the row is newer; 55P03 for
    /// [`LockWait::NoWait`] or after the lock timeout; 40P01 for a deadlock; 57014 when cancelled.
    pub fn lock_row(
        &mut self,
        table: &Table,
        key: &[Value],
        mode: LockMode,
        wait: LockWait,
    ) -> Result<LockedRow> {
        self.core.check_writable()?;
        let info = self.info(table)?;
        let own = OwnedRow::find(self, &info, key)?;
        let key = info.coerce_key(key)?;
        let encoded = lookup::encode_primary_key(&info, &borrow(&key))?;
        let session = self.session()?;
        session.check()?;
        let mark = session.locks.mark();
        let result = self.lock_found(&info, own, &key, &encoded, (mode, wait));
        if result.is_err() {
            self.session()?.let_go_to(mark); // S2
        }
        result
    }

    fn lock_found(
        &mut self,
        info: &Arc<TableInfo>,
        own: Option<OwnedRow>,
        key: &[Value],
        encoded: &[u8],
        (mode, wait): (LockMode, LockWait),
    ) -> Result<LockedRow> {
        if let Some(row) = own
            && self.writes.get(row.shard(), info.id(), encoded).is_some()
        {
            // Locked when it was changed (S1), but perhaps not as strongly.
            let place = LockPlace::of(row.shard(), info.id(), encoded);
            let granted = self.session()?.acquire(&place, mode, wait)?;
            return Ok(granted.map_or(LockedRow::Skipped, |_| LockedRow::Row(row)));
        }
        if !self.session()?.acquire_row(info, key, encoded, mode, wait)? {
            return Ok(LockedRow::Skipped);
        }
        let (newest, _, row) =
            self.over_newest(|transaction| OwnedRow::find(transaction, info, key))?;
        let row = row?;
        let seen = OwnedRow::find(&self.own_cut()?, info, key)?;
        let unchanged = OwnedRow::find(&newest, info, key)?;
        let is_newer = match (&seen, &unchanged) {
            (None, None) => false,
            (Some(a), Some(b)) => a.bytes != b.bytes || a.shard() != b.shard(),
            _ => true,
        };
        self.move_on(&newest, is_newer)?;
        Ok(row.map_or(LockedRow::Absent, LockedRow::Row))
    }

    /// The slot of new rows that may live anywhere.
    pub(super) fn slot_of_session(session: &Session) -> Slot {
        Slot::of_key(&(session.locks.owner().0 % SLOTS_IN_USE).to_le_bytes())
    }
}

/// The locks that go with changes, in their order (S1).
fn touched(
    catalog: &Catalog,
    changes: &[Replaced],
    transaction: &Transaction<'_>,
) -> Result<Vec<(LockPlace, LockMode)>> {
    let mut wanted = Vec::with_capacity(changes.len());
    // Neighbours are often of few trees.
    let mut known: Vec<(u32, bool)> = Vec::new();
    for Replaced { shard, tree, key, .. } in changes {
        let Some(change) = transaction.writes.get(*shard, *tree, key) else { continue };
        if let Ok(table) = catalog.table(*tree) {
            let mode = transaction.writes.lock_mode(catalog, *tree, change);
            wanted.push((LockPlace::of(*shard, *tree, key), mode));
            let is_new =
                change.value.is_some() && change.logged != (Logged::Row { was_found: true });
            if is_new && table.routing.forwarding() != 0 {
                let id = match table.routing {
                    Routing::Id { .. } => vec![KeyReader::new(&table.key_shape, key).next_value()?],
                    _ => Vec::new(),
                };
                let home = catalog.map.shard(table.slot_of_key(&borrow(&id), key)?);
                let absent = LockPlace::of_absent_row(table, home, key);
                wanted.extend(absent.into_iter().map(|place| (place, LockMode::Update)));
            }
            continue;
        }
        let is_unique = match known.iter().find(|(of, _)| of == tree) {
            Some((_, is_unique)) => *is_unique,
            None => {
                let is_unique = is_unique(catalog, *tree);
                known.push((*tree, is_unique));
                is_unique
            }
        };
        if is_unique {
            wanted.push((LockPlace::of(*shard, *tree, key), LockMode::Update));
        }
    }
    Ok(wanted)
}

/// The newest batch that one of the shards has a record of.
pub(super) fn newest_batch(core: &Core, shards: impl Iterator<Item = usize>) -> Batch {
    let batches = shards.map(|shard| core.shards[shard].state.lock().batch);
    batches.max().unwrap_or_default()
}

/// Whether a tree's keys are looked for before one is inserted, a unique index or forwarding
/// entries, or are read to be changed, as the positions of feeds are.
fn is_unique(catalog: &Catalog, tree: u32) -> bool {
    tree == FEEDS
        || catalog.tables().into_iter().any(|table| {
            let mut unique = table.indexes.iter().filter(|index| index.definition.unique);
            table.routing.forwarding() == tree || unique.any(|index| index.id() == tree)
        })
}

/// 40001, of a transaction that is older than a row that it meets (S3).
pub(super) fn row_is_newer() -> Error {
    serialization_failure(
        "could not serialize access due to concurrent update: another transaction changed the row \
         since this one began; roll back and run it again",
    )
}

/// 40001, of a transaction that is older than a definition.
pub(super) fn redefined() -> Error {
    serialization_failure(
        "definitions of tables changed while the transaction was open; roll back and run it again",
    )
}
