//! Indexes and views of which shards are built whole, aside, while others write: what has changed
//! meanwhile is in them, whatever ends the build leaves nothing, and what recovery makes of the log
//! is what was attached.

use std::sync::atomic::{AtomicBool, Ordering as Atomic};

use bourse::expression::column;
use bourse::schema::IndexBuilder;
use bourse::view::{AggregateFunction as F, ViewBuilder};
use bourse::{
    Database, Error, IndexBuildProgress, IndexDefinition, Options, Order, Table, Value,
    ViewDefinition,
};
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::{refused, small_options, small_options_on, sound};
use crate::online_views::{by_symbol, by_user, key, plain, row, trades};

/// So many that a shard is told of several times.
const ROWS: i64 = 12_000;
/// Users that these rows are of.
const USERS: i64 = ROWS / 60;

/// What is built.
enum Kind {
    Index(IndexBuilder),
    View(ViewBuilder),
}

impl Kind {
    fn build(
        &self,
        store: &Database,
        progress: &mut dyn FnMut(IndexBuildProgress),
    ) -> Result<(), Error> {
        match self {
            Kind::Index(index) => {
                store.create_index_with_progress("trades", index.clone(), progress)
            }
            Kind::View(view) => store.create_view_with_progress(view, progress).map(drop),
        }
    }
}

/// All that lies in the shard of its rows.
fn kinds() -> Vec<Kind> {
    let ranked = ViewDefinition::builder("ranked", "trades")
        .group("user_id", column("user_id"))
        .aggregate("trades", F::CountRows)
        .aggregate("low", F::Minimum(column("price")))
        .index("lowest", "low", Order::Ascending);
    let indexes = [
        IndexDefinition::on("plain", ["price"]),
        IndexDefinition::on("covering", ["symbol"]).include(["price"]),
        IndexDefinition::on("own", ["user_id", "id"]).unique(),
        IndexDefinition::on("some", ["price"]).filter(column("price").greater(500)),
        IndexDefinition::on("computed", [column("price").plus(column("id"))]),
    ];
    let views = [by_symbol("symbols"), by_user("users"), plain("all"), ranked];
    indexes.map(Kind::Index).into_iter().chain(views.map(Kind::View)).collect()
}

/// Inserts, changes, moves and deletes some hundred rows, the ends of multisets among them.
fn write_much(store: &Database, table: &Table, turn: i64) {
    for n in 0..120 {
        let (user, id) = ((turn * 31 + n) % USERS, 1_000 + turn * 1_000 + n);
        store.insert(table, row(user, id, 5_000 + id)).unwrap();
        let changed = [("price", Value::from(-id))];
        store.update(table, &key(user, n % 60), &changed).unwrap();
        store.delete(table, &key((user + 7) % USERS, (n + turn) % 60)).unwrap();
    }
    let moved = [("user_id", Value::from(1_000 + turn)), ("id", turn.into())];
    let key = key(turn % USERS, 1_000 + turn * 1_000);
    store.transaction(|transaction| transaction.update(table, &key, &moved)).unwrap();
}

/// The thread that is told writes in between, another one all the time; nothing of it is lost, and
/// a crash afterwards leads to the same.
#[test]
fn what_changes_during_a_build_is_in_it() {
    for kind in kinds() {
        let disk = SimVfs::new(5);
        let store = Database::open("/store", small_options_on(&disk)).unwrap();
        let table = trades(&store, ROWS);
        let (ended, mut turns) = (AtomicBool::new(false), 0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0.. {
                    if ended.load(Atomic::Relaxed) {
                        break;
                    }
                    let (user, id) = (n % USERS, 500_000 + n);
                    store.insert(&table, row(user, id, id)).unwrap();
                    store.update(&table, &key(user, id), &[("price", Value::from(-id))]).unwrap();
                    if n % 3 == 0 {
                        store.delete(&table, &key(user, id)).unwrap();
                    }
                }
            });
            let built = kind.build(&store, &mut |progress| {
                assert!(progress.rows_done <= progress.rows_total);
                turns += 1;
                if turns <= 6 {
                    write_much(&store, &table, turns);
                }
            });
            ended.store(true, Atomic::Relaxed);
            built.unwrap();
        });
        assert!(turns > 0);
        sound(&store);
        write_much(&store, &table, 50);
        sound(&store);
        let rows = store.cut().count(&table).unwrap();
        let disk = disk.reboot(6);
        drop(store);
        let store = Database::open("/store", small_options_on(&disk)).unwrap();
        assert_eq!(store.cut().count(&store.table("trades").unwrap()).unwrap(), rows);
        sound(&store);
    }
}

/// A crash at any time leaves shards that are whole and shards of which nothing is in.
#[test]
fn a_crash_leaves_whole_shards() {
    for (after, kind) in (1..).zip(kinds()) {
        let disk = SimVfs::new(after);
        let store = Database::open("/store", small_options_on(&disk)).unwrap();
        let table = trades(&store, ROWS);
        let (mut told, mut left) = (0, None);
        let built = kind.build(&store, &mut |_| {
            told += 1;
            if told == after {
                store.insert(&table, row(3, 777, 777)).unwrap();
                left = Some(disk.reboot(after));
            }
        });
        // The disk that the store had is gone.
        let Some(disk) = left else {
            built.unwrap();
            continue;
        };
        drop(store);
        let store = Database::open("/store", small_options_on(&disk)).unwrap();
        sound(&store);
        let table = store.table("trades").unwrap();
        write_much(&store, &table, 3);
        store.resume_index_builds(&mut |_| ()).unwrap();
        sound(&store);
        assert_eq!(table.definition().indexes.len() + store.views().len(), 1);
    }
}

/// Equal values that come meanwhile end the build of a unique index, and its pages are free again.
#[test]
fn equal_values_that_come_meanwhile_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), small_options()).unwrap();
    let table = trades(&store, ROWS);
    let mut told = 0;
    let twice = Kind::Index(IndexDefinition::on("twice", ["user_id", "price"]).unique());
    let built = twice.build(&store, &mut |_| {
        told += 1;
        // Shards that are in refuse the second one, those that are not take both.
        for user in (0..USERS).filter(|_| told == 1) {
            store.insert(&table, row(user, 60, 2_000)).unwrap();
            let second = store.insert(&table, row(user, 61, 2_000));
            second.map(drop).unwrap_or_else(|error| assert_eq!(error.sqlstate(), "23505"));
        }
    });
    let message = refused(built, "23505");
    assert!(message.contains("could not create unique index twice"), "{message}");
    assert!(store.table("trades").unwrap().definition().indexes.is_empty());
    sound(&store);
}

/// What is dropped while it is built is gone, and so is what was aside.
#[test]
fn a_build_that_is_dropped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), small_options()).unwrap();
    trades(&store, ROWS);
    for _ in 0..3 {
        let mut told = 0;
        let built = Kind::View(by_symbol("symbols")).build(&store, &mut |_| {
            told += 1;
            store.drop_view("symbols").unwrap();
        });
        refused(built, "42704");
        assert_eq!(told, 1);
        sound(&store);
    }
    Kind::View(by_symbol("symbols")).build(&store, &mut |_| ()).unwrap();
    sound(&store);
}

/// A shard that needs more memory than a build may take is built in chunks.
#[test]
fn memory_is_bounded() {
    for build_bytes_max in [0, 1 << 16, 1 << 22] {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { build_bytes_max, ..small_options() };
        let store = Database::open(folder.path(), options).unwrap();
        trades(&store, ROWS);
        for kind in kinds() {
            kind.build(&store, &mut |_| ()).unwrap();
            sound(&store);
        }
    }
}
