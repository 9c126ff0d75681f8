//! What the server counts.

use std::time::Duration;

use bourse_storage::{Error, Result};
use prometheus::{Histogram, HistogramOpts, IntCounter, Opts, Registry};

/// Bounds of the histogram, in seconds: from what a point read takes to what nobody waits for.
const BOUNDS: [f64; 16] = [
    0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1,
    0.25, 1.0, 5.0, 30.0,
];

/// What the server counts, each an atomic number.
#[derive(Debug)]
pub(crate) struct Counts {
    pub(crate) registry: Registry,
    durations: Histogram,
    slow: IntCounter,
    errors: IntCounter,
    refused: IntCounter,
    wrong_passwords: IntCounter,
}

fn failed(error: &prometheus::Error) -> Error {
    Error::invalid(format!("cannot register a metric: {error}"))
}

fn counter(registry: &Registry, name: &str, help: &str) -> Result<IntCounter> {
    let counter = IntCounter::with_opts(Opts::new(name, help)).map_err(|error| failed(&error))?;
    registry.register(Box::new(counter.clone())).map_err(|error| failed(&error))?;
    Ok(counter)
}

impl Counts {
    /// Nothing counted yet.
    pub(crate) fn new() -> Result<Counts> {
        let registry = Registry::new();
        let options = HistogramOpts::new("db_query_duration_seconds", "Time that statements took.")
            .buckets(BOUNDS.to_vec());
        let durations = Histogram::with_opts(options).map_err(|error| failed(&error))?;
        registry.register(Box::new(durations.clone())).map_err(|error| failed(&error))?;
        Ok(Counts {
            durations,
            slow: counter(&registry, "slow_queries_total", "Statements above slow_query_ms.")?,
            errors: counter(&registry, "db_query_errors_total", "Errors told to clients.")?,
            refused: counter(
                &registry,
                "db_connections_refused_total",
                "Connections refused because there were too many.",
            )?,
            wrong_passwords: counter(
                &registry,
                "db_authentication_failures_total",
                "Sessions refused for who they claimed to be.",
            )?,
            registry,
        })
    }

    pub(crate) fn note_statement(&self, took: Duration) {
        self.durations.observe(took.as_secs_f64());
    }

    pub(crate) fn note_slow(&self) {
        self.slow.inc();
    }

    pub(crate) fn note_error(&self) {
        self.errors.inc();
    }

    pub(crate) fn note_refused(&self) {
        self.refused.inc();
    }

    pub(crate) fn note_wrong_password(&self) {
        self.wrong_passwords.inc();
    }
}
