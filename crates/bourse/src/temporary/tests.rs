//! Temporary files of a store: used by followers too, gone after a crash.

use std::path::Path;
use std::sync::Arc;

use bourse_storage::vfs::sim::SimVfs;
use bourse_storage::vfs::{OpenMode, Vfs};

use crate::{Database, Options, TemporaryBlock};

fn open(disk: &SimVfs) -> Database {
    let options = Options {
        vfs: Arc::new(disk.clone()),
        shards: 1,
        cache_bytes: 8 << 20,
        log_segment_bytes: 1 << 20,
        background: false,
        ..Options::default()
    };
    Database::open("/store", options).unwrap()
}

/// Two files do not disturb each other; what a crash has left is gone when the store is opened.
#[test]
fn a_crash_leaves_nothing() {
    let disk = SimVfs::new(1);
    let store = open(&disk);
    let files = [store.temporary_file().unwrap(), store.temporary_file().unwrap()];
    let mut block = TemporaryBlock::new(4096);
    let mut places = Vec::new();
    for (file, byte) in files.iter().zip([1, 2]) {
        block.clear();
        block.push(&[byte; 100]);
        places.push(file.append(&mut block).unwrap());
    }
    for ((file, place), byte) in files.iter().zip(places).zip([1, 2]) {
        file.read(place, &mut block).unwrap();
        assert_eq!(block.content(), [byte; 100]);
    }
    drop((files, store));
    // As a machine that crashes between the making of a file and the removal of its name.
    let folder = Path::new("/store/temporary");
    drop(disk.open(&folder.join("1.rows"), OpenMode::Create).unwrap());
    disk.sync_folder(folder).unwrap();
    let disk = disk.reboot(7);
    assert_eq!(disk.list(folder).unwrap().len(), 1);
    let store = open(&disk);
    assert!(disk.list(folder).unwrap().is_empty());
    store.temporary_file().unwrap();
}
