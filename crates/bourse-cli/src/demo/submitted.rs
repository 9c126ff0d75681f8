//! The trade execution by many clients on few threads, where a store can execute trades without a
//! thread that waits for each.

use std::sync::Barrier;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use bourse_storage::{Error, Result, sync};

use super::engine::{Trade, TradeSubmitter};
use super::trade::{Seen, TradeOutcome, TradeSource, may_try_again, on_threads, outcome};

/// Threads that submit the trades of all clients.
pub(crate) const THREADS: usize = 2;

/// What became of a client's trade.
struct Answer {
    client: usize,
    result: Result<()>,
}

/// One client: its trade under way, and since when.
struct Client {
    number: u64,
    trade: Trade,
    start: Duration,
}

/// Executes trades of `clients` clients, each of which has one under way at a time, for `duration`.
/// A latency lasts until the thread that submitted the trade has taken note of its end.
pub(crate) fn execute_submitted(
    submitter: &dyn TradeSubmitter,
    source: &TradeSource<'_>,
    clients: usize,
    duration: Duration,
) -> Result<TradeOutcome> {
    let barrier = Barrier::new(THREADS);
    let seen = on_threads(THREADS, |thread| {
        let own = (thread..clients).step_by(THREADS).collect::<Vec<_>>();
        barrier.wait();
        run_clients(submitter, source, &own, clients as u64, duration)
    });
    outcome(seen, duration)
}

fn run_clients(
    submitter: &dyn TradeSubmitter,
    source: &TradeSource<'_>,
    own: &[usize],
    clients: u64,
    duration: Duration,
) -> Result<Seen> {
    let (tell, answers) = channel();
    let deadline = sync::monotonic() + duration;
    let mut seen = Seen::default();
    let mut running: Vec<Client> = own
        .iter()
        .map(|number| {
            let trade = source.trade(*number as u64, clients, 0);
            Client { number: 0, trade, start: sync::monotonic() }
        })
        .collect();
    for (client, state) in running.iter().enumerate() {
        submit(submitter, &tell, client, &state.trade);
    }
    let mut under_way = running.len();
    while under_way > 0 {
        let Ok(Answer { client, result }) = answers.recv() else {
            return Err(Error::invalid("a trade's end was never told"));
        };
        let now = sync::monotonic();
        let state = &mut running[client];
        let executed = result.is_ok();
        match result {
            Err(error) if !may_try_again(&error) => return Err(error),
            Err(_) if now <= deadline => {
                seen.retries += 1;
                submit(submitter, &tell, client, &state.trade);
                continue;
            }
            _ => {}
        }
        seen.latencies.push(now.saturating_sub(state.start));
        seen.in_time += u64::from(executed && now <= deadline);
        if now >= deadline {
            under_way -= 1;
            continue;
        }
        let number = state.number + 1;
        let trade = source.trade(own[client] as u64, clients, number);
        *state = Client { number, trade, start: sync::monotonic() };
        submit(submitter, &tell, client, &state.trade);
    }
    Ok(seen)
}

fn submit(submitter: &dyn TradeSubmitter, tell: &Sender<Answer>, client: usize, trade: &Trade) {
    let tell = tell.clone();
    // Whoever listens no longer has failed, and says so itself.
    let told = move |result| drop(tell.send(Answer { client, result }));
    submitter.submit(trade, Box::new(told));
}
