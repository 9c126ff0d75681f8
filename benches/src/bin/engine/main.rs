//! The engine beside its peers: the same rows, keys, index and durability, in turns, each step in a
//! process of its own. `cargo xtask bench engine -- --help` tells how; `benches/README.md` what is
//! measured and how each peer is opened.

#![expect(clippy::print_stdout, reason = "the table is the result")]

mod bytes;
mod change;
mod files;
mod grouped;
mod items;
mod memory;
mod peers;
mod report;
mod run;
mod script;
mod step;
mod submitted;
mod syscalls;
#[cfg(test)]
mod tests;
mod trades;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::{Parser, Subcommand, ValueEnum};

use crate::peers::Contender;
use crate::report::Report;
use crate::run::{Plan, Run};
use crate::step::Step;

/// What may go wrong; it crosses threads.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const LONG_HELP: &str = "\
Fills every contender with the same trades (128 bytes, an index that covers 40) and measures them \
in turns: A B A B ..., each step in a process of its own that first reads all of its store. What \
reads return is summed up, and must be equal for all contenders; what writes leave is compared \
with a model. The table goes to standard output, progress to standard error.

A first look, half a minute:
  cargo xtask bench engine --quick
All that the table of goals has, without RocksDB, an hour:
  cargo xtask bench engine --json engine.json --markdown engine.md
One item, two contenders, five rounds:
  cargo xtask bench engine --items get,scan-index --peers bourse,lmdb --rounds 5
RocksDB too (needs a C++ compiler and libclang, and minutes to build):
  cargo xtask bench engine --all-peers
Five times the rows in 80 MiB of memory (needs a memory control group, as root):
  cargo xtask bench engine --items large
Is durable durable? System calls of a commit, counted by strace:
  cargo xtask bench engine --syscalls";

/// Measures the engine beside its peers.
#[derive(Parser)]
#[command(after_long_help = LONG_HELP, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Hidden>,
    /// Few rows, few operations, one round: whether everything works, not how fast.
    #[arg(long)]
    quick: bool,
    /// Only these items, with commas between; `large` and `all` are names too.
    #[arg(long, value_delimiter = ',')]
    items: Vec<String>,
    /// Only these contenders, with commas between; their order is that of the turns.
    #[arg(long, value_delimiter = ',')]
    peers: Vec<String>,
    /// Rounds of each item [default: 3; quick: 1].
    #[arg(long)]
    rounds: Option<usize>,
    /// Trades [default: 1000000; quick: 50000].
    #[arg(long)]
    rows: Option<i64>,
    /// Divides the operations of each round [default: 1; quick: 20].
    #[arg(long)]
    shorter: Option<usize>,
    /// Real-time priority for all contenders in items that wait for the disk: beside other work, a
    /// thread that waits for the disk is else woken late.
    #[arg(long, value_enum, default_value_t = Realtime::Auto)]
    realtime: Realtime,
    /// Where the figures go as JSON; `-` is standard output, instead of the table.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Where the table goes as Markdown.
    #[arg(long)]
    markdown: Option<PathBuf>,
    /// Where the stores are made, in a folder that is removed.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
    /// Count the system calls of durable commits instead of measuring.
    #[arg(long)]
    syscalls: bool,
}

#[derive(Subcommand)]
enum Hidden {
    /// One step, started by the run.
    #[command(hide = true)]
    Step(Step),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Realtime {
    /// Where `chrt` may give it.
    Auto,
    /// Or fail.
    Always,
    /// No.
    Never,
}

/// How steps that wait for the disk are scheduled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scheduling {
    /// By `chrt --rr 1`.
    Realtime,
    /// As any process.
    Default,
}

impl Scheduling {
    fn choose(asked: Realtime) -> Outcome<Scheduling> {
        if asked == Realtime::Never {
            return Ok(Scheduling::Default);
        }
        let tried = Command::new("chrt")
            .args(["--rr", "1", "true"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match (tried, asked) {
            (Ok(status), _) if status.success() => Ok(Scheduling::Realtime),
            (_, Realtime::Always) => Err("`chrt --rr 1` does not work here: not root?".into()),
            _ => Ok(Scheduling::Default),
        }
    }

    pub(crate) fn is_realtime(self) -> bool {
        self == Scheduling::Realtime
    }

    /// For the report.
    pub(crate) fn describe(self) -> String {
        let how = match self {
            Scheduling::Realtime => "real-time priority, by `chrt --rr 1`",
            Scheduling::Default => "the default priority",
        };
        format!("Items that wait for the disk ran with {how}, all contenders alike.")
    }
}

fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    if let Some(Hidden::Step(step)) = &arguments.command {
        return step::run(step);
    }
    let contenders: Vec<&Contender> = match arguments.peers.is_empty() {
        true => peers::ALL.iter().collect(),
        false => arguments.peers.iter().map(|name| peers::find(name)).collect::<Outcome<_>>()?,
    };
    let space = tempfile::Builder::new().prefix("bourse-bench-").tempdir_in(&arguments.folder)?;
    if arguments.syscalls {
        print!("{}", syscalls::run(&contenders, space.path())?);
        return Ok(());
    }
    measure(&arguments, contenders, space.path())
}

fn measure(
    arguments: &Arguments,
    contenders: Vec<&'static Contender>,
    folder: &std::path::Path,
) -> Outcome<()> {
    let quick = arguments.quick;
    let plan = Plan {
        items: items::select(&arguments.items)?,
        contenders,
        rows: arguments.rows.unwrap_or(if quick { 50_000 } else { 1_000_000 }),
        rounds: arguments.rounds.unwrap_or(if quick { 1 } else { 3 }).max(1),
        shorter: arguments.shorter.unwrap_or(if quick { 20 } else { 1 }).max(1),
        scheduling: Scheduling::choose(arguments.realtime)?,
    };
    if plan.rows < trades::ROWS_MIN {
        return Err(format!("--rows: at least {}", trades::ROWS_MIN).into());
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let about = format!(
        "{} trades, {} rounds in turns, {cores} cores; {}.",
        plan.rows,
        plan.rounds,
        if quick { "a quick run: these figures only show that all works" } else { "a full run" },
    );
    let rows = plan.rows;
    let to_stdout = arguments.json.as_ref().is_some_and(|path| path.as_os_str() == "-");
    let results = Run::new(&plan, folder)?.all(|results| {
        let report = Report::new(results, &about, rows);
        if let Some(path) = arguments.json.as_ref().filter(|_| !to_stdout) {
            std::fs::write(path, report.json())?;
        }
        if let Some(path) = &arguments.markdown {
            std::fs::write(path, report.markdown())?;
        }
        Ok(())
    })?;
    let report = Report::new(&results, &about, rows);
    print!("{}", if to_stdout { report.json() } else { report.markdown() });
    let failed = results.mismatches.len();
    match failed {
        0 => Ok(()),
        _ => Err(format!("{failed} steps failed or gave other answers; see above").into()),
    }
}
