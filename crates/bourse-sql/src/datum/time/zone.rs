//! Time zones: by name, by abbreviation, or as a distance from UTC.

use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, civil::DateTime};

use super::{DAY, HOUR, MINUTE, SECOND, civil, days_of};
use crate::datum::Instant;
use crate::error::{Result, SqlError};
use crate::function::Context;

/// A time zone.
#[derive(Clone, Debug)]
pub(crate) enum Zone {
    /// Seconds east of UTC.
    Fixed(i64),
    /// One with rules.
    Named(TimeZone),
}

/// Abbreviations that PostgreSQL knows without a setting, and their minutes east of UTC.
const ABBREVIATIONS: &[(&str, i64)] = &[
    ("utc", 0),
    ("gmt", 0),
    ("z", 0),
    ("zulu", 0),
    ("ut", 0),
    ("uct", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("cest", 120),
    ("met", 60),
    ("mest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("jst", 540),
    ("kst", 540),
    ("sgt", 480),
    ("hkt", 480),
    ("pht", 480),
    ("awst", 480),
    ("aest", 600),
    ("aedt", 660),
    ("acst", 570),
    ("acdt", 630),
    ("nzst", 720),
    ("nzdt", 780),
    ("nst", -210),
    ("ndt", -150),
    ("ast", -240),
    ("adt", -180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
];

/// The abbreviation's zone.
pub(crate) fn abbreviation(name: &str) -> Option<Zone> {
    let lower = name.to_ascii_lowercase();
    let found = ABBREVIATIONS.iter().find(|(known, _)| *known == lower);
    found.map(|(_, minutes)| Zone::Fixed(minutes * 60))
}

/// A zone of a name in the database of zones.
pub(crate) fn named(name: &str) -> Option<Zone> {
    TimeZone::get(name).ok().map(Zone::Named)
}

/// The name of a zone as PostgreSQL writes it, if there is such a zone.
pub(crate) fn canonical(name: &str) -> Option<String> {
    if let Ok(zone) = TimeZone::get(name) {
        return Some(zone.iana_name().unwrap_or(name).to_owned());
    }
    let known = abbreviation(name).map(|_| name.to_ascii_uppercase());
    known.or_else(|| posix(name).map(|_| name.to_owned()))
}

/// A zone as AT TIME ZONE takes it: distances have the sign of POSIX there, west of UTC.
///
/// # Errors
/// 22023 when there is none of the name.
pub(crate) fn of_text(text: &str) -> Result<Zone> {
    let found = abbreviation(text).or_else(|| named(text)).or_else(|| posix(text));
    found.ok_or_else(|| SqlError::new("22023", format!("time zone \"{text}\" not recognized")))
}

/// `[name]+hours[:minutes]`, counted to the west.
pub(super) fn posix(text: &str) -> Option<Zone> {
    let rest = match text.strip_prefix('<') {
        Some(rest) => rest.split_once('>')?.1,
        None => text.trim_start_matches(|c: char| c.is_ascii_alphabetic()),
    };
    offset(rest).map(|seconds| Zone::Fixed(-seconds))
}

/// Seconds of `[+-]HH[[:]MM[[:]SS]]`.
pub(crate) fn offset(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let parts: Vec<&str> = digits.split(':').collect();
    let number = |part: &str| {
        let valid = !part.is_empty() && part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
        valid.then(|| part.parse::<i64>().ok()).flatten()
    };
    let (hours, minutes, seconds) = match parts.as_slice() {
        [all] if all.len() == 4 || all.len() == 3 => {
            let (hours, minutes) = all.split_at_checked(all.len() - 2)?;
            (number(hours)?, number(minutes)?, 0)
        }
        [hours] => (number(hours)?, 0, 0),
        [hours, minutes] => (number(hours)?, number(minutes)?, 0),
        [hours, minutes, seconds] => (number(hours)?, number(minutes)?, number(seconds)?),
        _ => return None,
    };
    let valid = hours <= 15 && minutes < 60 && seconds < 60;
    valid.then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

/// The session's zone.
pub(crate) fn session(context: &dyn Context) -> Zone {
    let Some(name) = context.setting("timezone") else {
        return Zone::Fixed(0);
    };
    if let Ok(hours) = name.trim().parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "a few hours")]
        return Zone::Fixed((hours * 3600.0) as i64);
    }
    named(&name).or_else(|| abbreviation(&name)).or_else(|| posix(&name)).unwrap_or(Zone::Fixed(0))
}

impl Zone {
    /// Seconds east of UTC at a point in time; beyond the years that zones have rules for, the ones
    /// of the last.
    pub(crate) fn offset_at(&self, micros: i64) -> i64 {
        match self {
            Zone::Fixed(seconds) => *seconds,
            Zone::Named(zone) => {
                let seconds = micros.div_euclid(SECOND);
                let (least, most) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
                let timestamp = Timestamp::from_second(seconds.clamp(least, most));
                timestamp.map_or(0, |timestamp| i64::from(zone.to_offset(timestamp).seconds()))
            }
        }
    }

    /// The local time of a point in time, in microseconds as if it were UTC.
    pub(crate) fn to_local(&self, instant: Instant) -> Result<Instant> {
        self.shift(instant, self.offset_at(instant.micros))
    }

    /// The point in time of a local time. What clocks skip counts from before, what they show twice
    /// is the second.
    pub(crate) fn to_utc(&self, local: Instant) -> Result<Instant> {
        let offset = match self {
            Zone::Fixed(seconds) => *seconds,
            Zone::Named(zone) => match civil_time(local.micros) {
                None => self.offset_at(local.micros),
                Some(time) => match zone.to_ambiguous_timestamp(time).offset() {
                    AmbiguousOffset::Unambiguous { offset } => i64::from(offset.seconds()),
                    AmbiguousOffset::Gap { before, .. } => i64::from(before.seconds()),
                    AmbiguousOffset::Fold { after, .. } => i64::from(after.seconds()),
                },
            },
        };
        self.shift(local, -offset)
    }

    fn shift(&self, instant: Instant, seconds: i64) -> Result<Instant> {
        if !instant.is_finite() {
            return Ok(instant);
        }
        let micros =
            instant.micros.checked_add(seconds * SECOND).ok_or_else(super::out_of_range)?;
        Ok(Instant { micros, nanos: instant.nanos })
    }

    /// The zone's abbreviation at a point in time.
    pub(crate) fn abbreviation_at(&self, micros: i64) -> String {
        match self {
            Zone::Fixed(0) => "UTC".to_owned(),
            Zone::Fixed(seconds) => offset_text(*seconds),
            Zone::Named(zone) => {
                let seconds = micros.div_euclid(SECOND);
                let (least, most) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
                let timestamp = Timestamp::from_second(seconds.clamp(least, most));
                timestamp.map_or_else(
                    |_| String::new(),
                    |timestamp| zone.to_offset_info(timestamp).abbreviation().to_owned(),
                )
            }
        }
    }
}

/// `+HH[:MM[:SS]]`.
pub(crate) fn offset_text(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let magnitude = seconds.abs();
    let (hours, minutes, rest) = (magnitude / 3600, magnitude / 60 % 60, magnitude % 60);
    match (minutes, rest) {
        (0, 0) => format!("{sign}{hours:02}"),
        (_, 0) => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{rest:02}"),
    }
}

fn civil_time(micros: i64) -> Option<DateTime> {
    let (days, of_day) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (year, month, day) = civil(days);
    DateTime::new(
        i16::try_from(year).ok().filter(|year| (-9_998..=9_998).contains(year))?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
        i8::try_from(of_day / HOUR).ok()?,
        i8::try_from(of_day / MINUTE % 60).ok()?,
        i8::try_from(of_day / SECOND % 60).ok()?,
        0,
    )
    .ok()
}

/// Microseconds since 1970 of a local date and time.
pub(crate) fn micros_of(year: i64, month: i64, day: i64, of_day: i64) -> Result<i64> {
    let micros = days_of(year, month, day).checked_mul(DAY).and_then(|m| m.checked_add(of_day));
    micros.ok_or_else(super::out_of_range)
}
