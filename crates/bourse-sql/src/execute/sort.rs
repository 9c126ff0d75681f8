//! Sorting: rows are kept with their keys in front, and numbers of rows are sorted. With a limit a
//! heap keeps the first rows alone. Where rows come sorted by the first keys already, each run of
//! equals is sorted by itself, and the sink gets it before the next one is read.

use std::cmp::Ordering;

use super::buffer::Rows;
use super::{Env, Flow, Frame, Sink};
use crate::datum::{Datum, compare};
use crate::error::Result;
use crate::plan::node::{Sort, SortCode};

/// The order of two rows' keys.
pub(crate) fn order(keys: &[SortCode], a: &[Datum], b: &[Datum]) -> Ordering {
    for ((key, a), b) in keys.iter().zip(a).zip(b) {
        let order = match (a.is_null(), b.is_null()) {
            (false, false) => {
                let order = compare(a, b, key.collation);
                if key.descending { order.reverse() } else { order }
            }
            (true, true) => Ordering::Equal,
            (a_is_null, _) => {
                if a_is_null == key.nulls_first {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

/// Whether two rows' keys are equal.
pub(crate) fn same(keys: &[SortCode], a: &[Datum], b: &[Datum]) -> bool {
    order(keys, a, b).is_eq()
}

/// The keys of the frame's row.
pub(crate) fn keys_of(keys: &[SortCode], env: &Env<'_>, frame: &mut Frame) -> Result<Vec<Datum>> {
    keys.iter().map(|key| key.code.eval(env, frame)).collect()
}

/// Rows to be sorted: their keys and their slots.
struct Sorter<'p> {
    plan: &'p Sort,
    keys: Vec<Datum>,
    rows: Rows,
    /// Most rows that are kept.
    most: usize,
    /// With a limit: the kept rows as a heap, the last one in front.
    heap: Vec<u32>,
}

impl Sort {
    /// Gives the rows in order to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let most = super::limit::most(self.limit.as_ref(), env, frame)?;
        if most == 0 {
            return Ok(Flow::More);
        }
        let rows = Rows::new(self.slots.len());
        let mut sorter = Sorter { plan: self, keys: Vec::new(), rows, most, heap: Vec::new() };
        let mut flow = Flow::More;
        let (mut key, mut given) = (Vec::with_capacity(self.keys.len()), 0);
        self.input.run(env, frame, &mut |frame| {
            frame.tick()?;
            key.clear();
            for part in &self.keys {
                key.push(part.code.eval(env, frame)?);
            }
            if self.sorted_prefix > 0 && sorter.begins_anew(&key) {
                given += sorter.rows.len();
                // The row of now is to be there again, for whoever is below and not done with it.
                let row: Vec<Datum> =
                    self.slots.iter().map(|slot| frame.slots[*slot].clone()).collect();
                flow = sorter.give(frame, sink)?;
                for (slot, value) in self.slots.iter().zip(row) {
                    frame.slots[*slot] = value;
                }
                if flow == Flow::Enough || given >= most {
                    return Ok(Flow::Enough);
                }
                sorter.most = most - given;
            }
            sorter.add(&mut key, frame)?;
            Ok(Flow::More)
        })?;
        if flow == Flow::Enough || given >= most {
            return Ok(flow);
        }
        sorter.give(frame, sink)
    }
}

impl Sorter<'_> {
    fn key(&self, at: u32) -> &[Datum] {
        let width = self.plan.keys.len();
        let at = at as usize;
        &self.keys[at * width..(at + 1) * width]
    }

    /// Whether a row's first keys differ from those of the rows that are kept.
    fn begins_anew(&self, key: &[Datum]) -> bool {
        let prefix = self.plan.sorted_prefix;
        !self.rows.is_empty()
            && !same(&self.plan.keys[..prefix], &self.key(0)[..prefix], &key[..prefix])
    }

    /// The order of two kept rows; equal ones stay as they came.
    fn order(&self, a: u32, b: u32) -> Ordering {
        order(&self.plan.keys, self.key(a), self.key(b)).then(a.cmp(&b))
    }

    fn add(&mut self, key: &mut Vec<Datum>, frame: &mut Frame) -> Result<()> {
        if self.rows.len() < self.most {
            let bytes = key.iter().map(super::buffer::bytes_of).sum::<usize>();
            self.rows.bytes += bytes;
            frame.memory.take(bytes)?;
            self.keys.append(key);
            self.rows.push_slots(&self.plan.slots, frame)?;
            if self.rows.len() == self.most {
                self.heap = (0..u32::try_from(self.most).unwrap_or(u32::MAX)).collect();
                for at in (0..self.heap.len() / 2).rev() {
                    self.sift_down(at);
                }
            }
            return Ok(());
        }
        let last = self.heap[0];
        if order(&self.plan.keys, key, self.key(last)).is_ge() {
            return Ok(());
        }
        let width = self.plan.keys.len();
        let start = last as usize * width;
        for (place, value) in self.keys[start..start + width].iter_mut().zip(key.drain(..)) {
            *place = value;
        }
        self.rows.replace(last as usize, &self.plan.slots, frame)?;
        self.sift_down(0);
        Ok(())
    }

    fn sift_down(&mut self, mut at: usize) {
        loop {
            let mut last = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.heap.len()
                    && order(&self.plan.keys, self.key(self.heap[child]), self.key(self.heap[last]))
                        .is_gt()
                {
                    last = child;
                }
            }
            if last == at {
                return;
            }
            self.heap.swap(at, last);
            at = last;
        }
    }

    /// Gives what is kept to the sink, and lets go of it.
    fn give(&mut self, frame: &mut Frame, sink: &mut Sink<'_>) -> Result<Flow> {
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let mut numbers: Vec<u32> = (0..count).collect();
        numbers.sort_unstable_by(|a, b| self.order(*a, *b));
        let mut flow = Flow::More;
        for at in numbers {
            frame.tick()?;
            self.rows.load(at as usize, &self.plan.slots, frame);
            flow = sink(frame)?;
            if flow == Flow::Enough {
                break;
            }
        }
        self.rows.clear(&mut frame.memory);
        self.keys.clear();
        self.heap.clear();
        Ok(flow)
    }
}
