//! `date_trunc` and `date_bin`.

use super::fields::unit;
use super::{DAY, HOUR, MINUTE, SECOND, civil, span_datum};
use crate::datum::time::{weekday, zone};
use crate::datum::{Datum, Instant, Interval};
use crate::error::{Result, SqlError};
use crate::function::ScalarFunction;
use crate::function::arguments::{interval as span, text, timestamp, timestamp_tz};
use crate::function::signature::Shape::{Interval as Span, Text, Timestamp, TimestampTz};
use crate::function::signature::{Signature, scalar};

/// Fields that are no units are not even known, but for those of zones.
fn refuse(name: &str, ty: &str) -> SqlError {
    let (sqlstate, what) = match unit(name) {
        Some("timezone" | "timezone_hour" | "timezone_minute" | "week" | "quarter") => {
            ("0A000", "supported")
        }
        _ => ("22023", "recognized"),
    };
    let message = format!("unit \"{}\" not {what} for type {ty}", name.to_lowercase());
    SqlError::new(sqlstate, message)
}

/// The first year of a span of years that has no year 0.
fn first_of_era(year: i64, length: i64) -> i64 {
    if year > 0 {
        (year + length - 1) / length * length - (length - 1)
    } else {
        -((length - year) / length * length - length) - length + 1
    }
}

/// The beginning of the unit that a local time lies in.
fn begin(name: &str, value: Instant, ty: &str) -> Result<Instant> {
    if !value.is_finite() {
        return Ok(value);
    }
    let Some(unit) = unit(name) else {
        return Err(refuse(name, ty));
    };
    let micros = value.micros;
    let down = |size: i64| Ok(Instant::from_micros(micros - micros.rem_euclid(size)));
    let days = micros.div_euclid(DAY);
    let (year, month, _) = civil(days);
    let first =
        |year: i64, month: i64| zone::micros_of(year, month, 1, 0).map(Instant::from_micros);
    match unit {
        "microseconds" => Ok(Instant::from_micros(micros)),
        "milliseconds" => down(1_000),
        "second" => down(SECOND),
        "minute" => down(MINUTE),
        "hour" => down(HOUR),
        "day" => down(DAY),
        "week" => Ok(Instant::from_micros((days - (weekday(days) + 6) % 7) * DAY)),
        "month" => first(year, month),
        "quarter" => first(year, (month - 1) / 3 * 3 + 1),
        "year" => first(year, 1),
        "decade" => first(year.div_euclid(10) * 10, 1),
        "century" => first(first_of_era(year, 100), 1),
        "millennium" => first(first_of_era(year, 1_000), 1),
        _ => Err(refuse(name, ty)),
    }
}

fn in_zone(name: &str, value: Instant, zone: &zone::Zone) -> Result<Datum> {
    if !value.is_finite() {
        return Ok(Datum::TimestampTz(value));
    }
    let local = begin(name, zone.to_local(value)?, "timestamp with time zone")?;
    let clock = ["microseconds", "milliseconds", "second", "minute", "hour"];
    // Units of the clock do not move to another distance from UTC.
    let is_clock = unit(name).is_some_and(|unit| clock.contains(&unit));
    let instant = match is_clock {
        true => Instant::from_micros(local.micros - zone.offset_at(value.micros) * SECOND),
        false => zone.to_utc(local)?,
    };
    Ok(Datum::TimestampTz(instant))
}

fn trunc_interval(name: &str, value: &Interval) -> Result<Interval> {
    let Some(unit) = unit(name) else {
        return Err(refuse(name, "interval"));
    };
    let months = |size: i32| Interval { months: value.months / size * size, days: 0, micros: 0 };
    let clock = |size: i64| Interval { micros: value.micros / size * size, ..*value };
    Ok(match unit {
        "microseconds" => *value,
        "milliseconds" => clock(1_000),
        "second" => clock(SECOND),
        "minute" => clock(MINUTE),
        "hour" => clock(HOUR),
        "day" => Interval { micros: 0, ..*value },
        "month" => months(1),
        "quarter" => months(3),
        "year" => months(12),
        "decade" => months(120),
        "century" => months(1_200),
        "millennium" => months(12_000),
        "week" => {
            let message = format!("unit \"{name}\" not supported for type interval");
            return Err(SqlError::new("0A000", message)
                .with_detail("Months usually have fractional weeks."));
        }
        _ => return Err(refuse(name, "interval")),
    })
}

/// The beginning of the bin of a width that a time lies in, bins being counted from an origin.
fn bin(width: &Interval, value: Instant, origin: Instant) -> Result<Instant> {
    if !value.is_finite() {
        return Ok(value);
    }
    if !origin.is_finite() {
        return Err(SqlError::new("22008", "origin out of range"));
    }
    if width.months != 0 {
        let message = "timestamps cannot be binned into intervals containing months or years";
        return Err(SqlError::new("0A000", message));
    }
    let days = i64::from(width.days).checked_mul(DAY);
    let width = days.and_then(|days| days.checked_add(width.micros));
    let width = width.ok_or_else(crate::datum::time::interval::out_of_range)?;
    if width <= 0 {
        return Err(SqlError::new("22008", "stride must be greater than zero"));
    }
    let distance = value.micros.checked_sub(origin.micros);
    let distance = distance.ok_or_else(crate::datum::time::interval::out_of_range)?;
    super::instant(origin.micros.checked_add(distance - distance.rem_euclid(width)), 0)
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("date_trunc", &[Text, Timestamp], Timestamp, |a, _| {
        begin(text(a, 0)?, timestamp(a, 1)?, "timestamp without time zone").map(Datum::Timestamp)
    }),
    scalar("date_trunc", &[Text, TimestampTz], TimestampTz, |a, context| {
        in_zone(text(a, 0)?, timestamp_tz(a, 1)?, &zone::session(context))
    })
    .stable(),
    scalar("date_trunc", &[Text, TimestampTz, Text], TimestampTz, |a, _| {
        if !timestamp_tz(a, 1)?.is_finite() {
            return Ok(a[1].clone());
        }
        in_zone(text(a, 0)?, timestamp_tz(a, 1)?, &zone::of_text(text(a, 2)?)?)
    })
    .stable(),
    scalar("date_trunc", &[Text, Span], Span, |a, _| {
        span_datum(trunc_interval(text(a, 0)?, span(a, 1)?))
    }),
    scalar("date_bin", &[Span, Timestamp, Timestamp], Timestamp, |a, _| {
        bin(span(a, 0)?, timestamp(a, 1)?, timestamp(a, 2)?).map(Datum::Timestamp)
    }),
    scalar("date_bin", &[Span, TimestampTz, TimestampTz], TimestampTz, |a, _| {
        bin(span(a, 0)?, timestamp_tz(a, 1)?, timestamp_tz(a, 2)?).map(Datum::TimestampTz)
    }),
];
