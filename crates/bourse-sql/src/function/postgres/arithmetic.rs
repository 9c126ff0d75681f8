//! Operators of numbers.

use crate::datum::{Datum, Numeric};
use crate::error::{Result, SqlError};
use crate::function::arguments::{double, integer, numeric, real};
use crate::function::signature::Shape::{Float4, Float8, Int2, Int4, Int8, Numeric as Decimal};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// A 16-bit result.
pub(super) fn int2(value: i64) -> Result<Datum> {
    i16::try_from(value).map(|v| Datum::Integer(i64::from(v))).map_err(|_| out("smallint"))
}

/// A 32-bit result.
pub(super) fn int4(value: i64) -> Result<Datum> {
    i32::try_from(value).map(|v| Datum::Integer(i64::from(v))).map_err(|_| out("integer"))
}

/// A 64-bit result, if there is one.
pub(super) fn int8(value: Option<i64>) -> Result<Datum> {
    value.map(Datum::Integer).ok_or_else(|| out("bigint"))
}

pub(super) fn out(ty: &str) -> SqlError {
    SqlError::new("22003", format!("{ty} out of range"))
}

pub(super) fn division_by_zero() -> SqlError {
    SqlError::new("22012", "division by zero")
}

fn number(value: Result<Numeric>) -> Result<Datum> {
    value.map(Datum::Numeric)
}

/// A double of finite operands must be finite, and not be zero by being too small.
pub(super) fn float8(value: f64, operands_finite: bool, may_be_zero: bool) -> Result<Datum> {
    if value.is_infinite() && operands_finite {
        return Err(SqlError::new("22003", "value out of range: overflow"));
    }
    if value == 0.0 && !may_be_zero {
        return Err(SqlError::new("22003", "value out of range: underflow"));
    }
    Ok(Datum::Double(value))
}

fn float4(value: f32, operands_finite: bool, may_be_zero: bool) -> Result<Datum> {
    if value.is_infinite() && operands_finite {
        return Err(SqlError::new("22003", "value out of range: overflow"));
    }
    if value == 0.0 && !may_be_zero {
        return Err(SqlError::new("22003", "value out of range: underflow"));
    }
    Ok(Datum::Real(value))
}

type Arguments<'a> = &'a [Datum];
type Call<'a> = &'a dyn Context;

fn two(arguments: Arguments<'_>) -> Result<(i64, i64)> {
    Ok((integer(arguments, 0)?, integer(arguments, 1)?))
}

/// Doubles, of which either may be a real.
fn mixed(arguments: Arguments<'_>) -> Result<(f64, f64, bool)> {
    let widen = |index: usize| match arguments[index] {
        Datum::Real(value) => Ok(f64::from(value)),
        _ => double(arguments, index),
    };
    let (a, b) = (widen(0)?, widen(1)?);
    Ok((a, b, a.is_finite() && b.is_finite()))
}

fn two_doubles(arguments: Arguments<'_>) -> Result<(f64, f64, bool)> {
    let (a, b) = (double(arguments, 0)?, double(arguments, 1)?);
    Ok((a, b, a.is_finite() && b.is_finite()))
}

fn two_reals(arguments: Arguments<'_>) -> Result<(f32, f32, bool)> {
    let (a, b) = (real(arguments, 0)?, real(arguments, 1)?);
    Ok((a, b, a.is_finite() && b.is_finite()))
}

fn two_numerics(arguments: Arguments<'_>) -> Result<(&Numeric, &Numeric)> {
    Ok((numeric(arguments, 0)?, numeric(arguments, 1)?))
}

/// Quotient and remainder, the divisor not zero; `None` where only the remainder has a value.
fn divide(arguments: Arguments<'_>) -> Result<(Option<i64>, i64)> {
    let (a, b) = two(arguments)?;
    if b == 0 {
        return Err(division_by_zero());
    }
    Ok((a.checked_div(b), a.checked_rem(b).unwrap_or(0)))
}

fn divide_double(arguments: Arguments<'_>, _: Call<'_>) -> Result<Datum> {
    let (a, b, _) = mixed(arguments)?;
    if b == 0.0 && !a.is_nan() {
        return Err(division_by_zero());
    }
    float8(a / b, a.is_finite(), a == 0.0 || b.is_infinite())
}

fn divide_real(arguments: Arguments<'_>, _: Call<'_>) -> Result<Datum> {
    let (a, b, _) = two_reals(arguments)?;
    if b == 0.0 && !a.is_nan() {
        return Err(division_by_zero());
    }
    float4(a / b, a.is_finite(), a == 0.0 || b.is_infinite())
}

/// A shift by so many bits of a type of `width` bits, of which only the low ones of `by` count.
fn shift(by: i64, width: i64) -> u32 {
    u32::try_from(by.rem_euclid(width)).unwrap_or(0)
}

fn left_int4(arguments: Arguments<'_>, _: Call<'_>) -> Result<Datum> {
    let (a, b) = two(arguments)?;
    let wrapped = (a << shift(b, 32)) & 0xffff_ffff;
    let signed = if wrapped >= 1 << 31 { wrapped - (1 << 32) } else { wrapped };
    Ok(Datum::Integer(signed))
}

fn left_int2(arguments: Arguments<'_>, _: Call<'_>) -> Result<Datum> {
    let (a, b) = two(arguments)?;
    let wrapped = (a << shift(b, 32)) & 0xffff;
    let signed = if wrapped >= 1 << 15 { wrapped - (1 << 16) } else { wrapped };
    Ok(Datum::Integer(signed))
}

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("+", &[Int2, Int2], Int2, |a, _| two(a).and_then(|(a, b)| int2(a + b))),
    scalar("+", &[Int4, Int4], Int4, |a, _| two(a).and_then(|(a, b)| int4(a + b))),
    scalar("+", &[Int2, Int4], Int4, |a, _| two(a).and_then(|(a, b)| int4(a + b))),
    scalar("+", &[Int4, Int2], Int4, |a, _| two(a).and_then(|(a, b)| int4(a + b))),
    scalar("+", &[Int8, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_add(b)))),
    scalar("+", &[Int2, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_add(b)))),
    scalar("+", &[Int8, Int2], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_add(b)))),
    scalar("+", &[Int4, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_add(b)))),
    scalar("+", &[Int8, Int4], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_add(b)))),
    scalar("+", &[Float4, Float4], Float4, |a, _| {
        two_reals(a).and_then(|(a, b, finite)| float4(a + b, finite, true))
    }),
    scalar("+", &[Float8, Float8], Float8, |a, _| {
        two_doubles(a).and_then(|(a, b, finite)| float8(a + b, finite, true))
    }),
    scalar("+", &[Float4, Float8], Float8, |a, _| {
        mixed(a).and_then(|(a, b, finite)| float8(a + b, finite, true))
    }),
    scalar("+", &[Float8, Float4], Float8, |a, _| {
        mixed(a).and_then(|(a, b, finite)| float8(a + b, finite, true))
    }),
    scalar("+", &[Decimal, Decimal], Decimal, |a, _| {
        two_numerics(a).and_then(|(a, b)| number(a.add(b)))
    }),
    scalar("-", &[Int2, Int2], Int2, |a, _| two(a).and_then(|(a, b)| int2(a - b))),
    scalar("-", &[Int4, Int4], Int4, |a, _| two(a).and_then(|(a, b)| int4(a - b))),
    scalar("-", &[Int2, Int4], Int4, |a, _| two(a).and_then(|(a, b)| int4(a - b))),
    scalar("-", &[Int4, Int2], Int4, |a, _| two(a).and_then(|(a, b)| int4(a - b))),
    scalar("-", &[Int8, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_sub(b)))),
    scalar("-", &[Int2, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_sub(b)))),
    scalar("-", &[Int8, Int2], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_sub(b)))),
    scalar("-", &[Int4, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_sub(b)))),
    scalar("-", &[Int8, Int4], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_sub(b)))),
    scalar("-", &[Float4, Float4], Float4, |a, _| {
        two_reals(a).and_then(|(a, b, finite)| float4(a - b, finite, true))
    }),
    scalar("-", &[Float8, Float8], Float8, |a, _| {
        two_doubles(a).and_then(|(a, b, finite)| float8(a - b, finite, true))
    }),
    scalar("-", &[Float4, Float8], Float8, |a, _| {
        mixed(a).and_then(|(a, b, finite)| float8(a - b, finite, true))
    }),
    scalar("-", &[Float8, Float4], Float8, |a, _| {
        mixed(a).and_then(|(a, b, finite)| float8(a - b, finite, true))
    }),
    scalar("-", &[Decimal, Decimal], Decimal, |a, _| {
        two_numerics(a).and_then(|(a, b)| number(a.sub(b)))
    }),
    scalar("*", &[Int2, Int2], Int2, |a, _| two(a).and_then(|(a, b)| int2(a * b))),
    scalar("*", &[Int4, Int4], Int4, |a, _| two(a).and_then(|(a, b)| int4(a * b))),
    scalar("*", &[Int2, Int4], Int4, |a, _| two(a).and_then(|(a, b)| int4(a * b))),
    scalar("*", &[Int4, Int2], Int4, |a, _| two(a).and_then(|(a, b)| int4(a * b))),
    scalar("*", &[Int8, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_mul(b)))),
    scalar("*", &[Int2, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_mul(b)))),
    scalar("*", &[Int8, Int2], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_mul(b)))),
    scalar("*", &[Int4, Int8], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_mul(b)))),
    scalar("*", &[Int8, Int4], Int8, |a, _| two(a).and_then(|(a, b)| int8(a.checked_mul(b)))),
    scalar("*", &[Float4, Float4], Float4, |a, _| {
        two_reals(a).and_then(|(a, b, finite)| float4(a * b, finite, a == 0.0 || b == 0.0))
    }),
    scalar("*", &[Float8, Float8], Float8, |a, _| {
        two_doubles(a).and_then(|(a, b, finite)| float8(a * b, finite, a == 0.0 || b == 0.0))
    }),
    scalar("*", &[Float4, Float8], Float8, |a, _| {
        mixed(a).and_then(|(a, b, finite)| float8(a * b, finite, a == 0.0 || b == 0.0))
    }),
    scalar("*", &[Float8, Float4], Float8, |a, _| {
        mixed(a).and_then(|(a, b, finite)| float8(a * b, finite, a == 0.0 || b == 0.0))
    }),
    scalar("*", &[Decimal, Decimal], Decimal, |a, _| {
        two_numerics(a).and_then(|(a, b)| number(a.mul(b)))
    }),
    scalar("/", &[Int2, Int2], Int2, |a, _| {
        divide(a).and_then(|(a, _)| int2(a.unwrap_or(1 << 63)))
    }),
    scalar("/", &[Int4, Int4], Int4, |a, _| {
        divide(a).and_then(|(a, _)| int4(a.unwrap_or(1 << 63)))
    }),
    scalar("/", &[Int2, Int4], Int4, |a, _| {
        divide(a).and_then(|(a, _)| int4(a.unwrap_or(1 << 63)))
    }),
    scalar("/", &[Int4, Int2], Int4, |a, _| {
        divide(a).and_then(|(a, _)| int4(a.unwrap_or(1 << 63)))
    }),
    scalar("/", &[Int8, Int8], Int8, |a, _| divide(a).and_then(|(a, _)| int8(a))),
    scalar("/", &[Int2, Int8], Int8, |a, _| divide(a).and_then(|(a, _)| int8(a))),
    scalar("/", &[Int8, Int2], Int8, |a, _| divide(a).and_then(|(a, _)| int8(a))),
    scalar("/", &[Int4, Int8], Int8, |a, _| divide(a).and_then(|(a, _)| int8(a))),
    scalar("/", &[Int8, Int4], Int8, |a, _| divide(a).and_then(|(a, _)| int8(a))),
    scalar("/", &[Float4, Float4], Float4, divide_real),
    scalar("/", &[Float8, Float8], Float8, divide_double),
    scalar("/", &[Float4, Float8], Float8, divide_double),
    scalar("/", &[Float8, Float4], Float8, divide_double),
    scalar("/", &[Decimal, Decimal], Decimal, |a, _| {
        two_numerics(a).and_then(|(a, b)| number(a.div(b)))
    }),
    scalar("%", &[Int2, Int2], Int2, |a, _| divide(a).map(|(_, rest)| Datum::Integer(rest))),
    scalar("%", &[Int4, Int4], Int4, |a, _| divide(a).map(|(_, rest)| Datum::Integer(rest))),
    scalar("%", &[Int8, Int8], Int8, |a, _| divide(a).map(|(_, rest)| Datum::Integer(rest))),
    scalar("%", &[Decimal, Decimal], Decimal, |a, _| {
        two_numerics(a).and_then(|(a, b)| number(a.rem(b)))
    }),
    scalar("^", &[Float8, Float8], Float8, super::floats::power),
    scalar("&", &[Int2, Int2], Int2, |a, _| two(a).map(|(a, b)| Datum::Integer(a & b))),
    scalar("&", &[Int4, Int4], Int4, |a, _| two(a).map(|(a, b)| Datum::Integer(a & b))),
    scalar("&", &[Int8, Int8], Int8, |a, _| two(a).map(|(a, b)| Datum::Integer(a & b))),
    scalar("|", &[Int2, Int2], Int2, |a, _| two(a).map(|(a, b)| Datum::Integer(a | b))),
    scalar("|", &[Int4, Int4], Int4, |a, _| two(a).map(|(a, b)| Datum::Integer(a | b))),
    scalar("|", &[Int8, Int8], Int8, |a, _| two(a).map(|(a, b)| Datum::Integer(a | b))),
    scalar("#", &[Int2, Int2], Int2, |a, _| two(a).map(|(a, b)| Datum::Integer(a ^ b))),
    scalar("#", &[Int4, Int4], Int4, |a, _| two(a).map(|(a, b)| Datum::Integer(a ^ b))),
    scalar("#", &[Int8, Int8], Int8, |a, _| two(a).map(|(a, b)| Datum::Integer(a ^ b))),
    scalar("~", &[Int2], Int2, |a, _| integer(a, 0).map(|a| Datum::Integer(!a))),
    scalar("~", &[Int4], Int4, |a, _| integer(a, 0).map(|a| Datum::Integer(!a))),
    scalar("~", &[Int8], Int8, |a, _| integer(a, 0).map(|a| Datum::Integer(!a))),
    scalar("<<", &[Int2, Int4], Int2, left_int2),
    scalar("<<", &[Int4, Int4], Int4, left_int4),
    scalar("<<", &[Int8, Int4], Int8, |a, _| {
        two(a).map(|(a, b)| Datum::Integer(a.wrapping_shl(shift(b, 64))))
    }),
    scalar(">>", &[Int2, Int4], Int2, |a, _| {
        two(a).map(|(a, b)| Datum::Integer(a >> shift(b, 32)))
    }),
    scalar(">>", &[Int4, Int4], Int4, |a, _| {
        two(a).map(|(a, b)| Datum::Integer(a >> shift(b, 32)))
    }),
    scalar(">>", &[Int8, Int4], Int8, |a, _| {
        two(a).map(|(a, b)| Datum::Integer(a >> shift(b, 64)))
    }),
    scalar("^", &[Decimal, Decimal], Decimal, |a, _| {
        two_numerics(a).and_then(|(a, b)| number(a.power(b)))
    }),
    scalar("@", &[Int2], Int2, |a, _| integer(a, 0).and_then(|a| int2(a.abs()))),
    scalar("@", &[Int4], Int4, |a, _| integer(a, 0).and_then(|a| int4(a.abs()))),
    scalar("@", &[Int8], Int8, |a, _| integer(a, 0).and_then(|a| int8(a.checked_abs()))),
    scalar("@", &[Float4], Float4, |a, _| real(a, 0).map(|a| Datum::Real(a.abs()))),
    scalar("@", &[Float8], Float8, |a, _| double(a, 0).map(|a| Datum::Double(a.abs()))),
    scalar("@", &[Decimal], Decimal, |a, _| numeric(a, 0).map(|a| Datum::Numeric(a.abs()))),
    scalar("-", &[Int2], Int2, |a, _| integer(a, 0).and_then(|a| int2(-a))),
    scalar("-", &[Int4], Int4, |a, _| integer(a, 0).and_then(|a| int4(-a))),
    scalar("-", &[Int8], Int8, |a, _| integer(a, 0).and_then(|a| int8(a.checked_neg()))),
    scalar("-", &[Float4], Float4, |a, _| real(a, 0).map(|a| Datum::Real(-a))),
    scalar("-", &[Float8], Float8, |a, _| double(a, 0).map(|a| Datum::Double(-a))),
    scalar("-", &[Decimal], Decimal, |a, _| numeric(a, 0).map(|a| Datum::Numeric(a.negate()))),
    scalar("+", &[Int2], Int2, |a, _| Ok(a[0].clone())),
    scalar("+", &[Int4], Int4, |a, _| Ok(a[0].clone())),
    scalar("+", &[Int8], Int8, |a, _| Ok(a[0].clone())),
    scalar("+", &[Float4], Float4, |a, _| Ok(a[0].clone())),
    scalar("+", &[Float8], Float8, |a, _| Ok(a[0].clone())),
    scalar("+", &[Decimal], Decimal, |a, _| Ok(a[0].clone())),
];
