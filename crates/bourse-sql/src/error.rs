//! One error for all of SQL: the fields that PostgreSQL's clients are told.

use std::fmt;

use bourse::Violation;

use crate::Dialect;

/// Shorthand used throughout.
pub type Result<T> = std::result::Result<T, SqlError>;

const RESULT_CHANGED: &str = "cached plan must not change result type";

/// What went wrong, in PostgreSQL's words where PostgreSQL has some.
#[derive(Clone)]
pub struct SqlError(Box<Inner>);

#[derive(Clone)]
struct Inner {
    sqlstate: &'static str,
    message: String,
    detail: Option<String>,
    hint: Option<String>,
    position: Option<usize>,
    context: Option<String>,
    violation: Option<Violation>,
}

impl SqlError {
    /// An error with its SQLSTATE.
    pub fn new(sqlstate: &'static str, message: impl Into<String>) -> SqlError {
        SqlError(Box::new(Inner {
            sqlstate,
            message: message.into(),
            detail: None,
            hint: None,
            position: None,
            context: None,
            violation: None,
        }))
    }

    /// What Bourse does not do: 0A000.
    pub fn unsupported(message: impl Into<String>) -> SqlError {
        SqlError::new("0A000", message)
    }

    /// A prepared statement would give other columns than it has told: drivers prepare it anew.
    pub(crate) fn result_changed() -> SqlError {
        SqlError::unsupported(RESULT_CHANGED)
    }

    /// Whether it is about a prepared statement that would give other columns.
    pub fn is_result_changed(&self) -> bool {
        self.0.sqlstate == "0A000" && self.0.message == RESULT_CHANGED
    }

    /// The same error with a DETAIL.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> SqlError {
        self.0.detail = Some(detail.into());
        self
    }

    /// The same error with a HINT.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> SqlError {
        self.0.hint = Some(hint.into());
        self
    }

    /// The same error with the character of the statement, from 1, at which it was found.
    #[must_use]
    pub fn at(mut self, position: usize) -> SqlError {
        self.0.position = Some(position);
        self
    }

    /// The same error with its CONTEXT: where in the data, for COPY.
    #[must_use]
    pub fn with_context(mut self, context: impl Into<String>) -> SqlError {
        self.0.context = Some(context.into());
        self
    }

    /// The five characters of its SQLSTATE.
    pub fn sqlstate(&self) -> &'static str {
        self.0.sqlstate
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// More about this case.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// What to do.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The character of the statement, from 1, at which it was found.
    pub fn position(&self) -> Option<usize> {
        self.0.position
    }

    /// Where in the data it was met.
    pub fn context(&self) -> Option<&str> {
        self.0.context.as_deref()
    }

    /// The constraint that refuses the row, where one does.
    pub fn violation(&self) -> Option<&Violation> {
        self.0.violation.as_ref()
    }

    /// The same error about a constraint of another name.
    #[must_use]
    pub(crate) fn about_constraint(mut self, name: &str) -> SqlError {
        if let Some(violation) = &mut self.0.violation {
            name.clone_into(&mut violation.constraint);
        }
        self
    }

    /// The same error in the words that the dialect's users know.
    #[must_use]
    pub(crate) fn in_words_of(mut self, dialect: Dialect) -> SqlError {
        let Some(violation) = &self.0.violation else { return self };
        let Violation { table, constraint, columns, detail: values } = violation;
        let (message, detail) = match (dialect, self.0.sqlstate) {
            (Dialect::Postgres, "23505") if self.0.message.starts_with("could not create") => {
                let message = format!("could not create unique index \"{constraint}\"");
                let detail = format!("Key ({}) is duplicated.", columns.join(", "));
                (message, Some(detail))
            }
            (Dialect::Postgres, "23505") => {
                let detail = format!("Key ({}) already exists.", columns.join(", "));
                let message =
                    format!("duplicate key value violates unique constraint \"{constraint}\"");
                (message, Some(detail))
            }
            (Dialect::Postgres, "23502") => {
                let column = columns.join(", ");
                let message = format!(
                    "null value in column \"{column}\" of relation \"{table}\" violates not-null \
                     constraint"
                );
                (message, None)
            }
            (Dialect::Postgres, "23503") => {
                let message = self.0.message.strip_suffix(values.as_str());
                let message = message.and_then(|message| message.strip_suffix(": "));
                let detail = values.strip_prefix("key").map(|rest| format!("Key{rest}."));
                (message.unwrap_or(&self.0.message).to_owned(), detail)
            }
            (Dialect::Sqlite, "23505") => (sqlite("UNIQUE", table, columns), None),
            (Dialect::Sqlite, "23502") => (sqlite("NOT NULL", table, columns), None),
            (Dialect::Sqlite, "23503") => ("FOREIGN KEY constraint failed".to_owned(), None),
            (Dialect::Sqlite, "23514") => (format!("CHECK constraint failed: {constraint}"), None),
            _ => return self,
        };
        self.0.message = message;
        self.0.detail = detail.or(self.0.detail);
        self
    }

    /// Whether the same transaction may succeed when it is run again.
    pub fn is_retryable(&self) -> bool {
        self.0.sqlstate.starts_with("40")
    }
}

impl From<bourse::Error> for SqlError {
    fn from(error: bourse::Error) -> SqlError {
        let mut message = error.message().to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            message.push_str(&format!(": {cause}"));
            source = cause.source();
        }
        let mut told = SqlError::new(error.sqlstate(), message);
        told.0.violation = error.violation().cloned();
        told
    }
}

/// How SQLite tells which columns a constraint is about.
fn sqlite(kind: &str, table: &str, columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| format!("{table}.{column}")).collect();
    format!("{kind} constraint failed: {}", columns.join(", "))
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.sqlstate, self.0.message)
    }
}

impl std::error::Error for SqlError {}
