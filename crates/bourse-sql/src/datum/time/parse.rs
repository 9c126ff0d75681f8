//! Dates and times of a text, in the many forms that PostgreSQL reads.

use super::zone::{self, Zone};
use super::{DAY, HOUR, MINUTE, SECOND, days_in_month, days_of};
use crate::datum::{Datum, Instant};
use crate::error::{Result, SqlError};
use crate::function::Context;

/// Months, in lower case.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Days of the week, in lower case.
pub(crate) const WEEKDAYS: [&str; 7] =
    ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// Why a text is no date or time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Refusal {
    Syntax,
    Range,
    Zone,
}

impl Refusal {
    fn error(self, ty: &str, text: &str) -> SqlError {
        match self {
            Refusal::Syntax => {
                SqlError::new("22007", format!("invalid input syntax for type {ty}: \"{text}\""))
            }
            Refusal::Range => {
                SqlError::new("22008", format!("date/time field value out of range: \"{text}\""))
            }
            Refusal::Zone => {
                let message = format!("time zone displacement out of range: \"{text}\"");
                SqlError::new("22009", message)
            }
        }
    }
}

type Parsed<T> = std::result::Result<T, Refusal>;

/// In which order a date in numbers is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    MonthDayYear,
    DayMonthYear,
    YearMonthDay,
}

fn order(context: &dyn Context) -> Order {
    match context.setting("datestyle").map(|style| style.to_ascii_uppercase()) {
        Some(style) if style.contains("DMY") => Order::DayMonthYear,
        Some(style) if style.contains("YMD") => Order::YearMonthDay,
        _ => Order::MonthDayYear,
    }
}

/// A day that is named, not written in numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Special {
    Now,
    Day(i64),
    Epoch,
    Infinity,
    NegativeInfinity,
}

/// What has been read of a text.
#[derive(Default)]
struct Fields {
    year: Option<i64>,
    /// The year was written with two digits.
    short_year: bool,
    month: Option<i64>,
    day: Option<i64>,
    /// Days since 1970 of a Julian day or a day of the year.
    whole_day: Option<i64>,
    /// Nanoseconds of the day.
    time: Option<i64>,
    afternoon: Option<bool>,
    before_christ: bool,
    zone: Option<Zone>,
    special: Option<Special>,
}

impl Fields {
    fn has_date(&self) -> bool {
        self.year.is_some()
            || self.month.is_some()
            || self.day.is_some()
            || self.whole_day.is_some()
    }
}

fn number(text: &str) -> Parsed<i64> {
    let valid = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !valid {
        return Err(Refusal::Syntax);
    }
    text.parse().map_err(|_| Refusal::Range)
}

/// The place of a name, which may be cut off after three letters.
fn place(names: &[&str], word: &str) -> Option<i64> {
    let found = names.iter().position(|name| *name == word || name[..3] == *word);
    let found = found.or(if word == "sept" { Some(8) } else { None });
    found.and_then(|index| i64::try_from(index).ok())
}

fn weekday_place(word: &str) -> bool {
    let short = ["tues", "wednes", "weds", "thur", "thurs"];
    place(&WEEKDAYS, word).is_some() || short.contains(&word)
}

fn set<T>(field: &mut Option<T>, value: T) -> Parsed<()> {
    if field.is_some() {
        return Err(Refusal::Syntax);
    }
    *field = Some(value);
    Ok(())
}

struct Reader {
    fields: Fields,
    order: Order,
}

impl Reader {
    fn text(&mut self, text: &str) -> Parsed<()> {
        let lower = text.trim().to_ascii_lowercase();
        if lower.is_empty() {
            return Err(Refusal::Syntax);
        }
        for word in lower.split(|c: char| c.is_ascii_whitespace() || c == ',') {
            if !word.is_empty() {
                self.word(word)?;
            }
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Parsed<()> {
        let first = word.as_bytes()[0];
        if first.is_ascii_digit() {
            return self.numeric(word);
        }
        if first == b'+' || first == b'-' {
            if word == "-infinity" {
                return set(&mut self.fields.special, Special::NegativeInfinity);
            }
            if self.fields.time.is_none() {
                return Err(Refusal::Syntax);
            }
            return self.zone_offset(word);
        }
        self.name(word)
    }

    fn zone_offset(&mut self, text: &str) -> Parsed<()> {
        let digits = text[1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
        if !digits {
            return Err(Refusal::Syntax);
        }
        let seconds = zone::offset(text).ok_or(Refusal::Zone)?;
        set(&mut self.fields.zone, Zone::Fixed(seconds))
    }

    fn name(&mut self, word: &str) -> Parsed<()> {
        match word {
            "now" => return set(&mut self.fields.special, Special::Now),
            "today" => return set(&mut self.fields.special, Special::Day(0)),
            "tomorrow" => return set(&mut self.fields.special, Special::Day(1)),
            "yesterday" => return set(&mut self.fields.special, Special::Day(-1)),
            "epoch" => return set(&mut self.fields.special, Special::Epoch),
            "infinity" | "inf" | "+infinity" => {
                return set(&mut self.fields.special, Special::Infinity);
            }
            "allballs" => {
                self.fields.zone = Some(Zone::Fixed(0));
                return set(&mut self.fields.time, 0);
            }
            "am" | "pm" => return set(&mut self.fields.afternoon, word == "pm"),
            "ad" => return Ok(()),
            "bc" => {
                self.fields.before_christ = true;
                return Ok(());
            }
            "t" | "at" | "on" => return Ok(()),
            _ => {}
        }
        if let Some(rest) = word.strip_prefix('t')
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            return self.clock(rest);
        }
        if let Some(digits) = word.strip_prefix('j')
            && let Ok(julian) = number(digits)
        {
            return set(&mut self.fields.whole_day, julian - 2_440_588);
        }
        if let Some(month) = place(&MONTHS, word) {
            return self.month_name(month + 1);
        }
        if weekday_place(word) {
            return Ok(());
        }
        if let Some((month, rest)) = word.split_once('-')
            && let Some(month) = place(&MONTHS, month)
        {
            self.month_name(month + 1)?;
            return rest.split('-').try_for_each(|part| self.plain(part));
        }
        let zone = zone::abbreviation(word).or_else(|| zone::named(word));
        match zone {
            Some(zone) => set(&mut self.fields.zone, zone),
            None => Err(Refusal::Syntax),
        }
    }

    /// A month's name; a number that was taken for the month before it was the day.
    fn month_name(&mut self, month: i64) -> Parsed<()> {
        if let Some(earlier) = self.fields.month.take() {
            set(&mut self.fields.day, earlier)?;
        }
        set(&mut self.fields.month, month)
    }

    fn numeric(&mut self, word: &str) -> Parsed<()> {
        // A date and a time may be joined by a T.
        if let Some(at) = word.find('t')
            && word[at + 1..].starts_with(|c: char| c.is_ascii_digit())
            && !word[..at].contains(':')
        {
            self.numeric(&word[..at])?;
            return self.clock(&word[at + 1..]);
        }
        if word.contains(':') {
            return self.clock(word);
        }
        let separator = word.find(['-', '/', '.']);
        match separator {
            Some(_) => self.date(word),
            None => self.plain(word),
        }
    }

    /// `HH:MM[:SS[.fff]]` or `HHMM[SS[.fff]]`, and what follows it: am, pm, a zone.
    fn clock(&mut self, word: &str) -> Parsed<()> {
        let end = word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.');
        let (clock, rest) = word.split_at(end.unwrap_or(word.len()));
        let time = if clock.contains(':') { colons(clock)? } else { packed(clock)? };
        set(&mut self.fields.time, time)?;
        match rest.as_bytes().first() {
            None => Ok(()),
            Some(b'+' | b'-') => self.zone_offset(rest),
            Some(_) => self.name(rest),
        }
    }

    /// Digits alone: a packed date, or the next part of one.
    fn plain(&mut self, word: &str) -> Parsed<()> {
        let value = number(word)?;
        if word.len() >= 6 && !self.fields.has_date() {
            let year_digits = word.len() - 4;
            self.fields.short_year = year_digits == 2;
            self.fields.year = Some(number(&word[..year_digits])?);
            self.fields.month = Some(number(&word[year_digits..year_digits + 2])?);
            self.fields.day = Some(number(&word[year_digits + 2..])?);
            return Ok(());
        }
        if self.fields.has_date()
            && self.fields.time.is_none()
            && word.len() >= 4
            && self.is_dated()
        {
            return set(&mut self.fields.time, packed(word)?);
        }
        self.part(word, value)
    }

    fn is_dated(&self) -> bool {
        self.fields.year.is_some() && self.fields.month.is_some() && self.fields.day.is_some()
    }

    /// A part of a date in the order that is asked for.
    fn part(&mut self, word: &str, value: i64) -> Parsed<()> {
        let fields = &mut self.fields;
        if word.len() >= 3 {
            // The day of a year, once the year is there.
            if word.len() == 3 && fields.year.is_some() && fields.month.is_none() {
                let year = fields.year.take().unwrap_or(0);
                return set(&mut fields.whole_day, days_of(year, 1, 1) + value - 1);
            }
            return set(&mut fields.year, value);
        }
        match (fields.year, fields.month, fields.day, self.order) {
            (Some(_), None, _, _) => fields.month = Some(value),
            (_, Some(_), None, _) => fields.day = Some(value),
            (None, Some(_), Some(_), _) => {
                fields.year = Some(value);
                fields.short_year = true;
            }
            (None, None, None, Order::DayMonthYear) | (None, None, None, Order::YearMonthDay)
                if self.order == Order::DayMonthYear =>
            {
                fields.day = Some(value);
            }
            (None, None, None, Order::YearMonthDay) => {
                fields.year = Some(value);
                fields.short_year = true;
            }
            (None, None, _, _) => fields.month = Some(value),
            _ => return Err(Refusal::Syntax),
        }
        Ok(())
    }

    /// `a-b-c` with any of the separators; the month may be a name.
    fn date(&mut self, word: &str) -> Parsed<()> {
        // A zone may follow a date right away.
        let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
        if let [year, day] = parts.as_slice()
            && word.contains('.')
            && year.len() >= 4
            && day.len() == 3
        {
            let first = days_of(number(year)?, 1, 1);
            return set(&mut self.fields.whole_day, first + number(day)? - 1);
        }
        if parts.len() == 2 && word.contains('-') && parts[0].len() >= 4 && parts[1].len() == 3 {
            let first = days_of(number(parts[0])?, 1, 1);
            return set(&mut self.fields.whole_day, first + number(parts[1])? - 1);
        }
        if parts.len() != 3 {
            return Err(Refusal::Syntax);
        }
        for part in parts {
            match place(&MONTHS, part) {
                Some(month) => self.month_name(month + 1)?,
                None => self.part(part, number(part)?)?,
            }
        }
        Ok(())
    }
}

/// Nanoseconds of `HH:MM[:SS[.fff]]`.
fn colons(clock: &str) -> Parsed<i64> {
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let parts: Vec<&str> = whole.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        // With a fraction two parts are minutes and seconds.
        [minute, second] if !fraction.is_empty() => (0, number(minute)?, number(second)?),
        [hour, minute] => (number(hour)?, number(minute)?, 0),
        [hour, minute, second] => (number(hour)?, number(minute)?, number(second)?),
        _ => return Err(Refusal::Syntax),
    };
    of_clock(hour, minute, second, fraction)
}

/// Nanoseconds of `HHMM[SS[.fff]]`.
fn packed(clock: &str) -> Parsed<i64> {
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let at = |from: usize| whole.get(from..from + 2).map_or(Err(Refusal::Syntax), number);
    match whole.len() {
        2 => of_clock(at(0)?, 0, 0, fraction),
        4 => of_clock(at(0)?, at(2)?, 0, fraction),
        6 => of_clock(at(0)?, at(2)?, at(4)?, fraction),
        _ => Err(Refusal::Syntax),
    }
}

fn of_clock(hour: i64, minute: i64, second: i64, fraction: &str) -> Parsed<i64> {
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::Syntax);
    }
    if hour > 24 || minute > 59 || second > 60 {
        return Err(Refusal::Range);
    }
    let digit =
        |index: usize| fraction.as_bytes().get(index).map_or(0, |byte| i64::from(byte - b'0'));
    let nanoseconds =
        (0..9).fold(0, |sum, index| sum * 10 + digit(index)) + i64::from(digit(9) >= 5);
    let total = (hour * HOUR + minute * MINUTE + second * SECOND) * 1_000 + nanoseconds;
    if total > DAY * 1_000 { Err(Refusal::Range) } else { Ok(total) }
}

fn read(text: &str, context: &dyn Context) -> Parsed<Fields> {
    let mut reader = Reader { fields: Fields::default(), order: order(context) };
    reader.text(text)?;
    let mut fields = reader.fields;
    if let (Some(afternoon), Some(time)) = (fields.afternoon, fields.time) {
        let hour = time / (HOUR * 1_000);
        if !(1..=12).contains(&hour) {
            return Err(Refusal::Range);
        }
        let of_hour = time % (HOUR * 1_000);
        let hour = hour % 12 + if afternoon { 12 } else { 0 };
        fields.time = Some(hour * HOUR * 1_000 + of_hour);
    }
    Ok(fields)
}

/// Days since 1970-01-01.
fn day(fields: &Fields) -> Parsed<i64> {
    if let Some(day) = fields.whole_day {
        return Ok(day);
    }
    let (Some(year), Some(month), Some(day)) = (fields.year, fields.month, fields.day) else {
        // Parts that are there are looked at first.
        let fits = |part: Option<i64>, most| part.is_none_or(|part| (1..=most).contains(&part));
        let fits = fits(fields.month, 12) && fits(fields.day, 31);
        return Err(if fits { Refusal::Syntax } else { Refusal::Range });
    };
    let year = if fields.before_christ {
        if year == 0 {
            return Err(Refusal::Range);
        }
        1 - year
    } else if fields.short_year {
        year + if year < 70 { 2000 } else { 1900 }
    } else if year == 0 {
        return Err(Refusal::Range);
    } else {
        year
    };
    let exists = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    if exists { Ok(days_of(year, month, day)) } else { Err(Refusal::Range) }
}

/// The local time of the statement's transaction.
fn now(context: &dyn Context) -> Result<Instant> {
    zone::session(context).to_local(Instant::from_micros(context.transaction_time()))
}

/// A named day in local time.
fn special(special: Special, context: &dyn Context) -> Result<Instant> {
    Ok(match special {
        Special::Infinity => Instant::INFINITY,
        Special::NegativeInfinity => Instant::NEGATIVE_INFINITY,
        Special::Epoch => Instant::from_micros(0),
        Special::Now => now(context)?,
        Special::Day(offset) => {
            let today = now(context)?.micros.div_euclid(DAY);
            Instant::from_micros((today + offset) * DAY)
        }
    })
}

/// A date.
pub(super) fn date(text: &str, context: &dyn Context) -> Result<Datum> {
    let refuse = |refusal: Refusal| refusal.error("date", text);
    let fields = read(text, context).map_err(refuse)?;
    if let Some(named) = fields.special {
        return super::day_of(special(named, context)?).map(Datum::Date);
    }
    let days = day(&fields).map_err(refuse)?;
    super::date(days)
        .map(Datum::Date)
        .map_err(|_| SqlError::new("22008", format!("date out of range: \"{text}\"")))
}

/// A time of day; a date beside it does not count.
pub(super) fn time(text: &str, digits: u8, context: &dyn Context) -> Result<Datum> {
    let refuse = |refusal: Refusal| refusal.error("time", text);
    let trimmed = text.trim();
    // Digits alone are no date here, whether or not a fraction stands behind them.
    let (whole, fraction) = trimmed.split_once('.').unwrap_or((trimmed, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if matches!(whole.len(), 4 | 6) && are_digits(whole) && are_digits(fraction) {
        let nanoseconds = packed(trimmed).map_err(refuse)?;
        return Ok(Datum::Time(super::time_with_digits(nanoseconds, digits)));
    }
    let fields = read(text, context).map_err(refuse)?;
    let nanoseconds = match (fields.special, fields.time) {
        (Some(Special::Now), _) => now(context)?.micros.rem_euclid(DAY) * 1_000,
        (_, Some(time)) => time,
        _ => return Err(refuse(Refusal::Syntax)),
    };
    Ok(Datum::Time(super::time_with_digits(nanoseconds, digits)))
}

/// A local point in time, and its zone if it has one.
fn point(text: &str, ty: &str, context: &dyn Context) -> Result<(Instant, Option<Zone>, bool)> {
    let refuse = |refusal: Refusal| refusal.error(ty, text);
    let fields = read(text, context).map_err(refuse)?;
    if let Some(named) = fields.special {
        let is_utc = named == Special::Epoch;
        let mut instant = special(named, context)?;
        if let (Special::Day(_), Some(time)) = (named, fields.time) {
            instant.micros += time / 1_000;
        }
        return Ok((instant, fields.zone, is_utc));
    }
    let days = day(&fields).map_err(refuse)?;
    let time = fields.time.unwrap_or(0);
    let micros = days.checked_mul(DAY).and_then(|micros| micros.checked_add(time / 1_000));
    let nanos = u16::try_from(time % 1_000).unwrap_or(0);
    let instant = super::instant(micros, nanos).map_err(|_| too_far(text))?;
    Ok((instant, fields.zone, false))
}

fn too_far(text: &str) -> SqlError {
    SqlError::new("22008", format!("timestamp out of range: \"{text}\""))
}

/// A timestamp; a zone is read and does not count.
pub(super) fn timestamp(text: &str, digits: u8, context: &dyn Context) -> Result<Datum> {
    let (instant, _, _) = point(text, "timestamp", context)?;
    super::with_digits(instant, digits).map(Datum::Timestamp)
}

/// A point in time, without a zone in the session's.
pub(super) fn timestamp_tz(text: &str, digits: u8, context: &dyn Context) -> Result<Datum> {
    let (local, zone, is_utc) = point(text, "timestamp with time zone", context)?;
    let zone = match (zone, is_utc) {
        (_, true) => Zone::Fixed(0),
        (Some(zone), _) => zone,
        (None, _) => zone::session(context),
    };
    super::with_digits(zone.to_utc(local)?, digits).map(Datum::TimestampTz)
}
