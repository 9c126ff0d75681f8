//! Common table expressions: computed once, recursive ones round by round. What they kept goes to
//! disk when memory is used up, but for the rows that a recursive one has met before, with UNION,
//! and those that wait for their turn: they are looked up, and moved, again and again.

use std::cmp::Ordering;
use std::sync::Arc;

use super::buffer::row_bytes;
use super::distinct::RowSet;
use super::spill::kept::{Keeper, Kept};
use super::{Cell, Env, Flow, Frame, Sink};
use crate::algebra::{Queue, QueueKey};
use crate::datum::{Datum, compare};
use crate::error::{Result, SqlError};
use crate::plan::node::{CtePlan, Node};

/// Forgets what the expressions were in another run, then runs what uses them: each is computed
/// when it is first read.
pub(crate) fn run(
    ctes: &[usize],
    body: &Node,
    env: &Env<'_>,
    frame: &mut Frame,
    sink: &mut Sink<'_>,
) -> Result<Flow> {
    for number in ctes {
        if let Cell::Rows(rows) = std::mem::take(&mut frame.cells[env.ctes[*number].cell]) {
            frame.memory.give_back(rows.memory_bytes());
        }
    }
    body.run(env, frame, sink)
}

/// Gives the rows of an expression to the sink: of a recursive one, within it, those of the last
/// round.
pub(crate) fn scan(
    number: usize,
    slots: &[usize],
    env: &Env<'_>,
    frame: &mut Frame,
    sink: &mut Sink<'_>,
) -> Result<Flow> {
    let cte = &env.ctes[number];
    if !matches!(frame.cells[cte.cell], Cell::Rows(_)) {
        if cte.scans == 1 && cte.step.is_some() && cte.queue.is_none() {
            // Nobody else reads it: who has enough rows stops it.
            return cte.compute_rounds(env, frame, Some((slots, sink)));
        }
        cte.compute(env, frame)?;
    }
    kept(cte.cell, slots, frame, sink)
}

/// Gives rows that a cell has to the sink.
pub(crate) fn kept(
    cell: usize,
    slots: &[usize],
    frame: &mut Frame,
    sink: &mut Sink<'_>,
) -> Result<Flow> {
    let Cell::Rows(rows) = &frame.cells[cell] else {
        return Err(SqlError::new("XX000", "rows are read before they are there"));
    };
    let rows = Arc::clone(rows);
    rows.give(slots, frame, sink)
}

/// Keeps the rows of an operator for the next time when it is run.
pub(crate) fn keep(
    input: &Node,
    slots: &[usize],
    cell: usize,
    env: &Env<'_>,
    frame: &mut Frame,
    sink: &mut Sink<'_>,
) -> Result<Flow> {
    if let Cell::Rows(rows) = &frame.cells[cell] {
        let rows = Arc::clone(rows);
        return rows.give(slots, frame, sink);
    }
    let rows = Arc::new(gather(input, slots, env, frame)?);
    frame.cells[cell] = Cell::Rows(Arc::clone(&rows));
    rows.give(slots, frame, sink)
}

/// All rows of an operator.
pub(crate) fn gather(
    input: &Node,
    slots: &[usize],
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<Kept> {
    let mut rows = Keeper::new(slots.len());
    input.run(env, frame, &mut |frame| {
        frame.tick()?;
        rows.push_slots(slots, env.disk, frame)?;
        Ok(Flow::More)
    })?;
    rows.finish(env.disk, &mut frame.memory)
}

impl CtePlan {
    fn compute(&self, env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        let Some((step, step_slots)) = &self.step else {
            let rows = gather(&self.node, &self.slots, env, frame)?;
            frame.cells[self.cell] = Cell::Rows(Arc::new(rows));
            return Ok(());
        };
        if let Some(queue) = &self.queue {
            return self.compute_queue(queue, (step, step_slots), env, frame);
        }
        self.compute_rounds(env, frame, None).map(drop)
    }

    /// Round by round, each of the rows that the one before it has made. Rows are given to the sink
    /// as rounds end; when it has enough the expression is as if it had not been read.
    fn compute_rounds(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        mut to: Option<(&[usize], &mut Sink<'_>)>,
    ) -> Result<Flow> {
        let Some((step, step_slots)) = &self.step else { return Ok(Flow::More) };
        let mut all = Keeper::new(self.slots.len());
        let mut seen = RowSet::new(self.collations.to_vec());
        let mut round = Keeper::new(self.slots.len());
        self.node.run(env, frame, &mut |frame| {
            self.add(&self.slots, &mut seen, &mut round, env, frame)?;
            Ok(Flow::More)
        })?;
        let mut flow = Flow::More;
        while !round.is_empty() && flow == Flow::More {
            let next = std::mem::replace(&mut round, Keeper::new(self.slots.len()));
            let last = Arc::new(next.finish(env.disk, &mut frame.memory)?);
            last.each(&mut frame.memory, &mut |row, memory| {
                all.push(row.to_vec(), env.disk, memory)
            })?;
            if let Some((slots, sink)) = &mut to {
                flow = last.give(slots, frame, sink)?;
            }
            if flow == Flow::More {
                frame.cells[self.cell] = Cell::Rows(Arc::clone(&last));
                frame.cells[self.step_cells.clone()].fill_with(Cell::default);
                step.run(env, frame, &mut |frame| {
                    frame.tick()?;
                    self.add(step_slots, &mut seen, &mut round, env, frame)?;
                    Ok(Flow::More)
                })?;
            }
            frame.cells[self.cell] = Cell::default();
            frame.memory.give_back(last.memory_bytes());
        }
        seen.rows.clear(&mut frame.memory);
        let all = all.finish(env.disk, &mut frame.memory)?;
        match flow {
            Flow::More => frame.cells[self.cell] = Cell::Rows(Arc::new(all)),
            Flow::Enough => frame.memory.give_back(all.memory_bytes()),
        }
        Ok(flow)
    }

    /// Takes rows one by one: each is a result, and what the recursive part makes of it joins those
    /// that wait.
    fn compute_queue(
        &self,
        queue: &Queue,
        (step, step_slots): (&Node, &[usize]),
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let width = self.slots.len();
        let mut seen = RowSet::new(self.collations.to_vec());
        let (mut all, mut made) = (Keeper::new(width), Keeper::new(width));
        // The row that is next is the last one.
        let mut waiting: Vec<Vec<Datum>> = Vec::new();
        let (mut skipped, mut waiting_bytes) = (0, 0);
        self.node.run(env, frame, &mut |frame| {
            self.add(&self.slots, &mut seen, &mut made, env, frame)?;
            Ok(Flow::More)
        })?;
        loop {
            let rows = std::mem::replace(&mut made, Keeper::new(width));
            let rows = rows.finish(env.disk, &mut frame.memory)?;
            frame.memory.give_back(rows.memory_bytes());
            rows.each(&mut frame.memory, &mut |row, memory| {
                let bytes = row_bytes(row);
                waiting_bytes += bytes;
                memory.take(bytes)?;
                let row = row.to_vec();
                let place = waiting.partition_point(|other| queue.compare(other, &row).is_gt());
                waiting.insert(place, row);
                Ok(())
            })?;
            let enough = queue.limit.is_some_and(|limit| all.len() as u64 >= limit);
            let Some(row) = waiting.pop().filter(|_| !enough) else { break };
            if skipped < queue.offset {
                skipped += 1;
            } else {
                all.push(row.clone(), env.disk, &mut frame.memory)?;
            }
            // It waits no more, and is let go of before the next one is taken.
            let bytes = row_bytes(&row);
            waiting_bytes -= bytes;
            frame.memory.give_back(bytes);
            frame.cells[self.cell] = Cell::Rows(Arc::new(Kept::of_one(row)));
            frame.cells[self.step_cells.clone()].fill_with(Cell::default);
            step.run(env, frame, &mut |frame| {
                frame.tick()?;
                self.add(step_slots, &mut seen, &mut made, env, frame)?;
                Ok(Flow::More)
            })?;
        }
        frame.memory.give_back(waiting_bytes);
        seen.rows.clear(&mut frame.memory);
        let all = all.finish(env.disk, &mut frame.memory)?;
        frame.cells[self.cell] = Cell::Rows(Arc::new(all));
        Ok(())
    }

    /// Adds the frame's row to a round, unless it was there before.
    fn add(
        &self,
        slots: &[usize],
        seen: &mut RowSet,
        round: &mut Keeper,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let row: Vec<Datum> = slots.iter().map(|slot| frame.slots[*slot].clone()).collect();
        if self.distinct && !seen.add(&row, &mut frame.memory)?.1 {
            return Ok(());
        }
        round.push(row, env.disk, &mut frame.memory)
    }
}

impl Queue {
    /// Which of two rows is taken first: the lesser one.
    fn compare(&self, a: &[Datum], b: &[Datum]) -> Ordering {
        let by = |key: &QueueKey| {
            let (a, b) = (&a[key.column], &b[key.column]);
            match (a.is_null(), b.is_null()) {
                (true, true) => Ordering::Equal,
                (true, false) if key.nulls_first => Ordering::Less,
                (true, false) => Ordering::Greater,
                (false, true) if key.nulls_first => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) if key.descending => compare(b, a, key.collation),
                (false, false) => compare(a, b, key.collation),
            }
        };
        self.order.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}
