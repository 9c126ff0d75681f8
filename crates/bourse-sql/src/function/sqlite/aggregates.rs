//! SQLite's aggregates.

use bourse::Collation;

use super::json::Gathered;
use super::values::{as_text, widen};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::aggregate::{count, max, min};
use crate::function::cast::sqlite::{to_real, whole_number};
use crate::function::signature::Shape::{Any, Json, ToJson};
use crate::function::signature::{Signature, aggregate};
use crate::function::{Accumulator, AggregateFunction, Context};
use crate::types::SqlType;

/// What is made of the sum.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Sum,
    Total,
    Average,
}

/// A sum of integers as long as there are no others and it fits; from then on one of reals, with
/// what rounding lost beside it (Kahan, Babuska).
struct Sum {
    wanted: Wanted,
    count: i64,
    whole: i64,
    real: f64,
    lost: f64,
    is_real: bool,
    overflowed: bool,
}

/// Integers up to here are doubles without loss, and so are their sums.
const EXACT: i64 = 4_503_599_627_370_496;

impl Sum {
    fn become_real(&mut self) {
        self.is_real = true;
        let small = if (-EXACT..EXACT).contains(&self.whole) { 0 } else { self.whole % 16_384 };
        self.real = widen(self.whole - small);
        self.lost = widen(small);
    }

    fn step(&mut self, value: f64) {
        let sum = self.real + value;
        self.lost += if self.real.abs() > value.abs() {
            (self.real - sum) + value
        } else {
            (value - sum) + self.real
        };
        self.real = sum;
    }

    fn step_integer(&mut self, value: i64) {
        if (-EXACT + 1..EXACT).contains(&value) {
            return self.step(widen(value));
        }
        let small = value % 16_384;
        self.step(widen(value - small));
        self.step(widen(small));
    }

    fn total(&self) -> f64 {
        if !self.is_real {
            return widen(self.whole);
        }
        if self.lost.is_finite() { self.real + self.lost } else { self.real }
    }
}

impl Accumulator for Sum {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        self.count += 1;
        let number = match &arguments[0] {
            Datum::Text(text) | Datum::Json(text) => whole_number(text),
            Datum::Integer(value) => Some(Datum::Integer(*value)),
            _ => None,
        };
        if let Some(Datum::Integer(value)) = number {
            if self.is_real {
                self.step_integer(value);
            } else if let Some(sum) = self.whole.checked_add(value) {
                self.whole = sum;
            } else {
                self.overflowed = true;
                self.become_real();
                self.step_integer(value);
            }
            return Ok(());
        }
        if self.is_real {
            self.overflowed = false;
        } else {
            self.become_real();
        }
        self.step(to_real(&arguments[0]));
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        let real = super::arithmetic::double;
        match (self.wanted, self.count) {
            (Wanted::Total, _) => Ok(real(self.total())),
            (_, 0) => Ok(Datum::Null),
            (Wanted::Average, count) => Ok(real(self.total() / widen(count))),
            (Wanted::Sum, _) if !self.is_real => Ok(Datum::Integer(self.whole)),
            (Wanted::Sum, _) if self.overflowed => Err(SqlError::new("22003", "integer overflow")),
            (Wanted::Sum, _) => Ok(real(self.total())),
        }
    }
}

fn sum(wanted: Wanted) -> Box<dyn Accumulator> {
    Box::new(Sum {
        wanted,
        count: 0,
        whole: 0,
        real: 0.0,
        lost: 0.0,
        is_real: false,
        overflowed: false,
    })
}

/// Texts with separators; the separator of the first is not used.
#[derive(Default)]
struct Texts(Option<String>);

impl Accumulator for Texts {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        if arguments[0].is_null() {
            return Ok(());
        }
        let text = as_text(&arguments[0]);
        match &mut self.0 {
            Some(all) => {
                match arguments.get(1) {
                    Some(separator) => all.push_str(&as_text(separator)),
                    None => all.push(','),
                }
                all.push_str(&text);
            }
            None => self.0 = Some(text.to_string()),
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(self.0.as_ref().map_or(Datum::Null, |text| Datum::text(text)))
    }

    fn heap_bytes(&self) -> usize {
        self.0.as_ref().map_or(0, String::len)
    }
}

fn texts(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::<Texts>::default()
}

pub(super) static AGGREGATES: &[Signature<AggregateFunction>] = &[
    aggregate("count", &[], Any, count).with_nulls(),
    aggregate("count", &[Any], Any, count),
    aggregate("min", &[Any], Any, min),
    aggregate("max", &[Any], Any, max),
    aggregate("sum", &[Any], Any, |_, _| sum(Wanted::Sum)),
    aggregate("total", &[Any], Any, |_, _| sum(Wanted::Total)),
    aggregate("avg", &[Any], Any, |_, _| sum(Wanted::Average)),
    aggregate("group_concat", &[Any], Any, texts),
    aggregate("group_concat", &[Any, Any], Any, texts).with_nulls(),
    aggregate("string_agg", &[Any, Any], Any, texts).with_nulls(),
    aggregate("json_group_array", &[ToJson], Json, |_, _| Box::new(Gathered::array())).with_nulls(),
    aggregate("json_group_object", &[Any, ToJson], Json, |_, _| Box::new(Gathered::object()))
        .with_nulls(),
];
