//! The row executor.
//!
//! Rows are pushed: an operator is given a *sink*, and calls it for each of its rows. The store's
//! cursors are cheapest where they show entry after entry to a closure (no state to leave and to
//! come back to, rows fetched together in rounds), and so are the loops of joins; a pulling
//! executor would have to stop in the middle of each. What must stop, stops by the sink's answer.
//! What a client takes row by row is gathered first.
//!
//! All operators of a statement share one *frame*: a slot for each column of the algebra. An
//! operator writes the slots of its own columns and leaves all others alone, so a join copies
//! nothing, a projection computes what is new only, and a subquery sees the row around it simply
//! because it is there. Only what keeps rows (sorts, hash tables) copies slots, those that are
//! used above.
//!
//! Invariants:
//! - **E1** While a sink runs, the slots of the row that it is given do not change: whoever is
//!   below has written them, whoever is above writes others.
//! - **E2** A condition counts only when it is true; what a row's evaluation refuses is the
//!   statement's error only if that row is evaluated.
//! - **E3** Whatever keeps rows counts their bytes ([`Memory`]). What can go to disk goes there
//!   near the statement's limit ([`spill`]); what cannot ends the statement with 53200 past it.
//! - **E4** Every loop over rows calls [`Frame::tick`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::Dialect;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::plan::measure::Spent;
use crate::plan::node::{CtePlan, Node};

pub(crate) mod aggregate;
pub(crate) mod batch;
pub(crate) mod buffer;
pub(crate) mod distinct;
pub(crate) mod evaluate;
mod grace;
pub(crate) mod groups;
pub(crate) mod join;
pub(crate) mod key;
pub(crate) mod limit;
pub(crate) mod lock;
mod postpone;
pub(crate) mod reader;
pub(crate) mod scan;
pub(crate) mod set;
mod shed;
pub(crate) mod sort;
pub(crate) mod spill;
mod stored_partition;
pub(crate) mod strict;
pub(crate) mod subquery;
#[cfg(test)]
mod tests;
pub(crate) mod upsert;
pub(crate) mod window;
mod window_rows;
pub(crate) mod with;
pub(crate) mod write;

use reader::Reader;

/// Whether more rows are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// They are.
    More,
    /// No.
    Enough,
}

/// Who takes an operator's rows.
pub(crate) type Sink<'s> = dyn FnMut(&mut Frame) -> Result<Flow> + 's;

/// What a run of a statement reads and does not change.
pub(crate) struct Env<'e> {
    pub(crate) reader: &'e dyn Reader,
    pub(crate) parameters: &'e [Datum],
    pub(crate) context: &'e dyn Context,
    pub(crate) dialect: Dialect,
    /// Common table expressions, by number.
    pub(crate) ctes: &'e [CtePlan],
    /// Where what has no room in memory is written.
    pub(crate) disk: &'e spill::Disk,
}

/// What a run of a statement changes.
pub(crate) struct Frame {
    /// Columns.
    pub(crate) slots: Vec<Datum>,
    /// What operators keep from one run to the next.
    pub(crate) cells: Vec<Cell>,
    /// What the operands of the CASEs around are.
    pub(crate) case_operands: Vec<Datum>,
    pub(crate) memory: Memory,
    pub(crate) interrupt: Interrupt,
    /// What the operator that is measured has spent, where one is.
    pub(crate) spent: Option<Box<Spent>>,
}

/// What an operator keeps.
#[derive(Default)]
pub(crate) enum Cell {
    #[default]
    Empty,
    /// Answers of a subquery.
    Answers(Box<subquery::Answers>),
    /// Rows.
    Rows(Arc<spill::kept::Kept>),
    /// A hash join's table.
    Table(Arc<join::Table>),
}

/// Bytes that a statement keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) used: usize,
    pub(crate) limit: usize,
    /// Past it, what can go to disk does: the rest is for what cannot, and for buffers.
    full: usize,
    /// What an operator may keep though others have all the rest.
    share: usize,
    /// Bytes on disk that the session may have.
    pub(crate) disk_limit: Option<u64>,
}

/// Bytes of a buffer of a file, at most and at least.
const BLOCK_MAX: usize = 64 << 10;
const BLOCK_MIN: usize = 4 << 10;
/// Memory that operators on disk do with, though a statement be allowed less.
const WORK_MIN: usize = 64 << 10;
/// Runs that are merged at once, and parts that rows are put into, at most and at least.
const FILES_MAX: usize = 128;
const FILES_MIN: usize = 4;

impl Memory {
    pub(crate) fn new(limit: usize, disk_limit: Option<u64>) -> Memory {
        let share = limit.max(WORK_MIN) / 16;
        let mut memory = Memory { used: 0, limit, full: 0, share, disk_limit };
        let buffers = memory.partitions() * memory.block_bytes();
        memory.full = (limit - limit / 8).saturating_sub(buffers);
        memory
    }

    /// Counts bytes that cannot go to disk.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<()> {
        self.used += bytes;
        if self.used > self.limit {
            return Err(self.exceeded());
        }
        Ok(())
    }

    /// Counts bytes of what asks [`Memory::is_full`] next, or of a buffer.
    #[inline]
    pub(crate) fn count(&mut self, bytes: usize) {
        self.used += bytes;
    }

    /// Whether an operator that keeps so many bytes is to go to disk with them.
    #[inline]
    pub(crate) fn is_full(&self, own: usize) -> bool {
        self.used > self.full && own > self.share
    }

    /// Lets go of bytes.
    pub(crate) fn give_back(&mut self, bytes: usize) {
        self.used = self.used.saturating_sub(bytes);
    }

    /// Bytes of a buffer of a file.
    pub(crate) fn block_bytes(&self) -> usize {
        let bytes = (self.limit / 64).clamp(BLOCK_MIN, BLOCK_MAX);
        bytes - bytes % BLOCK_MIN
    }

    /// Into how many parts rows are put, each with a buffer.
    pub(crate) fn partitions(&self) -> usize {
        (self.limit / 8 / self.block_bytes()).clamp(FILES_MIN, FILES_MAX / 2)
    }

    /// How many runs are merged at once, each with a buffer.
    pub(crate) fn fan_in(&self) -> usize {
        (self.limit / 4 / self.block_bytes()).clamp(FILES_MIN, FILES_MAX)
    }

    #[cold]
    fn exceeded(&self) -> SqlError {
        SqlError::new("53200", "out of memory")
            .with_detail(format!("The statement keeps more than {} bytes.", self.limit))
            .with_hint("Raise the setting statement_memory, or let the statement keep fewer rows.")
    }
}

/// What a program does now and then while a statement runs; it ends the statement by `true`.
#[derive(Clone)]
pub(crate) struct Progress(Arc<dyn Fn() -> bool + Send + Sync>);

impl Progress {
    pub(crate) fn new(look: Arc<dyn Fn() -> bool + Send + Sync>) -> Progress {
        Progress(look)
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Progress")
    }
}

/// What ends a statement from outside.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    pub(crate) canceled: Arc<AtomicBool>,
    /// When its time is over, on the clock of `now`.
    pub(crate) deadline: Option<Duration>,
    pub(crate) now: fn() -> Duration,
    progress: Option<Progress>,
    ticks: u32,
}

impl Interrupt {
    pub(crate) fn new(
        canceled: Arc<AtomicBool>,
        deadline: Option<Duration>,
        now: fn() -> Duration,
    ) -> Interrupt {
        Interrupt { canceled, deadline, now, progress: None, ticks: 0 }
    }

    pub(crate) fn with_progress(mut self, progress: Option<Progress>) -> Interrupt {
        self.progress = progress;
        self
    }

    #[cold]
    fn check(&self) -> Result<()> {
        if self.canceled.load(Ordering::Relaxed) {
            return Err(SqlError::new("57014", "canceling statement due to user request"));
        }
        if self.deadline.is_some_and(|deadline| (self.now)() >= deadline) {
            return Err(SqlError::new("57014", "canceling statement due to statement timeout"));
        }
        if self.progress.as_ref().is_some_and(|progress| (progress.0)()) {
            return Err(SqlError::new("57014", "canceling statement due to user request"));
        }
        Ok(())
    }
}

impl Frame {
    /// Puts values into slots, as many as there are of both.
    #[inline]
    pub(crate) fn put(&mut self, slots: &[usize], values: impl IntoIterator<Item = Datum>) {
        for (slot, value) in slots.iter().zip(values) {
            self.slots[*slot] = value;
        }
    }

    /// A frame for a plan.
    pub(crate) fn new(slots: usize, cells: usize, memory: Memory, interrupt: Interrupt) -> Frame {
        let mut frame = Frame {
            slots: Vec::new(),
            cells: Vec::new(),
            case_operands: Vec::new(),
            memory,
            interrupt,
            spent: None,
        };
        frame.slots.resize_with(slots, Datum::default);
        frame.cells.resize_with(cells, Cell::default);
        frame
    }

    /// Tells what an operator has spent, if that is measured.
    #[inline]
    pub(crate) fn tell(&mut self, tell: impl FnOnce(&mut Spent)) {
        if let Some(spent) = &mut self.spent {
            tell(spent);
        }
    }

    /// Looks now and then whether the statement is to end (E4).
    #[inline]
    pub(crate) fn tick(&mut self) -> Result<()> {
        self.interrupt.ticks = self.interrupt.ticks.wrapping_add(1);
        if self.interrupt.ticks & 0x3ff == 0 {
            return self.interrupt.check();
        }
        Ok(())
    }
}

impl Node {
    /// Runs the operator: gives its rows to the sink until that has enough.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        match self {
            Node::One => sink(frame),
            Node::Nothing => Ok(Flow::More),
            Node::Values { slots, rows } => {
                for row in rows {
                    for (slot, code) in slots.iter().zip(row) {
                        frame.slots[*slot] = code.eval(env, frame)?;
                    }
                    if sink(frame)? == Flow::Enough {
                        return Ok(Flow::Enough);
                    }
                }
                Ok(Flow::More)
            }
            Node::Scan(scan) => scan.run(env, frame, sink),
            Node::Groups(scan) => scan.run(env, frame, sink),
            Node::Functions { input, calls, ordinality } => match input {
                None => set::functions(calls, *ordinality, env, frame, sink),
                Some(input) => input.run(env, frame, &mut |frame| {
                    set::functions(calls, *ordinality, env, frame, sink)
                }),
            },
            Node::Filter { input, predicates } => input.run(env, frame, &mut |frame| {
                if evaluate::all_true(predicates, env, frame)? {
                    sink(frame)
                } else {
                    Ok(Flow::More)
                }
            }),
            Node::Project { input, items } => input.run(env, frame, &mut |frame| {
                for (slot, code) in items {
                    frame.slots[*slot] = code.eval(env, frame)?;
                }
                sink(frame)
            }),
            Node::Loop(node) => node.run(env, frame, sink),
            Node::Hash(node) => node.run(env, frame, sink),
            Node::Count { scan, slots } => {
                let count = Datum::Integer(scan.count(env, frame)?);
                slots.iter().for_each(|slot| frame.slots[*slot] = count.clone());
                sink(frame)
            }
            Node::Aggregate(node) => node.run(env, frame, sink),
            Node::Window(node) => node.run(env, frame, sink),
            Node::Sort(node) => node.run(env, frame, sink),
            Node::Limit(node) => node.run(env, frame, sink),
            Node::Distinct(node) => node.run(env, frame, sink),
            Node::SetOperation(node) => node.run(env, frame, sink),
            Node::With { ctes, body } => with::run(ctes, body, env, frame, sink),
            Node::CteScan { cte, slots } => with::scan(*cte, slots, env, frame, sink),
            Node::Keep { input, slots, cell } => with::keep(input, slots, *cell, env, frame, sink),
            Node::Locked { cell, slots } => with::kept(*cell, slots, frame, sink),
            Node::Measured(node) => node.run(env, frame, sink),
        }
    }
}
