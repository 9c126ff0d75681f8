use crate::bourse::Bourse;
use crate::contender::Contender;
use crate::items::{Plan, measure};
use crate::report::{self, Figure, Line};
use crate::rows::{Digest, row};
use crate::sqlite::Sqlite;

/// All items with few rows: contenders agree on every view, or the run fails.
#[test]
fn contenders_keep_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan { rows: 2_000, rows_of_view: 3_000, inserts: 200, reads: 500, rounds: 1 };
    let contenders: Vec<Box<dyn Contender>> = vec![Box::new(Bourse), Box::new(Sqlite)];
    let mut told = Vec::new();
    let lines = measure(plan, &contenders, folder.path(), &|_| true, &mut |lines| {
        told.push(lines.len());
        Ok(())
    })
    .unwrap();
    assert_eq!(told, [1, 2, 3, 4, 5, 6, 8, 10, 12, 16], "after each item");
    assert_eq!(lines.len(), 16);
    for line in &lines {
        assert_eq!(line.figures.len(), 2, "{}", line.item);
        assert!(line.figures.iter().all(|figure| figure.value.0.is_finite()), "{line:?}");
    }
    let json = report::json("", &[], &lines);
    assert_eq!(json["items"][0]["figures"][1]["contender"], "SQLite");
}

/// What a contender says that is wrong ends the run.
#[test]
fn digests_tell_rows_and_sums_apart() {
    let prices = |numbers: std::ops::Range<u64>| numbers.map(|number| row(number).price).sum();
    let digest = |numbers: std::ops::Range<u64>| {
        let count = i64::try_from(numbers.end - numbers.start).unwrap();
        Digest::of(count, prices(numbers))
    };
    assert_eq!(digest(0..100), digest(0..100));
    assert_ne!(digest(0..100), digest(1..101), "the sum");
    assert_ne!(digest(0..100), Digest::of(99, prices(0..100)), "the count");
}

#[test]
fn the_table_has_medians_and_the_ratio() {
    let figure = |name, values: [f64; 3]| Figure::of(name, values.to_vec(), Some(0.5));
    let figures = vec![figure("Bourse", [3.0, 1.0, 2.0]), figure("SQLite", [40.0, 10.0, 20.0])];
    let line = Line { item: "upkeep".into(), unit: "us", goal: "0.3", figures };
    let table = report::markdown("About.", &["A note.".to_owned()], &[line]);
    let row =
        "| upkeep | us | Bourse 2.00* (1.00 - 3.00); SQLite 20.0* (10.0 - 40.0) | 0.10 | 0.3 |";
    assert!(table.contains(row), "{table}");
    assert!(table.starts_with("About.\nA note.\n"), "{table}");
}
