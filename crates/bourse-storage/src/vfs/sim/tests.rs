//! What a simulated disk keeps, loses, tears and refuses.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::{BLOCK_BYTES, Counters, Fault, SimVfs};
use crate::error::{Error, ErrorKind, Result};
use crate::sync::sim::{Options, Outcome, Random, current, run};
use crate::sync::spawn;
use crate::vfs::{File, OpenMode, Vfs};

#[repr(align(4096))]
struct Block([u8; BLOCK_BYTES]);

fn block(byte: u8) -> Box<Block> {
    Box::new(Block([byte; BLOCK_BYTES]))
}

fn refused<T>(result: Result<T>) -> Error {
    result.err().expect("it is refused")
}

fn root() -> &'static Path {
    Path::new("/")
}

/// A durable file of `blocks` blocks full of ones.
fn durable_file(vfs: &SimVfs, path: &str, blocks: u64) -> Arc<dyn File> {
    let file = vfs.open(Path::new(path), OpenMode::Create).unwrap();
    for position in 0..blocks {
        file.write_at(&block(1).0, position * 4096).unwrap();
    }
    file.sync().unwrap();
    vfs.sync_folder(root()).unwrap();
    file
}

fn read(vfs: &SimVfs, path: &str, offset: u64) -> Box<Block> {
    let mut found = block(0);
    vfs.open(Path::new(path), OpenMode::Read).unwrap().read_at(&mut found.0, offset).unwrap();
    found
}

#[test]
fn reads_see_what_was_written_and_only_that() {
    let vfs = SimVfs::new(1);
    let file = vfs.open(Path::new("/a"), OpenMode::Create).unwrap();
    file.write_at(&block(5).0, 4096).unwrap();
    let mut found = block(9);
    file.read_at(&mut found.0, 0).unwrap();
    assert_eq!(found.0, [0; 4096]);
    assert_eq!(read(&vfs, "/a", 4096).0, [5; 4096]);
    assert_eq!(file.len().unwrap(), 8192);
    let error = file.read_at(&mut found.0, 8192).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.message().contains("/a is too short"), "{error}");
    assert!(error.message().contains("offset 8192"), "{error}");
    let opened = vfs.open(Path::new("/a"), OpenMode::Read).unwrap();
    assert_eq!(opened.write_at(&found.0, 0).unwrap_err().kind(), ErrorKind::Io);
    file.allocate(4096 * 10).unwrap();
    file.allocate(4096).unwrap();
    assert_eq!(file.len().unwrap(), 40_960);
}

#[test]
fn names_are_as_asked_for() {
    let vfs = SimVfs::new(1);
    assert!(refused(vfs.open(Path::new("/d/a"), OpenMode::Create)).message().contains("path"));
    vfs.create_folder(Path::new("/d/e")).unwrap();
    for name in ["/d/b", "/d/a", "/d/c"] {
        vfs.open(Path::new(name), OpenMode::Create).unwrap();
    }
    assert_eq!(refused(vfs.open(Path::new("/d/a"), OpenMode::Create)).kind(), ErrorKind::Io);
    vfs.rename(Path::new("/d/a"), Path::new("/d/c")).unwrap();
    vfs.remove(Path::new("/d/b")).unwrap();
    assert!(refused(vfs.remove(Path::new("/d/b"))).message().contains("cannot remove /d/b"));
    assert_eq!(vfs.list(Path::new("/d")).unwrap(), [Path::new("c"), Path::new("e")]);
    assert!(refused(vfs.list(Path::new("/f"))).message().contains("cannot list /f"));
}

#[test]
fn an_unsynced_sector_is_old_new_or_torn_and_a_synced_one_is_safe() {
    let vfs = SimVfs::new(1);
    let file = durable_file(&vfs, "/a", 2);
    file.write_at(&block(2).0, 4096).unwrap();
    vfs.crash();
    let mut fates = BTreeSet::new();
    let mut torn_sectors = 0;
    for seed in 0..200 {
        let after = vfs.reboot(seed);
        assert_eq!(read(&after, "/a", 0).0, [1; 4096], "seed {seed}");
        let found = read(&after, "/a", 4096);
        let of_sector = |sector: &[u8]| match sector {
            _ if sector.iter().all(|byte| *byte == 1) => 'o',
            _ if sector.iter().all(|byte| *byte == 2) => 'n',
            _ => 't',
        };
        fates.insert(found.0.chunks(512).map(of_sector).collect::<String>());
        torn_sectors += after.counters().torn_sectors;
        // The same crash and seed find the same disk.
        assert_eq!(read(&vfs.reboot(seed), "/a", 4096).0, found.0);
    }
    assert!(fates.contains("oooooooo") && fates.contains("nnnnnnnn"), "{fates:?}");
    let reordered = |fate: &String| fate.contains("on") && fate.contains("no");
    assert!(fates.iter().any(reordered), "sectors are not lost in order: {fates:?}");
    let torn = fates.iter().filter(|fate| fate.contains('t')).count();
    assert!(torn > 20 && torn_sectors >= torn as u64, "{torn} of {torn_sectors}");
}

#[test]
fn a_durable_write_is_durable_unless_the_crash_hits_it() {
    let vfs = SimVfs::new(1);
    let file = durable_file(&vfs, "/a", 2);
    file.write_durable(&block(2).0, 0).unwrap();
    vfs.inject(Fault::Crash, 1);
    assert_eq!(file.write_durable(&block(2).0, 4096).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(refused(vfs.list(root())).kind(), ErrorKind::Closed);
    let mut found = BTreeSet::new();
    for seed in 0..100 {
        let after = vfs.reboot(seed);
        assert_eq!(read(&after, "/a", 0).0, [2; 4096]);
        let hit = read(&after, "/a", 4096).0;
        found.insert((hit[0], hit[4095]));
    }
    assert!(found.contains(&(1, 1)) && found.contains(&(2, 2)) && found.len() > 3, "{found:?}");
}

/// Guards the scenario that a chained log is for: of two writes under way when the machine crashes
/// the second may be there and the first lost, and reads do not count as writes.
#[test]
fn a_crash_in_a_write_may_keep_it_and_lose_the_one_before() {
    let vfs = SimVfs::new(1);
    let file = durable_file(&vfs, "/a", 2);
    vfs.inject(Fault::CrashInWrite, 2);
    file.write_at(&block(2).0, 0).unwrap();
    read(&vfs, "/a", 0);
    assert_eq!(file.write_at(&block(2).0, 4096).unwrap_err().kind(), ErrorKind::Closed);
    let overtaken = (0..200).filter(|seed| {
        let after = vfs.reboot(*seed);
        let (first, second) = (read(&after, "/a", 0).0, read(&after, "/a", 4096).0);
        first[..512] == [1; 512] && second == [2; 4096]
    });
    assert!(overtaken.count() > 5);
}

#[test]
fn growth_that_was_not_synced_may_be_lost() {
    let vfs = SimVfs::new(1);
    let file = durable_file(&vfs, "/a", 1);
    file.allocate(4096 * 4).unwrap();
    let lengths = |vfs: &SimVfs| -> BTreeSet<u64> {
        let open = |seed| vfs.reboot(seed).open(Path::new("/a"), OpenMode::Read).unwrap();
        (0..50).map(|seed| open(seed).len().unwrap()).collect()
    };
    assert_eq!(lengths(&vfs.clone_of_now()), [4096, 8192, 12_288, 16_384].into());
    file.sync().unwrap();
    assert_eq!(lengths(&vfs), [16_384].into());
}

impl SimVfs {
    /// Another disk with the same state, to crash while this one goes on.
    fn clone_of_now(&self) -> SimVfs {
        SimVfs::of(self.disk.lock().clone())
    }
}

#[test]
fn unsynced_changes_of_names_are_each_kept_or_lost() {
    let vfs = SimVfs::new(1);
    durable_file(&vfs, "/old", 1);
    vfs.open(Path::new("/created"), OpenMode::Create).unwrap();
    vfs.rename(Path::new("/old"), Path::new("/new")).unwrap();
    let listings = |vfs: &SimVfs| -> BTreeSet<String> {
        let list = |seed| vfs.reboot(seed).list(root()).unwrap();
        (0..100).map(|seed| format!("{:?}", list(seed))).collect()
    };
    let expected = [r#"["old"]"#, r#"["new"]"#, r#"["created", "old"]"#, r#"["created", "new"]"#];
    assert_eq!(listings(&vfs.clone_of_now()), expected.map(String::from).into());
    vfs.sync_folder(root()).unwrap();
    vfs.remove(Path::new("/created")).unwrap();
    let expected = [r#"["new"]"#, r#"["created", "new"]"#];
    assert_eq!(listings(&vfs), expected.map(String::from).into());
    assert_eq!(read(&vfs.reboot(1), "/new", 0).0, [1; 4096]);
}

#[test]
fn a_failed_sync_may_forget_what_was_written_for_good() {
    let mut found = BTreeSet::new();
    for seed in 0..100 {
        let vfs = SimVfs::new(seed);
        let file = durable_file(&vfs, "/a", 1);
        file.write_at(&block(2).0, 0).unwrap();
        vfs.inject(Fault::SyncError, 1);
        assert_eq!(file.sync().unwrap_err().kind(), ErrorKind::Io);
        let dropped = read(&vfs, "/a", 0).0.contains(&1);
        // The second sync says yes, and what the first one forgot is not on disk even so.
        file.sync().unwrap();
        let lost = (0..20).any(|seed| read(&vfs.reboot(seed), "/a", 0).0.contains(&1));
        found.insert((if dropped { "dropped" } else { "kept" }, lost));
    }
    assert!(found.contains(&("dropped", true)), "what was not written is never dropped");
    assert!(found.contains(&("kept", true)), "what was not written is never kept, and then lost");
    let vfs = SimVfs::new(0);
    let file = durable_file(&vfs, "/a", 1);
    file.write_at(&block(2).0, 0).unwrap();
    vfs.inject(Fault::SyncError, 1);
    file.sync().unwrap_err();
    file.write_at(&block(3).0, 0).unwrap();
    file.sync().unwrap();
    assert_eq!(read(&vfs.reboot(0), "/a", 0).0, [3; 4096], "written again, it is safe");
}

#[test]
fn errors_come_at_the_chosen_operation() {
    let vfs = SimVfs::new(3);
    let file = durable_file(&vfs, "/a", 4);
    let mut buffer = block(0);
    vfs.inject(Fault::ReadError, 2);
    vfs.inject(Fault::WriteError, 1);
    file.read_at(&mut buffer.0, 0).unwrap();
    let error = file.read_at(&mut buffer.0, 4096).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.message().contains("cannot read 4096 bytes at offset 4096 of /a"), "{error}");
    file.read_at(&mut buffer.0, 4096).unwrap();
    assert_eq!(file.write_at(&block(2).0, 0).unwrap_err().kind(), ErrorKind::Io);
    let part = read(&vfs, "/a", 0);
    assert!(part.0.contains(&1) && part.0.contains(&2), "a failed write is a part of it");
    vfs.flip_bit(Path::new("/a"), 8192, 3);
    assert_eq!(read(&vfs, "/a", 8192).0[0], 1 ^ 8);
    assert_eq!(read(&vfs.clone_of_now().reboot(1), "/a", 8192).0[0], 1 ^ 8);
    let counters = vfs.counters();
    assert_eq!((counters.io_errors, counters.writes, counters.syncs), (2, 5, 2));
    assert_eq!(counters.reads, 5);
    let sum = counters.reads + counters.writes + counters.syncs + counters.name_changes;
    assert_eq!(Counters { operations: sum, ..counters }, counters);
}

#[test]
fn a_full_disk_refuses_growth_until_there_is_space() {
    let vfs = SimVfs::new(1);
    let file = durable_file(&vfs, "/a", 2);
    vfs.set_capacity(4 * 4096);
    file.allocate(3 * 4096).unwrap();
    let error = file.allocate(5 * 4096).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Full);
    let error = file.write_at(&block(1).0, 4 * 4096).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Full);
    file.write_at(&block(1).0, 2 * 4096).unwrap();
    vfs.set_capacity(6 * 4096);
    file.allocate(5 * 4096).unwrap();
    assert_eq!((vfs.used_bytes(), vfs.counters().full_errors), (5 * 4096, 2));
    // A file that is removed but open keeps its space.
    vfs.remove(Path::new("/a")).unwrap();
    assert_eq!(vfs.used_bytes(), 5 * 4096);
    drop(file);
    assert_eq!(vfs.used_bytes(), 0);
}

#[test]
fn the_lock_is_held_by_one_and_ends_with_the_machine() {
    let vfs = SimVfs::new(1);
    let held = vfs.lock(Path::new("/LOCK")).unwrap();
    assert_eq!(refused(vfs.lock(Path::new("/LOCK"))).kind(), ErrorKind::Busy);
    drop(held);
    let _held = vfs.lock(Path::new("/LOCK")).unwrap();
    assert!(vfs.reboot(1).lock(Path::new("/LOCK")).is_ok());
}

#[test]
fn the_trace_tells_every_operation() {
    let vfs = SimVfs::new(1);
    vfs.record_trace();
    let file = durable_file(&vfs, "/a", 1);
    file.write_durable(&block(2).0, 0).unwrap();
    file.allocate(8192).unwrap();
    read(&vfs, "/a", 4096);
    vfs.rename(Path::new("/a"), Path::new("/b")).unwrap();
    vfs.inject(Fault::SyncError, 1);
    file.sync().unwrap_err();
    vfs.inject(Fault::Crash, 1);
    vfs.remove(Path::new("/b")).unwrap_err();
    let expected = [
        "open /a create",
        "write /a 0 4096",
        "sync /a",
        "sync_folder /",
        "write_durable /a 0 4096",
        "allocate /a 8192",
        "open /a read",
        "read /a 4096 4096",
        "rename /a /b",
        "sync /a -> EIO",
        "remove /b -> crash",
    ];
    assert_eq!(vfs.take_trace(), expected);
    assert!(vfs.take_trace().is_empty());
    assert_eq!(vfs.reboot(1).take_trace(), ["reboot"]);
}

/// Two threads that write and sync; the machine crashes at operation `crash_at`.
fn crashing_world(seed: u64, crash_at: u64) -> (SimVfs, Outcome<()>) {
    struct WriteOnDrop(Arc<dyn File>);
    impl Drop for WriteOnDrop {
        fn drop(&mut self) {
            if std::thread::panicking() {
                let error = self.0.write_at(&block(66).0, 0).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Closed);
            }
        }
    }
    let vfs = SimVfs::new(seed);
    vfs.record_trace();
    let file = durable_file(&vfs, "/a", 4);
    vfs.inject(Fault::Crash, crash_at);
    let outcome = run(seed, &Options::default(), move || {
        let threads = [0, 1].map(|thread: u64| {
            let file = WriteOnDrop(Arc::clone(&file));
            spawn("writer", move || {
                for turn in 2..12 {
                    file.0.write_at(&block(turn).0, thread * 8192).unwrap();
                    file.0.sync().unwrap();
                }
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
    });
    (vfs, outcome)
}

#[test]
fn a_crash_ends_the_world_and_no_destructor_writes() {
    for seed in 0..40 {
        let (vfs, outcome) = crashing_world(seed, 1 + seed);
        assert_eq!(outcome, Outcome::Crashed, "seed {seed}");
        assert!(vfs.is_crashed());
        let after = vfs.reboot(seed);
        assert!(!read(&after, "/a", 0).0.iter().all(|byte| *byte == 66));
        let (again, _) = crashing_world(seed, 1 + seed);
        assert_eq!(vfs.take_trace(), again.take_trace(), "seed {seed}");
        assert_eq!(read(&again.reboot(seed), "/a", 0).0, read(&after, "/a", 0).0);
    }
    assert_eq!(crashing_world(1, 1000).1, Outcome::Finished(()));
}

#[test]
fn a_world_that_is_crashed_freezes_the_disk() {
    let vfs = SimVfs::new(1);
    let file = durable_file(&vfs, "/a", 1);
    let outcome: Outcome<()> = run(1, &Options::default(), move || {
        struct Late(Arc<dyn File>);
        impl Drop for Late {
            fn drop(&mut self) {
                self.0.write_durable(&block(9).0, 0).unwrap_err();
            }
        }
        let late = Late(file);
        current().unwrap().crash();
        late.0.sync().unwrap();
        unreachable!("a crashed world goes on");
    });
    assert_eq!(outcome, Outcome::Crashed);
    assert!(vfs.is_crashed());
    assert_eq!(read(&vfs.reboot(1), "/a", 0).0, [1; 4096]);
}

/// Replaces a file's content by way of a new file and a rename; then the power is cut.
fn replace(seed: u64, syncs: bool) -> SimVfs {
    let vfs = SimVfs::new(seed);
    durable_file(&vfs, "/a", 1);
    let file = vfs.open(Path::new("/a.new"), OpenMode::Create).unwrap();
    file.write_at(&block(2).0, 0).unwrap();
    if syncs {
        file.sync().unwrap();
    }
    vfs.rename(Path::new("/a.new"), Path::new("/a")).unwrap();
    vfs.reboot(seed)
}

#[test]
fn a_missing_sync_before_a_rename_is_found() {
    let whole = |vfs: &SimVfs| {
        let file = vfs.open(Path::new("/a"), OpenMode::Read).unwrap();
        let mut found = block(0);
        let read = file.read_at(&mut found.0, 0);
        read.is_ok() && (found.0 == [1; 4096] || found.0 == [2; 4096])
    };
    let broken = (0..50).filter(|seed| !whole(&replace(*seed, false))).count();
    assert!(broken > 5, "only {broken} of 50 crashes show the missing sync");
    assert!((0..200).all(|seed| whole(&replace(seed, true))));
}

/// Random writes, durable writes, syncs and growth of one file, against a model: for each sector
/// the byte that is safe and those that are in doubt. After a crash a sector is the safe one, the
/// newest, or torn; and nothing else.
#[test]
fn a_crash_leaves_nothing_that_the_model_does_not_allow() {
    const BLOCKS: u64 = 6;
    for seed in 0..150 {
        let mut random = Random::new(seed);
        let vfs = SimVfs::new(seed);
        let file = durable_file(&vfs, "/a", BLOCKS);
        let (mut safe, mut newest) = ([1_u8; 6], [1_u8; 6]);
        for byte in 2..(3 + u8::try_from(random.below(40)).unwrap()) {
            let position = random.index(6);
            let offset = position as u64 * 4096;
            match random.below(5) {
                0 => {
                    file.write_durable(&block(byte).0, offset).unwrap();
                    (safe[position], newest[position]) = (byte, byte);
                }
                1 => {
                    file.sync().unwrap();
                    safe = newest;
                }
                _ => {
                    file.write_at(&block(byte).0, offset).unwrap();
                    newest[position] = byte;
                }
            }
            assert_eq!(read(&vfs, "/a", offset).0, [newest[position]; 4096], "seed {seed}");
        }
        let after = vfs.reboot(seed);
        let mut mixed = 0;
        for position in 0..6 {
            let found = read(&after, "/a", position as u64 * 4096);
            let allowed = [safe[position], newest[position]];
            for sector in found.0.chunks(512) {
                let whole = sector.iter().all(|byte| *byte == sector[0]);
                if !(whole && allowed.contains(&sector[0])) {
                    assert_ne!(allowed[0], allowed[1], "seed {seed}: a safe sector is damaged");
                    mixed += 1;
                }
            }
        }
        assert!(mixed <= after.counters().torn_sectors, "seed {seed}");
    }
}
