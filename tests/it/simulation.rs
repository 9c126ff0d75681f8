//! The simulator finds nothing in the engine, and finds bugs that it is told to make.

use std::process::Command;

use bourse_storage::bug::Bug;
use bourse_tests::{report, seed};

#[test]
fn a_dozen_seeds_keep_all_promises() {
    let summary = report::run(1, 12);
    assert!(summary.is_good(), "{}", summary.text(None));
    assert_eq!(summary.seeds, 12);
    assert!(summary.counts.operations >= 12 * seed::OPERATIONS);
    assert!(summary.counts.crashes >= 36 && summary.counts.crashes_in_recovery >= 12);
}

/// Guards against a simulation that tests less than it says: what never happened is a failure.
#[test]
fn a_simulation_without_some_fault_is_no_good() {
    let mut summary = report::Summary { seeds: 30, ..report::Summary::default() };
    summary.counts = seed::Counts {
        operations: 1,
        crashes: 1,
        crashes_in_recovery: 1,
        torn_sectors: 1,
        io_errors: 1,
        full_errors: 1,
        decayed: 1,
        truncations: 1,
    };
    assert!(summary.is_good());
    summary.counts.full_errors = 0;
    assert!(!summary.is_good());
    assert!(summary.text(None).contains("FAILED: no ENOSPC"), "{}", summary.text(None));
}

#[test]
fn the_same_seed_is_the_same_run() {
    for number in [2, 5] {
        let (first, second) = (seed::run(number), seed::run(number));
        assert_eq!(first.trace_hash, second.trace_hash, "seed {number}");
        assert_eq!(first.counts, second.counts, "seed {number}");
    }
}

const SIMULATE: &str = env!("CARGO_BIN_EXE_simulate");

/// What a simulator prints, and the first violation that it finds, if it finds one, by its seed.
/// Bugs are switched on in the whole process, so it runs in one of its own.
fn violation(simulator: &str, bug: Bug, which: &[&str]) -> (String, Option<(String, String)>) {
    let output = Command::new(simulator).args(which).args(["--bug", bug.name()]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text.lines().find_map(|line| line.strip_prefix("FAILED seed ")?.split_once(": "));
    let found = found.map(|(seed, violation)| (seed.to_owned(), violation.to_owned()));
    assert!(found.is_none() || output.status.code() == Some(1), "{bug:?}: {text}");
    (text, found)
}

fn first_violation(simulator: &str, bug: Bug, which: &[&str]) -> (String, String) {
    let (text, found) = violation(simulator, bug, which);
    found.unwrap_or_else(|| panic!("{bug:?} is not found: {text}"))
}

/// The seeds show that the bug breaks one of these promises.
pub(crate) fn breaks(simulator: &str, bug: Bug, which: &[&str], broken: &[&str]) {
    let (seed, violation) = first_violation(simulator, bug, which);
    assert_expected(bug, (&seed, &violation), broken);
}

fn assert_expected(bug: Bug, (seed, violation): (&str, &str), broken: &[&str]) {
    let is_expected = |promise: &&str| violation.starts_with(&format!("{promise}: "));
    assert!(broken.iter().any(is_expected), "{bug:?}, seed {seed}: {violation}");
}

/// Seeds that have found bugs which few seeds find: they are tried before all others, so that a
/// search takes its minutes only when the engine has changed. One that finds its bug no longer
/// costs a run; whoever meets it writes the new one down, which the search prints.
const FOUND_BY: &[(Bug, u64)] = &[
    (Bug::IdentityWithoutBirth, 243),
    (Bug::FrameChainOff, 235),
    (Bug::FrozenForgotten, 22),
    (Bug::BuildProgressNotJudged, 28),
    (Bug::OnlyWrittenShardsLocked, 16),
    (Bug::CheckpointNotDurable, 15),
];

/// Two hundred seeds, or twice as many where few find it, show that the bug breaks one of the
/// promises that it is a danger to, and the seed shows the same again.
fn is_found(bug: Bug, broken: &[&str]) {
    let found_by = FOUND_BY.iter().find(|(of, _)| *of == bug).map(|(_, seed)| seed.to_string());
    let seeds = if found_by.is_some() { "400" } else { "200" };
    let lately = found_by.and_then(|seed| violation(SIMULATE, bug, &["--seed", &seed]).1);
    let (seed, violation) = lately.unwrap_or_else(|| {
        let found = first_violation(SIMULATE, bug, &["--seeds", seeds]);
        eprintln!("{bug:?} is found by seed {}", found.0);
        found
    });
    assert_expected(bug, (&seed, &violation), broken);
    let again = first_violation(SIMULATE, bug, &["--seed", &seed]);
    assert_eq!(again, (seed, violation), "{bug:?}");
}

/// Tests of the bugs that one kind of worlds is the one to find, by that module's `is_found`.
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
pub(crate) use found;

found! {
    superblock_before_its_pages: SuperblockBeforePages breaks
        ["recovery succeeds", "check finds nothing", "whole or not at all"],
    truncated_before_the_superblock: TruncateBeforeSuperblock breaks
        [
            "recovery succeeds", "no needless error", "snapshot is constant",
            "check finds nothing", "index equals table",
        ],
    identity_without_birth: IdentityWithoutBirth breaks [
        "recovery succeeds", "no needless error", "check finds nothing", "whole or not at all",
        "index equals table", "snapshot is constant", "feed tells every change once",
    ],
    // It needs a torn frame before one that came to the disk whole.
    frame_chain_off: FrameChainOff breaks
        ["whole or not at all", "no lost update", "prefix of the commit order"],
    acknowledged_before_the_sync: AcknowledgeBeforeSync breaks
        // What was said to be durable is missing: the log itself may be the first to notice.
        ["acknowledged is recovered", "returned is recovered", "recovery succeeds"],
    published_before_durable: PublishBeforeDurable breaks
        // Whoever finds its batch published acknowledges it and does not flush: `Core::settle`.
        ["returned is recovered", "acknowledged is recovered"],
    seal_skipped: SealSkipped breaks [
        "sum is conserved", "strictly serializable", "snapshot is constant", "index equals table",
        "no needless error", "check finds nothing", "recovery succeeds",
    ],
    counted_before_closed: CountedBeforeClosed breaks [
        "sum is conserved", "strictly serializable", "snapshot is constant", "index equals table",
        "no needless error", "check finds nothing", "acknowledged is recovered",
        "returned is recovered", "view equals table", "no lost update", "whole or not at all",
    ],
    left_untold: LeftUntold breaks ["strictly serializable"],
    expired_cut_read: ExpiredCutRead breaks
        ["snapshot is constant", "no needless error", "sum is conserved", "index equals table"],
    row_lock_check_off: RowLockCheckOff breaks [
        "no lost update", "locked row is constant", "strictly serializable", "sum is conserved",
        "whole or not at all", "index equals table",
    ],
    row_lock_forgotten: RowLockForgotten breaks [
        "no lost update", "locked row is constant", "strictly serializable", "sum is conserved",
        "whole or not at all", "index equals table", "check finds nothing",
    ],
    only_written_shards_locked: OnlyWrittenShardsLocked breaks ["strictly serializable"],
    cross_shard_sections_derived_at_replay: CrossShardSectionsDerived breaks
        ["index equals table", "check finds nothing"],
    checkpoint_of_a_cut_that_is_not_durable: CheckpointNotDurable breaks [
        "check finds nothing", "whole or not at all", "recovery succeeds", "index equals table",
        "prefix of the commit order", "feed tells every change once",
    ],
    log_cut_past_a_staged_chunk: LogCutPastStagedChunk breaks ["recovery succeeds"],
    deltas_beyond_a_build: DeltasBeyondBuild breaks
        // What was never added to a view is taken away from it, and apply cannot go on.
        ["check finds nothing", "no needless error"],
    build_progress_not_judged: BuildProgressNotJudged breaks
        ["check finds nothing", "index equals table", "no needless error"],
    read_only_result_not_held: ReadOnlyResultNotHeld breaks
        ["returned is recovered", "strictly serializable"],
    view_delta_dropped: ViewDeltaDropped breaks
        ["view equals table", "check finds nothing", "no needless error"],
    extremum_not_rederived: ExtremumNotRederived breaks
        ["view equals table", "check finds nothing", "no needless error"],
    owned_contribution_dropped: OwnedContributionDropped breaks
        ["view equals table", "check finds nothing", "no needless error"],
    owned_index_stale: OwnedIndexStale breaks
        ["view equals table", "check finds nothing", "no needless error"],
    frozen_forgotten: FrozenForgotten breaks ["view equals table"],
    fed_group_keeps_what_goes: FedGroupKeepsWhatGoes breaks
        // A value may be taken from a state that has none of it, and the commit refuses.
        ["feed tells every change once"],
    log_cut_past_a_feed: LogCutPastFeed breaks ["feed tells every change once"],
    feed_position_before_the_effect: FeedPositionBeforeEffect breaks
        ["feed tells every change once"],
    feed_before_published: FeedBeforePublished breaks ["feed tells every change once"],
    validation_off: ValidationOff breaks [
        "strictly serializable", "no lost update", "sum is conserved", "whole or not at all",
    ],
}

/// Guards the table above: a bug that nobody looks for proves nothing.
#[test]
fn every_bug_is_looked_for() {
    for bug in Bug::ALL {
        let others = [crate::followers::TESTED, crate::groups::TESTED, crate::consensus::TESTED];
        let tested = others.iter().chain([&TESTED]).any(|tested| tested.contains(bug));
        assert!(tested, "{bug:?} has no test");
    }
}
