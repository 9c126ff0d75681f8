//! `to_date` and `to_timestamp`: texts read by PostgreSQL's template patterns, as leniently as
//! PostgreSQL reads them.

use super::template::pattern_at;
use super::{DAY, HOUR, MINUTE, SECOND, days_in_month, days_of, instant, zone};
use crate::datum::time::{MONTHS, WEEKDAYS};
use crate::datum::{Datum, Instant};
use crate::error::{Result, SqlError};
use crate::function::arguments::text;
use crate::function::signature::Shape::{Date, Text, TimestampTz};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// A part of a template.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Node {
    /// A pattern; whether FM stands before it and TH behind it.
    Field { pattern: &'static str, fills_not: bool, ordinal: bool },
    /// A space or a sign, which one such in the text may answer.
    Separator,
    /// A character that takes the place of one.
    Character,
}

/// What was read.
#[derive(Default, Debug)]
struct Fields {
    year: Option<i64>,
    is_before_christ: bool,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    julian: Option<i64>,
    hour: i64,
    is_twelve: bool,
    is_afternoon: bool,
    minute: i64,
    second: i64,
    seconds: Option<i64>,
    micros: i64,
    zone_sign: i64,
    zone_hour: Option<i64>,
    zone_minute: i64,
}

fn is_separator(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_alphanumeric() && !c.is_ascii_control() && c != ' '
}

fn nodes_of(template: &str) -> Result<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut rest = template;
    let mut fills_not = false;
    while let Some(c) = rest.chars().next() {
        let prefix = rest.get(..2).map(str::to_ascii_uppercase);
        match prefix.as_deref() {
            Some("FM") => {
                fills_not = true;
                rest = &rest[2..];
                continue;
            }
            Some("FX" | "TM") => {
                return Err(SqlError::unsupported("FX and TM in a template that reads a text"));
            }
            _ => {}
        }
        if let Some(pattern) = pattern_at(rest) {
            rest = &rest[pattern.len()..];
            let ordinal = rest.get(..2).is_some_and(|next| next.eq_ignore_ascii_case("th"));
            if ordinal {
                rest = &rest[2..];
            }
            nodes.push(Node::Field { pattern, fills_not, ordinal });
            fills_not = false;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '"' => {
                let end = rest.find('"').unwrap_or(rest.len());
                nodes.extend(rest[..end].chars().map(|_| Node::Character));
                rest = rest.get(end + 1..).unwrap_or("");
            }
            c if c.is_whitespace() || is_separator(c) => nodes.push(Node::Separator),
            _ => nodes.push(Node::Character),
        }
    }
    Ok(nodes)
}

/// Whether a pattern stands for digits alone.
fn is_digits(pattern: &str) -> bool {
    !matches!(
        pattern.to_ascii_uppercase().as_str(),
        "MONTH"
            | "MON"
            | "DAY"
            | "DY"
            | "AM"
            | "PM"
            | "A.M."
            | "P.M."
            | "AD"
            | "BC"
            | "A.D."
            | "B.C."
            | "RM"
            | "TZ"
            | "TZH"
            | "OF"
    )
}

fn wrong(value: &str, pattern: &str) -> SqlError {
    SqlError::new("22007", format!("invalid value \"{value}\" for \"{pattern}\""))
}

const TRY_FM: &str = "If your source string is not fixed-width, try using the \"FM\" modifier.";

struct Reader<'r> {
    rest: &'r str,
    nodes: &'r [Node],
    fields: Fields,
    /// A minus was passed over, as a sign between two fields, that the template did not ask for.
    passed_minus: bool,
}

impl<'r> Reader<'r> {
    /// Whether what follows a node in the template is no digit: then a number may have any length.
    fn ends_number(&self, at: usize) -> bool {
        match self.nodes[at] {
            Node::Field { fills_not: true, .. } | Node::Field { ordinal: true, .. } => true,
            _ => match self.nodes.get(at + 1) {
                Some(Node::Field { pattern, .. }) => !is_digits(pattern),
                _ => true,
            },
        }
    }

    /// A number of so many digits; how many it had.
    fn number(&mut self, at: usize, pattern: &str, width: usize) -> Result<(i64, usize)> {
        self.rest = self.rest.trim_start();
        let source = if self.ends_number(at) {
            self.rest
        } else {
            let left = self.rest.chars().count();
            if left < width {
                let message = format!("source string too short for \"{pattern}\" formatting field");
                let detail = format!("Field requires {width} characters, but only {left} remain.");
                let error = SqlError::new("22007", message).with_detail(detail);
                return Err(error.with_hint(TRY_FM));
            }
            let end = self.rest.char_indices().nth(width).map_or(self.rest.len(), |(end, _)| end);
            &self.rest[..end]
        };
        let signs = usize::from(source.starts_with(['-', '+']));
        let digits = source[signs..].bytes().take_while(u8::is_ascii_digit).count();
        let length = signs + digits;
        if digits == 0 {
            let shown: String = source.chars().take(width).collect();
            return Err(wrong(&shown, pattern).with_detail("Value must be an integer."));
        }
        if !self.ends_number(at) && length < width {
            let detail =
                format!("Field requires {width} characters, but only {length} could be parsed.");
            return Err(wrong(source, pattern).with_detail(detail).with_hint(TRY_FM));
        }
        let value = source[..length].trim_start_matches('+').parse::<i32>();
        let value = value.map_err(|_| {
            let message = format!("value for \"{pattern}\" in source string is out of range");
            SqlError::new("22008", message)
                .with_detail("Value must be in the range -2147483648 to 2147483647.")
        })?;
        self.rest = &self.rest[length..];
        Ok((i64::from(value), length))
    }

    /// One of some words; its place among them.
    fn word(&mut self, pattern: &str, words: &[&str], length: usize) -> Result<usize> {
        let found = words.iter().position(|word| {
            let word = &word[..word.len().min(length)];
            self.rest.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
        });
        let Some(found) = found else {
            let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
            let detail = "The given value did not match any of the allowed values for this field.";
            return Err(wrong(&self.rest[..end], pattern).with_detail(detail));
        };
        self.rest = &self.rest[words[found].len().min(length)..];
        Ok(found)
    }

    fn clock(&mut self, at: usize, pattern: &str) -> Result<bool> {
        match pattern {
            "HH" | "HH12" => {
                self.fields.is_twelve = true;
                self.fields.hour = self.number(at, pattern, 2)?.0;
            }
            "HH24" => self.fields.hour = self.number(at, pattern, 2)?.0,
            "MI" => self.fields.minute = self.number(at, pattern, 2)?.0,
            "SS" => self.fields.second = self.number(at, pattern, 2)?.0,
            "SSSS" | "SSSSS" => self.fields.seconds = Some(self.number(at, pattern, 5)?.0),
            "MS" => self.fraction(at, pattern, 3)?,
            "US" => self.fraction(at, pattern, 6)?,
            "AM" | "PM" | "am" | "pm" => {
                self.fields.is_twelve = true;
                self.fields.is_afternoon = self.word(pattern, &["am", "pm"], 2)? == 1;
            }
            "A.M." | "P.M." | "a.m." | "p.m." => {
                self.fields.is_twelve = true;
                self.fields.is_afternoon = self.word(pattern, &["a.m.", "p.m."], 4)? == 1;
            }
            "TZH" => {
                let first = self.rest.chars().next();
                let is_behind = first == Some('-') || self.passed_minus;
                self.fields.zone_sign = if is_behind { -1 } else { 1 };
                if matches!(first, Some('+' | '-' | ' ')) {
                    self.rest = &self.rest[1..];
                }
                self.fields.zone_hour = Some(self.number(at, pattern, 2)?.0);
            }
            "TZM" => {
                self.fields.zone_minute = self.number(at, pattern, 2)?.0;
                self.fields.zone_hour.get_or_insert(0);
            }
            "TZ" | "tz" | "OF" => {
                let message =
                    format!("formatting field \"{pattern}\" is only supported in to_char");
                return Err(SqlError::unsupported(message));
            }
            _ => match pattern.strip_prefix("FF").and_then(|count| count.parse().ok()) {
                Some(count) => self.fraction(at, pattern, count)?,
                None => return Ok(false),
            },
        }
        Ok(true)
    }

    /// Digits of a second: as many as there are say what they are worth.
    fn fraction(&mut self, at: usize, pattern: &str, width: usize) -> Result<()> {
        let (value, read) = self.number(at, pattern, width)?;
        let read = u32::try_from(read.min(width)).unwrap_or(6).min(6);
        self.fields.micros += value * 10_i64.pow(6 - read);
        Ok(())
    }

    fn date(&mut self, at: usize, pattern: &str) -> Result<()> {
        match pattern {
            "YYYY" => self.fields.year = Some(self.number(at, pattern, 4)?.0),
            "YYY" | "YY" | "Y" => {
                let (year, read) = self.number(at, pattern, pattern.len())?;
                self.fields.year = Some(if read < 4 { near_2020(year) } else { year });
            }
            "Y,YYY" => {
                let thousands = self.number(at, pattern, 1)?.0;
                let rest = self.rest.strip_prefix(',');
                self.rest = rest.ok_or_else(|| wrong(self.rest, pattern))?;
                self.fields.year = Some(thousands * 1_000 + self.number(at, pattern, 3)?.0);
            }
            "AD" | "BC" | "ad" | "bc" => {
                self.fields.is_before_christ = self.word(pattern, &["ad", "bc"], 2)? == 1;
            }
            "A.D." | "B.C." | "a.d." | "b.c." => {
                self.fields.is_before_christ = self.word(pattern, &["a.d.", "b.c."], 4)? == 1;
            }
            "MONTH" | "Month" | "month" => self.month(pattern, usize::MAX)?,
            "MON" | "Mon" | "mon" => self.month(pattern, 3)?,
            "MM" => self.fields.month = Some(self.number(at, pattern, 2)?.0),
            "RM" | "rm" => {
                // The longer ones first: VIII begins with V.
                let romans =
                    ["VIII", "VII", "III", "XII", "VI", "IV", "IX", "XI", "II", "V", "X", "I"];
                let months = [8, 7, 3, 12, 6, 4, 9, 11, 2, 5, 10, 1];
                let found = self.word(pattern, &romans, usize::MAX)?;
                self.fields.month = Some(months[found]);
            }
            "DAY" | "Day" | "day" => {
                self.word(pattern, &WEEKDAYS, usize::MAX)?;
            }
            "DY" | "Dy" | "dy" => {
                self.word(pattern, &WEEKDAYS, 3)?;
            }
            "DD" => self.fields.day = Some(self.number(at, pattern, 2)?.0),
            "DDD" => self.fields.day_of_year = Some(self.number(at, pattern, 3)?.0),
            "D" => {
                self.number(at, pattern, 1)?;
            }
            // It says nothing that the month does not.
            "Q" => {
                self.number(at, pattern, 1)?;
            }
            "J" => self.fields.julian = Some(self.number(at, pattern, 7)?.0),
            _ => {
                let message = format!("the template pattern \"{pattern}\" to read a text by");
                return Err(SqlError::unsupported(message));
            }
        }
        Ok(())
    }

    fn month(&mut self, pattern: &str, length: usize) -> Result<()> {
        let found = self.word(pattern, &MONTHS, length)?;
        self.fields.month = i64::try_from(found + 1).ok();
        Ok(())
    }

    fn read(&mut self) -> Result<()> {
        // Spaces of the text that were passed over before a node asked for them.
        let mut passed = 0_i64;
        for at in 0..self.nodes.len() {
            let node = self.nodes[at];
            if node != Node::Character {
                let trimmed = self.rest.trim_start();
                passed += i64::try_from(self.rest.len() - trimmed.len()).unwrap_or(0);
                self.rest = trimmed;
            }
            match node {
                Node::Separator => {
                    passed -= 1;
                    if let Some(c) = self.rest.chars().next().filter(|c| is_separator(*c)) {
                        self.rest = &self.rest[c.len_utf8()..];
                        passed += 1;
                        self.passed_minus = c == '-' && passed > 0;
                    }
                }
                Node::Character if passed > 0 => passed -= 1,
                Node::Character => {
                    let mut characters = self.rest.chars();
                    characters.next();
                    self.rest = characters.as_str();
                }
                Node::Field { pattern, ordinal, .. } => {
                    if self.rest.is_empty() {
                        return Ok(());
                    }
                    if !self.clock(at, pattern)? {
                        self.date(at, pattern)?;
                    }
                    if ordinal {
                        self.rest = self.rest.get(2..).unwrap_or("");
                    }
                    (passed, self.passed_minus) = (0, false);
                }
            }
        }
        Ok(())
    }
}

/// The year of fewer than four digits: the one nearest to 2020.
fn near_2020(year: i64) -> i64 {
    match year {
        0..70 => year + 2_000,
        70..100 => year + 1_900,
        100..520 => year + 2_000,
        520..1_000 => year + 1_000,
        _ => year,
    }
}

impl Fields {
    /// Days and microseconds of the day.
    fn assemble(&self, source: &str) -> Result<(i64, i64)> {
        let refuse = || {
            let message = format!("date/time field value out of range: \"{source}\"");
            SqlError::new("22008", message)
        };
        let mut year = self.year.unwrap_or(0);
        // A year with a minus is one before Christ too, and there is no year zero.
        if self.is_before_christ {
            year = -year;
        }
        if year < 0 {
            year += 1;
        }
        let (mut hour, mut minute, mut second) = (self.hour, self.minute, self.second);
        if let Some(seconds) = self.seconds {
            (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        }
        if self.is_twelve {
            if !(1..=12).contains(&hour) {
                let message = format!("hour \"{hour}\" is invalid for the 12-hour clock");
                return Err(SqlError::new("22007", message)
                    .with_hint("Use the 24-hour clock, or give an hour between 1 and 12."));
            }
            hour = hour % 12 + if self.is_afternoon { 12 } else { 0 };
        }
        let in_range = (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second)
            && (0..SECOND).contains(&self.micros);
        if !in_range {
            return Err(refuse());
        }
        let days = if let Some(julian) = self.julian {
            julian - 2_440_588
        } else if let Some(day) = self.day_of_year {
            if !(1..=366).contains(&day) {
                return Err(refuse());
            }
            days_of(year, 1, 1) + day - 1
        } else {
            let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
            if !(1..=12).contains(&month) || !(1..=days_in_month(year, month)).contains(&day) {
                return Err(refuse());
            }
            days_of(year, month, day)
        };
        Ok((days, hour * HOUR + minute * MINUTE + second * SECOND + self.micros))
    }
}

fn fields(arguments: &[Datum]) -> Result<Fields> {
    let nodes = nodes_of(text(arguments, 1)?)?;
    let mut reader = Reader {
        rest: text(arguments, 0)?,
        nodes: &nodes,
        fields: Fields::default(),
        passed_minus: false,
    };
    reader.read()?;
    Ok(reader.fields)
}

fn to_date(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (days, _) = fields(arguments)?.assemble(text(arguments, 0)?)?;
    super::date(days).map(Datum::Date)
}

fn to_timestamp(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let fields = fields(arguments)?;
    let (days, clock) = fields.assemble(text(arguments, 0)?)?;
    let micros = days.checked_mul(DAY).and_then(|micros| micros.checked_add(clock));
    let local: Instant = instant(micros, 0)?;
    let zone = match fields.zone_hour {
        Some(hour) => {
            let seconds = (hour * 60 + fields.zone_minute) * 60 * fields.zone_sign;
            zone::Zone::Fixed(seconds)
        }
        None => zone::session(context),
    };
    zone.to_utc(local).map(Datum::TimestampTz)
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("to_date", &[Text, Text], Date, to_date).stable(),
    scalar("to_timestamp", &[Text, Text], TimestampTz, to_timestamp).stable(),
];
