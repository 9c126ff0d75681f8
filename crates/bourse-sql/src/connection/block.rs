//! The session's transaction: begun and ended by statements, by calls, or by a client's message.
//!
//! ```text
//! Idle --BEGIN--> InTransaction --a statement fails--> Failed --ROLLBACK TO--> InTransaction
//!  ^                  |  COMMIT, ROLLBACK                 |  COMMIT, ROLLBACK
//!  +------------------+-----------------------------------+
//! ```
//!
//! Several statements that a client sends in one message are one *implicit* transaction: it is
//! open, and neither its client nor savepoints know of it. BEGIN inside makes it an ordinary one.
//!
//! Invariants:
//! - **B1** What ends a transaction goes through [`Connection::end`]: it puts settings back and
//!   ends what lives no longer than the transaction.
//! - **B2** [`Open::marks`] are the transaction's savepoints, in the order of the engine's.

use bourse::{InteractiveTransaction, Isolation, TransactionOptions};

use super::Connection;
use super::definitions::{Changed, ChangedMark};
use super::owned::{Done, PreparedStatement};
use super::prepared::Kind;
use super::session::{failed, told};
use crate::Dialect;
use crate::error::{Result, SqlError};
use crate::parse::{Control, IsolationLevel, TransactionModes};
use crate::session::{Notice, SessionMark};
use crate::settings::Settings;

/// A transaction that is open.
pub(super) struct Open {
    pub(super) transaction: InteractiveTransaction,
    pub(super) began: i64,
    /// PostgreSQL: a statement has failed, only ROLLBACK helps.
    pub(super) failed: bool,
    /// SQLite: SAVEPOINT began it, and releasing that one commits.
    outermost: Option<String>,
    /// No BEGIN began it.
    implicit: bool,
    /// How it is isolated, by the name that was said.
    level: IsolationLevel,
    /// It changes nothing.
    pub(super) read_only: bool,
    /// A statement has read or changed something in it.
    pub(super) is_used: bool,
    /// Settings of before, for ROLLBACK.
    settings: Settings,
    /// Settings after COMMIT: those of now but for what SET LOCAL set.
    pub(super) lasting: Settings,
    /// Savepoints, the newest last (B2).
    marks: Vec<Mark>,
    /// What it has done to definitions.
    pub(super) changed: Changed,
}

/// A savepoint.
struct Mark {
    name: String,
    settings: Settings,
    lasting: Settings,
    session: SessionMark,
    cursors: usize,
    changed: ChangedMark,
}

impl Open {
    /// What it had done to definitions at the newest savepoint.
    pub(super) fn last_savepoint(&self) -> ChangedMark {
        self.marks.last().map(|mark| mark.changed).unwrap_or_default()
    }

    /// Notes what will hold after COMMIT, where a setting is set.
    pub(super) fn note_setting(&mut self, local: bool, name: &str, settings: &Settings) {
        if local {
            return;
        }
        match settings.get(name) {
            Some(value) => self.lasting.set(name, value),
            None => drop(self.lasting.reset(name)),
        }
    }

    /// How it is isolated, as SHOW says it.
    pub(super) fn isolation_name(&self) -> &'static str {
        self.level.name()
    }
}

/// What a session is doing, as servers tell their clients.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionStatus {
    /// No transaction is open.
    Idle,
    /// One is.
    InTransaction,
    /// One is, and can only be rolled back.
    Failed,
}

fn isolation_of(level: IsolationLevel) -> Isolation {
    match level {
        IsolationLevel::ReadUncommitted | IsolationLevel::ReadCommitted => Isolation::ReadCommitted,
        IsolationLevel::RepeatableRead => Isolation::RepeatableRead,
        IsolationLevel::Serializable => Isolation::Serializable,
    }
}

fn outside(statement: &str) -> SqlError {
    SqlError::new("25P01", format!("{statement} can only be used in transaction blocks"))
}

fn no_writes_here() -> SqlError {
    SqlError::unsupported("cannot set transaction read-write mode during recovery")
}

fn too_late(what: &str) -> SqlError {
    SqlError::new("25001", format!("{what} must be called before any query"))
}

impl Connection {
    /// What the session is doing. An implicit transaction is nothing that its client began.
    pub fn status(&self) -> SessionStatus {
        match &*self.open.borrow() {
            Some(Open { failed: true, .. }) => SessionStatus::Failed,
            Some(Open { implicit: false, .. }) => SessionStatus::InTransaction,
            _ => SessionStatus::Idle,
        }
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.open.borrow().is_some()
    }

    /// Another number after the end of each transaction.
    pub(super) fn transaction_number(&self) -> u64 {
        self.transactions.get()
    }

    /// Begins a transaction for the statements of one message of a client, unless one is open: to
    /// be called before each of them.
    ///
    /// # Errors
    /// As [`bourse::Database::begin`].
    pub fn begin_implicit(&self) -> Result<()> {
        if self.in_transaction() {
            return Ok(());
        }
        self.begin(TransactionModes::default())?;
        if let Some(open) = &mut *self.open.borrow_mut() {
            open.implicit = true;
        }
        Ok(())
    }

    /// Ends the message: commits the transaction that [`Connection::begin_implicit`] began, or
    /// rolls it back if a statement has failed. A transaction that BEGIN began stays open.
    ///
    /// # Errors
    /// As [`bourse::InteractiveTransaction::commit`]; nothing of the message holds then.
    pub fn end_implicit(&self) -> Result<()> {
        if self.is_implicit() {
            self.commit()?;
        }
        Ok(())
    }

    /// Makes room for a statement of a message: what could not be taken back with the transaction
    /// is committed by itself, with what came before it.
    ///
    /// # Errors
    /// As [`Connection::end_implicit`].
    pub fn before_part(&self, statement: &PreparedStatement) -> Result<()> {
        if !self.is_implicit() || self.has_failed() {
            return Ok(());
        }
        match &statement.0.kind {
            Kind::Define(definition) if !self.has_way_back(definition)? => self.end_implicit(),
            _ => Ok(()),
        }
    }

    fn is_implicit(&self) -> bool {
        self.open.borrow().as_ref().is_some_and(|open| open.implicit)
    }

    /// Whether a transaction that BEGIN began is open.
    fn in_block(&self) -> bool {
        self.open.borrow().as_ref().is_some_and(|open| !open.implicit)
    }

    /// Begins a transaction of the session.
    pub(super) fn begin(&self, modes: TransactionModes) -> Result<()> {
        if self.open.borrow().is_some() {
            let message = match self.dialect {
                Dialect::Postgres => "there is already a transaction in progress",
                Dialect::Sqlite => "cannot start a transaction within a transaction",
            };
            return Err(SqlError::new("25001", message));
        }
        let settings = self.settings.borrow().frequent();
        let is_standby = self.is_standby();
        if is_standby && modes.read_only == Some(false) {
            return Err(no_writes_here());
        }
        let level = match self.dialect {
            // SQLite's transactions are serializable.
            Dialect::Sqlite => IsolationLevel::Serializable,
            Dialect::Postgres => {
                let said = modes.isolation.or(settings.isolation);
                said.unwrap_or(IsolationLevel::ReadCommitted)
            }
        };
        let isolation = isolation_of(level);
        // Where each statement has a state of its own, each waits for what it must see.
        if isolation != Isolation::ReadCommitted {
            self.satisfy_reads()?;
        }
        let options = TransactionOptions { isolation, ..TransactionOptions::default() };
        let transaction = self.database.begin(options)?;
        *self.canceler.transaction.lock() = Some(transaction.cancel_handle());
        let began = bourse_storage::sync::wall_clock_us();
        self.state.transaction_begins(began, transaction.lock_owner());
        *self.open.borrow_mut() = Some(Open {
            transaction,
            began,
            failed: false,
            outermost: None,
            implicit: false,
            level,
            read_only: is_standby || modes.read_only.unwrap_or(settings.read_only),
            is_used: false,
            settings: self.settings.borrow().clone(),
            lasting: self.settings.borrow().clone(),
            marks: Vec::new(),
            changed: Changed::default(),
        });
        Ok(())
    }

    /// Commits. A transaction that has failed is rolled back; returns whether it was committed.
    pub(super) fn commit(&self) -> Result<bool> {
        let failed = match &*self.open.borrow() {
            None => return Ok(true),
            Some(open) => open.failed,
        };
        if failed {
            self.rollback();
            return Ok(false);
        }
        if let Err(error) = self.before_commit() {
            self.rollback();
            return Err(error);
        }
        let open = self.open.borrow_mut().take();
        let Some(open) = open else { return Ok(true) };
        match open.transaction.commit() {
            Ok(()) => {
                self.finish_definitions(&open.changed);
                let wrote = open.is_used && !open.read_only;
                self.end(open.lasting, true);
                if wrote {
                    self.wait_until_applied()?;
                }
                Ok(true)
            }
            Err(error) => {
                if open.changed.is_there() {
                    self.undo_definitions(&open.changed.into_made());
                }
                self.end(open.settings, false);
                Err(error.into())
            }
        }
    }

    pub(super) fn rollback(&self) {
        let open = self.open.borrow_mut().take();
        if let Some(open) = open {
            drop(open.transaction);
            if open.changed.is_there() {
                self.undo_definitions(&open.changed.into_made());
            }
            self.end(open.settings, false);
        }
    }

    /// After a transaction, with the settings that hold from now on (B1).
    fn end(&self, settings: Settings, is_committed: bool) {
        self.end_cursors(self.transaction_number(), is_committed);
        self.transactions.set(self.transactions.get() + 1);
        *self.canceler.transaction.lock() = None;
        self.state.transaction_ends();
        self.set_settings(settings);
        self.state.end_transaction(is_committed);
    }

    /// Makes settings those of the session.
    pub(super) fn set_settings(&self, settings: Settings) {
        if settings.is_unchanged(&self.settings.borrow()) {
            return;
        }
        let before = self.settings.replace(settings);
        if !before.means_same(&self.settings.borrow()) {
            self.change_meaning();
        }
        let settings = self.settings.borrow();
        let level = settings.value("client_min_messages").unwrap_or_default();
        self.state.set_least_weight(level);
    }

    pub(super) fn transaction_statement(&self, control: &Control) -> Result<Done> {
        match control {
            Control::Begin { modes, .. } => self.begin_block(*modes),
            Control::Commit { chain } => self.end_block("commit", *chain),
            Control::Rollback { chain } => self.end_block("rollback", *chain),
            Control::Savepoint(name) => {
                if self.dialect == Dialect::Sqlite && !self.in_transaction() {
                    self.begin(TransactionModes::default())?;
                    if let Some(open) = &mut *self.open.borrow_mut() {
                        open.outermost = Some(name.clone());
                    }
                }
                self.savepoint(name)?;
                told("SAVEPOINT")
            }
            Control::Release(name) => {
                self.release(name)?;
                told("RELEASE")
            }
            Control::RollbackTo(name) => {
                self.rollback_to(name)?;
                told("ROLLBACK")
            }
            Control::SetTransaction { session, modes } => {
                self.check_open()?;
                self.set_transaction(*session, *modes)?;
                told("SET")
            }
            _ => told(""),
        }
    }

    fn begin_block(&self, modes: TransactionModes) -> Result<Done> {
        if self.has_failed() {
            return Err(failed());
        }
        if self.is_implicit() {
            if let Some(open) = &mut *self.open.borrow_mut() {
                open.implicit = false;
            }
            self.set_modes(modes)?;
        } else if self.in_transaction() && self.dialect == Dialect::Postgres {
            let message = "there is already a transaction in progress";
            self.state.tell(Notice::warning("25001", message));
            self.set_modes(modes)?;
        } else {
            self.begin(modes)?;
        }
        told("BEGIN")
    }

    fn end_block(&self, what: &str, chain: bool) -> Result<Done> {
        if self.dialect == Dialect::Sqlite && !self.in_transaction() {
            let message = format!("cannot {what} - no transaction is active");
            return Err(SqlError::new("25P01", message));
        }
        if !self.in_block() {
            if chain {
                return Err(outside(&format!("{} AND CHAIN", what.to_uppercase())));
            }
            let message = "there is no transaction in progress";
            self.state.tell(Notice::warning("25P01", message));
        }
        let modes = self.modes();
        let is_committed = if what == "commit" {
            self.commit()?
        } else {
            self.rollback();
            false
        };
        if chain {
            self.begin(modes)?;
        }
        told(if is_committed { "COMMIT" } else { "ROLLBACK" })
    }

    /// What the open transaction is.
    fn modes(&self) -> TransactionModes {
        let open = self.open.borrow();
        let Some(open) = &*open else { return TransactionModes::default() };
        TransactionModes {
            isolation: Some(open.level),
            read_only: Some(open.read_only),
            deferrable: None,
        }
    }

    fn set_transaction(&self, session: bool, modes: TransactionModes) -> Result<()> {
        if session {
            return self.set_characteristics(modes);
        }
        if !self.in_transaction() {
            let message = "SET TRANSACTION can only be used in transaction blocks";
            self.state.tell(Notice::warning("25P01", message));
            return Ok(());
        }
        self.set_modes(modes)
    }

    /// What is said of transactions to come.
    fn set_characteristics(&self, modes: TransactionModes) -> Result<()> {
        let set = |name: &str, value: &str| self.set(false, name, Some(&[value.to_owned()]));
        let on = |is_on: bool| if is_on { "on" } else { "off" };
        if let Some(level) = modes.isolation {
            set("default_transaction_isolation", level.name())?;
        }
        if let Some(read_only) = modes.read_only {
            set("default_transaction_read_only", on(read_only))?;
        }
        if let Some(deferrable) = modes.deferrable {
            set("default_transaction_deferrable", on(deferrable))?;
        }
        Ok(())
    }

    /// Gives the open transaction what is said of it.
    pub(super) fn set_modes(&self, modes: TransactionModes) -> Result<()> {
        let mut open = self.open.borrow_mut();
        let Some(open) = &mut *open else { return Ok(()) };
        if let Some(level) = modes.isolation {
            let isolation = isolation_of(level);
            let options = open.transaction.options();
            if options.isolation != isolation {
                if !open.marks.is_empty() {
                    let message =
                        "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction";
                    return Err(SqlError::new("25001", message));
                }
                if open.is_used {
                    return Err(too_late("SET TRANSACTION ISOLATION LEVEL"));
                }
                // Nothing has been read or written: it begins anew.
                if isolation != Isolation::ReadCommitted {
                    self.satisfy_reads()?;
                }
                let options = TransactionOptions { isolation, ..options };
                open.transaction = self.database.begin(options)?;
                *self.canceler.transaction.lock() = Some(open.transaction.cancel_handle());
                self.state.transaction_begins(open.began, open.transaction.lock_owner());
            }
            open.level = level;
        }
        match modes.read_only {
            Some(false) if self.is_standby() => return Err(no_writes_here()),
            Some(false) if open.read_only => {
                if !open.marks.is_empty() {
                    let message = "cannot set transaction read-write mode inside a read-only \
                                   transaction";
                    return Err(SqlError::new("25001", message));
                }
                if open.is_used {
                    let message = "transaction read-write mode must be set before any query";
                    return Err(SqlError::new("25001", message));
                }
                open.read_only = false;
            }
            Some(read_only) => open.read_only |= read_only,
            None => {}
        }
        if modes.deferrable.is_some() && open.is_used {
            return Err(too_late("SET TRANSACTION [NOT] DEFERRABLE"));
        }
        Ok(())
    }

    /// Sets a savepoint.
    pub(super) fn savepoint(&self, name: &str) -> Result<()> {
        match &mut *self.open.borrow_mut() {
            Some(open) if open.failed => Err(failed()),
            Some(open) if !open.implicit => {
                open.transaction.savepoint(name)?;
                let settings = self.settings.borrow().clone();
                let lasting = open.lasting.clone();
                open.marks.push(Mark {
                    name: name.to_owned(),
                    settings,
                    lasting,
                    session: self.state.mark(),
                    cursors: self.cursor_count(),
                    changed: open.changed.mark(),
                });
                Ok(())
            }
            _ => Err(outside("SAVEPOINT")),
        }
    }

    /// Releases a savepoint.
    pub(super) fn release(&self, name: &str) -> Result<()> {
        let ends = match &mut *self.open.borrow_mut() {
            Some(open) if open.failed => return Err(failed()),
            Some(open) if !open.implicit => {
                open.transaction.release(name)?;
                let at = open.marks.iter().rposition(|mark| mark.name == name);
                open.marks.truncate(at.unwrap_or(0));
                open.marks.is_empty() && open.outermost.as_deref() == Some(name)
            }
            _ if self.dialect == Dialect::Sqlite => {
                return Err(SqlError::new("3B001", format!("no such savepoint: {name}")));
            }
            _ => return Err(outside("RELEASE SAVEPOINT")),
        };
        if ends {
            self.commit()?;
        }
        Ok(())
    }

    /// Goes back to a savepoint.
    pub(super) fn rollback_to(&self, name: &str) -> Result<()> {
        let mark = match &mut *self.open.borrow_mut() {
            Some(open) if !open.implicit => {
                open.transaction.rollback_to(name)?;
                open.failed = false;
                let at = open.marks.iter().rposition(|mark| mark.name == name);
                open.marks.truncate(at.map_or(0, |at| at + 1));
                if let Some(mark) = open.marks.last() {
                    open.lasting = mark.lasting.clone();
                }
                let had_changed = open.changed.is_there();
                let Some(mark) = open.marks.last() else { return Ok(()) };
                let made = open.changed.back_to(mark.changed);
                (mark.settings.clone(), mark.session, mark.cursors, had_changed.then_some(made))
            }
            _ => return Err(outside("ROLLBACK TO SAVEPOINT")),
        };
        let (settings, session, cursors, made) = mark;
        self.set_settings(settings);
        self.state.back_to(session);
        self.end_cursors_since(cursors, self.transaction_number());
        if let Some(made) = made {
            self.undo_definitions(&made);
        }
        Ok(())
    }
}
