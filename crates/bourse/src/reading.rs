//! The two ways to read without a transaction: a held [`Cut`], and a glance at the newest one.

use std::cell::Cell;
use std::sync::Arc;

use bourse_storage::cache::{Held, Pin};
use bourse_storage::id::{Batch, Link, Lsn};
use bourse_storage::page::extent_pages;
use bourse_storage::pager::{FRAMED_EXTENT_PAGES, Source};
use bourse_storage::store::{Step, Stop};
use bourse_storage::tree::{self, Root, StepIn};
use bourse_storage::{Error, ErrorKind, Result};

use crate::catalog::{Catalog, TableInfo};
use crate::core::Core;
use crate::cut::CutState;
use crate::range::Range;
use crate::read::{self, Entries, Rows};
use crate::scan::{self, Order};
use crate::snapshot::{self, KeyRange, Observation, Snapshot};
use crate::table::{OwnedRow, Table};
use crate::transaction::Transaction;
use crate::value::Value;

/// A consistent state of the whole store, for as long as it is kept. Reading it never waits for
/// writers and never holds them up; keeping it long under heavy update costs disk space, and when
/// it was replaced longer ago than `Options::cut_age_max` reading it is refused (72000).
pub struct Cut {
    core: Arc<Core>,
    state: Arc<CutState>,
    held: Held,
}

impl Cut {
    pub(crate) fn newest(core: &Arc<Core>) -> Cut {
        let (state, held) = core.hold_published();
        Cut { core: Arc::clone(core), state, held: held.that_expires() }
    }

    /// A Cut that is held already.
    pub(crate) fn of(core: &Arc<Core>, state: Arc<CutState>, held: Held) -> Cut {
        Cut { core: Arc::clone(core), state, held }
    }

    /// What it holds.
    pub(crate) fn state(&self) -> (Arc<CutState>, Held) {
        (Arc::clone(&self.state), self.held.clone())
    }

    /// The last record that the state contains.
    pub fn lsn(&self) -> Lsn {
        self.state.lsn
    }

    /// The newest batch that the state contains.
    pub fn batch(&self) -> Batch {
        self.held.batch()
    }
}

impl Snapshot for Cut {
    fn core(&self) -> &Core {
        &self.core
    }

    fn catalog(&self) -> &Arc<Catalog> {
        &self.state.catalog
    }

    fn forest(&self, shard: u16) -> Result<Root> {
        Ok(self.state.roots[usize::from(shard)])
    }

    fn newest(&self, _shard: u16) -> Batch {
        self.state.batch
    }

    fn read<T>(&self, shard: u16, op: impl FnMut(&Source<'_>) -> Step<T>) -> Result<T> {
        snapshot::read_one_loading(self, shard, op)
    }

    fn held(&self) -> Option<&Held> {
        Some(&self.held)
    }

    fn read_shards<T>(
        &self,
        shards: &[u16],
        op: impl FnMut(&[Source<'_>]) -> StepIn<T>,
    ) -> Result<T> {
        snapshot::read_loading(self, shards, op)
    }

    fn is_sealed(&self) -> bool {
        true
    }

    fn own(&self, _shard: u16, _tree: u32, _key: &[u8]) -> Option<Option<&[u8]>> {
        None
    }

    fn own_range(&self, _: u16, _: u32, _: &KeyRange) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        Vec::new()
    }

    fn observes(&self) -> bool {
        false
    }

    fn observe(&self, _observation: Observation) {}
}

/// The newest Cut, not held: all of a read happens under one pin, so nothing is counted and
/// nothing shared is written. A page that is not in memory ends the attempt.
pub(crate) struct Glance<'p> {
    core: &'p Core,
    cut: &'p CutState,
    /// Without a pin the Cut is held, and pages are loaded where they are missed.
    pin: Option<&'p Pin<'p>>,
    missed: Cell<Option<Missed>>,
}

/// What ended an attempt.
#[derive(Clone, Copy)]
enum Missed {
    /// A page that is to be loaded.
    Page(u16, Link),
    /// A value that cannot be read under a pin.
    LargeValue,
}

impl Glance<'_> {
    /// What is looked at.
    pub(crate) fn cut(&self) -> &CutState {
        self.cut
    }

    fn miss(&self, missed: Missed) -> Error {
        self.missed.set(Some(missed));
        Error::new(ErrorKind::Conflict, "this attempt to read is given up; it is made again")
    }

    /// The definition of a table, as of this Cut.
    pub(crate) fn table_info<'t>(&'t self, table: &'t Table) -> Result<&'t Arc<TableInfo>> {
        self.cut.catalog.table_of(table)
    }
}

impl Snapshot for Glance<'_> {
    fn core(&self) -> &Core {
        self.core
    }

    fn catalog(&self) -> &Arc<Catalog> {
        &self.cut.catalog
    }

    fn forest(&self, shard: u16) -> Result<Root> {
        Ok(self.cut.roots[usize::from(shard)])
    }

    fn newest(&self, _shard: u16) -> Batch {
        self.cut.batch
    }

    #[inline]
    fn read<T>(&self, shard: u16, mut op: impl FnMut(&Source<'_>) -> Step<T>) -> Result<T> {
        let pager = &self.core.shards[usize::from(shard)].pager;
        let Some(pin) = self.pin else { return pager.read(self.cut.batch, op) };
        match op(&pager.source(pin, self.cut.batch)) {
            Ok(value) => Ok(value),
            Err(Stop::Miss(link)) => Err(self.miss(Missed::Page(shard, link))),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    fn read_shards<T>(
        &self,
        shards: &[u16],
        mut op: impl FnMut(&[Source<'_>]) -> StepIn<T>,
    ) -> Result<T> {
        let Some(pin) = self.pin else { return snapshot::read_loading(self, shards, op) };
        match snapshot::attempt(self, pin, shards, &mut op) {
            Ok(value) => Ok(value),
            Err((at, Stop::Miss(link))) => Err(self.miss(Missed::Page(shards[at], link))),
            Err((_, Stop::Error(error))) => Err(error),
        }
    }

    fn read_extent(&self, shard: u16, first: Link, bytes: usize, out: &mut Vec<u8>) -> Result<()> {
        if self.pin.is_none() {
            let pager = &self.core.shards[usize::from(shard)].pager;
            return scan::read_extent(pager, self.cut.batch, first, bytes, out);
        }
        if extent_pages(bytes) > FRAMED_EXTENT_PAGES {
            return Err(self.miss(Missed::LargeValue));
        }
        self.read(shard, |source| {
            out.clear();
            tree::read_extent(source, first, bytes, out)
        })
    }

    fn is_sealed(&self) -> bool {
        true
    }

    fn own(&self, _shard: u16, _tree: u32, _key: &[u8]) -> Option<Option<&[u8]>> {
        None
    }

    fn own_range(&self, _: u16, _: u32, _: &KeyRange) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        Vec::new()
    }

    fn observes(&self) -> bool {
        false
    }

    fn observe(&self, _observation: Observation) {}
}

/// Runs a read over the newest Cut; loads what it misses and runs it again, over what is the newest
/// Cut then. `body` is the store's own code, never the user's: it runs pinned.
#[inline]
pub(crate) fn newest<T>(core: &Core, body: impl FnMut(&Glance<'_>) -> Result<T>) -> Result<T> {
    core.catch_up();
    last_published(core, body)
}

/// As [`newest`], and without what commits have left to readers (Publisher P5): for definitions,
/// whose changes are never left, and for guesses.
#[inline]
pub(crate) fn last_published<T>(
    core: &Core,
    mut body: impl FnMut(&Glance<'_>) -> Result<T>,
) -> Result<T> {
    /// Attempts before the Cut is held, so that a read under heavy eviction ends.
    const ATTEMPTS: usize = 4;
    for _ in 0..ATTEMPTS {
        let (missed, held) = {
            let pin = core.epochs().pin();
            let cut = core.publisher.published(&pin);
            let glance = Glance { core, cut, pin: Some(&pin), missed: Cell::new(None) };
            let result = body(&glance);
            match glance.missed.get() {
                None => return result,
                // Held while the page is loaded, so that it is still the page of that name.
                Some(missed) => (missed, core.held.register(cut.batch)),
            }
        };
        match missed {
            Missed::Page(shard, link) => core.shards[usize::from(shard)].pager.load(link)?,
            Missed::LargeValue => break,
        }
        drop(held);
    }
    let (cut, _held) = core.hold_published();
    body(&Glance { core, cut: &cut, pin: None, missed: Cell::new(None) })
}

/// The reading methods that Cuts and transactions share.
macro_rules! reading_methods {
    ($reader:ty) => {
        impl $reader {
            /// Rows of many primary keys, fetched together so that their cache misses overlap.
            ///
            /// # Errors
            /// As for one row.
            pub fn multi_get(
                &self,
                table: &Table,
                keys: &[Vec<Value>],
            ) -> Result<Vec<Option<OwnedRow>>> {
                read::many::multi_get(self, self.catalog().table_of(table)?, keys)
            }

            /// Rows of a range of the primary key, in its order.
            ///
            /// # Errors
            /// A range that does not fit the key; whatever ends the read.
            pub fn scan(
                &self,
                table: &Table,
                range: &Range,
                order: Order,
            ) -> Result<Rows<'_, Self>> {
                read::rows(self, self.catalog().table_of(table)?, range, order)
            }

            /// Entries of a range of an index, in its order; rows are fetched only when asked for.
            ///
            /// # Errors
            /// No such index; a range that does not fit it; whatever ends the read.
            pub fn scan_index(
                &self,
                table: &Table,
                index: &str,
                range: &Range,
                order: Order,
            ) -> Result<Entries<'_, Self>> {
                read::entries(self, self.catalog().table_of(table)?, index, range, order)
            }

            /// The one row that a unique index has for the values of its columns, none of them
            /// NULL: NULLs are never equal.
            ///
            /// # Errors
            /// No such index, or one that is not unique; values that are not one for each of its
            /// columns; whatever ends the read.
            pub fn find_unique(
                &self,
                table: &Table,
                index: &str,
                values: &[Value],
            ) -> Result<Option<OwnedRow>> {
                self.catalog().table_of(table)?.index(index)?.check_unique_key(values)?;
                let range = Range::prefix(values.iter().cloned());
                let mut entries = self.scan_index(table, index, &range, Order::Ascending)?;
                Ok(entries.fetch(1)?.pop())
            }
        }
    };
}
reading_methods!(Cut);
reading_methods!(Transaction<'_>);

impl Cut {
    /// The table that has that name in this state, with the columns that it has here.
    ///
    /// # Errors
    /// `InvalidInput` (42P01) when there is none.
    pub fn table(&self, name: &str) -> Result<Table> {
        let info = Arc::clone(self.catalog().table_named(name)?);
        Ok(Table { info })
    }

    /// The row of a primary key.
    ///
    /// # Errors
    /// Wrong number or types of values; `Corrupt` or `Io` when a page cannot be read.
    pub fn get(&self, table: &Table, key: &[Value]) -> Result<Option<OwnedRow>> {
        OwnedRow::find(self, self.catalog().table_of(table)?, key)
    }

    /// Counts the changes of definitions: two states of the same number have the same tables.
    pub fn definitions_version(&self) -> u64 {
        self.state.catalog.version
    }

    /// How many rows a table has.
    ///
    /// # Errors
    /// `Corrupt` or `Io` when a page cannot be read.
    pub fn count(&self, table: &Table) -> Result<u64> {
        self.rows_of(table.id())
    }

    /// How many rows the table with that number has.
    pub(crate) fn rows_of(&self, table: u32) -> Result<u64> {
        let mut count = 0;
        for shard in 0..self.core.shards.len() {
            let shard = u16::try_from(shard).unwrap_or(u16::MAX);
            let forest = self.forest(shard)?;
            let root = self.read(shard, |source| self.tree_root(source, shard, forest, table))?;
            count += root.count;
        }
        Ok(count)
    }
}
