//! Rows that are kept: values of some slots, row after row in one vector.

use super::{Frame, Memory};
use crate::datum::Datum;
use crate::error::Result;

/// Rows of a number of values each.
#[derive(Clone, Default, Debug)]
pub(crate) struct Rows {
    width: usize,
    count: usize,
    values: Vec<Datum>,
    /// Bytes that were counted for them.
    pub(crate) bytes: usize,
}

/// Bytes of a value.
pub(crate) fn bytes_of(value: &Datum) -> usize {
    let heap = match value {
        Datum::Text(text) | Datum::Json(text) if text.len() > 15 => text.len() + 16,
        Datum::Bytes(bytes) => bytes.len() + 16,
        Datum::Array(array) => array.elements.iter().map(bytes_of).sum::<usize>() + 48,
        Datum::Record(fields) => fields.iter().map(bytes_of).sum::<usize>() + 16,
        Datum::Numeric(_) | Datum::Interval(_) | Datum::Uuid(_) => 32,
        _ => 0,
    };
    size_of::<Datum>() + heap
}

/// Bytes of a row that is kept.
pub(crate) fn row_bytes(row: &[Datum]) -> usize {
    8 + row.iter().map(bytes_of).sum::<usize>()
}

impl Rows {
    pub(crate) fn new(width: usize) -> Rows {
        Rows { width, ..Rows::default() }
    }

    /// Values of a row.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds the values of slots. The caller looks whether there is room for more.
    #[inline]
    pub(crate) fn keep_slots(&mut self, slots: &[usize], frame: &mut Frame) {
        let mut bytes = 8;
        for slot in slots {
            let value = frame.slots[*slot].clone();
            bytes += bytes_of(&value);
            self.values.push(value);
        }
        self.count += 1;
        self.bytes += bytes;
        frame.memory.count(bytes);
    }

    /// Adds the values of slots.
    pub(crate) fn push_slots(&mut self, slots: &[usize], frame: &mut Frame) -> Result<()> {
        self.keep_slots(slots, frame);
        frame.memory.take(0)
    }

    /// Adds a row of values. The caller looks whether there is room for more.
    pub(crate) fn keep(&mut self, row: Vec<Datum>, memory: &mut Memory) {
        let bytes = row_bytes(&row);
        self.values.extend(row);
        self.count += 1;
        self.bytes += bytes;
        memory.count(bytes);
    }

    /// Adds a copy of a row of values. The caller looks whether there is room for more.
    pub(crate) fn keep_row(&mut self, row: &[Datum], memory: &mut Memory) {
        let bytes = row_bytes(row);
        self.values.extend_from_slice(row);
        self.count += 1;
        self.bytes += bytes;
        memory.count(bytes);
    }

    /// The n-th row.
    #[inline]
    pub(crate) fn row(&self, at: usize) -> &[Datum] {
        &self.values[at * self.width..(at + 1) * self.width]
    }

    /// Puts the n-th row into slots.
    #[inline]
    pub(crate) fn load(&self, at: usize, slots: &[usize], frame: &mut Frame) {
        for (slot, value) in slots.iter().zip(self.row(at)) {
            frame.slots[*slot].assign(value);
        }
    }

    /// Puts the values of slots in place of the n-th row. The caller looks whether there is room.
    pub(crate) fn replace(&mut self, at: usize, slots: &[usize], frame: &mut Frame) {
        let start = at * self.width;
        let (mut more, mut less) = (0, 0);
        for (place, slot) in self.values[start..start + self.width].iter_mut().zip(slots) {
            less += bytes_of(place);
            place.clone_from(&frame.slots[*slot]);
            more += bytes_of(place);
        }
        self.bytes = (self.bytes + more).saturating_sub(less);
        frame.memory.give_back(less);
        frame.memory.count(more);
    }

    /// Lets go of all rows.
    pub(crate) fn clear(&mut self, memory: &mut Memory) {
        memory.give_back(std::mem::take(&mut self.bytes));
        self.values.clear();
        self.count = 0;
    }
}
