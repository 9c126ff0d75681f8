//! The typed face of tables: what `#[derive(Table)]` implements, and what it stands on.
//!
//! [`TypedTable`] is a table whose rows are structs, [`TypedReader`] the same table in one Cut or
//! in a transaction, [`TypedWriter`] what changes it inside of a transaction.
//!
//! [`AsValue`] and [`ColumnValue`] tie Rust types to column types, [`KeyValues`] makes key bytes
//! of a value or a tuple of values, [`TableRow`] is a struct whose values are rows of a table and
//! [`TypedIndex`] names one of its indexes with the type of its key.
//!
//! ```
//! use bourse::{Table, TableRow, Timestamp};
//!
//! #[derive(Table)]
//! #[table(
//!     name = "trades",
//!     primary_key(trade_id),
//!     shard_key(user_id),
//!     index(name = "by_user", columns(user_id, timestamp desc), include(price))
//! )]
//! struct Trade {
//!     #[column(generated)]
//!     trade_id: i64,
//!     user_id: i64,
//!     #[column(type = "DECIMAL(18,4)")]
//!     price: bourse::Decimal,
//!     timestamp: Timestamp,
//! }
//!
//! let table = Trade::definition()?;
//! assert_eq!(table.name, "trades");
//! let mut key = Vec::new();
//! Trade::by_user().encode_key(&(7, Timestamp(0)), &mut key)?;
//! # Ok::<(), bourse::Error>(())
//! ```
//!
//! A field whose type cannot be a column's does not compile:
//!
//! ```compile_fail,E0277
//! #[derive(bourse::Table)]
//! #[table(primary_key(id))]
//! struct Row {
//!     id: i64,
//!     address: std::net::IpAddr,
//! }
//! ```
//!
//! nor does a column type of another kind than the field's:
//!
//! ```compile_fail,E0080
//! #[derive(bourse::Table)]
//! #[table(primary_key(id))]
//! struct Row {
//!     id: i64,
//!     #[column(type = "DECIMAL(18,4)")]
//!     price: f64,
//! }
//! ```
//!
//! nor a key of other types than the index's:
//!
//! ```compile_fail,E0308
//! #[derive(bourse::Table)]
//! #[table(primary_key(id), index(name = "by_id", columns(id)))]
//! struct Row {
//!     id: i64,
//! }
//! Row::by_id().encode_key(&"one", &mut Vec::new());
//! ```

use bourse_storage::{Error, Result};

use crate::datetime::{Date, Interval, Time, Timestamp, TimestampTz};
use crate::decimal::Decimal;
use crate::key::KeyColumn;
use crate::row::{Row, RowWriter};
use crate::schema::TableDefinition;
use crate::value::{Json, Type, Uuid, Value, ValueRef};

mod index;
mod key;
mod matching;
mod reader;
mod submit;
mod table;
#[cfg(test)]
mod tests;

pub use index::{IndexRange, TypedColumn, TypedEntries, TypedEntry, TypedIndex};
pub use key::{ColumnLike, KeyOf, KeyPrefix, KeyValues, NoColumn, OwnedKey};
pub use reader::{ReadPoint, TypedReader, TypedRows};
pub use submit::TypedSubmitter;
pub use table::{TypedTable, TypedWriter};

/// A Rust value that can be seen as a [`ValueRef`].
pub trait AsValue {
    /// The value, borrowed.
    fn as_value(&self) -> ValueRef<'_>;
}

/// A Rust type that columns of a table have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a column",
    note = "columns are i16, i32, i64, f32, f64, bool, String, Vec<u8>, [u8; 16], Uuid, Decimal, \
            Date, Time, Timestamp, TimestampTz, Interval, Json, Value, and Option of these"
)]
pub trait ColumnValue: AsValue + Sized {
    /// The column's type, unless the struct names another of the same kind.
    const TYPE: Type;
    /// Whether the column may be NULL: so for `Option` and [`Value`].
    const NULLABLE: bool = false;

    /// The Rust value of a column's value.
    ///
    /// # Errors
    /// `InvalidInput`: 42804 for a value of another type, 22003 out of range.
    fn from_value(value: ValueRef<'_>) -> Result<Self>;

    /// The value, with the bytes that this one has.
    fn into_value(self) -> Value {
        self.as_value().to_value()
    }
}

/// A struct whose values are rows of a table. `#[derive(Table)]` implements it.
pub trait TableRow: Sized {
    /// The primary key: a value, or a tuple of values.
    type Key: OwnedKey;
    /// Name of the table.
    const TABLE: &'static str;
    /// The columns of the primary key.
    const KEY_COLUMNS: &'static [KeyColumn];

    /// The table's definition, with id 0 until it is created.
    ///
    /// # Errors
    /// `InvalidInput` for what only the builder can check, such as a default that does not fit.
    fn definition() -> Result<TableDefinition>;

    /// The primary key of this row.
    fn key(&self) -> Self::Key;

    /// Writes all columns in order.
    ///
    /// # Errors
    /// As `RowWriter::push`.
    fn write(&self, writer: &mut RowWriter<'_>) -> Result<()>;

    /// All columns in order, with their own bytes.
    fn values(&self) -> Vec<Value>;

    /// All columns in order, with the bytes that this row has.
    fn into_values(self) -> Vec<Value> {
        self.values()
    }

    /// Reads a row of the table.
    ///
    /// # Errors
    /// As [`ColumnValue::from_value`].
    fn read(row: &Row<'_>) -> Result<Self>;
}

macro_rules! column_value {
    ($(
        $rust:ty, $data_type:expr, $self:ident => $as_value:expr, $pattern:pat => $from:expr;
    )*) => {$(
        impl AsValue for $rust {
            #[inline]
            fn as_value(&self) -> ValueRef<'_> {
                let $self = self;
                $as_value
            }
        }

        impl ColumnValue for $rust {
            const TYPE: Type = $data_type;

            #[inline]
            fn from_value(value: ValueRef<'_>) -> Result<$rust> {
                match value {
                    $pattern => $from,
                    other => Err(Self::TYPE.unexpected(other)),
                }
            }

            #[inline]
            fn into_value(self) -> Value {
                self.into()
            }
        }
    )*};
}

column_value! {
    bool, Type::Boolean, v => ValueRef::Boolean(*v), ValueRef::Boolean(v) => Ok(v);
    i16, Type::SmallInt, v => ValueRef::Integer((*v).into()),
        ValueRef::Integer(v) => i16::try_from(v).map_err(|_| out_of_range(Type::SmallInt));
    i32, Type::Integer, v => ValueRef::Integer((*v).into()),
        ValueRef::Integer(v) => i32::try_from(v).map_err(|_| out_of_range(Type::Integer));
    i64, Type::BigInt, v => ValueRef::Integer(*v), ValueRef::Integer(v) => Ok(v);
    f32, Type::Real, v => ValueRef::Real(*v), ValueRef::Real(v) => Ok(v);
    f64, Type::Double, v => ValueRef::Double(*v), ValueRef::Double(v) => Ok(v);
    Decimal, Type::DECIMAL, v => ValueRef::Decimal(*v), ValueRef::Decimal(v) => Ok(v);
    String, Type::Text, v => ValueRef::Text(v), ValueRef::Text(v) => Ok(v.to_owned());
    Vec<u8>, Type::Blob, v => ValueRef::Blob(v), ValueRef::Blob(v) => Ok(v.to_owned());
    [u8; 16], Type::Uuid, v => ValueRef::Uuid(*v), ValueRef::Uuid(v) => Ok(v);
    Uuid, Type::Uuid, v => ValueRef::Uuid(v.0), ValueRef::Uuid(v) => Ok(Uuid(v));
    Date, Type::Date, v => ValueRef::Date(v.0), ValueRef::Date(v) => Ok(Date(v));
    Time, Type::Time { precision: 9 }, v => ValueRef::Time(v.0), ValueRef::Time(v) => Ok(Time(v));
    TimestampTz, Type::TimestampTz { precision: 9 }, v => ValueRef::TimestampTz(v.0),
        ValueRef::TimestampTz(v) => Ok(TimestampTz(v));
    Interval, Type::Interval, v => ValueRef::Interval(*v), ValueRef::Interval(v) => Ok(v);
    Timestamp, Type::Timestamp { precision: 9 }, v => ValueRef::Timestamp(v.0),
        ValueRef::Timestamp(v) => Ok(Timestamp(v));
    Json, Type::Json, v => ValueRef::Json(v.as_str()),
        ValueRef::Json(v) => Ok(Json::trusted(v.to_owned()));
}

impl AsValue for Value {
    fn as_value(&self) -> ValueRef<'_> {
        Value::as_value(self)
    }
}

impl ColumnValue for Value {
    const TYPE: Type = Type::Any;
    const NULLABLE: bool = true;

    fn from_value(value: ValueRef<'_>) -> Result<Value> {
        Ok(value.to_value())
    }

    fn into_value(self) -> Value {
        self
    }
}

impl<T: AsValue> AsValue for Option<T> {
    #[inline]
    fn as_value(&self) -> ValueRef<'_> {
        self.as_ref().map_or(ValueRef::Null, AsValue::as_value)
    }
}

impl<T: ColumnValue> ColumnValue for Option<T> {
    const TYPE: Type = T::TYPE;
    const NULLABLE: bool = true;

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Option<T>> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }

    #[inline]
    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

impl AsValue for ValueRef<'_> {
    fn as_value(&self) -> ValueRef<'_> {
        *self
    }
}

impl AsValue for &str {
    fn as_value(&self) -> ValueRef<'_> {
        ValueRef::Text(self)
    }
}

impl AsValue for &[u8] {
    fn as_value(&self) -> ValueRef<'_> {
        ValueRef::Blob(self)
    }
}

impl Type {
    #[cold]
    fn unexpected(self, value: ValueRef<'_>) -> Error {
        let kind = value.kind_name();
        Error::invalid(format!("a value of type {kind} was read as {self}")).with_sqlstate("42804")
    }
}

#[cold]
fn out_of_range(data_type: Type) -> Error {
    Error::invalid(format!("value out of range for type {data_type}")).with_sqlstate("22003")
}
