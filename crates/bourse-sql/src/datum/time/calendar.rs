//! The proleptic Gregorian calendar.

use super::{DAY, HOUR, MINUTE, SECOND};
use crate::datum::Instant;

/// Days since 1970-01-01 of a calendar date; nobody looks whether it exists. Year 0 is 1 BC.
pub(crate) fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day; year 0 is 1 BC.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days of a month.
pub(crate) fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
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
