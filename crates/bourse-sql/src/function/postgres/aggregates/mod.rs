//! PostgreSQL's aggregates.

use crate::function::AggregateFunction;
use crate::function::aggregate::{count, max, min};
use crate::function::signature::Shape::{
    Any, Char, Date, Float4, Float8, Int2, Int4, Int8, Interval, Numeric as Decimal, Oid, Text,
    Time, Timestamp, TimestampTz,
};
use crate::function::signature::{Shape, Signature, aggregate};

mod collect;
mod ordered;
mod statistics;
mod sums;

pub(super) static FAMILIES: &[&[Signature<AggregateFunction>]] = &[
    EXTREMES,
    collect::AGGREGATES,
    ordered::AGGREGATES,
    super::json::AGGREGATES,
    statistics::AGGREGATES,
    sums::AGGREGATES,
];

const fn least(shape: &'static [Shape; 1]) -> Signature<AggregateFunction> {
    aggregate("min", shape, shape[0], min)
}

const fn greatest(shape: &'static [Shape; 1]) -> Signature<AggregateFunction> {
    aggregate("max", shape, shape[0], max)
}

static EXTREMES: &[Signature<AggregateFunction>] = &[
    aggregate("count", &[], Int8, count).with_nulls(),
    aggregate("count", &[Any], Int8, count),
    least(&[Int2]),
    least(&[Int4]),
    least(&[Int8]),
    least(&[Oid]),
    least(&[Float4]),
    least(&[Float8]),
    least(&[Decimal]),
    least(&[Text]),
    least(&[Char]),
    least(&[Date]),
    least(&[Time]),
    least(&[Timestamp]),
    least(&[TimestampTz]),
    least(&[Interval]),
    aggregate("min", &[Shape::Elements], Shape::Elements, min),
    aggregate("min", &[Shape::Enum], Shape::Enum, min),
    greatest(&[Int2]),
    greatest(&[Int4]),
    greatest(&[Int8]),
    greatest(&[Oid]),
    greatest(&[Float4]),
    greatest(&[Float8]),
    greatest(&[Decimal]),
    greatest(&[Text]),
    greatest(&[Char]),
    greatest(&[Date]),
    greatest(&[Time]),
    greatest(&[Timestamp]),
    greatest(&[TimestampTz]),
    greatest(&[Interval]),
    aggregate("max", &[Shape::Elements], Shape::Elements, max),
    aggregate("max", &[Shape::Enum], Shape::Enum, max),
];
