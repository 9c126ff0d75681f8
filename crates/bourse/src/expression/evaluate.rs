//! What an expression comes to for one row.
//!
//! Columns and constants are read where they lie, conditions come to a truth without a value in
//! between, numbers live in registers: only functions that make new texts allocate.

use bourse_storage::{Error, Result};

use super::{Comparison, Expression, arithmetic, cast, function};
use crate::row::Row;
use crate::value::{Collation, Value, ValueRef};

/// The columns of a row: what each holds, by position.
pub(super) type Columns<'f, 'v> = &'f dyn Fn(u16) -> ValueRef<'v>;

/// A computed value: one that lies somewhere, or a new one.
#[derive(Clone, Debug)]
pub(crate) enum Scalar<'v> {
    /// In the row, in the expression, or without bytes of its own.
    Found(ValueRef<'v>),
    /// Made.
    Made(Value),
}

impl Scalar<'_> {
    /// NULL.
    pub(super) const NULL: Scalar<'static> = Scalar::Found(ValueRef::Null);

    /// The value.
    pub(crate) fn as_value(&self) -> ValueRef<'_> {
        match self {
            Scalar::Found(value) => *value,
            Scalar::Made(value) => value.as_value(),
        }
    }

    /// The value with bytes of its own.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Scalar::Found(value) => value.to_value(),
            Scalar::Made(value) => value,
        }
    }
}

impl Expression {
    /// Whether the condition is true for the row (not false, not unknown).
    ///
    /// # Errors
    /// `InvalidInput` when a value cannot be computed: 22003, 22012 and others.
    pub fn holds(&self, row: &Row<'_>) -> Result<bool> {
        self.holds_for(&|column| row.get(usize::from(column)))
    }

    /// Whether the condition is true for a row whose columns `value` gives.
    ///
    /// # Errors
    /// As [`Expression::holds`].
    pub fn holds_for<'v>(&'v self, value: &dyn Fn(u16) -> ValueRef<'v>) -> Result<bool> {
        Ok(self.truth(value)? == Some(true))
    }

    /// Whether the condition is false for the row (not true, not unknown): what a CHECK refuses.
    ///
    /// # Errors
    /// As [`Expression::holds`].
    pub fn is_false(&self, row: &Row<'_>) -> Result<bool> {
        Ok(self.truth(&|column| row.get(usize::from(column)))? == Some(false))
    }

    /// The value for the row.
    ///
    /// # Errors
    /// As [`Expression::holds`].
    pub fn value(&self, row: &Row<'_>) -> Result<Value> {
        Ok(self.of_row(row)?.into_value())
    }

    /// The value for the row, not copied where it lies in the row.
    pub(crate) fn of_row<'v>(&'v self, row: &Row<'v>) -> Result<Scalar<'v>> {
        self.evaluate(&|column| row.get(usize::from(column)))
    }

    /// The value for a row whose columns `value` gives.
    ///
    /// # Errors
    /// As [`Expression::value`].
    pub fn value_for<'v>(&'v self, value: &dyn Fn(u16) -> ValueRef<'v>) -> Result<Value> {
        Ok(self.evaluate(value)?.into_value())
    }

    pub(super) fn evaluate<'v>(&'v self, columns: Columns<'_, 'v>) -> Result<Scalar<'v>> {
        Ok(match self {
            Expression::Column(column) => Scalar::Found(columns(column.position)),
            Expression::Constant(value) => Scalar::Found(value.as_value()),
            Expression::Collate(inner, _) => inner.evaluate(columns)?,
            Expression::Cast(inner, to) => cast::cast(inner.evaluate(columns)?, *to)?,
            Expression::Negate(inner) => Scalar::Found(inner.with(columns, arithmetic::negate)??),
            Expression::Arithmetic(by, left, right) => {
                let both =
                    |left: ValueRef<'_>, right: ValueRef<'_>| arithmetic::compute(*by, left, right);
                Scalar::Found(with_both(left, right, columns, both)??)
            }
            Expression::Case(branches, otherwise) => {
                for (condition, result) in branches {
                    if condition.truth(columns)? == Some(true) {
                        return result.evaluate(columns);
                    }
                }
                match otherwise {
                    Some(otherwise) => otherwise.evaluate(columns)?,
                    None => Scalar::NULL,
                }
            }
            Expression::Call(function, version, arguments) => {
                function::call(*function, *version, arguments, columns)?
            }
            condition => {
                let truth = condition.truth(columns)?;
                Scalar::Found(truth.map_or(ValueRef::Null, ValueRef::Boolean))
            }
        })
    }

    /// Shows `body` the value where it lies.
    pub(super) fn with<'v, T>(
        &'v self,
        columns: Columns<'_, 'v>,
        body: impl FnOnce(ValueRef<'_>) -> T,
    ) -> Result<T> {
        Ok(match self {
            Expression::Column(column) => body(columns(column.position)),
            Expression::Constant(value) => body(value.as_value()),
            other => body(other.evaluate(columns)?.as_value()),
        })
    }

    /// Three-valued: `None` is unknown.
    pub(super) fn truth<'v>(&'v self, columns: Columns<'_, 'v>) -> Result<Option<bool>> {
        match self {
            Expression::Compare(by, left, right) => compare(left, *by, right, columns),
            Expression::IsNull(inner) => inner.with(columns, |value| Some(value.is_null())),
            Expression::IsNotNull(inner) => inner.with(columns, |value| Some(!value.is_null())),
            Expression::In(subject, items) => {
                let mut equal = |item| compare(subject, Comparison::Equal, item, columns);
                any(items.iter(), true, &mut equal)
            }
            Expression::Between(subject, low, high) => {
                let from = compare(subject, Comparison::GreaterOrEqual, low, columns)?;
                if from == Some(false) {
                    return Ok(from);
                }
                let to = compare(subject, Comparison::LessOrEqual, high, columns)?;
                Ok(if to == Some(false) { to } else { from.and(to) })
            }
            Expression::And(parts) => any(parts.iter(), false, &mut |part| part.truth(columns)),
            Expression::Or(parts) => any(parts.iter(), true, &mut |part| part.truth(columns)),
            Expression::Not(inner) => Ok(inner.truth(columns)?.map(|truth| !truth)),
            other => other.with(columns, |value| match value {
                ValueRef::Null => Ok(None),
                ValueRef::Boolean(truth) => Ok(Some(truth)),
                value => Err(mismatch("a condition", value)),
            })?,
        }
    }
}

fn with_both<'v, T>(
    left: &'v Expression,
    right: &'v Expression,
    columns: Columns<'_, 'v>,
    body: impl FnOnce(ValueRef<'_>, ValueRef<'_>) -> T,
) -> Result<T> {
    left.with(columns, |left| right.with(columns, |right| body(left, right)))?
}

fn compare<'v>(
    left: &'v Expression,
    by: Comparison,
    right: &'v Expression,
    columns: Columns<'_, 'v>,
) -> Result<Option<bool>> {
    let collation = || left.collation().or_else(|| right.collation()).unwrap_or(Collation::Binary);
    with_both(left, right, columns, |left, right| {
        let known = !left.is_null() && !right.is_null();
        known.then(|| by.accepts(left.compare(right, collation())))
    })
}

/// Three-valued OR, or with `decisive` false AND: the first part that has the decisive truth
/// decides, and no further one is looked at.
fn any<'v>(
    parts: impl Iterator<Item = &'v Expression>,
    decisive: bool,
    truth: &mut dyn FnMut(&'v Expression) -> Result<Option<bool>>,
) -> Result<Option<bool>> {
    let mut result = Some(!decisive);
    for part in parts {
        match truth(part)? {
            Some(truth) if truth == decisive => return Ok(Some(decisive)),
            Some(_) => {}
            None => result = None,
        }
    }
    Ok(result)
}

/// A value of a kind that what it is given to does not take. Types were checked (X1), so it comes
/// from a column of type ANY.
pub(super) fn mismatch(taker: &str, value: ValueRef<'_>) -> Error {
    let kind = value.kind_name();
    Error::invalid(format!("{taker} does not take a value of type {kind}")).with_sqlstate("42804")
}
