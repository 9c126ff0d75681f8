//! COPY: what begins it, and what it asks of its connection.

use std::sync::Arc;

use super::Connection;
use super::context::StatementContext;
use super::owned::PreparedStatement;
use super::prepared::Prepared;
use super::rows::Rows;
use super::run::{Scene, Take};
use crate::bind::SessionStatement;
use crate::copy::{CopyIn, CopyOut};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::plan::Plan;
use crate::settings::Settings;

impl Connection {
    /// Begins the COPY FROM that a statement is: see [`SessionStatement::CopyIn`]. Its rows go into
    /// the open transaction, or into one of its own.
    ///
    /// # Errors
    /// 25P02 in a transaction that has failed, 25006 in one that only reads; 42501 for what the
    /// session may not do; 42601, 0A000 and others for options that do not go together.
    pub fn begin_copy_in(&self, statement: &PreparedStatement) -> Result<CopyIn> {
        self.noted(|| {
            let prepared = self.copy_now(statement)?;
            let Some(SessionStatement::CopyIn { target, options }) = prepared.session() else {
                return Err(SqlError::new("42601", "the statement is no COPY FROM"));
            };
            self.check_writable("COPY FROM")?;
            let computed = target.computed.as_deref().cloned();
            let plan = computed.map(|statement| self.plan(statement)).transpose()?;
            let own = match self.in_transaction() {
                true => None,
                false => Some(CopyIn::own_transaction(&self.database)?),
            };
            CopyIn::new(target, options, plan, own, &self.database)
        })
    }

    /// Begins the COPY TO that a statement is: see [`SessionStatement::CopyOut`].
    ///
    /// # Errors
    /// As [`Connection::begin_copy_in`].
    pub fn begin_copy_out(&self, statement: &PreparedStatement) -> Result<CopyOut> {
        self.noted(|| {
            let prepared = self.copy_now(statement)?;
            let Some(SessionStatement::CopyOut { statement, options }) = prepared.session() else {
                return Err(SqlError::new("42601", "the statement is no COPY TO"));
            };
            CopyOut::new(self.plan(statement.as_ref().clone())?, options)
        })
    }

    /// A statement as it is now, if the session may run it.
    fn copy_now(&self, statement: &PreparedStatement) -> Result<Arc<Prepared>> {
        self.check_open()?;
        let prepared = self.current(&statement.0)?;
        self.check_rights(&prepared)?;
        Ok(prepared)
    }

    /// Runs a `COPY ... FROM STDIN` over data. Returns how many rows there were.
    ///
    /// # Errors
    /// As [`Connection::begin_copy_in`] and [`CopyIn::push`].
    pub fn copy_in(&self, text: &str, data: &[u8]) -> Result<u64> {
        let mut copy = self.begin_copy_in(&self.prepare_owned(text, &[])?)?;
        copy.push(self, data)?;
        copy.finish(self)
    }

    /// Runs a `COPY ... TO STDOUT`, and shows `each` what is written, row by row. Returns how
    /// many rows there were.
    ///
    /// # Errors
    /// As [`Connection::begin_copy_out`] and [`CopyOut::run`].
    pub fn copy_out(
        &self,
        text: &str,
        each: impl FnMut(&[u8]) -> Result<()> + Send,
    ) -> Result<u64> {
        self.begin_copy_out(&self.prepare_owned(text, &[])?)?.run(self, each)
    }

    /// Does a part of a COPY FROM. An error means for the open transaction what that of a statement
    /// does.
    pub(crate) fn in_copy<T>(&self, body: impl FnOnce(&mut Scene<'_>) -> Result<T>) -> Result<T> {
        self.in_scene(body).map_err(|error| self.met(error))
    }

    /// What COPY TO writes values by.
    pub(crate) fn copy_context<'s>(&'s self, settings: &'s Settings) -> StatementContext<'s> {
        StatementContext::new(self, settings, None)
    }

    /// Gives the rows of a COPY TO.
    pub(crate) fn run_copied(&self, plan: &Plan, take: &mut Take<'_>) -> Result<()> {
        self.settled(self.run_plan(plan, &[], take).map(drop))
    }

    /// A COPY FROM in a script, with the lines that follow it.
    pub(super) fn script_copy(&self, statement: &str, data: &str) -> Result<Rows> {
        let rows = self.copy_in(statement, data.as_bytes())?;
        Ok(Rows::of_tag(format!("COPY {rows}"), rows))
    }

    /// A COPY TO in a script: its tag and what it wrote.
    pub(super) fn copied(&self, statement: &PreparedStatement) -> Result<Rows> {
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
