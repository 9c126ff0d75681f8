//! Dates and times of a text, in the many forms that PostgreSQL reads.
//!
//! 1. A word's look says what it can be, the fields that were read before which of these it is.
//! 2. Each field is there once: a word for one that is there already is an error.

use super::fields::{Fields, Order, Read, Refusal, field};
use super::vocabulary::{Label, Named, Token, token};
use super::words::{Look, ROOM, ROOM_OF_POINT, Word, leading, split};
use super::zone::{self, Zone};
use super::{DAY, civil};
use crate::datum::{Datum, Instant};
use crate::error::{Result, SqlError};
use crate::function::Context;

/// The Julian day of 1970-01-01.
const JULIAN_EPOCH: i64 = 2_440_588;

fn order(context: &dyn Context) -> Order {
    match context.setting("datestyle").map(|style| style.to_ascii_uppercase()) {
        Some(style) if style.contains("DMY") => Order::DayMonthYear,
        Some(style) if style.contains("YMD") => Order::YearMonthDay,
        _ => Order::MonthDayYear,
    }
}

fn error(refusal: Refusal, ty: &str, text: &str) -> SqlError {
    match refusal {
        Refusal::Syntax => {
            SqlError::new("22007", format!("invalid input syntax for type {ty}: \"{text}\""))
        }
        Refusal::Range => {
            SqlError::new("22008", format!("date/time field value out of range: \"{text}\""))
        }
        Refusal::Order => error(Refusal::Range, ty, text)
            .with_hint("Perhaps you need a different \"datestyle\" setting."),
        Refusal::Zone => {
            SqlError::new("22009", format!("time zone displacement out of range: \"{text}\""))
        }
        Refusal::NoZone(name) => {
            SqlError::new("22023", format!("time zone \"{name}\" not recognized"))
        }
    }
}

/// The zone of a word that is no abbreviation.
fn named_zone(word: &str) -> Option<Zone> {
    zone::named(word).or_else(|| zone::posix(word))
}

/// Whether a name is followed by a distance from UTC.
fn has_offset(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    rest.starts_with(|c: char| c.is_ascii_digit())
}

/// Seconds to the east of `+HH[[:]MM[:SS]]`.
fn offset(text: &str) -> Read<i64> {
    let unsigned = text.strip_prefix(['+', '-']).ok_or(Refusal::Syntax)?;
    let part = |text| {
        let (number, rest): (Option<i32>, _) = leading(text);
        number.map(|number| (i64::from(number), rest)).ok_or(Refusal::Zone)
    };
    let (mut hours, mut rest) = part(unsigned)?;
    let (mut minutes, mut seconds) = (0, 0);
    if let Some(after) = rest.strip_prefix(':') {
        (minutes, rest) = part(after)?;
        if let Some(after) = rest.strip_prefix(':') {
            (seconds, rest) = part(after)?;
        }
    } else if rest.is_empty() && unsigned.len() > 2 {
        (hours, minutes) = (hours / 100, hours % 100);
    }
    let fits =
        (0..=15).contains(&hours) && (0..60).contains(&minutes) && (0..60).contains(&seconds);
    if !fits {
        return Err(Refusal::Zone);
    }
    if !rest.is_empty() {
        return Err(Refusal::Syntax);
    }
    let total = hours * 3_600 + minutes * 60 + seconds;
    Ok(if text.starts_with('-') { -total } else { total })
}

/// What a text is read as.
enum Moment {
    /// Days since 1970, nanoseconds of the day, and the zone if one is said.
    Local(i64, i64, Option<Zone>),
    Named(Named),
}

struct Reader<'c> {
    context: &'c dyn Context,
    /// Only the time of day counts.
    is_time: bool,
    fields: Fields,
    seen: u32,
    has_month_name: bool,
    is_afternoon: Option<bool>,
    /// What the next number is, if a word said it.
    label: Option<Label>,
    named: Option<Named>,
    /// Seconds to the east.
    offset: i64,
    zone: Option<Zone>,
}

impl<'c> Reader<'c> {
    fn new(context: &'c dyn Context, is_time: bool, is_fine: bool) -> Reader<'c> {
        Reader {
            context,
            is_time,
            fields: Fields::new(order(context), is_fine),
            seen: 0,
            has_month_name: false,
            is_afternoon: None,
            label: None,
            named: None,
            offset: 0,
            zone: None,
        }
    }

    fn words(&mut self, words: &[Word]) -> Read<()> {
        for at in 0..words.len() {
            let found = self.word(at, words)?;
            if self.seen & found != 0 {
                return Err(Refusal::Syntax);
            }
            self.seen |= found;
        }
        Ok(())
    }

    fn word(&mut self, at: usize, words: &[Word]) -> Read<u32> {
        let text = words[at].text.as_str();
        match words[at].look {
            Look::Date => self.date(at, words),
            Look::Clock => {
                if !self.is_time && self.label.take().is_some_and(|label| label != Label::Clock) {
                    return Err(Refusal::Syntax);
                }
                let found = self.fields.clock(text)?;
                let overflows = !self.is_time && self.fields.overflows();
                if overflows { Err(Refusal::Range) } else { Ok(found) }
            }
            Look::Signed => {
                self.offset = offset(text)?;
                Ok(field::ZONE)
            }
            Look::Number => match self.label.take() {
                Some(label) => {
                    self.named = None;
                    self.labelled(label, text)
                }
                None => self.number(at, words),
            },
            Look::Letters => self.letters(at, words),
        }
    }

    /// Digits with separators: a date, or a time with its zone; letters with some: a zone.
    fn date(&mut self, at: usize, words: &[Word]) -> Read<u32> {
        let text = words[at].text.as_str();
        let is_digit = text.starts_with(|c: char| c.is_ascii_digit());
        let of_day = field::MONTH | field::DAY;
        let is_date = if self.is_time {
            let is_last = words.last().is_some_and(|last| last.look == Look::Date);
            let before_clock = words.get(1).is_some_and(|next| next.look == Look::Clock);
            at == 0 && words.len() >= 2 && (is_last || before_clock)
        } else if self.label == Some(Label::Julian) {
            self.label = None;
            let (days, rest) = leading::<i32>(text);
            let days = days.filter(|days| *days >= 0).ok_or(Refusal::Range)?;
            self.fields.julian = Some(i64::from(days) - JULIAN_EPOCH);
            self.offset = offset(rest)?;
            return Ok(field::DATE | field::TIME | field::ZONE);
        } else {
            self.label.is_none() && self.seen & of_day != of_day
        };
        if is_date {
            return self.fields.date(text, self.seen);
        }
        let label = if self.is_time { None } else { self.label.take() };
        if label.is_some_and(|label| label != Label::Clock) {
            return Err(Refusal::Syntax);
        }
        if !is_digit && label.is_none() {
            self.zone = Some(named_zone(text).ok_or_else(|| match self.is_time {
                // One that has two names is known, and its clocks those of a day that is not.
                true if has_offset(text) => Refusal::Syntax,
                _ => Refusal::NoZone(text.to_owned()),
            })?);
            return Ok(field::ZONE);
        }
        if self.seen & field::TIME == field::TIME {
            return Err(Refusal::Syntax);
        }
        let (clock, _) = text.split_once('-').ok_or(Refusal::Syntax)?;
        self.offset = offset(&text[clock.len()..])?;
        let seen = if self.is_time { self.seen | field::DATE } else { self.seen };
        Ok(self.fields.packed(clock, seen)? | field::ZONE)
    }

    /// A number after its label.
    fn labelled(&mut self, label: Label, text: &str) -> Read<u32> {
        let (value, rest) = leading::<i32>(text);
        let value = i64::from(value.ok_or(Refusal::Range)?);
        let takes_part = matches!(label, Label::Julian | Label::Clock | Label::Second);
        let is_part = rest.starts_with('.');
        if !(rest.is_empty() || is_part && takes_part) {
            return Err(Refusal::Syntax);
        }
        let fields = &mut self.fields;
        Ok(match label {
            Label::Year => {
                fields.year = value;
                field::YEAR
            }
            Label::Month if self.seen & field::MONTH != 0 && self.seen & field::HOUR != 0 => {
                fields.minute = value;
                field::MINUTE
            }
            Label::Month => {
                fields.month = value;
                field::MONTH
            }
            Label::Day => {
                fields.day = value;
                field::DAY
            }
            Label::Hour => {
                fields.hour = value;
                field::HOUR
            }
            Label::Minute => {
                fields.minute = value;
                field::MINUTE
            }
            Label::Second => {
                fields.second = value;
                if is_part {
                    fields.fraction = fields.read_fraction(rest)?;
                    field::SECOND | field::FRACTION
                } else {
                    field::SECOND
                }
            }
            Label::Julian => {
                fields.julian = Some(value - JULIAN_EPOCH);
                if is_part {
                    fields.set_part_of_day(rest)?;
                    field::DATE | field::TIME
                } else {
                    field::DATE
                }
            }
            Label::Clock => match fields.packed(text, self.seen | field::DATE)? {
                field::TIME => field::TIME,
                _ => return Err(Refusal::Syntax),
            },
            Label::Other => return Err(Refusal::Syntax),
        })
    }

    /// A number by itself.
    fn number(&mut self, at: usize, words: &[Word]) -> Read<u32> {
        let text = words[at].text.as_str();
        let point = text.find('.');
        if self.is_time {
            let seen = self.seen | field::DATE;
            let is_last = words.last().is_some_and(|last| last.look == Look::Date);
            return match point {
                Some(_) if at == 0 && is_last => self.fields.date(text, self.seen),
                Some(point) if point <= 2 => Err(Refusal::Syntax),
                None if text.len() <= 4 => self.fields.number(text, false, seen),
                _ => self.fields.packed(text, seen),
            };
        }
        let lacks = |fields: u32| self.seen & fields == 0;
        match point {
            Some(_) if lacks(field::DATE) => self.fields.date(text, self.seen),
            Some(point) if point > 2 => self.fields.packed(text, self.seen),
            _ if text.len() >= 6 && (lacks(field::DATE) || lacks(field::TIME)) => {
                self.fields.packed(text, self.seen)
            }
            _ => self.fields.number(text, self.has_month_name, self.seen),
        }
    }

    fn letters(&mut self, at: usize, words: &[Word]) -> Read<u32> {
        let text = words[at].text.as_str();
        if let Some(Zone::Fixed(seconds)) = zone::abbreviation(text) {
            self.offset = seconds;
            return Ok(field::ZONE);
        }
        let Some(token) = token(text) else {
            self.zone = Some(named_zone(text).ok_or(Refusal::Syntax)?);
            return Ok(field::ZONE);
        };
        match token {
            Token::Ignored => Ok(0),
            Token::Named(named) => self.named(named),
            Token::Month(_) | Token::Weekday if self.is_time => Err(Refusal::Syntax),
            Token::Month(month) => {
                let is_day = !self.has_month_name
                    && self.seen & field::MONTH != 0
                    && self.seen & field::DAY == 0
                    && (1..=31).contains(&self.fields.month);
                let before = std::mem::replace(&mut self.fields.month, month);
                self.has_month_name = true;
                // A number that was taken for the month is the day.
                if is_day {
                    self.fields.day = before;
                }
                Ok(if is_day { field::DAY } else { field::MONTH })
            }
            Token::Weekday => Ok(field::WEEKDAY),
            Token::Afternoon(is_afternoon) => {
                self.is_afternoon = Some(is_afternoon);
                Ok(field::HALF)
            }
            Token::BeforeChrist(before_christ) => {
                self.fields.before_christ = before_christ;
                Ok(field::ERA)
            }
            Token::SummerTime => {
                self.offset += 3_600;
                Ok(field::SUMMER_TIME)
            }
            Token::Label(Label::Clock) => {
                let next = words.get(at + 1).map(|next| next.look);
                let is_time = matches!(next, Some(Look::Number | Look::Clock | Look::Date));
                let has_date = self.is_time || self.seen & field::DATE == field::DATE;
                if !is_time || !has_date {
                    return Err(Refusal::Syntax);
                }
                self.label = Some(Label::Clock);
                Ok(0)
            }
            Token::Label(label) => {
                self.label = Some(label);
                Ok(0)
            }
        }
    }

    fn named(&mut self, named: Named) -> Read<u32> {
        let local = |context| now(context).map_err(|_| Refusal::Range);
        match named {
            Named::Now => {
                let now = local(self.context)?.micros;
                self.fields.set_time(now.rem_euclid(DAY));
                if self.is_time {
                    return Ok(field::TIME);
                }
                self.set_day(now.div_euclid(DAY));
                self.named = None;
                let utc = self.context.transaction_time();
                self.offset = zone::session(self.context).offset_at(utc);
                Ok(field::DATE | field::TIME | field::ZONE)
            }
            Named::Midnight => {
                self.set_midnight();
                self.named = None;
                self.offset = 0;
                Ok(field::TIME | field::ZONE)
            }
            _ if self.is_time => Err(Refusal::Syntax),
            Named::Day(after) => {
                let today = local(self.context)?.micros.div_euclid(DAY);
                self.set_day(today + after);
                self.set_midnight();
                self.named = None;
                Ok(field::DATE)
            }
            other => {
                self.named = Some(other);
                Ok(field::NAMED)
            }
        }
    }

    fn set_midnight(&mut self) {
        (self.fields.hour, self.fields.minute, self.fields.second) = (0, 0, 0);
    }

    fn set_day(&mut self, days: i64) {
        (self.fields.year, self.fields.month, self.fields.day) = civil(days);
    }

    fn finish(mut self) -> Read<Moment> {
        let days = self.fields.days(self.seen)?;
        if let Some(is_afternoon) = self.is_afternoon {
            self.fields.set_half(is_afternoon)?;
        }
        if self.is_time && self.fields.overflows() {
            return Err(Refusal::Range);
        }
        if let Some(named) = self.named {
            return Ok(Moment::Named(named));
        }
        let is_whole = match self.is_time {
            true => self.seen & field::TIME == field::TIME,
            false => days.is_some(),
        };
        // Without a zone of its own, clocks are those of the session's on the day that is said.
        let has_part = !matches!(self.seen & field::DATE, 0 | field::DATE);
        if self.is_time && has_part && self.seen & field::ZONE == 0 {
            return Err(Refusal::Syntax);
        }
        // An hour more than which zone?
        let has_offset = self.seen & field::ZONE != 0 && self.zone.is_none();
        if !is_whole || (self.seen & field::SUMMER_TIME != 0 && !has_offset) {
            return Err(Refusal::Syntax);
        }
        if let (true, None, Some(Zone::Named(zone))) = (self.is_time, days, &self.zone)
            && zone.to_fixed_offset().is_err()
        {
            return Err(Refusal::Syntax);
        }
        let fixed = has_offset.then_some(Zone::Fixed(self.offset));
        Ok(Moment::Local(days.unwrap_or(0), self.fields.time(), self.zone.or(fixed)))
    }
}

fn read(
    text: &str,
    room: usize,
    (is_time, digits): (bool, u8),
    context: &dyn Context,
) -> Read<Moment> {
    let words = split(text, room).ok_or(Refusal::Syntax)?;
    let mut reader = Reader::new(context, is_time, digits > 6);
    reader.words(&words)?;
    reader.finish()
}

/// The local time of the statement's transaction.
fn now(context: &dyn Context) -> Result<Instant> {
    zone::session(context).to_local(Instant::from_micros(context.transaction_time()))
}

/// A date.
pub(super) fn date(text: &str, context: &dyn Context) -> Result<Datum> {
    let moment = read(text, ROOM, (false, 6), context);
    let days = match moment.map_err(|refusal| error(refusal, "date", text))? {
        Moment::Local(days, ..) => super::date(days)
            .map_err(|_| SqlError::new("22008", format!("date out of range: \"{text}\"")))?,
        Moment::Named(named) => super::day_of(instant_of(named))?,
    };
    Ok(Datum::Date(days))
}

fn instant_of(named: Named) -> Instant {
    match named {
        Named::Infinity => Instant::INFINITY,
        Named::NegativeInfinity => Instant::NEGATIVE_INFINITY,
        _ => Instant::from_micros(0),
    }
}

/// A time of day; a date beside it does not count.
pub(super) fn time(text: &str, digits: u8, context: &dyn Context) -> Result<Datum> {
    let moment = read(text, ROOM, (true, digits), context);
    match moment.map_err(|refusal| error(refusal, "time", text))? {
        Moment::Local(_, nanoseconds, _) => {
            Ok(Datum::Time(super::time_with_digits(nanoseconds, digits)))
        }
        Moment::Named(_) => Err(error(Refusal::Syntax, "time", text)),
    }
}

/// A local point in time, and its zone if it has one.
fn point(
    text: &str,
    ty: &str,
    digits: u8,
    context: &dyn Context,
) -> Result<(Instant, Option<Zone>)> {
    let moment = read(text, ROOM_OF_POINT, (false, digits), context);
    let (days, time, zone) = match moment.map_err(|refusal| error(refusal, ty, text))? {
        Moment::Local(days, time, zone) => (days, time, zone),
        Moment::Named(named) => return Ok((instant_of(named), Some(Zone::Fixed(0)))),
    };
    let micros = days.checked_mul(DAY).and_then(|micros| micros.checked_add(time / 1_000));
    let nanos = u16::try_from(time % 1_000).unwrap_or(0);
    let instant = super::instant(micros, nanos)
        .map_err(|_| SqlError::new("22008", format!("timestamp out of range: \"{text}\"")))?;
    Ok((instant, zone))
}

/// A timestamp; a zone is read and does not count.
pub(super) fn timestamp(text: &str, digits: u8, context: &dyn Context) -> Result<Datum> {
    let (instant, _) = point(text, "timestamp", digits, context)?;
    super::with_digits(instant, digits).map(Datum::Timestamp)
}

/// A point in time, without a zone in the session's.
pub(super) fn timestamp_tz(text: &str, digits: u8, context: &dyn Context) -> Result<Datum> {
    let (local, zone) = point(text, "timestamp with time zone", digits, context)?;
    let zone = zone.unwrap_or_else(|| zone::session(context));
    super::with_digits(zone.to_utc(local)?, digits).map(Datum::TimestampTz)
}

#[cfg(test)]
mod tests {
    use crate::function::PlainContext;

    fn read(text: &str, ty: &crate::types::SqlType) -> String {
        let context = &PlainContext::POSTGRES;
        let read = super::super::input(text, ty, context);
        match read.and_then(|datum| super::super::output(&datum, context)) {
            Ok(text) => text.to_string(),
            Err(error) => error.sqlstate().to_owned(),
        }
    }

    #[test]
    fn dates_have_many_forms() {
        let date = |text: &str| read(text, &crate::types::SqlType::Date);
        for (text, expected) in [
            ("{1,2,3}", "2003-01-02"),
            ("y2001m02d04", "2001-02-04"),
            ("12345 1 2", "12345-01-02"),
            ("1 2 12345", "12345-01-02"),
            ("1 2 123456", "22007"),
            ("2021 366", "2022-01-01"),
            ("2021 367", "22008"),
            ("j 2451187", "1999-01-08"),
            ("9223372036854775808", "22008"),
            ("-9223372036854775808", "22009"),
            ("2020-01-01 infinity", "infinity"),
            ("infinity 2020-01-01", "22007"),
            ("2020-01-01 foo/bar", "22023"),
            ("2020-01-01 foo", "22007"),
            ("mon 2020-01-01", "22007"),
            ("2020-01-01 2020-01-01", "22007"),
            ("5 jan 2020", "2020-01-05"),
            ("a_c", "22007"),
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn times_stand_beside_dates() {
        let timestamp = |text: &str| read(text, &crate::types::SqlType::Timestamp(6));
        let time = |text: &str| read(text, &crate::types::SqlType::Time(6));
        let zoned = |text: &str| read(text, &crate::types::SqlType::TimestampTz(6));
        for (read, expected) in [
            (timestamp("20200101 256199"), "2020-01-02 02:02:39"),
            (timestamp("2020-01-01 24:00:01"), "22008"),
            (timestamp("2020-01-01 04:05."), "2020-01-01 00:04:05"),
            (timestamp("1 1 2020 h 5 m 6 s 7.5"), "2020-01-01 05:06:07.5"),
            (timestamp("12:30 2020-01-01"), "22007"),
            (timestamp("2020-01-01 12:00:00.0000015"), "2020-01-01 12:00:00.000002"),
            (timestamp("2020-01-01 pm 13:00"), "22008"),
            (zoned("2020-01-01 met dst"), "2019-12-31 22:00:00+00"),
            (zoned("2020-01-01 dst"), "22007"),
            (zoned("j5-3"), "4714-11-29 03:00:00+00 BC"),
            (zoned("2020-01-01 -16"), "22009"),
            (time("t040506"), "04:05:06"),
            (time("12:"), "12:00:00"),
            (time("12"), "22007"),
            (time("y2020 04:05"), "22007"),
            (time("2020-01-01 04:05"), "04:05:00"),
            (time("p1d"), "22007"),
        ] {
            assert_eq!(read, expected);
        }
    }
}
