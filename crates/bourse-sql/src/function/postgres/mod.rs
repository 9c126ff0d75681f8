//! PostgreSQL's library, a file a family.

use super::signature::{Shape, Signature, window};
use super::{AggregateFunction, ScalarFunction, SetFunction, WindowFunction};

mod aggregates;
mod arithmetic;
mod arrays;
mod bytes;
pub(crate) mod catalog;
mod convenience;
mod degrees;
mod digest;
mod elements;
mod encoding;
mod escapes;
mod floats;
pub(crate) mod json;
mod jsonpath;
mod like;
mod number_read;
mod number_template;
mod numbers;
mod quantified;
pub(crate) mod quote;
mod regex;
mod sequences;
mod series;
mod session;
mod strings;
mod times;
mod unicode;

pub(crate) use elements::{WITH_ELEMENT, WITH_MEMBER, WITH_SLICE};
pub(crate) use sequences::ROW as SEQUENCE_ROW;
pub(crate) use times::bucket::width_of as bucket_width;
pub(crate) use unicode::{COLUMN_SIZE, REFUSE};

pub(super) static SCALARS: &[&[Signature<ScalarFunction>]] = &[
    arrays::SCALARS,
    bytes::SCALARS,
    catalog::cluster::SCALARS,
    catalog::definitions::SCALARS,
    catalog::facets::SCALARS,
    catalog::privileges::SCALARS,
    catalog::replication::SCALARS,
    catalog::backends::SCALARS,
    catalog::session::SCALARS,
    catalog::sizes::SCALARS,
    catalog::visibility::SCALARS,
    convenience::SCALARS,
    degrees::SCALARS,
    elements::SCALARS,
    encoding::SCALARS,
    escapes::SCALARS,
    floats::SCALARS,
    json::BUILDERS,
    json::CHANGES,
    json::SCALARS,
    jsonpath::SCALARS,
    like::SCALARS,
    number_read::SCALARS,
    number_template::SCALARS,
    numbers::SCALARS,
    quote::SCALARS,
    regex::SCALARS,
    sequences::SCALARS,
    session::SCALARS,
    strings::SCALARS,
    times::SCALARS,
    times::age::SCALARS,
    times::fields::SCALARS,
    times::make::SCALARS,
    times::read_template::SCALARS,
    times::template::SCALARS,
    times::bucket::SCALARS,
    times::overlaps::SCALARS,
    times::sleep::SCALARS,
    times::trunc::SCALARS,
    unicode::SCALARS,
];

pub(super) static OPERATORS: &[&[Signature<ScalarFunction>]] = &[
    arithmetic::OPERATORS,
    arrays::OPERATORS,
    floats::OPERATORS,
    json::OPERATORS,
    jsonpath::OPERATORS,
    like::OPERATORS,
    quantified::OPERATORS,
    regex::OPERATORS,
    strings::OPERATORS,
    times::OPERATORS,
];

pub(super) static AGGREGATES: &[&[Signature<AggregateFunction>]] = aggregates::FAMILIES;

pub(super) static SETS: &[&[Signature<SetFunction>]] = &[
    arrays::SETS,
    catalog::cluster::SETS,
    catalog::definitions::SETS,
    json::SETS,
    jsonpath::SETS,
    regex::SETS,
    series::SETS,
    times::SETS,
];

pub(super) static WINDOWS: &[Signature<WindowFunction>] = &[
    window("row_number", &[], Shape::Int8, WindowFunction::RowNumber),
    window("rank", &[], Shape::Int8, WindowFunction::Rank),
    window("dense_rank", &[], Shape::Int8, WindowFunction::DenseRank),
    window("percent_rank", &[], Shape::Float8, WindowFunction::PercentRank),
    window("cume_dist", &[], Shape::Float8, WindowFunction::CumeDist),
    window("ntile", &[Shape::Int4], Shape::Int4, WindowFunction::Ntile),
    window("lag", &[Shape::Element], Shape::Element, WindowFunction::Lag),
    window("lag", &[Shape::Element, Shape::Int4], Shape::Element, WindowFunction::Lag),
    window(
        "lag",
        &[Shape::Compatible, Shape::Int4, Shape::Compatible],
        Shape::Compatible,
        WindowFunction::Lag,
    ),
    window("lead", &[Shape::Element], Shape::Element, WindowFunction::Lead),
    window("lead", &[Shape::Element, Shape::Int4], Shape::Element, WindowFunction::Lead),
    window(
        "lead",
        &[Shape::Compatible, Shape::Int4, Shape::Compatible],
        Shape::Compatible,
        WindowFunction::Lead,
    ),
    window("first_value", &[Shape::Element], Shape::Element, WindowFunction::FirstValue),
    window("last_value", &[Shape::Element], Shape::Element, WindowFunction::LastValue),
    window("nth_value", &[Shape::Element, Shape::Int4], Shape::Element, WindowFunction::NthValue),
];
