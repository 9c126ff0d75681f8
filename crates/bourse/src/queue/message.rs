//! Messages: how they are put in, and what becomes of them in the transactions of those who lease
//! them. All of it works on a transaction of any kind, so a message comes and goes with the rows
//! that it is about.

use std::time::Duration;

use bourse_storage::{Error, Result};

use super::definition::{LEASED, READY, WAITING, text};
use super::{Queue, mix, nanos};
use crate::datetime::{Timestamp, wall_clock_ns};
use crate::range::Range;
use crate::read;
use crate::scan::Order;
use crate::snapshot::Snapshot;
use crate::table::OwnedRow;
use crate::transaction::Transaction;
use crate::transaction::run;
use crate::value::{Value, ValueRef};

/// Keys that are tried for a message without one, to find one whose shard the transaction has.
const KEYS_TRIED: u32 = 256;

/// A message to put into a queue.
#[derive(Clone, PartialEq, Debug)]
pub struct Message {
    payload: Vec<u8>,
    key: Option<Value>,
    priority: i16,
    delay: Duration,
    idempotency_key: Option<String>,
}

impl Message {
    /// A message without a key, to be leased at once.
    pub fn new(payload: impl Into<Vec<u8>>) -> Message {
        Message {
            payload: payload.into(),
            key: None,
            priority: 0,
            delay: Duration::ZERO,
            idempotency_key: None,
        }
    }

    /// Messages of one key are leased in the order of their commits, one at a time. Those without
    /// a key are in no order.
    #[must_use]
    pub fn key(mut self, key: impl Into<Value>) -> Message {
        self.key = Some(key.into());
        self
    }

    /// Of the messages that may be leased those with the higher number come first. It does not
    /// change the order of one key's messages. Default 0.
    #[must_use]
    pub fn priority(mut self, priority: i16) -> Message {
        self.priority = priority;
        self
    }

    /// Not to be leased before so much time is over. Later messages of its key wait for it.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Message {
        self.delay = delay;
        self
    }

    /// Within the queue's window a second message with the same key and idempotency key is not
    /// taken, whether or not the first one is still there. Without a key, those of the same
    /// idempotency key that come after the window are leased one after the other.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Message {
        self.idempotency_key = Some(key.into());
        self
    }
}

/// What became of a message that was to be put in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Enqueued {
    /// It is in the queue.
    Added,
    /// One with its idempotency key was put in before.
    Duplicate,
}

/// A message that is leased.
#[derive(Clone, Debug)]
pub struct Leased {
    pub(super) key: Value,
    pub(super) sequence: i64,
    pub(super) token: u64,
    pub(super) attempt: u32,
    pub(super) priority: i16,
    pub(super) enqueued_at: Timestamp,
    pub(super) until: Timestamp,
    pub(super) payload: Vec<u8>,
}

impl Leased {
    /// The message's key; one of the store's making if it was put in without.
    pub fn key(&self) -> &Value {
        &self.key
    }

    /// The fencing token: greater with each lease of a message of this key. Whatever is outside of
    /// the store should remember the greatest that it has seen and refuse smaller ones.
    pub fn token(&self) -> u64 {
        self.token
    }

    /// How often the message has been leased, this lease included.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Its priority.
    pub fn priority(&self) -> i16 {
        self.priority
    }

    /// When it was put in.
    pub fn enqueued_at(&self) -> Timestamp {
        self.enqueued_at
    }

    /// Until when nobody else is given the message.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// What it says.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    pub(super) fn place(&self) -> [Value; 2] {
        [self.key.clone(), self.sequence.into()]
    }
}

/// An integer of a message's row.
pub(super) fn integer(row: &OwnedRow, column: usize) -> Result<i64> {
    match row.get(column) {
        ValueRef::Integer(integer) | ValueRef::Timestamp(integer) => Ok(integer),
        _ => Err(Error::corrupt("a column of a queue's table is no integer")),
    }
}

/// Positions of the columns of a message.
pub(super) mod at {
    pub(in crate::queue) const SEQUENCE: usize = 1;
    pub(in crate::queue) const STATE: usize = 2;
    pub(in crate::queue) const PRIORITY: usize = 3;
    pub(in crate::queue) const DUE: usize = 4;
    pub(in crate::queue) const ENQUEUED_AT: usize = 5;
    pub(in crate::queue) const ATTEMPTS: usize = 6;
    pub(in crate::queue) const TOKEN: usize = 7;
    pub(in crate::queue) const REASON: usize = 8;
    pub(in crate::queue) const PAYLOAD: usize = 9;
}

impl Queue {
    /// Puts a message in, as part of a transaction of any kind: [`Database::transaction`], a
    /// [shard transaction](crate::Database::shard_transaction) (of one shard still when the message
    /// has that shard's key, or none), or a
    /// [statement](crate::InteractiveTransaction::statement).
    ///
    /// # Errors
    /// `InvalidInput` when the key is of another type than the queue's; whatever ends the
    /// transaction.
    ///
    /// [`Database::transaction`]: crate::Database::transaction
    pub fn enqueue(
        &self,
        transaction: &mut Transaction<'_>,
        message: &Message,
    ) -> Result<Enqueued> {
        // Chosen once: an interactive transaction locks what each run of the operation touches.
        let key = self.key_for(transaction, message)?;
        transaction.composite(|t| self.put(t, &key, message))
    }

    /// Puts a message in, in a transaction of its own.
    ///
    /// # Errors
    /// As [`Queue::enqueue`].
    pub fn send(&self, message: &Message) -> Result<Enqueued> {
        let key = self.given_key(message, wall_clock_ns())?;
        let store = self.store();
        let shard = store.shard_of_shard_key(&self.inner.messages, std::slice::from_ref(&key))?;
        run::on_shard(store.core(), shard, |t| t.composite(|t| self.put(t, &key, message)))
    }

    /// The message's key as the queue's type has it, or one for it alone.
    fn given_key(&self, message: &Message, now: i64) -> Result<Value> {
        match &message.key {
            Some(Value::Null) => {
                let name = self.name();
                Err(Error::invalid(format!("a key of queue {name} is NULL: give none instead")))
            }
            Some(key) => self.inner.definition.key_type.data_type().coerce(key.clone()),
            None => Ok(self.key_of_its_own(now, message.idempotency_key.as_deref())),
        }
    }

    fn key_for(&self, transaction: &Transaction<'_>, message: &Message) -> Result<Value> {
        let now = transaction.now();
        let mut key = self.given_key(message, now)?;
        if message.key.is_none() && message.idempotency_key.is_none() {
            let at_hand = transaction.shard_at_hand();
            for _ in 0..KEYS_TRIED {
                let shard = transaction.shard_of(&self.inner.messages, &key)?;
                if at_hand.is_none_or(|at_hand| at_hand == shard) {
                    break;
                }
                key = self.given_key(message, now)?;
            }
        }
        Ok(key)
    }

    pub(super) fn put(
        &self,
        t: &mut Transaction<'_>,
        key: &Value,
        message: &Message,
    ) -> Result<Enqueued> {
        let now = t.now();
        if let Some(own) = &message.idempotency_key {
            let window = nanos(self.inner.definition.idempotency_window);
            let expires = Value::Timestamp(now.saturating_add(window));
            let place = [key.clone(), own.as_str().into()];
            match t.get(&self.inner.once, &place)? {
                Some(row) if integer(&row, 2)? > now => return Ok(Enqueued::Duplicate),
                Some(_) => {
                    t.change_row(&self.inner.once, &place, &[("expires", expires)])?;
                }
                None => {
                    let [key, own] = place;
                    t.add_row(&self.inner.once, vec![key, own, expires])?;
                }
            }
        }
        let last = self.end_of_key(t, key, Order::Descending)?;
        let last = last.map(|row| integer(&row, at::SEQUENCE)).transpose()?;
        // Q4: an interactive transaction does not rely on a message that it does not lock.
        let state = if last.is_some() && !t.is_interactive() { WAITING } else { READY };
        let due = now.saturating_add(nanos(message.delay));
        t.add_row(
            &self.inner.messages,
            vec![
                key.clone(),
                (last.unwrap_or(0) + 1).into(), // Q1
                state.into(),
                message.priority.into(),
                Value::Timestamp(due),
                Value::Timestamp(now),
                Value::Integer(0),
                Value::Integer(0),
                Value::Null,
                Value::Blob(message.payload.clone()),
            ],
        )?;
        Ok(Enqueued::Added)
    }

    /// The first message of a key.
    pub(crate) fn first_of_key<V: Snapshot>(
        &self,
        snapshot: &V,
        key: &Value,
    ) -> Result<Option<OwnedRow>> {
        self.end_of_key(snapshot, key, Order::Ascending)
    }

    fn end_of_key<V: Snapshot>(
        &self,
        snapshot: &V,
        key: &Value,
        order: Order,
    ) -> Result<Option<OwnedRow>> {
        let info = snapshot.catalog().table_of(&self.inner.messages)?;
        let range = Range::prefix([key.clone()]);
        read::rows(snapshot, info, &range, order)?.next().transpose()
    }

    /// Takes a leased message out, in the transaction of what was done for it: both are committed,
    /// or neither.
    ///
    /// # Errors
    /// `InvalidInput` (55000) when the lease is lost: another consumer has leased the message
    /// since, or it is gone. Then nothing of the transaction should be kept: return the error.
    pub fn acknowledge(&self, transaction: &mut Transaction<'_>, leased: &Leased) -> Result<()> {
        transaction.composite(|t| {
            self.fenced(t, leased)?;
            self.remove(t, &leased.key, leased.sequence)
        })
    }

    /// Takes a leased message out, in a transaction of its own.
    ///
    /// # Errors
    /// As [`Queue::acknowledge`].
    pub fn acknowledge_alone(&self, leased: &Leased) -> Result<()> {
        self.in_shard_of(leased, |t| self.acknowledge(t, leased))
    }

    /// Gives a leased message back: it is leased again when the queue's backoff is over, or is put
    /// to the dead letters when its attempts are used up. Returns when it may be leased again, if
    /// it may.
    ///
    /// # Errors
    /// As [`Queue::acknowledge`].
    pub fn reject(
        &self,
        transaction: &mut Transaction<'_>,
        leased: &Leased,
        reason: &str,
    ) -> Result<Option<Timestamp>> {
        transaction.composite(|t| {
            let row = self.fenced(t, leased)?;
            let maximum = self.inner.definition.attempts_max;
            if maximum > 0 && leased.attempt >= maximum {
                self.bury(t, &row, reason)?;
                return Ok(None);
            }
            let due = t.now().saturating_add(nanos(self.backoff(leased)));
            let changes = [
                ("state", READY.into()),
                ("due", Value::Timestamp(due)),
                ("token", Value::Integer(0)),
                ("reason", reason.into()),
            ];
            t.change_row(&self.inner.messages, &leased.place(), &changes)?;
            Ok(Some(Timestamp(due)))
        })
    }

    /// As [`Queue::reject`], in a transaction of its own.
    ///
    /// # Errors
    /// As [`Queue::acknowledge`].
    pub fn reject_alone(&self, leased: &Leased, reason: &str) -> Result<Option<Timestamp>> {
        self.in_shard_of(leased, |t| self.reject(t, leased, reason))
    }

    /// Has a lease last for `timeout` from now on.
    ///
    /// # Errors
    /// As [`Queue::acknowledge`].
    pub fn extend(&self, leased: &mut Leased, timeout: Duration) -> Result<()> {
        let until = self.in_shard_of(leased, |t| {
            t.composite(|t| {
                self.fenced(t, leased)?;
                let until = t.now().saturating_add(nanos(timeout));
                let changes = [("due", Value::Timestamp(until))];
                t.change_row(&self.inner.messages, &leased.place(), &changes)?;
                Ok(Timestamp(until))
            })
        })?;
        leased.until = until;
        Ok(())
    }

    /// Refuses what is done for a lease that is lost, whatever else the transaction does: the check
    /// of [`Queue::acknowledge`] without its effect, for transactions before the last one.
    ///
    /// # Errors
    /// As [`Queue::acknowledge`].
    pub fn check_lease(&self, transaction: &mut Transaction<'_>, leased: &Leased) -> Result<()> {
        if !transaction.is_interactive() {
            return self.fenced(transaction, leased).map(drop);
        }
        // Written, so that it is locked until the transaction ends.
        transaction.composite(|t| {
            self.fenced(t, leased)?;
            let changes = [("state", LEASED.into())];
            t.change_row(&self.inner.messages, &leased.place(), &changes).map(drop)
        })
    }

    fn in_shard_of<T: Send>(
        &self,
        leased: &Leased,
        body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    ) -> Result<T> {
        self.store.shard_transaction(&self.inner.messages, std::slice::from_ref(&leased.key), body)
    }

    /// The row of a message that still has the token of a lease (Q3).
    fn fenced(&self, t: &Transaction<'_>, leased: &Leased) -> Result<OwnedRow> {
        let row = t.get(&self.inner.messages, &leased.place())?;
        let token = row.as_ref().map(|row| integer(row, at::TOKEN)).transpose()?;
        match (row, token) {
            (Some(row), Some(token)) if token.unsigned_abs() == leased.token => Ok(row),
            (_, token) => Err(self.lost(leased, token)),
        }
    }

    #[cold]
    fn lost(&self, leased: &Leased, token: Option<i64>) -> Error {
        let why = match token {
            None => "the message is gone".to_owned(),
            Some(0) => "the message was given back".to_owned(),
            Some(token) => format!("its time ran out, and another consumer has token {token}"),
        };
        let (name, own, key) = (self.name(), leased.token, &leased.key);
        Error::invalid(format!(
            "the lease with token {own} of a message of key {key:?} in queue {name} is lost: \
             {why}; keep nothing of what was done for it"
        ))
        .with_sqlstate("55000")
    }

    /// Takes the first message of a key out, and lets the next one be leased.
    pub(super) fn remove(&self, t: &mut Transaction<'_>, key: &Value, sequence: i64) -> Result<()> {
        let messages = &self.inner.messages;
        t.remove_row(messages, &[key.clone(), sequence.into()])?;
        let next = [key.clone(), (sequence + 1).into()]; // Q1
        // Q4: who adds or changes it at the same time is noticed at commit.
        let row = t.watched(|t| t.get(messages, &next))?;
        if let Some(row) = row
            && integer(&row, at::STATE)? == WAITING
        {
            t.change_row(messages, &next, &[("state", READY.into())])?;
        }
        Ok(())
    }

    /// Puts the first message of a key to the dead letters.
    pub(super) fn bury(&self, t: &mut Transaction<'_>, row: &OwnedRow, reason: &str) -> Result<()> {
        let column = |at: usize| row.get(at).to_value();
        let died_at = Value::Timestamp(t.now());
        t.add_row(
            &self.inner.dead,
            vec![
                column(0),
                column(at::TOKEN),
                column(at::PRIORITY),
                column(at::ENQUEUED_AT),
                died_at,
                column(at::ATTEMPTS),
                reason.into(),
                column(at::PAYLOAD),
            ],
        )?;
        self.remove(t, &column(0), integer(row, at::SEQUENCE)?)
    }

    /// How long a rejected message rests: twice as long each time, up to a maximum, less a part of
    /// up to a half that its token decides, so that those rejected together come back apart.
    fn backoff(&self, leased: &Leased) -> Duration {
        let definition = &self.inner.definition;
        let doubled = 1_u32.checked_shl(leased.attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        let longest = definition.backoff_first.saturating_mul(doubled).min(definition.backoff_max);
        let share = u32::try_from(mix(&leased.token.to_le_bytes()) % 512).unwrap_or(0);
        longest - longest / 1024 * share
    }

    /// What a row says of a message that is leased by it.
    pub(super) fn leased(row: &OwnedRow, token: u64, until: i64) -> Result<Leased> {
        let payload = match row.get(at::PAYLOAD) {
            ValueRef::Blob(bytes) => bytes.to_vec(),
            _ => return Err(Error::corrupt("the payload of a message is no blob")),
        };
        Ok(Leased {
            key: row.get(0).to_value(),
            sequence: integer(row, at::SEQUENCE)?,
            token,
            attempt: u32::try_from(integer(row, at::ATTEMPTS)? + 1).unwrap_or(u32::MAX),
            priority: i16::try_from(integer(row, at::PRIORITY)?).unwrap_or(0),
            enqueued_at: Timestamp(integer(row, at::ENQUEUED_AT)?),
            until: Timestamp(until),
            payload,
        })
    }

    /// Why a message was last given back.
    pub(super) fn reason(row: &OwnedRow) -> Result<String> {
        match row.get(at::REASON) {
            ValueRef::Null => Ok("its leases ran out".to_owned()),
            value => Ok(text(value)?.to_owned()),
        }
    }
}
