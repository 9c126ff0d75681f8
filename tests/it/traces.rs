//! What the store does to its files, in order: a change of it shows in a review.
//!
//! `UPDATE=1` writes the expected traces anew.

use std::path::Path;
use std::sync::Arc;

use bourse::{Database, Options, TableDefinition, Type};
use bourse_storage::sync::sim::{self, Outcome};
use bourse_storage::vfs::sim::SimVfs;

/// The traces of making a store, of a commit in two shards, of a checkpoint and of an open.
fn traces() -> Vec<(&'static str, String)> {
    let vfs = SimVfs::new(1);
    let disk = vfs.clone();
    let outcome = sim::run(1, &sim::Options::default(), move || {
        let options = || Options {
            shards: 2,
            cache_bytes: 2 << 20,
            log_segment_bytes: 1 << 18,
            shard_pages_max: 1 << 14,
            background: false,
            vfs: Arc::new(disk.clone()),
            ..Options::default()
        };
        let taken = || {
            let lines = disk.take_trace().into_iter();
            lines.map(|line| line.replace("/store/", "").replace("/store", ".") + "\n").collect()
        };
        disk.record_trace();
        let store = Database::open("/store", options()).unwrap();
        let create: String = taken();
        let definition = TableDefinition::builder("t")
            .column("id", Type::BigInt)
            .not_null()
            .primary_key(["id"])
            .build()
            .unwrap();
        let table = store.create_table(&definition).unwrap();
        disk.take_trace();
        store
            .transaction(|transaction| {
                for id in 0..20_i64 {
                    transaction.insert(&table, vec![id.into()])?;
                }
                Ok(())
            })
            .unwrap();
        let commit = taken();
        store.checkpoint().unwrap();
        let checkpoint = taken();
        drop((table, store));
        disk.take_trace();
        drop(Database::open("/store", options()).unwrap());
        let open = taken();
        vec![("create", create), ("commit", commit), ("checkpoint", checkpoint), ("open", open)]
    });
    match outcome {
        Outcome::Finished(traces) => traces,
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_are_written_in_the_order_that_was_reviewed() {
    let traces = traces();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    for (name, trace) in &traces {
        assert!(!trace.is_empty(), "{name} does something");
        let path = folder.join(name).with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, trace).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        assert_eq!(*trace, expected, "{name}: if this is meant, UPDATE=1 writes it anew");
    }
}

#[test]
fn the_order_is_the_same_in_every_run() {
    assert_eq!(traces(), traces());
}
