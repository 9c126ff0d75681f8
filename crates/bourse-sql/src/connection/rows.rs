//! Rows of a result.

use std::sync::Arc;

use super::value::FromColumn;
use crate::algebra::OutputColumn;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::PlainContext;

/// The rows of a result, in its order.
#[derive(Debug)]
pub struct Rows {
    pub(super) columns: Arc<[OutputColumn]>,
    pub(super) values: Vec<Datum>,
    pub(super) count: usize,
    pub(super) next: usize,
    /// Rows that the statement changed.
    pub(super) changed: u64,
    /// What the statement did, as PostgreSQL tells it: `SELECT 3`, `INSERT 0 1`, ...
    pub(super) tag: String,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    columns: &'r [OutputColumn],
    values: &'r [Datum],
}

impl Rows {
    /// Of a statement without rows.
    pub(super) fn of_tag(tag: String, changed: u64) -> Rows {
        Rows { columns: Arc::default(), values: Vec::new(), count: 0, next: 0, changed, tag }
    }

    /// What a COPY TO wrote.
    pub fn copied(&self) -> Option<&[u8]> {
        // A statement without columns has no values of rows.
        let first = self.values.first().filter(|_| self.columns.is_empty());
        first.and_then(Datum::as_bytes)
    }

    /// The result's columns.
    pub fn columns(&self) -> &[OutputColumn] {
        &self.columns
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many rows the statement changed.
    pub fn changed(&self) -> u64 {
        self.changed
    }

    /// What the statement did, as PostgreSQL tells it.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The next row.
    #[expect(clippy::should_implement_trait, reason = "the row borrows from the rows")]
    pub fn next(&mut self) -> Option<Row<'_>> {
        let at = self.next;
        if at == self.count {
            return None;
        }
        self.next += 1;
        Some(self.row(at))
    }

    /// The n-th row.
    fn row(&self, at: usize) -> Row<'_> {
        let width = self.columns.len();
        Row { columns: &self.columns, values: &self.values[at * width..(at + 1) * width] }
    }

    /// All rows that are left, as `read` makes of each.
    ///
    /// # Errors
    /// What `read` returned.
    pub fn map<T>(mut self, mut read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut all = Vec::with_capacity(self.count - self.next);
        while let Some(row) = self.next() {
            all.push(read(&row)?);
        }
        Ok(all)
    }
}

impl<'r> Row<'r> {
    pub(super) fn new(columns: &'r [OutputColumn], values: &'r [Datum]) -> Row<'r> {
        Row { columns, values }
    }

    /// How many columns it has.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it has no columns.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The n-th column.
    ///
    /// # Errors
    /// 42703 when there is none; 42804 when it is of another kind.
    pub fn get<T: FromColumn>(&self, column: usize) -> Result<T> {
        T::from_column(self.datum(column)?)
    }

    /// The column of a name.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn get_named<T: FromColumn>(&self, name: &str) -> Result<T> {
        let found = self.columns.iter().position(|column| column.name == name);
        match found {
            Some(at) => self.get(at),
            None => Err(SqlError::new("42703", format!("the result has no column \"{name}\""))),
        }
    }

    /// The n-th column's value as it is.
    ///
    /// # Errors
    /// 42703 when there is none.
    pub fn datum(&self, column: usize) -> Result<&'r Datum> {
        self.values.get(column).ok_or_else(|| {
            let message =
                format!("the result has {} columns, not one with number {column}", self.len());
            SqlError::new("42703", message)
        })
    }

    /// All values.
    pub fn values(&self) -> &'r [Datum] {
        self.values
    }

    /// The n-th column as PostgreSQL writes it; nothing for NULL.
    ///
    /// # Errors
    /// As [`Row::datum`].
    pub fn text(&self, column: usize) -> Result<Option<String>> {
        let value = self.datum(column)?;
        if value.is_null() {
            return Ok(None);
        }
        let text = crate::datum::output(value, &self.columns[column].ty, &PlainContext::POSTGRES)?;
        Ok(Some(text.into()))
    }
}
