//! Why a connection between nodes has ended, told apart by what is to be done.

use bourse_storage::Error;

/// Why the other node lets this one not in, or not go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reason {
    /// It does not know the cluster's secret.
    Unknown,
    /// The two speak no common version of the protocol.
    Version,
    /// What it wants to go on from is no longer in the log.
    Behind,
    /// Its store is no copy of this one, or has come further than this one.
    Foreign,
    /// Another node that is connected has its name.
    Name,
    /// Not now: it is not the leader, is stopping, or has too many already.
    Busy,
}

impl Reason {
    pub(super) const ALL: [Reason; 6] = [
        Reason::Unknown,
        Reason::Version,
        Reason::Behind,
        Reason::Foreign,
        Reason::Name,
        Reason::Busy,
    ];

    pub(super) fn number(self) -> u8 {
        match self {
            Reason::Unknown => 1,
            Reason::Version => 2,
            Reason::Behind => 3,
            Reason::Foreign => 4,
            Reason::Name => 5,
            Reason::Busy => 6,
        }
    }

    pub(super) fn of_number(number: u8) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.number() == number)
    }
}

/// Why a connection between nodes has ended.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The network, or the other node, is gone: connect again.
    Lost(String),
    /// The other node said something that has no meaning: connect again.
    Malformed(String),
    /// The other node refuses.
    Refused(Reason, String),
    /// This node's store has failed.
    Store(Error),
}

impl Fault {
    pub(crate) fn malformed(what: impl Into<String>) -> Fault {
        Fault::Malformed(what.into())
    }

    pub(crate) fn lost(what: impl Into<String>) -> Fault {
        Fault::Lost(what.into())
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Fault::lost("the connection was closed"),
            _ => Fault::lost(error.to_string()),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Store(error)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Lost(what) => f.write_str(what),
            Fault::Malformed(what) => write!(f, "the other node sent {what}"),
            Fault::Refused(_, why) => write!(f, "refused: {why}"),
            Fault::Store(error) => write!(f, "{error}"),
        }
    }
}
