//! How a client is told what to do: plain data with defaults, and the builder that takes it.

use std::sync::Arc;
use std::time::Duration;

use prometheus::Registry;
use tokio_postgres::tls::{MakeTlsConnect, NoTls, TlsConnect};
use tokio_postgres::{Config, Socket};

use crate::breaker::BreakerOptions;
use crate::client::Client;
use crate::dial::{Dial, Dialer};
use crate::error::{Error, Kind};

/// What a client is told. Each value has a default that is right for a service near its nodes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Connections for writes to a node at most. 10. More are of no use than the leader runs at
    /// once; [`Client::advice`] says what was needed.
    pub write_connections_max: u32,
    /// Connections for reads to a node at most. 10.
    pub read_connections_max: u32,
    /// Calls that wait for a connection of one pool at most; beyond that they are refused. 256.
    pub waiting_max: u32,
    /// How long a call waits for a connection at most. 5 s.
    pub wait_timeout: Duration,
    /// How long a call has with all that is run again, unless it says otherwise. 30 s.
    pub call_timeout: Duration,
    /// How long a node has to accept a connection, or to answer a probe. 2 s.
    pub connect_timeout: Duration,
    /// How old a connection becomes, less up to a tenth by chance. 30 min.
    pub lifetime_max: Duration,
    /// How often each node is asked what it is. 1 s.
    pub probe_interval: Duration,
    /// How long a replica waits for what a session has written before the leader is read. 500 ms.
    pub replica_wait: Duration,
    /// Reads of states that are older are done on the leader; none: of any age. Not below 1 s.
    pub max_staleness: Option<Duration>,
    /// Whoever holds a connection for longer is told of, once. 60 s.
    pub leak_after: Duration,
    /// Statements that took longer are counted as slow. 1 s.
    pub slow_after: Duration,
    /// How often a call is tried that others are in the way of. 10.
    pub attempts_max: u32,
    /// When a node is left alone.
    pub breaker: BreakerOptions,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            write_connections_max: 10,
            read_connections_max: 10,
            waiting_max: 256,
            wait_timeout: Duration::from_secs(5),
            call_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(2),
            lifetime_max: Duration::from_secs(30 * 60),
            probe_interval: Duration::from_secs(1),
            replica_wait: Duration::from_millis(500),
            max_staleness: None,
            leak_after: Duration::from_secs(60),
            slow_after: Duration::from_secs(1),
            attempts_max: 10,
            breaker: BreakerOptions::default(),
        }
    }
}

/// Makes a [`Client`].
#[derive(Debug)]
pub struct Builder {
    pub(crate) nodes: Vec<String>,
    pub(crate) config: Config,
    pub(crate) options: Options,
    pub(crate) dial: Arc<dyn Dial>,
    pub(crate) registry: Option<Registry>,
    pub(crate) name: String,
}

impl Builder {
    pub(crate) fn new() -> Builder {
        let mut config = Config::new();
        config.user("bourse").dbname("bourse").application_name("bourse-client");
        Builder {
            nodes: Vec::new(),
            config,
            options: Options::default(),
            dial: Arc::new(Dialer(NoTls)),
            registry: None,
            name: "default".to_owned(),
        }
    }

    /// A node, `HOST:PORT`: leader or replica, which is found out.
    #[must_use]
    pub fn node(mut self, address: impl Into<String>) -> Builder {
        self.nodes.push(address.into());
        self
    }

    /// As whom to log in. `bourse`.
    #[must_use]
    pub fn user(mut self, user: &str) -> Builder {
        self.config.user(user);
        self
    }

    /// With which password. None.
    #[must_use]
    pub fn password(mut self, password: &str) -> Builder {
        self.config.password(password);
        self
    }

    /// The name of the store. `bourse`.
    #[must_use]
    pub fn database(mut self, name: &str) -> Builder {
        self.config.dbname(name);
        self
    }

    /// All that connections are made with but hosts and ports: those are the nodes'.
    #[must_use]
    pub fn config(mut self, config: Config) -> Builder {
        self.config = config;
        self
    }

    /// By what connections are encrypted: `MakeRustlsConnect` of `tokio-postgres-rustls`, for one.
    #[must_use]
    pub fn tls<T>(mut self, tls: T) -> Builder
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        self.dial = Arc::new(Dialer(tls));
        self
    }

    /// Other options than the defaults.
    #[must_use]
    pub fn options(mut self, options: Options) -> Builder {
        self.options = options;
        self
    }

    /// Where its metrics are registered, and the value of their label `client`: clients that share
    /// a registry need different names.
    #[must_use]
    pub fn metrics(mut self, registry: &Registry, name: &str) -> Builder {
        self.registry = Some(registry.clone());
        name.clone_into(&mut self.name);
        self
    }

    /// The client. It begins to ask its nodes what they are; the first calls wait for that.
    ///
    /// # Errors
    /// `Usage` for options that cannot be meant, and outside of a runtime of tokio.
    pub fn build(self) -> Result<Client, Error> {
        self.check()?;
        Client::start(self)
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |told: String| Err(Error::new(Kind::Usage, told));
        if self.nodes.is_empty() {
            return wrong(
                "a client needs a node: say Client::builder().node(\"host:port\")".into(),
            );
        }
        for (place, node) in self.nodes.iter().enumerate() {
            split_address(node)?;
            if self.nodes[..place].contains(node) {
                return wrong(format!("the node {node} is named twice"));
            }
        }
        let options = &self.options;
        for (name, number) in [
            ("write_connections_max", options.write_connections_max),
            ("read_connections_max", options.read_connections_max),
            ("attempts_max", options.attempts_max),
        ] {
            if number == 0 {
                return wrong(format!("{name} must not be 0"));
            }
        }
        for (name, time) in [
            ("wait_timeout", options.wait_timeout),
            ("call_timeout", options.call_timeout),
            ("connect_timeout", options.connect_timeout),
            ("lifetime_max", options.lifetime_max),
            ("probe_interval", options.probe_interval),
            ("leak_after", options.leak_after),
        ] {
            if time.is_zero() {
                return wrong(format!("{name} must not be 0"));
            }
        }
        Ok(())
    }
}

/// Host and port of `HOST:PORT`; a host of IPv6 stands in brackets.
pub(crate) fn split_address(address: &str) -> Result<(&str, u16), Error> {
    let split = address.rsplit_once(':').and_then(|(host, port)| {
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = port.parse().ok().filter(|port| *port != 0)?;
        (!host.is_empty()).then_some((host, port))
    });
    split.ok_or_else(|| Error::new(Kind::Usage, format!("\"{address}\" is not HOST:PORT")))
}

#[cfg(test)]
mod tests;
