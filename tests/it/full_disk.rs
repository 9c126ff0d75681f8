//! Disks that are full or fail: a full one makes the store read-only until rows are deleted or
//! space comes, and loses nothing; a failed sync or write of the log stops writing for good.

use std::collections::BTreeSet;
use std::sync::Arc;

use bourse::{
    Database, Durability, ErrorKind, Options, Order, Range, Table, TableDefinition, Type,
};
use bourse_storage::vfs::sim::{Fault, SimVfs};

fn on(disk: &SimVfs, background: bool) -> Options {
    Options {
        shards: 2,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 256 << 10,
        checkpoint_log_bytes: 1 << 20,
        background,
        vfs: Arc::new(disk.clone()),
        ..Options::default()
    }
}

fn create(store: &Database) -> Table {
    let table = TableDefinition::builder("blobs")
        .column("id", Type::BigInt)
        .not_null()
        .column("data", Type::Blob)
        .primary_key(["id"])
        .build()
        .unwrap();
    store.create_table(&table).unwrap()
}

fn insert(store: &Database, table: &Table, id: i64) -> bourse::Result<()> {
    store.insert(table, vec![id.into(), vec![id.to_le_bytes()[0]; 600].into()]).map(|_| ())
}

/// Inserts rows until one is refused, which must be for want of space.
fn fill_up(store: &Database, table: &Table, rows: &mut BTreeSet<i64>) {
    let first = rows.last().map_or(0, |last| last + 1);
    for id in first..first + 100_000 {
        match insert(store, table, id) {
            Ok(()) => rows.insert(id),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Full, "{error:?}");
                assert_eq!(error.sqlstate(), "53100");
                return;
            }
        };
    }
    panic!("the disk has no end");
}

fn expect(store: &Database, rows: &BTreeSet<i64>) {
    let table = store.table("blobs").unwrap();
    let cut = store.cut();
    let found = cut.scan(&table, &Range::all(), Order::Ascending).unwrap();
    let found: BTreeSet<i64> = found
        .map(|row| match row.unwrap().get(0) {
            bourse::ValueRef::Integer(id) => id,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(found == *rows, "{} rows, not {}", found.len(), rows.len());
}

#[test]
fn a_full_disk_is_read_only_until_rows_are_deleted() {
    let disk = SimVfs::new(1);
    let store = Database::open("/store", on(&disk, false)).unwrap();
    let table = create(&store);
    disk.set_capacity(disk.used_bytes() + (4 << 20));
    let mut rows = BTreeSet::new();
    fill_up(&store, &table, &mut rows);
    for _ in 0..3 {
        // Still refused, still readable.
        let error = insert(&store, &table, -1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Full);
        expect(&store, &rows);
        // A checkpoint gives back the log that no generation needs any more.
        let _ = store.checkpoint();
        let some: Vec<i64> = rows.iter().copied().take(rows.len() / 3).collect();
        for id in some {
            match store.delete(&table, &[id.into()]) {
                Ok(found) => assert!(found),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Full, "{error:?}");
                    store.checkpoint().unwrap();
                    store.checkpoint().unwrap();
                    assert!(store.delete(&table, &[id.into()]).unwrap());
                }
            }
            rows.remove(&id);
        }
        store.checkpoint().unwrap();
        store.checkpoint().unwrap();
        let before = rows.len();
        fill_up(&store, &table, &mut rows);
        assert!(rows.len() > before, "deletes gave no space");
    }
    expect(&store, &rows);
    assert!(disk.counters().full_errors > 0);
    drop(store);
    // The next open finds the disk as full as it was left.
    let store = Database::open("/store", on(&disk, false)).unwrap();
    expect(&store, &rows);
    let first = *rows.first().unwrap();
    assert!(store.delete(&store.table("blobs").unwrap(), &[first.into()]).unwrap());
    rows.remove(&first);
    expect(&store, &rows);
    // An open takes the log file that is kept for it; two checkpoints make another.
    store.checkpoint().unwrap();
    store.checkpoint().unwrap();
    drop(store);
    let store = Database::open("/store", on(&disk.reboot(7), false)).unwrap();
    expect(&store, &rows);
}

#[test]
fn a_full_disk_goes_on_when_space_comes() {
    for background in [false, true] {
        let disk = SimVfs::new(2);
        let store = Database::open("/store", on(&disk, background)).unwrap();
        let table = create(&store);
        disk.set_capacity(disk.used_bytes() + (3 << 20));
        let mut rows = BTreeSet::new();
        fill_up(&store, &table, &mut rows);
        expect(&store, &rows);
        disk.set_capacity(u64::MAX);
        let last = rows.last().unwrap() + 1;
        for id in last..last + 2_000 {
            insert(&store, &table, id).unwrap();
            rows.insert(id);
        }
        expect(&store, &rows);
        assert!(store.check(&mut |_| ()).unwrap().is_sound());
        store.close().unwrap();
        let store = Database::open("/store", on(&disk, false)).unwrap();
        expect(&store, &rows);
    }
}

#[test]
fn background_checkpoints_give_back_what_deletes_free() {
    let disk = SimVfs::new(3);
    let options = Options { checkpoint_log_bytes: 1 << 40, ..on(&disk, true) };
    let store = Database::open("/store", options).unwrap();
    let table = create(&store);
    disk.set_capacity(disk.used_bytes() + (4 << 20));
    let mut rows = BTreeSet::new();
    fill_up(&store, &table, &mut rows);
    let half: Vec<i64> = rows.iter().copied().take(rows.len() / 2).collect();
    let patience = std::time::Duration::from_secs(20);
    for id in half {
        let mut waited = std::time::Duration::ZERO;
        while let Err(error) = store.delete(&table, &[id.into()]) {
            assert_eq!(error.kind(), ErrorKind::Full, "{error:?}");
            assert!(waited < patience, "no space comes");
            pause();
            waited += PAUSE;
        }
        rows.remove(&id);
    }
    let mut waited = std::time::Duration::ZERO;
    while let Err(error) = insert(&store, &table, -1) {
        assert_eq!(error.kind(), ErrorKind::Full, "{error:?}");
        assert!(waited < patience, "no space comes");
        pause();
        waited += PAUSE;
    }
    rows.insert(-1);
    expect(&store, &rows);
}

const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

fn pause() {
    bourse_storage::sync::sleep(PAUSE);
}

#[test]
fn a_failed_write_of_the_log_stops_writing_for_good() {
    let disk = SimVfs::new(4);
    let store = Database::open("/store", on(&disk, false)).unwrap();
    let table = create(&store);
    let mut rows: BTreeSet<i64> = (0..50).collect();
    rows.iter().for_each(|id| insert(&store, &table, *id).unwrap());
    disk.inject(Fault::WriteError, 1);
    let error = insert(&store, &table, 1_000).unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Closed, "08007"));
    assert!(format!("{error:?}").contains("log"), "{error:?}");
    for id in [1_001, 1_002] {
        let error = insert(&store, &table, id).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Closed);
        assert!(error.message().contains("open it again"), "{error}");
    }
    assert_eq!(store.delete(&table, &[1.into()]).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(store.checkpoint().unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(store.check(&mut |_| ()).unwrap_err().kind(), ErrorKind::Closed);
    expect(&store, &rows);
    drop(store);
    let store = Database::open("/store", on(&disk, false)).unwrap();
    let table = store.table("blobs").unwrap();
    if store.get(&table, &[1_000.into()]).unwrap().is_some() {
        rows.insert(1_000);
    }
    expect(&store, &rows);
    insert(&store, &table, 2_000).unwrap();
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}

#[test]
fn a_failed_sync_of_a_checkpoint_stops_writing_and_loses_nothing() {
    for sync in 1..=8 {
        let disk = SimVfs::new(5);
        let store = Database::open("/store", on(&disk, false)).unwrap();
        let table = create(&store);
        let rows: BTreeSet<i64> = (0..200).collect();
        rows.iter().for_each(|id| insert(&store, &table, *id).unwrap());
        disk.inject(Fault::SyncError, sync);
        // Two shards with two syncs each, twice: every one of them fails in turn.
        let failed = store.checkpoint().and_then(|()| store.checkpoint());
        let error = failed.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Io | ErrorKind::Closed), "{error:?}");
        assert!(format!("{error:?}").contains("/store/"), "{error:?}");
        let after = (0..2).map(|turn| insert(&store, &table, 1_000 + turn)).collect::<Vec<_>>();
        let accepted: Vec<i64> =
            (0..).zip(&after).filter(|(_, r)| r.is_ok()).map(|(t, _)| 1_000 + t).collect();
        let all: BTreeSet<i64> = rows.iter().copied().chain(accepted).collect();
        expect(&store, &all);
        assert!(store.checkpoint().is_err(), "sync {sync}: a failed file is not written again");
        drop(store);
        for seed in 0..4 {
            let store = Database::open("/store", on(&disk.reboot(seed), false)).unwrap();
            expect(&store, &all);
            assert!(store.check(&mut |_| ()).unwrap().is_sound());
        }
    }
}

#[test]
fn an_async_store_stops_as_well() {
    let disk = SimVfs::new(6);
    let durability = Durability::Async { max_delay: std::time::Duration::from_secs(3_600) };
    let store = Database::open("/store", Options { durability, ..on(&disk, false) }).unwrap();
    let table = create(&store);
    for id in 0..20 {
        insert(&store, &table, id).unwrap();
    }
    store.flush().unwrap();
    insert(&store, &table, 20).unwrap();
    disk.inject(Fault::WriteError, 1);
    assert_eq!(store.flush().unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(insert(&store, &table, 21).unwrap_err().kind(), ErrorKind::Closed);
    drop(store);
    let store = Database::open("/store", on(&disk.reboot(3), false)).unwrap();
    let count = store.cut().count(&store.table("blobs").unwrap()).unwrap();
    assert!((20..=21).contains(&count), "{count}");
}

#[test]
fn a_failed_read_is_an_error_and_goes_by() {
    let disk = SimVfs::new(7);
    {
        let store = Database::open("/store", on(&disk, false)).unwrap();
        let table = create(&store);
        (0..300).for_each(|id| insert(&store, &table, id).unwrap());
        store.close().unwrap();
    }
    let store = Database::open("/store", on(&disk, false)).unwrap();
    let table = store.table("blobs").unwrap();
    disk.inject(Fault::ReadError, 1);
    let error = store.get(&table, &[150.into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.message().contains(".pages"), "{error}");
    expect(&store, &(0..300).collect());
}
