//! Row locks that outlive a transaction: read, think, write, with nobody changing the row between.

use std::sync::Arc;
use std::time::Duration;

use bourse_storage::sync;
use bourse_storage::{Error, ErrorKind, Result};

use crate::core::Core;
use crate::database::Database;
use crate::lookup;
use crate::reading::newest;
use crate::table::{Table, borrow};
use crate::transaction::locks::Owner;
use crate::transaction::{Transaction, run};
use crate::value::Value;

/// Holds a row's lock until dropped. Other transactions that change the row wait meanwhile.
pub struct RowLock {
    core: Arc<Core>,
    shard: u16,
    table: u32,
    key: Vec<u8>,
    owner: Owner,
}

impl Database {
    /// Locks the row of a primary key, whether there is one or not, waiting at most `limit` for who
    /// has it. Once it is granted every read shows the row as it will stay.
    ///
    /// # Errors
    /// `Conflict` (55P03) when the time runs out; as for a read.
    pub fn lock_row(&self, table: &Table, key: &[Value], limit: Duration) -> Result<RowLock> {
        let core = self.core();
        let info = &table.info;
        let key = info.coerce_key(key)?;
        let values = borrow(&key);
        let encoded = lookup::encode_primary_key(info, &values)?;
        let owner = Owner(core.next_owner());
        let deadline = sync::monotonic() + limit;
        loop {
            let place = || {
                newest(core, |snapshot| {
                    let place = lookup::find(snapshot, info, &values, &encoded, &mut Vec::new())?;
                    let named =
                        snapshot.cut().catalog.map.shard(info.slot_of_key(&values, &encoded)?);
                    Ok(place.map_or(named, |place| place.shard))
                })
            };
            let shard = place()?;
            let seen = *core.lock_released.0.lock();
            let (granted, head) = {
                let mut state = core.shards[usize::from(shard)].state.lock();
                (state.locks.acquire(info.id(), &encoded, owner), state.batch)
            };
            if granted {
                let key = encoded.clone();
                let lock = RowLock { core: Arc::clone(core), shard, table: info.id(), key, owner };
                // Nobody else can change the row now, so what the head has is what stays.
                core.settle(head)?;
                // Unless it moved to another shard just before.
                if place()? == shard {
                    return Ok(lock);
                }
                continue;
            }
            let rest = deadline.saturating_sub(sync::monotonic());
            if rest.is_zero() {
                let message = format!("the row of table {} is locked by another", table.name());
                return Err(Error::new(ErrorKind::Conflict, message).with_sqlstate("55P03"));
            }
            core.wait_for_row_lock(seen, rest);
        }
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
        run::optimistic(&self.core, Some(self.owner), body)
    }
}

impl Drop for RowLock {
    fn drop(&mut self) {
        let mut state = self.core.shards[usize::from(self.shard)].state.lock();
        state.locks.release(self.table, &self.key, self.owner);
        drop(state);
        self.core.row_lock_released();
    }
}
