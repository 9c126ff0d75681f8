//! Leaders and followers in simulated worlds keep what they promise, and the worlds find bugs that
//! the engine is told to make.

use std::process::Command;

use bourse_storage::bug::Bug;
use bourse_tests::followers::{self, Counts};

/// Guards also against worlds in which less happens than they say.
#[test]
fn some_seeds_keep_all_promises() {
    let mut all = Counts::default();
    for seed in 1..=8 {
        let report = followers::run(seed);
        assert!(report.violation.is_none(), "seed {seed}: {:?}", report.violation);
        all.add(&report.counts);
    }
    assert!(all.commits > 1_000 && all.parcels > 1_000 && all.refused > 50, "{all:?}");
    assert!(all.crashes >= 8 && all.promotions >= 2 && all.made > 8, "{all:?}");
    assert!(all.compared > 100, "{all:?}");
}

#[test]
fn the_same_seed_is_the_same_run() {
    let (first, second) = (followers::run(3), followers::run(3));
    assert_eq!(first.counts, second.counts);
}

/// Bugs are switched on in the whole process, so they run in one of their own.
fn is_found(bug: Bug, broken: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_followers"))
        .args(["--seeds", "60", "--bug", bug.name()])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{bug:?}: {text}");
    let found = text.lines().find_map(|line| line.strip_prefix("FAILED seed ")?.split_once(": "));
    let (seed, violation) = found.unwrap_or_else(|| panic!("{bug:?} names no seed: {text}"));
    let is_expected = |promise: &&str| violation.starts_with(&format!("{promise}: "));
    assert!(broken.iter().any(is_expected), "{bug:?}, seed {seed}: {violation}");
}

macro_rules! found {
    ($($test:ident: $bug:ident breaks $broken:expr,)+) => {
        /// The bugs that these worlds are the ones to find.
        pub(crate) const TESTED: &[Bug] = &[$(Bug::$bug,)+];

        $(
            #[test]
            fn $test() {
                is_found(Bug::$bug, &$broken);
            }
        )+
    };
}

found! {
    shipped_before_published: ShipBeforePublished breaks ["only published is shipped"],
    taken_twice: ParcelTakenTwice breaks [
        "follower equals leader", "the leader has what it shipped", "sum is conserved",
        "recovery succeeds, no needless error",
    ],
    receipt_before_durable: ReceiptBeforeDurable breaks
        ["receipts are durable", "the held log is there", "follower equals leader"],
    log_cut_past_a_hold: LogCutPastHold breaks
        ["the held log is there", "recovery succeeds, no needless error"],
    log_of_a_follower_cut_past_a_stage: LogCutPastStagedChunk breaks
        ["recovery succeeds, no needless error"],
}
