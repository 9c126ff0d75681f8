//! The operations that change rows, as users call them: at once where the shard's mutex or the
//! validation keeps others away, under row locks in an interactive transaction.

use bourse_storage::{Error, Result};

use super::Transaction;
use crate::table::{OwnedRow, Table};
use crate::transaction::locks::LockMode;
use crate::transaction::locks::set::LockWait;
use crate::transaction::session::LockedRow;
use crate::value::{Value, ValueRef};

impl Transaction<'_> {
    /// Inserts a row given as a value for each column. A generated id may be left `Null`. Returns
    /// the primary key (the hidden rowid, where that is the key).
    ///
    /// # Errors
    /// `Constraint` for a missing NOT NULL value or a key that exists.
    pub fn insert(&mut self, table: &Table, values: Vec<Value>) -> Result<Vec<Value>> {
        if self.session.is_none() {
            return self.insert_into(table, values);
        }
        self.write_locked(|transaction| transaction.insert_into(table, values.clone()))
    }

    /// As [`Transaction::insert`], outside of interactive transactions. The values stay what they
    /// are, so that another run can insert them again.
    pub(crate) fn insert_from(
        &mut self,
        table: &Table,
        values: &mut Vec<Value>,
    ) -> Result<Vec<Value>> {
        debug_assert!(self.session.is_none(), "rows are locked by what may run again");
        self.insert_values(table, values)
    }

    /// Inserts rows as one operation: all of them, or none and the position of the row that was
    /// refused. A row has a value for each column, or none for its DEFAULT.
    ///
    /// # Errors
    /// As [`Transaction::insert`].
    pub fn insert_rows(
        &mut self,
        table: &Table,
        rows: &[Vec<Option<Value>>],
    ) -> std::result::Result<(), (usize, Error)> {
        let mut at = 0;
        let now = self.now();
        let mut insert = |transaction: &mut Transaction<'_>| {
            rows.iter().enumerate().try_for_each(|(position, row)| {
                at = position;
                let values = transaction.info(table)?.filled(row.clone(), now);
                transaction.insert_into(table, values).map(drop)
            })
        };
        let inserted = match self.session {
            None => self.whole(insert),
            Some(_) => self.write_locked(|transaction| insert(transaction)),
        };
        inserted.map_err(|error| (at, error))
    }

    /// Inserts the row, or replaces the one with its primary key. Returns whether one was replaced.
    ///
    /// # Errors
    /// As [`Transaction::insert`].
    pub fn upsert(&mut self, table: &Table, values: Vec<Value>) -> Result<bool> {
        if self.session.is_none() {
            return self.upsert_into(table, values);
        }
        self.write_locked(|transaction| transaction.upsert_into(table, values.clone()))
    }

    /// Changes columns of the row of a primary key. Returns whether there is one.
    ///
    /// # Errors
    /// As [`Transaction::insert`]; `InvalidInput` for an unknown column.
    pub fn update(
        &mut self,
        table: &Table,
        key: &[Value],
        changes: &[(&str, Value)],
    ) -> Result<bool> {
        if self.session.is_none() {
            return self.update_in(table, key, changes);
        }
        if !self.sees(table, key)? {
            return Ok(false);
        }
        self.write_locked(|transaction| transaction.update_in(table, key, changes))
    }

    /// Gives the row of a primary key the values that `change` makes of it. Returns whether there
    /// is one.
    pub(crate) fn rewrite(
        &mut self,
        table: &Table,
        key: &[Value],
        change: impl FnOnce(&OwnedRow) -> Result<Vec<Value>>,
    ) -> Result<bool> {
        if self.session.is_none() {
            let info = self.info(table)?;
            let old = OwnedRow::find(self, &info, key)?;
            return self.rewrite_found(table, &info, old, change);
        }
        if !self.sees(table, key)? {
            return Ok(false);
        }
        // Locked first: `change` is called once, on the row as it stays.
        match self.lock_row(table, key, LockMode::NoKeyUpdate, LockWait::Block)? {
            LockedRow::Row(row) => {
                let values = change(&row)?;
                self.write_locked(|transaction| {
                    let info = transaction.info(table)?;
                    let old = OwnedRow::find(transaction, &info, key)?;
                    transaction.rewrite_found(table, &info, old, |_| Ok(values.clone()))
                })
            }
            LockedRow::Absent | LockedRow::Skipped => Ok(false),
        }
    }

    /// As [`Transaction::rewrite`], of a key of the columns' types, and its bytes.
    pub(crate) fn rewrite_encoded(
        &mut self,
        table: &Table,
        (key, encoded): (&[ValueRef<'_>], &[u8]),
        change: impl FnOnce(&OwnedRow) -> Result<Vec<Value>>,
    ) -> Result<bool> {
        if self.session.is_some() {
            let key: Vec<Value> = key.iter().map(|value| value.to_value()).collect();
            return self.rewrite(table, &key, change);
        }
        let info = self.info(table)?;
        let old = OwnedRow::find_encoded(self, &info, key, encoded)?;
        self.rewrite_found(table, &info, old, change)
    }

    /// Deletes the row of a primary key. Returns whether there was one.
    ///
    /// # Errors
    /// Whatever ends the transaction.
    pub fn delete(&mut self, table: &Table, key: &[Value]) -> Result<bool> {
        if self.session.is_none() {
            return self.delete_from(table, key);
        }
        if !self.sees(table, key)? {
            return Ok(false);
        }
        self.write_locked(|transaction| transaction.delete_from(table, key))
    }

    /// Whether the statement sees a row of that key: one that was inserted by others since is none
    /// of its business.
    fn sees(&self, table: &Table, key: &[Value]) -> Result<bool> {
        Ok(self.get(table, key)?.is_some())
    }
}
