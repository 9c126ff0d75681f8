//! Large things: values that take many pages, transactions that take many log frames, data that
//! does not fit into the cache, and a store that does not wait for the disk.

use std::time::Duration;

use bourse::{
    Database, Durability, LoadOrder, Options, Order, Range, Table, TableDefinition, Type, Value,
};

fn options(cache_bytes: u64) -> Options {
    Options { shards: 4, cache_bytes, shard_pages_max: 1 << 18, ..Options::default() }
}

fn open_with_table(folder: &std::path::Path, options: Options) -> (Database, Table) {
    let store = Database::open(folder, options).unwrap();
    let table = store.table("documents").or_else(|_| {
        store.create_table(
            &TableDefinition::builder("documents")
                .column("id", Type::BigInt)
                .not_null()
                .column("body", Type::Blob)
                .not_null()
                .primary_key(["id"])
                .build()?,
        )
    });
    let table = table.unwrap();
    (store, table)
}

/// Bytes that no other seed has.
fn body(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..bytes)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_be_bytes()[0]
        })
        .collect()
}

#[test]
fn values_of_any_size_come_back_also_after_a_reopen() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = [0, 1, 1_000, 1_025, 4_072, 4_073, 70_000, 1 << 20, 5_000_001, 64 << 20];
    {
        let (store, table) = open_with_table(folder.path(), options(32 << 20));
        for (id, size) in (0_i64..).zip(sizes) {
            let seed = id.unsigned_abs();
            store.insert(&table, vec![id.into(), body(seed, size).into()]).unwrap();
        }
        let too_large = store.insert(&table, vec![99.into(), vec![0; (64 << 20) + 1].into()]);
        assert_eq!(too_large.unwrap_err().sqlstate(), "54000");
    }
    let (store, table) = open_with_table(folder.path(), options(32 << 20));
    for (id, size) in (0_i64..).zip(sizes) {
        let row = store.get(&table, &[id.into()]).unwrap().unwrap();
        assert!(row.get(1).to_value() == Value::from(body(id.unsigned_abs(), size)), "{size}");
        assert!(store.delete(&table, &[id.into()]).unwrap());
    }
    assert_eq!(store.cut().count(&table).unwrap(), 0);
}

#[test]
fn a_bulk_load_takes_large_rows_also_when_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = [10, 30 << 20, 100, 9 << 20, 2_000];
    {
        let (store, table) = open_with_table(folder.path(), options(16 << 20));
        let rows = (0_i64..)
            .zip(sizes)
            .map(|(id, size)| Ok(vec![id.into(), body(id.unsigned_abs(), size).into()]));
        assert_eq!(store.bulk_load(&table, LoadOrder::Sorted, rows).unwrap(), 5);
    }
    let (store, table) = open_with_table(folder.path(), options(16 << 20));
    for (id, size) in (0_i64..).zip(sizes) {
        let row = store.get(&table, &[id.into()]).unwrap().unwrap();
        assert!(row.get(1).to_value() == Value::from(body(id.unsigned_abs(), size)), "{size}");
    }
}

#[test]
fn a_transaction_of_many_megabytes_is_one_transaction() {
    let folder = tempfile::tempdir().unwrap();
    {
        let (store, table) = open_with_table(folder.path(), options(32 << 20));
        store
            .transaction(|transaction| {
                for id in 0_i64..3_000 {
                    let value = body(id.unsigned_abs(), 5_000).into();
                    transaction.insert(&table, vec![id.into(), value])?;
                }
                Ok(())
            })
            .unwrap();
    }
    let (store, table) = open_with_table(folder.path(), options(32 << 20));
    let cut = store.cut();
    let rows = cut.scan(&table, &Range::all(), Order::Ascending).unwrap();
    let ids: Vec<Value> = rows.map(|row| row.unwrap().get(0).to_value()).collect();
    assert_eq!(ids, (0_i64..3_000).map(Value::from).collect::<Vec<_>>());
}

#[test]
fn data_larger_than_the_cache_is_read_and_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (store, table) = open_with_table(folder.path(), options(8 << 20));
    for id in 0_i64..40_000 {
        if id % 1_000 == 0 {
            store
                .transaction(|transaction| {
                    for id in id..id + 1_000 {
                        let value = body(id.unsigned_abs(), 900).into();
                        transaction.insert(&table, vec![id.into(), value])?;
                    }
                    Ok(())
                })
                .unwrap();
        }
    }
    for step in 0_i64..4_000 {
        let id = step * 7_919 % 40_000;
        let row = store.get(&table, &[id.into()]).unwrap().unwrap();
        assert!(row.get(1).to_value() == Value::from(body(id.unsigned_abs(), 900)));
    }
    let statistics = store.statistics();
    assert!(statistics.cache.evictions > 1_000, "{statistics:?}");
    let cut = store.cut();
    assert_eq!(cut.scan(&table, &Range::all(), Order::Descending).unwrap().count(), 40_000);
}

#[test]
fn an_async_store_has_on_disk_what_was_flushed() {
    let folder = tempfile::tempdir().unwrap();
    let durability = Durability::Async { max_delay: Duration::from_millis(5) };
    {
        let options = Options { durability, ..options(16 << 20) };
        let (store, table) = open_with_table(folder.path(), options);
        std::thread::scope(|scope| {
            for thread in 0..3_i64 {
                let (store, table) = (&store, &table);
                scope.spawn(move || {
                    for turn in 0..2_000_i64 {
                        let id = turn * 3 + thread;
                        let row = vec![id.into(), vec![1, 2, 3].into()];
                        store.insert(table, row).unwrap();
                        assert!(store.get(table, &[id.into()]).unwrap().is_some());
                    }
                });
            }
        });
        store.flush().unwrap();
    }
    let (store, table) = open_with_table(folder.path(), options(16 << 20));
    assert_eq!(store.cut().count(&table).unwrap(), 6_000);
}

/// Guards against asking for as many pages as each change by itself could need at most: eight times
/// as many as there are changes, which no disk has for a million.
#[test]
fn many_small_changes_ask_for_the_space_that_they_take() {
    let folder = tempfile::tempdir().unwrap();
    let pages_max = 1 << 14;
    let options = || Options { shards: 1, shard_pages_max: pages_max, ..options(64 << 20) };
    let (store, table) = open_with_table(folder.path(), options());
    let rows = i64::from(pages_max) * 2;
    store
        .transaction(|transaction| {
            (0..rows).try_for_each(|id| {
                transaction.insert(&table, vec![id.into(), body(id.unsigned_abs(), 60).into()])?;
                Ok(())
            })
        })
        .unwrap();
    store
        .transaction(|transaction| {
            (0..rows)
                .step_by(2)
                .try_for_each(|id| transaction.delete(&table, &[id.into()]).map(drop))
        })
        .unwrap();
    drop((store, table));
    let (store, table) = open_with_table(folder.path(), options());
    assert_eq!(store.cut().count(&table).unwrap(), rows.unsigned_abs() / 2);
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}
