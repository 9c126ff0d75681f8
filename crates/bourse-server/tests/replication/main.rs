//! Leaders and replicas over sockets: servers in this process, and processes of their own that are
//! killed.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "what is waited for here are processes and sockets, which no simulator drives"
)]

mod archive;
mod clients;
mod cluster;
mod cuts;
mod following;
mod group;
#[path = "../http/client.rs"]
mod http;
mod levels;
mod members;
mod nodes;
mod proxy;
mod reading;
