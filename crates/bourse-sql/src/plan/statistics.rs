//! Statistics of values: what planning knows of a table beside its number of rows, for each column
//! how many different values it has, which are common, and how the others are spread.
//!
//! They are drawn from about a thousand rows, read at evenly spread places of the primary key, when
//! a statement is planned that they matter to, and kept by the thread for as long as definitions
//! stay and the table has about as many rows. Of small tables nothing is drawn: any way to read
//! them will do.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::rc::Rc;

use bourse::{Collation, Order, Range, Row, Table, Value};

use super::Planner;
use crate::Dialect;
use crate::datum::{Datum, compare, from_value};
use crate::error::Result;
use crate::execute::reader::Reader;
use crate::types::of_column;

/// Rows from which on a table's values are looked at.
pub(crate) const ROWS_MIN: f64 = 1_000.0;
/// Rows that are read at most.
const SAMPLE_ROWS: usize = 1_024;
/// Places that they are read at.
const PLACES: usize = 64;
/// Most common values that are kept of a column.
const COMMON_MAX: usize = 16;
/// Parts of equal size that a column's values are split into.
const PARTS: usize = 64;
/// Texts longer than that are counted and not kept.
const TEXT_MAX: usize = 128;
/// Tables whose statistics a thread keeps.
const KEPT_MAX: usize = 256;

/// What is known of a table's values.
#[derive(Debug)]
pub(crate) struct TableStatistics {
    columns: Vec<ColumnStatistics>,
}

/// What is known of a column's values.
#[derive(Default, Debug)]
pub(crate) struct ColumnStatistics {
    /// How many different values the whole table has, about.
    pub(crate) distinct: f64,
    /// The share of rows that have none.
    pub(crate) nulls: f64,
    /// Common values, with the share of rows that each has.
    common: Vec<(Datum, f64)>,
    /// Values that split the rows into equal parts, in order; none where values were too long.
    bounds: Vec<Datum>,
}

/// Which table of which store, seen as which dialect sees it.
type Key = (PathBuf, u64, u32, Dialect);

thread_local! {
    static KEPT: RefCell<HashMap<Key, (f64, Rc<TableStatistics>)>> = RefCell::default();
}

/// Forgets all statistics that this thread keeps: the next plans draw them anew.
pub(crate) fn forget() {
    KEPT.take();
}

impl ColumnStatistics {
    /// Of the values of a sample of a table with so many rows.
    fn of(mut values: Vec<Datum>, collation: Collation, rows: f64) -> ColumnStatistics {
        let sampled = values.len().max(1) as f64;
        values.retain(|value| !value.is_null());
        let nulls = 1.0 - values.len() as f64 / sampled;
        values.sort_by(|a, b| compare(a, b, collation));
        let runs: Vec<&[Datum]> =
            values.chunk_by(|a, b| compare(a, b, collation).is_eq()).collect();
        let (count, different) = (values.len() as f64, runs.len() as f64);
        let once = runs.iter().filter(|run| run.len() == 1).count() as f64;
        // Duj1 of Haas and Stokes: what was seen once tells of what was not seen.
        let all = rows * (1.0 - nulls);
        let distinct = match count - once + once * count / all.max(1.0) {
            divisor if divisor > 0.0 => (count * different / divisor).clamp(different, all),
            _ => all,
        };
        let is_short = |value: &Datum| value.as_text().is_none_or(|text| text.len() <= TEXT_MAX);
        let mut common: Vec<(Datum, f64)> = runs
            .iter()
            .filter(|run| run.len() >= 4 && run.len() as f64 > 1.25 * count / different.max(1.0))
            .filter(|run| is_short(&run[0]))
            .map(|run| (run[0].clone(), run.len() as f64 / sampled))
            .collect();
        common.sort_by(|a, b| b.1.total_cmp(&a.1));
        common.truncate(COMMON_MAX);
        let mut bounds = Vec::new();
        if values.len() > 1 && values.iter().all(is_short) {
            let last = values.len() - 1;
            bounds.extend((0..=PARTS).map(|part| values[part * last / PARTS].clone()));
        }
        ColumnStatistics { distinct, nulls, common, bounds }
    }

    /// The share of rows with a value; of any one of them where it is not known yet.
    pub(crate) fn equal(&self, value: Option<&Datum>, collation: Collation) -> f64 {
        let rest = (1.0 - self.nulls) / self.distinct.max(1.0);
        let Some(value) = value else { return rest };
        let same = |(other, _): &&(Datum, f64)| compare(other, value, collation).is_eq();
        if let Some((_, share)) = self.common.iter().find(same) {
            return *share;
        }
        let common: f64 = self.common.iter().map(|(_, share)| share).sum();
        let others = (self.distinct - self.common.len() as f64).max(1.0);
        ((1.0 - self.nulls - common) / others).max(0.0)
    }

    /// The share of rows below a value, if that can be told.
    pub(crate) fn below(&self, value: &Datum, collation: Collation) -> Option<f64> {
        if self.bounds.is_empty() || value.is_null() {
            return None;
        }
        let below = self.bounds.partition_point(|bound| compare(bound, value, collation).is_lt());
        Some((1.0 - self.nulls) * below as f64 / self.bounds.len() as f64)
    }
}

impl TableStatistics {
    /// Those of a column, by position.
    pub(crate) fn column(&self, position: usize) -> Option<&ColumnStatistics> {
        self.columns.get(position)
    }

    /// Reads a sample of a table with so many rows.
    fn draw(
        reader: &dyn Reader,
        table: &Table,
        rows: f64,
        dialect: Dialect,
    ) -> Result<TableStatistics> {
        let definition = table.definition();
        let types: Vec<_> =
            definition.columns.iter().map(|column| of_column(column, dialect)).collect();
        let mut values: Vec<Vec<Datum>> = vec![Vec::new(); types.len()];
        let mut take = |row: Row<'_>| {
            for (at, (column, ty)) in values.iter_mut().zip(&types).enumerate() {
                // A value that cannot be told tells nothing.
                column.push(from_value(row.get(at), ty, dialect).unwrap_or_default());
            }
        };
        let all = rows <= 2.0 * SAMPLE_ROWS as f64;
        match (ends(reader, table)?, all) {
            (Some((first, last)), false) if first < last => {
                let step = (i128::from(last) - i128::from(first)) / PLACES as i128;
                for place in 0..PLACES {
                    let start = i128::from(first) + step * place as i128;
                    let start = i64::try_from(start).unwrap_or(last);
                    let range = Range::all().from(start);
                    some(reader, table, &range, Order::Ascending, SAMPLE_ROWS / PLACES, &mut take)?;
                }
            }
            (_, false) => {
                for order in [Order::Ascending, Order::Descending] {
                    some(reader, table, &Range::all(), order, SAMPLE_ROWS / 2, &mut take)?;
                }
            }
            (_, true) => {
                some(reader, table, &Range::all(), Order::Any, usize::MAX, &mut take)?;
            }
        }
        let columns = values.into_iter().zip(&definition.columns);
        let columns =
            columns.map(|(values, column)| ColumnStatistics::of(values, column.collation, rows));
        Ok(TableStatistics { columns: columns.collect() })
    }
}

/// Shows the first rows of a range, so many.
fn some(
    reader: &dyn Reader,
    table: &Table,
    range: &Range,
    order: Order,
    most: usize,
    take: &mut dyn FnMut(Row<'_>),
) -> Result<()> {
    let mut left = most;
    reader.rows(table, range, order, &mut |row| {
        take(row);
        left -= 1;
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(())
}

/// The first and the last value of a key that begins with an integer.
fn ends(reader: &dyn Reader, table: &Table) -> Result<Option<(i64, i64)>> {
    let mut found = [None; 2];
    for (end, order) in found.iter_mut().zip([Order::Ascending, Order::Descending]) {
        reader.keyed_rows(table, &Range::all(), order, &mut |mut key, _| {
            if let Ok(Value::Integer(value)) = key.next_value() {
                *end = Some(value);
            }
            ControlFlow::Break(())
        })?;
    }
    Ok(found[0].zip(found[1]))
}

impl Planner<'_> {
    /// What is known of a table's values; nothing of a small one.
    pub(crate) fn statistics(&mut self, table: &Table) -> Option<Rc<TableStatistics>> {
        let rows = self.count(table);
        if rows < ROWS_MIN {
            return None;
        }
        let context = self.context;
        let store = context.session().map(|session| session.database());
        let key = store.and_then(|database| {
            let version = database.definitions_version().ok()?;
            Some((database.folder().to_path_buf(), version, table.id(), self.dialect))
        });
        let is_near = |then: f64| then / 2.0 <= rows && rows <= then * 2.0;
        if let Some(key) = &key {
            let kept = KEPT.with_borrow(|kept| kept.get(key).cloned());
            if let Some((_, statistics)) = kept.filter(|(then, _)| is_near(*then)) {
                return Some(statistics);
            }
        }
        // A table that cannot be read is an error of the statement, not of its plan.
        let drawn = TableStatistics::draw(self.reader, table, rows, self.dialect).ok()?;
        let drawn = Rc::new(drawn);
        if let Some(key) = key {
            KEPT.with_borrow_mut(|kept| {
                if kept.len() >= KEPT_MAX {
                    kept.clear();
                }
                kept.insert(key, (rows, Rc::clone(&drawn)));
            });
        }
        Some(drawn)
    }

    /// How many different values a column of a table has, if that is known.
    pub(crate) fn distinct_values(&mut self, table: &Table, position: usize) -> Option<f64> {
        let column = u16::try_from(position).ok()?;
        let definition = table.definition();
        let is_unique = definition.primary_key_positions() == [column]
            || definition.indexes.iter().any(|index| {
                index.unique
                    && index.predicate.is_none()
                    && matches!(&index.columns[..], [only] if only.column() == Some(column))
            });
        if is_unique {
            return Some(self.count(table));
        }
        let statistics = self.statistics(table)?;
        statistics.column(position).map(|column| column.distinct)
    }
}
