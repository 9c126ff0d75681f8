//! `bourse demo`: the legacy platform's database, its queries and its trade execution, on every
//! engine in turn.
//!
//! 1. [`folder`] makes the databases, or finds them as an earlier run left them;
//! 2. [`facts`] are read from the data, and [`parameters`] drawn from them;
//! 3. [`timing`] runs every query's sets on every [`engine`] and compares all rows;
//! 4. [`trade`] executes trades durably by 1, 8 and 64 threads on copies of the databases;
//! 5. [`live`] makes the views while trades stream in, shows them change, and recomputes them;
//! 6. [`report`] tells.

mod bourse;
mod engine;
mod facts;
mod folder;
mod grouped;
mod live;
pub(crate) mod market;
mod parameters;
mod queries;
mod report;
mod rows;
mod sqlite;
mod stored;
mod submitted;
#[cfg(test)]
mod tests;
mod timing;
mod trade;

use std::path::PathBuf;
use std::time::Duration;

use bourse_sql::Dialect;
use bourse_storage::vfs::os::remove_folder;
use bourse_storage::{Error, Result};
use indicatif::ProgressBar;
use rusqlite::Connection;

use crate::output::{Destination, Outcome, progress_bar};
use bourse::{BourseEngine, BourseSqlEngine, BourseTradeStore, BourseViewEngine, Store};
use engine::{Engine, TradeIds, TradeStore};
use facts::Facts;
use folder::{Folder, Source};
use grouped::GroupedTradeStore;
use live::{LiveReport, VIEWS};
use queries::{QUERIES, Query};
use report::{Report, TradeLine};
use sqlite::{Setup, SqliteEngine, SqliteTradeStore, rows_in_volume};
use stored::StoredEngine;
use submitted::execute_submitted;
use timing::{Contender, QueryOutcome, measure};
use trade::{TradeSource, execute_trades};

/// Parameter sets of each query.
const SETS: usize = 1_000;
/// How long SQLite as found may take for one query: it scans, and would take minutes for all.
const FOUND_BUDGET: Duration = Duration::from_secs(1);
/// How long trades are executed by each number of threads.
const TRADE_TIME: Duration = Duration::from_secs(1);
/// How long the views are shown while trades stream in.
const LIVE_TIME: Duration = Duration::from_secs(4);
/// What the trade execution is called.
const TRADE_EXECUTION: &str = "trade_execution";
/// How many threads execute trades at once, in turn.
const THREADS: [usize; 3] = [1, 8, 64];

/// What the user asks of the demo.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The size of the database that is made: 1 is 2.3 million rows, 1.8 GB.
    #[arg(long, value_name = "X", default_value_t = 0.1, value_parser = scale)]
    scale: f64,
    /// Your own SQLite database with the legacy tables, instead of a made one.
    #[arg(long, value_name = "FILE", conflicts_with = "scale")]
    legacy: Option<PathBuf>,
    /// The folder of the databases; a second run uses them again.
    #[arg(long, value_name = "DIR", default_value = "bourse-demo")]
    data: PathBuf,
    /// The seed of rows, parameters and trades.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Give each engine a page cache of this many percent of the tuned SQLite database, and measure
    /// the queries alone. SQLite then maps nothing into memory, but still has what the operating
    /// system caches of its files, which Bourse reads past.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    cache: Option<u8>,
    /// Measure only what has this in its name: a query, `trade_execution`, or `views`.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    only: String,
    /// Where the report in JSON goes; `-` is standard output, where it also goes when that is a
    /// pipe.
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

fn scale(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(scale) if (0.000_1..=1_000.0).contains(&scale) => Ok(scale),
        _ => Err("a number from 0.0001 to 1000 is needed".to_owned()),
    }
}

/// What is measured, and how much of it.
struct Effort<'a> {
    only: &'a str,
    sets: usize,
    found_budget: Duration,
    trade_time: Duration,
    trade_threads: &'static [usize],
    live_time: Duration,
    /// The page caches, in percent of the data; then only queries are measured.
    cache_percent: Option<u8>,
}

impl Effort<'_> {
    /// Bytes of each page cache, if they are bounded.
    fn cache_bytes(&self, folder: &Folder) -> Result<Option<u64>> {
        let Some(percent) = self.cache_percent else { return Ok(None) };
        let path = folder.database(Setup::Tuned);
        let data = std::fs::metadata(&path)
            .map_err(|error| Error::io(format!("cannot look at {}", path.display()), error))?;
        Ok(Some(data.len() / 100 * u64::from(percent)))
    }
}

/// Runs the demo.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let destination = Destination::new(arguments.json.as_deref());
    let (source, scale) = match &arguments.legacy {
        Some(file) => (Source::File(file), None),
        None => {
            let (seed, scale) = (arguments.seed, arguments.scale);
            (Source::Made { seed, scale }, Some(scale))
        }
    };
    eprintln!("data in {} (used again by the next run)", arguments.data.display());
    let progress = progress_bar();
    let folder = Folder::prepare(&arguments.data, &source, &progress)?;
    let effort = Effort {
        only: &arguments.only,
        sets: SETS,
        found_budget: FOUND_BUDGET,
        trade_time: TRADE_TIME,
        trade_threads: &THREADS,
        live_time: LIVE_TIME,
        cache_percent: arguments.cache,
    };
    let report = measure_all(&folder, arguments.seed, scale, &effort, &progress)?;
    progress.finish_and_clear();
    eprintln!("{}", report.table());
    destination.write(&report.json())?;
    Ok(if report.same() { Outcome::Good } else { Outcome::Different })
}

fn measure_all(
    folder: &Folder,
    seed: u64,
    scale: Option<f64>,
    effort: &Effort<'_>,
    progress: &ProgressBar,
) -> Result<Report> {
    progress.set_message("reading facts");
    let facts = {
        let tuned = Setup::Tuned.open(&folder.database(Setup::Tuned))?;
        Facts::read(&tuned, seed)?
    };
    let asked: Vec<Query> =
        QUERIES.into_iter().filter(|query| query.name().contains(effort.only)).collect();
    let cache_bytes = effort.cache_bytes(folder)?;
    let trades = cache_bytes.is_none() && TRADE_EXECUTION.contains(effort.only);
    let views = cache_bytes.is_none() && VIEWS.contains(effort.only);
    if asked.is_empty() && !trades && !views {
        let message = format!("--only {}: no query has that in its name", effort.only);
        return Err(Error::invalid(message));
    }
    let queries = match asked.is_empty() {
        true => Vec::new(),
        false => ask_queries(folder, &facts, seed, &asked, effort, progress)?,
    };
    let transactions = match trades {
        true => run_trades(folder, &facts, seed, effort, progress)?,
        false => Vec::new(),
    };
    let live = match views {
        true => Some(watch_views(folder, &facts, seed, effort, progress)?),
        false => None,
    };
    Ok(Report { scale, seed, cache_bytes, queries, transactions, live })
}

fn ask_queries(
    folder: &Folder,
    facts: &Facts,
    seed: u64,
    asked: &[Query],
    effort: &Effort<'_>,
    progress: &ProgressBar,
) -> Result<Vec<QueryOutcome>> {
    let cache_bytes = effort.cache_bytes(folder)?;
    let setups = [Setup::Found, Setup::Tuned, Setup::Best];
    let connections = setups
        .iter()
        .map(|setup| setup.open_within(&folder.database(*setup), cache_bytes))
        .collect::<Result<Vec<Connection>>>()?;
    let mut stores = Vec::new();
    for store in [Store::Tuned, Store::Best] {
        progress.set_message(format!("reading the store {} into memory", store.name()));
        stores.push(BourseEngine::open(store, &folder.store(store), cache_bytes)?);
    }
    let best = &stores[1];
    let asked_in_sql =
        [Dialect::Postgres, Dialect::Sqlite].map(|it| bourse::sql::connection(best, it));
    let views = BourseViewEngine::over(best)?;
    let mut contenders = Vec::new();
    for (setup, connection) in setups.into_iter().zip(&connections) {
        let budget = (setup == Setup::Found).then_some(effort.found_budget);
        contenders
            .push(Contender { engine: Box::new(SqliteEngine::new(setup, connection)?), budget });
    }
    let mut engines: Vec<Box<dyn Engine + '_>> =
        vec![Box::new(StoredEngine::new(&connections[2])?)];
    for store in stores {
        engines.push(Box::new(store));
    }
    engines.push(Box::new(views));
    for connection in &asked_in_sql {
        engines.push(Box::new(BourseSqlEngine::new(connection)?));
    }
    contenders.extend(engines.into_iter().map(|engine| Contender { engine, budget: None }));
    progress.set_length(asked.len() as u64);
    progress.set_position(0);
    let mut outcomes = Vec::new();
    for &query in asked {
        progress.set_message(query.name());
        let count = effort.sets.min(query.sets_max());
        let sets = parameters::parameter_sets(query, facts, seed, count);
        let mut able: Vec<&mut Contender<'_>> =
            contenders.iter_mut().filter(|contender| contender.engine.answers(query)).collect();
        outcomes.push(measure(query, &sets, &mut able, &mut |set, rows, row| match rows
            .value(row, 0)
        {
            rows::Decoded::Text(symbol) => rows_in_volume(&connections[1], set, symbol),
            _ => Ok(0),
        })?);
        progress.inc(1);
    }
    Ok(outcomes)
}

fn run_trades(
    folder: &Folder,
    facts: &Facts,
    seed: u64,
    effort: &Effort<'_>,
    progress: &ProgressBar,
) -> Result<Vec<TradeLine>> {
    progress.set_message("copying databases for the trade execution");
    let setups = [Setup::Found, Setup::Tuned];
    let scratch = setups.iter().map(|setup| folder.scratch(*setup)).collect::<Result<Vec<_>>>()?;
    let bourse = folder.scratch_store()?;
    let stores: [(&'static str, Box<dyn TradeStore>); 4] = [
        (Setup::Found.name(), Box::new(SqliteTradeStore::new(Setup::Found, &scratch[0]))),
        (Setup::Tuned.name(), Box::new(SqliteTradeStore::new(Setup::Tuned, &scratch[1]))),
        (grouped::NAME, Box::new(GroupedTradeStore::new(&scratch[1])?)),
        (Store::Tuned.name(), Box::new(BourseTradeStore::open(&bourse)?)),
    ];
    let mut lines = Vec::new();
    // Two stores share a database, so every run brings ids of its own.
    let mut runs = 0..;
    for &threads in effort.trade_threads {
        for ids in [TradeIds::Generated, TradeIds::Imported] {
            progress.set_message(format!("trade execution, {threads} threads"));
            let mut columns = Vec::new();
            for ((name, store), run) in stores.iter().zip(&mut runs) {
                let source = TradeSource::new(facts, seed, ids, run);
                let outcome = execute_trades(store.as_ref(), &source, threads, effort.trade_time)?;
                columns.push((*name, outcome));
            }
            lines.push(TradeLine { clients: threads, threads, ids, columns });
        }
    }
    let clients = effort.trade_threads.iter().copied().max().unwrap_or(1);
    for ids in [TradeIds::Generated, TradeIds::Imported] {
        progress.set_message(format!("trade execution, {clients} clients on few threads"));
        let mut columns = Vec::new();
        for ((name, store), run) in stores.iter().zip(&mut runs) {
            let Some(submitter) = store.submitter() else { continue };
            let source = TradeSource::new(facts, seed, ids, run);
            let outcome = execute_submitted(submitter, &source, clients, effort.trade_time)?;
            columns.push((*name, outcome));
        }
        lines.push(TradeLine { clients, threads: submitted::THREADS, ids, columns });
    }
    drop(stores);
    for path in &scratch {
        crate::sqlite::remove_database(path)?;
    }
    remove_folder(&bourse)?;
    Ok(lines)
}

fn watch_views(
    folder: &Folder,
    facts: &Facts,
    seed: u64,
    effort: &Effort<'_>,
    progress: &ProgressBar,
) -> Result<LiveReport> {
    progress.set_message("views, while trades stream in");
    let path = folder.scratch_store()?;
    let store = BourseTradeStore::open(&path)?;
    let show = |line: &str| progress.suspend(|| eprintln!("{line}"));
    let report = live::watch(&store, facts, seed, effort.live_time, &show)?;
    drop(store);
    remove_folder(&path)?;
    Ok(report)
}
