//! Signatures: what the tables of the library say of each function.

use super::{Accumulator, Context, WindowFunction};
use super::{
    AggregateFunction, AggregateOf, ScalarCall, ScalarFunction, SetFunction, SetRows, Volatility,
};
use crate::datum::Datum;
use crate::error::Result;
use crate::types::{OidKind, SqlType};
use bourse::Collation;

/// A type without its modifier, or one of PostgreSQL's placeholders for any of some types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    Boolean,
    Int2,
    Int4,
    Int8,
    Oid,
    RegClass,
    RegType,
    RegNamespace,
    RegProcedure,
    RegRole,
    Float4,
    Float8,
    Numeric,
    Text,
    Varchar,
    Char,
    Name,
    QuotedChar,
    Bytea,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Void,
    /// An array of such elements.
    List(&'static Shape),
    /// Any type, as it is: `"any"`. Rows become JSON where their names are needed.
    Any,
    /// Any type but arrays (`anynonarray`).
    NonArray,
    /// Any type, the same wherever this stands (`anyelement`).
    Element,
    /// An array of [`Shape::Element`]s (`anyarray`).
    Elements,
    /// As a result: an array of what the first argument is.
    ListOfArgument,
    /// Any types with a common one, to which all are cast (`anycompatible`).
    Compatible,
    /// An array of [`Shape::Compatible`]s.
    Compatibles,
    /// An enum, the same wherever this stands (`anyenum`).
    Enum,
    /// A row, or anything else, as JSON: what `to_json` makes of it.
    ToJson,
}

/// One way to call a function.
pub(crate) struct Signature<F: 'static> {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) arguments: &'static [Shape],
    /// Whether the last argument may be there more than once.
    pub(crate) variadic: bool,
    /// What it gives.
    pub(crate) result: Shape,
    /// Columns of a function that gives rows of more than one.
    pub(crate) columns: &'static [(&'static str, Shape)],
    /// What is called.
    pub(crate) function: F,
}

/// A scalar function: strict and immutable unless the calls below say otherwise.
pub(crate) const fn scalar(
    name: &'static str,
    arguments: &'static [Shape],
    result: Shape,
    call: ScalarCall,
) -> Signature<ScalarFunction> {
    let volatility = Volatility::Immutable;
    let function = ScalarFunction { name, strict: true, volatility, is_user: false, call };
    Signature { name, arguments, variadic: false, result, columns: &[], function }
}

/// An aggregate that passes over rows with NULLs unless the calls below say otherwise.
pub(crate) const fn aggregate(
    name: &'static str,
    arguments: &'static [Shape],
    result: Shape,
    start: fn(&[SqlType], Collation) -> Box<dyn Accumulator>,
) -> Signature<AggregateFunction> {
    let of = AggregateOf::Library;
    let function = AggregateFunction { name, strict: true, ordered_set: false, of, start };
    Signature { name, arguments, variadic: false, result, columns: &[], function }
}

/// A function that gives rows of one column.
pub(crate) const fn set(
    name: &'static str,
    arguments: &'static [Shape],
    result: Shape,
    call: fn(&[Datum], &dyn Context) -> Result<SetRows>,
) -> Signature<SetFunction> {
    let function = SetFunction { name, call };
    Signature { name, arguments, variadic: false, result, columns: &[], function }
}

/// A function of windows.
pub(crate) const fn window(
    name: &'static str,
    arguments: &'static [Shape],
    result: Shape,
    function: WindowFunction,
) -> Signature<WindowFunction> {
    Signature { name, arguments, variadic: false, result, columns: &[], function }
}

impl Signature<ScalarFunction> {
    /// Called with NULLs too.
    pub(crate) const fn called_on_null(mut self) -> Self {
        self.function.strict = false;
        self
    }

    /// Its result may change from statement to statement.
    pub(crate) const fn stable(mut self) -> Self {
        self.function.volatility = Volatility::Stable;
        self
    }

    /// Its result may change at each call.
    pub(crate) const fn volatile(mut self) -> Self {
        self.function.volatility = Volatility::Volatile;
        self
    }

    /// The last argument may be there more than once.
    pub(crate) const fn variadic(mut self) -> Self {
        self.variadic = true;
        self
    }
}

impl Signature<AggregateFunction> {
    /// Called with NULLs too.
    pub(crate) const fn with_nulls(mut self) -> Self {
        self.function.strict = false;
        self
    }

    /// Called with WITHIN GROUP.
    pub(crate) const fn within_group(mut self) -> Self {
        self.function.ordered_set = true;
        self
    }
}

impl Signature<SetFunction> {
    /// Its rows have these columns.
    pub(crate) const fn with_columns(mut self, columns: &'static [(&'static str, Shape)]) -> Self {
        self.columns = columns;
        self
    }
}

/// What kind of type a type is: PostgreSQL's categories, by which it chooses between functions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Category {
    Array,
    Boolean,
    DateTime,
    Enum,
    Number,
    Text,
    Timespan,
    Own,
    Other,
}

impl Shape {
    /// The shape of a type; enums and rows have none of their own.
    pub(crate) fn of(ty: &SqlType) -> Option<Shape> {
        Some(match ty {
            SqlType::Boolean => Shape::Boolean,
            SqlType::SmallInt => Shape::Int2,
            SqlType::Integer => Shape::Int4,
            SqlType::BigInt => Shape::Int8,
            SqlType::Oid(OidKind::Oid) => Shape::Oid,
            SqlType::Oid(OidKind::Class) => Shape::RegClass,
            SqlType::Oid(OidKind::Type) => Shape::RegType,
            SqlType::Oid(OidKind::Namespace) => Shape::RegNamespace,
            SqlType::Oid(OidKind::Procedure) => Shape::RegProcedure,
            SqlType::Oid(OidKind::Role) => Shape::RegRole,
            SqlType::Real => Shape::Float4,
            SqlType::Double => Shape::Float8,
            SqlType::Numeric(_) => Shape::Numeric,
            SqlType::Text => Shape::Text,
            SqlType::Varchar(_) => Shape::Varchar,
            SqlType::Char(_) => Shape::Char,
            SqlType::Name => Shape::Name,
            SqlType::QuotedChar => Shape::QuotedChar,
            SqlType::Bytea => Shape::Bytea,
            SqlType::Date => Shape::Date,
            SqlType::Time(_) => Shape::Time,
            SqlType::Timestamp(_) => Shape::Timestamp,
            SqlType::TimestampTz(_) => Shape::TimestampTz,
            SqlType::Interval => Shape::Interval,
            SqlType::Uuid => Shape::Uuid,
            SqlType::Json => Shape::Json,
            SqlType::Jsonb => Shape::Jsonb,
            SqlType::Void => Shape::Void,
            SqlType::Unknown
            | SqlType::Any
            | SqlType::Enum(_)
            | SqlType::Array(_)
            | SqlType::Vector(_)
            | SqlType::Record(_) => return None,
        })
    }

    /// The type of a shape that is no placeholder.
    pub(crate) fn to_type(self) -> Option<SqlType> {
        Some(match self {
            Shape::Boolean => SqlType::Boolean,
            Shape::Int2 => SqlType::SmallInt,
            Shape::Int4 => SqlType::Integer,
            Shape::Int8 => SqlType::BigInt,
            Shape::Oid => SqlType::Oid(OidKind::Oid),
            Shape::RegClass => SqlType::Oid(OidKind::Class),
            Shape::RegType => SqlType::Oid(OidKind::Type),
            Shape::RegNamespace => SqlType::Oid(OidKind::Namespace),
            Shape::RegProcedure => SqlType::Oid(OidKind::Procedure),
            Shape::RegRole => SqlType::Oid(OidKind::Role),
            Shape::Float4 => SqlType::Real,
            Shape::Float8 => SqlType::Double,
            Shape::Numeric => SqlType::Numeric(None),
            Shape::Text => SqlType::Text,
            Shape::Varchar => SqlType::Varchar(None),
            Shape::Char => SqlType::Char(0),
            Shape::Name => SqlType::Name,
            Shape::QuotedChar => SqlType::QuotedChar,
            Shape::Bytea => SqlType::Bytea,
            Shape::Date => SqlType::Date,
            Shape::Time => SqlType::Time(6),
            Shape::Timestamp => SqlType::Timestamp(6),
            Shape::TimestampTz => SqlType::TimestampTz(6),
            Shape::Interval => SqlType::Interval,
            Shape::Uuid => SqlType::Uuid,
            Shape::Json => SqlType::Json,
            Shape::Jsonb => SqlType::Jsonb,
            Shape::Void => SqlType::Void,
            Shape::List(element) => element.to_type()?.array(),
            _ => return None,
        })
    }

    /// Whether a type is of this shape; a placeholder is of none.
    pub(crate) fn is(self, ty: &SqlType) -> bool {
        match (self, ty) {
            (Shape::List(element), SqlType::Array(ty)) => element.is(ty),
            _ => Shape::of(ty) == Some(self),
        }
    }

    /// Its category.
    pub(crate) fn category(self) -> Category {
        match self {
            Shape::Boolean => Category::Boolean,
            Shape::Int2
            | Shape::Int4
            | Shape::Int8
            | Shape::Oid
            | Shape::RegClass
            | Shape::RegType
            | Shape::RegNamespace
            | Shape::RegProcedure
            | Shape::RegRole
            | Shape::Float4
            | Shape::Float8
            | Shape::Numeric => Category::Number,
            Shape::Text | Shape::Varchar | Shape::Char | Shape::Name | Shape::QuotedChar => {
                Category::Text
            }
            Shape::Date | Shape::Time | Shape::Timestamp | Shape::TimestampTz => Category::DateTime,
            Shape::Interval => Category::Timespan,
            Shape::Bytea | Shape::Uuid | Shape::Json | Shape::Jsonb => Category::Own,
            Shape::List(_) | Shape::Elements | Shape::Compatibles | Shape::ListOfArgument => {
                Category::Array
            }
            Shape::Enum => Category::Enum,
            Shape::Void
            | Shape::Any
            | Shape::NonArray
            | Shape::Element
            | Shape::Compatible
            | Shape::ToJson => Category::Other,
        }
    }

    /// Whether it is the type that its category prefers.
    pub(crate) fn is_preferred(self) -> bool {
        matches!(
            self,
            Shape::Boolean
                | Shape::Float8
                | Shape::Oid
                | Shape::Text
                | Shape::TimestampTz
                | Shape::Interval
        )
    }
}

/// The category of a type.
pub(crate) fn category(ty: &SqlType) -> Category {
    match ty {
        SqlType::Array(_) | SqlType::Vector(_) => Category::Array,
        SqlType::Enum(_) => Category::Enum,
        other => Shape::of(other).map_or(Category::Other, Shape::category),
    }
}
