//! Types of SQL as the protocol numbers them.

use bourse_sql::connection::Connection;
use bourse_sql::error::Result;
use bourse_sql::types::{OidKind, SqlType};

use super::backend::ColumnType;

/// `text`: what nothing has decided is sent as.
const TEXT: u32 = 25;

/// Types that users have made have numbers from here on.
const OF_USERS: u32 = 16_384;

/// What RowDescription says of a type.
pub(crate) fn column_type(connection: &Connection, ty: &SqlType) -> Result<ColumnType> {
    Ok(ColumnType { oid: number(connection, ty)?, size: size(ty), modifier: modifier(ty) })
}

/// The number of a type, for parameters and results.
pub(crate) fn number(connection: &Connection, ty: &SqlType) -> Result<u32> {
    match ty {
        // What nothing has decided is a text in the end.
        SqlType::Unknown => Ok(TEXT),
        ty => ty.builtin_oid().map_or_else(|| connection.type_number(ty), Ok),
    }
}

fn size(ty: &SqlType) -> i16 {
    match ty {
        SqlType::Boolean => 1,
        SqlType::SmallInt => 2,
        SqlType::Integer
        | SqlType::Real
        | SqlType::Date
        | SqlType::Void
        | SqlType::Oid(_)
        | SqlType::Enum(_) => 4,
        SqlType::BigInt
        | SqlType::Double
        | SqlType::Time(_)
        | SqlType::Timestamp(_)
        | SqlType::TimestampTz(_) => 8,
        SqlType::Interval | SqlType::Uuid => 16,
        SqlType::Name => 64,
        _ => -1,
    }
}

fn modifier(ty: &SqlType) -> i32 {
    let length = |length: u32| i32::try_from(length).map_or(-1, |length| length.saturating_add(4));
    match ty {
        SqlType::Numeric(Some((precision, scale))) => {
            ((i32::from(*precision) << 16) | (i32::from(*scale) & 0x7ff)) + 4
        }
        SqlType::Varchar(Some(limit)) => length(*limit),
        SqlType::Char(limit @ 1..=0x00ff_ffff) => length(*limit),
        // Nanoseconds, which PostgreSQL has not, are microseconds to its clients.
        SqlType::Time(digits @ 0..=5)
        | SqlType::Timestamp(digits @ 0..=5)
        | SqlType::TimestampTz(digits @ 0..=5) => i32::from(*digits),
        SqlType::Array(element) => modifier(element),
        _ => -1,
    }
}

/// The type of a parameter whose number a client says; `None` leaves it to the statement.
pub(crate) fn type_of_number(connection: &Connection, oid: u32) -> Result<Option<SqlType>> {
    if oid >= OF_USERS {
        return connection.type_of_number(oid);
    }
    Ok(SCALARS.iter().find_map(|make| {
        let ty = make();
        let array = ty.clone().array();
        if ty.builtin_oid() == Some(oid) {
            return Some(ty);
        }
        (array.builtin_oid() == Some(oid)).then_some(array)
    }))
}

const SCALARS: [fn() -> SqlType; 25] = [
    || SqlType::BigInt,
    || SqlType::Integer,
    || SqlType::Text,
    || SqlType::Double,
    || SqlType::Boolean,
    || SqlType::SmallInt,
    || SqlType::Real,
    || SqlType::Numeric(None),
    || SqlType::Varchar(None),
    || SqlType::Char(0),
    || SqlType::Name,
    || SqlType::Bytea,
    || SqlType::Date,
    || SqlType::Time(6),
    || SqlType::Timestamp(6),
    || SqlType::TimestampTz(6),
    || SqlType::Interval,
    || SqlType::Uuid,
    || SqlType::Json,
    || SqlType::Jsonb,
    || SqlType::Oid(OidKind::Oid),
    || SqlType::Oid(OidKind::Class),
    || SqlType::Oid(OidKind::Type),
    || SqlType::Oid(OidKind::Namespace),
    || SqlType::Oid(OidKind::Procedure),
];
