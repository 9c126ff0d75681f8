//! Rows that are kept to be read again, in their order or by their numbers: in memory while there
//! is room, then on disk.

use std::sync::Arc;

use super::tape::{Tape, TapeReader, TapeWriter};
use super::{Disk, SpillFile};
use crate::datum::Datum;
use crate::error::Result;
use crate::execute::buffer::Rows;
use crate::execute::{Flow, Frame, Memory, Sink};

/// Rows that are kept.
#[derive(Debug)]
pub(crate) enum Kept {
    /// In memory.
    Memory(Rows),
    /// On disk.
    File(Arc<Tape>),
}

impl Kept {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Kept::Memory(rows) => rows.len(),
            Kept::File(tape) => usize::try_from(tape.len()).unwrap_or(usize::MAX),
        }
    }

    /// Bytes of memory that were counted for them.
    pub(crate) fn memory_bytes(&self) -> usize {
        match self {
            Kept::Memory(rows) => rows.bytes,
            Kept::File(_) => 0,
        }
    }

    /// A reader before the first row.
    pub(crate) fn read(&self, memory: &mut Memory) -> KeptReader<'_> {
        match self {
            Kept::Memory(rows) => KeptReader::Memory(rows, 0),
            Kept::File(tape) => {
                memory.count(tape.reader_bytes());
                KeptReader::File(Box::new((TapeReader::new(tape), Vec::new())))
            }
        }
    }

    /// Gives the rows to the sink.
    pub(crate) fn give(
        &self,
        slots: &[usize],
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        if let Kept::Memory(rows) = self {
            return crate::execute::set::give(rows, slots, frame, sink);
        }
        let mut reader = self.read(&mut frame.memory);
        let mut flow = Flow::More;
        while flow == Flow::More && reader.load(slots, frame)? {
            frame.tick()?;
            flow = sink(frame)?;
        }
        reader.end(&mut frame.memory);
        Ok(flow)
    }

    /// One row, which is not counted.
    pub(crate) fn of_one(row: Vec<Datum>) -> Kept {
        let mut rows = Rows::new(row.len());
        rows.keep(row, &mut Memory::new(usize::MAX, None));
        rows.bytes = 0;
        Kept::Memory(rows)
    }

    /// Shows all rows, in their order.
    pub(crate) fn each(
        &self,
        memory: &mut Memory,
        show: &mut dyn FnMut(&[Datum], &mut Memory) -> Result<()>,
    ) -> Result<()> {
        match self {
            Kept::Memory(rows) => (0..rows.len()).try_for_each(|at| show(rows.row(at), memory)),
            Kept::File(tape) => {
                memory.count(tape.reader_bytes());
                let (mut reader, mut row) = (TapeReader::new(tape), Vec::new());
                while reader.next(&mut row)? {
                    show(&row, memory)?;
                }
                memory.give_back(tape.reader_bytes());
                Ok(())
            }
        }
    }

    /// Shows rows by their numbers.
    pub(crate) fn show(
        &self,
        numbers: impl IntoIterator<Item = usize>,
        show: &mut dyn FnMut(&[Datum]) -> Result<Flow>,
    ) -> Result<()> {
        let mut reader = self.read(&mut Memory::new(usize::MAX, None));
        for number in numbers {
            if reader.show(number, show)? == Flow::Enough {
                break;
            }
        }
        Ok(())
    }
}

/// A reader of kept rows.
pub(crate) enum KeptReader<'k> {
    Memory(&'k Rows, usize),
    File(Box<(TapeReader, Vec<Datum>)>),
}

impl KeptReader<'_> {
    /// Puts the next row into slots. Whether there is one.
    pub(crate) fn load(&mut self, slots: &[usize], frame: &mut Frame) -> Result<bool> {
        match self {
            KeptReader::Memory(rows, at) => {
                if *at == rows.len() {
                    return Ok(false);
                }
                rows.load(*at, slots, frame);
                *at += 1;
                Ok(true)
            }
            KeptReader::File(file) => {
                let (reader, row) = &mut **file;
                if !reader.next(row)? {
                    return Ok(false);
                }
                frame.put(slots, row.drain(..));
                Ok(true)
            }
        }
    }

    fn show(
        &mut self,
        number: usize,
        show: &mut dyn FnMut(&[Datum]) -> Result<Flow>,
    ) -> Result<Flow> {
        match self {
            KeptReader::Memory(rows, _) => show(rows.row(number)),
            KeptReader::File(file) => {
                let (reader, row) = &mut **file;
                if reader.position() != number as u64 {
                    reader.seek(number as u64)?;
                }
                reader.next(row)?;
                show(row)
            }
        }
    }

    /// Lets go of the buffer.
    pub(crate) fn end(self, memory: &mut Memory) {
        if let KeptReader::File(file) = self {
            memory.give_back(file.0.tape().reader_bytes());
        }
    }
}

/// Rows that are being gathered.
pub(crate) struct Keeper {
    rows: Rows,
    width: usize,
    writer: Option<TapeWriter>,
}

impl Keeper {
    pub(crate) fn new(width: usize) -> Keeper {
        Keeper { rows: Rows::new(width), width, writer: None }
    }

    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        let written = self.writer.as_ref().map_or(0, TapeWriter::len);
        self.rows.len() + usize::try_from(written).unwrap_or(usize::MAX)
    }

    /// Adds the values of slots.
    pub(crate) fn push_slots(
        &mut self,
        slots: &[usize],
        disk: &Disk,
        frame: &mut Frame,
    ) -> Result<()> {
        self.rows.keep_slots(slots, frame);
        if frame.memory.is_full(self.rows.bytes) {
            self.spill(disk, &mut frame.memory)?;
        }
        Ok(())
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: Vec<Datum>, disk: &Disk, memory: &mut Memory) -> Result<()> {
        self.rows.keep(row, memory);
        if memory.is_full(self.rows.bytes) {
            self.spill(disk, memory)?;
        }
        Ok(())
    }

    #[cold]
    fn spill(&mut self, disk: &Disk, memory: &mut Memory) -> Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let file: Arc<SpillFile> = disk.file(memory)?;
                self.writer.insert(TapeWriter::new(&file, self.width, memory))
            }
        };
        for at in 0..self.rows.len() {
            writer.push(self.rows.row(at))?;
        }
        self.rows.clear(memory);
        Ok(())
    }

    /// The rows.
    pub(crate) fn finish(mut self, disk: &Disk, memory: &mut Memory) -> Result<Kept> {
        if self.writer.is_none() {
            return Ok(Kept::Memory(self.rows));
        }
        self.spill(disk, memory)?;
        match self.writer {
            Some(writer) => Ok(Kept::File(writer.finish(memory)?)),
            None => Ok(Kept::Memory(self.rows)),
        }
    }
}
