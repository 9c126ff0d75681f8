//! The total order over values. The heart is that numbers of different representation compare
//! by exact value: converting both to doubles would make 2^53 and 2^53 + 1 equal, and then an
//! index over ANY could hold two "equal" keys in an order that no comparison agrees with.

use std::cmp::Ordering;

use super::{Collation, ValueRef};
use crate::decimal::Decimal;

impl ValueRef<'_> {
    /// The total order over all values; texts compare under `collation`.
    ///
    /// Values of different families order as NULL, BOOLEAN, numbers, DATE, TIMESTAMP, TEXT, JSON,
    /// BLOB, UUID, TIME, TIMESTAMPTZ, INTERVAL.
    pub fn compare(self, other: ValueRef<'_>, collation: Collation) -> Ordering {
        match (self, other) {
            (ValueRef::Integer(a), ValueRef::Integer(b))
            | (ValueRef::Time(a), ValueRef::Time(b))
            | (ValueRef::Timestamp(a), ValueRef::Timestamp(b))
            | (ValueRef::TimestampTz(a), ValueRef::TimestampTz(b)) => a.cmp(&b),
            (ValueRef::Interval(a), ValueRef::Interval(b)) => a.cmp(&b),
            (ValueRef::Text(a), ValueRef::Text(b)) => collation.compare(a, b),
            (ValueRef::Json(a), ValueRef::Json(b)) => a.cmp(b),
            (ValueRef::Blob(a), ValueRef::Blob(b)) => a.cmp(b),
            (ValueRef::Boolean(a), ValueRef::Boolean(b)) => a.cmp(&b),
            (ValueRef::Date(a), ValueRef::Date(b)) => a.cmp(&b),
            (ValueRef::Uuid(a), ValueRef::Uuid(b)) => a.cmp(&b),
            (a, b) => match (a.number(), b.number()) {
                (Some(a), Some(b)) => a.compare(b),
                _ => a.family().cmp(&b.family()),
            },
        }
    }

    fn family(self) -> u8 {
        match self {
            ValueRef::Null => 0,
            ValueRef::Boolean(_) => 1,
            ValueRef::Integer(_)
            | ValueRef::Real(_)
            | ValueRef::Double(_)
            | ValueRef::Decimal(_) => 2,
            ValueRef::Date(_) => 3,
            ValueRef::Timestamp(_) => 4,
            ValueRef::Text(_) => 5,
            ValueRef::Json(_) => 6,
            ValueRef::Blob(_) => 7,
            ValueRef::Uuid(_) => 8,
            ValueRef::Time(_) => 9,
            ValueRef::TimestampTz(_) => 10,
            ValueRef::Interval(_) => 11,
        }
    }

    fn number(self) -> Option<Number> {
        match self {
            ValueRef::Integer(v) => Some(Number::Integer(v)),
            ValueRef::Real(v) => Some(Number::Double(f64::from(v))),
            ValueRef::Double(v) => Some(Number::Double(v)),
            ValueRef::Decimal(v) => Some(Number::Decimal(v)),
            _ => None,
        }
    }
}

impl Collation {
    /// The order of two texts.
    pub fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            Collation::Binary => a.cmp(b),
            Collation::NoCase => {
                let (a, b) = (a.bytes(), b.bytes());
                a.map(|byte| byte.to_ascii_lowercase()).cmp(b.map(|byte| byte.to_ascii_lowercase()))
            }
            Collation::RTrim => a.trim_end_matches(' ').cmp(b.trim_end_matches(' ')),
        }
    }
}

#[derive(Clone, Copy)]
enum Number {
    Integer(i64),
    Double(f64),
    Decimal(Decimal),
}

impl Number {
    fn compare(self, other: Number) -> Ordering {
        match (self, other) {
            (Number::Integer(a), Number::Integer(b)) => a.cmp(&b),
            (Number::Double(a), Number::Double(b)) => compare_doubles(a, b),
            (Number::Decimal(a), Number::Decimal(b)) => a.cmp(&b),
            (Number::Integer(a), Number::Double(b)) => compare_integer_double(a, b),
            (Number::Double(a), Number::Integer(b)) => compare_integer_double(b, a).reverse(),
            (Number::Integer(a), Number::Decimal(b)) => Decimal::from(a).cmp(&b),
            (Number::Decimal(a), Number::Integer(b)) => a.cmp(&Decimal::from(b)),
            (Number::Decimal(a), Number::Double(b)) => a.compare_double(b),
            (Number::Double(a), Number::Decimal(b)) => b.compare_double(a).reverse(),
        }
    }
}

fn compare_doubles(a: f64, b: f64) -> Ordering {
    // Unordered means that at least one is NaN, which comes last and equals itself.
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

fn compare_integer_double(integer: i64, double: f64) -> Ordering {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if double.is_nan() || double >= TWO_TO_63 {
        return Ordering::Less;
    }
    if double < -TWO_TO_63 {
        return Ordering::Greater;
    }
    #[expect(clippy::cast_possible_truncation, reason = "in range; the fraction is looked at next")]
    let whole = double as i64;
    let fraction = double.fract();
    integer.cmp(&whole).then_with(|| compare_doubles(0.0, fraction))
}

/// The double as rows and keys hold it: no negative zero, one NaN.
#[inline]
pub(crate) fn fold_double(value: f64) -> f64 {
    if value.is_nan() { f64::from_bits(0x7FF8 << 48) } else { value + 0.0 }
}

/// The real as rows and keys hold it: no negative zero, one NaN.
#[inline]
pub(crate) fn fold_real(value: f32) -> f32 {
    if value.is_nan() { f32::from_bits(0x7FC0 << 16) } else { value + 0.0 }
}
