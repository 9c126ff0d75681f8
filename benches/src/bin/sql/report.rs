//! What came of a run, as Markdown for people and as JSON for programs.

use std::fmt::Write as _;
use std::time::Duration;

use bourse_benches::report::{mark, number, spread};
use serde_json::{Value, json};

/// What a contender reached in an item, in microseconds an operation.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) contender: &'static str,
    /// Median over the rounds of the mean, the least and the most.
    pub(crate) mean: (f64, f64, f64),
    /// Median, 95th and 99th percentile and the highest of all rounds.
    pub(crate) latency: [f64; 4],
    /// The most of a core that others used in any round.
    pub(crate) others: f64,
}

impl Figure {
    /// Of the times of all rounds.
    pub(crate) fn of(contender: &'static str, rounds: Vec<Vec<Duration>>, others: f64) -> Figure {
        let micros = |time: &Duration| time.as_secs_f64() * 1e6;
        let mean = |times: &Vec<Duration>| {
            times.iter().map(micros).sum::<f64>() / times.len().max(1) as f64
        };
        let mut all: Vec<f64> = rounds.iter().flatten().map(micros).collect();
        all.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            let last = all.len().saturating_sub(1);
            all.get(last * percent / 100).copied().unwrap_or(f64::NAN)
        };
        let mean = spread(rounds.iter().map(mean).collect());
        Figure { contender, mean, latency: [at(50), at(95), at(99), at(100)], others }
    }

    fn cell(&self) -> String {
        let (median, least, most) = self.mean;
        let mark = mark(self.others);
        let [p50, p95, ..] = self.latency;
        format!(
            "{}{mark} ({} - {}; p50 {}, p95 {})",
            number(median),
            number(least),
            number(most),
            number(p50),
            number(p95)
        )
    }
}

/// An item with what everyone reached.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) item: &'static str,
    pub(crate) goal: &'static str,
    pub(crate) figures: Vec<Figure>,
}

impl Line {
    /// The time of the first contender beside that of another one.
    fn ratio(&self, contender: &str) -> String {
        let other = self.figures.iter().find(|figure| figure.contender == contender);
        match (self.figures.first(), other) {
            (Some(first), Some(other)) => format!("{:.2}", first.mean.0 / other.mean.0),
            _ => String::new(),
        }
    }
}

/// The table, for people.
pub(crate) fn markdown(about: &str, note: &str, lines: &[Line]) -> String {
    let mut out = format!("{about}\n{note}\n\n");
    out.push_str("| item | us: median (least - most) | SQL / embedded | SQL / SQLite | goal |\n");
    out.push_str("|---|---|---|---|---|\n");
    for line in lines {
        let figures = line.figures.iter();
        let figures: Vec<String> =
            figures.map(|figure| format!("{} {}", figure.contender, figure.cell())).collect();
        let (embedded, sqlite) = (line.ratio("embedded"), line.ratio("SQLite"));
        // Writing to a String does not fail.
        let _ = writeln!(
            out,
            "| {} | {} | {embedded} | {sqlite} | {} |",
            line.item,
            figures.join("; "),
            line.goal
        );
    }
    out.push_str("\nA * marks figures during which others used more than a fifth of a core.\n");
    out
}

/// The same, for programs.
pub(crate) fn json(about: &str, note: &str, lines: &[Line]) -> Value {
    let figure = |figure: &Figure| {
        let ((median, least, most), [p50, p95, p99, max]) = (figure.mean, figure.latency);
        json!({
            "contender": figure.contender, "unit": "us", "median": median, "least": least,
            "most": most, "p50": p50, "p95": p95, "p99": p99, "max": max,
            "others_cores": figure.others,
        })
    };
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| {
            let figures: Vec<Value> = line.figures.iter().map(figure).collect();
            json!({ "item": line.item, "goal": line.goal, "figures": figures })
        })
        .collect();
    json!({ "about": about, "note": note, "items": lines })
}
