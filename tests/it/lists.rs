//! Histories of lists: the engine keeps what it promises, by our checker and by one that is not
//! ours, and both find what they are for.

use std::io::Read;
use std::process::Command;

use adya::history::{Mop, OpType, ReadValue, Scalar};
use adya::{History, Opts, Valid, Workload, check as foreign};
use bourse::Isolation;
use bourse_storage::bug::Bug;
use bourse_tests::lists::check::{self, Level};
use bourse_tests::lists::engine::{self, Kind};
use bourse_tests::lists::{Entry, Phase, Step, json_lines};

/// What the other checker finds against a model, and nothing where it is satisfied.
fn foreign_anomalies(history: &History, model: &str) -> Vec<String> {
    let options = Opts { models: vec![model.into()], ..Opts::default() };
    let report = foreign(history, Workload::ListAppend, &options);
    assert_eq!(report.valid == Valid::True, report.anomaly_types.is_empty(), "{report:?}");
    report.anomaly_types
}

/// A history of the other checker as one of ours.
fn entries_of(history: &History) -> Vec<Entry> {
    let number = |id| match history.show(id) {
        Scalar::Int(number) => *number,
        Scalar::Str(text) => panic!("{text} is no number"),
    };
    let step = |mop: &Mop, is_end: bool| match mop {
        Mop::Append { key, value } => Step::Append(number(*key), number(*value)),
        Mop::Read { key, value: ReadValue::List(values) } => {
            Step::Read(number(*key), Some(values.iter().map(|value| number(*value)).collect()))
        }
        Mop::Read { key, .. } => Step::Read(number(*key), is_end.then(Vec::new)),
        Mop::Write { .. } => panic!("no history of lists"),
    };
    let entry = |op: &adya::history::Op| Entry {
        process: op.process.unwrap(),
        phase: match op.kind {
            OpType::Invoke => Phase::Invoke,
            OpType::Ok => Phase::Committed,
            OpType::Fail => Phase::Failed,
            OpType::Info => Phase::Unknown,
        },
        steps: op.value.iter().map(|mop| step(mop, op.kind == OpType::Ok)).collect(),
    };
    history.ops.iter().map(entry).collect()
}

fn kinds(entries: &[Entry], level: Level) -> Vec<&'static str> {
    let mut kinds: Vec<_> =
        check::violations(entries, level).into_iter().map(|anomaly| anomaly.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The other checker's name of a level.
fn model(level: Level) -> &'static str {
    match level {
        Level::ReadCommitted => "read-committed",
        Level::Snapshot => "snapshot-isolation",
        Level::Serializable => "serializable",
        Level::StrictSerializable => "strict-serializable",
    }
}

/// Both checkers say that the history keeps what its transactions promise, and it is not an empty
/// one.
fn assert_kept(kind: Kind, entries: &[Entry], what: &str) {
    let committed = entries.iter().filter(|entry| entry.phase == Phase::Committed).count();
    assert!(committed > 50, "{what}: only {committed} transactions committed");
    let found = check::violations(entries, kind.level());
    assert!(found.is_empty(), "{what}: {:?}", found.first());
    let history = History::from_json(&json_lines(entries)).unwrap();
    let found = foreign_anomalies(&history, model(kind.level()));
    assert!(found.is_empty(), "{what}: {found:?}");
}

#[test]
fn simulated_histories_keep_what_their_level_promises() {
    for kind in Kind::ALL {
        for seed in 1..=12 {
            let entries = engine::simulated(kind, seed, 400).unwrap();
            assert_kept(kind, &entries, &format!("{}, seed {seed}", kind.name()));
        }
    }
}

#[test]
fn histories_of_real_threads_keep_what_their_level_promises() {
    for kind in Kind::ALL {
        for seed in 1..=2 {
            let folder = tempfile::tempdir().unwrap();
            let entries = engine::real(kind, folder.path(), seed, 1_500).unwrap();
            assert_kept(kind, &entries, &format!("{} on real threads, seed {seed}", kind.name()));
        }
    }
}

/// What a level allows does happen, so the checkers see more than empty graphs: snapshots have
/// write skew, and READ COMMITTED has more.
#[test]
fn weaker_levels_are_weaker() {
    let mut seen = std::collections::BTreeSet::new();
    for kind in &Kind::ALL[1..3] {
        for seed in 1..=20 {
            let entries = engine::simulated(*kind, seed, 400).unwrap();
            let kinds = kinds(&entries, Level::Serializable);
            seen.extend(kinds.into_iter().map(|anomaly| (kind.name(), anomaly)));
        }
    }
    assert!(seen.contains(&("repeatable-read", "G2-item")), "{seen:?}");
    assert!(seen.contains(&("read-committed", "G-single")), "{seen:?}");
}

#[test]
fn the_same_seed_is_the_same_history() {
    for kind in Kind::ALL {
        let history = || engine::simulated(kind, 3, 200).unwrap();
        assert_eq!(history(), history(), "{}", kind.name());
    }
}

/// Both checkers find the bug: ours in some seed, the other one in the history of that seed. Bugs
/// are switched on in the whole process, so it runs in one of its own.
fn is_found(bug: Bug, kind: Kind) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.jsonl");
    let output = Command::new(env!("CARGO_BIN_EXE_lists"))
        .args(["--seeds", "100", "--kind", kind.name(), "--bug", bug.name(), "--history"])
        .arg(&path)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{bug:?}: {text}");
    let lines = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{bug:?}: {text}"));
    let history = History::from_json(&lines).unwrap();
    let found = foreign_anomalies(&history, model(kind.level()));
    assert!(!found.is_empty(), "{bug:?} is found by ours alone: {text}");
}

#[test]
fn validation_off_is_found() {
    is_found(Bug::ValidationOff, Kind::Closures);
}

#[test]
fn row_locks_not_looked_at_are_found() {
    is_found(Bug::RowLockCheckOff, Kind::Closures);
}

#[test]
fn row_locks_forgotten_are_found() {
    is_found(Bug::RowLockForgotten, Kind::Interactive(Isolation::RepeatableRead));
}

#[test]
fn shards_that_were_only_read_and_not_locked_are_found() {
    is_found(Bug::OnlyWrittenShardsLocked, Kind::Closures);
}

#[test]
fn cuts_published_early_are_found() {
    is_found(Bug::PublishBeforeDurable, Kind::Closures);
}

fn kept(level: &str) -> History {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("histories");
    let file = std::fs::read(folder.join(format!("postgresql-15-{level}.jsonl.gz"))).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(&*file).read_to_string(&mut text).unwrap();
    History::from_json(&text).unwrap()
}

/// The rows for PostgreSQL in the other checker's documentation, from histories of PostgreSQL; and
/// ours beside them, whose `lost-update` is the G-single that it is a case of.
#[test]
fn the_published_rows_of_postgresql_are_reproduced() {
    const MODELS: [&str; 4] =
        ["serializable", "snapshot-isolation", "repeatable-read", "read-committed"];
    let rows: [(&str, [&[&str]; 4]); 3] = [
        (
            "read-committed",
            [
                &["G-single-item", "G2-item", "internal", "lost-update"],
                &["G-single-item", "internal", "lost-update"],
                &["G-single-item", "G2-item", "lost-update"],
                &[],
            ],
        ),
        ("repeatable-read", [&["G2-item"], &[], &["G2-item"], &[]]),
        ("serializable", [&[], &[], &[], &[]]),
    ];
    for (level, cells) in rows {
        let history = kept(level);
        for (model, expected) in MODELS.into_iter().zip(cells) {
            assert_eq!(foreign_anomalies(&history, model), expected, "{level}, {model}");
        }
        let entries = entries_of(&history);
        assert_eq!(kinds(&entries, Level::ReadCommitted), [""; 0], "{level}");
        let (snapshot, serializable) =
            (kinds(&entries, Level::Snapshot), kinds(&entries, Level::Serializable));
        match level {
            "read-committed" => {
                assert!(snapshot.contains(&"G-single") && snapshot.contains(&"internal"));
                assert!(serializable.contains(&"G2-item"), "{serializable:?}");
            }
            "repeatable-read" => {
                assert_eq!(snapshot, [""; 0]);
                assert_eq!(serializable, ["G2-item"]);
            }
            _ => assert_eq!(kinds(&entries, Level::StrictSerializable), [""; 0]),
        }
    }
}
