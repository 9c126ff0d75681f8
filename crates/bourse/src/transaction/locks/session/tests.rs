//! Guards: a closure transaction that waits for a row is seen with its session, ends when that is
//! cancelled or out of time, and leaves nothing in the queue.

use std::sync::Arc;
use std::time::Duration;

use bourse_storage::sync;
use bourse_storage::vfs::sim::SimVfs;

use super::in_session;
use crate::{
    CancelHandle, Database, LockMode, Options, Result, RowLockStatus, Table, TableDefinition,
    TransactionOptions, Type, Value,
};

fn store() -> (Database, Table) {
    let options = Options {
        cache_bytes: 4 << 20,
        background: false,
        vfs: Arc::new(SimVfs::new(1)),
        ..Options::default()
    };
    let database = Database::open("/store", options).unwrap();
    let definition = TableDefinition::builder("counters")
        .column("id", Type::BigInt)
        .column("count", Type::BigInt)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = database.create_table(&definition).unwrap();
    database.insert(&table, vec![Value::from(1_i64), Value::from(0_i64)]).unwrap();
    (database, table)
}

fn change(database: &Database, table: &Table, count: i64) -> Result<bool> {
    database.update(table, &[Value::from(1_i64)], &[("count", Value::from(count))])
}

#[test]
fn waits_are_seen_and_end_with_the_session_s_limits() {
    let (database, table) = store();
    let mut holder = database.begin(TransactionOptions::default()).unwrap();
    holder.update(&table, &[Value::from(1_i64)], &[("count", Value::from(1_i64))]).unwrap();
    let held = RowLockStatus {
        table: "counters".to_owned(),
        index: None,
        mode: LockMode::NoKeyUpdate,
        owner: Some(holder.lock_owner()),
        session: 0,
        waits_for: Vec::new(),
        is_held: true,
    };
    assert_eq!(database.row_locks().unwrap(), std::slice::from_ref(&held));
    assert_eq!(database.shard_statistics().unwrap().iter().map(|s| s.row_locks).sum::<usize>(), 1);

    let cancel = CancelHandle::of_session();
    let waits = {
        let (database, table, cancel) = (database.clone(), table.clone(), cancel.clone());
        let wait = move || in_session(7, &cancel, None, None, || change(&database, &table, 2));
        sync::spawn("waits", wait)
    };
    let waiting = loop {
        let locks = database.row_locks().unwrap();
        if let Some(waiting) = locks.into_iter().find(|lock| !lock.is_held && lock.session != 0) {
            break waiting;
        }
        sync::yield_now();
    };
    assert_eq!((waiting.session, waiting.owner, waiting.mode), (7, None, LockMode::NoKeyUpdate));
    assert_eq!(waiting.waits_for, [holder.lock_owner()]);
    cancel.cancel();
    assert_eq!(waits.join().unwrap().unwrap_err().sqlstate(), "57014");
    assert_eq!(database.row_locks().unwrap(), std::slice::from_ref(&held));

    // What was asked before counts until the next statement begins.
    let again = in_session(7, &cancel, None, None, || change(&database, &table, 2));
    assert_eq!(again.unwrap_err().sqlstate(), "57014");
    cancel.begin_anew();
    let limit = Duration::from_millis(5);
    let late = in_session(7, &cancel, Some(limit), None, || change(&database, &table, 2));
    assert_eq!(late.unwrap_err().sqlstate(), "55P03");
    let deadline = sync::monotonic() + limit;
    let late = in_session(7, &cancel, None, Some(deadline), || change(&database, &table, 2));
    assert_eq!(late.unwrap_err().sqlstate(), "57014");
    assert_eq!(database.row_locks().unwrap(), [held]);
    holder.commit().unwrap();
    assert!(in_session(7, &cancel, None, None, || change(&database, &table, 2)).unwrap());
    assert!(database.row_locks().unwrap().is_empty());
}
