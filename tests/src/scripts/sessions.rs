//! Scripts of several sessions, over the wire: what statements come to that wait for each other.
//!
//! Each statement begins with the name of its session, `T1: UPDATE ...;`, which is connected when
//! it is named first. A statement that waits for a lock is answered by `--> (waits)`, and the
//! answer to what ends its wait has its own behind it:
//!
//! ```sql
//! T1: BEGIN;
//! T1: UPDATE test SET value = 11 WHERE id = 1;
//! --> UPDATE 1
//! T2: UPDATE test SET value = 12 WHERE id = 1;
//! --> (waits)
//! T1: COMMIT;
//! --> T2: UPDATE 1
//! ```
//!
//! That a statement waits is asked of the server, `pg_blocking_pids`, and not told from the time
//! that it takes. Of errors of the classes 40, 55 and 57, which are about others, a script has the
//! SQLSTATE and not the message.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use bourse::{Database, Options};
use bourse_storage::sync;

use super::{Answer, Answers, error_answer, rows_answer};
use crate::wire::{WireAnswer, WireClient};

/// A statement that neither answers nor waits for so long is one that hangs.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long an answer is waited for before the server is asked whether it waits for a lock.
const LOOK: Duration = Duration::from_millis(5);

/// PostgreSQL, where its role `postgres` needs no password; each script in a database of its own.
pub struct PostgresSessions {
    /// Where it listens.
    pub address: SocketAddr,
}

/// Bourse's server, each script with a store of its own.
pub struct BourseSessions;

/// How sessions are opened.
struct Server {
    address: SocketAddr,
    parameters: Vec<(&'static str, &'static str)>,
    /// A statement waits that has been seen to wait for a lock for so long: longer than the server
    /// takes to find a deadlock.
    waits: Duration,
}

impl Server {
    fn connect(&self) -> Result<WireClient, String> {
        WireClient::connect(self.address, &self.parameters).map_err(|lost| lost.to_string())
    }

    fn answer(&self, statements: &[&str]) -> Result<Vec<Answer>, String> {
        let mut sessions = Sessions {
            server: self,
            control: self.connect()?,
            clients: BTreeMap::new(),
            pending: Vec::new(),
        };
        let mut answers = Vec::with_capacity(statements.len());
        for statement in statements {
            let answer = sessions.step(statement);
            answers.push(answer.map_err(|error| format!("{statement}\n{error}"))?);
        }
        match &*sessions.pending {
            [] => Ok(answers),
            pending => Err(format!("at the end of the script {pending:?} wait")),
        }
    }
}

impl Answers for PostgresSessions {
    fn answer(&mut self, statements: &[&str]) -> Result<Vec<Answer>, String> {
        let parameters = [("user", "postgres"), ("database", "postgres")];
        let mut admin =
            WireClient::connect(self.address, &parameters).map_err(|lost| lost.to_string())?;
        for statement in ["DROP DATABASE IF EXISTS golden WITH (FORCE)", "CREATE DATABASE golden"] {
            let answer = admin.query(statement).map_err(|lost| lost.to_string())?;
            if let Some((_, message)) = answer.error {
                return Err(format!("{statement}: {message}"));
            }
        }
        let parameters = vec![
            ("user", "postgres"),
            ("database", "golden"),
            ("options", "-c deadlock_timeout=50ms"),
        ];
        let waits = Duration::from_millis(250);
        Server { address: self.address, parameters, waits }.answer(statements)
    }
}

impl Answers for BourseSessions {
    fn answer(&mut self, statements: &[&str]) -> Result<Vec<Answer>, String> {
        let failed = |error: &dyn std::fmt::Display| format!("the server: {error}");
        let folder = tempfile::tempdir().map_err(|error| failed(&error))?;
        let options = Options { shards: 4, cache_bytes: 16 << 20, ..Options::default() };
        let store = Database::open(folder.path(), options).map_err(|error| failed(&error))?;
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let options = bourse_server::Options { listen, ..bourse_server::Options::default() };
        let server =
            bourse_server::Server::start(store, options).map_err(|error| failed(&error))?;
        let parameters = vec![("user", "bourse"), ("database", "bourse")];
        let waits = Duration::from_millis(60);
        let answers = Server { address: server.address(), parameters, waits }.answer(statements);
        server.stop().map_err(|error| failed(&error))?;
        answers
    }
}

struct Sessions<'s> {
    server: &'s Server,
    /// Looks who waits.
    control: WireClient,
    clients: BTreeMap<String, WireClient>,
    /// Those that have a statement without an answer.
    pending: Vec<String>,
}

impl Sessions<'_> {
    /// Runs a statement, and waits until no session goes on.
    fn step(&mut self, text: &str) -> Result<Answer, String> {
        let lines = text.lines().skip_while(|line| line.starts_with("--"));
        let text = lines.collect::<Vec<&str>>().join("\n");
        let (name, statement) = text.split_once(": ").ok_or("the statement names no session")?;
        if self.pending.iter().any(|pending| pending == name) {
            return Err(format!("{name} has a statement that waits"));
        }
        if !self.clients.contains_key(name) {
            self.clients.insert(name.to_owned(), self.server.connect()?);
        }
        let client = self.clients.get_mut(name).ok_or("the session is gone")?;
        client.send(statement).map_err(|lost| lost.to_string())?;
        self.pending.push(name.to_owned());
        self.settle(name)
    }

    fn settle(&mut self, own: &str) -> Result<Answer, String> {
        let begun = sync::monotonic();
        let mut answer = Vec::new();
        let mut others = BTreeMap::new();
        let mut seen_to_wait: Option<Duration> = None;
        loop {
            let mut all_wait = true;
            for name in self.pending.clone() {
                let client = self.clients.get_mut(&name).ok_or("the session is gone")?;
                let came = client.within(LOOK).map_err(|lost| format!("{name}: {lost}"))?;
                if let Some(came) = came {
                    self.pending.retain(|pending| *pending != name);
                    // Others may go on now.
                    all_wait = false;
                    if name == own {
                        answer = shown(&came);
                    } else {
                        others.insert(name, shown(&came));
                    }
                } else {
                    let process = client.process;
                    all_wait &= self.waits(process)?;
                }
            }
            let now = sync::monotonic();
            if self.pending.is_empty() {
                break;
            }
            if !all_wait {
                seen_to_wait = None;
                if now - begun > PATIENCE {
                    return Err(format!("{:?} hang", self.pending));
                }
                continue;
            }
            if now - *seen_to_wait.get_or_insert(now) >= self.server.waits {
                break;
            }
        }
        if self.pending.iter().any(|pending| pending == own) {
            answer = vec!["--> (waits)".to_owned()];
        }
        for (name, lines) in others {
            match &*lines {
                [] => answer.push(format!("--> {name}: ok")),
                lines => answer.extend(lines.iter().map(|line| {
                    let (kind, rest) = line.split_at("-->".len());
                    format!("{kind} {name}:{rest}")
                })),
            }
        }
        Ok(answer)
    }

    /// Whether a session waits for a lock.
    fn waits(&mut self, process: i32) -> Result<bool, String> {
        let question = format!("SELECT cardinality(pg_blocking_pids({process})) > 0");
        let answer = self.control.query(&question).map_err(|lost| lost.to_string())?;
        match (&answer.error, answer.rows.first()) {
            (None, Some(row)) => Ok(row == &[Some("t".to_owned())]),
            _ => Err(format!("{question}: {answer:?}")),
        }
    }
}

/// The lines of an answer.
fn shown(answer: &WireAnswer) -> Answer {
    match &answer.error {
        Some((state, _)) if ["40", "55", "57"].iter().any(|class| state.starts_with(class)) => {
            error_answer(state)
        }
        Some((state, message)) => error_answer(&format!("{state}: {message}")),
        None if !answer.columns.is_empty() => {
            let null = || "NULL".to_owned();
            let cells = |row: &Vec<Option<String>>| {
                row.iter().map(|cell| cell.clone().unwrap_or_else(null)).collect()
            };
            let rows: Vec<Vec<String>> = answer.rows.iter().map(cells).collect();
            rows_answer(&answer.columns, &rows)
        }
        None => {
            let counts = ["INSERT", "UPDATE", "DELETE", "MERGE"];
            let is_shown = counts.iter().any(|tag| answer.tag.starts_with(tag));
            is_shown.then(|| format!("--> {}", answer.tag)).into_iter().collect()
        }
    }
}
