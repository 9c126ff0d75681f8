//! PostgreSQL's answers, by its client.

use std::io::Write;
use std::process::{Command, Stdio};

use bourse_storage::sync;

use super::{Answer, Answers, error_answer, rows_answer};

/// Stands between the answers of two statements.
const MARK: &str = "===next===";
/// Stands between two values.
const SEPARATOR: &str = "\u{1f}";

/// A server that is asked by psql, each script in a schema of its own that is dropped after it.
pub struct PostgresAnswers {
    /// How psql is called: the program, and how it finds the server.
    pub command: Vec<String>,
}

impl Answers for PostgresAnswers {
    fn answer(&mut self, statements: &[&str]) -> Result<Vec<Answer>, String> {
        let mut input = String::from(
            "\\set VERBOSITY verbose\n\\set ON_ERROR_STOP off\n\\pset null NULL\n\
             SET client_min_messages = error; DROP SCHEMA IF EXISTS golden CASCADE; \
             CREATE SCHEMA golden; SET search_path = golden; SET TimeZone = 'UTC';\n",
        );
        for statement in statements {
            input.push_str(&format!("\\echo {MARK}\n\\warn {MARK}\n{statement}\n"));
        }
        let (program, arguments) = self.command.split_first().ok_or("no psql is named")?;
        // One stream, so that errors stand where they happened.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 2>&1", "sh", program])
            .args(arguments)
            .args(["-X", "-q", "-A", "-F", SEPARATOR, "-P", "footer=off"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let mut stdin = child.stdin.take().ok_or("psql has no input")?;
        let writer = sync::spawn("psql", move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().map_err(|error| format!("{program}: {error}"))?;
        drop(writer.join());
        let text = String::from_utf8_lossy(&output.stdout);
        let parts: Vec<&str> = text.split(&format!("{MARK}\n{MARK}\n")).skip(1).collect();
        if parts.len() != statements.len() {
            return Err(format!("{program}: {} answers, says: {text}", parts.len()));
        }
        Ok(parts.into_iter().map(answer).collect())
    }
}

fn answer(text: &str) -> Answer {
    let error = text.lines().find_map(|line| line.split_once("ERROR:  ").map(|(_, rest)| rest));
    if let Some(message) = error {
        return error_answer(message);
    }
    let shown =
        |line: &&str| !["NOTICE:", "WARNING:", "LOCATION:"].iter().any(|p| line.contains(p));
    let mut lines = text
        .lines()
        .filter(shown)
        .map(|line| line.split(SEPARATOR).map(ToOwned::to_owned).collect::<Vec<String>>());
    match lines.next() {
        Some(columns) => rows_answer(&columns, &lines.collect::<Vec<_>>()),
        None => Vec::new(),
    }
}
