//! Eight consumers killed at random with their process: each message has its effect once, those of
//! one key in order.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bourse::{Database, ErrorKind, Result};
use bourse_storage::sync::sim::Random;
use bourse_tests::killed;
use bourse_tests::messages::{Counted, Work};

use crate::expect::started_and_killed;

/// Starts the process and kills it, so many times.
fn kill(folder: &Path, rounds: u64, extra: Option<&str>) {
    let mut random = Random::new(rounds);
    for round in 0..rounds {
        let mut program = Command::new(env!("CARGO_BIN_EXE_consumer"));
        program.arg(folder).arg(round.to_string()).args(extra);
        started_and_killed(&mut program, round, Duration::from_millis(1 + random.below(200)));
    }
}

/// Deals with what is left, and checks everything.
fn counted(folder: &Path) -> Result<Counted> {
    let store = Database::open(folder, killed::options_to_check())?;
    let work = Work::open(&store)?;
    work.drain()?;
    let report = store.check(&mut |_| {})?;
    assert!(report.is_sound(), "{report:?}");
    work.check()
}

#[test]
fn each_effect_is_there_once_and_in_order_after_forty_kills() {
    let folder = tempfile::tempdir().unwrap();
    kill(folder.path(), 40, None);
    let counted = counted(folder.path()).unwrap();
    assert!(counted.effects > 40 && counted.again > 0, "{counted:?}");
}

/// Guards against a check that finds nothing.
#[test]
fn effects_apart_from_their_acknowledgements_are_found() {
    let folder = tempfile::tempdir().unwrap();
    // A busy machine may kill none of them between its two commits.
    let tries = (0..20).map(|_| {
        kill(folder.path(), 6, Some("--apart"));
        counted(folder.path())
    });
    let error = tries.filter_map(Result::err).next().unwrap();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
    assert!(error.to_string().starts_with("key "), "{error}");
}
