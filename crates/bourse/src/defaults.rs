//! Inserting rows of which only some columns are named: the others get their DEFAULT.

use bourse_storage::{Error, Result};

use crate::catalog::TableInfo;
use crate::database::Database;
use crate::datetime::wall_clock_ns;
use crate::schema::{Column, Default};
use crate::table::Table;
use crate::transaction::Transaction;
use crate::value::{Type, TypeCode, Value};

impl Database {
    /// Inserts a row, given by the columns that it names, in a transaction of its own. Returns its
    /// primary key.
    ///
    /// # Errors
    /// As [`Transaction::insert_columns`].
    pub fn insert_columns(&self, table: &Table, columns: &[(&str, Value)]) -> Result<Vec<Value>> {
        let now = wall_clock_ns();
        // The names are those of now, whatever the handle knows.
        let info = self.info(table)?;
        let values = info.with_defaults(columns, now)?;
        self.insert(&Table { info }, values)
    }
}

impl Transaction<'_> {
    /// Inserts a row, given by the columns that it names; the others get their DEFAULT: a
    /// constant, the transaction's time, a generated id, else NULL. Returns the primary key.
    ///
    /// # Errors
    /// As [`Transaction::insert`]; `InvalidInput` for an unknown column (42703) and for one that is
    /// named twice (42701).
    pub fn insert_columns(
        &mut self,
        table: &Table,
        columns: &[(&str, Value)],
    ) -> Result<Vec<Value>> {
        let now = self.now();
        let values = self.info(table)?.with_defaults(columns, now)?;
        self.insert(table, values)
    }
}

impl TableInfo {
    /// A value for each column; `now` is in nanoseconds.
    fn with_defaults(&self, columns: &[(&str, Value)], now: i64) -> Result<Vec<Value>> {
        let mut values: Vec<Option<Value>> = vec![None; self.types.len()];
        for (name, value) in columns {
            let place = &mut values[usize::from(self.definition.position(name)?)];
            if place.replace(value.clone()).is_some() {
                return Err(Error::invalid(format!(
                    "column \"{name}\" of table \"{}\" is given twice",
                    self.definition.name
                ))
                .with_sqlstate("42701"));
            }
        }
        Ok(self.filled(values, now))
    }

    /// Values with the DEFAULT where there is none; `now` is in nanoseconds.
    pub(crate) fn filled(&self, values: Vec<Option<Value>>, now: i64) -> Vec<Value> {
        let whole = values.into_iter().zip(&self.definition.columns);
        whole.map(|(given, column)| given.unwrap_or_else(|| default_of(column, now))).collect()
    }

    /// What a column holds where no value is named; `now` is in nanoseconds.
    pub(crate) fn default_of(&self, column: u16, now: i64) -> Value {
        default_of(&self.definition.columns[usize::from(column)], now)
    }
}

/// What a column without a value holds; `now` is in nanoseconds.
pub(crate) fn default_of(column: &Column, now: i64) -> Value {
    match &column.default {
        Some(Default::Constant(value)) => value.clone(),
        Some(Default::CurrentTimestamp) if column.data_type == Type::Date => {
            Value::Date(day_of(now))
        }
        Some(Default::CurrentTimestamp) if column.data_type.code() == TypeCode::TimestampTz => {
            Value::TimestampTz(now)
        }
        Some(Default::CurrentTimestamp) => Value::Timestamp(now),
        // Where the store makes ids, NULL asks for one.
        Some(_) | None => Value::Null,
    }
}

/// The UTC day of a time in nanoseconds.
fn day_of(now: i64) -> i32 {
    const DAY: i64 = 86_400 * 1_000_000_000;
    // 64 bits of nanoseconds are fewer than 107,000 days either way.
    i32::try_from(now.div_euclid(DAY)).unwrap_or(i32::MAX)
}
