//! Statements that wait for row locks without a thread: everything here happens on one.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use bourse::{
    Database, InteractiveTransaction, Isolation, LockMode, LockWait, LockedRow, Options, Result,
    Table, TableDefinition, Transaction, TransactionOptions, Type, Value, ValueRef,
};
use bourse_storage::sync;
use bourse_storage::sync::sim::Random;
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::{open_on, options_on, refused, rows, sound};

const ROWS: i64 = 4;

/// Counts how often it was called.
#[derive(Default)]
struct Calls(AtomicUsize);

impl Wake for Calls {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Calls {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

struct Store {
    database: Database,
    accounts: Table,
}

fn open() -> Store {
    on(open_on(&SimVfs::new(1)))
}

fn on(database: Database) -> Store {
    let definition = TableDefinition::builder("accounts")
        .column("id", Type::BigInt)
        .column("balance", Type::BigInt)
        .primary_key(["id"])
        .build()
        .unwrap();
    let accounts = database.create_table(&definition).unwrap();
    for id in 0..ROWS {
        database.insert(&accounts, vec![id.into(), 100.into()]).unwrap();
    }
    Store { database, accounts }
}

impl Store {
    fn begin(&self) -> InteractiveTransaction {
        self.database.begin(TransactionOptions::default()).unwrap()
    }

    /// Adds to a balance, in a statement that does not park.
    fn add(&self, open: &mut InteractiveTransaction, id: i64) {
        open.statement(|transaction| add(transaction, &self.accounts, id)).unwrap();
    }

    /// The same in one that does.
    fn poll(
        &self,
        open: &mut InteractiveTransaction,
        id: i64,
        calls: &Arc<Calls>,
    ) -> Poll<Result<()>> {
        let waker = Waker::from(Arc::clone(calls));
        let mut context = Context::from_waker(&waker);
        open.poll_statement(&mut context, |transaction| add(transaction, &self.accounts, id))
    }

    fn is_free(&self, id: i64) -> bool {
        let mut other = self.begin();
        let locked =
            other.lock_row(&self.accounts, &[id.into()], LockMode::Update, LockWait::SkipLocked);
        !matches!(locked.unwrap(), LockedRow::Skipped)
    }

    fn balances(&self) -> Vec<i64> {
        let rows = rows(&self.database, &self.accounts);
        let balance = |row: Vec<Value>| match row[1] {
            Value::Integer(balance) => balance,
            ref other => panic!("{other:?}"),
        };
        rows.into_iter().map(balance).collect()
    }
}

fn add(transaction: &mut Transaction<'_>, accounts: &Table, id: i64) -> Result<()> {
    let locked =
        transaction.lock_row(accounts, &[id.into()], LockMode::NoKeyUpdate, LockWait::Block)?;
    let LockedRow::Row(row) = locked else { panic!("rows stay") };
    let ValueRef::Integer(balance) = row.get(1) else { panic!("a balance is an integer") };
    transaction.update(accounts, &[id.into()], &[("balance", (balance + 1).into())]).map(drop)
}

fn ready<T>(polled: Poll<T>) -> T {
    match polled {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn a_parked_statement_is_woken_and_goes_on() {
    let store = open();
    let (mut first, mut second, mut third) = (store.begin(), store.begin(), store.begin());
    let (calls, later) = (Arc::<Calls>::default(), Arc::<Calls>::default());
    store.add(&mut first, 0);
    assert!(store.poll(&mut second, 0, &calls).is_pending());
    assert!(store.poll(&mut third, 0, &later).is_pending());
    assert!(store.poll(&mut second, 0, &calls).is_pending(), "polled too early");
    assert_eq!((calls.count(), second.wait_ends_in()), (0, None));
    first.commit().unwrap();
    assert_eq!((calls.count(), later.count()), (1, 0), "the first one in the queue, once");
    ready(store.poll(&mut second, 0, &calls)).unwrap();
    second.rollback();
    assert_eq!((calls.count(), later.count()), (1, 1));
    ready(store.poll(&mut third, 0, &later)).unwrap();
    third.commit().unwrap();
    assert_eq!(store.balances(), [102, 100, 100, 100]);
    sound(&store.database);
}

#[test]
fn one_cut_is_one_cut_for_a_parked_statement_too() {
    for isolation in [Isolation::RepeatableRead, Isolation::Serializable] {
        let store = open();
        let (mut first, calls) = (store.begin(), Arc::default());
        let options = TransactionOptions { isolation, ..TransactionOptions::default() };
        let mut second = store.database.begin(options).unwrap();
        store.add(&mut first, 0);
        assert!(store.poll(&mut second, 0, &calls).is_pending());
        first.commit().unwrap();
        refused(ready(store.poll(&mut second, 0, &calls)), "40001");
        refused(ready(store.poll(&mut second, 1, &calls)), "25P02");
    }
}

/// What was locked before in the statement stays locked, and what was changed is changed once.
#[test]
fn a_statement_keeps_its_locks_while_it_waits() {
    let store = open();
    let (mut first, mut second, calls) = (store.begin(), store.begin(), Arc::<Calls>::default());
    store.add(&mut first, 1);
    let waker = Waker::from(Arc::clone(&calls));
    let mut context = Context::from_waker(&waker);
    let mut both = |second: &mut InteractiveTransaction| {
        second.poll_statement(&mut context, |transaction| {
            add(transaction, &store.accounts, 0)?;
            // An error that is caught does not make a wait undone.
            drop(add(transaction, &store.accounts, 1));
            Ok(transaction.get(&store.accounts, &[0.into()])?.is_some())
        })
    };
    assert!(both(&mut second).is_pending());
    assert!(!store.is_free(0) && !store.is_free(1) && store.is_free(2));
    first.commit().unwrap();
    assert!(ready(both(&mut second)).unwrap());
    second.commit().unwrap();
    assert_eq!(store.balances(), [101, 102, 100, 100]);
}

/// What another commits between the grant of a lock and the wait for the next one is seen.
#[test]
fn the_next_run_sees_all_that_was_before_its_locks() {
    let database =
        Database::open("/store", Options { background: false, ..options_on(&SimVfs::new(2)) });
    let store = on(database.unwrap());
    let (mut first, mut second, calls) = (store.begin(), store.begin(), Arc::<Calls>::default());
    store.add(&mut first, 1);
    // Applied and not published: without background threads nobody flushes it.
    let submitted =
        store.database.submit().update(&store.accounts, &[0.into()], &[("balance", 500.into())]);
    let waker = Waker::from(Arc::clone(&calls));
    let mut context = Context::from_waker(&waker);
    let mut both = |second: &mut InteractiveTransaction| {
        second.poll_statement(&mut context, |transaction| {
            add(transaction, &store.accounts, 0)?;
            add(transaction, &store.accounts, 1)
        })
    };
    assert!(both(&mut second).is_pending());
    first.commit().unwrap();
    ready(both(&mut second)).unwrap();
    second.commit().unwrap();
    assert!(submitted.wait().unwrap());
    assert_eq!(store.balances()[..2], [501, 102]);
}

#[test]
fn who_closes_a_cycle_is_the_victim_and_the_parked_one_goes_on() {
    let store = open();
    let (mut first, mut second) = (store.begin(), store.begin());
    let (calls, others) = (Arc::<Calls>::default(), Arc::<Calls>::default());
    store.add(&mut first, 0);
    store.add(&mut second, 1);
    assert!(store.poll(&mut first, 1, &calls).is_pending());
    refused(ready(store.poll(&mut second, 0, &others)), "40P01");
    assert_eq!((calls.count(), others.count()), (0, 0));
    second.rollback();
    assert_eq!(calls.count(), 1);
    ready(store.poll(&mut first, 1, &calls)).unwrap();
    first.commit().unwrap();
    assert_eq!(store.balances(), [101, 101, 100, 100]);
}

#[test]
fn a_parked_statement_is_cancelled() {
    let store = open();
    let (mut first, mut second, calls) = (store.begin(), store.begin(), Arc::default());
    store.add(&mut first, 0);
    store.add(&mut second, 1);
    assert!(store.poll(&mut second, 0, &calls).is_pending());
    second.cancel_handle().cancel();
    assert_eq!(calls.count(), 1);
    refused(ready(store.poll(&mut second, 0, &calls)), "57014");
    // It goes on, and what it did before is still there.
    store.add(&mut second, 2);
    second.commit().unwrap();
    first.commit().unwrap();
    assert_eq!(store.balances(), [101, 101, 101, 100]);
    // A handle that cancels just after the grant: the lock is not left behind.
    let (mut first, mut second) = (store.begin(), store.begin());
    store.add(&mut first, 0);
    assert!(store.poll(&mut second, 0, &calls).is_pending());
    second.cancel_handle().cancel();
    first.commit().unwrap();
    let polled = ready(store.poll(&mut second, 0, &calls));
    assert!(polled.is_ok() || polled.is_err_and(|error| error.sqlstate() == "57014"));
    second.rollback();
    assert!(store.is_free(0));
}

#[test]
fn timeouts_are_told_to_whoever_polls_again() {
    let store = open();
    let mut first = store.begin();
    store.add(&mut first, 0);
    let limit = Some(Duration::from_millis(20));
    let none = TransactionOptions::default();
    for (options, sqlstate) in [
        (TransactionOptions { lock_timeout: limit, ..none }, "55P03"),
        (TransactionOptions { statement_timeout: limit, ..none }, "57014"),
    ] {
        let (mut second, calls) = (store.database.begin(options).unwrap(), Arc::default());
        assert_eq!(second.wait_ends_in(), None);
        assert!(store.poll(&mut second, 0, &calls).is_pending());
        let rest = second.wait_ends_in().unwrap();
        assert!(rest <= Duration::from_millis(20));
        sync::sleep(Duration::from_millis(25));
        assert_eq!(second.wait_ends_in(), Some(Duration::ZERO));
        refused(ready(store.poll(&mut second, 0, &calls)), sqlstate);
        assert_eq!((calls.count(), second.wait_ends_in()), (0, None));
        store.add(&mut second, 1);
        second.rollback();
    }
    first.rollback();
    assert!(store.is_free(0) && store.is_free(1));
}

/// Whoever gives a wait up leaves the queue: those behind it do not wait for it.
#[test]
fn waits_that_are_given_up_leave_the_queue() {
    let give_up: [fn(InteractiveTransaction, &Store) -> Option<InteractiveTransaction>; 4] = [
        |open, _| {
            drop(open);
            None
        },
        |mut open, store| {
            assert!(open.get(&store.accounts, &[0.into()]).unwrap().is_some());
            Some(open)
        },
        |mut open, _| {
            open.rollback_to("begun").unwrap();
            Some(open)
        },
        |open, _| {
            open.commit().unwrap();
            None
        },
    ];
    for give_up in give_up {
        let store = open();
        let (mut first, mut second, mut third) = (store.begin(), store.begin(), store.begin());
        let (calls, later) = (Arc::default(), Arc::<Calls>::default());
        second.savepoint("begun").unwrap();
        first.lock_row(&store.accounts, &[0.into()], LockMode::Share, LockWait::Block).unwrap();
        assert!(store.poll(&mut second, 0, &calls).is_pending());
        // It stands behind the second one only.
        let waker = Waker::from(Arc::clone(&later));
        let mut context = Context::from_waker(&waker);
        let mut share = |third: &mut InteractiveTransaction| {
            third.poll_statement(&mut context, |transaction| {
                let key = [0.into()];
                transaction.lock_row(&store.accounts, &key, LockMode::Share, LockWait::Block)
            })
        };
        assert!(share(&mut third).is_pending());
        let second = give_up(second, &store);
        assert_eq!((calls.count(), later.count()), (0, 1));
        ready(share(&mut third)).unwrap();
        drop((first, third));
        assert!(store.is_free(0), "nothing is left of the wait");
        drop(second);
    }
}

/// A session of the server below.
struct Session {
    open: InteractiveTransaction,
    /// Rows to be added to, in order.
    left: Vec<i64>,
    done: Vec<i64>,
}

/// Wakes a session: its number goes to the queue of those that can go on.
struct Turn(usize, Arc<sync::Mutex<VecDeque<usize>>>);

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.1.lock().push_back(self.0);
    }
}

/// A server of one thread has more sessions than it has threads, and all of them come to an end.
#[test]
fn one_thread_serves_many_sessions() {
    let (mut parked, mut deadlocks) = (0, 0);
    for seed in 1..=20 {
        let mut random = Random::new(seed);
        let store = open();
        let due: Arc<sync::Mutex<VecDeque<usize>>> = Arc::default();
        let mut expected = vec![100; 4];
        let mut sessions: Vec<Option<Session>> = (0..12)
            .map(|number| {
                due.lock().push_back(number);
                let left = (0..=random.below(3)).map(|_| random.below(4).cast_signed()).collect();
                Some(Session { open: store.begin(), left, done: Vec::new() })
            })
            .collect();
        loop {
            let next = due.lock().pop_front();
            let Some(number) = next else { break };
            let Some(session) = &mut sessions[number] else { continue };
            let waker = Waker::from(Arc::new(Turn(number, Arc::clone(&due))));
            let mut context = Context::from_waker(&waker);
            let Some(id) = session.left.last().copied() else {
                let Session { open, done, .. } = sessions[number].take().unwrap();
                done.iter().for_each(|id| expected[usize::try_from(*id).unwrap()] += 1);
                open.commit().unwrap();
                continue;
            };
            let body = |transaction: &mut Transaction<'_>| add(transaction, &store.accounts, id);
            match session.open.poll_statement(&mut context, body) {
                Poll::Pending => parked += 1,
                Poll::Ready(Ok(())) => {
                    session.done.extend(session.left.pop());
                    due.lock().push_back(number);
                }
                Poll::Ready(Err(error)) => {
                    assert_eq!(error.sqlstate(), "40P01");
                    deadlocks += 1;
                    sessions[number] = None;
                }
            }
        }
        assert!(sessions.iter().all(Option::is_none), "seed {seed}: a session was not woken");
        assert_eq!(store.balances(), expected, "seed {seed}");
    }
    assert!(parked > 50 && deadlocks > 5, "{parked} parked, {deadlocks} deadlocks");
}
