//! SQLite's aggregates.

use crate::function::AggregateFunction;
use crate::function::aggregate::{count, max, min};
use crate::function::signature::Shape::Any;
use crate::function::signature::{Signature, aggregate};

pub(super) static AGGREGATES: &[Signature<AggregateFunction>] = &[
    aggregate("count", &[], Any, count).with_nulls(),
    aggregate("count", &[Any], Any, count),
    aggregate("min", &[Any], Any, min),
    aggregate("max", &[Any], Any, max),
];
