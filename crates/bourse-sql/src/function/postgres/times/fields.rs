//! `extract` and `date_part`.

use super::{DAY, HOUR, MINUTE, SECOND, civil, days_of};
use crate::datum::time::{iso_week, weekday, zone};
use crate::datum::{Datum, Instant, Interval, Numeric};
use crate::error::{Result, SqlError};
use crate::function::arguments::text;
use crate::function::signature::Shape::{
    Date, Float8, Interval as Span, Numeric as Decimal, Text, Time, Timestamp, TimestampTz,
};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// The usual name of a field or unit.
pub(super) fn unit(text: &str) -> Option<&'static str> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "us" | "usec" | "usecs" | "usecond" | "useconds" | "microsecond" | "microseconds" => {
            "microseconds"
        }
        "ms" | "msec" | "msecs" | "msecond" | "mseconds" | "millisecond" | "milliseconds" => {
            "milliseconds"
        }
        "s" | "sec" | "secs" | "second" | "seconds" => "second",
        "m" | "min" | "mins" | "minute" | "minutes" => "minute",
        "h" | "hr" | "hrs" | "hour" | "hours" => "hour",
        "d" | "day" | "days" => "day",
        "w" | "week" | "weeks" => "week",
        "mon" | "mons" | "month" | "months" => "month",
        "qtr" | "quarter" => "quarter",
        "y" | "yr" | "yrs" | "year" | "years" => "year",
        "dec" | "decs" | "decade" | "decades" => "decade",
        "c" | "cent" | "century" | "centuries" => "century",
        "mil" | "mils" | "millennia" | "millennium" => "millennium",
        "dow" => "dow",
        "isodow" => "isodow",
        "doy" => "doy",
        "isoyear" => "isoyear",
        "epoch" => "epoch",
        "julian" => "julian",
        "timezone" => "timezone",
        "timezone_hour" | "timezone_h" => "timezone_hour",
        "timezone_minute" | "timezone_m" => "timezone_minute",
        _ => return None,
    })
}

fn unknown(field: &str, ty: &str) -> SqlError {
    SqlError::new(
        "22023",
        format!("unit \"{}\" not recognized for type {ty}", field.to_lowercase()),
    )
}

fn unsupported(field: &str, ty: &str) -> SqlError {
    let message = format!("unit \"{}\" not supported for type {ty}", field.to_lowercase());
    SqlError::new("0A000", message)
}

fn whole(value: i64) -> Option<Numeric> {
    Some(Numeric::from(value))
}

fn scaled(value: i64, scale: u16) -> Option<Numeric> {
    Some(Numeric::new(i128::from(value), scale))
}

/// A field of the time of day.
fn of_clock(field: &str, of_day: i64) -> Option<Numeric> {
    match field {
        "microseconds" => whole(of_day % MINUTE),
        "milliseconds" => scaled(of_day % MINUTE, 3),
        "second" => scaled(of_day % MINUTE, 6),
        "minute" => whole(of_day / MINUTE % 60),
        "hour" => whole(of_day / HOUR),
        _ => None,
    }
}

/// Centuries and their like have no year 0.
fn era(year: i64, length: i64) -> i64 {
    if year > 0 { (year + length - 1) / length } else { -((length - year) / length) }
}

/// A field of a day.
fn of_day(field: &str, days: i64) -> Option<Numeric> {
    let (year, month, day) = civil(days);
    match field {
        "day" => whole(day),
        "week" => whole(iso_week(days).1),
        "month" => whole(month),
        "quarter" => whole((month - 1) / 3 + 1),
        "year" => whole(if year > 0 { year } else { year - 1 }),
        "decade" => whole(year.div_euclid(10)),
        "century" => whole(era(year, 100)),
        "millennium" => whole(era(year, 1_000)),
        "dow" => whole(weekday(days)),
        "isodow" => whole(if weekday(days) == 0 { 7 } else { weekday(days) }),
        "doy" => whole(days - days_of(year, 1, 1) + 1),
        "isoyear" => {
            let year = iso_week(days).0;
            whole(if year > 0 { year } else { year - 1 })
        }
        _ => None,
    }
}

/// What fields of infinity are: infinity where they grow without end, else NULL.
fn of_infinity(field: &str, positive: bool, ty: &str, clock: bool) -> Result<Datum> {
    let endless = ["year", "decade", "century", "millennium", "julian", "isoyear", "epoch"];
    let others = ["day", "month", "quarter", "week", "dow", "isodow", "doy"];
    let clocks = ["microseconds", "milliseconds", "second", "minute", "hour"];
    let zones = ["timezone", "timezone_hour", "timezone_minute"];
    if endless.contains(&field) {
        let infinity = if positive { Numeric::INFINITY } else { Numeric::NEGATIVE_INFINITY };
        return Ok(Datum::Numeric(infinity));
    }
    let of_clock = clock && (clocks.contains(&field) || zones.contains(&field));
    if others.contains(&field) || of_clock {
        return Ok(Datum::Null);
    }
    Err(unsupported(field, ty))
}

fn julian(local: Instant) -> Result<Numeric> {
    let (days, of_day) = (local.micros.div_euclid(DAY), local.micros.rem_euclid(DAY));
    let fraction = Numeric::from(of_day).div(&Numeric::from(DAY))?;
    Numeric::from(days + 2_440_588).add(&fraction)
}

fn of_local(field: &str, local: Instant) -> Result<Option<Numeric>> {
    if field == "julian" {
        return julian(local).map(Some);
    }
    let (days, clock) = (local.micros.div_euclid(DAY), local.micros.rem_euclid(DAY));
    Ok(of_clock(field, clock).or_else(|| of_day(field, days)))
}

fn of_interval(field: &str, value: &Interval) -> Option<Numeric> {
    let years = i64::from(value.months / 12);
    match field {
        "hour" => whole(value.micros / HOUR),
        "day" => whole(i64::from(value.days)),
        "month" => whole(i64::from(value.months % 12)),
        "quarter" => whole(i64::from(value.months % 12) / 3 + 1),
        "year" => whole(years),
        "decade" => whole(years / 10),
        "century" => whole(years / 100),
        "millennium" => whole(years / 1_000),
        // A year has 365.25 days here, a month 30.
        "epoch" => {
            let days = i128::from(years) * 36_525 + i128::from(value.months % 12) * 3_000;
            let day = i128::from(DAY);
            let micros = (days + i128::from(value.days) * 100) * day / 100;
            Some(Numeric::new(micros + i128::from(value.micros), 6))
        }
        other => of_clock(other, value.micros),
    }
}

/// The field that an argument names, of the other one.
fn extract(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let name = text(arguments, 0)?;
    let (ty, found) = match &arguments[1] {
        Datum::Date(_) => ("date", unit(name)),
        Datum::Time(_) => ("time without time zone", unit(name)),
        Datum::Timestamp(_) => ("timestamp without time zone", unit(name)),
        Datum::TimestampTz(_) => ("timestamp with time zone", unit(name)),
        _ => ("interval", unit(name)),
    };
    let field = found.ok_or_else(|| unknown(name, ty))?;
    let value = match &arguments[1] {
        Datum::Date(i32::MAX) => return of_infinity(field, true, ty, false),
        Datum::Date(i32::MIN) => return of_infinity(field, false, ty, false),
        Datum::Date(days) => match field {
            "epoch" => whole(i64::from(*days) * 86_400),
            "julian" => whole(i64::from(*days) + 2_440_588),
            _ => of_day(field, i64::from(*days)),
        },
        Datum::Time(nanoseconds) => match field {
            "epoch" => scaled(nanoseconds / 1_000, 6),
            _ => of_clock(field, nanoseconds / 1_000),
        },
        Datum::Timestamp(instant) | Datum::TimestampTz(instant) if !instant.is_finite() => {
            return of_infinity(field, *instant == Instant::INFINITY, ty, true);
        }
        Datum::Timestamp(instant) => match field {
            "epoch" => scaled(instant.micros, 6),
            _ => of_local(field, *instant)?,
        },
        Datum::TimestampTz(instant) => {
            let zone = zone::session(context);
            let offset = zone.offset_at(instant.micros);
            match field {
                "epoch" => scaled(instant.micros, 6),
                "timezone" => whole(offset),
                "timezone_hour" => whole(offset / 3600),
                "timezone_minute" => whole(offset / 60 % 60),
                _ => of_local(field, zone.to_local(*instant)?)?,
            }
        }
        Datum::Interval(value) => of_interval(field, value),
        _ => None,
    };
    value.map(Datum::Numeric).ok_or_else(|| unsupported(name, ty))
}

fn date_part(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    // The field of a date is the field of its midnight.
    let of_midnight = match &arguments[1] {
        Datum::Date(days) => Some(super::midnight(*days)?),
        _ => None,
    };
    let extracted = match of_midnight {
        Some(instant) => extract(&[arguments[0].clone(), Datum::Timestamp(instant)], context)?,
        None => extract(arguments, context)?,
    };
    Ok(match extracted {
        Datum::Numeric(value) => {
            let field = unit(text(arguments, 0)?).unwrap_or_default();
            let of_midnight = of_midnight.map(Datum::Timestamp);
            let of = of_midnight.as_ref().unwrap_or(&arguments[1]);
            let exact = value.to_f64();
            let summed = if exact.is_finite() { summed(field, of, context)? } else { None };
            Datum::Double(summed.unwrap_or(exact))
        }
        other => other,
    })
}

/// Fields that PostgreSQL adds up of floating numbers, in its order.
#[expect(clippy::cast_precision_loss, reason = "as PostgreSQL does it")]
fn summed(field: &str, value: &Datum, context: &dyn Context) -> Result<Option<f64>> {
    let micros = match value {
        Datum::Interval(interval) if field == "epoch" => {
            let (months, days) = (interval.months, f64::from(interval.days));
            let mut sum = interval.micros as f64 / 1e6;
            sum += 365.25 * 86_400.0 * f64::from(months / 12);
            sum += 30.0 * 86_400.0 * f64::from(months % 12);
            return Ok(Some(sum + 86_400.0 * days));
        }
        Datum::Interval(interval) => interval.micros,
        Datum::Time(nanoseconds) => nanoseconds / 1_000,
        Datum::Timestamp(local) => local.micros,
        Datum::TimestampTz(instant) => zone::session(context).to_local(*instant)?.micros,
        _ => return Ok(None),
    };
    // Only intervals have parts with signs.
    let of_minute = match value {
        Datum::Interval(_) => micros % MINUTE,
        _ => micros.rem_euclid(MINUTE),
    };
    let (second, fraction) = ((of_minute / SECOND) as f64, (of_minute % SECOND) as f64);
    let (days, of_day) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    Ok(match field {
        "second" => Some(second + fraction / 1e6),
        "milliseconds" => Some(second * 1e3 + fraction / 1e3),
        "julian" => {
            let seconds = (of_day / SECOND) as f64 + fraction / 1e6;
            Some((days + 2_440_588) as f64 + seconds / 86_400.0)
        }
        _ => None,
    })
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("extract", &[Text, Date], Decimal, extract),
    scalar("extract", &[Text, Time], Decimal, extract),
    scalar("extract", &[Text, Timestamp], Decimal, extract),
    scalar("extract", &[Text, TimestampTz], Decimal, extract).stable(),
    scalar("extract", &[Text, Span], Decimal, extract),
    scalar("date_part", &[Text, Date], Float8, date_part),
    scalar("date_part", &[Text, Time], Float8, date_part),
    scalar("date_part", &[Text, Timestamp], Float8, date_part),
    scalar("date_part", &[Text, TimestampTz], Float8, date_part).stable(),
    scalar("date_part", &[Text, Span], Float8, date_part),
];
