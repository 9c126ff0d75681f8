//! `age` and `justify_...`: intervals as calendars and clocks count them.

use super::{DAY, span, span_datum};
use crate::datum::time::{civil, days_in_month, interval, zone};
use crate::datum::{Datum, Instant, Interval};
use crate::error::Result;
use crate::function::arguments::{timestamp, timestamp_tz};
use crate::function::signature::Shape::{Interval as Span, Timestamp, TimestampTz};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// Years, months, days and time between two local times, field by field.
fn between(a: Instant, b: Instant) -> Result<Datum> {
    if !a.is_finite() || !b.is_finite() {
        return Err(crate::error::SqlError::new("22008", "timestamp out of range"));
    }
    let (later, earlier, sign) = if a >= b { (a, b, 1) } else { (b, a, -1) };
    let ((year1, month1, day1), (year2, month2, day2)) =
        (civil(later.micros.div_euclid(DAY)), civil(earlier.micros.div_euclid(DAY)));
    let mut micros = later.micros.rem_euclid(DAY) - earlier.micros.rem_euclid(DAY);
    let mut days = day1 - day2;
    let mut months = (year1 - year2) * 12 + month1 - month2;
    if micros < 0 {
        micros += DAY;
        days -= 1;
    }
    while days < 0 {
        // The earlier time's month is the one that is borrowed.
        days += days_in_month(year2, month2);
        months -= 1;
    }
    let fit = |value: i64| i32::try_from(sign * value).map_err(|_| interval::out_of_range());
    span_datum(Ok(Interval { months: fit(months)?, days: fit(days)?, micros: sign * micros }))
}

fn local(instant: Instant, context: &dyn Context) -> Result<Instant> {
    zone::session(context).to_local(instant)
}

fn today(context: &dyn Context) -> Result<Instant> {
    let now = local(Instant::from_micros(context.transaction_time()), context)?;
    Ok(Instant::from_micros(now.micros.div_euclid(DAY) * DAY))
}

/// Hours of whole days become days.
fn justify_hours(value: &Interval) -> Result<Interval> {
    let more = i32::try_from(value.micros / DAY).map_err(|_| interval::out_of_range())?;
    let mut days = value.days.checked_add(more).ok_or_else(interval::out_of_range)?;
    let mut micros = value.micros % DAY;
    if days > 0 && micros < 0 {
        (days, micros) = (days - 1, micros + DAY);
    } else if days < 0 && micros > 0 {
        (days, micros) = (days + 1, micros - DAY);
    }
    Ok(Interval { months: value.months, days, micros })
}

/// Thirty days become a month.
fn justify_days(value: &Interval) -> Result<Interval> {
    let mut months =
        value.months.checked_add(value.days / 30).ok_or_else(interval::out_of_range)?;
    let mut days = value.days % 30;
    if months > 0 && days < 0 {
        (months, days) = (months - 1, days + 30);
    } else if months < 0 && days > 0 {
        (months, days) = (months + 1, days - 30);
    }
    Ok(Interval { months, days, micros: value.micros })
}

/// Both, and all parts of one sign.
fn justify_interval(value: &Interval) -> Result<Interval> {
    let more = i32::try_from(value.micros / DAY).map_err(|_| interval::out_of_range())?;
    let mut days = value.days.checked_add(more).ok_or_else(interval::out_of_range)?;
    let mut micros = value.micros % DAY;
    let mut months = value.months.checked_add(days / 30).ok_or_else(interval::out_of_range)?;
    days %= 30;
    if months > 0 && (days < 0 || (days == 0 && micros < 0)) {
        (months, days) = (months - 1, days + 30);
    } else if months < 0 && (days > 0 || (days == 0 && micros > 0)) {
        (months, days) = (months + 1, days - 30);
    }
    if days > 0 && micros < 0 {
        (days, micros) = (days - 1, micros + DAY);
    } else if days < 0 && micros > 0 {
        (days, micros) = (days + 1, micros - DAY);
    }
    Ok(Interval { months, days, micros })
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("age", &[Timestamp, Timestamp], Span, |a, _| {
        between(timestamp(a, 0)?, timestamp(a, 1)?)
    }),
    scalar("age", &[TimestampTz, TimestampTz], Span, |a, context| {
        between(local(timestamp_tz(a, 0)?, context)?, local(timestamp_tz(a, 1)?, context)?)
    })
    .stable(),
    scalar("age", &[Timestamp], Span, |a, context| between(today(context)?, timestamp(a, 0)?))
        .stable(),
    scalar("age", &[TimestampTz], Span, |a, context| {
        between(today(context)?, local(timestamp_tz(a, 0)?, context)?)
    })
    .stable(),
    scalar("justify_hours", &[Span], Span, |a, _| span_datum(justify_hours(span(a, 0)?))),
    scalar("justify_days", &[Span], Span, |a, _| span_datum(justify_days(span(a, 0)?))),
    scalar("justify_interval", &[Span], Span, |a, _| span_datum(justify_interval(span(a, 0)?))),
];
