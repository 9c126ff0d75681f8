//! The members' processes, and sessions on them.

#![expect(clippy::disallowed_types, reason = "the log of a process is the operating system's file")]

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bourse_storage::sync;

use super::MEMBERS;
use super::network::{Network, address, namespace};
use super::system::{Aside, System};
use crate::wire::{ConnectionLost, WireAnswer, WireClient};

/// How long a connection, or the answer to a question of this module, may take.
const SOON: Duration = Duration::from_secs(2);

/// How long all is waited for that must come.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

/// Three members. Dropped, they are killed.
pub(super) struct Cluster {
    pub(super) system: System,
    folder: PathBuf,
    members: Vec<Option<Child>>,
    // After the members: they need what is below.
    _aside: Option<Aside>,
    pub(super) network: Network,
}

/// A session.
pub(super) fn connect(member: usize) -> Result<WireClient, ConnectionLost> {
    let parameters = [("user", "bourse"), ("database", "bourse")];
    WireClient::connect_within(address(member), &parameters, SOON)
}

/// The answer to statements; an error for one that is an error, or does not come soon.
pub(super) fn ask(client: &mut WireClient, text: &str) -> Result<WireAnswer, String> {
    let answer = client.query_within(text, PATIENCE).map_err(|lost| lost.to_string())?;
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
    let answer = client.query_within("SELECT pg_is_in_recovery()", SOON).ok()??;
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
    pub(super) fn start(system: System, folder: PathBuf) -> Result<Cluster, String> {
        let network = Network::new()?;
        let aside = system.prepare(&folder)?;
        let members = (0..MEMBERS).map(|_| None).collect();
        let mut cluster = Cluster { system, folder, members, _aside: aside, network };
        let first = cluster.system.first_command(&cluster.folder);
        cluster.spawn(1, first)?;
        cluster.system.let_clients_in()?;
        eventually("a first leader", || cluster.leader().is_some())?;
        for member in 2..=MEMBERS {
            cluster.run(member)?;
        }
        cluster.wait_until_whole()?;
        Ok(cluster)
    }

    /// Starts a member, where it does not run.
    pub(super) fn run(&mut self, member: usize) -> Result<(), String> {
        self.spawn(member, self.system.command(member, &self.folder))
    }

    fn spawn(&mut self, member: usize, mut command: Command) -> Result<(), String> {
        let path = self.folder.join(format!("member-{member}.log"));
        let log = File::options().create(true).append(true).open(&path);
        let log = log.map_err(|error| format!("{}: {error}", path.display()))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let child = command.spawn();
        let child = child.map_err(|error| format!("cannot start member {member}: {error}"))?;
        self.members[member - 1] = Some(child);
        Ok(())
    }

    /// Sends all processes of a member a signal.
    pub(super) fn signal(&mut self, member: usize, name: &str) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("kill -{name} of member {member}: {error}");
        let found = Command::new("ip").args(["netns", "pids", &namespace(member)]).output();
        let found = found.map_err(failed)?.stdout;
        let found = String::from_utf8_lossy(&found);
        // One that has ended meanwhile needs no signal.
        let mut kill = Command::new("kill");
        kill.arg(format!("-{name}")).args(found.split_whitespace()).output().map_err(failed)?;
        if name == "KILL"
            && let Some(mut child) = self.members[member - 1].take()
        {
            child.wait().map_err(failed)?;
        }
        Ok(())
    }

    /// Has another member lead.
    pub(super) fn switch_over(&self, leader: usize, other: usize) -> Result<(), String> {
        self.system.switch_over(leader, other, &self.folder)
    }

    /// Whoever takes writes, as members say that answer.
    pub(super) fn leader(&self) -> Option<usize> {
        (1..=MEMBERS).find(|member| {
            connect(*member).is_ok_and(|mut client| leads(&mut client) == Some(true))
        })
    }

    /// Waits until all members are there, have a vote, and have all records.
    pub(super) fn wait_until_whole(&self) -> Result<(), String> {
        let whole = self.system.is_whole();
        eventually("a whole group", || {
            let Some(leader) = self.leader() else { return false };
            let Ok(mut client) = connect(leader) else { return false };
            value(&mut client, &whole).is_ok_and(|is_whole| is_whole == "t")
        })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for member in 1..=MEMBERS {
            // What has not run, or has ended by itself, needs no end.
            let _ = self.signal(member, "KILL");
        }
    }
}
