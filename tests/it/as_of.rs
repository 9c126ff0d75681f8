//! States of a while ago: which are kept, what they show, when they are gone.

use std::collections::BTreeMap;
use std::time::Duration;

use bourse::{Database, KeepCuts, Lsn, Options, Order, Range, Table, TableDefinition, Type, Value};
use bourse_storage::sync;

use crate::expect::small_options;

const DAY: Duration = Duration::from_secs(86_400);

fn options(at_most: usize, max_age: Duration) -> Options {
    Options {
        background: false,
        keep_cuts: Some(KeepCuts { every: DAY, max_age, at_most }),
        ..small_options()
    }
}

fn prices(store: &Database) -> Table {
    let definition = TableDefinition::builder("prices")
        .column("id", Type::BigInt)
        .not_null()
        .column("price", Type::BigInt)
        .primary_key(["id"])
        .build()
        .unwrap();
    store.create_table(&definition).unwrap()
}

fn put(store: &Database, table: &Table, id: i64, price: i64) {
    store.upsert(table, vec![id.into(), price.into()]).unwrap();
}

fn refused(store: &Database, lsn: Lsn) -> String {
    let Err(error) = store.cut_at(lsn) else { panic!("{lsn:?} should not be there") };
    assert_eq!(error.sqlstate(), "72000", "{error}");
    error.to_string()
}

/// Numbers that look like chance, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % limit
    }

    fn id(&mut self, limit: u64) -> i64 {
        i64::try_from(self.below(limit)).unwrap()
    }
}

type Model = BTreeMap<i64, i64>;

fn shown(store: &Database, table: &Table, lsn: Lsn) -> Model {
    let cut = store.cut_at(lsn).unwrap();
    assert!(cut.lsn() <= lsn);
    let rows = cut.scan(table, &Range::all(), Order::Ascending).unwrap();
    let number = |value: Value| match value {
        Value::Integer(number) => number,
        other => panic!("{other:?} is no number"),
    };
    rows.map(|row| {
        let row = row.unwrap();
        (number(row.get(0).to_value()), number(row.get(1).to_value()))
    })
    .collect()
}

/// Every LSN from the oldest kept state on shows the newest kept one at or before it, whatever was
/// written, and whichever pages checkpoints would have given to others, since.
#[test]
fn each_lsn_shows_the_newest_kept_state_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options(8, DAY)).unwrap();
    let table = prices(&store);
    let mut random = Random(7);
    let (mut model, mut kept) = (Model::new(), BTreeMap::<u64, Model>::new());
    for round in 0..24 {
        for _ in 0..60 {
            let id = random.id(150);
            if random.below(3) == 0 {
                assert_eq!(
                    store.delete(&table, &[id.into()]).unwrap(),
                    model.remove(&id).is_some()
                );
            } else {
                let price = random.id(1_000_000);
                put(&store, &table, id, price);
                model.insert(id, price);
            }
        }
        if round % 2 == 0 {
            kept.insert(store.keep_cut().unwrap().0, model.clone());
        }
        if round % 3 == 0 {
            store.checkpoint().unwrap();
        }
    }
    let newest = store.cut().lsn();
    let there: Vec<_> = kept.keys().rev().take(8).rev().copied().collect();
    assert_eq!(store.statistics().kept_cuts, 8);
    for lsn in (there[0]..newest.0).step_by(7).chain(there.iter().copied()) {
        let (_, expected) = kept.range(..=lsn).next_back().unwrap();
        assert_eq!(&shown(&store, &table, Lsn(lsn)), expected, "as of {lsn}");
    }
    assert_eq!(shown(&store, &table, newest), model);
    for lsn in [Lsn(there[0] - 1), Lsn(0), newest.next()] {
        let message = refused(&store, lsn);
        assert!(message.contains(&there[0].to_string()), "{message}");
        assert!(message.contains(&newest.0.to_string()), "{message}");
    }
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}

#[test]
fn a_state_is_let_go_by_age_but_not_from_under_its_reader() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options(8, Duration::from_millis(400))).unwrap();
    let table = prices(&store);
    put(&store, &table, 1, 10);
    let lsn = store.keep_cut().unwrap();
    assert_eq!(store.keep_cut().unwrap(), lsn);
    assert_eq!(store.statistics().kept_cuts, 1, "nothing was written in between");
    assert_eq!(store.statistics().held_cuts_behind, 0);
    let reader = store.cut_at(lsn).unwrap();
    put(&store, &table, 1, 11);
    assert!(store.statistics().held_cuts_behind > 0);
    sync::sleep(Duration::from_millis(500));
    assert!(store.statistics().oldest_kept_cut_age.unwrap() >= Duration::from_millis(500));
    refused(&store, lsn);
    assert_eq!(store.statistics().kept_cuts, 0);
    for price in 12..40 {
        put(&store, &table, 1, price);
        store.checkpoint().unwrap();
    }
    let row = reader.get(&table, &[1.into()]).unwrap().unwrap();
    assert_eq!(row.get(1).to_value(), Value::from(10));
    assert!(store.statistics().held_cuts_behind >= 28);
    drop(reader);
    assert_eq!(store.statistics().held_cuts_behind, 0, "nobody holds anything");
}

#[test]
fn none_is_kept_over_a_close_nor_without_the_option() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options(8, DAY)).unwrap();
    let table = prices(&store);
    put(&store, &table, 1, 10);
    let old = store.keep_cut().unwrap();
    put(&store, &table, 1, 11);
    let newest = store.cut().lsn();
    assert_eq!(shown(&store, &table, old), Model::from([(1, 10)]));
    store.close().unwrap();

    let none = Options { keep_cuts: None, ..options(1, DAY) };
    let store = Database::open(folder.path(), none).unwrap();
    refused(&store, old);
    assert_eq!(shown(&store, &table, newest), Model::from([(1, 11)]));
    assert_eq!(store.keep_cut().unwrap_err().sqlstate(), "55000");
    store.close().unwrap();

    for (every, at_most) in [(Duration::ZERO, 1), (DAY, 0), (DAY, 257)] {
        let rule = KeepCuts { every, max_age: DAY, at_most };
        let wrong = Options { keep_cuts: Some(rule), ..options(1, DAY) };
        let Err(error) = Database::open(folder.path(), wrong) else { panic!("{rule:?}") };
        assert_eq!(error.sqlstate(), "22023");
    }
}

#[test]
fn a_thread_of_the_store_keeps_states() {
    let folder = tempfile::tempdir().unwrap();
    let rule = KeepCuts { every: Duration::from_millis(2), max_age: DAY, at_most: 4 };
    let options = Options { background: true, keep_cuts: Some(rule), ..options(4, DAY) };
    let store = Database::open(folder.path(), options).unwrap();
    let table = prices(&store);
    let first = store.cut().lsn();
    let mut price = 0;
    let limit = sync::monotonic() + Duration::from_secs(60);
    // Until there are as many as may be, and the first is one of those that were let go.
    while store.statistics().kept_cuts < 4 || store.cut_at(first).is_ok() {
        assert!(sync::monotonic() < limit, "no state was kept");
        put(&store, &table, 1, price);
        price += 1;
    }
    assert_eq!(store.statistics().kept_cuts, 4);
    store.close().unwrap();
}
