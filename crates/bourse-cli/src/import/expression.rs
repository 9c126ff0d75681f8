//! SQL expressions of the source, as expressions of the store: the WHERE of partial indexes, the
//! keys of indexes on expressions, CHECK constraints.
//!
//! What would mean something else in the store is refused, by name. Where SQLite differs in a way
//! that can be said, it is said: a division by zero is NULL (`a / NULLIF(b, 0)`), a number is true
//! where it is not zero, LIKE folds ASCII letters, a constant gets the affinity of the column that
//! it is compared with.

use bourse::expression::{
    Arithmetic, Comparison, Function, all_of, any_of, call, case_when, column, constant,
};
use bourse::{Collation as StoreCollation, Decimal, Expression, Type, Value as StoreValue};
use bourse_sql::parse::SqliteRules;
use sqlparser::ast::{BinaryOperator, CaseWhen, Expr, InTarget, Statement, UnaryOperator, Value};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::definition::exact;
use super::plan::Plan;
use super::schema::Affinity;
use super::types::ColumnType;

mod functions;

type Named = Expression<String>;
type Translated<T> = std::result::Result<T, String>;

/// A constant of the source.
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

/// What kind of value an expression gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Null,
    Truth,
    Integer,
    Double,
    Decimal,
    Text,
    Blob,
    Any,
}

/// An expression of the store with what it gives.
#[derive(Clone)]
struct Typed {
    kind: Kind,
    expression: Named,
    /// The column, where it is one by itself.
    column: Option<usize>,
}

/// The parts of a `CREATE INDEX` that are expressions.
pub(crate) fn parse_index(statement: &str) -> Translated<sqlparser::ast::CreateIndex> {
    let statements = Parser::parse_sql(&SqliteRules::default(), statement)
        .map_err(|error| format!("its definition was not understood: {error}"))?;
    match statements.into_iter().next() {
        Some(Statement::CreateIndex(index)) => Ok(index),
        _ => Err("its definition is not a CREATE INDEX".to_owned()),
    }
}

/// An expression by itself.
pub(crate) fn parse_tokens(tokens: Vec<Token>) -> Translated<Expr> {
    finish(Parser::new(&SqliteRules::default()).with_tokens(tokens))
}

/// An expression as SQL text.
#[cfg(test)]
pub(crate) fn parse(text: &str) -> Translated<Expr> {
    let rules = SqliteRules::default();
    let parser = Parser::new(&rules).try_with_sql(text);
    finish(parser.map_err(|error| error.to_string())?)
}

fn finish(mut parser: Parser<'_>) -> Translated<Expr> {
    let whole = parser.parse_expr().and_then(|expression| {
        parser.expect_token(&Token::EOF)?;
        Ok(expression)
    });
    whole.map_err(|error| format!("it was not understood: {error}"))
}

/// A constant as SQL text: the default of a column.
pub(crate) fn parse_constant(text: &str) -> Translated<Option<Constant>> {
    let rules = SqliteRules::default();
    let parser = Parser::new(&rules).try_with_sql(text);
    let expression = finish(parser.map_err(|error| error.to_string())?)?;
    match strip(&expression) {
        Expr::Value(value) if matches!(value.value, Value::Null) => Ok(None),
        other => literal(other).map(Some).ok_or_else(|| "it is not a constant".to_owned()),
    }
}

/// A condition over a planned table, and whether it computes: whether evaluating it may fail.
pub(crate) fn condition(plan: &Plan, expression: &Expr) -> Translated<(Named, bool)> {
    let mut translator = Translator { plan, computes: false };
    let condition = translator.truth(expression)?;
    Ok((condition, translator.computes))
}

/// A value over a planned table.
pub(crate) fn value(plan: &Plan, expression: &Expr) -> Translated<Named> {
    let mut translator = Translator { plan, computes: false };
    let typed = translator.value(expression)?;
    // SQLite has no truths: the key of its index is a number.
    Ok(as_number(typed).expression)
}

/// The columns that an expression names, each once.
pub(crate) fn columns_of(expression: &Named) -> Vec<&String> {
    let mut names = Vec::new();
    expression.for_each_column(&mut |name| {
        if !names.contains(&name) {
            names.push(name);
        }
    });
    names
}

struct Translator<'p> {
    plan: &'p Plan,
    computes: bool,
}

fn strip(expression: &Expr) -> &Expr {
    match expression {
        Expr::Nested(inner) => strip(inner),
        other => other,
    }
}

fn refuse<T>(expression: &Expr) -> Translated<T> {
    Err(format!("{expression} is not supported"))
}

impl Translator<'_> {
    /// A condition: true where SQLite takes the value for true.
    fn truth(&mut self, expression: &Expr) -> Translated<Named> {
        let typed = self.value(expression)?;
        Ok(match typed.kind {
            Kind::Truth | Kind::Null => typed.expression,
            Kind::Integer | Kind::Decimal => typed.expression.not_equal(0),
            Kind::Double => typed.expression.not_equal(0.0),
            Kind::Text | Kind::Blob | Kind::Any => return refuse(expression),
        })
    }

    fn value(&mut self, expression: &Expr) -> Translated<Typed> {
        let truth = |expression| Ok(Typed { kind: Kind::Truth, expression, column: None });
        match strip(expression) {
            Expr::Identifier(name) => {
                self.column(&name.value).map_or_else(|| refuse(expression), Ok)
            }
            Expr::BinaryOp { left, op, right } => self.binary(expression, left, op, right),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => truth(self.truth(expr)?.opposite()),
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => self.value(expr),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } if literal(expression).is_none() => {
                let inner = self.number(expr)?;
                self.computes = true;
                Ok(Typed { expression: inner.expression.negative(), column: None, ..inner })
            }
            Expr::IsNull(inner) => truth(self.value(inner)?.expression.is_null()),
            Expr::IsNotNull(inner) => truth(self.value(inner)?.expression.is_not_null()),
            Expr::In { expr, target: InTarget::List(list), negated, .. } => {
                let subject = self.value(expr)?;
                let items = list.iter().map(|item| {
                    let (left, right) = alike(expression, subject.clone(), self.value(item)?)?;
                    let same = left.expression == subject.expression;
                    if same { Ok(right.expression) } else { refuse(expression) }
                });
                let items = items.collect::<Translated<Vec<_>>>()?;
                truth(negate_if(*negated, subject.expression.is_in(items)))
            }
            Expr::Between { expr, negated, low, high } => {
                let low = self.compare(expression, expr, Comparison::GreaterOrEqual, low)?;
                let high = self.compare(expression, expr, Comparison::LessOrEqual, high)?;
                truth(negate_if(*negated, joined(low, high)))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                let mut arguments = vec![self.text(expr)?, self.text(pattern)?];
                match escape_char.as_deref().map(literal) {
                    None => {}
                    Some(Some(Constant::Text(escape))) if escape.chars().count() == 1 => {
                        arguments.push(constant(escape.as_str()));
                    }
                    Some(_) => return refuse(expression),
                }
                truth(negate_if(*negated, call(Function::ILike, arguments)))
            }
            Expr::Collate { expr, collation } => {
                let typed = self.value(expr)?;
                let name = collation.to_string();
                match StoreCollation::parse(name.trim_matches(['"', '`', '[', ']'])) {
                    Ok(collation) if typed.kind == Kind::Text => {
                        Ok(Typed { expression: typed.expression.collate(collation), ..typed })
                    }
                    _ => refuse(expression),
                }
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(expression, operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::Cast { expr, data_type, .. } => self.cast(expression, expr, data_type),
            other => match literal(other) {
                Some(literal) => Ok(self.literal(literal)),
                None if matches!(other, Expr::Value(v) if v.value == Value::Null) => Ok(Typed {
                    kind: Kind::Null,
                    expression: constant(StoreValue::Null),
                    column: None,
                }),
                None => self.function(other),
            },
        }
    }

    fn column(&self, name: &str) -> Option<Typed> {
        let position = self.plan.table.column(name)?;
        let kind = match self.plan.types[position] {
            ColumnType::BigInt => Kind::Integer,
            ColumnType::Double => Kind::Double,
            ColumnType::Decimal { .. } => Kind::Decimal,
            ColumnType::Text => Kind::Text,
            ColumnType::Blob => Kind::Blob,
            ColumnType::Boolean => Kind::Truth,
            ColumnType::Any => Kind::Any,
        };
        let expression = column(&self.plan.table.columns[position].name);
        Some(Typed { kind, expression, column: Some(position) })
    }

    fn literal(&self, literal: Constant) -> Typed {
        let (kind, value) = match literal {
            Constant::Integer(number) => (Kind::Integer, StoreValue::Integer(number)),
            Constant::Real(number) => (Kind::Double, StoreValue::Double(number)),
            Constant::Text(text) => (Kind::Text, StoreValue::Text(text)),
            Constant::Blob(bytes) => (Kind::Blob, StoreValue::Blob(bytes)),
        };
        Typed { kind, expression: constant(value), column: None }
    }

    fn binary(
        &mut self,
        whole: &Expr,
        left: &Expr,
        operator: &BinaryOperator,
        right: &Expr,
    ) -> Translated<Typed> {
        let truth = |expression| Ok(Typed { kind: Kind::Truth, expression, column: None });
        let by = match operator {
            BinaryOperator::And => return truth(joined(self.truth(left)?, self.truth(right)?)),
            BinaryOperator::Or => {
                let parts = [self.truth(left)?, self.truth(right)?];
                return truth(any_of(parts));
            }
            BinaryOperator::StringConcat => {
                let parts = [self.text(left)?, self.text(right)?];
                let expression = call(Function::Concat, parts);
                return Ok(Typed { kind: Kind::Text, expression, column: None });
            }
            BinaryOperator::Eq => Comparison::Equal,
            BinaryOperator::NotEq => Comparison::NotEqual,
            BinaryOperator::Lt => Comparison::Less,
            BinaryOperator::LtEq => Comparison::LessOrEqual,
            BinaryOperator::Gt => Comparison::Greater,
            BinaryOperator::GtEq => Comparison::GreaterOrEqual,
            BinaryOperator::Plus => return self.arithmetic(Arithmetic::Add, left, right),
            BinaryOperator::Minus => return self.arithmetic(Arithmetic::Subtract, left, right),
            BinaryOperator::Multiply => return self.arithmetic(Arithmetic::Multiply, left, right),
            BinaryOperator::Divide => return self.division(whole, left, right),
            // Of two integers only: SQLite makes integers of what is not.
            BinaryOperator::Modulo => {
                let typed = self.arithmetic(Arithmetic::Remainder, left, right)?;
                return if typed.kind == Kind::Integer { Ok(typed) } else { refuse(whole) };
            }
            _ => return refuse(whole),
        };
        truth(self.compare(whole, left, by, right)?)
    }

    fn compare(
        &mut self,
        whole: &Expr,
        left: &Expr,
        by: Comparison,
        right: &Expr,
    ) -> Translated<Named> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        let (left, right) = alike(whole, left, right)?;
        // The store asks the left side for the collation first, SQLite whoever says COLLATE.
        if let (Expression::Collate(_, collation), Some(_)) = (&right.expression, left.column) {
            let left = left.expression.collate(*collation);
            return Ok(left.compare(by, right.expression));
        }
        Ok(left.expression.compare(by, right.expression))
    }

    fn arithmetic(&mut self, by: Arithmetic, left: &Expr, right: &Expr) -> Translated<Typed> {
        self.computes = true;
        let (mut left, mut right) = (self.number(left)?, self.number(right)?);
        if right.kind == Kind::Decimal {
            as_decimal(&mut left);
        } else if left.kind == Kind::Decimal {
            as_decimal(&mut right);
        }
        let kind = match (left.kind, right.kind) {
            (Kind::Double, _) | (_, Kind::Double) => Kind::Double,
            (Kind::Decimal, _) | (_, Kind::Decimal) => Kind::Decimal,
            _ => Kind::Integer,
        };
        let divides = matches!(by, Arithmetic::Divide | Arithmetic::Remainder);
        let divisor = match right.expression {
            Expression::Constant(value) if !is_zero(&value) => Expression::Constant(value),
            // In SQLite a division by zero is NULL.
            other if divides => {
                let zero = if kind == Kind::Double { constant(0.0) } else { constant(0) };
                call(Function::NullIf, [other, zero])
            }
            other => other,
        };
        let expression = left.expression.arithmetic(by, divisor);
        Ok(Typed { kind, expression, column: None })
    }

    /// Of what SQLite may keep as integers and as floating numbers, only it knows what they give.
    fn division(&mut self, whole: &Expr, left: &Expr, right: &Expr) -> Translated<Typed> {
        let typed = self.arithmetic(Arithmetic::Divide, left, right)?;
        let names = columns_of(&typed.expression);
        let mixed = names.iter().filter_map(|name| self.plan.table.column(name)).any(|at| {
            let fractions =
                matches!(self.plan.types[at], ColumnType::Double | ColumnType::Decimal { .. });
            fractions && self.plan.table.columns[at].affinity != Affinity::Real
        });
        if mixed { refuse(whole) } else { Ok(typed) }
    }

    fn number(&mut self, expression: &Expr) -> Translated<Typed> {
        let typed = as_number(self.value(expression)?);
        match typed.kind {
            Kind::Integer | Kind::Double | Kind::Decimal | Kind::Null => Ok(typed),
            _ => refuse(expression),
        }
    }

    fn text(&mut self, expression: &Expr) -> Translated<Named> {
        self.computes = true;
        let typed = self.value(expression)?;
        match typed.kind {
            Kind::Text | Kind::Null => Ok(typed.expression),
            Kind::Integer => Ok(typed.expression.cast(Type::Text)),
            _ => refuse(expression),
        }
    }

    fn case(
        &mut self,
        whole: &Expr,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
    ) -> Translated<Typed> {
        let mut branches = Vec::new();
        for CaseWhen { condition, result } in conditions {
            let condition = match operand {
                Some(operand) => self.compare(whole, operand, Comparison::Equal, condition)?,
                None => self.truth(condition)?,
            };
            branches.push((condition, self.value(result)?));
        }
        let otherwise = otherwise.map(|otherwise| self.value(otherwise)).transpose()?;
        let results = branches.iter().map(|(_, result)| result).chain(&otherwise);
        let kinds: Vec<Kind> = results.map(|r| r.kind).filter(|kind| *kind != Kind::Null).collect();
        let kind = kinds.first().copied().unwrap_or(Kind::Null);
        if kinds.iter().any(|other| *other != kind) {
            return refuse(whole);
        }
        let mut branches = branches.into_iter();
        let Some((condition, result)) = branches.next() else { return refuse(whole) };
        let first = case_when(condition, result.expression);
        let case = branches
            .fold(first, |case, (condition, result)| case.when(condition, result.expression));
        let expression = match otherwise {
            Some(otherwise) => case.otherwise(otherwise.expression),
            None => case,
        };
        Ok(Typed { kind, expression, column: None })
    }
}

fn is_zero(value: &StoreValue) -> bool {
    value.compare(&StoreValue::Integer(0), StoreCollation::Binary).is_eq()
}

fn negate_if(negated: bool, condition: Named) -> Named {
    if negated { condition.opposite() } else { condition }
}

/// AND, a chain of them as one.
fn joined(left: Named, right: Named) -> Named {
    let parts = |part| match part {
        Expression::And(parts) => parts,
        other => vec![other],
    };
    all_of(parts(left).into_iter().chain(parts(right)))
}

/// A truth as the number that it is in SQLite.
fn as_number(typed: Typed) -> Typed {
    if typed.kind != Kind::Truth {
        return typed;
    }
    Typed { kind: Kind::Integer, expression: typed.expression.cast(Type::BigInt), column: None }
}

/// A floating literal as the decimal that it is written as.
fn as_decimal(typed: &mut Typed) {
    if let Expression::Constant(StoreValue::Double(number)) = typed.expression
        && let Ok(decimal) = Decimal::from_f64(number)
    {
        typed.kind = Kind::Decimal;
        typed.expression = constant(decimal);
    }
}

/// Two values that are compared: a constant becomes what the other's affinity makes of it.
fn alike(whole: &Expr, left: Typed, right: Typed) -> Translated<(Typed, Typed)> {
    if left.kind == Kind::Null || right.kind == Kind::Null {
        return Ok((left, right));
    }
    let is_constant = |typed: &Typed| matches!(typed.expression, Expression::Constant(_));
    let (left, right) = match (is_constant(&left), is_constant(&right)) {
        (false, true) => {
            let right = fitted(whole, &left, right)?;
            (left, right)
        }
        (true, false) => {
            let left = fitted(whole, &right, left)?;
            (left, right)
        }
        _ => (left, right),
    };
    let (left, right) = match (left.kind, right.kind) {
        (Kind::Truth, Kind::Truth) => (left, right),
        _ => (as_number(left), as_number(right)),
    };
    let number = |kind| matches!(kind, Kind::Integer | Kind::Double | Kind::Decimal);
    let same = left.kind == right.kind || number(left.kind) && number(right.kind);
    if same { Ok((left, right)) } else { refuse(whole) }
}

/// A constant as the affinity of what it is compared with makes it, where that is plain.
fn fitted(whole: &Expr, other: &Typed, literal: Typed) -> Translated<Typed> {
    let Expression::Constant(value) = &literal.expression else { return Ok(literal) };
    let (data_type, given) = match (other.kind, value) {
        (Kind::Truth, StoreValue::Integer(number @ 0..=1)) => {
            let expression = constant(*number == 1);
            return Ok(Typed { kind: Kind::Truth, expression, column: None });
        }
        (Kind::Text, StoreValue::Integer(number)) if other.column.is_some() => {
            let expression = constant(number.to_string());
            return Ok(Typed { kind: Kind::Text, expression, column: None });
        }
        (Kind::Decimal, StoreValue::Double(number)) => (Type::DECIMAL, Constant::Real(*number)),
        (Kind::Any, StoreValue::Integer(_) | StoreValue::Double(_) | StoreValue::Text(_)) => {
            return Ok(Typed { kind: Kind::Any, ..literal });
        }
        _ => return Ok(literal),
    };
    match exact(data_type, &given) {
        Some(value) => Ok(Typed { kind: other.kind, expression: constant(value), column: None }),
        None => refuse(whole),
    }
}

fn literal(expression: &Expr) -> Option<Constant> {
    match strip(expression) {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => number(digits),
            Value::SingleQuotedString(text) => Some(Constant::Text(text.clone())),
            Value::HexStringLiteral(digits) => hexadecimal(digits).map(Constant::Blob),
            Value::Boolean(truth) => Some(Constant::Integer(i64::from(*truth))),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Plus, expr } => literal(expr),
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
