//! Values of Rust as parameters, and columns as values of Rust.

use std::sync::Arc;

use ecow::EcoString;

use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::types::SqlType;

/// What can be given for a parameter.
pub trait ToParameter {
    /// The value.
    fn to_parameter(&self) -> Datum;
}

/// What a column can be read as.
pub trait FromColumn: Sized {
    /// The column's value.
    ///
    /// # Errors
    /// 42804 when it is of another kind.
    fn from_column(value: &Datum) -> Result<Self>;
}

/// Values for all of a statement's parameters: `()`, tuples, arrays and slices.
pub trait Parameters {
    /// The values, in the order of the parameters' numbers.
    fn into_parameters(self) -> Vec<Datum>;
}

macro_rules! to_parameter {
    ($($ty:ty, $value:ident => $datum:expr;)*) => {$(
        impl ToParameter for $ty {
            fn to_parameter(&self) -> Datum {
                let $value = self;
                $datum
            }
        }
    )*};
}
to_parameter! {
    Datum, value => value.clone();
    bool, value => Datum::Boolean(*value);
    i16, value => Datum::Integer(i64::from(*value));
    i32, value => Datum::Integer(i64::from(*value));
    u32, value => Datum::Integer(i64::from(*value));
    i64, value => Datum::Integer(*value);
    f32, value => Datum::Double(f64::from(*value));
    f64, value => Datum::Double(*value);
    str, value => Datum::Text(EcoString::from(value));
    String, value => Datum::Text(EcoString::from(value.as_str()));
    EcoString, value => Datum::Text(value.clone());
    [u8], value => Datum::Bytes(Arc::from(value));
    Vec<u8>, value => Datum::Bytes(Arc::from(value.as_slice()));
}

impl<T: ToParameter + ?Sized> ToParameter for &T {
    fn to_parameter(&self) -> Datum {
        (**self).to_parameter()
    }
}

impl<T: ToParameter> ToParameter for Option<T> {
    fn to_parameter(&self) -> Datum {
        self.as_ref().map_or(Datum::Null, ToParameter::to_parameter)
    }
}

impl Parameters for () {
    fn into_parameters(self) -> Vec<Datum> {
        Vec::new()
    }
}

impl<T: ToParameter, const N: usize> Parameters for [T; N] {
    fn into_parameters(self) -> Vec<Datum> {
        self.iter().map(ToParameter::to_parameter).collect()
    }
}

impl<T: ToParameter> Parameters for &[T] {
    fn into_parameters(self) -> Vec<Datum> {
        self.iter().map(ToParameter::to_parameter).collect()
    }
}

impl Parameters for Vec<Datum> {
    fn into_parameters(self) -> Vec<Datum> {
        self
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: ToParameter),*> Parameters for ($($name,)*) {
            #[expect(non_snake_case, reason = "a value goes by the name of its type")]
            fn into_parameters(self) -> Vec<Datum> {
                let ($($name,)*) = self;
                vec![$($name.to_parameter()),*]
            }
        }
    };
}
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);

#[cold]
fn mismatch(value: &Datum, wanted: &str) -> SqlError {
    let found = natural_type(value);
    SqlError::new("42804", format!("a column of type {found} is not read as {wanted}"))
}

/// The type that a value has by itself.
pub(crate) fn natural_type(value: &Datum) -> SqlType {
    match value {
        Datum::Null => SqlType::Unknown,
        Datum::Boolean(_) => SqlType::Boolean,
        Datum::Integer(_) => SqlType::BigInt,
        Datum::Real(_) => SqlType::Real,
        Datum::Double(_) => SqlType::Double,
        Datum::Numeric(_) => SqlType::Numeric(None),
        Datum::Text(_) => SqlType::Unknown,
        Datum::Bytes(_) => SqlType::Bytea,
        Datum::Date(_) => SqlType::Date,
        Datum::Time(_) => SqlType::Time(6),
        Datum::Timestamp(_) => SqlType::Timestamp(6),
        Datum::TimestampTz(_) => SqlType::TimestampTz(6),
        Datum::Interval(_) => SqlType::Interval,
        Datum::Uuid(_) => SqlType::Uuid,
        Datum::Json(_) => SqlType::Jsonb,
        Datum::Array(array) => {
            let first = array.elements.iter().find(|element| !element.is_null());
            first.map_or(SqlType::Text, natural_type).array()
        }
        Datum::Record(_) => SqlType::Unknown,
    }
}

impl FromColumn for Datum {
    fn from_column(value: &Datum) -> Result<Datum> {
        Ok(value.clone())
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: &Datum) -> Result<Option<T>> {
        if value.is_null() { Ok(None) } else { T::from_column(value).map(Some) }
    }
}

impl FromColumn for i64 {
    fn from_column(value: &Datum) -> Result<i64> {
        match value {
            Datum::Integer(value) => Ok(*value),
            Datum::Boolean(value) => Ok(i64::from(*value)),
            Datum::Numeric(number) if number.scale() == 0 => {
                number.to_integer().ok_or_else(|| mismatch(value, "i64"))
            }
            _ => Err(mismatch(value, "i64")),
        }
    }
}

impl FromColumn for i32 {
    fn from_column(value: &Datum) -> Result<i32> {
        i32::try_from(i64::from_column(value)?).map_err(|_| mismatch(value, "i32"))
    }
}

impl FromColumn for f64 {
    fn from_column(value: &Datum) -> Result<f64> {
        match value {
            Datum::Double(value) => Ok(*value),
            Datum::Real(value) => Ok(f64::from(*value)),
            #[expect(clippy::cast_precision_loss, reason = "the nearest one is asked for")]
            Datum::Integer(value) => Ok(*value as f64),
            Datum::Numeric(value) => Ok(value.to_f64()),
            _ => Err(mismatch(value, "f64")),
        }
    }
}

impl FromColumn for bool {
    fn from_column(value: &Datum) -> Result<bool> {
        match value {
            Datum::Boolean(value) => Ok(*value),
            Datum::Integer(value) => Ok(*value != 0),
            _ => Err(mismatch(value, "bool")),
        }
    }
}

impl FromColumn for String {
    fn from_column(value: &Datum) -> Result<String> {
        EcoString::from_column(value).map(Into::into)
    }
}

impl FromColumn for EcoString {
    fn from_column(value: &Datum) -> Result<EcoString> {
        match value {
            Datum::Text(text) | Datum::Json(text) => Ok(text.clone()),
            _ => Err(mismatch(value, "text")),
        }
    }
}

impl FromColumn for Vec<u8> {
    fn from_column(value: &Datum) -> Result<Vec<u8>> {
        match value {
            Datum::Bytes(bytes) => Ok(bytes.to_vec()),
            _ => Err(mismatch(value, "bytes")),
        }
    }
}
