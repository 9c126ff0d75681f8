//! Many seeds, two at a time, and what they came to.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bourse_storage::sync;

use crate::seed::{self, Counts, Report};

/// The figure that so many of a hundred did not exceed.
pub fn percentile(figures: &[u64], percent: usize) -> u64 {
    let mut sorted = figures.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

/// What many seeds came to.
#[derive(Clone, Default, Debug)]
pub struct Summary {
    /// Seeds that ended well.
    pub seeds: u64,
    /// What happened in them.
    pub counts: Counts,
    /// Seeds that did not, lowest first.
    pub failures: Vec<Report>,
}

/// Runs `count` seeds from `first` on, as many at a time as there are processors. After the first
/// failure no more are begun.
pub fn run(first: u64, count: u64) -> Summary {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    run_beside(first, count, processors.min(8))
}

/// Runs `count` seeds from `first` on, `jobs` at a time.
pub fn run_beside(first: u64, count: u64, jobs: usize) -> Summary {
    let next = Arc::new(AtomicU64::new(0));
    let failed = Arc::new(AtomicU64::new(0));
    let workers: Vec<_> = (0..jobs.max(1))
        .map(|_| {
            let (next, failed) = (Arc::clone(&next), Arc::clone(&failed));
            sync::spawn("seeds", move || {
                let mut reports = Vec::new();
                while failed.load(Ordering::Relaxed) == 0 {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let report = seed::run(first + number);
                    if report.violation.is_some() {
                        failed.store(1, Ordering::Relaxed);
                    }
                    reports.push(report);
                }
                reports
            })
        })
        .collect();
    let mut summary = Summary::default();
    for worker in workers {
        match worker.join() {
            Ok(reports) => reports.into_iter().for_each(|report| summary.add(report)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    summary.failures.sort_by_key(|report| report.seed);
    summary
}

impl Summary {
    /// Adds a seed.
    pub fn add(&mut self, report: Report) {
        let (all, one) = (&mut self.counts, &report.counts);
        all.operations += one.operations;
        all.crashes += one.crashes;
        all.crashes_in_recovery += one.crashes_in_recovery;
        all.torn_sectors += one.torn_sectors;
        all.io_errors += one.io_errors;
        all.full_errors += one.full_errors;
        all.decayed += one.decayed;
        all.truncations += one.truncations;
        match report.violation {
            None => self.seeds += 1,
            Some(_) => self.failures.push(report),
        }
    }

    fn figures(&self) -> [(&'static str, u64); 9] {
        [
            ("seeds", self.seeds),
            ("operations", self.counts.operations),
            ("crashes", self.counts.crashes),
            ("crashes in recovery", self.counts.crashes_in_recovery),
            ("torn sectors", self.counts.torn_sectors),
            ("EIO", self.counts.io_errors),
            ("ENOSPC", self.counts.full_errors),
            ("decayed superblocks", self.counts.decayed),
            ("files made shorter", self.counts.truncations),
        ]
    }

    /// What never happened, though it should have: a simulation that tests less than it says.
    pub fn missing(&self) -> Vec<&'static str> {
        // A few seeds need not have them all.
        let figures = self.figures();
        let zero = figures.iter().filter(|(_, figure)| *figure == 0 && self.seeds > 20);
        zero.map(|(name, _)| *name).collect()
    }

    /// Whether all seeds ended well and everything happened.
    pub fn is_good(&self) -> bool {
        self.failures.is_empty() && self.missing().is_empty()
    }

    /// For people.
    pub fn text(&self, bug: Option<&str>) -> String {
        let mut text = String::new();
        for (name, figure) in self.figures() {
            let _ = writeln!(text, "{name:<20} {figure:>12}");
        }
        for report in &self.failures {
            let Some(violation) = &report.violation else { continue };
            let bug = bug.map_or(String::new(), |bug| format!(" --bug {bug}"));
            let _ = writeln!(
                text,
                "\nFAILED seed {}: {violation}\n  again: cargo xtask simulate --seed {}{bug}",
                report.seed, report.seed
            );
        }
        if self.failures.is_empty() {
            for name in self.missing() {
                let _ = writeln!(text, "\nFAILED: no {name} in any seed: the simulation is blind");
            }
        }
        text
    }

    /// For programs.
    pub fn json(&self) -> String {
        let mut fields: Vec<String> = self
            .figures()
            .iter()
            .map(|(name, figure)| format!("  {}: {figure}", quote(&name.replace(' ', "_"))))
            .collect();
        let failures: Vec<String> = self
            .failures
            .iter()
            .filter_map(|report| {
                let violation = report.violation.as_ref()?;
                Some(format!(
                    "    {{\"seed\": {}, \"invariant\": {}, \"detail\": {}}}",
                    report.seed,
                    quote(violation.invariant),
                    quote(&violation.detail)
                ))
            })
            .collect();
        let list = if failures.is_empty() {
            String::from("[]")
        } else {
            format!("[\n{}\n  ]", failures.join(",\n"))
        };
        fields.push(format!("  \"failures\": {list}"));
        fields.push(format!("  \"good\": {}", self.is_good()));
        format!("{{\n{}\n}}\n", fields.join(",\n"))
    }
}

/// A JSON string.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
