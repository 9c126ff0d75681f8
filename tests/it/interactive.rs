//! Interactive transactions: locks are waited for, given up and let go of as PostgreSQL's are, and
//! savepoints restore exactly.

use std::sync::mpsc::channel;
use std::time::Duration;

use bourse::{
    Database, IndexDefinition, InteractiveTransaction, LockMode, LockWait, LockedRow, Options,
    Order, Range, Result, Table, TableDefinition, TransactionOptions, Type, Value,
};
use bourse_storage::sync;

const A_WHILE: Duration = Duration::from_millis(100);

struct Store {
    database: Database,
    accounts: Table,
    _folder: tempfile::TempDir,
}

/// Accounts of generated ids, kept by user, with a unique name; ids name no shard when given.
fn open() -> Store {
    let folder = tempfile::tempdir().unwrap();
    let small = Options { shards: 4, cache_bytes: 16 << 20, ..Options::default() };
    let database = Database::open(folder.path(), small).unwrap();
    let definition = TableDefinition::builder("accounts")
        .column("id", Type::BigInt)
        .generated_id()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("name", Type::Text)
        .column("balance", Type::BigInt)
        .primary_key(["id"])
        .shard_key(["user_id"])
        .index(IndexDefinition::on("by_name", ["name"]).unique())
        .index(IndexDefinition::on("by_balance", ["balance"]))
        .build()
        .unwrap();
    let accounts = database.create_table(&definition).unwrap();
    let store = Store { database, accounts, _folder: folder };
    for id in 1..=3 {
        store.database.insert(&store.accounts, account(id, &format!("name {id}"))).unwrap();
    }
    store
}

fn account(id: i64, name: &str) -> Vec<Value> {
    vec![id.into(), (id * 7).into(), name.into(), 100.into()]
}

impl Store {
    fn begin(&self) -> InteractiveTransaction {
        self.database.begin(TransactionOptions::default()).unwrap()
    }

    fn impatient(&self) -> InteractiveTransaction {
        let lock_timeout = Some(A_WHILE);
        let options = TransactionOptions { lock_timeout, ..TransactionOptions::default() };
        self.database.begin(options).unwrap()
    }

    fn set(&self, open: &mut InteractiveTransaction, id: i64, balance: i64) -> Result<bool> {
        open.update(&self.accounts, &[id.into()], &[("balance", balance.into())])
    }

    fn lock(&self, open: &mut InteractiveTransaction, id: i64, mode: LockMode) -> Result<bool> {
        let locked = open.lock_row(&self.accounts, &[id.into()], mode, LockWait::NoWait)?;
        Ok(matches!(locked, LockedRow::Row(_)))
    }

    fn balances(&self) -> Vec<Value> {
        let cut = self.database.cut();
        let rows = cut.scan(&self.accounts, &Range::all(), Order::Ascending).unwrap();
        rows.map(|row| row.unwrap().values()[3].clone()).collect()
    }
}

fn refused<T>(result: Result<T>, sqlstate: &str) {
    let Err(error) = result else { panic!("{sqlstate} was expected, but it was accepted") };
    assert_eq!(error.sqlstate(), sqlstate, "{error}");
}

#[test]
fn modes_conflict_as_postgres_says() {
    use LockMode::{KeyShare, NoKeyUpdate, Share, Update};
    let store = open();
    let modes = [KeyShare, Share, NoKeyUpdate, Update];
    let conflicts = [
        [false, false, false, true],
        [false, false, true, true],
        [false, true, true, true],
        [true, true, true, true],
    ];
    for (held, row) in modes.into_iter().zip(conflicts) {
        for (wanted, conflict) in modes.into_iter().zip(row) {
            let (mut first, mut second) = (store.begin(), store.begin());
            assert!(store.lock(&mut first, 1, held).unwrap());
            let result = store.lock(&mut second, 1, wanted);
            assert_eq!(result.is_err(), conflict, "{held:?} and {wanted:?}");
            if conflict {
                refused(result, "55P03");
            }
        }
    }
    // An update of another column passes by KEY SHARE, one of a unique key does not.
    let mut holder = store.begin();
    store.lock(&mut holder, 1, KeyShare).unwrap();
    let mut writer = store.impatient();
    assert!(store.set(&mut writer, 1, 5).unwrap());
    refused(writer.update(&store.accounts, &[1.into()], &[("name", "new".into())]), "55P03");
    assert!(writer.delete(&store.accounts, &[2.into()]).unwrap(), "it goes on");
}

#[test]
fn nowait_skips_and_timeouts_end() {
    let store = open();
    let mut holder = store.begin();
    assert!(store.set(&mut holder, 1, 1).unwrap());
    let mut other = store.impatient();
    let key = [Value::from(1)];
    let skip = other.lock_row(&store.accounts, &key, LockMode::Share, LockWait::SkipLocked);
    assert!(matches!(skip.unwrap(), LockedRow::Skipped));
    refused(
        store.lock(&mut other, 1, LockMode::KeyShare).and_then(|_| store.set(&mut other, 1, 2)),
        "55P03",
    );
    let statement_timeout = Some(A_WHILE);
    let options = TransactionOptions { statement_timeout, ..TransactionOptions::default() };
    let mut hurried = store.database.begin(options).unwrap();
    refused(store.set(&mut hurried, 1, 2), "57014");
    assert!(hurried.get(&store.accounts, &key).unwrap().is_some(), "it goes on");
    holder.rollback();
    let mut last = store.begin();
    assert!(store.set(&mut last, 1, 3).unwrap());
    last.commit().unwrap();
    assert_eq!(store.balances(), [3.into(), 100.into(), 100.into()]);
}

#[test]
fn cancel_ends_a_wait_and_leaves_idle_transactions_alone() {
    let store = open();
    let mut holder = store.begin();
    store.set(&mut holder, 1, 1).unwrap();
    let mut waiting = store.begin();
    let handle = waiting.cancel_handle();
    handle.cancel();
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| store.set(&mut waiting, 1, 2));
        while !waits.is_finished() {
            handle.cancel();
            std::thread::yield_now();
        }
        refused(waits.join().unwrap(), "57014");
    });
    drop(waiting);
    holder.commit().unwrap();
    assert_eq!(store.balances()[0], 1.into());
}

#[test]
fn who_closes_a_cycle_is_refused_and_the_other_goes_on() {
    let store = open();
    let (mut first, mut second) = (store.begin(), store.begin());
    store.set(&mut first, 1, 1).unwrap();
    store.set(&mut second, 2, 2).unwrap();
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| store.set(&mut first, 2, 1));
        sync::sleep(A_WHILE);
        assert!(!waits.is_finished());
        refused(store.set(&mut second, 1, 2), "40P01");
        refused(store.set(&mut second, 3, 2), "25P02");
        assert!(!waits.is_finished(), "the victim's older locks stay until it is rolled back");
        drop(second);
        assert!(waits.join().unwrap().unwrap());
    });
    first.commit().unwrap();
    assert_eq!(store.balances(), [1.into(), 1.into(), 100.into()]);
}

#[test]
fn savepoints_restore_rows_entries_and_locks() {
    let store = open();
    let mut open = store.begin();
    store.set(&mut open, 1, 50).unwrap();
    open.savepoint("a").unwrap();
    store.set(&mut open, 1, 51).unwrap();
    store.set(&mut open, 2, 52).unwrap();
    open.insert(&store.accounts, account(9, "name 9")).unwrap();
    open.delete(&store.accounts, &[3.into()]).unwrap();
    open.savepoint("b").unwrap();
    store.set(&mut open, 2, 53).unwrap();
    refused(open.insert(&store.accounts, account(9, "again")), "23505");
    open.rollback_to("a").unwrap();
    refused(open.rollback_to("b"), "3B001");
    let by_balance = |open: &mut InteractiveTransaction, balance: i64| {
        let range = Range::prefix([balance.into()]);
        open.scan_index(&store.accounts, "by_balance", &range, Order::Ascending).unwrap().len()
    };
    assert_eq!([50, 51, 52, 53, 100].map(|b| by_balance(&mut open, b)), [1, 0, 0, 0, 2]);
    // What was locked since is free, what was locked before is not.
    let mut other = store.begin();
    assert!(store.lock(&mut other, 2, LockMode::Update).unwrap());
    assert!(!store.lock(&mut other, 9, LockMode::Update).unwrap(), "there is no row 9");
    refused(store.lock(&mut other, 1, LockMode::Update), "55P03");
    drop(other);
    refused(open.insert(&store.accounts, account(8, "name 2")), "23505");
    open.release("a").unwrap();
    refused(open.rollback_to("a"), "3B001");
    open.commit().unwrap();
    assert_eq!(store.balances(), [50.into(), 100.into(), 100.into()]);
    assert!(store.database.check(&mut |_| {}).unwrap().is_sound());
}

#[test]
fn inserts_of_one_key_wait_for_each_other() {
    let store = open();
    for (first_id, second_id, name) in [(5, 5, "other"), (6, 7, "shared")] {
        for first_commits in [true, false] {
            let (mut first, mut second) = (store.begin(), store.begin());
            first.insert(&store.accounts, account(first_id, "shared")).unwrap();
            let (sender, receiver) = channel();
            std::thread::scope(|scope| {
                let (second, accounts) = (&mut second, &store.accounts);
                scope.spawn(move || {
                    // Another user: the row would be in another shard.
                    let mut row = account(second_id, name);
                    row[1] = 1000.into();
                    sender.send(second.insert(accounts, row)).unwrap();
                });
                assert!(receiver.recv_timeout(A_WHILE).is_err(), "it waits");
                if first_commits {
                    first.commit().unwrap();
                    refused(receiver.recv().unwrap(), "23505");
                    store.database.delete(&store.accounts, &[first_id.into()]).unwrap();
                } else {
                    first.rollback();
                    receiver.recv().unwrap().unwrap();
                }
            });
        }
    }
    assert_eq!(store.balances().len(), 3);
}

#[test]
fn closures_wait_for_locked_rows_and_ids_do_not_collide() {
    let store = open();
    let mut holder = store.begin();
    store.set(&mut holder, 1, 7).unwrap();
    let null = Value::Null;
    let row = vec![null.clone(), 7.into(), null, 1.into()];
    let made = holder.insert(&store.accounts, row.clone()).unwrap();
    // The same counter, while the other has not committed.
    let by_closure = store.database.insert(&store.accounts, row.clone()).unwrap();
    let by_other = store.begin().insert(&store.accounts, row).unwrap();
    assert!(made != by_closure && made != by_other && by_closure != by_other);
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| {
            let changes = [("balance", 8.into())];
            store.database.update(&store.accounts, &[1.into()], &changes)
        });
        sync::sleep(A_WHILE);
        assert!(!waits.is_finished());
        holder.commit().unwrap();
        assert!(waits.join().unwrap().unwrap());
    });
    assert_eq!(store.balances()[0], 8.into());
    let lock = store.database.lock_row(&store.accounts, &[2.into()], A_WHILE).unwrap();
    refused(store.set(&mut store.impatient(), 2, 9), "55P03");
    drop(lock);
    assert!(store.set(&mut store.impatient(), 2, 9).unwrap());
    let inside = store
        .database
        .transaction(|_| store.database.begin(TransactionOptions::default()).map(drop));
    refused(inside, "22023");
}
