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

/// The promises that any loss of what was agreed on breaks, whichever is looked at first.
const LOST: [&str; 6] = [
    "what was acknowledged stays",
    "what is agreed on stays",
    "what was shown stays",
    "a linearizable read misses nothing",
    "members are equal",
    "the group goes on",
];
