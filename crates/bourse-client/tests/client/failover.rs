//! Guards: after a failover the same client writes on; of two that take writes the newest term has
//! them; a store of another lineage is never asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use bourse_client::{Client, Connection, Kind};

use super::nodes::{Cluster, eventually, leader_of};

/// Inserts a row. Returns the node that took it.
async fn insert(client: &Client, id: i64) -> Result<String, bourse_client::Error> {
    let change = async |connection: Connection| {
        connection.execute("INSERT INTO entries VALUES ($1, 0)", &[&id]).await?;
        Ok(connection.node().to_owned())
    };
    client.transaction(change).await
}

#[test]
fn the_same_client_writes_on_after_a_failover() {
    let cluster = Cluster::new();
    let mut leader = cluster.leader();
    let replica = cluster.replica("first", leader.replication());
    let client = cluster.client(&[leader.address(), replica.address()]);
    assert_eq!(cluster.run(insert(&client, 100)).unwrap(), leader.address().to_string());
    cluster.same(&leader, &replica);
    // One that writes all the while, each row once by its key.
    let (is_over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let writing = cluster.runtime.spawn({
        let (client, is_over, done) = (client.clone(), Arc::clone(&is_over), Arc::clone(&done));
        async move {
            let mut id = 1_000_i64;
            while !is_over.load(Ordering::SeqCst) {
                let change = async |connection: Connection| {
                    connection.execute("INSERT INTO entries VALUES ($1, 0)", &[&id]).await
                };
                client.once(&format!("insert-{id}"), change).await.unwrap();
                done.store(id, Ordering::SeqCst);
                id += 1;
            }
        }
    });
    eventually("a write", || done.load(Ordering::SeqCst) > 1_010);
    leader.stop();
    cluster.direct(&replica, "SELECT pg_promote()");
    let before = done.load(Ordering::SeqCst);
    eventually("writes on the new leader", || done.load(Ordering::SeqCst) > before + 10);
    is_over.store(true, Ordering::SeqCst);
    cluster.run(writing).unwrap();
    assert_eq!(leader_of(&client), Some(replica.address().to_string()));
    assert_eq!(cluster.run(insert(&client, 101)).unwrap(), replica.address().to_string());
    // What the replica had received when it was promoted, and all that came later, once each.
    let last = done.load(Ordering::SeqCst);
    let text = format!("SELECT count(*) FROM entries WHERE id BETWEEN {} AND {last}", before + 2);
    assert_eq!(cluster.direct(&replica, &text), (last - before - 1).to_string());
    assert_eq!(cluster.direct(&replica, "SELECT count(*) FROM entries WHERE id = 100"), "1");
}

#[test]
fn of_two_that_take_writes_the_newest_term_has_them() {
    let cluster = Cluster::new();
    let old = cluster.leader();
    let new = cluster.replica("first", old.replication());
    cluster.same(&old, &new);
    let client = cluster.client(&[old.address(), new.address()]);
    assert_eq!(cluster.run(insert(&client, 100)).unwrap(), old.address().to_string());
    cluster.same(&old, &new);
    // Nobody stops the old one, and nothing is written in the new term yet.
    cluster.direct(&new, "SELECT pg_promote()");
    eventually("the new leader", || leader_of(&client) == Some(new.address().to_string()));
    for id in 200..230 {
        assert_eq!(cluster.run(insert(&client, id)).unwrap(), new.address().to_string());
    }
    assert_eq!(cluster.direct(&old, "SELECT count(*) FROM entries WHERE id >= 200"), "0");
    let nodes = client.nodes();
    assert_eq!((nodes[0].is_leader, nodes[0].is_read, nodes[0].term), (false, false, Some(0)));
    assert_eq!((nodes[1].is_leader, nodes[1].is_read, nodes[1].term), (true, true, Some(1)));
    // Nor does one that begins now take the old one once it has seen both.
    let later = cluster.client(&[old.address(), new.address()]);
    eventually("both nodes", || later.nodes().iter().all(|node| node.term.is_some()));
    assert_eq!(cluster.run(insert(&later, 300)).unwrap(), new.address().to_string());
}

#[test]
fn a_leader_of_an_older_term_is_not_written_to_when_it_is_the_only_one() {
    let cluster = Cluster::new();
    let old = cluster.leader();
    let mut new = cluster.replica("first", old.replication());
    let client = cluster.client(&[old.address(), new.address()]);
    cluster.direct(&new, "SELECT pg_promote()");
    eventually("the new leader", || leader_of(&client) == Some(new.address().to_string()));
    new.stop();
    let change =
        async |connection: Connection| connection.execute("DELETE FROM entries", &[]).await;
    let limit = Duration::from_millis(1_500);
    let error = cluster.run(client.call().within(limit).transaction(change)).unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error}");
    assert!(error.is_retryable());
    assert!(error.to_string().contains("takes writes, in term 0"), "{error}");
    assert_eq!(cluster.direct(&old, "SELECT count(*) FROM entries"), "10");
}

#[test]
fn a_store_of_another_lineage_is_never_asked() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    cluster.run(client.wait_for_leader(Duration::from_secs(30))).unwrap();
    let stranger = cluster.empty_leader("stranger");
    let both = cluster.client(&[leader.address(), stranger.address()]);
    // Whoever answers first is right; the other is not asked.
    eventually("both answers", || {
        both.nodes().iter().filter(|node| node.is_leader).count() == 1
            && both.nodes().iter().any(|node| node.trouble.is_some())
    });
    let nodes = both.nodes();
    let other = nodes.iter().find(|node| !node.is_leader).unwrap();
    assert!(other.trouble.as_ref().unwrap().contains("lineage"), "{other:?}");
    assert!(!other.is_read);
}
