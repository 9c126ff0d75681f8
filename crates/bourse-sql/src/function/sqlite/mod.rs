//! SQLite's library, a file a family.

use super::signature::{Shape, Signature, window};
use super::{AggregateFunction, ScalarFunction, SetFunction, WindowFunction};

use crate::error::SqlError;

mod aggregates;
mod arithmetic;
pub(crate) mod float;
mod json;
mod printf;
mod strings;
mod time;
mod unistr;
pub(crate) mod values;

/// The longest text or blob that a function makes.
const BYTES_MAX: usize = 1_000_000_000;

fn too_big() -> SqlError {
    SqlError::new("54000", "string or blob too big")
}

pub(super) static SCALARS: &[&[Signature<ScalarFunction>]] = &[
    json::SCALARS,
    printf::SCALARS,
    strings::SCALARS,
    time::SCALARS,
    unistr::SCALARS,
    values::SCALARS,
];

pub(super) static OPERATORS: &[&[Signature<ScalarFunction>]] =
    &[arithmetic::OPERATORS, json::OPERATORS, strings::OPERATORS];

pub(super) static AGGREGATES: &[&[Signature<AggregateFunction>]] = &[aggregates::AGGREGATES];

pub(super) static SETS: &[&[Signature<SetFunction>]] = &[json::SETS];

const ANY: Shape = Shape::Any;

pub(super) static WINDOWS: &[Signature<WindowFunction>] = &[
    window("row_number", &[], ANY, WindowFunction::RowNumber),
    window("rank", &[], ANY, WindowFunction::Rank),
    window("dense_rank", &[], ANY, WindowFunction::DenseRank),
    window("percent_rank", &[], ANY, WindowFunction::PercentRank),
    window("cume_dist", &[], ANY, WindowFunction::CumeDist),
    window("ntile", &[ANY], ANY, WindowFunction::Ntile),
    window("lag", &[ANY], ANY, WindowFunction::Lag),
    window("lag", &[ANY, ANY], ANY, WindowFunction::Lag),
    window("lag", &[ANY, ANY, ANY], ANY, WindowFunction::Lag),
    window("lead", &[ANY], ANY, WindowFunction::Lead),
    window("lead", &[ANY, ANY], ANY, WindowFunction::Lead),
    window("lead", &[ANY, ANY, ANY], ANY, WindowFunction::Lead),
    window("first_value", &[ANY], ANY, WindowFunction::FirstValue),
    window("last_value", &[ANY], ANY, WindowFunction::LastValue),
    window("nth_value", &[ANY, ANY], ANY, WindowFunction::NthValue),
];
