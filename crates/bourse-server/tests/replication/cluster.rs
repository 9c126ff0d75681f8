//! Guards: an operator changes a group while it runs. Members come and go, and another one leads,
//! with nothing lost that was acknowledged; what would bring the group to a stand is refused.

use std::collections::BTreeSet;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_postgres::Client;

use super::http;
use super::members::{Group, check_all_there};
use super::nodes::{Cluster, command, eventually};

/// `bourse cluster`, of all members that run.
fn operate(group: &Group, words: &[&str]) -> Output {
    let hosts: Vec<_> = group
        .members
        .iter()
        .filter(|member| member.child.is_some())
        .map(|member| format!("127.0.0.1:{}", member.port))
        .collect();
    let url = format!("postgresql://bourse@{}/bourse", hosts.join(","));
    let mut run = Command::new(command());
    run.arg("cluster").args(words).args(["--url", &url]).output().unwrap()
}

/// What it says in JSON.
fn operated(group: &Group, words: &[&str]) -> serde_json::Value {
    let output = operate(group, words);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {told}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Code, message and hint of a statement that is refused.
fn refused(group: &Group, client: &Client, text: &str) -> (String, String) {
    let error = group.cluster.run(client.batch_execute(text)).expect_err(text);
    let told = error.as_db_error().unwrap_or_else(|| panic!("{text}: {error:?}"));
    let text = format!("{}; {}", told.message(), told.hint().unwrap_or_default());
    (told.code().code().to_owned(), text)
}

/// Numbers and roles, and who is said to be there.
fn status(group: &Group, client: &Client) -> Vec<(i64, String, Option<bool>)> {
    let text = "SELECT node_id, role, healthy FROM bourse_cluster_status() ORDER BY node_id";
    let rows = group.cluster.run(client.query(text, &[])).unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

/// Waits until the leader hears of these, and of no others.
fn wait_for_healthy(group: &Group, wanted: &[usize]) {
    eventually(&format!("members {wanted:?} there, and no others"), || {
        let (_, client) = group.leader();
        let is_there = |(id, _, healthy): &(i64, String, Option<bool>)| {
            (*healthy == Some(true)).then_some(usize::try_from(*id).unwrap())
        };
        let there: Vec<usize> = status(group, &client).iter().filter_map(is_there).collect();
        there == wanted
    });
}

#[test]
fn every_member_knows_all_of_them() {
    let group = Group::begun();
    wait_for_healthy(&group, &[1, 2, 3]);
    let (leader, client) = group.leader();
    group.cluster.execute(&client, "INSERT INTO entries VALUES (1, 1, 'agreed on')");
    for id in 1..=3 {
        let client = group.client(id);
        let text = "SELECT node_id, role, address, clients, is_self, term > 0, lag_records \
                    FROM bourse_cluster_status() ORDER BY node_id";
        let mut rows = Vec::new();
        eventually("nobody behind", || {
            rows = group.cluster.run(client.query(text, &[])).unwrap();
            rows.iter().all(|row| row.get::<_, Option<i64>>(6) == Some(0))
        });
        assert_eq!(rows.len(), 3);
        for (row, member) in rows.iter().zip(&group.members) {
            let role = if member.id == leader { "leader" } else { "voter" };
            assert_eq!(row.get::<_, i64>(0), i64::try_from(member.id).unwrap());
            assert_eq!(row.get::<_, String>(1), role, "member {} of {id}", member.id);
            assert_eq!(row.get::<_, String>(2), member.peer_address());
            assert_eq!(row.get::<_, String>(3), format!("127.0.0.1:{}", member.port));
            assert_eq!(row.get::<_, bool>(4), member.id == id);
            assert!(row.get::<_, bool>(5), "a term");
        }
    }
    let json = operated(&group, &["status"]);
    assert_eq!(json["leader"], leader);
    assert_eq!(json["members"].as_array().unwrap().len(), 3);
    assert_eq!(
        json["members"][leader - 1]["clients"],
        format!("127.0.0.1:{}", group.members[leader - 1].port)
    );
    // Those who may not do everything may do none of it.
    let client = group.leader().1;
    group.cluster.execute(&client, "CREATE USER reader PASSWORD 'x'");
    let (code, _) = {
        let config = format!(
            "host=127.0.0.1 port={} user=reader password=x dbname=bourse",
            group.members[leader - 1].port
        );
        let reader = group.cluster.run(async {
            let (client, connection) =
                tokio_postgres::connect(&config, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        });
        refused(&group, &reader, "SELECT * FROM bourse_cluster_status()")
    };
    assert_eq!(code, "42501");
}

/// A client that writes, and what it was told.
#[derive(Default)]
struct Writer {
    acknowledged: Mutex<Vec<i64>>,
    errors: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

impl Writer {
    /// Writes rows, one a transaction, to whoever takes them.
    fn run(&self, cluster: &Cluster, group: &Group, from: i64) {
        let mut client: Option<Client> = None;
        let mut id = from;
        while !self.is_over.load(Ordering::Relaxed) {
            let Some(there) = client.take().or_else(|| takes_writes(cluster, group)) else {
                std::thread::sleep(Duration::from_millis(5));
                continue;
            };
            id += 1;
            let text = format!("INSERT INTO entries VALUES ({id}, {id}, 'load')");
            match cluster.run(there.batch_execute(&text)) {
                Ok(()) => {
                    self.acknowledged.lock().unwrap().push(id);
                    client = Some(there);
                }
                Err(error) => {
                    let code = error.code().map(|code| code.code().to_owned());
                    // Without one its session had ended before it was heard.
                    self.errors.lock().unwrap().extend(code);
                }
            }
        }
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }
}

fn takes_writes(cluster: &Cluster, group: &Group) -> Option<Client> {
    group.members.iter().find_map(|member| {
        let client = super::members::connect(cluster, member.port)?;
        let answer = cluster.try_value(&client, "SELECT pg_is_in_recovery()");
        answer.is_ok_and(|answer| answer == "f").then_some(client)
    })
}

#[test]
fn leadership_is_handed_over_and_nobody_who_writes_is_left_in_doubt() {
    let group = Group::begun();
    let writer = Writer::default();
    std::thread::scope(|scope| {
        for at in 0..2 {
            let (writer, group) = (&writer, &group);
            scope.spawn(move || writer.run(&Cluster::new(), group, 1_000_000 * (at + 1)));
        }
        for round in 0..4 {
            let before = writer.count();
            eventually("some load", || writer.count() > before + 50);
            wait_for_healthy(&group, &[1, 2, 3]);
            let (leader, client) = group.leader();
            let led = match round % 2 {
                0 => {
                    let text = "SELECT bourse_cluster_switchover()::text";
                    group.cluster.value(&client, text).parse().unwrap()
                }
                _ => {
                    let to = leader % 3 + 1;
                    let json = operated(&group, &["switchover", "--to", &to.to_string()]);
                    assert_eq!(json["leader"], to);
                    to
                }
            };
            assert_ne!(led, leader);
            assert_eq!(group.leader().0, led, "after round {round}");
            let before = writer.count();
            eventually("load on another leader", || writer.count() > before + 50);
        }
        writer.is_over.store(true, Ordering::Relaxed);
    });
    // 40001: not run; 25006: another one leads; 57P01, 57P03: sessions end, and none begins yet.
    let errors: BTreeSet<String> = writer.errors.lock().unwrap().drain(..).collect();
    let retryable: BTreeSet<String> =
        ["40001", "25006", "57P01", "57P03"].map(str::to_owned).into();
    assert!(errors.is_subset(&retryable), "{errors:?}");
    group.same();
    check_all_there(&group, &writer.acknowledged.lock().unwrap());
}

#[test]
fn a_transaction_ends_before_leadership_is_handed_over() {
    let group = Group::begun();
    wait_for_healthy(&group, &[1, 2, 3]);
    let (leader, writer) = group.leader();
    group.cluster.execute(&writer, "BEGIN; INSERT INTO entries VALUES (1, 1, 'one')");
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| {
            let client = group.client(leader);
            group.cluster.value(&client, "SELECT bourse_cluster_switchover()::text")
        });
        // It is let go on, and agreed on, before another one leads.
        group.cluster.execute(&writer, "INSERT INTO entries VALUES (2, 2, 'two'); COMMIT");
        assert_ne!(asked.join().unwrap(), leader.to_string());
    });
    let (_, client) = group.leader();
    assert_eq!(group.cluster.value(&client, "SELECT count(*) FROM entries"), "2");
    group.same();
}

#[test]
fn a_fourth_member_comes_and_another_one_goes() {
    let mut group = Group::begun();
    let (_, client) = group.leader();
    let rows = "INSERT INTO entries SELECT n, n, 'before' FROM generate_series(1, 5000) n";
    group.cluster.execute(&client, rows);
    let fourth = group.enlarge();
    let address = group.members[fourth - 1].peer_address();
    // It has a backup, and waits: nobody has asked for it.
    group.start(fourth);
    eventually("that it waits", || group.told(fourth).contains("waits to be part of the group"));
    let session = super::members::try_connect(&group.cluster, group.members[fourth - 1].port);
    assert_eq!(session.err().as_deref(), Some("57P03"));
    assert_eq!(status(&group, &client).len(), 3);

    let json = operated(&group, &["add", "4", &address]);
    assert_eq!(json["members"][3]["role"], "learner");
    group.same();
    group.cluster.execute(&client, "INSERT INTO entries VALUES (6000, 6, 'after')");
    group.same();
    // Who does not lead says who does.
    let (leader, client) = group.leader();
    let other = group.client(leader % 3 + 1);
    let (code, told) = refused(&group, &other, "SELECT bourse_cluster_promote(4)");
    assert_eq!(code, "25006");
    assert!(told.contains(&format!("127.0.0.1:{}", group.members[leader - 1].port)), "{told}");
    let (code, _) = refused(&group, &client, "SELECT bourse_cluster_switchover(4)");
    assert_eq!(code, "55000", "it has no vote");
    let json = operated(&group, &["promote", "4"]);
    assert_eq!(json["members"][3]["role"], "voter");

    // One goes, and says so; it does not come back, neither as it was nor anew.
    let gone = leader % 3 + 1;
    let json = operated(&group, &["remove", &gone.to_string()]);
    assert_eq!(json["members"].as_array().unwrap().len(), 3);
    group.ends(gone);
    assert!(group.told(gone).contains("this member was removed from its group"));
    group.start(gone);
    group.ends(gone);
    std::fs::remove_dir_all(group.cluster.path(&format!("member-{gone}"))).unwrap();
    group.start(gone);
    eventually("that it waits", || group.told(gone).contains("waits to be part of the group"));
    group.kill(gone);

    // The fourth counts: without the leader it and the one that is left go on.
    group.kill(leader);
    let (_, client) = group.leader();
    group.cluster.execute(&client, "INSERT INTO entries VALUES (7000, 7, 'without two')");
    group.start(leader);
    group.same();
    // It knows the fourth, which its own list does not have.
    eventually("all of them", || {
        let client = group.client(leader);
        status(&group, &client).iter().filter(|one| one.2 == Some(true)).count() == 3
    });
}

#[test]
fn what_would_bring_the_group_to_a_stand_is_refused() {
    let mut group = Group::begun();
    wait_for_healthy(&group, &[1, 2, 3]);
    let (leader, client) = group.leader();
    let (away, other) = (leader % 3 + 1, (leader + 1) % 3 + 1);
    let address = group.members[away - 1].peer_address();
    for (text, code, part) in [
        ("SELECT bourse_cluster_remove(9)".to_owned(), "42704", "not in the group"),
        ("SELECT bourse_cluster_promote(9)".to_owned(), "42704", "not in the group"),
        ("SELECT bourse_cluster_switchover(9)".to_owned(), "42704", "not in the group"),
        (format!("SELECT bourse_cluster_promote({away})"), "42710", "has a vote"),
        (format!("SELECT bourse_cluster_add({away}, 'h:1')"), "42710", "in the group already"),
        (format!("SELECT bourse_cluster_add(9, '{address}')"), "42710", "in the group already"),
        ("SELECT bourse_cluster_add(9, 'nowhere')".to_owned(), "22023", "HOST:PORT"),
        ("SELECT bourse_cluster_add(0, 'h:1')".to_owned(), "22023", "count from 1"),
        (format!("SELECT bourse_cluster_remove({leader})"), "55000", "switchover"),
    ] {
        let (found, told) = refused(&group, &client, &text);
        assert_eq!(found, code, "{text}: {told}");
        assert!(told.contains(part), "{text}: {told}");
    }
    group.kill(away);
    let present: Vec<usize> = (1..=3).filter(|id| *id != away).collect();
    wait_for_healthy(&group, &present);
    let (_, client) = group.leader();
    for text in [
        format!("SELECT bourse_cluster_remove({other})"),
        format!("SELECT bourse_cluster_switchover({away})"),
    ] {
        let (code, told) = refused(&group, &client, &text);
        assert_eq!(code, "55000", "{text}: {told}");
    }
    let output = operate(&group, &["remove", &other.to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains(&format!("who is away: {away}")), "{told}");
    // The one that is away may go, and hears of it when it comes back.
    group.cluster.execute(&client, &format!("SELECT bourse_cluster_remove({away})"));
    group.cluster.execute(&client, "INSERT INTO entries VALUES (1, 1, 'by two')");
    group.start(away);
    group.ends(away);
    assert!(group.told(away).contains("this member was removed from its group"));
    let (code, _) = refused(&group, &client, "SELECT bourse_cluster_remove(99)");
    assert_eq!(code, "42704", "the group goes on");
}

#[test]
fn what_is_not_known_to_count_is_shown_to_nobody() {
    let mut group = Group::begun();
    let (leader, client) = group.leader();
    group.cluster.execute(&client, "INSERT INTO entries VALUES (1, 1, 'agreed on')");
    for id in 1..=3 {
        group.kill(id);
    }
    // Alone it does not learn what counts.
    group.start(leader);
    let member = &group.members[leader - 1];
    let (port, http) = (member.port, ([127, 0, 0, 1], member.http_port).into());
    let mut code = None;
    eventually("an answer", || {
        code = super::members::try_connect(&group.cluster, port).err();
        code.as_ref().is_some_and(|code| !code.is_empty())
    });
    assert_eq!(code.as_deref(), Some("57P03"));
    assert!(http::get(http, "/ready").starts_with("HTTP/1.1 503"));
    let metrics = http::get(http, "/metrics");
    assert!(metrics.contains("bourse_group_is_leader 0"), "{metrics}");
    for id in (1..=3).filter(|id| *id != leader) {
        group.start(id);
    }
    let (now, client) = group.leader();
    assert_eq!(group.cluster.value(&client, "SELECT text FROM entries"), "agreed on");
    let http = ([127, 0, 0, 1], group.members[now - 1].http_port).into();
    let metrics = http::get(http, "/metrics");
    assert!(metrics.contains("bourse_group_is_leader 1"), "{metrics}");
    let number = |name: &str| -> u64 {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name)).expect(name);
        line.trim().parse().unwrap()
    };
    assert!(number("bourse_group_term ") > 1);
    assert!(number("bourse_group_agreed_lsn ") > 0);
    assert!(http::get(http, "/ready").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_member_that_lacks_what_no_log_has_begins_anew() {
    let mut group = Group::begun_with(&["--held-log-bytes-max", "4194304"]);
    let (leader, client) = group.leader();
    let rows = "INSERT INTO entries SELECT n, n, '' FROM generate_series(1, 1000) n";
    group.cluster.execute(&client, rows);
    group.same();
    let away = leader % 3 + 1;
    group.kill(away);
    let lost =
        format!("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'member-{away}'");
    eventually("log that is given up", || {
        let more = "UPDATE entries SET text = repeat(md5(random()::text), 100), value = value + 1";
        group.cluster.execute(&client, more);
        group.cluster.execute(&client, "CHECKPOINT");
        group.cluster.value(&client, &lost) == "lost"
    });
    group.start(away);
    eventually("that it begins anew", || group.told(away).contains("it begins anew"));
    group.same();
    // It has its vote still: without the leader the two others go on.
    wait_for_healthy(&group, &[1, 2, 3]);
    group.kill(leader);
    let (_, client) = group.leader();
    group.cluster.execute(&client, "INSERT INTO entries VALUES (2000, 1, 'by two')");
    group.same();
}

#[test]
fn a_server_in_no_group_says_so() {
    let cluster = Cluster::new();
    let node = cluster.leader();
    let client = cluster.client(&node);
    for text in [
        "SELECT * FROM bourse_cluster_status()",
        "SELECT bourse_cluster_add(1, 'h:1')",
        "SELECT bourse_cluster_promote(1)",
        "SELECT bourse_cluster_remove(1)",
        "SELECT bourse_cluster_switchover()",
    ] {
        let error = cluster.run(client.batch_execute(text)).expect_err(text);
        let told = error.as_db_error().unwrap();
        assert_eq!(told.code().code(), "55000", "{text}: {told:?}");
        assert!(told.hint().unwrap_or_default().contains("--node-id"), "{told:?}");
    }
}
