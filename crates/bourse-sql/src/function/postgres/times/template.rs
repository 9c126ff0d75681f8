//! `to_char` of times: PostgreSQL's template patterns.

use ecow::EcoString;

use super::{DAY, HOUR, MINUTE, SECOND, civil, days_of};
use crate::datum::time::{MONTHS, WEEKDAYS, iso_week, weekday, zone};
use crate::datum::{Datum, Instant, Interval};
use crate::error::{Result, SqlError};
use crate::function::arguments::{interval as span, text, timestamp, timestamp_tz};
use crate::function::signature::Shape::{Interval as Span, Text, Timestamp, TimestampTz};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// Patterns, longer ones before their beginnings.
const PATTERNS: &[&str] = &[
    "SSSSS", "SSSS", "YYYY", "Y,YYY", "IYYY", "IDDD", "MONTH", "Month", "month", "HH24", "HH12",
    "A.D.", "a.d.", "B.C.", "b.c.", "A.M.", "a.m.", "P.M.", "p.m.", "YYY", "IYY", "DDD", "DAY",
    "Day", "day", "MON", "Mon", "mon", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "TZH", "TZM",
    "HH", "MI", "SS", "MS", "US", "AM", "am", "PM", "pm", "AD", "ad", "BC", "bc", "YY", "IY", "MM",
    "DD", "DY", "Dy", "dy", "ID", "WW", "IW", "CC", "RM", "rm", "TZ", "tz", "OF", "Y", "I", "D",
    "W", "J", "Q",
];

/// A time taken apart.
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    days: i64,
    /// Microseconds of the day, or of an interval all of them.
    clock: i64,
    zone: Option<(String, i64)>,
    is_interval: bool,
}

fn of_local(local: Instant, zone: Option<(String, i64)>) -> Parts {
    let (days, clock) = (local.micros.div_euclid(DAY), local.micros.rem_euclid(DAY));
    let (year, month, day) = civil(days);
    Parts { year, month, day, days, clock, zone, is_interval: false }
}

fn of_interval(value: &Interval) -> Parts {
    Parts {
        year: i64::from(value.months / 12),
        month: i64::from(value.months % 12),
        day: i64::from(value.days),
        days: 0,
        clock: value.micros,
        zone: None,
        is_interval: true,
    }
}

/// A number with zeros before it, unless the pattern says FM.
fn digits(value: i64, width: usize, fill: bool) -> String {
    let width = if !fill {
        0
    } else if value < 0 {
        width + 1
    } else {
        width
    };
    format!("{value:0width$}")
}

fn name(names: &[&str], index: i64, pattern: &str, fill: bool) -> String {
    let lower =
        usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or("");
    let first_two: Vec<char> = pattern.chars().take(2).collect();
    let cased = match first_two.as_slice() {
        [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => lower.to_ascii_uppercase(),
        [a, _] if a.is_ascii_uppercase() => {
            let mut cased = lower[..1].to_ascii_uppercase();
            cased.push_str(&lower[1..]);
            cased
        }
        _ => lower.to_owned(),
    };
    if pattern.len() <= 3 && !matches!(pattern, "DAY" | "Day" | "day") {
        return cased[..3].to_owned();
    }
    if fill { format!("{cased:<9}") } else { cased }
}

/// The ending of an ordinal.
pub(in crate::function::postgres) fn ordinal(number: &str, upper: bool) -> &'static str {
    let digits = number.as_bytes();
    let last = digits.last().copied().unwrap_or(b'0');
    let teen = digits.len() > 1 && digits[digits.len() - 2] == b'1';
    match (teen, last, upper) {
        (false, b'1', false) => "st",
        (false, b'2', false) => "nd",
        (false, b'3', false) => "rd",
        (_, _, false) => "th",
        (false, b'1', true) => "ST",
        (false, b'2', true) => "ND",
        (false, b'3', true) => "RD",
        (_, _, true) => "TH",
    }
}

const ROMAN: [&str; 12] =
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

impl Parts {
    fn hour(&self) -> i64 {
        self.clock / HOUR
    }

    fn fraction(&self, count: usize, fill: bool) -> String {
        let micros = (self.clock % SECOND).abs();
        let value = micros / 10_i64.pow(6 - u32::try_from(count).unwrap_or(6).min(6));
        if fill || count != 3 { format!("{value:0count$}") } else { value.to_string() }
    }

    /// Years count from 1 before Christ too.
    fn shown_year(&self) -> i64 {
        if self.year > 0 || self.is_interval { self.year } else { 1 - self.year }
    }

    fn century(&self) -> i64 {
        if self.is_interval {
            return self.year / 100;
        }
        if self.year > 0 { (self.year - 1) / 100 + 1 } else { self.year / 100 - 1 }
    }

    fn clock_pattern(&self, pattern: &str, fill: bool) -> Option<String> {
        let hour = self.hour();
        Some(match pattern {
            "HH" | "HH12" => {
                let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
                // There is room for the sign of a negative hour, also where 12 stands for it.
                digits(twelve, if hour < 0 && twelve > 0 { 3 } else { 2 }, fill)
            }
            "HH24" => digits(hour, 2, fill),
            "MI" => digits(self.clock / MINUTE % 60, 2, fill),
            "SS" => digits(self.clock / SECOND % 60, 2, fill),
            "MS" => self.fraction(3, true),
            "US" => self.fraction(6, true),
            "SSSS" | "SSSSS" => (self.clock / SECOND).to_string(),
            "AM" | "PM" => (if hour % 24 >= 12 { "PM" } else { "AM" }).to_owned(),
            "am" | "pm" => (if hour % 24 >= 12 { "pm" } else { "am" }).to_owned(),
            "A.M." | "P.M." => (if hour % 24 >= 12 { "P.M." } else { "A.M." }).to_owned(),
            "a.m." | "p.m." => (if hour % 24 >= 12 { "p.m." } else { "a.m." }).to_owned(),
            _ => match pattern.strip_prefix("FF") {
                Some(count) => self.fraction(count.parse().ok()?, true),
                None => return None,
            },
        })
    }

    fn zone_pattern(&self, pattern: &str) -> Option<String> {
        let (name, offset) = match &self.zone {
            Some((name, offset)) => (name.as_str(), *offset),
            None => ("", 0),
        };
        let sign = if offset < 0 { '-' } else { '+' };
        Some(match pattern {
            "TZ" => name.to_uppercase(),
            "tz" => name.to_lowercase(),
            "TZH" => format!("{sign}{:02}", offset.abs() / 3600),
            "TZM" => format!("{:02}", offset.abs() / 60 % 60),
            "OF" => {
                let minutes = offset.abs() / 60 % 60;
                let rest = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
                format!("{sign}{:02}{rest}", offset.abs() / 3600)
            }
            _ => return None,
        })
    }

    fn year_pattern(&self, pattern: &str, fill: bool) -> Option<String> {
        let year = self.shown_year();
        let iso = match iso_week(self.days).0 {
            _ if self.is_interval => self.year,
            iso if iso > 0 => iso,
            iso => 1 - iso,
        };
        Some(match pattern {
            "YYYY" => digits(year, 4, fill),
            "YYY" => digits(year % 1_000, 3, fill),
            "YY" => digits(year % 100, 2, fill),
            "Y" => digits(year % 10, 1, fill),
            "Y,YYY" => format!("{},{:03}", year / 1_000, year % 1_000),
            "IYYY" => digits(iso, 4, fill),
            "IYY" => digits(iso % 1_000, 3, fill),
            "IY" => digits(iso % 100, 2, fill),
            "I" => digits(iso % 10, 1, fill),
            "AD" | "BC" => (if self.year > 0 { "AD" } else { "BC" }).to_owned(),
            "ad" | "bc" => (if self.year > 0 { "ad" } else { "bc" }).to_owned(),
            "A.D." | "B.C." => (if self.year > 0 { "A.D." } else { "B.C." }).to_owned(),
            "a.d." | "b.c." => (if self.year > 0 { "a.d." } else { "b.c." }).to_owned(),
            "CC" => digits(self.century(), 2, fill),
            _ => return None,
        })
    }

    fn day_pattern(&self, pattern: &str, fill: bool) -> Option<String> {
        let of_week = weekday(self.days);
        let monday_first = (of_week + 6) % 7 + 1;
        let of_year = if self.is_interval {
            self.day + (self.month + self.year * 12) * 30
        } else {
            self.days - days_of(self.year, 1, 1) + 1
        };
        Some(match pattern {
            "MONTH" | "Month" | "month" | "MON" | "Mon" | "mon" if self.month == 0 => String::new(),
            "MONTH" | "Month" | "month" | "MON" | "Mon" | "mon" => {
                name(&MONTHS, self.month - 1, pattern, fill)
            }
            "MM" => digits(self.month, 2, fill),
            "DAY" | "Day" | "day" | "DY" | "Dy" | "dy" => name(&WEEKDAYS, of_week, pattern, fill),
            // A minus takes the place of a digit here.
            "DDD" if fill => format!("{of_year:03}"),
            "DDD" => of_year.to_string(),
            "IDDD" => {
                let (year, week) = iso_week(self.days);
                let _ = year;
                digits((week - 1) * 7 + monday_first, 3, fill)
            }
            "DD" if fill => format!("{:02}", self.day),
            "DD" => self.day.to_string(),
            "D" => (of_week + 1).to_string(),
            "ID" => monday_first.to_string(),
            "WW" => digits((of_year - 1) / 7 + 1, 2, fill),
            "IW" => digits(iso_week(self.days).1, 2, fill),
            "W" => ((self.day - 1) / 7 + 1).to_string(),
            "J" => (self.days + 2_440_588).to_string(),
            "Q" if self.month == 0 => String::new(),
            "Q" => ((self.month - 1) / 3 + 1).to_string(),
            "RM" | "rm" => {
                let index = usize::try_from(self.month - 1).ok();
                let roman = index.and_then(|index| ROMAN.get(index)).copied().unwrap_or("");
                let roman = if pattern == "rm" { roman.to_lowercase() } else { roman.to_owned() };
                if fill { format!("{roman:<4}") } else { roman }
            }
            _ => return None,
        })
    }
}

/// The pattern at the beginning of a template; upper and lower case are one where they say the
/// same.
pub(super) fn pattern_at(rest: &str) -> Option<&'static str> {
    let exact = PATTERNS.iter().find(|pattern| rest.starts_with(**pattern));
    let folded = || {
        PATTERNS.iter().find(|pattern| {
            let same = rest.get(..pattern.len()).is_some_and(|r| r.eq_ignore_ascii_case(pattern));
            same && pattern.bytes().all(|byte| !byte.is_ascii_lowercase())
        })
    };
    exact.or_else(folded).copied()
}

fn write(parts: &Parts, template: &str) -> Result<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            rest = quoted(&rest[1..], &mut out);
            continue;
        }
        if c == '\\' && rest[1..].starts_with('"') {
            out.push('"');
            rest = &rest[2..];
            continue;
        }
        let mut fill = true;
        let mut after = rest;
        loop {
            let prefix = after.get(..2).map(str::to_ascii_uppercase);
            match prefix.as_deref() {
                Some("FM") => fill = false,
                Some("TM") if pattern_at(&after[2..]).is_some() => {
                    return Err(SqlError::unsupported("TM in a template of to_char"));
                }
                Some("FX") => {}
                _ => break,
            }
            after = &after[2..];
        }
        let Some(pattern) = pattern_at(after) else {
            if after.len() < rest.len() {
                rest = after;
                continue;
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let written = parts
            .clock_pattern(pattern, fill)
            .or_else(|| parts.zone_pattern(pattern))
            .or_else(|| parts.year_pattern(pattern, fill))
            .or_else(|| parts.day_pattern(pattern, fill))
            .unwrap_or_default();
        rest = &after[pattern.len()..];
        let upper = rest.starts_with("TH");
        out.push_str(&written);
        if (upper || rest.starts_with("th")) && written.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push_str(ordinal(&written, upper));
            rest = &rest[2..];
        }
    }
    Ok(out)
}

/// A text in quotes, as it is.
fn quoted<'a>(text: &'a str, out: &mut String) -> &'a str {
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return &text[at + 1..],
            '\\' => {
                if let Some((_, c)) = characters.next() {
                    out.push(c);
                }
            }
            c => out.push(c),
        }
    }
    ""
}

fn made(parts: &Parts, template: &str) -> Result<Datum> {
    if template.is_empty() {
        return Ok(Datum::Null);
    }
    write(parts, template).map(|text| Datum::Text(EcoString::from(text)))
}

fn of_timestamp(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = timestamp(arguments, 0)?;
    if !value.is_finite() {
        return Ok(Datum::Null);
    }
    made(&of_local(value, None), text(arguments, 1)?)
}

fn of_zoned(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let value = timestamp_tz(arguments, 0)?;
    if !value.is_finite() {
        return Ok(Datum::Null);
    }
    let zone = zone::session(context);
    let shown = (zone.abbreviation_at(value.micros), zone.offset_at(value.micros));
    made(&of_local(zone.to_local(value)?, Some(shown)), text(arguments, 1)?)
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("to_char", &[Timestamp, Text], Text, of_timestamp).stable(),
    scalar("to_char", &[TimestampTz, Text], Text, of_zoned).stable(),
    scalar("to_char", &[Span, Text], Text, |a, _| made(&of_interval(span(a, 0)?), text(a, 1)?))
        .stable(),
];
