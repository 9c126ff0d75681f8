//! Rows on disk, one after the other: written once, read as often as is wanted, from the front or
//! from a row that is known by its number.
//!
//! A row does not go over the border of a block; a block has as many as it has room for, and one
//! that is longer than a block has one of its own. Of each block its place and the number of its
//! first row are kept in memory. Many tapes share a file.

use std::sync::Arc;

use bourse::{Place, TemporaryBlock};

use super::SpillFile;
use super::encode::{Reading, encode};
use crate::datum::Datum;
use crate::error::Result;
use crate::execute::{Frame, Memory};

/// Rows that were written.
#[derive(Debug)]
pub(crate) struct Tape {
    file: Arc<SpillFile>,
    /// Values of a row.
    width: usize,
    /// Where blocks are, with the number of each one's first row.
    blocks: Vec<(Place, u64)>,
    rows: u64,
    /// Bytes of a usual block in memory.
    block_bytes: usize,
}

impl Tape {
    /// How many rows there are.
    pub(crate) fn len(&self) -> u64 {
        self.rows
    }

    /// Values of a row.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Bytes of memory that a reader of it takes.
    pub(crate) fn reader_bytes(&self) -> usize {
        self.block_bytes
    }

    /// A reader before the first row, whose buffer counts until it is closed.
    pub(crate) fn open(self: &Arc<Tape>, frame: &mut Frame) -> TapeReader {
        frame.memory.count(self.block_bytes);
        TapeReader::new(self)
    }

    /// Bytes on disk.
    pub(crate) fn bytes(&self) -> u64 {
        self.blocks.iter().map(|(place, _)| place.bytes()).sum()
    }
}

/// Rows that are being written.
pub(crate) struct TapeWriter {
    tape: Tape,
    block: TemporaryBlock,
    row: Vec<u8>,
    /// The number of the block's first row.
    first: u64,
}

impl TapeWriter {
    /// Begins a tape in a file; its buffer counts until the tape is finished (D3).
    pub(crate) fn new(file: &Arc<SpillFile>, width: usize, memory: &mut Memory) -> TapeWriter {
        let block_bytes = memory.block_bytes();
        memory.count(block_bytes);
        let (file, blocks) = (Arc::clone(file), Vec::new());
        let tape = Tape { file, width, blocks, rows: 0, block_bytes };
        TapeWriter { tape, block: TemporaryBlock::new(block_bytes), row: Vec::new(), first: 0 }
    }

    /// How many rows were written.
    pub(crate) fn len(&self) -> u64 {
        self.tape.rows
    }

    /// Adds a row.
    pub(crate) fn push<'v>(&mut self, row: impl IntoIterator<Item = &'v Datum>) -> Result<()> {
        self.row.clear();
        let mut width = 0;
        for value in row {
            encode(value, &mut self.row);
            width += 1;
        }
        debug_assert_eq!(width, self.tape.width, "rows of a tape are alike");
        if !self.block.push(&self.row) {
            self.write()?;
            self.block.push(&self.row);
        }
        self.tape.rows += 1;
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let place = self.tape.file.append(&mut self.block)?;
        self.tape.blocks.push((place, self.first));
        self.first = self.tape.rows;
        self.block.clear();
        Ok(())
    }

    /// The rows, to be read.
    pub(crate) fn finish(mut self, memory: &mut Memory) -> Result<Arc<Tape>> {
        if self.tape.rows > self.first {
            self.write()?;
        }
        memory.give_back(self.tape.block_bytes);
        Ok(Arc::new(self.tape))
    }
}

/// A reader of a tape.
pub(crate) struct TapeReader {
    tape: Arc<Tape>,
    block: TemporaryBlock,
    /// The block that is read next.
    next_block: usize,
    /// The row that is read next, and the first one that is not in the block.
    row: u64,
    end: u64,
    /// Where in the block the row is.
    at: usize,
}

impl TapeReader {
    /// A reader before the first row; its buffer is the caller's to count.
    pub(crate) fn new(tape: &Arc<Tape>) -> TapeReader {
        let block = TemporaryBlock::new(tape.block_bytes);
        TapeReader { tape: Arc::clone(tape), block, next_block: 0, row: 0, end: 0, at: 0 }
    }

    /// The tape.
    pub(crate) fn tape(&self) -> &Arc<Tape> {
        &self.tape
    }

    /// The number of the row that is read next.
    pub(crate) fn position(&self) -> u64 {
        self.row
    }

    fn load(&mut self) -> Result<()> {
        let (place, first) = self.tape.blocks[self.next_block];
        self.tape.file.read(place, &mut self.block)?;
        self.next_block += 1;
        (self.row, self.at) = (first, 0);
        self.end = self.tape.blocks.get(self.next_block).map_or(self.tape.rows, |next| next.1);
        Ok(())
    }

    /// Reads the next row in place of what `row` was. Whether there is one.
    pub(crate) fn next(&mut self, row: &mut Vec<Datum>) -> Result<bool> {
        row.clear();
        if self.row >= self.tape.rows {
            return Ok(false);
        }
        if self.row == self.end {
            self.load()?;
        }
        let mut reading = Reading(&self.block.content()[self.at..]);
        for _ in 0..self.tape.width {
            row.push(reading.value()?);
        }
        self.at = self.block.content().len() - reading.0.len();
        self.row += 1;
        Ok(true)
    }

    /// Lets go of the buffer.
    pub(crate) fn close(self, frame: &mut Frame) {
        frame.memory.give_back(self.tape.block_bytes);
    }

    /// Goes to a row, which is read next.
    pub(crate) fn seek(&mut self, number: u64) -> Result<()> {
        if number >= self.tape.rows {
            self.row = self.tape.rows;
            return Ok(());
        }
        let block = self.tape.blocks.partition_point(|(_, first)| *first <= number) - 1;
        if block + 1 != self.next_block {
            self.next_block = block;
            self.load()?;
        } else if number < self.row {
            // It is in the block that is in memory, before what was read.
            (self.row, self.at) = (self.tape.blocks[block].1, 0);
        }
        let mut skipped = Vec::new();
        while self.row < number {
            self.next(&mut skipped)?;
        }
        Ok(())
    }
}
