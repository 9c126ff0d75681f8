//! Guards: bounds of the queue, age of connections, leaks, and that nothing outlives a client.

use std::time::Duration;

use bourse_client::{Connection, Kind, Role};

use super::nodes::{Cluster, eventually, soon};

#[test]
fn the_queue_is_bounded_in_length_and_time() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let mut options = soon();
    options.write_connections_max = 1;
    options.waiting_max = 1;
    options.wait_timeout = Duration::from_millis(400);
    let client = cluster.client_with(&[leader.address()], options, |builder| builder);
    cluster.run(async {
        let held = client.reserve(Role::Write).await.unwrap();
        let waiting = client.reserve(Role::Write);
        let refused = async {
            // The other one waits by now, for it was polled first.
            let error = client.reserve(Role::Write).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Busy);
            assert!(error.to_string().contains("1 calls wait"), "{error}");
            assert!(error.is_retryable());
        };
        let (waited, ()) = tokio::join!(biased; waiting, refused);
        let error = waited.unwrap_err();
        assert_eq!(error.kind(), Kind::Busy);
        assert!(error.to_string().contains("in 400 ms"), "{error}");
        // Reads have a pool of their own.
        client.query("SELECT 1", &[]).await.unwrap();
        // Who waits gets it once it is free, in turn.
        let waiting = client.reserve(Role::Write);
        let (waited, ()) = tokio::join!(biased; waiting, async { drop(held) });
        waited.unwrap();
    });
}

#[test]
fn connections_are_replaced_when_they_are_old() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let mut options = soon();
    options.lifetime_max = Duration::from_millis(200);
    options.write_connections_max = 1;
    let registry = prometheus::Registry::new();
    let client = cluster
        .client_with(&[leader.address()], options, |builder| builder.metrics(&registry, "old"));
    let process = async |connection: Connection| {
        let row = connection.query_one("SELECT pg_backend_pid()", &[]).await?;
        Ok(row.get::<_, i32>(0))
    };
    let first = cluster.run(client.transaction(process)).unwrap();
    eventually("another connection", || cluster.run(client.transaction(process)).unwrap() != first);
    let expired = super::watching::value(&registry, "db_pool_expired_total", "write");
    assert!(expired >= 1.0);
}

#[test]
fn nothing_outlives_the_last_clone() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bourse-client'";
    let tasks = || cluster.runtime.metrics().num_alive_tasks();
    eventually("the end of what made the table", || tasks() == 0);
    let client = cluster.client(&[leader.address()]);
    let clone = client.clone();
    cluster.run(async {
        client.query("SELECT 1", &[]).await.unwrap();
        client.execute("UPDATE entries SET value = 1", &[]).await.unwrap();
    });
    drop(client);
    cluster.run(clone.query("SELECT 1", &[])).unwrap();
    assert_ne!(cluster.direct(&leader, count), "0");
    // One that is kept in use ends when it is given back.
    let reserved = cluster.run(clone.reserve(Role::Read)).unwrap();
    drop(clone);
    eventually("the end of the others", || tasks() == 1);
    {
        let _inside = cluster.runtime.enter();
        drop(reserved);
    }
    eventually("the end of all tasks", || tasks() == 0);
    eventually("the end of all sessions", || cluster.direct(&leader, count) == "0");
}
