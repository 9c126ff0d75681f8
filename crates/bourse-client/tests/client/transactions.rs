//! Guards: who is in the way is waited for and the closure run again; what a closure leaves behind
//! is not there for the next one; futures may be sent to other threads.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bourse_client::{Connection, Error, Isolation, Kind, Role};

use super::nodes::Cluster;

#[test]
fn closures_that_are_in_each_others_way_are_run_again() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let client = client.clone();
            cluster.runtime.spawn(async move {
                for _ in 0..15 {
                    let add = async |connection: Connection| {
                        RUNS.fetch_add(1, Ordering::SeqCst);
                        let text = "SELECT value FROM entries WHERE id = 1";
                        let value: i64 = connection.query_one(text, &[]).await?.get(0);
                        let text = "UPDATE entries SET value = $1 WHERE id = 1";
                        connection.execute(text, &[&(value + 1)]).await
                    };
                    loop {
                        let call = client.call().isolation(Isolation::RepeatableRead);
                        match call.transaction(add).await {
                            Ok(_) => break,
                            Err(error) => assert!(error.is_retryable(), "{error}"),
                        }
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        cluster.run(task).unwrap();
    }
    let value = cluster.direct(&leader, "SELECT value FROM entries WHERE id = 1");
    assert_eq!(value, "60");
    // Otherwise this would have shown nothing.
    assert!(RUNS.load(Ordering::SeqCst) > 60);
}

#[test]
fn what_a_closure_leaves_behind_is_gone() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let mut options = super::nodes::soon();
    options.write_connections_max = 1;
    let client = cluster.client_with(&[leader.address()], options, |builder| builder);
    cluster.run(async {
        let leave = async |connection: Connection| {
            connection
                .batch_execute(
                    "SET application_name = 'left'; CREATE TEMP TABLE left_behind (a int); \
                     LISTEN left_behind; SELECT pg_advisory_lock(7); \
                     BEGIN; INSERT INTO entries VALUES (99, 0)",
                )
                .await
        };
        client.write(leave).await.unwrap();
        let look = async |connection: Connection| {
            let name = "SELECT current_setting('application_name')";
            let name: String = connection.query_one(name, &[]).await?.get(0);
            let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'";
            let locks: i64 = connection.query_one(locks, &[]).await?.get(0);
            let missing = connection.query("SELECT a FROM left_behind", &[]).await.unwrap_err();
            Ok((name, locks, missing.sqlstate().unwrap().to_owned()))
        };
        let found = client.write(look).await.unwrap();
        assert_eq!(found, ("bourse-client".to_owned(), 0, "42P01".to_owned()));
    });
    assert_eq!(cluster.direct(&leader, "SELECT count(*) FROM entries WHERE id = 99"), "0");
}

#[test]
fn an_error_that_a_closure_swallows_is_no_commit() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    let swallow = async |connection: Connection| {
        connection.execute("INSERT INTO entries VALUES (50, 0)", &[]).await?;
        let twice = connection.execute("INSERT INTO entries VALUES (1, 0)", &[]).await;
        assert_eq!(twice.unwrap_err().sqlstate(), Some("23505"));
        Ok(())
    };
    let error = cluster.run(client.transaction(swallow)).unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (Kind::Statement, Some("25P02")));
    assert_eq!(cluster.direct(&leader, "SELECT count(*) FROM entries WHERE id = 50"), "0");
}

#[test]
fn errors_of_statements_come_at_once_with_their_node() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    let runs = AtomicU32::new(0);
    let twice = async |connection: Connection| {
        runs.fetch_add(1, Ordering::SeqCst);
        connection.execute("INSERT INTO entries VALUES (1, 0)", &[]).await
    };
    let error = cluster.run(client.transaction(twice)).unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (Kind::Statement, Some("23505")));
    assert_eq!(error.node(), Some(&*leader.address().to_string()));
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    // A value that is no number, a row that is not there, a name that is not there.
    let error = cluster.run(client.query("SELECT $1::bigint", &[&"a"])).unwrap_err();
    assert_eq!(error.kind(), Kind::Statement);
    let missing = "SELECT value FROM entries WHERE id = 0";
    let error = cluster.run(client.call().query_one(missing, &[])).unwrap_err();
    assert_eq!(error.kind(), Kind::Statement);
    let error = cluster.run(client.query("SELECT a FROM nowhere", &[])).unwrap_err();
    assert_eq!(error.sqlstate(), Some("42P01"));
}

#[test]
fn a_call_that_is_out_of_time_leaves_nothing() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    cluster.run(async {
        let holder = client.reserve(Role::Write).await.unwrap();
        let text = "BEGIN; UPDATE entries SET value = 1 WHERE id = 1";
        holder.batch_execute(text).await.unwrap();
        let change = async |connection: Connection| {
            connection.execute("UPDATE entries SET value = 2 WHERE id = 2", &[]).await?;
            connection.execute("UPDATE entries SET value = 2 WHERE id = 1", &[]).await
        };
        let call = client.call().within(Duration::from_millis(300));
        let error = call.transaction(change).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Deadline);
        assert!(error.is_retryable());
        // A statement by itself may be done yet: it was on its way.
        let call = client.call().within(Duration::from_millis(300));
        let text = "UPDATE entries SET value = 3 WHERE id = 1";
        assert!(call.execute(text, &[]).await.unwrap_err().is_outcome_unknown());
        drop(holder);
        // The rows are free, with what they were.
        let text = "SELECT sum(value) FROM entries WHERE id IN (1, 2) AND value <> 3";
        let read = async |connection: Connection| connection.query_one(text, &[]).await;
        client.read(read).await.unwrap();
        let change = async |connection: Connection| {
            let text = "UPDATE entries SET value = value WHERE id = 2 RETURNING value";
            Ok(connection.query_one(text, &[]).await?.get::<_, i64>(0))
        };
        assert_eq!(client.transaction(change).await.unwrap(), 0);
    });
}

#[test]
fn futures_of_calls_may_be_sent_to_other_threads() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    let task = cluster.runtime.spawn(async move {
        let id = 1_i64;
        let read = async |connection: Connection| {
            let text = "SELECT value FROM entries WHERE id = $1";
            Ok::<i64, Error>(connection.query_one(text, &[&id]).await?.get(0))
        };
        let session = client.session();
        let value = session.call().read(read).await.unwrap();
        client.once("sent", read).await.unwrap();
        client.write(read).await.unwrap();
        client.query("SELECT 1", &[&id]).await.unwrap_err();
        drop(client.reserve(Role::Read).await.unwrap());
        value
    });
    assert_eq!(cluster.run(task).unwrap(), 0);
}
