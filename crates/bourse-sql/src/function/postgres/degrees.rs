//! Trigonometric functions of degrees, exact where a multiple of 30 or 45 has a short value.
//!
//! As in PostgreSQL a quadrant is computed from its two ends, scaled so that the values at 30, 45
//! and 60 degrees are what they are.

use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::double;
use crate::function::signature::Shape::Float8;
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

fn out_of_range() -> SqlError {
    SqlError::new("22003", "input is out of range")
}

/// The sine from 0 to 30.
fn sine_low(degrees: f64) -> f64 {
    degrees.to_radians().sin() / 30.0_f64.to_radians().sin() / 2.0
}

/// The cosine from 0 to 60.
fn cosine_low(degrees: f64) -> f64 {
    let below_one = 1.0 - degrees.to_radians().cos();
    1.0 - below_one / (1.0 - 60.0_f64.to_radians().cos()) / 2.0
}

/// The sine from 0 to 90.
fn sine(degrees: f64) -> f64 {
    if degrees <= 30.0 { sine_low(degrees) } else { cosine_low(90.0 - degrees) }
}

/// The cosine from 0 to 90.
fn cosine(degrees: f64) -> f64 {
    if degrees <= 60.0 { cosine_low(degrees) } else { sine_low(90.0 - degrees) }
}

/// A function of an angle from 0 to 90, and the signs that it has below zero and beyond 90 and 180.
struct Periodic {
    quadrant: fn(f64) -> f64,
    is_odd: bool,
    turns_at_180: bool,
    turns_at_90: bool,
}

fn periodic(arguments: &[Datum], function: &Periodic) -> Result<Datum> {
    let angle = double(arguments, 0)?;
    if angle.is_nan() {
        return Ok(Datum::Double(angle));
    }
    if angle.is_infinite() {
        return Err(out_of_range());
    }
    let (mut angle, mut sign) = (angle % 360.0, 1.0);
    if angle < 0.0 {
        angle = -angle;
        sign = if function.is_odd { -sign } else { sign };
    }
    if angle > 180.0 {
        angle = 360.0 - angle;
        sign = if function.turns_at_180 { -sign } else { sign };
    }
    if angle > 90.0 {
        angle = 180.0 - angle;
        sign = if function.turns_at_90 { -sign } else { sign };
    }
    let value = sign * (function.quadrant)(angle);
    // No minus zero.
    Ok(Datum::Double(if value == 0.0 { 0.0 } else { value }))
}

const SINE: Periodic =
    Periodic { quadrant: sine, is_odd: true, turns_at_180: true, turns_at_90: false };
const COSINE: Periodic =
    Periodic { quadrant: cosine, is_odd: false, turns_at_180: false, turns_at_90: true };
const TANGENT: Periodic = Periodic {
    quadrant: |angle| sine(angle) / cosine(angle) / (sine(45.0) / cosine(45.0)),
    is_odd: true,
    turns_at_180: true,
    turns_at_90: true,
};
const COTANGENT: Periodic = Periodic {
    quadrant: |angle| cosine(angle) / sine(angle) / (cosine(45.0) / sine(45.0)),
    is_odd: true,
    turns_at_180: true,
    turns_at_90: true,
};

/// The angle of a sine from 0 to 1.
fn arc_sine(value: f64) -> f64 {
    if value <= 0.5 {
        value.asin() / 0.5_f64.asin() * 30.0
    } else {
        90.0 - value.acos() / 0.5_f64.acos() * 60.0
    }
}

/// The angle of a cosine from 0 to 1.
fn arc_cosine(value: f64) -> f64 {
    if value <= 0.5 {
        90.0 - value.asin() / 0.5_f64.asin() * 30.0
    } else {
        value.acos() / 0.5_f64.acos() * 60.0
    }
}

/// A function of -1 to 1.
fn unit(arguments: &[Datum], calculate: fn(f64) -> f64) -> Result<Datum> {
    let value = double(arguments, 0)?;
    if !value.is_nan() && !(-1.0..=1.0).contains(&value) {
        return Err(out_of_range());
    }
    Ok(Datum::Double(calculate(value)))
}

fn arc_sine_of(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    unit(arguments, |value| if value >= 0.0 { arc_sine(value) } else { -arc_sine(-value) })
}

fn arc_cosine_of(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    unit(arguments, |value| if value >= 0.0 { arc_cosine(value) } else { 90.0 + arc_sine(-value) })
}

fn arc_tangent(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::Double(double(arguments, 0)?.atan() / 1.0_f64.atan() * 45.0))
}

fn arc_tangent_of_two(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let angle = double(arguments, 0)?.atan2(double(arguments, 1)?);
    Ok(Datum::Double(angle / 1.0_f64.atan() * 45.0))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("sind", &[Float8], Float8, |a, _| periodic(a, &SINE)),
    scalar("cosd", &[Float8], Float8, |a, _| periodic(a, &COSINE)),
    scalar("tand", &[Float8], Float8, |a, _| periodic(a, &TANGENT)),
    scalar("cotd", &[Float8], Float8, |a, _| periodic(a, &COTANGENT)),
    scalar("asind", &[Float8], Float8, arc_sine_of),
    scalar("acosd", &[Float8], Float8, arc_cosine_of),
    scalar("atand", &[Float8], Float8, arc_tangent),
    scalar("atan2d", &[Float8, Float8], Float8, arc_tangent_of_two),
];
