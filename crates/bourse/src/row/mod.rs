//! Rows: the bytes of one row of a table, read in place.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 2 | number of the row's layout, little-endian; `n` is how many columns that has |
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
//! The first layout of a table has the number of its columns for its own; each later one, made when
//! columns are added, dropped or get another type, has the next number. A definition keeps all
//! layouts that rows may have ([`EarlierLayout`]), so such a change touches no row: a row written
//! before is read in its own layout, column by column. Rows are written in the newest layout only.
//!
//! # Invariants
//!
//! * I1: a row's first bytes name a layout that the definition has, and no number is given twice in
//!   the life of a table. A column that the layout lacks reads as the definition's `missing` value;
//!   one whose type has been widened since reads as its value in the new type.
//! * I2: every end is at least the one before, the last one is the end of the row.
//!
//! [`RowLayout::row`] checks the lengths that one comparison can check, for bytes that a page's
//! checksum has vouched for; [`RowLayout::check`] checks everything. No bytes make either, or a
//! read, panic; text that is not UTF-8 reads as a blob, so that it fails as a value of the wrong
//! type and is not taken for another text.

use bourse_storage::{Error, Result};

use crate::datetime::{Interval, Time};
use crate::decimal::Decimal;
use crate::value::{Type, ValueRef, decode_tagged, fold_double};

mod layout;
#[cfg(test)]
mod tests;
mod write;

pub use layout::{EarlierLayout, RowLayout};
use layout::{Kind, Shape, Slot};
pub(crate) use layout::{lies_alike, widens};
pub use write::RowWriter;
use write::has_precision;

/// Bytes of the layout's number in front of a row.
const COUNT_BYTES: usize = 2;
/// Bytes of one end offset.
const END_WIDTH: u32 = 4;
const END_BYTES: usize = END_WIDTH as usize;

impl RowLayout {
    /// The row in bytes that a checksum has vouched for: only the lengths are checked.
    ///
    /// # Errors
    /// `Corrupt` when the row is shorter or longer than it says.
    #[inline]
    pub fn row<'a>(&'a self, bytes: &'a [u8]) -> Result<Row<'a>> {
        self.open(bytes).ok_or_else(|| self.corrupt("its length or layout is wrong"))
    }

    #[inline]
    fn open<'a>(&'a self, bytes: &'a [u8]) -> Option<Row<'a>> {
        let number = u16::from_le_bytes(*bytes.first_chunk::<COUNT_BYTES>()?);
        let shape = self.shape(number)?;
        let row = Row { layout: self, shape, bytes };
        let tail_bytes = if shape.has_tail() { row.end(shape.tail_at - END_BYTES) } else { 0 };
        (bytes.len() == shape.tail_at + tail_bytes).then_some(row)
    }

    /// The row in any bytes: everything is checked.
    ///
    /// # Errors
    /// `Corrupt`, with the column and what is wrong with it.
    pub fn check<'a>(&'a self, bytes: &'a [u8]) -> Result<Row<'a>> {
        let row = self.row(bytes)?;
        let held = row.shape.held.len();
        let spare = held..held.div_ceil(8) * 8;
        if spare.clone().any(|bit| bytes[COUNT_BYTES + bit / 8] & (1 << (bit % 8)) != 0) {
            return Err(self.corrupt("its null bitmap names columns that it lacks"));
        }
        let mut end_before = 0;
        for (column, slot) in row.shape.held.iter().enumerate() {
            if let Err(what) = row.check_column(slot, &mut end_before) {
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
    /// The row's own layout.
    shape: &'a Shape,
    bytes: &'a [u8],
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
        let slot = &self.shape.columns[column];
        match slot.kind {
            Kind::Missing => self.layout.missing[column].is_null(),
            _ => self.null_bit(slot),
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
        let slot = &self.shape.columns[column];
        let at = slot.offset as usize;
        match slot.kind {
            Kind::BigInt if !self.null_bit(slot) => {
                ValueRef::Integer(i64::from_le_bytes(self.load(at)))
            }
            Kind::Double if !self.null_bit(slot) => {
                ValueRef::Double(f64::from_le_bytes(self.load(at)))
            }
            _ => self.get_any(column),
        }
    }

    /// As [`Row::get`], for all kinds.
    fn get_any(&self, column: usize) -> ValueRef<'a> {
        let slot = &self.shape.columns[column];
        if slot.kind == Kind::Missing {
            return self.layout.missing[column].as_value();
        }
        self.value(slot)
    }

    #[inline]
    fn value(&self, slot: &Slot) -> ValueRef<'a> {
        if self.null_bit(slot) {
            return ValueRef::Null;
        }
        let at = slot.offset as usize;
        match slot.kind {
            Kind::Boolean => ValueRef::Boolean(self.load::<1>(at) != [0]),
            Kind::SmallInt => ValueRef::Integer(i16::from_le_bytes(self.load(at)).into()),
            Kind::Integer => ValueRef::Integer(i32::from_le_bytes(self.load(at)).into()),
            Kind::BigInt => ValueRef::Integer(i64::from_le_bytes(self.load(at))),
            Kind::Real => ValueRef::Real(f32::from_le_bytes(self.load(at))),
            Kind::RealAsDouble => {
                ValueRef::Double(fold_double(f32::from_le_bytes(self.load(at)).into()))
            }
            Kind::Double => ValueRef::Double(f64::from_le_bytes(self.load(at))),
            Kind::Date => ValueRef::Date(i32::from_le_bytes(self.load(at))),
            Kind::Time => ValueRef::Time(i64::from_le_bytes(self.load(at))),
            Kind::Timestamp => ValueRef::Timestamp(i64::from_le_bytes(self.load(at))),
            Kind::TimestampTz => ValueRef::TimestampTz(i64::from_le_bytes(self.load(at))),
            Kind::Interval => ValueRef::Interval(Interval::from_bytes(self.load(at))),
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
            Kind::Missing => ValueRef::Null,
        }
    }

    /// The values of all columns, in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = ValueRef<'a>> {
        let row = *self;
        (0..self.layout.columns()).map(move |column| row.get(column))
    }

    /// Whether a column surely has the same value in another row of this table: the same bytes in
    /// the same layout.
    #[inline]
    pub(crate) fn is_same_at(&self, column: usize, other: &Row<'_>) -> bool {
        if self.shape.number != other.shape.number {
            return false;
        }
        let slot = &self.shape.columns[column];
        if self.null_bit(slot) != other.null_bit(slot) {
            return false;
        }
        let at = slot.offset as usize;
        match slot.kind.width() {
            None => self.variable(slot) == other.variable(slot),
            Some(8) => self.load::<8>(at) == other.load::<8>(at),
            Some(width) => {
                let width = width as usize;
                self.bytes.get(at..at + width) == other.bytes.get(at..at + width)
            }
        }
    }

    #[inline]
    fn null_bit(&self, slot: &Slot) -> bool {
        let (byte, bit) = slot.null_place();
        self.bytes[byte] & bit != 0
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
        let end_at = slot.offset as usize;
        let start = if end_at == self.shape.ends_at { 0 } else { self.end(end_at - END_BYTES) };
        let tail_at = self.shape.tail_at;
        let range = tail_at + start..tail_at + self.end(end_at);
        self.bytes.get(range).unwrap_or_default()
    }

    fn check_column(
        &self,
        slot: &Slot,
        end_before: &mut usize,
    ) -> std::result::Result<(), &'static str> {
        let null = self.null_bit(slot);
        match slot.kind.width() {
            Some(width) => {
                let start = slot.offset as usize;
                let bytes = self.bytes.get(start..start + width as usize).unwrap_or_default();
                if null && bytes.iter().any(|byte| *byte != 0) {
                    return Err("is NULL but its slot is not zero");
                }
                if slot.kind == Kind::Boolean && bytes[0] > 1 {
                    return Err("is not a BOOLEAN");
                }
            }
            None => {
                let end = self.end(slot.offset as usize);
                if end < *end_before || (null && end != *end_before) {
                    return Err("ends in the wrong place");
                }
                if end > self.bytes.len() - self.shape.tail_at {
                    return Err("ends past the row");
                }
                *end_before = end;
            }
        }
        if !null && !is_of_type(slot.data_type, self.value(slot)) {
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
        (Type::Time { .. }, ValueRef::Time(value)) => {
            Time::is_valid(value) && has_precision(data_type, value)
        }
        (Type::Timestamp { .. }, ValueRef::Timestamp(value))
        | (Type::TimestampTz { .. }, ValueRef::TimestampTz(value)) => {
            has_precision(data_type, value)
        }
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
