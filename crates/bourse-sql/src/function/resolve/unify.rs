//! The one type that several expressions are cast to.

use super::is_implicit;
use crate::Dialect;
use crate::error::{Result, SqlError};
use crate::function::cast::is_same;
use crate::function::signature::{Category, Shape, category};
use crate::types::SqlType;

/// The type that all of a UNION's columns, a CASE's results and their like are cast to; `what`
/// names them in the message.
///
/// # Errors
/// 42804 when there is none.
pub fn common_type(dialect: Dialect, types: &[SqlType], what: &str) -> Result<SqlType> {
    if dialect == Dialect::Sqlite {
        return Ok(SqlType::Any);
    }
    let known: Vec<SqlType> = types.iter().filter(|ty| **ty != SqlType::Unknown).cloned().collect();
    if known.is_empty() {
        return Ok(SqlType::Text);
    }
    if let Some(common) = common_of(&known) {
        return Ok(common);
    }
    // The first pair that does not go together is what is told.
    let mut chosen = &known[0];
    for ty in &known[1..] {
        if category(ty) != category(chosen) {
            let (a, b) = (chosen.name_without_modifier(), ty.name_without_modifier());
            let message = format!("{what} types {a} and {b} cannot be matched");
            return Err(SqlError::new("42804", message));
        }
        if is_implicit(chosen, ty) && !is_implicit(ty, chosen) {
            chosen = ty;
        }
    }
    // Types of one category may have no cast between them all the same.
    if let Some(at) = known.iter().position(|ty| !is_same(ty, chosen) && !is_implicit(ty, chosen)) {
        let place = match (what, at) {
            ("CASE", 0) => "CASE/ELSE",
            ("CASE", _) => "CASE/WHEN",
            (other, _) => other,
        };
        let (from, to) = (known[at].name_without_modifier(), chosen.name_without_modifier());
        let message = format!("{place} could not convert type {from} to {to}");
        return Err(SqlError::new("42846", message));
    }
    Ok(without_modifier(chosen))
}

/// The common type of known ones, by PostgreSQL's rule: the first, until one follows to which it
/// can be cast and not the other way round, and which its category does not prefer already.
pub(super) fn common_of(types: &[SqlType]) -> Option<SqlType> {
    let (first, rest) = types.split_first()?;
    if rest.iter().all(|ty| ty == first) {
        return Some(first.clone());
    }
    let mut chosen = first;
    for ty in rest {
        if is_same(ty, chosen) {
            continue;
        }
        if category(ty) != category(chosen) {
            return None;
        }
        let is_preferred = Shape::of(chosen).is_some_and(Shape::is_preferred);
        if !is_preferred && is_implicit(chosen, ty) && !is_implicit(ty, chosen) {
            chosen = ty;
        }
    }
    let fits = types.iter().all(|ty| is_implicit(ty, chosen));
    fits.then(|| without_modifier(chosen))
}

/// Digits of a second that times have where no modifier says how many.
const TIME_DIGITS: u8 = 6;

/// Types that differ in their modifiers have none in common.
fn without_modifier(ty: &SqlType) -> SqlType {
    match ty {
        SqlType::Numeric(_) => SqlType::Numeric(None),
        SqlType::Varchar(_) => SqlType::Varchar(None),
        SqlType::Char(_) => SqlType::Char(0),
        SqlType::Time(_) => SqlType::Time(TIME_DIGITS),
        SqlType::Timestamp(_) => SqlType::Timestamp(TIME_DIGITS),
        SqlType::TimestampTz(_) => SqlType::TimestampTz(TIME_DIGITS),
        other => other.clone(),
    }
}

/// The type that both sides of a comparison are cast to.
///
/// # Errors
/// 42883 when values of the types are not compared.
pub fn comparison_type(
    dialect: Dialect,
    left: &SqlType,
    right: &SqlType,
    operator: &str,
) -> Result<SqlType> {
    if dialect == Dialect::Sqlite {
        return Ok(SqlType::Any);
    }
    let found = match (left, right) {
        (SqlType::Unknown, SqlType::Unknown) => Some(SqlType::Text),
        (SqlType::Unknown, known) | (known, SqlType::Unknown) => with_literal(known),
        _ => of_two(left, right),
    };
    let is_compared = |ty: &SqlType| match ty {
        SqlType::Json | SqlType::Void => false,
        SqlType::Array(element) | SqlType::Vector(element) => **element != SqlType::Json,
        _ => true,
    };
    found.filter(is_compared).ok_or_else(|| {
        super::candidate::Refusal::None.of_operator(operator, Some(left), Some(right))
    })
}

/// A literal in quotes is of the other side's type.
fn with_literal(known: &SqlType) -> Option<SqlType> {
    Some(match known {
        SqlType::Varchar(_) => SqlType::Text,
        SqlType::Char(_) => SqlType::COMPARED_CHAR,
        // A literal longer or finer than the modifier allows keeps what it says.
        SqlType::Numeric(_) => SqlType::Numeric(None),
        SqlType::Timestamp(digits) => SqlType::Timestamp((*digits).max(6)),
        SqlType::TimestampTz(digits) => SqlType::TimestampTz((*digits).max(6)),
        SqlType::Time(_) => SqlType::Time(6),
        SqlType::Array(element) => with_literal(element)?.array(),
        SqlType::Oid(_) => SqlType::Oid(crate::types::OidKind::Oid),
        other => other.clone(),
    })
}

fn of_two(left: &SqlType, right: &SqlType) -> Option<SqlType> {
    let (a, b) = (Shape::of(left), Shape::of(right));
    let (Some(a), Some(b)) = (a, b) else {
        return of_structured(left, right);
    };
    if a == b {
        return match left {
            SqlType::Varchar(_) => Some(SqlType::Text),
            SqlType::Char(_) => Some(SqlType::COMPARED_CHAR),
            SqlType::Timestamp(_) | SqlType::TimestampTz(_) => Some(finer(left, right)),
            _ if left == right => Some(left.clone()),
            _ => a.to_type(),
        };
    }
    match (a.category(), b.category()) {
        (Category::Text, Category::Text) => Some(SqlType::Text),
        (Category::Number, Category::Number) => of_numbers(left, right),
        (Category::DateTime, Category::DateTime) => match (a, b) {
            (Shape::Time, _) | (_, Shape::Time) => None,
            (Shape::TimestampTz, _) | (_, Shape::TimestampTz) => {
                Some(SqlType::TimestampTz(digits(left, right)))
            }
            _ => Some(SqlType::Timestamp(digits(left, right))),
        },
        // time goes to interval by itself.
        (Category::DateTime, Category::Timespan) if a == Shape::Time => Some(SqlType::Interval),
        (Category::Timespan, Category::DateTime) if b == Shape::Time => Some(SqlType::Interval),
        _ => None,
    }
}

fn digits(left: &SqlType, right: &SqlType) -> u8 {
    let of = |ty: &SqlType| match ty {
        SqlType::Timestamp(digits) | SqlType::TimestampTz(digits) => *digits,
        _ => 6,
    };
    of(left).max(of(right)).max(6)
}

fn finer(left: &SqlType, right: &SqlType) -> SqlType {
    match left {
        SqlType::Timestamp(_) => SqlType::Timestamp(digits(left, right)),
        _ => SqlType::TimestampTz(digits(left, right)),
    }
}

/// The wider of two types of numbers; oids compare as integers.
fn of_numbers(left: &SqlType, right: &SqlType) -> Option<SqlType> {
    let is_oid = |ty: &SqlType| matches!(ty, SqlType::Oid(_));
    if is_oid(left) || is_oid(right) {
        let is_whole = |ty: &SqlType| {
            matches!(ty, SqlType::Oid(_) | SqlType::SmallInt | SqlType::Integer | SqlType::BigInt)
        };
        let both = is_whole(left) && is_whole(right);
        return both.then_some(SqlType::Oid(crate::types::OidKind::Oid));
    }
    // Whatever meets a floating point number of another type becomes a double.
    let is_float = |ty: &SqlType| matches!(ty, SqlType::Real | SqlType::Double);
    if is_float(left) || is_float(right) {
        return Some(SqlType::Double);
    }
    common_of(&[left.clone(), right.clone()])
}

fn of_structured(left: &SqlType, right: &SqlType) -> Option<SqlType> {
    match (left, right) {
        (SqlType::Array(a) | SqlType::Vector(a), SqlType::Array(b))
        | (SqlType::Array(a), SqlType::Vector(b)) => {
            // Arrays are compared only with those of the same element type.
            if is_same(a, b) { of_two(a, b).map(SqlType::array) } else { None }
        }
        (SqlType::Vector(a), SqlType::Vector(b)) => (a == b).then(|| left.clone()),
        (SqlType::Enum(a), SqlType::Enum(b)) => (a == b).then(|| left.clone()),
        (SqlType::Record(a), SqlType::Record(b)) if a.len() == b.len() => {
            let mut columns = Vec::with_capacity(a.len());
            for ((name, a), (_, b)) in a.iter().zip(b.iter()) {
                columns.push((name.clone(), comparison_type(Dialect::Postgres, a, b, "=").ok()?));
            }
            Some(SqlType::Record(columns.into()))
        }
        (SqlType::Any, other) | (other, SqlType::Any) => Some(other.clone()),
        _ => None,
    }
}
