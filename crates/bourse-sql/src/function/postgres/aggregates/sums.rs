//! Sums and averages.

use bourse::Collation;

use crate::datum::time::interval;
use crate::datum::{Datum, Interval, Numeric};
use crate::error::{Result, SqlError};
use crate::function::arguments;
use crate::function::postgres::arithmetic::int8;
use crate::function::signature::Shape::{
    Float4, Float8, Int2, Int4, Int8, Interval as Span, Numeric as Decimal,
};
use crate::function::signature::{Signature, aggregate};
use crate::function::{Accumulator, AggregateFunction, Context};
use crate::types::SqlType;

/// A sum of 16 and 32-bit integers, which is one of 64 bits.
#[derive(Default)]
struct SumInteger(Option<i64>);

impl Accumulator for SumInteger {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        if let Some(value) = arguments[0].as_integer() {
            let sum = self.0.unwrap_or(0).checked_add(value);
            self.0 = int8(sum)?.as_integer();
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(self.0.map_or(Datum::Null, Datum::Integer))
    }
}

fn sum_integer(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::<SumInteger>::default()
}

/// A sum of exact numbers: 64-bit integers are gathered in 128 bits.
#[derive(Default)]
struct SumExact {
    count: i64,
    whole: i128,
    rest: Option<Numeric>,
    is_average: bool,
}

impl Accumulator for SumExact {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        self.count += 1;
        match &arguments[0] {
            // 2^64 rows of the greatest integer fit 128 bits.
            Datum::Integer(value) => self.whole += i128::from(*value),
            Datum::Numeric(value) => {
                self.rest = Some(match self.rest.take() {
                    Some(sum) => sum.add(value)?,
                    None => value.clone(),
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        if self.count == 0 {
            return Ok(Datum::Null);
        }
        let whole = Numeric::new(self.whole, 0);
        let sum = match &self.rest {
            Some(rest) => rest.add(&whole)?,
            None => whole,
        };
        let result = if self.is_average { sum.div(&Numeric::from(self.count))? } else { sum };
        Ok(Datum::Numeric(result))
    }
}

fn sum_exact(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::<SumExact>::default()
}

fn average_exact(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::new(SumExact { is_average: true, ..SumExact::default() })
}

/// A sum of floating point numbers.
struct SumFloat {
    count: f64,
    sum: f64,
    kind: FloatKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FloatKind {
    Real,
    Double,
    Average,
}

impl Accumulator for SumFloat {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        self.count += 1.0;
        let (finite_before, value) = match arguments[0] {
            Datum::Real(value) => (self.sum.is_finite(), f64::from(value)),
            Datum::Double(value) => (self.sum.is_finite(), value),
            _ => return Ok(()),
        };
        self.sum += value;
        if self.kind == FloatKind::Real {
            #[expect(clippy::cast_possible_truncation, reason = "a sum of reals is a real")]
            let rounded = self.sum as f32;
            self.sum = f64::from(rounded);
        }
        if self.sum.is_infinite() && finite_before && value.is_finite() {
            return Err(SqlError::new("22003", "value out of range: overflow"));
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        if self.count == 0.0 {
            return Ok(Datum::Null);
        }
        #[expect(clippy::cast_possible_truncation, reason = "it was rounded to a real before")]
        let real = self.sum as f32;
        Ok(match self.kind {
            FloatKind::Real => Datum::Real(real),
            FloatKind::Double => Datum::Double(self.sum),
            FloatKind::Average => Datum::Double(self.sum / self.count),
        })
    }
}

/// A sum of intervals.
struct SumInterval {
    count: u32,
    sum: Interval,
    is_average: bool,
}

impl Accumulator for SumInterval {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        self.count = self.count.saturating_add(1);
        self.sum = interval::add(&self.sum, arguments::interval(arguments, 0)?)?;
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        if self.count == 0 {
            return Ok(Datum::Null);
        }
        let value = match self.is_average {
            true => interval::divide(&self.sum, f64::from(self.count))?,
            false => self.sum,
        };
        Ok(Datum::Interval(value.into()))
    }
}

fn sum_interval(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::new(SumInterval { count: 0, sum: Interval::default(), is_average: false })
}

fn average_interval(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::new(SumInterval { count: 0, sum: Interval::default(), is_average: true })
}

fn sum_real(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::new(SumFloat { count: 0.0, sum: 0.0, kind: FloatKind::Real })
}

fn sum_double(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::new(SumFloat { count: 0.0, sum: 0.0, kind: FloatKind::Double })
}

fn average_float(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::new(SumFloat { count: 0.0, sum: 0.0, kind: FloatKind::Average })
}

pub(super) static AGGREGATES: &[Signature<AggregateFunction>] = &[
    aggregate("sum", &[Int2], Int8, sum_integer),
    aggregate("sum", &[Int4], Int8, sum_integer),
    aggregate("sum", &[Int8], Decimal, sum_exact),
    aggregate("sum", &[Decimal], Decimal, sum_exact),
    aggregate("sum", &[Float4], Float4, sum_real),
    aggregate("sum", &[Float8], Float8, sum_double),
    aggregate("sum", &[Span], Span, sum_interval),
    aggregate("avg", &[Span], Span, average_interval),
    aggregate("avg", &[Int2], Decimal, average_exact),
    aggregate("avg", &[Int4], Decimal, average_exact),
    aggregate("avg", &[Int8], Decimal, average_exact),
    aggregate("avg", &[Decimal], Decimal, average_exact),
    aggregate("avg", &[Float4], Float8, average_float),
    aggregate("avg", &[Float8], Float8, average_float),
];
