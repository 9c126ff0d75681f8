//! Arguments as Rust's types. Resolution has cast them, so that another kind is a fault of ours.

use ecow::EcoString;

use crate::datum::{Array, Datum, Instant, Interval, Numeric};
use crate::error::{Result, SqlError};

fn wrong(value: &Datum, wanted: &str) -> SqlError {
    SqlError::new("XX000", format!("an argument should be {wanted}, but is {value:?}"))
}

macro_rules! arguments {
    ($($name:ident, $variant:ident, $rust:ty, $value:ident => $read:expr;)*) => {$(
        #[doc = concat!("The argument as ", stringify!($rust), ".")]
        #[inline]
        pub(crate) fn $name(arguments: &[Datum], index: usize) -> Result<$rust> {
            match &arguments[index] {
                Datum::$variant($value) => Ok($read),
                other => Err(wrong(other, stringify!($name))),
            }
        }
    )*};
}

arguments! {
    integer, Integer, i64, v => *v;
    boolean, Boolean, bool, v => *v;
    real, Real, f32, v => *v;
    double, Double, f64, v => *v;
    date, Date, i32, v => *v;
    time, Time, i64, v => *v;
    timestamp, Timestamp, Instant, v => *v;
    timestamp_tz, TimestampTz, Instant, v => *v;
}

macro_rules! borrowed {
    ($($name:ident, $variant:ident, $rust:ty;)*) => {$(
        #[doc = concat!("The argument as ", stringify!($rust), ".")]
        #[inline]
        pub(crate) fn $name(arguments: &[Datum], index: usize) -> Result<&$rust> {
            match &arguments[index] {
                Datum::$variant(value) => Ok(value),
                other => Err(wrong(other, stringify!($name))),
            }
        }
    )*};
}

borrowed! {
    numeric, Numeric, Numeric;
    bytes, Bytes, [u8];
    interval, Interval, Interval;
    array, Array, Array;
    json, Json, EcoString;
}

/// The text that an argument is.
#[inline]
pub(crate) fn text(arguments: &[Datum], index: usize) -> Result<&str> {
    arguments[index].as_text().ok_or_else(|| wrong(&arguments[index], "text"))
}
