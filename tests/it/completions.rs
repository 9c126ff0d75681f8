//! Completions over real files: beside commits that block, through drops, in both kinds of store.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use bourse::{Database, Durability, Options, Order, Table, TransactionOptions, TypedTable, Value};

#[derive(Table, Clone, PartialEq, Debug)]
#[table(name = "ticks", primary_key(symbol, number))]
struct Tick {
    symbol: String,
    number: i64,
    price: f64,
}

fn tick(symbol: &str, number: i64) -> Tick {
    Tick { symbol: symbol.into(), number, price: 1.5 }
}

fn options(durability: Durability) -> Options {
    Options { shards: 4, cache_bytes: 16 << 20, durability, ..Options::default() }
}

const SYNC: Durability = Durability::Sync;
const ASYNC: Durability = Durability::Async { max_delay: Duration::from_millis(50) };

/// What is told by a callback is read by everyone, and a kill would not take it back: here a drop
/// and an open do not. Blocking commits and readers work beside.
#[test]
fn what_callbacks_were_told_is_there() {
    for durability in [SYNC, ASYNC] {
        let folder = tempfile::tempdir().unwrap();
        let store = Database::open(folder.path(), options(durability)).unwrap();
        let ticks: TypedTable<Tick> = store.create().unwrap();
        let told = Arc::new(AtomicU64::new(0));
        std::thread::scope(|scope| {
            for (symbol, blocks) in [("A", false), ("B", false), ("C", true)] {
                let (ticks, told) = (ticks.clone(), Arc::clone(&told));
                scope.spawn(move || {
                    for number in 0..300 {
                        if blocks {
                            ticks.insert(&tick(symbol, number)).unwrap();
                            told.fetch_add(1, Ordering::Relaxed);
                            continue;
                        }
                        let (reader, told) = (ticks.clone(), Arc::clone(&told));
                        ticks.store().submit().transaction_with(
                            |transaction| ticks.within(transaction).insert(&tick(symbol, number)),
                            move |key| {
                                let found = reader.get(key.unwrap()).unwrap();
                                assert_eq!(found, Some(tick(symbol, number)));
                                told.fetch_add(1, Ordering::Relaxed);
                            },
                        );
                    }
                });
            }
        });
        drop((ticks, store));
        let mut opened = Database::open(folder.path(), options(durability));
        // A callback may have been the last to hold the store: its thread lets go of the folder.
        while opened.as_ref().is_err_and(|error| error.kind() == bourse::ErrorKind::Busy) {
            std::thread::yield_now();
            opened = Database::open(folder.path(), options(durability));
        }
        let store = opened.unwrap();
        assert_eq!(told.load(Ordering::Relaxed), 900);
        let ticks: TypedTable<Tick> = store.typed().unwrap();
        assert_eq!(store.cut().count(ticks.table()).unwrap(), 900);
        assert!(store.check(&mut |_| ()).unwrap().findings.is_empty());
    }
}

/// One thread that submits takes far fewer flushes than commits.
#[test]
fn flushes_are_shared() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options(SYNC)).unwrap();
    let ticks: TypedTable<Tick> = store.create().unwrap();
    let before = store.statistics().log;
    let waiting: Vec<_> = (0..2_000).map(|n| ticks.submit().insert(&tick("A", n))).collect();
    for (number, completion) in waiting.into_iter().enumerate() {
        assert_eq!(completion.wait().unwrap(), ("A".to_string(), number as i64));
    }
    let after = store.statistics().log;
    assert_eq!(after.records - before.records, 2_000);
    let flushes = after.flushes - before.flushes;
    assert!(flushes <= 1_000, "{flushes} flushes for 2,000 commits of one thread");
}

/// Every typed call, as its blocking one.
#[test]
fn typed_calls_do_what_the_blocking_ones_do() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options(SYNC)).unwrap();
    let ticks: TypedTable<Tick> = store.create().unwrap();
    let submit = ticks.submit();
    assert_eq!(submit.insert(&tick("A", 1)).wait().unwrap(), ("A".into(), 1));
    assert_eq!(submit.insert(&tick("A", 1)).wait().unwrap_err().sqlstate(), "23505");
    assert!(submit.upsert(&tick("A", 1)).wait().unwrap());
    assert!(!submit.upsert(&tick("A", 2)).wait().unwrap());
    let raised = submit.update(("A", 1), |tick| {
        tick.price += 1.0;
        Ok(())
    });
    assert!(raised.wait().unwrap());
    assert!(submit.replace(&Tick { price: 7.0, ..tick("A", 2) }).wait().unwrap());
    assert!(!submit.replace(&tick("A", 3)).wait().unwrap());
    let cut = store.cut();
    let rows: Vec<f64> =
        ticks.at(&cut).scan(.., Order::Ascending).unwrap().map(|row| row.unwrap().price).collect();
    assert_eq!(rows, [2.5, 7.0]);
    assert!(submit.delete(("A", 1)).wait().unwrap());
    assert!(!submit.delete(("A", 1)).wait().unwrap());
    let untyped = store.submit();
    let key = [Value::from("A"), 2.into()];
    assert!(untyped.update(ticks.table(), &key, &[("price", 8.0.into())]).wait().unwrap());
    let (told, answers) = channel();
    untyped.update_with(ticks.table(), &key, &[("price", 9.0.into())], move |found| {
        told.send(found).unwrap();
    });
    assert!(answers.recv().unwrap().unwrap());
    let wrong = untyped.update(ticks.table(), &key, &[("cost", 1.0.into())]);
    assert_eq!(wrong.wait().unwrap_err().sqlstate(), "42703");
}

/// A future without any runtime: what wakes it is a thread's unpark.
#[test]
fn a_future_is_awaited_without_a_runtime() {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut future = pin!(future);
        loop {
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(value) => return value,
                Poll::Pending => std::thread::park(),
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options(SYNC)).unwrap();
    let ticks: TypedTable<Tick> = store.create().unwrap();
    let both = async {
        let (first, second) =
            (ticks.submit().insert(&tick("A", 1)), ticks.submit().insert(&tick("B", 2)));
        (first.await, second.await)
    };
    let (first, second) = block_on(both);
    assert_eq!((first.unwrap().1, second.unwrap().1), (1, 2));
}

/// A submission that meets a locked row waits for it where it was submitted; those of other threads
/// go on meanwhile, and it changes the row as the holder of the lock has left it.
#[test]
fn submissions_honour_row_locks() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options(SYNC)).unwrap();
    let ticks: TypedTable<Tick> = store.create().unwrap();
    ticks.insert(&tick("A", 1)).unwrap();
    let mut holder = store.begin(TransactionOptions::default()).unwrap();
    let raise = |tick: &mut Tick| {
        tick.price *= 2.0;
        Ok(())
    };
    holder.statement(|transaction| ticks.within(transaction).update(("A", 1), raise)).unwrap();
    std::thread::scope(|scope| {
        let (sender, told) = channel();
        scope.spawn(|| {
            let sender = sender;
            let add = |tick: &mut Tick| {
                tick.price += 1.0;
                Ok(())
            };
            ticks.submit().update(("A", 1), add).wait().unwrap();
            sender.send(()).unwrap();
        });
        for number in 2..200 {
            ticks.submit().insert(&tick("A", number)).wait().unwrap();
        }
        assert!(told.try_recv().is_err(), "the row is locked");
        holder.commit().unwrap();
        told.recv().unwrap();
    });
    assert_eq!(ticks.get(("A", 1)).unwrap().unwrap().price, 4.0);
}
