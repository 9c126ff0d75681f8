//! The queries as the platform asks them, in SQL, over the store of the column "bourse_best": what
//! a program pays that changes its connection and nothing else.
//!
//! In SQLite's dialect they are asked word for word, in PostgreSQL's with `$1` for `?1`. The
//! planner chooses among the same indexes and views that the plans written by hand use.

use bourse_sql::Dialect;
use bourse_sql::connection::{Connection, Row, Statement};
use bourse_sql::datum::Datum;
use bourse_sql::error::SqlError;
use bourse_storage::{Error, Result};

use super::super::engine::Engine;
use super::super::parameters::Parameter;
use super::super::queries::{QUERIES, Query};
use super::super::rows::{Decoded, Rows};
use super::{BourseEngine, columns};

/// A connection to an engine's store.
pub(crate) fn connection(engine: &BourseEngine, dialect: Dialect) -> Connection {
    Connection::of(&engine.tables.database).with_dialect(dialect)
}

/// Bourse as an engine that is asked in SQL: all queries prepared over one connection.
pub(crate) struct BourseSqlEngine<'c> {
    dialect: Dialect,
    statements: Vec<Statement<'c>>,
}

impl<'c> BourseSqlEngine<'c> {
    /// Prepares the queries over a connection.
    pub(crate) fn new(connection: &'c Connection) -> Result<BourseSqlEngine<'c>> {
        let dialect = connection.dialect();
        let prepare = |query: &Query| {
            connection.prepare(&text(*query, dialect)).map_err(|error| refused(*query, error))
        };
        let statements = QUERIES.iter().map(prepare).collect::<Result<_>>()?;
        Ok(BourseSqlEngine { dialect, statements })
    }
}

impl Engine for BourseSqlEngine<'_> {
    fn name(&self) -> &'static str {
        match self.dialect {
            Dialect::Postgres => "bourse_sql_postgres",
            Dialect::Sqlite => "bourse_sql_sqlite",
        }
    }

    /// PostgreSQL adds doubles up one after the other, and so does its dialect: where they cancel
    /// each other, that rounds by more than a unit for each row, and could not be told from an
    /// error.
    fn answers(&self, query: Query) -> bool {
        self.dialect == Dialect::Sqlite || query.rounded_columns().is_empty()
    }

    fn run(&mut self, query: Query, parameters: &[Parameter], rows: &mut Rows) -> Result<()> {
        rows.begin(columns(query));
        let parameters: Vec<Datum> = parameters.iter().map(datum).collect();
        let statement = &mut self.statements[query.position()];
        statement
            .query_each(parameters, |row| decode(row, rows))
            .map_err(|error| refused(query, error))
    }
}

fn text(query: Query, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres => query.sql().replace('?', "$"),
        Dialect::Sqlite => query.sql().to_owned(),
    }
}

fn refused(query: Query, error: SqlError) -> Error {
    let message =
        format!("SQL cannot answer {}; are the tables those of legacy.sql?", query.name());
    Error::invalid(message).with_source(error)
}

fn datum(parameter: &Parameter) -> Datum {
    match parameter {
        Parameter::Integer(number) => Datum::Integer(*number),
        Parameter::Real(number) => Datum::Double(*number),
        Parameter::Text(text) => Datum::text(text),
    }
}

/// Appends a row, each value in the class that SQLite has for it.
fn decode(row: &Row<'_>, rows: &mut Rows) -> std::result::Result<(), SqlError> {
    for (column, value) in row.values().iter().enumerate() {
        match value {
            Datum::Null => rows.push(Decoded::Null),
            Datum::Integer(number) => rows.push(Decoded::Integer(*number)),
            Datum::Boolean(truth) => rows.push(Decoded::Integer((*truth).into())),
            Datum::Double(number) => rows.push(Decoded::Real(*number)),
            Datum::Text(text) => rows.push(Decoded::Text(text.as_bytes())),
            Datum::Bytes(bytes) => rows.push(Decoded::Blob(bytes)),
            // PostgreSQL has days, where SQLite has their text.
            _ => match row.text(column)? {
                Some(text) => rows.push(Decoded::Text(text.as_bytes())),
                None => rows.push(Decoded::Null),
            },
        }
    }
    Ok(())
}
