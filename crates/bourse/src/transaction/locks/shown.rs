//! Row locks as those see them who watch: what is held, and who waits for whom.
//!
//! Nothing is noted for it but, where a wait begins, whose thread it is. So a look costs the one
//! who looks, and each shard for as long as its locks are read.

use std::sync::atomic::Ordering;

use bourse_storage::Result;
use hashbrown::HashMap;

use super::{LockMode, Place};
use crate::catalog::Catalog;
use crate::database::Database;
use crate::transaction::interactive::InteractiveTransaction;

/// A row lock that somebody has, or waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct RowLockStatus {
    /// The table.
    pub table: String,
    /// The unique index of which it is a key; none for a row itself.
    pub index: Option<String>,
    /// The strongest mode that is held, or the one that is wanted.
    pub mode: LockMode,
    /// Whose it is: see [`InteractiveTransaction::lock_owner`]; none for a wait of a transaction
    /// that takes no locks itself.
    pub owner: Option<u64>,
    /// Of a wait, whose thread it is: see [`in_session`](crate::in_session); 0 for nobody's.
    pub session: u64,
    /// Of a wait, the owners in its way; none of what is held.
    pub waits_for: Vec<u64>,
    /// Whether it is held.
    pub is_held: bool,
}

impl Database {
    /// All row locks that are held or waited for now, shard by shard.
    ///
    /// # Errors
    /// `Closed` when the store stopped.
    pub fn row_locks(&self) -> Result<Vec<RowLockStatus>> {
        let core = self.core();
        core.check_running()?;
        let (cut, _held) = core.hold_published();
        let names = names(&cut.catalog);
        let mut found = Vec::new();
        for shard in &core.shards {
            let state = shard.state.lock();
            state.locks.each(|(tree, _), place| {
                // A forwarding tree's locks go with those of rows.
                let Some((table, index)) = names.get(tree) else { return };
                found.push(status(table, *index, &place));
            });
        }
        Ok(found)
    }
}

/// The tables and their indexes by the numbers of their trees.
fn names(catalog: &Catalog) -> HashMap<u32, (&str, Option<&str>)> {
    let mut names = HashMap::new();
    for table in catalog.tables() {
        let definition = &table.definition;
        names.insert(definition.id, (definition.name.as_str(), None));
        for index in &definition.indexes {
            names.insert(index.id, (definition.name.as_str(), Some(index.name.as_str())));
        }
    }
    names
}

fn status(table: &str, index: Option<&str>, place: &Place<'_>) -> RowLockStatus {
    let (table, index) = (table.to_owned(), index.map(str::to_owned));
    match place {
        Place::Holds(owner, mode) => RowLockStatus {
            table,
            index,
            mode: *mode,
            owner: Some(owner.0),
            session: 0,
            waits_for: Vec::new(),
            is_held: true,
        },
        Place::Waits(waiter, blockers) => RowLockStatus {
            table,
            index,
            mode: waiter.mode,
            owner: waiter.owner.map(|owner| owner.0),
            session: waiter.session.load(Ordering::Relaxed),
            waits_for: blockers.iter().map(|owner| owner.0).collect(),
            is_held: false,
        },
    }
}

impl InteractiveTransaction {
    /// The number by which [`Database::row_locks`] names it. It is another one for each
    /// transaction.
    pub fn lock_owner(&self) -> u64 {
        self.session.locks.owner().0
    }
}
