//! One error for the whole product, told apart by what the caller must do.

use std::fmt;

/// Shorthand used throughout.
pub type Result<T> = std::result::Result<T, Error>;

/// What the caller must do about an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Another transaction was in the way: run it again.
    Conflict,
    /// Bytes on disk are not what was written: stop, and restore or check.
    Corrupt,
    /// The call or the data given is wrong: fix it.
    InvalidInput,
    /// A constraint of a table refuses the row: fix the data.
    Constraint,
    /// The disk, or a limit of the store, is full: delete or make space.
    Full,
    /// The operating system failed an operation on a file.
    Io,
    /// The store is held by another process, or is read-only.
    Busy,
    /// The store stopped (closed, or after a failure it may not survive): open it again.
    Closed,
}

/// Any error of the store: a kind, a sentence that says what, where and what to do, an SQLSTATE.
///
/// `Display` prints this error alone; [`std::error::Error::source`] has its cause.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    sqlstate: &'static str,
    message: String,
    violation: Option<Violation>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Which constraint of which table refuses a row, for those who say it in words of their own.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Violation {
    /// The table.
    pub table: String,
    /// The constraint, if it has a name (NOT NULL has none).
    pub constraint: String,
    /// The columns that it is about, in its order; expressions as SQL.
    pub columns: Vec<String>,
    /// What the message ends with, behind a colon: which values, where it tells them.
    pub detail: String,
}

impl Error {
    /// An error with the SQLSTATE that its kind has by default.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Inner {
            kind,
            sqlstate: default_sqlstate(kind),
            message: message.into(),
            violation: None,
            source: None,
        }))
    }

    /// Shorthand for a [`ErrorKind::Corrupt`] error.
    pub fn corrupt(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Corrupt, message)
    }

    /// Shorthand for an [`ErrorKind::InvalidInput`] error.
    pub fn invalid(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::InvalidInput, message)
    }

    /// An operation of the operating system that failed: `Full` for a full disk, else `Io`.
    pub fn io(message: impl Into<String>, source: std::io::Error) -> Error {
        let full = matches!(
            source.kind(),
            std::io::ErrorKind::StorageFull
                | std::io::ErrorKind::QuotaExceeded
                | std::io::ErrorKind::FileTooLarge
        );
        let kind = if full { ErrorKind::Full } else { ErrorKind::Io };
        Error::new(kind, message).with_source(source)
    }

    /// The same error with its cause.
    #[must_use]
    pub fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Error {
        self.0.source = Some(Box::new(source));
        self
    }

    /// The same error with a more exact SQLSTATE.
    #[must_use]
    pub fn with_sqlstate(mut self, sqlstate: &'static str) -> Error {
        self.0.sqlstate = sqlstate;
        self
    }

    /// The same error with the constraint that refuses the row.
    #[must_use]
    pub fn with_violation(mut self, violation: Violation) -> Error {
        self.0.violation = Some(violation);
        self
    }

    /// The constraint that refuses the row, where one does.
    pub fn violation(&self) -> Option<&Violation> {
        self.0.violation.as_ref()
    }

    /// What the caller must do.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the same call may succeed when simply made again.
    pub fn is_retryable(&self) -> bool {
        self.0.kind == ErrorKind::Conflict
    }

    /// The five characters that PostgreSQL's clients know the error by.
    pub fn sqlstate(&self) -> &'static str {
        self.0.sqlstate
    }

    /// The sentence, without its cause.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

fn default_sqlstate(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Conflict => "40001",
        ErrorKind::Corrupt => "XX001",
        ErrorKind::InvalidInput => "22023",
        ErrorKind::Constraint => "23000",
        ErrorKind::Full => "53100",
        ErrorKind::Io => "58030",
        ErrorKind::Busy => "55006",
        ErrorKind::Closed => "57P01",
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.0.kind, self.0.message)?;
        if let Some(source) = &self.0.source {
            write!(f, " ({source})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|s| s.as_ref() as _)
    }
}
