//! `cargo xtask clients [NAME]`: PostgreSQL's programs and drivers, as they are, against a server.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::workspace;

/// No client takes longer, in seconds: one that does waits for something that never comes.
const SECONDS_MAX: u32 = 600;

/// Clients that are run when they are named: a definition that meets the end of another session's
/// temporary tables is told to run again (40001), and SQLAlchemy's tests do not.
const BY_NAME_ONLY: [&str; 1] = ["sqlalchemy_suite"];

/// A client: its script in `tests/clients`.
struct Client {
    name: &'static str,
    script: &'static str,
}

const CLIENTS: [Client; 13] = [
    Client { name: "psql", script: "psql.sh" },
    Client { name: "pgbench", script: "pgbench.sh" },
    Client { name: "pg_dump", script: "pg_dump.sh" },
    Client { name: "psycopg", script: "check_psycopg.py" },
    Client { name: "asyncpg", script: "check_asyncpg.py" },
    Client { name: "pg8000", script: "check_pg8000.py" },
    Client { name: "sqlalchemy", script: "check_sqlalchemy.py" },
    Client { name: "sqlalchemy_suite", script: "check_sqlalchemy_suite.py" },
    Client { name: "pandas", script: "check_pandas.py" },
    Client { name: "django", script: "check_django.py" },
    Client { name: "node", script: "node/check.js" },
    Client { name: "tokio_postgres", script: "rust/src/bin/check_tokio_postgres.rs" },
    Client { name: "sqlx", script: "rust/src/bin/check_sqlx.rs" },
];

/// Runs the clients of these names, or all but [`BY_NAME_ONLY`].
///
/// # Errors
/// Names that are none; says which clients failed.
#[expect(clippy::disallowed_methods, reason = "the report tells how long each client took")]
pub(crate) fn run(root: &Path, names: &[String]) -> Result<(), String> {
    if let Some(name) =
        names.iter().find(|name| !CLIENTS.iter().any(|client| client.name == **name))
    {
        let known: Vec<&str> = CLIENTS.iter().map(|client| client.name).collect();
        return Err(format!("{name} is no client; there are {}", known.join(", ")));
    }
    let bourse = workspace::tested_program(root, "bourse")?;
    let wanted = CLIENTS.iter().filter(|client| match names {
        [] => !BY_NAME_ONLY.contains(&client.name),
        names => names.iter().any(|name| name == client.name),
    });
    let mut failed = Vec::new();
    for client in wanted {
        let begun = Instant::now();
        let told = run_client(root, &bourse, client);
        let seconds = begun.elapsed().as_secs();
        match told {
            Ok(()) => println!("{}: {seconds} s", client.name),
            Err(reason) => {
                println!("{}: {reason}, after {seconds} s", client.name);
                failed.push(client.name);
            }
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn run_client(root: &Path, bourse: &Path, client: &Client) -> Result<(), String> {
    let folder = workspace::target(root).join("clients");
    let scripts = root.join("tests/clients");
    let script = scripts.join(client.script);
    let mut command = Command::new("timeout");
    command.arg(SECONDS_MAX.to_string());
    match script.extension().and_then(std::ffi::OsStr::to_str) {
        Some("py") => {
            command.arg(environment(&folder, &scripts)?).arg(&script);
        }
        Some("rs") => {
            command.arg(compiled(&folder, &scripts, &script)?);
        }
        Some("js") => {
            command.arg("node").arg(with_packages(&folder, &script)?);
        }
        _ => {
            command.arg(&script);
        }
    }
    let data = folder.join(client.name);
    if data.exists() {
        std::fs::remove_dir_all(&data)
            .map_err(|error| format!("cannot empty {data:?}: {error}"))?;
    }
    let server = Server::start(bourse, &data)?;
    let status = command
        .env("PGHOST", "127.0.0.1")
        .env("PGPORT", &server.port)
        .env("PGUSER", "bourse")
        .env("PGDATABASE", "bourse")
        .env("PATH", path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .status();
    server.stop()?;
    let status = status.map_err(|error| format!("does not start: {error}"))?;
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

/// Python with the packages of `requirements.txt`, made when it is first needed, and anew when
/// that file has changed.
fn environment(folder: &Path, scripts: &Path) -> Result<PathBuf, String> {
    let environment = folder.join("python");
    let (python, stamp) = (environment.join("bin/python"), environment.join("installed.txt"));
    let wanted = scripts.join("requirements.txt");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    if python.exists() && read(&stamp) == read(&wanted) {
        return Ok(python);
    }
    succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let mut install = Command::new(&python);
    succeed(install.args(["-m", "pip", "install", "--quiet", "-r"]).arg(&wanted))?;
    copy(&wanted, &stamp)?;
    Ok(python)
}

/// A script of Node's, in a folder that has the packages of the `package.json` beside it.
fn with_packages(folder: &Path, script: &Path) -> Result<PathBuf, String> {
    let folder = folder.join("packages");
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {folder:?}: {error}"))?;
    let (wanted, given) = (script.with_file_name("package.json"), folder.join("package.json"));
    let copied = folder.join("check.js");
    copy(script, &copied)?;
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    if read(&given) != read(&wanted) || !folder.join("node_modules").exists() {
        copy(&wanted, &given)?;
        let mut install = Command::new("npm");
        install.args(["install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]);
        succeed(install.current_dir(&folder))?;
    }
    Ok(copied)
}

/// A program of the package `rust`, built. What it depends on is compiled once.
fn compiled(folder: &Path, scripts: &Path, script: &Path) -> Result<PathBuf, String> {
    let target = folder.join("rust");
    let program = script.file_stem().unwrap_or_default();
    let mut build = workspace::cargo();
    build.args(["build", "--quiet", "--locked", "--manifest-path"]);
    build.arg(scripts.join("rust/Cargo.toml")).arg("--bin").arg(program);
    succeed(build.env("CARGO_TARGET_DIR", &target))?;
    Ok(target.join("debug").join(program))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::copy(from, to).map(drop).map_err(|error| format!("cannot write {to:?}: {error}"))
}

fn succeed(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => {
            let program = command.get_program();
            Err(format!(
                "{program:?} does not start: {error}; docs/clients.md says what to install"
            ))
        }
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
