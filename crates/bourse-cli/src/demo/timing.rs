//! Runs a query's parameter sets on every engine and measures each.
//!
//! # Invariants
//!
//! - **I1** Every engine runs the same sets in the same order. Engines take turns in blocks of
//!   [`BLOCK_SETS`], and each block begins with another engine, so that what else happens on the
//!   machine meets all of them alike.
//! - **I2** An engine without a budget runs every set. One with a budget (SQLite as found, which
//!   scans) stops at its first set past it; how many it ran is reported.
//! - **I3** The first engine without a budget is the one that the others are compared with, over
//!   all rows of every set that they ran.

use std::time::Duration;

use bourse_storage::{Result, sync};
use rustix::time::{ClockId, clock_gettime};

use super::engine::Engine;
use super::parameters::{Parameter, ParameterSet};
use super::queries::Query;
use super::rows::{Comparison, Rows, compare};

/// Sets that an engine runs before the next has its turn.
const BLOCK_SETS: usize = 20;
/// Sets that run untimed at first.
const WARM_UP_SETS: usize = 20;

/// An engine and how much time it may take for a query.
pub(crate) struct Contender<'e> {
    /// The engine.
    pub(crate) engine: Box<dyn Engine + 'e>,
    /// The time after which it leaves the rest of the sets out.
    pub(crate) budget: Option<Duration>,
}

/// What one engine took for a query.
pub(crate) struct Measured {
    /// The engine's column.
    pub(crate) name: &'static str,
    /// How many sets it ran.
    pub(crate) sets: usize,
    /// Half of the sets took no longer.
    pub(crate) p50_us: f64,
    /// 95 in a hundred took no longer.
    pub(crate) p95_us: f64,
    /// The thread's processor time for one set.
    pub(crate) cpu_us: f64,
}

/// What became of one query.
pub(crate) struct QueryOutcome {
    /// Which one.
    pub(crate) query: Query,
    /// How many sets were asked.
    pub(crate) sets: usize,
    /// How many of them have rows.
    pub(crate) sets_with_rows: usize,
    /// Rows compared with those of the reference.
    pub(crate) rows_compared: u64,
    /// Sums and averages that differ by rounding alone.
    pub(crate) rounded: u64,
    /// The first difference that is more than rounding.
    pub(crate) difference: Option<String>,
    /// Every engine's times.
    pub(crate) measured: Vec<Measured>,
}

/// Tells how many rows went into a sum: of these parameters, in this row of these rows.
pub(crate) type RowsSummed<'f> = dyn FnMut(&[Parameter], &Rows, usize) -> Result<u64> + 'f;

#[derive(Default)]
struct Account {
    latencies: Vec<Duration>,
    spent: Duration,
    processor: Duration,
    /// The answers of the block; only the first of them are of this block.
    answers: Vec<Rows>,
    answered: usize,
}

/// Runs `sets` of a query on all contenders (I1-I3).
pub(crate) fn measure(
    query: Query,
    sets: &[ParameterSet],
    contenders: &mut [&mut Contender<'_>],
    rows_summed: &mut RowsSummed<'_>,
) -> Result<QueryOutcome> {
    let reference = contenders.iter().position(|contender| contender.budget.is_none()).unwrap_or(0);
    let mut accounts: Vec<Account> = contenders.iter().map(|_| Account::default()).collect();
    let mut outcome = QueryOutcome {
        query,
        sets: sets.len(),
        sets_with_rows: 0,
        rows_compared: 0,
        rounded: 0,
        difference: None,
        measured: Vec::new(),
    };
    warm_up(query, sets, contenders)?;
    for (turn, block) in sets.chunks(BLOCK_SETS).enumerate() {
        for place in 0..contenders.len() {
            let number = (turn + place) % contenders.len();
            run_block(query, block, contenders[number], &mut accounts[number])?;
        }
        let answered = &accounts[reference];
        outcome.sets_with_rows +=
            answered.answers[..answered.answered].iter().filter(|rows| rows.len() > 0).count();
        for (number, account) in accounts.iter().enumerate() {
            if number != reference {
                let name = contenders[number].engine.name();
                judge(name, block, answered, account, rows_summed, &mut outcome)?;
            }
        }
    }
    outcome.measured = contenders
        .iter()
        .zip(accounts)
        .map(|(contender, account)| summary(contender.engine.name(), account))
        .collect();
    Ok(outcome)
}

fn warm_up(
    query: Query,
    sets: &[ParameterSet],
    contenders: &mut [&mut Contender<'_>],
) -> Result<()> {
    let mut rows = Rows::default();
    for contender in contenders {
        let runs = if contender.budget.is_some() { 1 } else { WARM_UP_SETS };
        for set in sets.iter().take(runs) {
            contender.engine.run(query, set, &mut rows)?;
        }
    }
    Ok(())
}

fn run_block(
    query: Query,
    block: &[ParameterSet],
    contender: &mut Contender<'_>,
    account: &mut Account,
) -> Result<()> {
    account.answers.resize_with(BLOCK_SETS.max(block.len()), Rows::default);
    account.answered = 0;
    let processor = thread_time();
    for (set, rows) in block.iter().zip(&mut account.answers) {
        if contender.budget.is_some_and(|budget| account.spent >= budget) {
            break; // I2
        }
        let start = sync::monotonic();
        contender.engine.run(query, set, rows)?;
        let took = sync::monotonic().saturating_sub(start);
        account.latencies.push(took);
        account.spent += took;
        account.answered += 1;
    }
    account.processor += thread_time().saturating_sub(processor);
    Ok(())
}

/// Compares an engine's answers to a block with the reference's (I3).
fn judge(
    name: &str,
    block: &[ParameterSet],
    reference: &Account,
    account: &Account,
    rows_summed: &mut RowsSummed<'_>,
    outcome: &mut QueryOutcome,
) -> Result<()> {
    assert_eq!(reference.answered, block.len(), "I2: the reference left sets out");
    for (number, set) in block.iter().enumerate().take(account.answered) {
        let (left, right) = (&reference.answers[number], &account.answers[number]);
        outcome.rows_compared += left.len() as u64;
        match compare(outcome.query, left, right, |row| rows_summed(set, left, row))? {
            Comparison::Same { rounded } => outcome.rounded += rounded,
            Comparison::Different(how) => {
                outcome.difference.get_or_insert_with(|| format!("{name}, {set:?}: {how}"));
            }
        }
    }
    Ok(())
}

fn summary(name: &'static str, mut account: Account) -> Measured {
    account.latencies.sort_unstable();
    let sets = account.latencies.len();
    Measured {
        name,
        sets,
        p50_us: microseconds(quantile(&account.latencies, 50, 100)),
        p95_us: microseconds(quantile(&account.latencies, 95, 100)),
        cpu_us: microseconds(account.processor) / sets.max(1) as f64,
    }
}

/// The smallest of sorted durations that `part` of `whole` do not exceed.
pub(crate) fn quantile(sorted: &[Duration], part: usize, whole: usize) -> Duration {
    let rank = (sorted.len() * part).div_ceil(whole).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// A duration in microseconds, to a hundredth.
pub(crate) fn microseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e8).round() / 100.0
}

/// The processor time that this thread has used.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or(0))
}
