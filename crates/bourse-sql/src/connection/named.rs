//! Prepared statements by name: those of PREPARE and of the wire protocol are the same ones.

use std::sync::Arc;

use bourse_storage::sync;

use super::kept::Named;
use super::owned::{Done, PreparedStatement, StatementKind, StatementText};
use super::run::Take;
use super::session::told;
use super::{Connection, Flow};
use crate::algebra::{OutputColumn, Statement};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::parse::Parsed;
use crate::plan::Plan;
use crate::types::SqlType;

fn missing(name: &str) -> SqlError {
    SqlError::new("26000", format!("prepared statement \"{name}\" does not exist"))
}

impl Connection {
    /// The prepared statement of a name.
    ///
    /// # Errors
    /// 26000 when there is none.
    pub fn named_statement(&self, name: &str) -> Result<PreparedStatement> {
        let named = self.kept.named.lock();
        named.get(name).map(|named| named.statement.clone()).ok_or_else(|| missing(name))
    }

    /// The names of prepared statements, in order.
    pub fn statement_names(&self) -> Vec<String> {
        self.kept.named.lock().keys().cloned().collect()
    }

    /// Gives a prepared statement a name, for EXECUTE and for the client.
    ///
    /// # Errors
    /// 42P05 when another one has it.
    pub fn name_statement(&self, name: &str, statement: &PreparedStatement) -> Result<()> {
        self.name_it(name, statement, false)
    }

    /// How many prepared statements have a name.
    pub fn named_count(&self) -> usize {
        self.kept.named.lock().len()
    }

    fn name_it(&self, name: &str, statement: &PreparedStatement, from_sql: bool) -> Result<()> {
        let mut named = self.kept.named.lock();
        if named.contains_key(name) {
            let message = format!("prepared statement \"{name}\" already exists");
            return Err(SqlError::new("42P05", message));
        }
        let made_us = sync::wall_clock_us();
        let statement = statement.clone();
        named.insert(name.to_owned(), Named { statement, made_us, from_sql });
        Ok(())
    }

    /// Forgets the prepared statement of a name. Returns whether there was one.
    pub fn forget_statement(&self, name: &str) -> bool {
        self.kept.named.lock().remove(name).is_some()
    }

    /// Forgets all of them.
    pub fn forget_statements(&self) {
        self.kept.named.lock().clear();
    }

    /// PREPARE.
    pub(super) fn prepare_named(
        &self,
        name: &str,
        types: &[SqlType],
        parsed: &Parsed,
    ) -> Result<Done> {
        if self.kept.named.lock().contains_key(name) {
            let message = format!("prepared statement \"{name}\" already exists");
            return Err(SqlError::new("42P05", message));
        }
        let said: Vec<_> = types.iter().cloned().map(Some).collect();
        let text = StatementText::inner(parsed);
        let statement = PreparedStatement(self.prepared_part(&text, &said)?);
        if !matches!(statement.kind(), StatementKind::Query | StatementKind::Change) {
            return Err(SqlError::new("42601", "PREPARE takes a statement that is about rows"));
        }
        self.name_it(name, &statement, true)?;
        told("PREPARE")
    }

    /// The columns of what EXECUTE gives.
    pub(super) fn columns_of_named(&self, name: &str) -> Result<Vec<OutputColumn>> {
        Ok(self.named_statement(name)?.columns().to_vec())
    }

    /// EXECUTE, with the values that `arguments` gives as its one row.
    pub(super) fn execute_named(
        &self,
        name: &str,
        arguments: Option<&Statement>,
        parameters: &[Datum],
        take: &mut Take<'_>,
    ) -> Result<Done> {
        let (statement, values) = self.named_with_values(name, arguments, parameters)?;
        let prepared = self.current(&statement.0)?;
        if !Arc::ptr_eq(&prepared, &statement.0)
            && let Some(named) = self.kept.named.lock().get_mut(name)
        {
            named.statement = PreparedStatement(Arc::clone(&prepared));
        }
        self.run_prepared(&prepared, values, take)
    }

    /// The statement that EXECUTE names, which is about rows, and the values that `arguments` gives
    /// as its one row.
    fn named_with_values(
        &self,
        name: &str,
        arguments: Option<&Statement>,
        parameters: &[Datum],
    ) -> Result<(PreparedStatement, Vec<Datum>)> {
        let statement = self.named_statement(name)?;
        if !matches!(statement.kind(), StatementKind::Query | StatementKind::Change) {
            // A message may have named any statement, this very EXECUTE too.
            let message = format!("prepared statement \"{name}\" is not about rows");
            return Err(SqlError::unsupported(message).with_hint("Run it by a message."));
        }
        let mut values = Vec::new();
        if let Some(arguments) = arguments {
            let plan = self.plan(arguments.clone())?;
            self.run_plan(&plan, parameters, &mut |row| {
                values.extend(row.cloned());
                Ok(Flow::More)
            })?;
        }
        let wanted = statement.parameter_types().len();
        if values.len() != wanted {
            let message = format!("wrong number of parameters for prepared statement \"{name}\"");
            let detail = format!("Expected {wanted} parameters but got {}.", values.len());
            return Err(SqlError::new("42601", message).with_detail(detail));
        }
        Ok((statement, values))
    }

    /// EXPLAIN EXECUTE: the statement planned anew, and its parameters.
    pub(super) fn plan_named(
        &self,
        name: &str,
        arguments: Option<&Statement>,
        parameters: &[Datum],
    ) -> Result<(Plan, Vec<Datum>)> {
        let (statement, values) = self.named_with_values(name, arguments, parameters)?;
        let prepared = self.current(&statement.0)?;
        self.check_rights(&prepared)?;
        Ok((self.plan_anew(&prepared)?, self.convert(&prepared, values)?))
    }

    /// DEALLOCATE, of all without a name.
    pub(super) fn deallocate(&self, name: Option<&str>) -> Result<Done> {
        match name {
            None => {
                self.forget_statements();
                told("DEALLOCATE ALL")
            }
            Some(name) if self.forget_statement(name) => told("DEALLOCATE"),
            Some(name) => Err(missing(name)),
        }
    }
}
