//! What an Async store leaves to its readers, and that they miss nothing of it.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use bourse_storage::id::Batch;
use bourse_storage::sync;
use bourse_storage::vfs::sim::SimVfs;

use super::COMMITS_THAT_PUBLISH;
use crate::database::Database;
use crate::options::{Durability, Options};
use crate::schema::TableDefinition;
use crate::table::Table;
use crate::transaction::interactive::TransactionOptions;
use crate::value::{Type, Value};

/// A store of which nothing is flushed by the way, with a table of numbers and texts.
fn store() -> (Database, Table) {
    let options = Options {
        shards: 2,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        background: false,
        durability: Durability::Async { max_delay: Duration::from_secs(3_600) },
        vfs: Arc::new(SimVfs::new(1)),
        ..Options::default()
    };
    let store = Database::open("/store", options).unwrap();
    let table = TableDefinition::builder("notes")
        .column("id", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&table).unwrap();
    // Definitions are published by whoever makes them.
    for id in -i64::from(COMMITS_THAT_PUBLISH)..0 {
        insert(&store, &table, id, "");
    }
    (store, table)
}

fn insert(store: &Database, table: &Table, id: i64, note: &str) {
    store.insert(table, vec![id.into(), note.into()]).unwrap();
}

fn published(store: &Database) -> Batch {
    store.core().publisher.published_batch()
}

fn is_there(store: &Database, table: &Table, id: i64) -> bool {
    store.get(table, &[id.into()]).unwrap().is_some()
}

#[test]
fn commits_that_nobody_reads_share_a_batch() {
    let (store, table) = store();
    let before = published(&store);
    for id in 0..100 {
        insert(&store, &table, id, "");
    }
    assert_eq!(published(&store), before, "nobody has asked");
    assert!((0..100).all(|id| is_there(&store, &table, id)));
    assert_eq!(published(&store), before.next(), "one batch has them all");
}

#[test]
fn after_a_read_commits_publish_themselves_for_a_while() {
    let (store, table) = store();
    insert(&store, &table, 0, "");
    assert!(is_there(&store, &table, 0));
    let mut before = published(&store);
    for id in 1..=i64::from(COMMITS_THAT_PUBLISH) {
        insert(&store, &table, id, "");
        assert_eq!(published(&store), before.next());
        before = published(&store);
    }
    insert(&store, &table, -10_000, "");
    assert_eq!(published(&store), before, "nobody has had to publish for others since");
}

#[test]
fn whatever_asks_for_the_newest_state_gets_what_was_left() {
    type Ask = fn(&Database, &Table) -> bool;
    let asks: [(&str, Ask); 5] = [
        ("a row", |store, table| is_there(store, table, 0)),
        ("a Cut", |store, table| store.cut().get(table, &[0_i64.into()]).unwrap().is_some()),
        ("an optimistic transaction", |store, table| {
            let found = store.transaction(|transaction| transaction.get(table, &[0_i64.into()]));
            found.unwrap().is_some()
        }),
        ("a transaction that stays open", |store, table| {
            let mut transaction = store.begin(TransactionOptions::default()).unwrap();
            transaction.get(table, &[0_i64.into()]).unwrap().is_some()
        }),
        ("many rows", |store, table| {
            let rows = store.multi_get(table, &[vec![0_i64.into()]]).unwrap();
            rows.into_iter().all(|row| row.is_some())
        }),
    ];
    for (name, ask) in asks {
        let (store, table) = store();
        insert(&store, &table, 0, "");
        assert!(store.core().publisher.is_behind().is_some());
        assert!(ask(&store, &table), "{name}");
    }
}

#[test]
fn what_one_thread_has_committed_another_sees() {
    const ROWS: i64 = 10_000;
    let (store, table) = store();
    let (told, tells) = mpsc::channel();
    let writers: Vec<_> = (0..2)
        .map(|writer| {
            let (store, table, told) = (store.clone(), table.clone(), told.clone());
            sync::spawn("writer", move || {
                for id in (writer..ROWS).step_by(2) {
                    insert(&store, &table, id, "");
                    told.send(id).unwrap();
                }
            })
        })
        .collect();
    drop(told);
    // Now and then only, so that commits are left in between.
    let mut seen = 0;
    for id in tells {
        if id % 1_000 < 2 || seen % 3_000 == 0 {
            assert!(is_there(&store, &table, id), "row {id}");
        }
        seen += 1;
    }
    assert_eq!(seen, ROWS);
    for writer in writers {
        writer.join().unwrap();
    }
    let rows = store.cut().count(&table).unwrap();
    assert_eq!(rows, u64::from(COMMITS_THAT_PUBLISH) + ROWS.cast_unsigned());
}

#[test]
fn a_large_record_joins_no_batch_that_readers_may_wait_for() {
    let (store, table) = store();
    insert(&store, &table, 0, "");
    let open = store.core().log.open_batch();
    insert(&store, &table, 1, "small");
    assert_eq!(store.core().log.open_batch(), open);
    insert(&store, &table, 2, &"large".repeat(20_000));
    assert_eq!(store.core().log.open_batch(), open.next());
    let value = store.get(&table, &[2_i64.into()]).unwrap().unwrap().get(1).to_value();
    assert_eq!(value, Value::from("large".repeat(20_000)));
}
