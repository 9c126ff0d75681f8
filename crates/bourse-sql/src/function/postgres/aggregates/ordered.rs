//! Aggregates WITHIN GROUP: percentiles and the most frequent value. Rows come in their order.

use bourse::Collation;

use crate::datum::{self, Datum, Interval};
use crate::error::{Result, SqlError};
use crate::function::signature::Shape::{Element, Elements, Float8, Interval as Span, List};
use crate::function::signature::{Signature, aggregate};
use crate::function::{Accumulator, AggregateFunction, Context};

/// Which value at a fraction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    /// One that is there.
    Nothing,
    /// What lies between two in proportion.
    Proportion,
}

struct Percentile {
    fraction: Datum,
    values: Vec<Datum>,
    between: Between,
}

fn check(fraction: f64) -> Result<f64> {
    if (0.0..=1.0).contains(&fraction) {
        return Ok(fraction);
    }
    let message = format!("percentile value {fraction} is not between 0 and 1");
    Err(SqlError::new("22003", message))
}

/// The value in proportion between two.
fn between(low: &Datum, high: &Datum, part: f64) -> Datum {
    match (low, high) {
        (Datum::Double(low), Datum::Double(high)) => Datum::Double(low + part * (high - low)),
        (Datum::Interval(low), Datum::Interval(high)) => {
            let difference = crate::datum::time::interval::subtract(high, low);
            let added = difference
                .and_then(|difference| crate::datum::time::interval::multiply(&difference, part))
                .and_then(|part| crate::datum::time::interval::add(&part, low));
            added.map_or(Datum::Null, |sum: Interval| Datum::Interval(sum.into()))
        }
        _ => low.clone(),
    }
}

impl Percentile {
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 rows")]
    #[expect(clippy::cast_possible_truncation, reason = "below the number of rows")]
    #[expect(clippy::cast_sign_loss, reason = "not negative")]
    fn at(&self, fraction: f64) -> Result<Datum> {
        let fraction = check(fraction)?;
        let count = self.values.len() as f64;
        if self.values.is_empty() {
            return Ok(Datum::Null);
        }
        if self.between == Between::Nothing {
            let index = ((fraction * count).ceil() as usize).saturating_sub(1);
            return Ok(self.values[index].clone());
        }
        let place = fraction * (count - 1.0);
        let (first, second) = (place.floor() as usize, place.ceil() as usize);
        if first == second {
            return Ok(self.values[first].clone());
        }
        Ok(between(&self.values[first], &self.values[second], place - place.floor()))
    }
}

impl Accumulator for Percentile {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        self.fraction = arguments[0].clone();
        self.values.push(arguments[1].clone());
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        match &self.fraction {
            Datum::Double(fraction) => self.at(*fraction),
            Datum::Array(fractions) => {
                let at = |fraction: &Datum| match fraction {
                    Datum::Double(fraction) => self.at(*fraction),
                    _ => Ok(Datum::Null),
                };
                let elements = fractions.elements.iter().map(at).collect::<Result<_>>()?;
                let dimensions = fractions.dimensions.clone();
                Ok(Datum::Array(datum::Array { dimensions, elements }.into()))
            }
            _ => Ok(Datum::Null),
        }
    }

    fn heap_bytes(&self) -> usize {
        self.values.len() * size_of::<Datum>()
    }
}

fn percentile(between: Between) -> Box<dyn Accumulator> {
    Box::new(Percentile { fraction: Datum::Null, values: Vec::new(), between })
}

/// The first of the values that are there most often.
struct Mode {
    best: (usize, Datum),
    current: (usize, Datum),
    collation: Collation,
}

impl Accumulator for Mode {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        let value = &arguments[0];
        let same = datum::compare(&self.current.1, value, self.collation).is_eq();
        self.current = if same && self.current.0 > 0 {
            (self.current.0 + 1, self.current.1.clone())
        } else {
            (1, value.clone())
        };
        if self.current.0 > self.best.0 {
            self.best = self.current.clone();
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(self.best.1.clone())
    }
}

pub(super) static AGGREGATES: &[Signature<AggregateFunction>] = &[
    aggregate("percentile_cont", &[Float8, Float8], Float8, |_, _| percentile(Between::Proportion))
        .within_group(),
    aggregate("percentile_cont", &[Float8, Span], Span, |_, _| percentile(Between::Proportion))
        .within_group(),
    aggregate("percentile_cont", &[List(&Float8), Float8], List(&Float8), |_, _| {
        percentile(Between::Proportion)
    })
    .within_group(),
    aggregate("percentile_cont", &[List(&Float8), Span], List(&Span), |_, _| {
        percentile(Between::Proportion)
    })
    .within_group(),
    aggregate("percentile_disc", &[Float8, Element], Element, |_, _| percentile(Between::Nothing))
        .within_group(),
    aggregate("percentile_disc", &[List(&Float8), Element], Elements, |_, _| {
        percentile(Between::Nothing)
    })
    .within_group(),
    aggregate("mode", &[Element], Element, |_, collation| {
        Box::new(Mode { best: (0, Datum::Null), current: (0, Datum::Null), collation })
    })
    .within_group(),
];
