//! Prepared statements that borrow their connection.

use std::sync::Arc;

use super::owned::Done;
use super::prepared::Prepared;
use super::rows::{Row, Rows};
use super::value::Parameters;
use super::{Connection, Flow};
use crate::algebra::OutputColumn;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::types::SqlType;

/// A statement that is prepared on a connection.
pub struct Statement<'c> {
    connection: &'c Connection,
    prepared: Arc<Prepared>,
}

impl<'c> Statement<'c> {
    pub(super) fn new(connection: &'c Connection, prepared: Arc<Prepared>) -> Statement<'c> {
        Statement { connection, prepared }
    }

    /// The result's columns.
    pub fn columns(&self) -> &[OutputColumn] {
        &self.prepared.columns
    }

    /// The types of its parameters.
    pub fn parameter_types(&self) -> &[SqlType] {
        &self.prepared.parameters
    }

    /// The names of its parameters, of those that have one: as they are written, with their mark.
    pub fn parameter_names(&self) -> &[Option<String>] {
        &self.prepared.parameter_names
    }

    /// The number, from 0, of the parameter that has a name.
    pub fn parameter_number(&self, name: &str) -> Option<usize> {
        let mut names = self.prepared.parameter_names.iter();
        names.position(|other| other.as_deref() == Some(name))
    }

    /// Runs it. Returns how many rows it changed.
    ///
    /// # Errors
    /// Whatever the statement refuses.
    pub fn execute(&mut self, parameters: impl Parameters) -> Result<u64> {
        Ok(self.run(parameters.into_parameters(), &mut |_| Ok(Flow::More))?.changed)
    }

    /// Its rows, all of them gathered; for more than memory should hold see
    /// [`Statement::query_each`].
    ///
    /// # Errors
    /// As [`Statement::execute`].
    pub fn query(&mut self, parameters: impl Parameters) -> Result<Rows> {
        let mut rows = Rows {
            columns: Arc::clone(&self.prepared.columns),
            values: Vec::new(),
            count: 0,
            next: 0,
            changed: 0,
            tag: String::new(),
        };
        let (values, count) = (&mut rows.values, &mut rows.count);
        let done = self.run(parameters.into_parameters(), &mut |row| {
            values.extend(row.cloned());
            *count += 1;
            Ok(Flow::More)
        })?;
        (rows.changed, rows.tag) = (done.changed, done.tag);
        Ok(rows)
    }

    /// Shows its rows one by one, as they are found. Where it changes rows, once that is committed.
    ///
    /// # Errors
    /// As [`Statement::execute`]; what `each` returned.
    pub fn query_each(
        &mut self,
        parameters: impl Parameters,
        mut each: impl FnMut(&Row<'_>) -> Result<()> + Send,
    ) -> Result<()> {
        let columns = Arc::clone(&self.prepared.columns);
        let mut values = Vec::with_capacity(columns.len());
        self.run(parameters.into_parameters(), &mut |row| {
            values.clear();
            values.extend(row.cloned());
            each(&Row::new(&columns, &values))?;
            Ok(Flow::More)
        })?;
        Ok(())
    }

    /// What `read` makes of the first row.
    ///
    /// # Errors
    /// As [`Statement::execute`]; 02000 when there is no row.
    pub fn query_row<T>(
        &mut self,
        parameters: impl Parameters,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut values: Option<Vec<Datum>> = None;
        let writes = self.prepared.writes();
        self.run(parameters.into_parameters(), &mut |row| {
            if values.is_none() {
                values = Some(row.cloned().collect());
            }
            Ok(if writes { Flow::More } else { Flow::Enough })
        })?;
        match values {
            Some(values) => read(&Row::new(&self.prepared.columns, &values)),
            None => Err(SqlError::new("02000", "the query returned no row")),
        }
    }

    /// Runs it, made anew where definitions have changed.
    fn run(&mut self, parameters: Vec<Datum>, take: &mut super::run::Take<'_>) -> Result<Done> {
        self.prepared = self.connection.current(&self.prepared)?;
        self.connection.run_prepared(&self.prepared, parameters, take)
    }
}

impl std::fmt::Debug for Statement<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement").field("tag", &self.prepared.tag).finish_non_exhaustive()
    }
}
