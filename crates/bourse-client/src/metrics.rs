//! Metrics: the names of the platform's migration plan, and others beside them.
//!
//! All have the label `client`, whose value the builder is given. [`FAMILIES`] is the table that
//! docs/client.md shows.

use std::fmt;
use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry,
};

use crate::error::{Error, Kind};

/// Bounds of histograms, in seconds: from what a point read takes to what nobody waits for.
const BOUNDS: [f64; 15] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
    30.0, 60.0,
];

/// Names, labels and meanings.
pub const FAMILIES: [(&str, &[&str], &str); 18] = [
    (
        "db_query_duration_seconds",
        &["node", "role"],
        "Time of attempts of calls, with a connection.",
    ),
    ("slow_queries_total", &["node", "role"], "Attempts that took longer than slow_after."),
    ("db_pool_active_connections", &["node", "role"], "Connections in use."),
    ("db_pool_open_connections", &["node", "role"], "Connections that are open."),
    ("db_pool_size_max", &["node", "role"], "Connections at most."),
    ("db_pool_waiting", &["node", "role"], "Calls that wait for a connection."),
    ("db_pool_utilisation", &["node", "role"], "Part in use over ten minutes, weighted by time."),
    ("db_pool_wait_seconds", &["node", "role"], "Waits for a connection."),
    ("db_pool_refused_total", &["node", "role"], "Calls refused: too many wait, or for too long."),
    ("db_pool_opened_total", &["node", "role"], "Connections that were opened."),
    ("db_pool_expired_total", &["node", "role"], "Connections closed for their age."),
    ("db_pool_leaks_total", &["node", "role"], "Connections held longer than leak_after."),
    ("db_node_state", &["node"], "2: leader, 1: is read, 0: is not asked."),
    ("db_node_breaker_state", &["node"], "0: closed, 1: half open, 2: open."),
    ("db_node_breaker_opened_total", &["node"], "How often the breaker has opened."),
    ("db_client_retries_total", &["reason"], "Attempts that were made again."),
    ("db_client_outcome_unknown_total", &[], "Calls that may have had their effect or not."),
    ("db_client_leader_term", &[], "The newest term that was seen."),
];

#[derive(Debug)]
pub(crate) struct Metrics {
    durations: HistogramVec,
    slow: IntCounterVec,
    active: IntGaugeVec,
    open: IntGaugeVec,
    size: IntGaugeVec,
    waiting: IntGaugeVec,
    utilisation: GaugeVec,
    waits: HistogramVec,
    refused: IntCounterVec,
    opened: IntCounterVec,
    expired: IntCounterVec,
    leaks: IntCounterVec,
    node_state: IntGaugeVec,
    breaker_state: IntGaugeVec,
    breaker_opened: IntCounterVec,
    retries: IntCounterVec,
    pub(crate) outcome_unknown: IntCounter,
    pub(crate) leader_term: IntGauge,
    /// Takes them out again when the client ends.
    _registered: Registered,
}

/// Where families were registered, and which.
struct Registered {
    registry: Option<Registry>,
    families: Vec<Box<dyn Collector>>,
}

/// Those of a pool.
#[derive(Clone, Debug)]
pub(crate) struct PoolMetrics {
    pub(crate) durations: Histogram,
    pub(crate) slow: IntCounter,
    pub(crate) active: IntGauge,
    pub(crate) open: IntGauge,
    pub(crate) waiting: IntGauge,
    pub(crate) utilisation: Gauge,
    pub(crate) waits: Histogram,
    pub(crate) refused: IntCounter,
    pub(crate) opened: IntCounter,
    pub(crate) expired: IntCounter,
    pub(crate) leaks: IntCounter,
}

/// Those of a node.
#[derive(Clone, Debug)]
pub(crate) struct NodeMetrics {
    pub(crate) state: IntGauge,
    pub(crate) breaker_state: IntGauge,
    pub(crate) breaker_opened: IntCounter,
}

/// Makes and registers families one after the other.
struct Maker<'a> {
    client: &'a str,
    registered: Registered,
}

fn failed(error: &prometheus::Error) -> Error {
    Error::new(Kind::Usage, format!("cannot register a metric: {error}"))
}

impl Maker<'_> {
    fn make<C: Collector + Clone + 'static>(
        &mut self,
        name: &str,
        make: impl FnOnce(Opts, &[&str]) -> prometheus::Result<C>,
    ) -> Result<C, Error> {
        let family = FAMILIES.iter().find(|family| family.0 == name);
        let Some((name, labels, help)) = family else {
            unreachable!("{name} is one of FAMILIES");
        };
        let options = Opts::new(*name, *help).const_label("client", self.client);
        let made = make(options, labels).map_err(|error| failed(&error))?;
        if let Some(registry) = &self.registered.registry {
            registry.register(Box::new(made.clone())).map_err(|error| failed(&error))?;
            self.registered.families.push(Box::new(made.clone()));
        }
        Ok(made)
    }

    fn counters(&mut self, name: &str) -> Result<IntCounterVec, Error> {
        self.make(name, IntCounterVec::new)
    }

    fn gauges(&mut self, name: &str) -> Result<IntGaugeVec, Error> {
        self.make(name, IntGaugeVec::new)
    }

    fn histograms(&mut self, name: &str) -> Result<HistogramVec, Error> {
        self.make(name, |options, labels| {
            let options = HistogramOpts::from(options).buckets(BOUNDS.to_vec());
            HistogramVec::new(options, labels)
        })
    }
}

impl Metrics {
    /// Nothing counted yet.
    pub(crate) fn new(client: &str, registry: Option<&Registry>) -> Result<Metrics, Error> {
        let registered = Registered { registry: registry.cloned(), families: Vec::new() };
        let mut maker = Maker { client, registered };
        Ok(Metrics {
            durations: maker.histograms("db_query_duration_seconds")?,
            slow: maker.counters("slow_queries_total")?,
            active: maker.gauges("db_pool_active_connections")?,
            open: maker.gauges("db_pool_open_connections")?,
            size: maker.gauges("db_pool_size_max")?,
            waiting: maker.gauges("db_pool_waiting")?,
            utilisation: maker.make("db_pool_utilisation", GaugeVec::new)?,
            waits: maker.histograms("db_pool_wait_seconds")?,
            refused: maker.counters("db_pool_refused_total")?,
            opened: maker.counters("db_pool_opened_total")?,
            expired: maker.counters("db_pool_expired_total")?,
            leaks: maker.counters("db_pool_leaks_total")?,
            node_state: maker.gauges("db_node_state")?,
            breaker_state: maker.gauges("db_node_breaker_state")?,
            breaker_opened: maker.counters("db_node_breaker_opened_total")?,
            retries: maker.counters("db_client_retries_total")?,
            outcome_unknown: maker.make("db_client_outcome_unknown_total", |options, _| {
                IntCounter::with_opts(options)
            })?,
            leader_term: maker
                .make("db_client_leader_term", |options, _| IntGauge::with_opts(options))?,
            _registered: maker.registered,
        })
    }

    pub(crate) fn of_pool(&self, node: &str, role: &str, size: u32) -> PoolMetrics {
        let labels = &[node, role];
        self.size.with_label_values(labels).set(i64::from(size));
        PoolMetrics {
            durations: self.durations.with_label_values(labels),
            slow: self.slow.with_label_values(labels),
            active: self.active.with_label_values(labels),
            open: self.open.with_label_values(labels),
            waiting: self.waiting.with_label_values(labels),
            utilisation: self.utilisation.with_label_values(labels),
            waits: self.waits.with_label_values(labels),
            refused: self.refused.with_label_values(labels),
            opened: self.opened.with_label_values(labels),
            expired: self.expired.with_label_values(labels),
            leaks: self.leaks.with_label_values(labels),
        }
    }

    pub(crate) fn of_node(&self, node: &str) -> NodeMetrics {
        NodeMetrics {
            state: self.node_state.with_label_values(&[node]),
            breaker_state: self.breaker_state.with_label_values(&[node]),
            breaker_opened: self.breaker_opened.with_label_values(&[node]),
        }
    }

    pub(crate) fn note_retry(&self, kind: Kind) {
        let reason = match kind {
            Kind::Conflict => "conflict",
            Kind::Connection => "connection",
            Kind::Unavailable => "unavailable",
            Kind::Busy => "busy",
            _ => "other",
        };
        self.retries.with_label_values(&[reason]).inc();
    }
}

impl PoolMetrics {
    pub(crate) fn note_attempt(&self, took: Duration, slow_after: Duration) {
        self.durations.observe(took.as_secs_f64());
        if took > slow_after {
            self.slow.inc();
        }
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let Some(registry) = &self.registry else { return };
        for family in self.families.drain(..) {
            // One that somebody else took out already is gone all the same.
            let _ = registry.unregister(family);
        }
    }
}

impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} families", self.families.len())
    }
}
