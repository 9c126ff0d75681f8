//! Queues: durable messages in tables of the store, put in by any transaction and taken out by
//! leases.
//!
//! A queue is three tables, all sharded by the message's key: messages, dead letters and
//! idempotency keys ([`definition`]). There is no other state and no record of its own, so what
//! holds for rows holds for messages: they are there when the commit is, after a crash too, are in
//! backups, and `Database::check` sees them.
//!
//! # States of a message
//!
//! ```text
//!             enqueue behind another of its key
//!                  |
//!                  v        the one before is gone
//! enqueue ----> WAITING --------------------------> READY <----- reject (later) ------+
//!    |                                               |  ^                             |
//!    +-----------------------------------------------+  | time runs out: leased again |
//!                                            lease   v  |                             |
//!                                                   LEASED ---------------------------+
//!                                                    |  \--- attempts used up --> dead letter
//!                                                acknowledge
//!                                                    v
//!                                                  (gone)
//! ```
//!
//! The column `due` says from when on a READY message may be leased, and until when a LEASED one
//! is. So a lease that ran out needs nobody who takes it back: the message is found again.
//!
//! Invariants:
//! - **Q1** The sequences of a key's messages have no gap, and only the first one of a key leaves:
//!   what comes after `n` is `n + 1`.
//! - **Q2** A message is leased only when it is the first of its key, which is looked at in the
//!   transaction that leases it.
//! - **Q3** Each lease has a token, greater than all that its key's slot has had. What is done for
//!   a lease is refused unless the message still has its token.
//! - **Q4** A message behind another one may be READY (an interactive transaction does not look);
//!   the first of a key is never WAITING: whatever takes away the one before makes it READY, and
//!   is judged against whoever adds or changes the one behind at the same time.
//! - **Q5** In the index `heads` a leased message lies behind the present, as its `due` does, so
//!   that looking for one to lease passes over none that is leased.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::Result;

use crate::database::Database;
use crate::table::Table;
use crate::value::Value;

mod counts;
mod dead;
pub(crate) mod definition;
mod lease;
mod message;
mod metrics;
#[cfg(test)]
pub(crate) mod tests;
mod upkeep;
mod wait;

pub(crate) use counts::QueueCounts;
pub use dead::DeadLetter;
pub use definition::{QueueDefinition, QueueKeyType};
pub use message::{Enqueued, Leased, Message};
pub use metrics::{QueueMetrics, QueueRates};

use counts::Counts;

/// A queue of a store. Cheap to clone.
///
/// ```
/// # use std::time::Duration;
/// # use bourse::{Database, Message, Options, QueueDefinition};
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let store = Database::open(folder.path(), Options::default())?;
/// let orders = store.create_queue(&QueueDefinition::new("orders"))?;
/// store.transaction(|t| orders.enqueue(t, &Message::new("buy").key("AAPL")))?;
/// for leased in orders.lease(10, Duration::from_secs(30))? {
///     // What is done for a message commits with the acknowledgement, or not at all.
///     store.transaction(|t| orders.acknowledge(t, &leased))?;
/// }
/// # Ok::<(), bourse::Error>(())
/// ```
#[derive(Clone)]
pub struct Queue {
    store: Database,
    inner: Arc<Inner>,
}

struct Inner {
    definition: QueueDefinition,
    messages: Table,
    dead: Table,
    once: Table,
    counts: Arc<Counts>,
    /// Where the next lease begins to look, among shards with equally urgent messages.
    rotation: AtomicU64,
}

impl Database {
    /// Makes a queue.
    ///
    /// # Errors
    /// `InvalidInput`: 42P07 when there is a queue, or a table with one of its names; what the
    /// definition has wrong.
    pub fn create_queue(&self, definition: &QueueDefinition) -> Result<Queue> {
        let _one = self.core().queues.making.lock();
        let tables = definition::make(self, definition)?;
        Ok(Queue::of(self, definition.clone(), tables))
    }

    /// The queue of that name.
    ///
    /// # Errors
    /// `InvalidInput` (42P01) when there is none.
    pub fn queue(&self, name: &str) -> Result<Queue> {
        let (definition, tables) = definition::find(self, name)?;
        Ok(Queue::of(self, definition, tables))
    }

    /// The names of all queues, in their order.
    ///
    /// # Errors
    /// `Corrupt` or `Io` when a page cannot be read.
    pub fn queues(&self) -> Result<Vec<String>> {
        definition::names(self)
    }

    /// Drops a queue with all that is in it.
    ///
    /// # Errors
    /// `InvalidInput` (42P01) when there is none of that name.
    pub fn drop_queue(&self, name: &str) -> Result<()> {
        let _one = self.core().queues.making.lock();
        definition::remove(self, name)
    }
}

impl Queue {
    fn of(store: &Database, definition: QueueDefinition, tables: definition::Tables) -> Queue {
        let [messages, dead, once] = tables;
        let counts = store.core().queues.of_tables(messages.id(), dead.id());
        let rotation = AtomicU64::new(0);
        let inner = Inner { definition, messages, dead, once, counts, rotation };
        Queue { store: store.clone(), inner: Arc::new(inner) }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.inner.definition.name
    }

    /// What it was made with.
    pub fn definition(&self) -> &QueueDefinition {
        &self.inner.definition
    }

    /// The table of its messages, to read: for reports. Only the queue's own calls keep it right.
    pub fn messages(&self) -> &Table {
        &self.inner.messages
    }

    /// The store.
    pub(crate) fn store(&self) -> &Database {
        &self.store
    }

    /// A key that no other message has, as far as anybody can tell: messages without a key are in
    /// no order. Where they must not be taken twice their own key says where they lie.
    fn key_of_its_own(&self, now: i64, idempotency_key: Option<&str>) -> Value {
        let number = match idempotency_key {
            Some(text) => mix(text.as_bytes()),
            None => {
                let owner = self.store.core().next_owner();
                let turn = self.inner.rotation.fetch_add(1, Ordering::Relaxed);
                mix(&[now.to_le_bytes(), owner.to_le_bytes(), turn.to_le_bytes()].concat())
            }
        };
        let bytes = number.to_le_bytes();
        match self.inner.definition.key_type {
            QueueKeyType::Text => Value::Text(format!("~{number:032x}")),
            QueueKeyType::BigInt => {
                let mut low = [0; 8];
                low.copy_from_slice(&bytes[..8]);
                // Below those that people number by.
                Value::Integer(i64::from_le_bytes(low) | i64::MIN)
            }
            QueueKeyType::Uuid => Value::Uuid(bytes),
        }
    }
}

/// FNV-1a of 128 bits: spreads keys, and is the same in every process.
fn mix(bytes: &[u8]) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let begin = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    bytes.iter().fold(begin, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

/// Nanoseconds, as timestamps hold them.
pub(crate) fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
