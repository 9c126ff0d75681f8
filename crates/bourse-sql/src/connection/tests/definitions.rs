//! Definitions in transactions, and temporary tables: what others see of them, and what a crash
//! leaves.

use bourse::{Database, Options};

use super::{Store, accounts};
use crate::connection::Connection;

fn error_of(connection: &Connection, text: &str) -> String {
    match connection.execute(text, ()) {
        Ok(_) => "none".to_owned(),
        Err(error) => error.sqlstate().to_owned(),
    }
}

/// Until it is committed nobody else sees a table that was made, and everybody else one that was
/// dropped.
#[test]
fn others_see_definitions_at_commit() {
    let store = accounts();
    let other = Connection::of(store.database());
    store.execute_batch("BEGIN; CREATE TABLE t (x bigint); INSERT INTO t VALUES (1)").unwrap();
    store.execute_batch("DROP TABLE accounts; CREATE VIEW v AS SELECT x FROM t").unwrap();
    assert_eq!(error_of(&other, "SELECT * FROM t"), "42P01");
    assert_eq!(error_of(&other, "SELECT * FROM v"), "42P01");
    assert_eq!(error_of(&other, "SELECT * FROM accounts"), "none");
    assert_eq!(error_of(&other, "CREATE TABLE t (x bigint)"), "42P07");
    assert_eq!(store.texts("SELECT x FROM v"), ["1"]);
    store.execute_batch("COMMIT").unwrap();
    assert_eq!(error_of(&other, "SELECT * FROM t"), "none");
    assert_eq!(error_of(&other, "SELECT * FROM v"), "none");
    assert_eq!(error_of(&other, "SELECT * FROM accounts"), "42P01");
    assert!(store.database().table("accounts").is_err());
}

/// D4: rows that a transaction has changed stay right when others change definitions, and it
/// cannot alter the tables that they are in.
#[test]
fn definitions_go_on_beside_changes() {
    let store = accounts();
    let other = Connection::of(store.database());
    store.execute_batch("BEGIN; UPDATE accounts SET cash = cash + 1").unwrap();
    other.execute_batch("CREATE TABLE elsewhere (x bigint)").unwrap();
    store.execute_batch("CREATE TABLE mine (x bigint); SAVEPOINT s").unwrap();
    assert_eq!(error_of(&store, "CREATE INDEX by_cash ON accounts (cash)"), "25001");
    store.execute_batch("ROLLBACK TO s; COMMIT").unwrap();
    assert_eq!(store.texts("SELECT sum(cash) FROM accounts"), ["63"]);

    store.execute_batch("BEGIN; UPDATE accounts SET cash = cash + 1").unwrap();
    other.execute_batch("CREATE INDEX by_cash ON accounts (cash)").unwrap();
    assert_eq!(error_of(&store, "SELECT 1 FROM accounts"), "40001");
    store.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.texts("SELECT id FROM accounts WHERE cash = 11"), ["1"]);
}

/// What could not be taken back is refused with what to do.
#[test]
fn what_has_no_way_back_is_refused() {
    let store = accounts();
    for text in [
        "ALTER TABLE accounts RENAME TO renamed",
        "ALTER TABLE accounts ALTER COLUMN cash TYPE numeric",
        "ALTER TABLE accounts ALTER COLUMN owner SET NOT NULL",
    ] {
        store.execute_batch("BEGIN").unwrap();
        let refused = store.execute(text, ()).unwrap_err();
        assert_eq!(refused.sqlstate(), "25001", "{text}");
        assert!(refused.hint().is_some());
        store.execute_batch("ROLLBACK").unwrap();
    }
}

/// Temporary tables are their session's, and go with it.
#[test]
fn temporary_tables_are_their_sessions() {
    let store = Store::new();
    let other = Connection::of(store.database());
    other.execute_batch("CREATE TEMP TABLE t (x bigint); INSERT INTO t VALUES (1)").unwrap();
    store.execute_batch("CREATE TEMP TABLE t (y text); INSERT INTO t VALUES ('two')").unwrap();
    assert_eq!(store.texts("SELECT y FROM t"), ["two"]);
    let third = Connection::of(store.database());
    assert_eq!(error_of(&third, "SELECT * FROM t"), "42P01");
    let tables = || store.database().tables().unwrap().len();
    assert_eq!(tables(), 3);
    drop(other);
    assert_eq!(tables(), 2);
    assert_eq!(store.texts("SELECT y FROM t"), ["two"]);
}

/// What a crash leaves of transactions and sessions is gone for whoever opens the store.
#[test]
fn a_crash_takes_back_what_was_not_committed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let open = || Database::open(&path, Options { shards: 2, ..Options::default() }).unwrap();
    let database = open();
    let connection = Connection::of(&database);
    connection.execute_batch("CREATE TABLE kept (x bigint); CREATE TABLE gone (x bigint)").unwrap();
    connection.execute_batch("CREATE TEMP TABLE own (x bigint); BEGIN").unwrap();
    connection.execute_batch("CREATE TABLE made (x bigint); DROP TABLE gone").unwrap();
    connection.execute_batch("ALTER TABLE kept ADD COLUMN y bigint").unwrap();
    // A process that ends does not roll back.
    let leaked = std::mem::ManuallyDrop::new(connection);
    let copy = folder.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    copy_folder(&path, &copy);
    drop(std::mem::ManuallyDrop::into_inner(leaked));
    drop(database);
    let database = Database::open(&copy, Options { shards: 2, ..Options::default() }).unwrap();
    let connection = Connection::of(&database);
    assert_eq!(error_of(&connection, "SELECT x FROM gone"), "none");
    assert_eq!(error_of(&connection, "SELECT y FROM kept"), "42703");
    let names: Vec<String> =
        database.tables().unwrap().iter().map(|table| table.name().to_owned()).collect();
    assert_eq!(names, ["bourse_sql_objects", "gone", "kept"]);
    assert_eq!(error_of(&connection, "CREATE TABLE made (x bigint)"), "none");
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
