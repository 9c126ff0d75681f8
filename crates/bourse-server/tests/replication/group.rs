//! Guards: three servers agree on each commit. What was acknowledged is on all of them, whoever is
//! killed; who was away, or has what nobody agreed on, comes to the state of the others; where
//! there is no majority commits fail, and succeed again when there is.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_postgres::{Client, NoTls};

use super::nodes::{Cluster, SUM, command, eventually};

/// A member, in a process of its own.
struct Member {
    id: usize,
    port: u16,
    child: Option<Child>,
}

/// Three members, with ports that stay theirs.
struct Group {
    cluster: Cluster,
    members: Vec<Member>,
    peers: String,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Whether the command is there: a build of this package alone has none.
fn is_built() -> bool {
    let is_built = command().exists();
    if !is_built {
        eprintln!("left out: {} is not there", command().display());
    }
    is_built
}

impl Group {
    fn new() -> Group {
        let cluster = Cluster::new();
        let mut ports = BTreeSet::new();
        while ports.len() < 6 {
            ports.insert(free_port());
        }
        let ports: Vec<u16> = ports.into_iter().collect();
        let peers: Vec<String> =
            (0..3).map(|at| format!("{}=127.0.0.1:{}", at + 1, ports[3 + at])).collect();
        let members = (0..3).map(|at| Member { id: at + 1, port: ports[at], child: None });
        Group { cluster, members: members.collect(), peers: peers.join(",") }
    }

    /// All three, the first one with a table.
    fn begun() -> Group {
        let mut group = Group::new();
        group.start_with(1, &["--create"]);
        let first = group.leader();
        let table = "CREATE TABLE entries (id bigint PRIMARY KEY, value bigint, text text)";
        group.cluster.execute(&first.1, table);
        for id in [2, 3] {
            group.start(id);
        }
        // Both have a vote: the group goes on without any one.
        for id in [2, 3] {
            let address = group.peers.split(',').nth(id - 1).unwrap().split_once('=').unwrap().1;
            let said = format!("member {id} at {address} is part of the group");
            eventually(&said, || (1..=3).any(|of| group.told(of).contains(&said)));
        }
        group
    }

    fn log(&self, id: usize) -> std::path::PathBuf {
        self.cluster.path(&format!("log-{id}"))
    }

    /// What a member has said so far.
    fn told(&self, id: usize) -> String {
        std::fs::read_to_string(self.log(id)).unwrap_or_default()
    }

    fn command(&self, id: usize, secret: &str) -> Command {
        let log = self.log(id);
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        let member = &self.members[id - 1];
        let mut command = Command::new(command());
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{}", member.port)])
            .args(["--node-id", &id.to_string(), "--peers", &self.peers])
            .args(["--commit-timeout-ms", "2000"])
            .arg("--cluster-secret-file")
            .arg(self.cluster.path(secret))
            .arg("--data")
            .arg(self.cluster.path(&format!("member-{id}")))
            .stdout(Stdio::null())
            .stderr(log);
        command
    }

    fn start(&mut self, id: usize) {
        self.start_with(id, &[]);
    }

    fn start_with(&mut self, id: usize, more: &[&str]) {
        let child = self.command(id, "secret").args(more).spawn().unwrap();
        self.members[id - 1].child = Some(child);
    }

    fn kill(&mut self, id: usize) {
        let mut child = self.members[id - 1].child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// As an operator stops it.
    fn stop(&mut self, id: usize) {
        let mut child = self.members[id - 1].child.take().unwrap();
        let told = Command::new("kill").arg(child.id().to_string()).status().unwrap();
        assert!(told.success());
        eventually("the end of a member", || child.try_wait().unwrap().is_some());
    }

    fn connect(&self, id: usize) -> Option<Client> {
        connect(&self.cluster, self.members[id - 1].port)
    }

    /// A client of a member that runs.
    fn client(&self, id: usize) -> Client {
        let mut found = None;
        eventually(&format!("a session on member {id}"), || {
            found = self.connect(id);
            found.is_some()
        });
        found.unwrap()
    }

    /// The member that takes writes, and a client of it.
    fn leader(&self) -> (usize, Client) {
        let mut found = None;
        eventually("a leader", || {
            for member in self.members.iter().filter(|member| member.child.is_some()) {
                let Some(client) = self.connect(member.id) else { continue };
                let answer = self.cluster.try_value(&client, "SELECT pg_is_in_recovery()");
                if answer.is_ok_and(|answer| answer == "f") {
                    found = Some((member.id, client));
                    return true;
                }
            }
            false
        });
        found.unwrap()
    }

    /// Waits until all members that run have the rows of the leader.
    fn same(&self) -> String {
        let mut sums = Vec::new();
        eventually("the same rows on all members", || {
            let (_, leader) = self.leader();
            let Ok(sum) = self.cluster.try_value(&leader, SUM) else { return false };
            sums = self
                .members
                .iter()
                .filter(|member| member.child.is_some())
                .filter_map(|member| {
                    let client = self.connect(member.id)?;
                    self.cluster.try_value(&client, SUM).ok()
                })
                .collect();
            let running = self.members.iter().filter(|member| member.child.is_some()).count();
            sums.len() == running && sums.iter().all(|other| *other == sum)
        });
        sums.pop().unwrap()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        for member in &mut self.members {
            if let Some(child) = &mut member.child {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
        if std::thread::panicking() {
            for id in 1..=3 {
                let text = self.told(id);
                let lines: Vec<&str> = text.lines().collect();
                let from = lines.len().saturating_sub(60);
                eprintln!("--- member {id}\n{}", lines[from..].join("\n"));
            }
        }
    }
}

fn connect(cluster: &Cluster, port: u16) -> Option<Client> {
    let config = format!("host=127.0.0.1 port={port} user=bourse dbname=bourse");
    cluster.clients.block_on(async {
        let connecting = tokio_postgres::connect(&config, NoTls);
        let connected = tokio::time::timeout(Duration::from_secs(5), connecting).await;
        let (client, connection) = connected.ok()?.ok()?;
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Some(client)
    })
}

/// A client that writes rows, one a transaction, to whoever takes them.
fn write_until(
    cluster: &Cluster,
    ports: &[u16],
    is_over: &AtomicBool,
    acknowledged: &Mutex<Vec<i64>>,
) {
    let mut client = None;
    let mut id = 1_000_i64;
    while !is_over.load(Ordering::Relaxed) {
        let Some(there) = client.take().or_else(|| {
            let found = ports.iter().filter_map(|port| connect(cluster, *port));
            found.into_iter().find(|client| {
                let answer = cluster.try_value(client, "SELECT pg_is_in_recovery()");
                answer.is_ok_and(|answer| answer == "f")
            })
        }) else {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        id += 1;
        let text = format!("INSERT INTO entries VALUES ({id}, {id} % 1000, 'load')");
        let done = cluster.clients.block_on(async {
            tokio::time::timeout(Duration::from_secs(10), there.batch_execute(&text)).await
        });
        if matches!(done, Ok(Ok(()))) {
            acknowledged.lock().unwrap().push(id);
            client = Some(there);
        }
    }
}

fn check_all_there(group: &Group, acknowledged: &[i64]) {
    for id in 1..=3 {
        let client = group.client(id);
        let rows = group.cluster.run(client.query("SELECT id FROM entries", &[])).unwrap();
        let there: BTreeSet<i64> = rows.iter().map(|row| row.get(0)).collect();
        let lost: Vec<_> = acknowledged.iter().filter(|id| !there.contains(id)).collect();
        assert!(lost.is_empty(), "member {id} lacks {lost:?}, which were acknowledged");
    }
}

#[test]
fn rows_that_the_leader_has_are_on_all() {
    if !is_built() {
        return;
    }
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
    if !is_built() {
        return;
    }
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
    if !is_built() {
        return;
    }
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
    }
    group.start(away);
    let sum = group.same();
    assert!(sum.starts_with("10000:"), "{sum}");
}

#[test]
fn without_a_majority_commits_fail_and_succeed_again_with_one() {
    if !is_built() {
        return;
    }
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
    if !is_built() {
        return;
    }
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
    if !is_built() {
        return;
    }
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
