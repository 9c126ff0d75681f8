//! Variances, standard deviations, correlation and regression.

use bourse::Collation;

use crate::datum::{Datum, Numeric, quotient_scale};
use crate::error::{Result, SqlError};
use crate::function::arguments::double;
use crate::function::signature::Shape::{Float4, Float8, Int2, Int4, Int8, Numeric as Decimal};
use crate::function::signature::{Shape, Signature, aggregate};
use crate::function::{Accumulator, AggregateFunction, Context};
use crate::types::SqlType;

/// What is made of the sums.
#[derive(Clone, Copy)]
struct Wanted {
    is_sample: bool,
    is_root: bool,
}

const VAR_POP: Wanted = Wanted { is_sample: false, is_root: false };
const VAR_SAMP: Wanted = Wanted { is_sample: true, is_root: false };
const STDDEV_POP: Wanted = Wanted { is_sample: false, is_root: true };
const STDDEV_SAMP: Wanted = Wanted { is_sample: true, is_root: true };

/// Of exact numbers: their number, sum and sum of squares.
struct Exact {
    count: i64,
    sum: Numeric,
    squares: Numeric,
    wanted: Wanted,
}

impl Accumulator for Exact {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        let value = match &arguments[0] {
            Datum::Integer(value) => Numeric::from(*value),
            Datum::Numeric(value) => value.clone(),
            _ => return Ok(()),
        };
        self.count += 1;
        self.sum = self.sum.add(&value)?;
        self.squares = self.squares.add(&value.mul(&value)?)?;
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        if self.count <= i64::from(self.wanted.is_sample) {
            return Ok(Datum::Null);
        }
        if !self.sum.is_finite() || !self.squares.is_finite() {
            return Ok(Datum::Numeric(Numeric::NAN));
        }
        let count = Numeric::from(self.count);
        let numerator = count.mul(&self.squares)?.sub(&self.sum.mul(&self.sum)?)?;
        if numerator.signum() <= 0 {
            return Ok(Datum::Numeric(Numeric::ZERO));
        }
        let other = Numeric::from(self.count - i64::from(self.wanted.is_sample));
        let denominator = count.mul(&other)?;
        let scale = quotient_scale(&numerator, &denominator);
        let variance = numerator.div_to(&denominator, scale)?;
        let result = if self.wanted.is_root { variance.sqrt_to(scale)? } else { variance };
        Ok(Datum::Numeric(result))
    }
}

fn exact(wanted: Wanted) -> Box<dyn Accumulator> {
    Box::new(Exact { count: 0, sum: Numeric::ZERO, squares: Numeric::ZERO, wanted })
}

/// Of floating point numbers, by Youngs' and Cramer's recurrence.
struct Float {
    count: f64,
    sum: f64,
    squares: f64,
    wanted: Wanted,
}

impl Accumulator for Float {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        let value = match arguments[0] {
            Datum::Real(value) => f64::from(value),
            Datum::Double(value) => value,
            _ => return Ok(()),
        };
        let before = (self.count, self.sum);
        self.count += 1.0;
        self.sum += value;
        if before.0 > 0.0 {
            let difference = value * self.count - self.sum;
            self.squares += difference * difference / (self.count * before.0);
            if self.sum.is_infinite() || self.squares.is_infinite() {
                if !before.1.is_infinite() && !value.is_infinite() {
                    return Err(SqlError::new("22003", "value out of range: overflow"));
                }
                self.squares = f64::NAN;
            }
        } else if !value.is_finite() {
            self.squares = f64::NAN;
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        let divisor = self.count - f64::from(u8::from(self.wanted.is_sample));
        if divisor <= 0.0 {
            return Ok(Datum::Null);
        }
        let variance = self.squares / divisor;
        Ok(Datum::Double(if self.wanted.is_root { variance.sqrt() } else { variance }))
    }
}

fn float(wanted: Wanted) -> Box<dyn Accumulator> {
    Box::new(Float { count: 0.0, sum: 0.0, squares: 0.0, wanted })
}

/// Sums over pairs of y and x.
#[derive(Clone, Copy, Default)]
struct Pairs {
    count: f64,
    x: f64,
    xx: f64,
    y: f64,
    yy: f64,
    xy: f64,
}

struct Regression {
    sums: Pairs,
    result: fn(&Pairs) -> Option<f64>,
}

impl Accumulator for Regression {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        let (y, x) = (double(arguments, 0)?, double(arguments, 1)?);
        let sums = &mut self.sums;
        let before = *sums;
        sums.count += 1.0;
        sums.x += x;
        sums.y += y;
        if before.count > 0.0 {
            let (dx, dy) = (x * sums.count - sums.x, y * sums.count - sums.y);
            let scale = 1.0 / (sums.count * before.count);
            sums.xx += dx * dx * scale;
            sums.yy += dy * dy * scale;
            sums.xy += dx * dy * scale;
            let any_infinite = [sums.x, sums.xx, sums.y, sums.yy, sums.xy];
            if any_infinite.into_iter().any(f64::is_infinite) {
                let inputs = [before.x, before.y, x, y];
                if !inputs.into_iter().any(f64::is_infinite) {
                    return Err(SqlError::new("22003", "value out of range: overflow"));
                }
                for sum in [&mut sums.xx, &mut sums.yy, &mut sums.xy] {
                    *sum = if sum.is_infinite() { f64::NAN } else { *sum };
                }
            }
        } else {
            if !x.is_finite() {
                (sums.xx, sums.xy) = (f64::NAN, f64::NAN);
            }
            if !y.is_finite() {
                (sums.yy, sums.xy) = (f64::NAN, f64::NAN);
            }
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok((self.result)(&self.sums).map_or(Datum::Null, Datum::Double))
    }
}

fn regression(result: fn(&Pairs) -> Option<f64>) -> Box<dyn Accumulator> {
    Box::new(Regression { sums: Pairs::default(), result })
}

fn some(pairs: &Pairs, value: f64) -> Option<f64> {
    (pairs.count > 0.0).then_some(value)
}

fn correlation(pairs: &Pairs) -> Option<f64> {
    let defined = pairs.count > 0.0 && pairs.xx != 0.0 && pairs.yy != 0.0;
    defined.then(|| pairs.xy / (pairs.xx * pairs.yy).sqrt())
}

fn slope(pairs: &Pairs) -> Option<f64> {
    (pairs.count > 0.0 && pairs.xx != 0.0).then(|| pairs.xy / pairs.xx)
}

fn intercept(pairs: &Pairs) -> Option<f64> {
    let defined = pairs.count > 0.0 && pairs.xx != 0.0;
    defined.then(|| (pairs.y - pairs.x * pairs.xy / pairs.xx) / pairs.count)
}

fn determination(pairs: &Pairs) -> Option<f64> {
    if pairs.count == 0.0 || pairs.xx == 0.0 {
        return None;
    }
    Some(if pairs.yy == 0.0 { 1.0 } else { (pairs.xy * pairs.xy) / (pairs.xx * pairs.yy) })
}

/// regr_count is the one that is an integer.
#[derive(Default)]
struct PairCount(i64);

impl Accumulator for PairCount {
    fn add(&mut self, _arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        self.0 += 1;
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(Datum::Integer(self.0))
    }
}

type Start = fn(&[SqlType], Collation) -> Box<dyn Accumulator>;

const fn of_pairs(name: &'static str, start: Start) -> Signature<AggregateFunction> {
    aggregate(name, &[Float8, Float8], Float8, start)
}

const fn of_exact(
    name: &'static str,
    shape: &'static [Shape; 1],
    start: Start,
) -> Signature<AggregateFunction> {
    aggregate(name, shape, Decimal, start)
}

const fn of_float(
    name: &'static str,
    shape: &'static [Shape; 1],
    start: Start,
) -> Signature<AggregateFunction> {
    aggregate(name, shape, Float8, start)
}

pub(super) static AGGREGATES: &[Signature<AggregateFunction>] = &[
    of_exact("var_pop", &[Int2], |_, _| exact(VAR_POP)),
    of_exact("var_pop", &[Int4], |_, _| exact(VAR_POP)),
    of_exact("var_pop", &[Int8], |_, _| exact(VAR_POP)),
    of_exact("var_pop", &[Decimal], |_, _| exact(VAR_POP)),
    of_float("var_pop", &[Float4], |_, _| float(VAR_POP)),
    of_float("var_pop", &[Float8], |_, _| float(VAR_POP)),
    of_exact("var_samp", &[Int2], |_, _| exact(VAR_SAMP)),
    of_exact("var_samp", &[Int4], |_, _| exact(VAR_SAMP)),
    of_exact("var_samp", &[Int8], |_, _| exact(VAR_SAMP)),
    of_exact("var_samp", &[Decimal], |_, _| exact(VAR_SAMP)),
    of_float("var_samp", &[Float4], |_, _| float(VAR_SAMP)),
    of_float("var_samp", &[Float8], |_, _| float(VAR_SAMP)),
    of_exact("variance", &[Int2], |_, _| exact(VAR_SAMP)),
    of_exact("variance", &[Int4], |_, _| exact(VAR_SAMP)),
    of_exact("variance", &[Int8], |_, _| exact(VAR_SAMP)),
    of_exact("variance", &[Decimal], |_, _| exact(VAR_SAMP)),
    of_float("variance", &[Float4], |_, _| float(VAR_SAMP)),
    of_float("variance", &[Float8], |_, _| float(VAR_SAMP)),
    of_exact("stddev_pop", &[Int2], |_, _| exact(STDDEV_POP)),
    of_exact("stddev_pop", &[Int4], |_, _| exact(STDDEV_POP)),
    of_exact("stddev_pop", &[Int8], |_, _| exact(STDDEV_POP)),
    of_exact("stddev_pop", &[Decimal], |_, _| exact(STDDEV_POP)),
    of_float("stddev_pop", &[Float4], |_, _| float(STDDEV_POP)),
    of_float("stddev_pop", &[Float8], |_, _| float(STDDEV_POP)),
    of_exact("stddev_samp", &[Int2], |_, _| exact(STDDEV_SAMP)),
    of_exact("stddev_samp", &[Int4], |_, _| exact(STDDEV_SAMP)),
    of_exact("stddev_samp", &[Int8], |_, _| exact(STDDEV_SAMP)),
    of_exact("stddev_samp", &[Decimal], |_, _| exact(STDDEV_SAMP)),
    of_float("stddev_samp", &[Float4], |_, _| float(STDDEV_SAMP)),
    of_float("stddev_samp", &[Float8], |_, _| float(STDDEV_SAMP)),
    of_exact("stddev", &[Int2], |_, _| exact(STDDEV_SAMP)),
    of_exact("stddev", &[Int4], |_, _| exact(STDDEV_SAMP)),
    of_exact("stddev", &[Int8], |_, _| exact(STDDEV_SAMP)),
    of_exact("stddev", &[Decimal], |_, _| exact(STDDEV_SAMP)),
    of_float("stddev", &[Float4], |_, _| float(STDDEV_SAMP)),
    of_float("stddev", &[Float8], |_, _| float(STDDEV_SAMP)),
    of_pairs("corr", |_, _| regression(correlation)),
    of_pairs("covar_pop", |_, _| regression(|pairs| some(pairs, pairs.xy / pairs.count))),
    of_pairs("covar_samp", |_, _| {
        regression(|pairs| (pairs.count > 1.0).then(|| pairs.xy / (pairs.count - 1.0)))
    }),
    of_pairs("regr_avgx", |_, _| regression(|pairs| some(pairs, pairs.x / pairs.count))),
    of_pairs("regr_avgy", |_, _| regression(|pairs| some(pairs, pairs.y / pairs.count))),
    of_pairs("regr_sxx", |_, _| regression(|pairs| some(pairs, pairs.xx))),
    of_pairs("regr_syy", |_, _| regression(|pairs| some(pairs, pairs.yy))),
    of_pairs("regr_sxy", |_, _| regression(|pairs| some(pairs, pairs.xy))),
    of_pairs("regr_slope", |_, _| regression(slope)),
    of_pairs("regr_intercept", |_, _| regression(intercept)),
    of_pairs("regr_r2", |_, _| regression(determination)),
    aggregate("regr_count", &[Float8, Float8], Int8, |_, _| Box::<PairCount>::default()),
];
