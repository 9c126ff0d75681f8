//! What came of a run, as Markdown for people and as JSON for programs.

use std::fmt::Write as _;

use bourse_benches::report::{mark, number, spread};
use serde_json::{Value, json};

use crate::client::Round;

/// What is counted of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// The median time of an operation, in microseconds.
    Micros,
    /// The 95th percentile of it.
    MicrosHigh,
    /// Operations in a second.
    PerSecond,
    /// KiB.
    Kibibytes,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Unit::Micros => "us, p50",
            Unit::MicrosHigh => "us, p95",
            Unit::PerSecond => "a second",
            Unit::Kibibytes => "KiB",
        }
    }

    fn of(self, round: &Round) -> f64 {
        match self {
            Unit::Micros => percentile(round, 50),
            Unit::MicrosHigh => percentile(round, 95),
            Unit::PerSecond | Unit::Kibibytes => round.operations as f64 / round.seconds,
        }
    }
}

fn percentile(round: &Round, percent: usize) -> f64 {
    let mut latencies: Vec<f64> =
        round.latencies.iter().map(|latency| latency.as_secs_f64() * 1e6).collect();
    latencies.sort_by(f64::total_cmp);
    let last = latencies.len().saturating_sub(1);
    latencies.get(last * percent / 100).copied().unwrap_or(f64::NAN)
}

/// What a server reached in an item.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) server: &'static str,
    /// Median over the rounds, the least and the most.
    pub(crate) figure: (f64, f64, f64),
    /// Median, 95th and 99th percentile and the highest, in microseconds: medians over the rounds.
    pub(crate) latency: [f64; 4],
    /// Microseconds of the server's processes on a processor for an operation.
    pub(crate) cpu: f64,
    /// Bytes of the server's memory, where that was looked at: the most over the rounds.
    pub(crate) bytes: Option<f64>,
    /// The most of a core that neither servers nor client used in any round.
    pub(crate) others: f64,
}

impl Figure {
    pub(crate) fn of(server: &'static str, unit: Unit, rounds: &[Round], others: f64) -> Figure {
        let over =
            |value: &dyn Fn(&Round) -> f64| spread(rounds.iter().map(value).collect::<Vec<_>>());
        Figure {
            server,
            figure: over(&|round| unit.of(round)),
            latency: [50, 95, 99, 100].map(|percent| over(&|round| percentile(round, percent)).0),
            cpu: over(&|round| round.cpu * 1e6 / round.operations as f64).0,
            bytes: rounds.iter().filter_map(|round| round.bytes).reduce(f64::max),
            others,
        }
    }

    /// A number that was taken once.
    pub(crate) fn single(server: &'static str, value: f64) -> Figure {
        let latency = [f64::NAN; 4];
        Figure {
            server,
            figure: (value, value, value),
            latency,
            cpu: f64::NAN,
            bytes: None,
            others: 0.0,
        }
    }

    fn cell(&self) -> String {
        let (median, least, most) = self.figure;
        let mark = mark(self.others);
        let mut text = format!("{}{mark} ({} - {}", number(median), number(least), number(most));
        if self.latency[1].is_finite() {
            text += &format!("; p95 {}, p99 {}", number(self.latency[1]), number(self.latency[2]));
        }
        if self.cpu.is_finite() {
            text += &format!("; CPU {}", number(self.cpu));
        }
        if let Some(bytes) = self.bytes {
            text += &format!("; memory {} MiB", number(bytes / 1024.0 / 1024.0));
        }
        text + ")"
    }
}

/// An item with what all servers reached.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) item: String,
    pub(crate) goal: &'static str,
    pub(crate) unit: Unit,
    pub(crate) figures: Vec<Figure>,
}

impl Line {
    /// The first server's figure beside the second one's, and the same of the processor's time.
    fn ratios(&self) -> (String, String) {
        let [first, second, ..] = self.figures.as_slice() else {
            return (String::new(), String::new());
        };
        let ratio = |one: f64, other: f64| match (one / other).is_finite() {
            true => format!("{:.2}", one / other),
            false => String::new(),
        };
        (ratio(first.figure.0, second.figure.0), ratio(first.cpu, second.cpu))
    }
}

/// The table, for people.
pub(crate) fn markdown(about: &str, note: &str, lines: &[Line]) -> String {
    let mut out = format!("{about}\n{note}\n\n");
    out.push_str(
        "| item | unit | median (least - most; p95, p99 and the server's CPU in us an operation) \
         | ratio | ratio of CPU | goal |\n|---|---|---|---|---|---|\n",
    );
    for line in lines {
        let figures = line.figures.iter();
        let figures: Vec<String> =
            figures.map(|figure| format!("{} {}", figure.server, figure.cell())).collect();
        let (ratio, cpu) = line.ratios();
        let Line { item, goal, unit, .. } = line;
        let (unit, figures) = (unit.name(), figures.join("; "));
        // Writing to a String does not fail.
        let _ = writeln!(out, "| {item} | {unit} | {figures} | {ratio} | {cpu} | {goal} |");
    }
    out.push_str("\nA * marks figures during which others used more than a fifth of a core.\n");
    out
}

/// The same, for programs.
pub(crate) fn json(about: &str, note: &str, lines: &[Line]) -> Value {
    let figure = |figure: &Figure| {
        let ((median, least, most), [p50, p95, p99, max]) = (figure.figure, figure.latency);
        json!({
            "server": figure.server, "median": median, "least": least, "most": most,
            "p50_us": p50, "p95_us": p95, "p99_us": p99, "max_us": max,
            "server_cpu_us": figure.cpu, "server_bytes": figure.bytes,
            "others_cores": figure.others,
        })
    };
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| {
            let figures: Vec<Value> = line.figures.iter().map(figure).collect();
            let (item, goal, unit) = (&line.item, line.goal, line.unit.name());
            json!({ "item": item, "goal": goal, "unit": unit, "figures": figures })
        })
        .collect();
    json!({ "about": about, "note": note, "items": lines })
}
