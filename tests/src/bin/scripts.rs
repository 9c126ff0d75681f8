//! `scripts`: asks SQLite and PostgreSQL what the statements of golden scripts come to.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bourse_sql::Dialect;
use bourse_tests::scripts::{
    Answers, BourseAnswers, BourseSessions, Oracle, PostgresAnswers, PostgresSessions, Script,
    SqliteAnswers, documents, scripts_below,
};
use clap::Parser;

/// Checks or records the answers of golden scripts.
#[derive(Parser)]
struct Arguments {
    /// A folder of scripts.
    #[arg(default_value = "tests/golden/sql")]
    folder: PathBuf,
    /// Ask Bourse instead, and count what it answers as recorded.
    #[arg(long, conflicts_with = "record")]
    bourse: bool,
    /// Write Bourse's answers beside those that it does not share, as known deviations.
    #[arg(long, requires = "bourse")]
    accept: bool,
    /// Write the answers into the scripts.
    #[arg(long)]
    record: bool,
    /// Write into docs what the scripts show, with counts of their statements.
    #[arg(long, conflicts_with_all = ["record", "bourse"])]
    document: bool,
    /// How psql is called for scripts that PostgreSQL answers; without it those are left alone.
    #[arg(long, value_name = "COMMAND", value_delimiter = ' ')]
    psql: Vec<String>,
    /// Where PostgreSQL listens, for scripts of several sessions; without it those are left alone.
    #[arg(long, value_name = "ADDRESS")]
    wire: Option<SocketAddr>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(3),
        Err(error) => {
            println!("scripts: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all answers are those that were recorded, or are recorded now.
fn run(arguments: &Arguments) -> Result<bool, String> {
    if arguments.document {
        return document();
    }
    let (mut asked, mut same) = (0, true);
    let (mut statements, mut differing) = (0, 0);
    let mut postgres = PostgresAnswers { command: arguments.psql.clone() };
    for path in scripts_below(&arguments.folder)? {
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        let text = fs::read_to_string(&path).map_err(failed)?;
        let script =
            Script::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut bourse = BourseAnswers {
            dialect: match script.oracle {
                Oracle::Sqlite => Dialect::Sqlite,
                Oracle::Postgres | Oracle::Bourse => Dialect::Postgres,
            },
        };
        let oracle: &mut dyn Answers = match script.oracle {
            _ if arguments.bourse && script.has_sessions() => &mut BourseSessions,
            _ if arguments.bourse => &mut bourse,
            Oracle::Postgres if script.has_sessions() => match arguments.wire {
                Some(address) => &mut PostgresSessions { address },
                None => continue,
            },
            Oracle::Sqlite => &mut SqliteAnswers,
            Oracle::Postgres if !arguments.psql.is_empty() => &mut postgres,
            Oracle::Postgres | Oracle::Bourse => continue,
        };
        asked += 1;
        let answers = oracle
            .answer(&script.statements())
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let answers = script.settled(answers);
        if arguments.record {
            fs::write(&path, script.with_answers(&answers)).map_err(failed)?;
            continue;
        }
        if arguments.accept {
            let recorded: Vec<_> = script.steps.iter().map(|step| step.answer.clone()).collect();
            let script = script.with_deviations(&answers);
            fs::write(&path, script.with_answers(&recorded)).map_err(failed)?;
            continue;
        }
        let differences = script.differences(&answers);
        (statements, differing) = (statements + answers.len(), differing + differences.len());
        for difference in differences {
            same = false;
            println!("{}:\n{difference}", path.display());
        }
    }
    println!("{asked} scripts, {statements} statements, {differing} differ");
    Ok(same)
}

/// Writes the parts of documents that are made of scripts.
fn document() -> Result<bool, String> {
    let root = Path::new(".");
    for document in documents(root)? {
        let failed = |error: std::io::Error| format!("{}: {error}", document.path);
        fs::write(root.join(document.path), &document.is).map_err(failed)?;
        println!("{} is made of the scripts", document.path);
    }
    Ok(true)
}
