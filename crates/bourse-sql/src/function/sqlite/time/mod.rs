//! SQLite's functions of dates and times.

use ecow::EcoString;

use super::float::{Style, write as write_float};
pub(super) use super::values::as_text;
use super::values::widen;
use crate::datum::Datum;
use crate::error::Result;
use crate::function::signature::Shape::Any;
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

mod moment;
mod parse;

use moment::{DAY, EPOCH, Moment};

/// The moment of a text and its modifiers; `None` is NULL.
fn read(arguments: &[Datum], context: &dyn Context) -> Option<Moment> {
    let Some((first, modifiers)) = arguments.split_first() else {
        return Some(parse::present(context));
    };
    let mut moment = parse::moment(first, context)?;
    for (index, modifier) in modifiers.iter().enumerate() {
        if modifier.is_null() {
            return None;
        }
        parse::modify(&mut moment, &as_text(modifier), index + 1, context)?;
    }
    moment.compute_julian()?;
    if !moment.is_valid() {
        return None;
    }
    // A day that the month has not lies in the next one.
    if arguments.len() == 1
        && let Some((_, _, day)) = moment.date
        && day > 28
    {
        moment.date = None;
    }
    Some(moment)
}

fn made(text: Option<String>) -> Result<Datum> {
    Ok(text.map_or(Datum::Null, |text| Datum::Text(EcoString::from(text))))
}

fn date_text(moment: &mut Moment) -> Option<String> {
    let (year, month, day) = moment.compute_date()?;
    let sign = if year < 0 { "-" } else { "" };
    Some(format!("{sign}{:04}-{month:02}-{day:02}", year.abs()))
}

/// Whole seconds and milliseconds of a second.
fn thousandths(second: f64) -> (i64, i64) {
    #[expect(clippy::cast_possible_truncation, reason = "below 60,000")]
    let total = (second * 1_000.0 + 0.5) as i64;
    (total / 1_000, total % 1_000)
}

#[expect(clippy::cast_possible_truncation, reason = "below 60")]
fn whole(second: f64) -> i64 {
    second as i64
}

fn clock_text(moment: &mut Moment) -> Option<String> {
    let (hour, minute, second) = moment.compute_clock()?;
    if moment.subsecond {
        let (whole, rest) = thousandths(second);
        return Some(format!("{hour:02}:{minute:02}:{whole:02}.{rest:03}"));
    }
    Some(format!("{hour:02}:{minute:02}:{:02}", whole(second)))
}

fn date(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    made(read(arguments, context).and_then(|mut moment| date_text(&mut moment)))
}

fn time(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    made(read(arguments, context).and_then(|mut moment| clock_text(&mut moment)))
}

fn date_time(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    made(read(arguments, context).and_then(|mut moment| {
        let date = date_text(&mut moment)?;
        Some(format!("{date} {}", clock_text(&mut moment)?))
    }))
}

fn julian_day(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let julian = read(arguments, context).and_then(|mut moment| moment.compute_julian());
    Ok(julian.map_or(Datum::Null, |julian| Datum::Double(widen(julian) / 86_400_000.0)))
}

fn unix_epoch(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some(mut moment) = read(arguments, context) else {
        return Ok(Datum::Null);
    };
    let Some(julian) = moment.compute_julian() else {
        return Ok(Datum::Null);
    };
    Ok(match moment.subsecond {
        true => Datum::Double(widen(julian - EPOCH) / 1_000.0),
        false => Datum::Integer(julian / 1_000 - EPOCH / 1_000),
    })
}

fn float_text(value: f64, kind: u8, precision: i32) -> String {
    let (negative, text) = write_float(value, kind, precision, Style::default());
    if negative { format!("-{text}") } else { text }
}

/// Days since the first of January, from 0.
fn day_of_year(moment: &Moment) -> Option<i64> {
    let (year, _, _) = moment.date?;
    let mut first = Moment { date: Some((year, 1, 1)), ..Moment::default() };
    first.clock = moment.clock;
    let first = first.compute_julian()?;
    Some((moment.julian? - first + DAY / 2) / DAY)
}

/// Days since Monday.
fn after_monday(moment: &Moment) -> Option<i64> {
    Some((moment.julian? + DAY / 2) / DAY % 7)
}

fn after_sunday(moment: &Moment) -> Option<i64> {
    Some((moment.julian? + 129_600_000) / DAY % 7)
}

/// The Thursday of the moment's week, by which weeks have their year.
fn thursday(moment: &Moment) -> Option<Moment> {
    let mut thursday = moment.clone();
    thursday.julian = Some(moment.julian? + (3 - after_monday(moment)?) * DAY);
    thursday.date = None;
    thursday.compute_date()?;
    Some(thursday)
}

fn conversion(letter: char, moment: &Moment) -> Option<String> {
    let (year, month, day) = moment.date?;
    let (hour, minute, second) = moment.clock?;
    let twelve = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    let julian = moment.julian?;
    let padded_year = |year: i64| match year < 0 {
        true => format!("-{:03}", -year),
        false => format!("{year:04}"),
    };
    Some(match letter {
        'd' => format!("{day:02}"),
        'e' => format!("{day:2}"),
        'f' => {
            let text = float_text(second.min(59.999), b'f', 3);
            format!("{text:0>6}")
        }
        'F' => format!("{}-{month:02}-{day:02}", padded_year(year)),
        'G' => padded_year(thursday(moment)?.date?.0),
        'g' => format!("{:02}", thursday(moment)?.date?.0 % 100),
        'H' => format!("{hour:02}"),
        'k' => format!("{hour:2}"),
        'I' => format!("{twelve:02}"),
        'l' => format!("{twelve:2}"),
        'j' => format!("{:03}", day_of_year(moment)? + 1),
        'J' => float_text(widen(julian) / 86_400_000.0, b'g', 16),
        'm' => format!("{month:02}"),
        'M' => format!("{minute:02}"),
        'p' => (if hour >= 12 { "PM" } else { "AM" }).to_owned(),
        'P' => (if hour >= 12 { "pm" } else { "am" }).to_owned(),
        'R' => format!("{hour:02}:{minute:02}"),
        's' if moment.subsecond => float_text(widen(julian - EPOCH) / 1_000.0, b'f', 3),
        's' => (julian / 1_000 - EPOCH / 1_000).to_string(),
        'S' => format!("{:02}", whole(second)),
        'T' => format!("{hour:02}:{minute:02}:{:02}", whole(second)),
        'u' => match after_sunday(moment)? {
            0 => "7".to_owned(),
            day => day.to_string(),
        },
        'w' => after_sunday(moment)?.to_string(),
        'U' => format!("{:02}", (day_of_year(moment)? - after_sunday(moment)? + 7) / 7),
        'V' => format!("{:02}", day_of_year(&thursday(moment)?)? / 7 + 1),
        'W' => format!("{:02}", (day_of_year(moment)? - after_monday(moment)? + 7) / 7),
        'Y' => padded_year(year),
        '%' => "%".to_owned(),
        _ => return None,
    })
}

fn strftime(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some((template, arguments)) = arguments.split_first() else {
        return Ok(Datum::Null);
    };
    if template.is_null() {
        return Ok(Datum::Null);
    }
    let Some(mut moment) = read(arguments, context) else {
        return Ok(Datum::Null);
    };
    let known = moment.compute_date().and_then(|_| moment.compute_clock());
    let mut out = String::new();
    let template = as_text(template);
    // SQLite reads it up to a NUL.
    let mut rest = template.chars().take_while(|letter| *letter != '\0');
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let written = rest.next().and_then(|letter| conversion(letter, &moment));
        let (Some(written), Some(_)) = (written, known) else {
            return Ok(Datum::Null);
        };
        out.push_str(&written);
    }
    made(Some(out))
}

/// What must be added to the second moment to get the first.
fn difference(arguments: &[Datum], context: &dyn Context) -> Option<String> {
    let mut first = read(&arguments[..1], context)?;
    let mut second = read(&arguments[1..], context)?;
    first.compute_date()?;
    first.compute_clock()?;
    second.compute_date()?;
    second.compute_clock()?;
    let forward = first.julian? >= second.julian?;
    let direction = if forward { 1 } else { -1 };
    let ((year, month, _), (second_year, second_month, day)) = (first.date?, second.date?);
    let mut years = direction * (year - second_year);
    let mut months = direction * (month - second_month);
    // A time of 24:00 is of the day before its date: where nothing moves it stays as it was read.
    let moves = (years, months) != (0, 0);
    let as_read = second.julian?;
    let mut place = |date: (i64, i64, i64)| {
        second.date = Some(date);
        second.julian = None;
        second.compute_julian()
    };
    if months < 0 {
        (years, months) = (years - 1, months + 12);
    }
    let mut date = (year, month, day);
    let mut julian = if moves { place(date)? } else { as_read };
    let wanted = first.julian?;
    while if forward { wanted < julian } else { wanted > julian } {
        months -= 1;
        if months < 0 {
            (years, months) = (years - 1, 11);
        }
        date.1 -= direction;
        if date.1 < 1 {
            date = (date.0 - 1, 12, date.2);
        } else if date.1 > 12 {
            date = (date.0 + 1, 1, date.2);
        }
        julian = place(date)?;
    }
    let mut rest = Moment::of_julian(direction * (wanted - julian) + 148_699_540_800_000);
    let (_, _, days) = rest.compute_date()?;
    let (hour, minute, second) = rest.compute_clock()?;
    let (whole, thousandths) = thousandths(second);
    let sign = if forward { '+' } else { '-' };
    let clock = format!("{hour:02}:{minute:02}:{whole:02}.{thousandths:03}");
    Some(format!("{sign}{years:04}-{months:02}-{:02} {clock}", days - 1))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("date", &[], Any, date).called_on_null().stable(),
    scalar("date", &[Any], Any, date).called_on_null().stable().variadic(),
    scalar("time", &[], Any, time).called_on_null().stable(),
    scalar("time", &[Any], Any, time).called_on_null().stable().variadic(),
    scalar("datetime", &[], Any, date_time).called_on_null().stable(),
    scalar("datetime", &[Any], Any, date_time).called_on_null().stable().variadic(),
    scalar("julianday", &[], Any, julian_day).called_on_null().stable(),
    scalar("julianday", &[Any], Any, julian_day).called_on_null().stable().variadic(),
    scalar("unixepoch", &[], Any, unix_epoch).called_on_null().stable(),
    scalar("unixepoch", &[Any], Any, unix_epoch).called_on_null().stable().variadic(),
    scalar("strftime", &[Any], Any, strftime).called_on_null().stable().variadic(),
    scalar("timediff", &[Any, Any], Any, |a, context| made(difference(a, context)))
        .called_on_null()
        .stable(),
    scalar("current_date", &[], Any, date).stable(),
    scalar("current_time", &[], Any, time).stable(),
    scalar("current_timestamp", &[], Any, date_time).stable(),
];
