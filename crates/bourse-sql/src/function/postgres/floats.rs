//! Functions of floating point numbers.

use super::arithmetic::float8;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::double;
use crate::function::signature::Shape::Float8;
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// A function of one double that has a value for each.
fn one(arguments: &[Datum], calculate: fn(f64) -> f64) -> Result<Datum> {
    double(arguments, 0).map(|value| Datum::Double(calculate(value)))
}

fn invalid(message: &str) -> SqlError {
    SqlError::new("2201F", message)
}

fn input_out_of_range() -> SqlError {
    SqlError::new("22003", "input is out of range")
}

/// A function that has no value for infinite arguments.
fn finite(arguments: &[Datum], calculate: fn(f64) -> f64) -> Result<Datum> {
    let value = double(arguments, 0)?;
    if value.is_infinite() {
        return Err(input_out_of_range());
    }
    Ok(Datum::Double(calculate(value)))
}

/// A function of -1 to 1.
fn unit(arguments: &[Datum], calculate: fn(f64) -> f64) -> Result<Datum> {
    let value = double(arguments, 0)?;
    if !value.is_nan() && !(-1.0..=1.0).contains(&value) {
        return Err(input_out_of_range());
    }
    Ok(Datum::Double(calculate(value)))
}

/// A double to the power of another.
pub(super) fn power(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (base, exponent) = (double(arguments, 0)?, double(arguments, 1)?);
    if base == 0.0 && exponent < 0.0 {
        return Err(invalid("zero raised to a negative power is undefined"));
    }
    if base < 0.0 && exponent.is_finite() && exponent.fract() != 0.0 {
        let message = "a negative number raised to a non-integer power yields a complex result";
        return Err(invalid(message));
    }
    let is_finite = base.is_finite() && exponent.is_finite();
    float8(base.powf(exponent), is_finite, base == 0.0 || !is_finite)
}

fn square_root(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = double(arguments, 0)?;
    if value < 0.0 {
        return Err(invalid("cannot take square root of a negative number"));
    }
    Ok(Datum::Double(value.sqrt()))
}

fn exponential(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = double(arguments, 0)?;
    float8(value.exp(), value.is_finite(), value.is_infinite())
}

fn logarithm(arguments: &[Datum], calculate: fn(f64) -> f64) -> Result<Datum> {
    let value = double(arguments, 0)?;
    if value == 0.0 {
        return Err(SqlError::new("2201E", "cannot take logarithm of zero"));
    }
    if value < 0.0 {
        return Err(SqlError::new("2201E", "cannot take logarithm of a negative number"));
    }
    Ok(Datum::Double(calculate(value)))
}

fn sign(value: f64) -> f64 {
    if value > 0.0 {
        1.0
    } else if value < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// The formulas below are the ones of C's library, so that the last digit is PostgreSQL's too.
const LARGE: f64 = 268_435_456.0;

fn acosh(value: f64) -> f64 {
    if value > LARGE {
        value.ln() + std::f64::consts::LN_2
    } else if value > 2.0 {
        let square = value * value;
        (2.0 * value - 1.0 / (value + (square - 1.0).sqrt())).ln()
    } else {
        let above = value - 1.0;
        (above + (2.0 * above + above * above).sqrt()).ln_1p()
    }
}

fn asinh(value: f64) -> f64 {
    let magnitude = value.abs();
    let result = if magnitude.is_infinite() || magnitude < 1.0 / LARGE {
        magnitude
    } else if magnitude > LARGE {
        magnitude.ln() + std::f64::consts::LN_2
    } else if magnitude > 2.0 {
        (2.0 * magnitude + 1.0 / ((value * value + 1.0).sqrt() + magnitude)).ln()
    } else {
        let square = value * value;
        (magnitude + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    result.copysign(value)
}

fn hyperbolic_arc_cosine(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = double(arguments, 0)?;
    if value < 1.0 {
        return Err(input_out_of_range());
    }
    Ok(Datum::Double(acosh(value)))
}

fn hyperbolic_arc_tangent(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = double(arguments, 0)?;
    if !value.is_nan() && !(-1.0..=1.0).contains(&value) {
        return Err(input_out_of_range());
    }
    Ok(Datum::Double(value.atanh()))
}

fn radians(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = double(arguments, 0)?;
    float8(value * (std::f64::consts::PI / 180.0), value.is_finite(), true)
}

fn degrees(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = double(arguments, 0)?;
    float8(value / (std::f64::consts::PI / 180.0), value.is_finite(), true)
}

/// A double from 0 to below 1 of 52 random bits.
fn random(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    #[expect(clippy::cast_precision_loss, reason = "52 bits are exact")]
    let fraction = (context.seeded_random() >> 12) as f64;
    Ok(Datum::Double(fraction / 4_503_599_627_370_496.0))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("power", &[Float8, Float8], Float8, power),
    scalar("pow", &[Float8, Float8], Float8, power),
    scalar("ceil", &[Float8], Float8, |a, _| one(a, f64::ceil)),
    scalar("ceiling", &[Float8], Float8, |a, _| one(a, f64::ceil)),
    scalar("floor", &[Float8], Float8, |a, _| one(a, f64::floor)),
    scalar("round", &[Float8], Float8, |a, _| one(a, f64::round_ties_even)),
    scalar("trunc", &[Float8], Float8, |a, _| one(a, f64::trunc)),
    scalar("sign", &[Float8], Float8, |a, _| one(a, sign)),
    scalar("sqrt", &[Float8], Float8, square_root),
    scalar("cbrt", &[Float8], Float8, |a, _| one(a, f64::cbrt)),
    scalar("exp", &[Float8], Float8, exponential),
    scalar("ln", &[Float8], Float8, |a, _| logarithm(a, f64::ln)),
    scalar("log", &[Float8], Float8, |a, _| logarithm(a, f64::log10)),
    scalar("log10", &[Float8], Float8, |a, _| logarithm(a, f64::log10)),
    scalar("pi", &[], Float8, |_, _| Ok(Datum::Double(std::f64::consts::PI))),
    scalar("radians", &[Float8], Float8, radians),
    scalar("degrees", &[Float8], Float8, degrees),
    scalar("sin", &[Float8], Float8, |a, _| finite(a, f64::sin)),
    scalar("cos", &[Float8], Float8, |a, _| finite(a, f64::cos)),
    scalar("tan", &[Float8], Float8, |a, _| finite(a, f64::tan)),
    scalar("cot", &[Float8], Float8, |a, _| finite(a, |value| 1.0 / value.tan())),
    scalar("asin", &[Float8], Float8, |a, _| unit(a, f64::asin)),
    scalar("acos", &[Float8], Float8, |a, _| unit(a, f64::acos)),
    scalar("atan", &[Float8], Float8, |a, _| one(a, f64::atan)),
    scalar("atan2", &[Float8, Float8], Float8, |a, _| {
        Ok(Datum::Double(double(a, 0)?.atan2(double(a, 1)?)))
    }),
    scalar("sinh", &[Float8], Float8, |a, _| one(a, f64::sinh)),
    scalar("cosh", &[Float8], Float8, |a, _| one(a, f64::cosh)),
    scalar("tanh", &[Float8], Float8, |a, _| one(a, f64::tanh)),
    scalar("asinh", &[Float8], Float8, |a, _| one(a, asinh)),
    scalar("acosh", &[Float8], Float8, hyperbolic_arc_cosine),
    scalar("atanh", &[Float8], Float8, hyperbolic_arc_tangent),
    scalar("random", &[], Float8, random).volatile(),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("|/", &[Float8], Float8, square_root),
    scalar("||/", &[Float8], Float8, |a, _| one(a, f64::cbrt)),
];
