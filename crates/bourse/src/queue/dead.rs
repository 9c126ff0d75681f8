//! Dead letters: messages whose attempts are used up, kept until somebody decides.

use bourse_storage::{Error, Result};

use super::message::integer;
use super::{Message, Queue};
use crate::datetime::Timestamp;
use crate::range::Range;
use crate::reading::Cut;
use crate::scan::Order;
use crate::table::OwnedRow;
use crate::value::{Value, ValueRef};

/// Dead letters that are deleted in one transaction.
const PURGED_AT_ONCE: usize = 256;

/// A message that was leased so often in vain as its queue allows.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    key: Value,
    token: i64,
    priority: i16,
    enqueued_at: Timestamp,
    died_at: Timestamp,
    attempts: u32,
    reason: String,
    payload: Vec<u8>,
}

impl DeadLetter {
    /// The message's key.
    pub fn key(&self) -> &Value {
        &self.key
    }

    /// Its priority.
    pub fn priority(&self) -> i16 {
        self.priority
    }

    /// When it was put into the queue.
    pub fn enqueued_at(&self) -> Timestamp {
        self.enqueued_at
    }

    /// When it came to the dead letters.
    pub fn died_at(&self) -> Timestamp {
        self.died_at
    }

    /// How often it was leased.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Why it was given back for the last time.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What it says.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    fn of_row(row: &OwnedRow) -> Result<DeadLetter> {
        let (reason, payload) = match (row.get(6), row.get(7)) {
            (ValueRef::Text(reason), ValueRef::Blob(payload)) => (reason, payload),
            _ => return Err(Error::corrupt("a dead letter is not what was written")),
        };
        Ok(DeadLetter {
            key: row.get(0).to_value(),
            token: integer(row, 1)?,
            priority: i16::try_from(integer(row, 2)?).unwrap_or(0),
            enqueued_at: Timestamp(integer(row, 3)?),
            died_at: Timestamp(integer(row, 4)?),
            attempts: u32::try_from(integer(row, 5)?).unwrap_or(u32::MAX),
            reason: reason.to_owned(),
            payload: payload.to_vec(),
        })
    }

    fn place(&self) -> [Value; 2] {
        [self.key.clone(), self.token.into()]
    }
}

impl Queue {
    /// The dead letters, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// `Corrupt` or `Io` when a page cannot be read.
    pub fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>> {
        let cut = self.store.cut();
        let rows = dead_rows(&cut, self, &Range::all(), limit)?;
        rows.iter().map(DeadLetter::of_row).collect()
    }

    /// Puts a dead letter into the queue again, behind all messages of its key, with all its
    /// attempts before it. Returns whether it was still there.
    ///
    /// # Errors
    /// Whatever ends a transaction.
    pub fn requeue(&self, letter: &DeadLetter) -> Result<bool> {
        let message =
            Message::new(letter.payload.clone()).key(letter.key.clone()).priority(letter.priority);
        self.store.shard_transaction(&self.inner.dead, std::slice::from_ref(&letter.key), |t| {
            t.composite(|t| {
                if !t.remove_row(&self.inner.dead, &letter.place())? {
                    return Ok(false);
                }
                self.put(t, &letter.key, &message)?;
                Ok(true)
            })
        })
    }

    /// Deletes the dead letters that died at `until` or before. Returns how many there were.
    ///
    /// # Errors
    /// Whatever ends a transaction; what was deleted before stays so.
    pub fn purge_dead_letters(&self, until: Timestamp) -> Result<u64> {
        let range = Range::all().to(until);
        let mut purged = 0;
        loop {
            let cut = self.store.cut();
            let rows = dead_rows(&cut, self, &range, PURGED_AT_ONCE)?;
            if rows.is_empty() {
                return Ok(purged);
            }
            purged += self.store.transaction(|t| {
                let mut deleted = 0;
                for row in &rows {
                    deleted += u64::from(t.delete(&self.inner.dead, &row.primary_key()?)?);
                }
                Ok(deleted)
            })?;
        }
    }
}

fn dead_rows(cut: &Cut, queue: &Queue, range: &Range, limit: usize) -> Result<Vec<OwnedRow>> {
    cut.scan_index(&queue.inner.dead, "by_death", range, Order::Ascending)?.fetch(limit)
}
