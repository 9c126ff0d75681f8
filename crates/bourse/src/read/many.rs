//! Rows of many primary keys: looked for together, shown in the order of the keys.
//!
//! Keys and rows lie in two byte strings that the thread uses again ([`Fetch`]), so a row costs no
//! allocation. A row that is not where its key says, or that others may change under a transaction,
//! is looked for by itself.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;

use bourse_storage::Result;

use super::{owned_row, with_row_buffer};
use crate::catalog::{Routing, TableInfo};
use crate::fetch::Fetch;
use crate::lookup;
use crate::row::Row;
use crate::shard::map::ShardMap;
use crate::snapshot::Snapshot;
use crate::table::OwnedRow;
use crate::value::{Value, ValueRef};

/// The keys of rows that are wanted, as they are collected.
pub(crate) struct Keys<'k> {
    map: &'k ShardMap,
    table: &'k TableInfo,
    fetch: &'k mut Fetch,
}

impl Keys<'_> {
    /// Adds a primary key: as values of the columns' types, and encoded.
    #[inline]
    pub(crate) fn add(&mut self, values: &[ValueRef<'_>], encoded: &[u8]) -> Result<()> {
        let slot = self.table.slot_of_key(values, encoded)?;
        self.fetch.push(self.map.shard(slot), encoded);
        Ok(())
    }

    /// Adds primary keys given as values.
    pub(crate) fn add_values(&mut self, keys: &[Vec<Value>]) -> Result<()> {
        let table = self.table;
        keys.iter().try_for_each(|key| {
            lookup::with_key(table, key, |values, encoded| self.add(values, encoded))
        })
    }
}

/// A row that was found: the shard that has it, its key, its bytes.
pub(crate) type Found<'f> = (u16, &'f [u8], &'f [u8]);

/// Shows the rows of the primary keys that `collect` adds to `each`, with the number of the key:
/// `None` where there is none.
pub(crate) fn each_found<V: Snapshot>(
    snapshot: &V,
    table: &TableInfo,
    collect: impl FnOnce(&mut Keys<'_>) -> Result<()>,
    mut each: impl FnMut(usize, Option<Found<'_>>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    with_buffers(|fetch, buffer| {
        collect(&mut Keys { map: &snapshot.catalog().map, table, fetch })?;
        // Rows of a directory are where the directory says, and what a transaction reads is
        // observed key by key.
        let is_directory = matches!(table.routing, Routing::Directory { .. });
        let together = !is_directory && !snapshot.observes();
        if together {
            fetch.run(snapshot, table)?;
        }
        let may_be_elsewhere = !together || !matches!(table.routing, Routing::Key(_));
        for at in 0..fetch.len() {
            let (home, key) = fetch.place(at);
            let flow = match fetch.row(at) {
                Some(row) => each(at, Some((home, key, row)))?,
                None if may_be_elsewhere => {
                    let place = lookup::find_from(snapshot, table, home, key, buffer)?;
                    each(at, place.map(|place| (place.shard, key, &**buffer)))?
                }
                None => each(at, None)?,
            };
            if flow.is_break() {
                break;
            }
        }
        Ok(())
    })
}

/// As [`each_found`], showing columns.
pub(crate) fn show_found<V: Snapshot>(
    snapshot: &V,
    table: &TableInfo,
    collect: impl FnOnce(&mut Keys<'_>) -> Result<()>,
    mut each: impl FnMut(usize, Option<Row<'_>>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    each_found(snapshot, table, collect, |at, found| {
        let row = found.map(|(_, _, bytes)| table.layout.row(bytes)).transpose()?;
        each(at, row)
    })
}

/// Rows of many primary keys at once; `None` where there is none.
pub(crate) fn multi_get<V: Snapshot>(
    snapshot: &V,
    table: &Arc<TableInfo>,
    keys: &[Vec<Value>],
) -> Result<Vec<Option<OwnedRow>>> {
    let mut rows = Vec::with_capacity(keys.len());
    each_found(
        snapshot,
        table,
        |wanted| wanted.add_values(keys),
        |_, found| {
            let row = found.map(|(shard, key, bytes)| owned_row(table, (shard, key), bytes));
            rows.push(row.transpose()?);
            Ok(ControlFlow::Continue(()))
        },
    )?;
    Ok(rows)
}

/// Runs `body` with this thread's buffers for keys and rows, emptied, and the one for a row. They
/// are taken out meanwhile: `body` may read the store itself.
fn with_buffers<T>(body: impl FnOnce(&mut Fetch, &mut Vec<u8>) -> T) -> T {
    thread_local! {
        static FETCH: RefCell<Fetch> = RefCell::default();
    }
    let mut fetch = FETCH.with_borrow_mut(std::mem::take);
    let result = with_row_buffer(|buffer| body(&mut fetch, buffer));
    if fetch.is_small() {
        fetch.clear();
        FETCH.with_borrow_mut(|kept| *kept = fetch);
    }
    result
}
