//! The page of a campaign, made of its lines.

use std::fmt::Write;

use serde_json::Value;

use super::figures::grouped;

/// A kind of campaign, as its page shows it.
pub(super) struct Table {
    title: &'static str,
    /// What stands between the totals and the rows.
    head: &'static str,
    /// What its program counts and a line has.
    pub(super) figures: &'static [&'static str],
    /// These, as cells.
    cells: fn(&[u64]) -> String,
}

/// Of the engine's simulator.
pub(super) const ENGINE: Table = Table {
    title: "Simulation campaigns",
    head: ENGINE_HEAD,
    figures: &["operations", "crashes", "crashes_in_recovery", "torn_sectors", "EIO", "ENOSPC"],
    cells: |figures| match figures {
        [operations, crashes, in_recovery, rest @ ..] => {
            let all = [
                grouped(*operations),
                format!("{} ({})", grouped(*crashes), grouped(*in_recovery)),
            ];
            all.into_iter().chain(rest.iter().copied().map(grouped)).collect::<Vec<_>>().join(" | ")
        }
        _ => String::new(),
    },
};

/// Of groups with the real consensus.
pub(super) const GROUP: Table = Table {
    title: "Campaigns of groups",
    head: GROUP_HEAD,
    figures: &[
        "acknowledged",
        "unknown",
        "reads",
        "entries",
        "leaders",
        "crashes",
        "opened_anew",
        "made_anew",
        "partitions",
        "pauses",
        "turns",
    ],
    cells: |figures| figures.iter().copied().map(grouped).collect::<Vec<_>>().join(" | "),
};

const ENGINE_HEAD: &str = "\
What the simulator has run beyond the runs of a change's own tests. `cargo xtask campaign` goes on
after the last seed, appends to `simulation.jsonl` and makes this page of it. A row is a commit; a
finding names its seed and, written into that file by hand, what became of it. The command builds
the dev profile, with assertions. The same seed of two commits counts twice.

| commit | seeds | CPU hours | operations | crashes (in recovery) | torn sectors | EIO | ENOSPC \
| findings |
|---|---|---|---|---|---|---|---|---|
";

const GROUP_HEAD: &str = "\
Groups of three with the consensus of a server, in simulated worlds (`bourse-tests`' `consensus`):
seeds beyond those of a change's own tests. `cargo xtask campaign --group` goes on after the last
seed, appends to `consensus.jsonl` and makes this page of it. A row is a commit; a finding names its
seed and, written into that file by hand, what became of it. The command builds the dev profile,
with assertions.

| commit | seeds | CPU hours | acknowledged | unknown | linearizable reads | entries | leaders \
| crashes | opened anew | made anew | partitions | pauses | turns of tasks | findings |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
";

/// One row: the lines of one commit whose seeds follow each other.
struct Row {
    commit: String,
    first: u64,
    seeds: u64,
    /// Not known of what was run before it was recorded.
    cpu_seconds: Option<f64>,
    figures: Vec<u64>,
    findings: Vec<String>,
}

impl Row {
    fn of(line: &Value, table: &Table) -> Row {
        let number = |name: &str| line[name].as_u64().unwrap_or(0);
        let findings = line["findings"].as_array().into_iter().flatten();
        Row {
            commit: line["commit"].as_str().unwrap_or("?").to_owned(),
            first: number("first_seed"),
            seeds: number("seeds"),
            cpu_seconds: line["cpu_seconds"].as_f64(),
            figures: table.figures.iter().map(|name| number(name)).collect(),
            findings: findings.filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    }

    /// Takes a row in that goes on where this one ends.
    fn takes(&mut self, next: &Row) -> bool {
        let follows = self.commit == next.commit && self.first + self.seeds == next.first;
        let (true, Some(here), Some(there)) = (follows, self.cpu_seconds, next.cpu_seconds) else {
            return false;
        };
        self.seeds += next.seeds;
        self.cpu_seconds = Some(here + there);
        for (sum, figure) in self.figures.iter_mut().zip(&next.figures) {
            *sum += *figure;
        }
        self.findings.extend_from_slice(&next.findings);
        true
    }

    fn text(&self, table: &Table) -> String {
        let figures = (table.cells)(&self.figures);
        let seeds = match self.seeds {
            1 => self.first.to_string(),
            _ => format!("{} to {}", self.first, self.first + self.seeds - 1),
        };
        let hours = self.cpu_seconds.map_or("-".into(), |s| format!("{:.2}", s / 3600.0));
        let findings = match self.findings.as_slice() {
            [] => "none".into(),
            some => some.join("; "),
        };
        format!("| {} | {seeds} | {hours} | {figures} | {findings} |", self.commit)
    }
}

/// The whole page of the engine's campaigns.
pub(super) fn engine_page(lines: &[Value]) -> String {
    page(&ENGINE, lines)
}

/// The whole page of campaigns of groups.
pub(super) fn group_page(lines: &[Value]) -> String {
    page(&GROUP, lines)
}

fn page(table: &Table, lines: &[Value]) -> String {
    let mut rows: Vec<Row> = Vec::new();
    for row in lines.iter().map(|line| Row::of(line, table)) {
        if !rows.last_mut().is_some_and(|last| last.takes(&row)) {
            rows.push(row);
        }
    }
    let seeds: u64 = rows.iter().map(|row| row.seeds).sum();
    let seconds: f64 = rows.iter().filter_map(|row| row.cpu_seconds).sum();
    let mut text = format!(
        "# {}\n\n**{} seeds in all, {:.1} hours of CPU** since these are counted.\n\n",
        table.title,
        grouped(seeds),
        seconds / 3600.0
    );
    text.push_str(table.head);
    for row in rows {
        let _ = writeln!(text, "{}", row.text(table));
    }
    text
}
