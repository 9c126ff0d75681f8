//! Guards: reads go to replicas, and a session sees there what it has written; who has not what is
//! asked for is passed over; a write that was lost is told of.

use std::collections::HashSet;

use bourse_client::{Connection, Error, Kind, Session};

use super::nodes::{Cluster, eventually, leader_of, soon};
use super::proxy::{Mode, Proxy};

async fn set(session: &Session, value: i64) -> Result<(), Error> {
    let change = async |connection: Connection| {
        connection.execute("UPDATE entries SET value = $1 WHERE id = 1", &[&value]).await
    };
    assert_eq!(session.call().transaction(change).await?, 1);
    Ok(())
}

async fn get(session: &Session) -> Result<(i64, String), Error> {
    let read = async |connection: Connection| {
        let row = connection.query_one("SELECT value FROM entries WHERE id = 1", &[]).await?;
        Ok((row.get(0), connection.node().to_owned()))
    };
    session.call().read(read).await
}

#[test]
fn reads_go_to_replicas_and_see_own_writes() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let replicas = ["first", "second"].map(|name| cluster.replica(name, leader.replication()));
    let addresses = [replicas[0].address(), leader.address(), replicas[1].address()];
    let client = cluster.client(&addresses);
    eventually("three nodes", || client.nodes().iter().all(|node| node.is_read));
    assert_eq!(leader_of(&client), Some(leader.address().to_string()));
    cluster.run(async {
        let session = client.session();
        let mut read = HashSet::new();
        for round in 1..=200 {
            set(&session, round).await.unwrap();
            let (value, node) = get(&session).await.unwrap();
            assert_eq!(value, round);
            read.insert(node);
            // A statement by itself too.
            let text = "SELECT value FROM entries WHERE id = $1";
            let row = session.call().query_one(text, &[&1_i64]).await.unwrap();
            assert_eq!(row.get::<_, i64>(0), round);
        }
        for replica in [addresses[0], addresses[2]] {
            assert!(read.contains(&replica.to_string()), "{read:?}");
        }
        // Another session that is told of it, by a text.
        let token = session.token().unwrap().to_string();
        let other = client.session_from(token.parse().unwrap());
        assert_eq!(get(&other).await.unwrap().0, 200);
    });
}

#[test]
fn plain_reads_are_told_from_others_by_their_text() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let replica = cluster.replica("first", leader.replication());
    let client = cluster.client(&[leader.address(), replica.address()]);
    eventually("two nodes", || client.nodes().iter().all(|node| node.is_read));
    cluster.run(async {
        let row = client.query("SHOW in_hot_standby", &[]).await.unwrap().remove(0);
        assert_eq!(row.get::<_, &str>(0), "on");
        // In doubt: on the leader.
        let row = client.query("SELECT pg_is_in_recovery()", &[]).await.unwrap().remove(0);
        assert!(!row.get::<_, bool>(0));
        let text = "UPDATE entries SET value = 5 WHERE id = 2 RETURNING value";
        let row = client.query(text, &[]).await.unwrap().remove(0);
        assert_eq!(row.get::<_, i64>(0), 5);
        // A change in a closure that only reads is refused, wherever it is.
        let change =
            async |connection: Connection| connection.execute("DELETE FROM entries", &[]).await;
        let error = client.read(change).await.unwrap_err();
        assert_eq!((error.kind(), error.sqlstate()), (Kind::Statement, Some("25006")));
    });
}

#[test]
fn what_a_replica_has_not_is_read_on_the_leader() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let network = Proxy::to(leader.replication());
    let replica = cluster.replica("first", network.address);
    let mut options = soon();
    options.replica_wait = std::time::Duration::from_millis(50);
    let client =
        cluster.client_with(&[leader.address(), replica.address()], options, |builder| builder);
    eventually("two nodes", || client.nodes().iter().all(|node| node.is_read));
    network.set(Mode::Hang);
    cluster.run(async {
        let session = client.session();
        set(&session, 77).await.unwrap();
        let (value, node) = get(&session).await.unwrap();
        assert_eq!((value, node), (77, leader.address().to_string()));
        // Without a session a replica may show what was before.
        let read = async |connection: Connection| Ok(connection.node().to_owned());
        assert_eq!(client.read(read).await.unwrap(), replica.address().to_string());
    });
    network.set(Mode::Pass);
}

#[test]
fn without_a_replica_the_leader_is_read() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    cluster.run(async {
        let session = client.session();
        set(&session, 3).await.unwrap();
        assert_eq!(get(&session).await.unwrap().0, 3);
    });
}

#[test]
fn a_write_that_was_lost_in_a_promotion_is_told_of() {
    let cluster = Cluster::new();
    let mut leader = cluster.leader();
    let network = Proxy::to(leader.replication());
    let replica = cluster.replica("first", network.address);
    cluster.same(&leader, &replica);
    let client = cluster.client(&[leader.address(), replica.address()]);
    let session = client.session();
    network.set(Mode::Hang);
    cluster.run(set(&session, 9)).unwrap();
    leader.stop();
    cluster.direct(&replica, "SELECT pg_promote()");
    cluster.direct(&replica, "UPDATE entries SET value = 4 WHERE id = 1");
    let error = cluster.run(get(&session)).unwrap_err();
    assert_eq!(error.kind(), Kind::LostWrite, "{error}");
    assert!(!error.is_retryable());
    session.forget();
    assert_eq!(cluster.run(get(&session)).unwrap().0, 4);
    network.set(Mode::Pass);
}
