//! Casts to dates, times and intervals.

use crate::datum::time::{DAY, day_of, midnight, time_with_digits, with_digits, zone};
use crate::datum::{self, Datum, Instant, Interval};
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::types::SqlType;

/// A value as a date, a time or an interval.
pub(super) fn cast(
    value: Datum,
    from: &SqlType,
    to: &SqlType,
    context: &dyn Context,
) -> Result<Datum> {
    if let Datum::Text(text) = &value {
        return datum::input(text, to, context);
    }
    match to {
        SqlType::Date => to_date(value, from, context),
        SqlType::Time(digits) => to_time(value, from, *digits, context),
        SqlType::Timestamp(digits) => {
            let instant = local(&value, context)?.ok_or_else(|| super::no_cast(from, to))?;
            with_digits(instant, *digits).map(Datum::Timestamp)
        }
        SqlType::TimestampTz(digits) => {
            let instant = match &value {
                Datum::TimestampTz(instant) => *instant,
                other => {
                    let local = local(other, context)?.ok_or_else(|| super::no_cast(from, to))?;
                    zone::session(context).to_utc(local)?
                }
            };
            with_digits(instant, *digits).map(Datum::TimestampTz)
        }
        _ => match value {
            Datum::Interval(interval) => Ok(Datum::Interval(interval)),
            Datum::Time(nanoseconds) => {
                let interval = Interval { micros: nanoseconds / 1_000, ..Interval::default() };
                Ok(Datum::Interval(interval.into()))
            }
            _ => Err(super::no_cast(from, to)),
        },
    }
}

/// The local time of a date, a timestamp or a point in time.
fn local(value: &Datum, context: &dyn Context) -> Result<Option<Instant>> {
    Ok(Some(match value {
        Datum::Date(days) => midnight(*days)?,
        Datum::Timestamp(instant) => *instant,
        Datum::TimestampTz(instant) => zone::session(context).to_local(*instant)?,
        _ => return Ok(None),
    }))
}

fn to_date(value: Datum, from: &SqlType, context: &dyn Context) -> Result<Datum> {
    match value {
        Datum::Date(days) => Ok(Datum::Date(days)),
        other => match local(&other, context)? {
            Some(instant) => day_of(instant).map(Datum::Date),
            None => Err(super::no_cast(from, &SqlType::Date)),
        },
    }
}

fn to_time(value: Datum, from: &SqlType, digits: u8, context: &dyn Context) -> Result<Datum> {
    let nanoseconds = match &value {
        Datum::Time(nanoseconds) => *nanoseconds,
        Datum::Interval(interval) => interval.micros.rem_euclid(DAY) * 1_000,
        Datum::Timestamp(_) | Datum::TimestampTz(_) => match local(&value, context)? {
            Some(instant) if instant.is_finite() => {
                instant.micros.rem_euclid(DAY) * 1_000 + i64::from(instant.nanos)
            }
            // An infinity has no time of day.
            _ => return Ok(Datum::Null),
        },
        _ => {
            let to = SqlType::Time(6);
            let (from, to) = (from.name_without_modifier(), to.name_without_modifier());
            return Err(SqlError::new("42846", format!("cannot cast type {from} to {to}")));
        }
    };
    Ok(Datum::Time(time_with_digits(nanoseconds, digits)))
}
