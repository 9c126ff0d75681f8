//! Parse, Bind, Describe, Execute, Close.

use bourse_sql::bind::SessionStatement;
use bourse_sql::connection::{Flow, Portal, PreparedStatement, TakeRow};
use bourse_sql::datum::{self, Datum};
use bourse_sql::error::{Result, SqlError};
use bourse_sql::parse::{Control, FetchCount};
use bourse_sql::types::SqlType;
use bytes::Bytes;

use super::Session;
use super::copy::Begun;
use super::measure::Measure;
use super::rows::{Codes, RowWriter};
use crate::pipe::Pipe;
use crate::wire::frontend::{Bind, Target};
use crate::wire::{backend, oid};

/// Statements that a session keeps at most, and portals.
const STATEMENTS_MAX: usize = 10_000;
const PORTALS_MAX: usize = 1_000;

/// A portal, and how its result is wanted.
pub(super) struct BoundPortal {
    portal: Portal,
    statement: PreparedStatement,
    formats: Vec<i16>,
}

fn no_statement(name: &str) -> SqlError {
    SqlError::new("26000", format!("prepared statement \"{name}\" does not exist"))
}

fn no_portal(name: &str) -> SqlError {
    SqlError::new("34000", format!("portal \"{name}\" does not exist"))
}

fn too_many(what: &str, most: usize) -> SqlError {
    SqlError::new("53400", format!("a session has at most {most} {what}"))
        .with_hint("Close those that are not needed any more.")
}

impl Session {
    pub(super) fn parse(&mut self, name: String, text: &str, types: &[u32]) -> Result<()> {
        if !name.is_empty() {
            if self.connection.named_statement(&name).is_ok() {
                let message = format!("prepared statement \"{name}\" already exists");
                return Err(SqlError::new("42P05", message));
            }
            if self.connection.named_count() >= STATEMENTS_MAX {
                return Err(too_many("prepared statements", STATEMENTS_MAX));
            }
        }
        let types = types.iter().map(|number| oid::type_of_number(&self.connection, *number));
        let types = types.collect::<Result<Vec<Option<SqlType>>>>()?;
        let statement = self.connection.prepare_owned(text, &types)?;
        if name.is_empty() {
            self.unnamed = Some(statement);
        } else {
            self.connection.name_statement(&name, &statement)?;
        }
        backend::parse_complete(&mut self.out);
        Ok(())
    }

    fn statement(&self, name: &str) -> Result<PreparedStatement> {
        match name {
            "" => self.unnamed.clone().ok_or_else(|| no_statement(name)),
            name => self.connection.named_statement(name),
        }
    }

    pub(super) fn bind(&mut self, bind: Bind) -> Result<()> {
        let statement = self.statement(&bind.statement)?;
        let is_named = !bind.portal.is_empty();
        if is_named && self.portals.contains_key(&bind.portal) {
            let message = format!("portal \"{}\" already exists", bind.portal);
            return Err(SqlError::new("42P03", message));
        }
        if is_named && self.portals.len() >= PORTALS_MAX {
            return Err(too_many("portals", PORTALS_MAX));
        }
        let columns = statement.columns().len();
        if bind.result_formats.len() > 1 && bind.result_formats.len() != columns {
            let message = format!(
                "bind message has {} result formats but query has {columns} columns",
                bind.result_formats.len()
            );
            return Err(SqlError::new("08P01", message));
        }
        let parameters = parameters(&statement, &bind)?;
        let portal = self.connection.portal(&statement, parameters)?;
        let bound = BoundPortal { portal, statement, formats: bind.result_formats };
        self.portals.insert(bind.portal, bound);
        backend::bind_complete(&mut self.out);
        Ok(())
    }

    pub(super) fn describe(&mut self, target: Target, name: &str) -> Result<()> {
        let (statement, formats) = match target {
            Target::Statement => {
                let statement = self.statement(name)?;
                let types = statement.parameter_types().iter();
                let numbers = types.map(|ty| oid::number(&self.connection, ty));
                let numbers = numbers.collect::<Result<Vec<u32>>>()?;
                backend::parameter_description(&mut self.out, numbers.into_iter());
                (statement, &[] as &[i16])
            }
            Target::Portal => match self.portals.get(name) {
                Some(bound) => (bound.statement.clone(), &*bound.formats),
                // psycopg asks so for what a cursor's rows look like.
                None => {
                    let columns = self.connection.cursor_columns(name);
                    let columns = columns.map_err(|_| no_portal(name))?;
                    let codes = Codes::new(&self.connection, &columns, &[])?;
                    return codes.describe(&self.connection, &mut self.out, &columns);
                }
            },
        };
        if statement.returns_rows() {
            let codes = Codes::new(&self.connection, statement.columns(), formats)?;
            codes.describe(&self.connection, &mut self.out, statement.columns())?;
        } else {
            backend::no_data(&mut self.out);
        }
        Ok(())
    }

    pub(super) fn execute(
        &mut self,
        name: &str,
        rows_max: u32,
        is_alone: bool,
        pipe: &Pipe,
    ) -> Result<()> {
        let mut bound = self.portals.remove(name).ok_or_else(|| no_portal(name))?;
        let statement = bound.statement.clone();
        let measure = Measure::begin(self, statement.text());
        let result = self.execute_bound(&mut bound, rows_max, is_alone, pipe);
        let rows = *result.as_ref().unwrap_or(&0);
        measure.end(self, statement.text(), rows, result.as_ref().err());
        self.portals.insert(name.to_owned(), bound);
        result.map(drop)
    }

    fn execute_bound(
        &mut self,
        bound: &mut BoundPortal,
        rows_max: u32,
        is_alone: bool,
        pipe: &Pipe,
    ) -> Result<u64> {
        let BoundPortal { portal, statement, formats } = bound;
        if !is_alone {
            self.connection.begin_implicit()?;
        }
        match self.copy(statement, pipe)? {
            Some(Begun::Reads) => return Ok(0),
            Some(Begun::Wrote(rows)) => return Ok(rows),
            None => {}
        }
        if statement.is_empty() {
            backend::empty_query(&mut self.out);
            return Ok(0);
        }
        self.connection.before_part(statement)?;
        let codes = Codes::new(&self.connection, statement.columns(), formats)?;
        let rows_max = usize::try_from(rows_max).ok().filter(|most| *most > 0);
        let mut writer = RowWriter::new(&mut self.out, pipe, &codes);
        let fetched = portal.fetch(&self.connection, rows_max, &mut |row| writer.take(row))?;
        let rows = writer.rows();
        self.after(statement);
        self.tell_notices();
        if fetched.is_done {
            backend::command_complete(&mut self.out, &fetched.tag);
        } else {
            backend::portal_suspended(&mut self.out);
        }
        Ok(rows)
    }

    /// MOVE forward in a portal that a message has bound, as asyncpg's cursors ask for it. Returns
    /// whether the statement was that.
    pub(super) fn move_portal(&mut self, statement: &PreparedStatement) -> Result<bool> {
        let Some(SessionStatement::Control(Control::Fetch { name, count, skip: true })) =
            statement.session()
        else {
            return Ok(false);
        };
        let rows_max = match count {
            FetchCount::Relative(count) => usize::try_from(*count).ok().filter(|most| *most > 0),
            FetchCount::All => Some(usize::MAX),
            _ => None,
        };
        let (Some(rows_max), Some(bound)) = (rows_max, self.portals.get_mut(name)) else {
            return Ok(false);
        };
        let show_nothing: &mut TakeRow<'_> = &mut |_| Ok(Flow::More);
        let fetched = bound.portal.fetch(&self.connection, Some(rows_max), show_nothing)?;
        backend::command_complete(&mut self.out, &format!("MOVE {}", fetched.rows));
        Ok(true)
    }

    pub(super) fn close(&mut self, target: Target, name: &str) {
        match target {
            Target::Statement if name.is_empty() => self.unnamed = None,
            Target::Statement => drop(self.connection.forget_statement(name)),
            Target::Portal => drop(self.portals.remove(name)),
        }
        backend::close_complete(&mut self.out);
    }
}

/// The values of a Bind, each of its parameter's type or a text that is cast to it.
fn parameters(statement: &PreparedStatement, bind: &Bind) -> Result<Vec<Datum>> {
    let (given, wanted) = (bind.parameters.len(), statement.parameter_types().len());
    if given != wanted {
        let message = format!(
            "bind message supplies {given} parameters, but prepared statement \"{}\" requires \
             {wanted}",
            bind.statement
        );
        return Err(SqlError::new("08P01", message));
    }
    let formats = &bind.formats;
    if formats.len() > 1 && formats.len() != given {
        let formats = formats.len();
        let message =
            format!("bind message has {formats} parameter formats but {given} parameters");
        return Err(SqlError::new("08P01", message));
    }
    let format = |number: usize| match &**formats {
        [] => 0,
        [one] => *one,
        each => each[number],
    };
    let values = bind.parameters.iter().zip(statement.parameter_types()).enumerate();
    values.map(|(number, (value, ty))| parameter(value.as_ref(), ty, format(number))).collect()
}

fn parameter(value: Option<&Bytes>, ty: &SqlType, format: i16) -> Result<Datum> {
    let Some(bytes) = value else { return Ok(Datum::Null) };
    if format == 1 {
        return datum::decode_binary(bytes, ty);
    }
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    let text =
        text.ok_or_else(|| SqlError::new("22021", "invalid byte sequence for encoding \"UTF8\""))?;
    Ok(Datum::text(text))
}
