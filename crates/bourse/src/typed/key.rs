//! Keys as Rust values: one value, or a tuple of values, and what may stand for them.

use bourse_storage::{Error, Result};

use super::{AsValue, ColumnValue};
use crate::key::{KeyColumn, encode_key};
use crate::value::{Value, ValueRef};

/// One value, or a tuple of values, that makes a key or the beginning of one.
pub trait KeyValues {
    /// Shows the components to `body`, borrowed, without a buffer of their own.
    fn with<R>(&self, body: impl FnOnce(&[ValueRef<'_>]) -> R) -> R;

    /// Appends the bytes of the components to `out`.
    ///
    /// # Errors
    /// As `key::encode_key`; `out` is then as it was.
    #[inline]
    fn encode(&self, columns: &[KeyColumn], out: &mut Vec<u8>) -> Result<()> {
        self.with(|values| encode_key(columns, values, out))
    }

    /// The components with their own bytes.
    fn to_values(&self) -> Vec<Value> {
        self.with(|values| values.iter().map(|value| value.to_value()).collect())
    }
}

/// A whole key that the store can give back: what [`TableRow::Key`](super::TableRow::Key) is.
pub trait OwnedKey: KeyValues + Send + Sized + 'static {
    /// The key of these components.
    ///
    /// # Errors
    /// `InvalidInput` (42804) for another number of components or another type.
    fn from_values(values: &[ValueRef<'_>]) -> Result<Self>;
}

/// What may stand where a value of a `C` column is asked for: a `C`, or what borrows like one
/// (`&str` for `String`), or a value where the column may be NULL.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot stand for a column of type `{C}`")]
pub trait ColumnLike<C>: AsValue {}

/// What may stand where a whole key of type `K` is asked for.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot stand for a key of type `{K}`")]
pub trait KeyOf<K>: KeyValues {}

/// A tuple of the first values of a key of type `K`: `()`, `(a,)`, `(a, b)` and so on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no beginning of a key of type `{K}`",
    note = "a prefix is a tuple: `(user_id,)`"
)]
pub trait KeyPrefix<K>: KeyValues {
    /// The type of the column after the prefix; [`NoColumn`] after the last one.
    type Next;
}

/// Stands for the column after a key's last one: nothing can be compared with it.
#[derive(Clone, Copy, Debug)]
pub enum NoColumn {}

impl<T: AsValue> KeyValues for T {
    #[inline]
    fn with<R>(&self, body: impl FnOnce(&[ValueRef<'_>]) -> R) -> R {
        body(&[self.as_value()])
    }
}

impl<C: ColumnValue + Send + 'static> OwnedKey for C {
    fn from_values(values: &[ValueRef<'_>]) -> Result<C> {
        match values {
            [value] => C::from_value(*value),
            _ => Err(wrong_number(values, 1)),
        }
    }
}

impl<C: ColumnValue> ColumnLike<C> for C {}
impl<C: ColumnValue> ColumnLike<Option<C>> for C {}
impl ColumnLike<String> for &str {}
impl ColumnLike<Option<String>> for &str {}
impl ColumnLike<Vec<u8>> for &[u8] {}
impl ColumnLike<Option<Vec<u8>>> for &[u8] {}

impl<C: ColumnValue, L: ColumnLike<C>> KeyOf<C> for L {}

impl KeyValues for () {
    fn with<R>(&self, body: impl FnOnce(&[ValueRef<'_>]) -> R) -> R {
        body(&[])
    }
}

impl<C: ColumnValue> KeyPrefix<C> for () {
    type Next = C;
}

impl<C: ColumnValue, L: ColumnLike<C>> KeyPrefix<C> for (L,) {
    type Next = NoColumn;
}

macro_rules! tuple_values {
    ($($letter:ident $index:tt),*) => {
        impl<$($letter: AsValue),*> KeyValues for ($($letter,)*) {
            #[inline]
            fn with<R>(&self, body: impl FnOnce(&[ValueRef<'_>]) -> R) -> R {
                body(&[$(self.$index.as_value()),*])
            }
        }
    };
}

macro_rules! tuple_key {
    ($count:literal: $($column:ident $like:ident $index:tt),*) => {
        tuple_values!($($column $index),*);

        impl<$($column: ColumnValue + Send + 'static),*> OwnedKey for ($($column,)*) {
            fn from_values(values: &[ValueRef<'_>]) -> Result<($($column,)*)> {
                if values.len() != $count {
                    return Err(wrong_number(values, $count));
                }
                Ok(($($column::from_value(values[$index])?,)*))
            }
        }

        impl<$($column: ColumnValue, $like: ColumnLike<$column>),*> KeyOf<($($column,)*)>
            for ($($like,)*) {}

        prefixes!([$($column)*] [] [$($column $like)*]);
    };
}

/// Every beginning of one tuple, each with the column that follows.
macro_rules! prefixes {
    ([$($all:ident)*] [$($column:ident $like:ident)*] []) => {
        impl<$($all: ColumnValue,)* $($like: ColumnLike<$column>,)*> KeyPrefix<($($all,)*)>
            for ($($like,)*)
        {
            type Next = NoColumn;
        }
    };
    ([$($all:ident)*] [$($column:ident $like:ident)*]
     [$next:ident $next_like:ident $($rest:ident)*]) => {
        impl<$($all: ColumnValue,)* $($like: ColumnLike<$column>,)*> KeyPrefix<($($all,)*)>
            for ($($like,)*)
        {
            type Next = $next;
        }
        prefixes!([$($all)*] [$($column $like)* $next $next_like] [$($rest)*]);
    };
}

tuple_values!(A 0);
tuple_key!(2: A K 0, B L 1);
tuple_key!(3: A K 0, B L 1, C M 2);
tuple_key!(4: A K 0, B L 1, C M 2, D N 3);
tuple_key!(5: A K 0, B L 1, C M 2, D N 3, E O 4);
tuple_key!(6: A K 0, B L 1, C M 2, D N 3, E O 4, F P 5);
tuple_key!(7: A K 0, B L 1, C M 2, D N 3, E O 4, F P 5, G Q 6);
tuple_key!(8: A K 0, B L 1, C M 2, D N 3, E O 4, F P 5, G Q 6, H S 7);

#[cold]
fn wrong_number(values: &[ValueRef<'_>], wanted: usize) -> Error {
    let message = format!("a key of {} values was read as one of {wanted}", values.len());
    Error::invalid(message).with_sqlstate("42804")
}
