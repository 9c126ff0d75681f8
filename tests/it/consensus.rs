//! Groups with the real consensus in simulated worlds keep what they promise, and the worlds find
//! bugs that the engine and the consensus's storage are told to make.

use bourse_storage::bug::Bug;
use bourse_tests::consensus::{self, Counts};

use crate::simulation::{breaks, found};

/// Guards also against worlds in which less happens than they say.
#[test]
fn some_seeds_keep_all_promises() {
    let mut all = Counts::default();
    for seed in 1..=40 {
        let report = consensus::run(seed);
        assert!(report.violation.is_none(), "seed {seed}: {:?}", report.violation);
        all.add(&report.counts);
    }
    assert!(all.acknowledged > 4_000 && all.unknown > 40 && all.reads > 200, "{all:?}");
    assert!(all.entries > 4_000 && all.leaders > 80 && all.crashes > 80, "{all:?}");
    assert!(all.crashes_inside > 10 && all.opened_anew > 20 && all.made_anew > 2, "{all:?}");
    assert!(all.partitions > 40 && all.pauses > 20 && all.checkpoints > 40, "{all:?}");
}

/// Guards what a seed is for: another run of it shows the same.
#[test]
fn the_same_seed_is_the_same_run() {
    for seed in [3, 7, 11] {
        let (first, second) = (consensus::run(seed), consensus::run(seed));
        assert_eq!(first.counts, second.counts, "seed {seed}");
        assert_eq!(first.trace_hash, second.trace_hash, "seed {seed}");
    }
    assert_ne!(consensus::run(3).trace_hash, consensus::run(7).trace_hash);
}

fn is_found(bug: Bug, broken: &[&str]) {
    breaks(env!("CARGO_BIN_EXE_consensus"), bug, &["--seeds", "600"], broken);
}

found! {
    acknowledged_before_a_quorum: PublishBeforeAgreed breaks
        ["nothing is shown before it is agreed on"],
    told_before_the_flush: EntryToldBeforeFlush breaks
        [
            "what was acknowledged stays", "what is agreed on stays",
            "a linearizable read misses nothing", "members are equal", "the group goes on",
        ],
    vote_not_saved: VoteNotSaved breaks
        ["a vote is given once", "one leader acknowledges in a term", "what is agreed on stays"],
    vote_not_durable: VoteNotDurable breaks
        ["recovery succeeds, no needless error", "a vote is given once"],
    uncommitted_suffix_replayed: UnendedReplayed breaks
        ["the group goes on", "members are equal", "recovery succeeds, no needless error"],
    taken_back_and_replayed: TakenBackReplayed breaks
        ["the group goes on", "members are equal", "recovery succeeds, no needless error"],
    checkpoint_of_what_is_not_agreed_on: CheckpointBeforeAgreed breaks
        [
            "a linearizable read misses nothing", "what was acknowledged stays",
            "what was shown stays", "members are equal", "the group goes on",
            "nothing is shown before it is agreed on", "recovery succeeds, no needless error",
        ],
}
