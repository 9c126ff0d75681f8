//! Functions of no family: the clock, texts as bytes, and arrays of one value.

use bourse::Collation;
use bourse_storage::sync;

use crate::datum::binary::utf8;
use crate::datum::{Array, Datum, Instant};
use crate::error::{Result, SqlError};
use crate::function::arguments::{array, bytes, integer, text};
use crate::function::signature::Shape::{
    Any, Bytea, Compatible, Compatibles, Element, Elements, Int4, List, ListOfArgument, Text,
    TimestampTz,
};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// Elements that an array can have.
const ELEMENTS_MAX: usize = 134_217_727;

fn clock(_: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::TimestampTz(Instant::from_micros(sync::wall_clock_us())))
}

fn check_encoding(name: &str) -> Result<()> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.to_ascii_lowercase().as_str() {
        "utf8" | "unicode" | "sqlascii" => Ok(()),
        _ => {
            let message = format!("conversion of texts by the encoding \"{name}\"");
            Err(SqlError::unsupported(message).with_hint("Bourse's texts are UTF8."))
        }
    }
}

fn convert_from(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    check_encoding(text(arguments, 1)?)?;
    Ok(Datum::text(utf8(bytes(arguments, 0)?)?))
}

fn convert_to(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    check_encoding(text(arguments, 1)?)?;
    Ok(Datum::bytes(text(arguments, 0)?.as_bytes()))
}

/// How many arguments are NULL, or are not.
fn nulls(arguments: &[Datum], counts: fn(&Datum) -> bool) -> Result<Datum> {
    Ok(super::strings::count(arguments.iter().filter(|value| counts(value)).count()))
}

/// How many thresholds, in their order, a value has reached.
fn width_bucket(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let thresholds = array(arguments, 1)?;
    if thresholds.dimensions.len() > 1 {
        return Err(SqlError::new("2202E", "thresholds must be one-dimensional array"));
    }
    if thresholds.elements.iter().any(Datum::is_null) {
        return Err(SqlError::new("22004", "thresholds array must not contain NULLs"));
    }
    let reached = |threshold: &Datum| {
        crate::datum::compare(&arguments[0], threshold, Collation::Binary).is_ge()
    };
    Ok(super::strings::count(thresholds.elements.partition_point(reached)))
}

/// An array without its last elements.
fn trim_array(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (source, count) = (array(arguments, 0)?, integer(arguments, 1)?);
    let length = source.dimensions.first().map_or(0, |(length, _)| *length);
    let left = usize::try_from(count).ok().and_then(|count| length.checked_sub(count));
    let Some(left) = left else {
        let message = format!("number of elements to trim must be between 0 and {length}");
        return Err(SqlError::new("2202E", message));
    };
    if left == 0 {
        return Ok(Datum::list(Vec::new()));
    }
    let inner: usize = source.dimensions.iter().skip(1).map(|(length, _)| *length).product();
    let mut dimensions = source.dimensions.clone();
    // Its elements are counted from 1 again.
    dimensions[0] = (left, 1);
    let elements = source.elements[..left * inner].to_vec();
    Ok(Datum::Array(Array { dimensions, elements }.into()))
}

/// Numbers of a list without NULLs.
fn numbers(list: &Array, what: &str) -> Result<Vec<i64>> {
    let numbers = list.elements.iter().map(|element| {
        let message = format!("{what} values cannot be null");
        element.as_integer().ok_or_else(|| SqlError::new("22004", message))
    });
    numbers.collect()
}

/// An array of one value.
fn array_fill(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let of = |at: usize, what: &str| match arguments.get(at) {
        Some(Datum::Array(list)) => numbers(list, what).map(Some),
        Some(_) => {
            let message = "dimension array or low bound array cannot be null";
            Err(SqlError::new("22004", message))
        }
        None => Ok(None),
    };
    let lengths = of(1, "dimension")?.unwrap_or_default();
    let lowers = of(2, "dimension")?.unwrap_or_else(|| vec![1; lengths.len()]);
    if lengths.len() != lowers.len() {
        return Err(SqlError::new("2202E", "wrong number of array subscripts")
            .with_detail("Low bound array has different size than dimensions array."));
    }
    let mut dimensions = Vec::with_capacity(lengths.len());
    let mut total = 1_usize;
    for (length, lower) in lengths.iter().zip(&lowers) {
        let too_big = |_| {
            let message = format!("array size exceeds the maximum allowed ({ELEMENTS_MAX})");
            SqlError::new("54000", message)
        };
        let length = usize::try_from(*length).map_err(too_big)?;
        total = total.saturating_mul(length);
        dimensions.push((length, i32::try_from(*lower).unwrap_or(1)));
    }
    if total > ELEMENTS_MAX {
        let message = format!("array size exceeds the maximum allowed ({ELEMENTS_MAX})");
        return Err(SqlError::new("54000", message));
    }
    if total == 0 || dimensions.is_empty() {
        return Ok(Datum::list(Vec::new()));
    }
    let elements = vec![arguments[0].clone(); total];
    Ok(Datum::Array(Array { dimensions, elements }.into()))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("array_fill", &[Element, List(&Int4)], ListOfArgument, array_fill).called_on_null(),
    scalar("array_fill", &[Element, List(&Int4), List(&Int4)], ListOfArgument, array_fill)
        .called_on_null(),
    scalar("clock_timestamp", &[], TimestampTz, clock).volatile(),
    scalar("convert_from", &[Bytea, Text], Text, convert_from),
    scalar("convert_to", &[Text, Text], Bytea, convert_to),
    scalar("num_nulls", &[Any], Int4, |a, _| nulls(a, Datum::is_null)).called_on_null().variadic(),
    scalar("num_nonnulls", &[Any], Int4, |a, _| nulls(a, |value| !value.is_null()))
        .called_on_null()
        .variadic(),
    scalar("width_bucket", &[Compatible, Compatibles], Int4, width_bucket),
    scalar("trim_array", &[Elements, Int4], Elements, trim_array),
];
