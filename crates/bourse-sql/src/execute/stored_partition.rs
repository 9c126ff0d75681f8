//! A window's partition that has no room in memory: its rows are on a tape in their order, and each
//! call computes its value row by row, with readers of its own for the rows that it needs.
//!
//! Values are those that are computed in memory, in the same way: an aggregate goes on with its
//! state while its frame begins where it began, and takes all rows of another one anew. Ends of
//! frames by a distance in values are looked for from where the last one was, for they do not go
//! back. Frames by a distance in groups of equals would need all groups: they are refused (53200).

use std::ops::Range;
use std::sync::Arc;

use super::evaluate::all;
use super::sort::{order, same};
use super::spill::tape::{Tape, TapeReader};
use super::window::{
    distance, in_reach, is_excluded, limit, not_shifted, ntile, picked_row, place, shifted,
};
use super::{Env, Flow, Frame, Sink};
use crate::algebra::{FrameExclusion, FrameUnits};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::{Accumulator, AggregateFunction, WindowFunction};
use crate::plan::node::{BoundCode, Window, WindowCode, WindowCodeKind};

/// The partition: its rows are the keys of the window's order, and its slots.
pub(super) struct StoredPartition<'p> {
    window: &'p Window,
    tape: Arc<Tape>,
}

/// Where a row stands.
struct Here {
    at: usize,
    count: usize,
    /// Rows that are equal to it in the order, and the number of their group.
    peers: Range<usize>,
    group: usize,
    /// Its keys.
    keys: Vec<Datum>,
}

/// A call, and how far it is.
struct Column<'p> {
    window: &'p Window,
    call: &'p WindowCode,
    /// For arguments.
    reader: TapeReader,
    row: Vec<Datum>,
    start: Bound<'p>,
    end: Bound<'p>,
    state: Option<Box<dyn Accumulator>>,
    /// The rows that the state has taken.
    taken: Range<usize>,
    /// The frame before, and the value there.
    last: Option<(Range<usize>, Datum)>,
}

/// An end of a frame, and where it was last.
struct Bound<'p> {
    code: &'p BoundCode,
    is_start: bool,
    distance: Datum,
    /// The row that is looked at next, with its keys, and how far values were last.
    reader: TapeReader,
    row: Vec<Datum>,
    limit: Option<Datum>,
}

impl<'p> StoredPartition<'p> {
    pub(super) fn new(window: &'p Window, tape: Arc<Tape>) -> StoredPartition<'p> {
        StoredPartition { window, tape }
    }

    /// Gives the rows, with what is computed over them, to the sink.
    pub(super) fn give(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let window = self.window;
        let buffers = (2 + 3 * window.calls.len()) * self.tape.reader_bytes();
        frame.memory.count(buffers);
        let mut columns = Vec::with_capacity(window.calls.len());
        for call in &window.calls {
            columns.push(self.column(call, env, frame)?);
        }
        let count = usize::try_from(self.tape.len()).unwrap_or(usize::MAX);
        let mut reader = TapeReader::new(&self.tape);
        let mut peers = Peers { reader: TapeReader::new(&self.tape), row: Vec::new() };
        peers.reader.next(&mut peers.row)?;
        let mut here = Here { at: 0, count, peers: 0..0, group: 0, keys: Vec::new() };
        let (mut row, mut flow) = (Vec::new(), Flow::More);
        while flow == Flow::More && reader.next(&mut row)? {
            frame.tick()?;
            let slots = row.split_off(window.order.len());
            here.keys.clone_from(&row);
            if here.at == here.peers.end {
                here.group += usize::from(here.at > 0);
                here.peers = here.at..peers.end(window, &here.keys, frame)?;
            }
            let mut values = Vec::with_capacity(columns.len());
            for column in &mut columns {
                values.push(column.value(&here, env, frame)?);
            }
            frame.put(&window.slots, slots);
            for (call, value) in window.calls.iter().zip(values) {
                frame.slots[call.slot] = value;
            }
            here.at += 1;
            flow = sink(frame)?;
        }
        frame.memory.give_back(buffers);
        Ok(flow)
    }

    fn column<'c>(
        &self,
        call: &'c WindowCode,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<Column<'c>>
    where
        'p: 'c,
    {
        let mut bound = |code: &'c BoundCode, is_start| {
            let has_distance = matches!(code, BoundCode::Preceding(_) | BoundCode::Following(_));
            if has_distance && call.units == FrameUnits::Groups {
                return Err(SqlError::new("53200", "out of memory")
                    .with_detail("A partition with GROUPS frames by a distance has no room.")
                    .with_hint("Raise the setting statement_memory."));
            }
            let distance = distance(code, is_start, call.units, env, frame)?;
            let reader = TapeReader::new(&self.tape);
            Ok(Bound { code, is_start, distance, reader, row: Vec::new(), limit: None })
        };
        Ok(Column {
            window: self.window,
            call,
            start: bound(&call.start, true)?,
            end: bound(&call.end, false)?,
            reader: TapeReader::new(&self.tape),
            row: Vec::new(),
            state: None,
            taken: 0..0,
            last: None,
        })
    }
}

/// Looks ahead for the ends of groups of equals.
struct Peers {
    reader: TapeReader,
    /// The first row behind the group before; empty behind the last row.
    row: Vec<Datum>,
}

impl Peers {
    /// The row behind those that are equal to the one where the group before ended.
    fn end(&mut self, window: &Window, keys: &[Datum], frame: &mut Frame) -> Result<usize> {
        while !self.row.is_empty() || window.order.is_empty() {
            if !same(&window.order, keys, &self.row) {
                break;
            }
            frame.tick()?;
            if !self.reader.next(&mut self.row)? {
                return Ok(usize::try_from(self.reader.position()).unwrap_or(usize::MAX));
            }
        }
        Ok(usize::try_from(self.reader.position() - 1).unwrap_or(usize::MAX))
    }
}

impl Bound<'_> {
    /// Where the frame of a row begins, or ends.
    fn place(
        &mut self,
        here: &Here,
        window: &Window,
        call: &WindowCode,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<usize> {
        let (at, behind) = (here.at, usize::from(!self.is_start));
        let of_peers = if self.is_start { here.peers.start } else { here.peers.end };
        let steps = match &self.distance {
            Datum::Integer(count) => usize::try_from(*count).unwrap_or(usize::MAX),
            _ => 0,
        };
        Ok(match (self.code, call.units) {
            (BoundCode::UnboundedPreceding, _) => 0,
            (BoundCode::UnboundedFollowing, _) => here.count,
            (BoundCode::CurrentRow, FrameUnits::Rows) => at + behind,
            (BoundCode::CurrentRow, _) => of_peers,
            (BoundCode::Preceding(_), FrameUnits::Rows) => {
                at.checked_sub(steps).map_or(0, |row| row + behind)
            }
            (BoundCode::Following(_), FrameUnits::Rows) => {
                at.saturating_add(steps).saturating_add(behind).min(here.count)
            }
            // A NULL is within any distance of NULLs alone.
            _ if here.keys.first().is_none_or(Datum::is_null) => of_peers,
            _ => self.within(here, window, call, env, frame)?,
        })
    }

    /// The first row within a distance in the order's value, or the one behind the last.
    fn within(
        &mut self,
        here: &Here,
        window: &Window,
        call: &WindowCode,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<usize> {
        let (Some(key), Some(by)) = (window.order.first(), call.distance.as_deref()) else {
            let message =
                "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column";
            return Err(SqlError::new("42P20", message));
        };
        let is_forward = matches!(self.code, BoundCode::Following(_));
        let subtracts = is_forward == key.descending;
        let limit = limit(&here.keys[0], &self.distance, by, subtracts, env)?;
        let (keys, is_start) = (&window.order[..1], self.is_start);
        let is_before = |row: &[Datum]| match &limit {
            Some(limit) => {
                let order = order(keys, &row[..1], std::slice::from_ref(limit));
                order.is_lt() || order.is_eq() && !is_start
            }
            // No value is at that distance: all are within it, or none.
            None if row[0].is_null() => key.nulls_first,
            None => is_forward,
        };
        let goes_back = match (&self.limit, &limit) {
            (Some(last), Some(limit)) => {
                order(keys, std::slice::from_ref(limit), std::slice::from_ref(last)).is_lt()
            }
            _ => true,
        };
        if goes_back {
            self.reader.seek(0)?;
            self.reader.next(&mut self.row)?;
        }
        while !self.row.is_empty() && is_before(&self.row) {
            frame.tick()?;
            self.reader.next(&mut self.row)?;
        }
        self.limit = limit;
        let behind = self.reader.position() - u64::from(!self.row.is_empty());
        Ok(usize::try_from(behind).unwrap_or(usize::MAX))
    }
}

impl Column<'_> {
    /// The arguments of a row, and whether its filter lets it take part.
    fn arguments(
        &mut self,
        row: usize,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<(Vec<Datum>, bool)> {
        if self.reader.position() != row as u64 {
            self.reader.seek(row as u64)?;
        }
        self.reader.next(&mut self.row)?;
        let values = self.row.drain(self.window.order.len()..);
        frame.put(&self.window.slots, values);
        let passes = match &self.call.filter {
            Some(filter) => filter.truth(env, frame)? == Some(true),
            None => true,
        };
        Ok((all(&self.call.arguments, env, frame)?, passes))
    }

    fn frame_of(&mut self, here: &Here, env: &Env<'_>, frame: &mut Frame) -> Result<Range<usize>> {
        let from = self.start.place(here, self.window, self.call, env, frame)?;
        let to = self.end.place(here, self.window, self.call, env, frame)?;
        Ok(from..to.max(from))
    }

    /// The value for a row.
    fn value(&mut self, here: &Here, env: &Env<'_>, frame: &mut Frame) -> Result<Datum> {
        let call = self.call;
        let first =
            |(arguments, _): (Vec<Datum>, bool)| arguments.into_iter().next().unwrap_or_default();
        match &call.kind {
            WindowCodeKind::Window(
                function @ (WindowFunction::FirstValue
                | WindowFunction::LastValue
                | WindowFunction::NthValue),
            ) => {
                let range = self.frame_of(here, env, frame)?;
                let (own, _) = self.arguments(here.at, env, frame)?;
                let exclusion = call.exclusion;
                match picked_row(*function, here.at, &range, exclusion, &here.peers, &own)? {
                    Some(row) => self.arguments(row, env, frame).map(first),
                    None => Ok(Datum::Null),
                }
            }
            WindowCodeKind::Window(function @ (WindowFunction::Lag | WindowFunction::Lead)) => {
                let (own, _) = self.arguments(here.at, env, frame)?;
                let count = in_reach(*function, here.at, here.count, env.dialect);
                match shifted(*function, here.at, count, &own) {
                    Some(row) => self.arguments(row, env, frame).map(first),
                    None => Ok(not_shifted(&own)),
                }
            }
            WindowCodeKind::Window(WindowFunction::Ntile) => {
                let (arguments, _) = self.arguments(0, env, frame)?;
                ntile(here.at, here.count, &arguments)
            }
            WindowCodeKind::Window(function) => {
                Ok(place(*function, here.at, here.count, &here.peers, here.group))
            }
            WindowCodeKind::Aggregate { function, types, collation } => {
                let range = self.frame_of(here, env, frame)?;
                let start = || function.begin(types, *collation);
                self.aggregated(here, range, function, &start, env, frame)
            }
        }
    }

    fn aggregated(
        &mut self,
        here: &Here,
        range: Range<usize>,
        function: &AggregateFunction,
        start: &dyn Fn() -> Box<dyn Accumulator>,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<Datum> {
        let exclusion = self.call.exclusion;
        if exclusion != FrameExclusion::NoOthers {
            let mut state = start();
            let is_out = |row: &usize| is_excluded(exclusion, here.at, *row, &here.peers);
            for row in range.filter(|row| !is_out(row)) {
                self.add(row, function, &mut *state, env, frame)?;
            }
            return state.result(env.context);
        }
        if let Some((last, value)) = &self.last
            && *last == range
        {
            return Ok(value.clone());
        }
        let goes_on = self.state.take().filter(|_| {
            let taken = &self.taken;
            range.start == taken.start && range.end >= taken.end && !taken.is_empty()
        });
        let mut state = match goes_on {
            Some(state) => state,
            None => {
                self.taken = range.start..range.start;
                start()
            }
        };
        for row in self.taken.end..range.end {
            self.add(row, function, &mut *state, env, frame)?;
        }
        self.taken.end = range.end.max(self.taken.end);
        let value = state.result(env.context)?;
        self.state = Some(state);
        self.last = Some((range, value.clone()));
        Ok(value)
    }

    fn add(
        &mut self,
        row: usize,
        function: &AggregateFunction,
        to: &mut dyn Accumulator,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        frame.tick()?;
        let (arguments, passes) = self.arguments(row, env, frame)?;
        let is_passed_over = function.strict && arguments.iter().any(Datum::is_null);
        if !passes || is_passed_over {
            return Ok(());
        }
        to.add(&arguments, env.context)
    }
}
