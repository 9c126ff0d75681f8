//! Tables as users hold them, and rows as they get them.

use std::sync::Arc;

use bourse_storage::{Error, Result};

use crate::catalog::{Catalog, TableInfo};
use crate::key::KeyReader;
use crate::lookup::{self, Place};
use crate::row::Row;
use crate::schema::TableDefinition;
use crate::shard::map::Slot;
use crate::snapshot::Snapshot;
use crate::transaction::key_map::KeyBytes;
use crate::value::{Type, Value, ValueRef};

/// A table of a store, by number. Cheap to clone.
///
/// It stays valid when the table gets another name, indexes, constraints, or columns behind those
/// that it knows; rows then show these too, and an insert of a value for each column known gives
/// the others their DEFAULT. Where columns have been dropped or have another type, in the state
/// that is read or written, the handle is refused (0A000), for a position would name another
/// column: take a new one with [`Database::table`](crate::Database::table), or for an older state
/// with [`Cut::table`](crate::Cut::table).
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) info: Arc<TableInfo>,
}

impl Table {
    /// The table's number, also that of its tree.
    pub fn id(&self) -> u32 {
        self.info.id()
    }

    /// The table's name.
    pub fn name(&self) -> &str {
        &self.info.definition.name
    }

    /// The definition, as of the moment when this handle was made.
    pub fn definition(&self) -> &TableDefinition {
        &self.info.definition
    }
}

impl Table {
    /// Whether rows of it have expired, or may have ([`crate::Database::expire_before`]), as of the
    /// moment when this handle was made: then its views show more than its rows.
    pub fn has_expiry(&self) -> bool {
        self.info.expiry.is_some()
    }

    /// Whether an index can be read, as of the moment when this handle was made: not while it is
    /// being built.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when the table has none of that name.
    pub fn index_is_ready(&self, index: &str) -> Result<bool> {
        Ok(!self.info.index(index)?.building)
    }

    /// Whether entries of an index hold a column, by its position, so that the row need not be
    /// read for it. Not so for columns whose values a key does not give back: DECIMAL without a
    /// scale, ANY, texts under a folding collation.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when the table has no such index.
    pub fn index_holds(&self, index: &str, column: usize) -> Result<bool> {
        let index = self.info.index(index)?;
        Ok(index.covered.get(column).is_some_and(Option::is_some))
    }
}

/// A row that was read: its bytes, its primary key and the table that tells how to read them.
#[derive(Clone, Debug)]
pub struct OwnedRow {
    pub(crate) table: Arc<TableInfo>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) key: KeyBytes,
    pub(crate) place: Place,
}

/// Values, borrowed.
pub(crate) fn borrow(values: &[Value]) -> Vec<ValueRef<'_>> {
    values.iter().map(Value::as_value).collect()
}

impl OwnedRow {
    /// Reads the row of a primary key.
    pub(crate) fn find<V: Snapshot>(
        snapshot: &V,
        table: &Arc<TableInfo>,
        key: &[Value],
    ) -> Result<Option<OwnedRow>> {
        lookup::with_key(table, key, |values, encoded| {
            OwnedRow::find_encoded(snapshot, table, values, encoded)
        })
    }

    /// As [`OwnedRow::find`], of a key of the columns' types that is encoded already.
    pub(crate) fn find_encoded<V: Snapshot>(
        snapshot: &V,
        table: &Arc<TableInfo>,
        values: &[ValueRef<'_>],
        encoded: &[u8],
    ) -> Result<Option<OwnedRow>> {
        let mut bytes = Vec::with_capacity(128);
        let found = lookup::find(snapshot, table, values, encoded, &mut bytes)?;
        let Some(place) = found else { return Ok(None) };
        OwnedRow::new(table, bytes, encoded, place).map(Some)
    }

    /// A row that was read; its bytes are checked here, once.
    pub(crate) fn new(
        table: &Arc<TableInfo>,
        bytes: Vec<u8>,
        key: impl Into<KeyBytes>,
        place: Place,
    ) -> Result<OwnedRow> {
        table.layout.row(&bytes)?;
        Ok(OwnedRow { table: Arc::clone(table), bytes, key: key.into(), place })
    }

    /// The row, to read columns in place.
    pub fn row(&self) -> Row<'_> {
        match self.table.layout.row(&self.bytes) {
            Ok(row) => row,
            Err(_) => unreachable!("checked when the row was read"),
        }
    }

    /// The column of that position.
    ///
    /// # Panics
    /// When the table has no such column.
    pub fn get(&self, column: usize) -> ValueRef<'_> {
        self.row().get(column)
    }

    /// The column of that name.
    ///
    /// # Errors
    /// `InvalidInput` when the table has none.
    pub fn column(&self, name: &str) -> Result<ValueRef<'_>> {
        Ok(self.get(usize::from(self.table.definition.position(name)?)))
    }

    /// All columns, owned.
    pub fn values(&self) -> Vec<Value> {
        let row = self.row();
        (0..self.table.types.len()).map(|column| row.get(column).to_value()).collect()
    }

    /// The primary key (for a table without one, the hidden rowid).
    ///
    /// # Errors
    /// `Corrupt` when the key does not decode.
    pub fn primary_key(&self) -> Result<Vec<Value>> {
        if !self.table.key_columns.is_empty() {
            return Ok(self.table.key_of(&self.values()));
        }
        let mut reader = KeyReader::new(&self.table.key_shape, &self.key);
        Ok(vec![reader.next_value()?])
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    /// The shard that has the row.
    pub(crate) fn shard(&self) -> u16 {
        self.place.shard
    }

    /// The row's slot.
    pub(crate) fn slot(&self) -> Result<Slot> {
        match self.place.slot {
            Some(slot) => Ok(slot),
            None => self.table.slot_of_stored_row(&self.bytes, &self.key),
        }
    }
}

impl Catalog {
    /// The table of a handle, whose columns are those that the handle knows, or these and more
    /// behind them.
    #[inline]
    pub(crate) fn table_of(&self, handle: &Table) -> Result<&Arc<TableInfo>> {
        let info = self.table(handle.id())?;
        if info.definition.layout == handle.info.definition.layout {
            return Ok(info);
        }
        info.check_knows_columns_of(&handle.info.definition)?;
        Ok(info)
    }
}

impl TableInfo {
    /// Refuses a definition of another time where positions of columns meant something else.
    #[cold]
    fn check_knows_columns_of(&self, then: &TableDefinition) -> Result<()> {
        let now = &self.definition;
        let layout = now.earlier_layouts.iter().find(|layout| layout.number == then.layout);
        let unmoved = |(at, (data_type, place)): (usize, &(Type, Option<u16>))| {
            place.is_some_and(|place| usize::from(place) == at)
                && now.columns[at].data_type == *data_type
        };
        if layout.is_some_and(|layout| layout.columns.iter().enumerate().all(unmoved)) {
            return Ok(());
        }
        let message = format!(
            "the columns of table {} are others than this handle knows: take the table anew",
            now.name
        );
        Err(Error::invalid(message).with_sqlstate("0A000"))
    }

    /// Makes values for the columns that a handle knows values for all columns of now: those behind
    /// get what `rest` gives for them.
    pub(crate) fn lengthen(
        &self,
        handle: &Table,
        values: &mut Vec<Value>,
        mut rest: impl FnMut(u16) -> Value,
    ) {
        let known = handle.info.types.len();
        if values.len() == known && known < self.types.len() {
            let missing = (0..).take(self.types.len()).skip(known);
            values.extend(missing.map(&mut rest));
        }
    }

    /// A shard key's values as the columns' types want them.
    pub(crate) fn coerce_shard_key(&self, key: &[Value]) -> Result<Vec<Value>> {
        let columns = self.definition.shard_key.iter();
        let coerced = columns.zip(key).map(|(c, v)| self.types[usize::from(*c)].coerce(v.clone()));
        let coerced = coerced.collect::<Result<Vec<_>>>()?;
        if coerced.len() == key.len() { Ok(coerced) } else { Ok(key.to_vec()) }
    }

    /// A primary key's values as the columns' types want them.
    pub(crate) fn coerce_key(&self, key: &[Value]) -> Result<Vec<Value>> {
        if key.len() != self.key_shape.len() {
            return Err(Error::invalid(format!(
                "the primary key of table {} has {} columns, {} values were given",
                self.definition.name,
                self.key_shape.len(),
                key.len()
            ))
            .with_sqlstate("42601"));
        }
        let shapes = self.key_shape.iter();
        shapes.zip(key).map(|(shape, value)| shape.data_type.coerce(value.clone())).collect()
    }
}
