//! `differential`: random statements of a dialect, run by SQLite or PostgreSQL, and by Bourse.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::process::ExitCode;

use bourse_sql::Dialect;
use bourse_tests::differential::{
    BourseEngine, Engine, Found, PostgresEngine, Report, SqliteEngine, run_postgres_script,
    run_script, run_text,
};
use clap::Parser;

/// Runs random scripts and tells where Bourse and SQLite, or PostgreSQL, differ.
#[derive(Parser)]
struct Arguments {
    /// How many scripts, each with a seed.
    #[arg(long, default_value_t = 100)]
    scripts: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Statements of a script.
    #[arg(long, default_value_t = 60)]
    statements: usize,
    /// Differences that are told whole.
    #[arg(long, default_value_t = 10)]
    show: usize,
    /// Show the statements before the one that differs, too.
    #[arg(long)]
    whole: bool,
    /// Run the statements of a file instead.
    #[arg(long)]
    file: Option<std::path::PathBuf>,
    /// Say the figures as JSON, in the last line.
    #[arg(long)]
    json: bool,
    /// How many percent of the statements must come to the same for success; all, if it is not
    /// said.
    #[arg(long, value_name = "PERCENT")]
    agree: Option<f64>,
    /// Where PostgreSQL 15 listens that was made with `--locale=C`: its dialect is tried beside it.
    #[arg(long, value_name = "OPTIONS")]
    postgres: Option<String>,
    /// Print how often each place of the grammar was used.
    #[arg(long)]
    places: bool,
}

/// A place that a campaign used less often tells nothing.
const USES_MIN: u64 = 100;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Panics of the engine are told as differences.
    std::panic::set_hook(Box::new(|_| {}));
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(3),
        Err(error) => {
            println!("differential: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The engine that is right, and the one that is tried.
type Engines = (Box<dyn Engine>, Box<dyn Engine>);

fn engines(arguments: &Arguments) -> Result<Engines, String> {
    Ok(match &arguments.postgres {
        Some(options) => (
            Box::new(PostgresEngine::new(options)?),
            Box::new(BourseEngine::new(Dialect::Postgres)?),
        ),
        None => (Box::new(SqliteEngine::new()?), Box::new(BourseEngine::new(Dialect::Sqlite)?)),
    })
}

/// Whether both always agreed.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let mut report = Report::default();
    let mut shown = 0;
    let mut seeds: Vec<u64> = Vec::new();
    if let Some(path) = &arguments.file {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let (mut oracle, mut engine) = engines(arguments)?;
        for found in run_text(&text, (&mut *oracle, &mut *engine), &mut report) {
            tell(&found, arguments);
        }
        return Ok(report.differences == 0);
    }
    for seed in arguments.from..arguments.from + arguments.scripts {
        let (mut oracle, mut engine) = engines(arguments)?;
        let both = (&mut *oracle as _, &mut *engine as _);
        let run = if arguments.postgres.is_some() { run_postgres_script } else { run_script };
        for found in run(seed, arguments.statements, both, &mut report) {
            shown += 1;
            if seeds.last() != Some(&seed) {
                seeds.push(seed);
            }
            if shown <= arguments.show {
                tell(&found, arguments);
            }
        }
    }
    if arguments.places {
        print!("{report}");
        let poor = report.poor_places(USES_MIN);
        println!("{} places used less than {USES_MIN} times, or always refused:", poor.len());
        println!("{}", poor.join(", "));
    } else {
        println!("{}", report.to_string().lines().next().unwrap_or_default());
    }
    if arguments.json {
        println!("{}", report.json(&seeds));
    }
    let differing = 100.0 * report.differences as f64 / report.statements.max(1) as f64;
    Ok(match arguments.agree {
        Some(percent) => 100.0 - differing >= percent,
        None => report.differences == 0,
    })
}

fn tell(found: &Found, arguments: &Arguments) {
    let Found { seed, statements, difference } = found;
    let from = if arguments.whole { 0 } else { statements.len().saturating_sub(1) };
    let text = statements[from..].join(";\n");
    println!("seed {seed}:\n{text};");
    let oracle = if arguments.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("  {oracle}: {}\n  Bourse: {}\n", difference.expected, difference.found);
}
