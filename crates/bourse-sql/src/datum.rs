//! Values while a statement runs.

use std::sync::Arc;

use ecow::EcoString;

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

/// A number of any precision that knows how many digits it is written with after the point.
#[derive(Clone, Debug)]
pub struct Numeric(Arc<()>);
