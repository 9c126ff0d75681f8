//! What a server knows and a catalog shows: sessions, statements by what they took, replication.
//!
//! A server of a store says who it is by [`Activity::set`] on the store's one value of that type;
//! relations such as `pg_stat_activity`, and functions such as `pg_cancel_backend`, ask it. In
//! process nobody is set, and there is nothing to show.

use std::sync::{Arc, Weak};
use std::time::Duration;

use bourse_storage::id::Lsn;
use bourse_storage::sync::Mutex;

/// A session of a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionActivity {
    /// Its number: `pg_backend_pid()`.
    pub process: u32,
    /// Whose it is.
    pub user: String,
    /// The name that the store goes by.
    pub database: String,
    /// What the client calls itself.
    pub application: String,
    /// Address and port of the client; `[local]` for a Unix socket.
    pub peer: String,
    /// `active`, `idle`, `idle in transaction`, `idle in transaction (aborted)`.
    pub state: &'static str,
    /// The beginning of its statement, or of the last one.
    pub text: String,
    /// Microseconds since 1970-01-01 UTC: when it began.
    pub began_us: i64,
    /// When its transaction began; 0 without one.
    pub transaction_began_us: i64,
    /// When its statement began; 0 before the first.
    pub statement_began_us: i64,
    /// When it began to be in its state.
    pub state_since_us: i64,
}

/// Statements that differ by their constants only.
#[derive(Clone, PartialEq, Debug)]
pub struct StatementActivity {
    /// A number of the text.
    pub id: u64,
    /// The text, with `$1`, `$2`, ... for its constants.
    pub text: String,
    /// How often it ran.
    pub calls: u64,
    /// Rows that it gave or changed.
    pub rows: u64,
    /// Time in all.
    pub total: Duration,
    /// The least of a call.
    pub least: Duration,
    /// The most of a call.
    pub most: Duration,
    /// The standard deviation, in milliseconds.
    pub deviation_ms: f64,
}

/// A replica that is connected to a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReplicaActivity {
    /// Its number among those that were ever connected.
    pub number: u32,
    /// What it calls itself.
    pub name: String,
    /// Address and port from which it is connected.
    pub peer: String,
    /// When it connected.
    pub began_us: i64,
    /// `startup`, `backup`, `catchup`, `streaming`.
    pub state: &'static str,
    /// The newest record that it was sent, that it has, and that can be read there.
    pub sent: Lsn,
    /// See `sent`.
    pub received: Lsn,
    /// See `sent`.
    pub applied: Lsn,
    /// How long the newest record that it has applied took to be that.
    pub lag: Option<Duration>,
    /// When it last said how far it is, by its own clock; 0 before that.
    pub replied_us: i64,
}

/// The server that a server follows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeaderActivity {
    /// Where it is followed.
    pub address: String,
    /// Where its clients connect, once it has said so.
    pub clients: Option<String>,
    /// `connecting`, `streaming`, `stopped`.
    pub state: &'static str,
    /// The slot that keeps its log for this server.
    pub slot: String,
    /// The newest record that there was here when the connection began.
    pub began_after: Lsn,
    /// The newest record that has come.
    pub received: Lsn,
    /// The newest record that the leader has, as far as it has said so.
    pub newest: Lsn,
    /// When it sent its last message, by its clock, and when that came; 0 for never.
    pub sent_us: i64,
    /// See `sent_us`.
    pub received_us: i64,
}

/// A server, as those ask it who show what it does.
pub trait Observed: Send + Sync {
    /// Its sessions, by their numbers.
    fn sessions(&self) -> Vec<SessionActivity>;
    /// Its statements, those that took the most first.
    fn statements(&self) -> Vec<StatementActivity>;
    /// Forgets what statements took.
    fn reset_statements(&self);
    /// Ends the statement of a session. Returns whether there is such a session.
    fn cancel(&self, process: u32) -> bool;
    /// Ends a session. Returns whether there is one of that number.
    fn terminate(&self, process: u32) -> bool;

    /// The replicas that are connected to it.
    fn replicas(&self) -> Vec<ReplicaActivity> {
        Vec::new()
    }

    /// The server that it follows.
    fn leader(&self) -> Option<LeaderActivity> {
        None
    }

    /// For how long at most the state here has not been its leader's newest one; `None` where
    /// nobody knows.
    fn staleness(&self) -> Option<Duration> {
        None
    }

    /// Makes a replica a leader of its own, within a time.
    ///
    /// # Errors
    /// 55000 where it is none, or where the time ran out; as [`Database::promote`].
    fn promote(&self, _limit: Duration) -> bourse::Result<()> {
        let message = "this store is no replica of another one";
        Err(bourse::Error::invalid(message).with_sqlstate("55000"))
    }
}

/// The server of a store, if it has one.
#[derive(Default)]
pub struct Activity(Mutex<Option<Weak<dyn Observed>>>);

impl Activity {
    /// Says who the server is.
    pub fn set(&self, server: &Arc<dyn Observed>) {
        *self.0.lock() = Some(Arc::downgrade(server));
    }

    /// The server, while it runs.
    pub fn server(&self) -> Option<Arc<dyn Observed>> {
        self.0.lock().as_ref().and_then(Weak::upgrade)
    }
}

impl std::fmt::Debug for Activity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Activity").field("has_server", &self.server().is_some()).finish()
    }
}
