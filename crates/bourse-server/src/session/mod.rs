//! A session: the SQL of one client, apart from its socket.
//!
//! The task that has the socket gathers messages and moves the session with them to a thread of
//! [`Workers`](crate::workers::Workers), which answers them one by one and gives the session back.
//! Answers are gathered in `out`. What comes before a Sync or Flush leaves only with it, or when
//! there is much of it, so a series of messages is answered by one write.
//!
//! ```text
//! Ready --Query--> Ready      Ready, Series --COPY FROM STDIN--> Copying --CopyDone--> as before
//!   | Parse, Bind, Execute, ...
//!   v
//! Series --Sync--> Ready
//!   | an error
//!   v
//! Skipping (all but Sync) --Sync--> Ready
//! ```
//!
//! # Invariants
//! - **I1** After an error in a series nothing is done until its Sync.
//! - **I2** Each Query and each Sync is answered by exactly one ReadyForQuery, the last of its
//!   answers.
//! - **I3** A portal lives no longer than the transaction that it was made in.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bourse_sql::Dialect;
use bourse_sql::connection::{Connection, PreparedStatement, SessionStatus};
use bourse_sql::error::{Result, SqlError};
use bourse_sql::role::{self, Rights};
use bourse_storage::sync;
use hashbrown::HashMap;

use crate::pipe::Pipe;
use crate::registry::{Doing, Entry};
use crate::server::Shared;
use crate::wire::backend::{self, TransactionState};
use crate::wire::frontend::Message;
use crate::workers::Class;

mod copy;
mod extended;
mod measure;
mod parameters;
mod rows;
mod simple;

use copy::Copying;
use extended::BoundPortal;
pub(crate) use parameters::Reported;

/// A batch that took longer makes its session one of those that wait behind others.
const SHORT: Duration = Duration::from_millis(20);

/// Bytes of answers that leave before their Sync.
const CHUNK: usize = 32 << 10;

/// What becomes of the connection after a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum After {
    /// It goes on.
    Continue,
    /// What was answered is sent, and it ends.
    End,
}

/// See the module's head.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(crate) entry: Arc<Entry>,
    shared: Arc<Shared>,
    /// The prepared statement without a name; the connection has the others.
    unnamed: Option<PreparedStatement>,
    portals: HashMap<String, BoundPortal>,
    /// Answers that have not left.
    pub(crate) out: Vec<u8>,
    /// How much of `out` may leave: up to the last Sync, Flush or Query.
    pub(crate) sendable: usize,
    /// I1.
    is_skipping: bool,
    /// A COPY FROM STDIN whose rows come by messages.
    copying: Option<Copying>,
    reported: Reported,
    /// Settings may be others than the client was told.
    is_changed: bool,
    /// The client was told that the server is a replica, which ends with a promotion.
    was_standby: bool,
    /// Of the roles that its rights were read from.
    roles_version: u64,
    pub(crate) class: Class,
    transaction_began_us: i64,
    /// Why statements are not run now.
    refusal: Option<SqlError>,
}

/// What a session is told whose statement was kept waiting, or comes too late, while leadership of
/// the group goes to another member: it has not run.
fn handed_over(shared: &Shared) -> SqlError {
    let message = "another member is to lead the group: the statement was not run";
    let hint = match shared.replication.leader_activity().and_then(|leader| leader.clients) {
        Some(address) => format!("Run it again, on the leader, at {address}."),
        None => "Connect again, and run it again.".to_owned(),
    };
    SqlError::new("40001", message).with_hint(hint)
}

/// What a session is told that an administrator, or the server's stop, ends.
pub(crate) fn terminated() -> SqlError {
    SqlError::new("57P01", "terminating connection due to administrator command")
}

impl Session {
    /// That of a client that has been let in.
    pub(crate) fn new(connection: Connection, entry: Arc<Entry>, shared: Arc<Shared>) -> Session {
        let roles_version = shared.roles_version.load(Ordering::Acquire);
        Session {
            connection,
            entry,
            shared,
            unnamed: None,
            portals: HashMap::new(),
            out: Vec::new(),
            sendable: 0,
            is_skipping: false,
            copying: None,
            reported: Reported::default(),
            is_changed: true,
            was_standby: false,
            roles_version,
            class: Class::Short,
            transaction_began_us: 0,
            refusal: None,
        }
    }

    /// The first answer to a client that has been let in: what drivers want to know.
    pub(crate) fn greet(&mut self) {
        self.reported.tell_all(&self.connection, &mut self.out);
        backend::key_data(&mut self.out, self.entry.process, self.entry.secret());
        self.ready();
    }

    /// Does what messages say, in their order; or, where too many wait already, refuses their
    /// statements.
    pub(crate) fn run(&mut self, mut messages: Vec<Message>, is_full: bool, pipe: &Pipe) -> After {
        self.refusal = is_full.then(|| {
            SqlError::new("53300", "too many statements are waiting to run")
                .with_hint("Try again later, or raise max_queued or run_permits.")
        });
        let began = sync::monotonic();
        if let Err(error) = self.follow_role() {
            return self.end(&error);
        }
        let Ok(_inside) = self.shared.enter(self.connection.in_transaction()) else {
            return self.end(&handed_over(&self.shared));
        };
        let mut after = After::Continue;
        messages.reverse();
        loop {
            // Once it is told to whoever ended the session, nothing more is run.
            if self.entry.is_terminated() {
                after = self.end(&terminated());
                break;
            }
            let Some(message) = messages.pop() else { break };
            // One statement needs no transaction around it where its series' end is in sight.
            let is_alone = matches!(message, Message::Execute { .. }) && ends_next(&messages);
            after = self.message(message, is_alone, pipe);
            if after == After::End {
                break;
            }
        }
        let took = sync::monotonic().saturating_sub(began);
        self.class = if took > SHORT { Class::Long } else { Class::Short };
        if after == After::Continue {
            self.rest();
        }
        after
    }

    fn message(&mut self, message: Message, is_alone: bool, pipe: &Pipe) -> After {
        if self.copying.is_some() {
            return self.copy_message(message, pipe);
        }
        match message {
            Message::Terminate => return After::End,
            Message::Sync => self.sync(),
            _ if self.is_skipping => {} // I1
            Message::Query(_) if self.refusal.is_some() => {
                if let Some(error) = self.refusal.clone() {
                    self.tell(&error);
                }
                self.end_query();
            }
            Message::Execute { .. } if self.refusal.is_some() => {
                let result = self.refusal.clone().map_or(Ok(()), Err);
                self.in_series(result);
            }
            Message::Query(text) => self.simple(&text, pipe),
            Message::Parse { name, text, types } => {
                let result = self.parse(name, &text, &types);
                self.in_series(result);
            }
            Message::Bind(bind) => {
                let result = self.bind(bind);
                self.in_series(result);
            }
            Message::Describe(target, name) => {
                let result = self.describe(target, &name);
                self.in_series(result);
            }
            Message::Execute { portal, rows_max } => {
                let result = self.execute(&portal, rows_max, is_alone, pipe);
                self.in_series(result);
            }
            Message::Close(target, name) => self.close(target, &name),
            Message::Flush => self.sendable = self.out.len(),
            // What a client sends of a COPY that has failed.
            Message::CopyData(_) | Message::CopyDone | Message::CopyFail(_) => {}
            Message::Refused(sqlstate, text) => {
                self.in_series(Err(SqlError::new(sqlstate, text)));
            }
            Message::RefusedQuery(sqlstate, text) => {
                self.tell(&SqlError::new(sqlstate, text));
                self.end_query();
            }
            Message::Password(_) => {
                return self.end(&SqlError::new("08P01", "a password was not asked for"));
            }
        }
        if self.out.len() >= CHUNK { self.relieve(pipe) } else { After::Continue }
    }

    /// Sends what there is.
    fn relieve(&mut self, pipe: &Pipe) -> After {
        self.sendable = 0;
        match pipe.send(std::mem::take(&mut self.out)) {
            Ok(()) => After::Continue,
            Err(_) => After::End,
        }
    }

    /// Tells the error of a message of a series, and that the rest of it is skipped (I1).
    fn in_series(&mut self, result: Result<()>) {
        if let Err(error) = result {
            self.tell(&error);
            self.is_skipping = true;
        }
    }

    /// Tells an error, which the transaction has failed by.
    fn tell(&mut self, error: &SqlError) {
        self.connection.note_failure(error);
        self.tell_notices();
        backend::error(&mut self.out, backend::ERROR, error);
        self.shared.counts.note_error();
    }

    fn tell_notices(&mut self) {
        for notice in self.connection.take_notices() {
            backend::notice(&mut self.out, &notice);
        }
    }

    /// The connection ends, for this reason.
    pub(crate) fn end(&mut self, error: &SqlError) -> After {
        backend::error(&mut self.out, backend::FATAL, error);
        self.sendable = self.out.len();
        After::End
    }

    /// The end of a series.
    fn sync(&mut self) {
        self.is_skipping = false;
        if let Err(error) = self.connection.end_implicit() {
            self.tell(&error);
        }
        self.ready();
    }

    /// The last of the answers to a Query or Sync (I2).
    fn ready(&mut self) {
        let status = self.connection.status();
        if status == SessionStatus::Idle {
            self.portals.clear(); // I3
            self.tell_notifications();
        }
        self.tell_notices();
        let is_standby = self.connection.is_standby();
        let is_promoted = std::mem::replace(&mut self.was_standby, is_standby) != is_standby;
        if std::mem::take(&mut self.is_changed) || is_promoted {
            self.reported.tell_changes(&self.connection, &mut self.out);
            let application = self.connection.setting("application_name");
            self.entry.set_application(application.as_deref().unwrap_or_default());
        }
        backend::ready(&mut self.out, state_of(status));
        self.sendable = self.out.len();
    }

    /// Looks again at what the session may do, where roles have changed since.
    fn follow_role(&mut self) -> Result<()> {
        let version = self.shared.roles_version.load(Ordering::Acquire);
        if version == self.roles_version || self.connection.rights().is_none() {
            return Ok(());
        }
        self.roles_version = version;
        let user = &self.entry.user;
        let role = role::find(self.connection.database(), user)?.filter(|role| role.can_login);
        let role = role.ok_or_else(|| {
            SqlError::new("57P01", format!("role \"{user}\" may not log in any more"))
        })?;
        self.connection.set_rights(Some(Arc::new(Rights::of(&role))));
        Ok(())
    }

    /// Tells what others have told the session on its channels; in a transaction that waits.
    pub(crate) fn tell_notifications(&mut self) {
        if self.connection.in_transaction() {
            return;
        }
        for told in self.connection.state().take_notifications() {
            let process = told.process.unsigned_abs();
            backend::notification(&mut self.out, process, &told.channel, &told.payload);
        }
        self.sendable = self.out.len();
    }

    /// Notes what the session does while it has nothing to do.
    fn rest(&mut self) {
        let doing = match self.connection.status() {
            SessionStatus::Idle => Doing::Idle,
            SessionStatus::InTransaction => Doing::IdleInTransaction,
            SessionStatus::Failed => Doing::IdleInFailed,
        };
        if doing == Doing::Idle {
            self.transaction_began_us = 0;
        }
        self.entry.rests(doing);
    }

    /// Takes what may leave.
    pub(crate) fn take_output(&mut self) -> Vec<u8> {
        // Rows that have left through the pipe took what came before them with them.
        let sendable = std::mem::take(&mut self.sendable).min(self.out.len());
        let kept = self.out.split_off(sendable);
        std::mem::replace(&mut self.out, kept)
    }

    /// A setting in milliseconds; `None` where it sets no limit.
    pub(crate) fn timeout(&self, name: &str) -> Option<Duration> {
        let text = self.connection.setting(name)?;
        parameters::duration(&text).filter(|duration| !duration.is_zero())
    }

    /// Whether a transaction waits for the client.
    pub(crate) fn is_in_transaction(&self) -> bool {
        self.connection.in_transaction()
    }

    /// The dialect that the session has set, which the connection speaks from now on.
    fn take_dialect(&mut self) {
        let dialect = match self.connection.setting("dialect").as_deref() {
            Some("sqlite") => Dialect::Sqlite,
            Some("postgres") => Dialect::Postgres,
            _ => return,
        };
        if dialect != self.connection.dialect() {
            self.connection.set_dialect(dialect);
            self.unnamed = None;
            self.connection.forget_statements();
        }
    }
}

/// Whether the series ends before another statement of it is run. The next message is the last of
/// `rest`.
fn ends_next(rest: &[Message]) -> bool {
    let mut rest = rest.iter().rev();
    let ends = |message: &&Message| {
        matches!(message, Message::Sync | Message::Execute { .. } | Message::Flush)
    };
    matches!(rest.find(ends), Some(Message::Sync))
}

fn state_of(status: SessionStatus) -> TransactionState {
    match status {
        SessionStatus::Idle => TransactionState::Idle,
        SessionStatus::InTransaction => TransactionState::Open,
        SessionStatus::Failed => TransactionState::Failed,
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("entry", &self.entry).finish_non_exhaustive()
    }
}
