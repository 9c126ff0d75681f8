//! Dates, times and intervals: arithmetic, and functions that make them.

use super::arithmetic::{int4, out};
use crate::datum::time::{
    DAY, HOUR, MINUTE, SECOND, civil, date, day_of, days_in_month, days_of, instant, interval,
    midnight, zone,
};
use crate::datum::{Datum, Instant, Interval};
use crate::error::{Result, SqlError};
use crate::function::arguments::{
    date as date_argument, double, integer, interval as span, text, time, timestamp, timestamp_tz,
};
use crate::function::signature::Shape::{
    Boolean, Date, Float8, Int4, Interval as Span, Text, Time, Timestamp, TimestampTz,
};
use crate::function::signature::{Signature, scalar, set};
use crate::function::{Context, ScalarFunction, SetFunction, SetRows};

pub(super) mod age;
pub(crate) mod bucket;
pub(super) mod fields;
pub(super) mod make;
pub(super) mod overlaps;
pub(super) mod read_template;
pub(super) mod sleep;
pub(super) mod template;
pub(super) mod trunc;

fn span_datum(interval: Result<Interval>) -> Result<Datum> {
    interval.map(|interval| Datum::Interval(interval.into()))
}

/// A local time and an interval later: months first, which keep the day or end with the month.
pub(super) fn add_local(value: Instant, span: &Interval) -> Result<Instant> {
    if !value.is_finite() {
        return Ok(value);
    }
    let mut micros = value.micros;
    if span.months != 0 {
        let (days, of_day) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
        let (year, month, day) = civil(days);
        let months = year * 12 + month - 1 + i64::from(span.months);
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let day = day.min(days_in_month(year, month));
        micros = zone::micros_of(year, month, day, of_day)?;
    }
    let days = i64::from(span.days).checked_mul(DAY);
    let micros = days.and_then(|days| micros.checked_add(days));
    instant(micros.and_then(|micros| micros.checked_add(span.micros)), value.nanos)
}

/// The same of a point in time: months and days are counted by the session's clocks.
pub(super) fn add_zoned(value: Instant, span: &Interval, context: &dyn Context) -> Result<Instant> {
    add_in_zone(value, span, || zone::session(context))
}

fn add_in_zone(
    value: Instant,
    span: &Interval,
    zone: impl FnOnce() -> zone::Zone,
) -> Result<Instant> {
    if !value.is_finite() {
        return Ok(value);
    }
    let mut value = value;
    if span.months != 0 || span.days != 0 {
        let zone = zone();
        let calendar = Interval { micros: 0, ..*span };
        value = zone.to_utc(add_local(zone.to_local(value)?, &calendar)?)?;
    }
    instant(value.micros.checked_add(span.micros), value.nanos)
}

fn add_date(arguments: &[Datum], at: usize, days: i64) -> Result<Datum> {
    let value = date_argument(arguments, at)?;
    if value == i32::MAX || value == i32::MIN {
        return Ok(Datum::Date(value));
    }
    date(i64::from(value) + days).map(Datum::Date)
}

fn difference_of_dates(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (a, b) = (date_argument(arguments, 0)?, date_argument(arguments, 1)?);
    let infinite = |value: i32| value == i32::MAX || value == i32::MIN;
    if infinite(a) || infinite(b) {
        return Err(SqlError::new("22008", "cannot subtract infinite dates"));
    }
    int4(i64::from(a) - i64::from(b))
}

/// Days and time between two points in time.
fn difference(a: Instant, b: Instant) -> Result<Datum> {
    if !a.is_finite() || !b.is_finite() {
        return Err(SqlError::new("22008", "cannot subtract infinite timestamps"));
    }
    let micros = a.micros.checked_sub(b.micros).ok_or_else(interval::out_of_range)?;
    let days = i32::try_from(micros / DAY).map_err(|_| interval::out_of_range())?;
    span_datum(Ok(Interval { months: 0, days, micros: micros % DAY }))
}

fn time_later(arguments: &[Datum], time_at: usize, span_at: usize, sign: i64) -> Result<Datum> {
    let nanoseconds =
        time(arguments, time_at)? + sign * (span(arguments, span_at)?.micros % DAY) * 1_000;
    Ok(Datum::Time(nanoseconds.rem_euclid(DAY * 1_000)))
}

fn date_and_time(arguments: &[Datum], date_at: usize, time_at: usize) -> Result<Datum> {
    let start = midnight(date_argument(arguments, date_at)?)?;
    if !start.is_finite() {
        return Ok(Datum::Timestamp(start));
    }
    let nanoseconds = time(arguments, time_at)?;
    let nanos = u16::try_from(nanoseconds % 1_000).unwrap_or(0);
    instant(start.micros.checked_add(nanoseconds / 1_000), nanos).map(Datum::Timestamp)
}

fn date_later(arguments: &[Datum], date_at: usize, span: &Interval) -> Result<Datum> {
    add_local(midnight(date_argument(arguments, date_at)?)?, span).map(Datum::Timestamp)
}

fn minus(arguments: &[Datum]) -> Result<Interval> {
    interval::negate(span(arguments, 1)?)
}

fn now(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(Datum::TimestampTz(Instant::from_micros(context.transaction_time())))
}

fn statement_time(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(Datum::TimestampTz(Instant::from_micros(context.statement_time())))
}

fn local_now(context: &dyn Context) -> Result<Instant> {
    zone::session(context).to_local(Instant::from_micros(context.transaction_time()))
}

fn current_date(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    day_of(local_now(context)?).map(Datum::Date)
}

fn local_time(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(Datum::Time(local_now(context)?.micros.rem_euclid(DAY) * 1_000))
}

/// AT TIME ZONE: a local time there as a point in time, and the other way round.
fn at_zone(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    match &arguments[1] {
        Datum::Timestamp(instant) if !instant.is_finite() => {
            return Ok(Datum::TimestampTz(*instant));
        }
        Datum::TimestampTz(instant) if !instant.is_finite() => {
            return Ok(Datum::Timestamp(*instant));
        }
        _ => {}
    }
    let zone = match &arguments[0] {
        Datum::Interval(interval) => {
            if interval.months != 0 || interval.days != 0 {
                let text = crate::datum::time::interval_text(interval);
                let message =
                    format!("interval time zone \"{text}\" must not include months or days");
                return Err(SqlError::new("22023", message));
            }
            zone::Zone::Fixed(interval.micros / SECOND)
        }
        _ => zone::of_text(text(arguments, 0)?)?,
    };
    match &arguments[1] {
        Datum::Timestamp(local) => zone.to_utc(*local).map(Datum::TimestampTz),
        _ => zone.to_local(timestamp_tz(arguments, 1)?).map(Datum::Timestamp),
    }
}

fn is_finite(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::Boolean(match &arguments[0] {
        Datum::Date(days) => *days != i32::MAX && *days != i32::MIN,
        Datum::Timestamp(instant) | Datum::TimestampTz(instant) => instant.is_finite(),
        _ => true,
    }))
}

/// generate_series of timestamps.
fn series(arguments: &[Datum], context: &dyn Context) -> Result<SetRows> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Box::new(std::iter::empty()));
    }
    let step = *span(arguments, 2)?;
    let rising = match step.total_micros() {
        0 => return Err(super::series::step_is_zero()),
        total => total > 0,
    };
    let zoned = matches!(arguments[0], Datum::TimestampTz(_));
    let (first, last) = match zoned {
        true => (timestamp_tz(arguments, 0)?, timestamp_tz(arguments, 1)?),
        false => (timestamp(arguments, 0)?, timestamp(arguments, 1)?),
    };
    let zone = zone::session(context);
    let mut next = Some(Ok(first));
    Ok(Box::new(std::iter::from_fn(move || {
        let value = match next.take()? {
            Ok(value) => value,
            Err(error) => return Some(Err(error)),
        };
        if (rising && value > last) || (!rising && value < last) {
            return None;
        }
        next = Some(match zoned {
            true => add_in_zone(value, &step, || zone.clone()),
            false => add_local(value, &step),
        });
        let datum = if zoned { Datum::TimestampTz(value) } else { Datum::Timestamp(value) };
        Some(Ok(vec![datum]))
    })))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("now", &[], TimestampTz, now).stable(),
    scalar("transaction_timestamp", &[], TimestampTz, now).stable(),
    scalar("current_timestamp", &[], TimestampTz, now).stable(),
    scalar("statement_timestamp", &[], TimestampTz, statement_time).stable(),
    scalar("localtimestamp", &[], Timestamp, |_, context| local_now(context).map(Datum::Timestamp))
        .stable(),
    scalar("localtime", &[], Time, local_time).stable(),
    scalar("current_date", &[], Date, current_date).stable(),
    scalar("timezone", &[Text, Timestamp], TimestampTz, at_zone),
    scalar("timezone", &[Text, TimestampTz], Timestamp, at_zone),
    scalar("timezone", &[Span, Timestamp], TimestampTz, at_zone),
    scalar("timezone", &[Span, TimestampTz], Timestamp, at_zone),
    scalar("isfinite", &[Date], Boolean, is_finite),
    scalar("isfinite", &[Timestamp], Boolean, is_finite),
    scalar("isfinite", &[TimestampTz], Boolean, is_finite),
    scalar("isfinite", &[Span], Boolean, is_finite),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("+", &[Date, Int4], Date, |a, _| add_date(a, 0, integer(a, 1)?)),
    scalar("+", &[Int4, Date], Date, |a, _| add_date(a, 1, integer(a, 0)?)),
    scalar("-", &[Date, Int4], Date, |a, _| add_date(a, 0, -integer(a, 1)?)),
    scalar("-", &[Date, Date], Int4, difference_of_dates),
    scalar("+", &[Date, Span], Timestamp, |a, _| date_later(a, 0, span(a, 1)?)),
    scalar("+", &[Span, Date], Timestamp, |a, _| date_later(a, 1, span(a, 0)?)),
    scalar("-", &[Date, Span], Timestamp, |a, _| date_later(a, 0, &minus(a)?)),
    scalar("+", &[Date, Time], Timestamp, |a, _| date_and_time(a, 0, 1)),
    scalar("+", &[Time, Date], Timestamp, |a, _| date_and_time(a, 1, 0)),
    scalar("+", &[Timestamp, Span], Timestamp, |a, _| {
        add_local(timestamp(a, 0)?, span(a, 1)?).map(Datum::Timestamp)
    }),
    scalar("+", &[Span, Timestamp], Timestamp, |a, _| {
        add_local(timestamp(a, 1)?, span(a, 0)?).map(Datum::Timestamp)
    }),
    scalar("-", &[Timestamp, Span], Timestamp, |a, _| {
        add_local(timestamp(a, 0)?, &minus(a)?).map(Datum::Timestamp)
    }),
    scalar("+", &[TimestampTz, Span], TimestampTz, |a, context| {
        add_zoned(timestamp_tz(a, 0)?, span(a, 1)?, context).map(Datum::TimestampTz)
    })
    .stable(),
    scalar("+", &[Span, TimestampTz], TimestampTz, |a, context| {
        add_zoned(timestamp_tz(a, 1)?, span(a, 0)?, context).map(Datum::TimestampTz)
    })
    .stable(),
    scalar("-", &[TimestampTz, Span], TimestampTz, |a, context| {
        add_zoned(timestamp_tz(a, 0)?, &minus(a)?, context).map(Datum::TimestampTz)
    })
    .stable(),
    scalar("-", &[Timestamp, Timestamp], Span, |a, _| {
        difference(timestamp(a, 0)?, timestamp(a, 1)?)
    }),
    scalar("-", &[TimestampTz, TimestampTz], Span, |a, _| {
        difference(timestamp_tz(a, 0)?, timestamp_tz(a, 1)?)
    }),
    scalar("-", &[Time, Time], Span, |a, _| {
        let micros = (time(a, 0)? - time(a, 1)?) / 1_000;
        span_datum(Ok(Interval { micros, ..Interval::default() }))
    }),
    scalar("+", &[Time, Span], Time, |a, _| time_later(a, 0, 1, 1)),
    scalar("+", &[Span, Time], Time, |a, _| time_later(a, 1, 0, 1)),
    scalar("-", &[Time, Span], Time, |a, _| time_later(a, 0, 1, -1)),
    scalar("+", &[Span, Span], Span, |a, _| span_datum(interval::add(span(a, 0)?, span(a, 1)?))),
    scalar("-", &[Span, Span], Span, |a, _| {
        span_datum(interval::subtract(span(a, 0)?, span(a, 1)?))
    }),
    scalar("-", &[Span], Span, |a, _| span_datum(interval::negate(span(a, 0)?))),
    scalar("*", &[Span, Float8], Span, |a, _| {
        span_datum(interval::multiply(span(a, 0)?, double(a, 1)?))
    }),
    scalar("*", &[Float8, Span], Span, |a, _| {
        span_datum(interval::multiply(span(a, 1)?, double(a, 0)?))
    }),
    scalar("/", &[Span, Float8], Span, |a, _| {
        span_datum(interval::divide(span(a, 0)?, double(a, 1)?))
    }),
];

pub(super) static SETS: &[Signature<SetFunction>] = &[
    set("generate_series", &[Timestamp, Timestamp, Span], Timestamp, series),
    set("generate_series", &[TimestampTz, TimestampTz, Span], TimestampTz, series),
];
