//! Golden scripts of SQL: statements with the answers that PostgreSQL or SQLite gave.
//!
//! A script is a file of SQL that reads as documentation. Its head is a comment: the first line
//! is what it shows, one line names who answered. Behind each statement stand its answers, as
//! comments:
//!
//! ```sql
//! -- LEFT JOIN keeps rows without a partner
//! -- oracle: sqlite
//! SELECT a.x, b.y FROM a LEFT JOIN b USING (x) ORDER BY x;
//! --> x | y
//! --> 1 | one
//! --> 2 | NULL
//! SELECT nothing;
//! --! no such column: nothing
//! ```
//!
//! Where Bourse is known to answer otherwise, its answer stands behind, in lines that begin with
//! `--~`: what is missing, and what is so for a reason that docs/sql.md tells.
//!
//! A line `-- chapter: queries` in the head says where documents list what the script shows:
//! `features` makes their tables.
//!
//! A head that says `Numbers of objects are shown as #` is of a script about catalogs, whose
//! numbers are others in each store: whole numbers from 16384 on are `#` in its answers, and the
//! rows of a statement without ORDER BY at its end stand in the order of their texts.
//!
//! A head that says `Each statement begins with the name of its session` is of a script of several
//! sessions, which are clients of a server: `sessions` says how it reads.
//!
//! A statement ends with a semicolon at the end of a line. One without rows has no answer. An
//! error of PostgreSQL is its SQLSTATE and message. Answers are recorded, never written by hand:
//! `cargo run -p bourse-tests --bin scripts -- --record tests/golden/sql`.

use std::fs;
use std::path::{Path, PathBuf};

mod bourse;
mod features;
mod postgres;
mod sessions;
mod sqlite;

pub use bourse::BourseAnswers;
pub use features::{Document, documents};
pub use postgres::PostgresAnswers;
pub use sessions::{BourseSessions, PostgresSessions};
pub use sqlite::SqliteAnswers;

/// Who answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Oracle {
    /// PostgreSQL 15.
    Postgres,
    /// SQLite.
    Sqlite,
    /// Bourse itself: of what neither has.
    Bourse,
}

/// What a statement came to, as lines of a script.
pub type Answer = Vec<String>;

/// Something that answers the statements of a script.
pub trait Answers {
    /// Answers all statements, each after those before it.
    ///
    /// # Errors
    /// When it cannot be asked at all.
    fn answer(&mut self, statements: &[&str]) -> Result<Vec<Answer>, String>;
}

/// A script.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its comment at the beginning, as it stands there.
    pub head: Vec<String>,
    /// Who answered.
    pub oracle: Oracle,
    /// Statements and comments between them, with the answers.
    pub steps: Vec<Step>,
}

/// A statement of a script.
#[derive(Clone, Debug)]
pub struct Step {
    /// The comment before it, and the statement.
    pub text: String,
    /// Its answer.
    pub answer: Answer,
    /// What Bourse answers, where that is known to be something else.
    pub deviation: Option<Answer>,
}

/// The lines of an answer with rows; of a value with several lines each is one.
pub fn rows_answer(columns: &[String], rows: &[Vec<String>]) -> Answer {
    let of = |cells: &[String]| {
        let row = cells.join(" | ");
        let lines = row.split('\n').map(|line| format!("--> {line}").trim_end().to_owned());
        lines.collect::<Vec<String>>()
    };
    std::iter::once(of(columns)).chain(rows.iter().map(|row| of(row))).flatten().collect()
}

/// The lines of an answer that is an error.
pub fn error_answer(message: &str) -> Answer {
    let first = message.lines().next().unwrap_or_default();
    vec![format!("--! {first}").trim_end().to_owned()]
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// A head that names no oracle, or a statement without an end.
    pub fn parse(text: &str) -> Result<Script, String> {
        let mut lines = text.lines().peekable();
        let mut head = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with("--")) {
            head.push(line.to_owned());
        }
        let named = head.iter().find_map(|line| line.strip_prefix("-- oracle: "));
        let oracle = match named.map(str::trim) {
            Some("postgres") => Oracle::Postgres,
            Some("sqlite") => Oracle::Sqlite,
            Some("bourse") => Oracle::Bourse,
            _ => return Err("the head has no line `-- oracle: postgres|sqlite|bourse`".into()),
        };
        let mut steps: Vec<Step> = Vec::new();
        let mut statement: Vec<&str> = Vec::new();
        for line in lines {
            let is_answer = line.starts_with("-->") || line.starts_with("--!");
            match steps.last_mut() {
                Some(step) if line.starts_with("--~") && statement.is_empty() => {
                    let deviation = step.deviation.get_or_insert_default();
                    let rest = line["--~".len()..].trim_end();
                    deviation.extend((!rest.is_empty()).then(|| format!("--{rest}")));
                    continue;
                }
                Some(step) if is_answer && statement.is_empty() => {
                    step.answer.push(line.trim_end().to_owned());
                    continue;
                }
                _ if line.trim().is_empty() && statement.is_empty() => continue,
                _ => statement.push(line),
            }
            if line.trim_end().ends_with(';') && !line.starts_with("--") {
                let text = statement.join("\n");
                steps.push(Step { text, answer: Vec::new(), deviation: None });
                statement.clear();
            }
        }
        match statement.is_empty() {
            true => Ok(Script { head, oracle, steps }),
            false => Err(format!("no end of the statement: {}", statement.join("\n"))),
        }
    }

    /// The script as text, with these answers.
    pub fn with_answers(&self, answers: &[Answer]) -> String {
        let mut text = self.head.join("\n");
        text.push('\n');
        for (step, answer) in self.steps.iter().zip(answers) {
            text.push_str(&format!("\n{}\n", step.text));
            for line in answer {
                text.push_str(&format!("{line}\n"));
            }
            let Some(deviation) = &step.deviation else { continue };
            if deviation.is_empty() {
                text.push_str("--~\n");
            }
            for line in deviation {
                text.push_str(&format!("--~{}\n", line.trim_start_matches("--")));
            }
        }
        text
    }

    /// Whether it is of several sessions, whose names its statements begin with.
    pub fn has_sessions(&self) -> bool {
        self.head.iter().any(|line| line.contains("begins with the name of its session"))
    }

    /// Answers as the script keeps them: of one about catalogs without numbers of objects.
    #[must_use]
    pub fn settled(&self, mut answers: Vec<Answer>) -> Vec<Answer> {
        if !self.head.iter().any(|line| line.contains("Numbers of objects are shown as #")) {
            return answers;
        }
        for (step, answer) in self.steps.iter().zip(&mut answers) {
            answer.iter_mut().for_each(|line| *line = without_numbers(line));
            let behind = step.text.rsplit(')').next().unwrap_or_default();
            if answer.len() > 2 && !behind.to_ascii_uppercase().contains("ORDER BY") {
                answer[1..].sort();
            }
        }
        answers
    }

    /// Its statements.
    pub fn statements(&self) -> Vec<&str> {
        self.steps.iter().map(|step| &*step.text).collect()
    }

    /// The script with Bourse's answers beside those that it does not share.
    #[must_use]
    pub fn with_deviations(mut self, answers: &[Answer]) -> Script {
        for (step, answer) in self.steps.iter_mut().zip(answers) {
            step.deviation = (step.answer != *answer).then(|| answer.clone());
        }
        self
    }

    /// Where answers differ from those that were recorded: the statement, what was and what is.
    pub fn differences(&self, answers: &[Answer]) -> Vec<String> {
        let steps = self.steps.iter().zip(answers);
        let is_known = |step: &Step, answer: &Answer| step.deviation.as_ref() == Some(answer);
        let differing =
            steps.filter(|(step, answer)| step.answer != **answer && !is_known(step, answer));
        differing
            .map(|(step, answer)| {
                let (was, is) = (step.answer.join("\n"), answer.join("\n"));
                format!("{}\nrecorded:\n{was}\nanswered:\n{is}\n", step.text)
            })
            .collect()
    }
}

/// A line with `#` for each whole number that may be an object's.
fn without_numbers(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let (number, behind) = from.split_at(end);
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '.');
        let own = before.chars().next_back().or(shown.chars().next_back());
        let is_alone = !is_part(own) && !is_part(behind.chars().next());
        let is_object = is_alone && number.parse::<u64>().is_ok_and(|number| number >= 16384);
        shown.push_str(before);
        shown.push_str(if is_object { "#" } else { number });
        rest = behind;
    }
    shown.push_str(rest);
    shown
}

/// The scripts below a folder, by their paths.
///
/// # Errors
/// What cannot be read.
pub fn scripts_below(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            found.extend(scripts_below(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "-- What it shows\n-- oracle: sqlite\n\nSELECT 1 AS a,\n  NULL AS b;\n\
                        --> a | b\n--> 1 | NULL\n\n-- And a comment\nSELECT x;\n\
                        --! no such column: x\n";

    #[test]
    fn a_script_is_read_and_written_the_same() {
        let script = Script::parse(TEXT).unwrap();
        assert_eq!(script.oracle, Oracle::Sqlite);
        let answers: Vec<Answer> = script.steps.iter().map(|step| step.answer.clone()).collect();
        assert_eq!(answers.len(), 2);
        assert_eq!(script.with_answers(&answers), TEXT);
        assert!(script.differences(&answers).is_empty());
    }

    #[test]
    fn sqlite_gives_the_recorded_answers_and_others_are_told() {
        let script = Script::parse(TEXT).unwrap();
        let answers = SqliteAnswers.answer(&script.statements()).unwrap();
        assert_eq!(script.differences(&answers), Vec::<String>::new());
        let changed = Script::parse(&TEXT.replace("--> 1", "--> 2")).unwrap();
        assert_eq!(changed.differences(&answers).len(), 1);
    }

    #[test]
    fn numbers_of_objects_are_not_told_apart() {
        let head = "-- Catalogs\n-- oracle: postgres\n-- Numbers of objects are shown as #\n\n";
        let script = Script::parse(&format!("{head}SELECT x;\nSELECT x ORDER BY 1;\n")).unwrap();
        let answer = ["--> x", "--> t | 99999 16385", "--> a16385 | 16384.5 | 7 | {20000,1}"];
        let answer: Answer = answer.map(str::to_owned).to_vec();
        let settled = script.settled(vec![answer.clone(), answer]);
        assert_eq!(settled[0], ["--> x", "--> a16385 | 16384.5 | 7 | {#,1}", "--> t | # #"]);
        assert_eq!(settled[1], ["--> x", "--> t | # #", "--> a16385 | 16384.5 | 7 | {#,1}"]);
    }

    #[test]
    fn what_is_no_script_is_refused() {
        assert!(Script::parse("SELECT 1;\n").is_err());
        assert!(Script::parse("-- oracle: sqlite\nSELECT 1\n").is_err());
    }
}
