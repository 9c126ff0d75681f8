//! Conditions and computed keys of the store, and defaults, as PostgreSQL writes them: every
//! operator in parentheses, every constant with its type. Pretty ones have the parentheses that
//! are needed.

use bourse::expression::{Arithmetic, Expression, Function};
use bourse::{Type, Value, schema};

use crate::Dialect;
use crate::catalog::{ColumnEntry, TableEntry};
use crate::datum;
use crate::function::{PlainContext, quote_identifier, quote_literal};
use crate::types::SqlType;

/// Writes expressions over the columns of a table.
pub(super) struct Writer<'t> {
    columns: &'t [ColumnEntry],
    pretty: bool,
}

/// How tightly what was written holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Whole,
}

impl Writer<'_> {
    pub(super) fn new(table: &TableEntry, pretty: bool) -> Writer<'_> {
        Writer { columns: &table.columns, pretty }
    }

    /// An expression that stands alone.
    pub(super) fn text(&self, expression: &Expression) -> String {
        let (text, strength) = self.write(expression, None);
        if self.pretty || strength == Strength::Whole { text } else { format!("({text})") }
    }

    /// Whether it is written as a call, which needs no parentheses in the key of an index.
    pub(super) fn is_call(expression: &Expression) -> bool {
        matches!(expression, Expression::Call(function, ..) if operator_of(*function).is_none())
    }

    /// The name of a key that is computed, in its index.
    pub(super) fn key_name(expression: &Expression) -> &'static str {
        match expression {
            Expression::Call(Function::Trim, ..) => "btrim",
            Expression::Call(function, ..) if operator_of(*function).is_none() => function.name(),
            Expression::Case(..) => "case",
            _ => "expr",
        }
    }

    /// An operand, in parentheses unless it holds together at least so.
    fn operand(&self, expression: &Expression, ty: Option<&SqlType>, least: Strength) -> String {
        let (text, strength) = self.write(expression, ty);
        let bare = strength == Strength::Whole || (self.pretty && strength >= least);
        if bare { text } else { format!("({text})") }
    }

    fn type_of(&self, expression: &Expression) -> Option<SqlType> {
        match expression {
            Expression::Column(column) => {
                self.columns.get(usize::from(column.position)).map(|column| column.ty.clone())
            }
            Expression::Collate(inner, _) | Expression::Negate(inner) => self.type_of(inner),
            Expression::Cast(_, to) => {
                Some(crate::types::of_column(&schema::Column::new("", *to), Dialect::Postgres))
            }
            Expression::Arithmetic(_, left, right) => {
                self.type_of(left).or_else(|| self.type_of(right))
            }
            Expression::Call(
                Function::Lower | Function::Upper | Function::Trim | Function::Concat,
                ..,
            ) => Some(SqlType::Text),
            _ => None,
        }
    }

    /// `ty` is what a constant is compared with.
    fn write(&self, expression: &Expression, ty: Option<&SqlType>) -> (String, Strength) {
        match expression {
            Expression::Column(column) => {
                let entry = self.columns.get(usize::from(column.position));
                let name = entry.map_or("?", |entry| entry.name.as_str());
                (quote_identifier(name).to_string(), Strength::Whole)
            }
            Expression::Constant(value) => (self.constant(value, ty), Strength::Whole),
            Expression::Collate(inner, collation) => {
                let inner = self.operand(inner, ty, Strength::Whole);
                (format!("{inner} COLLATE {collation}"), Strength::Product)
            }
            // Without its modifier a number is the same: PostgreSQL has no cast there.
            Expression::Cast(inner, Type::Decimal { .. })
                if matches!(self.type_of(inner), Some(SqlType::Numeric(_))) =>
            {
                self.write(inner, ty)
            }
            Expression::Cast(inner, to) => {
                let column = schema::Column::new("", *to);
                let to = crate::types::of_column(&column, Dialect::Postgres);
                let inner = self.write(inner, None).0;
                (self.cast(&inner, &to.to_string()), Strength::Whole)
            }
            Expression::Negate(inner) => {
                (format!("- {}", self.operand(inner, None, Strength::Whole)), Strength::Product)
            }
            Expression::Arithmetic(by, left, right) => {
                let own = match by {
                    Arithmetic::Add | Arithmetic::Subtract => Strength::Sum,
                    _ => Strength::Product,
                };
                let ty = self.type_of(left).or_else(|| self.type_of(right));
                let left = self.operand(left, ty.as_ref(), own);
                let right = self.operand(right, ty.as_ref(), Strength::Whole);
                (format!("{left} {} {right}", by.sql()), own)
            }
            Expression::Compare(by, left, right) => {
                (self.compared(left, by.sql(), right), Strength::Comparison)
            }
            Expression::IsNull(inner) => {
                let inner = self.operand(inner, None, Strength::Sum);
                (format!("{inner} IS NULL"), Strength::Comparison)
            }
            Expression::IsNotNull(inner) => {
                let inner = self.operand(inner, None, Strength::Sum);
                (format!("{inner} IS NOT NULL"), Strength::Comparison)
            }
            Expression::In(subject, items) => (self.list(subject, items), Strength::Comparison),
            Expression::Between(subject, low, high) => {
                let low = self.compared(subject, ">=", low);
                let high = self.compared(subject, "<=", high);
                match self.pretty {
                    true => (format!("{low} AND {high}"), Strength::And),
                    false => (format!("({low}) AND ({high})"), Strength::And),
                }
            }
            Expression::And(parts) => self.joined(parts, " AND ", "true", Strength::And),
            Expression::Or(parts) => self.joined(parts, " OR ", "false", Strength::Or),
            Expression::Not(inner) => {
                (format!("NOT {}", self.operand(inner, None, Strength::Not)), Strength::Not)
            }
            Expression::Case(branches, otherwise) => {
                (self.case(branches, otherwise), Strength::Whole)
            }
            Expression::Call(function, _, arguments) => self.call(*function, arguments),
        }
    }

    fn compared(&self, left: &Expression, operator: &str, right: &Expression) -> String {
        let ty = self.type_of(left).or_else(|| self.type_of(right));
        let side = |expression: &Expression| match (&ty, expression) {
            // There are no operators of varchar: both sides are compared as texts.
            (Some(SqlType::Varchar(_)), Expression::Column(_)) => {
                self.cast(&self.write(expression, None).0, "text")
            }
            _ => self.operand(expression, ty.as_ref(), Strength::Sum),
        };
        format!("{} {operator} {}", side(left), side(right))
    }

    fn list(&self, subject: &Expression, items: &[Expression]) -> String {
        let ty = self.type_of(subject);
        // There are no operators of varchar: both sides are compared as texts.
        let is_varchar = matches!(ty, Some(SqlType::Varchar(_)));
        let of_items = if is_varchar { Some(SqlType::Varchar(None)) } else { ty };
        let items = items.iter().map(|item| self.operand(item, of_items.as_ref(), Strength::Whole));
        let array = format!("ARRAY[{}]", items.collect::<Vec<_>>().join(", "));
        if !is_varchar {
            let subject = self.operand(subject, None, Strength::Sum);
            return format!("{subject} = ANY ({array})");
        }
        let subject = self.cast(&self.write(subject, None).0, "text");
        let array = if self.pretty { array } else { format!("({array})") };
        format!("{subject} = ANY ({array}::text[])")
    }

    fn joined(
        &self,
        parts: &[Expression],
        operator: &str,
        empty: &str,
        own: Strength,
    ) -> (String, Strength) {
        if parts.is_empty() {
            return (empty.to_owned(), Strength::Whole);
        }
        let least = if own == Strength::Or { Strength::And } else { Strength::Not };
        let parts = parts.iter().map(|part| self.operand(part, None, least));
        (parts.collect::<Vec<_>>().join(operator), own)
    }

    fn case(
        &self,
        branches: &[(Expression, Expression)],
        otherwise: &Option<Box<Expression>>,
    ) -> String {
        let mut text = String::from("CASE");
        for (condition, result) in branches {
            let condition = self.text(condition);
            text.push_str(&format!(" WHEN {condition} THEN {}", self.text(result)));
        }
        let otherwise = otherwise.as_ref().map_or("NULL".to_owned(), |other| self.text(other));
        format!("{text} ELSE {otherwise} END")
    }

    fn call(&self, function: Function, arguments: &[Expression]) -> (String, Strength) {
        if let (Some(operator), [left, right]) = (operator_of(function), arguments) {
            return (self.compared(left, operator, right), Strength::Comparison);
        }
        let arguments = arguments.iter().map(|argument| self.write(argument, None).0);
        let name = match function {
            Function::Trim => "btrim",
            other => other.name(),
        };
        (format!("{name}({})", arguments.collect::<Vec<_>>().join(", ")), Strength::Whole)
    }

    fn cast(&self, inner: &str, ty: &str) -> String {
        let is_plain = inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            || inner.starts_with('\'');
        if self.pretty && is_plain { format!("{inner}::{ty}") } else { format!("({inner})::{ty}") }
    }

    fn constant(&self, value: &Value, ty: Option<&SqlType>) -> String {
        let own = match value {
            Value::Null => return "NULL".to_owned(),
            Value::Boolean(value) => return value.to_string(),
            Value::Integer(number) => {
                let number = number.to_string();
                return match ty {
                    Some(ty @ (SqlType::Numeric(_) | SqlType::Double | SqlType::Real)) => {
                        self.cast(&number, &ty.name_without_modifier())
                    }
                    _ if number.starts_with('-') => format!("'{number}'::integer"),
                    _ => number,
                };
            }
            Value::Decimal(number) => {
                let number = number.to_string();
                let is_whole = !number.contains('.');
                return match ty {
                    Some(ty @ (SqlType::Double | SqlType::Real)) => {
                        self.cast(&number, &ty.name_without_modifier())
                    }
                    _ if is_whole && !number.starts_with('-') => self.cast(&number, "numeric"),
                    _ if number.starts_with('-') => format!("'{number}'::numeric"),
                    _ => number,
                };
            }
            Value::Double(_) | Value::Real(_) => ty.cloned().unwrap_or(SqlType::Double),
            Value::Text(_) => match ty {
                Some(SqlType::Varchar(None)) => SqlType::Varchar(None),
                Some(ty @ (SqlType::Enum(_) | SqlType::Array(_) | SqlType::Name)) => ty.clone(),
                Some(SqlType::Char(_)) => SqlType::Char(0),
                _ => SqlType::Text,
            },
            Value::Blob(_) => SqlType::Bytea,
            Value::Date(_) => SqlType::Date,
            Value::Time(_) => SqlType::Time(6),
            Value::Timestamp(_) => SqlType::Timestamp(6),
            Value::TimestampTz(_) => SqlType::TimestampTz(6),
            Value::Interval(_) => SqlType::Interval,
            Value::Uuid(_) => SqlType::Uuid,
            Value::Json(_) => SqlType::Jsonb,
        };
        quoted(value, &own)
    }
}

fn operator_of(function: Function) -> Option<&'static str> {
    match function {
        Function::Like => Some("~~"),
        Function::ILike => Some("~~*"),
        Function::Concat => Some("||"),
        _ => None,
    }
}

/// A value in quotes with its type.
fn quoted(value: &Value, ty: &SqlType) -> String {
    let read = datum::from_value(value.as_value(), ty, Dialect::Postgres);
    let text = read.and_then(|value| datum::output(&value, ty, &PlainContext::POSTGRES));
    let name = match ty {
        SqlType::Char(_) => "bpchar".to_owned(),
        other => other.name_without_modifier(),
    };
    format!("{}::{name}", quote_literal(&text.unwrap_or_default()))
}

/// The DEFAULT of a column, or what it is computed from.
pub(crate) fn default_text(table: &TableEntry, at: usize) -> Option<String> {
    let entry = table.columns.get(at)?;
    // An identity column's sequence is no DEFAULT.
    if entry.note.identity.is_some() {
        return None;
    }
    if let Some(text) = entry.note.generated.as_ref().or(entry.note.default.as_ref()) {
        let sequence = text.strip_prefix("nextval('").and_then(|text| text.strip_suffix("')"));
        return Some(match sequence {
            Some(name) => {
                let name = name.strip_prefix("public.").unwrap_or(name);
                format!("nextval('{name}'::regclass)")
            }
            None => text.clone(),
        });
    }
    match table.table.definition().columns.get(at)?.default.as_ref()? {
        schema::Default::Constant(value) => Some(match value {
            Value::Null => return None,
            Value::Boolean(value) => value.to_string(),
            Value::Integer(number) if *number < 0 => {
                format!("'{number}'::{}", entry.ty.name_without_modifier())
            }
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) => {
                let text = number.to_string();
                match text.contains('.') {
                    true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
                    false => text,
                }
            }
            Value::Double(number) if number.is_finite() => {
                crate::datum::double_text(*number).to_string()
            }
            Value::Real(number) if number.is_finite() => number.to_string(),
            value => quoted(value, &entry.ty),
        }),
        schema::Default::CurrentTimestamp => Some("CURRENT_TIMESTAMP".to_owned()),
        _ => None,
    }
}
