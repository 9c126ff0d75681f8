//! Hash joins whose right side has no room in memory: rows of both sides are put apart on disk by
//! the hash of their keys, and each part is joined by itself (the GRACE hash join).
//!
//! A part whose right rows have no room either is put apart again by another hash. Where that is of
//! no help, as all of its rows have one key, right rows are taken in blocks that have room, and the
//! left ones pass by each of them; a bit for each left row tells whether it has met a partner.
//!
//! A left row has a number. Where the order of left rows counts, what the parts make of them is put
//! in the order of these numbers in the end.

use bourse::Collation;

use super::evaluate::all_true;
use super::join::{Table, set_null};
use super::spill::merge::Reordering;
use super::spill::partition::{Part, Partitions};
use super::spill::tape::TapeReader;
use super::{Env, Flow, Frame, Sink};
use crate::algebra::JoinKind;
use crate::datum::Datum;
use crate::error::Result;
use crate::plan::measure::HashSpent;
use crate::plan::node::HashJoin;

/// How often rows are put apart at most.
const LEVELS_MAX: u32 = 12;
/// Values of a left row before its key: its number, and whether it has a key.
const LEFT_KEY: usize = 2;
/// Values of a right row before its key: whether it has one.
const RIGHT_KEY: usize = 1;

/// Rows of both sides that were put together, and the level of those that are made of them.
struct Sides {
    right: Option<Part>,
    left: Option<Part>,
    level: u32,
}

/// A join that is under way.
struct Grace<'j> {
    node: &'j HashJoin,
    waiting: Vec<Sides>,
    ordered: Reordering,
    /// Slots of a row that is given in its order.
    slots: Vec<usize>,
    spent: HashSpent,
}

/// Left rows that have met a partner, by their places in their part.
#[derive(Default)]
struct Met(Vec<u64>);

impl Met {
    fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    fn add(&mut self, at: usize) {
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        self.0[at / 64] |= 1 << (at % 64);
    }
}

impl HashJoin {
    /// Writes the rows of a table to parts, and empties it.
    #[cold]
    pub(super) fn put_apart(
        &self,
        table: &mut Table,
        parts: &mut Option<Partitions>,
        level: u32,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let parts = match parts {
            Some(parts) => parts,
            None => {
                let width = RIGHT_KEY + self.right_keys.len() + self.right_slots.len();
                parts.insert(Partitions::new(level, width, env, &frame.memory)?)
            }
        };
        for at in 0..table.rows.len() {
            frame.tick()?;
            let (key, has_key) = (table.keys.row(at), [Datum::Boolean(table.has_key(at))]);
            let place = parts.place(key, &self.collations);
            let row = has_key.iter().chain(key).chain(table.rows.row(at));
            parts.push(place, row, &mut frame.memory)?;
        }
        table.clear(&mut frame.memory);
        Ok(())
    }

    /// Joins the left side with the right one's parts.
    #[cold]
    pub(super) fn run_in_parts(
        &self,
        right: Partitions,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let left_width = LEFT_KEY + self.left_keys.len() + self.left_saved.len();
        let mut left = Partitions::new(0, left_width, env, &frame.memory)?;
        let keeps_lone = !matches!(self.kind, JoinKind::Inner | JoinKind::Semi);
        let mut key = Vec::with_capacity(self.left_keys.len());
        let mut number = 0;
        let flow = self.left.run(env, frame, &mut |frame| {
            frame.tick()?;
            let has_key = self.read_key(&self.left_keys, &mut key, env, frame)?;
            key.resize(self.left_keys.len(), Datum::Null);
            let place = left.place(&key, &self.collations);
            if !has_key || !right.has(place) {
                if !keeps_lone {
                    return Ok(Flow::More);
                }
                if !self.ordered {
                    self.load_lone(frame);
                    return sink(frame);
                }
            }
            let begin = [Datum::Integer(number), Datum::Boolean(has_key)];
            number += 1;
            let kept: Vec<Datum> =
                self.left_saved.iter().map(|slot| frame.slots[*slot].clone()).collect();
            left.push(place, begin.iter().chain(&key).chain(&kept), &mut frame.memory)?;
            Ok(Flow::More)
        })?;
        let mut slots = self.left_saved.to_vec();
        if !matches!(self.kind, JoinKind::Semi | JoinKind::Anti) {
            slots.extend_from_slice(&self.right_slots);
        }
        let mut grace = Grace {
            node: self,
            waiting: Vec::new(),
            ordered: Reordering::default(),
            slots,
            spent: HashSpent::default(),
        };
        grace.wait(right, left, 1, frame)?;
        if flow == Flow::Enough {
            return Ok(flow);
        }
        let flow = grace.run(env, frame, sink)?;
        let spent = grace.spent;
        frame.tell(|told| told.hash = Some(spent));
        if flow == Flow::Enough {
            return Ok(flow);
        }
        grace.ordered.give(&grace.slots, env, frame, sink)
    }

    /// Puts what stands beside a left row without a partner into the frame.
    fn load_lone(&self, frame: &mut Frame) {
        if matches!(self.kind, JoinKind::Left | JoinKind::Full) {
            set_null(&self.right_slots, frame);
        }
    }
}

impl Grace<'_> {
    /// Has parts of both sides wait.
    fn wait(
        &mut self,
        right: Partitions,
        left: Partitions,
        level: u32,
        frame: &mut Frame,
    ) -> Result<()> {
        let (right, left) = (right.finish(&mut frame.memory)?, left.finish(&mut frame.memory)?);
        for (right, left) in right.into_iter().zip(left).rev() {
            for part in right.iter().chain(&left) {
                self.spent.disk += part.tape.bytes();
            }
            let matters = match (&right, &left) {
                (_, Some(_)) => true,
                (Some(_), None) => self.node.kind == JoinKind::Full,
                (None, None) => false,
            };
            if matters {
                self.spent.batches += 1;
                self.waiting.push(Sides { right, left, level });
            }
        }
        Ok(())
    }

    fn run(&mut self, env: &Env<'_>, frame: &mut Frame, sink: &mut Sink<'_>) -> Result<Flow> {
        while let Some(sides) = self.waiting.pop() {
            if self.join(sides, env, frame, sink)? == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }

    /// Joins two parts.
    fn join(
        &mut self,
        sides: Sides,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let node = self.node;
        let Sides { right, left, level } = sides;
        let mut reader = right.as_ref().map(|right| right.tape.open(frame));
        let may_split = level <= LEVELS_MAX && right.as_ref().is_some_and(|right| right.is_mixed);
        let (mut table, mut met) = (Table::new(node), Met::default());
        let mut flow = Flow::More;
        loop {
            let is_last = match &mut reader {
                Some(reader) => fill(node, &mut table, reader, frame)?,
                None => true,
            };
            self.spent.memory = self.spent.memory.max(table.bytes());
            if !is_last && may_split {
                // The first block is not the last one: what is left goes the same way.
                let mut parts = None;
                node.put_apart(&mut table, &mut parts, level, env, frame)?;
                while let Some(reader) = &mut reader
                    && !fill(node, &mut table, reader, frame)?
                {
                    node.put_apart(&mut table, &mut parts, level, env, frame)?;
                }
                node.put_apart(&mut table, &mut parts, level, env, frame)?;
                if let Some(parts) = parts {
                    self.split(parts, left.as_ref(), level, env, frame)?;
                }
                break;
            }
            if let Some(left) = &left {
                let block = Block { table: &table, is_last };
                flow = self.pass(&block, left, &mut met, env, frame, sink)?;
            } else if node.kind == JoinKind::Full {
                flow = give_lone(node, &table, &vec![false; table.rows.len()], frame, sink)?;
            }
            table.clear(&mut frame.memory);
            if is_last || flow == Flow::Enough {
                break;
            }
        }
        if let Some(reader) = reader {
            reader.close(frame);
        }
        frame.memory.give_back(met.0.len() * 8);
        Ok(flow)
    }

    /// Puts the left rows of a part apart as the right ones were.
    fn split(
        &mut self,
        right: Partitions,
        left: Option<&Part>,
        level: u32,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let width = LEFT_KEY + self.node.left_keys.len() + self.node.left_saved.len();
        let mut parts = Partitions::new(level, width, env, &frame.memory)?;
        if let Some(left) = left {
            let (mut reader, mut row) = (left.tape.open(frame), Vec::with_capacity(width));
            while reader.next(&mut row)? {
                frame.tick()?;
                let key = &row[LEFT_KEY..LEFT_KEY + self.node.left_keys.len()];
                let place = parts.place(key, &self.node.collations);
                parts.push(place, &row, &mut frame.memory)?;
            }
            reader.close(frame);
        }
        self.wait(right, parts, level + 1, frame)
    }

    /// Has the left rows of a part look for partners in a block of the right ones.
    fn pass(
        &mut self,
        block: &Block<'_>,
        left: &Part,
        met: &mut Met,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let node = self.node;
        let keys = node.left_keys.len();
        let mut met_right = match node.kind {
            JoinKind::Full => vec![false; block.table.rows.len()],
            _ => Vec::new(),
        };
        let (mut reader, mut row) = (left.tape.open(frame), Vec::new());
        let (mut flow, mut at) = (Flow::More, 0);
        while flow == Flow::More && reader.next(&mut row)? {
            frame.tick()?;
            frame.put(&node.left_saved, row.drain(LEFT_KEY + keys..));
            let number = row[0].as_integer().unwrap_or_default();
            let mut is_met = met.has(at);
            let is_over = is_met && matches!(node.kind, JoinKind::Semi | JoinKind::Anti);
            let mut next = match row[1].as_boolean() == Some(true) && !is_over {
                true => block.table.first(&row[LEFT_KEY..], &node.collations),
                false => None,
            };
            while let Some(right) = next {
                block.table.rows.load(right, &node.right_slots, frame);
                next = block.table.next(right);
                if !all_true(&node.on, env, frame)? {
                    continue;
                }
                is_met = true;
                if node.kind == JoinKind::Full {
                    met_right[right] = true;
                }
                if node.kind != JoinKind::Anti {
                    flow = self.emit(number, env, frame, sink)?;
                }
                let is_enough = matches!(node.kind, JoinKind::Semi | JoinKind::Anti);
                if is_enough || flow == Flow::Enough {
                    break;
                }
            }
            let keeps_lone = matches!(node.kind, JoinKind::Left | JoinKind::Full | JoinKind::Anti);
            if is_met && !block.is_last {
                let before = met.0.len();
                met.add(at);
                frame.memory.count((met.0.len() - before) * 8);
            } else if !is_met && block.is_last && keeps_lone {
                node.load_lone(frame);
                flow = self.emit(number, env, frame, sink)?;
            }
            at += 1;
        }
        reader.close(frame);
        if flow == Flow::More && node.kind == JoinKind::Full {
            flow = give_lone(node, block.table, &met_right, frame, sink)?;
        }
        Ok(flow)
    }

    /// Gives the row in the frame to the sink, or has it wait for those before it.
    fn emit(
        &mut self,
        number: i64,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        if !self.node.ordered {
            return sink(frame);
        }
        self.ordered.push(number, &self.slots, env, frame)?;
        Ok(Flow::More)
    }
}

/// Right rows of a part that are in memory together.
struct Block<'b> {
    table: &'b Table,
    /// No others come behind them.
    is_last: bool,
}

/// Fills a table with the next rows. Whether these were all.
fn fill(
    node: &HashJoin,
    table: &mut Table,
    reader: &mut TapeReader,
    frame: &mut Frame,
) -> Result<bool> {
    let (mut row, keys) = (Vec::new(), node.right_keys.len());
    let collations: &[Collation] = &node.collations;
    while reader.next(&mut row)? {
        frame.tick()?;
        let has_key = row[0].as_boolean() == Some(true);
        table.rows.keep_row(&row[RIGHT_KEY + keys..], &mut frame.memory);
        let key = &row[RIGHT_KEY..RIGHT_KEY + keys];
        table.add(key, has_key, collations, &mut frame.memory);
        if frame.memory.is_full(table.bytes()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Gives the right rows that have met no partner to the sink.
fn give_lone(
    node: &HashJoin,
    table: &Table,
    met: &[bool],
    frame: &mut Frame,
    sink: &mut Sink<'_>,
) -> Result<Flow> {
    set_null(&node.left_slots, frame);
    for at in (0..met.len()).filter(|at| !met[*at]) {
        frame.tick()?;
        table.rows.load(at, &node.right_slots, frame);
        if sink(frame)? == Flow::Enough {
            return Ok(Flow::Enough);
        }
    }
    Ok(Flow::More)
}
