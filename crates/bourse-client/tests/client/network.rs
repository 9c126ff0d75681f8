//! Guards: a node that hangs is left alone and reads go elsewhere, also those that were under way;
//! once it is back it is asked again; connections that are cut cost no call its answer.

use std::net::TcpListener;
use std::time::Duration;

use bourse_client::{BreakerState, Client, Connection, Kind};

use super::nodes::{Cluster, eventually};
use super::proxy::{Mode, Proxy};

async fn node_read(client: &Client) -> Result<String, bourse_client::Error> {
    let read = async |connection: Connection| {
        connection.query("SELECT count(*) FROM entries", &[]).await?;
        Ok(connection.node().to_owned())
    };
    client.read(read).await
}

#[test]
fn a_node_that_never_answers_opens_its_breaker() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    // It accepts and says nothing.
    let hanging = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = cluster.client(&[hanging.local_addr().unwrap(), leader.address()]);
    for _ in 0..20 {
        let node = cluster.run(node_read(&client)).unwrap();
        assert_eq!(node, leader.address().to_string());
    }
    eventually("an open breaker", || client.nodes()[0].breaker_opened > 0);
    let node = client.nodes().remove(0);
    assert!(node.trouble.unwrap().contains("no answer in"));
    assert_eq!(cluster.run(node_read(&client)).unwrap(), leader.address().to_string());
}

#[test]
fn a_replica_that_begins_to_hang_is_passed_over_and_comes_back() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let replica = cluster.replica("first", leader.replication());
    cluster.same(&leader, &replica);
    let network = Proxy::to(replica.address());
    let client = cluster.client(&[leader.address(), network.address]);
    eventually("two nodes", || client.nodes().iter().all(|node| node.is_read));
    let behind = network.address.to_string();
    assert_eq!(cluster.run(node_read(&client)).unwrap(), behind);
    network.set(Mode::Hang);
    // It is under way when the node hangs, and is done elsewhere once that is known.
    assert_eq!(cluster.run(node_read(&client)).unwrap(), leader.address().to_string());
    assert_ne!(client.nodes()[1].breaker, BreakerState::Closed);
    network.set(Mode::Pass);
    eventually("a closed breaker", || client.nodes()[1].breaker == BreakerState::Closed);
    eventually("a replica that is read", || client.nodes()[1].is_read);
    assert_eq!(cluster.run(node_read(&client)).unwrap(), behind);
}

#[test]
fn connections_that_are_cut_cost_no_read_and_no_open_transaction() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let network = Proxy::to(leader.address());
    let client = cluster.client(&[network.address]);
    cluster.run(async {
        for round in 0..10_i64 {
            let mut attempts = 0;
            let attempts = std::sync::Mutex::new(&mut attempts);
            let change = async |connection: Connection| {
                let text = "INSERT INTO entries VALUES ($1, 0)";
                connection.execute(text, &[&(100 + round)]).await?;
                let attempt = {
                    let mut attempts = attempts.lock().unwrap();
                    **attempts += 1;
                    **attempts
                };
                if attempt == 1 {
                    network.cut();
                }
                connection.query("SELECT count(*) FROM entries", &[]).await.map(drop)
            };
            client.transaction(change).await.unwrap();
            assert!(**attempts.lock().unwrap() >= 2);
        }
    });
    assert_eq!(cluster.direct(&leader, "SELECT count(*) FROM entries WHERE id >= 100"), "10");
}

#[test]
fn where_nobody_is_the_error_says_so_in_time() {
    let cluster = Cluster::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = cluster.client(&[closed]);
    let call = client.call().within(Duration::from_millis(500));
    let error = cluster.run(call.query("SELECT 1", &[])).unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.to_string().contains(&closed.to_string()), "{error}");
}
