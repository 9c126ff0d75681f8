//! Guards: a replica is made of a leader in use and has its rows at its LSN; it takes no writes and
//! says so; stops, restarts, a leader that is away, a replica left behind; promotion.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bourse_server::{End, Options, Server};
use tokio_postgres::Client;

use super::nodes::{Cluster, Node, SUM, eventually, nowhere};

pub(crate) fn make_entries(cluster: &Cluster, leader: &Node) -> Client {
    let client = cluster.client(leader);
    cluster.execute(
        &client,
        "CREATE TABLE entries (id bigint PRIMARY KEY, value bigint, text text); \
         CREATE INDEX by_value ON entries (value); \
         INSERT INTO entries SELECT n, n * 7, repeat('x', 50) FROM generate_series(1, 500) n",
    );
    client
}

/// Waits until a replica has what the leader has, and compares.
pub(crate) fn same(cluster: &Cluster, leader: &Node, replica: &Node) {
    let (here, there) = (cluster.client(leader), cluster.client(replica));
    let lsn = cluster.value(&here, "SELECT pg_current_wal_lsn()");
    let sum = cluster.value(&here, SUM);
    let waited = cluster.value(&there, &format!("SELECT bourse_wait_for_lsn('{lsn}', 30000)"));
    assert_eq!(waited, "t", "the replica did not come to {lsn}");
    assert_eq!(cluster.value(&there, SUM), sum);
    // The leader's housekeeping may have gone on meanwhile. Both have the same number of digits.
    assert!(cluster.value(&there, "SELECT pg_last_wal_replay_lsn()") >= lsn);
    let by_index = "SELECT count(*) FROM entries WHERE value BETWEEN 70 AND 700";
    assert_eq!(cluster.value(&there, by_index), cluster.value(&here, by_index));
}

/// Inserts and updates until it is over; counts what was acknowledged.
pub(crate) fn load(
    cluster: &Cluster,
    client: &Client,
    from: i64,
    is_over: &AtomicBool,
    done: &AtomicU64,
) {
    let mut id = from;
    while !is_over.load(Ordering::Relaxed) {
        let text = format!(
            "INSERT INTO entries VALUES ({id}, {id} % 1000, 'load'); \
             UPDATE entries SET value = value + 1 WHERE id = {}",
            id / 2
        );
        if cluster.run(client.batch_execute(&text)).is_err() {
            return;
        }
        done.store(u64::try_from(id - from + 1).unwrap(), Ordering::Relaxed);
        id += 1;
    }
}

#[test]
fn a_replica_of_a_leader_in_use_has_its_rows() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    make_entries(&cluster, &leader);
    let (is_over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let writer = cluster.client(&leader);
    let replica = std::thread::scope(|scope| {
        let working = scope.spawn(|| load(&cluster, &writer, 10_000, &is_over, &done));
        let replica = cluster.replica("first", leader.replication());
        eventually("some load", || done.load(Ordering::Relaxed) > 200);
        is_over.store(true, Ordering::Relaxed);
        working.join().unwrap();
        replica
    });
    same(&cluster, &leader, &replica);
    // Definitions, views and what is counted go along.
    let client = cluster.client(&leader);
    cluster.execute(&client, "ALTER TABLE entries ADD COLUMN more int DEFAULT 3");
    cluster.execute(
        &client,
        "CREATE MATERIALIZED VIEW sums AS \
         SELECT text AS digit, count(*) AS n FROM entries GROUP BY text",
    );
    same(&cluster, &leader, &replica);
    let there = cluster.client(&replica);
    let of_view = "SELECT string_agg(digit || '=' || n, ',' ORDER BY digit) FROM sums";
    assert_eq!(cluster.value(&there, of_view), cluster.value(&client, of_view));
    assert_eq!(cluster.value(&there, "SELECT sum(more) FROM entries WHERE id <= 500"), "1500");
}

#[test]
fn a_replica_says_what_it_is_and_takes_no_writes() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let here = make_entries(&cluster, &leader);
    let replica = cluster.replica("first", leader.replication());
    let there = cluster.client(&replica);
    for (question, on_leader, on_replica) in [
        ("SELECT pg_is_in_recovery()", "f", "t"),
        ("SHOW in_hot_standby", "off", "on"),
        ("SHOW transaction_read_only", "off", "on"),
        ("SELECT current_setting('transaction_read_only')", "off", "on"),
        ("SHOW default_transaction_read_only", "off", "off"),
        ("SELECT pg_last_wal_replay_lsn() IS NULL", "t", "f"),
    ] {
        assert_eq!(cluster.value(&here, question), on_leader, "{question}");
        assert_eq!(cluster.value(&there, question), on_replica, "{question}");
    }
    let address = leader.server().address().to_string();
    eventually("the leader's address", || {
        let error = cluster.try_value(&there, "INSERT INTO entries VALUES (0, 0, '')").unwrap_err();
        let error = error.as_db_error().unwrap().clone();
        assert_eq!(error.code().code(), "25006");
        error.hint().is_some_and(|hint| hint.contains(&address))
    });
    for refused in [
        "UPDATE entries SET value = 0",
        "DELETE FROM entries",
        "CREATE TABLE other (a int)",
        "CREATE TEMPORARY TABLE other (a int)",
        "DROP TABLE entries",
        "ALTER TABLE entries ADD COLUMN more int",
        "TRUNCATE entries",
        "SELECT * FROM entries WHERE id = 1 FOR UPDATE",
        "CREATE ROLE ann PASSWORD 'x' LOGIN",
        "BEGIN; INSERT INTO entries VALUES (0, 0, '')",
    ] {
        let error = cluster.try_value(&there, refused).expect_err(refused);
        assert_eq!(error.code().unwrap().code(), "25006", "{refused}: {error:?}");
        let _ = cluster.try_value(&there, "ROLLBACK");
    }
    let error = cluster.try_value(&there, "BEGIN READ WRITE").unwrap_err();
    assert_eq!(error.code().unwrap().code(), "0A000");
    let error = cluster.try_value(&there, "SELECT pg_current_wal_lsn()").unwrap_err();
    assert_eq!(error.code().unwrap().code(), "55000");
    let error = cluster.try_value(&here, "SELECT pg_promote()").unwrap_err();
    assert_eq!(error.code().unwrap().code(), "55000");
    same(&cluster, &leader, &replica);
}

#[test]
fn what_is_connected_is_shown() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let here = make_entries(&cluster, &leader);
    let replica = cluster.replica("first", leader.replication());
    same(&cluster, &leader, &replica);
    let shown = "SELECT application_name || ' ' || state || ' ' || sync_state \
                 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()";
    eventually("the replica", || cluster.value(&here, shown) == "first streaming async");
    let slots = "SELECT slot_name || ' ' || active || ' ' || wal_status FROM pg_replication_slots";
    assert_eq!(cluster.value(&here, slots), "first true reserved");
    let behind = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) \
                  FROM pg_replication_slots";
    eventually("the slot", || cluster.value(&here, behind) == "0");
    let there = cluster.client(&replica);
    let receiver = "SELECT status || ' ' || slot_name FROM pg_stat_wal_receiver \
                    WHERE flushed_lsn = latest_end_lsn";
    eventually("the leader", || cluster.value(&there, receiver) == "streaming first");
    assert_eq!(cluster.value(&here, "SELECT count(*) FROM pg_stat_wal_receiver"), "0");
    eventually("some freshness", || {
        cluster.value(&there, "SELECT bourse_staleness() < interval '5 seconds'") == "t"
    });
}

#[test]
fn a_replica_goes_on_after_a_stop_of_either() {
    let cluster = Cluster::new();
    let mut leader = cluster.leader();
    let client = make_entries(&cluster, &leader);
    let mut replica = cluster.replica("first", leader.replication());
    same(&cluster, &leader, &replica);
    replica.stop();
    cluster.execute(&client, "UPDATE entries SET value = value + 5 WHERE id % 3 = 0");
    replica.start();
    same(&cluster, &leader, &replica);
    // The leader comes back at the same place.
    leader.options.replication_listen = Some(leader.replication());
    leader.stop();
    let there = cluster.client(&replica);
    assert_eq!(cluster.value(&there, "SELECT count(*) FROM entries"), "500");
    leader.start();
    let client = cluster.client(&leader);
    cluster.execute(&client, "DELETE FROM entries WHERE id > 400");
    same(&cluster, &leader, &replica);
}

#[test]
fn a_replica_that_was_left_behind_says_so_and_begins_anew_where_it_may() {
    let cluster = Cluster::new();
    let store = bourse::Options {
        log_segment_bytes: 4 << 20,
        checkpoint_log_bytes: 4 << 20,
        held_log_bytes_max: 4 << 20,
        ..bourse::Options::default()
    };
    let leader = cluster.leader_with(store);
    let client = make_entries(&cluster, &leader);
    let mut replica = cluster.replica("first", leader.replication());
    same(&cluster, &leader, &replica);
    replica.stop();
    let lost = "SELECT wal_status FROM pg_replication_slots";
    eventually("a slot that is lost", || {
        let more = "UPDATE entries SET text = repeat(md5(random()::text), 100), value = value + 1";
        cluster.execute(&client, more);
        cluster.execute(&client, "CHECKPOINT");
        cluster.value(&client, lost) == "lost"
    });
    replica.start();
    let there = cluster.client(&replica);
    let state = "SELECT status FROM pg_stat_wal_receiver";
    eventually("an end", || cluster.value(&there, state) == "stopped");
    drop(there);
    replica.stop();
    replica.options.follow_anew = true;
    replica.start();
    assert_eq!(replica.server().wait_for_end().unwrap(), End::BeginAnew);
    replica.stop();
    bourse_server::replication::clear_for_new_start(&replica.data).unwrap();
    replica.start();
    same(&cluster, &leader, &replica);
}

#[test]
fn a_promoted_replica_takes_writes() {
    let cluster = Cluster::new();
    let mut leader = cluster.leader();
    let client = make_entries(&cluster, &leader);
    cluster.execute(&client, "CREATE TEMPORARY TABLE mine (a int)");
    let replica = cluster.replica("first", leader.replication());
    same(&cluster, &leader, &replica);
    assert_eq!(cluster.value(&client, "SELECT bourse_term()"), "0");
    leader.stop();
    let there = cluster.client(&replica);
    assert_eq!(cluster.value(&there, "SELECT bourse_term()"), "0");
    assert_eq!(cluster.value(&there, "SELECT pg_promote()"), "t");
    // At once: a token would say the term of the last record, which is an old one yet.
    assert_eq!(cluster.value(&there, "SELECT bourse_term()"), "1");
    assert_eq!(cluster.value(&there, "SELECT pg_is_in_recovery()"), "f");
    assert_eq!(cluster.value(&there, "SHOW transaction_read_only"), "off");
    cluster.execute(&there, "INSERT INTO entries VALUES (100000, 1, 'new')");
    cluster.execute(&there, "CREATE TEMPORARY TABLE mine (a int); INSERT INTO mine VALUES (1)");
    assert_eq!(cluster.value(&there, "SELECT count(*) FROM entries"), "501");
    assert_eq!(cluster.value(&there, "SELECT count(*) FROM pg_stat_wal_receiver"), "0");
}

#[test]
fn a_node_without_the_secret_is_refused() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    make_entries(&cluster, &leader);
    let other = cluster.path("other secret");
    std::fs::write(&other, [b'o'; 40]).unwrap();
    let options = Options {
        follow: Some(leader.replication().to_string()),
        cluster_secret_file: Some(other),
        ..cluster.options()
    };
    let data = cluster.path("stranger");
    let error = bourse_server::replication::prepare(&data, &options, &mut |_| {}).unwrap_err();
    assert!(error.message().contains("secret"), "{error}");
    assert!(!data.join("STORE").exists());
    // Nor does a server begin that has none.
    let database = bourse::Database::open(data.join("own"), bourse::Options::default()).unwrap();
    let listens = Options {
        replication_listen: Some(nowhere()),
        cluster_secret_file: None,
        ..cluster.options()
    };
    assert!(Server::start(database, listens).unwrap_err().message().contains("secret"));
}

#[test]
fn a_store_of_its_own_follows_nobody() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    make_entries(&cluster, &leader);
    let data = cluster.path("own");
    drop(bourse::Database::open(&data, bourse::Options::default()).unwrap());
    let error = cluster.try_replica("own", leader.replication()).err().unwrap();
    assert!(error.message().contains("no replica"), "{error}");
    // What is no store is not touched either.
    let data = cluster.path("full");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("letter"), "dear").unwrap();
    let error = cluster.try_replica("full", leader.replication()).err().unwrap();
    assert!(error.message().contains("letter"), "{error}");
    assert!(data.join("letter").exists());
}

#[test]
fn two_replicas_do_not_share_a_name() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    make_entries(&cluster, &leader);
    let first = cluster.replica("first", leader.replication());
    same(&cluster, &leader, &first);
    let mut second = cluster.replica("second", leader.replication());
    same(&cluster, &leader, &second);
    second.stop();
    second.options.node_name = Some("first".to_owned());
    second.start();
    let there = cluster.client(&second);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(cluster.value(&there, "SELECT status FROM pg_stat_wal_receiver"), "connecting");
    same(&cluster, &leader, &first);
}
