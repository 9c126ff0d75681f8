//! Leaders and followers in simulated worlds keep what they promise, and the worlds find bugs that
//! the engine is told to make.

use bourse_storage::bug::Bug;
use bourse_tests::followers::{self, Counts};

use crate::simulation::{breaks, found};

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

fn is_found(bug: Bug, broken: &[&str]) {
    breaks(env!("CARGO_BIN_EXE_followers"), bug, &["--seeds", "60"], broken);
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
