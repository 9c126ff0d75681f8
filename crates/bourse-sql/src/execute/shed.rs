//! Rows that aggregates keep until the end, for they take each combination of arguments once, or
//! rows in an order: on disk, where memory has no room for them.
//!
//! When memory is used up, what all groups have kept is written, with the number of its group and
//! a number of its own, and the groups go on with nothing. In the end rows of each aggregate are
//! sorted by group and order, without what was there before, and each group takes its own.
//!
//! A group's aggregate takes the same rows in the same order as in memory: of equal arguments the
//! first row counts, and rows that are equal in the order come as they came (D4).

use std::cmp::Ordering;
use std::sync::Arc;

use super::aggregate::State;
use super::distinct::same_row;
use super::sort::order;
use super::spill::SpillFile;
use super::spill::merge::{Compare, ExternalSort, Merge};
use super::spill::tape::TapeWriter;
use super::{Env, Frame};
use crate::datum::{Datum, compare};
use crate::error::Result;
use crate::plan::node::{Aggregate, AggregateCode, AggregateCodeKind};

/// Values of a row before the keys of its order: the number of its group, and its own.
const KEYS: usize = 2;

/// Rows on disk, of each aggregate that keeps some.
pub(super) struct Shed<'p> {
    plan: &'p Aggregate,
    file: Option<Arc<SpillFile>>,
    writers: Vec<Option<TapeWriter>>,
    number: i64,
}

/// Two orders of an aggregate's rows: by group and arguments, where each combination counts once,
/// and by group and order.
pub(super) struct Orders<'p> {
    distinct: Option<Box<Compare<'p>>>,
    ordered: Box<Compare<'p>>,
}

fn numbers(row: &[Datum]) -> (Option<i64>, Option<i64>) {
    (row[0].as_integer(), row[1].as_integer())
}

/// How many keys an aggregate's order has.
fn keys_of(code: &AggregateCode) -> usize {
    match &code.kind {
        AggregateCodeKind::Function { order, .. } => order.len(),
        AggregateCodeKind::Bare { .. } => 0,
    }
}

impl<'p> Shed<'p> {
    pub(super) fn new(plan: &'p Aggregate) -> Shed<'p> {
        let writers = plan.aggregates.iter().map(|_| None).collect();
        Shed { plan, file: None, writers, number: 0 }
    }

    /// Takes all that the states of groups keep.
    pub(super) fn take(
        &mut self,
        states: &mut [State],
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let file = match &self.file {
            Some(file) => Arc::clone(file),
            None => Arc::clone(self.file.insert(env.disk.file(&frame.memory)?)),
        };
        let width = self.plan.aggregates.len();
        for (at, state) in states.iter_mut().enumerate() {
            let State::Kept { distinct, rows } = state else { continue };
            let (group, aggregate) = (at / width, at % width);
            let writer = self.writers[aggregate].get_or_insert_with(|| {
                TapeWriter::new(&file, KEYS + rows.width(), &mut frame.memory)
            });
            for row in 0..rows.len() {
                frame.tick()?;
                let group = i64::try_from(group).unwrap_or(i64::MAX);
                let begin = [Datum::Integer(group), Datum::Integer(self.number)];
                self.number += 1;
                writer.push(begin.iter().chain(rows.row(row)))?;
            }
            rows.clear(&mut frame.memory);
            if let Some(distinct) = distinct {
                distinct.clear(&mut frame.memory);
            }
        }
        Ok(())
    }

    /// Bytes on disk.
    pub(super) fn bytes(&self) -> u64 {
        self.file.as_ref().map_or(0, |file| file.bytes())
    }

    /// The orders of each aggregate's rows.
    pub(super) fn orders(&self) -> Vec<Orders<'p>> {
        let orders = |code: &'p AggregateCode| {
            let by_group = |a: &[Datum], b: &[Datum]| numbers(a).0.cmp(&numbers(b).0);
            let by_number = |a: &[Datum], b: &[Datum]| numbers(a).1.cmp(&numbers(b).1);
            let AggregateCodeKind::Function { order: keys, distinct, collations, .. } = &code.kind
            else {
                return Orders { distinct: None, ordered: Box::new(by_number) };
            };
            let first = KEYS + keys.len();
            let ordered = move |a: &[Datum], b: &[Datum]| {
                by_group(a, b)
                    .then_with(|| order(keys, &a[KEYS..], &b[KEYS..]))
                    .then_with(|| by_number(a, b))
            };
            let by_arguments = move |a: &[Datum], b: &[Datum]| {
                let mut pairs = a[first..].iter().zip(&b[first..]).zip(collations);
                let differs = pairs.find_map(|((a, b), collation)| {
                    let order = match (a.is_null(), b.is_null()) {
                        (false, false) => compare(a, b, *collation),
                        (a, b) => a.cmp(&b),
                    };
                    order.is_ne().then_some(order)
                });
                by_group(a, b)
                    .then(differs.unwrap_or(Ordering::Equal))
                    .then_with(|| by_number(a, b))
            };
            Orders {
                distinct: distinct.then(|| Box::new(by_arguments) as Box<Compare<'p>>),
                ordered: Box::new(ordered),
            }
        };
        self.plan.aggregates.iter().map(orders).collect()
    }

    /// The rows, each aggregate's in the order of groups.
    pub(super) fn sorted<'o>(
        self,
        orders: &'o [Orders<'p>],
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<Streams<'o>>
    where
        'p: 'o,
    {
        let mut streams = Streams::default();
        let plan = self.plan;
        for ((writer, code), orders) in self.writers.into_iter().zip(&plan.aggregates).zip(orders) {
            let Some(writer) = writer else { continue };
            let tape = writer.finish(&mut frame.memory)?;
            let width = tape.width();
            let mut sort = ExternalSort::new(width, &*orders.ordered);
            let (mut reader, mut row) = (tape.open(frame), Vec::with_capacity(width));
            match &orders.distinct {
                None => {
                    while reader.next(&mut row)? {
                        frame.tick()?;
                        sort.push(&row, env, frame)?;
                    }
                    reader.close(frame);
                }
                Some(distinct) => {
                    let mut once = ExternalSort::new(width, &**distinct);
                    while reader.next(&mut row)? {
                        frame.tick()?;
                        once.push(&row, env, frame)?;
                    }
                    reader.close(frame);
                    let mut merge = once.merge(env, frame)?;
                    let mut last: Vec<Datum> = Vec::new();
                    while let Some(row) = merge.next()? {
                        frame.tick()?;
                        if !is_repeated(code, &last, row) {
                            sort.push(row, env, frame)?;
                            last.clone_from(row);
                        }
                    }
                    merge.end(&mut frame.memory);
                }
            }
            streams.add(code, sort.merge(env, frame)?)?;
        }
        Ok(streams)
    }
}

/// Whether a row has group and arguments of the one before.
fn is_repeated(code: &AggregateCode, last: &[Datum], row: &[Datum]) -> bool {
    let AggregateCodeKind::Function { collations, .. } = &code.kind else { return false };
    let first = KEYS + keys_of(code);
    last.len() == row.len()
        && numbers(last).0 == numbers(row).0
        && same_row(&last[first..], &row[first..], collations)
}

/// Rows of an aggregate in the order of groups, and the next one of them.
struct Stream<'o> {
    code: &'o AggregateCode,
    merge: Merge<'o>,
    next: Option<Vec<Datum>>,
}

/// Rows of all aggregates that keep some.
#[derive(Default)]
pub(super) struct Streams<'o>(Vec<Stream<'o>>);

impl<'o> Streams<'o> {
    fn add(&mut self, code: &'o AggregateCode, mut merge: Merge<'o>) -> Result<()> {
        let next = merge.next()?.map(std::mem::take);
        self.0.push(Stream { code, merge, next });
        Ok(())
    }

    /// Puts the results of a group into the frame. Groups are asked for in their order.
    pub(super) fn put_results(
        &mut self,
        group: usize,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let group = i64::try_from(group).ok();
        for Stream { code, merge, next } in &mut self.0 {
            let AggregateCodeKind::Function { function, types, collation, .. } = &code.kind else {
                continue;
            };
            let first = KEYS + keys_of(code);
            let mut accumulator = function.begin(types, *collation);
            while let Some(row) = next
                && numbers(row).0 == group
            {
                frame.tick()?;
                accumulator.add(&row[first..], env.context)?;
                *next = merge.next()?.map(std::mem::take);
            }
            frame.slots[code.slot] = accumulator.result(env.context)?;
        }
        Ok(())
    }

    /// Lets go of the buffers.
    pub(super) fn end(self, frame: &mut Frame) {
        self.0.into_iter().for_each(|stream| stream.merge.end(&mut frame.memory));
    }
}
