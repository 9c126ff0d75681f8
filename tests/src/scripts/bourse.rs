//! Bourse's answers.

use bourse_sql::Dialect;
use bourse_sql::connection::Rows;
use bourse_sql::datum::Datum;

use super::sqlite::{blob, real};
use super::{Answer, Answers, error_answer, rows_answer};
use crate::differential::{BourseEngine, Refusal};

/// Bourse, each script in a store of its own.
pub struct BourseAnswers {
    /// The dialect that it is spoken to in.
    pub dialect: Dialect,
}

impl Answers for BourseAnswers {
    fn answer(&mut self, statements: &[&str]) -> Result<Vec<Answer>, String> {
        let engine = BourseEngine::new(self.dialect)?;
        let answer = |statement: &&str| match engine.query(statement) {
            Ok(rows) => self.rows(rows),
            Err(refusal) => self.error(&refusal),
        };
        Ok(statements.iter().map(answer).collect())
    }
}

impl BourseAnswers {
    fn rows(&self, mut rows: Rows) -> Answer {
        let columns: Vec<String> = rows.columns().iter().map(|c| c.name.clone()).collect();
        if columns.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        while let Some(row) = rows.next() {
            let cells = row.values().iter().enumerate().map(|(at, value)| match self.dialect {
                Dialect::Sqlite => sqlite_cell(value),
                Dialect::Postgres => match row.text(at) {
                    Ok(text) => text.unwrap_or_else(|| "NULL".to_owned()),
                    Err(error) => format!("{error:?}"),
                },
            });
            found.push(cells.collect::<Vec<String>>());
        }
        rows_answer(&columns, &found)
    }

    fn error(&self, refusal: &Refusal) -> Answer {
        let message = match refusal {
            Refusal::Unsupported(message) => format!("0A000: {message}"),
            Refusal::Broken(message) => format!("XX000: {message}"),
            Refusal::TooMuch(message) => message.clone(),
            Refusal::Wrong(message) => message.clone(),
        };
        match self.dialect {
            Dialect::Postgres => error_answer(&message),
            // SQLite has no SQLSTATE.
            Dialect::Sqlite => error_answer(message.split_once(": ").map_or("", |(_, m)| m)),
        }
    }
}

fn sqlite_cell(value: &Datum) -> String {
    match value {
        Datum::Null => "NULL".to_owned(),
        Datum::Boolean(value) => i64::from(*value).to_string(),
        Datum::Integer(value) => value.to_string(),
        Datum::Double(value) => real(*value),
        Datum::Text(text) => text.to_string(),
        Datum::Bytes(bytes) => blob(bytes),
        other => format!("{other:?}"),
    }
}
