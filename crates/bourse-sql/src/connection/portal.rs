//! Portals: statements with their parameters, whose rows are fetched in portions.
//!
//! A portal runs at its first fetch, over the state of that moment, and ends with the transaction
//! in which it was made.

use super::owned::{Done, PreparedStatement, TakeRow};
use super::rows::Row;
use super::{Connection, Flow};
use crate::algebra::OutputColumn;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::execute::spill::kept::{Keeper, Kept};

/// A statement with the values of its parameters, to be run once.
#[derive(Debug)]
pub struct Portal {
    statement: PreparedStatement,
    /// Of the transaction that it belongs to: see [`Connection::transaction_number`].
    transaction: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Bound(Vec<Datum>),
    /// It has been run, and some rows were not wanted yet.
    Run {
        rows: Kept,
        next: usize,
        done: Done,
    },
    /// All rows were shown.
    Over,
    /// It was refused, or its user has failed.
    Failed,
}

/// What a fetch gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetched {
    /// Rows that were shown.
    pub rows: usize,
    /// No row is left.
    pub is_done: bool,
    /// What the statement did, once no row is left.
    pub tag: String,
}

impl Portal {
    /// The statement.
    pub fn statement(&self) -> &PreparedStatement {
        &self.statement
    }

    /// The result's columns.
    pub fn columns(&self) -> &[OutputColumn] {
        self.statement.columns()
    }

    /// Shows the next rows, at most `rows_max` of them. Without a number they are shown as they are
    /// found; with one, those that are left are kept, in a temporary file where they are more than
    /// the statement's memory.
    ///
    /// # Errors
    /// As [`Connection::run_owned`]; 34000 when its transaction is over, 55000 when an earlier
    /// fetch has failed.
    pub fn fetch(
        &mut self,
        connection: &Connection,
        rows_max: Option<usize>,
        take: &mut TakeRow<'_>,
    ) -> Result<Fetched> {
        if self.transaction != connection.transaction_number() {
            let error = SqlError::new("34000", "the portal ended with its transaction");
            connection.note(&error);
            return Err(error);
        }
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Bound(parameters) => self.run(connection, parameters, rows_max, take),
            State::Run { rows, next, done } => self.show(rows, next, done, rows_max, take),
            State::Over if self.statement.returns_rows() => {
                self.state = State::Over;
                let tag = format!("{} 0", self.statement.tag());
                Ok(Fetched { rows: 0, is_done: true, tag })
            }
            State::Over | State::Failed => {
                let error = SqlError::new("55000", "the portal cannot be run");
                connection.note(&error);
                Err(error)
            }
        }
    }

    fn run(
        &mut self,
        connection: &Connection,
        parameters: Vec<Datum>,
        rows_max: Option<usize>,
        take: &mut TakeRow<'_>,
    ) -> Result<Fetched> {
        let limit = rows_max.filter(|_| self.statement.returns_rows());
        let Some(rows_max) = limit else {
            let mut count = 0;
            let done = connection.run_owned(&self.statement, parameters, &mut |row| {
                count += 1;
                take(row)
            })?;
            self.state = State::Over;
            return Ok(Fetched { rows: count, is_done: true, tag: done.tag });
        };
        let mut rows = Keeper::new(self.statement.columns().len());
        let (mut memory, disk) = (connection.statement_memory(), &connection.disk);
        let done = connection.run_owned(&self.statement, parameters, &mut |row| {
            rows.push(row.values().to_vec(), disk, &mut memory)?;
            Ok(Flow::More)
        })?;
        let rows = rows.finish(disk, &mut memory)?;
        self.show(rows, 0, done, Some(rows_max), take)
    }

    fn show(
        &mut self,
        rows: Kept,
        from: usize,
        done: Done,
        rows_max: Option<usize>,
        take: &mut TakeRow<'_>,
    ) -> Result<Fetched> {
        let to = rows_max.map_or(rows.len(), |most| rows.len().min(from.saturating_add(most)));
        let columns = self.statement.columns();
        let mut shown = 0;
        rows.show(from..to, &mut |row| {
            shown += 1;
            take(&Row::new(columns, row))
        })?;
        let next = from + shown;
        let tag = match done.tag.rsplit_once(' ') {
            // A query's number is that of this fetch, as PostgreSQL tells it.
            Some((tag @ ("SELECT" | "FETCH"), _)) => format!("{tag} {shown}"),
            _ => done.tag.clone(),
        };
        // PostgreSQL does not look beyond the rows that were asked for.
        let is_done = next >= rows.len() && rows_max.is_none_or(|most| shown < most);
        self.state = if is_done { State::Over } else { State::Run { rows, next, done } };
        Ok(Fetched { rows: shown, is_done, tag: if is_done { tag } else { String::new() } })
    }
}

impl Connection {
    /// A statement with values of its parameters, to be run in this transaction.
    ///
    /// # Errors
    /// 08P01 when there are more or fewer values than parameters; 22P02 and others for values that
    /// the parameters' types have not.
    pub fn portal(&self, statement: &PreparedStatement, parameters: Vec<Datum>) -> Result<Portal> {
        let parameters = self.noted(|| self.convert(&statement.0, parameters))?;
        Ok(Portal {
            statement: statement.clone(),
            transaction: self.transaction_number(),
            state: State::Bound(parameters),
        })
    }
}
