//! OVERLAPS: whether two spans of time have a moment in common.
//!
//! An end that is NULL is not known; what is decided without it is decided.

use std::cmp::Ordering;

use bourse::Collation;

use crate::datum::{self, Datum};
use crate::error::Result;
use crate::function::ScalarFunction;
use crate::function::signature::Shape::{Boolean, Date, Time, Timestamp, TimestampTz};
use crate::function::signature::{Shape, Signature, scalar};

/// The beginning of a span and its end, if both are known; nothing if neither is.
fn span<'d>(a: &'d Datum, b: &'d Datum) -> Option<(&'d Datum, Option<&'d Datum>)> {
    match (a.is_null(), b.is_null()) {
        (true, true) => None,
        (true, false) => Some((b, None)),
        (false, true) => Some((a, None)),
        (false, false) if compare(a, b).is_gt() => Some((b, Some(a))),
        (false, false) => Some((a, Some(b))),
    }
}

fn compare(a: &Datum, b: &Datum) -> Ordering {
    datum::compare(a, b, Collation::Binary)
}

fn overlaps(arguments: &[Datum]) -> Datum {
    let spans = (span(&arguments[0], &arguments[1]), span(&arguments[2], &arguments[3]));
    let (Some(one), Some(other)) = spans else { return Datum::Null };
    // Of the span that begins first only the end matters.
    let (first, second) = match compare(one.0, other.0) {
        Ordering::Less => (one, other),
        Ordering::Greater => (other, one),
        Ordering::Equal => {
            let known = one.1.is_some() && other.1.is_some();
            return if known { Datum::Boolean(true) } else { Datum::Null };
        }
    };
    match (first.1, second.1) {
        (None, _) => Datum::Null,
        (Some(end), _) if compare(second.0, end).is_lt() => Datum::Boolean(true),
        (Some(_), None) => Datum::Null,
        (Some(_), Some(_)) => Datum::Boolean(false),
    }
}

const fn of(shapes: &'static [Shape; 4]) -> Signature<ScalarFunction> {
    scalar("overlaps", shapes, Boolean, |arguments, _| -> Result<Datum> { Ok(overlaps(arguments)) })
        .called_on_null()
}

pub(crate) static SCALARS: &[Signature<ScalarFunction>] = &[
    of(&[Date, Date, Date, Date]),
    of(&[Timestamp, Timestamp, Timestamp, Timestamp]),
    of(&[TimestampTz, TimestampTz, TimestampTz, TimestampTz]),
    of(&[Time, Time, Time, Time]),
];
