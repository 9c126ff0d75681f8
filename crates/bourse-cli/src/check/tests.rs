use bourse::expression::{column, constant};
use bourse::view::AggregateFunction;
use bourse::{Database, ErrorKind, Options, TableDefinition, Type, ViewDefinition};

use super::{Arguments, run};
use crate::output::Outcome;

fn small() -> Options {
    Options { shards: 1, cache_bytes: 64 << 20, background: false, ..Options::default() }
}

/// A sound store is good; a changed byte in a page ends with exit code 3, whether it is found by
/// the check or before the store could be opened, and the report says so.
#[test]
fn damage_is_found_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("store");
    let database = Database::open(&data, small()).unwrap();
    let definition = TableDefinition::builder("t").column("a", Type::BigInt).primary_key(["a"]);
    let table = database.create_table(&definition.build().unwrap()).unwrap();
    let view = ViewDefinition::builder("v", "t")
        .group("rest", column("a").remainder(constant(7)))
        .aggregate("rows", AggregateFunction::CountRows);
    database.create_view(&view).unwrap();
    for number in 0..1_000 {
        database.insert(&table, vec![number.into()]).unwrap();
    }
    database.close().unwrap();
    let report = folder.path().join("report.json");
    let arguments = Arguments { data: data.clone(), json: Some(report.clone()) };
    let read = || -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(&report).unwrap()).unwrap()
    };
    assert_eq!(run(&arguments).unwrap(), Outcome::Good);
    assert_eq!(read()["sound"], true);
    assert_eq!(read()["tables"][0]["rows"], 1_000);
    assert_eq!(read()["views"], serde_json::json!([{ "name": "v", "states": 7 }]));
    for file in std::fs::read_dir(data.join("shards")).unwrap() {
        let path = file.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        // Behind the superblocks, a byte of every page.
        bytes.chunks_mut(4_096).skip(4).for_each(|page| page[100] ^= 1);
        std::fs::write(path, bytes).unwrap();
    }
    match run(&arguments) {
        Ok(outcome) => assert_eq!(outcome, Outcome::Different),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}"),
    }
    assert_eq!(read()["sound"], false);
    assert!(!read()["findings"].as_array().unwrap().is_empty());
}

#[test]
fn a_folder_without_a_store_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = Arguments { data: folder.path().to_owned(), json: None };
    let error = run(&arguments).unwrap_err().to_string();
    assert!(error.contains("holds no store"), "{error}");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "and left alone");
}
