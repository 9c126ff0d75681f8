//! Transactions: a private set of changes over a consistent state, committed whole or not at all.
//!
//! Two ways lead to one commit (see [`crate::commit`]):
//!
//! - a *shard transaction* runs its closure under the mutex of one shard, over the shard's head
//!   ([`run::on_shard`]); it needs no validation;
//! - an *optimistic transaction* runs its closure over the newest sealed Cut, on any shards, and is
//!   validated when it commits ([`run::optimistic`]).
//!
//! A closure may run several times and must not keep anything from a run that did not count. It
//! stops early (every call on the transaction answers with an error) when it touches a page that
//! is not in memory, a shard that it does not hold, or a row that another has locked; what it
//! needs is then fetched without any mutex, and it runs again.
//!
//! Invariants:
//! - **T1** A closure changes nothing but its write set.
//! - **T2** Under mutexes a run that was halted is never committed nor its result used.
//! - **T3** Whatever leaves (result, error, panic) waits until the newest batch that it read or was
//!   judged against is published.
//! - **T4** Mutexes of several shards are taken in ascending order of shards.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use bourse_storage::cache::Held;
use bourse_storage::id::{Batch, Link};
use bourse_storage::page::extent_pages;
use bourse_storage::pager::{FRAMED_EXTENT_PAGES, Source};
use bourse_storage::store::{Step, Stop};
use bourse_storage::tree::{self, Root, StepIn};
use bourse_storage::{Error, ErrorKind, Result};

use crate::catalog::{Catalog, TableInfo};
use crate::core::Core;
use crate::cut::CutState;
use crate::datetime::wall_clock_ns;
use crate::row::Row;
use crate::snapshot::{self, Head, KeyRange, Observation, Snapshot};
use crate::table::Table;
use crate::transaction::locks::Owner;
use crate::transaction::locks::set::LockPlace;
use crate::transaction::session::Session;
use crate::transaction::write_set::WriteSet;

mod composite;
mod constraints;
mod definitions;
pub(crate) mod ids;
pub(crate) mod interactive;
pub(crate) mod key_map;
pub(crate) mod locks;
mod operations;
mod parked;
mod places;
mod routed;
mod rows;
pub(crate) mod run;
pub(crate) mod session;
mod size;
mod unique;
pub(crate) mod validate;
mod views;
pub(crate) mod write_set;

/// The state that a transaction reads.
pub(crate) enum Base {
    /// A Cut, held for as long as the transaction runs.
    Cut {
        /// The Cut.
        cut: Arc<CutState>,
        /// Keeps its pages.
        held: Held,
    },
    /// Heads of shards whose mutexes are held.
    Heads(Vec<Head>),
}

/// Why a run of a closure ended before its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Halt {
    /// A page of this shard is not in memory.
    Miss(u16, Link),
    /// This shard's mutex is not held.
    Shard(u16),
    /// Definitions changed since the transaction read them.
    Redefined,
}

/// A transaction, as its closure sees it.
pub struct Transaction<'t> {
    core: &'t Core,
    catalog: Arc<Catalog>,
    base: Base,
    /// Whether pages may be loaded where they are missed.
    loads: bool,
    observes: Cell<bool>,
    writes: WriteSet,
    reads: RefCell<Vec<Observation>>,
    /// Keys of parents that rows of the transaction refer to: they are to stay.
    relied: RefCell<Vec<LockPlace>>,
    halt: Cell<Option<Halt>>,
    owner: Option<Owner>,
    /// Of an interactive transaction: its locks, and how it waits for more.
    session: Option<&'t mut Session>,
    /// The time that its rows get by DEFAULT, once it was asked for.
    now: Cell<Option<i64>>,
    /// What its constraints have still to do.
    pending: constraints::Pending,
    /// Whether rows that it deletes have expired, if they are old enough.
    expires: bool,
    /// Pages that had been evicted when it began; none where that is not known. As long as these
    /// are all, what it has looked at is in memory, unless it was replaced.
    evictions: Option<u64>,
}

impl<'t> Transaction<'t> {
    pub(crate) fn over_cut(core: &'t Core, cut: Arc<CutState>, held: Held) -> Transaction<'t> {
        let catalog = Arc::clone(&cut.catalog);
        Transaction::new(core, catalog, Base::Cut { cut, held }, true)
    }

    pub(crate) fn over_heads(
        core: &'t Core,
        catalog: Arc<Catalog>,
        heads: Vec<Head>,
        loads: bool,
    ) -> Transaction<'t> {
        Transaction::new(core, catalog, Base::Heads(heads), loads)
    }

    fn new(core: &'t Core, catalog: Arc<Catalog>, base: Base, loads: bool) -> Transaction<'t> {
        let observes = matches!(base, Base::Cut { .. });
        Transaction {
            core,
            catalog,
            base,
            loads,
            observes: Cell::new(observes),
            writes: WriteSet::default(),
            reads: RefCell::new(Vec::new()),
            relied: RefCell::new(Vec::new()),
            halt: Cell::new(None),
            owner: None,
            session: None,
            now: Cell::new(None),
            pending: constraints::Pending::default(),
            expires: false,
            evictions: Some(core.cache.evictions()),
        }
    }

    /// Counts the changes of definitions: see [`Cut::definitions_version`](crate::Cut).
    pub fn definitions_version(&self) -> u64 {
        self.catalog.version
    }

    /// The newest batch that the transaction may have read.
    pub(crate) fn newest_read(&self) -> Batch {
        match &self.base {
            Base::Cut { cut, .. } => cut.batch,
            Base::Heads(heads) => heads.iter().map(|head| head.batch).max().unwrap_or_default(),
        }
    }

    /// Whether rows are locked as they are changed.
    pub(crate) fn is_interactive(&self) -> bool {
        self.session.is_some()
    }

    /// Says whether the rows that are deleted from now on go by their age.
    pub(crate) fn set_expires(&mut self, expires: bool) {
        self.expires = expires;
    }

    /// Whether a row that is deleted has expired.
    fn is_expiring(&self, info: &TableInfo, row: &Row<'_>) -> bool {
        self.expires && info.expiry.as_ref().is_some_and(|expiry| expiry.has_expired(row))
    }

    /// Its changes, to add to.
    pub(crate) fn writes_mut(&mut self) -> &mut WriteSet {
        &mut self.writes
    }

    /// Why the run must not count, if so.
    pub(crate) fn halted(&self) -> Option<Halt> {
        self.halt.get()
    }

    /// The transaction's time in nanoseconds: the same for all that it does.
    pub(crate) fn now(&self) -> i64 {
        let now = self.now.get().unwrap_or_else(wall_clock_ns);
        self.now.set(Some(now));
        now
    }

    pub(crate) fn info(&self, table: &Table) -> Result<Arc<TableInfo>> {
        self.catalog.table_of(table).cloned()
    }

    fn interrupt(&self, halt: Halt) -> Error {
        if self.halt.get().is_none() {
            self.halt.set(Some(halt));
        }
        interrupted()
    }
}

/// What a closure sees when its run is given up; it never reaches the transaction's caller.
fn interrupted() -> Error {
    Error::new(ErrorKind::Conflict, "this run of the transaction is given up; it will run again")
}

impl Snapshot for Transaction<'_> {
    fn core(&self) -> &Core {
        self.core
    }

    fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    fn forest(&self, shard: u16) -> Result<Root> {
        match &self.base {
            Base::Cut { cut, .. } => Ok(cut.roots[usize::from(shard)]),
            Base::Heads(heads) => match heads.iter().find(|head| head.shard == shard) {
                Some(head) => Ok(head.root),
                None => Err(self.interrupt(Halt::Shard(shard))),
            },
        }
    }

    fn newest(&self, shard: u16) -> Batch {
        match &self.base {
            Base::Cut { cut, .. } => cut.batch,
            Base::Heads(heads) => {
                let head = heads.iter().find(|head| head.shard == shard);
                head.map_or(Batch::default(), |head| head.batch)
            }
        }
    }

    #[inline]
    fn note_read(&self, tree: u32) {
        if let Some(session) = &self.session {
            session.note_read(tree);
        }
    }

    fn read<T>(&self, shard: u16, mut op: impl FnMut(&Source<'_>) -> Step<T>) -> Result<T> {
        if self.halt.get().is_some() {
            return Err(interrupted());
        }
        let pager = &self.core.shards[usize::from(shard)].pager;
        let newest = self.newest(shard);
        if self.loads {
            return snapshot::read_one_loading(self, shard, op);
        }
        let step = {
            let pin = self.core.epochs().pin();
            self.check_age()?;
            op(&pager.source(&pin, newest))
        };
        match step {
            Ok(value) => Ok(value),
            Err(Stop::Miss(link)) => Err(self.interrupt(Halt::Miss(shard, link))),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    fn read_shards<T>(
        &self,
        shards: &[u16],
        mut op: impl FnMut(&[Source<'_>]) -> StepIn<T>,
    ) -> Result<T> {
        if self.halt.get().is_some() {
            return Err(interrupted());
        }
        if self.loads {
            return snapshot::read_loading(self, shards, op);
        }
        let step = snapshot::attempt(self, &self.core.epochs().pin(), shards, &mut op);
        match step {
            Ok(value) => Ok(value),
            Err((at, Stop::Miss(link))) => Err(self.interrupt(Halt::Miss(shards[at], link))),
            Err((_, Stop::Error(error))) => Err(error),
        }
    }

    fn read_extent(&self, shard: u16, first: Link, bytes: usize, out: &mut Vec<u8>) -> Result<()> {
        if !self.loads && extent_pages(bytes) <= FRAMED_EXTENT_PAGES {
            return self.read(shard, |source| {
                out.clear();
                tree::read_extent(source, first, bytes, out)
            });
        }
        snapshot::read_extent(self, shard, first, bytes, out)
    }

    fn held(&self) -> Option<&Held> {
        match &self.base {
            Base::Cut { held, .. } => Some(held),
            Base::Heads(_) => None,
        }
    }

    fn is_sealed(&self) -> bool {
        matches!(self.base, Base::Cut { .. })
    }

    fn own(&self, shard: u16, tree: u32, key: &[u8]) -> Option<Option<&[u8]>> {
        self.writes.get(shard, tree, key).map(|change| change.value.as_deref())
    }

    fn own_range(
        &self,
        shard: u16,
        tree: u32,
        range: &KeyRange,
    ) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        self.writes.range(shard, tree, range.as_ref())
    }

    fn heads(&self) -> &[Head] {
        match &self.base {
            Base::Cut { .. } => &[],
            Base::Heads(heads) => heads,
        }
    }

    fn observes(&self) -> bool {
        self.observes.get()
    }

    fn observes_builds(&self) -> bool {
        // No lock of an interactive transaction keeps a build from going on.
        self.observes.get() || self.session.is_some()
    }

    fn observe(&self, observation: Observation) {
        /// Room for what most transactions read, which the allocator has at hand.
        const FEW: usize = 1024 / size_of::<Observation>();
        let mut reads = self.reads.borrow_mut();
        if reads.capacity() == 0 {
            reads.reserve(FEW);
        }
        reads.push(observation);
    }

    fn rely_on(&self, shard: u16, tree: u32, key: &[u8]) {
        self.relied.borrow_mut().push(LockPlace::of(shard, tree, key));
    }
}
