//! Ranges of keys as users give them: equal first columns, then bounds on the next one.

use std::ops::Bound;

use bourse_storage::tree;
use bourse_storage::{Error, Result};

use crate::key::{self, KeyColumn};
use crate::snapshot::KeyRange;
use crate::value::Value;

/// A range of a primary key or an index: the first columns equal to given values, the next column
/// between bounds, the rest anything.
///
/// Bounds compare as SQL does: NULL is in no bounded range, and in a descending column `from` is
/// still the lower value.
///
/// ```
/// use bourse::Range;
///
/// let all = Range::all();
/// let of_user = Range::prefix([42.into()]);
/// let of_day = Range::prefix(["AAPL".into()]).from("2026-03-02").before("2026-03-03");
/// # let _ = (all, of_user, of_day);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Range {
    prefix: Vec<Value>,
    lower: Bound<Value>,
    upper: Bound<Value>,
}

impl Range {
    /// Everything.
    pub fn all() -> Range {
        Range::prefix([])
    }

    /// First columns equal to the values.
    pub fn prefix(values: impl IntoIterator<Item = Value>) -> Range {
        Range {
            prefix: values.into_iter().collect(),
            lower: Bound::Unbounded,
            upper: Bound::Unbounded,
        }
    }

    /// The next column at least `value`.
    #[must_use]
    pub fn from(mut self, value: impl Into<Value>) -> Range {
        self.lower = Bound::Included(value.into());
        self
    }

    /// The next column greater than `value`.
    #[must_use]
    pub fn after(mut self, value: impl Into<Value>) -> Range {
        self.lower = Bound::Excluded(value.into());
        self
    }

    /// The next column at most `value`.
    #[must_use]
    pub fn to(mut self, value: impl Into<Value>) -> Range {
        self.upper = Bound::Included(value.into());
        self
    }

    /// The next column less than `value`.
    #[must_use]
    pub fn before(mut self, value: impl Into<Value>) -> Range {
        self.upper = Bound::Excluded(value.into());
        self
    }

    /// The values of the first columns.
    pub fn prefix_values(&self) -> &[Value] {
        &self.prefix
    }

    /// Whether the column behind the first ones has a bound.
    pub(crate) fn is_bounded(&self) -> bool {
        self.lower != Bound::Unbounded || self.upper != Bound::Unbounded
    }

    /// The bounds of the next column.
    pub(crate) fn bounds(&self) -> (&Bound<Value>, &Bound<Value>) {
        (&self.lower, &self.upper)
    }

    /// The range of a prefix and of bounds of the next column.
    pub(crate) fn between(prefix: Vec<Value>, lower: Bound<Value>, upper: Bound<Value>) -> Range {
        Range { prefix, lower, upper }
    }

    /// The range of encoded keys.
    pub(crate) fn encode(&self, shape: &[KeyColumn]) -> Result<KeyRange> {
        let bounded = self.is_bounded();
        if self.prefix.len() + usize::from(bounded) > shape.len() {
            return Err(Error::invalid(format!(
                "the range names {} columns, the key has {}",
                self.prefix.len() + usize::from(bounded),
                shape.len()
            )));
        }
        let mut prefix = Vec::with_capacity(64);
        for (column, value) in shape.iter().zip(&self.prefix) {
            component(column, value, &mut prefix)?;
        }
        if !bounded {
            return Ok(whole_prefix(prefix));
        }
        let column = &shape[self.prefix.len()];
        let (lower, upper) =
            if column.descending { (&self.upper, &self.lower) } else { (&self.lower, &self.upper) };
        let rest = without_nulls(column, &prefix);
        let lower = match lower {
            Bound::Unbounded => rest.lower,
            Bound::Included(value) => Bound::Included(extended(column, &prefix, value)?),
            Bound::Excluded(value) => after_prefix(&extended(column, &prefix, value)?),
        };
        let upper = match upper {
            Bound::Unbounded => rest.upper,
            Bound::Included(value) => end_of_prefix(&extended(column, &prefix, value)?),
            Bound::Excluded(value) => Bound::Excluded(extended(column, &prefix, value)?),
        };
        Ok(KeyRange { lower, upper })
    }
}

fn component(column: &KeyColumn, value: &Value, out: &mut Vec<u8>) -> Result<()> {
    if column.data_type.leaves_as_is(value) {
        return key::encode_component(column, value.as_value(), out);
    }
    let value = column.data_type.coerce(value.clone())?;
    key::encode_component(column, value.as_value(), out)
}

fn extended(column: &KeyColumn, prefix: &[u8], value: &Value) -> Result<Vec<u8>> {
    let mut key = prefix.to_vec();
    component(column, value, &mut key)?;
    Ok(key)
}

/// All keys that begin so.
fn whole_prefix(prefix: Vec<u8>) -> KeyRange {
    if prefix.is_empty() {
        return KeyRange::ALL;
    }
    KeyRange { upper: end_of_prefix(&prefix), lower: Bound::Included(prefix) }
}

/// All keys that begin so and whose next column is not NULL.
fn without_nulls(column: &KeyColumn, prefix: &[u8]) -> KeyRange {
    let whole = whole_prefix(prefix.to_vec());
    let mut null = prefix.to_vec();
    if !column.nullable || key::encode_component(column, Value::Null.as_value(), &mut null).is_err()
    {
        return whole;
    }
    if column.descending {
        KeyRange { upper: Bound::Excluded(null), ..whole }
    } else {
        KeyRange { lower: after_prefix(&null), ..whole }
    }
}

fn after_prefix(prefix: &[u8]) -> Bound<Vec<u8>> {
    match key::prefix_end(prefix) {
        Some(end) => Bound::Included(end),
        // Nothing follows 0xFF...: an empty range, as no key is greater than all.
        None => Bound::Excluded(vec![0xff; tree::MAX_KEY_BYTES + 1]),
    }
}

fn end_of_prefix(prefix: &[u8]) -> Bound<Vec<u8>> {
    key::prefix_end(prefix).map_or(Bound::Unbounded, Bound::Excluded)
}
