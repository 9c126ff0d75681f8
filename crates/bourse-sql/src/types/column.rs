//! The types of the store's columns, and the store's types that carry those of SQL.

use bourse::Type;
use bourse::schema::Column;

use super::SqlType;
use crate::Dialect;

/// The type that a column of the store has in a dialect, where nothing else was declared.
pub fn of_column(column: &Column, dialect: Dialect) -> SqlType {
    match dialect {
        Dialect::Sqlite => SqlType::Any,
        Dialect::Postgres => of_data_type(column.data_type),
    }
}

fn of_data_type(data_type: Type) -> SqlType {
    match data_type {
        Type::SmallInt => SqlType::SmallInt,
        Type::Integer => SqlType::Integer,
        Type::BigInt => SqlType::BigInt,
        Type::Real => SqlType::Real,
        Type::Double => SqlType::Double,
        Type::Decimal { precision: 0, .. } => SqlType::Numeric(None),
        Type::Decimal { precision, scale } => {
            SqlType::Numeric(Some((u16::from(precision), i16::from(scale))))
        }
        Type::Text => SqlType::Text,
        Type::Blob => SqlType::Bytea,
        Type::Boolean => SqlType::Boolean,
        Type::Date => SqlType::Date,
        Type::Time { precision } => SqlType::Time(precision),
        Type::Timestamp { precision } => SqlType::Timestamp(precision),
        Type::TimestampTz { precision } => SqlType::TimestampTz(precision),
        Type::Interval => SqlType::Interval,
        Type::Uuid => SqlType::Uuid,
        Type::Json => SqlType::Jsonb,
        Type::Any => SqlType::Any,
    }
}

/// The store's type whose values carry those of a type of SQL. What the store has no type for is
/// its text (arrays, enums); `None` for what no column can hold.
pub fn carrier(ty: &SqlType) -> Option<Type> {
    Some(match ty {
        SqlType::Boolean => Type::Boolean,
        SqlType::SmallInt => Type::SmallInt,
        SqlType::Integer => Type::Integer,
        SqlType::BigInt | SqlType::Oid(_) => Type::BigInt,
        SqlType::Real => Type::Real,
        SqlType::Double => Type::Double,
        SqlType::Numeric(None) => Type::DECIMAL,
        SqlType::Numeric(Some((precision, scale))) => {
            let data_type = Type::Decimal {
                precision: u8::try_from(*precision).ok()?,
                scale: u8::try_from(*scale).ok()?,
            };
            data_type.check().ok()?;
            data_type
        }
        SqlType::Bytea => Type::Blob,
        SqlType::Date => Type::Date,
        SqlType::Time(precision) => Type::Time { precision: *precision },
        SqlType::Timestamp(precision) => Type::Timestamp { precision: *precision },
        SqlType::TimestampTz(precision) => Type::TimestampTz { precision: *precision },
        SqlType::Interval => Type::Interval,
        SqlType::Uuid => Type::Uuid,
        SqlType::Json | SqlType::Jsonb => Type::Json,
        SqlType::Any => Type::Any,
        SqlType::Text
        | SqlType::Varchar(_)
        | SqlType::Char(_)
        | SqlType::Name
        | SqlType::QuotedChar
        | SqlType::Enum(_)
        | SqlType::Array(_)
        | SqlType::Vector(_) => Type::Text,
        SqlType::Unknown | SqlType::Record(_) | SqlType::Void => return None,
    })
}

/// Whether the keys that the store makes of values of a type are in the order of the values. What a
/// text or its JSON carries is in the order of the texts.
pub fn has_ordered_keys(ty: &SqlType) -> bool {
    !matches!(
        ty,
        SqlType::Array(_)
            | SqlType::Vector(_)
            | SqlType::Enum(_)
            | SqlType::Json
            | SqlType::Jsonb
            | SqlType::Char(0)
    )
}

/// Whether equal values of a type have equal keys, and no others have.
pub fn has_exact_keys(ty: &SqlType) -> bool {
    match ty {
        // 1 is 1.0 in a JSON, and spaces at the end do not count.
        SqlType::Json | SqlType::Jsonb | SqlType::Char(0) => false,
        // Elements are written as they are: 1.0 and 1.00, 0 and -0, a day and 24 hours.
        SqlType::Array(element) | SqlType::Vector(element) => match &**element {
            SqlType::Numeric(None) | SqlType::Real | SqlType::Double | SqlType::Interval => false,
            other => has_exact_keys(other),
        },
        _ => true,
    }
}
