//! Statements that own what they are, portals, and the transactions of messages.

use super::{Store, accounts};
use crate::connection::{Connection, Flow, PreparedStatement, SessionStatus, StatementKind};
use crate::datum::Datum;
use crate::types::SqlType;

fn is_send<T: Send>() {}

fn rows_of(store: &Store, statement: &PreparedStatement, values: Vec<Datum>) -> Vec<String> {
    let mut rows = Vec::new();
    let taken = store.run_owned(statement, values, &mut |row| {
        rows.push(row.text(0)?.unwrap_or_default());
        Ok(Flow::More)
    });
    taken.unwrap();
    rows
}

/// A server moves connections and what it prepares on them between its threads.
#[test]
fn sessions_move_between_threads() {
    is_send::<Connection>();
    is_send::<PreparedStatement>();
    is_send::<super::super::Portal>();
    is_send::<super::super::StatementText>();
}

/// What a client says of parameters decides what the statement means.
#[test]
fn types_of_parameters_are_those_that_the_client_says() {
    let store = accounts();
    let text = "SELECT $1 + $2";
    let dates = store.prepare_owned(text, &[Some(SqlType::Date), Some(SqlType::Integer)]).unwrap();
    assert_eq!(dates.columns()[0].ty, SqlType::Date);
    let numbers = store.prepare_owned(text, &[None, Some(SqlType::BigInt)]).unwrap();
    assert_eq!(numbers.parameter_types(), [SqlType::BigInt, SqlType::BigInt]);
    let values = vec![Datum::text("2026-02-27"), Datum::Integer(2)];
    assert_eq!(rows_of(&store, &dates, values), ["2026-03-01"]);
    assert_eq!(rows_of(&store, &numbers, vec![Datum::Integer(3), Datum::Integer(4)]), ["7"]);
    let names = store.prepare_owned("SELECT 1", &[]).unwrap();
    assert_eq!((names.kind(), names.tag()), (StatementKind::Query, "SELECT"));
    assert!(store.prepare_owned(" -- nothing\n;", &[]).unwrap().is_empty());
}

/// P1, P2: a statement follows the definitions, and is refused when its result would be another.
#[test]
fn statements_are_prepared_anew() {
    let store = accounts();
    let all = store.prepare_owned("SELECT * FROM accounts ORDER BY id", &[]).unwrap();
    let mut count = store.prepare("SELECT count(*) FROM accounts WHERE id > $1").unwrap();
    assert_eq!(rows_of(&store, &all, Vec::new()), ["1", "2", "3"]);
    store.execute("CREATE INDEX by_cash ON accounts (cash)", ()).unwrap();
    assert_eq!(rows_of(&store, &all, Vec::new()), ["1", "2", "3"]);
    assert_eq!(count.query_row((1,), |row| row.get::<i64>(0)).unwrap(), 2);
    store.execute("ALTER TABLE accounts ADD COLUMN note text", ()).unwrap();
    let refused = store.run_owned(&all, Vec::new(), &mut |_| Ok(Flow::More)).unwrap_err();
    assert_eq!(refused.sqlstate(), "0A000");
    assert_eq!(refused.message(), "cached plan must not change result type");
    assert_eq!(count.query_row((2,), |row| row.get::<i64>(0)).unwrap(), 1);
}

/// Statements of a message are bound when those before them have been run.
#[test]
fn statements_of_a_message_depend_on_each_other() {
    let store = Store::new();
    let parts = store.split("CREATE TABLE t (id bigint PRIMARY KEY); INSERT INTO t VALUES (7);");
    let parts = parts.unwrap();
    assert_eq!(parts[1].text(), "INSERT INTO t VALUES (7)");
    assert_eq!(store.prepare_part(&parts[1], &[]).unwrap_err().sqlstate(), "42P01");
    for part in &parts {
        let statement = store.prepare_part(part, &[]).unwrap();
        store.run_owned(&statement, Vec::new(), &mut |_| Ok(Flow::More)).unwrap();
    }
    assert_eq!(store.texts("SELECT id FROM t"), ["7"]);
    assert_eq!(store.split("SELECT 1; SELEC 2").unwrap_err().sqlstate(), "42601");
}

/// A portal's rows come in portions; it ends with its transaction.
#[test]
fn portals_are_fetched_in_portions() {
    let store = accounts();
    store.execute_batch("BEGIN").unwrap();
    let statement = store.prepare_owned("SELECT id FROM accounts ORDER BY id", &[]).unwrap();
    let mut portal = store.portal(&statement, Vec::new()).unwrap();
    let mut fetch = |rows_max| {
        let mut rows = Vec::new();
        let fetched = portal.fetch(&store, rows_max, &mut |row| {
            rows.push(row.get::<i64>(0)?);
            Ok(Flow::More)
        });
        fetched.map(|fetched| (rows, fetched.is_done, fetched.tag))
    };
    assert_eq!(fetch(Some(2)).unwrap(), (vec![1, 2], false, String::new()));
    assert_eq!(fetch(Some(1)).unwrap(), (vec![3], false, String::new()));
    assert_eq!(fetch(Some(1)).unwrap(), (Vec::new(), true, "SELECT 0".to_owned()));
    assert_eq!(fetch(None).unwrap(), (Vec::new(), true, "SELECT 0".to_owned()));
    let mut portal = store.portal(&statement, Vec::new()).unwrap();
    store.execute_batch("COMMIT").unwrap();
    let error = portal.fetch(&store, None, &mut |_| Ok(Flow::More)).unwrap_err();
    assert_eq!(error.sqlstate(), "34000");
    let text = "UPDATE accounts SET cash = 0 WHERE id < $1 RETURNING id";
    let update = store.prepare_owned(text, &[]).unwrap();
    assert_eq!(store.portal(&update, Vec::new()).unwrap_err().sqlstate(), "08P01");
    let mut portal = store.portal(&update, vec![Datum::Integer(3)]).unwrap();
    let fetched = portal.fetch(&store, Some(1), &mut |_| Ok(Flow::More)).unwrap();
    assert_eq!((fetched.rows, fetched.is_done), (1, false));
    let fetched = portal.fetch(&store, None, &mut |_| Ok(Flow::More)).unwrap();
    assert_eq!((fetched.rows, fetched.tag.as_str()), (1, "UPDATE 2"));
}

/// Rows that a portal keeps count as the statement's: what is more than its memory is on disk.
#[test]
fn portals_keep_what_the_disk_allows() {
    let store = accounts();
    store.execute_batch("SET statement_memory = 100000; BEGIN").unwrap();
    let many = store.prepare_owned("SELECT generate_series(1, 100000)", &[]).unwrap();
    let mut count = 0;
    let mut portal = store.portal(&many, Vec::new()).unwrap();
    let all = portal.fetch(&store, None, &mut |_| {
        count += 1;
        Ok(Flow::More)
    });
    assert_eq!((all.unwrap().tag.as_str(), count), ("SELECT 100000", 100_000));
    let mut portal = store.portal(&many, Vec::new()).unwrap();
    let first = portal.fetch(&store, Some(1), &mut |_| Ok(Flow::More)).unwrap();
    assert_eq!((first.rows, first.is_done), (1, false));
    assert_eq!(portal.fetch(&store, None, &mut |_| Ok(Flow::More)).unwrap().rows, 99_999);
    store.execute_batch("SET temp_file_limit = 100").unwrap();
    let mut portal = store.portal(&many, Vec::new()).unwrap();
    let error = portal.fetch(&store, Some(1), &mut |_| Ok(Flow::More)).unwrap_err();
    assert_eq!(error.sqlstate(), "53400");
    assert_eq!(store.status(), SessionStatus::Failed);
}

/// Statements of one message are one transaction; BEGIN makes it the client's own.
#[test]
fn messages_are_transactions() {
    let store = accounts();
    store.begin_implicit().unwrap();
    store.execute("DELETE FROM accounts WHERE id = 1", ()).unwrap();
    assert_eq!(store.status(), SessionStatus::Idle);
    assert_eq!(store.execute("SAVEPOINT s", ()).unwrap_err().sqlstate(), "25P01");
    store.end_implicit().unwrap();
    assert_eq!(store.texts("SELECT count(*) FROM accounts"), ["3"]);

    store.begin_implicit().unwrap();
    store.execute("DELETE FROM accounts WHERE id = 1", ()).unwrap();
    store.execute("BEGIN", ()).unwrap();
    assert!(store.take_notices().is_empty());
    store.end_implicit().unwrap();
    assert_eq!(store.status(), SessionStatus::InTransaction);
    store.execute("ROLLBACK", ()).unwrap();
    assert_eq!(store.texts("SELECT count(*) FROM accounts"), ["3"]);

    store.begin_implicit().unwrap();
    store.execute("DELETE FROM accounts WHERE id = 1", ()).unwrap();
    store.execute("COMMIT", ()).unwrap();
    assert_eq!(store.take_notices()[0].message, "there is no transaction in progress");
    store.begin_implicit().unwrap();
    store.execute("DELETE FROM accounts WHERE id = 2", ()).unwrap();
    store.end_implicit().unwrap();
    assert_eq!(store.texts("SELECT id FROM accounts"), ["3"]);
}
