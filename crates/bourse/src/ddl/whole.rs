//! All rows of a shard at once: an index or a view built aside, bottom-up, while others write.
//!
//! ```text
//!   hold a Cut --> read the rows, sort --> build trees aside     (no mutex; pages under it)
//!   until little is left:      what has changed since --> into the trees
//!   under the shard's mutex:   what has changed since then --> record --> attach
//! ```
//!
//! Nobody writes down what changes meanwhile. A page that is sealed never changes, so the rows'
//! tree in the Cut and in the head tell it themselves: what hangs in both is the same, and the walk
//! down reads only what does not ([`scan::each_difference`]). The record is that of a chunk which
//! begins at the first row and ends behind the last one, so recovery and replicas build the same of
//! their own rows, and know nothing of what was aside.
//!
//! Only what lies in the shard of its rows is built like this: not the entries of global indexes,
//! nor groups that are owned by columns of theirs. These, small shards, and what would take too
//! much memory are left to chunks, and so is a shard of which a part is in.
//!
//! Invariants:
//! - **W1** What is aside is what the rows of the held Cut make, once the changes up to it are
//!   taken over; when it is attached, what those of the head make.
//! - **W2** The trees of the head are empty until then: no row of the shard was in (progress B1).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bourse_storage::cache::Held;
use bourse_storage::id::Batch;
use bourse_storage::pager::{Aside, Need};
use bourse_storage::sync::{self, Mutex};
use bourse_storage::tree::{self, Builder as TreeBuilder, Root};
use bourse_storage::{Error, ErrorKind, Result};

use super::build::{Hear, IndexBuildProgress, Target, table_of};
use super::chunk::PAGES_BESIDE;
use super::gathering::{Gathering, TreeChange, TreeChanges};
use crate::catalog::{Build, Catalog, TableInfo};
use crate::commit;
use crate::core::Core;
use crate::pairs::Pairs;
use crate::record::{Chunk, OperationKind, Record};
use crate::scan::{self, Leaves};
use crate::shard::progress::{self, Progress};
use crate::shard::{Prepared, ShardState, tree_root};

/// A shard with fewer rows is a few chunks.
const ROWS_MIN: u64 = 64;
/// Rows after which it is told how far the build is.
const ROWS_TOLD: u64 = 1_024;
/// Bytes of entries that are put into pages under one hold of the shard's mutex, about.
const PORTION_BYTES: usize = 64 << 10;
/// So many changes may be left for when the trees are attached.
const CHANGES_LEFT: usize = 128;
/// Changes that are made under one hold of the mutex before.
const CHANGES_PORTION: usize = 256;
/// Rounds after which the rest is left, however much it is.
const ROUNDS_MAX: usize = 8;

/// What the threads of a build share.
struct Shared {
    core: Arc<Core>,
    build: Build,
    /// Most bytes that are gathered of a shard.
    bytes_max: u64,
    /// The next shard.
    next: AtomicUsize,
    rows_done: AtomicU64,
    longest_hold_us: AtomicU64,
    /// What ended the first thread that failed; the others end then.
    failure: Mutex<Option<Error>>,
}

/// Told of rows that were looked at; what it returns ends the build.
type Tell<'t> = &'t mut dyn FnMut(&Shared) -> Result<()>;

/// Builds in all shards that it can, on all cores, and leaves the others as they are. `hear` is
/// called by this thread. Returns the longest that a mutex was waited for and held.
///
/// # Errors
/// What a row refuses, what `hear` returned, the disk's.
pub(super) fn build(
    core: &Arc<Core>,
    build: Build,
    mut progress: IndexBuildProgress,
    hear: Hear<'_>,
) -> Result<Duration> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = threads.min(core.shards.len());
    let shared = Arc::new(Shared {
        core: Arc::clone(core),
        build,
        bytes_max: core.options.build_bytes_max / threads as u64,
        next: AtomicUsize::new(0),
        rows_done: AtomicU64::new(progress.rows_done),
        longest_hold_us: AtomicU64::new(0),
        failure: Mutex::new(None),
    });
    let others = (1..threads).map(|_| {
        let shared = Arc::clone(&shared);
        sync::spawn("bourse-build", move || shared.work(&mut Shared::check_end))
    });
    let others: Vec<_> = others.collect();
    shared.work(&mut |shared| {
        shared.check_end()?;
        let done = shared.rows_done.load(Ordering::Relaxed).min(progress.rows_total);
        let rows = done.saturating_sub(progress.rows_done);
        progress.rows_in_chunk = u32::try_from(rows).unwrap_or(u32::MAX);
        progress.rows_done += rows;
        progress.longest_hold = shared.longest_hold();
        hear(progress)
    });
    for thread in others {
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    }
    let failure = shared.failure.lock().take();
    failure.map_or_else(|| Ok(shared.longest_hold()), Err)
}

impl Shared {
    fn longest_hold(&self) -> Duration {
        Duration::from_micros(self.longest_hold_us.load(Ordering::Relaxed))
    }

    fn note_hold(&self, begin: Duration) {
        let held = sync::monotonic().saturating_sub(begin).as_micros();
        let held = u64::try_from(held).unwrap_or(u64::MAX);
        self.longest_hold_us.fetch_max(held, Ordering::Relaxed);
    }

    fn check_end(&self) -> Result<()> {
        self.core.check_running()?;
        match &*self.failure.lock() {
            Some(_) => Err(Error::new(ErrorKind::Closed, "another thread of the build has failed")),
            None => Ok(()),
        }
    }

    /// Tells how far it is. Returns whether it is still to be built.
    fn goes_on(&self, tell: Tell<'_>) -> Result<bool> {
        tell(self)?;
        let (cut, _held) = self.core.hold_published();
        Ok(table_of(&cut.catalog, self.build)?.is_some())
    }

    /// Builds shard after shard, as long as nothing fails.
    fn work(&self, tell: Tell<'_>) {
        let worked = loop {
            let next = self.next.fetch_add(1, Ordering::Relaxed);
            let shard = u16::try_from(next).ok().filter(|_| next < self.core.shards.len());
            let Some(shard) = shard else { break Ok(()) };
            if let Err(error) = self.shard(shard, tell) {
                break Err(error);
            }
        };
        if let Err(error) = worked {
            self.failure.lock().get_or_insert(error);
        }
    }

    fn shard(&self, shard: u16, tell: Tell<'_>) -> Result<()> {
        let Some(mut whole) = Whole::gather(self, shard, tell)? else { return Ok(()) };
        let attached = whole.build_trees(tell).and_then(|is_built| {
            if !is_built {
                return Ok(None);
            }
            whole.catch_up(tell)?;
            whole.attach()
        });
        whole.abandon();
        drop(whole);
        match attached? {
            Some(batch) => self.core.settle(batch).and_then(|()| tell(self)),
            None => Ok(()),
        }
    }
}

/// What is made of the rows of one shard.
struct Whole<'s> {
    shared: &'s Shared,
    shard: u16,
    table: u32,
    gathering: Gathering,
    /// The rows that it is made of, and what keeps their pages (W1).
    rows: Root,
    held: Held,
    /// The pages of the trees, until they are handed over.
    aside: Option<Aside>,
    trees: Vec<(u32, Root)>,
}

impl<'s> Whole<'s> {
    /// Gathers the rows of a shard; nothing where it is left to chunks.
    fn gather(shared: &'s Shared, shard: u16, tell: Tell<'_>) -> Result<Option<Whole<'s>>> {
        let Shared { core, build, .. } = shared;
        if shared.bytes_max == 0 {
            return Ok(None);
        }
        let (cut, held) = core.hold_published();
        let (pager, newest) = (&core.shards[usize::from(shard)].pager, cut.batch);
        let forest = cut.roots[usize::from(shard)];
        let Some(info) = table_of(&cut.catalog, *build)? else { return Ok(None) };
        let rows = pager.read(newest, |source| tree_root(source, forest, info.id()))?;
        let is_begun = progress::read(pager, newest, forest, build.object)? != Progress::default();
        if is_begun || rows.count < ROWS_MIN || !Target::of(&info, *build)?.is_local() {
            return Ok(None);
        }
        let table = info.id();
        let mut gathering = Gathering::new(info, *build);
        let (mut leaves, mut untold) = (Leaves::new(rows), 0);
        while let Some(leaf) = leaves.next_leaf(pager, newest)? {
            leaf.each(pager, newest, |key, row| {
                untold += 1;
                gathering.add(key, row)
            })?;
            if gathering.bytes() as u64 > shared.bytes_max {
                return Ok(None);
            }
            if untold >= ROWS_TOLD {
                shared.rows_done.fetch_add(std::mem::take(&mut untold), Ordering::Relaxed);
                if !shared.goes_on(tell)? {
                    return Ok(None);
                }
            }
        }
        shared.rows_done.fetch_add(untold, Ordering::Relaxed);
        let (aside, trees) = (None, Vec::new());
        Ok(Some(Whole { shared, shard, table, gathering, rows, held, aside, trees }))
    }

    /// Builds the trees, portion by portion. Returns whether they are still wanted.
    fn build_trees(&mut self, tell: Tell<'_>) -> Result<bool> {
        let trees = self.gathering.trees()?;
        let state = &self.shared.core.shards[usize::from(self.shard)].state;
        let aside = self.aside.insert(state.lock().writer.begin_aside());
        for (number, pairs) in trees {
            let root = build_tree(self.shared, self.shard, aside, &pairs)?;
            self.trees.push((number, root));
            if !self.shared.goes_on(tell)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Takes over what has changed, until that is little.
    fn catch_up(&mut self, tell: Tell<'_>) -> Result<()> {
        let core = &self.shared.core;
        let shard = &core.shards[usize::from(self.shard)];
        for _ in 0..ROUNDS_MAX {
            let (cut, held) = core.hold_published();
            let forest = cut.roots[usize::from(self.shard)];
            let pager = &shard.pager;
            let rows = pager.read(cut.batch, |source| tree_root(source, forest, self.table))?;
            let changes = self.changes_to(rows, cut.batch)?;
            self.held = held;
            let mut count = 0;
            for (at, changes) in changes.iter().enumerate() {
                count += changes.len();
                for portion in changes.chunks(CHANGES_PORTION) {
                    let begin = sync::monotonic();
                    self.make(at, portion, &mut shard.state.lock())?;
                    self.shared.note_hold(begin);
                }
            }
            if count <= CHANGES_LEFT || !self.shared.goes_on(tell)? {
                break;
            }
        }
        Ok(())
    }

    /// What the changes up to a newer state of the rows mean to each of the trees.
    fn changes_to(&mut self, rows: Root, newest: Batch) -> Result<Vec<TreeChanges>> {
        let pager = &self.shared.core.shards[usize::from(self.shard)].pager;
        let gathering = &mut self.gathering;
        scan::each_difference(pager, newest, (self.rows, rows), |key, was, is| {
            gathering.change(key, was, is)
        })?;
        self.rows = rows;
        gathering.take_changes()
    }

    /// Makes changes of a tree.
    fn make(
        &mut self,
        at: usize,
        changes: &[(Vec<u8>, TreeChange)],
        state: &mut ShardState,
    ) -> Result<()> {
        let Some(aside) = &self.aside else { return Ok(()) };
        let root = &mut self.trees[at].1;
        let writer = &mut state.writer;
        writer.reclaim(self.shared.core.publisher.published_batch());
        for (key, TreeChange { may_be_there, value }) in changes {
            let pages = tree::pages_needed(*root, 0);
            let Some(value) = value else {
                writer.write_aside(aside, pages, |store| tree::delete(store, root, key))?;
                continue;
            };
            let need = scan::need(pages, key, value);
            writer.reserve(need, false)?;
            let was =
                writer.write_aside(aside, need, |store| tree::put(store, root, key, value))?;
            if was && !may_be_there {
                return Err(self.gathering.refusal());
            }
        }
        Ok(())
    }

    /// Takes over the last changes and makes the trees part of the head. Nothing where that is no
    /// longer under build.
    fn attach(&mut self) -> Result<Option<Batch>> {
        let Shared { core, build, .. } = self.shared;
        let begin = sync::monotonic();
        let mut state = core.shards[usize::from(self.shard)].state.lock();
        let state = &mut *state;
        let catalog = Arc::clone(&state.catalog);
        let Some(info) = table_of(&catalog, *build)? else { return Ok(None) };
        let (head, newest) = (state.head, state.batch);
        let pager = Arc::clone(state.writer.pager());
        let root = |tree| pager.read(newest, |source| tree_root(source, head, tree));
        if progress::read(&pager, newest, head, build.object)? != Progress::default() {
            return Err(Error::corrupt("a shard that is built whole has a part of it already"));
        }
        for (tree, _) in &self.trees {
            if root(*tree)?.count > 0 {
                let message = "what is under build has entries of rows that are not in (W2)";
                return Err(Error::corrupt(message));
            }
        }
        let rows = root(info.id())?;
        for (at, changes) in self.changes_to(rows, newest)?.iter().enumerate() {
            self.make(at, changes, state)?;
        }
        state.writer.reserve(Need::default().and(PAGES_BESIDE), false)?;
        let bytes = self.record(&catalog, &info, rows)?.encode()?;
        let trees = std::mem::take(&mut self.trees);
        state.prepared =
            self.aside.take().map(|aside| Prepared { object: build.object, aside, trees });
        let attached = commit::append_and_apply(core, &mut [&mut *state], &bytes, None);
        // The log refused the record.
        if let Some(prepared) = state.prepared.take() {
            state.writer.abandon(prepared.aside);
        }
        self.shared.note_hold(begin);
        attached.map(Some)
    }

    fn record(&self, catalog: &Catalog, info: &TableInfo, rows: Root) -> Result<Record> {
        let rows = u32::try_from(rows.count).unwrap_or(u32::MAX);
        let chunk = Chunk { table: info.id(), rows, whole: true };
        let mut record = Record::new(catalog.version, sync::wall_clock_us());
        let (kind, object) = (OperationKind::BuildChunk, self.shared.build.object);
        record.push(self.shard, kind, object, &[], &chunk.encode())?;
        Ok(record)
    }

    /// Gives the pages back that were not handed over.
    fn abandon(&mut self) {
        if let Some(aside) = self.aside.take() {
            let mut state = self.shared.core.shards[usize::from(self.shard)].state.lock();
            state.writer.abandon(aside);
        }
    }
}

/// Builds a tree aside; others have the shard's mutex between two portions.
fn build_tree(shared: &Shared, shard: u16, aside: &Aside, pairs: &Pairs) -> Result<Root> {
    let core = &shared.core;
    let state = &core.shards[usize::from(shard)].state;
    let mut builder = TreeBuilder::new(scan::FILL_PERCENT);
    let mut pairs = pairs.iter().peekable();
    while pairs.peek().is_some() {
        shared.check_end()?;
        let (mut portion, mut bytes) = (Vec::new(), 0);
        let mut need = Need::default().and(2 * PAGES_BESIDE);
        while bytes < PORTION_BYTES
            && let Some((key, value)) = pairs.next()
        {
            bytes += key.len() + value.len();
            need = scan::need(need, key, value);
            portion.push((key, value));
        }
        let begin = sync::monotonic();
        let writer = &mut state.lock().writer;
        writer.reclaim(core.publisher.published_batch());
        writer.reserve(need, false)?;
        scan::push_all(writer, Some(aside), &mut builder, portion.into_iter())?;
        shared.note_hold(begin);
    }
    scan::finish_tree(&mut state.lock().writer, Some(aside), builder)
}
