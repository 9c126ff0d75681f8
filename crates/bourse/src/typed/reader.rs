//! Reading typed rows of one state: of a Cut, or of a transaction with its own changes.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::ops::{Bound, ControlFlow, RangeBounds};

use bourse_storage::Result;

use super::{
    IndexRange, KeyOf, KeyPrefix, KeyValues, TableRow, TypedEntries, TypedIndex, TypedTable,
};
use crate::key::KeyColumn;
use crate::lookup;
use crate::range::Range;
use crate::read::many::{self, Keys};
use crate::read::{self, Rows};
use crate::reading::Cut;
use crate::row::Row;
use crate::scan::Order;
use crate::snapshot::{KeyRange, Snapshot};
use crate::transaction::Transaction;
use crate::value::{Value, ValueRef};

/// A state that rows are read from: a [`Cut`] or a [`Transaction`].
#[expect(private_bounds, reason = "sealed: no one else can keep what a snapshot promises")]
pub trait ReadPoint: Snapshot {}

impl ReadPoint for Cut {}
impl ReadPoint for Transaction<'_> {}

/// A typed table in one state; from [`TypedTable::at`].
pub struct TypedReader<'v, T, V> {
    table: &'v TypedTable<T>,
    snapshot: &'v V,
}

/// Rows of a range of the primary key, in its order.
pub struct TypedRows<'v, T, V> {
    rows: Rows<'v, V>,
    row: PhantomData<fn() -> T>,
}

impl<'v, T: TableRow, V: ReadPoint> TypedReader<'v, T, V> {
    pub(super) fn new(table: &'v TypedTable<T>, snapshot: &'v V) -> TypedReader<'v, T, V> {
        TypedReader { table, snapshot }
    }

    /// The row of a primary key.
    ///
    /// # Errors
    /// `InvalidInput` when the table does not exist in this state; `Corrupt` or `Io` when a page
    /// cannot be read; whatever ends the transaction.
    pub fn get(&self, key: impl KeyOf<T::Key>) -> Result<Option<T>> {
        self.get_with(key, T::read)?.transpose()
    }

    /// As [`TypedReader::get`], showing the row's columns to `body` in place.
    ///
    /// # Errors
    /// As [`TypedReader::get`].
    pub fn get_with<R>(
        &self,
        key: impl KeyOf<T::Key>,
        body: impl FnOnce(&Row<'_>) -> R,
    ) -> Result<Option<R>> {
        let info = self.snapshot.catalog().table_of(self.table.table())?;
        with_encoded::<T, _>(&key, |values, encoded| {
            read::with_row_buffer(|buffer| {
                match lookup::find(self.snapshot, info, values, encoded, buffer)? {
                    Some(_) => Ok(Some(body(&info.layout.row(buffer)?))),
                    None => Ok(None),
                }
            })
        })
    }

    /// Rows of many primary keys, in the order of the keys, `None` where there is none; fetched
    /// together, so that their cache misses overlap.
    ///
    /// # Errors
    /// As [`TypedReader::get`].
    pub fn multi_get<K: KeyOf<T::Key>>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Vec<Option<T>>> {
        let keys = keys.into_iter();
        let mut rows = Vec::with_capacity(keys.size_hint().0);
        self.multi_get_with(keys, |_, row| {
            rows.push(row.map(T::read).transpose()?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(rows)
    }

    /// As [`TypedReader::multi_get`], showing each key's number, and the columns of its row in
    /// place if there is one, to `each` until it breaks.
    ///
    /// # Errors
    /// As [`TypedReader::get`]; what `each` returned.
    pub fn multi_get_with<K: KeyOf<T::Key>>(
        &self,
        keys: impl IntoIterator<Item = K>,
        mut each: impl FnMut(usize, Option<&Row<'_>>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let info = self.snapshot.catalog().table_of(self.table.table())?;
        let add = |wanted: &mut Keys<'_>| {
            keys.into_iter().try_for_each(|key| {
                with_encoded::<T, _>(&key, |values, encoded| wanted.add(values, encoded))
            })
        };
        many::show_found(self.snapshot, info, add, |at, row| each(at, row.as_ref()))
    }

    /// Rows whose primary keys lie in a range: `..`, `a..b`, `a..=b`.
    ///
    /// Where the bounds begin with the same shard key, one shard is read, else all of them,
    /// merged.
    ///
    /// # Errors
    /// As [`TypedReader::get`]; the iterator's items may be errors too.
    pub fn scan(
        &self,
        range: impl RangeBounds<T::Key>,
        order: Order,
    ) -> Result<TypedRows<'v, T, V>> {
        let info = self.snapshot.catalog().table_of(self.table.table())?;
        let (lower, upper) = (range.start_bound(), range.end_bound());
        let keys = KeyRange {
            lower: encode_bound(T::KEY_COLUMNS, lower)?,
            upper: encode_bound(T::KEY_COLUMNS, upper)?,
        };
        let prefix = match (key_of(lower), key_of(upper)) {
            (Some(lower), Some(upper)) => common_prefix(lower, upper),
            _ => Vec::new(),
        };
        let prefix = crate::table::borrow(&prefix);
        let rows = read::rows_between(self.snapshot, info, keys, &prefix, order)?;
        Ok(TypedRows { rows, row: PhantomData })
    }

    /// Rows whose primary keys begin with the values of a tuple.
    ///
    /// # Errors
    /// As [`TypedReader::scan`].
    pub fn scan_prefix(
        &self,
        prefix: impl KeyPrefix<T::Key>,
        order: Order,
    ) -> Result<TypedRows<'v, T, V>> {
        let info = self.snapshot.catalog().table_of(self.table.table())?;
        let rows = read::rows(self.snapshot, info, &Range::prefix(prefix.to_values()), order)?;
        Ok(TypedRows { rows, row: PhantomData })
    }

    /// Entries of a range of an index, in the index's order; rows are fetched only when asked for.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when the index was dropped; else as [`TypedReader::get`].
    pub fn scan_index<K, N>(
        &self,
        range: &IndexRange<T, K, N>,
        order: Order,
    ) -> Result<TypedEntries<'v, T, V>> {
        let info = self.snapshot.catalog().table_of(self.table.table())?;
        let entries = read::entries(self.snapshot, info, range.index_name(), range.range(), order)?;
        Ok(TypedEntries::new(entries))
    }

    /// The first row that an index has for a whole key: the only one, where it is unique.
    ///
    /// # Errors
    /// As [`TypedReader::scan_index`].
    pub fn find<K: KeyValues>(
        &self,
        index: TypedIndex<T, K>,
        key: impl KeyOf<K>,
    ) -> Result<Option<T>> {
        let info = self.snapshot.catalog().table_of(self.table.table())?;
        let range = Range::prefix(key.to_values());
        let mut entries =
            read::entries(self.snapshot, info, index.name(), &range, Order::Ascending)?;
        let rows = entries.fetch(1)?;
        rows.first().map(|row| T::read(&row.row())).transpose()
    }
}

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<T: TableRow, V: Snapshot> TypedRows<'_, T, V> {
    /// Moves to the next row and shows its columns to `body` in place. Returns `None` at the end.
    ///
    /// # Errors
    /// `Corrupt` or `Io` when a page cannot be read; whatever ends the transaction.
    pub fn next_with<R>(&mut self, body: impl FnOnce(&Row<'_>) -> R) -> Result<Option<R>> {
        self.rows.next_with(|row| body(&row))
    }

    /// Shows the columns of all rows that are left to `body`, until it breaks: cheaper for many
    /// rows than [`TypedRows::next_with`] for each.
    ///
    /// # Errors
    /// As [`TypedRows::next_with`]; what `body` returned.
    pub fn each_with(
        &mut self,
        mut body: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        self.rows.each_with(|row| body(&row))
    }
}

impl<T: TableRow, V: Snapshot> Iterator for TypedRows<'_, T, V> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        self.next_with(T::read).transpose().map(Result::flatten)
    }
}

/// Shows the components of a primary key, and its bytes in this thread's buffer, to `body`.
pub(super) fn with_encoded<T: TableRow, R>(
    key: &impl KeyValues,
    body: impl FnOnce(&[ValueRef<'_>], &[u8]) -> Result<R>,
) -> Result<R> {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    key.with(|values| {
        // Taken out, so that `body` may read the store itself.
        let mut encoded = BUFFER.with_borrow_mut(std::mem::take);
        encoded.clear();
        let result = crate::key::encode_key(T::KEY_COLUMNS, values, &mut encoded)
            .and_then(|()| lookup::check_length(&encoded, T::TABLE))
            .and_then(|()| body(values, &encoded));
        BUFFER.with_borrow_mut(|kept| *kept = encoded);
        result
    })
}

fn encode_bound<K: KeyValues>(columns: &[KeyColumn], bound: Bound<&K>) -> Result<Bound<Vec<u8>>> {
    let encode = |key: &K| {
        let mut encoded = Vec::with_capacity(32);
        key.encode(columns, &mut encoded).map(|()| encoded)
    };
    Ok(match bound {
        Bound::Included(key) => Bound::Included(encode(key)?),
        Bound::Excluded(key) => Bound::Excluded(encode(key)?),
        Bound::Unbounded => Bound::Unbounded,
    })
}

fn key_of<K>(bound: Bound<&K>) -> Option<&K> {
    match bound {
        Bound::Included(key) | Bound::Excluded(key) => Some(key),
        Bound::Unbounded => None,
    }
}

/// The first components in which two keys agree.
fn common_prefix<K: KeyValues>(a: &K, b: &K) -> Vec<Value> {
    let pairs = a.to_values().into_iter().zip(b.to_values());
    pairs.take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
}
