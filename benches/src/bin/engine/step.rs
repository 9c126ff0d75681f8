//! One step: one contender, one item, one round, in a process of its own.
//!
//! The run's process starts it (see `run`) and reads its one line of JSON. A process of its own
//! means that a contender's threads, memory and scheduling are nobody else's, and that what others
//! used of the machine is what was used besides this process.
//!
//! A step opens the store, reads all of it (so it is warm, and the sums before are known), does the
//! work once for a tenth of the time unmeasured, then measured; then it reads back. What a read
//! gave is summed into a digest that must be the same for all contenders; what writes left is
//! compared with a model.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the real clock")]
#![expect(clippy::print_stdout, reason = "the result goes to the process that runs the steps")]

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Barrier;
use std::time::Instant;

use bourse_benches::measure::Load;
use serde_json::{Value, json};

use crate::Outcome;
use crate::change::{Change, Peer, Seen, Session, Setting, Sums};
use crate::files;
use crate::grouped::{self, GroupedSession};
use crate::items::{self, Data, Item, Work};
use crate::peers;
use crate::script::{Measured, Script};
use crate::submitted;
use crate::trades::{Arrival, Trades};

/// Changes of a transaction while updates are made that nobody measures.
const UNMEASURED_GROUP: usize = 100;
/// The store's own cache where the data fit, and where they do not.
const CACHE_BYTES: [u64; 2] = [1 << 30, 40 << 20];

/// What a step is told.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Step {
    /// The item.
    #[arg(long)]
    pub(crate) item: String,
    /// The contender.
    #[arg(long)]
    pub(crate) peer: String,
    /// A thread of the application groups the commits of all.
    #[arg(long)]
    pub(crate) grouped: bool,
    /// Few threads submit for all clients, with so many changes of each under way.
    #[arg(long)]
    pub(crate) submitted: Option<usize>,
    /// Where the store is.
    #[arg(long)]
    pub(crate) folder: PathBuf,
    /// Where it is written down how users are placed.
    #[arg(long)]
    pub(crate) places: PathBuf,
    /// Trades that the store was filled with.
    #[arg(long)]
    pub(crate) rows: i64,
    /// Operations of all threads.
    #[arg(long)]
    pub(crate) operations: usize,
    /// The number of the first trade that may be added.
    #[arg(long)]
    pub(crate) first_new: i64,
    /// What chance depends on: the same for all contenders.
    #[arg(long)]
    pub(crate) seed: u64,
    /// Begin at once, without reading and trying before.
    #[arg(long)]
    pub(crate) cold: bool,
    /// Make the updates that are to be replayed, then wait to be killed.
    #[arg(long)]
    pub(crate) prepare_kill: bool,
    /// A memory control group to move into.
    #[arg(long)]
    pub(crate) memory_group: Option<PathBuf>,
}

/// All that a store holds, in sums.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
struct Totals {
    rows: Seen,
    entries: Seen,
    sums: Sums,
}

/// Runs the step and prints what it found.
pub(crate) fn run(step: &Step) -> Outcome<()> {
    let item = items::find(&step.item)?;
    let trades = Trades::new(step.rows, &step.places)?;
    if let Some(group) = &step.memory_group {
        files::forget_pages(&step.folder)?;
        fs::write(group.join("cgroup.procs"), std::process::id().to_string())?;
    }
    let result = match item.work {
        Work::Load(arrival) => load(step, &trades, arrival)?,
        Work::Recover if step.prepare_kill => return prepare_kill(step, item, &trades),
        Work::Recover => recover(step, item, &trades)?,
        _ => work(step, item, &trades)?,
    };
    println!("{result}");
    Ok(())
}

fn open(step: &Step, item: Item) -> Outcome<Box<dyn Peer>> {
    let fits = item.data != Data::Large;
    let cache_bytes = CACHE_BYTES[usize::from(!fits)];
    let setting = Setting { durable: item.durable, cache_bytes, fits };
    peers::find(&step.peer)?.open(&step.folder, setting)
}

fn load(step: &Step, trades: &Trades, arrival: Arrival) -> Outcome<Value> {
    let item = items::find(&step.item)?;
    let peer = open(step, item)?;
    let load = Load::begin();
    let begin = Instant::now();
    peer.load(trades, arrival)?;
    let seconds = begin.elapsed().as_secs_f64();
    let others = load.others();
    let totals = totals(&mut *peer.session()?)?;
    if (totals.rows, totals.entries) != expected(trades) {
        return Err(format!("the store holds {totals:?} after a load").into());
    }
    peer.close()?;
    let operations = usize::try_from(trades.rows())?;
    let measured = Measured { operations, seconds, digest: totals.digest(), ..Measured::default() };
    let mut result = measured.json(others);
    result["bytes"] = json!(files::bytes_on_disk(&step.folder)?);
    Ok(result)
}

fn work(step: &Step, item: Item, trades: &Trades) -> Outcome<Value> {
    let peer = open(step, item)?;
    let result = work_with(&*peer, step, item, trades)?;
    peer.close()?;
    Ok(result)
}

fn work_with(peer: &dyn Peer, step: &Step, item: Item, trades: &Trades) -> Outcome<Value> {
    let mut session = peer.session()?;
    // Reading all of what does not fit into memory warms nothing.
    let counts = !step.cold && item.data != Data::Large;
    let before = if counts { totals(&mut *session)? } else { Totals::default() };
    let warming = if step.cold { 0 } else { step.operations / 10 };
    if warming > 0 {
        on_threads(peer, step, item, |thread| Script::new(step, item, trades, thread, 1), warming)?;
    }
    let load = Load::begin();
    let script = |thread| Script::new(step, item, trades, thread, 0);
    let measured = on_threads(peer, step, item, script, step.operations)?;
    let mut result = measured.json(load.others());
    if item.writes() {
        let scripts = [(1, warming), (0, step.operations)];
        read_back(&mut *session, step, item, trades, &scripts)?;
    }
    if counts {
        let after = totals(&mut *session)?;
        check_executions(item, &before, &after, warming + step.operations)?;
        result["before"] = json!(before.digest());
        result["after"] = json!(after.digest());
    }
    Ok(result)
}

/// Runs each thread's script and gives the time from the first thread's begin to the last's end.
fn on_threads<'a>(
    peer: &dyn Peer,
    step: &Step,
    item: Item,
    script: impl Fn(usize) -> Script<'a> + Sync,
    operations: usize,
) -> Outcome<Measured> {
    if let Some(in_flight) = step.submitted {
        return submitting(peer, item, script, operations, in_flight);
    }
    let ready = Barrier::new(item.threads);
    let each = operations.div_ceil(item.threads);
    let (requests, waiting) = grouped::queue();
    let results: Vec<Outcome<(Instant, Instant, Measured)>> = std::thread::scope(|scope| {
        let writer =
            step.grouped.then(|| scope.spawn(move || grouped::write_for_all(peer, &waiting)));
        let running: Vec<_> = (0..item.threads)
            .map(|thread| {
                let (requests, script, ready) = (requests.clone(), script(thread), &ready);
                scope.spawn(move || {
                    let session = peer.session();
                    ready.wait();
                    let mut session = session?;
                    if step.grouped {
                        session = Box::new(GroupedSession::new(session, requests));
                    }
                    script.play(&mut *session, each)
                })
            })
            .collect();
        drop(requests);
        let results = running.into_iter().map(joined).collect();
        if let Some(writer) = writer {
            joined(writer)?;
        }
        Outcome::Ok(results)
    })?;
    together(results)
}

/// The same on few threads, each of which submits for its part of the clients.
fn submitting<'a>(
    peer: &dyn Peer,
    item: Item,
    script: impl Fn(usize) -> Script<'a> + Sync,
    operations: usize,
    in_flight: usize,
) -> Outcome<Measured> {
    let ready = Barrier::new(submitted::THREADS);
    let each = operations.div_ceil(item.threads);
    let results = std::thread::scope(|scope| {
        let running: Vec<_> = (0..submitted::THREADS)
            .map(|thread| {
                let clients = (thread..item.threads).step_by(submitted::THREADS);
                let clients: Vec<_> = clients.map(&script).collect();
                let ready = &ready;
                scope.spawn(move || {
                    let session = peer.session();
                    ready.wait();
                    submitted::play(&mut *session?, clients, each, in_flight)
                })
            })
            .collect();
        running.into_iter().map(joined).collect()
    });
    together(results)
}

/// What all threads measured, from the first one's begin to the last one's end.
fn together(results: Vec<Outcome<(Instant, Instant, Measured)>>) -> Outcome<Measured> {
    let mut all = Measured::default();
    let mut span: Option<(Instant, Instant)> = None;
    for result in results {
        let (begin, end, mut measured) = result?;
        span = Some(span.map_or((begin, end), |(a, b)| (a.min(begin), b.max(end))));
        all.operations += measured.operations;
        all.latencies_ns.append(&mut measured.latencies_ns);
        all.digest = all.digest.wrapping_add(measured.digest);
    }
    all.seconds = span.map_or(0.0, |(begin, end)| (end - begin).as_secs_f64());
    Ok(all)
}

fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, Outcome<T>>) -> Outcome<T> {
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Reads what was updated and compares it with the model.
fn read_back(
    session: &mut dyn Session,
    step: &Step,
    item: Item,
    trades: &Trades,
    takes: &[(u64, usize)],
) -> Outcome<()> {
    if item.work == Work::Execute {
        return Ok(());
    }
    let mut left = HashMap::new();
    for (take, operations) in takes {
        for thread in 0..item.threads {
            let each = operations.div_ceil(item.threads);
            Script::new(step, item, trades, thread, *take).revisions(each, &mut left);
        }
    }
    for (number, revision) in left {
        let mut trade = trades.trade(number);
        trade.revision = revision;
        if session.get(trade.id)? != trade.digest() {
            return Err(format!("trade {number} does not have revision {revision}").into());
        }
    }
    Ok(())
}

/// Compares what the store held before and after executions.
fn check_executions(item: Item, before: &Totals, after: &Totals, asked: usize) -> Outcome<()> {
    if item.work != Work::Execute {
        return Ok(());
    }
    let done = after.rows.count - before.rows.count;
    let quantity = (after.sums.quantity - before.sums.quantity).unsigned_abs();
    let entries = after.entries.count - before.entries.count;
    if done < asked as u64 || quantity != done || entries != done {
        return Err(format!("{asked} executions led from {before:?} to {after:?}").into());
    }
    if after.sums.balance >= before.sums.balance {
        return Err("no account paid".into());
    }
    Ok(())
}

/// What a loaded store must hold.
fn expected(trades: &Trades) -> (Seen, Seen) {
    let (mut rows, mut entries) = (Seen::default(), Seen::default());
    for trade in trades.arriving(Arrival::Sorted) {
        rows.add(trade.digest());
        entries.add(trade.entry_digest());
    }
    (rows, entries)
}

fn totals(session: &mut dyn Session) -> Outcome<Totals> {
    Ok(Totals { rows: session.all_rows()?, entries: session.all_entries()?, sums: session.sums()? })
}

impl Totals {
    fn digest(&self) -> u64 {
        let counts = self.rows.count.wrapping_mul(31).wrapping_add(self.entries.count);
        let rows = self.rows.digest.wrapping_mul(3).wrapping_add(self.entries.digest);
        let sums = self.sums.balance.to_bits().wrapping_add(self.sums.quantity.cast_unsigned());
        counts.wrapping_add(rows).wrapping_add(sums.wrapping_mul(17))
    }
}

/// Makes updates that are durable and in no checkpoint that was asked for, then waits for the end.
fn prepare_kill(step: &Step, item: Item, trades: &Trades) -> Outcome<()> {
    let peer = open(step, item)?;
    let mut session = peer.session()?;
    let mut script = Script::new(step, item, trades, 0, 0);
    let mut left = step.operations;
    while left > 0 {
        let group: Vec<Change> = (0..left.min(UNMEASURED_GROUP)).map(|_| script.change()).collect();
        session.write(&group)?;
        left -= group.len();
    }
    peer.sync()?;
    println!("ready");
    std::io::stdout().flush()?;
    loop {
        std::thread::park();
    }
}

fn recover(step: &Step, item: Item, trades: &Trades) -> Outcome<Value> {
    let load = Load::begin();
    let begin = Instant::now();
    let peer = open(step, item)?;
    let mut session = peer.session()?;
    session.get(trades.id(0))?;
    let seconds = begin.elapsed().as_secs_f64();
    let others = load.others();
    read_back(&mut *session, step, item, trades, &[(0, step.operations)])?;
    let after = totals(&mut *session)?;
    drop(session);
    peer.close()?;
    let measured =
        Measured { operations: 1, seconds, digest: after.digest(), ..Measured::default() };
    Ok(measured.json(others))
}
