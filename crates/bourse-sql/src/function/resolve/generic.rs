//! Placeholders for types: what they accept, and what they stand for in a call.

use super::candidate::Call;
use super::is_implicit;
use super::unify::common_of;
use crate::error::{Result, SqlError};
use crate::function::cast::is_same;
use crate::function::signature::Shape;
use crate::types::SqlType;

/// The types that a call is made with.
pub(super) struct Bindings {
    pub(super) arguments: Vec<SqlType>,
    pub(super) result: SqlType,
}

/// Whether all arguments can be cast implicitly to what a signature takes.
pub(super) fn accepts(shapes: &[Shape], arguments: &[SqlType]) -> bool {
    let each = shapes.iter().zip(arguments).all(|(shape, ty)| match shape {
        Shape::Any | Shape::Element | Shape::Compatible | Shape::ToJson => *ty != SqlType::Void,
        Shape::NonArray => !matches!(ty, SqlType::Array(_) | SqlType::Vector(_) | SqlType::Void),
        Shape::Elements | Shape::Compatibles => {
            matches!(ty, SqlType::Array(_) | SqlType::Vector(_) | SqlType::Unknown)
        }
        Shape::Enum => matches!(ty, SqlType::Enum(_) | SqlType::Unknown),
        other => other.to_type().is_some_and(|to| is_implicit(ty, &to)),
    });
    each && elements_agree(shapes, arguments) && compatibles_agree(shapes, arguments)
}

/// Whether all arguments of `anyelement` and `anyarray` mean the same type.
fn elements_agree(shapes: &[Shape], arguments: &[SqlType]) -> bool {
    let mut known = element_types(shapes, arguments, Shape::Element, Shape::Elements);
    let Some(first) = known.next() else {
        return true;
    };
    known.all(|ty| is_same(first, ty))
}

fn compatibles_agree(shapes: &[Shape], arguments: &[SqlType]) -> bool {
    let known = element_types(shapes, arguments, Shape::Compatible, Shape::Compatibles);
    let known: Vec<SqlType> = known.cloned().collect();
    known.is_empty() || common_of(&known).is_some()
}

/// The types that arguments say their placeholder stands for.
fn element_types<'a>(
    shapes: &'a [Shape],
    arguments: &'a [SqlType],
    single: Shape,
    list: Shape,
) -> impl Iterator<Item = &'a SqlType> {
    shapes.iter().zip(arguments).filter_map(move |(shape, ty)| {
        if *ty == SqlType::Unknown {
            None
        } else if *shape == single || (*shape == Shape::Enum && single == Shape::Element) {
            Some(ty)
        } else if *shape == list {
            ty.element()
        } else {
            None
        }
    })
}

/// What each argument is cast to, and the result.
pub(super) fn bind<F>(call: &Call<F>, arguments: &[SqlType]) -> Result<Bindings> {
    let shapes = &call.shapes;
    let element = element_types(shapes, arguments, Shape::Element, Shape::Elements).next();
    let known = element_types(shapes, arguments, Shape::Compatible, Shape::Compatibles);
    let known: Vec<SqlType> = known.cloned().collect();
    let uses = |wanted: &[Shape]| {
        shapes.iter().any(|s| wanted.contains(s)) || wanted.contains(&call.signature.result)
    };
    let compatible = match common_of(&known) {
        Some(common) => common,
        None if uses(&[Shape::Compatible]) => SqlType::Text,
        None => SqlType::Unknown,
    };
    // What makes JSON of one value is of `anyelement` too.
    let is_json_of_unknown = !call.signature.variadic
        && matches!((&**shapes, arguments), ([Shape::ToJson], [SqlType::Unknown]));
    let is_unknown = element.is_none() && uses(&[Shape::Element, Shape::Elements, Shape::Enum]);
    if is_unknown || is_json_of_unknown {
        let message = "could not determine polymorphic type because input has type unknown";
        return Err(SqlError::new("42804", message));
    }
    let element = element.cloned().unwrap_or(SqlType::Unknown);
    let to_type = |shape: Shape, own: Option<&SqlType>| match shape {
        Shape::Element | Shape::Enum => element.clone(),
        Shape::Elements => element.clone().array(),
        Shape::Compatible => compatible.clone(),
        Shape::Compatibles => compatible.clone().array(),
        Shape::Any | Shape::NonArray => as_it_is(own),
        Shape::ToJson => as_json(own),
        other => other.to_type().unwrap_or(SqlType::Text),
    };
    let pairs = shapes.iter().zip(arguments);
    let cast: Vec<SqlType> =
        pairs.map(|(shape, own)| keep(own, to_type(*shape, Some(own)))).collect();
    let result = match (call.signature.result, cast.first()) {
        // Arrays are no elements of another array.
        (Shape::ListOfArgument, Some(first)) if first.element().is_some() => {
            let name = first.name_without_modifier();
            let message = format!("could not find array type for data type {name}");
            return Err(SqlError::new("42704", message));
        }
        (Shape::ListOfArgument, Some(first)) => first.clone().array(),
        (shape, _) => with_digits(to_type(shape, None), arguments),
    };
    Ok(Bindings { arguments: cast, result })
}

/// `"any"`: literals in quotes are texts; what only a name tells becomes a text.
fn as_it_is(own: Option<&SqlType>) -> SqlType {
    match own {
        None | Some(SqlType::Unknown) => SqlType::Text,
        Some(SqlType::Oid(kind)) if *kind != crate::types::OidKind::Oid => SqlType::Text,
        Some(other) => other.clone(),
    }
}

/// Whether a type is of rows, or of arrays of them.
pub(crate) fn has_names(ty: &SqlType) -> bool {
    match ty {
        SqlType::Record(_) => true,
        SqlType::Array(element) => has_names(element),
        _ => false,
    }
}

/// What `to_json` and its like take: rows, which only their type names the columns of, and arrays
/// of them as JSON.
fn as_json(own: Option<&SqlType>) -> SqlType {
    match own {
        Some(ty) if has_names(ty) => SqlType::Json,
        other => as_it_is(other),
    }
}

/// The argument's own type where the cast would change nothing.
fn keep(own: &SqlType, to: SqlType) -> SqlType {
    let unchanged = match (own, &to) {
        (SqlType::Array(own) | SqlType::Vector(own), SqlType::Array(to)) => {
            keep(own, (**to).clone()) == **own
        }
        (SqlType::Varchar(_) | SqlType::Name | SqlType::QuotedChar, SqlType::Text) => true,
        (SqlType::Oid(_), SqlType::Oid(_)) => true,
        (
            SqlType::Numeric(_)
            | SqlType::Varchar(_)
            | SqlType::Char(_)
            | SqlType::Time(_)
            | SqlType::Timestamp(_)
            | SqlType::TimestampTz(_)
            | SqlType::Record(_),
            _,
        ) => is_same(own, &to),
        // The next ones differ in their range alone, and only upwards.
        (SqlType::SmallInt, SqlType::Integer | SqlType::BigInt)
        | (SqlType::Integer, SqlType::BigInt) => true,
        _ => false,
    };
    if unchanged { own.clone() } else { to }
}

/// Times that are kept finer than PostgreSQL's stay so.
fn with_digits(result: SqlType, arguments: &[SqlType]) -> SqlType {
    let digits = arguments.iter().filter_map(|ty| match ty {
        SqlType::Timestamp(digits) | SqlType::TimestampTz(digits) => Some(*digits),
        _ => None,
    });
    let digits = digits.max().unwrap_or(6).max(6);
    match result {
        SqlType::Timestamp(6) => SqlType::Timestamp(digits),
        SqlType::TimestampTz(6) => SqlType::TimestampTz(digits),
        other => other,
    }
}
