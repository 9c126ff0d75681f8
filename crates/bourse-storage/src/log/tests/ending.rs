//! A log that ends before its bytes do: where, what is left of the rest, and what it goes on with.
//! Crashes are in `ending/crash.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{
    MemoryVfs, SEGMENT_BYTES, STORE, create, folder, options, options_closing, payload,
    segment_path,
};
use crate::error::{Error, ErrorKind, Result};
use crate::id::Lsn;
use crate::log::{Ending, Entry, Log, LogOptions, Origin, Recovery, Tailed};
use crate::vfs::Vfs;

mod crash;

/// Ends an entry of the group; records of other kinds are parts of one.
const LAST: u8 = 9;
const PART: u8 = 7;

/// A record of a log, whose LSN is its place among them.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Record {
    kind: u8,
    origin: Origin,
    payload: Vec<u8>,
}

impl Record {
    fn of(entry: &Entry<'_>) -> Record {
        Record { kind: entry.kind, origin: entry.origin, payload: entry.payload.to_vec() }
    }
}

fn open_cut(vfs: &MemoryVfs, needed: u64, ending: Ending) -> Result<(Log, Recovery)> {
    Log::open_cut(Arc::new(vfs.clone()), &folder(), STORE, options(), Lsn(needed), ending)
}

fn at_most(lsn: u64) -> Ending {
    Ending { at_most: Some(Lsn(lsn)), ..Ending::default() }
}

fn behind(kind: u8) -> Ending {
    Ending { kind: Some(kind), ..Ending::default() }
}

/// Appends records of a kind, in a flush of their own, and notes them.
fn append(log: &Log, records: &mut Vec<Record>, kind: u8, count: usize) {
    for _ in 0..count {
        let lsn = records.len() as u64 + 1;
        let origin = Origin { group: 3, term: u64::from(log.open_batch().open()), index: lsn };
        let payload = payload(lsn << 8 | origin.term);
        let appended = if kind == LAST {
            log.append_entry(kind, origin, &payload, |_, _| ())
        } else {
            log.append_shipped(kind, origin, &payload, |_, _| ())
        };
        assert_eq!(appended.unwrap().0, Lsn(lsn));
        records.push(Record { kind, origin, payload });
    }
    log.flush(log.open_batch()).unwrap();
}

/// The records of a log by its recovery, and by a tail of it: they are the same.
fn read(log: &Log, recovery: &mut Recovery, needed: u64) -> Vec<Record> {
    let mut replayed = Vec::new();
    let each = &mut |entry: Entry<'_>| {
        assert_eq!(entry.lsn.0, needed + 1 + replayed.len() as u64);
        replayed.push(Record::of(&entry));
        Ok::<(), Error>(())
    };
    let mut progress = (0, 0);
    recovery.replay(Lsn(needed + 1), &mut |done, total| progress = (done, total), each).unwrap();
    assert_eq!(progress.0, progress.1, "as much is read as was to be read");
    assert_eq!(recovery.last_lsn.0, needed + replayed.len() as u64);
    assert_eq!(follow(log, needed), replayed, "a tail reads the same");
    replayed
}

fn follow(log: &Log, after: u64) -> Vec<Record> {
    let mut tail = log.tail(Lsn(after));
    let mut followed = Vec::new();
    while let Tailed::Entry(entry) = tail.next(log, Lsn(u64::MAX)).unwrap() {
        assert_eq!(entry.lsn.0, after + 1 + followed.len() as u64);
        followed.push(Record::of(&entry));
    }
    followed
}

/// Opens and compares: the log has these records and no other.
fn check(vfs: &MemoryVfs, needed: u64, ending: Ending, records: &[Record], cut: usize) -> Log {
    let (log, mut recovery) = open_cut(vfs, needed, ending).unwrap();
    assert_eq!((recovery.last_lsn.0, recovery.cut), (records.len() as u64, cut as u64));
    let needed = usize::try_from(needed).unwrap();
    assert!(read(&log, &mut recovery, needed as u64) == records[needed..], "old ones, no other");
    assert_eq!(log.last_lsn(), recovery.last_lsn);
    assert_eq!(log.durable().1, recovery.last_lsn);
    assert_eq!(log.open_batch().open(), recovery.open);
    log
}

/// Entries of one to four records in flushes of their own, over several segments.
fn entries(vfs: &MemoryVfs, count: usize) -> Vec<Record> {
    let log = create(vfs);
    let mut records = Vec::new();
    for turn in 0..count {
        append(&log, &mut records, PART, turn % 4);
        append(&log, &mut records, LAST, 1);
    }
    assert!(vfs.list(&folder()).unwrap().len() > 2, "several segments are in use");
    records
}

/// Where each segment begins, by a look at the positions of the records.
fn ends_of_segments(vfs: &MemoryVfs) -> Vec<u64> {
    let (_log, mut recovery) = open_cut(&vfs.copy(), 0, Ending::default()).unwrap();
    let (mut ends, mut segment) = (Vec::new(), 1);
    let each = &mut |entry: Entry<'_>| {
        if entry.position.segment > segment {
            segment = entry.position.segment;
            ends.push(entry.lsn.0 - 1);
        }
        Ok(())
    };
    recovery.replay(Lsn(1), &mut |_, _| (), each).unwrap();
    ends
}

/// Guards points that do not depend on where: each record is the last one once, whether it lies in
/// the middle of a flush, at the end of one, or of a segment.
#[test]
fn a_log_ends_at_any_record_and_goes_on_there() {
    let vfs = MemoryVfs::default();
    let records = entries(&vfs, 60);
    let ends = ends_of_segments(&vfs);
    assert!(ends.len() > 2);
    for last in 0..=records.len() {
        let vfs = vfs.copy();
        let mut left = records[..last].to_vec();
        let cut = records.len() - last;
        let log = check(&vfs, 0, at_most(last as u64), &left, cut);
        // A segment for the records that are left, and the one that goes on.
        let segments = 1 + ends.iter().filter(|end| **end < last as u64).count() as u64;
        assert_eq!(log.bytes_retained(), (segments + 1) * SEGMENT_BYTES);
        assert_eq!(log.first_lsn(), Lsn(1));
        append(&log, &mut left, PART, 3);
        append(&log, &mut left, LAST, 1);
        assert!(follow(&log, 0) == left, "across the cut");
        drop(log);
        // With no ending, with the same kind of ending, and cut again.
        drop(check(&vfs, 0, Ending::default(), &left, 0));
        drop(check(&vfs, 0, behind(LAST), &left, 0));
        drop(check(&vfs, 0, at_most(last as u64 + 1), &left[..last + 1], 3));
        drop(check(&vfs, 0, at_most((last / 2) as u64), &left[..last / 2], last + 1 - last / 2));
        drop(check(&vfs, 0, Ending::default(), &left[..last / 2], 0));
    }
}

#[test]
fn a_log_ends_behind_the_last_whole_record_of_a_kind() {
    let vfs = MemoryVfs::default();
    let mut records = entries(&vfs, 30);
    drop(check(&vfs.copy(), 0, behind(LAST), &records, 0));
    let (log, _) = open_cut(&vfs, 0, Ending::default()).unwrap();
    let whole = records.len();
    append(&log, &mut records, PART, 5);
    drop(check(&vfs.copy(), 0, behind(LAST), &records[..whole], 5));
    // Both: the last of the kind that is not behind.
    let both = |last: usize| Ending { at_most: Some(Lsn(last as u64)), ..behind(LAST) };
    for most in [whole - 2, whole, whole + 2, whole + 50] {
        let last = records[..most.min(records.len())].iter().rposition(|r| r.kind == LAST);
        let last = last.unwrap() + 1;
        drop(check(&vfs.copy(), 0, both(most), &records[..last], records.len() - last));
    }
    // One of the kind that was torn is not there.
    append(&log, &mut records, LAST, 1);
    drop(log);
    drop(check(&vfs.copy(), 0, behind(LAST), &records, 0));
    tear(&vfs, records.len() as u64);
    drop(check(&vfs.copy(), 0, behind(LAST), &records[..whole], 5));
    // Of what is needed the log has the last: it ends there, or at one of the kind behind it.
    let needed = whole as u64 + 2;
    drop(check(&vfs.copy(), needed, behind(LAST), &records[..whole + 2], 3));
    drop(check(&vfs.copy(), needed, behind(PART), &records[..whole + 5], 0));
    drop(check(&vfs.copy(), 0, behind(77), &[], whole + 5));
}

/// Breaks a record of the log where it lies.
fn tear(vfs: &MemoryVfs, lsn: u64) {
    let (_log, mut recovery) = open_cut(&vfs.copy(), 0, Ending::default()).unwrap();
    let mut place = None;
    let each = &mut |entry: Entry<'_>| {
        place = place.or(Some(entry.position));
        Ok(())
    };
    recovery.replay(Lsn(lsn), &mut |_, _| (), each).unwrap();
    let place = place.unwrap();
    let offset = usize::try_from(place.offset).unwrap();
    vfs.edit(&segment_path(&folder(), place.segment), |bytes| bytes[offset + 9] ^= 1);
}

/// Guards what checkpoints hold: it cannot be taken back, and trying changes nothing.
#[test]
fn a_log_never_ends_before_what_is_needed() {
    let vfs = MemoryVfs::default();
    let records = entries(&vfs, 40);
    let names = vfs.list(&folder()).unwrap();
    let error = open_cut(&vfs, 50, at_most(49)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.message().contains("checkpoints"), "{error}");
    assert_eq!(vfs.list(&folder()).unwrap(), names);
    drop(check(&vfs.copy(), 50, at_most(50), &records[..50], records.len() - 50));
    // The log begins with the segment that is needed, and is cut off to nothing of it.
    let needed = *ends_of_segments(&vfs).last().unwrap();
    let (log, _) = open_cut(&vfs, 0, Ending::default()).unwrap();
    log.retain_from(Lsn(needed + 1)).unwrap();
    assert_eq!(log.first_lsn(), Lsn(needed + 1));
    drop(log);
    let mut left = records[..usize::try_from(needed).unwrap()].to_vec();
    let cut = records.len() - left.len();
    let log = check(&vfs, needed, at_most(needed), &left, cut);
    assert_eq!(log.first_lsn(), Lsn(needed + 1));
    append(&log, &mut left, LAST, 4);
    log.retain_from(Lsn(needed + 2)).unwrap();
    assert_eq!(log.bytes_retained(), SEGMENT_BYTES, "the cut segment is given up");
    drop(log);
    drop(check(&vfs, needed, Ending::default(), &left, 0));
}

/// Guards the proof of durability at a cut: damage to what is kept is found, and damage to what is
/// taken back stands in nobody's way.
#[test]
fn damage_counts_up_to_the_cut() {
    let vfs = MemoryVfs::default();
    let records = entries(&vfs, 40);
    let damaged = vfs.copy();
    tear(&damaged, 60);
    let refused = |needed, ending| {
        let error = open_cut(&damaged.copy(), needed, ending).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
    };
    refused(0, Ending::default());
    refused(0, behind(LAST));
    refused(0, at_most(60));
    refused(0, at_most(1000));
    refused(60, at_most(60));
    drop(check(&damaged.copy(), 0, at_most(59), &records[..59], 0));
    drop(check(&damaged.copy(), 0, at_most(20), &records[..20], 39));
    let mut left = records[..40].to_vec();
    let log = check(&damaged, 40, at_most(40), &left, 19);
    append(&log, &mut left, LAST, 3);
    drop(log);
    drop(check(&damaged, 0, Ending::default(), &left, 0));
    // A later cut needs less: up to it all is there.
    tear(&damaged, 30);
    assert!(open_cut(&damaged.copy(), 0, Ending::default()).is_err());
    drop(check(&damaged, 0, at_most(29), &left[..29], 0));
}

/// Guards the files that tell of damage which `at_most` lets pass: until the log ends before it,
/// whoever opens with another ending is told.
#[test]
fn damage_is_told_until_it_is_cut_off() {
    let vfs = MemoryVfs::default();
    let records = entries(&vfs, 40);
    // The last record of a segment: only later segments tell that it was durable.
    let lost = ends_of_segments(&vfs)[0];
    tear(&vfs, lost);
    let most = lost - 3;
    let mut refused = 0;
    for operations in 1..60 {
        let crashed = vfs.copy();
        crashed.crash_after(operations);
        let _ = open_cut(&crashed, 0, at_most(most));
        let crashed = crashed.after_crash(operations);
        let cut = match open_cut(&crashed.copy(), 0, Ending::default()) {
            Ok((_, recovery)) => {
                assert_eq!(recovery.last_lsn, Lsn(most), "it is cut off");
                0
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
                refused += 1;
                2
            }
        };
        let left = &records[..usize::try_from(most).unwrap()];
        drop(check(&crashed, 0, at_most(most), left, cut));
    }
    assert!((5..50).contains(&refused), "{refused}");
}

/// Guards against records that come back: with the header of the segment that cut them off lost,
/// what is behind the cut looks whole. Any flush or header that was written since tells.
#[test]
fn a_lost_header_brings_back_nothing() {
    let vfs = MemoryVfs::default();
    let records = entries(&vfs, 40);
    let mut left = records[..50].to_vec();
    let log = check(&vfs, 0, at_most(50), &left, records.len() - 50);
    let sequence = log.state.lock().segment_sequence();
    let lost = |vfs: &MemoryVfs| {
        let damaged = vfs.copy();
        damaged.edit(&segment_path(&folder(), sequence), |bytes| bytes[..4096].fill(0));
        for ending in [Ending::default(), behind(LAST), at_most(70)] {
            assert_eq!(open_cut(&damaged, 0, ending).err().unwrap().kind(), ErrorKind::Corrupt);
        }
    };
    append(&log, &mut left, LAST, 1);
    lost(&vfs);
    // The flushes and what they tell are in later segments, which nothing leads to.
    while log.state.lock().segment_sequence() < sequence + 2 {
        append(&log, &mut left, LAST, 1);
    }
    lost(&vfs);
    let path = segment_path(&folder(), sequence);
    let damaged = vfs.copy();
    damaged.remove(&path).unwrap();
    assert_eq!(open_cut(&damaged, 0, behind(LAST)).err().unwrap().kind(), ErrorKind::Corrupt);
    drop(log);
    drop(check(&vfs, 0, Ending::default(), &left, 0));
}

/// Guards recycling: files behind a cut are used again at once, with their old bytes in them.
#[test]
fn files_behind_a_cut_are_used_again() {
    let vfs = MemoryVfs::default();
    let records = entries(&vfs, 80);
    let files = vfs.list(&folder()).unwrap().len();
    let mut left = records[..10].to_vec();
    for turn in 0..6 {
        let cut = if turn == 0 { records.len() - 10 } else { left.len() - 10 };
        left.truncate(10);
        let log = check(&vfs, 0, at_most(10), &left, cut);
        assert_eq!(log.bytes_retained(), 2 * SEGMENT_BYTES);
        let names = vfs.list(&folder()).unwrap();
        assert!(names.len() <= 5, "two segments and spares: {names:?}");
        assert!(names.iter().any(|name| name.extension().unwrap() == "spare"));
        // As before, so that what is written differs in its term only.
        for turn in 2..60 {
            append(&log, &mut left, PART, turn % 4);
            append(&log, &mut left, LAST, 1);
        }
        drop(log);
        drop(check(&vfs.copy(), 0, Ending::default(), &left, 0));
    }
    assert!(vfs.list(&folder()).unwrap().len() <= files + 1);
}

/// Guards the bounds of files: a record as long as a segment takes, cut off and kept.
#[test]
fn long_records_are_cut_off_too() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    let longest = usize::try_from(SEGMENT_BYTES).unwrap() - 4096 - 80 - 48;
    let origin = Origin::default();
    let mut records = Vec::new();
    for turn in 0..8_u8 {
        let payload = vec![turn; if turn % 2 == 0 { longest } else { 100 }];
        let (_, batch) = log.append_entry(LAST, origin, &payload, |_, _| ()).unwrap();
        log.flush(batch).unwrap();
        records.push(Record { kind: LAST, origin, payload });
    }
    drop(log);
    for last in (0..8).rev() {
        let log = check(&vfs, 0, at_most(last as u64), &records[..last], 1);
        assert_eq!(log.bytes_since(Lsn(last as u64 + 1)), 0);
        drop(log);
    }
}

#[test]
fn the_last_record_of_an_entry_has_its_origin_and_closes_its_batch() {
    let vfs = MemoryVfs::default();
    let may = Arc::new(AtomicBool::new(true));
    let options = options_closing(&may);
    let log = Log::create(Arc::new(vfs.clone()), &folder(), STORE, options).unwrap();
    log.set_origin(Origin { group: 1, term: 1, index: 1 });
    let origin = Origin { group: 5, term: 6, index: 7 };
    let mut told = None;
    let first = log.append_entry(LAST, origin, b"a", |lsn, batch| told = Some((lsn, batch)));
    let (lsn, batch) = first.unwrap();
    assert_eq!((told, lsn), (Some((lsn, batch)), Lsn(1)));
    assert_eq!(log.open_batch(), batch.next(), "nothing joins it");
    may.store(false, Ordering::Relaxed);
    let second = log.append_entry(LAST, origin, b"b", |_, _| ()).unwrap().1;
    assert_eq!((second, log.open_batch()), (batch.next(), batch.next()));
    may.store(true, Ordering::Relaxed);
    assert_eq!(log.append(PART, b"c", |_, _| ()).unwrap().1, second);
    log.flush(second).unwrap();
    let origins: Vec<_> = follow(&log, 0).into_iter().map(|record| record.origin).collect();
    assert_eq!(origins, [origin, origin, Origin { group: 1, term: 1, index: 1 }]);
}
