//! Predicates as SQL text.

use std::fmt;

use super::{BoundColumn, Predicate};
use crate::datetime::{Date, Timestamp};
use crate::value::{Uuid, Value};

impl Predicate {
    /// The same predicate with columns named another way.
    pub fn map_columns<D>(&self, name: &dyn Fn(&BoundColumn) -> D) -> Predicate<D> {
        let all = |parts: &[Predicate]| parts.iter().map(|part| part.map_columns(name)).collect();
        match self {
            Predicate::Compare(column, by, value) => {
                Predicate::Compare(name(column), *by, value.clone())
            }
            Predicate::IsNull(column) => Predicate::IsNull(name(column)),
            Predicate::IsNotNull(column) => Predicate::IsNotNull(name(column)),
            Predicate::In(column, values) => Predicate::In(name(column), values.clone()),
            Predicate::Between(column, low, high) => {
                Predicate::Between(name(column), low.clone(), high.clone())
            }
            Predicate::And(parts) => Predicate::And(all(parts)),
            Predicate::Or(parts) => Predicate::Or(all(parts)),
            Predicate::Not(inner) => Predicate::Not(Box::new(inner.map_columns(name))),
        }
    }
}

/// The predicate as SQL, with parentheses around whatever is nested.
impl fmt::Display for Predicate<String> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Predicate::Compare(column, by, value) => {
                write!(f, "{} {} {}", Name(column), by.sql(), Literal(value))
            }
            Predicate::IsNull(column) => write!(f, "{} IS NULL", Name(column)),
            Predicate::IsNotNull(column) => write!(f, "{} IS NOT NULL", Name(column)),
            // SQL has no empty list; `NULL IN ()` would be false, as this is.
            Predicate::In(_, values) if values.is_empty() => f.write_str("FALSE"),
            Predicate::In(column, values) => {
                let literals: Vec<_> = values.iter().map(|v| Literal(v).to_string()).collect();
                write!(f, "{} IN ({})", Name(column), literals.join(", "))
            }
            Predicate::Between(column, low, high) => {
                write!(f, "{} BETWEEN {} AND {}", Name(column), Literal(low), Literal(high))
            }
            Predicate::And(parts) => write_parts(f, parts, " AND ", "TRUE"),
            Predicate::Or(parts) => write_parts(f, parts, " OR ", "FALSE"),
            Predicate::Not(inner) => write!(f, "NOT ({inner})"),
        }
    }
}

fn write_parts(
    f: &mut fmt::Formatter<'_>,
    parts: &[Predicate<String>],
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
            Predicate::And(_) | Predicate::Or(_) | Predicate::Between(..) => {
                write!(f, "({part})")?;
            }
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
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
            Value::Timestamp(v) => write!(f, "TIMESTAMP '{}'", Timestamp(*v)),
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
