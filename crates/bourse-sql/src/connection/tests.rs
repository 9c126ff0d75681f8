//! Connections: statements from text to rows, transactions, and what is kept between them.

use bourse::{Database, Options};

use super::Connection;
use crate::Dialect;

mod definitions;
mod key_order;
mod owned;
mod sessions;
mod spill;

struct Store {
    connection: Connection,
    _folder: tempfile::TempDir,
}

impl std::ops::Deref for Store {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Store {
    fn new() -> Store {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { shards: 4, ..Options::default() };
        let database = Database::open(folder.path().join("store"), options).unwrap();
        Store { connection: Connection::of(&database), _folder: folder }
    }

    fn texts(&self, text: &str) -> Vec<String> {
        let rows = self.query(text, ()).unwrap_or_else(|error| panic!("{error:?}: {text}"));
        rows.map(|row| {
            let texts = (0..row.len()).map(|at| row.text(at).map(|t| t.unwrap_or("-".to_owned())));
            Ok(texts.collect::<Result<Vec<_>, _>>()?.join(" "))
        })
        .unwrap()
    }
}

fn accounts() -> Store {
    let store = Store::new();
    store
        .execute_batch(
            "CREATE TABLE accounts (id bigint PRIMARY KEY, owner text UNIQUE, cash bigint NOT NULL);
             INSERT INTO accounts VALUES (1, 'Ann', 10), (2, 'Bob', 20), (3, NULL, 30);",
        )
        .unwrap();
    store
}

/// Parameters are converted to the types that they are compared with; a plan is used again, and
/// made anew when definitions change.
#[test]
fn plans_are_kept_while_definitions_are_the_same() {
    let store = accounts();
    let cash = "SELECT cash FROM accounts WHERE id = $1";
    let read = |id: i64| store.query_row(cash, (id,), |row| row.get::<i64>(0));
    assert_eq!(read(2).unwrap(), 20);
    assert_eq!(read(3).unwrap(), 30);
    assert_eq!(read(4).unwrap_err().sqlstate(), "02000");
    assert_eq!(store.query_row(cash, ("1",), |row| row.get::<i64>(0)).unwrap(), 10);
    // This text, and the INSERT of `accounts`.
    assert_eq!(store.plans.borrow().len(), 2);
    store.execute("CREATE INDEX by_cash ON accounts (cash)", ()).unwrap();
    assert_eq!(read(2).unwrap(), 20);
    let plan = store.texts("EXPLAIN SELECT id FROM accounts WHERE cash > 15 ORDER BY cash LIMIT 1");
    assert!(plan.iter().any(|line| line.contains("using by_cash")), "{plan:?}");
}

/// count(*) is asked of the trees, of a transaction's own rows too.
#[test]
fn rows_are_counted_where_they_are() {
    let store = accounts();
    let count = "SELECT count(*) FROM accounts WHERE id > 1";
    assert!(store.texts(&format!("EXPLAIN {count}")).iter().any(|line| line.contains("Counted")));
    assert_eq!(store.texts(count), ["2"]);
    let transaction = store.transaction().unwrap();
    transaction.execute("INSERT INTO accounts VALUES (9, 'Gus', 1)", ()).unwrap();
    assert_eq!(store.texts(count), ["3"]);
    drop(transaction);
    assert_eq!(store.texts("SELECT count(*) FROM accounts WHERE id > 1.5 AND cash > 20"), ["1"]);
}

/// A statement that fails changes nothing; in PostgreSQL's dialect the transaction is over.
#[test]
fn a_failed_statement_ends_the_transaction() {
    let store = accounts();
    let error = store.execute("INSERT INTO accounts VALUES (4, 'Cid', 1), (1, 'Dan', 1)", ());
    assert_eq!(error.unwrap_err().sqlstate(), "23505");
    assert_eq!(store.texts("SELECT count(*) FROM accounts"), ["3"]);
    {
        let transaction = store.transaction().unwrap();
        transaction.execute("UPDATE accounts SET cash = cash + 1 WHERE id = 1", ()).unwrap();
        assert!(transaction.execute("SELECT 1 / (id - 1) FROM accounts", ()).is_err());
        let next = transaction.execute("UPDATE accounts SET cash = 0 WHERE id = 2", ());
        assert_eq!(next.unwrap_err().sqlstate(), "25P02");
        assert!(transaction.commit().is_err());
    }
    assert_eq!(store.texts("SELECT cash FROM accounts WHERE id = 1"), ["10"]);
    let mut transaction = store.transaction().unwrap();
    let savepoint = transaction.savepoint("s").unwrap();
    drop(savepoint);
    transaction.execute("UPDATE accounts SET cash = cash + 1", ()).unwrap();
    transaction.commit().unwrap();
    assert_eq!(store.texts("SELECT sum(cash) FROM accounts"), ["63"]);
}

/// Upserts, RETURNING, UPDATE FROM, DELETE USING.
#[test]
fn rows_are_changed_and_returned() {
    let store = accounts();
    let upsert = "INSERT INTO accounts AS a VALUES (1, 'Eve', 5), (4, 'Fay', 6) ON CONFLICT (id) \
                  DO UPDATE SET cash = a.cash + excluded.cash RETURNING id, owner, cash";
    assert_eq!(store.texts(upsert), ["1 Ann 15", "4 Fay 6"]);
    let nothing = "INSERT INTO accounts VALUES (9, 'Ann', 0) ON CONFLICT DO NOTHING";
    assert_eq!(store.execute(nothing, ()).unwrap(), 0);
    let update = "UPDATE accounts SET cash = v.cash FROM (VALUES (2, 7), (3, 8)) AS v (id, cash) \
                  WHERE accounts.id = v.id";
    assert_eq!(store.execute(update, ()).unwrap(), 2);
    assert_eq!(store.texts("SELECT cash FROM accounts ORDER BY id"), ["15", "7", "8", "6"]);
    let delete = "DELETE FROM accounts WHERE owner IS NOT NULL RETURNING id";
    let mut gone = store.texts(delete);
    gone.sort();
    assert_eq!(gone, ["1", "2", "4"]);
}

/// At READ COMMITTED a row that another transaction has changed is looked at again.
#[test]
fn rows_changed_meanwhile_are_looked_at_again() {
    let store = accounts();
    let other = Connection::of(store.database());
    let transaction = store.transaction().unwrap();
    transaction.execute("UPDATE accounts SET cash = 100 WHERE id = 1", ()).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || {
            other.execute_batch("BEGIN").unwrap();
            let text = "UPDATE accounts SET cash = cash + 1 WHERE cash < 50";
            let changed = other.execute(text, ()).unwrap();
            other.execute_batch("COMMIT").unwrap();
            changed
        });
        std::thread::yield_now();
        transaction.commit().unwrap();
        assert_eq!(waiting.join().unwrap(), 2);
    });
    assert_eq!(store.texts("SELECT cash FROM accounts ORDER BY id"), ["100", "21", "31"]);
}

/// Windows, grouping sets, recursion and lateral joins from text.
#[test]
fn queries_of_all_kinds() {
    let store = accounts();
    let window = "SELECT id, sum(cash) OVER (ORDER BY id), lag(cash) OVER (ORDER BY id) \
                  FROM accounts ORDER BY id";
    assert_eq!(store.texts(window), ["1 10 -", "2 30 10", "3 60 20"]);
    let sets = "SELECT owner, sum(cash) FROM accounts GROUP BY ROLLUP (owner) \
                ORDER BY sum(cash), owner";
    assert_eq!(store.texts(sets), ["Ann 10", "Bob 20", "- 30", "- 60"]);
    let recursive = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) \
                     SELECT sum(i) FROM n";
    assert_eq!(store.texts(recursive), ["10"]);
    let lateral = "SELECT a.id, b.id FROM accounts a CROSS JOIN LATERAL (SELECT id FROM accounts \
                   WHERE cash > a.cash ORDER BY cash LIMIT 1) b ORDER BY 1";
    assert_eq!(store.texts(lateral), ["1 2", "2 3"]);
    let scalar = "SELECT id, (SELECT count(*) FROM accounts b WHERE b.cash >= a.cash) \
                  FROM accounts a ORDER BY id";
    assert_eq!(store.texts(scalar), ["1 3", "2 2", "3 1"]);
    assert_eq!(store.texts("SELECT count(*) FROM accounts WHERE id IN (1, 3, 3, 7)"), ["2"]);
    assert_eq!(
        store.texts("SELECT id FROM accounts WHERE id = ANY (ARRAY[3, 1]) ORDER BY 1"),
        ["1", "3"]
    );
}

/// SQLite's savepoints begin a transaction, and an error leaves it open.
#[test]
fn sqlite_goes_on_after_an_error() {
    let store = accounts();
    let lite = Connection::of(store.database()).with_dialect(Dialect::Sqlite);
    lite.execute_batch("SAVEPOINT a; UPDATE accounts SET cash = 1 WHERE id = 1;").unwrap();
    assert!(lite.execute("INSERT INTO accounts VALUES (1, 'x', 1)", ()).is_err());
    lite.execute("INSERT OR IGNORE INTO accounts VALUES (1, 'x', 1)", ()).unwrap();
    lite.execute("INSERT OR REPLACE INTO accounts VALUES (2, 'y', 2)", ()).unwrap();
    lite.execute_batch("RELEASE a").unwrap();
    assert!(!lite.in_transaction());
    assert_eq!(store.texts("SELECT * FROM accounts ORDER BY id"), ["1 Ann 1", "2 y 2", "3 - 30"]);
}

/// A statement that keeps more than it may, of what cannot go to disk, is ended, and says which
/// setting that is; what can goes there.
#[test]
fn memory_is_limited() {
    let store = accounts();
    store.execute_batch("SET statement_memory = 10000").unwrap();
    let listed = "SELECT ARRAY(SELECT i FROM generate_series(1, 10000) AS s (i))";
    let error = store.query(listed, ()).unwrap_err();
    assert_eq!(error.sqlstate(), "53200");
    assert!(error.hint().is_some_and(|hint| hint.contains("statement_memory")));
    let sorted = "SELECT i FROM generate_series(1, 10000) AS s (i) ORDER BY i DESC";
    assert_eq!(store.query(sorted, ()).unwrap().len(), 10_000);
}
