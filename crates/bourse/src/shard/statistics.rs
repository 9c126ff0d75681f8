//! What a shard holds and what waits for it, for those who watch. It is read when somebody asks.

use std::time::Duration;

use bourse_storage::Result;
use bourse_storage::id::PAGE_SIZE;
use bourse_storage::sync;

use crate::database::Database;
use crate::kept;
use crate::range::Range;
use crate::snapshot::Snapshot;

/// What a shard holds, and what waits for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct ShardStatistics {
    /// Rows of all tables.
    pub rows: u64,
    /// Transactions that wait for their turn.
    pub queued: usize,
    /// Row locks that are held or waited for.
    pub row_locks: usize,
    /// Bytes of its file that are in use.
    pub file_bytes_used: u64,
}

impl Database {
    /// What each shard holds and what waits for it, shard by shard.
    ///
    /// # Errors
    /// `Corrupt` or `Io` when a page cannot be read.
    pub fn shard_statistics(&self) -> Result<Vec<ShardStatistics>> {
        let (core, cut) = (self.core(), self.cut());
        let mut all = Vec::with_capacity(core.shards.len());
        for (number, shard) in (0..).zip(&core.shards) {
            let mut rows = 0;
            for table in cut.catalog().tables() {
                let keys = Range::all().encode(&table.key_shape)?;
                rows += cut.count_keys(&[number], table.id(), &keys)?;
            }
            all.push(ShardStatistics {
                rows,
                queued: shard.state.queued(),
                row_locks: shard.state.lock().locks.len(),
                file_bytes_used: u64::from(shard.pager.used_pages()) * PAGE_SIZE as u64,
            });
        }
        Ok(all)
    }

    /// How long ago the oldest state that anybody holds was replaced, as far as the store has
    /// looked: a minute, or a sixteenth of `Options::cut_age_max`, less at most. `None` while the
    /// newest state is the only one, or in a store without that limit.
    pub fn oldest_held_cut_age(&self) -> Option<Duration> {
        let core = self.core();
        let oldest = kept::oldest_held(core)?;
        core.ages.since_replaced(oldest, sync::monotonic())
    }
}
