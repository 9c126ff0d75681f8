//! The types of SQL. An expression has one of them after binding; a [`Datum`](crate::datum::Datum)
//! does not say which (both INTEGER and BIGINT are `Datum::Integer`).

use std::sync::Arc;

mod affinity;
mod column;
mod name;
mod oid;

pub use affinity::affinity;
pub use column::{carrier, has_exact_keys, has_ordered_keys, of_column};

/// A type of SQL, with its modifier.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum SqlType {
    /// A literal in quotes, or a parameter, whose type its place decides.
    Unknown,
    /// SQLite's: each value has its own type; the affinity is a column's.
    Any,
    /// `boolean`
    Boolean,
    /// `smallint`
    SmallInt,
    /// `integer`
    Integer,
    /// `bigint`
    BigInt,
    /// `oid`, and the types of names that stand for one (`regclass`, ...).
    Oid(OidKind),
    /// `real`
    Real,
    /// `double precision`
    Double,
    /// `numeric`, with precision and scale if they are limited.
    Numeric(Option<(u16, i16)>),
    /// `text`
    Text,
    /// `character varying`, with the most characters that it takes.
    Varchar(Option<u32>),
    /// `character`, padded to so many characters; 0 is one without a length (`bpchar`).
    Char(u32),
    /// `name`
    Name,
    /// `"char"`: one byte, or none.
    QuotedChar,
    /// `bytea`; SQLite's BLOB.
    Bytea,
    /// `date`
    Date,
    /// `time`, with digits of seconds (6 without a modifier).
    Time(u8),
    /// `timestamp`, with digits of seconds: 6 without a modifier, up to 9.
    Timestamp(u8),
    /// `timestamptz`, likewise.
    TimestampTz(u8),
    /// `interval`
    Interval,
    /// `uuid`
    Uuid,
    /// `json`: the text as it was given.
    Json,
    /// `jsonb`: keys in order, each once.
    Jsonb,
    /// An enumerated type.
    Enum(Arc<EnumType>),
    /// An array of elements of one type.
    Array(Arc<SqlType>),
    /// `int2vector` and `oidvector`: an array that counts from 0, and whose text has spaces.
    Vector(Arc<SqlType>),
    /// A row of named columns.
    Record(Arc<[(String, SqlType)]>),
    /// What a function returns that returns nothing.
    Void,
}

/// What an oid is the number of: how it is read and written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OidKind {
    /// A plain number.
    Oid,
    /// A relation.
    Class,
    /// A type.
    Type,
    /// A schema.
    Namespace,
    /// A function.
    Procedure,
    /// A role.
    Role,
}

/// An enumerated type: labels in their order.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EnumType {
    /// Name.
    pub name: String,
    /// Labels, the least first.
    pub labels: Vec<String>,
}

/// How SQLite converts values that go into a column or are compared with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub enum Affinity {
    /// Nothing is converted (BLOB, and expressions).
    #[default]
    None,
    /// Numbers become texts.
    Text,
    /// Texts that are numbers become numbers.
    Numeric,
    /// The same; reals without a fraction become integers.
    Integer,
    /// The same; integers become reals.
    Real,
}

impl Affinity {
    /// Whether texts that are numbers become numbers.
    pub fn is_numeric(self) -> bool {
        matches!(self, Affinity::Numeric | Affinity::Integer | Affinity::Real)
    }
}

impl SqlType {
    /// What `character`s of any length are cast to before they are compared: spaces at the end,
    /// which do not count, are gone.
    pub const COMPARED_CHAR: SqlType = SqlType::Char(u32::MAX);

    /// The type of an array's elements.
    pub fn element(&self) -> Option<&SqlType> {
        match self {
            SqlType::Array(element) | SqlType::Vector(element) => Some(element),
            _ => None,
        }
    }

    /// The vector of elements of this type.
    #[must_use]
    pub fn vector(self) -> SqlType {
        SqlType::Vector(Arc::new(self))
    }

    /// An array of elements of this type.
    #[must_use]
    pub fn array(self) -> SqlType {
        SqlType::Array(Arc::new(self))
    }
}
