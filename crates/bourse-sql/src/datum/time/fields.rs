//! The fields of a date and time, and the numbers that they are written as.

use super::vocabulary::{Token, token};
use super::words::leading;
use super::{DAY, HOUR, MINUTE, SECOND, days_in_month, days_of};

/// Why a text is no date or time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    Syntax,
    Range,
    /// A month or a day is too large, perhaps for it stands in the other's place.
    Order,
    Zone,
    NoZone(String),
}

pub(super) type Read<T> = std::result::Result<T, Refusal>;

/// Fields that were read, each a bit.
pub(super) mod field {
    pub(in super::super) const YEAR: u32 = 1;
    pub(in super::super) const MONTH: u32 = 1 << 1;
    pub(in super::super) const DAY: u32 = 1 << 2;
    pub(in super::super) const HOUR: u32 = 1 << 3;
    pub(in super::super) const MINUTE: u32 = 1 << 4;
    pub(in super::super) const SECOND: u32 = 1 << 5;
    pub(in super::super) const FRACTION: u32 = 1 << 6;
    pub(in super::super) const DAY_OF_YEAR: u32 = 1 << 7;
    pub(in super::super) const ZONE: u32 = 1 << 8;
    pub(in super::super) const SUMMER_TIME: u32 = 1 << 9;
    pub(in super::super) const WEEKDAY: u32 = 1 << 10;
    pub(in super::super) const HALF: u32 = 1 << 11;
    pub(in super::super) const ERA: u32 = 1 << 12;
    pub(in super::super) const NAMED: u32 = 1 << 13;
    pub(in super::super) const DATE: u32 = YEAR | MONTH | DAY;
    pub(in super::super) const TIME: u32 = HOUR | MINUTE | SECOND | FRACTION;
}
use field::{DATE, DAY_OF_YEAR, MONTH, TIME, YEAR, ZONE};

/// In which order a date in numbers is read.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Order {
    #[default]
    MonthDayYear,
    DayMonthYear,
    YearMonthDay,
}

/// What has been read of a text.
#[derive(Default)]
pub(super) struct Fields {
    order: Order,
    /// Whether nanoseconds count; else fractions are rounded to microseconds.
    is_fine: bool,
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    day_of_year: i64,
    /// Days since 1970 of a Julian day.
    pub(super) julian: Option<i64>,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// Nanoseconds of the second.
    pub(super) fraction: i64,
    is_short_year: bool,
    pub(super) before_christ: bool,
}

/// A whole number as C reads it: what does not fit loses its upper bits.
fn number_of(text: &str) -> i64 {
    let (number, _) = leading::<i64>(text);
    #[expect(clippy::cast_possible_truncation, reason = "as C does it")]
    let number = number.unwrap_or(i64::MAX) as i32;
    i64::from(number)
}

impl Fields {
    pub(super) fn new(order: Order, is_fine: bool) -> Fields {
        Fields { order, is_fine, ..Fields::default() }
    }

    /// Digits with separators, and perhaps the name of a month: which fields they are.
    pub(super) fn date(&mut self, text: &str, seen: u32) -> Read<u32> {
        let mut parts = parts_of(text)?;
        let (mut seen, before) = (seen, seen);
        let names = parts.iter().position(|part| !part.starts_with(|c: char| c.is_ascii_digit()));
        if let Some(at) = names {
            let Some(Token::Month(month)) = token(parts[at]) else { return Err(Refusal::Syntax) };
            self.month = month;
            if seen & MONTH != 0 {
                return Err(Refusal::Syntax);
            }
            seen |= MONTH;
            parts.remove(at);
        }
        for part in parts {
            let found = self.number(part, names.is_some(), seen)?;
            if seen & found != 0 {
                return Err(Refusal::Syntax);
            }
            seen |= found;
        }
        if seen & !(DAY_OF_YEAR | ZONE) != DATE {
            return Err(Refusal::Syntax);
        }
        Ok(seen & !before)
    }

    /// A number by itself: which field it is.
    pub(super) fn number(&mut self, text: &str, has_name: bool, seen: u32) -> Read<u32> {
        let (value, rest) = leading::<i32>(text);
        let value = i64::from(value.ok_or(Refusal::Range)?);
        let digits = text.len() - rest.len();
        if digits == 0 {
            return Err(Refusal::Syntax);
        }
        if rest.starts_with('.') {
            if digits > 2 {
                return self.packed(text, seen | DATE);
            }
            self.fraction = self.read_fraction(rest)?;
        } else if !rest.is_empty() {
            return Err(Refusal::Syntax);
        }
        let length = text.len();
        if length == 3 && seen & DATE == YEAR && (1..=366).contains(&value) {
            self.day_of_year = value;
            return Ok(DAY_OF_YEAR | MONTH | field::DAY);
        }
        let is_year = length >= 3 || self.order == Order::YearMonthDay;
        let field = match (seen & DATE, has_name) {
            (0, _) if is_year => YEAR,
            (0, _) if self.order == Order::DayMonthYear => field::DAY,
            (0 | YEAR | field::DAY, _) => MONTH,
            (MONTH, true) if is_year => YEAR,
            (MONTH, _) => field::DAY,
            (_, true) if seen & DATE == YEAR | MONTH && length >= 3 && self.is_short_year => {
                // What was taken for the year is the day.
                self.day = self.year;
                self.year = value;
                self.is_short_year = false;
                return Ok(field::DAY);
            }
            (seen, _) if seen == YEAR | MONTH => field::DAY,
            (seen, _) if seen == MONTH | field::DAY => YEAR,
            (DATE, _) => return self.packed(text, seen),
            _ => return Err(Refusal::Syntax),
        };
        match field {
            YEAR => {
                self.year = value;
                self.is_short_year = length <= 2;
            }
            MONTH => self.month = value,
            _ => self.day = value,
        }
        Ok(field)
    }

    /// `YYMMDD` or `YYYYMMDD` where there is no date yet, `HHMM` or `HHMMSS[.fff]` after one.
    pub(super) fn packed(&mut self, text: &str, seen: u32) -> Read<u32> {
        let digits = match text.find('.') {
            Some(at) => {
                let end = text[at + 1..].find(|c: char| !c.is_ascii_digit());
                let end = end.map_or(text.len(), |end| at + 1 + end);
                self.fraction = self.read_fraction(&text[at..end])?;
                &text[..at]
            }
            None if seen & DATE != DATE && text.len() >= 6 => {
                let (year, rest) = text.split_at(text.len() - 4);
                self.is_short_year |= year.len() == 2;
                self.year = number_of(year);
                self.month = number_of(&rest[..2]);
                self.day = number_of(&rest[2..]);
                return Ok(DATE);
            }
            None => text,
        };
        if seen & TIME == TIME || !matches!(digits.len(), 4 | 6) {
            return Err(Refusal::Syntax);
        }
        self.hour = number_of(&digits[..2]);
        self.minute = number_of(&digits[2..4]);
        self.second = number_of(&digits[4..]);
        Ok(TIME)
    }

    /// `HH:MM[:SS[.fff]]` or `MM:SS.fff`.
    pub(super) fn clock(&mut self, text: &str) -> Read<u32> {
        let part = |text| {
            let (number, rest): (Option<i32>, _) = leading(text);
            number.map(|number| (i64::from(number), rest)).ok_or(Refusal::Range)
        };
        let (hour, rest) = part(text)?;
        let (minute, rest) = part(rest.strip_prefix(':').ok_or(Refusal::Syntax)?)?;
        let (parts, rest) = match rest.strip_prefix(':') {
            Some(rest) => {
                let (second, rest) = part(rest)?;
                ((hour, minute, second), rest)
            }
            None if rest.is_empty() => ((hour, minute, 0), rest),
            None => ((0, hour, minute), rest),
        };
        (self.hour, self.minute, self.second) = parts;
        self.fraction = if rest.is_empty() { 0 } else { self.read_fraction(rest)? };
        if self.minute > 59 || self.second > 60 { Err(Refusal::Range) } else { Ok(TIME) }
    }

    /// Nanoseconds of `.fff`; the point may be all of it.
    pub(super) fn read_fraction(&self, text: &str) -> Read<i64> {
        let digits = text.strip_prefix('.').ok_or(Refusal::Syntax)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Syntax);
        }
        if !self.is_fine {
            let fraction: f64 = format!("0.{digits}0").parse().map_err(|_| Refusal::Syntax)?;
            #[expect(clippy::cast_possible_truncation, reason = "a million at most")]
            return Ok((fraction * 1e6).round_ties_even() as i64 * 1_000);
        }
        let digit = |index| digits.as_bytes().get(index).map_or(0, |byte| i64::from(byte - b'0'));
        let whole = (0..9).fold(0, |sum, index| sum * 10 + digit(index));
        Ok(whole + i64::from(digit(9) >= 5))
    }

    /// The beginning of the day that a part of it is after, by a Julian day's fraction.
    pub(super) fn set_part_of_day(&mut self, fraction: &str) -> Read<()> {
        let part: f64 = format!("0{fraction}0").parse().map_err(|_| Refusal::Syntax)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "a day at most"
        )]
        let micros = (part * DAY as f64) as i64;
        self.set_time(micros);
        Ok(())
    }

    /// A time of day in microseconds.
    pub(super) fn set_time(&mut self, micros: i64) {
        self.hour = micros / HOUR;
        self.minute = micros / MINUTE % 60;
        self.second = micros / SECOND % 60;
        self.fraction = micros % SECOND * 1_000;
    }

    /// Nanoseconds of the day.
    pub(super) fn time(&self) -> i64 {
        let micros = self.hour * HOUR + self.minute * MINUTE + self.second * SECOND;
        micros * 1_000 + self.fraction
    }

    /// Whether the time of day is none.
    pub(super) fn overflows(&self) -> bool {
        let fits = (0..=24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..=60).contains(&self.second);
        !fits || self.time() > DAY * 1_000
    }

    /// Twelve hours of AM or PM.
    pub(super) fn set_half(&mut self, is_afternoon: bool) -> Read<()> {
        if self.hour > 12 {
            return Err(Refusal::Range);
        }
        self.hour = self.hour % 12 + if is_afternoon { 12 } else { 0 };
        Ok(())
    }

    /// Looks at the date's fields: days since 1970 if all are there.
    pub(super) fn days(&mut self, seen: u32) -> Read<Option<i64>> {
        if let Some(days) = self.julian {
            return Ok(Some(days));
        }
        if seen & YEAR != 0 {
            self.year = match self.year {
                year if self.is_short_year && !self.before_christ => match year {
                    0..70 => year + 2000,
                    70..100 => year + 1900,
                    year => year,
                },
                year if year <= 0 => return Err(Refusal::Range),
                year if self.before_christ => 1 - year,
                year => year,
            };
        }
        if seen & DAY_OF_YEAR != 0 {
            return Ok(Some(days_of(self.year, 1, 1) + self.day_of_year - 1));
        }
        let fits = (seen & MONTH == 0 || (1..=12).contains(&self.month))
            && (seen & field::DAY == 0 || (1..=31).contains(&self.day));
        if !fits {
            return Err(Refusal::Order);
        }
        if seen & DATE != DATE {
            return Ok(None);
        }
        if self.day > days_in_month(self.year, self.month) {
            return Err(Refusal::Range);
        }
        Ok(Some(days_of(self.year, self.month, self.day)))
    }
}

/// Digits and letters between punctuation.
fn parts_of(text: &str) -> Read<Vec<&str>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        rest = rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let belongs = |c: char| match is_digit {
            true => c.is_ascii_digit(),
            false => c.is_ascii_alphabetic(),
        };
        let end = rest.find(|c: char| !belongs(c)).unwrap_or(rest.len());
        if end == 0 {
            return Err(Refusal::Syntax);
        }
        parts.push(&rest[..end]);
        // One that keeps parts apart is lost, whatever it is.
        rest = rest.get(end + 1..).unwrap_or("");
    }
    Ok(parts)
}
