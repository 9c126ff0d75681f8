//! Dates, times and intervals: the calendar, their text, and zones.

use ecow::EcoString;

use super::{Datum, Instant};
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::types::SqlType;

mod calendar;
mod fields;
pub(crate) mod interval;
mod interval_read;
mod interval_text;
mod parse;
mod vocabulary;
mod words;
pub(crate) mod zone;

pub(crate) use calendar::{
    civil, clock_text, date_text, days_in_month, days_of, iso_week, timestamp_text, weekday,
};
pub(crate) use interval_read::parse_interval;
pub(crate) use interval_text::text as interval_text;
pub(crate) use vocabulary::{MONTHS, WEEKDAYS};
use zone::Zone;

/// Microseconds of a second, and so on.
pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// The first day: -4713-11-24, of the Julian day 0.
const FIRST_DAY: i64 = -2_440_588;
/// The last day: 5874897-12-31.
const LAST_DAY: i64 = 2_145_042_905;

/// The error for a point in time that does not fit.
pub(crate) fn out_of_range() -> SqlError {
    SqlError::new("22008", "timestamp out of range")
}

/// A date of so many days since 1970-01-01.
///
/// # Errors
/// 22008 outside of PostgreSQL's range.
pub(crate) fn date(days: i64) -> Result<i32> {
    let fitting = Some(days).filter(|days| (FIRST_DAY..=LAST_DAY).contains(days));
    let days = fitting.and_then(|days| i32::try_from(days).ok());
    days.ok_or_else(|| SqlError::new("22008", "date out of range"))
}

/// A point in time of so many microseconds since 1970-01-01.
///
/// # Errors
/// 22008 outside of PostgreSQL's range.
pub(crate) fn instant(micros: Option<i64>, nanos: u16) -> Result<Instant> {
    let fits = |micros: &i64| *micros >= FIRST_DAY * DAY && *micros < i64::MAX;
    let micros = micros.filter(fits).ok_or_else(out_of_range)?;
    Ok(Instant { micros, nanos })
}

/// The beginning of a day.
///
/// # Errors
/// 22008 when it is after the last point in time.
pub(crate) fn midnight(days: i32) -> Result<Instant> {
    match days {
        i32::MAX => Ok(Instant::INFINITY),
        i32::MIN => Ok(Instant::NEGATIVE_INFINITY),
        days => instant(i64::from(days).checked_mul(DAY), 0)
            .map_err(|_| SqlError::new("22008", "date out of range for timestamp")),
    }
}

/// The day of a point in time.
///
/// # Errors
/// 22008 outside of PostgreSQL's range.
pub(crate) fn day_of(instant: Instant) -> Result<i32> {
    match instant {
        Instant::INFINITY => Ok(i32::MAX),
        Instant::NEGATIVE_INFINITY => Ok(i32::MIN),
        instant => date(instant.micros.div_euclid(DAY)),
    }
}

/// A point in time with so many digits of its second's fraction.
///
/// # Errors
/// 22008 when rounding leaves PostgreSQL's range.
pub(crate) fn with_digits(value: Instant, digits: u8) -> Result<Instant> {
    if !value.is_finite() || digits >= 9 {
        return Ok(value);
    }
    if digits > 6 {
        let unit = 10_u16.pow(u32::from(9 - digits));
        let rounded = (value.nanos + unit / 2) / unit * unit;
        return instant(value.micros.checked_add(i64::from(rounded / 1_000)), rounded % 1_000);
    }
    // Halves away from 2000-01-01, from which PostgreSQL counts.
    const EPOCH: i64 = 10_957 * DAY;
    let unit = 10_i64.pow(u32::from(6 - digits));
    let micros = value.micros.checked_add(i64::from(value.nanos >= 500));
    let since = micros.and_then(|micros| micros.checked_sub(EPOCH)).ok_or_else(out_of_range)?;
    let rounded = (since.abs() + unit / 2) / unit * unit;
    instant((since.signum() * rounded).checked_add(EPOCH), 0)
}

/// A time of day, in nanoseconds, with so many digits.
pub(crate) fn time_with_digits(nanoseconds: i64, digits: u8) -> i64 {
    let unit = 10_i64.pow(u32::from(9_u8.saturating_sub(digits)));
    (nanoseconds + unit / 2) / unit * unit
}

/// The text of a date, time, timestamp or interval.
pub(crate) fn output(value: &Datum, context: &dyn Context) -> Result<EcoString> {
    Ok(match value {
        Datum::Date(days) => EcoString::from(date_text(*days)),
        Datum::Time(nanoseconds) => {
            let nanos = u16::try_from(nanoseconds % 1_000).unwrap_or(0);
            EcoString::from(clock_text(nanoseconds / 1_000, nanos))
        }
        Datum::Timestamp(instant) => EcoString::from(timestamp_text(*instant)),
        Datum::TimestampTz(instant) => {
            EcoString::from(zoned_text(*instant, &zone::session(context))?)
        }
        Datum::Interval(interval) => EcoString::from(interval_text(interval)),
        _ => EcoString::new(),
    })
}

/// A point in time in a zone: its distance follows the time, before a BC.
fn zoned_text(instant: Instant, zone: &Zone) -> Result<String> {
    if !instant.is_finite() {
        return Ok(timestamp_text(instant));
    }
    let text = timestamp_text(zone.to_local(instant)?);
    let offset = zone::offset_text(zone.offset_at(instant.micros));
    Ok(match text.strip_suffix(" BC") {
        Some(text) => format!("{text}{offset} BC"),
        None => text + &offset,
    })
}

/// The date, time, timestamp or interval that a text stands for.
pub(crate) fn input(text: &str, ty: &SqlType, context: &dyn Context) -> Result<Datum> {
    match ty {
        SqlType::Interval => Ok(Datum::Interval(parse_interval(text)?.into())),
        SqlType::Date => parse::date(text, context),
        SqlType::Time(digits) => parse::time(text, *digits, context),
        SqlType::Timestamp(digits) => parse::timestamp(text, *digits, context),
        SqlType::TimestampTz(digits) => parse::timestamp_tz(text, *digits, context),
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
        out_of_range().with_detail("A column keeps times from 1677-09-21 to 2262-04-11.")
    })
}
