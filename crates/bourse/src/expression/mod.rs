//! Expressions over the columns of one row: the condition of a CHECK, the WHERE of a partial index,
//! the key of an index. Plain data, made by functions and methods; nothing here reads SQL text.
//!
//! An [`Expression`] is generic over how it names columns: people write `Expression<String>`, a
//! definition keeps `Expression<BoundColumn>`, which knows each column's position and collation.
//! `TableDefinition::bind` turns the one into the other and checks the types, so that evaluating
//! fails only by its values: overflow (22003), division by zero (22012), a text that is no number.
//!
//! Values are SQL's: what is computed from NULL is NULL; a condition is true, false or unknown
//! (NULL), and *holds* only when it is true. Everything depends on the row alone, not on a clock, a
//! locale or the machine, so all nodes compute the same for ever: a function whose meaning changes
//! gets a new version beside the old one, and definitions say which they mean ([`Function`]).
//!
//! ```text
//! build --> bind (names, constants, types) --> encode / decode --> evaluate, holds
//!                                          \-> implies, display
//! ```
//!
//! Invariants:
//! - **X1** A bound expression has passed `type_of`: operators and functions meet only kinds of
//!   values that they take, except in columns of type ANY, which are looked at when evaluated.
//! - **X2** No expression of a definition is nested deeper than [`DEPTH_MAX`].

use std::cmp::Ordering;

use bourse_storage::{Error, Result};

use crate::value::{Collation, Type, Value};

mod arithmetic;
mod bind;
mod build;
mod cast;
mod display;
mod encode;
mod evaluate;
mod function;
mod imply;
mod pattern;
mod preimage;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use bind::check_condition;
pub use build::{all_of, any_of, call, case_when, column, constant};
pub(crate) use display::literal;
pub(crate) use encode::{decode_expression, encode_expression};
pub use function::Function;

/// Nesting deeper than this is refused, so that no definition can exhaust the stack of whoever
/// evaluates it.
pub const DEPTH_MAX: usize = 64;

/// How two values are compared.
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
    /// All of them; the place of each is its byte on disk.
    pub(crate) const ALL: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];

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

/// How two numbers become one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; of two integers the whole part, towards zero.
    Divide,
    /// `%`; it has the sign of the dividend.
    Remainder,
}

impl Arithmetic {
    /// All of them; the place of each is its byte on disk.
    pub(crate) const ALL: [Arithmetic; 5] = [
        Arithmetic::Add,
        Arithmetic::Subtract,
        Arithmetic::Multiply,
        Arithmetic::Divide,
        Arithmetic::Remainder,
    ];

    /// The operator in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Remainder => "%",
        }
    }
}

/// A column as a definition's expressions name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BoundColumn {
    /// Position in the table.
    pub position: u16,
    /// How its texts compare.
    pub collation: Collation,
}

/// A value computed from the columns of one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expression<C = BoundColumn> {
    /// A column.
    Column(C),
    /// A constant.
    Constant(Value),
    /// The same value, whose text compares under this collation.
    Collate(Box<Expression<C>>, Collation),
    /// The value as one of another type.
    Cast(Box<Expression<C>>, Type),
    /// The number with the other sign.
    Negate(Box<Expression<C>>),
    /// Two numbers.
    Arithmetic(Arithmetic, Box<Expression<C>>, Box<Expression<C>>),
    /// Two values compared; texts under the collation of the left one if it names any, else of the
    /// right one.
    Compare(Comparison, Box<Expression<C>>, Box<Expression<C>>),
    /// `IS NULL`.
    IsNull(Box<Expression<C>>),
    /// `IS NOT NULL`.
    IsNotNull(Box<Expression<C>>),
    /// `IN (...)`.
    In(Box<Expression<C>>, Vec<Expression<C>>),
    /// `BETWEEN low AND high`, both included.
    Between(Box<Expression<C>>, Box<Expression<C>>, Box<Expression<C>>),
    /// All of them; true when empty.
    And(Vec<Expression<C>>),
    /// Any of them; false when empty.
    Or(Vec<Expression<C>>),
    /// The opposite.
    Not(Box<Expression<C>>),
    /// `CASE`: the second of the first pair whose condition is true, else the last.
    Case(Vec<(Expression<C>, Expression<C>)>, Option<Box<Expression<C>>>),
    /// A function, in one of its versions, of arguments.
    Call(Function, u8, Vec<Expression<C>>),
}

impl<C> Expression<C> {
    /// How deep it is nested: 0 for a column or a constant.
    pub fn depth(&self) -> usize {
        let mut deepest = None;
        self.for_each_part(&mut |part| deepest = deepest.max(Some(part.depth())));
        deepest.map_or(usize::from(!self.is_leaf()), |depth| depth + 1)
    }

    fn is_leaf(&self) -> bool {
        matches!(self, Expression::Column(_) | Expression::Constant(_))
    }

    /// Shows the expressions that this one is made of directly.
    fn for_each_part<'e>(&'e self, visit: &mut dyn FnMut(&'e Expression<C>)) {
        match self {
            Expression::Column(_) | Expression::Constant(_) => {}
            Expression::Collate(inner, _)
            | Expression::Cast(inner, _)
            | Expression::Negate(inner)
            | Expression::IsNull(inner)
            | Expression::IsNotNull(inner)
            | Expression::Not(inner) => visit(inner),
            Expression::Arithmetic(_, left, right) | Expression::Compare(_, left, right) => {
                visit(left);
                visit(right);
            }
            Expression::In(subject, items) => {
                visit(subject);
                items.iter().for_each(visit);
            }
            Expression::Between(subject, low, high) => {
                visit(subject);
                visit(low);
                visit(high);
            }
            Expression::And(parts) | Expression::Or(parts) | Expression::Call(_, _, parts) => {
                parts.iter().for_each(visit);
            }
            Expression::Case(branches, otherwise) => {
                for (condition, result) in branches {
                    visit(condition);
                    visit(result);
                }
                otherwise.iter().for_each(|otherwise| visit(otherwise));
            }
        }
    }

    /// Shows each column that it names, as often as it does.
    pub fn for_each_column<'e>(&'e self, visit: &mut dyn FnMut(&'e C)) {
        if let Expression::Column(column) = self {
            visit(column);
        }
        self.for_each_part(&mut |part| part.for_each_column(visit));
    }

    /// The same expression over columns that are named another way.
    ///
    /// # Errors
    /// The first error of `name`.
    pub fn try_map<D>(self, name: &mut dyn FnMut(C) -> Result<D>) -> Result<Expression<D>> {
        let mut one = |part: Box<Expression<C>>| part.try_map(name).map(Box::new);
        Ok(match self {
            Expression::Column(column) => Expression::Column(name(column)?),
            Expression::Constant(value) => Expression::Constant(value),
            Expression::Collate(inner, collation) => Expression::Collate(one(inner)?, collation),
            Expression::Cast(inner, data_type) => Expression::Cast(one(inner)?, data_type),
            Expression::Negate(inner) => Expression::Negate(one(inner)?),
            Expression::Arithmetic(by, left, right) => {
                Expression::Arithmetic(by, one(left)?, one(right)?)
            }
            Expression::Compare(by, left, right) => {
                Expression::Compare(by, one(left)?, one(right)?)
            }
            Expression::IsNull(inner) => Expression::IsNull(one(inner)?),
            Expression::IsNotNull(inner) => Expression::IsNotNull(one(inner)?),
            Expression::In(subject, items) => {
                Expression::In(one(subject)?, try_map_all(items, name)?)
            }
            Expression::Between(subject, low, high) => {
                Expression::Between(one(subject)?, one(low)?, one(high)?)
            }
            Expression::And(parts) => Expression::And(try_map_all(parts, name)?),
            Expression::Or(parts) => Expression::Or(try_map_all(parts, name)?),
            Expression::Not(inner) => Expression::Not(one(inner)?),
            Expression::Case(branches, otherwise) => {
                let otherwise = otherwise.map(one).transpose()?;
                let branches = branches.into_iter();
                let branches = branches.map(|(condition, result)| {
                    Ok((condition.try_map(name)?, result.try_map(name)?))
                });
                Expression::Case(branches.collect::<Result<_>>()?, otherwise)
            }
            Expression::Call(function, version, arguments) => {
                Expression::Call(function, version, try_map_all(arguments, name)?)
            }
        })
    }
}

fn try_map_all<C, D>(
    parts: Vec<Expression<C>>,
    name: &mut dyn FnMut(C) -> Result<D>,
) -> Result<Vec<Expression<D>>> {
    parts.into_iter().map(|part| part.try_map(name)).collect()
}

impl Expression {
    /// The collation under which its text compares, if it names one.
    pub fn collation(&self) -> Option<Collation> {
        match self {
            Expression::Column(column) => Some(column.collation),
            Expression::Collate(_, collation) => Some(*collation),
            Expression::Cast(inner, _) => inner.collation(),
            _ => None,
        }
    }
}

/// Refuses an expression that is nested too deep (X2).
pub(crate) fn check_depth<C>(expression: &Expression<C>) -> Result<()> {
    if expression.depth() <= DEPTH_MAX {
        return Ok(());
    }
    let message = format!("an expression is nested deeper than {DEPTH_MAX} levels");
    Err(Error::invalid(message).with_sqlstate("54001"))
}
