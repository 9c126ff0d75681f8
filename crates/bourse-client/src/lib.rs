//! A pool of connections to the nodes of Bourse: a leader that takes writes, and replicas that
//! serve reads. It finds out which node is which, sends each call where it belongs, runs again
//! what is safe to run again, and goes on after a failover without a restart.
//!
//! ```no_run
//! use bourse_client::{Client, Connection, Error};
//!
//! async fn transfer() -> Result<(), Error> {
//!     let client = Client::builder().node("10.0.0.1:5432").node("10.0.0.2:5432").build()?;
//!     // A plain read goes to a replica.
//!     let rows = client.query("SELECT count(*) FROM accounts", &[]).await?;
//!     println!("{} accounts", rows[0].get::<_, i64>(0));
//!
//!     // A session sees what it has written, on whatever node it reads.
//!     let session = client.session();
//!     let transfer = async |connection: Connection| {
//!         let change = "UPDATE accounts SET balance = balance + $2 WHERE id = $1";
//!         connection.execute(change, &[&1_i64, &-100_i64]).await?;
//!         connection.execute(change, &[&2_i64, &100_i64]).await
//!     };
//!     // Once, also where the connection is lost while it is being committed.
//!     session.call().once("transfer-4711", transfer).await?;
//!     let balance = "SELECT balance FROM accounts WHERE id = $1";
//!     let row = session.call().query_one(balance, &[&1_i64]).await?;
//!     println!("{} is left", row.get::<_, i64>(0));
//!     Ok(())
//! }
//! ```
//!
//! A call, step by step:
//!
//! 1. `statement` tells a plain read from anything else, by the text alone;
//! 2. `routing` says who leads, in the newest term that was seen, and who may be read;
//! 3. `node` has a `breaker` that says whether the node is asked, and a `pool` for each [`Role`],
//!    upon deadpool: a bounded queue, connections that expire, `usage` measured;
//! 4. `work` does the call once: a transaction around the closure, behind the session's `token`;
//! 5. `retry` says what becomes of an error, by how far the attempt had come; `call` waits and
//!    tries again; `keys` are rows that tell whether a commit without an answer was done;
//! 6. meanwhile the one task of the client, `health`, asks each node what it is, and looks after
//!    the pools: connections that are too old, and those that are held for too long (`held`).
//!
//! **Architecture Invariant:** what decides (`statement`, `routing`, `breaker`, `retry`, `usage`,
//! `advice`, `held`, `token`) is plain data advanced by calls with a time: it neither waits nor
//! asks what time it is.
//!
//! **Architecture Invariant:** what may have had its effect is never run again without a key.

mod advice;
mod breaker;
mod call;
mod client;
mod clock;
mod connection;
mod dial;
mod error;
mod health;
mod held;
mod keys;
mod lock;
pub mod metrics;
mod node;
mod options;
mod pool;
mod reserved;
mod retry;
mod routing;
mod session;
mod shared;
mod statement;
mod token;
mod usage;
mod work;

pub use advice::{Advice, Verdict};
pub use breaker::{BreakerOptions, BreakerState};
pub use call::Call;
pub use client::{Client, NodeStatus};
pub use connection::Connection;
pub use error::{Error, Kind};
pub use options::{Builder, Options};
pub use pool::Role;
pub use reserved::Reserved;
pub use session::Session;
pub use token::Token;
pub use work::{Isolation, Once};
// What parameters and rows are.
pub use tokio_postgres::{self, Row};
