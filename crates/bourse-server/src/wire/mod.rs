//! PostgreSQL's protocol, version 3, as bytes: what clients send and what they are answered.
//!
//! A message is decoded from no more bytes than its head says it has, so a body that is too short
//! or too long is an error of its own and never part of the next message. Rows are encoded straight
//! into the buffer that goes to the socket.

pub(crate) mod backend;
pub mod frontend;
pub(crate) mod oid;
pub(crate) mod startup;
#[cfg(test)]
mod tests;
