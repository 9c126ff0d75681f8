//! Power cuts: what was acknowledged comes back, and what comes back is a prefix.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Log, LogOptions, Lsn, MemoryVfs, Random, Recovery, STORE, folder, payload, replay};
use crate::error::Result;
use crate::sync;

/// What the clients of a log know of it.
#[derive(Default)]
struct Model {
    /// The records by LSN; those after a crash replace those that it took.
    records: BTreeMap<u64, Vec<u8>>,
    acknowledged: u64,
    /// Records up to here need not be there.
    needed: u64,
    newest_open: u32,
}

fn options(random: &mut Random) -> LogOptions {
    LogOptions {
        segment_bytes: 32 << 10,
        buffer_bytes: 8 << 10,
        flushes_in_flight: 1 + random.below(4),
        ..LogOptions::default()
    }
}

fn open(vfs: &MemoryVfs, model: &Model, random: &mut Random) -> Result<(Log, Recovery)> {
    let vfs = Arc::new(vfs.clone());
    Log::open(vfs, &folder(), STORE, options(random), Lsn(model.needed))
}

impl Model {
    /// Compares what an open found, and forgets what the crash took.
    fn check(&mut self, recovery: &mut Recovery) {
        assert!(recovery.last_lsn.0 >= self.acknowledged, "no acknowledged record is lost");
        assert!(recovery.open > self.newest_open, "an open count is never used twice");
        self.newest_open = recovery.open;
        let found = replay(recovery, self.needed + 1);
        self.records.split_off(&(recovery.last_lsn.0 + 1));
        let wanted = self.records.range(self.needed + 1..);
        let found = found.into_iter().map(|record| (record.0, record.2));
        assert!(found.eq(wanted.map(|(lsn, bytes)| (*lsn, bytes.clone()))), "a prefix, unchanged");
        self.acknowledged = recovery.last_lsn.0;
    }
}

/// Several threads append and flush until the power goes.
fn run_clients(vfs: &MemoryVfs, log: Log, model: &mut Model, random: &mut Random) {
    let log = Arc::new(log);
    let acknowledged = Arc::new(AtomicU64::new(model.acknowledged));
    let threads: Vec<_> = (0..3)
        .map(|_| {
            let (log, acknowledged, vfs) = (log.clone(), acknowledged.clone(), vfs.clone());
            let mut random = Random(random.word());
            sync::spawn("client", move || {
                let mut appended = Vec::new();
                while !vfs.is_off() {
                    let mut bytes = payload(random.word());
                    bytes.truncate(9000);
                    let Ok((lsn, batch)) = log.append(1, &bytes, |_, _| ()) else { break };
                    appended.push((lsn.0, bytes));
                    if random.below(3) == 0 {
                        continue;
                    }
                    if log.flush(batch).is_err() {
                        break;
                    }
                    acknowledged.fetch_max(lsn.0, Ordering::AcqRel);
                    if random.below(8) == 0 && log.prepare().is_err() {
                        break;
                    }
                }
                appended
            })
        })
        .collect();
    // Checkpoints give up records meanwhile; what they need is known before.
    while !vfs.is_off() {
        let needed = log.durable().1.0.saturating_sub(20);
        model.needed = model.needed.max(needed);
        if log.retain_from(Lsn(model.needed + 1)).is_err() {
            break;
        }
        sync::yield_now();
    }
    for thread in threads {
        model.records.extend(thread.join().unwrap());
    }
    model.acknowledged = acknowledged.load(Ordering::Acquire);
}

/// Guards all of recovery: torn flushes, flushes that overtook others, rotation, recycling, LSNs
/// given out again after they were lost, and crashes while recovering.
#[test]
fn generations_of_crashes_keep_what_was_acknowledged() {
    for seed in 0..40 {
        let mut random = Random(seed);
        let mut vfs = MemoryVfs::default();
        let first_options = options(&mut random);
        let log = Log::create(Arc::new(vfs.clone()), &folder(), STORE, first_options).unwrap();
        let mut model = Model { newest_open: 1, ..Model::default() };
        let mut log = Some(log);
        for _generation in 0..8 {
            vfs.crash_after(1 + random.word() % 300);
            run_clients(&vfs, log.take().unwrap(), &mut model, &mut random);
            vfs.turn_off();
            let killed = random.below(3) == 0;
            vfs = if killed { vfs.after_kill() } else { vfs.after_crash(random.word()) };
            while random.below(3) > 0 {
                crash_while_recovering(&mut vfs, &mut model, &mut random);
            }
            let (reopened, mut recovery) = open(&vfs, &model, &mut random).unwrap();
            model.check(&mut recovery);
            log = Some(reopened);
        }
    }
}

fn crash_while_recovering(vfs: &mut MemoryVfs, model: &mut Model, random: &mut Random) {
    vfs.crash_after(1 + random.word() % 30);
    if let Ok((_, mut recovery)) = open(vfs, model, random)
        && !vfs.is_off()
    {
        model.check(&mut recovery);
    }
    vfs.turn_off();
    *vfs = vfs.after_crash(random.word());
}

/// Recovery is cut at each of its operations in turn.
#[test]
fn recovery_may_be_cut_anywhere() {
    let mut random = Random(77);
    let vfs = MemoryVfs::default();
    let log = Log::create(Arc::new(vfs.clone()), &folder(), STORE, options(&mut random)).unwrap();
    let mut model = Model { newest_open: 1, ..Model::default() };
    vfs.crash_after(120);
    run_clients(&vfs, log, &mut model, &mut random);
    let crashed = vfs.after_crash(1);
    let mut cuts = 0;
    for operations in 1..200 {
        let cut = if operations % 2 == 0 { crashed.copy() } else { vfs.after_kill() };
        cut.crash_after(operations);
        let whole = open(&cut, &model, &mut random).is_ok();
        let cut = cut.after_crash(operations);
        let (_log, mut recovery) = open(&cut, &model, &mut random).unwrap();
        assert_eq!(replay(&mut recovery, model.needed + 1).len() as u64, {
            recovery.last_lsn.0 - model.needed
        });
        assert!(recovery.last_lsn.0 >= model.acknowledged);
        cuts += u32::from(!whole);
    }
    assert!(cuts > 5, "recovery has steps to cut: {cuts}");
}

/// A creation that was cut off is made again, and nothing of it shows.
#[test]
fn creation_may_be_cut_anywhere() {
    let mut random = Random(5);
    let mut cuts = 0;
    for operations in 1..20 {
        let vfs = MemoryVfs::default();
        vfs.crash_after(operations);
        let create = |vfs: &MemoryVfs, random: &mut Random| {
            Log::create(Arc::new(vfs.clone()), &folder(), STORE, options(random))
        };
        cuts += u32::from(create(&vfs, &mut random).is_err());
        let vfs = vfs.after_crash(operations);
        let log = create(&vfs, &mut random).unwrap();
        super::append_range(&log, 1, 3);
        let mut model = Model { acknowledged: 3, ..Model::default() };
        model.records.extend((1..=3).map(|lsn| (lsn, payload(lsn))));
        model.check(&mut open(&vfs, &model, &mut random).unwrap().1);
    }
    assert!(cuts > 5, "creation has steps to cut: {cuts}");
}
