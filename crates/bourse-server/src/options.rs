//! What a server is told: in a file, in the environment, by flags, each before the ones named
//! earlier.

use std::collections::BTreeMap;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bourse_storage::{Error, Result};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// What a server is told. In a file each is a line of TOML; in the environment it is in capitals
/// with `BOURSE_` before it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Where PostgreSQL's protocol is spoken.
    pub listen: SocketAddr,
    /// Where HTTP is; nowhere without it.
    pub http: Option<SocketAddr>,
    /// A socket of the file system, in PostgreSQL's manner `.s.PGSQL.PORT` in this folder.
    pub socket_folder: Option<PathBuf>,
    /// The name that the store goes by.
    pub database: String,
    /// A file of certificates in PEM, the server's own first.
    pub tls_cert: Option<PathBuf>,
    /// The file of its private key in PEM.
    pub tls_key: Option<PathBuf>,
    /// Listens beyond loopback without users or without TLS.
    pub insecure: bool,
    /// Sessions at most.
    pub max_connections: usize,
    /// Statements that run at once; those that wait for locks, the disk or their client do not
    /// count. Twice the processors unless said.
    pub run_permits: usize,
    /// Sessions whose statements wait for a permit, before others are refused.
    pub max_queued: usize,
    /// Bytes of a message at most.
    pub max_message_bytes: usize,
    /// Bytes of all messages above 64 KiB that are being received.
    pub message_memory_bytes: usize,
    /// A client that takes none of its result for so long is given up.
    pub write_timeout_ms: u64,
    /// A client that has not begun its session, or not ended its message, for so long is too.
    pub message_timeout_ms: u64,
    /// Statements that took longer are told in the log; 0 tells none.
    pub slow_query_ms: u64,
    /// Whether the log has values of their parameters.
    pub log_parameters: bool,
    /// How long running statements may go on when the server stops.
    pub stop_timeout_ms: u64,
    /// Where replicas are let in; nowhere without it.
    pub replication_listen: Option<SocketAddr>,
    /// The leader whose replica this is: where it lets replicas in, as `HOST:PORT`.
    pub follow: Option<String>,
    /// A file of the secret that leader and replicas prove to each other.
    pub cluster_secret_file: Option<PathBuf>,
    /// What this node calls itself to its leader, which keeps log for it under this name. The
    /// machine's name with the port of `listen` unless said.
    pub node_name: Option<String>,
    /// A replica that has fallen too far behind gives its store up and begins anew.
    pub follow_anew: bool,
    /// Where the log and backups are archived: a folder or `s3://BUCKET/PREFIX`.
    pub archive_to: Option<String>,
    /// What was committed is in the archive after so long at most, while that is there.
    pub archive_interval_ms: u64,
    /// How often a whole backup goes to the archive.
    pub archive_base_hours: u64,
    /// Bytes of log that are kept at most for replicas and the archive alone.
    pub held_log_bytes_max: u64,
    /// A replica gets its first state from this archive, and not from its leader.
    pub bootstrap_archive: Option<String>,
    /// The number of this member of a group, from 1 on.
    pub node_id: Option<u64>,
    /// Where the members of the group let each other in: `1=HOST:PORT,2=HOST:PORT,3=HOST:PORT`.
    pub peers: Option<String>,
    /// How long a commit waits until enough members of the group have it.
    pub commit_timeout_ms: u64,
    /// How often nodes say something to each other.
    pub replication_heartbeat_ms: u64,
    /// A node that is silent for so long is given up.
    pub replication_timeout_ms: u64,
}

impl Default for Options {
    fn default() -> Options {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 5432)),
            http: None,
            socket_folder: None,
            database: "bourse".to_owned(),
            tls_cert: None,
            tls_key: None,
            insecure: false,
            max_connections: 2_000,
            run_permits: 2 * processors,
            max_queued: 2_000,
            max_message_bytes: 128 << 20,
            message_memory_bytes: 512 << 20,
            write_timeout_ms: 60_000,
            message_timeout_ms: 60_000,
            slow_query_ms: 1_000,
            log_parameters: false,
            stop_timeout_ms: 10_000,
            replication_listen: None,
            follow: None,
            cluster_secret_file: None,
            node_name: None,
            follow_anew: false,
            archive_to: None,
            archive_interval_ms: 10_000,
            archive_base_hours: 24,
            held_log_bytes_max: bourse::Options::default().held_log_bytes_max,
            bootstrap_archive: None,
            node_id: None,
            peers: None,
            commit_timeout_ms: 10_000,
            replication_heartbeat_ms: 500,
            replication_timeout_ms: 10_000,
        }
    }
}

impl Options {
    /// Those of a file, with those of the environment over them.
    ///
    /// # Errors
    /// A file that cannot be read; names and values that mean nothing.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Options> {
        let mut table = match file {
            Some(file) => read(file)?,
            None => toml::Table::new(),
        };
        let known = known()?;
        for (name, value) in environment {
            let Some(name) = name.strip_prefix("BOURSE_") else { continue };
            let name = name.to_ascii_lowercase();
            // Other variables of this prefix are none of the server's.
            if known.contains(&name) {
                table.insert(name, value_of(&value));
            }
        }
        toml::Value::Table(table)
            .try_into()
            .map_err(|error| Error::invalid(format!("the server's options: {error}")))
    }

    /// As a file of them.
    ///
    /// # Errors
    /// None is known.
    pub fn to_toml(&self) -> Result<String> {
        let value = self.to_table()?;
        let lines = value.iter().map(|(name, value)| {
            toml::Table::from_iter([(name.clone(), value.clone())]).to_string()
        });
        Ok(lines.collect())
    }

    fn to_table(&self) -> Result<toml::Table> {
        toml::Table::try_from(self).map_err(|error| Error::invalid(error.to_string()))
    }

    /// What this node calls itself.
    pub fn node_name(&self) -> String {
        let named = self.node_name.clone().filter(|name| !name.is_empty());
        named.unwrap_or_else(|| {
            let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
            let host = host.trim();
            let host = if host.is_empty() { "replica" } else { host };
            format!("{host}-{}", self.listen.port())
        })
    }

    /// Options of the store that is served.
    pub fn of_store(&self) -> bourse::Options {
        bourse::Options {
            held_log_bytes_max: self.held_log_bytes_max,
            agreement_timeout: Duration::from_millis(self.commit_timeout_ms),
            ..bourse::Options::default()
        }
    }

    /// Refuses options that say two things at once.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn check(&self) -> Result<()> {
        let Some(id) = self.node_id else {
            return match &self.peers {
                Some(_) => {
                    Err(Error::invalid("--peers is for a member of a group: give --node-id"))
                }
                None => Ok(()),
            };
        };
        if self.follow.is_some() {
            let text = "a member of a group follows who leads the group: leave --follow out";
            return Err(Error::invalid(text));
        }
        if !self.peers()?.contains_key(&id) {
            return Err(Error::invalid(format!(
                "--peers has no address for this node, number {id}: name all members there, this \
                 one too, as 1=HOST:PORT,2=HOST:PORT,3=HOST:PORT"
            )));
        }
        Ok(())
    }

    /// Where the members of the group let each other in, by number.
    ///
    /// # Errors
    /// A list that cannot be read.
    pub fn peers(&self) -> Result<BTreeMap<u64, String>> {
        let mut peers = BTreeMap::new();
        for item in self.peers.as_deref().unwrap_or_default().split(',').map(str::trim) {
            if item.is_empty() {
                continue;
            }
            let wrong = || {
                Error::invalid(format!(
                    "\"{item}\" in --peers is no member: it is NUMBER=HOST:PORT, the number from 1 \
                     on and no two the same"
                ))
            };
            let (id, address) = item.split_once('=').ok_or_else(wrong)?;
            let id = id.trim().parse::<u64>().ok().filter(|id| *id > 0).ok_or_else(wrong)?;
            let address = address.trim();
            let is_new = peers.insert(id, address.to_owned()).is_none();
            if !is_new || check_peer_address(address).is_err() {
                return Err(wrong());
            }
        }
        Ok(peers)
    }

    /// Where replicas and members are let in: as it is said, or as the list of members has it.
    ///
    /// # Errors
    /// An address that is none of this machine.
    pub(crate) fn replication_address(&self) -> Result<Option<SocketAddr>> {
        let Some(id) = self.node_id.filter(|_| self.replication_listen.is_none()) else {
            return Ok(self.replication_listen);
        };
        let peers = self.peers()?;
        let Some(address) = peers.get(&id) else { return Ok(None) };
        let failed = |error| {
            Error::io(format!("the address {address} of this member in --peers is unknown"), error)
        };
        Ok(address.to_socket_addrs().map_err(failed)?.next())
    }

    pub(crate) fn archive_interval(&self) -> Duration {
        Duration::from_millis(self.archive_interval_ms.max(10))
    }

    pub(crate) fn archive_base_every(&self) -> Duration {
        Duration::from_secs(self.archive_base_hours.max(1).saturating_mul(3_600))
    }

    pub(crate) fn write_timeout(&self) -> Duration {
        Duration::from_millis(self.write_timeout_ms)
    }

    pub(crate) fn message_timeout(&self) -> Duration {
        Duration::from_millis(self.message_timeout_ms)
    }
}

/// Refuses what is no address of a member.
pub(crate) fn check_peer_address(address: &str) -> Result<()> {
    let port = |(host, port): (&str, &str)| !host.is_empty() && port.parse::<u16>().is_ok();
    if address.rsplit_once(':').is_some_and(port) && !address.contains([',', '=', ' ']) {
        return Ok(());
    }
    let message = format!("\"{address}\" is no address of a member: it is HOST:PORT");
    Err(Error::invalid(message).with_sqlstate("22023"))
}

fn read(file: &Path) -> Result<toml::Table> {
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Error::io(format!("cannot read {shown}"), error))?;
    text.parse().map_err(|error| Error::invalid(format!("{shown}: {error}")))
}

/// Names of options.
fn known() -> Result<Vec<String>> {
    // Each option has a value here: those without one would not be told.
    let path = || Some(PathBuf::from("-"));
    let all = Options {
        http: Some(SocketAddr::from(([127, 0, 0, 1], 8080))),
        socket_folder: path(),
        tls_cert: path(),
        tls_key: path(),
        replication_listen: Some(SocketAddr::from(([127, 0, 0, 1], 5433))),
        follow: Some("-".to_owned()),
        cluster_secret_file: path(),
        node_name: Some("-".to_owned()),
        archive_to: Some("-".to_owned()),
        bootstrap_archive: Some("-".to_owned()),
        node_id: Some(1),
        peers: Some("-".to_owned()),
        ..Options::default()
    };
    Ok(all.to_table()?.keys().cloned().collect())
}

/// A value of the environment: a number, a truth value, or a text.
fn value_of(text: &str) -> toml::Value {
    if let Ok(number) = text.parse::<i64>() {
        return toml::Value::Integer(number);
    }
    match text {
        "true" | "on" | "yes" => toml::Value::Boolean(true),
        "false" | "off" | "no" => toml::Value::Boolean(false),
        text => toml::Value::String(text.to_owned()),
    }
}
