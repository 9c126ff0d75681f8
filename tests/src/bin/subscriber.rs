//! A process to kill: two threads write rows, two take what a feed tells of them, and of a view of
//! them, to copies, each time with the position, and begin anew now and then without having dealt
//! with what they were given. Says so when it has begun.
//!
//! `subscriber DIR SEED`

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use bourse::{Changes, Database, Result};
use bourse_storage::sync;
use bourse_storage::sync::sim::Random;
use bourse_tests::{killed, mirror};

/// Rows that each of the writers has.
const ROWS: u64 = 12;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (folder, seed) = (arguments.next(), arguments.next().and_then(|seed| seed.parse().ok()));
    let (Some(folder), Some(seed)) = (folder, seed) else {
        eprintln!("usage: subscriber DIR SEED");
        return ExitCode::from(2);
    };
    match run(Path::new(&folder), seed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("subscriber: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, seed: u64) -> Result<()> {
    let store = Database::open(folder, killed::options())?;
    mirror::create_once(&store)?;
    if !killed::say_begun() {
        return Ok(());
    }
    std::thread::scope(|scope| {
        for writer in 0..2 {
            let (store, mut random) = (&store, Random::new(seed * 3 + writer));
            scope.spawn(move || -> Result<()> {
                loop {
                    let id = writer * ROWS + random.below(ROWS);
                    mirror::write(store, id.cast_signed(), random.below(6))?;
                    // The subscriber commits as often as both of them.
                    sync::sleep(Duration::from_micros(random.below(3_000)));
                }
            });
        }
        scope.spawn(|| follow(&store, mirror::GROUP_FEED, seed + 1, mirror::take_groups));
        follow(&store, mirror::FEED, seed, mirror::take)
    })
}

/// Takes what a feed tells to a copy, for ever.
fn follow(
    store: &Database,
    feed: &str,
    seed: u64,
    take: impl Fn(&Database, &Changes) -> Result<()>,
) -> Result<()> {
    let mut random = Random::new(seed);
    loop {
        let mut subscription = store.subscribe(feed)?;
        while !random.one_in(50) {
            if let Some(changes) = subscription.next().transpose()?
                && !random.one_in(30)
            {
                take(store, &changes)?;
            } else {
                // Given and not dealt with: it is to be given again.
                break;
            }
        }
    }
}
