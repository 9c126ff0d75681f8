//! The names of types, as PostgreSQL's `format_type` writes them.

use std::fmt;

use super::{OidKind, SqlType};

impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SqlType::Numeric(Some((precision, scale))) => write!(f, "numeric({precision},{scale})"),
            SqlType::Varchar(Some(length)) => write!(f, "character varying({length})"),
            SqlType::Char(length) if !self.is_unlimited_char() => write!(f, "character({length})"),
            SqlType::Time(6) => f.write_str("time without time zone"),
            SqlType::Time(digits) => write!(f, "time({digits}) without time zone"),
            SqlType::Timestamp(6) => f.write_str("timestamp without time zone"),
            SqlType::Timestamp(digits) => write!(f, "timestamp({digits}) without time zone"),
            SqlType::TimestampTz(6) => f.write_str("timestamp with time zone"),
            SqlType::TimestampTz(digits) => write!(f, "timestamp({digits}) with time zone"),
            SqlType::Enum(labels) => f.write_str(&labels.name),
            SqlType::Array(element) => write!(f, "{element}[]"),
            plain => f.write_str(plain.plain_name()),
        }
    }
}

impl SqlType {
    /// `character` without a length, and the form in which padded texts are compared.
    fn is_unlimited_char(&self) -> bool {
        matches!(self, SqlType::Char(0 | u32::MAX))
    }

    /// The name without a modifier.
    fn plain_name(&self) -> &'static str {
        match self {
            SqlType::Unknown => "unknown",
            SqlType::Any => "any",
            SqlType::Boolean => "boolean",
            SqlType::SmallInt => "smallint",
            SqlType::Integer => "integer",
            SqlType::BigInt => "bigint",
            SqlType::Oid(OidKind::Oid) => "oid",
            SqlType::Oid(OidKind::Class) => "regclass",
            SqlType::Oid(OidKind::Type) => "regtype",
            SqlType::Oid(OidKind::Namespace) => "regnamespace",
            SqlType::Oid(OidKind::Procedure) => "regproc",
            SqlType::Oid(OidKind::Role) => "regrole",
            SqlType::Real => "real",
            SqlType::Double => "double precision",
            SqlType::Numeric(_) => "numeric",
            SqlType::Text => "text",
            SqlType::Varchar(_) => "character varying",
            SqlType::Char(_) => "character",
            SqlType::Name => "name",
            SqlType::QuotedChar => "\"char\"",
            SqlType::Bytea => "bytea",
            SqlType::Date => "date",
            SqlType::Time(_) => "time without time zone",
            SqlType::Timestamp(_) => "timestamp without time zone",
            SqlType::TimestampTz(_) => "timestamp with time zone",
            SqlType::Interval => "interval",
            SqlType::Uuid => "uuid",
            SqlType::Json => "json",
            SqlType::Jsonb => "jsonb",
            SqlType::Enum(_) => "enum",
            SqlType::Array(_) => "array",
            SqlType::Vector(element) if **element == SqlType::SmallInt => "int2vector",
            SqlType::Vector(_) => "oidvector",
            SqlType::Record(_) => "record",
            SqlType::Void => "void",
        }
    }

    /// The name without a modifier: what messages about functions and operators say.
    pub fn name_without_modifier(&self) -> String {
        match self {
            SqlType::Enum(labels) => labels.name.clone(),
            SqlType::Array(element) => format!("{}[]", element.name_without_modifier()),
            plain => plain.plain_name().to_owned(),
        }
    }
}
