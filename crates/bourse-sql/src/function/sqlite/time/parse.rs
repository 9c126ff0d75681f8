//! Texts as moments, and the modifiers that change them.

use super::moment::{DAY, EPOCH, Moment};
use crate::datum::Datum;
use crate::datum::{Instant, time::zone};
use crate::function::Context;
use crate::function::cast::sqlite::{is_space, number_prefix, to_real, whole_number};

/// A number of exactly so many digits, and what follows it.
fn digits(text: &[u8], count: usize, least: i64, most: i64) -> Option<(i64, &[u8])> {
    let (number, rest) = text.split_at_checked(count)?;
    if !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = number.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    (least..=most).contains(&value).then_some((value, rest))
}

fn skip_spaces(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| is_space(**byte)).count()..]
}

/// `HH:MM[:SS[.fff]][zone]`.
fn parse_clock(text: &[u8], moment: &mut Moment) -> Option<()> {
    let (hour, text) = digits(text, 2, 0, 24)?;
    let (minute, mut text) = digits(text.strip_prefix(b":")?, 2, 0, 59)?;
    let mut second = 0.0;
    if let Some(rest) = text.strip_prefix(b":") {
        let (whole, rest) = digits(rest, 2, 0, 59)?;
        second = f64::from(i32::try_from(whole).ok()?);
        text = rest;
        if let Some(rest) = text.strip_prefix(b".")
            && rest.first().is_some_and(u8::is_ascii_digit)
        {
            let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            second += fraction(&rest[..count]);
            text = &rest[count..];
        }
    }
    moment.julian = None;
    moment.raw = None;
    moment.clock = Some((hour, minute, second));
    parse_zone(text, moment)
}

/// The fraction of a second, never so near to 1 that it would be rounded to it.
fn fraction(digits: &[u8]) -> f64 {
    let (mut value, mut scale) = (0.0, 1.0);
    for digit in digits {
        value = value * 10.0 + f64::from(*digit) - 48.0;
        scale *= 10.0;
    }
    let fraction: f64 = value / scale;
    if fraction > 0.999 { 0.999 } else { fraction }
}

fn parse_zone(text: &[u8], moment: &mut Moment) -> Option<()> {
    let text = skip_spaces(text);
    moment.zone = 0;
    let (sign, rest) = match text {
        [] => return Some(()),
        [b'Z' | b'z', rest @ ..] => {
            (moment.is_utc, moment.is_local) = (true, false);
            return skip_spaces(rest).is_empty().then_some(());
        }
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2, 0, 14)?;
    let (minutes, rest) = digits(rest.strip_prefix(b":")?, 2, 0, 59)?;
    moment.zone = sign * (hours * 60 + minutes);
    if moment.zone == 0 {
        (moment.is_utc, moment.is_local) = (true, false);
    }
    skip_spaces(rest).is_empty().then_some(())
}

/// `[-]YYYY-MM-DD` and a time or nothing.
fn parse_date(text: &[u8]) -> Option<Moment> {
    let (negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (year, text) = digits(text, 4, 0, 9999)?;
    let (month, text) = digits(text.strip_prefix(b"-")?, 2, 1, 12)?;
    let (day, text) = digits(text.strip_prefix(b"-")?, 2, 1, 31)?;
    let gap = text.iter().take_while(|byte| is_space(**byte) || **byte == b'T').count();
    let text = &text[gap..];
    let mut moment = Moment::default();
    if !text.is_empty() {
        parse_clock(text, &mut moment)?;
    }
    moment.date = Some((if negative { -year } else { year }, month, day));
    moment.compute_excess();
    if moment.zone != 0 {
        moment.compute_julian()?;
    }
    Some(moment)
}

fn now(context: &dyn Context) -> Moment {
    let mut moment = Moment::of_julian(context.statement_time().div_euclid(1_000) + EPOCH);
    moment.is_utc = true;
    moment
}

/// The moment that an argument is.
pub(super) fn moment(value: &Datum, context: &dyn Context) -> Option<Moment> {
    let text = match value {
        Datum::Integer(_) | Datum::Double(_) => return Some(Moment::of_number(to_real(value))),
        Datum::Null => return None,
        other => super::as_text(other),
    };
    let text = text.split('\0').next().unwrap_or_default();
    if let Some(moment) = parse_date(text.as_bytes()) {
        return Some(moment);
    }
    let mut moment = Moment::default();
    if parse_clock(text.as_bytes(), &mut moment).is_some() {
        return Some(moment);
    }
    if text.eq_ignore_ascii_case("now") {
        return Some(now(context));
    }
    if let Some(number) = whole_number(text) {
        return Some(Moment::of_number(to_real(&number)));
    }
    if text.eq_ignore_ascii_case("subsec") || text.eq_ignore_ascii_case("subsecond") {
        return Some(Moment { subsecond: true, ..now(context) });
    }
    None
}

/// No argument at all is the present.
pub(super) fn present(context: &dyn Context) -> Moment {
    now(context)
}

/// Changes a moment by a modifier, which is the `index`-th (from 1).
pub(super) fn modify(
    moment: &mut Moment,
    modifier: &str,
    index: usize,
    context: &dyn Context,
) -> Option<()> {
    let lower = modifier.to_ascii_lowercase();
    match lower.as_str() {
        "auto" if index == 1 => auto(moment),
        "ceiling" => {
            moment.compute_julian()?;
            moment.clear();
            moment.excess = 0;
            Some(())
        }
        "floor" => {
            let excess = moment.excess;
            moment.shift(-excess * DAY)
        }
        "julianday" if index == 1 && moment.julian.is_some() && moment.raw.is_some() => {
            moment.raw = None;
            Some(())
        }
        "unixepoch" if index == 1 => of_seconds(moment),
        "localtime" => to_local(moment, context),
        "utc" => to_utc(moment, context),
        "subsec" | "subsecond" => {
            moment.subsecond = true;
            Some(())
        }
        _ => {
            if let Some(day) = lower.strip_prefix("weekday ") {
                return to_weekday(moment, day);
            }
            if let Some(unit) = lower.strip_prefix("start of ") {
                return to_start(moment, unit);
            }
            match lower.as_bytes().first() {
                Some(b'+' | b'-' | b'0'..=b'9') => add(moment, &lower),
                _ => None,
            }
        }
    }
}

fn auto(moment: &mut Moment) -> Option<()> {
    match moment.raw {
        Some(value) if moment.julian.is_none() => {
            if (-210_866_760_000.0..=253_402_300_799.0).contains(&value) {
                return of_seconds(moment);
            }
            Some(())
        }
        _ => {
            moment.raw = None;
            Some(())
        }
    }
}

fn of_seconds(moment: &mut Moment) -> Option<()> {
    let milliseconds = moment.raw? * 1_000.0 + 210_866_760_000_000.0;
    if !(0.0..464_269_060_800_000.0).contains(&milliseconds) {
        return None;
    }
    moment.clear();
    #[expect(clippy::cast_possible_truncation, reason = "in range")]
    let julian = (milliseconds + 0.5) as i64;
    (moment.julian, moment.raw) = (Some(julian), None);
    Some(())
}

fn to_local(moment: &mut Moment, context: &dyn Context) -> Option<()> {
    if !moment.is_local {
        // What is no moment becomes the one that SQLite computes where nothing else is said.
        if moment.compute_julian().is_none() {
            *moment = Moment::default();
        }
        let micros = (moment.compute_julian()? - EPOCH) * 1_000;
        let offset = zone::session(context).offset_at(micros);
        moment.shift(offset * 1_000)?;
    }
    (moment.is_utc, moment.is_local) = (false, true);
    Some(())
}

fn to_utc(moment: &mut Moment, context: &dyn Context) -> Option<()> {
    if !moment.is_utc {
        // What is no moment becomes the first one: SQLite forgets here that it was none.
        let julian = moment.compute_julian().unwrap_or(0);
        let local = Instant::from_micros((julian - EPOCH) * 1_000);
        let utc = zone::session(context).to_utc(local).ok()?;
        *moment = Moment {
            subsecond: moment.subsecond,
            ..Moment::of_julian(utc.micros.div_euclid(1_000) + EPOCH)
        };
        (moment.is_utc, moment.is_local) = (true, false);
    }
    Some(())
}

fn to_weekday(moment: &mut Moment, day: &str) -> Option<()> {
    let wanted = to_real(&whole_number(day)?);
    if !(0.0..7.0).contains(&wanted) || wanted.fract() != 0.0 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a day of the week")]
    let wanted = wanted as i64;
    moment.compute_date()?;
    moment.compute_clock()?;
    (moment.zone, moment.julian) = (0, None);
    let julian = moment.compute_julian()?;
    let mut today = (julian + 129_600_000) / DAY % 7;
    if today > wanted {
        today -= 7;
    }
    moment.shift((wanted - today) * DAY)
}

fn to_start(moment: &mut Moment, unit: &str) -> Option<()> {
    if moment.julian.is_none() && moment.date.is_none() && moment.clock.is_none() {
        return None;
    }
    let (year, month, day) = moment.compute_date()?;
    let date = match unit {
        "day" => (year, month, day),
        "month" => (year, month, 1),
        "year" => (year, 1, 1),
        _ => return None,
    };
    moment.date = Some(date);
    moment.clock = Some((0, 0, 0.0));
    (moment.raw, moment.zone, moment.julian) = (None, 0, None);
    Some(())
}

/// Units of `NNN unit`: name, the greatest number, seconds of one.
const UNITS: [(&str, f64, f64); 6] = [
    ("second", 4.6427e+14, 1.0),
    ("minute", 7.7379e+12, 60.0),
    ("hour", 1.2897e+11, 3_600.0),
    ("day", 5_373_485.0, 86_400.0),
    ("month", 176_546.0, 2_592_000.0),
    ("year", 14_713.0, 31_536_000.0),
];

fn add(moment: &mut Moment, modifier: &str) -> Option<()> {
    let bytes = modifier.as_bytes();
    let is_signed = matches!(bytes[0], b'+' | b'-');
    let is_date = |digits_of_year: usize| {
        let at = digits_of_year + 1;
        bytes.get(at) == Some(&b'-') && digits(&bytes[1..], digits_of_year, 0, 99_999).is_some()
    };
    if is_signed && (is_date(4) || is_date(5)) {
        let width = if is_date(4) { 4 } else { 5 };
        return add_date(moment, bytes, width);
    }
    let end = bytes.iter().skip(1).position(|byte| *byte == b':' || is_space(*byte));
    let end = end.map_or(bytes.len(), |at| at + 1);
    // A date modifier ends the number too; what is left then is none.
    let number = modifier.get(..end)?;
    let (value, length) = number_prefix(number);
    if length == 0 || length < number.len() {
        return None;
    }
    if bytes.get(end) == Some(&b':') {
        return add_clock(moment, bytes, bytes[0] == b'-');
    }
    let value = to_real(&value);
    let unit = std::str::from_utf8(skip_spaces(&bytes[end..])).ok()?;
    if !(3..=10).contains(&unit.len()) {
        return None;
    }
    let unit = unit.strip_suffix('s').unwrap_or(unit);
    moment.compute_julian()?;
    let (name, limit, seconds) = UNITS.into_iter().find(|(name, ..)| *name == unit)?;
    if !(-limit < value && value < limit) {
        return None;
    }
    moment.excess = 0;
    let mut rest = value;
    #[expect(clippy::cast_possible_truncation, reason = "below the limit")]
    let whole = value as i64;
    if name == "month" || name == "year" {
        let (months, years) = if name == "month" { (whole, 0) } else { (0, whole) };
        add_months(moment, years, months)?;
        rest = value - value.trunc();
    }
    let half = if value < 0.0 { -0.5 } else { 0.5 };
    #[expect(clippy::cast_possible_truncation, reason = "below the limit")]
    let milliseconds = (rest * 1_000.0 * seconds + half) as i64;
    moment.shift(milliseconds)
}

/// Years and months later: the day stays, also where the month is too short for it.
fn add_months(moment: &mut Moment, years: i64, months: i64) -> Option<()> {
    let (year, month, day) = moment.compute_date()?;
    moment.compute_clock()?;
    let total = month + months;
    let carry = if total > 0 { (total - 1) / 12 } else { (total - 12) / 12 };
    moment.date = Some((year + years + carry, total - carry * 12, day));
    moment.compute_excess();
    moment.julian = None;
    moment.compute_julian().map(|_| ())
}

fn add_clock(moment: &mut Moment, bytes: &[u8], negative: bool) -> Option<()> {
    let clock = if bytes[0].is_ascii_digit() { bytes } else { &bytes[1..] };
    let mut time = Moment::default();
    parse_clock(clock, &mut time)?;
    let julian = time.compute_julian()? - DAY / 2;
    let of_day = julian % DAY;
    moment.shift(if negative { -of_day } else { of_day })
}

/// `(+|-)YYYY-MM-DD[ HH:MM[:SS]]`.
fn add_date(moment: &mut Moment, bytes: &[u8], width: usize) -> Option<()> {
    let negative = bytes[0] == b'-';
    let (years, rest) = digits(&bytes[1..], width, 0, if width == 4 { 9_999 } else { 14_712 })?;
    let (months, rest) = digits(rest.strip_prefix(b"-")?, 2, 0, 11)?;
    let (days, rest) = digits(rest.strip_prefix(b"-")?, 2, 0, 30)?;
    let sign = if negative { -1 } else { 1 };
    let (year, month, day) = moment.compute_date()?;
    moment.compute_clock()?;
    let total = month + sign * months;
    let carry = if total > 0 { (total - 1) / 12 } else { (total - 12) / 12 };
    moment.date = Some((year + sign * years + carry, total - carry * 12, day));
    moment.compute_excess();
    moment.julian = None;
    moment.compute_julian()?;
    moment.shift(sign * days * DAY)?;
    match rest {
        [] => Some(()),
        [space, clock @ ..] if is_space(*space) => add_clock(moment, clock, negative),
        _ => None,
    }
}
