//! SQL in process: Bourse's two dialects beside its embedded API and beside SQLite.
//! `cargo xtask bench sql --help` tells how; `benches/README.md` what is measured.

mod bourse;
mod embedded;
mod items;
mod report;
mod sqlite;
#[cfg(test)]
mod tests;

use bourse_benches::report::Asked;
use clap::Parser;

use crate::items::Plan;
use bourse_benches::legacy::data::Scale;

/// What may go wrong.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const LONG_HELP: &str = "\
Contenders take turns (A B A B ...) in one process, each round with the same parameters; the first \
round does not count, and its answers are compared. All have the indexes of the platform's \
migration plan and five better ones. Statements are prepared once; commits wait for no disk.

Whether all works, some seconds:
  cargo xtask bench sql --quick
The table of goals, with figures in files:
  cargo xtask bench sql --json sql.json --markdown sql.md
Some items, by a part of their names:
  cargo xtask bench sql --items trade,join";

/// Measures SQL beside the embedded API and SQLite.
#[derive(Parser)]
#[command(after_long_help = LONG_HELP)]
struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// Rounds that count [default: 5; quick: 1].
    #[arg(long)]
    rounds: Option<usize>,
    /// Trades in the tables [default: 300000; quick: 3000].
    #[arg(long)]
    trades: Option<u64>,
    /// Divides the operations of each round, by 100 at most.
    #[arg(long, default_value_t = 1)]
    shorter: u64,
}

fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let quick = arguments.asked.quick;
    let plan = Plan {
        scale: Scale::of(arguments.trades.unwrap_or(if quick { 3_000 } else { 300_000 }).max(100)),
        operations: (if quick { 200 } else { 20_000 }) / arguments.shorter.clamp(1, 100),
        rounds: arguments.rounds.unwrap_or(if quick { 1 } else { 5 }).max(1),
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let about = format!(
        "{} trades, {} rounds in turns, {cores} cores; {}.",
        plan.scale.trades,
        plan.rounds,
        arguments.asked.kind(),
    );
    let wanted = |item: &str| arguments.asked.is_wanted(item);
    let space = arguments.asked.space("bourse-sql-")?;
    let load = bourse_benches::measure::Load::begin();
    let lines = items::measure(plan, space.path(), &wanted)?;
    let note = format!("In all, {}.", load.report());
    let table = report::markdown(&about, &note, &lines);
    let figures = format!("{:#}\n", report::json(&about, &note, &lines));
    arguments.asked.write(&table, &figures)?;
    arguments.asked.show(&table, &figures);
    Ok(())
}
