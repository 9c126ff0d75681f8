//! Casts to dates, times and intervals.

use crate::datum::{self, Datum, Instant};
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::types::SqlType;

const DAY: i64 = 86_400_000_000;

/// A value as a date, a time or an interval.
pub(super) fn cast(value: Datum, to: &SqlType, context: &dyn Context) -> Result<Datum> {
    Ok(match (value, to) {
        (Datum::Text(text), _) => datum::input(&text, to, context)?,
        (value @ Datum::Date(_), SqlType::Date) => value,
        (Datum::Timestamp(instant), SqlType::Timestamp(_)) => Datum::Timestamp(instant),
        (Datum::TimestampTz(instant), SqlType::TimestampTz(_)) => Datum::TimestampTz(instant),
        (Datum::Date(days), SqlType::Timestamp(_)) => Datum::Timestamp(midnight(days)?),
        (Datum::Timestamp(instant), SqlType::Date) => Datum::Date(date_of(instant)?),
        (value @ Datum::Time(_), SqlType::Time(_))
        | (value @ Datum::Interval(_), SqlType::Interval) => value,
        (_, to) => return Err(SqlError::unsupported(format!("this cast to {to}"))),
    })
}

/// The beginning of a day.
fn midnight(days: i32) -> Result<Instant> {
    match days {
        i32::MAX => Ok(Instant::INFINITY),
        i32::MIN => Ok(Instant::NEGATIVE_INFINITY),
        days => {
            let micros = i64::from(days).checked_mul(DAY);
            let error = || SqlError::new("22008", "date out of range for timestamp");
            micros.map(Instant::from_micros).ok_or_else(error)
        }
    }
}

/// The day of a point in time.
fn date_of(instant: Instant) -> Result<i32> {
    match instant {
        Instant::INFINITY => Ok(i32::MAX),
        Instant::NEGATIVE_INFINITY => Ok(i32::MIN),
        instant => i32::try_from(instant.micros.div_euclid(DAY))
            .map_err(|_| SqlError::new("22008", "date out of range")),
    }
}
