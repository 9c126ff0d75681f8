//! Guards: whoever brings the token of a write to a replica never reads a state without it, and is
//! refused, to try again, where it takes too long; nor a state that is older than allowed.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::following::{load, make_entries, same};
use super::nodes::{Cluster, eventually};
use super::proxy::Proxy;

#[test]
fn reads_with_a_token_see_the_write() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let here = make_entries(&cluster, &leader);
    let replica = cluster.replica("first", leader.replication());
    let there = cluster.client(&replica);
    let (is_over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let writer = cluster.client(&leader);
    let mut stale_without = 0;
    std::thread::scope(|scope| {
        let working = scope.spawn(|| load(&cluster, &writer, 10_000, &is_over, &done));
        for round in 0..200 {
            let write = format!("UPDATE entries SET value = {round} WHERE id = 7");
            cluster.execute(&here, &write);
            let token = cluster.value(&here, "SELECT bourse_token()");
            let read = "SELECT value FROM entries WHERE id = 7";
            if cluster.value(&there, read) != round.to_string() {
                stale_without += 1;
            }
            cluster.execute(&there, &format!("SET bourse.read_after_lsn = '{token}'"));
            assert_eq!(cluster.value(&there, read), round.to_string());
            // In a transaction that began with it, too.
            let begun = format!("BEGIN ISOLATION LEVEL REPEATABLE READ; {read}");
            assert_eq!(cluster.value(&there, &begun), round.to_string());
            cluster.execute(&there, "COMMIT; RESET bourse.read_after_lsn");
        }
        is_over.store(true, Ordering::Relaxed);
        working.join().unwrap();
    });
    // Otherwise this would have shown nothing.
    assert!(stale_without > 0, "without a token every read was fresh");
}

#[test]
fn a_table_that_was_just_made_is_found_with_a_token() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let here = make_entries(&cluster, &leader);
    let replica = cluster.replica("first", leader.replication());
    let there = cluster.client(&replica);
    for number in 0..20 {
        cluster.execute(&here, &format!("CREATE TABLE t{number} AS SELECT {number} AS a"));
        let token = cluster.value(&here, "SELECT bourse_token()");
        cluster.execute(&there, &format!("SET bourse.read_after_lsn = '{token}'"));
        let found = cluster.value(&there, &format!("SELECT a FROM t{number}"));
        assert_eq!(found, number.to_string());
    }
}

#[test]
fn what_does_not_come_in_time_is_refused_and_can_be_tried_again() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let here = make_entries(&cluster, &leader);
    let proxy = Proxy::to(leader.replication());
    let replica = cluster.replica("first", proxy.address);
    same(&cluster, &leader, &replica);
    let there = cluster.client(&replica);
    proxy.refuse(true);
    cluster.execute(&here, "UPDATE entries SET value = 1 WHERE id = 1");
    let token = cluster.value(&here, "SELECT bourse_token()");
    let wait = format!("SELECT bourse_wait_for_lsn('{token}', 100)");
    assert_eq!(cluster.value(&there, &wait), "f");
    cluster.execute(
        &there,
        &format!("SET bourse.read_after_lsn = '{token}'; SET bourse.read_timeout = '200ms'"),
    );
    let read = "SELECT value FROM entries WHERE id = 1";
    let error = cluster.try_value(&there, read).unwrap_err();
    assert_eq!(error.code().unwrap().code(), "40001", "{error:?}");
    // The leader has it anyway.
    cluster.execute(&here, &format!("SET bourse.read_after_lsn = '{token}'"));
    assert_eq!(cluster.value(&here, read), "1");
    cluster.execute(&there, "RESET bourse.read_after_lsn; SET bourse.max_staleness = '300ms'");
    eventually("a state that is too old", || match cluster.try_value(&there, read) {
        Ok(_) => false,
        Err(error) => {
            assert_eq!(error.code().unwrap().code(), "40001", "{error:?}");
            true
        }
    });
    proxy.refuse(false);
    eventually("a state that is fresh enough", || cluster.try_value(&there, read).is_ok());
    assert_eq!(cluster.value(&there, &wait), "t");
}

#[test]
fn what_is_no_token_is_refused() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let here = make_entries(&cluster, &leader);
    for text in ["", "x", "0/", "1:2:3"] {
        let error = cluster
            .try_value(&here, &format!("SELECT bourse_wait_for_lsn('{text}', 1)"))
            .unwrap_err();
        assert_eq!(error.code().unwrap().code(), "22P02", "{text}");
    }
    let error = cluster.try_value(&here, "SET bourse.read_after_lsn = 'x'").unwrap_err();
    assert_eq!(error.code().unwrap().code(), "22023");
    let other = format!("SELECT bourse_wait_for_lsn('{:032x}:0:0/00000001', 1)", 77);
    let error = cluster.try_value(&here, &other).unwrap_err();
    assert_eq!(error.code().unwrap().code(), "55000");
}
