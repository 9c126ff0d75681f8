//! Histories of lists: transactions that append to lists and read them, by many clients at once.
//!
//! # The idea
//!
//! Every appended value is unique in its list, so whoever reads a list sees the order of all
//! appends before it, and with it who wrote before whom, who read from whom and who read before
//! whom wrote. These are the edges of Adya's graph of dependencies, and each isolation level is a
//! kind of cycle that the graph must not have. [`check`] draws the graph and names the cycles;
//! it knows nothing of the store. [`json_lines`] writes the same history in the format of Jepsen,
//! for checkers that are not ours.
//!
//! | module | what |
//! |---|---|
//! | [`workload`] | random transactions, and the trait [`workload::Executor`] that runs one |
//! | [`engine`] | the engine's transactions as executors; the worlds and threads they run in |
//! | `interactive` | those that stay open between statements |
//! | [`check`], `graph` | anomalies and the levels that forbid them |
//!
//! To judge another kind of transaction, write an `Executor` for it and name the [`check::Level`]
//! that it promises: the executor says whether a transaction committed, certainly did not, or may
//! have, and what each of its reads saw.

pub mod check;
pub mod engine;
mod graph;
mod interactive;
#[cfg(test)]
mod tests;
pub mod workload;

use std::fmt::Write;
use std::sync::Arc;

/// One step of a transaction. A read holds what it saw, once it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A value to the end of a list.
    Append(i64, i64),
    /// A list.
    Read(i64, Option<Vec<i64>>),
}

/// What an entry of a history tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The transaction begins.
    Invoke,
    /// It committed.
    Committed,
    /// It certainly did nothing.
    Failed,
    /// Nobody can tell whether it committed.
    Unknown,
}

/// A beginning or an end, in the order in which they happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Who: one thing at a time, and none after an unknown end.
    pub process: i64,
    /// What.
    pub phase: Phase,
    /// The transaction.
    pub steps: Vec<Step>,
}

/// Notes what happens, in the order of the calls; clones note into the same history.
///
/// It lives outside of the worlds: a crash ends the clients, not this.
#[derive(Clone, Default)]
#[expect(
    clippy::disallowed_types,
    reason = "the history is outside the world: no switch of threads inside its calls"
)]
pub struct Recorder(Arc<std::sync::Mutex<Vec<Entry>>>);

impl Recorder {
    /// Notes an entry.
    pub fn note(&self, process: i64, phase: Phase, steps: &[Step]) {
        let mut entries = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        entries.push(Entry { process, phase, steps: steps.to_vec() });
    }

    /// Notes the end of what has none: nobody can tell it any more.
    pub fn close(&self) {
        let mut open = std::collections::BTreeMap::new();
        for entry in self.entries() {
            match entry.phase {
                Phase::Invoke => drop(open.insert(entry.process, entry.steps)),
                _ => drop(open.remove(&entry.process)),
            }
        }
        for (process, steps) in open {
            self.note(process, Phase::Unknown, &steps);
        }
    }

    /// Whether what the process did last was to read a value whose appender has no end yet: what
    /// a crash would take back if it was shown too early.
    pub fn ends_in_news(&self, process: i64) -> bool {
        let entries = self.entries();
        let mut open = std::collections::BTreeMap::new();
        let mut newest = None;
        for entry in &entries {
            match entry.phase {
                Phase::Invoke => drop(open.insert(entry.process, &entry.steps)),
                _ => drop(open.remove(&entry.process)),
            }
            if entry.process == process {
                newest = Some(entry);
            }
        }
        let Some(newest) = newest.filter(|entry| entry.phase == Phase::Committed) else {
            return false;
        };
        let is_open = |list: i64, value: i64| {
            open.values().any(|steps| steps.contains(&Step::Append(list, value)))
        };
        newest.steps.iter().any(|step| match step {
            Step::Read(list, Some(values)) => values.iter().any(|value| is_open(*list, *value)),
            _ => false,
        })
    }

    /// All that was noted.
    pub fn entries(&self) -> Vec<Entry> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// The history as lines of JSON, as Jepsen's checkers read them.
pub fn json_lines(entries: &[Entry]) -> String {
    let mut text = String::new();
    for (index, entry) in entries.iter().enumerate() {
        let phase = match entry.phase {
            Phase::Invoke => "invoke",
            Phase::Committed => "ok",
            Phase::Failed => "fail",
            Phase::Unknown => "info",
        };
        let steps: Vec<String> = entry
            .steps
            .iter()
            .map(|step| match step {
                Step::Append(list, value) => format!("[\"append\",{list},{value}]"),
                Step::Read(list, None) => format!("[\"r\",{list},null]"),
                Step::Read(list, Some(values)) => format!("[\"r\",{list},{values:?}]"),
            })
            .collect();
        let _ = writeln!(
            text,
            "{{\"index\":{index},\"process\":{},\"type\":\"{phase}\",\"value\":[{}]}}",
            entry.process,
            steps.join(",")
        );
    }
    text
}
