//! What came of a run, as Markdown for people and as JSON for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::items::Work;
use crate::run::{Record, Results};

/// A figure during which others used more of a core than this is marked.
const OTHERS_MARKED: f64 = 0.20;
/// The contender that the others are compared with.
const OWN: &str = "Bourse";

/// A line of the table: an item, with what each entrant reached.
struct Row {
    name: String,
    title: String,
    unit: &'static str,
    higher_is_better: bool,
    figures: Vec<Figure>,
}

/// What an entrant reached.
struct Figure {
    title: String,
    /// Whether it does what the item asks, so that others may be compared with it.
    is_measure: bool,
    /// Median over the rounds, least and most; `None` when no round came to its end.
    value: Option<(f64, f64, f64)>,
    /// Medians of the rounds' medians and 99th percentiles, and the highest of all, in
    /// nanoseconds.
    latency_ns: Option<(u64, u64, u64)>,
    /// The most that others used of a core in any round.
    others: f64,
    rounds: usize,
}

/// A run's figures.
pub(crate) struct Report<'r> {
    rows: Vec<Row>,
    results: &'r Results,
    about: &'r str,
}

impl<'r> Report<'r> {
    /// The report of a run, with a sentence about it.
    pub(crate) fn new(results: &'r Results, about: &'r str, trades: i64) -> Report<'r> {
        let mut rows: Vec<Row> = Vec::new();
        for records in results.records.chunk_by(|a, b| a.item.name == b.item.name) {
            rows.push(speed(records));
            if records[0].item.name == "load-sorted" {
                rows.push(size(records, trades));
            }
        }
        Report { rows, results, about }
    }

    /// Two tables: medians side by side with the ratio to the best peer, then every figure.
    pub(crate) fn markdown(&self) -> String {
        let mut out = format!("{}\n\n", self.about);
        for note in &self.results.notes {
            // Writing to a String does not fail.
            let _ = writeln!(out, "{note}\n");
        }
        out.push_str(&aligned(&self.summary()));
        out.push_str(
            "\nThe ratio is Bourse beside the best peer of the line; above 1, Bourse is ahead. \
             Latencies are microseconds: medians of the rounds' p50 and p99, and the highest of \
             all. A * marks figures during which others used more than a fifth of a core; figures \
             in brackets are of a commit that does not wait for the disk, and nobody is compared \
             with them.\n\n",
        );
        out.push_str(&aligned(&self.details()));
        for mismatch in &self.results.mismatches {
            let _ = writeln!(out, "\nFAILED: {mismatch}");
        }
        out
    }

    fn summary(&self) -> Vec<Vec<String>> {
        let mut titles: Vec<&str> = Vec::new();
        for figure in self.rows.iter().flat_map(|row| &row.figures) {
            if !titles.contains(&figure.title.as_str()) {
                titles.push(&figure.title);
            }
        }
        // The grouped ones have few items; they come last.
        titles.sort_by_key(|title| title.contains(','));
        let mut table = vec![vec!["item".into(), "unit".into()]];
        table[0].extend(titles.iter().map(|title| (*title).to_string()));
        table[0].extend(["best peer".into(), "ratio".into()]);
        for row in &self.rows {
            let mut line = vec![row.title.clone(), row.unit.to_string()];
            for title in &titles {
                let figure = row.figures.iter().find(|figure| figure.title == *title);
                line.push(figure.map_or(String::new(), Figure::cell));
            }
            let best = row.best_peer().map_or("", |(title, _)| title);
            let ratio = row.ratio().map_or(String::new(), |ratio| format!("{ratio:.2}"));
            line.extend([best.to_string(), ratio]);
            table.push(line);
        }
        table
    }

    fn details(&self) -> Vec<Vec<String>> {
        let heading =
            ["item", "contender", "median", "least - most", "p50", "p99", "max", "others' cores"];
        let mut table = vec![heading.map(String::from).to_vec()];
        for row in &self.rows {
            for figure in &row.figures {
                let range = figure.value.map_or("failed".into(), |(_, least, most)| {
                    format!("{} - {}", number(least), number(most))
                });
                let latency = |pick: fn((u64, u64, u64)) -> u64| {
                    let picked = figure.latency_ns.map(pick);
                    picked.map_or(String::new(), |ns| format!("{:.2}", ns as f64 / 1e3))
                };
                table.push(vec![
                    format!("{}, {}", row.title, row.unit),
                    figure.title.clone(),
                    figure.cell(),
                    range,
                    latency(|all| all.0),
                    latency(|all| all.1),
                    latency(|all| all.2),
                    format!("{:.2}", figure.others),
                ]);
            }
        }
        table
    }

    /// All figures for programs.
    pub(crate) fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(Row::json).collect();
        let all = json!({
            "about": self.about,
            "notes": self.results.notes,
            "failures": self.results.mismatches,
            "items": rows,
        });
        format!("{all:#}\n")
    }
}

impl Row {
    fn best_peer(&self) -> Option<(&str, f64)> {
        // Bourse through completions is no peer of Bourse.
        let is_peer = |figure: &&Figure| !figure.title.starts_with(OWN) && figure.is_measure;
        let peers = self.figures.iter().filter(is_peer);
        let values = peers.filter_map(|figure| Some((figure.title.as_str(), figure.value?.0)));
        values.reduce(|best, next| {
            let is_better = if self.higher_is_better { next.1 > best.1 } else { next.1 < best.1 };
            if is_better { next } else { best }
        })
    }

    fn ratio(&self) -> Option<f64> {
        let own = self.figures.iter().find(|figure| figure.title == OWN)?.value?.0;
        let best = self.best_peer()?.1;
        Some(if self.higher_is_better { own / best } else { best / own })
    }

    fn json(&self) -> Value {
        let figures: Vec<Value> = self.figures.iter().map(Figure::json).collect();
        json!({
            "item": self.name,
            "title": self.title,
            "unit": self.unit,
            "higher_is_better": self.higher_is_better,
            "best_peer": self.best_peer().map(|best| best.0),
            "ratio_to_best_peer": self.ratio(),
            "contenders": figures,
        })
    }
}

impl Figure {
    fn cell(&self) -> String {
        let mark = if self.others > OTHERS_MARKED { "*" } else { "" };
        let Some((median, ..)) = self.value else { return "failed".into() };
        match self.is_measure {
            true => format!("{}{mark}", number(median)),
            false => format!("({}{mark})", number(median)),
        }
    }

    fn json(&self) -> Value {
        json!({
            "contender": self.title,
            "is_measure": self.is_measure,
            "median": self.value.map(|value| value.0),
            "least": self.value.map(|value| value.1),
            "most": self.value.map(|value| value.2),
            "p50_ns": self.latency_ns.map(|latency| latency.0),
            "p99_ns": self.latency_ns.map(|latency| latency.1),
            "max_ns": self.latency_ns.map(|latency| latency.2),
            "others_cores": self.others,
            "rounds": self.rounds,
        })
    }
}

/// Operations a second; of an open, milliseconds.
fn speed(records: &[Record]) -> Row {
    let item = records[0].item;
    let opens = item.work == Work::Recover;
    let value = |line: &Value| {
        let seconds = line["seconds"].as_f64().unwrap_or(f64::NAN);
        match opens {
            true => seconds * 1e3,
            false => line["operations"].as_f64().unwrap_or(f64::NAN) / seconds,
        }
    };
    Row {
        name: item.name.into(),
        title: item.title.into(),
        unit: if opens { "ms" } else { item.unit() },
        higher_is_better: !opens,
        figures: records.iter().map(|record| figure(record, value)).collect(),
    }
}

/// Bytes on disk a row, of the stores that were loaded.
fn size(records: &[Record], trades: i64) -> Row {
    let value = |line: &Value| line["bytes"].as_f64().unwrap_or(f64::NAN) / trades as f64;
    Row {
        name: "size".into(),
        title: "bytes on disk a row, after a bulk load".into(),
        unit: "bytes",
        higher_is_better: false,
        figures: records
            .iter()
            .map(|record| Figure { latency_ns: None, ..figure(record, value) })
            .collect(),
    }
}

fn figure(record: &Record, value: impl Fn(&Value) -> f64) -> Figure {
    let mut values: Vec<f64> = record.rounds.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    let latencies = |key: &str| {
        let found = record.rounds.iter().filter_map(|line| line[key].as_u64());
        let mut latencies: Vec<u64> = found.collect();
        latencies.sort_unstable();
        latencies
    };
    let median = |key: &str| {
        let all = latencies(key);
        all.get(all.len() / 2).copied()
    };
    let highest = latencies("max_ns").last().copied();
    let others = record.rounds.iter().filter_map(|line| line["others"].as_f64());
    Figure {
        title: record.entrant.title(),
        is_measure: record.entrant.contender.syncs || !record.item.durable,
        value: values
            .get(values.len() / 2)
            .map(|middle| (*middle, values[0], values[values.len() - 1])),
        latency_ns: match (median("p50_ns"), median("p99_ns"), highest) {
            (Some(p50), Some(p99), Some(max)) => Some((p50, p99, max)),
            _ => None,
        },
        others: others.fold(0.0, f64::max),
        rounds: record.rounds.len(),
    }
}

/// A number with three digits or more that tell something, and commas.
fn number(value: f64) -> String {
    if value < 1_000.0 {
        return if value < 10.0 { format!("{value:.2}") } else { format!("{value:.1}") };
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A Markdown table whose columns line up.
fn aligned(table: &[Vec<String>]) -> String {
    let columns = table.first().map_or(0, Vec::len);
    let width = |column: usize| table.iter().map(|line| line[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for (number, line) in table.iter().enumerate() {
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(out, "| {cell:<width$} ");
        }
        out.push_str("|\n");
        if number == 0 {
            for width in &widths {
                let _ = write!(out, "|{}", "-".repeat(width + 2));
            }
            out.push_str("|\n");
        }
    }
    out
}
