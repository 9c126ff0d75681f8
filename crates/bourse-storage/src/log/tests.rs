//! Tests of the log. Crashes are in `tests/crash.rs`, damage in `tests/damage.rs`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::segment::segment_path;
use super::{Entry, Log, LogOptions, MAX_RECORD, Recovery};
use crate::error::{ErrorKind, Result};
use crate::id::{Batch, Lsn};
use crate::sync;
use crate::vfs::OpenMode;

mod crash;
mod damage;
mod ending;
mod format;
mod hand_over;
mod memory;
mod opening;
mod tail;

use memory::{MemoryVfs, Random};

const STORE: u128 = 0x0123_4567_89ab_cdef_0011_2233_4455_6677;
const SEGMENT_BYTES: u64 = 64 << 10;

fn folder() -> PathBuf {
    PathBuf::from("store/log")
}

fn options() -> LogOptions {
    LogOptions { segment_bytes: SEGMENT_BYTES, buffer_bytes: 16 << 10, ..LogOptions::default() }
}

/// As [`options`]; batches may be closed while `may` says so.
fn options_closing(may: &Arc<AtomicBool>) -> LogOptions {
    let asked = Arc::clone(may);
    LogOptions { may_close: Box::new(move |_| asked.load(Ordering::Relaxed)), ..options() }
}

fn create(vfs: &MemoryVfs) -> Log {
    Log::create(Arc::new(vfs.clone()), &folder(), STORE, options()).unwrap()
}

fn open(vfs: &MemoryVfs, needed: u64) -> Result<(Log, Recovery)> {
    Log::open(Arc::new(vfs.clone()), &folder(), STORE, options(), Lsn(needed))
}

fn replay(recovery: &mut Recovery, from: u64) -> Vec<(u64, u8, Vec<u8>)> {
    let mut records = Vec::new();
    let each = &mut |entry: Entry<'_>| {
        assert_eq!(entry.payload.as_ptr().align_offset(16), 0, "records are read in place");
        records.push((entry.lsn.0, entry.kind, entry.payload.to_vec()));
        Ok(())
    };
    recovery.replay(Lsn(from), &mut |done, total| assert!(done <= total), each).unwrap();
    records
}

/// A payload that tells its seed, most short, some of several blocks.
fn payload(seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    let length = match random.below(10) {
        0 => 0,
        1..=7 => random.below(300),
        8 => random.below(5_000),
        _ => random.below(20_000),
    };
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        bytes.extend(random.word().to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Appends the records `first..=last`, each its own LSN's payload, flushing some of the time.
fn append_range(log: &Log, first: u64, last: u64) {
    let mut random = Random(first);
    for lsn in first..=last {
        let (got, batch) = log.append(7, &payload(lsn), |_, _| ()).unwrap();
        assert_eq!(got, Lsn(lsn));
        if lsn == last || random.below(3) == 0 {
            log.flush(batch).unwrap();
            assert!(log.durable().0 >= batch && log.durable().1 >= got);
        }
    }
}

fn assert_range(records: &[(u64, u8, Vec<u8>)], first: u64, last: u64) {
    assert_eq!(records.len() as u64, last + 1 - first);
    for (record, lsn) in records.iter().zip(first..) {
        assert_eq!((record.0, record.1), (lsn, 7));
        assert!(record.2 == payload(lsn), "record {lsn} is what was appended");
    }
}

#[test]
fn records_come_back_in_order_over_segments_and_opens() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    assert_eq!(log.open_batch(), Batch::first_of_open(1).next());
    append_range(&log, 1, 300);
    assert!(log.bytes_retained() > 3 * SEGMENT_BYTES, "several segments are in use");
    drop(log);
    for turn in 1..4 {
        let (log, mut recovery) = open(&vfs, 0).unwrap();
        assert_eq!(recovery.last_lsn, Lsn(300 * turn));
        assert_eq!(u64::from(recovery.open), turn + 1);
        assert_eq!(log.open_batch(), Batch::first_of_open(recovery.open).next());
        assert_range(&replay(&mut recovery, 1), 1, 300 * turn);
        assert_range(&replay(&mut recovery, 250), 250, 300 * turn);
        append_range(&log, 300 * turn + 1, 300 * turn + 300);
    }
}

/// Guards `retain_from` between a rotation and the first flush of the new segment: its header is
/// written with that flush, so until then the log begins with the segment before.
#[test]
fn a_log_keeps_a_segment_with_a_header_to_begin_with() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    let long = vec![1; 40 << 10];
    let (_, batch) = log.append(7, &long, |_, _| ()).unwrap();
    log.flush(batch).unwrap();
    let (_, batch) = log.append(7, &long, |_, _| ()).unwrap();
    log.retain_from(Lsn(2)).unwrap();
    let (_log, recovery) = open(&vfs.copy(), 1).unwrap();
    assert_eq!(recovery.last_lsn, Lsn(1));
    log.flush(batch).unwrap();
    log.retain_from(Lsn(2)).unwrap();
    assert_eq!(log.bytes_retained(), SEGMENT_BYTES);
    drop(log);
    assert_eq!(open(&vfs, 1).unwrap().1.last_lsn, Lsn(2));
}

#[test]
fn positions_ascend_and_progress_reaches_the_total() {
    let vfs = MemoryVfs::default();
    append_range(&create(&vfs), 1, 200);
    let (_log, mut recovery) = open(&vfs, 0).unwrap();
    let (mut positions, mut progress) = (Vec::new(), (0, 0));
    let bytes = recovery.bytes;
    let each = &mut |entry: Entry<'_>| {
        positions.push(entry.position);
        Ok(())
    };
    recovery.replay(Lsn(1), &mut |done, total| progress = (done, total), each).unwrap();
    assert!(positions.is_sorted());
    assert_eq!(progress, (bytes, bytes));
}

#[test]
fn an_error_of_the_visitor_ends_the_replay() {
    let vfs = MemoryVfs::default();
    append_range(&create(&vfs), 1, 20);
    let (_log, mut recovery) = open(&vfs, 0).unwrap();
    let mut visited = 0;
    let each = &mut |_: Entry<'_>| {
        visited += 1;
        if visited == 5 { Err(crate::Error::invalid("enough")) } else { Ok(()) }
    };
    let error = recovery.replay(Lsn(1), &mut |_, _| (), each).unwrap_err();
    assert_eq!((error.message(), visited), ("enough", 5));
}

#[test]
fn the_longest_record_fits_and_longer_ones_are_refused() {
    let vfs = MemoryVfs::default();
    let options = LogOptions::default;
    let log = Log::create(Arc::new(vfs.clone()), &folder(), STORE, options()).unwrap();
    let long = vec![0xa5; MAX_RECORD];
    for _ in 0..3 {
        let (_, batch) = log.append(1, &long, |_, _| ()).unwrap();
        log.append(2, b"short", |_, _| ()).unwrap();
        log.flush(batch).unwrap();
    }
    let too_long = vec![0; MAX_RECORD + 1];
    let error = log.append(1, &too_long, |_, _| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    log.flush(log.open_batch()).unwrap();
    let vfs = Arc::new(vfs);
    let (_log, mut recovery) = Log::open(vfs, &folder(), STORE, options(), Lsn(0)).unwrap();
    let records = replay(&mut recovery, 1);
    assert_eq!(records.len(), 6);
    assert!(records.iter().step_by(2).all(|record| record.2 == long));

    let small = create(&MemoryVfs::default());
    let limit = usize::try_from(SEGMENT_BYTES).unwrap() - 4096 - 80 - 48;
    assert!(small.append(1, &long[..limit], |_, _| ()).is_ok());
    assert!(small.append(1, &long[..limit + 1], |_, _| ()).is_err());
}

#[test]
fn batches_close_when_told_and_when_flushed() {
    let log = create(&MemoryVfs::default());
    let first = log.open_batch();
    assert_eq!(log.close_batch().next(), first, "an empty batch stays open");
    let mut told = None;
    let (lsn, batch) = log.append(1, b"a", |lsn, batch| told = Some((lsn, batch))).unwrap();
    assert_eq!((told, batch), (Some((lsn, batch)), first));
    assert_eq!(log.close_batch_if(|open| open != first).next(), first);
    assert_eq!(log.close_batch(), first);
    assert_eq!(log.append(1, b"b", |_, _| ()).unwrap().1, first.next());
    assert_eq!(log.durable(), (Batch(first.0 - 1), Lsn(0)));
    log.flush(first).unwrap();
    assert_eq!(log.durable(), (first.next(), Lsn(2)), "one flush took both batches");
    assert_eq!(log.open_batch(), first.next().next());
    log.flush(log.open_batch()).unwrap();
    assert_eq!(log.statistics().flushes, 1, "nothing was left to flush");
    assert_eq!(log.statistics().records, 2);
}

#[test]
fn a_last_record_closes_its_batch_where_it_may() {
    let vfs = MemoryVfs::default();
    let may = Arc::new(AtomicBool::new(true));
    let options = options_closing(&may);
    let log = Log::create(Arc::new(vfs.clone()), &folder(), STORE, options).unwrap();
    let (_, first) = log.append(1, b"", |_, _| ()).unwrap();
    assert_eq!(log.append_last(1, b"", |_, _| ()).unwrap().1, first, "it joins the open batch");
    assert_eq!(log.open_batch(), first.next());
    may.store(false, Ordering::Relaxed);
    assert_eq!(log.append_last(1, b"", |_, _| ()).unwrap().1, first.next());
    assert_eq!(log.open_batch(), first.next(), "as many are closed as may be");
}

#[test]
fn a_batch_that_may_not_close_collects_until_it_may() {
    let may = Arc::new(AtomicBool::new(false));
    let hook = may.clone();
    let options =
        LogOptions { may_close: Box::new(move |_| hook.load(Ordering::Acquire)), ..options() };
    let vfs = Arc::new(MemoryVfs::default());
    let log = Arc::new(Log::create(vfs, &folder(), STORE, options).unwrap());
    let (_, batch) = log.append(1, b"a", |_, _| ()).unwrap();
    let flusher = log.clone();
    let flush = sync::spawn("flush", move || flusher.flush(batch));
    for _ in 0..50 {
        assert_eq!(log.append(1, b"b", |_, _| ()).unwrap().1, batch);
        sync::yield_now();
    }
    assert!(log.durable().0 < batch);
    may.store(true, Ordering::Release);
    flush.join().unwrap().unwrap();
    assert_eq!(log.durable(), (batch, Lsn(51)));
}

#[test]
fn appenders_that_never_flush_write_full_buffers_themselves() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    for _ in 0..100 {
        log.append(1, &[7; 1000], |_, _| ()).unwrap();
    }
    assert!(log.statistics().flushes >= 5);
    assert!(log.durable().1 >= Lsn(80), "at most one buffer is not durable");
}

#[test]
fn eight_threads_are_durable_in_order() {
    let vfs = MemoryVfs::default();
    let log = Arc::new(create(&vfs));
    let threads: Vec<_> = (0..8_u64)
        .map(|thread| {
            let log = log.clone();
            sync::spawn("client", move || {
                let mut appended = Vec::new();
                for turn in 0..200_u64 {
                    let bytes = payload(thread << 32 | turn);
                    let (lsn, batch) = log.append(1, &bytes, |_, _| ()).unwrap();
                    log.flush(batch).unwrap();
                    let (durable_batch, durable_lsn) = log.durable();
                    assert!(durable_batch >= batch && durable_lsn >= lsn);
                    appended.push((lsn.0, bytes));
                    if log.wants_segment() {
                        log.prepare().unwrap();
                    }
                }
                appended
            })
        })
        .collect();
    let mut appended: Vec<_> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    appended.sort();
    assert!(appended.iter().map(|record| record.0).eq(1..=1600), "LSNs have no gap");
    assert_eq!(log.statistics().records, 1600);
    let (_log, mut recovery) = open(&vfs, 0).unwrap();
    let records = replay(&mut recovery, 1).into_iter().map(|record| (record.0, record.2));
    assert!(records.eq(appended));
}

#[test]
fn segments_are_given_up_recycled_and_counted() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    append_range(&log, 1, 300);
    let (all, since) = (log.bytes_retained(), log.bytes_since(Lsn(290)));
    assert!(since < all && since > 0 && log.bytes_since(Lsn(0)) > since);
    log.retain_from(Lsn(250)).unwrap();
    assert!(log.bytes_retained() < all);
    let spares = |vfs: &MemoryVfs| {
        let names = crate::vfs::Vfs::list(vfs, &folder()).unwrap();
        names.iter().filter(|name| name.extension().unwrap() == "spare").count()
    };
    assert_eq!(spares(&vfs), 3);
    append_range(&log, 301, 600);
    assert_eq!(spares(&vfs), 1, "the spares became segments, but for that of the next open");
    log.retain_from(Lsn(u64::MAX)).unwrap();
    assert_eq!(log.bytes_retained(), SEGMENT_BYTES, "the newest segment stays");
    append_range(&log, 601, 700);
    drop(log);
    let (_log, mut recovery) = open(&vfs, 600).unwrap();
    assert_range(&replay(&mut recovery, 601), 601, 700);
    let error = recovery.replay(Lsn(1), &mut |_, _| (), &mut |_| Ok(())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

/// Guards that short flushes after long ones soon go to a file that was written before, and that
/// the one they leave is not used again.
#[test]
fn short_flushes_leave_a_segment_that_nothing_was_written_to() {
    const MEBIBYTE: usize = 1 << 20;
    let vfs = MemoryVfs::default();
    let options = || LogOptions { segment_bytes: 4 << 20, ..LogOptions::default() };
    let log = Log::create(Arc::new(vfs.clone()), &folder(), STORE, options()).unwrap();
    let append = |log: &Log, bytes: usize| {
        let (_, batch) = log.append(1, &vec![7; bytes], |_, _| ()).unwrap();
        log.flush(batch).unwrap();
    };
    let files = |ending: &str| {
        let names = crate::vfs::Vfs::list(&vfs, &folder()).unwrap();
        names.iter().filter(|name| name.extension().unwrap() == ending).count()
    };
    // What comes after these is prepared for more of them.
    (0..3).for_each(|_| append(&log, MEBIBYTE));
    assert!(log.wants_segment());
    log.prepare().unwrap();
    append(&log, MEBIBYTE);
    append(&log, MEBIBYTE / 2);
    assert_eq!(files("log"), 2);
    (0..20).for_each(|_| append(&log, 100));
    assert!(log.wants_segment(), "it is far from its end");
    log.prepare().unwrap();
    append(&log, 100);
    append(&log, 100);
    assert_eq!(files("log"), 3);
    assert!(!log.wants_segment(), "that one was filled");
    log.retain_from(Lsn(u64::MAX)).unwrap();
    assert_eq!((files("log"), files("spare")), (1, 1), "the first one is used again");
    drop(log);
    let (_log, mut recovery) =
        Log::open(Arc::new(vfs.clone()), &folder(), STORE, options(), Lsn(26)).unwrap();
    assert_eq!(replay(&mut recovery, 27).len(), 1);
}

/// Guards what a store at rest takes, and that the end is found in a segment of its own.
#[test]
fn a_closed_log_takes_its_end_and_one_spare_segment() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    append_range(&log, 1, 300);
    log.retain_from(Lsn(250)).unwrap();
    log.prepare().unwrap();
    append_range(&log, 301, 310);
    log.close(Lsn(311), &[]).unwrap();
    let sizes = |vfs: &MemoryVfs| -> Vec<u64> {
        let names = crate::vfs::Vfs::list(vfs, &folder()).unwrap();
        let open = |name| crate::vfs::Vfs::open(vfs, &folder().join(name), OpenMode::Read).unwrap();
        let mut sizes: Vec<u64> = names.iter().map(|name| open(name).len().unwrap()).collect();
        sizes.sort_unstable();
        sizes
    };
    assert_eq!(sizes(&vfs), [16 << 10, SEGMENT_BYTES]);
    append_range(&log, 311, 320);
    drop(log);
    let (log, mut recovery) = open(&vfs, 310).unwrap();
    assert_range(&replay(&mut recovery, 311), 311, 320);
    append_range(&log, 321, 330);
    log.close(Lsn(321), &[]).unwrap();
    log.close(Lsn(331), &[]).unwrap();
    assert_eq!(sizes(&vfs), [16 << 10, SEGMENT_BYTES]);
    drop(log);
    let (_log, recovery) = open(&vfs, 330).unwrap();
    assert_eq!(recovery.last_lsn, Lsn(330));
}

/// Guards that a store closes on a full disk, with its end mark where it is.
#[test]
fn a_log_closes_on_a_full_disk() {
    let vfs = MemoryVfs::default();
    vfs.set_room(SEGMENT_BYTES);
    let log = create(&vfs);
    append_range(&log, 1, 2);
    log.close(Lsn(3), &[]).unwrap();
    drop(log);
    vfs.set_room(2 * SEGMENT_BYTES);
    let (_log, mut recovery) = open(&vfs, 0).unwrap();
    assert_range(&replay(&mut recovery, 1), 1, 2);
}

#[test]
fn a_full_disk_is_told_before_an_lsn_is_taken() {
    let vfs = MemoryVfs::default();
    vfs.set_room(3 * SEGMENT_BYTES + 1);
    let log = create(&vfs);
    let mut last = Lsn(0);
    let error = loop {
        match log.append(1, &[1; 1000], |lsn, _| last = lsn) {
            Ok(_) => continue,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Full);
    assert_eq!(log.reserve(1000).unwrap_err().kind(), ErrorKind::Full);
    log.flush(log.close_batch()).unwrap();
    assert_eq!(log.durable().1, last, "what was appended is not affected");
    log.retain_from(last).unwrap();
    log.reserve(1000).unwrap();
    assert_eq!(log.append(1, &[1; 1000], |_, _| ()).unwrap().0, last.next());
    log.flush(log.open_batch()).unwrap();
    assert_eq!(log.prepare().unwrap_err().kind(), ErrorKind::Full);
    // The last spare file was kept for this: a store on a full disk must open.
    let (_log, mut recovery) = open(&vfs, last.0).unwrap();
    assert_eq!(replay(&mut recovery, last.0 + 1).len(), 1);
}

#[test]
fn reserve_counts_the_flush_that_a_record_may_need() {
    // Whatever fills the segment, a record that was reserved finds room without a new one.
    let vfs = MemoryVfs::default();
    vfs.set_room(SEGMENT_BYTES);
    let log = create(&vfs);
    let mut random = Random(11);
    let mut reserved = 0;
    loop {
        let length = random.below(3000);
        if let Err(error) = log.reserve(length) {
            assert_eq!(error.kind(), ErrorKind::Full);
            break;
        }
        let (_, batch) = log.append(1, &vec![3; length], |_, _| ()).unwrap();
        reserved += 1;
        if random.below(4) == 0 {
            log.flush(batch).unwrap();
        }
    }
    assert!(reserved > 10);
}

#[test]
fn a_failed_write_is_final() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    append_range(&log, 1, 10);
    let durable = log.durable();
    vfs.fail_durable_write_after(0);
    let (_, batch) = log.append(7, b"lost", |_, _| ()).unwrap();
    let error = log.flush(batch).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "write", "the first failure is told");
    vfs.fail_durable_write_after(1000);
    assert_eq!(log.flush(batch).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(log.append(7, b"x", |_, _| ()).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(log.prepare().unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(log.write_end_mark().unwrap_err().kind(), ErrorKind::Closed);
    assert!(!log.wants_segment());
    assert_eq!(log.durable(), durable);
    log.flush(durable.0).unwrap();
    let (_log, mut recovery) = open(&vfs, 0).unwrap();
    assert_range(&replay(&mut recovery, 1), 1, 10);
}

#[test]
fn a_failure_to_make_a_segment_is_final_unless_the_disk_is_full() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    let (_, batch) = log.append(1, b"a", |_, _| ()).unwrap();
    vfs.turn_off();
    assert_eq!(log.prepare().unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(log.append(1, b"b", |_, _| ()).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(log.flush(batch).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(log.reserve(1).unwrap_err().kind(), ErrorKind::Closed);
}

#[test]
fn open_counts_end_before_they_repeat() {
    assert_eq!(super::open::next_open(1).unwrap(), 2);
    assert_eq!(super::open::next_open((1 << 24) - 1).unwrap_err().kind(), ErrorKind::Full);
}

#[test]
fn a_failed_write_reaches_all_who_wait() {
    for writes in 0..6 {
        let vfs = MemoryVfs::default();
        let log = Arc::new(create(&vfs));
        vfs.fail_durable_write_after(writes);
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let log = log.clone();
                sync::spawn("client", move || {
                    let mut acknowledged = Lsn(0);
                    let failed = (0..100).find_map(|_| {
                        let appended = log.append(1, &[5; 200], |_, _| ());
                        let flushed = appended.and_then(|(lsn, batch)| {
                            log.flush(batch)?;
                            acknowledged = lsn;
                            Ok(())
                        });
                        flushed.err()
                    });
                    (acknowledged, failed.unwrap().kind())
                })
            })
            .collect();
        let ends: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        let (_log, recovery) = open(&vfs, 0).unwrap();
        assert!(ends.iter().all(|end| end.1 == ErrorKind::Closed && end.0 <= recovery.last_lsn));
    }
}

#[test]
fn a_log_is_created_once() {
    let vfs = MemoryVfs::default();
    drop(create(&vfs));
    // Without a record this may be a creation that was cut off: it is made anew.
    append_range(&create(&vfs), 1, 3);
    let again = Log::create(Arc::new(vfs.clone()), &folder(), STORE, options());
    assert_eq!(again.err().unwrap().kind(), ErrorKind::InvalidInput);
    let (_log, mut recovery) = open(&vfs, 0).unwrap();
    assert_range(&replay(&mut recovery, 1), 1, 3);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let refused = |options: LogOptions| {
        let vfs = Arc::new(MemoryVfs::default());
        Log::create(vfs, Path::new("log"), STORE, options).err().unwrap().kind()
            == ErrorKind::InvalidInput
    };
    assert!(refused(LogOptions { segment_bytes: 65_537, ..LogOptions::default() }));
    assert!(refused(LogOptions { segment_bytes: 4096, ..LogOptions::default() }));
    assert!(refused(LogOptions { buffer_bytes: 1, ..LogOptions::default() }));
    assert!(refused(LogOptions { flushes_in_flight: 0, ..LogOptions::default() }));
}
