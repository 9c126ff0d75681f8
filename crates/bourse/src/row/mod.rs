//! Rows: the bytes of one row of a table, read in place.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 2 | columns written, `n`, little-endian |
//! | 2 | (n + 7) / 8 | null bitmap: bit `i % 8` of byte `i / 8` is 1 when column `i` is NULL |
//! | then | sum of widths | fixed slots of the fixed-width columns among the `n`, in order |
//! | then | 4 * v | end of each of the `v` variable columns, counted from the tail's start |
//! | then | last end | tail: the variable columns, one after the other |
//!
//! | TYPE | WIDTH | DESCRIPTION |
//! |---|---|---|
//! | BOOLEAN | 1 | 0 or 1 |
//! | SMALLINT, INTEGER, BIGINT | 2, 4, 8 | little-endian |
//! | REAL, DOUBLE | 4, 8 | IEEE 754, never -0.0, one NaN |
//! | DATE, TIMESTAMP | 4, 8 | days, nanoseconds |
//! | DECIMAL(p,s) | 8 if p <= 18, else 16 | coefficient at scale s |
//! | UUID | 16 | as given |
//! | TEXT, BLOB, JSON | variable | the bytes |
//! | DECIMAL | variable | as in a tagged value |
//! | ANY | variable | a tagged value: kind byte, then the value |
//!
//! Slots are not padded: an unaligned load costs nothing, bytes on disk do. The slot of a NULL is
//! zero, its part of the tail is empty.
//!
//! # Invariants
//!
//! * I1: a column's slot, relative to the first slot, depends only on the columns before it. So a
//!   row written before columns were added is read with the layout of now, and the columns that it
//!   lacks read as the layout's defaults: adding a column touches no row.
//! * I2: every end is at least the one before, the last one is the end of the row.
//!
//! [`RowLayout::row`] checks the lengths that one comparison can check, for bytes that a page's
//! checksum has vouched for; [`RowLayout::check`] checks everything. No bytes make either, or a
//! read, panic; text that is not UTF-8 reads as a blob, so that it fails as a value of the wrong
//! type and is not taken for another text.

use bourse_storage::{Error, Result};

use crate::decimal::Decimal;
use crate::value::{Type, Value, ValueRef, decode_tagged};

#[cfg(test)]
mod tests;
mod write;

pub use write::RowWriter;
use write::has_precision;

/// Bytes of the count of columns in front of a row.
const COUNT_BYTES: usize = 2;
/// Bytes of one end offset.
const END_WIDTH: u32 = 4;
const END_BYTES: usize = END_WIDTH as usize;

/// Where one column lies.
#[derive(Clone, Copy, Debug)]
struct Slot {
    data_type: Type,
    kind: Kind,
    /// Fixed: bytes from the first slot. Variable: bytes from the first end offset.
    offset: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Boolean,
    SmallInt,
    Integer,
    BigInt,
    Real,
    Double,
    Date,
    Timestamp,
    ShortDecimal { scale: u8 },
    LongDecimal { scale: u8 },
    Uuid,
    Text,
    Blob,
    Json,
    Tagged,
}

impl Kind {
    fn of(data_type: Type) -> Kind {
        match data_type {
            Type::Boolean => Kind::Boolean,
            Type::SmallInt => Kind::SmallInt,
            Type::Integer => Kind::Integer,
            Type::BigInt => Kind::BigInt,
            Type::Real => Kind::Real,
            Type::Double => Kind::Double,
            Type::Date => Kind::Date,
            Type::Timestamp { .. } => Kind::Timestamp,
            Type::Decimal { precision: 1..=18, scale } => Kind::ShortDecimal { scale },
            Type::Decimal { precision: 0, .. } | Type::Any => Kind::Tagged,
            Type::Decimal { scale, .. } => Kind::LongDecimal { scale },
            Type::Uuid => Kind::Uuid,
            Type::Text => Kind::Text,
            Type::Blob => Kind::Blob,
            Type::Json => Kind::Json,
        }
    }

    /// Bytes of the fixed slot; `None` for a variable column.
    fn width(self) -> Option<u32> {
        match self {
            Kind::Boolean => Some(1),
            Kind::SmallInt => Some(2),
            Kind::Integer | Kind::Real | Kind::Date => Some(4),
            Kind::BigInt | Kind::Double | Kind::Timestamp | Kind::ShortDecimal { .. } => Some(8),
            Kind::LongDecimal { .. } | Kind::Uuid => Some(16),
            Kind::Text | Kind::Blob | Kind::Json | Kind::Tagged => None,
        }
    }
}

/// What the first columns of a row take together.
#[derive(Clone, Copy, Default, Debug)]
struct Prefix {
    fixed_bytes: u32,
    end_bytes: u32,
}

/// The offsets of a table's columns, computed once.
#[derive(Clone, Debug)]
pub struct RowLayout {
    slots: Vec<Slot>,
    /// `prefixes[n]` is what the first `n` columns take.
    prefixes: Vec<Prefix>,
    variable_columns: Vec<u16>,
    defaults: Vec<Value>,
}

impl RowLayout {
    /// The layout of rows with columns of these types; columns that a row lacks read as NULL.
    pub fn new(types: &[Type]) -> RowLayout {
        RowLayout::with_defaults(types, Vec::new())
    }

    /// The layout of rows in which column `i`, where a row lacks it, reads as `defaults[i]`, and
    /// as NULL past the end of `defaults`.
    pub fn with_defaults(types: &[Type], mut defaults: Vec<Value>) -> RowLayout {
        assert!(types.len() <= usize::from(u16::MAX), "more columns than a row can count");
        defaults.resize(types.len(), Value::Null);
        let mut slots = Vec::with_capacity(types.len());
        let mut prefixes = vec![Prefix::default()];
        let mut prefix = Prefix::default();
        for &data_type in types {
            let kind = Kind::of(data_type);
            let (offset, following) = match kind.width() {
                Some(width) => {
                    let fixed_bytes = prefix.fixed_bytes + width;
                    (prefix.fixed_bytes, Prefix { fixed_bytes, ..prefix })
                }
                None => {
                    let end_bytes = prefix.end_bytes + END_WIDTH;
                    (prefix.end_bytes, Prefix { end_bytes, ..prefix })
                }
            };
            slots.push(Slot { data_type, kind, offset });
            prefix = following;
            prefixes.push(prefix);
        }
        let variable = |column: &u16| slots[usize::from(*column)].kind.width().is_none();
        let variable_columns = (0..u16::MAX).take(slots.len()).filter(variable).collect();
        RowLayout { slots, prefixes, variable_columns, defaults }
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.slots.len()
    }

    /// Type of a column.
    pub fn column_type(&self, column: usize) -> Type {
        self.slots[column].data_type
    }

    /// The row in bytes that a checksum has vouched for: only the lengths are checked.
    ///
    /// # Errors
    /// `Corrupt` when the row is shorter or longer than it says.
    #[inline]
    pub fn row<'a>(&'a self, bytes: &'a [u8]) -> Result<Row<'a>> {
        self.open(bytes).ok_or_else(|| self.corrupt("its length or column count is wrong"))
    }

    #[inline]
    fn open<'a>(&'a self, bytes: &'a [u8]) -> Option<Row<'a>> {
        let written = usize::from(u16::from_le_bytes(*bytes.first_chunk::<COUNT_BYTES>()?));
        let prefix = self.prefixes.get(written)?;
        let slots_at = COUNT_BYTES + written.div_ceil(8);
        let ends_at = slots_at + prefix.fixed_bytes as usize;
        let tail_at = ends_at + prefix.end_bytes as usize;
        let row = Row { layout: self, bytes, written, slots_at, ends_at, tail_at };
        let tail_bytes = if prefix.end_bytes == 0 { 0 } else { row.end(tail_at - END_BYTES) };
        (bytes.len() == tail_at + tail_bytes).then_some(row)
    }

    /// The row in any bytes: everything is checked.
    ///
    /// # Errors
    /// `Corrupt`, with the column and what is wrong with it.
    pub fn check<'a>(&'a self, bytes: &'a [u8]) -> Result<Row<'a>> {
        let row = self.row(bytes)?;
        let spare = row.written..(row.slots_at - COUNT_BYTES) * 8;
        if spare.clone().any(|bit| row.null_bit(bit)) {
            return Err(self.corrupt("its null bitmap names columns that it lacks"));
        }
        let mut end_before = 0;
        for (column, slot) in self.slots.iter().enumerate().take(row.written) {
            if let Err(what) = row.check_column(column, slot, &mut end_before) {
                return Err(self.corrupt(&format!("column {column} {what}")));
            }
        }
        Ok(row)
    }

    #[cold]
    fn corrupt(&self, what: &str) -> Error {
        Error::corrupt(format!("a row of {} columns is invalid: {what}", self.columns()))
    }
}

/// A row, in place.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    layout: &'a RowLayout,
    bytes: &'a [u8],
    written: usize,
    slots_at: usize,
    ends_at: usize,
    tail_at: usize,
}

impl<'a> Row<'a> {
    /// The bytes of the row.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The layout that the row is read with.
    pub fn layout(&self) -> &'a RowLayout {
        self.layout
    }

    /// Whether a column is NULL.
    #[inline]
    pub fn is_null(&self, column: usize) -> bool {
        if column < self.written {
            self.null_bit(column)
        } else {
            self.layout.defaults[column].is_null()
        }
    }

    /// The value of a column.
    ///
    /// # Panics
    /// When the layout has no such column.
    // Small enough to be part of its caller, where most kinds and values then never exist in
    // memory: half of what a scan did was this call.
    #[inline(always)]
    pub fn get(&self, column: usize) -> ValueRef<'a> {
        if column < self.written && !self.null_bit(column) {
            let slot = &self.layout.slots[column];
            let at = self.slots_at + slot.offset as usize;
            match slot.kind {
                Kind::BigInt => return ValueRef::Integer(i64::from_le_bytes(self.load(at))),
                Kind::Double => return ValueRef::Double(f64::from_le_bytes(self.load(at))),
                _ => {}
            }
        }
        self.get_any(column)
    }

    /// As [`Row::get`], for all kinds.
    fn get_any(&self, column: usize) -> ValueRef<'a> {
        if column >= self.written {
            return self.layout.defaults[column].as_value();
        }
        if self.null_bit(column) {
            return ValueRef::Null;
        }
        let slot = &self.layout.slots[column];
        let at = self.slots_at + slot.offset as usize;
        match slot.kind {
            Kind::Boolean => ValueRef::Boolean(self.load::<1>(at) != [0]),
            Kind::SmallInt => ValueRef::Integer(i16::from_le_bytes(self.load(at)).into()),
            Kind::Integer => ValueRef::Integer(i32::from_le_bytes(self.load(at)).into()),
            Kind::BigInt => ValueRef::Integer(i64::from_le_bytes(self.load(at))),
            Kind::Real => ValueRef::Real(f32::from_le_bytes(self.load(at))),
            Kind::Double => ValueRef::Double(f64::from_le_bytes(self.load(at))),
            Kind::Date => ValueRef::Date(i32::from_le_bytes(self.load(at))),
            Kind::Timestamp => ValueRef::Timestamp(i64::from_le_bytes(self.load(at))),
            Kind::ShortDecimal { scale } => {
                decimal(i64::from_le_bytes(self.load(at)).into(), scale)
            }
            Kind::LongDecimal { scale } => decimal(i128::from_le_bytes(self.load(at)), scale),
            Kind::Uuid => ValueRef::Uuid(self.load(at)),
            Kind::Blob => ValueRef::Blob(self.variable(slot)),
            Kind::Text => text(self.variable(slot), ValueRef::Text),
            Kind::Json => text(self.variable(slot), ValueRef::Json),
            Kind::Tagged => {
                let bytes = self.variable(slot);
                decode_tagged(bytes).unwrap_or(ValueRef::Blob(bytes))
            }
        }
    }

    /// The values of all columns, in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = ValueRef<'a>> {
        let row = *self;
        (0..self.layout.columns()).map(move |column| row.get(column))
    }

    /// Whether a column has the same bytes in another row of this layout: then it has the same
    /// value there.
    #[inline]
    pub(crate) fn is_same_at(&self, column: usize, other: &Row<'_>) -> bool {
        if column >= self.written || column >= other.written {
            return self.get(column) == other.get(column);
        }
        if self.null_bit(column) != other.null_bit(column) {
            return false;
        }
        let slot = &self.layout.slots[column];
        let (at, other_at) =
            (self.slots_at + slot.offset as usize, other.slots_at + slot.offset as usize);
        match slot.kind.width() {
            None => self.variable(slot) == other.variable(slot),
            Some(8) => self.load::<8>(at) == other.load::<8>(other_at),
            Some(width) => {
                let width = width as usize;
                self.bytes.get(at..at + width) == other.bytes.get(other_at..other_at + width)
            }
        }
    }

    #[inline]
    fn null_bit(&self, column: usize) -> bool {
        self.bytes[COUNT_BYTES + column / 8] & (1 << (column % 8)) != 0
    }

    /// The lengths were checked, so the bytes are there; if not, zeros, and no panic.
    #[inline]
    fn load<const WIDTH: usize>(&self, at: usize) -> [u8; WIDTH] {
        let bytes = self.bytes.get(at..).and_then(|bytes| bytes.first_chunk::<WIDTH>());
        bytes.copied().unwrap_or([0; WIDTH])
    }

    #[inline]
    fn end(&self, at: usize) -> usize {
        u32::from_le_bytes(self.load(at)) as usize
    }

    #[inline]
    fn variable(&self, slot: &Slot) -> &'a [u8] {
        let end_at = self.ends_at + slot.offset as usize;
        let start = if slot.offset == 0 { 0 } else { self.end(end_at - END_BYTES) };
        let range = self.tail_at + start..self.tail_at + self.end(end_at);
        self.bytes.get(range).unwrap_or_default()
    }

    fn check_column(
        &self,
        column: usize,
        slot: &Slot,
        end_before: &mut usize,
    ) -> std::result::Result<(), &'static str> {
        let null = self.null_bit(column);
        match slot.kind.width() {
            Some(width) => {
                let start = self.slots_at + slot.offset as usize;
                let bytes = self.bytes.get(start..start + width as usize).unwrap_or_default();
                if null && bytes.iter().any(|byte| *byte != 0) {
                    return Err("is NULL but its slot is not zero");
                }
                if slot.kind == Kind::Boolean && bytes[0] > 1 {
                    return Err("is not a BOOLEAN");
                }
            }
            None => {
                let end = self.end(self.ends_at + slot.offset as usize);
                if end < *end_before || (null && end != *end_before) {
                    return Err("ends in the wrong place");
                }
                if end > self.bytes.len() - self.tail_at {
                    return Err("ends past the row");
                }
                *end_before = end;
            }
        }
        if !null && !is_of_type(slot.data_type, self.get(column)) {
            return Err("is not a value of its type");
        }
        Ok(())
    }
}

fn is_of_type(data_type: Type, value: ValueRef<'_>) -> bool {
    match (data_type, value) {
        (Type::Text, ValueRef::Text(_)) | (Type::Json, ValueRef::Json(_)) => true,
        (Type::Text | Type::Json, _) => false,
        (Type::Any, value) => {
            use ValueRef::{Blob, Double, Integer, Text};
            match value {
                Double(value) => !value.is_nan(),
                value => matches!(value, Integer(_) | Text(_) | Blob(_)),
            }
        }
        (Type::Timestamp { .. }, ValueRef::Timestamp(value)) => has_precision(data_type, value),
        (Type::Decimal { precision, scale }, ValueRef::Decimal(value)) => {
            value.fit(precision, scale).is_ok()
        }
        (Type::Decimal { .. }, _) => false,
        _ => true,
    }
}

/// A coefficient outside of the range of decimals, which only a corrupt row holds, reads as a blob
/// without bytes: a value of the wrong type.
#[inline]
fn decimal(coefficient: i128, scale: u8) -> ValueRef<'static> {
    Decimal::new(coefficient, scale).map_or(ValueRef::Blob(&[]), ValueRef::Decimal)
}

#[inline]
fn text<'a>(bytes: &'a [u8], value: fn(&'a str) -> ValueRef<'a>) -> ValueRef<'a> {
    std::str::from_utf8(bytes).map_or(ValueRef::Blob(bytes), value)
}
