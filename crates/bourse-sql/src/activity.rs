//! What a server knows and a catalog shows: sessions, statements by what they took, replication.
//!
//! A server of a store says who it is by [`Activity::set`] on the store's one value of that type;
//! relations such as `pg_stat_activity`, and functions such as `pg_cancel_backend`, ask it. In
//! process nobody is set, and there is nothing to show.

use std::sync::{Arc, Weak};
use std::time::Duration;

use bourse_storage::id::Lsn;
use bourse_storage::sync::Mutex;

use crate::error::{Result, SqlError};

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

/// What a member of a group is to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemberRole {
    /// It takes commits.
    Leader,
    /// It has a vote.
    Voter,
    /// It gets the records, and has no vote.
    Learner,
}

impl MemberRole {
    /// As the catalog shows it.
    pub fn name(self) -> &'static str {
        match self {
            MemberRole::Leader => "leader",
            MemberRole::Voter => "voter",
            MemberRole::Learner => "learner",
        }
    }
}

/// A member of a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemberActivity {
    /// Its number.
    pub id: u64,
    /// Where it lets other members in.
    pub address: String,
    /// Where its clients connect, once it has said so.
    pub clients: Option<String>,
    /// What it is to the group.
    pub role: MemberRole,
    /// Whether it is the server that tells of it.
    pub is_self: bool,
    /// The newest term of the one who knows.
    pub term: u64,
    /// The leader's newest record; `None` where nobody leads, as for what follows.
    pub last: Option<Lsn>,
    /// The newest record of which the leader knows that the member has it.
    pub matched: Option<Lsn>,
    /// When the leader last heard of it, by the clock of the one who tells; 0 for never.
    pub heard_us: i64,
    /// Whether that was a moment ago.
    pub is_healthy: Option<bool>,
}

/// A change of a group, as an admin asks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MemberChange {
    /// A node gets the records, and no vote.
    Add {
        /// Its number.
        id: u64,
        /// Where it lets members in.
        address: String,
    },
    /// One that has the records gets a vote.
    Promote(u64),
    /// One is no member any more.
    Remove(u64),
    /// Another one leads: this one, or the one that has the most.
    SwitchOver(Option<u64>),
}

/// What a server says that is in no group.
pub fn no_group() -> SqlError {
    let hint = "A member of a group is started with --node-id and --peers.";
    SqlError::new("55000", "this server is no member of a group").with_hint(hint)
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

    /// Up to which record the group has agreed, as a majority of it says after the call, or why
    /// nobody can tell just now; `None` for a server in no group.
    fn newest_agreed(&self) -> Option<std::result::Result<Lsn, String>> {
        None
    }

    /// Waits until another member of the group shows a record that was committed here. A server in
    /// no group has nothing to wait for.
    ///
    /// # Errors
    /// 55000 where none does in time: the commit stays.
    fn wait_until_applied(&self, _record: Lsn) -> Result<()> {
        Ok(())
    }

    /// Makes a replica a leader of its own, within a time.
    ///
    /// # Errors
    /// 55000 where it is none, or where the time ran out; as [`Database::promote`].
    fn promote(&self, _limit: Duration) -> bourse::Result<()> {
        let message = "this store is no replica of another one";
        Err(bourse::Error::invalid(message).with_sqlstate("55000"))
    }

    /// The members of its group, by their numbers: as the leader knows them, or as this one does
    /// where nobody leads.
    ///
    /// # Errors
    /// 55000 where it is in none.
    fn members(&self) -> Result<Vec<MemberActivity>> {
        Err(no_group())
    }

    /// Changes its group, if it leads that. Returns the number of the member that leads then.
    ///
    /// # Errors
    /// 55000 where it is in no group, and for what would leave that without a majority; 25006 where
    /// another one leads; 42704 and 42710 for numbers that are not there, or are; 08007 where
    /// nobody knows what has become of it.
    fn change_members(&self, _change: &MemberChange) -> Result<u64> {
        Err(no_group())
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
