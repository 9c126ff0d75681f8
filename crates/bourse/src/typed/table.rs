//! Tables whose rows are structs.

use std::marker::PhantomData;
use std::ops::ControlFlow;

use bourse_storage::{Error, Result};

use super::reader::with_encoded;
use super::{
    ColumnValue, KeyOf, KeyValues, OwnedKey, ReadPoint, TableRow, TypedColumn, TypedReader,
    matching,
};
use crate::database::Database;
use crate::load::LoadOrder;
use crate::reading::Cut;
use crate::row::Row;
use crate::table::{Table, borrow};
use crate::transaction::Transaction;
use crate::value::{Type, Value};

/// A table of a store whose rows are `T`s; from [`Database::create`] or [`Database::typed`]. Cheap
/// to clone, and shared between threads. It keeps the store open.
///
/// Its own methods read the newest published state and change rows in transactions of their own.
/// [`TypedTable::at`] reads a [`Cut`] or a transaction, [`TypedTable::within`] changes rows inside
/// of one. Rows and keys that are returned own all they hold.
///
/// A generated id that is 0 (or `None`) in a row to insert is made by the store; made ids are
/// never 0.
pub struct TypedTable<T> {
    store: Database,
    table: Table,
    row: PhantomData<fn() -> T>,
}

/// A typed table inside of a transaction that changes it; from [`TypedTable::within`].
pub struct TypedWriter<'w, 't, T> {
    table: &'w TypedTable<T>,
    transaction: &'w mut Transaction<'t>,
}

impl Database {
    /// Makes the table of a struct.
    ///
    /// # Errors
    /// As [`Database::create_table`]: 42P07 when a table of that name exists.
    pub fn create<T: TableRow>(&self) -> Result<TypedTable<T>> {
        self.create_table(&T::definition()?)?;
        self.typed()
    }

    /// The table of a struct, whose stored definition is checked against the struct: columns (by
    /// position: name, type, NOT NULL, collation), keys and the struct's indexes. The stored table
    /// may have more indexes.
    ///
    /// # Errors
    /// `InvalidInput`: 42P01 when there is no such table; 42804 when it differs, with the first
    /// column, key or index that does.
    pub fn typed<T: TableRow>(&self) -> Result<TypedTable<T>> {
        let table = self.table(T::TABLE)?;
        matching::check(table.definition(), &T::definition()?)?;
        Ok(TypedTable { store: self.clone(), table, row: PhantomData })
    }
}

impl<T> Clone for TypedTable<T> {
    fn clone(&self) -> TypedTable<T> {
        TypedTable { store: self.store.clone(), table: self.table.clone(), row: PhantomData }
    }
}

impl<T> std::fmt::Debug for TypedTable<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedTable").field("name", &self.table.name()).finish_non_exhaustive()
    }
}

impl<T: TableRow> TypedTable<T> {
    /// The same table without types.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The store that the table is of.
    pub fn store(&self) -> &Database {
        &self.store
    }

    /// A column by name, to read it from index entries. Checked here, once.
    ///
    /// # Errors
    /// `InvalidInput`: 42703 when there is no such column, 42804 when its type is another than
    /// `C`'s.
    pub fn column<C: ColumnValue>(&self, name: &str) -> Result<TypedColumn<T, C>> {
        let definition = self.table.definition();
        let position = usize::from(definition.position(name)?);
        let stored = definition.columns[position].data_type;
        if !C::TYPE.is_same_kind(stored) && C::TYPE != Type::Any {
            let message = format!("column \"{name}\" is {stored}, not {}", C::TYPE);
            return Err(Error::invalid(message).with_sqlstate("42804"));
        }
        Ok(TypedColumn::new(position))
    }

    /// The table in one state: reads are consistent with each other, and ranges are possible.
    pub fn at<'v, V: ReadPoint>(&'v self, snapshot: &'v V) -> TypedReader<'v, T, V> {
        TypedReader::new(self, snapshot)
    }

    /// The table inside of a transaction that changes it.
    pub fn within<'w, 't>(
        &'w self,
        transaction: &'w mut Transaction<'t>,
    ) -> TypedWriter<'w, 't, T> {
        TypedWriter { table: self, transaction }
    }

    /// The row of a primary key, in the newest published state. Takes no lock, and allocates
    /// nothing but what the row itself holds.
    ///
    /// # Errors
    /// `InvalidInput` when the table was dropped; `Corrupt` or `Io` when a page cannot be read.
    pub fn get(&self, key: impl KeyOf<T::Key>) -> Result<Option<T>> {
        self.get_with(key, T::read)?.transpose()
    }

    /// As [`TypedTable::get`], showing the row's columns to `body` in place.
    ///
    /// # Errors
    /// As [`TypedTable::get`].
    pub fn get_with<R>(
        &self,
        key: impl KeyOf<T::Key>,
        body: impl FnOnce(&Row<'_>) -> R,
    ) -> Result<Option<R>> {
        with_encoded::<T, _>(&key, |values, encoded| {
            self.store.get_encoded(&self.table, values, encoded, |row| body(&row))
        })
    }

    /// Rows of many primary keys, in the order of the keys, `None` where there is none; all of one
    /// state, and fetched together, so that their cache misses overlap.
    ///
    /// # Errors
    /// As [`TypedTable::get`].
    pub fn multi_get<K: KeyOf<T::Key>>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Vec<Option<T>>> {
        let cut: Cut = self.store.cut();
        self.at(&cut).multi_get(keys)
    }

    /// As [`TypedTable::multi_get`], showing each key's number, and the columns of its row in place
    /// if there is one, to `each` until it breaks.
    ///
    /// # Errors
    /// As [`TypedTable::get`]; what `each` returned.
    pub fn multi_get_with<K: KeyOf<T::Key>>(
        &self,
        keys: impl IntoIterator<Item = K>,
        each: impl FnMut(usize, Option<&Row<'_>>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let cut: Cut = self.store.cut();
        self.at(&cut).multi_get_with(keys, each)
    }

    /// Inserts a row in a transaction of its own. Returns its primary key, made by the store where
    /// that is left to it.
    ///
    /// # Errors
    /// As [`Transaction::insert`]: `Constraint` (23505) when the key exists.
    pub fn insert(&self, row: &T) -> Result<T::Key> {
        let key = self.store.insert(&self.table, self.values(row))?;
        T::Key::from_values(&borrow(&key))
    }

    /// Inserts a row, or replaces the one with its primary key. Returns whether one was replaced.
    ///
    /// # Errors
    /// As [`Transaction::upsert`].
    pub fn upsert(&self, row: &T) -> Result<bool> {
        self.store.upsert(&self.table, self.values(row))
    }

    /// Changes the row of a primary key. Returns whether there is one. `change` may run several
    /// times, each time on the row as it then is; an error of its leaves the row alone.
    ///
    /// # Errors
    /// `change`'s; as [`Transaction::update`].
    pub fn update(
        &self,
        key: impl KeyOf<T::Key>,
        mut change: impl FnMut(&mut T) -> Result<()> + Send,
    ) -> Result<bool> {
        with_encoded::<T, _>(&key, |values, encoded| {
            self.store.rewrite_encoded(&self.table, (values, encoded), |old| {
                let mut row = T::read(&old.row())?;
                change(&mut row)?;
                Ok(row.into_values())
            })
        })
    }

    /// Replaces the row with this one's primary key. Returns whether there is one.
    ///
    /// # Errors
    /// As [`Transaction::update`].
    pub fn replace(&self, row: &T) -> Result<bool> {
        let values = row.values();
        self.store.rewrite(&self.table, &row.key().to_values(), |_| Ok(values.clone()))
    }

    /// Deletes the row of a primary key. Returns whether there was one.
    ///
    /// # Errors
    /// As [`Transaction::delete`].
    pub fn delete(&self, key: impl KeyOf<T::Key>) -> Result<bool> {
        self.store.delete(&self.table, &key.to_values())
    }

    /// Fills the table, which must be empty; see [`Database::bulk_load`]. Returns how many rows.
    ///
    /// # Errors
    /// As [`Database::bulk_load`].
    pub fn bulk_load(
        &self,
        order: LoadOrder,
        rows: impl Iterator<Item = Result<T>>,
    ) -> Result<u64> {
        let rows = rows.map(|row| row.map(|row| self.with_id(row.into_values())));
        self.store.bulk_load(&self.table, order, rows)
    }

    /// A row's values, its id left to the store where it is 0.
    pub(super) fn values(&self, row: &T) -> Vec<Value> {
        self.with_id(row.values())
    }

    fn with_id(&self, mut values: Vec<Value>) -> Vec<Value> {
        if let (true, [column]) = (self.table.info.generates_ids, &*self.table.info.key_columns)
            && values[usize::from(*column)] == Value::Integer(0)
        {
            values[usize::from(*column)] = Value::Null;
        }
        values
    }
}

impl<T: TableRow> TypedWriter<'_, '_, T> {
    /// Inserts a row. Returns its primary key, made by the store where that is left to it.
    ///
    /// # Errors
    /// As [`Transaction::insert`]: `Constraint` (23505) when the key exists.
    pub fn insert(&mut self, row: &T) -> Result<T::Key> {
        let key = self.transaction.insert(&self.table.table, self.table.values(row))?;
        T::Key::from_values(&borrow(&key))
    }

    /// Inserts a row, or replaces the one with its primary key. Returns whether one was replaced.
    ///
    /// # Errors
    /// As [`Transaction::upsert`].
    pub fn upsert(&mut self, row: &T) -> Result<bool> {
        self.transaction.upsert(&self.table.table, self.table.values(row))
    }

    /// Changes the row of a primary key. Returns whether there is one.
    ///
    /// # Errors
    /// `change`'s; as [`Transaction::update`].
    pub fn update(
        &mut self,
        key: impl KeyOf<T::Key>,
        change: impl FnOnce(&mut T) -> Result<()>,
    ) -> Result<bool> {
        with_encoded::<T, _>(&key, |values, encoded| {
            self.transaction.rewrite_encoded(&self.table.table, (values, encoded), |old| {
                let mut row = T::read(&old.row())?;
                change(&mut row)?;
                Ok(row.into_values())
            })
        })
    }

    /// Replaces the row with this one's primary key. Returns whether there is one.
    ///
    /// # Errors
    /// As [`Transaction::update`].
    pub fn replace(&mut self, row: &T) -> Result<bool> {
        let key = row.key().to_values();
        self.transaction.rewrite(&self.table.table, &key, |_| Ok(row.values()))
    }

    /// Deletes the row of a primary key. Returns whether there was one.
    ///
    /// # Errors
    /// As [`Transaction::delete`].
    pub fn delete(&mut self, key: impl KeyOf<T::Key>) -> Result<bool> {
        self.transaction.delete(&self.table.table, &key.to_values())
    }
}
