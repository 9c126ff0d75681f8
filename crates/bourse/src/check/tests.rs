//! Each kind of damage that a store can have is found, and named.

use std::path::Path;
use std::sync::Arc;

use bourse_storage::vfs::sim::SimVfs;

use super::{CheckReport, Finding};
use crate::commit;
use crate::database::Database;
use crate::expression::column;
use crate::options::Options;
use crate::record::{OperationKind, Record};
use crate::scan::{Cursor, Direction, Keys};
use crate::schema::{ForeignKey, IndexDefinition, TableDefinition};
use crate::shard::{COUNTERS, DEFINITIONS, ShardState};
use crate::snapshot::{KeyRange, Snapshot};
use crate::table::Table;
use crate::value::{Type, Value, ValueRef};
use crate::view::{AggregateFunction, ViewDefinition};

const ROWS: i64 = 300;

fn open(disk: &SimVfs) -> Database {
    let options = Options {
        shards: 3,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 1 << 20,
        background: false,
        vfs: Arc::new(disk.clone()),
        ..Options::default()
    };
    Database::open("/store", options).unwrap()
}

/// A store with every way to a row: generated and given ids, local, global, unique and partial
/// indexes, values in pages of their own, a table with a hidden rowid.
fn filled(disk: &SimVfs) -> (Database, Table) {
    let store = open(disk);
    let trades = TableDefinition::builder("trades")
        .column("trade_id", Type::BigInt)
        .generated_id()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("symbol", Type::Text)
        .column("note", Type::Text)
        .primary_key(["trade_id"])
        .shard_key(["user_id"])
        .index(IndexDefinition::on("by_user", ["user_id", "symbol"]).descending("symbol"))
        .index(IndexDefinition::on("by_symbol", ["symbol"]).global().include(["user_id"]))
        .index(IndexDefinition::on("one_note", ["note"]).unique())
        .index(IndexDefinition::on("of_a", ["user_id"]).filter(column("symbol").equal("A")))
        .build()
        .unwrap();
    let trades = store.create_table(&trades).unwrap();
    let log = TableDefinition::builder("log").column("line", Type::Text).build().unwrap();
    let log = store.create_table(&log).unwrap();
    for number in 0..ROWS {
        let id = if number % 3 == 0 { Value::from(number + 5_000_000) } else { Value::Null };
        let symbol = if number % 5 == 0 { "A" } else { "B" };
        // Some of 900 bytes, so that the trees have several pages.
        let note = match number % 4 {
            0 => Value::from(format!("{number} {}", "n".repeat(900))),
            1 => Value::from(format!("note {number}")),
            _ => Value::Null,
        };
        store.insert(&trades, vec![id, (number % 17).into(), symbol.into(), note]).unwrap();
    }
    store.insert(&log, vec!["x".repeat(100_000).into()]).unwrap();
    (store, trades)
}

fn check(store: &Database) -> CheckReport {
    store.check(&mut |_| ()).unwrap()
}

fn one(report: CheckReport) -> Finding {
    assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    report.findings.into_iter().next().unwrap()
}

/// Shard, what to do, tree, key, value.
type Forged<'f> = (u16, OperationKind, u32, &'f [u8], &'f [u8]);

/// Applies operations that no transaction would make.
fn forge(store: &Database, operations: &[Forged<'_>]) {
    let core = store.core();
    let version = core.shards[0].state.lock().catalog.version;
    let mut record = Record::new(version, 0);
    for (shard, kind, tree, key, value) in operations {
        record.push(*shard, *kind, *tree, key, value).unwrap();
    }
    let bytes = record.encode().unwrap();
    let mut guards: Vec<_> = core.shards.iter().map(|shard| shard.state.lock()).collect();
    let mut states: Vec<&mut ShardState> = guards.iter_mut().map(|guard| &mut **guard).collect();
    let batch = commit::append_and_apply(core, &mut states, &bytes, None).unwrap();
    drop(states);
    drop(guards);
    core.settle(batch).unwrap();
}

/// The first entry of a tree in the first shard that has one.
fn first(store: &Database, tree: u32) -> (u16, Vec<u8>, Vec<u8>) {
    let cut = store.cut();
    for shard in 0..3 {
        let mut cursor =
            Cursor::new(&cut, shard, tree, &Arc::new(KeyRange::ALL), Direction::Up, Keys::Wanted)
                .unwrap();
        if cursor.advance(&cut).unwrap() {
            let mut value = Vec::new();
            cursor.value(&cut, &mut value).unwrap();
            return (shard, cursor.key().to_vec(), value);
        }
    }
    panic!("tree {tree} is empty");
}

fn index(table: &Table, name: &str) -> u32 {
    table.info.index(name).unwrap().id()
}

#[test]
fn a_sound_store_has_no_findings_and_is_counted() {
    let disk = SimVfs::new(1);
    let (store, trades) = filled(&disk);
    let mut last = None;
    let report = store.check(&mut |progress| last = Some(progress)).unwrap();
    assert!(report.is_sound(), "{:#?}", report.findings);
    let rows: Vec<_> = report.tables.iter().map(|t| (t.name.as_str(), t.rows)).collect();
    assert_eq!(rows, [("log", 1), ("trades", 300)]);
    let entries: Vec<_> = report.tables[1].indexes.iter().map(|index| index.entries).collect();
    assert_eq!(entries, [300, 300, 300, 60]);
    assert!(report.pages > 30, "{}", report.pages);
    let last = last.unwrap();
    assert_eq!(last.steps_done, last.steps_total);
    store.delete(&trades, &[5_000_000.into()]).unwrap();
    drop(store);
    let store = open(&disk);
    let report = check(&store);
    assert!(report.is_sound(), "{:#?}", report.findings);
    assert_eq!(report.tables[1].rows, 299);
}

#[test]
fn an_entry_too_few_or_too_many_is_named_in_both_directions() {
    for name in ["by_user", "by_symbol", "one_note", "of_a"] {
        let (store, trades) = filled(&SimVfs::new(2));
        let tree = index(&trades, name);
        let (shard, key, value) = first(&store, tree);
        forge(&store, &[(shard, OperationKind::DeleteEntry, tree, &key, &[])]);
        let finding = one(check(&store));
        assert_eq!(finding.what, "the row has no entry", "{name}");
        assert_eq!((finding.shard, finding.remedy), (shard, super::REBUILD));
        assert_eq!(finding.tree, format!("index {name} of table trades"));
        assert!(finding.to_string().contains(".pages"), "{finding}");
        forge(&store, &[(shard, OperationKind::PutEntry, tree, &key, &value)]);
        assert!(check(&store).is_sound());
        let strange = [&key[..], &[0xff]].concat();
        forge(&store, &[(shard, OperationKind::PutEntry, tree, &strange, &value)]);
        assert_eq!(one(check(&store)).what, "the entry leads to no row that has it", "{name}");
    }
}

#[test]
fn an_entry_of_another_value_is_named() {
    let (store, trades) = filled(&SimVfs::new(3));
    let tree = index(&trades, "by_symbol");
    let (shard, key, mut value) = first(&store, tree);
    value[0] ^= 1;
    forge(&store, &[(shard, OperationKind::PutEntry, tree, &key, &value)]);
    assert_eq!(one(check(&store)).what, "the entry is not the row's");
}

#[test]
fn a_forwarding_entry_too_few_or_too_many_is_named() {
    let (store, trades) = filled(&SimVfs::new(4));
    let tree = trades.info.routing.forwarding();
    let (shard, key, value) = first(&store, tree);
    forge(&store, &[(shard, OperationKind::DeleteEntry, tree, &key, &[])]);
    let finding = one(check(&store));
    assert_eq!(finding.tree, "the places of the rows of table trades");
    assert_eq!(finding.what, "the row has no entry");
    let wrong = [(shard, OperationKind::PutEntry, tree, &key[..], &value[..])];
    forge(&store, &wrong);
    let (shard, mut strange) = (shard, key);
    *strange.last_mut().unwrap() ^= 0x40;
    forge(&store, &[(shard, OperationKind::PutEntry, tree, &strange, &value)]);
    assert_eq!(one(check(&store)).what, "the entry leads to no row that has it");
}

#[test]
fn rows_that_do_not_decode_or_live_elsewhere_are_named() {
    let (store, trades) = filled(&SimVfs::new(5));
    let (shard, key, mut value) = first(&store, trades.id());
    // As an entry, so that no index follows: the row alone is damaged.
    let at = value.len() - 1;
    value[at] ^= 0xff;
    let put = OperationKind::PutEntry;
    forge(&store, &[(shard, put, trades.id(), &key, &value)]);
    let report = check(&store);
    assert!(report.findings.iter().any(|f| f.tree == "table trades"), "{report:#?}");
    value[at] ^= 0xff;
    let other = (shard + 1) % 3;
    forge(&store, &[(shard, put, trades.id(), &key, &value)]);
    forge(&store, &[(other, put, trades.id(), &key, &value)]);
    let finding = one(check(&store));
    let what = format!("the row lives here, but its place is shard {shard}");
    assert_eq!((finding.shard, finding.what), (other, what));
}

#[test]
fn a_key_that_is_not_its_rows_is_named() {
    let (store, trades) = filled(&SimVfs::new(6));
    let (shard, mut key, value) = first(&store, trades.id());
    *key.last_mut().unwrap() ^= 0x80;
    forge(&store, &[(shard, OperationKind::PutEntry, trades.id(), &key, &value)]);
    let finding = one(check(&store));
    assert!(finding.what.starts_with("its columns give it another"), "{finding}");
}

#[test]
fn a_counter_below_an_id_is_named() {
    let (store, _) = filled(&SimVfs::new(7));
    let (shard, key, _) = first(&store, COUNTERS);
    // A counter only goes up, so it has to go before it comes back.
    let (gone, put) = (OperationKind::DeleteEntry, OperationKind::PutEntry);
    forge(
        &store,
        &[(shard, gone, COUNTERS, &key, &[]), (shard, put, COUNTERS, &key, &1_u64.to_le_bytes())],
    );
    let report = check(&store);
    assert!(!report.is_sound());
    assert!(report.findings.iter().all(|f| f.what.contains("is not below its slot's counter")));
}

/// Rows that apply took, which never asks: one for which a CHECK is false, one without its parent.
#[test]
fn rows_that_break_constraints_are_named() {
    let store = open(&SimVfs::new(10));
    let nodes = TableDefinition::builder("nodes")
        .column("id", Type::BigInt)
        .column("parent", Type::BigInt)
        .primary_key(["id"])
        .check("not_thirteen", column("id").not_equal(13))
        .foreign_key(ForeignKey::on("of_parent", ["parent"], "nodes"))
        .build()
        .unwrap();
    let nodes = store.create_table(&nodes).unwrap();
    store.insert(&nodes, vec![1.into(), Value::Null]).unwrap();
    store.insert(&nodes, vec![2.into(), 1.into()]).unwrap();
    assert!(check(&store).is_sound());
    let info = &nodes.info;
    let place = |id: i64| {
        let slot = info.slot_of_shard_key(&[ValueRef::Integer(id)]).unwrap();
        (store.cut().catalog().map.shard(slot), crate::key::bigint_key(id))
    };
    let (shard, parent) = place(1);
    forge(&store, &[(shard, OperationKind::DeleteRow, nodes.id(), &parent, &[])]);
    let finding = one(check(&store));
    assert_eq!(finding.what, "table nodes has no row for its of_parent");
    assert_eq!(finding.place, super::key_text(&crate::key::bigint_key(2)));
    store.insert(&nodes, vec![1.into(), Value::Null]).unwrap();
    assert!(check(&store).is_sound());
    let (shard, thirteen) = place(13);
    let mut row = Vec::new();
    info.layout.encode(&[ValueRef::Integer(13), ValueRef::Null], &mut row).unwrap();
    forge(&store, &[(shard, OperationKind::PutRow, nodes.id(), &thirteen, &row)]);
    assert_eq!(one(check(&store)).what, "it violates check constraint not_thirteen");
}

#[test]
fn definitions_that_differ_and_trees_of_nothing_are_named() {
    let (store, _) = filled(&SimVfs::new(8));
    let (_, key, mut value) = first(&store, DEFINITIONS);
    value[0] ^= 1;
    forge(&store, &[(2, OperationKind::PutEntry, DEFINITIONS, &key, &value)]);
    let finding = one(check(&store));
    assert_eq!((finding.shard, finding.tree.as_str()), (2, "the definitions"));
    value[0] ^= 1;
    forge(&store, &[(2, OperationKind::PutEntry, DEFINITIONS, &key, &value)]);
    forge(&store, &[(1, OperationKind::PutEntry, 9_999, b"key", b"value")]);
    let finding = one(check(&store));
    assert_eq!((finding.shard, finding.tree.as_str()), (1, "tree 9999"));
}

#[test]
fn a_flipped_bit_of_a_page_in_memory_is_found_on_disk_and_the_check_goes_on() {
    let disk = SimVfs::new(9);
    let (store, trades) = filled(&disk);
    store.checkpoint().unwrap();
    let tree = trades.id();
    let cut = store.cut();
    let forest = cut.forest(1).unwrap();
    let root = cut.read(1, |source| crate::shard::tree_root(source, forest, tree)).unwrap();
    drop(cut);
    let offset = root.link.page.offset();
    disk.flip_bit(Path::new("/store/shards/001.pages"), offset + 2_000, 3);
    let finding = one(check(&store));
    assert_eq!((finding.shard, finding.tree.as_str()), (1, "table trades"));
    let page = format!("page {} at offset {offset}", root.link.page);
    assert!(finding.what.contains(&page), "{finding}");
    assert!(finding.to_string().contains("001.pages"), "{finding}");
    assert_eq!(store.cut().count(&trades).unwrap(), 300, "memory has it still");
}

#[test]
fn a_view_that_the_rows_do_not_make_so_is_named() {
    let (store, _) = filled(&SimVfs::new(12));
    let view = ViewDefinition::builder("by_symbol", "trades")
        .group("symbol", column("symbol"))
        .aggregate("users", AggregateFunction::CountDistinct(column("user_id")));
    let view = store.create_view(&view).unwrap();
    let names = ["view by_symbol of table trades", "the multisets of view by_symbol"];
    for (tree, name) in view.info.trees().into_iter().zip(names) {
        let (shard, key, value) = first(&store, tree);
        let mut other = value.clone();
        *other.last_mut().unwrap() ^= 1;
        let strange = [&key[..], &[0xff]].concat();
        let (put, delete) = (OperationKind::PutEntry, OperationKind::DeleteEntry);
        for (wrong, right, what) in [
            (
                (shard, put, tree, &key[..], &other[..]),
                (shard, put, tree, &key[..], &value[..]),
                "the rows make the entry another",
            ),
            (
                (shard, delete, tree, &key[..], &[][..]),
                (shard, put, tree, &key[..], &value[..]),
                "the rows make an entry that is not there",
            ),
            (
                (shard, put, tree, &strange[..], &value[..]),
                (shard, delete, tree, &strange[..], &[][..]),
                "no row makes the entry",
            ),
        ] {
            forge(&store, &[wrong]);
            let online = one(store.check_view(&view).unwrap());
            let finding = one(check(&store));
            assert_eq!(online, finding);
            assert_eq!((finding.shard, finding.tree.as_str()), (shard, name));
            assert_eq!((finding.what.as_str(), finding.remedy), (what, super::REMAKE));
            forge(&store, &[right]);
            assert!(check(&store).is_sound());
        }
    }
    let report = check(&store);
    assert_eq!((report.views[0].name.as_str(), report.views.len()), ("by_symbol", 1));
    assert_eq!(report.views[0].states, 6);
}
