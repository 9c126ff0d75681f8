//! Temporary files: blocks are what was written, or an error; nothing stays.

use std::path::Path;

use super::{TemporaryBlock, TemporaryFile, clear_folder};
use crate::error::ErrorKind;
use crate::vfs::sim::SimVfs;
use crate::vfs::{OpenMode, Vfs};

fn disk() -> (SimVfs, &'static Path) {
    let (disk, folder) = (SimVfs::new(1), Path::new("/store/temporary"));
    disk.create_folder(folder).unwrap();
    (disk, folder)
}

/// Blocks of all lengths come back in any order, also those longer than a block is at first.
#[test]
fn blocks_come_back() {
    let (disk, folder) = disk();
    let file = TemporaryFile::create(&disk, folder, 7).unwrap();
    let mut block = TemporaryBlock::new(8192);
    let lengths = [0, 1, 4080, 4081, 8176, 100_000, 3];
    let mut places = Vec::new();
    for length in lengths {
        block.clear();
        assert!(block.push(&vec![u8::try_from(length % 251).unwrap(); length]));
        places.push(file.append(&mut block).unwrap());
    }
    for (place, length) in places.iter().zip(lengths).rev() {
        file.read(*place, &mut block).unwrap();
        assert_eq!(block.content(), vec![u8::try_from(length % 251).unwrap(); length]);
    }
    block.clear();
    assert!(block.push(&[1; 8176]) && !block.push(&[1]), "a block has its bounds");
    assert_eq!(block.memory_bytes(), 8192, "room for a long one is given back");
    assert_eq!(file.bytes(), places.iter().map(|place| place.bytes()).sum::<u64>());
}

/// T1: the file has no name while it is used, and its space is free when it is dropped; what a
/// crash leaves is removed.
#[test]
fn nothing_stays() {
    let (disk, folder) = disk();
    let before = disk.used_bytes();
    let file = TemporaryFile::create(&disk, folder, 1).unwrap();
    let mut block = TemporaryBlock::new(4096);
    block.push(b"row");
    file.append(&mut block).unwrap();
    assert!(disk.list(folder).unwrap().is_empty());
    assert_eq!(disk.used_bytes(), before + 4096);
    drop(file);
    assert_eq!(disk.used_bytes(), before);
    disk.open(&folder.join("2.rows"), OpenMode::Create).unwrap();
    clear_folder(&disk, folder).unwrap();
    assert!(disk.list(folder).unwrap().is_empty());
}

/// T2: a block of another place, or of another file, is none.
#[test]
fn other_blocks_are_refused() {
    let (disk, folder) = disk();
    let files = [1, 2].map(|number| TemporaryFile::create(&disk, folder, number).unwrap());
    let mut block = TemporaryBlock::new(4096);
    block.push(b"row");
    let mut places = Vec::new();
    for file in &files {
        places.push(file.append(&mut block).unwrap());
        places.push(file.append(&mut block).unwrap());
    }
    // The bytes of the second block, as they are, where the first one was.
    let mut copy = crate::page::Page::zeroed();
    files[0].file.read_at(&mut copy.0, 4096).unwrap();
    files[0].file.write_at(&copy.0, 0).unwrap();
    assert_eq!(files[0].read(places[0], &mut block).unwrap_err().kind(), ErrorKind::Corrupt);
    files[0].read(places[1], &mut block).unwrap();
    files[1].file.write_at(&copy.0, 4096).unwrap();
    assert_eq!(files[1].read(places[3], &mut block).unwrap_err().kind(), ErrorKind::Corrupt);
    copy.0[17] ^= 1;
    files[0].file.write_at(&copy.0, 4096).unwrap();
    let error = files[0].read(places[1], &mut block).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.message().contains("1.rows is damaged at offset 4096"), "{error}");
}
