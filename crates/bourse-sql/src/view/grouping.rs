//! What a SELECT groups, told as a view of the store would: the table, the rows that take part,
//! the groups, and the aggregates that the store keeps of each.
//!
//! An aggregate of the SELECT is one of the store's, or made of several ([`Item`]): the average of
//! exact numbers is told as sum and count, and divided as PostgreSQL divides when it is read, for
//! the store's own quotients have other digits.

use bourse::view::{AggregateFunction, Fraction};
use bourse::{Expression, Table};

use super::joined::Joined;
use super::meaning::{Names, Why, is_floating, is_plain};
use crate::algebra::{
    AggregateKind, Aggregation, Column, Expr, ExprKind, Rel, ScanColumn, TableScan,
};
use crate::datum::Datum;
use crate::plan::push::split;
use crate::types::SqlType;

/// An expression over names of columns.
pub(crate) type Named = Expression<String>;

/// What a SELECT groups.
#[derive(Debug)]
pub(crate) struct Grouping {
    pub(crate) table: Table,
    pub(crate) names: Names,
    /// The parts of WHERE, with what they are to the store, if they are something.
    pub(crate) filters: Vec<(Expr, Option<Named>)>,
    pub(crate) keys: Vec<(Column, Key)>,
    pub(crate) parts: Vec<Part>,
    pub(crate) items: Vec<(Column, Item)>,
    pub(crate) joined: Vec<Joined>,
}

/// A column of the group.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    /// What rows of a group have in common.
    Own(Named),
    /// A column of the row of another table that the group names: which table, which column.
    LookedUp(usize, String),
}

/// An aggregate that the store keeps.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Part {
    pub(crate) function: AggregateFunction<String>,
    pub(crate) filter: Option<Named>,
}

/// What an aggregate of the SELECT is made of, by places among the parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    /// It is that one.
    Part { at: usize, exact: bool },
    /// A number of rows: 0 where there are none.
    Count(usize),
    /// A sum divided by a number of rows.
    Quotient { sum: usize, count: usize },
}

impl Item {
    /// Whether it is what the SELECT would show, in the last digit too: sums of floating numbers
    /// depend on the order of the rows there.
    pub(crate) fn is_exact(self) -> bool {
        !matches!(self, Item::Part { exact: false, .. })
    }
}

/// The columns of a table that a scan names.
pub(super) fn names_of(scan: &TableScan, names: &mut Names) {
    for (column, source) in &scan.columns {
        if let ScanColumn::Column(at) = source {
            names.add(column.id, &scan.table.definition().columns[*at]);
        }
    }
}

impl Grouping {
    /// What an operator of groups groups.
    pub(crate) fn of(rel: &Rel) -> Result<Grouping, Why> {
        let Rel::Aggregate { input, keys, sets, groupings, aggregates } = rel else {
            return Err("it groups nothing".to_owned());
        };
        let is_plain_group =
            groupings.is_empty() && matches!(&sets[..], [only] if only.len() == keys.len());
        if !is_plain_group {
            return Err("it has grouping sets".to_owned());
        }
        let mut conditions = Vec::new();
        let (base, mut joined) = super::joined::tables(input, &mut conditions)?;
        let mut names = Names::default();
        names_of(base, &mut names);
        let conditions = super::joined::link(base, &mut joined, conditions)?;
        let mut filters = Vec::with_capacity(conditions.len());
        for condition in conditions {
            let translated = names.translate(&condition).ok();
            filters.push((condition, translated));
        }
        let mut grouping = Grouping {
            table: base.table.clone(),
            names,
            filters,
            keys: Vec::with_capacity(keys.len()),
            parts: Vec::new(),
            items: Vec::with_capacity(aggregates.len()),
            joined,
        };
        for (column, expr) in keys {
            let key = grouping.key(expr)?;
            grouping.keys.push((column.clone(), key));
        }
        super::joined::check(&grouping)?;
        for aggregate in aggregates {
            let item = grouping.item(aggregate)?;
            grouping.items.push((aggregate.column.clone(), item));
        }
        Ok(grouping)
    }

    /// A condition of WHERE that the store does not compute, and why.
    pub(crate) fn check_filters(&self) -> Result<(), Why> {
        let other = self.filters.iter().find(|(_, translated)| translated.is_none());
        match other {
            Some((condition, _)) => self.names.translate(condition).map(drop),
            None => Ok(()),
        }
    }

    fn key(&self, expr: &Expr) -> Result<Key, Why> {
        if let ExprKind::Column(id) = expr.kind
            && let Some((at, joined)) =
                self.joined.iter().enumerate().find(|(_, joined)| joined.name(id).is_some())
        {
            if let Some(own) = joined.own_of(id) {
                return Ok(Key::Own(own));
            }
            return Ok(Key::LookedUp(at, joined.name(id).unwrap_or_default().to_owned()));
        }
        let is_group = is_plain(&expr.ty) || matches!(expr.ty, SqlType::Enum(_));
        if !is_group {
            return Err(format!("it groups by values of type {}", expr.ty));
        }
        self.names.translate(expr).map(Key::Own)
    }

    /// The place of a part, which is added if it is not there.
    fn part(&mut self, function: AggregateFunction<String>, filter: &Option<Named>) -> usize {
        let part = Part { function, filter: filter.clone() };
        let known = self.parts.iter().position(|other| *other == part);
        known.unwrap_or_else(|| {
            self.parts.push(part);
            self.parts.len() - 1
        })
    }

    fn item(&mut self, aggregate: &Aggregation) -> Result<Item, Why> {
        let AggregateKind::Function { function, arguments, distinct, order } = &aggregate.kind
        else {
            return Err("it shows a column of any row of a group".to_owned());
        };
        let filter = match &aggregate.filter {
            Some(filter) => Some(self.names.translate(filter)?),
            None => None,
        };
        if function.ordered_set {
            return self.percentile(function.name, arguments, order, &filter);
        }
        if !order.is_empty() {
            return Err(format!("{}() takes the rows in an order", function.name));
        }
        let Some(argument) = arguments.first() else {
            return match function.name {
                "count" => Ok(Item::Count(self.part(AggregateFunction::CountRows, &filter))),
                name => Err(format!("{name}() is not kept")),
            };
        };
        let value = self.names.translate(argument)?;
        let ty = &argument.ty;
        let is_ordered = is_plain(ty) && argument.collation == bourse::Collation::Binary;
        use AggregateFunction as F;
        let exact = !is_floating(ty);
        // Of equal values with other digits a SELECT shows the first that it meets.
        let of = |at| Ok(Item::Part { at, exact: *ty != SqlType::Numeric(None) });
        match (function.name, distinct) {
            ("count", false) => Ok(Item::Count(self.part(F::Count(value), &filter))),
            ("count", true) if is_plain(ty) || matches!(ty, SqlType::Enum(_)) => {
                Ok(Item::Count(self.part(F::CountDistinct(value), &filter)))
            }
            ("min", _) if is_ordered => of(self.part(F::Minimum(value), &filter)),
            ("max", _) if is_ordered => of(self.part(F::Maximum(value), &filter)),
            ("sum", false) => Ok(Item::Part { at: self.part(F::Sum(value), &filter), exact }),
            ("sum", true) => {
                Ok(Item::Part { at: self.part(F::SumDistinct(value), &filter), exact })
            }
            ("avg", false) if exact => {
                let sum = self.part(F::Sum(value.clone()), &filter);
                let count = self.part(F::Count(value), &filter);
                Ok(Item::Quotient { sum, count })
            }
            ("avg", true) if exact => {
                let sum = self.part(F::SumDistinct(value.clone()), &filter);
                let count = self.part(F::CountDistinct(value), &filter);
                Ok(Item::Quotient { sum, count })
            }
            ("avg", false) => {
                Ok(Item::Part { at: self.part(F::Average(value), &filter), exact: false })
            }
            ("avg", true) => {
                Ok(Item::Part { at: self.part(F::AverageDistinct(value), &filter), exact: false })
            }
            (name, false) if !exact => {
                let function = match name {
                    "var_pop" => F::VariancePopulation(value),
                    "var_samp" | "variance" => F::VarianceSample(value),
                    "stddev_pop" => F::DeviationPopulation(value),
                    "stddev_samp" | "stddev" => F::DeviationSample(value),
                    other => return Err(format!("{other}() is not kept")),
                };
                Ok(Item::Part { at: self.part(function, &filter), exact: false })
            }
            (name, _) => Err(format!("{name}() of type {ty} is not kept")),
        }
    }

    fn percentile(
        &mut self,
        name: &str,
        arguments: &[Expr],
        order: &[crate::algebra::SortKey],
        filter: &Option<Named>,
    ) -> Result<Item, Why> {
        let not_kept = || format!("{name}() is not kept in this form");
        let ([fraction, value], [key]) = (arguments, order) else { return Err(not_kept()) };
        let Some(fraction) = constant(fraction) else { return Err(not_kept()) };
        let fraction = Fraction::new(fraction).map_err(|error| error.to_string())?;
        let is_kept = is_plain(&value.ty) && value.collation == bourse::Collation::Binary;
        if key.descending || !is_kept {
            return Err(not_kept());
        }
        let translated = self.names.translate(value)?;
        let function = match name {
            "percentile_cont" if value.ty == SqlType::Double => {
                AggregateFunction::PercentileContinuous(fraction, translated)
            }
            "percentile_disc" => AggregateFunction::PercentileDiscrete(fraction, translated),
            _ => return Err(not_kept()),
        };
        Ok(Item::Part { at: self.part(function, filter), exact: true })
    }
}

/// The number that an expression is whatever the row is.
fn constant(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Literal(Datum::Double(value)) => Some(*value),
        ExprKind::Literal(Datum::Numeric(value)) => Some(value.to_f64()),
        ExprKind::Literal(Datum::Integer(0)) => Some(0.0),
        ExprKind::Literal(Datum::Integer(1)) => Some(1.0),
        ExprKind::Cast { operand, .. } if expr.ty == SqlType::Double => constant(operand),
        _ => None,
    }
}

/// Splits a condition, and moves its parts to others.
pub(super) fn split_into(condition: &Expr, into: &mut Vec<Expr>) {
    split(condition.clone(), into);
}
