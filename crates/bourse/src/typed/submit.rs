//! Changes of typed tables, committed without waiting for the disk.

use bourse_storage::Result;

use super::{KeyOf, KeyValues, OwnedKey, TableRow, TypedTable};
use crate::completion::Completion;
use crate::table::borrow;

/// A typed table whose changes are committed without waiting for the disk; from
/// [`TypedTable::submit`]. See [`crate::Submitter`] for what that means. For several changes in one
/// transaction use the store's [`submit`](crate::Database::submit) and [`TypedTable::within`].
pub struct TypedSubmitter<'s, T> {
    table: &'s TypedTable<T>,
}

impl<T: TableRow> TypedTable<T> {
    /// The table's changes without the wait for the disk at their end.
    pub fn submit(&self) -> TypedSubmitter<'_, T> {
        TypedSubmitter { table: self }
    }
}

impl<T: TableRow> TypedSubmitter<'_, T> {
    /// As [`TypedTable::insert`].
    pub fn insert(&self, row: &T) -> Completion<T::Key> {
        let values = self.table.values(row);
        let submitter = self.table.store().submit();
        submitter.insert_for(self.table.table(), values, |key| T::Key::from_values(&borrow(&key)))
    }

    /// As [`TypedTable::upsert`].
    pub fn upsert(&self, row: &T) -> Completion<bool> {
        self.table.store().submit().upsert(self.table.table(), self.table.values(row))
    }

    /// As [`TypedTable::update`].
    pub fn update(
        &self,
        key: impl KeyOf<T::Key>,
        mut change: impl FnMut(&mut T) -> Result<()> + Send,
    ) -> Completion<bool> {
        self.table.store().submit().rewrite(self.table.table(), &key.to_values(), |old| {
            let mut row = T::read(&old.row())?;
            change(&mut row)?;
            Ok(row.into_values())
        })
    }

    /// As [`TypedTable::replace`].
    pub fn replace(&self, row: &T) -> Completion<bool> {
        let values = row.values();
        let key = row.key().to_values();
        self.table.store().submit().rewrite(self.table.table(), &key, |_| Ok(values.clone()))
    }

    /// As [`TypedTable::delete`].
    pub fn delete(&self, key: impl KeyOf<T::Key>) -> Completion<bool> {
        self.table.store().submit().delete(self.table.table(), &key.to_values())
    }
}

impl<T> std::fmt::Debug for TypedSubmitter<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedSubmitter").field("table", self.table).finish()
    }
}
