//! What was used how often, and what was refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::json;

use super::compare::{Comparison, state};
use super::engine::{Outcome, Refusal};

/// Counts of a campaign.
#[derive(Clone, Default, Debug)]
pub struct Report {
    /// Scripts that were run.
    pub scripts: u64,
    /// Statements that were written.
    pub statements: u64,
    /// Those that the oracle refused.
    pub refused: u64,
    /// Those that the engine said it does not do, by what it said.
    pub unsupported: BTreeMap<String, u64>,
    /// Differences.
    pub differences: u64,
    /// Those for a reason that is known and written down, which are not among them.
    pub known: BTreeMap<&'static str, u64>,
    /// Refusals that both share, in other words: those of the oracle, and the engine's.
    pub rewordings: BTreeMap<(String, String), u64>,
    /// For each place of the grammar: how many statements used it, and how many of them the oracle
    /// refused.
    pub places: BTreeMap<&'static str, (u64, u64)>,
}

impl Report {
    pub(super) fn add(&mut self, used: &BTreeSet<&'static str>, is_refused: bool) {
        self.statements += 1;
        self.refused += u64::from(is_refused);
        for name in used {
            let place = self.places.entry(name).or_default();
            place.0 += 1;
            place.1 += u64::from(is_refused);
        }
    }

    /// Counts what the engine says that it does not do.
    pub(super) fn not_done(&mut self, message: &str) {
        // Columns of the store are strict: one kind of value is one thing that is not done.
        let kinds =
            message.strip_prefix("cannot store ").and_then(|rest| rest.split_once(" column "));
        let message = match kinds {
            Some((kinds, _)) => format!("cannot store {kinds} column"),
            None => message.to_owned(),
        };
        *self.unsupported.entry(message).or_default() += 1;
    }

    /// Counts a difference for a known reason.
    pub(super) fn known(&mut self, reason: &'static str) {
        *self.known.entry(reason).or_default() += 1;
    }

    /// Notes that a check of the engine with itself was done so many times.
    pub(super) fn note(&mut self, name: &'static str, times: u64) {
        self.places.entry(name).or_default().0 += times;
    }

    /// Places that say too little: used less than so many times, or refused always.
    pub fn poor_places(&self, uses_min: u64) -> Vec<&'static str> {
        let is_poor = |(_, (uses, refused)): &(_, &(u64, u64))| *uses < uses_min || uses == refused;
        self.places.iter().filter(is_poor).map(|(name, _)| *name).collect()
    }

    /// Counts a refusal that is the same but for its words.
    pub(super) fn reworded(
        &mut self,
        expected: &Result<Outcome, Refusal>,
        found: &Result<Outcome, Refusal>,
        how: Comparison,
    ) {
        if let (Err(Refusal::Wrong(expected)), Err(Refusal::Wrong(found))) = (expected, found)
            && how.is_stated
            && state(expected) == state(found)
            && expected != found
        {
            *self.rewordings.entry((expected.clone(), found.clone())).or_default() += 1;
        }
    }

    /// Adds what another part of the campaign came to.
    pub fn merge(&mut self, other: &Report) {
        self.scripts += other.scripts;
        self.statements += other.statements;
        self.refused += other.refused;
        self.differences += other.differences;
        for (message, count) in &other.unsupported {
            *self.unsupported.entry(message.clone()).or_default() += count;
        }
        for (reason, count) in &other.known {
            *self.known.entry(reason).or_default() += count;
        }
        for (words, count) in &other.rewordings {
            *self.rewordings.entry(words.clone()).or_default() += count;
        }
        for (name, (uses, refused)) in &other.places {
            let place = self.places.entry(name).or_default();
            place.0 += uses;
            place.1 += refused;
        }
    }

    /// The figures as an object of JSON, with the seeds whose scripts differ.
    pub fn json(&self, seeds: &[u64]) -> serde_json::Value {
        json!({
            "scripts": self.scripts,
            "statements": self.statements,
            "refused": self.refused,
            "not_done": self.unsupported.values().sum::<u64>(),
            "differences": self.differences,
            "seeds": seeds,
            "known": self.known,
            "places": self.places,
        })
    }

    /// How many percent of the statements the oracle took.
    pub fn percent_taken(&self) -> f64 {
        100.0 * (self.statements - self.refused) as f64 / self.statements.max(1) as f64
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unsupported: u64 = self.unsupported.values().sum();
        writeln!(
            f,
            "{} statements of {} scripts, {:.0} % taken by the oracle; {unsupported} not done, {} \
             differences, {} for known reasons",
            self.statements,
            self.scripts,
            self.percent_taken(),
            self.differences,
            self.known.values().sum::<u64>()
        )?;
        writeln!(f, "{:<32}{:>10}{:>10}", "place", "uses", "refused")?;
        for (name, (uses, refused)) in &self.places {
            writeln!(f, "{name:<32}{uses:>10}{refused:>10}")?;
        }
        for (reason, count) in &self.known {
            writeln!(f, "known {count:>6}: {reason}")?;
        }
        let mut unsupported: Vec<_> = self.unsupported.iter().collect();
        unsupported.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (message, count) in unsupported.into_iter().take(30) {
            writeln!(f, "not done {count:>6}: {message}")?;
        }
        let mut rewordings: Vec<_> = self.rewordings.iter().collect();
        rewordings.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for ((expected, found), count) in rewordings.into_iter().take(30) {
            writeln!(f, "other words {count:>6}: {expected}\n             not: {found}")?;
        }
        Ok(())
    }
}
