//! An entry of an index as it is shown: its columns are read in place.
//!
//! A leaf keeps what all its keys begin with once, so an entry's key lies there in two parts. It is
//! put together only when somebody looks at a column of the key, or where the primary key, which is
//! its end, reaches into the first part.

use std::cell::OnceCell;

use bourse_storage::{Error, Result};

use crate::index::{EntryParts, IndexInfo, Place};
use crate::key::KeyReader;
use crate::row::Row;
use crate::shard::map::Slot;
use crate::typed::ColumnValue;
use crate::value::{Value, ValueRef};

/// Bytes of a key that need no allocation to be put together.
const SHORT_BYTES: usize = 64;

/// One entry of an index; its columns are read in place where the index holds them.
pub struct IndexEntry<'e> {
    index: &'e IndexInfo,
    /// The key in two parts.
    key: (&'e [u8], &'e [u8]),
    /// The key in one, once somebody has asked for it.
    whole: OnceCell<Whole>,
    parts: EntryParts<'e>,
    /// The included columns, where the index has any.
    included: Option<Row<'e>>,
}

/// A key that was put together.
enum Whole {
    Short([u8; SHORT_BYTES], usize),
    Long(Vec<u8>),
}

impl Whole {
    fn of((head, tail): (&[u8], &[u8])) -> Whole {
        let bytes = head.len() + tail.len();
        let mut short = [0; SHORT_BYTES];
        match short.get_mut(..bytes) {
            Some(whole) => {
                let (first, rest) = whole.split_at_mut(head.len());
                first.copy_from_slice(head);
                rest.copy_from_slice(tail);
                Whole::Short(short, bytes)
            }
            None => Whole::Long([head, tail].concat()),
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Whole::Short(bytes, length) => &bytes[..*length],
            Whole::Long(bytes) => bytes,
        }
    }
}

/// Shows the entry with that key, in two parts, and that value.
///
/// # Errors
/// `Corrupt` when it is not an entry of the index; what `body` returned.
// The entry is made where it is shown: it is too large to be handed on for nothing.
#[inline]
pub(super) fn show_entry<'e, T>(
    index: &'e IndexInfo,
    key: (&'e [u8], &'e [u8]),
    value: &'e [u8],
    body: impl FnOnce(&IndexEntry<'e>) -> Result<T>,
) -> Result<T> {
    let parts = index.parse(key.0.len() + key.1.len(), value)?;
    let included = match parts.include {
        [] => None,
        bytes => Some(index.include_layout.row(bytes)?),
    };
    body(&IndexEntry { index, key, whole: OnceCell::new(), parts, included })
}

impl<'e> IndexEntry<'e> {
    #[inline]
    fn key_bytes(&self) -> &[u8] {
        match self.key {
            ([], whole) => whole,
            parts => self.whole.get_or_init(|| Whole::of(parts)).bytes(),
        }
    }

    /// The row's slot, where the index is global.
    pub(super) fn slot(&self) -> Option<Slot> {
        self.parts.slot
    }

    /// The encoded primary key of the row.
    #[inline]
    pub(super) fn primary_key_bytes(&self) -> &[u8] {
        match self.parts.primary_key {
            Ok(bytes) => bytes,
            Err(length) => match self.key.1.len().checked_sub(length) {
                Some(at) => &self.key.1[at..],
                None => {
                    let key = self.key_bytes();
                    &key[key.len() - length..]
                }
            },
        }
    }

    /// A column of the table, by position, if the index holds it.
    ///
    /// # Errors
    /// `InvalidInput` when the index does not cover the column.
    pub fn get(&self, column: usize) -> Result<Value> {
        self.with_column(column, |value| Ok(value.to_value()))
    }

    /// As [`IndexEntry::get`], as a Rust value and without another one in between.
    ///
    /// # Errors
    /// As [`IndexEntry::get`]; 42804 when the column has another type.
    pub fn read<C: ColumnValue>(&self, column: usize) -> Result<C> {
        self.with_column(column, C::from_value)
    }

    /// Shows a column of the table to `body`, by position, if the index holds it.
    ///
    /// # Errors
    /// As [`IndexEntry::get`]; what `body` returned.
    pub fn show<T>(
        &self,
        column: usize,
        body: impl FnOnce(ValueRef<'_>) -> Result<T>,
    ) -> Result<T> {
        self.with_column(column, body)
    }

    #[inline]
    fn with_column<T>(
        &self,
        column: usize,
        body: impl FnOnce(ValueRef<'_>) -> Result<T>,
    ) -> Result<T> {
        match self.index.covered.get(column).copied().flatten() {
            Some(Place::Include(at)) => match &self.included {
                Some(row) => body(row.get(usize::from(at))),
                None => body(self.included(usize::from(at))?),
            },
            Some(Place::Key(at)) => {
                // The primary key's part is known already, wherever it lies.
                let columns = self.index.shape.len();
                let (mut reader, before) = match usize::from(at).checked_sub(columns) {
                    None => (KeyReader::new(&self.index.shape, self.key_bytes()), usize::from(at)),
                    Some(at) => (self.primary_key(), at),
                };
                for _ in 0..before {
                    reader.skip()?;
                }
                if let Some(integer) = reader.take_plain_bigint() {
                    return body(ValueRef::Integer(integer));
                }
                body(reader.next_ref(&mut Vec::new())?)
            }
            None => Err(Error::invalid(format!(
                "index {} does not hold column {column}: fetch the row, or include it",
                self.index.definition.name
            ))),
        }
    }

    /// Whether the index holds a column of the table.
    pub fn holds(&self, column: usize) -> bool {
        self.index.covered.get(column).is_some_and(Option::is_some)
    }

    /// The n-th included column, read in place.
    ///
    /// # Errors
    /// `Corrupt` when the entry does not decode.
    #[inline]
    pub fn included(&self, at: usize) -> Result<ValueRef<'e>> {
        match &self.included {
            Some(row) => Ok(row.get(at)),
            None => Ok(self.included_row()?.get(at)),
        }
    }

    /// The included columns as a row, to read several of them.
    ///
    /// # Errors
    /// As [`IndexEntry::included`].
    #[inline]
    pub fn included_row(&self) -> Result<Row<'e>> {
        match self.included {
            Some(row) => Ok(row),
            None => self.index.include_layout.row(self.parts.include),
        }
    }

    /// The entry's key, to read its columns one after the other.
    pub fn key(&self) -> KeyReader<'_> {
        KeyReader::new(&self.index.entry_shape, self.key_bytes())
    }

    /// The primary key of the entry's row, which for a table without one is the hidden row id.
    pub fn primary_key(&self) -> KeyReader<'_> {
        let columns = self.index.shape.len();
        KeyReader::new(&self.index.entry_shape[columns..], self.primary_key_bytes())
    }
}
