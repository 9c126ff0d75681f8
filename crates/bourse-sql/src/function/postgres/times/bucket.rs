//! `time_bucket`, as TimescaleDB and the store have it.

use bourse::expression::Function;
use bourse::{Expression, Type, Value, ValueRef};

use crate::Dialect;
use crate::datum::time::DAY;
use crate::datum::{Datum, Interval, from_value, to_value};
use crate::error::Result;
use crate::function::ScalarFunction;
use crate::function::arguments::{interval, text};
use crate::function::signature::Shape::{Date, Interval as Span, Text, Timestamp};
use crate::function::signature::{Signature, scalar};
use crate::types::SqlType;

/// A width as the store reads it.
pub(crate) fn width_of(interval: &Interval) -> String {
    let micros = i64::from(interval.days).saturating_mul(DAY).saturating_add(interval.micros);
    match (interval.months, micros) {
        (0, micros) => format!("{micros} microseconds"),
        (months, 0) => format!("{months} months"),
        (months, micros) => format!("{months} months {micros} microseconds"),
    }
}

/// The beginning of the bucket of such a width that a value lies in.
fn bucket(width: String, values: &[Datum], ty: &SqlType, carrier: Type) -> Result<Datum> {
    let mut parts = vec![Expression::Constant(Value::Text(width))];
    for value in values {
        parts.push(Expression::Constant(to_value(value, ty, &carrier)?));
    }
    let function = Function::TimeBucket;
    let call: Expression = Expression::Call(function, function.version(), parts);
    let begin = call.value_for(&|_| ValueRef::Null)?;
    from_value(begin.as_value(), ty, Dialect::Postgres)
}

fn of_time(width: String, values: &[Datum]) -> Result<Datum> {
    bucket(width, values, &SqlType::Timestamp(6), Type::Timestamp { precision: 6 })
}

fn of_day(width: String, values: &[Datum]) -> Result<Datum> {
    bucket(width, values, &SqlType::Date, Type::Date)
}

pub(crate) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("time_bucket", &[Span, Timestamp], Timestamp, |a, _| {
        of_time(width_of(interval(a, 0)?), &a[1..])
    }),
    scalar("time_bucket", &[Span, Timestamp, Timestamp], Timestamp, |a, _| {
        of_time(width_of(interval(a, 0)?), &a[1..])
    }),
    scalar("time_bucket", &[Span, Date], Date, |a, _| of_day(width_of(interval(a, 0)?), &a[1..])),
    scalar("time_bucket", &[Text, Timestamp], Timestamp, |a, _| {
        of_time(text(a, 0)?.to_owned(), &a[1..])
    }),
    scalar("time_bucket", &[Text, Date], Date, |a, _| of_day(text(a, 0)?.to_owned(), &a[1..])),
];
