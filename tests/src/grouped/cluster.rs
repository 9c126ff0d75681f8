//! The members' processes, and sessions on them.

#![expect(clippy::disallowed_types, reason = "the log of a process is the operating system's file")]

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bourse_storage::sync;

use super::MEMBERS;
use super::network::{Network, address, namespace};
use crate::wire::{ConnectionLost, WireAnswer, WireClient};

/// How long a connection, or the answer to a question of this module, may take.
const SOON: Duration = Duration::from_secs(2);

/// How long all is waited for that must come.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

/// Three members. Dropped, they are killed.
pub(super) struct Cluster {
    program: PathBuf,
    folder: PathBuf,
    pub(super) network: Network,
    members: Vec<Option<Child>>,
}

/// A session.
pub(super) fn connect(member: usize) -> Result<WireClient, ConnectionLost> {
    let parameters = [("user", "bourse"), ("database", "bourse")];
    WireClient::connect_within(address(member), &parameters, SOON)
}

/// The answer to statements; an error for one that is an error, or does not come soon.
pub(super) fn ask(client: &mut WireClient, text: &str) -> Result<WireAnswer, String> {
    client.send(text).map_err(|lost| lost.to_string())?;
    let answer = client.within(PATIENCE).map_err(|lost| lost.to_string())?;
    let answer = answer.ok_or_else(|| format!("{text}: no answer within {PATIENCE:?}"))?;
    match &answer.error {
        None => Ok(answer),
        Some((state, message)) => Err(format!("{text}: {state}: {message}")),
    }
}

/// The only value of an answer.
pub(super) fn value(client: &mut WireClient, text: &str) -> Result<String, String> {
    let answer = ask(client, text)?;
    let value = answer.rows.first().and_then(|row| row.first()).cloned().flatten();
    value.ok_or_else(|| format!("{text}: no value, but {answer:?}"))
}

/// Whether a member takes writes, as it says itself; `None` where it says nothing.
pub(super) fn leads(client: &mut WireClient) -> Option<bool> {
    client.send("SELECT pg_is_in_recovery()").ok()?;
    let answer = client.within(SOON).ok()??;
    let value = answer.rows.first()?.first()?.clone()?;
    Some(value == "f")
}

/// Waits until something is so.
pub(super) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) -> Result<(), String> {
    let deadline = sync::monotonic() + PATIENCE;
    while !is_so() {
        if sync::monotonic() >= deadline {
            return Err(format!("{what} did not come within {PATIENCE:?}"));
        }
        sync::sleep(Duration::from_millis(20));
    }
    Ok(())
}

impl Cluster {
    pub(super) fn start(program: PathBuf, folder: PathBuf) -> Result<Cluster, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(&folder).map_err(failed)?;
        std::fs::write(folder.join("secret"), [b'x'; 48]).map_err(failed)?;
        let network = Network::new()?;
        let members = (0..MEMBERS).map(|_| None).collect();
        let mut cluster = Cluster { program, folder, network, members };
        cluster.run_with(1, &["--create"])?;
        eventually("a first leader", || cluster.leader().is_some())?;
        for member in 2..=MEMBERS {
            cluster.run(member)?;
        }
        cluster.wait_until_whole()?;
        Ok(cluster)
    }

    /// Starts a member's process, where none runs.
    pub(super) fn run(&mut self, member: usize) -> Result<(), String> {
        self.run_with(member, &[])
    }

    fn run_with(&mut self, member: usize, more: &[&str]) -> Result<(), String> {
        let name = format!("member-{member}");
        let log = self.folder.join(format!("{name}.log"));
        let log = File::options().create(true).append(true).open(&log);
        let log = log.map_err(|error| format!("{name}.log: {error}"))?;
        let peer = |member: usize| format!("{member}={}:6000", address(member).ip());
        let peers: Vec<String> = (1..=MEMBERS).map(peer).collect();
        let child = Command::new("ip")
            .args(["netns", "exec", &namespace(member)])
            .arg(&self.program)
            .args(["serve", "--insecure", "--listen", &address(member).to_string()])
            .args(["--http", "127.0.0.1:8080", "--commit-timeout-ms", "2000"])
            .args(["--node-id", &member.to_string(), "--peers", &peers.join(",")])
            .arg("--cluster-secret-file")
            .arg(self.folder.join("secret"))
            .arg("--data")
            .arg(self.folder.join(name))
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("cannot start member {member}: {error}"))?;
        self.members[member - 1] = Some(child);
        Ok(())
    }

    /// Sends a member's process a signal. (`ip netns exec` becomes the program it runs.)
    pub(super) fn signal(&mut self, member: usize, name: &str) -> Result<(), String> {
        let Some(child) = &mut self.members[member - 1] else { return Ok(()) };
        let told =
            Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
        match told {
            Ok(status) if status.success() => {}
            told => return Err(format!("kill -{name} of member {member}: {told:?}")),
        }
        if name == "KILL" {
            let ended = child.wait();
            ended.map_err(|error| format!("member {member}: {error}"))?;
            self.members[member - 1] = None;
        }
        Ok(())
    }

    /// Whoever takes writes, as members say that answer.
    pub(super) fn leader(&self) -> Option<usize> {
        (1..=MEMBERS).find(|member| {
            connect(*member).is_ok_and(|mut client| leads(&mut client) == Some(true))
        })
    }

    /// Waits until all members are there, have a vote, and have all records.
    pub(super) fn wait_until_whole(&self) -> Result<(), String> {
        let whole = "SELECT count(*) FROM bourse_cluster_status() \
                     WHERE healthy AND lag_records = 0 AND role <> 'learner'";
        eventually("a whole group", || {
            let Some(leader) = self.leader() else { return false };
            let Ok(mut client) = connect(leader) else { return false };
            value(&mut client, whole).is_ok_and(|count| count == MEMBERS.to_string())
        })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for child in self.members.iter_mut().flatten() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
