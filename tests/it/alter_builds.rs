//! Alterations beside index builds: which of them wait for the other, what a build reads of rows
//! that were written before columns came and went, and builds that are resumed after a crash.

use bourse::expression::column;
use bourse::schema::{Column, Default, IndexBuilder};
use bourse::{
    Alteration, Database, ForeignKey, IndexDefinition, Options, Order, Range, Table,
    TableDefinition, Truncate, Type, Value,
};
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::{larger_options_on, open_on, refused, sound};

const ROWS: i64 = 600;

fn is_older(id: i64) -> bool {
    id < ROWS / 2
}

/// A table whose rows have two layouts: half of them were written with `gone` and a narrower
/// `amount`, and without `fee`.
fn two_layouts(store: &Database) -> Table {
    let definition = TableDefinition::builder("trades")
        .column("id", Type::BigInt)
        .column("gone", Type::Text)
        .column("amount", Type::SmallInt)
        .not_null()
        .column("note", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&definition).unwrap();
    for id in (0..ROWS).filter(|id| is_older(*id)) {
        let row =
            vec![id.into(), "text of before".into(), (id % 90).into(), format!("n{id}").into()];
        store.insert(&table, row).unwrap();
    }
    let fee = Column {
        default: Some(Default::Constant(7.into())),
        not_null: true,
        ..Column::new("fee", Type::Integer)
    };
    let wider = Alteration::SetType { column: "amount".into(), data_type: Type::BigInt };
    let alterations = [Alteration::DropColumn("gone".into()), wider, Alteration::AddColumn(fee)];
    store.alter_table("trades", &alterations).unwrap();
    let table = store.table("trades").unwrap();
    for id in (0..ROWS).filter(|id| !is_older(*id)) {
        store.insert(&table, row(id)).unwrap();
    }
    table
}

/// A row as it reads after the alteration.
fn row(id: i64) -> Vec<Value> {
    let (amount, fee) = if is_older(id) { (id % 90, 7) } else { (100_000 + id, id % 11) };
    vec![id.into(), amount.into(), format!("n{id}").into(), fee.into()]
}

fn kinds() -> [IndexBuilder; 5] {
    [
        IndexDefinition::on("local", ["fee", "amount"]).include(["note"]),
        IndexDefinition::on("whole", ["amount"]).include(["fee", "note"]).global(),
        IndexDefinition::on("one", ["note"]).include(["fee"]).unique(),
        IndexDefinition::on("computed", [column("amount").plus(column("fee"))]),
        IndexDefinition::on("some", ["amount"]).filter(column("fee").equal(7)),
    ]
}

fn rows_by(store: &Database, table: &Table, index: &str) -> Vec<Vec<Value>> {
    let cut = store.cut();
    let mut entries = cut.scan_index(table, index, &Range::all(), Order::Ascending).unwrap();
    let rows = entries.fetch(usize::MAX).unwrap();
    let mut rows: Vec<_> = rows.iter().map(bourse::OwnedRow::values).collect();
    rows.sort_by_key(|row| format!("{:?}", row[0]));
    rows
}

fn expected(keep: impl Fn(&[Value]) -> bool) -> Vec<Vec<Value>> {
    let mut rows: Vec<_> = (0..ROWS).map(row).filter(|row| keep(row)).collect();
    rows.sort_by_key(|row| format!("{:?}", row[0]));
    rows
}

/// The chunks of a build read rows by the layouts that these name, and so does the replay of their
/// records.
#[test]
fn a_build_reads_rows_of_every_layout() {
    let disk = SimVfs::new(11);
    let store = open_on(&disk);
    let table = two_layouts(&store);
    for index in kinds() {
        store.create_index("trades", index).unwrap();
    }
    sound(&store);
    let agree = |store: &Database, table: &Table| {
        for name in ["local", "whole", "one", "computed"] {
            assert_eq!(rows_by(store, table, name), expected(|_| true), "{name}");
        }
        assert_eq!(rows_by(store, table, "some"), expected(|row| row[3] == 7.into()));
    };
    agree(&store, &table);
    drop(store);
    let store = open_on(&disk.reboot(3));
    sound(&store);
    agree(&store, &store.table("trades").unwrap());
}

/// While an index of a table is under build its columns and rows stay; other tables are free, and
/// afterwards it is too.
#[test]
fn a_table_is_not_altered_while_its_index_is_built() {
    let disk = SimVfs::new(12);
    let store = open_on(&disk);
    let table = two_layouts(&store);
    let child = TableDefinition::builder("fills")
        .column("trade", Type::BigInt)
        .primary_key(["trade"])
        .foreign_key(ForeignKey::on("of_trade", ["trade"], "trades"))
        .build()
        .unwrap();
    store.create_table(&child).unwrap();
    let other = TableDefinition::builder("other").column("n", Type::BigInt).build().unwrap();
    let other = store.create_table(&other).unwrap();
    store.insert(&other, vec![1.into()]).unwrap();
    let mut seen = 0;
    let [_, global, ..] = kinds();
    let mut between = |_| {
        seen += 1;
        if seen != 2 {
            return;
        }
        let rename = Alteration::RenameIndex { from: "whole".into(), to: "all".into() };
        let more = Alteration::AddColumn(Column::new("more", Type::Text));
        for alteration in [rename, more, Alteration::DropColumn("fee".into())] {
            let message = refused(store.alter_table("trades", &[alteration]), "55006");
            assert!(message.contains("index whole of table trades is under build"), "{message}");
        }
        refused(store.truncate(&Truncate::of(["trades"]).cascade()), "55006");
        refused(store.truncate(&Truncate::of(["fills", "trades"])), "55006");
        store.truncate(&Truncate::of(["fills", "other"])).unwrap();
        let more = Alteration::AddColumn(Column::new("more", Type::Text));
        store.alter_table("other", &[more]).unwrap();
    };
    store.create_index_with_progress("trades", global, &mut between).unwrap();
    assert!(seen > 2, "{seen} chunks");
    assert_eq!(rows_by(&store, &table, "whole"), expected(|_| true));
    assert_eq!(store.cut().count(&other).unwrap(), 0);
    sound(&store);
    store.alter_table("trades", &[Alteration::DropColumnCascade("fee".into())]).unwrap();
    store.truncate(&Truncate::of(["trades"]).cascade()).unwrap();
    assert_eq!(store.cut().count(&store.table("trades").unwrap()).unwrap(), 0);
    sound(&store);
}

/// A build that a crash left is in the way of alterations until it is resumed or dropped.
#[test]
fn a_build_that_a_crash_left_is_in_the_way_until_it_ends() {
    // In chunks, so that each kind is in the middle when it crashes.
    let open = |disk: &SimVfs| {
        let options = Options { build_bytes_max: 0, ..larger_options_on(disk) };
        Database::open("/store", options).unwrap()
    };
    for resumes in [true, false] {
        for (at, index) in kinds().into_iter().enumerate() {
            let disk = SimVfs::new(20 + at as u64);
            let store = open(&disk);
            two_layouts(&store);
            let (mut chunks, mut left) = (0, None);
            let mut between = |_| {
                chunks += 1;
                if chunks == 3 {
                    left = Some(disk.reboot(at as u64));
                }
            };
            assert!(store.create_index_with_progress("trades", index, &mut between).is_err());
            let store = open(&left.unwrap());
            let drop_fee = [Alteration::DropColumnCascade("fee".into())];
            refused(store.alter_table("trades", &drop_fee), "55006");
            refused(store.truncate(&Truncate::of(["trades"])), "55006");
            let table = store.table("trades").unwrap();
            let name = table.definition().indexes[0].name.clone();
            if resumes {
                store.resume_index_builds(&mut |_| ()).unwrap();
                let is_there = |row: &[Value]| name != "some" || row[3] == 7.into();
                assert_eq!(rows_by(&store, &table, &name), expected(is_there), "{name}");
            } else {
                store.drop_index("trades", &name).unwrap();
            }
            sound(&store);
            store.alter_table("trades", &drop_fee).unwrap();
            sound(&store);
            store.truncate(&Truncate::of(["trades"])).unwrap();
            sound(&store);
        }
    }
}
