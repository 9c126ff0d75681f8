//! Row locks that outlive a transaction: read, think, write, with nobody changing the row between.

use std::time::Duration;

use bourse_storage::Result;

use crate::database::Database;
use crate::lookup;
use crate::table::Table;
use crate::transaction::locks::LockMode;
use crate::transaction::locks::set::{LockSet, WaitRules};
use crate::transaction::{Transaction, run};
use crate::value::Value;

/// Holds a row's lock until dropped. Other transactions that change the row wait meanwhile.
///
/// It is one lock of the kind that an [`InteractiveTransaction`](crate::InteractiveTransaction)
/// takes, in mode [`LockMode::Update`], without a transaction around it.
pub struct RowLock {
    locks: LockSet,
}

impl Database {
    /// Locks the row of a primary key, whether there is one or not, waiting at most `limit` for who
    /// has it. Once it is granted every read shows the row as it will stay.
    ///
    /// # Errors
    /// `Conflict`: 55P03 when the time runs out, 40P01 when the holder waits for this thread's
    /// locks; as for a read.
    pub fn lock_row(&self, table: &Table, key: &[Value], limit: Duration) -> Result<RowLock> {
        run::refuse_reentry()?;
        self.core().check_writable()?;
        let mut locks = LockSet::new(self.core());
        let rules = WaitRules { lock_timeout: Some(limit), ..WaitRules::default() };
        lookup::with_key(&table.info, key, |values, encoded| {
            locks.acquire_row(&table.info, values, encoded, LockMode::Update, &rules)
        })?;
        Ok(RowLock { locks })
    }
}

impl RowLock {
    /// Runs an optimistic transaction that the lock does not stand in the way of.
    ///
    /// # Errors
    /// As [`Database::transaction`].
    pub fn transaction<T: Send>(
        &self,
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        run::optimistic(self.locks.core(), Some(self.locks.owner()), body)
    }
}
