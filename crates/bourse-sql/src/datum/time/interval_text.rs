//! Intervals as text.

use super::interval::out_of_range;
use super::{DAY, HOUR, MINUTE, SECOND};
use crate::datum::Interval;
use crate::error::{Result, SqlError};

/// PostgreSQL's own form: `1 year 2 mons 3 days 04:05:06.5`.
pub(crate) fn text(interval: &Interval) -> String {
    let mut text = String::new();
    let mut is_negative = false;
    let parts =
        [(interval.months / 12, "year"), (interval.months % 12, "mon"), (interval.days, "day")];
    for (value, unit) in parts.into_iter().filter(|(value, _)| *value != 0) {
        let space = if text.is_empty() { "" } else { " " };
        let plus = if is_negative && value > 0 { "+" } else { "" };
        let plural = if value == 1 { "" } else { "s" };
        text.push_str(&format!("{space}{plus}{value} {unit}{plural}"));
        is_negative = value < 0;
    }
    if interval.micros == 0 && !text.is_empty() {
        return text;
    }
    let sign = match (interval.micros < 0, is_negative) {
        (true, _) => "-",
        (false, true) => "+",
        _ => "",
    };
    let magnitude = interval.micros.unsigned_abs();
    let unit = |micros: i64| micros.unsigned_abs();
    let space = if text.is_empty() { "" } else { " " };
    let (hours, minutes) = (magnitude / unit(HOUR), magnitude / unit(MINUTE) % 60);
    let (seconds, fraction) = (magnitude / unit(SECOND) % 60, magnitude % unit(SECOND));
    text.push_str(&format!("{space}{sign}{hours:02}:{minutes:02}:{seconds:02}"));
    if fraction != 0 {
        let digits = format!("{fraction:06}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
    text
}

fn invalid(text: &str) -> SqlError {
    SqlError::new("22007", format!("invalid input syntax for type interval: \"{text}\""))
}

fn field_out_of_range(text: &str) -> SqlError {
    SqlError::new("22015", format!("interval field value out of range: \"{text}\""))
}

/// A unit, by what one of it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    Months(i64),
    Days(i64),
    Micros(i64),
}

fn unit_of(name: &str) -> Option<Unit> {
    Some(match name {
        "us" | "usec" | "usecs" | "usecond" | "useconds" | "microsecon" | "microsecond"
        | "microseconds" => Unit::Micros(1),
        "ms" | "msec" | "msecs" | "msecond" | "mseconds" | "millisecon" | "millisecond"
        | "milliseconds" => Unit::Micros(1_000),
        "s" | "sec" | "secs" | "second" | "seconds" => Unit::Micros(SECOND),
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Micros(MINUTE),
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Micros(HOUR),
        "d" | "day" | "days" => Unit::Days(1),
        "w" | "week" | "weeks" => Unit::Days(7),
        "mon" | "mons" | "month" | "months" => Unit::Months(1),
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Months(12),
        "dec" | "decs" | "decade" | "decades" => Unit::Months(120),
        "c" | "cent" | "century" | "centuries" => Unit::Months(1_200),
        "mil" | "mils" | "millennia" | "millennium" => Unit::Months(12_000),
        _ => return None,
    })
}

/// A number as written: whole part and fraction, which has the sign of the whole.
#[derive(Clone, Copy)]
struct Amount {
    whole: i64,
    fraction: f64,
    negative: bool,
}

impl Amount {
    fn parse(text: &str) -> Option<Amount> {
        let negative = text.starts_with('-');
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let valid = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !valid(whole) || !valid(fraction) {
            return None;
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let part: f64 = format!("0.{fraction}0").parse().ok()?;
        let sign = if negative { -1 } else { 1 };
        Some(Amount {
            whole: sign * whole,
            fraction: if negative { -part } else { part },
            negative,
        })
    }
}

/// What has been added up so far.
#[derive(Default)]
struct Sum {
    months: i64,
    days: i64,
    micros: i64,
}

#[expect(clippy::cast_possible_truncation, reason = "small, and saturating")]
fn to_whole(value: f64) -> i64 {
    value as i64
}

impl Sum {
    fn add_micros(&mut self, micros: Option<i64>) -> Option<()> {
        self.micros = self.micros.checked_add(micros?)?;
        Some(())
    }

    /// A part of a day as time.
    fn add_part_of_days(&mut self, days: f64) -> Option<()> {
        #[expect(clippy::cast_precision_loss, reason = "86,400,000,000 is exact")]
        let micros = days * DAY as f64;
        self.add_micros(Some(to_whole(micros.round_ties_even())))
    }

    fn add(&mut self, amount: Amount, unit: Unit) -> Option<()> {
        #[expect(clippy::cast_precision_loss, reason = "units are short numbers")]
        let part = |size: i64| amount.fraction * size as f64;
        match unit {
            Unit::Micros(size) => {
                self.add_micros(amount.whole.checked_mul(size))?;
                self.add_micros(Some(to_whole(part(size).round_ties_even())))
            }
            Unit::Days(size) => {
                self.days = self.days.checked_add(amount.whole.checked_mul(size)?)?;
                let days = part(size);
                self.days += to_whole(days.trunc());
                self.add_part_of_days(days - days.trunc())
            }
            Unit::Months(1) => {
                self.months = self.months.checked_add(amount.whole)?;
                let days = part(30);
                self.days += to_whole(days.trunc());
                self.add_part_of_days(days - days.trunc())
            }
            // A part of a year and of what is longer is whole months.
            Unit::Months(size) => {
                self.months = self.months.checked_add(amount.whole.checked_mul(size)?)?;
                self.months += to_whole(part(size).round_ties_even());
                Some(())
            }
        }
    }

    fn finish(self) -> Option<Interval> {
        Some(Interval {
            months: i32::try_from(self.months).ok()?,
            days: i32::try_from(self.days).ok()?,
            micros: self.micros,
        })
    }
}

/// The interval that a text stands for: PostgreSQL's forms, the standard's, and those of ISO 8601.
///
/// # Errors
/// 22007 when it is none, 22015 and 22008 when it is too long.
pub(crate) fn parse_interval(text: &str) -> Result<Interval> {
    let trimmed = text.trim();
    let upper = trimmed.strip_prefix('P');
    let sum = match upper {
        Some(rest) => parse_iso(rest).ok_or_else(|| invalid(text))?,
        None => parse_words(trimmed, text)?,
    };
    sum.finish().ok_or_else(out_of_range)
}

/// `1Y2M3DT4H5M6S`, `1W`.
fn parse_iso(text: &str) -> Option<Sum> {
    let mut sum = Sum::default();
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    if date.is_empty() && time.is_none() {
        return None;
    }
    parse_iso_part(date, &mut sum, |letter| match letter {
        'Y' => Some(Unit::Months(12)),
        'M' => Some(Unit::Months(1)),
        'W' => Some(Unit::Days(7)),
        'D' => Some(Unit::Days(1)),
        _ => None,
    })?;
    parse_iso_part(time.unwrap_or(""), &mut sum, |letter| match letter {
        'H' => Some(Unit::Micros(HOUR)),
        'M' => Some(Unit::Micros(MINUTE)),
        'S' => Some(Unit::Micros(SECOND)),
        _ => None,
    })?;
    Some(sum)
}

fn parse_iso_part(text: &str, sum: &mut Sum, unit: fn(char) -> Option<Unit>) -> Option<()> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let letter = rest[end..].chars().next()?;
        sum.add(Amount::parse(&rest[..end])?, unit(letter)?)?;
        rest = &rest[end + 1..];
    }
    Some(())
}

/// Numbers with units, times, years and months of the standard, `ago`.
fn parse_words(trimmed: &str, text: &str) -> Result<Sum> {
    let words = split_words(trimmed).ok_or_else(|| invalid(text))?;
    let mut sum = Sum::default();
    let mut rest = words.as_slice();
    let mut ago = false;
    let mut any = false;
    // Each unit may be there once.
    let mut used: Vec<Unit> = Vec::new();
    let mut once = |unit: Unit| {
        let first = !used.contains(&unit);
        used.push(unit);
        if first { Ok(()) } else { Err(invalid(text)) }
    };
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        let is_number = word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        if !is_number {
            if word == "ago" && rest.is_empty() && any {
                ago = true;
                continue;
            }
            if word == "@" && !any {
                continue;
            }
            return Err(invalid(text));
        }
        any = true;
        if word.contains(':') {
            [HOUR, MINUTE, SECOND].into_iter().try_for_each(|size| once(Unit::Micros(size)))?;
            add_clock(word, &mut sum, text)?;
            continue;
        }
        let dash = word[1..].find('-').map(|at| at + 1);
        if let Some(at) = dash {
            add_years_and_months(&word[..at], &word[at + 1..], &mut sum, text)?;
            continue;
        }
        let amount = Amount::parse(word).ok_or_else(|| invalid(text))?;
        let unit = match rest.split_first() {
            Some((name, after))
                if name.starts_with(|c: char| c.is_ascii_alphabetic()) && name != "ago" =>
            {
                rest = after;
                unit_of(name).ok_or_else(|| invalid(text))?
            }
            // A number before a time is days, one alone seconds.
            Some((clock, _)) if clock.contains(':') => Unit::Days(1),
            Some(_) => return Err(invalid(text)),
            None => Unit::Micros(SECOND),
        };
        once(unit)?;
        sum.add(amount, unit).ok_or_else(|| field_out_of_range(text))?;
        if i32::try_from(sum.months).is_err() || i32::try_from(sum.days).is_err() {
            return Err(field_out_of_range(text));
        }
    }
    if !any {
        return Err(invalid(text));
    }
    if ago {
        sum = Sum { months: -sum.months, days: -sum.days, micros: -sum.micros };
    }
    Ok(sum)
}

/// Words in lower case; a number and the unit right after it are two.
fn split_words(text: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut last: Option<bool> = None;
    for c in text.chars() {
        if c.is_ascii_whitespace() || c == ',' {
            last = None;
            continue;
        }
        let is_alphabetic = c.is_ascii_alphabetic() || c == '@';
        if !is_alphabetic && !c.is_ascii_digit() && !"+-.:".contains(c) {
            return None;
        }
        if last != Some(is_alphabetic) {
            words.push(String::new());
        }
        last = Some(is_alphabetic);
        words.last_mut()?.push(c.to_ascii_lowercase());
        if c == '@' {
            last = None;
        }
    }
    // A sign may stand before its number.
    let mut joined: Vec<String> = Vec::new();
    for word in words {
        match joined.last_mut() {
            Some(last) if last == "+" || last == "-" => last.push_str(&word),
            _ => joined.push(word),
        }
    }
    Some(joined)
}

/// `[-]HH:MM[:SS[.fff]]`.
fn add_clock(word: &str, sum: &mut Sum, text: &str) -> Result<()> {
    let negative = word.starts_with('-');
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    let parts: Vec<&str> = unsigned.split(':').collect();
    let number = |part: &str| part.parse::<i64>().ok().ok_or_else(|| invalid(text));
    let second = |part: &str| -> Result<i64> {
        let amount = Amount::parse(part).filter(|a| !a.negative).ok_or_else(|| invalid(text))?;
        let micros = amount.whole * SECOND + to_whole((amount.fraction * 1e6).round_ties_even());
        if amount.whole > 60 { Err(field_out_of_range(text)) } else { Ok(micros) }
    };
    let (hours, minutes, micros) = match parts.as_slice() {
        [minutes, seconds] if seconds.contains('.') => (0, number(minutes)?, second(seconds)?),
        [hours, minutes] => (number(hours)?, number(minutes)?, 0),
        [hours, minutes, seconds] => (number(hours)?, number(minutes)?, second(seconds)?),
        _ => return Err(invalid(text)),
    };
    if minutes > 59 {
        return Err(field_out_of_range(text));
    }
    let total = hours.checked_mul(HOUR).and_then(|h| h.checked_add(minutes * MINUTE + micros));
    let total = total.ok_or_else(|| field_out_of_range(text))?;
    let signed = if negative { -total } else { total };
    sum.add_micros(Some(signed)).ok_or_else(|| field_out_of_range(text))
}

/// `years-months` of the standard; the sign holds for both.
fn add_years_and_months(years: &str, months: &str, sum: &mut Sum, text: &str) -> Result<()> {
    let negative = years.starts_with('-');
    let years: i64 = years.parse().map_err(|_| invalid(text))?;
    let months: i64 = months.parse().map_err(|_| invalid(text))?;
    if !(0..12).contains(&months) {
        return Err(field_out_of_range(text));
    }
    let total = years * 12 + if negative { -months } else { months };
    sum.months = sum.months.checked_add(total).ok_or_else(|| field_out_of_range(text))?;
    Ok(())
}
