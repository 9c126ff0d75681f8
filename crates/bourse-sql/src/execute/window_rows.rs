//! Rows of window functions that wait to be computed: in memory, as sorted runs, or of one
//! partition on a tape.

use super::buffer::Rows;
use super::sort::order;
use super::spill::merge::Runs;
use super::spill::tape::TapeWriter;
use super::stored_partition::StoredPartition;
use super::window::Partition;
use super::{Env, Flow, Frame, Sink};
use crate::datum::Datum;
use crate::error::Result;
use crate::plan::node::Window;

/// Rows that wait to be computed, with what they are sorted by.
pub(super) struct Waiting<'w> {
    window: &'w Window,
    pub(super) rows: Rows,
    pub(super) partitions: Vec<Vec<Datum>>,
    pub(super) keys: Vec<Vec<Datum>>,
    pub(super) runs: Runs,
    /// Of a partition that has no room: its first rows, and which one it is.
    stored: Option<(TapeWriter, Vec<Datum>)>,
}

/// Bytes that are counted for a row beside it.
pub(super) const ROW_BYTES: usize = 64;

impl<'w> Waiting<'w> {
    pub(super) fn new(window: &'w Window) -> Waiting<'w> {
        let (rows, runs) = (Rows::new(window.slots.len()), Runs::default());
        let (partitions, keys, stored) = (Vec::new(), Vec::new(), None);
        Waiting { window, rows, partitions, keys, runs, stored }
    }

    /// The partition of the row that came last.
    fn last(&self) -> Option<&Vec<Datum>> {
        self.partitions.last().or(self.stored.as_ref().map(|(_, partition)| partition))
    }

    /// Writes the rows, which are of one partition and in its order, to its tape.
    #[cold]
    fn store(&mut self, env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        let (writer, _) = match &mut self.stored {
            Some(stored) => stored,
            None => {
                let width = self.window.order.len() + self.window.slots.len();
                let file = env.disk.file(&frame.memory)?;
                let writer = TapeWriter::new(&file, width, &mut frame.memory);
                let partition = self.partitions.first().cloned().unwrap_or_default();
                self.stored.insert((writer, partition))
            }
        };
        for (at, keys) in self.keys.iter().enumerate() {
            frame.tick()?;
            writer.push(keys.iter().chain(self.rows.row(at)))?;
        }
        self.forget(frame);
        Ok(())
    }

    /// Numbers of the rows in the order of partitions, and in each in its order.
    fn sorted(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..self.rows.len()).collect();
        numbers.sort_by(|a, b| {
            self.window
                .between(&self.partitions[*a], &self.partitions[*b])
                .then_with(|| order(&self.window.order, &self.keys[*a], &self.keys[*b]))
        });
        numbers
    }

    /// Writes the rows in order as a run.
    #[cold]
    pub(super) fn spill(&mut self, env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        let window = self.window;
        let width = window.partition.len() + window.order.len() + window.slots.len();
        let mut writer = self.runs.begin(width, env, &mut frame.memory)?;
        for number in self.sorted() {
            frame.tick()?;
            let keys = self.partitions[number].iter().chain(&self.keys[number]);
            writer.push(keys.chain(self.rows.row(number)))?;
        }
        self.runs.end(writer, &mut frame.memory)?;
        self.forget(frame);
        Ok(())
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.give_back(ROW_BYTES * self.rows.len());
        self.rows.clear(&mut frame.memory);
        self.partitions.clear();
        self.keys.clear();
    }

    /// Gives the rows, partition by partition, to the sink, and forgets them.
    pub(super) fn give(
        &mut self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        if self.stored.is_some() {
            self.store(env, frame)?;
        }
        if let Some((writer, _)) = self.stored.take() {
            let tape = writer.finish(&mut frame.memory)?;
            return StoredPartition::new(self.window, tape).give(env, frame, sink);
        }
        let numbers = self.sorted();
        let is_same = |a: &usize, b: &usize| {
            self.window.between(&self.partitions[*a], &self.partitions[*b]).is_eq()
        };
        let mut flow = Flow::More;
        for stretch in numbers.chunk_by(is_same) {
            let partition = Partition::new(&self.rows, stretch, &self.keys, &self.window.order);
            flow = self.window.give_partition(&partition, env, frame, sink)?;
            if flow == Flow::Enough {
                break;
            }
        }
        self.forget(frame);
        Ok(flow)
    }
}

impl Window {
    /// Gives the rows of sorted runs, partition by partition.
    #[cold]
    pub(super) fn give_runs(
        &self,
        mut runs: Runs,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let (partition, order_keys) = (self.partition.len(), self.order.len());
        let width = partition + order_keys + self.slots.len();
        let by_order = |a: &[Datum], b: &[Datum]| {
            self.between(a, b).then_with(|| order(&self.order, &a[partition..], &b[partition..]))
        };
        let mut merge = runs.merge(width, u64::MAX, &by_order, env, frame)?;
        let mut waiting = Waiting::new(self);
        let mut flow = Flow::More;
        while flow == Flow::More
            && let Some(row) = merge.next()?
        {
            frame.tick()?;
            // The row begins with its partition.
            let begins = waiting.last().is_some_and(|last| self.between(last, row).is_ne());
            if begins {
                flow = waiting.give(env, frame, sink)?;
            }
            let slots = row.split_off(partition + order_keys);
            waiting.keys.push(row.split_off(partition));
            waiting.partitions.push(std::mem::take(row));
            frame.memory.count(ROW_BYTES);
            waiting.rows.keep(slots, &mut frame.memory);
            if frame.memory.is_full(waiting.rows.bytes) {
                waiting.store(env, frame)?;
            }
        }
        merge.end(&mut frame.memory);
        if flow == Flow::More {
            flow = waiting.give(env, frame, sink)?;
        }
        Ok(flow)
    }
}
