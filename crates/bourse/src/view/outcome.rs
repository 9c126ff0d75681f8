//! What a state comes to: the values of the output columns.
//!
//! Each is one formula over exact cells, rounded once at its end. With `n` the count of values,
//! `s` their sum and `q` the sum of their squares, all exact:
//!
//! | AGGREGATE | FORMULA |
//! |---|---|
//! | SUM | s |
//! | AVG | s / n |
//! | SUM(DISTINCT), AVG(DISTINCT) | the same of each different value once |
//! | VAR_POP, VAR_SAMP | (n q - s s) / (n n), (n q - s s) / (n (n - 1)) |
//! | STDDEV_POP, STDDEV_SAMP | the square root of that, not of the rounded variance |
//! | RATIO | s of the numerator / s of the denominator |
//! | PERCENTILE_CONT | a + (r - floor(r)) * (b - a) in doubles; r = fraction * (n - 1) |
//! | PERCENTILE_DISC | the value at ceil(fraction * n), the first being at 1 |
//!
//! For PERCENTILE_CONT a and b are the values at floor(r) and ceil(r), the first being at 0.
//!
//! Of integers and decimals the result is a DECIMAL with as many digits as `Decimal::checked_div`
//! gives: at least 16 significant ones and at least as many after the point as the values have
//! (the squares have, for variances and deviations). Of reals and doubles it is the nearest double,
//! the even one of two; a sum of reals is the nearest real. A sum of zero is 0.0, also one of
//! negative zeros.
//!
//! A column with a NaN, or with both infinities, has the sum and the average NaN, with one of the
//! infinities that one; its variance is NaN with any of them.

use bourse_storage::{Error, Result};

use super::cell::{Form, Moments, Multiset, Output, Sum, SumKind};
use super::decimal_sum::Scaled;
use super::exact_sum::Total;
use super::natural::Natural;
use super::quotient::Exact;
use super::shape::{Multisets, Shape};
use super::state::{Changed, Known, Sign, State, SumState};
use crate::decimal::{DIGITS_MAX, Decimal};
use crate::key::KeyReader;
use crate::value::{Type, Value, decode_tagged, fold_double};

/// A sum as an exact number, and what a quotient of it becomes.
enum Amount {
    /// Of integers (scale 0) or decimals: a DECIMAL with that many digits after the point.
    Decimal(Exact, u8),
    /// Of reals and doubles: a DOUBLE.
    Double(Total),
}

impl Shape {
    /// All output columns. `multisets` is asked only for percentiles, sums and averages of distinct
    /// values, and for COUNT DISTINCT of a merged state.
    ///
    /// # Errors
    /// As [`Shape::read_output`].
    pub(crate) fn read(&self, state: &State, multisets: &mut dyn Multisets) -> Result<Vec<Value>> {
        (0..self.outputs.len()).map(|at| self.read_output(state, at, multisets)).collect()
    }

    /// One output column, by its place.
    ///
    /// # Errors
    /// `InvalidInput` (22003) when the value does not fit the type; `Corrupt` for a damaged state;
    /// what `multisets` answers.
    ///
    /// # Panics
    /// When the state has lost an end.
    pub(crate) fn read_output(
        &self,
        state: &State,
        output: usize,
        multisets: &mut dyn Multisets,
    ) -> Result<Value> {
        self.check_state(state);
        let data_type = self.output_types[output];
        match self.outputs[output] {
            Output::Rows => count_value(state.rows),
            Output::Count { count } => count_value(count_of(state, count)?),
            Output::Distinct { distinct, multiset } => count_value(if state.merged {
                multisets.distinct(multiset)?
            } else {
                state.distincts[distinct]
            }),
            Output::Sum { sum, count } => match count_of(state, count)? {
                0 => Ok(Value::Null),
                _ => sum_value(&state.sums[sum], data_type),
            },
            Output::Average { sum, count } => match count_of(state, count)? {
                0 => Ok(Value::Null),
                count => average(&state.sums[sum], count),
            },
            Output::SumDistinct { multiset, kind } => {
                match self.sum_of_keys(multiset, kind, multisets)? {
                    (_, 0) => Ok(Value::Null),
                    (sum, _) => sum_value(&sum, data_type),
                }
            }
            Output::AverageDistinct { multiset, kind } => {
                match self.sum_of_keys(multiset, kind, multisets)? {
                    (_, 0) => Ok(Value::Null),
                    (sum, count) => average(&sum, count),
                }
            }
            Output::Variance { moments, sample } => {
                spread(state, moments, sample, Exact::to_double, Exact::to_decimal)
            }
            Output::Deviation { moments, sample } => {
                spread(state, moments, sample, Exact::root_to_double, Exact::root_to_decimal)
            }
            Output::End { end, multiset } => self.end_value(state, end, multiset),
            Output::Ratio { numerator, denominator } => {
                for [_, count] in [numerator, denominator] {
                    if count_of(state, count)? == 0 {
                        return Ok(Value::Null);
                    }
                }
                let [above, below] =
                    [numerator, denominator].map(|[sum, _]| amount(&state.sums[sum]));
                ratio(above?, below?)
            }
            Output::Continuous { multiset, count, fraction } => {
                let count = count_of(state, count)?;
                let form = &self.multisets[usize::from(multiset)];
                continuous(fraction.get(), count, &mut |place| {
                    multisets_value(form, multiset, place, multisets)
                })
            }
            Output::Discrete { multiset, count, fraction } => {
                let count = count_of(state, count)?;
                if count == 0 {
                    return Ok(Value::Null);
                }
                let form = &self.multisets[usize::from(multiset)];
                let place = discrete_place(fraction.get(), count);
                multisets_value(form, multiset, place, multisets)
            }
        }
    }

    /// The sum of the different values of a multiset, and how many they are.
    fn sum_of_keys(
        &self,
        multiset: u16,
        kind: SumKind,
        multisets: &mut dyn Multisets,
    ) -> Result<(SumState, u64)> {
        let form = &self.multisets[usize::from(multiset)];
        let mut before = Vec::new();
        let mut sum = SumState::new(&Sum { kind, argument: None, filter: None });
        let mut count = 0;
        multisets.each(multiset, &mut |key| {
            // Keys of equal values begin alike and come one behind the other.
            let begin = order_of_key(form, key)?;
            if count > 0 && begin == before {
                return Ok(());
            }
            before.clear();
            before.extend_from_slice(begin);
            let value = value_of_key(form, key)?;
            count += 1;
            match sum.change(value.as_value(), Sign::Add) {
                Changed::Yes => Ok(()),
                Changed::OtherKind | Changed::Impossible => Err(damaged()),
            }
        })?;
        Ok((sum, count))
    }

    fn end_value(&self, state: &State, end: usize, multiset: u16) -> Result<Value> {
        let end = &state.ends[end];
        let multiset = &self.multisets[usize::from(multiset)];
        match (end.known, multiset.form) {
            (Known::Empty, _) => Ok(Value::Null),
            (Known::There, Form::Value { .. }) => value_of_key(multiset, &end.key),
            (Known::There, Form::Order { .. }) => Ok(decode_tagged(&end.payload)?.to_value()),
            (Known::Lost, _) => panic!("a state that has lost an end is read"),
        }
    }
}

fn count_of(state: &State, at: usize) -> Result<u64> {
    match &state.sums[at] {
        SumState::Count(count) => Ok(*count),
        _ => unreachable!("a count is one by the shape"),
    }
}

fn count_value(count: u64) -> Result<Value> {
    i64::try_from(count).map(Value::Integer).map_err(|_| out_of_range(Type::BigInt))
}

/// The value that a multiset has at a place.
fn multisets_value(
    form: &Multiset,
    multiset: u16,
    place: u64,
    multisets: &mut dyn Multisets,
) -> Result<Value> {
    let mut key = Vec::new();
    multisets.at(multiset, place, &mut key)?;
    value_of_key(form, &key)
}

/// The value that a key of a multiset was made of.
/// What of a key says where its value stands in the order.
fn order_of_key<'k>(multiset: &Multiset, key: &'k [u8]) -> Result<&'k [u8]> {
    let (Form::Value { column, .. } | Form::Order { column, .. }) = &multiset.form;
    let columns = [*column];
    let mut reader = KeyReader::new(&columns, key);
    reader.skip()?;
    Ok(&key[..key.len() - reader.remaining().len()])
}

fn value_of_key(multiset: &Multiset, key: &[u8]) -> Result<Value> {
    let Form::Value { column, tagged } = &multiset.form else {
        unreachable!("the value of a key that ends with a primary key lies beside it");
    };
    let columns = [*column];
    let mut reader = KeyReader::new(&columns, key);
    if *tagged {
        reader.skip()?;
        return Ok(decode_tagged(reader.remaining())?.to_value());
    }
    let value = reader.next_value()?;
    if reader.is_at_end() { Ok(value) } else { Err(damaged()) }
}

fn amount(sum: &SumState) -> Result<Amount> {
    Ok(match sum {
        SumState::Integers(sum) => {
            let magnitude = Natural::from(sum.unsigned_abs());
            Amount::Decimal(Exact::whole(*sum < 0, magnitude, 0), 0)
        }
        SumState::Decimals(sum) => {
            let (scale, total) = (sum.scale(), sum.total());
            let denominator = Natural::power_of_ten(scale.into());
            let Scaled { negative, magnitude } = total;
            let exact = Exact { negative, numerator: magnitude, denominator, exponent: 0 };
            Amount::Decimal(exact, scale)
        }
        SumState::Doubles(sum) => Amount::Double(sum.total()),
        _ => unreachable!("an amount is a sum by the shape"),
    })
}

fn sum_value(sum: &SumState, data_type: Type) -> Result<Value> {
    let too_large = || out_of_range(data_type);
    match (sum, data_type) {
        (SumState::Integers(sum), Type::BigInt) => {
            i64::try_from(*sum).map(Value::Integer).map_err(|_| too_large())
        }
        (SumState::Integers(sum), _) => {
            Decimal::new(*sum, 0).map(Value::Decimal).map_err(|_| too_large())
        }
        (SumState::Decimals(sum), Type::Decimal { precision, .. }) => {
            if let Some(short) = sum.short() {
                return Ok(Value::Decimal(short));
            }
            let may_shorten = precision == 0;
            decimal_value(sum.total(), sum.scale(), may_shorten).ok_or_else(too_large)
        }
        (SumState::Doubles(sum), Type::Real) => match sum.total() {
            #[expect(clippy::cast_possible_truncation, reason = "NaN and infinities stay so")]
            Total::Special(value) => Ok(Value::Real(value as f32)),
            Total::Number(exact) => exact.to_real().map(Value::Real).ok_or_else(too_large),
        },
        (SumState::Doubles(sum), _) => double_value(sum.total(), Exact::to_double),
        _ => unreachable!("a sum is one by the shape"),
    }
}

/// The sum as a decimal of that scale, or if it may be shortened of a lower one without losing a
/// digit; nothing if it needs more than 38 digits.
fn decimal_value(total: Scaled, scale: u8, may_shorten: bool) -> Option<Value> {
    let Scaled { negative, mut magnitude } = total;
    let mut scale = scale;
    let ten = Natural::from(10);
    loop {
        let coefficient = magnitude.to_u128().and_then(|value| i128::try_from(value).ok());
        let coefficient = coefficient.map(|value| if negative { -value } else { value });
        if let Some(coefficient) = coefficient
            && let Ok(decimal) = Decimal::new(coefficient, scale)
        {
            return Some(Value::Decimal(decimal));
        }
        let (shorter, digit) = magnitude.divided_by(&ten);
        if !may_shorten || scale == 0 || !digit.is_zero() {
            return None;
        }
        (magnitude, scale) = (shorter, scale - 1);
    }
}

fn double_value(total: Total, round: fn(&Exact) -> Option<f64>) -> Result<Value> {
    match total {
        Total::Special(value) => Ok(Value::Double(value)),
        Total::Number(exact) => {
            round(&exact).map(Value::Double).ok_or_else(|| out_of_range(Type::Double))
        }
    }
}

fn average(sum: &SumState, count: u64) -> Result<Value> {
    let short = match sum {
        SumState::Integers(sum) => Decimal::new(*sum, 0).ok(),
        SumState::Decimals(sum) => sum.short(),
        _ => None,
    };
    if let Some(sum) = short {
        // The same digits as those of the long division below, sooner.
        let count = Decimal::new(count.into(), 0)?;
        return sum.checked_div(count).map(Value::Decimal);
    }
    let count = Natural::from(u128::from(count));
    match amount(sum)? {
        Amount::Decimal(exact, scale) => {
            let denominator = exact.denominator.times(&count);
            Exact { denominator, ..exact }.to_decimal(scale).map(Value::Decimal)
        }
        Amount::Double(Total::Number(exact)) => {
            let mean = Exact { denominator: count, ..exact };
            double_value(Total::Number(mean), Exact::to_double)
        }
        Amount::Double(special) => double_value(special, Exact::to_double),
    }
}

fn ratio(above: Amount, below: Amount) -> Result<Value> {
    let (above, below) = match (above, below) {
        (Amount::Decimal(_, _), Amount::Decimal(below, _)) if below.is_zero() => {
            return Ok(Value::Null);
        }
        (Amount::Decimal(above, a), Amount::Decimal(below, b)) => {
            return above.divided_by(&below).to_decimal(a.max(b)).map(Value::Decimal);
        }
        (above, below) => (above.into_total(), below.into_total()),
    };
    match (above, below) {
        (_, Total::Number(below)) if below.is_zero() => Ok(Value::Null),
        (Total::Number(above), Total::Number(below)) => {
            double_value(Total::Number(above.divided_by(&below)), Exact::to_double)
        }
        // With NaN or an infinity there is nothing to round: only signs matter.
        (above, below) => Ok(Value::Double(fold_double(above.sign() / below.sign()))),
    }
}

impl Amount {
    fn into_total(self) -> Total {
        match self {
            Amount::Decimal(exact, _) => Total::Number(exact),
            Amount::Double(total) => total,
        }
    }
}

impl Total {
    /// NaN and the infinities as they are, of a number its sign.
    fn sign(&self) -> f64 {
        match self {
            Total::Special(value) => *value,
            Total::Number(exact) if exact.is_zero() => 0.0,
            Total::Number(exact) => {
                if exact.negative {
                    -1.0
                } else {
                    1.0
                }
            }
        }
    }
}

/// A variance or a deviation, as the two functions make it of the exact variance.
fn spread(
    state: &State,
    moments: Moments,
    sample: bool,
    to_double: fn(&Exact) -> Option<f64>,
    to_decimal: fn(&Exact, u8) -> Result<Decimal>,
) -> Result<Value> {
    let count = count_of(state, moments.count)?;
    if count == 0 || sample && count == 1 {
        return Ok(Value::Null);
    }
    let number = |sum: &_| Natural::from(u128::from(*sum));
    let divisor = number(&count).times(&number(&(count - u64::from(sample))));
    let variance = |sum: &Natural, squares: &Natural, units: Natural, exponent: i32| {
        let (negative, numerator) = squares.times(&number(&count)).minus(&sum.times(sum));
        // By Cauchy and Schwarz; so the sums are not of the same values.
        if negative {
            return Err(damaged());
        }
        let denominator = divisor.times(&units);
        Ok(Exact { negative, numerator, denominator, exponent })
    };
    let decimal = |exact: Exact, scale: u8| {
        to_decimal(&exact, scale.saturating_mul(2).min(DIGITS_MAX)).map(Value::Decimal)
    };
    match (&state.sums[moments.sum], &state.sums[moments.squares]) {
        (SumState::Integers(sum), SumState::IntegerSquares(squares)) => {
            let (_, squares) = squares.to_natural();
            let sum = Natural::from(sum.unsigned_abs());
            decimal(variance(&sum, &squares, Natural::from(1), 0)?, 0)
        }
        (SumState::Decimals(sum), SumState::DecimalSquares(squares)) => {
            let (scale, total) = (sum.scale(), sum.total());
            let squares = squares.total(scale).ok_or_else(damaged)?;
            let units = Natural::power_of_ten(2 * u32::from(scale));
            decimal(variance(&total.magnitude, &squares.magnitude, units, 0)?, scale)
        }
        (SumState::Doubles(sum), SumState::DoubleSquares(squares)) => {
            let (sum, squares) = match (sum.total(), squares.total_of_squares()) {
                (Total::Number(sum), Total::Number(squares)) => (sum, squares),
                _ => return Ok(Value::Double(f64::NAN)),
            };
            // Both in units of the lower power of two.
            let exponent = squares.exponent.min(2 * sum.exponent);
            let shift = |from: i32| usize::try_from(from - exponent).unwrap_or_default();
            let squares = squares.numerator.shifted(shift(squares.exponent));
            // An even number: both exponents are a multiple of 4.
            let sum = sum.numerator.shifted(shift(2 * sum.exponent) / 2);
            let exact = variance(&sum, &squares, Natural::from(1), exponent)?;
            double_value(Total::Number(exact), to_double)
        }
        _ => unreachable!("moments are sums by the shape"),
    }
}

/// As PostgreSQL's `percentile_cont`: the same operations on doubles in the same order.
fn continuous(
    fraction: f64,
    count: u64,
    value_at: &mut dyn FnMut(u64) -> Result<Value>,
) -> Result<Value> {
    let Some(last) = count.checked_sub(1) else { return Ok(Value::Null) };
    #[expect(clippy::cast_precision_loss, reason = "no group has 2^53 rows")]
    let place = fraction * last as f64;
    let low = double(&value_at(whole(place.floor()))?)?;
    if place.floor() == place.ceil() {
        return Ok(Value::Double(low));
    }
    let high = double(&value_at(whole(place.ceil()))?)?;
    let between = fold_double(low + (place - place.floor()) * (high - low));
    let overflows = low.is_finite() && high.is_finite() && !between.is_finite();
    if overflows { Err(out_of_range(Type::Double)) } else { Ok(Value::Double(between)) }
}

/// As PostgreSQL's `percentile_disc`, counted from 0.
fn discrete_place(fraction: f64, count: u64) -> u64 {
    #[expect(clippy::cast_precision_loss, reason = "no group has 2^53 rows")]
    let place = (fraction * count as f64).ceil();
    whole(place).clamp(1, count) - 1
}

fn whole(place: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, reason = "a place is whole and not negative")]
    #[expect(clippy::cast_sign_loss, reason = "a place is whole and not negative")]
    let whole = place as u64;
    whole
}

/// A number of a multiset as a double.
fn double(value: &Value) -> Result<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "PostgreSQL converts integers so")]
        Value::Integer(value) => Ok(*value as f64),
        Value::Real(value) => Ok((*value).into()),
        Value::Double(value) => Ok(*value),
        Value::Decimal(value) => Ok(value.to_f64()),
        _ => Err(damaged()),
    }
}

#[cold]
fn out_of_range(data_type: Type) -> Error {
    Error::invalid(format!("value out of range for type {data_type}")).with_sqlstate("22003")
}

#[cold]
fn damaged() -> Error {
    Error::corrupt("the state of a view's group contradicts itself: check the store")
}
