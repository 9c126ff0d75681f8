//! `generate_series` of numbers.

use crate::datum::{Datum, Numeric};
use crate::error::{Result, SqlError};
use crate::function::arguments::{integer, numeric};
use crate::function::signature::Shape::{Int4, Int8, Numeric as Decimal};
use crate::function::signature::{Signature, set};
use crate::function::{Context, SetFunction, SetRows};

pub(super) fn step_is_zero() -> SqlError {
    SqlError::new("22023", "step size cannot equal zero")
}

/// From the first to the last, both included; nothing if any is NULL.
fn integers(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Box::new(std::iter::empty()));
    }
    let (first, last) = (integer(arguments, 0)?, integer(arguments, 1)?);
    let step = if arguments.len() > 2 { integer(arguments, 2)? } else { 1 };
    if step == 0 {
        return Err(step_is_zero());
    }
    let is_inside = move |value: &i64| if step > 0 { *value <= last } else { *value >= last };
    let next = move |value: &i64| value.checked_add(step).filter(is_inside);
    let values = std::iter::successors(Some(first).filter(is_inside), next);
    Ok(Box::new(values.map(|value| Ok(vec![Datum::Integer(value)]))))
}

fn check(value: &Numeric, what: &str) -> Result<Numeric> {
    if value.is_nan() {
        return Err(SqlError::new("22023", format!("{what} cannot be NaN")));
    }
    if !value.is_finite() {
        return Err(SqlError::new("22023", format!("{what} cannot be infinity")));
    }
    Ok(value.clone())
}

fn numerics(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Box::new(std::iter::empty()));
    }
    let first = check(numeric(arguments, 0)?, "start value")?;
    let last = check(numeric(arguments, 1)?, "stop value")?;
    let step = match arguments.len() {
        2 => Numeric::ONE,
        _ => check(numeric(arguments, 2)?, "step size")?,
    };
    if step.is_zero() {
        return Err(step_is_zero());
    }
    let rising = step.signum() > 0;
    let is_inside = move |value: &Numeric| if rising { *value <= last } else { *value >= last };
    let mut next = Some(Ok(first));
    Ok(Box::new(std::iter::from_fn(move || match next.take()? {
        Ok(value) if is_inside(&value) => {
            next = Some(value.add(&step));
            Some(Ok(vec![Datum::Numeric(value)]))
        }
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    })))
}

pub(super) static SETS: &[Signature<SetFunction>] = &[
    set("generate_series", &[Int4, Int4], Int4, integers),
    set("generate_series", &[Int4, Int4, Int4], Int4, integers),
    set("generate_series", &[Int8, Int8], Int8, integers),
    set("generate_series", &[Int8, Int8, Int8], Int8, integers),
    set("generate_series", &[Decimal, Decimal], Decimal, numerics),
    set("generate_series", &[Decimal, Decimal, Decimal], Decimal, numerics),
];
