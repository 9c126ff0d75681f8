//! Sorting: rows are kept with their keys in front, and numbers of rows are sorted. With a limit a
//! heap keeps the first rows alone. Where rows come sorted by the first keys already, each run of
//! equals is sorted by itself, and the sink gets it before the next one is read.
//!
//! When memory is used up, what is kept is written in order as a run, and runs are merged in the
//! end ([`super::spill::merge`]).

use std::cmp::Ordering;

use super::buffer::Rows;
use super::spill::merge::Runs;
use super::{Env, Flow, Frame, Sink};
use crate::datum::{Datum, compare};
use crate::error::Result;
use crate::plan::measure::SortSpent;
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

/// A row to be sorted, with a number that stands for its first key: rows are in the order of these
/// where they differ.
#[derive(Clone, Copy)]
struct Short {
    short: u64,
    number: u32,
}

/// What the first keys of rows have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All are integers, or all are doubles: the number is the key.
    Number,
    /// All are texts that are compared by bytes: the number is the first of them.
    Text,
    /// They are compared as they are.
    Other,
}

impl Kind {
    fn of<'k>(key: &SortCode, mut values: impl Iterator<Item = &'k Datum>) -> Kind {
        let Some(first) = values.next() else { return Kind::Other };
        let is_alike =
            |value: &Datum| std::mem::discriminant(value) == std::mem::discriminant(first);
        let kind = match first {
            Datum::Integer(_) | Datum::Double(_) => Kind::Number,
            Datum::Text(_) if key.collation == bourse::Collation::Binary => Kind::Text,
            _ => return Kind::Other,
        };
        if values.all(is_alike) { kind } else { Kind::Other }
    }

    /// A number that is in the order of the values, as far as it goes.
    fn short(self, value: &Datum, key: &SortCode) -> u64 {
        const SIGN: u64 = 1 << 63;
        let short = match value {
            _ if self == Kind::Other => return 0,
            Datum::Integer(value) => value.cast_unsigned() ^ SIGN,
            // NaN comes after all numbers, and the zeros are equal.
            Datum::Double(value) if value.is_nan() => u64::MAX,
            Datum::Double(value) => {
                let bits = (*value + 0.0).to_bits();
                if bits & SIGN == 0 { bits | SIGN } else { !bits }
            }
            Datum::Text(text) => {
                let mut first = [0; 8];
                let bytes = text.as_bytes();
                let length = bytes.len().min(first.len());
                first[..length].copy_from_slice(&bytes[..length]);
                u64::from_be_bytes(first)
            }
            _ => return 0,
        };
        if key.descending { !short } else { short }
    }
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
    /// What was written to disk.
    spilled: Spilled,
    spent: SortSpent,
}

/// Rows of a sort on disk.
#[derive(Default)]
struct Spilled {
    runs: Runs,
    rows: usize,
    /// The first keys of these rows, where they come sorted by them.
    prefix: Vec<Datum>,
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
        let mut sorter = Sorter::new(self, most);
        let mut flow = Flow::More;
        let (mut key, mut given) = (Vec::with_capacity(self.keys.len()), 0);
        self.input.run(env, frame, &mut |frame| {
            frame.tick()?;
            key.clear();
            for part in &self.keys {
                key.push(part.code.eval(env, frame)?);
            }
            if self.sorted_prefix > 0 && sorter.begins_anew(&key) {
                given += sorter.len();
                // The row of now is to be there again, for whoever is below and not done with it.
                let row: Vec<Datum> =
                    self.slots.iter().map(|slot| frame.slots[*slot].clone()).collect();
                flow = sorter.give(env, frame, sink)?;
                frame.put(&self.slots, row);
                if flow == Flow::Enough || given >= most {
                    return Ok(Flow::Enough);
                }
                sorter.most = most - given;
            }
            sorter.add(&mut key, env, frame)?;
            Ok(Flow::More)
        })?;
        if flow == Flow::More && given < most {
            flow = sorter.give(env, frame, sink)?;
        }
        frame.tell(|spent| spent.sort = Some(sorter.spent));
        Ok(flow)
    }
}

impl<'p> Sorter<'p> {
    fn new(plan: &'p Sort, most: usize) -> Sorter<'p> {
        Sorter {
            plan,
            keys: Vec::new(),
            rows: Rows::new(plan.slots.len()),
            most,
            heap: Vec::new(),
            spilled: Spilled::default(),
            spent: SortSpent::default(),
        }
    }

    /// How many rows the sink will be given of those that are kept.
    fn len(&self) -> usize {
        (self.spilled.rows + self.rows.len()).min(self.most)
    }

    fn key(&self, at: u32) -> &[Datum] {
        let width = self.plan.keys.len();
        let at = at as usize;
        &self.keys[at * width..(at + 1) * width]
    }

    /// Whether a row's first keys differ from those of the rows that are kept.
    fn begins_anew(&self, key: &[Datum]) -> bool {
        let prefix = self.plan.sorted_prefix;
        let first = match self.rows.is_empty() {
            false => &self.key(0)[..prefix],
            true if self.spilled.rows > 0 => &self.spilled.prefix,
            true => return false,
        };
        !same(&self.plan.keys[..prefix], first, &key[..prefix])
    }

    /// The order of two kept rows; equal ones stay as they came.
    fn order(&self, a: u32, b: u32) -> Ordering {
        order(&self.plan.keys, self.key(a), self.key(b)).then(a.cmp(&b))
    }

    /// The rows in order: by what stands for their first key where that decides, else by all keys.
    fn sorted(&self) -> Vec<Short> {
        let width = self.plan.keys.len();
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let Some(first) = self.plan.keys.first() else {
            return (0..count).map(|number| Short { short: 0, number }).collect();
        };
        let firsts = || self.keys.iter().step_by(width.max(1));
        let kind = Kind::of(first, firsts());
        let shorts = firsts().zip(0..count);
        let mut shorts: Vec<Short> =
            shorts.map(|(key, number)| Short { short: kind.short(key, first), number }).collect();
        let is_decided = kind == Kind::Number && width == 1;
        shorts.sort_unstable_by(|a, b| {
            a.short.cmp(&b.short).then_with(|| match is_decided {
                true => a.number.cmp(&b.number),
                false => self.order(a.number, b.number),
            })
        });
        shorts
    }

    fn add(&mut self, key: &mut Vec<Datum>, env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        if self.rows.len() < self.most {
            let bytes = key.iter().map(super::buffer::bytes_of).sum::<usize>();
            self.rows.bytes += bytes;
            frame.memory.count(bytes);
            self.keys.append(key);
            self.rows.keep_slots(&self.plan.slots, frame);
            if self.rows.len() == self.most {
                self.heap = (0..u32::try_from(self.most).unwrap_or(u32::MAX)).collect();
                for at in (0..self.heap.len() / 2).rev() {
                    self.sift_down(at);
                }
            }
        } else {
            let last = self.heap[0];
            if order(&self.plan.keys, key, self.key(last)).is_ge() {
                return Ok(());
            }
            let width = self.plan.keys.len();
            let start = last as usize * width;
            for (place, value) in self.keys[start..start + width].iter_mut().zip(key.drain(..)) {
                *place = value;
            }
            self.rows.replace(last as usize, &self.plan.slots, frame);
            self.sift_down(0);
        }
        if frame.memory.is_full(self.rows.bytes) {
            self.spill(env, frame)?;
        }
        Ok(())
    }

    /// Writes what is kept as a run.
    #[cold]
    fn spill(&mut self, env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        let width = self.plan.keys.len() + self.plan.slots.len();
        let mut writer = self.spilled.runs.begin(width, env, &mut frame.memory)?;
        for Short { number, .. } in self.sorted() {
            frame.tick()?;
            writer.push(self.key(number).iter().chain(self.rows.row(number as usize)))?;
        }
        self.spilled.runs.end(writer, &mut frame.memory)?;
        self.spilled.rows += self.rows.len();
        if self.spilled.prefix.is_empty() {
            self.spilled.prefix = self.key(0)[..self.plan.sorted_prefix].to_vec();
        }
        self.forget(frame);
        Ok(())
    }

    /// Lets go of the rows in memory.
    fn forget(&mut self, frame: &mut Frame) {
        self.spent.memory = self.spent.memory.max(self.rows.bytes);
        self.rows.clear(&mut frame.memory);
        self.keys.clear();
        self.heap.clear();
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
    fn give(&mut self, env: &Env<'_>, frame: &mut Frame, sink: &mut Sink<'_>) -> Result<Flow> {
        if self.spilled.rows > 0 {
            return self.give_spilled(env, frame, sink);
        }
        let mut flow = Flow::More;
        for Short { number, .. } in self.sorted() {
            frame.tick()?;
            self.rows.load(number as usize, &self.plan.slots, frame);
            flow = sink(frame)?;
            if flow == Flow::Enough {
                break;
            }
        }
        self.forget(frame);
        Ok(flow)
    }

    /// As [`Sorter::give`], of what was written to disk, and the rest.
    fn give_spilled(
        &mut self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        if !self.rows.is_empty() {
            self.spill(env, frame)?;
        }
        // What they took is for those above now.
        (self.rows, self.keys) = (Rows::new(self.plan.slots.len()), Vec::new());
        let Spilled { mut runs, .. } = std::mem::take(&mut self.spilled);
        let plan = self.plan;
        let width = plan.keys.len() + plan.slots.len();
        let compare = |a: &[Datum], b: &[Datum]| order(&plan.keys, a, b);
        let mut merge = runs.merge(width, self.most as u64, &compare, env, frame)?;
        let (mut flow, mut left) = (Flow::More, self.most);
        while flow == Flow::More
            && left > 0
            && let Some(row) = merge.next()?
        {
            frame.tick()?;
            frame.put(&plan.slots, row.drain(plan.keys.len()..));
            left -= 1;
            flow = sink(frame)?;
        }
        merge.end(&mut frame.memory);
        self.spent.disk = self.spent.disk.max(runs.bytes());
        Ok(flow)
    }
}
