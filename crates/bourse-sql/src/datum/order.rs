//! The order of values, and hashes that go with it.
//!
//! Within one type this is PostgreSQL's order; NULL is equal to NULL and comes last, where arrays
//! and rows have it inside. Between the kinds that SQLite's values have it is SQLite's: numbers,
//! texts, blobs. Numbers of different kinds compare by their exact value, whatever holds them.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use bourse::Collation;

use super::{Array, Datum, Numeric};

/// The total order of two values.
pub fn compare(a: &Datum, b: &Datum, collation: Collation) -> Ordering {
    match (a, b) {
        (Datum::Integer(a), Datum::Integer(b)) => a.cmp(b),
        (Datum::Text(a), Datum::Text(b)) => compare_texts(a, b, collation),
        (Datum::Double(a), Datum::Double(b)) => compare_doubles(*a, *b),
        (Datum::Numeric(a), Datum::Numeric(b)) => a.cmp(b),
        (Datum::Boolean(a), Datum::Boolean(b)) => a.cmp(b),
        (Datum::Real(a), Datum::Real(b)) => compare_doubles(f64::from(*a), f64::from(*b)),
        (Datum::Date(a), Datum::Date(b)) => a.cmp(b),
        (Datum::Time(a), Datum::Time(b)) => a.cmp(b),
        (Datum::Timestamp(a), Datum::Timestamp(b))
        | (Datum::TimestampTz(a), Datum::TimestampTz(b)) => a.cmp(b),
        (Datum::Interval(a), Datum::Interval(b)) => a.total_micros().cmp(&b.total_micros()),
        (Datum::Uuid(a), Datum::Uuid(b)) => a.cmp(b),
        (Datum::Bytes(a), Datum::Bytes(b)) => a.cmp(b),
        (Datum::Json(a), Datum::Json(b)) => crate::datum::json::compare_texts(a, b),
        (Datum::Array(a), Datum::Array(b)) => compare_arrays(a, b, collation),
        (Datum::Record(a), Datum::Record(b)) => compare_lists(a, b, collation),
        _ => compare_kinds(a, b),
    }
}

fn compare_texts(a: &str, b: &str, collation: Collation) -> Ordering {
    match collation {
        Collation::Binary => a.as_bytes().cmp(b.as_bytes()),
        Collation::NoCase => {
            let lower = |byte: u8| byte.to_ascii_lowercase();
            a.bytes().map(lower).cmp(b.bytes().map(lower))
        }
        Collation::RTrim => {
            a.trim_end_matches(' ').as_bytes().cmp(b.trim_end_matches(' ').as_bytes())
        }
    }
}

/// NaN equals itself and is greater than all numbers; the zeros are equal.
fn compare_doubles(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

fn compare_lists(a: &[Datum], b: &[Datum], collation: Collation) -> Ordering {
    let pairs = a.iter().zip(b).map(|(a, b)| compare(a, b, collation));
    pairs.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// Elements first, then their number, then the dimensions.
fn compare_arrays(a: &Array, b: &Array, collation: Collation) -> Ordering {
    compare_lists(&a.elements, &b.elements, collation)
        .then_with(|| a.dimensions.len().cmp(&b.dimensions.len()))
        .then_with(|| a.dimensions.cmp(&b.dimensions))
}

/// The order of two values of different kinds.
fn compare_kinds(a: &Datum, b: &Datum) -> Ordering {
    let ranks = rank(a).cmp(&rank(b));
    if ranks.is_ne() || rank(a) != NUMBER {
        return ranks;
    }
    match (a, b) {
        (Datum::Integer(a), Datum::Double(b)) => compare_integer_double(*a, *b),
        (Datum::Double(a), Datum::Integer(b)) => compare_integer_double(*b, *a).reverse(),
        _ => exact(a).cmp(&exact(b)),
    }
}

fn compare_integer_double(a: i64, b: f64) -> Ordering {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if b.is_nan() || b >= TWO_TO_63 {
        return Ordering::Less;
    }
    if b < -TWO_TO_63 {
        return Ordering::Greater;
    }
    #[expect(clippy::cast_possible_truncation, reason = "in range; the fraction comes next")]
    let whole = b as i64;
    a.cmp(&whole).then_with(|| compare_doubles(0.0, b.fract()))
}

const NUMBER: u8 = 0;

fn rank(value: &Datum) -> u8 {
    match value {
        Datum::Integer(_) | Datum::Real(_) | Datum::Double(_) | Datum::Numeric(_) => NUMBER,
        Datum::Boolean(_) => 1,
        Datum::Date(_) => 2,
        Datum::Time(_) => 3,
        Datum::Timestamp(_) => 4,
        Datum::TimestampTz(_) => 5,
        Datum::Interval(_) => 6,
        Datum::Uuid(_) => 7,
        Datum::Text(_) => 8,
        Datum::Json(_) => 9,
        Datum::Bytes(_) => 10,
        Datum::Array(_) => 11,
        Datum::Record(_) => 12,
        Datum::Null => 13,
    }
}

/// The number itself, all digits of it.
fn exact(value: &Datum) -> Numeric {
    match value {
        Datum::Integer(value) => Numeric::from(*value),
        Datum::Numeric(value) => value.clone(),
        Datum::Real(value) => Numeric::exact(f64::from(*value)),
        Datum::Double(value) => Numeric::exact(*value),
        _ => Numeric::NAN,
    }
}

/// Feeds a value to a hash: what is equal under [`compare`] hashes alike.
pub fn hash(value: &Datum, collation: Collation, state: &mut impl Hasher) {
    match value {
        Datum::Integer(value) => value.hash(state),
        Datum::Double(value) => hash_double(*value, state),
        Datum::Real(value) => hash_double(f64::from(*value), state),
        Datum::Numeric(value) => hash_numeric(value, state),
        Datum::Text(text) => hash_text(text, collation, state),
        Datum::Boolean(value) => value.hash(state),
        Datum::Date(value) => value.hash(state),
        Datum::Time(value) => value.hash(state),
        Datum::Timestamp(value) | Datum::TimestampTz(value) => value.hash(state),
        Datum::Interval(value) => value.total_micros().hash(state),
        Datum::Uuid(value) => value.hash(state),
        Datum::Bytes(value) => value.hash(state),
        Datum::Json(text) => crate::datum::json::hash_text(text, state),
        Datum::Array(array) => {
            array.dimensions.hash(state);
            array.elements.iter().for_each(|element| hash(element, collation, state));
        }
        Datum::Record(fields) => fields.iter().for_each(|field| hash(field, collation, state)),
        Datum::Null => 13_u8.hash(state),
    }
}

/// A whole number hashes as the integer.
fn hash_double(value: f64, state: &mut impl Hasher) {
    #[expect(clippy::cast_possible_truncation, reason = "only used where it is the same number")]
    let whole = value as i64;
    if compare_integer_double(whole, value).is_eq() {
        return whole.hash(state);
    }
    if value.is_nan() {
        return Numeric::NAN.hash(state);
    }
    Numeric::exact(value).hash(state);
}

fn hash_numeric(value: &Numeric, state: &mut impl Hasher) {
    let normal = value.normalize();
    match normal.to_integer().filter(|_| normal.scale() == 0) {
        Some(whole) => whole.hash(state),
        None => normal.hash(state),
    }
}

fn hash_text(text: &str, collation: Collation, state: &mut impl Hasher) {
    match collation {
        Collation::Binary => text.hash(state),
        Collation::NoCase => {
            text.bytes().for_each(|byte| byte.to_ascii_lowercase().hash(state));
            0xff_u8.hash(state);
        }
        Collation::RTrim => text.trim_end_matches(' ').hash(state),
    }
}
