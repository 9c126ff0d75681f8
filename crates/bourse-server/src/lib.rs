//! Bourse over the network: PostgreSQL's wire protocol, and HTTP for those who watch.
//!
//! ```text
//! socket --bytes--> task of the connection --messages--> thread with a permit --rows--> pipe
//!   ^                 (tokio; no statement runs here)       (bourse_sql::Connection)      |
//!   +------------------------------ bytes, as fast as the client takes them -------------+
//! ```
//!
//! - [`server`]: listening, letting sessions in, stopping;
//! - [`options`]: what a server is told;
//! - `handshake`, `auth`, `tls`: from a socket to a session;
//! - `connection`: a session's socket; `pipe`, bytes from statements to it; `stream`, what
//!   carries them;
//! - `session`: what messages mean; `wire`, messages as bytes;
//! - [`archive`]: records and backups in an object store, and stores made of them;
//! - [`replication`]: a leader's records sent to replicas, and taken from a leader;
//! - `workers`: the threads that run statements; `gate`: where they wait while another member is to
//!   lead;
//! - [`registry`], [`statements`], `counts`, `slow`: what others see of sessions and statements;
//! - `http`: `/metrics`, `/live`, `/ready`, `/version`.
//!
//! **Architecture Invariant:** a thread of the runtime runs no statement and takes no lock that is
//! held while one waits.

pub mod archive;
mod auth;
mod connection;
mod counts;
mod direct;
mod gate;
mod handshake;
mod http;
mod observe;
pub mod options;
mod pipe;
pub mod registry;
pub mod replication;
pub mod server;
mod session;
mod slow;
pub mod statements;
mod stream;
mod tls;
pub mod wire;
mod workers;

/// The version of PostgreSQL that drivers are told: they choose by it what they may ask.
pub(crate) const SERVER_VERSION: &str = "15.18";

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub use options::Options;
pub use server::{End, Server};

/// Has the server's log written to standard error: what `BOURSE_LOG` names (`error`, `warn`,
/// `info`, `debug`), and `info` without it.
pub fn start_log() {
    let level = std::env::var("BOURSE_LOG").ok().and_then(|level| level.parse().ok());
    let level = level.unwrap_or(tracing::Level::INFO);
    // The consensus tells of each step, and of a member that is away with each heartbeat.
    let consensus = match level > tracing::Level::INFO {
        true => LevelFilter::from_level(level),
        false => LevelFilter::OFF,
    };
    let wanted = Targets::new().with_default(level).with_target("openraft", consensus);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // Whoever has begun a log of this process already keeps it.
    let _ = tracing_subscriber::registry().with(lines.with_filter(wanted)).try_init();
}
