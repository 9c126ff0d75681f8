//! Rows of COPY FROM on their way into the table: inserted in batches, or, where the COPY is a
//! transaction of its own, all at once by the store's bulk load.

use std::sync::Arc;

use bourse::{BulkLoad, Database, Transaction, Value};

use super::input::shown;
use crate::bind::CopyTarget;
use crate::connection::Limits;
use crate::datum::{self, Array, Datum};
use crate::error::{Result, SqlError};
use crate::execute::Flow;
use crate::execute::write::Run;
use crate::function::Context;
use crate::plan::{Plan, PlanKind};
use crate::types::SqlType;

/// How a table gets the rows.
pub(super) enum Filling {
    /// It is not known yet: the rows may be few. What came so far.
    Undecided(Database, Arc<CopyTarget>, Vec<u8>),
    /// All at once. What came so far, for there may be a reason to begin anew.
    AtOnce(Option<Box<BulkLoad>>, Vec<u8>),
    /// Batch by batch.
    Rows,
}

impl Filling {
    /// Of a COPY into a table, which may be a transaction of its own.
    pub(super) fn of(target: &CopyTarget, is_own: bool, database: &Database) -> Filling {
        let columns = &target.table.table.definition().columns;
        let makes_ids = columns.iter().filter_map(|column| column.default.as_ref());
        // Ids that the store has given before are not given again.
        if !is_own || makes_ids.into_iter().any(|default| default.makes_ids()) {
            return Filling::Rows;
        }
        Filling::Undecided(database.clone(), Arc::new(target.clone()), Vec::new())
    }

    /// Keeps bytes that came.
    pub(super) fn keep(&mut self, bytes: &[u8]) {
        if let Filling::Undecided(_, _, kept) | Filling::AtOnce(_, kept) = self {
            kept.extend_from_slice(bytes);
        }
    }

    /// There are more than a few rows.
    pub(super) fn decide(&mut self) {
        let Filling::Undecided(database, target, kept) = self else { return };
        *self = match database.begin_bulk_load(&target.table.table) {
            Ok(load) if load.can_finish() => {
                Filling::AtOnce(Some(Box::new(load)), std::mem::take(kept))
            }
            _ => Filling::Rows,
        };
    }

    /// Whether nothing of the rows is in a transaction.
    pub(super) fn is_at_once(&self) -> bool {
        matches!(self, Filling::AtOnce(..))
    }

    /// Commits what was pushed. What came is kept.
    ///
    /// # Errors
    /// The store's, which do not say which row.
    pub(super) fn finish(&mut self) -> Result<()> {
        match self {
            Filling::AtOnce(load, _) => match load.take() {
                Some(load) => Ok(load.finish().map(drop)?),
                None => Err(SqlError::new("XX000", "the table is filled already")),
            },
            Filling::Undecided(..) | Filling::Rows => Ok(()),
        }
    }

    /// Goes on row by row, and gives what came so far.
    pub(super) fn give_up(&mut self) -> Vec<u8> {
        match std::mem::replace(self, Filling::Rows) {
            Filling::Undecided(_, _, kept) | Filling::AtOnce(_, kept) => kept,
            Filling::Rows => Vec::new(),
        }
    }
}

/// Rows that are not inserted yet (I1 of [`super::input`]).
#[derive(Default)]
pub(super) struct Batch {
    pub(super) values: Vec<Datum>,
    pub(super) origins: Vec<Origin>,
    pub(super) text: Vec<u8>,
    pub(super) bytes: usize,
}

/// Where a row comes from.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub(super) line: u64,
    /// Where its text ends in the batch's.
    pub(super) end: usize,
}

/// A batch on its way into the table.
pub(super) struct Insert<'i> {
    pub(super) target: &'i CopyTarget,
    pub(super) plan: Option<&'i Plan>,
    pub(super) types: &'i [SqlType],
    pub(super) batch: &'i Batch,
}

impl Insert<'_> {
    /// Inserts the rows. Returns how many.
    pub(super) fn run(
        &self,
        transaction: &mut Transaction<'_>,
        filling: &mut Filling,
        context: &(dyn Context + Sync),
        limits: &Limits,
    ) -> Result<u64> {
        let width = self.types.len();
        let rows = self.batch.values.chunks(width.max(1));
        let mut made = Made::default();
        match self.plan {
            None => rows
                .enumerate()
                .try_for_each(|(at, row)| self.take(row, self.types, at, &mut made))?,
            Some(plan) => self.compute(plan, rows, &*transaction, (context, limits), &mut made)?,
        }
        let count = made.rows.len() as u64;
        if let Filling::AtOnce(Some(load), _) = filling {
            made.rows.into_iter().try_for_each(|row| load.push_given(row))?;
            return Ok(count);
        }
        let table = &self.target.table.table;
        let inserted = transaction.insert_rows(table, &made.rows);
        inserted.map_err(|(row, error)| self.told(error.into(), made.origins[row]))?;
        Ok(count)
    }

    /// Has the plan make rows of those that were read.
    fn compute<'r>(
        &self,
        plan: &Plan,
        rows: impl Iterator<Item = &'r [Datum]>,
        transaction: &Transaction<'_>,
        (context, limits): (&(dyn Context + Sync), &Limits),
        made: &mut Made,
    ) -> Result<()> {
        let PlanKind::Query { outputs, .. } = &plan.kind else {
            return Err(SqlError::new("XX000", "the rows of COPY come from no query"));
        };
        let elements: Vec<Datum> = rows.map(|row| Datum::Record(Arc::from(row))).collect();
        let dimensions = vec![(elements.len(), 1)];
        let parameters = [Datum::Array(Arc::new(Array { dimensions, elements }))];
        let run = Run {
            plan,
            parameters: &parameters,
            context,
            dialect: context.dialect(),
            locks: true,
            disk: &limits.disk,
        };
        let mut frame = limits.frame(plan);
        let types: Vec<SqlType> = plan.columns.iter().map(|column| column.ty.clone()).collect();
        let mut row: Vec<Datum> = Vec::with_capacity(outputs.len());
        let mut taken = Ok(());
        run.read(transaction, &mut frame, &mut |frame| {
            row.clear();
            row.extend(outputs.iter().map(|slot| frame.slots[*slot].clone()));
            let number = row.last().and_then(Datum::as_integer).unwrap_or(1);
            taken = self.take(&row, &types, usize::try_from(number - 1).unwrap_or(0), made);
            Ok(if taken.is_ok() { Flow::More } else { Flow::Enough })
        })?;
        taken
    }

    /// Takes a row that came from the batch's row of that number.
    fn take(&self, row: &[Datum], types: &[SqlType], at: usize, made: &mut Made) -> Result<()> {
        let columns = &self.target.table.table.definition().columns;
        let places = self.target.places.iter().zip(columns);
        let values: Result<Vec<Option<Value>>> = places
            .map(|(place, column)| {
                let Some(place) = *place else { return Ok(None) };
                datum::to_value(&row[place], &types[place], &column.data_type).map(Some)
            })
            .collect();
        made.rows.push(values.map_err(|error| self.told(error, at))?);
        made.origins.push(at);
        Ok(())
    }

    /// An error of a row, with where it came from.
    fn told(&self, error: SqlError, at: usize) -> SqlError {
        let origin = self.batch.origins[at]; // I1
        let begin = if at == 0 { 0 } else { self.batch.origins[at - 1].end };
        let table = &self.target.table.name;
        let mut context = format!("COPY {table}, line {}", origin.line);
        if origin.end > begin && matches!(error.sqlstate(), "23502" | "23514") {
            let text = String::from_utf8_lossy(&self.batch.text[begin..origin.end]);
            context.push_str(&format!(": \"{}\"", shown(&text)));
        }
        error.with_context(context)
    }
}

/// Rows that are to be inserted, each with the number of the batch's row that it came from.
#[derive(Default)]
struct Made {
    rows: Vec<Vec<Option<Value>>>,
    origins: Vec<usize>,
}
