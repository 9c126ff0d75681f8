use std::time::Duration;

use crate::items::{Plan, measure};
use crate::report::{self, Figure, Line};
use bourse_benches::legacy::data::Scale;
use bourse_benches::legacy::rows::Rows;

/// All items with few rows: contenders answer the same and end with the same rows, or the run
/// fails.
#[test]
fn contenders_answer_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan { scale: Scale::of(1_500), operations: 40, rounds: 1 };
    let lines = measure(plan, folder.path(), &|_| true).unwrap();
    assert_eq!(lines.len(), 16);
    for line in &lines {
        assert!(line.figures.iter().all(|figure| figure.mean.0.is_finite()), "{line:?}");
    }
    let json = report::json("", "", &lines);
    assert_eq!(json["items"][0]["figures"][2]["contender"], "SQLite");
}

/// What a contender answers otherwise ends the run; rounding does not.
#[test]
fn answers_are_told_apart() {
    let answer = |sum: f64, text: &[u8]| {
        let mut rows = Rows::default();
        rows.begin();
        rows.real(sum);
        rows.text(text);
        rows
    };
    let one = answer(0.1 + 0.2, b"AAPL");
    assert_eq!(one.difference(&answer(0.3, b"AAPL")), None, "rounding");
    assert!(one.difference(&answer(0.3001, b"AAPL")).is_some(), "the sum");
    assert!(one.difference(&answer(0.3, b"MSFT")).is_some(), "the text");
    assert!(one.difference(&Rows::default()).is_some(), "the number of values");
}

#[test]
fn the_table_has_ratios() {
    let figure =
        |name, micros: u64| Figure::of(name, vec![vec![Duration::from_micros(micros); 3]; 3], 0.5);
    let figures = vec![figure("SQL", 3), figure("SQLite", 12), figure("embedded", 2)];
    let line = Line { item: "trade_by_id", goal: "1.5x", figures };
    let table = report::markdown("About.", "A note.", &[line]);
    assert!(
        table.contains("| trade_by_id | SQL 3.00* (3.00 - 3.00; p50 3.00, p95 3.00)"),
        "{table}"
    );
    assert!(table.contains("| 1.50 | 0.25 | 1.5x |"), "{table}");
}
