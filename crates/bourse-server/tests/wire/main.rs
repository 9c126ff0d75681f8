//! The server as clients meet it: tokio-postgres, and bytes by hand where a client would not send
//! them.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod abuse;
mod auth;
mod copying;
mod direct;
mod drivers;
#[path = "../http/client.rs"]
mod http;
mod protocol;
mod sessions;
mod setup;
mod types;
mod watching;
