//! The trade execution, by many threads at once, for a bounded time.

use std::sync::Barrier;
use std::time::Duration;

use bourse_storage::{Error, ErrorKind, Result, sync};

use super::engine::{Trade, TradeIds, TradeStore};
use super::facts::Facts;
use super::timing::quantile;
use crate::legacy::Draws;

/// Trades of different runs over one database draw their own rows and ids.
const TRADES_PER_RUN: u64 = 1 << 32;

/// Makes the trades to be executed.
pub(crate) struct TradeSource<'f> {
    facts: &'f Facts,
    seed: u64,
    ids: TradeIds,
    /// Tells apart the runs over one database.
    run: u64,
}

/// What a run showed.
#[derive(Debug)]
pub(crate) struct TradeOutcome {
    /// Trades on disk within the time, a second.
    pub(crate) per_second: f64,
    /// Half of them took no longer.
    pub(crate) p50: Duration,
    /// 99 in a hundred took no longer.
    pub(crate) p99: Duration,
    /// The longest one.
    pub(crate) max: Duration,
    /// How often a trade had to be tried again.
    pub(crate) retries: u64,
}

/// What one thread saw.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) latencies: Vec<Duration>,
    pub(super) in_time: u64,
    pub(super) retries: u64,
}

impl<'f> TradeSource<'f> {
    /// The trades of run number `run` over a database.
    pub(crate) fn new(facts: &'f Facts, seed: u64, ids: TradeIds, run: u64) -> TradeSource<'f> {
        TradeSource { facts, seed, ids, run }
    }

    /// Trade number `number` of thread `thread` of `threads`: a function of these and the seed.
    pub(super) fn trade(&self, thread: u64, threads: u64, number: u64) -> Trade {
        let place = self.run * TRADES_PER_RUN + number * threads + thread;
        let mut draws = Draws::of(self.seed, 4_000, place);
        let facts = self.facts;
        let portfolio = &facts.portfolios[draws.position(facts.portfolios.len())];
        let order_id = match portfolio.orders.len() {
            // The user has none: nothing is filled.
            0 => 0,
            length => portfolio.orders[draws.position(length)],
        };
        let sample = &facts.trades[draws.position(facts.trades.len())];
        let lots = (1 + draws.below(100)) as f64;
        let sells = draws.percent(50);
        let imported = facts.last_trade_id.saturating_add_unsigned(1 + place);
        Trade {
            trade_id: (self.ids == TradeIds::Imported).then_some(imported),
            user_id: portfolio.user_id,
            symbol: sample.symbol.clone(),
            side: if sells { "sell" } else { "buy" },
            quantity: if sells { -lots } else { lots },
            price: sample.price,
            timestamp: format!("2026-01-01 00:00:00.{:06}", number % 1_000_000),
            order_id,
            portfolio_id: portfolio.portfolio_id,
        }
    }
}

/// Executes trades by `threads` threads, each with a client of its own, for `duration`. Every
/// latency counts, also of a trade that ends after that time or that never had its turn, so that a
/// starved thread shows.
pub(crate) fn execute_trades(
    store: &dyn TradeStore,
    source: &TradeSource<'_>,
    threads: usize,
    duration: Duration,
) -> Result<TradeOutcome> {
    let barrier = Barrier::new(threads);
    let seen = on_threads(threads, |thread| {
        run_client(store, source, (thread as u64, threads as u64), &barrier, duration)
    });
    outcome(seen, duration)
}

/// Runs `run` with the number of each of so many threads, on all of them at once.
pub(super) fn on_threads(
    threads: usize,
    run: impl Fn(usize) -> Result<Seen> + Sync,
) -> Vec<Result<Seen>> {
    let run = &run;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || run(thread))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// What all threads saw together.
pub(super) fn outcome(seen: Vec<Result<Seen>>, duration: Duration) -> Result<TradeOutcome> {
    let mut latencies = Vec::new();
    let (mut in_time, mut retries) = (0, 0);
    for seen in seen {
        let seen = seen?;
        latencies.extend(seen.latencies);
        in_time += seen.in_time;
        retries += seen.retries;
    }
    latencies.sort_unstable();
    Ok(TradeOutcome {
        per_second: in_time as f64 / duration.as_secs_f64(),
        p50: quantile(&latencies, 50, 100),
        p99: quantile(&latencies, 99, 100),
        max: latencies.last().copied().unwrap_or_default(),
        retries,
    })
}

fn run_client(
    store: &dyn TradeStore,
    source: &TradeSource<'_>,
    (thread, threads): (u64, u64),
    barrier: &Barrier,
    duration: Duration,
) -> Result<Seen> {
    let client = store.client();
    // Everyone passes the barrier, also a thread that failed: the others wait for it.
    barrier.wait();
    let mut client = client?;
    let deadline = sync::monotonic() + duration;
    let mut seen = Seen::default();
    let mut number = 0;
    while sync::monotonic() < deadline {
        let trade = source.trade(thread, threads, number);
        number += 1;
        let start = sync::monotonic();
        let executed = loop {
            match client.execute(&trade) {
                Ok(()) => break true,
                Err(error) if !may_try_again(&error) => return Err(error),
                Err(_) if sync::monotonic() > deadline => break false,
                Err(_) => seen.retries += 1,
            }
        };
        let end = sync::monotonic();
        seen.latencies.push(end.saturating_sub(start));
        seen.in_time += u64::from(executed && end <= deadline);
    }
    Ok(seen)
}

pub(super) fn may_try_again(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Busy)
}
