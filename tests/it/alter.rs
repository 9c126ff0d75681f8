//! ALTER TABLE and TRUNCATE: what rows of before read as, what depends on a column, what stale
//! handles and old Cuts see, and that all of it is there again after a crash.

use bourse::expression::{column, constant};
use bourse::schema::{Action, Column, Default};
use bourse::{
    Alteration, Database, Error, ErrorKind, ForeignKey, IndexDefinition, LoadOrder, Order, Range,
    Table, TableDefinition, Truncate, Type, Value,
};
use bourse_storage::vfs::sim::SimVfs;
use std::time::Duration;

use crate::expect::{open_on, refused, rows, sound};

fn by_index(store: &Database, table: &Table, index: &str) -> Vec<Vec<Value>> {
    let cut = store.cut();
    let mut entries = cut.scan_index(table, index, &Range::all(), Order::Ascending).unwrap();
    entries.fetch(usize::MAX).unwrap().iter().map(bourse::OwnedRow::values).collect()
}

fn add(name: &str, data_type: Type, default: impl Into<Value>) -> Alteration {
    let default = Some(Default::Constant(default.into()));
    Alteration::AddColumn(Column { default, ..Column::new(name, data_type) })
}

fn set_type(column: &str, data_type: Type) -> Alteration {
    Alteration::SetType { column: column.into(), data_type }
}

fn drop_column(name: &str) -> Alteration {
    Alteration::DropColumn(name.into())
}

fn rename_column(from: &str, to: &str) -> Alteration {
    Alteration::RenameColumn { from: from.into(), to: to.into() }
}

/// Orders of users: every kind of index, a CHECK of one column and one of two.
fn orders() -> TableDefinition {
    TableDefinition::builder("orders")
        .column("id", Type::BigInt)
        .column("user", Type::BigInt)
        .not_null()
        .column("symbol", Type::Text)
        .column("quantity", Type::SmallInt)
        .not_null()
        .column("filled", Type::SmallInt)
        .column("price", Type::Real)
        .primary_key(["id"])
        .shard_key(["user"])
        .index(IndexDefinition::on("by_symbol", ["symbol"]).include(["quantity"]))
        .index(IndexDefinition::on("by_quantity", ["quantity"]).global())
        .index(IndexDefinition::on("open", ["user"]).filter(column("filled").is_null()))
        .index(IndexDefinition::on("half", [column("quantity").divided_by(constant(2))]))
        .check("positive", column("quantity").greater(0))
        .check("not_over", column("filled").at_most(column("quantity")))
        .build()
        .unwrap()
}

fn order(id: i64) -> Vec<Value> {
    let filled = if id % 3 == 0 { Value::Null } else { Value::from(id % 5) };
    let symbol = ["AAPL", "MSFT", "ORCL"][usize::try_from(id % 3).unwrap()];
    let price = Value::Real(0.1);
    vec![id.into(), (id % 7).into(), symbol.into(), (5 + id % 40).into(), filled, price]
}

fn filled(disk: &SimVfs) -> (Database, Table) {
    let store = open_on(disk);
    let table = store.create_table(&orders()).unwrap();
    (0..60).for_each(|id| drop(store.insert(&table, order(id)).unwrap()));
    (store, table)
}

#[test]
fn a_column_that_is_added_touches_no_row() {
    let disk = SimVfs::new(1);
    let (store, table) = filled(&disk);
    let before = rows(&store, &table);
    let not_null = Column {
        not_null: true,
        default: Some(Default::Constant("XNAS".into())),
        ..Column::new("venue", Type::Text)
    };
    let stamp = Column {
        default: Some(Default::CurrentTimestamp),
        ..Column::new("seen", Type::Timestamp { precision: 0 })
    };
    let added = [
        Alteration::AddColumn(not_null),
        Alteration::AddColumn(Column::new("note", Type::Text)),
        Alteration::AddColumn(stamp),
    ];
    store.alter_table("ORDERS", &added).unwrap();
    let table = store.table("orders").unwrap();
    let after = rows(&store, &table);
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(new[..6], old[..]);
        assert_eq!(new[6..8], ["XNAS".into(), Value::Null]);
        let Value::Timestamp(time) = new[8] else { panic!("no time: {:?}", new[8]) };
        assert_eq!(time % 1_000_000_000, 0, "rounded as the column is");
        assert_eq!(new[8], after[0][8], "one time for all");
    }
    // The value stays what it was when the column came.
    let default = Default::Constant("XLON".into());
    let other = Alteration::SetDefault { column: "venue".into(), default };
    store.alter_table("orders", &[other]).unwrap();
    let id = store
        .insert_columns(&table, &[("id", 100.into()), ("user", 1.into()), ("quantity", 1.into())]);
    assert_eq!(id.unwrap(), [100.into()]);
    store.update(&table, &[1.into()], &[("note", "touched".into())]).unwrap();
    let venue = |id: i64| store.get(&table, &[id.into()]).unwrap().unwrap().values()[6].clone();
    assert_eq!([venue(0), venue(1), venue(100)], ["XNAS".into(), "XNAS".into(), "XLON".into()]);
    // An index on the column has the rows of before too.
    store.create_index("orders", IndexDefinition::on("by_venue", ["venue"]).global()).unwrap();
    assert_eq!(by_index(&store, &table, "by_venue").len(), 61);
    sound(&store);
}

#[test]
fn a_column_without_a_value_needs_an_empty_table() {
    let disk = SimVfs::new(2);
    let (store, _) = filled(&disk);
    let column = Column { not_null: true, ..Column::new("venue", Type::Text) };
    let added = [Alteration::AddColumn(column)];
    let message = refused(store.alter_table("orders", &added), "23502");
    assert_eq!(message, "column \"venue\" of relation \"orders\" contains null values");
    let generated =
        Column { default: Some(Default::Identity), ..Column::new("number", Type::BigInt) };
    refused(store.alter_table("orders", &[Alteration::AddColumn(generated)]), "0A000");
    refused(store.alter_table("orders", &[add("Symbol", Type::Text, "x")]), "42701");
    refused(store.alter_table("orders", &[add("size", Type::Integer, "x")]), "42804");
    refused(store.alter_table("nothing", &[add("size", Type::Integer, 1)]), "42P01");
    store.truncate(&Truncate::of(["orders"])).unwrap();
    store.alter_table("orders", &added).unwrap();
    sound(&store);
}

#[test]
fn what_depends_on_a_column_is_named_or_goes() {
    let disk = SimVfs::new(3);
    let (store, _) = filled(&disk);
    for key in ["id", "user"] {
        refused(store.alter_table("orders", &[drop_column(key)]), "0A000");
    }
    refused(store.alter_table("orders", &[drop_column("nothing")]), "42703");
    // by_symbol is on quantity too, by what it includes; not_over is of two columns.
    let message = refused(store.alter_table("orders", &[drop_column("symbol")]), "2BP01");
    assert!(message.contains("because index by_symbol depends on it"), "{message}");
    let message = refused(store.alter_table("orders", &[drop_column("quantity")]), "2BP01");
    assert!(message.contains("index by_symbol"), "{message}");
    let message = refused(store.alter_table("orders", &[drop_column("filled")]), "2BP01");
    assert!(message.contains("index open"), "{message}");
    // Nothing happened by any of that.
    assert_eq!(store.table("orders").unwrap().definition().indexes.len(), 4);
    store.alter_table("orders", &[Alteration::DropColumnCascade("filled".into())]).unwrap();
    let table = store.table("orders").unwrap();
    let definition = table.definition();
    let names: Vec<&str> = definition.indexes.iter().map(|index| index.name.as_str()).collect();
    assert_eq!(names, ["by_symbol", "by_quantity", "half"]);
    assert_eq!(definition.checks.len(), 1);
    let expected: Vec<Vec<Value>> = (0..60)
        .map(order)
        .map(|mut row| {
            row.remove(4);
            row
        })
        .collect();
    assert_eq!(rows(&store, &table), expected);
    // What was behind it has another position, in CHECKs too, and the name is free.
    refused(store.update(&table, &[1.into()], &[("quantity", 0.into())]), "23514");
    store.alter_table("orders", &[add("filled", Type::Text, "none")]).unwrap();
    let table = store.table("orders").unwrap();
    let row = store.get(&table, &[1.into()]).unwrap().unwrap();
    assert_eq!(row.values()[4..], [Value::Real(0.1), "none".into()]);
    // What involves no other column goes along: by_quantity, half, and the CHECK.
    store.drop_index("orders", "by_symbol").unwrap();
    store.alter_table("orders", &[drop_column("quantity")]).unwrap();
    let table = store.table("orders").unwrap();
    assert!(table.definition().indexes.is_empty() && table.definition().checks.is_empty());
    sound(&store);
}

fn children() -> TableDefinition {
    TableDefinition::builder("fills")
        .column("fill", Type::BigInt)
        .column("code", Type::Text)
        .column("of", Type::BigInt)
        .primary_key(["fill"])
        .foreign_key(ForeignKey::on("fills_of", ["of"], "orders").on_delete(Action::Cascade))
        .foreign_key(ForeignKey::on("fills_code", ["code"], "orders").to(["symbol"]))
        .build()
        .unwrap()
}

#[test]
fn foreign_keys_follow_names_and_hold_columns() {
    let disk = SimVfs::new(4);
    let store = open_on(&disk);
    let parent = store.create_table(&orders()).unwrap();
    store.create_index("orders", IndexDefinition::on("code", ["symbol"]).unique()).unwrap();
    store.drop_index("orders", "by_symbol").unwrap();
    (0..3).for_each(|id| drop(store.insert(&parent, order(id)).unwrap()));
    let child = store.create_table(&children()).unwrap();
    store.insert(&child, vec![1.into(), "AAPL".into(), 2.into()]).unwrap();
    // The unique index is on symbol alone, but a foreign key of another table needs it.
    let message = refused(store.alter_table("orders", &[drop_column("symbol")]), "2BP01");
    assert!(message.contains("constraint fills_code on table fills"), "{message}");
    let renamed = [
        rename_column("symbol", "ticker"),
        Alteration::Rename("requests".into()),
        Alteration::RenameIndex { from: "code".into(), to: "one_ticker".into() },
        Alteration::RenameConstraint { from: "positive".into(), to: "some".into() },
        rename_column("quantity", "amount"),
    ];
    store.alter_table("orders", &renamed).unwrap();
    refused(store.table("orders"), "42P01");
    let parent = store.table("requests").unwrap();
    let child = store.table("fills").unwrap();
    let keys = &child.definition().foreign_keys;
    assert_eq!((&*keys[0].parent, &*keys[1].parent), ("requests", "requests"));
    assert_eq!(keys[1].parent_columns, ["ticker"]);
    refused(store.insert(&child, vec![2.into(), "XXXX".into(), 2.into()]), "23503");
    store.insert(&child, vec![2.into(), "MSFT".into(), 2.into()]).unwrap();
    let message = refused(store.update(&parent, &[1.into()], &[("amount", 0.into())]), "23514");
    assert!(message.contains("\"some\""), "{message}");
    // A table with a name that is taken, a column in a key that values are converted of.
    refused(store.alter_table("fills", &[Alteration::Rename("Requests".into())]), "42P07");
    refused(store.alter_table("requests", &[set_type("ticker", Type::Blob)]), "0A000");
    store.alter_table("requests", &[Alteration::DropColumnCascade("ticker".into())]).unwrap();
    let child = store.table("fills").unwrap();
    assert_eq!(child.definition().foreign_keys.len(), 1);
    store.insert(&child, vec![3.into(), "XXXX".into(), 1.into()]).unwrap();
    // Own columns: the key goes with its only column.
    store.alter_table("fills", &[drop_column("of")]).unwrap();
    assert!(store.table("fills").unwrap().definition().foreign_keys.is_empty());
    sound(&store);
    drop(store);
    sound(&open_on(&disk));
}

#[test]
fn wider_types_keep_rows_and_build_the_indexes_that_need_it() {
    let disk = SimVfs::new(5);
    let (store, table) = filled(&disk);
    let ids: Vec<u32> = table.definition().indexes.iter().map(|index| index.id).collect();
    let wider = [set_type("quantity", Type::BigInt), set_type("price", Type::Double)];
    store.alter_table("orders", &wider).unwrap();
    let table = store.table("orders").unwrap();
    let kept: Vec<bool> =
        table.definition().indexes.iter().zip(&ids).map(|(index, id)| index.id == *id).collect();
    // by_symbol includes quantity, `open` has nothing of it.
    assert_eq!(kept, [false, false, true, false]);
    let expected: Vec<Vec<Value>> = (0..60)
        .map(order)
        .map(|mut row| {
            row[5] = Value::Double(f64::from(0.1_f32));
            row
        })
        .collect();
    assert_eq!(rows(&store, &table), expected);
    store.update(&table, &[7.into()], &[("quantity", 5_000_000_000_i64.into())]).unwrap();
    let last = by_index(&store, &table, "by_quantity").pop().unwrap();
    assert_eq!(last[3], Value::from(5_000_000_000_i64));
    sound(&store);
    // Digits alone: neither layout nor index changes.
    let price = |precision| Type::Decimal { precision, scale: 2 };
    let cents = [
        Alteration::AddColumn(Column::new("fee", price(6))),
        Alteration::AddColumn(Column::new("at", Type::Timestamp { precision: 3 })),
    ];
    store.alter_table("orders", &cents).unwrap();
    store.create_index("orders", IndexDefinition::on("by_fee", ["fee", "at"])).unwrap();
    let fee = Value::Decimal("12.50".parse().unwrap());
    let table = store.table("orders").unwrap();
    store.update(&table, &[7.into()], &[("fee", fee.clone())]).unwrap();
    let before = store.table("orders").unwrap();
    let digits = [set_type("fee", price(18)), set_type("at", Type::Timestamp { precision: 9 })];
    store.alter_table("orders", &digits).unwrap();
    let after = store.table("orders").unwrap();
    assert_eq!(before.definition().layout, after.definition().layout);
    assert_eq!(before.definition().indexes, after.definition().indexes);
    let wide = [set_type("fee", price(30))];
    store.alter_table("orders", &wide).unwrap();
    let after = store.table("orders").unwrap();
    assert_eq!(store.get(&after, &[7.into()]).unwrap().unwrap().values()[6], fee);
    sound(&store);
    let store = {
        drop(store);
        open_on(&disk)
    };
    sound(&store);
    // A key's bytes place the rows.
    refused(store.alter_table("orders", &[set_type("user", Type::Text)]), "0A000");
}

#[test]
fn other_types_write_the_rows_anew() {
    let disk = SimVfs::new(6);
    let (store, table) = filled(&disk);
    let message =
        refused(store.alter_table("orders", &[set_type("symbol", Type::Integer)]), "22P02");
    assert!(message.contains("invalid input syntax for type INTEGER"), "{message}");
    refused(store.alter_table("orders", &[set_type("symbol", Type::Blob)]), "42846");
    store
        .update(&table, &[7.into()], &[("quantity", 30_000.into()), ("filled", 5.into())])
        .unwrap();
    // CHECKs are asked again of what the values have become.
    let short = Type::Decimal { precision: 4, scale: 0 };
    refused(store.alter_table("orders", &[set_type("quantity", short)]), "22003");
    let cut = store.cut();
    let texts = [set_type("quantity", Type::DECIMAL), set_type("filled", Type::Text)];
    // An expression of the table compares a text with a number then.
    assert!(store.alter_table("orders", &texts).is_err());
    let texts = [
        Alteration::DropColumnCascade("filled".into()),
        set_type("price", Type::Text),
        add("more", Type::Integer, 4),
    ];
    refused(store.alter_table("orders", &texts), "42846");
    let texts = [Alteration::DropColumnCascade("filled".into()), set_type("quantity", Type::Text)];
    // The CHECK and the expression index are of numbers.
    assert!(store.alter_table("orders", &texts).is_err());
    let numbers = [
        Alteration::DropColumnCascade("filled".into()),
        set_type("quantity", Type::Double),
        add("more", Type::Integer, 4),
    ];
    store.alter_table("orders", &numbers).unwrap();
    let now = store.table("orders").unwrap();
    assert!(now.definition().earlier_layouts.is_empty());
    let row = store.get(&now, &[7.into()]).unwrap().unwrap().values();
    assert_eq!(row[3..], [Value::Double(30_000.0), Value::Real(0.1), 4.into()]);
    let ordered = by_index(&store, &now, "by_quantity");
    assert_eq!(ordered.last().unwrap()[3], Value::Double(30_000.0));
    assert_eq!(ordered.len(), 60);
    // The Cut of before has the shape of before.
    let then = cut.get(&table, &[7.into()]).unwrap().unwrap();
    assert_eq!(then.values()[3..5], [30_000.into(), 5.into()]);
    // A unique index is asked too.
    store.alter_table("orders", &[add("share", Type::Double, 0.0)]).unwrap();
    let now = store.table("orders").unwrap();
    for id in 0..60 {
        let share = Value::Double(f64::from(id) / 10.0);
        store.update(&now, &[id.into()], &[("share", share)]).unwrap();
    }
    store.create_index("orders", IndexDefinition::on("one", ["share"]).unique()).unwrap();
    let message =
        refused(store.alter_table("orders", &[set_type("share", Type::Integer)]), "23505");
    assert!(message.contains("unique index one"), "{message}");
    sound(&store);
    drop((cut, store));
    sound(&open_on(&disk));
}

#[test]
fn large_tables_are_written_anew_through_stages() {
    let disk = SimVfs::new(7);
    let store = open_on(&disk);
    let definition = TableDefinition::builder("notes")
        .column("id", Type::BigInt)
        .column("number", Type::Text)
        .column("body", Type::Text)
        .primary_key(["id"])
        .index(IndexDefinition::on("by_number", ["number"]).global())
        .build()
        .unwrap();
    let table = store.create_table(&definition).unwrap();
    let row = |id: i64| {
        let bytes = if id % 50 == 0 { 20_000 } else { 900 };
        vec![id.into(), id.to_string().into(), "x".repeat(bytes).into()]
    };
    store.bulk_load(&table, LoadOrder::Sorted, (0..2_000).map(row).map(Ok)).unwrap();
    store.alter_table("notes", &[set_type("number", Type::Integer)]).unwrap();
    drop(store);
    let disk = disk.reboot(8);
    let store = open_on(&disk);
    let table = store.table("notes").unwrap();
    let numbers = by_index(&store, &table, "by_number").into_iter().map(|row| row[1].clone());
    assert!(numbers.eq((0..2_000).map(Value::from)), "as numbers, in their order");
    sound(&store);
    store.alter_table("notes", &[set_type("number", Type::BigInt)]).unwrap();
    store.truncate(&Truncate::of(["notes"])).unwrap();
    assert_eq!(store.cut().count(&table).unwrap(), 0);
    sound(&store);
}

#[test]
fn not_null_is_shown_before_it_is_promised() {
    let disk = SimVfs::new(9);
    let (store, table) = filled(&disk);
    let not_null = [Alteration::SetNotNull("filled".into())];
    refused(store.alter_table("orders", &not_null), "23502");
    for id in (0..60).step_by(3) {
        store.update(&table, &[id.into()], &[("filled", 0.into())]).unwrap();
    }
    store.create_index("orders", IndexDefinition::on("by_filled", ["filled"])).unwrap();
    store.alter_table("orders", &not_null).unwrap();
    refused(store.update(&table, &[1.into()], &[("filled", Value::Null)]), "23502");
    sound(&store);
    store.alter_table("orders", &[Alteration::DropNotNull("filled".into())]).unwrap();
    store.update(&table, &[1.into()], &[("filled", Value::Null)]).unwrap();
    assert_eq!(by_index(&store, &table, "by_filled")[0][0], 1.into());
    refused(store.alter_table("orders", &[Alteration::DropNotNull("id".into())]), "42P16");
    refused(store.alter_table("orders", &[Alteration::DropNotNull("user".into())]), "0A000");
    store.alter_table("orders", &[Alteration::DropDefault("filled".into())]).unwrap();
    sound(&store);
}

/// A handle goes on where its positions mean the same, and is refused where they do not.
#[test]
fn handles_of_before_go_on_or_are_refused() {
    let disk = SimVfs::new(10);
    let (store, old) = filled(&disk);
    let before = store.cut();
    let changed = [add("venue", Type::Text, "XNAS"), rename_column("symbol", "ticker")];
    store.alter_table("orders", &changed).unwrap();
    store.insert(&old, order(60)).unwrap();
    store.upsert(&old, order(61)).unwrap();
    store.submit().insert(&old, order(62)).wait().unwrap();
    assert!(store.submit().upsert(&old, order(62)).wait().unwrap(), "it is there");
    let new = store.table("orders").unwrap();
    for id in [0, 60, 61, 62] {
        let row = store.get(&old, &[id.into()]).unwrap().unwrap();
        assert_eq!(row.values()[6], "XNAS".into(), "row {id}");
        let venue = store.get_with(&old, &[id.into()], |row| row.get(6).to_value()).unwrap();
        assert_eq!(venue, Some("XNAS".into()));
    }
    assert_eq!(rows(&store, &old).len(), 63);
    // The other way round the state has fewer columns than the handle.
    refused(before.get(&new, &[0.into()]), "0A000");
    assert_eq!(before.table("orders").unwrap().definition().columns.len(), 6);
    assert_eq!(before.get(&old, &[0.into()]).unwrap().unwrap().values(), order(0));
    store.alter_table("orders", &[drop_column("price")]).unwrap();
    for handle in [&old, &new] {
        refused(store.get(handle, &[0.into()]), "0A000");
        refused(store.insert(handle, order(70)), "0A000");
        refused(store.delete(handle, &[0.into()]), "0A000");
        refused(store.submit().insert(handle, order(70)).wait(), "0A000");
        refused(store.cut().scan(handle, &Range::all(), Order::Ascending), "0A000");
        refused(store.transaction(|transaction| transaction.get(handle, &[0.into()])), "0A000");
    }
    let report = before.scan(&old, &Range::all(), Order::Ascending).unwrap();
    assert_eq!(report.map(|row| row.unwrap().values()).collect::<Vec<_>>(), {
        (0..60).map(order).collect::<Vec<_>>()
    });
    sound(&store);
}

#[test]
fn truncated_tables_are_empty_at_once_and_old_cuts_are_not() {
    let disk = SimVfs::new(11);
    let (store, table) = filled(&disk);
    let child = store
        .create_table(
            &TableDefinition::builder("fills")
                .column("fill", Type::BigInt)
                .identity()
                .column("of", Type::BigInt)
                .primary_key(["fill"])
                .foreign_key(ForeignKey::on("fills_of", ["of"], "orders"))
                .build()
                .unwrap(),
        )
        .unwrap();
    let fill = |of: i64| store.insert(&child, vec![Value::Null, of.into()]).unwrap();
    let mut given: Vec<_> = (0..40).map(fill).collect();
    let cut = store.cut();
    let message = refused(store.truncate(&Truncate::of(["orders"])), "0A000");
    assert!(message.contains("foreign key fills_of of table fills"), "{message}");
    refused(store.truncate(&Truncate::of(["orders", "nothing"])), "42P01");
    assert_eq!(rows(&store, &table).len(), 60);
    store.truncate(&Truncate::of(["orders", "fills"])).unwrap();
    let empty = |table: &Table| {
        assert_eq!(store.cut().count(table).unwrap(), 0);
        assert!(rows(&store, table).is_empty());
    };
    empty(&table);
    empty(&child);
    assert!(by_index(&store, &table, "by_quantity").is_empty());
    assert_eq!(cut.scan(&table, &Range::all(), Order::Ascending).unwrap().count(), 60);
    sound(&store);
    // No id is given twice, unless the table is to begin anew.
    store.insert(&table, order(1)).unwrap();
    let next: Vec<_> = (0..40).map(|_| fill(1)).collect();
    assert!(next.iter().all(|id| !given.contains(id)));
    given.extend(next);
    store.truncate(&Truncate::of(["orders"]).restart_identity().cascade()).unwrap();
    empty(&child);
    store.insert(&table, order(1)).unwrap();
    let again: Vec<_> = (0..40).map(|_| fill(1)).collect();
    assert!(again.iter().any(|id| given.contains(id)));
    // Who has locked a row was promised that it stays.
    let lock = store.lock_row(&table, &[1.into()], Duration::ZERO).unwrap();
    let error = store.truncate(&Truncate::of(["orders"]).cascade()).unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Conflict, "55P03"));
    drop(lock);
    store.truncate(&Truncate::of(["orders"]).cascade()).unwrap();
    drop(cut);
    sound(&store);
}

/// The pages of a table that was emptied or dropped are used again.
#[test]
fn pages_of_truncated_tables_are_used_again() {
    let disk = SimVfs::new(12);
    let store = open_on(&disk);
    let definition = TableDefinition::builder("notes")
        .column("id", Type::BigInt)
        .column("body", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let mut table = store.create_table(&definition).unwrap();
    let mut used = Vec::new();
    for round in 0..8 {
        let row = |id: i64| Ok(vec![id.into(), "x".repeat(700).into()]);
        store.bulk_load(&table, LoadOrder::Sorted, (0..3_000).map(row)).unwrap();
        if round % 2 == 0 {
            store.truncate(&Truncate::of(["notes"])).unwrap();
        } else {
            store.drop_table("notes").unwrap();
            table = store.create_table(&definition).unwrap();
        }
        store.checkpoint().unwrap();
        store.checkpoint().unwrap();
        used.push(disk.used_bytes());
    }
    assert!(used[7] <= used[2] + used[2] / 2, "the store grows: {used:?}");
    sound(&store);
}

/// A crash at any operation of the disk while a table is altered and emptied: all or nothing of
/// each, rows of every layout read, and what waits to be freed is freed by a later change.
#[test]
fn a_crash_leaves_all_or_nothing_of_an_alteration() {
    for after in 1..=60 {
        let disk = SimVfs::new(100 + after);
        let (store, _) = filled(&disk);
        store.checkpoint().unwrap();
        disk.inject(bourse_storage::vfs::sim::Fault::Crash, after);
        let steps: [&dyn Fn() -> Result<(), Error>; 5] = [
            &|| store.alter_table("orders", &[add("venue", Type::Text, "XNAS")]),
            &|| store.alter_table("orders", &[Alteration::DropColumnCascade("symbol".into())]),
            &|| store.alter_table("orders", &[set_type("quantity", Type::Integer)]),
            &|| store.alter_table("orders", &[set_type("price", Type::DECIMAL)]),
            &|| store.truncate(&Truncate::of(["orders"])),
        ];
        let done = steps.iter().take_while(|step| step().is_ok()).count();
        drop(store);
        let store = open_on(&disk.reboot(after));
        let table = store.table("orders").unwrap();
        let has = |name: &str| table.definition().position(name).is_ok();
        let types: Vec<Type> =
            table.definition().columns.iter().map(|column| column.data_type).collect();
        let found = [
            has("venue"),
            !has("symbol"),
            types.contains(&Type::Integer),
            types.contains(&Type::DECIMAL),
            store.cut().count(&table).unwrap() == 0,
        ];
        let count = found.iter().take_while(|found| **found).count();
        assert!(found[count..].iter().all(|found| !*found), "crash {after}: {found:?}");
        assert!(count == done || count == done + 1, "crash {after}: {done} done, {count} found");
        if count > 0 && count < 5 {
            let row = store.get(&table, &[7.into()]).unwrap().unwrap();
            assert_eq!(row.column("venue").unwrap().to_value(), "XNAS".into());
            assert_eq!(row.column("quantity").unwrap().to_value(), 12.into());
        }
        sound(&store);
        store.drop_table("orders").unwrap();
        sound(&store);
    }
}
