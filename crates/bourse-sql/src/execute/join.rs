//! Joins: nested loops, whose right side may read by what the left row says, and hash joins, whose
//! right side is kept: in a table, or where that has no room in parts on disk ([`super::grace`]).

use std::cell::RefCell;
use std::sync::Arc;

use bourse::Collation;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::buffer::Rows;
use super::distinct::hash_row;
use super::evaluate::all_true;
use super::spill::partition::Partitions;
use super::{Cell, Env, Flow, Frame, Memory, Sink};
use crate::algebra::JoinKind;
use crate::datum::{Datum, compare};
use crate::error::Result;
use crate::plan::code::Code;
use crate::plan::measure::HashSpent;
use crate::plan::node::{HashJoin, Loop, Node};

/// In place of a row's number behind one that has no key.
const NO_KEY: u32 = u32::MAX;

pub(super) fn set_null(slots: &[usize], frame: &mut Frame) {
    for slot in slots {
        frame.slots[*slot] = Datum::Null;
    }
}

impl Loop {
    /// Gives the pairs, and what else the kind keeps, to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        if let (Some(slots), Node::Scan(scan)) = (&self.rounds, &self.right) {
            return self.run_in_rounds(scan, slots, env, frame, sink);
        }
        self.left.run(env, frame, &mut |frame| {
            frame.tick()?;
            self.join_row(env, frame, sink)
        })
    }

    /// Joins the left row in the frame.
    pub(super) fn join_row(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let mut met = false;
        let mut flow = Flow::More;
        self.right.run(env, frame, &mut |frame| {
            if !all_true(&self.on, env, frame)? {
                return Ok(Flow::More);
            }
            met = true;
            match self.kind {
                JoinKind::Semi | JoinKind::Anti => Ok(Flow::Enough),
                _ => {
                    flow = sink(frame)?;
                    Ok(flow)
                }
            }
        })?;
        match self.kind {
            JoinKind::Semi if met => sink(frame),
            JoinKind::Anti if !met => sink(frame),
            JoinKind::Left if !met => {
                set_null(&self.right_slots, frame);
                sink(frame)
            }
            _ => Ok(flow),
        }
    }
}

/// The right side of a hash join: rows, and which of them have a key.
pub(crate) struct Table {
    hasher: DefaultHashBuilder,
    pub(super) rows: Rows,
    pub(super) keys: Rows,
    /// The first row of each key.
    heads: HashTable<u32>,
    /// For each row the next one of the same key; its own number at the end.
    next: Vec<u32>,
}

/// What building a table came to.
enum Built {
    /// The whole right side.
    Table(Table),
    /// It has no room.
    Parts(Partitions),
}

impl HashJoin {
    /// Gives the pairs, and what else the kind keeps, to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let table = match &frame.cells[self.cell] {
            Cell::Table(table) if self.reuse => Arc::clone(table),
            _ => {
                let table = match self.build(env, frame)? {
                    Built::Table(table) => Arc::new(table),
                    Built::Parts(parts) => return self.run_in_parts(parts, env, frame, sink),
                };
                if self.reuse {
                    frame.cells[self.cell] = Cell::Table(Arc::clone(&table));
                }
                table
            }
        };
        let spent = HashSpent { batches: 1, memory: table.bytes(), disk: 0 };
        frame.tell(|told| told.hash = Some(spent));
        if table.rows.is_empty() && matches!(self.kind, JoinKind::Inner | JoinKind::Semi) {
            return Ok(Flow::More);
        }
        let met = RefCell::new(match self.kind {
            JoinKind::Full => vec![false; table.rows.len()],
            _ => Vec::new(),
        });
        let mut key = Vec::with_capacity(self.left_keys.len());
        let flow = self.left.run(env, frame, &mut |frame| {
            frame.tick()?;
            self.probe(&table, &mut key, &met, env, frame, sink)
        })?;
        if flow == Flow::More && self.kind == JoinKind::Full {
            let met = met.into_inner();
            set_null(&self.left_slots, frame);
            for at in (0..met.len()).filter(|at| !met[*at]) {
                table.rows.load(at, &self.right_slots, frame);
                if sink(frame)? == Flow::Enough {
                    return Ok(Flow::Enough);
                }
            }
        }
        if !self.reuse {
            frame.memory.give_back(table.bytes());
        }
        Ok(flow)
    }

    /// Looks for the partners of the left row in the frame.
    fn probe(
        &self,
        table: &Table,
        key: &mut Vec<Datum>,
        met: &RefCell<Vec<bool>>,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let mut found = false;
        let mut next = match self.read_key(&self.left_keys, key, env, frame)? {
            true => table.first(key, &self.collations),
            false => None,
        };
        while let Some(at) = next {
            table.rows.load(at, &self.right_slots, frame);
            if all_true(&self.on, env, frame)? {
                found = true;
                match self.kind {
                    JoinKind::Semi | JoinKind::Anti => break,
                    JoinKind::Full => met.borrow_mut()[at] = true,
                    _ => {}
                }
                if sink(frame)? == Flow::Enough {
                    return Ok(Flow::Enough);
                }
            }
            next = table.next(at);
        }
        match self.kind {
            JoinKind::Semi if found => sink(frame),
            JoinKind::Anti if !found => sink(frame),
            JoinKind::Left | JoinKind::Full if !found => {
                set_null(&self.right_slots, frame);
                sink(frame)
            }
            _ => Ok(Flow::More),
        }
    }

    /// Computes a row's key. Returns whether it can be equal to any.
    pub(super) fn read_key(
        &self,
        codes: &[Code],
        key: &mut Vec<Datum>,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<bool> {
        key.clear();
        for (code, nulls_equal) in codes.iter().zip(&self.nulls_equal) {
            let value = code.eval(env, frame)?;
            if value.is_null() && !nulls_equal {
                return Ok(false);
            }
            key.push(value);
        }
        Ok(true)
    }

    fn build(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Built> {
        let mut table = Table::new(self);
        let mut parts: Option<Partitions> = None;
        let mut key = Vec::with_capacity(self.right_keys.len());
        self.right.run(env, frame, &mut |frame| {
            frame.tick()?;
            let has_key = self.read_key(&self.right_keys, &mut key, env, frame)?;
            // A row that nothing can be equal to matters to a full join only.
            if !has_key && self.kind != JoinKind::Full {
                return Ok(Flow::More);
            }
            table.rows.keep_slots(&self.right_slots, frame);
            key.resize(self.right_keys.len(), Datum::Null);
            table.add(&key, has_key, &self.collations, &mut frame.memory);
            if frame.memory.is_full(table.bytes()) {
                self.put_apart(&mut table, &mut parts, 0, env, frame)?;
            }
            Ok(Flow::More)
        })?;
        if parts.is_some() {
            self.put_apart(&mut table, &mut parts, 0, env, frame)?;
        }
        Ok(match parts {
            Some(parts) => Built::Parts(parts),
            None => Built::Table(table),
        })
    }
}

impl Table {
    pub(super) fn new(node: &HashJoin) -> Table {
        Table {
            hasher: DefaultHashBuilder::default(),
            rows: Rows::new(node.right_slots.len()),
            keys: Rows::new(node.right_keys.len()),
            heads: HashTable::new(),
            next: Vec::new(),
        }
    }

    /// Bytes that were counted for it.
    pub(super) fn bytes(&self) -> usize {
        self.rows.bytes + self.keys.bytes
    }

    /// Whether the n-th row has a key.
    pub(super) fn has_key(&self, at: usize) -> bool {
        self.next[at] != NO_KEY
    }

    /// Adds the key of the row that was added last.
    pub(super) fn add(
        &mut self,
        key: &[Datum],
        has_key: bool,
        collations: &[Collation],
        memory: &mut Memory,
    ) {
        let number = u32::try_from(self.next.len()).unwrap_or(u32::MAX);
        self.keys.keep_row(key, memory);
        if !has_key {
            self.next.push(NO_KEY);
            return;
        }
        let hashed = hash_row(&self.hasher, key, collations);
        self.next.push(number);
        let Table { hasher, keys, heads, next, .. } = self;
        let is_same = |at: &u32| equal(keys.row(*at as usize), key, collations);
        match heads.find_mut(hashed, is_same) {
            // The new row goes in front, before those of the same key.
            Some(head) => {
                next[number as usize] = *head;
                *head = number;
            }
            None => {
                let rehash = |at: &u32| hash_row(hasher, keys.row(*at as usize), collations);
                heads.insert_unique(hashed, number, rehash);
            }
        }
    }

    /// The first row of a key.
    pub(super) fn first(&self, key: &[Datum], collations: &[Collation]) -> Option<usize> {
        let hashed = hash_row(&self.hasher, key, collations);
        let is_same = |at: &u32| equal(self.keys.row(*at as usize), key, collations);
        self.heads.find(hashed, is_same).map(|at| *at as usize)
    }

    /// The row of the same key behind one.
    pub(super) fn next(&self, at: usize) -> Option<usize> {
        let next = self.next[at] as usize;
        (next != at).then_some(next)
    }

    /// Lets go of all rows.
    pub(super) fn clear(&mut self, memory: &mut Memory) {
        self.rows.clear(memory);
        self.keys.clear(memory);
        self.heads.clear();
        self.next.clear();
    }
}

fn equal(a: &[Datum], b: &[Datum], collations: &[Collation]) -> bool {
    if let ([Datum::Integer(a)], [Datum::Integer(b)]) = (a, b) {
        return a == b;
    }
    let mut pairs = a.iter().zip(b).zip(collations);
    pairs.all(|((a, b), collation)| a.is_null() == b.is_null() && compare(a, b, *collation).is_eq())
}
