//! Guards: a linearizable read on any member sees what was acknowledged before it began, and is
//! refused where nobody can tell; what is committed with `synchronous_commit = remote_apply`
//! another member shows, or the commit says that none does.

use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::Client;

use super::members::Group;
use super::nodes::{Cluster, eventually};

const READ: &str = "SELECT value FROM entries WHERE id = 1";

fn write(value: i32) -> String {
    format!("UPDATE entries SET value = {value} WHERE id = 1")
}

/// A group whose one row has the value 0, the leader's number, and a client of it.
fn begun() -> (Group, usize, Client) {
    let group = Group::begun();
    let (leader, client) = group.leader();
    group.cluster.execute(&client, "INSERT INTO entries VALUES (1, 0, '')");
    (group, leader, client)
}

fn linearizable(group: &Group, id: usize) -> Client {
    let client = group.client(id);
    group.cluster.execute(&client, "SET bourse.read_level = linearizable");
    client
}

fn code(error: &tokio_postgres::Error) -> &str {
    error.code().map_or("", |code| code.code())
}

#[test]
fn linearizable_reads_see_what_was_acknowledged_before() {
    let (group, _, writer) = begun();
    let readers: Vec<Client> = (1..=3).map(|id| linearizable(&group, id)).collect();
    for value in 1..=60 {
        group.cluster.execute(&writer, &write(value));
        for reader in &readers {
            assert_eq!(group.cluster.value(reader, READ), value.to_string());
        }
    }
    for reader in &readers {
        group.cluster.execute(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        assert_eq!(group.cluster.value(reader, READ), "60");
    }
    group.cluster.execute(&writer, &write(61));
    for reader in &readers {
        assert_eq!(group.cluster.value(reader, READ), "60", "it began before");
        group.cluster.execute(reader, "COMMIT");
        // A statement that is prepared is read anew each time.
        let read = group.cluster.run(reader.query_one(READ, &[])).unwrap();
        assert_eq!(read.get::<_, i64>(0), 61);
    }
    // A table that was just made is there.
    group.cluster.execute(&writer, "CREATE TABLE made (n bigint PRIMARY KEY)");
    for reader in &readers {
        assert_eq!(group.cluster.value(reader, "SELECT count(*) FROM made"), "0");
    }
}

#[test]
fn a_leader_that_is_cut_off_answers_no_linearizable_read() {
    let (group, leader, client) = begun();
    let asks = linearizable(&group, leader);
    group.cluster.execute(&asks, "SET bourse.read_timeout = '300ms'");
    assert_eq!(group.cluster.value(&asks, READ), "0");
    let others: Vec<usize> = (1..=3).filter(|id| *id != leader).collect();
    group.pause(&others);
    let refused = group.cluster.try_value(&asks, READ).unwrap_err();
    assert_eq!(code(&refused), "40001", "{refused:?}");
    assert_eq!(group.cluster.value(&client, READ), "0", "others are as before");
    group.resume(&others);
    eventually("a linearizable read", || {
        let asks = linearizable(&group, leader);
        group.cluster.try_value(&asks, READ).is_ok_and(|value| value == "0")
    });
}

#[test]
fn a_deposed_leader_answers_no_linearizable_read_with_what_is_past() {
    let (group, leader, _) = begun();
    let asks = Arc::new(linearizable(&group, leader));
    assert_eq!(group.cluster.value(&asks, READ), "0");
    let others: Vec<usize> = (1..=3).filter(|id| *id != leader).collect();
    group.pause(&[leader]);
    eventually("a write on another leader", || {
        let written = |id: &usize| {
            let client = group.connect(*id)?;
            group.cluster.run(client.batch_execute(&write(1))).ok()
        };
        others.iter().find_map(written).is_some()
    });
    // It finds the question when it goes on, before it hears of the other leader.
    let asked = {
        let asks = Arc::clone(&asks);
        group.cluster.clients.spawn(async move { asks.query_one(READ, &[]).await })
    };
    std::thread::sleep(Duration::from_millis(100));
    group.resume(&[leader]);
    match group.cluster.run(asked).unwrap() {
        Ok(row) => assert_eq!(row.get::<_, i64>(0), 1),
        Err(error) => assert_ne!(code(&error), "XX000", "{error:?}"),
    }
    group.same();
}

#[test]
fn what_is_committed_with_remote_apply_another_member_shows() {
    let (group, leader, writer) = begun();
    let others = (1..=3).filter(|id| *id != leader);
    let readers: Vec<Client> = others.map(|id| group.client(id)).collect();
    group.cluster.execute(&writer, "SET synchronous_commit = remote_apply");
    for value in 1..=60 {
        match value % 2 {
            0 => group.cluster.execute(&writer, &write(value)),
            _ => group.cluster.execute(&writer, &format!("BEGIN; {}; COMMIT", write(value))),
        }
        let shown = readers.iter().map(|reader| group.cluster.value(reader, READ));
        let shown: Vec<String> = shown.collect();
        assert!(shown.contains(&value.to_string()), "{value}: {shown:?}");
    }
    group.cluster.execute(&writer, "CREATE TABLE made (n bigint PRIMARY KEY)");
    let count = "SELECT count(*) FROM made";
    assert!(readers.iter().any(|reader| group.cluster.try_value(reader, count).is_ok()));
}

#[test]
fn a_commit_that_no_other_member_shows_says_so_and_stays() {
    let mut group = Group::new();
    group.start_with(1, &["--create"]);
    let (_, client) = group.leader();
    group.cluster.execute(
        &client,
        "CREATE TABLE entries (id bigint PRIMARY KEY, value bigint, text text); \
         INSERT INTO entries VALUES (1, 0, '')",
    );
    group.cluster.execute(&client, "SET synchronous_commit = remote_apply");
    let told = group.cluster.run(client.batch_execute(&write(1))).unwrap_err();
    assert_eq!(code(&told), "55000", "{told:?}");
    let told = told.as_db_error().unwrap();
    assert!(told.message().contains("the commit is done"), "{told:?}");
    assert!(told.hint().is_some_and(|hint| hint.contains("do not run it again")), "{told:?}");
    assert_eq!(group.cluster.value(&client, READ), "1");
    let told = group.cluster.run(client.batch_execute(&format!("BEGIN; {}; COMMIT", write(2))));
    assert_eq!(code(&told.unwrap_err()), "55000");
    assert_eq!(group.cluster.value(&client, READ), "2");
}

#[test]
fn where_there_is_no_group_a_replica_refuses_linearizable_reads() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let replica = cluster.replica("replica", leader.replication());
    let (writer, reader) = (cluster.client(&leader), cluster.client(&replica));
    for client in [&writer, &reader] {
        cluster.execute(client, "SET bourse.read_level = 'linearizable'");
        cluster.execute(client, "SET synchronous_commit = 'remote_apply'");
    }
    cluster.execute(&writer, "CREATE TABLE t (n int PRIMARY KEY); INSERT INTO t VALUES (1)");
    assert_eq!(cluster.value(&writer, "SELECT n FROM t"), "1");
    let refused = cluster.try_value(&reader, "SELECT 1").unwrap_err();
    assert_eq!(code(&refused), "55000", "{refused:?}");
}
