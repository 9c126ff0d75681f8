//! Arithmetic of intervals.

use crate::datum::Interval;
use crate::error::{Result, SqlError};

/// The error for an interval that does not fit.
pub(crate) fn out_of_range() -> SqlError {
    SqlError::new("22008", "interval out of range")
}

fn of_parts(months: Option<i32>, days: Option<i32>, micros: Option<i64>) -> Result<Interval> {
    match (months, days, micros) {
        (Some(months), Some(days), Some(micros)) => Ok(Interval { months, days, micros }),
        _ => Err(out_of_range()),
    }
}

pub(crate) fn add(a: &Interval, b: &Interval) -> Result<Interval> {
    of_parts(
        a.months.checked_add(b.months),
        a.days.checked_add(b.days),
        a.micros.checked_add(b.micros),
    )
}

pub(crate) fn subtract(a: &Interval, b: &Interval) -> Result<Interval> {
    of_parts(
        a.months.checked_sub(b.months),
        a.days.checked_sub(b.days),
        a.micros.checked_sub(b.micros),
    )
}

pub(crate) fn negate(a: &Interval) -> Result<Interval> {
    subtract(&Interval::default(), a)
}

/// To six digits after the point: what a fraction of a month or day is worth in the next unit.
fn rounded_fraction(value: f64) -> f64 {
    (value * 1_000_000.0).round_ties_even() / 1_000_000.0
}

fn to_i32(value: f64) -> Option<i32> {
    let fits = value > -2_147_483_649.0 && value < 2_147_483_648.0;
    #[expect(clippy::cast_possible_truncation, reason = "in range")]
    let whole = value as i32;
    fits.then_some(whole)
}

/// Each part times a factor; what is left of a month becomes days, of a day time.
pub(crate) fn multiply(a: &Interval, factor: f64) -> Result<Interval> {
    scale(a, |value| value * factor)
}

pub(crate) fn divide(a: &Interval, divisor: f64) -> Result<Interval> {
    if divisor == 0.0 {
        return Err(SqlError::new("22012", "division by zero"));
    }
    scale(a, |value| value / divisor)
}

fn scale(a: &Interval, change: impl Fn(f64) -> f64) -> Result<Interval> {
    let (months, days) = (change(f64::from(a.months)), change(f64::from(a.days)));
    let whole_months = to_i32(months).ok_or_else(out_of_range)?;
    let whole_days = to_i32(days).ok_or_else(out_of_range)?;
    let of_months = rounded_fraction((months - f64::from(whole_months)) * 30.0);
    let mut left_seconds =
        (days - f64::from(whole_days) + of_months - of_months.trunc()) * 86_400.0;
    left_seconds = rounded_fraction(left_seconds);
    let mut more_days = to_i32(of_months.trunc()).ok_or_else(out_of_range)?;
    if left_seconds.abs() >= 86_400.0 {
        more_days += to_i32(left_seconds / 86_400.0).ok_or_else(out_of_range)?;
        left_seconds -= (left_seconds / 86_400.0).trunc() * 86_400.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "PostgreSQL computes in doubles here")]
    let micros = (change(a.micros as f64) + left_seconds * 1_000_000.0).round_ties_even();
    if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&micros) {
        return Err(out_of_range());
    }
    #[expect(clippy::cast_possible_truncation, reason = "in range")]
    let micros = micros as i64;
    of_parts(Some(whole_months), whole_days.checked_add(more_days), Some(micros))
}
