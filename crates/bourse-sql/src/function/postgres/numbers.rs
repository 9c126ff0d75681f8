//! Functions of exact numbers, and those that all numbers have.

use std::cmp::Ordering;

use bourse::Collation;

use super::arithmetic::{division_by_zero, int2, int4, int8, out};
use crate::datum::{Datum, Numeric, compare};
use crate::error::{Result, SqlError};
use crate::function::arguments::{array, double, integer, numeric, real};
use crate::function::signature::Shape::{
    Compatible, Compatibles, Float4, Float8, Int2, Int4, Int8, Numeric as Decimal, Text,
};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

fn number(value: Result<Numeric>) -> Result<Datum> {
    value.map(Datum::Numeric)
}

/// Digits as a scale: what is beyond all scales is the last of them.
fn digits(arguments: &[Datum], index: usize) -> Result<i32> {
    let digits = integer(arguments, index)?.clamp(-2_000, 2_000);
    Ok(i32::try_from(digits).unwrap_or(0))
}

/// Scales of `round` and `trunc`, which never go below zero in the result.
fn rounded(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    number(numeric(arguments, 0)?.round(digits(arguments, 1)?))
}

fn truncated(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    number(numeric(arguments, 0)?.trunc(digits(arguments, 1)?))
}

fn sign(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = numeric(arguments, 0)?;
    if value.is_nan() {
        return Ok(Datum::Numeric(Numeric::NAN));
    }
    Ok(Datum::Numeric(Numeric::from(value.signum())))
}

fn remainder(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (a, b) = (integer(arguments, 0)?, integer(arguments, 1)?);
    if b == 0 {
        return Err(division_by_zero());
    }
    Ok(Datum::Integer(a.checked_rem(b).unwrap_or(0)))
}

/// The greatest common divisor, never negative.
fn gcd(mut a: i64, mut b: i64) -> Option<i64> {
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a.checked_abs()
}

fn lcm(a: i64, b: i64) -> Option<i64> {
    if a == 0 || b == 0 {
        return Some(0);
    }
    (a / gcd(a, b)?).checked_mul(b)?.checked_abs()
}

fn two(arguments: &[Datum]) -> Result<(i64, i64)> {
    Ok((integer(arguments, 0)?, integer(arguments, 1)?))
}

fn within_int4(value: Option<i64>) -> Result<Datum> {
    value.map_or_else(|| Err(out("integer")), int4)
}

fn gcd_numeric(a: &Numeric, b: &Numeric) -> Result<Numeric> {
    if !a.is_finite() || !b.is_finite() {
        return Ok(Numeric::NAN);
    }
    let scale = i32::from(a.scale().max(b.scale()));
    let (mut a, mut b) = (a.abs().round(scale)?, b.abs().round(scale)?);
    while !b.is_zero() {
        let rest = a.rem(&b)?;
        (a, b) = (b, rest);
    }
    Ok(a)
}

fn lcm_numeric(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (a, b) = (numeric(arguments, 0)?, numeric(arguments, 1)?);
    if !a.is_finite() || !b.is_finite() {
        return Ok(Datum::Numeric(Numeric::NAN));
    }
    let scale = i32::from(a.scale().max(b.scale()));
    if a.is_zero() || b.is_zero() {
        return number(Numeric::ZERO.round(scale));
    }
    let quotient = a.div_trunc(&gcd_numeric(a, b)?)?;
    number(quotient.mul(b)?.abs().round(scale))
}

fn factorial(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = integer(arguments, 0)?;
    if value < 0 {
        let message = "factorial of a negative number is undefined";
        return Err(SqlError::new("22003", message));
    }
    if value > 32_177 {
        return Err(SqlError::new("22003", "value overflows numeric format"));
    }
    let mut product = Numeric::ONE;
    for factor in 2..=value {
        product = product.mul(&Numeric::from(factor))?;
    }
    Ok(Datum::Numeric(product))
}

fn bucket_error(message: &str) -> SqlError {
    SqlError::new("2201G", message)
}

fn bucket_count(arguments: &[Datum]) -> Result<i64> {
    let count = integer(arguments, 3)?;
    if count <= 0 {
        return Err(bucket_error("count must be greater than zero"));
    }
    Ok(count)
}

fn width_bucket_double(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (value, low, high) = (double(arguments, 0)?, double(arguments, 1)?, double(arguments, 2)?);
    let count = bucket_count(arguments)?;
    if value.is_nan() || low.is_nan() || high.is_nan() {
        let message = "operand, lower bound, and upper bound cannot be NaN";
        return Err(bucket_error(message));
    }
    if low.is_infinite() || high.is_infinite() {
        return Err(bucket_error("lower and upper bounds must be finite"));
    }
    if low.total_cmp(&high).is_eq() {
        return Err(bucket_error("lower bound cannot equal upper bound"));
    }
    let rising = low < high;
    let (before, after) =
        if rising { (value < low, value >= high) } else { (value > low, value <= high) };
    if before {
        return Ok(Datum::Integer(0));
    }
    if after {
        return int4(count + 1);
    }
    #[expect(clippy::cast_precision_loss, reason = "a count has 32 bits")]
    let buckets = count as f64;
    let part = if rising { (value - low) / (high - low) } else { (low - value) / (low - high) };
    #[expect(clippy::cast_possible_truncation, reason = "below the count")]
    let bucket = (buckets * part) as i64;
    int4(bucket.min(count - 1) + 1)
}

/// How many of the bounds, which are in order, the value is at or above.
fn width_bucket_bounds(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let bounds = array(arguments, 1)?;
    if bounds.dimensions.len() > 1 {
        return Err(SqlError::new("2202E", "thresholds must be one-dimensional array"));
    }
    if bounds.elements.iter().any(Datum::is_null) {
        return Err(SqlError::new("22004", "thresholds array must not contain NULLs"));
    }
    let is_below =
        |bound: &Datum| compare(bound, &arguments[0], Collation::Binary) != Ordering::Greater;
    int4(i64::try_from(bounds.elements.partition_point(is_below)).unwrap_or(i64::MAX))
}

fn width_bucket_numeric(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = numeric(arguments, 0)?;
    let (low, high) = (numeric(arguments, 1)?, numeric(arguments, 2)?);
    let count = bucket_count(arguments)?;
    if value.is_nan() || low.is_nan() || high.is_nan() {
        let message = "operand, lower bound, and upper bound cannot be NaN";
        return Err(bucket_error(message));
    }
    if !low.is_finite() || !high.is_finite() {
        return Err(bucket_error("lower and upper bounds must be finite"));
    }
    if low == high {
        return Err(bucket_error("lower bound cannot equal upper bound"));
    }
    let rising = low < high;
    let (before, after) =
        if rising { (value < low, value >= high) } else { (value > low, value <= high) };
    if before {
        return Ok(Datum::Integer(0));
    }
    if after {
        return int4(count + 1);
    }
    let (part, whole) =
        if rising { (value.sub(low)?, high.sub(low)?) } else { (low.sub(value)?, low.sub(high)?) };
    let bucket = part.mul(&Numeric::from(count))?.div_trunc(&whole)?;
    int4(bucket.to_integer().unwrap_or(0) + 1)
}

fn hexadecimal4(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::Text(ecow::eco_format!("{:x}", integer(arguments, 0)? & 0xffff_ffff)))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("abs", &[Int2], Int2, |a, _| integer(a, 0).and_then(|a| int2(a.abs()))),
    scalar("abs", &[Int4], Int4, |a, _| integer(a, 0).and_then(|a| int4(a.abs()))),
    scalar("abs", &[Int8], Int8, |a, _| integer(a, 0).and_then(|a| int8(a.checked_abs()))),
    scalar("abs", &[Float4], Float4, |a, _| real(a, 0).map(|a| Datum::Real(a.abs()))),
    scalar("abs", &[Float8], Float8, |a, _| double(a, 0).map(|a| Datum::Double(a.abs()))),
    scalar("abs", &[Decimal], Decimal, |a, _| numeric(a, 0).map(|a| Datum::Numeric(a.abs()))),
    scalar("ceil", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.ceil())),
    scalar("ceiling", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.ceil())),
    scalar("floor", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.floor())),
    scalar("round", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.round(0))),
    scalar("round", &[Decimal, Int4], Decimal, rounded),
    scalar("trunc", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.trunc(0))),
    scalar("trunc", &[Decimal, Int4], Decimal, truncated),
    scalar("sign", &[Decimal], Decimal, sign),
    scalar("mod", &[Int2, Int2], Int2, remainder),
    scalar("mod", &[Int4, Int4], Int4, remainder),
    scalar("mod", &[Int8, Int8], Int8, remainder),
    scalar("mod", &[Decimal, Decimal], Decimal, |a, _| number(numeric(a, 0)?.rem(numeric(a, 1)?))),
    scalar("div", &[Decimal, Decimal], Decimal, |a, _| {
        number(numeric(a, 0)?.div_trunc(numeric(a, 1)?))
    }),
    scalar("sqrt", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.sqrt())),
    scalar("exp", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.exp())),
    scalar("ln", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.ln())),
    scalar("log", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.log(&Numeric::from(10)))),
    scalar("log10", &[Decimal], Decimal, |a, _| number(numeric(a, 0)?.log(&Numeric::from(10)))),
    scalar("log", &[Decimal, Decimal], Decimal, |a, _| number(numeric(a, 1)?.log(numeric(a, 0)?))),
    scalar("power", &[Decimal, Decimal], Decimal, |a, _| {
        number(numeric(a, 0)?.power(numeric(a, 1)?))
    }),
    scalar("pow", &[Decimal, Decimal], Decimal, |a, _| {
        number(numeric(a, 0)?.power(numeric(a, 1)?))
    }),
    scalar("gcd", &[Int4, Int4], Int4, |a, _| two(a).and_then(|(a, b)| within_int4(gcd(a, b)))),
    scalar("gcd", &[Int8, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(gcd(a, b)))),
    scalar("gcd", &[Decimal, Decimal], Decimal, |a, _| {
        number(gcd_numeric(numeric(a, 0)?, numeric(a, 1)?))
    }),
    scalar("lcm", &[Int4, Int4], Int4, |a, _| two(a).and_then(|(a, b)| within_int4(lcm(a, b)))),
    scalar("lcm", &[Int8, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(lcm(a, b)))),
    scalar("lcm", &[Decimal, Decimal], Decimal, lcm_numeric),
    scalar("factorial", &[Int8], Decimal, factorial),
    scalar("scale", &[Decimal], Int4, |a, _| {
        let value = numeric(a, 0)?;
        let scale = Datum::Integer(i64::from(value.scale()));
        Ok(if value.is_finite() { scale } else { Datum::Null })
    }),
    scalar("min_scale", &[Decimal], Int4, |a, _| {
        let value = numeric(a, 0)?;
        let scale = Datum::Integer(i64::from(value.normalize().scale()));
        Ok(if value.is_finite() { scale } else { Datum::Null })
    }),
    scalar("trim_scale", &[Decimal], Decimal, |a, _| {
        Ok(Datum::Numeric(numeric(a, 0)?.normalize()))
    }),
    scalar("width_bucket", &[Compatible, Compatibles], Int4, width_bucket_bounds),
    scalar("width_bucket", &[Float8, Float8, Float8, Int4], Int4, width_bucket_double),
    scalar("width_bucket", &[Decimal, Decimal, Decimal, Int4], Int4, width_bucket_numeric),
    scalar("to_hex", &[Int4], Text, hexadecimal4),
    scalar("to_hex", &[Int8], Text, |a, _| {
        integer(a, 0).map(|a| Datum::Text(ecow::eco_format!("{a:x}")))
    }),
];
