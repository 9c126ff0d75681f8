//! Power cuts while a log is cut off, and after it: each open is repeated with the same ending
//! until it succeeded, and from then on the log has what it had up to the cut, and what came since.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{
    Ending, Entry, LAST, Log, LogOptions, Lsn, MemoryVfs, Origin, PART, Record, Recovery, STORE,
    at_most, behind, check, entries, folder, open_cut, read,
};
use crate::error::Result;
use crate::log::tests::{Random, payload};
use crate::sync;

/// What is known of a log from outside.
#[derive(Default)]
struct Model {
    /// The records that were appended; of those behind `durable` the last may be lost.
    records: Vec<Record>,
    durable: u64,
    /// Records up to here need not be there.
    needed: u64,
    newest_open: u32,
}

impl Model {
    /// Where the log ends that can be read up to `last`.
    fn end(&self, last: u64, ending: Ending) -> u64 {
        let last = ending.at_most.map_or(last, |at_most| last.min(at_most.0));
        let is_end = |lsn: &u64| match ending.kind {
            Some(kind) => self.records[index(*lsn) - 1].kind == kind,
            None => true,
        };
        (self.needed + 1..=last).rev().find(is_end).unwrap_or(self.needed)
    }

    /// Compares what an open found, and forgets what it cut off.
    fn check(&mut self, log: &Log, recovery: &mut Recovery, ending: Ending) {
        assert!(recovery.open > self.newest_open, "an open count is never used twice");
        self.newest_open = recovery.open;
        let last = recovery.last_lsn.0;
        // How far the log could be read is not known: as far as it is durable at least. Or it is
        // cut off already, by an open of which nothing was heard.
        let appended = self.records.len() as u64;
        let mut reads = self.durable..=appended;
        assert!(reads.any(|read| self.end(read, ending) == last), "it ends where it is to end");
        assert!(last + recovery.cut <= appended);
        self.records.truncate(index(last));
        self.durable = last;
        let found = read(log, recovery, self.needed);
        assert!(found == self.records[index(self.needed)..], "old ones up to the cut, no other");
    }
}

fn index(lsn: u64) -> usize {
    usize::try_from(lsn).unwrap()
}

fn options(random: &mut Random) -> LogOptions {
    LogOptions {
        segment_bytes: 32 << 10,
        buffer_bytes: 8 << 10,
        flushes_in_flight: 1 + random.below(4),
        ..LogOptions::default()
    }
}

/// Several threads append records of several kinds and flush until the power goes.
fn run_clients(vfs: &MemoryVfs, log: Log, model: &mut Model, random: &mut Random) {
    let log = Arc::new(log);
    let durable = Arc::new(AtomicU64::new(model.durable));
    let threads: Vec<_> = (0..1 + random.below(3))
        .map(|_| {
            let (log, vfs, durable) = (log.clone(), vfs.clone(), durable.clone());
            let seed = random.word();
            sync::spawn("client", move || append_until_off(&vfs, &log, &durable, seed))
        })
        .collect();
    let checkpoints = random.below(2) == 0;
    while !vfs.is_off() {
        let needed = log.durable().1.0.saturating_sub(20);
        if checkpoints {
            model.needed = model.needed.max(needed);
        }
        if log.retain_from(Lsn(model.needed + 1)).is_err() {
            break;
        }
        sync::yield_now();
    }
    let mut appended: Vec<_> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    appended.sort_by_key(|(lsn, _)| *lsn);
    let next = model.records.len() as u64 + 1;
    assert!(appended.iter().map(|(lsn, _)| *lsn).eq(next..next + appended.len() as u64));
    model.records.extend(appended.into_iter().map(|(_, record)| record));
    model.durable = durable.load(Ordering::Acquire);
}

fn append_until_off(
    vfs: &MemoryVfs,
    log: &Log,
    durable: &AtomicU64,
    seed: u64,
) -> Vec<(u64, Record)> {
    let mut random = Random(seed);
    let mut appended = Vec::new();
    while !vfs.is_off() {
        let mut bytes = payload(random.word());
        bytes.truncate(9000);
        let origin = Origin { group: 1, term: random.word(), index: random.word() };
        let kind = [PART, PART, LAST, 1][random.below(4)];
        let result = if kind == LAST {
            log.append_entry(kind, origin, &bytes, |_, _| ())
        } else {
            log.append_shipped(kind, origin, &bytes, |_, _| ())
        };
        let Ok((lsn, batch)) = result else { break };
        appended.push((lsn.0, Record { kind, origin, payload: bytes }));
        if random.below(3) == 0 {
            continue;
        }
        if log.flush(batch).is_err() {
            break;
        }
        durable.fetch_max(lsn.0, Ordering::AcqRel);
        let more = match random.below(20) {
            0 | 1 => log.prepare(),
            2 => log.write_end_mark(),
            _ => Ok(()),
        };
        if more.is_err() {
            break;
        }
    }
    appended
}

fn open(
    vfs: &MemoryVfs,
    model: &Model,
    ending: Ending,
    random: &mut Random,
) -> Result<(Log, Recovery)> {
    let (vfs, options) = (Arc::new(vfs.clone()), options(random));
    Log::open_cut(vfs, &folder(), STORE, options, Lsn(model.needed), ending)
}

fn random_ending(model: &Model, random: &mut Random) -> Ending {
    let range = model.records.len() + 5 - index(model.needed);
    // Most cuts are near the end, where a group's are.
    let near = random.below(3) > 0;
    let back = random.below(if near { range.min(20) } else { range });
    let most = Lsn((model.records.len() + 4 - back) as u64);
    Ending {
        kind: (random.below(2) == 0).then_some(LAST),
        at_most: (random.below(3) > 0).then_some(most),
        ..Ending::default()
    }
}

/// Guards all of it: entries begun and taken back, flushes that were torn or overtook others,
/// rotation, recycling, LSNs given out again, and crashes while the log is cut off.
#[test]
fn generations_of_cuts_and_crashes_keep_what_was_not_cut_off() {
    for seed in 0..40 {
        let mut random = Random(seed ^ 0x5eed);
        let mut vfs = MemoryVfs::default();
        let first = options(&mut random);
        let log = Log::create(Arc::new(vfs.clone()), &folder(), STORE, first).unwrap();
        let mut model = Model { newest_open: 1, ..Model::default() };
        let mut log = Some(log);
        for _generation in 0..10 {
            vfs.crash_after(1 + random.word() % 250);
            run_clients(&vfs, log.take().unwrap(), &mut model, &mut random);
            vfs.turn_off();
            vfs = restart(&vfs, &mut random);
            let ending = random_ending(&model, &mut random);
            while random.below(3) > 0 {
                vfs.crash_after(1 + random.word() % 40);
                if let Ok((first, found)) = open(&vfs, &model, ending, &mut random)
                    && !vfs.is_off()
                {
                    // It succeeded, so nothing of the rest comes back, whatever is asked for next.
                    drop(first);
                    vfs = vfs.after_kill();
                    let (log, mut recovery) =
                        open(&vfs, &model, Ending::default(), &mut random).unwrap();
                    assert_eq!((recovery.last_lsn, recovery.cut), (found.last_lsn, 0));
                    model.check(&log, &mut recovery, ending);
                }
                vfs.turn_off();
                vfs = restart(&vfs, &mut random);
            }
            let (reopened, mut recovery) = open(&vfs, &model, ending, &mut random).unwrap();
            model.check(&reopened, &mut recovery, ending);
            log = Some(reopened);
        }
    }
}

fn restart(vfs: &MemoryVfs, random: &mut Random) -> MemoryVfs {
    if random.below(3) == 0 { vfs.after_kill() } else { vfs.after_crash(random.word()) }
}

/// Guards I8: an open that cuts off several segments is cut at each of its operations in turn. The
/// next one ends the same; and where it was not told to, the log is whole or it is cut off.
#[test]
fn a_cut_may_be_cut_anywhere() {
    let vfs = MemoryVfs::default();
    let records = entries(&vfs, 80);
    let (mut cuts, mut whole, mut ended) = (0, 0, 0);
    for (last, ending) in [(30, at_most(30)), (0, behind(77)), (63, at_most(63))] {
        for operations in 1..80 {
            for seed in 0..3 {
                let crashed = vfs.copy();
                crashed.crash_after(operations);
                cuts += u32::from(open_cut(&crashed, 0, ending).is_err());
                let crashed = crashed.after_crash(operations << 8 | seed);
                let (log, mut other) = open_cut(&crashed.copy(), 0, Ending::default()).unwrap();
                let left = if other.last_lsn.0 == last as u64 { last } else { records.len() };
                assert!(read(&log, &mut other, 0) == records[..left]);
                (whole, ended) = (whole + u32::from(left > last), ended + u32::from(left == last));
                let log = check(&crashed, 0, ending, &records[..last], left - last);
                let mut now = records[..last].to_vec();
                super::append(&log, &mut now, LAST, 2);
                drop(log);
                drop(check(&crashed.after_crash(seed), 0, Ending::default(), &now, 0));
            }
        }
    }
    assert!(cuts > 50 && whole > 20 && ended > 20, "{cuts} {whole} {ended}");
}

/// Guards the entry that was never completed: what is behind the last whole one is gone for good,
/// also after records with the same numbers were torn in their turn.
#[test]
fn torn_entries_are_cut_off_again_and_again() {
    let mut vfs = MemoryVfs::default();
    let mut records = entries(&vfs, 40);
    for turn in 0..30_u64 {
        let (log, mut recovery) = open_cut(&vfs, 0, behind(LAST)).unwrap();
        let last = index(recovery.last_lsn.0);
        assert!(records[last..].iter().all(|record| record.kind != LAST));
        records.truncate(last);
        assert!(read(&log, &mut recovery, 0) == records);
        super::append(&log, &mut records, PART, 2);
        super::append(&log, &mut records, LAST, usize::from(turn % 3 == 0));
        super::append(&log, &mut records, PART, 3);
        let origin = Origin { group: 9, term: turn, index: 0 };
        for _ in 0..5 {
            let each = payload(turn);
            log.append_shipped(PART, origin, &each, |_, _| ()).unwrap();
            records.push(Record { kind: PART, origin, payload: each });
        }
        vfs.crash_after(1 + turn % 2);
        let _ = log.flush(log.open_batch());
        vfs = vfs.after_crash(turn);
    }
    let mut last = 0;
    let (_log, mut recovery) = open_cut(&vfs, 0, behind(LAST)).unwrap();
    let each = &mut |entry: Entry<'_>| {
        last = entry.kind;
        Ok(())
    };
    recovery.replay(Lsn(1), &mut |_, _| (), each).unwrap();
    assert_eq!(last, LAST);
}
