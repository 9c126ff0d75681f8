//! What jobs need of the queue of their runs, where a key has one message.

use bourse_storage::{Error, Result};

use super::Queue;
use super::definition::{LEASED, READY};
use super::message::{at, integer};
use crate::range::Range;
use crate::scan::Order;
use crate::table::OwnedRow;
use crate::transaction::Transaction;
use crate::value::Value;

/// Leases that are given back in one transaction.
const RELEASED_AT_ONCE: usize = 256;

impl Queue {
    /// Whether a message is leased at a moment.
    pub(crate) fn is_leased(row: &OwnedRow, now: i64) -> bool {
        let is = |column, value: i64| integer(row, column).is_ok_and(|integer| integer == value);
        is(at::STATE, LEASED) && integer(row, at::DUE).is_ok_and(|due| due > now)
    }

    /// Takes the first message of a key out, leased or not. Returns whether there was one.
    pub(crate) fn remove_first(&self, t: &mut Transaction<'_>, key: &Value) -> Result<bool> {
        let Some(row) = self.first_of_key(t, key)? else { return Ok(false) };
        let sequence = integer(&row, at::SEQUENCE)?;
        t.composite(|t| self.remove(t, key, sequence))?;
        Ok(true)
    }

    /// Lets a message that is not leased be leased at once.
    pub(crate) fn make_due(&self, t: &mut Transaction<'_>, row: &OwnedRow) -> Result<()> {
        let changes = [("due", Value::Timestamp(t.now()))];
        t.update(&self.inner.messages, &row.primary_key()?, &changes).map(drop)
    }

    /// Gives back all that is leased: by consumers who are known to be gone.
    pub(crate) fn release_all(&self) -> Result<()> {
        let messages = &self.inner.messages;
        let mut from = Vec::new();
        loop {
            let leased = {
                let cut = self.store.cut();
                let range = Range::prefix([LEASED.into()]);
                let mut entries = cut.scan_index(messages, "heads", &range, Order::Ascending)?;
                let mut places = Vec::new();
                while places.len() < RELEASED_AT_ONCE
                    && let Some(place) =
                        entries.next_with(|entry| Ok::<_, Error>([entry.get(0)?, entry.get(1)?]))?
                {
                    places.push(place?);
                }
                places
            };
            // What stays leased was leased anew since.
            if leased.is_empty() || leased == from {
                return Ok(());
            }
            self.store.transaction(|t| {
                let now = Value::Timestamp(t.now());
                leased.iter().try_for_each(|place| {
                    let changes = [
                        ("state", READY.into()),
                        ("due", now.clone()),
                        ("token", Value::Integer(0)),
                    ];
                    let row = t.get(messages, place)?;
                    match row.map(|row| integer(&row, at::STATE)).transpose()? {
                        Some(LEASED) => t.update(messages, place, &changes).map(drop),
                        _ => Ok(()),
                    }
                })
            })?;
            from = leased;
        }
    }
}
