//! Eight consumers killed at random with their process: each message has its effect once, those of
//! one key in order.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use bourse::{Database, ErrorKind, Options, Result};
use bourse_storage::sync;
use bourse_storage::sync::sim::Random;
use bourse_tests::messages::{Counted, Work};

/// Starts the process and kills it, so many times.
fn kill(folder: &Path, rounds: u64, extra: Option<&str>) {
    let mut random = Random::new(rounds);
    for round in 0..rounds {
        let mut child = Command::new(env!("CARGO_BIN_EXE_consumer"))
            .arg(folder)
            .arg(round.to_string())
            .args(extra)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // One in four is killed while it opens and recovers.
        if round % 4 != 0 {
            child.stdout.as_mut().unwrap().read_exact(&mut [0; 6]).unwrap();
        }
        sync::sleep(Duration::from_millis(1 + random.below(200)));
        assert!(child.try_wait().unwrap().is_none(), "round {round}: it ended by itself");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// Deals with what is left, and checks everything.
fn counted(folder: &Path) -> Result<Counted> {
    let options = Options {
        background: false,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 16,
        log_segment_bytes: 64 << 10,
        ..Options::default()
    };
    let store = Database::open(folder, options)?;
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
