//! `cargo xtask clients [NAME]`: PostgreSQL's programs and drivers, as they are, against a server.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::workspace;

/// A client: its script in `tests/clients`, and the packages of Python that it needs.
struct Client {
    name: &'static str,
    script: &'static str,
    packages: &'static [&'static str],
}

const CLIENTS: [Client; 3] = [
    Client { name: "psql", script: "psql.sh", packages: &[] },
    Client { name: "pgbench", script: "pgbench.sh", packages: &[] },
    Client { name: "psycopg", script: "psycopg.py", packages: &["psycopg[binary]==3.2.*"] },
];

/// Runs the clients of these names, or all.
///
/// # Errors
/// Names that are none; says which clients failed.
pub(crate) fn run(root: &Path, names: &[String]) -> Result<(), String> {
    if let Some(name) =
        names.iter().find(|name| !CLIENTS.iter().any(|client| client.name == **name))
    {
        let known: Vec<&str> = CLIENTS.iter().map(|client| client.name).collect();
        return Err(format!("{name} is no client; there are {}", known.join(", ")));
    }
    let bourse = workspace::tested_program(root, "bourse")?;
    let wanted = CLIENTS
        .iter()
        .filter(|client| names.is_empty() || names.iter().any(|name| name == client.name));
    let mut failed = Vec::new();
    for client in wanted {
        if let Err(reason) = run_client(root, &bourse, client) {
            println!("{}: {reason}", client.name);
            failed.push(client.name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn run_client(root: &Path, bourse: &Path, client: &Client) -> Result<(), String> {
    let folder = workspace::target(root).join("clients");
    let python = if client.script.ends_with(".py") {
        Some(environment(&folder, client.packages)?)
    } else {
        None
    };
    let data = folder.join(client.name);
    if data.exists() {
        std::fs::remove_dir_all(&data)
            .map_err(|error| format!("cannot empty {data:?}: {error}"))?;
    }
    let server = Server::start(bourse, &data)?;
    let script = root.join("tests/clients").join(client.script);
    let mut command = match python {
        Some(python) => {
            let mut command = Command::new(python);
            command.arg(script);
            command
        }
        None => Command::new(script),
    };
    let status = command
        .env("PGHOST", "127.0.0.1")
        .env("PGPORT", &server.port)
        .env("PGUSER", "bourse")
        .env("PGDATABASE", "bourse")
        .env("PATH", path())
        .status()
        .map_err(|error| format!("does not start: {error}"))?;
    server.stop()?;
    if status.success() { Ok(()) } else { Err(format!("ended with {status}")) }
}

/// The path, with PostgreSQL's own folders behind it: Debian puts only some of its programs into
/// the usual ones.
fn path() -> std::ffi::OsString {
    let before = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&before).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    std::env::join_paths(folders).unwrap_or(before)
}

/// Python with packages, made when it is first needed.
fn environment(folder: &Path, packages: &[&str]) -> Result<PathBuf, String> {
    let environment = folder.join("python");
    let python = environment.join("bin/python");
    if !python.exists() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let mut install = Command::new(&python);
    succeed(install.args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    Ok(python)
}

fn succeed(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("{command:?} does not start: {error}")),
    }
}

/// A server of its own for a client.
struct Server {
    process: Child,
    port: String,
}

impl Server {
    fn start(program: &Path, data: &Path) -> Result<Server, String> {
        let mut process = Command::new(program)
            .args(["serve", "--create", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", program.display()))?;
        let told = process.stderr.take().ok_or("the server has no standard error")?;
        let mut lines = BufReader::new(told).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let address = line.strip_prefix("PostgreSQL's protocol at ")?.split(',').next()?;
            address.rsplit_once(':').map(|(_, port)| port.to_owned())
        });
        // What it says later is passed on, so that it never waits for a reader.
        std::thread::Builder::new()
            .spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("{line}")))
            .map_err(|error| format!("no thread: {error}"))?;
        match port {
            Some(port) => Ok(Server { process, port }),
            None => {
                let _ = process.kill();
                Err("the server did not say where it listens".to_owned())
            }
        }
    }

    /// Ends it as an operator does, and looks whether it ended well.
    fn stop(mut self) -> Result<(), String> {
        let process = self.process.id().to_string();
        succeed(Command::new("kill").args(["-TERM", &process]))?;
        match self.process.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("the server ended with {status}")),
            Err(error) => Err(format!("the server cannot be waited for: {error}")),
        }
    }
}
