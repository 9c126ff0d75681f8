//! Guards: whatever becomes of the connection, or of a replica's process, it comes to the leader's
//! state; damaged bytes are noticed; an interrupted first state begins anew.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio_postgres::NoTls;

use super::following::{load, make_entries, same};
use super::nodes::{Cluster, SUM, command, eventually};
use super::proxy::Proxy;

/// Numbers that are the same in each run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % limit
    }
}

#[test]
fn a_connection_that_is_cut_again_and_again_loses_nothing() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    make_entries(&cluster, &leader);
    let proxy = Proxy::to(leader.replication());
    let replica = cluster.replica("first", proxy.address);
    let (is_over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let writer = cluster.client(&leader);
    std::thread::scope(|scope| {
        let working = scope.spawn(|| load(&cluster, &writer, 10_000, &is_over, &done));
        let mut draws = Draws(7);
        for _ in 0..25 {
            std::thread::sleep(Duration::from_millis(20 + draws.below(150)));
            proxy.cut();
        }
        proxy.refuse(true);
        std::thread::sleep(Duration::from_millis(300));
        proxy.refuse(false);
        is_over.store(true, Ordering::Relaxed);
        working.join().unwrap();
    });
    assert!(proxy.state.connections.load(Ordering::SeqCst) > 5);
    same(&cluster, &leader, &replica);
}

#[test]
fn bytes_that_are_damaged_on_the_way_are_noticed() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    make_entries(&cluster, &leader);
    let proxy = Proxy::to(leader.replication());
    // In the backup too.
    proxy.damage_in(5_000);
    let replica = cluster.replica("first", proxy.address);
    assert_eq!(proxy.state.damaged.load(Ordering::SeqCst), 1);
    let writer = cluster.client(&leader);
    for round in 0..10_i64 {
        proxy.damage_in(200 * round);
        let text = format!(
            "INSERT INTO entries SELECT {round} * 1000 + 1000 + n, n, 'more' \
                            FROM generate_series(1, 300) n"
        );
        cluster.execute(&writer, &text);
        same(&cluster, &leader, &replica);
    }
    assert!(proxy.state.damaged.load(Ordering::SeqCst) >= 5);
}

#[test]
fn a_first_state_that_is_interrupted_begins_anew() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = make_entries(&cluster, &leader);
    cluster.execute(
        &client,
        "INSERT INTO entries SELECT n, n, md5(n::text) || md5((n + 1)::text) \
         FROM generate_series(10000, 40000) n",
    );
    let proxy = Proxy::to(leader.replication());
    std::thread::scope(|scope| {
        let cutting = scope.spawn(|| {
            for pause in [30, 60, 90, 120] {
                let before = proxy.state.connections.load(Ordering::SeqCst);
                eventually("a connection", || {
                    proxy.state.connections.load(Ordering::SeqCst) > before
                });
                std::thread::sleep(Duration::from_millis(pause));
                proxy.cut();
            }
        });
        let replica = cluster.replica("first", proxy.address);
        same(&cluster, &leader, &replica);
        // It may have been done before the last cut; that ends the wait for a connection.
        while !cutting.is_finished() {
            proxy.cut();
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    assert!(!cluster.path("first").join("bootstrap").exists());
    // Nor is anything left of the backups that were given up.
    let sending = cluster.path("leader").join("sending");
    eventually("an empty folder", || std::fs::read_dir(&sending).unwrap().count() == 0);
}

/// A replica in a process of its own.
struct Process {
    child: Child,
    port: u16,
}

impl Process {
    fn start(data: &Path, leader: SocketAddr, secret: &Path) -> Process {
        let mut child = Command::new(command())
            .args(["serve", "--listen", "127.0.0.1:0", "--node-name", "killed"])
            .args(["--follow".to_owned(), leader.to_string()])
            .args([Path::new("--cluster-secret-file"), secret, Path::new("--data"), data])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap());
        let mut told = String::new();
        let mut lines = lines.lines();
        let port = loop {
            let Some(Ok(line)) = lines.next() else { panic!("it ended: {told}") };
            if let Some(rest) = line.strip_prefix("PostgreSQL's protocol at 127.0.0.1:") {
                break rest.split(',').next().unwrap().parse().unwrap();
            }
            told.push_str(&line);
        };
        // What it says later must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        Process { child, port }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn a_replica_that_is_killed_again_and_again_loses_nothing() {
    if !command().exists() {
        // Built by `cargo test --workspace`, not by a build of this package alone.
        eprintln!("left out: {} is not there", command().display());
        return;
    }
    let cluster = Cluster::new();
    let leader = cluster.leader();
    make_entries(&cluster, &leader);
    let (data, secret) = (cluster.path("killed"), cluster.path("secret"));
    let (is_over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let writer = cluster.client(&leader);
    std::thread::scope(|scope| {
        let working = scope.spawn(|| load(&cluster, &writer, 10_000, &is_over, &done));
        let mut draws = Draws(11);
        for _ in 0..10 {
            let process = Process::start(&data, leader.replication(), &secret);
            std::thread::sleep(Duration::from_millis(50 + draws.below(300)));
            process.kill();
        }
        is_over.store(true, Ordering::Relaxed);
        working.join().unwrap();
    });
    let here = cluster.client(&leader);
    let lsn = cluster.value(&here, "SELECT pg_current_wal_lsn()");
    let process = Process::start(&data, leader.replication(), &secret);
    let config = format!("host=127.0.0.1 port={} user=bourse dbname=bourse", process.port);
    let there = cluster.run(async {
        let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
        tokio::spawn(async move {
            let _ = connection.await;
        });
        client
    });
    let wait = format!("SELECT bourse_wait_for_lsn('{lsn}', 30000)");
    assert_eq!(cluster.value(&there, &wait), "t");
    assert_eq!(cluster.value(&there, SUM), cluster.value(&here, SUM));
    process.kill();
}
