//! Reading rows: by key, many at once, by ranges of keys and of indexes. Written once, for Cuts and
//! for transactions.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;

use bourse_storage::tree::Payload;
use bourse_storage::{Error, Result};

use crate::catalog::TableInfo;
use crate::fetch::{self, Fetch};
use crate::key::{self, KeyColumn};
use crate::lookup::{self, Place};
use crate::range::Range;
use crate::row::Row;
use crate::scan::{Keys, MergedCursor, Order};
use crate::snapshot::{KeyRange, Snapshot};
use crate::table::{OwnedRow, borrow};
use crate::value::{Value, ValueRef};

mod entry;
mod keyed;
pub(crate) mod many;

pub use entry::IndexEntry;
use entry::show_entry;

/// Capacity up to which a thread keeps its buffer: a rare huge row should not stay in memory.
const BUFFER_BYTES_KEPT: usize = 64 << 10;

/// Rows of a range, in the order of the key.
pub struct Rows<'v, V> {
    snapshot: &'v V,
    table: Arc<TableInfo>,
    cursor: MergedCursor,
}

/// Entries of a range of an index, in the index's order.
pub struct Entries<'v, V> {
    snapshot: &'v V,
    table: Arc<TableInfo>,
    index: usize,
    cursor: MergedCursor,
    /// The value of the entry that is shown, where it must be copied.
    value: Vec<u8>,
    fetch: Fetch,
}

/// Runs `body` with this thread's buffer for a row's bytes, so that reads need not allocate. It is
/// taken out meanwhile: `body` may read the store itself.
#[inline]
pub(crate) fn with_row_buffer<T>(body: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    let mut buffer = BUFFER.with_borrow_mut(std::mem::take);
    let result = body(&mut buffer);
    if buffer.capacity() <= BUFFER_BYTES_KEPT {
        BUFFER.with_borrow_mut(|kept| *kept = buffer);
    }
    result
}

pub(crate) fn rows<'v, V: Snapshot>(
    snapshot: &'v V,
    table: &Arc<TableInfo>,
    range: &Range,
    order: Order,
) -> Result<Rows<'v, V>> {
    let keys = range.encode(&table.key_shape)?;
    let mut coerced = Vec::new();
    let prefix = coerce(&table.key_shape, range.prefix_values(), &mut coerced)?;
    rows_between(snapshot, table, keys, &prefix, order)
}

/// The values of the first columns, as the columns' types want them: as they are, or put into
/// `coerced`.
pub(crate) fn coerce<'v>(
    shape: &[KeyColumn],
    values: &'v [Value],
    coerced: &'v mut Vec<Value>,
) -> Result<Vec<ValueRef<'v>>> {
    let columns = || shape.iter().map(|column| column.data_type).zip(values);
    if columns().all(|(data_type, value)| data_type.leaves_as_is(value)) {
        return Ok(borrow(values));
    }
    *coerced = columns()
        .map(|(data_type, value)| data_type.coerce(value.clone()))
        .collect::<Result<_>>()?;
    Ok(borrow(coerced))
}

/// Rows of a range of encoded keys that all begin with the values of `prefix`.
pub(crate) fn rows_between<'v, V: Snapshot>(
    snapshot: &'v V,
    table: &Arc<TableInfo>,
    keys: KeyRange,
    prefix: &[ValueRef<'_>],
    order: Order,
) -> Result<Rows<'v, V>> {
    let shards = lookup::shards_of_prefix(snapshot, table, None, prefix)?;
    let cursor = MergedCursor::new(snapshot, &shards, table.id(), keys, order, Keys::Unwanted)?;
    Ok(Rows { snapshot, table: Arc::clone(table), cursor })
}

pub(crate) fn entries<'v, V: Snapshot>(
    snapshot: &'v V,
    table: &Arc<TableInfo>,
    index: &str,
    range: &Range,
    order: Order,
) -> Result<Entries<'v, V>> {
    let position = table.index_position(index)?;
    let index = &table.indexes[position];
    index.check_is_ready()?;
    let keys = range.encode(index.range_shape())?;
    let mut coerced = Vec::new();
    let prefix = coerce(&index.entry_shape, range.prefix_values(), &mut coerced)?;
    let shards = lookup::shards_of_prefix(snapshot, table, Some(index), &prefix)?;
    entries_between(snapshot, table, position, keys, order, &shards)
}

/// As [`entries`], of the rows of these shards alone. The index is a local one.
pub(crate) fn entries_of_shards<'v, V: Snapshot>(
    snapshot: &'v V,
    table: &Arc<TableInfo>,
    index: &str,
    range: &Range,
    order: Order,
    shards: &[u16],
) -> Result<Entries<'v, V>> {
    let position = table.index_position(index)?;
    let index = &table.indexes[position];
    index.check_is_ready()?;
    let keys = range.encode(index.range_shape())?;
    entries_between(snapshot, table, position, keys, order, shards)
}

fn entries_between<'v, V: Snapshot>(
    snapshot: &'v V,
    table: &Arc<TableInfo>,
    position: usize,
    keys: KeyRange,
    order: Order,
    shards: &[u16],
) -> Result<Entries<'v, V>> {
    let tree = table.indexes[position].id();
    let cursor = MergedCursor::new(snapshot, shards, tree, keys, order, Keys::Wanted)?;
    Ok(Entries {
        snapshot,
        table: Arc::clone(table),
        index: position,
        cursor,
        value: Vec::new(),
        fetch: Fetch::default(),
    })
}

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<V: Snapshot> Rows<'_, V> {
    /// Moves to the next row and shows it to `body` without copying it, unless it is larger than a
    /// page holds. Returns `None` at the end.
    ///
    /// # Errors
    /// Whatever ends the read.
    pub fn next_with<T>(&mut self, body: impl FnOnce(Row<'_>) -> T) -> Result<Option<T>> {
        let Some(cursor) = self.cursor.step(self.snapshot)? else { return Ok(None) };
        if let Some(bytes) = cursor.inline_value() {
            return Ok(Some(body(self.table.layout.row(bytes)?)));
        }
        let mut bytes = Vec::new();
        cursor.value(self.snapshot, &mut bytes)?;
        Ok(Some(body(self.table.layout.row(&bytes)?)))
    }

    /// Shows all rows that are left to `body`, one after the other, until it breaks: cheaper for
    /// many rows than [`Rows::next_with`] for each. What it broke at counts as shown.
    ///
    /// # Errors
    /// Whatever ends the read; what `body` returned.
    pub fn each_with(
        &mut self,
        mut body: impl FnMut(Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let (snapshot, layout) = (self.snapshot, &self.table.layout);
        let mut large = Vec::new();
        self.cursor.each(snapshot, |shard, shown| {
            let bytes = inline(snapshot, shard, shown.payload(), &mut large)?;
            Ok(body(layout.row(bytes)?)?.is_continue())
        })
    }

    fn next_row(&mut self) -> Result<Option<OwnedRow>> {
        let Some(cursor) = self.cursor.step(self.snapshot)? else { return Ok(None) };
        let mut bytes = Vec::new();
        cursor.value(self.snapshot, &mut bytes)?;
        let place = Place { slot: None, shard: cursor.shard() };
        let mut key = Vec::with_capacity(16);
        cursor.copy_key(&mut key);
        OwnedRow::new(&self.table, bytes, key, place).map(Some)
    }
}

impl<V: Snapshot> Iterator for Rows<'_, V> {
    type Item = Result<OwnedRow>;

    fn next(&mut self) -> Option<Result<OwnedRow>> {
        self.next_row().transpose()
    }
}

#[expect(private_bounds, reason = "users get it from Cuts and transactions only")]
impl<V: Snapshot> Entries<'_, V> {
    /// Moves to the next entry and shows it to `body`. Returns `None` at the end.
    ///
    /// # Errors
    /// Whatever ends the read.
    pub fn next_with<T>(&mut self, body: impl FnOnce(&IndexEntry<'_>) -> T) -> Result<Option<T>> {
        let Some(cursor) = self.cursor.step(self.snapshot)? else { return Ok(None) };
        let index = &self.table.indexes[self.index];
        let value = match cursor.inline_value() {
            Some(value) => value,
            None => {
                cursor.value(self.snapshot, &mut self.value)?;
                &self.value
            }
        };
        show_entry(index, (&[], cursor.key()), value, |entry| Ok(body(entry))).map(Some)
    }

    /// Shows all entries that are left to `body`, one after the other, until it breaks: cheaper for
    /// many entries than [`Entries::next_with`] for each. What it broke at counts as shown.
    ///
    /// # Errors
    /// Whatever ends the read; what `body` returned.
    pub fn each_with(
        &mut self,
        mut body: impl FnMut(&IndexEntry<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        self.each_entry(|_, entry| Ok(body(entry)?.is_continue()))
    }

    /// As [`Entries::each_with`], with the shard that the entry is in; `body` returns whether to go
    /// on.
    fn each_entry(
        &mut self,
        mut body: impl FnMut(u16, &IndexEntry<'_>) -> Result<bool>,
    ) -> Result<()> {
        let (snapshot, index) = (self.snapshot, &self.table.indexes[self.index]);
        let large = &mut self.value;
        self.cursor.each(snapshot, |shard, shown| {
            let value = inline(snapshot, shard, shown.payload(), large)?;
            show_entry(index, shown.key_parts(), value, |entry| body(shard, entry))
        })
    }

    /// The bytes that the index's n-th column has in an entry's key for a value: to find entries by
    /// comparing with [`KeyReader::skip`], without decoding what is passed over.
    ///
    /// # Errors
    /// `InvalidInput` when the index has no such column, or the value is of another type.
    pub fn encode_column(&self, at: usize, value: &Value) -> Result<Vec<u8>> {
        let index = &self.table.indexes[self.index];
        let Some(shape) = index.shape.get(at) else {
            let name = &index.definition.name;
            return Err(Error::invalid(format!("index {name} has no column {at} in its key")));
        };
        let mut encoded = Vec::with_capacity(16);
        key::encode_component(
            shape,
            shape.data_type.coerce(value.clone())?.as_value(),
            &mut encoded,
        )?;
        Ok(encoded)
    }

    /// The rows of the next entries, at most `limit`, in the index's order: fetched together, so
    /// that their cache misses overlap.
    ///
    /// # Errors
    /// Whatever ends the read; `Corrupt` when an entry has no row.
    pub fn fetch(&mut self, limit: usize) -> Result<Vec<OwnedRow>> {
        self.fetch_if(limit, |_| Ok(true))
    }

    /// The rows of the next entries that `keep` accepts, at most `limit`: what an index can tell
    /// is judged before a row is touched. As [`Entries::fetch`] for the rest.
    ///
    /// # Errors
    /// As [`Entries::fetch`]; what `keep` returned.
    pub fn fetch_if(
        &mut self,
        limit: usize,
        keep: impl FnMut(&IndexEntry<'_>) -> Result<bool>,
    ) -> Result<Vec<OwnedRow>> {
        let table = Arc::clone(&self.table);
        let mut rows = Vec::new();
        self.fetch_rounds(limit, keep, |place, bytes| {
            rows.push(owned_row(&table, place, bytes)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// As [`Entries::fetch_if`], showing each row to `each` without making an owned one. Returns
    /// how many rows there were.
    ///
    /// # Errors
    /// As [`Entries::fetch_if`]; what `each` returned.
    pub fn fetch_with(
        &mut self,
        limit: usize,
        keep: impl FnMut(&IndexEntry<'_>) -> Result<bool>,
        mut each: impl FnMut(Row<'_>) -> Result<()>,
    ) -> Result<usize> {
        let table = Arc::clone(&self.table);
        self.fetch_rounds(limit, keep, |_, bytes| each(table.layout.row(bytes)?))
    }

    /// Fetches round by round; `each` gets shard and key of a row, and its bytes.
    fn fetch_rounds(
        &mut self,
        limit: usize,
        mut keep: impl FnMut(&IndexEntry<'_>) -> Result<bool>,
        mut each: impl FnMut((u16, &[u8]), &[u8]) -> Result<()>,
    ) -> Result<usize> {
        let mut fetch = std::mem::take(&mut self.fetch);
        let mut count = 0;
        loop {
            let round = fetch.next_round();
            let more = self.collect_keys(&mut fetch, round.min(limit - count), &mut keep)?;
            fetch.run(self.snapshot, &self.table)?;
            for at in 0..fetch.len() {
                let row = fetch.row(at).ok_or_else(|| {
                    fetch::row_missing(&self.table, &self.table.indexes[self.index].definition.name)
                })?;
                each(fetch.place(at), row)?;
            }
            count += fetch.len();
            if !more || count == limit {
                self.fetch = fetch;
                return Ok(count);
            }
        }
    }

    /// Adds the keys of the rows of the next entries that `keep` accepts, at most `limit`. Returns
    /// whether there may be more entries.
    fn collect_keys(
        &mut self,
        fetch: &mut Fetch,
        limit: usize,
        keep: &mut impl FnMut(&IndexEntry<'_>) -> Result<bool>,
    ) -> Result<bool> {
        if fetch.len() >= limit {
            return Ok(true);
        }
        let catalog = Arc::clone(self.snapshot.catalog());
        let mut more = false;
        self.each_entry(|shard, entry| {
            if keep(entry)? {
                let shard = entry.slot().map_or(shard, |slot| catalog.map.shard(slot));
                fetch.push(shard, entry.primary_key_bytes());
            }
            more = fetch.len() >= limit;
            Ok(!more)
        })?;
        Ok(more)
    }
}

/// A value's bytes: where they lie, or copied to `large`.
#[inline]
fn inline<'e, V: Snapshot>(
    snapshot: &V,
    shard: u16,
    payload: Payload<'e>,
    large: &'e mut Vec<u8>,
) -> Result<&'e [u8]> {
    match payload {
        Payload::Inline(bytes) => Ok(bytes),
        Payload::Extent { first, bytes } => {
            snapshot.read_extent(shard, first, bytes, large)?;
            Ok(large)
        }
    }
}

fn owned_row(table: &Arc<TableInfo>, (shard, key): (u16, &[u8]), bytes: &[u8]) -> Result<OwnedRow> {
    OwnedRow::new(table, bytes.to_vec(), key, Place { slot: None, shard })
}
