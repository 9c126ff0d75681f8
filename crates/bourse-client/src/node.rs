//! A node: its breaker, its pools, and what is known of whether it answers.

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio_postgres::Config;

use crate::breaker::{Admission, Breaker, BreakerState};
use crate::clock::{Clock, chance};
use crate::error::{Error, Kind};
use crate::lock::Lock;
use crate::metrics::{Metrics, NodeMetrics};
use crate::options::{Builder, split_address};
use crate::pool::{Borrowed, Opener, Pool, Role};

/// See the module's head.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: Arc<str>,
    breaker: Lock<Breaker>,
    write: Arc<Pool>,
    read: Arc<Pool>,
    clock: Clock,
    pub(crate) metrics: NodeMetrics,
    /// How often the breaker has opened: who waits for an answer of the node need not wait longer.
    opened: watch::Sender<u64>,
    /// Wakes who asks the node what it is.
    pub(crate) wanted: Notify,
    /// Why it is not asked.
    trouble: Lock<Option<String>>,
}

/// A connection of a node, and how to tell its breaker what became of it.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) borrowed: Borrowed,
    pub(crate) admission: Admission,
}

impl Node {
    pub(crate) fn new(
        address: &str,
        builder: &Builder,
        clock: Clock,
        metrics: &Metrics,
    ) -> Result<Node, Error> {
        let name: Arc<str> = Arc::from(address);
        let options = &builder.options;
        let pool = |role: Role, size: u32| -> Result<Arc<Pool>, Error> {
            let opener = Opener {
                node: Arc::clone(&name),
                config: config_of(builder, address, role)?,
                dial: Arc::clone(&builder.dial),
                clock,
                lifetime_max: options.lifetime_max,
                metrics: metrics.of_pool(address, role.name(), size),
            };
            Ok(Arc::new(Pool::new(opener, role, options)?))
        };
        Ok(Node {
            breaker: Lock::new(Breaker::new(options.breaker)),
            write: pool(Role::Write, options.write_connections_max)?,
            read: pool(Role::Read, options.read_connections_max)?,
            clock,
            metrics: metrics.of_node(address),
            opened: watch::Sender::new(0),
            wanted: Notify::new(),
            trouble: Lock::default(),
            name,
        })
    }

    pub(crate) fn pool(&self, role: Role) -> &Arc<Pool> {
        match role {
            Role::Write => &self.write,
            Role::Read => &self.read,
        }
    }

    pub(crate) fn pools(&self) -> [&Arc<Pool>; 2] {
        [&self.write, &self.read]
    }

    /// A connection, unless the node is left alone.
    ///
    /// # Errors
    /// `Unavailable` for a node that is left alone; as [`Pool::take`].
    pub(crate) async fn take(
        &self,
        role: Role,
        place: &'static Location<'static>,
    ) -> Result<Taken, Error> {
        let Some(admission) = self.breaker.with(|breaker| breaker.admit_call()) else {
            let told = "the node did not answer and is left alone for a while";
            return Err(Error::new(Kind::Unavailable, told).with_node(&self.name));
        };
        let mut opened = self.opened.subscribe();
        let taken = tokio::select! {
            taken = self.pool(role).take(place) => taken,
            _ = opened.changed() => Err(self.gave_up()),
        };
        match taken {
            Ok(borrowed) => Ok(Taken { borrowed, admission }),
            Err(error) => {
                self.note(admission, Err(&error));
                Err(error)
            }
        }
    }

    /// Ends when the breaker opens: what is under way then is worth no wait any more.
    pub(crate) async fn lost(&self) -> Error {
        let mut opened = self.opened.subscribe();
        if self.breaker_state() == BreakerState::Closed {
            // The sender is the node's own, so this ends by a change.
            let _ = opened.changed().await;
        }
        self.gave_up()
    }

    fn gave_up(&self) -> Error {
        Error::new(Kind::Connection, "the node no longer answers").with_node(&self.name)
    }

    /// What became of asking it: an answer of whatever kind, or none.
    pub(crate) fn note(&self, admission: Admission, outcome: Result<(), &Error>) {
        let is_lost = outcome.is_err_and(|error| {
            // A node that refuses for there are too many sessions is in trouble, too.
            matches!(error.kind(), Kind::Connection) || matches!(error.sqlstate(), Some("57P03"))
        });
        if !is_lost {
            let is_ours = outcome.is_err_and(|error| error.sqlstate().is_none());
            if !is_ours {
                self.breaker.with(|breaker| breaker.succeeded(admission));
                self.note_breaker();
            }
            return;
        }
        self.wanted.notify_one();
        let now = self.clock.now();
        if self.breaker.with(|breaker| breaker.failed(admission, now, chance())) {
            self.metrics.breaker_opened.inc();
            self.opened.send_modify(|count| *count += 1);
            for pool in self.pools() {
                pool.close_idle();
            }
            if let Err(error) = outcome {
                tracing::warn!(node = %self.name, %error, "the node is left alone for a while");
            }
        }
        self.note_breaker();
    }

    /// Lets a probe ask it, or says how long it is left alone yet.
    pub(crate) fn admit_probe(&self) -> Result<Admission, Duration> {
        let now = self.clock.now();
        let admitted = self.breaker.with(|breaker| {
            let admission = breaker.admit_probe(now);
            admission.ok_or_else(|| breaker.opens_again().unwrap_or(now).saturating_sub(now))
        });
        self.note_breaker();
        admitted
    }

    fn note_breaker(&self) {
        self.metrics.breaker_state.set(match self.breaker_state() {
            BreakerState::Closed => 0,
            BreakerState::HalfOpen => 1,
            BreakerState::Open => 2,
        });
    }

    pub(crate) fn breaker_state(&self) -> BreakerState {
        self.breaker.with(|breaker| breaker.state())
    }

    /// How often its breaker has opened.
    pub(crate) fn breaker_opened(&self) -> u64 {
        self.breaker.with(|breaker| breaker.opened())
    }

    /// Notes why it is not asked, or that it is.
    pub(crate) fn set_trouble(&self, trouble: Option<String>) {
        self.trouble.with(|known| *known = trouble);
    }

    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.with(|trouble| trouble.clone())
    }
}

/// How connections to a node are made, for a purpose.
pub(crate) fn config_of(builder: &Builder, address: &str, role: Role) -> Result<Config, Error> {
    let (host, port) = split_address(address)?;
    let mut config = builder.config.clone();
    if !config.get_hosts().is_empty() || !config.get_hostaddrs().is_empty() {
        let told = "the configuration names hosts: name the nodes by Builder::node alone";
        return Err(Error::new(Kind::Usage, told));
    }
    config.host(host).port(port).connect_timeout(builder.options.connect_timeout);
    if role == Role::Read {
        let mut settings = config.get_options().unwrap_or("").to_owned();
        let wait = builder.options.replica_wait.as_millis();
        settings.push_str(&format!(" -c bourse.read_timeout={wait}"));
        if let Some(staleness) = builder.options.max_staleness {
            settings.push_str(&format!(" -c bourse.max_staleness={}", staleness.as_millis()));
        }
        config.options(settings.trim());
    }
    Ok(config)
}
