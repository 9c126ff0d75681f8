//! Spans of time: months, days and microseconds, which have no fixed lengths among one another.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use bourse_storage::{Error, Result};

const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
const MICROSECONDS_PER_DAY: i128 = 86_400 * 1_000_000;
const DAYS_PER_MONTH: i128 = 30;

/// A span of time. Two are compared by their lengths, a month taken for 30 days and a day for 24
/// hours, as in PostgreSQL: `P1M` equals `P30D` and is another span all the same.
#[derive(Clone, Copy, Default, Debug)]
pub struct Interval {
    /// Months.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub microseconds: i64,
}

impl Interval {
    /// The length that intervals are compared by, in microseconds.
    pub fn length(self) -> i128 {
        let days = i128::from(self.months) * DAYS_PER_MONTH + i128::from(self.days);
        days * MICROSECONDS_PER_DAY + i128::from(self.microseconds)
    }

    /// The bytes in rows: months, days, microseconds, little-endian.
    pub(crate) fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&self.months.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.days.to_le_bytes());
        bytes[8..].copy_from_slice(&self.microseconds.to_le_bytes());
        bytes
    }

    /// What [`Interval::to_bytes`] made bytes of.
    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Interval {
        let [m0, m1, m2, m3, d0, d1, d2, d3, time @ ..] = bytes;
        Interval {
            months: i32::from_le_bytes([m0, m1, m2, m3]),
            days: i32::from_le_bytes([d0, d1, d2, d3]),
            microseconds: i64::from_le_bytes(time),
        }
    }
}

impl PartialEq for Interval {
    fn eq(&self, other: &Interval) -> bool {
        self.length() == other.length()
    }
}

impl Eq for Interval {}

impl PartialOrd for Interval {
    fn partial_cmp(&self, other: &Interval) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Interval {
    fn cmp(&self, other: &Interval) -> Ordering {
        self.length().cmp(&other.length())
    }
}

impl Hash for Interval {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.length().hash(state);
    }
}

impl fmt::Display for Interval {
    /// ISO 8601: `P1Y2M3DT4H5M6.5S`, each part with a sign of its own if it is negative.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (years, months) = (self.months / 12, self.months % 12);
        let seconds = self.microseconds / MICROSECONDS_PER_SECOND;
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        let rest = self.microseconds - (hours * 3600 + minutes * 60) * MICROSECONDS_PER_SECOND;
        let dated = [(i64::from(years), 'Y'), (i64::from(months), 'M'), (self.days.into(), 'D')];
        f.write_str("P")?;
        for (count, unit) in dated.into_iter().filter(|(count, _)| *count != 0) {
            write!(f, "{count}{unit}")?;
        }
        let is_empty = self.months == 0 && self.days == 0;
        if self.microseconds == 0 && !is_empty {
            return Ok(());
        }
        f.write_str("T")?;
        for (count, unit) in [(hours, 'H'), (minutes, 'M')] {
            if count != 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        if rest != 0 || self.microseconds == 0 {
            let sign = if rest < 0 { "-" } else { "" };
            let (whole, fraction) =
                (rest.abs() / MICROSECONDS_PER_SECOND, rest.abs() % MICROSECONDS_PER_SECOND);
            write!(f, "{sign}{whole}")?;
            if fraction != 0 {
                write!(f, ".{}", format!("{fraction:06}").trim_end_matches('0'))?;
            }
            f.write_str("S")?;
        }
        Ok(())
    }
}

impl FromStr for Interval {
    type Err = Error;

    /// ISO 8601 with designators: `P1Y2M3W4DT5H6M7.5S`, each part once, in this order, with a sign
    /// or none. (PostgreSQL's other spellings are the SQL layer's.)
    fn from_str(text: &str) -> Result<Interval> {
        let invalid = || {
            let message =
                format!("invalid interval: \"{text}\"; intervals are like P1Y2M3DT4H5M6.5S");
            Error::invalid(message).with_sqlstate("22007")
        };
        let out_of_range =
            || Error::invalid(format!("interval out of range: \"{text}\"")).with_sqlstate("22015");
        let body = text.trim().strip_prefix('P').filter(|body| !body.is_empty());
        let (dated, timed) = match body.ok_or_else(invalid)?.split_once('T') {
            Some((_, "")) => return Err(invalid()),
            Some((dated, timed)) => (dated, timed),
            None => (body.unwrap_or_default(), ""),
        };
        let [years, months, weeks, days] =
            parts(dated, ['Y', 'M', 'W', 'D']).ok_or_else(invalid)?;
        let [hours, minutes, seconds, _] =
            parts(timed, ['H', 'M', 'S', '?']).ok_or_else(invalid)?;
        let whole = |micros: i128| micros % MICROSECONDS == 0;
        if ![years, months, weeks, days, hours, minutes].into_iter().all(whole) {
            return Err(invalid());
        }
        let narrow = |count: i128| i32::try_from(count / MICROSECONDS).map_err(|_| out_of_range());
        Ok(Interval {
            months: narrow(years * 12 + months)?,
            days: narrow(weeks * 7 + days)?,
            microseconds: i64::try_from(hours * 3600 + minutes * 60 + seconds)
                .map_err(|_| out_of_range())?,
        })
    }
}

const MICROSECONDS: i128 = 1_000_000;

/// The numbers before each of the units, in millionths; each unit at most once, in this order.
fn parts(text: &str, units: [char; 4]) -> Option<[i128; 4]> {
    let mut found = [0; 4];
    let (mut rest, mut from) = (text, 0);
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let unit = rest[end..].chars().next()?;
        let at = from + units[from..].iter().position(|known| *known == unit)?;
        found[at] = millionths(&rest[..end])?;
        (rest, from) = (&rest[end + 1..], at + 1);
    }
    Some(found)
}

fn millionths(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 20 || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let fraction: i128 = format!("{fraction:0<6.6}").parse().ok()?;
    Some(sign * (whole.parse::<i128>().ok()? * MICROSECONDS + fraction))
}
