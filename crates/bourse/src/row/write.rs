//! Writing rows: all columns in order, or an old row with some columns changed.

use bourse_storage::{Error, Result};

use super::{COUNT_BYTES, END_BYTES, Kind, Row, RowLayout, Slot};
use crate::datetime::Time;
use crate::decimal::Decimal;
use crate::value::{Type, Value, ValueRef, encode_tagged, fold_double, fold_real};

impl RowLayout {
    /// Appends the row of these values, one for each column, to `out`.
    ///
    /// The values are as `Type::coerce` gives them: of the column's type and in its range.
    ///
    /// # Errors
    /// `InvalidInput`: 42804 wrong type or number of values, 22003 out of range, 54000 when the
    /// variable columns take 4 GiB or more. `out` is then as it was.
    pub fn encode(&self, values: &[ValueRef<'_>], out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        let written = self.encode_all(values.iter().copied(), out);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    /// As [`RowLayout::encode`], of values that are owned.
    pub(crate) fn encode_values(&self, values: &[Value], out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        let written = self.encode_all(values.iter().map(Value::as_value), out);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn encode_all<'v>(
        &self,
        values: impl Iterator<Item = ValueRef<'v>>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let mut writer = RowWriter::new(self, out);
        for value in values {
            writer.push(value)?;
        }
        writer.finish()
    }

    /// Appends `row` with the given columns changed to `out`. Of a column named twice the last
    /// value counts.
    ///
    /// A row of the newest layout is copied piece by piece; only changed columns are encoded.
    /// One of an earlier layout becomes one of the newest.
    ///
    /// # Errors
    /// As [`RowLayout::encode`].
    ///
    /// # Panics
    /// When the layout has no such column.
    pub fn encode_changed(
        &self,
        row: &Row<'_>,
        changes: &[(u16, ValueRef<'_>)],
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let start = out.len();
        let written = if row.shape.number == self.current.number {
            self.patch(row, changes, out)
        } else {
            let value = |column| last_change(changes, column).unwrap_or_else(|| row.get(column));
            self.encode_all((0..self.columns()).map(value), out)
        };
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn patch(
        &self,
        row: &Row<'_>,
        changes: &[(u16, ValueRef<'_>)],
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let start = out.len();
        let width = |column: u16| self.current.columns[usize::from(column)].kind.width();
        if changes.iter().all(|(column, _)| width(*column).is_some()) {
            out.extend_from_slice(row.bytes);
        } else {
            out.extend_from_slice(&row.bytes[..row.shape.tail_at]);
            self.patch_tail(row, changes, out)?;
        }
        let bytes = &mut out[start..];
        for &(column, value) in changes {
            let width = width(column);
            let slot = &self.current.columns[usize::from(column)];
            let at = slot.offset as usize;
            let (byte, bit) = slot.null_place();
            bytes[byte] &= !bit;
            if value.is_null() {
                bytes[byte] |= bit;
            }
            match width {
                Some(width) if value.is_null() => bytes[at..at + width as usize].fill(0),
                Some(_) => store_fixed(slot, value, &mut bytes[at..])?,
                None => {}
            }
        }
        Ok(())
    }

    /// Writes the tail and its ends behind what `out` has of the row.
    fn patch_tail(
        &self,
        row: &Row<'_>,
        changes: &[(u16, ValueRef<'_>)],
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let start = out.len() - self.current.tail_at;
        let mut writer = RowWriter { layout: self, out, start, column: 0 };
        for &column in &self.variable_columns {
            let column = usize::from(column);
            let slot = &self.current.columns[column];
            match last_change(changes, column) {
                Some(value) => writer.push_variable(slot, value)?,
                None => {
                    writer.out.extend_from_slice(row.variable(slot));
                    writer.push_end(slot)?;
                }
            }
        }
        Ok(())
    }
}

fn last_change<'v>(changes: &[(u16, ValueRef<'v>)], column: usize) -> Option<ValueRef<'v>> {
    let mut changes = changes.iter().rev();
    changes.find(|(changed, _)| usize::from(*changed) == column).map(|(_, value)| *value)
}

/// Writes one row, column by column, at the end of a buffer.
#[derive(Debug)]
pub struct RowWriter<'a> {
    layout: &'a RowLayout,
    out: &'a mut Vec<u8>,
    /// Where the row begins in `out`.
    start: usize,
    /// The column that the next value is for.
    column: usize,
}

impl<'a> RowWriter<'a> {
    /// Begins a row at the end of `out`.
    pub fn new(layout: &'a RowLayout, out: &'a mut Vec<u8>) -> RowWriter<'a> {
        let start = out.len();
        out.resize(start + layout.current.tail_at, 0);
        out[start..start + COUNT_BYTES].copy_from_slice(&layout.current.number.to_le_bytes());
        RowWriter { layout, out, start, column: 0 }
    }

    /// Writes the next column.
    ///
    /// # Errors
    /// As [`RowLayout::encode`]; the row is then incomplete and to be cut off.
    #[inline]
    pub fn push(&mut self, value: ValueRef<'_>) -> Result<()> {
        let columns = &self.layout.current.columns;
        let slot = columns.get(self.column).ok_or_else(|| self.wrong_count())?;
        if value.is_null() {
            let (byte, bit) = slot.null_place();
            self.out[self.start + byte] |= bit;
        }
        if slot.kind.width().is_none() {
            self.push_variable(slot, value)?;
        } else if !value.is_null() {
            let at = self.start + slot.offset as usize;
            store_fixed(slot, value, &mut self.out[at..])?;
        }
        self.column += 1;
        Ok(())
    }

    fn push_variable(&mut self, slot: &Slot, value: ValueRef<'_>) -> Result<()> {
        match (slot.kind, value) {
            (_, ValueRef::Null) => {}
            (Kind::Text, ValueRef::Text(v)) | (Kind::Json, ValueRef::Json(v)) => {
                self.out.extend_from_slice(v.as_bytes());
            }
            (Kind::Blob, ValueRef::Blob(v)) => self.out.extend_from_slice(v),
            // NULL stands for it in ANY, as in SQLite; `Type::coerce` makes it so.
            (Kind::Tagged, ValueRef::Double(v)) if v.is_nan() => {
                return Err(out_of_range(slot.data_type));
            }
            (Kind::Tagged, v) if super::is_of_type(slot.data_type, v) => {
                let v =
                    if let ValueRef::Double(v) = v { ValueRef::Double(fold_double(v)) } else { v };
                encode_tagged(v, self.out);
            }
            (_, v) => return Err(slot.data_type.mismatch(v)),
        }
        self.push_end(slot)
    }

    /// Notes that the tail of a variable column ends here.
    fn push_end(&mut self, slot: &Slot) -> Result<()> {
        let end = u32::try_from(self.out.len() - self.start - self.layout.current.tail_at)
            .map_err(|_| {
                Error::invalid("the variable columns of a row take 4 GiB or more")
                    .with_sqlstate("54000")
            })?;
        let at = self.start + slot.offset as usize;
        self.out[at..at + END_BYTES].copy_from_slice(&end.to_le_bytes());
        Ok(())
    }

    /// Ends the row.
    ///
    /// # Errors
    /// 42804 when a column was not written.
    pub fn finish(self) -> Result<()> {
        if self.column == self.layout.columns() { Ok(()) } else { Err(self.wrong_count()) }
    }

    #[cold]
    fn wrong_count(&self) -> Error {
        let columns = self.layout.columns();
        Error::invalid(format!("a row of {columns} columns takes one value for each"))
            .with_sqlstate("42804")
    }
}

/// Writes a value that is not NULL to the front of `out`.
#[inline]
fn store_fixed(slot: &Slot, value: ValueRef<'_>, out: &mut [u8]) -> Result<()> {
    let range = || out_of_range(slot.data_type);
    match (slot.kind, value) {
        (Kind::BigInt, ValueRef::Integer(v)) => put(out, v.to_le_bytes()),
        (Kind::Timestamp, ValueRef::Timestamp(v))
        | (Kind::TimestampTz, ValueRef::TimestampTz(v))
        | (Kind::Time, ValueRef::Time(v)) => {
            let is_of_day = slot.kind != Kind::Time || Time::is_valid(v);
            if !is_of_day || !has_precision(slot.data_type, v) {
                return Err(range());
            }
            put(out, v.to_le_bytes());
        }
        (Kind::Double, ValueRef::Double(v)) => put(out, fold_double(v).to_le_bytes()),
        (Kind::Integer, ValueRef::Integer(v)) => {
            put(out, i32::try_from(v).map_err(|_| range())?.to_le_bytes());
        }
        (Kind::SmallInt, ValueRef::Integer(v)) => {
            put(out, i16::try_from(v).map_err(|_| range())?.to_le_bytes());
        }
        (Kind::Boolean, ValueRef::Boolean(v)) => put(out, [u8::from(v)]),
        (Kind::Real, ValueRef::Real(v)) => put(out, fold_real(v).to_le_bytes()),
        (Kind::Date, ValueRef::Date(v)) => put(out, v.to_le_bytes()),
        (Kind::Interval, ValueRef::Interval(v)) => put(out, v.to_bytes()),
        (Kind::Uuid, ValueRef::Uuid(v)) => put(out, v),
        (Kind::ShortDecimal { .. }, ValueRef::Decimal(v)) => {
            let coefficient = exact_coefficient(slot.data_type, v).ok_or_else(range)?;
            put(out, i64::try_from(coefficient).map_err(|_| range())?.to_le_bytes());
        }
        (Kind::LongDecimal { .. }, ValueRef::Decimal(v)) => {
            let coefficient = exact_coefficient(slot.data_type, v).ok_or_else(range)?;
            put(out, coefficient.to_le_bytes());
        }
        (_, v) => return Err(slot.data_type.mismatch(v)),
    }
    Ok(())
}

/// The coefficient at the column's scale, if neither a digit is lost nor one too many.
fn exact_coefficient(data_type: Type, value: Decimal) -> Option<i128> {
    let Type::Decimal { precision, scale } = data_type else { return None };
    let exact = value.rescale_exact(scale)?;
    exact.fit(precision, scale).ok().map(Decimal::coefficient)
}

/// Whether the timestamp has no finer fraction than its column. Type::coerce rounds; here it
/// would make the row differ from keys that were made of the same value.
pub(super) fn has_precision(data_type: Type, value: i64) -> bool {
    match data_type {
        Type::Time { precision: precision @ ..9 }
        | Type::Timestamp { precision: precision @ ..9 }
        | Type::TimestampTz { precision: precision @ ..9 } => {
            value % 10_i64.pow(9 - u32::from(precision)) == 0
        }
        _ => true,
    }
}

#[cold]
fn out_of_range(data_type: Type) -> Error {
    Error::invalid(format!("value out of range for type {data_type}")).with_sqlstate("22003")
}

#[inline]
fn put<const WIDTH: usize>(out: &mut [u8], bytes: [u8; WIDTH]) {
    out[..WIDTH].copy_from_slice(&bytes);
}
