//! Bytes that changed on the disk: found, or harmless.

use std::sync::Arc;

use super::{
    Log, Lsn, MemoryVfs, Random, SEGMENT_BYTES, append_range, assert_range, create, folder, open,
    options, replay, segment_path,
};
use crate::error::ErrorKind;
use crate::vfs::Vfs;

/// Guards the proof of durability: no single bad byte anywhere hides an acknowledged record or
/// changes one, also in the headers of segments and flushes.
#[test]
fn a_flipped_byte_is_found_or_harmless() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    append_range(&log, 1, 40);
    log.write_end_mark().unwrap();
    drop(log);
    let mut refused = 0;
    for sequence in 1.. {
        let path = segment_path(&folder(), sequence);
        if vfs.open(&path, crate::vfs::OpenMode::Read).is_err() {
            break;
        }
        for offset in (0..usize::try_from(SEGMENT_BYTES).unwrap()).step_by(3) {
            let damaged = vfs.copy();
            damaged.edit(&path, |bytes| bytes[offset] ^= 1 << (offset % 8));
            match open(&damaged, 0) {
                Ok((_log, mut recovery)) => assert_range(&replay(&mut recovery, 1), 1, 40),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Corrupt, "{sequence} {offset} {error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 1000, "damage to records is refused: {refused}");
}

/// The last flush may be torn by a crash: without a later flush that proves it, the log ends there.
#[test]
fn only_a_later_flush_makes_a_hole_of_a_torn_tail() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    append_range(&log, 1, 1);
    let (_, batch) = log.append(7, &super::payload(2), |_, _| ()).unwrap();
    log.flush(batch).unwrap();
    let path = segment_path(&folder(), 1);
    let break_at = |vfs: &MemoryVfs, offset: usize| {
        let damaged = vfs.copy();
        damaged.edit(&path, |bytes| bytes[offset] ^= 1);
        damaged
    };
    let first_frame = 4096 + 80;
    assert_eq!(open(&break_at(&vfs, first_frame), 0).err().unwrap().kind(), ErrorKind::Corrupt);
    let bytes = 80 + super::super::frame::frame_bytes(super::payload(1).len());
    let second_frame = first_frame + bytes.next_multiple_of(4096);
    let torn = break_at(&vfs, second_frame);
    let (log, mut recovery) = open(&torn, 1).unwrap();
    assert_range(&replay(&mut recovery, 1), 1, 1);
    // The record's number is given out again, and the torn flush is never seen any more.
    append_range(&log, 2, 5);
    drop(log);
    let whole_again = break_at(&torn, second_frame);
    let (_log, mut recovery) = open(&whole_again, 0).unwrap();
    assert_range(&replay(&mut recovery, 1), 1, 5);
    // Who knows by another way that the record was durable says so.
    assert_eq!(open(&break_at(&vfs, second_frame), 2).err().unwrap().kind(), ErrorKind::Corrupt);
}

/// Writes that went astray, overwritten runs, short files: never a panic, never a wrong record.
#[test]
fn arbitrary_damage_is_refused_or_leaves_a_prefix() {
    let vfs = MemoryVfs::default();
    append_range(&create(&vfs), 1, 120);
    let names = vfs.list(&folder()).unwrap();
    let mut outcomes = [0; 2];
    for seed in 0..1500 {
        let mut random = Random(seed);
        let damaged = vfs.copy();
        for _ in 0..=random.below(3) {
            damage(&damaged, &folder().join(&names[random.below(names.len())]), &mut random);
        }
        match open(&damaged, 0) {
            Ok((_log, mut recovery)) => {
                let last = recovery.last_lsn.0;
                assert_range(&replay(&mut recovery, 1), 1, last);
                outcomes[0] += 1;
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Corrupt, "{seed}: {error}");
                outcomes[1] += 1;
            }
        }
    }
    assert!(outcomes.iter().all(|count| *count > 50), "{outcomes:?}");
}

fn damage(vfs: &MemoryVfs, path: &std::path::Path, random: &mut Random) {
    vfs.edit(path, |bytes| {
        if bytes.is_empty() {
            return;
        }
        let blocks = bytes.len() / 4096;
        match random.below(4) {
            0 => {
                let begin = random.below(bytes.len());
                let end = bytes.len().min(begin + random.below(10_000));
                bytes[begin..end]
                    .iter_mut()
                    .for_each(|byte| *byte = random.word().to_le_bytes()[0]);
            }
            1 if blocks > 0 => {
                let from = random.below(blocks) * 4096;
                bytes.copy_within(from..from + 4096, random.below(blocks) * 4096);
            }
            2 => {
                let begin = random.below(bytes.len());
                let end = bytes.len().min(begin + random.below(10_000));
                bytes[begin..end].fill(0);
            }
            _ => bytes.truncate(random.below(blocks + 1) * 4096),
        }
    });
}

#[test]
fn a_missing_segment_is_refused() {
    let vfs = MemoryVfs::default();
    append_range(&create(&vfs), 1, 300);
    let names = vfs.list(&folder()).unwrap();
    assert!(names.len() > 4);
    for name in &names[..names.len() - 1] {
        let damaged = vfs.copy();
        damaged.remove(&folder().join(name)).unwrap();
        assert_eq!(open(&damaged, 0).err().unwrap().kind(), ErrorKind::Corrupt, "{name:?}");
    }
    let empty = MemoryVfs::default();
    assert_eq!(open(&empty, 0).err().unwrap().kind(), ErrorKind::Corrupt);
}

#[test]
fn a_log_that_begins_too_late_is_refused() {
    let vfs = MemoryVfs::default();
    let log = create(&vfs);
    append_range(&log, 1, 300);
    log.retain_from(Lsn(200)).unwrap();
    drop(log);
    assert_eq!(open(&vfs, 10).err().unwrap().kind(), ErrorKind::Corrupt);
    assert_eq!(open(&vfs, 301).err().unwrap().kind(), ErrorKind::Corrupt, "it ends too early too");
    let (_log, mut recovery) = open(&vfs, 199).unwrap();
    assert_range(&replay(&mut recovery, 200), 200, 300);
}

#[test]
fn another_store_or_version_is_told_apart() {
    let vfs = MemoryVfs::default();
    append_range(&create(&vfs), 1, 3);
    let other = Log::open(Arc::new(vfs.clone()), &folder(), 99, options(), Lsn(0));
    let error = other.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.message().contains("belongs to store"), "{error}");
    let error = {
        let newer = vfs.copy();
        newer.edit(&segment_path(&folder(), 1), |bytes| {
            for copy in [0, 2048] {
                bytes[copy + 8] = 2;
                let sum = crc32c::crc32c(&bytes[copy..copy + 84]);
                bytes[copy + 84..copy + 88].copy_from_slice(&sum.to_le_bytes());
            }
        });
        open(&newer, 0).err().unwrap()
    };
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}
