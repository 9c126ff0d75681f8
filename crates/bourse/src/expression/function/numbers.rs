//! Functions of numbers.

use bourse_storage::{Error, Result};

use super::{Function, whole as integer};
use crate::decimal::{DIGITS_MAX, Decimal};
use crate::expression::arithmetic::{double, out_of_range};
use crate::expression::evaluate::mismatch;
use crate::value::{ValueRef, fold_double};

/// The number without its sign.
pub(super) fn abs(value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    Ok(match value {
        ValueRef::Integer(v) => ValueRef::Integer(v.checked_abs().ok_or_else(out_of_range)?),
        ValueRef::Decimal(v) if v.coefficient() < 0 => ValueRef::Decimal(v.negate()),
        ValueRef::Decimal(v) => ValueRef::Decimal(v),
        other => ValueRef::Double(floating("abs", other)?.abs()),
    })
}

/// The nearest whole number below or above.
pub(super) fn whole(function: Function, value: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let up = function == Function::Ceil;
    Ok(match value {
        ValueRef::Integer(v) => ValueRef::Integer(v),
        ValueRef::Decimal(v) => {
            let rest = v.checked_rem(Decimal::from(1))?;
            let towards_zero = v.checked_sub(rest)?;
            let step = match rest.coefficient() {
                0 => 0,
                1.. if up => 1,
                ..0 if !up => -1,
                _ => 0,
            };
            ValueRef::Decimal(towards_zero.checked_add(Decimal::from(step))?.rescale(0)?)
        }
        other => {
            let number = floating(function.name(), other)?;
            ValueRef::Double(fold_double(if up { number.ceil() } else { number.floor() }))
        }
    })
}

/// The number with so many digits after the point, half away from zero. A DOUBLE is rounded as it
/// is written: by the shortest decimal that reads back as it.
pub(super) fn round(value: ValueRef<'_>, digits: ValueRef<'_>) -> Result<ValueRef<'static>> {
    let digits = match digits {
        ValueRef::Null => 0,
        given => scale(integer("round", given)?)?,
    };
    Ok(match value {
        ValueRef::Integer(v) => ValueRef::Integer(v),
        ValueRef::Decimal(v) if digits >= v.scale() => ValueRef::Decimal(v),
        ValueRef::Decimal(v) => ValueRef::Decimal(v.rescale(digits)?),
        other => {
            let number = floating("round", other)?;
            // From 2^53 on doubles have no fraction; so has what is not finite.
            let has_fraction = number.is_finite() && number.abs() < 9_007_199_254_740_992.0;
            let rounded = match (has_fraction, digits) {
                (false, _) => number,
                (true, 0) => number.round(),
                (true, digits) => match Decimal::from_f64(number) {
                    Ok(decimal) if decimal.scale() > digits => decimal.rescale(digits)?.to_f64(),
                    Ok(_) => number,
                    // More than 38 digits after the point: nothing of it is left.
                    Err(_) => 0.0,
                },
            };
            ValueRef::Double(fold_double(rounded))
        }
    })
}

fn scale(digits: i64) -> Result<u8> {
    let scale = u8::try_from(digits).ok().filter(|digits| *digits <= DIGITS_MAX);
    scale.ok_or_else(|| {
        let message = format!("round to {digits} digits: 0 to {DIGITS_MAX} are possible");
        Error::invalid(message).with_sqlstate("22023")
    })
}

fn floating(function: &str, value: ValueRef<'_>) -> Result<f64> {
    double(value).ok_or_else(|| mismatch(&format!("function {function}"), value))
}
