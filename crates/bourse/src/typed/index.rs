//! Indexes with the types of their keys: ranges over them, and what is read there.

use std::marker::PhantomData;
use std::ops::ControlFlow;

use bourse_storage::Result;

use super::{ColumnLike, ColumnValue, KeyPrefix, KeyValues, TableRow};
use crate::key::KeyColumn;
use crate::range::Range;
use crate::read::{Entries, IndexEntry};
use crate::snapshot::Snapshot;

/// An index of table `R` whose key is a `K`. `#[derive(Table)]` makes a function for each.
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

    /// The entries whose first columns equal the values of a tuple; of `()`: all.
    ///
    /// If the prefix holds the table's shard key, or for a global index its first column, one
    /// shard is read, else all of them, merged.
    pub fn prefix<P: KeyPrefix<K>>(&self, prefix: P) -> IndexRange<R, K, P::Next> {
        let range = Range::prefix(prefix.to_values());
        IndexRange { index: *self, range, next: PhantomData }
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

/// A range of a typed index: its first columns equal to given values, the next one, of type `N`,
/// between bounds. Bounds compare as [`Range`]'s do.
pub struct IndexRange<R, K, N> {
    index: TypedIndex<R, K>,
    range: Range,
    next: PhantomData<fn() -> N>,
}

impl<R, K, N> Clone for IndexRange<R, K, N> {
    fn clone(&self) -> Self {
        IndexRange { index: self.index, range: self.range.clone(), next: PhantomData }
    }
}

impl<R, K, N> std::fmt::Debug for IndexRange<R, K, N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("IndexRange");
        debug.field("index", &self.index).field("range", &self.range).finish()
    }
}

impl<R, K, N> IndexRange<R, K, N> {
    /// The next column at least `value`.
    #[must_use]
    pub fn from(mut self, value: impl ColumnLike<N>) -> Self {
        self.range = self.range.from(value.as_value().to_value());
        self
    }

    /// The next column greater than `value`.
    #[must_use]
    pub fn after(mut self, value: impl ColumnLike<N>) -> Self {
        self.range = self.range.after(value.as_value().to_value());
        self
    }

    /// The next column at most `value`.
    #[must_use]
    pub fn to(mut self, value: impl ColumnLike<N>) -> Self {
        self.range = self.range.to(value.as_value().to_value());
        self
    }

    /// The next column less than `value`.
    #[must_use]
    pub fn before(mut self, value: impl ColumnLike<N>) -> Self {
        self.range = self.range.before(value.as_value().to_value());
        self
    }

    pub(super) fn index_name(&self) -> &'static str {
        self.index.name
    }

    pub(super) fn range(&self) -> &Range {
        &self.range
    }
}

/// A column of table `R` with the Rust type of its values; from
/// [`TypedTable::column`](super::TypedTable::column), which checks both once.
pub struct TypedColumn<R, C> {
    position: usize,
    types: PhantomData<fn() -> (R, C)>,
}

impl<R, C> Clone for TypedColumn<R, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, C> Copy for TypedColumn<R, C> {}

impl<R, C> std::fmt::Debug for TypedColumn<R, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedColumn").field("position", &self.position).finish_non_exhaustive()
    }
}

impl<R, C> TypedColumn<R, C> {
    pub(super) fn new(position: usize) -> TypedColumn<R, C> {
        TypedColumn { position, types: PhantomData }
    }

    /// Position in the table, counted from 0.
    pub fn position(&self) -> usize {
        self.position
    }
}

/// Entries of a range of an index, in the index's order; from
/// [`TypedReader::scan_index`](super::TypedReader::scan_index).
pub struct TypedEntries<'v, R, V> {
    entries: Entries<'v, V>,
    row: PhantomData<fn() -> R>,
}

/// One entry of an index of table `R`.
pub struct TypedEntry<'e, R> {
    entry: &'e IndexEntry<'e>,
    row: PhantomData<fn() -> R>,
}

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<'v, R: TableRow, V: Snapshot> TypedEntries<'v, R, V> {
    pub(super) fn new(entries: Entries<'v, V>) -> TypedEntries<'v, R, V> {
        TypedEntries { entries, row: PhantomData }
    }

    /// Moves to the next entry and shows it to `body`; the row is not fetched. Returns `None` at
    /// the end.
    ///
    /// # Errors
    /// `Corrupt` or `Io` when a page cannot be read; whatever ends the transaction.
    pub fn next_with<T>(
        &mut self,
        body: impl FnOnce(&TypedEntry<'_, R>) -> T,
    ) -> Result<Option<T>> {
        self.entries.next_with(|entry| body(&TypedEntry { entry, row: PhantomData }))
    }

    /// Shows all entries that are left to `body`, until it breaks: cheaper for many entries than
    /// [`TypedEntries::next_with`] for each.
    ///
    /// # Errors
    /// As [`TypedEntries::next_with`]; what `body` returned.
    pub fn each_with(
        &mut self,
        mut body: impl FnMut(&TypedEntry<'_, R>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        self.entries.each_with(|entry| body(&TypedEntry { entry, row: PhantomData }))
    }

    /// The rows of the next entries, at most `limit`, in the index's order; fewer only at the end.
    /// They are fetched together, so that their cache misses overlap.
    ///
    /// # Errors
    /// As [`TypedEntries::next_with`]; `Corrupt` when an entry has no row.
    pub fn fetch(&mut self, limit: usize) -> Result<Vec<R>> {
        self.entries.fetch(limit)?.iter().map(|row| R::read(&row.row())).collect()
    }
}

impl<R> TypedEntry<'_, R> {
    /// A column that the index holds: part of its key, included, or part of the primary key.
    ///
    /// # Errors
    /// `InvalidInput` when the index does not hold the column, or not as it was written (texts
    /// under a folding collation, DECIMAL without a scale).
    pub fn get<C: ColumnValue>(&self, column: TypedColumn<R, C>) -> Result<C> {
        self.entry.read(column.position)
    }

    /// The entry without types.
    pub fn untyped(&self) -> &IndexEntry<'_> {
        self.entry
    }
}
