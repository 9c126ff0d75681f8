//! SQLite's `date(text)` with one argument, digit for digit: what its expression indexes and GROUP
//! BYs over texts of times contain must be the same here.
//!
//! | TEXT | DAY |
//! |---|---|
//! | `[-]YYYY-MM-DD`, then spaces or `T`, then a time or nothing | that day |
//! | `HH:MM[:SS[.fff]][ ZONE]` alone | of 2000-01-01 |
//! | a number | a Julian day, from noon to noon |
//! | `now`, `subsec`, `subsecond` | an error: a definition does not read the clock |
//! | anything else | NULL |
//!
//! A zone is `Z` or `+HH:MM` up to 14 hours, and brings the time to UTC; hour 24 is taken. A day is
//! 1 to 31 whatever the month, and what the month lacks lies in the next one.
//!
//! Days are counted as SQLite counts, in milliseconds since noon of -4713-11-24, and by the same
//! operations on doubles, which IEEE 754 makes the same on every machine.

use bourse_storage::{Error, Result};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// The last millisecond of the year 9999.
const LAST: i64 = 464_269_060_799_999;

/// What has been read of a text.
#[derive(Clone, Copy, Default)]
struct Parts {
    /// Year, month and day of the month, if they were given.
    day: Option<(i32, i32, i32)>,
    time: Option<Time>,
}

#[derive(Clone, Copy)]
struct Time {
    /// Milliseconds of the day.
    milliseconds: i64,
    /// Minutes east of UTC.
    zone: i64,
}

/// `YYYY-MM-DD` of the text, or `None` for NULL.
///
/// # Errors
/// `InvalidInput` (22007) for a text that means the present.
pub(super) fn date(text: &str) -> Result<Option<String>> {
    // SQLite's texts end at the first NUL.
    let bytes = text.as_bytes().split(|byte| *byte == 0).next().unwrap_or_default();
    let is = |word: &str| bytes.eq_ignore_ascii_case(word.as_bytes());
    if let Some(parts) = parse(bytes) {
        return Ok(of_parts(parts).map(write));
    }
    if is("now") || is("subsec") || is("subsecond") {
        let message = format!("date('{text}') depends on the clock: definitions may not use it");
        return Err(Error::invalid(message).with_sqlstate("22007"));
    }
    Ok(number(bytes).and_then(of_number).map(write))
}

/// A day and a time, or one of them.
fn parse(bytes: &[u8]) -> Option<Parts> {
    with_day(bytes).or_else(|| Some(Parts { day: None, time: Some(parse_time(bytes)?) }))
}

fn with_day(bytes: &[u8]) -> Option<Parts> {
    let (negative, bytes) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let (year, bytes) = digits(bytes, 4, 0, 9_999)?;
    let (month, bytes) = digits(bytes.strip_prefix(b"-")?, 2, 1, 12)?;
    let (day, bytes) = digits(bytes.strip_prefix(b"-")?, 2, 1, 31)?;
    let gap = bytes.iter().take_while(|byte| is_space(**byte) || **byte == b'T').count();
    let rest = &bytes[gap..];
    let time = if rest.is_empty() { None } else { Some(parse_time(rest)?) };
    Some(Parts { day: Some((if negative { -year } else { year }, month, day)), time })
}

fn parse_time(bytes: &[u8]) -> Option<Time> {
    let (hour, bytes) = digits(bytes, 2, 0, 24)?;
    let (minute, mut bytes) = digits(bytes.strip_prefix(b":")?, 2, 0, 59)?;
    let mut second = 0.0;
    if let Some(rest) = bytes.strip_prefix(b":") {
        let (whole, rest) = digits(rest, 2, 0, 59)?;
        second = f64::from(whole);
        bytes = rest;
        if let Some(rest) = bytes.strip_prefix(b".") {
            let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if count > 0 {
                second += fraction(&rest[..count]);
                bytes = &rest[count..];
            }
        }
    }
    let zone = parse_zone(bytes)?;
    // More digits than a double has room for leave no number at all, and no day.
    if second.is_nan() {
        return Some(Time { milliseconds: i64::MIN / 2, zone });
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 60,000")]
    let of_minute = (second * 1_000.0 + 0.5) as i64;
    let milliseconds = i64::from(hour) * 3_600_000 + i64::from(minute) * 60_000 + of_minute;
    Some(Time { milliseconds, zone })
}

/// The fraction of a second, never so near to 1 that it would be rounded to it.
fn fraction(digits: &[u8]) -> f64 {
    let (mut value, mut scale) = (0.0, 1.0);
    for digit in digits {
        value = value * 10.0 + f64::from(*digit) - 48.0;
        scale *= 10.0;
    }
    let fraction: f64 = value / scale;
    if fraction > 0.999 { 0.999 } else { fraction }
}

fn parse_zone(bytes: &[u8]) -> Option<i64> {
    let trimmed = trim_start(bytes);
    let (sign, rest) = match trimmed {
        [] => return Some(0),
        [b'Z' | b'z', rest @ ..] => return trim_start(rest).is_empty().then_some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2, 0, 14)?;
    let (minutes, rest) = digits(rest.strip_prefix(b":")?, 2, 0, 59)?;
    trim_start(rest).is_empty().then_some(sign * i64::from(hours * 60 + minutes))
}

/// A number of exactly so many digits, and what follows it.
fn digits(bytes: &[u8], count: usize, least: i32, most: i32) -> Option<(i32, &[u8])> {
    let (number, rest) = bytes.split_at_checked(count)?;
    if !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = number.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    (least..=most).contains(&value).then_some((value, rest))
}

fn trim_start(bytes: &[u8]) -> &[u8] {
    let spaces = bytes.iter().take_while(|byte| is_space(**byte)).count();
    &bytes[spaces..]
}

/// A space of C's locale, vertical tabs among them.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Year, month and day of what was read, where SQLite has such a day.
fn of_parts(parts: Parts) -> Option<(i32, i32, i32)> {
    let (year, month, day) = parts.day.unwrap_or((2000, 1, 1));
    if year < -4713 {
        return None;
    }
    let mut milliseconds = noon_days(year, month, day) * DAY - DAY / 2;
    let mut is_moved = false;
    if let Some(time) = parts.time {
        milliseconds += time.milliseconds - time.zone * 60_000;
        is_moved = time.zone != 0;
    }
    if !is_valid(milliseconds) {
        return None;
    }
    // A day that every month has is told as it was given, even where hour 24 is another day.
    if parts.day.is_some() && day <= 28 && !is_moved {
        return Some((year, month, day));
    }
    Some(of_milliseconds(milliseconds))
}

/// The Julian day that begins at the day's noon (Meeus, page 61).
fn noon_days(year: i32, month: i32, day: i32) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 12) } else { (year, month) };
    let century = (year + 4_800) / 100;
    let correction = 38 - century + century / 4;
    let of_years = 36_525 * (year + 4_716) / 100;
    let of_months = 306_001 * (month + 1) / 10_000;
    i64::from(of_years + of_months + day + correction) - 1_524
}

fn is_valid(milliseconds: i64) -> bool {
    (0..=LAST).contains(&milliseconds)
}

#[expect(clippy::cast_possible_truncation, reason = "SQLite cuts fractions off here")]
fn of_milliseconds(milliseconds: i64) -> (i32, i32, i32) {
    let days = ((milliseconds + DAY / 2) / DAY) as i32;
    let alpha = ((f64::from(days) + 32_044.75) / 36_524.25) as i32 - 52;
    let a = days + 1 + alpha - (alpha + 100) / 4 + 25;
    let b = a + 1_524;
    let c = ((f64::from(b) - 122.1) / 365.25) as i32;
    let d = 36_525 * (c & 32_767) / 100;
    let e = (f64::from(b - d) / 30.6001) as i32;
    let day = b - d - (30.6001 * f64::from(e)) as i32;
    let month = if e < 14 { e - 1 } else { e - 13 };
    let year = if month > 2 { c - 4_716 } else { c - 4_715 };
    (year, month, day)
}

/// The day of a Julian day number.
#[expect(clippy::cast_possible_truncation, reason = "the number is below 5,373,484.5")]
fn of_number(number: f64) -> Option<(i32, i32, i32)> {
    if !(0.0..5_373_484.5).contains(&number) {
        return None;
    }
    let milliseconds = (number * 86_400_000.0 + 0.5) as i64;
    is_valid(milliseconds).then(|| of_milliseconds(milliseconds))
}

/// The number that the whole text is: `[+-]digits[.digits][E[+-]digits]`, of which SQLite looks at
/// the first 19 digits or so.
fn number(bytes: &[u8]) -> Option<f64> {
    const ENOUGH: u64 = (u64::MAX - 9) / 10;
    let (negative, mut rest) = match trim_start(bytes) {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (mut mantissa, mut exponent, mut is_number) = (0_u64, 0_i64, false);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        if mantissa < ENOUGH {
            mantissa = mantissa * 10 + u64::from(digit - b'0');
        } else {
            exponent += 1;
        }
        (rest, is_number) = (after, true);
    }
    if let [b'.', after @ ..] = rest {
        rest = after;
        while let [digit @ b'0'..=b'9', after @ ..] = rest {
            if mantissa < ENOUGH {
                mantissa = mantissa * 10 + u64::from(digit - b'0');
                exponent -= 1;
            }
            (rest, is_number) = (after, true);
        }
    }
    if !is_number {
        return None;
    }
    if let [b'e' | b'E', after @ ..] = rest {
        let (sign, after) = match after {
            [b'-', after @ ..] => (-1, after),
            [b'+', after @ ..] => (1, after),
            after => (1, after),
        };
        let count = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let power = after[..count].iter().fold(0_i64, |power, digit| {
            if power < 10_000 { power * 10 + i64::from(digit - b'0') } else { 10_000 }
        });
        exponent += sign * power;
        // An `e` without digits is no part of a number.
        rest = if count > 0 { &after[count..] } else { rest };
    }
    let value: f64 = format!("{mantissa}e{exponent}").parse().ok()?;
    trim_start(rest).is_empty().then_some(if negative { -value } else { value })
}

fn write((year, month, day): (i32, i32, i32)) -> String {
    let sign = if year < 0 { "-" } else { "" };
    format!("{sign}{:04}-{month:02}-{day:02}", year.abs())
}
