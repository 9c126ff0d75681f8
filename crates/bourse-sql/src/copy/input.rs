//! COPY FROM: bytes of a client become rows.
//!
//! Invariants:
//! - **I1** A batch has the values of `batch.rows` rows; each of these has as many values as COPY
//!   has columns, and its number and text in `batch.origins`.
//! - **I2** Once a call has failed no other one does anything: the rows so far are rolled back with
//!   their transaction.
//! - **I3** What fails while a table is filled at once is done anew row by row: that says which row
//!   it was, or waits for others.

use std::sync::Arc;

use bourse::{Database, InteractiveTransaction, TransactionOptions};

use super::binary::{Tuple, Tuples};
use super::fields::Fields;
use super::filling::{Batch, Filling, Insert, Origin};
use super::lines::{Line, Lines};
use super::options::Form;
use crate::bind::CopyTarget;
use crate::connection::{Connection, Scene};
use crate::datum::binary::utf8;
use crate::datum::{self, Datum};
use crate::error::{Result, SqlError};
use crate::execute::scan::to_store_error;
use crate::function::Context;
use crate::parse::{CopyFormat, CopyHeader, CopyOptions};
use crate::plan::Plan;
use crate::types::SqlType;

/// Rows that are inserted together.
const BATCH_ROWS: usize = 1_000;
/// Bytes of what was read after which they are inserted, however few rows they are.
const BATCH_BYTES: usize = 1 << 20;
/// Characters of a value or line that an error shows.
const SHOWN_CHARACTERS: usize = 100;

/// A COPY FROM that is under way: bytes in, rows into one transaction, the session's if one is
/// open. Dropped before [`CopyIn::finish`], a transaction of its own is rolled back.
pub struct CopyIn {
    target: Arc<CopyTarget>,
    plan: Option<Arc<Plan>>,
    types: Vec<SqlType>,
    names: Vec<String>,
    form: Form,
    reader: Reader,
    fields: Fields,
    batch: Batch,
    filling: Filling,
    own: Option<InteractiveTransaction>,
    needs_header: bool,
    is_over: bool,
    rows: u64,
}

enum Reader {
    Lines(Lines),
    Tuples(Tuples),
}

impl Reader {
    fn new(form: &Form) -> Reader {
        match form.format {
            CopyFormat::Binary => Reader::Tuples(Tuples::default()),
            _ => Reader::Lines(Lines::new(form)),
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        match self {
            Reader::Lines(lines) => lines.push(bytes),
            Reader::Tuples(tuples) => tuples.push(bytes),
        }
    }
}

impl CopyIn {
    pub(crate) fn new(
        target: &CopyTarget,
        options: &CopyOptions,
        plan: Option<Plan>,
        own: Option<InteractiveTransaction>,
        database: &Database,
    ) -> Result<CopyIn> {
        let of = |at: &usize| &target.table.columns[*at];
        let names: Vec<String> = target.columns.iter().map(|at| of(at).name.clone()).collect();
        let form = Form::new(options, true, &names)?;
        let reader = Reader::new(&form);
        Ok(CopyIn {
            types: target.columns.iter().map(|at| of(at).ty.clone()).collect(),
            names,
            needs_header: form.header != CopyHeader::None,
            form,
            reader,
            target: Arc::new(target.clone()),
            plan: plan.map(Arc::new),
            fields: Fields::default(),
            batch: Batch::default(),
            filling: Filling::of(target, own.is_some(), database),
            own,
            is_over: false,
            rows: 0,
        })
    }

    /// The transaction that it begins where the session has none open.
    pub(crate) fn own_transaction(database: &Database) -> Result<InteractiveTransaction> {
        Ok(database.begin(TransactionOptions::default())?)
    }

    /// How many columns a row has.
    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// How rows are written.
    pub fn format(&self) -> CopyFormat {
        self.form.format
    }

    /// Takes bytes, which may be cut anywhere, and inserts the rows that are whole.
    ///
    /// # Errors
    /// 22P04 and others of class 22 with the line and column; what inserting a row refuses. Nothing
    /// of the COPY remains then.
    pub fn push(&mut self, connection: &Connection, bytes: &[u8]) -> Result<()> {
        self.call(connection, |copy, scene| {
            copy.filling.keep(bytes);
            copy.reader.push(bytes);
            match copy.read(scene) {
                Err(_) if copy.filling.is_at_once() => copy.again(scene), // I3
                read => read,
            }
        })
    }

    /// Inserts what is left, commits where it is a transaction of its own, and says how many rows
    /// there were.
    ///
    /// # Errors
    /// As [`CopyIn::push`]; what committing refuses.
    pub fn finish(mut self, connection: &Connection) -> Result<u64> {
        self.call(connection, |copy, scene| {
            if copy.filling.is_at_once() {
                if copy.read_all(scene).is_ok() && copy.filling.finish().is_ok() {
                    copy.own = None;
                    return Ok(());
                }
                copy.again(scene)?; // I3
            }
            copy.read_all(scene)?;
            match copy.own.take() {
                Some(own) => Ok(own.commit()?),
                None => Ok(()),
            }
        })?;
        connection.state().note_changes(self.rows);
        if !connection.in_transaction() {
            connection.wait_until_applied()?;
        }
        Ok(self.rows)
    }

    fn call(
        &mut self,
        connection: &Connection,
        body: impl FnOnce(&mut CopyIn, &mut Scene<'_>) -> Result<()>,
    ) -> Result<()> {
        if self.is_over && self.own.is_none() && !connection.in_transaction() {
            return Err(SqlError::new("25P02", "the COPY has failed before")); // I2
        }
        let result = connection.in_copy(|scene| body(self, scene));
        if result.is_err() {
            (self.is_over, self.own) = (true, None); // I2
        }
        result
    }

    /// Reads what is left, and inserts it.
    fn read_all(&mut self, scene: &mut Scene<'_>) -> Result<()> {
        if let Reader::Lines(lines) = &mut self.reader {
            lines.end();
        }
        self.read(scene)?;
        if let Reader::Tuples(tuples) = &self.reader {
            let last = tuples.number + 1;
            tuples.end().map_err(|error| self.at_line(error, last))?;
        }
        self.flush(scene)
    }

    /// Begins anew, with all that came so far, row by row.
    fn again(&mut self, scene: &mut Scene<'_>) -> Result<()> {
        let kept = self.filling.give_up();
        self.reader = Reader::new(&self.form);
        self.fields = Fields::default();
        self.batch = Batch::default();
        self.needs_header = self.form.header != CopyHeader::None;
        (self.is_over, self.rows) = (false, 0);
        self.reader.push(&kept);
        self.read(scene)
    }

    /// Reads what is whole.
    fn read(&mut self, scene: &mut Scene<'_>) -> Result<()> {
        while !self.is_over {
            let is_row = match &mut self.reader {
                Reader::Lines(_) => self.line(scene.context)?,
                Reader::Tuples(_) => self.tuple()?,
            };
            if !is_row {
                return Ok(());
            }
            if self.batch.origins.len() >= BATCH_ROWS || self.batch.bytes >= BATCH_BYTES {
                self.filling.decide();
                self.flush(scene)?;
            }
        }
        Ok(())
    }

    /// Reads a line. Returns whether there was one.
    fn line(&mut self, context: &dyn Context) -> Result<bool> {
        let Reader::Lines(lines) = &mut self.reader else { return Ok(false) };
        let found = lines.next();
        let number = lines.number;
        let place = match found {
            Ok(Line::Whole(place)) => place,
            Ok(Line::End) => {
                self.is_over = true;
                return Ok(false);
            }
            Ok(Line::Unfinished) => return Ok(false),
            Err(error) => return Err(self.at_line(error, number)),
        };
        let line = lines.bytes(place);
        let in_line = |error: SqlError| {
            let text = shown(&String::from_utf8_lossy(line));
            let context = format!("COPY {}, line {number}: \"{text}\"", self.target.table.name);
            error.with_context(context)
        };
        let without_text = |error: SqlError| {
            let context = format!("COPY {}, line {number}", self.target.table.name);
            error.with_context(context)
        };
        utf8(line).map_err(without_text)?;
        self.fields.read(line, &self.form).map_err(in_line)?;
        if std::mem::take(&mut self.needs_header) {
            if self.form.header == CopyHeader::Match {
                header(&self.fields, &self.names, &self.form).map_err(in_line)?;
            }
            return Ok(true);
        }
        check_width(&self.fields, &self.names).map_err(in_line)?;
        self.batch.text.extend_from_slice(line);
        self.batch.bytes += line.len();
        for (at, ty) in self.types.iter().enumerate() {
            let field = self.fields.get(at);
            let value = match field {
                Ok(None) => Ok(Datum::Null),
                Ok(Some(text)) => datum::input(text, ty, context),
                Err(ref error) => Err(error.clone()),
            };
            let value = value.map_err(|error| {
                let seen = match &field {
                    Ok(Some(text)) => format!("\"{}\"", shown(text)),
                    _ => "null input".to_owned(),
                };
                let (table, column) = (&self.target.table.name, &self.names[at]);
                error.with_context(format!("COPY {table}, line {number}, column {column}: {seen}"))
            })?;
            self.batch.values.push(value);
        }
        self.batch.origins.push(Origin { line: number, end: self.batch.text.len() });
        Ok(true)
    }

    /// Reads a tuple. Returns whether there was one.
    fn tuple(&mut self) -> Result<bool> {
        let Reader::Tuples(tuples) = &mut self.reader else { return Ok(false) };
        let found = tuples.next(self.types.len());
        let number = tuples.number;
        match found {
            Ok(Tuple::Whole) => {}
            Ok(Tuple::End | Tuple::Unfinished) => return Ok(false),
            Err(error) => return Err(self.at_line(error, number.max(1))),
        }
        for (at, ty) in self.types.iter().enumerate() {
            let value = match tuples.field(at) {
                None => Datum::Null,
                Some(bytes) => {
                    self.batch.bytes += bytes.len();
                    datum::decode_binary(bytes, ty).map_err(|error| {
                        let (table, column) = (&self.target.table.name, &self.names[at]);
                        error.with_context(format!("COPY {table}, line {number}, column {column}"))
                    })?
                }
            };
            self.batch.values.push(value);
        }
        self.batch.origins.push(Origin { line: number, end: 0 });
        Ok(true)
    }

    fn at_line(&self, error: SqlError, line: u64) -> SqlError {
        error.with_context(format!("COPY {}, line {line}", self.target.table.name))
    }

    /// Inserts the rows of the batch.
    fn flush(&mut self, scene: &mut Scene<'_>) -> Result<()> {
        if self.batch.origins.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        let insert = Insert {
            target: &self.target,
            plan: self.plan.as_deref(),
            types: &self.types,
            batch: &batch,
        };
        let transaction = match (&mut self.own, &mut scene.open) {
            (Some(own), _) => {
                own.set_timeouts(scene.limits.lock_timeout, scene.limits.timeout);
                own
            }
            (None, Some(open)) => &mut **open,
            (None, None) => {
                return Err(SqlError::new("25P02", "the transaction of the COPY has ended"));
            }
        };
        let (context, limits, filling) = (scene.context, scene.limits, &mut self.filling);
        let mut failure = None;
        let result = transaction.statement(|transaction| {
            let inserted = insert.run(transaction, filling, context, limits);
            inserted.map_err(|error| {
                let told = to_store_error(&error);
                failure = Some(error);
                told
            })
        });
        self.rows += result.map_err(|error| failure.unwrap_or_else(|| error.into()))?;
        let Batch { mut values, mut origins, mut text, .. } = batch;
        values.clear();
        origins.clear();
        text.clear();
        self.batch = Batch { values, origins, text, bytes: 0 };
        Ok(())
    }
}

/// What an error shows of a text.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn check_width(fields: &Fields, names: &[String]) -> Result<()> {
    if fields.len() > names.len() {
        return Err(SqlError::new("22P04", "extra data after last expected column"));
    }
    match names.get(fields.len()) {
        Some(name) => Err(SqlError::new("22P04", format!("missing data for column \"{name}\""))),
        None => Ok(()),
    }
}

/// HEADER MATCH.
fn header(fields: &Fields, names: &[String], form: &Form) -> Result<()> {
    if fields.len() != names.len() {
        let message = format!(
            "wrong number of fields in header line: field count is {}, expected {}",
            fields.len(),
            names.len()
        );
        return Err(SqlError::new("22P04", message));
    }
    for (at, name) in names.iter().enumerate() {
        let field = fields.get(at)?;
        if field == Some(name) {
            continue;
        }
        let got = match field {
            Some(field) => format!("got \"{field}\""),
            None => format!("got null value (\"{}\")", String::from_utf8_lossy(&form.null)),
        };
        let message = format!(
            "column name mismatch in header line field {}: {got}, expected \"{name}\"",
            at + 1
        );
        return Err(SqlError::new("22P04", message));
    }
    Ok(())
}

impl std::fmt::Debug for CopyIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CopyIn")
            .field("table", &self.target.table.name)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}
