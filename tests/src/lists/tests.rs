//! Each anomaly in the smallest history that has it, and each level forbids what it should.

use super::check::{Level, anomalies, violations};
use super::{Entry, Phase, Recorder, Step};

fn append(list: i64, value: i64) -> Step {
    Step::Append(list, value)
}

fn read(list: i64, values: &[i64]) -> Step {
    Step::Read(list, Some(values.to_vec()))
}

/// Transactions that all begin before any ends.
fn at_once(transactions: &[(Phase, Vec<Step>)]) -> Vec<Entry> {
    let recorder = Recorder::default();
    for (process, (_, steps)) in (0..).zip(transactions) {
        recorder.note(process, Phase::Invoke, steps);
    }
    for (process, (phase, steps)) in (0..).zip(transactions) {
        recorder.note(process, *phase, steps);
    }
    recorder.entries()
}

/// Transactions one after the other.
fn in_turn(transactions: &[Vec<Step>]) -> Vec<Entry> {
    let recorder = Recorder::default();
    for (process, steps) in (0..).zip(transactions) {
        recorder.note(process, Phase::Invoke, steps);
        recorder.note(process, Phase::Committed, steps);
    }
    recorder.entries()
}

fn committed(transactions: &[&[Step]]) -> Vec<Entry> {
    let all: Vec<_> = transactions.iter().map(|t| (Phase::Committed, t.to_vec())).collect();
    at_once(&all)
}

#[track_caller]
fn assert_kinds(entries: &[Entry], expected: &[&str]) {
    let kinds: Vec<_> = anomalies(entries).into_iter().map(|anomaly| anomaly.kind).collect();
    assert_eq!(kinds, expected, "{entries:?}");
}

#[test]
fn an_order_that_explains_everything_has_no_anomaly() {
    let history = [vec![append(1, 1)], vec![read(1, &[1]), append(1, 2)], vec![read(1, &[1, 2])]];
    assert_kinds(&in_turn(&history), &[]);
}

#[test]
fn values_from_nowhere_and_twice_are_garbage() {
    assert_kinds(&committed(&[&[read(1, &[7])]]), &["garbage"]);
    assert_kinds(&committed(&[&[append(1, 7)], &[read(1, &[7, 7])]]), &["garbage"]);
}

#[test]
fn reads_that_do_not_begin_each_other_have_no_order() {
    let history =
        committed(&[&[append(1, 1)], &[append(1, 2)], &[read(1, &[1, 2])], &[read(1, &[2])]]);
    assert!(anomalies(&history).iter().any(|a| a.kind == "incompatible-order"));
}

#[test]
fn failed_and_unfinished_appends_must_not_be_read() {
    let failed =
        at_once(&[(Phase::Failed, vec![append(1, 1)]), (Phase::Committed, vec![read(1, &[1])])]);
    assert_kinds(&failed, &["G1a"]);
    let unknown =
        at_once(&[(Phase::Unknown, vec![append(1, 1)]), (Phase::Committed, vec![read(1, &[1])])]);
    assert_kinds(&unknown, &[]);
    let middle = committed(&[&[append(1, 1), append(1, 2)], &[read(1, &[1])]]);
    assert!(anomalies(&middle).iter().any(|a| a.kind == "G1b"));
}

#[test]
fn a_transaction_sees_its_own() {
    assert_kinds(&committed(&[&[append(1, 1), read(1, &[])]]), &["internal"]);
    let twice = committed(&[&[append(1, 1)], &[read(1, &[]), read(1, &[1])]]);
    assert!(anomalies(&twice).iter().any(|a| a.kind == "internal"));
}

#[test]
fn cycles_are_named_by_their_edges() {
    let reader = [read(1, &[1, 2]), read(2, &[2, 1])];
    let written = [&[append(1, 1), append(2, 1)][..], &[append(1, 2), append(2, 2)], &reader];
    assert!(anomalies(&committed(&written)).iter().any(|a| a.kind == "G0"));
    let circular = [&[append(1, 1), read(2, &[2])][..], &[append(2, 2), read(1, &[1])]];
    assert_kinds(&committed(&circular), &["G1c"]);
    let skewed =
        [&[read(1, &[]), read(2, &[1])][..], &[append(1, 1), append(2, 1)], &[read(1, &[1])]];
    assert_kinds(&committed(&skewed), &["G-single"]);
    let write_skew = [
        &[read(1, &[]), append(2, 1)][..],
        &[read(2, &[]), append(1, 1)],
        &[read(1, &[1]), read(2, &[1])],
    ];
    assert_kinds(&committed(&write_skew), &["G2-item"]);
    let fork = [
        &[append(1, 1)][..],
        &[append(2, 1)],
        &[read(1, &[1]), read(2, &[])],
        &[read(1, &[]), read(2, &[1])],
    ];
    assert_kinds(&committed(&fork), &["G-nonadjacent"]);
}

#[test]
fn stale_reads_break_only_real_time() {
    let history = in_turn(&[vec![append(1, 1)], vec![read(1, &[])], vec![read(1, &[1])]]);
    assert_kinds(&history, &["lost-append", "G-single-realtime"]);
    assert!(violations(&history, Level::Serializable).is_empty());
    assert_eq!(violations(&history, Level::StrictSerializable).len(), 2);
}

#[test]
fn levels_forbid_what_their_names_say() {
    let table = [
        ("G1c", [true; 4]),
        ("G-single", [false, true, true, true]),
        ("G-nonadjacent", [false, true, true, true]),
        ("G2-item", [false, false, true, true]),
        ("G0-realtime", [false, false, false, true]),
    ];
    let levels =
        [Level::ReadCommitted, Level::Snapshot, Level::Serializable, Level::StrictSerializable];
    for (kind, forbidden) in table {
        assert_eq!(levels.map(|level| level.forbids(kind)), forbidden, "{kind}");
    }
}
