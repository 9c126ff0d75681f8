//! `time_bucket` as TimescaleDB has it: the beginning of the bucket that a value lies in, where
//! buckets of one width follow each other from an origin in both directions. Version 2; the first
//! one is in `times`.
//!
//! | VALUE | WIDTH | ORIGIN, UNLESS GIVEN |
//! |---|---|---|
//! | TIMESTAMP | text: microseconds to weeks, or months and what is made of them | 2000-01-03 |
//! | DATE | text: whole days, or months | 2000-01-03 |
//! | TEXT, `YYYY-MM-DD[ HH:MM:SS[.ffffff]]` | as TIMESTAMP | 2000-01-03 |
//! | an integer | an integer | 0 |
//!
//! 2000-01-03 is a Monday, so that weeks begin on Mondays. Of the origin of months only the month
//! counts: every bucket begins on a first. The result is of the type of the value; a text is always
//! `YYYY-MM-DD HH:MM:SS.ffffff`, so that one bucket has one text.

use bourse_storage::{Error, Result};

use super::calendar::{DAY, Field, out_of_range};
use super::{text, whole};
use crate::datetime::{Date, civil_from_days};
use crate::expression::evaluate::mismatch;
use crate::value::{Value, ValueRef};

/// 2000-01-03, in days.
const ORIGIN: i64 = 10_959;
/// Microseconds of a day.
const MICROSECONDS: i64 = DAY / 1_000;

/// How wide a bucket is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Width {
    /// So many nanoseconds.
    Fixed(i64),
    /// So many months.
    Months(i64),
}

/// `5 minutes`, `day`, `1 hour 30 min`, `3 months`.
///
/// # Errors
/// 22023 when it is not a width or none that is greater than 0, 0A000 when it mixes months with
/// what has a fixed width, 22008 when it is too large.
pub(super) fn width(text: &str) -> Result<Width> {
    let (mut fixed, mut months) = (0_i64, 0_i64);
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, after) = after.split_at(letters);
        let count = if digits == 0 { Ok(1) } else { number.parse::<i64>() };
        let count = count.map_err(|_| out_of_range("width"))?;
        let field = Field::named(word).ok_or_else(|| unknown(text))?;
        let total = match field.months() {
            Some(_) => &mut months,
            None => &mut fixed,
        };
        let unit = field.months().or_else(|| nanoseconds(field)).ok_or_else(|| unknown(text))?;
        let sum = unit.checked_mul(count).and_then(|part| part.checked_add(*total));
        *total = sum.ok_or_else(|| out_of_range("width"))?;
        rest = after.trim_start();
    }
    match (fixed, months) {
        (0, 0) => Err(not_positive()),
        (fixed, 0) => Ok(Width::Fixed(fixed)),
        (0, months) => Ok(Width::Months(months)),
        _ => Err(Error::invalid(format!(
            "width \"{text}\" mixes months with days or times: months are not of one length"
        ))
        .with_sqlstate("0A000")),
    }
}

/// The width of buckets of days.
///
/// # Errors
/// As [`width`], and 0A000 when it is not of whole days.
pub(super) fn width_of_days(text: &str) -> Result<Width> {
    match width(text)? {
        Width::Fixed(fixed) if fixed % DAY != 0 => {
            let message = format!("width \"{text}\" of buckets of a DATE is not of whole days");
            Err(Error::invalid(message).with_sqlstate("0A000"))
        }
        width => Ok(width),
    }
}

fn nanoseconds(field: Field) -> Option<i64> {
    match field {
        Field::Day => Some(DAY),
        Field::Week => Some(7 * DAY),
        field => field.of_clock(),
    }
}

/// The beginning of the bucket that `value` lies in; `origin` is NULL where none was given.
pub(super) fn bucket(
    width: ValueRef<'_>,
    value: ValueRef<'_>,
    origin: ValueRef<'_>,
) -> Result<Value> {
    match value {
        ValueRef::Integer(value) => of_integer(width, value, origin),
        ValueRef::Date(days) => of_days(text("time_bucket", width)?, days, origin),
        ValueRef::Timestamp(point) => of_point(text("time_bucket", width)?, point, origin),
        ValueRef::Text(value) => of_text(text("time_bucket", width)?, value, origin),
        other => Err(mismatch("function time_bucket", other)),
    }
}

fn of_integer(width: ValueRef<'_>, value: i64, origin: ValueRef<'_>) -> Result<Value> {
    let width = check_width(whole("time_bucket", width)?)?;
    let origin = if origin.is_null() { 0 } else { whole("time_bucket", origin)? };
    floor(value, width, origin).map(Value::Integer).ok_or_else(|| out_of_range("bucket"))
}

/// The width of buckets of integers.
///
/// # Errors
/// 22023 when it is not greater than 0.
pub(super) fn check_width(width: i64) -> Result<i64> {
    if width > 0 { Ok(width) } else { Err(not_positive()) }
}

fn of_days(text: &str, days: i32, origin: ValueRef<'_>) -> Result<Value> {
    let days = i64::from(days);
    let origin = match origin {
        ValueRef::Null => ORIGIN,
        ValueRef::Date(days) => i64::from(days),
        other => return Err(mismatch("function time_bucket", other)),
    };
    let begin = match width_of_days(text)? {
        Width::Fixed(width) => floor(days, width / DAY, origin),
        Width::Months(months) => month_days(days, months, origin),
    };
    let begin = begin.and_then(|days| i32::try_from(days).ok());
    begin.map(Value::Date).ok_or_else(|| out_of_range("date"))
}

fn of_point(text: &str, point: i64, origin: ValueRef<'_>) -> Result<Value> {
    let origin = match origin {
        ValueRef::Null => ORIGIN * DAY,
        ValueRef::Timestamp(point) => point,
        ValueRef::Date(days) => {
            i64::from(days).checked_mul(DAY).ok_or_else(|| out_of_range("origin"))?
        }
        other => return Err(mismatch("function time_bucket", other)),
    };
    let begin = begin(width(text)?, point, origin, DAY);
    begin.map(Value::Timestamp).ok_or_else(|| out_of_range("timestamp"))
}

fn of_text(text: &str, value: &str, origin: ValueRef<'_>) -> Result<Value> {
    let origin = match origin {
        ValueRef::Null => ORIGIN * MICROSECONDS,
        ValueRef::Text(origin) => parse(origin)?,
        other => return Err(mismatch("function time_bucket", other)),
    };
    let width = match width(text)? {
        // The narrowest unit is a microsecond, so nothing is lost.
        Width::Fixed(width) => Width::Fixed(width / 1_000),
        months => months,
    };
    let begin = begin(width, parse(value)?, origin, MICROSECONDS);
    begin.and_then(write).map(Value::Text).ok_or_else(|| out_of_range("timestamp"))
}

/// The beginning of the bucket of a point in units of which a day has so many; `width` is in them.
fn begin(width: Width, point: i64, origin: i64, day: i64) -> Option<i64> {
    match width {
        Width::Fixed(width) => floor(point, width, origin),
        Width::Months(months) => {
            month_days(point.div_euclid(day), months, origin.div_euclid(day))?.checked_mul(day)
        }
    }
}

/// The greatest `origin + n * width` that is not after the value.
fn floor(value: i64, width: i64, origin: i64) -> Option<i64> {
    let (value, width, origin) = (i128::from(value), i128::from(width), i128::from(origin));
    i64::try_from(value - (value - origin).rem_euclid(width)).ok()
}

/// The first day of the bucket of months that a day lies in.
fn month_days(days: i64, months: i64, origin: i64) -> Option<i64> {
    let month_of = |days: i64| {
        let (year, month, _) = civil_from_days(days);
        year * 12 + i64::from(month) - 1
    };
    let begin = floor(month_of(days), months, month_of(origin))?;
    let month = u32::try_from(begin.rem_euclid(12)).ok()? + 1;
    Date::from_civil(begin.div_euclid(12), month, 1).map(|date| i64::from(date.0))
}

/// Microseconds since 1970 of `YYYY-MM-DD[ HH:MM:SS[.ffffff]]`.
fn parse(text: &str) -> Result<i64> {
    let malformed = || {
        let message = format!(
            "\"{text}\" is not a time that time_bucket takes: write YYYY-MM-DD HH:MM:SS.ffffff"
        );
        Error::invalid(message).with_sqlstate("22007")
    };
    let bytes = text.as_bytes();
    let number = |from: usize, count: usize| {
        let digits = bytes.get(from..from + count)?;
        let all = digits.iter().all(u8::is_ascii_digit);
        all.then(|| digits.iter().fold(0_i64, |sum, digit| sum * 10 + i64::from(digit - b'0')))
    };
    let numbers = || {
        let separated = |places: &[(usize, u8)]| {
            places.iter().all(|(at, separator)| bytes.get(*at) == Some(separator))
        };
        let day = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
        if !separated(&[(4, b'-'), (7, b'-')]) {
            return None;
        }
        if bytes.len() == 10 {
            return Some((day, (0, 0, 0), 0));
        }
        let time = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
        if !separated(&[(10, b' '), (13, b':'), (16, b':')]) {
            return None;
        }
        let fraction = match bytes.len() {
            19 => 0,
            length @ 21..=26 if bytes[19] == b'.' => {
                let padding = u32::try_from(26 - length).ok()?;
                number(20, length - 20)? * 10_i64.pow(padding)
            }
            _ => return None,
        };
        Some((day, time, fraction))
    };
    let ((year, month, day), (hour, minute, second), fraction) = numbers().ok_or_else(malformed)?;
    let unsigned = |number: i64| u32::try_from(number).unwrap_or_default();
    let date = Date::from_civil(year, unsigned(month), unsigned(day));
    let date = date.filter(|_| hour < 24 && minute < 60 && second < 60);
    let date = date.ok_or_else(|| out_of_range(&format!("time \"{text}\"")))?;
    let seconds = hour * 3_600 + minute * 60 + second;
    Ok(i64::from(date.0) * MICROSECONDS + seconds * 1_000_000 + fraction)
}

/// The text of a number of microseconds, of the years 0 to 9999.
fn write(microseconds: i64) -> Option<String> {
    let (year, month, day) = civil_from_days(microseconds.div_euclid(MICROSECONDS));
    let of_day = microseconds.rem_euclid(MICROSECONDS);
    let (seconds, fraction) = (of_day / 1_000_000, of_day % 1_000_000);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    (0..=9_999).contains(&year).then(|| {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{fraction:06}")
    })
}

fn unknown(text: &str) -> Error {
    let message = format!("width \"{text}\" of time is not known: write it as \"5 minutes\"");
    Error::invalid(message).with_sqlstate("22023")
}

fn not_positive() -> Error {
    Error::invalid("the width of a bucket must be greater than 0").with_sqlstate("22023")
}
