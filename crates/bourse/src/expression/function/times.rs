//! Functions of points in time. A day is the point at which it begins.

use bourse_storage::{Error, Result};

use super::text;
use crate::datetime::{Date, Timestamp};
use crate::expression::evaluate::mismatch;
use crate::value::ValueRef;

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;
/// 2000-01-03 00:00, a Monday: where buckets are counted from, so that weeks begin on Mondays.
const BUCKET_ORIGIN: i64 = 10_959 * DAY;

fn point(value: ValueRef<'_>) -> Result<Timestamp> {
    match value {
        ValueRef::Timestamp(nanoseconds) => Ok(Timestamp(nanoseconds)),
        ValueRef::Date(days) => Timestamp::try_from(Date(days)),
        other => Err(mismatch("a function of time", other)),
    }
}

/// The day of a point in time.
pub(super) fn date(value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    match value {
        ValueRef::Date(days) => Ok(ValueRef::Date(days)),
        other => Ok(ValueRef::Date(point(other)?.date().0)),
    }
}

/// The beginning of the calendar unit that a point in time lies in.
pub(super) fn truncate(unit: ValueRef<'_>, value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let unit = text("date_trunc", unit)?;
    let point = point(value)?;
    if let Some(width) = width_of(unit).filter(|width| *width < DAY) {
        return floor(point.0, width, 0);
    }
    let (year, month, day) = point.date().to_civil();
    let is = |name: &str| is_unit(unit, name);
    let begin = if is("day") {
        Date::from_civil(year, month, day)
    } else if is("week") {
        let days = point.date().0;
        Some(Date(days - weekday(days)))
    } else if is("month") {
        Date::from_civil(year, month, 1)
    } else if is("quarter") {
        Date::from_civil(year, (month - 1) / 3 * 3 + 1, 1)
    } else if is("year") {
        Date::from_civil(year, 1, 1)
    } else {
        return Err(unknown("unit", unit));
    };
    let begin = begin.ok_or_else(out_of_range)?;
    Ok(ValueRef::Timestamp(Timestamp::try_from(begin)?.0))
}

/// The beginning of the bucket of a width like `5 minutes` that a point in time lies in.
pub(super) fn bucket(width: ValueRef<'_>, value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let width = text("time_bucket", width)?;
    let nanoseconds = parse_width(width).ok_or_else(|| unknown("width", width))?;
    floor(point(value)?.0, nanoseconds, BUCKET_ORIGIN)
}

/// The greatest `origin + n * width` that is not after the point.
fn floor(point: i64, width: i64, origin: i64) -> Result<ValueRef<'static>> {
    let offset = i128::from(point) - i128::from(origin);
    let begin = i128::from(point) - offset.rem_euclid(i128::from(width));
    i64::try_from(begin).map(ValueRef::Timestamp).map_err(|_| out_of_range())
}

/// `5 minutes`, `minute`, `1 day`.
fn parse_width(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let count: i64 = if digits == 0 { 1 } else { text[..digits].parse().ok()? };
    let width = width_of(text[digits..].trim_start())?.checked_mul(count)?;
    (width > 0).then_some(width)
}

/// Nanoseconds of a unit of fixed width.
fn width_of(unit: &str) -> Option<i64> {
    let units = [
        ("microsecond", 1_000),
        ("millisecond", 1_000_000),
        ("second", SECOND),
        ("minute", 60 * SECOND),
        ("hour", 3_600 * SECOND),
        ("day", DAY),
        ("week", 7 * DAY),
    ];
    units.iter().find(|(name, _)| is_unit(unit, name)).map(|(_, width)| *width)
}

/// Whether a word is a unit's name, in one or in many.
fn is_unit(word: &str, name: &str) -> bool {
    let singular = word.strip_suffix(['s', 'S']).unwrap_or(word);
    singular.eq_ignore_ascii_case(name)
}

/// A field of a point in time.
pub(super) fn extract(field: ValueRef<'_>, value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let field = text("extract", field)?;
    let point = point(value)?;
    let (year, month, day) = point.date().to_civil();
    let days = point.date().0;
    let of_day = point.0.rem_euclid(DAY);
    let is = |name: &str| field.eq_ignore_ascii_case(name);
    let number = if is("year") {
        // There is no year 0: 1 BC is -1, as PostgreSQL has it.
        if year > 0 { year } else { year - 1 }
    } else if is("quarter") {
        i64::from((month - 1) / 3 + 1)
    } else if is("month") {
        i64::from(month)
    } else if is("day") {
        i64::from(day)
    } else if is("dow") {
        i64::from((weekday(days) + 1) % 7)
    } else if is("isodow") {
        i64::from(weekday(days) + 1)
    } else if is("doy") {
        let first = Date::from_civil(year, 1, 1).ok_or_else(out_of_range)?;
        i64::from(days - first.0 + 1)
    } else if is("hour") {
        of_day / (3_600 * SECOND)
    } else if is("minute") {
        of_day / (60 * SECOND) % 60
    } else if is("second") {
        of_day / SECOND % 60
    } else if is("epoch") {
        point.0.div_euclid(SECOND)
    } else {
        return Err(unknown("field", field));
    };
    Ok(ValueRef::Integer(number))
}

/// Days since the last Monday: 1970-01-01 was a Thursday.
fn weekday(days: i32) -> i32 {
    (days.rem_euclid(7) + 3) % 7
}

fn unknown(what: &str, text: &str) -> Error {
    Error::invalid(format!("{what} \"{text}\" of time is not known")).with_sqlstate("22023")
}

fn out_of_range() -> Error {
    Error::invalid("timestamp out of range").with_sqlstate("22008")
}
