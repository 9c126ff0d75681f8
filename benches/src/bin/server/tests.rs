use std::time::Duration;

use crate::client::Round;
use crate::report::{self, Figure, Line, Unit};

fn round(operations: u64, micros: u64, cpu: f64) -> Round {
    let latencies = vec![Duration::from_micros(micros); 10];
    Round { operations, seconds: 2.0, latencies, cpu, bytes: Some(6.0 * 1024.0 * 1024.0) }
}

#[test]
fn the_table_has_ratios_of_the_unit_and_of_the_processor() {
    let line = |unit| Line {
        item: "trade_by_id".into(),
        goal: "0.7x",
        unit,
        figures: vec![
            Figure::of("Bourse", unit, &[round(100, 30, 0.001), round(300, 50, 0.003)], 0.5),
            Figure::of("PostgreSQL", unit, &[round(100, 60, 0.002), round(200, 80, 0.004)], 0.0),
        ],
    };
    let table = report::markdown("About.", "A note.", &[line(Unit::Micros)]);
    let row = "| trade_by_id | us, p50 | Bourse 50.0* (30.0 - 50.0; p95 50.0, p99 50.0; CPU 10.0; \
               memory 6.00 MiB); PostgreSQL 80.0 (60.0 - 80.0; p95 80.0, p99 80.0; CPU 20.0; \
               memory 6.00 MiB) | 0.62 | 0.50 | 0.7x |";
    assert!(table.contains(row), "{table}");
    let json = report::json("", "", &[line(Unit::PerSecond)]);
    assert_eq!(json["items"][0]["figures"][0]["median"], 150.0);
    assert_eq!(json["items"][0]["figures"][1]["most"], 100.0);
}

#[test]
fn a_figure_taken_once_has_no_times() {
    let figures = vec![Figure::single("Bourse", 48.0), Figure::single("PostgreSQL", 4_800.0)];
    let line = Line { item: "memory".into(), goal: "64 KiB", unit: Unit::Kibibytes, figures };
    let table = report::markdown("", "", &[line]);
    assert!(
        table.contains("| Bourse 48.0 (48.0 - 48.0); PostgreSQL 4800 (4800 - 4800) | 0.01 |  |"),
        "{table}"
    );
}
