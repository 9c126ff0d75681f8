//! Reading tables: by key, by ranges of the primary key or of an index.
//!
//! A row costs what is wanted of it: an index decides what it can before the row is read, rows are
//! fetched together in rounds, and columns that only what is above needs are decoded once all
//! conditions are met.

use std::cell::RefCell;
use std::ops::ControlFlow;

use bourse::key::KeyReader;
use bourse::{Error, IndexEntry, Range, Row, Value, ValueRef};

use super::evaluate::all_true;
use super::reader::IndexScan;
use super::{Env, Flow, Frame, Sink};
use crate::Dialect;
use crate::datum::{Datum, from_value, to_value};
use crate::error::{Result, SqlError};
use crate::plan::node::{Output, Path, Scan, Source};
use crate::types::of_column;

/// Decodes columns of a row into their slots.
#[inline]
pub(crate) fn decode(
    outputs: &[Output],
    key: &mut dyn FnMut() -> bourse::Result<Vec<Value>>,
    row: &Row<'_>,
    env: &Env<'_>,
    frame: &mut Frame,
    table: &bourse::Table,
) -> Result<()> {
    for output in outputs {
        let slot = &mut frame.slots[output.slot];
        *slot = match output.source {
            Source::Column(column) => {
                put(row.get(column), output, env.dialect, slot)?;
                continue;
            }
            Source::Key => key_datum(&key()?, table)?,
            Source::RowId => match key()?.first() {
                Some(Value::Integer(id)) => Datum::Integer(*id),
                _ => Datum::Null,
            },
        };
    }
    Ok(())
}

/// Puts a column's value into its slot. The most common kinds are put in place of the last row's,
/// which spares asking what that is and letting go of it.
#[inline]
fn put(value: ValueRef<'_>, output: &Output, dialect: Dialect, slot: &mut Datum) -> Result<()> {
    match (&mut *slot, value) {
        (Datum::Integer(place), ValueRef::Integer(value)) => *place = value,
        (Datum::Double(place), ValueRef::Double(value)) if !value.is_nan() => *place = value,
        (_, ValueRef::Integer(value)) => *slot = Datum::Integer(value),
        (_, ValueRef::Double(value)) if !value.is_nan() => *slot = Datum::Double(value),
        (_, value) => *slot = from_value(value, &output.ty, dialect)?,
    }
    Ok(())
}

/// A primary key as one value: an integer alone, or a record.
pub(crate) fn key_datum(key: &[Value], table: &bourse::Table) -> Result<Datum> {
    if let [Value::Integer(id)] = key {
        return Ok(Datum::Integer(*id));
    }
    let definition = table.definition();
    let positions = definition.primary_key_positions();
    let fields = key.iter().zip(positions).map(|(value, position)| {
        let ty = of_column(&definition.columns[usize::from(*position)], Dialect::Postgres);
        from_value(value.as_value(), &ty, Dialect::Postgres)
    });
    Ok(Datum::Record(fields.collect::<Result<Vec<_>>>()?.into()))
}

/// The primary key of a value made by [`key_datum`].
pub(crate) fn key_values(key: &Datum, table: &bourse::Table) -> Result<Vec<Value>> {
    let fields = match key {
        Datum::Integer(id) => return Ok(vec![Value::Integer(*id)]),
        Datum::Record(fields) => fields,
        _ => return Ok(Vec::new()),
    };
    let definition = table.definition();
    let positions = definition.primary_key_positions();
    let values = fields.iter().zip(positions).map(|(field, position)| {
        let column = &definition.columns[usize::from(*position)];
        to_value(field, &of_column(column, Dialect::Postgres), &column.data_type)
    });
    values.collect()
}

fn read_key(
    mut reader: KeyReader<'_>,
    row: &Row<'_>,
    table: &bourse::Table,
) -> bourse::Result<Vec<Value>> {
    let positions = table.definition().primary_key_positions();
    if positions.is_empty() {
        return Ok(vec![reader.next_value()?]);
    }
    Ok(positions.iter().map(|column| row.get(usize::from(*column)).to_value()).collect())
}

/// What a read goes on with, and what it found wrong.
struct Progress<'p, 'f> {
    frame: &'p mut Frame,
    sink: &'p mut Sink<'f>,
    result: Result<Flow>,
}

impl Progress<'_, '_> {
    /// Takes what a row came to: whether to go on.
    fn go_on(&mut self, result: Result<Flow>) -> ControlFlow<()> {
        match result {
            Ok(Flow::More) => ControlFlow::Continue(()),
            other => {
                self.result = other;
                ControlFlow::Break(())
            }
        }
    }
}

impl Scan {
    /// Gives the rows to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let range = match &self.path {
            Path::Get(_) => return self.get(env, frame, sink),
            Path::Table(range) | Path::Index { range, .. } => range,
        };
        let found = range.ranges(env, frame)?;
        for range in &found.ranges {
            let flow = match &self.path {
                Path::Index { name, covering: true, .. } => {
                    self.entries(name, range, found.exact, env, frame, sink)?
                }
                Path::Index { name, .. } => {
                    self.fetch(name, range, found.exact, env, frame, sink)?
                }
                _ => self.rows(range, found.exact, env, frame, sink)?,
            };
            if flow == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }

    /// How many rows it has; all conditions are in its keys.
    pub(crate) fn count(&self, env: &Env<'_>, frame: &mut Frame) -> Result<i64> {
        let (index, range) = match &self.path {
            Path::Get(_) => (None, None),
            Path::Table(range) => (None, Some(range)),
            Path::Index { name, range, .. } => (Some(name.as_str()), Some(range)),
        };
        if let Some(range) = range {
            let found = range.ranges(env, frame)?;
            if found.exact {
                let mut count = 0;
                for range in &found.ranges {
                    count += env.reader.count(&self.table, index, range)?;
                }
                return Ok(i64::try_from(count).unwrap_or(i64::MAX));
            }
        }
        let mut count = 0;
        self.run(env, frame, &mut |_| {
            count += 1;
            Ok(Flow::More)
        })?;
        Ok(count)
    }

    /// The rest of a row's way, once it is found.
    fn take(
        &self,
        exact: bool,
        decode: &mut dyn FnMut(&[Output], &mut Frame) -> Result<()>,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        frame.tick()?;
        decode(&self.first, frame)?;
        if !exact && !all_true(&self.key_filter, env, frame)? {
            return Ok(Flow::More);
        }
        if !all_true(&self.filter, env, frame)? {
            return Ok(Flow::More);
        }
        decode(&self.rest, frame)?;
        sink(frame)
    }

    /// The key of its row, found by the whole of it; within, nothing where no row has it. Nothing
    /// where it is not told in the terms of the table's columns.
    pub(super) fn key(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<Option<Option<Vec<Value>>>> {
        let Path::Get(keys) = &self.path else { return Ok(None) };
        let mut key = Vec::with_capacity(keys.len());
        for code in keys {
            match code.exact(env, frame)? {
                Some(Some(value)) => key.push(value),
                Some(None) => return Ok(Some(None)),
                None => return Ok(None),
            }
        }
        Ok(Some(Some(key)))
    }

    /// Whether a row that was found by its key counts; then its columns are in the frame.
    pub(super) fn accept(
        &self,
        key: &[Value],
        row: &Row<'_>,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<bool> {
        let mut key = || Ok(key.to_vec());
        decode(&self.first, &mut key, row, env, frame, &self.table)?;
        if !all_true(&self.filter, env, frame)? {
            return Ok(false);
        }
        decode(&self.rest, &mut key, row, env, frame, &self.table)?;
        Ok(true)
    }

    fn get(&self, env: &Env<'_>, frame: &mut Frame, sink: &mut Sink<'_>) -> Result<Flow> {
        let key = match self.key(env, frame)? {
            Some(Some(key)) => key,
            Some(None) => return Ok(Flow::More),
            // All rows are looked at.
            None => return self.rows(&Range::all(), false, env, frame, sink),
        };
        let mut progress = Progress { frame, sink, result: Ok(Flow::More) };
        let mut met = false;
        env.reader.get(&self.table, &key, &mut |row| {
            let Progress { frame, result, .. } = &mut progress;
            match self.accept(&key, &row, env, frame) {
                Ok(found) => met = found,
                Err(error) => *result = Err(error),
            }
        })?;
        // The sink may read the store itself: not while a row is shown.
        progress.result?;
        if met { (progress.sink)(progress.frame) } else { Ok(Flow::More) }
    }

    fn rows(
        &self,
        range: &Range,
        exact: bool,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let mut progress = Progress { frame, sink, result: Ok(Flow::More) };
        let is_column = |output: &Output| matches!(output.source, Source::Column(_));
        if self.first.iter().chain(&self.rest).all(is_column) {
            env.reader.rows(&self.table, range, self.order, &mut |row| {
                let Progress { frame, sink, .. } = &mut progress;
                let mut read = |outputs: &[Output], frame: &mut Frame| {
                    decode(outputs, &mut || Ok(Vec::new()), &row, env, frame, &self.table)
                };
                let result = self.take(exact, &mut read, env, frame, sink);
                progress.go_on(result)
            })?;
            return progress.result;
        }
        env.reader.keyed_rows(&self.table, range, self.order, &mut |key, row| {
            let Progress { frame, sink, .. } = &mut progress;
            let mut read = |outputs: &[Output], frame: &mut Frame| {
                let mut key = || read_key(key.clone(), &row, &self.table);
                decode(outputs, &mut key, &row, env, frame, &self.table)
            };
            let result = self.take(exact, &mut read, env, frame, sink);
            progress.go_on(result)
        })?;
        progress.result
    }

    fn entries(
        &self,
        index: &str,
        range: &Range,
        exact: bool,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let (table, order) = (&self.table, self.order);
        let scan = IndexScan { table, index, range, order, least: None };
        let mut progress = Progress { frame, sink, result: Ok(Flow::More) };
        env.reader.entries(&scan, &mut |entry| {
            let Progress { frame, sink, .. } = &mut progress;
            let mut read = |outputs: &[Output], frame: &mut Frame| {
                self.decode_entry(outputs, entry, env, frame)
            };
            let result = self.take(exact, &mut read, env, frame, sink);
            progress.go_on(result)
        })?;
        progress.result
    }

    fn decode_entry(
        &self,
        outputs: &[Output],
        entry: &IndexEntry<'_>,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        for output in outputs {
            let mut problem = None;
            let slot = &mut frame.slots[output.slot];
            match output.source {
                Source::Column(column) => entry.show(column, |value| {
                    if let Err(error) = put(value, output, env.dialect, slot) {
                        problem = Some(error);
                    }
                    Ok(())
                })?,
                Source::Key | Source::RowId => {
                    *slot = key_datum(&self.key_of_entry(entry)?, &self.table)?;
                }
            }
            if let Some(error) = problem {
                return Err(error);
            }
        }
        Ok(())
    }

    fn key_of_entry(&self, entry: &IndexEntry<'_>) -> bourse::Result<Vec<Value>> {
        let mut reader = entry.primary_key();
        let columns = self.table.definition().primary_key_positions().len().max(1);
        (0..columns).map(|_| reader.next_value()).collect()
    }

    fn fetch(
        &self,
        index: &str,
        range: &Range,
        exact: bool,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let limit = self.fetch_limit(exact, env, frame)?;
        let least = match self.has_ties {
            // One more tells that what comes is no equal.
            true => Some(super::limit::most(self.limit.as_ref(), env, frame)?.saturating_add(1)),
            false => None,
        };
        let (table, order) = (&self.table, self.order);
        let scan = IndexScan { table, index, range, order, least };
        let progress = RefCell::new(Progress { frame, sink, result: Ok(Flow::More) });
        env.reader.fetch(
            &scan,
            limit,
            &mut |entry| {
                if self.entry_filter.is_empty() {
                    return ControlFlow::Continue(true);
                }
                let mut progress = progress.borrow_mut();
                match self.keeps(entry, env, progress.frame) {
                    Ok(keep) => ControlFlow::Continue(keep),
                    Err(error) => {
                        progress.result = Err(error);
                        ControlFlow::Break(())
                    }
                }
            },
            &mut |key, row| {
                let mut progress = progress.borrow_mut();
                let Progress { frame, sink, .. } = &mut *progress;
                let mut read = |outputs: &[Output], frame: &mut Frame| {
                    let mut key = || read_key(key.clone(), &row, &self.table);
                    decode(outputs, &mut key, &row, env, frame, &self.table)
                };
                let result = self.take(exact, &mut read, env, frame, sink);
                progress.go_on(result)
            },
        )?;
        progress.into_inner().result
    }

    fn keeps(&self, entry: &IndexEntry<'_>, env: &Env<'_>, frame: &mut Frame) -> Result<bool> {
        frame.tick()?;
        self.decode_entry(&self.entry, entry, env, frame)?;
        all_true(&self.entry_filter, env, frame)
    }

    /// How many rows are fetched at most: no more than are wanted, where all of them count.
    fn fetch_limit(&self, exact: bool, env: &Env<'_>, frame: &mut Frame) -> Result<usize> {
        if !exact || !self.filter.is_empty() || self.has_ties {
            return Ok(usize::MAX);
        }
        super::limit::most(self.limit.as_ref(), env, frame)
    }
}

/// An error of the store for what went wrong in a statement, with its SQLSTATE.
pub(crate) fn to_store_error(error: &SqlError) -> Error {
    let told = Error::invalid(error.message()).with_sqlstate(error.sqlstate());
    match error.violation() {
        Some(violation) => told.with_violation(violation.clone()),
        None => told,
    }
}
