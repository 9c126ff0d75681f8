//! Functions of a program, and its look-in while statements run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bourse::{Database, Options};

use crate::Dialect;
use crate::connection::Connection;
use crate::datum::Datum;
use crate::error::Result;
use crate::function::Volatility;
use crate::function::user::{UserAggregate, UserState};

fn store() -> (Connection, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { shards: 1, ..Options::default() };
    let database = Database::open(folder.path().join("store"), options).unwrap();
    let connection = Connection::of(&database).with_dialect(Dialect::Sqlite);
    connection.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)").unwrap();
    (connection, folder)
}

fn integers(connection: &Connection, text: &str) -> Vec<i64> {
    connection.query(text, ()).unwrap().map(|row| row.get(0)).unwrap()
}

/// Adds up its arguments, and a thousand at the end of a group.
struct Total(i64);

impl UserState for Total {
    fn step(&mut self, arguments: &[Datum]) -> Result<()> {
        self.0 += arguments.iter().filter_map(Datum::as_integer).sum::<i64>();
        Ok(())
    }

    fn result(&self, is_window: bool) -> Result<Datum> {
        Ok(Datum::Integer(self.0 + if is_window { 0 } else { 1000 }))
    }
}

fn total(windows: bool) -> UserAggregate {
    UserAggregate { start: Arc::new(|| Ok(Box::new(Total(0)) as Box<dyn UserState>)), windows }
}

/// A function is called with the arguments it takes, goes before the library's, and is gone when it
/// is removed, from kept plans too.
#[test]
fn functions_come_and_go() {
    let (connection, _folder) = store();
    let sum = |values: &[Datum]| {
        Ok(Datum::Integer(values.iter().filter_map(Datum::as_integer).sum::<i64>()))
    };
    connection.create_function("Added", None, Volatility::Volatile, Arc::new(sum));
    let query = "SELECT added(a, a, 1) FROM t ORDER BY a";
    assert_eq!(integers(&connection, query), [3, 5, 7]);
    connection.create_function("added", Some(3), Volatility::Immutable, {
        Arc::new(|_: &[Datum]| Ok(Datum::Integer(0)))
    });
    assert_eq!(integers(&connection, query), [0, 0, 0]);
    assert!(connection.remove_function("ADDED", Some(3)));
    assert_eq!(integers(&connection, query), [3, 5, 7]);
    connection.create_function("abs", Some(1), Volatility::Immutable, Arc::new(sum));
    assert_eq!(integers(&connection, "SELECT abs(-5)"), [-5]);
    let other = Connection::of(connection.database()).with_dialect(Dialect::Sqlite);
    assert_eq!(integers(&other, "SELECT abs(-5)"), [5]);
    assert!(connection.remove_function("added", None));
    assert!(!connection.remove_function("added", None));
    assert_eq!(connection.query(query, ()).unwrap_err().sqlstate(), "42883");
}

/// An aggregate has a state for each group, none for no rows, and one for each frame if it is made
/// for windows.
#[test]
fn aggregates_have_states() {
    let (connection, _folder) = store();
    connection.create_aggregate("total_of", Some(1), total(false));
    let groups = "SELECT total_of(a) FROM t GROUP BY a > 1 ORDER BY 1";
    assert_eq!(integers(&connection, groups), [1001, 1005]);
    let none = connection.query("SELECT total_of(a) FROM t WHERE a > 9", ()).unwrap();
    assert_eq!(none.map(|row| row.get::<Option<i64>>(0)).unwrap(), [None]);
    let running = "SELECT total_of(a) OVER (ORDER BY a) FROM t ORDER BY a";
    assert_eq!(connection.query(running, ()).unwrap_err().sqlstate(), "42P20");
    connection.create_aggregate("total_of", Some(1), total(true));
    assert_eq!(integers(&connection, running), [1, 3, 6]);
    assert_eq!(integers(&connection, groups), [1001, 1005]);
    let wrong = connection.query("SELECT total_of(a, a) FROM t", ()).unwrap_err();
    assert_eq!(wrong.message(), "wrong number of arguments to function total_of()");
}

/// The program looks in while a statement runs, and may end it.
#[test]
fn a_look_in_ends_a_statement() {
    let (connection, _folder) = store();
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&looks);
    connection
        .set_progress(Some(Arc::new(move || counted.fetch_add(1, Ordering::Relaxed) + 1 == 10)));
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                   SELECT count(*) FROM n";
    assert_eq!(connection.query(endless, ()).unwrap_err().sqlstate(), "57014");
    assert_eq!(looks.load(Ordering::Relaxed), 10);
    connection.set_progress(None);
    assert_eq!(integers(&connection, "SELECT count(*) FROM t"), [3]);
}

/// In a store with one shard rows come in the order in which they were made, whoever made them:
/// what programs of SQLite take for granted.
#[test]
fn ids_of_one_shard_ascend() {
    let (connection, _folder) = store();
    connection.execute_batch("BEGIN; INSERT INTO t VALUES (4); INSERT INTO t VALUES (5)").unwrap();
    connection.execute_batch("COMMIT; BEGIN; INSERT INTO t VALUES (6); COMMIT").unwrap();
    assert_eq!(integers(&connection, "SELECT a FROM t"), [1, 2, 3, 4, 5, 6]);
}
