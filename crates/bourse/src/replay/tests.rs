//! Stores opened after a crash: what they hold, what that read, and crashes in the middle of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bourse_storage::vfs::sim::{Fault, SimVfs};

use crate::database::Database;
use crate::options::Options;
use crate::reading::Cut;
use crate::scan::Order;
use crate::schema::{IndexDefinition, TableDefinition};
use crate::table::Table;
use crate::value::{Type, Value};
use crate::{ErrorKind, LoadOrder, Range, Result};

const ROWS: i64 = 12_000;
const CACHE_BYTES: u64 = 16 << 20;

type Rows = BTreeMap<i64, (i64, String)>;

fn open(disk: &SimVfs, cache_bytes: u64) -> Result<Database> {
    let options = Options {
        shards: 3,
        cache_bytes,
        cache_bytes_min: cache_bytes,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 1 << 20,
        background: false,
        vfs: Arc::new(disk.clone()),
        ..Options::default()
    };
    Database::open("/store", options)
}

fn row(id: i64, revision: i64, note: &str) -> Vec<Value> {
    vec![id.into(), revision.into(), note.into()]
}

fn note(id: i64) -> String {
    format!("{id:0>150}")
}

/// A store with some pages, closed; opened again, changed all over by a few commits, and crashed.
/// Also returns what its table has then.
fn crashed() -> (SimVfs, Rows) {
    let disk = SimVfs::new(7);
    let store = open(&disk, CACHE_BYTES).unwrap();
    let definition = TableDefinition::builder("things")
        .column("id", Type::BigInt)
        .column("revision", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["id"])
        .index(IndexDefinition::on("by_revision", ["revision"]))
        .build()
        .unwrap();
    let things = store.create_table(&definition).unwrap();
    let rows = (0..ROWS).map(|id| Ok(row(id, 0, &note(id))));
    store.bulk_load(&things, LoadOrder::Sorted, rows).unwrap();
    store.close().unwrap();
    let store = open(&disk, CACHE_BYTES).unwrap();
    let things = store.table("things").unwrap();
    let mut rows: Rows = (0..ROWS).map(|id| (id, (0, note(id)))).collect();
    for turn in 1..=4 {
        change(&store, &things, turn, &mut rows);
    }
    let crashed = disk.reboot(3);
    (crashed, rows)
}

/// One commit: new revisions, longer and shorter notes, rows that go and rows that come.
fn change(store: &Database, things: &Table, turn: i64, rows: &mut Rows) {
    let long = "x".repeat(9_000);
    store
        .transaction(|transaction| {
            for id in (turn..ROWS).step_by(13) {
                let note = if id % 97 == 0 { long.clone() } else { note(id * turn) };
                if (id / 13) % 11 == 5 {
                    transaction.delete(things, &[id.into()])?;
                    rows.remove(&id);
                } else {
                    transaction.upsert(things, row(id, turn, &note))?;
                    rows.insert(id, (turn, note));
                }
            }
            for id in (ROWS * turn..).take(40) {
                transaction.upsert(things, row(id, turn, "new"))?;
                rows.insert(id, (turn, "new".into()));
            }
            Ok(())
        })
        .unwrap();
}

fn assert_holds(store: &Database, rows: &Rows) {
    let things = store.table("things").unwrap();
    let cut: Cut = store.cut();
    let mut found = Rows::new();
    let mut scan = cut.scan(&things, &Range::all(), Order::Ascending).unwrap();
    let values = |row: crate::Row<'_>| [0, 1, 2].map(|column| row.get(column).to_value());
    while let Some(row) = scan.next_with(values).unwrap() {
        let [Value::Integer(id), Value::Integer(revision), Value::Text(note)] = row else {
            panic!("{row:?} is not what was written");
        };
        found.insert(id, (revision, note));
    }
    drop(scan);
    drop(cut);
    assert!(found == *rows, "{} rows were found, {} written", found.len(), rows.len());
    let report = store.check(&mut |_| ()).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn pages_of_what_is_replayed_are_loaded_ahead() {
    let (disk, rows) = crashed();
    let store = open(&disk, CACHE_BYTES).unwrap();
    let pagers = || store.core().shards.iter().map(|shard| &shard.pager);
    let reached: u64 = pagers().map(|pager| pager.reached_pages()).sum();
    let loads: u64 = pagers().map(|pager| pager.loads()).sum();
    let misses = store.statistics().cache.misses;
    assert!(reached > 200 && misses > 100, "{misses} of {reached} pages");
    assert!(misses < reached + 30, "each page once: {misses} of {reached}");
    assert!(loads < misses / 4, "{loads} of {misses} pages were waited for");
    assert_holds(&store, &rows);
}

#[test]
fn a_cache_smaller_than_the_store_replays_the_same() {
    let (disk, rows) = crashed();
    let store = open(&disk, 1).unwrap();
    let statistics = store.statistics().cache;
    assert!(statistics.frames <= 512 && statistics.evictions > 0, "{statistics:?}");
    assert_holds(&store, &rows);
}

#[test]
fn a_crash_in_the_middle_of_recovery_loses_nothing() {
    let (disk, rows) = crashed();
    let whole = disk.reboot(1);
    let before = whole.counters().operations;
    drop(open(&whole, 1).unwrap());
    let operations = whole.counters().operations - before;
    assert!(operations > 60, "{operations} are few to crash in");
    let mut image = disk;
    for crash_in in (1..operations).step_by(usize::try_from(operations / 24).unwrap()) {
        // Each time the crash is of what the last one left.
        let next = image.reboot(crash_in);
        next.inject(Fault::Crash, crash_in);
        match open(&next, 1) {
            Ok(store) => drop(store),
            Err(error) => assert_ne!(error.kind(), ErrorKind::Corrupt, "{error:?}"),
        }
        image = next.reboot(crash_in + 1);
    }
    assert_holds(&open(&image, CACHE_BYTES).unwrap(), &rows);
}

#[test]
fn a_page_that_cannot_be_read_ends_the_open_and_nothing_else() {
    let (disk, rows) = crashed();
    let whole = disk.reboot(1);
    let before = whole.counters().reads;
    drop(open(&whole, CACHE_BYTES).unwrap());
    let reads = whole.counters().reads - before;
    let failing = disk.reboot(1);
    let mut refused = 0;
    for read in (1..reads).step_by(5) {
        failing.inject(Fault::ReadError, read);
        match open(&failing, CACHE_BYTES) {
            Ok(store) => drop(store),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Io, "{error:?}");
                refused += 1;
            }
        }
        failing.forget_faults();
    }
    assert!(refused > 3, "{refused} of {reads} reads were missed");
    assert_holds(&open(&failing, CACHE_BYTES).unwrap(), &rows);
}
