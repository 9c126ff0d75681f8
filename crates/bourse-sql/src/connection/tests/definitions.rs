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

/// A transaction that reads one state sees the definitions of its own in it, and that state goes on
/// where what was read of it is the same: what others have changed of it ends the transaction.
#[test]
fn one_state_moves_with_definitions() {
    let store = accounts();
    let other = Connection::of(store.database());
    for level in ["REPEATABLE READ", "SERIALIZABLE"] {
        store.execute_batch(&format!("BEGIN ISOLATION LEVEL {level}")).unwrap();
        assert_eq!(store.texts("SELECT count(*) FROM accounts"), ["3"]);
        other
            .execute_batch("CREATE TABLE beside (x bigint); INSERT INTO beside VALUES (1)")
            .unwrap();
        store.execute_batch("CREATE TABLE a (x bigint); INSERT INTO a VALUES (1)").unwrap();
        store.execute_batch("CREATE TABLE b (x bigint); INSERT INTO b SELECT x FROM a").unwrap();
        store.execute_batch("UPDATE accounts SET cash = cash + 1").unwrap();
        assert_eq!(store.texts("SELECT x FROM b"), ["1"]);
        // Nothing was read of it before: it is seen as it is in the state that was moved to.
        assert_eq!(store.texts("SELECT x FROM beside"), ["1"]);
        other.execute("INSERT INTO beside VALUES (2)", ()).unwrap();
        assert_eq!(store.texts("SELECT x FROM beside"), ["1"]);
        assert_eq!(error_of(&store, "CREATE TABLE c (x bigint)"), "40001", "{level}");
        store.execute_batch("ROLLBACK; DROP TABLE beside").unwrap();
        assert_eq!(error_of(&other, "SELECT x FROM a"), "42P01");
        assert_eq!(store.texts("SELECT sum(cash) FROM accounts"), ["60"]);
    }
    // What was written is not what was read.
    store.execute_batch("BEGIN ISOLATION LEVEL SERIALIZABLE; CREATE TABLE a (x bigint)").unwrap();
    store
        .execute_batch("INSERT INTO accounts VALUES (9, 'i', 1); CREATE TABLE b (x bigint)")
        .unwrap();
    other.execute("INSERT INTO accounts VALUES (10, 'j', 2)", ()).unwrap();
    store.execute_batch("ALTER TABLE accounts ADD COLUMN z bigint DEFAULT 4; COMMIT").unwrap();
    assert_eq!(store.texts("SELECT z FROM accounts WHERE id > 8"), ["4", "4"]);
}

/// Two SERIALIZABLE transactions that define and read what the other writes: one of them fails.
#[test]
fn definitions_keep_transactions_serializable() {
    let store = accounts();
    let other = Connection::of(store.database());
    let begin = |name: &str| {
        format!(
            "BEGIN ISOLATION LEVEL SERIALIZABLE; CREATE TABLE {name}1 (x numeric); INSERT INTO \
             {name}1 SELECT sum(cash) FROM accounts; CREATE TABLE {name}2 (x int)"
        )
    };
    store.execute_batch(&begin("a")).unwrap();
    other.execute_batch(&begin("b")).unwrap();
    store.execute_batch("UPDATE accounts SET cash = 0 WHERE id = 1; COMMIT").unwrap();
    let update = "UPDATE accounts SET cash = 0 WHERE id = 2; COMMIT";
    assert_eq!(other.execute_batch(update).unwrap_err().sqlstate(), "40001");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(error_of(&store, "SELECT * FROM b1"), "42P01");
}

/// Sequences are seen by others at COMMIT, and so are their changes; nobody is given a value twice
/// meanwhile.
#[test]
fn others_see_sequences_at_commit() {
    let store = Store::new();
    let other = Connection::of(store.database());
    let next = |connection: &Connection| {
        connection.query_row("SELECT nextval('s')", (), |row| row.get::<i64>(0)).unwrap()
    };
    store.execute_batch("BEGIN; CREATE SEQUENCE s; CREATE TABLE t (id serial)").unwrap();
    assert_eq!(next(&store), 1);
    assert_eq!(error_of(&other, "SELECT nextval('s')"), "42P01");
    assert_eq!(error_of(&other, "SELECT nextval('t_id_seq')"), "42P01");
    store.execute_batch("COMMIT").unwrap();
    assert_eq!(next(&other), 2);

    // Each counts in its own steps.
    store.execute_batch("BEGIN; ALTER SEQUENCE s INCREMENT BY 10").unwrap();
    let values = [next(&store), next(&other), next(&store), next(&other)];
    assert_eq!(values, [12, 13, 23, 24]);
    store.execute_batch("ROLLBACK").unwrap();
    assert_eq!(next(&store), 25);

    store.execute_batch("BEGIN; ALTER SEQUENCE s RESTART WITH 500").unwrap();
    assert_eq!((next(&store), next(&other)), (500, 26));
    store.execute_batch("COMMIT").unwrap();
    assert_eq!(next(&other), 501);
    store.execute_batch("BEGIN; DROP SEQUENCE s").unwrap();
    assert_eq!(next(&other), 502);
    store.execute_batch("COMMIT; CREATE SEQUENCE s").unwrap();
    assert_eq!(next(&other), 1);
    let rows = store.database().table("bourse_sql_sequences").unwrap();
    assert_eq!(store.database().cut().count(&rows).unwrap(), 2);
}

/// A table that is renamed, and one that takes the name of one that was dropped, have their names
/// for all at COMMIT.
#[test]
fn names_change_at_commit() {
    let store = accounts();
    let other = Connection::of(store.database());
    store.execute_batch("CREATE TABLE orders (account bigint REFERENCES accounts)").unwrap();
    store
        .execute_batch(
            "BEGIN; ALTER TABLE orders RENAME TO old; CREATE TABLE orders (id serial, up bigint); \
             INSERT INTO orders (up) VALUES (1); ALTER TABLE orders ADD PRIMARY KEY (id); \
             ALTER TABLE orders ADD COLUMN z bigint DEFAULT 2; DROP TABLE old",
        )
        .unwrap();
    assert_eq!(store.texts("SELECT z FROM orders"), ["2"]);
    assert_eq!(error_of(&other, "SELECT account FROM orders"), "none");
    assert_eq!(error_of(&other, "CREATE TABLE orders (x bigint)"), "42P07");
    store.execute_batch("COMMIT").unwrap();
    other.execute("INSERT INTO orders (up) VALUES (5)", ()).unwrap();
    assert_eq!(store.texts("SELECT id FROM orders ORDER BY id"), ["1", "2"]);
    let names: Vec<String> =
        store.database().tables().unwrap().iter().map(|table| table.name().to_owned()).collect();
    let own = ["bourse_sql_objects", "bourse_sql_sequences"];
    let names: Vec<_> = names.iter().filter(|name| !own.contains(&name.as_str())).collect();
    assert_eq!(names, ["accounts", "orders"]);
    store.execute_batch("DROP TABLE orders").unwrap();
    assert_eq!(error_of(&other, "SELECT nextval('orders_id_seq')"), "42P01");
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
    other
        .execute_batch("CREATE TEMP TABLE s (id serial, x int); INSERT INTO s (x) VALUES (1)")
        .unwrap();
    let tables = || {
        let all = store.database().tables().unwrap();
        all.iter().filter(|table| !table.name().starts_with("bourse_sql_")).count()
    };
    let sequences = || {
        let table = store.database().table("bourse_sql_sequences").unwrap();
        store.database().cut().count(&table).unwrap()
    };
    assert_eq!((tables(), sequences()), (3, 1));
    drop(other);
    assert_eq!((tables(), sequences()), (1, 0));
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
    connection.execute_batch("CREATE SEQUENCE counted; CREATE SEQUENCE dropped").unwrap();
    connection.execute_batch("CREATE TABLE named (x bigint)").unwrap();
    connection.query("SELECT nextval('counted'), nextval('dropped')", ()).unwrap();
    connection.execute_batch("CREATE TEMP TABLE own (x bigint); BEGIN").unwrap();
    connection.execute_batch("CREATE TABLE made (x bigint); DROP TABLE gone").unwrap();
    connection.execute_batch("ALTER TABLE kept ADD COLUMN y bigint").unwrap();
    connection
        .execute_batch(
            "CREATE TABLE filled (id serial, x int); INSERT INTO filled (x) VALUES (1), (2); \
             CREATE INDEX by_x ON filled (x); ALTER TABLE filled ADD COLUMN z int DEFAULT 3; \
             INSERT INTO filled (x) VALUES (4); CREATE SEQUENCE made_too; \
             SELECT nextval('made_too'); ALTER SEQUENCE counted RESTART WITH 100; \
             SELECT nextval('counted'); DROP SEQUENCE dropped; ALTER TABLE named RENAME TO other; \
             CREATE TABLE gone (other_column bigint)",
        )
        .unwrap();
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
    let own = ["bourse_sql_objects", "bourse_sql_sequences"];
    let names: Vec<_> = names.iter().filter(|name| !own.contains(&name.as_str())).collect();
    assert_eq!(names, ["gone", "kept", "named"]);
    for sequence in ["filled_id_seq", "made_too"] {
        let next = format!("SELECT nextval('{sequence}')");
        assert_eq!(error_of(&connection, &next), "42P01", "{sequence}");
    }
    for sequence in ["counted", "dropped"] {
        // What was taken and not given is skipped.
        let next = format!("SELECT nextval('{sequence}')");
        let next: i64 = connection.query_row(&next, (), |row| row.get(0)).unwrap();
        assert_eq!(next, 33, "{sequence}");
    }
    let rows = database.table("bourse_sql_sequences").unwrap();
    assert_eq!(database.cut().count(&rows).unwrap(), 2);
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
