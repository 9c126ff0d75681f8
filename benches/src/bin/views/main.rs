//! What it costs to keep an aggregate right: Bourse's views beside tables that triggers keep in
//! SQLite and, where one is installed, in PostgreSQL. `cargo xtask bench views --help` tells how;
//! `benches/README.md` what is measured.

mod bourse;
mod contender;
mod items;
mod postgres;
mod report;
mod rows;
mod sqlite;
#[cfg(test)]
mod tests;

use bourse_benches::report::Asked;
use clap::Parser;

use crate::bourse::Bourse;
use crate::contender::Contender;
use crate::items::Plan;
use crate::postgres::Postgres;
use crate::report::Line;
use crate::sqlite::Sqlite;

/// What may go wrong; it crosses threads.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const LONG_HELP: &str = "\
Contenders take turns (A B A B ...) in one process, each round the same rows; the first round does \
not count. An upkeep is the difference between inserting into a table with views and into one \
without, divided by the views. Commits wait for no disk. The views of all must say the same at the \
end, and Bourse's are recomputed.

Whether all works, some seconds:
  cargo xtask bench views --quick
The table of goals, with figures in files:
  cargo xtask bench views --json views.json --markdown views.md
A run that is killed leaves PostgreSQL's server running, in a folder `bourse-postgres-...` of the
temporary directory: stop it there with pg_ctl. Files have the items that were done.

Some items, by a part of their names:
  cargo xtask bench views --items upkeep,read";

/// Measures the upkeep of views beside triggers.
#[derive(Parser)]
#[command(after_long_help = LONG_HELP)]
struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// Rounds that count [default: 5; quick: 1].
    #[arg(long)]
    rounds: Option<usize>,
    /// Divides the rows inserted and groups read in each round, by 100 at most.
    #[arg(long, default_value_t = 1)]
    shorter: u64,
    /// Leaves PostgreSQL out, also where one is installed.
    #[arg(long)]
    without_postgres: bool,
}

fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let quick = arguments.asked.quick;
    let shorter = arguments.shorter.clamp(1, 100);
    let plan = Plan {
        rows: if quick { 10_000 } else { 200_000 },
        rows_of_view: if quick { 20_000 } else { 1_200_000 },
        inserts: (if quick { 500 } else { 20_000 }) / shorter,
        reads: (if quick { 1_000 } else { 100_000 }) / shorter,
        rounds: arguments.rounds.unwrap_or(if quick { 1 } else { 5 }).max(1),
    };
    let mut notes = Vec::new();
    let mut contenders: Vec<Box<dyn Contender>> = vec![Box::new(Bourse), Box::new(Sqlite)];
    if arguments.without_postgres {
        notes.push("PostgreSQL was left out, as asked.".to_owned());
    } else {
        match Postgres::start() {
            Ok(server) => contenders.push(Box::new(server)),
            Err(error) => notes.push(format!("PostgreSQL is not measured: {error}.")),
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let about = format!(
        "{} rows before, {} rounds in turns, {cores} cores; {}.",
        plan.rows,
        plan.rounds,
        arguments.asked.kind(),
    );
    let wanted = |item: &str| arguments.asked.is_wanted(item);
    let space = arguments.asked.space("bourse-views-")?;
    let load = bourse_benches::measure::Load::begin();
    let told = |lines: &[Line]| {
        let mut notes = notes.clone();
        notes.push(format!(
            "In all, {}, the server of PostgreSQL among them where it was measured.",
            load.report()
        ));
        let table = report::markdown(&about, &notes, lines);
        (table, format!("{:#}\n", report::json(&about, &notes, lines)))
    };
    let lines = items::measure(plan, &contenders, space.path(), &wanted, &mut |lines| {
        let (table, figures) = told(lines);
        Ok(arguments.asked.write(&table, &figures)?)
    })?;
    let (table, figures) = told(&lines);
    arguments.asked.show(&table, &figures);
    Ok(())
}
