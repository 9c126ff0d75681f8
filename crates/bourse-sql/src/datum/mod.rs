//! Values while a statement runs.

use std::sync::Arc;

use ecow::EcoString;

pub(crate) mod binary;
pub(crate) mod json;
mod numeric;
mod order;
mod stored;
#[cfg(test)]
mod tests;
mod text;
pub(crate) mod time;

pub use binary::{decode_binary, encode_binary};
pub use numeric::Numeric;
pub(crate) use numeric::quotient_scale;
pub use order::{compare, hash};
pub use stored::{from_value, to_value};
pub(crate) use text::{
    double as double_text, hex, invalid as invalid_text, parse_escaped, parse_hex, sqlite_real,
};
pub use text::{input, output, output_plain};

/// A value of SQL, cheap to clone. Its type is the expression's, but for SQLite's dialect, where
/// a value is of the type that its variant says.
#[derive(Clone, Default, Debug)]
pub enum Datum {
    /// The unknown value.
    #[default]
    Null,
    /// `boolean`
    Boolean(bool),
    /// `smallint`, `integer`, `bigint`, `oid` and its like.
    Integer(i64),
    /// `real`
    Real(f32),
    /// `double precision`
    Double(f64),
    /// `numeric`
    Numeric(Numeric),
    /// `text`, `varchar`, `char` (with its padding), `name`, the label of an enum.
    Text(EcoString),
    /// `bytea`
    Bytes(Arc<[u8]>),
    /// `date`: days since 1970-01-01; `i32::MIN` and `MAX` are the infinities.
    Date(i32),
    /// `time`: nanoseconds since midnight, to 24:00:00.
    Time(i64),
    /// `timestamp`, local time.
    Timestamp(Instant),
    /// `timestamptz`, UTC.
    TimestampTz(Instant),
    /// `interval`
    Interval(Arc<Interval>),
    /// `uuid`
    Uuid(Arc<[u8; 16]>),
    /// `json` and `jsonb`: its text.
    Json(EcoString),
    /// An array.
    Array(Arc<Array>),
    /// A row.
    Record(Arc<[Datum]>),
}

/// Microseconds since 1970-01-01 00:00:00, as far as PostgreSQL's go (`i64::MIN` and `MAX` are
/// the infinities), and nanoseconds past them (0 to 999), which columns of the store have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant {
    /// Microseconds.
    pub micros: i64,
    /// Nanoseconds past them.
    pub nanos: u16,
}

/// Months, days and time are kept apart: their lengths depend on where they are added.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Interval {
    /// Months.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub micros: i64,
}

/// An array: its dimensions (length and lower bound, outermost first; none when it is empty) and
/// elements in row-major order.
#[derive(Clone, Default, Debug)]
pub struct Array {
    /// Length and lower bound of each dimension.
    pub dimensions: Vec<(usize, i32)>,
    /// Elements.
    pub elements: Vec<Datum>,
}

impl Datum {
    /// Whether the value is NULL.
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self, Datum::Null)
    }

    /// Becomes a copy of another value; numbers in place of numbers without asking what is let go.
    #[inline]
    pub(crate) fn assign(&mut self, other: &Datum) {
        match (&mut *self, other) {
            (Datum::Integer(place), Datum::Integer(value)) => *place = *value,
            (Datum::Double(place), Datum::Double(value)) => *place = *value,
            (_, other) => *self = other.clone(),
        }
    }

    /// A text.
    pub fn text(text: &str) -> Datum {
        Datum::Text(EcoString::from(text))
    }

    /// Bytes.
    pub fn bytes(bytes: &[u8]) -> Datum {
        Datum::Bytes(Arc::from(bytes))
    }

    /// An interval of so much time.
    pub(crate) fn interval_of(time: std::time::Duration) -> Datum {
        let micros = i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        Datum::Interval(Arc::new(Interval { micros, ..Interval::default() }))
    }

    /// An array of one dimension, its lower bound 1; without elements it has none.
    pub fn list(elements: Vec<Datum>) -> Datum {
        let dimensions = if elements.is_empty() { Vec::new() } else { vec![(elements.len(), 1)] };
        Datum::Array(Arc::new(Array { dimensions, elements }))
    }

    /// An array of one dimension that counts from 0.
    pub fn vector(elements: Vec<Datum>) -> Datum {
        Datum::Array(Arc::new(Array { dimensions: vec![(elements.len(), 0)], elements }))
    }

    /// The text that a text, or JSON, is.
    #[inline]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Datum::Text(text) | Datum::Json(text) => Some(text),
            _ => None,
        }
    }

    /// The integer that it is.
    #[inline]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Datum::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The boolean that it is; NULL and anything else is `None`.
    #[inline]
    pub fn as_boolean(&self) -> Option<bool> {
        match self {
            Datum::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The bytes that it is.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Datum::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The array that it is.
    pub fn as_array(&self) -> Option<&Array> {
        match self {
            Datum::Array(array) => Some(array),
            _ => None,
        }
    }
}

impl Instant {
    /// After all others.
    pub const INFINITY: Instant = Instant { micros: i64::MAX, nanos: 0 };
    /// Before all others.
    pub const NEGATIVE_INFINITY: Instant = Instant { micros: i64::MIN, nanos: 0 };

    /// Whole microseconds.
    pub const fn from_micros(micros: i64) -> Instant {
        Instant { micros, nanos: 0 }
    }

    /// Whether it is a point in time and no infinity.
    pub const fn is_finite(self) -> bool {
        self.micros != i64::MAX && self.micros != i64::MIN
    }
}

impl Interval {
    /// Microseconds of a day.
    pub const DAY_MICROS: i64 = 86_400_000_000;

    /// The whole in microseconds, where a month has 30 days and a day 24 hours: what intervals are
    /// compared by.
    pub fn total_micros(self) -> i128 {
        let days = i128::from(self.months) * 30 + i128::from(self.days);
        days * i128::from(Self::DAY_MICROS) + i128::from(self.micros)
    }
}
