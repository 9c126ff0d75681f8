//! Guards: a connection that is lost while COMMIT is under way is told of as that, or with a key
//! found out: exactly one effect, whether the server had the COMMIT or not.

use std::time::Duration;

use bourse_client::{Client, Connection, Error, Once};

use super::nodes::{Cluster, Node, eventually};
use super::proxy::{Mode, Proxy};

async fn add(client: &Client, key: &str) -> Result<Once<i64>, Error> {
    let change = async |connection: Connection| {
        let text = "UPDATE entries SET value = value + 1 WHERE id = 1 RETURNING value";
        Ok(connection.query_one(text, &[]).await?.get(0))
    };
    client.once(key, change).await
}

fn value(cluster: &Cluster, leader: &Node) -> String {
    cluster.direct(leader, "SELECT value FROM entries WHERE id = 1")
}

#[test]
fn a_key_has_its_effect_once() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    assert_eq!(cluster.run(add(&client, "a")).unwrap(), Once::Done(1));
    assert_eq!(cluster.run(add(&client, "a")).unwrap(), Once::DoneBefore);
    assert_eq!(cluster.run(add(&client, "b")).unwrap(), Once::Done(2));
    // What a closure takes back takes its key back.
    let fails = async |connection: Connection| {
        connection.execute("UPDATE entries SET value = 100 WHERE id = 1", &[]).await?;
        Err::<(), Error>(Error::abort("not today"))
    };
    let error = cluster.run(client.once("c", fails)).unwrap_err();
    assert_eq!(error.into_reason().unwrap().to_string(), "not today");
    assert_eq!(cluster.run(add(&client, "c")).unwrap(), Once::Done(3));
    assert_eq!(value(&cluster, &leader), "3");
    let dropped = cluster.run(client.drop_keys_older_than(Duration::from_secs(3_600))).unwrap();
    assert_eq!(dropped, 0);
    let dropped = cluster.run(client.drop_keys_older_than(Duration::ZERO)).unwrap();
    assert_eq!(dropped, 3);
    assert_eq!(cluster.run(add(&client, "a")).unwrap(), Once::Done(4));
}

#[test]
fn calls_with_one_key_side_by_side_have_one_effect() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    cluster.run(add(&client, "made")).unwrap();
    for round in 2..12 {
        let key = format!("key {round}");
        let calls: Vec<_> = (0..6)
            .map(|_| {
                let (client, key) = (client.clone(), key.clone());
                cluster.runtime.spawn(async move { add(&client, &key).await })
            })
            .collect();
        let mut done = Vec::new();
        for call in calls {
            if let Once::Done(value) = cluster.run(call).unwrap().unwrap() {
                done.push(value);
            }
        }
        assert_eq!(done, [round]);
    }
    assert_eq!(value(&cluster, &leader), "11");
}

#[test]
fn a_connection_cut_at_commit_gives_exactly_one_effect() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let network = Proxy::to(leader.address());
    let client = cluster.client(&[network.address]);
    cluster.run(add(&client, "made")).unwrap();
    let mut expected = 1;
    for round in 0..5 {
        for mode in [Mode::CutBeforeCommit, Mode::CutAfterCommit] {
            network.set(mode);
            let key = format!("{mode:?} {round}");
            expected += 1;
            let done = cluster.run(add(&client, &key)).unwrap();
            assert_eq!(done, Once::Done(expected), "{key}");
            assert_eq!(value(&cluster, &leader), expected.to_string(), "{key}");
            assert_eq!(cluster.run(add(&client, &key)).unwrap(), Once::DoneBefore);
        }
    }
    assert_eq!(network.cuts(), 10);
}

#[test]
fn without_a_key_nobody_knows_and_nothing_is_run_again() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let network = Proxy::to(leader.address());
    let client = cluster.client(&[network.address]);
    for (mode, expected) in [(Mode::CutBeforeCommit, "0"), (Mode::CutAfterCommit, "1")] {
        network.set(mode);
        let change = async |connection: Connection| {
            let text = "UPDATE entries SET value = value + 1 WHERE id = 1";
            connection.execute(text, &[]).await
        };
        let session = client.session();
        let error = cluster.run(session.call().transaction(change)).unwrap_err();
        assert!(error.is_outcome_unknown(), "{error}");
        assert!(!error.is_retryable());
        // The server may be about to commit it yet.
        eventually("what is expected", || value(&cluster, &leader) == expected);
        // The session has no token of it, and reads on the leader.
        let text = "SELECT value FROM entries WHERE id = 1";
        let row = cluster.run(session.call().query_one(text, &[])).unwrap();
        assert_eq!(row.get::<_, i64>(0).to_string(), expected);
    }
    assert_eq!(network.cuts(), 2);
}
