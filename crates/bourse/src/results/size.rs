//! How many bytes of memory a result takes, so that the cache of results knows its bound.

use std::sync::Arc;

use crate::datetime::{Date, Timestamp};
use crate::decimal::Decimal;
use crate::table::OwnedRow;
use crate::value::{Json, Uuid, Value};

/// Something that can be kept as a result.
pub trait ResultBytes {
    /// Bytes of memory that it takes, about: its own and those that it owns elsewhere.
    fn result_bytes(&self) -> usize;
}

macro_rules! plain {
    ($($kind:ty),* $(,)?) => {$(
        impl ResultBytes for $kind {
            fn result_bytes(&self) -> usize {
                size_of::<$kind>()
            }
        }
    )*};
}

plain!(
    (),
    bool,
    i16,
    i32,
    i64,
    i128,
    u16,
    u32,
    u64,
    usize,
    f32,
    f64,
    Decimal,
    Date,
    Timestamp,
    Uuid,
);

impl ResultBytes for String {
    fn result_bytes(&self) -> usize {
        size_of::<String>() + self.capacity()
    }
}

impl ResultBytes for Json {
    fn result_bytes(&self) -> usize {
        size_of::<Json>() + self.as_str().len()
    }
}

impl ResultBytes for Value {
    fn result_bytes(&self) -> usize {
        size_of::<Value>()
            + match self {
                Value::Text(text) | Value::Json(text) => text.capacity(),
                Value::Blob(bytes) => bytes.capacity(),
                _ => 0,
            }
    }
}

impl ResultBytes for OwnedRow {
    fn result_bytes(&self) -> usize {
        size_of::<OwnedRow>() + self.bytes.capacity() + self.key.own_bytes()
    }
}

impl ResultBytes for u8 {
    fn result_bytes(&self) -> usize {
        1
    }
}

impl<T: ResultBytes> ResultBytes for Vec<T> {
    fn result_bytes(&self) -> usize {
        let spare = (self.capacity() - self.len()) * size_of::<T>();
        size_of::<Vec<T>>() + spare + self.iter().map(T::result_bytes).sum::<usize>()
    }
}

impl<T: ResultBytes> ResultBytes for Option<T> {
    fn result_bytes(&self) -> usize {
        self.as_ref().map_or(size_of::<Option<T>>(), T::result_bytes)
    }
}

impl<T: ResultBytes + ?Sized> ResultBytes for Arc<T> {
    fn result_bytes(&self) -> usize {
        size_of::<Arc<T>>() + T::result_bytes(self)
    }
}

impl<A: ResultBytes, B: ResultBytes> ResultBytes for (A, B) {
    fn result_bytes(&self) -> usize {
        self.0.result_bytes() + self.1.result_bytes()
    }
}

impl<A: ResultBytes, B: ResultBytes, C: ResultBytes> ResultBytes for (A, B, C) {
    fn result_bytes(&self) -> usize {
        self.0.result_bytes() + self.1.result_bytes() + self.2.result_bytes()
    }
}
