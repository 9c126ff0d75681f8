//! PostgreSQL, where one is installed: a cluster of its own in a folder that is removed.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The account that a server runs as when this runs as root, which PostgreSQL refuses.
const ACCOUNT: &str = "postgres";

/// What may go wrong.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A running server and its folder, in which its socket is.
pub struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    is_root: bool,
}

/// Where PostgreSQL's programs are: what `pg_config` says, or the usual places. An error says that
/// they are not there.
///
/// # Errors
/// There are none.
pub fn programs() -> Outcome<PathBuf> {
    let said = Command::new("pg_config").arg("--bindir").output().ok();
    let said = said.filter(|output| output.status.success());
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut usual: Vec<PathBuf> =
        versions.filter_map(|version| Some(version.ok()?.path().join("bin"))).collect();
    usual.sort();
    let mut places = said.map(PathBuf::from).into_iter().chain(usual.into_iter().rev());
    let found = places.find(|place| {
        ["initdb", "pg_ctl", "psql"].iter().all(|program| place.join(program).exists())
    });
    found.ok_or_else(|| "no initdb, pg_ctl and psql were found".into())
}

impl Cluster {
    /// Makes a cluster and starts its server with these settings, each `name=value`; superuser
    /// `postgres` is trusted.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn start(settings: &[&str]) -> Outcome<Cluster> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("bourse-postgres-").tempdir()?;
        let is_root = rustix::process::geteuid().is_root();
        if is_root {
            let owned = Command::new("chown").arg(ACCOUNT).arg(folder.path()).status()?;
            if !owned.success() {
                return Err(format!("there is no account {ACCOUNT} to run it as").into());
            }
        }
        let cluster = Cluster { programs, folder, is_root };
        let data = cluster.data();
        let mut make = cluster.command("initdb");
        make.args(["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8"]);
        said(make.args(["--locale=C", "--pgdata"]).arg(&data))?;
        let socket = cluster.folder.path().display();
        let mut options = format!("-c unix_socket_directories={socket}");
        for setting in settings {
            options += " -c ";
            options += setting;
        }
        let mut start = cluster.command("pg_ctl");
        start.args(["--wait", "--silent", "--log"]).arg(cluster.folder.path().join("server.log"));
        start.arg("--options").arg(options).arg("--pgdata").arg(&data).arg("start");
        // The server would keep a pipe open.
        let status = start.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if status.success() { Ok(cluster) } else { Err("pg_ctl start failed".into()) }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The process that all others of the server are children of.
    ///
    /// # Errors
    /// Its file is not there.
    pub fn process(&self) -> Outcome<u32> {
        let text = std::fs::read_to_string(self.data().join("postmaster.pid"))?;
        Ok(text.lines().next().unwrap_or_default().trim().parse()?)
    }

    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let mut command = match self.is_root {
            true => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", ACCOUNT, "--regid", ACCOUNT, "--init-groups"]).arg(path);
                command
            }
            false => Command::new(path),
        };
        command.current_dir(self.folder.path());
        command
    }

    /// Runs statements by psql and returns what the last one shows.
    ///
    /// # Errors
    /// What psql said.
    pub fn query(&self, database: &str, sql: &str) -> Outcome<String> {
        let mut psql = self.command("psql");
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-h"]);
        psql.arg(self.folder.path()).args(["-d", database, "-c", sql]);
        said(&mut psql)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.args(["--mode=immediate", "--silent", "--pgdata"]).arg(self.data()).arg("stop");
        // What could not be stopped can only be left.
        let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// What a program wrote to standard output.
///
/// # Errors
/// It does not start, or failed: what it wrote to standard error.
pub fn said(command: &mut Command) -> Outcome<String> {
    let program = command.get_program().display().to_string();
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr)).into())
}
