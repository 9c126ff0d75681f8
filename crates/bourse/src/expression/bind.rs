//! From names to columns: constants are fitted to what they stand beside, and types are checked
//! (X1).

use bourse_storage::{Error, Result};

use super::{BoundColumn, Expression, cast, check_depth};
use crate::schema::{Column, TableDefinition};
use crate::value::{Collation, Type, Value};

/// What an expression gives: `None` for what is only ever NULL and fits every type.
pub(super) type Kind = Option<Type>;

impl TableDefinition {
    /// An expression over this table's columns, its constants fitted to the types that they stand
    /// beside.
    ///
    /// # Errors
    /// `InvalidInput`: 42703 for an unknown column, 42804 for a constant or an operand of another
    /// type, 42883 for values that cannot be compared, 54001 when it is nested too deep.
    pub fn bind(&self, expression: Expression<String>) -> Result<Expression> {
        check_depth(&expression)?;
        let mut bound = expression.try_map(&mut |name| {
            let position = self.position(&name)?;
            let collation = self.columns[usize::from(position)].collation;
            Ok(BoundColumn { position, collation })
        })?;
        fit_constants(&mut bound, &self.columns)?;
        bound.type_of(&self.columns)?;
        Ok(bound)
    }

    /// An expression with the names of the columns, for people and for SQL text.
    ///
    /// # Panics
    /// When the expression is of another table, with more columns.
    pub fn named(&self, expression: &Expression) -> Expression<String> {
        let name =
            |column: BoundColumn| Ok(self.columns[usize::from(column.position)].name.clone());
        match expression.clone().try_map(&mut { name }) {
            Ok(named) => named,
            Err(_) => unreachable!("naming a column does not fail"),
        }
    }
}

/// Refuses what is not a condition over these columns; `what` names it.
///
/// # Errors
/// `InvalidInput` (42804), and as [`TableDefinition::bind`].
pub(crate) fn check_condition(
    what: &str,
    condition: &Expression,
    columns: &[Column],
) -> Result<()> {
    check_depth(condition)?;
    match condition.type_of(columns)? {
        None | Some(Type::Boolean) => Ok(()),
        Some(other) => Err(Error::invalid(format!(
            "argument of {what} must be type BOOLEAN, not type {other}"
        ))
        .with_sqlstate("42804")),
    }
}

impl Expression {
    /// The type of its values; checks that every operator takes what it is given.
    ///
    /// # Errors
    /// `InvalidInput`, as [`TableDefinition::bind`].
    pub(crate) fn type_of(&self, columns: &[Column]) -> Result<Option<Type>> {
        Ok(match self {
            Expression::Column(column) => match columns.get(usize::from(column.position)) {
                Some(column) => Some(column.data_type),
                None => return Err(no_column(column.position)),
            },
            Expression::Constant(value) => of_constant(value),
            Expression::Collate(inner, collation) => {
                let kind = inner.type_of(columns)?;
                let takes = matches!(kind, None | Some(Type::Text | Type::Any));
                if !takes && *collation != Collation::Binary {
                    let message = format!("collations are not supported by type {}", name(kind));
                    return Err(Error::invalid(message).with_sqlstate("42804"));
                }
                kind
            }
            Expression::Cast(inner, to) => {
                to.check()?;
                match inner.type_of(columns)? {
                    Some(from) if !cast::is_possible(from, *to) => {
                        let message = format!("cannot cast type {from} to {to}");
                        return Err(Error::invalid(message).with_sqlstate("42846"));
                    }
                    _ => Some(*to),
                }
            }
            Expression::Negate(inner) => number("-", inner.type_of(columns)?)?,
            Expression::Arithmetic(by, left, right) => {
                let left = number(by.sql(), left.type_of(columns)?)?;
                unify(left, number(by.sql(), right.type_of(columns)?)?)?.map(widened)
            }
            Expression::Case(branches, otherwise) => {
                let mut kind = None;
                for (condition, result) in branches {
                    condition.check_truth("CASE/WHEN", columns)?;
                    kind = unify(kind, result.type_of(columns)?)?;
                }
                match otherwise {
                    Some(otherwise) => unify(kind, otherwise.type_of(columns)?)?,
                    None => kind,
                }
            }
            Expression::Call(function, version, arguments) => {
                let kinds = arguments.iter().map(|argument| argument.type_of(columns));
                let kinds = kinds.collect::<Result<Vec<_>>>()?;
                let result = function.result(*version, &kinds)?;
                function.check_constants(*version, arguments, &kinds)?;
                result
            }
            condition => {
                condition.check_operands(columns)?;
                Some(Type::Boolean)
            }
        })
    }

    fn check_operands(&self, columns: &[Column]) -> Result<()> {
        let alike = |left: &Expression, right: &Expression, by: &str| {
            comparable(left.type_of(columns)?, right.type_of(columns)?, by)
        };
        match self {
            Expression::Compare(by, left, right) => alike(left, right, by.sql()),
            Expression::In(subject, items) => {
                items.iter().try_for_each(|item| alike(subject, item, "="))
            }
            Expression::Between(subject, low, high) => {
                alike(subject, low, ">=")?;
                alike(subject, high, "<=")
            }
            Expression::And(parts) => parts.iter().try_for_each(|p| p.check_truth("AND", columns)),
            Expression::Or(parts) => parts.iter().try_for_each(|p| p.check_truth("OR", columns)),
            Expression::Not(inner) => inner.check_truth("NOT", columns),
            Expression::IsNull(inner) | Expression::IsNotNull(inner) => {
                inner.type_of(columns).map(|_| ())
            }
            _ => unreachable!("type_of has handled what is no condition"),
        }
    }

    fn check_truth(&self, what: &str, columns: &[Column]) -> Result<()> {
        match self.type_of(columns)? {
            None | Some(Type::Boolean) => Ok(()),
            Some(other) => {
                let message = format!("argument of {what} must be type BOOLEAN, not type {other}");
                Err(Error::invalid(message).with_sqlstate("42804"))
            }
        }
    }
}

/// Fits constants to what they are compared with, or returned in place of.
fn fit_constants(expression: &mut Expression, columns: &[Column]) -> Result<()> {
    let beside = |subject: &mut Expression, others: &mut [&mut Expression]| {
        fit_constants(subject, columns)?;
        let mut kind = if is_constant(subject) { None } else { subject.type_of(columns)? };
        for other in others.iter_mut() {
            fit_constants(other, columns)?;
            if kind.is_none() && !is_constant(other) {
                kind = other.type_of(columns)?;
            }
        }
        let Some(data_type) = kind else { return Ok(()) };
        fit(data_type, subject)?;
        others.iter_mut().try_for_each(|other| fit(data_type, other))
    };
    match expression {
        Expression::Column(_) | Expression::Constant(_) => Ok(()),
        Expression::Collate(inner, _)
        | Expression::Cast(inner, _)
        | Expression::Negate(inner)
        | Expression::IsNull(inner)
        | Expression::IsNotNull(inner)
        | Expression::Not(inner) => fit_constants(inner, columns),
        Expression::Arithmetic(_, left, right) => {
            fit_constants(left, columns)?;
            fit_constants(right, columns)
        }
        Expression::Compare(_, left, right) => beside(left, &mut [right]),
        Expression::Between(subject, low, high) => beside(subject, &mut [low, high]),
        Expression::In(subject, items) => {
            beside(subject, &mut items.iter_mut().collect::<Vec<_>>())
        }
        Expression::And(parts) | Expression::Or(parts) => {
            parts.iter_mut().try_for_each(|part| fit_constants(part, columns))
        }
        Expression::Call(function, _, arguments) => {
            let count = arguments.len();
            let from = function.first_alike().map_or(count, |first| first.min(count));
            let (others, alike) = arguments.split_at_mut(from);
            others.iter_mut().try_for_each(|part| fit_constants(part, columns))?;
            match alike.split_first_mut() {
                Some((first, rest)) => beside(first, &mut rest.iter_mut().collect::<Vec<_>>()),
                None => Ok(()),
            }
        }
        Expression::Case(branches, otherwise) => {
            let mut results = Vec::new();
            for (condition, result) in branches {
                fit_constants(condition, columns)?;
                results.push(result);
            }
            results.extend(otherwise.as_deref_mut());
            match results.split_first_mut() {
                Some((first, rest)) => beside(first, rest),
                None => Ok(()),
            }
        }
    }
}

fn is_constant(expression: &Expression) -> bool {
    matches!(expression, Expression::Constant(_))
}

/// Fits a constant to a type. A number stays as it is beside numbers, which compare exactly
/// whatever their type: `quantity < 1.5` holds for integers.
fn fit(data_type: Type, expression: &mut Expression) -> Result<()> {
    if let Expression::Constant(constant) = expression {
        let number = of_constant(constant).is_some_and(is_number);
        if !(number && is_number(data_type)) {
            *constant = data_type.coerce(std::mem::take(constant))?;
        }
    }
    Ok(())
}

fn of_constant(value: &Value) -> Kind {
    Some(match value {
        Value::Null => return None,
        Value::Boolean(_) => Type::Boolean,
        Value::Integer(_) => Type::BigInt,
        Value::Real(_) => Type::Real,
        Value::Double(_) => Type::Double,
        Value::Decimal(_) => Type::DECIMAL,
        Value::Text(_) => Type::Text,
        Value::Blob(_) => Type::Blob,
        Value::Date(_) => Type::Date,
        Value::Time(_) => Type::Time { precision: 9 },
        Value::Timestamp(_) => Type::Timestamp { precision: 9 },
        Value::TimestampTz(_) => Type::TimestampTz { precision: 9 },
        Value::Interval(_) => Type::Interval,
        Value::Uuid(_) => Type::Uuid,
        Value::Json(_) => Type::Json,
    })
}

pub(super) fn is_number(data_type: Type) -> bool {
    is_floating(data_type) || is_whole(data_type) || matches!(data_type, Type::Decimal { .. })
}

fn is_whole(data_type: Type) -> bool {
    matches!(data_type, Type::SmallInt | Type::Integer | Type::BigInt)
}

fn is_floating(data_type: Type) -> bool {
    matches!(data_type, Type::Real | Type::Double)
}

/// Whether ANY takes values of the type as they are.
fn is_of_any(data_type: Type) -> bool {
    data_type == Type::Any
        || is_whole(data_type)
        || is_floating(data_type)
        || matches!(data_type, Type::Text | Type::Blob)
}

/// A number, or what may be one.
pub(super) fn number(operator: &str, kind: Kind) -> Result<Kind> {
    match kind {
        Some(data_type) if !is_number(data_type) && data_type != Type::Any => {
            Err(undefined(&format!("{operator} {data_type}")))
        }
        kind => Ok(kind.map(widened)),
    }
}

/// The type in which numbers of a type are computed.
fn widened(data_type: Type) -> Type {
    match data_type {
        whole if is_whole(whole) => Type::BigInt,
        floating if is_floating(floating) => Type::Double,
        Type::Decimal { .. } => Type::DECIMAL,
        other => other,
    }
}

/// The type that holds values of both.
pub(super) fn unify(left: Kind, right: Kind) -> Result<Kind> {
    let (Some(left), Some(right)) = (left, right) else { return Ok(left.or(right)) };
    if left == right {
        return Ok(Some(left));
    }
    Ok(Some(match (left, right) {
        (a, b) if is_whole(a) && is_whole(b) => Type::BigInt,
        (a, b) if is_number(a) && is_number(b) => {
            if is_floating(a) || is_floating(b) {
                Type::Double
            } else {
                Type::DECIMAL
            }
        }
        (Type::Timestamp { precision: a }, Type::Timestamp { precision: b }) => {
            Type::Timestamp { precision: a.max(b) }
        }
        (Type::TimestampTz { precision: a }, Type::TimestampTz { precision: b }) => {
            Type::TimestampTz { precision: a.max(b) }
        }
        (Type::Time { precision: a }, Type::Time { precision: b }) => {
            Type::Time { precision: a.max(b) }
        }
        (a, b) if (a == Type::Any || b == Type::Any) && is_of_any(a) && is_of_any(b) => Type::Any,
        _ => {
            let message = format!("types {left} and {right} cannot be matched");
            return Err(Error::invalid(message).with_sqlstate("42804"));
        }
    }))
}

/// Refuses to compare values that have no order between them.
pub(super) fn comparable(left: Kind, right: Kind, operator: &str) -> Result<()> {
    let (Some(left), Some(right)) = (left, right) else { return Ok(()) };
    let alike = left.is_same_kind(right)
        || is_number(left) && is_number(right)
        || (left == Type::Any || right == Type::Any) && is_of_any(left) && is_of_any(right);
    if alike { Ok(()) } else { Err(undefined(&format!("{left} {operator} {right}"))) }
}

fn undefined(operation: &str) -> Error {
    Error::invalid(format!("operator does not exist: {operation}")).with_sqlstate("42883")
}

/// The type's name for a message.
pub(super) fn name(kind: Kind) -> String {
    kind.map_or_else(|| "unknown".to_owned(), |data_type| data_type.to_string())
}

fn no_column(position: u16) -> Error {
    Error::invalid(format!("an expression names column {position}, which its table does not have"))
        .with_sqlstate("42703")
}
