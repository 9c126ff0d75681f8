//! A server under load that is killed: what its clients were told must be so afterwards.
//!
//! [`campaign`] starts [`process`], lets clients work on it over the wire, kills it with SIGKILL at
//! a random time, starts it again and asks it what is there. The clients ([`client`]) have seen the
//! connection end in the middle of what they did: of that alone they may not know the end.
//!
//! # Invariants
//!
//! - **K1** What a client was told is committed is there.
//! - **K2** What a client was not told of when the connection was lost is there whole, or not at
//!   all; nothing else is there.
//! - **K3** Balances, which clients move between accounts, have the sum that they had.
//! - **K4** Every client sees its connection end within [`campaign::TOLD`], and no wrong answer
//!   before.
//! - **K5** `Database::check` finds nothing in what the last kill left.

pub mod campaign;
pub mod client;
pub mod process;

/// Accounts that balances are moved between.
pub const ACCOUNTS: u64 = 200;
/// What an account has at first.
pub const BALANCE: i64 = 1_000;

/// The tables.
pub const TABLES: &str = "
    CREATE TABLE entries (id bigint PRIMARY KEY, client integer NOT NULL, note text NOT NULL);
    CREATE INDEX entries_client ON entries (client, id);
    CREATE TABLE counts (client integer PRIMARY KEY, made bigint NOT NULL);
    CREATE TABLE accounts (id integer PRIMARY KEY, balance bigint NOT NULL)";

/// Entries of a client have ids from here on.
pub fn first_id(client: u32) -> i64 {
    i64::from(client) << 32
}
