//! Groups of three in simulated worlds keep what they promise, and the worlds find bugs that the
//! engine is told to make.

use bourse_storage::bug::Bug;
use bourse_tests::groups::{self, Counts};

use crate::simulation::{breaks, found};

/// Guards also against worlds in which less happens than they say.
#[test]
fn some_seeds_keep_all_promises() {
    let mut all = Counts::default();
    for seed in 1..=30 {
        let report = groups::run(seed);
        assert!(report.violation.is_none(), "seed {seed}: {:?}", report.violation);
        all.add(&report.counts);
    }
    assert!(all.writes > 1_000 && all.agreed > 400 && all.accepted > 800, "{all:?}");
    assert!(all.crashes > 200 && all.leaders > 100 && all.taken_back > 20, "{all:?}");
    assert!(all.lost > 50 && all.checkpoints > 50 && all.compared > 100, "{all:?}");
}

#[test]
fn the_same_seed_is_the_same_run() {
    let (first, second) = (groups::run(3), groups::run(3));
    assert_eq!(first.counts, second.counts);
}

fn is_found(bug: Bug, broken: &[&str]) {
    breaks(env!("CARGO_BIN_EXE_groups"), bug, &["--seeds", "60"], broken);
}

found! {
    published_before_agreed: PublishBeforeAgreed breaks
        ["nothing is shown before it is agreed on", "rows equal the agreed entries"],
    taken_back_and_replayed: TakenBackReplayed breaks
        ["what is taken back is gone", "recovery succeeds, no needless error"],
    unended_and_replayed: UnendedReplayed breaks
        ["rows equal the agreed entries", "recovery succeeds, no needless error"],
    checkpoint_before_agreed: CheckpointBeforeAgreed breaks
        [
            "rows equal the agreed entries", "recovery succeeds, no needless error",
            "what is durable is there", "nothing is shown before it is agreed on",
        ],
    vote_not_durable: VoteNotDurable breaks
        ["what is saved is there", "recovery succeeds, no needless error"],
}
