//! One error for all of SQL: the fields that PostgreSQL's clients are told.

use std::fmt;

/// Shorthand used throughout.
pub type Result<T> = std::result::Result<T, SqlError>;

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
        }))
    }

    /// What Bourse does not do: 0A000.
    pub fn unsupported(message: impl Into<String>) -> SqlError {
        SqlError::new("0A000", message)
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
        SqlError::new(error.sqlstate(), message)
    }
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
