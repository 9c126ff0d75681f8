//! What of the store's interface both sides need, in their words.

use std::time::Duration;

use bourse::replication::{Parcel, ReplicationPosition, Shipping as Reading};
use bourse::{Database, Error};
use bourse_storage::Result;
use bourse_storage::id::Lsn;

use super::fault::{Fault, Reason};

/// Bytes of records that are sent at once, about.
const PARCEL_BYTES: usize = 1 << 20;

/// The newest record that can be read.
pub(crate) fn newest(database: &Database) -> u64 {
    database.cut().lsn().0
}

/// Whose records a store has and how far, for its leader; and the last one of them.
pub(crate) fn position(database: &Database) -> Result<(Vec<u8>, u64)> {
    let position = database.replication_position()?;
    Ok((position.encode(), position.received.0))
}

/// A parcel that is to be sent.
pub(crate) struct Shipped {
    pub(crate) bytes: Vec<u8>,
    /// The last record of it, or the one before it where it has none.
    pub(crate) last: u64,
    /// The newest record of the store.
    pub(crate) newest: u64,
}

impl Shipped {
    fn of(parcel: &Parcel) -> Shipped {
        Shipped {
            bytes: parcel.as_bytes().to_vec(),
            last: parcel.last().0,
            newest: parcel.published().0,
        }
    }
}

/// The records that a follower lacks.
pub(crate) struct Shipping(Reading);

impl Shipping {
    /// Begins behind the position of a follower, and keeps the log from there on for it.
    ///
    /// # Errors
    /// A refusal where the records are no longer there, or it is no follower of this store.
    pub(crate) fn begin(
        database: &Database,
        slot: &str,
        position: &[u8],
    ) -> std::result::Result<(Shipping, u64), Fault> {
        let position = ReplicationPosition::decode(position)
            .map_err(|error| Fault::malformed(format!("a position that is none: {error}")))?;
        let after = position.received;
        // Whose log is kept has to be a follower; and nothing may go before it is kept.
        database.ship_to(&position).map_err(refusal)?;
        database.hold_log(slot, after).map_err(refusal)?;
        let reading = database.ship_to(&position).map_err(refusal)?;
        Ok((Shipping(reading), after.0))
    }

    /// The next records; after `limit` without any, how far the store is.
    ///
    /// # Errors
    /// As [`Shipping::begin`]; the store's.
    pub(crate) fn next(&mut self, limit: Duration) -> std::result::Result<Shipped, Fault> {
        match self.0.next(PARCEL_BYTES, limit).map_err(refusal)? {
            Some(parcel) => Ok(Shipped::of(&parcel)),
            None => Ok(Shipped::of(&self.0.heartbeat())),
        }
    }
}

/// What a follower is told of an error that is about it.
fn refusal(error: Error) -> Fault {
    match error.sqlstate() {
        "72000" => Fault::Refused(Reason::Behind, error.message().to_owned()),
        "55000" => Fault::Refused(Reason::Foreign, error.message().to_owned()),
        _ => Fault::Store(error),
    }
}

/// The parcel that bytes are.
///
/// # Errors
/// Bytes that are no parcel.
pub(crate) fn read(bytes: &[u8]) -> std::result::Result<Parcel, Fault> {
    Parcel::decode(bytes).map_err(|error| Fault::malformed(format!("a bad parcel: {error}")))
}

/// Applies a parcel. Returns the last record that is durable here then.
///
/// # Errors
/// A refusal where it is of another history; the store's.
pub(crate) fn receive(database: &Database, parcel: &Parcel) -> std::result::Result<u64, Fault> {
    database.receive(parcel).map(|last| last.0).map_err(refusal)
}

/// Keeps the log for whoever has that name from what a backup needs that begins after this.
pub(crate) fn keep(database: &Database, slot: &str) -> Result<()> {
    database.hold_log_for_backup(slot).map(drop)
}

/// Whoever has that name has all records up to this one, durably.
pub(crate) fn advance(database: &Database, slot: &str, lsn: u64) -> Result<()> {
    database.hold_log(slot, Lsn(lsn))
}

/// Makes a follower a leader.
pub(crate) fn promote(database: &Database) -> Result<()> {
    database.promote().map(drop)
}
