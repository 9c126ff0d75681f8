//! COPY: what begins it, and what it asks of its connection.

use bourse::InteractiveTransaction;

use super::Connection;
use super::context::StatementContext;
use super::rows::Rows;
use super::run::{Call, Limits, Take};
use crate::bind::{Bound, SessionStatement};
use crate::copy::{CopyIn, CopyOut};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::plan::{Plan, plan};
use crate::settings::Settings;

/// What a call of a COPY may use.
pub(crate) struct CopyScene<'s> {
    pub(crate) context: &'s (dyn Context + Sync),
    pub(crate) limits: &'s Limits,
    pub(crate) open: Option<&'s mut InteractiveTransaction>,
}

/// Settings and times by which COPY TO writes values.
pub(crate) struct CopyContext {
    settings: Settings,
    dialect: crate::Dialect,
    now: i64,
}

impl Context for CopyContext {
    fn dialect(&self) -> crate::Dialect {
        self.dialect
    }

    fn transaction_time(&self) -> i64 {
        self.now
    }

    fn statement_time(&self) -> i64 {
        self.now
    }

    fn setting(&self, name: &str) -> Option<String> {
        self.settings.get(name).map(str::to_owned)
    }

    fn random(&self) -> u64 {
        0
    }
}

impl Connection {
    /// Begins the COPY FROM that a statement is: see [`SessionStatement::CopyIn`]. Its rows go into
    /// the open transaction, or into one of its own.
    ///
    /// # Errors
    /// 25P02 in a transaction that has failed; 42601, 0A000 and others for options that do not go
    /// together.
    pub fn begin_copy_in(&self, statement: &SessionStatement) -> Result<CopyIn> {
        let begin = || {
            let SessionStatement::CopyIn { target, options } = statement else {
                return Err(SqlError::new("42601", "the statement is no COPY FROM"));
            };
            self.check_open()?;
            let computed = target.computed.as_deref().cloned();
            let plan = computed.map(|statement| self.plan_copied(statement)).transpose()?;
            let own = match self.in_transaction() {
                true => None,
                false => Some(CopyIn::own_transaction(&self.database)?),
            };
            CopyIn::new(target, options, plan, own)
        };
        begin().inspect_err(|error| self.note(error))
    }

    /// Begins the COPY TO that a statement is: see [`SessionStatement::CopyOut`].
    ///
    /// # Errors
    /// As [`Connection::begin_copy_in`].
    pub fn begin_copy_out(&self, statement: &SessionStatement) -> Result<CopyOut> {
        let begin = || {
            let SessionStatement::CopyOut { statement, options } = statement else {
                return Err(SqlError::new("42601", "the statement is no COPY TO"));
            };
            self.check_open()?;
            CopyOut::new(self.plan_copied(statement.as_ref().clone())?, options)
        };
        begin().inspect_err(|error| self.note(error))
    }

    /// Runs a `COPY ... FROM STDIN` over data. Returns how many rows there were.
    ///
    /// # Errors
    /// As [`Connection::begin_copy_in`] and [`CopyIn::push`].
    pub fn copy_in(&self, text: &str, data: &[u8]) -> Result<u64> {
        let mut copy = self.begin_copy_in(&self.copy_statement(text)?)?;
        copy.push(self, data)?;
        copy.finish(self)
    }

    /// Runs a `COPY ... TO STDOUT`, and shows `each` what is written, in chunks. Returns how many
    /// rows there were.
    ///
    /// # Errors
    /// As [`Connection::begin_copy_out`] and [`CopyOut::run`].
    pub fn copy_out(
        &self,
        text: &str,
        each: impl FnMut(&[u8]) -> Result<()> + Send,
    ) -> Result<u64> {
        self.begin_copy_out(&self.copy_statement(text)?)?.run(self, each)
    }

    /// Binds a COPY.
    fn copy_statement(&self, text: &str) -> Result<SessionStatement> {
        let bind = || {
            let mut statements = crate::parse::parse(text, self.dialect)?;
            let (Some(parsed), true) = (statements.pop(), statements.is_empty()) else {
                return Err(SqlError::new("42601", "one COPY statement was expected"));
            };
            let catalog = self.catalog()?;
            let settings = self.settings.borrow();
            let bound = crate::bind::bind(&parsed, &catalog, self.dialect, &settings, &[])?;
            match bound.bound {
                Bound::Session(
                    copy @ (SessionStatement::CopyIn { .. } | SessionStatement::CopyOut { .. }),
                ) => Ok(copy),
                _ => Err(SqlError::new("42601", "the statement is no COPY")),
            }
        };
        bind().inspect_err(|error| self.note(error))
    }

    fn plan_copied(&self, statement: crate::algebra::Statement) -> Result<Plan> {
        let settings = self.settings.borrow();
        let context = StatementContext::new(self, &settings, None);
        plan(statement, self.dialect, &self.database.cut(), &context)
    }

    /// Does a part of a COPY FROM. An error means for the open transaction what that of a statement
    /// does.
    pub(crate) fn in_copy<T>(
        &self,
        body: impl FnOnce(&mut CopyScene<'_>) -> Result<T>,
    ) -> Result<T> {
        let limits = self.limits()?;
        let result = {
            let settings = self.settings.borrow();
            let mut open = self.open.borrow_mut();
            let began = open.as_ref().map(|open| open.began);
            let context = StatementContext::new(self, &settings, began);
            let open = open.as_mut().map(|open| &mut open.transaction);
            body(&mut CopyScene { context: &context, limits: &limits, open })
        };
        result.map_err(|error| {
            self.note(&error);
            error.in_words_of(self.dialect)
        })
    }

    /// What COPY TO writes values by.
    pub(crate) fn copy_context(&self) -> Box<CopyContext> {
        Box::new(CopyContext {
            settings: self.settings.borrow().clone(),
            dialect: self.dialect,
            now: bourse_storage::sync::wall_clock_us(),
        })
    }

    /// Gives the rows of a COPY TO.
    pub(crate) fn run_copied(&self, plan: &Plan, take: &mut Take<'_>) -> Result<()> {
        let mut run = || {
            let limits = self.limits()?;
            let settings = self.settings.borrow();
            let mut open = self.open.borrow_mut();
            let began = open.as_ref().map(|open| open.began);
            let context = StatementContext::new(self, &settings, began);
            let call = Call {
                database: &self.database,
                plan,
                parameters: &[],
                context: &context,
                dialect: self.dialect,
                limits: &limits,
            };
            call.go(open.as_mut().map(|open| &mut open.transaction), take)
        };
        let result = run();
        result.map(drop).map_err(|error| {
            self.note(&error);
            error.in_words_of(self.dialect)
        })
    }

    /// A COPY FROM in a script, with the lines that follow it.
    pub(super) fn script_copy(&self, statement: &str, data: &str) -> Result<Rows> {
        let rows = self.copy_in(statement, data.as_bytes())?;
        Ok(Rows::of_tag(format!("COPY {rows}"), rows))
    }

    /// A COPY TO in a script: its tag and what it wrote.
    pub(super) fn copied(&self, statement: &SessionStatement) -> Result<Rows> {
        let mut bytes = Vec::new();
        let copy = self.begin_copy_out(statement)?;
        let rows = copy.run(self, |chunk| {
            bytes.extend_from_slice(chunk);
            Ok(())
        })?;
        let mut told = Rows::of_tag(format!("COPY {rows}"), 0);
        told.values.push(Datum::Bytes(bytes.into()));
        Ok(told)
    }
}
