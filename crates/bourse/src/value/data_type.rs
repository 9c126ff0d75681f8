//! The types of columns, their codes on disk, and collations.

use std::fmt;

use bourse_storage::{Error, Result};

use crate::decimal::DIGITS_MAX;

/// The code of a type on disk. All are reserved from format version 1, so that a store written by
/// a later version is refused by name and not misread.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum TypeCode {
    /// SMALLINT.
    SmallInt = 1,
    /// INTEGER.
    Integer = 2,
    /// BIGINT.
    BigInt = 3,
    /// REAL.
    Real = 4,
    /// DOUBLE.
    Double = 5,
    /// DECIMAL.
    Decimal = 6,
    /// TEXT.
    Text = 7,
    /// BLOB.
    Blob = 8,
    /// BOOLEAN.
    Boolean = 9,
    /// DATE.
    Date = 10,
    /// TIME.
    Time = 11,
    /// TIMESTAMP.
    Timestamp = 12,
    /// TIMESTAMPTZ.
    TimestampTz = 13,
    /// INTERVAL.
    Interval = 14,
    /// UUID.
    Uuid = 15,
    /// JSON.
    Json = 16,
    /// ENUM, reserved.
    Enum = 17,
    /// ARRAY, reserved.
    Array = 18,
    /// ANY.
    Any = 19,
}

impl TypeCode {
    const ALL: [TypeCode; 19] = [
        TypeCode::SmallInt,
        TypeCode::Integer,
        TypeCode::BigInt,
        TypeCode::Real,
        TypeCode::Double,
        TypeCode::Decimal,
        TypeCode::Text,
        TypeCode::Blob,
        TypeCode::Boolean,
        TypeCode::Date,
        TypeCode::Time,
        TypeCode::Timestamp,
        TypeCode::TimestampTz,
        TypeCode::Interval,
        TypeCode::Uuid,
        TypeCode::Json,
        TypeCode::Enum,
        TypeCode::Array,
        TypeCode::Any,
    ];

    /// The code that a byte stands for.
    ///
    /// # Errors
    /// `Corrupt` when no version of the format that this build knows uses the byte.
    pub fn from_byte(byte: u8) -> Result<TypeCode> {
        let code = usize::from(byte).checked_sub(1).and_then(|index| TypeCode::ALL.get(index));
        code.copied().ok_or_else(|| Error::corrupt(format!("type code {byte} is unknown")))
    }

    /// The name of the type in SQL.
    pub fn name(self) -> &'static str {
        match self {
            TypeCode::SmallInt => "SMALLINT",
            TypeCode::Integer => "INTEGER",
            TypeCode::BigInt => "BIGINT",
            TypeCode::Real => "REAL",
            TypeCode::Double => "DOUBLE",
            TypeCode::Decimal => "DECIMAL",
            TypeCode::Text => "TEXT",
            TypeCode::Blob => "BLOB",
            TypeCode::Boolean => "BOOLEAN",
            TypeCode::Date => "DATE",
            TypeCode::Time => "TIME",
            TypeCode::Timestamp => "TIMESTAMP",
            TypeCode::TimestampTz => "TIMESTAMPTZ",
            TypeCode::Interval => "INTERVAL",
            TypeCode::Uuid => "UUID",
            TypeCode::Json => "JSON",
            TypeCode::Enum => "ENUM",
            TypeCode::Array => "ARRAY",
            TypeCode::Any => "ANY",
        }
    }
}

/// The type of a column.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// Integers of two bytes.
    SmallInt,
    /// Integers of four bytes.
    Integer,
    /// Integers of eight bytes.
    BigInt,
    /// Floating point of four bytes.
    Real,
    /// Floating point of eight bytes.
    Double,
    /// Exact numbers of `precision` digits, `scale` of them after the point. Precision 0 means
    /// that every value keeps its own scale, up to 38 digits.
    Decimal {
        /// Digits in all: 1 to 38, or 0 for no constraint.
        precision: u8,
        /// Digits after the point, at most `precision`.
        scale: u8,
    },
    /// UTF-8 text.
    Text,
    /// Bytes.
    Blob,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A time of day, to 24:00:00.
    Time {
        /// Digits of the second's fraction that are kept: 0 to 9.
        precision: u8,
    },
    /// A point in time without a zone, UTC by convention.
    Timestamp {
        /// Digits of the second's fraction that are kept: 0 to 9.
        precision: u8,
    },
    /// A point in time, whatever the clocks there showed: kept in UTC.
    TimestampTz {
        /// Digits of the second's fraction that are kept: 0 to 9.
        precision: u8,
    },
    /// A span of time: months, days and microseconds, apart from one another.
    Interval,
    /// Sixteen bytes.
    Uuid,
    /// JSON text.
    Json,
    /// Any of NULL, integer, double, text and blob, ordered as in SQLite.
    Any,
}

impl Type {
    /// DECIMAL without a constraint: every value keeps its own scale.
    pub const DECIMAL: Type = Type::Decimal { precision: 0, scale: 0 };
    /// TIMESTAMP as SQL declares it without a precision: microseconds.
    pub const TIMESTAMP: Type = Type::Timestamp { precision: 6 };
    /// TIMESTAMPTZ as SQL declares it without a precision: microseconds.
    pub const TIMESTAMPTZ: Type = Type::TimestampTz { precision: 6 };
    /// TIME as SQL declares it without a precision: microseconds.
    pub const TIME: Type = Type::Time { precision: 6 };

    /// The type's code on disk.
    pub const fn code(self) -> TypeCode {
        match self {
            Type::SmallInt => TypeCode::SmallInt,
            Type::Integer => TypeCode::Integer,
            Type::BigInt => TypeCode::BigInt,
            Type::Real => TypeCode::Real,
            Type::Double => TypeCode::Double,
            Type::Decimal { .. } => TypeCode::Decimal,
            Type::Text => TypeCode::Text,
            Type::Blob => TypeCode::Blob,
            Type::Boolean => TypeCode::Boolean,
            Type::Date => TypeCode::Date,
            Type::Time { .. } => TypeCode::Time,
            Type::Timestamp { .. } => TypeCode::Timestamp,
            Type::TimestampTz { .. } => TypeCode::TimestampTz,
            Type::Interval => TypeCode::Interval,
            Type::Uuid => TypeCode::Uuid,
            Type::Json => TypeCode::Json,
            Type::Any => TypeCode::Any,
        }
    }

    /// Whether two types hold the same kind of value, whatever their precision.
    pub const fn is_same_kind(self, other: Type) -> bool {
        self.code() as u8 == other.code() as u8
    }

    /// The three bytes of the type on disk: code, precision, scale (zero where it has none).
    pub fn to_bytes(self) -> [u8; 3] {
        let (precision, scale) = match self {
            Type::Decimal { precision, scale } => (precision, scale),
            Type::Time { precision }
            | Type::Timestamp { precision }
            | Type::TimestampTz { precision } => (precision, 0),
            _ => (0, 0),
        };
        [self.code() as u8, precision, scale]
    }

    /// The type of [`Type::to_bytes`].
    ///
    /// # Errors
    /// `Corrupt` for an unknown code or parameter, `InvalidInput` (0A000) for a reserved one.
    pub fn from_bytes(bytes: [u8; 3]) -> Result<Type> {
        let [code, precision, scale] = bytes;
        let data_type = Type::from_code(TypeCode::from_byte(code)?, precision, scale)?;
        let valid = data_type.check().is_ok() && data_type.to_bytes() == bytes;
        let message = || Error::corrupt(format!("type bytes {bytes:?} are not a type"));
        valid.then_some(data_type).ok_or_else(message)
    }

    fn from_code(code: TypeCode, precision: u8, scale: u8) -> Result<Type> {
        Ok(match code {
            TypeCode::SmallInt => Type::SmallInt,
            TypeCode::Integer => Type::Integer,
            TypeCode::BigInt => Type::BigInt,
            TypeCode::Real => Type::Real,
            TypeCode::Double => Type::Double,
            TypeCode::Decimal => Type::Decimal { precision, scale },
            TypeCode::Text => Type::Text,
            TypeCode::Blob => Type::Blob,
            TypeCode::Boolean => Type::Boolean,
            TypeCode::Date => Type::Date,
            TypeCode::Time => Type::Time { precision },
            TypeCode::Timestamp => Type::Timestamp { precision },
            TypeCode::TimestampTz => Type::TimestampTz { precision },
            TypeCode::Interval => Type::Interval,
            TypeCode::Uuid => Type::Uuid,
            TypeCode::Json => Type::Json,
            TypeCode::Any => Type::Any,
            TypeCode::Enum | TypeCode::Array => {
                let message = format!("type {} is not supported yet", code.name());
                return Err(Error::invalid(message).with_sqlstate("0A000"));
            }
        })
    }

    /// Refuses a precision or scale that no value could have.
    ///
    /// # Errors
    /// `InvalidInput` (22023).
    pub fn check(self) -> Result<()> {
        let valid = match self {
            Type::Decimal { precision: 0, scale } => scale == 0,
            Type::Decimal { precision, scale } => precision <= DIGITS_MAX && scale <= precision,
            Type::Time { precision }
            | Type::Timestamp { precision }
            | Type::TimestampTz { precision } => precision <= 9,
            _ => true,
        };
        let message = || Error::invalid(format!("{self}: precision or scale is out of range"));
        valid.then_some(()).ok_or_else(message)
    }

    /// The type that SQL text such as `DECIMAL(18, 4)` names; case does not matter.
    ///
    /// # Errors
    /// `InvalidInput`: 42704 for an unknown name, 0A000 for a reserved type, 22023 for parameters.
    pub fn parse(text: &str) -> Result<Type> {
        let upper = text.trim().to_ascii_uppercase();
        let (name, parameters) = match upper.split_once('(') {
            None => (upper.as_str(), Vec::new()),
            Some((name, rest)) => (name.trim_end(), parse_parameters(text, rest)?),
        };
        let code = name_to_code(name).ok_or_else(|| {
            Error::invalid(format!("type \"{text}\" does not exist")).with_sqlstate("42704")
        })?;
        let data_type = match (code, parameters.as_slice()) {
            (TypeCode::Time, []) => Type::TIME,
            (TypeCode::Timestamp, []) => Type::TIMESTAMP,
            (TypeCode::TimestampTz, []) => Type::TIMESTAMPTZ,
            (TypeCode::Decimal, []) => Type::DECIMAL,
            (TypeCode::Decimal, [0, ..]) => return Err(bad_parameters(text)),
            (
                TypeCode::Time | TypeCode::Timestamp | TypeCode::TimestampTz | TypeCode::Decimal,
                [precision],
            ) => Type::from_code(code, *precision, 0)?,
            (TypeCode::Decimal, [precision, scale]) => Type::from_code(code, *precision, *scale)?,
            (_, []) => Type::from_code(code, 0, 0)?,
            // Reserved types answer that they are reserved, with or without parameters.
            _ => Type::from_code(code, 0, 0).and(Err(bad_parameters(text)))?,
        };
        data_type.check()?;
        Ok(data_type)
    }
}

fn bad_parameters(text: &str) -> Error {
    Error::invalid(format!("type \"{text}\": invalid parameters"))
}

fn parse_parameters(text: &str, rest: &str) -> Result<Vec<u8>> {
    let inner = rest.strip_suffix(')').ok_or_else(|| bad_parameters(text))?;
    inner.split(',').map(|part| part.trim().parse().map_err(|_| bad_parameters(text))).collect()
}

fn name_to_code(name: &str) -> Option<TypeCode> {
    let synonym = match name {
        "INT2" => TypeCode::SmallInt,
        "INT" | "INT4" => TypeCode::Integer,
        "INT8" => TypeCode::BigInt,
        "FLOAT4" => TypeCode::Real,
        "FLOAT8" | "DOUBLE PRECISION" => TypeCode::Double,
        "NUMERIC" => TypeCode::Decimal,
        "BYTEA" => TypeCode::Blob,
        "BOOL" => TypeCode::Boolean,
        _ => return TypeCode::ALL.into_iter().find(|code| code.name() == name),
    };
    Some(synonym)
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Decimal { precision: 0, scale: 0 } => f.write_str("DECIMAL"),
            Type::Decimal { precision, scale } => write!(f, "DECIMAL({precision},{scale})"),
            Type::Time { precision }
            | Type::Timestamp { precision }
            | Type::TimestampTz { precision }
                if *precision != 6 =>
            {
                write!(f, "{}({precision})", self.code().name())
            }
            other => f.write_str(other.code().name()),
        }
    }
}

/// How texts compare.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub enum Collation {
    /// By bytes.
    #[default]
    Binary,
    /// ASCII letters compare without case.
    NoCase,
    /// Spaces at the end do not count.
    RTrim,
}

impl Collation {
    /// The collation's name in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Collation::Binary => "BINARY",
            Collation::NoCase => "NOCASE",
            Collation::RTrim => "RTRIM",
        }
    }

    /// The collation of a name; case does not matter.
    ///
    /// # Errors
    /// `InvalidInput` (42704) for an unknown name.
    pub fn parse(text: &str) -> Result<Collation> {
        let all = [Collation::Binary, Collation::NoCase, Collation::RTrim];
        all.into_iter().find(|c| c.name().eq_ignore_ascii_case(text.trim())).ok_or_else(|| {
            Error::invalid(format!("collation \"{text}\" does not exist")).with_sqlstate("42704")
        })
    }

    /// The collation's byte on disk.
    pub fn to_byte(self) -> u8 {
        match self {
            Collation::Binary => 0,
            Collation::NoCase => 1,
            Collation::RTrim => 2,
        }
    }

    /// The collation of [`Collation::to_byte`].
    ///
    /// # Errors
    /// `Corrupt` for an unknown byte.
    pub fn from_byte(byte: u8) -> Result<Collation> {
        match byte {
            0 => Ok(Collation::Binary),
            1 => Ok(Collation::NoCase),
            2 => Ok(Collation::RTrim),
            _ => Err(Error::corrupt(format!("collation code {byte} is unknown"))),
        }
    }
}

impl fmt::Display for Collation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
