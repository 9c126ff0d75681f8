//! Window functions. Rows are kept and sorted by partition and order; each partition is a stretch
//! of them, and each call computes its value for all rows of a stretch.
//!
//! When memory is used up, the rows are written in order as a run, and the runs are merged in the
//! end: then one partition at a time is in memory, or where even that has no room on disk
//! ([`super::stored_partition`]).
//!
//! Aggregates over frames that only grow (from the partition's begin) take each row once; others
//! are computed anew for each frame that differs from the one before.

use std::cmp::Ordering;
use std::ops::Range;

use super::buffer::Rows;
use super::evaluate::all;
use super::sort::{order, same};
use super::window_rows::{ROW_BYTES, Waiting};
use super::{Env, Flow, Frame, Sink};
use crate::Dialect;
use crate::algebra::{FrameExclusion, FrameUnits};
use crate::datum::{Datum, compare};
use crate::error::{Result, SqlError};
use crate::function::cast::sqlite::{exact_integer, to_number};
use crate::function::cast::{apply_affinity, cast};
use crate::function::{Accumulator, AggregateFunction, Resolved, ScalarFunction, WindowFunction};
use crate::plan::node::{BoundCode, Distance, SortCode, Window, WindowCode, WindowCodeKind};
use crate::types::Affinity;

/// A partition: numbers of its rows in order, their keys, and which are equal in the order.
pub(super) struct Partition<'p> {
    rows: &'p Rows,
    numbers: &'p [usize],
    /// Order keys by number of row.
    keys: &'p [Vec<Datum>],
    order: &'p [SortCode],
    /// For each row the group of equals that it is in.
    group_of: Vec<usize>,
    groups: Vec<Range<usize>>,
}

impl Window {
    /// Gives the rows, with what is computed over their windows, to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let mut waiting = Waiting::new(self);
        self.input.run(env, frame, &mut |frame| {
            frame.tick()?;
            let mut partition = Vec::with_capacity(self.partition.len());
            for (code, _) in &self.partition {
                partition.push(code.eval(env, frame)?);
            }
            waiting.partitions.push(partition);
            waiting.keys.push(super::sort::keys_of(&self.order, env, frame)?);
            frame.memory.count(ROW_BYTES);
            waiting.rows.keep_slots(&self.slots, frame);
            if frame.memory.is_full(waiting.rows.bytes) {
                waiting.spill(env, frame)?;
            }
            Ok(Flow::More)
        })?;
        if waiting.runs.is_empty() {
            return waiting.give(env, frame, sink);
        }
        waiting.spill(env, frame)?;
        let runs = std::mem::take(&mut waiting.runs);
        drop(waiting);
        self.give_runs(runs, env, frame, sink)
    }

    /// The order of two rows' partitions.
    pub(super) fn between(&self, a: &[Datum], b: &[Datum]) -> Ordering {
        let mut pairs = a.iter().zip(b).zip(&self.partition);
        let differs = pairs.find_map(|((a, b), (_, collation))| {
            Some(compare(a, b, *collation)).filter(|order| order.is_ne())
        });
        differs.unwrap_or(Ordering::Equal)
    }

    /// Gives the rows of a partition to the sink.
    pub(super) fn give_partition(
        &self,
        partition: &Partition<'_>,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let mut columns = Vec::with_capacity(self.calls.len());
        for call in &self.calls {
            columns.push(self.compute(call, partition, env, frame)?);
        }
        for (at, number) in partition.numbers.iter().enumerate() {
            frame.tick()?;
            partition.rows.load(*number, &self.slots, frame);
            for (call, column) in self.calls.iter().zip(&mut columns) {
                frame.slots[call.slot] = std::mem::take(&mut column[at]);
            }
            if sink(frame)? == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }

    /// The values of a call for the rows of a partition.
    fn compute(
        &self,
        call: &WindowCode,
        partition: &Partition<'_>,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<Vec<Datum>> {
        let mut arguments = Vec::with_capacity(partition.len());
        let mut takes_part = Vec::with_capacity(partition.len());
        for number in partition.numbers {
            partition.rows.load(*number, &self.slots, frame);
            let passes = match &call.filter {
                Some(filter) => filter.truth(env, frame)? == Some(true),
                None => true,
            };
            takes_part.push(passes);
            arguments.push(all(&call.arguments, env, frame)?);
        }
        match &call.kind {
            WindowCodeKind::Window(
                function @ (WindowFunction::FirstValue
                | WindowFunction::LastValue
                | WindowFunction::NthValue),
            ) => {
                let frames = partition.frames(call, env, frame)?;
                let values = frames.iter().enumerate();
                values
                    .map(|(at, range)| picked(*function, at, range, call, partition, &arguments))
                    .collect()
            }
            WindowCodeKind::Window(function) => {
                ranked(*function, partition, &arguments, env.dialect)
            }
            WindowCodeKind::Aggregate { function, types, collation } => {
                let frames = partition.frames(call, env, frame)?;
                let start = || function.begin(types, *collation);
                let input = Input { arguments: &arguments, takes_part: &takes_part, function };
                aggregated(&start, &input, &frames, call.exclusion, partition, env, frame)
            }
        }
    }
}

impl<'p> Partition<'p> {
    pub(super) fn new(
        rows: &'p Rows,
        numbers: &'p [usize],
        keys: &'p [Vec<Datum>],
        order: &'p [SortCode],
    ) -> Partition<'p> {
        let mut group_of = Vec::with_capacity(numbers.len());
        let mut groups: Vec<Range<usize>> = Vec::new();
        for (at, number) in numbers.iter().enumerate() {
            let is_equal = at > 0 && same(order, &keys[numbers[at - 1]], &keys[*number]);
            match groups.last_mut() {
                Some(last) if is_equal => last.end = at + 1,
                _ => groups.push(at..at + 1),
            }
            group_of.push(groups.len() - 1);
        }
        Partition { rows, numbers, keys, order, group_of, groups }
    }

    fn len(&self) -> usize {
        self.numbers.len()
    }

    fn peers(&self, at: usize) -> Range<usize> {
        self.groups[self.group_of[at]].clone()
    }

    /// The frame of each row, exclusions aside.
    fn frames(
        &self,
        call: &WindowCode,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<Vec<Range<usize>>> {
        let start = distance(&call.start, true, call.units, env, frame)?;
        let end = distance(&call.end, false, call.units, env, frame)?;
        let mut frames = Vec::with_capacity(self.len());
        for at in 0..self.len() {
            frame.tick()?;
            let from = self.bound(at, &call.start, &start, call, true, env)?;
            let to = self.bound(at, &call.end, &end, call, false, env)?;
            frames.push(from..to.max(from));
        }
        Ok(frames)
    }

    /// Where a row's frame begins, or ends.
    fn bound(
        &self,
        at: usize,
        bound: &BoundCode,
        distance: &Datum,
        call: &WindowCode,
        is_start: bool,
        env: &Env<'_>,
    ) -> Result<usize> {
        let count = match distance {
            Datum::Integer(count) => usize::try_from(*count).unwrap_or(usize::MAX),
            _ => 0,
        };
        let forward = matches!(bound, BoundCode::Following(_));
        Ok(match (bound, call.units) {
            (BoundCode::UnboundedPreceding, _) => 0,
            (BoundCode::UnboundedFollowing, _) => self.len(),
            (BoundCode::CurrentRow, FrameUnits::Rows) => at + usize::from(!is_start),
            (BoundCode::CurrentRow, _) => {
                let peers = self.peers(at);
                if is_start { peers.start } else { peers.end }
            }
            (_, FrameUnits::Rows) => {
                let place = if forward { at.checked_add(count) } else { at.checked_sub(count) };
                match place {
                    Some(place) => (place + usize::from(!is_start)).min(self.len()),
                    None => {
                        if forward {
                            self.len()
                        } else {
                            0
                        }
                    }
                }
            }
            (_, FrameUnits::Groups) => {
                let group = self.group_of[at];
                let place =
                    if forward { group.checked_add(count) } else { group.checked_sub(count) };
                match place.and_then(|group| self.groups.get(group)) {
                    Some(group) => {
                        if is_start {
                            group.start
                        } else {
                            group.end
                        }
                    }
                    None => {
                        if forward {
                            self.len()
                        } else {
                            0
                        }
                    }
                }
            }
            (_, FrameUnits::Range) => {
                self.range_bound(at, distance, forward, is_start, call.distance.as_deref(), env)?
            }
        })
    }

    /// The first row within a distance in the order's value, or the one behind the last.
    fn range_bound(
        &self,
        at: usize,
        distance: &Datum,
        forward: bool,
        is_start: bool,
        by: Option<&Distance>,
        env: &Env<'_>,
    ) -> Result<usize> {
        let (Some(key), Some(by)) = (self.order.first(), by) else {
            let message =
                "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column";
            return Err(SqlError::new("42P20", message));
        };
        let value = &self.keys[self.numbers[at]][0];
        // A NULL is within any distance of NULLs alone.
        if value.is_null() {
            let peers = self.peers(at);
            return Ok(if is_start { peers.start } else { peers.end });
        }
        // NULLs at either end are in no frame of a value.
        let is_null = |number: &usize| self.keys[*number][0].is_null();
        let first = self.numbers.iter().take_while(|n| key.nulls_first && is_null(n)).count();
        let subtracts = forward == key.descending;
        if !forward && env.dialect == Dialect::Sqlite {
            // SQLite moves the other row, which is rounded otherwise where numbers are large.
            let before = |number: &usize| {
                if is_null(number) {
                    return key.nulls_first;
                }
                let own = &self.keys[*number][0];
                let Ok(Some(moved)) = limit(own, distance, by, !subtracts, env) else {
                    return false;
                };
                let here = std::slice::from_ref(value);
                let order = order(&self.order[..1], &[moved], here);
                if is_start { order.is_lt() } else { order.is_le() }
            };
            let bound = self.numbers.partition_point(before).max(first);
            // A row is never behind the start of its own frame, however it is rounded.
            return Ok(if is_start { bound.min(self.peers(at).start) } else { bound });
        }
        let Some(limit) = limit(value, distance, by, subtracts, env)? else {
            let behind = self.numbers.partition_point(|number| key.nulls_first || !is_null(number));
            return Ok(if forward { behind } else { first });
        };
        let before = |number: &usize| {
            let own = &self.keys[*number][..1];
            let order = order(&self.order[..1], own, std::slice::from_ref(&limit));
            if is_start { order.is_lt() } else { order.is_le() }
        };
        Ok(self.numbers.partition_point(before).max(first))
    }
}

/// The distance that a bound names.
pub(super) fn distance(
    bound: &BoundCode,
    is_start: bool,
    units: FrameUnits,
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<Datum> {
    let (BoundCode::Preceding(code) | BoundCode::Following(code)) = bound else {
        return Ok(Datum::Null);
    };
    let value = code.eval(env, frame)?;
    if env.dialect == Dialect::Sqlite {
        return sqlite_distance(value, is_start, units);
    }
    let is_negative = match &value {
        Datum::Null => {
            let message = "frame starting offset must not be null";
            return Err(SqlError::new("22004", message));
        }
        Datum::Integer(value) => *value < 0,
        Datum::Double(value) => *value < 0.0,
        Datum::Numeric(value) => value.signum() < 0,
        Datum::Interval(value) => value.total_micros() < 0,
        _ => false,
    };
    if is_negative {
        let message = match units {
            FrameUnits::Range => "invalid preceding or following size in window function",
            _ => "frame starting offset must not be negative",
        };
        return Err(SqlError::new("22013", message));
    }
    Ok(value)
}

/// The distance in SQLite: a whole number of rows or groups, or any number for RANGE.
fn sqlite_distance(value: Datum, is_start: bool, units: FrameUnits) -> Result<Datum> {
    let is_range = units == FrameUnits::Range;
    let number = match (apply_affinity(value, Affinity::Numeric), is_range) {
        (Datum::Integer(number), _) if number >= 0 => Some(Datum::Integer(number)),
        (Datum::Double(number), true) if number >= 0.0 => Some(Datum::Double(number)),
        _ => None,
    };
    number.ok_or_else(|| {
        let bound = if is_start { "starting" } else { "ending" };
        let kind = if is_range { "number" } else { "integer" };
        let message = format!("frame {bound} offset must be a non-negative {kind}");
        SqlError::new("22013", message)
    })
}

/// The value at a distance from another; none where no number is as large.
pub(super) fn limit(
    value: &Datum,
    distance: &Datum,
    by: &Distance,
    subtracts: bool,
    env: &Env<'_>,
) -> Result<Option<Datum>> {
    // Nothing is at a distance from a text but its equals.
    let is_text = matches!(value, Datum::Text(_) | Datum::Json(_) | Datum::Bytes(_));
    if is_text && env.dialect == Dialect::Sqlite {
        return Ok(Some(value.clone()));
    }
    // Here a day does not begin again after its last hour.
    if let (Datum::Time(time), Datum::Interval(distance)) = (value, distance) {
        let nanoseconds = distance.micros.saturating_mul(1_000);
        return Ok(Some(Datum::Time(match subtracts {
            true => time.saturating_sub(nanoseconds),
            false => time.saturating_add(nanoseconds),
        })));
    }
    let function = if subtracts { &by.subtract } else { &by.add };
    match apply(function, value, distance, by, env) {
        Err(error) if error.sqlstate() == "22003" => Ok(None),
        limit => limit.map(Some),
    }
}

fn apply(
    function: &Resolved<ScalarFunction>,
    value: &Datum,
    distance: &Datum,
    types: &Distance,
    env: &Env<'_>,
) -> Result<Datum> {
    let mut arguments = [value.clone(), distance.clone()];
    let given = [&types.value, &types.by];
    for ((argument, from), to) in arguments.iter_mut().zip(given).zip(&function.arguments) {
        if from != to {
            *argument = cast(std::mem::take(argument), from, to, false, env.context)?;
        }
    }
    (function.function.call)(&arguments, env.context)
}

/// Whether a row of a frame is left out.
pub(super) fn is_excluded(
    exclusion: FrameExclusion,
    at: usize,
    row: usize,
    peers: &Range<usize>,
) -> bool {
    match exclusion {
        FrameExclusion::NoOthers => false,
        FrameExclusion::CurrentRow => row == at,
        FrameExclusion::Group => peers.contains(&row),
        FrameExclusion::Ties => row != at && peers.contains(&row),
    }
}

fn picked(
    function: WindowFunction,
    at: usize,
    range: &Range<usize>,
    call: &WindowCode,
    partition: &Partition<'_>,
    arguments: &[Vec<Datum>],
) -> Result<Datum> {
    let peers = partition.peers(at);
    let row = picked_row(function, at, range, call.exclusion, &peers, &arguments[at])?;
    Ok(row.and_then(|row| arguments[row].first().cloned()).unwrap_or_default())
}

/// The row of a frame whose value `first_value` and its like are.
pub(super) fn picked_row(
    function: WindowFunction,
    at: usize,
    range: &Range<usize>,
    exclusion: FrameExclusion,
    peers: &Range<usize>,
    own: &[Datum],
) -> Result<Option<usize>> {
    let mut rows = range.clone().filter(|row| !is_excluded(exclusion, at, *row, peers));
    Ok(match function {
        WindowFunction::LastValue => rows.next_back(),
        WindowFunction::NthValue => match own.get(1) {
            Some(Datum::Integer(nth)) if *nth > 0 => {
                rows.nth(usize::try_from(*nth - 1).unwrap_or(usize::MAX))
            }
            Some(Datum::Null) | None => None,
            Some(_) => {
                let message = "argument of nth_value must be greater than zero";
                return Err(SqlError::new("22016", message));
            }
        },
        _ => rows.next(),
    })
}

/// Functions that go by a row's place in its partition.
fn ranked(
    function: WindowFunction,
    partition: &Partition<'_>,
    arguments: &[Vec<Datum>],
    dialect: Dialect,
) -> Result<Vec<Datum>> {
    let count = partition.len();
    let mut values = Vec::with_capacity(count);
    for at in 0..count {
        values.push(match function {
            WindowFunction::Ntile => ntile(at, count, &arguments[0])?,
            WindowFunction::Lag | WindowFunction::Lead => {
                let own = &arguments[at];
                match shifted(function, at, in_reach(function, at, count, dialect), own) {
                    Some(row) => arguments[row].first().cloned().unwrap_or_default(),
                    None => not_shifted(own),
                }
            }
            _ => place(function, at, count, &partition.peers(at), partition.group_of[at]),
        });
    }
    Ok(values)
}

/// What a row's place among so many is to a function: in which group of equals it is, and which
/// rows that has.
pub(super) fn place(
    function: WindowFunction,
    at: usize,
    count: usize,
    peers: &Range<usize>,
    group: usize,
) -> Datum {
    let integer = |value: usize| Datum::Integer(i64::try_from(value).unwrap_or(i64::MAX));
    #[expect(clippy::cast_precision_loss, reason = "ranks of rows")]
    let ratio = |part: usize, whole: usize| Datum::Double(part as f64 / whole as f64);
    match function {
        WindowFunction::RowNumber => integer(at + 1),
        WindowFunction::Rank => integer(peers.start + 1),
        WindowFunction::DenseRank => integer(group + 1),
        WindowFunction::PercentRank if count == 1 => Datum::Double(0.0),
        WindowFunction::PercentRank => ratio(peers.start, count - 1),
        WindowFunction::CumeDist => ratio(peers.end, count),
        _ => Datum::Null,
    }
}

pub(super) fn ntile(at: usize, count: usize, arguments: &[Datum]) -> Result<Datum> {
    let buckets = match arguments.first() {
        Some(Datum::Integer(buckets)) if *buckets > 0 => usize::try_from(*buckets).unwrap_or(1),
        Some(Datum::Null) | None => return Ok(Datum::Null),
        Some(_) => {
            let message = "argument of ntile must be greater than zero";
            return Err(SqlError::new("22014", message));
        }
    };
    let (size, larger) = (count / buckets, count % buckets);
    // The first ones have one row more.
    let border = larger * (size + 1);
    let bucket = if at < border { at / (size + 1) } else { larger + (at - border) / size.max(1) };
    Ok(Datum::Integer(i64::try_from(bucket + 1).unwrap_or(i64::MAX)))
}

/// How many rows of a partition `lag` and `lead` may ask for: SQLite's `lag` has read one behind
/// its own, and a number below -1 leads it nowhere.
pub(super) fn in_reach(
    function: WindowFunction,
    at: usize,
    count: usize,
    dialect: Dialect,
) -> usize {
    match (function, dialect) {
        (WindowFunction::Lag, Dialect::Sqlite) => count.min(at + 2),
        _ => count,
    }
}

/// The row that `lag` and `lead` ask for, if there is one.
pub(super) fn shifted(
    function: WindowFunction,
    at: usize,
    count: usize,
    own: &[Datum],
) -> Option<usize> {
    let by = match own.get(1) {
        None => 1,
        Some(Datum::Integer(by)) => *by,
        Some(Datum::Null) => return None,
        // SQLite's: a number that is no whole one leads to no row.
        Some(other) => match to_number(other) {
            Datum::Integer(by) => by,
            Datum::Double(by) => exact_integer(by)?,
            _ => return None,
        },
    };
    let direction = if function == WindowFunction::Lag { -1 } else { 1 };
    let place = i64::try_from(at).ok()?.checked_add(by.checked_mul(direction)?)?;
    usize::try_from(place).ok().filter(|row| *row < count)
}

/// What they are where there is none.
pub(super) fn not_shifted(own: &[Datum]) -> Datum {
    match own.get(1) {
        Some(Datum::Null) => Datum::Null,
        _ => own.get(2).cloned().unwrap_or_default(),
    }
}

/// What an aggregate over frames takes.
struct Input<'i> {
    arguments: &'i [Vec<Datum>],
    takes_part: &'i [bool],
    function: &'static AggregateFunction,
}

impl Input<'_> {
    fn add(&self, row: usize, to: &mut dyn Accumulator, env: &Env<'_>) -> Result<()> {
        let arguments = &self.arguments[row];
        let is_passed_over = self.function.strict && arguments.iter().any(Datum::is_null);
        if !self.takes_part[row] || is_passed_over {
            return Ok(());
        }
        to.add(arguments, env.context)
    }
}

fn aggregated(
    start: &dyn Fn() -> Box<dyn Accumulator>,
    input: &Input<'_>,
    frames: &[Range<usize>],
    exclusion: FrameExclusion,
    partition: &Partition<'_>,
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<Vec<Datum>> {
    let mut values: Vec<Datum> = Vec::with_capacity(frames.len());
    let mut state = start();
    // The rows that the state has taken.
    let mut taken = 0..0;
    for (at, range) in frames.iter().enumerate() {
        frame.tick()?;
        if exclusion != FrameExclusion::NoOthers {
            let peers = partition.peers(at);
            let mut state = start();
            for row in range.clone().filter(|row| !is_excluded(exclusion, at, *row, &peers)) {
                frame.tick()?;
                input.add(row, &mut *state, env)?;
            }
            values.push(state.result(env.context)?);
            continue;
        }
        if at > 0 && *range == frames[at - 1] {
            values.push(values[at - 1].clone());
            continue;
        }
        if range.start != taken.start || range.end < taken.end || taken.is_empty() {
            state = start();
            taken = range.start..range.start;
        }
        for row in taken.end..range.end {
            frame.tick()?;
            input.add(row, &mut *state, env)?;
        }
        taken.end = range.end.max(taken.end);
        values.push(state.result(env.context)?);
    }
    Ok(values)
}
