//! Days and points in time: text to numbers and back, in the proleptic Gregorian calendar.

use std::fmt;
use std::str::FromStr;

use bourse_storage::{Error, Result, sync};

mod interval;
#[cfg(test)]
mod tests;

pub use interval::Interval;

const NANOSECONDS_PER_SECOND: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
const NANOSECONDS_PER_DAY: i64 = SECONDS_PER_DAY * NANOSECONDS_PER_SECOND;

/// The time of rows: nanoseconds since 1970-01-01 00:00:00 UTC, by the clock of the machine.
pub(crate) fn wall_clock_ns() -> i64 {
    sync::wall_clock_us().saturating_mul(1_000)
}

/// A day: days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Date(pub i32);

/// A point in time: nanoseconds since 1970-01-01 00:00:00 UTC. Years 1677 to 2262.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Timestamp(pub i64);

/// A point in time, kept in UTC: nanoseconds since 1970-01-01 00:00:00. Years 1677 to 2262.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct TimestampTz(pub i64);

/// A time of day: nanoseconds since midnight, up to the day's end itself, 24:00:00.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Time(pub i64);

impl Time {
    /// Whether the number is a time of day.
    pub fn is_valid(nanoseconds: i64) -> bool {
        (0..=NANOSECONDS_PER_DAY).contains(&nanoseconds)
    }
}

impl Date {
    /// The day of a calendar date, if it exists.
    pub fn from_civil(year: i64, month: u32, day: u32) -> Option<Date> {
        let valid =
            (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&i64::from(day));
        let in_range = (-6_000_000..6_000_000).contains(&year);
        if !valid || !in_range {
            return None;
        }
        i32::try_from(days_from_civil(year, month, day)).ok().map(Date)
    }

    /// Year, month and day. Year 0 is 1 BC.
    pub fn to_civil(self) -> (i64, u32, u32) {
        civil_from_days(i64::from(self.0))
    }
}

impl Timestamp {
    /// The day that the point in time belongs to.
    pub fn date(self) -> Date {
        #[expect(clippy::cast_possible_truncation, reason = "at most 106,752 days")]
        let days = self.0.div_euclid(NANOSECONDS_PER_DAY) as i32;
        Date(days)
    }
}

impl TryFrom<Date> for Timestamp {
    type Error = Error;

    fn try_from(date: Date) -> Result<Timestamp> {
        let nanoseconds = i64::from(date.0).checked_mul(NANOSECONDS_PER_DAY);
        nanoseconds.map(Timestamp).ok_or_else(|| out_of_range(&date.to_string()))
    }
}

/// Rounds a timestamp to `precision` digits of the second's fraction, halves up.
///
/// # Errors
/// 22008 when the rounded time is after the last timestamp.
pub fn round_fraction(timestamp: i64, precision: u8) -> Result<i64> {
    let step = 10_i64.pow(9 - u32::from(precision.min(9)));
    let remainder = timestamp.rem_euclid(step);
    let down = timestamp.checked_sub(remainder);
    let rounded = if remainder * 2 < step || step == 1 {
        down
    } else {
        timestamp.checked_add(step - remainder)
    };
    rounded.ok_or_else(|| out_of_range(&Timestamp(timestamp).to_string()))
}

// Years are counted from March, so that the day that leap years add is the last of the year; an
// era is the 400 years after which the calendar repeats.

/// Days since 1970-01-01 of a calendar date; nobody looks whether it exists. Year 0 is 1 BC.
pub fn days_from_civil(year: i64, month: impl Into<i64>, day: impl Into<i64>) -> i64 {
    let (month, day) = (month.into(), day.into());
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day; year 0 is 1 BC.
pub fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    #[expect(clippy::cast_possible_truncation, reason = "months and days are below 32")]
    #[expect(clippy::cast_sign_loss, reason = "months and days are positive")]
    let (month, day) = (month as u32, day as u32);
    (year, month, day)
}

/// Days of a month.
pub fn days_in_month(year: i64, month: impl Into<i64>) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month.into() {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.to_civil();
        if year > 0 {
            write!(f, "{year:04}-{month:02}-{day:02}")
        } else {
            write!(f, "{:04}-{month:02}-{day:02} BC", 1 - year)
        }
    }
}

impl fmt::Display for Timestamp {
    /// `YYYY-MM-DD HH:MM:SS`, then as much of the fraction as is not zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date(), Time(self.0.rem_euclid(NANOSECONDS_PER_DAY)))
    }
}

impl fmt::Display for TimestampTz {
    /// As a timestamp, then `+00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+00", Timestamp(self.0))
    }
}

impl fmt::Display for Time {
    /// `HH:MM:SS`, then as much of the fraction as is not zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, fraction) =
            (self.0 / NANOSECONDS_PER_SECOND, self.0 % NANOSECONDS_PER_SECOND);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{hour:02}:{minute:02}:{second:02}")?;
        if fraction != 0 {
            let digits = format!("{fraction:09}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl FromStr for TimestampTz {
    type Err = Error;

    /// As a timestamp; without a zone the time is UTC's.
    fn from_str(text: &str) -> Result<TimestampTz> {
        text.parse::<Timestamp>().map(|point| TimestampTz(point.0))
    }
}

impl FromStr for Time {
    type Err = Error;

    /// `HH:MM[:SS[.fffffffff]]`, and `24:00:00`.
    fn from_str(text: &str) -> Result<Time> {
        let trimmed = text.trim();
        if matches!(trimmed, "24:00" | "24:00:00") {
            return Ok(Time(NANOSECONDS_PER_DAY));
        }
        if trimmed.contains(['Z', 'z', '+', '-']) {
            return Err(invalid(text));
        }
        parse_time(trimmed).map(Time).ok_or_else(|| invalid(text))
    }
}

impl FromStr for Date {
    type Err = Error;

    /// `YYYY-MM-DD`, years from 1 on, or with ` BC`.
    fn from_str(text: &str) -> Result<Date> {
        let (body, before_christ) = match text.trim().strip_suffix(" BC") {
            Some(body) => (body, true),
            None => (text.trim(), false),
        };
        let (year, month, day) = parse_date(body).ok_or_else(|| invalid(text))?;
        let year = if before_christ { 1 - year } else { year };
        Date::from_civil(year, month, day).ok_or_else(|| out_of_range(text))
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    /// `YYYY-MM-DD[( |T)HH:MM[:SS[.fffffffff]][Z|(+|-)HH[:MM]]]`; a zone is converted to UTC.
    fn from_str(text: &str) -> Result<Timestamp> {
        let trimmed = text.trim();
        let split = trimmed.find([' ', 'T', 't']).unwrap_or(trimmed.len());
        let (day, rest) = trimmed.split_at(split);
        let (year, month, day) = parse_date(day).ok_or_else(|| invalid(text))?;
        let date = Date::from_civil(year, month, day).ok_or_else(|| out_of_range(text))?;
        let of_day = match rest.get(1..) {
            None => 0,
            Some(time) => parse_time(time).ok_or_else(|| invalid(text))?,
        };
        // Computed wide, because a zone may bring a day outside of the range back into it.
        let total = i128::from(date.0) * i128::from(NANOSECONDS_PER_DAY) + i128::from(of_day);
        i64::try_from(total).map(Timestamp).map_err(|_| out_of_range(text))
    }
}

fn parse_date(text: &str) -> Option<(i64, u32, u32)> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let year = parse_digits(year, 4, 7)?;
    // There is no year 0 in text: 1 BC is written as such.
    let valid = year > 0;
    let (month, day) = (parse_digits(month, 1, 2)?, parse_digits(day, 1, 2)?);
    valid.then_some((year, u32::try_from(month).ok()?, u32::try_from(day).ok()?))
}

/// Nanoseconds of the day in UTC; a zone may take it below zero or past the day's end.
fn parse_time(text: &str) -> Option<i64> {
    let zone_at = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone_at);
    let (clock, fraction) = match clock.trim_end().split_once('.') {
        Some((clock, fraction)) => (clock, parse_fraction(fraction)?),
        None => (clock.trim_end(), 0),
    };
    let mut parts = clock.splitn(3, ':');
    let hour = parse_digits(parts.next()?, 1, 2)?;
    let minute = parse_digits(parts.next()?, 2, 2)?;
    let second = parts.next();
    if hour > 23 || minute > 59 || (second.is_none() && fraction != 0) {
        return None;
    }
    let second = second.map_or(Some(0), |text| parse_digits(text, 2, 2))?;
    let seconds = hour * 3600 + minute * 60 + second - parse_zone(zone)?;
    (second <= 59).then_some(seconds * NANOSECONDS_PER_SECOND + fraction)
}

/// The fraction of a second in nanoseconds; digits past the ninth are rounded, halves up.
fn parse_fraction(text: &str) -> Option<i64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digit = |index: usize| text.as_bytes().get(index).map_or(0, |byte| i64::from(byte - b'0'));
    let nanoseconds = (0..9).fold(0, |sum, index| sum * 10 + digit(index));
    Some(nanoseconds + i64::from(digit(9) >= 5))
}

/// Seconds east of UTC.
fn parse_zone(text: &str) -> Option<i64> {
    let (sign, digits) = match text.split_at_checked(1) {
        None => return Some(0),
        Some(("Z" | "z", "")) => return Some(0),
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        Some(_) => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "00"),
    };
    let (hours, minutes) = (parse_digits(hours, 1, 2)?, parse_digits(minutes, 2, 2)?);
    (hours <= 15 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

fn parse_digits(text: &str, least: usize, most: usize) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || text.len() < least || text.len() > most {
        return None;
    }
    text.parse().ok()
}

fn invalid(text: &str) -> Error {
    Error::invalid(format!("invalid date or time: \"{text}\"")).with_sqlstate("22007")
}

fn out_of_range(text: &str) -> Error {
    Error::invalid(format!("date or time out of range: \"{text}\"")).with_sqlstate("22008")
}
