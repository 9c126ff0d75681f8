//! CHECK, FOREIGN KEY and computed index keys: every way in which a row comes or goes holds to
//! them, an operation that is refused leaves nothing, and `check` agrees.

use bourse::expression::{Function, call, column, constant};
use bourse::schema::{Action, IndexPart, Timing};
use bourse::{
    Database, Error, ErrorKind, ForeignKey, IndexDefinition, LoadOrder, Options, Order, Range,
    Table, TableDefinition, Transaction, TransactionOptions, Type, Value,
};

use crate::expect::{refused, rows, sound};

fn open(folder: &std::path::Path) -> Database {
    let small = Options { shards: 4, shard_pages_max: 1 << 14, ..Options::default() };
    Database::open(folder, Options { cache_bytes: 16 << 20, ..small }).unwrap()
}

fn trades() -> TableDefinition {
    TableDefinition::builder("trades")
        .column("id", Type::BigInt)
        .column("side", Type::Text)
        .column("quantity", Type::Integer)
        .column("filled", Type::Integer)
        .primary_key(["id"])
        .check("trades_side_check", column("side").is_in(["buy", "sell"]))
        .check("trades_filled_check", column("filled").at_most(column("quantity")))
        .build()
        .unwrap()
}

fn trade(id: i64, side: &str, quantity: i64, filled: impl Into<Value>) -> Vec<Value> {
    vec![id.into(), side.into(), quantity.into(), filled.into()]
}

#[test]
fn a_check_is_asked_however_a_row_comes() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = store.create_table(&trades()).unwrap();
    store.insert(&table, trade(1, "buy", 5, 5)).unwrap();
    store.insert(&table, trade(2, "sell", 5, Value::Null)).unwrap();
    let message = refused(store.insert(&table, trade(3, "hold", 5, 0)), "23514");
    let words = "new row for relation \"trades\" violates check constraint \"trades_side_check\"";
    assert_eq!(message, words);
    refused(store.insert(&table, trade(3, "buy", 5, 6)), "23514");
    refused(store.upsert(&table, trade(1, "buy", 5, 6)), "23514");
    refused(store.upsert(&table, trade(3, "buy", 5, 6)), "23514");
    refused(store.update(&table, &[1.into()], &[("quantity", 4.into())]), "23514");
    refused(store.update(&table, &[1.into()], &[("id", 9.into()), ("filled", 6.into())]), "23514");
    let bad = std::iter::once(Ok(trade(1, "buy", 1, 2)));
    let other = TableDefinition { name: "other".into(), ..trades() };
    let other = store.create_table(&other).unwrap();
    refused(store.bulk_load(&other, LoadOrder::Sorted, bad), "23514");
    let good = (0..9).map(|id| Ok(trade(id, "buy", 1, 1)));
    assert_eq!(store.bulk_load(&other, LoadOrder::Sorted, good).unwrap(), 9);
    assert_eq!(rows(&store, &table).len(), 2);
    sound(&store);
}

/// A condition that cannot be computed refuses the row with its own error, and the store goes on.
#[test]
fn what_cannot_be_computed_refuses_the_row() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = store.create_table(&trades()).unwrap();
    let share = column("filled").divided_by(column("quantity")).at_most(1);
    store.add_check("trades", "share", &share).unwrap();
    store
        .create_index(
            "trades",
            IndexDefinition::on("by_share", [constant(100).divided_by(column("filled"))]),
        )
        .unwrap();
    refused(store.insert(&table, trade(1, "buy", 0, 0)), "22012");
    refused(store.insert(&table, trade(1, "buy", 1, 0)), "22012");
    store.insert(&table, trade(1, "buy", 1, 1)).unwrap();
    let product = IndexDefinition::on("p", [column("quantity").times(i64::MAX).times(2)]);
    refused(store.create_index("trades", product), "22003");
    sound(&store);
}

#[test]
fn checks_are_added_to_rows_and_dropped() {
    let folder = tempfile::tempdir().unwrap();
    {
        let store = open(folder.path());
        let table = store.create_table(&trades()).unwrap();
        store.insert(&table, trade(1, "buy", 5, 5)).unwrap();
        let small = column("quantity").less(5);
        let words = "check constraint \"small\" of relation \"trades\" is violated by some row";
        assert_eq!(refused(store.add_check("trades", "small", &small), "23514"), words);
        refused(store.add_check("trades", "trades_side_check", &small), "42710");
        refused(store.add_check("trades", "x", &column("side").less(5)), "42804");
        store.add_check("trades", "large", &column("quantity").at_least(5)).unwrap();
        refused(store.insert(&table, trade(2, "buy", 4, 4)), "23514");
        store.close().unwrap();
    }
    let store = open(folder.path());
    let table = store.table("trades").unwrap();
    refused(store.insert(&table, trade(2, "buy", 4, 4)), "23514");
    store.drop_constraint("trades", "large").unwrap();
    refused(store.drop_constraint("trades", "large"), "42704");
    store.insert(&table, trade(2, "buy", 4, 4)).unwrap();
    sound(&store);
}

fn lower_mail() -> IndexPart {
    IndexPart::from(call(Function::Lower, [column("mail")]))
}

#[test]
fn indexes_on_expressions_find_rows() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let users = TableDefinition::builder("users")
        .column("id", Type::BigInt)
        .column("mail", Type::Text)
        .column("balance", Type::Decimal { precision: 18, scale: 2 })
        .column("debt", Type::BigInt)
        .primary_key(["id"])
        .index(IndexDefinition::on("one_mail", [lower_mail()]).unique())
        .index(
            IndexDefinition::on(
                "by_net",
                [
                    IndexPart::from(column("balance").minus(column("debt"))).descending(),
                    "id".into(),
                ],
            )
            .filter(column("balance").minus(column("debt")).greater(0))
            .include(["mail"]),
        )
        .build()
        .unwrap();
    let table = store.create_table(&users).unwrap();
    assert!(
        table.definition().index("one_mail").unwrap().scope == bourse::schema::Scope::Global,
        "unique without the shard key"
    );
    let user = |id: i64, mail: &str, balance: i64, debt: i64| {
        vec![id.into(), mail.into(), balance.into(), debt.into()]
    };
    for id in 0..200 {
        store.insert(&table, user(id, &format!("User{id}@X"), id, 100)).unwrap();
    }
    let message = refused(store.insert(&table, user(999, "USER7@x", 0, 0)), "23505");
    assert!(message.contains("lower(mail)"), "{message}");
    store.update(&table, &[7.into()], &[("mail", "Seven@x".into())]).unwrap();
    store.insert(&table, user(999, "USER7@x", 0, 0)).unwrap();
    store.delete(&table, &[8.into()]).unwrap();
    let cut = store.cut();
    let found = |mail: &str| {
        let row = cut.find_unique(&table, "one_mail", &[mail.into()]).unwrap();
        row.map(|row| row.values()[0].clone())
    };
    assert_eq!(found("user7@x"), Some(Value::Integer(999)));
    assert_eq!(found("seven@x"), Some(Value::Integer(7)));
    assert_eq!((found("user8@x"), found("User9@X")), (None, None));
    let mut best = cut.scan_index(&table, "by_net", &Range::all(), Order::Ascending).unwrap();
    let ids: Vec<Value> =
        best.fetch(1_000).unwrap().iter().map(|row| row.values()[0].clone()).collect();
    let expected: Vec<Value> = (101..200).rev().map(Value::Integer).collect();
    assert_eq!(ids, expected);
    let range = Range::all().from(50);
    let mut some = cut.scan_index(&table, "by_net", &range, Order::Ascending).unwrap();
    assert_eq!(some.fetch(1_000).unwrap().len(), 50);
    drop((best, some));
    drop(cut);
    sound(&store);
    // Built from rows, locally and globally, it is the same.
    store.create_index("users", IndexDefinition::on("local", [lower_mail()])).unwrap();
    store.create_index("users", IndexDefinition::on("global", [lower_mail()]).global()).unwrap();
    sound(&store);
    let copy = TableDefinition { name: "copy".into(), ..users };
    let copy = store.create_table(&copy).unwrap();
    let all = rows(&store, &table);
    store.bulk_load(&copy, LoadOrder::Sorted, all.into_iter().map(Ok)).unwrap();
    sound(&store);
}

/// Parents by primary key and by a unique index, children of two columns in another order.
fn platform(
    store: &Database,
    key: fn(bourse::schema::ForeignKeyBuilder) -> bourse::schema::ForeignKeyBuilder,
) -> (Table, Table) {
    let users = TableDefinition::builder("users")
        .column("id", Type::BigInt)
        .column("region", Type::Text)
        .column("code", Type::SmallInt)
        .column("balance", Type::BigInt)
        .primary_key(["id"])
        .index(IndexDefinition::on("users_code_key", ["code", "region"]).unique())
        .build()
        .unwrap();
    let users = store.create_table(&users).unwrap();
    let orders = TableDefinition::builder("orders")
        .column("id", Type::BigInt)
        .column("user_id", Type::BigInt)
        .default(0)
        .column("region", Type::Text)
        .column("code", Type::BigInt)
        .primary_key(["id"])
        .foreign_key(key(ForeignKey::on("orders_user_id_fkey", ["user_id"], "users")))
        .foreign_key(key(
            ForeignKey::on("orders_code_fkey", ["region", "code"], "users").to(["region", "code"])
        ))
        .build()
        .unwrap();
    let orders = store.create_table(&orders).unwrap();
    for id in 0..10 {
        store.insert(&users, vec![id.into(), "eu".into(), id.into(), 0.into()]).unwrap();
    }
    (users, orders)
}

fn order(id: i64, user: impl Into<Value>, region: &str, code: impl Into<Value>) -> Vec<Value> {
    vec![id.into(), user.into(), region.into(), code.into()]
}

#[test]
fn a_child_needs_its_parent_and_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (users, orders) = platform(&store, |key| key);
    assert!(orders.definition().index("orders_user_id_fkey_index").is_some());
    store.insert(&orders, order(1, 5, "eu", 3)).unwrap();
    store.insert(&orders, order(2, Value::Null, "eu", Value::Null)).unwrap();
    let message = refused(store.insert(&orders, order(3, 77, "eu", 3)), "23503");
    let words = "insert or update on table \"orders\" violates foreign key constraint \
                 \"orders_user_id_fkey\": key (user_id)=(77) is not present in table \"users\"";
    assert_eq!(message, words);
    refused(store.insert(&orders, order(3, 5, "us", 3)), "23503");
    refused(store.insert(&orders, order(3, 5, "eu", 70_000)), "23503");
    refused(store.update(&orders, &[1.into()], &[("user_id", 77.into())]), "23503");
    refused(store.upsert(&orders, order(1, 77, "eu", 3)), "23503");
    store.update(&orders, &[1.into()], &[("user_id", 6.into())]).unwrap();
    store.delete(&users, &[5.into()]).unwrap();
    let message = refused(store.delete(&users, &[6.into()]), "23503");
    let words = "update or delete on table \"users\" violates foreign key constraint \
                 \"orders_user_id_fkey\" on table \"orders\": key (id)=(6) is still referenced \
                 from table \"orders\"";
    assert_eq!(message, words);
    refused(store.delete(&users, &[3.into()]), "23503");
    refused(store.update(&users, &[3.into()], &[("code", 33.into())]), "23503");
    refused(store.update(&users, &[6.into()], &[("id", 66.into())]), "23503");
    store.update(&users, &[6.into()], &[("balance", 1.into())]).unwrap();
    sound(&store);
    // What definitions owe to it.
    refused(store.drop_table("users"), "2BP01");
    refused(store.drop_index("users", "users_code_key"), "2BP01");
    refused(store.drop_index("orders", "orders_user_id_fkey_index"), "2BP01");
    store.drop_constraint("orders", "orders_code_fkey").unwrap();
    store.drop_index("users", "users_code_key").unwrap();
    store.delete(&users, &[3.into()]).unwrap();
    store.drop_table("orders").unwrap();
    store.drop_table("users").unwrap();
}

#[test]
fn actions_reach_the_children() {
    for (action, deleted, updated) in [
        (Action::Cascade, None, Some(50)),
        (Action::SetNull, Some(Value::Null), None),
        (Action::SetDefault, Some(Value::Integer(0)), None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let (users, orders) = match action {
            Action::Cascade => {
                platform(&store, |key| key.on_delete(Action::Cascade).on_update(Action::Cascade))
            }
            Action::SetNull => {
                platform(&store, |key| key.on_delete(Action::SetNull).on_update(Action::SetNull))
            }
            _ => platform(&store, |key| {
                key.on_delete(Action::SetDefault).on_update(Action::SetDefault)
            }),
        };
        for id in 0..30 {
            store.insert(&orders, order(id, id % 10, "eu", Value::Null)).unwrap();
        }
        store.delete(&users, &[4.into()]).unwrap();
        let of_4 = |at: usize| store.get(&orders, &[[4, 14, 24][at].into()]).unwrap();
        for at in 0..3 {
            assert_eq!(of_4(at).map(|row| row.values()[1].clone()), deleted, "{action:?}");
        }
        store.update(&users, &[5.into()], &[("id", 50.into())]).unwrap();
        let row = store.get(&orders, &[15.into()]).unwrap().unwrap();
        let expected = updated.map(Value::Integer).or(deleted);
        assert_eq!(Some(row.values()[1].clone()), expected, "{action:?}");
        sound(&store);
    }
}

/// The DEFAULT that rows are set to may be the key that goes: they do not change, and have no
/// parent. Found by random operations against SQLite.
#[test]
fn the_default_of_a_foreign_key_needs_its_parent_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let key = |key: bourse::schema::ForeignKeyBuilder| {
        key.on_delete(Action::SetDefault).on_update(Action::SetDefault)
    };
    let (users, orders) = platform(&store, key);
    store.insert(&orders, order(1, 0, "eu", Value::Null)).unwrap();
    store.insert(&orders, order(2, 5, "eu", Value::Null)).unwrap();
    refused(store.delete(&users, &[0.into()]), "23503");
    refused(store.update(&users, &[0.into()], &[("id", 99.into())]), "23503");
    store.delete(&users, &[5.into()]).unwrap();
    sound(&store);
}

/// An action that is refused further on takes everything back, also when the closure goes on.
#[test]
fn a_refused_operation_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (users, orders) = platform(&store, |key| key.on_delete(Action::Cascade));
    let parts = TableDefinition::builder("parts")
        .column("id", Type::BigInt)
        .column("order_id", Type::BigInt)
        .primary_key(["id"])
        .foreign_key(
            ForeignKey::on("parts_order_id_fkey", ["order_id"], "orders")
                .on_delete(Action::Restrict),
        )
        .build()
        .unwrap();
    let parts = store.create_table(&parts).unwrap();
    for id in 0..6 {
        store.insert(&orders, order(id, 1, "eu", Value::Null)).unwrap();
    }
    store.insert(&parts, vec![1.into(), 5.into()]).unwrap();
    refused(store.delete(&users, &[1.into()]), "23503");
    store
        .transaction(|transaction| {
            assert!(transaction.delete(&users, &[1.into()]).is_err());
            assert!(transaction.insert(&orders, order(9, 77, "eu", Value::Null)).is_err());
            transaction.insert(&orders, order(10, 2, "eu", Value::Null))
        })
        .unwrap();
    assert_eq!(rows(&store, &orders).len(), 7);
    assert_eq!(rows(&store, &users).len(), 10);
    sound(&store);
    store.delete(&parts, &[1.into()]).unwrap();
    store.delete(&users, &[1.into()]).unwrap();
    assert_eq!(rows(&store, &orders).len(), 1);
    sound(&store);
}

/// The same without foreign keys: a unique key that is found taken late, after other entries were
/// made or the row was taken from its old place.
#[test]
fn a_caught_error_leaves_nothing_of_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = TableDefinition::builder("t")
        .column("id", Type::BigInt)
        .generated_id()
        .column("owner", Type::BigInt)
        .not_null()
        .column("note", Type::Text)
        .column("code", Type::BigInt)
        .primary_key(["id"])
        .shard_key(["owner"])
        .index(IndexDefinition::on("by_note", ["note"]).global())
        .index(IndexDefinition::on("t_code_key", ["code"]).unique())
        .build()
        .unwrap();
    let table = store.create_table(&table).unwrap();
    let row = |id: i64, owner: i64, note: &str, code: i64| -> Vec<Value> {
        vec![id.into(), owner.into(), note.into(), code.into()]
    };
    store.insert(&table, row(1_000_001, 1, "a", 1)).unwrap();
    store.insert(&table, row(2_000_002, 2, "b", 2)).unwrap();
    let attempt = |transaction: &mut Transaction<'_>| {
        assert!(transaction.insert(&table, row(3_000_003, 3, "c", 1)).is_err());
        let taken = [("id", Value::Integer(2_000_002)), ("note", "d".into())];
        assert!(transaction.update(&table, &[1_000_001.into()], &taken).is_err());
        let taken = [("note", Value::from("e")), ("code", 2.into())];
        assert!(transaction.update(&table, &[1_000_001.into()], &taken).is_err());
        transaction.insert(&table, row(4_000_004, 4, "f", 4))
    };
    store.transaction(attempt).unwrap();
    sound(&store);
    let notes: Vec<Value> = rows(&store, &table).iter().map(|row| row[2].clone()).collect();
    assert_eq!(notes, ["a", "b", "f"].map(Value::from));
}

#[test]
fn a_table_may_refer_to_itself_in_any_depth() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let nodes = TableDefinition::builder("nodes")
        .column("id", Type::BigInt)
        .column("parent", Type::BigInt)
        .primary_key(["id"])
        .foreign_key(
            ForeignKey::on("nodes_parent_fkey", ["parent"], "nodes")
                .on_delete(Action::Cascade)
                .on_update(Action::Cascade),
        )
        .build()
        .unwrap();
    let table = store.create_table(&nodes).unwrap();
    let chain = (0..3_000_i64)
        .map(|id| Ok(vec![id.into(), if id == 0 { Value::Null } else { (id - 1).into() }]));
    assert_eq!(store.bulk_load(&table, LoadOrder::Sorted, chain).unwrap(), 3_000);
    store.insert(&table, vec![9_000.into(), 9_000.into()]).unwrap();
    refused(store.insert(&table, vec![9_001.into(), 9_002.into()]), "23503");
    store.update(&table, &[9_000.into()], &[("id", 9_005.into())]).unwrap();
    let itself = store.get(&table, &[9_005.into()]).unwrap().unwrap().values();
    assert_eq!(itself, [9_005.into(), 9_005.into()]);
    sound(&store);
    store.delete(&table, &[1_000.into()]).unwrap();
    assert_eq!(rows(&store, &table).len(), 1_001);
    store.delete(&table, &[9_005.into()]).unwrap();
    sound(&store);
    let other = TableDefinition { name: "other".into(), ..nodes };
    let other = TableDefinition { foreign_keys: Vec::new(), ..other };
    let mut key = table.definition().foreign_keys[0].clone();
    key.parent = "other".into();
    let other = store.create_table(&TableDefinition { foreign_keys: vec![key], ..other }).unwrap();
    let broken = [Ok(vec![1.into(), 2.into()])];
    refused(store.bulk_load(&other, LoadOrder::Sorted, broken.into_iter()), "23503");
}

#[test]
fn deferred_keys_are_checked_at_commit() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (users, orders) = platform(&store, |key| key.timing(Timing::Deferred));
    let new_user = || vec![70.into(), "eu".into(), 70.into(), 0.into()];
    let child_first = |transaction: &mut Transaction<'_>| {
        transaction.insert(&orders, order(1, 70, "eu", Value::Null))?;
        transaction.insert(&users, new_user())
    };
    store.transaction(child_first).unwrap();
    let gone_and_back = |transaction: &mut Transaction<'_>| {
        transaction.delete(&users, &[70.into()])?;
        transaction.insert(&users, new_user())
    };
    store.transaction(gone_and_back).unwrap();
    let orphan = |transaction: &mut Transaction<'_>| {
        transaction.insert(&orders, order(2, 71, "eu", Value::Null))
    };
    refused(store.transaction(orphan), "23503");
    refused(store.delete(&users, &[70.into()]), "23503");
    let mended = |transaction: &mut Transaction<'_>| {
        transaction.insert(&orders, order(2, 71, "eu", Value::Null))?;
        assert!(transaction.check_constraints().is_err());
        transaction.delete(&orders, &[2.into()])
    };
    store.transaction(mended).unwrap();
    sound(&store);
    assert_eq!(rows(&store, &orders).len(), 1);
}

#[test]
fn deferrable_keys_are_deferred_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (users, orders) = platform(&store, |key| key.timing(Timing::Deferrable));
    let child_first = |defers: bool| {
        let (users, orders) = (&users, &orders);
        store.transaction(move |transaction| {
            if defers {
                transaction.defer_constraints();
            }
            transaction.insert(orders, order(1, 70, "eu", Value::Null))?;
            transaction.insert(users, vec![70.into(), "eu".into(), 70.into(), 0.into()])
        })
    };
    refused(child_first(false), "23503");
    child_first(true).unwrap();
    sound(&store);
}

/// Rows that refer to each other come and go in any order when that is done together; an error
/// that is caught lets nothing be committed that is not met.
#[test]
fn what_is_done_together_is_looked_at_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (users, orders) = platform(&store, |key| key);
    let tables = [&users, &orders];
    let user = |id: i64| vec![id.into(), "eu".into(), id.into(), 0.into()];
    let child_first = |transaction: &mut Transaction<'_>| -> Result<(), Error> {
        transaction.insert(&orders, order(1, 70, "eu", Value::Null))?;
        transaction.insert(&users, user(70)).map(drop)
    };
    let orphan = |transaction: &mut Transaction<'_>| -> Result<(), Error> {
        transaction.insert(&orders, order(2, 71, "eu", Value::Null)).map(drop)
    };
    let parent_first = |transaction: &mut Transaction<'_>| -> Result<(), Error> {
        assert!(transaction.delete(&users, &[70.into()])?);
        assert!(transaction.delete(&orders, &[1.into()])?);
        Ok(())
    };
    refused(store.transaction(child_first), "23503");
    store.transaction(|transaction| transaction.together(&tables, child_first)).unwrap();
    refused(store.transaction(|transaction| transaction.together(&tables, orphan)), "23503");
    let caught = |transaction: &mut Transaction<'_>| {
        assert!(transaction.together(&tables, orphan).is_err());
        Ok(())
    };
    refused(store.transaction(caught), "23503");
    let failed = |transaction: &mut Transaction<'_>| {
        let body = |transaction: &mut Transaction<'_>| {
            orphan(transaction)?;
            Err::<(), _>(Error::invalid("no more of it"))
        };
        assert!(transaction.together(&tables, body).is_err());
        Ok(())
    };
    refused(store.transaction(failed), "23503");
    let mut open = store.begin(TransactionOptions::default()).unwrap();
    let refusal = open.statement(|transaction| transaction.together(&tables, orphan));
    refused(refusal, "23503");
    open.statement(|transaction| transaction.together(&tables, parent_first)).unwrap();
    open.statement(|transaction| transaction.together(&tables, child_first)).unwrap();
    open.commit().unwrap();
    refused(store.transaction(parent_first), "23503");
    store.transaction(|transaction| transaction.together(&tables, parent_first)).unwrap();
    assert!(rows(&store, &orders).is_empty());
    sound(&store);
}

#[test]
fn foreign_keys_are_added_to_rows_and_wrong_ones_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (users, orders) = platform(&store, |key| key);
    store.drop_constraint("orders", "orders_user_id_fkey").unwrap();
    store.drop_index("orders", "orders_user_id_fkey_index").unwrap();
    store.insert(&orders, order(1, 77, "eu", Value::Null)).unwrap();
    let key = || ForeignKey::on("again", ["user_id"], "users");
    refused(store.add_foreign_key("orders", &key()), "23503");
    store.update(&orders, &[1.into()], &[("user_id", 7.into())]).unwrap();
    refused(store.add_foreign_key("orders", &key().to(["balance"])), "42830");
    refused(store.add_foreign_key("orders", &key().to(["id", "code"])), "42830");
    let texts = ForeignKey::on("again", ["region"], "users");
    refused(store.add_foreign_key("orders", &texts), "42804");
    let nowhere = ForeignKey::on("again", ["user_id"], "nowhere");
    refused(store.add_foreign_key("orders", &nowhere), "42P01");
    refused(
        store.add_foreign_key("orders", &ForeignKey::on("ORDERS_code_fkey", ["user_id"], "users")),
        "42710",
    );
    store.add_foreign_key("orders", &key()).unwrap();
    refused(store.delete(&users, &[7.into()]), "23503");
    refused(store.insert(&orders, order(2, 77, "eu", Value::Null)), "23503");
    sound(&store);
    let other = TableDefinition { name: "other".into(), ..orders.definition().clone() };
    let other = store.create_table(&other).unwrap();
    let orphan = std::iter::once(Ok(order(1, 5, "us", 5)));
    refused(store.bulk_load(&other, LoadOrder::Sorted, orphan), "23503");
    let children = (0..50).map(|id| Ok(order(id, id % 7, "eu", id % 7)));
    assert_eq!(store.bulk_load(&other, LoadOrder::Sorted, children).unwrap(), 50);
    refused(store.delete(&users, &[5.into()]), "23503");
    sound(&store);
}

/// Children come and parents go from several threads at once: what remains has its parents. Also
/// over a crash: the second half opens the store again without a checkpoint.
#[test]
fn children_and_parents_race_and_agree() {
    let folder = tempfile::tempdir().unwrap();
    {
        let store = open(folder.path());
        let (users, orders) = platform(&store, |key| key.on_update(Action::Cascade));
        std::thread::scope(|scope| {
            for thread in 0..4_i64 {
                let (store, users, orders) = (&store, &users, &orders);
                scope.spawn(move || {
                    for turn in 0..150_i64 {
                        let user = (turn * 7 + thread) % 10;
                        let id = thread * 1_000 + turn;
                        let done = match (turn + thread) % 3 {
                            0 => store.insert(orders, order(id, user, "eu", Value::Null)).map(drop),
                            1 => store
                                .transaction(|transaction| {
                                    transaction.insert(orders, order(id, user, "eu", user))
                                })
                                .map(drop),
                            _ => {
                                let new = vec![user.into(), "eu".into(), user.into(), 0.into()];
                                let deleted = store.delete(users, &[user.into()]);
                                match deleted {
                                    Ok(_) => store.upsert(users, new).map(drop),
                                    Err(error) => Err(error),
                                }
                            }
                        };
                        if let Err(error) = done {
                            assert_eq!(error.kind(), ErrorKind::Constraint, "{error}");
                            assert_eq!(error.sqlstate(), "23503", "{error}");
                        }
                    }
                });
            }
        });
        sound(&store);
    }
    let store = open(folder.path());
    sound(&store);
    assert!(!rows(&store, &store.table("orders").unwrap()).is_empty());
}

/// No id is given twice: not one that a row was given by hand in another shard and lost again, not
/// one of a bulk load.
#[test]
fn identity_never_gives_an_id_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = |name: &str, by_owner: bool| {
        let builder = TableDefinition::builder(name)
            .column("id", Type::BigInt)
            .identity()
            .column("owner", Type::BigInt)
            .not_null()
            .primary_key(["id"]);
        let builder = if by_owner { builder.shard_key(["owner"]) } else { builder };
        store.create_table(&builder.build().unwrap()).unwrap()
    };
    for by_owner in [true, false] {
        let table = table(if by_owner { "a" } else { "b" }, by_owner);
        for id in (0..40).map(|count| count * 1_024 + 7) {
            store.insert(&table, vec![id.into(), 1.into()]).unwrap();
            store.delete(&table, &[id.into()]).unwrap();
        }
        store.raise_generated_ids(&table, 100 * 1_024).unwrap();
        for _ in 0..3_000 {
            let id = store.insert(&table, vec![Value::Null, 1.into()]).unwrap();
            let [Value::Integer(id)] = *id else { panic!("an id") };
            assert!(id > 100 * 1_024, "{id} was given before");
            store.delete(&table, &[id.into()]).unwrap();
        }
        sound(&store);
    }
    let loaded = table("c", false);
    let ids = (0..500_i64).map(|id| id * 31 + 500_000);
    let rows = ids.map(|id| Ok(vec![id.into(), 1.into()]));
    store.bulk_load(&loaded, LoadOrder::Sorted, rows).unwrap();
    for _ in 0..2_000 {
        let id = store.insert(&loaded, vec![Value::Null, 1.into()]).unwrap();
        assert!(id[0].compare(&515_469.into(), bourse::Collation::Binary).is_gt(), "{id:?}");
    }
}

#[test]
fn generated_always_takes_no_id_but_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = TableDefinition::builder("t")
        .column("id", Type::BigInt)
        .identity_always()
        .column("note", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&table).unwrap();
    refused(store.insert(&table, vec![5.into(), "x".into()]), "428C9");
    let id = store.insert(&table, vec![Value::Null, "x".into()]).unwrap();
    assert!(store.upsert(&table, vec![id[0].clone(), "y".into()]).unwrap());
    refused(store.upsert(&table, vec![5.into(), "y".into()]), "428C9");
    refused(store.update(&table, &id, &[("id", 5.into())]), "428C9");
    assert_eq!(rows(&store, &table), [vec![id[0].clone(), "y".into()]]);
}

/// What another commits while a transaction runs over its Cut is seen when it is validated: a
/// parent that goes, a child that comes. A parent that changes in other columns is not in its way.
#[test]
fn a_parent_that_goes_or_a_child_that_comes_meanwhile_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (users, orders) = platform(&store, |key| key);
    let runs_beside = |body: &(dyn Fn(&mut Transaction<'_>) -> Result<(), Error> + Sync),
                       other: &(dyn Fn() + Sync)| {
        let mut runs = 0;
        let done = store.transaction(|transaction| {
            runs += 1;
            body(transaction)?;
            if runs == 1 {
                std::thread::scope(|scope| scope.spawn(other).join().unwrap());
            }
            Ok(())
        });
        (done, runs)
    };
    let (done, _) = runs_beside(
        &|transaction| transaction.insert(&orders, order(1, 5, "eu", 6)).map(drop),
        &|| assert!(store.delete(&users, &[5.into()]).unwrap()),
    );
    refused(done, "23503");
    let (done, _) = runs_beside(
        &|transaction| transaction.insert(&orders, order(1, 4, "eu", 6)).map(drop),
        &|| assert!(store.update(&users, &[6.into()], &[("code", 66.into())]).unwrap()),
    );
    refused(done, "23503");
    let (done, _) =
        runs_beside(&|transaction| transaction.delete(&users, &[4.into()]).map(drop), &|| {
            drop(store.insert(&orders, order(1, 4, "eu", 3)).unwrap())
        });
    refused(done, "23503");
    let (done, runs) = runs_beside(
        &|transaction| transaction.insert(&orders, order(2, 7, "eu", 8)).map(drop),
        &|| assert!(store.update(&users, &[7.into()], &[("balance", 1.into())]).unwrap()),
    );
    done.unwrap();
    assert_eq!(runs, 1, "the balance of the parent does not matter");
    sound(&store);
}
