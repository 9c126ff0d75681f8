//! Sorted rows on disk: runs, each in order, and one order of all.
//!
//! Rows that are equal come in the order of their runs, and those of a run as they stand there: a
//! sort whose runs were written one after the other is as stable as one in memory (D4). Where there
//! are more runs than memory has buffers for, neighbours are merged into longer ones first.

use std::cmp::Ordering;
use std::sync::Arc;

use super::SpillFile;
use super::tape::{Tape, TapeReader, TapeWriter};
use crate::datum::Datum;
use crate::error::Result;
use crate::execute::buffer::Rows;
use crate::execute::{Env, Flow, Frame, Memory, Sink};

/// The order of two rows.
pub(crate) type Compare<'c> = dyn Fn(&[Datum], &[Datum]) -> Ordering + 'c;

/// Runs in their order.
#[derive(Default)]
pub(crate) struct Runs {
    tapes: Vec<Arc<Tape>>,
    file: Option<Arc<SpillFile>>,
    /// Bytes that were written, those of runs that were merged too.
    bytes: u64,
}

impl Runs {
    pub(crate) fn is_empty(&self) -> bool {
        self.tapes.is_empty()
    }

    /// A tape for the next run.
    pub(crate) fn begin(
        &mut self,
        width: usize,
        env: &Env<'_>,
        memory: &mut Memory,
    ) -> Result<TapeWriter> {
        let file = match &self.file {
            Some(file) => Arc::clone(file),
            None => Arc::clone(self.file.insert(env.disk.file(memory)?)),
        };
        Ok(TapeWriter::new(&file, width, memory))
    }

    /// Takes a run that was begun here.
    pub(crate) fn end(&mut self, writer: TapeWriter, memory: &mut Memory) -> Result<()> {
        let tape = writer.finish(memory)?;
        self.bytes += tape.bytes();
        self.tapes.push(tape);
        Ok(())
    }

    /// Bytes on disk.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The rows of all runs in one order. A run has at most `most` rows that matter.
    pub(crate) fn merge<'c>(
        &mut self,
        width: usize,
        most: u64,
        compare: &'c Compare<'c>,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<Merge<'c>> {
        let fan_in = frame.memory.fan_in();
        while self.tapes.len() > fan_in {
            let file = env.disk.file(&frame.memory)?;
            let mut longer = Vec::with_capacity(self.tapes.len().div_ceil(fan_in));
            let mut left = std::mem::take(&mut self.tapes).into_iter().peekable();
            while left.peek().is_some() {
                let runs: Vec<Arc<Tape>> = left.by_ref().take(fan_in).collect();
                let mut merge = Merge::new(runs, compare, &mut frame.memory)?;
                let mut writer = TapeWriter::new(&file, width, &mut frame.memory);
                while writer.len() < most
                    && let Some(row) = merge.next()?
                {
                    frame.tick()?;
                    writer.push(&*row)?;
                }
                merge.end(&mut frame.memory);
                let tape = writer.finish(&mut frame.memory)?;
                self.bytes += tape.bytes();
                longer.push(tape);
            }
            self.tapes = longer;
            self.file = Some(file);
        }
        Merge::new(std::mem::take(&mut self.tapes), compare, &mut frame.memory)
    }
}

/// A run that is being read, with its next row.
struct Source {
    reader: TapeReader,
    row: Vec<Datum>,
}

/// Rows of several runs in one order.
pub(crate) struct Merge<'c> {
    sources: Vec<Source>,
    /// Numbers of sources that have a row, the least row in front.
    heap: Vec<usize>,
    compare: &'c Compare<'c>,
    /// Whether the first one's row was given.
    is_given: bool,
    bytes: usize,
}

impl<'c> Merge<'c> {
    fn new(
        tapes: Vec<Arc<Tape>>,
        compare: &'c Compare<'c>,
        memory: &mut Memory,
    ) -> Result<Merge<'c>> {
        let bytes = tapes.iter().map(|tape| tape.reader_bytes()).sum();
        memory.count(bytes);
        let mut sources = Vec::with_capacity(tapes.len());
        let mut heap = Vec::with_capacity(tapes.len());
        for (number, tape) in tapes.iter().enumerate() {
            let mut source = Source { reader: TapeReader::new(tape), row: Vec::new() };
            if source.reader.next(&mut source.row)? {
                heap.push(number);
            }
            sources.push(source);
        }
        let mut merge = Merge { sources, heap, compare, is_given: false, bytes };
        for at in (0..merge.heap.len() / 2).rev() {
            merge.sift_down(at);
        }
        Ok(merge)
    }

    fn is_before(&self, a: usize, b: usize) -> bool {
        let order = (self.compare)(&self.sources[a].row, &self.sources[b].row);
        order.then(a.cmp(&b)).is_lt()
    }

    fn sift_down(&mut self, mut at: usize) {
        loop {
            let mut least = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.heap.len() && self.is_before(self.heap[child], self.heap[least]) {
                    least = child;
                }
            }
            if least == at {
                return;
            }
            self.heap.swap(at, least);
            at = least;
        }
    }

    /// The next row, which the caller may take apart.
    pub(crate) fn next(&mut self) -> Result<Option<&mut Vec<Datum>>> {
        if std::mem::replace(&mut self.is_given, true) {
            let Some(first) = self.heap.first().copied() else { return Ok(None) };
            let source = &mut self.sources[first];
            if !source.reader.next(&mut source.row)? {
                self.heap.swap_remove(0);
            }
            self.sift_down(0);
        }
        let first = self.heap.first().copied();
        Ok(first.map(|number| &mut self.sources[number].row))
    }

    /// Lets go of the buffers.
    pub(crate) fn end(self, memory: &mut Memory) {
        memory.give_back(self.bytes);
    }
}

/// Rows to be sorted, in memory or in runs.
pub(crate) struct ExternalSort<'c> {
    rows: Rows,
    width: usize,
    runs: Runs,
    compare: &'c Compare<'c>,
}

impl<'c> ExternalSort<'c> {
    pub(crate) fn new(width: usize, compare: &'c Compare<'c>) -> ExternalSort<'c> {
        ExternalSort { rows: Rows::new(width), width, runs: Runs::default(), compare }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &[Datum], env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        self.rows.keep_row(row, &mut frame.memory);
        if frame.memory.is_full(self.rows.bytes) {
            self.spill(env, frame)?;
        }
        Ok(())
    }

    fn spill(&mut self, env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        let mut numbers: Vec<usize> = (0..self.rows.len()).collect();
        numbers.sort_by(|a, b| (self.compare)(self.rows.row(*a), self.rows.row(*b)));
        let mut writer = self.runs.begin(self.width, env, &mut frame.memory)?;
        for number in numbers {
            frame.tick()?;
            writer.push(self.rows.row(number))?;
        }
        self.runs.end(writer, &mut frame.memory)?;
        self.rows.clear(&mut frame.memory);
        Ok(())
    }

    /// The rows in order.
    pub(crate) fn merge(mut self, env: &Env<'_>, frame: &mut Frame) -> Result<Merge<'c>> {
        if !self.rows.is_empty() {
            self.spill(env, frame)?;
        }
        self.runs.merge(self.width, u64::MAX, self.compare, env, frame)
    }
}

/// Rows that come in pieces, each in the order of a number that is their first value, and are given
/// in that order all together.
#[derive(Default)]
pub(crate) struct Reordering {
    runs: Runs,
    writer: Option<TapeWriter>,
    last: i64,
}

impl Reordering {
    /// Adds a row: its number, and values of slots.
    pub(crate) fn push(
        &mut self,
        number: i64,
        slots: &[usize],
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        if number < self.last
            && let Some(writer) = self.writer.take()
        {
            self.runs.end(writer, &mut frame.memory)?;
        }
        self.last = number;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let begun = self.runs.begin(slots.len() + 1, env, &mut frame.memory)?;
                self.writer.insert(begun)
            }
        };
        let values = slots.iter().map(|slot| &frame.slots[*slot]);
        writer.push([&Datum::Integer(number)].into_iter().chain(values))
    }

    /// Gives the rows to the sink.
    pub(crate) fn give(
        mut self,
        slots: &[usize],
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let Some(writer) = self.writer.take() else { return Ok(Flow::More) };
        self.runs.end(writer, &mut frame.memory)?;
        let number = |row: &[Datum]| row[0].as_integer();
        let by_number = move |a: &[Datum], b: &[Datum]| number(a).cmp(&number(b));
        let mut merge = self.runs.merge(slots.len() + 1, u64::MAX, &by_number, env, frame)?;
        let mut flow = Flow::More;
        while flow == Flow::More
            && let Some(row) = merge.next()?
        {
            frame.tick()?;
            frame.put(slots, row.drain(1..));
            flow = sink(frame)?;
        }
        merge.end(&mut frame.memory);
        Ok(flow)
    }
}
