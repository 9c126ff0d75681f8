//! Completions by their invariants: in simulated worlds, on simulated disks.

use std::future::Future as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use bourse_storage::sync::{self, Mutex, sim};
use bourse_storage::vfs::sim::{Fault, SimVfs};
use bourse_storage::{Error, ErrorKind, Result};

use super::Completion;
use super::queue::{IN_FLIGHT_MAX, Queued};
use crate::commit::Applied;
use crate::database::Database;
use crate::options::{Durability, Options};
use crate::schema::TableDefinition;
use crate::table::Table;
use crate::transaction::interactive::TransactionOptions;
use crate::transaction::{Transaction, run};
use crate::value::{Type, Value};

/// What callbacks were told, in order.
type Told = Arc<Mutex<Vec<Result<i64>>>>;

fn open(disk: &SimVfs, background: bool, durability: Durability) -> Database {
    let options = Options {
        shards: 4,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 4 << 20,
        durability,
        background,
        vfs: Arc::new(disk.clone()),
        ..Options::default()
    };
    Database::open("/store", options).unwrap()
}

fn with_table(disk: &SimVfs, background: bool) -> (Database, Table) {
    let store = open(disk, background, Durability::Sync);
    let definition = TableDefinition::builder("t")
        .column("id", Type::BigInt)
        .not_null()
        .column("value", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&definition).unwrap();
    (store, table)
}

fn row(id: i64, value: i64) -> Vec<Value> {
    vec![id.into(), value.into(), Value::Null]
}

/// Adds one to a row's value; returns the sum.
fn add_one(transaction: &mut Transaction<'_>, table: &Table, id: i64) -> Result<i64> {
    let before = transaction.get(table, &[id.into()])?;
    let value = before.map_or(0, |row| match row.get(1) {
        crate::value::ValueRef::Integer(value) => value,
        other => panic!("{other:?}"),
    });
    transaction.upsert(table, row(id, value + 1))?;
    Ok(value + 1)
}

/// Submits an insert whose callback notes its id, or the error.
fn insert_noting(store: &Database, table: &Table, id: i64, told: &Told) {
    let told = Arc::clone(told);
    store.submit().shard_transaction_with(
        table,
        &[id.into()],
        |transaction| transaction.insert(table, row(id, 0)).map(|_| id),
        move |result| told.lock().push(result),
    );
}

fn ids(told: &Told) -> Vec<i64> {
    told.lock().iter().map(|result| *result.as_ref().unwrap()).collect()
}

/// Runs `body` in worlds of several seeds.
fn in_worlds(body: impl Fn(SimVfs) + Clone + Send + 'static) {
    for seed in 0..12 {
        let body = body.clone();
        let outcome = sim::run(seed, &sim::Options::default(), move || body(SimVfs::new(seed)));
        outcome.finished();
    }
}

/// K2, K3: three threads add to one row by shard and by optimistic transactions while a fourth
/// commits by blocking calls. Each sum comes once, in order.
#[test]
fn completions_come_in_the_order_of_the_commits() {
    in_worlds(|disk| {
        let (store, table) = with_table(&disk, true);
        let told = Told::default();
        let threads: Vec<_> = (0..3)
            .map(|number| {
                let (store, table, told) = (store.clone(), table.clone(), Arc::clone(&told));
                sync::spawn("submitter", move || {
                    for turn in 0..8 {
                        let told = Arc::clone(&told);
                        let note = move |sum| told.lock().push(sum);
                        if (turn + number) % 2 == 0 {
                            let body = |t: &mut Transaction<'_>| add_one(t, &table, 7);
                            store.submit().transaction_with(body, note);
                        } else {
                            let key = [7.into()];
                            let body = |t: &mut Transaction<'_>| add_one(t, &table, 7);
                            store.submit().shard_transaction_with(&table, &key, body, note);
                        }
                    }
                })
            })
            .collect();
        for id in 100..108 {
            store.insert(&table, row(id, 0)).unwrap();
        }
        for thread in threads {
            thread.join().unwrap();
        }
        drop((store, table));
        assert_eq!(ids(&told), (1..=24).collect::<Vec<_>>());
    });
}

/// K1, K2: what comes into the queue late has its place all the same.
#[test]
fn the_queue_is_in_the_order_of_lsns() {
    let disk = SimVfs::new(1);
    let (store, table) = with_table(&disk, false);
    let core = store.core();
    let told: Arc<Mutex<Vec<u64>>> = Arc::default();
    let late: Mutex<Option<Applied>> = Mutex::new(None);
    let note = |lsn: u64| {
        let told = Arc::clone(&told);
        Queued::Callback(Box::new(move |failure| {
            assert!(failure.is_none());
            told.lock().push(lsn);
        }))
    };
    for id in 0..6 {
        let sink = |(), applied: Applied| {
            // Every second one waits for the next.
            let before = late.lock().take();
            if before.is_none() && id % 2 == 0 {
                *late.lock() = Some(applied);
                return;
            }
            for applied in [Some(applied), before].into_iter().flatten() {
                core.completions.push_applied(core, note(applied.lsn.0), applied);
            }
        };
        let body =
            |transaction: &mut Transaction<'_>| transaction.insert(&table, row(id, 0)).map(|_| ());
        run::apply_optimistic(core, None, body, Some(&sink)).unwrap();
    }
    assert!(told.lock().is_empty());
    store.flush().unwrap();
    let told = told.lock().clone();
    assert_eq!(told.len(), 6);
    assert!(told.is_sorted(), "{told:?}");
}

/// K3: nothing is told before it is published: values, aborts and what was only read.
#[test]
fn nothing_leaves_before_the_flush() {
    let disk = SimVfs::new(2);
    let (store, table) = with_table(&disk, false);
    let key = [3.into()];
    let submit = store.submit();
    let written = submit.shard_transaction(&table, &key, |t| add_one(t, &table, 3));
    let read =
        submit.shard_transaction(&table, &key, |t| Ok(t.get(&table, &[3.into()])?.is_some()));
    let refused = submit.shard_transaction(&table, &key, |t| t.insert(&table, row(3, 1)));
    assert!(store.get(&table, &key).unwrap().is_none(), "it is not durable yet");
    assert!(!written.is_ready() && !read.is_ready() && !refused.is_ready());
    let written = written.wait_timeout(Duration::ZERO).unwrap();
    assert_eq!(written.unwrap(), 1);
    assert!(read.is_ready() && refused.is_ready(), "one flush was for all");
    assert!(read.wait().unwrap());
    assert_eq!(refused.wait().unwrap_err().sqlstate(), "23505");
    assert!(store.get(&table, &key).unwrap().is_some());
}

/// K3: a callback's panic harms nobody else.
#[test]
fn a_panic_in_a_callback_stays_there() {
    in_worlds(|disk| {
        let (store, table) = with_table(&disk, true);
        let told = Told::default();
        for id in 0..9 {
            if id % 3 == 1 {
                store.submit().transaction_with(
                    |t| t.insert(&table, row(id, 0)),
                    |_| std::panic::resume_unwind(Box::new("on purpose")),
                );
            } else {
                insert_noting(&store, &table, id, &told);
            }
        }
        let last = store.submit().insert(&table, row(9, 0));
        assert_eq!(last.wait().unwrap(), vec![Value::from(9_i64)]);
        assert_eq!(ids(&told), [0, 2, 3, 5, 6, 8]);
        assert_eq!(store.cut().count(&table).unwrap(), 10);
    });
}

/// A panic of the transaction's closure goes on in the call that submitted it.
#[test]
fn a_panic_in_a_closure_goes_on_in_its_call() {
    let (store, table) = with_table(&SimVfs::new(3), true);
    let call = || {
        store.submit().transaction_with::<()>(
            |_| std::panic::resume_unwind(Box::new("on purpose")),
            |_| unreachable!("it has no result"),
        );
    };
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).is_err());
    store.submit().insert(&table, row(1, 0)).wait().unwrap();
}

/// K3: when the disk fails, each that is under way gets what a blocked caller gets.
#[test]
fn a_failed_flush_is_told_to_all() {
    in_worlds(|disk| {
        let (store, table) = with_table(&disk, true);
        let told = Told::default();
        disk.inject(Fault::WriteError, 1);
        let completions: Vec<Completion<_>> =
            (0..5).map(|id| store.submit().insert(&table, row(id, 0))).collect();
        insert_noting(&store, &table, 9, &told);
        let errors: Vec<Error> =
            completions.into_iter().filter_map(|completion| completion.wait().err()).collect();
        assert!(!errors.is_empty());
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Closed, "{error:?}");
        }
        let later = store.submit().insert(&table, row(20, 0)).wait().unwrap_err();
        assert_eq!(later.kind(), ErrorKind::Closed);
        drop(store);
        assert_eq!(told.lock().len(), 1);
        let told = told.lock().pop().unwrap().unwrap_err();
        assert_eq!(told.kind(), ErrorKind::Closed);
    });
}

/// The same without background threads, where the outcome is decided: 08007.
#[test]
fn who_was_under_way_is_told_that_nobody_knows() {
    let disk = SimVfs::new(4);
    let (store, table) = with_table(&disk, false);
    let told = Told::default();
    for id in 0..3 {
        insert_noting(&store, &table, id, &told);
    }
    disk.inject(Fault::WriteError, 1);
    assert_eq!(store.flush().unwrap_err().kind(), ErrorKind::Closed);
    let told = std::mem::take(&mut *told.lock());
    let codes: Vec<_> = told.into_iter().map(|result| result.unwrap_err().sqlstate()).collect();
    assert_eq!(codes, ["08007"; 3]);
}

/// K3, K4: dropping or closing the last handle leaves nobody without an answer.
#[test]
fn dropping_the_store_completes_all() {
    for (seed, background) in [(5, false), (6, true), (7, false), (8, true)] {
        let disk = SimVfs::new(seed);
        let (store, table) = with_table(&disk, background);
        let told = Told::default();
        for id in 0..50 {
            insert_noting(&store, &table, id, &told);
        }
        let completion = store.submit().insert(&table, row(50, 0));
        drop(table);
        if seed > 6 {
            store.close().unwrap()
        } else {
            drop(store)
        }
        assert_eq!(ids(&told), (0..50).collect::<Vec<_>>());
        completion.wait().unwrap();
        let store = open(&disk, false, Durability::Sync);
        let table = store.table("t").unwrap();
        assert_eq!(store.cut().count(&table).unwrap(), 51);
    }
}

/// A thread that unwinds waits for no disk, and still nobody is left without an answer.
#[test]
fn dropping_the_store_in_a_panic_answers_all() {
    let (store, table) = with_table(&SimVfs::new(9), false);
    let told = Told::default();
    insert_noting(&store, &table, 1, &told);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        let _held = (store, table);
        std::panic::resume_unwind(Box::new("on purpose"));
    }));
    assert!(panicked.is_err());
    let told = told.lock().pop().unwrap();
    assert_eq!(told.unwrap_err().sqlstate(), "08007");
}

/// K5: a callback may submit, read, commit, and let go of the last handle; it may not wait.
#[test]
fn a_callback_may_use_the_store() {
    in_worlds(|disk| {
        for background in [true, false] {
            let disk = if background { disk.clone() } else { SimVfs::new(77) };
            let (store, table) = with_table(&disk, background);
            let told = Told::default();
            let (inner, noted) = (store.clone(), Arc::clone(&told));
            let inner_table = table.clone();
            store.submit().transaction_with(
                |t| t.insert(&table, row(1, 0)),
                move |inserted| {
                    let (store, table) = (inner, inner_table);
                    inserted.unwrap();
                    assert!(store.get(&table, &[1.into()]).unwrap().is_some());
                    store.insert(&table, row(2, 0)).unwrap();
                    let refused = store.submit().insert(&table, row(3, 0)).wait().unwrap_err();
                    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
                    insert_noting(&store, &table, 4, &noted);
                    drop((store, table));
                },
            );
            if background {
                drop(store);
            } else {
                store.flush().unwrap();
                drop(store);
            }
            drop(table);
            // The threads may end after the last handle is gone: the next open waits for them.
            let store = loop {
                let options = Options { vfs: Arc::new(disk.clone()), ..options_like() };
                match Database::open("/store", options) {
                    Err(error) if error.kind() == ErrorKind::Busy => sync::yield_now(),
                    other => break other.unwrap(),
                }
            };
            let table = store.table("t").unwrap();
            assert_eq!(store.cut().count(&table).unwrap(), 4);
            assert_eq!(ids(&told), [4]);
        }
    });
}

fn options_like() -> Options {
    Options {
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 4 << 20,
        background: false,
        ..Options::default()
    }
}

/// Within a transaction's closure nothing is submitted and nothing waited for.
#[test]
fn a_closure_can_neither_submit_nor_wait() {
    let (store, table) = with_table(&SimVfs::new(10), false);
    let pending = Mutex::new(Some(store.submit().insert(&table, row(1, 0))));
    let inner = Mutex::new(None);
    store
        .transaction(|_| {
            if let Some(pending) = pending.lock().take() {
                assert_eq!(pending.wait().unwrap_err().kind(), ErrorKind::InvalidInput);
            }
            *inner.lock() = Some(store.submit().insert(&table, row(2, 0)));
            Ok(())
        })
        .unwrap();
    let refused = inner.lock().take().unwrap().wait().unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    assert_eq!(store.cut().count(&table).unwrap(), 1);
}

/// A queue that is full makes whoever submits wait, and no more than the limit is under way.
#[test]
fn a_full_queue_holds_submissions_back() {
    let (store, table) = with_table(&SimVfs::new(11), false);
    let called = Arc::new(AtomicUsize::new(0));
    let body = |_: &mut Transaction<'_>| Ok(());
    let note = || {
        let called = Arc::clone(&called);
        move |_: Result<()>| {
            called.fetch_add(1, Ordering::Relaxed);
        }
    };
    for number in 0..IN_FLIGHT_MAX + 2 {
        assert_eq!(called.load(Ordering::Relaxed), 0, "before number {number}");
        store.submit().transaction_with(body, note());
        if number == IN_FLIGHT_MAX {
            break;
        }
    }
    assert_eq!(called.load(Ordering::Relaxed), IN_FLIGHT_MAX);
    // By bytes too.
    let note = "n".repeat(1 << 20);
    let values = |id: i64| vec![id.into(), Value::Null, note.clone().into()];
    let first = store.submit().insert(&table, values(0));
    for id in 1..20 {
        drop(store.submit().insert(&table, values(id)));
    }
    assert!(first.is_ready());
}

/// What is logged ahead of a large commit is kept until that is published, and not longer.
#[test]
fn a_stage_ends_with_its_completion() {
    let (store, table) = with_table(&SimVfs::new(12), false);
    let note = "n".repeat(3 << 20);
    let values = vec![1.into(), Value::Null, note.into()];
    let completion = store.submit().insert(&table, values);
    assert_eq!(store.core().stages.lock().len(), 1);
    completion.wait().unwrap();
    assert!(store.core().stages.lock().is_empty());
}

/// In a store that publishes at once, results come at once.
#[test]
fn an_asynchronous_store_waits_for_no_disk() {
    let disk = SimVfs::new(13);
    let (store, table) = with_table(&disk, false);
    store.close().unwrap();
    let store = open(&disk, true, Durability::Async { max_delay: Duration::from_secs(3_600) });
    assert_eq!(store.submit().transaction(|t| add_one(t, &table, 1)).wait().unwrap(), 1);
    assert!(store.get(&table, &[1.into()]).unwrap().is_some());
}

/// The future wakes its task once, and gives the result.
#[test]
fn a_future_wakes_its_task() {
    struct Woken(AtomicUsize);
    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let (store, table) = with_table(&SimVfs::new(14), false);
    let woken = Arc::new(Woken(AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    let mut completion = Box::pin(store.submit().transaction(|t| add_one(t, &table, 1)));
    assert!(completion.as_mut().poll(&mut context).is_pending());
    assert!(completion.as_mut().poll(&mut context).is_pending());
    store.flush().unwrap();
    assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    match completion.as_mut().poll(&mut context) {
        Poll::Ready(sum) => assert_eq!(sum.unwrap(), 1),
        Poll::Pending => panic!("it was woken"),
    }
    match completion.as_mut().poll(&mut context) {
        Poll::Ready(again) => assert_eq!(again.unwrap_err().kind(), ErrorKind::InvalidInput),
        Poll::Pending => panic!("it was ready"),
    }
}

/// How many wait for a row lock.
fn waiting(store: &Database) -> usize {
    store.core().shards.iter().map(|shard| shard.state.lock().locks.waiting()).sum()
}

/// What meets another's row lock waits for it without the mutex, and runs again: all that others do
/// in the meantime is done, and it adds to what the holder wrote.
#[test]
fn submissions_honour_row_locks() {
    in_worlds(|disk| {
        let (store, table) = with_table(&disk, true);
        store.insert(&table, row(7, 0)).unwrap();
        let mut open = store.begin(TransactionOptions::default()).unwrap();
        assert!(open.update(&table, &[7.into()], &[("value", 100.into())]).unwrap());
        let told = Told::default();
        let threads = [false, true].map(|on_shard| {
            let (store, table, told) = (store.clone(), table.clone(), Arc::clone(&told));
            sync::spawn("submitter", move || {
                let note = move |sum| told.lock().push(sum);
                let body = |t: &mut Transaction<'_>| add_one(t, &table, 7);
                match on_shard {
                    true => store.submit().shard_transaction_with(&table, &[7.into()], body, note),
                    false => store.submit().transaction_with(body, note),
                }
            })
        });
        while waiting(&store) < 2 {
            assert!(told.lock().is_empty(), "they wait");
            sync::yield_now();
        }
        for id in 100..120 {
            store.submit().insert(&table, row(id, 0)).wait().unwrap();
        }
        assert!(told.lock().is_empty(), "the lock is held");
        open.commit().unwrap();
        for thread in threads {
            thread.join().unwrap();
        }
        store.close().unwrap();
        assert_eq!(ids(&told), [101, 102]);
    });
}

/// A lock that is let go of by a rollback is waited for as well; one that stays ends the wait.
#[test]
fn a_submission_waits_for_a_row_lock_for_a_while() {
    in_worlds(|disk| {
        let (store, table) = with_table(&disk, true);
        let mut open = store.begin(TransactionOptions::default()).unwrap();
        open.insert(&table, row(7, 0)).unwrap();
        let refused = store.submit().insert(&table, row(7, 1)).wait().unwrap_err();
        assert_eq!(refused.sqlstate(), "55P03");
        assert_eq!(waiting(&store), 0, "it stands there no more");
        let (other, rows) = (store.clone(), table.clone());
        let waits =
            sync::spawn("submitter", move || other.submit().insert(&rows, row(7, 2)).wait());
        while waiting(&store) == 0 {
            sync::yield_now();
        }
        open.rollback();
        assert_eq!(waits.join().unwrap().unwrap(), vec![Value::from(7_i64)]);
        let found = store.get(&table, &[7.into()]).unwrap().unwrap();
        assert_eq!(found.values()[1], Value::from(2_i64));
    });
}

/// K5: a callback that submits waits for a row lock too, and no holder needs that thread to come to
/// its end.
#[test]
fn a_callback_that_meets_a_row_lock_keeps_no_holder_waiting() {
    in_worlds(|disk| {
        let (store, table) = with_table(&disk, true);
        let mut open = store.begin(TransactionOptions::default()).unwrap();
        open.insert(&table, row(7, 100)).unwrap();
        let told = Told::default();
        let (inner, rows, note) = (store.clone(), table.clone(), Arc::clone(&told));
        store.submit().transaction_with(
            |t| t.insert(&table, row(1, 0)),
            move |inserted| {
                inserted.unwrap();
                let body = |t: &mut Transaction<'_>| add_one(t, &rows, 7);
                inner.submit().transaction_with(body, move |sum| note.lock().push(sum));
            },
        );
        while waiting(&store) == 0 {
            assert!(told.lock().is_empty(), "it waits");
            sync::yield_now();
        }
        open.commit().unwrap();
        while told.lock().is_empty() {
            sync::yield_now();
        }
        assert_eq!(ids(&told), [101]);
    });
}
