use std::path::{Path, PathBuf};

use bourse::{Database, ErrorKind, Options, TableDefinition, Type};

use super::{Action, Arguments, run, verify};
use crate::output::Outcome;
use crate::restore;

fn small() -> Options {
    Options { shards: 2, cache_bytes: 64 << 20, background: false, ..Options::default() }
}

/// Inserts rows, and makes the table before.
fn insert(data: &Path, rows: std::ops::Range<i64>) {
    let database = Database::open(data, small()).unwrap();
    let definition = TableDefinition::builder("t").column("a", Type::BigInt).primary_key(["a"]);
    let definition = definition.build().unwrap();
    let table = database.table("t").or_else(|_| database.create_table(&definition)).unwrap();
    for row in rows {
        database.insert(&table, vec![row.into()]).unwrap();
    }
    database.close().unwrap();
}

fn rows(data: &Path) -> u64 {
    let database = Database::open(data, Options { create: false, ..small() }).unwrap();
    database.cut().count(&database.table("t").unwrap()).unwrap()
}

fn taking(data: &Path, to: &Path, base: Option<&Path>, json: &Path) -> Arguments {
    Arguments {
        action: None,
        data: Some(data.to_owned()),
        to: Some(to.to_owned()),
        incremental_from: base.map(Path::to_owned),
        json: Some(json.to_owned()),
    }
}

fn verifying(from: &[PathBuf], json: &Path) -> Arguments {
    let verify = verify::Arguments {
        from: from.to_vec(),
        archive: None,
        scratch: json.parent().map(Path::to_owned),
        no_restore: false,
        json: Some(json.to_owned()),
    };
    let action = Some(Action::Verify(verify));
    Arguments { action, data: None, to: None, incremental_from: None, json: None }
}

/// Backup, increment, verification, restore, and a restore that replaces what is there.
#[test]
fn a_store_goes_through_its_backups() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let json = at("report.json");
    let read = || -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap()
    };
    insert(&at("store"), 0..500);
    assert_eq!(run(&taking(&at("store"), &at("full"), None, &json)).unwrap(), Outcome::Good);
    let full = read();
    assert_eq!(
        (&full["tables"][0]["rows"], &full["base"]),
        (&500.into(), &serde_json::Value::Null)
    );
    insert(&at("store"), 500..600);
    let increment = taking(&at("store"), &at("next"), Some(&at("full")), &json);
    assert_eq!(run(&increment).unwrap(), Outcome::Good);
    assert_eq!(read()["base"], full["id"]);

    let both = [at("full"), at("next")];
    assert_eq!(run(&verifying(&both, &json)).unwrap(), Outcome::Good);
    assert_eq!((&read()["sound"], &read()["trees_walked"]), (&true.into(), &true.into()));
    assert_eq!(read()["check"]["tables"][0]["rows"], 600, "a store was made of it and checked");
    let left = std::fs::read_dir(folder.path()).unwrap().flatten();
    let left = left.filter(|entry| entry.file_name().to_string_lossy().contains("verify"));
    assert_eq!(left.count(), 0, "which is gone again");
    let data = at("restored");
    let restoring = |from: &[PathBuf], replace: bool| {
        restore::run(&restore::Arguments::new(from.to_vec(), data.clone(), replace))
    };
    restoring(&both[..1], false).unwrap();
    assert_eq!(rows(&data), 500);
    let refused = restoring(&both, false).unwrap_err();
    assert!(refused.message().contains("--replace"), "{refused}");
    restoring(&both, true).unwrap();
    assert_eq!(rows(&data), 600);
    // What cannot be restored leaves what is there.
    let refused = restoring(&both[1..], true).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    assert_eq!(rows(&data), 600);
    assert!(!at("restored.restoring").exists());

    let part = at("next/000.pages");
    let mut bytes = std::fs::read(&part).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&part, bytes).unwrap();
    assert_eq!(run(&verifying(&both, &json)).unwrap(), Outcome::Different);
    assert_eq!(read()["sound"], false);
    assert!(read()["findings"][0]["file"].as_str().unwrap().ends_with("next/000.pages"));
    assert_eq!(restoring(&both, true).unwrap_err().kind(), ErrorKind::Corrupt);
    assert_eq!(rows(&data), 600);
}
