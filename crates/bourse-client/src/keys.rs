//! Idempotency keys: rows that are written in the transaction whose effect they stand for, so that
//! they are there exactly if the effect is.
//!
//! # Invariants
//! - **K1** A key is noted before anything else of its transaction. Who notes a key that another
//!   transaction has noted and not committed waits for that one: so whoever has noted it knows that
//!   no other call with the key is committed, nor will be before this one ends.

use std::time::Duration;

use crate::connection::Connection;
use crate::error::{Error, Kind};

/// How the server says that a table is not there.
pub(crate) const NO_TABLE: &str = "42P01";

const MAKE: &str = "CREATE TABLE IF NOT EXISTS bourse_client_keys (\
     key text PRIMARY KEY, made_by text NOT NULL, made_at timestamptz NOT NULL DEFAULT now())";
const NOTE: &str =
    "INSERT INTO bourse_client_keys (key, made_by) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
const FIND: &str = "SELECT made_by FROM bourse_client_keys WHERE key = $1";
const DROP: &str = "DELETE FROM bourse_client_keys \
     WHERE made_at < now() - $1::double precision * interval '1 second'";

/// Notes a key (K1). Returns who had noted it before, if somebody had.
///
/// # Errors
/// 42P01 where the table is not there; `Conflict` where the key came or went meanwhile.
pub(crate) async fn note(
    connection: &Connection,
    key: &str,
    made_by: &str,
) -> Result<Option<String>, Error> {
    if connection.execute(NOTE, &[&key, &made_by]).await? == 1 {
        return Ok(None);
    }
    match connection.query_opt(FIND, &[&key]).await? {
        Some(row) => Ok(Some(row.try_get(0)?)),
        // At REPEATABLE READ it is not seen, at READ COMMITTED it was dropped just now.
        None => Err(Error::new(Kind::Conflict, format!("the key {key} came or went meanwhile"))),
    }
}

/// Makes the table, if it is not there by now.
///
/// # Errors
/// What the server says, with what an admin must do where the role may not.
pub(crate) async fn make_table(connection: &Connection) -> Result<(), Error> {
    match connection.run(MAKE).await {
        Err(error) if error.sqlstate() == Some("42P07") => Ok(()),
        Err(error) if error.sqlstate() == Some("42501") => {
            let told = format!("idempotency keys need a table that an admin makes by \"{MAKE}\"");
            Err(error.with_context(&told))
        }
        made => made,
    }
}

/// Drops keys that were noted longer ago. Returns how many.
pub(crate) async fn drop_older_than(connection: &Connection, age: Duration) -> Result<u64, Error> {
    match connection.execute(DROP, &[&age.as_secs_f64()]).await {
        Err(error) if error.sqlstate() == Some(NO_TABLE) => Ok(0),
        dropped => dropped,
    }
}
