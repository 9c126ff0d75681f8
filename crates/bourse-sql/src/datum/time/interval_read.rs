//! Intervals of a text: PostgreSQL's forms, the standard's, and those of ISO 8601.
//!
//! Words are read from the last to the first, for a unit stands behind its amount.

use super::interval::out_of_range;
use super::vocabulary::{Unit, unit};
use super::words::{Look, ROOM_OF_INTERVAL, Word, leading, split};
use super::{DAY, HOUR, MINUTE, SECOND};
use crate::datum::Interval;
use crate::error::{Result, SqlError};

/// Why a text is no interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Refusal {
    Syntax,
    Range,
}

type Read<T> = std::result::Result<T, Refusal>;

const DAYS_OF_MONTH: i64 = 30;
const MONTHS_OF_YEAR: i32 = 12;

/// A number as it is written: a whole part and a fraction, which has the sign of the whole.
#[derive(Clone, Copy)]
struct Amount {
    whole: i64,
    fraction: f64,
}

/// What has been added up so far.
#[derive(Default)]
struct Sum {
    years: i32,
    months: i32,
    days: i32,
    micros: i64,
}

fn added(to: &mut i32, amount: Option<i32>) -> Read<()> {
    *to = amount.and_then(|amount| to.checked_add(amount)).ok_or(Refusal::Range)?;
    Ok(())
}

fn times(amount: i64, size: i32) -> Option<i32> {
    i32::try_from(amount).ok()?.checked_mul(size)
}

#[expect(clippy::cast_possible_truncation, reason = "small, and saturating")]
fn to_whole(value: f64) -> i64 {
    value as i64
}

#[expect(clippy::cast_possible_truncation, reason = "small, and saturating")]
fn to_int(value: f64) -> i32 {
    value as i32
}

#[expect(clippy::cast_precision_loss, reason = "units are short numbers")]
fn to_float(size: i64) -> f64 {
    size as f64
}

impl Sum {
    fn add_part(&mut self, part: f64, size: i64) -> Read<()> {
        let micros = part * to_float(size);
        let rest = micros - micros.trunc();
        let rounding = if rest.abs() > 0.5 { to_whole(rest.signum()) } else { 0 };
        let micros = to_whole(micros) + rounding;
        self.micros = self.micros.checked_add(micros).ok_or(Refusal::Range)?;
        Ok(())
    }

    fn add_micros(&mut self, amount: Amount, size: i64) -> Read<()> {
        let whole = amount.whole.checked_mul(size);
        let sum = whole.and_then(|whole| self.micros.checked_add(whole));
        self.micros = sum.ok_or(Refusal::Range)?;
        self.add_part(amount.fraction, size)
    }

    fn add_part_of_days(&mut self, part: f64, size: i64) -> Read<()> {
        let days = part * to_float(size);
        added(&mut self.days, Some(to_int(days)))?;
        self.add_part(days - days.trunc(), DAY)
    }

    fn add_years(&mut self, amount: Amount, size: i32) -> Read<()> {
        added(&mut self.years, times(amount.whole, size))?;
        // A part of a year and of what is longer is whole months.
        let months = amount.fraction * f64::from(size) * f64::from(MONTHS_OF_YEAR);
        added(&mut self.months, Some(to_int(months.round_ties_even())))
    }

    fn add(&mut self, amount: Amount, unit: Unit) -> Read<()> {
        match unit {
            Unit::Microsecond => self.add_micros(amount, 1),
            Unit::Millisecond => self.add_micros(amount, 1_000),
            Unit::Second => self.add_micros(amount, SECOND),
            Unit::Minute => self.add_micros(amount, MINUTE),
            Unit::Hour => self.add_micros(amount, HOUR),
            Unit::Day => {
                added(&mut self.days, times(amount.whole, 1))?;
                self.add_part(amount.fraction, DAY)
            }
            Unit::Week => {
                added(&mut self.days, times(amount.whole, 7))?;
                self.add_part_of_days(amount.fraction, 7)
            }
            Unit::Month => {
                added(&mut self.months, times(amount.whole, 1))?;
                self.add_part_of_days(amount.fraction, DAYS_OF_MONTH)
            }
            Unit::Year => self.add_years(amount, 1),
            Unit::Decade => self.add_years(amount, 10),
            Unit::Century => self.add_years(amount, 100),
            Unit::Millennium => self.add_years(amount, 1_000),
            Unit::Other => Err(Refusal::Syntax),
        }
    }

    fn negated(self) -> Option<Sum> {
        Some(Sum {
            years: self.years.checked_neg()?,
            months: self.months.checked_neg()?,
            days: self.days.checked_neg()?,
            micros: self.micros.checked_neg()?,
        })
    }

    fn finish(self) -> Option<Interval> {
        let months = i64::from(self.years) * i64::from(MONTHS_OF_YEAR) + i64::from(self.months);
        let months = i32::try_from(months).ok()?;
        Some(Interval { months, days: self.days, micros: self.micros })
    }
}

/// The interval that a text stands for.
///
/// # Errors
/// 22007 when it is none, 22015 and 22008 when it is too long.
pub(crate) fn parse_interval(text: &str) -> Result<Interval> {
    let words = split(text, ROOM_OF_INTERVAL).ok_or(Refusal::Syntax);
    let sum = match words.and_then(|words| read(&words)) {
        Err(Refusal::Syntax) => match text.strip_prefix('P') {
            Some(rest) if !rest.is_empty() => read_iso(rest),
            _ => Err(Refusal::Syntax),
        },
        other => other,
    };
    let sum = sum.map_err(|refusal| match refusal {
        Refusal::Syntax => {
            SqlError::new("22007", format!("invalid input syntax for type interval: \"{text}\""))
        }
        Refusal::Range => {
            SqlError::new("22015", format!("interval field value out of range: \"{text}\""))
        }
    })?;
    sum.finish().ok_or_else(out_of_range)
}

/// What an amount without a unit is of.
#[derive(Clone, Copy)]
enum Current {
    /// Nothing is behind it: seconds.
    Last,
    Of(Unit),
    /// `ago` is behind it.
    Ago,
}

/// Fields that amounts are of: each is there once. Seconds with a fraction are milliseconds and
/// microseconds, too.
const SECONDS: [Unit; 3] = [Unit::Second, Unit::Millisecond, Unit::Microsecond];

/// Numbers with units, times, years and months of the standard, `ago`.
fn read(words: &[Word]) -> Read<Sum> {
    let mut sum = Sum::default();
    let mut current = Current::Last;
    let mut used: Vec<Unit> = Vec::new();
    let mut is_ago = false;
    for Word { look, text } in words.iter().rev() {
        let is_signed = *look == Look::Signed;
        let clock = if is_signed { &text[1..] } else { text };
        let time = match look {
            Look::Clock => Some(read_clock(clock)?),
            Look::Signed if clock.contains(':') => read_clock(clock).ok(),
            _ => None,
        };
        let mut fields = Vec::new();
        if let Some(time) = time {
            sum.micros = if is_signed && text.starts_with('-') { -time } else { time };
            current = Current::Of(Unit::Day);
            fields.extend(SECONDS);
            fields.extend([Unit::Minute, Unit::Hour]);
        } else if *look == Look::Letters {
            current = match text.as_str() {
                "ago" => {
                    is_ago = true;
                    Current::Ago
                }
                name => Current::Of(unit(name).ok_or(Refusal::Syntax)?),
            };
        } else {
            let (amount, unit) = amount(text, current)?;
            sum.add(amount, unit)?;
            match unit {
                Unit::Second if amount.fraction != 0.0 => fields.extend(SECONDS),
                other => fields.push(other),
            }
            // A number before hours is days.
            current = Current::Of(if unit == Unit::Hour { Unit::Day } else { unit });
        }
        if fields.iter().any(|field| used.contains(field)) {
            return Err(Refusal::Syntax);
        }
        used.extend(fields);
    }
    if used.is_empty() {
        return Err(Refusal::Syntax);
    }
    if is_ago { sum.negated().ok_or(Refusal::Range) } else { Ok(sum) }
}

/// A number and its unit; `years-months` is months, and the sign holds for both.
fn amount(text: &str, current: Current) -> Read<(Amount, Unit)> {
    let (whole, rest) = leading::<i64>(text);
    let whole = whole.ok_or(Refusal::Range)?;
    let sign = if text.starts_with('-') { -1 } else { 1 };
    if let Some(months) = rest.strip_prefix('-') {
        let (months, rest) = leading::<i64>(months);
        let months = months.filter(|months| (0..i64::from(MONTHS_OF_YEAR)).contains(months));
        let months = months.ok_or(Refusal::Range)?;
        if !rest.is_empty() {
            return Err(Refusal::Syntax);
        }
        let years = whole.checked_mul(i64::from(MONTHS_OF_YEAR));
        let whole = years.and_then(|years| years.checked_add(sign * months));
        return Ok((Amount { whole: whole.ok_or(Refusal::Range)?, fraction: 0.0 }, Unit::Month));
    }
    let fraction = if rest.is_empty() { 0.0 } else { to_float(sign) * fraction(rest)? };
    let unit = match current {
        Current::Last => Unit::Second,
        Current::Of(unit) => unit,
        Current::Ago => return Err(Refusal::Syntax),
    };
    Ok((Amount { whole, fraction }, unit))
}

/// `.5`; the point may be all of it.
fn fraction(text: &str) -> Read<f64> {
    let digits = text.strip_prefix('.').ok_or(Refusal::Syntax)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::Syntax);
    }
    format!("0.{digits}0").parse().map_err(|_| Refusal::Syntax)
}

/// Microseconds of `HH:MM[:SS[.fff]]`, and of `MM:SS.fff`.
fn read_clock(text: &str) -> Read<i64> {
    let part = |text| {
        let (number, rest): (Option<i64>, _) = leading(text);
        number.map(|number| (number, rest)).ok_or(Refusal::Range)
    };
    let (hours, rest) = part(text)?;
    let (minutes, rest) = part(rest.strip_prefix(':').ok_or(Refusal::Syntax)?)?;
    let (hours, minutes, seconds, rest) = match rest.strip_prefix(':') {
        Some(rest) => {
            let (seconds, rest) = part(rest)?;
            (hours, minutes, seconds, rest)
        }
        None if rest.is_empty() => (hours, minutes, 0, rest),
        None => (0, hours, minutes, rest),
    };
    let fraction = if rest.is_empty() { 0.0 } else { fraction(rest)? };
    if minutes > 59 || seconds > 60 {
        return Err(Refusal::Range);
    }
    let fraction = to_whole((fraction * to_float(SECOND)).round_ties_even());
    let hours = hours.checked_mul(HOUR).ok_or(Refusal::Range)?;
    hours.checked_add(minutes * MINUTE + seconds * SECOND + fraction).ok_or(Refusal::Range)
}

/// What follows the P of ISO 8601: `1Y2M3DT4H5M6S`, `1W`, `0001-02-03T04:05:06`,
/// `00010203T040506`.
fn read_iso(text: &str) -> Read<Sum> {
    let mut sum = Sum::default();
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let of_date = |letter| match letter {
        'Y' => Some(Unit::Year),
        'M' => Some(Unit::Month),
        'W' => Some(Unit::Week),
        'D' => Some(Unit::Day),
        _ => None,
    };
    let of_time = |letter| match letter {
        'H' => Some(Unit::Hour),
        'M' => Some(Unit::Minute),
        'S' => Some(Unit::Second),
        _ => None,
    };
    let whole_date = (8, '-', [Unit::Year, Unit::Month, Unit::Day]);
    read_iso_part(date, &mut sum, of_date, whole_date)?;
    let whole_time = (6, ':', [Unit::Hour, Unit::Minute, Unit::Second]);
    for time in time.unwrap_or("").split('T') {
        read_iso_part(time, &mut sum, of_time, whole_time)?;
    }
    Ok(sum)
}

/// Numbers with letters, or numbers alone: as many digits as are said for all three units, or a
/// separator between them.
fn read_iso_part(
    text: &str,
    sum: &mut Sum,
    unit: fn(char) -> Option<Unit>,
    (width, separator, units): (usize, char, [Unit; 3]),
) -> Read<()> {
    let mut rest = text;
    let mut has_field = false;
    while !rest.is_empty() {
        let (digits, (amount, after)) = (rest, iso_number(rest)?);
        let mut letters = after.chars();
        match letters.next() {
            Some(letter) if letter != separator => {
                sum.add(amount, unit(letter).ok_or(Refusal::Syntax)?)?;
                has_field = true;
                rest = letters.as_str();
            }
            _ if has_field => return Err(Refusal::Syntax),
            None if iso_width(digits) == width => {
                let Amount { whole, fraction } = amount;
                let parts = [whole / 10_000, whole / 100 % 100, whole % 100];
                let fractions = [0.0, 0.0, fraction];
                for ((whole, fraction), unit) in parts.into_iter().zip(fractions).zip(units) {
                    sum.add(Amount { whole, fraction }, unit)?;
                }
                return Ok(());
            }
            _ => return read_iso_parts(rest, sum, separator, units),
        }
    }
    Ok(())
}

/// Numbers with a separator between them.
fn read_iso_parts(text: &str, sum: &mut Sum, separator: char, units: [Unit; 3]) -> Read<()> {
    let mut rest = Some(text);
    for unit in units {
        let Some(text) = rest else { return Ok(()) };
        let (amount, after) = iso_number(text)?;
        sum.add(amount, unit)?;
        rest = match after.strip_prefix(separator) {
            None if after.is_empty() => None,
            None => return Err(Refusal::Syntax),
            rest => rest,
        };
    }
    if rest.is_none() { Ok(()) } else { Err(Refusal::Syntax) }
}

fn iso_width(text: &str) -> usize {
    text.trim_start_matches('-').bytes().take_while(u8::is_ascii_digit).count()
}

/// The number that a text begins with, and what follows it.
fn iso_number(text: &str) -> Read<(Amount, &str)> {
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if unsigned.starts_with(['+', '-']) {
        return Err(Refusal::Syntax);
    }
    let (whole, rest) = leading::<i64>(unsigned);
    let has_digits = rest.len() < unsigned.len();
    let end = match rest.strip_prefix('.') {
        Some(digits) => 1 + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()),
        None => 0,
    };
    if !has_digits && end < 2 {
        return Err(Refusal::Syntax);
    }
    let (point, rest) = rest.split_at(end);
    let fraction = if point.is_empty() { 0.0 } else { fraction(point)? };
    let whole = whole.ok_or(Refusal::Syntax)?;
    Ok(match negative {
        true => (Amount { whole: -whole, fraction: -fraction }, rest),
        false => (Amount { whole, fraction }, rest),
    })
}

#[cfg(test)]
mod tests {
    use super::super::interval_text::text;
    use super::*;

    fn read(written: &str) -> String {
        match parse_interval(written) {
            Ok(interval) => text(&interval),
            Err(error) => error.sqlstate().to_owned(),
        }
    }

    #[test]
    fn punctuation_keeps_numbers_and_units_apart() {
        assert_eq!(read(" $#,###.# "), "00:00:00");
        assert_eq!(read("#"), "22007");
        assert_eq!(read("{1}"), "00:00:01");
        assert_eq!(read("{1,2}"), "22007");
        assert_eq!(read("[1 day]_2 hours"), "1 day 02:00:00");
        assert_eq!(read("day 1"), "00:00:01");
        assert_eq!(read("ago 1 day"), "-1 days");
        assert_eq!(read("1 day qtr"), "1 day");
        assert_eq!(read("1 millisecondsfoo"), "00:00:00.001");
    }

    #[test]
    fn parts_are_there_once() {
        assert_eq!(read("1 day day"), "1 day");
        assert_eq!(read("1 2 days"), "22007");
        assert_eq!(read("12:00 1.5 day"), "1 day 12:00:00");
        assert_eq!(read("1.5 day 12:00"), "1 day 24:00:00");
        assert_eq!(read("1 2:3 4"), "22007");
        assert_eq!(read("1.5 s 3 us"), "22007");
        assert_eq!(read("1 s 3 us"), "00:00:01.000003");
        assert_eq!(read("1 -2:03"), "1 day -02:03:00");
        assert_eq!(read("1:63"), "22015");
        assert_eq!(read("-5-3"), "-5 years -3 mons");
        assert_eq!(read("5-"), "5 years");
        assert_eq!(read("10-12"), "22015");
    }

    #[test]
    fn limits_are_those_of_fields() {
        assert_eq!(read("9999999999 days"), "22015");
        assert_eq!(read("9999999999"), "2777777:46:39");
        assert_eq!(read("178956970 years 7 months"), "178956970 years 7 mons");
        assert_eq!(read("178956970 years 8 months"), "22008");
        assert_eq!(read("-2147483648 days ago"), "22015");
        assert_eq!(read("9223372036854775808 us"), "22015");
    }

    #[test]
    fn iso_8601_has_two_forms() {
        assert_eq!(read("P0002-06-07T01:30:00"), "2 years 6 mons 7 days 01:30:00");
        assert_eq!(read("P00020607T013000"), "2 years 6 mons 7 days 01:30:00");
        assert_eq!(read("P1.5Y2.5M"), "1 year 8 mons 15 days");
        assert_eq!(read("P1-2"), "1 year 2 mons");
        assert_eq!(read("P1YT"), "1 year");
        assert_eq!(read("P1YT1HT1M"), "1 year 01:01:00");
        assert_eq!(read("PT"), "00:00:00");
        assert_eq!(read("P"), "22007");
        assert_eq!(read("P.Y"), "22007");
        assert_eq!(read("P1Y2"), "22007");
        assert_eq!(read(" P1D"), "22007");
    }
}
