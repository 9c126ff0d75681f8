//! Joins: nested loops, whose right side may read by what the left row says, and hash joins, whose
//! right side is kept.

use std::cell::RefCell;
use std::sync::Arc;

use bourse::Collation;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::buffer::Rows;
use super::distinct::hash_row;
use super::evaluate::all_true;
use super::{Cell, Env, Flow, Frame, Sink};
use crate::algebra::JoinKind;
use crate::datum::{Datum, compare};
use crate::error::Result;
use crate::plan::code::Code;
use crate::plan::node::{HashJoin, Loop, Node};

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
    rows: Rows,
    keys: Rows,
    /// The first row of each key.
    heads: HashTable<u32>,
    /// For each row the next one of the same key; its own number at the end.
    next: Vec<u32>,
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
                let table = Arc::new(self.build(env, frame)?);
                if self.reuse {
                    frame.cells[self.cell] = Cell::Table(Arc::clone(&table));
                }
                table
            }
        };
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
            frame.memory.give_back(table.rows.bytes + table.keys.bytes);
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
            let row = at as usize;
            table.rows.load(row, &self.right_slots, frame);
            if all_true(&self.on, env, frame)? {
                found = true;
                match self.kind {
                    JoinKind::Semi | JoinKind::Anti => break,
                    JoinKind::Full => met.borrow_mut()[row] = true,
                    _ => {}
                }
                if sink(frame)? == Flow::Enough {
                    return Ok(Flow::Enough);
                }
            }
            next = Some(table.next[row]).filter(|next| *next != at);
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
    fn read_key(
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

    fn build(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Table> {
        let mut table = Table {
            hasher: DefaultHashBuilder::default(),
            rows: Rows::new(self.right_slots.len()),
            keys: Rows::new(self.right_keys.len()),
            heads: HashTable::new(),
            next: Vec::new(),
        };
        let mut key = Vec::with_capacity(self.right_keys.len());
        self.right.run(env, frame, &mut |frame| {
            frame.tick()?;
            let has_key = self.read_key(&self.right_keys, &mut key, env, frame)?;
            // A row that nothing can be equal to matters to a full join only.
            if !has_key && self.kind != JoinKind::Full {
                return Ok(Flow::More);
            }
            table.rows.push_slots(&self.right_slots, frame)?;
            key.resize(self.right_keys.len(), Datum::Null);
            let values = std::mem::take(&mut key);
            table.add(values, has_key, &self.collations, frame)?;
            Ok(Flow::More)
        })?;
        Ok(table)
    }
}

impl Table {
    fn add(
        &mut self,
        key: Vec<Datum>,
        has_key: bool,
        collations: &[Collation],
        frame: &mut Frame,
    ) -> Result<()> {
        let number = u32::try_from(self.next.len()).unwrap_or(u32::MAX);
        let hashed = hash_row(&self.hasher, &key, collations);
        self.keys.push(key, &mut frame.memory)?;
        self.next.push(number);
        if !has_key {
            return Ok(());
        }
        let Table { hasher, keys, heads, next, .. } = self;
        let key = keys.row(number as usize);
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
        Ok(())
    }

    fn first(&self, key: &[Datum], collations: &[Collation]) -> Option<u32> {
        let hashed = hash_row(&self.hasher, key, collations);
        self.heads.find(hashed, |at| equal(self.keys.row(*at as usize), key, collations)).copied()
    }
}

fn equal(a: &[Datum], b: &[Datum], collations: &[Collation]) -> bool {
    if let ([Datum::Integer(a)], [Datum::Integer(b)]) = (a, b) {
        return a == b;
    }
    let mut pairs = a.iter().zip(b).zip(collations);
    pairs.all(|((a, b), collation)| a.is_null() == b.is_null() && compare(a, b, *collation).is_eq())
}
