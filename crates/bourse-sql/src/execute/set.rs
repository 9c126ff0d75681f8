//! Set operations, and functions that make rows.

use super::buffer::Rows;
use super::distinct::RowSet;
use super::evaluate::all;
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
        let mut set = RowSet::new(self.collations.to_vec());
        let mut counts: Vec<u64> = Vec::new();
        let flow = match self.op {
            SetOperator::Union => self.union(&mut set, env, frame, sink),
            // The right side's rows are known first: then the left side's are given as they come.
            SetOperator::Intersect | SetOperator::Except => {
                self.right.run(env, frame, &mut |frame| {
                    frame.tick()?;
                    let (at, is_new) =
                        set.add(&row(&self.right_slots, frame), &mut frame.memory)?;
                    if is_new {
                        counts.push(0);
                    }
                    counts[at] += 1;
                    Ok(Flow::More)
                })?;
                self.filter(&mut set, &mut counts, env, frame, sink)
            }
        };
        set.rows.clear(&mut frame.memory);
        flow
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

    fn union(
        &self,
        set: &mut RowSet,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        for (node, slots) in [(&self.left, &self.left_slots), (&self.right, &self.right_slots)] {
            let flow = node.run(env, frame, &mut |frame| {
                frame.tick()?;
                let (at, is_new) = set.add(&row(slots, frame), &mut frame.memory)?;
                if !is_new {
                    return Ok(Flow::More);
                }
                set.rows.load(at, &self.slots, frame);
                sink(frame)
            })?;
            if flow == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }

    /// INTERSECT and EXCEPT: of the left side's rows those that the right side has, or has not.
    fn filter(
        &self,
        right: &mut RowSet,
        counts: &mut [u64],
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let mut given = RowSet::new(self.collations.to_vec());
        let wants_found = self.op == SetOperator::Intersect;
        let flow = self.left.run(env, frame, &mut |frame| {
            frame.tick()?;
            let values = row(&self.left_slots, frame);
            let found = right.find(&values);
            let passes = if self.all {
                // Each row of the right side stands for one of the left side.
                let has_left = found.filter(|at| counts[*at] > 0);
                if let Some(at) = has_left {
                    counts[at] -= 1;
                }
                has_left.is_some() == wants_found
            } else {
                found.is_some() == wants_found && given.add(&values, &mut frame.memory)?.1
            };
            if !passes {
                return Ok(Flow::More);
            }
            for (slot, value) in self.slots.iter().zip(values) {
                frame.slots[*slot] = value;
            }
            sink(frame)
        });
        given.rows.clear(&mut frame.memory);
        flow
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
