//! A group of three real processes under load, on networks that fail.
//!
//! [`campaign`] starts members, each in a network namespace of its own behind one bridge
//! ([`network`]), has clients write and read ([`writer`], [`register`]), and does to members what
//! happens to machines ([`fault::Fault`]): SIGKILL, a pause, a cable that is pulled, a way to one
//! other member that is gone, a switchover. Then all is mended, and what is there is compared with
//! what clients were told. It needs Linux, `ip` and the rights of root.
//!
//! # Invariants
//!
//! - **F1** What a client was told is committed is there, once all is mended and ever after.
//! - **F2** What a client was not told of may be there or not; nothing else is there.
//! - **F3** All members come to have the same rows.
//! - **F4** Writes of a register and linearizable reads of it, on whichever member, could have been
//!   done one after the other in an order that agrees with real time: `stateright`'s tester says
//!   so.
//! - **F5** After each fault clients get on with their work while it lasts, where a majority is
//!   there, and in any case once it is mended.

pub mod campaign;
mod cluster;
pub mod fault;
mod network;
pub mod register;
pub mod system;
mod writer;

/// The tables.
const TABLES: &str = "
    CREATE TABLE entries (id bigint PRIMARY KEY, client integer NOT NULL);
    CREATE TABLE registers (id bigint PRIMARY KEY, value bigint NOT NULL)";

/// Members of the group.
const MEMBERS: usize = 3;
