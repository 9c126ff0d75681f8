//! Groups and aggregates. Rows are taken into a hash table of groups; where they come group by
//! group already, one group is kept at a time.
//!
//! When there is no room for new groups any more, rows of others are put aside on disk by the hash
//! of their key ([`super::spill::partition`]); those in memory go on taking theirs. In the end each
//! part is a table of groups by itself, with parts of its own if need be. Rows that aggregates keep
//! until the end have a way of their own to disk ([`super::shed`]).

use super::buffer::Rows;
use super::distinct::RowSet;
use super::evaluate::leaf;
use super::shed::{Shed, Streams};
use super::sort::order;
use super::spill::partition::{Partitions, Waiting};
use super::{Env, Flow, Frame, Sink};
use crate::datum::{Datum, compare};
use crate::error::Result;
use crate::function::Accumulator;
use crate::plan::measure::HashSpent;
use crate::plan::node::{Aggregate, AggregateCode, AggregateCodeKind};

/// The state of one aggregate of one group.
pub(super) enum State {
    /// Takes rows as they come.
    Running(Box<dyn Accumulator>),
    /// Takes each combination of arguments once, or rows in an order: they are kept until the end.
    Kept { distinct: Option<RowSet>, rows: Rows },
    /// A value of the row in which the least or greatest was found.
    Bare { value: Datum, best: Datum, is_set: bool },
}

impl State {
    fn new(code: &AggregateCode) -> State {
        match &code.kind {
            AggregateCodeKind::Bare { .. } => {
                State::Bare { value: Datum::Null, best: Datum::Null, is_set: false }
            }
            AggregateCodeKind::Function {
                function,
                types,
                collation,
                distinct,
                order,
                arguments,
                collations,
            } => {
                if *distinct || !order.is_empty() {
                    let distinct = distinct.then(|| RowSet::new(collations.to_vec()));
                    let rows = Rows::new(order.len() + arguments.len());
                    return State::Kept { distinct, rows };
                }
                State::Running(function.begin(types, *collation))
            }
        }
    }

    /// Takes the frame's row. Returns the bytes that it keeps of it.
    fn add(&mut self, code: &AggregateCode, env: &Env<'_>, frame: &mut Frame) -> Result<usize> {
        if let Some(filter) = &code.filter
            && filter.truth(env, frame)? != Some(true)
        {
            return Ok(0);
        }
        let AggregateCodeKind::Function { function, arguments, order, .. } = &code.kind else {
            return Ok(0);
        };
        if let State::Running(accumulator) = self {
            match &**arguments {
                [] => return accumulator.add(&[], env.context).map(|()| 0),
                // A column is taken where it is.
                [argument] => {
                    if let Some(value) = leaf(argument, env, frame) {
                        if function.strict && value.is_null() {
                            return Ok(0);
                        }
                        let taken = accumulator.add(std::slice::from_ref(value), env.context);
                        return taken.map(|()| 0);
                    }
                }
                _ => {}
            }
        }
        let mut few: [Datum; 2] = Default::default();
        let many;
        let values: &[Datum] = match arguments.len() {
            0 => &[],
            count @ 1..=2 => {
                for (value, code) in few.iter_mut().zip(arguments) {
                    *value = code.eval(env, frame)?;
                }
                &few[..count]
            }
            _ => {
                many = super::evaluate::all(arguments, env, frame)?;
                &many
            }
        };
        if function.strict && values.iter().any(Datum::is_null) {
            return Ok(0);
        }
        match self {
            State::Running(accumulator) => accumulator.add(values, env.context).map(|()| 0),
            State::Kept { distinct, rows } => {
                let before = frame.memory.used;
                if let Some(distinct) = distinct
                    && !distinct.keep(values, &mut frame.memory)
                {
                    return Ok(0);
                }
                let mut row = Vec::with_capacity(order.len() + values.len());
                for key in order {
                    row.push(key.code.eval(env, frame)?);
                }
                row.extend_from_slice(values);
                rows.keep(row, &mut frame.memory);
                Ok(frame.memory.used.saturating_sub(before))
            }
            State::Bare { .. } => Ok(0),
        }
    }

    fn result(&mut self, code: &AggregateCode, env: &Env<'_>, frame: &mut Frame) -> Result<Datum> {
        match (self, &code.kind) {
            (State::Running(accumulator), _) => accumulator.result(env.context),
            (State::Bare { value, .. }, _) => Ok(value.clone()),
            (
                State::Kept { rows, distinct },
                AggregateCodeKind::Function { function, types, collation, order: keys, .. },
            ) => {
                let mut numbers: Vec<usize> = (0..rows.len()).collect();
                numbers.sort_by(|a, b| order(keys, rows.row(*a), rows.row(*b)));
                let mut accumulator = function.begin(types, *collation);
                for at in numbers {
                    frame.tick()?;
                    accumulator.add(&rows.row(at)[keys.len()..], env.context)?;
                }
                rows.clear(&mut frame.memory);
                if let Some(distinct) = distinct {
                    distinct.rows.clear(&mut frame.memory);
                }
                accumulator.result(env.context)
            }
            (State::Kept { .. }, AggregateCodeKind::Bare { .. }) => Ok(Datum::Null),
        }
    }
}

/// Whether bare columns are of a row: of one in which MIN or MAX finds its value, of the last of
/// those before the first value, and where it takes none, of the first.
fn is_wanted(
    of: &AggregateCode,
    best: &mut Datum,
    is_set: bool,
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<bool> {
    let AggregateCodeKind::Function { function, collation, arguments, .. } = &of.kind else {
        return Ok(!is_set);
    };
    if let Some(filter) = &of.filter
        && filter.truth(env, frame)? != Some(true)
    {
        return Ok(!is_set);
    }
    let candidate = match arguments.first() {
        Some(code) => code.eval(env, frame)?,
        None => Datum::Null,
    };
    if best.is_null() {
        *best = candidate;
        return Ok(true);
    }
    if candidate.is_null() {
        return Ok(false);
    }
    let order = compare(&candidate, best, *collation);
    let is_better = if function.name == "max" { order.is_gt() } else { order.is_lt() };
    if is_better {
        *best = candidate;
    }
    Ok(is_better)
}

/// Groups of one grouping set.
struct Groups<'p> {
    plan: &'p Aggregate,
    set: &'p [usize],
    keys: RowSet,
    states: Vec<State>,
    /// Bytes counted for states.
    bytes: usize,
    /// Bytes counted for rows that states keep, and those of them that have gone to disk.
    kept_bytes: usize,
    shed: Option<Shed<'p>>,
    /// Rows of groups that have no room, by a hash of this level.
    deferred: Option<Partitions>,
    level: u32,
    spent: HashSpent,
}

impl<'p> Groups<'p> {
    fn new(plan: &'p Aggregate, set: &'p [usize]) -> Groups<'p> {
        let collations = set.iter().map(|at| plan.keys[*at].2).collect();
        Groups {
            plan,
            set,
            keys: RowSet::new(collations),
            states: Vec::new(),
            bytes: 0,
            kept_bytes: 0,
            shed: None,
            deferred: None,
            level: 0,
            spent: HashSpent { batches: 1, ..HashSpent::default() },
        }
    }

    /// Puts the frame's row aside, for there is no room for its group.
    #[cold]
    fn defer(&mut self, key: &[Datum], env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        let slots = &self.plan.slots;
        let parts = match &mut self.deferred {
            Some(parts) => parts,
            None => {
                let width = key.len() + slots.len();
                self.deferred.insert(Partitions::new(self.level, width, env, &frame.memory)?)
            }
        };
        let collations: Vec<_> = self.set.iter().map(|at| self.plan.keys[*at].2).collect();
        let place = parts.place(key, &collations);
        let values = slots.iter().map(|slot| &frame.slots[*slot]);
        parts.push(place, key.iter().chain(values), &mut frame.memory)
    }

    /// Gives the groups that had no room, part by part.
    fn give_deferred(
        &mut self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let mut waiting = Waiting::of(self.deferred.take(), frame)?;
        let (mut row, plan) = (Vec::new(), self.plan);
        while let Some((part, level)) = waiting.next() {
            self.level = level;
            let mut reader = part.tape.open(frame);
            while reader.next(&mut row)? {
                frame.tick()?;
                frame.put(&plan.slots, row.drain(self.set.len()..));
                self.add(&row, env, frame)?;
            }
            reader.close(frame);
            if self.give(env, frame, sink)? == Flow::Enough {
                return Ok(Flow::Enough);
            }
            waiting.add(self.deferred.take(), frame)?;
        }
        self.spent.batches += waiting.count;
        self.spent.disk += waiting.bytes;
        Ok(Flow::More)
    }

    /// Takes the frame's row into its group.
    fn add(&mut self, key: &[Datum], env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        let Some((group, is_new)) = self.keys.offer(key, &mut frame.memory) else {
            return self.defer(key, env, frame);
        };
        let width = self.plan.aggregates.len();
        if is_new {
            self.states.extend(self.plan.aggregates.iter().map(State::new));
            let bytes = width * (size_of::<State>() + 48);
            self.bytes += bytes;
            frame.memory.count(bytes);
        }
        let mut kept = 0;
        let states = &mut self.states[group * width..(group + 1) * width];
        for (state, code) in states.iter_mut().zip(&self.plan.aggregates) {
            match (&mut *state, &code.kind) {
                (
                    State::Bare { value: kept, best, is_set },
                    AggregateCodeKind::Bare { value, of },
                ) => {
                    let wanted = match of.map(|at| &self.plan.aggregates[at]) {
                        Some(of) => is_wanted(of, best, *is_set, env, frame)?,
                        None => !*is_set,
                    };
                    if wanted {
                        *kept = value.eval(env, frame)?;
                        *is_set = true;
                    }
                }
                _ => kept += state.add(code, env, frame)?,
            }
        }
        if kept > 0 {
            self.kept_bytes += kept;
            if frame.memory.is_full(self.kept_bytes) {
                self.shed(env, frame)?;
            }
        }
        Ok(())
    }

    /// Has the rows that states keep go to disk.
    #[cold]
    fn shed(&mut self, env: &Env<'_>, frame: &mut Frame) -> Result<()> {
        self.kept_bytes = 0;
        let plan = self.plan;
        let shed = self.shed.get_or_insert_with(|| Shed::new(plan));
        shed.take(&mut self.states, env, frame)
    }

    /// Gives the groups to the sink, and forgets them.
    fn give(&mut self, env: &Env<'_>, frame: &mut Frame, sink: &mut Sink<'_>) -> Result<Flow> {
        let memory = self.keys.rows.bytes + self.bytes + self.kept_bytes;
        self.spent.memory = self.spent.memory.max(memory);
        if self.shed.is_some() {
            self.shed(env, frame)?;
        }
        match self.shed.take() {
            None => self.give_all(&mut Streams::default(), env, frame, sink),
            Some(shed) => {
                self.spent.disk += shed.bytes();
                let orders = shed.orders();
                let mut streams = shed.sorted(&orders, env, frame)?;
                let flow = self.give_all(&mut streams, env, frame, sink);
                streams.end(frame);
                flow
            }
        }
    }

    fn give_all(
        &mut self,
        streams: &mut Streams<'_>,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let width = self.plan.aggregates.len();
        let mut flow = Flow::More;
        for group in 0..self.keys.rows.len() {
            frame.tick()?;
            let states = &mut self.states[group * width..(group + 1) * width];
            for (state, code) in states.iter_mut().zip(&self.plan.aggregates) {
                frame.slots[code.slot] = state.result(code, env, frame)?;
            }
            streams.put_results(group, env, frame)?;
            for (slot, ..) in &self.plan.keys {
                frame.slots[*slot] = Datum::Null;
            }
            for (at, value) in self.set.iter().zip(self.keys.rows.row(group)) {
                frame.slots[self.plan.keys[*at].0].clone_from(value);
            }
            for (slot, keys) in &self.plan.groupings {
                let bits =
                    keys.iter().fold(0, |bits, key| bits << 1 | i64::from(!self.set.contains(key)));
                frame.slots[*slot] = Datum::Integer(bits);
            }
            flow = sink(frame)?;
            if flow == Flow::Enough {
                break;
            }
        }
        self.keys.rows.clear(&mut frame.memory);
        frame.memory.give_back(std::mem::take(&mut self.bytes));
        self.keys = RowSet::new(self.set.iter().map(|at| self.plan.keys[*at].2).collect());
        self.states.clear();
        self.kept_bytes = 0;
        Ok(flow)
    }
}

impl Aggregate {
    /// Gives the groups to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let mut groups: Vec<Groups<'_>> =
            self.sets.iter().map(|set| Groups::new(self, set)).collect();
        let mut keys: Vec<Datum> = Vec::with_capacity(self.keys.len());
        let mut part: Vec<Datum> = Vec::new();
        let mut flow = Flow::More;
        self.input.run(env, frame, &mut |frame| {
            frame.tick()?;
            keys.clear();
            for (_, code, _) in &self.keys {
                keys.push(code.eval(env, frame)?);
            }
            if let [only] = &mut groups[..] {
                // The set of all keys is the usual one: then they are the group's key as they are.
                let is_whole = only.set.len() == keys.len() && only.set.is_sorted();
                if !is_whole {
                    part.clear();
                    part.extend(only.set.iter().map(|at| keys[*at].clone()));
                }
                let key = if is_whole { &keys } else { &part };
                if self.sorted && !only.keys.rows.is_empty() && only.keys.find(key).is_none() {
                    flow = only.give(env, frame, sink)?;
                    if flow == Flow::Enough {
                        return Ok(Flow::Enough);
                    }
                    // A key may be a column handed on: the row of now is to be there again (E1).
                    for ((slot, ..), value) in self.keys.iter().zip(&keys) {
                        frame.slots[*slot].clone_from(value);
                    }
                }
                only.add(key, env, frame)?;
                return Ok(Flow::More);
            }
            for groups in &mut groups {
                part.clear();
                part.extend(groups.set.iter().map(|at| keys[*at].clone()));
                groups.add(&part, env, frame)?;
            }
            Ok(Flow::More)
        })?;
        if flow == Flow::Enough {
            return Ok(Flow::Enough);
        }
        for groups in &mut groups {
            // Aggregates of no group make a row of no rows.
            if groups.set.is_empty() && groups.keys.rows.is_empty() {
                groups.keys.add(&[], &mut frame.memory)?;
                groups.states.extend(self.aggregates.iter().map(State::new));
            }
            flow = groups.give(env, frame, sink)?;
            if flow == Flow::More {
                flow = groups.give_deferred(env, frame, sink)?;
            }
            if flow == Flow::Enough {
                break;
            }
        }
        for parts in groups.iter_mut().filter_map(|groups| groups.deferred.take()) {
            parts.abandon(&mut frame.memory);
        }
        frame.tell(|told| told.groups = groups.iter().map(|g| g.spent).reduce(HashSpent::and));
        Ok(flow)
    }
}
