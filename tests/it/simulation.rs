//! The simulator finds nothing in the engine, and finds bugs that it is told to make.

use std::process::Command;

use bourse_tests::{report, seed};

#[test]
fn a_dozen_seeds_keep_all_promises() {
    let summary = report::run(1, 12);
    assert!(summary.is_good(), "{}", summary.text(None));
    assert_eq!(summary.seeds, 12);
    assert!(summary.counts.operations >= 12 * seed::OPERATIONS);
    assert!(summary.counts.crashes >= 36 && summary.counts.crashes_in_recovery >= 12);
}

#[test]
fn the_same_seed_is_the_same_run() {
    for number in [2, 5] {
        let (first, second) = (seed::run(number), seed::run(number));
        assert_eq!(first.trace_hash, second.trace_hash, "seed {number}");
        assert_eq!(first.counts, second.counts, "seed {number}");
    }
}

/// Bugs are switched on in the whole process, so the simulator runs in one of its own.
fn is_found(bug: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_simulate"))
        .args(["--seeds", "200", "--bug", bug])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{bug}: {text}");
    assert!(text.contains("FAILED seed "), "{bug}: {text}");
}

macro_rules! found {
    ($($test:ident: $bug:literal,)+) => {
        $(
            #[test]
            fn $test() {
                is_found($bug);
            }
        )+
    };
}

found! {
    superblock_before_its_pages: "superblock-before-pages",
    acknowledged_before_the_sync: "acknowledge-before-sync",
    identity_without_birth: "identity-without-birth",
    seal_skipped: "seal-skipped",
    row_lock_check_off: "row-lock-check-off",
    only_written_shards_locked: "only-written-shards-locked",
    cross_shard_sections_derived_at_replay: "cross-shard-sections-derived",
    log_cut_past_a_staged_chunk: "log-cut-past-staged-chunk",
    published_before_durable: "publish-before-durable",
    read_only_result_not_held: "read-only-result-not-held",
}
