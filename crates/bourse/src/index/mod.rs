//! Index entries: how a row becomes one.
//!
//! ```text
//! KEY    encoded columns, then the encoded primary key, unless the index is unique and no
//!        column is NULL (NULLs are never equal, so such an entry needs its row's key)
//! VALUE  u16 slot of the row (global indexes only)
//!        u16 bytes of the primary key, high bit set when the key lies here and not in KEY
//!        [the primary key]
//!        [row of the included columns]
//! ```
//! So the row is found from the entry alone, and the columns can be read without it where the
//! encoding gives them back.

use bourse_storage::{Error, Result};

use crate::key::{self, KeyColumn};
use crate::lookup;
use crate::row::{Row, RowLayout, RowWriter};
use crate::schema::{IndexColumn, IndexDefinition, IndexKey, Scope, TableDefinition};
use crate::shard::map::Slot;
use crate::value::{Type, Value, ValueRef};

/// The primary key lies in the value.
const KEY_IN_VALUE: u16 = 0x8000;

/// An index's definition, compiled.
#[derive(Debug)]
pub(crate) struct IndexInfo {
    /// The definition.
    pub(crate) definition: IndexDefinition,
    /// How the columns are encoded.
    pub(crate) shape: Vec<KeyColumn>,
    /// How columns and primary key, that is a whole entry key, are encoded.
    pub(crate) entry_shape: Vec<KeyColumn>,
    /// Layout of the included columns.
    pub(crate) include_layout: RowLayout,
    /// Where each column of the table stands in an entry, if it can be read there.
    pub(crate) covered: Vec<Option<Place>>,
    /// The columns, besides the primary key's, that an entry is made of or its being there
    /// depends on.
    depends_on: Vec<u16>,
    /// Whether it is still being built: nobody reads it, and writers look at its progress.
    pub(crate) building: bool,
}

/// Where an entry holds a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The n-th component of the entry key.
    Key(u16),
    /// The n-th included column.
    Include(u16),
}

impl IndexInfo {
    /// Compiles a definition; `key_shape` is that of the primary key.
    pub(crate) fn new(
        table: &TableDefinition,
        index: &IndexDefinition,
        key_shape: &[KeyColumn],
    ) -> Result<IndexInfo> {
        let shape = table.index_key_columns(index);
        let mut entry_shape = shape.clone();
        entry_shape.extend_from_slice(key_shape);
        let include_types: Vec<Type> =
            index.include.iter().map(|c| table.columns[usize::from(*c)].data_type).collect();
        let place = |column: u16| -> Option<Place> {
            if let Some(at) = index.include.iter().position(|c| *c == column) {
                return u16::try_from(at).ok().map(Place::Include);
            }
            let in_index = index.columns.iter().map(IndexColumn::column);
            let in_key = table.primary_key_positions().iter().map(|column| Some(*column));
            let mut parts = in_index.chain(in_key).enumerate();
            let (at, _) =
                parts.find(|(at, part)| *part == Some(column) && entry_shape[*at].is_lossless())?;
            u16::try_from(at).ok().map(Place::Key)
        };
        let columns = u16::try_from(table.columns.len())
            .map_err(|_| Error::invalid("a table has at most 1,600 columns"))?;
        let covered = (0..columns).map(place).collect();
        Ok(IndexInfo {
            depends_on: index.columns_used(),
            building: false,
            include_layout: RowLayout::new(&include_types),
            definition: index.clone(),
            shape,
            entry_shape,
            covered,
        })
    }

    /// Refuses to read what is not whole.
    pub(crate) fn check_is_ready(&self) -> Result<()> {
        if !self.building {
            return Ok(());
        }
        let name = &self.definition.name;
        let message =
            format!("index {name} is still being built: read the table until it is ready");
        Err(Error::invalid(message).with_sqlstate("55000"))
    }

    /// Refuses values that do not name one row.
    pub(crate) fn check_unique_key(&self, values: &[Value]) -> Result<()> {
        let name = &self.definition.name;
        if !self.definition.unique {
            let message = format!("index {name} is not unique: scan it");
            return Err(Error::invalid(message).with_sqlstate("42809"));
        }
        if values.len() != self.shape.len() {
            let (columns, given) = (self.shape.len(), values.len());
            let message = format!("index {name} has {columns} columns, {given} values were given");
            return Err(Error::invalid(message).with_sqlstate("42601"));
        }
        if values.contains(&Value::Null) {
            let message = format!("no row of index {name} is the one with NULL: scan it");
            return Err(Error::invalid(message).with_sqlstate("22004"));
        }
        Ok(())
    }

    /// The columns that a range may name: the primary key's too, unless the index is unique.
    pub(crate) fn range_shape(&self) -> &[KeyColumn] {
        if self.definition.unique { &self.shape } else { &self.entry_shape }
    }

    /// Number of the index's tree.
    pub(crate) fn id(&self) -> u32 {
        self.definition.id
    }

    /// Whether entries live in the shard that their own key names.
    pub(crate) fn is_global(&self) -> bool {
        self.definition.scope == Scope::Global
    }

    /// The slot of an entry of a global index: that of its first column.
    pub(crate) fn slot(&self, first: ValueRef<'_>) -> Result<Slot> {
        let ascending = KeyColumn { descending: false, ..self.shape[0] };
        if let ValueRef::Integer(id) = first
            && let Some(encoded) = key::plain_bigint(&ascending, id)
        {
            return Ok(Slot::of_key(&encoded));
        }
        let mut encoded = Vec::with_capacity(32);
        key::encode_key(&[ascending], &[first], &mut encoded)?;
        Ok(Slot::of_key(&encoded))
    }

    /// The slot of a row's entry in a global index.
    pub(crate) fn slot_of_row(&self, row: &Row<'_>) -> Result<Slot> {
        self.with_key_value(0, row, |first| self.slot(first))
    }

    /// The slot of a new row's entry in a global index, where the values tell: not of a computed
    /// key, nor of rows that the index leaves out.
    pub(crate) fn slot_of_values(&self, values: &[Value]) -> Option<Slot> {
        match self.definition.columns.first()?.key {
            IndexKey::Column(column) if self.definition.predicate.is_none() => {
                self.slot(values[usize::from(column)].as_value()).ok()
            }
            _ => None,
        }
    }

    /// Shows `body` what a row gives the key's column of that place.
    fn with_key_value<T>(
        &self,
        at: usize,
        row: &Row<'_>,
        body: impl FnOnce(ValueRef<'_>) -> Result<T>,
    ) -> Result<T> {
        match &self.definition.columns[at].key {
            IndexKey::Column(column) => body(row.get(usize::from(*column))),
            IndexKey::Expression(expression) => {
                let value = expression.of_row(row)?;
                let data_type = self.shape[at].data_type;
                if data_type.is_kind_of(value.as_value()) {
                    return body(value.as_value());
                }
                body(data_type.coerce(value.into_value())?.as_value())
            }
        }
    }

    /// Whether the row has an entry, by the index's WHERE.
    fn holds(&self, row: &Row<'_>) -> Result<bool> {
        match &self.definition.predicate {
            None => Ok(true),
            Some(predicate) => predicate.holds(row),
        }
    }

    /// Whether two rows of the same primary key and slot surely have the same entry, or none both.
    #[inline]
    pub(crate) fn is_untouched(&self, old: &Row<'_>, new: &Row<'_>) -> bool {
        self.depends_on.iter().all(|column| old.is_same_at(usize::from(*column), new))
    }

    /// Writes the entry of a row. Returns whether the row has one.
    ///
    /// # Errors
    /// A key that is longer than the limit.
    pub(crate) fn entry(
        &self,
        row: &Row<'_>,
        primary_key: &[u8],
        slot: Slot,
        entry: &mut Entry,
    ) -> Result<bool> {
        entry.key.clear();
        entry.value.clear();
        // Once, instead of growing with each part.
        entry.key.reserve(64);
        entry.value.reserve(64);
        if !self.holds(row)? {
            return Ok(false);
        }
        let mut has_null = false;
        for (at, (part, shape)) in self.definition.columns.iter().zip(&self.shape).enumerate() {
            match part.key {
                IndexKey::Column(column) => {
                    let value = row.get(usize::from(column));
                    has_null |= value.is_null();
                    key::encode_component(shape, value, &mut entry.key)?;
                }
                IndexKey::Expression(_) => self.with_key_value(at, row, |value| {
                    has_null |= value.is_null();
                    key::encode_component(shape, value, &mut entry.key)
                })?,
            }
        }
        if self.is_global() {
            entry.value.extend_from_slice(&slot.0.to_le_bytes());
        }
        let length = u16::try_from(primary_key.len())
            .map_err(|_| Error::invalid("primary key longer than the limit"))?;
        entry.constrained = self.definition.unique && !has_null;
        if entry.constrained {
            entry.value.extend_from_slice(&(length | KEY_IN_VALUE).to_le_bytes());
            entry.value.extend_from_slice(primary_key);
        } else {
            entry.value.extend_from_slice(&length.to_le_bytes());
            entry.key.extend_from_slice(primary_key);
        }
        lookup::check_length(&entry.key, &self.definition.name)?;
        if !self.definition.include.is_empty() {
            let mut included = RowWriter::new(&self.include_layout, &mut entry.value);
            for column in &self.definition.include {
                included.push(row.get(usize::from(*column)))?;
            }
            included.finish()?;
        }
        Ok(true)
    }

    /// Takes an entry apart, whose key has so many bytes.
    #[inline]
    pub(crate) fn parse<'e>(&self, key_bytes: usize, value: &'e [u8]) -> Result<EntryParts<'e>> {
        let damaged = || Error::corrupt(format!("entry of index {}", self.definition.name));
        let (slot, rest) = if self.is_global() {
            let (slot, rest) = value.split_first_chunk::<2>().ok_or_else(damaged)?;
            (Some(Slot(u16::from_le_bytes(*slot) % crate::shard::map::SLOTS)), rest)
        } else {
            (None, value)
        };
        let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(damaged)?;
        let length = u16::from_le_bytes(*length);
        let bytes = usize::from(length & !KEY_IN_VALUE);
        if length & KEY_IN_VALUE == 0 {
            let primary_key = if bytes <= key_bytes { Err(bytes) } else { return Err(damaged()) };
            return Ok(EntryParts { slot, primary_key, include: rest });
        }
        let (primary_key, include) = rest.split_at_checked(bytes).ok_or_else(damaged)?;
        Ok(EntryParts { slot, primary_key: Ok(primary_key), include })
    }
}

/// An entry while it is made; its memory is used again.
#[derive(Default, Debug, Clone)]
pub(crate) struct Entry {
    /// Key in the index's tree.
    pub(crate) key: Vec<u8>,
    /// Value in the index's tree.
    pub(crate) value: Vec<u8>,
    /// Whether no other row may have the same key.
    pub(crate) constrained: bool,
}

impl<'e> EntryParts<'e> {
    /// Encoded primary key of the row, given the entry's key.
    pub(crate) fn primary_key_in(&self, key: &'e [u8]) -> &'e [u8] {
        self.primary_key.unwrap_or_else(|bytes| &key[key.len() - bytes..])
    }
}

/// An entry taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryParts<'e> {
    /// Slot of the row, for global indexes.
    pub(crate) slot: Option<Slot>,
    /// Encoded primary key of the row: where the value has it, or how many bytes of the key's end
    /// it is.
    pub(crate) primary_key: std::result::Result<&'e [u8], usize>,
    /// Encoded row of the included columns.
    pub(crate) include: &'e [u8],
}
