//! Leaders and replicas over sockets: servers in this process, and processes of their own that are
//! killed.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod clients;
mod cuts;
mod following;
mod nodes;
mod proxy;
mod reading;
