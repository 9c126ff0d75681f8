//! Crashes and failing disks at every operation of a backup and of a restore: what is found after
//! is a whole backup, a whole store, or something that says itself that it is neither.

use std::path::{Path, PathBuf};

use bourse::{Database, ErrorKind, Options, backup};
use bourse_storage::sync::sim::Random;
use bourse_storage::vfs::Vfs;
use bourse_storage::vfs::sim::{Fault, SimVfs};

use crate::backup::{Model, change, compare, on, restore};

/// A disk with a store that has a full backup, what that holds, and what the store holds.
fn prepared() -> (SimVfs, Model, Model) {
    let disk = SimVfs::new(31);
    let store = Database::open("/store", on(&disk)).unwrap();
    let (mut model, mut random) = (Model::new(), Random::new(3));
    change(&store, &mut model, &mut random, 12);
    store.backup("/full", None, &mut |_| ()).unwrap();
    let full = model.clone();
    change(&store, &mut model, &mut random, 12);
    drop(store);
    (disk, full, model)
}

/// Runs `each` with the fault at the first operation, the second, and so on, until it hits none.
fn at_every_operation(fault: Fault, mut each: impl FnMut(u64) -> bool) {
    let mut after = 1;
    while each(after) {
        after += 1;
    }
    assert!(after > 5, "{fault:?} hit {after} operations only");
}

/// A backup that fails anywhere is begun again in the same folder; one that was cut off in the last
/// step may be whole.
fn interrupted_backup(fault: Fault) {
    let (disk, full, model) = prepared();
    at_every_operation(fault, |after| {
        let disk = disk.reboot(1);
        let store = Database::open("/store", on(&disk)).unwrap();
        disk.inject(fault, after);
        let taken = store.backup("/one", Some(Path::new("/full")), &mut |_| ());
        if taken.is_ok() && !disk.is_crashed() {
            return false;
        }
        drop(store);
        let disk = disk.reboot(after);
        let chain = [PathBuf::from("/full"), PathBuf::from("/one")];
        let found = backup::verify(&chain, &on(&disk), &mut |_| ());
        let store = Database::open("/store", on(&disk)).unwrap();
        match found {
            Ok(report) => assert!(report.is_sound() && report.walked, "{:#?}", report.findings),
            Err(error) => {
                assert!(taken.is_err(), "what returned is there: {error}");
                store.backup("/one", Some(Path::new("/full")), &mut |_| ()).unwrap();
            }
        }
        compare(&restore(&chain, Path::new("/restored"), on(&disk)), &model);
        if after % 16 == 1 {
            compare(&restore(&chain[..1], Path::new("/first"), on(&disk)), &full);
            compare(&store, &model);
        }
        true
    });
}

#[test]
fn a_crash_in_a_backup_leaves_nothing_that_passes_for_one() {
    interrupted_backup(Fault::Crash);
}

#[test]
fn a_failed_write_or_sync_ends_a_backup_and_no_more() {
    interrupted_backup(Fault::WriteError);
    interrupted_backup(Fault::SyncError);
}

/// A restore that fails anywhere leaves a folder that open refuses, also where it may make a store,
/// and that the next restore takes.
fn interrupted_restore(fault: Fault) {
    let (disk, _, model) = prepared();
    let store = Database::open("/store", on(&disk.reboot(1))).unwrap();
    let chain = [PathBuf::from("/full"), PathBuf::from("/one")];
    let disk = {
        let disk = disk.reboot(1);
        drop(store);
        let store = Database::open("/store", on(&disk)).unwrap();
        store.backup("/one", Some(Path::new("/full")), &mut |_| ()).unwrap();
        disk
    };
    at_every_operation(fault, |after| {
        let disk = disk.reboot(1);
        disk.inject(fault, after);
        let restored = backup::restore(&chain, Path::new("/restored"), &on(&disk), &mut |_| ());
        if restored.is_ok() && !disk.is_crashed() {
            return false;
        }
        let disk = disk.reboot(after);
        let names = disk.list(Path::new("/restored")).unwrap_or_default();
        let has = |name: &str| names.iter().any(|found| found == Path::new(name));
        if has("STORE") {
            let store = Database::open("/restored", on(&disk)).unwrap();
            compare(&store, &model);
            return true;
        }
        assert!(restored.is_err(), "what returned is there");
        if has("shards") || has("log") {
            // Not even where a store may be made is one made of it.
            let error = Database::open("/restored", on(&disk)).map(|_| ()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.message().contains("run the restore again"), "{error}");
        }
        let none = Options { create: false, ..on(&disk) };
        assert!(Database::open("/restored", none).is_err());
        compare(&restore(&chain, Path::new("/restored"), on(&disk)), &model);
        true
    });
}

#[test]
fn a_crash_in_a_restore_leaves_nothing_that_passes_for_a_store() {
    interrupted_restore(Fault::Crash);
}

#[test]
fn a_failed_write_sync_or_read_ends_a_restore() {
    interrupted_restore(Fault::WriteError);
    interrupted_restore(Fault::SyncError);
    interrupted_restore(Fault::ReadError);
}
