//! Cursors: DECLARE, FETCH, MOVE, CLOSE.
//!
//! A cursor's rows are those of the moment at which it was declared, gathered then and kept: in
//! memory while they are no more than `statement_memory`, else in a temporary file. So every cursor
//! can go back; only one that says NO SCROLL refuses to.
//!
//! Invariants:
//! - **R1** A cursor without WITH HOLD is gone when the transaction ends in which it was declared,
//!   one with it when that transaction is rolled back; so is any that was declared since a
//!   savepoint that is gone back to.
//! - **R2** `position` is 0 before the first row, n at the n-th, and one more than there are rows
//!   behind the last.

use bourse_storage::sync;

use super::owned::Done;
use super::run::Take;
use super::session::told;
use super::{Connection, Flow};
use crate::algebra::{OutputColumn, Statement};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::execute::spill::kept::{Keeper, Kept};
use crate::parse::FetchCount;
use crate::session::ListedCursor;

/// A cursor.
pub(super) struct Cursor {
    name: String,
    columns: Vec<OutputColumn>,
    rows: Kept,
    position: usize,
    scrolls: bool,
    hold: bool,
    /// The statement that declared it.
    text: String,
    made_us: i64,
    /// The number of its transaction: see [`Connection::transaction_number`].
    transaction: u64,
}

/// What DECLARE says.
pub(super) struct Declaration<'d> {
    pub(super) name: &'d str,
    pub(super) binary: bool,
    pub(super) scroll: Option<bool>,
    pub(super) hold: bool,
    /// DECLARE as it was written.
    pub(super) text: &'d str,
    pub(super) statement: &'d Statement,
}

impl Cursor {
    /// As `pg_cursors` shows it.
    pub(super) fn listed(&self) -> ListedCursor {
        ListedCursor {
            name: self.name.clone(),
            text: self.text.clone(),
            is_holdable: self.hold,
            is_scrollable: self.scrolls,
            made_us: self.made_us,
        }
    }

    /// Moves, and returns the numbers of the rows that were passed, in that order.
    fn walk(&mut self, count: FetchCount) -> Result<Vec<usize>> {
        let (rows, at) = (self.rows.len(), self.position);
        let after = rows + 1;
        let place = |number: i64| usize::try_from(number).unwrap_or(0).min(after);
        let single = |to: usize| {
            let shown = if (1..=rows).contains(&to) { vec![to] } else { Vec::new() };
            (to, shown)
        };
        let at_signed = i64::try_from(at).unwrap_or(i64::MAX);
        let (to, shown) = match count {
            FetchCount::Relative(0) => single(at),
            FetchCount::Relative(count) if count > 0 => {
                let last = place(at_signed.saturating_add(count));
                let shown: Vec<usize> = (at + 1..=last.min(rows)).collect();
                (last, shown)
            }
            FetchCount::Relative(count) => {
                let first = place(at_signed.saturating_add(count).max(0));
                ((first), (first.max(1)..at.min(after)).rev().collect())
            }
            FetchCount::All => (after, (at + 1..=rows).collect()),
            FetchCount::BackwardAll => (0, (1..at.min(after)).rev().collect()),
            FetchCount::Absolute(number) if number < 0 => {
                let from_end = i64::try_from(after).unwrap_or(i64::MAX).saturating_add(number);
                single(place(from_end.max(0)))
            }
            FetchCount::Absolute(number) => single(place(number)),
            FetchCount::Offset(number) => single(place(at_signed.saturating_add(number).max(0))),
        };
        let goes_on = to > at || (to == at && shown.is_empty());
        if !(self.scrolls || goes_on) {
            return Err(SqlError::new("55000", "cursor can only scan forward")
                .with_hint("Declare it with SCROLL option to enable backward scan."));
        }
        self.position = to; // R2
        Ok(shown)
    }
}

fn missing(name: &str) -> SqlError {
    SqlError::new("34000", format!("cursor \"{name}\" does not exist"))
}

impl Connection {
    /// DECLARE.
    pub(super) fn declare(&self, cursor: &Declaration<'_>, parameters: &[Datum]) -> Result<Done> {
        if cursor.binary {
            return Err(SqlError::unsupported("binary cursors are not supported")
                .with_hint("Ask for binary columns when the rows are fetched."));
        }
        if !cursor.hold && !self.in_transaction() {
            let message = "DECLARE CURSOR can only be used in transaction blocks";
            return Err(SqlError::new("25P01", message));
        }
        if self.kept.cursors.lock().iter().any(|other| other.name == cursor.name) {
            let message = format!("cursor \"{}\" already exists", cursor.name);
            return Err(SqlError::new("42P03", message));
        }
        let plan = self.plan(cursor.statement.clone())?;
        let mut rows = Keeper::new(plan.columns.len());
        let (mut memory, disk) = (self.statement_memory(), &*self.disk);
        self.run_plan(&plan, parameters, &mut |row| {
            rows.push(row.cloned().collect(), disk, &mut memory)?;
            Ok(Flow::More)
        })?;
        let rows = rows.finish(disk, &mut memory)?;
        self.kept.cursors.lock().push(Cursor {
            name: cursor.name.to_owned(),
            columns: plan.columns.clone(),
            rows,
            position: 0,
            scrolls: cursor.scroll != Some(false),
            hold: cursor.hold,
            text: cursor.text.to_owned(),
            made_us: sync::wall_clock_us(),
            transaction: self.transaction_number(),
        });
        told("DECLARE CURSOR")
    }

    /// The columns of a cursor's rows.
    ///
    /// # Errors
    /// 34000 when there is no such cursor.
    pub fn cursor_columns(&self, name: &str) -> Result<Vec<OutputColumn>> {
        let cursors = self.kept.cursors.lock();
        let found = cursors.iter().find(|cursor| cursor.name == name);
        found.map(|cursor| cursor.columns.clone()).ok_or_else(|| missing(name))
    }

    /// FETCH, or MOVE, which shows nothing.
    pub(super) fn fetch(
        &self,
        name: &str,
        count: FetchCount,
        skip: bool,
        take: &mut Take<'_>,
    ) -> Result<Done> {
        let mut cursors = self.kept.cursors.lock();
        let cursor = cursors.iter_mut().find(|cursor| cursor.name == name);
        let cursor = cursor.ok_or_else(|| missing(name))?;
        let shown = cursor.walk(count)?;
        if !skip {
            let numbers = shown.iter().map(|number| number - 1);
            cursor.rows.show(numbers, &mut |row| take(&mut row.iter()))?;
        }
        told(&format!("{} {}", if skip { "MOVE" } else { "FETCH" }, shown.len()))
    }

    /// CLOSE, of all without a name.
    pub(super) fn close_cursor(&self, name: Option<&str>) -> Result<Done> {
        let mut cursors = self.kept.cursors.lock();
        let Some(name) = name else {
            cursors.clear();
            return told("CLOSE CURSOR ALL");
        };
        let at = cursors.iter().position(|cursor| cursor.name == name);
        cursors.remove(at.ok_or_else(|| missing(name))?);
        told("CLOSE CURSOR")
    }

    /// How many there are: savepoints go back to it.
    pub(super) fn cursor_count(&self) -> usize {
        self.kept.cursors.lock().len()
    }

    /// Ends those of the transaction `number` that is rolled back to a savepoint at which there
    /// were so many (R1).
    pub(super) fn end_cursors_since(&self, count: usize, number: u64) {
        let mut at = 0;
        self.kept.cursors.lock().retain(|cursor| {
            at += 1;
            at <= count || cursor.transaction != number
        });
    }

    /// Ends those that end with the transaction `number` (R1).
    pub(super) fn end_cursors(&self, number: u64, is_committed: bool) {
        self.kept
            .cursors
            .lock()
            .retain(|cursor| cursor.hold && (is_committed || cursor.transaction != number));
    }
}
