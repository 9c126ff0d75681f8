//! What came of a run, as Markdown for people and as JSON for programs.

use std::fmt::Write as _;

use bourse_benches::report::{mark, number, spread};
use serde_json::{Value, json};

/// What a contender reached in an item.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) contender: &'static str,
    /// Median over the rounds, the least and the most.
    pub(crate) value: (f64, f64, f64),
    /// The most of a core that others used in any round; not told of another process.
    pub(crate) others: Option<f64>,
}

impl Figure {
    /// Of the values of all rounds.
    pub(crate) fn of(contender: &'static str, values: Vec<f64>, others: Option<f64>) -> Figure {
        Figure { contender, value: spread(values), others }
    }

    fn cell(&self) -> String {
        let (median, least, most) = self.value;
        let mark = mark(self.others.unwrap_or(0.0));
        format!("{}{mark} ({} - {})", number(median), number(least), number(most))
    }
}

/// An item with what everyone reached.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) item: String,
    pub(crate) unit: &'static str,
    /// What Bourse aims at, in the unit; with `x` beside SQLite.
    pub(crate) goal: &'static str,
    pub(crate) figures: Vec<Figure>,
}

/// The table, for people.
pub(crate) fn markdown(about: &str, notes: &[String], lines: &[Line]) -> String {
    let mut out = format!("{about}\n");
    for note in notes {
        // Writing to a String does not fail.
        let _ = writeln!(out, "{note}");
    }
    out.push_str("\n| item | unit | figures: median (least - most) | Bourse / SQLite | goal |\n");
    out.push_str("|---|---|---|---|---|\n");
    for line in lines {
        let figures = line.figures.iter();
        let figures: Vec<String> =
            figures.map(|figure| format!("{} {}", figure.contender, figure.cell())).collect();
        let of = |name| line.figures.iter().find(|figure| figure.contender == name);
        let ratio = match (of("Bourse"), of("SQLite")) {
            (Some(own), Some(peer)) => format!("{:.2}", own.value.0 / peer.value.0),
            _ => String::new(),
        };
        let Line { item, unit, goal, .. } = line;
        let _ = writeln!(out, "| {item} | {unit} | {} | {ratio} | {goal} |", figures.join("; "));
    }
    out.push_str("\nA * marks figures during which others used more than a fifth of a core.\n");
    out
}

/// The same, for programs.
pub(crate) fn json(about: &str, notes: &[String], lines: &[Line]) -> Value {
    let figure = |figure: &Figure| {
        let (median, least, most) = figure.value;
        let (contender, others) = (figure.contender, figure.others);
        json!({
            "contender": contender, "median": median, "least": least, "most": most,
            "others_cores": others,
        })
    };
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| {
            let figures: Vec<Value> = line.figures.iter().map(figure).collect();
            let Line { item, unit, goal, .. } = line;
            json!({ "item": item, "unit": unit, "goal": goal, "figures": figures })
        })
        .collect();
    json!({ "about": about, "notes": notes, "items": lines })
}
