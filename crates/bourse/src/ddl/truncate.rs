//! TRUNCATE: tables emptied by one record, in constant time.
//!
//! The trees of a table are taken away and its definition stays. Whoever holds an older Cut goes on
//! reading the rows; a transaction that was built before is built again, as the version of the
//! definitions is another.

use std::collections::BTreeSet;

use bourse_storage::{Error, ErrorKind, Result};

use super::build::refuse_under_build;
use super::{Changes, Follow, change_all, detach, trees_of};
use crate::catalog::{Catalog, TableInfo};
use crate::database::Database;
use crate::record::OperationKind;
use crate::scan;
use crate::shard::{COUNTERS, ShardState, tree_root};

/// Which tables to empty, and how: for [`Database::truncate`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Truncate {
    tables: Vec<String>,
    restarts_identity: bool,
    cascades: bool,
}

impl Truncate {
    /// Empties these tables, all at once.
    pub fn of<S: Into<String>>(tables: impl IntoIterator<Item = S>) -> Truncate {
        let tables = tables.into_iter().map(Into::into).collect();
        Truncate { tables, restarts_identity: false, cascades: false }
    }

    /// Generated ids begin anew (RESTART IDENTITY). Without it none is given twice.
    #[must_use]
    pub fn restart_identity(mut self) -> Truncate {
        self.restarts_identity = true;
        self
    }

    /// The tables.
    pub fn tables(&self) -> &[String] {
        &self.tables
    }

    /// Whether generated ids begin anew.
    pub fn restarts_identity(&self) -> bool {
        self.restarts_identity
    }

    /// Whether tables that refer to these are emptied too.
    pub fn cascades(&self) -> bool {
        self.cascades
    }

    /// The tables whose foreign keys refer to these are emptied too, and those that refer to them
    /// (CASCADE).
    #[must_use]
    pub fn cascade(mut self) -> Truncate {
        self.cascades = true;
        self
    }
}

impl Database {
    /// Empties tables. Takes the same time whatever they hold; the pages are freed afterwards,
    /// while others read and write, before the call returns. Cuts of before still have the rows.
    ///
    /// # Errors
    /// `InvalidInput`: 42P01 for no such table, 0A000 when a foreign key of a table that is not
    /// emptied too refers to one. `Conflict` (55P03) when a row is locked. `Busy` (55006) while an
    /// index is under build.
    pub fn truncate(&self, what: &Truncate) -> Result<()> {
        change_all(self.core(), |catalog, states| {
            let mut changes = Changes { next_object: catalog.next_object, ..Changes::default() };
            for table in chosen(catalog, what)? {
                let info = catalog.table(table)?;
                refuse_under_build(catalog, table)?;
                refuse_locked(info, states)?;
                changes.follows.extend(detach(trees_of(info), &mut changes.next_object));
                if what.restarts_identity {
                    changes.follows.extend(counters(info, states)?);
                }
            }
            Ok(changes)
        })
    }
}

/// Numbers of the tables to empty, those that the others bring along among them.
fn chosen(catalog: &Catalog, what: &Truncate) -> Result<BTreeSet<u32>> {
    let named = what.tables.iter().map(|name| Ok(catalog.table_named(name)?.id()));
    let mut chosen = named.collect::<Result<BTreeSet<u32>>>()?;
    let mut open: Vec<u32> = chosen.iter().copied().collect();
    while let Some(table) = open.pop() {
        let info = catalog.table(table)?;
        for by in &info.referenced_by {
            if chosen.contains(&by.child) {
                continue;
            }
            if !what.cascades {
                let child = &catalog.table(by.child)?.definition;
                let message = format!(
                    "cannot truncate table {} because foreign key {} of table {} refers to it: \
                     truncate both at once, or with CASCADE",
                    info.definition.name, child.foreign_keys[by.key].name, child.name
                );
                return Err(Error::invalid(message).with_sqlstate("0A000"));
            }
            chosen.insert(by.child);
            open.push(by.child);
        }
    }
    Ok(chosen)
}

/// Who has locked a row was promised that it stays.
fn refuse_locked(info: &TableInfo, states: &[&mut ShardState]) -> Result<()> {
    if states.iter().any(|state| state.locks.has_any_of(info.id())) {
        let message = format!("a row of table {} is locked by another", info.definition.name);
        return Err(Error::new(ErrorKind::Conflict, message).with_sqlstate("55P03"));
    }
    Ok(())
}

/// What takes the counters of a table's ids away.
fn counters(info: &TableInfo, states: &[&mut ShardState]) -> Result<Vec<Follow>> {
    let mut follows = Vec::new();
    let of_table = info.id().to_be_bytes();
    for state in states {
        let (pager, head) = (state.writer.pager(), state.head);
        let root = pager.read(state.batch, |source| tree_root(source, head, COUNTERS))?;
        for (key, _) in scan::all_entries(pager, state.batch, root)? {
            if key.starts_with(&of_table) {
                let kind = OperationKind::DeleteEntry;
                follows.push((Some(state.number), kind, COUNTERS, key, Vec::new()));
            }
        }
    }
    Ok(follows)
}
