//! Predicates: the WHERE of a partial index.
//!
//! A [`Predicate`] is true, false or unknown for a row, as SQL has it, and *holds* only when true.
//! It is generic over how it names columns: people write `Predicate<String>`, a definition keeps
//! `Predicate<BoundColumn>`, which knows each column's position and collation.

use std::cmp::Ordering;

use bourse_storage::{Error, Result};

use crate::row::Row;
use crate::value::{Collation, Type, Value, ValueRef};

mod display;
mod imply;
#[cfg(test)]
pub(crate) mod tests;

/// Nesting of AND, OR and NOT deeper than this is refused, so that no definition can exhaust the
/// stack of whoever evaluates it.
pub const DEPTH_MAX: usize = 64;

/// How a column is compared with a constant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Whether values in this order compare so.
    pub fn accepts(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }

    /// The comparison that is true where this one is false.
    #[must_use]
    pub fn negate(self) -> Comparison {
        match self {
            Comparison::Equal => Comparison::NotEqual,
            Comparison::NotEqual => Comparison::Equal,
            Comparison::Less => Comparison::GreaterOrEqual,
            Comparison::LessOrEqual => Comparison::Greater,
            Comparison::Greater => Comparison::LessOrEqual,
            Comparison::GreaterOrEqual => Comparison::Less,
        }
    }

    /// The operator in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}

/// A column as a definition's predicate names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BoundColumn {
    /// Position in the table.
    pub position: u16,
    /// How its texts compare.
    pub collation: Collation,
}

/// A condition on the columns of one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Predicate<C = BoundColumn> {
    /// A column compared with a constant.
    Compare(C, Comparison, Value),
    /// `IS NULL`.
    IsNull(C),
    /// `IS NOT NULL`.
    IsNotNull(C),
    /// `IN (...)`.
    In(C, Vec<Value>),
    /// `BETWEEN low AND high`, both included.
    Between(C, Value, Value),
    /// All of them; true when empty.
    And(Vec<Predicate<C>>),
    /// Any of them; false when empty.
    Or(Vec<Predicate<C>>),
    /// The opposite.
    Not(Box<Predicate<C>>),
}

/// A column by name, to make a predicate of: `column("status").equal("open")`.
pub fn column(name: impl Into<String>) -> NamedColumn {
    NamedColumn(name.into())
}

/// What [`column()`] gives.
#[derive(Clone, Debug)]
pub struct NamedColumn(String);

impl NamedColumn {
    /// `column = constant`
    pub fn equal(self, constant: impl Into<Value>) -> Predicate<String> {
        self.compare(Comparison::Equal, constant)
    }

    /// The column compared with a constant.
    pub fn compare(self, by: Comparison, constant: impl Into<Value>) -> Predicate<String> {
        Predicate::Compare(self.0, by, constant.into())
    }

    /// `column IS NULL`
    pub fn is_null(self) -> Predicate<String> {
        Predicate::IsNull(self.0)
    }

    /// `column IS NOT NULL`
    pub fn is_not_null(self) -> Predicate<String> {
        Predicate::IsNotNull(self.0)
    }

    /// `column IN (constants)`
    pub fn is_in<V: Into<Value>>(
        self,
        constants: impl IntoIterator<Item = V>,
    ) -> Predicate<String> {
        Predicate::In(self.0, constants.into_iter().map(Into::into).collect())
    }

    /// `column BETWEEN low AND high`
    pub fn between(self, low: impl Into<Value>, high: impl Into<Value>) -> Predicate<String> {
        Predicate::Between(self.0, low.into(), high.into())
    }
}

impl<C> Predicate<C> {
    /// This and another.
    #[must_use]
    pub fn and(self, other: Predicate<C>) -> Predicate<C> {
        Predicate::And(vec![self, other])
    }

    /// This or another.
    #[must_use]
    pub fn or(self, other: Predicate<C>) -> Predicate<C> {
        Predicate::Or(vec![self, other])
    }

    /// The opposite of this.
    #[must_use]
    pub fn negate(self) -> Predicate<C> {
        Predicate::Not(Box::new(self))
    }

    /// How deep AND, OR and NOT are nested; a condition on one column has depth 1.
    pub fn depth(&self) -> usize {
        let deepest = |parts: &[Predicate<C>]| parts.iter().map(Predicate::depth).max();
        match self {
            Predicate::And(parts) | Predicate::Or(parts) => 1 + deepest(parts).unwrap_or(0),
            Predicate::Not(inner) => 1 + inner.depth(),
            _ => 1,
        }
    }

    /// The same predicate over columns that are named another way.
    ///
    /// # Errors
    /// The first error of `name`, which is given each column with the constants beside it.
    pub fn try_map<D>(
        self,
        name: &mut impl FnMut(C, &mut [Value]) -> Result<D>,
    ) -> Result<Predicate<D>> {
        Ok(match self {
            Predicate::Compare(column, by, constant) => {
                let mut constants = [constant];
                let column = name(column, &mut constants)?;
                let [constant] = constants;
                Predicate::Compare(column, by, constant)
            }
            Predicate::IsNull(column) => Predicate::IsNull(name(column, &mut [])?),
            Predicate::IsNotNull(column) => Predicate::IsNotNull(name(column, &mut [])?),
            Predicate::In(column, mut constants) => {
                Predicate::In(name(column, &mut constants)?, constants)
            }
            Predicate::Between(column, low, high) => {
                let mut constants = [low, high];
                let column = name(column, &mut constants)?;
                let [low, high] = constants;
                Predicate::Between(column, low, high)
            }
            Predicate::And(parts) => Predicate::And(try_map_all(parts, name)?),
            Predicate::Or(parts) => Predicate::Or(try_map_all(parts, name)?),
            Predicate::Not(inner) => Predicate::Not(Box::new(inner.try_map(name)?)),
        })
    }
}

fn try_map_all<C, D>(
    parts: Vec<Predicate<C>>,
    name: &mut impl FnMut(C, &mut [Value]) -> Result<D>,
) -> Result<Vec<Predicate<D>>> {
    parts.into_iter().map(|part| part.try_map(name)).collect()
}

impl Predicate {
    /// Whether the predicate is true for the row (not false, not unknown).
    pub fn holds(&self, row: &Row<'_>) -> bool {
        self.holds_for(&|column| row.get(usize::from(column)))
    }

    /// Whether the predicate is true for a row whose columns `value` gives.
    pub fn holds_for<'v>(&self, value: &dyn Fn(u16) -> ValueRef<'v>) -> bool {
        self.evaluate(value) == Some(true)
    }

    /// Three-valued: `None` is unknown.
    fn evaluate<'v>(&self, value: &dyn Fn(u16) -> ValueRef<'v>) -> Option<bool> {
        match self {
            Predicate::Compare(column, by, constant) => {
                compare(column, value(column.position), *by, constant)
            }
            Predicate::IsNull(column) => Some(value(column.position).is_null()),
            Predicate::IsNotNull(column) => Some(!value(column.position).is_null()),
            Predicate::In(column, constants) => {
                let left = value(column.position);
                let equal = |constant| compare(column, left, Comparison::Equal, constant);
                any(constants.iter().map(equal))
            }
            Predicate::Between(column, low, high) => {
                let left = value(column.position);
                let from = compare(column, left, Comparison::GreaterOrEqual, low);
                not(any([from, compare(column, left, Comparison::LessOrEqual, high)].map(not)))
            }
            Predicate::And(parts) => not(any(parts.iter().map(|part| not(part.evaluate(value))))),
            Predicate::Or(parts) => any(parts.iter().map(|part| part.evaluate(value))),
            Predicate::Not(inner) => not(inner.evaluate(value)),
        }
    }
}

fn compare(
    column: &BoundColumn,
    left: ValueRef<'_>,
    by: Comparison,
    constant: &Value,
) -> Option<bool> {
    let known = !left.is_null() && !constant.is_null();
    known.then(|| by.accepts(left.compare(constant.as_value(), column.collation)))
}

fn not(truth: Option<bool>) -> Option<bool> {
    truth.map(|truth| !truth)
}

/// Three-valued OR.
fn any(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for part in parts {
        match part {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

/// Fits a predicate's constants to the column that they are compared with. A number stays as it
/// is, because numbers compare exactly whatever their type: `quantity < 1.5` holds for integers.
///
/// # Errors
/// `InvalidInput`: 42804 or the text's own error when the constant is of no comparable type.
pub fn bind_constants(data_type: Type, constants: &mut [Value]) -> Result<()> {
    let numeric_type = matches!(
        data_type,
        Type::SmallInt
            | Type::Integer
            | Type::BigInt
            | Type::Real
            | Type::Double
            | Type::Decimal { .. }
    );
    for constant in constants {
        let number = matches!(
            constant,
            Value::Integer(_) | Value::Real(_) | Value::Double(_) | Value::Decimal(_)
        );
        if !(numeric_type && number) {
            *constant = data_type.coerce(std::mem::take(constant))?;
        }
    }
    Ok(())
}

/// Refuses a predicate that is nested too deep.
pub(crate) fn check_depth<C>(predicate: &Predicate<C>) -> Result<()> {
    if predicate.depth() <= DEPTH_MAX {
        return Ok(());
    }
    let message = format!("a predicate is nested deeper than {DEPTH_MAX} levels");
    Err(Error::invalid(message).with_sqlstate("54001"))
}
