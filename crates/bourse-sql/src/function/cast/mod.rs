//! Casts: which there are, and what they make of a value.

use ecow::EcoString;

use super::Context;
use super::signature::{Category, Shape, category};
use crate::Dialect;
use crate::datum::{self, Array, Datum};
use crate::error::{Result, SqlError};
use crate::types::SqlType;

mod affinity;
mod number;
pub(crate) mod sqlite;
mod text;
mod time;

pub use affinity::{affinity_function, apply_affinity};
pub(crate) use number::check_range;
pub(crate) use text::fit_text;

/// Where a cast stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum CastContext {
    /// Where nobody asked for it: arguments of functions and operators.
    Implicit,
    /// Into a column.
    Assignment,
    /// CAST.
    Explicit,
}

/// Whether there is a cast from a type to another that may be made in such a place.
pub fn can_cast(dialect: Dialect, from: &SqlType, to: &SqlType, context: CastContext) -> bool {
    if dialect == Dialect::Sqlite || *from == SqlType::Unknown {
        return true;
    }
    // What a column of SQLite's kind holds is known only at run time.
    if *from == SqlType::Any || *to == SqlType::Any || is_same(from, to) {
        return true;
    }
    if *to == SqlType::Unknown || *to == SqlType::Void || *from == SqlType::Void {
        return false;
    }
    match (from, to) {
        (SqlType::Array(from) | SqlType::Vector(from), SqlType::Array(to)) => {
            can_cast(dialect, from, to, context)
        }
        _ => {
            let listed = match (Shape::of(from), Shape::of(to)) {
                (Some(from), Some(to)) => weakest_context(from, to),
                _ => None,
            };
            listed.or_else(|| through_text(from, to)).is_some_and(|weakest| context >= weakest)
        }
    }
}

/// Whether two types are one but for their modifiers.
pub(crate) fn is_same(a: &SqlType, b: &SqlType) -> bool {
    match (a, b) {
        (SqlType::Array(a), SqlType::Array(b)) | (SqlType::Vector(a), SqlType::Vector(b)) => {
            is_same(a, b)
        }
        (SqlType::Record(a), SqlType::Record(b)) => a.len() == b.len(),
        _ => a == b || Shape::of(a).is_some_and(|shape| Some(shape) == Shape::of(b)),
    }
}

/// Every type has a text: going there is an assignment, coming back must be asked for.
fn through_text(from: &SqlType, to: &SqlType) -> Option<CastContext> {
    if category(to) == Category::Text {
        return Some(CastContext::Assignment);
    }
    (category(from) == Category::Text).then_some(CastContext::Explicit)
}

/// PostgreSQL's catalog of casts: the first context in which one may be made.
fn weakest_context(from: Shape, to: Shape) -> Option<CastContext> {
    let (implicit, assignment, explicit) = casts_from(from);
    let lists = [
        (implicit, CastContext::Implicit),
        (assignment, CastContext::Assignment),
        (explicit, CastContext::Explicit),
    ];
    lists.into_iter().find(|(list, _)| list.contains(&to)).map(|(_, context)| context)
}

type Shapes = &'static [Shape];

/// What a type is cast to without being asked, on assignment, and by CAST.
#[rustfmt::skip]
fn casts_from(from: Shape) -> (Shapes, Shapes, Shapes) {
    use Shape::{
        Boolean, Char, Date, Float4, Float8, Int2, Int4, Int8, Interval, Json, Jsonb, Name, Numeric,
        Oid, QuotedChar, RegClass, RegNamespace, RegProcedure, RegRole, RegType, Text, Time,
        Timestamp, TimestampTz, Varchar,
    };
    match from {
        Boolean => (&[], &[Text, Varchar, Char], &[Int4]),
        Int2 => (
            &[
                Int4, Int8, Float4, Float8, Numeric, Oid, RegClass, RegType, RegNamespace,
                RegProcedure, RegRole,
            ],
            &[],
            &[],
        ),
        Int4 => (
            &[
                Int8, Float4, Float8, Numeric, Oid, RegClass, RegType, RegNamespace, RegProcedure,
                RegRole,
            ],
            &[Int2],
            &[Boolean, QuotedChar],
        ),
        Int8 => (
            &[
                Float4, Float8, Numeric, Oid, RegClass, RegType, RegNamespace, RegProcedure,
                RegRole,
            ],
            &[Int2, Int4],
            &[],
        ),
        Float4 => (&[Float8], &[Int2, Int4, Int8, Numeric], &[]),
        Float8 => (&[], &[Int2, Int4, Int8, Float4, Numeric], &[]),
        Numeric => (&[Float4, Float8], &[Int2, Int4, Int8], &[]),
        Oid => (&[RegClass, RegType, RegNamespace, RegProcedure, RegRole], &[Int4, Int8], &[]),
        RegClass | RegType | RegNamespace | RegProcedure | RegRole => (&[Oid], &[Int4, Int8], &[]),
        Text => (&[Varchar, Char, Name, RegClass], &[QuotedChar], &[]),
        Varchar => (&[Text, Char, Name, RegClass], &[QuotedChar], &[]),
        Char => (&[Text, Varchar, Name], &[QuotedChar], &[]),
        QuotedChar => (&[Text], &[Varchar, Char], &[Int4]),
        Name => (&[Text], &[Varchar, Char], &[]),
        Date => (&[Timestamp, TimestampTz], &[], &[]),
        Time => (&[Interval], &[], &[]),
        Timestamp => (&[TimestampTz], &[Date, Time], &[]),
        TimestampTz => (&[], &[Date, Time, Timestamp], &[]),
        Interval => (&[], &[Time], &[]),
        Json => (&[], &[Jsonb], &[]),
        Jsonb => (&[], &[Json], &[Boolean, Int2, Int4, Int8, Float4, Float8, Numeric]),
        _ => (&[], &[], &[]),
    }
}

/// The value as one of another type.
///
/// # Errors
/// 22003 out of range, 22P02 and its like for texts that are no value of the type, 22001 for texts
/// that are too long (unless the cast is explicit: then they are cut off).
pub fn cast(
    value: Datum,
    from: &SqlType,
    to: &SqlType,
    explicit: bool,
    context: &dyn Context,
) -> Result<Datum> {
    if value.is_null() {
        return Ok(value);
    }
    if context.dialect() == Dialect::Sqlite {
        return Ok(sqlite::cast(value, to));
    }
    match to {
        SqlType::Unknown | SqlType::Any | SqlType::Void => Ok(value),
        SqlType::Boolean => to_boolean(value, from, context),
        SqlType::SmallInt
        | SqlType::Integer
        | SqlType::BigInt
        | SqlType::Real
        | SqlType::Double
        | SqlType::Numeric(_)
        | SqlType::Oid(_) => number::cast(value, from, to, context),
        SqlType::Text
        | SqlType::Varchar(_)
        | SqlType::Char(_)
        | SqlType::Name
        | SqlType::QuotedChar => {
            let text = text::of_value(value, from, context)?;
            Ok(Datum::Text(text::fit(text, to, explicit)?))
        }
        SqlType::Date
        | SqlType::Time(_)
        | SqlType::Timestamp(_)
        | SqlType::TimestampTz(_)
        | SqlType::Interval => time::cast(value, from, to, context),
        SqlType::Json | SqlType::Jsonb => to_json(value, from, to, context),
        SqlType::Array(element) => to_array(value, from, element, explicit, context),
        SqlType::Vector(_) => match value {
            Datum::Text(text) => datum::input(&text, to, context),
            Datum::Array(array) => Ok(Datum::vector(array.elements.clone())),
            _ => Err(no_cast(from, to)),
        },
        SqlType::Record(columns) => to_record(value, from, columns, explicit, context),
        SqlType::Bytea | SqlType::Uuid | SqlType::Enum(_) => match value {
            Datum::Text(text) if !matches!(from, SqlType::Enum(_)) => {
                datum::input(&text, to, context)
            }
            other => Ok(other),
        },
    }
}

fn to_boolean(value: Datum, from: &SqlType, context: &dyn Context) -> Result<Datum> {
    match value {
        Datum::Integer(value) => Ok(Datum::Boolean(value != 0)),
        Datum::Text(text) => datum::input(&text, &SqlType::Boolean, context),
        Datum::Json(text) => match datum::json::parse_checked(&text) {
            datum::json::Json::Boolean(value) => Ok(Datum::Boolean(value)),
            other => Err(number::not_of_json(&other, "boolean")),
        },
        Datum::Boolean(value) => Ok(Datum::Boolean(value)),
        _ => Err(no_cast(from, &SqlType::Boolean)),
    }
}

fn to_json(value: Datum, from: &SqlType, to: &SqlType, context: &dyn Context) -> Result<Datum> {
    match value {
        // Which of the two it was does not matter where the result is normalised anyway.
        Datum::Json(text) if *to == SqlType::Json => Ok(Datum::Json(text)),
        Datum::Json(text) | Datum::Text(text) => datum::input(&text, to, context),
        // Rows, and arrays of them: functions that need the names of a row's columns ask for JSON.
        other => super::postgres::json::of_value(&other, from, to, context),
    }
}

fn to_array(
    value: Datum,
    from: &SqlType,
    element: &std::sync::Arc<SqlType>,
    explicit: bool,
    context: &dyn Context,
) -> Result<Datum> {
    match value {
        Datum::Array(array) => {
            let unknown = SqlType::Unknown;
            let from = from.element().unwrap_or(&unknown);
            let cast_one = |value: &Datum| cast(value.clone(), from, element, explicit, context);
            let elements = array.elements.iter().map(cast_one).collect::<Result<_>>()?;
            Ok(Datum::Array(Array { dimensions: array.dimensions.clone(), elements }.into()))
        }
        // What is too long is cut off only once the elements are there.
        Datum::Text(text) if explicit && has_length(element) => {
            let texts = SqlType::Text.array();
            let array = datum::input(&text, &texts, context)?;
            to_array(array, &texts, element, explicit, context)
        }
        Datum::Text(text) => datum::input(&text, &SqlType::Array(element.clone()), context),
        _ => Err(no_cast(from, &SqlType::Array(element.clone()))),
    }
}

/// Whether a text may be too long for a type, or for the elements of its arrays.
pub(crate) fn has_length(ty: &SqlType) -> bool {
    match ty {
        SqlType::Array(element) => has_length(element),
        other => matches!(other, SqlType::Varchar(Some(_)) | SqlType::Char(_)),
    }
}

fn to_record(
    value: Datum,
    from: &SqlType,
    columns: &std::sync::Arc<[(String, SqlType)]>,
    explicit: bool,
    context: &dyn Context,
) -> Result<Datum> {
    let to = SqlType::Record(columns.clone());
    match (value, from) {
        (Datum::Record(fields), SqlType::Record(types)) if fields.len() == columns.len() => {
            let mut made = Vec::with_capacity(fields.len());
            for ((field, (_, from)), (_, to)) in fields.iter().zip(types.iter()).zip(columns.iter())
            {
                made.push(cast(field.clone(), from, to, explicit, context)?);
            }
            Ok(Datum::Record(made.into()))
        }
        (Datum::Text(text), _) => datum::input(&text, &to, context),
        _ => Err(no_cast(from, &to)),
    }
}

/// The error for a cast that there is none of.
pub(crate) fn no_cast(from: &SqlType, to: &SqlType) -> SqlError {
    let (from, to) = (from.name_without_modifier(), to.name_without_modifier());
    SqlError::new("42846", format!("cannot cast type {from} to {to}"))
}

/// The text of a value as a cast makes it, whatever its type.
pub(crate) fn text_of(value: Datum, from: &SqlType, context: &dyn Context) -> Result<EcoString> {
    text::of_value(value, from, context)
}
