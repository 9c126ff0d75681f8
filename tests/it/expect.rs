//! What many tests expect in the same words, and the store on a simulated disk that they share.

use std::sync::Arc;

use bourse::{Database, Error, Options, Order, Range, Table, Value};
use bourse_storage::vfs::sim::SimVfs;

/// Small, on a simulated disk, with nothing running by itself.
pub(crate) fn options_on(disk: &SimVfs) -> Options {
    Options {
        shards: 3,
        cache_bytes: 8 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 256 << 10,
        background: false,
        vfs: Arc::new(disk.clone()),
        ..Options::default()
    }
}

/// Small, with files of the operating system.
pub(crate) fn small_options() -> Options {
    Options {
        shards: 4,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 1 << 20,
        ..Options::default()
    }
}

/// The same on a simulated disk, with nothing running by itself.
pub(crate) fn small_options_on(disk: &SimVfs) -> Options {
    Options { vfs: Arc::new(disk.clone()), background: false, ..small_options() }
}

/// Opens, or makes, a store on a simulated disk with a little more room.
pub(crate) fn open_on(disk: &SimVfs) -> Database {
    let larger = Options { shards: 4, cache_bytes: 16 << 20, ..options_on(disk) };
    Database::open("/store", Options { log_segment_bytes: 4 << 20, ..larger }).unwrap()
}

/// The message of an error, which has that SQLSTATE.
pub(crate) fn refused<T>(result: Result<T, Error>, sqlstate: &str) -> String {
    let Err(error) = result else { panic!("{sqlstate} was expected, but it was accepted") };
    assert_eq!(error.sqlstate(), sqlstate, "{error}");
    error.message().to_owned()
}

/// `check` finds nothing.
pub(crate) fn sound(store: &Database) {
    let report = store.check(&mut |_| ()).unwrap();
    assert!(report.is_sound(), "{:#?}", report.findings);
}

/// All rows, in the order of the primary key.
pub(crate) fn rows(store: &Database, table: &Table) -> Vec<Vec<Value>> {
    let cut = store.cut();
    let rows = cut.scan(table, &Range::all(), Order::Ascending).unwrap();
    rows.map(|row| row.unwrap().values()).collect()
}
