//! Clients against servers in this process: leaders, replicas, failovers, networks that hang and
//! are cut.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "what is waited for here are sockets, which no simulator drives"
)]

mod failover;
mod limits;
mod network;
mod nodes;
mod once;
mod proxy;
mod reading;
mod transactions;
mod watching;
