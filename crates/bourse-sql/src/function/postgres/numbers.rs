//! Functions of numbers.

use super::arithmetic::{int2, int4, int8};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{double, integer, numeric, real};
use crate::function::signature::Shape::{Float4, Float8, Int2, Int4, Int8, Numeric};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// A double to the power of another.
pub(super) fn power_double(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (base, exponent) = (double(arguments, 0)?, double(arguments, 1)?);
    if base == 0.0 && exponent < 0.0 {
        let message = "zero raised to a negative power is undefined";
        return Err(SqlError::new("2201F", message));
    }
    if base < 0.0 && exponent.is_finite() && exponent.fract() != 0.0 {
        let message = "a negative number raised to a non-integer power yields a complex result";
        return Err(SqlError::new("2201F", message));
    }
    let result = base.powf(exponent);
    let finite = base.is_finite() && exponent.is_finite();
    super::arithmetic::float8(result, finite, base == 0.0 || !finite)
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("abs", &[Int2], Int2, |a, _| integer(a, 0).and_then(|a| int2(a.abs()))),
    scalar("abs", &[Int4], Int4, |a, _| integer(a, 0).and_then(|a| int4(a.abs()))),
    scalar("abs", &[Int8], Int8, |a, _| integer(a, 0).and_then(|a| int8(a.checked_abs()))),
    scalar("abs", &[Float4], Float4, |a, _| real(a, 0).map(|a| Datum::Real(a.abs()))),
    scalar("abs", &[Float8], Float8, |a, _| double(a, 0).map(|a| Datum::Double(a.abs()))),
    scalar("abs", &[Numeric], Numeric, |a, _| numeric(a, 0).map(|a| Datum::Numeric(a.abs()))),
    scalar("power", &[Float8, Float8], Float8, power_double),
    scalar("pow", &[Float8, Float8], Float8, power_double),
];
