//! Keys: the bytes of key columns, such that comparing bytes compares values.
//!
//! A key is its components one after the other. Each component is prefix-free (no encoding of a
//! value of its column is the beginning of another), so components need no separators and a key
//! of the first columns is a prefix of all keys that continue it.
//!
//! | PART | SIZE | DESCRIPTION |
//! |---|---|---|
//! | null tag | 1 | 0 for NULL (nothing follows), else 1; not in NOT NULL and ANY columns |
//! | BOOLEAN | 1 | 0 or 1 |
//! | SMALLINT, INTEGER, BIGINT | 2, 4, 8 | big-endian, sign bit flipped |
//! | DATE, TIMESTAMP | 4, 8 | the same |
//! | REAL, DOUBLE | 4, 8 | big-endian; positive: sign bit flipped, negative: all bits flipped |
//! | DECIMAL(p,s) | 8 if p <= 18, else 16 | the coefficient at scale s, as an integer |
//! | DECIMAL | 3 or more | see `key::number`: exponent, digits in pairs, terminator |
//! | UUID | 16 | as given |
//! | TEXT, BLOB, JSON | length + 2 | 00 becomes 00 FF, terminator 00 00; texts are folded |
//! | ANY | 1 + | kind (0 NULL, 1 number, 2 text, 3 blob), then 10 bytes or as above |
//!
//! A number of ANY is the greatest double that is not greater (8 bytes) and what the integer has
//! above it (2 bytes; the gap between doubles below 2^63 is at most 1024).
//!
//! In a descending column every byte of the component, the null tag too, is complemented. So NULLs
//! come first ascending and last descending, as in SQLite.
//!
//! # Invariants
//!
//! * I1: byte order is the order of `ValueRef::compare` under the column's collation.
//! * I2: equal values have equal bytes: -0.0 and 0.0, all NaNs, 1.5 and 1.50, 'A' and 'a' under
//!   NOCASE, 1 and 1.0 in ANY.
//! * I3: components are prefix-free.

use bourse_storage::{Error, ErrorKind, Result};

use crate::value::{Collation, Type, ValueRef};

mod encode;
mod number;
mod reader;
#[cfg(test)]
mod tests;

pub use encode::encode_component;
pub use reader::KeyReader;

/// One column of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyColumn {
    /// Type of the column.
    pub data_type: Type,
    /// Whether NULL may occur. A NOT NULL column saves the null tag.
    pub nullable: bool,
    /// Whether greater values come first.
    pub descending: bool,
    /// How texts compare; nothing to other types (ANY compares its texts so).
    pub collation: Collation,
}

impl KeyColumn {
    /// Whether it is an ascending BIGINT that is never NULL.
    #[inline]
    pub(crate) fn is_plain_bigint(&self) -> bool {
        self.data_type == Type::BigInt && !self.nullable && !self.descending
    }

    /// An ascending NOT NULL column under BINARY collation.
    pub const fn new(data_type: Type) -> KeyColumn {
        KeyColumn { data_type, nullable: false, descending: false, collation: Collation::Binary }
    }

    /// The same column, with greater values first.
    #[must_use]
    pub const fn descending(mut self) -> KeyColumn {
        self.descending = true;
        self
    }

    /// The same column, nullable.
    #[must_use]
    pub const fn nullable(mut self) -> KeyColumn {
        self.nullable = true;
        self
    }

    /// The same column under a collation.
    #[must_use]
    pub const fn collate(mut self, collation: Collation) -> KeyColumn {
        self.collation = collation;
        self
    }

    /// Whether [`KeyReader`] gives back the value that the row holds, so that an index can answer
    /// without the row. Not so where values that differ are equal: texts under a folding
    /// collation, DECIMAL without a scale, ANY.
    pub fn is_lossless(&self) -> bool {
        match self.data_type {
            Type::Text => self.collation == Collation::Binary,
            Type::Any | Type::Interval | Type::Decimal { precision: 0, .. } => false,
            _ => true,
        }
    }

    /// Bytes of the component, null tag included, if all values but NULL take the same.
    pub fn width(&self) -> Option<usize> {
        let width = match self.data_type {
            Type::Boolean => 1,
            Type::SmallInt => 2,
            Type::Integer | Type::Real | Type::Date => 4,
            Type::BigInt
            | Type::Double
            | Type::Time { .. }
            | Type::Timestamp { .. }
            | Type::TimestampTz { .. } => 8,
            Type::Decimal { precision: 1..=18, .. } => 8,
            Type::Decimal { precision: 0, .. } => return None,
            Type::Decimal { .. } | Type::Interval | Type::Uuid => 16,
            Type::Text | Type::Blob | Type::Json | Type::Any => return None,
        };
        Some(width + usize::from(self.nullable))
    }
}

/// Appends the key of `values` to `out`. Fewer values than columns give a prefix.
///
/// The values are as `Type::coerce` gives them: of the column's type and in its range.
///
/// # Errors
/// `InvalidInput`: 42804 wrong type or too many values, 22003 out of range; `Constraint` (23502)
/// NULL for a NOT NULL column. `out` is then as it was.
#[inline]
pub fn encode_key(columns: &[KeyColumn], values: &[ValueRef<'_>], out: &mut Vec<u8>) -> Result<()> {
    // The key of most tables: one integer.
    if let ([column], [ValueRef::Integer(value)]) = (columns, values)
        && let Some(key) = plain_bigint(column, *value)
    {
        out.extend_from_slice(&key);
        return Ok(());
    }
    let start = out.len();
    let encoded = encode_all(columns, values, out);
    if encoded.is_err() {
        out.truncate(start);
    }
    encoded
}

/// The key of one integer, if the column is an ascending BIGINT that is never NULL.
#[inline]
pub(crate) fn plain_bigint(column: &KeyColumn, value: i64) -> Option<[u8; 8]> {
    column.is_plain_bigint().then(|| bigint_key(value))
}

fn encode_all(columns: &[KeyColumn], values: &[ValueRef<'_>], out: &mut Vec<u8>) -> Result<()> {
    if values.len() > columns.len() {
        let message = format!("a key of {} columns was given more values", columns.len());
        return Err(Error::invalid(message).with_sqlstate("42804"));
    }
    for (column, value) in columns.iter().zip(values) {
        encode_component(column, *value, out)?;
    }
    Ok(())
}

/// The key of one ascending NOT NULL BIGINT, without a buffer.
#[inline]
pub fn bigint_key(value: i64) -> [u8; 8] {
    (value ^ i64::MIN).to_be_bytes()
}

/// The first key after all keys that begin with `prefix`; `None` when there is none (the prefix
/// is empty or all FF), and a scan of the prefix ends with the tree.
pub fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != 0xFF)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

#[cold]
fn null_refused() -> Error {
    Error::new(ErrorKind::Constraint, "NULL in a key column that is NOT NULL")
        .with_sqlstate("23502")
}
