//! Dates and times of numbers.

use super::{DAY, HOUR, MINUTE, days_in_month, days_of, instant, out, zone};
use crate::datum::{Datum, Instant, Interval};
use crate::error::{Result, SqlError};
use crate::function::arguments::{double, integer, text};
use crate::function::signature::Shape::{
    Date, Float8, Int4, Interval as Span, Text, Time, Timestamp, TimestampTz,
};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// Days of year, month and day; years before Christ are negative, and there is no year 0.
fn days(arguments: &[Datum]) -> Result<i64> {
    let (year, month, day) =
        (integer(arguments, 0)?, integer(arguments, 1)?, integer(arguments, 2)?);
    let counted = if year < 0 { year + 1 } else { year };
    let refuse = || {
        let message = format!("date field value out of range: {counted}-{month:02}-{day:02}");
        SqlError::new("22008", message)
    };
    if year == 0 {
        return Err(refuse());
    }
    let exists = (1..=12).contains(&month) && (1..=days_in_month(counted, month)).contains(&day);
    if exists { Ok(days_of(counted, month, day)) } else { Err(refuse()) }
}

fn micros_of_seconds(seconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates out of range")]
    let micros = (seconds * 1_000_000.0).round_ties_even() as i64;
    micros
}

/// Microseconds of hour, minute and second.
fn clock(arguments: &[Datum], from: usize) -> Result<i64> {
    let (hour, minute) = (integer(arguments, from)?, integer(arguments, from + 1)?);
    let second = double(arguments, from + 2)?;
    let total = hour.saturating_mul(HOUR) + minute.saturating_mul(MINUTE);
    let total = total.saturating_add(micros_of_seconds(second));
    let valid =
        (0..=24).contains(&hour) && (0..60).contains(&minute) && (0.0..=60.0).contains(&second);
    if !valid || total > DAY {
        let second = crate::datum::double_text(second);
        let second = if second.len() < 2 { format!("0{second}") } else { second.to_string() };
        let message = format!("time field value out of range: {hour}:{minute:02}:{second}");
        return Err(SqlError::new("22008", message));
    }
    Ok(total)
}

fn make_date(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    super::date(days(arguments)?).map(Datum::Date)
}

fn local(arguments: &[Datum]) -> Result<Instant> {
    let micros = days(arguments)?.checked_mul(DAY);
    let clock = clock(arguments, 3)?;
    instant(micros.and_then(|micros| micros.checked_add(clock)), 0)
}

fn make_zoned(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let zone = match arguments.len() {
        7 => {
            let name = text(arguments, 6)?;
            // Distances have the usual sign here, unlike after AT TIME ZONE.
            match zone::offset(name).filter(|_| name.starts_with(['+', '-'])) {
                Some(seconds) => zone::Zone::Fixed(seconds),
                None => zone::of_text(name)?,
            }
        }
        _ => zone::session(context),
    };
    zone.to_utc(local(arguments)?).map(Datum::TimestampTz)
}

/// Years, months, weeks, days, hours, minutes, seconds: as many of them as are given.
fn make_interval(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let at = |index: usize| if index < arguments.len() { integer(arguments, index) } else { Ok(0) };
    let seconds = if arguments.len() > 6 { double(arguments, 6)? } else { 0.0 };
    if !seconds.is_finite() {
        return Err(SqlError::new("22008", "interval out of range"));
    }
    let months = i32::try_from(at(0)? * 12 + at(1)?).map_err(|_| out("interval"))?;
    let days = i32::try_from(at(2)? * 7 + at(3)?).map_err(|_| out("interval"))?;
    let micros = at(4)? * HOUR + at(5)? * MINUTE;
    let micros = micros.saturating_add(micros_of_seconds(seconds));
    Ok(Datum::Interval(Interval { months, days, micros }.into()))
}

/// The point in time of so many seconds since 1970.
fn of_epoch(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let seconds = double(arguments, 0)?;
    if seconds.is_infinite() {
        let infinity = if seconds > 0.0 { Instant::INFINITY } else { Instant::NEGATIVE_INFINITY };
        return Ok(Datum::TimestampTz(infinity));
    }
    if seconds.is_nan() {
        return Err(SqlError::new("22008", "timestamp cannot be NaN"));
    }
    if !(-210_866_803_200.0..9_223_372_036_854.0).contains(&seconds) {
        let shown = crate::datum::double_text(seconds);
        return Err(SqlError::new("22008", format!("timestamp out of range: \"{shown}\"")));
    }
    instant(Some(micros_of_seconds(seconds)), 0).map(Datum::TimestampTz)
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("make_date", &[Int4, Int4, Int4], Date, make_date),
    scalar("make_time", &[Int4, Int4, Float8], Time, |a, _| {
        clock(a, 0).map(|micros| Datum::Time(micros * 1_000))
    }),
    scalar("make_timestamp", &[Int4, Int4, Int4, Int4, Int4, Float8], Timestamp, |a, _| {
        local(a).map(Datum::Timestamp)
    }),
    scalar("make_timestamptz", &[Int4, Int4, Int4, Int4, Int4, Float8], TimestampTz, make_zoned)
        .stable(),
    scalar(
        "make_timestamptz",
        &[Int4, Int4, Int4, Int4, Int4, Float8, Text],
        TimestampTz,
        make_zoned,
    ),
    scalar("make_interval", &[], Span, make_interval),
    scalar("make_interval", &[Int4], Span, make_interval),
    scalar("make_interval", &[Int4, Int4], Span, make_interval),
    scalar("make_interval", &[Int4, Int4, Int4], Span, make_interval),
    scalar("make_interval", &[Int4, Int4, Int4, Int4], Span, make_interval),
    scalar("make_interval", &[Int4, Int4, Int4, Int4, Int4], Span, make_interval),
    scalar("make_interval", &[Int4, Int4, Int4, Int4, Int4, Int4], Span, make_interval),
    scalar("make_interval", &[Int4, Int4, Int4, Int4, Int4, Int4, Float8], Span, make_interval),
    scalar("to_timestamp", &[Float8], TimestampTz, of_epoch),
];
