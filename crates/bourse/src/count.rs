//! How many rows or entries a range has. A Cut takes it from the counts in the inner pages of the
//! trees; a transaction counts by a scan, which observes what it passes and sees its own changes.

use std::ops::ControlFlow;

use bourse_storage::Result;
use bourse_storage::tree;

use crate::lookup;
use crate::range::Range;
use crate::read;
use crate::reading::Cut;
use crate::scan::Order;
use crate::snapshot::{KeyRange, Snapshot};
use crate::table::Table;
use crate::transaction::Transaction;

impl Cut {
    /// How many rows a range of the primary key has: two descents a shard, whatever the number.
    ///
    /// # Errors
    /// A range that does not fit the key; `Corrupt` or `Io` when a page cannot be read.
    pub fn count_range(&self, table: &Table, range: &Range) -> Result<u64> {
        let info = self.catalog().table(table.id())?;
        let keys = range.encode(&info.key_shape)?;
        let mut coerced = Vec::new();
        let prefix = read::coerce(&info.key_shape, range.prefix_values(), &mut coerced)?;
        let shards = lookup::shards_of_prefix(self, info, None, &prefix)?;
        self.count_keys(&shards, info.id(), &keys)
    }

    /// How many entries a range of an index has: two descents a shard, whatever the number. A
    /// partial index has entries for the rows of its condition only.
    ///
    /// # Errors
    /// No such index, or one under build (55000); a range that does not fit it; `Corrupt` or `Io`
    /// when a page cannot be read.
    pub fn count_index(&self, table: &Table, index: &str, range: &Range) -> Result<u64> {
        let info = self.catalog().table(table.id())?;
        let index = info.index(index)?;
        index.check_is_ready()?;
        let keys = range.encode(index.range_shape())?;
        let mut coerced = Vec::new();
        let prefix = read::coerce(&index.entry_shape, range.prefix_values(), &mut coerced)?;
        let shards = lookup::shards_of_prefix(self, info, Some(index), &prefix)?;
        self.count_keys(&shards, index.id(), &keys)
    }

    /// The same of keys of a tree, in some shards.
    ///
    /// # Errors
    /// `Corrupt` or `Io` when a page cannot be read.
    pub(crate) fn count_keys(&self, shards: &[u16], tree: u32, keys: &KeyRange) -> Result<u64> {
        if keys.is_empty() {
            return Ok(0);
        }
        let (lower, upper) = keys.as_ref();
        let mut count = 0;
        for &shard in shards {
            let forest = self.forest(shard)?;
            count += self.read(shard, |source| {
                let root = self.tree_root(source, shard, forest, tree)?;
                Ok(tree::count_range(source, root, lower, upper)?.count)
            })?;
        }
        Ok(count)
    }
}

impl Transaction<'_> {
    /// How many rows a range of the primary key has, the transaction's own changes included. Reads
    /// all of them, as a scan does: where a state as of now will do, ask a [`Cut`].
    ///
    /// # Errors
    /// As [`Transaction::scan`].
    pub fn count_range(&self, table: &Table, range: &Range) -> Result<u64> {
        let mut count = 0;
        self.scan(table, range, Order::Any)?.each_with(|_| {
            count += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(count)
    }

    /// How many entries a range of an index has, as [`Transaction::count_range`].
    ///
    /// # Errors
    /// As [`Transaction::scan_index`].
    pub fn count_index(&self, table: &Table, index: &str, range: &Range) -> Result<u64> {
        let mut count = 0;
        self.scan_index(table, index, range, Order::Any)?.each_with(|_| {
            count += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(count)
    }
}
