//! The pieces that states are made of, and which of them each aggregate wants.

use bourse_storage::{Error, Result};

use super::aggregate::{Aggregate, AggregateFunction, Fraction};
use super::shape::{End, Shape};
use crate::expression::{Expression, check_condition};
use crate::key::KeyColumn;
use crate::schema::{COLUMNS_MAX, Column};
use crate::value::{Collation, Type};

/// What a sum is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum SumKind {
    /// One for each row that takes part.
    Count,
    Integers,
    IntegerSquares,
    Decimals,
    DecimalSquares,
    Doubles,
    DoubleSquares,
}

/// A sum: of what, of which argument (of rows if of none), over the rows that which filter takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sum {
    pub(super) kind: SumKind,
    pub(super) argument: Option<u16>,
    pub(super) filter: Option<u16>,
}

/// How the keys of a multiset are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// The value, and if `tagged` once more behind it as it is: for types whose equal values may
    /// differ, so that the key says which it is.
    Value { column: KeyColumn, tagged: bool },
    /// The order and the primary key; the payload is the value of this argument.
    Order { column: KeyColumn, value: u16 },
}

/// A multiset, and the cells that are kept of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Multiset {
    /// The value, or the order.
    pub(super) argument: u16,
    pub(super) filter: Option<u16>,
    pub(super) form: Form,
    /// Places among the state's counts of distinct values and among its ends.
    pub(super) distinct: Option<usize>,
    pub(super) first: Option<usize>,
    pub(super) last: Option<usize>,
}

/// How an output column is read. Places of sums, of counts of distinct values, and of ends in the
/// state; numbers of multisets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Output {
    Rows,
    Count {
        count: usize,
    },
    Distinct {
        distinct: usize,
        multiset: u16,
    },
    Sum {
        sum: usize,
        count: usize,
    },
    Average {
        sum: usize,
        count: usize,
    },
    Variance {
        moments: Moments,
        sample: bool,
    },
    Deviation {
        moments: Moments,
        sample: bool,
    },
    /// Of the different values in a multiset, summed like this.
    SumDistinct {
        multiset: u16,
        kind: SumKind,
    },
    AverageDistinct {
        multiset: u16,
        kind: SumKind,
    },
    End {
        end: usize,
        multiset: u16,
    },
    Ratio {
        numerator: [usize; 2],
        denominator: [usize; 2],
    },
    Continuous {
        multiset: u16,
        count: usize,
        fraction: Fraction,
    },
    Discrete {
        multiset: u16,
        count: usize,
        fraction: Fraction,
    },
}

/// What a variance is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) count: usize,
    pub(super) sum: usize,
    pub(super) squares: usize,
}

/// Takes the aggregates apart, one after the other.
pub(super) struct Design<'a> {
    columns: &'a [Column],
    shape: Shape,
}

/// Which of the two cells at the end of a multiset, if any.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Nothing,
    Distinct,
    End(End),
}

impl<'a> Design<'a> {
    pub(super) fn new(columns: &'a [Column]) -> Design<'a> {
        Design { columns, shape: Shape::default() }
    }

    pub(super) fn finish(self) -> Shape {
        self.shape
    }

    /// Adds an output column.
    pub(super) fn add(&mut self, aggregate: &Aggregate) -> Result<()> {
        if self.shape.outputs.len() == COLUMNS_MAX {
            let message = format!("a view has at most {COLUMNS_MAX} aggregates");
            return Err(Error::invalid(message).with_sqlstate("54000"));
        }
        let filter = match &aggregate.filter {
            None => None,
            Some(condition) => {
                check_condition("FILTER", condition, self.columns)?;
                Some(self.place_of(condition)?)
            }
        };
        let (output, data_type) = self.output(&aggregate.function, filter)?;
        self.shape.outputs.push(output);
        self.shape.output_types.push(data_type);
        Ok(())
    }

    fn output(
        &mut self,
        function: &AggregateFunction,
        filter: Option<u16>,
    ) -> Result<(Output, Type)> {
        use AggregateFunction as F;
        let name = function.sql();
        Ok(match function {
            F::CountRows => match filter {
                None => (Output::Rows, Type::BigInt),
                Some(_) => {
                    let count = self.sum(SumKind::Count, None, filter);
                    (Output::Count { count }, Type::BigInt)
                }
            },
            F::Count(x) => {
                let argument = Some(self.place_of(x)?);
                let count = self.sum(SumKind::Count, argument, filter);
                (Output::Count { count }, Type::BigInt)
            }
            F::CountDistinct(x) => {
                let (multiset, distinct) = self.values(name, x, filter, Kept::Distinct)?;
                (Output::Distinct { distinct, multiset }, Type::BigInt)
            }
            F::Sum(x) => {
                let ([sum, count], data_type) = self.sum_of(name, x, filter)?;
                (Output::Sum { sum, count }, type_of_sum(data_type))
            }
            F::Average(x) => {
                let ([sum, count], data_type) = self.sum_of(name, x, filter)?;
                (Output::Average { sum, count }, type_of_quotient(data_type))
            }
            F::SumDistinct(x) => self.sum_distinct(name, x, filter)?,
            F::AverageDistinct(x) => self.average_distinct(name, x, filter)?,
            F::Minimum(x) => self.end(name, x, filter, End::First)?,
            F::Maximum(x) => self.end(name, x, filter, End::Last)?,
            F::First { value, order } => self.ordered(name, [value, order], filter, End::First)?,
            F::Last { value, order } => self.ordered(name, [value, order], filter, End::Last)?,
            F::VariancePopulation(x) => {
                let (moments, data_type) = self.moments(name, x, filter)?;
                (Output::Variance { moments, sample: false }, data_type)
            }
            F::VarianceSample(x) => {
                let (moments, data_type) = self.moments(name, x, filter)?;
                (Output::Variance { moments, sample: true }, data_type)
            }
            F::DeviationPopulation(x) => {
                let (moments, data_type) = self.moments(name, x, filter)?;
                (Output::Deviation { moments, sample: false }, data_type)
            }
            F::DeviationSample(x) => {
                let (moments, data_type) = self.moments(name, x, filter)?;
                (Output::Deviation { moments, sample: true }, data_type)
            }
            F::Ratio { numerator, denominator } => {
                let (numerator, above) = self.sum_of(name, numerator, filter)?;
                let (denominator, below) = self.sum_of(name, denominator, filter)?;
                let double = [above, below].map(type_of_quotient).contains(&Type::Double);
                let data_type = if double { Type::Double } else { Type::DECIMAL };
                (Output::Ratio { numerator, denominator }, data_type)
            }
            F::PercentileContinuous(fraction, x) => {
                number(name, self.type_of(name, x)?)?;
                let (multiset, count) = self.counted(name, x, filter)?;
                (Output::Continuous { multiset, count, fraction: *fraction }, Type::Double)
            }
            F::PercentileDiscrete(fraction, x) => {
                let (multiset, count) = self.counted(name, x, filter)?;
                let data_type = self.type_of(name, x)?;
                (Output::Discrete { multiset, count, fraction: *fraction }, data_type)
            }
        })
    }

    /// Place of the sum of an argument, and of the count of what it sums.
    fn sum_of(
        &mut self,
        name: &str,
        x: &Expression,
        filter: Option<u16>,
    ) -> Result<([usize; 2], Type)> {
        let data_type = self.type_of(name, x)?;
        let [kind, _] = number(name, data_type)?;
        let argument = Some(self.place_of(x)?);
        let sum = self.sum(kind, argument, filter);
        let count = self.sum(SumKind::Count, argument, filter);
        Ok(([sum, count], data_type))
    }

    fn sum_distinct(
        &mut self,
        name: &str,
        x: &Expression,
        filter: Option<u16>,
    ) -> Result<(Output, Type)> {
        let (multiset, kind, data_type) = self.distinct_numbers(name, x, filter)?;
        Ok((Output::SumDistinct { multiset, kind }, type_of_sum(data_type)))
    }

    fn average_distinct(
        &mut self,
        name: &str,
        x: &Expression,
        filter: Option<u16>,
    ) -> Result<(Output, Type)> {
        let (multiset, kind, data_type) = self.distinct_numbers(name, x, filter)?;
        Ok((Output::AverageDistinct { multiset, kind }, type_of_quotient(data_type)))
    }

    /// Number of the multiset that has the values of an argument, and how they are summed.
    fn distinct_numbers(
        &mut self,
        name: &str,
        x: &Expression,
        filter: Option<u16>,
    ) -> Result<(u16, SumKind, Type)> {
        let data_type = self.type_of(name, x)?;
        let [kind, _] = number(name, data_type)?;
        let (multiset, _) = self.values(name, x, filter, Kept::Nothing)?;
        Ok((multiset, kind, data_type))
    }

    fn moments(
        &mut self,
        name: &str,
        x: &Expression,
        filter: Option<u16>,
    ) -> Result<(Moments, Type)> {
        let ([sum, count], data_type) = self.sum_of(name, x, filter)?;
        let [_, kind] = number(name, data_type)?;
        let argument = Some(self.place_of(x)?);
        let squares = self.sum(kind, argument, filter);
        Ok((Moments { count, sum, squares }, type_of_quotient(data_type)))
    }

    fn end(
        &mut self,
        name: &str,
        x: &Expression,
        filter: Option<u16>,
        end: End,
    ) -> Result<(Output, Type)> {
        let (multiset, end) = self.values(name, x, filter, Kept::End(end))?;
        Ok((Output::End { end, multiset }, self.type_of(name, x)?))
    }

    fn ordered(
        &mut self,
        name: &str,
        [value, order]: [&Expression; 2],
        filter: Option<u16>,
        end: End,
    ) -> Result<(Output, Type)> {
        let data_type = self.type_of(name, value)?;
        let column = self.key_column(name, order)?;
        let form = Form::Order { column, value: self.place_of(value)? };
        let argument = self.place_of(order)?;
        let (multiset, end) = self.multiset(argument, filter, form, Kept::End(end))?;
        Ok((Output::End { end, multiset }, data_type))
    }

    fn counted(&mut self, name: &str, x: &Expression, filter: Option<u16>) -> Result<(u16, usize)> {
        let (multiset, _) = self.values(name, x, filter, Kept::Nothing)?;
        let argument = Some(self.place_of(x)?);
        Ok((multiset, self.sum(SumKind::Count, argument, filter)))
    }

    /// Number of the multiset of an argument's values, and place of what is kept of it.
    fn values(
        &mut self,
        name: &str,
        x: &Expression,
        filter: Option<u16>,
        kept: Kept,
    ) -> Result<(u16, usize)> {
        let column = self.key_column(name, x)?;
        // What counts distinct values wants equal ones to have one key.
        let tagged = !column.is_lossless() && kept != Kept::Distinct;
        let argument = self.place_of(x)?;
        self.multiset(argument, filter, Form::Value { column, tagged }, kept)
    }

    fn multiset(
        &mut self,
        argument: u16,
        filter: Option<u16>,
        form: Form,
        kept: Kept,
    ) -> Result<(u16, usize)> {
        let multisets = &mut self.shape.multisets;
        let same = |m: &Multiset| (m.argument, m.filter, m.form) == (argument, filter, form);
        let number = multisets.iter().position(same).unwrap_or(multisets.len());
        if number == multisets.len() {
            let (distinct, first, last) = (None, None, None);
            multisets.push(Multiset { argument, filter, form, distinct, first, last });
        }
        let (multiset, cells) = (&mut multisets[number], &mut self.shape.cells);
        let (place, count) = match kept {
            Kept::Nothing => return Ok((place16(number)?, 0)),
            Kept::Distinct => (&mut multiset.distinct, &mut cells.distincts),
            Kept::End(End::First) => (&mut multiset.first, &mut cells.ends),
            Kept::End(End::Last) => (&mut multiset.last, &mut cells.ends),
        };
        let at = *place.get_or_insert(*count);
        *count = (*count).max(at + 1);
        Ok((place16(number)?, at))
    }

    /// Place of a sum.
    fn sum(&mut self, kind: SumKind, argument: Option<u16>, filter: Option<u16>) -> usize {
        let sum = Sum { kind, argument, filter };
        let sums = &mut self.shape.sums;
        sums.iter().position(|other| *other == sum).unwrap_or_else(|| {
            sums.push(sum);
            sums.len() - 1
        })
    }

    /// Place of an expression among the arguments.
    fn place_of(&mut self, expression: &Expression) -> Result<u16> {
        let shape = &mut self.shape;
        if let Some(at) = shape.arguments.iter().position(|other| other == expression) {
            return place16(at);
        }
        let at = place16(shape.arguments.len())?;
        shape.arguments.push(expression.clone());
        // The row holds values as its columns' types have them, and a cast makes them so; what
        // else an expression gives may be of another kind: CASE mixes integers and decimals.
        let exact = matches!(expression, Expression::Column(_) | Expression::Cast(..));
        if let Some(data_type) = expression.type_of(self.columns)?
            && !exact
        {
            shape.fitted.push((at, data_type));
        }
        Ok(at)
    }

    fn type_of(&self, name: &str, x: &Expression) -> Result<Type> {
        let message = || format!("could not determine the type of the argument of {name}");
        let kind = x.type_of(self.columns)?;
        kind.ok_or_else(|| Error::invalid(message()).with_sqlstate("42P18"))
    }

    /// How an argument's values are ordered.
    fn key_column(&self, name: &str, x: &Expression) -> Result<KeyColumn> {
        let data_type = self.type_of(name, x)?;
        if data_type == Type::Json {
            let message = format!("{name} does not take JSON, which has no order: take a text");
            return Err(Error::invalid(message).with_sqlstate("42883"));
        }
        let collation = x.collation().unwrap_or(Collation::Binary);
        Ok(KeyColumn::new(data_type).collate(collation))
    }
}

/// How an argument of that type is summed, and how its squares.
fn number(name: &str, data_type: Type) -> Result<[SumKind; 2]> {
    Ok(match data_type {
        Type::SmallInt | Type::Integer | Type::BigInt => {
            [SumKind::Integers, SumKind::IntegerSquares]
        }
        Type::Decimal { .. } => [SumKind::Decimals, SumKind::DecimalSquares],
        Type::Real | Type::Double => [SumKind::Doubles, SumKind::DoubleSquares],
        other => {
            let reason = match other {
                Type::Any => ", which may hold texts and blobs: cast it to a type of numbers",
                _ => ", which is no number",
            };
            let message = format!("{name} does not take an argument of type {other}{reason}");
            return Err(Error::invalid(message).with_sqlstate("42883"));
        }
    })
}

/// As PostgreSQL's, but that a sum keeps its argument's scale in its type.
fn type_of_sum(data_type: Type) -> Type {
    match data_type {
        Type::SmallInt | Type::Integer => Type::BigInt,
        Type::BigInt => Type::Decimal { precision: 38, scale: 0 },
        Type::Decimal { precision: 1.., scale } => Type::Decimal { precision: 38, scale },
        other => other,
    }
}

/// The type of an average, a variance or a deviation.
fn type_of_quotient(data_type: Type) -> Type {
    match data_type {
        Type::Real | Type::Double => Type::Double,
        _ => Type::DECIMAL,
    }
}

fn place16(place: usize) -> Result<u16> {
    let message = "the aggregates of a view take more than 65,535 arguments";
    u16::try_from(place).map_err(|_| Error::invalid(message).with_sqlstate("54000"))
}
