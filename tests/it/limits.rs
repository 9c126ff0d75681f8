//! Limits: one thing within each, one past it, and that what was refused changed nothing.

use bourse::{
    Database, Error, ForeignKey, IndexDefinition, Options, Range, Table, TableDefinition, Type,
    Value,
};

fn open(folder: &std::path::Path, transaction_bytes_max: u64) -> Database {
    let options = Options {
        shards: 2,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 1 << 20,
        background: false,
        transaction_bytes_max,
        ..Options::default()
    };
    Database::open(folder, options).unwrap()
}

fn notes(store: &Database) -> Table {
    let definition = TableDefinition::builder("notes")
        .column("id", Type::BigInt)
        .not_null()
        .column("body", Type::Blob)
        .primary_key(["id"])
        .build()
        .unwrap();
    store.create_table(&definition).unwrap()
}

fn note(id: i64, bytes: usize) -> Vec<Value> {
    vec![id.into(), vec![7_u8; bytes].into()]
}

fn refused<T>(result: Result<T, Error>, says: &[&str]) {
    let Err(error) = result else { panic!("past the limit {says:?}") };
    assert_eq!(error.sqlstate(), "54000", "{error}");
    let message = error.to_string();
    assert!(says.iter().all(|part| message.contains(part)), "{message}");
}

#[test]
fn a_transaction_changes_as_many_bytes_as_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 100_000);
    let table = notes(&store);
    let says = ["100000", "transaction_bytes_max"];
    let insert = |ids: std::ops::Range<i64>| {
        store.transaction(|transaction| {
            ids.clone().try_for_each(|id| transaction.insert(&table, note(id, 10_000)).map(|_| ()))
        })
    };
    insert(0..9).unwrap();
    refused(insert(100..110), &says);
    refused(store.insert(&table, note(200, 100_000)), &says);
    assert_eq!(store.cut().count(&table).unwrap(), 9);

    // What is changed again counts once, and what is refused can be left out.
    store
        .transaction(|transaction| {
            for turn in 0..50 {
                transaction.upsert(&table, note(0, 20_000 + turn))?;
            }
            for id in 300..307 {
                transaction.insert(&table, note(id, 10_000))?;
            }
            refused(transaction.insert(&table, note(307, 10_000)), &says);
            refused(transaction.upsert(&table, note(1, 10_000)), &says);
            let body = [("body", vec![8_u8; 10_000].into())];
            refused(transaction.update(&table, &[2.into()], &body), &says);
            transaction.delete(&table, &[3.into()]).map(|_| ())
        })
        .unwrap();
    let cut = store.cut();
    assert_eq!(cut.count(&table).unwrap(), 9 + 7 - 1);
    assert_eq!(cut.count_range(&table, &Range::all().from(300)).unwrap(), 7);
    for id in [1, 2] {
        let row = cut.get(&table, &[id.into()]).unwrap().unwrap();
        assert_eq!(row.get(1).to_value(), Value::from(vec![7_u8; 10_000]));
    }
}

#[test]
fn a_table_is_given_as_many_indexes_as_it_may_have() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 1 << 20);
    notes(&store);
    let index = |number: i64| IndexDefinition::on(format!("i{number}"), ["id"]);
    let says = ["65 indexes", "64", "drop one"];

    let with = |name: &str, count| {
        let columns = TableDefinition::builder(name)
            .column("id", Type::BigInt)
            .not_null()
            .column("note", Type::BigInt)
            .primary_key(["id"]);
        (0..count).fold(columns, |table, number| table.index(index(number)))
    };
    refused(store.create_table(&with("many", 65).build().unwrap()), &says);
    store.create_table(&with("full", 64).build().unwrap()).unwrap();
    refused(store.create_index("full", index(64)), &says);
    store.drop_index("full", "i0").unwrap();
    store.create_index("full", index(64)).unwrap();
    // The index that a foreign key makes for itself counts too.
    let key = ForeignKey::on("to_notes", ["note"], "notes").to(["id"]);
    refused(store.add_foreign_key("full", &key), &says);
    assert_eq!(store.tables().unwrap().len(), 2);
}
