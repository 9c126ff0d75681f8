//! Indexes built while others write: what readers and writers see meanwhile, what ends a build, and
//! that a half-built index is whole up to where it is, also after a crash.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bourse::expression::column;
use bourse::schema::IndexBuilder;
use bourse::{
    Database, ErrorKind, ForeignKey, IndexBuildProgress, IndexDefinition, LoadOrder, Options,
    Order, Range, Table, TableDefinition, Type, Value, ValueRef,
};
use bourse_storage::sync;
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::{in_chunks, in_chunks_on, refused, sound};

const ROWS: i64 = 3_000;

fn trades(store: &Database, rows: i64) -> Table {
    let trades = TableDefinition::builder("trades")
        .column("user_id", Type::BigInt)
        .not_null()
        .column("id", Type::BigInt)
        .not_null()
        .column("price", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["user_id", "id"])
        .shard_key(["user_id"])
        .build()
        .unwrap();
    let table = store.create_table(&trades).unwrap();
    let rows = (0..rows).map(|n| Ok(row(n / 60, n % 60, price(n))));
    store.bulk_load(&table, LoadOrder::Sorted, rows).unwrap();
    table
}

/// Every row another price.
fn price(n: i64) -> i64 {
    n * 7_919 % 1_000_003
}

fn row(user: i64, id: i64, price: i64) -> Vec<Value> {
    vec![user.into(), id.into(), price.into(), "some text that an index may hold".into()]
}

fn key(user: i64, id: i64) -> [Value; 2] {
    [user.into(), id.into()]
}

fn entries(store: &Database, table: &Table, index: &str) -> usize {
    let cut = store.cut();
    let mut entries = cut.scan_index(table, index, &Range::all(), Order::Ascending).unwrap();
    entries.fetch(usize::MAX).unwrap().len()
}

/// The kinds of index that a build may be of.
fn kinds() -> Vec<IndexBuilder> {
    vec![
        IndexDefinition::on("plain", ["price"]),
        IndexDefinition::on("covering", ["price"]).include(["note"]),
        IndexDefinition::on("whole", ["price"]).include(["note"]).global(),
        IndexDefinition::on("one", ["price"]).unique(),
        IndexDefinition::on("own", ["user_id", "price"]).unique(),
        IndexDefinition::on("some", ["price"]).filter(column("price").greater(500_000)),
        IndexDefinition::on("computed", [column("price").plus(column("id"))]),
    ]
}

/// The mutexes are free between chunks: the thread that builds itself writes there, which would
/// wait for ever otherwise. Rows before and behind the build are inserted, changed, moved and
/// deleted, and at any moment the index has what it should have.
#[test]
fn rows_are_written_between_the_chunks_of_a_build() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, ROWS);
    for (turn, index) in (0..).zip(kinds()) {
        let name = ["plain", "covering", "whole", "one", "own", "some", "computed"][turn];
        let turn = i64::try_from(turn).unwrap();
        let (mut chunks, mut last) = (0_i64, 0);
        let mut progress = |progress: IndexBuildProgress| {
            assert!(progress.rows_in_chunk <= 2_048, "a chunk is bounded");
            assert!(progress.rows_done >= last && progress.rows_done <= progress.rows_total + 500);
            last = progress.rows_done;
            chunks += 1;
            let (user, id) = (chunks * 7 % 50, 1_000 * (turn + 1) + chunks);
            store.insert(&table, row(user, id, 2_000_000 + id)).unwrap();
            let changed = [("price", Value::from(3_000_000 + id))];
            store.update(&table, &key(user, chunks % 60), &changed).unwrap();
            store.delete(&table, &key((user + 1) % 50, chunks % 60)).unwrap();
            store
                .transaction(|transaction| {
                    let key = key((user + 2) % 50, chunks % 60);
                    transaction.update(&table, &key, &[("price", (4_000_000 + id).into())])?;
                    // To another shard.
                    let key = self::key((user + 3) % 50, (chunks + 1) % 60);
                    let moved = [("user_id", Value::from(1_000 + user)), ("id", id.into())];
                    transaction.update(&table, &key, &moved)
                })
                .unwrap();
            if chunks % 4 == 0 {
                sound(&store);
            }
            assert!(!store.table("trades").unwrap().index_is_ready(name).unwrap());
            let cut = store.cut();
            let read = cut.scan_index(&table, name, &Range::all(), Order::Ascending);
            refused(read.map(|_| ()), "55000");
        };
        store.create_index_with_progress("trades", index, &mut progress).unwrap();
        assert!(chunks > 8, "{chunks} chunks");
        assert!(store.table("trades").unwrap().index_is_ready(name).unwrap());
        sound(&store);
        let rows = usize::try_from(store.cut().count(&table).unwrap()).unwrap();
        assert!(name == "some" || entries(&store, &table, name) == rows, "{name}");
        store.drop_index("trades", name).unwrap();
    }
}

/// Writers go on while an index is built, in transactions of both kinds. How long they wait is
/// printed, not judged: the machine may be busy.
#[test]
fn threads_write_while_an_index_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, 4 * ROWS);
    let (done, longest) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut held = Duration::ZERO;
    std::thread::scope(|scope| {
        for thread in 0..4_i64 {
            let (store, table, done, longest) = (&store, &table, &done, &longest);
            scope.spawn(move || {
                let mut turn = 0;
                while !done.load(Ordering::Relaxed) {
                    turn += 1;
                    let (user, id) = (turn * 13 % 200, 10_000 * (thread + 1) + turn);
                    let begin = sync::monotonic();
                    if turn % 2 == 0 {
                        store.insert(table, row(user, id, 10_000_000 + id)).unwrap();
                    } else {
                        store
                            .transaction(|transaction| {
                                let change = [("price", Value::from(20_000_000 + id))];
                                transaction.update(table, &key(user, turn % 60), &change)?;
                                transaction.delete(table, &key(user + 1, turn % 59))
                            })
                            .unwrap();
                    }
                    let waited = sync::monotonic() - begin;
                    let micros = u64::try_from(waited.as_micros()).unwrap();
                    longest.fetch_max(micros, Ordering::Relaxed);
                }
            });
        }
        for index in kinds() {
            store
                .create_index_with_progress("trades", index, &mut |progress| {
                    held = held.max(progress.longest_hold);
                })
                .unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    println!("a chunk held its mutexes for {held:?} at most, a commit took {longest:?} us at most");
    sound(&store);
}

/// A duplicate ends the build, wherever its two rows are, and nothing of the index is left.
#[test]
fn equal_values_end_the_build_of_a_unique_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, ROWS);
    let last = (ROWS - 1) / 60;
    store.update(&table, &key(last, 59), &[("price", price(0).into())]).unwrap();
    store.insert(&table, row(7, 500, price(7 * 60 + 3))).unwrap();
    let one = || IndexDefinition::on("one", ["price"]).unique();
    let error = store.create_index("trades", one()).unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Constraint, "23505"), "{error}");
    let own = IndexDefinition::on("own", ["user_id", "price"]).unique();
    refused(store.create_index("trades", own), "23505");
    assert!(store.table("trades").unwrap().definition().indexes.is_empty());
    sound(&store);
    store.delete(&table, &key(7, 500)).unwrap();
    refused(store.create_index("trades", one()), "23505");
    store.delete(&table, &key(last, 59)).unwrap();
    store.create_index("trades", one()).unwrap();
    refused(store.insert(&table, row(3, 900, price(0))), "23505");
    sound(&store);
}

/// What was written during a build counts: a duplicate of a row that is in is refused at once, one
/// of a row that is not in yet ends the build.
#[test]
fn equal_values_written_during_a_build_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, ROWS);
    let one = || IndexDefinition::on("one", ["price"]).unique();
    let (mut refusals, mut accepted) = (0, 0);
    let mut progress = |_: IndexBuildProgress| {
        // Rows that come first in their shards: they are in as soon as their shard has begun.
        for user in 0..50 {
            match store.insert(&table, row(user, -1, price(user * 60))) {
                Ok(_) => {
                    store.delete(&table, &key(user, -1)).unwrap();
                    accepted += 1;
                }
                Err(error) => {
                    assert_eq!(error.sqlstate(), "23505");
                    refusals += 1;
                }
            }
        }
    };
    store.create_index_with_progress("trades", one(), &mut progress).unwrap();
    assert!(refusals > 0 && accepted > 0, "{refusals} refused, {accepted} accepted");
    sound(&store);
    store.drop_index("trades", "one").unwrap();
    let mut doubled = false;
    let mut progress = |_: IndexBuildProgress| {
        if !std::mem::replace(&mut doubled, true) {
            // In all shards, behind all other rows.
            for user in 1_000..1_016 {
                store.insert(&table, row(user, 0, price(5))).unwrap();
            }
        }
    };
    let built = store.create_index_with_progress("trades", one(), &mut progress);
    refused(built, "23505");
    sound(&store);
}

/// A row that the index cannot have ends the build; before that it stands in nobody's way.
#[test]
fn a_row_that_cannot_be_in_the_index_ends_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, ROWS);
    store.update(&table, &key(49, 59), &[("price", i64::MAX.into())]).unwrap();
    let sum = || IndexDefinition::on("sum", [column("price").plus(column("id"))]);
    refused(store.create_index("trades", sum()), "22003");
    assert!(store.table("trades").unwrap().definition().indexes.is_empty());
    let mut mended = false;
    store
        .create_index_with_progress("trades", sum(), &mut |_| {
            if !std::mem::replace(&mut mended, true) {
                store.update(&table, &key(49, 59), &[("price", 1.into())]).unwrap();
            }
        })
        .unwrap();
    sound(&store);
    assert_eq!(entries(&store, &table, "sum"), usize::try_from(ROWS).unwrap());
}

/// One build at a time; an index under build can be dropped, with its table too, and neither loads
/// nor foreign keys lean on it.
#[test]
fn what_others_may_do_during_a_build() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, ROWS);
    let by_price = |name: &str| IndexDefinition::on(name, ["price"]);
    let mut seen = 0;
    let built = store.create_index_with_progress("trades", by_price("one").unique(), &mut |_| {
        seen += 1;
        if seen > 1 {
            return;
        }
        refused(store.create_index("trades", by_price("other")), "55006");
        refused(store.resume_index_builds(&mut |_| ()), "55006");
        refused(store.bulk_load(&table, LoadOrder::Sorted, std::iter::empty()), "55000");
        let child = TableDefinition::builder("child")
            .column("price", Type::BigInt)
            .primary_key(["price"])
            .foreign_key(ForeignKey::on("of_price", ["price"], "trades").to(["price"]))
            .build()
            .unwrap();
        refused(store.create_table(&child), "55000");
        let unique = store.cut().find_unique(&table, "one", &[price(1).into()]).map(|_| ());
        refused(unique, "55000");
        // Empty tables need no build.
        let empty = TableDefinition::builder("empty").column("n", Type::BigInt).build().unwrap();
        store.create_table(&empty).unwrap();
        store.create_index("empty", IndexDefinition::on("by_n", ["n"])).unwrap();
        store.drop_index("trades", "one").unwrap();
    });
    refused(built, "42704");
    assert_eq!(seen, 1);
    sound(&store);
    let mut seen = 0;
    let built = store.create_index_with_progress("trades", by_price("again"), &mut |_| {
        seen += 1;
        if seen == 1 {
            store.drop_table("trades").unwrap();
        }
    });
    refused(built, "42704");
    sound(&store);
    trades(&store, 100);
    store.create_index("trades", by_price("again")).unwrap();
    sound(&store);
}

/// A foreign key's own index is built the same way, and is gone when the foreign key is refused.
#[test]
fn the_index_of_a_foreign_key_is_built_online() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, ROWS);
    let prices = TableDefinition::builder("prices")
        .column("price", Type::BigInt)
        .primary_key(["price"])
        .build()
        .unwrap();
    let prices = store.create_table(&prices).unwrap();
    let mut all: Vec<i64> = (0..ROWS - 1).map(price).collect();
    all.sort_unstable();
    let rows = all.into_iter().map(|price| Ok(vec![price.into()]));
    store.bulk_load(&prices, LoadOrder::Sorted, rows).unwrap();
    let key = ForeignKey::on("of_price", ["price"], "prices");
    refused(store.add_foreign_key("trades", &key), "23503");
    assert!(store.table("trades").unwrap().definition().indexes.is_empty());
    store.insert(&prices, vec![price(ROWS - 1).into()]).unwrap();
    store.add_foreign_key("trades", &key).unwrap();
    assert!(store.table("trades").unwrap().index_is_ready("of_price_index").unwrap());
    refused(store.delete(&prices, &[price(3).into()]), "23503");
    refused(store.insert(&table, row(1, 999, -1)), "23503");
    sound(&store);
}

/// Builds an index until so many chunks are done; then the power is cut.
fn crashed_in_build(disk: &SimVfs, index: IndexBuilder, after: u32) -> SimVfs {
    let store = Database::open("/store", in_chunks_on(disk)).unwrap();
    let table = store.table("trades").unwrap();
    let (mut chunks, mut left) = (0, None);
    let mut progress = |_: IndexBuildProgress| {
        chunks += 1;
        if chunks == after / 2 {
            store.checkpoint().unwrap();
        }
        let id = i64::from(chunks);
        store.insert(&table, row(id * 11 % 70, 5_000 + id, 6_000_000 + id)).unwrap();
        store.delete(&table, &key(id * 3 % 50, id)).unwrap();
        if chunks == after {
            left = Some(disk.reboot(u64::from(after)));
        }
    };
    assert!(store.create_index_with_progress("trades", index, &mut progress).is_err());
    left.unwrap()
}

/// A crash in the middle of a build: the index is there, not ready, with the entries of the rows
/// that are in; the build goes on where it was, by a call or by the store's own thread.
#[test]
fn a_crash_in_the_middle_leaves_a_build_that_goes_on() {
    for (after, index) in [(2, 0), (5, 2), (7, 3), (9, 4), (11, 6)] {
        let disk = SimVfs::new(u64::from(after));
        {
            let store = Database::open("/store", in_chunks_on(&disk)).unwrap();
            trades(&store, ROWS);
        }
        let index = kinds().swap_remove(index);
        let disk = crashed_in_build(&disk, index, after);
        let store = Database::open("/store", in_chunks_on(&disk)).unwrap();
        let table = store.table("trades").unwrap();
        let name = table.definition().indexes[0].name.clone();
        assert!(!table.index_is_ready(&name).unwrap(), "{name}");
        sound(&store);
        let other = IndexDefinition::on("other", ["price"]);
        refused(store.create_index("trades", other), "55006");
        store.insert(&table, row(1, 9_000, 9_000_000)).unwrap();
        store.delete(&table, &key(2, 40)).unwrap();
        let mut first = None;
        store
            .resume_index_builds(&mut |progress| {
                first.get_or_insert(progress.rows_done - u64::from(progress.rows_in_chunk));
            })
            .unwrap();
        assert!(first.unwrap() > 0, "{name}: it begins where it was");
        assert!(store.table("trades").unwrap().index_is_ready(&name).unwrap());
        sound(&store);
        let rows = store.cut().count(&table).unwrap();
        assert_eq!(entries(&store, &table, &name) as u64, rows);
        store.resume_index_builds(&mut |_| ()).unwrap();
        store.close().unwrap();
    }
}

/// With background threads nobody needs to call: a thread finishes what the open found. What the
/// rows refuse meanwhile is dropped by it.
#[test]
fn an_open_with_background_threads_goes_on_by_itself() {
    for refuses in [false, true] {
        let disk = SimVfs::new(77);
        {
            let store = Database::open("/store", in_chunks_on(&disk)).unwrap();
            trades(&store, ROWS);
        }
        let disk = crashed_in_build(&disk, IndexDefinition::on("one", ["price"]).unique(), 9);
        if refuses {
            let store = Database::open("/store", in_chunks_on(&disk)).unwrap();
            let table = store.table("trades").unwrap();
            // Behind all other rows of the last shards.
            let users = 2_000..2_032;
            let taken = users.filter(|user| store.insert(&table, row(*user, 0, 77)).is_ok());
            assert!(taken.count() > 1, "shards that the build has not come to do not look");
            store.close().unwrap();
        }
        let options = Options { background: true, ..in_chunks_on(&disk) };
        let store = Database::open("/store", options).unwrap();
        loop {
            let table = store.table("trades").unwrap();
            match table.index_is_ready("one") {
                Ok(true) if !refuses => break,
                Err(_) if refuses => break,
                _ => std::thread::yield_now(),
            }
        }
        sound(&store);
    }
}

/// A backup of a store with a half-built index is a store with a half-built index.
#[test]
fn a_backup_in_the_middle_of_a_build_can_be_built_on() {
    let folder = tempfile::tempdir().unwrap();
    let (own, copy, other) =
        (folder.path().join("own"), folder.path().join("copy"), folder.path().join("other"));
    let store = Database::open(&own, in_chunks()).unwrap();
    trades(&store, ROWS);
    let mut chunks = 0;
    let index = IndexDefinition::on("whole", ["price"]).global();
    store
        .create_index_with_progress("trades", index, &mut |_| {
            chunks += 1;
            if chunks == 11 {
                back_up(&store, &copy);
            }
        })
        .unwrap();
    restore(&copy, &other);
    let store = Database::open(&other, Options { background: false, ..in_chunks() }).unwrap();
    let table = store.table("trades").unwrap();
    assert!(!table.index_is_ready("whole").unwrap());
    sound(&store);
    store.resume_index_builds(&mut |_| ()).unwrap();
    assert_eq!(entries(&store, &table, "whole"), usize::try_from(ROWS).unwrap());
    sound(&store);
}

fn back_up(store: &Database, copy: &Path) {
    store.backup(copy, None, &mut |_| ()).unwrap();
}

fn restore(copy: &Path, to: &Path) {
    bourse::backup::restore(&[copy.to_path_buf()], to, &in_chunks(), &mut |_| ()).unwrap();
}

/// Values that lie outside the pages of rows and entries, records larger than the log takes whole.
#[test]
fn large_rows_are_built_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let store =
        Database::open(folder.path(), Options { log_segment_bytes: 4 << 20, ..in_chunks() });
    let store = store.unwrap();
    let table = trades(&store, 200);
    for n in 0..6 {
        let text = "large ".repeat(20_000 * (1 + usize::try_from(n).unwrap() * 2));
        let values = vec![n.into(), 900.into(), (-n).into(), text.into()];
        store.insert(&table, values).unwrap();
    }
    for (name, global) in [("local", false), ("global", true)] {
        let index = IndexDefinition::on(name, ["price"]).include(["note"]);
        let index = if global { index.global() } else { index };
        store.create_index("trades", index).unwrap();
        assert_eq!(entries(&store, &table, name), 206);
        sound(&store);
    }
    let cut = store.cut();
    let mut found = cut.scan_index(&table, "global", &Range::all(), Order::Ascending).unwrap();
    let bytes = found.next_with(|entry| match entry.included(0) {
        Ok(ValueRef::Text(text)) => text.len(),
        _ => 0,
    });
    assert_eq!(bytes.unwrap(), Some(6 * 20_000 * 11));
}
