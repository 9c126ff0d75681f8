//! Opening a store: making a new one, or bringing the shards of an old one to the end of the log.
//!
//! ```text
//! FOLDER
//!   STORE              identity: magic, format version, store id, number of shards
//!   GROUP              of a member of a group: what it must remember beside its log
//!   LOCK               pid of the process that has the store
//!   log/               segments of the log
//!   shards/000.pages   pages of shard 0, and so on
//! ```
//!
//! STORE is made last and durably, so a folder without it holds no store, at most what an
//! interrupted creation left. Recovery reads each shard's newest whole superblock, then replays the
//! log after it, shards in parallel: the same [`apply`](crate::shard::apply::apply) that commits
//! call. Pages made by it are born in the first batch of this open, a number that nothing before
//! can have used.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use bourse_storage::cache::{HeldCuts, PageCache};
use bourse_storage::combine::Combiner;
use bourse_storage::id::{Batch, Lsn, PAGE_SIZE};
use bourse_storage::log::{Log, LogOptions, Recovery};
use bourse_storage::pager::{Pager, PagerOptions, Superblock, Writer};
use bourse_storage::sync::{self, Mutex};
use bourse_storage::tree::{self, Root};
use bourse_storage::vfs::Vfs;
use bourse_storage::{Error, Result};

use crate::bulk;
use crate::cache_size::{self, CacheSize};
use crate::catalog::Catalog;
use crate::checkpoint::Needed;
use crate::core::Core;
use crate::cut::{CutState, Publisher};
use crate::database::RecoveryProgress;
use crate::identity::{self, Identity};
use crate::open_files;
use crate::options::{Durability, Options};
use crate::replay::{self, Assembler};
use crate::replication::group::{self, GroupFile, Membership};
use crate::replication::{Replication, holds};
use crate::shard::roots::HeadRoots;
use crate::shard::{self, Shard, ShardState, apply};
use crate::temporary;
use crate::transaction::locks::RowLocks;

/// Segments that the log may at least have: two for each generation, and as many to go on in.
const LOG_SEGMENTS_MIN: u64 = 8;

/// Most bytes of the log that are in memory between finding its end and replaying it: somewhat more
/// than a store has by default since its oldest checkpoint.
const RECOVERY_BYTES_MAX: usize = 96 << 20;

/// A shard while the store is opened.
pub(crate) struct Opening {
    pub(crate) pager: Arc<Pager>,
    pub(crate) state: ShardState,
    needed: Needed,
    /// After how many loads all of the shard's pages are brought into memory; `None` when they
    /// have been, or would leave others no room.
    warm_after: Option<u64>,
}

impl Opening {
    /// Brings the shard's pages into memory, once it was waited for enough of them.
    pub(crate) fn warm(&mut self) -> Result<()> {
        if self.warm_after.is_some_and(|loads| self.pager.loads() > loads) {
            self.warm_after = None;
            self.state.writer.warm()?;
        }
        Ok(())
    }

    fn into_shard(mut self) -> Shard {
        self.state.writer.end_alone();
        Shard {
            pager: self.pager,
            state: Combiner::new(self.state, |_| {}),
            checkpointing: Mutex::new(self.needed),
            tidying: Mutex::default(),
        }
    }
}

/// Opens or makes the store. Also returns what decides the size of its cache from now on.
pub(crate) fn open(
    folder: &Path,
    options: Options,
    progress: &mut dyn FnMut(RecoveryProgress),
) -> Result<(Core, Option<CacheSize>)> {
    check_options(&options)?;
    let vfs = Arc::clone(&options.vfs);
    if options.create {
        vfs.create_folder(folder)?;
    }
    let lock = vfs.lock(&folder.join(identity::LOCK))?;
    let identity = identify(folder, &options)?;
    open_files::check(&*vfs, identity.shards)?;
    let (cache, cache_size) = cache_size::open(&options)?;
    let held = HeldCuts::new();
    let mut shards = Vec::new();
    let (mut kept, mut replayed) = (Lsn(u64::MAX), Lsn(u64::MAX));
    for number in 0..identity.shards {
        let opened = open_pager(folder, &options, &identity, number, &cache, &held)?;
        replayed = replayed.min(log_needed(&opened.2)?);
        for superblock in opened.1.mountable() {
            kept = kept.min(log_needed(superblock)?);
        }
        shards.push(opened);
    }
    let publisher = Arc::new(OnceLock::new());
    let group = group::begin_open(&options, folder, &identity)?;
    let (log, mut recovery) = Log::open_cut(
        vfs,
        &folder.join("log"),
        identity.store,
        log_options(&options, &cache, &publisher),
        kept,
        group.as_ref().map(GroupFile::ending).unwrap_or_default(),
    )?;
    let group = group.map(|file| Membership::open(file, &log, &mut recovery, &options, folder));
    let mut group = group.transpose()?;
    let mut last_lsn = recovery.last_lsn;
    let batch = Batch::first_of_open(recovery.open);
    let shards = shards
        .into_iter()
        .enumerate()
        .map(|(number, opened)| begin_shard(number, opened, identity.shards, batch))
        .collect::<Result<Vec<_>>>()?;
    let covered = shards.iter().map(|shard| shard.state.lsn).min().unwrap_or(replayed);
    let assembler = Assembler::new(replayed, covered);
    let frames = cache.statistics().frames;
    let (mut shards, assembler) =
        replay_log(shards, recovery, (replayed, assembler), frames, progress)?;
    group.iter_mut().for_each(|group| group.has_agreed(covered));
    if identity.follows {
        // A new follower has pages of records that its log is yet to have.
        last_lsn = last_lsn.max(covered);
    } else {
        // What was never committed is not part of any Cut.
        shards.iter_mut().for_each(|shard| bulk::abandon_all(&mut shard.state));
    }
    let follows = identity.follows;
    let holds = holds::read(&*options.vfs, folder)?;
    let leader = options.leader_address.clone();
    let replication =
        Replication::new(identity, &log, assembler, (replayed, covered), leader, holds)?;
    for load in shards.iter().flat_map(|shard| &shard.state.loads) {
        replication.note_load(load.stage());
    }
    let roots = shards.iter().map(|shard| shard.state.head).collect();
    let catalog = Arc::clone(&shards[0].state.catalog);
    let first = CutState { batch, lsn: last_lsn, catalog, roots };
    let waits_for_disk = options.durability == Durability::Sync;
    let publisher =
        publisher.get_or_init(|| Arc::new(Publisher::new(first, waits_for_disk, group.is_some())));
    let shards = shards.into_iter().map(Opening::into_shard).collect();
    let publisher = Arc::clone(publisher);
    let folder = folder.to_path_buf();
    let replication = (follows, replication, group);
    let core = Core::new(options, folder, cache, held, log, publisher, shards, lock, replication);
    Ok((core, cache_size))
}

/// What the folder's store is; one that is made, if there is none and one may be.
fn identify(folder: &Path, options: &Options) -> Result<Identity> {
    match identity::read(&*options.vfs, folder)? {
        Some(identity) => {
            temporary::clear(&*options.vfs, folder)?;
            Ok(identity)
        }
        None if options.create => create(folder, options),
        None => Err(Error::invalid(format!(
            "{} holds no store: create one there, or name the right folder",
            folder.display()
        ))),
    }
}

fn check_options(options: &Options) -> Result<()> {
    if options.shards == 0 || options.shards > crate::shard::map::SLOTS {
        return Err(Error::invalid("a store has 1 to 1,024 shards"));
    }
    if options.log_bytes_max < LOG_SEGMENTS_MIN * options.log_segment_bytes {
        return Err(Error::invalid(format!(
            "log_bytes_max is {}: give at least {LOG_SEGMENTS_MIN} times log_segment_bytes, which \
             is {}",
            options.log_bytes_max, options.log_segment_bytes
        )));
    }
    Ok(())
}

/// The log's options: a batch may be closed while few are unpublished (P4), and is published by the
/// thread that wrote it, before those who wait for it are woken.
fn log_options(
    options: &Options,
    cache: &Arc<PageCache>,
    publisher: &Arc<OnceLock<Arc<Publisher>>>,
) -> LogOptions {
    let (cache, publisher) = (Arc::clone(cache), Arc::clone(publisher));
    let publishes = Arc::clone(&publisher);
    LogOptions {
        on_durable: Box::new(move |log| {
            if let Some(publisher) = publishes.get() {
                publisher.advance(log, cache.epochs());
                if !publisher.waits_for_disk() {
                    publisher.news.notify();
                }
            }
        }),
        segment_bytes: options.log_segment_bytes,
        retained_bytes_max: options.log_bytes_max,
        recovery_bytes_max: usize::try_from(options.cache_bytes / 8)
            .unwrap_or(usize::MAX)
            .min(RECOVERY_BYTES_MAX),
        may_close: Box::new(move |batch| {
            publisher.get().is_none_or(|publisher| publisher.may_close(batch))
        }),
        ..LogOptions::default()
    }
}

/// The LSN after which a shard's superblock needs the log: its own, or the piece before an open
/// stage. The one that a new file begins with needs all of it.
fn log_needed(superblock: &Superblock) -> Result<Lsn> {
    if superblock.meta.is_empty() {
        return Ok(Lsn(0));
    }
    let bytes: [u8; 8] = superblock.meta.as_slice().try_into().map_err(|_| {
        Error::corrupt(format!("superblock of shard {} lacks its log position", superblock.shard))
    })?;
    Ok(Lsn(u64::from_le_bytes(bytes)))
}

pub(crate) fn shard_path(folder: &Path, number: u16) -> PathBuf {
    folder.join("shards").join(format!("{number:03}.pages"))
}

pub(crate) fn pager_options(options: &Options, store: u128, number: u16) -> PagerOptions {
    PagerOptions {
        max_pages: options.shard_pages_max,
        is_sparse: tree::is_sparse,
        give_back_pages_min: u32::try_from(options.give_back_bytes_min / PAGE_SIZE as u64)
            .unwrap_or(u32::MAX)
            .max(1),
        ..PagerOptions::new(store, number, tree::validate)
    }
}

type OpenPager = (Arc<Pager>, Writer, Superblock);

fn open_pager(
    folder: &Path,
    options: &Options,
    identity: &Identity,
    number: u16,
    cache: &Arc<PageCache>,
    held: &Arc<HeldCuts>,
) -> Result<OpenPager> {
    Pager::open(
        &*options.vfs,
        &shard_path(folder, number),
        pager_options(options, identity.store, number),
        Arc::clone(cache),
        Arc::clone(held),
    )
}

/// Makes an empty store, durably, its identity last.
fn create(folder: &Path, options: &Options) -> Result<Identity> {
    let vfs: &dyn Vfs = &*options.vfs;
    identity::clear_leftovers(vfs, folder)?;
    let store = identity::new_store_id();
    let shards = folder.join("shards");
    vfs.create_folder(&shards)?;
    let cache = PageCache::new(8 << 20)?;
    let held = HeldCuts::new();
    for number in 0..options.shards {
        let path = shard_path(folder, number);
        let (pager, writer) = Pager::create(
            vfs,
            &path,
            pager_options(options, store, number),
            Arc::clone(&cache),
            Arc::clone(&held),
        )?;
        create_shard(&pager, writer, options.shards)?;
    }
    vfs.sync_folder(&shards)?;
    let log = Log::create(
        Arc::clone(&options.vfs),
        &folder.join("log"),
        store,
        LogOptions { segment_bytes: options.log_segment_bytes, ..LogOptions::default() },
    )?;
    drop(log);
    vfs.sync_folder(folder)?;
    let identity = Identity::new(store, options.shards);
    identity::write(vfs, folder, &identity)?;
    Ok(identity)
}

/// Gives a new shard its definitions, and its first checkpoint.
fn create_shard(pager: &Arc<Pager>, writer: Writer, shards: u16) -> Result<()> {
    use crate::catalog::{KEY_MAP, KEY_VERSION, encode_version};
    let batch = Batch::first_of_open(1);
    let mut state = new_state(0, writer, Root::EMPTY, Lsn(0), shards);
    apply::begin(&mut state, batch);
    let catalog = Catalog::new(shards);
    let version = encode_version(catalog.version, catalog.next_object);
    apply::define(&mut state, KEY_VERSION, &version)?;
    apply::define(&mut state, KEY_MAP, &catalog.map.encode())?;
    apply::end(&mut state, Lsn(0))?;
    let plan = state.writer.begin_checkpoint(bourse_storage::pager::CheckpointCut {
        batch,
        lsn: Lsn(0),
        root: state.head.encode(),
        meta: 0_u64.to_le_bytes().to_vec(),
    })?;
    let written = pager.run_checkpoint(&plan);
    state.writer.end_checkpoint(plan);
    written
}

fn new_state(number: u16, writer: Writer, head: Root, lsn: Lsn, shards: u16) -> ShardState {
    ShardState {
        number,
        shards,
        writer,
        head,
        roots: HeadRoots::default(),
        batch: Batch::default(),
        lsn,
        catalog: Arc::new(Catalog::new(shards)),
        locks: RowLocks::default(),
        loads: Vec::new(),
        prepared: None,
        derives: false,
        scratch: apply::Scratch::default(),
    }
}

/// A shard as its superblock has it, with its definitions, ready to replay.
fn begin_shard(number: usize, opened: OpenPager, shards: u16, batch: Batch) -> Result<Opening> {
    let (pager, mut writer, superblock) = opened;
    // Whoever reads the shard later reads what the replay makes of it.
    writer.begin_alone();
    let number = u16::try_from(number).unwrap_or(u16::MAX);
    let head = Root::decode(&superblock.root)?;
    let mut state = new_state(number, writer, head, superblock.lsn, shards);
    apply::begin(&mut state, batch);
    apply::reload_catalog(&mut state)?;
    let lsn = state.lsn;
    apply::end(&mut state, lsn)?;
    let newest = log_needed(&superblock)?;
    let mut older = newest;
    for superblock in state.writer.mountable() {
        older = older.min(log_needed(superblock)?);
    }
    Ok(Opening { pager, state, needed: Needed { newest, older }, warm_after: None })
}

/// Replays the log, shards in parallel.
fn replay_log(
    mut shards: Vec<Opening>,
    mut recovery: Recovery,
    (needed, assembler): (Lsn, Assembler),
    frames: u64,
    progress: &mut dyn FnMut(RecoveryProgress),
) -> Result<(Vec<Opening>, Assembler)> {
    if recovery.last_lsn <= needed {
        return Ok((shards, assembler));
    }
    if shards.iter().map(|shard| shard.pager.reached_pages()).sum::<u64>() <= frames / 2 {
        for shard in &mut shards {
            shard.warm_after = Some(shard.pager.loads_before_warming());
        }
    }
    let workers = shard::workers(shards.len());
    let pages_ahead = frames / 2 / workers as u64;
    let replay = Arc::new(replay::Replay::new(workers, pages_ahead));
    let mut parts: Vec<Vec<Opening>> = (0..workers).map(|_| Vec::new()).collect();
    for (number, shard) in shards.into_iter().enumerate() {
        parts[number % workers].push(shard);
    }
    let running: Vec<_> = parts
        .into_iter()
        .enumerate()
        .map(|(worker, shards)| {
            let replay = Arc::clone(&replay);
            sync::spawn("bourse-replay", move || replay.work(worker, shards))
        })
        .collect();
    let mut dispatcher = replay::Dispatcher::new(&replay, assembler);
    let read = recovery.replay(
        needed.next(),
        &mut |bytes_done, bytes_total| progress(RecoveryProgress { bytes_done, bytes_total }),
        &mut |entry| dispatcher.dispatch(&entry),
    );
    let read = read.and_then(|()| dispatcher.finish());
    replay.finish();
    let mut shards = Vec::new();
    let (assembler, mut failure) = match read {
        Ok(assembler) => (Some(assembler), None),
        Err(error) => (None, Some(error)),
    };
    for thread in running {
        match thread.join() {
            Ok(Ok(part)) => shards.extend(part),
            // What a worker met is the cause; the dispatcher only saw it stop.
            Ok(Err(error)) => failure = Some(error),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    let assembler = match (failure, assembler) {
        (None, Some(assembler)) => assembler,
        (Some(error), _) => return Err(error),
        (None, None) => unreachable!("reading ends with one of both"),
    };
    shards.sort_by_key(|shard| shard.state.number);
    Ok((shards, assembler))
}
