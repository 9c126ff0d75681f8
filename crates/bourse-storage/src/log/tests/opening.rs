//! What an open waits for: a first segment of no more than it needs, and a log that is read once.

use super::*;

/// Bytes of the files with this ending, by name.
fn files(vfs: &MemoryVfs, ending: &str) -> Vec<u64> {
    let names = crate::vfs::Vfs::list(vfs, &folder()).unwrap();
    let names = names.iter().filter(|name| name.extension().unwrap() == ending);
    let open = |name| crate::vfs::Vfs::open(vfs, &folder().join(name), OpenMode::Read).unwrap();
    names.map(|name| open(name).len().unwrap()).collect()
}

#[test]
fn a_log_begins_in_a_short_segment_and_leaves_one_for_the_next_open() {
    let vfs = MemoryVfs::default();
    let whole = || LogOptions { segment_bytes: 6 << 20, ..LogOptions::default() };
    let log = Log::create(Arc::new(vfs.clone()), &folder(), STORE, whole()).unwrap();
    assert_eq!(files(&vfs, "log"), [4 << 20]);
    assert!(log.wants_segment(), "it is soon full");
    log.prepare().unwrap();
    assert!(!log.wants_segment());
    // Too long for what the first segment has left, and for the first segment.
    append_range(&log, 1, 10);
    let long = vec![0x5a; 5 << 20];
    let (_, batch) = log.append(7, &long, |_, _| ()).unwrap();
    log.flush(batch).unwrap();
    assert_eq!(files(&vfs, "log"), [4 << 20, 6 << 20]);
    append_range(&log, 12, 20);
    log.close(Lsn(21), &[]).unwrap();
    assert_eq!(files(&vfs, "log"), [16 << 10]);
    assert_eq!(files(&vfs, "spare"), [4 << 20], "cut off to what an open needs");
    drop(log);

    let reopen = |needed| Log::open(Arc::new(vfs.clone()), &folder(), STORE, whole(), needed);
    let (log, recovery) = reopen(Lsn(20)).unwrap();
    assert_eq!(recovery.last_lsn, Lsn(20));
    assert_eq!((files(&vfs, "log"), files(&vfs, "spare")), (vec![16 << 10, 4 << 20], vec![]));
    append_range(&log, 21, 40);
    drop(log);
    // After a crash there is no spare file.
    let (log, mut recovery) = reopen(Lsn(20)).unwrap();
    assert_range(&replay(&mut recovery, 21), 21, 40);
    assert_eq!(files(&vfs, "log"), [16 << 10, 4 << 20, 4 << 20]);
    log.close(Lsn(41), &[]).unwrap();
    assert_eq!(files(&vfs, "spare"), [] as [u64; 0], "short segments are not kept");
}

#[test]
fn what_an_open_keeps_of_the_log_makes_no_difference() {
    let vfs = MemoryVfs::default();
    append_range(&create(&vfs), 1, 300);
    // Nothing, two of the segments, and all of them.
    for recovery_bytes_max in [0, 150 << 10, 64 << 20] {
        let image = vfs.copy();
        let options = LogOptions { recovery_bytes_max, ..options() };
        let (_, mut recovery) =
            Log::open(Arc::new(image.clone()), &folder(), STORE, options, Lsn(100)).unwrap();
        image.turn_off();
        let read = recovery.replay(Lsn(101), &mut |_, _| (), &mut |_| Ok(()));
        assert_eq!(read.is_ok(), recovery_bytes_max == 64 << 20, "then nothing is read again");
        image.turn_on();
        assert_range(&replay(&mut recovery, 101), 101, 300);
        assert_range(&replay(&mut recovery, 1), 1, 300);
    }
}
