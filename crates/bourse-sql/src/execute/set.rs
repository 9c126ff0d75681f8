//! Set operations, and functions that make rows.
//!
//! INTERSECT and EXCEPT keep the right side's rows, each once with how often it is there, and let
//! left ones pass by them. When memory is used up, new right rows are put aside on disk by a hash
//! ([`super::spill::partition`]), later left rows that are not among those in memory too, and what
//! was put together is treated in the same way by itself.

use super::buffer::Rows;
use super::distinct::RowSet;
use super::evaluate::all;
use super::spill::first::Deferred;
use super::spill::partition::{Part, Partitions};
use super::{Env, Flow, Frame, Sink};
use crate::algebra::SetOperator;
use crate::datum::Datum;
use crate::error::Result;
use crate::function::SetRows;
use crate::plan::node::{SetCode, SetOperation};

/// Gives the rows of functions, side by side, to the sink; shorter ones are filled with NULLs.
pub(crate) fn functions(
    calls: &[SetCode],
    ordinality: Option<usize>,
    env: &Env<'_>,
    frame: &mut Frame,
    sink: &mut Sink<'_>,
) -> Result<Flow> {
    let mut running: Vec<Option<SetRows>> = Vec::with_capacity(calls.len());
    for call in calls {
        let arguments = all(&call.arguments, env, frame)?;
        running.push(Some((call.function.call)(&arguments, env.context)?));
    }
    let mut number = 0;
    loop {
        frame.tick()?;
        let mut is_any = false;
        for (call, rows) in calls.iter().zip(&mut running) {
            let row = match rows.as_mut().and_then(Iterator::next) {
                Some(row) => {
                    is_any = true;
                    row?
                }
                None => {
                    *rows = None;
                    Vec::new()
                }
            };
            let mut values = row.into_iter();
            for slot in &call.slots {
                frame.slots[*slot] = values.next().unwrap_or_default();
            }
        }
        if !is_any {
            return Ok(Flow::More);
        }
        number += 1;
        if let Some(slot) = ordinality {
            frame.slots[slot] = Datum::Integer(number);
        }
        if sink(frame)? == Flow::Enough {
            return Ok(Flow::Enough);
        }
    }
}

impl SetOperation {
    /// Gives the rows to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        if self.op == SetOperator::Union && self.all {
            return self.append(env, frame, sink);
        }
        match self.op {
            SetOperator::Union => self.union(env, frame, sink),
            SetOperator::Intersect | SetOperator::Except => self.filter(env, frame, sink),
        }
    }

    fn append(&self, env: &Env<'_>, frame: &mut Frame, sink: &mut Sink<'_>) -> Result<Flow> {
        for (node, slots) in [(&self.left, &self.left_slots), (&self.right, &self.right_slots)] {
            let flow = node.run(env, frame, &mut |frame| {
                for (from, to) in slots.iter().zip(&self.slots) {
                    frame.slots[*to] = frame.slots[*from].clone();
                }
                sink(frame)
            })?;
            if flow == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }

    fn union(&self, env: &Env<'_>, frame: &mut Frame, sink: &mut Sink<'_>) -> Result<Flow> {
        let width = self.slots.len();
        let mut set = RowSet::new(self.collations.to_vec());
        let mut deferred = Deferred::new(width, 0..width, &self.collations);
        for (node, slots) in [(&self.left, &self.left_slots), (&self.right, &self.right_slots)] {
            let flow = node.run(env, frame, &mut |frame| {
                frame.tick()?;
                let values = row(slots, frame);
                match set.offer(&values, &mut frame.memory) {
                    Some((_, false)) => Ok(Flow::More),
                    Some((at, true)) => {
                        set.rows.load(at, &self.slots, frame);
                        sink(frame)
                    }
                    None => {
                        deferred.push(&values, &values, env, frame)?;
                        Ok(Flow::More)
                    }
                }
            })?;
            if flow == Flow::Enough {
                set.rows.clear(&mut frame.memory);
                deferred.abandon(frame);
                return Ok(Flow::Enough);
            }
        }
        set.rows.clear(&mut frame.memory);
        drop(set);
        deferred.show(env, frame, &mut |row, frame| {
            self.load(row, frame);
            sink(frame)
        })
    }

    fn load(&self, row: &[Datum], frame: &mut Frame) {
        for (slot, value) in self.slots.iter().zip(row) {
            frame.slots[*slot].assign(value);
        }
    }

    /// INTERSECT and EXCEPT: of the left side's rows those that the right side has, or has not. The
    /// right side's rows are known first: then the left side's are given as they come.
    fn filter(&self, env: &Env<'_>, frame: &mut Frame, sink: &mut Sink<'_>) -> Result<Flow> {
        let mut filter = Filter::new(self, 0);
        self.right.run(env, frame, &mut |frame| {
            filter.add(&row(&self.right_slots, frame), env, frame)?;
            Ok(Flow::More)
        })?;
        let flow = self.left.run(env, frame, &mut |frame| {
            filter.pass(&row(&self.left_slots, frame), env, frame, sink)
        })?;
        let mut waiting = Vec::new();
        if filter.end(flow, &mut waiting, env, frame, sink)? == Flow::Enough {
            return Ok(Flow::Enough);
        }
        let mut values = Vec::with_capacity(self.slots.len());
        while let Some((right, left, level)) = waiting.pop() {
            let mut filter = Filter::new(self, level);
            if let Some(right) = right {
                let mut reader = right.tape.open(frame);
                while reader.next(&mut values)? {
                    filter.add(&values, env, frame)?;
                }
                reader.close(frame);
            }
            let (mut flow, mut reader) = (Flow::More, left.tape.open(frame));
            while flow == Flow::More && reader.next(&mut values)? {
                flow = filter.pass(&values, env, frame, sink)?;
            }
            reader.close(frame);
            if filter.end(flow, &mut waiting, env, frame, sink)? == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }
}

/// Rows of both sides that were put together, and the level of those that are made of them.
type Sides = (Option<Part>, Part, u32);

/// The right side's rows, and what is to be known of left ones.
struct Filter<'o> {
    node: &'o SetOperation,
    level: u32,
    set: RowSet,
    /// How often each one is there.
    counts: Vec<u64>,
    /// Left rows that were given.
    given: RowSet,
    /// Left rows to be given for which there is no room in `given`.
    passed: Deferred<'o>,
    /// Right rows for which there was no room, and left ones that are to meet them.
    right: Option<Partitions>,
    left: Option<Partitions>,
}

impl<'o> Filter<'o> {
    fn new(node: &'o SetOperation, level: u32) -> Filter<'o> {
        let width = node.slots.len();
        Filter {
            node,
            level,
            set: RowSet::new(node.collations.to_vec()),
            counts: Vec::new(),
            given: RowSet::new(node.collations.to_vec()),
            passed: Deferred::new(width, 0..width, &node.collations),
            right: None,
            left: None,
        }
    }

    /// Takes a row of the right side.
    fn add(&mut self, values: &[Datum], env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        frame.tick()?;
        let Some((at, is_new)) = self.set.offer(values, &mut frame.memory) else {
            let width = values.len();
            let right = match &mut self.right {
                Some(right) => right,
                None => self.right.insert(Partitions::new(self.level, width, env, &frame.memory)?),
            };
            let place = right.place(values, &self.node.collations);
            return right.push(place, values, &mut frame.memory);
        };
        if is_new {
            self.counts.push(0);
        }
        self.counts[at] += 1;
        Ok(())
    }

    /// Gives a left row to the sink if it passes, or puts it aside.
    fn pass(
        &mut self,
        values: &[Datum],
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        frame.tick()?;
        let wants_found = self.node.op == SetOperator::Intersect;
        let found = self.set.find(values);
        if let (None, Some(right)) = (found, &self.right) {
            let place = right.place(values, &self.node.collations);
            if right.has(place) {
                let width = values.len();
                let left = match &mut self.left {
                    Some(left) => left,
                    None => {
                        self.left.insert(Partitions::new(self.level, width, env, &frame.memory)?)
                    }
                };
                left.push(place, values, &mut frame.memory)?;
                return Ok(Flow::More);
            }
        }
        let passes = if self.node.all {
            // Each row of the right side stands for one of the left side.
            let has_left = found.filter(|at| self.counts[*at] > 0);
            if let Some(at) = has_left {
                self.counts[at] -= 1;
            }
            has_left.is_some() == wants_found
        } else if found.is_some() == wants_found {
            match self.given.offer(values, &mut frame.memory) {
                Some((_, is_new)) => is_new,
                None => {
                    self.passed.push(values, values, env, frame)?;
                    false
                }
            }
        } else {
            false
        };
        if !passes {
            return Ok(Flow::More);
        }
        self.node.load(values, frame);
        sink(frame)
    }

    /// Gives what it has put aside and can decide, and adds what it cannot to what waits.
    fn end(
        mut self,
        flow: Flow,
        waiting: &mut Vec<Sides>,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        self.set.rows.clear(&mut frame.memory);
        self.given.rows.clear(&mut frame.memory);
        let Filter { node, level, passed, right, left, .. } = self;
        let mut finish = |side: Option<Partitions>| match side {
            Some(side) => side.finish(&mut frame.memory),
            None => Ok(Vec::new()),
        };
        let (right, left) = (finish(right)?, finish(left)?);
        for (right, left) in right.into_iter().zip(left) {
            waiting.extend(left.map(|left| (right, left, level + 1)));
        }
        if flow == Flow::Enough {
            passed.abandon(frame);
            return Ok(flow);
        }
        passed.show(env, frame, &mut |row, frame| {
            node.load(row, frame);
            sink(frame)
        })
    }
}

fn row(slots: &[usize], frame: &Frame) -> Vec<Datum> {
    slots.iter().map(|slot| frame.slots[*slot].clone()).collect()
}

/// Gives kept rows to the sink.
pub(crate) fn give(
    rows: &Rows,
    slots: &[usize],
    frame: &mut Frame,
    sink: &mut Sink<'_>,
) -> Result<Flow> {
    for at in 0..rows.len() {
        frame.tick()?;
        rows.load(at, slots, frame);
        if sink(frame)? == Flow::Enough {
            return Ok(Flow::Enough);
        }
    }
    Ok(Flow::More)
}
