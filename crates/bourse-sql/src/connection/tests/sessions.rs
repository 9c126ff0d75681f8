//! What sessions of a store share: notifications, advisory locks, locks of tables.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Store, accounts};
use crate::connection::{Connection, Flow};
use crate::role::{Access, Rights, Role};

fn told(connection: &Connection) -> Vec<String> {
    let notifications = connection.take_notifications();
    notifications.iter().map(|one| format!("{} {}", one.channel, one.payload)).collect()
}

fn is_true(connection: &Connection, text: &str) -> bool {
    connection.query_row(text, (), |row| row.get(0)).unwrap()
}

/// What is told is told at commit, once, to all who listen, the session itself among them.
#[test]
fn notifications_are_told_at_commit() {
    let store = Store::new();
    let other = Connection::of(store.database());
    let woken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&woken);
    other.on_notification(Some(Arc::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
    })));
    store.execute_batch("LISTEN news").unwrap();
    other.execute_batch("LISTEN news; LISTEN other").unwrap();
    store.execute_batch("BEGIN; NOTIFY news, 'a'; NOTIFY news, 'a'; NOTIFY news, 'b'").unwrap();
    assert!(told(&other).is_empty());
    store.execute_batch("SAVEPOINT s; SELECT pg_notify('other', 'lost'); ROLLBACK TO s").unwrap();
    store.execute_batch("SELECT pg_notify('other', 'kept'); COMMIT").unwrap();
    assert_eq!(told(&other), ["news a", "news b", "other kept"]);
    assert_eq!(told(&store), ["news a", "news b"]);
    assert_eq!(woken.load(Ordering::Relaxed), 1);

    store.execute_batch("BEGIN; NOTIFY news; ROLLBACK").unwrap();
    other.execute_batch("BEGIN; UNLISTEN news; ROLLBACK").unwrap();
    store.execute_batch("NOTIFY news, 'still'").unwrap();
    assert_eq!(told(&other), ["news still"]);
    other.execute_batch("UNLISTEN *").unwrap();
    store.execute_batch("NOTIFY news, 'gone'").unwrap();
    assert!(told(&other).is_empty());
    assert!(other.state().channels().is_empty());
    let long = format!("NOTIFY news, '{}'", "x".repeat(8000));
    assert_eq!(store.execute(&long, ()).unwrap_err().sqlstate(), "22023");
}

/// Exclusive locks keep others out, shared ones those who want it for themselves; those of a
/// transaction go with it, and all go with the session.
#[test]
fn advisory_locks_are_the_stores() {
    let store = Store::new();
    let other = Connection::of(store.database());
    store.execute_batch("SELECT pg_advisory_lock(7)").unwrap();
    assert!(!is_true(&other, "SELECT pg_try_advisory_lock(7)"));
    assert!(!is_true(&other, "SELECT pg_try_advisory_lock_shared(7)"));
    assert!(is_true(&other, "SELECT pg_try_advisory_lock(0, 7)"));
    assert!(is_true(&store, "SELECT pg_advisory_unlock(7)"));
    assert!(is_true(&other, "SELECT pg_try_advisory_lock_shared(7)"));
    assert!(is_true(&store, "SELECT pg_try_advisory_lock_shared(7)"));
    assert!(!is_true(&store, "SELECT pg_try_advisory_lock(7)"));
    drop(other);
    assert!(is_true(&store, "SELECT pg_try_advisory_lock(7)"));

    let other = Connection::of(store.database());
    store.execute_batch("BEGIN; SELECT pg_advisory_xact_lock(8); SAVEPOINT s").unwrap();
    store.execute_batch("SELECT pg_advisory_xact_lock(9); ROLLBACK TO s").unwrap();
    assert!(!is_true(&other, "SELECT pg_try_advisory_xact_lock(8)"));
    assert!(is_true(&other, "SELECT pg_try_advisory_xact_lock(9)"));
    store.execute_batch("COMMIT").unwrap();
    assert!(is_true(&other, "SELECT pg_try_advisory_xact_lock(8)"));
    assert!(!is_true(&store, "SELECT pg_advisory_unlock(1)"));
    let warning = &store.take_notices()[0];
    assert_eq!(warning.message, "you don't own a lock of type ExclusiveLock");
}

/// Who waits gets the lock when it is let go of, gives up after lock_timeout, and can be canceled.
#[test]
fn waits_for_advisory_locks_end() {
    let store = Store::new();
    let other = Connection::of(store.database());
    store.execute_batch("SELECT pg_advisory_lock(1)").unwrap();
    other.execute_batch("SET lock_timeout = 1").unwrap();
    let refused = other.execute("SELECT pg_advisory_lock(1)", ()).unwrap_err();
    assert_eq!(refused.sqlstate(), "55P03");
    other.execute_batch("SET lock_timeout = 0; SET statement_timeout = 1").unwrap();
    let refused = other.execute("SELECT pg_advisory_lock(1)", ()).unwrap_err();
    assert_eq!(refused.sqlstate(), "57014");
    other.execute_batch("SET statement_timeout = 0").unwrap();
    let canceler = other.canceler();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let refused = other.execute("SELECT pg_advisory_lock(1)", ()).unwrap_err();
            assert_eq!(refused.sqlstate(), "57014");
            other
        });
        // What is canceled before the statement has begun does not count: it is asked for until
        // it does.
        while !waiting.is_finished() {
            canceler.cancel();
            std::thread::yield_now();
        }
        let other = waiting.join().unwrap();
        let waiting = scope.spawn(move || {
            other.execute("SELECT pg_advisory_lock(1)", ()).unwrap();
            other
        });
        store.execute_batch("SELECT pg_advisory_unlock(1)").unwrap();
        let other = waiting.join().unwrap();
        assert!(!is_true(&store, "SELECT pg_try_advisory_lock(1)"));
        drop(other);
    });
}

/// L3: of two that wait for each other one is told at once.
#[test]
fn circles_of_waits_are_found() {
    let store = Store::new();
    let other = Connection::of(store.database());
    store.execute_batch("SELECT pg_advisory_lock(1)").unwrap();
    other.execute_batch("SELECT pg_advisory_lock(2)").unwrap();
    let refused = std::thread::scope(|scope| {
        let waiting = scope.spawn(move || {
            let result = other.execute("SELECT pg_advisory_lock(1)", ());
            if result.is_err() {
                drop(other);
                return true;
            }
            false
        });
        let result = store.execute("SELECT pg_advisory_lock(2)", ());
        if let Err(error) = &result {
            assert_eq!(error.sqlstate(), "40P01");
            store.execute_batch("SELECT pg_advisory_unlock(1)").unwrap();
        }
        let was_other = waiting.join().unwrap();
        (was_other, result.is_err())
    });
    assert_ne!(refused.0, refused.1);
}

/// LOCK TABLE keeps others' LOCK TABLE out, by PostgreSQL's table of conflicts, until the
/// transaction ends.
#[test]
fn tables_are_locked_for_a_transaction() {
    let store = accounts();
    let other = Connection::of(store.database());
    store.execute_batch("BEGIN; LOCK TABLE accounts IN SHARE MODE").unwrap();
    other.execute_batch("BEGIN; LOCK accounts IN SHARE MODE NOWAIT; ROLLBACK; BEGIN").unwrap();
    let refused = other.execute("LOCK TABLE accounts IN ROW EXCLUSIVE MODE NOWAIT", ());
    assert_eq!(refused.unwrap_err().sqlstate(), "55P03");
    store.execute_batch("COMMIT").unwrap();
    other.execute_batch("ROLLBACK; BEGIN; LOCK TABLE accounts NOWAIT; ROLLBACK").unwrap();
}

/// Notices of less weight than client_min_messages are not told.
#[test]
fn notices_are_told_by_weight() {
    let store = accounts();
    let twice = "BEGIN; BEGIN; ROLLBACK; ROLLBACK; CREATE TABLE IF NOT EXISTS accounts (x int); \
                 DROP TABLE IF EXISTS none, neither";
    store.execute_batch(twice).unwrap();
    let texts = |store: &Store| -> Vec<String> {
        let notices = store.take_notices();
        notices.iter().map(|one| format!("{} {}", one.severity, one.message)).collect()
    };
    assert_eq!(
        texts(&store),
        [
            "WARNING there is already a transaction in progress",
            "WARNING there is no transaction in progress",
            "NOTICE relation \"accounts\" already exists, skipping",
            "NOTICE table \"none\" does not exist, skipping",
            "NOTICE table \"neither\" does not exist, skipping",
        ]
    );
    store.execute_batch("SET client_min_messages = warning").unwrap();
    store.execute_batch(twice).unwrap();
    assert_eq!(texts(&store).len(), 2);
    store.execute_batch("SET client_min_messages = error").unwrap();
    store.execute_batch(twice).unwrap();
    assert!(texts(&store).is_empty());
}

/// A statement that waits for a row is ended by lock_timeout and by a cancel.
#[test]
fn waits_for_rows_end() {
    let store = accounts();
    let other = Connection::of(store.database());
    store.execute_batch("BEGIN; UPDATE accounts SET cash = 1 WHERE id = 1").unwrap();
    other.execute_batch("SET lock_timeout = 1; BEGIN").unwrap();
    let text = "UPDATE accounts SET cash = 2 WHERE id = 1";
    assert_eq!(other.execute(text, ()).unwrap_err().sqlstate(), "55P03");
    other.execute_batch("ROLLBACK; SET lock_timeout = 0; BEGIN").unwrap();
    let canceler = other.canceler();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || {
            assert_eq!(other.execute(text, ()).unwrap_err().sqlstate(), "57014");
        });
        while !waiting.is_finished() {
            canceler.cancel();
            std::thread::yield_now();
        }
        waiting.join().unwrap();
    });
    store.execute_batch("COMMIT").unwrap();
}

/// Rights and a transaction's modes hold for cursors and COPY as for other statements.
#[test]
fn cursors_and_copies_are_statements() {
    let store = Store::new();
    store.execute_batch("CREATE TABLE t (a int); INSERT INTO t VALUES (1)").unwrap();
    let other = Connection::of(store.database());
    let nobody = Role::new("nobody", Access::None);
    other.set_rights(Some(Arc::new(Rights::of(&nobody))));
    let state = |text: &str| other.query(text, ()).unwrap_err().sqlstate();
    assert_eq!(state("DECLARE c CURSOR WITH HOLD FOR SELECT a FROM t"), "42501");
    assert_eq!(other.copy_in("COPY t FROM STDIN", b"2\n").unwrap_err().sqlstate(), "42501");
    let copied = other.copy_out("COPY t TO STDOUT", |_| Ok(()));
    assert_eq!(copied.unwrap_err().sqlstate(), "42501");

    store.execute_batch("BEGIN READ ONLY").unwrap();
    let error = store.copy_in("COPY t FROM STDIN", b"2\n").unwrap_err();
    assert_eq!(error.message(), "cannot execute COPY FROM in a read-only transaction");
    assert_eq!(error.sqlstate(), "25006");
    store.execute_batch("ROLLBACK; BEGIN").unwrap();
    store.copy_out("COPY t TO STDOUT", |_| Ok(())).unwrap();
    let error = store.execute_batch("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE").unwrap_err();
    assert_eq!(error.sqlstate(), "25001");
    store.execute_batch("ROLLBACK").unwrap();
}

/// EXPLAIN of EXECUTE needs the rights of the statement that the name has when it is run.
#[test]
fn explain_of_a_name_looks_at_what_it_names_now() {
    let store = Store::new();
    store.execute_batch("CREATE TABLE t (a int); INSERT INTO t VALUES (1)").unwrap();
    let other = Connection::of(store.database());
    other.execute_batch("PREPARE q AS SELECT 1").unwrap();
    let explain = other.prepare_owned("EXPLAIN ANALYZE EXECUTE q", &[]).unwrap();
    let run = || other.run_owned(&explain, Vec::new(), &mut |_| Ok(Flow::More)).map(drop);
    let nobody = Role::new("nobody", Access::None);
    other.set_rights(Some(Arc::new(Rights::of(&nobody))));
    run().unwrap();
    other.execute_batch("DEALLOCATE q; PREPARE q AS DELETE FROM t").unwrap();
    assert_eq!(run().unwrap_err().sqlstate(), "42501");
    assert_eq!(store.query_row("SELECT count(*) FROM t", (), |row| row.get::<i64>(0)).unwrap(), 1);
    other.set_rights(None);
    run().unwrap();
    assert_eq!(store.query_row("SELECT count(*) FROM t", (), |row| row.get::<i64>(0)).unwrap(), 0);
}
