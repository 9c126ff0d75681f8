//! The rows of an answer, decoded column by column, and their comparison.
//!
//! Every engine fills the same structure, so that decoding costs each the same: values lie in one
//! list, their text and bytes in one buffer, both kept from query to query.

use super::queries::Query;

/// One decoded value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stored {
    Null,
    Integer(i64),
    /// The bits of a floating number: answers are compared by bits.
    Real(u64),
    Text {
        start: usize,
        end: usize,
    },
    Blob {
        start: usize,
        end: usize,
    },
}

/// One value of an answer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Decoded<'a> {
    /// NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// A floating number.
    Real(f64),
    /// Text, in UTF-8 unless the database lies.
    Text(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
}

/// The rows of one answer, in order.
#[derive(Default)]
pub(crate) struct Rows {
    columns: usize,
    values: Vec<Stored>,
    bytes: Vec<u8>,
}

impl Rows {
    /// Forgets the rows of the last answer, keeps the memory.
    pub(crate) fn begin(&mut self, columns: usize) {
        self.columns = columns;
        self.values.clear();
        self.bytes.clear();
    }

    /// Appends a value; every `columns` of them are a row.
    pub(crate) fn push(&mut self, value: Decoded<'_>) {
        let stored = match value {
            Decoded::Null => Stored::Null,
            Decoded::Integer(number) => Stored::Integer(number),
            Decoded::Real(number) => Stored::Real(number.to_bits()),
            Decoded::Text(text) => {
                let (start, end) = self.append(text);
                Stored::Text { start, end }
            }
            Decoded::Blob(bytes) => {
                let (start, end) = self.append(bytes);
                Stored::Blob { start, end }
            }
        };
        self.values.push(stored);
    }

    /// Appends a value of an earlier row once more, bytes and all.
    pub(crate) fn push_again(&mut self, row: usize, column: usize) {
        let mut stored = self.values[row * self.columns + column];
        if let Stored::Text { start, end } | Stored::Blob { start, end } = &mut stored {
            let copy = self.bytes.len();
            self.bytes.extend_from_within(*start..*end);
            (*start, *end) = (copy, self.bytes.len());
        }
        self.values.push(stored);
    }

    fn append(&mut self, bytes: &[u8]) -> (usize, usize) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        (start, self.bytes.len())
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    /// One value.
    pub(crate) fn value(&self, row: usize, column: usize) -> Decoded<'_> {
        match self.values[row * self.columns + column] {
            Stored::Null => Decoded::Null,
            Stored::Integer(number) => Decoded::Integer(number),
            Stored::Real(bits) => Decoded::Real(f64::from_bits(bits)),
            Stored::Text { start, end } => Decoded::Text(&self.bytes[start..end]),
            Stored::Blob { start, end } => Decoded::Blob(&self.bytes[start..end]),
        }
    }
}

/// How two answers compare.
#[derive(PartialEq, Debug)]
pub(crate) enum Comparison {
    /// Every value is the same, but for so many rounded sums.
    Same {
        /// Sums and averages that differ, by no more than rounding may.
        rounded: u64,
    },
    /// Where they first differ, and how.
    Different(String),
}

/// Compares two answers, all rows in order, floats by bits. In the columns of sums and averages
/// a difference of one unit in the last place for each row summed is rounding; `rows_summed` tells
/// for a row how many those were, where the answer itself does not.
pub(crate) fn compare<E>(
    query: Query,
    left: &Rows,
    right: &Rows,
    mut rows_summed: impl FnMut(usize) -> Result<u64, E>,
) -> Result<Comparison, E> {
    if left.len() != right.len() || left.columns != right.columns {
        let (here, there) = (left.len(), right.len());
        return Ok(Comparison::Different(format!("{here} rows against {there}")));
    }
    let mut rounded = 0;
    for row in 0..left.len() {
        for column in 0..left.columns {
            let (one, other) = (left.value(row, column), right.value(row, column));
            if identical(one, other) {
                continue;
            }
            let (Decoded::Real(one), Decoded::Real(other)) = (one, other) else {
                return Ok(different(row, column, one, other));
            };
            if !query.rounded_columns().contains(&column) {
                return Ok(different(row, column, Decoded::Real(one), Decoded::Real(other)));
            }
            let counted = query.count_column().map(|place| left.value(row, place));
            let allowed = match counted {
                Some(Decoded::Integer(count)) => count.unsigned_abs(),
                _ => rows_summed(row)?,
            };
            if units_apart(one, other) > allowed {
                return Ok(different(row, column, Decoded::Real(one), Decoded::Real(other)));
            }
            rounded += 1;
        }
    }
    Ok(Comparison::Same { rounded })
}

fn identical(one: Decoded<'_>, other: Decoded<'_>) -> bool {
    match (one, other) {
        (Decoded::Real(one), Decoded::Real(other)) => one.to_bits() == other.to_bits(),
        _ => one == other,
    }
}

fn different(row: usize, column: usize, one: Decoded<'_>, other: Decoded<'_>) -> Comparison {
    let show = |value: Decoded<'_>| match value {
        Decoded::Text(text) => format!("{:.60?}", String::from_utf8_lossy(text)),
        other => format!("{other:?}"),
    };
    let (one, other) = (show(one), show(other));
    Comparison::Different(format!("row {row}, column {column}: {one} against {other}"))
}

/// How many floating numbers lie between two; the largest number where one is not finite.
fn units_apart(one: f64, other: f64) -> u64 {
    if !one.is_finite() || !other.is_finite() {
        return u64::MAX;
    }
    rank(one).abs_diff(rank(other))
}

/// The position of a floating number among all, with both zeros at 0.
fn rank(number: f64) -> i64 {
    let magnitude = i64::try_from(number.to_bits() & !(1 << 63)).unwrap_or(i64::MAX);
    if number.is_sign_negative() { -magnitude } else { magnitude }
}
