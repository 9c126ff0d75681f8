//! The typed face of tables: what `#[derive(Table)]` implements, and what it stands on.
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

use std::marker::PhantomData;

use bourse_storage::{Error, Result};

use crate::datetime::{Date, Timestamp};
use crate::decimal::Decimal;
use crate::key::{KeyColumn, encode_key};
use crate::row::{Row, RowWriter};
use crate::schema::TableDefinition;
use crate::value::{Json, Type, Uuid, Value, ValueRef};

#[cfg(test)]
mod tests;

/// A Rust value that can be seen as a [`ValueRef`].
pub trait AsValue {
    /// The value, borrowed.
    fn as_value(&self) -> ValueRef<'_>;
}

/// A Rust type that columns of a table have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a column",
    note = "columns are i16, i32, i64, f32, f64, bool, String, Vec<u8>, [u8; 16], Uuid, Decimal, \
            Date, Timestamp, Json, Value, and Option of these"
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
}

/// A struct whose values are rows of a table. `#[derive(Table)]` implements it.
pub trait TableRow: Sized {
    /// The primary key: a value, or a tuple of values.
    type Key: KeyValues;
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

    /// Reads a row of the table.
    ///
    /// # Errors
    /// As [`ColumnValue::from_value`].
    fn read(row: &Row<'_>) -> Result<Self>;
}

/// One value, or a tuple of values, that makes a key or the beginning of one.
pub trait KeyValues {
    /// Appends the components to `out`.
    ///
    /// # Errors
    /// As `key::encode_key`; `out` is then as it was.
    fn encode(&self, columns: &[KeyColumn], out: &mut Vec<u8>) -> Result<()>;
}

/// An index of table `R` whose key is a `K`.
pub struct TypedIndex<R, K> {
    name: &'static str,
    columns: &'static [KeyColumn],
    types: PhantomData<fn() -> (R, K)>,
}

impl<R, K> Clone for TypedIndex<R, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, K> Copy for TypedIndex<R, K> {}

impl<R, K> std::fmt::Debug for TypedIndex<R, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedIndex").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<R: TableRow, K: KeyValues> TypedIndex<R, K> {
    /// The index of this name and these columns; `#[derive(Table)]` calls it.
    pub const fn new(name: &'static str, columns: &'static [KeyColumn]) -> TypedIndex<R, K> {
        TypedIndex { name, columns, types: PhantomData }
    }

    /// Name of the index.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The columns of the key.
    pub fn columns(&self) -> &'static [KeyColumn] {
        self.columns
    }

    /// Appends the bytes of a whole key to `out`.
    ///
    /// # Errors
    /// As [`KeyValues::encode`].
    pub fn encode_key(&self, key: &K, out: &mut Vec<u8>) -> Result<()> {
        key.encode(self.columns, out)
    }

    /// Appends the bytes of the first values of a key to `out`.
    ///
    /// # Errors
    /// As [`KeyValues::encode`]: the types are checked when it runs.
    pub fn encode_prefix(&self, prefix: &impl KeyValues, out: &mut Vec<u8>) -> Result<()> {
        prefix.encode(self.columns, out)
    }
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

macro_rules! single_key {
    ($($rust:ty),*) => {$(
        impl KeyValues for $rust {
            #[inline]
            fn encode(&self, columns: &[KeyColumn], out: &mut Vec<u8>) -> Result<()> {
                encode_key(columns, &[self.as_value()], out)
            }
        }
    )*};
}

single_key!(
    bool,
    i16,
    i32,
    i64,
    f32,
    f64,
    Decimal,
    String,
    &str,
    Vec<u8>,
    &[u8],
    [u8; 16],
    Uuid,
    Date,
    Timestamp,
    Json,
    Value,
    ValueRef<'_>
);

impl<T: AsValue> KeyValues for Option<T> {
    fn encode(&self, columns: &[KeyColumn], out: &mut Vec<u8>) -> Result<()> {
        encode_key(columns, &[self.as_value()], out)
    }
}

macro_rules! tuple_key {
    ($($letter:ident $index:tt),*) => {
        impl<$($letter: AsValue),*> KeyValues for ($($letter,)*) {
            #[inline]
            fn encode(&self, columns: &[KeyColumn], out: &mut Vec<u8>) -> Result<()> {
                encode_key(columns, &[$(self.$index.as_value()),*], out)
            }
        }
    };
}

tuple_key!(A 0);
tuple_key!(A 0, B 1);
tuple_key!(A 0, B 1, C 2);
tuple_key!(A 0, B 1, C 2, D 3);
tuple_key!(A 0, B 1, C 2, D 3, E 4);
tuple_key!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple_key!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple_key!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

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
