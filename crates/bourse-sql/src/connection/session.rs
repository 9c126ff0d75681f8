//! Statements about the session: transactions, savepoints, settings.

use std::sync::Arc;

use bourse::Isolation;

use super::Connection;
use crate::Dialect;
use crate::bind::SessionStatement;
use crate::error::{Result, SqlError};
use crate::parse::{Control, IsolationLevel, Maintenance, TransactionModes};

/// What a statement about the session gives: its tag, and the row of SHOW.
pub(super) struct Answer {
    pub(super) tag: &'static str,
    pub(super) row: Option<(String, String)>,
}

fn told(tag: &'static str) -> Result<Answer> {
    Ok(Answer { tag, row: None })
}

fn isolation_of(modes: TransactionModes, without: Isolation) -> Isolation {
    match modes.isolation {
        None => without,
        Some(IsolationLevel::ReadCommitted) => Isolation::ReadCommitted,
        Some(IsolationLevel::RepeatableRead) => Isolation::RepeatableRead,
        Some(IsolationLevel::Serializable) => Isolation::Serializable,
    }
}

impl Connection {
    /// Does what a statement about the session says.
    pub(super) fn session(&self, statement: &SessionStatement) -> Result<Answer> {
        match statement {
            SessionStatement::Control(control) => self.control(control),
            SessionStatement::SetConstraints { deferred, .. } => {
                if let Some(open) = &mut *self.open.borrow_mut() {
                    if *deferred {
                        open.transaction.defer_constraints()?;
                    } else {
                        open.transaction.check_constraints()?;
                    }
                }
                told("SET CONSTRAINTS")
            }
            SessionStatement::Maintenance { what, .. } => {
                if matches!(what, Maintenance::Analyze | Maintenance::VacuumAnalyze) {
                    // What is planned from now on looks at the values anew.
                    crate::plan::statistics::forget();
                    self.plans.borrow_mut().clear();
                }
                told("VACUUM")
            }
            _ => Err(not_in_process()),
        }
    }

    fn control(&self, control: &Control) -> Result<Answer> {
        match control {
            Control::Nothing => told(""),
            Control::Begin { modes, .. } => {
                let is_open = self.in_transaction();
                // PostgreSQL warns only.
                if !(is_open && self.dialect == Dialect::Postgres) {
                    let isolation = match self.dialect {
                        // SQLite's transactions are serializable.
                        Dialect::Sqlite => Isolation::Serializable,
                        Dialect::Postgres => isolation_of(*modes, self.isolation.get()),
                    };
                    self.begin(isolation)?;
                }
                told("BEGIN")
            }
            Control::Commit { chain } => {
                self.must_be_open("commit")?;
                let is_committed = self.commit()?;
                if *chain {
                    self.begin(self.isolation.get())?;
                }
                told(if is_committed { "COMMIT" } else { "ROLLBACK" })
            }
            Control::Rollback { chain } => {
                self.must_be_open("rollback")?;
                self.rollback();
                if *chain {
                    self.begin(self.isolation.get())?;
                }
                told("ROLLBACK")
            }
            Control::Savepoint(name) => {
                if self.dialect == Dialect::Sqlite && !self.in_transaction() {
                    self.begin(Isolation::Serializable)?;
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
                self.set_transaction(*session, *modes)?;
                told("SET")
            }
            other => self.setting_statement(other),
        }
    }

    fn setting_statement(&self, control: &Control) -> Result<Answer> {
        match control {
            Control::Set { name, values, .. } => {
                let mut settings = self.settings.borrow_mut();
                match values {
                    Some(values) => settings.set(name, values.join(", ")),
                    None => settings.reset(name),
                }
                // Names may mean others now.
                self.plans.borrow_mut().clear();
                told("SET")
            }
            Control::Show(name) => {
                let value = self.setting(name).ok_or_else(|| {
                    let message = format!("unrecognized configuration parameter \"{name}\"");
                    SqlError::new("42704", message)
                })?;
                Ok(Answer { tag: "SHOW", row: Some((name.clone(), value)) })
            }
            Control::Reset(Some(name)) => {
                self.settings.borrow_mut().reset(name);
                self.plans.borrow_mut().clear();
                told("RESET")
            }
            Control::Reset(None) => {
                let anew = {
                    let settings = self.settings.borrow();
                    crate::settings::Settings::new(settings.user(), settings.database())
                        .with_functions(Arc::clone(settings.functions()))
                };
                *self.settings.borrow_mut() = anew;
                self.plans.borrow_mut().clear();
                told("RESET")
            }
            Control::Pragma { .. } => told(""),
            _ => Err(not_in_process()),
        }
    }

    fn must_be_open(&self, what: &str) -> Result<()> {
        if self.dialect == Dialect::Sqlite && !self.in_transaction() {
            let message = format!("cannot {what} - no transaction is active");
            return Err(SqlError::new("25P01", message));
        }
        Ok(())
    }

    fn set_transaction(&self, session: bool, modes: TransactionModes) -> Result<()> {
        let isolation = isolation_of(modes, self.isolation.get());
        if session {
            self.isolation.set(isolation);
            return Ok(());
        }
        if !self.in_transaction() {
            return Ok(());
        }
        // It begins anew: nothing has been read or written yet, or the statement is refused.
        let is_new = self
            .open
            .borrow()
            .as_ref()
            .is_some_and(|open| open.transaction.options().isolation == isolation);
        if is_new {
            return Ok(());
        }
        self.rollback();
        self.begin(isolation)
    }

    /// Sets a savepoint.
    pub(super) fn savepoint(&self, name: &str) -> Result<()> {
        match &mut *self.open.borrow_mut() {
            Some(open) if open.failed => Err(failed()),
            Some(open) => Ok(open.transaction.savepoint(name)?),
            None => Err(outside("SAVEPOINT")),
        }
    }

    /// Releases a savepoint.
    pub(super) fn release(&self, name: &str) -> Result<()> {
        let ends = match &mut *self.open.borrow_mut() {
            Some(open) if open.failed => return Err(failed()),
            Some(open) => {
                open.transaction.release(name)?;
                open.outermost.as_deref() == Some(name)
            }
            None => return Err(outside("RELEASE SAVEPOINT")),
        };
        if ends {
            self.commit()?;
        }
        Ok(())
    }

    /// Goes back to a savepoint.
    pub(super) fn rollback_to(&self, name: &str) -> Result<()> {
        match &mut *self.open.borrow_mut() {
            Some(open) => {
                open.transaction.rollback_to(name)?;
                open.failed = false;
                Ok(())
            }
            None => Err(outside("ROLLBACK TO SAVEPOINT")),
        }
    }
}

fn not_in_process() -> SqlError {
    SqlError::unsupported("this statement is not supported in process")
}

fn outside(statement: &str) -> SqlError {
    SqlError::new("25P01", format!("{statement} can only be used in transaction blocks"))
}

/// What a statement in a failed transaction is told.
pub(super) fn failed() -> SqlError {
    let message = "current transaction is aborted, commands ignored until end of transaction block";
    SqlError::new("25P02", message)
}
