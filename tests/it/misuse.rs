//! What callers get wrong is refused before anything happens, with PostgreSQL's SQLSTATE; and what
//! they leave out of a row is filled in.

use bourse::{
    Database, Date, ErrorKind, IndexDefinition, LoadOrder, Options, Order, Range, Table,
    TableDefinition, Type, Value, ValueRef,
};

use crate::expect::refused;

fn open(folder: &std::path::Path) -> Database {
    let small = Options { shards: 4, shard_pages_max: 1 << 14, ..Options::default() };
    Database::open(folder, Options { cache_bytes: 16 << 20, ..small }).unwrap()
}

fn orders() -> TableDefinition {
    TableDefinition::builder("orders")
        .column("order_id", Type::BigInt)
        .generated_id()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("status", Type::Text)
        .not_null()
        .default("open")
        .column("reference", Type::Text)
        .column("created", Type::TIMESTAMP)
        .default_current_timestamp()
        .column("day", Type::Date)
        .default_current_timestamp()
        .column("quantity", Type::SmallInt)
        .primary_key(["order_id"])
        .shard_key(["user_id"])
        .index(IndexDefinition::on("by_status", ["status"]))
        .index(IndexDefinition::on("by_reference", ["reference", "user_id"]).unique())
        .build()
        .unwrap()
}

fn row(user: Value, quantity: Value) -> Vec<Value> {
    let null = Value::Null;
    vec![null.clone(), user, "open".into(), null.clone(), null.clone(), null, quantity]
}

#[test]
fn rows_that_do_not_fit_are_refused_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = store.create_table(&orders()).unwrap();
    refused(store.insert(&table, vec![1.into()]), "42601");
    refused(store.upsert(&table, vec![1.into()]), "42601");
    refused(store.insert(&table, row(Value::Null, 1.into())), "23502");
    refused(store.insert(&table, row("x".into(), 1.into())), "42804");
    refused(store.insert(&table, row(1.into(), 40_000.into())), "22003");
    let named = [("user_id", Value::from(1)), ("no_such", 1.into())];
    refused(store.insert_columns(&table, &named), "42703");
    let twice = [("user_id", Value::from(1)), ("USER_ID", 2.into())];
    refused(store.insert_columns(&table, &twice), "42701");
    refused(store.insert_columns(&table, &[("status", "open".into())]), "23502");
    assert_eq!(store.cut().count(&table).unwrap(), 0);
    let key = store.insert_columns(&table, &[("user_id", 1.into())]).unwrap();
    refused(store.update(&table, &key, &[("no_such", 1.into())]), "42703");
    refused(store.update(&table, &key, &[("user_id", Value::Null)]), "23502");
    refused(store.update(&table, &key, &[("quantity", "many".into())]), "42804");
    let same = store.insert_columns(&table, &[("order_id", key[0].clone()), ("user_id", 2.into())]);
    let message = refused(same, "23505");
    assert!(message.contains("orders_pkey") && message.contains("order_id"), "{message}");
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}

#[test]
fn names_and_keys_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = store.create_table(&orders()).unwrap();
    refused(store.create_table(&orders()), "42P07");
    refused(store.table("no_such"), "42P01");
    refused(store.drop_table("no_such"), "42P01");
    refused(store.drop_index("orders", "no_such"), "42704");
    refused(store.create_index("orders", IndexDefinition::on("by_status", ["day"])), "42P07");
    refused(store.create_index("orders", IndexDefinition::on("new", ["no_such"])), "42703");
    refused(store.get(&table, &[]), "42601");
    refused(store.get(&table, &["x".into()]), "42804");
    refused(store.delete(&table, &[1.into(), 2.into()]), "42601");
    refused(store.multi_get(&table, &[vec![1.into()], vec![]]), "42601");
    refused(store.shard_transaction(&table, &[], |_| Ok(())), "42601");
    refused(store.shard_transaction(&table, &["x".into()], |_| Ok(())), "42804");
    let cut = store.cut();
    let up = Order::Ascending;
    refused(cut.scan_index(&table, "no_such", &Range::all(), up).map(|_| ()), "42704");
    refused(cut.scan(&table, &Range::prefix(["x".into()]), up).map(|_| ()), "42804");
    let long = Range::prefix([1.into(), 2.into()]);
    refused(cut.scan(&table, &long, up).map(|_| ()), "22023");
    refused(cut.find_unique(&table, "by_status", &["open".into()]), "42809");
    refused(cut.find_unique(&table, "by_reference", &["r".into()]), "42601");
    let null = [Value::Null, 1.into()];
    refused(cut.find_unique(&table, "by_reference", &null), "22004");
    drop(cut);
    store.drop_table("orders").unwrap();
    refused(store.get(&table, &[1.into()]), "42P01");
    refused(store.insert(&table, row(1.into(), 1.into())), "42P01");
}

#[test]
fn a_transaction_inside_a_transaction_and_a_load_into_rows_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = store.create_table(&orders()).unwrap();
    let key = store.insert_columns(&table, &[("user_id", 1.into())]).unwrap();
    let inner = store.transaction(|_| store.delete(&table, &key));
    assert_eq!(inner.unwrap_err().kind(), ErrorKind::InvalidInput);
    let rows = [Ok(row(1.into(), 1.into()))];
    refused(store.bulk_load(&table, LoadOrder::Sorted, rows.into_iter()), "55000");
}

fn times(store: &Database, table: &Table, key: &[Value]) -> (i64, i32) {
    let row = store.get(table, key).unwrap().unwrap();
    match (row.column("created").unwrap(), row.column("day").unwrap()) {
        (ValueRef::Timestamp(created), ValueRef::Date(day)) => (created, day),
        other => panic!("{other:?}"),
    }
}

#[test]
fn columns_that_are_not_named_get_their_default() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = store.create_table(&orders()).unwrap();
    let one = store.insert_columns(&table, &[("USER_ID", 7.into())]).unwrap();
    let found = store.get(&table, &one).unwrap().unwrap();
    assert_eq!(found.column("status").unwrap().to_value(), Value::from("open"));
    assert!(found.column("reference").unwrap().is_null());
    assert!(matches!(one[0], Value::Integer(id) if id > 0));
    let (created, day) = times(&store, &table, &one);
    assert!(created > 1_700_000_000 * 1_000_000_000, "after 2023");
    assert_eq!(i64::from(day), created.div_euclid(86_400 * 1_000_000_000));
    let keys = store
        .transaction(|transaction| {
            let first = transaction.insert_columns(&table, &[("user_id", 1.into())])?;
            // Time passes within the transaction, but not for its rows.
            let before = transaction.get(&table, &one)?;
            for _ in 0..1_000 {
                std::hint::black_box(&before);
            }
            let second = transaction.insert_columns(&table, &[("user_id", 2.into())])?;
            Ok([first, second])
        })
        .unwrap();
    let [first, second] = keys.map(|key| times(&store, &table, &key));
    assert_eq!(first, second, "one time a transaction");
    assert!(first.0 >= created);
    // NULL that is named is NULL, not the default.
    let named = [("user_id", Value::from(3)), ("created", Value::Null), ("day", Date(5).into())];
    let key = store.insert_columns(&table, &named).unwrap();
    let found = store.get(&table, &key).unwrap().unwrap();
    assert!(found.column("created").unwrap().is_null());
    assert_eq!(found.column("day").unwrap().to_value(), Date(5).into());
    let named = [("user_id", Value::from(3)), ("status", Value::Null)];
    refused(store.insert_columns(&table, &named), "23502");
}
