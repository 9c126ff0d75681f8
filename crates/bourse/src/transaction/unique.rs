//! Rows looked for by a unique key as they are now: what an INSERT asks whose key may be there.
//!
//! A statement reads one Cut, and a key that others have inserted since is not in that. So these
//! look at the newest Cut, wait for whoever is about to add the key or to take it away, and look
//! again, until what they see is what stays.

use std::sync::Arc;

use bourse_storage::Result;
use bourse_storage::id::Batch;

use super::Transaction;
use crate::catalog::TableInfo;
use crate::reading::Cut;
use crate::snapshot::Snapshot;
use crate::table::{OwnedRow, Table};
use crate::transaction::locks::LockMode;
use crate::transaction::locks::set::{LockPlace, LockWait};
use crate::transaction::session::{LockedRow, row_is_newer};
use crate::value::Value;

impl Transaction<'_> {
    /// Locks the row that a unique index has for the values of its columns, as it is when the lock
    /// is had; only in an interactive transaction. Where there is none nothing is locked: whoever
    /// inserts one finds out whether another does so, too.
    ///
    /// # Errors
    /// As [`Transaction::lock_row`]; as `find_unique`.
    pub fn lock_unique(
        &mut self,
        table: &Table,
        index: &str,
        values: &[Value],
        mode: LockMode,
        wait: LockWait,
    ) -> Result<LockedRow> {
        self.observe_unique(table, Some(index), values)?;
        let info = self.info(table)?;
        let mark = self.session()?.locks.mark();
        let result = loop {
            match self.lock_newest(table, &info, (index, values), (mode, wait)) {
                // Before it was locked it has gone, or was given another key.
                Ok(None) => self.session()?.let_go_to(mark),
                Ok(Some(locked)) => break Ok(locked),
                Err(error) => break Err(error),
            }
        };
        if !matches!(result, Ok(LockedRow::Row(_))) {
            self.session()?.let_go_to(mark); // S2
        }
        result
    }

    /// Locks the row that has the key in the newest Cut; nothing if it has it no longer then.
    fn lock_newest(
        &mut self,
        table: &Table,
        info: &Arc<TableInfo>,
        (index, values): (&str, &[Value]),
        (mode, wait): (LockMode, LockWait),
    ) -> Result<Option<LockedRow>> {
        let Some(found) = self.newest_of(table, Some(index), values)?.1 else {
            return Ok(Some(LockedRow::Absent));
        };
        let key = found.primary_key()?;
        if !self.session()?.acquire_row(info, &key, found.key(), mode, wait)? {
            return Ok(Some(LockedRow::Skipped));
        }
        let (newest, row) = self.newest_of(table, Some(index), values)?;
        let Some(row) = row.filter(|row| row.key() == found.key()) else { return Ok(None) };
        if self.writes.get(row.shard(), info.id(), row.key()).is_none() {
            let seen = OwnedRow::find(&self.own_cut()?, info, &key)?;
            let is_newer =
                seen.is_none_or(|seen| seen.bytes != row.bytes || seen.shard() != row.shard());
            self.move_on(&newest, is_newer)?;
        }
        Ok(Some(LockedRow::Row(row)))
    }

    /// Whether a row has the values in a unique index, or in the primary key, once those are done
    /// that change this row just now; only in an interactive transaction. Nothing stays locked.
    ///
    /// # Errors
    /// `Conflict`: 40001 when the transaction reads one Cut and the row is newer; what ends a wait.
    pub fn settled_unique(
        &mut self,
        table: &Table,
        index: Option<&str>,
        values: &[Value],
    ) -> Result<bool> {
        self.observe_unique(table, index, values)?;
        let info = self.info(table)?;
        let mark = self.session()?.locks.mark();
        let result = self.wait_for_key(table, &info, index, values);
        self.session()?.let_go_to(mark);
        let Some(row) = result? else { return Ok(false) };
        if self.session()?.reads_one_cut
            && self.writes.get(row.shard(), info.id(), row.key()).is_none()
        {
            let seen = OwnedRow::find(&self.own_cut()?, &info, &row.primary_key()?)?;
            if seen.is_none_or(|seen| seen.bytes != row.bytes) {
                return Err(row_is_newer()); // S3
            }
        }
        Ok(true)
    }

    /// The row that has the key once nobody else is about to change it.
    fn wait_for_key(
        &mut self,
        table: &Table,
        info: &Arc<TableInfo>,
        index: Option<&str>,
        values: &[Value],
    ) -> Result<Option<OwnedRow>> {
        let mut needed = Batch::default();
        loop {
            let (newest, row) = self.newest_of(table, index, values)?;
            let Some(row) = row else { return Ok(None) };
            let place = LockPlace::of(row.shard(), info.id(), row.key());
            let granted = self.session()?.acquire(&place, LockMode::Share, LockWait::Block)?;
            needed = needed.max(granted.unwrap_or_default());
            if needed <= newest.batch() {
                return Ok(Some(row));
            }
            self.core.settle(needed)?;
        }
    }

    /// The row of a key in the newest Cut and the transaction's own changes, and that Cut.
    fn newest_of(
        &mut self,
        table: &Table,
        index: Option<&str>,
        values: &[Value],
    ) -> Result<(Cut, Option<OwnedRow>)> {
        self.session()?.check()?;
        let (newest, _, row) = self.over_newest(|transaction| match index {
            Some(index) => transaction.find_unique(table, index, values),
            None => transaction.get(table, values),
        })?;
        Ok((newest, row?))
    }

    /// A serializable transaction has read the key where it reads everything.
    fn observe_unique(&self, table: &Table, index: Option<&str>, values: &[Value]) -> Result<()> {
        if self.observes() {
            match index {
                Some(index) => self.find_unique(table, index, values)?,
                None => self.get(table, values)?,
            };
        }
        Ok(())
    }
}
