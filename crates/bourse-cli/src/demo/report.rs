//! The demo's report: a table for people, JSON for programs.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::engine::TradeIds;
use super::live::{Frame, LiveReport, LiveView};
use super::timing::{QueryOutcome, microseconds};
use super::trade::TradeOutcome;

/// One line of the trade execution: a number of threads, a source of ids, every store.
pub(crate) struct TradeLine {
    /// How many clients at once.
    pub(crate) clients: usize,
    /// How many threads they have; where it is fewer, trades are submitted.
    pub(crate) threads: usize,
    /// Where the keys came from.
    pub(crate) ids: TradeIds,
    /// What each column reached.
    pub(crate) columns: Vec<(&'static str, TradeOutcome)>,
}

/// Everything that the demo found out.
pub(crate) struct Report {
    /// The scale, or none for a file that was brought along.
    pub(crate) scale: Option<f64>,
    /// The seed of rows, parameters and trades.
    pub(crate) seed: u64,
    /// Bytes of each engine's page cache, if they were bounded.
    pub(crate) cache_bytes: Option<u64>,
    /// One entry a query.
    pub(crate) queries: Vec<QueryOutcome>,
    /// One entry a number of threads and source of ids.
    pub(crate) transactions: Vec<TradeLine>,
    /// The views while trades streamed in.
    pub(crate) live: Option<LiveReport>,
}

impl Report {
    /// Whether every compared answer was the same but for rounding, and every view what its rows
    /// make it.
    pub(crate) fn same(&self) -> bool {
        let sound = self.live.as_ref().is_none_or(LiveReport::is_sound);
        sound && self.queries.iter().all(|outcome| outcome.difference.is_none())
    }

    /// The report for programs. Fields are added over time, never renamed.
    pub(crate) fn json(&self) -> Value {
        json!({
            "scale": self.scale,
            "seed": self.seed,
            "cache_bytes": self.cache_bytes,
            "queries": self.queries.iter().map(query_json).collect::<Vec<_>>(),
            "transactions": self.transactions.iter().map(trade_json).collect::<Vec<_>>(),
            "views": self.live.as_ref().map(live_json),
        })
    }

    /// The report for people.
    pub(crate) fn table(&self) -> String {
        let mut lines = Vec::new();
        if let Some(bytes) = self.cache_bytes {
            lines.push(format!("each with a page cache of {} KiB", bytes / 1_024));
        }
        let columns = self.columns();
        if !columns.is_empty() {
            let mut heading = format!("{:<26}{:>6}{:>8}", "query, us: p50 / p95", "same", "rows");
            for name in &columns {
                heading.push_str(&format!("{name:>21}"));
            }
            lines.push(heading);
        }
        for outcome in &self.queries {
            let same = match (&outcome.difference, outcome.rounded) {
                (Some(_), _) => "NO",
                (None, 0) => "yes",
                (None, _) => "yes*",
            };
            let (name, rows) = (outcome.query.name(), outcome.rows_compared);
            let mut line = format!("{name:<26}{same:>6}{rows:>8}");
            for column in &columns {
                let measured = outcome.measured.iter().find(|measured| measured.name == *column);
                let times = match measured {
                    Some(measured) => format!("{:.1} / {:.1}", measured.p50_us, measured.p95_us),
                    None => "-".to_owned(),
                };
                line.push_str(&format!("{times:>21}"));
            }
            lines.push(line);
        }
        let rounded: u64 = self.queries.iter().map(|outcome| outcome.rounded).sum();
        if rounded > 0 {
            lines.push(format!("* {rounded} sums and averages differ by rounding alone"));
        }
        lines.extend(self.queries.iter().filter_map(|outcome| {
            let difference = outcome.difference.as_ref()?;
            Some(format!("{} DIFFERS: {difference}", outcome.query.name()))
        }));
        for line in &self.transactions {
            lines.push(trade_row(line));
        }
        if let Some(live) = &self.live {
            live_rows(live, &mut lines);
        }
        lines.join("\n")
    }

    /// The names of all columns: those of the query that most engines answer.
    fn columns(&self) -> Vec<&'static str> {
        let longest = self.queries.iter().max_by_key(|outcome| outcome.measured.len());
        let measured = longest.map(|outcome| outcome.measured.as_slice()).unwrap_or_default();
        measured.iter().map(|measured| measured.name).collect()
    }
}

fn trade_row(line: &TradeLine) -> String {
    let who = match line.clients == line.threads {
        true => format!("{} threads", line.threads),
        false => format!("{} clients on {} threads", line.clients, line.threads),
    };
    let mut text = format!("trade_execution, {who}, {} ids:", line.ids.name());
    for (name, outcome) in &line.columns {
        text.push_str(&format!(
            "  {name} {:.0}/s (p50 {}, p99 {}, max {})",
            outcome.per_second,
            milliseconds(outcome.p50),
            milliseconds(outcome.p99),
            milliseconds(outcome.max)
        ));
    }
    text
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1e3)
}

fn query_json(outcome: &QueryOutcome) -> Value {
    let mut fields = Map::new();
    fields.insert("name".into(), json!(outcome.query.name()));
    fields.insert("same".into(), json!(outcome.difference.is_none()));
    fields.insert("rows_compared".into(), json!(outcome.rows_compared));
    fields.insert("sets".into(), json!(outcome.sets));
    fields.insert("sets_with_rows".into(), json!(outcome.sets_with_rows));
    fields.insert("rounded".into(), json!(outcome.rounded));
    if let Some(difference) = &outcome.difference {
        fields.insert("difference".into(), json!(difference));
    }
    for measured in &outcome.measured {
        let name = measured.name;
        fields.insert(format!("{name}_sets"), json!(measured.sets));
        fields.insert(format!("{name}_p50_us"), json!(measured.p50_us));
        fields.insert(format!("{name}_p95_us"), json!(measured.p95_us));
        fields.insert(format!("{name}_cpu_us"), json!(rounded(measured.cpu_us)));
    }
    Value::Object(fields)
}

fn trade_json(line: &TradeLine) -> Value {
    let mut fields = Map::new();
    fields.insert("name".into(), json!(super::TRADE_EXECUTION));
    fields.insert("clients".into(), json!(line.clients));
    fields.insert("threads".into(), json!(line.threads));
    fields.insert("ids".into(), json!(line.ids.name()));
    for (name, outcome) in &line.columns {
        fields.insert(format!("{name}_per_s"), json!(rounded(outcome.per_second)));
        fields.insert(format!("{name}_p50_us"), json!(microseconds(outcome.p50)));
        fields.insert(format!("{name}_p99_us"), json!(microseconds(outcome.p99)));
        fields.insert(format!("{name}_max_us"), json!(microseconds(outcome.max)));
        fields.insert(format!("{name}_retries"), json!(outcome.retries));
    }
    Value::Object(fields)
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn live_rows(live: &LiveReport, lines: &mut Vec<String>) {
    lines.push(format!(
        "{:<26}{:>10}{:>12}{:>18}  {}",
        "view, while trades came", "states", "made", "held a writer", "recomputed"
    ));
    for view in &live.views {
        let right = if view.findings.is_empty() { "same" } else { "DIFFERS" };
        let (made, held) = (milliseconds(view.made), milliseconds(view.longest_hold));
        let (name, states) = (&view.name, view.states);
        lines.push(format!("{name:<26}{states:>10}{made:>12}{held:>18}  {right}"));
        lines.extend(view.findings.first().map(|finding| format!("{name} DIFFERS: {finding}")));
    }
    lines.push(format!(
        "{} trades meanwhile; the longest took {} while views were made, {} afterwards",
        live.trades,
        milliseconds(live.wait_while_made),
        milliseconds(live.wait_afterwards)
    ));
}

fn live_json(live: &LiveReport) -> Value {
    json!({
        "trades": live.trades,
        "longest_while_made_us": microseconds(live.wait_while_made),
        "longest_afterwards_us": microseconds(live.wait_afterwards),
        "user_id": live.user,
        "symbol": live.symbol,
        "views": live.views.iter().map(view_json).collect::<Vec<_>>(),
        "frames": live.frames.iter().map(frame_json).collect::<Vec<_>>(),
    })
}

fn view_json(view: &LiveView) -> Value {
    json!({
        "name": view.name,
        "states": view.states,
        "made_us": microseconds(view.made),
        "longest_hold_us": microseconds(view.longest_hold),
        "same": view.findings.is_empty(),
    })
}

fn frame_json(frame: &Frame) -> Value {
    let ranked = |list: &[(String, f64)]| -> Vec<Value> {
        list.iter().map(|(symbol, value)| json!([symbol, value])).collect()
    };
    json!({
        "at_us": microseconds(frame.at),
        "volume": frame.volume,
        "realised_profit": frame.profit.0,
        "open_profit": frame.profit.1,
        "exposure": frame.exposure,
        "candle": frame.candle,
        "most_traded": ranked(&frame.most_traded),
        "moved_most": ranked(&frame.moved_most),
    })
}
