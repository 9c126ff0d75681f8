//! The embedded engine from a user's side.

use bourse::{Database, IndexDefinition, Options, Order, Range, TableDefinition, Type, Value};

fn options() -> Options {
    Options { shards: 4, cache_bytes: 32 << 20, shard_pages_max: 1 << 16, ..Options::default() }
}

fn trades() -> TableDefinition {
    TableDefinition::builder("trades")
        .column("trade_id", Type::BigInt)
        .generated_id()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("symbol", Type::Text)
        .not_null()
        .column("price", Type::Double)
        .not_null()
        .primary_key(["trade_id"])
        .shard_key(["user_id"])
        .index(IndexDefinition::on("by_user", ["user_id", "symbol"]).include(["price"]))
        .build()
        .unwrap()
}

fn row(user: i64, symbol: &str, price: f64) -> Vec<Value> {
    vec![Value::Null, user.into(), symbol.into(), price.into()]
}

#[test]
fn what_is_committed_is_there_after_a_reopen() {
    let folder = tempfile::tempdir().unwrap();
    let mut keys = Vec::new();
    {
        let store = Database::open(folder.path(), options()).unwrap();
        let table = store.create_table(&trades()).unwrap();
        for number in 0..500_i32 {
            let key = store.insert(&table, row(i64::from(number % 7), "AAPL", f64::from(number)));
            keys.push(key.unwrap());
        }
        assert!(store.update(&table, &keys[3], &[("price", 99.5.into())]).unwrap());
        assert!(store.delete(&table, &keys[4]).unwrap());
    }
    let store = Database::open(folder.path(), options()).unwrap();
    let table = store.table("trades").unwrap();
    let row = store.get(&table, &keys[3]).unwrap().unwrap();
    assert_eq!(row.column("price").unwrap().to_value(), Value::from(99.5));
    assert!(store.get(&table, &keys[4]).unwrap().is_none());
    let cut = store.cut();
    assert_eq!(cut.count(&table).unwrap(), 499);
    let mut entries =
        cut.scan_index(&table, "by_user", &Range::prefix([3.into()]), Order::Descending).unwrap();
    let rows = entries.fetch(1000).unwrap();
    assert_eq!(rows.len(), 500 / 7);
    assert!(
        rows.windows(2)
            .all(|w| w[0].get(0).compare(w[1].get(0), bourse::Collation::Binary).is_gt())
    );
    store.close().unwrap();
}

#[test]
fn a_transaction_commits_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options()).unwrap();
    let table = store.create_table(&trades()).unwrap();
    let failed: bourse::Result<()> = store.transaction(|transaction| {
        transaction.insert(&table, row(1, "A", 1.0))?;
        transaction.insert(&table, row(2, "B", 1.0))?;
        Err(bourse::Error::invalid("changed my mind"))
    });
    assert_eq!(failed.unwrap_err().message(), "changed my mind");
    assert_eq!(store.cut().count(&table).unwrap(), 0);
    let keys = store
        .transaction(|transaction| {
            let a = transaction.insert(&table, row(1, "A", 1.0))?;
            let b = transaction.insert(&table, row(2, "B", 1.0))?;
            assert_eq!(transaction.get(&table, &a)?.unwrap().get(1), 1.into_ref());
            Ok([a, b])
        })
        .unwrap();
    assert_eq!(store.multi_get(&table, &keys).unwrap().iter().flatten().count(), 2);
}

trait IntoRef {
    fn into_ref(self) -> bourse::ValueRef<'static>;
}

impl IntoRef for i64 {
    fn into_ref(self) -> bourse::ValueRef<'static> {
        bourse::ValueRef::Integer(self)
    }
}

#[test]
fn a_bulk_load_is_there_with_its_indexes_also_when_replayed() {
    use bourse::LoadOrder;
    let folder = tempfile::tempdir().unwrap();
    let rows = |count: i64| {
        (0..count).map(|number| {
            Ok(vec![
                Value::from(number + 1),
                (number * 7919 % 101).into(),
                format!("S{}", number % 13).into(),
                (number as f64).into(),
            ])
        })
    };
    {
        let store = Database::open(folder.path(), options()).unwrap();
        let table = store.create_table(&trades()).unwrap();
        assert_eq!(store.bulk_load(&table, LoadOrder::Sorted, rows(20_000)).unwrap(), 20_000);
        assert!(store.bulk_load(&table, LoadOrder::Sorted, rows(3)).is_err());
    }
    let store = Database::open(folder.path(), options()).unwrap();
    let table = store.table("trades").unwrap();
    let cut = store.cut();
    assert_eq!(cut.count(&table).unwrap(), 20_000);
    let found = cut.get(&table, &[777.into()]).unwrap().unwrap();
    assert_eq!(found.get(1).to_value(), Value::from(776 * 7919 % 101));
    let user = Range::prefix([5.into()]);
    let entries = cut.scan_index(&table, "by_user", &user, Order::Ascending).unwrap().fetch(9999);
    assert_eq!(entries.unwrap().len(), (0..20_000).filter(|n| n * 7919 % 101 == 5).count());
    assert_eq!(cut.scan(&table, &Range::all(), Order::Descending).unwrap().count(), 20_000);
    let error = store.insert(&table, vec![5.into(), 1.into(), "X".into(), 1.0.into()]);
    assert_eq!(error.unwrap_err().sqlstate(), "23505");
}

#[test]
fn concurrent_transactions_keep_the_sum() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options()).unwrap();
    let accounts = TableDefinition::builder("accounts")
        .column("id", Type::BigInt)
        .not_null()
        .column("balance", Type::BigInt)
        .not_null()
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&accounts).unwrap();
    for id in 0..20_i64 {
        store.insert(&table, vec![id.into(), 100.into()]).unwrap();
    }
    std::thread::scope(|scope| {
        for thread in 0..4_i64 {
            let (store, table) = (&store, &table);
            scope.spawn(move || {
                for turn in 0..100_i64 {
                    let (from, to) = ((thread * 7 + turn * 3) % 20, (turn * 11 + thread) % 20);
                    if from == to {
                        continue;
                    }
                    store
                        .transaction(|transaction| {
                            for (id, change) in [(from, -1), (to, 1)] {
                                let key = [id.into()];
                                let row = transaction.get(table, &key)?.unwrap();
                                let bourse::ValueRef::Integer(old) = row.get(1) else { panic!() };
                                let new = (old + change).into();
                                transaction.update(table, &key, &[("balance", new)])?;
                            }
                            Ok(())
                        })
                        .unwrap();
                }
            });
        }
    });
    let cut = store.cut();
    let rows = cut.scan(&table, &Range::all(), Order::Ascending).unwrap();
    let sum: i64 = rows
        .map(|row| match row.unwrap().get(1) {
            bourse::ValueRef::Integer(balance) => balance,
            _ => panic!("a balance is a number"),
        })
        .sum();
    assert_eq!(sum, 2_000);
}

/// Ids of an import name any shard, so most rows are found by a forwarding entry.
#[test]
fn rows_whose_ids_name_other_shards_are_found_and_changed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options()).unwrap();
    let table = store.create_table(&trades()).unwrap();
    let ids: Vec<i64> = (1..=200).collect();
    for id in &ids {
        let row = vec![(*id).into(), (id % 13).into(), "AAPL".into(), 1.0.into()];
        store.insert(&table, row).unwrap();
    }
    let key = |id: i64| vec![Value::from(id)];
    assert!(store.update(&table, &key(7), &[("price", 2.0.into())]).unwrap());
    assert!(store.update(&table, &key(8), &[("symbol", "a longer symbol".into())]).unwrap());
    // The shard key changes: the row moves.
    assert!(store.update(&table, &key(9), &[("user_id", 12_345.into())]).unwrap());
    assert!(store.update(&table, &key(10), &[("price", Value::Null)]).is_err());
    assert!(store.delete(&table, &key(11)).unwrap());
    let keys: Vec<Vec<Value>> = ids.iter().rev().chain(&[7, 7, 999]).map(|id| key(*id)).collect();
    for rows in
        [store.multi_get(&table, &keys).unwrap(), store.cut().multi_get(&table, &keys).unwrap()]
    {
        for (row, key) in rows.iter().zip(&keys) {
            let found = row.as_ref().map(|row| row.primary_key().unwrap());
            let there = key[0] != Value::from(11) && key[0] != Value::from(999);
            assert_eq!(found.as_ref(), there.then_some(key));
            let one = store.get(&table, key).unwrap();
            assert_eq!(one.map(|one| one.values()), row.as_ref().map(|row| row.values()));
        }
    }
    let value = |id: i64, column: usize| {
        store.get(&table, &key(id)).unwrap().unwrap().values()[column].clone()
    };
    assert_eq!(value(7, 3), Value::from(2.0));
    assert_eq!(value(8, 2), Value::from("a longer symbol"));
    assert_eq!(value(8, 3), Value::from(1.0));
    assert_eq!(value(9, 1), Value::from(12_345));
    let cut = store.cut();
    let range = Range::prefix([12_345.into()]);
    let mut entries = cut.scan_index(&table, "by_user", &range, Order::Ascending).unwrap();
    assert_eq!(entries.fetch(10).unwrap().len(), 1);
}
