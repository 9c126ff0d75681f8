//! `date_trunc` and `extract` as PostgreSQL has them, over days and points in time. Version 2; the
//! first ones are in `times`.

use bourse_storage::{Error, Result};

use super::text;
use crate::datetime::{civil_from_days, days_from_civil};
use crate::decimal::Decimal;
use crate::expression::evaluate::mismatch;
use crate::value::ValueRef;

pub(super) const SECOND: i64 = 1_000_000_000;
pub(super) const DAY: i64 = 86_400 * SECOND;

/// What a point in time has, and what it can be cut down to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
    DayOfWeek,
    IsoDayOfWeek,
    DayOfYear,
    IsoYear,
    Epoch,
}

/// PostgreSQL's names. Those without an `s` at their end may have one where there are many.
const NAMES: [(Field, &[&str]); 18] = [
    (Field::Microsecond, &["microsecond", "us", "usec"]),
    (Field::Millisecond, &["millisecond", "ms", "msec"]),
    (Field::Second, &["second", "sec", "s"]),
    (Field::Minute, &["minute", "min", "m"]),
    (Field::Hour, &["hour", "hr", "h"]),
    (Field::Day, &["day", "d"]),
    (Field::Week, &["week", "w"]),
    (Field::Month, &["month", "mon"]),
    (Field::Quarter, &["quarter", "qtr"]),
    (Field::Year, &["year", "yr", "y"]),
    (Field::Decade, &["decade", "dec"]),
    (Field::Century, &["century", "centuries", "cent", "c"]),
    (Field::Millennium, &["millennium", "millennia", "mil"]),
    (Field::DayOfWeek, &["dow"]),
    (Field::IsoDayOfWeek, &["isodow"]),
    (Field::DayOfYear, &["doy"]),
    (Field::IsoYear, &["isoyear"]),
    (Field::Epoch, &["epoch"]),
];

impl Field {
    /// The field of a name; case does not matter.
    pub(super) fn named(word: &str) -> Option<Field> {
        let is = |name: &&str| word.eq_ignore_ascii_case(name);
        let find = |is: &dyn Fn(&&str) -> bool| {
            NAMES.iter().find(|(_, names)| names.iter().any(is)).map(|(field, _)| *field)
        };
        find(&is).or_else(|| {
            // `ms` is no `m`, and there is one `dow`: only words of units, longer than a letter.
            let singular = word.strip_suffix(['s', 'S']).filter(|singular| singular.len() > 1)?;
            let field = find(&|name| singular.eq_ignore_ascii_case(name))?;
            field.is_unit().then_some(field)
        })
    }

    /// Whether time can be cut down to it.
    fn is_unit(self) -> bool {
        !matches!(
            self,
            Field::DayOfWeek
                | Field::IsoDayOfWeek
                | Field::DayOfYear
                | Field::IsoYear
                | Field::Epoch
        )
    }

    /// Nanoseconds, of what lies within a day.
    pub(super) fn of_clock(self) -> Option<i64> {
        Some(match self {
            Field::Microsecond => 1_000,
            Field::Millisecond => 1_000_000,
            Field::Second => SECOND,
            Field::Minute => 60 * SECOND,
            Field::Hour => 3_600 * SECOND,
            _ => return None,
        })
    }

    /// Months, of what is a number of whole ones.
    pub(super) fn months(self) -> Option<i64> {
        Some(match self {
            Field::Month => 1,
            Field::Quarter => 3,
            Field::Year => 12,
            Field::Decade => 120,
            Field::Century => 1_200,
            Field::Millennium => 12_000,
            _ => return None,
        })
    }
}

/// The unit of `date_trunc`.
///
/// # Errors
/// 22023 for an unknown word, 0A000 for a field that is no unit.
pub(super) fn unit(word: &str) -> Result<Field> {
    let field = Field::named(word).ok_or_else(|| unknown("unit", word))?;
    if field.is_unit() { Ok(field) } else { Err(unsupported(word, "date_trunc")) }
}

/// The field of `extract`, which a day may lack.
///
/// # Errors
/// 22023 for an unknown word, 0A000 for the time of a day.
pub(super) fn field(word: &str, of_date: bool) -> Result<Field> {
    let field = Field::named(word).ok_or_else(|| unknown("field", word))?;
    if of_date && field.of_clock().is_some() {
        return Err(unsupported(word, "extract from a DATE"));
    }
    Ok(field)
}

/// The beginning of the unit that a point in time lies in.
pub(super) fn truncate(unit_word: ValueRef<'_>, value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let unit = unit(text("date_trunc", unit_word)?)?;
    let (days, of_day) = match value {
        ValueRef::Timestamp(point) => (point.div_euclid(DAY), point.rem_euclid(DAY)),
        ValueRef::Date(days) => (i64::from(days), 0),
        other => return Err(mismatch("function date_trunc", other)),
    };
    let (year, month, _) = civil_from_days(days);
    let (days, of_day) = match unit {
        Field::Week => (days - weekday(days), 0),
        Field::Month => (days_from_civil(year, month, 1), 0),
        Field::Quarter => (days_from_civil(year, (month - 1) / 3 * 3 + 1, 1), 0),
        Field::Year => (days_from_civil(year, 1, 1), 0),
        Field::Decade => (days_from_civil(year - year.rem_euclid(10), 1, 1), 0),
        // Centuries begin with their first year: 2000 is the last one of the 20th.
        Field::Century => (days_from_civil(year - (year - 1).rem_euclid(100), 1, 1), 0),
        Field::Millennium => (days_from_civil(year - (year - 1).rem_euclid(1_000), 1, 1), 0),
        _ => (days, unit.of_clock().map_or(0, |width| of_day - of_day % width)),
    };
    let begin = i128::from(days) * i128::from(DAY) + i128::from(of_day);
    i64::try_from(begin).map(ValueRef::Timestamp).map_err(|_| out_of_range("timestamp"))
}

/// A field of a day or a point in time.
pub(super) fn extract(word: ValueRef<'_>, value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let word = text("extract", word)?;
    let (days, of_day) = match value {
        ValueRef::Timestamp(point) => (point.div_euclid(DAY), Some(point.rem_euclid(DAY))),
        ValueRef::Date(days) => (i64::from(days), None),
        other => return Err(mismatch("function extract", other)),
    };
    let field = field(word, of_day.is_none())?;
    let clock = of_day.unwrap_or_default();
    let (coefficient, scale) = match field {
        Field::Second => of_nanoseconds(i128::from(clock % (60 * SECOND)), 9),
        Field::Millisecond => of_nanoseconds(i128::from(clock % (60 * SECOND)), 6),
        Field::Microsecond => of_nanoseconds(i128::from(clock % (60 * SECOND)), 3),
        Field::Epoch if of_day.is_none() => (i128::from(days) * 86_400, 0),
        Field::Epoch => of_nanoseconds(i128::from(days) * i128::from(DAY) + i128::from(clock), 9),
        Field::Minute => (i128::from(clock / (60 * SECOND) % 60), 0),
        Field::Hour => (i128::from(clock / (3_600 * SECOND)), 0),
        _ => (i128::from(of_calendar(field, days)), 0),
    };
    Ok(ValueRef::Decimal(Decimal::new(coefficient, scale)?))
}

/// Nanoseconds as a decimal whose last of `scale` digits they are; without the last three where
/// these are zero, as in databases that keep microseconds.
fn of_nanoseconds(nanoseconds: i128, scale: u8) -> (i128, u8) {
    if nanoseconds % 1_000 == 0 { (nanoseconds / 1_000, scale - 3) } else { (nanoseconds, scale) }
}

fn of_calendar(field: Field, days: i64) -> i64 {
    let (year, month, day) = civil_from_days(days);
    match field {
        Field::Day => i64::from(day),
        Field::Month => i64::from(month),
        Field::Quarter => i64::from((month - 1) / 3 + 1),
        Field::Year => without_year_0(year),
        Field::Decade => year.div_euclid(10),
        Field::Century => without_year_0((year - 1).div_euclid(100) + 1),
        Field::Millennium => without_year_0((year - 1).div_euclid(1_000) + 1),
        Field::DayOfWeek => (weekday(days) + 1) % 7,
        Field::IsoDayOfWeek => weekday(days) + 1,
        Field::DayOfYear => days - days_from_civil(year, 1, 1) + 1,
        Field::Week | Field::IsoYear => {
            // A week belongs to the year of its Thursday.
            let thursday = days - weekday(days) + 3;
            let (year, _, _) = civil_from_days(thursday);
            let of_year = thursday - days_from_civil(year, 1, 1);
            if field == Field::Week { of_year / 7 + 1 } else { without_year_0(year) }
        }
        _ => unreachable!("extract has handled the fields of the clock"),
    }
}

/// There is no year 0: 1 BC is -1.
fn without_year_0(year: i64) -> i64 {
    if year > 0 { year } else { year - 1 }
}

/// Days since the last Monday: 1970-01-01 was a Thursday.
fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7)
}

fn unknown(what: &str, word: &str) -> Error {
    Error::invalid(format!("{what} \"{word}\" of time is not known")).with_sqlstate("22023")
}

fn unsupported(word: &str, by: &str) -> Error {
    Error::invalid(format!("\"{word}\" is not supported by {by}")).with_sqlstate("0A000")
}

pub(super) fn out_of_range(what: &str) -> Error {
    Error::invalid(format!("{what} out of range")).with_sqlstate("22008")
}
