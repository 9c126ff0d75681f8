//! What a group is of: Bourse, or the peer that it is measured beside.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::MEMBERS;
use super::cluster::{ask, connect, eventually};
use super::network::{CLIENTS, address, namespace, succeed};

/// Which servers there are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum System {
    /// Bourse, by its program.
    Bourse(PathBuf),
    /// PostgreSQL 15 with one synchronous standby, by Patroni and one etcd, which never fails. Of
    /// Patroni's times the shortest that it takes are set, so that it sees soon what has failed.
    Patroni,
}

/// Where Debian's PostgreSQL is.
const POSTGRES: &str = "/usr/lib/postgresql/15/bin";

/// A program that members need, beside them.
pub(super) struct Aside(Child);

impl Drop for Aside {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn named(member: usize) -> String {
    format!("member-{member}")
}

impl System {
    /// Its name, in figures.
    pub fn name(&self) -> &'static str {
        match self {
            System::Bourse(_) => "Bourse",
            System::Patroni => "PostgreSQL 15 with Patroni",
        }
    }

    /// Whether reads on any member can be linearizable.
    pub(super) fn has_registers(&self) -> bool {
        matches!(self, System::Bourse(_))
    }

    /// Makes what members need in a folder.
    pub(super) fn prepare(&self, folder: &Path) -> Result<Option<Aside>, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(folder).map_err(failed)?;
        if let System::Bourse(_) = self {
            std::fs::write(folder.join("secret"), [b'x'; 48]).map_err(failed)?;
            return Ok(None);
        }
        for member in 1..=MEMBERS {
            let text = patroni(member, folder);
            std::fs::write(folder.join(named(member)).with_extension("yml"), text)
                .map_err(failed)?;
        }
        succeed(Command::new("chown").arg("-R").arg("postgres").arg(folder))?;
        let url = |host: &str, port: u16| format!("http://{host}:{port}");
        let clients = CLIENTS.to_string();
        let etcd = Command::new("etcd")
            .arg("--data-dir")
            .arg(folder.join("etcd"))
            .args(["--listen-client-urls", &url(&clients, 2379)])
            .args(["--advertise-client-urls", &url(&clients, 2379)])
            .args(["--listen-peer-urls", &url("127.0.0.1", 2380)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        etcd.map(|etcd| Some(Aside(etcd))).map_err(|error| format!("etcd: {error}"))
    }

    /// What runs the member that begins the group.
    pub(super) fn first_command(&self, folder: &Path) -> Command {
        let mut command = self.command(1, folder);
        if let System::Bourse(_) = self {
            command.arg("--create");
        }
        command
    }

    /// What runs a member.
    pub(super) fn command(&self, member: usize, folder: &Path) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &namespace(member)]);
        match self {
            System::Bourse(program) => {
                let peer = |member: usize| format!("{member}={}:6000", address(member).ip());
                let peers: Vec<String> = (1..=MEMBERS).map(peer).collect();
                command
                    .arg(program)
                    .args(["serve", "--insecure", "--listen", &address(member).to_string()])
                    .args(["--http", "127.0.0.1:8080", "--commit-timeout-ms", "2000"])
                    .args(["--node-id", &member.to_string(), "--peers", &peers.join(",")])
                    .arg("--cluster-secret-file")
                    .arg(folder.join("secret"))
                    .arg("--data")
                    .arg(folder.join(named(member)));
            }
            System::Patroni => {
                command.args(["runuser", "-u", "postgres", "--", "patroni"]);
                command.arg(folder.join(named(member)).with_extension("yml"));
            }
        }
        command
    }

    /// Once the first member runs: whom clients connect as.
    pub(super) fn let_clients_in(&self) -> Result<(), String> {
        if *self != System::Patroni {
            return Ok(());
        }
        let run = |text: &str| {
            let host = address(1).ip().to_string();
            succeed(Command::new("psql").args(["-h", &host, "-U", "postgres", "-c", text]))
        };
        eventually("a first leader", || run("CREATE ROLE bourse SUPERUSER LOGIN").is_ok())?;
        run("CREATE DATABASE bourse OWNER bourse")
    }

    /// A question that has one row with `t` where all members are there and have all.
    pub(super) fn is_whole(&self) -> String {
        match self {
            System::Bourse(_) => format!(
                "SELECT count(*) = {MEMBERS} FROM bourse_cluster_status() \
                 WHERE healthy AND lag_records = 0 AND role <> 'learner'"
            ),
            System::Patroni => format!(
                "SELECT count(*) = {MEMBERS} - 1 AND bool_or(sync_state = 'sync') \
                 FROM pg_stat_replication WHERE state = 'streaming'"
            ),
        }
    }

    /// Has another one lead.
    pub(super) fn switch_over(
        &self,
        leader: usize,
        other: usize,
        folder: &Path,
    ) -> Result<(), String> {
        match self {
            System::Bourse(_) => {
                let mut client = connect(leader).map_err(|lost| lost.to_string())?;
                let text = format!("SELECT bourse_cluster_switchover({other})");
                ask(&mut client, &text).map(drop)
            }
            // Only the one that is synchronous may lead: Patroni chooses it.
            System::Patroni => succeed(
                Command::new("patronictl")
                    .arg("-c")
                    .arg(folder.join(named(leader)).with_extension("yml"))
                    .args(["switchover", "--master", &named(leader), "--force"]),
            ),
        }
    }
}

/// What Patroni is told of a member.
fn patroni(member: usize, folder: &Path) -> String {
    let (host, name) = (address(member).ip(), named(member));
    let data = folder.join(&name);
    format!(
        "scope: group
name: {name}
restapi: {{listen: '{host}:8008', connect_address: '{host}:8008'}}
etcd3: {{hosts: '{CLIENTS}:2379'}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 1
    retry_timeout: 3
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      parameters: {{synchronous_commit: 'on', wal_log_hints: 'on', max_connections: 100}}
  initdb: [{{encoding: UTF8}}, {{locale: C}}]
  pg_hba: ['host all all 0.0.0.0/0 trust', 'host replication all 0.0.0.0/0 trust']
postgresql:
  listen: '{host}:5432'
  connect_address: '{host}:5432'
  data_dir: '{data}'
  bin_dir: '{POSTGRES}'
  basebackup: [{{checkpoint: fast}}]
  parameters: {{unix_socket_directories: ''}}
  authentication:
    superuser: {{username: postgres}}
    replication: {{username: postgres}}
    rewind: {{username: postgres}}
",
        data = data.display(),
    )
}
