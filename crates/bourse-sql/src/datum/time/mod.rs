//! Dates, times and intervals: the calendar, their text, and zones.

use ecow::EcoString;

use super::{Datum, Instant};
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::types::SqlType;

mod calendar;
pub(crate) mod interval;

pub(crate) use calendar::{date_text, timestamp_text};

/// Microseconds of a second, and so on.
pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// The text of a date, time, timestamp or interval.
pub(crate) fn output(value: &Datum, _context: &dyn Context) -> Result<EcoString> {
    match value {
        Datum::Date(days) => Ok(EcoString::from(calendar::date_text(*days))),
        Datum::Timestamp(instant) => Ok(EcoString::from(calendar::timestamp_text(*instant))),
        _ => Err(SqlError::unsupported("the text of times of day, zones and intervals")),
    }
}

/// The date, time, timestamp or interval that a text stands for.
pub(crate) fn input(text: &str, ty: &SqlType, _context: &dyn Context) -> Result<Datum> {
    match ty {
        SqlType::Date => {
            let date: bourse::Date = text.parse().map_err(SqlError::from)?;
            Ok(Datum::Date(date.0))
        }
        SqlType::Timestamp(_) => {
            let timestamp: bourse::Timestamp = text.parse().map_err(SqlError::from)?;
            Ok(Datum::Timestamp(of_nanoseconds(timestamp.0)))
        }
        _ => Err(SqlError::unsupported(format!("the input of type {ty}"))),
    }
}

/// The instant of nanoseconds since 1970-01-01.
pub(crate) fn of_nanoseconds(nanoseconds: i64) -> Instant {
    let nanos = u16::try_from(nanoseconds.rem_euclid(1_000)).unwrap_or(0);
    Instant { micros: nanoseconds.div_euclid(1_000), nanos }
}

/// Nanoseconds since 1970-01-01, as columns of the store keep them: years 1677 to 2262.
pub(crate) fn to_nanoseconds(instant: Instant) -> Result<i64> {
    let nanoseconds =
        instant.micros.checked_mul(1_000).and_then(|n| n.checked_add(i64::from(instant.nanos)));
    nanoseconds.filter(|_| instant.is_finite()).ok_or_else(|| {
        SqlError::new("22008", "timestamp out of range")
            .with_detail("A column keeps times from 1677-09-21 to 2262-04-11.")
    })
}
