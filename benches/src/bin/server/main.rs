//! SQL over the wire: a server of Bourse beside one of PostgreSQL, asked by the same client.
//! `cargo xtask bench server --help` tells how; `benches/README.md` what is measured.

#![expect(clippy::print_stderr, reason = "progress is for who waits")]

mod changes;
mod client;
mod data;
mod items;
mod pgbench;
mod reads;
mod report;
mod servers;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use bourse_benches::legacy::data::Scale;
use bourse_benches::report::Asked;
use clap::Parser;

use crate::items::Plan;
use crate::servers::Server;

/// What may go wrong.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const LONG_HELP: &str = "\
Both servers run at once, each in a process of its own, and are asked in turns (A B A B ...) by \
tokio-postgres over TCP on one thread of this process; the first round does not count. Commits \
wait for the disk. PostgreSQL is left out where initdb, pg_ctl and psql are not found, and so are \
the items of pgbench where there is none.

Whether all works, some seconds:
  cargo xtask bench server --quick
The table of goals, with figures in files:
  cargo xtask bench server --json server.json --markdown server.md
Some items, by a part of their names:
  cargo xtask bench server --items insert,execution
A thousand sessions for half an hour each, of Bourse alone:
  cargo xtask bench server --items sessions --minutes 30 --rounds 1 --alone";

/// Measures Bourse's server beside PostgreSQL's.
#[derive(Parser)]
#[command(after_long_help = LONG_HELP)]
struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// Rounds that count [default: 3; quick: 1].
    #[arg(long)]
    rounds: Option<usize>,
    /// Trades in the tables [default: 300000; quick: 3000].
    #[arg(long)]
    trades: Option<u64>,
    /// Divides the operations of each round, by 100 at most.
    #[arg(long, default_value_t = 1)]
    shorter: u64,
    /// How long a round lasts in which many sessions send at a rate [default: some seconds].
    #[arg(long)]
    minutes: Option<u32>,
    /// Bourse without PostgreSQL beside it.
    #[arg(long)]
    alone: bool,
    /// The program `bourse` [default: the one beside this program].
    #[arg(long)]
    program: Option<PathBuf>,
}

fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let quick = arguments.asked.quick;
    let plan = Plan {
        scale: Scale::of(arguments.trades.unwrap_or(if quick { 3_000 } else { 300_000 }).max(100)),
        operations: (if quick { 200 } else { 10_000 }) / arguments.shorter.clamp(1, 100),
        rounds: arguments.rounds.unwrap_or(if quick { 1 } else { 3 }).max(1),
        sessions: if quick { 50 } else { 1_000 },
        lasts: arguments.minutes.map(|minutes| Duration::from_secs(60) * minutes),
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let about = format!(
        "{} trades, {} rounds in turns, {cores} cores for servers and client; {}.",
        plan.scale.trades,
        plan.rounds,
        arguments.asked.kind(),
    );
    let wanted = |item: &str| arguments.asked.is_wanted(item);
    let space = arguments.asked.space("bourse-server-")?;
    let program = match arguments.program {
        Some(program) => program,
        None => std::env::current_exe()?.with_file_name("bourse"),
    };
    let mut servers = vec![Server::bourse(&program, &space.path().join("store"))?];
    if !arguments.alone {
        match Server::postgres() {
            Ok(server) => servers.push(server),
            Err(error) => eprintln!("without PostgreSQL: {error}"),
        }
    }
    let load = bourse_benches::measure::Load::begin();
    let lines = items::measure(plan, &servers, &wanted)?;
    let note = format!("Servers and client among the busy: in all, {}.", load.report());
    let table = report::markdown(&about, &note, &lines);
    let figures = format!("{:#}\n", report::json(&about, &note, &lines));
    arguments.asked.write(&table, &figures)?;
    arguments.asked.show(&table, &figures);
    Ok(())
}
