//! Members of a group, each in a process of its own, and a client that writes.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_postgres::{Client, NoTls};

use super::nodes::{Cluster, SUM, command, eventually};

/// A member, in a process of its own.
pub(crate) struct Member {
    pub(crate) id: usize,
    /// Where clients, other members and whoever watches connect.
    pub(crate) port: u16,
    pub(crate) peer_port: u16,
    pub(crate) http_port: u16,
    /// As its own list has them.
    peers: String,
    pub(crate) child: Option<Child>,
}

impl Member {
    fn new(id: usize) -> Member {
        let [port, peer_port, http_port] = [(); 3].map(|()| free_port());
        Member { id, port, peer_port, http_port, peers: String::new(), child: None }
    }

    pub(crate) fn peer_address(&self) -> String {
        format!("127.0.0.1:{}", self.peer_port)
    }
}

/// Members, with ports that stay theirs.
pub(crate) struct Group {
    pub(crate) cluster: Cluster,
    pub(crate) members: Vec<Member>,
    pub(crate) peers: String,
    /// Further options of all.
    pub(crate) options: Vec<String>,
}

/// A port that nobody has, and that no other test of this process was given.
fn free_port() -> u16 {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        if GIVEN.lock().unwrap().insert(port) {
            return port;
        }
    }
}

fn list(members: &[Member]) -> String {
    let peers = members.iter().map(|member| format!("{}={}", member.id, member.peer_address()));
    peers.collect::<Vec<_>>().join(",")
}

impl Group {
    pub(crate) fn new() -> Group {
        assert!(
            command().exists(),
            "{} is not there: build it first, as `cargo test --workspace` does",
            command().display()
        );
        let mut members: Vec<Member> = (1..=3).map(Member::new).collect();
        let peers = list(&members);
        for member in &mut members {
            member.peers.clone_from(&peers);
        }
        Group { cluster: Cluster::new(), members, peers, options: Vec::new() }
    }

    /// One more, of which the others know nothing. Returns its number.
    pub(crate) fn enlarge(&mut self) -> usize {
        let id = self.members.len() + 1;
        self.members.push(Member::new(id));
        let all = list(&self.members);
        self.members[id - 1].peers = all;
        id
    }

    /// All three, the first one with a table.
    pub(crate) fn begun() -> Group {
        Group::begun_with(&[])
    }

    /// The same with further options.
    pub(crate) fn begun_with(options: &[&str]) -> Group {
        let mut group = Group::new();
        group.options = options.iter().map(ToString::to_string).collect();
        group.start_with(1, &["--create"]);
        let first = group.leader();
        let table = "CREATE TABLE entries (id bigint PRIMARY KEY, value bigint, text text)";
        group.cluster.execute(&first.1, table);
        for id in [2, 3] {
            group.start(id);
        }
        // Both have a vote: the group goes on without any one.
        for id in [2, 3] {
            let address = group.members[id - 1].peer_address();
            let said = format!("member {id} at {address} is part of the group");
            eventually(&said, || (1..=3).any(|of| group.told(of).contains(&said)));
        }
        group
    }

    pub(crate) fn log(&self, id: usize) -> std::path::PathBuf {
        self.cluster.path(&format!("log-{id}"))
    }

    /// What a member has said so far.
    pub(crate) fn told(&self, id: usize) -> String {
        std::fs::read_to_string(self.log(id)).unwrap_or_default()
    }

    pub(crate) fn command(&self, id: usize, secret: &str) -> Command {
        let log = self.log(id);
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        let member = &self.members[id - 1];
        let mut command = Command::new(command());
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{}", member.port)])
            .args(["--http", &format!("127.0.0.1:{}", member.http_port)])
            .args(["--node-id", &id.to_string(), "--peers", &member.peers])
            .args(["--commit-timeout-ms", "2000"])
            .args(&self.options)
            .arg("--cluster-secret-file")
            .arg(self.cluster.path(secret))
            .arg("--data")
            .arg(self.cluster.path(&format!("member-{id}")))
            .stdout(Stdio::null())
            .stderr(log);
        command
    }

    pub(crate) fn start(&mut self, id: usize) {
        self.start_with(id, &[]);
    }

    pub(crate) fn start_with(&mut self, id: usize, more: &[&str]) {
        let child = self.command(id, "secret").args(more).spawn().unwrap();
        self.members[id - 1].child = Some(child);
    }

    pub(crate) fn kill(&mut self, id: usize) {
        let mut child = self.members[id - 1].child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn signal(&self, id: usize, name: &str) {
        let child = self.members[id - 1].child.as_ref().unwrap();
        let told =
            Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
        assert!(told.unwrap().success());
    }

    /// Has the operating system stop members' processes, and returns once they stand still.
    pub(crate) fn pause(&self, ids: &[usize]) {
        ids.iter().for_each(|id| self.signal(*id, "STOP"));
        for id in ids {
            let process = self.members[id - 1].child.as_ref().unwrap().id();
            // A thread goes on until it has taken the signal.
            eventually("a member that stands still", || stands_still(process));
        }
    }

    pub(crate) fn resume(&self, ids: &[usize]) {
        ids.iter().for_each(|id| self.signal(*id, "CONT"));
    }

    /// As an operator stops it.
    pub(crate) fn stop(&mut self, id: usize) {
        self.signal(id, "TERM");
        let mut child = self.members[id - 1].child.take().unwrap();
        eventually("the end of a member", || child.try_wait().unwrap().is_some());
    }

    /// Waits until a member has ended by itself, which is a failure.
    pub(crate) fn ends(&mut self, id: usize) {
        let mut child = self.members[id - 1].child.take().unwrap();
        eventually("the end of a member", || child.try_wait().unwrap().is_some());
        assert_eq!(child.wait().unwrap().code(), Some(1));
    }

    pub(crate) fn connect(&self, id: usize) -> Option<Client> {
        connect(&self.cluster, self.members[id - 1].port)
    }

    /// A client of a member that runs.
    pub(crate) fn client(&self, id: usize) -> Client {
        let mut found = None;
        eventually(&format!("a session on member {id}"), || {
            found = self.connect(id);
            found.is_some()
        });
        found.unwrap()
    }

    /// The member that takes writes, and a client of it.
    pub(crate) fn leader(&self) -> (usize, Client) {
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
    pub(crate) fn same(&self) -> String {
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
            for id in 1..=self.members.len() {
                let text = self.told(id);
                let lines: Vec<&str> = text.lines().collect();
                let from = lines.len().saturating_sub(60);
                eprintln!("--- member {id}\n{}", lines[from..].join("\n"));
            }
        }
    }
}

pub(crate) fn connect(cluster: &Cluster, port: u16) -> Option<Client> {
    try_connect(cluster, port).ok()
}

/// A session, or the code by which it was refused; an empty one where nobody answers.
pub(crate) fn try_connect(cluster: &Cluster, port: u16) -> Result<Client, String> {
    let config = format!("host=127.0.0.1 port={port} user=bourse dbname=bourse");
    cluster.clients.block_on(async {
        let connecting = tokio_postgres::connect(&config, NoTls);
        let connected = tokio::time::timeout(Duration::from_secs(5), connecting).await;
        let code = |error: &tokio_postgres::Error| error.code().map(|code| code.code().to_owned());
        let (client, connection) = connected
            .map_err(|_| String::new())?
            .map_err(|error| code(&error).unwrap_or_default())?;
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(client)
    })
}

/// A client that writes rows, one a transaction, to whoever takes them.
pub(crate) fn write_until(
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

pub(crate) fn check_all_there(group: &Group, acknowledged: &[i64]) {
    for member in group.members.iter().filter(|member| member.child.is_some()) {
        let (id, client) = (member.id, group.client(member.id));
        let rows = group.cluster.run(client.query("SELECT id FROM entries", &[])).unwrap();
        let there: BTreeSet<i64> = rows.iter().map(|row| row.get(0)).collect();
        let lost: Vec<_> = acknowledged.iter().filter(|id| !there.contains(id)).collect();
        assert!(lost.is_empty(), "member {id} lacks {lost:?}, which were acknowledged");
    }
}

/// Whether all threads of a process are stopped, as Linux tells it.
fn stands_still(process: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    threads.into_iter().all(|thread| {
        // A thread that has ended meanwhile does nothing either.
        let told = std::fs::read_to_string(thread.unwrap().path().join("stat"));
        // The state is behind the name, which is in parentheses.
        told.map_or(true, |told| {
            told.rsplit_once(')').is_some_and(|(_, told)| told.starts_with(" T"))
        })
    })
}
