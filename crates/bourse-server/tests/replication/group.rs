//! Guards: three servers agree on each commit. What was acknowledged is on all of them, whoever is
//! killed; who was away, or has what nobody agreed on, comes to the state of the others; where
//! there is no majority commits fail, and succeed again when there is.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::members::{Group, check_all_there, write_until};
use super::nodes::{Cluster, command, eventually};

#[test]
fn rows_that_the_leader_has_are_on_all() {
    let group = Group::begun();
    let (id, leader) = group.leader();
    group.cluster.execute(
        &leader,
        "INSERT INTO entries SELECT n, n * 7, repeat('x', 50) FROM generate_series(1, 20000) n",
    );
    let sum = group.same();
    assert!(sum.starts_with("20000:"), "{sum}");
    let token = group.cluster.value(&leader, "SELECT bourse_token()");
    for other in (1..=3).filter(|other| *other != id) {
        let client = group.client(other);
        assert_eq!(group.cluster.value(&client, "SELECT pg_is_in_recovery()"), "t");
        let wait = format!("SELECT bourse_wait_for_lsn('{token}', 30000)");
        assert_eq!(group.cluster.value(&client, &wait), "t");
        let refused = group.cluster.run(client.batch_execute("DELETE FROM entries")).unwrap_err();
        let refused = refused.as_db_error().unwrap();
        assert_eq!(refused.code().code(), "25006");
        let address = format!("127.0.0.1:{}", group.members[id - 1].port);
        assert!(refused.hint().unwrap_or_default().contains(&address), "{refused:?}");
        // Fresh by the leader's word, and that of a majority.
        let read = "SET bourse.max_staleness = '30s'; SELECT count(*) FROM entries";
        eventually("a read of a known age", || {
            let client = group.client(other);
            group.cluster.run(client.batch_execute(read)).is_ok()
        });
        let promoted = group.cluster.run(client.batch_execute("SELECT pg_promote()")).unwrap_err();
        assert_eq!(promoted.as_db_error().unwrap().code().code(), "55000");
    }
}

#[test]
fn leaders_that_are_killed_or_stopped_lose_nothing_that_was_acknowledged() {
    let mut group = Group::begun();
    let ports: Vec<u16> = group.members.iter().map(|member| member.port).collect();
    let (is_over, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::default());
    let writers: Vec<_> = (0..1)
        .map(|_| {
            let (is_over, acknowledged) = (Arc::clone(&is_over), Arc::clone(&acknowledged));
            let ports = ports.clone();
            let clients = Cluster::new();
            std::thread::spawn(move || write_until(&clients, &ports, &is_over, &acknowledged))
        })
        .collect();
    let count = || acknowledged.lock().unwrap().len();
    for round in 0..4 {
        let before = count();
        eventually("some load", || count() > before + 50);
        let (leader, _) = group.leader();
        match round % 2 {
            0 => group.kill(leader),
            _ => group.stop(leader),
        }
        let before = count();
        eventually("load on another leader", || count() > before + 50);
        assert_ne!(group.leader().0, leader);
        group.start(leader);
        group.client(leader);
    }
    is_over.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.join().unwrap();
    }
    group.same();
    let acknowledged = acknowledged.lock().unwrap().clone();
    check_all_there(&group, &acknowledged);
}

#[test]
fn a_member_that_was_away_catches_up() {
    let mut group = Group::begun();
    let (leader, client) = group.leader();
    let away = leader % 3 + 1;
    group.kill(away);
    for part in 0..20 {
        let text = format!(
            "INSERT INTO entries SELECT {part} * 1000 + n, n, repeat('y', 100) \
             FROM generate_series(1, 500) n"
        );
        group.cluster.execute(&client, &text);
        // What checkpoints have is in the log for as long as somebody lacks it.
        group.cluster.execute(&client, "CHECKPOINT");
    }
    group.start(away);
    let sum = group.same();
    assert!(sum.starts_with("10000:"), "{sum}");
    assert!(!group.told(away).contains("begins anew"), "{}", group.told(away));
}

#[test]
fn without_a_majority_commits_fail_and_succeed_again_with_one() {
    let mut group = Group::begun();
    let (leader, client) = group.leader();
    let others: Vec<usize> = (1..=3).filter(|id| *id != leader).collect();
    group.cluster.execute(&client, "INSERT INTO entries VALUES (1, 1, 'agreed on')");
    for id in &others {
        group.kill(*id);
    }
    let insert = "INSERT INTO entries VALUES (2, 2, 'maybe')";
    let refused = group.cluster.run(client.batch_execute(insert)).unwrap_err();
    assert_eq!(refused.as_db_error().expect("an answer").code().code(), "08007", "{refused}");
    for id in &others {
        group.start(*id);
    }
    eventually("a commit", || {
        let (_, client) = group.leader();
        let insert = "INSERT INTO entries VALUES (3, 3, 'agreed on') ON CONFLICT DO NOTHING";
        group.cluster.clients.block_on(client.batch_execute(insert)).is_ok()
    });
    group.same();
    let (_, client) = group.leader();
    let count = "SELECT count(*) FROM entries WHERE id IN (1, 3)";
    assert_eq!(group.cluster.value(&client, count), "2");
}

#[test]
fn what_nobody_agreed_on_is_taken_back() {
    let mut group = Group::begun();
    let (leader, client) = group.leader();
    let others: Vec<usize> = (1..=3).filter(|id| *id != leader).collect();
    for id in &others {
        group.kill(*id);
    }
    let insert = "INSERT INTO entries SELECT n, n, 'alone' FROM generate_series(1, 100) n";
    let refused = group.cluster.run(client.batch_execute(insert)).unwrap_err();
    assert_eq!(refused.as_db_error().expect("an answer").code().code(), "08007", "{refused}");
    group.kill(leader);
    for id in &others {
        group.start(*id);
    }
    let (_, client) = group.leader();
    group.cluster.execute(&client, "INSERT INTO entries VALUES (7, 7, 'agreed on')");
    group.start(leader);
    let sum = group.same();
    assert_eq!(sum, format!("1:{}", 7 * 31 + 7));
    let old = group.client(leader);
    assert_eq!(group.cluster.value(&old, "SELECT text FROM entries"), "agreed on");
}

#[test]
fn who_does_not_belong_to_the_group_is_refused() {
    let mut group = Group::new();
    group.start_with(1, &["--create"]);
    group.leader();
    std::fs::write(group.cluster.path("other-secret"), [b'x'; 40]).unwrap();
    let mut wrong = group.command(2, "other-secret").spawn().unwrap();
    eventually("its end", || wrong.try_wait().unwrap().is_some());
    assert!(!wrong.wait().unwrap().success());
    let told = group.told(2);
    assert!(told.contains("does not let this node in"), "{told}");
    // Another number than the store's; and none at all.
    group.start(2);
    group.client(2);
    group.kill(2);
    for arguments in [vec!["--node-id", "3", "--peers", &group.peers], vec![]] {
        let ended = Command::new(command())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(&arguments)
            .arg("--cluster-secret-file")
            .arg(group.cluster.path("secret"))
            .arg("--data")
            .arg(group.cluster.path("member-2"))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success(), "{arguments:?}: {told}");
        assert!(told.contains("--node-id"), "{arguments:?}: {told}");
    }
}
