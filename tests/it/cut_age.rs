//! States that are read for longer than `Options::cut_age_max` after they were replaced.

use std::time::Duration;

use bourse::{
    Database, Error, ErrorKind, Isolation, Options, Order, Range, Table, TableDefinition,
    TransactionOptions, Type, Value,
};
use bourse_storage::sync;
use tempfile::TempDir;

const ROWS: i64 = 2_000;

fn store(limit: Option<Duration>) -> (TempDir, Database, Table) {
    let folder = TempDir::new().unwrap();
    let options =
        Options { cut_age_max: limit, shards: 2, background: false, ..Options::default() };
    let store = Database::open(folder.path(), options).unwrap();
    let table = TableDefinition::builder("t")
        .column("id", Type::BigInt)
        .column("text", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&table).unwrap();
    rewrite(&store, &table, 0);
    (folder, store, table)
}

/// Writes every row anew.
fn rewrite(store: &Database, table: &Table, round: i64) {
    let write = |transaction: &mut bourse::Transaction<'_>| {
        for id in 0..ROWS {
            let text = format!("{round} of {id} {}", "x".repeat(100));
            transaction.upsert(table, vec![Value::Integer(id), Value::Text(text)])?;
        }
        Ok(())
    };
    store.transaction(write).unwrap();
}

/// Lets a state expire that was replaced before, and what only it had be given back.
fn expire(store: &Database, table: &Table, limit: Duration) {
    store.expire_cuts().unwrap();
    sync::sleep(limit + Duration::from_millis(1));
    store.expire_cuts().unwrap();
    store.expire_cuts().unwrap();
    rewrite(store, table, -1);
}

fn assert_too_old<T>(result: Result<T, Error>) {
    let error = result.err().expect("what is too old is not read");
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::InvalidInput, "72000"), "{error}");
    assert!(error.message().contains("cut_age_max"), "{error}");
}

fn count(rows: impl Iterator<Item = Result<bourse::OwnedRow, Error>>) -> Result<usize, Error> {
    rows.map(|row| row.map(|_| 1)).sum()
}

#[test]
fn a_state_that_was_replaced_too_long_ago_is_refused() {
    let limit = Duration::from_millis(5);
    let (_folder, store, table) = store(Some(limit));
    let cut = store.cut();
    let mut begun = store
        .begin(TransactionOptions {
            isolation: Isolation::RepeatableRead,
            ..TransactionOptions::default()
        })
        .unwrap();
    assert!(begun.get(&table, &[1.into()]).unwrap().is_some());
    let mut rows = cut.scan(&table, &Range::all(), Order::Ascending).unwrap();
    assert!(rows.next().unwrap().is_ok());
    rewrite(&store, &table, 1);
    expire(&store, &table, limit);

    assert_too_old(cut.get(&table, &[1.into()]));
    assert_too_old(cut.multi_get(&table, &[vec![1.into()], vec![2.into()]]));
    assert_too_old(cut.scan(&table, &Range::all(), Order::Ascending).and_then(count));
    // A scan under way may end the leaf that it is in.
    assert_too_old(count(rows));
    assert_too_old(begun.get(&table, &[2.into()]));
    begun.rollback();
    // What is new is read.
    assert_eq!(count(store.cut().scan(&table, &Range::all(), Order::Any).unwrap()).unwrap(), 2_000);
    assert!(store.check(&mut |_| {}).unwrap().findings.is_empty());
}

#[test]
fn a_state_that_nothing_replaced_does_not_grow_old() {
    let limit = Duration::from_millis(5);
    let (_folder, store, table) = store(Some(limit));
    let cut = store.cut();
    store.expire_cuts().unwrap();
    sync::sleep(2 * limit);
    store.expire_cuts().unwrap();
    store.expire_cuts().unwrap();
    assert!(cut.get(&table, &[1.into()]).unwrap().is_some());
}

#[test]
fn what_only_expired_states_had_is_used_again() {
    let used = |limit: Option<Duration>| {
        let (_folder, store, table) = store(limit);
        let held = store.cut();
        rewrite(&store, &table, 1);
        if let Some(limit) = limit {
            expire(&store, &table, limit);
        }
        let cuts: Vec<_> = (0..6)
            .map(|round| {
                let cut = store.cut();
                rewrite(&store, &table, round);
                if let Some(limit) = limit {
                    expire(&store, &table, limit);
                }
                cut
            })
            .collect();
        store.checkpoint().unwrap();
        store.checkpoint().unwrap();
        rewrite(&store, &table, 9);
        let bytes = store.statistics().file_bytes_used;
        drop((held, cuts));
        bytes
    };
    let (kept, given_back) = (used(None), used(Some(Duration::from_millis(2))));
    assert!(given_back * 2 < kept, "{given_back} bytes of {kept} are in use");
}

#[test]
fn a_store_without_a_limit_says_so() {
    let (_folder, store, _) = store(None);
    assert_eq!(store.expire_cuts().unwrap_err().sqlstate(), "55000");
}
