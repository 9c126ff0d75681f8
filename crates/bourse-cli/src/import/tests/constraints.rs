//! Constraints that arrive and bind, those that rows of the source break, and expressions that
//! compute in the store what SQLite computes.

use bourse::{Database, Error, Options, Order, Range, Value, ValueRef};
use indicatif::ProgressBar;
use rusqlite::Connection;

use super::super::types::OnBadValue;
use super::super::{Arguments, Source, expression, run};
use super::file;
use crate::output::Outcome;

fn imported(folder: &std::path::Path, sql: &str) -> (Database, serde_json::Value) {
    let arguments = Arguments {
        file: file(folder, sql),
        data: Some(folder.join("store")),
        replace: false,
        dry_run: false,
        shard_by: Vec::new(),
        on_bad_value: OnBadValue::Fail,
        json: Some(folder.join("report.json")),
    };
    assert_eq!(run(&arguments).unwrap(), Outcome::Good);
    let text = std::fs::read_to_string(folder.join("report.json")).unwrap();
    let options = Options { create: false, cache_bytes: 64 << 20, ..Options::default() };
    let store = Database::open(folder.join("store"), options).unwrap();
    (store, serde_json::from_str(&text).unwrap())
}

fn left(report: &serde_json::Value) -> Vec<String> {
    let left = report["not_taken"].as_array().unwrap().iter();
    left.map(|left| {
        format!("{} {}", left["kind"].as_str().unwrap(), left["name"].as_str().unwrap())
    })
    .collect()
}

fn refused<T>(result: Result<T, Error>, sqlstate: &str) {
    let Err(error) = result else { panic!("{sqlstate} was expected, but it was accepted") };
    assert_eq!(error.sqlstate(), sqlstate, "{error}");
}

#[test]
fn constraints_arrive_and_bind() {
    let folder = tempfile::tempdir().unwrap();
    let (store, report) = imported(
        folder.path(),
        "PRAGMA foreign_keys = OFF;
         CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, mail TEXT,
             age INT CHECK (age >= 18), region TEXT, code INT, UNIQUE (region, code));
         CREATE UNIQUE INDEX users_mail ON users (lower(mail));
         CREATE INDEX users_long ON users (region) WHERE length(mail) > 3;
         CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INT NOT NULL REFERENCES users
                 ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
             side TEXT CONSTRAINT side CHECK (side IN ('buy', 'it''s')), a INT, b INT,
             r TEXT, c INT, FOREIGN KEY (c, r) REFERENCES users (code, region) ON UPDATE SET NULL,
             CHECK ((a IS NULL) + (b IS NULL) = 1));
         INSERT INTO users VALUES (1, 'A@x', 20, 'eu', 1), (7, 'B@x', 30, 'eu', 2);
         INSERT INTO users VALUES (900000, 'C@x', 30, 'eu', 3);
         DELETE FROM users WHERE id = 900000;
         INSERT INTO orders VALUES (1, 1, 'buy', 1, NULL, 'eu', 1),
             (2, 7, 'it''s', NULL, 2, 'eu', 9);",
    );
    // One order names a code that no user has: SQLite did not ask.
    assert_eq!(left(&report), ["foreign key orders.orders_c_r_fkey"]);
    let (users, orders) = (store.table("users").unwrap(), store.table("orders").unwrap());
    let user = |id: Value, mail: &str, age: i64, code: i64| {
        vec![id, mail.into(), age.into(), "eu".into(), code.into()]
    };
    refused(store.insert(&users, user(Value::Null, "new", 17, 5)), "23514");
    refused(store.insert(&users, user(Value::Null, "a@X", 20, 5)), "23505");
    let id = store.insert(&users, user(Value::Null, "new", 20, 5)).unwrap();
    let [Value::Integer(id)] = *id else { panic!("an id") };
    assert!(id > 900_000, "{id} may not be one that a deleted row had");
    let order = |id: i64, user: i64, side: &str, a: Value, b: Value| {
        vec![id.into(), user.into(), side.into(), a, b, Value::Null, Value::Null]
    };
    refused(store.insert(&orders, order(3, 99, "buy", 1.into(), Value::Null)), "23503");
    refused(store.insert(&orders, order(3, 7, "sell", 1.into(), Value::Null)), "23514");
    refused(store.insert(&orders, order(3, 7, "buy", 1.into(), 1.into())), "23514");
    store.insert(&orders, order(3, 7, "buy", 1.into(), Value::Null)).unwrap();
    let names: Vec<&str> =
        users.definition().checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(names, ["users_age_check"]);
    assert_eq!(orders.definition().foreign_keys[0].timing, bourse::schema::Timing::Deferred);
    store.delete(&users, &[7.into()]).unwrap();
    assert_eq!(store.cut().count(&orders).unwrap(), 1);
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}

#[test]
fn what_cannot_be_said_or_does_not_hold_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let (_, report) = imported(
        folder.path(),
        "PRAGMA ignore_check_constraints = ON;
         PRAGMA foreign_keys = OFF;
         CREATE TABLE t (a INT CHECK (a > 0), b TEXT CHECK (hex(b) <> ''),
             c TEXT CHECK (time(c) IS NOT NULL), d DECIMAL(9,2), e INT REFERENCES nowhere,
             CONSTRAINT even CHECK (d / 2 > 0));
         CREATE INDEX i ON t (strftime('%Y', c));
         INSERT INTO t VALUES (-1, 'x', '2026-01-01', 1, 1);",
    );
    let expected = [
        "index i",
        "CHECK t.#2",
        "CHECK t.#3",
        "CHECK t.even",
        "CHECK t.t_a_check",
        "foreign key t.t_e_fkey",
    ];
    assert_eq!(left(&report), expected);
}

#[test]
fn days_of_times_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (store, report) = imported(
        folder.path(),
        "CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INT, at TEXT,
             CHECK (at IS NULL OR date(at) IS NOT NULL));
         CREATE INDEX days ON trades (user_id, DATE(at));
         CREATE INDEX late ON trades (user_id) WHERE date(at) >= '2026-01-02';
         INSERT INTO trades VALUES (1, 1, '2026-01-02 10:00:00.000001'),
             (2, 1, '2026-01-01 23:59:59.999999'), (3, 1, NULL);",
    );
    assert_eq!(left(&report), Vec::<String>::new());
    let trades = store.table("trades").unwrap();
    let cut = store.cut();
    let day = [Value::from(1), Value::from("2026-01-01")];
    assert_eq!(cut.count_index(&trades, "days", &Range::prefix(day)).unwrap(), 1);
    assert_eq!(cut.count_index(&trades, "late", &Range::all()).unwrap(), 1);
    drop(cut);
    refused(store.insert(&trades, vec![4.into(), 1.into(), "yesterday".into()]), "23514");
    refused(store.insert(&trades, vec![4.into(), 1.into(), "now".into()]), "22007");
    store.insert(&trades, vec![4.into(), 1.into(), "2026-01-03T10:00Z".into()]).unwrap();
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}

const ROWS: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, j INTEGER, r REAL, s TEXT,
         n TEXT COLLATE NOCASE, o BOOLEAN, x BLOB);
     INSERT INTO t (i, j, r, s, n, o, x) VALUES
         (7, -2, 2.5, 'Hello', 'hello', 1, x'0102'), (-7, 2, -2.5, ' a%b_ ', 'A%B_', 0, x''),
         (0, 0, 0.0, '', 'x', NULL, NULL), (NULL, 3, 1e10, 'h\u{e9}llo', NULL, 1, x'ff'),
         (9, NULL, NULL, NULL, 'zoe ', 0, x'00'), (3, 3, 0.1, 'abcabc', 'ABCABC', 1, x'616263');";

/// What is not made of parts.
const OTHERS: [&str; 65] = [
    "i % j",
    "i % 4",
    "-i",
    "-r",
    "abs(i)",
    "abs(r)",
    "round(r)",
    "round(r, 1)",
    "lower(s)",
    "upper(n)",
    "length(s)",
    "length(x)",
    "length(i)",
    "trim(s)",
    "ltrim(s)",
    "rtrim(s, ' _')",
    "replace(s, 'l', 'L')",
    "replace(s, '', 'x')",
    "instr(s, 'l')",
    "instr(s, '')",
    "coalesce(i, j)",
    "ifnull(s, 'none')",
    "nullif(i, j)",
    "nullif(n, 'HELLO')",
    "iif(i > 0, 'p', 'n')",
    "CASE WHEN i > j THEN 1 WHEN i < j THEN -1 END",
    "CASE i WHEN 7 THEN 'x' ELSE 'y' END",
    "typeof(i)",
    "typeof(r)",
    "typeof(s)",
    "typeof(x)",
    "typeof(o)",
    "CAST(i AS TEXT)",
    "CAST(i AS REAL)",
    "date(s)",
    "date(i)",
    "date(i + 2451545)",
    "date('2023-02-30 10:00')",
    "date('2026-03-05T23:30:00.5-01:00')",
    "date(substr('2026-03-0512', 1, i + 3)) >= '2026-01-01'",
    "i IS NULL",
    "s IS NOT NULL",
    "i IN (7, 9, NULL)",
    "i NOT IN (7, 9)",
    "s IN ('Hello', '')",
    "n IN ('HELLO', 'x')",
    "i BETWEEN j AND 8",
    "n BETWEEN 'a' AND 'i'",
    "r NOT BETWEEN 0 AND 3",
    "o",
    "NOT o",
    "o = 1",
    "o = 0 OR i",
    "i AND j",
    "(i IS NULL) + o",
    "i > 0 AND s <> '' OR r < 0",
    "NOT (i > 0 AND j > 0)",
    "i || s",
    "x = x'ff'",
    "i + 1 > j * 2",
    "(i + j) * 2 - j / 2",
    "r / 0",
    "i / (j - j)",
    "n = 'ZOE' COLLATE RTRIM",
    "s = 'HELLO' COLLATE NOCASE",
];

/// What operators and functions give, each over every row: NULLs, zeros, negative numbers.
fn expressions() -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for operator in ["+", "-", "*", "/", "=", "<>", "<", "<=", ">", ">="] {
        for (left, right) in [("i", "j"), ("i", "r"), ("r", "j"), ("i", "2"), ("1.5", "r")] {
            all.push(format!("{left} {operator} {right}"));
        }
    }
    for operator in ["=", "<", ">=", "||"] {
        for (left, right) in [("s", "n"), ("n", "s"), ("s", "'Hello'"), ("n", "'hello'")] {
            all.push(format!("{left} {operator} {right}"));
        }
    }
    for start in -7..=7 {
        all.push(format!("substr(s, {start})"));
        for count in [-3, -1, 0, 1, 4, 99] {
            all.push(format!("substr(s, {start}, {count})"));
        }
    }
    for pattern in ["%l%", "h_llo", "HELLO", "", "%", "_%", "%a%b%", "a%", "% a%"] {
        all.push(format!("s LIKE '{pattern}'"));
        all.push(format!("n NOT LIKE '{pattern}'"));
    }
    all.push("s LIKE '%a!%b%' ESCAPE '!'".to_owned());
    for pattern in ["*l*", "[Hh]*", "[^a-h]*", "?e*", "*[lo]", "*[", "*%*"] {
        all.push(format!("glob('{pattern}', s)"));
    }
    all.extend(OTHERS.map(str::to_owned));
    all
}

fn same(ours: ValueRef<'_>, theirs: &rusqlite::types::Value) -> bool {
    use rusqlite::types::Value::{Blob, Integer, Null, Real, Text};
    match (ours, theirs) {
        (ValueRef::Null, Null) => true,
        (ValueRef::Boolean(a), Integer(b)) => i64::from(a) == *b,
        (ValueRef::Integer(a), Integer(b)) => a == *b,
        (ValueRef::Double(a), Real(b)) => a.to_bits() == (b + 0.0).to_bits(),
        (ValueRef::Text(a), Text(b)) => a == b,
        (ValueRef::Blob(a), Blob(b)) => a == b,
        _ => false,
    }
}

#[test]
fn expressions_compute_what_sqlite_computes() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = imported(folder.path(), ROWS);
    let source = Source::open(&folder.path().join("source.sqlite")).unwrap();
    let plans = source.plan(&[], OnBadValue::Fail, &ProgressBar::hidden()).unwrap();
    let sqlite = Connection::open(folder.path().join("source.sqlite")).unwrap();
    let table = store.table("t").unwrap();
    let cut = store.cut();
    let mut compared = 0;
    for text in expressions() {
        let parsed = expression::parse(&text).unwrap();
        let named = expression::value(&plans[0], &parsed).unwrap_or_else(|why| panic!("{why}"));
        let bound = table.definition().bind(named).unwrap_or_else(|why| panic!("{text}: {why}"));
        let mut theirs = sqlite.prepare(&format!("SELECT {text} FROM t ORDER BY id")).unwrap();
        let mut theirs = theirs.query([]).unwrap();
        for row in cut.scan(&table, &Range::all(), Order::Ascending).unwrap() {
            let row = row.unwrap();
            let ours = bound.value(&row.row()).unwrap_or_else(|why| panic!("{text}: {why}"));
            let theirs = theirs.next().unwrap().unwrap().get(0).unwrap();
            let values = row.values();
            assert!(same(ours.as_value(), &theirs), "{text} of {values:?}: {ours:?} {theirs:?}");
            compared += 1;
        }
    }
    assert!(compared > 1_000, "{compared}");
}
