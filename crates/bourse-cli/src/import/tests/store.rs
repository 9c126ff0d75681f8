//! Imports as a user starts them: from a file to a store in a folder.

use std::path::Path;

use bourse::{Database, Options, Order, Range, Value};
use bourse_storage::{ErrorKind, Result};

use super::super::types::OnBadValue;
use super::super::{Arguments, run};
use super::file;
use crate::output::Outcome;

fn arguments(folder: &Path, sql: &str) -> Arguments {
    Arguments {
        file: file(folder, sql),
        data: Some(folder.join("store")),
        replace: false,
        dry_run: false,
        shard_by: Vec::new(),
        on_bad_value: OnBadValue::Fail,
        json: Some(folder.join("report.json")),
    }
}

fn open(folder: &Path) -> Database {
    let options = Options { create: false, cache_bytes: 64 << 20, ..Options::default() };
    Database::open(folder.join("store"), options).unwrap()
}

pub(super) fn imported(folder: &Path, sql: &str) -> Result<Database> {
    assert_eq!(run(&arguments(folder, sql))?, Outcome::Good);
    Ok(open(folder))
}

fn report(folder: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.join("report.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn tables_of_every_kind_arrive() {
    let folder = tempfile::tempdir().unwrap();
    let database = imported(
        folder.path(),
        "CREATE TABLE a (user_id INTEGER NOT NULL, x REAL, UNIQUE (user_id, x));
         INSERT INTO a VALUES (1, -0.0), (1, NULL), (1, NULL), (2, 1e300);
         CREATE TABLE b (k TEXT COLLATE NOCASE PRIMARY KEY, v BLOB) WITHOUT ROWID;
         INSERT INTO b VALUES ('Zoe', x'00ff'), ('adam', NULL), ('Bob', x'');
         CREATE TABLE c (x INTEGER, y TEXT NOT NULL, PRIMARY KEY (y DESC, x));
         INSERT INTO c VALUES (1, 'b'), (NULL, 'b'), (NULL, 'b');
         CREATE TABLE d (id INTEGER PRIMARY KEY, price DECIMAL(10,2) DEFAULT 0.1,
             ok BOOLEAN DEFAULT TRUE, any);
         INSERT INTO d VALUES (1, 1.25, 1, 'text'), (5, -3, 0, 2.5), (9, NULL, NULL, x'01');
         CREATE INDEX d_price ON d (price DESC) WHERE ok = 1;
         CREATE INDEX d_any ON d (any, price);
         CREATE TABLE e (user_id INTEGER NOT NULL, symbol TEXT NOT NULL, n INT,
             UNIQUE (user_id, symbol));
         INSERT INTO e VALUES (2, 'X', 1), (1, 'Y', 2), (1, 'X', 3);",
    )
    .unwrap();
    let report = report(folder.path());
    assert_eq!(report["same"], true);
    assert_eq!(report["not_taken"], serde_json::json!([]));
    for (table, rows) in [("a", 4), ("b", 3), ("c", 3), ("d", 3), ("e", 3)] {
        let table = database.table(table).unwrap();
        assert_eq!(database.cut().count(&table).unwrap(), rows, "{}", table.name());
    }
    for table in report["tables"].as_array().unwrap() {
        assert_eq!(table["source_checksum"], table["stored_checksum"], "{table}");
    }
    let b = database.table("b").unwrap();
    let found = database.get(&b, &["ZOE".into()]).unwrap().unwrap();
    assert_eq!(found.values(), ["Zoe".into(), Value::Blob(vec![0, 255])], "case does not matter");
    let d = database.table("d").unwrap();
    let cut = database.cut();
    let mut entries = cut.scan_index(&d, "d_price", &Range::all(), Order::Ascending).unwrap();
    assert_eq!(entries.fetch(9).unwrap().len(), 1, "only where ok is true");
    let mut entries = cut.scan_index(&d, "d_any", &Range::all(), Order::Ascending).unwrap();
    let order: Vec<Value> =
        entries.fetch(9).unwrap().iter().map(|row| row.get(0).to_value()).collect();
    assert_eq!(order, [5.into(), 1.into(), 9.into()], "number, text, blob");
    let e = database.table("e").unwrap();
    assert_eq!(e.definition().primary_key_positions(), [0, 1], "the UNIQUE became the key");
    assert!(e.definition().indexes.is_empty());
}

/// Ids go on behind those that came along, in whatever shard they are.
#[test]
fn generated_ids_follow_imported_ones() {
    let folder = tempfile::tempdir().unwrap();
    let database = imported(
        folder.path(),
        "CREATE TABLE t (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO t SELECT i, i % 7 FROM n;",
    )
    .unwrap();
    let table = database.table("t").unwrap();
    for user in 0..50 {
        let key = database.insert(&table, vec![Value::Null, user.into()]).unwrap();
        assert!(matches!(key[..], [Value::Integer(id)] if id > 2048), "{key:?}");
    }
    assert_eq!(database.cut().count(&table).unwrap(), 3050);
    assert!(database.check(&mut |_| {}).unwrap().is_sound());
}

#[test]
fn what_is_in_the_folder_stays_unless_it_may_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let first = "CREATE TABLE t (a); INSERT INTO t VALUES (1);";
    drop(imported(folder.path(), first).unwrap());
    let again = arguments(folder.path(), "INSERT INTO t VALUES (2);");
    let error = run(&again).unwrap_err().to_string();
    assert!(error.contains("--replace"), "{error}");
    let rows = || {
        let database = open(folder.path());
        let table = database.table("t").unwrap();
        database.cut().count(&table).unwrap()
    };
    assert_eq!(rows(), 1);
    let again = Arguments { replace: true, ..again };
    let used = open(folder.path());
    assert_eq!(run(&again).unwrap_err().kind(), ErrorKind::Busy, "somebody has it open");
    drop(used);
    assert_eq!(run(&again).unwrap(), Outcome::Good);
    assert_eq!(rows(), 2);
    assert!(!folder.path().join("store.importing").exists());
    // Something else than a store is never replaced.
    let other = folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("letter.txt"), "dear").unwrap();
    let refused = Arguments { data: Some(other.clone()), ..again };
    let error = run(&refused).unwrap_err().to_string();
    assert!(error.contains("no store"), "{error}");
    assert!(other.join("letter.txt").exists());
}

/// An import that was cut off leaves its folder aside, which the next one clears; one that fails
/// leaves nothing.
#[test]
fn half_an_import_is_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let aside = folder.path().join("store.importing");
    std::fs::create_dir_all(aside.join("store/log")).unwrap();
    std::fs::create_dir_all(aside.join("replaced")).unwrap();
    std::fs::write(aside.join("IMPORT"), "").unwrap();
    std::fs::write(aside.join("replaced/letter.txt"), "dear").unwrap();
    let wrong = arguments(folder.path(), "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES ('x');");
    let error = run(&wrong).unwrap_err().to_string();
    // What was about to be replaced is back first, and is looked at as any other folder.
    assert!(error.contains("not empty and no store"), "{error}");
    assert!(folder.path().join("store/letter.txt").exists());
    std::fs::remove_dir_all(folder.path().join("store")).unwrap();
    let error = run(&wrong).unwrap_err().to_string();
    assert!(error.contains("do not fit"), "{error}");
    assert!(!folder.path().join("store").exists());
    assert!(!aside.exists());
    let nulls = Arguments { on_bad_value: OnBadValue::Null, ..wrong };
    assert_eq!(run(&nulls).unwrap(), Outcome::Good);
    assert!(!aside.exists());
}
