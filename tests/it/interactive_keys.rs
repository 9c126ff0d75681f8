//! Foreign keys and generated ids of interactive transactions: whatever the interleaving, no row
//! lacks its parent and no id is given twice; what is deferred follows the savepoints.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bourse::schema::{Action, Timing};
use bourse::{
    Database, ErrorKind, ForeignKey, InteractiveTransaction, Isolation, Options, Order, Range,
    Result, Table, TableDefinition, TransactionOptions, Type, Value,
};
use bourse_storage::sync::sim::{self, Outcome, Random};
use bourse_storage::sync::{self, spawn};
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::small_options;

const PARENTS: i64 = 3;

#[derive(Clone)]
struct Store {
    database: Database,
    parents: Table,
    children: Table,
}

fn open(timing: Timing, on_delete: Action) -> Store {
    let options =
        Options { shards: 3, background: false, vfs: Arc::new(SimVfs::new(1)), ..small_options() };
    let database = Database::open("/store", options).unwrap();
    let parents = TableDefinition::builder("parents")
        .column("id", Type::BigInt)
        .column("note", Type::BigInt)
        .primary_key(["id"])
        .build()
        .unwrap();
    let parents = database.create_table(&parents).unwrap();
    let of_parent = ForeignKey::on("of_parent", ["parent"], "parents");
    let of_parent = of_parent.timing(timing).on_delete(on_delete);
    let children = TableDefinition::builder("children")
        .column("id", Type::BigInt)
        .generated_id()
        .column("parent", Type::BigInt)
        .primary_key(["id"])
        .foreign_key(of_parent)
        .build()
        .unwrap();
    let children = database.create_table(&children).unwrap();
    let store = Store { database, parents, children };
    for id in 0..PARENTS {
        store.database.insert(&store.parents, vec![id.into(), 0.into()]).unwrap();
    }
    store
}

impl Store {
    fn begin(&self) -> InteractiveTransaction {
        self.database.begin(TransactionOptions::default()).unwrap()
    }

    fn child(parent: i64) -> Vec<Value> {
        vec![Value::Null, parent.into()]
    }

    fn orphans(&self) -> usize {
        let cut = self.database.cut();
        let rows = cut.scan(&self.children, &Range::all(), Order::Ascending).unwrap();
        let parents = rows.map(|row| row.unwrap().values()[1].clone());
        let is_gone =
            |id: &Value| cut.get(&self.parents, std::slice::from_ref(id)).unwrap().is_none();
        parents.filter(is_gone).count()
    }

    fn is_sound(&self) {
        let report = self.database.check(&mut |_| ()).unwrap();
        assert!(report.is_sound(), "{:#?}", report.findings);
    }
}

fn refused<T>(result: Result<T>, sqlstate: &str) {
    let Err(error) = result else { panic!("{sqlstate} was expected, but it was accepted") };
    assert_eq!(error.sqlstate(), sqlstate, "{error}");
}

/// A worker's work: children come, parents go, come back or change, in transactions of all kinds.
fn work(store: &Store, random: &mut Random) -> [u32; 3] {
    let mut done = [0; 3];
    for _ in 0..12 {
        let parent = random.below(PARENTS.unsigned_abs()).cast_signed();
        let what = random.index(4);
        let apply = |transaction: &mut bourse::Transaction<'_>| match what {
            0 | 1 => transaction.insert(&store.children, Store::child(parent)).map(drop),
            2 => transaction.delete(&store.parents, &[parent.into()]).map(drop),
            _ => transaction.upsert(&store.parents, vec![parent.into(), 1.into()]).map(drop),
        };
        let result = if random.one_in(3) {
            store.database.transaction(apply)
        } else {
            let levels =
                [Isolation::ReadCommitted, Isolation::RepeatableRead, Isolation::Serializable];
            let isolation = levels[random.index(levels.len())];
            let options = TransactionOptions { isolation, ..TransactionOptions::default() };
            let pause = Duration::from_micros(random.below(300));
            let mut handle = store.database.begin(options).unwrap();
            handle.statement(apply).and_then(|()| {
                sync::sleep(pause);
                handle.commit()
            })
        };
        match result {
            Ok(()) => done[[0, 0, 1, 2][what]] += 1,
            Err(error) => assert!(
                matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Constraint),
                "{error:?}"
            ),
        }
    }
    done
}

#[test]
fn no_interleaving_leaves_a_child_without_its_parent() {
    let mut done = [0; 3];
    for seed in 1..=60 {
        let timing = if seed % 2 == 0 { Timing::Deferred } else { Timing::Immediate };
        let on_delete = if seed % 3 == 0 { Action::Cascade } else { Action::NoAction };
        let outcome = sim::run(seed, &sim::Options::default(), move || {
            let store = open(timing, on_delete);
            let workers = (0..4).map(|number| {
                let (store, mut random) = (store.clone(), Random::new(seed * 10 + number));
                spawn("worker", move || work(&store, &mut random))
            });
            let workers: Vec<_> = workers.collect();
            let done: Vec<_> = workers.into_iter().map(|worker| worker.join().unwrap()).collect();
            assert_eq!(store.orphans(), 0, "seed {seed}");
            store.is_sound();
            done
        });
        match outcome {
            Outcome::Finished(workers) => {
                for counts in workers {
                    done.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
                }
            }
            other => panic!("seed {seed}: {other:?}"),
        }
    }
    assert!(done.iter().all(|count| *count > 60), "children, deletes, upserts: {done:?}");
}

/// Both orders, each held open while the other one waits: the second is judged by what the first
/// has committed.
#[test]
fn who_comes_second_waits_and_is_judged_by_the_first() {
    let store = open(Timing::Immediate, Action::NoAction);
    let (mut inserts, mut deletes) = (store.begin(), store.begin());
    inserts.insert(&store.children, Store::child(0)).unwrap();
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| deletes.delete(&store.parents, &[0.into()]));
        // Another column of the parent is in nobody's way.
        store.database.update(&store.parents, &[0.into()], &[("note", 5.into())]).unwrap();
        inserts.commit().unwrap();
        refused(waits.join().unwrap(), "23503");
    });
    drop(deletes);
    let (mut deletes, mut inserts) = (store.begin(), store.begin());
    deletes.delete(&store.parents, &[1.into()]).unwrap();
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| inserts.insert(&store.children, Store::child(1)));
        let closure = scope.spawn(|| store.database.insert(&store.children, Store::child(1)));
        deletes.commit().unwrap();
        refused(waits.join().unwrap(), "23503");
        refused(closure.join().unwrap(), "23503");
    });
    assert_eq!(store.orphans(), 0);
}

#[test]
fn what_is_deferred_follows_savepoints_and_is_checked_at_commit() {
    let store = open(Timing::Deferred, Action::NoAction);
    let mut open = store.begin();
    open.savepoint("a").unwrap();
    open.insert(&store.children, Store::child(7)).unwrap();
    refused(open.check_constraints(), "23503");
    open.rollback_to("a").unwrap();
    open.check_constraints().unwrap();
    open.commit().unwrap();
    let mut open = store.begin();
    open.insert(&store.children, Store::child(8)).unwrap();
    open.savepoint("a").unwrap();
    open.insert(&store.parents, vec![8.into(), 0.into()]).unwrap();
    open.check_constraints().unwrap();
    // What met it goes, so it is not met any more.
    open.rollback_to("a").unwrap();
    refused(open.check_constraints(), "23503");
    refused(open.commit(), "23503");
    let mut open = store.begin();
    open.insert(&store.children, Store::child(9)).unwrap();
    open.insert(&store.parents, vec![9.into(), 0.into()]).unwrap();
    open.commit().unwrap();
    assert_eq!(store.orphans(), 0);
    assert_eq!(store.database.cut().count(&store.children).unwrap(), 1);
}

#[test]
fn counters_that_are_raised_at_once_go_to_the_higher_one() {
    let store = open(Timing::Immediate, Action::NoAction);
    let child = |id: i64| vec![id.into(), 0.into()];
    let made = store.begin().insert(&store.children, Store::child(0)).unwrap();
    let (mut low, mut high) = (store.begin(), store.begin());
    for (open, last) in [(&mut low, 500_i64 << 10), (&mut high, 900 << 10)] {
        open.statement(|t| t.raise_generated_ids(&store.children, last)).unwrap();
    }
    high.commit().unwrap();
    low.commit().unwrap();
    let mut ids = BTreeSet::from([format!("{made:?}")]);
    for turn in 0..200 {
        let mut open = store.begin();
        let key = if turn % 3 == 0 {
            store.database.insert(&store.children, Store::child(0)).unwrap()
        } else {
            open.insert(&store.children, Store::child(0)).unwrap()
        };
        open.commit().unwrap();
        let Value::Integer(id) = key[0] else { panic!("{key:?}") };
        assert!(id > 900 << 10, "{id} is not above what the counters were raised to");
        assert!(ids.insert(format!("{key:?}")), "{id} was given twice");
    }
    // An id given by hand is passed by who makes ids meanwhile.
    let mut by_hand = store.begin();
    by_hand.insert(&store.children, child(2_000 << 10)).unwrap();
    store.begin().insert(&store.children, Store::child(0)).unwrap();
    by_hand.commit().unwrap();
    store.is_sound();
}
