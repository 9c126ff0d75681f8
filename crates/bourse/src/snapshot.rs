//! What every read goes through: a Cut, or a transaction with its own changes merged over one.
//!
//! All reading code (lookups, cursors, indexes) is written once, against [`Snapshot`].

use std::cell::RefCell;
use std::ops::Bound;
use std::sync::Arc;

use bourse_storage::bug::{self, Bug};
use bourse_storage::cache::{Held, Pin};
use bourse_storage::id::{Batch, Link};
use bourse_storage::pager::Source;
use bourse_storage::store::{PageSource, Step, Stop};
use bourse_storage::tree::{Root, StepIn};
use bourse_storage::{Error, ErrorKind, Result};

use crate::age;
use crate::catalog::Catalog;
use crate::core::Core;
use crate::scan;
use crate::shard::ShardState;
use crate::shard::roots::{self, HeadRoots};
use crate::transaction::key_map::KeyBytes;

/// Bounds of a range of encoded keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KeyRange {
    /// Where it begins.
    pub(crate) lower: Bound<Vec<u8>>,
    /// Where it ends.
    pub(crate) upper: Bound<Vec<u8>>,
}

impl KeyRange {
    /// All keys.
    pub(crate) const ALL: KeyRange = KeyRange { lower: Bound::Unbounded, upper: Bound::Unbounded };

    /// The bounds, borrowed.
    pub(crate) fn as_ref(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (self.lower.as_ref().map(Vec::as_slice), self.upper.as_ref().map(Vec::as_slice))
    }

    /// Whether a key lies before the range's end.
    pub(crate) fn ends_after(&self, key: &[u8]) -> bool {
        match &self.upper {
            Bound::Unbounded => true,
            Bound::Included(upper) => key <= upper.as_slice(),
            Bound::Excluded(upper) => key < upper.as_slice(),
        }
    }

    /// Whether a key lies after the range's begin.
    pub(crate) fn begins_before(&self, key: &[u8]) -> bool {
        match &self.lower {
            Bound::Unbounded => true,
            Bound::Included(lower) => key >= lower.as_slice(),
            Bound::Excluded(lower) => key > lower.as_slice(),
        }
    }

    /// Whether the range begins before the key.
    pub(crate) fn begins_below(&self, key: &[u8]) -> bool {
        match &self.lower {
            Bound::Unbounded => true,
            Bound::Included(lower) | Bound::Excluded(lower) => lower.as_slice() < key,
        }
    }

    /// Whether no key can lie in the range.
    pub(crate) fn is_empty(&self) -> bool {
        match (&self.lower, &self.upper) {
            (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
            (Bound::Included(lower), Bound::Included(upper)) => lower > upper,
            (
                Bound::Included(lower) | Bound::Excluded(lower),
                Bound::Included(upper) | Bound::Excluded(upper),
            ) => lower >= upper,
        }
    }
}

/// Something read, to be checked again at commit.
#[derive(Clone, Debug)]
pub(crate) enum Observation {
    /// A key, found or not.
    Point {
        /// Where.
        shard: u16,
        /// In which tree.
        tree: u32,
        /// Which key.
        key: KeyBytes,
    },
    /// Whether a key is there, whatever its value.
    Presence {
        /// Where.
        shard: u16,
        /// In which tree.
        tree: u32,
        /// Which key.
        key: KeyBytes,
    },
    /// Whether an index under build has come as far as a row.
    Build {
        /// Where the row is.
        shard: u16,
        /// The index.
        index: u32,
        /// The row's primary key.
        key: KeyBytes,
        /// Whether it has.
        is_in: bool,
    },
    /// All entries of a range that one leaf covers.
    Range {
        /// Where.
        shard: u16,
        /// In which tree.
        tree: u32,
        /// Which keys.
        range: KeyRange,
        /// The leaf that was read.
        leaf: Option<Link>,
    },
}

impl Observation {
    /// The shard that was read.
    pub(crate) fn shard(&self) -> u16 {
        match self {
            Observation::Point { shard, .. }
            | Observation::Presence { shard, .. }
            | Observation::Build { shard, .. }
            | Observation::Range { shard, .. } => *shard,
        }
    }

    /// The tree that was read.
    pub(crate) fn tree(&self) -> u32 {
        match self {
            Observation::Point { tree, .. }
            | Observation::Presence { tree, .. }
            | Observation::Range { tree, .. }
            | Observation::Build { index: tree, .. } => *tree,
        }
    }
}

/// The head of a shard whose mutex is held.
pub(crate) struct Head {
    /// Which shard.
    pub(crate) shard: u16,
    /// Root of its forest.
    pub(crate) root: Root,
    /// The newest batch that a page of it may be born in.
    pub(crate) batch: Batch,
    /// Roots that the forest has.
    pub(crate) roots: RefCell<HeadRoots>,
}

impl Head {
    /// The head of a shard, of whose roots nothing is known yet.
    pub(crate) fn of(state: &ShardState) -> Head {
        let roots = RefCell::default();
        Head { shard: state.number, root: state.head, batch: state.batch, roots }
    }

    /// The head of a shard with the roots that are known of it, until [`Head::give_back`].
    pub(crate) fn lent_by(state: &mut ShardState) -> Head {
        Head { roots: RefCell::new(std::mem::take(&mut state.roots)), ..Head::of(state) }
    }

    /// Gives the roots back that the shard lent, and what was found out since.
    pub(crate) fn give_back(&self, state: &mut ShardState) {
        state.roots = self.roots.take();
    }
}

/// A consistent state to read.
pub(crate) trait Snapshot {
    /// The store.
    fn core(&self) -> &Core;

    /// The definitions of the state.
    fn catalog(&self) -> &Arc<Catalog>;

    /// Root of the shard's forest. Errors when the snapshot does not have that shard (yet).
    fn forest(&self, shard: u16) -> Result<Root>;

    /// The newest batch that a page of the shard may be born in.
    fn newest(&self, shard: u16) -> Batch;

    /// Runs a read of the shard's pages, loading what is missing and running it again.
    fn read<T>(&self, shard: u16, op: impl FnMut(&Source<'_>) -> Step<T>) -> Result<T>;

    /// As [`Snapshot::read`], of several shards under one pin: `op` gets the pages of each, in the
    /// order of `shards`, and what stops it names one of them by its place there.
    fn read_shards<T>(
        &self,
        shards: &[u16],
        op: impl FnMut(&[Source<'_>]) -> StepIn<T>,
    ) -> Result<T>;

    /// Whether all that it reads is sealed: then what a page's identity named once, it names for
    /// good.
    fn is_sealed(&self) -> bool;

    /// What keeps the snapshot's pages, if they are a Cut's that is held.
    fn held(&self) -> Option<&Held> {
        None
    }

    /// Asked under each pin before pages are read: refuses when the Cut has expired, and its pages
    /// may be others' by now.
    #[inline]
    fn check_age(&self) -> Result<()> {
        if self.held().is_some_and(Held::is_expired) && !bug::switched_on(Bug::ExpiredCutRead) {
            return Err(age::too_old(self.core()));
        }
        Ok(())
    }

    /// What an error of reading a page is when the Cut has expired meanwhile: the link then names a
    /// page that is gone, and nothing is damaged.
    #[cold]
    fn unless_too_old(&self, error: Error) -> Error {
        if error.kind() == ErrorKind::Corrupt {
            return self.check_age().err().unwrap_or(error);
        }
        error
    }

    /// Root of a tree of the shard, read from pages of the snapshot.
    #[inline]
    fn tree_root<S: PageSource>(
        &self,
        source: &S,
        shard: u16,
        forest: Root,
        tree: u32,
    ) -> Step<Root> {
        self.note_read(tree);
        if let Some(head) = self.heads().iter().find(|head| head.shard == shard) {
            return head.roots.borrow_mut().of(source, forest, tree);
        }
        debug_assert!(self.is_sealed(), "a forest is read of a shard that is held");
        let store = self.core().epochs().instance();
        roots::sealed_tree_root(store, shard, source, forest, tree)
    }

    /// Copies a value that lies in pages of its own.
    fn read_extent(&self, shard: u16, first: Link, bytes: usize, out: &mut Vec<u8>) -> Result<()> {
        read_extent(self, shard, first, bytes, out)
    }

    /// The snapshot's own change of a key, if it has one: `Some(None)` when it deleted it.
    fn own(&self, shard: u16, tree: u32, key: &[u8]) -> Option<Option<&[u8]>>;

    /// The snapshot's own changes in a range.
    fn own_range(&self, shard: u16, tree: u32, range: &KeyRange)
    -> Vec<(Vec<u8>, Option<Vec<u8>>)>;

    /// Shards beyond which nothing can be read without another run.
    fn heads(&self) -> &[Head] {
        &[]
    }

    /// Whether [`Snapshot::observe`] wants to hear.
    fn observes(&self) -> bool;

    /// Whether it wants to hear how far the builds of indexes have come.
    fn observes_builds(&self) -> bool {
        self.observes()
    }

    /// Remembers what was read.
    fn observe(&self, observation: Observation);

    /// Hears which tree is about to be read.
    #[inline]
    fn note_read(&self, _tree: u32) {}

    /// Remembers that a key was found which a foreign key asks to stay.
    fn rely_on(&self, _shard: u16, _tree: u32, _key: &[u8]) {}
}

/// Runs `op` once, with the pages of each of the shards.
pub(crate) fn attempt<V: Snapshot, T>(
    snapshot: &V,
    pin: &Pin<'_>,
    shards: &[u16],
    op: &mut impl FnMut(&[Source<'_>]) -> StepIn<T>,
) -> StepIn<T> {
    snapshot.check_age().map_err(|error| (0, Stop::Error(error)))?;
    let source = |shard: &u16| {
        snapshot.core().shards[usize::from(*shard)].pager.source(pin, snapshot.newest(*shard))
    };
    let sources: Vec<Source<'_>> = shards.iter().map(source).collect();
    op(&sources)
}

/// Runs `op` with the pages of each of the shards, loading what is missing and running it again.
pub(crate) fn read_loading<V: Snapshot, T>(
    snapshot: &V,
    shards: &[u16],
    mut op: impl FnMut(&[Source<'_>]) -> StepIn<T>,
) -> Result<T> {
    loop {
        let pin = snapshot.core().epochs().pin();
        let (at, link) = match attempt(snapshot, &pin, shards, &mut op) {
            Ok(value) => return Ok(value),
            Err((_, Stop::Error(error))) => return Err(error),
            Err((at, Stop::Miss(link))) => (at, link),
        };
        drop(pin);
        let pager = &snapshot.core().shards[usize::from(shards[at])].pager;
        pager.load(link).map_err(|error| snapshot.unless_too_old(error))?;
    }
}

/// Runs `op` with the shard's pages, loading what is missing and running it again.
pub(crate) fn read_one_loading<V: Snapshot, T>(
    snapshot: &V,
    shard: u16,
    mut op: impl FnMut(&Source<'_>) -> Step<T>,
) -> Result<T> {
    let pager = &snapshot.core().shards[usize::from(shard)].pager;
    let aged = |source: &Source<'_>| {
        snapshot.check_age().map_err(Stop::Error)?;
        op(source)
    };
    pager.read(snapshot.newest(shard), aged).map_err(|error| snapshot.unless_too_old(error))
}

/// Copies a value that lies in pages of its own, loading what is missing.
pub(crate) fn read_extent<V: Snapshot + ?Sized>(
    snapshot: &V,
    shard: u16,
    first: Link,
    bytes: usize,
    out: &mut Vec<u8>,
) -> Result<()> {
    let pager = &snapshot.core().shards[usize::from(shard)].pager;
    let check = || snapshot.check_age();
    scan::read_extent_checked(pager, snapshot.newest(shard), &check, (first, bytes), out)
        .map_err(|error| snapshot.unless_too_old(error))
}
