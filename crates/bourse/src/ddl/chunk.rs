//! One chunk of a build: rows of one shard, their entries, and how far that is. Shards that can be
//! built [whole](super::whole) are not left to chunks.
//!
//! A chunk is gathered over the newest published Cut, without any mutex, to bring the pages into
//! memory and to learn which shards a global index's entries go to; then under the mutexes of
//! these, over the heads, once more if anything that it was gathered of has changed meanwhile
//! ([`Basis`]), and what is found then counts. Its record says "up to this key": apply makes a
//! local index's entries from the shard's own rows, and changes a view's groups by them; entries of
//! a global index are written out in the sections of their shards, and so is what the rows mean to
//! a view whose groups lie in other shards.
//!
//! Invariants:
//! - **H1** Between two chunks no mutex is held, and the first is published before the second
//!   begins.
//! - **H2** A chunk looks at [`ROWS_MAX`] rows at most; at fewer when the last one worked under its
//!   mutexes for longer than [`HOLD`], and never at much more than its bytes allow, unless a single
//!   row has them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::id::Batch;
use bourse_storage::pager::{Need, Pager};
use bourse_storage::sync;
use bourse_storage::tree::{self, Leaf, Payload, Root, Seek};
use bourse_storage::{Error, ErrorKind, Result, Violation};

use super::build::{IndexBuildProgress, Target, table_of};
use crate::catalog::{Build, Catalog, TableInfo};
use crate::commit;
use crate::core::Core;
use crate::index::{Entry, IndexInfo};
use crate::record::{self, OperationKind, Record, STAGE_BYTES};
use crate::scan::{self, Leaves};
use crate::shard::map::{ShardMap, Slot};
use crate::shard::progress::{self, Progress};
use crate::shard::{ShardState, tree_root};
use crate::view::{Touched, ViewInfo};

/// How long a chunk should hold its mutexes; what a writer waits is at most about twice that.
const HOLD: Duration = Duration::from_micros(1_500);
/// Rows of a build's first chunk.
const ROWS_FIRST: u32 = 4;
/// Most rows of a chunk.
pub(super) const ROWS_MAX: u32 = 2_048;
/// Most bytes of a chunk's rows and entries, about.
const BYTES_MAX: u64 = 256 << 10;
/// Most bytes that the states and multisets may have, together, that a chunk touches. That is what
/// disk space is promised for, most of which stays unused: the longest states are many times as
/// long as common ones.
const TOUCHED_BYTES_MAX: u64 = 4 << 20;
/// Bytes of an index's entry of a view beside the group's key, about.
const ORDERED_BYTES: usize = 24;
/// Pages for progress and forest.
pub(super) const PAGES_BESIDE: usize = 24;
/// A chunk's record should be a small part of a segment of the log.
const SEGMENT_PART: u64 = 16;

/// What a chunk came to.
pub(super) enum Chunked {
    /// Rows of the shard were put in.
    Some,
    /// The shard has no more.
    All,
    /// Nothing is under build any more.
    Gone,
}

/// A build under way.
pub(super) struct Builder<'c> {
    core: &'c Core,
    build: Build,
    rows: u32,
    bytes: u64,
    progress: IndexBuildProgress,
}

/// Rows of a shard that come next, and their entries, sorted by shard and key.
#[derive(Default)]
struct Gathered {
    /// The last row looked at; none when there was none.
    to: Vec<u8>,
    rows: u32,
    /// Bytes of rows and entries, and what the states that they touch may have at most.
    bytes: u64,
    touched_bytes: u64,
    /// Whether no row comes behind.
    whole: bool,
    /// Whether the shard was whole before.
    was_whole: bool,
    /// Entries of an index, or what is written out of a view, with their shards.
    entries: Vec<(u16, Entry)>,
    /// Of a view: by shard and tree what changes there, keys with the most bytes of their values.
    touched: BTreeMap<(u16, u32), BTreeMap<Vec<u8>, usize>>,
}

/// What a chunk is gathered of: as long as all of it is the same, so is what is gathered. A page
/// that is sealed never changes, so equal roots are equal rows.
#[derive(PartialEq)]
struct Basis {
    rows: Root,
    progress: Progress,
    /// The definitions' version, which counts changes of them.
    version: u64,
}

/// What was gathered without mutexes.
struct Warmed {
    /// The shards that it is about, ascending.
    shards: Vec<u16>,
    /// None where a row refused: it does so over the heads too, if it is still there.
    gathered: Option<(Basis, Gathered)>,
}

/// A chunk that is in.
struct Done<'c> {
    batch: Batch,
    gathered: Gathered,
    staging: Option<commit::Staging<'c>>,
    /// When all mutexes were held.
    locked: Duration,
}

/// What an attempt under mutexes came to.
enum Attempt<'c> {
    Done(Done<'c>),
    Gone,
    /// Entries go to shards whose mutexes are not held.
    Wants(Vec<u16>),
}

impl<'c> Builder<'c> {
    /// A builder that goes on where the build is; `longest_hold` is what it came to before.
    pub(super) fn new(core: &'c Core, build: Build, longest_hold: Duration) -> Result<Builder<'c>> {
        let (cut, _held) = core.hold_published();
        let (mut rows_total, mut rows_done) = (0, 0);
        for (shard, forest) in core.shards.iter().zip(&cut.roots) {
            let root =
                shard.pager.read(cut.batch, |source| tree_root(source, *forest, build.table));
            rows_total += root?.count;
            rows_done += progress::read(&shard.pager, cut.batch, *forest, build.object)?.rows;
        }
        Ok(Builder {
            core,
            build,
            rows: ROWS_FIRST,
            bytes: BYTES_MAX.min(core.options.log_segment_bytes / SEGMENT_PART),
            progress: IndexBuildProgress { rows_done, rows_total, rows_in_chunk: 0, longest_hold },
        })
    }

    pub(super) fn progress(&self) -> IndexBuildProgress {
        self.progress
    }

    /// The next rows of a shard.
    pub(super) fn chunk(&mut self, shard: u16) -> Result<Chunked> {
        self.core.check_running()?;
        let Some(warmed) = self.warm(shard)? else { return Ok(Chunked::Gone) };
        let Warmed { mut shards, mut gathered } = warmed;
        loop {
            let begin = sync::monotonic();
            let attempt = self.attempt(shard, &shards, gathered.take());
            let ended = sync::monotonic();
            match attempt? {
                Attempt::Gone => return Ok(Chunked::Gone),
                Attempt::Wants(more) => {
                    shards.extend(more);
                    shards.sort_unstable();
                    shards.dedup();
                }
                Attempt::Done(done) => {
                    self.core.settle(done.batch)?; // H1
                    drop(done.staging);
                    if done.gathered.was_whole {
                        return Ok(Chunked::All);
                    }
                    let worked = ended.saturating_sub(done.locked);
                    self.note(&done.gathered, worked, ended.saturating_sub(begin));
                    return Ok(Chunked::Some);
                }
            }
        }
    }

    /// H2. What it waited for mutexes, holding others, is told and no fault of the rows.
    fn note(&mut self, gathered: &Gathered, worked: Duration, held: Duration) {
        let progress = &mut self.progress;
        progress.rows_in_chunk = gathered.rows;
        progress.rows_done += u64::from(gathered.rows);
        progress.longest_hold = progress.longest_hold.max(held);
        if worked > HOLD {
            let most = gathered.rows.max(2);
            self.rows = if worked > 2 * HOLD { most / 4 } else { most / 2 }.max(1);
        } else if worked < HOLD / 2 && gathered.rows >= self.rows {
            self.rows = (self.rows * 2).min(ROWS_MAX);
        }
    }

    /// Gathers the chunk and brings into memory what it will need; nothing when the index is not
    /// under build.
    fn warm(&self, shard: u16) -> Result<Option<Warmed>> {
        let (cut, _held) = self.core.hold_published();
        let Some(info) = table_of(&cut.catalog, self.build)? else { return Ok(None) };
        let target = Target::of(&info, self.build)?;
        let at = |shard: u16| (&*self.core.shards[usize::from(shard)].pager, cut.batch);
        let (pager, newest) = at(shard);
        let forest = cut.roots[usize::from(shard)];
        let basis = self.basis((pager, newest, forest), &info, &cut.catalog)?;
        let Ok(gathered) =
            self.gather((pager, newest), shard, &info, target, &basis, &cut.catalog.map)
        else {
            return Ok(Some(Warmed { shards: vec![shard], gathered: None }));
        };
        let mut shards = vec![shard];
        for ((shard, tree), keys) in &gathered.touched {
            let (pager, newest) = at(*shard);
            let forest = cut.roots[usize::from(*shard)];
            for key in keys.keys() {
                pager.read(newest, |source| {
                    let root = tree_root(source, forest, *tree)?;
                    tree::leaf(source, root, Seek::AtLeast(key)).map(|_| ())
                })?;
            }
        }
        for (shard, entry) in &gathered.entries {
            if shards.last() != Some(shard) {
                shards.push(*shard);
            }
            if matches!(target, Target::View(_)) {
                continue;
            }
            let (pager, newest) = at(*shard);
            let forest = cut.roots[usize::from(*shard)];
            pager.read(newest, |source| {
                let root = tree_root(source, forest, self.build.object)?;
                tree::leaf(source, root, Seek::AtLeast(&entry.key)).map(|_| ())
            })?;
        }
        shards.sort_unstable();
        shards.dedup();
        Ok(Some(Warmed { shards, gathered: Some((basis, gathered)) }))
    }

    /// What a chunk of a shard is gathered of in a state of it.
    fn basis(
        &self,
        (pager, newest, forest): (&Pager, Batch, Root),
        info: &TableInfo,
        catalog: &Catalog,
    ) -> Result<Basis> {
        let progress = progress::read(pager, newest, forest, self.build.object)?;
        let rows = pager.read(newest, |source| tree_root(source, forest, info.id()))?;
        Ok(Basis { rows, progress, version: catalog.version })
    }

    /// Reads on from the shard's progress.
    fn gather(
        &self,
        (pager, newest): (&Pager, Batch),
        shard: u16,
        info: &TableInfo,
        target: Target<'_>,
        Basis { rows, progress: before, .. }: &Basis,
        map: &ShardMap,
    ) -> Result<Gathered> {
        let mut gathered = Gathered { was_whole: before.whole, ..Gathered::default() };
        if before.whole {
            return Ok(gathered);
        }
        let mut leaves = Leaves::from(*rows, before.through.as_deref());
        let mut full = false;
        while !full && let Some(leaf) = leaves.next_leaf(pager, newest)? {
            leaf.each(pager, newest, |key, row| {
                full |= gathered.rows >= self.rows
                    || gathered.bytes >= self.bytes
                    || gathered.touched_bytes >= TOUCHED_BYTES_MAX;
                if full || before.covers(key) {
                    return Ok(());
                }
                gathered.bytes += (key.len() + row.len()) as u64;
                match target {
                    Target::Index(index) => {
                        gathered.add_entry(shard, info, index, map, key, row)?;
                    }
                    Target::View(view) => gathered.add_to_view(shard, info, view, map, key, row)?,
                }
                gathered.rows += 1;
                gathered.to.clear();
                gathered.to.extend_from_slice(key);
                Ok(())
            })?;
        }
        gathered.whole = !full;
        gathered.entries.sort_unstable_by(|(shard, a), (other, b)| {
            shard.cmp(other).then_with(|| a.key.cmp(&b.key))
        });
        Ok(gathered)
    }

    fn attempt(
        &self,
        shard: u16,
        shards: &[u16],
        warmed: Option<(Basis, Gathered)>,
    ) -> Result<Attempt<'c>> {
        let core = self.core;
        let mut guards: Vec<_> =
            shards.iter().map(|shard| core.shards[usize::from(*shard)].state.lock()).collect();
        let mut states: Vec<&mut ShardState> =
            guards.iter_mut().map(|guard| &mut **guard).collect();
        let locked = sync::monotonic();
        let done =
            |batch, gathered, staging| Attempt::Done(Done { batch, gathered, staging, locked });
        let catalog = Arc::clone(&states[0].catalog);
        let Some(info) = table_of(&catalog, self.build)? else { return Ok(Attempt::Gone) };
        let target = Target::of(&info, self.build)?;
        let own = state_of(&mut states, shard);
        let read = own.batch;
        let pager = &**own.writer.pager();
        let basis = self.basis((pager, own.batch, own.head), &info, &catalog)?;
        let gathered = match warmed {
            Some((same, gathered)) if same == basis => gathered,
            _ => self.gather((pager, own.batch), shard, &info, target, &basis, &catalog.map)?,
        };
        if gathered.was_whole {
            return Ok(done(read, gathered, None));
        }
        let wanted = gathered.entries.iter().map(|(shard, _)| *shard);
        let wanted: Vec<u16> = wanted.filter(|shard| !shards.contains(shard)).collect();
        if !wanted.is_empty() {
            return Ok(Attempt::Wants(wanted));
        }
        if let Target::Index(index) = target {
            refuse_duplicates(&info, index, &gathered, &mut states)?;
        }
        reserve(core, target, &gathered, &mut states)?;
        let bytes = self.record_of(&catalog, target, &gathered, shard, shards)?.encode()?;
        if bytes.len() < STAGE_BYTES {
            let batch = commit::append_and_apply(core, &mut states, &bytes, None)?;
            return Ok(done(batch, gathered, None));
        }
        let staging = commit::stage_record(core, bytes)?;
        let record = &staging.record;
        let batch = commit::append_and_apply(core, &mut states, record, Some(&staging))?;
        Ok(done(batch, gathered, Some(staging)))
    }

    fn record_of(
        &self,
        catalog: &Catalog,
        target: Target<'_>,
        gathered: &Gathered,
        shard: u16,
        shards: &[u16],
    ) -> Result<Record> {
        let mut record = Record::new(catalog.version, sync::wall_clock_us());
        for section in shards {
            if *section == shard {
                let Gathered { rows, whole, .. } = *gathered;
                let chunk = record::Chunk { table: self.build.table, rows, whole };
                let (kind, value) = (OperationKind::BuildChunk, chunk.encode());
                record.push(shard, kind, self.build.object, &gathered.to, &value)?;
            }
            let (kind, tree) = match target {
                Target::Index(index) if !index.is_global() => continue,
                Target::Index(index) => (OperationKind::PutEntry, index.id()),
                Target::View(view) => (OperationKind::AddToGroup, view.id()),
            };
            let entries = gathered.entries.iter().filter(|(to, _)| to == section);
            for (_, entry) in entries {
                record.push(*section, kind, tree, &entry.key, &entry.value)?;
            }
        }
        Ok(record)
    }
}

impl Gathered {
    /// Adds a row's entry in an index.
    fn add_entry(
        &mut self,
        shard: u16,
        info: &TableInfo,
        index: &IndexInfo,
        map: &ShardMap,
        key: &[u8],
        bytes: &[u8],
    ) -> Result<()> {
        let row = info.layout.row(bytes)?;
        let slot = match index.is_global() {
            true => info.slot_of_stored_row(bytes, key)?,
            false => Slot(0),
        };
        let mut entry = Entry::default();
        if !index.entry(&row, key, slot, &mut entry)? {
            return Ok(());
        }
        let to = match index.is_global() {
            true => map.shard(index.slot_of_row(&row)?),
            false => shard,
        };
        self.bytes += (entry.key.len() + entry.value.len()) as u64;
        self.entries.push((to, entry));
        Ok(())
    }

    /// Adds what a row changes in a view, which must take it.
    fn add_to_view(
        &mut self,
        shard: u16,
        info: &TableInfo,
        view: &ViewInfo,
        map: &ShardMap,
        key: &[u8],
        bytes: &[u8],
    ) -> Result<()> {
        let row = info.layout.row(bytes)?;
        view.check(&row, key)?;
        let mut to = shard;
        if view.is_written_out() {
            let mut entry = Entry::default();
            let Some(slot) = view.written_out(&row, key, &mut entry.key)? else { return Ok(()) };
            to = map.shard(slot);
            self.bytes += entry.key.len() as u64;
            self.entries.push((to, entry));
        }
        let [states, multisets] = view.trees();
        view.touched(&row, key, false, |touched| {
            let (tree, key, value_bytes) = match touched {
                Touched::State(group) => (states, group, view.state_bytes_max),
                Touched::Multiset(key, bytes) => (multisets, key, bytes),
                // Each group has one more or less by one entry that moves: as large as its key.
                Touched::Index(tree, group) => (tree, group, ORDERED_BYTES),
            };
            let keys = self.touched.entry((to, tree)).or_default();
            // Many rows have a part in the same entry, which holds what the longest of them needs.
            if let Some(most) = keys.get_mut(key) {
                *most = value_bytes.max(*most);
            } else {
                keys.insert(key.to_vec(), value_bytes);
                self.touched_bytes += (key.len() + value_bytes) as u64;
            }
        })
    }
}

fn state_of<'s>(states: &'s mut [&mut ShardState], shard: u16) -> &'s mut ShardState {
    match states.iter_mut().find(|state| state.number == shard) {
        Some(state) => state,
        None => unreachable!("the mutexes of all shards concerned are held"),
    }
}

/// Refuses entries that a unique index has already, of other rows.
fn refuse_duplicates(
    info: &TableInfo,
    index: &IndexInfo,
    gathered: &Gathered,
    states: &mut [&mut ShardState],
) -> Result<()> {
    if !index.definition.unique {
        return Ok(());
    }
    let equal = |pair: &[(u16, Entry)]| {
        pair[0].0 == pair[1].0 && pair[0].1.key == pair[1].1.key && pair[0].1.constrained
    };
    let mut is_double = gathered.entries.windows(2).any(equal);
    for (shard, entry) in gathered.entries.iter().filter(|(_, entry)| entry.constrained) {
        let state = state_of(states, *shard);
        let (head, newest) = (state.head, state.batch);
        let mut value = Vec::new();
        let pager = state.writer.pager();
        let extent = pager.read(newest, |source| {
            value.clear();
            let root = tree_root(source, head, index.id())?;
            Ok(match tree::get(source, root, &entry.key)? {
                None => None,
                Some(Payload::Inline(bytes)) => {
                    value.extend_from_slice(bytes);
                    None
                }
                Some(Payload::Extent { first, bytes }) => Some((first, bytes)),
            })
        })?;
        if let Some((first, bytes)) = extent {
            scan::read_extent(pager, newest, first, bytes, &mut value)?;
        }
        if !value.is_empty() {
            let there = index.parse(entry.key.len(), &value)?.primary_key_in(&entry.key);
            is_double |=
                there != index.parse(entry.key.len(), &entry.value)?.primary_key_in(&entry.key);
        }
    }
    if is_double { Err(not_unique(info, index)) } else { Ok(()) }
}

/// What the build of a unique index is ended by.
pub(super) fn not_unique(info: &TableInfo, index: &IndexInfo) -> Error {
    let message = format!(
        "could not create unique index {}: table {} has rows with equal values",
        index.definition.name, info.definition.name
    );
    let violation = Violation {
        table: info.definition.name.clone(),
        constraint: index.definition.name.clone(),
        columns: info.definition.index_key_parts(&index.definition),
        ..Violation::default()
    };
    Error::new(ErrorKind::Constraint, message).with_sqlstate("23505").with_violation(violation)
}

/// Promises the disk space that the chunk's applies may need.
fn reserve(
    core: &Core,
    target: Target<'_>,
    gathered: &Gathered,
    states: &mut [&mut ShardState],
) -> Result<()> {
    for state in states {
        state.writer.reclaim(core.publisher.published_batch());
        let mut need = Need::default().and(PAGES_BESIDE);
        match target {
            Target::Index(index) => {
                let own = gathered.entries.iter().filter(|(shard, _)| *shard == state.number);
                let own = own.map(|(_, entry)| (entry.key.as_slice(), entry.value.len()));
                need = need_of(state, index.id(), own, need)?;
            }
            Target::View(view) => {
                let touched = gathered.touched.iter();
                for ((_, tree), touched) in touched.filter(|((to, _), _)| *to == state.number) {
                    let own = touched.iter().map(|(key, bytes)| (key.as_slice(), *bytes));
                    need = need_of(state, *tree, own, need)?;
                    if view.trees().contains(tree) {
                        continue;
                    }
                    // Where in an index a group's entry goes away and comes is not known.
                    need = need.and(2 * commit::PAGES_A_CHANGE * touched.len());
                }
            }
        }
        state.writer.reserve(need, false)?;
    }
    Ok(())
}

/// Pages that putting sorted entries, keys with the bytes of their values, into a tree may take
/// beside `need`. Each leaf that they go to is copied once, with its path, and then changes where
/// it is; and a page that is split leaves halves, so that new pages are in proportion to the
/// entries' bytes.
fn need_of<'e>(
    state: &ShardState,
    tree: u32,
    entries: impl Iterator<Item = (&'e [u8], usize)>,
    mut need: Need,
) -> Result<Need> {
    let (head, newest) = (state.head, state.batch);
    let pager = state.writer.pager();
    let root = pager.read(newest, |source| tree_root(source, head, tree))?;
    let (mut leaves, mut bytes) = (1, 0);
    let mut fence: Option<Vec<u8>> = None;
    for (key, value_bytes) in entries {
        need = scan::need_of(need, key.len(), value_bytes);
        bytes += key.len() + value_bytes.min(tree::MAX_INLINE_VALUE_BYTES);
        if fence.as_ref().is_some_and(|fence| key < fence.as_slice()) {
            continue;
        }
        leaves += 1;
        fence = pager.read(newest, |source| {
            let leaf = tree::leaf(source, root, Seek::AtLeast(key))?;
            let Some((link, _)) = leaf else { return Ok(Some(Vec::new())) };
            use bourse_storage::store::PageSource;
            // The last leaf takes all that is left.
            let upper = Leaf::new(source.page(link)?).upper_fence().map(<[u8]>::to_vec);
            Ok(Some(upper.unwrap_or_else(|| vec![u8::MAX; tree::MAX_KEY_BYTES + 1])))
        })?;
    }
    /// Bytes of entries after which a page is split, at least.
    const SPLIT_BYTES: usize = 1_024;
    let splits = leaves + bytes / SPLIT_BYTES;
    let path = tree::pages_needed(root, 0);
    Ok(need.and(path + leaves * (usize::from(root.height) + 1) + 3 * splits))
}
