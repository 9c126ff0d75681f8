//! The real file system, in a temporary folder.

use std::path::Path;

use super::OsVfs;
use crate::error::{Error, ErrorKind};
use crate::vfs::{File, OpenMode, Vfs};

/// Two blocks, aligned as files ask.
#[repr(align(4096))]
struct Blocks([u8; 8192]);

fn blocks(byte: u8) -> Box<Blocks> {
    Box::new(Blocks([byte; 8192]))
}

/// The error of a call whose success has nothing to print.
fn refused<T>(result: Result<T, Error>) -> Error {
    result.err().expect("it is refused")
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let file = OsVfs::new().open(&path, OpenMode::Create).unwrap();
    file.write_at(&blocks(1).0, 0).unwrap();
    file.sync().unwrap();
    file.write_durable(&blocks(2).0[..4096], 4096).unwrap();
    assert_eq!(file.len().unwrap(), 8192);
    drop(file);
    let file = OsVfs.open(&path, OpenMode::Read).unwrap();
    let mut read = blocks(0);
    file.read_at(&mut read.0, 0).unwrap();
    assert_eq!((read.0[0], read.0[4095], read.0[4096], read.0[8191]), (1, 1, 2, 2));
    let error = file.write_at(&read.0, 0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
}

#[test]
fn a_short_read_is_corrupt_with_path_and_offset() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("short");
    // 5,000 bytes: it ends within a block, as a file that somebody else cut off may.
    std::fs::write(&path, vec![7; 5000]).unwrap();
    let file = OsVfs.open(&path, OpenMode::Read).unwrap();
    let mut buffer = blocks(0);
    for (bytes, offset) in [(8192, 0), (4096, 4096), (4096, 8192)] {
        let error = file.read_at(&mut buffer.0[..bytes], offset).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        let message = error.message();
        assert!(message.contains("short is too short"), "{message}");
        assert!(message.contains(&format!("offset {offset},")), "{message}");
    }
    file.read_at(&mut buffer.0[..4096], 0).unwrap();
    assert_eq!(buffer.0[4095], 7);
}

#[test]
fn open_modes_ask_for_or_refuse_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    for mode in [OpenMode::Read, OpenMode::Write] {
        let error = refused(OsVfs.open(&path, mode));
        assert!(error.message().contains("cannot open"), "{error}");
    }
    OsVfs.open(&path, OpenMode::Create).unwrap();
    let error = refused(OsVfs.open(&path, OpenMode::Create));
    assert!(error.message().contains("it is there already"), "{error}");
    OsVfs.open(&path, OpenMode::Write).unwrap();
}

#[test]
fn allocate_grows_with_zeros_and_never_shrinks() {
    let folder = tempfile::tempdir().unwrap();
    let file = OsVfs.open(&folder.path().join("file"), OpenMode::Create).unwrap();
    file.write_at(&blocks(1).0, 0).unwrap();
    file.allocate(1 << 20).unwrap();
    assert_eq!(file.len().unwrap(), 1 << 20);
    file.allocate(8192).unwrap();
    assert_eq!(file.len().unwrap(), 1 << 20);
    let mut read = blocks(9);
    file.read_at(&mut read.0, (1 << 20) - 8192).unwrap();
    assert_eq!(read.0, [0; 8192]);
    file.read_at(&mut read.0, 0).unwrap();
    assert_eq!(read.0, [1; 8192]);
}

#[test]
fn the_fallback_of_allocate_writes_zeros_after_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    OsVfs.open(&path, OpenMode::Create).unwrap().write_at(&blocks(1).0, 0).unwrap();
    let opened = std::fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let dsync = super::AtomicBool::new(false);
    let file = super::OsFile { file: opened, path, direct: false, dsync };
    file.write_zeros(69_632 + 4096).unwrap();
    assert_eq!(file.len().unwrap(), 69_632 + 4096);
    // Without RWF_DSYNC, a write and an fdatasync.
    file.write_durable(&blocks(3).0, 65_536).unwrap();
    let mut read = blocks(9);
    for (offset, byte) in [(0, 1), (8192, 0), (65_536, 3)] {
        file.read_at(&mut read.0, offset).unwrap();
        assert_eq!(read.0, [byte; 8192], "at {offset}");
    }
}

#[test]
fn folders_are_made_listed_and_changed() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b/c");
    OsVfs.create_folder(&deep).unwrap();
    OsVfs.create_folder(&deep).unwrap();
    for name in ["z", "m", "b"] {
        OsVfs.open(&deep.join(name), OpenMode::Create).unwrap();
    }
    OsVfs.rename(&deep.join("z"), &deep.join("a")).unwrap();
    OsVfs.remove(&deep.join("m")).unwrap();
    OsVfs.sync_folder(&deep).unwrap();
    let names = OsVfs.list(&deep).unwrap();
    assert_eq!(names, [Path::new("a"), Path::new("b")]);
    assert!(refused(OsVfs.remove(&deep.join("m"))).message().contains("cannot remove"));
    assert!(refused(OsVfs.list(&deep.join("no"))).message().contains("check the path"));
}

#[test]
fn a_second_lock_is_refused_and_names_the_holder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("LOCK");
    let lock = OsVfs.lock(&path).unwrap();
    let error = refused(OsVfs.lock(&path));
    assert_eq!(error.kind(), ErrorKind::Busy);
    let message = error.message();
    assert!(message.contains(&format!("pid {}", std::process::id())), "{message}");
    assert!(message.contains(&path.display().to_string()), "{message}");
    drop(lock);
    drop(OsVfs.lock(&path).unwrap());
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.trim(), std::process::id().to_string());
}

#[test]
fn causes_become_kinds_and_advice() {
    let path = Path::new("/data/x");
    let full = super::failed("write to", path, std::io::ErrorKind::StorageFull.into());
    assert_eq!(full.kind(), ErrorKind::Full);
    assert!(full.message().contains("make space"), "{full}");
    let denied = super::failed("create", path, std::io::ErrorKind::PermissionDenied.into());
    assert_eq!(denied.kind(), ErrorKind::Io);
    assert!(denied.message().contains("read-only for this user"), "{denied}");
}

#[test]
#[should_panic(expected = "a buffer for I/O is aligned")]
fn a_buffer_that_is_not_aligned_is_a_bug() {
    let folder = tempfile::tempdir().unwrap();
    let file = OsVfs.open(&folder.path().join("file"), OpenMode::Create).unwrap();
    let _never = file.write_at(&blocks(0).0[1..4097], 0);
}
