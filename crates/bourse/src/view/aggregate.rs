//! Aggregates as people write them: what one output column of a view is.

use bourse_storage::{Error, Result};

use crate::expression::{BoundColumn, Expression};
use crate::schema::TableDefinition;

/// One output column of a view.
///
/// `Aggregate<String>` names columns and is what people write; a definition keeps
/// `Aggregate<BoundColumn>`, made by [`Aggregate::bind`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aggregate<C = BoundColumn> {
    /// Name of the output column.
    pub name: String,
    /// What is computed.
    pub function: AggregateFunction<C>,
    /// Rows for which this is not true do not take part: SQL's `FILTER (WHERE ...)`.
    pub filter: Option<Expression<C>>,
}

/// What an aggregate computes of the rows of a group. NULLs among its arguments do not take part,
/// but in [`AggregateFunction::CountRows`], and in the value of `First` and `Last`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AggregateFunction<C = BoundColumn> {
    /// `COUNT(*)`.
    CountRows,
    /// `COUNT(x)`.
    Count(Expression<C>),
    /// `COUNT(DISTINCT x)`: equal under the collation of `x` is the same.
    CountDistinct(Expression<C>),
    /// `SUM(x)`.
    Sum(Expression<C>),
    /// `AVG(x)`.
    Average(Expression<C>),
    /// `SUM(DISTINCT x)`: equal values count once.
    SumDistinct(Expression<C>),
    /// `AVG(DISTINCT x)`: equal values count once.
    AverageDistinct(Expression<C>),
    /// `MIN(x)`.
    Minimum(Expression<C>),
    /// `MAX(x)`.
    Maximum(Expression<C>),
    /// `VAR_POP(x)`.
    VariancePopulation(Expression<C>),
    /// `VAR_SAMP(x)`, which is `VARIANCE(x)`.
    VarianceSample(Expression<C>),
    /// `STDDEV_POP(x)`.
    DeviationPopulation(Expression<C>),
    /// `STDDEV_SAMP(x)`, which is `STDDEV(x)`.
    DeviationSample(Expression<C>),
    /// `FIRST(x ORDER BY y)`: `x`, be it NULL, of the row with the least `y` that is not NULL;
    /// among equals the row with the least primary key.
    First {
        /// What is shown of that row.
        value: Expression<C>,
        /// What it is first by.
        order: Expression<C>,
    },
    /// `LAST(x ORDER BY y)`: `x`, be it NULL, of the row with the greatest `y` that is not NULL;
    /// among equals the row with the greatest primary key.
    Last {
        /// What is shown of that row.
        value: Expression<C>,
        /// What it is last by.
        order: Expression<C>,
    },
    /// `SUM(numerator) / SUM(denominator)`, as one division of the exact sums: with price times
    /// quantity over quantity it is the volume-weighted average price. NULL where either sum is,
    /// and where the denominator's is zero.
    Ratio {
        /// What is summed above.
        numerator: Expression<C>,
        /// What is summed below.
        denominator: Expression<C>,
    },
    /// `PERCENTILE_CONT(fraction) WITHIN GROUP (ORDER BY x)`: between two values it interpolates.
    PercentileContinuous(Fraction, Expression<C>),
    /// `PERCENTILE_DISC(fraction) WITHIN GROUP (ORDER BY x)`: the first value at or above which
    /// that fraction of them lies.
    PercentileDiscrete(Fraction, Expression<C>),
}

/// A number from 0 to 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Fraction(u64);

impl Fraction {
    /// One half: the median.
    pub const HALF: Fraction = Fraction(0.5_f64.to_bits());

    /// The number as a fraction.
    ///
    /// # Errors
    /// `InvalidInput` (22003) when it is not from 0 to 1.
    pub fn new(value: f64) -> Result<Fraction> {
        if (0.0..=1.0).contains(&value) {
            // There is one zero.
            return Ok(Fraction((value + 0.0).to_bits()));
        }
        let message = format!("percentile value {value} is not between 0 and 1");
        Err(Error::invalid(message).with_sqlstate("22003"))
    }

    /// The number.
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl Aggregate<String> {
    /// An output column of that name, over all rows of the group.
    pub fn new(name: impl Into<String>, function: AggregateFunction<String>) -> Aggregate<String> {
        Aggregate { name: name.into(), function, filter: None }
    }

    /// Only rows for which the condition is true take part.
    #[must_use]
    pub fn filter(self, condition: Expression<String>) -> Aggregate<String> {
        Aggregate { filter: Some(condition), ..self }
    }

    /// The aggregate over columns of a table.
    ///
    /// # Errors
    /// `InvalidInput`, as [`TableDefinition::bind`] for each of its expressions.
    pub fn bind(self, table: &TableDefinition) -> Result<Aggregate> {
        let filter = self.filter.map(|filter| table.bind(filter)).transpose()?;
        let function = self.function.try_map(&mut |expression| table.bind(expression))?;
        Ok(Aggregate { name: self.name, function, filter })
    }
}

impl<C> AggregateFunction<C> {
    /// The same function of other expressions.
    ///
    /// # Errors
    /// The first error of `map`.
    pub fn try_map<D>(
        self,
        map: &mut dyn FnMut(Expression<C>) -> Result<Expression<D>>,
    ) -> Result<AggregateFunction<D>> {
        use AggregateFunction as F;
        Ok(match self {
            F::CountRows => F::CountRows,
            F::Count(x) => F::Count(map(x)?),
            F::CountDistinct(x) => F::CountDistinct(map(x)?),
            F::Sum(x) => F::Sum(map(x)?),
            F::Average(x) => F::Average(map(x)?),
            F::SumDistinct(x) => F::SumDistinct(map(x)?),
            F::AverageDistinct(x) => F::AverageDistinct(map(x)?),
            F::Minimum(x) => F::Minimum(map(x)?),
            F::Maximum(x) => F::Maximum(map(x)?),
            F::VariancePopulation(x) => F::VariancePopulation(map(x)?),
            F::VarianceSample(x) => F::VarianceSample(map(x)?),
            F::DeviationPopulation(x) => F::DeviationPopulation(map(x)?),
            F::DeviationSample(x) => F::DeviationSample(map(x)?),
            F::First { value, order } => F::First { value: map(value)?, order: map(order)? },
            F::Last { value, order } => F::Last { value: map(value)?, order: map(order)? },
            F::Ratio { numerator, denominator } => {
                F::Ratio { numerator: map(numerator)?, denominator: map(denominator)? }
            }
            F::PercentileContinuous(fraction, x) => F::PercentileContinuous(fraction, map(x)?),
            F::PercentileDiscrete(fraction, x) => F::PercentileDiscrete(fraction, map(x)?),
        })
    }

    /// The expressions that it takes, in the order of its fields.
    pub fn expressions(&self) -> Vec<&Expression<C>> {
        use AggregateFunction as F;
        match self {
            F::CountRows => Vec::new(),
            F::Count(x)
            | F::CountDistinct(x)
            | F::Sum(x)
            | F::Average(x)
            | F::SumDistinct(x)
            | F::AverageDistinct(x)
            | F::Minimum(x)
            | F::Maximum(x)
            | F::VariancePopulation(x)
            | F::VarianceSample(x)
            | F::DeviationPopulation(x)
            | F::DeviationSample(x)
            | F::PercentileContinuous(_, x)
            | F::PercentileDiscrete(_, x) => vec![x],
            F::First { value, order } | F::Last { value, order } => vec![value, order],
            F::Ratio { numerator, denominator } => vec![numerator, denominator],
        }
    }

    /// The fraction of a percentile.
    pub fn fraction(&self) -> Option<Fraction> {
        match self {
            AggregateFunction::PercentileContinuous(fraction, _)
            | AggregateFunction::PercentileDiscrete(fraction, _) => Some(*fraction),
            _ => None,
        }
    }

    /// The name of the function in SQL.
    pub fn sql(&self) -> &'static str {
        use AggregateFunction as F;
        match self {
            F::CountRows | F::Count(_) | F::CountDistinct(_) => "COUNT",
            F::Sum(_) | F::SumDistinct(_) => "SUM",
            F::Average(_) | F::AverageDistinct(_) => "AVG",
            F::Minimum(_) => "MIN",
            F::Maximum(_) => "MAX",
            F::VariancePopulation(_) => "VAR_POP",
            F::VarianceSample(_) => "VAR_SAMP",
            F::DeviationPopulation(_) => "STDDEV_POP",
            F::DeviationSample(_) => "STDDEV_SAMP",
            F::First { .. } => "FIRST",
            F::Last { .. } => "LAST",
            F::Ratio { .. } => "RATIO",
            F::PercentileContinuous(..) => "PERCENTILE_CONT",
            F::PercentileDiscrete(..) => "PERCENTILE_DISC",
        }
    }

    /// The function's byte on disk.
    pub(crate) fn code(&self) -> u8 {
        use AggregateFunction as F;
        match self {
            F::CountRows => 1,
            F::Count(_) => 2,
            F::CountDistinct(_) => 3,
            F::Sum(_) => 4,
            F::Average(_) => 5,
            F::Minimum(_) => 6,
            F::Maximum(_) => 7,
            F::VariancePopulation(_) => 8,
            F::VarianceSample(_) => 9,
            F::DeviationPopulation(_) => 10,
            F::DeviationSample(_) => 11,
            F::First { .. } => 12,
            F::Last { .. } => 13,
            F::Ratio { .. } => 14,
            F::PercentileContinuous(..) => 15,
            F::PercentileDiscrete(..) => 16,
            F::SumDistinct(_) => 17,
            F::AverageDistinct(_) => 18,
        }
    }

    /// The function of [`AggregateFunction::code`], [`AggregateFunction::expressions`] and
    /// [`AggregateFunction::fraction`].
    ///
    /// # Errors
    /// `Corrupt` when they do not go together or the code is unknown.
    pub(crate) fn from_parts(
        code: u8,
        expressions: Vec<Expression<C>>,
        fraction: Option<f64>,
    ) -> Result<AggregateFunction<C>> {
        use AggregateFunction as F;
        let corrupt = || Error::corrupt(format!("aggregate function {code} has other arguments"));
        let fraction = match (code, fraction) {
            (15 | 16, Some(fraction)) => Fraction::new(fraction).map_err(|_| corrupt())?,
            (15 | 16, None) | (_, Some(_)) => return Err(corrupt()),
            (_, None) => Fraction::HALF,
        };
        let count = expressions.len();
        let mut expressions = expressions.into_iter();
        let mut next = || expressions.next().ok_or_else(corrupt);
        let (wanted, function) = match code {
            1 => (0, F::CountRows),
            2 => (1, F::Count(next()?)),
            3 => (1, F::CountDistinct(next()?)),
            4 => (1, F::Sum(next()?)),
            5 => (1, F::Average(next()?)),
            6 => (1, F::Minimum(next()?)),
            7 => (1, F::Maximum(next()?)),
            8 => (1, F::VariancePopulation(next()?)),
            9 => (1, F::VarianceSample(next()?)),
            10 => (1, F::DeviationPopulation(next()?)),
            11 => (1, F::DeviationSample(next()?)),
            12 => (2, F::First { value: next()?, order: next()? }),
            13 => (2, F::Last { value: next()?, order: next()? }),
            14 => (2, F::Ratio { numerator: next()?, denominator: next()? }),
            15 => (1, F::PercentileContinuous(fraction, next()?)),
            16 => (1, F::PercentileDiscrete(fraction, next()?)),
            17 => (1, F::SumDistinct(next()?)),
            18 => (1, F::AverageDistinct(next()?)),
            _ => {
                let message = format!("aggregate function {code} is unknown to this version");
                return Err(Error::corrupt(message));
            }
        };
        if count == wanted { Ok(function) } else { Err(corrupt()) }
    }
}
