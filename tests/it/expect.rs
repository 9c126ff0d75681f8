//! What many tests expect in the same words, and the store on a simulated disk that they share.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bourse::{Database, Error, Options, Order, Range, Table, Value};
use bourse_storage::sync;
use bourse_storage::vfs::sim::SimVfs;
use bourse_tests::killed;

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

/// As [`small_options`]; indexes and views are built in chunks alone.
pub(crate) fn in_chunks() -> Options {
    Options { build_bytes_max: 0, ..small_options() }
}

/// As [`small_options_on`]; indexes and views are built in chunks alone.
pub(crate) fn in_chunks_on(disk: &SimVfs) -> Options {
    Options { build_bytes_max: 0, ..small_options_on(disk) }
}

/// Opens, or makes, a store on a simulated disk with a little more room.
pub(crate) fn open_on(disk: &SimVfs) -> Database {
    Database::open("/store", larger_options_on(disk)).unwrap()
}

/// The options of [`open_on`].
pub(crate) fn larger_options_on(disk: &SimVfs) -> Options {
    let log_segment_bytes = 4 << 20;
    Options { shards: 4, cache_bytes: 16 << 20, log_segment_bytes, ..options_on(disk) }
}

/// Starts a process that opens a store and says so, and kills it; one in four while it opens.
pub(crate) fn started_and_killed(program: &mut Command, round: u64, after: Duration) {
    let mut child = program.stdout(Stdio::piped()).spawn().unwrap();
    if !round.is_multiple_of(4) {
        child.stdout.as_mut().unwrap().read_exact(&mut killed::BEGUN.clone()).unwrap();
    }
    sync::sleep(after);
    assert!(child.try_wait().unwrap().is_none(), "round {round}: it ended by itself");
    child.kill().unwrap();
    child.wait().unwrap();
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
