//! Arrays with another element or slice, and `jsonb` with another member: what SET of subscripts
//! calls, by names that no statement can write.

use ecow::EcoString;

use super::json::change::with_member;
use crate::datum::{Array, Datum};
use crate::error::{Result, SqlError};
use crate::function::arguments::array;
use crate::function::signature::Shape::{Element, Elements, Int4, Jsonb, List, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// An array with another element.
pub(crate) const WITH_ELEMENT: &str = "\0an array with an element";
/// An array with another slice.
pub(crate) const WITH_SLICE: &str = "\0an array with a slice";
/// JSON with another member.
pub(crate) const WITH_MEMBER: &str = "\0jsonb with a member";

/// Elements that an array can have.
const ELEMENTS_MAX: i64 = 134_217_727;

fn refused(message: &str) -> SqlError {
    SqlError::new("2202E", message)
}

/// The array, or an empty one for NULL.
fn array_or_empty(value: &Datum) -> Array {
    match value {
        Datum::Array(array) => array.as_ref().clone(),
        _ => Array { dimensions: Vec::new(), elements: Vec::new() },
    }
}

fn too_big() -> SqlError {
    let message = format!("array size exceeds the maximum allowed ({ELEMENTS_MAX})");
    SqlError::new("54000", message)
}

fn length_of(length: i64) -> Result<usize> {
    usize::try_from(length).ok().filter(|_| length <= ELEMENTS_MAX).ok_or_else(too_big)
}

fn bound_of(bound: i64) -> Result<i32> {
    i32::try_from(bound).map_err(|_| too_big())
}

/// Where an array of one dimension begins, and the place behind its end.
fn range_of(array: &Array) -> (i64, i64) {
    let (length, lower) = array.dimensions.first().copied().unwrap_or((0, 1));
    (i64::from(lower), i64::from(lower) + i64::try_from(length).unwrap_or(ELEMENTS_MAX))
}

/// The array of one dimension with NULLs on both sides, so that it holds a range.
fn widened(array: &mut Array, low: i64, high: i64) -> Result<()> {
    let (begin, end) = range_of(array);
    let (first, last) =
        if array.elements.is_empty() { (low, high) } else { (low.min(begin), high.max(end - 1)) };
    let length = length_of(last - first + 1)?;
    let before = if array.elements.is_empty() { 0 } else { length_of(begin - first)? };
    let nulls = std::iter::repeat_n(Datum::Null, before);
    let mut elements: Vec<Datum> = nulls.chain(array.elements.drain(..)).collect();
    elements.resize(length, Datum::Null);
    *array = Array { dimensions: vec![(length, bound_of(first)?)], elements };
    Ok(())
}

fn with_element(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut target = array_or_empty(&arguments[0]);
    let mut places = Vec::new();
    for place in &array(arguments, 2)?.elements {
        let null = || SqlError::new("22004", "array subscript in assignment must not be null");
        places.push(place.as_integer().ok_or_else(null)?);
    }
    if target.dimensions.is_empty() {
        let mut dimensions = Vec::with_capacity(places.len());
        for place in &places {
            dimensions.push((1, bound_of(*place)?));
        }
        let elements = vec![arguments[1].clone()];
        return Ok(Datum::Array(Array { dimensions, elements }.into()));
    }
    if target.dimensions.len() != places.len() {
        return Err(refused("wrong number of array subscripts"));
    }
    let mut at = 0;
    if let [place] = places.as_slice() {
        widened(&mut target, *place, *place)?;
        at = length_of(*place - range_of(&target).0)?;
    } else {
        for (place, (length, lower)) in places.iter().zip(&target.dimensions) {
            let step = usize::try_from(*place - i64::from(*lower)).ok();
            let step = step.filter(|step| step < length);
            at = at * length + step.ok_or_else(|| refused("array subscript out of range"))?;
        }
    }
    target.elements[at] = arguments[1].clone();
    Ok(Datum::Array(target.into()))
}

fn with_slice(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    // A slice that is NULL changes nothing.
    let Datum::Array(source) = &arguments[1] else { return Ok(arguments[0].clone()) };
    let mut target = array_or_empty(&arguments[0]);
    let ([low], [high]) =
        (array(arguments, 2)?.elements.as_slice(), array(arguments, 3)?.elements.as_slice())
    else {
        return Err(SqlError::unsupported("slices of several dimensions are not changed"));
    };
    if target.dimensions.len() > 1 {
        return Err(SqlError::unsupported("slices of several dimensions are not changed"));
    }
    let (begin, end) = range_of(&target);
    let is_empty = target.elements.is_empty();
    if is_empty && (low.is_null() || high.is_null()) {
        return Err(refused("array slice subscript must provide both boundaries").with_detail(
            "When assigning to a slice of an empty array value, slice boundaries must \
                          be fully specified.",
        ));
    }
    let low = low.as_integer().unwrap_or(begin);
    let high = high.as_integer().unwrap_or(end - 1);
    if low > high {
        return Err(refused("upper bound cannot be less than lower bound"));
    }
    let count = length_of(high - low + 1)?;
    if source.elements.len() < count {
        return Err(refused("source array too small"));
    }
    widened(&mut target, low, high)?;
    let at = length_of(low - range_of(&target).0)?;
    target.elements[at..at + count].clone_from_slice(&source.elements[..count]);
    Ok(Datum::Array(target.into()))
}

fn member(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let mut steps = Vec::new();
    for step in &array(arguments, 2)?.elements {
        let null = || SqlError::new("22004", "jsonb subscript in assignment must not be null");
        steps.push(step.as_text().ok_or_else(null)?);
    }
    let null = Datum::Json(EcoString::from("null"));
    let value = if arguments[1].is_null() { &null } else { &arguments[1] };
    with_member(&arguments[0], value, &steps)
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar(WITH_ELEMENT, &[Elements, Element, List(&Int4)], Elements, with_element)
        .called_on_null(),
    scalar(WITH_SLICE, &[Elements, Elements, List(&Int4), List(&Int4)], Elements, with_slice)
        .called_on_null(),
    scalar(WITH_MEMBER, &[Jsonb, Jsonb, List(&Text)], Jsonb, member).called_on_null(),
];
