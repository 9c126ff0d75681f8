//! Names of types in statements and declarations.

use sqlparser::ast::{
    ArrayElemTypeDef, CharacterLength, DataType, ExactNumberInfo, ObjectName, TimezoneInfo,
    TypeModifier,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::{Catalog, TypeEntry};
use crate::error::{Result, SqlError};
use crate::settings::Settings;
use crate::types::{OidKind, SqlType};

/// The type that a text names.
///
/// # Errors
/// 42704 when there is none of that name.
pub fn resolve_type(text: &str, catalog: &Catalog, settings: &Settings) -> Result<SqlType> {
    let unknown = || SqlError::new("42704", format!("type \"{text}\" does not exist"));
    let mut parser =
        Parser::new(&PostgreSqlDialect {}).try_with_sql(text).map_err(|_| unknown())?;
    let data_type = parser.parse_data_type().map_err(|_| unknown())?;
    catalog.type_of(&data_type, settings)
}

/// A type as it was declared, to be kept.
pub fn declared_text(data_type: &DataType) -> String {
    match data_type {
        DataType::Unspecified => String::new(),
        other => other.to_string(),
    }
}

impl Catalog {
    /// The type that a statement names.
    ///
    /// # Errors
    /// 42704 when there is none of that name, 0A000 for what Bourse does not have.
    pub fn type_of(&self, data_type: &DataType, settings: &Settings) -> Result<SqlType> {
        Ok(match data_type {
            DataType::Boolean | DataType::Bool => SqlType::Boolean,
            DataType::SmallInt(_) | DataType::Int2(_) | DataType::TinyInt(_) => SqlType::SmallInt,
            DataType::Int(_)
            | DataType::Integer(_)
            | DataType::Int4(_)
            | DataType::MediumInt(_) => SqlType::Integer,
            DataType::BigInt(_) | DataType::Int8(_) | DataType::Int64 => SqlType::BigInt,
            DataType::Real | DataType::Float4 => SqlType::Real,
            DataType::Float(ExactNumberInfo::Precision(bits)) if *bits <= 24 => SqlType::Real,
            DataType::Float(ExactNumberInfo::Precision(bits)) if *bits > 53 => {
                let message = "precision for type float must be less than 54 bits";
                return Err(SqlError::new("22023", message));
            }
            DataType::Float(_)
            | DataType::Float8
            | DataType::Float64
            | DataType::Double(_)
            | DataType::DoublePrecision => SqlType::Double,
            DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => {
                SqlType::Numeric(numeric_modifier(*info)?)
            }
            DataType::Text | DataType::String(_) | DataType::Clob(_) => SqlType::Text,
            DataType::Varchar(length)
            | DataType::CharacterVarying(length)
            | DataType::CharVarying(length)
            | DataType::Nvarchar(length) => {
                SqlType::Varchar(char_length("varchar", length.as_ref())?)
            }
            DataType::Char(length) | DataType::Character(length) => {
                SqlType::Char(char_length("char", length.as_ref())?.unwrap_or(1))
            }
            DataType::Bytea | DataType::Blob(_) => SqlType::Bytea,
            DataType::Date => SqlType::Date,
            DataType::Time(digits, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => {
                SqlType::Time(digits_of(*digits))
            }
            DataType::Timestamp(digits, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone)
            | DataType::Datetime(digits) => SqlType::Timestamp(digits_of(*digits)),
            DataType::Timestamp(digits, _) => SqlType::TimestampTz(digits_of(*digits)),
            DataType::Interval { .. } => SqlType::Interval,
            DataType::Uuid => SqlType::Uuid,
            DataType::JSON => SqlType::Json,
            DataType::JSONB => SqlType::Jsonb,
            DataType::Regclass => SqlType::Oid(OidKind::Class),
            DataType::Array(
                ArrayElemTypeDef::SquareBracket(element, _)
                | ArrayElemTypeDef::AngleBracket(element)
                | ArrayElemTypeDef::Parenthesis(element)
                | ArrayElemTypeDef::Qualified(element, _),
            ) => {
                let element = self.type_of(element, settings)?;
                // An array of arrays is an array with another dimension.
                if element.element().is_some() { element } else { element.array() }
            }
            DataType::Custom(name, modifiers) => self.named_type(name, modifiers, settings)?,
            other => {
                let name = other.to_string().to_ascii_lowercase();
                return Err(SqlError::unsupported(format!("type \"{name}\" is not supported")));
            }
        })
    }

    fn named_type(
        &self,
        name: &ObjectName,
        modifiers: &[TypeModifier],
        settings: &Settings,
    ) -> Result<SqlType> {
        let parts: Vec<String> = name
            .0
            .iter()
            .filter_map(|part| part.as_ident())
            .map(|ident| match ident.quote_style {
                Some(_) => ident.value.clone(),
                None => ident.value.to_ascii_lowercase(),
            })
            .collect();
        let (schema, name) = match parts.as_slice() {
            [name] => (None, name.as_str()),
            [.., schema, name] => (Some(schema.as_str()), name.as_str()),
            [] => (None, ""),
        };
        if schema.is_none_or(|schema| schema == "pg_catalog")
            && let Some(ty) = builtin(name, modifiers)?
        {
            return Ok(ty);
        }
        match self.user_type(schema, name, settings) {
            Some(TypeEntry::Enum(ty)) => Ok(SqlType::Enum(ty.clone())),
            Some(TypeEntry::Domain(base, _)) => Ok(base.clone()),
            None => {
                let full = parts.join(".");
                Err(SqlError::new("42704", format!("type \"{full}\" does not exist")))
            }
        }
    }
}

/// Types that sqlparser knows by no name of their own, and those that `pg_catalog.` stands before.
fn builtin(name: &str, modifiers: &[TypeModifier]) -> Result<Option<SqlType>> {
    let number = |at: usize| match modifiers.get(at) {
        Some(TypeModifier::Number(digits, _)) => digits.parse::<u64>().ok(),
        Some(TypeModifier::Identifier(ident)) => ident.value.parse().ok(),
        _ => None,
    };
    let length = number(0).and_then(|length| u32::try_from(length).ok());
    Ok(Some(match name {
        "bool" => SqlType::Boolean,
        "int2" | "smallserial" | "serial2" => SqlType::SmallInt,
        "int4" | "int" | "serial" | "serial4" => SqlType::Integer,
        "int8" | "bigserial" | "serial8" => SqlType::BigInt,
        "float4" => SqlType::Real,
        "float8" => SqlType::Double,
        "numeric" | "decimal" => {
            let scale = number(1).and_then(|scale| i64::try_from(scale).ok()).unwrap_or(0);
            SqlType::Numeric(match number(0) {
                Some(precision) => {
                    numeric_modifier(ExactNumberInfo::PrecisionAndScale(precision, scale))?
                }
                None => None,
            })
        }
        "text" | "citext" => SqlType::Text,
        "varchar" => SqlType::Varchar(length),
        "bpchar" => SqlType::Char(length.unwrap_or(0)),
        "char" => SqlType::QuotedChar,
        "int2vector" => SqlType::SmallInt.vector(),
        "oidvector" => SqlType::Oid(OidKind::Oid).vector(),
        "name" => SqlType::Name,
        "bytea" => SqlType::Bytea,
        "date" => SqlType::Date,
        "time" => SqlType::Time(digits_of(number(0))),
        "timestamp" => SqlType::Timestamp(digits_of(number(0))),
        "timestamptz" => SqlType::TimestampTz(digits_of(number(0))),
        "interval" => SqlType::Interval,
        "uuid" => SqlType::Uuid,
        "json" => SqlType::Json,
        "jsonb" => SqlType::Jsonb,
        "oid" | "xid" | "cid" | "regoper" | "regoperator" => SqlType::Oid(OidKind::Oid),
        "regclass" => SqlType::Oid(OidKind::Class),
        "regtype" => SqlType::Oid(OidKind::Type),
        "regnamespace" => SqlType::Oid(OidKind::Namespace),
        "regproc" | "regprocedure" => SqlType::Oid(OidKind::Procedure),
        "regrole" => SqlType::Oid(OidKind::Role),
        "void" => SqlType::Void,
        "unknown" => SqlType::Unknown,
        _ => return Ok(None),
    }))
}

fn digits_of(digits: Option<u64>) -> u8 {
    u8::try_from(digits.unwrap_or(6).min(9)).unwrap_or(6)
}

fn numeric_modifier(info: ExactNumberInfo) -> Result<Option<(u16, i16)>> {
    let (precision, scale) = match info {
        ExactNumberInfo::None => return Ok(None),
        ExactNumberInfo::Precision(precision) => (precision, 0),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => (precision, scale),
    };
    let limited = u16::try_from(precision).ok().filter(|precision| (1..=1000).contains(precision));
    let Some(precision) = limited else {
        let message = format!("NUMERIC precision {precision} must be between 1 and 1000");
        return Err(SqlError::new("22023", message));
    };
    let limited = i16::try_from(scale).ok().filter(|scale| (-1000..=1000).contains(scale));
    let Some(scale) = limited else {
        let message = format!("NUMERIC scale {scale} must be between -1000 and 1000");
        return Err(SqlError::new("22023", message));
    };
    Ok(Some((precision, scale)))
}

fn char_length(name: &str, length: Option<&CharacterLength>) -> Result<Option<u32>> {
    let Some(CharacterLength::IntegerLength { length, .. }) = length else { return Ok(None) };
    match u32::try_from(*length) {
        Ok(0) => Err(SqlError::new("22023", format!("length for type {name} must be at least 1"))),
        Ok(length) if length <= 10_485_760 => Ok(Some(length)),
        _ => Err(SqlError::new("22023", format!("length for type {name} cannot exceed 10485760"))),
    }
}
