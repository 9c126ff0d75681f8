//! The bound of the log: whoever writes keeps it, and what cannot be kept within it is refused.

use bourse::{Database, LoadOrder, Options, TableDefinition, Type, Value};
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::{options_on, refused, sound};

/// Where no thread takes checkpoints, who writes does, and the log stays within its bound.
#[test]
fn the_log_does_not_outgrow_its_bound() {
    let disk = SimVfs::new(1);
    let options = Options { log_bytes_max: 2 << 20, ..options_on(&disk) };
    let small = Options { log_bytes_max: (2 << 20) - 1, ..options.clone() };
    assert!(
        Database::open("/store", small)
            .is_err_and(|error| error.message().contains("log_bytes_max"))
    );
    let store = Database::open("/store", options).unwrap();
    let table = store.create_table(&notes()).unwrap();
    for id in 0..400 {
        let row = vec![(id % 50).into(), "x".repeat(40_000).into()];
        store.upsert(&table, row).unwrap();
        let retained = store.statistics().log_bytes_retained;
        assert!(retained <= (2 << 20) + (256 << 10), "{retained} bytes after {id}");
    }
    sound(&store);
}

/// A bulk load keeps its own pieces in the log: one that is larger than the bound is refused, and
/// holds up nobody afterwards.
#[test]
fn a_load_that_the_log_has_no_room_for_is_refused() {
    let disk = SimVfs::new(1);
    let options = Options {
        log_segment_bytes: 2 << 20,
        log_bytes_max: 16 << 20,
        cache_bytes: 32 << 20,
        ..options_on(&disk)
    };
    let store = Database::open("/store", options).unwrap();
    let table = store.create_table(&notes()).unwrap();
    type Row = bourse::Result<Vec<Value>>;
    let rows = |count: i64| -> Vec<Row> {
        (0..count).map(|id| Ok(vec![id.into(), "x".repeat(40_000).into()])).collect()
    };
    let load = |rows: Vec<Row>| store.bulk_load(&table, LoadOrder::Sorted, rows.into_iter());
    let message = refused(load(rows(1_000)), "53400");
    assert!(message.contains("bytes that are still needed"), "{message}");
    assert_eq!(store.cut().count(&table).unwrap(), 0);
    load(rows(200)).unwrap();
    store.upsert(&table, vec![200.into(), "y".into()]).unwrap();
    assert_eq!(store.cut().count(&table).unwrap(), 201);
    sound(&store);
}

fn notes() -> TableDefinition {
    TableDefinition::builder("notes")
        .column("id", Type::BigInt)
        .not_null()
        .column("note", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap()
}
