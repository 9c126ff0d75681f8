//! The one error of this crate: a kind that says what the caller must do, and what is known.

use std::error::Error as StdError;
use std::fmt;

/// What went wrong, told by what is to be done about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// The client was called in a way that cannot work: say it otherwise.
    Usage,
    /// All connections are taken: too many wait already, or one waited too long. Take less at once,
    /// or give the pool more ([`Client::advice`](crate::Client::advice)); nothing was run.
    Busy,
    /// No node can be asked: none is there, or none takes writes. Nothing was run, or what was run
    /// is rolled back; try again later.
    Unavailable,
    /// The time of the call was up before it was done. Nothing of it remains.
    Deadline,
    /// Another transaction was in the way (40001, 40P01), each time that it was tried. Run it
    /// again.
    Conflict,
    /// The connection was lost or refused. Nothing of the call remains; run it again.
    Connection,
    /// The statement is refused by the server: [`Error::sqlstate`] says why.
    Statement,
    /// What was sent may have been done or not. Look, before it is done again; or use
    /// [`Call::once`](crate::Call::once), which knows.
    OutcomeUnknown,
    /// A write that the session has a token of is on no node any more: it was lost in a promotion.
    /// [`Session::forget`](crate::Session::forget) goes on without it.
    LostWrite,
    /// The caller's closure ended it ([`Error::abort`]); what it did is rolled back.
    Aborted,
}

/// See the module's head.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    message: String,
    node: Option<String>,
    sqlstate: Option<String>,
    hint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Error {
        let message = message.into();
        Error(Box::new(Inner {
            kind,
            message,
            node: None,
            sqlstate: None,
            hint: None,
            source: None,
        }))
    }

    /// Ends a closure: what it did is rolled back, and it is not run again.
    pub fn abort(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        let reason = reason.into();
        let mut error = Error::new(Kind::Aborted, reason.to_string());
        error.0.source = Some(reason);
        error
    }

    pub(crate) fn with_node(mut self, node: &str) -> Error {
        self.0.node.get_or_insert_with(|| node.to_owned());
        self
    }

    pub(crate) fn with_kind(mut self, kind: Kind) -> Error {
        self.0.kind = kind;
        self
    }

    /// What was said, with more before it.
    pub(crate) fn with_context(mut self, context: &str) -> Error {
        self.0.message = format!("{context}: {}", self.0.message);
        self
    }

    /// What the caller must do.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Which node said so, if one did.
    pub fn node(&self) -> Option<&str> {
        self.0.node.as_deref()
    }

    /// The server's code of five letters, if a server said so.
    pub fn sqlstate(&self) -> Option<&str> {
        self.0.sqlstate.as_deref()
    }

    /// What the server, or this crate, advises.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref().or(match self.0.kind {
            Kind::Usage | Kind::Statement | Kind::Aborted => None,
            Kind::Busy => Some("Take fewer connections at once, or give the pool more."),
            Kind::Unavailable => Some("Try again once a node is there."),
            Kind::Deadline => Some("Try again, or give it more time."),
            Kind::Conflict | Kind::Connection => Some("Run it again."),
            Kind::OutcomeUnknown => Some("Look whether it was done before it is done again."),
            Kind::LostWrite => Some("Forget the session's token, and look what is there."),
        })
    }

    /// Whether nothing of the call remains, and the same call may do better later.
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            Kind::Busy | Kind::Unavailable | Kind::Deadline | Kind::Conflict | Kind::Connection => {
                true
            }
            Kind::Usage
            | Kind::Statement
            | Kind::OutcomeUnknown
            | Kind::LostWrite
            | Kind::Aborted => false,
        }
    }

    /// Whether the call may have had its effect.
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.kind == Kind::OutcomeUnknown
    }

    /// The reason that was given to [`Error::abort`].
    pub fn into_reason(self) -> Option<Box<dyn StdError + Send + Sync>> {
        self.0.source.filter(|_| self.0.kind == Kind::Aborted)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(node) = &self.0.node {
            write!(f, "{node}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(sqlstate) = &self.0.sqlstate {
            write!(f, " ({sqlstate})")?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Error {
        let Some(told) = error.as_db_error() else {
            let kind = kind_without_answer(&error);
            let message = match error.source() {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            };
            let mut converted = Error::new(kind, message);
            converted.0.source = Some(Box::new(error));
            return converted;
        };
        let mut converted = Error::new(kind_of(told.code().code()), told.message());
        converted.0.sqlstate = Some(told.code().code().to_owned());
        converted.0.hint = told.hint().map(str::to_owned);
        converted.0.source = Some(Box::new(error));
        converted
    }
}

/// What a server's code means for the caller.
fn kind_of(sqlstate: &str) -> Kind {
    match sqlstate {
        "40001" | "40P01" => Kind::Conflict,
        "53300" | "57P03" => Kind::Unavailable,
        "57P01" | "57P02" | "57P05" => Kind::Connection,
        _ if sqlstate.starts_with("08") => Kind::Connection,
        _ => Kind::Statement,
    }
}

/// What an error of the driver means that no server told of: the connection is gone, or a value was
/// not as it was asked for.
fn kind_without_answer(error: &tokio_postgres::Error) -> Kind {
    if error.is_closed() {
        return Kind::Connection;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<std::io::Error>() {
            // A text with a zero byte, for one, cannot be sent; nothing else of it is about bytes.
            return match cause.kind() {
                std::io::ErrorKind::InvalidInput => Kind::Statement,
                _ => Kind::Connection,
            };
        }
        source = cause.source();
    }
    Kind::Statement
}
