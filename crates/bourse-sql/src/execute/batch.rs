//! Nested loops whose right side is one row by its key: rows of the left side are gathered in
//! rounds, and the right rows of a round are read together, so that their cache misses overlap.
//!
//! The first rounds are short: who wants few rows should not pay for many.

use std::ops::ControlFlow;

use bourse::{Row, Value};

use super::buffer::Rows;
use super::evaluate::all_true;
use super::join::set_null;
use super::scan::to_store_error;
use super::{Env, Flow, Frame, Sink};
use crate::algebra::JoinKind;
use crate::error::Result;
use crate::plan::node::{Loop, Scan};

/// Rows of the first round, and of those that come later.
const FIRST_ROUND: usize = 4;
const ROUND_MAX: usize = 128;

/// A loop with rows of its left side that wait for their right ones.
struct Round<'l> {
    node: &'l Loop,
    scan: &'l Scan,
    /// Slots of the left side that are used above, or by the right side.
    slots: &'l [usize],
    rows: Rows,
    /// Keys of right rows, each with the number of its left row: left rows whose key is equal to
    /// no value have none.
    keys: Vec<Vec<Value>>,
    numbers: Vec<usize>,
}

impl Loop {
    /// Gives the pairs, and what else the kind keeps, to the sink.
    pub(super) fn run_in_rounds(
        &self,
        scan: &Scan,
        slots: &[usize],
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let (keys, numbers) = (Vec::new(), Vec::new());
        let rows = Rows::new(slots.len());
        let mut round = Round { node: self, scan, slots, rows, keys, numbers };
        let mut most = FIRST_ROUND;
        let flow = self.left.run(env, frame, &mut |frame| {
            frame.tick()?;
            let Some(key) = scan.key(env, frame)? else {
                // Not told in the column's terms: the row is joined by itself, in its turn.
                let row: Vec<_> = slots.iter().map(|slot| frame.slots[*slot].clone()).collect();
                if round.finish(env, frame, sink)? == Flow::Enough {
                    return Ok(Flow::Enough);
                }
                frame.put(slots, row);
                return self.join_row(env, frame, sink);
            };
            if let Some(key) = key {
                round.keys.push(key);
                round.numbers.push(round.rows.len());
            }
            round.rows.push_slots(slots, frame)?;
            if round.rows.len() < most {
                return Ok(Flow::More);
            }
            most = (most * 2).min(ROUND_MAX);
            // The row of now is the last of the round, so it is in its slots again afterwards (E1).
            round.finish(env, frame, sink)
        })?;
        if flow == Flow::Enough {
            return Ok(flow);
        }
        round.finish(env, frame, sink)
    }
}

impl Round<'_> {
    /// Joins the rows that wait, in their order.
    fn finish(&mut self, env: &Env<'_>, frame: &mut Frame, sink: &mut Sink<'_>) -> Result<Flow> {
        let (mut next, mut result) = (0, Ok(Flow::More));
        let this = &*self;
        env.reader
            .get_many(&this.scan.table, &this.keys, &mut |at, row| {
                let mut go = || {
                    let number = this.numbers[at];
                    if this.alone(next..number, env, frame, sink)? == Flow::Enough {
                        return Ok(Flow::Enough);
                    }
                    next = number + 1;
                    this.join(number, &this.keys[at], row.as_ref(), env, frame, sink)
                };
                match go() {
                    Ok(Flow::More) => Ok(ControlFlow::Continue(())),
                    Ok(Flow::Enough) => {
                        result = Ok(Flow::Enough);
                        Ok(ControlFlow::Break(()))
                    }
                    Err(error) => {
                        let told = to_store_error(&error);
                        result = Err(error);
                        Err(told)
                    }
                }
            })
            // What the rows above refused is told as they told it.
            .or_else(|error| if result.is_err() { Ok(()) } else { Err(error) })?;
        let mut flow = result?;
        if flow == Flow::More {
            flow = self.alone(next..self.rows.len(), env, frame, sink)?;
        }
        self.rows.clear(&mut frame.memory);
        self.keys.clear();
        self.numbers.clear();
        Ok(flow)
    }

    /// Joins left rows that have no key to be found by.
    fn alone(
        &self,
        numbers: std::ops::Range<usize>,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        for number in numbers {
            if self.join(number, &[], None, env, frame, sink)? == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }

    /// Joins a left row with its right one, if there is one.
    fn join(
        &self,
        number: usize,
        key: &[Value],
        row: Option<&Row<'_>>,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        frame.tick()?;
        self.rows.load(number, self.slots, frame);
        let met = match row {
            Some(row) => {
                self.scan.accept(key, row, env, frame)? && all_true(&self.node.on, env, frame)?
            }
            None => false,
        };
        match self.node.kind {
            JoinKind::Anti if !met => sink(frame),
            JoinKind::Left if !met => {
                set_null(&self.node.right_slots, frame);
                sink(frame)
            }
            JoinKind::Anti => Ok(Flow::More),
            _ if met => sink(frame),
            _ => Ok(Flow::More),
        }
    }
}
