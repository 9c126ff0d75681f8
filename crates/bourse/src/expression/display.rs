//! Expressions as SQL text.

use std::fmt;

use super::{Expression, Function};
use crate::datetime::{Date, Time, Timestamp, TimestampTz};
use crate::value::{Uuid, Value};

type Named = Expression<String>;

/// How tightly an expression's outermost operator binds: what stands inside of a tighter one needs
/// parentheses.
fn strength(expression: &Named) -> u8 {
    match expression {
        Expression::Or(parts) | Expression::And(parts) if parts.is_empty() => 9,
        Expression::Or(_) => 1,
        Expression::And(_) => 2,
        // NOT brings its own parentheses.
        Expression::Not(_) => 3,
        Expression::In(_, items) if items.is_empty() => 9,
        Expression::Compare(..)
        | Expression::IsNull(_)
        | Expression::IsNotNull(_)
        | Expression::In(..)
        | Expression::Between(..) => 4,
        Expression::Call(function, _, arguments) => match operator_of(*function) {
            Some((" || ", _)) if arguments.len() > 1 => 6,
            Some(_) => 4,
            None => 9,
        },
        Expression::Arithmetic(by, ..) => match by {
            super::Arithmetic::Add | super::Arithmetic::Subtract => 6,
            _ => 7,
        },
        Expression::Negate(_) | Expression::Collate(..) => 8,
        Expression::Column(_)
        | Expression::Constant(_)
        | Expression::Cast(..)
        | Expression::Case(..) => 9,
    }
}

/// The operator that SQL writes for a function, and whether a third argument follows ESCAPE.
fn operator_of(function: Function) -> Option<(&'static str, bool)> {
    match function {
        Function::Like => Some((" LIKE ", true)),
        Function::ILike => Some((" ILIKE ", true)),
        Function::Glob => Some((" GLOB ", false)),
        Function::Concat => Some((" || ", false)),
        _ => None,
    }
}

/// An operand, in parentheses unless it binds at least as tightly as `least`.
struct Operand<'e>(&'e Named, u8);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if strength(self.0) < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

/// The expression as SQL.
impl fmt::Display for Expression<String> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Column(column) => write!(f, "{}", Name(column)),
            Expression::Constant(value) => write!(f, "{}", Literal(value)),
            Expression::Collate(inner, collation) => {
                write!(f, "{} COLLATE {collation}", Operand(inner, 8))
            }
            Expression::Cast(inner, to) => write!(f, "CAST({inner} AS {to})"),
            Expression::Negate(inner) => write!(f, "-({inner})"),
            Expression::Arithmetic(by, left, right) => {
                let own = strength(self);
                write!(f, "{} {} {}", Operand(left, own), by.sql(), Operand(right, own + 1))
            }
            Expression::Compare(by, left, right) => {
                write!(f, "{} {} {}", Operand(left, 5), by.sql(), Operand(right, 5))
            }
            Expression::IsNull(inner) => write!(f, "{} IS NULL", Operand(inner, 5)),
            Expression::IsNotNull(inner) => write!(f, "{} IS NOT NULL", Operand(inner, 5)),
            // SQL has no empty list; `NULL IN ()` would be false, as this is.
            Expression::In(_, items) if items.is_empty() => f.write_str("FALSE"),
            Expression::In(subject, items) => {
                write!(f, "{} IN ({})", Operand(subject, 5), List(items))
            }
            Expression::Between(subject, low, high) => {
                let (low, high) = (Operand(low, 5), Operand(high, 5));
                write!(f, "{} BETWEEN {low} AND {high}", Operand(subject, 5))
            }
            Expression::And(parts) => write_parts(f, parts, " AND ", "TRUE"),
            Expression::Or(parts) => write_parts(f, parts, " OR ", "FALSE"),
            Expression::Not(inner) => write!(f, "NOT ({inner})"),
            Expression::Case(branches, otherwise) => {
                f.write_str("CASE")?;
                for (condition, result) in branches {
                    write!(f, " WHEN {condition} THEN {result}")?;
                }
                if let Some(otherwise) = otherwise {
                    write!(f, " ELSE {otherwise}")?;
                }
                f.write_str(" END")
            }
            Expression::Call(function, _, arguments) => write_call(f, *function, arguments),
        }
    }
}

fn write_call(f: &mut fmt::Formatter<'_>, function: Function, arguments: &[Named]) -> fmt::Result {
    match (operator_of(function), arguments) {
        (Some((operator @ " || ", _)), [_, _, ..]) => {
            arguments.iter().enumerate().try_for_each(|(at, argument)| {
                f.write_str(if at > 0 { operator } else { "" })?;
                write!(f, "{}", Operand(argument, 7))
            })
        }
        (Some((operator, _)), [text, pattern]) => {
            write!(f, "{}{operator}{}", Operand(text, 5), Operand(pattern, 5))
        }
        (Some((operator, true)), [text, pattern, escape]) => {
            write!(f, "{}{operator}{}", Operand(text, 5), Operand(pattern, 5))?;
            write!(f, " ESCAPE {}", Operand(escape, 5))
        }
        (_, [Expression::Constant(Value::Text(field)), time])
            if function == Function::Extract && is_word(field) =>
        {
            write!(f, "extract({field} FROM {time})")
        }
        _ => write!(f, "{}({})", function.name(), List(arguments)),
    }
}

/// Whether a text is a name of letters alone, as fields of time have.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn write_parts(
    f: &mut fmt::Formatter<'_>,
    parts: &[Named],
    operator: &str,
    empty: &str,
) -> fmt::Result {
    if parts.is_empty() {
        return f.write_str(empty);
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(operator)?;
        }
        match part {
            // BETWEEN has an AND of its own, which reads badly beside others.
            Expression::Between(..) => write!(f, "({part})")?,
            _ => write!(f, "{}", Operand(part, 3))?,
        }
    }
    Ok(())
}

struct List<'e>(&'e [Named]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(at, item)| {
            f.write_str(if at > 0 { ", " } else { "" })?;
            write!(f, "{item}")
        })
    }
}

/// A value as SQL writes it.
pub(crate) fn literal(value: &Value) -> String {
    Literal(value).to_string()
}

/// A name, in quotes unless it is plain.
struct Name<'a>(&'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.0.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_');
        let rest = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if first && self.0.bytes().all(rest) {
            f.write_str(self.0)
        } else {
            write!(f, "\"{}\"", self.0.replace('"', "\"\""))
        }
    }
}

struct Literal<'a>(&'a Value);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| text.replace('\'', "''");
        match self.0 {
            Value::Null => f.write_str("NULL"),
            Value::Boolean(v) => f.write_str(if *v { "TRUE" } else { "FALSE" }),
            Value::Integer(v) => write!(f, "{v}"),
            Value::Real(v) if v.is_finite() => write!(f, "{v:?}"),
            Value::Double(v) if v.is_finite() => write!(f, "{v:?}"),
            Value::Real(v) => write_not_finite(f, f64::from(*v)),
            Value::Double(v) => write_not_finite(f, *v),
            Value::Decimal(v) => write!(f, "{v}"),
            Value::Text(v) => write!(f, "'{}'", quoted(v)),
            Value::Json(v) => write!(f, "JSON '{}'", quoted(v)),
            Value::Date(v) => write!(f, "DATE '{}'", Date(*v)),
            Value::Time(v) => write!(f, "TIME '{}'", Time(*v)),
            Value::Timestamp(v) => write!(f, "TIMESTAMP '{}'", Timestamp(*v)),
            Value::TimestampTz(v) => write!(f, "TIMESTAMPTZ '{}'", TimestampTz(*v)),
            Value::Interval(v) => write!(f, "INTERVAL '{v}'"),
            Value::Uuid(v) => write!(f, "UUID '{}'", Uuid(*v)),
            Value::Blob(v) => {
                f.write_str("X'")?;
                v.iter().try_for_each(|byte| write!(f, "{byte:02X}"))?;
                f.write_str("'")
            }
        }
    }
}

fn write_not_finite(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    let name = match (value.is_nan(), value > 0.0) {
        (true, _) => "NaN",
        (false, true) => "Infinity",
        (false, false) => "-Infinity",
    };
    write!(f, "CAST('{name}' AS DOUBLE PRECISION)")
}
