//! What the threads of a step do: operations that follow from a seed, so that every contender is
//! asked the same, and what is left by them can be computed.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the real clock")]

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bourse_benches::measure::{Random, SAMPLED};
use serde_json::{Value, json};

use crate::Outcome;
use crate::change::{Change, Execution, Seen, Session};
use crate::items::{Item, Work};
use crate::step::Step;
use crate::trades::{ORDERS_OF_USER, STATUSES, Trades};

/// Entries of a scan.
const SCAN: usize = 100;
/// Keys of a batch.
const BATCH: usize = 100;

/// What one thread does: the same for every contender, as it follows from the seed.
pub(crate) struct Script<'a> {
    item: Item,
    trades: &'a Trades,
    random: Random,
    thread: i64,
    /// Trades that this thread may add, from this number on.
    next_new: i64,
}

/// What was measured.
#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) operations: usize,
    pub(crate) seconds: f64,
    pub(crate) latencies_ns: Vec<u64>,
    pub(crate) digest: u64,
}

impl<'a> Script<'a> {
    /// The script of a thread; `take` tells the unmeasured one from the measured one.
    pub(crate) fn new(
        step: &Step,
        item: Item,
        trades: &'a Trades,
        thread: usize,
        take: u64,
    ) -> Script<'a> {
        let number = thread as u64;
        let threads = i64::try_from(item.threads).unwrap_or(1);
        let thread = i64::try_from(thread).unwrap_or(0);
        let each = i64::try_from(step.operations).unwrap_or(0) + 1;
        let takes = i64::try_from(take).unwrap_or(0);
        Script {
            item,
            trades,
            random: Random::new(step.seed * 1_000 + number * 2 + take + 1),
            thread,
            next_new: step.first_new + (takes * threads + thread) * each,
        }
    }

    /// Plays it, and says when that began and ended.
    pub(crate) fn play(
        mut self,
        session: &mut dyn Session,
        count: usize,
    ) -> Outcome<(Instant, Instant, Measured)> {
        // What takes long is timed each time; the clock costs little then.
        let is_long = self.item.durable || matches!(self.item.work, Work::MultiGet | Work::ScanAll);
        let sampled = if is_long { 1 } else { SAMPLED };
        let mut measured = Measured::default();
        let mut keys = Vec::with_capacity(BATCH);
        let begin = Instant::now();
        for number in 0..count {
            let from = (number % sampled == 0).then(Instant::now);
            let (operations, digest, is_read) = self.operation(session, &mut keys)?;
            measured.operations += operations;
            measured.digest = measured.digest.wrapping_add(digest);
            if let Some(from) = from
                && (self.item.work != Work::Mixed || is_read)
            {
                measured.latencies_ns.push(nanoseconds(from.elapsed()));
            }
        }
        Ok((begin, Instant::now(), measured))
    }

    /// Does one operation. Returns as how many it counts, its digest, and whether it was a read.
    fn operation(
        &mut self,
        session: &mut dyn Session,
        keys: &mut Vec<i64>,
    ) -> Outcome<(usize, u64, bool)> {
        Ok(match self.item.work {
            Work::Get => (1, session.get(self.own_id())?, true),
            Work::MultiGet => {
                self.draw_batch(keys);
                (BATCH, session.multi_get(keys)?, true)
            }
            Work::ScanEntries => {
                let (user, status) = self.group()?;
                (1, full(session.scan_entries(user, status, SCAN)?)?, true)
            }
            Work::ScanRows => {
                let (user, status) = self.group()?;
                (1, full(session.scan_rows(user, status, SCAN)?)?, true)
            }
            Work::ScanAll => {
                let seen = session.all_rows()?;
                (usize::try_from(seen.count)?, seen.digest, true)
            }
            Work::Mixed if self.random.below(5) > 0 => (1, session.get(self.own_id())?, true),
            _ => {
                let change = self.change();
                session.write(&[change])?;
                (1, 0, false)
            }
        })
    }

    /// The next change. Of the mixed work: the next one, whatever was read before it.
    pub(crate) fn change(&mut self) -> Change {
        if self.item.work == Work::Execute {
            let user = self.random.below(self.trades.users().unsigned_abs()).cast_signed();
            let order = self.random.below(ORDERS_OF_USER.unsigned_abs()).cast_signed();
            let trade = self.trades.trade_of(self.next_new, user);
            self.next_new += 1;
            return Change::Execute(Execution { trade, order });
        }
        let id = self.own_id();
        Change::Update { id, revision: 1 + self.random.below(1 << 40).cast_signed() }
    }

    /// The id of a trade that no other thread changes, so that what is left at the end does not
    /// depend on who was first.
    fn own_id(&mut self) -> i64 {
        self.trades.id(self.own_number())
    }

    /// A batch of keys, all different: one of each hundredth of the trades, in no order.
    fn draw_batch(&mut self, keys: &mut Vec<i64>) {
        keys.clear();
        let part = self.trades.rows() / 100;
        for at in 0..100 {
            let number =
                at * 37 % 100 * part + self.random.below(part.unsigned_abs()).cast_signed();
            keys.push(self.trades.id(number));
        }
    }

    fn own_number(&mut self) -> i64 {
        let threads = i64::try_from(self.item.threads).unwrap_or(1);
        let own = (self.trades.rows() - self.thread + threads - 1) / threads;
        self.random.below(own.unsigned_abs()).cast_signed() * threads + self.thread
    }

    fn group(&mut self) -> Outcome<(i32, i64)> {
        let user = self.random.below(self.trades.users().unsigned_abs());
        Ok((i32::try_from(user)?, self.random.below(STATUSES.unsigned_abs()).cast_signed()))
    }

    /// What the script's updates leave: revisions by the number of the trade.
    pub(crate) fn revisions(mut self, count: usize, left: &mut HashMap<i64, i64>) {
        for _ in 0..count {
            if self.item.work == Work::Mixed && self.random.below(5) > 0 {
                self.own_number();
                continue;
            }
            let number = self.own_number();
            left.insert(number, 1 + self.random.below(1 << 40).cast_signed());
        }
    }
}

fn full(seen: Seen) -> Outcome<u64> {
    if seen.count != SCAN as u64 {
        return Err(format!("a scan gave {} entries instead of {SCAN}", seen.count).into());
    }
    Ok(seen.digest)
}

pub(crate) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl Measured {
    /// The line of a step.
    pub(crate) fn json(mut self, others: f64) -> Value {
        self.latencies_ns.sort_unstable();
        let at = |per_mille: usize| {
            let last = self.latencies_ns.len().saturating_sub(1);
            self.latencies_ns.get(last * per_mille / 1_000).copied()
        };
        json!({
            "operations": self.operations,
            "seconds": self.seconds,
            "p50_ns": at(500),
            "p99_ns": at(990),
            "max_ns": at(1_000),
            "digest": self.digest,
            "others": others,
        })
    }
}
