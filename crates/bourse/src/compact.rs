//! Giving space back: files of shards that have become far larger than what they hold.
//!
//! A file can only be cut off at its end, and what lives lies anywhere in it. So a shard whose file
//! has far more positions than are used gets a *ceiling* (`bourse_storage::pager`), and each
//! checkpoint of it
//!
//! ```text
//!   packs leaves      once for each ceiling, and when many sparse pages were written, if not much
//!                     changes any more: `PackLeaves`
//!   moves pages       a record for each step, under the shard's mutex: `MovePages`
//!   writes itself     as always: its Cut has none of the places where they were
//!   cuts the file off when neither superblock nor anybody else has anything beyond the ceiling
//! ```
//!
//! Pages move by copy-on-write, so a Cut, a backup or a crash sees nothing of it. Where they lie is
//! no part of what a tree says, so a replay of such a record may move others, or none.
//!
//! # Invariants
//! - **S1** A step moves at most [`MOVED_LEAVES`] leaves, or one large value, and finds its pages
//!   in memory but for those of a large value: so nobody waits long for the mutex.
//! - **S2** Nothing here is needed: a disk that is too full to move pages ends it for now.
//! - **S3** A checkpoint is repeated only while that brings the file nearer to being shorter, and
//!   [`ROUNDS`] times at most.

use bourse_storage::id::{Batch, PAGE_SIZE, PageId};
use bourse_storage::pager::Writer;
use bourse_storage::store::{Step, Stop};
use bourse_storage::sync;
use bourse_storage::tree::{self, Root, Search};
use bourse_storage::{ErrorKind, Result};

use crate::checkpoint;
use crate::commit;
use crate::core::Core;
use crate::record::{OperationKind, Record};
use crate::scan;
use crate::shard::apply::MOVED_LEAVES;
use crate::shard::{DETACHED, FOREST, ShardState, tree_root};

/// Most pages moved before a checkpoint is written: 256 MiB.
const PAGES_MAX: usize = 1 << 16;
/// Most steps that read leaves to find what there is to do before a checkpoint is written, some
/// tens of leaves each.
const READING_STEPS_MAX: usize = 1 << 12;
/// Most checkpoints of a shard one after the other.
const ROUNDS: usize = 6;
/// Steps after which what was done is made durable and published.
const STEPS_UNSETTLED: usize = 16;
/// What a step that moves a value, or packs leaves, counts for.
const STEP_PAGES: usize = 16;
/// Loads of pages for one step; a cache that is too small for it has no room for compaction.
const LOADS_MAX: usize = 256;
/// Most looks that are passed over where nothing comes of them.
const PAUSE_MAX: u32 = 255;
/// Dead pages that a checkpoint must set free to count for something.
const LEAST_FREED: u32 = 16;
/// Calls after which dead pages are left as they are.
const RECLAIMS_MAX: usize = 256;

/// Beyond all pages: for a file that is as long as it should be.
const NO_CEILING: PageId = PageId(u32::MAX);

/// How far giving space back has come in a shard.
#[derive(Default)]
pub(crate) struct Tidying {
    /// Looks to pass over, and how many that were after the last failure: nothing came of it then.
    pause: u32,
    last_pause: u32,
    /// Sparse pages that had been written when the leaves were packed.
    packed: u64,
    /// Leaves are to be packed.
    is_due: bool,
    /// Where a search that reads leaves goes on: for values, and for sparse leaves.
    values: Option<Place>,
    sparse: Option<Place>,
}

/// A tree and a key.
type Place = (u32, Vec<u8>);

/// Whether files shrink at all; those of a follower by what its leader moves, which is not given
/// back before it is promoted.
pub(crate) fn is_on(core: &Core) -> bool {
    core.options.give_back_bytes_min < u64::MAX && !core.is_follower()
}

/// Looks whether a shard's file has far more space than it needs, and makes it shorter.
///
/// # Errors
/// The disk's.
pub(crate) fn look(core: &Core, shard: usize) -> Result<()> {
    if !is_on(core) {
        return Ok(());
    }
    let shard_at = &core.shards[shard];
    {
        let mut tidying = shard_at.tidying.lock();
        if tidying.pause > 0 {
            tidying.pause -= 1;
            return Ok(());
        }
    }
    reclaim(core, shard);
    let may = {
        let state = shard_at.state.lock();
        state.writer.may_become_shorter(changes(&state.writer))
    };
    if may { checkpoint::checkpoint(core, shard) } else { Ok(()) }
}

/// Pages that changed since the last checkpoint, and whose old places are not free yet.
fn changes(writer: &Writer) -> u32 {
    u64::from(writer.births()).min(writer.retired_pages()).try_into().unwrap_or(u32::MAX)
}

/// The checkpoints of a shard that follow one another.
pub(crate) struct Rounds<'c> {
    core: &'c Core,
    shard: usize,
    /// Pages that changed since the last checkpoint.
    changes: u32,
    round: usize,
    /// Rounds at the end of which nothing had come of them.
    idle: usize,
    moved: bool,
    waiting: u32,
}

impl<'c> Rounds<'c> {
    /// Before the first of them.
    pub(crate) fn new(core: &'c Core, shard: usize) -> Rounds<'c> {
        let changes = changes(&core.shards[shard].state.lock().writer);
        Rounds { core, shard, changes, round: 0, idle: 0, moved: false, waiting: 0 }
    }

    /// Before a checkpoint: packs leaves, and moves pages below the ceiling, if there is reason to.
    ///
    /// # Errors
    /// The disk's, and the store stops; none for want of space (S2).
    pub(crate) fn move_pages(&mut self) -> Result<()> {
        reclaim(self.core, self.shard);
        self.moved = false;
        let shard = &self.core.shards[self.shard];
        let (ceiling, lowered, used) = {
            let writer = &mut shard.state.lock().writer;
            self.waiting = writer.pages_waiting_for_superblocks();
            let before = writer.ceiling();
            let ceiling = writer.lower_ceiling(self.changes);
            (ceiling, writer.ceiling() < before, shard.pager.used_pages())
        };
        let mut tidying = shard.tidying.lock();
        let written = shard.pager.sparse_written();
        // While much changes, what is packed now is divided again soon; what is sparse stays so.
        let is_quiet = self.changes < used / 8;
        let many = written - tidying.packed > u64::from(used / 8).max(self.least_pages());
        tidying.is_due |= lowered || many;
        if is_quiet && std::mem::take(&mut tidying.is_due) {
            tidying.packed = written;
            tidying.sparse.get_or_insert((0, Vec::new()));
        }
        let ceiling = ceiling.unwrap_or(NO_CEILING);
        let (core, shard) = (self.core, self.shard);
        let mut mover = Mover::new(core, shard, ceiling);
        let done = mover.run(&mut tidying);
        let settled = mover.settle();
        self.moved = mover.steps > 0;
        match done {
            Err(error) if error.kind() == ErrorKind::Full => settled,
            done => done.and(settled),
        }
    }

    fn least_pages(&self) -> u64 {
        self.core.options.give_back_bytes_min / PAGE_SIZE as u64
    }

    /// After a checkpoint: cuts off what is free at the end. Whether another one is worth it (S3).
    ///
    /// # Errors
    /// The disk's.
    pub(crate) fn give_back(&mut self) -> Result<bool> {
        reclaim(self.core, self.shard);
        let shard = &self.core.shards[self.shard];
        let mut given = false;
        let (waiting, more) = loop {
            let writer = &mut shard.state.lock().writer;
            if writer.give_back()? == 0 {
                writer.forget_births();
                let more = writer.may_become_shorter(self.changes);
                break (writer.pages_waiting_for_superblocks(), more);
            }
            given = true;
        };
        self.round += 1;
        let nearer = self.moved || given || waiting + LEAST_FREED < self.waiting;
        self.idle = if nearer { 0 } else { self.idle + 1 };
        // What both superblocks have takes two of them to be free.
        let nearer = self.idle < 2;
        let mut tidying = shard.tidying.lock();
        let stuck = more && !nearer;
        tidying.last_pause = if stuck { PAUSE_MAX.min(2 * tidying.last_pause + 1) } else { 0 };
        tidying.pause = tidying.last_pause;
        drop(tidying);
        Ok(more && nearer && self.round < ROUNDS)
    }
}

/// Makes the places of dead pages free as far as that is possible now, in short steps.
fn reclaim(core: &Core, shard: usize) {
    let (mut before, mut idle) = (None, 0);
    for _ in 0..RECLAIMS_MAX {
        let writer = &mut core.shards[shard].state.lock().writer;
        writer.reclaim(core.publisher.published_batch());
        let now = Some((writer.free_pages(), writer.pages_waiting_for_superblocks()));
        idle = if now == before { idle + 1 } else { 0 };
        // One call puts a mark, the next looks what is before it.
        if idle == 2 {
            break;
        }
        before = now;
    }
}

/// What a search looks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Leaves that are worth packing ([`tree::sparse_from`]).
    Sparse,
    /// Pages beyond the ceiling ([`tree::pages_from`]).
    Pages,
    /// Large values beyond the ceiling ([`tree::value_from`]).
    Values,
}

/// Moves and packs pages of one shard.
struct Mover<'c> {
    core: &'c Core,
    shard: usize,
    ceiling: PageId,
    /// How many pages may still be moved.
    left: usize,
    /// Steps that may still read leaves to find something.
    reading_left: usize,
    steps: usize,
    unsettled: usize,
    newest: Option<Batch>,
}

impl<'c> Mover<'c> {
    fn new(core: &'c Core, shard: usize, ceiling: PageId) -> Mover<'c> {
        Mover {
            core,
            shard,
            ceiling,
            left: PAGES_MAX,
            reading_left: READING_STEPS_MAX,
            steps: 0,
            unsettled: 0,
            newest: None,
        }
    }

    fn run(&mut self, tidying: &mut Tidying) -> Result<()> {
        if tidying.sparse.is_none() && !self.has_pages_beyond() {
            return Ok(());
        }
        let trees = self.trees()?;
        if let Some(place) = tidying.sparse.take() {
            tidying.sparse = self.read_through(&trees, place, Kind::Sparse)?;
        }
        if !self.has_pages_beyond() {
            return Ok(());
        }
        for tree in trees.iter().chain([&FOREST]) {
            self.tree(*tree, Vec::new(), Kind::Pages)?;
        }
        // To find values takes reading every leaf, and there may be none.
        if self.has_pages_beyond() {
            let place = tidying.values.take().unwrap_or((0, Vec::new()));
            tidying.values = self.read_through(&trees, place, Kind::Values)?;
        }
        Ok(())
    }

    fn has_pages_beyond(&self) -> bool {
        self.core.shards[self.shard].state.lock().writer.has_pages_beyond()
    }

    /// Numbers of the trees that are there now; one that comes later lies below the ceiling.
    fn trees(&self) -> Result<Vec<u32>> {
        let (cut, _held) = self.core.hold_published();
        let pager = &self.core.shards[self.shard].pager;
        let forest = scan::all_entries(pager, cut.batch, cut.roots[self.shard])?;
        let numbers = forest.iter().filter_map(|(key, _)| key.as_slice().try_into().ok());
        Ok(numbers.map(u32::from_be_bytes).filter(|number| *number < DETACHED).collect())
    }

    /// Goes through the trees from a place on. Returns where to go on at another time.
    fn read_through(&mut self, trees: &[u32], place: Place, kind: Kind) -> Result<Option<Place>> {
        let (first, mut key) = place;
        for tree in trees.iter().filter(|tree| **tree >= first) {
            let from = if *tree == first { std::mem::take(&mut key) } else { Vec::new() };
            if let Some(next) = self.tree(*tree, from, kind)? {
                return Ok(Some((*tree, next)));
            }
        }
        Ok(None)
    }

    /// Goes through a tree from a key on. Returns where it did not come to the end.
    fn tree(&mut self, tree: u32, key: Vec<u8>, kind: Kind) -> Result<Option<Vec<u8>>> {
        let mut key = key;
        while self.left > 0 && self.reading_left > 0 {
            self.reading_left -= usize::from(kind != Kind::Pages);
            match self.step(tree, &key, kind)? {
                Some(next) => key = next,
                None => return Ok(None),
            }
            if self.unsettled >= STEPS_UNSETTLED {
                self.settle()?;
            }
        }
        Ok(Some(key))
    }

    /// Does what is found first from a key on. Returns the key to go on from.
    fn step(&mut self, tree: u32, key: &[u8], kind: Kind) -> Result<Option<Vec<u8>>> {
        let shard = &self.core.shards[self.shard];
        for _ in 0..LOADS_MAX {
            self.core.check_running()?;
            // Nobody waits for these records, so nobody else would make room for further batches.
            self.core.publisher.advance(&self.core.log, self.core.epochs());
            let stop = {
                let state = &mut *shard.state.lock();
                match self.search(state, tree, key, kind) {
                    Ok(search) => {
                        if let Some(at) = &search.at
                            && !self.append(state, tree, at, kind)?
                        {
                            return Ok(Some(key.to_vec()));
                        }
                        return Ok(search.next);
                    }
                    Err(stop) => stop,
                }
            };
            match stop {
                Stop::Miss(link) => shard.pager.load_unheld(link)?,
                Stop::Error(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Looks in the head; what is to be moved is in memory then (S1).
    fn search(&self, state: &ShardState, tree: u32, key: &[u8], kind: Kind) -> Step<Search> {
        let pin = self.core.epochs().pin();
        let source = self.core.shards[self.shard].pager.source(&pin, state.batch);
        let root: Root = match tree {
            FOREST => state.head,
            tree => tree_root(&source, state.head, tree)?,
        };
        match kind {
            Kind::Sparse => tree::sparse_from(&source, root, key),
            Kind::Pages => tree::pages_from(&source, root, key, self.ceiling, MOVED_LEAVES),
            Kind::Values => tree::value_from(&source, root, key, self.ceiling),
        }
    }

    /// Commits the step. Not where there is no room for it, which ends all of it for now.
    fn append(&mut self, state: &mut ShardState, tree: u32, at: &[u8], kind: Kind) -> Result<bool> {
        state.writer.reclaim(self.core.publisher.published_batch());
        if self.ceiling == NO_CEILING {
            // Packing takes space before it gives some back.
            state.writer.reserve(4 * MOVED_LEAVES, false)?;
        }
        if !state.writer.has_room(MOVED_LEAVES + 16) {
            // What is dead there is free after a checkpoint.
            self.left = 0;
            return Ok(false);
        }
        let (operation, pages) = match kind {
            Kind::Sparse => (OperationKind::PackLeaves, STEP_PAGES),
            Kind::Pages => (OperationKind::MovePages, MOVED_LEAVES),
            Kind::Values => (OperationKind::MovePages, STEP_PAGES),
        };
        let ceiling = self.ceiling.0.to_le_bytes();
        let mut record = Record::new(state.catalog.version, sync::wall_clock_us());
        record.push(state.number, operation, tree, at, &ceiling)?;
        let bytes = record.encode()?;
        let before = state.writer.births();
        self.newest = Some(commit::append_and_apply(self.core, &mut [state], &bytes, None)?);
        // Nothing moves where a large value finds no place.
        self.steps += usize::from(state.writer.births() > before);
        self.unsettled += 1;
        self.left = self.left.saturating_sub(pages);
        Ok(true)
    }

    fn settle(&mut self) -> Result<()> {
        self.unsettled = 0;
        self.newest.take().map_or(Ok(()), |batch| self.core.settle(batch))
    }
}
