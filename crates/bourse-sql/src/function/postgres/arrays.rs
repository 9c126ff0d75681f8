//! Functions and operators of arrays.

use bourse::Collation;
use ecow::EcoString;

use super::strings::{count, made};
use crate::datum::{Array, Datum, compare, output_plain};
use crate::error::{Result, SqlError};
use crate::function::arguments::{array, boolean, integer, text};
use crate::function::signature::Shape::{
    Boolean, Compatible, Compatibles, Elements, Int4, List, Text,
};
use crate::function::signature::{Signature, scalar, set};
use crate::function::{Context, ScalarFunction, SetFunction, SetRows};

fn equal(a: &Datum, b: &Datum) -> bool {
    compare(a, b, Collation::Binary).is_eq()
}

/// Length and lower bound of a dimension, counted from 1.
fn dimension(arguments: &[Datum]) -> Result<Option<(usize, i32)>> {
    let wanted = usize::try_from(integer(arguments, 1)? - 1).ok();
    let array = array(arguments, 0)?;
    Ok(wanted.and_then(|wanted| array.dimensions.get(wanted)).copied())
}

fn length(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(dimension(arguments)?.map_or(Datum::Null, |(length, _)| count(length)))
}

fn lower(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(dimension(arguments)?.map_or(Datum::Null, |(_, lower)| Datum::Integer(i64::from(lower))))
}

fn upper(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(dimension(arguments)?.map_or(Datum::Null, |(length, lower)| {
        Datum::Integer(i64::from(lower) + i64::try_from(length).unwrap_or(i64::MAX) - 1)
    }))
}

fn dimensions(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let array = array(arguments, 0)?;
    if array.dimensions.is_empty() {
        return Ok(Datum::Null);
    }
    let shown = array.dimensions.iter().map(|(length, lower)| {
        let upper = i64::from(*lower) + i64::try_from(*length).unwrap_or(i64::MAX) - 1;
        format!("[{lower}:{upper}]")
    });
    made(shown.collect::<String>())
}

fn only_one_dimension(array: &Array, message: &str) -> Result<()> {
    match array.dimensions.len() {
        0 | 1 => Ok(()),
        _ => Err(SqlError::unsupported(message)),
    }
}

/// The array, or an empty one for NULL.
fn or_empty(value: &Datum) -> Array {
    value.as_array().cloned().unwrap_or_default()
}

fn with_elements(mut array: Array, elements: Vec<Datum>) -> Datum {
    let lower = array.dimensions.first().map_or(1, |(_, lower)| *lower);
    array.dimensions = if elements.is_empty() { Vec::new() } else { vec![(elements.len(), lower)] };
    array.elements = elements;
    Datum::Array(array.into())
}

fn flat_only(array: &Array) -> Result<()> {
    if array.dimensions.len() > 1 {
        let message = "argument must be empty or one-dimensional array";
        return Err(SqlError::new("22000", message));
    }
    Ok(())
}

fn append(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let array = or_empty(&arguments[0]);
    flat_only(&array)?;
    let mut elements = array.elements.clone();
    elements.push(arguments[1].clone());
    Ok(with_elements(array, elements))
}

fn prepend(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let array = or_empty(&arguments[1]);
    flat_only(&array)?;
    let mut elements = vec![arguments[0].clone()];
    elements.extend(array.elements.iter().cloned());
    Ok(with_elements(array, elements))
}

/// Arrays one after the other; one may have a dimension less, and is an element of the other then.
fn concatenate(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (a, b) = match (arguments[0].as_array(), arguments[1].as_array()) {
        (Some(a), Some(b)) => (a, b),
        (Some(_), None) => return Ok(arguments[0].clone()),
        _ => return Ok(arguments[1].clone()),
    };
    if a.elements.is_empty() {
        return Ok(arguments[1].clone());
    }
    if b.elements.is_empty() {
        return Ok(arguments[0].clone());
    }
    // Lengths and lower bounds.
    let inner = |array: &Array, from: usize| array.dimensions[from..].to_vec();
    let (depth_a, depth_b) = (a.dimensions.len(), b.dimensions.len());
    let refuse = || SqlError::new("2202E", "cannot concatenate incompatible arrays");
    let dimensions = if depth_a == depth_b && inner(a, 1) == inner(b, 1) {
        let mut dimensions = a.dimensions.clone();
        dimensions[0].0 += b.dimensions[0].0;
        dimensions
    } else if depth_a == depth_b + 1 && inner(a, 1) == inner(b, 0) {
        let mut dimensions = a.dimensions.clone();
        dimensions[0].0 += 1;
        dimensions
    } else if depth_a + 1 == depth_b && inner(a, 0) == inner(b, 1) {
        let mut dimensions = b.dimensions.clone();
        dimensions[0].0 += 1;
        dimensions
    } else {
        return Err(refuse());
    };
    let elements = a.elements.iter().chain(&b.elements).cloned().collect();
    Ok(Datum::Array(Array { dimensions, elements }.into()))
}

/// The array that a value is looked for in, and its lower bound; none for NULL.
fn searched(arguments: &[Datum]) -> Result<Option<(&Array, i64)>> {
    let Some(array) = arguments[0].as_array() else { return Ok(None) };
    only_one_dimension(
        array,
        "searching for elements in multidimensional arrays is not supported",
    )?;
    let lower = i64::from(array.dimensions.first().map_or(1, |(_, lower)| *lower));
    Ok(Some((array, lower)))
}

/// The place of a value, NULL being equal to NULL, from an optional place on.
fn position(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let Some((array, lower)) = searched(arguments)? else { return Ok(Datum::Null) };
    let start = match arguments.get(2) {
        None => lower,
        Some(Datum::Integer(start)) => *start,
        Some(_) => return Err(SqlError::new("22004", "initial position must not be null")),
    };
    let places = (lower..).zip(&array.elements);
    let found = places.skip_while(|(at, _)| *at < start).find(|(_, v)| equal(v, &arguments[1]));
    Ok(found.map_or(Datum::Null, |(at, _)| Datum::Integer(at)))
}

fn positions(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let Some((array, lower)) = searched(arguments)? else { return Ok(Datum::Null) };
    let places = (lower..).zip(&array.elements).filter(|(_, value)| equal(value, &arguments[1]));
    Ok(Datum::list(places.map(|(at, _)| Datum::Integer(at)).collect()))
}

fn remove(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let Some(array) = arguments[0].as_array() else {
        return Ok(Datum::Null);
    };
    only_one_dimension(array, "removing elements from multidimensional arrays is not supported")?;
    let kept: Vec<Datum> =
        array.elements.iter().filter(|value| !equal(value, &arguments[1])).cloned().collect();
    if kept.len() == array.elements.len() {
        return Ok(arguments[0].clone());
    }
    Ok(with_elements(array.clone(), kept))
}

fn replace(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let Some(array) = arguments[0].as_array() else {
        return Ok(Datum::Null);
    };
    let changed = array.elements.iter().map(|value| {
        if equal(value, &arguments[1]) { arguments[2].clone() } else { value.clone() }
    });
    let changed = Array { dimensions: array.dimensions.clone(), elements: changed.collect() };
    Ok(Datum::Array(changed.into()))
}

/// Elements with separators between them; NULLs are left out unless a text stands for them.
fn to_string(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    if arguments[0].is_null() || arguments[1].is_null() {
        return Ok(Datum::Null);
    }
    let separator = text(arguments, 1)?;
    let for_null = arguments.get(2).and_then(Datum::as_text);
    let mut parts = Vec::new();
    for value in &array(arguments, 0)?.elements {
        match (value.is_null(), for_null) {
            (false, _) => parts.push(output_plain(value, context)?),
            (true, Some(text)) => parts.push(EcoString::from(text)),
            (true, None) => {}
        }
    }
    made(parts.join(separator))
}

/// Parts of a text between separators; without one its characters, of an empty text nothing.
fn of_string(arguments: &[Datum]) -> Result<Option<Vec<Datum>>> {
    if arguments[0].is_null() {
        return Ok(None);
    }
    let whole = text(arguments, 0)?;
    let null = arguments.get(2).and_then(Datum::as_text);
    let part = |part: &str| if null == Some(part) { Datum::Null } else { Datum::text(part) };
    Ok(Some(match arguments[1].as_text() {
        _ if whole.is_empty() => Vec::new(),
        None => whole.chars().map(|c| part(c.encode_utf8(&mut [0; 4]))).collect(),
        Some("") => vec![part(whole)],
        Some(separator) => whole.split(separator).map(part).collect(),
    }))
}

fn string_to_array(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(of_string(arguments)?.map_or(Datum::Null, Datum::list))
}

fn string_to_table(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    let parts = of_string(arguments)?.unwrap_or_default();
    Ok(Box::new(parts.into_iter().map(|part| Ok(vec![part]))))
}

/// Whether each element of one is in the other; NULL is in none.
fn contains(whole: &Array, part: &Array) -> bool {
    let is_in = |value: &Datum| !value.is_null() && whole.elements.iter().any(|v| equal(v, value));
    part.elements.iter().all(is_in)
}

fn overlap(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (a, b) = (array(arguments, 0)?, array(arguments, 1)?);
    let is_in = |value: &Datum| !value.is_null() && b.elements.iter().any(|v| equal(v, value));
    Ok(Datum::Boolean(a.elements.iter().any(is_in)))
}

fn unnest(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    let elements = or_empty(&arguments[0]).elements;
    Ok(Box::new(elements.into_iter().map(|value| Ok(vec![value]))))
}

fn subscripts(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Box::new(std::iter::empty()));
    }
    let Some((length, lower)) = dimension(arguments)? else {
        return Ok(Box::new(std::iter::empty()));
    };
    let reverse = arguments.len() > 2 && boolean(arguments, 2)?;
    let first = i64::from(lower);
    let last = first + i64::try_from(length).unwrap_or(0) - 1;
    let row = |at: i64| Ok(vec![Datum::Integer(at)]);
    Ok(match reverse {
        true => Box::new((first..=last).rev().map(row)),
        false => Box::new((first..=last).map(row)),
    })
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("array_length", &[Elements, Int4], Int4, length),
    scalar("array_lower", &[Elements, Int4], Int4, lower),
    scalar("array_upper", &[Elements, Int4], Int4, upper),
    scalar("array_dims", &[Elements], Text, dimensions),
    scalar("array_ndims", &[Elements], Int4, |a, _| {
        let depth = array(a, 0)?.dimensions.len();
        Ok(if depth == 0 { Datum::Null } else { count(depth) })
    }),
    scalar("cardinality", &[Elements], Int4, |a, _| Ok(count(array(a, 0)?.elements.len()))),
    scalar("array_append", &[Compatibles, Compatible], Compatibles, append).called_on_null(),
    scalar("array_prepend", &[Compatible, Compatibles], Compatibles, prepend).called_on_null(),
    scalar("array_cat", &[Compatibles, Compatibles], Compatibles, concatenate).called_on_null(),
    scalar("array_position", &[Compatibles, Compatible], Int4, position).called_on_null(),
    scalar("array_position", &[Compatibles, Compatible, Int4], Int4, position).called_on_null(),
    scalar("array_positions", &[Compatibles, Compatible], List(&Int4), positions).called_on_null(),
    scalar("array_remove", &[Compatibles, Compatible], Compatibles, remove).called_on_null(),
    scalar("array_replace", &[Compatibles, Compatible, Compatible], Compatibles, replace)
        .called_on_null(),
    scalar("array_to_string", &[Elements, Text], Text, to_string).called_on_null().stable(),
    scalar("array_to_string", &[Elements, Text, Text], Text, to_string).called_on_null().stable(),
    scalar("string_to_array", &[Text, Text], List(&Text), string_to_array).called_on_null(),
    scalar("string_to_array", &[Text, Text, Text], List(&Text), string_to_array).called_on_null(),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("||", &[Compatibles, Compatible], Compatibles, append).called_on_null(),
    scalar("||", &[Compatible, Compatibles], Compatibles, prepend).called_on_null(),
    scalar("||", &[Compatibles, Compatibles], Compatibles, concatenate).called_on_null(),
    scalar("@>", &[Elements, Elements], Boolean, |a, _| {
        Ok(Datum::Boolean(contains(array(a, 0)?, array(a, 1)?)))
    }),
    scalar("<@", &[Elements, Elements], Boolean, |a, _| {
        Ok(Datum::Boolean(contains(array(a, 1)?, array(a, 0)?)))
    }),
    scalar("&&", &[Elements, Elements], Boolean, overlap),
];

pub(super) static SETS: &[Signature<SetFunction>] = &[
    set("unnest", &[Elements], crate::function::signature::Shape::Element, unnest),
    set("generate_subscripts", &[Elements, Int4], Int4, subscripts),
    set("generate_subscripts", &[Elements, Int4, Boolean], Int4, subscripts),
    set("string_to_table", &[Text, Text], Text, string_to_table),
    set("string_to_table", &[Text, Text, Text], Text, string_to_table),
];
