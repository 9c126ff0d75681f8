//! The follower's side: parcels taken into the log and the shards.
//!
//! ```text
//! check lineage, epoch, place --> for each record: decode, reserve, append
//!                                    |  a group is full, or all are appended
//!                                    v
//!                                 apply, shards in parallel --> leave the batches
//!                                    |  all groups are applied
//!                                    v
//!                                 flush, publish --> raise floor and closed timestamp
//! ```
//! A group is small enough that the batches that its appends may close fit between published and
//! open (cut P4): they are published only after it is applied.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::{Batch, Lsn, PAGE_SIZE};
use bourse_storage::pager::Need;
use bourse_storage::{Error, ErrorKind, Result, sync};

use super::history::refused;
use super::parcel::{Parcel, Shipped, checksum_of};
use super::shipping::diverged;
use super::{Receiving, Replication};
use crate::bulk;
use crate::commit::PAGES_A_CHANGE;
use crate::core::Core;
use crate::database::Database;
use crate::identity;
use crate::record::{
    Chunk, EntryEnd, KIND_ENTRY, KIND_LOAD, KIND_PIECE, KIND_RECORD, KIND_STAGED, LoadCommit,
    OperationKind, Piece, RecordView, Staged,
};
use crate::replay::{self, Work};
use crate::scan;

/// Bytes of records that are appended before they are applied.
const GROUP_BYTES: usize = 1 << 20;
/// Bytes of records from which on shards are applied in parallel.
const PARALLEL_BYTES: usize = 128 << 10;
/// Segments that a group may go over: each may close two batches.
const GROUP_SEGMENTS: u64 = 8;
/// Records of a group.
const GROUP_RECORDS: usize = 4_096;

/// Records that were appended and not yet applied.
#[derive(Default)]
struct Group {
    items: Vec<(Batch, Option<Work>)>,
    bytes: usize,
    /// What the applies may need, by shard.
    needs: BTreeMap<u16, Need>,
    /// The shards of the record at hand.
    touched: Vec<u16>,
}

impl Database {
    /// Takes what a parcel has beyond the records that are here: into the log, the shards and the
    /// newest Cut, durably. Returns the last record that is here then. What is here already is
    /// passed over, so a parcel may come again.
    ///
    /// # Errors
    /// `InvalidInput` (55000) for a store that is no follower, and for a parcel that does not go on
    /// behind the last record here, or that is of a leader whose records this store cannot have:
    /// nothing has changed. `Full` when there is no room: what was taken by then stays, and the
    /// rest can be sent again. `Closed` when the store stopped.
    pub fn receive(&self, parcel: &Parcel) -> Result<Lsn> {
        receive(self.core(), parcel, i64::MAX).map(|received| received.last)
    }

    /// As [`Database::receive`], but takes neither the first record that was committed after a
    /// time, in microseconds since 1970 by the clock of who wrote it, nor those behind that. The
    /// commit of a bulk load tells no time: it counts as of the newest moment before it that is
    /// known, which parcels without records tell too.
    ///
    /// # Errors
    /// As [`Database::receive`].
    pub fn receive_until(&self, parcel: &Parcel, time_us: i64) -> Result<Received> {
        receive(self.core(), parcel, time_us)
    }
}

/// What came of taking a parcel up to a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Received {
    /// The last record that is here.
    pub last: Lsn,
    /// Whether the next one is of later than what was asked for.
    pub is_later: bool,
}

fn receive(core: &Arc<Core>, parcel: &Parcel, until_us: i64) -> Result<Received> {
    core.check_running()?;
    core.make_log_room()?;
    let mut receiving = core.replication.receiving.lock();
    if !core.is_follower() || core.group.is_some() {
        return Err(refused("this store follows no other: it takes no parcels".to_owned()));
    }
    // Pages of a new follower may have more records than its log.
    let last = receiving.last.max(receiving.covered);
    core.replication.history().check_follows(parcel.history(), last)?;
    check_place(&receiving, parcel)?;
    adopt(core, parcel)?;
    let taken = take(core, &mut receiving, parcel, until_us);
    if taken.as_ref().is_err_and(|error| error.kind() == ErrorKind::Full) {
        core.wants_space.store(true, Ordering::Relaxed);
    }
    let is_later = taken?;
    if parcel.last() == receiving.last {
        raise(core, &mut receiving, parcel.closed_us(), parcel.stages_after());
    }
    Ok(Received { last: receiving.last, is_later })
}

/// Takes what a parcel has beyond the records that are here into log and shards, and leaves it to
/// others to flush and to publish it. Returns the newest batch of it.
pub(super) fn accept(
    core: &Arc<Core>,
    receiving: &mut Receiving,
    parcel: &Parcel,
) -> Result<Option<Batch>> {
    let last = receiving.last.max(receiving.covered);
    core.replication.history().check_shares(parcel.history(), last)?;
    check_place(receiving, parcel)?;
    adopt(core, parcel)?;
    let (newest, taken) = append_all(core, receiving, parcel, i64::MAX)?;
    if taken.as_ref().is_err_and(|error| error.kind() == ErrorKind::Full) {
        core.wants_space.store(true, Ordering::Relaxed);
    }
    taken.map(|_| newest)
}

/// Refuses a parcel that does not go on here (R2).
fn check_place(receiving: &Receiving, parcel: &Parcel) -> Result<()> {
    let last = receiving.last;
    if parcel.after() > last {
        return Err(refused(format!(
            "the parcel begins behind LSN {}, and the last record here is {last}: ship from behind \
             that one",
            parcel.after()
        )));
    }
    let theirs = if parcel.after() == last {
        parcel.checksum_before()
    } else {
        let mut records = parcel.shipped();
        records
            .find(|record| record.lsn == last)
            .map(|record| checksum_of(record.kind, record.origin, record.payload))
    };
    match (receiving.checksum, theirs) {
        (Some(own), Some(theirs)) if own != theirs => Err(diverged(last)),
        _ => Ok(()),
    }
}

/// Makes the leader's history the store's, durably, before any record of it is taken.
fn adopt(core: &Core, parcel: &Parcel) -> Result<()> {
    let mut own = core.replication.identity.lock();
    if own.history == *parcel.history() {
        return Ok(());
    }
    let mut changed = own.clone();
    changed.history = parcel.history().clone();
    identity::write(&*core.options.vfs, &core.folder, &changed)?;
    *own = changed;
    Ok(())
}

/// Takes the records that are new here. Returns whether one was committed after `until_us`, which
/// ends it.
fn take(
    core: &Arc<Core>,
    receiving: &mut Receiving,
    parcel: &Parcel,
    until_us: i64,
) -> Result<bool> {
    let (newest, result) = append_all(core, receiving, parcel, until_us)?;
    let Some(newest) = newest else { return result };
    if bug::switched_on(Bug::ReceiptBeforeDurable) {
        return result;
    }
    // R4, also where publication does not wait for the disk.
    core.log.flush(newest).map_err(|error| core.unsettled(error))?;
    core.settle(newest)?;
    result
}

/// Appends and applies the records that are new here. Returns the newest batch of them, and whether
/// one was committed after `until_us`, or what else has ended it.
fn append_all(
    core: &Arc<Core>,
    receiving: &mut Receiving,
    parcel: &Parcel,
    until_us: i64,
) -> Result<(Option<Batch>, Result<bool>)> {
    let mut group = Group::default();
    let mut newest = None;
    let limit = GROUP_BYTES.min(
        usize::try_from(GROUP_SEGMENTS * core.options.log_segment_bytes).unwrap_or(usize::MAX),
    );
    let again = bug::switched_on(Bug::ParcelTakenTwice);
    let mut result = Ok(false);
    for record in parcel.shipped() {
        if record.lsn <= receiving.last && !again {
            continue;
        }
        result = is_later(core, receiving, record, until_us);
        if !matches!(result, Ok(false)) {
            break;
        }
        match append(core, receiving, &mut group, record) {
            Ok(batch) => newest = Some(batch),
            Err(error) => {
                result = Err(error);
                break;
            }
        }
        if group.bytes > limit || group.items.len() >= GROUP_RECORDS {
            apply_group(core, &mut group)?;
        }
    }
    apply_group(core, &mut group)?;
    Ok((newest, result))
}

/// Whether the next record was committed after a time.
fn is_later(
    core: &Core,
    receiving: &Receiving,
    record: Shipped<'_>,
    until_us: i64,
) -> Result<bool> {
    let Shipped { lsn, kind, payload, .. } = record;
    let time_us = match kind {
        _ if until_us == i64::MAX => return Ok(false),
        KIND_RECORD => RecordView::new(payload)?.time_us(),
        KIND_STAGED => match receiving.assembler.work(lsn, kind, payload)? {
            Some(Work::Record(_, bytes)) => RecordView::new(&bytes)?.time_us(),
            _ => return Ok(false),
        },
        KIND_LOAD => core.replication.closed_us.load(Ordering::Acquire),
        // A piece is nothing before its commit.
        _ => return Ok(false),
    };
    Ok(time_us > until_us)
}

/// Appends a record, after everything was asked that can refuse it (R3).
fn append(
    core: &Core,
    receiving: &mut Receiving,
    group: &mut Group,
    record: Shipped<'_>,
) -> Result<Batch> {
    let Shipped { kind, origin, payload, .. } = record;
    let lsn = receiving.last.next();
    reserve(core, group, kind, payload)?;
    core.log.reserve(payload.len())?;
    let work = receiving.assembler.work(lsn, kind, payload)?;
    if let Some(Work::Record(_, bytes)) = &work
        && kind == KIND_STAGED
    {
        // What its pieces are was not known before they were put together.
        note_needs(core, group, bytes)?;
        reserve_needs(core, group)?;
    }
    let covered = receiving.covered;
    let enter = |lsn: Lsn, batch| core.publisher.enter(lsn.max(covered), batch);
    let (appended, batch) = core.log.append_shipped(kind, origin, payload, enter)?;
    assert_eq!(appended, lsn, "R2, R5: nobody else appends");
    receiving.last = lsn;
    receiving.checksum = Some(checksum_of(kind, origin, payload));
    receiving.assembler.note(kind, payload, work.as_ref())?;
    let work = work.filter(|work| !matches!(work, Work::Piece(piece) if piece.is_of_record()));
    match &work {
        Some(Work::Piece(piece)) => drop(receiving.loads.insert(piece.stage)),
        Some(Work::Load(_, commit)) => drop(receiving.loads.remove(&commit.stage)),
        _ => {}
    }
    note_staged(core, lsn, kind, payload)?;
    group.items.push((batch, work));
    group.bytes += payload.len();
    Ok(batch)
}

/// Remembers a commit that names a stage, for those who read feeds here.
fn note_staged(core: &Core, lsn: Lsn, kind: u8, payload: &[u8]) -> Result<()> {
    let stage = match kind {
        KIND_STAGED => Staged::decode(payload)?.stage,
        KIND_LOAD => LoadCommit::decode(payload)?.stage,
        _ => return Ok(()),
    };
    core.feeds.note_staged(lsn, stage);
    core.feeds.forget_before(core.log.first_lsn());
    Ok(())
}

/// Promises the disk space that the record's applies may need, and refuses what does not decode.
fn reserve(core: &Core, group: &mut Group, kind: u8, payload: &[u8]) -> Result<()> {
    match kind {
        KIND_RECORD => note_needs(core, group, payload)?,
        KIND_PIECE => {
            let piece = Piece::decode(payload)?;
            if piece.is_of_record() {
                return Ok(());
            }
            check_shard(core, piece.shard)?;
            // Rows, and what they have in the trees of indexes.
            let pages = 3 * (piece.bytes.len() / PAGE_SIZE) + LOAD_PAGES;
            add(group, piece.shard, |need| need.and(pages));
        }
        KIND_LOAD => {
            LoadCommit::decode(payload)?;
            let shards = u16::try_from(core.shards.len()).unwrap_or(u16::MAX);
            (0..shards).for_each(|shard| add(group, shard, |need| need.and(LOAD_PAGES)));
        }
        KIND_STAGED => {
            Staged::decode(payload)?;
        }
        KIND_ENTRY => {
            EntryEnd::decode(payload)?;
        }
        _ => {
            return Err(Error::corrupt(format!(
                "the leader ships a record of unknown kind {kind}: it is of a newer version"
            )));
        }
    }
    reserve_needs(core, group)
}

/// Pages that attaching a load, or beginning one, may take in a shard.
const LOAD_PAGES: usize = 64;

fn add(group: &mut Group, shard: u16, more: impl FnOnce(Need) -> Need) {
    let need = group.needs.entry(shard).or_default();
    *need = more(*need);
    if group.touched.last() != Some(&shard) {
        group.touched.push(shard);
    }
}

fn check_shard(core: &Core, shard: u16) -> Result<()> {
    if usize::from(shard) < core.shards.len() {
        return Ok(());
    }
    Err(Error::corrupt(format!(
        "the leader ships a change of shard {shard}, this store has {} shards",
        core.shards.len()
    )))
}

fn note_needs(core: &Core, group: &mut Group, bytes: &[u8]) -> Result<()> {
    replay::check_record(bytes)?;
    for section in RecordView::new(bytes)?.sections() {
        let shard = section.shard();
        check_shard(core, shard)?;
        for operation in section.operations() {
            let operation = operation?;
            let pages = match operation.kind {
                OperationKind::BuildChunk => {
                    let rows = Chunk::decode(operation.value)?.rows;
                    PAGES_A_CHANGE * (1 + rows as usize)
                }
                _ => PAGES_A_CHANGE,
            };
            add(group, shard, |need| scan::need(need.and(pages), operation.key, operation.value));
        }
    }
    Ok(())
}

fn reserve_needs(core: &Core, group: &mut Group) -> Result<()> {
    let published = core.publisher.published_batch();
    for shard in group.touched.drain(..) {
        let need = group.needs.get(&shard).copied().unwrap_or_default();
        let state = &mut core.shards[usize::from(shard)].state.lock();
        state.writer.reclaim(published);
        // A follower does not choose what it is sent: what is kept for deletes is for it too.
        state.writer.reserve(need, true)?;
    }
    Ok(())
}

/// Applies the group's records, and empties it.
fn apply_group(core: &Arc<Core>, group: &mut Group) -> Result<()> {
    let Group { items, bytes, .. } = std::mem::take(group);
    if items.is_empty() {
        return Ok(());
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = if bytes < PARALLEL_BYTES { 1 } else { threads.clamp(1, 4) };
    let workers = workers.min(core.shards.len());
    let items = Arc::new(items);
    let others: Vec<_> = (1..workers)
        .map(|worker| {
            let (core, items) = (Arc::clone(core), Arc::clone(&items));
            sync::spawn("bourse-receive", move || apply_part(&core, &items, worker, workers))
        })
        .collect();
    let mut result = apply_part(core, &items, 0, workers);
    for thread in others {
        match thread.join() {
            Ok(applied) => result = result.and(applied),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    if let Err(error) = result {
        core.stop(&error);
        return Err(error);
    }
    for (batch, _) in items.iter() {
        core.publisher.leave(*batch);
    }
    core.publisher.advance(&core.log, core.epochs());
    Ok(())
}

/// Applies what is of one worker's shards, in order.
fn apply_part(
    core: &Core,
    items: &[(Batch, Option<Work>)],
    worker: usize,
    workers: usize,
) -> Result<()> {
    let is_mine = |shard: u16| usize::from(shard) % workers == worker;
    for (batch, work) in items {
        match work {
            None => {}
            Some(Work::Record(lsn, bytes)) => {
                for section in RecordView::new(bytes)?.sections() {
                    if !is_mine(section.shard()) {
                        continue;
                    }
                    let state = &mut *core.shards[usize::from(section.shard())].state.lock();
                    if replay::apply_section(state, section, *lsn, *batch)? {
                        core.publisher.redefined(*batch, Arc::clone(&state.catalog));
                    }
                    core.publisher.changed(*batch, state.number, state.head);
                }
            }
            Some(Work::Piece(piece)) if is_mine(piece.shard) => {
                let state = &mut core.shards[usize::from(piece.shard)].state.lock();
                replay::apply_piece(state, piece)?;
            }
            Some(Work::Piece(_)) => {}
            Some(Work::Load(lsn, commit)) => {
                let shards = core.shards.iter().skip(worker).step_by(workers);
                for shard in shards {
                    let state = &mut *shard.state.lock();
                    replay::apply_load(state, commit, *lsn, *batch)?;
                    core.publisher.changed(*batch, state.number, state.head);
                }
            }
        }
    }
    Ok(())
}

/// Takes over what is true behind a record that is published (R7).
pub(super) fn raise(core: &Core, receiving: &mut Receiving, closed_us: i64, floor: Lsn) {
    let replication: &Replication = &core.replication;
    replication.closed_us.fetch_max(closed_us, Ordering::AcqRel);
    if floor <= Lsn(replication.stages_after.load(Ordering::Acquire)) {
        return;
    }
    replication.stages_after.store(floor.0, Ordering::Release);
    give_up_before(core, receiving, floor);
    core.publisher.news.notify();
}

/// Gives up stages that began before an LSN.
pub(super) fn give_up_before(core: &Core, receiving: &mut Receiving, begin: Lsn) {
    receiving.assembler.forget_before(begin);
    let is_over = |stage: &u64| crate::commit::Stage::begins_after(*stage) < begin;
    if !receiving.loads.iter().any(is_over) {
        return;
    }
    receiving.loads.retain(|stage| !is_over(stage));
    for shard in &core.shards {
        bulk::abandon_before(&mut shard.state.lock(), begin);
    }
}
