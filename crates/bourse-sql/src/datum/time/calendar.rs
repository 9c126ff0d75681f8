//! The proleptic Gregorian calendar.

use bourse::datetime::civil_from_days;
pub(crate) use bourse::datetime::{days_from_civil as days_of, days_in_month};

use super::{DAY, HOUR, MINUTE, SECOND};
use crate::datum::Instant;

/// Year, month and day; year 0 is 1 BC.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let (year, month, day) = civil_from_days(days);
    (year, month.into(), day.into())
}

/// The day of the week, Sunday being 0.
pub(crate) fn weekday(days: i64) -> i64 {
    (days + 4).rem_euclid(7)
}

/// The year and week of ISO 8601: weeks begin on Monday, and the first of a year has its first
/// Thursday.
pub(crate) fn iso_week(days: i64) -> (i64, i64) {
    let thursday = days - (days + 3).rem_euclid(7) + 3;
    let (year, _, _) = civil(thursday);
    (year, (thursday - days_of(year, 1, 1)) / 7 + 1)
}

/// `YYYY-MM-DD`, with ` BC` before the year 1.
pub(crate) fn date_text(days: i32) -> String {
    match days {
        i32::MAX => return "infinity".to_owned(),
        i32::MIN => return "-infinity".to_owned(),
        _ => {}
    }
    let (year, month, day) = civil(i64::from(days));
    if year > 0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{:04}-{month:02}-{day:02} BC", 1 - year)
    }
}

/// `HH:MM:SS` and as much of the fraction as is not zero.
pub(crate) fn clock_text(micros: i64, nanos: u16) -> String {
    let (hour, minute, second) = (micros / HOUR, micros / MINUTE % 60, micros / SECOND % 60);
    let mut text = format!("{hour:02}:{minute:02}:{second:02}");
    let fraction = micros % SECOND * 1_000 + i64::from(nanos);
    if fraction != 0 {
        let digits = format!("{fraction:09}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
    text
}

/// `YYYY-MM-DD HH:MM:SS[.ffffff][ BC]`.
pub(crate) fn timestamp_text(instant: Instant) -> String {
    if instant == Instant::INFINITY {
        return "infinity".to_owned();
    }
    if instant == Instant::NEGATIVE_INFINITY {
        return "-infinity".to_owned();
    }
    let (days, of_day) = (instant.micros.div_euclid(DAY), instant.micros.rem_euclid(DAY));
    let (year, month, day) = civil(days);
    let clock = clock_text(of_day, instant.nanos);
    if year > 0 {
        format!("{year:04}-{month:02}-{day:02} {clock}")
    } else {
        format!("{:04}-{month:02}-{day:02} {clock} BC", 1 - year)
    }
}
