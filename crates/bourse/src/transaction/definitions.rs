//! Definitions that change while an interactive transaction has uncommitted changes.
//!
//! A write set holds rows as they are encoded, and entries of the indexes that there were. Under
//! other definitions it means the same where the tables that it is about have stayed what they
//! were; then the transaction goes on, else it ends with 40001.
//!
//! A foreign key of a table that was made since does not count: its rows have been checked, with
//! locks, against what the transaction did.

use std::collections::BTreeSet;

use super::interactive::InteractiveTransaction;
use super::write_set::WriteSet;
use crate::catalog::{Catalog, TableInfo};
use crate::shard::{COUNTERS, FIRST_OBJECT};
use crate::table::Table;

/// The table that a tree belongs to: its own, or that of an index, a view or forwarding entries.
fn table_of(catalog: &Catalog, tree: u32) -> Option<u32> {
    let owns = |table: &&std::sync::Arc<TableInfo>| {
        table.id() == tree
            || table.routing.forwarding() == tree
            || table.indexes.iter().any(|index| index.id() == tree)
            || table.views.iter().any(|view| view.id() == tree)
    };
    catalog.tables().into_iter().find(owns).map(|table| table.id())
}

fn is_same(before: &Catalog, old: &TableInfo, new: &TableInfo) -> bool {
    let parents =
        |info: &TableInfo| -> Vec<u32> { info.foreign_keys.iter().map(|key| key.parent).collect() };
    let views =
        |info: &TableInfo| -> Vec<u32> { info.views.iter().map(|view| view.id()).collect() };
    let known = new.referenced_by.iter().filter(|reference| reference.child < before.next_object);
    old.definition == new.definition
        && old.routing == new.routing
        && old.has_feed == new.has_feed
        && old.expiry == new.expiry
        && parents(old) == parents(new)
        && views(old) == views(new)
        && old.referenced_by.iter().eq(known)
        && !before.builds.iter().any(|build| build.table == old.id())
}

/// Whether what is written means the same under other definitions.
pub(super) fn mean_the_same(writes: &WriteSet, before: &Catalog, after: &Catalog) -> bool {
    let mut tables = BTreeSet::new();
    for tree in writes.trees() {
        match table_of(before, tree) {
            Some(table) => drop(tables.insert(table)),
            None if tree == COUNTERS => {}
            None => return false,
        }
    }
    tables.into_iter().all(|table| match (before.table(table), after.table(table)) {
        (Ok(old), Ok(new)) => is_same(before, old, new),
        _ => false,
    })
}

impl InteractiveTransaction {
    /// Whether its statements see one state, and the first of them has been.
    pub fn has_read(&self) -> bool {
        self.has_cut()
    }

    /// Whether it has changed rows of a table, or has had such changes that it took back.
    pub fn has_written(&self, table: &Table) -> bool {
        let info = &table.info;
        self.writes().trees().into_iter().any(|tree| {
            tree >= FIRST_OBJECT
                && (tree == info.id()
                    || tree == info.routing.forwarding()
                    || info.indexes.iter().any(|index| index.id() == tree))
        })
    }
}
