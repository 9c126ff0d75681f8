//! Views built while others write: a half-built view is right up to where it is, also after a crash
//! and in a backup; a row that it cannot take ends the build; nobody reads it before it is whole.

use std::path::Path;

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction as F, Fraction, ViewBuilder};
use bourse::{
    Alteration, Database, IndexBuildProgress, IndexDefinition, LoadOrder, Options, Order, Range,
    Table, TableDefinition, Truncate, Type, Value, ViewDefinition,
};
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::{in_chunks, in_chunks_on, refused, sound};

const ROWS: i64 = 3_000;

pub(crate) fn trades(store: &Database, rows: i64) -> Table {
    let trades = TableDefinition::builder("trades")
        .column("user_id", Type::BigInt)
        .not_null()
        .column("id", Type::BigInt)
        .not_null()
        .column("price", Type::BigInt)
        .column("symbol", Type::Text)
        .primary_key(["user_id", "id"])
        .shard_key(["user_id"])
        .build()
        .unwrap();
    let table = store.create_table(&trades).unwrap();
    let rows = (0..rows).map(|n| Ok(row(n / 60, n % 60, 1 + n * 7_919 % 1_003)));
    store.bulk_load(&table, LoadOrder::Sorted, rows).unwrap();
    table
}

pub(crate) fn row(user: i64, id: i64, price: i64) -> Vec<Value> {
    let symbol = ["AAPL", "MSFT", "NVDA"][usize::try_from(price.rem_euclid(3)).unwrap()];
    vec![user.into(), id.into(), price.into(), symbol.into()]
}

pub(crate) fn key(user: i64, id: i64) -> [Value; 2] {
    [user.into(), id.into()]
}

/// Groups that are in all shards, with multisets of each kind.
pub(crate) fn by_symbol(name: &str) -> ViewBuilder {
    ViewDefinition::builder(name, "trades")
        .group("symbol", column("symbol"))
        .aggregate("trades", F::CountRows)
        .aggregate("sum", F::Sum(column("price")))
        .aggregate("low", F::Minimum(column("price")))
        .aggregate("high", F::Maximum(column("price")))
        .aggregate("first", F::First { value: column("price"), order: column("id") })
        .aggregate("last", F::Last { value: column("symbol"), order: column("price") })
        .aggregate("users", F::CountDistinct(column("user_id")))
        .aggregate("median", F::PercentileDiscrete(Fraction::HALF, column("price")))
}

/// Groups that are in one shard each.
pub(crate) fn by_user(name: &str) -> ViewBuilder {
    ViewDefinition::builder(name, "trades")
        .group("user_id", column("user_id"))
        .filter(column("price").greater(constant(100)))
        .aggregate("trades", F::CountRows)
        .aggregate("high", F::Maximum(column("price")))
}

pub(crate) fn plain(name: &str) -> ViewBuilder {
    ViewDefinition::builder(name, "trades").aggregate("trades", F::CountRows)
}

fn kinds() -> [(&'static str, ViewBuilder); 3] {
    [("symbols", by_symbol("symbols")), ("users", by_user("users")), ("all", plain("all"))]
}

/// Writes before and behind the build: inserted, changed, moved and deleted rows.
fn write(store: &Database, table: &Table, turn: i64, chunk: i64) {
    let (user, id) = (chunk * 7 % 50, 1_000 * (turn + 1) + chunk);
    store.insert(table, row(user, id, 2_000 + id)).unwrap();
    store.update(table, &key(user, chunk % 60), &[("price", (3_000 - id).into())]).unwrap();
    store.delete(table, &key((user + 1) % 50, chunk % 60)).unwrap();
    store
        .transaction(|transaction| {
            let symbol = [("symbol", Value::from("MSFT"))];
            transaction.update(table, &key((user + 2) % 50, chunk % 60), &symbol)?;
            // To another shard.
            let moved = [("user_id", Value::from(1_000 + user)), ("id", id.into())];
            transaction.update(table, &key((user + 3) % 50, (chunk + 1) % 60), &moved)
        })
        .unwrap();
}

/// How many rows a ready view of all kinds shows.
fn rows_shown(store: &Database, name: &str) -> u64 {
    let view = store.view(name).unwrap();
    assert!(view.is_ready(), "{name}");
    let groups = store.groups(&view, &Range::all(), Order::Ascending).unwrap();
    let count = |value: &Value| match value {
        Value::Integer(count) => u64::try_from(*count).unwrap(),
        other => panic!("{other:?} is no count"),
    };
    groups.iter().map(|group| count(group.get("trades").unwrap())).sum()
}

/// The mutexes are free between chunks: the thread that builds itself writes there, which would
/// wait for ever otherwise. At any moment the view is what the rows that it has come to make it.
#[test]
fn rows_are_written_between_the_chunks_of_a_view() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, ROWS);
    for (turn, (name, view)) in (0..).zip(kinds()) {
        let (mut chunks, mut last) = (0_i64, 0);
        let built = store.create_view_with_progress(&view, &mut |progress| {
            assert!(progress.rows_in_chunk <= 2_048, "a chunk is bounded");
            assert!(progress.rows_done >= last, "rows stay in");
            last = progress.rows_done;
            chunks += 1;
            write(&store, &table, turn, chunks);
            if chunks % 4 == 0 {
                sound(&store);
            }
            let half = store.view(name).unwrap();
            assert!(!half.is_ready());
            refused(store.groups(&half, &Range::all(), Order::Any).map(drop), "55000");
            refused(store.group(&half, &[]).map(drop), "55000");
            let read = store.transaction(|transaction| {
                transaction.top_groups(&half, &Range::all(), "trades", Order::Any, 1).map(drop)
            });
            refused(read, "55000");
        });
        assert!(built.unwrap().is_ready());
        assert!(chunks > 8, "{chunks} chunks");
        sound(&store);
        if name != "users" {
            assert_eq!(rows_shown(&store, name), store.cut().count(&table).unwrap(), "{name}");
        }
        write(&store, &table, turn, 500 + turn);
        sound(&store);
    }
    // What recovery replays, chunks among it, leads to the same bytes.
    drop(store);
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    assert_eq!(store.views().len(), 3);
    sound(&store);
}

/// A row that the view cannot take ends the build and nothing of it is left; before that it stands
/// in nobody's way, and no further one is taken.
#[test]
fn a_row_that_a_view_cannot_take_ends_its_build() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, ROWS);
    let view = ViewDefinition::builder("quotients", "trades")
        .group("symbol", column("symbol"))
        .aggregate("most", F::Maximum(constant(1_000_000).divided_by(column("price"))));
    store.update(&table, &key(0, 0), &[("price", 1.into())]).unwrap();
    store.update(&table, &key(49, 59), &[("price", 0.into())]).unwrap();
    refused(store.create_view(&view).map(drop), "22012");
    assert!(store.views().is_empty());
    sound(&store);
    let mut seen = false;
    let built = store.create_view_with_progress(&view, &mut |_| {
        if !std::mem::replace(&mut seen, true) {
            refused(store.insert(&table, row(7, 900, 0)).map(drop), "22012");
            // Another column of the row, and then what is wrong with it.
            let others = [("symbol", Value::from("AAPL"))];
            refused(store.update(&table, &key(49, 59), &others).map(drop), "22012");
            store.update(&table, &key(49, 59), &[("price", 5.into())]).unwrap();
        }
    });
    assert!(built.unwrap().is_ready() && seen);
    sound(&store);
}

/// One build at a time; a view under build can be dropped, and neither loads, TRUNCATE nor ALTER
/// TABLE reach its table meanwhile.
#[test]
fn what_others_may_do_during_the_build_of_a_view() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), in_chunks()).unwrap();
    let table = trades(&store, ROWS);
    let mut seen = 0;
    let built = store.create_view_with_progress(&by_symbol("symbols"), &mut |_| {
        seen += 1;
        if seen > 1 {
            return;
        }
        refused(store.create_view(&plain("other")).map(drop), "55006");
        refused(store.create_view(&plain("symbols")).map(drop), "42P07");
        refused(store.create_index("trades", IndexDefinition::on("i", ["price"])), "55006");
        refused(store.resume_index_builds(&mut |_| ()), "55006");
        refused(store.bulk_load(&table, LoadOrder::Sorted, std::iter::empty()), "55000");
        refused(store.truncate(&Truncate::of(["trades"])), "55006");
        let rename = Alteration::Rename("deals".to_owned());
        refused(store.alter_table("trades", &[rename]), "55006");
        refused(store.drop_table("trades"), "2BP01");
        // Empty tables need no build.
        let empty = TableDefinition::builder("empty").column("n", Type::BigInt).build().unwrap();
        store.create_table(&empty).unwrap();
        let of_empty = ViewDefinition::builder("of_empty", "empty").aggregate("n", F::CountRows);
        assert!(store.create_view(&of_empty).unwrap().is_ready());
        store.drop_view("symbols").unwrap();
    });
    refused(built.map(drop), "42704");
    assert_eq!(seen, 1);
    assert_eq!(store.views().len(), 1);
    sound(&store);
    assert!(store.create_view(&by_symbol("symbols")).unwrap().is_ready());
    sound(&store);
}

/// Builds a view until so many chunks are done; then the power is cut.
fn crashed_in_build(disk: &SimVfs, view: &ViewBuilder, after: i64) -> SimVfs {
    let store = Database::open("/store", in_chunks_on(disk)).unwrap();
    let table = store.table("trades").unwrap();
    let (mut chunks, mut left) = (0, None);
    let mut progress = |_: IndexBuildProgress| {
        chunks += 1;
        if chunks == after / 2 {
            store.checkpoint().unwrap();
        }
        write(&store, &table, 5, chunks);
        if chunks == after {
            left = Some(disk.reboot(u64::try_from(after).unwrap()));
        }
    };
    assert!(store.create_view_with_progress(view, &mut progress).is_err());
    left.unwrap()
}

/// A crash in the middle of a build: the view is there, not ready, with the states of the rows that
/// are in; the build goes on where it was, by a call or by the store's own thread.
#[test]
fn a_crash_in_the_middle_leaves_a_view_that_is_built_on() {
    for (after, background) in [(2, false), (7, false), (9, true), (11, false)] {
        for (name, view) in kinds() {
            let disk = SimVfs::new(u64::try_from(after).unwrap());
            {
                let store = Database::open("/store", in_chunks_on(&disk)).unwrap();
                trades(&store, ROWS);
            }
            let disk = crashed_in_build(&disk, &view, after);
            let store =
                Database::open("/store", Options { background, ..in_chunks_on(&disk) }).unwrap();
            let table = store.table("trades").unwrap();
            if background {
                while !store.view(name).unwrap().is_ready() {
                    std::thread::yield_now();
                }
            } else {
                assert!(!store.view(name).unwrap().is_ready(), "{name}");
                sound(&store);
                write(&store, &table, 6, 3);
                let mut first = None;
                store
                    .resume_index_builds(&mut |progress| {
                        let before = progress.rows_done - u64::from(progress.rows_in_chunk);
                        first.get_or_insert(before);
                    })
                    .unwrap();
                assert!(first.unwrap() > 0, "{name}: it begins where it was");
            }
            sound(&store);
            if name != "users" {
                assert_eq!(rows_shown(&store, name), store.cut().count(&table).unwrap(), "{name}");
            }
            store.close().unwrap();
        }
    }
}

/// A backup of a store with a half-built view is a store with a half-built view.
#[test]
fn a_backup_in_the_middle_of_a_view_can_be_built_on() {
    let folder = tempfile::tempdir().unwrap();
    let (own, copy, other) =
        (folder.path().join("own"), folder.path().join("copy"), folder.path().join("other"));
    let store = Database::open(&own, in_chunks()).unwrap();
    trades(&store, ROWS);
    let mut chunks = 0;
    let built = store.create_view_with_progress(&by_symbol("symbols"), &mut |_| {
        chunks += 1;
        if chunks == 7 {
            store.backup(&copy, None, &mut |_| ()).unwrap();
        }
    });
    assert!(built.unwrap().is_ready());
    restore(&copy, &other);
    let store = Database::open(&other, Options { background: false, ..in_chunks() }).unwrap();
    assert!(!store.view("symbols").unwrap().is_ready());
    sound(&store);
    store.resume_index_builds(&mut |_| ()).unwrap();
    assert_eq!(rows_shown(&store, "symbols"), u64::try_from(ROWS).unwrap());
    sound(&store);
}

fn restore(copy: &Path, to: &Path) {
    bourse::backup::restore(&[copy.to_path_buf()], to, &in_chunks(), &mut |_| ()).unwrap();
}
