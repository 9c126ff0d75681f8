//! A process to kill: two threads put messages into a queue, eight take them out, each with its
//! effect. Says so when it has begun.
//!
//! `consumer DIR SEED [--apart]`; with `--apart` effect and acknowledgement are two commits, which
//! is wrong, and must be found.

use std::convert::Infallible;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use bourse::{Database, Error, ErrorKind, Result};
use bourse_storage::sync;
use bourse_storage::sync::sim::Random;
use bourse_tests::killed;
use bourse_tests::messages::{Commits, Work};

const PRODUCERS: u64 = 2;
const CONSUMERS: u64 = 8;
/// How long a lease lasts; some consumers stand still for longer.
const TIMEOUT: Duration = Duration::from_millis(30);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (folder, seed) = (arguments.next(), arguments.next().and_then(|seed| seed.parse().ok()));
    let (Some(folder), Some(seed)) = (folder, seed) else {
        eprintln!("usage: consumer DIR SEED [--apart]");
        return ExitCode::from(2);
    };
    let commits = match arguments.next().as_deref() {
        Some("--apart") => Commits::Apart,
        _ => Commits::Together,
    };
    match run(Path::new(&folder), seed, commits) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("consumer: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, seed: u64, commits: Commits) -> Result<()> {
    let work = Work::open(&Database::open(folder, killed::options())?)?;
    if !killed::say_begun() {
        return Ok(());
    }
    let (tell, told) = std::sync::mpsc::channel();
    for number in 0..PRODUCERS + CONSUMERS {
        let (work, random) = (work.clone(), Random::new(seed * 100 + number));
        let tell = tell.clone();
        // Not joined: none of them ends but by an error, and with the first of these the process.
        drop(sync::spawn("worker", move || {
            let Err(error) = repeat(&work, random, number < PRODUCERS, commits);
            drop(tell.send(error));
        }));
    }
    drop(tell);
    told.recv().map_or_else(|_| Err(Error::invalid("all threads panicked")), Err)
}

/// What a thread does until an error.
fn repeat(
    work: &Work,
    mut random: Random,
    is_producer: bool,
    commits: Commits,
) -> Result<Infallible> {
    loop {
        let done = if is_producer {
            // The consumers are to keep up with all producers.
            sync::sleep(Duration::from_micros(random.below(6_000)));
            work.produce(&mut random)
        } else {
            work.consume(&mut random, TIMEOUT, commits)
        };
        match done {
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            done => done?,
        }
    }
}
