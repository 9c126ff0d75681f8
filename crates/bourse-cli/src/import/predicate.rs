//! The WHERE of a partial index, parsed into what the engine's partial indexes can hold:
//! comparisons of a column with a constant, NULL tests, lists, ranges, and their combinations.
//!
//! SQLite compares with the column's affinity: where that would convert the constant, the constant
//! is converted here, or the predicate is refused, so that it never means something else.

use std::fmt;

use sqlparser::ast::{BinaryOperator, Expr, Statement, UnaryOperator, Value};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::schema::{Affinity, Column};

/// A constant in a predicate or a default.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Constant {
    /// A whole number; TRUE and FALSE are 1 and 0, as in SQLite.
    Integer(i64),
    /// A floating number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// How a column is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operator {
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

/// Which rows a partial index holds: those for which this is true, neither false nor unknown.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Predicate {
    /// A column against a constant.
    Compare(String, Operator, Constant),
    /// `IS NULL`
    IsNull(String),
    /// `IS NOT NULL`
    IsNotNull(String),
    /// `IN (...)`
    In(String, Vec<Constant>),
    /// `BETWEEN`, both ends included.
    Between(String, Constant, Constant),
    /// Both.
    And(Box<Predicate>, Box<Predicate>),
    /// Either.
    Or(Box<Predicate>, Box<Predicate>),
    /// The opposite; unknown stays unknown.
    Not(Box<Predicate>),
}

/// The WHERE of a `CREATE INDEX` statement over a table with these columns, or why it cannot be
/// taken.
pub(crate) fn index_predicate(statement: &str, columns: &[Column]) -> Result<Predicate, String> {
    let statements = Parser::parse_sql(&SQLiteDialect {}, statement)
        .map_err(|error| format!("its definition was not understood: {error}"))?;
    let Some(Statement::CreateIndex(index)) = statements.first() else {
        return Err("its definition is not a CREATE INDEX".to_owned());
    };
    let Some(predicate) = &index.predicate else {
        return Err("its definition has no WHERE".to_owned());
    };
    translate(predicate, columns)
}

/// A constant as SQL text: the default of a column.
pub(crate) fn parse_constant(text: &str) -> Result<Option<Constant>, String> {
    let expression = Parser::new(&SQLiteDialect {})
        .try_with_sql(text)
        .and_then(|mut parser| parser.parse_expr())
        .map_err(|error| error.to_string())?;
    match strip(&expression) {
        Expr::Value(value) if matches!(value.value, Value::Null) => Ok(None),
        other => constant(other).map(Some).ok_or_else(|| "it is not a constant".to_owned()),
    }
}

fn strip(expression: &Expr) -> &Expr {
    match expression {
        Expr::Nested(inner) => strip(inner),
        other => other,
    }
}

fn translate(expression: &Expr, columns: &[Column]) -> Result<Predicate, String> {
    let refuse = || format!("WHERE {expression} is not supported");
    match strip(expression) {
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => Ok(Predicate::And(
            Box::new(translate(left, columns)?),
            Box::new(translate(right, columns)?),
        )),
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => Ok(Predicate::Or(
            Box::new(translate(left, columns)?),
            Box::new(translate(right, columns)?),
        )),
        Expr::BinaryOp { left, op, right } => {
            comparison(left, op, right, columns).ok_or_else(refuse)
        }
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
            Ok(Predicate::Not(Box::new(translate(expr, columns)?)))
        }
        Expr::IsNull(inner) => {
            { column(inner, columns).map(|found| Predicate::IsNull(found.name.clone())) }
                .ok_or_else(refuse)
        }
        Expr::IsNotNull(inner) => {
            { column(inner, columns).map(|found| Predicate::IsNotNull(found.name.clone())) }
                .ok_or_else(refuse)
        }
        Expr::InList { expr, list, negated } => {
            in_list(expr, list, *negated, columns).ok_or_else(refuse)
        }
        Expr::Between { expr, negated, low, high } => {
            between(expr, low, high, *negated, columns).ok_or_else(refuse)
        }
        other => truth(other, columns).ok_or_else(refuse),
    }
}

fn comparison(
    left: &Expr,
    operator: &BinaryOperator,
    right: &Expr,
    columns: &[Column],
) -> Option<Predicate> {
    let operator = match operator {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::NotEqual,
        BinaryOperator::Lt => Operator::Less,
        BinaryOperator::LtEq => Operator::LessOrEqual,
        BinaryOperator::Gt => Operator::Greater,
        BinaryOperator::GtEq => Operator::GreaterOrEqual,
        _ => return None,
    };
    let (found, operator, value) = match column(left, columns) {
        Some(found) => (found, operator, constant(right)?),
        None => (column(right, columns)?, operator.turned(), constant(left)?),
    };
    Some(Predicate::Compare(found.name.clone(), operator, fitted(value, found)?))
}

fn in_list(
    expression: &Expr,
    list: &[Expr],
    negated: bool,
    columns: &[Column],
) -> Option<Predicate> {
    let found = column(expression, columns)?;
    let list = list.iter().map(|item| fitted(constant(item)?, found)).collect::<Option<_>>()?;
    Some(negate_if(negated, Predicate::In(found.name.clone(), list)))
}

fn between(
    expression: &Expr,
    low: &Expr,
    high: &Expr,
    negated: bool,
    columns: &[Column],
) -> Option<Predicate> {
    let found = column(expression, columns)?;
    let (low, high) = (fitted(constant(low)?, found)?, fitted(constant(high)?, found)?);
    Some(negate_if(negated, Predicate::Between(found.name.clone(), low, high)))
}

/// A column by itself is true where it is not zero.
fn truth(expression: &Expr, columns: &[Column]) -> Option<Predicate> {
    let found = column(expression, columns)?;
    let numeric = matches!(found.affinity, Affinity::Integer | Affinity::Real | Affinity::Numeric);
    numeric
        .then(|| Predicate::Compare(found.name.clone(), Operator::NotEqual, Constant::Integer(0)))
}

fn negate_if(negated: bool, predicate: Predicate) -> Predicate {
    if negated { Predicate::Not(Box::new(predicate)) } else { predicate }
}

fn column<'c>(expression: &Expr, columns: &'c [Column]) -> Option<&'c Column> {
    let Expr::Identifier(name) = strip(expression) else { return None };
    columns.iter().find(|column| column.name.eq_ignore_ascii_case(&name.value))
}

fn constant(expression: &Expr) -> Option<Constant> {
    match strip(expression) {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => number(digits),
            Value::SingleQuotedString(text) => Some(Constant::Text(text.clone())),
            Value::HexStringLiteral(digits) => hexadecimal(digits).map(Constant::Blob),
            Value::Boolean(truth) => Some(Constant::Integer(i64::from(*truth))),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Plus, expr } => constant(expr),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match strip(expr) {
            Expr::Value(value) => match &value.value {
                Value::Number(digits, _) => number(&format!("-{digits}")),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn number(digits: &str) -> Option<Constant> {
    match digits.parse() {
        Ok(integer) => Some(Constant::Integer(integer)),
        Err(_) => digits.parse().ok().map(Constant::Real),
    }
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    if !digits.is_ascii() || !digits.len().is_multiple_of(2) {
        return None;
    }
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect()
}

/// The constant as the column's affinity makes it before the comparison, where that is plain.
fn fitted(constant: Constant, column: &Column) -> Option<Constant> {
    match (column.affinity, constant) {
        (Affinity::Text, Constant::Integer(value)) => Some(Constant::Text(value.to_string())),
        (Affinity::Text, Constant::Real(_)) => None,
        (Affinity::Integer | Affinity::Real | Affinity::Numeric, Constant::Text(text)) => {
            // Text that looks like a number is compared as one; other text stays text.
            let looks_numeric = text.trim().parse::<f64>().is_ok();
            (!looks_numeric).then_some(Constant::Text(text))
        }
        (_, constant) => Some(constant),
    }
}

impl Operator {
    /// The same comparison with its sides exchanged.
    fn turned(self) -> Operator {
        match self {
            Operator::Less => Operator::Greater,
            Operator::LessOrEqual => Operator::GreaterOrEqual,
            Operator::Greater => Operator::Less,
            Operator::GreaterOrEqual => Operator::LessOrEqual,
            same => same,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Operator::Equal => "=",
            Operator::NotEqual => "<>",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
        }
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constant::Integer(value) => write!(f, "{value}"),
            Constant::Real(value) => write!(f, "{value:?}"),
            Constant::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Constant::Blob(bytes) => {
                f.write_str("x'")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
                f.write_str("'")
            }
        }
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Predicate::Compare(column, operator, constant) => {
                write!(f, "{column} {} {constant}", operator.sign())
            }
            Predicate::IsNull(column) => write!(f, "{column} IS NULL"),
            Predicate::IsNotNull(column) => write!(f, "{column} IS NOT NULL"),
            Predicate::In(column, list) => {
                let list: Vec<String> = list.iter().map(Constant::to_string).collect();
                write!(f, "{column} IN ({})", list.join(", "))
            }
            Predicate::Between(column, low, high) => {
                write!(f, "{column} BETWEEN {low} AND {high}")
            }
            Predicate::And(left, right) => write!(f, "({left} AND {right})"),
            Predicate::Or(left, right) => write!(f, "({left} OR {right})"),
            Predicate::Not(inner) => write!(f, "NOT ({inner})"),
        }
    }
}
