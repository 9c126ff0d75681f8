//! Reading behind the writers: everything that is durable, once and in order, across segments and
//! opens; and what was given up is said to be gone.

use super::memory::{MemoryVfs, Random};
use super::{create, open, payload};
use crate::id::Lsn;
use crate::log::{Log, Tail, Tailed, Wanted};

/// Reads what there is up to `limit`, and checks that it goes on behind `seen`.
fn read_on(tail: &mut Tail, log: &Log, limit: Lsn, seen: &mut u64) {
    loop {
        match tail.next(log, limit).unwrap() {
            Tailed::Entry(entry) => {
                *seen += 1;
                assert_eq!(entry.lsn.0, *seen, "in order and without a gap");
                assert_eq!(entry.payload, payload(entry.lsn.0), "LSN {}", entry.lsn);
                assert_eq!(entry.payload.as_ptr().align_offset(16), 0, "read in place");
            }
            Tailed::End => return,
            Tailed::Gone(first) => panic!("gone before {first}, read to {seen}"),
        }
    }
}

#[test]
fn a_tail_reads_all_that_is_durable_as_it_comes() {
    let vfs = MemoryVfs::default();
    let mut log = create(&vfs);
    let mut random = Random(5);
    let mut tail = log.tail(Lsn(0));
    let (mut seen, mut last) = (0, 0);
    for turn in 0..600 {
        for _ in 0..=random.below(4) {
            last += 1;
            let (lsn, _) = log.append(1, &payload(last), |_, _| ()).unwrap();
            assert_eq!(lsn.0, last);
        }
        let durable = log.durable().1;
        read_on(&mut tail, &log, Lsn(u64::MAX), &mut seen);
        assert_eq!(seen, durable.0, "all that is durable, and no more");
        if random.below(2) == 0 {
            log.flush(log.open_batch()).unwrap();
            // A limit below what is durable holds.
            let limit = seen + (last - seen) / 2;
            read_on(&mut tail, &log, Lsn(limit), &mut seen);
            assert_eq!(seen, limit);
        }
        if turn % 97 == 96 {
            log.flush(log.open_batch()).unwrap();
            if turn % 2 == 0 {
                log.write_end_mark().unwrap();
            }
            drop(log);
            // A process that wrote nothing leaves a segment too.
            drop(open(&vfs, 0).unwrap());
            log = open(&vfs, 0).unwrap().0;
            tail = log.tail(Lsn(seen));
        }
    }
    log.flush(log.open_batch()).unwrap();
    read_on(&mut tail, &log, Lsn(u64::MAX), &mut seen);
    assert_eq!(seen, last);
    let mut again = 0;
    read_on(&mut log.tail(Lsn(0)), &log, Lsn(u64::MAX), &mut again);
    assert_eq!(again, last, "from the beginning, across {} opens", 6);
}

#[test]
fn what_was_given_up_is_gone_and_wanted_bytes_are_bounded() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    let mut slow = log.tail(Lsn(0));
    let mut seen = 0;
    for last in 1..=40_u64 {
        log.append(1, &payload(last), |_, _| ()).unwrap();
    }
    log.flush(log.open_batch()).unwrap();
    read_on(&mut slow, &log, Lsn(10), &mut seen);
    for last in 41..=900_u64 {
        let (_, batch) = log.append(1, &payload(last), |_, _| ()).unwrap();
        log.flush(batch).unwrap();
    }
    let before = log.bytes_retained();
    // Needed from the end on; wanted from the beginning, and there is room for it.
    log.retain(Lsn(900), &[Wanted { from: Lsn(1), bytes_max: before }]).unwrap();
    assert_eq!(log.bytes_retained(), before);
    assert_eq!(log.first_lsn(), Lsn(1));
    read_on(&mut slow, &log, Lsn(20), &mut seen);
    // No room for more than four files.
    let bytes_max = 4 * super::SEGMENT_BYTES;
    log.retain(Lsn(900), &[Wanted { from: Lsn(1), bytes_max }]).unwrap();
    assert!(log.bytes_retained() <= 6 * super::SEGMENT_BYTES, "{}", log.bytes_retained());
    let first = log.first_lsn();
    assert!(first > Lsn(20));
    // The segment it had open may be read to its end, for its file is still there or it is not.
    let gone = loop {
        match slow.next(&log, Lsn(u64::MAX)).unwrap() {
            Tailed::Entry(entry) => {
                seen += 1;
                assert_eq!(entry.lsn.0, seen);
                assert_eq!(entry.payload, payload(seen));
            }
            Tailed::Gone(first) => break first,
            Tailed::End => panic!("LSN {} is no longer there", seen + 1),
        }
    };
    assert_eq!(gone, first);
    // Files are used again: a reader of their former use finds nothing that is not its own.
    for last in 901..=2_000_u64 {
        let (_, batch) = log.append(1, &payload(last), |_, _| ()).unwrap();
        log.flush(batch).unwrap();
        log.retain_from(Lsn(last)).unwrap();
    }
    assert!(matches!(slow.next(&log, Lsn(u64::MAX)).unwrap(), Tailed::Gone(_)));
    let mut on = log.first_lsn().0 - 1;
    read_on(&mut log.tail(Lsn(on)), &log, Lsn(u64::MAX), &mut on);
    assert_eq!(on, 2_000);
}

/// Guards a reader at the end of a segment that is given up before it looks for the next one: it
/// was told that its next record was gone, which the log began with.
#[test]
fn a_reader_that_is_up_to_date_loses_nothing_when_its_segment_goes() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    let mut tail = log.tail(Lsn(0));
    let mut seen = 0;
    for last in 1..=2_000_u64 {
        let (_, batch) = log.append(1, &payload(last), |_, _| ()).unwrap();
        log.flush(batch).unwrap();
        log.retain_from(Lsn(seen + 1)).unwrap();
        read_on(&mut tail, &log, Lsn(u64::MAX), &mut seen);
        assert_eq!(seen, last);
        log.retain_from(Lsn(last + 1)).unwrap();
    }
    assert!(log.first_lsn() > Lsn(1_000));
}
